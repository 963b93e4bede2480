"""A call of a learner's function harms neither the check nor what is on the screen."""

import functools
import logging
import os
import random
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workshop_lib.checks import TextFile, calls
from workshop_lib.checks.calls import Deadline, fingerprint, invoke, is_stub
from workshop_lib.grading.jobs import run_cell


def defined(source, name="f"):
    """Run a cell as a notebook does and return what it defined."""
    names = {"__name__": "__main__"}
    run_cell(source, names, f"<cell {abs(hash(source))}>")
    return names[name]


def set_item(container, key, value):
    container[key] = value


def drop_column(df):
    df.drop(columns="a", inplace=True)


CHANGES = [
    (lambda x: x.append(1), [[1]]),
    (lambda x: x[0].append(1), [[[1], 2]]),
    (lambda x: x.update(b=1), [{"a": 1}]),
    (lambda x: set_item(x["a"], 0, 9), [{"a": [1]}]),
    (lambda x: x.add(5), [{1}]),
    (lambda x: set_item(x, 0, 9), [np.array([1, 2])]),
    (lambda x: x.sort(), [np.array([2, 1])]),
    (lambda x: set_item(x, 0, True), [[1, 2]]),
    (lambda x: set_item(x, 0, 1.0), [[1, 2]]),
    (lambda x: set_item(x, 0, "b"), [np.array(["a", None], dtype=object)]),
    (lambda x: x[0].append(1), [np.array([[1], 2], dtype=object)]),
    (lambda x: set_item(x, 0, 9), [pd.Series([1, 2])]),
    (lambda x: set_item(x, "new", 9), [pd.DataFrame({"a": [1]})]),
    (drop_column, [pd.DataFrame({"a": [1], "b": [1]})]),
    (lambda x: setattr(x, "columns", ["z"]), [pd.DataFrame({"a": [1]})]),
    (lambda x: setattr(x, "index", [5]), [pd.DataFrame({"a": [1]})]),
    (lambda x: setattr(x.index, "name", "n"), [pd.DataFrame({"a": [1]})]),
    (lambda x: setattr(x, "name", "n"), [pd.Series([1])]),
    (lambda x: x["a"].iloc[0].append(1), [pd.DataFrame({"a": [[1], [2]]})]),
    (lambda x: x.iloc[0].append(1), [pd.Series([[1], [2]])]),
    (lambda x: x["t"]["a"].iloc[0].append(1), [{"t": pd.DataFrame({"a": [[1], [2]]})}]),
    (lambda x: set_item(x, "a", x["a"].astype(float)), [pd.DataFrame({"a": [1]})]),
    (lambda x: x.sort_values("a", inplace=True), [pd.DataFrame({"a": [2, 1]})]),
]


@pytest.mark.parametrize(("function", "args"), CHANGES, ids=range(len(CHANGES)))
def test_a_changed_argument_is_named_and_the_original_is_whole(function, args):
    before = repr(args)
    assert invoke(function, args, {}).changed == ("x",) or function is drop_column
    assert repr(args) == before
    assert invoke(lambda *, table: function(table), [], {"table": args[0]}).changed == ("table",)


KEEPS = [
    [[1, [2]]],
    [{"a": float("nan")}],
    [np.array([np.nan, 1])],
    [np.array([None, "a", np.nan], dtype=object)],
    [pd.Series([1, None, "a"])],
    [pd.Series(["a", None])],
    [pd.Series(pd.Categorical(["a", None]))],
    [pd.Series(pd.array([1, None], dtype="Int64"))],
    [pd.DataFrame({"a": [1, np.nan], "b": ["x", None], "c": [[1], None]})],
    [pd.DataFrame([[1, "a"]], columns=["d", "d"])],
    [pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, "x")], names=["i", "j"]))],
    [pd.DataFrame()],
    [pd.NA, None, "text", 1.5, True, {1}, (1, 2), b"x", range(3), len, np.random.default_rng(0)],
]


@pytest.mark.parametrize("args", KEEPS, ids=range(len(KEEPS)))
def test_reading_is_no_change(args):
    assert invoke(lambda *values: [repr(value) for value in values], args, {}).changed == ()


