"""Read a submission and rebuild its notebooks. Nothing that a student wrote is run here.

A notebook is rebuilt from the course's own version: order, tags, metadata, checks and locked cells
come from us. From the student come the answers, the unlocked cells that they changed, and the
cells that they added. What had to be repaired is said in plain sentences, the remarks.
"""

import json
import os
import re
import stat
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from workshop_lib.authoring.source import without_region
from workshop_lib.cells import grading_of, is_answer, source_of

_KINDS = ("code", "markdown", "raw")
_KEPT_TAGS = {"skip-execution", "raises-exception"}
_QUIET = {".ipynb_checkpoints", "__pycache__", ".DS_Store", "Thumbs.db", ".git"}
_IMPORTABLE = (".py", ".pyc", ".pyi", ".so", ".pyd", ".dll", ".dylib", ".pth", ".egg", ".whl")
_DEFINED = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)\s*=[^=]", re.MULTILINE)


@dataclass(frozen=True)
class SizeLimits:
    """How much of a submission is read.

    Attributes
    ----------
    file_bytes, total_bytes : int
        Bytes of one file, and of all files.
    files : int
        Number of files.
    """

    file_bytes: int = 25_000_000
    total_bytes: int = 100_000_000
    files: int = 1_000


MOST_CELLS = 2_000
MOST_CHARACTERS = 5_000_000
MOST_BRACKETS = 1_000_000
"""Of a submitted notebook: cells, characters in all its cells together, and brackets of JSON (each
costs more memory than it has bytes)."""


@dataclass(frozen=True)
class Submission:
    """What was read from a submission's folder.

    Attributes
    ----------
    files : dict of str to bytes
        Contents by path relative to the folder, with ``/`` between folders.
    remarks : tuple of str
        What was left out.
    problem : str or None
        What somebody should look at.
    """

    files: dict
    remarks: tuple = ()
    problem: str | None = None


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


class _UnreadableError(Exception):
    """The submitted file is no notebook; the text says why."""


# ------------------------------------------------------------------------------ reading a folder


def read_submission(folder, limits=None, *, ignore=(), allowed=()):
    """Read the files of a submission: regular files only, no links, no code files.

    Parameters
    ----------
    folder : path-like
        A student's folder of one unit.
    limits : SizeLimits, optional
    ignore : iterable of str
        Patterns of names that the course leaves out.
    allowed : iterable of str
        Paths of code files that students may hand in.

    Returns
    -------
    Submission
        With a problem instead of an exception, whatever is in the folder.
    """
    limits = limits or SizeLimits()
    reading = _Reading(limits, set(allowed))
    try:
        if os.path.islink(folder):
            raise OSError(0, "it is a link")
        for path, name in _walk(Path(folder), tuple(ignore), reading):
            reading.take(path, name)
    except OSError as error:
        reading.problems.append(f"The folder cannot be read ({error.strerror}).")
    if not any(name.endswith(".ipynb") for name in reading.files) and not reading.problems:
        reading.problems.append("There is no notebook in the submission.")
    problem = " ".join(reading.problems) or None
    return Submission(reading.files, tuple(reading.remarks), problem)


def _walk(folder, ignore, reading):
    """Find the files below a folder, without following links."""
    for place, folders, names in os.walk(folder, onerror=_raise):
        for name in [n for n in folders if _is_left_out(n, ignore)]:
            folders.remove(name)
        for name in [n for n in folders if os.path.islink(os.path.join(place, n))]:
            folders.remove(name)
            reading.remarks.append(f"{_shown(name)} is a link to a folder and was left out.")
        folders.sort()
        for name in sorted(n for n in names if not _is_left_out(n, ignore)):
            path = os.path.join(place, name)
            yield path, os.path.relpath(path, folder).replace(os.sep, "/")


def _raise(error):
    raise error


def _is_left_out(name, ignore):
    from fnmatch import fnmatch

    return name in _QUIET or any(fnmatch(name, pattern) for pattern in ignore)


