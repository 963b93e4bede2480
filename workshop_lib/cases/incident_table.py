"""Case ``incidents``: forty incidents of one lender, and the policy that grades them."""

STORY = (
    "Since January forty incidents of the models were written into one table. Nobody graded them: "
    "the loudest was handled first. The compliance officer has written a policy, as data."
)
NOW = "2026-04-27T09:00"
POLICY = {
    "points": {
        "harm": {"none": 0, "annoyance": 1, "financial": 3, "rights": 5},
        "reversible": {"easy": 0, "hard": 1, "no": 3},
        # (people at least, points), from the largest down
        "people": [(1000, 4), (100, 3), (10, 2), (1, 1), (0, 0)],
    },
    # (level, points at least), from the worst level down
    "levels": [(1, 10), (2, 7), (3, 4), (4, 0)],
    "clocks": [
        {"level": 1, "step": "acknowledge", "starts": "detected", "hours": 0.25, "office": False},
        {"level": 1, "step": "mitigate", "starts": "detected", "hours": 8, "office": False},
        {"level": 1, "step": "tell the board", "starts": "classified", "hours": 2, "office": False},
        {"level": 2, "step": "acknowledge", "starts": "detected", "hours": 1, "office": False},
        {"level": 2, "step": "mitigate", "starts": "classified", "hours": 24, "office": False},
        {"level": 3, "step": "acknowledge", "starts": "detected", "hours": 4, "office": True},
        {"level": 3, "step": "mitigate", "starts": "classified", "hours": 30, "office": True},
        {"level": 4, "step": "mitigate", "starts": "classified", "hours": 80, "office": True},
    ],
    "notices": [
        {
            "to": "data protection authority",
            "if": "personal_data",
            "up_to_level": 3,
            "clocks": [("detected", 72)],
        },
        {
            "to": "financial supervisor",
            "if": "critical_service",
            "up_to_level": 1,
            "clocks": [("classified", 4), ("detected", 24)],
        },
    ],
}
WHAT = {
    "none": ("a report came out twice", "a dashboard was empty for an hour"),
    "annoyance": ("answers took four seconds", "customers had to log in again"),
    "financial": ("limits were set from old incomes", "a fee was charged twice"),
    "rights": ("refusals without a reason", "letters went to a wrong address"),
}


def build(seed, *, n=40):
    """Return the case.

    Parameters
    ----------
    seed : int
    n : int, default=40
        Number of incidents, at least 12.

    Returns
    -------
    Case
        Table ``incidents``: `incident`, `what`, `harm` (none, annoyance, financial, rights),
        `reversible` (easy, hard, no), `people` (number), `personal_data`, `critical_service`
        (true or false), `occurred`, `detected`, `classified`, `mitigated` (UTC). Missing: `harm`,
        `reversible` and `people` where nobody knows, `classified` where nobody graded yet,
        `mitigated` where the incident is still open. Parameters ``policy`` and ``now``.

    Notes
    -----
    Source: own simulation, CC BY 4.0. Open incidents are the ones that harm rights and are hard to
    undo: whoever leaves them out sees a service that repairs its worst incidents quickly.

    Examples
    --------
    >>> int(build(0).incidents["mitigated"].isna().sum())
    8
    """
    import numpy as np
    import pandas as pd

    from workshop_lib.cases import Case

    rng = np.random.default_rng([seed, 54])
    harm = rng.choice(["none", "annoyance", "financial", "rights"], n, p=[0.2, 0.35, 0.3, 0.15])
    reversible = rng.choice(["easy", "hard", "no"], n, p=[0.5, 0.35, 0.15])
    people = np.floor(10 ** rng.uniform(-0.5, 3.0, n))
    # Ten grave incidents: six of them open, four repaired within hours, the last one the worst.
    grave = rng.choice(n, 10, replace=False)
    harm[grave], reversible[grave] = "rights", "hard"
    people[grave] = rng.integers(10, 1000, 10)
    reversible[grave[-1]], people[grave[-1]] = "no", 2400
    now = pd.Timestamp(NOW, tz="UTC").as_unit("s")
    occurred = now - pd.to_timedelta(rng.integers(3 * 1440, 100 * 1440, n), unit="min")
    detected = occurred + pd.to_timedelta(rng.integers(5, 900, n), unit="min")
    classified = detected + pd.to_timedelta(rng.integers(10, 600, n), unit="min")
    hours = {"none": 30, "annoyance": 40, "financial": 24, "rights": 9}
    repair = [hours[name] for name in harm] * rng.lognormal(0, 0.9, n) * 60
    repair[grave] = rng.integers(60, 600, 10)
    table = pd.DataFrame(
        {
            "what": [rng.choice(WHAT[name]) for name in harm],
            "harm": harm,
            "reversible": reversible,
            "people": people,
            "personal_data": rng.random(n) < np.where(harm == "rights", 0.7, 0.25),
            "critical_service": rng.random(n) < 0.4,
            "occurred": occurred,
            "detected": detected,
            "classified": classified,
            "mitigated": classified + pd.to_timedelta(repair.astype(int), unit="min"),
        }
    )
    table.loc[grave[:6], "mitigated"] = pd.NaT
    late = table["mitigated"] > now  # those of the last days were just repaired
    table.loc[late, "mitigated"] = now - pd.Timedelta(hours=1)
    others = np.setdiff1d(np.arange(n), grave)
    table.loc[rng.choice(others, 4, replace=False), "people"] = np.nan
    table.loc[rng.choice(others, 2, replace=False), "harm"] = None
    table.loc[rng.choice(others, 2, replace=False), "reversible"] = None
    table = table.sort_values("detected", ignore_index=True)
    newest = table.index[~table["harm"].eq("rights")][-2:]
    table.loc[newest, ["classified", "mitigated"]] = pd.NaT
    table.insert(0, "incident", [f"N{number:02d}" for number in range(1, n + 1)])
    params = {"policy": POLICY, "now": now}
    return Case("incidents", seed, STORY, tables={"incidents": table}, params=params)
