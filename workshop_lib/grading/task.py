"""Grade one submission: a pure function from bytes to a record, for this or another computer.

It knows no gradebook and no student, and it never raises: what goes wrong with a submission is
said in its record.
"""

import base64
import hashlib
import json
import os
import sys
import sysconfig
import time
from functools import lru_cache
from pathlib import Path

from workshop_lib.cells import grading_of
from workshop_lib.errors import WorkshopError
from workshop_lib.grading import NOT_RUN
from workshop_lib.grading.matching import find_notebooks
from workshop_lib.grading.rebuilding import rebuild

_LONGEST_RUN = 3600.0
"""Seconds for a notebook, however much time a course gives to a cell."""
UNREADABLE = "unreadable"
"""Flag of the cells of a file that could not be read."""


def grade(package, files, isolation):
    """Grade one submission.

    Parameters
    ----------
    package : dict
        The unit, as `course.package` makes it.
    files : dict of str to bytes
        The submission, as `submission.read_submission` reads it.
    isolation : str
        ``"auto"``, ``"required"``, ``"none"`` or a level.

    Returns
    -------
    dict
        Plain data: ``level`` of isolation, ``notebooks`` by name (each ``notebook`` with outputs,
        ``grades`` by grade id, ``remarks``, ``problem``, ``cpu_seconds``, ``wall_seconds``),
        ``missing`` (names of notebooks), ``remarks``, ``problem``.
    """
    begun = time.monotonic()
    record = {"level": None, "notebooks": {}, "missing": [], "remarks": [], "problem": None}
    try:
        _grade(package, files, isolation, record)
    except WorkshopError as error:
        record["problem"] = str(error)
    except Exception as error:
        record["problem"] = f"The grader failed on this submission: {type(error).__name__}: {error}"
    record["seconds"] = round(time.monotonic() - begun, 3)
    return record


def _grade(package, files, isolation, record):
    found, remarks = find_notebooks(package["notebooks"], files)
    record["remarks"] += remarks
    record["missing"] = [name for name in package["notebooks"] if name not in found]
    released = package.get("released", {})
    rebuilt = {
        name: rebuild(package["notebooks"][name], files[path], released.get(name))
        for name, path in found.items()
    }
    readable = {name: each.notebook for name, each in rebuilt.items() if each.problem is None}
    results = _execute(package, readable, files, isolation, record) if readable else {}
    for name, each in rebuilt.items():
        if each.problem is None:
            record["notebooks"][name] = _executed(each, results[name])
        else:
            record["notebooks"][name] = _unreadable(each)
    problems = [
        f"{name}: {part['problem']}"
        for name, part in record["notebooks"].items()
        if part["problem"]
    ]
    record["problem"] = " ".join(problems) or None


def _execute(package, notebooks, files, isolation, record):
    from workshop_lib.grading.execute import Limits, execute

    seconds = package["cell_seconds"]
    # nbgrader limits each cell only, and a course may set no limit at all.
    total_seconds = min(max(Limits.total_seconds, 10 * seconds), _LONGEST_RUN)
    limits = Limits(seconds, total_seconds)
    result = execute(package, notebooks, other_files(package, files), limits, isolation)
    record["level"] = result["level"]
    return result["notebooks"]


def other_files(package, files):
    """Return the files that stand beside the notebooks: ours, and harmless ones of the student.

    Parameters
    ----------
    package : dict
    files : dict of str to bytes

    Returns
    -------
    dict of str to bytes
        Where both have a file, it is ours, unless students may change it.
    """
    own = {path: content for path, content in files.items() if not path.endswith(".ipynb")}
    ours = {
        path: base64.b64decode(content)
        for path, content in package["files"].items()
        if path not in package["student_files"] or path not in own
    }
    folders = {parent.as_posix() for path in ours for parent in Path(path).parents}
    taken = {*ours, *(f"{name}.ipynb" for name in package["notebooks"])}
    blocked = {path for path in own if path in folders or _below(path, taken)}
    return {**{p: c for p, c in own.items() if p not in blocked}, **ours}


def _below(path, files):
    return any(parent.as_posix() in files for parent in Path(path).parents)


def _executed(rebuilt, result):
    """Put outputs into a notebook and grades beside it."""
    notebook, number = rebuilt.notebook, 0
    for index, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        outputs = result["outputs"].get(str(index), result["outputs"].get(index))
        if outputs is not None:
            number += 1
            cell["execution_count"] = number
            cell["outputs"] = [_numbered(output, number) for output in outputs]
    for cell in notebook["cells"]:
        grade = result["grades"].get(grading_of(cell).get("grade_id"))
        if grade is not None:  # a feedback page shows less of what ran beside an answer
            ours = cell["metadata"].setdefault("workshop", {})
            ours["label"] = grade["label"]
    return {
        "notebook": notebook,
        "grades": result["grades"],
        "remarks": list(rebuilt.remarks),
        "problem": result["problem"],
        "cpu_seconds": result["cpu_seconds"],
        "wall_seconds": result["wall_seconds"],
    }


def _numbered(output, number):
    is_result = output["output_type"] == "execute_result"
    return output | ({"execution_count": number} if is_result else {})


def _unreadable(rebuilt):
    """Say in the notebook why there is nothing to grade; nobody gets points for that."""
    said = {
        "cell_type": "markdown",
        "id": "grader-says",
        "metadata": {},
        "source": f"**The submitted file could not be read.** {rebuilt.problem}",
    }
    grades = {
        cell["metadata"]["nbgrader"]["grade_id"]: {
            **{"points": 0.0, "label": NOT_RUN, "flags": [UNREADABLE], "report": None},
            "problem": rebuilt.problem,
        }
        for cell in rebuilt.notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    notebook = {**rebuilt.notebook, "cells": [said, *rebuilt.notebook["cells"]]}
    return {
        "notebook": notebook,
        "grades": grades,
        "remarks": list(rebuilt.remarks),
        "problem": rebuilt.problem,
        "cpu_seconds": 0.0,
        "wall_seconds": 0.0,
    }


# ------------------------------------------------------------------------- what a result depends on


def digest_of_files(files):
    """Return the sha256 of a submission's files.

    Examples
    --------
    >>> digest_of_files({"a": b"1"}) == digest_of_files({"a": b"2"})
    False
    """
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{len(path.encode())} {path} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def engine_digest():
    """Return the sha256 of what grades: Python, this library, and the installed packages."""
    digest = hashlib.sha256(sys.version.encode())
    library = Path(__file__).parents[1]
    for path in sorted(library.rglob("*.py")):
        digest.update(path.relative_to(library).as_posix().encode() + path.read_bytes())
    packages = os.listdir(sysconfig.get_paths()["purelib"])
    installed = sorted(name for name in packages if name.endswith((".dist-info", ".egg-info")))
    digest.update(json.dumps(installed).encode())
    return digest.hexdigest()


def key_of(package, files, isolation):
    """Return the sha256 of all that a record depends on.

    Parameters
    ----------
    package, files, isolation
        As for `grade`.

    Returns
    -------
    str
    """
    parts = [package["digest"], digest_of_files(files), engine_digest(), isolation]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
