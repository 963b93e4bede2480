"""Read ``syllabus.toml``, the one table of units, notebooks and objectives."""

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from workshop_lib.errors import WorkshopError


@dataclass(frozen=True)
class Objective:
    """One objective of the course.

    Attributes
    ----------
    id : str
        For example ``"W.5.5"`` or ``"M7.1a"``.
    title : str
        One line; empty for an alias.
    seed : str
        The point of the curriculum that it comes from, in our own words.
    alias_of : str or None
        The objective whose exercises cover this one.
    """

    id: str
    title: str
    seed: str
    alias_of: str | None = None


@dataclass(frozen=True)
class Notebook:
    """One row of the table: a notebook that exists or is planned.

    Attributes
    ----------
    unit, file : str
        Folder and file name without its ending.
    title : str
    objectives : tuple of str
        Ids in the order of the exercises; objectives without an id are plain sentences in `aims`.
    aims : tuple of str
    minutes, stretch_minutes : int
        Core minutes, and minutes of the optional tasks.
    prerequisites : tuple of str
        Short phrases, or names of notebooks such as ``"01_preprocessing/01_clean"``.
    """

    unit: str
    file: str
    title: str
    minutes: int
    objectives: tuple = ()
    aims: tuple = ()
    stretch_minutes: int = 0
    prerequisites: tuple = ()

    @property
    def name(self):
        """Unit and file, as in ``"01_preprocessing/01_clean"``."""
        return f"{self.unit}/{self.file}"


@dataclass(frozen=True)
class Unit:
    """A unit: its folder name, its title and its notebooks in order."""

    id: str
    title: str
    notebooks: tuple


@dataclass(frozen=True)
class Syllabus:
    """The whole table.

    Attributes
    ----------
    title : str
    worked_solutions_after : int
        Tries after which a learner may see a worked solution; 0 turns this off.
    units : tuple of Unit
    objectives : dict of str to Objective
    """

    title: str
    worked_solutions_after: int
    units: tuple
    objectives: dict

    def notebooks(self, name=None):
        """All notebooks in order, those of one unit, or the one named ``unit/file``.

        Raises
        ------
        WorkshopError
            If there is no such unit or notebook.
        """
        rows = [notebook for unit in self.units for notebook in unit.notebooks]
        if name is None:
            return rows
        chosen = [row for row in rows if name in (row.unit, row.name)]
        if not chosen:
            known = [row.name for row in rows] if "/" in name else [unit.id for unit in self.units]
            raise WorkshopError(_unknown(name, known))
        return chosen

    def notebook(self, name):
        """Find the row of ``unit/file``, or None."""
        return next((row for row in self.notebooks() if row.name == name), None)


def load(root):
    """Read the table of the course in folder `root`.

    Raises
    ------
    WorkshopError
        If the file is missing or not TOML, a row lacks a field or has an unknown one, an alias has
        no target, or a notebook names an objective that is not in the table.
    """
    path = Path(root) / "syllabus.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        objectives = {
            id_: Objective(id_, row.get("title", ""), row["seed"], row.get("alias_of"))
            for id_, row in table["objectives"].items()
        }
        units = tuple(_unit(row) for row in table["unit"])
        course = table["course"]
        syllabus = Syllabus(course["title"], course["worked_solutions_after"], units, objectives)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkshopError(f"{path} cannot be read: {type(error).__name__}: {error}") from None
    for problem in _contradictions(syllabus):
        raise WorkshopError(f"{path}: {problem}")
    return syllabus


def _unit(row):
    notebooks = tuple(
        Notebook(
            unit=row["id"],
            **{key: tuple(v) if isinstance(v, list) else v for key, v in each.items()},
        )
        for each in row["notebook"]
    )
    return Unit(row["id"], row["title"], notebooks)


def _contradictions(syllabus):
    known = syllabus.objectives
    for objective in known.values():
        if objective.alias_of and objective.alias_of not in known:
            yield f"{objective.id} is an alias of {objective.alias_of}, which is not in the table."
    names = {notebook.name for notebook in syllabus.notebooks()}
    for notebook in syllabus.notebooks():
        for id_ in notebook.objectives:
            if id_ not in known:
                yield f"{notebook.name} names the objective {id_}, which is not in the table."
        for need in notebook.prerequisites:
            if "/" in need and need not in names:
                yield f"{notebook.name} needs {need}, which is not a notebook of the table."


def _unknown(name, known):
    kind = "notebook" if "/" in name else "unit"
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"There is no {kind} {name!r}.{hint} The {kind}s are: {', '.join(known)}."
