# Answers that the checks of 01_log_queue must refuse (wrong) or accept (right).

# %% wrong="naive_time" exercise="PredictionRecord"
from datetime import datetime


class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")
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
    at: datetime
    model_digest: str
    features: dict[str, float]
    subject: str = Field(pattern=r"^[0-9a-f]{64}$")


# %% wrong="field_is_optional" exercise="PredictionRecord"
class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")
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
    at: AwareDatetime
    model_digest: str = ""
    features: dict[str, float]
    subject: str = Field(pattern=r"^[0-9a-f]{64}$")


# %% wrong="features_of_any_type" exercise="PredictionRecord"
class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")
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
    at: AwareDatetime
    model_digest: str
    features: dict
    subject: str = Field(pattern=r"^[0-9a-f]{64}$")


# %% wrong="subject_is_any_text" exercise="PredictionRecord"
class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")
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
    at: AwareDatetime
    model_digest: str
    features: dict[str, float]
    subject: str = Field(min_length=64, max_length=64)


# %% right="annotated types" exercise="PredictionRecord"
from typing import Annotated

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]+$", min_length=64, max_length=64)]


class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    request_id: str
    at: AwareDatetime
    model_name: str
    model_version: str
    model_digest: str
    schema_version: int
    features: dict[str, float]
    score: float = Field(ge=0, le=1)
    threshold: float = Field(ge=0, le=1)
    decision: Literal["approve", "refuse"]
    source: Literal["model", "fallback"]
    latency_ms: float = Field(ge=0)
    subject: Hex
    purpose: str


# %% right="validators by hand" exercise="PredictionRecord"
import re
from datetime import datetime

from pydantic import field_validator


class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")
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
    at: datetime
    model_digest: str
    features: dict[str, int | float]
    subject: str

    @field_validator("at")
    @classmethod
    def has_zone(cls, value):
        if value.tzinfo is None:
            raise ValueError("no time zone")
        return value

    @field_validator("subject")
    @classmethod
    def is_pseudonym(cls, value):
        if not re.fullmatch("[0-9a-f]{64}", value):
            raise ValueError("not a pseudonym")
        return value


# %% hardcoded="refuses nothing" exercise="PredictionRecord"
class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="allow")


# %% wrong="hash_without_key" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = {n: event["features"][n] for n in inputs}
    record["decision"] = "approve" if event["score"] < event["threshold"] else "refuse"
    record["subject"] = hashlib.sha256(str(event["customer_id"]).encode()).hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return models[record["model_digest"]](record["features"])


# %% wrong="key_glued_to_the_text" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = {n: event["features"][n] for n in inputs}
    record["decision"] = "approve" if event["score"] < event["threshold"] else "refuse"
    record["subject"] = hashlib.sha256(key + str(event["customer_id"]).encode()).hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return models[record["model_digest"]](record["features"])


# %% wrong="rounds_what_it_logs" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = {n: round(event["features"][n], 2) for n in inputs}
    record["decision"] = "approve" if event["score"] < event["threshold"] else "refuse"
    record["subject"] = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return models[record["model_digest"]](record["features"])


# %% wrong="logs_who_it_is" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = dict(event["features"])
    record["decision"] = "approve" if event["score"] < event["threshold"] else "refuse"
    record["subject"] = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return models[record["model_digest"]](record["features"])


# %% wrong="naive_time" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].strftime("%Y-%m-%dT%H:%M:%S.%f")
    record["features"] = {n: event["features"][n] for n in inputs}
    record["decision"] = "approve" if event["score"] < event["threshold"] else "refuse"
    record["subject"] = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return models[record["model_digest"]](record["features"])


# %% wrong="limit_counts_as_approve" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = {n: event["features"][n] for n in inputs}
    record["decision"] = "approve" if event["score"] <= event["threshold"] else "refuse"
    record["subject"] = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return models[record["model_digest"]](record["features"])


# %% wrong="score_is_not_a_chance_to_repay" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = {n: event["features"][n] for n in inputs}
    record["decision"] = "approve" if event["score"] > event["threshold"] else "refuse"
    record["subject"] = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return models[record["model_digest"]](record["features"])


# %% wrong="model_by_version" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = {n: event["features"][n] for n in inputs}
    record["decision"] = "approve" if event["score"] < event["threshold"] else "refuse"
    record["subject"] = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    named = [m for m in models.values() if getattr(m, "version", "") == record["model_version"]]
    if record["source"] != "model" or not named:
        raise ValueError(record["request_id"])
    return named[0](record["features"])


# %% wrong="replays_a_fallback" exercise="write_log"
def write_log(event, key, inputs):
    record = {n: event[n] for n in ("request_id", "model_name", "model_version", "model_digest")}
    record |= {n: event[n] for n in ("score", "threshold", "source", "latency_ms")}
    record["at"] = event["at"].isoformat()
    record["features"] = {n: event["features"][n] for n in inputs}
    record["decision"] = "approve" if event["score"] < event["threshold"] else "refuse"
    record["subject"] = hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest()
    record["schema_version"], record["purpose"] = 1, "limit_review"
    return record


def replay(record, models):
    model = models.get(record["model_digest"])
    return model(record["features"]) if model else record["score"]


