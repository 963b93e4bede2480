"""Every built notebook repeats: solutions show what they showed, released ones run to the end."""

import subprocess
import sys
from pathlib import Path

import pytest

from workshop_lib.execution import environment

ROOT = Path(__file__).parents[2]
SANITIZE = ROOT / "tests" / "library" / "nbval_sanitize.cfg"


def notebooks(folder):
    found = sorted((ROOT / folder).glob("*/*.ipynb"))
    assert found, f"no notebook in {folder}/; run `workshop build`"
    return [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in found]


def nbval(*arguments):
    kernel_environment = environment()
    kernel_environment.pop("MPLBACKEND", None)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null"]
    done = subprocess.run(
        [*command, "-q", *map(str, arguments)],
        cwd=ROOT,
        env=kernel_environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.parametrize("path", notebooks("solutions"))
def test_a_solution_notebook_repeats_its_outputs(path):
    nbval("--nbval", "--nbval-sanitize-with", SANITIZE, path)


@pytest.mark.parametrize("path", notebooks("notebooks"))
def test_a_released_notebook_runs_to_the_end(path):
    nbval("--nbval-lax", path)
