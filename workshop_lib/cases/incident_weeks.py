"""Case ``incident_history``: eight weeks of errors, six incidents, and the changes around them."""

STORY = (
    "The board of a service was quiet for eight weeks, because its alarm had been set so high that "
    "it never disturbed anybody. Six incidents were reported by customers and branches. Now the "
    "team wants to know when each began, what set it off, and which alarm would have been better."
)
WEEKS, BIN_MINUTES = 8, 5
DAY = 24 * 60 // BIN_MINUTES
BASE_SHARE = (0.010, 0.022)  # errors per request on quiet nights, of the two services
RISE = {"sharp": 0.08, "slow": 0.022}
LASTS = {"sharp": (18, 37), "slow": (96, 193)}  # in bins: 1.5 to 3 hours, 8 to 16 hours
FOUND_AFTER = {"sharp": (11, 17), "slow": (60, 90)}
TARGETS = {"sharp_minutes": 45, "slow_minutes": 360, "false_pages_per_week": 0.75}
WHAT = (
    "new version of the service",
    "time limit for the bureau shortened",
    "certificate renewed",
    "database index rebuilt",
    "feature table loaded with new columns",
    "two servers replaced",
    "cache made smaller",
    "new version of a library",
)
FOUND_BY = ("customer call", "branch", "complaint by e-mail", "colleague by chance")


def build(seed):
    """Return the case: the quiet credit service on even seeds, the louder messages one on odd.

    Parameters
    ----------
    seed : int

    Returns
    -------
    Case
        Tables: ``history`` (`at`: start of the bin of 5 minutes, `requests`, `errors`),
        ``incidents`` (`incident`, `kind`: sharp or slow, `found_by`, `detected`, `mitigated`,
        `within_minutes`: how soon a page should come) and ``changes`` in no order (`change`,
        `at`, `what`). Parameters ``service`` and ``targets``.

    Notes
    -----
    Source: own simulation, CC BY 4.0. Five of the six incidents were set off by a change 2 to 9
    minutes before. Other changes follow between the onset and the detection of each incident.

    Examples
    --------
    >>> list(build(0).history.columns)
    ['at', 'requests', 'errors']
    """
    from workshop_lib.cases import Case

    tables, _ = make(seed)
    params = {"service": ("credit", "messages")[seed % 2], "targets": TARGETS}
    return Case("incident_history", seed, STORY, tables=tables, params=params)


def make(seed):
    """Return the tables, and for tests a table of what was planted.

    Parameters
    ----------
    seed : int

    Returns
    -------
    tuple of (dict of str to DataFrame, DataFrame)
        The tables of the case; `incident`, `onset` and `trigger` (missing where there is none).

    Examples
    --------
    >>> make(0)[1]["trigger"].notna().sum()
    np.int64(5)
    """
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng([seed, 55])
    bins = WEEKS * 7 * DAY
    at = pd.date_range("2026-03-02", periods=bins, freq=f"{BIN_MINUTES}min", tz="UTC", unit="s")
    hour = np.arange(bins) % DAY / 12
    by_day = np.where(at.day_of_week < 5, 1, 0.75)
    busy = by_day * (0.65 + 0.7 * np.exp(-(((hour - 13) / 4.5) ** 2)))
    requests = rng.poisson(350 * busy)
    share = BASE_SHARE[seed % 2] + 0.004 * ((hour >= 11.5) & (hour < 13.5))
    planted, free = [], np.ones(bins, dtype=bool)
    slot = bins // 6
    for number, kind in enumerate(rng.permutation(["sharp", "slow"] * 3)):
        lasts = int(rng.integers(*LASTS[kind]))
        onset = number * slot + int(rng.integers(400, slot - lasts - 300))
        share[onset : onset + lasts] += RISE[kind]
        free[onset - 30 : onset + lasts + 24] = False
        found = onset + int(rng.integers(*FOUND_AFTER[kind]))
        planted.append((str(kind), onset, found, onset + lasts))
    blips = rng.choice(np.flatnonzero(free)[::7], 80, replace=False)
    share[blips] += rng.uniform(0.10, 0.30, 80)
    errors = rng.binomial(requests, share)

    minutes = pd.Timedelta(minutes=1)
    changes = [(moment, None) for moment in at[rng.choice(np.flatnonzero(free), 110)]]
    untriggered = rng.choice([i for i, row in enumerate(planted) if row[0] == "slow"])
    for number, (_, onset, found, _) in enumerate(planted):
        if number != untriggered:
            changes.append((at[onset] - int(rng.integers(2, 10)) * minutes, number))
        for _ in range(int(rng.integers(1, 4))):
            late = int(rng.integers(42, 5 * (found - onset) - 2))
            changes.append((at[onset] + late * minutes, None))
    names = [f"C{number:03d}" for number in rng.permutation(len(changes)) + 100]
    triggers = {number: name for name, (_, number) in zip(names, changes, strict=True)}
    order = rng.permutation(len(changes))
    table = {
        "change": [names[i] for i in order],
        "at": [changes[i][0] for i in order],
        "what": rng.choice(WHAT, len(changes)),
    }
    incidents = {
        "incident": [f"I{number + 1}" for number in range(6)],
        "kind": [row[0] for row in planted],
        "found_by": rng.choice(FOUND_BY, 6),
        "detected": at[[row[2] for row in planted]],
        "mitigated": at[[row[3] for row in planted]],
        "within_minutes": [TARGETS[f"{row[0]}_minutes"] for row in planted],
    }
    truth = {
        "incident": incidents["incident"],
        "onset": at[[row[1] for row in planted]],
        "trigger": [triggers.get(number) for number in range(6)],
    }
    tables = {
        "history": pd.DataFrame({"at": at, "requests": requests, "errors": errors}),
        "incidents": pd.DataFrame(incidents),
        "changes": pd.DataFrame(table),
    }
    return tables, pd.DataFrame(truth)
