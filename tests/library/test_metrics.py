"""Rates by group, intervals, costs and bounds: against fairlearn and row bootstraps."""

import warnings

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    count,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from scipy.stats import binomtest, ks_2samp
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, roc_auc_score

from workshop_lib import metrics

RATES = ["selection", "tpr", "fpr", "accuracy", "precision"]
FAIRLEARN = {
    "n": count,
    "selection": selection_rate,
    "tpr": true_positive_rate,
    "fpr": false_positive_rate,
    "accuracy": accuracy_score,
    "precision": precision_score,
}


def decisions(n, seed=0, *, groups=("north", "south", "west"), shares=(0.6, 0.3, 0.1)):
    rng = np.random.default_rng(seed)
    group = rng.choice(groups, n, p=shares)
    y = (rng.random(n) < 0.4).astype(int)
    pred = (rng.random(n) < 0.2 + 0.5 * y + 0.1 * (group == groups[-1])).astype(int)
    return y, pred, group


def fairlearn_table(y, pred, groups):
    frame = MetricFrame(metrics=FAIRLEARN, y_true=y, y_pred=pred, sensitive_features=groups)
    return frame.by_group


# --- by_group: point values


@pytest.mark.parametrize("seed", range(3))
def test_rates_are_those_of_fairlearn(seed):
    y, pred, group = decisions(3000, seed)
    got = metrics.by_group(y, pred, group)
    assert got.columns.tolist() == ["n", *RATES]
    assert got.index.name == "group"
    expected = fairlearn_table(y, pred, group)
    assert got.index.tolist() == expected.index.tolist()
    np.testing.assert_allclose(got, expected[got.columns], rtol=1e-13)


def test_intersections_are_those_of_fairlearn_with_a_row_for_an_empty_one():
    y, pred, region = decisions(3000)
    band = np.where(np.arange(3000) % 3, "30+", "under 30")
    keep = ~((region == "west") & (band == "under 30"))
    groups = pd.DataFrame({"region": region, "age": band})[keep]
    y, pred = y[keep], pred[keep]
    got = metrics.by_group(y, pred, groups, n_boot=50)
    expected = fairlearn_table(y, pred, groups)
    assert got.index.names == ["region", "age"]
    assert got.index.tolist() == expected.index.tolist()
    np.testing.assert_allclose(got[RATES], expected[RATES], rtol=1e-13)
    empty = got.loc[("west", "under 30")]
    assert empty["n"] == 0
    assert empty["interval"] == "none"
    assert empty.drop(["n", "interval"]).isna().all()
    as_dict = metrics.by_group(y, pred, {"region": region[keep], "age": band[keep]}, n_boot=50)
    pd.testing.assert_frame_equal(as_dict, got)


def test_shares_of_nothing_are_missing():
    got = metrics.by_group([0, 0, 1, 1], [0, 0, 0, 1], ["a", "a", "b", "b"])
    assert np.isnan(got.loc["a", ["tpr", "precision"]].astype(float)).all()
    assert got.loc["a", "fpr"] == 0
    assert np.isnan(got.loc["b", "fpr"])


def test_one_group_is_the_whole():
    y, pred, _ = decisions(500)
    got = metrics.by_group(y, pred, np.full(500, "all"), n_boot=200)
    assert len(got) == 1
    assert got.loc["all", "accuracy"] == pytest.approx(accuracy_score(y, pred))


@pytest.mark.parametrize(
    ("as_truth", "as_groups"),
    [
        (lambda v: v.astype(bool), list),
        (lambda v: v.astype(float).tolist(), pd.Categorical),
        (lambda v: pd.Series(v, index=range(900, 0, -3)), lambda g: pd.Series(g, dtype="str")),
        (lambda v: pd.Series(v, dtype="Int8"), lambda g: pd.Index(g)),
        (lambda v: pd.array(v, dtype="boolean"), lambda g: pd.Series(g, index=[7] * len(g))),
        (lambda v: v.astype(object), lambda g: g.astype(object)),
    ],
)
def test_other_types_and_indexes_give_the_same(as_truth, as_groups):
    y, pred, group = decisions(300)
    expected = metrics.by_group(y, pred, group, n_boot=20)
    got = metrics.by_group(as_truth(y), as_truth(pred), as_groups(group), n_boot=20)
    pd.testing.assert_frame_equal(got, expected, check_index_type=False, check_column_type=False)
    assert got.index.tolist() == expected.index.tolist()


