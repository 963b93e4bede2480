"""A clean process that imports, never computes, and forks a child for every job.

Run as ``python -m workshop_lib.grading.preloaded``: reads one order as JSON from standard input,
writes one line of JSON for every result. Forking is safe because this process only imports: it has
one native thread, no event loop and no computation behind it.
"""

import ast
import contextlib
import gc
import importlib
import json
import linecache
import os
import resource
import selectors
import shutil
import signal
import sys
import tempfile
import time
import traceback

from workshop_lib.checks import calls, remote, transport


def main():
    """Read the order, run its jobs, write the results."""
    order = json.load(sys.stdin)
    import_all(order["modules"])
    gc.freeze()
    waiting = list(reversed(order["jobs"]))
    running = {}
    with selectors.DefaultSelector() as selector:
        while waiting or running:
            while waiting and len(running) < order["workers"]:
                child = Child(waiting.pop())
                running[child.pipe] = child
                selector.register(child.pipe, selectors.EVENT_READ)
            for key, _ in selector.select(timeout=0.1):
                running[key.fileobj].read()
            for child in [child for child in running.values() if child.finished()]:
                selector.unregister(child.pipe)
                del running[child.pipe]
                print(json.dumps(child.result()), flush=True)


def import_all(modules):
    """Import modules; one that is missing shows in the jobs that need it."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


class Child:
    """One forked child and what it has sent so far."""

    def __init__(self, job):
        assert len(os.listdir("/proc/self/task")) == 1 if os.path.isdir("/proc/self/task") else True
        self.job = job
        self.folder = tempfile.mkdtemp(prefix="workshop-job-")
        self.pipe, writing = os.pipe()
        self.deadline = time.monotonic() + job["seconds"]
        self.received = b""
        self.ended = False
        self.late = False
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            os.close(self.pipe)
            run_child(job, self.folder, writing)
        os.close(writing)

    def read(self):
        """Take what the child has written; nothing more means that it has ended."""
        piece = os.read(self.pipe, 1 << 16)
        self.received += piece
        self.ended = not piece

    def finished(self):
        """Tell whether the child has ended or its time is over."""
        self.late = not self.ended and time.monotonic() > self.deadline
        return self.ended or self.late

    def result(self):
        """Stop whatever is left of the child and return its result."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        _, status, usage = os.wait4(self.pid, 0)
        os.close(self.pipe)
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            result = json.loads(self.received)
        except ValueError:
            over = f"took over {self.job['seconds']:g} s"
            problem = over if self.late else f"the process ended with status {status}"
            result = {"report": None, "problem": problem}
        seconds = usage.ru_utime + usage.ru_stime
        return {"key": self.job["key"], **result, "cpu_seconds": round(seconds, 3)}


def run_child(job, folder, writing):
    """Run one job in the child, write its result, and leave without clean-up of the parent's."""
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder)
    tempfile.tempdir = folder
    try:
        result = {"report": run_job(job), "problem": None}
    except BaseException as problem:
        last = traceback.extract_tb(problem.__traceback__)[-1]
        text = f"{type(problem).__name__}: {problem} (line {last.lineno}: {last.line})"
        result = {"report": None, "problem": text[:1000]}
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(result).encode())
    os._exit(0)


def run_job(job):
    """Run answer and check, in one process or in two, and return the report as plain data."""
    if job["separate"]:
        names = remote_names(job)
        cells = job["check_cells"]
    else:
        names = {"__name__": "__main__"}
        cells = [*job["answer_cells"], *job["check_cells"]]
    report = None
    for number, source in enumerate(cells):
        report = run_cell(source, names, f"<cell {number}>")
    return report.to_dict()


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
    channel = Channel()
    channel.answer = os.fork()
    if channel.answer == 0:
        serve(job["answer_cells"], channel)
    channel.keep(parent=True)
    names = {"__name__": "__main__"}
    for name in job["answer_names"]:
        names[name] = remote.RemoteAnswer(channel, ("name", name))
    return names


def serve(cells, channel):
    """Run the answer's cells, then serve requests until the check closes the channel."""
    channel.keep(parent=False)
    names = {"__name__": "__main__"}
    with contextlib.suppress(Exception):  # a cell that fails leaves its names undefined
        for number, source in enumerate(cells):
            run_cell(source, names, f"<answer {number}>")
    server = remote.AnswerServer(names)
    signal.signal(signal.SIGUSR1, stop_call)
    for line in channel.incoming:
        channel.send(server.reply(line))
    os._exit(0)


def stop_call(number, frame):
    """End the call that the answer's process is busy with."""
    raise calls.OutOfTime


class Channel:
    """Two pipes that carry one request and one reply at a time."""

    def __init__(self):
        self._requests = os.pipe()
        self._replies = os.pipe()
        self._number = 0

    def keep(self, *, parent):
        """Keep this side's ends of the pipes and close the others."""
        reading = self._replies[0] if parent else self._requests[0]
        writing = self._requests[1] if parent else self._replies[1]
        for end in (*self._requests, *self._replies):
            if end not in (reading, writing):
                os.close(end)
        self.incoming = os.fdopen(reading, "r", encoding="utf-8")
        self._outgoing = os.fdopen(writing, "w", encoding="utf-8")

    def send(self, line):
        """Send one line."""
        self._outgoing.write(line + "\n")
        self._outgoing.flush()

    def request(self, message):
        """Send a request and return its reply; replies to requests given up are skipped."""
        self._number += 1
        self.send(transport.dumps({"number": self._number, **message}))
        try:
            reply = self._next_reply()
        except calls.OutOfTime:
            os.kill(self.answer, signal.SIGUSR1)
            raise
        if "failed" in reply:
            raise NameError(reply["failed"], name=message["path"][1])
        return reply

    def _next_reply(self):
        for line in self.incoming:
            reply = transport.loads(line)
            if reply["number"] == self._number:
                return reply
        raise ConnectionError("the answer's process has ended")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
