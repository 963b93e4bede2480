"""What students may try to reach or use up that belongs to others."""

import json
import os

import pytest

from tests.grading.attacked import LAST, LEVELS, QUICK, WRONG
from tests.grading.notebooks import answer, given, notebook, test, with_answers
from workshop_lib.grading.execute import Limits, execute

pytestmark = pytest.mark.usefixtures("nothing_is_left")

SHORT = notebook(
    answer("first", "def first(x): ..."),
    test("first_test", "assert first(2) == 4"),
    answer("last", "def last(x): ..."),
    test("last_test", "assert last(1) == 2"),
)
UNREADABLE = {
    "an argument twice": "def f(a, a): pass",
    "nonlocal outside of a function": "nonlocal x",
    "global after its use": "def f():\n    x = 1\n    global x",
    "a star inside a function": "def f():\n    from math import *",
    "very many signs": f"x = {'-' * 50_000}1",
    "a very long sum": f"x = {'1 + ' * 500}1",
}


def short_run(first, **more):
    made = with_answers({**SHORT, **more}, first=first, last=LAST)
    unit = {"notebooks": {"n": SHORT}, "modules": []}
    return execute(unit, {"n": made}, {}, QUICK, LEVELS[0])["notebooks"]["n"]


@pytest.mark.parametrize("how", UNREADABLE)
def test_a_source_that_we_cannot_read_costs_its_own_points_only(how):
    grades = short_run(UNREADABLE[how])["grades"]
    assert [grades[t]["points"] for t in ("first_test", "last_test")] == [0, 1], grades


FILLS_SHARED_MEMORY = """
import mmap
kept = [mmap.mmap(-1, 100 << 20) for _ in range(6)]
for each in kept:
    for place in range(0, len(each), 4096):
        each[place] = 1
def first(x): return x * x
"""


def test_memory_that_processes_can_share_counts():
    grades = short_run(FILLS_SHARED_MEMORY)["grades"]
    assert [grades[t]["points"] for t in ("first_test", "last_test")] == [0, 1], grades


def test_the_outputs_of_all_cells_together_are_bounded():
    large = given("from IPython.display import HTML, display\ndisplay(HTML('x' * 4_000_000))")
    added = [{**large, "id": f"large-{number}"} for number in range(12)]
    outputs = short_run(WRONG["first"], cells=[*SHORT["cells"], *added])["outputs"]
    assert len(json.dumps(outputs)) < 34 << 20
    assert "left out" in str(outputs["15"])


COUNTS_WHAT_IT_GETS = """
import ctypes, os
library = ctypes.CDLL(None)
refused = library.memfd_create(b'x', 0) == library.shmget(0, 1 << 20, 0o1600) == -1
seeds = '4711' in str(os.environ) + open('/proc/self/environ').read()
def first(x): return [refused, seeds]
"""
MAKES_FILES = """
made = 0
try:
    for made in range(80_000):
        open(f'f{made}', 'w').close()
except OSError: pass
def first(x): return [made < 60_000, False]
"""
# Only there a student's files are kept in memory, so only there their number has a limit.
ATTEMPTS = [(level, COUNTS_WHAT_IT_GETS) for level in LEVELS]
ATTEMPTS += [(level, MAKES_FILES) for level in LEVELS if level == "namespaces"]


@pytest.mark.parametrize(("level", "attempt"), ATTEMPTS)
def test_files_and_memory_without_a_name_are_bounded_and_seeds_are_not_there(level, attempt):
    skeleton = notebook(answer("first", "..."), test("t", "assert first(2) == [1, 0], first(2)"))
    environment = {"WORKSHOP_SEEDS": "4711"}
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": environment}
    made = with_answers(skeleton, first=attempt)
    limits = Limits(cell_seconds=20, total_seconds=60)
    grades = execute(unit, {"n": made}, {}, limits, level)["notebooks"]["n"]["grades"]
    assert grades["t"]["points"] == 1, grades


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "limits"])
def test_an_isolated_student_sees_nothing_of_the_course(level, tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("marks")
    source = f"""
import os, socket
def first(x):
    found = []
    for path in ({str(secret)!r}, {os.getcwd() + "/README.md"!r}, '/etc/shadow'):
        try:
            open(path).read()
            found.append(path)
        except OSError:
            pass
    for path in ({str(secret)!r}, '/usr/x', {str(tmp_path / "new")!r}):
        try:
            open(path, 'a').write('x')
            found.append('wrote ' + path)
        except OSError:
            pass
    try:
        socket.create_connection(('127.0.0.1', {PORT}), timeout=1)
        found.append('network')
    except OSError:
        pass
    try:
        os.kill({os.getpid()}, 0)
        os.kill({os.getpid()}, 18)
        found.append('signal')
    except OSError:
        pass
    return [x * x, found, os.environ.get('SECRET_OF_THE_TEACHER')]
"""
    skeleton = notebook(
        answer("first", "..."),
        test("t", "result = first(2)\nassert result == [4, [], None], result"),
    )
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    made = with_answers(skeleton, first=source)
    with listening():
        result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
    assert result["grades"]["t"]["points"] == 1, result
    assert secret.read_text() == "marks"


REACHES_OTHERS = """
import ctypes, os, resource
def first(x):
    found = []
    try:  # in a namespace of its own nobody else has a number
        resource.prlimit(os.getppid() or 999_999, resource.RLIMIT_FSIZE, (1, 1))
        found.append('limits of another process')
    except OSError:
        pass
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None)
    for name in ('msgget', 'semget'):
        if getattr(library, name)(0x4242, 1, 0o1666) >= 0:
            found.append(name)
    return found
"""


@pytest.mark.parametrize("level", LEVELS)
def test_limits_of_others_and_queues_are_out_of_reach(level):
    skeleton = notebook(answer("first", "..."), test("t", "assert first(2) == [], first(2)"))
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    made = with_answers(skeleton, first=REACHES_OTHERS)
    for _ in range(2):
        result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
        assert result["grades"]["t"]["points"] == 1, result


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "limits"])
def test_a_text_that_a_check_runs_reaches_no_file_of_others(level, tmp_path):
    secret, new = tmp_path / "gradebook.db", tmp_path / "new"
    secret.write_text("marks")
    text = f"open({str(new)!r}, 'w').close() or open({str(secret)!r}).read()"
    skeleton = notebook(
        answer("rule", "rule = ..."),
        test("t", "try:\n    found = eval(rule)\nexcept OSError:\n    found = 'refused'\n"
             "assert found == 'refused', found"),
    )  # fmt: skip
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    for path in (text, f"open({str(secret)!r}).read()"):
        made = with_answers(skeleton, rule=f"rule = {path!r}")
        result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
        assert result["grades"]["t"]["points"] == 1, result
    assert secret.read_text() == "marks" and not new.exists()


