"""Checks and `%%needs` in a real IPython shell."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from workshop_lib.checks.calls import fingerprint
from workshop_lib.checks.session import STATES

STUB = 'def half(x):\n    """Half of x."""\n    ...'
CHECK = f"""
t = check("half", globals(), points=1, stub={{"half": "{fingerprint(STUB)}"}})
with t.item("halves"):
    t.gives(2.0, half, 4)
t.report()
"""


@pytest.fixture
def run():
    shell = InteractiveShell.instance()
    shell.reset()
    STATES.clear()

    def run(source):
        with capture_output() as captured:
            result = shell.run_cell(source, store_history=True)
        assert result.success, captured.stdout
        return captured, result.result

    run("import workshop_lib.checks.notebook as n; n.register_magic()")
    run("from workshop_lib.checks import check")
    yield run
    shell.reset()
    InteractiveShell.clear_instance()


def state(run):
    run(CHECK)
    return STATES["half"]


@pytest.mark.parametrize(
    "stub",
    [
        STUB,
        STUB + "  # what to do here?",
        STUB.replace("    ...", "    # first: divide\n    # then: return\n    ..."),
        "%time\n" + STUB,
    ],
)
def test_the_stub_is_not_attempted(run, stub):
    run(stub)
    assert state(run) == "not attempted"


def test_a_missing_answer_is_not_attempted(run):
    assert state(run) == "not attempted"


def test_an_answer_and_then_the_stub_again(run):
    run(STUB.replace("...", "return x / 2"))
    assert state(run) == "passed"
    run(STUB)
    assert state(run) == "not attempted"
    run(STUB.replace("...", "return x"))
    assert state(run) == "not yet"
    run(STUB.replace("...", "return x / 2"))
    assert state(run) == "passed"


def test_the_learners_line_is_shown(run):
    run(STUB.replace("...", "return x / 0"))
    _, report = run(CHECK)
    assert "ZeroDivisionError" in report.items[0].message
    assert "`return x / 0`" in report.items[0].message


def test_needs_waits_for_an_attempt(run):
    captured, _ = run("%%needs half, other\nprint('ran')")
    assert "not there yet: half, other" in captured.stdout
    assert "ran" not in captured.stdout
    run(STUB)
    run(CHECK)
    captured, _ = run("%%needs half\nprint('ran')")
    assert "ran" not in captured.stdout


def test_needs_runs_after_an_attempt(run):
    run(STUB.replace("...", "return x / 2"))
    run(CHECK)
    captured, _ = run("%%needs half\nprint('ran')\nresult = half(3)\nresult")
    assert captured.stdout == "ran\n"
    assert [output.data["text/plain"] for output in captured.outputs] == ["1.5"]
    assert run("result")[1] == 1.5


@pytest.mark.parametrize(
    "cell",
    ["half(3)[0]", "undefined", "raise SystemExit", "def broken(", "from nowhere import x"],
)
def test_needs_never_stops_a_notebook(run, cell):
    for answer, said in (
        ("return x", "This cell needs correct answers: half. It stopped with"),
        ("return x / 2", "This cell stopped with"),
    ):
        run(STUB.replace("...", answer))
        run(CHECK)
        captured, _ = run(f"%%needs half\n{cell}")
        assert captured.stdout.startswith(said)
        assert captured.stderr == ""


def test_a_cell_that_stops_leaves_no_empty_picture(run):
    run(STUB.replace("...", "return x"))
    run(CHECK)
    run("import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt")
    run("%%needs half\nfig, ax = plt.subplots()\nax.plot(half(3)[0])")
    assert run("plt.get_fignums()")[1] == []


def test_needs_understands_magics(run):
    run(STUB.replace("...", "return x / 2"))
    run(CHECK)
    captured, _ = run("%%needs half\nplace = %pwd\nprint('ran')")
    assert captured.stdout == "ran\n"


def test_importing_checks_in_a_notebook_registers_needs():
    import subprocess
    import sys

    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('from workshop_lib.checks import check')\n"
        "assert 'needs' in shell.magics_manager.magics['cell']\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
