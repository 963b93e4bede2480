"""A clean process that imports, never computes, and forks a child for every job.

Run as ``python -m workshop_lib.grading.preloaded``: reads one order as JSON from standard input,
writes one line of JSON for every result. Forking is safe because this process only imports: it has
one native thread, no event loop and no computation behind it.
"""

import ast
import contextlib
import ctypes
import gc
import importlib
import json
import linecache
import math
import os
import random
import resource
import select
import selectors
import shutil
import signal
import sys
import tempfile
import time
import traceback
import types
from pathlib import Path

from workshop_lib.checks import calls, remote, transport

LONGEST_RESULT = 10_000_000
GRACE_SECONDS = 1.0
PR_SET_CHILD_SUBREAPER = 36
STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
ENDED = "Python itself stopped while it ran your code"


def main():
    """Read the order, run its jobs, write the results."""
    # Imported modules and children may print; only this process knows where results go.
    results = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    adopt_orphans()
    for number in STOPPING:
        signal.signal(number, lambda *_: sys.exit(1))
    order = json.load(sys.stdin)
    import_all(order["modules"])
    gc.freeze()
    waiting = list(reversed(order["jobs"]))
    running = []
    # A signal to stop must not strike between the steps of making or ending a child.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        while waiting or running:
            while waiting and len(running) < order["workers"]:
                running.append(Child(waiting.pop()))
            wait_for_news(running)
            for child in [child for child in running if child.finished()]:
                running.remove(child)
                result = child.result()
                kill_orphans({other.pid for other in running})
                results.write(json.dumps(result) + "\n")
                results.flush()
    finally:
        for child in running:
            child.result()
        kill_orphans(set())


def import_all(modules):
    """Import modules; one that is missing or fails shows in the jobs that need it."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def wait_for_news(children):
    """Wait a moment for something to read, and read it."""
    with selectors.DefaultSelector() as selector:
        for child in children:
            if not child.closed:
                selector.register(child.pipe, selectors.EVENT_READ, child.read)
            if child.end is not None:
                selector.register(child.end, selectors.EVENT_READ, lambda: None)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        try:
            ready = selector.select(timeout=0.05)
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        for key, _ in ready:
            key.data()


def adopt_orphans():
    """Become the parent of processes whose parent ends, where the system can do that (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_orphans(known):
    """End every child of this process except the known ones, until there is none."""
    while orphans := own_children() - known:
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def own_children():
    """Return the process ids of all children, where the system tells them (Linux)."""
    with contextlib.suppress(OSError):
        return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    return set()


class Child:
    """One forked child and what it has sent so far."""

    def __init__(self, job):
        assert_one_thread()
        self.job = job
        self.folder = tempfile.mkdtemp(prefix="workshop-job-")
        self.pipe, writing = os.pipe()
        self.deadline = time.monotonic() + job["seconds"]
        self.received = b""
        self.closed = False
        self.late = False
        self.pid = os.fork()
        if self.pid == 0:
            run_child(job, self.folder, writing)
        # Readable when the process has ended, so that nobody waits for that (Linux).
        self.end = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else None
        os.close(writing)
        os.set_blocking(self.pipe, False)

    def read(self):
        """Take what the child has written so far."""
        with contextlib.suppress(BlockingIOError):
            while len(self.received) <= LONGEST_RESULT:
                piece = os.read(self.pipe, 1 << 16)
                self.received += piece
                if not piece:
                    break
            self.closed = True

    def finished(self):
        """Tell whether the child has ended, wrote too much, or its time is over."""
        # A grandchild may hold the pipe open, and a child may close it and go on: so the end of
        # the process counts, not the end of the pipe. It stays a zombie until `result`.
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        self.late = ended is None and time.monotonic() > self.deadline
        return ended is not None or self.late or len(self.received) > LONGEST_RESULT

    def result(self):
        """Stop whatever is left of the child and return its result."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        _, status, usage = os.wait4(self.pid, 0)
        if not self.closed:
            self.read()
        os.close(self.pipe)
        if self.end is not None:
            os.close(self.end)
        remove_folder(self.folder)
        result = as_result(self.received)
        if self.late:
            result = no_report(f"took over {self.job['seconds']:g} s")
        elif result is None:
            result = no_report(f"the process ended with status {status} and without a report")
        seconds = usage.ru_utime + usage.ru_stime
        return {**result, "key": self.job["key"], "cpu_seconds": round(seconds, 3)}


def assert_one_thread():
    """Refuse to fork a process with several threads: locks of the others would never open."""
    threads = Path("/proc/self/task")
    if threads.is_dir() and len(list(threads.iterdir())) > 1:
        raise RuntimeError("An imported module started a thread; forking is not safe any more.")


def remove_folder(folder):
    """Remove a job's folder, also where the job took away the right to do that."""

    def allow_and_retry(function, path, _):
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), 0o700)
            os.chmod(path, 0o700)
            function(path)

    shutil.rmtree(folder, onerror=allow_and_retry)
    shutil.rmtree(folder, ignore_errors=True)


def no_report(problem):
    """Make the result of a job that ended without a report."""
    return {"report": None, "problem": problem}


def as_result(received):
    """Read a child's result; None when it is not one."""
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


