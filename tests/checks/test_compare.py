"""What counts as equal, and that every difference is told on one short line."""

import datetime
import decimal
import math

import numpy as np
import pandas as pd
import pytest

from workshop_lib.checks import difference, same
from workshop_lib.checks.compare import short

NAN = float("nan")


class AlwaysEqual:
    """Claims to equal everything, and to be whatever one likes."""

    def __init__(self, claimed=object):
        self.claimed = claimed

    @property
    def __class__(self):
        return self.claimed

    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    __hash__ = object.__hash__


class EqualText(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Unshowable:
    def __repr__(self):
        raise RuntimeError("no")


def frame(**columns):
    return pd.DataFrame(columns or {"a": [1, 2], "b": ["x", "y"]})


EQUAL = [
    (1, 1.0),
    (np.int64(3), 3),
    (np.float32(0.5), 0.5),
    (np.array(3), 3),
    (3, np.array(3.0)),
    (1.0 + 1e-9, 1.0),
    (0.0, -0.0),
    (1e-12, 0.0),
    (float("inf"), float("inf")),
    (1 + 1j, 1 + 1j),
    (np.bool_(True), True),
    (decimal.Decimal("0.5"), 0.5),
    (None, NAN),
    (pd.NA, NAN),
    (pd.NaT, None),
    (np.datetime64("NaT"), pd.NaT),
    (np.str_("a"), "a"),
    (datetime.date(2024, 1, 1), datetime.date(2024, 1, 1)),
    ([1, [2, NAN]], (1.0, (2, None))),
    (np.array([1, 2]), [1, 2]),
    ([1, 2], np.array([1.0, 2.0])),
    (pd.Index(["a", "b"]), ["a", "b"]),
    (["a", "b"], pd.Index(["a", "b"])),
    ({"b": 2, "a": 1}, {"a": 1, "b": 2.0}),
    ({"a": {"b": [1, {2, 3}]}}, {"a": {"b": [1, {3, 2}]}}),
    (frozenset({1, 2}), {2, 1}),
    (np.array([]), np.array([])),
    (np.zeros((0, 3)), np.zeros((0, 3))),
    (np.array([[1, NAN]]), np.array([[1, NAN]])),
    (np.array([1, None], dtype=object), np.array([1.0, NAN], dtype=object)),
    ([1, "a"], np.array([1, "a"], dtype=object)),
    (np.array(["a", "b"]), np.array(["a", "b"])),
    (pd.Series([1, 2], name="x"), pd.Series([1.0, 2.0], name="y")),
    (pd.Series(["a", None]), pd.Series(["a", None], dtype=object)),
    (pd.Series(pd.Categorical(["a", "b"])), pd.Series(["a", "b"])),
    (pd.Series(pd.array([1, None], dtype="Int64")), pd.Series([1, NAN])),
    (pd.Series(pd.array([1, None], dtype="Int64")), pd.Series(pd.array([1, None], dtype="Int64"))),
    (pd.Series([1, 2], index=[0, 1]), pd.Series([1, 2], index=pd.RangeIndex(2))),
    (pd.Series(pd.date_range("2024", periods=2)), pd.Series(pd.date_range("2024", periods=2))),
    (pd.Series([1], index=[("a", 1)]), pd.Series([1], index=[("a", 1)])),
    (frame()[["b", "a"]], frame()),
    (pd.DataFrame(index=[1, 2]), pd.DataFrame(index=[1, 2])),
    (10**400, 10**400),
]

DIFFERENT = [
    (1, 2),
    (True, 1),
    (1, True),
    (0, False),
    (np.bool_(False), 0),
    (3_000_001, 3_000_000),
    (np.int64(2**60 + 1), 2**60),
    (10**400, 1.0),
    (1 + 1e-5, 1.0),
    (float("inf"), 1e308),
    (float("inf"), float("-inf")),
    (1 + 1j, 1),
    (0, None),
    (NAN, 0),
    ("", None),
    ("1", 1),
    (1, "1"),
    ("a", "b"),
    (b"a", "a"),
    ([1], 1),
    ([1, 2], [1, 2, 3]),
    ({1, 2}, [1, 2]),
    ([1, 2], {1, 2}),
    ({"a": 1}, {"b": 1}),
    ({"a": 1, "b": 2}, {"a": 1}),
    ([("a", 1)], {"a": 1}),
    ({1}, {1, 2}),
    (np.array(["1", "2"]), np.array([1, 2])),
    (np.array(["1", "2"], dtype=object), np.array([1, 2], dtype=object)),
    (np.array([True, False]), np.array([1, 0])),
    (np.array([1, 0]), np.array([True, False])),
    (np.array([True], dtype=object), np.array([1], dtype=object)),
    (np.array([1, 2]), np.array([[1, 2]])),
    (np.array([1 + 5j]), np.array([1.0])),
    (np.array([3_000_001]), np.array([3_000_000])),
    (np.array(["2024-01-01T00:10"], dtype="M8[ns]"), np.array(["2024-01-01"], dtype="M8[ns]")),
    ([[1, 2], [3]], np.array([[1, 2], [3, 4]])),
    ({1, 2}, np.array([1, 2])),
    ([1, 2], pd.Series([1, 2])),
    (pd.Series([1, 2]), pd.Series([2, 1])),
    (pd.Series([1, 2], index=[1, 0]), pd.Series([1, 2])),
    (pd.Series([1, 2], index=["0", "1"]), pd.Series([1, 2])),
    (pd.Series([1]), pd.Series([1, 1])),
    (pd.Series(["1"]), pd.Series([1])),
    (pd.Series([True]), pd.Series([1])),
    (
        pd.Series(pd.date_range("2024", periods=1, tz="UTC")),
        pd.Series(pd.date_range("2024", periods=1)),
    ),
    (pd.Series(pd.array([1, None], dtype="Int64")), pd.Series([1, 2])),
    (frame()[["a"]], frame()),
    (frame().assign(c=1), frame()),
    (pd.concat([frame(), frame()], axis=1), frame()),
    (frame().iloc[::-1], frame()),
    (frame().assign(b=["x", "z"]), frame()),
    (frame().to_dict("list"), frame()),
    (AlwaysEqual(), 1),
    (AlwaysEqual(int), 1),
    (AlwaysEqual(bool), True),
    (AlwaysEqual(str), "a"),
    (AlwaysEqual(dict), {"a": 1}),
    (AlwaysEqual(list), [1]),
    (AlwaysEqual(pd.Series), pd.Series([1])),
    (AlwaysEqual(pd.DataFrame), frame()),
    (AlwaysEqual(np.ndarray), np.array([1])),
    ([AlwaysEqual()], [1]),
    ({"a": AlwaysEqual()}, {"a": "b"}),
    (np.array([AlwaysEqual(), 2], dtype=object), np.array([1, 2])),
    (pd.Series([AlwaysEqual()], dtype=object), pd.Series(["a"])),
    (EqualText("a"), "b"),
    ([EqualText("a")], ["b"]),
    (Unshowable(), 1),
    ([Unshowable()], [1]),
    (len, "len"),
    (None, frame()),
    (None, pd.Series([1])),
    (None, np.array([1])),
    (None, {}),
    (None, set()),
    (None, []),
]


@pytest.mark.parametrize(("got", "expected"), EQUAL)
def test_equal(got, expected):
    assert difference(got, expected) is None


@pytest.mark.parametrize(("got", "expected"), DIFFERENT, ids=range(len(DIFFERENT)))
def test_different(got, expected):
    message = difference(got, expected)
    assert message
    assert "\n" not in message
    assert len(message) < 300


def test_integers_have_a_tolerance_only_when_one_is_asked_for():
    assert same(101, 100, rtol=0.05)
    assert same(np.array([101]), np.array([100]), atol=2)
    assert not same(101, 100, atol=0.5)
    assert not same(np.array([101]), np.array([100]), rtol=0, atol=0.5)


def test_zero_tolerance_is_exact():
    assert not same(0.1 + 0.2, 0.3, rtol=0, atol=0)
    assert not same(np.array([0.1 + 0.2]), np.array([0.3]), rtol=0, atol=0)
    assert same(np.array([NAN, math.inf]), np.array([NAN, math.inf]), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("got", "expected", "message"),
    [
        ({"a": 1}, {"a": 2}, "result['a']: expected 2, got 1"),
        ([1, [2, 3]], [1, [2, 4]], "result[1][1]: expected 4, got 3"),
        ("x", 2, "result: expected a number (2), got a str ('x')"),
        (None, [1], "result: expected a list of 1, got None"),
        ({1, 4}, {1, 2, 3}, "result: sets differ, missing [2, 3] and unexpected [4]"),
        ({"a": 1}, {"b": 1}, "result: keys differ, missing ['b'] and unexpected ['a']"),
        (np.zeros((2, 1)), np.zeros(2), "result: expected shape (2,), got (2, 1)"),
        ([1, 9, 9], np.array([1, 2, 3]), "result[1]: expected 2, got 9 (2 of 3 values differ)"),
        (pd.Series([1.0]), pd.Series(["a"]), "result: expected dtype str, got float64"),
        (
            pd.Series([1, 5], index=["a", "b"]),
            pd.Series([1, 2], index=["a", "b"]),
            "result at index 'b': expected 2, got 5",
        ),
        (
            pd.Series([1], index=["z"]),
            pd.Series([1], index=["a"]),
            "result: row 0: expected index label 'a', got 'z'",
        ),
        (
            frame(a=[1, 7]),
            frame(a=[1, 2]),
            "result, column 'a' at index 1: expected 2, got 7",
        ),
        (
            frame(a=[1], c=[1]),
            frame(a=[1], b=[1]),
            "result: columns differ, missing ['b'] and unexpected ['c']",
        ),
        ("a  b", "a b", "result: expected 'a b', got 'a  b'"),
    ],
)
def test_message(got, expected, message):
    assert difference(got, expected) == message


def random_value(rng, depth):
    """A random value of any supported kind."""
    makers = [
        lambda: None,
        lambda: bool(rng.integers(2)),
        lambda: int(rng.integers(-5, 5)),
        lambda: float(rng.normal() * 10.0 ** rng.integers(-5, 9)),
        lambda: [NAN, math.inf, pd.NA, pd.NaT][rng.integers(4)],
        lambda: "ab\n<&'\"é" * int(rng.integers(80)),
        lambda: np.float32(rng.normal()),
        lambda: rng.normal(size=tuple(rng.integers(0, 4, rng.integers(0, 3)))),
        lambda: rng.integers(0, 3, 4),
        lambda: pd.Series(rng.normal(size=3), index=list("xyz")),
        lambda: pd.Series(rng.choice(["a", None], 4)),
        lambda: pd.DataFrame({"n": rng.integers(0, 2, 3), "a long name" * 30: list("abc")}),
        lambda: {int(k) for k in rng.integers(0, 9, 3)},
    ]
    if depth:
        nested = [random_value(rng, depth - 1) for _ in range(rng.integers(0, 4))]
        makers += [
            lambda: nested,
            lambda: tuple(nested),
            lambda: {f"key {i}" * 20: value for i, value in enumerate(nested)},
        ] * 2
    return makers[rng.integers(len(makers))]()


def test_random_values_equal_themselves_and_messages_are_short():
    rng = np.random.default_rng(2024)
    values = [random_value(rng, depth=4) for _ in range(120)]
    for value in values:
        assert difference(value, value) is None
    for got in values:
        for expected in values:
            message = difference(got, expected)
            assert message is None or (len(message) < 300 and len(message.splitlines()) == 1)
            if type(got) is type(expected):
                assert same(got, expected) == same(expected, got)


def test_one_changed_number_is_found_wherever_it_is():
    rng = np.random.default_rng(7)
    for _ in range(50):
        array = rng.normal(size=tuple(rng.integers(1, 5, rng.integers(1, 4))))
        changed = array.copy()
        place = tuple(int(rng.integers(n)) for n in array.shape)
        changed[place] += 1
        assert difference(changed, array).startswith(f"result[{', '.join(map(str, place))}]")
        frame = pd.DataFrame(array.reshape(len(array), -1))
        other = frame.copy()
        row, column = (int(rng.integers(n)) for n in frame.shape)
        other.iloc[row, column] = 99
        assert f"column {column} at index {row}:" in difference(other, frame)


def test_large_arrays_are_compared_at_once():
    zeros, ones = np.zeros(1_000_000), np.ones(1_000_000)
    assert difference(ones, zeros).endswith("(1000000 of 1000000 values differ)")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (NAN, "NaN"),
        (np.float64(1.5), "1.5"),
        (np.array([1, 2]), "array([1, 2])"),
        (pd.Series([1.5], index=[7]), "Series([1.5])"),
        ({"b", "a"}, "{'a', 'b'}"),
        ((1,), "(1,)"),
        (object, "<class 'object'>"),
    ],
)
def test_short(value, text):
    assert short(value) == text


def test_short_leaves_out_addresses():
    assert short(lambda: 0).endswith(".<lambda>>")


def test_short_ends_for_a_list_that_holds_itself():
    endless = []
    endless.append(endless)
    assert len(short(endless)) <= 120
