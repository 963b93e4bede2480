"""Run many jobs, each in a forked child of one clean process that has imported what they need."""

import json
import subprocess
import sys
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
        in another process they run there.
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
    seconds: float = 60.0


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
    RuntimeError
        When the preloaded process itself fails; the text carries its last lines.
    """
    jobs = list(jobs)
    if not jobs:
        return {}
    more = {"WORKSHOP_SEEDS": ",".join(map(str, seeds))} if seeds else {}
    process = subprocess.Popen(
        [sys.executable, "-m", "workshop_lib.grading.preloaded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(MPLBACKEND="Agg", **more),
    )
    order = {"modules": list(modules), "workers": workers, "jobs": [asdict(job) for job in jobs]}
    results = {}
    with process:
        process.stdin.write(json.dumps(order))
        process.stdin.close()
        for line in process.stdout:
            result = json.loads(line)
            key = result.pop("key")
            results[key] = result
            if on_result is not None:
                on_result(key, result)
        errors = process.stderr.read()
    if len(results) < len({job.key for job in jobs}):
        raise RuntimeError(f"The preloaded process stopped early. Its last words: {errors[-500:]}")
    return results
