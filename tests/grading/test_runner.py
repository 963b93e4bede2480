"""Every job gets a row, whatever its processes do, and nothing of them is left."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from tests.grading.processes import own_children, started_with
from workshop_lib.checks.calls import fingerprint
from workshop_lib.grading import runner
from workshop_lib.grading.runner import Job

SETUP = """
import numpy as np
import pandas as pd
from workshop_lib.checks import check
"""
STUB = "def total(table):\n    ..."
CHECK = f"""
table = pd.DataFrame({{"x": [1.0, 2.0], "k": ["a", "b"]}}, index=[5, 7])
t = check("total", globals(), points=4, stub={{"total": "{fingerprint(STUB)}"}})
with t.item("The sum"):
    for seed in t.seeds:
        t.gives({{"sum": 3.0, "rows": [5, 7]}}, total, table)
with t.item("A plain value"):
    got = t.call(total, table)
    t.wrong_if("doubled", got["sum"] == 6, "Twice as much.")
    t.require(got["sum"] == 3, "Not 3.")
with t.item("No column x"):
    t.raises(KeyError, total, table[["k"]], mentions="x")
with t.item("Always the same"):
    t.same_every_time(total, table)
t.report()
"""
QUICK_CHECK = CHECK.replace('"):\n', '", seconds=1.5):\n')
LOOP_CHECK = """
t = check("total", globals(), points=4, stub={})
with t.item("Slow", seconds=0.5):
    t.call(total, pd.DataFrame({"x": [1.0]}))
with t.item("Fine"):
    pass
