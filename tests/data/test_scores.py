"""Detector scores: the planted distributions, the formulas that follow, and the options."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from workshop_lib import data


def cost(y, score, threshold, c_fp, c_fn):
    flagged = score >= threshold
    return c_fp * np.sum(flagged & (y == 0)) + c_fn * np.sum(~flagged & (y == 1))


@pytest.mark.parametrize("seed", range(4))
def test_both_distributions_and_the_prevalence_are_as_planted(seed):
    y, score = data.scores(40_000, seed, prevalence=0.1, d=1.5)
    assert y.mean() == pytest.approx(0.1, abs=5 * np.sqrt(0.09 / len(y)))
    for label, mean in ((0, 0), (1, 1.5)):
        own = score[y == label]
        assert own.mean() == pytest.approx(mean, abs=5 / np.sqrt(len(own)))
        assert own.std() == pytest.approx(1, abs=5 / np.sqrt(2 * len(own)))


@pytest.mark.parametrize("prevalence", [0.02, 0.3])
def test_auc_follows_from_the_distance_alone(prevalence):
    for d in (-1.0, 0.0, 2.0):
        y, score = data.scores(40_000, 5, prevalence=prevalence, d=d)
        assert roc_auc_score(y, score) == pytest.approx(norm.cdf(d / np.sqrt(2)), abs=0.025)


@pytest.mark.parametrize("seed", range(4))
def test_threshold_of_the_formula_is_nearly_the_cheapest(seed):
    y, score = data.scores(20_000, seed)
    best = min(cost(y, score, t, 1, 50) for t in np.linspace(-2, 4, 601))
    formula = 1 + np.log(0.98 / (0.02 * 50)) / 2
    assert formula == pytest.approx(0.990, abs=5e-4)
    assert cost(y, score, formula, 1, 50) < 1.1 * best
    assert cost(y, score, 0.5, 1, 50) > 1.1 * best


def test_options_change_what_they_name_and_nothing_else():
    y, score = data.scores(5000, 3)
    same_rows, moved = data.scores(5000, 3, d=3)
    np.testing.assert_array_equal(y, same_rows)
    np.testing.assert_array_equal(score[y == 0], moved[y == 0])
    np.testing.assert_allclose(moved[y == 1] - score[y == 1], 1)
    more, _ = data.scores(5000, 3, prevalence=0.2)
    assert more[y == 1].all()
    assert more.sum() > 5 * y.sum()


def test_same_seed_same_bytes_without_the_global_state():
    first = data.scores(50, 2)
    np.random.seed(3)
    again = data.scores(50, 2)
    assert [part.tobytes() for part in first] == [part.tobytes() for part in again]
    assert first[1].tobytes() != data.scores(50, 4)[1].tobytes()


def test_limits_of_prevalence():
    assert data.scores(20, prevalence=0)[0].sum() == 0
    assert data.scores(20, prevalence=1)[0].sum() == 20


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n": 0}, "at least 1"),
        ({"prevalence": 1.2}, "prevalence is 1.2"),
        ({"prevalence": float("nan")}, "prevalence"),
        ({"d": float("inf")}, "d is inf"),
    ],
)
def test_bad_arguments_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        data.scores(**options)
