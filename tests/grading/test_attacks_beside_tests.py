"""What students may try where a test runs in the same process as their code.

Such a test may see objects that stand-ins cannot show. Nothing that an answer does to that process,
or returns to the test, may gain points; what is honest must not be suspected.
"""

import base64
import json

import pytest

from tests.grading.attacked import LEVELS, MODULES, QUICK, SKELETON, grades_of
from tests.grading.notebooks import answer, given, notebook, test, with_answers
from workshop_lib.grading.execute import execute

pytestmark = pytest.mark.usefixtures("nothing_is_left")

HIDDEN_BY_STAND_INS = {
    "changes its argument": (
        "v = [3, 1]\nassert first(v) == [1, 3]\nassert v == [3, 1]",
        "def first(v):\n    v.sort()\n    return v",
        "def first(v): return sorted(v)",
    ),
    "returns its argument": (
        "v = [3, 1]\nassert first(v) == v\nassert first(v) is not v",
        "def first(v): return v",
        "def first(v): return list(v)",
    ),
    "returns a named argument": (
        "t = pd.DataFrame({'x': [1]})\nc = first(v=t)\nc['y'] = 1\nassert list(t.columns) == ['x']",
        "def first(v): return v",
        "def first(v): return v.copy()",
    ),
    "changes a table": (
        "t = pd.DataFrame({'x': [1]})\nfirst(t)\nassert list(t.columns) == ['x']",
        "def first(t):\n    t['y'] = 1\n    return t",
        "def first(t): return t.assign(y=1)",
    ),
    "forgets what was set": (
        "b = first()\nb.value = 5\nassert b.value == 5",
        "class Box:\n    value = property(lambda s: 0, lambda s, v: None)\n"
        "def first(): return Box()",
        "class Box: pass\ndef first(): return Box()",
    ),
}


@pytest.mark.parametrize("how", HIDDEN_BY_STAND_INS)
def test_what_a_stand_in_hides_is_looked_at_beside_the_answer(how):
    tests, wrong, right = HIDDEN_BY_STAND_INS[how]
    skeleton = notebook(
        given("import pandas as pd"), answer("first", "def first(v): ..."), test("t", tests)
    )
    for source, points in ((wrong, 0), (right, 1)):
        grades = grades_of(skeleton, first=source)
        assert grades["t"]["points"] == points, grades


CODE_FILE = "def double(x):\n    return 2 * x\n"
PATCHED = "import numpy.testing\nnumpy.testing.assert_equal = lambda *a, **k: None\n"
WITH_CODE_FILE = {
    "imported by a test": (
        "import numpy as np",
        "import prices\nnp.testing.assert_equal(prices.double(3), 6)",
    ),
    "imported by a given cell": (
        "import numpy as np\nfrom prices import double",
        "np.testing.assert_equal(double(3), 6)",
    ),
}


@pytest.mark.parametrize("how", WITH_CODE_FILE)
def test_a_code_file_of_a_student_is_graded_and_cannot_set_what_counts_as_untouched(how):
    ours, tests = WITH_CODE_FILE[how]
    skeleton = notebook(given(ours), test("t", tests))
    stub = base64.b64encode(b"def double(x): ...\n").decode()
    unit = {"notebooks": {"n": skeleton}, "modules": MODULES, "files": {"prices.py": stub}}
    wrong = CODE_FILE.replace("2 *", "3 *")
    for source, points, flags in (
        (CODE_FILE, 1, []),
        (wrong, 0, []),
        (PATCHED + wrong, 0, ["changed: code of numpy.testing"]),
    ):
        files = {"prices.py": source.encode()}
        result = execute(unit, {"n": skeleton}, files, QUICK, LEVELS[0])
        grade = result["notebooks"]["n"]["grades"]["t"]
        assert (grade["points"], grade["label"]) == (points, "in-process"), grade
        assert set(flags) <= set(grade["flags"]), grade


