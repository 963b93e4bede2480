"""Every built notebook repeats: solutions show what they showed, released ones run to the end."""

import subprocess
import sys
from pathlib import Path

from workshop_lib.execution import environment
from workshop_lib.grading.provisioner import KERNEL_NAME, kernels_folder

ROOT = Path(__file__).parents[2]
SANITIZE = ROOT / "tests" / "library" / "nbval_sanitize.cfg"


def nbval(folder, *options):
    """Run all notebooks of a folder; their kernels are forked from one preloaded process."""
    notebooks = sorted((ROOT / folder).glob("*/*.ipynb"))
    assert notebooks, f"no notebook in {folder}/; run `workshop build`"
    kernel_environment = environment(JUPYTER_PATH=kernels_folder())
    kernel_environment.pop("MPLBACKEND", None)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null"]
    done = subprocess.run(
        [*command, "-q", "--nbval-kernel-name", KERNEL_NAME, *map(str, [*options, *notebooks])],
        cwd=ROOT,
        env=kernel_environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_solution_notebooks_repeat_their_outputs():
    nbval("solutions", "--nbval", "--nbval-sanitize-with", SANITIZE)


def test_released_notebooks_run_to_the_end():
    nbval("notebooks", "--nbval-lax")
