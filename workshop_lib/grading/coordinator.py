"""Grade a unit: read submissions, let workers run them, and write what comes back.

Only the process that runs this writes: records, the gradebook, the ``autograded`` folder. Workers
get the bytes of a submission and return a record.
"""

import contextlib
import os
import re
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from workshop_lib.errors import WorkshopError
from workshop_lib.grading import VERIFIED, isolation, task
from workshop_lib.grading import gradebook as books
from workshop_lib.grading.course import package as make_package
from workshop_lib.grading.store import Store
from workshop_lib.grading.submission import read_submission

GRADED, UNCHANGED, FAILED = "graded", "unchanged", "failed"
_BYTES_FOR_A_WORKER = 1 << 30
_LONGEST_TIME = 200
_TIME_ZONE = re.compile(r"(?!.*\.\.)[A-Za-z0-9_+,.-]+(/[A-Za-z0-9_+,.-]+)*")
"""As ``UTC``, ``+0100`` or ``Europe/Berlin``; what begins with a slash or holds two dots would be
opened as a file."""


@dataclass(frozen=True)
class Row:
    """What a run says of one submission.

    Attributes
    ----------
    student : str
    state : {"graded", "unchanged", "failed"}
    points, max_points : float
        As the gradebook has them, after the penalty.
    verified : float or None
        Share of the automatic points that can be reached whose check ran apart from the answer.
    flags, remarks : tuple of str
    problem : str or None
        What somebody should look at.
    level : str or None
        Isolation of the run.
    needs_manual : bool
    """

    student: str
    state: str
    points: float = 0.0
    max_points: float = 0.0
    verified: float | None = None
    flags: tuple = ()
    remarks: tuple = ()
    problem: str | None = None
    level: str | None = None
    needs_manual: bool = False

    @property
    def needs_attention(self):
        """Whether somebody should look at this submission."""
        return bool(self.problem or self.flags)


@dataclass
class Outcome:
    """What a run did.

    Attributes
    ----------
    rows : list of Row
        Sorted by student.
    interrupted : bool
        Whether somebody stopped the run before its end.
    left : int
        Submissions that the run did not come to.
    """

    rows: list = field(default_factory=list)
    interrupted: bool = False
    left: int = 0

    @property
    def exit_code(self):
        """0 when all is graded, 3 when something needs attention."""
        return 3 if self.interrupted or any(row.needs_attention for row in self.rows) else 0


@dataclass(frozen=True)
class Options:
    """How a unit is graded.

    Attributes
    ----------
    students : tuple of str
        Only these; all when empty.
    workers : int or None
        Submissions that run at the same time; as many as cores and memory allow when None.
    dask : str or None
        Address of a Dask scheduler, for example ``tcp://127.0.0.1:8786``.
    isolation : str
        ``"auto"``, ``"required"``, ``"none"`` or a level.
    regrade : bool
        Run what has not changed, too.
    """

    students: tuple = ()
    workers: int | None = None
    dask: str | None = None
    isolation: str = "auto"
    regrade: bool = False


def grade_unit(course, unit, options=None, *, on_start=None, on_row=None):
    """Grade all submissions of a unit.

    Parameters
    ----------
    course : Course
    unit : str
    options : Options, optional
    on_start : callable, optional
        Gets the number of submissions.
    on_row : callable, optional
        Gets each row when it is known.

    Returns
    -------
    Outcome

    Raises
    ------
    WorkshopError
        When the run cannot begin or go on: no such unit, no gradebook, another run. What is graded
        until then is kept.
    """
    options = options or Options()
    here = options.isolation == "required" and not options.dask
    if here and not isolation.available("required"):
        raise WorkshopError(isolation.refusal("required"))
    folder = course.records_folder(unit)
    with (
        books.open_gradebook(course) as session,
        books.unit_lock(folder, unit),
        session.lock(unit),
    ):
        package = make_package(course, unit, session.gradebook)
        session.gradebook.db.remove()
        handed = course.submissions(unit, options.students)
        if on_start:
            on_start(len(handed))
        run = _Run(course, session, package, Store(folder), options, on_row or (lambda row: None))
        return run.go(handed)


