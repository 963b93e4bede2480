"""Traces of tampering in a process that ran a student's code.

No list of traces is complete: whoever controls a process can also control what it says of itself.
So points that need such a process carry the label "in-process", and this catches the known ways.
"""

import ast
import secrets
from pathlib import Path

_SOURCE = Path(__file__).with_name("traces.py").read_text(encoding="utf-8")
_MOST_LIBRARIES = 20


def nonce():
    """Return a number that nobody can know before."""
    return secrets.randbelow(10**12) + 10


def uses(sources, without=()):
    """Return which modules our cells import, and which names they use.

    Parameters
    ----------
    sources : iterable of str
    without : collection of str
        First parts of the names of modules that are left out.

    Returns
    -------
    tuple of list of str
        Sorted names of modules; sorted names of variables, attributes and what is imported.

    Examples
    --------
    >>> uses(["import numpy as np", "from math import pi", "np.sum([pi])"])
    (['math', 'numpy'], ['np', 'pi', 'sum'])
    """
    modules, names = set(), set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules.add(node.module)
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Name | ast.Attribute):
            names.add(node.id if isinstance(node, ast.Name) else node.attr)
    modules = {name for name in modules if name.partition(".")[0] not in without}
    return sorted(modules), sorted(names)


def preparation(watch, used):
    """Return the source whose ``evidence()`` prepares a process before a student's code runs in it.

    Parameters
    ----------
    watch : int
        A number for this process that nobody can know before.
    used : tuple
        As :func:`uses` returns it.
    """
    return f"{_SOURCE}\nWATCH, USED = {watch!r}, {used!r}\nevidence = prepare\n"


def question(number, watch, own_names=((), ()), used=((), ()), libraries=()):
    """Return the source that defines ``evidence()``.

    Parameters
    ----------
    number : int
        Has to come back with the answer.
    watch : int
        The number with which the process was prepared.
    own_names : tuple of list of str
        All names which the exercises ask for, and those of classes.
    used : tuple
        As :func:`uses` returns it.
    libraries : iterable of str
        Imported before the process looks at itself: in a clean process any, in a student's only our
        own, which may be imported later than another library, because no engine holds them.
    """
    values = f"{number!r}, {watch!r}, *{own_names!r}, {tuple(libraries)!r}, {used!r}"
    return f"{_SOURCE}\nNONCE, WATCH, OWN_NAMES, OWN_CLASSES, LIBRARIES, USED = {values}\n"


def importing_libraries(found, wanted):
    """Name the libraries that a process says have added an importer, in their order.

    Parameters
    ----------
    found : object
        What a student's process sent; anything.
    wanted : dict
        The same of a process in which no student's code had run.

    Returns
    -------
    tuple of str
        Empty when there is none, and when the list cannot be believed.
    """
    importers = found.get("importers") if type(found) is dict else None
    if type(importers) is not list or any(type(each) is not dict for each in importers):
        return ()
    names = [each.get("module") for each in importers if each not in wanted["importers"]]
    if len(names) > _MOST_LIBRARIES or not all(map(_is_name, names)):
        return ()
    return tuple(dict.fromkeys(names))


def _is_name(name):
    """Tell whether this can be the name of a module."""
    return type(name) is str and all(part.isidentifier() for part in name.split("."))


def differences(found, wanted, number):
    """Name what was found otherwise than it should be.

    Parameters
    ----------
    found : object
        What a student's process sent; anything.
    wanted : object
        The same of a process in which no student's code had run; None when it gave no answer.
    number : int
        The nonce of the question.

    Returns
    -------
    list of str
    """
    if type(found) is not dict or found.get("nonce") != number or wanted is None:
        return ["no answer about its own state"]
    names = wanted.keys() - {"nonce"}
    return sorted(
        f"changed: {name}" for name in names if not _is_kept(found.get(name), wanted[name])
    )


def _is_kept(found, wanted):
    """Tell whether all that was there is as it was; libraries may have loaded more."""
    if type(wanted) is dict and type(found) is dict:
        return all(name in found and found[name] == value for name, value in wanted.items())
    return found == wanted
