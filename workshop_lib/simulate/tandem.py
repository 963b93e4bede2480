"""Requests that pass through stages with waiting lines."""

import heapq

import numpy as np
import pandas as pd

from workshop_lib.options import whole_number


def queue(rate, stages, *, n=20000, seed=0, burst=1):
    """Simulate requests that pass through stages one after the other, first come, first served.

    Parameters
    ----------
    rate : float
        Requests per unit of time, above 0.
    stages : list of (name, servers, mean_service)
        A text, a whole number of at least 1, and a mean time above 0 in the unit of ``1 / rate``:
        with `rate` in requests per millisecond, all times are milliseconds.
    n : int, default=20000
        Number of requests, at least 1.
    seed : int, default=0
    burst : int, default=1
        So many requests arrive at the same instant; the rate stays the same.

    Returns
    -------
    pandas.DataFrame
        ``n * len(stages)`` rows, by request and then by stage: `request` (0 to n - 1), `stage`,
        and the times `enqueued`, `started` and `finished`. A request enters a stage at the moment
        at which it finishes the one before.

    Raises
    ------
    ValueError
        If an argument is outside its range, or two stages have one name.

    Notes
    -----
    The times between arrivals and the service times are exponential. A free server takes the
    request that has waited longest. Source: own simulation, CC BY 4.0; tested against the formulas
    for M/M/1 and against Little's law.

    Examples
    --------
    >>> runs = queue(0.5, [("desk", 1, 1.0)], n=3)
    >>> list(runs.columns), len(runs)
    (['request', 'stage', 'enqueued', 'started', 'finished'], 3)
    """
    stages = _checked(rate, stages)
    n, burst = whole_number("n", n, least=1), whole_number("burst", burst, least=1)
    rng = np.random.default_rng(whole_number("seed", seed, least=0))
    groups = -(-n // burst)
    enqueued = np.repeat(np.cumsum(rng.exponential(burst / rate, groups)), burst)[:n]
    parts = []
    for name, servers, mean in stages:
        order = np.argsort(enqueued, kind="stable")
        started = np.empty(n)
        service = rng.exponential(mean, n)
        started[order] = _starts(enqueued[order], service[order], servers)
        finished = started + service
        columns = {"enqueued": enqueued, "started": started, "finished": finished}
        parts.append(pd.DataFrame({"request": np.arange(n), "stage": name, **columns}))
        enqueued = finished
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values("request", kind="stable").reset_index(drop=True)


def _checked(rate, stages):
    if not 0 < rate < np.inf:
        raise ValueError(f"rate is {rate!r}; expected a number above 0.")
    try:
        stages = [(name, servers, mean) for name, servers, mean in stages]
    except (TypeError, ValueError):
        raise ValueError(
            f"stages is {stages!r}; expected a list of (name, servers, mean_service)."
        ) from None
    if not stages:
        raise ValueError("stages is empty; expected at least one (name, servers, mean_service).")
    for name, servers, mean in stages:
        whole_number(f"the number of servers of {name!r}", servers, least=1)
        if not 0 < mean < np.inf:
            raise ValueError(f"The mean service of {name!r} is {mean!r}; it must be above 0.")
    if len({name for name, _, _ in stages}) < len(stages):
        raise ValueError("Two stages have the same name; names are unique.")
    return stages


def _starts(enqueued, service, servers):
    """Return when each request starts; requests are in the order of their arrival."""
    free = [0.0] * servers
    starts = []
    for arrival, work in zip(enqueued.tolist(), service.tolist()):
        start = max(arrival, free[0])
        heapq.heapreplace(free, start + work)
        starts.append(start)
    return starts
