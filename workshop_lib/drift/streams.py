"""Streams of scored loan applications in which something changes on a known day."""

import numbers
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workshop_lib.drift.faults import ROW_FAULTS, ROW_ORDERS, change_values
from workshop_lib.drift.timing import PATTERNS, strength
from workshop_lib.options import whole_number

# What each kind hits. The features of the model are f00, f01, f02 and f04.
_MODEL = ["f00", "f01", "f02", "f04"]
_COLUMNS = {
    "covariate": ["f00", "f03"],
    "prior": ["y"],
    "concept": ["y"],
    "uncertain": _MODEL,
    "shift": _MODEL,
    "rotating": ["y"],
    "missing": ["f01"],
    "missing_mar": ["f01"],
    "new_category": ["f11"],
    "units": ["f02"],
    "schema": ["f04", "f04_v2"],
    "late_rows": [],
    "duplicates": [],
}
KINDS = ("none", *_COLUMNS)
# Share of rows that a fault hits when amount is 1.
_FULL_SHARES = {
    "missing": 0.2,
    "missing_mar": 0.2,
    "new_category": 0.1,
    "units": 0.3,
    "schema": 1.0,
    "late_rows": 0.1,
    "duplicates": 0.1,
}
_THIN_FILES = 0.35
_DEGREES_PER_30_DAYS = 5
_FEATURES = [f"f{i:02d}" for i in range(12)]
_CATEGORIES = np.array(["car", "debt", "home", "other"], dtype=object)

# The features that matter are normal within each outcome, so the log-odds of the outcome are
# linear in them. The model knows the formula as it is before any change.
_PRIOR = 0.35
_DISTANCE = np.array([0.75, 0.65, 0.80, 0.78])
_MEAN = (_PRIOR - 0.5) * _DISTANCE
_SD = np.sqrt(1 + _PRIOR * (1 - _PRIOR) * _DISTANCE**2)
_WEIGHTS = _DISTANCE * _SD
_PRIOR_LOG_ODDS = float(np.log(_PRIOR / (1 - _PRIOR)))
_CONSTANT = float(_DISTANCE @ _MEAN) + _PRIOR_LOG_ODDS

# One stream of random numbers for each purpose: a change leaves all rows before it as they are.
_PURPOSES = (
    *("class", "features", "others", "count", "category", "outcome", "timing", "rows", "faults"),
    "arrival",
)


@dataclass(frozen=True, eq=False)
class Stream:
    """Rows of a stream, and the truth about what changed in it.

    Attributes
    ----------
    rows : pandas.DataFrame
        What a monitor sees, in the order of arrival.
    truth : dict
        ``kind``, ``onset`` (first day hit, None without a change), ``columns`` (hit). With several
        changes: their names joined by ``+``, the earliest onset, all columns. ``parts`` has one
        dict for each change, also with ``pattern``, ``amount`` and ``width``.
    """

    rows: pd.DataFrame
    truth: dict


def stream(
    kind,
    seed=0,
    *,
    days=60,
    per_day=800,
    onset=30,
    amount=1.0,
    pattern="sudden",
    label_delay_days=0,
    selective_labels=False,
    width=7,
):
    """Generate a stream of scored loan applications in which something changes on a known day.

    Parameters
    ----------
    kind : str or list of str
        What changes, see below; several kinds are a mixture.
    seed : int, default=0
        Seed of the random numbers. Streams of one seed agree in all rows before the onset.
    days : int, default=60
        Length of the stream, at least 1.
    per_day : int, default=800
        Applications a day, at least 1.
    onset : int or list of int, default=30
        First day of the change, 0 to `days` - 1; a list has one for each kind.
    amount : float or list of float, default=1
        How much, at least 0; see below. 0 changes nothing.
    pattern : str or list of str, default="sudden"
        ``"sudden"``; ``"gradual"``: a share of rows that grows over `width` days is hit;
        ``"incremental"``: the amount grows over `width` days; ``"recurring"``: on for `width` days,
        off for `width` days, and so on.
    label_delay_days : int, default=0
        The outcome of an application is known so many days later.
    selective_labels : bool, default=False
        The outcome is known only where the application was approved (score below 0.5).
    width : int or list of int, default=7
        Days of a ramp or phase, and the most days that a late row is late, at least 1.

    Returns
    -------
    Stream
        ``rows`` has ``days * per_day`` rows (more with duplicates): day (0 to `days` - 1), f00 to
        f11, score, y (1 = default), label_day (day on which y is known); with selective labels y
        and label_day have missing values.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    f00 to f09 have mean 0 and standard deviation 1 before the change (f08 is skewed), f10 is a
    count, f11 a category. The score is the probability of default that a good model gives, which
    knows the relation as it was before the change: f00, f01, f02 and f04 matter (values that are
    missing count as 0). About 35 % default; the AUC is about 0.85.

    ============  ==================================================================================
    kind          what changes from `onset` on
    ============  ==================================================================================
    none          nothing
    covariate     f00 moves by `amount` standard deviations, the spread of f03 is multiplied by
                  1 + `amount`; the relation stays
    prior         log-odds of default rise by `amount`, features given y stay
    concept       weights of f00 and f01 are multiplied by 1 - 2 `amount`: 1 turns them round
    uncertain     a share 0.35 `amount` of applicants moves to the boundary (little is known)
    shift         a share `amount` of applicants is mirrored at the boundary: scores become
                  1 - score, confidence stays (amount at most 1)
    rotating      the direction of the relation turns by 5 `amount` degrees in 30 days; the
                  pattern must be "sudden", the change is slow by itself
    missing       a share 0.2 `amount` of f01 is missing at random
    missing_mar   the same, but more often the larger f00 is
    new_category  a share 0.1 `amount` of f11 is a new category
    units         a share 0.3 `amount` of f02 is 1,000 times too large
    schema        a share `amount` of f04 arrives in a new column f04_v2 instead
    late_rows     a share 0.1 `amount` of rows arrives up to `width` days late
    duplicates    a share 0.1 `amount` of rows arrives twice
    ============  ==================================================================================

    Source: own simulation; see ``datasets/drift_streams.md``.

    Examples
    --------
    >>> change = stream(["missing", "concept"], onset=[20, 40], per_day=50)
    >>> change.rows.shape, change.truth["kind"], change.truth["onset"]
    ((3000, 16), 'missing+concept', 20)
    >>> [(part["kind"], part["onset"]) for part in change.truth["parts"]]
    [('missing', 20), ('concept', 40)]
    """
    days, per_day = whole_number("days", days, 1), whole_number("per_day", per_day, 1)
    delay = whole_number("label_delay_days", label_delay_days, 0)
    parts = _parts(kind, days, onset, amount, pattern, width)
    day = np.repeat(np.arange(days), per_day)
    streams = dict(zip(_PURPOSES, np.random.default_rng(seed).spawn(len(_PURPOSES)), strict=True))
    on = _strengths(parts, day, streams["timing"])
    levels = {part["kind"]: part["amount"] * on[part["kind"]] for part in parts}

    prior_rise = levels.get("prior", 0)
    in_default = streams["class"].random(len(day)) < _sigmoid(_PRIOR_LOG_ODDS + prior_rise)
    features = _features(in_default, streams)
    _move_features(features, levels, streams["rows"])
    true_log_odds = _true_log_odds(features, levels, day, parts) + prior_rise
    y = streams["outcome"].random(len(day)) < _sigmoid(true_log_odds)

    recorded = pd.DataFrame(features, copy=False)
    recorded = _with_value_faults(recorded, parts, on, streams["faults"])
    known = {name: recorded[name].fillna(0).to_numpy() for name in _MODEL}
    frame = recorded.assign(
        score=_sigmoid(_log_odds(known)), y=y.astype(np.int64), label_day=day + delay
    )
    frame.insert(0, "day", day)
    if selective_labels:
        approved = frame["score"] < 0.5
        frame = frame.assign(
            y=frame["y"].where(approved), label_day=frame["label_day"].where(approved)
        )
    return Stream(_with_row_faults(frame, parts, on, streams["arrival"]), _truth(parts))


