"""Customer segments: shares, centres, and what clustering finds with and without scaling."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.preprocessing import StandardScaler

from workshop_lib import data

COLUMNS = ["income_keur", "products", "balance_keur"]


def clusters(values, k):
    return KMeans(k, n_init=10, random_state=0).fit_predict(values)


@pytest.mark.parametrize(("n", "sizes"), [(600, [240, 180, 120, 60]), (10, [4, 3, 2, 1])])
def test_sizes_are_the_shares(n, sizes):
    customers, truth = data.segments(n, 3)
    assert list(customers) == COLUMNS
    assert np.bincount(truth).tolist() == sizes
    assert len(customers) == n


def test_sizes_add_up_for_odd_numbers():
    for n in (11, 37, 101):
        assert np.bincount(data.segments(n)[1], minlength=4).sum() == n


def test_centres_and_spreads():
    customers, truth = data.segments(20_000, 5)
    centres = customers.groupby(truth).mean().to_numpy()
    expected = [[34, 2, 3], [38, 6, 4], [44, 3, 10], [74, 6, 9]]
    assert np.abs(centres - expected).max() < 0.5
    spreads = customers.groupby(truth).std().loc[3]
    assert spreads.tolist() == pytest.approx([7, 0.58, 0.9], rel=0.1)  # rounding adds to products


def test_values_are_plausible():
    customers, _ = data.segments(20_000, 6)
    assert customers["products"].dtype == np.int64
    assert customers["products"].min() >= 1
    assert customers["balance_keur"].min() >= 0
    assert customers["income_keur"].between(1, 110).all()


@pytest.mark.parametrize("seed", range(6))
def test_only_scaled_columns_show_the_segments(seed):
    customers, truth = data.segments(seed=seed)
    scaled = StandardScaler().fit_transform(customers)
    assert adjusted_rand_score(truth, clusters(customers, 4)) < 0.35
    assert adjusted_rand_score(truth, clusters(scaled, 4)) > 0.95
    ward = AgglomerativeClustering(4).fit_predict(scaled)
    assert adjusted_rand_score(truth, ward) > 0.95


@pytest.mark.parametrize("seed", range(6))
def test_silhouette_finds_four_only_when_scaled(seed):
    customers, _ = data.segments(seed=seed)
    scaled = StandardScaler().fit_transform(customers)
    for values, best in ((customers, 2), (scaled, 4)):
        widths = {k: silhouette_score(values, clusters(values, k)) for k in range(2, 8)}
        assert max(widths, key=widths.get) == best


def test_same_seed_same_values():
    np.random.seed(3)
    first, truth = data.segments(50, 2)
    again, truth_again = data.segments(50, 2)
    pd.testing.assert_frame_equal(first, again)
    assert truth.tolist() == truth_again.tolist()
    assert not first.equals(data.segments(50, 3)[0])


@pytest.mark.parametrize("n", [9, 0, 50.5, "many"])
def test_bad_numbers_of_rows_are_named(n):
    with pytest.raises(ValueError, match="at least 10"):
        data.segments(n)
