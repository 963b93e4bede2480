"""One page about a graded unit, for the person who teaches it."""

import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from workshop_lib.grading.coordinator import flags_of, remarks_of
from workshop_lib.grading.export import as_csv

_BARS = 10
_FEW = 5


@dataclass(frozen=True)
class Item:
    """One graded cell.

    Attributes
    ----------
    notebook, name : str
    max_points : float
    difficulty : float or None
        Mean share of its points, 0 (nobody solved it) to 1.
    discrimination : float or None
        Correlation of its points with those of all other items; None where nothing varies.
    full, none : int
        Submissions with all and with no points.
    """

    notebook: str
    name: str
    max_points: float
    difficulty: float | None
    discrimination: float | None
    full: int
    none: int

    @property
    def note(self):
        """What stands out, in words."""
        if self.difficulty is None:
            return ""
        if self.discrimination is not None and self.discrimination < 0.1:
            return "says little about the rest: look at its wording and its check"
        if self.difficulty < 0.3:
            return "hard"
        return "everybody solves it" if self.difficulty > 0.97 else ""


@dataclass(frozen=True)
class Summary:
    """What the page shows.

    Attributes
    ----------
    unit : str
    students : int
    max_points : float
    scores : list of float
        After the penalty, sorted.
    bars : list of int
        Submissions in ten equal parts of the scale.
    items : list of Item
    misconceptions : list of (str, str, int)
        Name, exercise, number of students; the most frequent first.
    attention : list of (str, str)
        Student and what to look at.
    levels, labels : dict of str to int
        Submissions by isolation; checks by label.
    verified : float or None
        Mean share of automatic points that was verified.
    seconds : list of (str, float, float)
        Notebook, median and longest computing time.
    to_grade : int
        Submissions with parts for a person.
    """

    unit: str
    students: int
    max_points: float
    scores: list
    bars: list
    items: list
    misconceptions: list
    attention: list
    levels: dict
    labels: dict
    verified: float | None
    seconds: list
    to_grade: int

    @property
    def mean(self):
        """Mean score, or None without submissions."""
        return statistics.fmean(self.scores) if self.scores else None

    @property
    def median(self):
        """Median score, or None without submissions."""
        return statistics.median(self.scores) if self.scores else None


def summarise(session, unit, records):
    """Collect what the page shows.

    Parameters
    ----------
    session : gradebook.Session
    unit : str
    records : list of dict
        Of `store.Store.all_done`.

    Returns
    -------
    Summary
    """
    totals, points = session.totals(unit), session.items(unit)
    most = session.max_points(unit)
    scores = sorted(total.score for total in totals.values())
    full = sum(most.values())
    shares = [share for share in (r.get("verified") for r in records) if share is not None]
    return Summary(
        unit=unit,
        students=len(totals),
        max_points=full,
        scores=scores,
        bars=_bars(scores, full),
        items=[_item(key, worth, points) for key, worth in most.items()],
        misconceptions=_misconceptions(records),
        attention=_attention(records),
        levels=_count(record["level"] or "nothing was run" for record in records),
        labels=_count(g.get("label") or "none" for r in records for g in _grades(r)),
        verified=statistics.fmean(shares) if shares else None,
        seconds=_seconds(records),
        to_grade=sum(total.needs_manual for total in totals.values()),
    )


def _bars(scores, full):
    bars = [0] * _BARS
    for score in scores:
        share = score / full if full else 0.0
        bars[min(int(share * _BARS), _BARS - 1)] += 1
    return bars


def _item(key, worth, points):
    own = [row.get(key, 0.0) for row in points.values()]
    rest = [sum(row.values()) - row.get(key, 0.0) for row in points.values()]
    return Item(
        notebook=key[0],
        name=key[1],
        max_points=worth,
        difficulty=statistics.fmean(own) / worth if own and worth else None,
        discrimination=correlation(own, rest),
        full=sum(value >= worth for value in own),
        none=sum(value == 0 for value in own),
    )


def correlation(first, second):
    """Return Pearson's correlation.

    Parameters
    ----------
    first, second : list of float
        Of the same length.

    Returns
    -------
    float or None
        None with fewer than 5 values, or where one of them does not vary.

    Examples
    --------
    >>> round(correlation([0, 1, 2, 3, 4], [0, 1, 2, 3, 5]), 2)
    0.99
    """
    if len(first) < _FEW or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    return statistics.correlation(first, second)


def _grades(record):
    return [grade for part in record["notebooks"].values() for grade in part["grades"].values()]


def _misconceptions(records):
    who = defaultdict(set)
    for record in records:
        for grade in _grades(record):
            report = grade["report"] or {}
            for name in report.get("misconceptions", []):
                who[str(name), str(report.get("exercise", ""))].add(record["student"])
    counts = [(name, exercise, len(students)) for (name, exercise), students in who.items()]
    return sorted(counts, key=lambda row: (-row[2], row[0]))


def _attention(records):
    return [
        (record["student"], text)
        for record in records
        for text in (*filter(None, [record["problem"]]), *flags_of(record))
    ]


def _count(values):
    counts = defaultdict(int)
    for value in values:
        counts[value] += 1
    return dict(sorted(counts.items()))


def _seconds(records):
    times = defaultdict(list)
    for record in records:
        for name, part in record["notebooks"].items():
            times[name].append(part["cpu_seconds"])
    return [(name, statistics.median(own), max(own)) for name, own in sorted(times.items())]


def as_html(summary):
    """Write the page.

    Parameters
    ----------
    summary : Summary

    Returns
    -------
    str
        One HTML file that needs no other file.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda share: "none" if share is None else f"{share:.0%}"
    environment.filters["number"] = lambda value: "none" if value is None else f"{value:.3g}"
    return environment.get_template("report.html.j2").render(s=summary)


def as_rows(session, unit, records):
    """Write one row for each student and graded cell.

    Parameters
    ----------
    session : gradebook.Session
    unit : str
    records : list of dict

    Returns
    -------
    str
        Comma-separated: ``student_id``, ``notebook``, ``item``, ``points``, ``max_points``,
        ``label``, ``flags``, ``misconceptions``, ``problem``, ``level``, ``remarks`` (of the
        submission, in its first row).
    """
    points, most = session.items(unit), session.max_points(unit)
    known = {record["student"]: record for record in records}
    rows = [
        [
            *("student_id", "notebook", "item", "points", "max_points", "label", "flags"),
            *("misconceptions", "problem", "level", "remarks"),
        ]
    ]
    for student in sorted(points):
        record = known.get(student, {"notebooks": {}, "level": None, "remarks": []})
        remarks = " ".join(remarks_of(record))
        for (notebook, item), worth in most.items():
            grade = record["notebooks"].get(notebook, {"grades": {}})["grades"].get(item, {})
            misconceptions = (grade.get("report") or {}).get("misconceptions", [])
            score = points[student].get((notebook, item), 0.0)
            rows.append(
                [
                    *(student, notebook, item, score, worth, grade.get("label") or ""),
                    *("; ".join(grade.get("flags", [])), "; ".join(map(str, misconceptions))),
                    *(grade.get("problem") or "", record["level"] or "", remarks),
                ]
            )
            remarks = ""
    return as_csv(rows)
