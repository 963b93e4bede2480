"""Support library of the course on training AI models and running them responsibly.

Submodules load on first use, so that ``import workshop_lib`` stays fast:

>>> import workshop_lib
>>> workshop_lib.__version__
'0.1.0'
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "artifacts",
    "cases",
    "checks",
    "data",
    "drift",
    "explore",
    "figures",
    "metrics",
    "simulate",
]

if TYPE_CHECKING:
    from workshop_lib import (
        artifacts,
        cases,
        checks,
        data,
        drift,
        explore,
        figures,
        metrics,
        simulate,
    )


def __getattr__(name):
    if name in __all__:
        import importlib

        return importlib.import_module(f"workshop_lib.{name}")
    raise AttributeError(f"module 'workshop_lib' has no attribute {name!r}; it has {__all__}")


def __dir__():
    return sorted(__all__)
