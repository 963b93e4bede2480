"""Marks as files for other systems.

Columns of each format, in order:

``csv``
    ``student_id``, ``last_name``, ``first_name``, ``email``, ``unit``, ``points``,
    ``late_penalty``, ``score`` (points minus penalty), ``max_score``, ``needs_manual_grade``
    (yes or no), ``verified_share`` (of the automatic points, 0 to 1), ``flags``, ``timestamp``
    (UTC).
``canvas``
    ``Student``, ``ID``, ``SIS User ID``, ``SIS Login ID``, ``Section``, and a column named after
    the unit; below the headings the row ``Points Possible``. ``SIS Login ID`` is the student's id
    of nbgrader.
``moodle``
    ``username`` (the student's id of nbgrader), ``firstname``, ``lastname``, ``email``, and a
    column named after the unit. When you import it, map one of the first or fourth column to
    the user.
``gradescope``
    ``First Name``, ``Last Name``, ``SID`` (the student's id of nbgrader), ``Email``,
    ``Total Score``, ``Max Points``, ``Status``, ``Submission Time`` (UTC).
"""

import csv
import io
import re

from workshop_lib.cells import write_bytes
from workshop_lib.errors import WorkshopError
from workshop_lib.grading.coordinator import flags_of

# Some spreadsheets read wide signs, too, and in some countries a semicolon begins a new cell.
_FORMULA = re.compile(
    r"^(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])|(?<=[;\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
FORMATS = ("csv", "canvas", "moodle", "gradescope")


def export(session, unit, format_, records):
    """Write the marks of a unit as text.

    Parameters
    ----------
    session : gradebook.Session
    unit : str
    format_ : str
        One of `FORMATS`.
    records : list of dict
        Of `store.Store.all_done`.

    Returns
    -------
    str

    Raises
    ------
    WorkshopError
        When there is no such format.
    """
    if format_ not in FORMATS:
        raise WorkshopError(f"There is no format {format_!r}. Formats: {', '.join(FORMATS)}.")
    people, totals = session.people(unit), session.totals(unit)
    known = {record["student"]: record for record in records}
    marks = [
        {
            "student": student,
            "total": totals[student],
            "score": totals[student].score,
            "verified": known.get(student, {}).get("verified"),
            "flags": flags_of(known[student]) if student in known else [],
            **people[student],
        }
        for student in sorted(totals)
    ]
    return as_csv(_ROWS[format_](unit, marks))


def as_csv(rows):
    r"""Write rows as comma-separated text that a spreadsheet does not take for formulas.

    Parameters
    ----------
    rows : iterable of list

    Returns
    -------
    str

    Examples
    --------
    >>> as_csv([["name", "points"], ["=1+1", -2.5]])
    "name,points\r\n'=1+1,-2.5\r\n"
    """
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue()


def _harmless(value):
    return _FORMULA.sub("'", value) if isinstance(value, str) else value


def write(path, text):
    """Write an export.

    Parameters
    ----------
    path : path-like
    text : str
    """
    write_bytes(path, text.encode("utf-8", "replace"))


def _csv(unit, marks):
    yield [
        *("student_id", "last_name", "first_name", "email", "unit", "points", "late_penalty"),
        *("score", "max_score", "needs_manual_grade", "verified_share", "flags", "timestamp"),
    ]
    for mark in marks:
        total = mark["total"]
        yield [
            *(mark["student"], mark["last_name"], mark["first_name"], mark["email"], unit),
            *(total.points, total.penalty, mark["score"], total.max_points),
            "yes" if total.needs_manual else "no",
            "" if mark["verified"] is None else round(mark["verified"], 4),
            "; ".join(mark["flags"]),
            _time(mark),
        ]


def _canvas(unit, marks):
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", unit]
    most = marks[0]["total"].max_points if marks else ""
    yield ["    Points Possible", "", "", "", "", most]
    for mark in marks:
        name = f"{mark['last_name']}, {mark['first_name']}".strip(", ") or mark["student"]
        yield [name, "", "", mark["student"], "", mark["score"]]


def _moodle(unit, marks):
    yield ["username", "firstname", "lastname", "email", unit]
    for mark in marks:
        names = (mark["first_name"], mark["last_name"])
        yield [mark["student"], *names, mark["email"], mark["score"]]


def _gradescope(unit, marks):
    yield [
        *("First Name", "Last Name", "SID", "Email", "Total Score", "Max Points", "Status"),
        "Submission Time",
    ]
    for mark in marks:
        who = (mark["first_name"], mark["last_name"], mark["student"], mark["email"])
        status = "Ungraded" if mark["total"].needs_manual else "Graded"
        yield [*who, mark["score"], mark["total"].max_points, status, _time(mark)]


def _time(mark):
    return "" if mark["timestamp"] is None else f"{mark['timestamp']:%Y-%m-%d %H:%M:%S} UTC"


_ROWS = {"csv": _csv, "canvas": _canvas, "moodle": _moodle, "gradescope": _gradescope}
