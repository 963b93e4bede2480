import copy
import json

import pytest

from workshop_lib.grading import rebuilding
from workshop_lib.grading.matching import find_notebooks

STUB = "def square(x):\n    ..."
ANSWER = "def square(x):\n    return x * x"
GIVEN_CHECK = "assert square(2) == 4"
CHECK = f"{GIVEN_CHECK}\n### BEGIN HIDDEN TESTS\nassert square(3) == 9\n### END HIDDEN TESTS"


def cell(kind, source, name, **marks):
    new = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if marks:
        usual = {"grade": False, "solution": False, "locked": False, "task": False}
        new["metadata"]["nbgrader"] = {"grade_id": name, "schema_version": 3, **usual, **marks}
    return new | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(*cells, **more):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


@pytest.fixture
def skeleton():
    return notebook(
        cell("markdown", "# Squares", "title"),
        cell("code", "import math", "imports", locked=True),
        cell("code", "SCALE = 10", "scale"),
        cell("code", STUB, "square", solution=True),
        cell("code", CHECK, "square_check", grade=True, locked=True, points=2),
        cell("markdown", "Write here.", "why", grade=True, solution=True, points=3),
        cell("code", "print(SCALE)", "show"),
    )


@pytest.fixture
def handed(skeleton):
    """What an honest student has: the check without its hidden part, the answers filled in."""
    own = copy.deepcopy(skeleton)
    own["cells"][3]["source"] = ANSWER
    own["cells"][4]["source"] = GIVEN_CHECK
    own["cells"][5]["source"] = "Because."
    return own


def rebuild(skeleton, submitted):
    return rebuilding.rebuild(skeleton, submitted, {"square_check": GIVEN_CHECK})


def sources(rebuilt):
    return [c["source"] for c in rebuilt.notebook["cells"]]


def by_name(rebuilt, name):
    return next(c for c in rebuilt.notebook["cells"] if c["id"] == name)


def write(content):
    return json.dumps(content).encode()


def test_an_honest_notebook_gets_our_checks_and_keeps_its_answers(skeleton, handed):
    before = copy.deepcopy(skeleton)
    rebuilt = rebuild(skeleton, write(handed))
    assert rebuilt.remarks == () and rebuilt.problem is None
    assert by_name(rebuilt, "square")["source"] == ANSWER
    assert by_name(rebuilt, "square_check")["source"] == CHECK
    assert by_name(rebuilt, "why")["source"] == "Because."
    assert skeleton == before


def test_sources_may_be_lists_of_lines(skeleton, handed):
    for each in handed["cells"]:
        each["source"] = each["source"].splitlines(True)
    assert by_name(rebuild(skeleton, write(handed)), "square")["source"] == ANSWER


def test_given_cells_that_were_changed_and_own_cells_stay(skeleton, handed):
    handed["cells"][2]["source"] = "SCALE = 3"
    handed["cells"].insert(4, cell("code", "square(7)", "my-try"))
    handed["cells"].append(cell("markdown", "My notes", "my-notes"))
    rebuilt = rebuild(skeleton, write(handed))
    assert sources(rebuilt)[2:5] == ["SCALE = 3", ANSWER, "square(7)"]
    assert sources(rebuilt)[-1] == "My notes"
    assert rebuilt.remarks == ()


