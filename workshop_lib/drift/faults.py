"""Faults and drifts put into any table with a time column, with the truth kept."""

import numbers

import numpy as np
import pandas as pd

from workshop_lib.drift.timing import PATTERNS, clock_of, strength, time_column

FAULTS = (
    *("shift", "spread", "units", "missing", "missing_mar", "new_category", "schema", "text"),
    *("flip", "delay", "late_rows", "duplicates"),
)
NEW_CATEGORY = "new"
UNIT_FACTOR = 1000
# These move or repeat whole rows and need no column.
ROW_FAULTS = ("duplicates", "late_rows")
# Here `amount` is the share of rows that are hit.
SHARES = (
    *("units", "missing", "missing_mar", "new_category", "schema", "text", "flip"),
    *ROW_FAULTS,
)


def inject(
    df,
    fault,
    seed=0,
    *,
    column=None,
    start,
    amount,
    where=None,
    pattern="sudden",
    time=None,
    by=None,
    width=None,
):
    """Put a fault or a drift into a table, from a point in time on.

    For a mixture, give the result to `inject` again.

    Parameters
    ----------
    df : pandas.DataFrame
        Any table with a time column. It is not changed.
    fault : str
        One of the faults below.
    seed : int, default=0
        Seed of the random numbers.
    column : str, optional
        The column that is hit; ``late_rows`` and ``duplicates`` need none.
    start : number or timestamp
        True onset, in the type of the time column. Rows before it stay as they are.
    amount : float
        How much, see below. A share is from 0 to 1, other amounts are any finite number.
    where : array-like of bool of shape (n_rows,), or callable, optional
        Only these rows can be hit; a callable gets `df`. By position.
    pattern : {"sudden", "gradual", "incremental", "recurring"}, default="sudden"
        ``gradual``: a growing share of rows is hit; ``incremental``: the amount grows; both reach
        the full size after `width`. ``recurring``: on for `width`, off for `width`, and so on.
    time : str, optional
        The time column. By default the only one of day, month, at, t_s, t, time and date, or else
        the only column of timestamps.
    by : str, optional
        For ``missing_mar``: the numeric column that decides which rows are more likely to be hit.
    width : float, optional
        Length of a ramp or phase, and the most that a late row is late, in the unit of the time
        column (days for timestamps). By default a quarter of the time from `start` to the last row.

    Returns
    -------
    table : pandas.DataFrame
        The rows in their order of arrival, with their index labels.
    truth : dict
        ``kind``, ``onset`` (`start`), ``columns`` (hit; for ``schema`` also the new one),
        ``pattern``, ``amount``, and ``changed``: array of bool, the rows of `table` that were hit.
        A copy of a row counts as hit, its original does not.

    Raises
    ------
    ValueError
        If a name, type or range does not fit; if there are no rows, or none from `start` on; if
        the time column is missing, has missing values or mixes time zones.

    Notes
    -----
    =============  ================================================================================
    fault          what happens
    =============  ================================================================================
    shift          the mean moves by `amount` standard deviations (of the rows before `start`)
    spread         distances from the mean are multiplied by 1 + `amount`
    units          a share `amount` of the values is 1,000 times too large
    missing        a share `amount` of the values is missing, completely at random
    missing_mar    the same, but more often the larger `by` is (missing at random given `by`)
    new_category   a share `amount` of the values of a text column is the category "new"
    schema         a share `amount` of the values arrives in a new column ``<column>_v2`` instead
    text           a share `amount` of the numbers arrives as text with a decimal comma
    flip           a share `amount` of a 0/1 column is turned round (concept drift in labels)
    delay          `amount` is added to a time column, in its unit (days for timestamps)
    late_rows      a share `amount` of rows stands later in the table; its time stays as it is,
                   and a row that would arrive after the end is not hit
    duplicates     a share `amount` of rows arrives twice
    =============  ================================================================================

    Selective labels are ``missing`` in the label with a `where` that names the rows without a
    label. Whole numbers stay whole after a shift or spread.

    Examples
    --------
    >>> from workshop_lib import data
    >>> loans = data.credit(4000)
    >>> broken, truth = inject(loans, "missing", column="debt_ratio", start=8, amount=0.2)
    >>> truth["onset"], truth["columns"]
    (8, ['debt_ratio'])
    >>> bool(broken.debt_ratio[loans.month < 8].isna().any())
    False
    """
    time = time_column(df, time)
    if fault not in FAULTS:
        raise ValueError(f"fault is {fault!r}; choose one of {[*FAULTS]}.")
    if pattern not in PATTERNS:
        raise ValueError(f"pattern is {pattern!r}; choose one of {[*PATTERNS]}.")
    check_amount(amount, share=fault in SHARES)
    _check_columns(df, fault, column, by)
    clock = clock_of(df, time)
    onset = clock.number(start, "start")
    last = clock.times.max()
    if onset > last:
        raise ValueError(
            f"start is {start!r}, and no row is that late; the last one is at "
            f"{df[time].max()!r}: choose an earlier start."
        )
    if width is None:
        width = (last - onset + clock.step) / 4 or 1
    elif not (isinstance(width, numbers.Real) and 0 < width < np.inf):
        raise ValueError(f"width is {width!r}; expected a number above 0.")
    timing_rng, rng = np.random.default_rng([seed, 2]).spawn(2)
    level = strength(clock.times, onset, pattern, width, clock.step, timing_rng)
    level *= _allowed(df, where)

    columns = [] if column is None else [column]
    if fault in ROW_FAULTS:
        hit = rng.random(len(df)) < amount * level
        order, changed = ROW_ORDERS[fault](clock.times, hit, width, clock.step, rng)
        table = df.iloc[order]
    else:
        values, changed = change_values(df, fault, column, level, amount, rng, by=by, clock=clock)
        table = df.assign(**values)
        columns = [*values]
    truth = {
        "kind": fault,
        "onset": start,
        "columns": columns,
        "pattern": pattern,
        "amount": amount,
        "changed": changed,
    }
    return table, truth


