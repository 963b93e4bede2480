"""Count a learner's tries in the work folder, and say what helps next."""

import json
import os
from pathlib import Path

from workshop_lib.checks.report import NOT_ATTEMPTED, PASSED

MARKER = ".workshop"


def notes_after(report):
    """Count a try where there is a work folder, and return the sentences to show with the report.

    Outside a learner's work folder, and while grading, nothing is written.

    Parameters
    ----------
    report : workshop_lib.checks.report.Report

    Returns
    -------
    tuple of str
    """
    if os.environ.get("WORKSHOP_GRADING"):
        return ()
    if report.state == PASSED:
        return ("These are the visible checks. Grading repeats them on other data and edge cases.",)
    if report.state == NOT_ATTEMPTED:
        return ()
    try:  # a folder that was removed, or may not be read or written, must never stop a check
        folder = marker_folder(Path.cwd())
        return _count_try(folder, report.exercise) if folder else ()
    except OSError:
        return ()


def marker_folder(start):
    """Return the ``.workshop`` folder of the work folder around ``start``, or None."""
    candidates = (parent / MARKER for parent in (start, *start.parents))
    return next((folder for folder in candidates if folder.is_dir()), None)


def _count_try(folder, exercise):
    path = folder / "attempts.json"
    counts = _read(path)
    tries = _number(counts, exercise) + 1
    path.write_text(json.dumps({**counts, exercise: tries}, indent=1, sort_keys=True))
    limit = _number(_read(folder / "settings.json"), "worked_solutions_after")
    if not 0 < limit <= tries:
        return ()
    return (
        f"{tries} tries so far. A worked solution is there when you want it: "
        f"type `workshop solution UNIT/NOTEBOOK {exercise}` in a terminal.",
    )


def _read(path):
    """Read a JSON object; a missing or damaged file counts as empty."""
    try:
        content = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _number(content, name):
    number = content.get(name)
    return number if type(number) is int else 0
