"""Several rows of each customer: a model can recognise the customer instead of learning."""

import numpy as np
import pandas as pd

from workshop_lib.options import one_of, whole_number

_KINDS = ("loans", "fraud")
_CUSTOMERS = {"loans": 150, "fraud": 900}
_SCORES = 12
_SHARE_OF_VICTIMS = 0.032


def repeats(seed=0, *, kind="loans", n_customers=None, per=6):
    """Generate rows of customers who come back, so that a split by rows leaks their identity.

    ``"loans"``: every application has 12 behaviour scores, near the customer's own. The label is
    thrown like a coin once for each customer. So the scores tell who it is, and nothing else.

    ``"fraud"``: card transactions. A few customers are victims, and most of their
    transactions are fraud. Amount, hour and distance say a little about fraud; the device
    fingerprint, the same in all rows of a customer, says nothing about fraud of other customers.

    Parameters
    ----------
    seed : int, default=0
        Seed of the random numbers.
    kind : {"loans", "fraud"}, default="loans"
    n_customers : int, optional
        Number of customers, at least 10; by default 150 for loans and 900 for fraud.
    per : int, default=6
        Rows of each customer, from 2 to 50. For fraud this is the largest number: customers have
        from half of it, rounded down, to all of it.

    Returns
    -------
    X : pandas.DataFrame
        loans: score_00 to score_11 (no unit, about N(0, 1)), ``n_customers * per`` rows in random
        order. fraud: amount_eur (above 0), hour (0 to 23), distance_km (0 and more), device_0 to
        device_5 (0 to 1), about ``0.75 * n_customers * per`` rows, frauds last.
    y : pandas.Series
        0 or 1; loans: ``repaid``, about half are 1. fraud: ``fraud``, about 2 % are 1.
    groups : pandas.Series
        ``customer_id``, whole numbers from 0.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: own simulation; see ``datasets/repeats.md``.

    Examples
    --------
    >>> X, y, groups = repeats()
    >>> X.shape, groups.nunique(), int(y.groupby(groups).nunique().max())
    ((900, 12), 150, 1)
    """
    one_of("kind", kind, _KINDS)
    n_customers = _CUSTOMERS[kind] if n_customers is None else n_customers
    n_customers = whole_number("n_customers", n_customers, least=10)
    per = whole_number("per", per, least=2, most=50)
    make = {"loans": _loans, "fraud": _fraud}[kind]
    return make(np.random.default_rng([seed, _KINDS.index(kind)]), n_customers, per)


def _loans(rng, n_customers, per):
    own = rng.normal(0, 1, (n_customers, _SCORES))
    coin = rng.permutation(np.arange(n_customers) % 2)
    customer = rng.permutation(np.repeat(np.arange(n_customers), per))
    scores = own[customer] + rng.normal(0, 0.15, (len(customer), _SCORES))
    columns = [f"score_{i:02d}" for i in range(_SCORES)]
    return (
        pd.DataFrame(scores.round(3), columns=columns),
        pd.Series(coin[customer], name="repaid"),
        pd.Series(customer, name="customer_id"),
    )


def _fraud(rng, n_customers, per):
    rows = rng.integers(per // 2, per + 1, n_customers)
    victims = np.zeros(n_customers, bool)
    victims[: max(5, round(_SHARE_OF_VICTIMS * n_customers))] = True
    victims = rng.permutation(victims)
    customer = np.repeat(np.arange(n_customers), rows)
    fraud = victims[customer] & (rng.random(len(customer)) < 0.7)
    night = rng.random(len(customer)) < np.where(fraud, 0.35, 0.15)
    hour = np.where(night, rng.integers(0, 7, len(customer)), rng.integers(7, 24, len(customer)))
    frame = pd.DataFrame(
        {
            "amount_eur": rng.lognormal(3.7 + 0.35 * fraud, 0.9).round(2),
            "hour": hour,
            "distance_km": rng.exponential(np.where(fraud, 18.0, 12.0)).round(1),
        }
    )
    device = rng.random((n_customers, 6)).round(4)
    frame = frame.assign(**{f"device_{i}": device[customer, i] for i in range(6)})
    order = np.argsort(fraud, kind="stable")
    return (
        frame.iloc[order].reset_index(drop=True),
        pd.Series(fraud[order].astype(np.int64), name="fraud"),
        pd.Series(customer[order], name="customer_id"),
    )
