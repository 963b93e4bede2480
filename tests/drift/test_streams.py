"""Streams: contract, planted change of each kind and pattern, mixtures, labels, bad arguments."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from workshop_lib import drift

FEATURES = [f"f{i:02d}" for i in range(12)]
MODEL = ["f00", "f01", "f02", "f04"]
COLUMNS = ["day", *FEATURES, "score", "y", "label_day"]
CHANGES = [kind for kind in drift.KINDS if kind != "none"]


def halves(kind, seed=0, **options):
    rows = drift.stream(kind, seed, **options).rows
    return rows[rows["day"] < 30], rows[rows["day"] >= 30]


def auc(rows):
    return roc_auc_score(rows["y"], rows["score"])


@pytest.mark.parametrize("seed", range(3))
def test_quiet_stream_keeps_the_contract(seed):
    stream = drift.stream("none", seed)
    rows = stream.rows
    assert [*rows] == COLUMNS
    assert len(rows) == 48_000
    assert rows["day"].value_counts().eq(800).all()
    assert rows["day"].is_monotonic_increasing
    assert rows.notna().all(axis=None)
    assert set(rows["y"]) == {0, 1}
    assert set(rows["f11"]) == {"car", "debt", "home", "other"}
    assert rows["score"].between(0, 1).all()
    assert (rows["label_day"] == rows["day"]).all()
    assert stream.truth == {"kind": "none", "onset": None, "columns": [], "parts": []}
    numeric = rows[FEATURES[:10]]
    assert numeric.mean().abs().max() < 0.03
    assert (numeric.std() - 1).abs().max() < 0.03


@pytest.mark.parametrize("seed", range(3))
def test_score_is_the_true_probability_before_the_change(seed):
    rows = drift.stream("none", seed).rows
    assert 0.84 < auc(rows) < 0.87
    by_tenth = rows.groupby(pd.qcut(rows["score"], 10), observed=True)[["score", "y"]].mean()
    assert (by_tenth["score"] - by_tenth["y"]).abs().max() < 0.03
    fitted = LogisticRegression(C=1e6).fit(rows[FEATURES[:11]], rows["y"])
    irrelevant = [i for i in range(11) if FEATURES[i] not in MODEL]
    assert np.abs(fitted.coef_[0][irrelevant]).max() < 0.06


@pytest.mark.parametrize("kind", CHANGES)
def test_rows_before_the_onset_are_those_of_the_quiet_stream(kind):
    quiet, _ = halves("none")
    before, _ = halves(kind)
    # A late row of day 29 would be a row before the onset: none is hit before day 30.
    pd.testing.assert_frame_equal(before[COLUMNS], quiet)


@pytest.mark.parametrize("kind", CHANGES)
def test_only_the_named_columns_change(kind):
    stream = drift.stream(kind, 1)
    before, after = (stream.rows[stream.rows["day"] < 30], stream.rows[stream.rows["day"] >= 30])
    assert stream.truth["kind"] == kind
    assert stream.truth["onset"] == 30
    for name in FEATURES:
        if name in stream.truth["columns"]:
            continue
        if name == "f11":
            assert set(after[name]) == set(before[name])
        elif kind != "prior":  # there all that is related to y moves with it
            assert after[name].notna().all()
            assert ks_2samp(before[name], after[name]).pvalue > 1e-4, name


def test_covariate_moves_inputs_and_keeps_the_relation():
    before, after = halves("covariate", amount=0.5)
    assert after["f00"].mean() - before["f00"].mean() == pytest.approx(0.5, abs=0.03)
    assert after["f03"].std() / before["f03"].std() == pytest.approx(1.5, abs=0.03)
    assert after["y"].mean() == pytest.approx(after["score"].mean(), abs=0.01)


def test_prior_changes_the_share_and_keeps_inputs_given_the_outcome():
    before, after = halves("prior", amount=1.0)
    assert after["y"].mean() - before["y"].mean() > 0.2
    for outcome in (0, 1):
        for name in MODEL:
            old, new = (half.loc[half["y"] == outcome, name] for half in (before, after))
            assert ks_2samp(old, new).pvalue > 1e-3
    assert auc(after) == pytest.approx(auc(before), abs=0.015)


def test_concept_turns_the_relation_and_leaves_inputs_and_scores():
    before, after = halves("concept")
    assert auc(before) > 0.84
    assert 0.5 < auc(after) < 0.58
    signs = [
        np.sign(LogisticRegression().fit(half[MODEL], half["y"]).coef_[0])
        for half in (before, after)
    ]
    assert signs[0].tolist() == [1, 1, 1, 1]
    assert signs[1].tolist() == [-1, -1, 1, 1]
    quiet = halves("none")[1]
    pd.testing.assert_frame_equal(after.drop(columns="y"), quiet.drop(columns="y"))


def test_uncertain_applicants_come_near_the_boundary():
    before, after = halves("uncertain")

    def near(rows):
        return ((rows["score"] - 0.5).abs() < 0.1).mean()

    assert near(after) > near(before) + 0.2
    assert auc(after) < auc(before) - 0.04
    assert after["y"].mean() == pytest.approx(after["score"].mean(), abs=0.01)


@pytest.mark.parametrize("amount", [0.6, 1.0])
def test_shift_crosses_the_boundary_without_a_trace_in_confidence(amount):
    before, after = halves("shift", amount=amount)
    confidence = [2 * (half["score"] - 0.5).abs() for half in (before, after)]
    assert ks_2samp(*confidence).pvalue > 1e-3
    assert ks_2samp(before["score"], after["score"]).pvalue < 1e-50
    quiet = halves("none")[1]
    mirrored = after["score"] != quiet["score"]
    assert mirrored.mean() == pytest.approx(amount, abs=0.02)
    np.testing.assert_allclose(after["score"][mirrored], 1 - quiet["score"][mirrored])
    assert after["y"].mean() == pytest.approx(after["score"].mean(), abs=0.01)


def test_rotating_relation_ages_the_model_month_by_month():
    rows = drift.stream("rotating", days=300, per_day=400, onset=0).rows
    monthly = [auc(month) for _, month in rows.groupby(rows["day"] // 30)]
    assert monthly[0] > 0.83
    assert monthly[-1] < 0.78
    assert np.polyfit(range(10), monthly, 1)[0] < -0.008
    still = drift.stream("rotating", days=300, per_day=400, onset=0, amount=0).rows
    assert auc(still[still["day"] >= 270]) > 0.83


@pytest.mark.parametrize(("kind", "share"), [("missing", 0.2), ("missing_mar", 0.2)])
def test_missing_share_and_mechanism(kind, share):
    before, after = halves(kind)
    missing = after["f01"].isna()
    assert missing.mean() == pytest.approx(share, abs=0.01)
    gap = after["f00"][missing].mean() - after["f00"][~missing].mean()
    assert gap > 0.5 if kind == "missing_mar" else abs(gap) < 0.05
    assert before["f01"].notna().all()


def test_other_faults_hit_their_shares():
    _, after = halves("new_category")
    assert (after["f11"] == "new").mean() == pytest.approx(0.1, abs=0.01)
    _, after = halves("units", amount=2)
    assert (after["f02"].abs() > 20).mean() == pytest.approx(0.6, abs=0.03)
    before, after = halves("schema", amount=0.7)
    assert before["f04_v2"].isna().all()
    assert after["f04"].isna().mean() == pytest.approx(0.7, abs=0.01)
    quiet = halves("none")[1]
    np.testing.assert_array_equal(after["f04"].fillna(after["f04_v2"]), quiet["f04"])


def test_late_rows_stand_behind_later_days_and_none_is_lost():
    rows = drift.stream("late_rows", width=5).rows
    late_by = rows["day"].cummax() - rows["day"]
    assert late_by.max() <= 5
    assert (rows.loc[late_by > 0, "day"] >= 30).all()
    middle = rows["day"].between(30, 54)
    assert (late_by[middle] > 0).mean() == pytest.approx(0.1, abs=0.01)
    quiet = drift.stream("none").rows
    pd.testing.assert_frame_equal(
        rows.sort_values(["day", "f00"], ignore_index=True),
        quiet.sort_values(["day", "f00"], ignore_index=True),
    )


def test_duplicates_repeat_whole_rows():
    before, after = halves("duplicates")
    copies = after.duplicated()
    assert copies.sum() / (~copies).sum() == pytest.approx(0.1, abs=0.01)
    assert not before.duplicated().any()


# --- patterns


def hit_share(pattern, **options):
    rows = drift.stream("missing", pattern=pattern, amount=4, **options).rows
    return rows["f01"].isna().groupby(rows["day"]).mean().to_numpy()


def test_sudden_is_full_on_the_onset_day():
    share = hit_share("sudden")
    assert (share[:30] == 0).all()
    assert np.abs(share[30:] - 0.8).max() < 0.07


@pytest.mark.parametrize("pattern", ["gradual", "incremental"])
def test_ramps_begin_on_the_onset_day_and_are_full_after_width(pattern):
    share = hit_share(pattern, width=10)
    assert (share[:30] == 0).all()
    np.testing.assert_allclose(share[30:40], 0.08 * np.arange(1, 11), atol=0.07)
    assert np.abs(share[40:] - 0.8).max() < 0.07


def test_gradual_mixes_and_incremental_moves():
    for pattern, spread in (("gradual", True), ("incremental", False)):
        rows = drift.stream("covariate", amount=6, pattern=pattern, width=20).rows
        middle = rows.loc[rows["day"] == 39, "f00"]
        assert middle.mean() == pytest.approx(3, abs=0.4)
        assert (middle.std() > 2.5) == spread


def test_recurring_is_on_and_off():
    share = hit_share("recurring", width=6)
    on = np.arange(60) >= 30
    on &= (np.arange(60) - 30) // 6 % 2 == 0
    assert (share[~on] == 0).all()
    assert (share[on] > 0.7).all()


@pytest.mark.parametrize("pattern", drift.PATTERNS)
@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind != "rotating"])
def test_every_kind_has_every_pattern(kind, pattern):
    stream = drift.stream(kind, days=20, per_day=60, onset=8, pattern=pattern, width=4)
    quiet = drift.stream("none", days=20, per_day=60).rows
    before = stream.rows[stream.rows["day"] < 8]
    pd.testing.assert_frame_equal(before[COLUMNS], quiet[quiet["day"] < 8])
    assert stream.truth["parts"][0]["pattern"] == pattern
    assert not stream.rows[COLUMNS].equals(quiet)


# --- mixtures and labels


def test_a_mixture_has_every_change_at_its_time():
    stream = drift.stream(
        ["covariate", "missing", "new_category", "duplicates"],
        onset=[20, 30, 40, 50],
        amount=[1, 2, 1, 3],
        pattern=["sudden", "gradual", "sudden", "recurring"],
    )
    truth = stream.truth
    assert truth["kind"] == "covariate+missing+new_category+duplicates"
    assert truth["onset"] == 20
    assert truth["columns"] == ["f00", "f03", "f01", "f11"]
    assert [part["onset"] for part in truth["parts"]] == [20, 30, 40, 50]
    day = stream.rows["day"]
    first = {
        "covariate": day[stream.rows["f03"].abs() > 5].min(),
        "missing": day[stream.rows["f01"].isna()].min(),
        "new_category": day[stream.rows["f11"] == "new"].min(),
        "duplicates": day[stream.rows.duplicated()].min(),
    }
    assert first == {"covariate": 20, "missing": 30, "new_category": 40, "duplicates": 50}


def test_changes_of_a_mixture_are_those_of_the_single_streams():
    both = drift.stream(["missing", "new_category"], 3).rows
    pd.testing.assert_series_equal(both["f01"], drift.stream("missing", 3).rows["f01"])
    pd.testing.assert_series_equal(both["f11"], drift.stream("new_category", 3).rows["f11"])


def test_duplicates_may_come_late():
    rows = drift.stream(["duplicates", "late_rows"], amount=[5, 5]).rows
    late = rows["day"] < rows["day"].cummax()
    assert (rows.duplicated() & late).sum() > 1000


def test_labels_come_later_and_only_for_the_approved():
    rows = drift.stream("none", label_delay_days=30, selective_labels=True).rows
    approved = rows["score"] < 0.5
    assert rows["y"].notna().equals(approved)
    assert rows["label_day"].notna().equals(approved)
    assert (rows["label_day"] - rows["day"])[approved].eq(30).all()
    full = drift.stream("none").rows
    assert (rows["y"] == full["y"])[approved].all()
    pd.testing.assert_frame_equal(rows[FEATURES], full[FEATURES])


# --- seeds, memory, errors


def test_same_seed_same_values_and_no_global_state():
    np.random.seed(1)
    first = drift.stream("covariate", 5, per_day=50).rows
    state = np.random.get_state()[1].copy()
    pd.testing.assert_frame_equal(first, drift.stream("covariate", 5, per_day=50).rows)
    assert (np.random.get_state()[1] == state).all()
    assert not first.equals(drift.stream("covariate", 6, per_day=50).rows)


def test_memory_grows_with_the_rows_and_no_faster():
    def peak(per_day):
        tracemalloc.start()
        drift.stream(["covariate", "missing", "late_rows"], days=10, per_day=per_day, onset=5)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(100)
    assert peak(20_000) / peak(10_000) < 2.2


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("concepts", {}, "kind is 'concepts'; choose from"),
        ([], {}, "choose from"),
        (["none", "missing"], {}, "not 'none'"),
        (["missing", "missing"], {}, "once"),
        ("missing", {"days": 0}, "days is 0"),
        ("missing", {"per_day": 1.5}, "per_day is 1.5"),
        ("missing", {"onset": 60}, "onset is 60; expected a day from 0 to 59"),
        ("missing", {"onset": -1}, "onset is -1"),
        ("missing", {"amount": np.nan}, "amount is nan"),
        ("missing", {"amount": 6}, "from 0 to 5 for 'missing'"),
        ("shift", {"amount": 1.2}, "from 0 to 1 for 'shift'"),
        ("covariate", {"amount": -1}, "at least 0"),
        ("covariate", {"amount": "much"}, "amount is 'much'"),
        ("covariate", {"pattern": "slow"}, "pattern is 'slow'"),
        ("rotating", {"pattern": "gradual"}, "leave it 'sudden'"),
        ("covariate", {"width": 0}, "width is 0"),
        ("none", {"label_delay_days": -3}, "label_delay_days is -3"),
        (["missing", "prior"], {"onset": [1, 2, 3]}, "onset has 3 values for 2 kinds"),
    ],
)
def test_bad_arguments_are_named(kind, options, words):
    with pytest.raises(ValueError, match=words):
        drift.stream(kind, **options)


# --- card events


def test_card_events_keep_the_contract():
    events = drift.card_events(2)
    assert [*events] == ["event_id", "t_s", *(f"f{i}" for i in range(6)), "y"]
    assert events["event_id"].tolist() == [*range(18_000)]
    assert events["t_s"].is_monotonic_increasing
    assert events["t_s"].between(0, 900).all()
    assert 0.47 < events["y"].mean() < 0.53
    pd.testing.assert_frame_equal(events, drift.card_events(2))


def test_the_weight_moves_from_f0_to_f3_at_the_change():
    events = drift.card_events(change_at=300, seconds=600)
    strength = events[[f"f{i}" for i in range(6)]].corrwith(events["y"])
    early, late = (
        events[part][[f"f{i}" for i in range(6)]].corrwith(events["y"][part])
        for part in (events["t_s"] < 300, events["t_s"] >= 300)
    )
    assert early.idxmax() == "f0"
    assert late.idxmax() == "f3"
    assert abs(early["f3"]) < 0.04
    assert abs(late["f0"]) < 0.04
    assert strength["f1"] > 0.1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seconds": 0}, "seconds is 0"),
        ({"rate": -2}, "rate is -2"),
        ({"rate": "fast"}, "rate is 'fast'"),
        ({"seconds": 0.01, "rate": 1}, "no event"),
        ({"change_at": np.nan}, "change_at is nan"),
    ],
)
def test_bad_card_arguments_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        drift.card_events(**options)
