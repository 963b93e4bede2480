"""What crosses between processes arrives exactly; everything else is refused."""

import base64
import collections
import contextlib
import enum
import io
import json
import os
import pickle

import numpy as np
import pandas as pd
import pytest

from workshop_lib.checks import TextFile, transport
from workshop_lib.checks.transport import Handle, dumps, loads

NAN = float("nan")
dates = pd.date_range

VALUES = [
    None,
    True,
    1,
    -(10**30),
    1.5,
    -0.0,
    0.1 + 0.2,
    NAN,
    float("inf"),
    float("-inf"),
    "",
    'a\ud800"\n\x00é',
    [],
    [1, [2]],
    (1, (2,)),
    {1: 2, "a": {(1, 2): [3]}, None: {}},
    {"$": "tuple", "values": [1]},
    ["$", {"$": "$"}],
    {1, "a"},
    frozenset([1, (2, 3)]),
    pd.NA,
    pd.NaT,
    pd.Timestamp("2024-01-01"),
    pd.Timestamp("2024-03-31 03:30", tz="Europe/Berlin"),
    pd.Timestamp("2024-01-01 01:02:03.123456789"),
    np.float32(1.5),
    np.float64("nan"),
    np.bool_(True),
    np.int8(3),
    np.str_("x"),
    np.complex128(1 + 2j),
    np.datetime64("2024-01-01"),
    np.datetime64("NaT"),
    np.timedelta64(3, "h"),
    np.arange(6).reshape(2, 3),
    np.arange(6).reshape(2, 3)[:, ::-1],
    np.asfortranarray(np.ones((2, 3))),
    np.array([], dtype="int16"),
    np.zeros((0, 3)),
    np.array(3),
    np.array(["a", "bcd"]),
    np.array([True, False]),
    np.array([1.0, NAN], dtype=">f4"),
    np.array(["2024-01-01", "NaT"], dtype="M8[D]"),
    np.array([[1, 2], [3, 4]], dtype=object),
    np.array([None, [1], (2,), "a", NAN], dtype=object),
    np.array([[1], [2]], dtype=object)[:, 0],
    np.array(None, dtype=object),
    pd.RangeIndex(2, 10, 3, name="r"),
    pd.Index([1.5, 2], name=("a", 1)),
    pd.Index(["a", "b"], name="q"),
    pd.Index(["a", "b"], dtype=object),
    pd.Index([1, "a", None], dtype=object),
    pd.Index([True, False]),
    pd.CategoricalIndex(["a", "b"], ordered=True),
    dates("2024-01-01", periods=3, freq="MS", name="m"),
    dates("2024-01-01", periods=3, tz="Europe/Berlin"),
    pd.DatetimeIndex(["2024-01-01", "2024-01-03"]),
    pd.to_timedelta([1, 2], unit="h"),
    pd.Series([1, 2, 3], index=[5, 4, 3], name="x"),
    pd.Series([1, 2], dtype="int8", name=("a", 1)),
    pd.Series([1.5, NAN], index=["a", "a"]),
    pd.Series(["a", None]),
    pd.Series(["a", "b"], dtype=object),
    pd.Series([1, "a", None, [1, 2], {"k": 2}, pd.NA]),
    pd.Series([], dtype=object),
    pd.Series([], dtype="float32"),
    pd.Series([True, False]),
    pd.Series(pd.array([1, None], dtype="Int64")),
    pd.Series(pd.array([1, None], dtype="UInt8")),
    pd.Series(pd.array([1.5, None], dtype="Float64")),
    pd.Series(pd.array([True, None], dtype="boolean")),
    pd.Series(["a", pd.NA], dtype="string"),
    pd.Series(pd.Categorical(["a", "b", None], categories=["b", "a", "c"], ordered=True)),
    pd.Series(pd.Categorical([2, 1])),
    pd.Series(dates("2024-10-26", periods=3, tz="Europe/Berlin")),
    pd.Series([pd.NaT, pd.Timestamp("2024")]),
    pd.Series([pd.Timestamp("2024-01-01"), "x"]),
    pd.Series([1.0, NAN], index=dates("2024-01-01", periods=2)),
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["i", "j"]),
    pd.DataFrame(),
    pd.DataFrame({"a": []}),
    pd.DataFrame(index=[1, 2]),
    pd.DataFrame(columns=["a", "b"]),
    pd.DataFrame([[1, 2.5, "x"]], columns=["d", "d", 3]),
    pd.DataFrame({"a": pd.Series(["x", "y"], dtype=object), "t": dates("2024", periods=2)}),
    pd.DataFrame({0: [1], "z": [[1, 2]]}).rename_axis(columns="c", index="i"),
    [pd.DataFrame({"a": [1]}), {"s": (pd.Series([1]), np.array([1]))}],
    Handle(("handle", 3, "name"), "<model>"),
    TextFile("log.jsonl", "é\n"),
]