def test_a_file_is_there_during_the_call():
    def look(path, second):
        return path, Path(path).read_text(encoding="utf-8"), Path(second).name

    outcome = invoke(look, [TextFile("log.txt", "é")], {"second": TextFile("other.csv", "")})
    path, *seen = outcome.value
    assert (seen, outcome.changed) == (["é", "other.csv"], ())
    assert Path(path).name == "log.txt"
    assert not Path(path).parent.exists()


def test_a_file_stays_in_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("../../out.txt", str(tmp_path.parent / "out.txt")):
        path = Path(invoke(str, [TextFile(name, "")], {}).value)
        assert (path.parent.parent, path.name) == (tmp_path, "out.txt")


def test_copies_equal_their_originals():
    table = pd.DataFrame({"a": [[1], "x"], "b": [1, 2]}, index=["i", "j"]).rename_axis("rows")
    got = invoke(lambda t: t, [table], {}).value
    pd.testing.assert_frame_equal(got, table)
    series = pd.Series([1, "a"], name=("x", 1), index=[4, 2])
    pd.testing.assert_series_equal(invoke(lambda s: s, [series], {}).value, series)


def test_what_cannot_be_copied_is_passed_as_it_is():
    generator = (i for i in range(3))
    assert invoke(list, [generator], {}).value == [0, 1, 2]


class Own(BaseException):
    pass


class Silent(Exception):
    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (KeyError("age"), "KeyError: 'age'"),
        (ValueError("two\nlines"), "ValueError: two lines"),
        (ValueError(), "ValueError"),
        (SystemExit(3), "SystemExit: 3"),
        (GeneratorExit(), "GeneratorExit"),
        (Own("x"), "Own: x"),
        (Silent(), "Silent, whose text cannot be shown"),
    ],
)
def test_everything_that_is_raised_is_described(problem, error):
    def f():
        raise problem

    outcome = invoke(f, [], {})
    assert outcome.error == error
    assert outcome.error_types[0] == type(problem).__name__
    assert "BaseException" in outcome.error_types


def test_very_long_texts_of_exceptions_are_cut():
    def f():
        raise ValueError("x" * 10**6)

    assert len(invoke(f, [], {}).error) < 400


def test_keyboard_interrupt_is_the_learners_own():
    def f():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        invoke(f, [], {})


def test_the_learners_line_is_named():
    f = defined("import json\n\ndef f(text):\n    return json.loads(text)  # here\n")
    assert invoke(f, ["{"], {}).line == "return json.loads(text)  # here"
    assert invoke(len, [1], {}).line == ""


def test_too_deep_recursion_is_an_error():
    assert invoke(defined("def f(x): return f(x)"), [1], {}).error.startswith("RecursionError")


def noisy():
    print("out")
    print("err", file=sys.stderr)
    warnings.warn("warned", stacklevel=1)
    logging.getLogger("x").warning("logged")
    return 1


def test_printing_and_warnings_are_kept_from_the_screen(capfd):
    outcome = invoke(noisy, [], {})
    assert outcome.value == 1
    assert outcome.printed.startswith("out\nerr\n")
    assert capfd.readouterr() == ("", "")


def test_endless_printing_is_cut():
    outcome = invoke(lambda: [print("x" * 1000) for _ in range(10_000)] and 1, [], {})
    assert len(outcome.printed) == 500


def test_the_system_stderr_is_kept_from_the_screen(capfd):
    with calls.quiet_libraries():
        os.write(2, b"from a library")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_the_random_state_is_set_and_restored():
    random.seed(5)
    np.random.seed(5)
    expected = random.random(), np.random.random()
    random.seed(5)
    np.random.seed(5)
    draw = lambda: (random.random(), np.random.random())  # noqa: E731
    first, second = (invoke(draw, [], {}, random_state=3).value for _ in range(2))
    assert first == second
    assert draw() == expected


