import pytest

from tests.desk.support import NAME, load, save, set_source, workshop
from workshop_lib.errors import WorkshopError
from workshop_lib.rehearsal import rehearse


def test_clean_run_gives_points_and_leaves_the_file_alone(first):
    set_source(first, "double", "def double(x):\n    return 2 * x")
    before = {path: path.read_bytes() for path in first.parent.iterdir()}
    result = rehearse(first)
    assert result.points == 2.0
    assert result.reports["double"]["state"] == "passed"
    assert {path: path.read_bytes() for path in first.parent.iterdir()} == before


def test_saved_outputs_do_not_count(first):
    content = load(first)
    report = {"exercise": "double", "points": 2.0, "max_points": 2, "state": "passed", "items": []}
    data = {"application/vnd.workshop.report+json": report}
    content["cells"][3]["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    save(first, content)
    assert rehearse(first).points == 0


def test_an_error_is_named_and_the_run_goes_on(first):
    set_source(first, "given", "undefined_name")
    set_source(first, "double", "def double(x):\n    return 2 * x")
    result = rehearse(first)
    assert result.points == 2.0
    (error,) = result.errors
    assert error.startswith("Cell 2 (undefined_name) raised NameError")


def test_an_endless_loop_stops_the_run_and_names_the_cell(course, first):
    loop = "def double(x):\n    while True:\n        pass"
    set_source(first, "double", loop)
    before = first.read_bytes()
    result = workshop("check", f"{NAME}.ipynb", "--timeout", "3", cwd=course)
    assert result.returncode == 1
    assert "Cell 4 (double_check) was stopped: it took over 3 s" in result.stderr
    assert "no result" in result.stdout
    assert first.read_bytes() == before


def test_a_cell_that_ends_python_is_named(first):
    set_source(first, "given", "import os\nos._exit(1)")
    assert "Cell 2 (import os) ended Python itself" in rehearse(first).stopped


def test_helper_modules_are_left_out_and_reported(course, first):
    (first.parent / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    set_source(first, "double", "from helper import double")
    result = workshop("check", str(first), cwd=course)
    assert "helper.py beside the notebook is not handed in" in result.stdout
    assert "ModuleNotFoundError" in result.stdout
    assert "0 of 2 points" in result.stdout


@pytest.mark.parametrize(
    "content",
    [
        "{broken",
        "[]",
        '{"nbformat": 3, "worksheets": []}',
        '{"nbformat": 4, "cells": [{"source": "1"}]}',
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "1", "metadata": null}]}',
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1, "metadata": {}}]}',
    ],
)
def test_what_is_not_a_notebook_is_refused(first, content):
    first.write_text(content)
    with pytest.raises(WorkshopError, match=r"not a (Jupyter )?notebook"):
        rehearse(first)


def test_a_missing_file_is_one_sentence(course):
    result = workshop("check", "nowhere.ipynb", cwd=course)
    assert result.returncode == 1
    assert result.stderr.startswith("There is no file nowhere.ipynb")