def check_amount(amount, *, share):
    """Raise ValueError unless `amount` is a finite number, for a share from 0 to 1."""
    if not isinstance(amount, numbers.Real) or not np.isfinite(amount):
        raise ValueError(f"amount is {amount!r}; expected a finite number.")
    if share and not 0 <= amount <= 1:
        raise ValueError(f"amount is {amount!r}; expected a share of rows, from 0 to 1.")


def change_values(df, fault, column, level, amount, rng, *, by=None, clock=None):
    """Return the changed columns as a dict, and which rows were hit.

    Parameters
    ----------
    df : pandas.DataFrame
        The table.
    fault : str
        One of FAULTS, but not of ROW_FAULTS.
    column : str
        The column that is hit.
    level : numpy.ndarray of float
        How strongly each row is hit, 0 to 1.
    amount : float
        See `inject`.
    rng : numpy.random.Generator
        Chooses rows.
    by : str, optional
        Column that drives ``missing_mar``.
    clock : Clock, optional
        Tells for ``delay`` whether times are whole numbers.
    """
    values = df[column]
    if fault in ("shift", "spread"):
        moved = _moved(values, fault, level, amount)
        return {column: moved}, level * amount != 0
    if fault == "delay":
        return {column: _delayed(values, level * amount)}, level * amount != 0
    chance = amount * level
    if fault == "missing_mar":
        chance = level * _chances(df[by], amount)
    hit = rng.random(len(df)) < chance
    if fault in ("missing", "missing_mar"):
        return {column: values.mask(hit)}, hit
    if fault == "units":
        return {column: values.where(~hit, values * UNIT_FACTOR)}, hit
    if fault == "flip":
        return {column: values.where(~hit, 1 - values)}, hit
    if fault == "schema":
        return {column: values.mask(hit), f"{column}_v2": values.where(hit)}, hit
    if fault == "text":
        words = values.astype(object)
        words[hit] = [str(each).replace(".", ",") for each in values[hit].tolist()]
        return {column: words}, hit
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.add_categories(NEW_CATEGORY)
    return {column: values.mask(hit, NEW_CATEGORY)}, hit


