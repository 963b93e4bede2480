"""Honest notebooks get the points that they earn; a fault costs its own question only."""

import base64
import json
import threading
import time

import psutil
import pytest

from tests.grading.notebooks import answer, given, notebook, test, with_answers
from workshop_lib.checks.calls import fingerprint
from workshop_lib.grading import execute as execution
from workshop_lib.grading import isolation
from workshop_lib.grading.execute import DismissedError, Limits, close_engines, execute

LEVELS = [level for level in isolation.LEVELS if isolation.available(level)]
MODULES = ["numpy", "numpy.testing", "pandas", "sklearn.linear_model", "matplotlib.pyplot"]
QUICK = Limits(cell_seconds=2, total_seconds=60)
COURSE = notebook(
    given("import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt"),
    given("table = pd.DataFrame({'x': [1, 2, 3]})\nlimit = 3"),
    answer("double", "def double(x):\n    ..."),
    test("double_test", "assert double(2) == 4\nassert double(-1) == -2", 2),
    answer("value", "number = None"),
    test("value_test", "assert number == 42", 1),
    answer("change", "# change the table"),
    test("change_test", "assert list(table.columns) == ['x', 'y']\nassert table.y.sum() == 12", 1),
    answer("fit", "def fit(X, y):\n    ..."),
    test(
        "fit_test",
        "from sklearn.linear_model import LinearRegression\n"
        "model = fit(np.array([[0.], [1.]]), np.array([1., 3.]))\n"
        "assert isinstance(model, LinearRegression)\n"
        "assert abs(model.coef_[0] - 2) < 1e-9",
        1,
    ),
    answer("refuse", "def refuse(x):\n    ..."),
    test(
        "refuse_test",
        "try:\n    refuse(-1)\n    raise AssertionError('nothing was raised')\n"
        "except ValueError as error:\n    assert 'negative' in str(error)",
        1,
    ),
    answer("part", "def part(x):\n    ..."),
    test("part_test", "good = sum(part(k) == k**2 for k in range(4))\ngood / 4 * 2", 2),
    answer("apply", "def apply(f, values):\n    ..."),
    test("apply_test", "assert apply(lambda v: v + 1, [1, 2]) == [2, 3]", 1),
    answer("sorter", "def sorter(values):\n    ..."),
    test("sorter_test", "v = [3, 1]\nsorter(v)\nassert v == [1, 3]", 1),
    answer("printer", "def printer():\n    ..."),
    test(
        "printer_test",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "    printer()\nassert out.getvalue() == 'hello\\n'",
        1,
    ),
    answer("Counter", "class Counter:\n    ..."),
    test("Counter_test", "c = Counter(3)\nc.add()\nassert c.total == 4\nassert c == Counter(4)", 1),
    given("plt.plot(table['x'])\nplt.show()"),
)  # fmt: skip
SOLVED = {
    "double": "def double(x):\n    return 2 * x",
    "value": "number = 6 * 7",
    "change": "table['y'] = table['x'] * 2",
    "fit": "from sklearn.linear_model import LinearRegression\n"
    "def fit(X, y):\n    return LinearRegression().fit(X, y)",
    "refuse": "def refuse(x):\n    if x < 0: raise ValueError('negative number')\n    return x",
    "part": "def part(x):\n    return x * x",
    "apply": "def apply(f, values):\n    return [f(v) for v in values]",
    "sorter": "def sorter(values):\n    values.sort()",
    "printer": "def printer():\n    print('hello')",
    "Counter": "class Counter:\n    def __init__(self, start): self.total = start\n"
    "    def add(self): self.total += 1\n"
    "    def __eq__(self, other): return self.total == other.total",
}
POINTS = {"double_test": 2, "part_test": 2}


@pytest.fixture(scope="module", autouse=True)
def end_engines():
    yield
    close_engines()


