import json
import os
import re

import pytest

from workshop_lib.grading.export import as_csv
from workshop_lib.grading.matching import find_notebooks
from workshop_lib.grading.rebuilding import rebuild
from workshop_lib.grading.submission import SizeLimits, read_submission
from workshop_lib.grading.task import other_files

NO_CELLS = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_regular_files_are_read_and_code_files_are_left_out(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/values.csv").write_text("1")
    (tmp_path / "numpy.py").write_text("")
    (tmp_path / "workshop_lib").mkdir()
    (tmp_path / "workshop_lib/__init__.py").write_text("")
    (tmp_path / "matplotlibrc").write_text("")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints/a.ipynb").write_text("{}")
    submission = read_submission(tmp_path)
    assert submission.files == {"a.ipynb": b"{}", "data/values.csv": b"1"}
    assert len(submission.remarks) == 3 and all("module" in r for r in submission.remarks)
    assert submission.problem is None


def test_code_files_that_students_may_hand_in_are_read(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}")
    (tmp_path / "helpers.py").write_text("x = 1")
    assert "helpers.py" in read_submission(tmp_path, allowed=["helpers.py"]).files


def test_links_and_special_files_are_left_out(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "submission"
    folder.mkdir()
    os.symlink(tmp_path / "secret", folder / "a.ipynb")
    os.symlink(tmp_path, folder / "all")
    os.mkfifo(folder / "pipe.csv")
    submission = read_submission(folder)
    assert submission.files == {}
    assert "a.ipynb is a link or not an ordinary file" in submission.problem
    assert any("all is a link to a folder" in remark for remark in submission.remarks)


def test_a_folder_that_is_a_link_is_not_read(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.ipynb").write_text("{}")
    os.symlink(tmp_path / "real", tmp_path / "link")
    assert read_submission(tmp_path / "link").problem == "The folder cannot be read (it is a link)."


def test_what_is_too_large_is_left_out(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b" " * 2000)
    (tmp_path / "b.csv").write_bytes(b" " * 700)
    (tmp_path / "c.csv").write_bytes(b" " * 700)
    submission = read_submission(tmp_path, SizeLimits(file_bytes=1000, total_bytes=1000, files=9))
    assert list(submission.files) == ["b.csv"]
    assert "a.ipynb" in submission.problem and "c.csv" in submission.remarks[0]


def test_a_folder_without_a_notebook_is_a_problem(tmp_path):
    assert read_submission(tmp_path).problem == "There is no notebook in the submission."
    assert "cannot be read" in read_submission(tmp_path / "nowhere").problem


def test_names_that_are_not_utf8_are_left_out(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}")
    with open(os.path.join(os.fsencode(tmp_path), b"bad\xff.csv"), "wb"):
        pass
    submission = read_submission(tmp_path)
    assert list(submission.files) == ["a.ipynb"]
    assert submission.remarks[0].isascii()


def test_very_many_files_are_told_in_few_lines(tmp_path):
    for number in range(60):
        (tmp_path / f"{number}.ipynb").write_text("{}")
        (tmp_path / f"{number}.csv").write_text("1")
    submission = read_submission(tmp_path, SizeLimits(files=10))
    assert len(submission.remarks) == 21 and "more files" in submission.remarks[-1]
    assert len(submission.problem) < 2000
    _, remarks = find_notebooks({}, {f"{number}.ipynb": b"{}" for number in range(60)})
    assert len(remarks) == 21


ODD = "\x1b[2J\u202e\nada: [red]"


@pytest.mark.parametrize(
    "notebook",
    [
        {"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": ODD}}},
        {"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": [ODD]}}},
        {"nbformat": ODD},
        {"nbformat": [ODD]},
    ],
)
def test_a_students_words_cannot_move_what_is_printed(notebook):
    made = rebuild(NO_CELLS, json.dumps(notebook).encode())
    assert "".join((made.problem or "", *made.remarks)).isprintable()
    _, remarks = find_notebooks({}, {f"{ODD}.ipynb": b"{}"})
    assert "".join(remarks).isprintable()


@pytest.mark.parametrize("level", [1.0, "1", [], None, 99])
def test_a_heading_of_format_3_may_have_any_level(level):
    sheet = {"cells": [{"cell_type": "heading", "level": level, "source": "x"}]}
    made = rebuild(NO_CELLS, json.dumps({"nbformat": 3, "worksheets": [sheet]}).encode())
    assert made.notebook["cells"][0]["source"] == "# x"


def test_a_folder_cannot_take_the_place_of_a_notebook():
    package = {"notebooks": {"a": NO_CELLS}, "files": {}, "student_files": []}
    kept = other_files(package, {"a.ipynb/b.csv": b"", "c.csv": b"", "d.ipynb": b"{}"})
    assert list(kept) == ["c.csv"]


@pytest.mark.parametrize("text", ["=1", "\uff1d1", "\n=1", "a;=1", "a\t@x", "a\r\n+1", "-1"])
def test_no_text_is_a_formula_in_a_spreadsheet(text):
    written = as_csv([[text]]).strip('"\r\n')
    assert not re.search(r"(^|[;\t\r\n])[=+\-@\uff1d]", written)
    assert as_csv([["a-b", "x; y = 2", -1.5]]) == "a-b,x; y = 2,-1.5\r\n"
