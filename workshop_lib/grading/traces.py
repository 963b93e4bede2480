"""Looks at the process in which it runs; sent as text to a student's process by `evidence`.

It stands alone: nothing of ours in the process looked at may be trusted. It imports only what is
there already; in a clean process also the libraries that it is asked to import first.
"""

import builtins
import contextlib
import dataclasses
import gc
import hashlib
import importlib
import os
import select
import signal
import sys
import threading
import types

NONCE, WATCH, OWN_NAMES, OWN_CLASSES, LIBRARIES, USED = 0, 0, (), (), (), ((), ())
"""Numbers of the question and of the process, which nobody can know before; what the exercises
ask for, what of that are classes, what the process shall import before it looks, and the modules
and names that our cells use; set with each question."""

WATCHED = (
    *("workshop_lib.checks", "numpy.testing", "pandas.testing", "pandas._testing", "json"),
    *("json.encoder", "unittest.case", "workshop_lib.grading.shell"),
    *("workshop_lib.grading.student", "IPython.core.interactiveshell", "IPython.core.compilerop"),
    *("IPython.core.events", "IPython.core.inputtransformer2", "codeop", "ast", "traceback"),
    *("IPython.core.displayhook", "IPython.core.formatters", "workshop_lib.grading.channel"),
)
OF_PARTS = ("numpy.testing", "pandas._testing")
"""Of the watched modules those whose functions are defined in modules below them."""
COMPARISONS = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__float__"),
    *("__array__", "__instancecheck__", "__getattr__", "__getattribute__", "__contains__"),
    *("__array_ufunc__", "__array_function__", "__add__", "__radd__", "__sub__", "__rsub__"),
    *("__mul__", "__rmul__", "__truediv__", "__rtruediv__", "__mod__", "__rmod__", "__abs__"),
)
"""Methods that are given what a check expects, or decide how it ends."""
LOOKS = {
    *("sys._getframe", "sys._current_frames", "sys.settrace", "sys.setprofile", "sys.addaudithook"),
    *("sys.monitoring.register_callback",),
    *("gc.get_objects", "gc.get_referrers", "gc.get_referents"),
}
"""Events of Python at which code may come to see the check that called it."""
MADE_BY_PYTHON = 1 << 9
"""Flag of a class that stands on the heap."""
TOOLS = (
    *(gc.get_objects, dataclasses.make_dataclass, hashlib.sha256, sys.audit, sys._getframe),
    *(os.write, os.read, select.poll),
)
"""What this uses itself, and what carries the answers."""
_GETS = "object.__getattr__"
GIVE_FRAMES = ("inspect", "logging", "traceback")
_WATCHED = "watched"
OF_THE_SHELL = ("_", "__IPYTHON__", "get_ipython", "display", "input")


def evidence():
    """Return what could show that somebody has changed the rules, as plain data."""
    for name in LIBRARIES:
        with contextlib.suppress(BaseException):
            importlib.import_module(name)
    found = {
        "nonce": NONCE,
        "looks at the check": looks(),  # first, because what follows looks around, too
        **codes(),
        "libraries": described_libraries(),
        **state_of_python(),
        **state_of_the_shell(sys.modules["IPython"].get_ipython()),
        "assertions that must fail": sorted(canaries()),
        "classes that answer comparisons in their own way": own_comparisons(),
        "comparisons of libraries": comparisons_of_libraries(),
    }
    watch_again()
    return found


def codes():
    """Return a digest of the code of every module that takes part in checks."""
    found = {}
    for name, module in sorted(sys.modules.items()):
        if name in WATCHED or name.startswith("workshop_lib.checks."):
            own = [
                member + code_of(value)
                for member, value in sorted(vars(module).items())
                if belongs_to(value, name) and not member.startswith("__")
            ]
            if not hasattr(module, "__path__"):  # a package gets its modules when they are used
                modules = {m: v for m, v in vars(module).items() if type(v) is types.ModuleType}
                own += [member + described(value) for member, value in sorted(modules.items())]
            text = "".join(own) + str(getattr(module, "__file__", ""))
            found["code of " + name] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def belongs_to(value, module_name):
    """Tell whether a module, or a part of a testing library, is the home of a value."""
    home = str(getattr(value, "__module__", None))
    return home == module_name or (module_name in OF_PARTS and home.startswith(module_name + "."))


