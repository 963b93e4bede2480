"""Drift with known truth: simulated streams, faults for any table, and a score for detectors.

>>> from workshop_lib import drift
>>> stream = drift.stream("covariate", days=40, per_day=100, onset=25)
>>> stream.truth["onset"], stream.truth["columns"]
(25, ['f00', 'f03'])
"""

from typing import TYPE_CHECKING

# No module may carry the name of a function: importing it would hide the function.
_HOME = {
    "FAULTS": "faults",
    "KINDS": "streams",
    "PATTERNS": "timing",
    "Stream": "streams",
    "card_events": "cards",
    "inject": "faults",
    "ks": "distances",
    "plot_scores": "plots",
    "plot_stream": "plots",
    "psi": "distances",
    "score_detector": "scoring",
    "stream": "streams",
}
__all__ = [
    "FAULTS",
    "KINDS",
    "PATTERNS",
    "Stream",
    "card_events",
    "inject",
    "ks",
    "plot_scores",
    "plot_stream",
    "psi",
    "score_detector",
    "stream",
]

if TYPE_CHECKING:
    from workshop_lib.drift.cards import card_events
    from workshop_lib.drift.distances import ks, psi
    from workshop_lib.drift.faults import FAULTS, inject
    from workshop_lib.drift.plots import plot_scores, plot_stream
    from workshop_lib.drift.scoring import score_detector
    from workshop_lib.drift.streams import KINDS, Stream, stream
    from workshop_lib.drift.timing import PATTERNS


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(
            f"module 'workshop_lib.drift' has no attribute {name!r}; it has {__all__}"
        )
    import importlib

    return getattr(importlib.import_module(f"workshop_lib.drift.{_HOME[name]}"), name)


def __dir__():
    return __all__
