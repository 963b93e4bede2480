import datetime
import hashlib
import json
import os
import zipfile

import pytest

from tests.desk.support import (
    CHECK,
    NAME,
    STUB,
    code,
    first_release,
    load,
    notebook,
    prose,
    save,
    set_source,
    source_of,
    workshop,
)
from workshop_lib.desk import Desk, course_root
from workshop_lib.errors import WorkshopError

ANSWER = "def double(x):\n    return x + x"
NOON = datetime.datetime(2025, 3, 1, 12, 0, tzinfo=datetime.UTC)


def with_report(content, state, points):
    (cell,) = [cell for cell in content["cells"] if cell["id"] == "double_check"]
    report = {"exercise": "double", "points": points, "max_points": 2, "state": state, "items": []}
    data = {"application/vnd.workshop.report+json": report}
    cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return content


def test_missing_files_are_copied_and_existing_ones_stay(course, desk, first):
    set_source(first, "double", ANSWER)
    before = first.read_bytes()
    save(course / "notebooks/02_next/01_new.ipynb", notebook(prose("a", "# New")))
    assert desk.copy_missing() == ["02_next/01_new.ipynb"]
    assert first.read_bytes() == before


def test_course_root_is_found_from_a_folder_inside(course):
    assert course_root(course / "notebooks/01_unit") == course


def test_outside_the_course_one_sentence_says_what_to_do(tmp_path):
    with pytest.raises(WorkshopError, match=r"not inside the course.*syllabus\.toml"):
        course_root(tmp_path)


def test_status_counts_states_points_and_written_answers(desk, first):
    save(first, with_report(load(first), "not yet", 0.5))
    set_source(first, "why", "Because the mean follows the outlier.")
    row = desk.status()[1]
    assert (row.name, row.points, row.max_points) == (NAME, 0.5, 2.0)
    assert (row.count("not yet"), row.written, row.written_total) == (1, 1, 1)
    assert not row.newer


def test_status_of_a_notebook_that_was_never_opened(course):
    row = Desk(course).status()[1]
    assert row.count("not attempted") == 1
    assert row.points == 0


def test_status_names_an_unreadable_notebook_and_goes_on(desk, first):
    first.write_text("{broken", encoding="utf-8")
    rows = desk.status()
    assert "not valid JSON" in rows[1].problem
    assert rows[0].problem == ""


def test_status_knows_newer_releases(course, desk):
    save(course / f"notebooks/{NAME}.ipynb", first_release(check=CHECK + "\n# more"))
    assert [row.newer for row in desk.status()] == [False, True]


def test_reset_restores_one_stub_and_keeps_a_backup(desk, first):
    save(first, with_report(load(first), "not yet", 0.5))
    set_source(first, "double", ANSWER)
    set_source(first, "why", "My text.")
    before = first.read_bytes()
    backup = desk.reset(NAME, "double")
    assert source_of(first, "double") == STUB
    assert source_of(first, "why") == "My text."
    assert desk.status()[1].count("not attempted") == 1
    assert backup.read_bytes() == before


def test_backups_are_numbered_and_never_replaced(desk, first):
    set_source(first, "double", ANSWER)
    one = desk.reset(NAME, "double")
    kept = one.read_bytes()
    two = desk.reset(NAME + ".ipynb", "double")
    assert one != two
    assert one.read_bytes() == kept


def test_reset_of_an_unknown_exercise_lists_the_known_ones(desk, first):
    before = first.read_bytes()
    with pytest.raises(WorkshopError, match=r"no exercise 'triple'.*double"):
        desk.reset(NAME, "triple")
    assert first.read_bytes() == before


def test_unknown_notebook_and_unit_list_the_known_ones(desk):
    with pytest.raises(WorkshopError, match=r"no notebook.*01_unit/01_first"):
        desk.reset("01_unit/02_other", "double")
    with pytest.raises(WorkshopError, match=r"no unit '09_x'.*01_unit"):
        desk.submit("09_x")


def test_update_takes_the_release_and_keeps_the_learners_work(course, desk, first):
    set_source(first, "double", ANSWER)
    set_source(first, "why", "My text.")
    mine = load(first)
    mine["cells"].insert(3, code("mine", "double(10)"))
    save(first, mine)
    newer = first_release(
        check=CHECK.replace("Multiply", "Please multiply"),
        stub=STUB.replace("twice x", "two times x"),
        given="numbers = [4, 5]",
        given_id="given2",
    )
    save(course / f"notebooks/{NAME}.ipynb", newer)
    before = first.read_bytes()

    backup = desk.update(NAME)

    assert backup.read_bytes() == before
    ids = [cell["id"] for cell in load(first)["cells"]]
    assert ids == ["title", "given2", "double", "mine", "double_check", "end", "why"]
    assert source_of(first, "double") == ANSWER
    assert source_of(first, "mine") == "double(10)"
    assert source_of(first, "why") == "My text."
    assert "Please multiply" in source_of(first, "double_check")
    assert not desk.status()[1].newer