# It ends the verifier, whose own grade would come after this message.
SENDS = """[
    __import__('socket').socket(fileno=int(file)).sendall(MESSAGE)
    for file in __import__('os').listdir('/proc/self/fd')
    if __import__('os').path.lexists('/proc/self/fd/' + file)
    and 'socket' in __import__('os').readlink('/proc/self/fd/' + file)
] and __import__('os')._exit(0)"""
TO_THE_COORDINATOR = {
    "no grade": b'{"do": "keep", "cell": 1, "outputs": [], "grade": 5}\n',
    "too many points": b'{"do": "keep", "cell": 1, "outputs": 3, "grade": {"points": 9.0}}\n',
    "odd parts": (
        b'{"do": "keep", "cell": 1, "outputs": [[]], "grade": {"points": 0.0, "label": "verified",'
        b' "flags": 7, "report": [1], "problem": {"x": 2}}}\n'
    ),
    "another cell": b'{"do": "keep", "cell": 99, "outputs": [], "grade": null}\n',
    "nothing known": b"[1]\n",
    "many processes": b'{"do": "start"}\n' * 100,
    "no end": b"x" * 1000,
}


@pytest.mark.parametrize("what", TO_THE_COORDINATOR)
def test_who_takes_the_verifier_over_harms_nobody_else(what):
    skeleton = notebook(answer("rule", "rule = ..."), test("t", "eval(rule)\nassert False"))
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    text = SENDS.replace("MESSAGE", repr(TO_THE_COORDINATOR[what]))
    made = with_answers(skeleton, rule=f"rule = {text!r}")
    limits = Limits(cell_seconds=1, total_seconds=20)
    grades = execute(unit, {"n": made}, {}, limits, LEVELS[0])["notebooks"]["n"]["grades"]
    assert {name: type(value) for name, value in grades["t"].items()} == {
        **{"points": float, "label": str, "flags": list, "report": type(None)},
        "problem": type(grades["t"]["problem"]),
    }
    assert grades["t"]["points"] == 0 and type(grades["t"]["problem"]) in (str, type(None))


@pytest.mark.parametrize("level", [level for level in LEVELS if level == "namespaces"])
def test_a_text_that_a_check_runs_reaches_no_network(level):
    text = f"__import__('socket').create_connection(('127.0.0.1', {PORT}), timeout=1)"
    tests = "try:\n    found = eval(rule)\nexcept OSError:\n    found = None\nassert found is None"
    skeleton = notebook(answer("rule", "rule = ..."), test("t", tests))
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    made = with_answers(skeleton, rule=f"rule = {text!r}")
    with listening():
        result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
    # Verified: the test would pass beside the answer, which has no network in any case.
    grade = result["grades"]["t"]
    assert (grade["points"], grade["label"]) == (1, "verified"), result


def test_a_process_that_does_not_answer_is_ended_at_once():
    hangs = """
import signal
def first(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    while True: pass
"""
    waits = given("import time\ntime.sleep(8)")
    skeleton = {**SHORT, "cells": [*SHORT["cells"][:2], waits]}
    unit = {"notebooks": {"n": skeleton}, "modules": []}
    made = with_answers(skeleton, first=hangs)
    limits = Limits(cell_seconds=3, total_seconds=90)
    result = execute(unit, {"n": made}, {}, limits, LEVELS[0])["notebooks"]["n"]
    assert result["grades"]["first_test"]["points"] == 0
    # It computes until the patience is over, 13 s, and not also while the last cell waits.
    assert result["cpu_seconds"] < 18, result


def test_who_hinders_the_engine_costs_the_next_student_nothing():
    """Without isolation a student can reach the process that forks; its files end at one byte."""
    skeleton = notebook(answer("first", "..."), test("t", "assert first(2) == 4"))
    unit = {"notebooks": {"n": skeleton}, "modules": ["json"], "environment": {}}
    hinders = "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_FSIZE, (1, 1))"
    for source, points in ((hinders, 0), ("def first(x): return x * x", 1)):
        made = with_answers(skeleton, first=source)
        result = execute(unit, {"n": made}, {"data.csv": b"1,2"}, QUICK, "none")["notebooks"]["n"]
        assert result["grades"]["t"]["points"] == points, result


PORT = 48_611


class listening:
    """A server on the loopback of the grader."""

    def __enter__(self):
        import socket

        self.server = socket.create_server(("127.0.0.1", PORT))

    def __exit__(self, *_):
        self.server.close()
