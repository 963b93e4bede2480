"""Checks of the generators' arguments, with one wording for all of them."""

import operator


def row_count(n, least=1, name="n"):
    """Return `n` as an int, or raise ValueError if it is not a whole number of at least `least`."""
    try:
        count = operator.index(n)
    except TypeError:
        count = None
    if count is None or count < least:
        raise ValueError(f"{name} is {n!r}; expected a whole number of at least {least}.")
    return count


def one_of(name, value, allowed):
    """Raise ValueError unless `value` is one of `allowed`."""
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; choose one of {list(allowed)}.")


def between(name, value, low, high):
    """Raise ValueError unless low <= value <= high."""
    if not low <= value <= high:
        raise ValueError(f"{name} is {value!r}; expected a number from {low} to {high}.")
