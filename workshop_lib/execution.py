"""The environment of every run that must repeat: builds, rehearsals, proofs and grading."""

import os

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