def test_categories_keep_their_order_and_unused_ones_their_row():
    group = pd.Series(pd.Categorical(["low", "high"], categories=["low", "medium", "high"]))
    got = metrics.by_group([1, 0], [1, 1], group.rename("risk"))
    assert got.index.name == "risk"
    assert got.index.tolist() == ["low", "medium", "high"]
    assert got["n"].tolist() == [1, 0, 1]


def test_inputs_and_global_random_state_stay_as_they_are():
    y, pred, group = decisions(300)
    frame = pd.DataFrame({"y": y, "pred": pred, "group": group}, index=range(300, 600))
    before, state = frame.copy(), np.random.get_state()[1].copy()
    first = metrics.by_group(frame.y, frame.pred, frame.group, n_boot=100)
    pd.testing.assert_frame_equal(frame, before)
    assert (np.random.get_state()[1] == state).all()
    again = metrics.by_group(frame.y, frame.pred, frame.group, n_boot=100)
    pd.testing.assert_frame_equal(first, again)
    other = metrics.by_group(frame.y, frame.pred, frame.group, n_boot=100, seed=1)
    assert not first.equals(other)


# --- by_group: intervals


def rows_resampled(y, pred, group, name, n_boot, seed):
    """The plain bootstrap of rows: rates of group `name`, shape (n_boot, 5)."""
    rng = np.random.default_rng(seed)
    draws = np.empty((n_boot, 5))
    for i in range(n_boot):
        rows = rng.integers(0, len(y), len(y))
        rows = rows[group[rows] == name]
        tn, fp, fn, tp = np.bincount(2 * y[rows] + pred[rows], minlength=4)
        n = len(rows)
        draws[i] = (fp + tp) / n, tp / (tp + fn), fp / (fp + tn), (tp + tn) / n, tp / (tp + fp)
    return draws


def test_resampled_counts_have_the_law_of_resampled_rows():
    y, pred, group = decisions(1200, 4)
    n_boot = 2000
    inside = group == "south"
    counts = confusion_matrix(y[inside], pred[inside]).ravel()
    rng = np.random.default_rng(1)
    ours = metrics._divide(
        *metrics._hits_and_bases(metrics._resampled_counts(counts, len(y), n_boot, rng))
    )
    rows = rows_resampled(y, pred, group, "south", n_boot, seed=2)
    for i, rate in enumerate(RATES):
        assert ks_2samp(ours[:, i], rows[:, i]).pvalue > 0.01, rate
    # Pairs of rates, too: selection and accuracy share their rows.
    assert np.abs(np.corrcoef(ours.T) - np.corrcoef(rows.T)).max() < 0.1


def test_intervals_are_those_of_resampled_rows():
    y, pred, group = decisions(1200, 5)
    table = metrics.by_group(y, pred, group, n_boot=2000)
    assert (table["interval"] == "bootstrap").all()
    for name in table.index:
        rows = rows_resampled(y, pred, group, name, 2000, seed=3)
        for i, rate in enumerate(RATES):
            # A percentile of 2000 draws has a standard error of about 0.06 of theirs.
            margin = 5 * np.sqrt(2) * 0.06 * rows[:, i].std()
            expected = np.quantile(rows[:, i], [0.025, 0.975])
            got = table.loc[name, [f"{rate}_low", f"{rate}_high"]].astype(float)
            assert np.abs(got - expected).max() < margin, (name, rate)


@pytest.mark.parametrize(("n", "method"), [(400, "bootstrap"), (24, "wilson")])
def test_intervals_cover_the_truth_as_often_as_they_say(n, method):
    truth = {"selection": 0.44, "tpr": 0.8, "fpr": 0.2, "accuracy": 0.8, "precision": 0.32 / 0.44}
    rng = np.random.default_rng(6)
    covered = dict.fromkeys(RATES, 0)
    repeats = 400
    for i in range(repeats):
        y = rng.random(n) < 0.4
        pred = rng.random(n) < np.where(y, 0.8, 0.2)
        table = metrics.by_group(y, pred, np.zeros(n), n_boot=400, seed=i)
        assert table["interval"].tolist() == [method]
        row = table.iloc[0]
        for rate in RATES:
            covered[rate] += row[f"{rate}_low"] <= truth[rate] <= row[f"{rate}_high"]
    shares = {rate: hits / repeats for rate, hits in covered.items()}
    assert all(0.91 <= share <= 0.985 for share in shares.values()), shares


