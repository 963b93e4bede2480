"""Scores of detectors: any function or object, known truth, river as the oracle."""

import numpy as np
import pandas as pd
import pytest
from river.drift import ADWIN, PageHinkley

from workshop_lib import drift

STREAMS = {
    kind: drift.stream(kind, 3, per_day=200)
    for kind in ("none", "covariate", "concept", "uncertain", "prior")
}


def stream_of(values, onset):
    """One row a day."""
    rows = pd.DataFrame({"day": range(len(values)), "value": values})
    kind = "none" if onset is None else "made"
    return rows, {"kind": kind, "onset": onset}


@pytest.mark.parametrize(
    ("alarms", "false_alarms", "delay", "missed"),
    [
        (None, 0, np.nan, True),
        ([], 0, np.nan, True),
        (30, 0, 0, False),
        (29, 1, np.nan, True),
        ([5, 20, 41, 35], 2, 5, False),
        (np.array([30.0, 31.0]), 0, 0, False),
        (pd.Series([33]), 0, 3, False),
        ((day for day in (59, 0)), 1, 29, False),
        (np.int64(40), 0, 10, False),
        ({50, 45}, 0, 15, False),
    ],
)
def test_alarms_of_a_function_are_judged(alarms, false_alarms, delay, missed):
    table = drift.score_detector(lambda rows: alarms, drift.stream("concept", per_day=10))
    row = table.loc[0]
    assert (row["kind"], row["onset"]) == ("concept", 30)
    assert row["false_alarms"] == false_alarms
    assert row["false_per_1000_rows"] == pytest.approx(false_alarms / 0.3)
    np.testing.assert_equal(row["delay"], delay)
    assert row["missed"] == missed


def test_without_a_change_every_alarm_is_false():
    table = drift.score_detector(lambda rows: [3, 50], [drift.stream("none", per_day=100)])
    row = table.loc[0]
    assert (row["kind"], row["false_alarms"], row["alarms"]) == ("none", 2, 2)
    assert row["false_per_1000_rows"] == pytest.approx(2 / 6)
    assert np.isnan(row["delay"])
    assert row["missed"] is pd.NA


def test_change_from_the_first_row_on_leaves_no_quiet_rows():
    table = drift.score_detector(lambda rows: 2, [stream_of(np.ones(5), onset=0)])
    assert np.isnan(table.loc[0, "false_per_1000_rows"])
    assert table.loc[0, "delay"] == 2


def test_horizon_makes_a_late_alarm_a_miss():
    one = drift.stream("concept", per_day=10)
    for horizon, missed in ((5, True), (10, False)):
        table = drift.score_detector(lambda rows: 40, one, horizon=horizon)
        assert table.loc[0, "missed"] == missed
        assert table.loc[0, "false_alarms"] == 0


def test_the_first_of_several_changes_counts():
    mixture = drift.stream(["missing", "concept"], onset=[40, 20], per_day=10)
    table = drift.score_detector(lambda rows: [25], mixture)
    assert table.loc[0, ["kind", "onset", "delay"]].tolist() == ["missing+concept", 20, 5]


def test_names_of_a_dict_are_the_index_and_groups_can_be_averaged():
    table = drift.score_detector(lambda rows: 33, STREAMS)
    assert table.index.tolist() == [*STREAMS]
    means = table.groupby("kind")[["delay", "false_per_1000_rows", "missed"]].mean()
    assert means.loc["concept", "delay"] == 3
    assert means.loc["concept", "missed"] == 0


def test_a_detector_cannot_change_the_stream():
    one = drift.stream("covariate", per_day=10)
    before = one.rows.copy()

    def careless(rows):
        rows["extra"] = 1
        rows.loc[:, "score"] = 0
        return None

    drift.score_detector(careless, one)
    pd.testing.assert_frame_equal(one.rows, before)


def fed_by_hand(detector, values, days):
    alarms = []
    for value, day in zip(values.tolist(), days.tolist()):
        detector.update(value)
        if detector.drift_detected:
            alarms.append(day)
    return alarms


@pytest.mark.parametrize("detector", [ADWIN(), ADWIN(delta=0.2), PageHinkley(threshold=20)])
def test_river_is_fed_as_by_hand(detector):
    table = drift.score_detector(detector, STREAMS, value="score")
    for name, each in STREAMS.items():
        alarms = fed_by_hand(detector.clone(), each.rows["score"], each.rows["day"])
        onset = each.truth["onset"] or 0 if name != "none" else 60
        assert table.loc[name, "alarms"] == len(alarms), name
        assert table.loc[name, "false_alarms"] == sum(day < onset for day in alarms)
        right = [day - onset for day in alarms if day >= onset]
        np.testing.assert_equal(table.loc[name, "delay"], min(right) if right else np.nan)


def test_river_sees_scores_or_errors_but_not_both():
    scores = drift.score_detector(ADWIN, STREAMS, value="score")
    assert scores.loc["covariate", "delay"] <= 2
    assert scores.loc["concept", "missed"]

    def error(rows):
        return ((rows["score"] > 0.5) != rows["y"]).astype(int)

    errors = drift.score_detector(ADWIN, STREAMS, value=error, known="label_day")
    assert errors.loc["concept", "delay"] <= 3
    late = {"concept": drift.stream("concept", 3, per_day=200, label_delay_days=20)}
    waited = drift.score_detector(ADWIN, late, value=error, known="label_day")
    assert waited.loc["concept", "delay"] == errors.loc["concept", "delay"] + 20