class _Reading:
    """The files read so far, and what was said about the others."""

    def __init__(self, limits, allowed):
        self.limits = limits
        self.allowed = allowed
        self.files = {}
        self.remarks = []
        self.problems = []
        self.total = 0

    def take(self, path, name):
        reason = self._reason_against(path, name)
        if reason is None:
            try:
                content = _read_regular(path, self.limits.file_bytes)
            except _UnreadableError as error:
                reason = str(error)
            except OSError as error:
                reason = f"cannot be read ({error.strerror})"
        if reason is not None:
            said = self.problems if name.endswith(".ipynb") else self.remarks
            said.append(f"{_shown(name)} {reason} and was left out.")
            return
        self.total += len(content)
        self.files[name] = content

    def _reason_against(self, path, name):
        try:
            name.encode()
        except UnicodeEncodeError:
            return "has a name that is not UTF-8"
        if len(self.files) >= self.limits.files:
            return f"is beyond the first {self.limits.files} files"
        if name not in self.allowed and is_importable(name):
            return "could take the place of a module"
        size = os.lstat(path).st_size
        if size > self.limits.file_bytes:
            return (
                f"has {size / 1e6:.0f} MB, more than the {self.limits.file_bytes / 1e6:.0f} MB "
                "that are read"
            )
        if self.total + size > self.limits.total_bytes:
            return f"is beyond the {self.limits.total_bytes / 1e6:.0f} MB that are read"
        return None


def is_importable(name):
    """Say whether a file could change what ``import`` finds or how a library starts.

    Examples
    --------
    >>> is_importable("helpers/numpy.py"), is_importable("prices.csv")
    (True, False)
    """
    base = name.rsplit("/", 1)[-1]
    return base.lower().endswith(_IMPORTABLE) or base.startswith((".", "matplotlibrc"))


def _read_regular(path, most):
    """Read a regular file that is no link; never wait for a pipe."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise _UnreadableError("is a link or not an ordinary file")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _UnreadableError("is not an ordinary file")
        content = file.read(most + 1)
    if len(content) > most:
        raise _UnreadableError("grew while it was read")
    return content


def _shown(name):
    """Show a file name safely, whatever bytes are in it."""
    return json.dumps(name, ensure_ascii=True) if not name.isprintable() else name


# --------------------------------------------------------------------- which file is which notebook


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
            remarks.append(f"{best} was graded as {name}.ipynb: it holds its cells.")
        else:
            remarks.append(f"{name}.ipynb is missing: it counts 0 points.")
    remarks += [f"{path} is no notebook of this unit and was not graded." for path in spare]
    return found, remarks


def _shares(skeletons, names, content):
    """Return which share of each notebook's graded cells a file holds."""
    try:
        cells = _parse(content, [])["cells"]
    except _UnreadableError:
        return {}
    ids = {_grade_id(cell) for cell in cells} - {None}
    wanted = {name: {_grade_id(c) for c in skeletons[name]["cells"]} - {None} for name in names}
    return {name: len(ids & wanted[name]) / max(1, len(wanted[name])) for name in names}


# -------------------------------------------------------------------------- rebuilding a notebook


