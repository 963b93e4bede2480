"""Say in one short sentence how what we got differs from what was expected."""

import math
import numbers

import numpy as np
import pandas as pd

LONGEST_VALUE = 120


def same(got, expected, *, rtol=1e-6, atol=1e-9):
    """Tell whether two values are equal in the sense of :func:`difference`.

    Parameters
    ----------
    got, expected : object
        Numbers, texts, arrays, Series, frames, sets, lists, tuples, dicts, or any mix of these.
    rtol, atol : float
        Relative and absolute tolerance for numbers.

    Returns
    -------
    bool

    Examples
    --------
    >>> same([1.0, float("nan")], [1.0 + 1e-9, float("nan")])
    True
    """
    return difference(got, expected, rtol=rtol, atol=atol) is None


def difference(got, expected, *, rtol=1e-6, atol=1e-9, what="result"):
    """Describe the first difference between two values, or return None when they are equal.

    Integers and floats with equal values are equal; missing values (None, NaN, ``<NA>``, NaT) are
    equal to each other; lists, tuples and one-dimensional arrays are interchangeable; the order of
    columns and of dictionary keys does not count; the index of a Series or frame does.

    Parameters
    ----------
    got, expected : object
        Numbers, texts, arrays, Series, frames, sets, lists, tuples, dicts, or any mix of these.
    rtol, atol : float
        Relative and absolute tolerance for numbers.
    what : str
        How the message calls the value.

    Returns
    -------
    str or None

    Examples
    --------
    >>> difference({"a": 1}, {"a": 2})
    "result['a']: expected 2, got 1"
    >>> difference([1, 2], [1, 2]) is None
    True
    """
    return _Comparison(rtol, atol).values(got, expected, what)


class _Comparison:
    """The tolerances of one comparison, and a method for every kind of expected value."""

    def __init__(self, rtol, atol):
        self.rtol = rtol
        self.atol = atol

    def values(self, got, expected, where):
        if isinstance(expected, pd.DataFrame):
            return self.frames(got, expected, where)
        if isinstance(expected, pd.Series):
            return self.series(got, expected, where)
        if isinstance(expected, pd.Index):
            expected = expected.tolist()
        if isinstance(expected, np.ndarray) and expected.ndim > 0:
            return self.arrays(got, expected, where)
        if isinstance(expected, dict):
            return self.dicts(got, expected, where)
        if isinstance(expected, set | frozenset):
            return self.sets(got, expected, where)
        if isinstance(expected, list | tuple):
            return self.lists(got, expected, where)
        return self.scalars(got, expected, where)

    def scalars(self, got, expected, where):
        if is_missing(expected) or is_missing(got):
            equal = is_missing(expected) and is_missing(got)
        elif isinstance(expected, bool | np.bool_) or isinstance(got, bool | np.bool_):
            equal = isinstance(got, bool | np.bool_ | numbers.Number) and got == expected
            equal = equal and isinstance(expected, bool | np.bool_) == isinstance(
                got, bool | np.bool_
            )
        elif isinstance(expected, numbers.Number):
            if not isinstance(got, numbers.Number):
                return f"{where}: expected a number ({short(expected)}), got {kind(got)}"
            equal = math.isclose(got, expected, rel_tol=self.rtol, abs_tol=self.atol)
        else:
            equal = equal_objects(got, expected)
        return None if equal else f"{where}: expected {short(expected)}, got {short(got)}"

    def lists(self, got, expected, where):
        values = as_list(got)
        if values is None:
            return f"{where}: expected a list of {len(expected)}, got {kind(got)}"
        got = values
        if len(got) != len(expected):
            return f"{where}: expected {len(expected)} values, got {len(got)}"
        return first(
            self.values(g, e, f"{where}[{i}]") for i, (g, e) in enumerate(zip(got, expected))
        )

    def arrays(self, got, expected, where):
        try:
            array = np.asarray(got)
        except ValueError:
            return f"{where}: expected an array of shape {expected.shape}, got {kind(got)}"
        if array.shape != expected.shape:
            return f"{where}: expected shape {expected.shape}, got {array.shape or kind(got)}"
        return self.first_cell(
            array, expected, lambda i: f"{where}[{', '.join(str(int(k)) for k in i)}]"
        )

    def series(self, got, expected, where):
        if not isinstance(got, pd.Series):
            return f"{where}: expected a Series, got {kind(got)}"
        problem = self.index(got.index, expected.index, where)
        if problem:
            return problem
        if values_kind(got.dtype) != values_kind(expected.dtype):
            return f"{where}: expected dtype {expected.dtype}, got {got.dtype}"
        return self.first_cell(
            got.to_numpy(dtype=object),
            expected.to_numpy(dtype=object),
            lambda i: f"{where} at index {expected.index[i[0]]!r}",
        )

    def frames(self, got, expected, where):
        if not isinstance(got, pd.DataFrame):
            return f"{where}: expected a DataFrame, got {kind(got)}"
        if not got.columns.is_unique:
            return f"{where}: column names occur more than once in {list(got.columns)}"
        missing = [c for c in expected.columns if c not in got.columns]
        extra = [c for c in got.columns if c not in expected.columns]
        if missing or extra:
            parts = [f"missing {missing}"] * bool(missing) + [f"unexpected {extra}"] * bool(extra)
            return f"{where}: columns differ, {' and '.join(parts)}"
        if not len(expected.columns):
            return self.index(got.index, expected.index, where)
        return first(
            self.series(got[c], expected[c], f"{where}, column {c!r}") for c in expected.columns
        )

    def index(self, got, expected, where):
        if len(got) != len(expected):
            return f"{where}: expected {len(expected)} rows, got {len(got)}"
        if got.equals(expected):
            return None
        for position, (g, e) in enumerate(zip(got, expected)):
            if self.scalars(g, e, "") is not None:
                return f"{where}: row {position}: expected index label {short(e)}, got {short(g)}"
        return None

    def dicts(self, got, expected, where):
        if not isinstance(got, dict):
            return f"{where}: expected a dictionary, got {kind(got)}"
        missing = [k for k in expected if k not in got]
        extra = [k for k in got if k not in expected]
        if missing or extra:
            parts = [f"missing {missing}"] * bool(missing) + [f"unexpected {extra}"] * bool(extra)
            return f"{where}: keys differ, {' and '.join(parts)}"
        return first(self.values(got[k], expected[k], f"{where}[{k!r}]") for k in expected)

    def sets(self, got, expected, where):
        if not isinstance(got, set | frozenset):
            return f"{where}: expected a set, got {kind(got)}"
        missing = sorted(expected - got, key=repr)
        extra = sorted(got - expected, key=repr)
        if missing or extra:
            parts = [f"missing {short(missing)}"] * bool(missing)
            parts += [f"unexpected {short(extra)}"] * bool(extra)
            return f"{where}: sets differ, {' and '.join(parts)}"
        return None

    def first_cell(self, got, expected, name):
        if got.size == 0 or self.equal_numbers(got, expected):
            return None
        messages = []
        for i in np.ndindex(expected.shape):
            message = self.values(got[i], expected[i], name(i))
            if message:
                messages.append(message)
        if not messages:
            return None
        count = f" ({len(messages)} of {expected.size} values differ)" if expected.size > 1 else ""
        return messages[0] + count

    def equal_numbers(self, got, expected):
        """Fast path: most arrays are plain numbers, and most are equal."""
        try:
            numbers_got, numbers_expected = got.astype(float), expected.astype(float)
            return np.allclose(
                numbers_got, numbers_expected, rtol=self.rtol, atol=self.atol, equal_nan=True
            ) and (got.dtype == bool) == (expected.dtype == bool)
        except (TypeError, ValueError):
            return False


