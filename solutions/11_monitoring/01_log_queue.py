# %% [markdown]
# ## The story
#
# Credit model v3 has been live since Monday. It scores customers who already have a loan and ask
# for a higher limit. Because their loans run on, we learn for *everyone* whether a payment failed
# in the next 30 days, also for those whose request was refused.
#
# On Wednesday a customer asks: why was I refused on Tuesday at 09:14? The team finds a web server's
# log with the line `200 OK`. Nobody can say which model answered, what it was given, or what the
# limit was. And at lunch time answers take a second. The manager wants a bigger machine for the
# model, because the model is "obviously" the slow part.
#
# In this notebook you build a log from which every decision can be repeated. Then you find out
# which part of the service really makes people wait.

# %%
import hashlib
import hmac
import json
import tempfile
from itertools import product
from pathlib import Path
from typing import Literal

import duckdb
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from prometheus_client import CollectorRegistry, Counter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from workshop_lib import artifacts, explore, figures, simulate
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## What arrives
#
# `simulate.serving_log` makes one day of traffic: 13 January 2026. Each row of `events` is one
# answer of the service.

# %%
log = simulate.serving_log(pii=True)
INPUTS = list(log.reference.columns.drop("score"))
print(f"{len(log.events)} answers, {log.events['request_id'].nunique()} requests")
first = log.events.iloc[0].to_dict()
pd.Series({**first, "model_digest": first["model_digest"][:12] + "…"}, name="one event").to_frame()

# %% [markdown]
# Look at `features`: the six inputs of the model are there, and also a name, an e-mail address and
# an IBAN (a bank account number). The form sends them, and the model does not need them.
#
# Two more things are easy to miss. Some requests come twice, because a browser sent them again. And
# the version is not enough to name a model:

# %%
answered = log.events.groupby(["source", "model_version", "model_digest"])["at"].agg(
    ["size", "min", "max"]
)
answered.index = answered.index.set_levels(answered.index.levels[2].str[:12], level=2)
answered.assign(**{c: answered[c].dt.strftime("%H:%M") for c in ("min", "max")})

# %% [markdown]
# "v3" is two different models: it was built again at noon, under the same version. The **digest**
# (a hash of the whole model) tells them apart. The third row has no digest: when the model did not
# answer, a simple fallback rule did (notebook `10_deployment/04_canary_fallback`).
#
# ## A record with a contract
#
# A log line is data that somebody needs in two years. So it gets a contract. With pydantic, a
# contract is a class: each field has a type, and a value that does not fit is refused when it is
# **written**, not when the auditor reads it. Ten fields are given. `extra="forbid"` refuses fields
# that nobody agreed on; `Literal` lists the allowed texts.
#
# **Your task.** Add the four missing fields to `PredictionRecord`. All four are required (no
# default).
#
# - `at`: when the answer was given. Only a time **with a time zone** is accepted (pydantic:
#   `AwareDatetime`).
# - `model_digest`: a text. It may be empty (fallback).
# - `features`: a dictionary from names to numbers. A text as a value, such as an e-mail address,
#   must be refused.
# - `subject`: who it is about, as a pseudonym: a text of **exactly 64** characters, each one of
#   `0123456789abcdef` (the pattern is `^[0-9a-f]{64}$`).
#
# For example, a record with `at="2026-01-13T09:14:00"` is refused, and with
# `at="2026-01-13T09:14:00+00:00"` it is accepted.


# %% exercise="PredictionRecord" objective="M5.3"
class PredictionRecord(BaseModel):
    """One decision, complete enough to repeat it."""

    model_config = ConfigDict(extra="forbid")

    def line(self) -> str:
        """Return the record as one line of JSON."""
        return self.model_dump_json()

    request_id: str
    model_name: str
    model_version: str
    schema_version: int
    score: float = Field(ge=0, le=1)
    threshold: float = Field(ge=0, le=1)
    decision: Literal["approve", "refuse"]
    source: Literal["model", "fallback"]
    latency_ms: float = Field(ge=0)
    purpose: str
    ### BEGIN SOLUTION
    at: AwareDatetime
    model_digest: str
    features: dict[str, float]
    subject: str = Field(pattern=r"^[0-9a-f]{64}$")
    ### END SOLUTION


# %% check="PredictionRecord" title="A record that refuses what is incomplete" points=1 transport="object"
t.hints(
    "Write one line for each field: its name, a colon, its type.",
    "`at: AwareDatetime`, and `dict[str, float]` for a dictionary from texts to numbers.",
    'A text with a pattern: `name: str = Field(pattern=r"…")`; `^` and `$` mean start and end.',
)
GOOD = {
    "request_id": "r1",
    "at": "2026-01-13T09:14:00+00:00",
    "model_name": "credit",
    "model_version": "v3",
    "model_digest": "ab12",
    "schema_version": 1,
    "features": {"debt_ratio": 0.3333333333333333},
    "score": 0.2,
    "threshold": 0.3,
    "decision": "approve",
    "source": "model",
    "latency_ms": 80.5,
    "subject": "0f" * 32,
    "purpose": "limit_review",
}


def accepts(**changes):
    """Tell whether the answer's class accepts the good record with some changes."""
    record = {**GOOD, **changes}
    record = {name: value for name, value in record.items() if value is not KeyError}
    outcome = t._invoke(PredictionRecord, (), record)
    kinds = outcome.error_types
    t.require(
        outcome.error is None or "ValidationError" in kinds,
        f"The class raised {outcome.error}.",
    )
    return outcome.error is None


with t.item("A complete record is accepted and keeps its values", weight=1):
    t.wrong_if(
        "features_are_whole_numbers",
        accepts(features={"debt_ratio": 1}) and not accepts(),
        "The feature 0.333… was refused, and 1 was accepted. Most inputs are no whole numbers: use "
        "`dict[str, float]`.",
    )
    got = t.call(PredictionRecord, **GOOD)
    missing = [name for name in GOOD if not hasattr(got, name)]
    t.require(not missing, f"These fields are missing: {missing}.")
    t.require(accepts(model_digest=""), "The digest of a fallback is an empty text: accept it.")
    t.equal(dict(got.features), GOOD["features"], what="features", rtol=0, atol=0)
with t.item("Each of the four fields is required", weight=1):
    for name in ("at", "model_digest", "features", "subject"):
        t.require(accepts(), "The complete record is refused.")
        t.wrong_if(
            "field_is_optional",
            accepts(**{name: KeyError}),
            f"A record without `{name}` was accepted. Without it the decision cannot be repeated or "
            "found: give no default.",
        )
with t.item("A time without a time zone is refused", weight=1):
    t.require(accepts(), "The complete record is refused.")
    t.wrong_if(
        "naive_time",
        accepts(at="2026-01-13T09:14:00"),
        "A time without a time zone was accepted. 09:14 in which place? Two servers in two zones "
        "would write another order of events. The type is `AwareDatetime`.",
    )
    t.require(not accepts(at="this morning"), "`at='this morning'` was accepted.")
with t.item("Features are numbers, and the subject is a pseudonym", weight=2):
    t.require(accepts(), "The complete record is refused.")
    t.wrong_if(
        "features_of_any_type",
        accepts(features={"email": "ada@example.com"}),
        "An e-mail address was accepted as a feature. Say that the values are numbers: "
        "`dict[str, float]`.",
    )
    t.wrong_if(
        "pattern_without_ends",
        accepts(subject="0f" * 33) and not accepts(subject="482913"),
        "A subject of 66 characters was accepted: the pattern only has to occur somewhere in it. "
        "Begin it with `^` and end it with `$`.",
    )
    for wrong in ("482913", "0f" * 31, "0f" * 33, "0F" * 32, "xy" * 32):
        t.wrong_if(
            "subject_is_any_text",
            accepts(subject=wrong),
            f"{wrong[:12]!r} ({len(wrong)} characters) was accepted as a subject. Give the field "
            "a pattern, so that nobody writes a customer number there by mistake.",
        )
### BEGIN HIDDEN TESTS
with t.item("Other zones are fine, other fields are not", weight=1):
    t.require(accepts(at="2026-01-13T10:14:00+01:00"), "A time in another zone was refused.")
    t.require(not accepts(features=[0.3]), "A list was accepted as features.")
    t.require(not accepts(name="Ada Arden"), "An unknown field `name` was accepted.")
### END HIDDEN TESTS

# %% [markdown]
# The contract in action: one good record, and three that an auditor will never have to read.

