"""The cell magic ``%%needs``: run a cell only when the answers that it uses are there."""

import ast
import sys

from workshop_lib.checks.calls import describe_error
from workshop_lib.checks.report import NOT_ATTEMPTED, PASSED


def register_magic():
    """Register ``%%needs`` in the running IPython; do nothing in plain Python."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None:
        shell.register_magic_function(needs, magic_kind="cell", magic_name="needs")


def needs(line, cell):
    """Run a cell that uses the answers named on its first line, for example ``%%needs clean_age``.

    While an answer is missing, say so instead; when an answer fails, say so in one sentence. The
    cell never stops a notebook that is run from top to bottom.
    """
    from IPython import get_ipython

    from workshop_lib.checks.session import STATES

    exercises = line.replace(",", " ").split()
    missing = [name for name in exercises if STATES.get(name, NOT_ATTEMPTED) == NOT_ATTEMPTED]
    if missing:
        print(
            f"This cell shows answers that are not there yet: {', '.join(missing)}. "
            "Solve them, run their checks, then run this cell again."
        )
        return
    shell = get_ipython()
    try:
        _run(shell.transform_cell(cell), shell.user_ns)
    except (Exception, SystemExit) as problem:
        _forget_figures()
        wrong = [name for name in exercises if STATES[name] != PASSED]
        cause = f"This cell needs correct answers: {', '.join(wrong)}. It" if wrong else "This cell"
        print(f"{cause} stopped with {describe_error(problem)}")


def _forget_figures():
    """Close what was drawn before a cell stopped, so that no empty picture stands below it."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def _run(source, names):
    """Execute a cell's source and display its last expression, as a notebook does."""
    from IPython.display import display

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
        if value is not None:
            display(value)
