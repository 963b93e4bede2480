"""Measure what an author waits for: build, proof, and each notebook, on a copy of the course.

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


def measure(label, *command, cwd=ROOT):
    """Run a command and print one row of the table."""
    before = os.times()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=environment(PYTHONPATH=str(ROOT)),
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = os.times().elapsed - before.elapsed
    cpu = usage.ru_utime + usage.ru_stime
    failed = "" if status == 0 else f"  (exit status {os.waitstatus_to_exitcode(status)})"
    memory = usage.ru_maxrss / 1024
    print(f"| {label} | {wall:.1f} | {cpu:.1f} | {memory:.0f} |{failed}", flush=True)


def main():
    print("| what | wall s | CPU s | memory MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        course = copy_of_course(Path(folder))
        for path in [*course.glob("*/*/*.ipynb")]:
            path.unlink()
        workshop = "workshop_lib.cli"
        measure(f"build {UNIT} from scratch", workshop, "build", UNIT, cwd=course)
        measure(f"build {UNIT}, unchanged", workshop, "build", UNIT, cwd=course)
        measure(f"build {UNIT} --check", workshop, "build", UNIT, "--check", cwd=course)
        measure(f"verify {UNIT}, nothing cached", workshop, "verify", UNIT, cwd=course)
        measure(f"verify {UNIT}, unchanged", workshop, "verify", UNIT, cwd=course)
        run = ("nbconvert", "--to", "notebook", "--execute", "--output-dir", folder)
        for path in sorted((ROOT / "notebooks").glob("*/*.ipynb")):
            measure(f"released {path.stem}, Run All", *run, str(path))
        for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
            measure(f"solved {path.stem}, Run All", *run, str(path))


if __name__ == "__main__":
    main()
