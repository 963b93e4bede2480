"""Whatever is killed at whatever moment: the scores are those of a run that nobody disturbs."""

import contextlib
import itertools
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter

import plain_course
import psutil
import pytest

from tests.grading.notebooks import answer, notebook, test, with_answers
from tests.grading.test_coordinator import scores
from workshop_lib.grading import execute
from workshop_lib.grading.coordinator import grade_unit
from workshop_lib.grading.course import open_course

UNIT = plain_course.UNIT
KILLS = 30
KINDS = COORDINATOR, PRELOADED, WORKER = "coordinator", "preloaded process", "worker"
RUNS = f"""
import os, sys
import nbgrader.api, nbgrader.apps, nbgrader.plugins
from workshop_lib.grading import execute, zygote
from workshop_lib.grading.coordinator import Options, grade_unit
from workshop_lib.grading.course import open_course

zygote.adopt_orphans()
print("ready", flush=True)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        outcome = grade_unit(open_course(line.strip()), {UNIT!r}, Options(workers=1))
        os._exit(outcome.exit_code)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Runs:
    """A process that has imported the grader, and forks a coordinator for every run.

    It adopts what a killed coordinator leaves behind.
    """

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-c", RUNS],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def start(self, course):
        """Grade a course; return the coordinator."""
        self._process.stdin.write(f"{course}\n")
        self._process.stdin.flush()
        return psutil.Process(int(self._process.stdout.readline()))

    def exit_code(self):
        """Wait for the end of the run."""
        return int(self._process.stdout.readline())

    def left(self):
        """Return the processes that no run has ended, after they had time to end."""
        until = time.monotonic() + 15
        while left := alive(psutil.Process(self._process.pid)):
            if time.monotonic() > until:
                return left
            time.sleep(0.02)
        return []

    def close(self):
        self._process.communicate()


def alive(process):
    """The descendants of a process that have not ended."""
    found = []
    for each in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found


@pytest.fixture
def runs():
    made = Runs()
    yield made
    made.close()


@pytest.fixture
def class_of_two(plain):
    plain_course.hand_in(plain, "partial", plain_course.STUDENTS["partial"], ["problem1"])
    plain_course.hand_in(plain, "perfect", plain_course.RIGHT, ["problem2"])
    return plain


def kill(kind, coordinator, moments):
    """Kill a process of a run with the signal that cannot be refused; tell whether it was there."""
    with contextlib.suppress(psutil.NoSuchProcess):
        while coordinator.status() != psutil.STATUS_ZOMBIE:
            preloaded = coordinator.children()
            victims = {
                COORDINATOR: [coordinator],
                PRELOADED: preloaded,
                WORKER: [child for each in preloaded for child in each.children(recursive=True)],
            }[kind]
            if victims:
                moments.choice(victims).kill()
                return True
            time.sleep(0.001)
    return False


def test_kills_at_random_moments_change_no_score_and_leave_no_process(runs, class_of_two, tmp_path):
    """After a coordinator is killed, the next run completes, though another process is killed."""
    undisturbed = shutil.copytree(class_of_two, tmp_path / "undisturbed")
    begun = time.monotonic()
    runs.start(undisturbed)
    assert runs.exit_code() == 0
    seconds = time.monotonic() - begun
    moments, kills, course, folders = random.Random(11), Counter(), None, itertools.count()
    while kills.total() < KILLS:
        kind = KINDS[kills.total() % len(KINDS)]
        course = course or shutil.copytree(class_of_two, tmp_path / f"class-{next(folders)}")
        coordinator = runs.start(course)
        time.sleep(moments.uniform(0, seconds))
        kills[kind] += kill(kind, coordinator, moments)
        code = runs.exit_code()
        assert runs.left() == [], kind
        if kind != COORDINATOR or code == 0:
            assert (code, scores(course)) == (0, scores(undisturbed)), kills
            assert list((course / "autograded").rglob(".*")) == []
            course = None
    assert kills == dict.fromkeys(KINDS, KILLS // len(KINDS))


KILLS_ITSELF = """
import os, pathlib
mark = pathlib.Path({mark!r})
if not mark.exists():
    if mark.parent.exists():
        mark.write_text("once")
    os.kill(os.getpid(), 9)
"""
SKELETON = notebook(
    *(answer("first", "..."), test("first_test", "assert first == 1")),
    *(answer("second", "..."), test("second_test", "assert second == 2")),
)


@pytest.mark.parametrize(
    ("mark", "points"), [("mark", [1, 1]), ("not/a/folder", [0, 1])], ids=["once", "always"]
)
def test_a_process_that_is_killed_costs_nothing_unless_its_own_code_does_it(tmp_path, mark, points):
    source = KILLS_ITSELF.format(mark=str(tmp_path / mark))
    made = with_answers(SKELETON, first=source + "first = 1", second="second = 2")
    unit = {"notebooks": {"n": SKELETON}, "modules": []}
    grades = execute.execute(unit, {"n": made}, {}, None, "limits")["notebooks"]["n"]["grades"]
    execute.close_engines()
    assert [grades[name]["points"] for name in ("first_test", "second_test")] == points


def test_an_engine_that_does_not_start_is_no_grade_where_a_notebook_is_missing(
    class_of_two, monkeypatch
):
    def no_process(*_, **__):
        raise RuntimeError("The preloaded process stopped.")

    with monkeypatch.context() as patch:
        patch.setattr(execute.zygote, "Zygote", no_process)
        rows = grade_unit(open_course(class_of_two), UNIT).rows
    assert [row.state for row in rows] == ["failed", "failed"]
    assert all("The preloaded process stopped" in row.problem for row in rows)
    assert [r.state for r in grade_unit(open_course(class_of_two), UNIT).rows] == ["graded"] * 2