# %% right="written out, digest object" exercise="write_log"
def write_log(event, key, inputs):
    digest = hmac.HMAC(key, digestmod=hashlib.sha256)
    digest.update(f"{event['customer_id']:d}".encode())
    return {
        "request_id": event["request_id"],
        "at": pd.Timestamp(event["at"]).isoformat(timespec="milliseconds"),
        "model_name": event["model_name"],
        "model_version": event["model_version"],
        "model_digest": event["model_digest"],
        "schema_version": 1,
        "features": {n: float(v) for n, v in event["features"].items() if n in inputs},
        "score": float(event["score"]),
        "threshold": event["threshold"],
        "decision": ["approve", "refuse"][int(event["score"] >= event["threshold"])],
        "source": event["source"],
        "latency_ms": event["latency_ms"],
        "subject": digest.hexdigest(),
        "purpose": "limit_review",
    }


def replay(record, models):
    if record["source"] == "fallback":
        raise ValueError(f"fallback: {record['request_id']}")
    try:
        model = models[record["model_digest"]]
    except KeyError:
        raise ValueError(f"no model for {record['request_id']}") from None
    return float(model(dict(record["features"])))


# %% right="removes what is computed" exercise="write_log"
def write_log(event, key, inputs):
    record = {k: v for k, v in event.items() if k not in ("customer_id", "features", "at")}
    record["features"] = {k: event["features"][k] for k in sorted(inputs)}
    record["at"] = event["at"].strftime("%Y-%m-%dT%H:%M:%S.%f%z")
    record.update(schema_version=1, purpose="limit_review")
    record["decision"] = "refuse" if event["score"] >= event["threshold"] else "approve"
    record["subject"] = hmac.digest(key, b"%d" % event["customer_id"], "sha256").hex()
    return record


def replay(record, models):
    found = [m for d, m in models.items() if d == record["model_digest"]]
    if record["source"] != "model" or not found:
        raise ValueError(f"cannot replay {record['request_id']}")
    return found[0](record["features"])


# %% hardcoded="the example" exercise="write_log"
def write_log(event, key, inputs):
    return {"decision": "refuse", "score": 0.3, "threshold": 0.3}


def replay(record, models):
    return record["score"]


# %% wrong="label_from_the_future" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    events = read_log(path)
    answers = events[(events["source"] == "model") & (events["at"] <= as_of)].sort_values("at")
    answers = answers.drop_duplicates("request_id", keep="last")
    return answers.merge(labels, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="unknown_counts_as_repaid" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    events = read_log(path)
    answers = events[events["source"] == "model"].sort_values("at")
    answers = answers.drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    joined = answers.merge(known, on="request_id", how="left").fillna({"outcome": 0})
    return joined.sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="leaves_out_the_limit" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    events = read_log(path)
    answers = events[events["source"] == "model"].sort_values("at")
    answers = answers.drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] < as_of]
    return answers.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="trains_on_the_fallback" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    answers = read_log(path).sort_values("at").drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    return answers.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="one_request_counts_twice" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    events = read_log(path)
    answers = events[events["source"] == "model"]
    known = labels[labels["label_at"] <= as_of]
    return answers.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="keeps_the_first_answer" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    events = read_log(path)
    answers = events[events["source"] == "model"].sort_values("at").drop_duplicates("request_id")
    known = labels[labels["label_at"] <= as_of]
    return answers.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="loses_requests_that_ended_in_fallback" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    answers = read_log(path).sort_values("at").drop_duplicates("request_id", keep="last")
    answers = answers[answers["source"] == "model"]
    known = labels[labels["label_at"] <= as_of]
    return answers.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="end_counts_too" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    events = read_log(path)
    answers = events[events["source"] == "model"].sort_values("at")
    answers = answers.drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    return answers.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[e["at"].between(t0, t1) & (e["model_version"] == version)].sort_values("at")


# %% wrong="slice_of_all_versions" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    events = read_log(path)
    answers = events[events["source"] == "model"].sort_values("at")
    answers = answers.drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    return answers.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    e = read_log(path)
    return e[(e["at"] >= t0) & (e["at"] < t1)].sort_values("at")


# %% right="SQL conditions and windows" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    connection = duckdb.connect()
    events = read_log(path, "source = ?", ("model",))
    plain = events.assign(moment=events["at"].astype("int64"), row_number=range(len(events)))
    known = labels.assign(day=labels["label_at"].dt.as_unit("ns").astype("int64"))
    connection.register("events", plain[["request_id", "moment", "row_number"]])
    connection.register("known", known[["request_id", "outcome", "day"]])
    query = """SELECT e.row_number, k.outcome FROM events e JOIN known k USING (request_id)
               WHERE k.day <= ?
               QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY moment DESC) = 1
               ORDER BY request_id"""
    rows = connection.execute(query, [as_of.as_unit("ns").value]).fetchall()
    chosen = events.iloc[[number for number, _ in rows]].reset_index(drop=True)
    return chosen.assign(outcome=[outcome for _, outcome in rows])


def debug_slice(path, version, t0, t1):
    events = read_log(path, "model_version = ?", (version,))
    return events[(t0 <= events["at"]) & ~(events["at"] >= t1)].sort_values("at")


# %% right="loops over JSON lines" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    outcome = {r.request_id: r.outcome for r in labels.itertuples() if r.label_at <= as_of}
    last = {}
    for line in Path(path).read_text().splitlines():
        record = json.loads(line)
        record["at"] = pd.Timestamp(record["at"])
        name = record["request_id"]
        if record["source"] == "model" and name in outcome:
            if name not in last or record["at"] > last[name]["at"]:
                last[name] = {**record, "outcome": outcome[name]}
    return pd.DataFrame([last[name] for name in sorted(last)])