NUMBERS = "[n for n in frame.f_code.co_consts if type(n) is int]"
LOOKS_AT_THE_TEST = {
    "its caller": "import sys\n    frame = sys._getframe(1)",
    "the stack": "import inspect\n    frame = inspect.stack()[1].frame",
    "a traceback": "try: 1 / 0\n    except Exception as e: frame = e.__traceback__.tb_frame.f_back",
    "a traceback step by step": (
        "import traceback\n    try: 1 / 0\n    except Exception as e:\n"
        "        frame = next(traceback.walk_tb(e.__traceback__))[0].f_back"
    ),
    "a signal": (
        "import signal\n    seen = []\n"
        "    signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(frame.f_back))\n"
        "    signal.raise_signal(signal.SIGUSR1)\n    frame = seen[0]"
    ),
    "its caller, and answers for who watches": (
        "import sys\n    sys.addaudithook(lambda e, a: e.startswith('workshop') and a[0]('watched'))"
        "\n    frame = sys._getframe(1)"
    ),
    "what Python runs": (
        "import sys\n    from types import SimpleNamespace\n"
        "    frame = SimpleNamespace(f_code=([c for c in heard if 9 in c.co_consts] or [None])[-1])"
    ),
}
TEXTS_OF_THE_TEST = (
    "str(In)",
    "''.join(str(each) for each in __import__('linecache').cache.values())",
)
READS = """
import re
def first(x):
    found = re.search(rf'first.{x}. == (\\d+)', TEXT)
    return int(found[1]) if found else 0
"""
TWO_TESTS = "assert first(2) == 4 and first(3) == 9"


@pytest.mark.parametrize("how", LOOKS_AT_THE_TEST)
def test_who_looks_at_a_test_from_inside_is_seen(how):
    source = f"""
import sys
heard = []
if {how == "what Python runs"}:
    sys.addaudithook(lambda event, args: heard.append(args[0]) if event == "exec" else None)

def first(x):
    {LOOKS_AT_THE_TEST[how]}
    numbers = {NUMBERS}
    return numbers[numbers.index(x) + 1] if x in numbers else 0
"""
    skeleton = notebook(answer("first", "def first(x): ..."), test("t", TWO_TESTS))
    grade = grades_of(skeleton, first=source)["t"]
    assert grade["points"] == 0 and grade["flags"], grade


@pytest.mark.parametrize("text", TEXTS_OF_THE_TEST)
def test_the_text_of_a_test_is_nowhere_to_be_read(text):
    skeleton = notebook(answer("first", "def first(x): ..."), test("t", TWO_TESTS))
    grade = grades_of(skeleton, first=READS.replace("TEXT", text))["t"]
    assert grade["points"] == 0, grade


EQUAL_TO_EVERYTHING = {
    "changes a library's class": (
        "import fractions\nfractions.Fraction.__eq__ = lambda *a: True",
        "fractions.Fraction(1)",
    ),
    "changes it from inside the library": (
        "import pathlib\npathlib.PurePath.__eq__ = eval('lambda *a: True', vars(pathlib))",
        "pathlib.Path()",
    ),
    "changes only the code": (
        "import fractions\nfractions.Fraction.__eq__.__code__ = (lambda a, b: True).__code__",
        "fractions.Fraction(1)",
    ),
    "has a library's object for that": ("from unittest.mock import ANY", "ANY"),
    "has a new copy of that object": (
        "import sys\ndel sys.modules['unittest.mock']\nfrom unittest.mock import ANY",
        "ANY",
    ),
    "says that it is a data class": (
        "class Same:\n    __eq__ = lambda *a: True\n    __dataclass_fields__ = {}",
        "Same()",
    ),
    "is at no distance": ("class Near:\n    __sub__ = lambda *a: 0.0", "Near()"),
    "contains everything": ("class All:\n    __contains__ = lambda *a: True", "All()"),
    "answers for numpy": (
        "import numpy as np\nclass Array(np.ndarray):\n"
        "    __array_ufunc__ = lambda *a, **k: np.bool_(False)",
        "np.zeros(()).view(Array)",
    ),
}
COMPARISONS = (
    "assert first(2) == 4",
    "assert abs(first(2) - 4) < 1e-9",
    "assert 4 in first(2)",
    "np.testing.assert_allclose(first(2), 4)",
)


@pytest.mark.parametrize("how", EQUAL_TO_EVERYTHING)
def test_what_is_equal_to_everything_gains_nothing(how):
    before, value = EQUAL_TO_EVERYTHING[how]
    skeleton = notebook(
        given("import numpy as np"),
        answer("first", "def first(x): ..."),
        *(test(f"t{number}", each) for number, each in enumerate(COMPARISONS)),
    )
    grades = grades_of(skeleton, first=f"{before}\ndef first(x): return {value}")
    assert not any(grade["points"] for grade in grades.values()), grades


