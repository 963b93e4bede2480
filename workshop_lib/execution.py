"""The environment of every run that must repeat: builds, rehearsals, proofs and grading."""

import os

from workshop_lib.errors import WorkshopError

THREAD_LIMITS = dict.fromkeys(
    (
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "TF_NUM_INTEROP_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
REPEATABLE = {
    **THREAD_LIMITS,
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Points and outputs must not depend on what a learner made in an earlier notebook, and a run
    # that repeats is no try of a learner.
    "WORKSHOP_GRADING": "1",
    "WORKSHOP_REFERENCE_ONLY": "1",
}
"""Set these before the first import of numpy in the process that runs the cells."""


GRADING_SEEDS = (0, 1, 101)
"""Seeds of the data in graded runs, where an instructor has not chosen others."""


def read_seeds(text):
    """Read seeds as people write them.

    Parameters
    ----------
    text : str
        Whole numbers with commas or blanks between.

    Returns
    -------
    tuple of int

    Raises
    ------
    WorkshopError
        When the text is anything else.

    Examples
    --------
    >>> read_seeds("4021, 733,58")
    (4021, 733, 58)
    """
    parts = text.replace(",", " ").split()
    if not parts or not all(part.isdecimal() for part in parts):
        raise WorkshopError(
            f"Seeds are whole numbers with commas between, for example 4021,733,58; got {text!r}."
        )
    return tuple(map(int, parts))


def environment(**more):
    """Return a copy of the environment in which runs repeat.

    Parameters
    ----------
    **more : str
        Further variables.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> environment(WORKSHOP_SEEDS="7,8")["OMP_NUM_THREADS"]
    '1'
    """
    return {**os.environ, **REPEATABLE, **more}
