"""Every row of the table in docs/for_instructors.md: what stock nbgrader does, and what we do."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import plain_course
import pytest
from plain_course import cell

from workshop_lib.authoring.comparison import read_items
from workshop_lib.grading.coordinator import grade_unit
from workshop_lib.grading.course import open_course

ROOT = Path(__file__).parents[2]
UNIT = "odd"
OURS = {"workshop": {"exercise": "ours", "transport": "plain"}}


def question(name, answer, test, test_id, points):
    """Return the cell of an answer and the cell that tests it."""
    solved = f"def {name}():\n    ### BEGIN SOLUTION\n    return {answer}\n    ### END SOLUTION"
    return (
        cell("code", solved, name, solution=True),
        cell("code", test, test_id, grade=True, locked=True, points=points),
    )


ASKED = """from unittest.mock import patch
with patch("builtins.input", return_value="3"):
    assert asks() == 3"""
SOURCE = [
    *question("loud", 1, "assert loud() == 1", "loud_test", 1),
    *question("score", 2, "score()", "score_test", 2),
    *question("asks", 3, ASKED, "asks_test", 1),
    *question("ours", 1, "ours()\nNone", "ours_check", 1),
]
SOURCE[-1]["metadata"].update(OURS)
ALL = {"loud_test": 1, "score_test": 2, "asks_test": 1, "ours_check": 0}
"""What we give for right answers: the check of our form ends without a report."""


def answers(**changed):
    def change(notebook):
        for each in notebook["cells"]:
            grade_id = each["metadata"].get("nbgrader", {}).get("grade_id")
            each["source"] = changed.get(grade_id, each["source"])

    return change


RIGHT = {
    "loud": "def loud(): return 1",
    "score": "def score(): return 2",
    "asks": "def asks(): return 3",
    "ours": "ours = int",
}
STDERR = "def loud():\n    import sys\n    print('noise', file=sys.stderr)\n    return 1"


def ends_with(text):
    return answers(**{**RIGHT, "score": f"def score(): return {text}"})


def doubled(notebook):
    answers(**RIGHT)(notebook)
    notebook["cells"].append(json.loads(json.dumps(notebook["cells"][1])))


def without_a_check(notebook):
    answers(**RIGHT)(notebook)
    del notebook["cells"][1]


def changed_check(notebook):
    answers(**{**RIGHT, "loud_test": "pass", "loud": "loud = None"})(notebook)


STUDENTS = {
    "right": answers(**RIGHT),
    "noisy": answers(**{**RIGHT, "loud": STDERR}),
    "nan": ends_with("float('nan')"),
    "negative": ends_with("-1"),
    "word": ends_with("'well done'"),
    "more": ends_with("7"),
    "stops": answers(**{**RIGHT, "score": "def score():\n    import os\n    os._exit(1)"}),
    "asking": answers(**{**RIGHT, "asks": "def asks(): return int(input())"}),
    "doubled": doubled,
    "without": without_a_check,
    "changed": changed_check,
    "renamed": answers(**RIGHT),
    "corrupt": answers(**RIGHT),
}
MAY_STOP = ("more", "stops", "doubled", "without", "renamed", "corrupt")
ROWS = {
    "writes to stderr in a graded cell": ("noisy",),
    "a check ends with `nan`, a negative number or a word": ("nan", "negative", "word"),
    "a check ends with more points than there are": ("more",),
    "a check gives no output in this course": ("right",),
    "ends Python in one cell": ("stops",),
    "passes only with mock objects, which can be equal to everything": ("asking",),
    "deletes, doubles or changes locked cells, renames the notebook": (
        *("doubled", "without", "changed", "renamed"),
    ),
    "is corrupt, huge, or not a notebook": ("corrupt",),
}


def write_course(folder):
    (folder / "source" / UNIT).mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    (folder / "source" / UNIT / "n.ipynb").write_text(json.dumps(plain_course.notebook(SOURCE)))
    plain_course.nbgrader(folder, "db", "assignment", "add", UNIT)
    plain_course.nbgrader(folder, "generate_assignment", UNIT)
    for student, change in STUDENTS.items():
        notebook = json.loads((folder / "release" / UNIT / "n.ipynb").read_text())
        change(notebook)
        target = folder / "submitted" / student / UNIT
        target.mkdir(parents=True)
        name = "my answers.ipynb" if student == "renamed" else "n.ipynb"
        (target / name).write_text(json.dumps(notebook))
    (folder / "submitted" / "corrupt" / UNIT / "n.ipynb").write_text("{")
    return folder


def items_by_student(folder):
    """Automatic points by student and cell."""
    found = {}
    for (student, _, cell_name), (points, *_) in read_items(folder / "gradebook.db").items():
        found.setdefault(student, {})[cell_name] = points
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course with all that was handed in; copy it before you grade it."""
    return write_course(tmp_path_factory.mktemp("odd") / "course")


