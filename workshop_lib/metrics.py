"""Rates by group with intervals, intervals from counts, costs and bounds: quick and checked.

Only what scikit-learn and fairlearn do not give, or give too slowly. Rows are matched by position,
as in scikit-learn: the index of a Series plays no part.

>>> from workshop_lib import metrics
>>> low, high = metrics.count_ci(45, 60)[1:]
>>> round(low, 2), round(high, 2)
(0.63, 0.85)
"""

import numpy as np
import pandas as pd

from workshop_lib.options import whole_number

__all__ = ["auc_bound", "bootstrap_ci", "by_group", "count_ci", "expected_cost"]

RATES = ("selection", "tpr", "fpr", "accuracy", "precision")
# Below this number of rows under a rate the bootstrap is too narrow.
LEAST_FOR_BOOTSTRAP = 30
_MOST_GROUPS = 100_000


def by_group(y, pred, groups, *, n_boot=0, level=0.95, seed=0):
    """Return the rates of a yes/no decision for each group, with intervals on request.

    Parameters
    ----------
    y : array-like of shape (n_rows,)
        What was true: 0 and 1, or False and True.
    pred : array-like of shape (n_rows,)
        The decisions: 0 and 1, or False and True. 1 is selected.
    groups : array-like of shape (n_rows,), DataFrame or dict of columns
        The group of each row, without missing values. Several columns give one row for each
        combination of their values, also for those that nobody has.
    n_boot : int, default=0
        Number of bootstrap resamples. 0 gives no intervals; use at least 1,000 to report them.
    level : float, default=0.95
        Probability of the intervals, strictly between 0 and 1. It holds for each interval alone.
    seed : int, default=0
        Seed of the resamples.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted (categories in their order, unused ones too). Columns, all shares
        from 0 to 1 but ``n``:

        - ``n``: rows of the group;
        - ``selection``: selected, of all rows;
        - ``tpr``, ``fpr``: selected, of the rows with y = 1, and of those with y = 0;
        - ``accuracy``: right decisions, of all rows;
        - ``precision``: rows with y = 1, of the selected.

        A share of nothing is NaN (fairlearn and scikit-learn give 0 there). With `n_boot`, also
        ``selection_low``, ``selection_high`` and so on, and ``interval``: "bootstrap", "wilson", or
        "none" where the group is empty.

    Raises
    ------
    ValueError
        If lengths differ, there are no rows, a value is missing or not 0 or 1, or an option is
        outside its range.

    Notes
    -----
    The rates of a group depend on its four confusion counts only. When rows are drawn with
    replacement, these counts follow a multinomial law, so the counts are drawn instead of the rows:
    the same law, in a fraction of the time. Intervals are percentiles of the resampled rates.

    The bootstrap is too narrow for small groups, and has no width where a rate is 0 or 1. A group
    with such a rate, or with fewer than 30 rows with y = 1, with y = 0 or selected, gets Wilson's
    score intervals instead [1]_.

    References
    ----------
    .. [1] Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", Statistical
       Science 16 (2001), https://doi.org/10.1214/ss/1009213286

    Examples
    --------
    >>> rates = by_group([1, 1, 0, 0, 1], [1, 0, 0, 1, 1], ["A", "A", "A", "B", "B"])
    >>> rates.loc["A"].round(2).to_dict()
    {'n': 3.0, 'selection': 0.33, 'tpr': 0.5, 'fpr': 0.0, 'accuracy': 0.67, 'precision': 1.0}
    """
    y, pred = _zeros_and_ones("y", y), _zeros_and_ones("pred", pred)
    codes, index = _group_codes(groups)
    if not len(y) == len(pred) == len(codes) > 0:
        raise ValueError(
            f"y has {len(y)} rows, pred {len(pred)} and groups {len(codes)}; expected the same "
            "number of rows in all three, at least 1."
        )
    n_boot = whole_number("n_boot", n_boot, least=0)
    tail = _tail(level)
    cells = 4 * codes + 2 * y + pred
    counts = np.bincount(cells, minlength=4 * len(index)).reshape(-1, 4)
    hits, bases = _hits_and_bases(counts)
    rates = _divide(hits, bases)
    table = pd.DataFrame(rates, index=index, columns=RATES)
    table.insert(0, "n", counts.sum(axis=1))
    if n_boot:
        low, high = _wilson(hits, bases, tail)
        whole = ((bases >= LEAST_FOR_BOOTSTRAP) & (rates > 0) & (rates < 1)).all(axis=1)
        rng = np.random.default_rng(seed)
        for group in np.flatnonzero(whole):
            resampled = _resampled_counts(counts[group], len(y), n_boot, rng)
            draws = _divide(*_hits_and_bases(resampled))
            low[group], high[group] = np.quantile(draws, [tail, 1 - tail], axis=0)
        for i, rate in enumerate(RATES):
            table[f"{rate}_low"], table[f"{rate}_high"] = low[:, i], high[:, i]
        table["interval"] = np.select([whole, table["n"] > 0], ["bootstrap", "wilson"], "none")
    return table


