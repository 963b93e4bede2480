"""Tests of another course give what they give in one process, though ours runs them in two.

What is right is not written down here: each test also runs with its answer in one plain namespace.
"""

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
