import base64
import copy
import json
import os
import shutil

import plain_course
import pytest

from workshop_lib.errors import WorkshopError
from workshop_lib.grading import course as courses
from workshop_lib.grading.gradebook import open_gradebook
from workshop_lib.grading.rebuilding import rebuild

UNIT = plain_course.UNIT


def package_of(folder, unit=UNIT):
    course = courses.open_course(folder)
    with open_gradebook(course) as session:
        return courses.package(course, unit, session.gradebook)


def cells_of(package, name):
    cells = package["notebooks"][name]["cells"]
    return {c["metadata"].get("nbgrader", {}).get("grade_id", c["id"]): c for c in cells}


def sources_of(notebook):
    return [cell["source"] for cell in notebook["cells"]]


def test_a_package_holds_stubs_and_hidden_tests_and_no_solutions(plain):
    package = package_of(plain)
    cells = cells_of(package, "problem1")
    assert cells["squares"]["source"].endswith("raise NotImplementedError()")
    assert "HIDDEN TESTS" in cells["squares_test"]["source"]
    assert "i**2" not in json.dumps(package["notebooks"])
    assert "MARK SCHEME" in cells["own_data"]["source"]
    assert base64.b64decode(package["files"]["prices.csv"]) == b"price\n10\n30\n"
    assert package["modules"] == ["math", "prices"]
    assert package["cell_seconds"] == 30
    assert package["environment"]["NBGRADER_EXECUTION"] == "autograde"


def test_a_package_is_the_same_every_time_and_changes_with_the_course(plain):
    first = package_of(plain)["digest"]
    assert package_of(plain)["digest"] == first
    (plain / "source" / UNIT / "prices.csv").write_text("price\n1\n")
    assert package_of(plain)["digest"] != first


def test_without_the_source_the_release_and_the_gradebook_are_enough(plain):
    before = package_of(plain)
    shutil.rmtree(plain / "source")
    after = package_of(plain)
    for name, notebook in before["notebooks"].items():
        assert [c["source"] for c in after["notebooks"][name]["cells"]] == [
            c["source"] for c in notebook["cells"]
        ]


def test_without_source_and_release_the_unit_is_refused(plain):
    shutil.rmtree(plain / "source")
    shutil.rmtree(plain / "release")
    with pytest.raises(WorkshopError, match="Put one back"):
        package_of(plain)


def test_a_source_that_is_newer_than_the_gradebook_is_not_used(plain):
    path = plain / "source" / UNIT / "problem2.ipynb"
    content = json.loads(path.read_text())
    content["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "renamed"
    path.write_text(json.dumps(content))
    assert "greet_test" in cells_of(package_of(plain), "problem2")


def test_an_unknown_unit_is_one_sentence(plain):
    with pytest.raises(WorkshopError, match=r"There is no unit 'ps9'.*Units there: ps1\."):
        package_of(plain, "ps9")


def test_a_notebook_in_another_language_is_refused(plain):
    for step in ("source", "release"):
        path = plain / step / UNIT / "problem2.ipynb"
        content = json.loads(path.read_text())
        content["metadata"]["kernelspec"]["language"] = "R"
        path.write_text(json.dumps(content))
    with pytest.raises(WorkshopError, match="is a notebook in R"):
        package_of(plain)


def test_variables_of_the_courses_hook_reach_the_runs(plain):
    config = plain / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "import os\nc.Autograde.pre_convert_hook = "
        + "lambda **_: os.environ.update(COURSE_SEED='7')\n"
        + "c.Autograde.post_convert_hook = lambda **_: os.environ.pop('COURSE_SEED')\n"
    )
    assert package_of(plain)["environment"]["COURSE_SEED"] == "7"
    assert "COURSE_SEED" not in os.environ


@pytest.mark.parametrize("hook", ["", "lambda **_: os.environ.update(WORKSHOP_SEEDS='4021,733')"])
def test_seeds_that_were_set_before_the_run_reach_it(plain, hook, monkeypatch):
    monkeypatch.setenv("WORKSHOP_SEEDS", "4021,733")
    config = plain / "nbgrader_config.py"
    if hook:
        lines = f"import os\nc.Autograde.pre_convert_hook = {hook}\n"
        config.write_text(config.read_text() + lines)
    assert package_of(plain)["environment"]["WORKSHOP_SEEDS"] == "4021,733"