def run(skeleton, *, level="auto", limits=QUICK, files=None, environment=None, **answers):
    unit = {
        "notebooks": {"n": skeleton},
        "modules": MODULES,
        "environment": environment or {"WORKSHOP_SEEDS": "0,1"},
    }
    made = with_answers(skeleton, **answers)
    result = execute(unit, {"n": made}, files or {}, limits, level)
    return result["notebooks"]["n"]


def points(result):
    return {name: grade["points"] for name, grade in result["grades"].items()}


FULL = {c["metadata"]["nbgrader"]["grade_id"]: c["metadata"]["nbgrader"]["points"]
        for c in COURSE["cells"] if c["metadata"].get("nbgrader", {}).get("grade")}  # fmt: skip


@pytest.mark.parametrize("level", [*LEVELS, "none"])
def test_a_solved_notebook_of_any_course_gets_full_points(level):
    result = run(COURSE, level=level, **SOLVED)
    assert result["problem"] is None
    assert points(result) == FULL, result["grades"]
    labels = {name: grade["label"] for name, grade in result["grades"].items()}
    crossing = {"fit_test", "apply_test", "sorter_test", "Counter_test"}
    assert {name for name, label in labels.items() if label == "verified"} == FULL.keys() - crossing


def test_a_blank_notebook_gets_nothing():
    assert set(points(run(COURSE)).values()) == {0.0}


@pytest.mark.parametrize(
    ("name", "source", "gained"),
    [
        ("double", "def double(x):\n    return x + 2", 0),
        ("double", "1 / 0", 0),
        ("double", "def double(x:", 0),
        ("double", "def double(x):\n    raise SystemExit", 0),
        ("value", "number = 41", 0),
        ("part", "def part(x):\n    return x", 1),
        ("fit", "def fit(X, y):\n    return 3", 0),
        ("refuse", "def refuse(x):\n    return x", 0),
        ("refuse", "def refuse(x):\n    raise KeyError('negative')", 0),
        ("sorter", "def sorter(values):\n    pass", 0),
        ("printer", "def printer():\n    print('hi')", 0),
    ],
)
def test_a_wrong_answer_costs_its_own_points(name, source, gained):
    got = points(run(COURSE, **{**SOLVED, name: source}))
    assert got == {**FULL, f"{name}_test": gained}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(3)",
        "import ctypes\nctypes.string_at(0)",
        "while True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos.abort()",
        "import time\ntime.sleep(1000)",
    ],
)
def test_a_cell_that_ends_python_costs_its_own_question(source, level):
    got = points(run(COURSE, level=level, **{**SOLVED, "double": source}))
    assert got == {**FULL, "double_test": 0}


@pytest.mark.parametrize("body", ["import os; os._exit(3)", "\n    while True: pass"])
def test_a_function_that_ends_python_costs_its_own_question(body):
    got = points(run(COURSE, **{**SOLVED, "double": f"def double(x): {body}"}))
    assert got == {**FULL, "double_test": 0}


def test_too_much_memory_costs_its_own_question():
    limits = Limits(cell_seconds=5, total_seconds=60, memory_bytes=300 << 20)
    hog = "kept = []\nwhile True:\n    kept.append(np.ones(10_000_000))"
    got = points(run(COURSE, limits=limits, **{**SOLVED, "double": hog}))
    assert got == {**FULL, "double_test": 0}


def test_a_notebook_that_takes_too_long_in_all_is_a_problem_and_not_an_error():
    limits = Limits(cell_seconds=30, total_seconds=2)
    result = run(COURSE, limits=limits, double="import time\ntime.sleep(20)")
    assert "2 s in all" in result["problem"]
    assert set(points(result).values()) == {0.0}


def test_stderr_costs_nothing():
    noisy = "import sys\nprint('noise', file=sys.stderr)\n" + SOLVED["double"].replace(
        "return", "print('noise', file=sys.stderr); return"
    )
    assert points(run(COURSE, **{**SOLVED, "double": noisy})) == FULL


