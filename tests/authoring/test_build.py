import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop_lib.authoring.build import build
from workshop_lib.checks.calls import definitions, fingerprint
from workshop_lib.errors import WorkshopError

ROOT = Path(__file__).parents[2]
FIRST = "01_small/01_first"
PRINT = 'print(clean_age(pd.Series(["42", "120"])).tolist())'


def cells(root, version, name=FIRST):
    notebook = json.loads((root / version / f"{name}.ipynb").read_text(encoding="utf-8"))
    return {cell["id"]: cell for cell in notebook["cells"]}


def text(cell):
    return "".join(cell["source"])


def generated(root):
    files = [*root.glob("*/*/*.ipynb"), *root.glob("docs/*.md")]
    return {path.relative_to(root): path.read_bytes() for path in files}


def run(root, *arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_second_execution_gives_the_same_bytes(course):
    before = generated(course)
    assert len(before) == 6
    result = build(course, force=True)
    assert (len(result.executed), result.problems) == (2, ())
    assert generated(course) == before


def test_unchanged_course_is_not_executed(course):
    before = generated(course)
    result = build(course)
    assert (result.executed, len(result.unchanged), result.problems) == ((), 2, ())
    assert generated(course) == before
    assert build(course, check=True).problems == ()


def test_prose_changes_without_execution(course, edit):
    edit(course / "solutions" / f"{FIRST}.py", "Here you repair them.", "You repair them now.")
    result = build(course)
    assert (result.executed, result.problems) == ((), ())
    for version in ("solutions", "notebooks"):
        assert "You repair them now." in str(cells(course, version))


def test_only_the_changed_notebook_is_executed(course, edit):
    edit(course / "solutions" / "01_small" / "02_later.py", "ax.plot([1, 2])", "ax.plot([1, 3])")
    result = build(course)
    assert (result.executed, result.unchanged) == (("01_small/02_later",), (FIRST,))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (f"solutions/{FIRST}.py", "Here you", "Now you"),
        (f"solutions/{FIRST}.py", 'hints("Turn', 'hints("Change'),
        (f"solutions/{FIRST}.ipynb", "plausible", "possible"),
        (f"notebooks/{FIRST}.ipynb", "...", "return right / total"),
        ("syllabus.toml", "minutes = 10", "minutes = 11"),
        ("docs/glossary.md", "sentinel", "centinel"),
        ("docs/misconceptions.md", "clipped", "cut"),
    ],
)
def test_check_finds_every_difference_and_changes_nothing(course, edit, file, old, new):
    edit(course / file, old, new)
    before = generated(course)
    assert build(course, check=True).problems
    assert generated(course) == before


def test_new_lock_file_makes_outputs_stale(course):
    (course / "constraints.txt").write_text("numpy==2.4.6\n")
    problems = build(course, check=True).problems
    assert {problem.file for problem in problems} == {
        "solutions/01_small/01_first.py",
        "solutions/01_small/02_later.py",
    }


def test_readme_table_is_rewritten_and_checked(course):
    readme = course / "README.md"
    readme.write_text("Before\n<!-- course table -->\n<!-- end -->\nAfter\n")
    assert build(course, check=True).problems[0].file == "README.md"
    assert build(course).problems == ()
    written = readme.read_text()
    assert written.startswith("Before\n<!-- course table -->\n| notebook |")
    assert "| [First steps](notebooks/01_small/01_first.ipynb) | 10 | 5 | W.5.5, W.7.1 |" in written
    assert written.endswith("<!-- end -->\nAfter\n")
    assert build(course, check=True).problems == ()


def test_learner_gets_stubs_and_visible_tests_only(course):
    released = cells(course, "notebooks")
    everything = " ".join(map(text, released.values()))
    for secret in ("to_numeric", "right / total", "Other limits", "SOLUTION", "HIDDEN", "Why 100"):
        assert secret not in everything
    assert text(released["clean_age"]).endswith("    ...")
    assert text(released["colleague"]) == "Write your answer here."
    assert all(not cell.get("outputs") for cell in released.values())
    for name in ("clean_age", "clean_age_check", "colleague", "colleague_rubric"):
        assert "checksum" in released[name]["metadata"]["nbgrader"]


def test_check_cell_knows_the_fingerprint_of_the_released_stub(course):
    released = cells(course, "notebooks")
    stub = fingerprint(definitions(text(released["clean_age"]))["clean_age"])
    lines = text(released["clean_age_check"]).split("\n")
    assert lines[0] == "# Check: Ages are plausible (2 points)"
    assert lines[1] == "def _check_clean_age():"
    assert lines[2] == (
        f'    t = check("clean_age", globals(), points=2, stub={{"clean_age": "{stub}"}})'
    )
    assert [line for line in lines[-4:] if line] == ["    return t.report()", "_check_clean_age()"]
    assert released["clean_age_check"]["metadata"]["jupyter"] == {"source_hidden": True}


OWN_HELPERS = """

def ages(numbers, low, high):
    return numbers.where(numbers.between(low, high))


def clean_age(texts, low=18, high=100):
    return ages(pd.to_numeric(texts, errors="coerce"), low, high)


t = "my own"
"""


