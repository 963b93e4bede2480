"""A class of five through stock nbgrader, with the points of the real gradebook."""

import csv
import filecmp
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from workshop_lib.desk import Desk
from workshop_lib.grading.demo_class import DemoClass, fill_in, prepare, run_demo, solutions_of

ROOT = Path(__file__).parents[2]
SMALL = "00_start_here"
UNITS = sorted(path.name for path in (ROOT / "notebooks").iterdir() if path.is_dir())

COUNTS_UNDECIDED = """def approval_rate(decisions):
    return (decisions == "approved").mean()"""


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    return run_demo(ROOT, tmp_path_factory.mktemp("class"), SMALL, say=lambda text: None)


def test_points_are_exact(class_):
    _, scores = class_
    assert scores == {
        "perfect": (2, 2),
        "partial": (1, 2),
        "blank": (0, 2),
        "raising": (0, 2),
        "noisy": (2, 2),
    }


def test_feedback_names_the_failed_item(class_):
    demo, _ = class_
    page = demo.feedback_page("raising").read_text(encoding="utf-8")
    assert "RuntimeError: this answer always fails" in page
    assert "Not yet" in page


def test_a_changed_answer_is_graded_again(class_):
    demo, _ = class_
    path = demo.folder / "class/submitted/blank" / SMALL / "01_start_here.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in notebook["cells"] if "def approval_rate" in "".join(c["source"]))
    cell["source"] = COUNTS_UNDECIDED
    path.write_text(json.dumps(notebook), encoding="utf-8")
    demo.nbgrader("autograde", SMALL, "--student", "blank", "--force")
    # Of three items of equal weight only the hidden one, without undecided rows, passes.
    assert demo.scores()["blank"] == (0.33, 2)


@pytest.mark.parametrize("unit", UNITS)
def test_generate_assignment_gives_the_committed_notebooks(unit, tmp_path):
    demo = prepare(ROOT, tmp_path, unit)
    released = demo.folder / "class/release" / unit
    names = sorted(path.name for path in (ROOT / "notebooks" / unit).glob("*.ipynb"))
    assert sorted(path.name for path in released.iterdir()) == names
    _, different, unreadable = filecmp.cmpfiles(
        released, ROOT / "notebooks" / unit, names, shallow=False
    )
    assert not different and not unreadable


def test_perfect_answers_to_the_first_unit_get_all_automatic_points(tmp_path):
    demo = prepare(ROOT, tmp_path, "01_preprocessing")
    demo.hand_in("perfect", "perfect")
    demo.nbgrader("autograde", "01_preprocessing")
    demo.nbgrader("generate_feedback", "01_preprocessing")
    points, possible = demo.scores()["perfect"]
    written = 2
    assert points == possible - written


def test_release_fetch_submit_collect(tmp_path):
    demo = prepare(ROOT, tmp_path, SMALL)
    demo.nbgrader("release_assignment", SMALL)
    desk = DemoClass(tmp_path / "desk", SMALL)
    desk.folder.mkdir()
    (desk.folder / "nbgrader_config.py").write_text(
        f"c = get_config()\n"
        f"c.CourseDirectory.course_id = 'northwind'\n"
        f"c.Exchange.root = {str(demo.folder / 'class' / 'exchange')!r}\n"
        f"c.Exchange.cache = {str(tmp_path / 'cache')!r}\n"
    )
    desk.nbgrader("fetch_assignment", SMALL)
    path = desk.folder / SMALL / "01_start_here.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    solved = json.loads((ROOT / "solutions" / SMALL / path.name).read_text(encoding="utf-8"))
    fill_in(notebook, solutions_of(solved), "perfect")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    desk.nbgrader("submit", SMALL, "--student", "learner-1")
    demo.nbgrader("collect", SMALL)
    demo.nbgrader("autograde", SMALL)
    assert demo.scores() == {"learner-1": (2, 2)}


def test_validate_tells_a_learner_what_is_missing(tmp_path):
    demo = prepare(ROOT, tmp_path, SMALL)
    demo.hand_in("perfect", "perfect")
    demo.hand_in("blank", "blank")
    said = demo.nbgrader("validate", f"class/submitted/perfect/{SMALL}/01_start_here.ipynb")
    assert "Success" in said
    said = demo.nbgrader("validate", f"class/submitted/blank/{SMALL}/01_start_here.ipynb")
    assert "Success" not in said


def test_demo_command_ends_with_a_table_and_the_feedback_pages():
    done = subprocess.run(
        [sys.executable, "-m", "workshop_lib.cli", "demo", "99_nowhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "There is no built unit '99_nowhere'" in done.stderr
    assert "Traceback" not in done.stderr


def test_roster_deadline_and_late_penalty(tmp_path):
    demo = prepare(ROOT, tmp_path, SMALL)
    config = tmp_path / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.LateSubmissionPlugin.penalty_method = "zero"\n')
    (tmp_path / "students.csv").write_text("id,first_name,last_name,email\nlate,,,\nin_time,,,\n")
    demo.nbgrader("db", "student", "import", "students.csv")
    demo.nbgrader("db", "assignment", "add", SMALL, "--duedate", "2026-12-01 17:00:00 UTC")
    for student, day in (("in_time", "2026-11-30"), ("late", "2026-12-02")):
        demo.hand_in(student, "perfect")
        stamp = tmp_path / "class/submitted" / student / SMALL / "timestamp.txt"
        stamp.write_text(f"{day} 12:00:00 UTC")
    demo.nbgrader("autograde", SMALL)
    path = tmp_path / "class" / "grades.csv"
    demo.nbgrader("export", "--to", str(path))
    with path.open(newline="", encoding="utf-8") as lines:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(lines)}
    assert scores == {"in_time": 2, "late": 0}


def test_a_zip_of_workshop_submit_unpacks_into_the_class(tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    shutil.copy(ROOT / "syllabus.toml", course)
    shutil.copytree(ROOT / "notebooks" / SMALL, course / "notebooks" / SMALL)
    desk = Desk(course)
    desk.copy_missing()
    archive = desk.submit(SMALL).archive
    demo = prepare(ROOT, tmp_path, SMALL)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "class" / "submitted" / "learner-2")
    demo.nbgrader("autograde", SMALL)
    assert demo.scores() == {"learner-2": (0, 2)}