def _parts(kind, days, onset, amount, pattern, width):
    """Return one dict for each change, after checking all of them."""
    kinds = [kind] if isinstance(kind, str) else list(kind)
    unknown = [each for each in kinds if each not in KINDS]
    if unknown or not kinds:
        raise ValueError(f"kind is {kind!r}; choose from {[*KINDS]}.")
    if len(kinds) > 1 and ("none" in kinds or len({*kinds}) < len(kinds)):
        raise ValueError(f"kind is {kind!r}; a mixture names each change once, and not 'none'.")
    options = {"onset": onset, "amount": amount, "pattern": pattern, "width": width}
    parts = [{"kind": each, "columns": [*_COLUMNS.get(each, [])]} for each in kinds]
    for name, value in options.items():
        values = list(value) if isinstance(value, (list, tuple)) else [value] * len(kinds)
        if len(values) != len(kinds):
            raise ValueError(
                f"{name} has {len(values)} values for {len(kinds)} kinds; give one for each."
            )
        for part, each in zip(parts, values, strict=True):
            part[name] = each
    for part in parts:
        _check_part(part, days)
    return [] if kinds == ["none"] else parts


def _check_part(part, days):
    kind, amount = part["kind"], part["amount"]
    if part["pattern"] not in PATTERNS:
        raise ValueError(f"pattern is {part['pattern']!r}; choose one of {[*PATTERNS]}.")
    if kind == "rotating" and part["pattern"] != "sudden":
        raise ValueError(
            f"pattern is {part['pattern']!r}; 'rotating' is slow by itself: leave it 'sudden'."
        )
    part["width"] = whole_number("width", part["width"], 1)
    if kind == "none":
        return
    part["onset"] = whole_number("onset", part["onset"], 0)
    if part["onset"] >= days:
        raise ValueError(f"onset is {part['onset']}; expected a day from 0 to {days - 1}.")
    full_share = _FULL_SHARES.get(kind) or {"shift": 1, "uncertain": _THIN_FILES}.get(kind)
    most = 1 / full_share if full_share else np.inf
    if not (isinstance(amount, numbers.Real) and 0 <= amount <= most and amount < np.inf):
        limit = "at least 0" if most == np.inf else f"from 0 to {most:.3g}"
        raise ValueError(f"amount is {amount!r}; expected a number {limit} for {kind!r}.")


def _by_kind(rng):
    """Return one generator for each kind, so that the changes of a mixture are independent."""
    return dict(zip(KINDS, rng.spawn(len(KINDS)), strict=True))


def _strengths(parts, day, rng):
    """Return for each kind how strongly each row is hit: 0 to 1."""
    rngs = _by_kind(rng)
    return {
        part["kind"]: strength(
            day, part["onset"], part["pattern"], part["width"], 1, rngs[part["kind"]]
        )
        for part in parts
    }


def _features(in_default, streams):
    """Return the true features as a dict of columns."""
    n = len(in_default)
    normal, other = streams["features"], streams["others"]
    features = dict.fromkeys(_FEATURES)
    for name, distance, mean, sd in zip(_MODEL, _DISTANCE, _MEAN, _SD, strict=True):
        features[name] = (normal.normal(size=n) + (in_default - 0.5) * distance - mean) / sd
    for name in ("f03", "f05", "f06", "f07", "f09"):
        features[name] = other.normal(size=n)
    features["f08"] = other.exponential(size=n) - 1
    features["f10"] = streams["count"].poisson(1.2, n)
    category = streams["category"].integers(0, len(_CATEGORIES), n, dtype=np.int8)
    features["f11"] = pd.array(_CATEGORIES[category], dtype="str")
    return features


