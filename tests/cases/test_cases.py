"""Cases: copies on access, no answers, one message for wrong names."""

import copy

import pandas as pd
import pytest

from workshop_lib import cases


def test_every_case_loads_and_tells_a_story():
    for name in cases.names():
        case = cases.load(name, 1)
        assert (case.name, case.seed) == (name, 1)
        assert len(case.story) > 40
        assert all(isinstance(table, pd.DataFrame) for _, table in case.tables.items())


def test_same_seed_same_case():
    for name in cases.names():
        first, second = cases.load(name, 2), cases.load(name, 2)
        assert list(first.tables) == list(second.tables)
        for table in first.tables:
            pd.testing.assert_frame_equal(first.tables[table], second.tables[table])
        assert dict(first.params.items()) == dict(second.params.items())


def test_nobody_can_change_a_case():
    case = cases.load("benchmarks")
    case.benchmarks.insert(0, "changed", 1)
    case.requirements.append("changed")
    case.params["capabilities"]["Keras"].append("changed")
    assert "changed" not in case.benchmarks
    assert "changed" not in case.requirements
    assert "changed" not in cases.load("benchmarks").capabilities["Keras"]
    with pytest.raises(AttributeError):
        case.story = "another"
    with pytest.raises(TypeError):
        case.tables["benchmarks"] = None


def test_unknown_names_are_answered_with_what_exists():
    with pytest.raises(ValueError, match="benchmarks"):
        cases.load("no_such_case")
    with pytest.raises(ValueError, match="seed is -1"):
        cases.load("benchmarks", -1)
    with pytest.raises(AttributeError, match="requirements"):
        cases.load("benchmarks").no_such_table  # noqa: B018
    with pytest.raises(ValueError, match="one name"):
        cases.Case("x", 0, "", tables={"a": None}, params={"a": 1})


def test_a_case_can_be_copied():
    case = cases.load("benchmarks")
    assert copy.deepcopy(case).requirements == case.requirements
    assert "requirements" in dir(case)
