"""The incident table: open incidents are the grave ones, and the policy has no gap."""

import pandas as pd
import pytest

from workshop_lib import cases


def points(row, policy):
    given = policy["points"]
    total = 0
    for name in ("harm", "reversible"):
        total += given[name].get(row[name], max(given[name].values()))
    people = row["people"] if pd.notna(row["people"]) else float("inf")
    return total + next(value for least, value in given["people"] if people >= least)


@pytest.mark.parametrize("seed", range(20))
def test_open_incidents_are_grave(seed):
    case = cases.load("incidents", seed)
    table = case.incidents
    total = table.apply(points, axis=1, policy=case.policy)
    is_open = table["mitigated"].isna() & table["classified"].notna()
    level2 = (total >= 7) & (total < 10)
    assert is_open.sum() == 6 and level2[is_open].sum() >= 5
    hours = (table["mitigated"] - table["detected"]).dt.total_seconds() / 3600
    running = (case.now - table["detected"]).dt.total_seconds() / 3600
    assert hours[level2].median() * 1.15 < hours.fillna(running)[level2].median()


@pytest.mark.parametrize("seed", range(20))
def test_every_level_is_used_and_unknown_values_occur(seed):
    case = cases.load("incidents", seed)
    total = case.incidents.apply(points, axis=1, policy=case.policy)
    lows = [low for _, low in case.policy["levels"]]
    for low, high in zip(lows, [99, *lows], strict=False):
        assert total.between(low, high - 1).any()
    for name in ("harm", "reversible", "people", "classified", "mitigated"):
        assert case.incidents[name].isna().any()


def test_times_are_in_order():
    case = cases.load("incidents", 2)
    table = case.incidents
    assert table["incident"].is_unique and len(table) == 40
    assert (table["occurred"] < table["detected"]).all()
    graded = table.dropna(subset="classified")
    assert (graded["detected"] < graded["classified"]).all()
    done = graded.dropna(subset="mitigated")
    assert (done["classified"] <= done["mitigated"]).all()
    assert (done["mitigated"] <= case.now).all()


def test_the_policy_is_complete_and_steps_down():
    policy = cases.load("incidents").policy
    levels, lows = zip(*policy["levels"], strict=True)
    assert levels == (1, 2, 3, 4) and lows[-1] == 0
    assert list(lows) == sorted(lows, reverse=True)
    assert {clock["level"] for clock in policy["clocks"]} == {1, 2, 3, 4}
    assert policy["points"]["people"][-1][0] == 0
