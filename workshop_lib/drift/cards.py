"""Card payments as a stream of events, in which fraud changes its ways."""

import numbers

import numpy as np
import pandas as pd

_BEFORE = np.array([2.2, 0.9, 0.7, 0.0, 0.0, 0.0])
_AFTER = np.array([0.0, 0.9, 0.7, 2.2, 0.0, 0.0])


def card_events(seed=0, *, seconds=900, rate=20, change_at=420):
    """Generate card events in which the feature that tells fraud changes at a known time.

    Parameters
    ----------
    seed : int, default=0
        Seed of the random numbers.
    seconds : float, default=900
        Length of the stream, above 0.
    rate : float, default=20
        Events per second, above 0.
    change_at : float, default=420
        Second from which the new relation holds. After the end there is no change.

    Returns
    -------
    pandas.DataFrame of shape (round(seconds * rate), 9)
        event_id (0, 1, 2, ...), t_s (seconds from the start, sorted), f0 to f5 (independent, mean
        0, standard deviation 1), y (1 = fraud, about half).

    Raises
    ------
    ValueError
        If an argument is outside its range, or the stream has no event.

    Notes
    -----
    The log-odds of y are 2.2 f0 + 0.9 f1 + 0.7 f2, and from `change_at` on 2.2 f3 + 0.9 f1 + 0.7
    f2. The features themselves do not change.

    Source: own simulation; see ``datasets/card_events.md``.

    Examples
    --------
    >>> events = card_events()
    >>> events.shape, bool(events.t_s.is_monotonic_increasing)
    ((18000, 9), True)
    """
    for name, value in (("seconds", seconds), ("rate", rate)):
        if not (isinstance(value, numbers.Real) and 0 < value < np.inf):
            raise ValueError(f"{name} is {value!r}; expected a number above 0.")
    if not isinstance(change_at, numbers.Real) or np.isnan(change_at):
        raise ValueError(f"change_at is {change_at!r}; expected a number of seconds.")
    n = round(seconds * rate)
    if n < 1:
        raise ValueError(f"{seconds} seconds at {rate} a second give no event; expected 1 or more.")
    time_rng, feature_rng, label_rng = np.random.default_rng(seed).spawn(3)
    t_s = np.sort(time_rng.uniform(0, seconds, n))
    features = feature_rng.normal(size=(n, 6))
    log_odds = np.where(t_s < change_at, features @ _BEFORE, features @ _AFTER)
    frame = pd.DataFrame(features, columns=[f"f{i}" for i in range(6)])
    frame.insert(0, "event_id", np.arange(n))
    frame.insert(1, "t_s", t_s)
    frame["y"] = (label_rng.random(n) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
    return frame