def debug_slice(path, version, t0, t1):
    records = [json.loads(line) for line in Path(path).read_text().splitlines()]
    chosen = [r for r in records if r["model_version"] == version]
    chosen = [{**r, "at": pd.Timestamp(r["at"])} for r in chosen]
    chosen = [r for r in chosen if t0 <= r["at"] < t1]
    return pd.DataFrame(sorted(chosen, key=lambda r: r["at"]))


# %% hardcoded="the example" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    return pd.DataFrame([{"request_id": "r1", "at": as_of, "features": {"row": 0.0}, "outcome": 1}])


def debug_slice(path, version, t0, t1):
    return read_log(path).iloc[:2]


# %% wrong="customer_gets_the_error_of_the_log" exercise="serve"
def serve(request, model, sink, dropped):
    score = model(request)
    sink({"request": request, "score": score})
    return score


# %% wrong="loses_records_silently" exercise="serve"
def serve(request, model, sink, dropped):
    score = model(request)
    try:
        sink({"request": request, "score": score})
    except Exception:
        pass
    return score


# %% wrong="hides_errors_of_the_model" exercise="serve"
def serve(request, model, sink, dropped):
    score = float("nan")
    try:
        score = model(request)
        sink({"request": request, "score": score})
    except Exception:
        dropped.inc()
    return score


# %% wrong="counts_every_record" exercise="serve"
def serve(request, model, sink, dropped):
    score = model(request)
    try:
        sink({"request": request, "score": score})
    except Exception:
        pass
    finally:
        dropped.inc()
    return score


# %% right="count_exceptions of prometheus-client" exercise="serve"
import contextlib


def serve(request, model, sink, dropped):
    score = model(request)
    with contextlib.suppress(Exception), dropped.count_exceptions():
        sink({"request": request, "score": score})
    return score


# %% right="a flag and else" exercise="serve"
def serve(request, model, sink, dropped):
    score = model(request)
    record = dict(score=score, request=dict(request))
    try:
        sink(record)
    except Exception as problem:
        print("lost a record:", problem)
        dropped.inc(1)
    else:
        pass
    return score


# %% hardcoded="the example" exercise="serve"
def serve(request, model, sink, dropped):
    dropped.inc()
    return 0.2


# %% wrong="looks_at_arrivals_only" exercise="queue_length"
def queue_length(df, stage=None):
    rows = df if stage is None else df[df["stage"] == stage]
    spans = rows.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    times = sorted(set(spans["a"]))
    n = [int(((spans["a"] <= x) & (spans["b"] > x)).sum()) for x in times]
    return pd.DataFrame({"t": times, "n": n})


def little(df):
    length = queue_length(df)
    spans = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    whole = spans["b"].max() - spans["a"].min()
    return {
        "L": length["n"].mean(),
        "rate": len(spans) / whole,
        "W": (spans["b"] - spans["a"]).mean(),
    }


# %% wrong="counts_the_waiting_only" exercise="queue_length"
def queue_length(df, stage=None):
    rows = df if stage is None else df[df["stage"] == stage]
    times = sorted({*rows["enqueued"], *rows["started"], *rows["finished"]})
    n = [int(((rows["enqueued"] <= x) & (rows["started"] > x)).sum()) for x in times]
    return pd.DataFrame({"t": times, "n": n})


def little(df):
    return {"L": 1.0, "rate": 1.0, "W": 1.0}


# %% wrong="one_time_twice" exercise="queue_length"
def queue_length(df, stage=None):
    rows = df if stage is None else df[df["stage"] == stage]
    spans = rows.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    changes = sorted([(x, 1) for x in spans["a"]] + [(x, -1) for x in spans["b"]])
    table = pd.DataFrame(changes, columns=["t", "n"])
    return table.assign(n=table["n"].cumsum())


def little(df):
    length = queue_length(df)
    lasts = np.diff(length["t"])
    spans = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    mean = (length["n"].to_numpy()[:-1] * lasts).sum() / lasts.sum()
    return {"L": mean, "rate": len(spans) / lasts.sum(), "W": (spans["b"] - spans["a"]).mean()}


# %% wrong="adds_up_the_stages" exercise="queue_length"
def queue_length(df, stage=None):
    rows = df if stage is None else df[df["stage"] == stage]
    change = pd.concat([pd.Series(1, rows["enqueued"]), pd.Series(-1, rows["finished"])])
    n = change.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.to_numpy()})


def little(df):
    length = queue_length(df)
    lasts = np.diff(length["t"])
    spans = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    mean = (length["n"].to_numpy()[:-1] * lasts).sum() / lasts.sum()
    return {"L": mean, "rate": len(spans) / lasts.sum(), "W": (spans["b"] - spans["a"]).mean()}


# %% wrong="mean_over_rows_not_time" exercise="queue_length"
def queue_length(df, stage=None):
    rows = df if stage is None else df[df["stage"] == stage]
    spans = rows.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    change = pd.concat([pd.Series(1, spans["a"]), pd.Series(-1, spans["b"])])
    n = change.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.to_numpy()})


def little(df):
    length = queue_length(df)
    spans = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    whole = spans["b"].max() - spans["a"].min()
    return {
        "L": length["n"].mean(),
        "rate": len(spans) / whole,
        "W": (spans["b"] - spans["a"]).mean(),
    }