class _Run:
    """One run over a unit."""

    def __init__(self, course, session, package, store, options, on_row):
        self.course = course
        self.session = session
        self.package = package
        self.unit = package["unit"]
        self.store = store
        self.options = options
        self.on_row = on_row
        self.rows = []
        self.known = session.totals(self.unit)

    def go(self, handed):
        waiting, outcome = iter(handed), Outcome()
        with _executor(self.options, self.package) as (submit, window):
            running = {}
            try:
                self._work(waiting, running, submit, window)
            except KeyboardInterrupt:
                outcome.interrupted = True
                for future in running:
                    future.cancel()
                with contextlib.suppress(KeyboardInterrupt):
                    self._collect(running, until_empty=True)
        totals = self.session.totals(self.unit)
        rows = [_with_total(row, totals.get(row.student)) for row in self.rows]
        outcome.rows = sorted(rows, key=lambda row: row.student)
        outcome.left = len(handed) - len(rows)
        return outcome

    def _work(self, waiting, running, submit, window):
        """Keep the workers busy, with few submissions in memory."""
        more = True
        while more or running:
            while more and len(running) < window:
                handed = next(waiting, None)
                more = handed is not None
                if more and (job := self._prepare(handed)):
                    running[submit(job.submission.files, self.options.isolation)] = job
            self._collect(running)

    def _collect(self, running, *, until_empty=False):
        """Write what is ready."""
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                job = running.pop(future)
                if not future.cancelled():
                    self._receive(job, future)
            if not until_empty:
                return

    def _prepare(self, handed):
        """Return the job of a submission, or None when there is nothing to run."""
        job = self._read(handed)
        if job is None:
            return None
        done = None if self.options.regrade else self.store.done(handed.student)
        pending = None if self.options.regrade else self.store.pending(handed.student)
        if pending and pending.get("key") == job.key:
            self._save(job, pending)
        elif done and done.get("key") == job.key and self._is_in_place(handed.student):
            self._leave(job, done)
        else:
            return job
        return None

    def _read(self, handed):
        try:
            handed.student.encode()
        except UnicodeEncodeError:
            shown = handed.student.encode("utf-8", "replace").decode()
            self._fail(shown, "The name of the folder is not UTF-8; rename it.")
            return None
        submission = read_submission(
            handed.folder,
            ignore=self.course.coursedir.ignore,
            allowed=self.package["student_files"],
        )
        timestamp, remarks = _timestamp(submission.files)
        submission = replace(submission, remarks=(*submission.remarks, *remarks))
        key = task.key_of(self.package, submission.files, self.options.isolation)
        return _Job(handed.student, submission, timestamp, key)

    def _is_in_place(self, student):
        return (
            student in self.known and self.course.folder("autograded", student, self.unit).is_dir()
        )

    def _receive(self, job, future):
        try:
            record = future.result()
        except Exception as error:
            # A worker that is lost, or an engine that cannot start: the next run tries again.
            self._fail(job.student, f"The work was lost ({type(error).__name__}: {error}).")
            return
        record |= {"key": job.key, "unit": self.unit, "package": self.package["digest"]}
        record["remarks"] = [*job.submission.remarks, *record["remarks"]]
        record["verified"] = verified_share(record, self.package)
        was_graded = record["notebooks"] or not record["problem"]
        problems = [job.submission.problem, record["problem"]]
        record["problem"] = " ".join(filter(None, problems)) or None
        if was_graded:
            self.store.keep(job.student, record)
            self._save(job, record)
        else:
            self._fail(job.student, record["problem"])

    def _save(self, job, record):
        try:
            books.save(
                self.session,
                self.course,
                self.unit,
                job.student,
                record,
                package=self.package,
                files=job.submission.files,
                timestamp=job.timestamp,
            )
        except WorkshopError as error:
            self._fail(job.student, str(error))
            return
        self._add(_row(job.student, GRADED, self.store.finish(job.student, record)))

    def _leave(self, job, record):
        try:
            books.update_penalty(self.session, self.unit, job.student, job.timestamp)
        except WorkshopError as error:
            self._fail(job.student, str(error))
            return
        self._add(_row(job.student, UNCHANGED, record))

    def _fail(self, student, problem):
        self._add(Row(student, FAILED, problem=problem))

    def _add(self, row):
        self.rows.append(row)
        self.on_row(row)


def _row(student, state, record):
    return Row(
        student,
        state,
        verified=record["verified"],
        flags=tuple(flags_of(record)),
        remarks=tuple(remarks_of(record)),
        problem=record["problem"],
        level=record["level"],
    )


@dataclass(frozen=True)
class _Job:
    student: str
    submission: object
    timestamp: object
    key: str