# %% needs="PredictionRecord"
sample = {
    "request_id": "r1",
    "at": "2026-01-13T09:14:00+00:00",
    "model_name": "credit",
    "model_version": "v3",
    "model_digest": "ab12",
    "schema_version": 1,
    "score": 0.2,
    "features": {"debt_ratio": 0.3},
    "threshold": 0.3,
    "decision": "approve",
    "source": "model",
    "latency_ms": 80.5,
    "subject": "0f" * 32,
    "purpose": "limit_review",
}
changes = [{}, {"at": "2026-01-13T09:14:00"}, {"features": {"email": "a@b.c"}}, {"score": 1.2}]
for change in changes:
    try:
        PredictionRecord(**{**sample, **change})
        print("accepted", change)
    except ValidationError as refusal:
        print("refused ", change, "->", refusal.errors()[0]["type"])

# %% [markdown]
# ## Write it, and repeat it
#
# The log must name the customer, so that a complaint finds its decisions. But the log is read by
# many people, so it must not show *who* it is. The idea of a **pseudonym** (unit 08): replace the
# customer number by a text that is always the same for this customer.
#
# A hash of the number looks safe. Is it? Customer numbers have six digits:

# %%
unknown = hashlib.sha256(b"482913").hexdigest()
found = [i for i in range(100_000, 1_000_000) if hashlib.sha256(b"%d" % i).hexdigest() == unknown]
print(f"{unknown[:20]}… is customer {found[0]}")

# %% [markdown]
# Try all 900,000 numbers, which takes about a second, and the secret is out: a hash protects only what cannot be guessed. An
# **HMAC** mixes a secret key into the hash. Who does not have the key cannot try numbers:
# `hmac.new(key, text_as_bytes, "sha256").hexdigest()`.
#
# **Your task.** Write two functions.
#
# `write_log(event, key, inputs)` turns one event (a dictionary as above) into a record: a
# dictionary with exactly the 14 fields of `PredictionRecord`.
#
# - `request_id`, `model_name`, `model_version`, `model_digest`, `score`, `threshold`, `source`,
#   `latency_ms`: as in the event. Nothing is rounded.
# - `at`: the time as an ISO text (`event["at"].isoformat()`; the event's time has a zone).
# - `features`: only the names in the list `inputs`, values unchanged.
# - `decision`: `"approve"` if the score is **below** the threshold, otherwise `"refuse"` (the score
#   is a probability of default).
# - `subject`: the HMAC-SHA256, as hexadecimal text, of the customer number written as text, with
#   the key `key` (bytes).
# - `schema_version`: 1. `purpose`: `"limit_review"`.
#
# `replay(record, models)` computes the score again, from the record alone. `models` is a dictionary
# from digests to models; a model is called with the features. If the record's source is not
# `"model"`, or the digest is not in `models`, raise a `ValueError` whose text names the
# `request_id`.
#
# For example, with `score` 0.30 and `threshold` 0.30 the decision is `"refuse"`.


# %% exercise="write_log" objective="M5.3"
def write_log(event: dict, key: bytes, inputs: list[str]) -> dict:
    """Return the record of one event."""
    ### BEGIN SOLUTION
    kept = ["request_id", "model_name", "model_version", "model_digest", "score", "threshold"]
    record = {name: event[name] for name in [*kept, "source", "latency_ms"]}
    subject = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    return record | {
        "at": event["at"].isoformat(),
        "features": {name: event["features"][name] for name in inputs},
        "decision": "approve" if event["score"] < event["threshold"] else "refuse",
        "subject": subject,
        "schema_version": 1,
        "purpose": "limit_review",
    }
    ### END SOLUTION


def replay(record: dict, models: dict) -> float:
    """Return the score that the model of the record gives for its features."""
    ### BEGIN SOLUTION
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(f"{record['request_id']} was not scored by a model that we have")
    return models[record["model_digest"]](record["features"])
    ### END SOLUTION


# %% check="write_log" title="Write it and repeat it" points=3 transport="object"
t.hints(
    "Copy the eight fields that stay as they are, then add the six that you compute.",
    '`{name: event["features"][name] for name in inputs}` keeps the inputs of the model only.',
    '`hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()`; in `replay` look '
    "the model up by its digest, never by its version.",
)
NAMES = ["request_id", "at", "model_name", "model_version", "model_digest", "schema_version"]
NAMES += ["features", "score", "threshold", "decision", "source", "latency_ms", "subject"]
NAMES += ["purpose"]


def day_of(seed, n=60):
    """A small day of events, its models, and the names of the inputs."""
    day = simulate.serving_log(seed + 70, per_day=n, pii=True)
    events = day.events.drop(columns="features").to_dict("records")
    events = [{**e, "features": f} for e, f in zip(events, day.events["features"])]
    return events, day.models, list(day.reference.columns.drop("score"))


def pseudonym_of(customer, key, how):
    """Pseudonyms that are right and wrong."""
    text = str(customer).encode()
    return {
        "hmac": hmac.new(key, text, "sha256").hexdigest(),
        "plain": hashlib.sha256(text).hexdigest(),
        "glued": hashlib.sha256(key + text).hexdigest(),
    }[how]


def record_of(event, key=b"k1", inputs=None):
    """Return the record of the answer, once it has the right fields."""
    inputs = inputs or [n for n in event["features"] if n not in ("name", "email", "iban")]
    got = t.call(write_log, event, key, inputs)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    extra, missing = sorted(set(got) - set(NAMES)), [n for n in NAMES if n not in got]
    t.wrong_if(
        "logs_who_it_is",
        "customer_id" in extra,
        "The record has `customer_id`. Whoever reads the log then knows who it is. Write `subject`.",
    )
    t.require(not extra and not missing, f"Fields: too many {extra}, missing {missing}.")
    return got


with t.item("What was decided is written down as it was", weight=2):
    for seed in t.seeds:
        events, models, inputs = day_of(seed)
        for event in [*events[:5], {**events[5], "score": 0.3, "threshold": 0.3}]:
            got = record_of(event)
            for name in NAMES:
                if name in event and name not in ("at", "features"):
                    t.equal(got[name], event[name], what=name, rtol=0, atol=0)
            t.equal([got["schema_version"], got["purpose"]], [1, "limit_review"], what="two fields")
            expected = "approve" if event["score"] < event["threshold"] else "refuse"
            t.wrong_if(
                "limit_counts_as_approve",
                got["decision"] != expected and event["score"] == event["threshold"],
                "A score equal to the threshold is refused: approve only *below* it.",
            )
            t.wrong_if(
                "score_is_not_a_chance_to_repay",
                got["decision"] != expected,
                f"A score of {event['score']:.2f} with threshold {event['threshold']} gives "
                f"{expected!r}: it is a probability of default, low is good.",
            )
            t.require(isinstance(got["at"], str), "`at` is a text in ISO form.")
            moment = pd.Timestamp(got["at"])
            t.wrong_if(
                "naive_time",
                moment.tzinfo is None,
                f"`at` is {got['at']!r}, without a time zone. Use `event['at'].isoformat()`.",
            )
            t.require(moment == event["at"], f"`at` is {got['at']!r}, not the time of the event.")
            t.wrong_if(
                "time_with_a_space",
                "T" not in got["at"],
                f"`at` is {got['at']!r}. ISO texts have a T between day and time. With both forms in "
                "one file the texts no longer sort as the times do. Use `event['at'].isoformat()`.",
            )
with t.item("Only the inputs of the model are kept, and not rounded", weight=2):
    for seed in t.seeds:
        events, models, inputs = day_of(seed)
        for event in events[:5]:
            got = record_of(event, inputs=inputs)
            seen = [n for n in ("name", "email", "iban") if event["features"][n] in json.dumps(got)]
            t.wrong_if(
                "logs_who_it_is",
                bool(seen),
                f"The record shows the customer's {seen}. The model never used them: keep only the "
                "names in `inputs`.",
            )
            t.equal(sorted(got["features"]), sorted(inputs), what="names of the features")
            off = [abs(got["features"][n] - event["features"][n]) for n in inputs]
            t.wrong_if(
                "rounds_what_it_logs",
                0 < max(off) < 0.51,
                "The features are rounded. The replay then gives another score, and a decision near "
                "the threshold may turn round.",
            )
            t.equal(max(off), 0, what="largest difference of a feature", rtol=0, atol=0)
    fewer = record_of(events[0], inputs=inputs[:2])
    t.wrong_if(
        "list_of_what_to_leave_out",
        set(inputs[:2]) < set(fewer["features"]),
        f"`inputs` was {inputs[:2]}, and the record has {len(fewer['features'])} features. You name "
        "what must stay out. The next form may send a new personal field: name what may go in.",
    )
    t.equal(sorted(fewer["features"]), sorted(inputs[:2]), what="features for two inputs")
