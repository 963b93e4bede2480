import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys

import nbformat
import plain_course
import pytest

from workshop_lib.authoring.comparison import ITEMS
from workshop_lib.errors import WorkshopError
from workshop_lib.grading import gradebook
from workshop_lib.grading.coordinator import Options, grade_unit
from workshop_lib.grading.course import open_course

UNIT = plain_course.UNIT
COMMENTS = (
    ITEMS.replace("auto_score, manual_score, needs_manual_grade", "auto_comment, manual_comment")
    .replace(
        "grade join base_cell on base_cell.id = grade",
        "comment join base_cell on base_cell.id = comment",
    )
    .replace("grade.notebook_id", "comment.notebook_id")
)
PENALTIES = """
select student_id, notebook.name, late_submission_penalty, timestamp from submitted_notebook
join notebook on notebook.id = submitted_notebook.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"""


def rows(folder, query):
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as db:
        return sorted(db.execute(query).fetchall(), key=str)


@pytest.fixture(scope="module")
def both(released_course, tmp_path_factory):
    """The same class, graded by stock nbgrader and by us."""
    stock = tmp_path_factory.mktemp("both") / "stock"
    shutil.copytree(released_course, stock)
    plain_course.hand_in_all(stock)
    ours = stock.with_name("ours")
    shutil.copytree(stock, ours)
    outcome = grade_unit(open_course(ours), UNIT)
    plain_course.nbgrader(stock, "autograde", UNIT)
    return stock, ours, outcome


@pytest.mark.parametrize("query", [ITEMS, COMMENTS, PENALTIES], ids=["items", "comments", "late"])
def test_the_rows_equal_those_of_stock_nbgrader(both, query):
    stock, ours, _ = both
    assert rows(ours, query) == rows(stock, query)


def test_the_totals_equal_those_of_stock_nbgrader(both):
    stock, _, outcome = both
    with gradebook.open_gradebook(open_course(stock)) as session:
        totals = session.totals(UNIT)
    assert {r.student: (r.points, r.max_points, r.needs_manual) for r in outcome.rows} == {
        student: (max(0, total.points - total.penalty), total.max_points, total.needs_manual)
        for student, total in totals.items()
    }
    assert totals["late"].penalty == 4 and totals["perfect"].points == 8


def test_the_folders_equal_those_of_stock_nbgrader(both):
    stock, ours, _ = both

    def files(folder):
        found = (folder / "autograded").rglob("*")
        return {
            (p.relative_to(folder).as_posix(), oct(p.stat().st_mode)) for p in found if p.is_file()
        }

    assert files(ours) == files(stock)


def test_the_notebooks_hold_what_stock_nbgrader_writes(both):
    stock, ours, _ = both
    for path in (stock / "autograded").rglob("*.ipynb"):
        theirs = nbformat.read(path, 4)
        mine = nbformat.read(ours / path.relative_to(stock), 4)
        nbformat.validate(mine)
        graded = [cell for cell in theirs.cells if "nbgrader" in cell.metadata]
        mine_graded = [cell for cell in mine.cells if "nbgrader" in cell.metadata]
        assert [c.source for c in mine_graded] == [c.source for c in graded]
        assert [c.metadata.nbgrader for c in mine_graded] == [c.metadata.nbgrader for c in graded]
        assert [c.source for c in mine.cells] == [c.source for c in theirs.cells]


def test_nbgrader_goes_on_from_there(both):
    _, ours, _ = both
    plain_course.nbgrader(ours, "generate_feedback", UNIT)
    plain_course.nbgrader(ours, "export", "--to", "grades.csv")
    assert len(list((ours / "feedback").rglob("*.html"))) == 2 * len(plain_course.STUDENTS) - 1
    assert "perfect" in (ours / "grades.csv").read_text()


def test_points_that_a_person_gave_stay(plain):
    plain_course.hand_in(plain, "ada", plain_course.RIGHT)
    course = open_course(plain)
    grade_unit(course, UNIT)
    change(
        plain,
        "update grade set manual_score = 2.5, needs_manual_grade = 0 where auto_score is null",
    )
    outcome = grade_unit(course, UNIT, Options(regrade=True))
    (row,) = outcome.rows
    assert row.points == 8 + 3 * 2.5
    # The written answer and the code answer are shown to a person again, the task is not; as stock.
    assert [r[2] for r in rows(plain, ITEMS) if r[5]] == ["plot", "words"]


def change(folder, statement):
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as db, db:
        db.execute(statement)


def test_an_extension_changes_the_penalty_without_a_new_run(plain):
    target = plain_course.hand_in(plain, "ada", plain_course.RIGHT)
    (target / "timestamp.txt").write_text(plain_course.HANDED_IN_LATE)
    course = open_course(plain)
    assert grade_unit(course, UNIT).rows[0].points == 8 - 2 * 2
    change(plain, "update assignment set duedate = '2026-03-02 12:00:00.000000'")
    (row,) = grade_unit(course, UNIT).rows
    assert (row.state, row.points) == ("unchanged", 8)


@pytest.mark.parametrize("points", [float("nan"), -1, 3, None, True, "2", float("inf")])
def test_points_that_are_none_are_zero(points):
    assert gradebook.points_of({"points": points, "flags": []}, 2.0) == 0


