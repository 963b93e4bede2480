"""The shadow log: v4 is better overall on every seed, and worse for group B on even ones."""

import pytest
from scipy.stats import binomtest

from workshop_lib import cases


def gains(log, threshold):
    live, shadow = ((log[c] >= threshold) == (log["y"] == 1) for c in ("pd_live", "pd_shadow"))
    return int((shadow & ~live).sum()), int((live & ~shadow).sum())


@pytest.mark.parametrize("seed", range(20))
def test_truth_is_planted(seed):
    case = cases.load("shadow_log", seed)
    gained, lost = gains(case.log, case.threshold)
    assert gained > lost
    assert binomtest(gained, gained + lost).pvalue < case.policy["alpha"] / 10
    for group, rows in case.log.groupby("group"):
        won, missed = gains(rows, case.threshold)
        loss = (missed - won) / len(rows)
        assert len(rows) > 2 * case.policy["min_group_n"]
        if group == "B" and seed % 2 == 0:
            assert loss > 3 * case.policy["max_group_loss"]
        else:
            assert loss < 0
    slow = case.log[["ms_live", "ms_shadow"]].quantile(0.95)
    assert slow["ms_shadow"] / slow["ms_live"] < case.policy["max_latency_ratio"] - 0.2


def test_form():
    log = cases.load("shadow_log", 3).log
    assert log["request_id"].is_unique and log.notna().all().all()
    assert set(log["group"]) == {"A", "B"} and set(log["y"]) == {0, 1}
    assert log[["pd_live", "pd_shadow"]].stack().between(0, 1).all()
