"""Checks of the arguments of public functions, with one wording for all of them."""

import operator


def whole_number(name, value, least, most=None):
    """Return `value` as an int, or say what was given instead.

    Parameters
    ----------
    name : str
        What the caller calls the argument.
    value : object
    least : int
        The smallest number allowed.
    most : int, optional
        The largest number allowed.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If `value` is not a whole number in this range.

    Examples
    --------
    >>> whole_number("n", 12, least=1)
    12
    >>> whole_number("n", 1.5, least=1)
    Traceback (most recent call last):
    ...
    ValueError: n is 1.5; expected a whole number of at least 1.
    """
    try:
        count = operator.index(value)
    except TypeError:
        count = None
    if count is None or count < least or (most is not None and count > most):
        wanted = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} is {value!r}; expected a whole number {wanted}.")
    return count


def one_of(name, value, allowed):
    """Raise ValueError unless `value` is one of `allowed`.

    Examples
    --------
    >>> one_of("kind", "loud", ("quiet", "silent"))
    Traceback (most recent call last):
    ...
    ValueError: kind is 'loud'; choose one of ['quiet', 'silent'].
    """
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; choose one of {list(allowed)}.")


def between(name, value, low, high):
    """Raise ValueError unless low <= value <= high.

    Examples
    --------
    >>> between("share", 2, 0, 1)
    Traceback (most recent call last):
    ...
    ValueError: share is 2; expected a number from 0 to 1.
    """
    if not low <= value <= high:
        raise ValueError(f"{name} is {value!r}; expected a number from {low} to {high}.")
