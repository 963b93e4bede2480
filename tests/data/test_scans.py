"""Scans: planted transformations, and what they do to a model that knows white paper only."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.svm import SVC

from workshop_lib import data

INK, DIGIT = load_digits(return_X_y=True)


def image(domain, row=7, seed=0):
    return data.scans(domain, seed)[0][row].reshape(8, 8)


def test_white_is_the_set_of_scikit_learn():
    X, y, paper = data.scans("white", seed=3)
    np.testing.assert_array_equal(X, INK)
    np.testing.assert_array_equal(y, DIGIT)
    assert set(paper) == {"white"}


@pytest.mark.parametrize("share", [0, 0.05, 0.5, 1])
def test_dark_paper_follows_the_formula(share):
    X, _, paper = data.scans(seed=2, share_dark=share)
    dark = paper == "dark"
    assert dark.sum() == round(share * 1797)
    np.testing.assert_array_equal(X[~dark], INK[~dark])
    assert X.min() >= 0
    assert X.max() <= 16
    if share:
        off = X[dark] - (14 - 0.45 * INK[dark])
        inside = (X[dark] > 0) & (X[dark] < 16) & (INK[dark] > 4) & (INK[dark] < 14)
        assert off[inside].mean() == pytest.approx(0, abs=0.1)
        assert off[inside].std() == pytest.approx(1.5, rel=0.05)


def test_a_larger_share_keeps_the_dark_scans_of_a_smaller_one():
    few, many = (data.scans(seed=4, share_dark=share) for share in (0.1, 0.3))
    dark = few[2] == "dark"
    assert (many[2][dark] == "dark").all()
    np.testing.assert_array_equal(few[0][dark], many[0][dark])


def test_shifted_moves_each_scan_by_one_pixel():
    X = data.scans("shifted", 1)[0].reshape(-1, 8, 8)
    framed = np.pad(INK.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    moved = {
        name: (framed[:, down : down + 8, right : right + 8] == X).all(axis=(1, 2))
        for name, (down, right) in {"up": (2, 1), "down": (0, 1), "l": (1, 2), "r": (1, 0)}.items()
    }
    assert np.all(sum(moved.values()) >= 1)
    assert all(0.2 < rows.mean() < 0.35 for rows in moved.values())


def test_faint_is_moved_to_the_right_with_half_the_ink():
    images = data.scans("faint", 5)[0].reshape(-1, 8, 8)
    off = images[:, :, 1:] - 0.5 * INK.reshape(-1, 8, 8)[:, :, :-1]
    clear = INK.reshape(-1, 8, 8)[:, :, :-1] > 10
    assert off[clear].mean() == pytest.approx(0, abs=0.05)
    assert off[clear].std() == pytest.approx(1.6, rel=0.03)


def test_rotated_is_a_quarter_turn():
    np.testing.assert_array_equal(np.rot90(image("rotated"), -1), INK[7].reshape(8, 8))


@pytest.mark.parametrize("seed", range(3))
def test_a_model_that_saw_little_dark_paper_fails_there(seed):
    train, test = np.arange(0, 1797, 2), np.arange(1, 1797, 2)
    half, y, paper = data.scans(seed=seed + 50, share_dark=0.5)
    accuracy = {}
    for share in (0.05, 0.2):
        model = SVC().fit(data.scans(seed=seed, share_dark=share)[0][train], y[train])
        right = model.predict(half[test]) == y[test]
        accuracy[share] = right[paper[test] == "dark"].mean()
        assert right[paper[test] == "white"].mean() > 0.95
    assert accuracy[0.05] < 0.4
    assert accuracy[0.2] > 0.7


def test_same_seed_same_values():
    np.random.seed(1)
    for domain in ("mixed", "shifted", "faint"):
        assert data.scans(domain, 6)[0].tobytes() == data.scans(domain, 6)[0].tobytes()
        assert not np.array_equal(data.scans(domain, 6)[0], data.scans(domain, 7)[0])


@pytest.mark.parametrize(
    ("options", "words"),
    [({"domain": "standard"}, "choose one of"), ({"share_dark": 5}, "share_dark is 5")],
)
def test_bad_arguments_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        data.scans(**options)