FORGED_RUNS = {
    "rewrites answers on their way": (
        "import workshop_lib.grading.channel as c\nreal = c.Line.send\n"
        "def send(self, text, *more):\n"
        "    real(self, text.replace('[\"ok\", false]', '[\"ok\", true]'), *more)\n"
        "c.Line.send = send"
    ),
    "writes them in its own way": (
        "import os\nreal = os.write\ndef write(file, data):\n"
        "    if file > 2 and b'[\"ok\", false]' in bytes(data):\n"
        "        real(file, bytes(data).replace(b'[\"ok\", false]', b'[\"ok\", true]'))\n"
        "        return len(data)\n"
        "    return real(file, data)\n"
        "os.write = write"
    ),
    "transforms cells": (
        "get_ipython().input_transformer_manager.transform_cell = lambda cell: 'None\\n'"
    ),
    "calls itself a part of matplotlib": (
        "def fix(result): result.error_in_exec = None\n"
        "fix.__module__ = 'matplotlib_inline.backend_inline'\n"
        "get_ipython().events.register('post_run_cell', fix)"
    ),
    "triggers events": (
        "import IPython.core.events as e\nreal = e.EventManager.trigger\n"
        "def trigger(self, event, *args):\n    real(self, event, *args)\n"
        "    if event == 'post_run_cell': args[0].error_in_exec = None\n"
        "e.EventManager.trigger = trigger"
    ),
    "compiles something else": (
        "import codeop\nreal = codeop.Compile.__call__\n"
        "codeop.Compile.__call__ = lambda self, s, name, mode, **k: real(self, 'None', name, 'exec')"
    ),
    "ends runs well": (
        "import IPython.core.interactiveshell as i\nreal = i._pseudo_sync_runner\n"
        "def run(coroutine):\n    result = real(coroutine)\n    result.error_in_exec = None\n"
        "    return result\ni._pseudo_sync_runner = run"
    ),
    "wraps a test of numpy": (
        "import functools\nreal = np.testing.assert_allclose\n"
        "np.testing.assert_allclose = functools.wraps(real)(\n"
        "    lambda a, *w, **k: real(a, *w, **k) if type(a) is int else None)"
    ),
    "puts an object in place of a function": (
        "import builtins\nclass builtin_function_or_method:\n"
        "    def __call__(self, x): return 0.0 if type(x) is complex else x\n"
        "builtin_function_or_method.__module__ = 'builtins'\nnew = builtin_function_or_method()\n"
        "new.__qualname__, new.__module__ = 'abs', 'builtins'\nbuiltins.abs = new"
    ),
    "answers for names": (
        "class Names(dict):\n    def __getitem__(self, n):\n"
        "        return (lambda x: 0) if n == 'abs' else dict.__getitem__(self, n)\n"
        "get_ipython().user_ns = Names(get_ipython().user_ns)"
    ),
}
DURING_A_CALL = {
    "succeeds once": (
        "    from IPython.core.interactiveshell import ExecutionResult as E\n    real = E.success\n"
        "    def yes(self):\n        E.success = real\n        return True\n"
        "    E.success = property(yes)\n"
    ),
    "registers an event": (
        "    events = get_ipython().events\n    def fix(result):\n"
        "        result.error_in_exec = None\n        events.unregister('post_run_cell', fix)\n"
        "    events.register('post_run_cell', fix)\n"
    ),
    "asks the logger": (
        "    import logging\n    numbers = logging.currentframe().f_back.f_code.co_consts\n"
        "    if x in numbers: return numbers[numbers.index(x) + 1]\n"
    ),
    "hides where it asks": (
        "    import sys\n    kept, sys.modules['inspect'] = sys.modules['inspect'], "
        "sys.modules['__main__']\n    numbers = sys._getframe(1).f_code.co_consts\n"
        "    sys.modules['inspect'] = kept\n"
        "    if x in numbers: return numbers[numbers.index(x) + 1]\n"
    ),
}


