"""What students may try to get points that they did not earn, or to harm others.

Each attack stands in the cell of an exercise that is otherwise wrong. It must gain nothing, in a
course of any kind, with checks of ours, and at every level of isolation.
"""

import base64
import json
import os

import pytest

from tests.grading.notebooks import answer, given, notebook, test, with_answers
from tests.grading.processes import own_children, started_with
from workshop_lib.checks.calls import fingerprint
from workshop_lib.grading import isolation
from workshop_lib.grading.execute import Limits, close_engines, execute

LEVELS = [level for level in isolation.LEVELS if isolation.available(level)]
MODULES = ["numpy", "numpy.testing", "pandas", "workshop_lib.checks.session"]
QUICK = Limits(cell_seconds=1, total_seconds=90, memory_bytes=400 << 20, file_bytes=32 << 20)
STUBS = {"half": "def half(x): ...", "Scale": "class Scale: ..."}
SKELETON = notebook(
    given("import numpy as np\nfrom workshop_lib.checks import check"),
    answer("first", "def first(x): ..."),
    test("first_test", "assert first(2) == 4 and first(3) == 9", 1),
    answer("model", "def model(): ..."),
    test(
        "model_test",
        "class Model: pass\nm = model()\nassert isinstance(m.k, int)\n"
        "np.testing.assert_allclose(m.weights, [1.0, 2.0])\nassert m.k == 5",
        1,
    ),
    answer("half", STUBS["half"]),
    test(
        "half_check",
        f"t = check('half', globals(), points=2, stub={{'half': '{fingerprint(STUBS['half'])}'}})\n"
        "with t.item('seeds', seconds=1):\n    for seed in (17, 23):\n        t.gives(seed / 2, half, seed)\n"
        "### BEGIN HIDDEN TESTS\nwith t.item('secret words', seconds=1):\n    t.gives(11.0, half, 22)\n"
        "### END HIDDEN TESTS\nt.report()",
        2,
        exercise="half",
        transport="plain",
    ),
    answer("Scale", STUBS["Scale"]),
    test(
        "Scale_check",
        f"t = check('Scale', globals(), points=2, stub={{'Scale': '{fingerprint(STUBS['Scale'])}'}})"
        "\nwith t.item('an object', seconds=1):\n    made = t.call(Scale, 2)\n"
        "    t.require(made.k == 2, 'no k')\n    t.equal(t.call(made.times, 3), 6)\nt.report()",
        2,
        exercise="Scale",
        transport="object",
    ),
    answer("last", "def last(x): ..."),
    test("last_test", "assert last(1) == 2", 1),
)
WRONG = {
    "first": "def first(x):\n    return 0",
    "model": "def model():\n    return 0",
    "half": "def half(x):\n    return 0",
    "Scale": "class Scale:\n    def __init__(self, k):\n        self.k = 0\n"
    "    def times(self, x):\n        return 0",
}
LAST = "def last(x):\n    return x + 1"
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


@pytest.fixture(scope="module", autouse=True)
def end_engines(tmp_path_factory):
    """End the preloaded processes after the last attack; then nothing may be left."""
    folder, before = tmp_path_factory.mktemp("attacks"), own_children()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        yield
    close_engines()
    assert not (own_children() - before) | started_with(folder)
    assert not list(folder.iterdir())


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


def handed_in(skeleton, changes):
    """A notebook with other sources, by grade id or old source; None makes a cell a text."""
    cells = []
    for each in skeleton["cells"]:
        key = each["metadata"].get("nbgrader", {}).get("grade_id", each["source"])
        new = {**each, "source": changes.get(key, each["source"])}
        if new["source"] is None:
            new = {"cell_type": "markdown", "id": each["id"], "metadata": {}, "source": "gone"}
        cells.append(new)
    return {**skeleton, "cells": cells}


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


def grades_of(skeleton, **answers):
    """Grade some answers at the strongest level."""
    unit = {"notebooks": {"n": skeleton}, "modules": MODULES}
    made = with_answers(skeleton, **answers)
    return execute(unit, {"n": made}, {}, QUICK, LEVELS[0])["notebooks"]["n"]["grades"]


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


