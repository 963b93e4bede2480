"""What the exercises cover: the report ``workshop coverage`` and the README's course table."""

import re

from workshop_lib.authoring.expand import count, total_points

BEGIN, END = "<!-- course table -->", "<!-- end -->"


def exercises_by_objective(sources):
    """Exercises of each objective.

    Parameters
    ----------
    sources : dict of str to Source

    Returns
    -------
    dict of str to list of str
        For example ``{"W.5.5": ["01_preprocessing/01_clean: clean_age (2 points)"]}``.
    """
    found = {}
    for source in sources.values():
        points = {cell.name: cell.options["points"] for cell in source.of_kind("check")}
        for cell in source.of_kind("exercise"):
            if "objective" not in cell.options:
                continue  # unit 00 teaches the course itself
            shown = f"{source.notebook}: {cell.name} ({count(points[cell.name], 'point')})"
            found.setdefault(cell.options.get("objective"), []).append(shown)
    return found


def objective_lines(syllabus, sources):
    """One line for every objective: its exercises, or the one that it is covered by, or missing.

    Returns
    -------
    list of str
    """
    found = exercises_by_objective(sources)
    width = max(map(len, syllabus.objectives), default=0)
    lines = []
    for objective in syllabus.objectives.values():
        covered = "; ".join(found.get(objective.alias_of or objective.id, [])) or "missing"
        alias = f"see {objective.alias_of}: " if objective.alias_of else ""
        lines.append(f"{objective.id:<{width}}  {alias}{covered}")
    return lines


def point_lines(syllabus, sources):
    """Sum the points of each unit and notebook that has a source.

    Returns
    -------
    list of str
    """
    lines = []
    for unit in syllabus.units:
        written = [row for row in unit.notebooks if row.name in sources]
        if not written:
            continue
        sums = {row.name: total_points(sources[row.name]) for row in written}
        lines.append(f"{unit.id}: {count(sum(map(sum, sums.values())), 'point')}")
        for name, (checks, answers) in sums.items():
            more = f" + {answers:g} written" if answers else ""
            lines.append(f"  {name}: {checks:g}{more}")
    return lines


def course_table(syllabus, sources):
    """Markdown table of all notebooks, with minutes, points and objectives.

    Returns
    -------
    str
    """
    rows = [
        "| notebook | minutes | points | objectives |",
        "|---|---|---|---|",
    ]
    found = exercises_by_objective(sources)
    for unit in syllabus.units:
        rows.append(f"| **{unit.id[:2]} {unit.title}** | | | |")
        rows += [_row(row, syllabus, sources) for row in unit.notebooks]
    own = [each for each in syllabus.objectives.values() if not each.alias_of]
    covered = sum(each.id in found for each in own)
    aliases = len(syllabus.objectives) - len(own)
    summary = (
        f"{len(sources)} of {len(syllabus.notebooks())} notebooks are written; "
        f"{covered} of {len(own)} objectives have exercises "
        f"({aliases} further ids point to another objective)."
    )
    return "\n".join(rows) + f"\n\n{summary}"


def _row(row, syllabus, sources):
    minutes = f"{row.minutes}" + (f" + {row.stretch_minutes}" if row.stretch_minutes else "")
    if row.name not in sources:
        return f"| {row.title} | {minutes} | not yet written | {', '.join(row.objectives)} |"
    points = sum(total_points(sources[row.name]))
    link = f"[{row.title}](notebooks/{row.name}.ipynb)"
    return f"| {link} | {minutes} | {points:g} | {', '.join(row.objectives)} |"


def with_course_table(text, syllabus, sources):
    """Put a fresh table between the two marks of the README's text.

    Raises
    ------
    ValueError
        If the marks are missing.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"no place for the course table; add the two lines {BEGIN} and {END}")
    block = f"{BEGIN}\n{course_table(syllabus, sources)}\n{END}"
    marks = rf"{re.escape(BEGIN)}.*?{re.escape(END)}"
    return re.sub(marks, lambda _: block, text, count=1, flags=re.DOTALL)
