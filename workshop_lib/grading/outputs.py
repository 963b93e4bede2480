"""Read the outputs of a cell that come from a process which may send anything."""

import contextlib
import json
import re

from workshop_lib.checks.report import REPORT_MIMETYPE
from workshop_lib.grading import shell

_OUTPUT_KEYS = {
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict},
    "error": {"ename": str, "evalue": str, "traceback": list},
}


def clean(outputs):
    """Keep what a notebook may hold as outputs, from a process that may send anything.

    Parameters
    ----------
    outputs : object

    Returns
    -------
    list of dict
        In notebook format 4, without execution counts.

    Examples
    --------
    >>> clean([{"output_type": "stream", "name": "stdout", "text": "2"}, "?"])
    [{'output_type': 'stream', 'name': 'stdout', 'text': '2'}]
    """
    kept = []
    for output in outputs if type(outputs) is list else []:
        kind = output.get("output_type") if type(output) is dict else None
        keys = _OUTPUT_KEYS.get(kind) if type(kind) is str else None
        if keys and all(type(output.get(name)) is shape for name, shape in keys.items()):
            with contextlib.suppress(TypeError, ValueError, RecursionError):
                text = json.dumps({"output_type": kind, **{name: output[name] for name in keys}})
                if len(text) <= 2 * shell.MOST_BYTES:
                    kept.append(_with_texts(json.loads(text)))
    return kept[: shell.MOST_LINES]


def report_in(outputs):
    """Return the report that a student's process showed last, or None."""
    bundles = [each["data"] for each in outputs if each["output_type"] == "execute_result"]
    return bundles[-1].get(REPORT_MIMETYPE) if bundles else None


def number_in(outputs):
    """Return the value that a student's process showed last: a number, None, or its text."""
    texts = [each["data"] for each in outputs if each["output_type"] == "execute_result"]
    if not texts:
        return None
    text = str(texts[-1].get("text/plain"))
    of_numpy = re.fullmatch(r"np\.\w+\((.+)\)", text)
    with contextlib.suppress(ValueError):
        return float(of_numpy[1] if of_numpy else text)
    return text


def _with_texts(output):
    """Make texts of what has to be text in a notebook."""
    if "traceback" in output:
        output["traceback"] = [str(line) for line in output["traceback"]]
    if output.get("name", "stdout") not in ("stdout", "stderr"):
        output["name"] = "stdout"
    for mime, value in output.get("data", {}).items():
        if not (mime == "application/json" or mime.endswith("+json") or type(value) is str):
            lines = value if type(value) is list else [value]
            output["data"][mime] = "".join(map(str, lines))
    return output
