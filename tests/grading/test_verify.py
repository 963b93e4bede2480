"""`workshop verify`: right answers pass, wrong ones get their feedback, and it is remembered."""

import json
import shutil
import subprocess
import sys

import pytest

from workshop_lib.authoring import verify as verifier
from workshop_lib.authoring.answers import Answer
from workshop_lib.authoring.verify import collect_trials, complaint, outline, read_cache, verify
from workshop_lib.cli import author
from workshop_lib.errors import WorkshopError
from workshop_lib.grading import runner

SYLLABUS = """
[course]
title = "Small"
worked_solutions_after = 3
[objectives]
"W.1.1" = { title = "Halve", seed = "Halve." }
[[unit]]
id = "01_small"
title = "A small unit"
[[unit.notebook]]
file = "01_first"
title = "First"
objectives = ["W.1.1"]
minutes = 5
prerequisites = ["Python"]
"""
SOURCE = '''# %% [markdown]
# Some numbers are too large.

# %%
from workshop_lib.checks import check

# %% [markdown]
# ## Halves
#
# Write `half`.

# %% exercise="half" objective="W.1.1"
def half(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% check="half" title="Halves" points=2 transport="plain"
with t.item("Four"):
    got = t.call(half, 4)
    t.wrong_if("doubles", got == 8, "This is twice as much.")
    t.equal(got, 2)
### BEGIN HIDDEN TESTS
with t.item("Other numbers"):
    for seed in t.seeds:
        t.gives(seed / 2, half, seed)
### END HIDDEN TESTS
'''
ANSWERS = """# Answers.

# %% wrong="doubles" exercise="half"
def half(x):
    return 2 * x

# %% right="times one half" exercise="half"
def half(x):
    return 0.5 * x

# %% hardcoded="the example" exercise="half"
def half(x):
    return 2
"""


@pytest.fixture(scope="module")
def proved(tmp_path_factory):
    """A course that has been verified once, with what verify found and reported on the way."""
    root = tmp_path_factory.mktemp("proved")
    files = {
        "syllabus.toml": SYLLABUS,
        "solutions/01_small/01_first.py": SOURCE,
        "tests/answers/01_small/01_first.py": ANSWERS,
        "datasets/numbers.csv": "1\n",
        "constraints.txt": "",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    calls = []
    found = verify(root, on_result=lambda *done: calls.append(done))
    return root, found, calls


@pytest.fixture
def course(proved, tmp_path):
    return shutil.copytree(proved[0], tmp_path / "course")


@pytest.fixture
def change(course):
    def change(name, old, new):
        path = course / name
        text = path.read_text()
        assert old in text or not old
        path.write_text(text.replace(old, new) if old else text + new)

    return change


@pytest.fixture
def ran(monkeypatch):
    """Counts the jobs that really run."""
    counts = []
    run = runner.run

    def counting(jobs, **options):
        counts.append(len(jobs))
        return run(jobs, **options)

    monkeypatch.setattr(runner, "run", counting)
    return counts


def test_a_proved_check(proved):
    _, ((row,), problems), calls = proved
    assert problems == []
    assert (row.exercise, row.transport) == ("half", "plain")
    assert (row.wrong, row.right, row.blank, row.hardcoded) == ((1, 1), (2, 2), (1, 1), (1, 1))
    assert row.separate == (5, 5)
    assert calls == [(n, 10) for n in range(1, 11)]


BAD_ANSWERS = [
    ("right", "return 0.4 * x", "must get 2 points, got 0"),
    ("wrong", "return x / 2", "must not get full marks"),
    ("wrong", "return 3 * x", "must be told about 'bad 2'"),
    ("hardcoded", "return x / 2", "must not get full marks"),
    ("hardcoded", "import os; os._exit(3)", "did not end with a report"),
]


def test_answers_that_do_not_do_what_they_must(course, change, ran):
    for number, (kind, line, _) in enumerate(BAD_ANSWERS):
        head = f'# %% {kind}="bad {number}" exercise="half"'
        change("tests/answers/01_small/01_first.py", "", f"\n{head}\ndef half(x):\n    {line}\n")
    (row,), problems = verify(course)
    assert (row.right, row.wrong, row.hardcoded) == ((2, 3), (1, 3), (1, 3))
    for number, (kind, _, words) in enumerate(BAD_ANSWERS):
        about = f"01_small/01_first, half, {kind} answer 'bad {number}': "
        assert any(text.startswith(about) and words in text for text in problems)
    # What is not as it must be may come from a busy machine: it is tried again.
    verify(course)
    assert ran == [10, 10]


@pytest.mark.parametrize("kind", ["wrong", "right", "hardcoded"])
def test_missing_kinds_are_named(course, change, kind):
    other = "right" if kind == "wrong" else "wrong"
    change("tests/answers/01_small/01_first.py", f"{kind}=", f"{other}=")
    *_, problems = collect_trials(course)
    assert problems == [f"01_small/01_first: half has no {kind} answer"]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (
            '# %% wrong="x" exercise="double"\ndef double(x): pass',
            "belongs to double, which is not",
        ),
        ('# %% wrong="x"\ndef half(x): pass', "an answer has exercise="),
        (
            '# %% wrong="doubles" exercise="half"\ndef half(x): return 8',
            "two wrong answers 'doubles'",
        ),
        ('# %% right="x" exercise="half"\ndef half(x) return 8', "does not parse"),
    ],
)
def test_odd_answers_are_named(course, change, cell, problem):
    change("tests/answers/01_small/01_first.py", "", f"\n{cell}\n")
    _, trials, problems = collect_trials(course)
    assert len(problems) == 1
    assert problem in problems[0]
    assert len(trials) == 5


