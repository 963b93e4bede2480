"""Case ``shadow_log``: model v4 answered every request too, and nobody saw its answers."""

STORY = (
    "For four weeks credit model v4 scored every request that v3 decided. Its answers were only "
    "written down. Now all outcomes are known, and the product owner asks whether v4 may go live."
)
# by group: how well each model sees the truth (standard deviation of its error, in log-odds).
WORSE_FOR_B = {"A": (1.30, 0.35), "B": (0.40, 1.70)}
BETTER_FOR_ALL = {"A": (1.30, 0.50), "B": (1.30, 0.50)}
POLICY = {"alpha": 0.05, "max_latency_ratio": 1.5, "max_group_loss": 0.01, "min_group_n": 300}


def build(seed, *, n=6000):
    """Return the case: on even seeds v4 is worse for group B, on odd seeds better for everybody.

    Parameters
    ----------
    seed : int
    n : int, default=6000

    Returns
    -------
    Case
        Table ``log``: `request_id`, `group` (A, B; 20 % are B), `pd_live` and `pd_shadow` (PD
        of v3 and v4), `y` (1 = default), `ms_live`, `ms_shadow`. Parameters ``threshold`` (refuse
        from here on) and ``policy`` (`alpha`, `max_latency_ratio`, `max_group_loss` as a share of
        the group's rows, `min_group_n`).

    Notes
    -----
    Source: own simulation, CC BY 4.0. Overall v4 decides more rows rightly on every seed.

    Examples
    --------
    >>> list(build(0).log.columns)
    ['request_id', 'group', 'pd_live', 'pd_shadow', 'y', 'ms_live', 'ms_shadow']
    """
    import numpy as np
    import pandas as pd

    from workshop_lib.cases import Case

    rng = np.random.default_rng([seed, 11])
    group = np.where(rng.random(n) < 0.20, "B", "A")
    truth = rng.normal(-1.2, 1.8, n)
    y = (rng.random(n) < 1 / (1 + np.exp(-truth))).astype(int)
    errors = BETTER_FOR_ALL if seed % 2 else WORSE_FOR_B
    scores = []
    for model in (0, 1):
        sd = np.where(group == "B", errors["B"][model], errors["A"][model])
        scores.append(1 / (1 + np.exp(-(truth + rng.normal(0, 1, n) * sd))))
    log = pd.DataFrame(
        {
            "request_id": [f"s{number:05d}" for number in range(n)],
            "group": group,
            "pd_live": scores[0],
            "pd_shadow": scores[1],
            "y": y,
            "ms_live": rng.lognormal(4.4, 0.45, n).round(1),
            "ms_shadow": rng.lognormal(4.55, 0.45, n).round(1),
        }
    )
    params = {"threshold": 0.4, "policy": POLICY}
    return Case("shadow_log", seed, STORY, tables={"log": log}, params=params)
