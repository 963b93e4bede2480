"""The nbgrader course in a folder: its units, its submissions, and what grading a unit needs.

Every setting comes from the course's own ``nbgrader_config.py``, read by nbgrader itself, so any
course and any layout of folders works.
"""

import ast
import base64
import contextlib
import glob
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from workshop_lib.cells import grading_of
from workshop_lib.errors import WorkshopError
from workshop_lib.execution import REPEATABLE
from workshop_lib.grading.matching import grade_id_of, is_locked
from workshop_lib.grading.replay import defined_classes

_NOT_NEEDED = ("SaveCells", "InstantiateTests", "ClearHiddenTests", "ClearMarkScheme")
_STUDENT = "<student>"
_NO_LIMIT_SECONDS = 3600.0


@dataclass(frozen=True)
class Handed:
    """One submission as it lies in its folder.

    Attributes
    ----------
    student : str
    folder : Path
    """

    student: str
    folder: Path


class Course:
    """A course of nbgrader.

    Attributes
    ----------
    app : nbgrader.apps.baseapp.NbGrader
        Holds the course's settings.
    coursedir : nbgrader.coursedir.CourseDirectory
    """

    def __init__(self, app):
        self.app = app
        self.coursedir = app.coursedir
        self.root = Path(app.coursedir.root)

    def folder(self, step, student, unit):
        """Return the folder of a step, for example the submission of a student."""
        directory = getattr(self.coursedir, f"{step}_directory")
        return Path(os.path.normpath(self.coursedir.format_path(directory, student, unit)))

    def records_folder(self, unit):
        """Return the folder of the grading records of a unit, beside the autograded folder."""
        graded = self.root / self.coursedir.autograded_directory
        begins = self.coursedir.directory_structure.startswith("{nbgrader_step}")
        return (graded.parent if begins else self.root) / "records" / unit

    def submissions(self, unit, students=()):
        """Find what students handed in.

        Parameters
        ----------
        unit : str
        students : iterable of str
            Only these; all when empty.

        Returns
        -------
        list of Handed
            Sorted by student.

        Raises
        ------
        WorkshopError
            When a student that is asked for has not handed in.
        """
        excluded = {name.strip() for name in self.coursedir.student_id_exclude.split(",")}
        found = {
            student: folder
            for student, folder in self._folders("submitted", unit)
            if student not in excluded
        }
        wanted = list(students) or sorted(found)
        missing = [student for student in wanted if student not in found]
        if missing:
            place = self.folder("submitted", missing[0], unit)
            raise WorkshopError(
                f"There is no submission of {', '.join(missing)} for {unit}: {place} is no folder. "
                f"{len(found)} students have handed in."
            )
        return [Handed(student, found[student]) for student in wanted]

    def _folders(self, step, unit):
        """Find the folders of a step, as (student, folder), whatever their names hold."""
        parts, first = self._layout(step, unit)
        top = Path(*parts[:first])
        before, after = parts[first].split(_STUDENT, 1)
        pattern = "/".join(
            "*".join(map(glob.escape, part.split(_STUDENT))) for part in parts[first:]
        )
        for folder in sorted(top.glob(pattern)) if top.is_dir() else ():
            name = folder.parts[first]
            student = name[len(before) : len(name) - len(after)]
            if folder.is_dir() and not student.startswith("."):
                yield student, folder

    def _layout(self, step, unit):
        """Return the parts of a step's path and the index of the one that names the student."""
        directory = getattr(self.coursedir, f"{step}_directory")
        parts = Path(os.path.normpath(self.coursedir.format_path(directory, _STUDENT, unit))).parts
        return parts, next(i for i, part in enumerate(parts) if _STUDENT in part)

    def made(self, class_):
        """Make one of nbgrader's objects with the course's settings."""
        from nbgrader.converters.base import BaseConverter

        if issubclass(class_, BaseConverter):
            return class_(coursedir=self.coursedir, parent=self.app)
        return class_(parent=self.app)


def open_course(folder="."):
    """Read the settings of the course in a folder.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    Course

    Raises
    ------
    WorkshopError
        When there is no ``nbgrader_config.py``, or it fails.
    """
    folder = Path(folder).resolve()
    if not (folder / "nbgrader_config.py").is_file():
        raise WorkshopError(
            f"{folder} holds no nbgrader_config.py. Change to the folder of the course (cd …) "
            "and try again."
        )
    import logging

    from nbgrader.apps.baseapp import NbGrader

    app = NbGrader(log_level=logging.CRITICAL, raise_config_file_errors=True)
    with contextlib.chdir(folder):
        try:
            app.initialize([])
        except SystemExit as error:
            raise WorkshopError(f"nbgrader_config.py stopped: {error}") from None
        except Exception as error:
            raise WorkshopError(f"nbgrader_config.py fails with {error!r}.") from error
    return Course(app)


