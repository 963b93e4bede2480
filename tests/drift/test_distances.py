"""PSI with fixed bins and the Kolmogorov-Smirnov test of whole tables: against plain formulas."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, ks_2samp

from workshop_lib import drift


def psi_by_hand(reference, current, bins=10):
    edges = np.quantile(reference, np.linspace(0, 1, bins + 1))
    edges[0], edges[-1] = -np.inf, np.inf
    p = np.histogram(reference, edges)[0] / len(reference)
    q = np.histogram(current, edges)[0] / len(current)
    p, q = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
    return ((q - p) * np.log(q / p)).sum()


@pytest.mark.parametrize("bins", [2, 10, 37])
@pytest.mark.parametrize("seed", range(3))
def test_psi_is_the_formula(seed, bins):
    rng = np.random.default_rng(seed)
    reference, current = rng.normal(size=5000), rng.normal(0.4, 1.3, 700)
    got = drift.psi(reference, current, bins=bins)
    assert isinstance(got, float)
    assert got == pytest.approx(psi_by_hand(reference, current, bins), abs=1e-12)


def test_bins_belong_to_the_reference():
    rng = np.random.default_rng(0)
    reference, current = rng.normal(size=5000), rng.normal(1, 1, 5000)
    assert drift.psi(reference, reference) == 0
    assert drift.psi(reference, current) != pytest.approx(drift.psi(current, reference), rel=0.01)
    # Values beyond all that was seen fall into the outer bins.
    assert drift.psi(reference, [1e9, -1e9]) == pytest.approx(psi_by_hand(reference, [1e9, -1e9]))
    assert drift.psi(reference, [np.inf, -np.inf]) == drift.psi(reference, [1e9, -1e9])


def test_quiet_psi_has_the_law_of_chi_square():
    rng = np.random.default_rng(1)
    reference = rng.normal(size=20_000)
    values = [drift.psi(reference, rng.normal(size=700)) for _ in range(400)]
    limit = chi2.ppf(0.95, 9) * (1 / 700 + 1 / 20_000)
    assert np.mean(np.array(values) > limit) == pytest.approx(0.05, abs=0.03)


def test_psi_of_a_table_is_that_of_its_columns():
    rng = np.random.default_rng(2)
    reference = pd.DataFrame(
        {
            "x": rng.normal(size=2000),
            "count": rng.poisson(1, 2000),
            "flag": rng.random(2000) < 0.3,
            "word": rng.choice(["a", "b"], 2000),
            "nullable": pd.array(rng.integers(0, 90, 2000), dtype="Int32"),
        }
    )
    current = reference.sample(500, random_state=1).assign(extra=1)
    got = drift.psi(reference, current)
    assert got.index.tolist() == [*reference]
    assert got.name == "psi"
    for name in reference:
        assert got[name] == drift.psi(reference[name], current[name])


def test_few_values_and_words_have_one_bin_each():
    parts = 0.1 * np.log(0.6 / 0.5) - 0.1 * np.log(0.4 / 0.5)
    for kind in (str, int, bool):
        first, second = (kind(1), kind(0)) if kind is not str else ("car", "home")
        reference, current = [first, second] * 50, [first] * 60 + [second] * 40
        assert drift.psi(reference, current) == pytest.approx(parts)
    category = pd.Series(["car", "home"] * 50, dtype="category")
    assert drift.psi(category, pd.Series(["car"] * 60 + ["home"] * 40)) == pytest.approx(parts)


def test_unseen_values_count():
    new = 0.1 * np.log(0.1 / 1e-4)
    reference = ["car"] * 50 + ["home"] * 50
    got = drift.psi(reference, ["car"] * 45 + ["home"] * 45 + ["solar"] * 10)
    assert got == pytest.approx(new - 2 * 0.05 * np.log(0.45 / 0.5) - 1e-4 * np.log(1e3), abs=1e-4)


def test_constant_columns():
    assert drift.psi([5.0] * 90, [5.0] * 30) == 0
    for other in (4.0, 6.0):
        assert drift.psi([5.0] * 90, [5.0] * 27 + [other] * 3) > 0.6


def test_many_zeros_are_one_edge():
    rng = np.random.default_rng(3)
    reference = np.where(rng.random(3000) < 0.6, 0.0, rng.exponential(size=3000))
    same = np.where(rng.random(3000) < 0.6, 0.0, rng.exponential(size=3000))
    more = np.where(rng.random(3000) < 0.3, 0.0, rng.exponential(size=3000))
    assert drift.psi(reference, same) < 0.02
    assert drift.psi(reference, more) > 0.2
    mostly = np.where(rng.random(3000) < 0.97, 0.0, rng.exponential(size=3000))
    assert drift.psi(mostly, mostly) == 0


def test_missing_values_are_left_out():
    rng = np.random.default_rng(4)
    reference, current = rng.normal(size=1000), rng.normal(size=800)
    holes = np.r_[current, np.full(400, np.nan)]
    assert drift.psi(reference, holes) == drift.psi(reference, current)
    assert drift.ks(reference, holes).equals(drift.ks(reference, current))
    words = pd.Series(["a", "b", None, "a"])
    assert drift.psi(words, words.dropna()) == 0


@pytest.mark.parametrize("empty", [np.full(5, np.nan), [None] * 5])
def test_all_missing_gives_nan_and_leaves_the_other_columns(empty):
    reference = pd.DataFrame({"x": np.arange(50.0), "z": np.arange(50.0)})
    current = pd.DataFrame({"x": np.arange(5.0), "z": empty})
    assert drift.psi(reference, current).isna().tolist() == [False, True]
    assert drift.ks(reference, current).isna().all(axis=1).tolist() == [False, True]
    assert np.isnan(drift.psi(reference["x"], empty))


def test_printed_bins_add_up(capsys):
    rng = np.random.default_rng(5)
    reference = pd.DataFrame({"x": rng.normal(size=999), "w": rng.choice(["a", "b"], 999)})
    got = drift.psi(reference, reference[:300], bins=4, print_bins=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "x:"
    assert lines[6] == "w:"
    assert lines[2].startswith("(-inf, -0.")
    assert lines[5].split("]")[0].endswith("inf")
    assert lines[-1].startswith("any other value")
    for name, rows in (("x", lines[2:6]), ("w", lines[8:])):
        numbers = np.array([[float(each) for each in row[-28:].split()] for row in rows])
        np.testing.assert_allclose(numbers.sum(axis=0), [1, 1, got[name]], atol=3e-4)
    drift.psi(reference, reference)
    assert capsys.readouterr().out == ""


def draw(rng, kind, n):
    return {
        "normal": lambda: rng.normal(size=n),
        "moved": lambda: rng.normal(0.2, size=n),
        "ties": lambda: rng.poisson(2, n),
        "heavy ties": lambda: np.where(rng.random(n) < 0.7, 0, rng.normal(size=n)),
        "constant": lambda: np.full(n, 3.0),
    }[kind]()


@pytest.mark.parametrize("sizes", [(300, 300), (2000, 70), (70, 2000), (1, 5)])
def test_ks_of_a_table_is_that_of_scipy(sizes):
    rng = np.random.default_rng(6)
    pairs = [
        ("normal", "normal"),
        ("normal", "moved"),
        ("ties", "ties"),
        ("heavy ties", "heavy ties"),
        ("ties", "normal"),
        ("constant", "constant"),
        ("constant", "normal"),
    ]
    first, second = (
        pd.DataFrame({f"{pair}": draw(rng, pair[i], sizes[i]) for pair in pairs}) for i in (0, 1)
    )
    got = drift.ks(first, second)
    for name in first:
        expected = ks_2samp(first[name], second[name], method="asymp")
        assert got.loc[name, "statistic"] == pytest.approx(expected.statistic, abs=1e-12), name
        assert got.loc[name, "p_value"] == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-300)
        one = drift.ks(first[name], second[name])
        assert one.tolist() == got.loc[name].tolist()


@pytest.mark.parametrize("size", [3990, 4100, 30_000])
def test_p_values_of_large_samples_are_near_the_exact_ones(size):
    rng = np.random.default_rng(7)
    first = rng.normal(size=size)
    for shift in (0, 0.02, 0.05, 0.09):
        second = rng.normal(shift, size=size)
        got = drift.ks(first, second)
        expected = ks_2samp(first, second, method="asymp")
        assert got["statistic"] == pytest.approx(expected.statistic, abs=1e-12)
        assert got["p_value"] == pytest.approx(expected.pvalue, abs=2e-5)
        if expected.pvalue > 1e-8:
            assert got["p_value"] == pytest.approx(expected.pvalue, rel=0.015)
    assert drift.ks(first, first).tolist() == [0, 1]


def test_ks_alarms_as_often_as_it_says_in_quiet_streams():
    rows = drift.stream("none", days=200, per_day=200).rows
    numeric = [f"f{i:02d}" for i in range(10)]
    reference = rows.loc[rows["day"] < 100, numeric]
    p = [drift.ks(reference, day[numeric]).p_value for n, day in rows.groupby("day") if n >= 100]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.02)


X = pd.DataFrame({"x": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize("function", [drift.psi, drift.ks])
@pytest.mark.parametrize(
    ("reference", "current", "words"),
    [
        (X, X[:0], "reference has 3 rows and current 0; expected at least 1"),
        ([], [1.0], "reference has 0 rows"),
        (X, [1.0], "give both or neither"),
        (X, X.rename(columns={"x": "y"}), r"current lacks the columns \['x'\]"),
        (X[[]], X, "no column"),
        (pd.DataFrame([[1, 2]], columns=["x", "x"]), X, "two columns of one name"),
        (X, X.astype(str), "a changed schema"),
        (np.ones((3, 2)), [1.0], r"reference has shape \(3, 2\)"),
        (3, [1.0], r"reference has shape \(\)"),
        (
            pd.Series(pd.date_range("2026-01-01", periods=3)),
            pd.Series(pd.date_range("2026-01-01", periods=3, tz="UTC")),
            "holds datetime64",
        ),
    ],
)
def test_bad_input_is_named(function, reference, current, words):
    with pytest.raises(ValueError, match=words):
        function(reference, current)


def test_bad_input_of_one_of_the_two():
    with pytest.raises(ValueError, match="ks needs numbers"):
        drift.ks(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="infinite"):
        drift.psi([np.inf] * 40 + [*range(40)], [1.0])
    for bins in (1, 2.5, "ten", 5000):
        with pytest.raises(ValueError, match="bins is"):
            drift.psi([1.0, 2.0], [1.0], bins=bins)
