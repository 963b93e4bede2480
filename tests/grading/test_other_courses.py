"""Tests of another course give what they give in one process, though ours runs them in two.

What is right is not written down here: each test also runs with its answer in one plain namespace.
"""

import ast
import contextlib
import io
import os
import warnings

import pytest

from tests.grading.notebooks import answer, given, notebook, test, with_answers
from workshop_lib.grading import isolation
from workshop_lib.grading.course import modules_in
from workshop_lib.grading.execute import Limits, execute

LEVEL = next(level for level in isolation.LEVELS if isolation.available(level))
GIVEN = "import numpy as np\nclass OwnError(Exception): pass"
PRINTED = (
    "import contextlib, io\nwith contextlib.redirect_{0}(io.StringIO()) as text:\n    first(1)\n"
)
RAISED = "try:\n    first(1)\nexcept {0} as problem:\n    {1}\nelse:\n    assert False"
WARNED = "import warnings\nwith warnings.catch_warnings({0}) as seen:\n    {1}\n    first(1)\n"
TESTS = {
    "class of a result": "assert type(first('aab')) is dict",
    "method of a result": "assert first('aab').most_common(1) == [('a', 2)]",
    "missing key": "r = first('aab')\nassert r['z'] == 0",
    "named result": "assert first('aab').pvalue > 0",
    "printed": PRINTED.format("stdout") + "assert text.getvalue() == 'hi\\n'",
    "printed much": PRINTED.format("stdout") + "assert len(text.getvalue()) == 900",
    "printed as an error": PRINTED.format("stderr") + "assert text.getvalue() == 'hi\\n'",
    "nothing printed as an error": PRINTED.format("stderr") + "assert text.getvalue() == ''",
    "a warning": WARNED.format("record=True", "warnings.simplefilter('always')") + "assert seen",
    "no warning": WARNED.format("", "warnings.simplefilter('error')"),
    "arguments of an error": RAISED.format("ValueError", "assert problem.args == ('no', 1)"),
    "text of an error": RAISED.format("KeyError", "assert str(problem) == repr('no')"),
    "cause of an error": RAISED.format("ValueError", "assert problem.__cause__"),
    "own error": RAISED.format("OwnError", "pass"),
    "error of a library": RAISED.format("np.linalg.LinAlgError", "pass"),
    "signature": "import inspect\nassert len(inspect.signature(first).parameters) == 1",
    "docstring": "assert first.__doc__",
    "seeds": "np.random.seed(1)\na = first(1)\nnp.random.seed(1)\nassert a == np.random.rand()",
    "a generator": "r = first(1)\nassert list(r) == [0, 1] and list(r) == []",
    "a replaced function": (
        "from unittest.mock import patch\nwith patch('builtins.input', return_value='3'):\n"
        "    assert first(1) == 3"
    ),
    "a question with an answer": (
        "from unittest.mock import patch\nwith patch('builtins.input', lambda *_: '3'):\n"
        "    assert first(1) == 3"
    ),
    "a file": "import os\nfirst(1)\nassert os.path.exists('out.txt')",
    "the environment": "import os\nos.environ['A'] = '1'\nassert first(1) == '1'",
    "a copy": "v = [3, 1]\nassert first(v) is not v",
    "a module that only the test imports": (
        "import colorsys\nassert first('aab').total() == 3 and colorsys.rgb_to_hsv(0, 0, 0)"
    ),
    # The last one, because tests after it would know the name, too.
    "a name of the test": "x = 3\nassert first(1) == 3",
}
ANSWERS = (
    "def first(v): return 3",
    "def first(v): return v",
    "def first(v): return list(v)",
    "def first(v):\n    'Count.'\n    return {each: list(v).count(each) for each in v}",
    "from collections import Counter\ndef first(v): return Counter(v)",
    "from collections import defaultdict\ndef first(v): return defaultdict(int, a=2)",
    "from scipy import stats\ndef first(v): return stats.ttest_ind([1, 2, 3], [2, 3, 5])",
    "def first(v): print('hi')",
    "def first(v): print('h' * 899)",
    "import sys\ndef first(v): print('hi', file=sys.stderr)",
    "import warnings\ndef first(v): warnings.warn('old')",
    "def first(v): raise ValueError('no', 1)",
    "def first(v): raise KeyError('no')",
    "def first(v): raise OwnError('no')",
    "def first(v): raise np.linalg.LinAlgError('no')",
    "def first(v):\n    try: 1 / 0\n    except Exception as e: raise ValueError from e",
    "def first(v, w=1): return v",
    "def first(v): return np.random.rand()",
    "def first(v): return (i for i in range(2))",
    "def first(v): return int(input())",
    "def first(v): open('out.txt', 'w').write('x')",
    "import os\ndef first(v): return os.environ.get('A')",
    "def first(v): return x",
)


