"""Say in one short sentence how what we got differs from what was expected."""

import cmath
import itertools
import numbers
import re

import numpy as np
import pandas as pd

RTOL, ATOL = 1e-6, 1e-9
LONGEST_VALUE = 120
LONGEST_MESSAGE = 280


def same(got, expected, *, rtol=RTOL, atol=ATOL):
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


def difference(got, expected, *, rtol=RTOL, atol=ATOL, what="result"):
    """Describe the first difference between two values, or return None when they are equal.

    Integers and floats with equal values are equal, and two integers must be exactly equal unless
    a wider tolerance is asked for; truth values are equal to truth values only; missing values
    (None, NaN, ``<NA>``, NaT) are equal to each other; lists, tuples and one-dimensional arrays are
    interchangeable; the order of columns and of dictionary keys does not count; the index of a
    Series or frame does.

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
    message = _Comparison(rtol, atol).values(got, expected, what)
    return None if message is None else cut(" ".join(message.splitlines()), LONGEST_MESSAGE)


def is_a(value, *kinds):
    """Tell whether a value is of one of the types; unlike `isinstance`, it cannot be lied to.

    An answer may claim any ``__class__``.
    """
    return issubclass(type(value), kinds)


class _Comparison:
    """The tolerances of one comparison, and a method for every kind of expected value."""

    def __init__(self, rtol, atol):
        self.rtol = rtol
        self.atol = atol
        self.exact_integers = rtol <= RTOL and atol <= ATOL

    def values(self, got, expected, where):
        got, expected = unpacked(got), unpacked(expected)
        if is_a(expected, pd.DataFrame):
            return self.frames(got, expected, where)
        if is_a(expected, pd.Series):
            return self.series(got, expected, where)
        if is_a(expected, np.ndarray):
            return self.arrays(got, expected, where)
        if is_a(expected, dict):
            return self.dicts(got, expected, where)
        if is_a(expected, set, frozenset):
            return self.sets(got, expected, where)
        if is_a(expected, list, tuple, pd.Index):
            return self.lists(got, list(expected), where)
        return self.scalars(got, expected, where)

    def scalars(self, got, expected, where):
        booleans = is_a(expected, bool, np.bool_), is_a(got, bool, np.bool_)
        if is_missing(expected) or is_missing(got):
            equal = is_missing(expected) and is_missing(got)
        elif any(booleans):
            equal = all(booleans) and bool(got) == bool(expected)
        elif is_a(expected, numbers.Number):
            if not is_a(got, numbers.Number):
                return f"{where}: expected a number ({short(expected)}), got {kind(got)}"
            equal = self.equal_numbers(got, expected)
        else:
            equal = equal_objects(got, expected)
        return None if equal else f"{where}: expected {short(expected)}, got {short(got)}"

    def equal_numbers(self, got, expected):
        try:
            if is_a(got, numbers.Integral) and is_a(expected, numbers.Integral):
                got, expected = int(got), int(expected)
                if self.exact_integers:
                    return got == expected
            got, expected = complex(got), complex(expected)
        except (OverflowError, TypeError):
            return False
        return cmath.isclose(got, expected, rel_tol=self.rtol, abs_tol=self.atol)

    def lists(self, got, expected, where):
        values = as_list(got)
        if values is None:
            return f"{where}: expected a list of {len(expected)}, got {kind(got)}"
        if len(values) != len(expected):
            return f"{where}: expected {len(expected)} values, got {len(values)}"
        return first(
            self.values(g, e, f"{where}[{i}]") for i, (g, e) in enumerate(zip(values, expected))
        )

    def arrays(self, got, expected, where):
        try:
            array = np.asarray(got, dtype=object if expected.dtype == object else None)
        except Exception:  # a ragged list, or an object with an `__array__` of its own
            return f"{where}: expected an array of shape {expected.shape}, got {kind(got)}"
        if array.shape != expected.shape:
            return f"{where}: expected shape {expected.shape}, got {array.shape or kind(got)}"
        return self.cells(array, expected, lambda i: f"{where}[{', '.join(map(str, i))}]")

    def series(self, got, expected, where):
        if not is_a(got, pd.Series):
            return f"{where}: expected a Series, got {kind(got)}"
        return self.index(got.index, expected.index, where) or self.column(got, expected, where)

    def column(self, got, expected, where):
        if values_kind(got.dtype) != values_kind(expected.dtype):
            return f"{where}: expected dtype {expected.dtype}, got {got.dtype}"
        return self.cells(
            column_values(got),
            column_values(expected),
            lambda i: f"{where} at index {short(expected.index[i[0]], 40)}",
        )

    def frames(self, got, expected, where):
        if not is_a(got, pd.DataFrame):
            return f"{where}: expected a DataFrame, got {kind(got)}"
        if not got.columns.is_unique:
            return f"{where}: column names occur more than once in {short(list(got.columns))}"
        return (
            names_differ("columns", got.columns, expected.columns, where)
            or self.index(got.index, expected.index, where)
            or first(
                self.column(got[c], expected[c], f"{where}, column {short(c, 40)}")
                for c in expected.columns
            )
        )

    def index(self, got, expected, where):
        if len(got) != len(expected):
            return f"{where}: expected {len(expected)} rows, got {len(got)}"
        if got.equals(expected):
            return None
        for position, (g, e) in enumerate(zip(got, expected)):
            if self.values(g, e, "") is not None:
                return f"{where}: row {position}: expected index label {short(e)}, got {short(g)}"
        return None

    def dicts(self, got, expected, where):
        if not is_a(got, dict):
            return f"{where}: expected a dictionary, got {kind(got)}"
        return names_differ("keys", got, expected, where) or first(
            self.values(got[k], expected[k], f"{where}[{short(k, 40)}]") for k in expected
        )

    def sets(self, got, expected, where):
        if not is_a(got, set, frozenset):
            return f"{where}: expected a set, got {kind(got)}"
        return names_differ("sets", frozenset(got), expected, where)

    def cells(self, got, expected, name):
        """Compare two arrays of one shape; ``name`` makes the name of a cell from its place."""
        different = self.differing(got, expected)
        if different is None:
            pairs = zip(got.flat, expected.flat)
            different = np.array([self.values(g, e, "") is not None for g, e in pairs], dtype=bool)
            different = different.reshape(expected.shape)
        if not different.any():
            return None
        place = tuple(int(k) for k in np.argwhere(different)[0])
        message = self.values(got[place], expected[place], name(place))
        count = int(different.sum())
        return message + (f" ({count} of {expected.size} values differ)" if count > 1 else "")

    def differing(self, got, expected):
        """Mark the cells that differ, for plain numbers at once; None for other arrays."""
        kinds = got.dtype.kind + expected.dtype.kind
        if not set(kinds) <= set("iuf"):
            return None
        if "f" not in kinds and self.exact_integers:
            return got != expected
        got, expected = got.astype(float), expected.astype(float)
        with np.errstate(invalid="ignore", over="ignore"):
            largest = np.maximum(np.abs(got), np.abs(expected))
            near = np.abs(got - expected) <= np.maximum(self.rtol * largest, self.atol)
        near &= np.isfinite(largest)
        return ~(near | (got == expected) | (np.isnan(got) & np.isnan(expected)))


def unpacked(value):
    """Take the value out of an array of no dimensions."""
    return value[()] if type(value) is np.ndarray and value.ndim == 0 else value


def column_values(column):
    """Return the values of a Series: plain numbers as they are, everything else as objects."""
    plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf"
    return column.to_numpy() if plain else column.to_numpy(dtype=object)


def names_differ(what, got, expected, where):
    """Say which names are missing and which are unexpected, or return None."""
    missing = [name for name in expected if name not in got]
    extra = [name for name in got if name not in expected]
    parts = [f"missing {short(in_order(missing))}"] * bool(missing)
    parts += [f"unexpected {short(in_order(extra))}"] * bool(extra)
    return f"{where}: {what} differ, {' and '.join(parts)}" if parts else None


def in_order(names):
    """Sort names by how they are shown, so that a message does not depend on hash seeds."""
    return sorted(names, key=short)


def as_list(value):
    """Return a list for list-like values of one dimension, else None."""
    if is_a(value, pd.Series, pd.Index):
        return value.tolist()
    if is_a(value, np.ndarray):
        return list(value) if value.ndim == 1 else None
    return list(value) if is_a(value, list, tuple) else None


def equal_objects(got, expected):
    """Compare texts and other objects; an answer's own ``==`` is not asked."""
    if is_a(expected, str):
        return is_a(got, str) and str.__eq__(expected, got)
    if type(got) is not type(expected):
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
    if is_a(value, float, np.floating):
        return bool(np.isnan(value))
    if is_a(value, np.datetime64, np.timedelta64):
        return bool(np.isnat(value))
    return value is None or value is pd.NA or value is pd.NaT


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
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name} ({short(value)})"