def _timestamp(files):
    """Read when a submission was handed in, in UTC without a time zone, as nbgrader does."""
    content = files.get("timestamp.txt", b"")
    text = content[:_LONGEST_TIME].decode("utf-8", "replace").strip()
    if not content.strip():
        return None, ()
    from nbgrader.utils import parse_utc

    if len(content) <= _LONGEST_TIME and _names_no_file(text):
        try:
            return parse_utc(text), ()
        except Exception:  # what a student writes may fail in any way, and must not stop the class
            pass
    return None, (f"timestamp.txt holds no time ({text[:40]!r}); it was not used.",)


def _names_no_file(text):
    """Tell whether the third word, for nbgrader the time zone, cannot lead to a file elsewhere."""
    words = text.split(" ")
    return len(words) != 3 or _TIME_ZONE.fullmatch(words[2]) is not None


def _with_total(row, total):
    if total is None:
        return row
    manual = total.needs_manual
    return replace(row, points=total.score, max_points=total.max_points, needs_manual=manual)


def flags_of(record):
    """Return the flags of a record, each with its notebook and check.

    Examples
    --------
    >>> flags_of({"notebooks": {"a": {"grades": {"f_check": {"flags": ["thread"]}}}}})
    ['a/f_check: thread']
    """
    return [
        f"{name}/{grade_id}: {flag}"
        for name, part in record["notebooks"].items()
        for grade_id, grade in part["grades"].items()
        for flag in grade["flags"]
    ]


def remarks_of(record):
    """Return the remarks of a record, those of a notebook with its name."""
    own = [f"{name}: {r}" for name, part in record["notebooks"].items() for r in part["remarks"]]
    return [*record["remarks"], *own]


def verified_share(record, package):
    """Return which share of the automatic points was verified apart from the answer.

    Parameters
    ----------
    record, package : dict

    Returns
    -------
    float or None
        None when nothing was graded automatically.
    """
    reached = {"verified": 0.0, "all": 0.0}
    for name, part in record["notebooks"].items():
        for grade_id, points in automatic_points(package["notebooks"][name]).items():
            label = part["grades"].get(grade_id, {}).get("label")
            reached["all"] += points
            reached["verified"] += points if label == VERIFIED else 0.0
    return reached["verified"] / reached["all"] if reached["all"] else None


def automatic_points(notebook):
    """Return the points of the cells that need no person, by grade id.

    Parameters
    ----------
    notebook : dict
        One of the notebooks of a package.

    Returns
    -------
    dict of str to float
    """
    marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    return {
        mark["grade_id"]: float(mark.get("points") or 0)
        for mark in marks
        if mark.get("grade") and not mark.get("solution")
    }


# ----------------------------------------------------------------------------------------- workers


def default_workers():
    """Return how many submissions can run at the same time here: by cores, and by free memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, free_bytes() // _BYTES_FOR_A_WORKER))


def free_bytes():
    """Return the memory that is free, also where a container has less than the computer."""
    free = 1 << 62
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        line = next(line for line in lines if line.startswith("MemAvailable"))
        free = int(line.split()[1]) * 1024
    with contextlib.suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup")
        most = int((group / "memory.max").read_text())
        free = min(free, most - int((group / "memory.current").read_text()))
    return free


def _executor(options, package):
    return _cluster(options, package) if options.dask else _local(options, package)


@contextlib.contextmanager
def _local(options, package):
    """Threads of this process: each waits for processes that are forked for its submission."""
    from workshop_lib.grading.execute import close_engines

    workers = options.workers or default_workers()
    pool = ThreadPoolExecutor(workers)
    try:
        yield (
            (lambda files, level: pool.submit(task.grade, package, files, level)),
            workers + 1,
        )
    finally:
        # Ends what still runs, so that nobody waits for it.
        close_engines()
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _cluster(options, package):
    """Start tasks on the workers of a Dask scheduler."""
    from distributed import Client

    try:
        client = Client(options.dask, timeout="10s")
    except (OSError, ValueError) as error:
        raise WorkshopError(
            f"No Dask scheduler answers at {options.dask} ({error}). Start one with "
            "`dask scheduler`, and workers with `dask worker ADDRESS`."
        ) from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise WorkshopError(
                f"The Dask scheduler at {options.dask} has no workers. Start some with "
                f"`dask worker {options.dask}`."
            )
        shared = client.scatter(package, broadcast=True, hash=False)
        executor = client.get_executor(pure=False)
        yield (
            (lambda files, level: executor.submit(task.grade, shared, files, level)),
            options.workers or threads + 1,
        )