t.report()
"""
RIGHT = 'def total(table):\n    return {"sum": table["x"].sum(), "rows": list(table.index)}'
BODY = '    return {"sum": float(table["x"].sum()), "rows": [5, 7]}'


def first(lines):
    """An answer that does something else before it is right."""
    return "def total(table):\n" + "".join(f"    {line}\n" for line in lines.splitlines()) + BODY


ANSWERS = {
    "right": RIGHT,
    "wrong": RIGHT.replace(".sum()", ".sum() * 2"),
    "rounded": RIGHT.replace('["x"].sum()', '["x"].sum().astype(int)'),
    "stub": STUB,
    "stub with a remark": STUB.replace("...", "# hm\n    ..."),
    "missing": "",
    "another name": "def sums(table): return 3",
    "does not parse": "def total(table:",
    "cell raises": "undefined_name\n" + RIGHT,
    "cell raises later": RIGHT + "\n1 / 0",
    "cell exits": "raise SystemExit",
    "raises": "def total(table):\n    raise ValueError('no')",
    "exits": first("import sys\nsys.exit()"),
    "own exception": "class Odd(BaseException):\n    def __str__(self): 1 / 0\n"
    + first("raise Odd"),
    "returns nothing": "def total(table):\n    pass",
    "no function": "total = 3",
    "None": "total = None",
    "ellipsis": "total = ...",
    "changes its input": first("table['x'] = 1"),
    "prints": first("print('hello', '\\ud800')\nimport sys\nprint('x' * 10**6, file=sys.stderr)"),
    "warns": first("import warnings\nwarnings.warn('careful')"),
    "random": "import random\ndef total(table):\n    return {'sum': random.choice([3.0, 4.0])}",
    "numpy random": "def total(table): return {'sum': np.random.rand(), 'rows': [5, 7]}",
    "recursion": "def total(table): return total(table)",
    "generator": "def total(table): yield 3",
    "function": "def total(table): return len",
    "lambda": "total = lambda table: {'sum': table['x'].sum(), 'rows': [5, 7]}",
    "module": "def total(table): return np",
    "list of objects": "def total(table): return [object(), lambda: 0]",
    "holds itself": "def total(table):\n    a = []\n    a.append(a)\n    return a",
    "huge number": "def total(table): return 10**6000",
    "numpy values": 'def total(table):\n    return {"sum": table["x"].to_numpy().sum(), '
    '"rows": np.array([5, 7])}',
    "subclass of dict": "import collections\n"
    + first("return collections.OrderedDict(sum=table['x'].sum(), rows=(5, 7))"),
    "own subclass of dict": "class Mine(dict): pass\n"
    + first("table['x']\nreturn Mine(sum=4.0, rows=(5, 7))"),
    "always equal": "class Yes:\n    def __eq__(self, other): return True\n"
    "    def __getitem__(self, key): return self\n"
    "def total(table):\n    table['x']\n    return Yes()",
    "always equal inside": "class Yes(float):\n    def __eq__(self, other): return True\n"
    "    def __ne__(self, other): return False\n"
    "def total(table):\n    table['x']\n    return {'sum': Yes(7), 'rows': [5, 7]}",
    "not a number": "def total(table):\n    table['x']\n    return {'sum': float('nan')}",
    "partial": "import functools\n"
    "def add(table, k): return {'sum': table['x'].sum(), 'rows': [5, 7]}\n"
    "total = functools.partial(add, k=1)",
    "callable object": "class Total:\n    def __call__(self, table):\n"
    "        return {'sum': table['x'].sum(), 'rows': [5, 7]}\ntotal = Total()",
    "object that invokes": "class Total:\n    def __call__(self, table): return 1\n"
    "    def invoke(self, *a, **k): return 3\n    def is_stub(self, *a): return False\n"
    "total = Total()",
    "surrogates": "def total(table): return {'sum': '\\ud800', 'rows': []}",
}
LOOPS = {
    "loop": "def total(table):\n    while True: pass",
    "loop that swallows": "def total(table):\n    while True:\n        try: table.sum()\n"
    "        except: pass",
    "sleep that swallows": "import time\ndef total(table):\n    while True:\n"
    "        try: time.sleep(99)\n        except BaseException: pass",
}
AGREEABLE = {"always equal", "always equal inside"}
SAME_POINTS = {
    "right": 4,
    "cell raises later": 4,
    "prints": 4,
    "warns": 4,
    "lambda": 4,
    "numpy values": 4,
    "rounded": 4,
    "subclass of dict": 4,
    "partial": 4,
    "callable object": 4,
    "wrong": 2,
}


def job(key, answer, *, separate=False, check=CHECK, names=("total",), seconds=30.0):
    return Job(
        key=f"{key} (apart)" if separate else key,
        answer_cells=(SETUP, answer),
        answer_names=names,
        check_cells=(SETUP, check),
        separate=separate,
        seconds=seconds,
    )


MODULES = ("numpy", "pandas", "workshop_lib.checks.session")


@pytest.fixture(scope="module", autouse=True)
def own_folder_for_temporary_files(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("jobs")))
        yield


def job_folders():
    return set(Path(os.environ["TMPDIR"]).iterdir())


@pytest.fixture(scope="module")
def results():
    jobs = [job(k, a, separate=s) for k, a in ANSWERS.items() for s in (False, True)]
    jobs += [
        job(k, a, separate=s, check=LOOP_CHECK) for k, a in LOOPS.items() for s in (False, True)
    ]
    return runner.run(jobs, modules=MODULES, seeds=(3, 4))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_in_another_process_gets_the_same_report(results, name):
    here, apart = results[name], results[f"{name} (apart)"]
    assert here["problem"] is apart["problem"] is None
    outlines = [
        (
            report["points"],
            report["state"],
            report["misconceptions"],
            [(item["state"], item["misconception"]) for item in report["items"]],
        )
        for report in (here["report"], apart["report"])
    ]
    if name in AGREEABLE:  # there `==` is asked; apart, it cannot be
        assert outlines[0][:2] == outlines[1][:2]
    else:
        assert outlines[0] == outlines[1]


@pytest.mark.parametrize("name", ANSWERS)
def test_points_are_as_expected(results, name):
    points = results[name]["report"]["points"]
    assert points == SAME_POINTS[name] if name in SAME_POINTS else points < 4


@pytest.mark.parametrize(
    "name", ["stub", "stub with a remark", "missing", "another name", "does not parse",
             "cell raises", "cell exits", "ellipsis"],
)  # fmt: skip
def test_what_is_not_there_is_not_attempted(results, name):
    assert results[name]["report"]["state"] == "not attempted"
    assert results[name]["report"]["points"] == 0


@pytest.mark.parametrize("name", LOOPS)
def test_loops_cost_their_item_only(results, name):
    for key in (name, f"{name} (apart)"):
        report = results[key]["report"]
        assert (report["points"], report["misconceptions"]) == (2.0, ["too_slow"])


FILE_CHECK = """
import tempfile
from pathlib import Path
t = check("read", globals(), points=1, stub={"read": "00000000"})
folder = tempfile.TemporaryDirectory()
path = Path(folder.name, "number.txt")
path.write_text("8")
with t.item("a file of the check's process"):
    t.gives("8", read, str(path))
