"""Every built notebook repeats: solutions show what they showed, released ones run to the end."""

import subprocess
import sys
from pathlib import Path

import pytest

from workshop_lib.execution import environment
from workshop_lib.grading.provisioner import KERNEL_NAME, kernels_folder

ROOT = Path(__file__).parents[2]
SANITIZE = ROOT / "tests" / "library" / "nbval_sanitize.cfg"


def units(folder):
    found = sorted({path.parent for path in (ROOT / folder).glob("*/*.ipynb")})
    assert found, f"no notebook in {folder}/; run `workshop build`"
    return [pytest.param(path, id=path.name) for path in found]


def nbval(*arguments):
    # Kernels are forked from a process that has imported already: seconds less for each notebook.
    kernel_environment = environment(JUPYTER_PATH=kernels_folder())
    kernel_environment.pop("MPLBACKEND", None)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null"]
    done = subprocess.run(
        [*command, "-q", "--nbval-kernel-name", KERNEL_NAME, *map(str, arguments)],
        cwd=ROOT,
        env=kernel_environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.parametrize("unit", units("solutions"))
def test_solution_notebooks_repeat_their_outputs(unit):
    nbval("--nbval", "--nbval-sanitize-with", SANITIZE, *sorted(unit.glob("*.ipynb")))


@pytest.mark.parametrize("unit", units("notebooks"))
def test_released_notebooks_run_to_the_end(unit):
    nbval("--nbval-lax", *sorted(unit.glob("*.ipynb")))