def test_outputs_are_kept_as_a_notebook_stores_them():
    result = run(COURSE, **{**SOLVED, "value": "number = 42\nprint('a')\nnumber"})
    outputs = result["outputs"]["4"]
    assert [each["output_type"] for each in outputs] == ["stream", "execute_result"]
    assert outputs[1]["data"]["text/plain"] == "42"
    plot = result["outputs"][str(len(COURSE["cells"]) - 1)]
    assert any("image/png" in each.get("data", {}) for each in plot)


def test_files_of_the_course_are_there_and_nothing_else():
    skeleton = notebook(
        answer("read", "def read(): ..."),
        test("read_test", "assert read() == ['data', 'numbers.csv']\n"),
    )
    source = "import os\ndef read():\n    return sorted(os.listdir('data/..')[:9])"
    files = {"numbers.csv": b"1", "data/more.csv": b"2"}
    result = run(skeleton, files=files, read=source)
    assert points(result) == {"read_test": 1}, result


STUB = {"half": fingerprint("def half(x): ...")}
OURS = notebook(
    given("import numpy as np\nfrom workshop_lib.checks import check"),
    answer("half", "def half(x): ..."),
    test(
        "half_check",
        f"t = check('half', globals(), points=2, stub={STUB})\nwith t.item('two'):\n"
        "    t.gives(1.0, half, 2)\nwith t.item('seeds'):\n    for seed in t.seeds:\n"
        "        t.gives(seed / 2, half, seed)\nt.report()",
        2,
        exercise="half",
        transport="plain",
    ),
    given("%%needs half\nprint('half of 8 is', half(8))"),
    answer("Scale", "class Scale: ..."),
    test(
        "Scale_check",
        "t = check('Scale', globals(), points=2, stub={})\nwith t.item('an object'):\n"
        "    made = t.call(Scale, 2)\n    t.require(made.k == 2, 'no k')\nt.report()",
        2,
        exercise="Scale",
        transport="object",
    ),
)


def test_our_checks_are_verified_or_in_process_by_their_transport():
    result = run(OURS, half="def half(x): return x / 2",
                 Scale="class Scale:\n    def __init__(self, k): self.k = k")  # fmt: skip
    grades = result["grades"]
    assert points(result) == {"half_check": 2, "Scale_check": 2}
    assert [grades[n]["label"] for n in ("half_check", "Scale_check")] == ["verified", "in-process"]
    assert grades["half_check"]["report"]["state"] == "passed"
    assert "half of 8 is 4.0" in result["outputs"]["3"][0]["text"]


OF_A_FILE = f"""
from workshop_lib.checks import TextFile
t = check("half", globals(), points=2, stub={STUB})
with t.item("of a file"):
    t.gives(4.0, half, TextFile("number.txt", "8"))
t.report()"""


@pytest.mark.parametrize("level", LEVELS)
def test_a_file_of_a_check_is_there_in_the_students_process(level):
    content = json.loads(json.dumps(OURS))
    content["cells"][2]["source"] = OF_A_FILE
    grade = run(content, level=level, half="def half(x): return float(open(x).read()) / 2")[
        "grades"
    ]
    assert (grade["half_check"]["points"], grade["half_check"]["label"]) == (2, "verified")


def test_a_helper_of_an_earlier_check_does_not_replace_one_of_the_student():
    helper = "def helper(k):\n    return 'of the check'\n"
    content = json.loads(json.dumps(OURS))
    content["cells"][2]["source"] = helper + content["cells"][2]["source"]
    scale = "def helper(k): return k\nclass Scale:\n    def __init__(self, k): self.k = helper(k)"
    assert points(run(content, Scale=scale))["Scale_check"] == 2


def test_cells_that_need_an_answer_say_so_while_it_is_missing():
    result = run(OURS)
    assert points(result) == {"half_check": 0, "Scale_check": 0}
    assert "not there yet" in result["outputs"]["3"][0]["text"]


