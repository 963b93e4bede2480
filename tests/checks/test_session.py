"""Rubric items: what they cost, what they say, and that nothing stops a check or fools it."""

import os
import signal
import sys
import time

import numpy as np
import pandas as pd
import pytest

from workshop_lib.checks import check
from workshop_lib.checks.report import NOT_ATTEMPTED, NOT_YET, PASSED
from workshop_lib.checks.session import STATES


def one_item(body, names=None, stub=None, **options):
    """Run a check with one item and return its result."""
    t = check("task", names or {}, points=2, stub=stub or {})
    with t.item("It works", **options):
        body(t)
    return t.report().items[0]


def test_an_item_that_ends_has_passed():
    assert one_item(lambda t: None).state == PASSED


def test_points_follow_the_weights():
    t = check("task", {}, points=2, stub={})
    with t.item("first", weight=3):
        pass
    with t.item("second", weight=1):
        t.require(False, "Try again.")
    assert t.report().points == 1.5


@pytest.mark.parametrize("points", [1, 2, 0.125, 1.005, 7, np.float64(3)])
@pytest.mark.parametrize(
    "weights", [(1,), (1, 2), (0.1, 0.2, 0.3), (1 / 3, 1 / 3, 1 / 3), (1e-9, 5)]
)
def test_points_are_floats_between_zero_and_all(points, weights):
    for passed in range(len(weights) + 1):
        t = check("task", {}, points=points, stub={})
        for number, weight in enumerate(weights):
            with t.item("item", weight=weight):
                t.require(number < passed, "no")
        got = t.report().points
        assert type(got) is float
        assert 0 <= got <= points
        assert (got == points) == (passed == len(weights)) or weights == (1e-9, 5)


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_a_weight_must_be_above_zero(weight):
    with pytest.raises(ValueError, match="weight"):
        check("task", {}, points=1, stub={}).item("x", weight=weight)


def test_a_check_without_items_gives_nothing():
    report = check("task", {}, points=2, stub={}).report()
    assert (report.points, report.state) == (0.0, NOT_ATTEMPTED)


def test_one_failing_item_costs_that_item_only():
    t = check("task", {}, points=2, stub={})
    with t.item("an error of the check itself"):
        {}["nothing"]
    with t.item("fine"):
        pass
    report = t.report()
    assert [item.state for item in report.items] == [NOT_YET, PASSED]
    assert "KeyError: 'nothing'" in report.items[0].message


def test_a_stub_is_not_attempted():
    from tests.checks.test_calls import STUB, defined
    from workshop_lib.checks.calls import fingerprint

    f = defined(STUB)
    item = one_item(lambda t: t.call(f, 1), {"f": f}, {"f": fingerprint(STUB)})
    assert item.state == NOT_ATTEMPTED
    assert "`f`" in item.message


def test_an_undefined_answer_is_not_attempted():
    def body(t):
        undefined_answer  # noqa: B018, F821

    assert one_item(body, stub={"undefined_answer": "00000000"}).state == NOT_ATTEMPTED
    assert one_item(body, stub={"another": "00000000"}).state == NOT_YET


def test_a_variable_that_is_still_an_ellipsis_is_not_attempted():
    assert one_item(lambda t: t.value(...), {"limit": ...}, {"limit": "x"}).state == NOT_ATTEMPTED


def test_a_name_error_inside_the_answer_is_an_error_of_the_answer():
    item = one_item(lambda t: t.call(lambda: nowhere), stub={"f": "x"})  # noqa: F821
    assert item.state == NOT_YET
    assert item.misconception == "raises_an_error"


def test_partly_attempted_is_not_yet():
    t = check("task", {}, points=2, stub={})
    with t.item("done"):
        pass
    with t.item("not begun"):
        t.value(...)
    assert t.report().state == NOT_YET