with t.item("The pseudonym needs the key", weight=2):
    for seed in t.seeds:
        events, models, inputs = day_of(seed)
        event = events[seed % 9]
        for key in (b"k1", b"another key"):
            got = record_of(event, key)["subject"]
            number = event["customer_id"]
            t.wrong_if(
                "hash_without_key",
                got == pseudonym_of(number, key, "plain"),
                f"`subject` is a plain hash. The check tried the six-digit numbers and found "
                f"{number} at once. Use the key: `hmac.new(key, …)`.",
            )
            t.wrong_if(
                "key_glued_to_the_text",
                got == pseudonym_of(number, key, "glued"),
                "`subject` is the hash of key and number glued together. SHA-256 lets others "
                "extend such a text. HMAC is made for keys: `hmac.new(key, text, 'sha256')`.",
            )
            t.wrong_if(
                "key_and_text_exchanged",
                got == hmac.new(str(number).encode(), key, "sha256").hexdigest(),
                "Key and text have changed places: the first argument of `hmac.new` is the key.",
            )
            t.equal(got, pseudonym_of(number, key, "hmac"), what="subject")
with t.item("A replay gives the score again, also after the model was rebuilt", weight=3):
    for seed in t.seeds:
        events, models, inputs = day_of(seed)
        events = [event for event in events if event["source"] == "model"]
        for event in events[::4]:
            record = {n: event[n] for n in event if n not in ("features", "customer_id")}
            record["features"] = {n: event["features"][n] for n in reversed(inputs)}
            typed = t.call(replay, record | {"score": 0.987}, models)
            t.wrong_if(
                "repeats_the_logged_score",
                typed == 0.987,
                "The check wrote the score 0.987 into a record, and your replay returned it. Ask the "
                "model again: only then does the log prove anything.",
            )
            got = t.call(replay, record, models)
            same_version = [m for m in models.values() if m.version == "v3"]
            others = [m(record["features"]) for m in same_version]
            t.wrong_if(
                "model_by_version",
                abs(got - event["score"]) > 1e-9 and min(abs(got - s) for s in others) < 1e-9,
                "Your replay used a model that is called v3 too, but it is another build. Look the "
                "model up by `model_digest`.",
            )
            t.equal(got, event["score"], what="score", rtol=0, atol=1e-9)
with t.item("What cannot be replayed is refused", weight=1):
    base = {"request_id": "r77", "features": {"x": 0.2}, "score": 0.2, "model_version": "v3"}
    double = {"d1": lambda features: 0.2}
    for change in (
        {"source": "model", "model_digest": "d2"},
        {"source": "fallback", "model_digest": ""},
    ):
        t.raises(
            ValueError,
            replay,
            base | change,
            double,
            mentions="r77",
            misconception="replays_a_fallback",
        )
### BEGIN HIDDEN TESTS
with t.item("A whole day: every decision can be repeated, nobody is named", weight=2):
    for seed in t.seeds:
        events, models, inputs = day_of(seed + 5, 250)
        records = [record_of(event, b"secret") for event in events]
        text = json.dumps(records)
        people = [e["features"][n] for e in events for n in ("name", "email", "iban")]
        t.require(not any(person in text for person in people), "The file names a customer.")
        for event, record in zip(events, json.loads(text)):
            if event["source"] == "model":
                got = t.call(replay, record, models)
                t.equal(got, event["score"], what="replayed score", rtol=0, atol=1e-9)
        subjects = [record["subject"] for record in records]
        customers = [event["customer_id"] for event in events]
        t.equal(len(set(subjects)), len(set(customers)), what="number of subjects")
### END HIDDEN TESTS

# %% [markdown]
# Now the day's log exists: one JSON object per line ("JSONL"). For the customer who complained, the
# table shows one decision from end to end: what was logged, and what the replay gives.

# %% needs="write_log"
day_file = Path(tempfile.mkdtemp()) / "predictions.jsonl"
records = [write_log(e, b"not in the repository", INPUTS) for e in log.events.to_dict("records")]
day_file.write_text("".join(json.dumps(record) + "\n" for record in records))
refused = next(r for r in records if r["decision"] == "refuse" and "T09:14" in r["at"])
again = replay(refused, log.models)
shown = {
    name: refused[name] for name in ("request_id", "at", "model_version", "source", "decision")
}
shown |= {name: round(value, 3) for name, value in refused["features"].items()}
shown |= {"score in the log": round(refused["score"], 6), "score replayed": round(again, 6)}
pd.Series(shown, name="why refused at 09:14?").to_frame()

# %% [markdown]
# The two scores are equal: this is the model, and these are the inputs. The first 200 records go to
# later units, which build a ledger and a catalogue on them.

# %% needs="write_log"
artifacts.put("prediction_records", records[:200])
print(f"{len(records)} records, {day_file.stat().st_size // 1000} kB")

# %% [markdown]
# ## Three questions to a log
#
# Who decided? What can we train on? What did the model do between two times? DuckDB answers such
# questions with SQL, directly from the file: no server, no import. The next cell makes a small file
# and gives the first question as a pattern. `?` stands for a value that is passed separately, so
# that no text from outside becomes part of the SQL. `"at"` stands in quotes because AT is a word of
# SQL. Times are texts in the file; all are UTC and ISO, so the texts sort as the times do.

# %%
TEXTS = ["request_id", "at", "model_version", "model_digest", "source", "decision"]
COLUMNS = {name: "VARCHAR" for name in TEXTS} | {
    "score": "DOUBLE",
    "features": "MAP(VARCHAR, DOUBLE)",
}
FORM = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
LINES = f"read_json(?, format='newline_delimited', columns={{{FORM}}})"


def read_log(path: str, condition: str = "true", values: tuple = ()) -> pd.DataFrame:
    """Return the lines of a log that meet a condition in SQL, with `at` as UTC times."""
    query = f'SELECT * FROM {LINES} WHERE {condition} ORDER BY request_id, "at"'
    rows = duckdb.connect().execute(query, [path, *values]).fetchall()
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True, format="ISO8601"))


def who_decided(path: str, request_id: str) -> pd.DataFrame:
    """Return every answer to one request, in order."""
    return read_log(path, "request_id = ?", (request_id,))


# %% [markdown]
# Three lines, to see what comes out:

# %%
tiny = Path(tempfile.mkdtemp()) / "tiny.jsonl"
lines = [("r1", "09:00", "v3", 0.2), ("r2", "09:01", "v3", 0.4), ("r1", "09:02", "v3", 0.3)]
tiny.write_text(
    "".join(
        json.dumps(
            {
                "request_id": name,
                "at": f"2026-01-13T{clock}:00+00:00",
                "model_version": version,
                "model_digest": "d1",
                "source": "model",
                "decision": "approve",
                "score": score,
                "features": {"debt_ratio": score},
            }
        )
        + "\n"
        for name, clock, version, score in lines
    )
)
who_decided(str(tiny), "r1")[["model_version", "source", "decision"]]

# %% [markdown]
# **Your task.** Write the other two questions. `path` is the text of the path of such a file. Use
# conditions in SQL as above, or pandas on `read_log(path)`, which gives all lines.
#
# `retraining_set(path, labels, as_of)`: what could we have trained on at the time `as_of` (a
# Timestamp in UTC)? `labels` has the columns `request_id`, `outcome` and `label_at`.
#
# - Only answers of the model: `source` is `"model"`.
# - One row per request: of its answers by the model, the **last** one by `at`.
# - Only outcomes that were known: `label_at` at or before `as_of`. A request without a known
#   outcome is left out.
# - Columns: at least `request_id`, `at`, `features` and `outcome`, sorted by `request_id`.
#
# `debug_slice(path, version, t0, t1)`: all answers of the model version `version` with
# `t0 <= at < t1`, with all columns of `read_log`, sorted by `at`.
#
# For example, in the tiny file above `r1` was answered at 09:00 and again at 09:02. With the label
# (`r1`, outcome 1, `label_at` 20 January) and `as_of` 20 January, `retraining_set` has one row: `r1`
# of 09:02 with outcome 1. With `as_of` 19 January it is empty. `debug_slice(path, "v3", 09:00,
# 09:02)` has the answers of 09:00 and 09:01.


