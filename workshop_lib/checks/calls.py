"""Call what a learner wrote: on copies, watched, and without letting it harm the check."""

import ast
import contextlib
import copy
import functools
import hashlib
import inspect
import io
import itertools
import linecache
import operator
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
import traceback
import types
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from workshop_lib.checks.files import TextFile

MOST_PRINTED_CHARACTERS = 500
_NEVER_CHANGE = {str, int, float, bool, type(None)}


class OutOfTime(BaseException):
    """The time of a rubric item is over; not an Exception, so that learners do not catch it."""


class Elsewhere:
    """Base class of answers that live in another process, see `workshop_lib.checks.remote`."""


def is_elsewhere(answer):
    """Tell whether an answer lives in another process; an answer itself cannot claim that."""
    return issubclass(type(answer), Elsewhere)


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    Attributes
    ----------
    value : object
        What the function returned; None when it raised.
    error : str or None
        ``"KeyError: 'age'"``, or None when nothing was raised.
    error_types : tuple of str
        Names of the exception's class and its base classes.
    line : str
        The learner's line that raised, if it is known.
    changed : tuple of str
        Names of the arguments that the function changed in place.
    printed : str
        What the function printed, at most 500 characters.
    complained : bool
        Whether some of that went to stderr.
    shared : bool
        Whether somebody else also holds the value, or a part of it, and may change it.
    argument : int, str or None
        Place or name of the argument that the value is, itself; None for any other value.
    """

    value: object = None
    error: str | None = None
    error_types: tuple = field(default=())
    line: str = ""
    changed: tuple = field(default=())
    printed: str = ""
    complained: bool = False
    shared: bool = False
    argument: int | str | None = None


def invoke(function, args, kwargs, *, random_state=None):
    """Call ``function`` on copies of its arguments and tell what happened.

    Parameters
    ----------
    function : callable
    args : sequence
    kwargs : dict
    random_state : int, optional
        Seed of the global random generators during the call.

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
    if is_elsewhere(function):
        return function._invoke(args, kwargs, random_state)
    with contextlib.ExitStack() as files:
        args = [_as_path(value, files) for value in args]
        kwargs = {name: _as_path(value, files) for name, value in kwargs.items()}
        return _invoke_here(function, args, kwargs, random_state)


def _as_path(value, files):
    """Write a `TextFile` and return its path; `files` is the context that removes it."""
    if type(value) is not TextFile:
        return value
    # Only the last part of the name: it must not lead out of the folder.
    path = Path(files.enter_context(tempfile.TemporaryDirectory()), Path(value.name).name)
    path.write_text(value.text, encoding="utf-8")
    return str(path)


def _invoke_here(function, args, kwargs, random_state):
    copies = [copied(value) for value in args]
    named_copies = {name: copied(value) for name, value in kwargs.items()}
    value, error, error_types, line = None, None, (), ""
    with quiet() as output, global_random_state(random_state):
        try:
            value = function(*copies, **named_copies)
        except (OutOfTime, KeyboardInterrupt):
            raise
        except BaseException as problem:  # also SystemExit, and classes of the learner's own
            error, line = describe_error(problem), line_of_error(problem, function)
            error_types = tuple(base.__name__ for base in type(problem).__mro__)
    given = (*enumerate(copies), *named_copies.items())
    argument = next((name for name, each in given if each is value), None)
    # Here hold it: `value`, and the parameter of `getrefcount`.
    is_kept = argument is None and type(value).__hash__ is None and sys.getrefcount(value) > 2
    return Outcome(
        value=value,
        error=error,
        error_types=error_types,
        line=line,
        changed=changed_arguments(function, args, copies, kwargs, named_copies),
        printed=output.getvalue(),
        complained=output.complaints > 0,
        shared=is_kept or has_common_parts(value, (*copies, *named_copies.values())),
        argument=argument,
    )


def has_common_parts(value, others):
    """Tell whether something that can change stands twice in a value, or also in other values.

    Parameters
    ----------
    value : object
    others : iterable

    Returns
    -------
    bool

    Examples
    --------
    >>> row = [0]
    >>> has_common_parts([row, row], []), has_common_parts([row], [[row]])
    (True, True)
    >>> has_common_parts([[0], [0]], [])
    False
    """
    parts = [id(each) for each in _parts(value)]
    elsewhere = {id(each) for other in others for each in _parts(other)}
    return len(set(parts)) < len(parts) or not elsewhere.isdisjoint(parts)