def described_libraries():
    """Describe what our cells use of the modules that they import, also methods of classes."""
    modules, names = USED
    found = {}
    for module_name in modules:
        module = sys.modules.get(module_name)
        for name in names:
            with contextlib.suppress(Exception):  # some modules load their parts when asked
                found[f"{module_name}.{name}"] = described(getattr(module, name))
        for kind_name, kind in list(getattr(module, "__dict__", {}).items()):
            if isinstance(kind, type) and not kind_name.startswith("_"):
                methods = {n: v for base in reversed(type.mro(kind)) for n, v in vars(base).items()}
                for name in methods.keys() & {*names, *COMPARISONS}:
                    found[f"{module_name}.{kind_name}.{name}"] = described(methods[name])
    return found


def described(value):
    """Describe a member of a library: constants by value, others by name and code."""
    if isinstance(value, types.ModuleType):
        return f"module {sys.modules.get(value.__name__) is value} {value.__name__}"
    if not callable(value):
        return repr(value) if type(value) in (int, float, str, bool) else type(value).__name__
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    text = f"{type(value)} {getattr(value, '__module__', None)} {name} {code_of(value, 1)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def code_of(value, depth=0):
    """Describe the code of a function, or of the members of a class."""
    for name in ("__func__", "fget"):
        value = getattr(value, name, value) or value
    code, wrapped = getattr(value, "__code__", None), getattr(value, "__wrapped__", None)
    if wrapped is not None and not isinstance(value, type):
        return f"{getattr(code, 'co_code', type(value).__name__)}{code_of(wrapped, depth)}"
    if isinstance(code, types.CodeType):
        plain = (str, int, float, bytes, type(None))
        constants = [c if isinstance(c, plain) else "" for c in code.co_consts]
        inner = [text_of(c) for c in code.co_consts if isinstance(c, types.CodeType)]
        given = [*(value.__defaults__ or ()), *sorted((value.__kwdefaults__ or {}).items())]
        defaults = [repr(each) for each in given if isinstance(each, (*plain, bool, tuple))]
        return text_of(code) + repr(constants) + "".join(inner) + "".join(defaults)
    if isinstance(value, type) and depth == 0:
        return "".join(name + code_of(member, 1) for name, member in sorted(vars(value).items()))
    return type(value).__name__ if callable(value) else ""


def text_of(code):
    """Describe one code object."""
    return code.co_name + code.co_code.hex() + repr(code.co_names) + repr(code.co_varnames)


def state_of_python():
    """Describe built-in functions, tracing, threads and import hooks."""
    return {
        # They stand at the same places of memory in all processes forked from the same one.
        "built-in functions": sorted(
            (name, id(value)) for name, value in vars(builtins).items() if name not in OF_THE_SHELL
        ),
        "tools": list(map(id, TOOLS)),
        "tracing": [sys.gettrace() is None, sys.getprofile() is None],
        "signals": [
            str(getattr(h, "__qualname__", h))
            for h in map(signal.getsignal, sorted(signal.valid_signals()))
        ],
        "threads": sorted(
            type(thread).__name__
            for thread in threading.enumerate()
            if thread is not threading.main_thread()
            and not type(thread).__module__.startswith("tqdm")
        ),
        # Another kind of list could show us what it likes.
        "importers": type(sys.meta_path) is list and list(map(description_of, sys.meta_path)),
    }


def description_of(finder):
    """Describe an importer so that no other one looks alike: where its class is, and its code.

    A class can have any name, but only one stands in its module; that one can have other methods,
    inherit them, or lend them names of another module; and an object can have methods of its own.
    """
    kind = finder if isinstance(finder, type) else type(finder)
    home = sys.modules.get(kind.__module__)
    own = {} if finder is kind else getattr(finder, "__dict__", {})
    members = {**vars(kind), **own}
    functions = [getattr(value, "__func__", value) for value in members.values()]
    spaces = [f.__globals__ for f in functions if isinstance(f, types.FunctionType)]
    code = [base.__name__ + code_of(base) for base in type.mro(kind)]
    code += [name + code_of(value) for name, value in sorted(own.items()) if callable(value)]
    return {
        "module": kind.__module__,
        "class": kind.__qualname__,
        "stands in its module": found_in(home, kind.__qualname__) is kind,
        "uses its module": all(space is getattr(home, "__dict__", None) for space in spaces),
        "code": hashlib.sha256("".join(code).encode()).hexdigest()[:16],
    }


