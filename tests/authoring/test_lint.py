import pytest

from workshop_lib.authoring.build import read_sources
from workshop_lib.authoring.lint import lint
from workshop_lib.authoring.syllabus import load

LONG = "\n".join(f"x{number} = {number}" for number in range(26))
FIGURE = 'figures.show(fig, alt="A line that rises from one to two.")'
PARAGRAPH = "# %% [markdown]\n# Look.\n\n"


def problems(root):
    syllabus = load(root)
    sources, found = read_sources(root, syllabus)
    return found + lint(sources, syllabus)


def test_the_small_course_keeps_all_rules(sources):
    assert problems(sources) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        ("01_first", 'title="Ages', 'titel="Ages', 24, "unknown key 'titel'"),
        ("01_first", 'title="Ages', 'exercise="x" title="Ages', 24, "one kind"),
        ("01_first", "points=2 t", "points=-2 t", 24, "points must be a number above 0"),
        ("01_first", 'transport="plain"', 'transport="json"', 24, "transport is plain or object"),
        ("01_first", "points=2 t", "points= t", 24, "cannot read the keys"),
        ("01_first", ' objective="W.5.5"', "", 17, "needs objective"),
        ("01_first", 'objective="W.5.5"', 'objective="W.5.99"', 17, "unknown objective"),
        ("01_first", 'objective="W.5.5"', 'objective="W.1.7"', 17, "is an alias; write W.7.1"),
        ("02_later", "01_first.clean_age", "01_first.clean", 4, "no solution"),
        ("01_first", 'check="clean_age"', 'check="clean_ages"', 25, "no exercise 'clean_ages'"),
        ("01_first", 'check="clean_age"', 'check="clean_ages"', 17, "has no check"),
        ("01_first", 'exercise="accuracy"', 'exercise="clean_age"', 47, "a second exercise named"),
        ("01_first", 'needs="clean_age"', 'needs="accuracy"', 39, "before this cell"),
        ("01_first", "    ### END SOLUTION\n", "", 17, "do not match"),
        ("01_first", "return right / total", "return right /", 50, "is not Python"),
        ("01_first", "    ### BEGIN SOLUTION\n    return right / total\n    ### END SOLUTION\n",
         "    return right / total\n", 47, "has no stub"),
        ("01_first", "    ### BEGIN SOLUTION\n    return right",
         "    raise NotImplementedError\n    ### BEGIN SOLUTION\n    return right", 47,
         "its stub raises"),
        ("01_first", "import pandas as pd\n", "import pandas as pd\n### BEGIN HIDDEN TESTS\n"
         "### END HIDDEN TESTS\n", 7, "hidden tests outside a check"),
        ("01_first", "import pandas as pd\n", LONG + "\n", 7, "at most 25"),
        ("01_first", "# %% [markdown]\n# The repaired column in numbers:\n\n", "", 36,
         "without prose between"),
        ("01_first", "# ## Ages", "# # Ages", 11, "a second H1"),
        ("01_first", "# ## Ages", "# ### Ages", 11, "heading level 3 after level 1"),
        ("01_first", "tolist())\n", "tolist());\n", 39, "ends with `;`"),
        ("01_first", "tolist())\n", "tolist());  # shown\n", 39, "ends with `;`"),
        ("01_first", "t.gives(0.8, accuracy, 80, 100)", "t.equal(accuracy(80, 100), 0.8)", 55,
         "a plain check touches 'accuracy'"),
        ("01_first", "t.gives(0.8, accuracy, 80, 100)", "t.equal(t.call([accuracy][0], 1, 1), 1)",
         55, "a plain check touches 'accuracy'"),
        ("01_first", "t.gives(0.8, accuracy, 80, 100)", "t.equal(len(ages), 3)", 55,
         "uses 'ages', which only the check of 'clean_age' defines"),
        ("01_first", "print(clean_age(pd.Series([\"42\", \"120\"])).tolist())", "print(ages)", 39,
         "uses 'ages', which only the check of 'clean_age' defines"),
        ("02_later", FIGURE, "figures.show(fig)", 15, "show without alt text"),
        ("02_later", FIGURE, 'figures.show(fig, alt="A line.")', 15, "under 20 characters"),
        ("02_later", FIGURE, f"{FIGURE}\n{FIGURE}", 16, "the same alt text"),
        ("01_first", "# The repaired column in numbers:",
         "# Use numbers.where(numbers.between(low, high)) for it.", None, None),
        ("01_first", "# The repaired column in numbers:",
         "# `return numbers.where(numbers.between(low, high))`", 17, "leak:"),
        ("02_later", "# It stands ready. Now a plot.", "# > **sentinel value**: a number.", 7,
         "already defined"),
    ],
)  # fmt: skip
def test_each_rule_names_file_and_line(sources, edit, file, old, new, line, message):
    edit(sources / "solutions" / "01_small" / f"{file}.py", old, new)
    found = problems(sources)
    if message is None:
        assert found == []
        return
    hits = [each for each in found if message in each.text]
    assert hits, found
    assert (hits[0].file, hits[0].line) == (f"solutions/01_small/{file}.py", line)