def test_small_groups_have_wilson_intervals_and_say_so():
    y = np.r_[np.ones(29), np.zeros(500), np.ones(200), np.zeros(200)]
    pred = np.r_[np.arange(529) % 2, np.arange(400) % 3 > 0]
    table = metrics.by_group(y, pred, np.repeat(["few", "many"], [529, 400]), n_boot=100)
    assert table["interval"].tolist() == ["wilson", "bootstrap"]
    exact = binomtest(14, 29).proportion_ci(method="wilson")
    assert table.loc["few", "tpr_low"] == pytest.approx(exact.low)
    assert table.loc["few", "tpr_high"] == pytest.approx(exact.high)


@pytest.mark.parametrize(
    ("y", "pred"),
    [
        (np.r_[np.ones(100), np.zeros(100)], np.r_[np.ones(150), np.zeros(50)]),  # tpr 1
        (np.r_[np.ones(100), np.zeros(29)], np.arange(129) % 2),  # few negatives
        (np.r_[np.ones(100), np.zeros(100)], np.arange(200) < 10),  # few selected
    ],
)
def test_rates_at_the_end_or_of_few_rows_have_intervals_with_a_width(y, pred):
    table = metrics.by_group(y, pred, np.zeros(len(y)), n_boot=100)
    assert table["interval"].tolist() == ["wilson"]
    for rate in RATES:
        assert table[f"{rate}_low"].item() <= table[rate].item() <= table[f"{rate}_high"].item()
        assert table[f"{rate}_low"].item() < table[f"{rate}_high"].item()


def test_wider_level_wider_interval():
    y, pred, group = decisions(600)
    narrow, wide = (metrics.by_group(y, pred, group, n_boot=500, level=p) for p in (0.8, 0.99))
    assert (narrow["tpr_low"] > wide["tpr_low"]).all()
    assert (narrow["tpr_high"] < wide["tpr_high"]).all()


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (([1, 0], [1], ["a", "b"]), {}, "y has 2 rows, pred 1"),
        (([], [], []), {}, "at least 1"),
        (([1, 0], [0.7, 0.2], ["a", "b"]), {}, "pred holds 0.7; expected 0 and 1"),
        (([1, np.nan], [1, 0], ["a", "b"]), {}, "y has 1 missing"),
        ((["yes", "no"], [1, 0], ["a", "b"]), {}, "'yes'; expected 0 and 1"),
        (([1, 2], [1, 0], ["a", "b"]), {}, "y holds 2"),
        (([1, 0], [1, 0], ["a", None]), {}, "fillna"),
        (([1, 0], [1, 0], np.array([["a", "b"], ["c", "d"]])), {}, "give a DataFrame"),
        (([[1], [0]], [1, 0], ["a", "b"]), {}, r"y has shape \(2, 1\)"),
        ((1, [1, 0], ["a", "b"]), {}, r"y has shape \(\)"),
        (([1, 0], [1, 0], pd.DataFrame(index=[0, 1])), {}, "no column"),
        (([1, 0], [1, 0], {"a": [1, 2], "b": [1]}), {}, r"\[1, 2\] rows"),
        (([1, 0], [1, 0], {"a": [1, None]}), {}, r"groups\['a'\]"),
        (([1, 0], [1, 0], ["a", "b"]), {"n_boot": -1}, "n_boot is -1"),
        (([1, 0], [1, 0], ["a", "b"]), {"n_boot": 9.5}, "n_boot is 9.5"),
        (([1, 0], [1, 0], ["a", "b"]), {"level": 95}, "level is 95"),
    ],
)
def test_by_group_names_bad_arguments(arguments, options, words):
    with pytest.raises(ValueError, match=words):
        metrics.by_group(*arguments, **options)