@pytest.mark.parametrize("how", [*FORGED_RUNS, *DURING_A_CALL])
def test_who_forges_how_a_test_runs_gains_nothing(how):
    skeleton = notebook(
        given("import numpy as np"),
        answer("first", "def first(x): ..."),
        *(test(f"t{number}", each) for number, each in enumerate((TWO_TESTS, *COMPARISONS))),
    )
    before, during = FORGED_RUNS.get(how, ""), DURING_A_CALL.get(how, "")
    source = f"{before}\nclass Box: pass\ndef first(x):\n{during}    return Box() if x % 2 else 1j"
    grades = grades_of(skeleton, first=source)
    assert not any(grade["points"] for grade in grades.values()), grades


VECTOR = """
class Vector:
    def __init__(self, x): self.x = x
    def __add__(self, other): return Vector(self.x + other.x)
    def __eq__(self, other): return self.x == other.x
"""
LIAR = VECTOR.replace("self.x == other.x", "True").replace("self.x + other.x", "0")


@pytest.mark.parametrize(
    ("classes", "source", "points"),
    [(["Vector"], VECTOR, [1, 1]), ([], VECTOR, [0, 0]), ([], LIAR, [0, 0])],
)
def test_only_a_class_that_the_solution_has_may_compare_as_it_likes(classes, source, points):
    written = answer("vector", "# Write a class Vector.")
    written["metadata"]["workshop"] = {"classes": classes}
    equal, added = "assert Vector(1) == Vector(1)", "assert (Vector(1) + Vector(2)).x == 3"
    grades = grades_of(notebook(written, test("t", equal), test("u", added)), vector=source)
    assert [grade["points"] for grade in grades.values()] == points, grades


HONEST_CLASSES = {
    "a data class": "import dataclasses\n@dataclasses.dataclass\nclass Box:\n    value: int",
    "an ordered data class": (
        "import dataclasses\n@dataclasses.dataclass(order=True, frozen=True, slots=True)\n"
        "class Box:\n    value: int\n    name: str = dataclasses.field(default='', compare=False)"
    ),
    "a tuple with names": "from collections import namedtuple\nBox = namedtuple('Box', 'value')",
    "a class that formats an error": (
        "import traceback\nclass Box:\n    def __init__(self, value):\n        self.value = value\n"
        "        try: 1 / 0\n        except Exception: self.text = traceback.format_exc()"
    ),
    "a class that logs": (
        "import logging\nclass Box:\n    def __init__(self, value):\n        self.value = value\n"
        "        logging.getLogger('box').warning('new')"
    ),
}


@pytest.mark.parametrize("how", HONEST_CLASSES)
def test_an_honest_class_is_not_suspected(how):
    tests = "assert first(3).value == 3 and type(first(3)).__name__ == 'Box'"
    skeleton = notebook(answer("first", "def first(x): ..."), test("t", tests))
    source = f"{HONEST_CLASSES[how]}\ndef first(x): return Box(x)"
    grade = grades_of(skeleton, first=source)["t"]
    assert (grade["points"], grade["label"], grade["flags"]) == (1, "in-process", []), grade


def test_a_code_file_of_ours_that_a_later_test_imports_is_no_trace():
    skeleton = notebook(
        answer("first", "def first(x): ..."),
        test("t", "assert first(3).k == 6"),
        test("later", "import prices\nassert prices.double(3) == first(3).k"),
    )
    ours = {"prices.py": base64.b64encode(CODE_FILE.encode()).decode()}
    unit = {"notebooks": {"n": skeleton}, "modules": MODULES, "files": ours}
    source = "class Box:\n    k = 6\ndef first(x): return Box()"
    made, files = with_answers(skeleton, first=source), {"prices.py": CODE_FILE.encode()}
    grades = execute(unit, {"n": made}, files, QUICK, LEVELS[0])["notebooks"]["n"]["grades"]
    assert [(g["points"], g["flags"]) for g in grades.values()] == [(1, []), (1, [])], grades


