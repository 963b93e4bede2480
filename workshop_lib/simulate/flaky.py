"""A model that fails, hangs, or returns nonsense, as planned."""

FAULTS = ("raise", "hang", "nan", "mutate")


class FlakyModel:
    """A model with planned troubles; call it like the model that it wraps.

    Parameters
    ----------
    score : callable
        Takes a request and returns a number.
    clock : Clock
        Tells the time and is advanced by slow answers; nothing really waits.
    outages : list of (start, end), optional
        In these times (seconds; the end not included) a call raises ``ConnectionError``.
    slow : list of (start, end, seconds), optional
        In these times a call takes so many seconds.
    fault : {None, "raise", "hang", "nan", "mutate"}, default=None
        What every call does: raises ``RuntimeError``; takes 30 s; returns NaN; or overwrites
        every number in the request, also inside of lists, dictionaries and arrays, with -1.

    Attributes
    ----------
    calls : int
        Number of calls so far.

    Raises
    ------
    ValueError
        If there is no such fault, or a time span ends before it starts.

    Examples
    --------
    >>> from workshop_lib.simulate import Clock
    >>> clock = Clock()
    >>> model = FlakyModel(lambda request: 0.2, clock, slow=[(0, 10, 4)])
    >>> model({}), clock.now
    (0.2, 4.0)
    """

    HANG_SECONDS = 30.0

    def __init__(self, score, clock, *, outages=(), slow=(), fault=None):
        if fault is not None and fault not in FAULTS:
            raise ValueError(f"fault is {fault!r}; choose None or one of {list(FAULTS)}.")
        for start, end, *_ in [*outages, *slow]:
            if not end >= start:
                raise ValueError(f"A time span from {start} to {end} ends before it starts.")
        self._score, self._clock = score, clock
        self._outages, self._slow, self._fault = tuple(outages), tuple(slow), fault
        self.calls = 0

    def __call__(self, request):
        """Return the score of a request, or do what is planned for this moment."""
        self.calls += 1
        now = self._clock.now
        if any(start <= now < end for start, end in self._outages):
            raise ConnectionError("the model does not answer")
        if self._fault == "raise":
            raise RuntimeError("the model has failed")
        score = self._score(request)
        delays = [seconds for start, end, seconds in self._slow if start <= now < end]
        self._clock.advance(sum(delays) + (self.HANG_SECONDS if self._fault == "hang" else 0))
        if self._fault == "mutate":
            _overwrite(request)
        return float("nan") if self._fault == "nan" else score

    def __deepcopy__(self, memo):
        return self  # it counts its calls, so a copy would count elsewhere


def _overwrite(value):
    """Set every number inside a dict, list or array to -1."""
    import numpy as np

    if isinstance(value, np.ndarray):
        value[...] = -1
    elif isinstance(value, dict | list):
        for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
            if isinstance(inner, int | float):
                value[key] = -1
            else:
                _overwrite(inner)