t.report()
"""


def test_a_file_that_only_the_checks_process_sees_is_refused():
    """`workshop verify` must find what an isolated student's process would not see."""
    answer = "def read(path): return open(path).read()"
    jobs = [job("r", answer, check=FILE_CHECK, names=("read",), separate=s) for s in (False, True)]
    got = runner.run(jobs, modules=MODULES)
    assert got["r"]["report"]["points"] == 1
    apart = got["r (apart)"]["report"]
    assert apart["points"] == 0, apart
    assert "only a `TextFile` reaches" in apart["items"][0]["message"]


CLASS_CHECK = """
t = check("Counter", globals(), points=3, stub={"Counter": "00000000"})
with t.item("Methods keep their object"):
    first = t.call(Counter, 10)
    second = t.call(Counter, start=20)
    t.gives(11, first.add, 1)
    t.gives(13, first.add, 2)
    t.gives(21, second.add, 1)
    t.equal(t.value(first.total), 13)
with t.item("A method that returns its object can be chained"):
    chain = t.call(t.call(t.call(Counter, 1).then, 2).then, 3)
    t.equal(t.value(chain.total), 6)
with t.item("Objects as arguments and in containers"):
    both = t.call(pair, 1)
    t.equal(len(both), 2)
    t.gives(3, join, both[0], both[1])
    t.gives(3, join_all, {"a": both})
with t.item("An attribute named like a part of the check"):
    t.gives("mine", t.call(Counter, 1).invoke)
    t.gives("own", t.call(Counter, 1).fetch)
with t.item("No such method"):
    t.call(t.call(Counter, 1).nothing)
with t.item("A wrong result of a method"):
    t.gives(9, t.call(Counter, 1).add, 1)
t.report()
"""
CLASS = """
class Counter:
    def __init__(self, start): self.total = start
    def add(self, n):
        self.total += n
        return self.total
    def then(self, n):
        self.add(n)
        return self
    def invoke(self): return "mine"
    def fetch(self): return "own"

def pair(n): return [Counter(n), Counter(n + 1)]
def join(a, b): return a.total + b.total
def join_all(groups): return sum(c.total for c in groups["a"])
"""


def test_objects_of_a_learners_class_work_in_both_ways():
    names = ("Counter", "pair", "join", "join_all")
    jobs = [job("c", CLASS, check=CLASS_CHECK, names=names, separate=s) for s in (False, True)]
    got = runner.run(jobs)
    states = [[i["state"] for i in got[k]["report"]["items"]] for k in ("c", "c (apart)")]
    assert states[0] == states[1] == ["passed"] * 4 + ["not yet"] * 2
    texts = [got[k]["report"]["items"][-1]["message"] for k in ("c", "c (apart)")]
    assert texts[0].startswith("`Counter.add(1)`: ") and texts[1].startswith("`add(1)`: ")


SEGFAULT = "import ctypes\nctypes.string_at(0)"
NAPPING_CHILD = (
    "import os, time\nif os.fork() == 0:\n    {detach}\n    time.sleep(60)\n    os._exit(0)"
)
DETACHED = NAPPING_CHILD.format(detach="os.setsid()")
DOUBLE = NAPPING_CHILD.format(detach="os.setsid() or os.fork() and os._exit(0)")
MANY = f"for _ in range(5):\n{textwrap.indent(DETACHED, '    ')}"
PROGRAM = "import subprocess\nsubprocess.Popen(['sleep', '60'], start_new_session=True)"
GARBAGE = """import os
for number in range(3, 50):
    try: os.write(number, b'{"report": null}\\n' * 5)
    except OSError: pass"""
VALID_GARBAGE = GARBAGE.replace('{"report": null}', '{"key": "last", "report": 3, "problem": []}')
CLOSE = "import os\nos.closerange(0, 100)"
FLOOD = GARBAGE.replace("try:", "try:\n        while True:").replace("* 5", "* 5000")
READ = """import os
for number in range(3, 50):
    try:
        os.set_blocking(number, False)
        os.read(number, 100)
    except OSError: pass"""
