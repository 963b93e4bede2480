"""Queues follow the formulas, and the planted bottleneck is not the slowest stage."""

import numpy as np
import pandas as pd
import pytest

from workshop_lib import simulate

STAGES = [("features", 1, 18), ("infer", 10, 120), ("render", 1, 6)]


def test_one_server_waits_as_the_formula_says():
    waits = []
    for seed in range(6):
        runs = simulate.queue(0.7, [("desk", 1, 1.0)], n=40_000, seed=seed)
        waits.append((runs["started"] - runs["enqueued"]).mean())
    assert np.mean(waits) == pytest.approx(0.7 / 0.3, rel=0.06)


@pytest.mark.parametrize("seed", range(8))
def test_the_slowest_stage_is_not_the_bottleneck(seed):
    runs = simulate.queue(0.05, STAGES, seed=seed)
    wait = (runs["started"] - runs["enqueued"]).groupby(runs["stage"]).mean()
    work = (runs["finished"] - runs["started"]).groupby(runs["stage"]).mean()
    assert wait.idxmax() == "features"
    assert work.idxmax() == "infer"
    assert wait["features"] > 20 * wait["infer"]


def test_never_more_are_served_than_there_are_servers():
    runs = simulate.queue(1.0, [("a", 3, 2.5), ("b", 2, 1.5)], n=500, seed=3)
    for stage, servers in (("a", 3), ("b", 2)):
        part = runs[runs["stage"] == stage]
        for start in part["started"]:
            assert ((part["started"] <= start) & (part["finished"] > start)).sum() <= servers
        by_arrival = part.sort_values("enqueued", kind="stable")["started"]
        assert by_arrival.is_monotonic_increasing
    first, second = (runs[runs["stage"] == s].reset_index() for s in "ab")
    pd.testing.assert_series_equal(first["finished"], second["enqueued"], check_names=False)


def test_bursts_arrive_together_at_the_same_rate():
    single = simulate.queue(0.5, [("a", 5, 1.0)], n=20_000)
    runs = simulate.queue(0.5, [("a", 5, 1.0)], n=20_000, burst=4)
    assert runs["enqueued"].value_counts().eq(4).all()
    assert runs["enqueued"].max() == pytest.approx(single["enqueued"].max(), rel=0.05)


def test_same_seed_same_run_and_no_global_state():
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    first, second = (simulate.queue(0.5, STAGES, n=50, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert (np.random.get_state()[1] == before).all()


@pytest.mark.parametrize(
    ("args", "options", "text"),
    [
        ((0, STAGES), {}, "rate is 0"),
        ((float("nan"), STAGES), {}, "rate is nan"),
        ((1, []), {}, "empty"),
        ((1, [("a", 1)]), {}, "expected a list of"),
        ((1, 5), {}, "expected a list of"),
        ((1, [("a", 0, 1)]), {}, "number of servers"),
        ((1, [("a", 1, 0)]), {}, "mean service"),
        ((1, [("a", 1, 1), ("a", 1, 1)]), {}, "same name"),
        ((1, STAGES), {"n": 0}, "n is 0"),
        ((1, STAGES), {"burst": 0}, "burst is 0"),
        ((1, STAGES), {"seed": -1}, "seed is -1"),
    ],
)
def test_bad_input_is_named(args, options, text):
    with pytest.raises(ValueError, match=text):
        simulate.queue(*args, **options)
