import json

import plain_course
import pytest

from workshop_lib.grading import execute as execution
from workshop_lib.grading import isolation, task
from workshop_lib.grading.course import open_course, package
from workshop_lib.grading.gradebook import open_gradebook


@pytest.fixture(scope="module")
def unit(released_course):
    course = open_course(released_course)
    with open_gradebook(course) as session:
        yield package(course, plain_course.UNIT, session.gradebook)
    execution.close_engines()


@pytest.fixture(scope="module")
def handed(released_course):
    def files(answers):
        names = plain_course.NOTEBOOKS
        contents = {n: plain_course.released(released_course, n) for n in names}
        return {
            f"{name}.ipynb": json.dumps(plain_course.fill_in(content, answers)).encode()
            for name, content in contents.items()
        }

    return files


def points(record):
    parts = record["notebooks"].values()
    return {g: grade["points"] for part in parts for g, grade in part["grades"].items()}


def test_a_record_is_plain_data(unit, handed):
    record = task.grade(json.loads(json.dumps(unit)), handed(plain_course.RIGHT), "auto")
    assert json.loads(json.dumps(record)) == record
    assert record["problem"] is None and record["level"] in (*isolation.LEVELS, "none")
    assert points(record)["squares_test"] == 2 and points(record)["mean_test"] == 3
    assert [part["remarks"] for part in record["notebooks"].values()] == [[], []]
    book = record["notebooks"]["problem1"]["notebook"]
    counts = [c["execution_count"] for c in book["cells"] if c["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_one_unreadable_notebook_costs_only_its_own_points(unit, handed):
    files = {**handed(plain_course.RIGHT), "problem2.ipynb": b"{"}
    record = task.grade(unit, files, "auto")
    assert "problem2: The file is not a notebook" in record["problem"]
    assert points(record)["squares_test"] == 2 and points(record)["greet_test"] == 0
    part = record["notebooks"]["problem2"]
    assert part["grades"]["greet_test"]["flags"] == [task.UNREADABLE]
    assert "could not be read" in part["notebook"]["cells"][0]["source"]


def test_a_missing_notebook_is_named(unit, handed):
    files = handed(plain_course.RIGHT)
    del files["problem2.ipynb"]
    record = task.grade(unit, files, "auto")
    assert record["missing"] == ["problem2"] and record["problem"] is None
    assert record["remarks"] == ["problem2.ipynb is missing: it counts 0 points."]


@pytest.mark.parametrize("files", [{}, {"problem1.ipynb": b""}, {"x.ipynb": b"\x00"}])
def test_nothing_to_run_needs_no_engine(unit, files, monkeypatch):
    monkeypatch.setattr(execution, "execute", None)
    record = task.grade(unit, files, "auto")
    assert sum(points(record).values()) == 0


def test_what_fails_inside_is_said_in_the_record(unit, handed, monkeypatch):
    def fail(*_):
        raise MemoryError("no room")

    monkeypatch.setattr(execution, "execute", fail)
    record = task.grade(unit, handed({}), "auto")
    assert "MemoryError: no room" in record["problem"]


def test_required_isolation_refuses_to_run_without(unit, handed, monkeypatch):
    record = task.grade(unit, handed({}), "required")
    assert record["level"] in isolation.ISOLATING and record["problem"] is None

    def fail():
        raise OSError("not here")

    probes = {**isolation._PROBES, **dict.fromkeys(isolation.ISOLATING, fail)}
    monkeypatch.setattr(isolation, "_PROBES", probes)
    assert isolation.available("required") is None and isolation.available() == "limits"
    assert "--isolation required needs it" in isolation.refusal("required")


def test_our_files_stand_before_those_of_a_student(unit):
    own = {"prices.csv": b"price\n0\n", "mine.csv": b"1", "prices.py/x": b"", "a.ipynb": b""}
    files = task.other_files(unit, own)
    assert files["prices.csv"] == b"price\n10\n30\n" and files["mine.csv"] == b"1"
    assert "prices.py/x" not in files and "a.ipynb" not in files
    allowed = {**unit, "student_files": ["prices.csv"]}
    assert task.other_files(allowed, own)["prices.csv"] == b"price\n0\n"


def test_outputs_that_a_notebook_cannot_hold_are_cleaned():
    import nbformat

    from workshop_lib.grading.outputs import clean

    wild = [
        {"output_type": "stream", "name": "elsewhere", "text": "a"},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": [1]},
        {"output_type": "display_data", "data": {"text/plain": ["1", "2"], "image/png": 3},
         "metadata": {}},
        {"output_type": "execute_result", "data": {"application/json": {"a": 1}}, "metadata": {}},
        {"output_type": "stream", "name": 3, "text": ["a", "b"]},
        {"output_type": "error", "ename": 1, "evalue": None, "traceback": "x"},
        {"output_type": "execute_result", "data": [], "metadata": {}},
        {"output_type": "execute_result", "data": {}, "metadata": 3},
        {"output_type": ["stream"]},
        {"output_type": "comm"},
        "?",
    ]  # fmt: skip
    cleaned = [task._numbered(output, 4) for output in clean(wild)]
    cell = nbformat.v4.new_code_cell("x", outputs=cleaned, execution_count=4)
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.from_dict(cell)]))
    assert len(cleaned) == 4
    assert cleaned[2]["data"] == {"text/plain": "12", "image/png": "3"}
    assert clean("no list") == []


def test_a_key_changes_with_all_that_matters(unit):
    key = task.key_of(unit, {"a": b"1"}, "auto")
    assert key == task.key_of(unit, {"a": b"1"}, "auto")
    assert key != task.key_of({**unit, "digest": "x"}, {"a": b"1"}, "auto")
    assert key != task.key_of(unit, {"a1": b""}, "auto")
    assert key != task.key_of(unit, {"a": b"1"}, "none")
