"""Run many jobs of an author, each in a forked child of one clean process.

Answers here are the course's own, so children are watched but not isolated.
"""

import contextlib
import json
import math
import select
import socket
from dataclasses import asdict, dataclass, field

from workshop_lib.grading import zygote
from workshop_lib.grading.jobs import LONGEST_RESULT


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
    variables = {"WORKSHOP_SEEDS": ",".join(map(str, seeds))} if seeds else {}
    results, waiting, running = {}, list(reversed(jobs)), []
    with zygote.Zygote(modules, level="none", variables=variables) as process:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_Running(process, waiting.pop()))
            files = [file for each in running for file in each.files()]
            ready = set(select.select(files, [], [])[0])
            for each in running:
                each.read(ready)
            for each in [each for each in running if each.ended(ready)]:
                running.remove(each)
                results[each.job.key] = result = each.result()
                if result is None:
                    raise RuntimeError(
                        "The preloaded process stopped before all jobs were done. "
                        f"Its last words: {process.last_words()}"
                    )
                if on_result is not None:
                    on_result(each.job.key, result)
    return {job.key: results[job.key] for job in jobs}


class _Running:
    """A job that runs, and what it has sent so far."""

    def __init__(self, process, job):
        self.job = job
        self.received = b""
        self._ours, theirs = socket.socketpair()
        with theirs:
            limits = zygote.Limits(seconds=job.seconds)
            self.child = process.fork("job", [theirs.fileno()], limits)
        with contextlib.suppress(OSError):
            self._ours.sendall(json.dumps(asdict(job)).encode() + b"\n")
        self._ours.setblocking(False)
        self._open = True

    def files(self):
        """Return what tells when there is something to do."""
        return [self.child, self._ours] if self._open else [self.child]

    def read(self, ready):
        """Take what the job has written so far."""
        if self._open and self._ours in ready:
            self._take()

    def _take(self):
        with contextlib.suppress(BlockingIOError):
            while len(self.received) <= LONGEST_RESULT:
                try:
                    piece = self._ours.recv(1 << 16)
                except ConnectionResetError:
                    piece = b""
                self.received += piece
                if not piece:
                    break
            self._open = False

    def ended(self, ready):
        """Tell whether the child has ended, or has written too much.

        A grandchild may hold the socket open, and a child may close it and go on: so the end of the
        process counts, not the end of what it sends.
        """
        return self.child in ready or len(self.received) > LONGEST_RESULT

    def result(self):
        """End whatever is left of the job; return its result, None when it is lost."""
        end = self.child.end()
        if end["reason"] == "lost":
            self._ours.close()
            return None
        if self._open:
            self._take()
        self._ours.close()
        result = as_result(self.received)
        if end["reason"] == "time":
            result = no_report(f"took over {self.job.seconds:g} s")
        elif end["reason"] in ("memory", "processes"):
            result = no_report(f"needed too much: {end['reason']}")
        elif result is None:
            result = no_report(f"the process ended with status {end['status']} and no report")
        return {**result, "cpu_seconds": end["cpu_seconds"]}


def no_report(problem):
    """Make the result of a job that ended without a report."""
    return {"report": None, "problem": problem}


def as_result(received):
    """Read a job's result; None when it is not one."""
    try:
        result = json.loads(received)
        report, problem = result["report"], result["problem"]
        if report is None:
            return no_report(str(problem))
        points, most = report["points"], report["max_points"]
        plausible = type(points) is type(most) is float and math.isfinite(most)
        shapes = {"state": str, "items": list, "misconceptions": list}
        plausible &= all(type(report[name]) is shape for name, shape in shapes.items())
        return {"report": report, "problem": None} if plausible and 0 <= points <= most else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
