"""Valuations: planted formula, options, and the facts that the feature selectors rely on."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway
from sklearn.feature_selection import RFE
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from workshop_lib import data

SUPPORT = {"area", "rooms", "age_years", "distance_km"}


def inputs(frame):
    return frame.select_dtypes("number").drop(columns=["price_keur", "garden"])


def chosen(columns, values, price):
    return set(columns[RFE(LinearRegression(), n_features_to_select=4).fit(values, price).support_])


def test_price_follows_the_formula():
    frame = data.housing(300, 7, noise=0)
    expected = (
        20
        + 3.2 * frame["area"]
        - 0.006 * frame["area"] ** 2
        + 9 * frame["rooms"]
        - 0.5 * frame["age_years"]
        - 4 * frame["distance_km"]
        + 14 * frame["garden"]
        + frame["region"].map({"coast": 45, "south": 12, "north": 0})
    )
    assert (frame["price_keur"] - expected).abs().max() <= 0.0501
    noisy = data.housing(3000, 7)["price_keur"] - data.housing(3000, 7, noise=0)["price_keur"]
    assert noisy.std() == pytest.approx(18, rel=0.05)


def test_sensors_leave_the_rest_as_it_is():
    wide = data.housing(200, 1, n_noise=3)
    assert [column for column in wide if column.startswith("sensor")] == [
        "sensor_00",
        "sensor_01",
        "sensor_02",
    ]
    pd.testing.assert_frame_equal(wide[data.housing(1).columns], data.housing(200, 1))


@pytest.mark.parametrize("seed", range(4))
def test_correlation_hides_two_of_the_four_causes(seed):
    frame = data.housing(400, seed, n_noise=16)
    strength = inputs(frame).corrwith(frame.price_keur).abs()
    assert strength.nlargest(2).index.tolist() == ["area", "rooms"]
    assert strength["area"] > 0.92
    assert 0.85 < strength["rooms"] < 0.91
    assert strength[["distance_km", "age_years"]].max() < 0.2


@pytest.mark.parametrize("seed", range(4))
def test_elimination_finds_the_causes_only_when_scaled(seed):
    frame = data.housing(400, seed, n_noise=16)
    columns = inputs(frame)
    scaled = StandardScaler().fit_transform(columns)
    assert chosen(columns.columns, scaled, frame.price_keur) == SUPPORT
    assert "area" not in chosen(columns.columns, columns, frame.price_keur)


@pytest.mark.parametrize("seed", range(4))
def test_region_matters_and_colour_does_not(seed):
    frame = data.housing(1500, seed)

    def p_value(column):
        return f_oneway(*[prices for _, prices in frame.groupby(column).price_keur]).pvalue

    assert p_value("region") < 0.001
    assert p_value("colour") > 0.002


def test_same_seed_same_values():
    np.random.seed(3)
    pd.testing.assert_frame_equal(data.housing(50, 2), data.housing(50, 2))
    assert not data.housing(50, 2).equals(data.housing(50, 3))


@pytest.mark.parametrize(
    ("options", "words"),
    [({"n": 0}, "at least 1"), ({"n_noise": -1}, "n_noise"), ({"noise": -2.0}, "noise")],
)
def test_bad_arguments_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        data.housing(**options)