@pytest.mark.parametrize("function", [len, print, int, functools.partial(max, 1), str.upper])
def test_functions_without_source_can_be_called(function):
    outcome = invoke(function, ["3"], {})
    assert outcome.error is None or outcome.line == ""
    assert not is_stub(function, "00000000")


STUB = 'def f(x):\n    """Double it."""\n    ...\n'


@pytest.mark.parametrize(
    "source",
    [
        STUB,
        STUB.replace("    ...", "    # I think about it\n\n    ...  # later"),
        STUB.replace("    ", "  "),
        f"import numpy as np\n\n{STUB}\n\nlimit = 3",
    ],
)
def test_a_stub_is_known_with_comments_and_other_code_around(source):
    assert is_stub(defined(source), fingerprint(STUB))


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return 2 * x",
        STUB.replace("...", "return 2 * x"),
        STUB.replace("...", "pass"),
        "f = lambda x: 2 * x",
        "def f(x):\n    s = '# not a comment'\n    return s",
    ],
)
def test_an_answer_is_no_stub(source):
    assert not is_stub(defined(source), fingerprint(STUB))


def test_stub_of_a_class():
    stub = "class f:\n    def fit(self, x):\n        ...\n\n    def mean(self):\n        ...\n"
    assert is_stub(defined(stub), fingerprint(stub))
    answer = stub.replace("...", "self.x = x", 1)
    assert not is_stub(defined(answer), fingerprint(stub))


def test_stub_of_a_decorated_function():
    decorator = "import functools\ndef d(g):\n    @functools.wraps(g)\n    def w(*a):\n"
    decorator += "        return g(*a)\n    return w\n"
    assert is_stub(defined(f"{decorator}@d\n{STUB}"), fingerprint(STUB))
    answer = STUB.replace("...", "return 1")
    assert not is_stub(defined(f"{decorator}@d\n{answer}"), fingerprint(STUB))
    assert is_stub(
        defined(f"@functools.lru_cache\n{STUB}".replace("@", "import functools\n@")),
        fingerprint(STUB),
    )


def test_stub_of_a_variable():
    assert is_stub(..., None)
    assert not is_stub(3, fingerprint("limit = ..."))
    assert not is_stub(None, fingerprint("limit = ..."))


def test_a_function_that_wraps_itself_is_no_stub():
    def f(x):
        return x

    f.__wrapped__ = f
    assert not is_stub(f, "00000000")
    assert invoke(f, [1], {}).value == 1


def test_fingerprint_of_the_released_source_does_not_change():
    # Notebooks in the hands of learners carry such fingerprints.
    assert fingerprint("def f(x):\n    ...") == "81dabbe7"


LOOPS = {
    "plain": "def f():\n    while True: pass",
    "swallows": "def f():\n    while True:\n        try: pass\n        except: pass",
    "sleeps": "import time\ndef f():\n    while True:\n        try: time.sleep(9)\n"
    "        except: pass",
    "nested": "import time\ndef f():\n    while True:\n        try:\n            while True:\n"
    "                try: time.sleep(9)\n                except BaseException: pass\n"
    "        except: pass",
    "finally": "def f():\n    while True:\n        try: pass\n        finally: continue",
    "prints": "def f():\n    while True:\n        try: print('x')\n        except: print('y')",
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_deadline_ends_every_loop(name):
    f = defined(LOOPS[name])
    stdout, filters = sys.stdout, list(warnings.filters)
    with calls.quiet(), Deadline(0.1) as limit:
        invoke(f, [], {})
    assert limit.missed
    assert sys.stdout is stdout
    assert warnings.filters == filters
    assert Deadline.running is None


def test_a_deadline_goes_on_after_one_inside_it():
    with Deadline(0.3) as outer:
        with Deadline(5) as inner:
            inner.charge(0.1)
        begun = time.process_time()
        while time.process_time() < begun + 5:
            pass
    assert outer.missed and not inner.missed
    assert time.process_time() - begun < 1
    assert Deadline.running is None


def test_a_deadline_that_is_met_leaves_no_clock():
    import signal

    with Deadline(5) as limit:
        assert 4 < limit.left <= 5
    assert not limit.missed
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