SKELETON = notebook(
    given(GIVEN),
    answer("first", "def first(v): ..."),
    *(test(name, tests) for name, tests in TESTS.items()),
)
UNIT = {
    "notebooks": {"n": SKELETON},
    "modules": sorted({*modules_in(SKELETON), "collections", "scipy.stats"}),
}


def passes_in_one_process(source, tests):
    """What a test says of an answer where nothing stands between them."""
    names = {"__name__": "__main__"}
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
        ):
            exec(f"{GIVEN}\n{source}\n{tests}", names)
    except Exception:
        return False
    return True


def in_one_process(source):
    """Which tests an answer passes where nothing stands between them."""
    kept = os.environ.copy()
    passed = {name for name, tests in TESTS.items() if passes_in_one_process(source, tests)}
    os.environ.pop("A", None)
    assert os.environ == kept
    return passed


@pytest.mark.parametrize("source", ANSWERS)
def test_an_answer_passes_the_same_tests_as_in_one_process(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = with_answers(SKELETON, first=source)
    result = execute(UNIT, {"n": made}, {}, Limits(), LEVEL)["notebooks"]["n"]
    grades = result["grades"]
    # What passes a test that replaces functions by mock objects waits for a person.
    ours = {name for name in grades if grades[name]["points"] == 1 or grades[name]["flags"]}
    assert ours == in_one_process(source), grades
    flagged = {name for name in grades if grades[name]["flags"]}
    assert flagged <= {"a replaced function"}, grades


def test_each_test_is_passed_by_an_answer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert set().union(*map(in_one_process, ANSWERS)) == set(TESTS)


POINT = "class P:\n    def __init__(self, x): self.x = x\n"
COUNTER = "N = [0]\ndef nxt():\n    N[0] += 1\n    return N[0]"
GROUP = "class G:\n    def __init__(self): self.l = [1]\n    def items(self): return {}"
CLASSES = {"workshop": {"classes": ["P", "G", "S", "D"]}}
SHARED_OBJECTS = {
    "rows of a grid": (
        ("def grid(n): return [[0] * n] * n", "def grid(n): return [[0] * n for _ in range(n)]"),
        "g = grid(2); g[0][0] = 1; assert g[1][0] == 0",
    ),
    "values of a dictionary": (
        ("def f(k): return dict.fromkeys(k, [])", "def f(k): return {each: [] for each in k}"),
        "d = f('ab'); d['a'].append(1); assert d['b'] == []",
    ),
    "rows of an argument": (
        ("def f(m): return m[:]", "def f(m): return [list(row) for row in m]"),
        "m = [[1], [2]]; c = f(m); c[0][0] = 9; assert m == [[1], [2]]",
    ),
    "a default": (
        ("def f(l=[]): return l", "def f(): return []"),
        "a = f(); a.append(1); assert f() == []",
        "a, b = f(), f(); assert a is not b",
    ),
    "what is remembered": (
        ("C = [0, 1]\ndef f(): return C", "C = [0, 1]\ndef f(): return C[:]"),
        "a = f(); a.append(9); assert f() == [0, 1]",
    ),
    "what an object holds": (
        (GROUP.format("self.l"), GROUP.format("self.l[:]")),
        "g = G(); g.items().append(5); assert g.items() == [1]",
    ),
    "an array": (
        ("A = np.zeros(2)\ndef f(): return A", "def f(): return np.zeros(2)"),
        "a = f(); a += 1; assert f().sum() == 0",
    ),
    "an object": (
        (POINT + "    def copy(self): return self", POINT + "    def copy(self): return P(self.x)"),
        "a = P(1); b = a.copy(); assert b is not a and b.x == 1",
    ),
    "the only object": (
        ("class S:\n    one = object()\n    def __new__(cls): return cls.one", "class S: pass"),
        "assert S() is not S()",
    ),
}
OTHER_NOTEBOOKS = {
    "an object without a hash": (
        (POINT + "    def __eq__(self, o): return self.x == o.x", POINT),
        "a = P(1); d = {a: 3}; assert d[a] == 3",
    ),
    "names of a function": (
        ("f = lambda: 1", "def f(): return 1"),
        "assert f.__name__ == 'f' and f() == 1",
    ),
    "text of an object": (
        (POINT + "    def __repr__(self): return '(1)'\n    def __str__(self): return '1'", POINT),
        "assert str(P(1)) == '(1)'",
        "assert repr(P(1)) == '(1)'",
    ),
    "an error that must come": (
        (POINT + "    def __add__(self, o): return 1\n    def __len__(self): return 1", POINT),
        "try:\n    P(1) + 5\nexcept TypeError: pass\nelse: assert False",
        "try:\n    len(P(1))\nexcept Exception: pass\nelse: assert False",
        "p = P(1)\ntry:\n    p.x = -1\nexcept Exception: pass\nelse: assert False",
    ),
    "a global variable": (
        ("T = 0\ndef f(v):\n    global T\n    T += v\n    return T", "T = 0\ndef f(v): return v"),
        "assert f(1) == 1\nassert T == 0",
    ),
    "a variable of the test": (
        (
            "data = [1, 2, 3]\ndef mean(v): return sum(data) / len(data)",
            "data = [1, 2, 3]\ndef mean(v): return sum(v) / len(v)",
        ),
        "data = [10]; assert mean([1, 2, 3]) == 2",
    ),
    "the end of Python": (
        ("import sys\ndef f(x): sys.exit(1)", "def f(x): raise ValueError"),
        "try:\n    f(1)\nexcept Exception: pass",
    ),
    "much that is printed": (
        ("def f():\n    for _ in range(30): print('a' * 49)", "def f(): print('a\\n' * 9)"),
        PRINTED.format("stdout").replace("first(1)", "f()")
        + "assert len(text.getvalue().splitlines()) == 10",
    ),
    "a counter": (
        (COUNTER, COUNTER.replace("N[0] += 1", "N[0] += 2")),
        "assert nxt() == 1",
        "assert nxt() == 2",
        "assert nxt() == 3 and nxt.__doc__ is None",
    ),
    "objects that are counted": (
        (
            "class D:\n    n = 0\n    def __init__(self): D.n += 1\n"
            "    def __str__(self): return 'D'",
        ),
        "D(); D(); assert D.n == 2",
        "d = D(); assert D.n == 3 and str(d) == 'D'",
    ),
    "points of numpy": (
        ("from collections import Counter\ndef f(x): return Counter(x)", "def f(x): return {}"),
        "np.float64(f('aab').get('a', 0) == 2)",
        "np.mean([f('ab').get('a', 0) == 1, 1])",
    ),
    "questions": (
        ("def ask(): return int(input())", "def ask(): return 3"),
        "input = lambda prompt='': '7'\nassert ask() == 7",
        "assert ask() == 7",
    ),
}


def points_in_one_process(source, tests):
    """What nbgrader gives for the cells of a notebook, in their order."""
    names, points = {"__name__": "__main__"}, []
    for cell in (GIVEN, source, *tests):
        body = ast.parse(cell).body
        shows = isinstance(body[-1], ast.Expr)
        value = ast.Expression(body.pop().value) if shows else None
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
                found = eval(compile(value, "<cell>", "eval"), names) if shows else None
            points.append(1.0 if found is None else float(found))
        except (Exception, SystemExit):
            points.append(0.0)
    return points[2:]


@pytest.mark.parametrize("how", [*SHARED_OBJECTS, *OTHER_NOTEBOOKS])
def test_a_notebook_gets_the_points_that_its_cells_get_one_after_the_other(how):
    sources, *tests = {**SHARED_OBJECTS, **OTHER_NOTEBOOKS}[how]
    written = answer("written", "# Write here.")
    written["metadata"] |= CLASSES
    checks = [test(f"t{number}", each) for number, each in enumerate(tests)]
    skeleton = notebook(given(GIVEN), written, *checks)
    unit = {"notebooks": {"n": skeleton}, "modules": UNIT["modules"]}
    for source in sources:
        made = with_answers(skeleton, written=source)
        grades = execute(unit, {"n": made}, {}, Limits(), LEVEL)["notebooks"]["n"]["grades"]
        ours = [grade["points"] for grade in grades.values()]
        assert ours == points_in_one_process(source, tests), (source, grades)
