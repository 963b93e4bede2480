"""Our course gets the same points from stock nbgrader and from our grader, cell by cell.

`benchmarks/same_scores.py` does this with every answer of every unit.
"""

import copy
from pathlib import Path

import nbformat

from workshop_lib.authoring.answers import read_answers
from workshop_lib.authoring.comparison import compare
from workshop_lib.cells import find_answer, grading_of, is_answer, is_check
from workshop_lib.grading.course import modules_in
from workshop_lib.grading.execute import close_engines, execute

ROOT = Path(__file__).parents[2]


def test_some_answers_of_all_kinds_get_the_points_of_stock_nbgrader(tmp_path):
    """`tests/class_room` does the same with a class of unit 00."""
    names = {"04_document"}
    both = compare(ROOT, tmp_path, "01_preprocessing", notebooks=names, every=9, warm=True)
    assert both.differences == {}
    assert both.answers >= 6
    given = [points for _, (points, *_) in both.items.values() if points is not None]
    assert min(given) == 0 < max(given)
    assert both.outcome.exit_code == 0
    solved, by_hand = both.outcome.rows[-1], 2
    assert solved.points == solved.max_points - by_hand


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