# %% exercise="retraining_set" objective="M5.3"
def retraining_set(path: str, labels: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the last answer of the model to each request whose outcome was known."""
    ### BEGIN SOLUTION
    events = read_log(path)
    answers = events[events["source"] == "model"].sort_values("at")
    answers = answers.drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    joined = answers.merge(known[["request_id", "outcome"]], on="request_id")
    return joined.sort_values("request_id", ignore_index=True)
    ### END SOLUTION


def debug_slice(path: str, version: str, t0: pd.Timestamp, t1: pd.Timestamp) -> pd.DataFrame:
    """Return the answers of one version from t0, and before t1."""
    ### BEGIN SOLUTION
    events = read_log(path)
    inside = (events["at"] >= t0) & (events["at"] < t1) & (events["model_version"] == version)
    return events[inside].sort_values("at", ignore_index=True)
    ### END SOLUTION


# %% check="retraining_set" title="Nothing from the future, nothing twice" points=3 transport="plain"
from workshop_lib.checks import TextFile

t.hints(
    "Three steps: rows of the model, the last row of each request, then join the known labels.",
    '`sort_values("at").drop_duplicates("request_id", keep="last")` keeps the last answer.',
    'Filter labels first: `labels[labels["label_at"] <= as_of]`, then `merge` on `request_id`.',
)
ZERO = pd.Timestamp("2026-01-13 09:00", tz="UTC")


def minute(number):
    """So many minutes after nine."""
    return ZERO + pd.Timedelta(minutes=number)


def log_file(rows):
    """A file of rows (request, minute, version, source); the feature is the row's number."""
    lines = [
        {
            "request_id": request,
            "at": minute(moment).isoformat(),
            "model_version": version,
            "model_digest": "d" if source == "model" else "",
            "source": source,
            "decision": "approve",
            "score": 0.2,
            "features": {"row": float(number)},
        }
        for number, (request, moment, version, source) in enumerate(rows)
    ]
    return TextFile("log.jsonl", "".join(json.dumps(line) + "\n" for line in lines))


def known(*rows):
    """Labels: request, outcome, days until it was known."""
    frame = pd.DataFrame(rows, columns=["request_id", "outcome", "days"])
    frame["label_at"] = ZERO + pd.to_timedelta(frame.pop("days"), unit="D")
    return frame


def training(rows, labels, days):
    """Return the answer's pairs (request, number of the row, outcome)."""
    got = t.call(retraining_set, log_file(rows), labels, ZERO + pd.Timedelta(days=days))
    t.require(isinstance(got, pd.DataFrame), "Return a DataFrame.")
    lacking = {"request_id", "at", "features", "outcome"} - set(got.columns)
    t.require(not lacking, f"These columns are missing: {sorted(lacking)}.")
    order = list(got["request_id"])
    t.require(order == sorted(order), f"Sort by request_id, got {order[:5]}.")
    numbers = [int(features["row"]) for features in got["features"]]
    return list(zip(order, numbers, [None if pd.isna(o) else int(o) for o in got["outcome"]]))


ROWS = [
    ("b", 0, "v3", "model"),
    ("a", 3, "v3", "model"),
    ("b", 2, "v3", "model"),
    ("c", 4, "v3", "fallback"),
    ("d", 6, "v4", "model"),
    ("d", 7, "v4", "fallback"),
    ("e", 9, "v3", "model"),
]
LABELS = known(("a", 0, 30), ("b", 1, 7), ("c", 1, 5), ("d", 1, 20), ("z", 1, 1))
with t.item("Outcomes that were not known yet are left out", weight=2):
    got = training(ROWS, LABELS, 20)
    names = [name for name, _, _ in got]
    t.wrong_if(
        "label_from_the_future",
        "a" in names and "e" not in names,
        "`a` is in the set, but its outcome became known after `as_of`. In a back-test this model "
        "would know the future.",
    )
    t.wrong_if(
        "unknown_counts_as_repaid",
        "e" in names or "a" in names,
        "A request without a known outcome is in the set. Unknown is not repaid: most loans that "
        "will fail look fine today. Leave it out.",
    )
    t.wrong_if(
        "leaves_out_the_limit",
        "d" not in names and "b" in names,
        "The outcome of `d` became known exactly at `as_of`. That counts: at or before.",
    )
with t.item("Only answers of the model, and of each request the last one", weight=2):
    got = training(ROWS, LABELS, 25)
    names = [name for name, _, _ in got]
    t.wrong_if(
        "trains_on_the_fallback",
        "c" in names or ("d", 5, 1) in got,
        "An answer of the fallback rule is in the set. The model was not asked there: keep "
        "`source == 'model'`.",
    )
    t.wrong_if(
        "one_request_counts_twice",
        names.count("b") > 1,
        "`b` is there twice: the browser sent it again. Two copies of one customer count double.",
    )
    t.wrong_if(
        "keeps_the_first_answer",
        ("b", 0, 1) in got,
        "For `b` you keep the first answer. The customer corrected the form: keep the last.",
    )
    t.wrong_if(
        "loses_requests_that_ended_in_fallback",
        "d" not in names,
        "`d` is missing: a later retry went to the fallback. Keep the model's rows first, then the "
        "last of them.",
    )
    t.equal(got, [("b", 2, 1), ("d", 4, 1)], what="rows (request, row of the file, outcome)")
with t.item("The slice starts at t0, ends before t1, and knows the version", weight=2):
    for version, low, high, expected in (
        ("v3", 2, 9, [2, 1, 3]),
        ("v4", 0, 7, [4]),
        ("v3", 9, 10, [6]),
    ):
        path = log_file(ROWS)
        got = t.call(debug_slice, path, version, minute(low), minute(high))
        numbers = [int(features["row"]) for features in got["features"]]
        t.wrong_if(
            "end_counts_too",
            set(expected) < set(numbers)
            and len(numbers) == len(expected) + 1
            and minute(high) in list(got["at"]),
            "The answer at `t1` itself is in the slice. With `t0 <= at < t1` two neighbouring "
            "slices never share an answer.",
        )
        t.wrong_if(
            "times_as_other_texts",
            not numbers and bool(expected),
            "The slice is empty. If you compare texts in SQL: the file has `2026-01-13T09:00:00+00:00`, "
            "and `str(t0)` has a space in place of the T. Use `t0.isoformat()`.",
        )
        t.wrong_if(
            "start_is_left_out",
            set(numbers) < set(expected)
            and len(numbers) == len(expected) - 1
            and minute(low) not in list(got["at"]),
            "The answer at `t0` itself is missing: `t0 <= at`.",
        )
        t.wrong_if(
            "slice_is_not_sorted",
            sorted(numbers) == sorted(expected) and numbers != expected,
            "The rows are right, and their order is not: sort by `at`. `read_log` sorts by request.",
        )
        t.wrong_if(
            "slice_of_all_versions",
            any(ROWS[number][2] != version for number in numbers),
            f"The slice for {version} holds answers of another version.",
        )
        t.equal(numbers, expected, what=f"rows of {version} from minute {low} to {high}")
### BEGIN HIDDEN TESTS
with t.item("A shuffled file gives the same", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 53])
        rows = [
            (
                f"q{rng.integers(12):02d}",
                int(moment),
                "v3",
                str(rng.choice(["model", "model", "fallback"])),
            )
            for moment in rng.permutation(40)
        ]
        labels = known(
            *[(f"q{i:02d}", int(rng.integers(2)), int(rng.integers(2, 31))) for i in range(12)]
        )
        last, days = {}, 15
        for number, (name, moment, _, source) in enumerate(rows):
            if source == "model" and (name not in last or moment > rows[last[name]][1]):
                last[name] = number
        in_time = labels[labels["label_at"] <= ZERO + pd.Timedelta(days=days)]
        outcomes = dict(zip(in_time["request_id"], in_time["outcome"]))
        expected = [(n, last[n], int(outcomes[n])) for n in sorted(last) if n in outcomes]
        t.equal(training(rows, labels, days), expected, what="rows")
        path = log_file(rows)
        got = t.call(debug_slice, path, "v3", minute(5), minute(35))
        inside = sorted((row[1], n) for n, row in enumerate(rows) if 5 <= row[1] < 35)
        t.wrong_if(
            "slice_keeps_one_per_request",
            len(got) < len(inside) and len(got) == len({rows[n][0] for _, n in inside}),
            "The slice has one answer per request. Whoever looks for a fault needs *all* answers.",
        )
        found = [int(features["row"]) for features in got["features"]]
        t.equal(found, [n for _, n in inside], what="rows of the slice")
### END HIDDEN TESTS

# %% [markdown]
# What a training set of this day would have looked like, asked 10, 20 and 31 days later (on
# day 31 the last outcome is known):

# %% needs="write_log, retraining_set"
rows = []
for days in (10, 20, 31):
    as_of = pd.Timestamp("2026-01-13", tz="UTC") + pd.Timedelta(days=days)
    ready = retraining_set(str(day_file), log.labels, as_of)
    rows.append(
        {"days later": days, "rows": len(ready), "share of defaults": ready["outcome"].mean()}
    )
pd.DataFrame(rows).round(2)

# %% [markdown]
# Before day 30 every known outcome is a **default**: a failed payment is seen at once, and
# "repaid" only when the 30 days are over. Training on what has arrived would teach the model that
# everybody fails. We come back to this in the next notebook.
#
# ## A log must never stop the service
#
# The disk is full, and writing a record raises an error. Must the customer get an error, too? No.
# But the loss must not be silent either: a counter tells how many records were lost.
#
# **Your task.** Write `serve(request, model, sink, dropped)`.
#
# - `model(request)` gives the score. If the *model* raises, the error goes on to the caller: do
#   not hide it.
# - Then `sink({"request": request, "score": score})` is called once, to write the record. If it
#   raises any `Exception`, of whatever class, call `dropped.inc()` once and go on. Catch nothing
#   else: `SystemExit` and `KeyboardInterrupt` are not an `Exception`. They mean that somebody stops
#   the service, and have to reach the caller.
# - The score is returned, whether the record was written or not.
#
# `dropped` is a Counter of prometheus-client. For example, with a model that returns 0.2 and a sink
# that raises `OSError`, `serve` returns 0.2 and the counter goes from 0 to 1.


