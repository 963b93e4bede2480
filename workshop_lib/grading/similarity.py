"""Pairs of students whose own code is alike.

Only what students wrote is compared: their answers without the stub, and the cells that they added.
Short answers to the same exercise are alike because there are few ways to write them; so this says
whom to look at, and proves nothing.
"""

import io
import json
import keyword
import tokenize
from dataclasses import dataclass

from workshop_lib.cells import source_of

MOST_CHARACTERS = 100_000
"""Of a student's code that is compared: twice as much takes four times as long."""
LEAST_TOKENS = 60
"""Shorter code is not compared: everybody writes it in the same way."""

_SKIPPED = (
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER),
    *(tokenize.INDENT, tokenize.DEDENT),
)


@dataclass(frozen=True)
class Pair:
    """Two students with similar code.

    Attributes
    ----------
    first, second : str
    structure : float
        0 to 1; the same when only names, numbers, texts and comments differ.
    wording : float
        0 to 1; of the code as it is written, without blanks.
    """

    first: str
    second: str
    structure: float
    wording: float


def own_code(notebook, skeleton):
    """Return what a student wrote in the code cells of a graded notebook.

    Parameters
    ----------
    notebook, skeleton : dict
        The autograded notebook, and ours without solutions.

    Returns
    -------
    str
    """
    ours = {source_of(cell).strip() for cell in skeleton["cells"]}
    lines = {line.strip() for text in ours for line in text.split("\n")}
    parts = []
    for cell in notebook["cells"]:
        source = source_of(cell)
        if cell["cell_type"] == "code" and source.strip() not in ours:
            own = [line for line in source.split("\n") if line.strip() not in lines]
            parts.append("\n".join(own))
    return "\n".join(parts)


def structure(code):
    """Write code as one character for each token; names, numbers and texts become the same one.

    Parameters
    ----------
    code : str
        Also a part of a program, or something that is no Python.

    Returns
    -------
    str

    Examples
    --------
    >>> structure("total = price * 2") == structure("x = y * 17  # twice")
    True
    """
    kinds = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in _SKIPPED:
                continue
            fixed = token.type == tokenize.OP or keyword.iskeyword(token.string)
            kinds.append(token.string if fixed else str(token.type))
    except (tokenize.TokenError, SyntaxError):
        pass  # what was read until there counts
    return "".join(_character(kind) for kind in kinds)


_characters = {}


def _character(kind):
    return _characters.setdefault(kind, chr(0xE000 + len(_characters)))


def pairs(codes, least=0.8):
    """Find pairs of students with similar code.

    Parameters
    ----------
    codes : dict of str to str
        Own code by student.
    least : float
        Least similarity of the structure, 0 to 1.

    Returns
    -------
    list of Pair
        The most similar wording first.
    """
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    codes = {student: code[:MOST_CHARACTERS] for student, code in sorted(codes.items())}
    shapes = {student: structure(code) for student, code in codes.items()}
    students = [student for student, shape in shapes.items() if len(shape) >= LEAST_TOKENS]
    if len(students) < 2:
        return []
    compared = [shapes[student] for student in students]
    table = cdist(compared, compared, scorer=Indel.normalized_similarity, score_cutoff=least)
    found = []
    for row, first in enumerate(students):
        for column in range(row + 1, len(students)):
            if table[row, column] >= least:
                second = students[column]
                words = Indel.normalized_similarity(_words(codes[first]), _words(codes[second]))
                found.append(Pair(first, second, float(table[row, column]), words))
    return sorted(found, key=lambda pair: (-pair.wording, -pair.structure, pair.first))


def _words(code):
    return "".join(code.split())


def own_codes(course, unit, package, students):
    """Read the own code of students from the autograded folder.

    Parameters
    ----------
    course : Course
    unit : str
    package : dict
        As `course.package` makes it.
    students : iterable of str

    Returns
    -------
    dict of str to str
    """
    codes = {}
    for student in students:
        folder = course.folder("autograded", student, unit)
        parts = []
        for name, skeleton in package["notebooks"].items():
            path = folder / f"{name}.ipynb"
            if path.is_file():
                notebook = json.loads(path.read_text(encoding="utf-8"))
                parts.append(own_code(notebook, skeleton))
        codes[student] = "\n".join(parts)
    return codes
