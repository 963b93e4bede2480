"""Measure what grading costs: nbgrader, otter-grader and ours, on the same submissions in one run.

    python benchmarks/grading.py [--light 100] [--heavy 20] [--otter PROGRAM] [--plot FILE]
    python benchmarks/grading.py --light 0 --heavy 0 --memory 1000

The light notebook uses numpy, pandas, scikit-learn and matplotlib, the heavy one TensorFlow and
PyTorch as well. Figures are CPU-seconds for one submission, with the start of the programs and
without it ("each further"), and wall seconds for all. The cells' own cost is that of plain Python
in a forked child of a warm process: what no grader can save. Where the process has only imported,
the cells cost more, above all the first computation of TensorFlow. A grader that forks has to pay
that for every submission, because a process in which TensorFlow has computed cannot be forked
safely: "over cells" leaves out the cells where they have run before, "over first" the cells where
they have not. How much faster two workers are than one stands beside what two processes gain that
only run the cells: two cores that share memory and cache are less than twice one.
`--otter` names an `otter` program, usually of an environment of its own.
"""

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil

from workshop_lib.execution import environment

IMPORTS = {
    "light": "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\n"
    "from sklearn.linear_model import LogisticRegression\n"
    "from sklearn.model_selection import cross_val_score",
}
IMPORTS["heavy"] = IMPORTS["light"] + "\nimport tensorflow as tf\nimport torch"
GIVEN = {
    "light": "rng = np.random.default_rng(0)\nX = rng.normal(size=(2000, 8))\n"
    "y = (X[:, 0] + rng.normal(size=2000) > 0).astype(int)\n"
    "table = pd.DataFrame(X).assign(y=y)\ntable.groupby('y').mean()",
    "heavy": "x = torch.linspace(0, 1, 100, requires_grad=True)\n(x * x).sum().backward()\n"
    "print(float(tf.reduce_sum(tf.square(tf.linspace(0.0, 1.0, 100)))))",
}
PLOT = "fig, axes = plt.subplots()\naxes.hist(standardise(X[:, 0]), bins=30)\nplt.show()"
EXERCISES = {
    "standardise": (
        "def standardise(values):\n    return (values - np.mean(values)) / np.std(values)",
        "z = standardise(np.array([1.0, 2.0, 3.0]))\nnp.testing.assert_allclose(z.mean(), 0, "
        "atol=1e-9)\nnp.testing.assert_allclose(z.std(), 1)",
    ),
    "score": (
        "def score(X, y):\n"
        "    return float(cross_val_score(LogisticRegression(), X, y, cv=5).mean())",
        "assert 0.6 < score(X, y) < 0.9",
    ),
    "shares": (
        "def shares(table, column):\n    return table[column].value_counts(normalize=True)",
        "got = shares(pd.DataFrame({'k': list('aab')}), 'k')\nassert abs(got['a'] - 2 / 3) < 1e-9",
    ),
    "best": ("def best(values):\n    return int(np.argmax(values))", "assert best([1, 5, 2]) == 1"),
}
TWO, ONE = "ours: verified, isolated", "ours: verified, isolated, 1 worker"
STARTS = 3
"""How often the start of our programs is measured; it is short, and so it varies most."""
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.CourseDirectory.root = {root!r}
c.Execute.timeout = 120
"""


def main():
    """Make the courses, grade them in every way, print a table and perhaps a plot."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--light", type=int, default=100)
    parser.add_argument("--heavy", type=int, default=20)
    parser.add_argument("--nbgrader", type=int, default=10, help="submissions for nbgrader")
    parser.add_argument("--otter")
    parser.add_argument("--plot")
    parser.add_argument("--memory", type=int, default=0, help="submissions in one long run")
    options = parser.parse_args()
    # nbgrader starts the program alembic by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    rows, notes = [], []
    for kind, count in (("light", options.light), ("heavy", options.heavy)):
        if count:
            with tempfile.TemporaryDirectory(prefix="workshop-benchmark-") as folder:
                found, gain = measure(kind, count, options, Path(folder))
            rows += found
            wall = {row.way: row.wall for row in found}
            notes.append(
                f"{kind}: two workers are {wall[ONE] / wall[TWO]:.2f} times as fast as one, two "
                f"processes with the cells alone {gain:.2f} times"
            )
    print(f"{date.today()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(HEADINGS)
    for line in (*rows, *notes):
        print(line)
    if options.plot:
        plot(rows, options.plot)
    if options.memory:
        with tempfile.TemporaryDirectory(prefix="workshop-benchmark-") as folder:
            memory_over_time(options.memory, Path(folder))


@dataclass(frozen=True)
class Row:
    """What one way of grading costs.

    Attributes
    ----------
    kind, way : str
    count : int
        Submissions.
    cpu : float
        CPU-seconds for each, start of the programs included.
    further : float or None
        CPU-seconds for each but the first, so without the start; None where it was not measured.
    cells, first : float
        CPU-seconds of the cells alone, where they have run before and where they have not.
    wall : float
        Seconds for all together.
    """

    kind: str
    way: str
    count: int
    cpu: float
    further: float | None
    cells: float
    first: float
    wall: float

    def __str__(self):
        # What is over the cells is the cost of grading; the start is paid once, not for each.
        each = self.cpu if self.further is None else self.further
        return (
            f"{self.kind:7}{self.way:36}{self.count:5}{self.cpu:12.3f}{each:14.3f}"
            f"{each - self.cells:12.3f}{each - self.first:12.3f}{self.wall:9.1f}"
        )


HEADINGS = (
    f"{'kind':7}{'way':36}{'n':>5}{'CPU s each':>12}{'each further':>14}{'over cells':>12}"
    f"{'over first':>12}{'wall s':>9}"
)


def measure(kind, count, options, folder):
    """Measure one kind of notebook.

    Returns
    -------
    rows : list of Row
    gain : float
        How many times as fast two processes are as one when they only run the cells.
    """
    notebook = solved(kind)
    cells, first, gain = cells_cost(kind, notebook)

    def row(way, number, cpu, wall, further=None):
        return Row(kind, way, number, cpu, further, cells, first, wall)

    def one_and_many(way, number, command, starts):
        """Grade one submission, some times, then many in another course."""
        ones = [
            run(command, make_course(folder / f"{way}, {i}".replace(":", ""), kind, 1))[0]
            for i in range(starts)
        ]
        cpu, wall = run(command, make_course(folder / way.replace(":", ""), kind, number))
        further = (cpu - statistics.median(ones)) / (number - 1) if number > 1 else None
        return row(way, number, cpu / number, wall, further)

    rows = [
        row("cells alone", 1, cells, cells),
        row("cells alone, first computation", 1, first, first),
    ]
    autograde = [sys.executable, "-m", "nbgrader", "autograde", "ps1"]
    rows.append(one_and_many("nbgrader autograde", min(count, options.nbgrader), autograde, 1))
    if options.otter:
        rows.append(
            row("otter run", 1, *run_otter(options.otter, folder / "otter", kind, notebook))
        )
    for way, flags in (
        ("ours: verified, not isolated", ["--isolation", "none", "--workers", "2"]),
        (TWO, ["--workers", "2"]),
        (ONE, ["--workers", "1"]),
    ):
        grade = [sys.executable, "-m", "workshop_lib.cli", "grade", "ps1", *flags]
        rows.append(one_and_many(way, count, grade, STARTS))
    rows.append(row("ours: executed, isolated (engine)", 1, *executed(kind, notebook)))
    return rows, gain


def memory_over_time(count, folder):
    """Print the memory of all processes of one long run, tenth by tenth."""
    course = make_course(folder / "long", "light", count)
    command = [sys.executable, "-m", "workshop_lib.cli", "grade", "ps1", "--workers", "2"]
    megabytes = []
    with subprocess.Popen(
        command, cwd=course, env=environment(), stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            megabytes.append(own_memory(psutil.Process(process.pid)))
            time.sleep(0.5)
    tenth = max(1, len(megabytes) // 10)
    peaks = [max(megabytes[i : i + tenth]) for i in range(0, 10 * tenth, tenth)]
    print(f"{count} submissions, largest memory in MB, tenth by tenth: {peaks}")


def own_memory(process):
    """Sum what a process and its descendants do not share, in MB."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += each.memory_full_info().uss
    return total >> 20


def executed(kind, notebook):
    """Measure isolated execution alone: all cells in the student's process, no verification."""
    from workshop_lib.grading.execute import close_engines, execute

    plain = {**notebook, "cells": [{**cell, "metadata": {}} for cell in notebook["cells"]]}
    unit = {"notebooks": {"ps1": plain}, "modules": modules(kind), "environment": {}}
    execute(unit, {"ps1": plain}, {})
    results = [execute(unit, {"ps1": plain}, {})["notebooks"]["ps1"] for _ in range(5)]
    close_engines()
    cpu = sorted(result["cpu_seconds"] for result in results)[2]
    return cpu, sorted(result["wall_seconds"] for result in results)[2]


def modules(kind):
    """List what the notebook imports."""
    words = [line.split()[1] for line in IMPORTS[kind].splitlines()]
    return [*words, "numpy.testing"]


def cells_cost(kind, notebook):
    """Measure the cells, run by plain Python in a fork of a warm process.

    Returns
    -------
    again, first : float
        CPU-seconds, in a fork of a process that has run the cells, and of one that has only
        imported what they import.
    gain : float
        How many times as fast twenty forks are by two at a time as one by one.
    """
    source = "\n".join("".join(c["source"]) for c in notebook["cells"])
    source = source.replace("plt.show()", "fig.savefig(io.BytesIO(), bbox_inches='tight')")
    code = (
        "import io, json, os, sys, time\nos.environ['MPLBACKEND'] = 'Agg'\n"
        f"import {', '.join(modules(kind))}\n"
        f"cells = compile({source!r}, 'cells', 'exec')\n"
        "output, sys.stdout = sys.stdout, open(os.devnull, 'w')\n"
        "def begin(_):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        exec(cells, {'io': io})\n"
        "        os._exit(0)\n"
        "    return pid\n"
        "def cost(pid):\n"
        "    _, status, usage = os.wait4(pid, 0)\n"
        "    assert status == 0\n"
        "    return usage.ru_utime + usage.ru_stime\n"
        "def seconds(together):\n"
        "    start = time.monotonic()\n"
        "    for _ in range(20 // together):\n"
        "        for pid in list(map(begin, range(together))):\n"
        "            cost(pid)\n"
        "    return time.monotonic() - start\n"
        "first = sorted(cost(begin(0)) for _ in range(5))[2]\n"
        "gain = seconds(1) / seconds(2)\n"
        "exec(cells, {'io': io})\n"
        "again = sorted(cost(begin(0)) for _ in range(5))[2]\n"
        "print(json.dumps([again, first, gain]), file=output)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def run(command, folder):
    """Run a command and return its CPU-seconds, children included, and wall seconds."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - begun


def cell(source, kind, name=None, points=None):
    """Make a cell with nbgrader's metadata."""
    metadata = {}
    if name:
        marks = {"grade": kind == "test", "solution": kind == "answer", "locked": kind == "test"}
        metadata["nbgrader"] = {**marks, "grade_id": name, "schema_version": 3, "task": False}
        if points:
            metadata["nbgrader"]["points"] = points
    return {"cell_type": "code", "execution_count": None, "id": name or f"c{len(source)}",
            "metadata": metadata, "outputs": [], "source": source}  # fmt: skip


def solved(kind):
    """Make the notebook of a student who solved everything."""
    cells = [cell(IMPORTS[kind], "given")]
    cells += [cell(GIVEN[each], "given") for each in ("light", kind)[: 1 + (kind == "heavy")]]
    for name, (answer, test) in EXERCISES.items():
        cells += [cell(answer, "answer", name), cell(test, "test", f"{name}_test", 1)]
    cells.append(cell(PLOT, "given"))
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def make_course(folder, kind, count):
    """Make a plain nbgrader course with so many submissions."""
    notebook = solved(kind)
    source = json.loads(json.dumps(notebook))
    for each in source["cells"]:
        if each["metadata"].get("nbgrader", {}).get("solution"):
            head, _, body = each["source"].partition("\n")
            each["source"] = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    (folder / "source" / "ps1").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder)))
    (folder / "source" / "ps1" / "ps1.ipynb").write_text(json.dumps(source))
    run([sys.executable, "-m", "nbgrader", "generate_assignment", "ps1"], folder)
    released = json.loads((folder / "release" / "ps1" / "ps1.ipynb").read_text())
    answers = {name: answer for name, (answer, _) in EXERCISES.items()}
    for each in released["cells"]:
        name = each["metadata"].get("nbgrader", {}).get("grade_id")
        each["source"] = answers.get(name, each["source"])
    for number in range(count):
        target = folder / "submitted" / f"student{number:03}" / "ps1"
        target.mkdir(parents=True)
        (target / "ps1.ipynb").write_text(json.dumps(released))
    return folder


def run_otter(program, folder, kind, notebook):
    """Measure `otter run` on one submission; its tests are the same assertions."""
    (folder / "tests").mkdir(parents=True)
    cells = []
    for each in notebook["cells"]:
        name = each["metadata"].get("nbgrader", {}).get("grade_id", "")
        source = "".join(each["source"])
        if name.endswith("_test"):
            code = "\n".join(f">>> {line}" for line in source.splitlines())
            case = {"code": code, "hidden": False}
            test = {"name": name, "points": 1, "suites": [{"cases": [case], "scored": True,
                    "setup": "", "teardown": "", "type": "doctest"}]}  # fmt: skip
            (folder / "tests" / f"{name}.py").write_text(f"test = {test!r}")
            source = f"grader.check('{name}')"
        cells.append(cell(source, "given"))
    start = "import otter\ngrader = otter.Notebook()"
    with_grader = {**notebook, "cells": [cell(start, "given"), *cells]}
    (folder / "ps1.ipynb").write_text(json.dumps(with_grader))
    config = {"show_stdout": False}
    (folder / "otter_config.json").write_text(json.dumps(config))
    run([program, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder)
    return run([program, "run", "ps1.ipynb", "-a", "autograder.zip"], folder)


def plot(rows, path):
    """Draw the CPU-seconds of one submission in every way."""
    import matplotlib.pyplot as plt

    from workshop_lib import figures

    figures.style()
    kinds = list(dict.fromkeys(row.kind for row in rows))
    fig, axes = plt.subplots(len(kinds), figsize=(8, 1 + 2 * len(kinds)), squeeze=False)
    for kind, ax in zip(kinds, axes[:, 0]):
        mine = [row for row in rows if row.kind == kind][::-1]
        bars = ax.barh([row.way for row in mine], [row.cpu for row in mine])
        ax.bar_label(bars, fmt="%.2f", padding=3)
        ax.margins(x=0.15)
        ax.set_title(f"{kind} notebook")
        ax.set_xlabel("CPU-seconds for one submission, start included")
    fig.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