# %% wrong="time_of_a_row_not_of_a_request" exercise="queue_length"
def queue_length(df, stage=None):
    rows = df if stage is None else df[df["stage"] == stage]
    spans = rows.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    change = pd.concat([pd.Series(1, spans["a"]), pd.Series(-1, spans["b"])])
    n = change.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.to_numpy()})


def little(df):
    length = queue_length(df)
    lasts = np.diff(length["t"])
    mean = (length["n"].to_numpy()[:-1] * lasts).sum() / lasts.sum()
    rate = df["request"].nunique() / lasts.sum()
    return {"L": mean, "rate": rate, "W": (df["finished"] - df["enqueued"]).mean()}


# %% right="searchsorted" exercise="queue_length"
def queue_length(df, stage=None):
    rows = df if stage is None else df[df["stage"] == stage]
    enter = np.sort(rows.groupby("request")["enqueued"].min().to_numpy())
    leave = np.sort(rows.groupby("request")["finished"].max().to_numpy())
    times = np.unique(np.concatenate([enter, leave]))
    inside = np.searchsorted(enter, times, "right") - np.searchsorted(leave, times, "right")
    return pd.DataFrame({"n": inside, "t": times})


def little(df):
    enter = df.groupby("request")["enqueued"].min()
    leave = df.groupby("request")["finished"].max()
    whole = leave.max() - enter.min()
    length = queue_length(df)
    area = sum(n * (b - a) for n, a, b in zip(length["n"], length["t"], length["t"].iloc[1:]))
    return {"W": (leave - enter).mean(), "rate": len(enter) / whole, "L": area / whole}


# %% right="a dictionary of changes" exercise="queue_length"
def queue_length(df, stage=None):
    spans = {}
    for row in df.itertuples():
        if stage in (None, row.stage):
            low, high = spans.get(row.request, (row.enqueued, row.finished))
            spans[row.request] = (min(low, row.enqueued), max(high, row.finished))
    changes = {}
    for low, high in spans.values():
        changes[low] = changes.get(low, 0) + 1
        changes[high] = changes.get(high, 0) - 1
    total, rows = 0, []
    for moment in sorted(changes):
        total += changes[moment]
        rows.append((moment, float(total)))
    return pd.DataFrame(rows, columns=["t", "n"])


def little(df):
    table = queue_length(df)
    t, n = table["t"].tolist(), table["n"].tolist()
    whole = t[-1] - t[0]
    area = sum(n[i] * (t[i + 1] - t[i]) for i in range(len(t) - 1))
    count = df["request"].nunique()
    grouped = df.groupby("request")
    spent = (grouped["finished"].max() - grouped["enqueued"].min()).sum()
    return {"L": area / whole, "rate": count / whole, "W": spent / count}


# %% hardcoded="the example" exercise="queue_length"
def queue_length(df, stage=None):
    return pd.DataFrame({"t": [0.0, 2.0, 4.0, 8.0], "n": [1, 2, 1, 0]})


def little(df):
    return {"L": 1.25, "rate": 0.25, "W": 5.0}


# %% wrong="forgets_the_servers" exercise="stage_report"
def stage_report(df, servers):
    whole = df["finished"].max() - df["enqueued"].min()
    rows = []
    for stage, part in df.groupby("stage", sort=False):
        inside = part["finished"] - part["enqueued"]
        busy = (part["finished"] - part["started"]).sum()
        wait = (part["started"] - part["enqueued"]).mean()
        rows.append((stage, inside.quantile(0.5), inside.quantile(0.99), wait, busy / whole))
    return pd.DataFrame(rows, columns=["stage", "p50", "p99", "mean_wait", "utilisation"])


# %% wrong="service_time_only" exercise="stage_report"
def stage_report(df, servers):
    whole = df["finished"].max() - df["enqueued"].min()
    rows = []
    for stage, part in df.groupby("stage", sort=False):
        work = part["finished"] - part["started"]
        wait = (part["started"] - part["enqueued"]).mean()
        busy = work.sum() / whole / servers[stage]
        rows.append((stage, work.quantile(0.5), work.quantile(0.99), wait, busy))
    return pd.DataFrame(rows, columns=["stage", "p50", "p99", "mean_wait", "utilisation"])


# %% wrong="run_of_one_stage" exercise="stage_report"
def stage_report(df, servers):
    rows = []
    for stage, part in df.groupby("stage", sort=False):
        whole = part["finished"].max() - part["enqueued"].min()
        inside = part["finished"] - part["enqueued"]
        busy = (part["finished"] - part["started"]).sum() / whole / servers[stage]
        wait = (part["started"] - part["enqueued"]).mean()
        rows.append((stage, inside.quantile(0.5), inside.quantile(0.99), wait, busy))
    return pd.DataFrame(rows, columns=["stage", "p50", "p99", "mean_wait", "utilisation"])


# %% wrong="stages_in_alphabetical_order" exercise="stage_report"
def stage_report(df, servers):
    whole = df["finished"].max() - df["enqueued"].min()
    rows = []
    for stage, part in df.groupby("stage"):
        inside = part["finished"] - part["enqueued"]
        busy = (part["finished"] - part["started"]).sum() / whole / servers[stage]
        wait = (part["started"] - part["enqueued"]).mean()
        rows.append((stage, inside.quantile(0.5), inside.quantile(0.99), wait, busy))
    return pd.DataFrame(rows, columns=["stage", "p50", "p99", "mean_wait", "utilisation"])


