"""The clock that does not wait, and models that fail as planned."""

import copy
import math

import numpy as np
import pytest

from workshop_lib import simulate


def test_clock_moves_only_forward_and_is_shared_by_copies():
    clock = simulate.Clock(2)
    clock.advance(1.5)
    assert clock.now == copy.deepcopy(clock).now == 3.5
    assert copy.deepcopy({"c": clock})["c"] is clock
    for wrong in (-1, float("nan")):
        with pytest.raises(ValueError, match="does not go back"):
            clock.advance(wrong)


def test_faults():
    clock = simulate.Clock()
    make = lambda fault: simulate.FlakyModel(lambda r: 0.4, clock, fault=fault)  # noqa: E731
    assert make(None)({}) == 0.4
    with pytest.raises(RuntimeError):
        make("raise")({})
    assert math.isnan(make("nan")({}))
    assert clock.now == 0
    assert make("hang")({}) == 0.4
    assert clock.now == 30
    request = {"a": 1, "b": {"c": [2, 3]}, "d": np.array([4.0]), "name": "x"}
    make("mutate")(request)
    assert request["a"] == -1 and request["b"] == {"c": [-1, -1]} and request["d"][0] == -1
    assert request["name"] == "x"


def test_outages_and_slow_times_follow_the_clock():
    clock = simulate.Clock()
    model = simulate.FlakyModel(lambda r: 0.4, clock, outages=[(10, 20)], slow=[(0, 5, 2)])
    assert model({}) == 0.4 and clock.now == 2
    clock.advance(8)
    with pytest.raises(ConnectionError):
        model({})
    clock.advance(10)
    assert model({}) == 0.4 and clock.now == 20
    assert model.calls == 3 and copy.deepcopy(model) is model


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="fault is 'sleep'"):
        simulate.FlakyModel(len, simulate.Clock(), fault="sleep")
    with pytest.raises(ValueError, match="ends before"):
        simulate.FlakyModel(len, simulate.Clock(), outages=[(5, 4)])
