"""Read the percent source of a notebook into cells that know their kind and their line."""

import re
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("exercise", "check", "needs", "given_from", "written")
KEYS = {
    "exercise": {"exercise", "objective"},
    "check": {"check", "title", "points", "transport"},
    "needs": {"needs"},
    "given_from": {"given_from"},
    "written": {"written", "points", "rubric"},
    "code": set(),
    "prose": set(),
}
TRANSPORTS = ("plain", "object")
_JUPYTEXT_BOOKKEEPING = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}


@dataclass(frozen=True)
class Problem:
    """Something that an author has to put right.

    Attributes
    ----------
    file : str
        Path relative to the course.
    cell : str
        Name of the exercise, or the number of the cell, from 1.
    line : int
        Line in the file, from 1.
    text : str
        What was found and what to do.
    """

    file: str
    cell: str
    line: int
    text: str


@dataclass(frozen=True)
class Cell:
    """One cell of a percent source.

    Attributes
    ----------
    kind : str
        One of ``KINDS``, ``"code"`` or ``"prose"``.
    name : str
        Name of the exercise, check or written answer; of the given solution; else empty.
    source : str
    options : dict
        The authoring keys of the cell, for example ``{"points": 2}``.
    tags : tuple of str
    number : int
        Place in the file, from 1.
    line : int
        Line of the file on which `source` begins.
    """

    kind: str
    name: str
    source: str
    options: dict = field(default_factory=dict)
    tags: tuple = ()
    number: int = 0
    line: int = 1

    @property
    def is_prose(self):
        """Whether the cell is text for people."""
        return self.kind in ("prose", "written")

    @property
    def label(self):
        """How messages name the cell."""
        return f"{self.kind} {self.name}" if self.name else f"cell {self.number}"


@dataclass(frozen=True)
class Source:
    """A percent source: the notebook's name (``unit/file``), its path and its cells."""

    notebook: str
    path: str
    cells: tuple

    def of_kind(self, *kinds):
        """Cells of the given kinds, in order."""
        return [cell for cell in self.cells if cell.kind in kinds]

    def problem(self, cell, text, line_in_cell=1):
        """Describe a problem in one of the cells; `line_in_cell` counts from 1."""
        return Problem(self.path, cell.label, cell.line + line_in_cell - 1, text)


def read(path, root, notebook):
    """Read one percent source.

    Parameters
    ----------
    path, root : path-like
        The file, and the folder of the course.
    notebook : str
        ``unit/file``.

    Returns
    -------
    source : Source
    problems : list of Problem
        Unknown or missing keys; such cells still are in `source`.
    """
    import jupytext

    shown = Path(path).relative_to(root).as_posix()
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Source(notebook, shown, ()), [Problem(shown, "", 1, "is not text in UTF-8")]
    nodes = jupytext.reads(text, fmt="py:percent").cells
    lines = list(_lines(text))
    if len(lines) != len(nodes):
        first = Problem(shown, "cell 1", 1, "text before the first `# %%` marker; begin with one")
        return Source(notebook, shown, ()), [first]
    cells, problems = [], []
    for number, (node, (marker, line)) in enumerate(zip(nodes, lines, strict=True), start=1):
        cell, complaints = _cell(node, number, line)
        cells.append(cell)
        problems += [Problem(shown, cell.label, marker, text) for text in complaints]
    return Source(notebook, shown, tuple(cells)), problems


def _lines(text):
    """Find the lines of the file, from 1, on which each cell's marker and body begin."""
    lines = text.splitlines()
    markers = [i for i, line in enumerate(lines, start=1) if re.match(r"# %%(\s|$)", line)]
    for marker, following in zip(markers, [*markers[1:], len(lines) + 1], strict=True):
        written = (i for i in range(marker + 1, following) if lines[i - 1].strip())
        yield marker, next(written, marker)