def assert_equal(got, value):
    assert type(got) is type(value)
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(got, value, check_exact=True, check_column_type="exact")
        assert got.columns.name == value.columns.name
        for column in range(value.shape[1]):
            assert_equal(got.iloc[:, column], value.iloc[:, column])
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(got, value, check_exact=True, check_index_type="exact")
    elif isinstance(value, pd.Index):
        pd.testing.assert_index_equal(got, value, exact=True)
        assert getattr(got, "freq", None) == getattr(value, "freq", None)
    elif isinstance(value, np.ndarray):
        assert (got.dtype, got.shape) == (value.dtype, value.shape)
        assert_equal(got.tolist(), value.tolist())
    elif isinstance(value, pd.Timestamp):
        assert (repr(got), got.unit) == (repr(value), value.unit)
    elif isinstance(value, dict):
        assert list(got) == list(value)
        assert_equal(list(got.values()), list(value.values()))
    elif isinstance(value, list | tuple):
        assert len(got) == len(value)
        for pair in zip(got, value):
            assert_equal(*pair)
    else:
        assert repr(got) == repr(value)


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_values_arrive_exactly(value, recwarn):
    text = dumps(value)
    assert "\n" not in text
    assert_equal(loads(text), value)
    assert not recwarn.list


def test_random_frames_arrive_exactly():
    rng = np.random.default_rng(11)
    makers = [
        lambda n: rng.normal(size=n),
        lambda n: rng.integers(0, 9, n),
        lambda n: rng.choice(["a", "b", None], n),
        lambda n: pd.array(rng.choice([1, None], n), dtype="Int64"),
        lambda n: pd.Categorical(rng.choice(["x", "y"], n)),
        lambda n: pd.Series([[1]] * n, dtype=object).to_numpy(),
        lambda n: dates("2024", periods=n).to_numpy(),
    ]
    for _ in range(40):
        n = int(rng.integers(0, 5))
        columns = {f"c{i}": makers[rng.integers(len(makers))](n) for i in range(rng.integers(5))}
        frame = pd.DataFrame(columns, index=rng.permutation(n))
        assert_equal(loads(dumps(frame)), frame)


class Text(str):
    pass


class Number(float):
    pass


class Level(enum.IntEnum):
    LOW = 1


class Table(pd.DataFrame):
    pass


class Array(np.ndarray):
    pass


Pair = collections.namedtuple("Pair", "a b")
MULTI = pd.MultiIndex.from_tuples([(1, 2)])
REFUSED = [
    len,
    lambda: 0,
    object(),
    int,
    b"a",
    range(3),
    1j,
    Text("a"),
    Number(1),
    Level.LOW,
    Pair(1, 2),
    collections.OrderedDict(a=1),
    collections.defaultdict(int),
    Table({"a": [1]}),
    np.zeros(2).view(Array),
    np.zeros((1, 1)).view(np.matrix),
    np.ma.array([1]),
    np.zeros(2, dtype="i,i"),
    np.array([object()]),
    np.random.default_rng(0),
    MULTI,
    pd.Series([1], index=MULTI),
    pd.DataFrame([[1]], columns=MULTI),
    pd.period_range("2024", periods=2),
    pd.interval_range(0, 3),
    pd.Series(pd.period_range("2024", periods=2)),
    pd.Series(pd.arrays.SparseArray([1, 2])),
    pd.Series([len]),
    [1, {"a": (len,)}],
]


