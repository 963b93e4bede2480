"""Tries are counted in a learner's work folder, and nowhere else."""

import json

import pytest

from workshop_lib.checks import check

ANYTHING_BUT_COUNTS = ["", "{", "[]", "3", '{"task": "x"}', '{"task": null}', "\x00", "null"]


def try_once(passes=False, attempted=True):
    t = check("task", {}, points=1, stub={})
    with t.item("x"):
        if not attempted:
            t.value(...)
        t.require(passes, "no")
    return t.report().notes


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_GRADING", raising=False)
    marker = tmp_path / "work" / ".workshop"
    marker.mkdir(parents=True)
    (tmp_path / "work" / "unit").mkdir()
    monkeypatch.chdir(tmp_path / "work" / "unit")
    return marker


def counts(folder):
    return json.loads((folder / "attempts.json").read_text())


def test_tries_are_counted(folder):
    try_once()
    try_once()
    assert counts(folder) == {"task": 2}


def test_only_tries_count(folder):
    try_once(attempted=False)
    assert "Grading repeats" in try_once(passes=True)[0]
    assert not (folder / "attempts.json").exists()


def test_nothing_is_written_outside_a_work_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_GRADING", raising=False)
    monkeypatch.chdir(tmp_path)
    assert try_once() == ()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_while_grading(folder, monkeypatch):
    monkeypatch.setenv("WORKSHOP_GRADING", "1")
    assert try_once() == ()
    assert list(folder.iterdir()) == []


def test_after_some_tries_a_worked_solution_is_offered(folder):
    (folder / "settings.json").write_text('{"worked_solutions_after": 2}')
    assert try_once() == ()
    assert "workshop solution" in try_once()[0]


@pytest.mark.parametrize("limit", ['"2"', "0", "-1", "null", "[]", "1e400", "true"])
def test_an_odd_limit_is_no_limit(folder, limit):
    (folder / "settings.json").write_text(f'{{"worked_solutions_after": {limit}}}')
    assert try_once() == ()


@pytest.mark.parametrize("content", ANYTHING_BUT_COUNTS)
def test_a_damaged_file_starts_anew(folder, content):
    (folder / "attempts.json").write_text(content)
    (folder / "settings.json").write_text(content)
    assert try_once() == ()
    assert counts(folder)["task"] == 1


def test_a_file_that_cannot_be_written_is_harmless(folder):
    (folder / "attempts.json").mkdir()
    assert try_once() == ()


def test_a_file_of_bytes_is_harmless(folder):
    (folder / "attempts.json").write_bytes(b"\xff\xfe\x00")
    assert try_once() == ()


def test_a_folder_that_was_removed_is_harmless(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_GRADING", raising=False)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert try_once() == ()
    monkeypatch.chdir(tmp_path)