def bootstrap_ci(fn, *arrays, n=1000, level=0.95, seed=0, stratify=None):
    """Return the percentile bootstrap interval of any statistic of rows.

    Parameters
    ----------
    fn : callable
        ``fn(*arrays)`` gives one finite number.
    *arrays : array-likes of shape (n_rows, ...)
        Arrays, Series or DataFrames. The same rows are drawn from all of them; pandas objects keep
        their type, with the index 0, 1, 2, ...
    n : int, default=1000
        Number of resamples, at least 2.
    level : float, default=0.95
        Probability of the interval, strictly between 0 and 1.
    seed : int, default=0
        Seed of the resamples.
    stratify : array-like of shape (n_rows,), optional
        Draw within each of these strata, so that each keeps its number of rows. Needed where `fn`
        is undefined without some class.

    Returns
    -------
    low, high : float
        In the unit of `fn`.

    Raises
    ------
    ValueError
        If there is no array or no row, lengths differ, a stratum is missing, an option is outside
        its range, or `fn` does not give one finite number. What `fn` itself raises comes through,
        with a note.

    References
    ----------
    Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.

    Examples
    --------
    >>> import numpy as np
    >>> waits_minutes = np.random.default_rng(1).exponential(10, 200)
    >>> low, high = bootstrap_ci(np.median, waits_minutes)
    >>> bool(low < np.median(waits_minutes) < high)
    True
    """
    n = whole_number("n", n, least=2)
    tail = _tail(level)
    if not arrays:
        raise ValueError("There is no array to draw rows from; give fn's arguments after fn.")
    arrays = [each if hasattr(each, "take") else np.asarray(each) for each in arrays]
    if any(np.ndim(each) == 0 for each in arrays):
        raise ValueError("One of the arrays is a single value; expected one value per row.")
    lengths = [len(each) for each in arrays]
    strata = np.zeros(lengths[0], int) if stratify is None else _labels("stratify", stratify)[0]
    if len({*lengths, len(strata)}) > 1 or not lengths[0]:
        also = "" if stratify is None else f" and stratify {len(strata)}"
        raise ValueError(
            f"The arrays have {lengths} rows{also}; expected the same number in all, at least 1."
        )
    # Sorted by stratum, each stratum is one range of places to draw from.
    order = np.argsort(strata, kind="stable")
    sizes = np.bincount(strata)
    last = np.cumsum(sizes)
    ranges = [each for each in zip(last - sizes, last, sizes, strict=True) if each[2]]
    rng = np.random.default_rng(seed)
    values = np.empty(n)
    for i in range(n):
        rows = order[np.concatenate([rng.integers(*each) for each in ranges])]
        values[i] = _statistic(fn, [_take(each, rows) for each in arrays])
    undefined = int((~np.isfinite(values)).sum())
    if undefined:
        raise ValueError(
            f"fn is not a finite number in {undefined} of {n} resamples; expected a number in "
            "each: give stratify=y to keep every class, or a fn that is always defined."
        )
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def count_ci(k, n, *, of="rate", level=0.95, n_boot=2000, seed=0):
    """Return a rate, or the ratio or difference of two rates, with its interval, from counts.

    Parameters
    ----------
    k, n : int, or pair of int for ``of="ratio"`` and ``of="difference"``
        Number of hits, and of rows they were counted in; ``0 <= k <= n``.
    of : {"rate", "ratio", "difference"}, default="rate"
        ``k / n``; or the first rate divided by the second; or the first minus the second.
    level : float, default=0.95
        Probability of the interval, strictly between 0 and 1.
    n_boot : int, default=2000
        Number of draws for a ratio or difference, at least 2; a rate needs none.
    seed : int, default=0
        Seed of the draws.

    Returns
    -------
    point, low, high : float
        NaN where undefined: a rate of nothing, 0 divided by 0. A ratio to a rate of 0 is ``inf``,
        and then `high` is ``inf`` too.

    Raises
    ------
    ValueError
        If a count is not a whole number from 0 to `n`, the number of counts does not fit `of`, or
        an option is outside its range.

    Notes
    -----
    A rate is given the law Beta(k + 1/2, n - k + 1/2), Jeffreys' interval [1]_; two rates are drawn
    from their laws independently. For large counts this is what resampling the counts gives; where
    a count is near 0 or `n` it still has a width. At ``k = 0`` the lower end of a rate is 0, at
    ``k = n`` the upper end is 1.

    References
    ----------
    .. [1] Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", Statistical
       Science 16 (2001), https://doi.org/10.1214/ss/1009213286
    .. [2] Agresti and Min, "Frequentist performance of Bayesian confidence intervals for comparing
       proportions in 2 x 2 contingency tables", Biometrics 61 (2005),
       https://doi.org/10.1111/j.1541-0420.2005.031228.x

    Examples
    --------
    >>> [round(value, 3) for value in count_ci(45, 60)]
    [0.75, 0.63, 0.846]
    >>> point, low, high = count_ci((120, 300), (200, 400), of="ratio")
    >>> round(point, 2), round(low, 1), round(high, 1)
    (0.8, 0.7, 0.9)
    """
    if of not in ("rate", "ratio", "difference"):
        raise ValueError(f"of is {of!r}; choose one of ['rate', 'ratio', 'difference'].")
    n_boot = whole_number("n_boot", n_boot, least=2)
    tail = _tail(level)
    wanted = 1 if of == "rate" else 2
    k, n = _counts("k", k, of, wanted), _counts("n", n, of, wanted)
    for hits, rows in zip(k, n, strict=True):
        if hits > rows:
            raise ValueError(f"k is {hits} of n = {rows}; expected at most n hits.")
    if 0 in n:
        return (float("nan"),) * 3
    rates = [hits / rows for hits, rows in zip(k, n, strict=True)]
    if of == "rate":
        from scipy.special import betaincinv

        (hits,), (rows,) = k, n
        low, high = betaincinv(hits + 0.5, rows - hits + 0.5, [tail, 1 - tail])
        return rates[0], float(low) if hits else 0.0, float(high) if hits < rows else 1.0
    rng = np.random.default_rng(seed)
    first, second = (rng.beta(a + 0.5, b - a + 0.5, n_boot) for a, b in zip(k, n, strict=True))
    if of == "difference":
        low, high = np.quantile(first - second, [tail, 1 - tail])
        return rates[0] - rates[1], float(low), float(high)
    if k == [0, 0]:
        return (float("nan"),) * 3
    low, high = np.quantile(first / second, [tail, 1 - tail])
    if k[1] == 0:
        return float("inf"), float(low), float("inf")
    return k[0] * n[1] / (k[1] * n[0]), float(low) if k[0] else 0.0, float(high)