def found_in(module, qualified_name):
    """Return what a module holds under a name with dots, or None."""
    for part in qualified_name.split("."):
        module = getattr(module, part, None)
    return module


def state_of_the_shell(shell):
    """Describe what may change cells and outputs on their way."""
    manager = shell.input_transformer_manager
    transformers = (
        *(shell.ast_transformers, shell.input_transformers_post, manager.cleanup_transforms),
        *(manager.line_transforms, manager.token_transformers),
    )
    parts = (shell, shell.compile, manager)
    replaced = {
        name for part in parts for name in vars(part) if callable(getattr(type(part), name, 0))
    }
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    return {
        "cell transformers": list(map(len, transformers)),
        "callbacks of the shell": {
            event: sorted(
                str(getattr(function, "__qualname__", function))
                for function in functions
                if function is not getattr(inline, getattr(function, "__name__", ""), None)
            )
            for event, functions in shell.events.callbacks.items()
        },
        "shell": [type(shell).__module__, type(shell.compile).__module__, sorted(replaced)],
        "names of the notebook": [
            type(shell.user_ns) is dict,
            shell.user_ns is vars(shell.user_module),
        ],
        # Python looks built-in functions up there.
        "built-in functions of the notebook": any(
            shell.user_ns.get("__builtins__", builtins) is each
            for each in (builtins, vars(builtins))
        ),
        "names of built-in functions": sorted(
            name
            for name in vars(builtins).keys() & shell.user_ns.keys()
            if name not in (*OWN_NAMES, *OF_THE_SHELL) and not name.startswith("__")
        ),
    }


def canaries():
    """Name the assertions that pass although they must fail."""
    pairs = ((NONCE, NONCE + 1), (float(NONCE), NONCE + 0.5), (str(NONCE), "x"))
    for left, right in (*pairs, ([NONCE], [NONCE + 1])):
        try:
            assert left == right
            yield "assert"
        except AssertionError:
            pass
    testing = sys.modules.get("numpy.testing")
    for name in ("assert_equal", "assert_allclose", "assert_array_equal", "assert_almost_equal"):
        try:
            if testing is not None:
                getattr(testing, name)(NONCE, 2 * NONCE + 7)
                yield name
        except AssertionError:
            pass
    session = sys.modules.get("workshop_lib.checks.session")
    if session is not None:
        t = session.check("canary", {}, points=2, stub={})
        with t.item("must fail"):
            t.equal(NONCE, 2 * NONCE + 1)
        with t.item("must fail, too"):
            t.require(NONCE < 0, "as it must")
        report = t.report()
        session.STATES.pop("canary", None)
        if report.points or {item.state for item in report.items} != {"not yet"}:
            yield "check"


def own_comparisons():
    """Name the student's classes that decide themselves what they are equal to."""
    kinds = [each for each in gc.get_objects() if isinstance(each, type)]
    return sorted({kind.__name__ for kind in kinds if compares(kind)})


def comparisons_of_libraries():
    """Return a digest of the methods with which classes compare that were there before the fork.

    They stand at the same places of memory in all processes that were forked from the same one.
    Classes of compiled modules stay as they are; Python changes those that it has made itself.
    """
    seen = {id(each) for each in gc.get_objects() if isinstance(each, type)}
    state, waiting = [], [object]
    while waiting:
        kind = waiting.pop()
        new = [each for each in type.__subclasses__(kind) if id(each) not in seen]
        seen.update(map(id, new))
        waiting += new
        if kind.__flags__ & MADE_BY_PYTHON:
            found = {name: vars(kind)[name] for name in COMPARISONS if name in vars(kind)}
            places = [(n, id(m), id(getattr(m, "__code__", None))) for n, m in found.items()]
            state.append((id(kind), places))
    return hashlib.sha256(repr(sorted(state)).encode()).hexdigest()[:16]


def looks():
    """Name the events at which a student's code looked at its callers, or began to listen.

    Nobody can take away what watches. It rests until `watch_again`.
    """
    heard = []
    sys.audit(f"workshop.{WATCH}", heard.append)
    return [] if heard == [_WATCHED] else heard or ["nobody watches"]


