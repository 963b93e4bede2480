"""Read a submitted file as a notebook with clean cells, whatever bytes are in it.

Of each cell only its kind, source, ids, tags and pictures are kept; outputs are not used.
"""

import json

from workshop_lib.grading.submission import shown

MOST_CELLS = 2_000
MOST_CHARACTERS = 5_000_000
MOST_BRACKETS = 1_000_000
"""Of a submitted notebook: cells, characters in all its cells together, and brackets of JSON (each
costs more memory than it has bytes)."""

_KINDS = ("code", "markdown", "raw")


class UnreadableError(Exception):
    """The submitted file is no notebook; the text says why."""


def parse(content, remarks):
    """Read a submitted file as a notebook with clean cells."""
    if content.count(b"[") + content.count(b"{") > MOST_BRACKETS:
        raise UnreadableError("The file has too many parts to be an honest notebook.")
    text = _decode(content, remarks)
    try:
        # NaN stands in honest outputs; outputs are not used.
        notebook = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        if not text.strip():
            raise UnreadableError("The file is empty.") from None
        raise UnreadableError("The file is not a notebook: it is not valid JSON.") from None
    if not isinstance(notebook, dict):
        raise UnreadableError("The file is not a notebook.")
    _remark_kernel(notebook, remarks)
    cells = _clean(_cells_of(notebook, remarks), remarks)
    characters = sum(len(cell["source"]) for cell in cells)
    if len(cells) > MOST_CELLS or characters > MOST_CHARACTERS:
        raise UnreadableError(
            f"The notebook has {len(cells)} cells with {characters} characters; at most "
            f"{MOST_CELLS} and {MOST_CHARACTERS} are read."
        )
    return {"cells": cells}


def _decode(content, remarks):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        remarks.append("The file was in UTF-16, not UTF-8; it was read all the same.")
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        remarks.append("The file is not in UTF-8; letters beyond ASCII may be wrong.")
        return content.decode("cp1252", "replace")


def _remark_kernel(notebook, remarks):
    metadata = notebook.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    kernel = kernel if isinstance(kernel, dict) else {}
    language = kernel.get("language") or "python"
    language = language if isinstance(language, str) else "an unknown language"
    if language.lower() != "python":
        asked = shown(language[:40])
        remarks.append(f"The notebook asks for {asked}; it was graded as Python.")


def _cells_of(notebook, remarks):
    """Return the cells of a notebook of format 4 or 3, as they are stored."""
    number = notebook.get("nbformat")
    if number == 4 and isinstance(notebook.get("cells"), list):
        return notebook["cells"]
    if number == 3 and isinstance(notebook.get("worksheets"), list):
        remarks.append("The notebook was in the old format 3; it was read all the same.")
        sheets = [sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        return [_upgrade(c) for s in sheets if isinstance(s.get("cells"), list) for c in s["cells"]]
    raise UnreadableError(
        f"The file is not a notebook of format 4 (its format is {_short(number)}). "
        "Open it in JupyterLab and save it again."
    )


def _short(value):
    return shown(str(value)[:20]) if isinstance(value, str | int | float) else "unknown"


def _upgrade(cell):
    """Turn a cell of format 3 into one of format 4."""
    if not isinstance(cell, dict):
        return cell
    if cell.get("cell_type") == "code":
        return {**cell, "source": cell.get("input", "")}
    if cell.get("cell_type") == "heading":
        level = cell.get("level")
        marks = "#" * level if type(level) is int and 0 < level < 7 else "#"
        return {**cell, "cell_type": "markdown", "source": f"{marks} {_text(cell.get('source'))}"}
    return cell


def _clean(cells, remarks):
    """Keep of each cell its kind, source, ids, tags and pictures; leave out what is no cell."""
    good = [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") in _KINDS]
    if len(good) < len(cells):
        remarks.append(f"{counted(len(cells) - len(good), 'damaged cell')} left out.")
    return [_clean_cell(cell) for cell in good]


def _clean_cell(cell):
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    tags = metadata.get("tags")
    clean = {
        "cell_type": cell["cell_type"],
        "source": _text(cell.get("source")),
        "id": cell.get("id") if isinstance(cell.get("id"), str) else None,
        "metadata": {"nbgrader": nbgrader if isinstance(nbgrader, dict) else {}},
        "tags": [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    }
    if cell["cell_type"] == "markdown" and (pictures := _pictures(cell.get("attachments"))):
        clean["attachments"] = pictures
    return clean


def _text(source):
    """Join a source, and replace what cannot be written as UTF-8."""
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode()


def _pictures(attachments):
    """Keep pictures that were pasted into a text."""
    if not isinstance(attachments, dict):
        return {}
    kept = {
        name: {
            kind: data
            for kind, data in (bundle.items() if isinstance(bundle, dict) else ())
            if kind in ("image/png", "image/jpeg", "image/gif") and isinstance(data, str)
        }
        for name, bundle in attachments.items()
    }
    return {name: bundle for name, bundle in kept.items() if bundle}


def counted(number, noun):
    """Begin a sentence about a number of things.

    Examples
    --------
    >>> counted(2, "damaged cell") + " left out."
    '2 damaged cells were left out.'
    """
    return f"{number} {noun}s were" if number != 1 else f"1 {noun} was"
