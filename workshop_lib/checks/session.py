"""A check of one exercise: rubric items, what they may ask of an answer, and their result."""

import contextlib
import math
import os

import numpy as np

from workshop_lib.checks import attempts, calls, compare
from workshop_lib.checks.report import (
    NOT_ATTEMPTED,
    NOT_YET,
    PASSED,
    ItemResult,
    Report,
)

VISIBLE_SEEDS = (0, 1)
LONGEST_CALL = 200
STATES = {}
"""State of the last check of every exercise in this process; the magic ``%%needs`` reads it."""


def check(exercise, names, *, points, stub):
    """Open the check of an exercise.

    Parameters
    ----------
    exercise : str
        Name of the exercise.
    names : dict
        The names of the notebook, ``globals()`` in a cell.
    points : float
        Points of the exercise.
    stub : dict of str to str
        Fingerprint of every released definition, see `workshop_lib.checks.calls.fingerprint`.

    Returns
    -------
    Check

    Examples
    --------
    >>> double = lambda x: 2 * x
    >>> t = check("double", {"double": double}, points=2, stub={"double": "00000000"})
    >>> with t.item("Doubles numbers"):
    ...     got = t.gives(6, double, 3)
    >>> t.report()
    2.0
    """
    return Check(exercise, names, points=points, stub=stub)


class NotYet(Exception):
    """An item has not passed; the text says why and what to try next."""

    def __init__(self, message, misconception=None, printed=""):
        super().__init__(message)
        self.misconception = misconception
        self.printed = printed


class NotAttempted(Exception):
    """An item needs an answer that is still the stub, or whose cell was not run."""


class Check:
    """Collects the rubric items of one exercise; made by :func:`check`."""

    def __init__(self, exercise, names, *, points, stub):
        self.exercise = exercise
        self.points = points
        self._names = names
        self._stub = stub
        self._items = []
        self._hints = ()
        self._printed = ""

    @property
    def seeds(self):
        """Seeds to loop over: those a learner sees, or the instructor's in ``WORKSHOP_SEEDS``."""
        listed = os.environ.get("WORKSHOP_SEEDS", "").replace(",", " ").split()
        return tuple(int(seed) for seed in listed) or VISIBLE_SEEDS

    def hints(self, *steps):
        """Give hints, from the weakest to the strongest."""
        self._hints = steps

    def item(self, name, *, weight=1, seconds=5):
        """Open a rubric item, to be used in a ``with`` statement.

        Whatever goes wrong inside costs this item only, and what is printed there is not shown.

        Parameters
        ----------
        name : str
            What is asked, as a sentence.
        weight : float
            Share of the points, relative to the other items; above 0.
        seconds : float
            Time limit.

        Raises
        ------
        ValueError
            If the weight is not above 0.
        """
        if not 0 < weight < math.inf:
            raise ValueError(f"The item {name!r} has the weight {weight}; it must be above 0.")
        return _Item(self, name, weight, seconds)

    def call(self, function, *args, none_is_fine=False, **kwargs):
        """Call a learner's function on copies of the arguments and return its result.

        The item ends when the function is still a stub, raises, changes an argument in place, or
        returns None (unless ``none_is_fine``).
        """
        return self._returned(function, args, kwargs, none_is_fine=none_is_fine)

    def _returned(self, function, args, kwargs, *, none_is_fine=False, random_state=None):
        outcome = self._invoke(function, args, kwargs, random_state)
        if outcome.error:
            place = f" (in the line `{outcome.line}`)" if outcome.line else ""
            raise NotYet(
                f"`{_call_text(function, args, kwargs)}` raised {outcome.error}{place}.",
                "raises_an_error",
                outcome.printed,
            )
        if outcome.changed:
            raise NotYet(
                f"`{_name(function)}` changed its argument `{outcome.changed[0]}` in place. "
                "Whoever called it still needs the original: work on a copy.",
                "changes_its_input",
            )
        if outcome.value is None and not none_is_fine:
            raise NotYet(
                f"`{_call_text(function, args, kwargs)}` returned None. "
                "Does every path of the function end with `return`?",
                "returns_nothing",
                outcome.printed,
            )
        return outcome.value

    def value(self, answer):
        """Return a copy of a learner's variable."""
        self._refuse_stub(answer)
        return answer._fetch() if calls.is_elsewhere(answer) else calls.copied(answer)

    def gives(self, expected, function, *args, rtol=compare.RTOL, atol=compare.ATOL, **kwargs):
        """Call a learner's function, compare the result, show the call when they differ."""
        got = self.call(function, *args, none_is_fine=expected is None, **kwargs)
        message = compare.difference(got, expected, rtol=rtol, atol=atol)
        if message:
            raise NotYet(f"`{_call_text(function, args, kwargs)}`: {message}.", None, self._printed)
        return got

    def equal(self, got, expected, *, rtol=compare.RTOL, atol=compare.ATOL, what="result"):
        """Compare a result with what is expected; the item ends when they differ."""
        message = compare.difference(got, expected, rtol=rtol, atol=atol, what=what)
        if message:
            raise NotYet(message + ".", None, self._printed)

    def require(self, condition, message):
        """End the item with ``message`` unless ``condition``, True or False, holds."""
        if not _truth(condition):
            raise NotYet(message, None, self._printed)

    def wrong_if(self, misconception, condition, message):
        """End the item when a known wrong idea is seen.

        Parameters
        ----------
        misconception : str
            Name of the wrong idea, the same in every report of a class.
        condition : bool
            True when the answer equals what the wrong idea gives.
        message : str
            Why the idea is wrong and what to try next.
        """
        if _truth(condition):
            raise NotYet(message, misconception, self._printed)

    def raises(self, exception, function, *args, mentions=None, misconception=None, **kwargs):
        """Call a learner's function, which must raise ``exception`` naming ``mentions``.

        ``misconception`` is the wrong idea to report when the function raises nothing.
        """
        outcome = self._invoke(function, args, kwargs)
        call = _call_text(function, args, kwargs)
        if outcome.error is None:
            raise NotYet(
                f"`{call}` should raise {exception.__name__}, but it returned "
                f"{compare.short(outcome.value)}.",
                misconception,
            )
        if exception.__name__ not in outcome.error_types:
            raise NotYet(f"`{call}` should raise {exception.__name__}, but raised {outcome.error}.")
        if mentions is not None and mentions not in outcome.error.partition(": ")[2]:
            raise NotYet(
                f"`{call}` raised {outcome.error}; the text should name {mentions!r}, "
                "so that the reader knows what to look for."
            )

    def same_every_time(self, function, *args, **kwargs):
        """Call twice with different global random states; both results must be equal."""
        results = [self._returned(function, args, kwargs, random_state=state) for state in (11, 12)]
        self.wrong_if(
            "depends_on_global_random_state",
            not compare.same(results[0], results[1], rtol=0, atol=0),
            f"Two equal calls of `{_name(function)}` gave different results. Pass a seed "
            "(`random_state=` or `np.random.default_rng(seed)`) wherever chance is used.",
        )
        return results[0]

    def report(self):
        """Close the check and return its report, the last value of the check cell."""
        report = Report(self.exercise, self.points, tuple(self._items), self._hints)
        STATES[self.exercise] = report.state
        notes = attempts.notes_after(report)
        return Report(self.exercise, self.points, tuple(self._items), self._hints, notes)

    def _invoke(self, function, args, kwargs, random_state=None):
        self._refuse_stub(function)
        outcome = calls.invoke(function, args, kwargs, random_state=random_state)
        self._printed = outcome.printed
        return outcome

    def _refuse_stub(self, answer):
        name = next((n for n in self._stub if self._names.get(n) is answer), None)
        name = name or getattr(answer, "__name__", None)
        if calls.is_stub(answer, self._stub.get(name)):
            raise NotAttempted(
                f"Write `{name or self.exercise}` in the cell above, run it, "
                "then run this check again."
            )


