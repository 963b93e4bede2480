"""Traces of tampering in a process that ran a student's code.

No list of traces is complete: whoever controls a process can also control what it says of itself.
So points that need such a process carry the label "in-process", and this catches the known ways.
"""

import secrets
from pathlib import Path

_SOURCE = Path(__file__).with_name("traces.py").read_text(encoding="utf-8")
_MOST_LIBRARIES = 20


def nonce():
    """Return a number that nobody can know before."""
    return secrets.randbelow(10**12) + 10


def question(number, own_names, libraries=()):
    """Return the source that defines ``evidence()``.

    Parameters
    ----------
    number : int
        Has to come back with the answer.
    own_names : list of str
        Functions and classes which the exercises ask for.
    libraries : iterable of str
        Imported before the process looks at itself; for clean processes only.
    """
    values = f"{number!r}, {own_names!r}, {tuple(libraries)!r}"
    return f"{_SOURCE}\nNONCE, OWN_NAMES, LIBRARIES = {values}\n"


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
    return sorted(f"changed: {name}" for name in names if found.get(name) != wanted[name])