def grade_of_scale(before):
    """What somebody gets for the right answer to `Scale` after some lines of their own."""
    right = (
        "class Scale:\n    def __init__(self, k):\n        self.k = k\n"
        "    def times(self, x):\n        return self.k * x"
    )
    unit = {"notebooks": {"n": SKELETON}, "modules": MODULES}
    made = with_answers(SKELETON, Scale=f"{before}\n{right}")
    return execute(unit, {"n": made}, {}, QUICK, LEVELS[0])["notebooks"]["n"]["grades"][
        "Scale_check"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "import workshop_lib.checks.session as s\ns.Check.equal.__kwdefaults__['atol'] = 8.0",
        "import types, workshop_lib.checks.session as s\n"
        "s.compare = types.SimpleNamespace(**vars(s.compare))",
    ],
)
def test_a_looser_comparison_leaves_a_trace(line):
    grade = grade_of_scale(line)
    assert grade["points"] == 0 and grade["flags"], grade


IMPORTER_OF_A_LIBRARY = """
import six, sys, types
real = type(six._importer)
code = lambda self, fullname, path=None, target=None: None
def stands_for_it(kind):
    sys.meta_path[-1] = kind.__new__(kind)
    kind.__module__, kind.__qualname__ = 'six', real.__qualname__
    six._SixMetaPathImporter = kind
"""
OWN_IMPORTERS = {
    "openly": "sys.meta_path.append(type('Finder', (), {'find_spec': code})())",
    "with the name of one that is there": """
home = '_frozen_importlib_external'
found = staticmethod(sys.modules[home].PathFinder.find_spec)
kind = type('PathFinder', (), {'find_spec': found, '__module__': home})
sys.meta_path[:] = [kind if f is sys.modules[home].PathFinder else f for f in sys.meta_path]
sys.modules[home].PathFinder = kind
""",
    "in one that is there": """
kind = sys.modules['_frozen_importlib_external'].PathFinder
real = kind.find_spec
kind.find_spec = staticmethod(lambda *words, **options: real(*words, **options))
""",
    "with the name of a library": "stands_for_it(type(real.__name__, (), {'find_spec': code}))",
    "with all methods of a library, and more": """
base = type('Base', (), {'find_module': code})
members = {n: v for n, v in vars(real).items() if n not in ('__dict__', '__weakref__')}
stands_for_it(type(real.__name__, (base,), members))
""",
    "with the code of a library, which uses other names": """
own = lambda f: types.FunctionType(f.__code__, {'spec_from_loader': print})
members = {n: own(v) if type(v) is types.FunctionType else v for n, v in vars(real).items()}
members.pop('__dict__'), members.pop('__weakref__')
stands_for_it(type(real.__name__, (), members))
""",
    "as a method of a library's object": "six._importer.find_spec = code",
    "as a method of a library's class": "real.find_spec = code",
    "by a library's importer before all others": "sys.meta_path.insert(0, sys.meta_path.pop())",
    "with a module that is not installed": """
kind = type('Finder', (), {'find_spec': code, '__module__': 'very.own'})
sys.modules['very.own'] = type(sys)('very.own')
sys.modules['very.own'].Finder = kind
sys.meta_path.append(kind())
""",
    "in a list that hides it": """
class Hiding(list):
    def __iter__(self):
        return iter([each for each in self[:] if type(each).__name__ != 'Finder'])
sys.meta_path = Hiding([*sys.meta_path, type('Finder', (), {'find_spec': code})()])
""",
    "with a module that has no name": """
sys.meta_path.append(type('Finder', (), {'find_spec': code, '__module__': 'a"b'})())
""",
}


@pytest.mark.parametrize("how", OWN_IMPORTERS)
def test_an_importer_that_a_student_made_costs_also_right_answers_their_points(how):
    grade = grade_of_scale(IMPORTER_OF_A_LIBRARY + OWN_IMPORTERS[how])
    assert grade["points"] == 0 and grade["flags"] == ["changed: importers"], grade


@pytest.mark.parametrize("before", ["import six", IMPORTER_OF_A_LIBRARY])
def test_an_importer_that_a_library_adds_at_first_use_costs_nothing(before):
    grade = grade_of_scale(before)
    assert grade["points"] == 2 and grade["flags"] == [] and grade["label"] == "in-process", grade