def test_no_answers_yet(course):
    (course / "tests/answers/01_small/01_first.py").unlink()
    _, trials, problems = collect_trials(course)
    assert [trial.answer.kind for trial in trials] == ["right", "blank"]
    assert "there are no answers yet" in problems[0]


def test_a_unit_that_is_not_there(course):
    with pytest.raises(WorkshopError, match="09_other"):
        verify(course, "09_other")


def test_a_system_without_fork_is_told_what_to_do(monkeypatch):
    monkeypatch.delattr("os.fork")
    with pytest.raises(WorkshopError, match="run it in WSL"):
        author.verify()


def test_results_are_remembered(course, proved, ran):
    assert verify(course) == proved[1]
    assert verify(course, use_cache=False) == proved[1]
    verify(course, seeds=(5,))
    assert ran == [0, 10, 10]


@pytest.mark.parametrize(
    ("name", "old", "new", "count"),
    [
        ("tests/answers/01_small/01_first.py", "2 * x", "x * 2", 2),
        ("solutions/01_small/01_first.py", "twice as much", "too much", 10),
        ("solutions/01_small/01_first.py", "return x / 2", "return x * 0.5", 2),
        ("solutions/01_small/01_first.py", "Some numbers", "Many numbers", 0),
        ("datasets/numbers.csv", "1", "2", 10),
        ("constraints.txt", "", "numpy==2\n", 10),
    ],
)
def test_what_changed_runs_again(course, change, ran, name, old, new, count):
    change(name, old, new)
    assert verify(course)[1] == []
    assert ran == [count]


def test_a_changed_library_runs_all_again(course, ran, tmp_path, monkeypatch):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "a.py").write_text("x = 1")
    monkeypatch.setattr(verifier, "LIBRARY", tmp_path / "library")
    verify(course)
    assert ran == [10]
    # Results with an older library are not kept for ever.
    assert (
        len(json.loads((course / ".cache/verify/01_small/01_first.json").read_text())["results"])
        == 10
    )


def test_what_runs_jobs_counts_as_library():
    code = (
        "import sys, workshop_lib.grading.runner, workshop_lib.grading.jobs, "
        "workshop_lib.grading.shell\n"
        "print(*[m for m in sys.modules if m.startswith('workshop_lib.grading.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in done.stdout.split()}
    assert loaded == set(verifier.RUNS_JOBS) - {"__init__"}


def test_a_run_that_is_stopped_keeps_what_it_has_found(course, ran):
    def stop(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(course, seeds=(6,), on_result=stop)
    assert verify(course, seeds=(6,))[1] == []
    assert ran == [10, 6]


def test_a_solved_notebook_is_graded_as_a_students_until_nothing_changes(course, change):
    calls = []
    found = verify(course, graded=True, on_result=lambda *done: calls.append(done))
    assert found[1] == []
    assert calls == [(11, 11)]
    verify(course, graded=True, on_result=lambda *done: calls.append(done))
    assert len(calls) == 1
    change("solutions/01_small/01_first.py", "return x / 2", "return x * 0.5")
    verify(course, graded=True, on_result=lambda *done: calls.append(done))
    assert calls[-2:] == [(10, 11), (11, 11)] and len(calls) > 2


def test_what_would_cost_a_solved_notebook_its_points_is_named(course, change):
    """Here the solution does what looks like an attack."""
    handler = "import signal; signal.signal(signal.SIGUSR1, print); return x / 2"
    change("solutions/01_small/01_first.py", "return x / 2", handler)
    change("solutions/01_small/01_first.py", 'transport="plain"', 'transport="object"')
    _, problems = verify(course, graded=True)
    about = "01_small/01_first, solved and graded as a student's: half_check gets 0 of 2 points"
    assert len(problems) == 1 and problems[0].startswith(about)
    assert "signals" in problems[0]
    assert verify(course, graded=True)[1] == problems


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "3", '{"library": "x"}', '{"library": "x", "results": 3}', "\x00"]
)
def test_a_damaged_cache_is_empty(tmp_path, content):
    assert read_cache(tmp_path, "unit/notebook", "x") == {}
    (tmp_path / ".cache/verify/unit").mkdir(parents=True)
    (tmp_path / ".cache/verify/unit/notebook.json").write_text(content)
    assert read_cache(tmp_path, "unit/notebook", "x") == {}


def result(points=2.0, state="passed", misconceptions=()):
    report = {"points": points, "state": state, "misconceptions": list(misconceptions), "items": []}
    return {"report": report, "problem": None}


@pytest.mark.parametrize(
    ("kind", "given", "fine"),
    [
        ("right", result(), True),
        ("right", result(1.99, "not yet"), False),
        ("blank", result(0.0, "not attempted"), True),
        ("blank", result(0.0, "not yet"), False),
        ("blank", result(), False),
        ("wrong", result(1.0, "not yet", ["idea"]), True),
        ("wrong", result(1.0, "not yet", ["other"]), False),
        ("wrong", result(2.0, "passed", ["idea"]), False),
        ("hardcoded", result(1.0, "not yet"), True),
        ("hardcoded", result(), False),
        ("right", {"report": None, "problem": "took over 60 s"}, False),
    ],
)
def test_complaint(kind, given, fine):
    answer = Answer("half", kind, "idea", "")
    trial = verifier.Trial("n", answer, 2.0, "plain", runner.Job("k", ()), None)
    assert (complaint(trial, given) is None) == fine


def test_outline_of_a_problem_is_its_text():
    assert outline({"report": None, "problem": "took over 60 s"}) == "took over 60 s"