def _cell(node, number, line):
    """Make the cell of a notebook node, and complaints about its keys."""
    options = {key: v for key, v in node.metadata.items() if key not in _JUPYTEXT_BOOKKEEPING}
    tags = tuple(options.pop("tags", ()))
    if "incorrectly_encoded_metadata" in options:
        wrong = options.pop("incorrectly_encoded_metadata")
        options.clear()
        complaints = [f'cannot read the keys `{wrong}`; write key="value" with JSON values']
    else:
        complaints = []
    kinds = [kind for kind in KINDS if kind in options]
    kind = kinds[0] if kinds else ("code" if node.cell_type == "code" else "prose")
    name = str(options.get(kind, ""))
    if len(kinds) > 1:
        complaints.append(f"a cell has one kind, here are {' and '.join(kinds)}")
    complaints += _complaints(kind, name, options, node.cell_type)
    source = node.source.rstrip() if kind != "given_from" else ""
    return Cell(kind, name, source, options, tags, number, line), complaints


def _complaints(kind, name, options, cell_type):
    allowed = KEYS[kind]
    for key in sorted(set(options) - allowed - set(KINDS)):
        known = ", ".join(sorted(allowed)) or "none but tags"
        yield f"unknown key {key!r}; a {kind} cell has: {known}"
    if kind in ("code", "prose"):
        return
    for key in sorted(allowed - set(options)):
        if key == "transport":
            yield 'transport is missing; write transport="plain" or transport="object"'
        elif kind == "check" and key == "title":
            yield "a check needs a title, which is the first line that learners see"
        elif key == "objective":
            continue  # depends on the notebook's row in syllabus.toml, see lint
        else:
            yield f"a {kind} cell needs the key {key!r}"
    if kind == "written" and cell_type != "markdown":
        yield "a written answer is a markdown cell: `# %% [markdown] written=…`"
    if kind != "written" and cell_type != "code":
        yield f"a {kind} cell is a code cell"
    points = options.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        yield f"points must be a number above 0, got {points!r}"
    if options.get("transport", "plain") not in TRANSPORTS:
        yield f"transport is plain or object, got {options['transport']!r}"
    pattern = r"\w+\.[A-Za-z_]\w*" if kind == "given_from" else r"[A-Za-z_]\w*(,\s*[A-Za-z_]\w*)*"
    if not re.fullmatch(pattern, name):
        yield f"{kind}={name!r} is not a name; use letters, digits and _"


def needed(cell):
    """Names of the exercises that a ``needs`` cell uses.

    Examples
    --------
    >>> needed(Cell("needs", "clean_age, deduplicate", "..."))
    ['clean_age', 'deduplicate']
    """
    return [name.strip() for name in cell.name.split(",")]


def without_region(text, region, stub=None):
    r"""Cut out what stands between two markers, as learners get it.

    Parameters
    ----------
    text : str
    region : {"SOLUTION", "HIDDEN TESTS"}
    stub : str, optional
        What stands in its place, at the indentation of the first marker.

    Examples
    --------
    >>> code = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
    >>> print(without_region(code, "SOLUTION", "..."))
    def f(x):
        ...
    """
    kept, inside = [], False
    for line in text.split("\n"):
        if f"BEGIN {region}" in line:
            inside = True
            if stub is not None:
                kept.append(line[: len(line) - len(line.lstrip())] + stub)
        elif f"END {region}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def regions(text, region):
    r"""Find the texts between the markers of a region.

    Examples
    --------
    >>> regions("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "SOLUTION")
    ['x = 1']
    """
    return re.findall(rf"[^\n]*BEGIN {region}[^\n]*\n(.*?)\n?[^\n]*END {region}", text, re.DOTALL)


def without_markers(text):
    r"""Keep the solution and drop the lines that mark it.

    Examples
    --------
    >>> without_markers("### BEGIN SOLUTION\nx = 1\n### END SOLUTION")
    'x = 1'
    """
    return "\n".join(
        line for line in text.split("\n") if not re.search(r"(BEGIN|END) SOLUTION", line)
    )


def released(cell):
    """Return what learners get of a cell.

    Examples
    --------
    >>> released(Cell("written", "why", "Because."))
    ''
    """
    if cell.kind == "written":
        return ""
    return without_region(without_region(cell.source, "SOLUTION", "..."), "HIDDEN TESTS")
