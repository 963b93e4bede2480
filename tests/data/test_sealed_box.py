"""The sealed box opens once, and holds the planted difference between the groups."""

import copy
import doctest

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workshop_lib import data
from workshop_lib.data import sealed

NUMERIC = ["income_keur", "loan_keur", "debt_ratio", "late_payments", "employment_years"]


class Model:
    """A logistic regression on five columns."""

    def __init__(self, rows):
        inner = make_pipeline(StandardScaler(), LogisticRegression())
        self.inner = inner.fit(rows[NUMERIC], rows["repaid"])

    def predict_proba(self, rows):
        return self.inner.predict_proba(rows[NUMERIC])


def small():
    return data.sealed_box(3, n_train=60, n_valid=20, n_sealed=40)


def test_documented_examples():
    assert doctest.testmod(sealed).failed == 0


def test_one_look_and_both_tries_are_logged():
    box = small()
    model = Model(box.train)
    assert box.evaluate(model, lambda rows, p: (len(rows), len(p))) == (40, 40)
    with pytest.raises(PermissionError, match="once"):
        box.evaluate(model, lambda rows, p: 0)
    assert [(entry["look"], entry["allowed"]) for entry in box.log] == [(1, True), (2, False)]


def test_a_copy_gives_no_second_look_and_a_failed_metric_counts():
    box = small()
    with pytest.raises(ZeroDivisionError):
        box.evaluate(Model(box.train), lambda rows, p: 1 / 0)
    for twin in (copy.copy(box), copy.deepcopy(box)):
        with pytest.raises(PermissionError):
            twin.evaluate(Model(box.train), lambda rows, p: 0)


def test_parts_are_disjoint_and_open_parts_cannot_be_changed():
    box = small()
    ids = set(box.train.index) | set(box.valid.index)
    sealed_ids = box.evaluate(Model(box.train), lambda rows, p: set(rows.index))
    assert len(ids) == 80 and not ids & sealed_ids
    rows = box.train
    rows["repaid"] = 0
    assert box.train["repaid"].mean() > 0.5


def test_same_seed_same_rows():
    np.random.seed(3)
    pd.testing.assert_frame_equal(small().train, small().train)
    other = data.sealed_box(4, n_train=60, n_valid=20, n_sealed=40)
    assert not small().train.equals(other.train)


@pytest.mark.parametrize("seed", range(4))
def test_groups_differ_and_the_limit_stays_undecided(seed):
    box = data.sealed_box(seed)
    model = Model(pd.concat([box.train, box.valid]))

    def difference(rows, p):
        approved = pd.Series(p >= 5 / 6, index=rows.index)[rows["repaid"] == 1]
        return approved.groupby(rows["group"]).mean().diff().iloc[-1]

    assert 0.04 < abs(box.evaluate(model, difference)) < 0.16


@pytest.mark.parametrize("name", ["n_train", "n_valid", "n_sealed"])
def test_bad_sizes_are_named(name):
    with pytest.raises(ValueError, match="at least 1"):
        data.sealed_box(0, **{name: 0})