def test_a_flag_costs_the_points():
    assert gradebook.points_of({"points": 2, "flags": ["changed: shell"]}, 2.0) == 0
    assert gradebook.points_of(None, 2.0) == 0


def test_a_student_who_may_not_be_added_is_a_row(plain):
    config = plain / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Autograde.create_student = False\n")
    plain_course.hand_in(plain, "stranger", {})
    (row,) = grade_unit(open_course(plain), UNIT).rows
    assert row.state == "failed" and "nbgrader db student add stranger" in row.problem
    assert rows(plain, ITEMS) == []


def test_a_locked_gradebook_is_a_row_and_the_next_run_goes_on(plain, monkeypatch):
    monkeypatch.setattr(gradebook, "_BUSY_SECONDS", 0)
    plain_course.hand_in(plain, "ada", plain_course.RIGHT)
    course = open_course(plain)
    blocker = sqlite3.connect(plain / "gradebook.db", isolation_level=None)
    begun = []

    def block(total):
        blocker.execute("begin immediate")
        begun.append(total)

    outcome = grade_unit(course, UNIT, on_start=block)
    blocker.execute("rollback")
    blocker.close()
    assert begun == [1]
    assert (
        "locked" in outcome.rows[0].problem
        and "run the same command again" in outcome.rows[0].problem
    )
    assert outcome.exit_code == 3
    assert not (plain / "autograded").exists() or not list((plain / "autograded").rglob("*.ipynb"))
    again = grade_unit(course, UNIT)
    assert again.rows[0].points == 8 and again.exit_code == 0


def test_a_gradebook_that_is_not_there_is_one_sentence(plain):
    (plain / "gradebook.db").unlink()
    with pytest.raises(WorkshopError, match="There is no gradebook"):
        grade_unit(open_course(plain), UNIT)
    assert not (plain / "gradebook.db").exists()


def test_a_database_that_cannot_be_reached_is_one_sentence(plain):
    config = plain / "nbgrader_config.py"
    url = "sqlite:////nowhere/at/all/book.db?timeout=1"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = {url!r}\n")
    with pytest.raises(WorkshopError, match=r"cannot be used|There is no gradebook"):
        grade_unit(open_course(plain), UNIT)


def test_a_second_run_on_the_same_unit_is_one_sentence(tmp_path):
    with gradebook.unit_lock(tmp_path, UNIT):
        code = (
            "import sys; from workshop_lib.grading.gradebook import unit_lock\n"
            "from workshop_lib.errors import WorkshopError\n"
            "try:\n    unit_lock(sys.argv[1], 'ps1').__enter__()\n"
            "except WorkshopError as error:\n    print(error)"
        )
        command = [sys.executable, "-c", code, str(tmp_path)]
        said = subprocess.run(command, capture_output=True, text=True, env=os.environ).stdout
    assert said.startswith("Another run grades ps1 at this moment.")
    with gradebook.unit_lock(tmp_path, UNIT):
        pass


def test_a_full_disk_is_a_row_and_the_next_run_goes_on(plain):
    plain_course.hand_in(plain, "ada", plain_course.RIGHT)
    course = open_course(plain)
    # A limit of file sizes fails in the same place as a full disk, also for root.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def write_little(*arguments):
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))
        try:
            return write_files(*arguments)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    write_files = gradebook._write_files
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradebook, "_write_files", write_little)
        (row,) = grade_unit(course, UNIT).rows
    assert row.state == "failed" and "cannot be written" in row.problem
    (row,) = grade_unit(course, UNIT).rows
    assert row.state == "graded"


def test_a_folder_that_cannot_be_made_is_a_row_and_the_next_run_goes_on(plain):
    plain_course.hand_in(plain, "ada", plain_course.RIGHT)
    (plain / "autograded").write_text("a file where a folder should be")
    course = open_course(plain)
    (row,) = grade_unit(course, UNIT).rows
    assert row.state == "failed" and "cannot be written" in row.problem
    (plain / "autograded").unlink()
    (row,) = grade_unit(course, UNIT).rows
    assert row.points == 8


def test_a_new_folder_that_cannot_take_its_place_leaves_the_old_one_there(tmp_path, monkeypatch):
    target, rename = tmp_path / "ps1", os.rename
    target.mkdir()
    (target / "problem1.ipynb").write_text("graded before")

    def refuse_the_new_one(source, place):
        if str(source).endswith(".new"):
            raise PermissionError(1, "Operation not permitted")
        rename(source, place)

    monkeypatch.setattr(os, "rename", refuse_the_new_one)
    with (
        pytest.raises(WorkshopError, match="cannot be written"),
        gradebook._new_folder(target) as folder,
    ):
        (folder / "problem1.ipynb").write_text("graded now")
    assert (target / "problem1.ipynb").read_text() == "graded before"
    assert list(tmp_path.iterdir()) == [target]


def test_an_old_folder_that_a_killed_run_left_aside_comes_back(tmp_path):
    target, aside = tmp_path / "ps1", tmp_path / ".ps1.old"
    aside.mkdir()
    (aside / "problem1.ipynb").write_text("graded before")
    with pytest.raises(ZeroDivisionError), gradebook._new_folder(target):
        _ = 1 / 0
    assert (target / "problem1.ipynb").read_text() == "graded before"
    assert list(tmp_path.iterdir()) == [target]
