"""Notebooks as plain JSON: read, write, and merge a learner's copy with a new release.

Only the standard library is used, because every command of the desk starts here.
"""

import contextlib
import copy
import json
import os
import secrets
from pathlib import Path

from workshop_lib.checks.report import REPORT_MIMETYPE
from workshop_lib.errors import WorkshopError

CHECK_SUFFIX = "_check"


def read_notebook(path):
    """Read a notebook file.

    Parameters
    ----------
    path : path-like
        A notebook of format 4.

    Returns
    -------
    dict
        The notebook, as stored.

    Raises
    ------
    WorkshopError
        If the file is missing, cannot be read, or is not a notebook of format 4.
    """
    path = Path(path)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WorkshopError(
            f"There is no notebook {path}; check the name. "
            "`workshop lab` copies into work/ what is missing there."
        ) from None
    except OSError as error:
        raise WorkshopError(f"{path} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise WorkshopError(
            f"{path} is not a notebook: it is not valid JSON ({error}). "
            "Open an earlier copy from work/.workshop/backups, or move the file away and "
            "run `workshop lab` to get a new copy."
        ) from error
    if not _is_notebook(notebook):
        raise WorkshopError(
            f"{path} is not a Jupyter notebook of format 4. Save it again from JupyterLab."
        )
    return notebook


def _is_notebook(content):
    return (
        isinstance(content, dict)
        and content.get("nbformat") == 4
        and isinstance(content.get("cells"), list)
        and all(map(_is_cell, content["cells"]))
    )


def _is_cell(content):
    return (
        isinstance(content, dict)
        and content.get("cell_type") in ("code", "markdown", "raw")
        and isinstance(content.get("metadata"), dict)
        and isinstance(content.get("source"), str | list)
        and all(isinstance(line, str) for line in content["source"])
    )


def write_notebook(path, notebook):
    """Write a notebook in one step, so that a full disk never leaves half a file.

    Parameters
    ----------
    path : path-like
        Where to write; an existing file is replaced.
    notebook : dict
        A notebook of format 4.
    """
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    write_bytes(path, text.encode())


def write_bytes(path, content):
    """Write `content` to `path` through a temporary file in the same folder.

    Parameters
    ----------
    path : path-like
        Where to write; missing folders are made, and a symbolic link stays one.
    content : bytes
        The whole file.

    Raises
    ------
    WorkshopError
        If the folder cannot be written to.
    """
    path = Path(path).resolve()
    # Two commands may run at the same time, so each has a temporary file of its own.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(content)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def writing(path):
    """Turn a failure to write `path` into one sentence for people."""
    try:
        yield
    except OSError as error:
        raise WorkshopError(
            f"Cannot write {path} ({error.strerror}). Nothing was changed. "
            "Use a folder that you may write to, with free disk space."
        ) from error


def source_of(cell):
    """Return the source of a cell as one string.

    >>> source_of({"source": ["1 + ", "2"]})
    '1 + 2'
    """
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def grading_of(cell):
    """Return the nbgrader metadata of a cell, empty for a plain cell."""
    return cell.get("metadata", {}).get("nbgrader", {})


def is_answer(cell):
    """Say whether the learner writes in this cell: a solution or a written answer."""
    return bool(grading_of(cell).get("solution"))


def is_check(cell):
    """Say whether this is the check of an exercise."""
    grading = grading_of(cell)
    return bool(grading.get("grade")) and not grading.get("solution")


def is_written(cell):
    """Say whether this is a written answer, which people grade."""
    grading = grading_of(cell)
    return bool(grading.get("grade")) and bool(grading.get("solution"))


def exercise_of(check_cell):
    """Return the name of the exercise that a check cell belongs to."""
    return grading_of(check_cell)["grade_id"].removesuffix(CHECK_SUFFIX)


def report_of(cell):
    """Return the saved report of a check cell, or None when it has not run.

    Parameters
    ----------
    cell : dict
        A code cell.

    Returns
    -------
    dict or None
        ``{"exercise", "points", "max_points", "state", "items", "misconceptions"}``.
    """
    reports = [
        output["data"][REPORT_MIMETYPE]
        for output in cell.get("outputs", [])
        if REPORT_MIMETYPE in output.get("data", {})
    ]
    return reports[-1] if reports else None


def find_answer(notebook, exercise):
    """Return the solution cell of `exercise`, or None."""
    for cell in notebook["cells"]:
        if is_answer(cell) and grading_of(cell).get("grade_id") == exercise:
            return cell
    return None


def answer_names(notebook):
    """Return the names of all exercises and written answers, in order."""
    return [grading_of(cell)["grade_id"] for cell in notebook["cells"] if is_answer(cell)]


def clear_outputs(cell):
    """Remove what a code cell printed."""
    if cell["cell_type"] == "code":
        cell["outputs"] = []
        cell["execution_count"] = None


def sources(notebook):
    """Return the sources of all cells, in order."""
    return [source_of(cell) for cell in notebook["cells"]]


def merge(mine, base, release):
    """Bring a new release into a learner's notebook.

    Course cells come from the release. Answers that the learner changed, course cells that only
    the learner changed, and cells that the learner added stay as they are.

    Parameters
    ----------
    mine : dict
        The learner's notebook.
    base : dict or None
        The release that the learner started from; None when it is not known.
    release : dict
        The new release.

    Returns
    -------
    dict
        A new notebook; none of the arguments is changed.
    """
    base_cells = {_key(cell): cell for cell in base["cells"]} if base else {}
    own_cells, extra_cells = _split(mine, base_cells, release)
    merged = extra_cells.pop(None, [])
    for cell in release["cells"]:
        key = _key(cell)
        merged.append(_choose(own_cells.get(key), base_cells.get(key), cell))
        merged.extend(extra_cells.get(key, []))
    return {**copy.deepcopy(release), "cells": merged}


def _key(cell):
    return grading_of(cell).get("grade_id") or cell.get("id")


def _split(mine, base_cells, release):
    """Separate course cells (by key) from the learner's own (by the course cell before them).

    A course cell that the learner turned into text or code is the learner's own, if it was edited.
    """
    released_kinds = {_key(cell): cell["cell_type"] for cell in release["cells"]}
    taken_ids = {cell.get("id") for cell in release["cells"]}
    own_cells, extra_cells, anchor = {}, {}, None
    for cell in mine["cells"]:
        key = _key(cell)
        if key not in own_cells and released_kinds.get(key) == cell["cell_type"]:
            own_cells[key] = cell
            anchor = key
        elif key in own_cells or key not in base_cells or _changed(cell, base_cells[key]):
            extra_cells.setdefault(anchor, []).append(_as_plain(cell, taken_ids))
    return own_cells, extra_cells


def _changed(cell, other):
    return source_of(cell) != source_of(other)


def _as_plain(cell, taken_ids):
    plain = copy.deepcopy(cell)
    plain["metadata"].pop("nbgrader", None)
    if plain.get("id") in taken_ids:
        plain["id"] = secrets.token_hex(4)
    return plain


def _choose(own, base, released):
    cell = copy.deepcopy(released)
    if own is None:
        return cell
    learner_changed = base is None or _changed(own, base)
    release_changed = base is not None and _changed(released, base)
    keeps = is_answer(released) or not (grading_of(released) or release_changed)
    if _changed(own, released) and not (learner_changed and keeps):
        return cell
    cell["source"] = own["source"]
    for name in ("outputs", "execution_count", "attachments"):
        if name in own:
            cell[name] = copy.deepcopy(own[name])
    return cell
