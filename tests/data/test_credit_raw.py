"""Raw extract: every planted fault, on several sizes and seeds, and its ledger."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from workshop_lib import data

SENTINELS = {"NaN", "unknown", "-1", "999"}
IMPOSSIBLE = {"0", "7", "120", "150"}
SPELLINGS = {"Yes ", "yes", "Y", "TRUE", "1", "no", "No", "N", "false", "0", "?", "n/a"}


@pytest.fixture(scope="module", params=[0, 1, 2])
def extract(request):
    return data.credit_raw(3000, request.param, return_truth=True)


def originals(frame):
    return frame.drop_duplicates("application_id")


def flagged(values, spread):
    low, high = values.quantile([0.25, 0.75])
    return ~values.between(low - spread * (high - low), high + spread * (high - low))


@pytest.mark.parametrize("n", [50, 123, 1000, 6000])
@pytest.mark.parametrize("seed", [0, 1])
def test_faults_scale_with_the_number_of_applications(n, seed):
    raw, ledger = data.credit_raw(n, seed, return_truth=True)
    faults = ledger.faults
    assert faults.any().all()
    assert raw.application_id.nunique() == n
    assert raw.duplicated().sum() == faults["copy"].sum() == max(1, round(0.03 * n))
    assert faults["resubmission"].sum() == round(0.02 * n)
    assert len(raw) == n + faults["copy"].sum() + faults["resubmission"].sum()
    assert raw.month.between(0, 11).all()


def test_counts_of_3000_applications(extract):
    raw, ledger = extract
    first = originals(raw).index
    counts = ledger.faults.loc[first].sum()
    assert len(raw) == 3150
    assert counts["age_sentinel"] == 60
    assert counts["age_impossible"] == 30
    assert counts["income_in_eur"] == 60
    assert counts["home_owner_unknown"] == 45
    assert counts["purpose_spelling"] == 600
    assert counts["twin"] == 12


def test_ages(extract):
    raw, ledger = extract
    faulty = ledger.faults.age_sentinel | ledger.faults.age_impossible
    assert set(raw.age[ledger.faults.age_sentinel]) == SENTINELS
    assert set(raw.age[ledger.faults.age_impossible]) == IMPOSSIBLE
    assert (raw.age[~faulty].astype(int) == ledger.clean.age[~faulty]).all()


def test_incomes_are_either_true_or_in_eur(extract):
    raw, ledger = extract
    ratio = raw.income_keur / ledger.clean.income_keur
    expected = np.where(ledger.faults.income_in_eur, 1000, 1)
    assert ratio.to_numpy() == pytest.approx(expected)
    assert ledger.clean.income_keur.between(1, 500).all()


@pytest.mark.parametrize("seed", range(10))
def test_log_iqr_3_finds_every_wrong_unit_and_little_else(seed):
    raw, ledger = data.credit_raw(3000, seed, return_truth=True)
    faulty = ledger.faults.income_in_eur
    found = flagged(np.log(raw.income_keur), 3)
    assert found[faulty].all()
    assert faulty[found].mean() >= 0.99
    assert not flagged(np.log(ledger.clean.income_keur), 3).any()
    assert faulty[flagged(raw.income_keur, 1.5)].mean() < 0.6, "plain IQR must flag honest incomes"
    z = (raw.income_keur - raw.income_keur.mean()) / raw.income_keur.std(ddof=0)
    assert (z > 3)[faulty].mean() < 1, "the z rule must miss faults"


@pytest.mark.parametrize("seed", range(10))
def test_debt_ratio_is_missing_more_often_after_late_payments(seed):
    raw = originals(data.credit_raw(3000, seed))
    missing, late = raw.debt_ratio.isna(), raw.late_payments > 0
    assert missing[late].mean() == pytest.approx(0.20, abs=0.045)
    assert missing[~late].mean() == pytest.approx(0.05, abs=0.025)
    assert chi2_contingency(pd.crosstab(late, missing)).pvalue < 1e-20
    assert raw.late_payments[~missing].mean() < raw.late_payments.mean() - 0.03


def test_spellings(extract):
    raw, ledger = extract
    assert set(raw.home_owner) == SPELLINGS
    known = ~ledger.faults.home_owner_unknown
    yes = raw.home_owner[known].str.strip().str.lower().isin(["yes", "y", "true", "1"])
    assert (yes == (ledger.clean.home_owner[known] == 1)).all()
    assert (raw.purpose.str.strip().str.lower() == ledger.clean.purpose).all()
    assert raw.purpose.nunique() == 20


def test_resubmissions_are_later_with_another_loan(extract):
    raw, ledger = extract
    again = raw.application_id.isin(raw.application_id[ledger.faults.resubmission])
    versions = raw[again & ~ledger.faults["copy"]].sort_values("month").groupby("application_id")
    different = versions.nunique()
    assert (different.month == versions.size()).all()
    assert different.drop(columns=["month", "loan_keur"]).le(1).all(axis=None)
    first_loan = versions.loan_keur.transform("first")
    later = ledger.faults.resubmission[first_loan.index]
    assert (raw.loan_keur[first_loan.index] != first_loan)[later].all()


def test_some_applications_stand_three_times(extract):
    raw, ledger = extract
    same = raw.groupby(list(raw.columns), dropna=False).size()
    versions = raw[~ledger.faults["copy"]].groupby("application_id").size()
    assert same.max() == 3
    assert versions.max() == 3


def test_the_first_row_of_an_application_is_not_always_the_latest(extract):
    raw, _ = extract
    latest = raw.groupby("application_id").month.max()
    for keep in ("first", "last"):
        kept = raw.drop_duplicates("application_id", keep=keep).set_index("application_id").month
        assert (kept != latest.loc[kept.index]).any()


def test_twins_differ_in_the_id_only(extract):
    raw, ledger = extract
    twins = raw[ledger.faults.twin]
    values = twins.drop(columns="application_id")
    assert values.duplicated(keep=False).all()
    assert twins.application_id.is_unique


def test_ledger_stands_beside_the_extract(extract):
    raw, ledger = extract
    assert ledger.clean.index.equals(raw.index)
    assert ledger.faults.index.equals(raw.index)
    same = ["application_id", "month", "loan_keur", "late_payments", "rating", "group", "repaid"]
    pd.testing.assert_frame_equal(raw[same], ledger.clean[same])
    assert ledger.clean.notna().all(axis=None)


@pytest.mark.parametrize("seed", [0, 1])
def test_true_values_are_those_of_credit_but_for_twins(seed):
    _, ledger = data.credit_raw(300, seed, return_truth=True)
    kept = ~ledger.faults[["copy", "resubmission", "twin"]].any(axis=1)
    clean = ledger.clean[kept].set_index("application_id").drop(columns="rating")
    expected = data.credit(300, seed).set_index("application_id").loc[clean.index]
    pd.testing.assert_frame_equal(clean, expected)


def test_rating_is_ordered_by_risk(extract):
    _, ledger = extract
    assert set(ledger.clean.rating) == {"low", "medium", "high"}
    repaid = ledger.clean.groupby("rating").repaid.mean()
    assert repaid["low"] < repaid["medium"] < repaid["high"]


def test_same_seed_same_values():
    pd.testing.assert_frame_equal(data.credit_raw(200, 4), data.credit_raw(200, 4))
    with_truth, _ = data.credit_raw(200, 4, return_truth=True)
    pd.testing.assert_frame_equal(data.credit_raw(200, 4), with_truth)


@pytest.mark.parametrize("n", [0, 49, 99.5, "many"])
def test_too_few_rows_are_refused(n):
    with pytest.raises(ValueError, match="at least 50"):
        data.credit_raw(n)
