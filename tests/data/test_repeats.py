"""Repeat customers: the identity leak of both kinds, options, and errors."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier

from workshop_lib import data


@pytest.mark.parametrize("seed", range(4))
def test_loans_the_customer_is_recognised_and_nothing_else(seed):
    X, y, groups = data.repeats(seed)
    model = KNeighborsClassifier(1)
    by_row = cross_val_score(model, X, y, cv=KFold(5, shuffle=True, random_state=0)).mean()
    by_customer = cross_val_score(model, X, y, cv=GroupKFold(5), groups=groups).mean()
    assert by_row > 0.99
    assert 0.4 < by_customer < 0.6


def test_loans_one_label_for_each_customer_and_shuffled_rows():
    X, y, groups = data.repeats(3, n_customers=40, per=4)
    assert X.shape == (160, 12)
    assert (groups.value_counts() == 4).all()
    assert y.groupby(groups).nunique().eq(1).all()
    assert y.mean() == 0.5
    assert not groups.is_monotonic_increasing
    assert (y.name, groups.name) == ("repaid", "customer_id")


@pytest.mark.parametrize("seed", range(4))
def test_fraud_is_rare_sorted_and_of_few_customers(seed):
    X, y, groups = data.repeats(seed, kind="fraud")
    assert 3800 < len(X) < 4300
    assert 0.015 < y.mean() < 0.027
    assert y.is_monotonic_increasing
    assert groups.nunique() == 900
    assert 20 <= groups[y == 1].nunique() <= 29
    devices = X.filter(like="device")
    assert devices.groupby(groups).nunique().eq(1).all(axis=None)
    plain = [y.iloc[test].sum() for _, test in KFold(5).split(X)]
    assert plain[:4] == [0, 0, 0, 0]
    fair = StratifiedGroupKFold(5, shuffle=True, random_state=0).split(X, y, groups)
    counts = np.array([y.iloc[test].sum() for _, test in fair])
    assert (np.abs(counts - y.sum() / 5) < 0.35 * y.sum() / 5).all()


@pytest.mark.parametrize("seed", range(2))
def test_fraud_a_split_by_rows_promises_far_too_much(seed):
    X, y, groups = data.repeats(seed, kind="fraud")
    model = RandomForestClassifier(40, random_state=0)
    options = {"scoring": "average_precision"}
    splits = {
        "rows": StratifiedKFold(3, shuffle=True, random_state=0),
        "customers": StratifiedGroupKFold(3, shuffle=True, random_state=0),
    }
    score = {
        name: cross_val_score(model, X, y, cv=cv, groups=groups, **options).mean()
        for name, cv in splits.items()
    }
    assert score["customers"] < 0.12
    assert score["rows"] > 5 * score["customers"]


def test_same_seed_same_values():
    np.random.seed(3)
    for kind in ("loans", "fraud"):
        first, again = (data.repeats(2, kind=kind, n_customers=30) for _ in range(2))
        pd.testing.assert_frame_equal(first[0], again[0])
        for i in (1, 2):
            pd.testing.assert_series_equal(first[i], again[i])
        assert not first[0].equals(data.repeats(4, kind=kind, n_customers=30)[0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "cards"}, "loans"),
        ({"n_customers": 3}, "n_customers is 3"),
        ({"per": 1}, "per is 1"),
    ],
)
def test_bad_arguments_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        data.repeats(**options)