# %% wrong="waiting_counts_as_work" exercise="stage_report"
def stage_report(df, servers):
    whole = df["finished"].max() - df["enqueued"].min()
    rows = []
    for stage, part in df.groupby("stage", sort=False):
        inside = part["finished"] - part["enqueued"]
        busy = inside.sum() / whole / servers[stage]
        wait = (part["started"] - part["enqueued"]).mean()
        rows.append((stage, inside.quantile(0.5), inside.quantile(0.99), wait, busy))
    return pd.DataFrame(rows, columns=["stage", "p50", "p99", "mean_wait", "utilisation"])


# %% right="columns and numpy" exercise="stage_report"
def stage_report(df, servers):
    whole = df["finished"].to_numpy().max() - df["enqueued"].to_numpy().min()
    out = {"utilisation": [], "mean_wait": [], "p99": [], "p50": [], "stage": []}
    for stage in df["stage"].unique():
        part = df[df["stage"] == stage]
        a, b, c = (
            part["enqueued"].to_numpy(),
            part["started"].to_numpy(),
            part["finished"].to_numpy(),
        )
        out["stage"].append(stage)
        out["p50"].append(np.median(c - a))
        out["p99"].append(np.percentile(c - a, 99))
        out["mean_wait"].append(np.mean(b - a))
        out["utilisation"].append(np.sum(c - b) / servers[stage] / whole)
    return pd.DataFrame(out)


# %% right="SQL" exercise="stage_report"
def stage_report(df, servers):
    desks = pd.DataFrame({"stage": list(servers), "servers": list(servers.values())})
    place = pd.DataFrame({"stage": df["stage"].unique()}).reset_index(names="place")
    connection = duckdb.connect()
    for name, table in (("df", df), ("desks", desks), ("place", place)):
        connection.register(name, table)
    return connection.execute("""
        SELECT df.stage, quantile_cont(finished - enqueued, 0.5) AS p50,
               quantile_cont(finished - enqueued, 0.99) AS p99, avg(started - enqueued) AS mean_wait,
               sum(finished - started) / any_value(servers)
               / (SELECT max(finished) - min(enqueued) FROM df) AS utilisation
        FROM df JOIN desks USING (stage) JOIN place USING (stage)
        GROUP BY df.stage, place.place ORDER BY place.place""").df()


# %% hardcoded="the report of the notebook" exercise="stage_report"
def stage_report(df, servers):
    return pd.DataFrame(
        {
            "stage": ["features", "infer", "render"],
            "p50": [120, 90, 6],
            "p99": [900, 560, 30],
            "mean_wait": [166.2, 3.9, 2.6],
            "utilisation": [0.91, 0.6, 0.3],
        }
    )


# %% wrong="slowest_stage" exercise="bottleneck"
def bottleneck(df, servers):
    return (df["finished"] - df["started"]).groupby(df["stage"]).mean().idxmax()


# %% right="share of the waiting time" exercise="bottleneck"
def bottleneck(df, servers):
    return (df["started"] - df["enqueued"]).groupby(df["stage"]).sum().idxmax()


# %% right="utilisation without the report" exercise="bottleneck"
def bottleneck(df, servers):
    busy = (df["finished"] - df["started"]).groupby(df["stage"]).sum()
    return max(servers, key=lambda stage: busy[stage] / servers[stage])


# %% hardcoded="the stage of the notebook" exercise="bottleneck"
def bottleneck(df, servers):
    return list(servers)[0]


# %% wrong="fewest_servers_not_cheapest" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    plans = [dict(zip(servers, e)) for e in product(range(most + 1), repeat=len(servers))]
    for plan in sorted(plans, key=lambda p: sum(p.values())):
        if simulate_p99({s: servers[s] + plan[s] for s in servers}) <= slo_ms:
            return plan
    raise ValueError("no plan")


# %% wrong="promises_the_impossible" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    plans = [dict(zip(servers, e)) for e in product(range(most + 1), repeat=len(servers))]
    for plan in sorted(plans, key=lambda p: sum(cost[s] * p[s] for s in p)):
        if simulate_p99({s: servers[s] + plan[s] for s in servers}) <= slo_ms:
            break
    return plan


# %% right="keeps the best so far" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    best, price = None, float("inf")
    for extra in product(range(most, -1, -1), repeat=len(servers)):
        plan = dict(zip(servers, extra))
        total = sum(cost[s] * n for s, n in plan.items())
        if total < price and simulate_p99({s: servers[s] + plan[s] for s in plan}) <= slo_ms:
            best, price = plan, total
    if best is None:
        raise ValueError("nothing is enough")
    return best


# %% right="recursion" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    def extend(plan, rest):
        if not rest:
            fits = simulate_p99({s: servers[s] + plan[s] for s in servers}) <= slo_ms
            return [plan] if fits else []
        return [p for n in range(most + 1) for p in extend({**plan, rest[0]: n}, rest[1:])]

    found = extend({}, list(servers))
    if not found:
        raise ValueError("impossible")
    return min(found, key=lambda p: sum(cost[s] * p[s] for s in p))


# %% hardcoded="the example" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    return dict.fromkeys(servers, 0)


# %% wrong="features_are_whole_numbers" exercise="PredictionRecord"
class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def line(self) -> str:
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
    at: AwareDatetime
    model_digest: str
    features: dict[str, int]
    subject: str = Field(pattern=r"^[0-9a-f]{64}$")


# %% wrong="pattern_without_ends" exercise="PredictionRecord"
class PredictionRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def line(self) -> str:
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
    at: AwareDatetime
    model_digest: str
    features: dict[str, float]
    subject: str = Field(pattern=r"[0-9a-f]{64}")


