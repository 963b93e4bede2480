"""Turn what a check cell gave into points."""

import math
from pathlib import Path

import numpy as np

from workshop_lib.checks import session
from workshop_lib.checks.report import NOT_ATTEMPTED, NOT_YET, PASSED, Report
from workshop_lib.grading import IN_PROCESS, NOT_RUN, VERIFIED
from workshop_lib.grading.submission import shown

_STATES = (PASSED, NOT_YET, NOT_ATTEMPTED)
_OF_AN_ITEM = ("name", "weight", "state", "message", "misconception")
_MOST_ITEMS, _LONGEST_MESSAGE = 100, 2_000
_SOURCE_OF_CHECKS = Path(session.__file__).read_text(encoding="utf-8")


def grade_of(cell, label, succeeded, value, outputs):
    """Turn what a check cell gave into points; what is not clear gives none.

    A check of ours ends with a report. In any other course a cell that ends without an error gives
    full points, and one whose last expression is a number gives that number.
    """
    grade = no_points(None, label)
    most = float(cell["points"])
    if not succeeded:
        errors = [each for each in outputs if each["output_type"] == "error"]
        text = f"{errors[-1]['ename']}: {errors[-1]['evalue']}"[:500] if errors else "it failed"
        return grade | {"problem": text}
    if cell["exercise"]:
        report = value.to_dict() if type(value) is Report else believable(value, cell)
        if not is_report(report, most):
            return grade | {"problem": "the check ended without a report"}
        return grade | {"report": report, "points": float(report["points"])}
    if value is None:
        return grade | {"points": most}
    if type(value) in (int, float) or isinstance(value, np.number):
        points = float(value)
        if math.isfinite(points) and 0 <= points <= most:
            return grade | {"points": points}
        return grade | {"problem": f"the check gave {points:g} points of {most:g}"}
    return grade | {"problem": f"the check ended with a {type(value).__name__}, not with points"}


def no_points(problem, label=NOT_RUN):
    """Make the grade of a check that gave nothing yet, or did not run."""
    return {"points": 0.0, "label": label, "flags": [], "report": None, "problem": problem}


def as_grade(sent, cell):
    """Keep of what a verifier sent what can be the grade of a check; None when it is none.

    A check that runs a text of the student gives that student the verifier.
    """
    if type(sent) is not dict or type(sent.get("points")) is not float:
        return None
    label, flags = sent.get("label"), sent.get("flags")
    if not 0 <= sent["points"] <= float(cell["points"]) or label not in (VERIFIED, IN_PROCESS):
        return None
    flags = [shown(str(flag)[:_LONGEST_MESSAGE]) for flag in flags] if type(flags) is list else []
    return {
        "points": sent["points"],
        "label": label,
        "flags": flags[:_MOST_ITEMS],
        "report": believable(sent.get("report"), cell),
        "problem": _as_said(sent.get("problem")),
    }


def is_report(report, most):
    """Tell whether this is the plain data of a report which is worth at most so many points."""
    shapes = {"points": float, "state": str, "items": list, "misconceptions": list}
    if type(report) is not dict or any(type(report.get(n)) is not t for n, t in shapes.items()):
        return False
    return math.isfinite(report["points"]) and 0 <= report["points"] <= most


def believable(report, cell):
    """Keep of a report from a student's process what this check of ours could say.

    Whoever forges a report gets no points for that, but it would be read in the report of a class.
    """
    if not is_report(report, float(cell["points"])) or report["state"] not in _STATES:
        return None
    known = cell["source"] + _SOURCE_OF_CHECKS
    names = [n for n in report["misconceptions"] if type(n) is str and n.isidentifier()]
    items = [item for item in report["items"][:_MOST_ITEMS] if type(item) is dict]
    return {
        "exercise": cell["exercise"],
        "points": report["points"],
        "max_points": float(cell["points"]),
        "state": report["state"],
        "items": [{name: _as_said(item.get(name)) for name in _OF_AN_ITEM} for item in items],
        "misconceptions": [n for n in dict.fromkeys(names) if n in known][:_MOST_ITEMS],
    }


def _as_said(value):
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return value
    return value[:_LONGEST_MESSAGE] if type(value) is str else None
