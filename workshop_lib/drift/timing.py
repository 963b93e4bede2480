"""When a change is on, and how strongly: time columns and the four patterns."""

import numbers
from dataclasses import dataclass

import numpy as np
import pandas as pd

PATTERNS = ("sudden", "gradual", "incremental", "recurring")
TIME_COLUMNS = ("day", "month", "at", "t_s", "t", "time", "date")
_ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """The times of the rows of a table as numbers, in the unit of their column or in days.

    Attributes
    ----------
    name : str
        The time column.
    times : numpy.ndarray of float
        One number per row.
    step : int
        1 where times are whole numbers, which stand for whole periods; 0 for moments.
    origin : pandas.Timestamp or None
        Moment of the number 0, where the column holds timestamps.
    """

    name: str
    times: np.ndarray
    step: int
    origin: pd.Timestamp | None

    def number(self, moment, name):
        """Return `moment`, given in the type of the time column, as a number of this clock."""
        if self.origin is None:
            number = isinstance(moment, numbers.Real) and not isinstance(moment, bool)
            if number and np.isfinite(moment):
                return float(moment)
            raise ValueError(
                f"{name} is {moment!r}; expected a number, as in the column {self.name!r}."
            )
        try:
            stamp = pd.Timestamp(moment)
        except (TypeError, ValueError):
            stamp = None
        if stamp is None or isinstance(moment, numbers.Real) or stamp is pd.NaT:
            raise ValueError(
                f"{name} is {moment!r}; expected a timestamp, as in the column {self.name!r}."
            )
        if (stamp.tz is None) != (self.origin.tz is None):
            raise ValueError(
                f"{name} is {moment!r} and the times in {self.name!r} are in time zone "
                f"{self.origin.tz}; give both a time zone, or neither."
            )
        return (stamp - self.origin) / _ONE_DAY


def time_column(frame, time=None):
    """Return the name of the time column: `time` if given, else the only one that looks like it."""
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"Got {type(frame).__name__}; expected a DataFrame with a time column.")
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise ValueError(f"The column {twice!r} stands twice in the table; rename one of them.")
    if time is not None:
        if time not in frame:
            raise ValueError(f"There is no time column {time!r}; choose one of {[*frame]}.")
        return time
    known = [name for name in TIME_COLUMNS if name in frame]
    if not known:
        known = [*frame.select_dtypes(["datetime", "datetimetz"])]
    if len(known) != 1:
        found = f"Several columns may hold the time, {known}" if known else "No time column found"
        raise ValueError(f"{found}; name it with time=, one of {[*frame]}.")
    return known[0]


def clock_of(frame, name):
    """Return the clock of a table whose time is in column `name`."""
    column = frame[name]
    if not len(column):
        raise ValueError("The table has no row; expected at least one.")
    missing = int(column.isna().sum())
    if missing:
        raise ValueError(f"The time column {name!r} has {missing} missing values; drop these rows.")
    if pd.api.types.is_datetime64_any_dtype(column):
        origin = column.min()
        return Clock(name, ((column - origin) / _ONE_DAY).to_numpy(float), 0, origin)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        times = column.to_numpy(float)
        if not np.isfinite(times).all():
            raise ValueError(f"The time column {name!r} holds infinite values; drop these rows.")
        return Clock(name, times, int(pd.api.types.is_integer_dtype(column)), None)
    first = column.iloc[0]
    if hasattr(first, "tzinfo"):
        raise ValueError(
            f"The time column {name!r} mixes time zones or types of time; convert it with "
            f"pd.to_datetime(..., utc=True)."
        )
    raise ValueError(
        f"The time column {name!r} holds {first!r}; expected numbers or timestamps: convert it, "
        "for example with pd.to_datetime."
    )


def strength(times, onset, pattern, width, step, rng):
    """Return how strongly each row is hit, 0 (as before) to 1 (fully).

    Parameters
    ----------
    times : numpy.ndarray of float
        Time of each row.
    onset, width : float
        Start of the change, and length of its ramp or of one phase.
    pattern : {"sudden", "gradual", "incremental", "recurring"}
        ``gradual``: a growing share of rows is hit fully; ``incremental``: all rows are hit more
        and more; ``recurring``: on for `width`, off for `width`, and so on.
    step : {0, 1}
        1 where times are whole periods: the period of the onset is then hit already.
    rng : numpy.random.Generator
        Chooses the rows of ``gradual``; used by this pattern only.
    """
    since = times - onset
    if pattern == "sudden":
        return (since >= 0).astype(float)
    if pattern == "recurring":
        return ((since >= 0) & (since // width % 2 == 0)).astype(float)
    ramp = np.where(since >= 0, np.clip((since + step) / width, 0, 1), 0)
    if pattern == "incremental":
        return ramp
    return (rng.random(len(times)) < ramp).astype(float)
