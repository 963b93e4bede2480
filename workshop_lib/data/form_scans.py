"""Scanned form digits: real handwriting, on papers and from scanners that differ."""

import numpy as np

from workshop_lib.options import between, one_of

DOMAINS = ("mixed", "white", "shifted", "faint", "rotated")
_INK = 16.0
_STEPS = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])


def scans(domain="mixed", seed=0, *, share_dark=0.05):
    """Generate scans of handwritten digits from the set that scikit-learn ships.

    Row ``i`` is the same piece of handwriting in every domain and with every seed.

    Parameters
    ----------
    domain : {"mixed", "white", "shifted", "faint", "rotated"}, default="mixed"
        mixed: white and dark paper. white: all on white paper, as in scikit-learn. shifted: each
        scan moved by one pixel up, down, left or right, by chance. faint: moved by one pixel to the
        right, half the contrast, noise. rotated: turned by 90 degrees to the left. Only `mixed` has
        dark paper.
    seed : int, default=0
        Seed of the random numbers. ``white`` and ``rotated`` need none.
    share_dark : float, default=0.05
        Share of scans on dark paper, 0 to 1; the number is rounded. A larger share keeps the dark
        scans of a smaller one.

    Returns
    -------
    X : numpy.ndarray of shape (1797, 64)
        Ink of 8 x 8 pixels, row by row, 0 (none) to 16.
    y : numpy.ndarray of int, shape (1797,)
        The digit, 0 to 9.
    paper : numpy.ndarray of str, shape (1797,)
        ``"white"`` or ``"dark"``.

    Raises
    ------
    ValueError
        If the domain is unknown or `share_dark` is outside 0 to 1.

    Notes
    -----
    Ink x on dark paper becomes ``clip(16 - (0.45 x + 2) + N(0, 1.5), 0, 16)``; a faint scan is
    ``clip(0.5 x + N(0, 1.6), 0, 16)``. Pixels that enter at the border are 0.

    Source: digits of scikit-learn, own transformations; see ``datasets/scans.md``.

    Examples
    --------
    >>> X, y, paper = scans(share_dark=0.2)
    >>> X.shape, int((paper == "dark").sum())
    ((1797, 64), 359)
    """
    one_of("domain", domain, DOMAINS)
    between("share_dark", share_dark, 0, 1)
    from sklearn.datasets import load_digits

    ink, digit = load_digits(return_X_y=True)
    images = ink.reshape(-1, 8, 8)
    rng = np.random.default_rng([seed, DOMAINS.index(domain)])
    dark = np.zeros(len(ink), dtype=bool)
    if domain == "mixed":
        dark[rng.permutation(len(ink))[: round(share_dark * len(ink))]] = True
        on_dark = _INK - (0.45 * images + 2) + rng.normal(0, 1.5, images.shape)
        images = np.where(dark[:, None, None], on_dark, images)
    elif domain == "shifted":
        images = _moved(images, _STEPS[rng.integers(0, len(_STEPS), len(images))])
    elif domain == "faint":
        moved = _moved(images, np.tile([0, 1], (len(images), 1)))
        images = 0.5 * moved + rng.normal(0, 1.6, images.shape)
    elif domain == "rotated":
        images = np.rot90(images, axes=(1, 2))
    X = np.clip(images, 0, _INK).reshape(ink.shape)
    return X, digit.astype(np.int64), np.where(dark, "dark", "white")


def _moved(images, steps):
    """Move each image by its own step (down, right) of at most one pixel; 0 enters."""
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = 1 - steps[:, :1] + np.arange(8)
    columns = 1 - steps[:, 1:] + np.arange(8)
    return framed[np.arange(len(images))[:, None, None], rows[:, :, None], columns[:, None, :]]
