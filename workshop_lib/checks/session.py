"""A check of one exercise: rubric items, what they may ask of an answer, and their result."""

import os
import signal
import threading

from workshop_lib.checks import attempts, calls, compare
from workshop_lib.checks.report import (
    NOT_ATTEMPTED,
    NOT_YET,
    PASSED,
    ItemResult,
    Report,
)

VISIBLE_SEEDS = (0, 1)
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

        Whatever goes wrong inside costs this item only.

        Parameters
        ----------
        name : str
            What is asked, as a sentence.
        weight : float
            Share of the points, relative to the other items.
        seconds : float
            Time limit.
        """
        return _Item(self, name, weight, seconds)

    def call(self, function, *args, none_is_fine=False, **kwargs):
        """Call a learner's function on copies of the arguments and return its result.

        The item ends when the function is still a stub, raises, changes an argument in place, or
        returns None (unless ``none_is_fine``).
        """
        outcome = self._invoke(function, args, kwargs)
        if outcome.error:
            raise NotYet(
                f"`{_call_text(function, args, kwargs)}` raised {outcome.error}.",
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
        return answer.fetch() if hasattr(type(answer), "fetch") else calls.copied(answer)

    def gives(self, expected, function, *args, rtol=1e-6, atol=1e-9, **kwargs):
        """Call a learner's function, compare the result, show the call when they differ."""
        got = self.call(function, *args, none_is_fine=expected is None, **kwargs)
        message = compare.difference(got, expected, rtol=rtol, atol=atol)
        if message:
            raise NotYet(f"`{_call_text(function, args, kwargs)}`: {message}.", None, self._printed)
        return got

    def equal(self, got, expected, *, rtol=1e-6, atol=1e-9, what="result"):
        """Compare a result with what is expected; the item ends when they differ."""
        message = compare.difference(got, expected, rtol=rtol, atol=atol, what=what)
        if message:
            raise NotYet(message + ".", None, self._printed)

    def require(self, condition, message):
        """End the item with ``message`` unless ``condition`` holds."""
        if not condition:
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
        if condition:
            raise NotYet(message, misconception, self._printed)

    def raises(self, exception, function, *args, mentions=None, **kwargs):
        """Call a learner's function, which must raise ``exception`` naming ``mentions``."""
        outcome = self._invoke(function, args, kwargs)
        call = _call_text(function, args, kwargs)
        if outcome.error is None:
            raise NotYet(
                f"`{call}` should raise {exception.__name__}, but it returned "
                f"{compare.short(outcome.value)}."
            )
        if exception.__name__ not in outcome.error_types:
            raise NotYet(f"`{call}` should raise {exception.__name__}, but raised {outcome.error}.")
        if mentions is not None and mentions not in outcome.error:
            raise NotYet(
                f"`{call}` raised {outcome.error}; the text should name {mentions!r}, "
                "so that the reader knows what to look for."
            )

    def same_every_time(self, function, *args, **kwargs):
        """Call twice with different global random states; both results must be equal."""
        import random

        import numpy as np

        results = []
        for state in (11, 12):
            random.seed(state)
            np.random.seed(state)
            results.append(self.call(function, *args, **kwargs))
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

    def _invoke(self, function, args, kwargs):
        self._refuse_stub(function)
        outcome = calls.invoke(function, args, kwargs)
        self._printed = outcome.printed
        return outcome

    def _refuse_stub(self, answer):
        name = getattr(answer, "__name__", None)
        if name is None:
            name = next((n for n in self._stub if self._names.get(n) is answer), None)
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
        self.deadline = _Deadline(seconds)

    def __enter__(self):
        self.check._printed = ""
        self.deadline.start()
        return self

    def __exit__(self, kind, problem, trace):
        self.deadline.stop()
        if problem is not None and not isinstance(problem, Exception | calls.OutOfTime):
            return False
        state, message, misconception, printed = self._judge(problem)
        self.check._items.append(
            ItemResult(self.name, self.weight, state, message, misconception, printed)
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
        message = (
            "Your result does not have the form that the task asks for "
            f"({type(problem).__name__}: {compare.short(problem.args[0] if problem.args else '')})."
        )
        return NOT_YET, message, None, self.check._printed


class _Deadline:
    """Raise `OutOfTime` in the main thread when the time is over, where the system can do that."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.possible = hasattr(signal, "setitimer")

    def start(self):
        self.possible &= threading.current_thread() is threading.main_thread()
        if self.possible:
            self.previous = signal.signal(signal.SIGALRM, self._over)
            # The signal repeats, because a bare `except:` in a loop may catch the first one.
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.2)

    def stop(self):
        if self.possible:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.previous)

    @staticmethod
    def _over(number, frame):
        raise calls.OutOfTime


def _name(function):
    return getattr(function, "__qualname__", None) or getattr(function, "__name__", "your function")


def _call_text(function, args, kwargs):
    """Write a call as a learner would type it, shortened."""
    parts = [compare.short(value, 80) for value in args]
    parts += [f"{name}={compare.short(value, 40)}" for name, value in kwargs.items()]
    return f"{_name(function)}({', '.join(parts)})"
