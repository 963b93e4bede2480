"""A small class in a folder of its own, graded with stock nbgrader commands.

`workshop demo` shows it to people; the tests assert its points.
"""

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workshop_lib.checks.calls import definitions
from workshop_lib.errors import WorkshopError

PROFILES = ("perfect", "partial", "blank", "raising", "noisy")
"""Students of the demo, named after what they hand in."""

_RAISING = """

def _raising(*args, **kwargs):
    raise RuntimeError("this answer always fails")


{rebinding}
"""
_NOISY = """
import sys


def _noisy(function):
    def noisy(*args, **kwargs):
        print("a warning that costs no points", file=sys.stderr)
        return function(*args, **kwargs)

    return noisy


print("noise", file=sys.stderr)
{rebinding}
"""


@dataclass(frozen=True)
class DemoClass:
    """A course folder with nbgrader's layout.

    Attributes
    ----------
    folder : Path
        Holds ``nbgrader_config.py``, ``solutions/`` and ``class/``.
    unit : str
        The assignment.
    """

    folder: Path
    unit: str

    def nbgrader(self, *arguments):
        """Run one nbgrader command in the folder.

        Raises
        ------
        WorkshopError
            When the command fails; the text carries its last lines.
        """
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise WorkshopError(
                f"`nbgrader {' '.join(arguments)}` failed. Its last words:\n{done.stderr[-2000:]}"
            )
        return done.stdout + done.stderr

    def hand_in(self, student, profile):
        """Write a student's submission: the released notebooks with the profile's answers."""
        target = self.folder / "class" / "submitted" / student / self.unit
        for path in sorted((self.folder / "class" / "release" / self.unit).glob("*.ipynb")):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            solved = json.loads(
                (self.folder / "solutions" / self.unit / path.name).read_text(encoding="utf-8")
            )
            fill_in(notebook, solutions_of(solved), profile)
            target.mkdir(parents=True, exist_ok=True)
            (target / path.name).write_text(json.dumps(notebook), encoding="utf-8")

    def scores(self):
        """Return ``{student: (points, possible points)}`` of ``nbgrader export``, penalties off."""
        path = self.folder / "class" / "grades.csv"
        self.nbgrader("export", "--to", str(path))
        with path.open(newline="", encoding="utf-8") as lines:
            return {
                row["student_id"]: (float(row["score"]), float(row["max_score"]))
                for row in csv.DictReader(lines)
                if row["assignment"] == self.unit
            }

    def grade(self, *, say=print):
        """Run autograde, feedback and export, and return the scores."""
        for command in ("autograde", "generate_feedback"):
            say(f"nbgrader {command} {self.unit}")
            self.nbgrader(command, self.unit)
        say("nbgrader export")
        return self.scores()

    def feedback_page(self, student):
        """Return the path of the first feedback page of a student."""
        folder = self.folder / "class" / "feedback" / student / self.unit
        return min(folder.glob("*.html"))


def prepare(root, folder, unit, notebooks=None):
    """Copy what nbgrader needs into an empty folder and release the unit.

    Parameters
    ----------
    root : path-like
        The course.
    folder : path-like
        An empty folder.
    unit : str
    notebooks : collection of str, optional
        Only these notebooks of the unit.

    Returns
    -------
    DemoClass

    Raises
    ------
    WorkshopError
        When the unit has no built notebooks.
    """
    root, folder = Path(root), Path(folder)
    built = sorted((root / "solutions" / unit).glob("*.ipynb"))
    if not built:
        units = sorted({path.parent.name for path in (root / "solutions").glob("*/*.ipynb")})
        raise WorkshopError(
            f"There is no built unit {unit!r}. Built units: {', '.join(units) or 'none'}. "
            "Run `workshop build` first if a source is there."
        )
    (folder / "solutions" / unit).mkdir(parents=True)
    for path in built:
        if notebooks is None or path.stem in notebooks:
            shutil.copy(path, folder / "solutions" / unit)
    shutil.copy(root / "nbgrader_config.py", folder)
    demo = DemoClass(folder, unit)
    demo.nbgrader("generate_assignment", unit)
    return demo


def solutions_of(notebook):
    """Return the sources of the solution cells by grade id."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def fill_in(notebook, solutions, profile):
    """Write the answers of a profile into a released notebook."""
    for number, cell in enumerate(
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")
    ):
        solution = solutions[cell["metadata"]["nbgrader"]["grade_id"]]
        stub = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["source"] = answer_of(profile, solution, stub, is_first=number == 0)
        elif profile in ("perfect", "noisy"):
            cell["source"] = solution


def answer_of(profile, solution, stub, *, is_first):
    """Return what a profile writes into one solution cell."""
    functions = [
        name for name, text in definitions(solution).items() if text.lstrip().startswith("def ")
    ]
    if profile == "blank" or (profile == "partial" and not is_first):
        return stub
    if profile == "raising":
        names = definitions(solution)
        return solution + _RAISING.format(rebinding="\n".join(f"{n} = _raising" for n in names))
    if profile == "noisy":
        return solution + _NOISY.format(
            rebinding="\n".join(f"{n} = _noisy({n})" for n in functions)
        )
    return solution


def run_demo(root, folder, unit, *, say=print):
    """Take a class of five through release, hand-in, grading, feedback and export.

    Parameters
    ----------
    root, folder : path-like
        The course, and an empty folder.
    unit : str
    say : callable
        Gets one sentence before every step.

    Returns
    -------
    demo : DemoClass
    scores : dict
        ``{student: (points, possible points)}``
    """
    say(f"nbgrader generate_assignment {unit}")
    demo = prepare(root, folder, unit)
    for profile in PROFILES:
        demo.hand_in(profile, profile)
    return demo, demo.grade(say=say)