def watch_again():
    """Go on watching."""
    sys.audit(f"workshop.{WATCH}.again")


def prepare():
    """Begin to watch, in a process in which no student's code has run yet.

    Unless our own cells use it, what is equal to everything becomes an object like others.
    """
    sys.addaudithook(watcher(f"workshop.{WATCH}"))
    if "ANY" not in USED[1]:
        kind = type(importlib.import_module("unittest.mock").ANY)
        kind.__eq__, kind.__ne__ = object.__eq__, object.__ne__


def watcher(name):
    """Make a hook that notes looks, and tells them at an event of this name."""
    seen, resting, notebook = set(), False, names_of_the_notebook()
    spaces = {name: vars(importlib.import_module(name)) for name in GIVE_FRAMES}

    def hook(event, args):
        nonlocal resting
        if event == name:
            for each in (_WATCHED, *sorted(seen)):
                args[0](each)
            resting = True
        elif event == f"{name}.again":
            resting = False
        elif not resting and (event in LOOKS or (event == _GETS and args[1].endswith("_frame"))):
            resting = True  # to look who asks is an event, too
            try:
                if is_of_student(asking_frame(sys._getframe(1), spaces), notebook):
                    seen.add(event)
            finally:
                resting = False

    return hook


def asking_frame(frame, spaces):
    """Return who wants a frame: the caller of functions that exist to give frames."""
    while frame.f_back and frame.f_globals is spaces["inspect"]:
        frame = frame.f_back
    # These look at frames for their own purposes, too, and give them away in one step.
    if frame.f_back and any(frame.f_globals is spaces[each] for each in ("logging", "traceback")):
        frame = frame.f_back
    return frame


def is_of_student(frame, notebook):
    """Tell whether code runs in the notebook, or in no module."""
    space = frame.f_globals
    home = sys.modules.get(space.get("__name__"))
    return space is notebook or space is not getattr(home, "__dict__", None)


def compares(kind):
    """Tell whether a class is a student's own and answers comparisons in its own way."""
    generated = vars(data_class_like(kind))
    own = [
        method
        for name, method in vars(kind).items()
        if name in COMPARISONS
        and not is_compiled(method, kind)
        and not (name in generated and code_of(method) == code_of(generated[name]))
    ]
    if not own or is_asked_for(kind):
        return False
    home = sys.modules.get(kind.__module__)
    spaces = [getattr(getattr(m, "__func__", m), "__globals__", None) for m in own]
    notebook = names_of_the_notebook()
    # The module of that class was there before the fork: this is a new copy of it.
    is_copy = (kind.__module__, kind.__name__) == ("unittest.mock", "_ANY")
    if is_copy or kind.__module__ == "__main__" or any(space is notebook for space in spaces):
        return True
    # A data class with slots leaves a first version of itself behind, which stands nowhere.
    if all(space is getattr(home, "__dict__", None) for space in spaces):
        return False
    found = found_in(home, kind.__qualname__)
    return found is not kind and "<locals>" not in kind.__qualname__


class Nothing:
    """Has no methods of its own."""


def data_class_like(kind):
    """Make a data class with the fields of another one: its objects equal only each other."""
    fields = vars(kind).get("__dataclass_fields__")
    try:
        compared = [name for name, field in fields.items() if field.compare]
        return dataclasses.make_dataclass("Like", compared, order=True)
    except Exception:  # not a data class, or what only says so
        return Nothing


def is_compiled(method, kind):
    """Tell whether a method was compiled together with its class, as no student's can be."""
    return type(method) is types.WrapperDescriptorType and method.__objclass__ is kind


def is_asked_for(kind):
    """Tell whether a class is one that an exercise asks for, and not only called like it.

    A data class with slots has a first version, which compares with the same methods.
    """
    asked = getattr(names_of_the_notebook().get(kind.__name__), "__dict__", {})
    same = all(asked.get(name) is vars(kind).get(name) for name in COMPARISONS)
    return kind.__name__ in OWN_CLASSES and same


def names_of_the_notebook():
    """Return the names that the cells of the notebook share."""
    return sys.modules["IPython"].get_ipython().user_ns
