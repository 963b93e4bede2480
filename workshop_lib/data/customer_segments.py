"""Customers of four segments, whose columns have very different units."""

import numpy as np
import pandas as pd

from workshop_lib.options import whole_number

SHARES = (0.4, 0.3, 0.2, 0.1)
_COLUMNS = ("income_keur", "products", "balance_keur")
_CENTRES = ((34.0, 2.0, 3.0), (38.0, 6.0, 4.0), (44.0, 3.0, 10.0), (74.0, 6.0, 9.0))
_SPREAD = (7.0, 0.5, 0.9)


def segments(n=600, seed=0):
    """Generate customers of four unequal segments, and the segment of each.

    In a segment income, number of products and balance are independent and normal around the
    centre of the segment. Incomes are spread over many thousand EUR, products over a few units: a
    distance without scaling sees hardly anything but income, and most segments overlap there.

    Parameters
    ----------
    n : int, default=600
        Number of customers, at least 10.
    seed : int, default=0
        Seed of the random numbers.

    Returns
    -------
    customers : pandas.DataFrame of shape (n, 3)
        income_keur (EUR 1,000 a year, about 10 to 95), products (count, at least 1), balance_keur
        (mean balance in EUR 1,000, about 0 to 13).
    truth : numpy.ndarray of int, shape (n,)
        Segment of each row, 0 to 3: 40, 30, 20 and 10 % of the customers. The rows are shuffled.

    Raises
    ------
    ValueError
        If `n` is not a whole number of at least 10.

    Notes
    -----
    Source: own simulation; see ``datasets/segments.md``.

    Examples
    --------
    >>> customers, truth = segments(200)
    >>> customers.shape, np.bincount(truth).tolist()
    ((200, 3), [80, 60, 40, 20])
    """
    n = whole_number("n", n, least=10)
    order_rng, value_rng = np.random.default_rng(seed).spawn(2)
    borders = np.rint(np.cumsum(SHARES) * n)
    truth = order_rng.permutation(np.searchsorted(borders, np.arange(n), side="right"))
    values = np.array(_CENTRES)[truth] + value_rng.normal(0, _SPREAD, (n, 3))
    customers = pd.DataFrame(values, columns=list(_COLUMNS))
    return (
        customers.assign(
            income_keur=customers["income_keur"].clip(1).round(1),
            products=customers["products"].round().clip(1).astype(np.int64),
            balance_keur=customers["balance_keur"].clip(0).round(2),
        ),
        truth,
    )
