"""A closed format for values that cross between processes: JSON inside, never pickle.

Only exact built-in, NumPy and pandas types cross; everything else is refused. Arrays travel as npy
bytes read with ``allow_pickle=False``, columns of mixed objects value by value.
"""

import base64
import io
import json
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workshop_lib.checks.files import TextFile

TAG = "$"
MOST_CHARACTERS = 64 * 1024 * 1024


@dataclass(frozen=True)
class Handle:
    """Stands for an object that stays in the other process.

    Attributes
    ----------
    path : tuple
        Where it is: ``("name", "clean_age")`` or ``("handle", 3)``, then names of attributes.
    shown : str
        How a message shows it.
    """

    path: tuple
    shown: str = ""


_EXTENSIONS = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean|str|string|datetime64\[.+, .+\]")


def dumps(value):
    """Write a value as one line of JSON.

    Parameters
    ----------
    value : object
        None, bool, int, float, str, list, tuple, dict, set, NumPy scalar or array (numbers,
        truth values, texts, dates), Timestamp, Series, DataFrame, Index, or any nesting of these.
        A pandas dtype may also be categorical, nullable, text or a date with a time zone.
        A `Handle` and a `TextFile` cross, too.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        For any other type, also for subclasses; the text names it.
    ValueError
        When the value holds itself, or needs more than `MOST_CHARACTERS`.

    Examples
    --------
    >>> loads(dumps({"ages": (1, float("nan"))}))
    {'ages': (1, nan)}
    """
    try:
        text = json.dumps(encode(value))
    except RecursionError:
        raise ValueError("A value that holds itself cannot cross between processes.") from None
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"A value of {len(text)} characters is too large to cross.")
    return text


def loads(text):
    """Read a value that :func:`dumps` wrote.

    Raises
    ------
    ValueError
        When the text is not of this format.
    """
    try:
        return decode(json.loads(text))
    # pandas and NumPy raise many kinds for parts that do not fit; none of them matters here.
    except Exception as problem:
        raise ValueError(f"This is not a value of the closed format: {problem!r}.") from None


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
    if kind is Handle:
        return {TAG: "handle", "path": encode(value.path), "shown": encode(value.shown)}
    if kind is TextFile:
        return {TAG: "file", "name": value.name, "text": value.text}
    if value is pd.NA or value is pd.NaT:
        return {TAG: "missing", "name": "NaT" if value is pd.NaT else "NA"}
    if kind is pd.Timestamp:
        return {TAG: "timestamp", "column": _encode_column(pd.Series([value]))}
    if issubclass(kind, np.generic) and kind.__module__ == "numpy":
        return {TAG: "scalar", "array": _encode_array(np.asarray(value))}
    if kind is np.ndarray:
        return _encode_array(value)
    if kind is pd.RangeIndex:
        parts = [value.start, value.stop, value.step]
        return {TAG: "range", "name": encode(value.name), "of": parts}
    if kind in (pd.Index, pd.CategoricalIndex, pd.DatetimeIndex, pd.TimedeltaIndex):
        frequency = getattr(value, "freqstr", None)
        name, values = encode(value.name), _encode_column(value)
        return {TAG: "index", "name": name, "values": values, "frequency": frequency}
    if kind is pd.Series:
        name, index = encode(value.name), encode(value.index)
        return {TAG: "series", "name": name, "index": index, "values": _encode_column(value)}
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
        values = [encode(v) for v in array.flat]
        return {TAG: "objects", "shape": list(array.shape), "values": values}
    if array.dtype.kind not in "biufcUMm":
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
        return {
            TAG: "categorical",
            "codes": _encode_array(np.asarray(column.array.codes)),
            "categories": encode(dtype.categories),
            "ordered": bool(dtype.ordered),
        }
    if not _EXTENSIONS.fullmatch(str(dtype)):
        raise TypeError(f"A column of dtype {dtype} cannot cross between processes.")
    if isinstance(dtype, pd.DatetimeTZDtype):
        utc = pd.Index(column).tz_convert("UTC").tz_localize(None).to_numpy()
        return {TAG: "zoned", "utc": _encode_array(utc), "dtype": str(dtype)}
    return {TAG: "extension", "dtype": str(dtype), "values": [encode(v) for v in column.tolist()]}


def _decode_npy(data):
    stream = io.BytesIO(base64.b64decode(data["base64"], validate=True))
    return np.lib.format.read_array(stream, allow_pickle=False)


def _decode_objects(data):
    array = np.empty(len(data["values"]), dtype=object)
    for position, value in enumerate(data["values"]):
        array[position] = decode(value)
    return array.reshape(data["shape"])


def _decode_index(data):
    values = decode(data["values"])
    index = pd.Index(values, name=decode(data["name"]), dtype=values.dtype)
    if data["frequency"] is not None:
        index.freq = data["frequency"]
    return index


def _decode_series(data):
    values = decode(data["values"])
    index, name = decode(data["index"]), decode(data["name"])
    return pd.Series(values, index=index, name=name, dtype=values.dtype)


def _decode_frame(data):
    index = decode(data["index"])
    columns = [decode(values) for values in data["values"]]
    series = {i: pd.Series(v, index=index, dtype=v.dtype) for i, v in enumerate(columns)}
    frame = pd.DataFrame(series, index=index)
    frame.columns = decode(data["columns"])
    return frame


def _decode_extension(data):
    if not _EXTENSIONS.fullmatch(data["dtype"]):
        raise ValueError(f"unknown dtype {data['dtype']}")
    return pd.array([decode(v) for v in data["values"]], dtype=data["dtype"])


def _decode_zoned(data):
    dtype = pd.DatetimeTZDtype.construct_from_string(data["dtype"])
    return pd.Series(decode(data["utc"])).dt.tz_localize("UTC").astype(dtype).array


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
    "handle": lambda d: Handle(decode(d["path"]), str(d["shown"])),
    "file": lambda d: TextFile(str(d["name"]), str(d["text"])),
    "missing": lambda d: {"NA": pd.NA, "NaT": pd.NaT}[d["name"]],
    "timestamp": lambda d: pd.Series(decode(d["column"])).iloc[0],
    "scalar": lambda d: decode(d["array"])[()],
    "npy": _decode_npy,
    "objects": _decode_objects,
    "range": lambda d: pd.RangeIndex(*d["of"], name=decode(d["name"])),
    "index": _decode_index,
    "series": _decode_series,
    "frame": _decode_frame,
    "extension": _decode_extension,
    "zoned": _decode_zoned,
    "categorical": _decode_categorical,
}
