import os

from workshop_lib.grading.store import Store

RECORD = {"key": "k", "notebooks": {"a": {"notebook": {"cells": []}, "grades": {}}}}


def test_a_record_is_pending_until_the_gradebook_has_it(tmp_path):
    store = Store(tmp_path / "records")
    store.keep("ada", RECORD)
    assert store.pending("ada") == {**RECORD, "student": "ada"}
    assert store.done("ada") is None
    short = store.finish("ada", RECORD)
    assert short["notebooks"] == {"a": {"grades": {}}}
    assert store.done("ada") == short and store.pending("ada") is None


def test_an_older_record_stays_until_the_new_one_is_done(tmp_path):
    store = Store(tmp_path)
    store.finish("ada", RECORD)
    store.keep("ada", {**RECORD, "key": "new"})
    assert store.done("ada")["key"] == "k" and store.pending("ada")["key"] == "new"


def test_damaged_records_are_none(tmp_path):
    store = Store(tmp_path)
    store.finish("ada", RECORD)
    for content in (b"", b"{", b"[]", b"{}", b"\xff"):
        (tmp_path / "ada.json").write_bytes(content)
        assert store.done("ada") is None
    assert store.all_done() == []


def test_students_with_odd_names_have_files_of_their_own(tmp_path):
    names = ["pending", "a b", "日本" * 60, "x" * 250, "x" * 251, ".lock"]
    store = Store(tmp_path)
    for name in names:
        store.keep(name, RECORD)
        store.finish(name, RECORD)
    assert [record["student"] for record in store.all_done()] == sorted(names)
    assert os.listdir(tmp_path / "pending") == []