@pytest.mark.parametrize("source", [f"{GIVEN}\nimport math", "import math", None])
def test_who_changes_a_given_import_is_checked_all_the_same(source):
    changes = {"half": "def half(x):\n    return x / 2", SKELETON["cells"][0]["source"]: source}
    unit = {"notebooks": {"n": SKELETON}, "modules": MODULES}
    grades = execute(unit, {"n": handed_in(SKELETON, changes)}, {}, QUICK, LEVELS[0])
    grade = grades["notebooks"]["n"]["grades"]["half_check"]
    assert (grade["points"], grade["label"]) == (2, "verified"), grade


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


SHORT = notebook(
    answer("first", "def first(x): ..."),
    test("first_test", "assert first(2) == 4"),
    answer("last", "def last(x): ..."),
    test("last_test", "assert last(1) == 2"),
)
UNREADABLE = {
    "an argument twice": "def f(a, a): pass",
    "nonlocal outside of a function": "nonlocal x",
    "global after its use": "def f():\n    x = 1\n    global x",
    "a star inside a function": "def f():\n    from math import *",
    "very many signs": f"x = {'-' * 50_000}1",
    "a very long sum": f"x = {'1 + ' * 500}1",
}


def short_run(first, **more):
    made = with_answers({**SHORT, **more}, first=first, last=LAST)
    unit = {"notebooks": {"n": SHORT}, "modules": []}
    return execute(unit, {"n": made}, {}, QUICK, LEVELS[0])["notebooks"]["n"]


@pytest.mark.parametrize("how", UNREADABLE)
def test_a_source_that_we_cannot_read_costs_its_own_points_only(how):
    grades = short_run(UNREADABLE[how])["grades"]
    assert [grades[t]["points"] for t in ("first_test", "last_test")] == [0, 1], grades


FILLS_SHARED_MEMORY = """
import mmap
kept = [mmap.mmap(-1, 100 << 20) for _ in range(6)]
for each in kept:
    for place in range(0, len(each), 4096):
        each[place] = 1
def first(x): return x * x
"""


def test_memory_that_processes_can_share_counts():
    grades = short_run(FILLS_SHARED_MEMORY)["grades"]
    assert [grades[t]["points"] for t in ("first_test", "last_test")] == [0, 1], grades


def test_the_outputs_of_all_cells_together_are_bounded():
    large = given("from IPython.display import HTML, display\ndisplay(HTML('x' * 4_000_000))")
    added = [{**large, "id": f"large-{number}"} for number in range(12)]
    outputs = short_run(WRONG["first"], cells=[*SHORT["cells"], *added])["outputs"]
    assert len(json.dumps(outputs)) < 34 << 20
    assert "left out" in str(outputs["15"])


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


COUNTS_WHAT_IT_GETS = """
import ctypes, os
library = ctypes.CDLL(None)
refused = library.memfd_create(b'x', 0) == library.shmget(0, 1 << 20, 0o1600) == -1
seeds = '4711' in str(os.environ) + open('/proc/self/environ').read()
def first(x): return [refused, seeds]
"""
MAKES_FILES = """
made = 0
try:
    for made in range(80_000):
        open(f'f{made}', 'w').close()
except OSError: pass
def first(x): return [made < 60_000, False]
"""
# Only there a student's files are kept in memory, so only there their number has a limit.
ATTEMPTS = [(level, COUNTS_WHAT_IT_GETS) for level in LEVELS]
ATTEMPTS += [(level, MAKES_FILES) for level in LEVELS if level == "namespaces"]


