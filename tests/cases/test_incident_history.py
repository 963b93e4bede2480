"""Eight weeks of errors: onsets that can be found, and alarms that keep or break the targets."""

import numpy as np
import pandas as pd
import pytest

from workshop_lib import cases
from workshop_lib.cases import incident_weeks

SEEDS = range(30)
HOUR = pd.Timedelta(hours=1)


def share(history, bins):
    counts = history[["errors", "requests"]].rolling(bins, min_periods=1).sum()
    return (counts["errors"] / counts["requests"]).to_numpy()


def tried(seed, rule):
    """Say whether a rule keeps the targets, and how many pages a week are false."""
    tables, truth = incident_weeks.make(seed)
    history, incidents = tables["history"], tables["incidents"]
    fired = np.zeros(len(history), dtype=bool)
    for limit, long, short in rule:
        fired |= (share(history, long) > limit) & (share(history, short) > limit)
    pages, last = [], -12
    for i in np.flatnonzero(fired):
        if i - last >= 12:
            pages.append(history["at"][i])
            last = i
    in_time, left = True, pd.Series(pages, dtype=history["at"].dtype)
    for row, onset in zip(incidents.itertuples(), truth["onset"], strict=True):
        during = (history["at"] >= onset) & (history["at"] < row.mitigated)
        seen = history["at"][fired & during]
        delay = (seen.iloc[0] - onset).total_seconds() / 60 + 5 if len(seen) else np.inf
        in_time &= delay <= row.within_minutes
        left = left[(left < onset) | (left > row.mitigated + HOUR)]
    return in_time, len(left) / 8


def above(seed):
    return incident_weeks.BASE_SHARE[seed % 2] - 0.010


@pytest.mark.parametrize("seed", SEEDS)
def test_two_windows_keep_the_targets_and_simple_alarms_do_not(seed):
    d = above(seed)
    in_time, false = tried(seed, [(0.045 + d, 12, 3), (0.024 + d, 72, 6)])
    assert in_time and false <= 0.75
    assert tried(seed, [(0.03 + d, 1, 1)])[1] > 8  # one bin: pages for every blip
    assert not tried(seed, [(0.15, 1, 1)])[0]  # so high that it is quiet: too late
    assert tried(seed, [(0.03 + d, 12, 12)])[1] > 2  # one hour
    assert not tried(seed, [(0.024 + d, 72, 6)])[0]  # only slow: too late for the sharp ones
    assert tried(seed, [(0.0, 1, 1)])[1] > 100  # an alarm that never stops


def test_limits_of_one_service_fail_in_the_other():
    assert not any(tried(seed, [(0.045, 12, 3), (0.024, 72, 6)])[1] <= 0.75 for seed in (1, 3, 5))


def test_changes_of_most_onsets_are_just_before_and_decoys_are_after():
    for seed in SEEDS:
        tables, truth = incident_weeks.make(seed)
        changes, incidents = tables["changes"].set_index("change")["at"], tables["incidents"]
        assert changes.index.is_unique and not changes.is_monotonic_increasing
        assert truth["trigger"].notna().sum() == 5
        for onset, trigger, found in zip(
            truth["onset"], truth["trigger"], incidents["detected"], strict=True
        ):
            near = changes[(changes > onset - 2 * HOUR) & (changes < onset + 0.6 * HOUR)]
            assert list(near.index) == ([] if pd.isna(trigger) else [trigger])
            assert ((changes > onset + 0.6 * HOUR) & (changes < found)).any()
            assert found < incidents["mitigated"].max()


def test_form_and_size():
    case = cases.load("incident_history", 4)
    assert len(case.history) == 8 * 7 * 288
    assert case.history["at"].is_monotonic_increasing
    assert (case.history["errors"] <= case.history["requests"]).all()
    assert (case.history["requests"] > 50).all()
    assert sorted(case.incidents["kind"]) == ["sharp"] * 3 + ["slow"] * 3
    assert (case.incidents["detected"] < case.incidents["mitigated"]).all()
    assert "onset" not in case.incidents and "trigger" not in case.incidents
    assert cases.load("incident_history", 5).service != case.service
