"""A clean run of a learner's notebook, as it happens when it is graded."""

import dataclasses
import shutil
import subprocess
import tempfile
from pathlib import Path

from workshop_lib import cells
from workshop_lib.errors import WorkshopError
from workshop_lib.execution import environment


@dataclasses.dataclass(frozen=True)
class Rehearsal:
    """What a clean run showed.

    Attributes
    ----------
    reports : dict
        For each exercise the report of its check; None where the check gave none.
    max_points : dict
        Points that each check can give.
    errors : tuple of str
        One sentence for each cell that raised.
    stopped : str
        Why the run ended early, else an empty string.
    helper_modules : tuple of str
        Python files beside the notebook, which are left out when it is graded.
    """

    reports: dict
    max_points: dict
    errors: tuple
    stopped: str
    helper_modules: tuple

    @property
    def points(self):
        """Sum of points over all checks."""
        return sum(report["points"] for report in self.reports.values() if report)


def rehearse(path, timeout=60):
    """Run a notebook from top to bottom in a fresh kernel, in a temporary folder.

    Parameters
    ----------
    path : path-like
        A notebook; nothing is written to it or beside it.
    timeout : float
        Seconds that one cell may take.

    Returns
    -------
    Rehearsal
        Reports of the checks, and what went wrong.

    Raises
    ------
    WorkshopError
        If the notebook cannot be read or no kernel can be started.
    """
    path = Path(path)
    notebook = cells.read_notebook(path)
    for cell in notebook["cells"]:
        cell["source"] = cells.source_of(cell)
        cells.clear_outputs(cell)
    with tempfile.TemporaryDirectory(prefix="workshop-") as folder:
        _copy_neighbours(path, Path(folder))
        executed, stopped = _execute(notebook, folder, timeout)
    checks = [cell for cell in executed if cells.is_check(cell)]
    return Rehearsal(
        {cells.exercise_of(cell): cells.report_of(cell) for cell in checks},
        {cells.exercise_of(cell): float(cells.grading_of(cell)["points"]) for cell in checks},
        tuple(_errors(executed)),
        stopped,
        tuple(sorted(module.name for module in path.parent.glob("*.py"))),
    )


def _copy_neighbours(path, folder):
    """Copy the files beside a notebook that a graded copy has too: no modules, no notebooks."""
    for file in path.parent.iterdir():
        if file.is_file() and file.suffix not in (".py", ".ipynb") and file.name[0] != ".":
            shutil.copy(file, folder)


def _execute(notebook, folder, timeout):
    """Run all cells; return them with outputs, and why the run ended early."""
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    node = nbformat.from_dict(notebook)
    client = NotebookClient(
        node,
        timeout=timeout,
        allow_errors=True,
        kernel_name="python3",
        shutdown_kernel="immediate",
        resources={"metadata": {"path": folder}},
    )
    stopped = ""
    try:
        with client.setup_kernel(env=environment(), stderr=subprocess.DEVNULL):
            for number, cell in enumerate(node["cells"]):
                place = _place(number, cell)
                try:
                    client.execute_cell(cell, number)
                except CellTimeoutError:
                    stopped = (
                        f"{place} was stopped: it took over {timeout:g} s. "
                        "Look for a loop that never ends; the cells after it did not run."
                    )
                    break
                except DeadKernelError:
                    stopped = (
                        f"{place} ended Python itself, perhaps for lack of memory; "
                        "the cells after it did not run."
                    )
                    break
    except NoSuchKernel as error:
        raise WorkshopError(
            "There is no Python kernel here. Install the course: "
            'pip install -c constraints.txt -e ".[course]"'
        ) from error
    return node["cells"], stopped


def _place(number, cell):
    """Name a cell by its number, counted from 1, and its exercise or first line."""
    name = cells.grading_of(cell).get("grade_id")
    first_line = next(iter(cells.source_of(cell).strip().splitlines()), "empty")
    return f"Cell {number + 1} ({name or first_line})"


def _errors(executed):
    for number, cell in enumerate(executed):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                yield f"{_place(number, cell)} raised {output['ename']}: {output['evalue']}"
