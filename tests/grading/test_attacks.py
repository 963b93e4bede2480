"""What students may try to get points that they did not earn, or to harm others.

Each attack stands in the cell of an exercise that is otherwise wrong. It must gain nothing, in a
course of any kind, with checks of ours, and at every level of isolation.
"""

import pytest

from tests.grading.attacked import (
    LAST,
    LEVELS,
    MODULES,
    QUICK,
    SKELETON,
    WRONG,
    grades_of,
    handed_in,
)
from tests.grading.notebooks import answer, given, notebook, test, with_answers
from workshop_lib.grading.execute import execute

pytestmark = pytest.mark.usefixtures("nothing_is_left")

ATTACKS = {
    "drops assertions": """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return None
get_ipython().ast_transformers.append(Drop())
""",
    "blanks later cells": "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
    "cleans later cells away": """
get_ipython().input_transformer_manager.cleanup_transforms.append(lambda lines: ['1 + 1\\n'])
""",
    "forges run_cell": """
shell = get_ipython()
real = shell.run_cell
def run_cell(source, *a, **k):
    return real('2.0' if 'check' in source or 'assert' in source else source, *a, **k)
shell.run_cell = run_cell
""",
    "forges the class of the shell": """
kind = type(get_ipython())
real = kind.run
def run(self, source):
    result, outputs = real(self, 'None')
    return result, outputs
kind.run = run
""",
    "patches numpy.testing": """
import numpy.testing as nt
for name in dir(nt):
    if name.startswith('assert'):
        setattr(nt, name, lambda *a, **k: None)
np.testing.assert_allclose = lambda *a, **k: None
""",
    "patches the check library": """
import workshop_lib.checks.session as s, workshop_lib.checks.report as r, workshop_lib.checks.compare as c
c.difference = lambda *a, **k: None
s.Check.equal = s.Check.require = s.Check.gives = lambda *a, **k: None
r.Report.points = property(lambda self: float(self.max_points))
""",
    "patches calls": """
import workshop_lib.checks.calls as c, workshop_lib.checks.session as s
s._Item.__exit__ = lambda self, *a: self.check._items.append(
    s.ItemResult(self.name, self.weight, s.PASSED)) or True
""",
    "replaces the modules": """
import sys, types
class Fake(types.ModuleType):
    def __getattr__(self, name):
        return lambda *a, **k: Forged()
class Forged:
    def __getattr__(self, name):
        return lambda *a, **k: self
    def __enter__(self): return self
    def __exit__(self, *a): return True
    def report(self): return self
    def _repr_mimebundle_(self, **k):
        report = {'exercise': 'x', 'points': 2.0, 'max_points': 2.0, 'state': 'passed', 'items': [],
                  'misconceptions': []}
        return {'text/plain': '2.0', 'application/vnd.workshop.report+json': report}
for name in list(sys.modules):
    if name.startswith('workshop_lib.checks'):
        sys.modules[name] = Fake(name)
check = Fake('x').check
""",
    "shadows names of the check": """
class Anything:
    def __getattr__(self, name): return lambda *a, **k: self
    def __enter__(self): return self
    def __exit__(self, *a): return True
    def __repr__(self): return '2.0'
def check(*a, **k): return Anything()
def isinstance(*a): return True
def abs(x): return 0
def globals(): return {}
def all(x): return True
class AssertionError(Exception): pass
""",
    "patches built-in functions": """
import builtins
builtins.isinstance = lambda *a: True
builtins.abs = lambda x: 0
builtins.all = lambda x: True
builtins.__import__ = lambda *a, **k: None
""",
    "objects that are always equal": """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __getattr__(self, name): return Yes()
    def __call__(self, *a, **k): return Yes()
    def __bool__(self): return True
    def __array__(self, *a, **k): return np.array([1.0, 2.0])
    def __float__(self): return 1.0
def first(x): return Yes()
def model(): return Yes()
def half(x): return Yes()
class Scale(Yes):
    def __init__(self, k): pass
""",
    "numbers that are always equal": """
class Yes(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = int.__hash__
def first(x): return Yes(3)
def half(x): return Yes(3)
def model():
    m = Yes(3); m.k = Yes(4); m.weights = [Yes(1), Yes(2)]
    return m
class Scale:
    def __init__(self, k): self.k = Yes(9)
    def times(self, x): return Yes(7)
""",
    "a class that changes comparison of others": """
import numbers
class Meta(type):
    def __instancecheck__(cls, other): return True
class Odd(metaclass=Meta):
    k = 5
    weights = [1.0, 2.0]
def first(x): return Odd
""",
    "reads the check from the history": """
import sys
def first(x):
    import inspect, re
    texts = ' '.join(map(str, get_ipython().user_ns.get('In', [])))
    for frame in inspect.stack():
        texts += str(frame.frame.f_locals)
    return 4 if 'first(2) == 4' in texts else 0
half = first
""",
    "reads the check before it runs": """
seen = []
get_ipython().events.register('pre_run_cell', lambda info: seen.append(info.raw_cell))
def half(x): return x / 2 if any('secret words' in s for s in seen) else 0
def first(x): return x * x if any('first(3)' in s for s in seen) else 0
""",
    "looks for the check on the disk": """
import os
def find(word, top='/'):
    for folder, inner, names in os.walk(top):
        inner[:] = [n for n in inner if n not in ('proc', 'sys', 'usr', 'lib', 'lib64', '.venv', 'opt')][:50]
        for name in names[:50]:
            if name.endswith('.ipynb'):
                try:
                    if word in open(os.path.join(folder, name)).read(): return True
                except OSError: pass
    return False
def half(x): return x / 2 if find('secret words', os.getcwd()) else 0
""",
    "looks for the check in memory": """
import gc
def half(x):
    found = any(isinstance(o, str) and 'secret ' + 'words' in o for o in gc.get_objects())
    return x / 2 if found else 0
""",
    "a thread that rewrites names": """
import threading, time
def work():
    names = get_ipython().user_ns
    class Good:
        def __getattr__(self, name): return lambda *a, **k: self
        def __enter__(self): return self
        def __exit__(self, *a): return True
        def __repr__(self): return '2.0'
    while True:
        names['check'] = lambda *a, **k: Good()
        time.sleep(0.001)
threading.Thread(target=work, daemon=True).start()
""",
    "a trace that changes variables": """
import sys
def trace(frame, event, arg):
    if 'm' in frame.f_locals: frame.f_globals['m'] = type('M', (), {'k': 5, 'weights': [1.0, 2.0]})()
    return trace
sys.settrace(trace)
""",
    "forges a display hook": """
hook = type(get_ipython().displayhook)
hook.write_format_data = lambda self, data, md=None: self.shell.outputs.show(
    {'text/plain': '2.0', 'application/vnd.workshop.report+json': {'exercise': 'x', 'points': 2.0,
     'max_points': 2.0, 'state': 'passed', 'items': [], 'misconceptions': []}}, {},
    output_type='execute_result', execution_count=1)
""",
    "a formatter for every object": """
get_ipython().display_formatter.formatters['text/plain'].for_type(object, lambda o, p, c: p.text('2.0'))
get_ipython().display_formatter.ipython_display_formatter.for_type(object, lambda o: print('2.0'))
""",
    "prints a report": """
report = {'exercise': 'Scale', 'points': 2.0, 'max_points': 2.0, 'state': 'passed', 'items': [],
          'misconceptions': []}
from IPython.display import publish_display_data
publish_display_data({'text/plain': '2.0', 'application/vnd.workshop.report+json': report})
2.0
""",
    "writes to every file": """
import os
line = b'{"result": {"outputs": {}, "grades": {"half_check": {"points": 2.0}}}}\\n'
for file in range(64):
    try: os.write(file, line)
    except OSError: pass
""",
    "answers for itself": """
import workshop_lib.checks.remote as r
r.AnswerServer._call = lambda self, request: dict(value=4, error=None, error_types=(), line='',
                                                  changed=(), printed='')
""",
    "says that it is quick": """
import time
time.process_time = lambda: 0.0
import workshop_lib.checks.remote as r
r.time.process_time = lambda: 0.0
""",
    "sends what is not of the format": """
import workshop_lib.checks.transport as t
t.dumps = lambda value: '{"$": "dict", "pairs": ' + '[' * 100000
""",
    "sends an array without end": """
import workshop_lib.checks.transport as t, base64, json
real = t.dumps
head = b"\\x93NUMPY\\x01\\x00v\\x00{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }"
bomb = base64.b64encode(head.ljust(128) + b'x').decode()
def dumps(value):
    data = json.loads(real({k: v for k, v in value.items() if k != 'value'}))
    data['pairs'].append(['value', {'$': 'npy', 'base64': bomb}])
    return json.dumps(data)
t.dumps = dumps
""",
    "sends very much": """
import workshop_lib.checks.transport as t
t.dumps = lambda value: 'x' * 300_000_000
""",
    "never answers": """
import workshop_lib.checks.remote as r, time
def _call(self, request):
    while True:
        try: time.sleep(1)
        except BaseException: pass
r.AnswerServer._call = _call
""",
    "fails with the check's own exceptions": """
class PASSED(BaseException): pass
class KeyboardInterrupt(BaseException): pass
import builtins
def first(x): raise builtins.KeyboardInterrupt
def half(x): raise builtins.KeyboardInterrupt
def model(): raise builtins.KeyboardInterrupt
class Scale:
    def __init__(self, k): raise builtins.KeyboardInterrupt
""",
    "an exception that says it is expected": """
class NotYet(Exception):
    misconception = None
    printed = ''
def half(x):
    raise type('PASSED', (BaseException,), {'__str__': lambda s: 1 / 0})()
""",
    "signals everybody": """
import os, signal
for pid in (1, os.getppid(), -1):
    if pid not in (0, 1) or os.getpid() == 1 or True:
        try: os.kill(pid, 0)
        except OSError: pass
try: os.kill(os.getppid(), signal.SIGTERM) if os.getppid() else None
except OSError: pass
""",
    "ends Python at the end": """
import atexit, os
atexit.register(lambda: os.write(1, b'2.0'))
os._exit(0)
""",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "loops": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "fills the memory": "kept = []\nwhile True: kept.append(bytearray(50_000_000))",
    "a long line": "print('x' * 30_000_000)",
    "many lines": "for k in range(400_000): print(k)",
    "a large page": """
from IPython.display import HTML
HTML('<script>alert(1)</script>' * 800_000)
""",
    "fills the disk": """
with open('big', 'wb') as file:
    while True: file.write(bytes(10_000_000))
""",
    "many processes": """
import os, time
for k in range(200):
    try:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
    except OSError: break
""",
    "a process that stays": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for file in range(3, 64):
            try: os.close(file)
            except OSError: pass
        time.sleep(60)
    os._exit(0)
""",
    "asks a question": "input('points? ')",
    "leaves": "import sys\nsys.exit()",
    "a very deep value": """
deep = []
for k in range(100_000): deep = [deep]
def half(x): return deep
def first(x): return deep
""",
    "a name that holds the notebook": """
import sys
sys.modules['__main__'].__dict__.clear()
""",
    "removes the server": """
import workshop_lib.grading.student as s, workshop_lib.grading.jobs as j
j.serve = s.serve = None
s.StudentServer.reply = lambda self, line: '{}'
""",
    "changes the garbage": """
import gc
for o in gc.get_objects():
    if isinstance(o, dict) and o.get('half') is not None and 'x' not in o:
        try: o['points'] = 2.0
        except Exception: pass
""",
    "is always late": """
import workshop_lib.checks.remote as r
from workshop_lib.checks import transport as t
r.AnswerServer.reply = lambda self, line: t.dumps({'number': t.loads(line)['number'], 'late': True})
""",
    "computes without end, as it says": """
import workshop_lib.checks.remote as r
r.time.process_time = lambda: float('inf')
""",
    "a range without end": """
import pandas as pd
def first(x): return pd.RangeIndex(0, 10**13)
def half(x): return pd.RangeIndex(0, 10**13)
""",
    "a number without end": "def first(x): return 10**100_000\ndef half(x): return 10**100_000",
    "files that a later import finds": """
import os
assert os.environ['HOME'] == os.getcwd()  # a folder that is removed
for place in ('.', os.environ['HOME'] + '/.local/lib/python3.11/site-packages'):
    for name in ('numpy.py', 'sitecustomize.py', 'usercustomize.py', 'own.pth'):
        try:
            os.makedirs(place, exist_ok=True)
            open(os.path.join(place, name), 'x').write('import os; os._exit(0)')
        except OSError: pass
""",
    "hides its memory behind its name": """
import ctypes
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
ctypes.CDLL(None).prctl(15, b'x)\\nRssAnon: 0', 0, 0, 0)
kept = bytearray(600 << 20)
def first(x): return 4
""",
    "says what is done already": """
import workshop_lib.checks.session as s
class Passed(dict):
    def __setitem__(self, name, state): super().__setitem__(name, 'passed')
s.STATES = Passed(half='passed', Scale='passed')
""",
}
# A process may be ended before it ran the cells after the attack: those only lose.
TARGETS = ("first", "model", "half", "Scale")


@pytest.mark.parametrize("level", [LEVELS[0], "limits"])
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gains_nothing_and_harms_nobody(name, level, tmp_path):
    unit = {
        "notebooks": {"n": SKELETON},
        "modules": MODULES,
        "environment": {"WORKSHOP_SEEDS": "0"},
    }
    attacking = {target: WRONG[target] for target in TARGETS}
    # The attack comes first, so that it can reach everything after it; the wrong answers remain.
    attacking["first"] = (
        ATTACKS[name] + "\n" + ("" if "def first" in ATTACKS[name] else WRONG["first"])
    )
    for target in ("model", "half", "Scale"):
        if f" {target}(" in ATTACKS[name]:
            attacking[target] = ATTACKS[name]
    made = with_answers(SKELETON, **attacking, last=LAST)
    result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
    gained = {grade_id: grade["points"] for grade_id, grade in result["grades"].items()}
    assert gained.keys() == {f"{t}_test" for t in ("first", "model", "last")} | {
        "half_check", "Scale_check"}  # fmt: skip
    unearned = {grade_id: points for grade_id, points in gained.items() if grade_id != "last_test"}
    assert not any(unearned.values()), result["grades"]
    assert gained["last_test"] in (0.0, 1.0)
    # The next student is graded as if nothing had happened.
    short = {**SKELETON, "cells": [SKELETON["cells"][i] for i in (0, 5, 6, 9, 10)]}
    honest = with_answers(short, half="def half(x):\n    return x / 2", last=LAST)
    result = execute({**unit, "notebooks": {"n": short}}, {"n": honest}, {}, QUICK, level)
    grades = result["notebooks"]["n"]["grades"]
    points = {grade_id: grade["points"] for grade_id, grade in grades.items()}
    assert points == {"half_check": 2, "last_test": 1}


GIVEN = "import numpy as np\nfrom workshop_lib.checks import check"
PLAIN_TESTS = notebook(
    given(GIVEN),
    given("def close(a, b):\n    return abs(a - b) < 1e-9"),
    answer("first", "def first(x): ..."),
    test("built_in_test", "assert abs(first(2) - 4) < 1e-9"),
    test("library_test", "np.testing.assert_allclose(first(3), 9)"),
    test("helper_test", "assert close(first(3), 9)"),
    test("map_test", "assert all(map(lambda x: first(x) == x * x, range(4)))"),
    test("zip_test", "for got, want in zip(map(first, [2, 3]), [4, 9]):\n    assert got == want"),
)
SAYS_MORE_NAMES = """
import workshop_lib.grading.student as s
class Library:
    class testing: assert_allclose = staticmethod(lambda *a, **k: None)
forged = {'np': Library(), 'abs': lambda x: 0, 'all': lambda x: True, 'close': lambda a, b: True}
real = s.StudentServer._look_up
def _look_up(self, request):
    found = real(self, request)['found']
    self.names.update(forged)
    return {'found': {**found, **dict.fromkeys(forged, {'kind': 'function', 'module': ''})}}
s.StudentServer._look_up = _look_up
def first(x): return 0
"""
FORGED_LIBRARY = """
class np:
    class testing: assert_allclose = staticmethod(lambda *a, **k: None)
"""
AGAINST_PLAIN_TESTS = {
    "says more names than were asked for": {"first": SAYS_MORE_NAMES},
    "says that there are no more values": {"first": "def first(x): raise StopIteration"},
    "says so with a class of its own": {
        "first": "class Stop(StopIteration): pass\ndef first(x): raise Stop"
    },
    "changes a given import": {GIVEN: FORGED_LIBRARY},
    "changes a given import to text": {GIVEN: None, "first": FORGED_LIBRARY + WRONG["first"]},
    "changes a given function": {PLAIN_TESTS["cells"][1]["source"]: "close = lambda a, b: True"},
}


@pytest.mark.parametrize("level", [LEVELS[0], "none"])
@pytest.mark.parametrize("how", AGAINST_PLAIN_TESTS)
def test_plain_tests_use_our_names_and_end_as_they_must(how, level):
    made = handed_in(PLAIN_TESTS, {"first": WRONG["first"], **AGAINST_PLAIN_TESTS[how]})
    unit = {"notebooks": {"n": PLAIN_TESTS}, "modules": MODULES}
    grades = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]["grades"]
    assert not any(grade["points"] for grade in grades.values()), grades


CLOSE = "def close(a, b):\n    return abs(a - b) < 1e-9"
TAKEN_NAMES = {
    "imported with a star": (
        "from numpy.testing import *",
        "assert_allclose(first(3), 9)",
        "def assert_allclose(*a, **k): pass",
    ),
    "imported if it is there": (
        "try:\n    import numpy as np\nexcept ImportError:\n    np = None",
        "np.testing.assert_allclose(first(3), 9)",
        "class np:\n    class testing: assert_allclose = staticmethod(lambda *a, **k: None)",
    ),
    "imported without warnings": (
        "import warnings\nwith warnings.catch_warnings():\n"
        "    from numpy.testing import assert_allclose",
        "assert_allclose(first(3), 9)",
        "def assert_allclose(*a, **k): pass",
    ),
    "defined below an if": (
        "if True:\n    def close(a, b): return abs(a - b) < 1e-9",
        "assert close(first(3), 9)",
        "def close(*a): return True",
    ),
    "defined in a timed cell": (
        f"%%time\n{CLOSE}",
        "assert close(first(3), 9)",
        "def close(*a): return True",
    ),
    "defined as a coroutine": (
        "import asyncio\nasync def close(a, b): return abs(a - b) < 1e-9",
        "assert asyncio.new_event_loop().run_until_complete(close(first(3), 9))",
        "async def close(*a): return True",
    ),
    "asked for later": (CLOSE, "assert close(first(3), 9)", "def close(*a): return True"),
    "bound by an earlier test": (
        "expected = [9]",
        "wanted = [9]\nassert True\n",
        "wanted = [0]",
    ),
}


@pytest.mark.parametrize("how", TAKEN_NAMES)
def test_names_of_ours_are_not_taken_from_a_student(how):
    ours, tests, theirs = TAKEN_NAMES[how]
    skeleton = notebook(
        given(ours),
        answer("first", "def first(x): ..."),
        test("one_test", tests),
        test("two_test", "assert first(3) == wanted[0]" if "wanted" in tests else tests),
        answer("close", "def close(a, b): ..."),
        test("close_test", "assert close(1, 1)"),
    )
    # The last question asks for `close`, so there the student's own one counts.
    grades = grades_of(skeleton, first=f"def first(x): return 0\n{theirs}", close=CLOSE)
    assert grades["two_test"]["points"] == 0, grades
    assert grades["close_test"]["points"] == 1, grades
    grades = grades_of(skeleton, first="def first(x): return x * x", close=CLOSE)
    assert [grade["points"] for grade in grades.values()] == [1, 1, 1], grades


def test_an_answer_that_binds_a_name_of_an_earlier_test_is_asked_for_it():
    skeleton = notebook(
        answer("first", "def first(x): ..."),
        test("one_test", "result = first(3)\nassert result == 9"),
        answer("second", "# Write 5 into result."),
        test("two_test", "assert result == 5"),
    )
    grades = grades_of(skeleton, first="def first(x): return x * x", second="result = 5")
    assert [grade["points"] for grade in grades.values()] == [1, 1], grades


@pytest.mark.parametrize("source", [f"{GIVEN}\nimport math", "import math", None])
def test_who_changes_a_given_import_is_checked_all_the_same(source):
    changes = {"half": "def half(x):\n    return x / 2", SKELETON["cells"][0]["source"]: source}
    unit = {"notebooks": {"n": SKELETON}, "modules": MODULES}
    grades = execute(unit, {"n": handed_in(SKELETON, changes)}, {}, QUICK, LEVELS[0])
    grade = grades["notebooks"]["n"]["grades"]["half_check"]
    assert (grade["points"], grade["label"]) == (2, "verified"), grade