def test_update_gives_a_new_stub_where_nothing_was_written(course, desk, first):
    stub = STUB.replace("twice x", "two times x")
    save(course / f"notebooks/{NAME}.ipynb", first_release(stub=stub))
    desk.update(NAME)
    assert source_of(first, "double") == stub


def test_update_keeps_an_edited_course_cell_that_the_release_replaced(course, desk, first):
    set_source(first, "given", "numbers = [100]")
    newer = first_release(given="numbers = [4, 5]", given_id="given2")
    save(course / f"notebooks/{NAME}.ipynb", newer)
    desk.update(NAME)
    assert source_of(first, "given") == "numbers = [100]"
    assert source_of(first, "given2") == "numbers = [4, 5]"


def test_update_keeps_the_answer_of_an_exercise_that_was_withdrawn(course, desk, first):
    set_source(first, "double", ANSWER)
    newer = notebook(prose("title", "# First"), prose("end", "Recap."))
    save(course / f"notebooks/{NAME}.ipynb", newer)
    desk.update(NAME)
    assert source_of(first, "double") == ANSWER
    assert all("nbgrader" not in cell["metadata"] for cell in load(first)["cells"])


def test_update_keeps_an_answer_that_was_turned_into_text(course, desk, first):
    mine = load(first)
    (answer,) = [cell for cell in mine["cells"] if cell["id"] == "double"]
    answer.update(cell_type="markdown", source=[ANSWER])
    save(first, mine)
    desk.update(NAME)
    kept = [cell for cell in load(first)["cells"] if "".join(cell["source"]) == ANSWER]
    assert [cell["cell_type"] for cell in kept] == ["markdown"]
    assert kept[0]["id"] != "double"
    assert source_of(first, "double") == STUB


def test_a_symbolic_link_to_a_notebook_stays_one(desk, first, tmp_path):
    elsewhere = tmp_path / "elsewhere.ipynb"
    first.rename(elsewhere)
    first.symlink_to(elsewhere)
    set_source(first, "double", ANSWER)
    desk.reset(NAME, "double")
    assert first.is_symlink()
    assert source_of(elsewhere, "double") == STUB


@pytest.mark.parametrize("content", ["{", "[]", '{"double": "many"}'])
def test_damaged_counts_of_tries_are_one_sentence(desk, content):
    (desk.records / "attempts.json").write_text(content)
    with pytest.raises(WorkshopError, match="damaged; delete it"):
        desk.solution(NAME, "double")


def test_update_without_a_new_release_changes_nothing(desk, first):
    set_source(first, "double", ANSWER)
    set_source(first, "given", "numbers = [100]")
    before = first.read_bytes()
    assert desk.update(NAME) is None
    assert first.read_bytes() == before


def test_update_works_without_a_record_of_the_first_release(course, desk, first):
    set_source(first, "double", ANSWER)
    (desk.records / f"released/{NAME}.ipynb").unlink()
    save(course / f"notebooks/{NAME}.ipynb", first_release(check=CHECK + "\n# more"))
    assert desk.status()[1].newer
    desk.update(NAME)
    assert source_of(first, "double") == ANSWER
    assert source_of(first, "double_check").endswith("# more")


def test_update_puts_back_a_deleted_course_cell(course, desk, first):
    mine = load(first)
    del mine["cells"][2]
    save(first, mine)
    with pytest.raises(WorkshopError, match=r"was deleted.*workshop update"):
        desk.reset(NAME, "double")
    desk.update(NAME)
    assert source_of(first, "double") == STUB


def test_a_copied_answer_cell_stays_as_a_plain_cell(course, desk, first):
    mine = load(first)
    mine["cells"].insert(3, {**mine["cells"][2], "id": "copy", "source": ["double = 1"]})
    save(first, mine)
    save(course / f"notebooks/{NAME}.ipynb", first_release(check=CHECK + "\n# more"))
    desk.update(NAME)
    (copied,) = [cell for cell in load(first)["cells"] if cell["id"] == "copy"]
    assert copied["source"] == ["double = 1"]
    assert "nbgrader" not in copied["metadata"]