def test_classes_of_a_solution_are_named_and_the_solution_is_not_there(plain):
    path = plain / "source" / UNIT / "problem1.ipynb"
    shown = json.loads(path.read_text())
    cell = next(c for c in shown["cells"] if c["id"] == "plot")
    cell["source"] = "### BEGIN SOLUTION\nclass Shape:\n    sides = 4711\n### END SOLUTION"
    path.write_text(json.dumps(shown))
    plain_course.nbgrader(plain, "generate_assignment", UNIT, "--force")
    package = package_of(plain)
    made = next(c for c in package["notebooks"]["problem1"]["cells"] if c["id"] == "plot")
    assert made["metadata"]["workshop"] == {"classes": ["Shape"]}
    assert "4711" not in json.dumps(package)


DELIMITERS = {
    "BEGIN HIDDEN TESTS": ("c.ClearHiddenTests.begin_test_delimeter", "SECRET FROM HERE"),
    "END HIDDEN TESTS": ("c.ClearHiddenTests.end_test_delimeter", "SECRET UNTIL HERE"),
    "BEGIN MARK SCHEME": ("c.ClearMarkScheme.begin_mark_scheme_delimeter", "MARKS FROM HERE"),
    "END MARK SCHEME": ("c.ClearMarkScheme.end_mark_scheme_delimeter", "MARKS UNTIL HERE"),
}


def use_other_delimiters(folder):
    config, source = folder / "nbgrader_config.py", folder / "source" / UNIT
    for usual, (setting, own) in DELIMITERS.items():
        config.write_text(f"{config.read_text()}{setting} = {own!r}\n")
        for path in source.glob("*.ipynb"):
            path.write_text(path.read_text().replace(usual, own))
    plain_course.nbgrader(folder, "generate_assignment", UNIT, "--force")


@pytest.mark.parametrize("prepare", [lambda folder: None, use_other_delimiters])
def test_an_honest_notebook_needs_no_repair_whatever_the_delimiters_are(plain, prepare):
    prepare(plain)
    package = package_of(plain)
    assert list(package["released"]["problem1"]) == ["squares_test", "own_data"]
    for name, skeleton in package["notebooks"].items():
        handed = plain_course.released(plain, name)
        without_marks = copy.deepcopy(handed)
        for cell in without_marks["cells"]:
            cell.update(metadata={}, id=None)
        for each in (handed, without_marks):
            made = rebuild(skeleton, json.dumps(each).encode(), package["released"][name])
            assert made.remarks == ()
            assert sources_of(made.notebook) == sources_of(skeleton)


def test_files_that_students_may_change_are_named(plain):
    config = plain / "nbgrader_config.py"
    config.write_text(
        config.read_text() + "c.Autograde.exclude_overwriting = {'ps1': ['prices.py']}\n"
    )
    assert package_of(plain)["student_files"] == ["prices.py"]


def test_submissions_are_found_whatever_the_students_are_called(plain):
    names = ["ada", "Bob Möller", "c.d+e", "[x]", "-", "a,b", "日本"]
    for name in names:
        plain_course.hand_in(plain, name, {})
    (plain / "submitted" / ".hidden" / UNIT).mkdir(parents=True)
    (plain / "submitted" / "other" / "ps2").mkdir(parents=True)
    course = courses.open_course(plain)
    assert [handed.student for handed in course.submissions(UNIT)] == sorted(names)
    assert [h.student for h in course.submissions(UNIT, ["[x]"])] == ["[x]"]
    with pytest.raises(WorkshopError, match="no submission of nobody"):
        course.submissions(UNIT, ["ada", "nobody"])


def test_another_layout_of_folders_works(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "layout = '{nbgrader_step}/{assignment_id}/by-{student_id}'\n"
        "c.CourseDirectory.directory_structure = layout\n"
        "c.CourseDirectory.submitted_directory = 'class/in.box'\n"
        "c.CourseDirectory.autograded_directory = 'class/graded'\n"
        "c.CourseDirectory.student_id_exclude = 'bob'\n"
    )
    for name in ("ada", "bob"):
        (tmp_path / "class/in.box/u1" / f"by-{name}").mkdir(parents=True)
    course = courses.open_course(tmp_path)
    (handed,) = course.submissions("u1")
    assert handed == courses.Handed("ada", tmp_path / "class/in.box/u1/by-ada")
    assert course.records_folder("u1") == tmp_path / "class/records/u1"
    assert course.folder("autograded", "ada", "u1") == tmp_path / "class/graded/u1/by-ada"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "holds no nbgrader_config.py"),
        ("1 / 0", "fails with ZeroDivisionError"),
        ("import sys; sys.exit('WORKSHOP_SEEDS: wrong')", "stopped: WORKSHOP_SEEDS: wrong"),
    ],
)
def test_a_folder_that_is_no_course_is_one_sentence(tmp_path, text, said):
    if text is not None:
        (tmp_path / "nbgrader_config.py").write_text(text)
    with pytest.raises(WorkshopError, match=said):
        courses.open_course(tmp_path)
