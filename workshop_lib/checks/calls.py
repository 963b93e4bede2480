"""Call what a learner wrote: on copies, watched, and without letting it harm the check."""

import ast
import contextlib
import copy
import functools
import hashlib
import inspect
import io
import linecache
import traceback
import warnings
from dataclasses import dataclass, field

MOST_PRINTED_CHARACTERS = 500


class OutOfTime(BaseException):
    """The time of a rubric item is over; not an Exception, so that learners do not catch it."""


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    Attributes
    ----------
    value : object
        What the function returned; None when it raised.
    error : str or None
        ``"KeyError: 'age'"`` and the learner's line, or None when nothing was raised.
    error_types : tuple of str
        Names of the exception's class and its base classes.
    changed : tuple of str
        Names of the arguments that the function changed in place.
    printed : str
        What the function printed, at most 500 characters.
    """

    value: object = None
    error: str | None = None
    error_types: tuple = field(default=())
    changed: tuple = field(default=())
    printed: str = ""


def invoke(function, args, kwargs):
    """Call ``function`` on copies of its arguments and tell what happened.

    An object with an ``invoke`` method of its own (an answer in another process) is asked to do
    this itself.

    Parameters
    ----------
    function : callable
    args : sequence
    kwargs : dict

    Returns
    -------
    Outcome

    Examples
    --------
    >>> invoke(len, [[1, 2]], {}).value
    2
    >>> invoke(int, ["x"], {}).error_types[0]
    'ValueError'
    """
    if hasattr(type(function), "invoke"):
        return function.invoke(args, kwargs)
    copies = [copied(value) for value in args]
    named_copies = {name: copied(value) for name, value in kwargs.items()}
    output = io.StringIO()
    value, error, error_types = None, None, ()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            value = function(*copies, **named_copies)
        except (Exception, SystemExit) as problem:
            error = describe_error(problem, function)
            error_types = tuple(base.__name__ for base in type(problem).__mro__)
    return Outcome(
        value=value,
        error=error,
        error_types=error_types,
        changed=changed_arguments(function, args, copies, kwargs, named_copies),
        printed=output.getvalue()[:MOST_PRINTED_CHARACTERS],
    )


def copied(value):
    """Copy a value deeply; what cannot be copied (a generator, a module) is passed as it is."""
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def changed_arguments(function, args, copies, kwargs, named_copies):
    """Name the arguments that a call changed in place."""
    names = argument_names(function, len(args))
    changed = [
        name for name, before, after in zip(names, args, copies) if not unchanged(before, after)
    ]
    return tuple(
        changed + [name for name in kwargs if not unchanged(kwargs[name], named_copies[name])]
    )


def argument_names(function, count):
    """Return the names of the first ``count`` positional parameters."""
    try:
        parameters = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        parameters = []
    return [parameters[i] if i < len(parameters) else f"argument {i + 1}" for i in range(count)]


def unchanged(before, after):
    """Tell whether data is exactly as it was; what is not data counts as unchanged."""
    import numpy as np
    import pandas as pd

    if isinstance(before, pd.DataFrame | pd.Series | pd.Index):
        same_columns = not isinstance(before, pd.DataFrame) or (
            list(before.columns) == list(after.columns) and (before.dtypes == after.dtypes).all()
        )
        return type(before) is type(after) and same_columns and before.equals(after)
    if isinstance(before, np.ndarray):
        if before.dtype == object:
            return unchanged(before.tolist(), after.tolist())
        both_float = before.dtype.kind == "f" and after.dtype.kind == "f"
        return np.array_equal(before, after, equal_nan=both_float)
    if isinstance(before, dict):
        return list(before) == list(after) and all(unchanged(before[k], after[k]) for k in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if isinstance(before, set | str | int | bool):
        return before == after
    return True


def describe_error(problem, function):
    """Say what was raised, and in which of the learner's lines."""
    text = " ".join(str(problem).split())
    message = type(problem).__name__ + (f": {text[:300]}" if text else "")
    code = code_of(function)
    if code is None:
        return message
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if frame.filename == code.co_filename and frame.line]
    return message + (f" (in the line `{own[-1].line.strip()}`)" if own else "")


def code_of(answer):
    """Return a code object of a function, a method, or a class with methods; None for others."""
    if inspect.isclass(answer):
        codes = [code_of(member) for member in vars(answer).values() if inspect.isroutine(member)]
        return next((code for code in codes if code is not None), None)
    answer = inspect.unwrap(answer) if callable(answer) else answer
    return getattr(getattr(answer, "__func__", answer), "__code__", None)


@functools.lru_cache(maxsize=64)
def definitions(source):
    r"""Return the source text of everything that a cell defines at its top level.

    Parameters
    ----------
    source : str
        Source of a cell.

    Returns
    -------
    dict of str to str
        Source text by name: functions, classes and variables.

    Examples
    --------
    >>> definitions("limit = 3\ndef double(x):\n    return 2 * x")
    {'limit': 'limit = 3', 'double': 'def double(x):\n    return 2 * x'}
    """
    found = {}
    for node in ast.parse(source).body:
        text = ast.get_source_segment(source, node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = text
        elif isinstance(node, ast.Assign):
            found.update({t.id: text for t in node.targets if isinstance(t, ast.Name)})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = text
    return found


def fingerprint(source):
    r"""Return eight hex digits that name a source text, white space left out.

    Parameters
    ----------
    source : str

    Returns
    -------
    str

    Examples
    --------
    >>> fingerprint("def f(x):\n    ...") == fingerprint("def f(x): ...")
    True
    """
    return hashlib.sha256("".join(source.split()).encode()).hexdigest()[:8]


def is_stub(answer, stub):
    """Tell whether an answer is still the stub that the notebook came with.

    Parameters
    ----------
    answer : object
        A function, a class, or the value of a variable (``...`` is its stub).
    stub : str or None
        Fingerprint of the released definition.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_stub(..., None)
    True
    """
    if hasattr(type(answer), "invoke"):
        return answer.is_stub(stub)
    if answer is ...:
        return True
    code = code_of(answer)
    if code is None:
        return False
    source = "".join(linecache.getlines(code.co_filename))
    try:
        text = definitions(source).get(getattr(answer, "__name__", ""))
    except SyntaxError:  # a cell with magics: its transformed text is not kept
        return False
    return text is not None and fingerprint(text) == stub
