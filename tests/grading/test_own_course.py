"""Our course gets the same points from stock nbgrader and from our grader, cell by cell.

`benchmarks/same_scores.py` does this with every answer of every unit.
"""

import contextlib
import copy
import shutil
import sqlite3
from pathlib import Path

import nbformat
import pytest

from workshop_lib.authoring.answers import read_answers
from workshop_lib.authoring.comparison import ITEMS, compare
from workshop_lib.cells import find_answer, grading_of, is_answer, is_check
from workshop_lib.grading.coordinator import grade_unit
from workshop_lib.grading.course import modules_in, open_course
from workshop_lib.grading.demo_class import PROFILES, DemoClass, prepare
from workshop_lib.grading.execute import close_engines, execute

ROOT = Path(__file__).parents[2]
UNIT = "00_start_here"


def items(gradebook):
    with contextlib.closing(sqlite3.connect(gradebook)) as db:
        return sorted(db.execute(ITEMS).fetchall(), key=str)


def items_by_student(gradebook):
    """Automatic points by student and cell."""
    found = {}
    for student, _, cell, points, *_ in items(gradebook):
        found.setdefault(student, {})[cell] = points
    return found


@pytest.fixture(scope="module")
def graded_twice(tmp_path_factory):
    """A class of five, graded by stock nbgrader in one folder and by us in another."""
    stock = prepare(ROOT, tmp_path_factory.mktemp("stock"), UNIT)
    for profile in PROFILES:
        stock.hand_in(profile, profile)
    ours = DemoClass(tmp_path_factory.mktemp("own") / "class", UNIT)
    shutil.copytree(stock.folder, ours.folder)
    stock.nbgrader("autograde", UNIT)
    return stock.folder, ours.folder, grade_unit(open_course(ours.folder), UNIT)


def test_every_cell_of_every_student_gets_the_points_of_stock_nbgrader(graded_twice):
    stock, ours, _ = graded_twice
    found = items(ours / "class" / "gradebook.db")
    assert found == items(stock / "class" / "gradebook.db")
    assert {student for student, *_ in found} == set(PROFILES)


def test_all_are_graded_and_all_points_are_verified(graded_twice):
    outcome = graded_twice[2]
    assert outcome.exit_code == 0
    assert {row.student: row.verified for row in outcome.rows} == dict.fromkeys(PROFILES, 1.0)


@pytest.mark.parametrize(
    ("unit", "every", "answers"),
    [
        pytest.param("00_start_here", 1, 17, id="every-answer-of-unit-00"),
        pytest.param("01_preprocessing", 12, 30, id="some-answers-of-unit-01"),
    ],
)
def test_answers_of_all_kinds_get_the_points_of_stock_nbgrader(tmp_path, unit, every, answers):
    both = compare(ROOT, tmp_path, unit, every=every, warm=True)
    assert both.differences == {}
    assert both.answers >= answers
    given = [points for _, (points, *_) in both.items.values() if points is not None]
    assert min(given) == 0 < max(given)
    assert both.outcome.exit_code == 0


def test_an_answer_whose_library_adds_an_importer_at_first_use_keeps_its_points():
    """A DataFrameModel of pandera imports Dask, which imports two libraries with importers."""
    path = "01_preprocessing/01_clean"
    notebook = nbformat.read(ROOT / "notebooks" / f"{path}.ipynb", 4)
    notebook["cells"] = [cell for cell in notebook["cells"] if concerns(cell, "build_contract")]
    answers, _ = read_answers(ROOT / "tests" / "answers" / f"{path}.py", ROOT)
    right = [a for a in answers if "class Application(pa.DataFrameModel)" in a.source]
    made = copy.deepcopy(notebook)
    find_answer(made, "build_contract")["source"] = right[0].source
    unit = {"notebooks": {"n": notebook}, "modules": modules_in(notebook)}
    grade = execute(unit, {"n": made}, {})["notebooks"]["n"]["grades"]["build_contract_check"]
    close_engines()
    assert grade == {**grade, "points": 3.0, "label": "in-process", "flags": [], "problem": None}


def concerns(cell, exercise):
    """Tell whether a cell is of an exercise, or of none."""
    is_of_an_exercise = is_answer(cell) or is_check(cell)
    return not is_of_an_exercise or grading_of(cell)["grade_id"].startswith(exercise)