def test_labels_that_never_come_are_not_fed():
    fed = []

    class Recorder:
        drift_detected = False

        def update(self, number):
            fed.append(number)

        def __deepcopy__(self, memo):
            return self

    one = drift.stream("none", per_day=20, selective_labels=True, label_delay_days=5)
    drift.score_detector(Recorder(), one, value="y", known="label_day")
    assert fed == one.rows["y"].dropna().tolist()
    fed.clear()
    holes = drift.stream("missing", per_day=20)
    drift.score_detector(Recorder(), holes, value="f01")
    assert fed == holes.rows["f01"].dropna().tolist()


class Threshold:
    """Keeps its flag up, and what it learned."""

    def __init__(self, limit=10.0):
        self.limit = limit
        self.seen = 0
        self.drift_detected = False

    def update(self, number):
        self.seen += 1
        self.drift_detected = number > self.limit


def test_a_flag_that_stays_up_is_one_alarm_and_streams_do_not_mix():
    detector = Threshold(5)
    detector.seen = 7
    values = np.r_[np.zeros(20), np.full(10, 9), np.zeros(5), np.full(5, 9)]
    table = drift.score_detector(
        detector, [stream_of(values, 20), stream_of(values, None)], value="value"
    )
    assert table["alarms"].tolist() == [2, 2]
    assert table["delay"].tolist()[0] == 0
    assert (detector.seen, detector.drift_detected) == (7, False)


def test_late_rows_are_fed_when_they_arrive():
    rows = pd.DataFrame({"day": [0, 1, 2, 3, 1, 4], "value": [0, 0, 0, 0, 9, 0]})
    table = drift.score_detector(
        Threshold(5), [(rows, {"kind": "made", "onset": 2})], value="value"
    )
    assert table.loc[0, "delay"] == 1


def test_tables_with_timestamps():
    at = pd.date_range("2026-01-01", periods=240, freq="h", tz="UTC")
    df = pd.DataFrame({"at": at, "x": np.r_[np.zeros(120), np.ones(120)]})
    broken, truth = drift.inject(
        df, "missing", column="x", start=at[96], amount=1, where=np.arange(240) >= 96
    )
    assert broken["x"].isna().any()

    def found(rows):
        return rows["at"][rows["x"].isna()].iloc[[12]]

    table = drift.score_detector(found, [(broken, truth)], time="at")
    assert table.loc[0, "delay"] == 0.5
    table = drift.score_detector(Threshold(0.5), [(df, truth)], value="x", time="at")
    assert table.loc[0, "delay"] == 1.0
    table = drift.score_detector(
        lambda rows: np.datetime64("2026-01-06"),
        [(df.assign(at=at.tz_localize(None)), {"kind": "made", "onset": "2026-01-05"})],
        time="at",
    )
    assert table.loc[0, "delay"] == 1.0


ONE = drift.stream("concept", per_day=5)


class NoFlag:
    def update(self, number):
        pass


@pytest.mark.parametrize(
    ("detector", "streams", "options", "words"),
    [
        (lambda rows: 1, [], {}, "no stream"),
        (lambda rows: 1, 5, {}, "streams is 5"),
        (lambda rows: 1, [ONE.rows], {}, "no Stream and no pair"),
        (lambda rows: 1, [(ONE.rows, {"onset": 3})], {}, "no Stream and no pair"),
        (lambda rows: 1, [ONE], {"time": "at"}, "no column 'at'"),
        (lambda rows: 1, [ONE], {"horizon": -1}, "horizon is -1"),
        (lambda rows: 1, [ONE], {"value": "score"}, "leave them out"),
        (lambda rows: 140, [ONE], {}, "not a row number"),
        (lambda rows: np.nan, [ONE], {}, "An alarm in stream 0 is nan"),
        (lambda rows: "30", [ONE], {}, "is '30'"),
        (lambda rows: rows["day"] > 40, [ONE], {}, "is False"),
        ("cusum", [ONE], {}, "detector is 'cusum'"),
        (ADWIN(), [ONE], {}, "say with value="),
        (NoFlag(), [ONE], {"value": "score"}, "no drift_detected"),
        (ADWIN(), [ONE], {"value": "scores"}, "no column 'scores' for value="),
        (ADWIN(), [ONE], {"value": "f11"}, "expected numbers"),
        (ADWIN(), [ONE], {"value": lambda rows: [1, 2]}, "one number for each of the 300 rows"),
        (ADWIN(), [ONE], {"value": "score", "known": "at"}, "no column 'at' for known="),
    ],
)
def test_bad_input_is_named(detector, streams, options, words):
    with pytest.raises(ValueError, match=words):
        drift.score_detector(detector, streams, **options)


def test_alarms_may_wait_for_labels_but_no_longer():
    late = drift.stream("concept", per_day=5, label_delay_days=30)
    assert drift.score_detector(lambda rows: 80, late).loc[0, "delay"] == 50
    with pytest.raises(ValueError, match="not a row number"):
        drift.score_detector(lambda rows: 90, late)
