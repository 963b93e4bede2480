"""The vocabulary of automatically graded checks.

A check cell speaks in rubric items and touches a learner's answer only through the check ``t``::

    t = check("clean_age", globals(), points=2, stub={"clean_age": "1a2b3c4d"})
    with t.item("Ages from 18 to 100 stay as they are"):
        t.gives(pd.Series([42.0]), clean_age, pd.Series([42]))
    t.report()

Names load on first use, because the spy needs scikit-learn and the other parts do not.
"""

import importlib
import sys
from typing import TYPE_CHECKING

_HOMES = {
    "Check": "session",
    "SpyEstimator": "probes",
    "TextFile": "files",
    "check": "session",
    "difference": "compare",
    "fresh_process": "fresh",
    "run_script": "fresh",
    "same": "compare",
}
__all__ = [
    "Check",
    "SpyEstimator",
    "TextFile",
    "check",
    "difference",
    "fresh_process",
    "run_script",
    "same",
]

if TYPE_CHECKING:
    from workshop_lib.checks.compare import difference, same
    from workshop_lib.checks.files import TextFile
    from workshop_lib.checks.fresh import fresh_process, run_script
    from workshop_lib.checks.probes import SpyEstimator
    from workshop_lib.checks.session import Check, check


def __getattr__(name):
    if name in _HOMES:
        return getattr(importlib.import_module(f"workshop_lib.checks.{_HOMES[name]}"), name)
    raise AttributeError(f"workshop_lib.checks has no {name!r}; it has {', '.join(__all__)}")


# Inside a notebook the cell magic `%%needs` must be there as soon as checks are imported.
if "IPython" in sys.modules:
    from workshop_lib.checks.notebook import register_magic

    register_magic()