# --------------------------------------------------------------------------- the unit as plain data


def package(course, unit, gradebook):
    """Collect what grading a unit needs, as plain data.

    Parameters
    ----------
    course : Course
    unit : str
    gradebook : nbgrader.api.Gradebook
        Open.

    Returns
    -------
    dict
        ``unit``; ``notebooks``: our notebooks without solutions, with hidden tests, by name;
        ``released``: for each of them, by grade id, the locked texts of which students got only
        a part;
        ``files``: base64 contents by path; ``student_files``: code files that students may hand
        in; ``environment``: variables of the runs; ``modules``: what the notebooks import;
        ``cell_seconds``; ``digest``: sha256 of all this.

    Raises
    ------
    WorkshopError
        When the unit is not in the gradebook, or one of its notebooks is not Python.
    """
    assignment = find_unit(gradebook, unit)
    notebooks = {book.name: _skeleton(course, unit, book) for book in assignment.notebooks}
    content = {
        "unit": unit,
        "notebooks": notebooks,
        "released": {name: _released(course, each) for name, each in notebooks.items()},
        "files": _files(course, unit),
        "student_files": _student_files(course, unit),
        "environment": _environment(course, unit),
        "modules": sorted(set().union(*map(modules_in, notebooks.values()))),
        "cell_seconds": _cell_seconds(course),
    }
    text = json.dumps(content, sort_keys=True)
    return {**content, "digest": hashlib.sha256(text.encode()).hexdigest()}


def find_unit(gradebook, unit):
    """Return the assignment of the gradebook, or say which units there are."""
    from nbgrader.api import MissingEntry

    try:
        assignment = gradebook.find_assignment(unit)
    except MissingEntry:
        names = sorted(assignment.name for assignment in gradebook.assignments)
        raise WorkshopError(
            f"There is no unit {unit!r} in the gradebook; `nbgrader generate_assignment {unit}` "
            f"puts it in. Units there: {', '.join(names) or 'none'}."
        ) from None
    if not assignment.notebooks:
        raise WorkshopError(
            f"The unit {unit!r} has no notebooks in the gradebook. "
            f"Run `nbgrader generate_assignment {unit}` first."
        )
    return assignment


def _skeleton(course, unit, book):
    """Make our version of a notebook: no solutions, hidden tests kept, as the gradebook has it."""
    wanted = {cell.name for cell in book.source_cells}
    for step in ("source", "release"):
        path = course.folder(step, ".", unit) / f"{book.name}.ipynb"
        if not path.is_file():
            continue
        notebook = _read(path, unit)
        if not wanted <= {
            cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells
        }:
            continue
        if step == "source":
            _name_classes(notebook)
            notebook = _without_solutions(course, unit, book.name, notebook)
        _use_gradebook(notebook, book)
        return _tidy(notebook, book)
    raise WorkshopError(
        f"The notebook {book.name} of {unit} is in the gradebook, but neither the source nor the "
        f"release version with all its graded cells is there (looked for {path}). Put one back, or "
        f"run `nbgrader generate_assignment {unit} --force`."
    )


def _read(path, unit):
    """Read a notebook of the course."""
    import nbformat

    try:
        text = path.read_text(encoding="utf-8")
        if json.loads(text).get("nbformat") == 4:
            # The plain reader, because the usual one gives new random ids in every run.
            notebook = nbformat.v4.reads(text)
        else:
            notebook = nbformat.reads(text, as_version=4)
    except Exception as error:
        raise WorkshopError(f"{path} cannot be read as a notebook ({error}).") from error
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    if language.lower() != "python":
        raise WorkshopError(
            f"{path.name} is a notebook in {language}; `workshop grade` runs Python. "
            f"Grade this unit with `nbgrader autograde {unit}`."
        )
    return notebook


def _name_classes(notebook):
    """Note in each answer which classes the solution defines: these may compare as they like."""
    for cell in notebook.cells:
        is_answer = cell.cell_type == "code" and grading_of(cell).get("solution")
        if is_answer and (classes := defined_classes(cell.source)):
            cell.metadata.setdefault("workshop", {})["classes"] = classes


def _without_solutions(course, unit, name, notebook):
    """Run the course's steps of ``nbgrader generate_assignment`` that make a stub."""
    from nbgrader.converters import GenerateAssignment
    from traitlets.utils.importstring import import_item

    resources = {"nbgrader": {"assignment": unit, "notebook": name, "student": "."}}
    steps = [
        import_item(step) if isinstance(step, str) else step
        for step in course.made(GenerateAssignment).preprocessors
    ]
    try:
        with contextlib.chdir(course.root):
            for step in steps:
                if step.__name__ not in _NOT_NEEDED:
                    notebook, resources = course.made(step)(notebook, resources)
    except Exception as error:
        raise WorkshopError(f"The solutions of {name} cannot be cleared: {error}") from error
    return notebook