# %% wrong="time_with_a_space" exercise="write_log"
def write_log(event, key, inputs):
    return {
        "request_id": event["request_id"],
        "at": str(event["at"]),
        "model_name": event["model_name"],
        "model_version": event["model_version"],
        "model_digest": event["model_digest"],
        "schema_version": 1,
        "features": {n: event["features"][n] for n in inputs},
        "score": event["score"],
        "threshold": event["threshold"],
        "decision": "approve" if event["score"] < event["threshold"] else "refuse",
        "source": event["source"],
        "latency_ms": event["latency_ms"],
        "subject": hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest(),
        "purpose": "limit_review",
    }


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(f"cannot replay {record['request_id']}")
    return models[record["model_digest"]](record["features"])


# %% wrong="list_of_what_to_leave_out" exercise="write_log"
def write_log(event, key, inputs):
    return {
        "request_id": event["request_id"],
        "at": event["at"].isoformat(),
        "model_name": event["model_name"],
        "model_version": event["model_version"],
        "model_digest": event["model_digest"],
        "schema_version": 1,
        "features": {
            k: v for k, v in event["features"].items() if k not in ("name", "email", "iban")
        },
        "score": event["score"],
        "threshold": event["threshold"],
        "decision": "approve" if event["score"] < event["threshold"] else "refuse",
        "source": event["source"],
        "latency_ms": event["latency_ms"],
        "subject": hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest(),
        "purpose": "limit_review",
    }


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(f"cannot replay {record['request_id']}")
    return models[record["model_digest"]](record["features"])


# %% wrong="key_and_text_exchanged" exercise="write_log"
def write_log(event, key, inputs):
    return {
        "request_id": event["request_id"],
        "at": event["at"].isoformat(),
        "model_name": event["model_name"],
        "model_version": event["model_version"],
        "model_digest": event["model_digest"],
        "schema_version": 1,
        "features": {n: event["features"][n] for n in inputs},
        "score": event["score"],
        "threshold": event["threshold"],
        "decision": "approve" if event["score"] < event["threshold"] else "refuse",
        "source": event["source"],
        "latency_ms": event["latency_ms"],
        "subject": hmac.new(str(event["customer_id"]).encode(), key, "sha256").hexdigest(),
        "purpose": "limit_review",
    }


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(f"cannot replay {record['request_id']}")
    return models[record["model_digest"]](record["features"])


# %% wrong="repeats_the_logged_score" exercise="write_log"
def write_log(event, key, inputs):
    return {
        "request_id": event["request_id"],
        "at": event["at"].isoformat(),
        "model_name": event["model_name"],
        "model_version": event["model_version"],
        "model_digest": event["model_digest"],
        "schema_version": 1,
        "features": {n: event["features"][n] for n in inputs},
        "score": event["score"],
        "threshold": event["threshold"],
        "decision": "approve" if event["score"] < event["threshold"] else "refuse",
        "source": event["source"],
        "latency_ms": event["latency_ms"],
        "subject": hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest(),
        "purpose": "limit_review",
    }


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(record["request_id"])
    return record["score"]


# %% right="copies the event and takes away" exercise="write_log"
def write_log(event, key, inputs):
    out = {k: v for k, v in event.items() if k not in ("customer_id", "features", "at")}
    out["at"] = str(event["at"].isoformat())
    out["features"] = dict((k, float(v)) for k, v in event["features"].items() if k in inputs)
    out["decision"] = ["refuse", "approve"][int(event["score"] < event["threshold"])]
    out["subject"] = hmac.digest(key, b"%d" % event["customer_id"], "sha256").hex()
    out["schema_version"], out["purpose"] = 1, "limit_review"
    return {k: out[k] for k in PR}


PR = [
    "request_id",
    "at",
    "model_name",
    "model_version",
    "model_digest",
    "schema_version",
    "features",
    "score",
    "threshold",
    "decision",
    "source",
    "latency_ms",
    "subject",
    "purpose",
]


def replay(record, models):
    try:
        if record["source"] == "fallback":
            raise KeyError
        return float(models[record["model_digest"]](record["features"]))
    except KeyError:
        raise ValueError("no model for " + record["request_id"]) from None


# %% right="through a model of pydantic" exercise="write_log"
class PR(BaseModel):
    model_config = ConfigDict(extra="forbid")
    request_id: str
    at: str
    model_name: str
    model_version: str
    model_digest: str
    schema_version: int = 1
    features: dict[str, float]
    score: float
    threshold: float
    decision: str
    source: str
    latency_ms: float
    subject: str
    purpose: str = "limit_review"


def write_log(event, key, inputs):
    raw = {
        "request_id": event["request_id"],
        "at": event["at"].isoformat(),
        "model_name": event["model_name"],
        "model_version": event["model_version"],
        "model_digest": event["model_digest"],
        "schema_version": 1,
        "features": {n: event["features"][n] for n in inputs},
        "score": event["score"],
        "threshold": event["threshold"],
        "decision": "approve" if event["score"] < event["threshold"] else "refuse",
        "source": event["source"],
        "latency_ms": event["latency_ms"],
        "subject": hmac.new(key, str(event["customer_id"]).encode(), "sha256").hexdigest(),
        "purpose": "limit_review",
    }
    return PR(**raw).model_dump()


