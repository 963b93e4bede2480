"""Measure what an author waits for: build, proof and nbval of one unit, on a copy of the course.

Run ``python benchmarks/course.py`` on a quiet machine. Wall seconds, CPU seconds, and the largest
resident memory of one process.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from workshop_lib.execution import environment
from workshop_lib.grading.provisioner import KERNEL_NAME, kernels_folder

ROOT = Path(__file__).parents[1]
UNIT = "01_preprocessing"
PARTS = ("solutions", "notebooks", "docs", "tests", "datasets", "workshop_lib")
FILES = ("syllabus.toml", "constraints.txt", "README.md", "nbgrader_config.py")


def copy_of_course(folder):
    for name in PARTS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def cost(*command, cwd=ROOT):
    """Run a module of Python; return wall seconds, CPU seconds, megabytes and the exit status."""
    before = os.times()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=environment(PYTHONPATH=str(ROOT), JUPYTER_PATH=kernels_folder()),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = os.times().elapsed - before.elapsed
    cpu = usage.ru_utime + usage.ru_stime
    return wall, cpu, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def measure(label, *command, cwd):
    """Run a command and print one row of the table."""
    wall, cpu, memory, status = cost(*command, cwd=cwd)
    failed = "" if status == 0 else f"  (exit status {status})"
    print(f"| {label} | {wall:.1f} | {cpu:.1f} | {memory:.0f} |{failed}", flush=True)


def main():
    print("| what | wall s | CPU s | memory MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        course = copy_of_course(Path(folder))
        for path in [*course.glob(f"*/{UNIT}/*.ipynb")]:
            path.unlink()
        workshop = "workshop_lib.cli"
        measure(f"build {UNIT} from scratch", workshop, "build", UNIT, cwd=course)
        measure("build --check, for the first time", workshop, "build", "--check", cwd=course)
        measure("build, unchanged", workshop, "build", cwd=course)
        measure("build --check, unchanged", workshop, "build", "--check", cwd=course)
        measure(f"verify {UNIT}, nothing cached", workshop, "verify", UNIT, cwd=course)
        measure(f"verify {UNIT}, unchanged", workshop, "verify", UNIT, cwd=course)
        nbval = ("pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--nbval-lax")
        notebooks = [str(path) for path in sorted(course.glob(f"notebooks/{UNIT}/*.ipynb"))]
        for label, kernel in (("ordinary", "python3"), ("warm", KERNEL_NAME)):
            command = (*nbval, "--nbval-kernel-name", kernel, *notebooks)
            measure(f"nbval of released {UNIT}, {label} kernels", *command, cwd=course)


if __name__ == "__main__":
    main()