def test_seeds_of_the_unit_reach_the_checks():
    hard_coded = "def half(x): return {2: 1.0, 0: 0.0, 1: 0.5}[x]"
    assert points(run(OURS, half=hard_coded))["half_check"] == 2
    got = run(OURS, half=hard_coded, environment={"WORKSHOP_SEEDS": "5,8"})
    assert points(got)["half_check"] == 1


def test_no_process_of_a_student_is_left():
    sleep = ["sleep", "98.765"]
    run(COURSE, **{**SOLVED, "double": f"import subprocess\nsubprocess.Popen({sleep})"})
    assert sleep not in [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]


SHORT = notebook(
    answer("first", "def first(x): ..."),
    test("first_test", "x = 1\nwhile x < 100:\n    x = first(x)\nassert x == 128"),
    given("import time\nif SLEEPS:\n    time.sleep(60)"),
    answer("last", "def last(x): ..."),
    test("last_test", "assert last(1) == 2"),
)


def grades_of_short(first, sleeps=False, **limits):
    names = {"first": f"{first}\nSLEEPS = {sleeps}", "last": "def last(x): return x + 1"}
    unit = {"notebooks": {"n": SHORT}, "modules": [], "environment": {}}
    limits = Limits(**{"cell_seconds": 2, "total_seconds": 60, **limits})
    result = execute(unit, {"n": with_answers(SHORT, **names)}, {}, limits)["notebooks"]["n"]
    return [grade["points"] for grade in result["grades"].values()], result


def test_a_test_that_does_not_end_costs_its_own_points_only():
    points, result = grades_of_short("def first(x): return x")
    assert points == [0, 1] and "took over 2 s" in str(result["outputs"]["1"]), result


def test_a_notebook_that_does_not_end_keeps_what_it_has_earned():
    points, result = grades_of_short("def first(x): return 2 * x", True, total_seconds=6)
    assert points == [1, 0] and "took over 6 s in all" in result["problem"], result


def test_outputs_with_texts_of_a_library_are_kept():
    shows = """
from datetime import date
class Markup(str): pass
class Table:
    def _repr_html_(self): return Markup('<b>2</b>')
    def _repr_mimebundle_(self, **_):
        return {"application/json": {"day": date(2026, 1, 1)}}
def first(x): return 2 * x
display(Table())
"""
    points, result = grades_of_short(shows)
    assert points == [1, 1] and "2026-01-01" in str(result["outputs"]["0"]), result


def test_large_files_reach_the_notebook():
    large = b"x" * (70 << 20)
    skeleton = notebook(
        answer("size", "size = ..."),
        test("t", "import os\nassert size == os.path.getsize('large.bin') == 70 << 20"),
    )
    ours = {"large.bin": base64.b64encode(large).decode()}
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}, "files": ours}
    made = with_answers(skeleton, size="import os\nsize = os.path.getsize('large.bin')")
    result = execute(unit, {"n": made}, {"large.bin": large})["notebooks"]["n"]
    assert result["grades"]["t"]["points"] == 1, result


def test_work_that_nobody_waits_for_is_not_begun_again():
    ends = []

    def work():
        try:
            grades_of_short("import time\ntime.sleep(30)", cell_seconds=30)
        except DismissedError as error:
            ends.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(3)
    close_engines()
    thread.join(20)
    assert ends == ["The work was stopped."]


def test_a_verifier_that_fails_says_why_and_gets_a_second_chance(monkeypatch):
    runs, run_notebook = [], execution.run_notebook
    monkeypatch.setattr(
        execution, "run_notebook", lambda *words: runs.append(1) or run_notebook(*words)
    )
    unit = {"notebooks": {"n": SHORT}, "modules": [], "environment": {}}
    result = execute(unit, {"n": SHORT}, {}, Limits("soon"))["notebooks"]["n"]
    assert len(runs) == 2
    assert "TypeError" in result["problem"] and "line" in result["problem"], result