def _move_features(features, levels, rng):
    """Change true features in place; the relation to the outcome stays."""
    moved_to_boundary, mirrored = rng.spawn(2)
    n = len(features["f00"])
    if "covariate" in levels:
        features["f00"] = features["f00"] + levels["covariate"]
        features["f03"] = features["f03"] * (1 + levels["covariate"])
    if "uncertain" in levels:
        hit = moved_to_boundary.random(n) < _THIN_FILES * levels["uncertain"]
        _move_along_weights(features, 0.85 * hit)
    if "shift" in levels:
        _move_along_weights(features, 2.0 * (mirrored.random(n) < levels["shift"]))


def _move_along_weights(features, share):
    """Move rows by a share of their way to the boundary: 1 ends on it, 2 mirrors them."""
    way = share * _log_odds(features) / (_WEIGHTS @ _WEIGHTS)
    for name, weight in zip(_MODEL, _WEIGHTS, strict=True):
        features[name] = features[name] - way * weight


def _log_odds(features):
    """Return the log-odds of default before any change."""
    terms = (weight * features[name] for name, weight in zip(_MODEL, _WEIGHTS, strict=True))
    return _CONSTANT + sum(terms)


def _true_log_odds(features, levels, day, parts):
    w0, w1, w2, w4 = _WEIGHTS
    if "rotating" in levels:
        onset = next(part["onset"] for part in parts if part["kind"] == "rotating")
        degrees = _DEGREES_PER_30_DAYS * levels["rotating"] * (day - onset) / 30
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        w0, w1 = w0 * cos - w1 * sin, w0 * sin + w1 * cos
        w2, w4 = w2 * cos - w4 * sin, w2 * sin + w4 * cos
    turn = 1 - 2 * levels.get("concept", 0)
    first_pair = w0 * features["f00"] + w1 * features["f01"]
    return _CONSTANT + turn * first_pair + w2 * features["f02"] + w4 * features["f04"]


def _with_value_faults(frame, parts, on, rng):
    rngs = _by_kind(rng)
    for part in parts:
        kind = part["kind"]
        if kind in _FULL_SHARES and kind not in ROW_FAULTS:
            share = _FULL_SHARES[kind] * part["amount"]
            by = "f00" if kind == "missing_mar" else None
            values, _ = change_values(
                frame, kind, part["columns"][0], on[kind], share, rngs[kind], by=by
            )
            frame = frame.assign(**values)
    return frame


def _with_row_faults(frame, parts, on, rng):
    rngs = _by_kind(rng)
    day = frame["day"].to_numpy()
    rows = np.arange(len(frame))
    # Duplicates first: a copy, too, may arrive late.
    for kind in ROW_FAULTS:
        for part in parts:
            if part["kind"] == kind:
                share = _FULL_SHARES[kind] * part["amount"]
                hit = rngs[kind].random(len(rows)) < share * on[kind][rows]
                order, _ = ROW_ORDERS[kind](day[rows], hit, part["width"], 1, rngs[kind])
                rows = rows[order]
    untouched = len(rows) == len(frame) and (rows[1:] > rows[:-1]).all()
    return frame if untouched else frame.take(rows).reset_index(drop=True)


def _truth(parts):
    if not parts:
        return {"kind": "none", "onset": None, "columns": [], "parts": []}
    return {
        "kind": "+".join(part["kind"] for part in parts),
        "onset": min(part["onset"] for part in parts),
        "columns": [*dict.fromkeys(name for part in parts for name in part["columns"])],
        "parts": parts,
    }


def _sigmoid(x):
    # Wrong units make log-odds of thousands.
    from scipy.special import expit

    return expit(x)