# %% exercise="serve" objective="M5.3"
def serve(request: dict, model, sink, dropped: Counter) -> float:
    """Return the model's score; a failing sink is counted and does not stop the answer."""
    ### BEGIN SOLUTION
    score = model(request)
    try:
        sink({"request": request, "score": score})
    except Exception:
        dropped.inc()
    return score
    ### END SOLUTION


# %% check="serve" title="A full disk is not the customer's problem" points=1 transport="object"
t.hints(
    "Which of the two calls may fail without harm? Put only that one into `try`.",
    "`except Exception:` catches errors of the sink; then `dropped.inc()`. A bare `except:` would also "
    "catch the request to stop.",
)


def served(model, sink):
    """Call the answer and return its outcome and the counter's value."""
    registry = CollectorRegistry()
    dropped = Counter("log_dropped_total", "records lost", registry=registry)
    outcome = t._invoke(serve, ({"loan_keur": 9.0}, model, sink, dropped), {})
    return outcome, registry.get_sample_value("log_dropped_total")


def failing(problem):
    """A function that raises."""

    def fail(*args):
        raise problem

    return fail


with t.item("The record is written once, with the score", weight=1):
    seen = []
    outcome, lost = served(lambda request: 0.2, seen.append)
    t.require(outcome.error is None, f"`serve` raised {outcome.error}.")
    t.equal(outcome.value, 0.2, what="score")
    t.equal(seen, [{"request": {"loan_keur": 9.0}, "score": 0.2}], what="records in the sink")
    t.wrong_if(
        "counts_every_record",
        lost == 1,
        "The counter rose although the record was written. Count in `except` only.",
    )
    t.equal(lost, 0, what="counter")
with t.item("A sink that fails does not stop the answer, and is counted", weight=2):

    class Refused(Exception):
        """An error class that only this sink has."""

    caught = []
    for problem in (OSError("full"), ValueError("not JSON"), KeyError("score"), Refused("closed")):
        outcome, lost = served(lambda request: 0.7, failing(problem))
        name = type(problem).__name__
        t.wrong_if(
            "catches_some_errors_only",
            outcome.error is not None and bool(caught),
            f"Your function catches {caught[0] if caught else ''} of the sink, but not {name}. A sink "
            "may raise what you did not think of: catch `Exception`, which covers all of them.",
        )
        caught.append(name)
        t.wrong_if(
            "customer_gets_the_error_of_the_log",
            outcome.error is not None,
            f"The sink raised {name}, and so did `serve`. The customer has "
            "nothing to do with the log: catch `Exception` around the sink.",
        )
        t.equal(outcome.value, 0.7, what="score")
        t.wrong_if(
            "loses_records_silently",
            lost == 0,
            "The record is lost and nobody knows: the counter is still 0. Call `dropped.inc()`.",
        )
        t.equal(lost, 1, what="counter")
with t.item("A request to stop is not a lost record", weight=1):
    outcome, lost = served(lambda request: 0.7, failing(SystemExit("the service shuts down")))
    t.wrong_if(
        "swallows_the_request_to_stop",
        outcome.error is None,
        "While the record was written, somebody stopped the service (`SystemExit`), and your function "
        "went on as if a record were lost. Such a service cannot be stopped. `except:` and `except "
        "BaseException:` catch everything: write `except Exception:`.",
    )
    t.require("SystemExit" in outcome.error_types, f"Expected SystemExit, got {outcome.error}.")
with t.item("An error of the model is not hidden", weight=1):
    for problem in (ZeroDivisionError("model"), TypeError("model"), OSError("no model file")):
        seen = []
        outcome, lost = served(failing(problem), seen.append)
        name = type(problem).__name__
        t.wrong_if(
            "hides_errors_of_the_model",
            outcome.error is None or lost > 0,
            f"The model raised {name}, and your function hid it, or counted it as a lost record. "
            "Only the sink stands inside `try`.",
        )
        t.require(
            name in outcome.error_types, f"Expected the model's own {name}, got {outcome.error}."
        )
        t.equal(seen, [], what="records in the sink")
### BEGIN HIDDEN TESTS
with t.item("The sink is asked once", weight=1):
    calls = []

    def slow_disk(record):
        calls.append(record["score"])
        raise OSError("disk full")

    outcome, lost = served(lambda request: 0.4, slow_disk)
    t.equal([calls, outcome.value, lost], [[0.4], 0.4, 1], what="calls, score, counter")
### END HIDDEN TESTS

# %% [markdown]
# ## Who makes people wait?
#
# Now the other complaint: at lunch an answer takes a second. A request passes three **stages**:
# collect the `features` (18 ms, 1 server), `infer` the score (120 ms, 10 servers), `render` the
# answer (6 ms, 1 server). In front of each stage is a waiting line. `infer` takes by far the
# longest, so the manager wants more servers there.
#
# `simulate.queue` plays 20,000 requests at 50 per second. Times are in milliseconds, so the rate is
# 0.05 per ms. Each request has one row per stage: when it was `enqueued`, `started` and `finished`.

# %%
STAGES = [("features", 1, 18), ("infer", 10, 120), ("render", 1, 6)]
SERVERS = {name: servers for name, servers, _ in STAGES}
runs = simulate.queue(0.05, STAGES)
runs.head(6).round(1)

# %% [markdown]
# **Your task.** Write two functions for such a table.
#
# `queue_length(df, stage=None)` gives the number of requests **in the system** over time: waiting
# or being served. A request enters a stage at `enqueued` and leaves it at `finished`. Without
# `stage` the system is the whole service: from the first `enqueued` of a request to its last
# `finished`. Return a DataFrame with the columns `t` (each time at which something entered or left,
# once, ascending) and `n` (the number from this time on, after everything that happened at `t`).
#
# `little(df)` for the whole service, from the first arrival to the last departure: a dictionary
#
# - `L`: the mean number in the system, **over time** (a state that lasts longer counts more);
# - `rate`: requests per ms: their number divided by the whole time;
# - `W`: the mean time that a request spends in the service, in ms.
#
# For example, one stage; request 0 from 0 to 4 ms, request 1 from 2 to 8 ms. `queue_length`: `n` is
# 1 at 0, 2 at 2, 1 at 4, 0 at 8. `L` = (2·1 + 2·2 + 4·1)/8 = 1.25, `rate` = 2/8 = 0.25, `W` = 5.
# Little's law says L = rate · W for every such system, and indeed 0.25 · 5 = 1.25.


# %% exercise="queue_length" objective="M5.7"
def queue_length(df: pd.DataFrame, stage: str | None = None) -> pd.DataFrame:
    """Return how many requests are in a stage, or in the whole service, over time."""
    ### BEGIN SOLUTION
    rows = df if stage is None else df[df["stage"] == stage]
    spans = rows.groupby("request").agg(enter=("enqueued", "min"), leave=("finished", "max"))
    change = pd.concat([pd.Series(1, spans["enter"]), pd.Series(-1, spans["leave"])])
    n = change.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.to_numpy()})
    ### END SOLUTION


def little(df: pd.DataFrame) -> dict:
    """Return the mean number in the service, the rate per ms and the mean time in it."""
    ### BEGIN SOLUTION
    length = queue_length(df)
    lasts = np.diff(length["t"])
    spans = df.groupby("request").agg(enter=("enqueued", "min"), leave=("finished", "max"))
    return {
        "L": float(np.average(length["n"].to_numpy()[:-1], weights=lasts)),
        "rate": len(spans) / lasts.sum(),
        "W": float((spans["leave"] - spans["enter"]).mean()),
    }
    ### END SOLUTION


# %% check="queue_length" title="How many are in the system" points=2 transport="plain"
t.hints(
    "Every arrival adds 1, every departure takes 1 away. Sort these changes by time and add them up.",
    "`groupby` the time and `sum` the changes first, then `cumsum`: so each time is there once.",
    "For `L`, weight each `n` with how long it lasts: `np.diff(t)`.",
)


def visits(rows):
    """A table from (request, stage, enqueued, started, finished)."""
    return pd.DataFrame(rows, columns=["request", "stage", "enqueued", "started", "finished"])


TWO = visits([(0, "a", 0.0, 0.0, 4.0), (1, "a", 2.0, 4.0, 8.0)])
TIES = visits([(0, "a", 0.0, 0.0, 3.0), (1, "a", 3.0, 3.0, 5.0), (2, "a", 3.0, 5.0, 6.0)])


