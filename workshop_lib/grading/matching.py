"""Find which of a student's files and cells stands for which of ours."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from workshop_lib.cells import grading_of, is_answer, source_of
from workshop_lib.grading.submission import bounded, shown
from workshop_lib.grading.submitted_notebook import UnreadableError, parse

_DEFINED = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)\s*=[^=]", re.MULTILINE)


def find_notebooks(skeletons, files):
    """Find the file of each notebook, also under another name or in a folder.

    Parameters
    ----------
    skeletons : dict of str to dict
        Our notebooks by name.
    files : dict of str to bytes
        The submission.

    Returns
    -------
    found : dict of str to str
        Paths by the name of the notebook.
    remarks : list of str
    """
    found = {name: f"{name}.ipynb" for name in skeletons if f"{name}.ipynb" in files}
    spare = [path for path in files if path.endswith(".ipynb") and path not in found.values()]
    missing = [name for name in skeletons if name not in found]
    remarks = []
    scores = {path: _shares(skeletons, missing, files[path]) for path in spare} if missing else {}
    for name in missing:
        shares = {path: scores[path].get(name, 0) for path in spare}
        best = max(shares, key=shares.get, default=None)
        if best is not None and shares[best] > 0.5:
            found[name] = best
            spare.remove(best)
            remarks.append(f"{shown(best)} was graded as {name}.ipynb: it holds its cells.")
        else:
            remarks.append(f"{name}.ipynb is missing: it counts 0 points.")
    others = [f"{shown(path)} is no notebook of this unit and was not graded." for path in spare]
    return found, remarks + bounded(others)


def _shares(skeletons, names, content):
    """Return which share of each notebook's graded cells a file holds."""
    try:
        cells = parse(content, [])["cells"]
    except UnreadableError:
        return {}
    ids = {grade_id_of(cell) for cell in cells} - {None}
    wanted = {name: {grade_id_of(c) for c in skeletons[name]["cells"]} - {None} for name in names}
    return {name: len(ids & wanted[name]) / max(1, len(wanted[name])) for name in names}


def grade_id_of(cell):
    """Return nbgrader's id of a cell, or None."""
    grade_id = grading_of(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) and grade_id else None


def is_locked(cell):
    """Say whether a cell of ours may not be changed: nbgrader locks checks, texts and tasks."""
    grading = grading_of(cell)
    locked = grading.get("grade") or grading.get("locked") or grading.get("task")
    return bool(locked) and not grading.get("solution")


def text_given(cell, released):
    """Return the text of a cell of ours as students got it.

    Parameters
    ----------
    cell : dict
    released : dict of str to str
        Texts by grade id, where students got only a part.

    Examples
    --------
    >>> check = {"metadata": {"nbgrader": {"grade_id": "f_test"}}, "source": "assert f(1) == f(2)"}
    >>> text_given(check, {"f_test": "assert f(1)"})
    'assert f(1)'
    """
    return released.get(grade_id_of(cell), source_of(cell))


@dataclass
class Matching:
    """Which of the student's cells stands for which of ours, by index."""

    taken: dict = field(default_factory=dict)
    dropped: set = field(default_factory=set)
    repeated: list = field(default_factory=list)
    adopted: list = field(default_factory=list)

    def free(self, own):
        """Return the indices of the student's cells that no cell of ours has taken."""
        used = set(self.taken.values()) | self.dropped
        return [index for index in range(len(own)) if index not in used]


def match(ours, own, released):
    """Match the cells of a submitted notebook with those of ours.

    Parameters
    ----------
    ours, own : list of dict
        Our cells, and the student's as `submitted_notebook.parse` returns them.
    released : dict of str to str
        As for `text_given`.

    Returns
    -------
    Matching
    """
    matching = Matching()
    _match_grade_ids(ours, own, matching)
    _match_ids(ours, own, matching)
    _match_contents(ours, own, matching, released)
    _match_definitions(ours, own, matching)
    _match_gaps(ours, own, matching)
    return matching


def _match_grade_ids(ours, own, matching):
    """Match by nbgrader's id. Of several copies of an answer the last changed one counts."""
    copies = defaultdict(list)
    for index, cell in enumerate(own):
        if grade_id_of(cell):
            copies[grade_id_of(cell)].append(index)
    for place, cell in enumerate(ours):
        found = copies.get(grade_id_of(cell), [])
        if not found:
            continue
        stub = source_of(cell)
        changed = [index for index in found if own[index]["source"].strip() != stub.strip()]
        chosen = (changed or found)[-1] if is_answer(cell) else found[-1]
        matching.taken[place] = chosen
        if len(found) > 1:
            matching.repeated.append(grade_id_of(cell))
        # A copy of our text would undo an answer that stands before it.
        rest = [index for index in found if index != chosen]
        matching.dropped |= {i for i in rest if is_locked(cell) or i not in changed}


def _match_ids(ours, own, matching):
    known = {grade_id_of(cell) for cell in ours}
    by_id = {
        own[i]["id"]: i for i in matching.free(own) if grade_id_of(own[i]) not in known - {None}
    }
    for place, cell in enumerate(ours):
        if place not in matching.taken and cell.get("id") in by_id:
            matching.taken[place] = by_id.pop(cell["id"])


def _match_contents(ours, own, matching, released):
    """Match cells that lost their ids but not their text."""
    by_content = defaultdict(list)
    for index in reversed(matching.free(own)):
        by_content[own[index]["cell_type"], own[index]["source"].strip()].append(index)
    for place, cell in enumerate(ours):
        found = by_content.get((cell["cell_type"], text_given(cell, released).strip()))
        if place not in matching.taken and found:
            matching.taken[place] = found.pop()


def _match_definitions(ours, own, matching):
    """Match answers that lost their ids by the names that their stubs define."""
    for place, cell in enumerate(ours):
        wanted = _names_defined(source_of(cell))
        if place in matching.taken or not is_answer(cell) or not wanted:
            continue
        found = [i for i in matching.free(own) if wanted <= _names_defined(own[i]["source"])]
        if cell["cell_type"] == "code" and found:
            matching.taken[place] = found[-1]
            matching.adopted.append(grade_id_of(cell))


def _names_defined(source):
    return {function or variable for function, variable in _DEFINED.findall(source)}


def _match_gaps(ours, own, matching):
    """Match what is left between two matched cells, where number and kinds agree."""
    start, gap = -1, []
    for place in range(len(ours) + 1):
        if place < len(ours) and place not in matching.taken:
            gap.append(place)
            continue
        end = matching.taken.get(place, len(own))
        _match_gap(ours, own, matching, gap, range(start + 1, end))
        start, gap = end, []


def _match_gap(ours, own, matching, gap, between):
    places = [place for place in gap if not is_locked(ours[place])]
    free = set(matching.free(own))
    indices = [index for index in between if index in free]
    kinds = [ours[place]["cell_type"] for place in places]
    if kinds == [own[index]["cell_type"] for index in indices]:
        matching.taken.update(zip(places, indices))
        matching.adopted += [grade_id_of(ours[p]) for p in places if is_answer(ours[p])]