LOCKED_FOLDER = "import os\nos.makedirs('a/b', exist_ok=True)\nos.chmod('a', 0)\n"

VIOLENT = {
    "segfault": SEGFAULT,
    "os._exit": "import os\nos._exit(0)",
    "killed": "import os\nos.kill(os.getpid(), 9)",
    "group killed": "import os\nos.killpg(0, 9)",
    "stopped": "import os\nos.kill(os.getpid(), 19)",
    "ignores signals": "import signal, time\nsignal.signal(14, signal.SIG_IGN)\n"
    "signal.signal(15, signal.SIG_IGN)\ntime.sleep(60)",
    "stuck in a library": "sum(range(10**13))",
    "child": NAPPING_CHILD.format(detach="pass"),
    "detached child": DETACHED,
    "child of a detached child": DOUBLE,
    "many children": MANY,
    "program": PROGRAM,
    "threads": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
    "closes everything": CLOSE,
    "closes everything and sleeps": CLOSE + "\nimport time\ntime.sleep(60)",
    "garbage": GARBAGE,
    "valid garbage": VALID_GARBAGE,
    "flood": FLOOD,
    "reads everything": READ,
    "locked folder": LOCKED_FOLDER,
    "fills a folder": "import os\nfor n in range(300): open(str(n), 'w').close()",
    "prints before import": "print('x' * 10**5, flush=True)",
    "leaves its folder": "import os\nos.chdir('/')",
    "exit handlers": "import atexit, time\natexit.register(time.sleep, 60)",
}
HARMLESS = {
    "child", "detached child", "child of a detached child", "many children", "program", "threads",
    "locked folder", "fills a folder", "prints before import", "leaves its folder", "exit handlers",
    "reads everything",
}  # fmt: skip


@pytest.fixture(scope="module")
def violent():
    before, folders = own_children(), job_folders()
    jobs = []
    for separate in (False, True):
        for name, source in VIOLENT.items():
            jobs += [
                job(
                    f"{name} in a call",
                    first(source),
                    separate=separate,
                    check=QUICK_CHECK,
                    seconds=20,
                ),
                job(f"{name} in a cell", f"{source}\n{RIGHT}", separate=separate, seconds=3),
            ]
    jobs.append(job("last", RIGHT))
    got = runner.run(jobs, modules=MODULES, workers=12)
    left = (own_children() - before) | started_with(os.environ["TMPDIR"])
    return jobs, got, left, job_folders() - folders


def test_every_job_has_a_row(violent):
    jobs, got, _, _ = violent
    assert list(got) == [job.key for job in jobs]
    for result in got.values():
        assert (result["report"] is None) != (result["problem"] is None)
        assert result["cpu_seconds"] >= 0


def test_no_process_and_no_folder_is_left(violent):
    _, _, left, folders = violent
    assert left == set()
    assert folders == set()


def test_one_job_cannot_disturb_another(violent):
    assert violent[1]["last"]["report"]["points"] == 4


@pytest.mark.parametrize("name", VIOLENT)
@pytest.mark.parametrize("place", ["call", "cell"])
def test_nobody_gains_from_violence(violent, name, place):
    for way in ("", " (apart)"):
        report = violent[1][f"{name} in a {place}{way}"]["report"]
        if name in HARMLESS:
            assert report["points"] == 4
        else:
            assert (
                report is None
                or report["points"] < 4
                or name in ("garbage", "valid garbage", "flood")
            )


def test_a_crash_of_an_answer_in_another_process_costs_only_points(violent):
    for name in ("segfault", "os._exit", "killed", "stuck in a library"):
        report = violent[1][f"{name} in a call (apart)"]["report"]
        assert report["points"] < 4
    message = violent[1]["segfault in a call (apart)"]["report"]["items"][1]["message"]
    assert "Python itself stopped" in message


def test_two_workers_run_at_the_same_time():
    nap = "import time\ntime.sleep(1)"
    jobs = [job(str(n), f"{nap}\n{RIGHT}") for n in range(4)]
    ends = {}
    began = time.monotonic()
    runner.run(jobs, on_result=lambda key, _: ends.update({key: time.monotonic() - began}))
    gaps = [ends["1"] - ends["0"], ends["3"] - ends["2"]]
    # One after the other, each result would come at least 1 s after the one before.
    assert min(gaps) < 0.8
    assert ends["2"] - ends["0"] > 0.8