def lengths(df, *stage):
    """Return the answer as a list of (t, n)."""
    got = t.call(queue_length, df, *stage)
    t.require(isinstance(got, pd.DataFrame), "Return a DataFrame with the columns t and n.")
    names = sorted(map(str, got.columns))
    t.require(
        names == ["n", "t"], f"The columns are {names}, expected n and t (t is no index, either)."
    )
    return [(float(x), int(n)) for x, n in zip(got["t"], got["n"])]


def counted(df):
    """Count in the slow and simple way."""
    spans = df.groupby("request").agg(**{"came": ("enqueued", "min"), "left": ("finished", "max")})
    times = sorted({*spans["came"], *spans["left"]})
    return [(x, int(((spans["came"] <= x) & (spans["left"] > x)).sum())) for x in times]


with t.item("Arrivals add one, departures take one away", weight=2):
    got = lengths(TWO)
    t.wrong_if(
        "looks_at_arrivals_only",
        got == [(0.0, 1), (2.0, 2)],
        "You look only when somebody arrives. The line also gets shorter in between.",
    )
    t.wrong_if(
        "counts_the_waiting_only",
        got in ([(0.0, 0), (2.0, 1), (4.0, 0)], [(0.0, 0), (2.0, 1), (4.0, 0), (8.0, 0)]),
        "You count only those who wait. The one who is being served is in the system too.",
    )
    t.wrong_if(
        "number_before_the_change",
        got == [(0.0, 0), (2.0, 1), (4.0, 2), (8.0, 1)],
        "Your `n` is the number *before* `t`. It is the number from `t` on, after everything that "
        "happened then.",
    )
    t.equal(got, [(0.0, 1), (2.0, 2), (4.0, 1), (8.0, 0)], what="(t, n)")
    got = lengths(TIES)
    t.wrong_if(
        "one_time_twice",
        len(got) > len({x for x, _ in got}),
        f"The time 3 is in the table more than once: {got}. Sum the changes of one instant first.",
    )
    t.equal(got, [(0.0, 1), (3.0, 2), (5.0, 1), (6.0, 0)], what="(t, n) with equal times")
with t.item("One stage, and the whole service", weight=2):
    for seed in t.seeds:
        df = simulate.queue(0.5, [("desk", 1, 1.5), ("office", 2, 2.0)], n=60, seed=seed + 40)
        got = lengths(df)
        t.wrong_if(
            "adds_up_the_stages",
            len(got) > 2 * df["request"].nunique(),
            "Without `stage` a request counts once, from its first `enqueued` to its last "
            "`finished`. Yours has more changes than arrivals and departures.",
        )
        t.equal(got, counted(df), what="(t, n) of the service")
        t.equal(
            lengths(df, "office"), counted(df[df["stage"] == "office"]), what="(t, n) of a stage"
        )
with t.item("Little's law: L, rate and W, each counted on its own", weight=2):
    for df in [
        TWO,
        *(simulate.queue(0.4, [("a", 1, 2.0), ("b", 1, 1.0)], n=80, seed=s) for s in t.seeds),
    ]:
        got = t.call(little, df)
        table = counted(df)
        lasts = np.diff([x for x, _ in table])
        numbers = np.array([n for _, n in table])
        expected = float((numbers[:-1] * lasts).sum() / lasts.sum())
        t.equal(sorted(got), ["L", "W", "rate"], what="keys")
        t.wrong_if(
            "mean_over_rows_not_time",
            min(abs(got["L"] - numbers.mean()), abs(got["L"] - numbers[:-1].mean())) < 1e-9,
            "`L` is the plain mean of the column `n`. A state of 1 ms then counts as much as one of "
            "100 ms: weight with the time that it lasts.",
        )
        t.equal(got["L"], expected, what="L")
        count = df["request"].nunique()
        t.wrong_if(
            "rate_of_visits",
            len(df) > count and abs(got["rate"] - len(df) / lasts.sum()) < 1e-9,
            "`rate` counts the rows. A request has one row for each stage: count requests.",
        )
        t.equal(got["rate"], count / lasts.sum(), what="rate")
        t.wrong_if(
            "time_of_a_row_not_of_a_request",
            abs(got["W"] - (df["finished"] - df["enqueued"]).mean()) < 1e-9 and len(df) > count,
            "`W` is the mean over rows, so over single stages. A request passes all stages.",
        )
        served = (df["finished"] - df["started"]).sum() / count
        t.wrong_if(
            "waiting_is_left_out",
            abs(got["W"] - served) < 1e-9,
            "`W` has only the time in which a request is served. It also waits: start at `enqueued`.",
        )
        t.equal(got["W"], expected / (count / lasts.sum()), what="W")
### BEGIN HIDDEN TESTS
with t.item("Requests that arrive together", weight=1):
    for seed in t.seeds:
        df = simulate.queue(0.3, [("a", 2, 3.0), ("b", 1, 1.0)], n=90, seed=seed, burst=3)
        t.equal(lengths(df.sample(frac=1, random_state=seed)), counted(df), what="(t, n)")
### END HIDDEN TESTS

# %% [markdown]
# The first ten seconds of our service, in total and by stage:

# %% needs="queue_length"
numbers = little(runs)
print({name: round(value, 3) for name, value in numbers.items()})
fig, ax = plt.subplots(figsize=(7.5, 3.3))
for stage, line in ((None, "-"), ("features", "--"), ("infer", ":")):
    part = queue_length(runs, stage).query("t < 10000")
    ax.step(part["t"] / 1000, part["n"], line, where="post", label=stage or "whole service")
ax.set(xlabel="time (s)", ylabel="requests in the system", title="where the requests are")
ax.legend(loc="upper left")
figures.show(
    fig,
    alt="Step lines over ten seconds. infer swings around 6 requests. features is often near 0 and "
    "rises to 15; the two highest peaks of the whole service, 19 and 21, are peaks of features.",
)

# %% [markdown]
# L = 15.94 and rate · W gives the same: two ways to count, one law. If your two numbers ever
# differ, the log has lost requests. In the picture the two highest peaks are peaks of `features`.
#
# ## A report by stage
#
# **Your task.** Write `stage_report(df, servers)`: one row for each stage, in the order in which
# the stages first appear in `df`, with the columns
#
# - `stage`;
# - `p50` and `p99`: median and 99th percentile of the time in the stage, from `enqueued` to
#   `finished`, in ms (`Series.quantile`);
# - `mean_wait`: the mean time from `enqueued` to `started`, in ms;
# - `utilisation`: the server utilisation: the busy time (sum of `finished − started`) divided by
#   the time that all servers of the stage had together. That is the number of servers times the
#   length of the whole run (first `enqueued` to last `finished` of **all** stages).
#
# `servers` is a dictionary such as `{"features": 1, "infer": 10, "render": 1}`, in any order. For
# example, a stage with 2 servers that was busy for 12 ms in all, in a run of 10 ms, has a
# utilisation of 12 / (2 · 10) = 0.6.


# %% exercise="stage_report" objective="M5.7"
def stage_report(df: pd.DataFrame, servers: dict[str, int]) -> pd.DataFrame:
    """Return times, waiting and utilisation of each stage."""
    ### BEGIN SOLUTION
    whole = df["finished"].max() - df["enqueued"].min()
    rows = []
    for stage, part in df.groupby("stage", sort=False):
        inside = part["finished"] - part["enqueued"]
        busy = (part["finished"] - part["started"]).sum()
        rows.append(
            {
                "stage": stage,
                "p50": inside.quantile(0.5),
                "p99": inside.quantile(0.99),
                "mean_wait": (part["started"] - part["enqueued"]).mean(),
                "utilisation": busy / (servers[stage] * whole),
            }
        )
    return pd.DataFrame(rows)
    ### END SOLUTION


# %% check="stage_report" title="A report by stage" points=2 transport="plain"
t.hints(
    "Go through `df.groupby('stage', sort=False)`: it keeps the order of the stages.",
    "Three lengths of time: in the stage (finished − enqueued), waiting, and being served.",
    "`utilisation = work / (servers[stage] * length)`, with `whole` computed once from all rows.",
)


def three(seed, n=300, first=("wash", 3, 4.0)):
    """A small run with three stages, and its servers."""
    stages = [first, ("cut", 2, 2.5), ("pack", 1, 0.7)]
    df = simulate.queue(0.5, stages, n=n, seed=seed + 20)
    return df, {name: servers for name, servers, _ in sorted(stages)}