def short(value, longest=LONGEST_VALUE):
    """Write a value on one line of at most ``longest`` characters, without addresses."""
    try:
        text = re.sub(r" at 0x[0-9a-fA-F]+", "", _written(value, longest))
    except Exception:
        text = f"a value of type {type(value).__name__} that cannot be shown"
    return cut(" ".join(text.splitlines()), longest)


def cut(text, longest):
    """Cut a text to at most ``longest`` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _written(value, longest):
    # Each level of nesting may take half the room, which also ends lists that hold themselves.
    if longest < 4:
        return "…"
    inside = longest // 2 + 1
    if is_a(value, pd.DataFrame):
        columns = short(list(value.columns), inside)
        return f"DataFrame of {len(value)} rows with columns {columns}"
    if is_a(value, pd.Series, np.ndarray) and value.ndim > 0:
        name, rows = ("Series", value.iloc) if is_a(value, pd.Series) else ("array", value)
        return f"{name}({short(rows[:50].tolist(), longest)})"
    if is_a(value, list, tuple):
        text = ", ".join(short(v, inside) for v in value[:50])
        return f"[{text}]" if is_a(value, list) else f"({text}{',' * (len(value) == 1)})"
    if is_a(value, dict) and value:
        pairs = itertools.islice(value.items(), 50)
        return f"{{{', '.join(f'{short(k, inside)}: {short(v, inside)}' for k, v in pairs)}}}"
    if is_a(value, set, frozenset) and value:
        return f"{{{', '.join(sorted(short(v, inside) for v in value))}}}"
    if is_a(value, np.datetime64, np.timedelta64):
        return str(value)
    value = value.item() if is_a(value, np.generic) else value
    if is_a(value, float):
        return "NaN" if value != value else f"{value:.10g}"
    return repr(value[: 2 * longest] if is_a(value, str) else value)