def rebuild(skeleton, submitted):
    """Put a student's answers into our notebook.

    Parameters
    ----------
    skeleton : dict
        Our notebook: stubs where answers stand, checks with their hidden tests.
    submitted : bytes
        The student's file, whatever it holds.

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
        own = _parse(submitted, remarks)
    except _UnreadableError as error:
        return Rebuilt(_with_cells(skeleton, _copies(skeleton)), tuple(remarks), str(error))
    matching = _match(skeleton["cells"], own["cells"])
    cells = _merge(skeleton["cells"], own["cells"], matching)
    remarks += _describe(skeleton["cells"], own["cells"], matching)
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


def _parse(content, remarks):
    """Read a submitted file as a notebook with clean cells."""
    if content.count(b"[") + content.count(b"{") > MOST_BRACKETS:
        raise _UnreadableError("The file has too many parts to be an honest notebook.")
    text = _decode(content, remarks)
    try:
        # NaN stands in honest outputs; outputs are not used.
        notebook = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        if not text.strip():
            raise _UnreadableError("The file is empty.") from None
        raise _UnreadableError("The file is not a notebook: it is not valid JSON.") from None
    if not isinstance(notebook, dict):
        raise _UnreadableError("The file is not a notebook.")
    _remark_kernel(notebook, remarks)
    cells = _clean(_cells_of(notebook, remarks), remarks)
    characters = sum(len(cell["source"]) for cell in cells)
    if len(cells) > MOST_CELLS or characters > MOST_CHARACTERS:
        raise _UnreadableError(
            f"The notebook has {len(cells)} cells with {characters} characters; at most "
            f"{MOST_CELLS} and {MOST_CHARACTERS} are read."
        )
    return {"cells": cells}


def _decode(content, remarks):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        remarks.append("The file was in UTF-16, not UTF-8; it was read all the same.")
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        remarks.append("The file is not in UTF-8; letters beyond ASCII may be wrong.")
        return content.decode("cp1252", "replace")


def _remark_kernel(notebook, remarks):
    metadata = notebook.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    kernel = kernel if isinstance(kernel, dict) else {}
    language = kernel.get("language") or "python"
    if str(language).lower() != "python":
        remarks.append(f"The notebook asks for {str(language)[:40]}; it was graded as Python.")


def _cells_of(notebook, remarks):
    """Return the cells of a notebook of format 4 or 3, as they are stored."""
    number = notebook.get("nbformat")
    if number == 4 and isinstance(notebook.get("cells"), list):
        return notebook["cells"]
    if number == 3 and isinstance(notebook.get("worksheets"), list):
        remarks.append("The notebook was in the old format 3; it was read all the same.")
        sheets = [sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        return [_upgrade(c) for s in sheets if isinstance(s.get("cells"), list) for c in s["cells"]]
    raise _UnreadableError(
        f"The file is not a notebook of format 4 (its format is {str(number)[:20]}). "
        "Open it in JupyterLab and save it again."
    )


def _upgrade(cell):
    """Turn a cell of format 3 into one of format 4."""
    if not isinstance(cell, dict):
        return cell
    if cell.get("cell_type") == "code":
        return {**cell, "source": cell.get("input", "")}
    if cell.get("cell_type") == "heading":
        marks = "#" * cell["level"] if cell.get("level") in range(1, 7) else "#"
        return {**cell, "cell_type": "markdown", "source": f"{marks} {_text(cell.get('source'))}"}
    return cell


def _clean(cells, remarks):
    """Keep of each cell its kind, source, ids, tags and pictures; leave out what is no cell."""
    good = [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") in _KINDS]
    if len(good) < len(cells):
        remarks.append(f"{_count(len(cells) - len(good), 'damaged cell')} left out.")
    return [_clean_cell(cell) for cell in good]


def _clean_cell(cell):
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    tags = metadata.get("tags")
    clean = {
        "cell_type": cell["cell_type"],
        "source": _text(cell.get("source")),
        "id": cell.get("id") if isinstance(cell.get("id"), str) else None,
        "metadata": {"nbgrader": nbgrader if isinstance(nbgrader, dict) else {}},
        "tags": [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    }
    if cell["cell_type"] == "markdown" and (pictures := _pictures(cell.get("attachments"))):
        clean["attachments"] = pictures
    return clean


def _text(source):
    """Join a source, and replace what cannot be written as UTF-8."""
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode()


def _pictures(attachments):
    """Keep pictures that were pasted into a text."""
    if not isinstance(attachments, dict):
        return {}
    kept = {
        name: {
            kind: data
            for kind, data in (bundle.items() if isinstance(bundle, dict) else ())
            if kind in ("image/png", "image/jpeg", "image/gif") and isinstance(data, str)
        }
        for name, bundle in attachments.items()
    }
    return {name: bundle for name, bundle in kept.items() if bundle}


def _grade_id(cell):
    grade_id = grading_of(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) and grade_id else None


def _is_locked(cell):
    """Say whether a cell of ours may not be changed: nbgrader locks checks, texts and tasks."""
    grading = grading_of(cell)
    locked = grading.get("grade") or grading.get("locked") or grading.get("task")
    return bool(locked) and not grading.get("solution")


@dataclass
class _Matching:
    """Which of the student's cells stands for which of ours, by index."""

    taken: dict = field(default_factory=dict)
    dropped: set = field(default_factory=set)
    repeated: list = field(default_factory=list)
    adopted: list = field(default_factory=list)

    def free(self, own):
        used = set(self.taken.values()) | self.dropped
        return [index for index in range(len(own)) if index not in used]


def _match(ours, own):
    matching = _Matching()
    _match_grade_ids(ours, own, matching)
    _match_ids(ours, own, matching)
    _match_contents(ours, own, matching)
    _match_definitions(ours, own, matching)
    _match_gaps(ours, own, matching)
    return matching


def _match_grade_ids(ours, own, matching):
    """Match by nbgrader's id. Of several copies of an answer the last changed one counts."""
    copies = defaultdict(list)
    for index, cell in enumerate(own):
        if _grade_id(cell):
            copies[_grade_id(cell)].append(index)
    for place, cell in enumerate(ours):
        found = copies.get(_grade_id(cell), [])
        if not found:
            continue
        stub = source_of(cell)
        changed = [index for index in found if own[index]["source"].strip() != stub.strip()]
        chosen = (changed or found)[-1] if is_answer(cell) else found[-1]
        matching.taken[place] = chosen
        if len(found) > 1:
            matching.repeated.append(_grade_id(cell))
        # A copy of our text would undo an answer that stands before it.
        rest = [index for index in found if index != chosen]
        matching.dropped |= {i for i in rest if _is_locked(cell) or i not in changed}


