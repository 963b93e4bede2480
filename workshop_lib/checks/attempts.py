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
    folder = marker_folder(Path.cwd())
    if report.state == NOT_ATTEMPTED or folder is None:
        return ()
    return _count_try(folder, report.exercise)


def marker_folder(start):
    """Return the ``.workshop`` folder of the work folder around ``start``, or None."""
    candidates = (parent / MARKER for parent in (start, *start.parents))
    return next((folder for folder in candidates if folder.is_dir()), None)


def _count_try(folder, exercise):
    """Add one try; a folder that cannot be written must never stop a check."""
    path = folder / "attempts.json"
    try:
        counts = json.loads(path.read_text()) if path.exists() else {}
        counts[exercise] = counts.get(exercise, 0) + 1
        path.write_text(json.dumps(counts, indent=1, sort_keys=True))
        settings = folder / "settings.json"
        limit = (
            json.loads(settings.read_text())["worked_solutions_after"] if settings.exists() else 0
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()
    if limit and counts[exercise] >= limit:
        return (
            f"{counts[exercise]} tries so far. A worked solution is there when you want it: "
            f"type `workshop solution UNIT/NOTEBOOK {exercise}` in a terminal.",
        )
    return ()