class _Item:
    """One rubric item of a check."""

    def __init__(self, check, name, weight, seconds):
        self.check = check
        self.name = name
        self.weight = weight
        self.deadline = calls.Deadline(seconds)
        self.silence = contextlib.ExitStack()

    def __enter__(self):
        self.check._printed = ""
        self.silence.enter_context(calls.quiet_libraries())
        self.silence.enter_context(calls.quiet())
        self.deadline.start()
        return self

    @calls.Deadline.uninterrupted
    def __exit__(self, kind, problem, trace):
        self.deadline.stop()
        with self.silence:  # the text of an exception may print, too
            if isinstance(problem, KeyboardInterrupt):
                return False
            if self.deadline.missed:
                problem = calls.OutOfTime()
            state, message, misconception, printed = self._judge(problem)
        texts = [_sendable(text) for text in (message, printed)]
        self.check._items.append(
            ItemResult(self.name, self.weight, state, texts[0], misconception, texts[1])
        )
        return True

    def _judge(self, problem):
        if problem is None:
            return PASSED, "", None, ""
        if isinstance(problem, NotAttempted):
            return NOT_ATTEMPTED, str(problem), None, ""
        if isinstance(problem, NameError) and problem.name in self.check._stub:
            return NOT_ATTEMPTED, f"`{problem.name}` is not defined: run its cell first.", None, ""
        if isinstance(problem, NotYet):
            return NOT_YET, str(problem), problem.misconception, problem.printed
        if isinstance(problem, calls.OutOfTime):
            limit = f"{self.deadline.seconds:g} s"
            message = f"This took over {limit}. Is there a loop that does not end, or one too many?"
            return NOT_YET, message, "too_slow", ""
        if isinstance(problem, ConnectionError):  # an answer in another process that ended
            return NOT_YET, f"{problem}.", None, ""
        message = (
            "Your result does not have the form that the task asks for "
            f"({compare.cut(calls.describe_error(problem), compare.LONGEST_VALUE)})."
        )
        return NOT_YET, message, None, self.check._printed


def _truth(condition):
    """Return a condition as a bool; an answer's object, which may claim anything, is refused."""
    if not compare.is_a(condition, bool, np.bool_):
        name = type(condition).__name__
        raise TypeError(f"this comparison should give True or False, it gave {name}")
    return bool(condition)


def _sendable(text):
    """Replace what cannot be sent to a browser: halves of characters outside of Unicode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _name(function):
    name = getattr(function, "__qualname__", None) or getattr(function, "__name__", None)
    return name.rpartition("<locals>.")[2] if type(name) is str else "your function"


def _call_text(function, args, kwargs):
    """Write a call as a learner would type it, shortened."""
    parts = [compare.short(value, 80) for value in args]
    parts += [f"{name}={compare.short(value, 40)}" for name, value in kwargs.items()]
    return compare.cut(f"{_name(function)}({', '.join(parts)})", LONGEST_CALL)
