"""Hand results over from one unit to a later one.

An artefact has a name and is stored as text, never as a pickle: reading one cannot run code. Models
are stored with skops, which loads known types only.

========================  =============================================
object                    files
========================  =============================================
dict, list, text, number  ``<name>.json``
DataFrame                 ``<name>.csv`` and ``<name>.columns.json``
pandera DataFrameSchema   ``<name>.pandera.json``
scikit-learn estimator    ``<name>.skops``
========================  =============================================

A learner's artefacts are in the folder ``artifacts``. It lies in the nearest folder, from the
current one upwards, that has a ``.workshop`` folder (the learner's work folder), and where there
is none in the current folder. The course ships a reference for every artefact that a later unit
reads. With the environment variable ``WORKSHOP_REFERENCE_ONLY=1``, as in grading, `get` reads
references only and `put` checks the object and writes nothing.
"""

import json
import os
from pathlib import Path

_MISSING = r"\N"  # not the empty string: an empty text and a missing value must stay different
_TABLE = ".csv"
_COLUMNS = ".columns.json"
_SCHEMA = ".pandera.json"
_JSON = ".json"
_MODEL = ".skops"
_ENDINGS = (_SCHEMA, _COLUMNS, _TABLE, _JSON, _MODEL)
# Types that skops does not trust by itself, and that cannot run code.
_TRUSTED = ["numpy.dtype"]


def put(name, obj):
    """Store an artefact for later units.

    Parameters
    ----------
    name : str
        Lower-case letters, digits and ``_``, a letter first.
    obj : dict, list, str, int, float, bool, None, DataFrame, pandera DataFrameSchema or estimator
        A frame needs the default index and unique text as column names. An estimator of
        scikit-learn may hold types of scikit-learn and NumPy only, no functions of your own.

    Raises
    ------
    TypeError
        If `obj` holds something that cannot be stored as text.
    ValueError
        If `name` is malformed, if `obj` would not come back equal, or if it breaks the JSON Schema
        of this artefact. Nothing is written then.
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> put("sizes", {"small": float("inf")})
    Traceback (most recent call last):
    ValueError: sizes['small'] is inf, which JSON does not have; use None or a text
    """
    _check_name(name)
    files = _encode(obj, name)
    _check_against_schema(name, files)
    if _reference_only():
        return
    _write(_learner_folder(), name, files)


def get(name, *, reference=False):
    """Read an artefact: the learner's own, or else the reference of the course.

    One printed line says which of the two it is.

    Parameters
    ----------
    name : str
        The name given to `put`.
    reference : bool, default=False
        True reads the reference even when there is an artefact of your own.

    Returns
    -------
    object
        Equal to what was put.

    Raises
    ------
    LookupError
        If there is neither an artefact of your own nor a reference.
    ValueError
        If your own artefact is damaged or breaks its JSON Schema; the message gives the reason.

    Examples
    --------
    >>> get("no_such_thing")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    LookupError: there is no artefact 'no_such_thing'; known names: ...
    """
    _check_name(name)
    folders = {"your own artefact": _learner_folder(), "the reference of the course": _reference()}
    if reference or _reference_only():
        del folders["your own artefact"]
    for origin, folder in folders.items():
        files = _read(folder, name)
        if files:
            obj = _decode_checked(name, files, origin)
            print(f"{name}: {origin}")
            return obj
    known = sorted({known for folder in folders.values() for known in _names(folder)})
    raise LookupError(
        f"there is no artefact {name!r}; known names: {', '.join(known) or 'none yet'}"
    )


def save(folder, name, obj):
    """Write an artefact into a folder of your choice.

    For authors, who make the references in ``datasets/reference``. It checks `obj` as `put` does.

    Parameters
    ----------
    folder : path
        Made if it is missing.
    name, obj
        As in `put`.

    Raises
    ------
    TypeError, ValueError, OSError
        As in `put`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(folder, "example", [{"step": "clean_age"}])
    ...     print([path.name for path in Path(folder).iterdir()])
    ['example.json']
    """
    _check_name(name)
    files = _encode(obj, name)
    _check_against_schema(name, files)
    _write(Path(folder), name, files)


