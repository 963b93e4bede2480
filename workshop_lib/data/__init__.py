"""Learning sets with known truth: seeded generators, and the files that are shipped with them.

Every generator takes ``n`` and ``seed``. The same seed gives the same values, and no global random
state is read or changed. ``seed=0`` is what the notebooks show.

>>> from workshop_lib import data
>>> data.credit(3).shape
(3, 14)

The real sets of the course (digits, iris, wine, breast cancer, diabetes) come straight from
``sklearn.datasets``. The datasheets of all sets are in the folder ``datasets``.
"""

from typing import TYPE_CHECKING

# No module may carry the name of a function: importing it would hide the function.
_HOME = {
    "Ledger": "raw_extract",
    "credit": "applications",
    "credit_raw": "raw_extract",
    "dataset_path": "files",
    "housing": "valuations",
    "repeats": "repeat_customers",
    "messages": "customer_messages",
    "scans": "form_scans",
    "scores": "binormal",
    "SealedBox": "sealed",
    "sealed_box": "sealed",
    "segments": "customer_segments",
}
__all__ = [
    "Ledger",
    "SealedBox",
    "credit",
    "credit_raw",
    "dataset_path",
    "housing",
    "messages",
    "repeats",
    "scans",
    "scores",
    "sealed_box",
    "segments",
]

if TYPE_CHECKING:
    from workshop_lib.data.applications import credit
    from workshop_lib.data.binormal import scores
    from workshop_lib.data.customer_messages import messages
    from workshop_lib.data.customer_segments import segments
    from workshop_lib.data.files import dataset_path
    from workshop_lib.data.form_scans import scans
    from workshop_lib.data.raw_extract import Ledger, credit_raw
    from workshop_lib.data.repeat_customers import repeats
    from workshop_lib.data.sealed import SealedBox, sealed_box
    from workshop_lib.data.valuations import housing


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(
            f"module 'workshop_lib.data' has no attribute {name!r}; it has {__all__}"
        )
    import importlib

    return getattr(importlib.import_module(f"workshop_lib.data.{_HOME[name]}"), name)


def __dir__():
    return __all__