def _use_gradebook(notebook, book):
    """Take locked cells, points and checksums from the gradebook, as nbgrader does."""
    sources = {cell.name: cell for cell in book.source_cells}
    points = {cell.name: cell.max_score for cell in (*book.grade_cells, *book.task_cells)}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        known = sources.get(marks.get("grade_id"))
        if known is None:
            cell.metadata.pop("nbgrader", None)
            continue
        # Checks made by AUTOTEST stand only in the gradebook.
        if known.locked or marks.get("solution"):
            cell.source = known.source
        if known.name in points:
            marks["points"] = points[known.name]
        marks["checksum"] = known.checksum


def _tidy(notebook, book):
    """Give every cell an id, take outputs out, and return plain data."""
    from nbgrader.nbgraderformat import MetadataValidator

    MetadataValidator().upgrade_notebook_metadata(notebook)
    seen = set()
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        if not cell.get("id") or cell["id"] in seen:
            digest = hashlib.sha256(f"{number}{cell.source}".encode()).hexdigest()[:8]
            cell["id"] = f"cell-{number}-{digest}"
        seen.add(cell["id"])
    if book.kernelspec and json.loads(book.kernelspec):
        notebook.metadata["kernelspec"] = json.loads(book.kernelspec)
    notebook.update(nbformat=4, nbformat_minor=5)
    return json.loads(json.dumps(notebook))


def _released(course, notebook):
    """Cut hidden tests and mark schemes out of locked cells, with the course's own delimiters."""
    from nbformat import from_dict
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme

    steps, released = [course.made(ClearHiddenTests), course.made(ClearMarkScheme)], {}
    for cell in filter(is_locked, notebook["cells"]):
        given = from_dict(cell)
        with contextlib.suppress(RuntimeError):  # nbgrader does not release such a cell
            for step in steps:
                given, _ = step.preprocess_cell(given, {}, 0)
        if given["source"] != cell["source"]:
            released[grade_id_of(cell)] = given["source"]
    return released


def modules_in(notebook):
    r"""Return the modules that the code cells of a notebook import.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "import numpy as np\nfrom os import path"}
    >>> sorted(modules_in({"cells": [cell]}))
    ['numpy', 'os']
    """
    found = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        lines = [
            line for line in cell["source"].split("\n") if not line.lstrip().startswith(("%", "!"))
        ]
        with contextlib.suppress(SyntaxError):
            for node in ast.walk(ast.parse("\n".join(lines))):
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module)
    return found


def _files(course, unit):
    """Read the other files of the unit, as nbgrader copies them over those of students."""
    folder, ignore = _unit_folder(course, unit), course.coursedir.ignore
    from nbgrader.utils import find_all_files

    return {
        os.path.relpath(path, folder).replace(os.sep, "/"): base64.b64encode(
            Path(path).read_bytes()
        ).decode()
        for path in sorted(find_all_files(str(folder), [*ignore, "*.ipynb"]))
    }


def _unit_folder(course, unit):
    source = course.folder("source", ".", unit)
    return source if source.is_dir() else course.folder("release", ".", unit)


def _student_files(course, unit):
    from nbgrader.converters import Autograde

    return sorted(course.made(Autograde).exclude_overwriting.get(unit, []))


def _cell_seconds(course):
    from nbgrader.preprocessors import Execute

    seconds = course.made(Execute).timeout
    return float(seconds) if seconds and seconds > 0 else _NO_LIMIT_SECONDS


def _environment(course, unit):
    """Return the variables that the course's own hook of autograde sets, and ours."""
    from nbgrader.converters import Autograde

    before = dict(os.environ)
    converter = course.made(Autograde)
    paths = sorted(map(str, _unit_folder(course, unit).glob("*.ipynb")))
    arguments = {"assignment": unit, "student": "*", "notebooks": paths}
    with contextlib.suppress(Exception):  # as nbgrader: a hook that fails is no reason to stop
        if converter.pre_convert_hook:
            converter.pre_convert_hook(**arguments)
    # The seeds may be those that were there already; nbgrader's kernels would inherit them, too.
    changed = {
        name: value
        for name, value in os.environ.items()
        if before.get(name) != value or name == "WORKSHOP_SEEDS"
    }
    with contextlib.suppress(Exception):
        if converter.post_convert_hook:
            converter.post_convert_hook(**arguments)
    limits = {name: os.environ.get(name, value) for name, value in REPEATABLE.items()}
    return {**limits, **changed, "NBGRADER_EXECUTION": "autograde"}
