"""Clean applications: columns, planted formula, options, errors."""

import numpy as np
import pandas as pd
import pytest

from workshop_lib import data

COLUMNS = [
    *("application_id", "month", "age", "income_keur", "loan_keur", "debt_ratio"),
    *("late_payments", "employment_years", "group", "home_owner", "purpose", "area"),
    *("approved_hist", "repaid"),
]


def log_odds(frame):
    """The formula of the datasheet, written again."""
    return (
        1.55
        + 1.1 * np.log(frame["income_keur"] / 32)
        - 0.55 * np.log(frame["loan_keur"] / 9)
        - 3 * (frame["debt_ratio"] - 0.33)
        - 0.75 * frame["late_payments"]
        + 0.05 * frame["employment_years"]
        + 0.35 * frame["home_owner"]
        - 0.3 * (frame["purpose"] == "debt")
    )


@pytest.mark.parametrize("seed", range(4))
def test_keeps_the_contract(seed):
    frame = data.credit(2000, seed)
    assert list(frame.columns) == COLUMNS
    assert frame.application_id.is_unique
    assert frame.notna().all(axis=None)
    assert frame.age.between(18, 100).all()
    assert frame.income_keur.between(1, 500).all()
    assert frame.debt_ratio.between(0, 0.95).all()
    assert frame.month.between(0, 11).all()
    assert (frame.employment_years <= frame.age - 18).all()
    for column, values in {
        "purpose": {"car", "debt", "home", "other"},
        "area": {"east", "west"},
        "group": {"A", "B"},
        "home_owner": {0, 1},
        "repaid": {0, 1},
        "approved_hist": {0, 1},
    }.items():
        assert set(frame[column]) == values


def test_same_seed_same_values_and_no_global_state():
    np.random.seed(1)
    first = data.credit(300, 5)
    np.random.seed(2)
    before = np.random.get_state()[1].copy()
    pd.testing.assert_frame_equal(first, data.credit(300, 5))
    assert (np.random.get_state()[1] == before).all()
    assert not first.equals(data.credit(300, 6))


def test_repayment_follows_the_formula():
    frame = data.credit(60_000, 3)
    expected = 1 / (1 + np.exp(-log_odds(frame)))
    by_tenth = (
        pd.DataFrame({"p": expected, "y": frame.repaid}).groupby(pd.qcut(expected, 10)).mean()
    )
    assert (by_tenth.p - by_tenth.y).abs().max() < 0.02
    assert 0.76 < frame.repaid.mean() < 0.80


def test_group_alone_changes_nothing_without_gap_and_bias():
    rates = data.credit(60_000, 1).groupby("group")[["repaid", "approved_hist"]].mean()
    assert (rates.loc["A"] - rates.loc["B"]).abs().max() < 0.015


def test_gap_moves_group_b_only_and_leaves_other_columns():
    fair, unfair = data.credit(5000, 2), data.credit(5000, 2, gap=2.5)
    in_b = fair.group == "B"
    pd.testing.assert_frame_equal(fair[~in_b], unfair[~in_b])
    untouched = ["month", "age", "loan_keur", "employment_years", "home_owner", "purpose", "area"]
    pd.testing.assert_frame_equal(fair[untouched], unfair[untouched])
    ratio = unfair.income_keur[in_b] / fair.income_keur[in_b]
    assert ratio.median() == pytest.approx(np.exp(-0.35 * 2.5), rel=0.01)
    late = (unfair.late_payments - fair.late_payments)[in_b]
    assert late.mean() == pytest.approx(0.875, abs=0.08)
    assert 0.36 < unfair.repaid[in_b].mean() < 0.46


@pytest.mark.parametrize(("proxy", "share_b", "share_a"), [(0.85, 0.925, 0.075), (0, 0.5, 0.5)])
def test_proxy_sets_the_share_of_the_east(proxy, share_b, share_a):
    frame = data.credit(20_000, proxy=proxy)
    east = (frame.area == "east").groupby(frame.group).mean()
    assert east["B"] == pytest.approx(share_b, abs=0.02)
    assert east["A"] == pytest.approx(share_a, abs=0.02)


def test_officer_bias_lowers_approvals_of_group_b_only():
    fair, biased = data.credit(5000), data.credit(5000, officer_bias=1.2)
    in_b = fair.group == "B"
    assert (fair.approved_hist == biased.approved_hist)[~in_b].all()
    assert biased.approved_hist[in_b].mean() < fair.approved_hist[in_b].mean() - 0.2
    assert (fair.repaid == biased.repaid).all()


def test_base_rate_is_the_share_not_repaid():
    assert 1 - data.credit(40_000, base_rate=0.14).repaid.mean() == pytest.approx(0.14, abs=0.01)


def test_outcome_default_is_the_opposite_and_stands_alone():
    frame = data.credit(500, outcome="default")
    assert "repaid" not in frame
    assert (frame["default"] == 1 - data.credit(500).repaid).all()


def test_drift_bureau_moves_the_record_not_the_repayment():
    plain, drifted = data.credit(4000), data.credit(4000, drift="bureau", drift_month=7)
    hit = (plain.month >= 7) & (plain.area == "east")
    moved = drifted.debt_ratio - plain.debt_ratio
    assert (moved[~hit] == 0).all()
    assert moved[hit].median() == pytest.approx(0.2)
    assert drifted.debt_ratio.max() <= 0.95
    assert (plain.repaid == drifted.repaid).all()


@pytest.mark.parametrize("drift", ["purpose", "faulty_batch"])
def test_drift_of_repayment_hits_purpose_debt_from_the_month_on(drift):
    plain, drifted = data.credit(20_000), data.credit(20_000, drift=drift, drift_month=6)
    hit = (plain.month >= 6) & (plain.purpose == "debt")
    if drift == "faulty_batch":
        hit &= plain.employment_years < 2
    assert (plain.repaid == drifted.repaid)[~hit].all()
    assert drifted.repaid[hit].mean() < plain.repaid[hit].mean() - 0.2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n": 0}, "at least 1"),
        ({"n": 10.5}, "10.5"),
        ({"view": "bureau"}, "application"),
        ({"outcome": "paid"}, "repaid"),
        ({"share_b": 1.2}, "share_b"),
        ({"proxy": -0.1}, "proxy"),
        ({"gap": -1}, "gap"),
        ({"base_rate": 1}, "base_rate"),
        ({"drift": "sudden", "drift_month": 3}, "faulty_batch"),
        ({"drift": "bureau"}, "drift_month"),
        ({"drift_month": 3}, "drift_month"),
        ({"drift": "bureau", "drift_month": 12}, "11"),
        ({"months": 0}, "months"),
    ],
)
def test_bad_arguments_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        data.credit(**options)
