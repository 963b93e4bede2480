"""How soon a detector finds a change, and how often it cries wolf: any detector, known truth."""

import copy
import numbers

import numpy as np
import pandas as pd

from workshop_lib.drift.streams import Stream
from workshop_lib.drift.timing import clock_of


def score_detector(detector, streams, *, value=None, time="day", known=None, horizon=None):
    """Run a detector over streams with known truth, and score its alarms.

    Parameters
    ----------
    detector : callable, or object with ``update`` and ``drift_detected``
        - A function: ``detector(rows)`` gets the rows of one stream and returns the times of its
          alarms, in the unit of the time column: None, one time, or several.
        - An object, as in river: it gets ``update(number)`` for one row after the other; an alarm
          is where ``drift_detected`` becomes true. It is copied for each stream, so that no stream
          learns from another one; what it has learned before is kept. A class is called without
          arguments.
    streams : Stream, list or dict of them
        What to run over. Instead of a Stream also a pair ``(rows, truth)``, as from `inject`; the
        truth may be a list of dicts, one per change. The keys of a dict name the rows of the
        result.
    value : str or callable, optional
        For an object: the column that it is fed, or a function ``value(rows)`` that returns one
        number per row. Rows without a value are not fed.
    time : str, default="day"
        The time column.
    known : str, optional
        For an object: the column with the time when a value is known, for example "label_day" for
        a detector of errors. Values are fed in this order; rows without such a time are not fed.
        By default a value is known when its row arrives, in the order of the rows.
    horizon : float, optional
        An alarm more than so long after the onset does not count as found. In the unit of the time
        column (days for timestamps), at least 0.

    Returns
    -------
    pandas.DataFrame
        One row per stream:

        - ``kind``, ``onset``: the truth; without a change "none" and missing;
        - ``alarms``, ``false_alarms``: number of all alarms, and of those before the onset;
        - ``false_per_1000_rows``: false alarms per 1,000 rows before the onset, NaN where there
          are none;
        - ``delay``: time from the onset to the first alarm at or after it (days for timestamps),
          NaN if there is none;
        - ``missed``: whether a change was not found; NA without a change.

        Alarms after the first one that is right are not judged.

    Raises
    ------
    ValueError
        If there is no stream, the detector fits neither form, a column is missing, or an alarm is
        not a time of the stream.

    Examples
    --------
    >>> from workshop_lib import drift
    >>> def mean_score_is_high(rows, limit=0.4):
    ...     daily = rows.groupby("day").score.mean()
    ...     return daily.index[daily > limit]
    >>> streams = {kind: drift.stream(kind) for kind in ("none", "covariate", "concept")}
    >>> table = drift.score_detector(mean_score_is_high, streams)
    >>> table[["onset", "false_alarms", "delay", "missed"]]
               onset  false_alarms  delay  missed
    none         NaN             0    NaN    <NA>
    covariate   30.0             0    0.0   False
    concept     30.0             0    NaN    True
    """
    if horizon is not None and not (isinstance(horizon, numbers.Real) and horizon >= 0):
        raise ValueError(f"horizon is {horizon!r}; expected a number of at least 0.")
    find_alarms = _alarm_finder(detector, value, known)
    named = _named_streams(streams)
    scores = [
        _score(find_alarms, rows, truths, f"stream {name!r}", time, horizon)
        for name, rows, truths in named
    ]
    table = pd.DataFrame(scores, index=[name for name, _, _ in named])
    table["missed"] = table["missed"].astype("boolean")
    return table


def _alarm_finder(detector, value, known):
    """Return a function of rows, their clock and name that gives the numbers of the alarms."""
    if callable(getattr(detector, "update", None)):
        if value is None:
            raise ValueError("The detector is fed by update(); say with value= which numbers.")
        if not isinstance(detector, type) and not hasattr(detector, "drift_detected"):
            raise ValueError(
                f"{type(detector).__name__} has update() but no drift_detected; add it, or give a "
                "function of rows that returns the times of its alarms."
            )
        return lambda rows, clock, name: _feed(detector, rows, clock, value, known)
    if not callable(detector):
        raise ValueError(
            f"detector is {detector!r}; expected a function of rows, or an object with update() "
            "and drift_detected."
        )
    if value is not None or known is not None:
        raise ValueError("value= and known= are for detectors with update(); leave them out.")
    return lambda rows, clock, name: _ask(detector, rows, clock, name)


def _named_streams(streams):
    if isinstance(streams, Stream) or _is_pair(streams):
        streams = [streams]
    if isinstance(streams, dict):
        named = list(streams.items())
    else:
        try:
            named = list(enumerate(streams))
        except TypeError:
            raise ValueError(f"streams is {streams!r}; expected streams, a list or dict.") from None
    if not named:
        raise ValueError("There is no stream; expected at least one.")
    return [(name, *_rows_and_truth(name, each)) for name, each in named]


