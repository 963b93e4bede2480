"""A new Python: nothing of this process is there, and its hash seed is another one."""

import linecache

import numpy as np
import pandas as pd
import pytest

from workshop_lib.checks import fresh_process, run_script


def defined(source, name, file):
    """Define a function as a cell does."""
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    names = {"np": np}
    exec(compile(source, file, "exec"), names)
    return names[name]


def test_whole_cell_and_setup_are_there():
    cell = "limit = 3\ndef low(x):\n    return np.minimum(x, limit)\n"
    low = defined(cell, "low", "<test cell 1>")
    got = fresh_process(low, np.array([1, 5]), setup="import numpy as np")
    np.testing.assert_array_equal(got, [1, 3])
    with pytest.raises(RuntimeError, match="NameError: name 'np'"):
        fresh_process(low, np.array([1, 5]))


def test_frames_cross():
    double = defined("def double(df, *, by):\n    return df * by\n", "double", "<test cell 2>")
    got = fresh_process(double, pd.DataFrame({"x": [1, 2]}), by=2)
    pd.testing.assert_frame_equal(got, pd.DataFrame({"x": [2, 4]}))


def test_hash_of_a_text_differs():
    code = defined("def code(text):\n    return hash(text)\n", "code", "<test cell 3>")
    first, second = (fresh_process(code, "loan", hash_seed=seed) for seed in ("1", "2"))
    assert first != second


def test_errors_and_endless_loops_are_named():
    fail = defined("def fail():\n    raise KeyError('age')\n", "fail", "<test cell 4>")
    with pytest.raises(RuntimeError, match="KeyError: 'age'"):
        fresh_process(fail)
    with pytest.raises(TimeoutError, match="took over"):
        run_script("while True: pass", seconds=0.3)


def test_functions_without_source_are_refused():
    with pytest.raises(TypeError, match="source"):
        fresh_process(len, [1])


def test_script_sees_no_names_and_no_files_of_ours():
    assert run_script("print(sorted(__import__('os').listdir()))").printed == "['script.py']\n"
    assert run_script("defined").error == "NameError: name 'defined' is not defined"
    assert run_script("x = 1").error is None
    assert run_script("1 +").error.startswith("SyntaxError")
    with pytest.raises(TypeError, match="text"):
        run_script(None)


def test_script_does_not_know_the_seeds_of_the_checks(monkeypatch):
    monkeypatch.setenv("WORKSHOP_SEEDS", "4711")
    done = run_script("import os\nprint(os.environ.get('WORKSHOP_SEEDS'))")
    assert done.printed.strip() == "None"


def test_message_of_several_lines_gives_the_last_one_that_is_not_indented():
    assert run_script("raise ValueError('a\\n  b')").error == "ValueError: a"