def _check_columns(df, fault, column, by):
    if fault in ROW_FAULTS:
        if column is not None:
            raise ValueError(f"{fault!r} hits whole rows; leave out column={column!r}.")
        return
    if column not in df:
        raise ValueError(f"There is no column {column!r}; choose one of {[*df]}.")
    values = df[column]
    if fault == "new_category":
        if pd.api.types.is_numeric_dtype(values):
            raise ValueError(f"The column {column!r} holds numbers; 'new_category' needs text.")
        if (values == NEW_CATEGORY).any():
            raise ValueError(f"The column {column!r} has the category {NEW_CATEGORY!r} already.")
    if fault == "schema" and f"{column}_v2" in df:
        raise ValueError(f"There is a column '{column}_v2' already; rename it first.")
    if fault in ("shift", "spread", "units", "text", "flip"):
        _check_numbers(values, column, fault)
    if fault == "flip" and not values.dropna().isin([0, 1]).all():
        raise ValueError(f"The column {column!r} holds more than 0 and 1; 'flip' needs a label.")
    if fault == "delay" and not pd.api.types.is_datetime64_any_dtype(values):
        _check_numbers(values, column, fault)
    if (by is not None) != (fault == "missing_mar"):
        raise ValueError(
            f"by is {by!r} and fault is {fault!r}; 'missing_mar' needs by=, a numeric column, and "
            "other faults take none."
        )
    if fault == "missing_mar":
        if by not in df:
            raise ValueError(f"There is no column {by!r} for by=; choose one of {[*df]}.")
        _check_numbers(df[by], by, "by")
    if fault in ("shift", "spread") and values.nunique() < 2:
        raise ValueError(
            f"The column {column!r} is constant or all missing; {fault!r} has no scale to use."
        )


def _check_numbers(values, column, fault):
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if not numeric:
        raise ValueError(f"The column {column!r} holds {values.dtype}; {fault!r} needs numbers.")


def _allowed(df, where):
    if where is None:
        return True
    mask = np.asarray(where(df) if callable(where) else where)
    if mask.shape != (len(df),) or mask.dtype != bool:
        raise ValueError(
            f"where has shape {mask.shape} and type {mask.dtype}; expected one bool for each of "
            f"the {len(df)} rows, without missing values."
        )
    return mask


def _moved(values, fault, level, amount):
    before = values[level == 0]
    # A change from the first row on leaves nothing before it: then all rows give the scale.
    scale = before if before.nunique() > 1 else values
    mean = float(scale.mean())
    if fault == "shift":
        moved = values + level * amount * float(scale.std())
    else:
        moved = mean + (values - mean) * (1 + level * amount)
    moved = moved.where(level > 0, values)
    return moved.round().astype(values.dtype) if values.dtype.kind in "iu" else moved


def _delayed(values, by):
    if pd.api.types.is_datetime64_any_dtype(values):
        return values + pd.to_timedelta(by, unit="D")
    delayed = values + by
    return delayed.round().astype(values.dtype) if values.dtype.kind in "iu" else delayed


def _chances(driver, amount):
    """Return probabilities with mean `amount` that rise with the rank of `driver`."""
    rank = driver.rank(pct=True).fillna(0.5).to_numpy(float)
    # Twice the rank has mean 1; above a half, the tail of rows that are surely hit is cut off.
    if amount <= 0.5:
        return 2 * amount * rank
    return 1 - 2 * (1 - amount) * (1 - rank)


def late_order(times, hit, width, step, rng):
    """Return the order in which rows arrive when the rows `hit` come late, and which these are.

    A row that would arrive after all others stays where it is.
    """
    rows = np.arange(len(times))
    clock = np.maximum.accumulate(times)
    late_by = rng.uniform(0, width, len(times))
    due = times + (np.ceil(late_by) if step else late_by)
    arrival = np.searchsorted(clock, due, side="right")
    hit = hit & (due <= clock[-1]) & (arrival - 1 > rows)
    order = np.argsort(np.where(hit, arrival - 0.5, rows), kind="stable")
    return order, hit[order]


def copy_order(times, hit, width, step, rng):
    """Return the order of rows in which each row `hit` stands twice, and which are copies."""
    order = np.repeat(np.arange(len(times)), 1 + hit)
    return order, np.append(False, order[1:] == order[:-1])


ROW_ORDERS = {"duplicates": copy_order, "late_rows": late_order}
