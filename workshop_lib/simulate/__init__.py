"""Worlds to act in: queues, serving logs, models that fail, and a clock that does not wait.

>>> from workshop_lib import simulate
>>> runs = simulate.queue(0.05, [("features", 1, 18), ("infer", 10, 120)], n=100)
>>> len(runs)
200
"""

from typing import TYPE_CHECKING

# No module may carry the name of a function: importing it would hide the function.
_HOME = {
    "Clock": "waiting",
    "FlakyModel": "flaky",
    "queue": "tandem",
    "serving_log": "serving",
}
__all__ = ["Clock", "FlakyModel", "queue", "serving_log"]

if TYPE_CHECKING:
    from workshop_lib.simulate.flaky import FlakyModel
    from workshop_lib.simulate.serving import serving_log
    from workshop_lib.simulate.tandem import queue
    from workshop_lib.simulate.waiting import Clock


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(
            f"module 'workshop_lib.simulate' has no attribute {name!r}; it has {__all__}"
        )
    import importlib

    return getattr(importlib.import_module(f"workshop_lib.simulate.{_HOME[name]}"), name)


def __dir__():
    return __all__