def test_solution_opens_after_enough_tries(desk):
    attempts = desk.records / "attempts.json"
    attempts.write_text(json.dumps({"double": 2}), encoding="utf-8")
    with pytest.raises(WorkshopError, match="after 3 tries; you have made 2"):
        desk.solution(NAME, "double")
    attempts.write_text(json.dumps({"double": 3}), encoding="utf-8")
    assert desk.solution(NAME, "double").endswith('"""Return twice x."""\n    return 2 * x')


def test_checks_are_told_when_solutions_open(course, desk):
    settings = desk.records / "settings.json"
    assert json.loads(settings.read_text()) == {"worked_solutions_after": 3}
    (course / "syllabus.toml").write_text("[course]\nworked_solutions_after = 0\n")
    desk.copy_missing()
    assert json.loads(settings.read_text()) == {"worked_solutions_after": 0}


def test_solution_can_be_turned_off(course, desk):
    (course / "syllabus.toml").write_text("[course]\nworked_solutions_after = 0\n")
    with pytest.raises(WorkshopError, match="turned worked solutions off"):
        desk.solution(NAME, "double")


def test_solution_of_a_written_answer_points_to_the_rubric(desk):
    with pytest.raises(WorkshopError, match=r"written answer.*rubric"):
        desk.solution(NAME, "why")


def test_submission_holds_the_notebook_and_a_true_receipt(desk, first):
    set_source(first, "double", ANSWER)
    submission = desk.submit("01_unit", NOON)
    with zipfile.ZipFile(submission.archive) as archive:
        assert archive.namelist() == [f"{NAME}.ipynb"]
        assert archive.read(f"{NAME}.ipynb") == first.read_bytes()
    receipt = json.loads(submission.receipt.read_text())
    packed = submission.archive.read_bytes()
    assert submission.archive.name == "01_unit-20250301T120000Z.zip"
    assert receipt["archive_sha256"] == hashlib.sha256(packed).hexdigest()
    assert (
        receipt["files_sha256"][f"{NAME}.ipynb"] == hashlib.sha256(first.read_bytes()).hexdigest()
    )
    assert receipt["submitted_at"] == "2025-03-01T12:00:00+00:00"


def test_equal_notebooks_give_equal_archives(desk, first):
    one = desk.submit("01_unit", NOON)
    os.utime(first, (1, 1))
    two = desk.submit("01_unit", NOON + datetime.timedelta(seconds=5))
    assert one.archive.read_bytes() == two.archive.read_bytes()


def test_submission_refuses_an_unreadable_notebook_and_writes_nothing(desk, first):
    first.write_text("not a notebook", encoding="utf-8")
    with pytest.raises(WorkshopError, match="not valid JSON"):
        desk.submit("01_unit", NOON)
    assert not (desk.work / "submitted").exists()


def test_submission_never_replaces_an_earlier_one(desk):
    desk.submit("01_unit", NOON)
    with pytest.raises(WorkshopError, match="exists already"):
        desk.submit("01_unit", NOON)


def test_a_folder_that_cannot_be_written_is_one_sentence(course):
    # A file where the folder should be: also refused for an administrator, unlike permissions.
    (course / "work").write_text("in the way")
    with pytest.raises(WorkshopError, match=r"Cannot write .*Nothing was changed"):
        Desk(course).copy_missing()


def test_command_errors_are_one_sentence_and_an_exit_code(course, desk, tmp_path):
    result = workshop("reset", "01_unit/09_none", "double", cwd=course)
    assert result.returncode == 1
    assert result.stderr.startswith("There is no notebook")
    assert "Traceback" not in result.stderr
    assert workshop("status", cwd=tmp_path).returncode == 1


def test_status_command_shows_points_and_the_next_step(course, desk):
    result = workshop("status", cwd=course / "work")
    assert result.returncode == 0
    assert NAME in result.stdout
    assert "Next: double in 01_unit/01_first (not attempted)." in result.stdout


def test_update_command_goes_on_after_an_unreadable_notebook(course, desk, first):
    first.write_text("{broken", encoding="utf-8")
    welcome = course / "notebooks/00_start_here/01_start_here.ipynb"
    save(welcome, notebook(prose("hello", "# Hello again")))
    result = workshop("update", cwd=course)
    assert result.returncode == 1
    assert "not valid JSON" in result.stderr
    assert "00_start_here/01_start_here updated" in result.stdout
    assert first.read_text() == "{broken"