@pytest.mark.parametrize("value", REFUSED, ids=range(len(REFUSED)))
def test_everything_else_is_refused(value):
    with pytest.raises(TypeError, match="cannot cross between processes"):
        dumps(value)


def test_values_without_end_are_refused(monkeypatch):
    endless = []
    endless.append(endless)
    with pytest.raises(ValueError, match="holds itself"):
        dumps(endless)
    with pytest.raises(ValueError):
        dumps(10**5000)
    monkeypatch.setattr(transport, "MOST_CHARACTERS", 1000)
    with pytest.raises(ValueError, match="too large"):
        dumps("x" * 1001)


MALFORMED = [
    "",
    "{",
    "nope",
    "{}",
    '{"$": "nothing"}',
    '{"$": ["list"]}',
    '{"$": "tuple"}',
    '{"$": "tuple", "values": 3}',
    '{"$": "dict", "pairs": [[1]]}',
    '{"$": "dict", "pairs": [[[], 1]]}',
    '{"$": "set", "values": [[1]]}',
    '{"$": "float", "text": "1e"}',
    '{"$": "npy", "base64": ""}',
    '{"$": "npy", "base64": "####"}',
    '{"$": "npy", "base64": 3}',
    '{"$": "npy", "base64": "TlVNUFk="}',
    '{"$": "scalar", "array": 3}',
    '{"$": "objects", "shape": [3], "values": [1]}',
    '{"$": "range", "name": null, "of": [1, 2, 0]}',
    '{"$": "extension", "dtype": "object", "values": []}',
    '{"$": "extension", "dtype": "Int64", "values": ["a"]}',
    '{"$": "extension", "dtype": 3, "values": []}',
    '{"$": "missing", "name": "None"}',
    '{"$": "series", "name": null, "index": 3, "values": [1]}',
    '{"$": "frame", "columns": [], "index": [], "values": [[1]]}',
    "[" * 100_000,
    "1" * 5000,
]


@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_text_is_a_value_error(text):
    with pytest.raises(ValueError, match="closed format"):
        loads(text)


def test_random_damage_is_a_value_error_or_a_plain_value():
    rng = np.random.default_rng(3)
    for value in VALUES:
        text = dumps(value)
        for _ in range(5):
            place = int(rng.integers(len(text)))
            damaged = text[:place] + chr(int(rng.integers(32, 127))) + text[place + 1 :]
            with contextlib.suppress(ValueError):
                loads(damaged)


class Bomb:
    def __reduce__(self):
        return (os.mkdir, ("pickle_was_loaded",))


def test_pickle_is_never_loaded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    payloads = [pickle.dumps(Bomb())]
    for save in (
        lambda stream: np.save(stream, np.array([Bomb()], dtype=object), allow_pickle=True),
        lambda stream: np.savez(stream, a=np.array([Bomb()], dtype=object)),
    ):
        stream = io.BytesIO()
        save(stream)
        payloads.append(stream.getvalue())
    # The payloads do what they say when pickle is allowed.
    with pytest.raises((OSError, FileExistsError)):
        np.load(io.BytesIO(payloads[1]), allow_pickle=True)
        np.load(io.BytesIO(payloads[1]), allow_pickle=True)
    (tmp_path / "pickle_was_loaded").rmdir()
    for payload in payloads:
        text = json.dumps({"$": "npy", "base64": base64.b64encode(payload).decode()})
        with pytest.raises(ValueError):
            loads(text)
    assert list(tmp_path.iterdir()) == []