def test_results_do_not_depend_on_order_or_workers(results):
    names = ["right", "wrong", "random", "numpy random", "prints", "raises"]
    jobs = [job(k, ANSWERS[k], separate=s) for k in names for s in (False, True)]
    got = runner.run(jobs[::-1], modules=MODULES, workers=3, seeds=(3, 4))
    assert list(got) == [job.key for job in jobs[::-1]]
    for each in jobs:
        assert got[each.key]["report"] == results[each.key]["report"]


def test_seeds_reach_the_check():
    check = (
        't = check("x", globals(), points=1, stub={})\nwith t.item(str(t.seeds)): pass\nt.report()'
    )
    got = runner.run([job("x", "", check=check)], seeds=(41, 42))
    assert got["x"]["report"]["items"][0]["name"] == "(41, 42)"


def test_the_answer_does_not_see_the_processes_files():
    look = "import os\ndef total(table): return sorted(os.listdir('/proc/self/fd'), key=int)"
    check = """
t = check("x", globals(), points=1, stub={})
with t.item("x"):
    got = t.call(total, 1)
    t.require(False, str(len(got)))
t.report()
"""
    got = runner.run([job("x", look, check=check, separate=True)])
    # Three standard streams, two pipes, the listing itself, and stderr kept for the item's end.
    assert int(got["x (apart)"]["report"]["items"][0]["message"]) <= 6


def test_modules_that_fail_or_print_when_imported_are_no_problem(tmp_path, monkeypatch):
    (tmp_path / "odd_module.py").write_text("print('{}')\nprint('noise' * 10**5)\n1 / 0\n")
    (tmp_path / "loud_module.py").write_text("import sys\nsys.stderr.write('x' * 10**6)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    got = runner.run([job("x", RIGHT)], modules=["odd_module", "loud_module", "not_there"])
    assert got["x"]["report"]["points"] == 4


def test_a_preloaded_process_that_fails_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "deadly_module.py").write_text("import os\nos.write(2, b'dying')\nos._exit(3)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="dying"):
        runner.run([job("x", RIGHT)], modules=["deadly_module"])


def test_a_module_with_a_thread_is_refused(tmp_path, monkeypatch):
    (tmp_path / "threaded.py").write_text(
        "import threading as t, time\nt.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="thread"):
        runner.run([job("x", RIGHT)], modules=["threaded"])


def test_no_jobs_and_equal_keys():
    assert runner.run([]) == {}
    with pytest.raises(ValueError, match="same key"):
        runner.run([job("x", RIGHT), job("x", RIGHT)])


def test_a_check_that_is_broken_is_a_row():
    checks = {"raises": "1 / 0", "no report": "3", "nothing": "x = 1", "bad": "def"}
    got = runner.run([job(name, RIGHT, check=source) for name, source in checks.items()])
    assert all(result["report"] is None for result in got.values())
    assert "ZeroDivisionError" in got["raises"]["problem"]


def test_an_interrupted_run_leaves_nothing():
    folders = job_folders()

    def stop(key, result):
        raise KeyboardInterrupt

    jobs = [job("fast", RIGHT), job("slow", "import time\ntime.sleep(60)"), job("later", RIGHT)]
    before = own_children()
    with pytest.raises(KeyboardInterrupt):
        runner.run(jobs, on_result=stop)
    assert own_children() == before
    assert job_folders() == folders


def test_ctrl_c_ends_everything():
    code = (
        "from tests.grading.test_runner import *\n"
        "runner.run([job('slow', 'import time; time.sleep(60)')])"
    )
    folders = job_folders()
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.DEVNULL, start_new_session=True
    )
    family = psutil.Process(process.pid)
    until = time.monotonic() + 30
    children = []
    while len(children) < 2 and time.monotonic() < until:
        time.sleep(0.05)
        children = family.children(recursive=True)
    assert len(children) >= 2
    os.killpg(process.pid, 2)
    process.wait(timeout=20)
    assert psutil.wait_procs(children, timeout=5)[1] == []
    assert job_folders() == folders
