"""The reference artefacts are what the worked solutions make, and keep what they promise."""

import importlib.util

import pytest

from workshop_lib import artifacts, data


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


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("recipe", []),
        ("recipe", [{"step": "clean_age"}]),
        ("recipe_log", [{"step": "clean_age", "params": {}, "rows_in": 3}]),
    ],
)
def test_broken_artefacts_are_refused(tmp_path, name, broken):
    with pytest.raises(ValueError, match=name):
        artifacts.save(tmp_path, name, broken)