def test_messages_of_calls():
    def halve(x):
        if x < 0:
            raise ValueError("below zero: -1")
        return x / 2

    def wrong(t):
        t.gives(3, halve, 4)

    assert one_item(wrong).message.endswith("halve(4)`: result: expected 3, got 2.")
    assert "raised ValueError: below zero: -1" in one_item(lambda t: t.call(halve, -1)).message
    assert one_item(lambda t: t.raises(ValueError, halve, -1, mentions="-1")).state == PASSED
    assert (
        "should raise ValueError, but it returned 1"
        in one_item(lambda t: t.raises(ValueError, halve, 2)).message
    )
    assert "should raise KeyError" in one_item(lambda t: t.raises(KeyError, halve, -1)).message
    # A word in the source line, or the class of the exception, is not a word in the text.
    for word in ("raise", "Value", "missing"):
        assert (
            one_item(lambda t, w=word: t.raises(ValueError, halve, -1, mentions=w)).state == NOT_YET
        )


def test_raising_nothing_may_have_a_name():
    def misconception(answer):
        return one_item(
            lambda t: t.raises(ValueError, answer, mentions="odd", misconception="silent")
        ).misconception

    def other_error():
        raise ValueError("even")

    assert misconception(lambda: None) == "silent"
    assert misconception(other_error) is None


def test_a_subclass_of_the_expected_exception_is_fine():
    def f():
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "odd")

    assert one_item(lambda t: t.raises(ValueError, f)).state == PASSED


def test_returning_nothing_and_changing_the_input_have_names():
    assert one_item(lambda t: t.call(lambda: None)).misconception == "returns_nothing"
    assert one_item(lambda t: t.gives(None, lambda: None)).state == PASSED
    item = one_item(lambda t: t.call(lambda x: x.append(1), [1]))
    assert item.misconception == "changes_its_input"


def test_messages_stay_short_for_large_arguments():
    table = pd.DataFrame({f"column {i}": range(100) for i in range(50)})
    item = one_item(lambda t: t.gives(1, lambda *tables: 2, *[table] * 20))
    assert len(item.message) < 600


class AlwaysTrue:
    def __getattr__(self, name):
        return self

    def _same(self, *others):
        return self

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __call__ = __getitem__ = _same
    __invert__ = __and__ = __or__ = __sub__ = __abs__ = _same
    __hash__ = None

    def __bool__(self):
        return True

    def __len__(self):
        return 3

    def __array__(self, *args, **kwargs):
        return np.array(True)


class AlwaysFalse(AlwaysTrue):
    def __bool__(self):
        return False


def test_objects_that_agree_to_everything_get_no_points():
    for answer in (AlwaysTrue(), AlwaysFalse()):
        for body in (
            lambda t, got: t.equal(got, 3),
            lambda t, got: t.equal(got, "x"),
            lambda t, got: t.equal(got, [1, 2, 3]),
            lambda t, got: t.equal(got, np.array([1, 2])),
            lambda t, got: t.equal(got["x"], pd.Series([1])),
            lambda t, got: t.require(got == 3, "no"),
            lambda t, got: t.require(got > 0.9, "no"),
            lambda t, got: t.wrong_if("idea", got == 4, "no"),
            lambda t, got: t.gives({"a": 1}, lambda: got),
        ):
            item = one_item(lambda t, b=body, a=answer: b(t, t.call(lambda: a)))
            assert item.state == NOT_YET


class Hostile:
    """Everything that a check may do with it raises, prints or is very long."""

    @property
    def __class__(self):
        raise SystemExit

    def __repr__(self):
        print("printed", file=sys.stderr)
        raise SystemExit

    def __len__(self):
        raise KeyError("x" * 10**5)

    def __eq__(self, other):
        class Odd(BaseException):
            def __str__(self):
                raise SystemExit

        raise Odd

    __hash__ = None


