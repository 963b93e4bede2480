"""Folders that nobody may write to, and disks without room: one message, and nothing is lost."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import plain_course
import pytest

from tests.grading.test_coordinator import scores
from workshop_lib.grading.coordinator import grade_unit
from workshop_lib.grading.course import open_course

UNIT = plain_course.UNIT
COMMAND = (sys.executable, "-m", "workshop_lib.cli", "grade", UNIT, "--workers", "1")
# Root may write everywhere, but not a process that has given up the right to override permissions.
AS_ANYBODY = """
import ctypes, os, sys
DROP_FROM_BOUNDING_SET, OVERRIDE_PERMISSIONS = 24, 1
ctypes.CDLL(None).prctl(DROP_FROM_BOUNDING_SET, OVERRIDE_PERMISSIONS, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
WITH_SMALL_FILES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.fixture(scope="module")
def graded_before(released_course, tmp_path_factory):
    """A class that was graded, and in which two have handed in since then."""
    folder = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(released_course, folder)
    plain_course.hand_in(folder, "ada", plain_course.STUDENTS["partial"])
    plain_course.hand_in(folder, "same", plain_course.STUDENTS["partial"])
    assert grade_unit(open_course(folder), UNIT).exit_code == 0
    plain_course.hand_in(folder, "ada", plain_course.RIGHT)
    plain_course.hand_in(folder, "new", plain_course.RIGHT)
    return folder


@pytest.fixture
def course(graded_before, tmp_path):
    return Path(shutil.copytree(graded_before, tmp_path / "class"))


@pytest.fixture(scope="module")
def wanted(graded_before, tmp_path_factory):
    folder = shutil.copytree(graded_before, tmp_path_factory.mktemp("wanted") / "class")
    grade_unit(open_course(folder), UNIT)
    return kept(Path(folder))


def grade(course, program, *arguments):
    """Run the command in a process that cannot write everything; return its code and words."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments, *COMMAND],
        cwd=course,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.returncode, done.stdout + done.stderr


def kept(course):
    """Return points and graded files by student."""
    graded, points = course / "autograded", scores(course)
    return {folder.name: (points.get(folder.name), contents(folder)) for folder in graded.iterdir()}


def contents(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in files}


def is_in_order_after_the_next_run(course, wanted):
    outcome = grade_unit(open_course(course), UNIT)
    assert outcome.exit_code == 0 and kept(course) == wanted


@pytest.fixture
def read_only():
    """Take away the right to write, and give it back after the test."""
    taken = []

    def take(*paths):
        for path in paths:
            taken.append((path, path.stat().st_mode))
            path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o555)

    yield take
    for path, mode in reversed(taken):
        path.chmod(mode)


def test_a_read_only_autograded_folder_costs_nothing(course, wanted, read_only):
    graded = course / "autograded"
    before = kept(course)
    read_only(graded, *(path for path in graded.rglob("*") if path.is_dir()))
    code, said = grade(course, AS_ANYBODY)
    assert code == 3 and said.count("cannot be written (Permission denied)") == 2
    assert "run the same command again when there is room and you may write there" in said
    assert "1 unchanged" in said and "2 failed" in said
    assert kept(course) == before
    for path in (graded, *graded.rglob("*")):
        path.chmod(0o755)
    is_in_order_after_the_next_run(course, wanted)


def test_a_read_only_gradebook_is_one_message_and_costs_nothing(course, wanted, read_only):
    before = kept(course)
    read_only(course / "gradebook.db", course)
    code, said = grade(course, AS_ANYBODY)
    assert code == 1, said
    (message,) = [line for line in said.splitlines() if "gradebook" in line]
    assert "cannot be used (attempt to write a readonly database)" in message
    assert "What is graded is kept; run the same command again" in message
    assert kept(course) == before
    course.chmod(0o755)
    (course / "gradebook.db").chmod(0o644)
    is_in_order_after_the_next_run(course, wanted)


@pytest.mark.parametrize("most_bytes", [100, 2_000, 12_000, 40_000])
def test_a_disk_that_gets_full_costs_nothing(course, wanted, most_bytes):
    """Files that cannot grow fail where a full disk does: records, notebooks or the gradebook."""
    before = kept(course)
    code, said = grade(course, WITH_SMALL_FILES, str(most_bytes))
    assert code in (1, 3), said
    assert "annot write" in said or "cannot be written" in said or "cannot be used" in said
    for student, graded in kept(course).items():
        assert graded in (before.get(student, (None, {})), wanted[student]), (student, said)
    is_in_order_after_the_next_run(course, wanted)