MODEL = "class Model:\n    k, weights = 4, [0.0, 0.0]\ndef model():\n    return Model()"
OBJECT_TESTS = notebook(
    given("import math\nimport numpy as np\nimport pandas as pd"),
    answer("model", "def model(): ..."),
    test(
        "testing",
        "m = model()\nassert isinstance(m.k, int)\nnp.testing.assert_allclose(m.weights, [1, 2])",
    ),
    test("numpy", "m = model()\nassert np.allclose(m.weights, [1, 2])"),
    test("method", "m = model()\nassert pd.Series(m.weights).equals(pd.Series([1.0, 2.0]))"),
    test("math", "m = model()\nassert math.isclose(m.k, 5) and isinstance(m.k, int)"),
    test("built_in", "m = model()\nassert abs(m.k - 5) < 1e-9"),
    answer("other", "def other(): ..."),
    answer("Own", "class Own: ..."),
    test("equal", "m = model()\nassert type(m).__name__ != 'StandIn' and m.k == 5"),
    test(
        "kind",
        "class Model: pass\nmade = model()\n"
        "assert type(made) == Model or type(made).__name__ == 'Model' and made.right",
    ),
)
TRACED = {
    "testing": "np.testing = type(np)('numpy.testing')\nnp.testing.assert_allclose = print",
    "numpy": "np.allclose = lambda *a, **k: True",
    "method": "pd.core.generic.NDFrame.equals = lambda *a, **k: True",
    "math": "import math\nmath.isclose = lambda *a, **k: True",
    "kind": """
import six
class Yes(type):
    def __eq__(self, other): return True
    __hash__ = type.__hash__
class Model(metaclass=Yes): pass
Yes.__module__, six.Yes = 'six', Yes
def model(): return Model()
""",
    "equal": """
class other(int):
    def __eq__(self, wanted): return True
Model.k = other(4)
""",
    "built_in": "import builtins as b\n"
    "globals()['__builtins__'] = {**vars(b), 'abs': lambda x: 0, 'isinstance': lambda *a: True}",
}


@pytest.mark.parametrize("target", TRACED)
def test_a_changed_library_leaves_a_trace(target):
    grades = grades_of(OBJECT_TESTS, model=f"{MODEL}\n{TRACED[target]}")
    assert not any(grade["points"] for grade in grades.values()), grades
    assert grades[target]["label"] == "in-process" and grades[target]["flags"], grades


def test_a_changed_default_of_a_library_leaves_a_trace():
    loose = "np.testing.assert_allclose.__defaults__ = (0, 1e9, True, '', True)"
    grades = grades_of(OBJECT_TESTS, model=f"{MODEL}\n{loose}")
    assert grades["testing"]["points"] == 0 and grades["testing"]["flags"], grades


ADDS_TO_LIBRARIES = """
import numpy.polynomial, matplotlib.pyplot, pydantic
np.own, pd.DataFrame.own = 1, lambda self: 2
class Model:
    k, weights, right = 5, [1.0, 2.0], property(lambda self: self.k == 5)
def model():
    return Model()
"""


OWN = "import dataclasses\n@dataclasses.dataclass(slots=True)\nclass Own:\n    k: int"


def test_additions_to_libraries_cost_nothing():
    made = with_answers(OBJECT_TESTS, model=f"{ADDS_TO_LIBRARIES}{OWN}\nown = Own(2)")
    unit = {"notebooks": {"n": OBJECT_TESTS}, "modules": ["numpy", "pandas"]}
    # These imports take longer than a quick cell may.
    grades = execute(unit, {"n": made}, {}, isolation=LEVELS[0])["notebooks"]["n"]["grades"]
    assert all(grade["points"] == 1 for grade in grades.values()), grades
    assert grades["kind"]["label"] == "in-process"


FORGED_WORDS = """
import workshop_lib.checks.report as r
r.Report.to_dict = lambda self: {
    'exercise': 'another', 'points': 0.0, 'max_points': 9.0, 'state': 'not yet', 'more': 'x' * 9000,
    'items': [{'name': 'x' * 9000, 'state': ['x']}] * 300,
    'misconceptions': ['the teacher is wrong', '=1+1', 'teacher_is_wrong', ['x'], 'too_slow'] * 9000}
"""


def test_a_forged_report_says_only_what_the_check_could_say():
    report = grade_of_scale(FORGED_WORDS)["report"]
    assert report["exercise"] == "Scale" and report["max_points"] == 2
    assert report["misconceptions"] == ["too_slow"]
    assert len(json.dumps(report)) < 300_000
