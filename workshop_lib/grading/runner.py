"""Run many jobs, each in a forked child of one clean process that has imported what they need."""

import contextlib
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field

from workshop_lib.execution import environment


@dataclass(frozen=True)
class Job:
    """One answer and one check.

    Attributes
    ----------
    key : str
        Names the job in the results.
    check_cells : tuple of str
        Sources to run in order; the last one is the check and ends with its report.
    answer_cells : tuple of str
        Sources that define the answer. In the same process they run before the check cells;
        in another process they run there. A cell that raises costs only the names that it defines.
    answer_names : tuple of str
        Names that the answer defines; with ``separate`` the check sees stand-ins for them.
    separate : bool
        Run the answer in another process, one call at a time.
    seconds : float
        Time limit of the whole job.
    """

    key: str
    check_cells: tuple
    answer_cells: tuple = field(default=())
    answer_names: tuple = field(default=())
    separate: bool = False
    seconds: float = 180.0


def run(jobs, *, modules=(), workers=2, seeds=None, on_result=None):
    """Run jobs and return their results.

    Parameters
    ----------
    jobs : iterable of Job
    modules : iterable of str
        Modules to import once, before the first fork.
    workers : int
        How many children run at a time.
    seeds : sequence of int, optional
        Seeds for the checks (``WORKSHOP_SEEDS``).
    on_result : callable, optional
        Called with every key and result as it arrives.

    Returns
    -------
    dict
        By key: ``{"report": dict or None, "problem": str or None, "cpu_seconds": float}``.

    Raises
    ------
    ValueError
        When two jobs have the same key.
    RuntimeError
        When the preloaded process itself fails; the text carries its last lines.
    """
    jobs = list(jobs)
    if len({job.key for job in jobs}) < len(jobs):
        raise ValueError("Two jobs have the same key; results are given by key.")
    if not jobs:
        return {}
    more = {"WORKSHOP_SEEDS": ",".join(map(str, seeds))} if seeds else {}
    order = {"modules": list(modules), "workers": workers, "jobs": [asdict(job) for job in jobs]}
    results = {}
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "workshop_lib.grading.preloaded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment(MPLBACKEND="Agg", **more),
        )
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin:
                process.stdin.write(json.dumps(order))
            for line in process.stdout:
                result = json.loads(line)
                key = result.pop("key")
                results[key] = result
                if on_result is not None:
                    on_result(key, result)
        finally:
            process.terminate()
            process.stdout.close()
            process.wait()
        missing = {job.key for job in jobs} - results.keys()
        if missing:
            errors.seek(0)
            last_words = errors.read()[-500:]
            raise RuntimeError(
                f"The preloaded process stopped before {len(missing)} jobs were done. "
                f"Its last words: {last_words}"
            )
    return {job.key: results[job.key] for job in jobs}