@pytest.mark.parametrize(("level", "attempt"), ATTEMPTS)
def test_files_and_memory_without_a_name_are_bounded_and_seeds_are_not_there(level, attempt):
    skeleton = notebook(answer("first", "..."), test("t", "assert first(2) == [1, 0], first(2)"))
    environment = {"WORKSHOP_SEEDS": "4711"}
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": environment}
    made = with_answers(skeleton, first=attempt)
    limits = Limits(cell_seconds=20, total_seconds=60)
    grades = execute(unit, {"n": made}, {}, limits, level)["notebooks"]["n"]["grades"]
    assert grades["t"]["points"] == 1, grades


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "limits"])
def test_an_isolated_student_sees_nothing_of_the_course(level, tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("marks")
    source = f"""
import os, socket
def first(x):
    found = []
    for path in ({str(secret)!r}, {os.getcwd() + "/README.md"!r}, '/etc/shadow'):
        try:
            open(path).read()
            found.append(path)
        except OSError:
            pass
    for path in ({str(secret)!r}, '/usr/x', {str(tmp_path / "new")!r}):
        try:
            open(path, 'a').write('x')
            found.append('wrote ' + path)
        except OSError:
            pass
    try:
        socket.create_connection(('127.0.0.1', {PORT}), timeout=1)
        found.append('network')
    except OSError:
        pass
    try:
        os.kill({os.getpid()}, 0)
        os.kill({os.getpid()}, 18)
        found.append('signal')
    except OSError:
        pass
    return [x * x, found, os.environ.get('SECRET_OF_THE_TEACHER')]
"""
    skeleton = notebook(
        answer("first", "..."),
        test("t", "result = first(2)\nassert result == [4, [], None], result"),
    )
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    made = with_answers(skeleton, first=source)
    with listening():
        result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
    assert result["grades"]["t"]["points"] == 1, result
    assert secret.read_text() == "marks"


REACHES_OTHERS = """
import ctypes, os, resource
def first(x):
    found = []
    try:  # in a namespace of its own nobody else has a number
        resource.prlimit(os.getppid() or 999_999, resource.RLIMIT_FSIZE, (1, 1))
        found.append('limits of another process')
    except OSError:
        pass
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None)
    for name in ('msgget', 'semget'):
        if getattr(library, name)(0x4242, 1, 0o1666) >= 0:
            found.append(name)
    return found
"""


@pytest.mark.parametrize("level", LEVELS)
def test_limits_of_others_and_queues_are_out_of_reach(level):
    skeleton = notebook(answer("first", "..."), test("t", "assert first(2) == [], first(2)"))
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    made = with_answers(skeleton, first=REACHES_OTHERS)
    for _ in range(2):
        result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
        assert result["grades"]["t"]["points"] == 1, result


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "limits"])
def test_a_text_that_a_check_runs_reaches_no_file_of_others(level, tmp_path):
    secret, new = tmp_path / "gradebook.db", tmp_path / "new"
    secret.write_text("marks")
    text = f"open({str(new)!r}, 'w').close() or open({str(secret)!r}).read()"
    skeleton = notebook(
        answer("rule", "rule = ..."),
        test("t", "try:\n    found = eval(rule)\nexcept OSError:\n    found = 'refused'\n"
             "assert found == 'refused', found"),
    )  # fmt: skip
    unit = {"notebooks": {"n": skeleton}, "modules": [], "environment": {}}
    for path in (text, f"open({str(secret)!r}).read()"):
        made = with_answers(skeleton, rule=f"rule = {path!r}")
        result = execute(unit, {"n": made}, {}, QUICK, level)["notebooks"]["n"]
        assert result["grades"]["t"]["points"] == 1, result
    assert secret.read_text() == "marks" and not new.exists()


def test_who_hinders_the_engine_costs_the_next_student_nothing():
    """Without isolation a student can reach the process that forks; its files end at one byte."""
    skeleton = notebook(answer("first", "..."), test("t", "assert first(2) == 4"))
    unit = {"notebooks": {"n": skeleton}, "modules": ["json"], "environment": {}}
    hinders = "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_FSIZE, (1, 1))"
    for source, points in ((hinders, 0), ("def first(x): return x * x", 1)):
        made = with_answers(skeleton, first=source)
        result = execute(unit, {"n": made}, {"data.csv": b"1,2"}, QUICK, "none")["notebooks"]["n"]
        assert result["grades"]["t"]["points"] == points, result


PORT = 48_611


class listening:
    """A server on the loopback of the grader."""

    def __enter__(self):
        import socket

        self.server = socket.create_server(("127.0.0.1", PORT))

    def __exit__(self, *_):
        self.server.close()
