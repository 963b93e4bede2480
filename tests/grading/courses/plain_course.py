"""A small course in nbgrader's usual layout, and students who hand in all kinds of work.

It has what nbgrader offers: asserts, partial credit, hidden tests, a fixed cell, a data file, an
answer in code and one in words for people to grade, a task, and penalties for late work.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

UNIT = "ps1"

CONFIG = """
from nbgrader.plugins import LateSubmissionPlugin


class OnePointAnHour(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 3600


c = get_config()
c.CourseDirectory.course_id = "plain"
c.AssignLatePenalties.plugin_class = OnePointAnHour
c.ExecutePreprocessor.timeout = 30
"""

SQUARES = '''def squares(n):
    """Return the squares of 1 to n."""
    ### BEGIN SOLUTION
    return [i**2 for i in range(1, n + 1)]
    ### END SOLUTION'''
SQUARES_TEST = """assert squares(1) == [1]
assert squares(3) == [1, 4, 9]
### BEGIN HIDDEN TESTS
assert squares(0) == []
### END HIDDEN TESTS"""
MEAN = """### BEGIN SOLUTION
def mean(values):
    return SCALE * sum(values) / len(values) / SCALE
### END SOLUTION"""
MEAN_TEST = """points = 0
for values, wanted in (([1, 2], 1.5), ([4], 4), ([-1, 1], 0)):
    try:
        points += mean(values) == wanted
    except Exception:
        pass
points"""
PRICES_TEST = """from prices import read_prices
assert mean(read_prices("prices.csv")) == 20"""
PLOT = "### BEGIN SOLUTION\nprint('a plot')\n### END SOLUTION"
WORDS = "Because a mean has the unit of the values."
TASK = "Try your own data below.\n\n=== BEGIN MARK SCHEME ===\n2: tried\n=== END MARK SCHEME ==="
GREET = """def greet(name):
    ### BEGIN SOLUTION
    return f"Hello, {name}"
    ### END SOLUTION"""
GREET_TEST = """print(greet("Ada"))
assert greet("Ada") == "Hello, Ada"
### BEGIN HIDDEN TESTS
assert greet("") == "Hello, "
### END HIDDEN TESTS"""


def cell(kind, source, grade_id=None, *, grade=False, solution=False, locked=False, **more):
    """Make a cell; with a grade id it is one of nbgrader's."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:8]
    new = {"cell_type": kind, "metadata": {}, "source": source, "id": grade_id or digest}
    if grade_id:
        marks = {"grade_id": grade_id, "schema_version": 3, "task": False}
        marks |= {"grade": grade, "solution": solution, "locked": locked, **more}
        new["metadata"]["nbgrader"] = marks
    if kind == "code":
        new |= {"outputs": [], "execution_count": None}
    return new


def notebook(cells):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


NOTEBOOKS = {
    "problem1": notebook(
        [
            cell("markdown", "# Problem 1"),
            cell("code", "import math"),
            cell("code", "SCALE = 10.0"),
            cell("code", SQUARES, "squares", solution=True),
            cell("code", SQUARES_TEST, "squares_test", grade=True, locked=True, points=2),
            cell("code", MEAN, "mean", solution=True),
            cell("code", "# a fixed cell\nWORD = 'mean'", "fixed", locked=True),
            cell("code", MEAN_TEST, "mean_test", grade=True, locked=True, points=3),
            cell("code", PRICES_TEST, "prices_test", grade=True, locked=True, points=1),
            cell("code", PLOT, "plot", grade=True, solution=True, points=2),
            cell("markdown", WORDS, "words", grade=True, solution=True, points=3),
            cell("markdown", TASK, "own_data", locked=True, points=2, task=True),
        ]
    ),
    "problem2": notebook(
        [
            cell("markdown", "# Problem 2"),
            cell("code", GREET, "greet", solution=True),
            cell("code", GREET_TEST, "greet_test", grade=True, locked=True, points=2),
        ]
    ),
}

# An older notebook, whose cells have no ids.
NOTEBOOKS["problem2"]["nbformat_minor"] = 4
for _cell in NOTEBOOKS["problem2"]["cells"]:
    del _cell["id"]

RIGHT = {
    "squares": SQUARES.replace("    ### BEGIN SOLUTION\n", "").replace(
        "\n    ### END SOLUTION", ""
    ),
    "mean": MEAN.replace("### BEGIN SOLUTION\n", "").replace("\n### END SOLUTION", ""),
    "plot": "print('my plot')",
    "words": "The unit stays.",
    "greet": "def greet(name):\n    return 'Hello, ' + name",
}
ONLY_VISIBLE = {**RIGHT, "squares": "def squares(n):\n    return [1] if n == 1 else [1, 4, 9]"}
ONLY_POSITIVE = {"mean": "def mean(values):\n    return sum(map(abs, values)) / len(values)"}
STUDENTS = {
    "perfect": RIGHT,
    "blank": {},
    "visible": ONLY_VISIBLE,
    "partial": ONLY_POSITIVE,
    "failing": {**RIGHT, "squares": "def squares(n)\n    return 1", "mean": "1 / 0"},
    "late": RIGHT,
    "half": RIGHT,
    "explorer": RIGHT,
}
DUE, HANDED_IN_LATE = "2026-03-01 12:00:00 UTC", "2026-03-01 14:00:00 UTC"


def write(folder, settings=""):
    """Write the course, with further settings, and release it with nbgrader."""
    folder = Path(folder)
    source = folder / "source" / UNIT
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG + settings)
    for name, content in NOTEBOOKS.items():
        (source / f"{name}.ipynb").write_text(json.dumps(content))
    (source / "prices.csv").write_text("price\n10\n30\n")
    (source / "prices.py").write_text(
        "def read_prices(path):\n    return list(map(float, open(path).read().split()[1:]))\n"
    )
    nbgrader(folder, "db", "assignment", "add", UNIT, "--duedate", DUE)
    nbgrader(folder, "generate_assignment", UNIT)
    return folder


def nbgrader(folder, *arguments):
    """Run a command of stock nbgrader."""
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def released(folder, name):
    return json.loads((Path(folder) / "release" / UNIT / f"{name}.ipynb").read_text())


def fill_in(content, answers):
    for each in content["cells"]:
        grade_id = each["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            each["source"] = answers[grade_id]
    return content


def hand_in(folder, student, answers, notebooks=tuple(NOTEBOOKS)):
    """Write a submission: the released notebooks with these answers."""
    target = Path(folder) / "submitted" / student / UNIT
    target.mkdir(parents=True, exist_ok=True)
    for name in notebooks:
        content = fill_in(released(folder, name), answers)
        (target / f"{name}.ipynb").write_text(json.dumps(content))
    return target


def hand_in_all(folder):
    """Let every student hand in."""
    for student, answers in STUDENTS.items():
        target = hand_in(folder, student, answers)
        if student == "late":
            (target / "timestamp.txt").write_text(HANDED_IN_LATE)
        if student == "half":
            (target / "problem2.ipynb").unlink()
        if student == "explorer":
            explore(target / "problem1.ipynb")


def explore(path):
    """Change a given cell and add cells, as people do."""
    content = json.loads(path.read_text())
    cells = content["cells"]
    cells[2]["source"] = "SCALE = 2.0"
    cells.insert(4, cell("code", "offset = 1"))
    cells.append(cell("markdown", "My own words"))
    cells.append(cell("code", "mean([1, offset])"))
    for number, each in enumerate(cells):
        each["id"] = each["id"] if "nbgrader" in each["metadata"] else f"own-{number}"
    path.write_text(json.dumps(content))