@pytest.fixture(scope="module")
def ours(course, tmp_path_factory):
    folder = shutil.copytree(course, tmp_path_factory.mktemp("ours") / "course")
    outcome = grade_unit(open_course(folder), UNIT)
    return items_by_student(folder), {row.student: row for row in outcome.rows}


@pytest.fixture(scope="module")
def stock(course, tmp_path_factory):
    """The points of stock nbgrader; and its exit code for each student who may stop a run."""
    folder = shutil.copytree(course, tmp_path_factory.mktemp("stock") / "course")
    command = (sys.executable, "-m", "nbgrader", "autograde", UNIT)
    codes = {}
    for student in MAY_STOP:
        done = subprocess.run([*command, "--student", student], cwd=folder, capture_output=True)
        codes[student] = done.returncode
        shutil.move(folder / "submitted" / student, folder / "done" / student)
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return items_by_student(folder), codes


def test_the_page_lists_each_difference_and_no_other():
    page = (ROOT / "docs" / "for_instructors.md").read_text(encoding="utf-8")
    section = page.partition("## Where `workshop grade` differs")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)[1:]
    assert rows == list(ROWS)
    assert {student for students in ROWS.values() for student in students} == STUDENTS.keys()


def test_stderr_costs_nothing(ours, stock):
    assert ours[0]["noisy"] == ALL
    assert stock[0]["noisy"]["loud_test"] == 0


@pytest.mark.parametrize("student", ["nan", "negative", "word"])
def test_what_is_no_number_of_points_gives_none(ours, stock, student):
    assert ours[0][student] == {**ALL, "score_test": 0}
    assert stock[0][student]["score_test"] == 2


def test_more_points_than_there_are_give_none_and_the_run_goes_on(ours, stock):
    assert ours[0]["more"] == {**ALL, "score_test": 0}
    assert (stock[1]["more"], stock[0]["more"]["score_test"]) == (1, None)


def test_a_check_of_ours_without_a_report_gives_none(ours, stock):
    assert ours[0]["right"] == ALL
    assert stock[0]["right"] == {**ALL, "ours_check": 1}


def test_the_end_of_python_costs_its_own_question(ours, stock):
    assert ours[0]["stops"] == {**ALL, "score_test": 0}
    assert set(stock[0]["stops"].values()) == {None}


def test_mock_objects_wait_for_a_person(ours, stock):
    points, rows = ours
    assert points["asking"] == {**ALL, "asks_test": 0}
    assert rows["asking"].flags
    assert stock[0]["asking"]["asks_test"] == 1


def test_locked_cells_are_put_right_with_a_remark(ours, stock):
    points, rows = ours
    for student in ("doubled", "without", "renamed"):
        assert points[student] == ALL, student
        assert rows[student].remarks, student
        assert stock[1][student] or not stock[0][student]["loud_test"], student
    assert points["changed"] == {**ALL, "loud_test": 0} and rows["changed"].remarks


def test_what_cannot_be_read_is_a_row(ours, stock):
    points, rows = ours
    assert "not valid JSON" in rows["corrupt"].problem
    assert set(points["corrupt"].values()) == {0}
    assert stock[1]["corrupt"] != 0
