"""A small class through stock nbgrader, with the points of the real gradebook."""

import filecmp
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from workshop_lib.authoring.comparison import read_items
from workshop_lib.desk import Desk
from workshop_lib.grading.coordinator import grade_unit
from workshop_lib.grading.course import open_course
from workshop_lib.grading.demo_class import (
    PROFILES,
    DemoClass,
    fill_in,
    prepare,
    solutions_of,
)

ROOT = Path(__file__).parents[2]
SMALL = "00_start_here"
NOTEBOOK = "01_start_here.ipynb"
UNITS = sorted(path.name for path in (ROOT / "notebooks").iterdir() if path.is_dir())

STUDENTS = {
    **{"perfect": 2, "partial": 1, "blank": 0, "raising": 0, "noisy": 2},
    **{"late": 0, "by_zip": 0, "by_exchange": 2},
}
"""Who hands in, and the points that stock nbgrader has to give."""
COUNTS_UNDECIDED = """def approval_rate(decisions):
    return (decisions == "approved").mean()"""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Everybody hands in, by every way there is."""
    folder = tmp_path_factory.mktemp("class")
    demo = prepare(ROOT, folder, SMALL)
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.LateSubmissionPlugin.penalty_method = "zero"\n')
    (folder / "students.csv").write_text("id,first_name,last_name,email\nlate,,,\n")
    demo.nbgrader("db", "student", "import", "students.csv")
    # Far away, because collected submissions carry the time of this test.
    demo.nbgrader("db", "assignment", "add", SMALL, "--duedate", "2199-12-01 17:00:00 UTC")
    for profile in PROFILES:
        demo.hand_in(profile, profile)
    hand_in_late(demo)
    hand_in_a_zip(demo, tmp_path_factory.mktemp("learner"))
    hand_in_by_exchange(demo, tmp_path_factory.mktemp("desk"))
    return demo


@pytest.fixture(scope="module")
def graded_by_us(handed_in, tmp_path_factory):
    """The gradebook of a copy of the class that our grader has graded, and what it said."""
    copy = tmp_path_factory.mktemp("ours") / "course"
    shutil.copytree(handed_in.folder, copy)
    outcome = grade_unit(open_course(copy), SMALL)
    return read_items(copy / "class" / "gradebook.db"), outcome


@pytest.fixture(scope="module")
def class_(graded_by_us, handed_in):
    """One run of autograde, feedback and export, after ours has made its copy."""
    return handed_in, handed_in.grade(say=lambda text: None)


def hand_in_late(demo):
    demo.hand_in("late", "perfect")
    stamp = demo.folder / "class/submitted/late" / SMALL / "timestamp.txt"
    stamp.write_text("2199-12-02 12:00:00 UTC")


def hand_in_a_zip(demo, course):
    shutil.copy(ROOT / "syllabus.toml", course)
    shutil.copytree(ROOT / "notebooks" / SMALL, course / "notebooks" / SMALL)
    desk = Desk(course)
    desk.copy_missing()
    with zipfile.ZipFile(desk.submit(SMALL).archive) as packed:
        packed.extractall(demo.folder / "class/submitted/by_zip")


def hand_in_by_exchange(demo, folder):
    demo.nbgrader("release_assignment", SMALL)
    desk = DemoClass(folder, SMALL)
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\n"
        f"c.CourseDirectory.course_id = 'northwind'\n"
        f"c.Exchange.root = {str(demo.folder / 'class' / 'exchange')!r}\n"
        f"c.Exchange.cache = {str(folder / 'cache')!r}\n"
    )
    desk.nbgrader("fetch_assignment", SMALL)
    path = folder / SMALL / NOTEBOOK
    notebook = json.loads(path.read_text(encoding="utf-8"))
    solved = json.loads((ROOT / "solutions" / SMALL / NOTEBOOK).read_text(encoding="utf-8"))
    fill_in(notebook, solutions_of(solved), "perfect")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    desk.nbgrader("submit", SMALL, "--student", "by_exchange")
    demo.nbgrader("collect", SMALL)


def test_points_are_exact(class_):
    _, scores = class_
    assert scores == {student: (points, 2) for student, points in STUDENTS.items()}


def test_our_grader_gives_every_cell_the_same_points(class_, graded_by_us):
    demo, _ = class_
    found, outcome = graded_by_us
    assert found == read_items(demo.folder / "class" / "gradebook.db")
    assert outcome.exit_code == 0
    assert {row.student: row.verified for row in outcome.rows} == dict.fromkeys(STUDENTS, 1.0)


def test_feedback_names_the_failed_item(class_):
    demo, _ = class_
    page = demo.feedback_page("raising").read_text(encoding="utf-8")
    assert "RuntimeError: this answer always fails" in page
    assert "Not yet" in page


def test_validate_tells_a_learner_what_is_missing(class_):
    demo, _ = class_
    said = demo.nbgrader("validate", f"class/submitted/perfect/{SMALL}/{NOTEBOOK}")
    assert "Success" in said
    said = demo.nbgrader("validate", f"class/submitted/by_zip/{SMALL}/{NOTEBOOK}")
    assert "Success" not in said


def test_a_changed_answer_is_graded_again(class_):
    demo, _ = class_
    path = demo.folder / "class/submitted/by_zip" / SMALL / NOTEBOOK
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in notebook["cells"] if "def approval_rate" in "".join(c["source"]))
    cell["source"] = COUNTS_UNDECIDED
    path.write_text(json.dumps(notebook), encoding="utf-8")
    demo.nbgrader("autograde", SMALL, "--student", "by_zip", "--force")
    # Of three items of equal weight only the hidden one, without undecided rows, passes.
    assert demo.scores()["by_zip"] == (0.33, 2)


@pytest.fixture(scope="module")
def all_units(tmp_path_factory):
    """A folder with what nbgrader needs to release the whole course."""
    folder = tmp_path_factory.mktemp("all_units")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for unit in UNITS:
        (folder / "solutions" / unit).mkdir(parents=True)
        for path in (ROOT / "solutions" / unit).glob("*.ipynb"):
            shutil.copy(path, folder / "solutions" / unit)
    return folder


@pytest.mark.parametrize("unit", UNITS)
def test_generate_assignment_gives_the_committed_notebooks(unit, all_units):
    DemoClass(all_units, unit).nbgrader("generate_assignment", unit)
    released = all_units / "class/release" / unit
    names = sorted(path.name for path in (ROOT / "notebooks" / unit).glob("*.ipynb"))
    assert sorted(path.name for path in released.iterdir()) == names
    _, different, unreadable = filecmp.cmpfiles(
        released, ROOT / "notebooks" / unit, names, shallow=False
    )
    assert not different and not unreadable


def test_demo_ends_with_a_table_and_the_feedback_pages(tmp_path):
    done = run_demo(SMALL, tmp_path)
    assert done.returncode == 0, done.stderr
    for line in ("perfect │ 2 ", "partial │ 1 ", "blank   │ 0 "):
        assert line in done.stdout
    page = next(
        word for word in done.stdout.split() if word.endswith(f"perfect/{SMALL}/01_start_here.html")
    )
    assert Path(page).is_file()


def test_demo_of_an_unknown_unit_is_one_sentence(tmp_path):
    done = run_demo("99_nowhere", tmp_path)
    assert done.returncode != 0
    assert "There is no built unit '99_nowhere'" in done.stderr
    assert "Traceback" not in done.stderr


def run_demo(unit, folder):
    return subprocess.run(
        [sys.executable, "-m", "workshop_lib.cli", "demo", unit],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )
