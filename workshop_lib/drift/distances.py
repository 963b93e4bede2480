"""Two distances of samples, for one column or a whole table: PSI and Kolmogorov-Smirnov."""

import itertools

import numpy as np
import pandas as pd

from workshop_lib.options import whole_number

FLOOR = 1e-4
_MOST_BINS = 1000
_MOST_FOR_EXACT = 2000


def psi(reference, current, *, bins=10, print_bins=False):
    """Return the population stability index of one column, or of each column of a table.

    Parameters
    ----------
    reference, current : array-like of shape (n_rows,), or DataFrame
        Both one column, or both tables. Tables are compared in the columns of the reference; the
        current one may have more. Lengths may differ.
    bins : int, default=10
        Number of bins of a numeric column, 2 to 1,000.
    print_bins : bool, default=False
        Also print the bins with both shares.

    Returns
    -------
    float or pandas.Series
        The index, at least 0; for tables one value per column. NaN where a column has no value at
        all in one of the two.

    Raises
    ------
    ValueError
        If there are no rows, a column is missing or changed its type, or `bins` is outside its
        range.

    Notes
    -----
    The index is the sum over bins of ``(q - p) ln(q / p)``, where p and q are the shares of the
    reference and of the current values, each at least 0.0001. It depends on its bins, so they are
    fixed by the reference: the quantiles of a numeric column, open at both ends. A column of text,
    or of at most `bins` different numbers, has one bin per value of the reference and one for any
    other value. Equal quantiles, as in a column with many zeros, are one edge.

    Missing values are left out: watch their share on its own.

    Examples
    --------
    >>> import numpy as np
    >>> reference = np.linspace(0, 1, 1000)
    >>> round(psi(reference, reference), 3), round(psi(reference, reference + 0.1), 3)
    (0.0, 0.525)
    >>> round(psi(["car", "home"] * 50, ["car"] * 60 + ["home"] * 40, print_bins=True), 4)
    bin                       reference  current      psi
    car                          0.5000   0.6000   0.0182
    home                         0.5000   0.4000   0.0223
    any other value              0.0000   0.0000   0.0000
    0.0405
    """
    bins = whole_number("bins", bins, least=2, most=_MOST_BINS)
    pairs, tables = _pairs(reference, current)
    values = {}
    for name, old, new in pairs:
        if _is_numeric(old):
            old, new = _present_numbers(old), _present_numbers(new)
        else:
            old, new = old.dropna(), new.dropna()
        values[name] = np.nan
        if len(old) and len(new):
            cuts, old_counts, new_counts = _counts(old, new, bins)
            shares = old_counts / len(old), new_counts / len(new)
            p, q = (np.maximum(each, FLOOR) for each in shares)
            parts = (q - p) * np.log(q / p)
            values[name] = float(parts.sum())
            if print_bins:
                _print_bins(name, cuts, *shares, parts)
        elif print_bins:
            print(f"{name or 'the column'}: no values in the reference or in the current rows")
    return pd.Series(values, name="psi", dtype=float) if tables else values[None]


def ks(reference, current):
    """Return the two-sample Kolmogorov-Smirnov test of one column, or of each column of a table.

    Parameters
    ----------
    reference, current : array-like of shape (n_rows,), or DataFrame
        Both one numeric column, or both tables of numeric columns. Tables are compared in the
        columns of the reference; the current one may have more. Lengths may differ.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        ``statistic``: the largest distance of the two distribution functions, 0 to 1. ``p_value``:
        two-sided, as ``scipy.stats.ks_2samp(..., method="asymp")``, not adjusted for many columns.
        For tables one row per column. Missing values are left out; both are NaN where a column has
        no value at all in one of the two.

    Raises
    ------
    ValueError
        If there are no rows, a column is missing or is not numeric.

    Notes
    -----
    The p-value is that of one sample of the size ``n m / (n + m)``, as in scipy. Its exact formula
    takes a time that grows with this size; above 2,000 the limit law with Vrbik's correction [1]_
    stands for it. It differs from the exact value by less than 0.00002, and by less than 1.5 % of
    it where it is above 1e-8.

    References
    ----------
    .. [1] Vrbik, "Deriving CDF of Kolmogorov-Smirnov test statistic", Applied Mathematics 11
       (2020), https://doi.org/10.4236/am.2020.113018

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> ks(rng.normal(size=500), rng.normal(0.3, size=500)).round(4).to_dict()
    {'statistic': 0.14, 'p_value': 0.0001}
    """
    pairs, tables = _pairs(reference, current)
    names, statistics, sizes = [], [], []
    for name, old, new in pairs:
        if not _is_numeric(old):
            raise ValueError(
                f"{_named(name)} holds {old.dtype}; ks needs numbers: leave it out, or use psi."
            )
        old, new = np.sort(_present_numbers(old)), np.sort(_present_numbers(new))
        names.append(name)
        sizes.append((len(old), len(new)))
        statistics.append(_ks_statistic(old, new) if len(old) and len(new) else np.nan)
    table = pd.DataFrame({"statistic": statistics}, index=names)
    n, m = np.array(sizes, float).T
    table["p_value"] = _ks_p_values(table["statistic"].to_numpy(), n, m)
    return table if tables else table.iloc[0].rename(None)