def as_list(value):
    """Return a list for list-like values of one dimension, else None."""
    if isinstance(value, pd.Series | pd.Index):
        return value.tolist()
    if isinstance(value, np.ndarray) and value.ndim == 1:
        return list(value)
    return list(value) if isinstance(value, list | tuple) else None


def equal_objects(got, expected):
    """Compare texts and other objects, whose ``==`` may fail or may not answer yes or no."""
    if type(got) is not type(expected) and not isinstance(got, str):
        return False
    try:
        return bool(got == expected)
    except Exception:
        return False


def first(messages):
    """Return the first message that is not None."""
    return next((message for message in messages if message is not None), None)


def is_missing(value):
    """Tell whether one value is None, NaN, ``<NA>`` or NaT."""
    missing = pd.isna(value) if value is None or pd.api.types.is_scalar(value) else False
    return bool(missing)


def values_kind(dtype):
    """Name the kind of a dtype: integers and floats are one kind, texts and objects another."""
    if pd.api.types.is_bool_dtype(dtype):
        return "true or false"
    if pd.api.types.is_numeric_dtype(dtype):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "date"
    return "text or object"


def kind(value):
    """Name the type of a value, with the value itself where it is short."""
    name = type(value).__name__
    return "None" if value is None else f"a {name} ({short(value)})"


def short(value, longest=LONGEST_VALUE):
    """Write a value on one line of at most ``longest`` characters."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not isinstance(value, bool):
        text = f"{value:.10g}" if value == value else "NaN"
    elif isinstance(value, pd.DataFrame):
        text = f"DataFrame of {len(value)} rows with columns {list(value.columns)}"
    elif isinstance(value, pd.Series):
        text = f"Series({short(value.tolist(), longest)})"
    elif isinstance(value, np.ndarray):
        text = f"array({short(value.tolist(), longest)})"
    elif isinstance(value, list | tuple):
        inside = ", ".join(short(v, longest) for v in list(value)[:50])
        text = f"[{inside}]" if isinstance(value, list) else f"({inside})"
    else:
        try:
            text = " ".join(repr(value).split())
        except Exception:
            text = f"a {type(value).__name__} that cannot be shown"
    return text if len(text) <= longest else text[: longest - 1] + "…"
