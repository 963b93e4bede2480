"""The reference artefacts are what the worked solutions make, and keep what they promise."""

import importlib.util

import pandas as pd
import pytest

from workshop_lib import artifacts, cases, data


@pytest.fixture(scope="module")
def recipe():
    path = data.dataset_path("reference", "build.py")
    spec = importlib.util.spec_from_file_location("reference_build", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_build_writes_the_shipped_bytes_again(recipe, tmp_path):
    names = recipe.build(tmp_path)
    made = sorted(tmp_path.iterdir())
    assert {path.name.split(".")[0] for path in made} == set(names)
    for path in made:
        shipped = data.dataset_path("reference", path.name)
        assert path.read_bytes() == shipped.read_bytes(), path.name


def test_clean_table_keeps_the_contract():
    contract = artifacts.get("contract", reference=True)
    clean = artifacts.get("applications_clean", reference=True)
    assert len(contract.validate(clean, lazy=True)) == clean["application_id"].nunique() == 3000


def test_log_belongs_to_recipe_and_table():
    steps = artifacts.get("recipe", reference=True)
    log = artifacts.get("recipe_log", reference=True)
    clean = artifacts.get("applications_clean", reference=True)
    assert [{"step": record["step"], "params": record["params"]} for record in log] == steps
    assert log[-1]["sha256_out"] == artifacts.digest(clean)


def test_incident_table_keeps_every_incident_and_what_nobody_knew():
    table = artifacts.get("incident_table", reference=True)
    case = cases.load("incidents")
    same = ["incident", "what", "harm", "people", "detected", "classified", "mitigated"]
    assert table[same].equals(case.incidents[same])
    assert set(table["level"]) == {1, 2, 3, 4}
    assert not table["due"].isna()[table["level"] == 1].any()  # its clock starts at the detection
    later = table[table["level"] > 1]
    assert later["due"].isna().equals(later["classified"].isna())
    assert (table["mitigated"].isna() & (table["due"] < case.now)).sum() >= 6  # open and too late


def test_actions_of_the_review_come_after_it_and_hold_the_new_rule():
    actions = artifacts.get("review_actions", reference=True)
    assert all(action["due"] > f"{cases.load('incidents').now:%Y-%m-%d}" for action in actions)
    assert [len(action["rule"]) for action in actions if "rule" in action] == [2]


ACTION = {"action": "log changes", "owner": "role", "due": "2026-05-08", "metric": "5 of 6"}


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("recipe", []),
        ("recipe", [{"step": "clean_age"}]),
        ("recipe_log", [{"step": "clean_age", "params": {}, "rows_in": 3}]),
        ("incident_table", pd.DataFrame({"incident": ["N01"], "level": [1]})),
        ("review_actions", []),
        ("review_actions", [ACTION | {"owner": ""}]),
        ("review_actions", [ACTION | {"due": "8 May 2026"}]),
        ("review_actions", [ACTION | {"rule": [[0.05, 12]]}]),
        ("review_actions", [{"action": "be careful"}]),
    ],
)
def test_broken_artefacts_are_refused(tmp_path, name, broken):
    with pytest.raises(ValueError, match=name):
        artifacts.save(tmp_path, name, broken)