def _is_pair(each):
    return isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], pd.DataFrame)


def _rows_and_truth(name, each):
    if isinstance(each, Stream):
        return each.rows, [] if each.truth["onset"] is None else [each.truth]
    if _is_pair(each) and isinstance(each[1], (dict, list, tuple)):
        truths = [each[1]] if isinstance(each[1], dict) else list(each[1])
        if all(isinstance(truth, dict) and {"kind", "onset"} <= {*truth} for truth in truths):
            return each[0], [truth for truth in truths if truth["onset"] is not None]
    raise ValueError(
        f"Stream {name!r} is no Stream and no pair (rows, truth) whose truth has kind and onset."
    )


def _score(find_alarms, rows, truths, name, time, horizon):
    if time not in rows:
        raise ValueError(f"{name} has no column {time!r}; name its time column with time=.")
    clock = clock_of(rows, time)
    alarms = find_alarms(rows, clock, name)
    onsets = [(clock.number(truth["onset"], "onset"), truth["onset"]) for truth in truths]
    onset, shown = min(onsets) if onsets else (np.inf, None)
    false_alarms = int((alarms < onset).sum())
    quiet_rows = int((clock.times < onset).sum())
    found = alarms[alarms >= onset]
    if horizon is not None:
        found = found[found <= onset + horizon]
    return {
        "kind": "+".join(truth["kind"] for truth in truths) or "none",
        "onset": shown,
        "alarms": len(alarms),
        "false_alarms": false_alarms,
        "false_per_1000_rows": 1000 * false_alarms / quiet_rows if quiet_rows else np.nan,
        "delay": found.min() - onset if len(found) else np.nan,
        "missed": not len(found) if truths else None,
    }


def _ask(detector, rows, clock, name):
    """Call a function with the rows, and return the times of its alarms as numbers."""
    # A copy that shares the values: new columns of the detector stay its own.
    alarms = detector(rows.copy(deep=False))
    if alarms is None:
        alarms = []
    elif isinstance(alarms, str) or not hasattr(alarms, "__iter__"):
        alarms = [alarms]
    last = clock.times.max()
    if "label_day" in rows:
        # Alarms may also come when a label does.
        last = max(last, np.nanmax(_known_times(rows, "label_day", clock), initial=last))
    numbers_of_alarms = []
    for alarm in alarms:
        if isinstance(alarm, np.generic):
            alarm = pd.Timestamp(alarm) if alarm.dtype.kind == "M" else alarm.item()
        number = clock.number(alarm, f"An alarm in {name}")
        if not clock.times.min() <= number <= last:
            raise ValueError(
                f"An alarm in {name} is at {alarm!r}; expected a time of the column "
                f"{clock.name!r}, not a row number."
            )
        numbers_of_alarms.append(number)
    return np.array(numbers_of_alarms, float)


def _known_times(rows, known, clock):
    """Return the times in column `known` on the scale of `clock`, NaN where missing."""
    column = rows[known]
    if clock.origin is not None:
        if not pd.api.types.is_datetime64_any_dtype(column):
            raise ValueError(f"The column {known!r} holds {column.dtype}; expected timestamps.")
        return ((column - clock.origin) / pd.Timedelta(days=1)).to_numpy(float)
    return column.to_numpy(dtype=float, na_value=np.nan)


def _feed(detector, rows, clock, value, known):
    """Feed one detector row by row, and return the times of its alarms."""
    values = _values(rows, value)
    if known is None:
        # Late rows are fed when they arrive.
        times = np.maximum.accumulate(clock.times)
        order = np.flatnonzero(~np.isnan(values))
    else:
        if known not in rows:
            raise ValueError(f"There is no column {known!r} for known=; choose one of {[*rows]}.")
        times = _known_times(rows, known, clock)
        order = np.argsort(times, kind="stable")
        order = order[~np.isnan(times[order]) & ~np.isnan(values[order])]
    fresh = detector() if isinstance(detector, type) else copy.deepcopy(detector)
    alarms, before = [], False
    for row, number in zip(order.tolist(), values[order].tolist(), strict=True):
        fresh.update(number)
        now = bool(fresh.drift_detected)
        if now and not before:
            alarms.append(times[row])
        before = now
    return np.array(alarms, float)


def _values(rows, value):
    if not callable(value) and value not in rows:
        raise ValueError(f"There is no column {value!r} for value=; choose one of {[*rows]}.")
    values = value(rows) if callable(value) else rows[value]
    if np.shape(values) != (len(rows),):
        raise ValueError(
            f"value gave shape {np.shape(values)}; expected one number for each of the "
            f"{len(rows)} rows."
        )
    values = pd.Series(values)
    if not pd.api.types.is_numeric_dtype(values):
        raise ValueError(f"value gave {values.dtype}; expected numbers.")
    return values.to_numpy(dtype=float, na_value=np.nan)