def digest(obj):
    """Return the SHA-256 of an object's content, the same in every process.

    For a frame: of its canonical CSV, its column names in their order, and their dtypes. The
    order of rows counts, the labels of the index do not. For JSON: the order of keys does not
    count. A column of dtype ``object`` is hashed as text: 1 and "1" are the same there.

    Parameters
    ----------
    obj : dict, list, str, int, float, bool, None, DataFrame or pandera DataFrameSchema

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    TypeError, ValueError
        If `obj` has no canonical text: a set, a tuple, NaN outside a frame.

    Examples
    --------
    >>> digest({"a": 1, "b": [2, 3]})[:12]
    '3756d79d1345'
    >>> digest({"b": [2, 3], "a": 1}) == digest({"a": 1, "b": [2, 3]})
    True
    """
    import hashlib

    texts = _frame_texts(obj, "frame") if _is_frame(obj) else _encode(obj, "object")
    if _MODEL in texts:
        return hashlib.sha256(texts[_MODEL]).hexdigest()
    # Each text is preceded by its kind, so that a frame never equals a list that spells it out.
    content = "".join(f"{ending}\n{text}" for ending, text in texts.items())
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


# ---- folders and files ------------------------------------------------------------------------


def _reference_only():
    return os.environ.get("WORKSHOP_REFERENCE_ONLY", "") not in ("", "0")


def _learner_folder():
    here = Path.cwd()
    work = next((path for path in (here, *here.parents) if (path / ".workshop").is_dir()), here)
    return work / "artifacts"


def _reference():
    from workshop_lib.data.files import dataset_path

    return dataset_path("reference")


def _check_name(name):
    import re

    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"{name!r} is not a name of an artefact; use lower-case letters, digits and _"
        )


