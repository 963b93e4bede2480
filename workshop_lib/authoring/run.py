"""Execute notebooks, in one process and several kernels."""

import asyncio
import copy
import re
import sys
import tempfile
from dataclasses import dataclass

from workshop_lib.checks.report import REPORT_MIMETYPE
from workshop_lib.execution import environment

SECONDS_PER_CELL = 120
_WIDGET = "application/vnd.jupyter.widget-view+json"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Failure:
    """A cell that failed: its place in the notebook, the line in the cell from 1, and why."""

    index: int
    line: int
    text: str


async def execute(notebook):
    """Run a notebook from top to bottom in a fresh kernel and an empty folder.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    executed : nbformat.NotebookNode
        A copy with outputs; no cell after a failure was run.
    failure : Failure or None
        The first cell that raised, took too long or wrote to stderr.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    copied = copy.deepcopy(notebook)
    kernel_environment = environment()
    kernel_environment.pop("MPLBACKEND", None)  # notebooks draw inline
    client = NotebookClient(
        copied,
        km=_kernel_manager(),
        kernel_name="python3",
        timeout=SECONDS_PER_CELL,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no remarks about its sockets
    )
    with tempfile.TemporaryDirectory(prefix="workshop-") as folder:
        try:
            # The manager is ours, so nbclient would leave its kernel to us.
            await client.async_execute(env=kernel_environment, cwd=folder, cleanup_kc=True)
        except CellExecutionError as error:
            return copied, _raised(copied, error)
        except CellTimeoutError:
            seconds = f"took over {SECONDS_PER_CELL} s"
            return copied, Failure(client.code_cells_executed, 1, seconds)
        except DeadKernelError:
            return copied, Failure(client.code_cells_executed, 1, "the kernel died")
    failure = _on_stderr(copied)
    _drop_what_never_repeats(copied)
    return copied, failure


def _kernel_manager():
    """Start kernels without importing again, where the system can do that."""
    if sys.platform != "linux":
        return None
    from workshop_lib.grading.provisioner import warm_kernel_manager

    return warm_kernel_manager()


def run_all(notebooks, jobs, report):
    """Execute several notebooks, at most `jobs` at a time.

    Parameters
    ----------
    notebooks : dict of object to nbformat.NotebookNode
    jobs : int
    report : callable
        Called with the key of each finished notebook.

    Returns
    -------
    dict of object to (nbformat.NotebookNode, Failure or None)
    """

    async def together():
        places = asyncio.Semaphore(jobs)

        async def one(key, notebook):
            async with places:
                result = await execute(notebook)
            report(key)
            return key, result

        return dict(await asyncio.gather(*(one(*item) for item in notebooks.items())))

    return asyncio.run(together())


def lost_points(notebook):
    """Find the first check of an executed solution notebook that does not give full points.

    Returns
    -------
    Failure or None
    """
    for index, cell in enumerate(notebook.cells):
        if not cell.metadata.get("nbgrader", {}).get("grade") or cell.cell_type != "code":
            continue
        report = next(
            (o.data[REPORT_MIMETYPE] for o in cell.outputs if REPORT_MIMETYPE in o.get("data", {})),
            None,
        )
        if report is None:
            return Failure(index, 1, "has a check without a report")
        for item in report["items"]:
            if item["state"] != "passed":
                return Failure(index, 1, f"loses {item['name']!r}: {item['message']}"[:300])
    return None


def _raised(notebook, error):
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                traceback = _COLOURS.sub("", "\n".join(output.traceback))
                lines = re.findall(r"Cell In\[\d+\], line (\d+)(, in _check_)?", traceback)
                # The author's line is inside the function of a check, not where it is called.
                inside = [line for line, in_a_check in lines if in_a_check]
                line = int((inside or [line for line, _ in lines] or [1])[0])
                return Failure(index, line, f"raises {output.ename}: {output.evalue}"[:300])
    return Failure(0, 1, str(error)[:300])


def _on_stderr(notebook):
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                text = f"writes to stderr, which costs points: {output.text.strip()[:200]}"
                return Failure(index, 1, text)
    return None


def _drop_what_never_repeats(notebook):
    """Remove widget state, whose ids are random, and what the kernel says about itself."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if _WIDGET not in each.get("data", {})]
