"""What holds for every built notebook of the course."""

import json
from pathlib import Path

import pytest

from workshop_lib.grading.replay import defined_names

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["solutions", "notebooks"])
def test_a_check_cell_binds_one_name_which_no_learner_chooses(folder):
    for path in sorted(ROOT.glob(f"{folder}/*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            exercise = cell["metadata"].get("workshop", {}).get("exercise")
            if exercise and cell["metadata"]["nbgrader"]["grade"]:
                found = defined_names("".join(cell["source"]))
                assert found == {f"_check_{exercise}"}, path