def expected_cost(y, score, threshold, c_fp, c_fn):
    """Return the total cost of the decisions ``score >= threshold``.

    Parameters
    ----------
    y : array-like of shape (n_rows,)
        What was true: 0 and 1, or False and True.
    score : array-like of float of shape (n_rows,)
        The higher, the more likely is y = 1. Any scale, without missing values.
    threshold : float
        Rows with a score of at least this are decided as 1; ``inf`` decides all as 0.
    c_fp, c_fn : float
        Cost of one false positive and of one false negative, in one currency, at least 0.

    Returns
    -------
    float
        ``c_fp`` times the number of false positives plus ``c_fn`` times that of false negatives, in
        the unit of the costs: a total, not a mean per row.

    Raises
    ------
    ValueError
        If lengths differ, there are no rows, a value is missing, y is not 0 or 1, or a cost is
        negative or not finite.

    Examples
    --------
    One good application refused at EUR 50, two bad ones accepted at EUR 1 each:

    >>> expected_cost([1, 1, 0, 0], [0.2, 0.9, 0.5, 0.7], threshold=0.5, c_fp=1, c_fn=50)
    52.0
    """
    y = _zeros_and_ones("y", y).astype(bool)
    score = _numbers("score", score)
    if not len(y) == len(score) > 0:
        raise ValueError(
            f"y has {len(y)} rows and score {len(score)}; expected the same number, at least 1."
        )
    threshold = _number("threshold", threshold)
    if np.isnan(threshold):
        raise ValueError("threshold is nan; expected a number.")
    for name, cost in (("c_fp", c_fp), ("c_fn", c_fn)):
        if not 0 <= _number(name, cost) < np.inf:
            raise ValueError(f"{name} is {cost!r}; expected a cost of at least 0.")
    positive = score >= threshold
    return float(c_fp * (positive & ~y).sum() + c_fn * (~positive & y).sum())