def test_outputs_of_the_student_are_dropped(skeleton, handed):
    for each in handed["cells"]:
        if each["cell_type"] == "code":
            each["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    cells = rebuild(skeleton, write(handed)).notebook["cells"]
    assert all(not c["outputs"] for c in cells if c["cell_type"] == "code")


def test_locked_cells_that_were_changed_are_ours_again(skeleton, handed):
    handed["cells"][4]["source"] = "pass"
    handed["cells"][1]["source"] = "math = None"
    rebuilt = rebuild(skeleton, write(handed))
    assert by_name(rebuilt, "square_check")["source"] == CHECK
    assert by_name(rebuilt, "imports")["source"] == "import math"
    assert (
        "Locked cells that were changed; ours were used: imports, square_check." in rebuilt.remarks
    )


def test_tags_and_marks_on_graded_cells_are_removed(skeleton, handed):
    handed["cells"][4]["metadata"]["tags"] = ["skip-execution"]
    handed["cells"][4]["metadata"]["nbgrader"].update(points=200, schema_version=99)
    handed["cells"][3]["metadata"]["nbgrader"]["schema_version"] = 1
    rebuilt = rebuild(skeleton, write(handed))
    assert by_name(rebuilt, "square_check")["metadata"] == skeleton["cells"][4]["metadata"]
    assert "Tags were removed from: square_check." in rebuilt.remarks
    assert "Grading marks were set right in: square, square_check." in rebuilt.remarks


def test_deleted_cells_are_put_back(skeleton, handed):
    handed["cells"] = [
        c for c in handed["cells"] if c["id"] not in ("square_check", "scale", "why")
    ]
    rebuilt = rebuild(skeleton, write(handed))
    assert [c["id"] for c in rebuilt.notebook["cells"]] == [c["id"] for c in skeleton["cells"]]
    assert rebuilt.remarks == (
        "Answers that are missing count as empty: why.",
        "Locked cells that were missing were put back: square_check.",
        "1 given code cell was put back.",
    )


@pytest.mark.parametrize("order", [(STUB, ANSWER), (ANSWER, STUB), ("def square(x): 0", ANSWER)])
def test_of_several_copies_the_last_changed_one_counts(skeleton, handed, order):
    answer = handed["cells"].pop(3)
    copies = [{**copy.deepcopy(answer), "source": source} for source in order]
    handed["cells"][3:3] = copies
    rebuilt = rebuild(skeleton, write(handed))
    assert by_name(rebuilt, "square")["source"] == ANSWER
    assert STUB not in sources(rebuilt)
    assert any("stood several times" in remark and "square" in remark for remark in rebuilt.remarks)


def test_copies_of_checks_are_left_out(skeleton, handed):
    handed["cells"].insert(5, copy.deepcopy(handed["cells"][4]))
    assert len(rebuild(skeleton, write(handed)).notebook["cells"]) == len(skeleton["cells"])


def test_moved_cells_stand_where_they_should(skeleton, handed):
    handed["cells"].append(handed["cells"].pop(3))
    rebuilt = rebuild(skeleton, write(handed))
    assert [c["id"] for c in rebuilt.notebook["cells"]] == [c["id"] for c in skeleton["cells"]]
    assert any("put back into their order" in remark for remark in rebuilt.remarks)


def test_an_answer_that_became_text_is_code_again(skeleton, handed):
    answer = handed["cells"][3]
    answer["cell_type"] = "markdown"
    del answer["outputs"], answer["execution_count"]
    rebuilt = rebuild(skeleton, write(handed))
    assert by_name(rebuilt, "square")["cell_type"] == "code"
    assert by_name(rebuilt, "square")["source"] == ANSWER
    assert "Cells of another kind were set right: square." in rebuilt.remarks


def test_a_given_cell_that_became_text_stays_text(skeleton, handed):
    handed["cells"][6].update(cell_type="markdown")
    assert by_name(rebuild(skeleton, write(handed)), "show")["cell_type"] == "markdown"


def test_answers_are_found_without_ids_and_marks(skeleton, handed):
    handed["nbformat_minor"] = 4
    for each in handed["cells"]:
        del each["id"]
        each["metadata"] = {}
    rebuilt = rebuild(skeleton, write(handed))
    assert by_name(rebuilt, "square")["source"] == ANSWER
    assert by_name(rebuilt, "why")["source"] == "Because."
    assert sources(rebuilt).count(ANSWER) == 1


def test_an_answer_without_its_mark_is_found_by_the_name_that_it_defines(skeleton, handed):
    handed["cells"][3] = cell("code", ANSWER, "new-id")
    handed["cells"].insert(3, cell("code", "x = 1", "other"))
    rebuilt = rebuild(skeleton, write(handed))
    assert by_name(rebuilt, "square")["source"] == ANSWER
    assert "x = 1" in sources(rebuilt)
    assert "Answers without their mark were found by place or name: square." in rebuilt.remarks


def test_own_cells_never_take_an_id_of_ours(skeleton, handed):
    handed["cells"].append(cell("code", "pass", "square_check"))
    handed["cells"].append(cell("code", "pass", "bad id!"))
    ids = [c["id"] for c in rebuild(skeleton, write(handed)).notebook["cells"]]
    assert len(ids) == len(set(ids)) and "bad id!" not in ids


def test_pictures_in_written_answers_stay_and_scripts_do_not(skeleton, handed):
    picture = {"a.png": {"image/png": "aGk="}, "b": {"image/svg+xml": "<script/>"}, "c": 3}
    handed["cells"][5]["attachments"] = picture
    assert by_name(rebuild(skeleton, write(handed)), "why")["attachments"] == {
        "a.png": {"image/png": "aGk="}
    }


def test_format_3_is_read(skeleton):
    old = {
        "nbformat": 3,
        "metadata": {},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": "Squares"},
                    {
                        "cell_type": "code",
                        "input": ANSWER,
                        "metadata": {"nbgrader": {"grade_id": "square", "solution": True}},
                    },
                ]
            }
        ],
    }
    rebuilt = rebuild(skeleton, write(old))
    assert by_name(rebuilt, "square")["source"] == ANSWER
    assert any("old format 3" in remark for remark in rebuilt.remarks)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x89PNG\r\n", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "not a notebook"),
        (b"3", "not a notebook"),
        (b'{"nbformat": 4}', "format 4"),
        (b'{"nbformat": 5, "cells": []}', "format 4"),
        (b'{"nbformat": 4, "cells": [' + b"[]," * 1_000_000 + b"0]}", "too many parts"),
        (
            json.dumps({"nbformat": 4, "cells": [{"cell_type": "raw"}] * 2001}).encode(),
            "2001 cells",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(skeleton, content, said):
    rebuilt = rebuild(skeleton, content)
    assert said in rebuilt.problem
    assert by_name(rebuilt, "square")["source"] == STUB


@pytest.mark.parametrize(
    "damage",
    [
        {"cells": [None, 3, [], {"cell_type": "code"}, {"cell_type": "magic", "source": "x"}]},
        {"cells": [{"cell_type": "code", "source": {"a": 1}, "metadata": 4, "id": 7}]},
        {
            "cells": [
                {"cell_type": "code", "source": [1, None], "metadata": {"nbgrader": [], "tags": 3}}
            ]
        },
        {"cells": [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["square"]}}}]},
        {"metadata": {"kernelspec": 3}},
        {"metadata": [1]},
        {"metadata": {"kernelspec": {"language": {"R": 1}}}},
    ],
)
def test_damaged_parts_are_no_exception(skeleton, damage):
    rebuilt = rebuild(
        skeleton, write(notebook(**damage) if "metadata" in damage else {**notebook(), **damage})
    )
    assert rebuilt.problem is None
    assert by_name(rebuilt, "square_check")["source"] == CHECK


