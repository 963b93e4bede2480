"""A child that runs one answer and one check: in this process, or the answer in another one."""

import ast
import contextlib
import json
import linecache
import os
import signal
import socket
import sys
import types

from workshop_lib.checks import calls, remote, transport
from workshop_lib.grading.channel import Channel, Line, serve
from workshop_lib.grading.zygote import keep_open, seed_global_generators

LONGEST_RESULT = 10_000_000


def main(files):
    """Read a job from the socket, run it, and send its result."""
    with socket.socket(fileno=files[0]) as orders:
        job = json.loads(orders.makefile("r").readline())
        try:
            result = {"report": run_job(job), "problem": None}
        except BaseException as problem:
            result = {"report": None, "problem": calls.describe_fault(problem)}
        with contextlib.suppress(OSError):
            orders.sendall(json.dumps(result).encode())


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
    ours, theirs = socket.socketpair()
    answer = os.fork()
    if answer == 0:
        keep_open(theirs.fileno())
        serve(remote.AnswerServer(run_answer(job["answer_cells"])), theirs.fileno())
        os._exit(0)
    theirs.close()
    line = Line(ours.fileno(), ours.detach())
    channel = Channel(line, lambda: os.kill(answer, signal.SIGKILL))
    with contextlib.suppress(ConnectionError):
        channel.wait_until_ready()
    handles = {name: transport.Handle(("name", name)) for name in job["answer_names"]}
    return {name: remote.RemoteAnswer(channel, handle) for name, handle in handles.items()}