def test_names_of_a_check_do_not_replace_those_of_a_learner(course):
    """The check assigns `ages` and `t`; the answer has a helper and a variable of these names."""
    names = {}
    for cell in cells(course, "solutions").values():
        grading = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] != "code" or text(cell).startswith("%%"):
            continue
        source = OWN_HELPERS if grading.get("grade_id") == "clean_age" else text(cell)
        body = ast.parse(source).body
        exec(compile(ast.Module(body[:-1], []), "cell", "exec"), names)
        last = ast.unparse(body[-1])
        names["report"] = eval(last, names) if grading.get("grade") else exec(last, names)
        if grading.get("grade_id") == "clean_age_check":
            assert names["report"].points == 2, names["report"].to_dict()
    assert names["ages"].__name__ == "ages" and names["t"] == "my own"


def test_cells_carry_nbgrader_metadata(course):
    solution = cells(course, "solutions")
    kinds = {
        name: tuple(solution[name]["metadata"]["nbgrader"][key] for key in keys)
        for keys in [("grade", "locked", "solution", "schema_version")]
        for name in ("clean_age", "clean_age_check", "colleague", "given_import_pandas")
    }
    assert kinds == {
        "clean_age": (False, False, True, 3),
        "clean_age_check": (True, True, False, 3),
        "colleague": (True, False, True, 3),
        "given_import_pandas": (False, True, False, 3),
    }
    assert solution["clean_age"]["metadata"]["workshop"]["objective"] == "W.5.5"


def test_solution_notebook_shows_full_points(course):
    outputs = cells(course, "solutions")["clean_age_check"]["outputs"]
    assert "".join(outputs[0]["data"]["text/plain"]) == "2.0"


def test_given_solution_is_locked_code_without_markers(course):
    given = cells(course, "notebooks", "01_small/02_later")["given_clean_age"]
    assert "numbers.where(numbers.between(low, high))" in text(given)
    assert "SOLUTION" not in text(given)
    assert given["metadata"]["editable"] is False


def test_header_comes_from_the_syllabus(course):
    header = next(iter(cells(course, "notebooks", "01_small/02_later").values()))
    assert text(header).startswith("# Later steps\n")
    assert "about 5 minutes and 5 optional minutes · 0 points" in text(header)
    assert "[First steps](01_first.ipynb)" in text(header)
    assert "Accuracy from counts (W.7.1)" in text(header)


def test_release_equals_nbgrader_byte_for_byte(course):
    done = run(course, "nbgrader", "generate_assignment", "01_small")
    assert done.returncode == 0, done.stderr
    made = sorted((course / "class" / "release" / "01_small").iterdir())
    assert [path.name for path in made] == ["01_first.ipynb", "02_later.ipynb"]
    for path in made:
        assert path.read_bytes() == (course / "notebooks" / "01_small" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "import pandas as pd\n",
            "import pandas as pd\nmissing\n",
            8,
            "solution notebook raises Name",
        ),
        (
            PRINT,
            "import sys\nprint('x', file=sys.stderr)",
            39,
            "solution notebook writes to stderr",
        ),
        ('needs="clean_age"', "", 39, "release notebook raises"),
        ("return right / total", "return right", 54, "solution notebook loses '80 of 100'"),
        ('with t.item("80 of 100")', 'missing\nwith t.item("80 of 100")', 54, "raises NameError"),
    ],
)
def test_failing_cell_is_named_with_its_line(sources, edit, old, new, line, message):
    (sources / "solutions" / "01_small" / "02_later.py").unlink()
    path = sources / "solutions" / f"{FIRST}.py"
    edit(path, old, new)
    problems = build(sources).problems
    assert [(problem.line, message in problem.text) for problem in problems] == [(line, True)]
    assert not (sources / "notebooks" / f"{FIRST}.ipynb").exists()


def test_sound_notebooks_are_built_beside_a_broken_one(sources, edit):
    edit(sources / "solutions" / f"{FIRST}.py", "# ## Ages", "# # Ages")
    result = build(sources)
    assert result.executed == ("01_small/02_later",)
    assert [problem.line for problem in result.problems] == [11]


def test_command_prints_a_table_and_no_traceback(sources, edit):
    edit(sources / "solutions" / f"{FIRST}.py", "points=2 transport", "pints=2 transport")
    done = run(sources, "workshop_lib.cli", "build", "--check")
    assert done.returncode == 1
    assert "01_first.py:24" in done.stderr
    assert "unknown key 'pints'" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_unit_is_one_sentence(sources):
    done = run(sources, "workshop_lib.cli", "build", "01_smal")
    assert done.returncode == 1
    assert done.stderr == (
        "There is no unit '01_smal'. Did you mean '01_small'? The units are: 01_small.\n"
    )


def test_missing_and_broken_syllabus_are_explained(tmp_path, sources, edit):
    with pytest.raises(WorkshopError, match="names the objective W\\.9\\.9"):
        edit(sources / "syllabus.toml", '"W.5.5", "W.7.1"', '"W.9.9"')
        build(sources)
    done = run(tmp_path, "workshop_lib.cli", "build")
    assert done.returncode == 1
    assert "no folder above it holds syllabus.toml" in done.stderr
