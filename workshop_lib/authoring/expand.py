"""From the cells of a source to the cells of the solution notebook."""

import ast
import hashlib
import io
import re
import tokenize
from dataclasses import dataclass

from workshop_lib.authoring.source import needed, released, without_markers
from workshop_lib.checks.calls import definitions, fingerprint

HEAD_LINES_OF_CHECK = 3


@dataclass(frozen=True)
class Built:
    """A solution notebook without outputs, and where its cells come from.

    Attributes
    ----------
    notebook : nbformat.NotebookNode
    origins : tuple of (Cell or None, int)
        For each cell of the notebook its cell in the source (None for generated text) and the
        number of lines which stand before the author's first line.
    """

    notebook: object
    origins: tuple


def expand(source, row, syllabus, sources):
    """Make the solution notebook, without outputs.

    Parameters
    ----------
    source : Source
    row : syllabus.Notebook
        The notebook's line in the table.
    syllabus : Syllabus
    sources : dict of str to Source
        All sources by name, for ``given_from``.

    Returns
    -------
    Built
    """
    from nbformat import v4

    cells, origins = [_markdown(v4, header(source, row, syllabus))], [(None, 0)]
    for cell in source.cells:
        for node, lines_before in _nodes(v4, cell, source, sources):
            cells.append(node)
            origins.append((cell, lines_before))
    _set_ids(cells, source.notebook)
    notebook = v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )
    return Built(notebook, tuple(origins))


def total_points(source):
    """Points of a notebook: of its checks, and of its written answers."""
    checks = sum(cell.options.get("points", 0) for cell in source.of_kind("check"))
    written = sum(cell.options.get("points", 0) for cell in source.of_kind("written"))
    return checks, written


def header(source, row, syllabus):
    """Write the first cell: title, objectives, prerequisites, minutes and points."""
    unit = next(unit for unit in syllabus.units if unit.id == row.unit)
    lines = [f"# {row.title}", "", _facts(source, row, unit), ""]
    lines.append("**You will be able to**")
    lines.append("")
    for aim in row.aims:
        lines.append(f"- {aim}")
    for id_ in row.objectives:
        lines.append(f"- {syllabus.objectives[id_].title} ({id_})")
    if row.prerequisites:
        needs = [_link(need, row, syllabus) for need in row.prerequisites]
        lines += ["", f"**You need** {'; '.join(needs)}."]
    return "\n".join(lines)


def _facts(source, row, unit):
    minutes = f"{row.minutes} minutes"
    if row.stretch_minutes:
        minutes += f" and {row.stretch_minutes} optional minutes"
    checks, written = total_points(source)
    points = count(checks, "point")
    if written:
        points += f" in checks and {count(written, 'point')} for a written answer"
    return f"Unit {unit.id[:2]}: {unit.title} · about {minutes} · {points}"


def _link(need, row, syllabus):
    target = syllabus.notebook(need)
    if target is None:
        return need
    folder = "" if target.unit == row.unit else f"../{target.unit}/"
    return f"[{target.title}]({folder}{target.file}.ipynb)"


def count(number, noun):
    """Put a number and its noun together.

    Examples
    --------
    >>> count(1, "point"), count(2.5, "point")
    ('1 point', '2.5 points')
    """
    return f"{number:g} {noun}" + ("" if number == 1 else "s")


def _nodes(v4, cell, source, sources):
    """Make the notebook cells of one source cell, with the count of lines put before its text."""
    if cell.kind == "prose":
        return [(_markdown(v4, cell.source, cell.tags), 0)]
    if cell.kind == "exercise":
        workshop = {"exercise": cell.name, "objective": cell.options.get("objective")}
        meta = _nbgrader(cell.name, solution=True)
        return [(_code(v4, cell.source, cell.tags, nbgrader=meta, workshop=workshop), 0)]
    if cell.kind == "check":
        return [(_check(v4, cell, source), HEAD_LINES_OF_CHECK)]
    if cell.kind == "needs":
        text = f"%%needs {' '.join(needed(cell))}\n{cell.source}"
        return [(_code(v4, text, cell.tags, workshop={"needs": needed(cell)}), 1)]
    if cell.kind == "written":
        return _written(v4, cell)
    text = cell.source
    if cell.kind == "given_from":
        text = without_markers(solution_cell(cell.name, source.notebook, sources).source)
    name = _given_name(text)
    locked = {"nbgrader": _nbgrader(name, locked=True)} if name else {}
    return [(_code(v4, text, cell.tags, **locked), 0)]