def replay(record, models):
    if record["source"] != "model" or record["model_digest"] not in models:
        raise ValueError(f"cannot replay {record['request_id']}")
    return models[record["model_digest"]](record["features"])


# %% wrong="times_as_other_texts" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    rows = read_log(path, "source = 'model'")
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    return rows.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    return read_log(
        path, """model_version = ? AND "at" >= ? AND "at" < ?""", (version, str(t0), str(t1))
    ).sort_values("at")


# %% wrong="start_is_left_out" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    rows = read_log(path, "source = 'model'")
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    return rows.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    rows = read_log(path)
    return rows[
        (rows["model_version"] == version) & (rows["at"] > t0) & (rows["at"] < t1)
    ].sort_values("at")


# %% wrong="slice_is_not_sorted" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    rows = read_log(path, "source = 'model'")
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    return rows.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    rows = read_log(path)
    return rows[(rows["model_version"] == version) & (rows["at"] >= t0) & (rows["at"] < t1)]


# %% wrong="slice_keeps_one_per_request" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    rows = read_log(path, "source = 'model'")
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    known = labels[labels["label_at"] <= as_of]
    return rows.merge(known, on="request_id").sort_values("request_id")


def debug_slice(path, version, t0, t1):
    rows = read_log(path)
    return (
        rows[(rows["model_version"] == version) & (rows["at"] >= t0) & (rows["at"] < t1)]
        .sort_values("at")
        .drop_duplicates("request_id", keep="last")
    )


# %% right="loop over rows" exercise="retraining_set"
def retraining_set(path, labels, as_of):
    best = {}
    for row in read_log(path).to_dict("records"):
        if row["source"] == "model" and (
            row["request_id"] not in best or row["at"] > best[row["request_id"]]["at"]
        ):
            best[row["request_id"]] = row
    known = {r.request_id: r.outcome for r in labels.itertuples() if r.label_at <= as_of}
    out = [best[k] | {"outcome": known[k]} for k in sorted(best) if k in known]
    return pd.DataFrame(out, columns=[*COLUMNS, "outcome"])


def debug_slice(path, version, t0, t1):
    rows = read_log(path)
    return rows[
        (rows["model_version"] == version) & (rows["at"] >= t0) & (rows["at"] < t1)
    ].sort_values("at")


# %% right="suppress" exercise="serve"
import contextlib


def serve(request, model, sink, dropped):
    score = model(request)
    ok = False
    with contextlib.suppress(Exception):
        sink(dict(request=request, score=score))
        ok = True
    if not ok:
        dropped.inc(1)
    return score


# %% wrong="number_before_the_change" exercise="queue_length"
def queue_length(df, stage=None):
    part = df if stage is None else df[df["stage"] == stage]
    g = part.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    ev = pd.concat([pd.Series(1, index=g["a"]), pd.Series(-1, index=g["b"])])
    n = ev.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.shift(fill_value=0).to_numpy()})


def little(df):
    q = queue_length(df)
    g = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    length = q["t"].iloc[-1] - q["t"].iloc[0]
    return {
        "L": float((q["n"].iloc[:-1] * np.diff(q["t"])).sum() / length),
        "rate": len(g) / length,
        "W": (g["b"] - g["a"]).mean(),
    }


# %% wrong="waiting_is_left_out" exercise="queue_length"
def queue_length(df, stage=None):
    part = df if stage is None else df[df["stage"] == stage]
    g = part.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    ev = pd.concat([pd.Series(1, index=g["a"]), pd.Series(-1, index=g["b"])])
    n = ev.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.to_numpy()})


def little(df):
    q = queue_length(df)
    g = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    length = q["t"].iloc[-1] - q["t"].iloc[0]
    return {
        "L": float((q["n"].iloc[:-1] * np.diff(q["t"])).sum() / length),
        "rate": len(g) / length,
        "W": (df["finished"] - df["started"]).groupby(df["request"]).sum().mean(),
    }


# %% wrong="rate_of_visits" exercise="queue_length"
def queue_length(df, stage=None):
    part = df if stage is None else df[df["stage"] == stage]
    g = part.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    ev = pd.concat([pd.Series(1, index=g["a"]), pd.Series(-1, index=g["b"])])
    n = ev.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.to_numpy()})


def little(df):
    q = queue_length(df)
    g = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    length = q["t"].iloc[-1] - q["t"].iloc[0]
    return {
        "L": float((q["n"].iloc[:-1] * np.diff(q["t"])).sum() / length),
        "rate": len(df) / length,
        "W": (g["b"] - g["a"]).mean(),
    }


# %% right="searchsorted and trapezoid" exercise="queue_length"
def queue_length(df, stage=None):
    if stage is not None:
        df = df.loc[df.stage.eq(stage)]
    a = np.sort(df.groupby("request").enqueued.min().to_numpy())
    b = np.sort(df.groupby("request").finished.max().to_numpy())
    t = np.unique(np.concatenate([a, b]))
    return pd.DataFrame(
        {"n": np.searchsorted(a, t, side="right") - np.searchsorted(b, t, side="right"), "t": t}
    )


def little(df):
    q = queue_length(df)
    g = df.groupby("request")
    s = g["finished"].max() - g["enqueued"].min()
    T = df["finished"].max() - df["enqueued"].min()
    return {
        "L": np.trapezoid(np.repeat(q.n.to_numpy()[:-1], 2), np.repeat(q.t.to_numpy(), 2)[1:-1])
        / T,
        "rate": df["request"].nunique() / T,
        "W": s.mean(),
    }