def run_child(job, folder, writing):
    """Run one job in the child, write its result, and leave without clean-up of the parent's."""
    os.setsid()
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    keep_open(writing)
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder)
    tempfile.tempdir = folder
    try:
        result = {"report": run_job(job), "problem": None}
    except BaseException as problem:
        last = traceback.extract_tb(problem.__traceback__)[-1]
        text = f"{calls.describe_error(problem)} (line {last.lineno}: {last.line})"
        result = no_report(text[:1000])
    with contextlib.suppress(OSError), os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(result).encode())
    os._exit(0)


def keep_open(*files):
    """Close every inherited file but the standard streams and these."""
    limit = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096)
    start = 3
    for file in sorted(files):
        os.closerange(start, file)
        start = file + 1
    os.closerange(start, limit)


def seed_global_generators():
    """Start the global random generators alike in every process; a fork seeds `random` anew."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def run_job(job):
    """Run answer and check, in one process or in two, and return the report as plain data."""
    if job["separate"]:
        names = {**new_notebook(), **remote_names(job)}
    else:
        names = run_answer(job["answer_cells"])
    report = None
    for number, source in enumerate(job["check_cells"]):
        report = run_cell(source, names, f"<cell {number}>")
    return report.to_dict()


def new_notebook():
    """Return the names of a new, empty notebook, which is the module ``__main__``."""
    seed_global_generators()
    sys.modules["__main__"] = types.ModuleType("__main__")
    names = vars(sys.modules["__main__"])
    names["display"] = lambda *objects, **options: print(*objects)
    return names


def run_answer(cells):
    """Run a learner's cells and return their names; a cell that fails costs only its own names."""
    names = new_notebook()
    for number, source in enumerate(cells):
        with contextlib.suppress(BaseException):
            run_cell(source, names, f"<answer {number}>")
    return names


def run_cell(source, names, filename):
    """Execute a cell and return the value of its last expression, or None."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    tree = ast.parse(source, filename)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, filename, "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), filename, "eval"), names)


def remote_names(job):
    """Start the answer's process and return stand-ins for the names that it defines."""
    requests, replies = os.pipe(), os.pipe()
    answer = os.fork()
    if answer == 0:
        keep_open(requests[0], replies[1])
        serve(job["answer_cells"], Line(requests[0], replies[1]))
        os._exit(0)
    os.close(requests[0])
    os.close(replies[1])
    channel = Channel(Line(replies[0], requests[1]), answer)
    with contextlib.suppress(ConnectionError):
        channel.wait_until_ready()
    handles = {name: transport.Handle(("name", name)) for name in job["answer_names"]}
    return {name: remote.RemoteAnswer(channel, handle) for name, handle in handles.items()}


def serve(cells, line):
    """Run the answer's cells, then serve requests until the check ends."""
    server = remote.AnswerServer(run_answer(cells))
    with contextlib.suppress(ConnectionError):
        line.send(transport.dumps({"number": 0}))
        while True:
            line.send(server.reply(line.receive()))


class Line:
    """Two pipes that carry lines of text; nothing is lost when a wait ends early."""

    def __init__(self, reading, writing):
        self._reading = reading
        self._writing = writing
        self._received = bytearray()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)

    def send(self, text, seconds=None):
        """Send a line; raise TimeoutError after some seconds, ConnectionError at the end."""
        unsent = memoryview(text.encode() + b"\n")
        until = None if seconds is None else time.monotonic() + seconds
        try:
            while unsent:
                self._wait([], [self._writing], until)
                unsent = unsent[os.write(self._writing, unsent[:4096]) :]
        except BrokenPipeError:
            raise ConnectionError(ENDED) from None

    def receive(self, seconds=None):
        """Return the next line; raises as `send` does."""
        until = None if seconds is None else time.monotonic() + seconds
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            self._wait([self._reading], [], until)
            piece = os.read(self._reading, 1 << 20)
            if not piece or searched > 2 * transport.MOST_CHARACTERS:
                raise ConnectionError(ENDED)
            self._received += piece
        line = self._received[:end].decode("utf-8", "replace")
        del self._received[: end + 1]
        return line

    @staticmethod
    def _wait(reading, writing, until):
        left = None if until is None else max(0, until - time.monotonic())
        if not any(select.select(reading, writing, [], left)):
            raise TimeoutError


class Channel:
    """Carries requests of a check to the answer's process, each within the time of its item."""

    def __init__(self, line, answer):
        self._line = line
        self._answer = answer
        self._number = 0

    def wait_until_ready(self):
        """Wait until the answer's cells have run; the time of the job limits this."""
        self._line.receive()

    @calls.Deadline.uninterrupted
    def request(self, message):
        """Send a request and return its reply."""
        self._number += 1
        limit = calls.Deadline.running
        seconds, patience = (limit.left, limit.wall_left) if limit else (60.0, 60.0)
        if not seconds:
            raise calls.OutOfTime
        text = transport.dumps({**message, "number": self._number, "seconds": seconds})
        try:
            self._line.send(text, patience + GRACE_SECONDS)
            reply = self._read(self._line.receive(patience + GRACE_SECONDS))
        except TimeoutError:
            # Its own clock could not stop it, for example inside a compiled library.
            os.kill(self._answer, signal.SIGKILL)
            raise calls.OutOfTime from None
        if limit:
            limit.charge(reply.get("used", 0.0))
        if reply.get("late"):
            raise calls.OutOfTime
        return reply

    def _read(self, line):
        try:
            reply = transport.loads(line)
            if reply["number"] == self._number:
                return reply
        except (ValueError, TypeError, KeyError):
            pass
        os.kill(self._answer, signal.SIGKILL)
        raise ConnectionError("Your code disturbed the connection to the check")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