def table_of(df, servers):
    """Return the answer's table by stage."""
    got = t.call(stage_report, df, servers)
    t.require(isinstance(got, pd.DataFrame), "Return a DataFrame.")
    names = ["mean_wait", "p50", "p99", "stage", "utilisation"]
    lost = sorted(set(names) - set(map(str, got.columns)))
    t.require(not lost, f"Columns are missing: {lost}. (An index is no column: `reset_index`.)")
    t.equal(sorted(map(str, got.columns)), names, what="columns")
    order = list(dict.fromkeys(df["stage"]))
    t.wrong_if(
        "stages_in_alphabetical_order",
        list(got["stage"]) == sorted(order) and sorted(order) != order,
        "The stages are in alphabetical order. Keep the order of the service: `sort=False`.",
    )
    t.equal(list(got["stage"]), order, what="stages")
    return got.set_index("stage")


with t.item("Times in the stage and waiting times", weight=2):
    for seed in t.seeds:
        df, servers = three(seed)
        got = table_of(df, servers)
        for stage, part in df.groupby("stage"):
            inside, service = (
                part["finished"] - part["enqueued"],
                part["finished"] - part["started"],
            )
            t.wrong_if(
                "service_time_only",
                abs(got["p99"][stage] - service.quantile(0.99)) < 1e-9
                and abs(inside.quantile(0.99) - service.quantile(0.99)) > 1e-6,
                "`p99` leaves the waiting out: start at `enqueued`, not at `started`. The customer "
                "waits in both.",
            )
            t.equal(got["p50"][stage], inside.quantile(0.5), what=f"p50 of {stage}")
            t.equal(got["p99"][stage], inside.quantile(0.99), what=f"p99 of {stage}")
            wait = (part["started"] - part["enqueued"]).mean()
            t.equal(got["mean_wait"][stage], wait, what=f"mean_wait of {stage}")
with t.item("Utilisation is for all servers of a stage, over the whole run", weight=2):
    for seed in t.seeds:
        df, servers = three(seed)
        got = table_of(df, servers)["utilisation"]
        length = df["finished"].max() - df["enqueued"].min()
        busy = (df["finished"] - df["started"]).groupby(df["stage"], sort=False).sum()
        by_position = (busy / list(servers.values()) / length).to_dict()
        t.wrong_if(
            "servers_by_position",
            all(abs(got[stage] - share) < 1e-9 for stage, share in by_position.items()),
            f"You divide by the servers of other stages. The dictionary {servers} is not in the order "
            "of the stages: look each number up by its name.",
        )
        for stage, part in df.groupby("stage"):
            work = (part["finished"] - part["started"]).sum()
            t.wrong_if(
                "forgets_the_servers",
                servers[stage] > 1 and abs(got[stage] - work / length) < 1e-9,
                f"{stage} has {servers[stage]} servers and your utilisation is {got[stage]:.2f}. "
                "Divide by the number of servers: all of them could have worked all the time.",
            )
            own = part["finished"].max() - part["enqueued"].min()
            t.wrong_if(
                "run_of_one_stage",
                abs(got[stage] - work / (servers[stage] * own)) < 1e-12 and own < length,
                "You divide by the time between the first and last visit of this stage. Use the "
                "whole run, the same for all stages, so that they can be compared.",
            )
            t.wrong_if(
                "waiting_counts_as_work",
                abs(
                    got[stage]
                    - (part["finished"] - part["enqueued"]).sum() / (servers[stage] * length)
                )
                < 1e-9
                and part["started"].gt(part["enqueued"]).any(),
                "A request that waits does not keep a server busy. Busy time starts at `started`.",
            )
            t.wrong_if(
                "utilisation_in_percent",
                abs(got[stage] - 100 * work / (servers[stage] * length)) < 1e-6,
                f"The utilisation of {stage} is {got[stage]:.0f}: that is per cent. Return a share, "
                "1 for always busy.",
            )
            t.equal(got[stage], work / (servers[stage] * length), what=f"utilisation of {stage}")
### BEGIN HIDDEN TESTS
with t.item("A stage in which nobody waits, and rows in another order", weight=1):
    df, servers = three(7, n=100, first=("wash", 90, 4.0))
    got = table_of(df.iloc[::-1], servers)
    t.equal(got["mean_wait"]["wash"], 0.0, what="mean_wait of an empty line")
    length = df["finished"].max() - df["enqueued"].min()
    part = df[df["stage"] == "cut"]
    work = (part["finished"] - part["started"]).sum()
    t.equal(got["utilisation"]["cut"], work / (2 * length), what="utilisation of cut")
### END HIDDEN TESTS

# %% [markdown]
# The report of our service:

# %% needs="stage_report"
report = stage_report(runs, SERVERS).set_index("stage")
service = runs.assign(s=runs["finished"] - runs["started"]).groupby("stage", sort=False)["s"].mean()
fig, ax = plt.subplots(figsize=(7.5, 2.8))
ax.barh(service.index, service, label="being served")
ax.barh(service.index, report["mean_wait"], left=service, hatch="//", label="waiting")
ax.invert_yaxis()
ax.set(xlabel="mean time in the stage (ms)", title="where the time goes")
ax.legend(loc="lower right")
figures.show(
    fig,
    alt="Stacked bars by stage. features: 18 ms of service, about 166 ms of waiting. infer: 120 ms of "
    "service, almost no waiting. render: a few milliseconds of each.",
)
report.round(2)

# %% [markdown]
# `infer` takes longest, and almost nobody waits for it: ten servers share the work. `features` needs
# 18 ms, and people wait 166 ms for it, because its one server is busy 91 % of the time.
#
# > **bottleneck**: the stage that limits the whole service: more servers help there, and hardly
# > anywhere else.
#
# **Your task.** Write `bottleneck(df, servers)`. It returns the name of the stage that is the
# bottleneck. You decide by which number; it must be right for services with other stages. You may
# use your `stage_report`.
#
# For example, in a service in which a stage with one server is 95 % busy, and another takes ten
# times as long, but has 30 servers that are 40 % busy, the first one is the bottleneck.


# %% exercise="bottleneck" objective="M5.7"
def bottleneck(df: pd.DataFrame, servers: dict[str, int]) -> str:
    """Return the stage that limits the service."""
    ### BEGIN SOLUTION
    report = stage_report(df, servers).set_index("stage")
    return report["utilisation"].idxmax()
    ### END SOLUTION


# %% check="bottleneck" title="The bottleneck is not the slowest stage" points=2 transport="plain"
t.hints(
    "Do not ask which stage takes longest. Ask where people wait, or whose servers are busiest.",
    "Two numbers of the report answer this: `utilisation` and `mean_wait`.",
)
SERVICES = {
    "first": [("fetch", 1, 18), ("think", 10, 120), ("print", 1, 6)],
    "middle": [("read", 2, 20), ("look_up", 1, 17), ("decide", 20, 300)],
    "last": [("read", 1, 6), ("decide", 10, 100), ("sign", 2, 36)],
}


def run(name, seed, n=3000, **options):
    """A run of one of the services, with its servers."""
    stages = SERVICES[name]
    df = simulate.queue(0.05, stages, n=n, seed=seed, **options)
    return df, {stage: servers for stage, servers, _ in stages}


def judge(name, limiting, seed, **options):
    """Ask the answer and name the wrong idea that its choice fits."""
    df, servers = run(name, seed, **options)
    got = t.call(bottleneck, df, servers)
    means = (df["finished"] - df["started"]).groupby(df["stage"]).mean()
    wait = (df["started"] - df["enqueued"]).groupby(df["stage"]).mean()
    t.require(
        isinstance(got, str) and got in servers,
        f"Return the name of one stage as a text, one of {list(servers)}, not "
        f"{got if isinstance(got, str | int) else type(got).__name__}.",
    )
    t.wrong_if(
        "slowest_stage",
        got != limiting and got == means.idxmax(),
        f"{got!r} is the slowest stage, but people wait only {wait[got]:.0f} ms for it. A slow "
        f"stage with many servers is no bottleneck. For {limiting!r} they wait {wait[limiting]:.0f} ms.",
    )
    t.wrong_if(
        "fewest_servers",
        got != limiting and servers[got] == min(servers.values()),
        f"{got!r} has fewest servers, and people wait only {wait[got]:.0f} ms for it. One server is "
        f"enough for little work. For {limiting!r} they wait {wait[limiting]:.0f} ms.",
    )
    t.equal(got, limiting, what=f"bottleneck (mean waits in ms {wait.round(0).to_dict()})")


with t.item("The bottleneck is found where it is first, and where it is in the middle", weight=2):
    for seed in t.seeds:
        judge("first", "fetch", seed)
        judge("middle", "look_up", seed)
with t.item("… and where it is the last stage", weight=1):
    for seed in t.seeds:
        judge("last", "sign", seed)
### BEGIN HIDDEN TESTS
with t.item("Also when requests come in groups", weight=1):
    for seed in t.seeds:
        judge("middle", "look_up", seed + 9, burst=2)
        judge("last", "sign", seed + 9, burst=2)
### END HIDDEN TESTS