def _match_ids(ours, own, matching):
    known = {_grade_id(cell) for cell in ours}
    by_id = {own[i]["id"]: i for i in matching.free(own) if _grade_id(own[i]) not in known - {None}}
    for place, cell in enumerate(ours):
        if place not in matching.taken and cell.get("id") in by_id:
            matching.taken[place] = by_id.pop(cell["id"])


def _match_contents(ours, own, matching):
    """Match cells that lost their ids but not their text."""
    by_content = defaultdict(list)
    for index in reversed(matching.free(own)):
        by_content[own[index]["cell_type"], own[index]["source"].strip()].append(index)
    for place, cell in enumerate(ours):
        text = released_source(source_of(cell)) if _is_locked(cell) else source_of(cell)
        found = by_content.get((cell["cell_type"], text.strip()))
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
            matching.adopted.append(_grade_id(cell))


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
    places = [place for place in gap if not _is_locked(ours[place])]
    free = set(matching.free(own))
    indices = [index for index in between if index in free]
    kinds = [ours[place]["cell_type"] for place in places]
    if kinds == [own[index]["cell_type"] for index in indices]:
        matching.taken.update(zip(places, indices))
        matching.adopted += [_grade_id(ours[p]) for p in places if is_answer(ours[p])]


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
    if _is_locked(cell):
        return new
    new["source"] = own["source"]
    if not grading_of(cell) and own["cell_type"] != cell["cell_type"]:
        new = {**_own_cell(own, cell.get("id"), set()), "id": cell.get("id")}
    if new["cell_type"] == "markdown" and "attachments" in own:
        new["attachments"] = own["attachments"]
    return new


# ------------------------------------------------------------------------ what people should know


def _describe(ours, own, matching):
    """Say what was repaired, in an order that repeats."""
    lost = [cell for place, cell in enumerate(ours) if place not in matching.taken]
    pairs = [(ours[place], own[index]) for place, index in sorted(matching.taken.items())]
    graded = [(cell, theirs) for cell, theirs in pairs if grading_of(cell)]
    given = [cell for cell in lost if not grading_of(cell) and cell["cell_type"] == "code"]
    told = (
        ("Answers that are missing count as empty", map(_grade_id, filter(is_answer, lost))),
        ("Locked cells that were missing were put back", map(_grade_id, filter(_is_locked, lost))),
        ("Cells that stood several times; the last changed one counts", matching.repeated),
        ("Answers without their mark were found by place or name", matching.adopted),
        ("Locked cells that were changed; ours were used", _changed_locks(pairs)),
        ("Cells of another kind were set right", _names(graded, _has_other_kind)),
        ("Tags were removed from", _names(graded, _has_other_tags)),
        ("Grading marks were set right in", _names(graded, _has_other_marks)),
        ("Cells were put back into their order", _moved(ours, matching)),
    )
    said = [f"{text}: {', '.join(names)}." for text, names in _listed(told)]
    if given:
        said.append(f"{_count(len(given), 'given code cell')} put back.")
    return said


def _listed(told):
    for text, names in told:
        names = [name for name in names if name]
        if names:
            yield text, names


def _names(pairs, differs):
    return [_grade_id(cell) for cell, theirs in pairs if differs(cell, theirs)]


def _changed_locks(pairs):
    locked = [(cell, theirs) for cell, theirs in pairs if _is_locked(cell)]
    return [
        _grade_id(cell)
        for cell, theirs in locked
        if theirs["source"].strip()
        not in (source_of(cell).strip(), released_source(source_of(cell)).strip())
    ]


def released_source(source):
    r"""Return the source of a check as learners have it.

    Examples
    --------
    >>> released_source("assert f(1)\n### BEGIN HIDDEN TESTS\nf(2)\n### END HIDDEN TESTS")
    'assert f(1)'
    """
    return without_region(without_region(source, "HIDDEN TESTS"), "MARK SCHEME")


def _has_other_kind(cell, theirs):
    return cell["cell_type"] != theirs["cell_type"]


def _has_other_tags(cell, theirs):
    return bool(set(theirs["tags"]) - set(cell["metadata"].get("tags", [])))


def _has_other_marks(cell, theirs):
    ours, other = grading_of(cell), grading_of(theirs)
    names = ("schema_version", "grade", "solution", "locked", "task", "points")
    return bool(other) and any(name in other and other[name] != ours.get(name) for name in names)


def _moved(ours, matching):
    """Name the graded cells that stand before one which they should follow."""
    moved, furthest = [], -1
    for place in sorted(matching.taken):
        if matching.taken[place] < furthest:
            moved.append(_grade_id(ours[place]))
        furthest = max(furthest, matching.taken[place])
    return moved


def _count(number, noun):
    return f"{number} {noun}s were" if number != 1 else f"1 {noun} was"