def test_a_foreign_kernel_is_said(skeleton, handed):
    handed["metadata"] = {"kernelspec": {"name": "ir", "language": "R"}}
    rebuilt = rebuild(skeleton, write(handed))
    assert "The notebook asks for R; it was graded as Python." in rebuilt.remarks
    assert rebuilt.notebook["metadata"] == skeleton["metadata"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_other_encodings_are_read(skeleton, handed, encoding):
    handed["cells"][5]["source"] = "für"
    content = json.dumps(handed, ensure_ascii=False).encode(encoding)
    assert by_name(rebuild(skeleton, content), "why")["source"] == "für"


def test_sources_can_always_be_written(skeleton, handed):
    handed["cells"][5]["source"] = "half a \ud83d letter"
    rebuilt = rebuild(skeleton, write(handed))
    assert json.dumps(rebuilt.notebook, ensure_ascii=False).encode()


def test_nan_in_outputs_is_no_reason_to_refuse(skeleton, handed):
    handed["cells"][0]["metadata"]["x"] = float("nan")
    assert rebuild(skeleton, write(handed)).problem is None


def test_a_renamed_notebook_is_found(skeleton, handed):
    other = notebook(cell("code", "", "other", solution=True))
    found, remarks = find_notebooks(
        {"squares": skeleton, "other": other},
        {"squares (1).ipynb": write(handed), "notes.ipynb": write(notebook()), "a.csv": b""},
    )
    assert found == {"squares": "squares (1).ipynb"}
    assert remarks == [
        "squares (1).ipynb was graded as squares.ipynb: it holds its cells.",
        "other.ipynb is missing: it counts 0 points.",
        "notes.ipynb is no notebook of this unit and was not graded.",
    ]
