"""Grade all answers of a unit twice, by stock nbgrader and by us, and compare cell by cell.

The answers are those that test the checks. Answer number k of every exercise is handed in by
student number k; an exercise with fewer answers than others is solved, and so is everything by the
last student.
"""

import contextlib
import json
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from workshop_lib.authoring.answers import read_answers
from workshop_lib.cells import find_answer
from workshop_lib.grading.demo_class import DemoClass, prepare, solutions_of
from workshop_lib.grading.provisioner import KERNEL_NAME, kernels_folder

ITEMS = """
select student.id, notebook.name, base_cell.name, auto_score, manual_score, needs_manual_grade
from grade join base_cell on base_cell.id = grade.cell_id
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join notebook on notebook.id = submitted_notebook.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join student on student.id = submitted_assignment.student_id"""
"""The query for what a gradebook says of every cell of every student."""


@dataclass(frozen=True)
class Comparison:
    """What both graders gave.

    Attributes
    ----------
    items : dict
        By (student, notebook, grade id): the values of stock nbgrader and ours, each
        (automatic points, points by hand, whether a person has to grade).
    answers : int
        How many answers were handed in, blank ones and solutions included.
    outcome : coordinator.Outcome
        What our run said.
    """

    items: dict
    answers: int
    outcome: object

    @property
    def differences(self):
        """The items in which the graders do not agree."""
        return {key: pair for key, pair in self.items.items() if pair[0] != pair[1]}


def compare(root, folder, unit, *, notebooks=None, every=1, warm=False):
    """Grade a class that hands in the answers of a unit, by both graders.

    Parameters
    ----------
    root : path-like
        The course.
    folder : path-like
        An empty folder.
    unit : str
    notebooks : collection of str, optional
        Only these notebooks of the unit.
    every : int
        Only each of so many students, and the last one.
    warm : bool
        Let stock nbgrader fork its kernels from a process that has imported already.

    Returns
    -------
    Comparison
    """
    from workshop_lib.grading.coordinator import grade_unit
    from workshop_lib.grading.course import open_course

    root, folder = Path(root), Path(folder)
    stock = prepare(root, folder / "stock", unit, notebooks)
    answers = hand_in_answers(root, stock, every)
    ours = DemoClass(folder / "ours", unit)
    shutil.copytree(stock.folder, ours.folder)
    settings = (f"--ExecutePreprocessor.kernel_name={KERNEL_NAME}",) if warm else ()
    with _variable("JUPYTER_PATH", kernels_folder()) if warm else contextlib.nullcontext():
        stock.nbgrader("autograde", unit, *settings)
    outcome = grade_unit(open_course(ours.folder), unit)
    theirs, own = (read_items(each.folder / "class" / "gradebook.db") for each in (stock, ours))
    both = {key: (theirs.get(key), own.get(key)) for key in sorted(theirs.keys() | own.keys())}
    return Comparison(both, answers, outcome)


@contextlib.contextmanager
def _variable(name, value):
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def hand_in_answers(root, demo, every=1):
    """Write the submissions of a class; return the number of answers in them."""
    books = {}
    for path in sorted((demo.folder / "solutions" / demo.unit).glob("*.ipynb")):
        solved = json.loads(path.read_text(encoding="utf-8"))
        answers, _ = read_answers(root / "tests" / "answers" / demo.unit / f"{path.stem}.py", root)
        books[path.stem] = sources_by_exercise(solutions_of(solved), answers)
    students = max(len(sources) for book in books.values() for sources in book.values())
    count = 0
    for number in sorted({*range(0, students, every), students - 1}):
        for name, book in books.items():
            released = demo.folder / "class" / "release" / demo.unit / f"{name}.ipynb"
            notebook = json.loads(released.read_text(encoding="utf-8"))
            for exercise, sources in book.items():
                source = sources[min(number, len(sources) - 1)]
                if source is not None:
                    find_answer(notebook, exercise)["source"] = source
                count += number < len(sources)
            target = demo.folder / "class" / "submitted" / f"s{number:02}" / demo.unit
            target.mkdir(parents=True, exist_ok=True)
            (target / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return count


def sources_by_exercise(solutions, answers):
    """List what is handed in for each exercise; None is the blank stub, the solution is last."""
    return {
        name: [None, *(a.source for a in answers if a.exercise == name), solution]
        for name, solution in solutions.items()
    }


def read_items(gradebook):
    """Read what a gradebook says of every cell.

    Parameters
    ----------
    gradebook : path-like
        The file of an SQLite gradebook.

    Returns
    -------
    dict
        By (student, notebook, grade id): (automatic points, points by hand, whether a person has
        to grade).
    """
    with contextlib.closing(sqlite3.connect(gradebook)) as db:
        return {tuple(row[:3]): tuple(row[3:]) for row in db.execute(ITEMS)}
