"""A course of two notebooks, small enough to see through, and ways to change it."""

import json
import socket
import subprocess
import sys

NAME = "01_unit/01_first"
STUB = 'def double(x):\n    """Return twice x."""\n    ...'
CHECK = """\
# Check: Twice the number (2 points)
from IPython.display import display
right = double(3) == 6
state = "passed" if right else "not attempted" if double(3) is None else "not yet"
item = {"name": "twice", "weight": 1, "state": state, "message": "" if right else "Multiply by 2."}
report = {"exercise": "double", "points": 2.0 * right, "max_points": 2.0, "state": state,
          "items": [item], "misconceptions": []}
display({"application/vnd.workshop.report+json": report}, raw=True)"""
SOURCE = '''\
# %% [markdown]
# # First

# %% exercise="double" objective="W.1.1"
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% check="double" title="Twice the number" points=2 transport="plain"
t.gives(6, double, 3)
'''


def code(cell_id, source, **grading):
    metadata = {"nbgrader": {"schema_version": 3, **grading}} if grading else {}
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
        "outputs": [],
        "execution_count": None,
    }


def prose(cell_id, source, **grading):
    metadata = {"nbgrader": {"schema_version": 3, **grading}} if grading else {}
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": [source]}


def notebook(*cells):
    return {
        "cells": list(cells),
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def first_release(check=CHECK, stub=STUB, given="numbers = [1, 2, 3]", given_id="given"):
    return notebook(
        prose("title", "# First"),
        code(given_id, given),
        code("double", stub, grade_id="double", grade=False, solution=True, locked=False),
        code(
            "double_check", check, grade_id="double_check", grade=True, solution=False,
            locked=True, points=2,
        ),
        prose("end", "Recap."),
        prose(
            "why", "Write your answer here.", grade_id="why", grade=True,
            solution=True, locked=False, points=3,
        ),
    )  # fmt: skip


def save(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def set_source(path, cell_id, source):
    content = load(path)
    (cell,) = [cell for cell in content["cells"] if cell["id"] == cell_id]
    cell["source"] = source.splitlines(keepends=True)
    save(path, content)


def source_of(path, cell_id):
    (cell,) = [cell for cell in load(path)["cells"] if cell["id"] == cell_id]
    return "".join(cell["source"])


def workshop(*arguments, cwd):
    command = [sys.executable, "-m", "workshop_lib.cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
