"""Pages made from the sources: the glossary and the index of misconceptions."""

import ast
import re
from dataclasses import dataclass

_ENTRY = re.compile(r"^> \*\*(?P<term>[^*]+)\*\*: (?P<text>.+)$")


@dataclass(frozen=True)
class Entry:
    """A glossary entry: term, sentence, and the source and cell that define it."""

    term: str
    text: str
    source: object
    cell: object
    line: int


@dataclass(frozen=True)
class Misconception:
    """A wrong idea that a check recognises: its id, the exercise, and the feedback."""

    id: str
    exercise: str
    message: str
    notebook: str


def entries(source):
    """Glossary entries of one source.

    Parameters
    ----------
    source : Source

    Returns
    -------
    list of Entry
        From lines such as ``> **data contract**: one sentence.``; a sentence may go on over
        several lines that begin with ``>``.
    """
    found = []
    for cell in source.of_kind("prose"):
        lines = cell.source.split("\n")
        for number, line in enumerate(lines, start=1):
            if match := _ENTRY.match(line):
                rest = []
                for following in lines[number:]:
                    if not following.startswith("> ") or _ENTRY.match(following):
                        break
                    rest.append(following[2:].strip())
                text = " ".join([match["text"], *rest])
                found.append(Entry(match["term"], text, source, cell, number))
    return found


def glossary_page(sources, syllabus):
    """Markdown of ``docs/glossary.md``: all terms in alphabetical order.

    Parameters
    ----------
    sources : dict of str to Source
    syllabus : Syllabus

    Returns
    -------
    str
    """
    found = [entry for source in sources.values() for entry in entries(source)]
    lines = ["# Glossary", "", "Each term with the notebook that introduces it.", ""]
    for entry in sorted(found, key=lambda each: each.term.lower()):
        lines.append(f"**{entry.term}**: {entry.text} {_link(entry.source.notebook, syllabus)}\n")
    return _page(lines)


def misconceptions(source):
    """Misconceptions that the checks of one source recognise.

    Parameters
    ----------
    source : Source

    Returns
    -------
    list of Misconception
    """
    found = []
    for cell in source.of_kind("check"):
        for node in ast.walk(ast.parse(cell.source)):
            if _is_wrong_if(node) and len(node.args) >= 3:
                id_, message = _text(node.args[0]), _text(node.args[2])
                found.append(Misconception(id_, cell.name, message, source.notebook))
    return found


def misconceptions_page(sources, syllabus):
    """Markdown of ``docs/misconceptions.md``: per notebook and exercise, id and feedback."""
    lines = ["# Misconceptions", "", "Wrong ideas that the checks recognise, with their feedback."]
    for name, source in sources.items():
        found = dict.fromkeys(misconceptions(source))
        if found:
            lines += ["", f"## {_link(name, syllabus)}", "", "| exercise | id | feedback |"]
            lines.append("|---|---|---|")
        for each in found:
            message = each.message.replace("|", "\\|").replace("\n", " ")
            lines.append(f"| `{each.exercise}` | `{each.id}` | {message} |")
    return _page(lines)


def _is_wrong_if(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "wrong_if"
    )


def _text(node):
    """Read a text in the code; what an f-string puts in becomes an ellipsis."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return "…"


def _link(name, syllabus):
    return f"[{syllabus.notebook(name).title}](../solutions/{name}.ipynb)"


def _page(lines):
    origin = "<!-- Made by `workshop build` from the sources. -->"
    return "\n".join([origin, *lines]).rstrip() + "\n"