def _parts(value, most=1000):
    """Return what can change inside a container, at any depth; not all of a large one."""
    found, waiting = [], [value]
    while waiting and len(found) < most:
        each = waiting.pop()
        if type(each) not in (dict, list, tuple, set):
            continue
        inner = list(itertools.islice(each.values() if type(each) is dict else each, most))
        found += [part for part in inner if type(part).__hash__ is None]
        waiting += inner
    return found


class _Beginning(io.StringIO):
    """Keeps the first characters that are written, however many follow."""

    complaints = 0  # characters of those that went to stderr

    def write(self, text):
        super().write(text[: max(0, MOST_PRINTED_CHARACTERS - self.tell())])
        return len(text)


class _Complaints(io.TextIOBase):
    """Writes into a `_Beginning` what goes to stderr."""

    def __init__(self, output):
        self._output = output

    def write(self, text):
        self._output.complaints += len(text)
        return self._output.write(text)


@contextlib.contextmanager
def quiet():
    """Keep what code prints, and its warnings, away from people; yields the stream with both."""
    output = _Beginning()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(_Complaints(output)),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield output


@contextlib.contextmanager
def quiet_libraries():
    """Keep what compiled libraries write to the system's stderr away from people.

    A notebook shows it as stderr, and nbgrader gives no points to a cell with stderr.
    """
    try:
        kept = os.dup(2)
    except OSError:  # a program without a stderr
        yield
        return
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def global_random_state(seed):
    """Seed the global random generators for a while; None leaves them alone."""
    if seed is None:
        yield
        return
    import numpy as np

    kept, kept_numpy = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed)
    try:
        yield
    finally:
        random.setstate(kept)
        np.random.set_state(kept_numpy)


class Deadline:
    """Raises `OutOfTime` in the main thread when the time is over, where the system can do that.

    What counts is the computing time of this process, so that a right answer also passes on a busy
    computer. Waiting ends after `PATIENCE` times as long.

    In a ``with`` statement, what is raised inside then ends there; look at `missed`.

    Parameters
    ----------
    seconds : float
        Computing time.

    Attributes
    ----------
    missed : bool
        Whether the time was over before `stop` was called.
    """

    PATIENCE = 4
    running = None
    _moments = random.Random(0)
    _uninterrupted = set()

    def __init__(self, seconds):
        self.seconds = seconds
        self.missed = False
        self.possible = hasattr(signal, "setitimer")

    def start(self):
        """Start the clock."""
        self._going = True
        self.possible &= threading.current_thread() is threading.main_thread()
        self._outer, Deadline.running = Deadline.running, self
        self._cpu_end = time.process_time() + self.seconds
        self._wall_end = time.monotonic() + self.PATIENCE * self.seconds
        if self.possible:
            self._previous = signal.signal(signal.SIGALRM, self._over)
            self._set_alarm()

    def stop(self):
        """Stop the clock."""
        # A signal that is already on its way must not start the clock again.
        self._going = False
        if self.possible:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._previous)
        Deadline.running = self._outer
        if self._outer is not None and self._outer._going and self._outer.possible:
            self._outer._set_alarm()

    def _set_alarm(self):
        # It repeats, because a signal just before a wait begins does not end that wait.
        signal.setitimer(signal.ITIMER_REAL, max(self.left, 0.01), 0.1)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, problem, trace):
        self.stop()
        return self.missed

    @property
    def left(self):
        """Seconds of computing that are left, at least 0."""
        return max(0.0, min(self._cpu_end - time.process_time(), self.wall_left))

    @property
    def wall_left(self):
        """Seconds until the waiting ends, at least 0."""
        return max(0.0, self._wall_end - time.monotonic())

    def charge(self, seconds):
        """Count computing that another process did for this one."""
        self._cpu_end -= seconds
        if self._outer is not None:
            self._outer.charge(seconds)

    @classmethod
    def uninterrupted(cls, function):
        """Mark a function in which, and below which, nothing is raised."""
        cls._uninterrupted.add(function.__code__)
        return function

    def _over(self, number, frame):
        if not self._going:
            return
        if self.left:
            self._set_alarm()
            return
        while frame is not None:
            if frame.f_code in self._uninterrupted:
                signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
                return
            frame = frame.f_back
        self.missed = True
        # A bare `except:` may catch this one. So others follow, each after a time that nobody can
        # foresee, until one strikes outside of every `try`.
        signal.setitimer(signal.ITIMER_REAL, self._moments.uniform(1e-6, 2e-5), 0.01)
        raise OutOfTime


Deadline.uninterrupted(Deadline.__exit__)