def test_too_many_combinations_are_refused():
    ids = np.arange(1000)
    with pytest.raises(ValueError, match="1000 x 1000 combinations"):
        metrics.by_group(ids % 2, ids % 2, {"id": ids, "other": ids[::-1]})


# --- bootstrap_ci


def test_interval_of_a_mean_is_that_of_the_normal_law():
    values = np.random.default_rng(0).normal(5, 2, 400)
    low, high = metrics.bootstrap_ci(np.mean, values, n=2000)
    se = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * se, abs=0.2 * se)
    assert high == pytest.approx(values.mean() + 1.96 * se, abs=0.2 * se)
    assert isinstance(low, float)


def test_the_same_rows_are_drawn_from_all_arrays():
    frame = pd.DataFrame({"x": np.arange(50.0)}, index=range(50, 0, -1))

    def total_difference(array, series, table):
        assert isinstance(series, pd.Series)
        return np.abs(array[:, 0] - series).sum() + np.abs(series - table["x"]).sum()

    limits = metrics.bootstrap_ci(total_difference, frame.to_numpy(), frame["x"], frame, n=20)
    assert limits == (0, 0)


def test_strata_keep_their_sizes_and_every_row_can_be_drawn():
    y = np.r_[np.zeros(57), np.ones(3)]
    row = np.arange(60)
    seen = set()

    def positives(truth, rows):
        seen.update(rows[truth == 1])
        return truth.sum()

    assert metrics.bootstrap_ci(positives, y, row, n=50, stratify=y) == (3, 3)
    assert seen == {57, 58, 59}


def test_missing_class_is_explained_and_cured_by_strata():
    rng = np.random.default_rng(0)
    y, score = np.r_[np.zeros(57), np.ones(3)], rng.normal(size=60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="stratify=y"):
            metrics.bootstrap_ci(roc_auc_score, y, score, n=150)
    low, high = metrics.bootstrap_ci(roc_auc_score, y, score, n=150, stratify=y)
    assert 0 <= low < roc_auc_score(y, score) < high <= 1


def test_errors_of_the_statistic_come_through_with_a_note():
    def broken(values):
        raise KeyError("income")

    with pytest.raises(KeyError) as caught:
        metrics.bootstrap_ci(broken, [1, 2])
    assert "bootstrap resample" in caught.value.__notes__[0]


def test_bootstrap_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    samples = rng.exponential(10, (200, 80))
    limits = [metrics.bootstrap_ci(np.median, sample, n=200) for sample in samples]
    covered = np.mean([low <= 10 * np.log(2) <= high for low, high in limits])
    assert 0.90 <= covered <= 0.99


def test_seed_decides_and_global_state_stays():
    values = np.random.default_rng(0).normal(size=30)
    state = np.random.get_state()[1].copy()
    assert metrics.bootstrap_ci(np.mean, values) == metrics.bootstrap_ci(np.mean, list(values))
    assert metrics.bootstrap_ci(np.mean, values) != metrics.bootstrap_ci(np.mean, values, seed=1)
    assert (np.random.get_state()[1] == state).all()


@pytest.mark.parametrize(
    ("arrays", "options", "words"),
    [
        ((), {}, "no array"),
        (([1, 2], [1]), {}, r"\[2, 1\] rows"),
        (([],), {}, "at least 1"),
        ((3,), {}, "single value"),
        (([1, 2],), {"stratify": [1]}, "stratify 1"),
        (([1, 2],), {"stratify": [1, None]}, "stratify has 1 missing"),
        (([1, 2],), {"n": 1}, "n is 1"),
        (([1, 2],), {"level": 1.0}, "level is 1.0"),
        (([1, np.nan],), {}, "not a finite number in"),
    ],
)
def test_bootstrap_ci_names_bad_arguments(arrays, options, words):
    with pytest.raises(ValueError, match=words):
        metrics.bootstrap_ci(np.mean, *arrays, **options)


@pytest.mark.parametrize("result", [None, "0.7", np.array([1.0, 2.0])])
def test_a_statistic_that_is_no_number_is_refused(result):
    with pytest.raises(ValueError, match="expected one number"):
        metrics.bootstrap_ci(lambda values: result, [1, 2, 3])


