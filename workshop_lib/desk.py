"""The learner's desk: the folder ``work/`` beside the released course.

Nothing here overwrites what a learner wrote. Files that are missing are copied in; the two
operations that change a notebook (`Desk.reset`, `Desk.update`) keep the previous file as a
numbered backup in ``work/.workshop/backups``.
"""

import dataclasses
import datetime
import hashlib
import io
import json
import re
import tomllib
import zipfile
from pathlib import Path

from workshop_lib import cells
from workshop_lib.errors import WorkshopError

# Zip archives store a time for each file; a fixed one makes equal contents equal bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_SOLUTION_MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")


@dataclasses.dataclass(frozen=True)
class Exercise:
    """Where one exercise stands, from the saved outputs of a notebook."""

    name: str
    state: str
    points: float
    max_points: float


@dataclasses.dataclass(frozen=True)
class NotebookStatus:
    """Where one notebook stands.

    Attributes
    ----------
    name : str
        ``unit/notebook``.
    exercises : tuple of Exercise
        In the order of the notebook; empty when the notebook cannot be read.
    written : int
        Written answers that differ from the released text.
    written_total : int
        Written answers in the notebook; people grade them.
    newer : bool
        Whether the course holds a newer release than the learner's copy.
    problem : str
        Why the notebook cannot be read, else an empty string.
    """

    name: str
    exercises: tuple = ()
    written: int = 0
    written_total: int = 0
    newer: bool = False
    problem: str = ""

    @property
    def points(self):
        """Points of the automatic checks so far."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def max_points(self):
        """Points that the automatic checks can give."""
        return sum(exercise.max_points for exercise in self.exercises)

    def count(self, state):
        """Return how many exercises are in `state`."""
        return sum(exercise.state == state for exercise in self.exercises)


@dataclasses.dataclass(frozen=True)
class Submission:
    """A unit that was handed in: the archive, its receipt, and what was left out."""

    archive: Path
    receipt: Path
    files: dict
    missing: tuple


def course_root(start=None):
    """Find the folder of the course.

    Parameters
    ----------
    start : path-like, optional
        Where to begin; the current folder when not given.

    Returns
    -------
    pathlib.Path
        The nearest folder, upwards from `start`, that holds ``syllabus.toml``.

    Raises
    ------
    WorkshopError
        If there is none.
    """
    start = Path(start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "syllabus.toml").is_file():
            return folder
    raise WorkshopError(
        f"{start} is not inside the course: no folder above it holds syllabus.toml. "
        "Change to the folder of the course (cd …) and try again."
    )


class Desk:
    """The learner's folder of one course.

    Parameters
    ----------
    root : path-like
        The folder that holds ``notebooks/``; ``work/`` is made inside it.
    """

    def __init__(self, root):
        self.root = Path(root)
        self.released = self.root / "notebooks"
        self.work = self.root / "work"
        self.records = self.work / ".workshop"

    def units(self):
        """Return the names of the released units, in order."""
        if not self.released.is_dir():
            raise WorkshopError(
                f"The course in {self.root} has no folder notebooks/; get the course again."
            )
        return sorted(path.name for path in self.released.iterdir() if path.is_dir())

    def notebooks(self, unit=None):
        """Return the released notebooks as ``unit/notebook``, of one unit or of all."""
        if unit is not None and unit not in self.units():
            raise WorkshopError(
                f"There is no unit {unit!r}. The units are: {', '.join(self.units())}."
            )
        found = self.released.glob(f"{unit or '*'}/*.ipynb")
        return sorted(path.relative_to(self.released).with_suffix("").as_posix() for path in found)

    def notebook(self, name):
        """Return `name` as ``unit/notebook``, with or without ``.ipynb`` in what was given.

        Raises
        ------
        WorkshopError
            If the course has no such notebook.
        """
        short = name.removesuffix(".ipynb").strip("/").removeprefix("work/")
        known = self.notebooks()
        if short not in known:
            raise WorkshopError(
                f"There is no notebook {name!r}. Give UNIT/NOTEBOOK, one of: {', '.join(known)}."
            )
        return short

    def path_of(self, name):
        """Return where the learner's copy of ``unit/notebook`` is."""
        return self._file(self.work, name)

    def copy_missing(self):
        """Copy into ``work/`` what is not there yet.

        Returns
        -------
        list of str
            The files that were copied, relative to ``work/``. Existing files are not touched.
        """
        self.units()
        with cells.writing(self.records):
            self.records.mkdir(parents=True, exist_ok=True)
        copied = []
        for source in sorted(self.released.rglob("*")):
            relative = source.relative_to(self.released)
            target = self.work / relative
            hidden = any(part.startswith(".") for part in relative.parts)
            if not source.is_file() or hidden or target.exists():
                continue
            self._copy(source, target)
            copied.append(relative.as_posix())
        self._write_settings()
        return copied

    def _write_settings(self):
        """Tell the checks in ``work/`` when they may mention worked solutions."""
        settings = {"worked_solutions_after": self._solutions_after()}
        cells.write_bytes(self.records / "settings.json", json.dumps(settings).encode())

    def _copy(self, source, target):
        cells.write_bytes(target, source.read_bytes())
        if source.suffix == ".ipynb":
            self._remember_release(source.relative_to(self.released).with_suffix("").as_posix())

    def _remember_release(self, name):
        """Keep the release that the learner's copy started from: the base of later updates."""
        content = self._file(self.released, name).read_bytes()
        cells.write_bytes(self._file(self.records / "released", name), content)

    @staticmethod
    def _file(folder, name):
        return folder / f"{name}.ipynb"

    def _base(self, name):
        path = self._file(self.records / "released", name)
        return cells.read_notebook(path) if path.exists() else None

    def status(self):
        """Return where every released notebook stands, from the saved outputs in ``work/``.

        Returns
        -------
        list of NotebookStatus
            In the order of the course.
        """
        return [self._status(name) for name in self.notebooks()]

    def _status(self, name):
        release = cells.read_notebook(self._file(self.released, name))
        path = self.path_of(name)
        try:
            mine = cells.read_notebook(path) if path.exists() else release
            newer = path.exists() and self._is_newer(name, mine, release)
        except WorkshopError as error:
            return NotebookStatus(name, problem=str(error))
        written, written_total = _count_written(mine, release)
        return NotebookStatus(name, exercises_of(mine), written, written_total, newer)

    def _is_newer(self, name, mine, release):
        base = self._base(name)
        if base is None:
            return cells.sources(cells.merge(mine, None, release)) != cells.sources(mine)
        return base != release

    def reset(self, name, exercise):
        """Put one answer back to what was released.

        Parameters
        ----------
        name : str
            ``unit/notebook``.
        exercise : str
            Name of the exercise, or of the written answer.

        Returns
        -------
        pathlib.Path
            The backup of the notebook as it was before.

        Raises
        ------
        WorkshopError
            If there is no such notebook or exercise.
        """
        name = self.notebook(name)
        mine = cells.read_notebook(self.path_of(name))
        release = self._base(name) or cells.read_notebook(self._file(self.released, name))
        stub = cells.find_answer(release, exercise)
        if stub is None:
            raise _no_exercise(exercise, name, release)
        cell = cells.find_answer(mine, exercise)
        if cell is None:
            raise WorkshopError(
                f"The cell of {exercise!r} was deleted from your copy of {name}. "
                f"`workshop update {name}` puts missing course cells back."
            )
        cell["source"] = stub["source"]
        for affected in mine["cells"]:
            if affected is cell or _is_check_of(affected, exercise):
                cells.clear_outputs(affected)
        backup = self._back_up(name)
        cells.write_notebook(self.path_of(name), mine)
        return backup

    def update(self, name):
        """Bring the current release into a learner's notebook; answers and own cells stay.

        Parameters
        ----------
        name : str
            ``unit/notebook``.

        Returns
        -------
        pathlib.Path or None
            The backup of the notebook as it was before; None when there was nothing to change.

        Raises
        ------
        WorkshopError
            If there is no such notebook, or the learner's copy cannot be read.
        """
        name = self.notebook(name)
        path = self.path_of(name)
        if not path.exists():
            self._copy(self._file(self.released, name), path)
            return None
        mine = cells.read_notebook(path)
        release = cells.read_notebook(self._file(self.released, name))
        merged = cells.merge(mine, self._base(name), release)
        backup = None
        if cells.sources(merged) != cells.sources(mine):
            backup = self._back_up(name)
            cells.write_notebook(path, merged)
        self._remember_release(name)
        return backup

    def _back_up(self, name):
        folder = self.records / "backups"
        number = 1
        while (backup := folder / f"{name}.{number}.ipynb").exists():
            number += 1
        cells.write_bytes(backup, self.path_of(name).read_bytes())
        return backup

    def solution(self, name, exercise):
        """Return the worked solution of an exercise, after enough tries.

        Parameters
        ----------
        name : str
            ``unit/notebook``.
        exercise : str
            Name of the exercise.

        Returns
        -------
        str
            Python source.

        Raises
        ------
        WorkshopError
            If the instructor turned worked solutions off, if there were too few tries, or if
            there is no such exercise.
        """
        name = self.notebook(name)
        release = cells.read_notebook(self._file(self.released, name))
        answer = cells.find_answer(release, exercise)
        if answer is None:
            raise _no_exercise(exercise, name, release)
        if cells.is_written(answer):
            raise WorkshopError(
                f"{exercise!r} is a written answer: its rubric is in the cell above it."
            )
        needed = self._solutions_after()
        if needed == 0:
            raise WorkshopError("Your instructor has turned worked solutions off in this course.")
        tries = self.attempts().get(exercise, 0)
        if tries < needed:
            raise WorkshopError(
                f"The worked solution of {exercise!r} opens after {needed} tries; you have made "
                f"{tries}. A try is a run of the check with your own code in place of the stub."
            )
        path = self.root / "solutions" / f"{name}.py"
        if not path.is_file():
            raise WorkshopError(
                f"The worked solutions are not in this copy of the course ({path} is missing)."
            )
        return worked_solution(path.read_text(encoding="utf-8"), exercise)

    def _solutions_after(self):
        path = self.root / "syllabus.toml"
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise WorkshopError(f"{path} is not valid TOML: {error}.") from error
        return settings.get("course", {}).get("worked_solutions_after", 0)

    def attempts(self):
        """Return how often the check of each exercise ran on an answer, by exercise."""
        path = self.records / "attempts.json"
        try:
            counts = json.loads(path.read_text(encoding="utf-8"))
            return {exercise: int(tries) for exercise, tries in counts.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as error:
            raise WorkshopError(
                f"{path} is damaged; delete it to start counting tries again."
            ) from error

    def submit(self, unit, now=None):
        """Pack the notebooks of a unit into one archive with a receipt.

        Parameters
        ----------
        unit : str
            Name of the unit.
        now : datetime.datetime, optional
            The time of handing in, with a time zone; the present when not given.

        Returns
        -------
        Submission
            The archive holds ``unit/notebook.ipynb``; equal notebooks give equal bytes.

        Raises
        ------
        WorkshopError
            If the unit does not exist, nothing of it is in ``work/``, or a notebook in it cannot
            be read.
        """
        names = self.notebooks(unit)
        present = [name for name in names if self.path_of(name).exists()]
        if not present:
            raise WorkshopError(
                f"There is no notebook of {unit} in {self.work}. Run `workshop lab` first."
            )
        for name in present:
            cells.read_notebook(self.path_of(name))
        contents = {f"{name}.ipynb": self.path_of(name).read_bytes() for name in present}
        missing = tuple(name for name in names if name not in present)
        now = (now or datetime.datetime.now(datetime.UTC)).astimezone(datetime.UTC)
        return self._write_submission(unit, contents, missing, now)

    def _write_submission(self, unit, contents, missing, now):
        stem = self.work / "submitted" / f"{unit}-{now:%Y%m%dT%H%M%SZ}"
        archive, receipt = stem.with_suffix(".zip"), stem.with_suffix(".receipt.json")
        if archive.exists():
            raise WorkshopError(f"{archive} exists already; wait a second and submit again.")
        packed = _zip(contents)
        files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        record = {
            "unit": unit,
            "submitted_at": now.isoformat(timespec="seconds"),
            "archive": archive.name,
            "archive_sha256": hashlib.sha256(packed).hexdigest(),
            "files_sha256": files,
        }
        cells.write_bytes(archive, packed)
        cells.write_bytes(receipt, (json.dumps(record, indent=2) + "\n").encode())
        return Submission(archive, receipt, files, missing)


def exercises_of(notebook):
    """Return the exercises of a notebook with the results of their saved checks.

    Parameters
    ----------
    notebook : dict
        A notebook of format 4.

    Returns
    -------
    tuple of Exercise
        In the order of the notebook; "not attempted" where the check has no saved report.
    """
    return tuple(_exercise(cell) for cell in notebook["cells"] if cells.is_check(cell))


def _exercise(check_cell):
    report = cells.report_of(check_cell) or {"state": "not attempted", "points": 0.0}
    return Exercise(
        cells.exercise_of(check_cell),
        report["state"],
        float(report["points"]),
        float(cells.grading_of(check_cell)["points"]),
    )


def _is_check_of(cell, exercise):
    return cells.is_check(cell) and cells.exercise_of(cell) == exercise


def _count_written(mine, release):
    prompts = {
        cells.grading_of(cell)["grade_id"]: cells.source_of(cell)
        for cell in release["cells"]
        if cells.is_written(cell)
    }
    answers = {cells.grading_of(cell).get("grade_id"): cell for cell in mine["cells"]}
    written = sum(
        name in answers and cells.source_of(answers[name]).strip() not in ("", prompt.strip())
        for name, prompt in prompts.items()
    )
    return written, len(prompts)


def _no_exercise(exercise, name, notebook):
    known = ", ".join(cells.answer_names(notebook))
    return WorkshopError(f"There is no exercise {exercise!r} in {name}. It has: {known}.")


def worked_solution(source, exercise):
    """Return the solution cell of an exercise from the source of a notebook.

    Parameters
    ----------
    source : str
        A source in percent format.
    exercise : str
        Name of the exercise.

    Returns
    -------
    str
        The cell without the marks of the solution.

    Raises
    ------
    WorkshopError
        If the source has no such exercise.

    Examples
    --------
    >>> lines = ['# %% exercise="double" objective="W.1.1"', "double = 2"]
    >>> worked_solution(chr(10).join(lines), "double")
    'double = 2'
    """
    wanted = re.compile(rf'^# %%.*\bexercise="{re.escape(exercise)}"')
    found, lines = False, []
    for line in source.splitlines():
        if line.startswith("# %%"):
            found = bool(wanted.match(line))
        elif found and line.strip() not in _SOLUTION_MARKS:
            lines.append(line)
    if not lines:
        raise WorkshopError(f"The course has no worked solution for {exercise!r}.")
    return "\n".join(lines).strip("\n")


def _zip(contents):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Otherwise the archive would also record the operating system that made it.
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[name])
    return packed.getvalue()