def _check(v4, cell, source):
    exercise = next(each for each in source.of_kind("exercise") if each.name == cell.name)
    stubs = {name: fingerprint(text) for name, text in definitions(released(exercise)).items()}
    points = cell.options["points"]
    title = cell.options["title"]
    shown = ", ".join(f'"{name}": "{digits}"' for name, digits in stubs.items())
    body = "\n".join(
        (
            f't = check("{cell.name}", globals(), points={points}, stub={{{shown}}})',
            cell.source,
            "return t.report()",
        )
    )
    # Inside a function, because a name of the check must not replace a learner's: all cells of a
    # notebook share their global names, and the learner's functions look theirs up at each call.
    function = f"_check_{cell.name}"
    text = "\n".join(
        (
            f"# Check: {title} ({count(points, 'point')})",
            f"def {function}():",
            indented(body),
            f"\n\n{function}()",
        )
    )
    workshop = {"exercise": cell.name, "title": title, "transport": cell.options["transport"]}
    meta = _nbgrader(f"{cell.name}_check", grade=True, locked=True, points=points)
    node = _code(v4, text, cell.tags, nbgrader=meta, workshop=workshop)
    node.metadata["jupyter"] = {"source_hidden": True}
    return node


def indented(code):
    r"""Move Python code to the right by one level; the text in its strings stays.

    Examples
    --------
    >>> print(indented("a = 1\n\nb = '''two\nlines'''"))
        a = 1
    <BLANKLINE>
        b = '''two
    lines'''
    """
    inside, started = set(), []
    # Python 3.12 reads a formatted string as several tokens, with others between.
    begins, ends = (getattr(tokenize, f"FSTRING_{word}", None) for word in ("START", "END"))
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        first = token.start[0]
        if token.type == begins:
            started.append(first)
        elif token.type in (tokenize.STRING, ends):
            first = started.pop() if token.type == ends else first
            inside |= set(range(first + 1, token.end[0] + 1))
    return "\n".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(code.split("\n"), start=1)
    )


def _written(v4, cell):
    points = cell.options["points"]
    levels = "\n".join(f"- {level.strip()}" for level in cell.options["rubric"].split(";"))
    rubric = f"**Your answer** ({count(points, 'point')}, graded by a person)\n\n{levels}"
    above = _markdown(v4, rubric, nbgrader=_nbgrader(f"{cell.name}_rubric", locked=True))
    meta = _nbgrader(cell.name, grade=True, solution=True, points=points)
    return [(above, 0), (_markdown(v4, cell.source, cell.tags, nbgrader=meta), 0)]


def _given_name(text):
    """Name given code that answers and checks can rely on; None for other cells.

    Only cells that import or define are locked, so that nbgrader can restore them. Plots and
    experiments stay open: learners should change them. The id is made from a name and not from
    the text, because nbgrader refuses new ids once there are submissions.
    """
    nodes = [] if re.search(r"^[%!]", text, re.MULTILINE) else ast.parse(text).body
    named = [n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    if named:
        return f"given_{named[0]}"
    modules = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
    if not modules:
        return None
    first = modules[0]
    module = first.module if isinstance(first, ast.ImportFrom) else first.names[0].name
    return f"given_import_{module.replace('.', '_')}"


def solution_cell(name, notebook, sources):
    """Find the exercise cell that ``given_from="01_clean.clean_age"`` names, or None.

    The notebook is looked for in the unit of `notebook` first, then in all units.
    """
    file, exercise = name.split(".", 1)
    unit = notebook.split("/")[0]
    candidates = sorted(
        (key for key in sources if key.split("/")[1] == file),
        key=lambda key: key.split("/")[0] != unit,
    )
    return next(
        (
            cell
            for key in candidates
            for cell in sources[key].of_kind("exercise")
            if cell.name == exercise
        ),
        None,
    )


def _nbgrader(grade_id, *, grade=False, solution=False, locked=False, points=None):
    meta = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return meta if points is None else {**meta, "points": points}


def _metadata(tags, more):
    return ({"tags": list(tags)} if tags else {}) | more


def _markdown(v4, text, tags=(), **more):
    return v4.new_markdown_cell(text, metadata=_metadata(tags, more))


def _code(v4, text, tags=(), **more):
    return v4.new_code_cell(text, metadata=_metadata(tags, more))


def _set_ids(cells, notebook):
    """Give each cell a lasting id: its grade id, else a hash of notebook, type and source."""
    seen = {}
    for cell in cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        text = f"{notebook}\n{cell.cell_type}\n{cell.source}"
        id_ = grade_id or hashlib.sha256(text.encode()).hexdigest()[:12]
        seen[id_] = seen.get(id_, 0) + 1
        if seen[id_] > 1:  # the same text twice, for example the same import
            id_ = f"{id_}-{seen[id_]}"
            if grade_id:
                cell.metadata["nbgrader"]["grade_id"] = id_
        cell.id = id_