def auc_bound(auc, n_pos, n_neg, *, side="lower", level=0.95):
    """Return a one-sided confidence bound of an area under the ROC curve, from its counts.

    Parameters
    ----------
    auc : float
        Observed area, 0 to 1; NaN gives NaN.
    n_pos, n_neg : int
        Number of rows with y = 1 and with y = 0 behind it, at least 1.
    side : {"lower", "upper"}, default="lower"
        Which bound.
    level : float, default=0.95
        Probability that the bound holds, strictly between 0 and 1. The lower and the upper bound at
        0.975 together are the two ends of a 95 % interval.

    Returns
    -------
    float
        The bound, from 0 to 1.

    Raises
    ------
    ValueError
        If the area is outside 0 to 1, a count is not a whole number of at least 1, or an option is
        outside its range.

    Notes
    -----
    ``auc ± z · se`` with the standard error of Hanley and McNeil [1]_, which needs no scores. It is
    0 at an area of 0 or 1: there the bound says nothing about what few rows leave open.

    References
    ----------
    .. [1] Hanley and McNeil, "The meaning and use of the area under a receiver operating
       characteristic (ROC) curve", Radiology 143 (1982),
       https://doi.org/10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> round(auc_bound(0.80, n_pos=200, n_neg=1300), 3)
    0.768
    >>> round(auc_bound(0.80, n_pos=200, n_neg=1300, side="upper"), 3)
    0.832
    """
    if side not in ("lower", "upper"):
        raise ValueError(f"side is {side!r}; choose one of ['lower', 'upper'].")
    _tail(level)
    area = _number("auc", auc)
    n_pos, n_neg = whole_number("n_pos", n_pos, least=1), whole_number("n_neg", n_neg, least=1)
    if np.isnan(area):
        return float("nan")
    if not 0 <= area <= 1:
        raise ValueError(f"auc is {auc!r}; expected an area from 0 to 1.")
    from scipy.special import ndtri

    twice_positive = area / (2 - area)
    twice_negative = 2 * area**2 / (1 + area)
    variance = area * (1 - area)
    variance += (n_pos - 1) * (twice_positive - area**2)
    variance += (n_neg - 1) * (twice_negative - area**2)
    margin = ndtri(level) * np.sqrt(max(variance, 0) / (n_pos * n_neg))
    bound = area - margin if side == "lower" else area + margin
    return float(np.clip(bound, 0, 1))


def _hits_and_bases(counts):
    """Return numerators and denominators of RATES from confusion counts of shape (..., 4)."""
    tn, fp, fn, tp = np.moveaxis(np.asarray(counts), -1, 0)
    n = tn + fp + fn + tp
    hits = np.stack([fp + tp, tp, fp, tn + tp, tp], axis=-1)
    bases = np.stack([n, fn + tp, tn + fp, n, fp + tp], axis=-1)
    return hits, bases


def _divide(hits, bases):
    with np.errstate(invalid="ignore", divide="ignore"):
        return hits / bases


def _resampled_counts(counts, n_rows, n_boot, rng):
    """Return the confusion counts of one group in resamples of all rows, shape (n_boot, 4)."""
    cells = np.append(counts, n_rows - counts.sum())
    return rng.multinomial(n_rows, cells / n_rows, size=n_boot)[:, :4]


def _wilson(hits, bases, tail):
    from scipy.special import ndtri

    z2 = ndtri(tail) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = hits / bases
        centre = (hits + z2 / 2) / (bases + z2)
        half = np.sqrt(z2 * (rates * (1 - rates) * bases + z2 / 4)) / (bases + z2)
    # At 0 and 1 the formula is exact, its rounding is not.
    low = np.where(hits == 0, np.where(bases == 0, np.nan, 0.0), centre - half)
    high = np.where(hits == bases, np.where(bases == 0, np.nan, 1.0), centre + half)
    return low, high