# %% right="numbers as floats" exercise="queue_length"
def queue_length(df, stage=None):
    part = df if stage is None else df[df["stage"] == stage]
    g = part.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    ev = pd.concat([pd.Series(1, index=g["a"]), pd.Series(-1, index=g["b"])])
    n = ev.groupby(level=0).sum().cumsum()
    return pd.DataFrame({"t": n.index, "n": n.to_numpy().astype(float)})


def little(df):
    q = queue_length(df)
    g = df.groupby("request").agg(a=("enqueued", "min"), b=("finished", "max"))
    length = q["t"].iloc[-1] - q["t"].iloc[0]
    return {
        "L": float((q["n"].iloc[:-1] * np.diff(q["t"])).sum() / length),
        "rate": len(g) / length,
        "W": (g["b"] - g["a"]).mean(),
    }


# %% wrong="utilisation_in_percent" exercise="stage_report"
def stage_report(df, servers):
    T = df["finished"].max() - df["enqueued"].min()
    d = df.assign(
        inside=df["finished"] - df["enqueued"],
        wait=df["started"] - df["enqueued"],
        busy=df["finished"] - df["started"],
    )
    g = d.groupby("stage", sort=False)
    out = pd.DataFrame(
        {
            "p50": g["inside"].median(),
            "p99": g["inside"].quantile(0.99),
            "mean_wait": g["wait"].mean(),
            "utilisation": g["busy"].sum(),
        }
    ).reset_index()
    out["utilisation"] = out["utilisation"] / out["stage"].map(servers) / T * 100
    return out


# %% wrong="servers_by_position" exercise="stage_report"
def stage_report(df, servers):
    T = df["finished"].max() - df["enqueued"].min()
    d = df.assign(
        inside=df["finished"] - df["enqueued"],
        wait=df["started"] - df["enqueued"],
        busy=df["finished"] - df["started"],
    )
    g = d.groupby("stage", sort=False)
    out = pd.DataFrame(
        {
            "p50": g["inside"].median(),
            "p99": g["inside"].quantile(0.99),
            "mean_wait": g["wait"].mean(),
            "utilisation": g["busy"].sum(),
        }
    ).reset_index()
    out["utilisation"] = out["utilisation"] / list(servers.values()) / T
    return out


# %% right="stage as category" exercise="stage_report"
def stage_report(df, servers):
    T = df["finished"].max() - df["enqueued"].min()
    d = df.assign(
        inside=df["finished"] - df["enqueued"],
        wait=df["started"] - df["enqueued"],
        busy=df["finished"] - df["started"],
    )
    g = d.groupby("stage", sort=False)
    out = pd.DataFrame(
        {
            "p50": g["inside"].median(),
            "p99": g["inside"].quantile(0.99),
            "mean_wait": g["wait"].mean(),
            "utilisation": g["busy"].sum(),
        }
    ).reset_index()
    out["utilisation"] = out["utilisation"] / out["stage"].map(servers) / T
    return out.astype({"stage": "category"})


# %% wrong="fewest_servers" exercise="bottleneck"
def bottleneck(df, servers):
    return min(servers, key=servers.get)


# %% right="text of numpy" exercise="bottleneck"
def bottleneck(df, servers):
    w = (df["finished"] - df["started"]).groupby(df["stage"]).sum()
    return np.array(list(servers))[np.argmax([w[s] / servers[s] for s in servers])]


# %% wrong="exactly_kept_is_not_enough" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    plans = [dict(zip(servers, p)) for p in product(range(most + 1), repeat=len(servers))]
    plans.sort(key=lambda p: sum(cost[s] * p[s] for s in p))
    for p in plans:
        if simulate_p99({s: servers[s] + p[s] for s in servers}) < slo_ms:
            return p
    raise ValueError("no plan keeps the promise")


# %% wrong="more_than_allowed" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    plans = [dict(zip(servers, p)) for p in product(range(4), repeat=len(servers))]
    plans.sort(key=lambda p: sum(cost[s] * p[s] for s in p))
    for p in plans:
        if simulate_p99({s: servers[s] + p[s] for s in servers}) <= slo_ms:
            return p
    raise ValueError("no plan keeps the promise")


# %% right="every plan from the top" exercise="cheapest_fix"
def cheapest_fix(servers, cost, slo_ms, simulate_p99, most=3):
    best = None
    for p in product(range(most, -1, -1), repeat=len(servers)):
        plan = {s: e for s, e in zip(sorted(servers), p)}
        price = sum(cost[s] * plan[s] for s in plan)
        if (best is None or price < best[0]) and simulate_p99(
            {s: servers[s] + plan[s] for s in plan}
        ) <= slo_ms:
            best = price, plan
    if best is None:
        raise ValueError
    return best[1]


# %% wrong="swallows_the_request_to_stop" exercise="serve"
def serve(request, model, sink, dropped):
    score = model(request)
    try:
        sink({"request": request, "score": score})
    except:  # noqa: E722
        dropped.inc()
    return score


# %% wrong="catches_some_errors_only" exercise="serve"
def serve(request, model, sink, dropped):
    score = model(request)
    try:
        sink({"request": request, "score": score})
    except (OSError, ValueError, RuntimeError):
        dropped.inc()
    return score


# %% right="the request to stop is raised again" exercise="serve"
def serve(request, model, sink, dropped):
    score = model(request)
    try:
        sink({"request": request, "score": score})
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        dropped.inc()
    return score
