"""Sliders run the function once without widgets, and again when a value changes."""

import doctest
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from workshop_lib import explore


@pytest.fixture
def ipython():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.fixture
def calls():
    return []


@pytest.fixture
def record(calls):
    def record(degree, delay_ms):
        calls.append((degree, delay_ms))

    return record


RANGES = {"degree": (1, 12, 1, 2), "delay_ms": (0.5, 20.0, 0.25, 4.0)}


def test_documented_examples():
    assert doctest.testmod(explore).failed == 0


def test_plain_python_runs_once_with_the_start_values(record, calls, capsys):
    explore.sliders(record, **RANGES)
    assert calls == [(2, 4.0)]
    assert capsys.readouterr().out == "Start values: degree=2, delay_ms=4.0\n"


def test_a_returned_value_is_shown(capsys):
    explore.sliders(lambda x: x * 2, x=[4, 5])
    assert capsys.readouterr().out == "Start values: x=4\n8\n"


def test_notebook_shows_start_and_sliders(ipython, record, calls):
    with capture_output() as captured:
        explore.sliders(record, **RANGES)
    (output,) = captured.outputs
    assert output.data["text/plain"] == "Sliders: degree, delay (ms)"
    assert "application/vnd.jupyter.widget-view+json" in output.data
    assert calls == [(2, 4.0)]


def test_moving_a_slider_runs_once_with_the_new_value(record, calls):
    panel = explore._panel(record, RANGES)
    number, slider = panel.children[0].children
    slider.value = 7
    assert calls == [(7, 4.0)]
    assert number.value == 7
    panel.children[1].children[0].value = 5.25
    assert calls[1:] == [(7, 5.25)]


def test_a_choice_is_a_labelled_list():
    seen = []
    panel = explore._panel(lambda method: seen.append(method), {"method": ["grid", "random"]})
    choice = panel.children[0]
    assert choice.description == "method"
    choice.value = "random"
    assert seen == ["random"]


def test_each_slider_has_a_labelled_number_field_and_waits_for_release():
    panel = explore._panel(print, RANGES)
    rows = panel.children[:-1]
    assert [row.children[0].description for row in rows] == ["degree", "delay (ms)"]
    assert not any(row.children[1].continuous_update for row in rows)


def test_without_ipywidgets_it_says_what_to_install(ipython, record, calls, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    explore.sliders(record, **RANGES)
    assert calls == [(2, 4.0)]
    assert "pip install ipywidgets" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((1, 12, 1), "expected a tuple"),
        (5, "expected a tuple"),
        ((1, "12", 1, 2), "four finite numbers"),
        ((0, float("nan"), 1, 0), "four finite numbers"),
        ((False, True, 1, 0), "four finite numbers"),
        ((12, 1, 1, 2), "below high"),
        ((1, 12, 0, 2), "step 0"),
        ((1, 12, 20, 2), "at most 11"),
        ((1, 12, 1, 13), "start 13"),
        ([], "empty"),
    ],
)
def test_a_malformed_range_is_refused_before_the_function_runs(record, calls, given, message):
    with pytest.raises(ValueError, match=f"degree.*{message}"):
        explore.sliders(record, **{**RANGES, "degree": given})
    assert calls == []


@pytest.mark.parametrize("ranges", [{"degree": [1]}, {**RANGES, "depth": [1]}, {}])
def test_names_must_fit_the_function(record, ranges):
    with pytest.raises(ValueError, match="record cannot be called"):
        explore.sliders(record, **ranges)