# %% [markdown]
# Move the load and the number of servers. How does the time change between 40 and 55 requests per
# second? And does a server more in `infer` help?


# %% tags=["nbval-ignore-output"]
def lunch(per_second=50, features_servers=1, infer_servers=10):
    """Print the 99th percentile of the whole time and the utilisation of `features`."""
    stages = [("features", features_servers, 18), ("infer", infer_servers, 120), ("render", 1, 6)]
    run = simulate.queue(per_second / 1000, stages, n=8000)
    whole = run.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    busy = per_second / 1000 * 18 / features_servers
    p99 = (whole["b"] - whole["a"]).quantile(0.99)
    print(f"features {busy:.0%} busy, 99 % of the answers within {p99:,.0f} ms")


explore.sliders(
    lunch, per_second=(20, 55, 5, 50), features_servers=(1, 3, 1, 1), infer_servers=(8, 16, 1, 10)
)

# %% [markdown]
# The same without sliders:

# %%
lunch(40)
lunch(55)
lunch(50, infer_servers=14)
lunch(50, features_servers=2)

# %% [markdown]
# Four more servers for `infer` change nothing; one more for `features` cuts the time by 40 %. And
# near 100 % utilisation the waiting explodes: a little more traffic, a lot more waiting. One warning
# for reports: the p99 of the whole is **not** the mean of the p99s of ten machines. If one machine
# of ten is slow, the mean hides it. Pool the times, then take the quantile.
#
# ## Stretch: the cheapest repair
#
# *This part is optional.* Servers cost money. Which repair keeps the promise and costs least?
#
# **Your task.** Write `cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3)`.
#
# - `servers`: servers per stage today. `cost`: EUR per month of one more server of each stage.
# - `simulate_p99(servers)` takes a dictionary like `servers` and returns the p99 in ms.
# - Return a dictionary with the extra servers of **every** stage, each from 0 to `most`, such that
#   the p99 is at most `slo_ms` and the total cost of the extra servers is smallest. If several cost
#   the same, any of them is right. If none keeps the promise, raise a `ValueError`.
#
# For example, if the promise holds already, the result is 0 for every stage.


# %% exercise="cheapest_fix" objective="M5.7"
def cheapest_fix(servers: dict, cost: dict, slo_ms: float, simulate_p99, most: int = 3) -> dict:
    """Return the cheapest extra servers that keep the promise."""
    ### BEGIN SOLUTION
    plans = [dict(zip(servers, extra)) for extra in product(range(most + 1), repeat=len(servers))]
    for plan in sorted(plans, key=lambda plan: sum(cost[s] * plan[s] for s in plan)):
        if simulate_p99({stage: servers[stage] + plan[stage] for stage in servers}) <= slo_ms:
            return plan
    raise ValueError(f"no plan with at most {most} more servers per stage reaches {slo_ms} ms")
    ### END SOLUTION


# %% check="cheapest_fix" title="The cheapest repair" points=1 transport="object"
t.hints(
    "With up to three extra servers in three stages there are only 64 plans. List them all.",
    "`itertools.product(range(most + 1), repeat=len(servers))` gives the plans.",
    "Sort the plans by cost and return the first that keeps the promise.",
)


def p99_of(load):
    """A p99 that falls with servers; load is the work of each stage."""

    def p99(servers):
        return float(sum(100 * (load[s] / servers[s]) ** 3 for s in load))

    return p99


def best_cost(servers, cost, slo, p99, most):
    """The smallest cost, by trying everything; None if no plan is enough."""
    plans = [dict(zip(servers, e)) for e in product(range(most + 1), repeat=len(servers))]
    fits = [p for p in plans if p99({s: servers[s] + p[s] for s in servers}) <= slo]
    return min((sum(cost[s] * p[s] for s in p) for p in fits), default=None)


def judged(servers, cost, slo, load, most=3):
    """Ask the answer and compare its cost."""
    p99 = p99_of(load)
    got = t.call(cheapest_fix, servers, cost, slo, p99, most)
    t.equal(sorted(got), sorted(servers), what="stages of the plan")
    reached = p99({s: servers[s] + got[s] for s in servers})
    t.require(reached <= slo, f"Your plan {got} gives {reached:.0f} ms, the promise is {slo} ms.")
    t.wrong_if(
        "more_than_allowed",
        not all(0 <= got[s] <= most for s in got),
        f"At most {most} more per stage, got {got}. `most` is an argument and need not be 3.",
    )
    best = best_cost(servers, cost, slo, p99, most)
    total = sum(cost[s] * got[s] for s in got)
    t.wrong_if(
        "fewest_servers_not_cheapest",
        total > best + 1e-9,
        f"Your plan {got} costs EUR {total}, another one keeps the promise for EUR {best}.",
    )


with t.item("The plan keeps the promise and costs least", weight=2):
    judged({"a": 1, "b": 1}, {"a": 100, "b": 10}, 130, {"a": 1.2, "b": 1.0})
    judged(
        {"a": 1, "b": 1, "c": 2}, {"a": 90, "b": 40, "c": 20}, 160, {"a": 1.1, "b": 1.3, "c": 2.2}
    )
with t.item("A promise that holds costs nothing; one that cannot hold is refused", weight=1):
    judged({"a": 2, "b": 2}, {"a": 10, "b": 10}, 500, {"a": 1.0, "b": 1.0})
    exact = t.call(cheapest_fix, {"a": 1}, {"a": 5}, 100, p99_of({"a": 1.0}))
    t.wrong_if(
        "exactly_kept_is_not_enough",
        exact != {"a": 0},
        f"A p99 of exactly 100 ms keeps a promise of 100 ms, and your plan is {exact}.",
    )
    t.raises(
        ValueError,
        cheapest_fix,
        {"a": 1},
        {"a": 5},
        1,
        p99_of({"a": 2.0}),
        misconception="promises_the_impossible",
    )
### BEGIN HIDDEN TESTS
with t.item("Other services and prices", weight=1):
    judged({"a": 1, "b": 1}, {"a": 10, "b": 50}, 80, {"a": 1.2, "b": 0.9}, most=1)
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 57])
        for _ in range(4):
            load = dict(zip("abc", rng.uniform(1, 2.5, 3)))
            cost = dict(zip("abc", rng.integers(5, 100, 3).tolist()))
            judged(dict.fromkeys("abc", 2), cost, 90, load, most=2)
### END HIDDEN TESTS

# %% [markdown]
# For our service, with EUR 60 for a server of `features`, 200 for `infer` and 30 for `render`, and
# a promise of 650 ms:


# %% needs="cheapest_fix"
def worst_p99(servers):
    """Return the larger p99 of two seeds."""
    result = []
    for seed in (0, 1):
        stages = [(name, servers[name], mean) for name, _, mean in STAGES]
        run = simulate.queue(0.05, stages, n=4000, seed=seed)
        whole = run.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
        result.append((whole["b"] - whole["a"]).quantile(0.99))
    return max(result)


cheapest_fix(SERVERS, {"features": 60, "infer": 200, "render": 30}, 650, worst_p99, most=2)

# %% [markdown]
# ## Recap
#
# - A record that can be replayed holds the **digest** of the model and the unrounded inputs. A
#   version text is not enough.
# - What the model does not need does not enter the log. A pseudonym needs a key.
# - A training set knows only what was known then, and each request once.
# - A log that fails is counted and does not stop the service.
# - The bottleneck is where servers are busiest and people wait, not where work takes longest.
#
# Two questions from earlier, to answer without scrolling back:
#
# 1. In `02_training/03_split` a score was too good, because rows of one customer stood in two parts.
#    `retraining_set` keeps one row per request. Is its result safe to split at random?
# 2. In `08_data_governance/03_access_privacy` customers were hidden by making columns coarser. Why is
#    a pseudonym alone weaker than that?
#
# <details><summary>Answers</summary>
#
# 1. No. One customer can send several requests, on different days. Split by `subject`, which is the
#    same for all of them.
# 2. A pseudonym hides the number only. Income, loan and employment of one person together can still
#    be unique, so that somebody who knows them finds the row. Coarser columns put several people
#    into one group.
#
# </details>
#
# ## What to read next
#
# - Pydantic, [Models](https://docs.pydantic.dev/latest/concepts/models/): how a contract becomes a
#   JSON Schema.
# - DuckDB, [JSON overview](https://duckdb.org/docs/stable/data/json/overview): querying files
#   without loading them.
# - Prometheus, [Instrumentation](https://prometheus.io/docs/practices/instrumentation/): what to
#   count in a service.
# - B. Beyer and others, *Site Reliability Engineering*, 2016,
#   [chapter 4](https://sre.google/sre-book/service-level-objectives/): promises about percentiles.
# - J. D. C. Little, *A Proof for the Queuing Formula L = λW*, Operations Research 9, 1961: two pages
#   of idea, no assumption about the arrivals.
