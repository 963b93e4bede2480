"""Cases: situations in an organisation, as tables and parameters. A case never holds an answer.

>>> from workshop_lib import cases
>>> case = cases.load("benchmarks")
>>> case.requirements[0]["task"]
'digits'

Every case is made by a module of this package with a function ``build(seed)``. The same name and
seed give the same case, and no global random state is read or changed.
"""

import copy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

# Name of the case: module that builds it.
_HOME = {
    "benchmarks": "framework_benchmarks",
    "incident_history": "incident_weeks",
    "incidents": "incident_table",
    "shadow_log": "shadow",
}
__all__ = ["Case", "load", "names"]


@dataclass(frozen=True)
class Case:
    """One situation: what is known, and never what to do.

    ``case.x`` finds the table or parameter ``x``. Every access gives a copy, so that nobody changes
    the case of somebody else.

    Attributes
    ----------
    name : str
    seed : int
    story : str
        What is going on, in a few sentences.
    tables : mapping of str to pandas.DataFrame
    params : mapping of str to object
        Policies, prices, limits, as plain data.

    Examples
    --------
    >>> case = Case("loans", 0, "Two loans.", params={"limit": [1, 2]})
    >>> case.limit.append(3)
    >>> case.limit
    [1, 2]
    """

    name: str
    seed: int
    story: str
    tables: dict[str, Any] = field(default_factory=dict, repr=False)
    params: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self):
        twice = {*self.tables} & {*self.params}
        if twice:
            raise ValueError(f"{self.name} has tables and parameters of one name: {sorted(twice)}.")
        for part in ("tables", "params"):
            object.__setattr__(self, part, _Copies(getattr(self, part)))

    def __getattr__(self, name):
        # Copying and unpickling ask for special names before the parts are there.
        if not name.startswith("__") and "tables" in vars(self):
            for part in (self.tables, self.params):
                if name in part:
                    return part[name]
            known = ", ".join(sorted([*self.tables, *self.params]))
            raise AttributeError(f"the case {self.name!r} has no {name!r}; it has {known}")
        raise AttributeError(name)

    def __dir__(self):
        return sorted({*super().__dir__(), *self.tables, *self.params})


class _Copies:
    """A mapping that gives copies of its values."""

    def __init__(self, values):
        self._values = MappingProxyType(dict(values))

    def __getitem__(self, name):
        return copy.deepcopy(self._values[name])

    def __contains__(self, name):
        return name in self._values

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        return f"<{', '.join(self._values)}>"

    def __deepcopy__(self, memo):
        return self

    def keys(self):
        """Return the names."""
        return self._values.keys()

    def items(self):
        """Return pairs of name and copy of the value."""
        return [(name, self[name]) for name in self]


def load(name, seed=0):
    """Make a case.

    Parameters
    ----------
    name : str
        One of `names`.
    seed : int, default=0
        Seed of the random numbers; 0 is what the notebooks show.

    Returns
    -------
    Case

    Raises
    ------
    ValueError
        If there is no such case, or the seed is not a whole number of at least 0.

    Examples
    --------
    >>> load("benchmarks").benchmarks.columns[0]
    'task'
    """
    import importlib

    from workshop_lib.options import whole_number

    if name not in _HOME:
        raise ValueError(f"There is no case {name!r}; choose one of {names()}.")
    seed = whole_number("seed", seed, least=0)
    return importlib.import_module(f"workshop_lib.cases.{_HOME[name]}").build(seed)


def names():
    """Return the names of all cases, sorted.

    Returns
    -------
    list of str

    Examples
    --------
    >>> "benchmarks" in names()
    True
    """
    return sorted(_HOME)
