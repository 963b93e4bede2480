"""The serving log: replay, planted drift, late labels."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from workshop_lib import drift, simulate

START = pd.Timestamp("2026-01-13", tz="UTC")


def flat(log):
    features = pd.DataFrame(list(log.events["features"]))
    return pd.concat([log.events.drop(columns="features"), features], axis=1)


@pytest.fixture(scope="module", params=range(5))
def long_log(request):
    return simulate.serving_log(request.param, days=100, per_day=400, drift_day=60, latency_day=75)


def test_every_answer_of_a_model_can_be_replayed():
    log = simulate.serving_log(3, per_day=500, pii=True)
    for _, event in log.events.iterrows():
        if event["source"] == "model":
            model = log.models[event["model_digest"]]
            assert model(event["features"]) == pytest.approx(event["score"], abs=1e-12)
            assert model.digest == event["model_digest"]
        else:
            assert event["model_digest"] == ""


def test_one_version_has_two_builds():
    log = simulate.serving_log(0)
    builds = log.events.query("source == 'model'").groupby("model_digest")["at"].agg(["min", "max"])
    noon = START + pd.Timedelta(hours=12)
    assert len(builds) == 2
    assert (builds["min"] >= noon).sum() == 1
    assert sorted(model.version for model in log.models.values()) == ["v3", "v3", "v4"]


def test_retries_and_fallbacks_are_there():
    events = simulate.serving_log(1).events
    assert events["at"].is_monotonic_increasing
    assert 0.012 < events["request_id"].duplicated().mean() < 0.03
    assert 0.02 < (events["source"] == "fallback").mean() < 0.04


def test_personal_data_is_there_only_on_request():
    assert {"name", "email", "iban"} < set(simulate.serving_log(pii=True).events["features"][0])
    plain = simulate.serving_log()
    assert set(plain.events["features"][0]) == set(plain.reference.columns) - {"score"}


def test_inputs_drift_at_once_and_performance_is_seen_late(long_log):
    log, events = long_log, flat(long_log)
    events["day"] = (events["at"] - START).dt.days
    inputs = log.reference.columns.drop("score")

    def largest_psi(day):
        week = events[events["day"].between(day - 7, day - 1)]
        return drift.psi(log.reference[inputs], week[inputs]).max()

    def matured_auc(day):
        week = events[events["day"].between(day - 37, day - 31)].drop_duplicates("request_id")
        rows = week.merge(log.labels, on="request_id")
        return roc_auc_score(rows["outcome"], rows["score"])

    assert largest_psi(20) < 0.05
    assert largest_psi(65) > 0.2
    assert largest_psi(80) > 0.3
    assert matured_auc(65) > 0.83 and matured_auc(80) > 0.83
    assert matured_auc(98) < 0.7
    p95 = events.groupby("day")["latency_ms"].quantile(0.95)
    assert p95.loc[:74].max() < 300 < p95.loc[75:].min()


def test_what_has_arrived_this_week_are_defaults_only(long_log):
    now = START + pd.Timedelta(days=50)
    events, labels = long_log.events, long_log.labels
    week = events[(events["at"] < now) & (events["at"] >= now - pd.Timedelta(days=7))]
    arrived = labels[(labels["label_at"] <= now) & labels["request_id"].isin(week["request_id"])]
    assert len(arrived) > 10
    assert arrived["outcome"].eq(1).all()
    assert 0.2 < long_log.labels["outcome"].iloc[:20_000].mean() < 0.28


def test_labels_come_after_their_requests():
    log = simulate.serving_log(4, per_day=300)
    first = log.events.drop_duplicates("request_id")
    wait = first.merge(log.labels, on="request_id").eval("label_at - at").dt.total_seconds() / 86400
    assert wait.min() > 1.99 and wait.max() < 30.01
    assert len(log.labels) == log.labels["request_id"].nunique() == 300


def test_same_seed_same_log():
    first, second = (simulate.serving_log(5, per_day=50, pii=True) for _ in range(2))
    pd.testing.assert_frame_equal(first.events, second.events)
    pd.testing.assert_frame_equal(first.labels, second.labels)
    assert not first.events.equals(simulate.serving_log(6, per_day=50, pii=True).events)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"days": 0}, "days"),
        ({"per_day": 0}, "per_day"),
        ({"drift_day": -1}, "drift_day"),
        ({"latency_day": 1.5}, "latency_day"),
        ({"seed": None}, "seed"),
    ],
)
def test_bad_input_is_named(options, text):
    with pytest.raises(ValueError, match=text):
        simulate.serving_log(**options)


def test_scores_are_chances():
    scores = simulate.serving_log(2).events["score"]
    assert scores.between(0, 1).all() and np.isfinite(scores).all()