# --- count_ci


@pytest.mark.parametrize(("k", "n"), [(0, 12), (1, 12), (45, 60), (300, 1000), (12, 12)])
def test_rate_has_a_point_within_an_interval_near_wilson(k, n):
    point, low, high = metrics.count_ci(k, n)
    wilson = binomtest(k, n).proportion_ci(method="wilson")
    assert point == k / n
    assert 0 <= low <= point <= high <= 1
    assert low < high
    assert low == pytest.approx(wilson.low, abs=0.7 / n)
    assert high == pytest.approx(wilson.high, abs=0.7 / n)


@pytest.mark.parametrize("of", ["ratio", "difference"])
def test_two_rates_agree_with_resampled_counts(of):
    k, n = (260, 410), (1000, 1200)
    point, low, high = metrics.count_ci(k, n, of=of, n_boot=20_000)
    rng = np.random.default_rng(9)
    first, second = (rng.binomial(size, hits / size, 20_000) / size for hits, size in zip(k, n))
    draws = first / second if of == "ratio" else first - second
    assert point == pytest.approx(draws.mean(), abs=0.1 * draws.std())
    assert [low, high] == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.1 * draws.std())


def test_counts_near_zero_keep_a_width():
    point, low, high = metrics.count_ci((0, 5), (40, 40), of="difference")
    assert low < point == -0.125 < high
    point, low, high = metrics.count_ci((0, 5), (40, 40), of="ratio")
    assert 0 == point == low < high < np.inf


def test_undefined_is_missing_and_division_by_none_is_unbounded():
    assert np.isnan(metrics.count_ci(0, 0)).all()
    assert np.isnan(metrics.count_ci((1, 0), (5, 0), of="difference")).all()
    assert np.isnan(metrics.count_ci((0, 0), (5, 5), of="ratio")).all()
    point, low, high = metrics.count_ci((3, 0), (50, 50), of="ratio")
    assert point == high == np.inf
    assert 0 < low < np.inf


@pytest.mark.parametrize("of", ["rate", "ratio", "difference"])
@pytest.mark.parametrize(("n", "p"), [(25, (0.2, 0.3)), (300, (0.5, 0.6))])
def test_count_intervals_cover_the_truth_as_often_as_they_say(of, n, p):
    truth = {"rate": p[0], "ratio": p[0] / p[1], "difference": p[0] - p[1]}[of]
    rng = np.random.default_rng(3)
    covered = 0
    for i, k in enumerate(rng.binomial(n, p, (600, 2)).tolist()):
        counts = (k[0], n) if of == "rate" else (k, (n, n))
        _, low, high = metrics.count_ci(*counts, of=of, n_boot=500, seed=i)
        covered += low <= truth <= high
    assert 0.92 <= covered / 600 <= 0.98


@pytest.mark.parametrize(
    ("k", "n", "options", "words"),
    [
        (7, 6, {}, "k is 7 of n = 6"),
        (-1, 6, {}, "k is -1"),
        (2.5, 6, {}, "k is 2.5"),
        (np.nan, 6, {}, "k is nan"),
        ((1, 2), (3, 4), {}, "k holds 2 counts"),
        (1, 2, {"of": "ratio"}, "k holds 1 counts; of='ratio' needs 2"),
        ((1, 2), 4, {"of": "ratio"}, "n holds 1 counts"),
        (1, 2, {"of": "odds"}, "of is 'odds'"),
        (1, 2, {"level": 0}, "level is 0"),
        (1, 2, {"n_boot": 0}, "n_boot is 0"),
    ],
)
def test_count_ci_names_bad_arguments(k, n, options, words):
    with pytest.raises(ValueError, match=words):
        metrics.count_ci(k, n, **options)


def test_counts_from_a_table_are_taken():
    table = pd.DataFrame({"k": [3.0, 4.0], "n": [10, 10]})
    assert metrics.count_ci(table["k"], table["n"], of="ratio")[0] == 0.75
    assert metrics.count_ci(np.int64(3), np.float64(10)) == metrics.count_ci(3, 10)


# --- expected_cost


