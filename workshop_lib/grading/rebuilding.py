"""Rebuild a notebook from the course's own version; nothing that a student wrote is run here.

Order, tags, metadata, checks and locked cells come from us. From the student come the answers, the
unlocked cells that they changed, and the cells that they added. What had to be repaired is said in
plain sentences, the remarks.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass

from workshop_lib.cells import grading_of
from workshop_lib.grading.matching import is_locked, match
from workshop_lib.grading.repairs import describe
from workshop_lib.grading.submitted_notebook import UnreadableError, parse

_KEPT_TAGS = {"skip-execution", "raises-exception"}


@dataclass(frozen=True)
class Rebuilt:
    """A notebook that is ready to run.

    Attributes
    ----------
    notebook : dict
        Our notebook with the student's answers; without any answer when there is a problem.
    remarks : tuple of str
        What was repaired.
    problem : str or None
        Why the submitted file cannot be read.
    """

    notebook: dict
    remarks: tuple = ()
    problem: str | None = None


def rebuild(skeleton, submitted, released=None):
    """Put a student's answers into our notebook.

    Parameters
    ----------
    skeleton : dict
        Our notebook: stubs where answers stand, checks with their hidden tests.
    submitted : bytes
        The student's file, whatever it holds.
    released : dict of str to str, optional
        By grade id the texts of those of our cells of which students got only a part.

    Returns
    -------
    Rebuilt

    Examples
    --------
    >>> skeleton = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    >>> rebuild(skeleton, b"not a notebook").problem
    'The file is not a notebook: it is not valid JSON.'
    """
    remarks = []
    try:
        own = parse(submitted, remarks)
    except UnreadableError as error:
        return Rebuilt(_with_cells(skeleton, _copies(skeleton)), tuple(remarks), str(error))
    released = released or {}
    matching = match(skeleton["cells"], own["cells"], released)
    cells = _merge(skeleton["cells"], own["cells"], matching)
    remarks += describe(skeleton["cells"], own["cells"], matching, released)
    return Rebuilt(_with_cells(skeleton, cells), tuple(remarks))


def _with_cells(skeleton, cells):
    return {**skeleton, "cells": cells}


def _copies(skeleton):
    return [_copy(cell) for cell in skeleton["cells"]]


def _copy(cell):
    """Copy one of our cells, without outputs."""
    copy = json.loads(json.dumps(cell))
    if copy["cell_type"] == "code":
        copy.update(outputs=[], execution_count=None)
    return copy


def _merge(ours, own, matching):
    """Make the cells of the rebuilt notebook."""
    added = _added(ours, own, matching)
    cells = list(added.get(None, []))
    for place, cell in enumerate(ours):
        index = matching.taken.get(place)
        cells.append(_copy(cell) if index is None else _fill(cell, own[index]))
        cells += added.get(place, [])
    return cells


def _added(ours, own, matching):
    """Collect the student's own cells by the place of ours that they followed."""
    place_of = {index: place for place, index in matching.taken.items()}
    ids = {cell.get("id") for cell in ours}
    free, anchor, added = set(matching.free(own)), None, defaultdict(list)
    for index, cell in enumerate(own):
        anchor = place_of.get(index, anchor)
        if index in free:
            added[anchor].append(_own_cell(cell, f"added-{index}", ids))
    return added


def _own_cell(cell, spare_id, ids):
    valid = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell["id"] or "") and cell["id"] not in ids
    new = {
        "cell_type": cell["cell_type"],
        "id": cell["id"] if valid else spare_id,
        "metadata": {},
        "source": cell["source"],
    }
    ids.add(new["id"])
    if kept := [tag for tag in cell["tags"] if tag in _KEPT_TAGS]:
        new["metadata"]["tags"] = kept
    if cell["cell_type"] == "code":
        new.update(outputs=[], execution_count=None)
    if "attachments" in cell:
        new["attachments"] = cell["attachments"]
    return new


def _fill(cell, own):
    """Take the student's text where they may write; where nothing is graded also the kind."""
    new = _copy(cell)
    if is_locked(cell):
        return new
    new["source"] = own["source"]
    if not grading_of(cell) and own["cell_type"] != cell["cell_type"]:
        new = {**_own_cell(own, cell.get("id"), set()), "id": cell.get("id")}
    if new["cell_type"] == "markdown" and "attachments" in own:
        new["attachments"] = own["attachments"]
    return new