def copied(value):
    """Copy a value deeply; what cannot be copied (a generator, a module) is passed as it is."""
    import pandas as pd

    try:
        if type(value) in (list, tuple):
            return type(value)(map(copied, value))
        if type(value) is dict:
            return {key: copied(each) for key, each in value.items()}
        if isinstance(value, pd.DataFrame):
            return _with_own_objects(value.copy())
        if isinstance(value, pd.Series) and value.dtype == object:
            return _with_own_objects(value.to_frame()).iloc[:, 0].rename(value.name)
        return copy.deepcopy(value)
    except Exception:
        return value


def _with_own_objects(frame):
    """Copy the Python objects in a frame too: pandas' own copy shares them."""
    import numpy as np

    for position in np.flatnonzero(frame.dtypes == "object"):
        column = frame.iloc[:, position]
        if not set(map(type, column)) <= _NEVER_CHANGE:
            own = type(column)(copy.deepcopy(column.tolist()), column.index, dtype=object)
            frame.isetitem(position, own)
    return frame


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

    if type(before) is not type(after):
        return False
    if isinstance(before, pd.DataFrame):
        if not (unchanged(before.columns, after.columns) and unchanged(before.index, after.index)):
            return False
        if not (before.dtypes == "object").any():
            return before.equals(after)
        columns = zip(before.items(), after.items())
        return all(_same_values(old, new) for (_, old), (_, new) in columns)
    if isinstance(before, pd.Series):
        return unchanged(before.index, after.index) and _same_values(before, after)
    if isinstance(before, pd.Index):
        return list(before.names) == list(after.names) and _same_values(before, after)
    if isinstance(before, np.ndarray):
        if (before.dtype, before.shape) != (after.dtype, after.shape):
            return False
        if before.dtype == object:
            return unchanged(before.tolist(), after.tolist())
        return before.tobytes() == after.tobytes()
    if isinstance(before, dict):
        return list(before) == list(after) and all(unchanged(before[k], after[k]) for k in before)
    if isinstance(before, list | tuple):
        # A copy shares only what cannot change, so the same object needs no closer look.
        same = len(before) == len(after) and all(map(operator.is_, before, after))
        return same or (len(before) == len(after) and all(map(unchanged, before, after)))
    if isinstance(before, set | str | int | bytes):
        return before == after
    if isinstance(before, float):
        return before == after or before != before
    return True


def _same_values(before, after):
    """Compare two Series, or two Index, by dtype, name and exact values."""
    if before.dtype != after.dtype or not unchanged(before.name, after.name):
        return False
    if before.dtype == object:
        return unchanged(before.tolist(), after.tolist())
    return before.array.equals(after.array)


def describe_error(problem):
    """Say what was raised, on one line."""
    name = type(problem).__name__
    try:
        text = " ".join(str(problem).split())
    except KeyboardInterrupt:
        raise
    except BaseException:
        return f"{name}, whose text cannot be shown"
    return f"{name}: {text[:300]}" if text else name


def describe_fault(problem):
    """Say what was raised, and in which line; for the people who have to repair that line."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{describe_error(problem)} (line {last.lineno}: {last.line})"[:1000]


def line_of_error(problem, function):
    """Return the line of the learner's cell that raised, or an empty text."""
    code = code_of(function)
    if code is None:
        return ""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if frame.filename == code.co_filename and frame.line]
    return own[-1].line.strip()[:200] if own else ""


def code_of(answer):
    """Return a code object of a function, a method, or a class with methods; None for others."""
    if inspect.isclass(answer):
        codes = [code_of(member) for member in vars(answer).values() if inspect.isroutine(member)]
        return next((code for code in codes if code is not None), None)
    try:
        answer = inspect.unwrap(answer) if callable(answer) else answer
    except ValueError:  # it wraps itself
        return None
    code = getattr(getattr(answer, "__func__", answer), "__code__", None)
    return code if type(code) is types.CodeType else None


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
    # ast.get_source_segment splits the whole source again for every node; once is enough.
    lines = [line.encode() for line in source.replace("\r\n", "\n").split("\n")]
    found = {}
    for node in ast.parse(source).body:
        whole = lines[node.lineno - 1 : node.end_lineno]
        whole[-1] = whole[-1][: node.end_col_offset]
        whole[0] = whole[0][node.col_offset :]
        text = b"\n".join(whole).decode()
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
    >>> fingerprint("def f(x):\n    # to do\n    ...") == fingerprint("def f(x): ...")
    True
    """
    text = "".join(re.sub(r"#.*", "", source).split())
    return hashlib.sha256(text.encode()).hexdigest()[:8]


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
    if is_elsewhere(answer):
        return answer._is_stub(stub)
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
