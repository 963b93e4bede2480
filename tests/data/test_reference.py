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


def test_board_keeps_its_own_limits_and_the_rules_take_them_over():
    board = artifacts.get("monitoring_board", reference=True)
    limits = board["limits"]
    for row in board["rows"]:
        if row["n"] < limits["min_n"]:
            assert row["value"] is None and row["status"] == "no_data", row
            continue
        watch, act = limits[row["metric"]]
        sign = -1 if watch > act else 1  # an AUC is bad below its limit, the others above
        status = ["green", "yellow", "red"][
            (sign * row["value"] > sign * watch) + (sign * row["value"] > sign * act)
        ]
        assert row["status"] == status, row
    assert artifacts.get("alert_rules", reference=True)["board"] == limits


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


def test_reference_of_an_artefact_fits_its_schema():
    schemas = data.dataset_path("schemas").glob("*.schema.json")
    for name in sorted(path.name.split(".")[0] for path in schemas):
        artifacts.get(name, reference=True)


LIMITS = {"auc": [0.8, 0.75], "psi": [0.1, 0.2], "p95_ms": [250, 300], "min_n": 200}
NO_DATA = {"metric": "auc", "n": 0, "section": "performance", "status": "no_data", "value": None}
ROWS = [
    NO_DATA | {"day": 20},
    {"section": "drift", "metric": "psi", "n": 9, "value": 0.1, "status": "green", "day": 20},
    {"section": "system", "metric": "p95_ms", "n": 9, "value": 90, "status": "green", "day": 20},
]


ACTION = {"action": "log changes", "owner": "role", "due": "2026-05-08", "metric": "5 of 6"}


def test_whole_board_is_accepted(tmp_path):
    artifacts.save(tmp_path, "monitoring_board", {"limits": LIMITS, "rows": ROWS})


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("recipe", []),
        ("recipe", [{"step": "clean_age"}]),
        ("recipe_log", [{"step": "clean_age", "params": {}, "rows_in": 3}]),
        ("monitoring_board", {"rows": ROWS}),
        ("monitoring_board", {"limits": LIMITS, "rows": ROWS[:2]}),
        ("monitoring_board", {"limits": LIMITS | {"auc": [0.8]}, "rows": ROWS}),
        ("monitoring_board", {"limits": LIMITS, "rows": [*ROWS, ROWS[1] | {"status": "orange"}]}),
        ("monitoring_board", {"limits": LIMITS, "rows": [*ROWS, ROWS[1] | {"value": None}]}),
        ("monitoring_board", {"limits": LIMITS, "rows": [*ROWS, ROWS[0] | {"value": 0.8}]}),
        ("monitoring_board", {"limits": LIMITS, "rows": [*ROWS, NO_DATA]}),
        ("incident_table", pd.DataFrame({"incident": ["N01"], "level": [1]})),
        ("review_actions", []),
        ("review_actions", [ACTION | {"owner": ""}]),
        ("review_actions", [ACTION | {"due": "8 May 2026"}]),
        ("review_actions", [ACTION | {"rule": [[0.05, 12]]}]),
        ("review_actions", [{"action": "be careful"}]),
        ("alert_rules", {"board": LIMITS}),
        ("alert_rules", {"board": LIMITS, "features": {}, "tickets": {}, "cusum": {}}),
    ],
)
def test_broken_artefacts_are_refused(tmp_path, name, broken):
    with pytest.raises(ValueError, match=name):
        artifacts.save(tmp_path, name, broken)