def _names(folder):
    """Return the names of the artefacts in a folder."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return {
        path.name.split(".")[0] for path in paths if "." + path.name.partition(".")[2] in _ENDINGS
    }


def _read(folder, name):
    """Return the text of each file of an artefact, by ending; of a model its bytes."""
    paths = {ending: folder / (name + ending) for ending in _ENDINGS}
    # newline="" keeps a carriage return inside a text of a table.
    return {
        ending: path.read_bytes()
        if ending == _MODEL
        else path.open(encoding="utf-8", newline="").read()
        for ending, path in paths.items()
        if path.is_file()
    }


def _write(folder, name, files):
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, text in files.items():
            unfinished = folder / f".{name}{ending}"
            unfinished.write_bytes(text if ending == _MODEL else text.encode("utf-8"))
            unfinished.replace(folder / (name + ending))
        for ending in _ENDINGS:  # an earlier artefact of this name may be of another kind
            if ending not in files:
                (folder / (name + ending)).unlink(missing_ok=True)
    except OSError as error:
        raise OSError(
            f"cannot store {name!r} in {folder}: {error.strerror}; make the folder writable"
        ) from error


# ---- objects to text and back ------------------------------------------------------------------


def _is_frame(obj):
    import pandas as pd

    return isinstance(obj, pd.DataFrame)


def _is_pandera(obj):
    return type(obj).__module__.partition(".")[0] == "pandera"


def _is_estimator(obj):
    return hasattr(obj, "get_params") and hasattr(obj, "fit") and not isinstance(obj, type)


def _encode(obj, name):
    """Return the text of each file by ending, proved to give back an equal object."""
    if _is_frame(obj):
        return _encode_frame(obj, name)
    if _is_pandera(obj):
        return {_SCHEMA: _encode_schema(obj, name)}
    if _is_estimator(obj):
        return {_MODEL: _encode_model(obj, name)}
    _check_json(obj, name)
    return {_JSON: _canonical_json(obj)}


def _decode(files):
    if set(files) == {_JSON}:
        return json.loads(files[_JSON])
    if set(files) == {_SCHEMA}:
        import pandera.pandas as pandera

        return pandera.DataFrameSchema.from_json(files[_SCHEMA])
    if set(files) == {_TABLE, _COLUMNS}:
        return _frame(files)
    if set(files) == {_MODEL}:
        return _model(files[_MODEL])
    raise ValueError(f"the files {', '.join(sorted(files))} do not belong together")


def _decode_checked(name, files, origin):
    try:
        _check_against_schema(name, files)
        return _decode(files)
    except Exception as error:  # a damaged file fails in as many ways as there are readers
        reason = str(error) or type(error).__name__
        has_reference = name in _names(_reference())
        offer = f', or read artifacts.get("{name}", reference=True)' if has_reference else ""
        raise ValueError(
            f"{name} ({origin}) is refused: {reason}. Make it again with artifacts.put{offer}"
        ) from error


def _canonical_json(obj):
    return json.dumps(obj, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _check_json(obj, where):
    """Refuse what JSON cannot give back equal; the message says where it is."""
    import math

    if isinstance(obj, dict):
        for key, value in obj.items():
            if not isinstance(key, str):
                raise TypeError(f"{where} has the key {key!r}; JSON needs text as keys")
            _check_json(value, f"{where}[{key!r}]")
    elif isinstance(obj, list):
        for position, value in enumerate(obj):
            _check_json(value, f"{where}[{position}]")
    elif isinstance(obj, float):
        if not math.isfinite(obj):
            raise ValueError(f"{where} is {obj}, which JSON does not have; use None or a text")
    elif not isinstance(obj, str | int | None):
        raise TypeError(
            f"{where} is of type {type(obj).__name__}; expected dict, list, str, int, float, bool "
            f"or None{_advice(obj)}"
        )


def _advice(obj):
    if isinstance(obj, tuple | set | frozenset):
        return "; use a list"
    if hasattr(obj, "tolist"):
        return "; use .tolist()"
    return ""


def _check_against_schema(name, files):
    """Validate the JSON of an artefact (of a frame: its list of columns), if there is a schema."""
    from workshop_lib.data.files import dataset_path

    path = dataset_path("schemas") / f"{name}.schema.json"
    if not path.is_file():
        return
    from jsonschema import ValidationError, validate

    text = next((files[end] for end in (_JSON, _SCHEMA, _COLUMNS) if end in files), "null")
    try:
        validate(json.loads(text), json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise ValueError(f"{name}{error.json_path.removeprefix('$')}: {error.message}") from None


# ---- frames ------------------------------------------------------------------------------------


def _frame_texts(frame, name):
    labels = list(frame.columns)
    if not labels or len(set(labels)) < len(labels) or not all(isinstance(x, str) for x in labels):
        raise ValueError(f"{name} needs unique text as column names, got {labels}")
    columns = [{"name": label, "dtype": _dtype(frame[label])} for label in labels]
    table = frame.to_csv(index=False, na_rep=_MISSING, lineterminator="\n")
    return {_COLUMNS: _canonical_json(columns), _TABLE: table}


def _encode_frame(frame, name):
    import pandas as pd

    if not frame.index.equals(pd.RangeIndex(len(frame))) or frame.index.name is not None:
        raise ValueError(
            f"{name} has an index of its own, which a CSV file does not keep; "
            "call .reset_index(drop=True), or without drop to keep the labels as a column"
        )
    files = _frame_texts(frame, name)
    try:
        pd.testing.assert_frame_equal(_frame(files), frame, check_exact=True, check_freq=False)
    except Exception as error:  # each dtype that a CSV file cannot keep fails in its own way
        reason = " ".join(str(error).split())[:200]
        raise ValueError(
            f"{name} would not come back equal from a CSV file: {reason}. Give each column one "
            "simple dtype: numbers, text (without \\r, and not \\N), bool, category or dates"
        ) from error
    return files


def _dtype(column):
    """Return the dtype of a column, or of a list of categories, as JSON."""
    if column.dtype != "category":
        return str(column.dtype)
    categories = column.cat.categories.to_series()
    return {
        "categories": [str(category) for category in categories],
        "of": _dtype(categories),
        "ordered": bool(column.cat.ordered),
    }


def _frame(files):
    import io

    import pandas as pd

    texts = pd.read_csv(
        io.StringIO(files[_TABLE]), dtype="str", keep_default_na=False, na_values=[_MISSING]
    )
    columns = json.loads(files[_COLUMNS])
    expected = [column["name"] for column in columns]
    if list(texts.columns) != expected:
        raise ValueError(f"the table has columns {list(texts.columns)}, expected {expected}")
    return pd.DataFrame({column["name"]: _column(texts, column) for column in columns})


def _column(texts, column):
    return _parse(texts[column["name"]], column["dtype"])


def _parse(texts, dtype):
    """Turn a column of text into a column of the given dtype."""
    import pandas as pd

    if isinstance(dtype, dict):
        categories = _parse(pd.Series(dtype["categories"], dtype="str"), dtype["of"])
        values = _parse(texts.dropna(), dtype["of"]).reindex(texts.index)
        return values.astype(pd.CategoricalDtype(categories, dtype["ordered"]))
    if dtype in ("bool", "boolean"):
        return texts.map({"True": True, "False": False}).astype(dtype)
    if dtype.startswith("datetime64"):
        with_zone = "," in dtype
        return pd.to_datetime(texts, format="ISO8601", utc=with_zone).astype(dtype)
    if dtype.startswith("timedelta64"):
        return pd.to_timedelta(texts).astype(dtype)
    return texts.astype(dtype)


# ---- pandera schemas ---------------------------------------------------------------------------


def _encode_schema(schema, name):
    import warnings

    import pandera.pandas as pandera

    if not isinstance(schema, pandera.DataFrameSchema):
        raise TypeError(
            f"{name} is {schema!r:.60}, expected a pandera DataFrameSchema; "
            "call .to_schema() on a DataFrameModel"
        )
    with warnings.catch_warnings():
        # pandera only warns when it leaves a check out; the comparison below refuses the schema.
        warnings.simplefilter("ignore")
        try:
            text = _canonical_json(json.loads(schema.to_json()))
            back = pandera.DataFrameSchema.from_json(text)
        except Exception as error:  # pandera does not say which errors it raises
            raise ValueError(f"{name} cannot be stored: pandera says {error!r:.200}") from error
    if back != schema:
        raise ValueError(
            f"{name} would not come back equal: {_difference(schema, back)} would change. Use "
            "built-in checks such as Check.in_range, with lists, and no functions of your own"
        )
    return text


def _difference(schema, back):
    """Name the first part of a schema that differs."""
    for label, column in schema.columns.items():
        other = back.columns.get(label)
        for key, value in vars(column).items():
            if other is None or vars(other).get(key) != value:
                return f"column {label!r}, {key.strip('_')}"
    other = vars(back)
    return next(key.strip("_") for key, value in vars(schema).items() if other.get(key) != value)


# ---- models ------------------------------------------------------------------------------------


def _encode_model(estimator, name):
    """Return a model as bytes of skops, the same bytes for the same model."""
    import skops.io

    try:
        content = _canonical_model(skops.io.dumps(estimator))
        _model(content)
    except Exception as error:  # skops does not say which errors it raises
        reason = " ".join(str(error).split())[:200]
        raise ValueError(
            f"{name} cannot be stored: {reason}. Use estimators of scikit-learn, and no functions "
            "of your own"
        ) from error
    return content


def _model(content):
    import skops.io

    return skops.io.loads(content, trusted=_TRUSTED)


def _canonical_model(content):
    """Replace addresses and clock times in a file of skops, which differ from run to run."""
    import io
    import re
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(content))
    schema = archive.read("schema.json").decode("utf-8")
    number = {}
    address = r'(?:(?<="__id__": )|(?<="))(\d{8,})(?=,?\n|\.npy")'
    schema = re.sub(address, lambda match: str(number.setdefault(match[1], len(number))), schema)
    files = {"schema.json": schema.encode("utf-8")}
    for old in archive.namelist():
        stem, dot, ending = old.partition(".")
        if old != "schema.json":
            files[f"{number.get(stem, stem)}{dot}{ending}"] = archive.read(old)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as new:
        for file in sorted(files):
            entry = zipfile.ZipInfo(file)  # its time is the first day of 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, files[file])
    return result.getvalue()