def test_cost_is_the_sum_over_rows():
    rng = np.random.default_rng(0)
    y, score = rng.random(500) < 0.1, rng.normal(size=500).round(1)
    for threshold in (-np.inf, -0.3, 0.5, np.inf):
        rows = [
            (2 if not truth else 0) if value >= threshold else (30 if truth else 0)
            for truth, value in zip(y, score)
        ]
        assert metrics.expected_cost(y, score, threshold, 2, 30) == sum(rows)


def test_score_at_the_threshold_is_decided_as_1():
    assert metrics.expected_cost([0], [0.5], 0.5, c_fp=3, c_fn=7) == 3.0


def test_cost_takes_series_by_position():
    y = pd.Series([0, 1], index=[5, 9])
    assert metrics.expected_cost(y, pd.Series([1.0, 0.0], index=[9, 5]), 0.5, 1, 10) == 11.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, 0], [0.5, np.nan], 0.5, 1, 1), "score has 1 missing"),
        (([1, 0], ["high", "low"], 0.5, 1, 1), "score holds 'high'"),
        (([1, 0], [0.5], 0.5, 1, 1), "y has 2 rows and score 1"),
        (([], [], 0.5, 1, 1), "at least 1"),
        (([1, 3], [0.5, 0.1], 0.5, 1, 1), "y holds 3"),
        (([1, 0], [[0.5, 0.5], [0.1, 0.9]], 0.5, 1, 1), r"score has shape \(2, 2\)"),
        (([1, 0], [0.5, 0.1], np.nan, 1, 1), "threshold is nan"),
        (([1, 0], [0.5, 0.1], [0.2, 0.3], 1, 1), "threshold is of shape"),
        (([1, 0], [0.5, 0.1], 0.5, -1, 1), "c_fp is -1"),
        (([1, 0], [0.5, 0.1], 0.5, 1, np.inf), "c_fn is inf"),
        (([1, 0], [0.5, 0.1], 0.5, 1, "50"), "c_fn is '50'"),
    ],
)
def test_expected_cost_names_bad_arguments(arguments, words):
    with pytest.raises(ValueError, match=words):
        metrics.expected_cost(*arguments)


# --- auc_bound


def test_standard_error_is_that_of_hanley_and_mcneil():
    # 58 normal and 51 abnormal images, area 0.893 +- 0.032: their example.
    z = 1.6448536
    low = metrics.auc_bound(0.893, n_pos=51, n_neg=58)
    assert (0.893 - low) / z == pytest.approx(0.032, abs=0.001)


def test_bounds_hold_as_often_as_they_say():
    rng = np.random.default_rng(4)
    truth = 0.7602  # of two normal laws one standard deviation apart
    low, high = [], []
    for _ in range(400):
        score = np.r_[rng.normal(0, 1, 200), rng.normal(1, 1, 60)]
        auc = roc_auc_score(np.r_[np.zeros(200), np.ones(60)], score)
        low.append(metrics.auc_bound(auc, 60, 200, level=0.9))
        high.append(metrics.auc_bound(auc, 60, 200, side="upper", level=0.9))
    assert 0.86 <= np.mean(np.array(low) <= truth) <= 0.95
    assert 0.86 <= np.mean(np.array(high) >= truth) <= 0.95


def test_bounds_stay_within_0_and_1_and_missing_stays_missing():
    assert metrics.auc_bound(0.99, 3, 3, side="upper") == 1.0
    assert metrics.auc_bound(0.02, 3, 3) == 0.0
    assert metrics.auc_bound(1.0, 30, 30) == 1.0
    assert np.isnan(metrics.auc_bound(np.nan, 30, 30))


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((1.2, 10, 10), {}, "auc is 1.2"),
        (("0.8", 10, 10), {}, "auc is '0.8'"),
        ((0.8, 0, 10), {}, "n_pos is 0"),
        ((0.8, 10, 9.5), {}, "n_neg is 9.5"),
        ((0.8, 10, 10), {"side": "both"}, "side is 'both'"),
        ((0.8, 10, 10), {"level": 95}, "level is 95"),
    ],
)
def test_auc_bound_names_bad_arguments(arguments, options, words):
    with pytest.raises(ValueError, match=words):
        metrics.auc_bound(*arguments, **options)
