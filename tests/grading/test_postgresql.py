"""The gradebook in a real PostgreSQL server, started here on a socket of its own."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import plain_course
import pytest

from workshop_lib.errors import WorkshopError
from workshop_lib.grading.coordinator import Options, grade_unit
from workshop_lib.grading.course import open_course
from workshop_lib.grading.gradebook import open_gradebook

UNIT = plain_course.UNIT


def program(name):
    """Find a program of the server; Debian keeps them out of the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or (installed and str(installed[0]))
    assert found, "there is no PostgreSQL: on Debian `apt-get install postgresql`"
    return found


@pytest.fixture(scope="module")
def server():
    """A server for this test; it refuses to run as root, so root lends it another user.

    Its folder is not pytest's: that one is closed to other users, and too deep for a socket's name.
    """
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        data, user = f"{folder}/data", ()
        if os.geteuid() == 0:
            user = ("runuser", "-u", "postgres", "--")
            shutil.chown(folder, "postgres")
        control = ("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run_as(user, folder, "initdb", "-A", "trust", "-U", "nb", data)
        run_as(user, folder, *control, "-o", settings, "start")
        yield f"postgresql+psycopg://nb@/postgres?host={folder}"
        run_as(user, folder, *control, "-m", "immediate", "stop")


def run_as(user, folder, name, *arguments):
    """Run a program of the server; what it said is part of the failure."""
    command = [*user, program(name), *arguments]
    log = Path(folder) / "said"
    with log.open("w") as said:
        done = subprocess.run(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
    assert done.returncode == 0, log.read_text()


@pytest.fixture(scope="module")
def course(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "plain"
    plain_course.write(folder, f"c.CourseDirectory.db_url = {server!r}\n")
    for student in ("perfect", "blank", "late"):
        target = plain_course.hand_in(folder, student, plain_course.STUDENTS[student])
        if student == "late":
            (target / "timestamp.txt").write_text(plain_course.HANDED_IN_LATE)
    return open_course(folder)


def test_a_class_is_graded_and_graded_again(course):
    outcome = grade_unit(course, UNIT)
    points = {row.student: row.points for row in outcome.rows}
    assert outcome.exit_code == 0
    assert points == {"perfect": 8, "blank": 0, "late": 4}
    assert {row.state for row in grade_unit(course, UNIT).rows} == {"unchanged"}
    again = grade_unit(course, UNIT, Options(regrade=True))
    assert {row.student: row.points for row in again.rows} == points


def test_nbgrader_goes_on_from_there(course):
    grade_unit(course, UNIT)
    plain_course.nbgrader(course.root, "export", "--to", "grades.csv")
    assert (
        "ps1,2026-03-01 12:00:00,2026-03-01 14:00:00,late"
        in (course.root / "grades.csv").read_text()
    )


def test_a_second_run_from_another_computer_is_one_sentence(course):
    with (
        open_gradebook(course) as here,
        open_gradebook(course) as there,
        here.lock(UNIT),
        pytest.raises(WorkshopError, match="Another run grades ps1 at this moment"),
        there.lock(UNIT),
    ):
        pass
    with open_gradebook(course) as session, session.lock(UNIT):
        pass


def test_a_server_that_does_not_answer_is_one_sentence_without_the_password(plain):
    config = plain / "nbgrader_config.py"
    url = "postgresql+psycopg://nb:secret@127.0.0.1:1/grades"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = {url!r}\n")
    with pytest.raises(WorkshopError, match="cannot be used") as failure:
        grade_unit(open_course(plain), UNIT)
    assert "secret" not in str(failure.value)