@pytest.mark.parametrize(
    "body",
    [
        lambda t, got: t.equal(got, 1),
        lambda t, got: t.equal([got], [1]),
        lambda t, got: t.equal(len(got), 1),
        lambda t, got: t.require(got == 1, "no"),
        lambda t, got: t.require(isinstance(got, int), "no"),
        lambda t, got: t.call(got),
        lambda t, got: t.value(got) == 1,
        lambda t, got: t.require(f"{got!r}" == "", "no"),
    ],
)
def test_hostile_objects_cost_the_item_and_are_not_heard(body, capfd):
    item = one_item(lambda t: body(t, Hostile()))
    assert item.state == NOT_YET
    assert len(item.message) < 500
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "got", [float("nan"), None, np.nan, pd.NA, pd.NaT, float("inf"), "", {}, 1j]
)
def test_odd_values_are_not_yet(got):
    item = one_item(lambda t: t.equal(got, 0.5))
    assert (item.state, type(item.message)) == (NOT_YET, str)


def test_an_exception_of_the_learners_own_base_class_costs_the_item_only():
    class Own(BaseException):
        pass

    def body(t):
        raise Own("x")

    assert one_item(body).state == NOT_YET
    assert one_item(lambda t: sys.exit()).state == NOT_YET


def test_keyboard_interrupt_passes_through_and_restores_the_screen():
    stdout = sys.stdout
    with pytest.raises(KeyboardInterrupt):
        one_item(lambda t: t.call(lambda: os.kill(os.getpid(), signal.SIGINT) or time.sleep(1)))
    assert sys.stdout is stdout
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


@pytest.mark.parametrize("name", ["plain", "swallows", "sleeps", "finally"])
def test_a_loop_without_end_costs_its_item_only(name):
    from tests.checks.test_calls import LOOPS, defined

    f = defined(LOOPS[name])
    t = check("task", {}, points=2, stub={})
    with t.item("slow", seconds=0.2):
        t.call(f)
    with t.item("fast"):
        pass
    report = t.report()
    assert [(i.state, i.misconception) for i in report.items] == [
        (NOT_YET, "too_slow"),
        (PASSED, None),
    ]
    assert "over 0.2 s" in report.items[0].message


def test_an_answer_that_catches_the_end_of_its_time_does_not_pass():
    def f():
        try:
            time.sleep(5)
        except BaseException:
            return 1
        return 2

    item = one_item(lambda t: t.gives(1, f), seconds=0.1)
    assert item.misconception == "too_slow"


def test_nothing_is_printed_by_a_check(capfd):
    import logging
    import warnings

    def f():
        print("out")
        print("err", file=sys.stderr)
        os.write(2, b"raw")
        warnings.warn("warned", stacklevel=1)
        logging.getLogger("x").error("logged")
        return 2

    item = one_item(lambda t: t.gives(1, f))
    assert "out" in item.printed
    assert "err" in item.printed
    assert capfd.readouterr() == ("", "")


def test_texts_can_always_be_sent_to_a_browser():
    def f():
        print("half: \ud800")
        raise ValueError("\ud800")

    item = one_item(lambda t: t.call(f))
    (item.message + item.printed).encode()


def test_seeds(monkeypatch):
    t = check("task", {}, points=1, stub={})
    monkeypatch.delenv("WORKSHOP_SEEDS", raising=False)
    assert t.seeds == (0, 1)
    monkeypatch.setenv("WORKSHOP_SEEDS", "7, 8 9")
    assert t.seeds == (7, 8, 9)


def test_states_are_kept_for_cells_that_need_an_answer():
    check("states_task", {}, points=1, stub={}).report()
    assert STATES["states_task"] == NOT_ATTEMPTED
    t = check("states_task", {}, points=1, stub={})
    with t.item("x"):
        pass
    t.report()
    assert STATES["states_task"] == PASSED


def test_same_every_time():
    import random

    np.random.seed(1)
    random.seed(1)
    expected = np.random.get_state()[1].tolist()
    rng = np.random.default_rng
    for chance in (np.random.rand, random.random, lambda: rng().random()):
        item = one_item(lambda t, f=chance: t.same_every_time(f))
        assert item.misconception == "depends_on_global_random_state"
    assert one_item(lambda t: t.same_every_time(lambda seed: rng(seed).random(), 3)).state == PASSED
    assert np.random.get_state()[1].tolist() == expected


def test_value_is_a_copy():
    mine = {"a": [1]}
    one_item(lambda t: t.value(mine)["a"].append(2))
    assert mine == {"a": [1]}
