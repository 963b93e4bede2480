"""A clock that only moves when it is told to."""


class Clock:
    """A clock in seconds for simulations: nothing sleeps, and every run takes the same time.

    A copy of a clock is the clock itself, so that all parts of a simulation share one time.

    Parameters
    ----------
    start : float, default=0.0

    Attributes
    ----------
    now : float
        Seconds.

    Examples
    --------
    >>> clock = Clock()
    >>> clock.advance(1.5)
    >>> clock.now
    1.5
    """

    def __init__(self, start=0.0):
        self._now = float(start)

    @property
    def now(self):
        """Seconds."""
        return self._now

    def advance(self, seconds):
        """Let time pass.

        Parameters
        ----------
        seconds : float
            At least 0.

        Raises
        ------
        ValueError
            If `seconds` is below 0 or not a number.
        """
        if not seconds >= 0:
            raise ValueError(f"seconds is {seconds!r}; a clock does not go back, give at least 0.")
        self._now += float(seconds)

    def __deepcopy__(self, memo):
        return self

    __copy__ = __deepcopy__

    def __repr__(self):
        return f"Clock(now={self._now:g})"
