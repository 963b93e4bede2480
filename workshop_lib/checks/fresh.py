"""Run code in a new Python, which knows nothing of this process."""

import inspect
import linecache
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workshop_lib.checks import calls, transport
from workshop_lib.execution import environment

HASH_SEEDS = ("4021", "4022")
_CHILD = """
import linecache, sys
from pathlib import Path
from workshop_lib.checks import transport
order = transport.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
names = {"__name__": "__main__"}
for number, source in enumerate(order["sources"]):
    file = f"<cell {number}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    exec(compile(source, file, "exec"), names)
result = names[order["name"]](*order["args"], **order["kwargs"])
Path(sys.argv[2]).write_text(transport.dumps(result), encoding="utf-8")
"""


@dataclass(frozen=True)
class Run:
    """What came of a script.

    Attributes
    ----------
    error : str or None
        Last line of the traceback, ``"KeyError: 'age'"``; None when the script ended well.
    printed : str
        What it printed, at most 500 characters.
    """

    error: str | None
    printed: str


def run_script(text, *, seconds=20):
    """Run a script in a new Python and an empty folder.

    Parameters
    ----------
    text : str
        Source of the script.
    seconds : float, default=20
        Time limit.

    Returns
    -------
    Run

    Raises
    ------
    TypeError
        If `text` is not a text.
    TimeoutError
        If the script takes longer.

    Examples
    --------
    >>> run_script("print(2)").printed.strip()
    '2'
    >>> run_script("{}['age']").error
    "KeyError: 'age'"
    """
    if not isinstance(text, str):
        raise TypeError(f"a script is a text, got {type(text).__name__}")
    with tempfile.TemporaryDirectory(prefix="workshop-fresh-") as folder:
        script = Path(folder) / "script.py"
        script.write_text(text, encoding="utf-8")
        done = _python([script.name], folder, seconds)
    printed = done.stdout[: calls.MOST_PRINTED_CHARACTERS]
    return Run(_last_line(done.stderr) if done.returncode else None, printed)


def fresh_process(function, *args, setup="", seconds=20, hash_seed=HASH_SEEDS[0], **kwargs):
    """Call a function in a new Python and return its result.

    The new process has another hash seed, so that a result which depends on ``hash()`` or on the
    order of a set differs. It gets the source of the whole cell that defines the function.

    Parameters
    ----------
    function : function
        Defined in a cell or in a file; not a stand-in for an answer in another process.
    *args, **kwargs
        Plain data: numbers, texts, lists, dicts, arrays, frames.
    setup : str
        Source that runs before, for example the imports of the notebook.
    seconds : float, default=20
        Time limit.
    hash_seed : str, default="4021"
        Value of ``PYTHONHASHSEED``.

    Returns
    -------
    object
        Plain data, as returned there.

    Raises
    ------
    RuntimeError
        If the function, or the cell that defines it, raises there; the text is the error.
    TimeoutError
        If it takes longer.
    TypeError
        If the source is not known, or a value is not plain data.

    Examples
    --------
    >>> from statistics import median
    >>> fresh_process(median, [3, 1, 2])
    2
    """
    order = {
        "sources": [setup, _cell_of(function)],
        "name": function.__name__,
        "args": list(args),
        "kwargs": kwargs,
    }
    with tempfile.TemporaryDirectory(prefix="workshop-fresh-") as folder:
        given, made = Path(folder) / "given.json", Path(folder) / "made.json"
        given.write_text(transport.dumps(order), encoding="utf-8")
        arguments = ["-c", _CHILD, str(given), str(made)]
        done = _python(arguments, folder, seconds, PYTHONHASHSEED=hash_seed)
        if done.returncode:
            raise RuntimeError(_last_line(done.stderr))
        return transport.loads(made.read_text(encoding="utf-8"))


def _python(arguments, folder, seconds, **more):
    """Run Python; it may be a learner's text, which shall not know the seeds of the checks."""
    variables = environment(**more)
    variables.pop("WORKSHOP_SEEDS", None)
    try:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"the new Python took over {seconds:g} s") from None


def _cell_of(function):
    """Return the source of the cell or file that defines a function."""
    if calls.is_elsewhere(function) or not inspect.isfunction(function):
        raise TypeError("a new process needs a function whose source is known")
    source = "".join(linecache.getlines(function.__code__.co_filename))
    if not source:
        raise TypeError(f"the source of {function.__name__} is not known; define it in a cell")
    return source


def _last_line(errors):
    """Return the last line of a traceback that is not indented: type and text of the error."""
    lines = [line for line in errors.splitlines() if line and not line.startswith((" ", "\t"))]
    return lines[-1] if lines else "Python stopped without a message"