def _pairs(reference, current):
    """Return (name, reference column, current column) for each column, and whether from tables."""
    tables = isinstance(reference, pd.DataFrame)
    if tables != isinstance(current, pd.DataFrame):
        raise ValueError("One of reference and current is a DataFrame; give both or neither.")
    if tables:
        for name, table in (("reference", reference), ("current", current)):
            if not table.columns.is_unique:
                raise ValueError(f"{name} has two columns of one name; rename one of them.")
        gone = [name for name in reference if name not in current]
        if gone:
            raise ValueError(f"current lacks the columns {gone} of the reference; a lost column?")
        if not len(reference.columns):
            raise ValueError("reference has no column; expected at least one.")
        pairs = [(name, reference[name], current[name]) for name in reference]
    else:
        pairs = [(None, _series("reference", reference), _series("current", current))]
    if not len(reference) or not len(current):
        raise ValueError(
            f"reference has {len(reference)} rows and current {len(current)}; expected at least 1 "
            "in each: take a wider window."
        )
    for name, old, new in pairs:
        _check_types(name, old, new)
    return pairs, tables


def _series(name, values):
    shape = np.shape(values)
    if len(shape) != 1:
        raise ValueError(f"{name} has shape {shape}; expected one dimension, or a DataFrame.")
    return pd.Series(values)


def _check_types(name, old, new):
    for each in (old, new):
        if each.dtype.kind in "mMc":
            raise ValueError(
                f"{_named(name)} holds {each.dtype}; expected numbers or text: leave it out."
            )
    # An all-missing column may come with any type: there is nothing to compare.
    if _is_numeric(old) != _is_numeric(new) and old.notna().any() and new.notna().any():
        raise ValueError(
            f"{_named(name)} holds {old.dtype} in the reference and {new.dtype} now: a changed "
            "schema; convert one of them, for example with pd.to_numeric."
        )


def _named(name):
    return "The column" if name is None else f"The column {name!r}"


def _is_numeric(values):
    return pd.api.types.is_numeric_dtype(values)


def _present_numbers(values):
    # All-missing columns of text have passed the check of types.
    if not _is_numeric(values):
        return np.array([])
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    missing = np.isnan(numbers)
    return numbers[~missing] if missing.any() else numbers


def _counts(old, new, bins):
    """Return the cuts (edges, or values), and how many values of old and new are in each bin."""
    if isinstance(old, np.ndarray):
        with np.errstate(invalid="ignore"):
            edges = np.quantile(old, np.linspace(0, 1, bins + 1))
        if not np.isfinite(edges).all():
            raise ValueError("reference holds infinite values; replace them.")
        if (edges[1:] > edges[:-1]).all():
            edges = edges[1:-1]
            return edges, _counts_below(old, edges), _counts_below(new, edges)
        old_series = pd.Series(old)
        if old_series.nunique() > bins:
            edges = np.unique(edges)
            edges = edges[:-1] if len(edges) > 1 else edges
            return edges, _counts_below(old, edges), _counts_below(new, edges)
        old, new = old_series, pd.Series(new)
    counted = old.astype(object).value_counts().sort_index(key=_sortable)
    known = new.astype(object).value_counts().reindex(counted.index, fill_value=0)
    others = len(new) - known.sum()
    return [*counted.index], np.append(counted, 0), np.append(known, others)


def _sortable(index):
    # Values of several types in one column cannot be compared: sort them by their text.
    return index if len({type(each) for each in index}) == 1 else index.map(str)


def _counts_below(values, edges):
    # Comparing with each edge is ten times faster than searching the edge of each value.
    below = [np.count_nonzero(values <= edge) for edge in edges]
    return np.diff([0, *below, len(values)])


def _ks_statistic(first, second):
    """Return the largest distance of the distribution functions of two sorted samples."""
    if len(first) > len(second):
        first, second = second, first
    # It is reached at a step of the first sample, just before it or on it.
    steps = np.arange(len(first) + 1) / len(first)
    on_it = np.searchsorted(second, first, "right")
    tied = (on_it > 0) & (second[on_it - 1] == first)
    before = np.searchsorted(second, first, "left") if tied.any() else on_it
    above = (steps[1:] - on_it / len(second)).max()
    below = (before / len(second) - steps[:-1]).max()
    return max(above, below)


def _ks_p_values(statistics, n, m):
    from scipy.special import kolmogorov
    from scipy.stats import kstwo

    size = np.maximum(np.round(n * m / np.maximum(n + m, 1)), 1)
    p = np.empty(len(size))
    small = size <= _MOST_FOR_EXACT
    p[small] = kstwo.sf(statistics[small], size[small])
    root = np.sqrt(size[~small])
    scaled = statistics[~small] * root
    p[~small] = kolmogorov(scaled + 1 / (6 * root) + (scaled - 1) / (4 * root**2))
    # Rounding may leave these limits.
    return np.clip(p, 0, 1)


def _print_bins(name, cuts, p, q, parts):
    if name is not None:
        print(f"{name}:")
    if isinstance(cuts, np.ndarray):
        ends = ["-inf", *(f"{cut:.4g}" for cut in cuts), "inf"]
        labels = [f"({low}, {high}]" for low, high in itertools.pairwise(ends)]
    else:
        labels = [*map(str, cuts), "any other value"]
    print(f"{'bin':24}  reference  current      psi")
    for label, *row in zip(labels, p, q, parts, strict=True):
        print(f"{label:24}  {row[0]:9.4f}  {row[1]:7.4f}  {row[2]:7.4f}")
