"""What a credit model answered, and what became of it: a serving log with known drift."""

import hashlib
import json
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pandas as pd

from workshop_lib.options import whole_number

START = pd.Timestamp("2026-01-13", tz="UTC")
MATURE_DAYS = 30
THRESHOLD = 0.30
# Mean, standard deviation, and the weights of standardised inputs in the model and in the world.
INPUTS = {
    "income_keur": (32.0, 8.0, -0.5),
    "loan_keur": (9.0, 2.5, 0.3),
    "debt_ratio": (0.33, 0.09, 1.0),
    "utilisation": (0.45, 0.15, 1.6),
    "employment_years": (7.0, 2.0, -0.7),
    "age_of_account_years": (6.0, 1.6, -0.5),
}
INTERCEPT = -1.9
AFTER = {"utilisation": -0.2, "debt_ratio": 0.1}  # weights in the world once it has changed
SHIFT = 0.7  # standard deviations by which utilisation rises
FIRST = ("Ada", "Ben", "Cleo", "Dana", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jana")
LAST = ("Arden", "Bly", "Corvin", "Dellow", "Estrin", "Farrow", "Gadd", "Hollin", "Imber", "Jory")


@dataclass(frozen=True)
class _Model:
    """A scoring model; call it with a dict of inputs, it returns a PD."""

    name: str
    version: str
    inputs: tuple
    weights: tuple = field(repr=False)
    intercept: float = field(repr=False)

    @property
    def digest(self):
        text = json.dumps([self.name, self.version, self.inputs, self.weights, self.intercept])
        return hashlib.sha256(text.encode()).hexdigest()

    def __call__(self, features):
        total = self.intercept
        for name, weight in zip(self.inputs, self.weights):
            mean, sd, _ = INPUTS[name]
            total += weight * (features[name] - mean) / sd
        return float(1 / (1 + np.exp(-total)))

    def _many(self, frame):
        total = np.full(len(frame), self.intercept)
        for name, weight in zip(self.inputs, self.weights):
            mean, sd, _ = INPUTS[name]
            total += weight * (frame[name].to_numpy() - mean) / sd
        return 1 / (1 + np.exp(-total))


def serving_log(seed=0, *, days=1, per_day=3000, drift_day=None, latency_day=None, pii=False):
    """Simulate what credit model v3 answered, and the outcomes that became known later.

    Parameters
    ----------
    seed : int, default=0
    days : int, default=1
        Day 0 is 13 January 2026.
    per_day : int, default=3000
        Requests per day.
    drift_day : int, optional
        From this day on `utilisation` is 0.7 standard deviations higher, and the model's inputs
        have lost most of their relation to the outcome.
    latency_day : int, optional
        From this day on answers take 2.2 times as long.
    pii : bool, default=False
        Whether `features` also holds what the model does not need: `name`, `email` and `iban`.

    Returns
    -------
    SimpleNamespace
        `events` : DataFrame, sorted by time. `request_id` (text), `at` (UTC), `customer_id` (six
        digits), `features` (dict), `score` (PD), `threshold`, `model_name`, `model_version`,
        `model_digest`, `source` ("model" or "fallback"), `latency_ms`. About 2 % of the requests
        are sent again after some seconds: a second row with the same `request_id`. About 3 % of
        the rows are answered by a fallback rule: their `model_digest` is an empty text.
        `labels` : DataFrame, one row per request. `request_id`, `outcome` (1 = default), `label_at`
        (UTC). A default is known 2 to 30 days after the request, a repayment after exactly 30.
        `models` : dict of digest to callable (dict of inputs, PD out). With attributes `name`,
        `version`, `digest` and `inputs`. There are three: v3, v3 **rebuilt at noon of day 0**
        under the same version, and v4.
        `reference` : DataFrame of 5,000 rows with the inputs and `score`, from before day 0.

    Raises
    ------
    ValueError
        If a number is outside its range.

    Notes
    -----
    Source: own simulation, CC BY 4.0. All people in it are made up.

    Examples
    --------
    >>> log = serving_log(per_day=100)
    >>> first = log.events.iloc[0]
    >>> again = log.models[first["model_digest"]](first["features"])
    >>> bool(abs(again - first["score"]) < 1e-9)
    True
    """
    rng = np.random.default_rng(whole_number("seed", seed, least=0))
    days, per_day = whole_number("days", days, least=1), whole_number("per_day", per_day, least=1)
    for name, value in (("drift_day", drift_day), ("latency_day", latency_day)):
        if value is not None:
            whole_number(name, value, least=0)
    old, new, v4 = _models()
    reference = _features(5000, rng)
    reference["score"] = new._many(reference)

    n = days * per_day
    day = np.repeat(np.arange(days), per_day)
    seconds = np.sort(rng.uniform(0, 86400, (days, per_day)), axis=1).ravel().round(3)
    inputs = _features(n, rng)
    changed = day >= (days if drift_day is None else drift_day)
    inputs.loc[changed, "utilisation"] += SHIFT * INPUTS["utilisation"][1]
    chance = np.where(changed, _world(inputs, AFTER), _world(inputs, {}))
    outcome = (rng.random(n) < chance).astype(int)
    at = START + pd.to_timedelta(day * 86400 + seconds, unit="s")
    slow = day >= (days if latency_day is None else latency_day)
    rows = {
        "request_id": [f"r{number:06d}" for number in range(n)],
        "at": at,
        "customer_id": rng.choice(np.arange(100_000, 1_000_000), n, replace=n > 800_000),
        "latency_ms": (rng.lognormal(4.4, 0.45, n) * np.where(slow, 2.2, 1)).round(1),
    }
    events = pd.concat([pd.DataFrame(rows), inputs], axis=1)
    events = _with_retries(events, rng)
    rebuilt = (events["at"] >= START + pd.Timedelta(hours=12)).to_numpy()
    fallback = rng.random(len(events)) < 0.03
    score = np.where(rebuilt, new._many(events), old._many(events))
    events["score"] = np.where(fallback, np.where(events["debt_ratio"] > 0.4, 0.5, 0.2), score)
    events["threshold"] = THRESHOLD
    events["model_name"], events["model_version"] = "credit", "v3"
    events["model_digest"] = np.where(fallback, "", np.where(rebuilt, new.digest, old.digest))
    events["source"] = np.where(fallback, "fallback", "model")
    events["features"] = events[list(INPUTS)].to_dict("records")
    if pii:
        _add_people(events)
    wait = np.where(outcome == 1, rng.uniform(2, MATURE_DAYS, n), MATURE_DAYS)
    labels = pd.DataFrame(
        {
            "request_id": rows["request_id"],
            "outcome": outcome,
            "label_at": (at + pd.to_timedelta(wait, unit="D")).round("s"),
        }
    )
    columns = ["request_id", "at", "customer_id", "features", "score", "threshold", "model_name"]
    columns += ["model_version", "model_digest", "source", "latency_ms"]
    return SimpleNamespace(
        events=events[columns],
        labels=labels,
        models={model.digest: model for model in (old, new, v4)},
        reference=reference,
    )


def _models():
    names = tuple(INPUTS)
    weights = tuple(weight for _, _, weight in INPUTS.values())
    rebuilt = tuple(round(weight * 1.02, 4) for weight in weights)
    fourth = tuple(weight * 1.1 for weight in weights)
    return (
        _Model("credit", "v3", names, weights, INTERCEPT),
        _Model("credit", "v3", names, rebuilt, INTERCEPT + 0.01),
        _Model("credit", "v4", names, fourth, INTERCEPT),
    )


def _features(n, rng):
    return pd.DataFrame(
        {name: mean + sd * rng.normal(size=n) for name, (mean, sd, _) in INPUTS.items()}
    )


def _world(inputs, after):
    total = np.full(len(inputs), INTERCEPT)
    for name, (mean, sd, weight) in INPUTS.items():
        total += after.get(name, weight) * (inputs[name].to_numpy() - mean) / sd
    return 1 / (1 + np.exp(-total))


def _with_retries(events, rng):
    """Send some requests again a few seconds later, with a corrected income."""
    again = events[rng.random(len(events)) < 0.02].copy()
    again["at"] += pd.to_timedelta(rng.uniform(2, 60, len(again)).round(3), unit="s")
    again["income_keur"] *= rng.uniform(0.8, 1.2, len(again))
    rows = pd.concat([events, again], ignore_index=True)
    return rows.sort_values("at", kind="stable").reset_index(drop=True)


def _add_people(events):
    for customer, features in zip(events["customer_id"], events["features"]):
        first, last = FIRST[customer % 10], LAST[customer // 10 % 10]
        features["name"] = f"{first} {last}"
        features["email"] = f"{first}.{last}.{customer % 1000}@example.com".lower()
        features["iban"] = f"NC{customer % 97:02d}NRTH{customer * 7919 % 10**12:012d}"