def test_an_earlier_notebook_may_not_show_a_later_solution(sources, edit):
    path = sources / "solutions" / "01_small"
    edit(path / "02_later.py", "# %%\nimport matplotlib", "# %%\nimport matplotlib")
    with (path / "02_later.py").open("a") as file:
        file.write(
            '\n# %% exercise="error_rate" objective="W.7.1"\ndef error_rate(right, total):\n'
            "    ### BEGIN SOLUTION\n    return (total - right) / total\n    ### END SOLUTION\n\n"
            '# %% check="error_rate" title="Errors" points=1 transport="plain"\n'
            'with t.item("Half"):\n    t.gives(0.5, error_rate, 1, 2)\n'
        )
    assert problems(sources) == []
    edit(path / "01_first.py", "# What would", "# return (total-right)/total\n# What would")
    assert [each.text[:5] for each in problems(sources)] == ["leak:"]


def test_a_later_notebook_may_show_an_earlier_solution(sources, edit):
    later = sources / "solutions" / "01_small" / "02_later.py"
    edit(later, "# It stands", "# `numbers.where(numbers.between(low, high))` did it. It stands")
    assert problems(sources) == []


def test_more_than_eight_graded_cells_are_refused(sources):
    with (sources / "solutions" / "01_small" / "01_first.py").open("a") as file:
        for number in range(6):
            file.write(
                f'\n# %% [markdown] written="why_{number}" points=1 rubric="1 = yes; 0 = no"\n'
                f"# Because {number}.\n"
            )
    assert [each.text[:14] for each in problems(sources)] == ["graded cell 9;"]


def test_a_source_without_a_row_is_refused(sources):
    path = sources / "solutions" / "01_small" / "03_more.py"
    path.write_text("# %% [markdown]\n# Text.\n")
    assert [(each.file, each.text[:26]) for each in problems(sources)] == [
        ("solutions/01_small/03_more.py", "is not in syllabus.toml; a")
    ]


def test_a_name_of_an_exercise_stands_once_in_the_course(sources):
    later = sources / "solutions" / "01_small" / "02_later.py"
    with later.open("a") as file:
        file.write(
            '\n# %% exercise="accuracy" objective="W.7.1"\ndef accuracy(right, wrong):\n'
            "    ### BEGIN SOLUTION\n    return right / (right + wrong)\n    ### END SOLUTION\n\n"
            '# %% check="accuracy" title="Accuracy" points=1 transport="plain"\n'
            'with t.item("Half"):\n    t.gives(0.5, accuracy, 1, 1)\n'
        )
    found = problems(sources)
    assert [(each.file, each.text) for each in found] == [
        (
            "solutions/01_small/02_later.py",
            "exercise 'accuracy' is already in solutions/01_small/01_first.py; take another name",
        )
    ]
