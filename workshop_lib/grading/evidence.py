"""Traces of tampering in a process that ran a student's code.

No list of traces is complete: whoever controls a process can also control what it says of itself.
So points that need such a process carry the label "in-process", and this catches the known ways.
"""

import inspect
import secrets

_SOURCE = '''
import builtins, gc, hashlib, json, signal, sys, threading, types

WATCHED = ("workshop_lib.checks", "numpy.testing", "pandas.testing", "pandas._testing", "unittest.case",
           "json", "json.encoder", "workshop_lib.grading.shell", "workshop_lib.grading.student",
           "IPython.core.interactiveshell", "IPython.core.displayhook", "IPython.core.formatters")


def code_of(value, depth=0):
    """Describe the code of a function or of the members of a class."""
    value = inspect_unwrap(value)
    code = getattr(value, "__code__", None)
    if isinstance(code, types.CodeType):
        constants = [c if isinstance(c, (str, int, float, bytes, type(None))) else "" for c in code.co_consts]
        inner = [code_text(c) for c in code.co_consts if isinstance(c, types.CodeType)]
        return code_text(code) + repr(constants) + "".join(inner)
    if isinstance(value, type) and depth == 0:
        return "".join(name + code_of(member, 1) for name, member in sorted(vars(value).items()))
    return type(value).__name__ if callable(value) else ""


def inspect_unwrap(value):
    for name in ("__func__", "fget", "__wrapped__"):
        value = getattr(value, name, value) or value
    return value


def code_text(code):
    return code.co_name + code.co_code.hex() + repr(code.co_names) + repr(code.co_varnames)


def compares(kind):
    """Tell whether a class is a student's own and decides itself what it is equal to."""
    methods = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__float__",
               "__array__", "__instancecheck__", "__getattr__", "__getattribute__")
    if kind.__name__ in OWN_NAMES or not any(name in vars(kind) for name in methods):
        return False
    if kind.__module__ == "__main__":
        return True
    found = sys.modules.get(kind.__module__)
    for part in kind.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is not kind and "<locals>" not in kind.__qualname__


def evidence():
    shell = sys.modules["IPython"].get_ipython()
    found = {"nonce": NONCE}
    for name in sorted(sys.modules):
        module = sys.modules[name]
        if any(name == watched or name.startswith("workshop_lib.checks.") for watched in WATCHED):
            own = [(n, v) for n, v in sorted(vars(module).items())
                   if getattr(v, "__module__", None) == name and not n.startswith("__")]
            text = "".join(n + code_of(v) for n, v in own) + str(getattr(module, "__file__", ""))
            found["code of " + name] = hashlib.sha256(text.encode()).hexdigest()[:16]
    found["built-in functions"] = sorted(
        name + type(value).__name__ + str(getattr(value, "__module__", ""))
        for name, value in vars(builtins).items() if name not in ("_", "__IPYTHON__", "get_ipython", "display", "input"))
    found["tracing"] = [sys.gettrace() is None, sys.getprofile() is None]
    found["threads"] = sorted(
        type(t).__name__ for t in threading.enumerate()
        if t is not threading.main_thread() and not type(t).__module__.startswith("tqdm"))
    found["importers"] = [type(f).__name__ + str(getattr(f, "__name__", "")) for f in sys.meta_path]
    found["cell transformers"] = [len(shell.ast_transformers), len(shell.input_transformers_post),
                                  len(shell.input_transformer_manager.cleanup_transforms),
                                  len(shell.input_transformer_manager.line_transforms),
                                  len(shell.input_transformer_manager.token_transformers)]
    found["callbacks of the shell"] = {
        event: sorted(str(getattr(f, "__qualname__", f)) for f in functions if getattr(f, "__module__", "") != "matplotlib_inline.backend_inline")
        for event, functions in shell.events.callbacks.items()}
    found["shell"] = [type(shell).__module__, sorted(n for n in vars(shell) if n in ("run_cell", "run", "run_code", "run_ast_nodes", "displayhook"))]
    canary = []
    for left, right in ((NONCE, NONCE + 1), (float(NONCE), NONCE + 0.5), (str(NONCE), "x"), ([NONCE], [NONCE + 1])):
        try:
            assert left == right
            canary.append("assert")
        except AssertionError:
            pass
    if "numpy.testing" in sys.modules:
        for name in ("assert_equal", "assert_allclose", "assert_array_equal", "assert_almost_equal"):
            try:
                getattr(sys.modules["numpy.testing"], name)(NONCE, 2 * NONCE + 7)
                canary.append(name)
            except AssertionError:
                pass
    if "workshop_lib.checks.session" in sys.modules:
        check = sys.modules["workshop_lib.checks.session"].check
        t = check("canary", {}, points=2, stub={})
        with t.item("must fail"):
            t.equal(NONCE, 2 * NONCE + 1)
        with t.item("must fail, too"):
            t.require(NONCE < 0, "as it must")
        report = t.report()
        if report.points or [item.state for item in report.items] != ["not yet", "not yet"]:
            canary.append("check")
        sys.modules["workshop_lib.checks.session"].STATES.pop("canary", None)
    found["assertions that must fail"] = canary
    found["names of built-in functions"] = sorted(
        name for name in vars(builtins) if name in shell.user_ns and name not in (*OWN_NAMES, "_")
        and not name.startswith("__") and name not in ("display", "get_ipython"))
    found["classes that answer comparisons in their own way"] = sorted(
        {kind.__name__ for kind in gc.get_objects() if isinstance(kind, type) and compares(kind)})
    found["mock objects"] = "unittest.mock" in sys.modules
    return found
'''


def nonce():
    """Return a number that nobody can know before."""
    return secrets.randbelow(10**12) + 10


def question(number, own_names):
    """Return the source of `evidence()`, which holds the number.

    Parameters
    ----------
    number : int
    own_names : list of str
        Functions and classes which the exercises ask for.
    """
    return f"NONCE = {number!r}\nOWN_NAMES = {own_names!r}\n{inspect.cleandoc(_SOURCE)}"


def expected(own_names):
    """Collect the same here, where no student's code has run."""
    names = {}
    exec(question(0, own_names), names)
    return names["evidence"]()


def differences(found, wanted, number):
    """Name what was found otherwise than it should be.

    Parameters
    ----------
    found : object
        What a student's process sent; anything.
    wanted : dict
        What `expected` gave.
    number : int
        The nonce of the question.

    Returns
    -------
    list of str
    """
    if type(found) is not dict or found.get("nonce") != number:
        return ["no answer about its own state"]
    names = wanted.keys() - {"nonce"}
    return sorted(f"changed: {name}" for name in names if found.get(name) != wanted[name])
