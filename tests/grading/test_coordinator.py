import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import plain_course
import pytest
from nbgrader.utils import parse_utc

from workshop_lib.errors import WorkshopError
from workshop_lib.grading import coordinator, task
from workshop_lib.grading.coordinator import Options, grade_unit
from workshop_lib.grading.course import open_course

UNIT = plain_course.UNIT
SCORES = """
select student_id, sum(auto_score) from grade
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
group by student_id"""


def scores(folder):
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as db:
        return dict(db.execute(SCORES).fetchall())


def workshop(folder, *arguments):
    """Start the command line in a course."""
    return subprocess.Popen(
        [sys.executable, "-m", "workshop_lib.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def class_of_four(released_course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("four") / "course"
    shutil.copytree(released_course, folder)
    for student in ("perfect", "blank", "partial", "visible"):
        plain_course.hand_in(folder, student, plain_course.STUDENTS[student])
    return folder


@pytest.fixture
def course(class_of_four, tmp_path):
    folder = tmp_path / "class"
    shutil.copytree(class_of_four, folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(class_of_four, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(class_of_four, folder)
    grade_unit(open_course(folder), UNIT)
    return scores(folder)


def test_a_second_run_grades_only_what_is_new_or_changed(course, monkeypatch):
    assert {r.state for r in grade_unit(open_course(course), UNIT).rows} == {"graded"}
    plain_course.hand_in(course, "blank", plain_course.RIGHT)
    plain_course.hand_in(course, "new", {})
    shutil.rmtree(course / "autograded" / "partial")
    again = grade_unit(open_course(course), UNIT)
    graded = {row.student for row in again.rows if row.state == "graded"}
    assert graded == {"blank", "new", "partial"}
    everybody = grade_unit(open_course(course), UNIT, Options(regrade=True))
    assert {row.state for row in everybody.rows} == {"graded"}


def test_only_the_students_that_are_asked_for(course):
    outcome = grade_unit(open_course(course), UNIT, Options(students=("partial", "blank")))
    assert [row.student for row in outcome.rows] == ["blank", "partial"]
    assert set(scores(course)) == {"blank", "partial"}


def test_every_kind_of_failure_is_a_row_and_others_are_graded(course, undisturbed):
    broken = course / "submitted" / "broken" / UNIT
    broken.mkdir(parents=True)
    (broken / "problem1.ipynb").write_bytes(b"\x00")
    (course / "submitted" / "empty" / UNIT).mkdir(parents=True)
    odd = os.path.join(os.fsencode(course), b"submitted", b"od\xff", UNIT.encode())
    os.makedirs(odd)
    stamp = plain_course.hand_in(course, "time", plain_course.RIGHT) / "timestamp.txt"
    stamp.write_text("yesterday, I think")
    stamp = plain_course.hand_in(course, "file", plain_course.RIGHT) / "timestamp.txt"
    stamp.write_text("2024-01-01 10:00:00 /proc/self/mem")
    outcome = grade_unit(open_course(course), UNIT)
    rows = {row.student: row for row in outcome.rows}
    assert outcome.exit_code == 3
    assert "not valid JSON" in rows["broken"].problem and rows["broken"].needs_manual
    assert "There is no notebook" in rows["empty"].problem
    assert "not UTF-8" in rows["od?"].problem
    for student in ("time", "file"):
        assert "timestamp.txt holds no time" in rows[student].remarks[0]
        assert not rows[student].problem
    assert {s: p for s, p in scores(course).items() if s in undisturbed} == undisturbed


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2024-01-01 10:00:00", 10),
        ("2024-01-01 10:00:00.5 UTC\n", 10),
        ("2024-01-01 10:00:00 Europe/Berlin", 9),
        ("2024-01-01 10:00:00 Etc/GMT+2", 12),
        ("2024-01-01 10:00:00 CET-1CEST,M3.5.0,M10.5.0/3", 9),
        ("2024-01-01 10:00:00 3600", 9),
        ("2024-01-01T10:00:00+01:00", 9),
    ],
)
def test_a_time_is_read_as_nbgrader_reads_it(written, hour):
    time_, remarks = coordinator._timestamp({"timestamp.txt": written.encode()})
    assert (time_.hour, time_.tzinfo, remarks) == (hour, None, ())
    assert time_ == parse_utc(written.strip())


@pytest.mark.parametrize(
    "zone", ["/etc/shadow", ":/etc/shadow", "../../../etc/shadow", "Europe/../../../../etc/shadow"]
)
def test_a_time_zone_opens_no_file_elsewhere(zone, monkeypatch):
    asked = []
    monkeypatch.setattr("dateutil.tz.gettz", asked.append)
    content = f"2024-01-01 10:00:00 {zone}".encode()
    time_, remarks = coordinator._timestamp({"timestamp.txt": content})
    assert time_ is None and "timestamp.txt holds no time" in remarks[0]
    assert asked == []


@pytest.mark.parametrize(
    "content",
    [
        *(b"2024-01-01 10:00:00 \0", b"\xff\xfe", b"1" * 150, b"2024-01-01 10:00:00 " + b"9" * 90),
        *(b"2024-01-01 10:00:00" + b" " * 10_000 + b"x", b"\n" * 10_000 + b"2024-01-01 10:00:00"),
    ],
)
def test_what_is_no_time_is_a_remark(content):
    time_, remarks = coordinator._timestamp({"timestamp.txt": content})
    assert time_ is None and "timestamp.txt holds no time" in remarks[0]


def test_of_a_large_file_no_time_is_sought(monkeypatch):
    parsed = []
    monkeypatch.setattr("nbgrader.utils.parse_utc", parsed.append)
    content = b"2024-01-01 10:00:00 UTC" + b"1 " * 10_000_000
    time_, remarks = coordinator._timestamp({"timestamp.txt": content})
    assert time_ is None and len(remarks[0]) < 120 and parsed == []


def test_a_failure_of_any_kind_in_a_time_is_a_remark(monkeypatch):
    def parse(text):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("nbgrader.utils.parse_utc", parse)
    time_, remarks = coordinator._timestamp({"timestamp.txt": b"2024-01-01 10:00:00"})
    assert time_ is None and "timestamp.txt holds no time" in remarks[0]


def test_a_worker_that_is_lost_is_a_row_and_the_next_run_goes_on(course, undisturbed, monkeypatch):
    honest, calls = task.grade, []

    def lost_once(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the worker is gone")
        return honest(*arguments)

    monkeypatch.setattr(task, "grade", lost_once)
    outcome = grade_unit(open_course(course), UNIT, Options(workers=1))
    assert [r.state for r in outcome.rows].count("failed") == 1 and outcome.exit_code == 3
    again = grade_unit(open_course(course), UNIT)
    assert [r.state for r in again.rows].count("graded") == 1 and again.exit_code == 0
    assert scores(course) == undisturbed


def test_an_interrupted_run_keeps_what_is_done(course, undisturbed):
    def stop_after_one(row):
        raise KeyboardInterrupt

    outcome = grade_unit(open_course(course), UNIT, Options(workers=1), on_row=stop_after_one)
    assert outcome.interrupted and outcome.exit_code == 3
    assert 0 < len(outcome.rows) < 4 and outcome.left == 4 - len(outcome.rows)
    again = grade_unit(open_course(course), UNIT)
    assert {r.student for r in again.rows if r.state == "unchanged"} == {
        r.student for r in outcome.rows
    }
    assert scores(course) == undisturbed


def test_two_runs_at_the_same_time_do_no_harm(course, undisturbed):
    runs = [workshop(course, "grade", UNIT) for _ in range(2)]
    ends = [(*run.communicate(), run.returncode) for run in runs]
    assert sorted(end[2] for end in ends) in ([0, 1], [0, 0])
    for _, errors, code in ends:
        if code == 1:
            assert "Another run grades ps1 at this moment" in errors
            assert "Traceback" not in errors
    assert scores(course) == undisturbed


def test_the_command_prints_a_table_and_ends_with_3_when_something_needs_attention(course):
    broken = course / "submitted" / "broken" / UNIT
    broken.mkdir(parents=True)
    (broken / "problem1.ipynb").write_text("{")
    run = workshop(course, "grade", UNIT)
    said, errors = run.communicate()
    assert run.returncode == 3 and "Traceback" not in errors
    assert "5 graded" in said and "1 need attention" in said
    assert "Attention: broken: problem1: The file is not a notebook: it is not valid JSON." in said
    run = workshop(course, "grade", UNIT, "--student", "perfect")
    said, _ = run.communicate()
    assert run.returncode == 0 and "1 unchanged" in said


def test_the_command_answers_at_once(course):
    begun = time.process_time(), time.monotonic()
    run = workshop(course, "grade", UNIT, "--isolation", "magic")
    _, errors = run.communicate()
    assert "--isolation is one of" in errors
    # The machine that runs this test may be busy: the limit of the command itself is 1 s.
    assert time.monotonic() - begun[1] < 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grade", "ps9"), "There is no unit 'ps9' in the gradebook"),
        (("grade", UNIT, "--student", "nobody"), "There is no submission of nobody"),
        (("grade", UNIT, "--dask", "tcp://127.0.0.1:1"), "No Dask scheduler answers"),
    ],
)
def test_what_cannot_begin_is_one_sentence(course, arguments, said):
    run = workshop(course, *arguments)
    _, errors = run.communicate()
    assert run.returncode == 1
    assert said in errors and "Traceback" not in errors


def test_workers_follow_cores_and_memory(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(coordinator, "free_bytes", lambda: 3 << 30)
    assert coordinator.default_workers() == 3
    monkeypatch.setattr(coordinator, "free_bytes", lambda: 1)
    assert coordinator.default_workers() == 1


START_SECONDS = 180  # of a scheduler or a worker, also where the machine has much to do


def dask(*arguments):
    """Start a program of Dask, whose words are read to know how far it is."""
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(program):
    """End a program of Dask with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


@pytest.fixture
def scheduler(tmp_path):
    """A real scheduler; its address."""
    contact = tmp_path / "scheduler.json"
    settings = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter")
    program = dask("scheduler", *settings, "--scheduler-file", str(contact))
    try:
        wait_until(lambda: contact.is_file() or program.poll() is not None)
        assert program.poll() is None, "the scheduler stopped"
        wait_until(lambda: "address" in contact.read_text())
        yield json.loads(contact.read_text())["address"]
    finally:
        end(program)


@pytest.fixture
def workers(scheduler, tmp_path):
    """Two real worker processes, each with one thread."""
    from distributed import Client

    settings = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    place = ("--local-directory", str(tmp_path / "dask"))
    programs = [dask("worker", scheduler, *settings, *place) for _ in range(2)]
    try:
        with Client(scheduler, timeout=START_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=START_SECONDS)
        yield programs
    finally:
        for program in programs:
            end(program)


def wait_until(ready):
    until = time.monotonic() + START_SECONDS
    while not ready():
        assert time.monotonic() < until, "it did not start"
        time.sleep(0.05)


def test_a_dask_cluster_gives_the_same_scores_also_when_a_worker_dies(
    course, undisturbed, scheduler, workers
):
    killed = []

    def kill_a_worker(row):
        if not killed:
            killed.append(workers[0])
            end(workers[0])

    outcome = grade_unit(open_course(course), UNIT, Options(dask=scheduler), on_row=kill_a_worker)
    assert killed and outcome.exit_code == 0
    assert scores(course) == undisturbed


def test_a_scheduler_without_workers_is_one_sentence(course, scheduler):
    with pytest.raises(WorkshopError, match="has no workers"):
        grade_unit(open_course(course), UNIT, Options(dask=scheduler))


def test_nothing_of_dask_is_left_open_in_this_process(course, scheduler, workers):
    """Run again in a process in which every warning about an open file is an error."""
    program = (
        "import gc, sys, threading\n"
        "from workshop_lib.grading.coordinator import Options, grade_unit\n"
        "from workshop_lib.grading.course import open_course\n"
        "lost = []\n"
        "sys.unraisablehook = lambda about: lost.append(repr(about.exc_value))\n"
        "outcome = grade_unit(open_course(sys.argv[1]), sys.argv[2], Options(dask=sys.argv[3]))\n"
        "try:\n"
        "    grade_unit(open_course(sys.argv[1]), sys.argv[2], Options(dask='tcp://127.0.0.1:1'))\n"
        "except Exception as error:\n"
        "    del error\n"
        "gc.collect(); gc.collect()\n"
        "assert not lost, lost\n"
        "assert outcome.exit_code == 0\n"
    )
    warned = ("-W", "error::ResourceWarning")
    done = subprocess.run(
        [sys.executable, *warned, "-c", program, str(course), UNIT, scheduler],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
