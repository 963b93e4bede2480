"""Scores of a detector for rare cases, whose two distributions are known."""

import numpy as np

from workshop_lib.options import between, whole_number


def scores(n=20000, seed=0, *, prevalence=0.02, d=2.0):
    """Generate labels and the scores that a detector gives them (the binormal model).

    A row is fraud with probability ``prevalence``. The score of a genuine row is N(0, 1), the
    score of a fraud N(d, 1). So every rate has a formula: the share of genuine rows with a score
    of at least t is 1 - Φ(t), of fraud 1 - Φ(t - d), and the area under the ROC curve is Φ(d / √2).

    Parameters
    ----------
    n : int, default=20000
        Number of rows, at least 1.
    seed : int, default=0
        Seed of the random numbers.
    prevalence : float, default=0.02
        Probability that a row is fraud, from 0 to 1. The share in a small sample differs from it,
        and can be 0.
    d : float, default=2
        Distance between the two means in standard deviations, from -10 to 10; 0 is guessing, below
        0 the detector is worse than that.

    Returns
    -------
    y : ndarray of int64, shape (n,)
        1 = fraud, 0 = genuine.
    score : ndarray of float64, shape (n,)
        Without a unit; the higher, the more suspicious.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: own simulation; see ``datasets/scores.md``. With the same seed, another ``prevalence``
    only turns rows into fraud or back, and another ``d`` only moves the scores of fraud.

    Examples
    --------
    >>> y, score = scores(1000, prevalence=0.1)
    >>> y.shape, bool(score[y == 1].mean() > score[y == 0].mean())
    ((1000,), True)
    """
    n = whole_number("n", n, least=1)
    between("prevalence", prevalence, 0, 1)
    between("d", d, -10, 10)
    # One stream each, so that neither option changes what the other one does.
    label_rng, score_rng = np.random.default_rng(seed).spawn(2)
    y = (label_rng.random(n) < prevalence).astype(np.int64)
    return y, score_rng.normal(size=n) + d * y