def _column(name, values):
    """Return a one-dimensional `values` as a Series with the index 0, 1, 2, ..."""
    shape = np.shape(values)
    if len(shape) != 1:
        raise ValueError(f"{name} has shape {shape}; expected one dimension, one value per row.")
    # Not through an array: it would turn the missing value of ["a", None] into a word.
    return pd.Series(values).reset_index(drop=True)


def _zeros_and_ones(name, values):
    column = _column(name, values)
    _no_missing(name, column)
    wrong = ~column.isin([0, 1])
    if wrong.any():
        raise ValueError(
            f"{name} holds {column[wrong].tolist()[0]!r}; expected 0 and 1 (or False and True): "
            "make them by a comparison."
        )
    return column.astype(np.int64).to_numpy()


def _numbers(name, values):
    column = _column(name, values)
    try:
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise ValueError(f"{name} holds {column.iloc[0]!r}; expected numbers.") from None
    _no_missing(name, column)
    return numbers


def _no_missing(name, column, remedy="drop these rows or fill them"):
    missing = int(column.isna().sum())
    if missing:
        raise ValueError(f"{name} has {missing} missing values; {remedy}.")


def _labels(name, values):
    """Return integer codes of the values, and the values that the codes stand for, sorted."""
    column = _column(name, values)
    _no_missing(name, column, "name them, for example with fillna('unknown')")
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(np.int64), column.cat.categories
    codes, uniques = pd.factorize(column, sort=True)
    return codes, pd.Index(uniques)


def _group_codes(groups):
    if isinstance(groups, (dict, pd.DataFrame)):
        columns = [(name, _labels(f"groups[{name!r}]", each)) for name, each in groups.items()]
    elif np.ndim(groups) == 2:
        raise ValueError(
            f"groups has shape {np.shape(groups)}; for several columns give a DataFrame, so that "
            "they have names."
        )
    else:
        name = getattr(groups, "name", None)
        columns = [("group" if name is None else name, _labels("groups", groups))]
    if not columns:
        raise ValueError("groups has no column; expected at least one.")
    lengths = {len(codes) for _, (codes, _) in columns}
    if len(lengths) > 1:
        raise ValueError(f"The columns of groups have {sorted(lengths)} rows; expected the same.")
    names = [name for name, _ in columns]
    levels = [values for _, (_, values) in columns]
    sizes = [len(values) for values in levels]
    if np.prod(sizes, dtype=float) > _MOST_GROUPS:
        raise ValueError(
            f"groups has {' x '.join(map(str, sizes))} combinations; expected at most "
            f"{_MOST_GROUPS}: use fewer columns or coarser values."
        )
    if len(columns) == 1:
        return columns[0][1][0], levels[0].rename(names[0])
    codes = np.zeros(lengths.pop(), np.int64)
    for (_, (codes_of_column, _)), size in zip(columns, sizes, strict=True):
        codes = codes * size + codes_of_column
    return codes, pd.MultiIndex.from_product(levels, names=names)


def _take(array, rows):
    if isinstance(array, (pd.DataFrame, pd.Series)):
        return array.take(rows).reset_index(drop=True)
    return array.take(rows) if isinstance(array, pd.Index) else np.asarray(array)[rows]


def _statistic(fn, arrays):
    try:
        value = fn(*arrays)
    except Exception as error:
        error.add_note(
            "raised by fn in a bootstrap resample; if a class was missing there, give stratify=y"
        )
        raise
    return _number("The result of fn", value)


def _number(name, value):
    if np.ndim(value) == 0 and not isinstance(value, str):
        try:
            return float(value)
        except (TypeError, ValueError):
            pass
    shown = repr(value) if np.ndim(value) == 0 else f"of shape {np.shape(value)}"
    raise ValueError(f"{name} is {shown}; expected one number.")


def _counts(name, values, of, wanted):
    given = [values] if np.ndim(values) == 0 else list(values)
    if len(given) != wanted:
        raise ValueError(
            f"{name} holds {len(given)} counts; of={of!r} needs {wanted}"
            f"{', one for each rate' if wanted == 2 else ''}."
        )
    counts = []
    for value in given:
        # Counts often come as floats, from a table with missing values.
        if isinstance(value, (float, np.floating)) and value.is_integer():
            value = int(value)
        counts.append(whole_number(name, value, least=0))
    return counts


def _tail(level):
    """Return the probability below an interval of probability `level`."""
    if not 0 < _number("level", level) < 1:
        raise ValueError(f"level is {level!r}; expected a probability between 0 and 1.")
    return (1 - level) / 2
