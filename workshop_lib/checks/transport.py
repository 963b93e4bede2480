"""A closed format for values that cross between processes: JSON inside, never pickle.

Only exact built-in, NumPy and pandas types cross; everything else is refused. Arrays travel as npy
bytes read with ``allow_pickle=False``, columns of mixed objects value by value.
"""

import base64
import io
import json

import numpy as np
import pandas as pd

TAG = "$"


def dumps(value):
    """Write a value as one line of JSON.

    Parameters
    ----------
    value : object
        None, bool, int, float, str, list, tuple, dict, set, NumPy scalar or array of numbers,
        booleans or texts, Timestamp, Series, DataFrame, Index, or any nesting of these.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        For any other type; the text names it.

    Examples
    --------
    >>> loads(dumps({"ages": (1, float("nan"))}))
    {'ages': (1, nan)}
    """
    return json.dumps(encode(value))


def loads(text):
    """Read a value that :func:`dumps` wrote.

    Raises
    ------
    ValueError
        When the text is not of this format.
    """
    try:
        return decode(json.loads(text))
    except (KeyError, TypeError, IndexError, AttributeError) as problem:
        raise ValueError(f"This is not a value of the closed format: {problem}.") from None


def encode(value):
    """Turn a value into plain JSON data."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if np.isfinite(value) else {TAG: "float", "text": repr(value)}
    if kind is list:
        return [encode(v) for v in value]
    if kind is dict:
        return {TAG: "dict", "pairs": [[encode(k), encode(v)] for k, v in value.items()]}
    if kind in (tuple, set, frozenset):
        return {TAG: kind.__name__, "values": [encode(v) for v in value]}
    if value is pd.NA or value is pd.NaT:
        return {TAG: "missing", "name": "NaT" if value is pd.NaT else "NA"}
    if kind is pd.Timestamp:
        return {TAG: "timestamp", "text": value.isoformat()}
    if isinstance(value, np.generic) and value.dtype.kind in "biufU":
        return {TAG: "scalar", "dtype": value.dtype.str, "value": encode(value.item())}
    if kind is np.ndarray:
        return _encode_array(value)
    if kind is pd.RangeIndex:
        return {
            TAG: "range",
            "name": encode(value.name),
            "of": [value.start, value.stop, value.step],
        }
    if isinstance(value, pd.Index):
        return {TAG: "index", "name": encode(value.name), "values": _encode_column(value)}
    if kind is pd.Series:
        return {
            TAG: "series",
            "name": encode(value.name),
            "index": encode(value.index),
            "values": _encode_column(value),
        }
    if kind is pd.DataFrame:
        return {
            TAG: "frame",
            "columns": encode(value.columns),
            "index": encode(value.index),
            "values": [_encode_column(value.iloc[:, i]) for i in range(value.shape[1])],
        }
    raise TypeError(f"A value of type {kind.__name__} cannot cross between processes.")


def decode(data):
    """Turn plain JSON data back into the value."""
    if isinstance(data, list):
        return [decode(v) for v in data]
    if not isinstance(data, dict):
        return data
    return _DECODERS[data[TAG]](data)


def _encode_array(array):
    if array.dtype.kind == "O":
        return {
            TAG: "objects",
            "shape": list(array.shape),
            "values": [encode(v) for v in array.flat],
        }
    if array.dtype.kind not in "biufUM":
        raise TypeError(f"An array of dtype {array.dtype} cannot cross between processes.")
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return {TAG: "npy", "base64": base64.b64encode(buffer.getvalue()).decode("ascii")}


def _encode_column(column):
    """Encode the values of a Series or Index together with their dtype."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype):
        return _encode_array(column.to_numpy())
    if isinstance(dtype, pd.CategoricalDtype):
        values = column.array
        return {
            TAG: "categorical",
            "codes": _encode_array(np.asarray(values.codes)),
            "categories": encode(values.categories),
            "ordered": bool(values.ordered),
        }
    return {TAG: "extension", "dtype": str(dtype), "values": [encode(v) for v in column.tolist()]}


def _decode_objects(data):
    array = np.empty(len(data["values"]), dtype=object)
    array[:] = [decode(v) for v in data["values"]]
    return array.reshape(data["shape"])


def _decode_frame(data):
    columns, index = decode(data["columns"]), decode(data["index"])
    frame = pd.DataFrame({i: decode(v) for i, v in enumerate(data["values"])}, index=index)
    frame.columns = columns
    return frame


def _decode_extension(data):
    return pd.array([decode(v) for v in data["values"]], dtype=data["dtype"])


def _decode_categorical(data):
    return pd.Categorical.from_codes(
        decode(data["codes"]), categories=decode(data["categories"]), ordered=data["ordered"]
    )


_DECODERS = {
    "float": lambda d: float(d["text"]),
    "dict": lambda d: {decode(k): decode(v) for k, v in d["pairs"]},
    "tuple": lambda d: tuple(decode(v) for v in d["values"]),
    "set": lambda d: {decode(v) for v in d["values"]},
    "frozenset": lambda d: frozenset(decode(v) for v in d["values"]),
    "missing": lambda d: {"NA": pd.NA, "NaT": pd.NaT}[d["name"]],
    "timestamp": lambda d: pd.Timestamp(d["text"]),
    "scalar": lambda d: np.dtype(d["dtype"]).type(decode(d["value"])),
    "npy": lambda d: np.load(io.BytesIO(base64.b64decode(d["base64"])), allow_pickle=False),
    "objects": _decode_objects,
    "range": lambda d: pd.RangeIndex(*d["of"], name=decode(d["name"])),
    "index": lambda d: pd.Index(decode(d["values"]), name=decode(d["name"])),
    "series": lambda d: pd.Series(
        decode(d["values"]), index=decode(d["index"]), name=decode(d["name"])
    ),
    "frame": _decode_frame,
    "extension": _decode_extension,
    "categorical": _decode_categorical,
}
