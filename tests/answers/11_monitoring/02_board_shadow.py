# Answers that the checks of 02_board_shadow must refuse (wrong) or accept (right).

# %% wrong="customer_as_a_label" exercise="instrument"
def instrument(model, registry, version, timer):
    counts = Counter(
        "predictions", "answers", ["version", "source", "customer_id"], registry=registry
    )
    times = Histogram("latency_seconds", "time", buckets=(0.1, 0.2, 0.3, 0.5, 1), registry=registry)

    def answer(request):
        start = timer()
        score, source = model(request)
        times.observe(timer() - start)
        counts.labels(version, source, request["customer_id"]).inc()
        return score

    return answer


# %% wrong="time_in_milliseconds" exercise="instrument"
def instrument(model, registry, version, timer):
    counts = Counter("predictions", "answers", ["version", "source"], registry=registry)
    times = Histogram("latency_seconds", "time", buckets=(100, 200, 300, 0.3e4), registry=registry)

    def answer(request):
        start = timer()
        score, source = model(request)
        times.observe(1000 * (timer() - start))
        counts.labels(version, source).inc()
        return score

    return answer


# %% wrong="promise_is_not_a_bucket" exercise="instrument"
def instrument(model, registry, version, timer):
    counts = Counter("predictions", "answers", ["version", "source"], registry=registry)
    times = Histogram("latency_seconds", "time", registry=registry)

    def answer(request):
        start = timer()
        score, source = model(request)
        times.observe(timer() - start)
        counts.labels(version, source).inc()
        return score

    return answer


# %% wrong="raises_an_error" exercise="instrument"
def instrument(model, registry, version, timer):
    def answer(request):
        counts = Counter("predictions", "answers", ["version", "source"], registry=registry)
        times = Histogram("latency_seconds", "time", buckets=(0.1, 0.3, 1), registry=registry)
        start = timer()
        score, source = model(request)
        times.observe(timer() - start)
        counts.labels(version, source).inc()
        return score

    return answer


# %% right="labels by name and a class" exercise="instrument"
class Answer:
    def __init__(self, model, registry, version, timer):
        self.model, self.version, self.timer = model, version, timer
        self.counts = Counter("predictions_total", "n", ("source", "version"), registry=registry)
        self.times = Histogram("latency_seconds", "s", buckets=[0.3], registry=registry)

    def __call__(self, request):
        begin = self.timer()
        score, source = self.model(request)
        self.times.observe(self.timer() - begin)
        self.counts.labels(source=source, version=self.version).inc(1)
        return score


def instrument(model, registry, version, timer):
    return Answer(model, registry, version, timer)


# %% right="fifteen buckets" exercise="instrument"
def instrument(model, registry, version, timer):
    counts = Counter("predictions", "answers", ["version", "source"], registry=registry)
    times = Histogram(
        "latency_seconds", "time", buckets=[i / 10 for i in range(1, 15)], registry=registry
    )

    def answer(request):
        start = timer()
        score, source = model(request)
        times.observe(timer() - start)
        counts.labels(version, source).inc()
        return score

    return answer


# %% hardcoded="counts nothing" exercise="instrument"
def instrument(model, registry, version, timer):
    return lambda request: model(request)[0]


# %% wrong="upper_limit_of_the_bucket" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    total = buckets[-1][1]
    if total == 0:
        return float("nan")
    rank, low, before = q * total, 0.0, 0
    for limit, count in buckets:
        if count >= rank:
            if limit == float("inf"):
                return low
            return limit
        low, before = limit, count


# %% wrong="infinite_answer" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    total = buckets[-1][1]
    if total == 0:
        return float("nan")
    rank, low, before = q * total, 0.0, 0
    for limit, count in buckets:
        if count >= rank:
            if limit == float("inf"):
                return limit
            return low + (limit - low) * (rank - before) / (count - before)
        low, before = limit, count


# %% wrong="zero_for_no_data" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    total = buckets[-1][1]
    if total == 0:
        return 0.0
    rank, low, before = q * total, 0.0, 0
    for limit, count in buckets:
        if count >= rank:
            if limit == float("inf"):
                return low
            return low + (limit - low) * (rank - before) / (count - before)
        low, before = limit, count


# %% wrong="counts_are_added_up_again" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    total = sum(count for _, count in buckets)
    if total == 0:
        return float("nan")
    rank, low, seen = q * total, 0.0, 0
    for limit, count in buckets:
        if seen + count >= rank:
            if limit == float("inf"):
                return low
            return low + (limit - low) * (rank - seen) / count
        low, seen = limit, seen + count


# %% right="np.interp" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    limits, counts = (list(x) for x in zip(*buckets))
    if not counts[-1]:
        return np.nan
    rank = q * counts[-1]
    if len(limits) == 1 or rank > counts[-2]:
        return limits[-2]
    i = next(i for i, c in enumerate(counts) if c >= rank)
    low, n = (limits[i - 1], counts[i - 1]) if i else (0, 0)
    return np.interp(rank, [n, counts[i]], [low, limits[i]])


# %% right="bisect" exercise="histogram_quantile"
import bisect


def histogram_quantile(q, buckets):
    counts = [c for _, c in buckets]
    if counts[-1] == 0:
        return math.nan
    i = bisect.bisect_left(counts, q * counts[-1])
    if i == len(buckets) - 1:
        return buckets[-2][0]
    below, n = buckets[i - 1] if i > 0 else (0.0, 0)
    share = (q * counts[-1] - n) / (counts[i] - n)
    return below * (1 - share) + buckets[i][0] * share


# %% hardcoded="the example" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    return 0.3 if q > 0.9 else 0.7 / 3


# %% wrong="unknown_counts_as_repaid" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[(age <= pd.Timedelta(days=7)) & (age > pd.Timedelta(0))]
    rows = rows[rows["source"] == "model"]
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    rows = rows.merge(labels[labels["label_at"] <= now], on="request_id", how="left").fillna(
        {"outcome": 0}
    )
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "no_data"}
    row["value"] = roc_auc_score(rows["outcome"], rows["score"])
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% wrong="uses_what_has_arrived" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[(age <= pd.Timedelta(days=37)) & (age > pd.Timedelta(0))]
    rows = rows[rows["source"] == "model"]
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    rows = rows.merge(labels[labels["label_at"] <= now], on="request_id")
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "no_data"}
    row["value"] = roc_auc_score(rows["outcome"], rows["score"])
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% wrong="everything_that_is_old_enough" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[(age > pd.Timedelta(days=30))]
    rows = rows[rows["source"] == "model"]
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    rows = rows.merge(labels, on="request_id")
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "no_data"}
    row["value"] = roc_auc_score(rows["outcome"], rows["score"])
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% wrong="fallback_is_judged_too" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[(age <= pd.Timedelta(days=37)) & (age > pd.Timedelta(days=30))]
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    rows = rows.merge(labels, on="request_id")
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "no_data"}
    row["value"] = roc_auc_score(rows["outcome"], rows["score"])
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% wrong="one_request_counts_twice" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[(age <= pd.Timedelta(days=37)) & (age > pd.Timedelta(days=30))]
    rows = rows[rows["source"] == "model"]
    rows = rows.sort_values("at")
    rows = rows.merge(labels, on="request_id")
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "no_data"}
    row["value"] = roc_auc_score(rows["outcome"], rows["score"])
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% wrong="verdict_without_data" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[(age <= pd.Timedelta(days=37)) & (age > pd.Timedelta(days=30))]
    rows = rows[rows["source"] == "model"]
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    rows = rows.merge(labels, on="request_id")
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "green"}
    row["value"] = roc_auc_score(rows["outcome"], rows["score"])
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% right="between and a list of limits" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[
        log["at"].between(
            now - pd.Timedelta(days=37), now - pd.Timedelta(days=30), inclusive="left"
        )
    ]
    rows = rows[rows["source"] == "model"]
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last").reset_index(drop=True)
    rows = rows.merge(labels, on="request_id")
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "no_data"}
    row["value"] = roc_auc_score(rows["outcome"], rows["score"])
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% right="rank formula in place of scikit-learn" exercise="performance"
def performance(log, labels, now, limits):
    age = now - log["at"]
    rows = log[(age <= pd.Timedelta(days=37)) & (age > pd.Timedelta(days=30))]
    rows = rows[rows["source"] == "model"]
    rows = rows.sort_values("at").drop_duplicates("request_id", keep="last")
    rows = rows.merge(labels, on="request_id")
    row = {"section": "performance", "metric": "auc", "n": len(rows), "value": float("nan")}
    if len(rows) < limits["min_n"]:
        return {**row, "status": "no_data"}
    row["value"] = (
        rows["score"].rank()[rows["outcome"] == 1].mean() - (rows["outcome"].sum() + 1) / 2
    ) / (1 - rows["outcome"]).sum()
    watch, act = limits["auc"]
    row["status"] = "red" if row["value"] < act else "yellow" if row["value"] < watch else "green"
    return row


# %% hardcoded="always green" exercise="performance"
def performance(log, labels, now, limits):
    return {"section": "performance", "metric": "auc", "n": 2700, "value": 0.87, "status": "green"}


# %% wrong="shallow_copy" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = dict(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name, start = request["request_id"], self.clock.now
            try:
                score = self.shadow(request)
                status = "nan" if score != score else "ok"
                if 1000 * (self.clock.now - start) > self.budget_ms:
                    status = "timeout"
            except Exception as problem:
                score, status = None, type(problem).__name__
            if status != "ok":
                score = None
            self.sink({"request_id": name, "live": live, "shadow": score, "status": status})


# %% wrong="customer_waits_for_the_shadow" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        score, other, status = self.live(request), None, "ok"
        try:
            other = self.shadow(copy.deepcopy(request))
        except Exception as problem:
            status = type(problem).__name__
        self.waiting.append((request["request_id"], score, other, status))
        return score

    def flush(self):
        for name, live, shadow, status in self.waiting:
            self.sink({"request_id": name, "live": live, "shadow": shadow, "status": status})
        self.waiting.clear()


# %% wrong="failures_are_lost" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name, start = request["request_id"], self.clock.now
            try:
                score = self.shadow(request)
                status = "nan" if score != score else "ok"
                if 1000 * (self.clock.now - start) > self.budget_ms:
                    status = "timeout"
            except Exception as problem:
                continue
            if status != "ok":
                score = None
            self.sink({"request_id": name, "live": live, "shadow": score, "status": status})


# %% wrong="late_answer_is_used" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name, start = request["request_id"], self.clock.now
            try:
                score = self.shadow(request)
                status = "nan" if score != score else "ok"
                if 1000 * (self.clock.now - start) > self.budget_ms:
                    status = "timeout"
            except Exception as problem:
                score, status = None, type(problem).__name__
            if status not in ("ok", "timeout"):
                score = None
            self.sink({"request_id": name, "live": live, "shadow": score, "status": status})


# %% wrong="raises_an_error" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name, start = request["request_id"], self.clock.now
            try:
                score = self.shadow(request)
                status = "nan" if score != score else "ok"
                if 1000 * (self.clock.now - start) > self.budget_ms:
                    status = "timeout"
            except ConnectionError as problem:
                score, status = None, type(problem).__name__
            if status != "ok":
                score = None
            self.sink({"request_id": name, "live": live, "shadow": score, "status": status})


# %% right="a list and a second copy" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, []
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.pop(0)
            name, start = request["request_id"], self.clock.now
            try:
                score = self.shadow(copy.deepcopy(request))
                status = "nan" if score != score else "ok"
                if 1000 * (self.clock.now - start) > self.budget_ms:
                    status = "timeout"
            except Exception as problem:
                score, status = None, type(problem).__name__
            if status != "ok":
                score = None
            self.sink({"request_id": name, "live": live, "shadow": score, "status": status})


# %% right="live gets the copy, deferred calls" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        mine = copy.deepcopy(request)
        score = self.live(copy.deepcopy(request))
        self.waiting.append(lambda: self._ask(mine, score))
        return score

    def _ask(self, request, live):
        record = {"request_id": request["request_id"], "live": live, "shadow": None}
        start = self.clock.now
        try:
            score = self.shadow(request)
        except Exception as problem:
            return {**record, "status": problem.__class__.__name__}
        if self.clock.now > start + self.budget_ms / 1000:
            return {**record, "status": "timeout"}
        if np.isnan(score):
            return {**record, "status": "nan"}
        return {**record, "status": "ok", "shadow": float(score)}

    def flush(self):
        jobs, self.waiting = list(self.waiting), deque()
        for job in jobs:
            self.sink(job())


# %% hardcoded="always ok" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.sink, self.waiting = live, sink, []

    def handle(self, request):
        self.waiting.append(request["request_id"])
        return self.live(request)

    def flush(self):
        for name in self.waiting:
            self.sink({"request_id": name, "live": 0.2, "shadow": None, "status": "timeout"})


# %% wrong="pairs_are_ignored" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold
    bad = log["y"] == 1
    flags = pd.DataFrame(
        {
            "n": True,
            "to_approve": a & ~b,
            "to_refuse": b & ~a,
            "gained": (b == bad) & (a != bad),
            "lost": (a == bad) & (b != bad),
        }
    )
    groups = {
        g: {k: int(v) for k, v in part.sum().items()} for g, part in flags.groupby(log["group"])
    }
    total = {k: int(flags[k].sum()) for k in flags.columns[1:]}
    pairs = total["gained"] + total["lost"]
    from scipy.stats import norm

    x, y = (a == bad).mean(), (b == bad).mean()
    m = (x + y) / 2
    p = 2 * norm.sf(abs(y - x) / np.sqrt(m * (1 - m) * 2 / len(log)))
    ratio = log["ms_shadow"].quantile(0.95) / log["ms_live"].quantile(0.95)
    return {
        **total,
        "agreement": (a == b).mean(),
        "p": p,
        "latency_ratio": ratio,
        "groups": groups,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
    }


# %% wrong="directions_are_swapped" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold
    bad = log["y"] == 1
    flags = pd.DataFrame(
        {
            "n": True,
            "to_approve": b & ~a,
            "to_refuse": a & ~b,
            "gained": (b == bad) & (a != bad),
            "lost": (a == bad) & (b != bad),
        }
    )
    groups = {
        g: {k: int(v) for k, v in part.sum().items()} for g, part in flags.groupby(log["group"])
    }
    total = {k: int(flags[k].sum()) for k in flags.columns[1:]}
    pairs = total["gained"] + total["lost"]
    p = binomtest(total["gained"], pairs).pvalue if pairs else 1.0
    ratio = log["ms_shadow"].quantile(0.95) / log["ms_live"].quantile(0.95)
    return {
        **total,
        "agreement": (a == b).mean(),
        "p": p,
        "latency_ratio": ratio,
        "groups": groups,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
    }


# %% wrong="limit_counts_as_approve" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b = log["pd_live"] > threshold, log["pd_shadow"] > threshold
    bad = log["y"] == 1
    flags = pd.DataFrame(
        {
            "n": True,
            "to_approve": a & ~b,
            "to_refuse": b & ~a,
            "gained": (b == bad) & (a != bad),
            "lost": (a == bad) & (b != bad),
        }
    )
    groups = {
        g: {k: int(v) for k, v in part.sum().items()} for g, part in flags.groupby(log["group"])
    }
    total = {k: int(flags[k].sum()) for k in flags.columns[1:]}
    pairs = total["gained"] + total["lost"]
    p = binomtest(total["gained"], pairs).pvalue if pairs else 1.0
    ratio = log["ms_shadow"].quantile(0.95) / log["ms_live"].quantile(0.95)
    return {
        **total,
        "agreement": (a == b).mean(),
        "p": p,
        "latency_ratio": ratio,
        "groups": groups,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
    }


# %% wrong="tests_the_flips_not_the_gains" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold
    bad = log["y"] == 1
    flags = pd.DataFrame(
        {
            "n": True,
            "to_approve": a & ~b,
            "to_refuse": b & ~a,
            "gained": (b == bad) & (a != bad),
            "lost": (a == bad) & (b != bad),
        }
    )
    groups = {
        g: {k: int(v) for k, v in part.sum().items()} for g, part in flags.groupby(log["group"])
    }
    total = {k: int(flags[k].sum()) for k in flags.columns[1:]}
    pairs = total["gained"] + total["lost"]
    p = (
        binomtest(total["to_approve"], total["to_approve"] + total["to_refuse"]).pvalue
        if pairs
        else 1.0
    )
    ratio = log["ms_shadow"].quantile(0.95) / log["ms_live"].quantile(0.95)
    return {
        **total,
        "agreement": (a == b).mean(),
        "p": p,
        "latency_ratio": ratio,
        "groups": groups,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
    }


# %% wrong="ratio_of_the_means" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold
    bad = log["y"] == 1
    flags = pd.DataFrame(
        {
            "n": True,
            "to_approve": a & ~b,
            "to_refuse": b & ~a,
            "gained": (b == bad) & (a != bad),
            "lost": (a == bad) & (b != bad),
        }
    )
    groups = {
        g: {k: int(v) for k, v in part.sum().items()} for g, part in flags.groupby(log["group"])
    }
    total = {k: int(flags[k].sum()) for k in flags.columns[1:]}
    pairs = total["gained"] + total["lost"]
    p = binomtest(total["gained"], pairs).pvalue if pairs else 1.0
    ratio = log["ms_shadow"].mean() / log["ms_live"].mean()
    return {
        **total,
        "agreement": (a == b).mean(),
        "p": p,
        "latency_ratio": ratio,
        "groups": groups,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
    }


# %% right="numpy arrays and percentiles" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold
    bad = log["y"].to_numpy().astype(bool)
    flags = pd.DataFrame(
        {
            "n": True,
            "to_approve": a & ~b,
            "to_refuse": b & ~a,
            "gained": (b == bad) & (a != bad),
            "lost": (a == bad) & (b != bad),
        }
    )
    groups = {
        g: {k: int(v) for k, v in part.sum().items()} for g, part in flags.groupby(log["group"])
    }
    total = {k: int(flags[k].sum()) for k in flags.columns[1:]}
    pairs = total["gained"] + total["lost"]
    p = binomtest(total["gained"], pairs).pvalue if pairs else 1.0
    ratio = float(np.percentile(log["ms_shadow"], 95) / np.percentile(log["ms_live"], 95))
    return {
        **total,
        "agreement": (a == b).mean(),
        "p": p,
        "latency_ratio": ratio,
        "groups": groups,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
    }


# %% right="row by row" exercise="compare_shadow"
def compare_shadow(log, threshold):
    def count(rows):
        out = {"n": len(rows), "to_approve": 0, "to_refuse": 0, "gained": 0, "lost": 0}
        for live, shadow, y in zip(rows["pd_live"], rows["pd_shadow"], rows["y"]):
            first, second = live >= threshold, shadow >= threshold
            if first != second:
                out["to_approve" if first else "to_refuse"] += 1
                out["gained" if second == bool(y) else "lost"] += 1
        return out

    total = count(log)
    flips = total["to_approve"] + total["to_refuse"]
    half = binomtest(total["lost"], flips).pvalue if flips else 1.0
    p95 = log.quantile(0.95, numeric_only=True)
    report = {name: total[name] for name in ("to_approve", "to_refuse", "gained", "lost")}
    report["agreement"] = 1 - flips / len(log)
    report["p"] = half
    report["psi"] = drift.psi(log["pd_live"].to_numpy(), log["pd_shadow"].to_numpy())
    report["latency_ratio"] = p95["ms_shadow"] / p95["ms_live"]
    report["groups"] = {name: count(rows) for name, rows in log.groupby("group")}
    return report


# %% hardcoded="the report of the notebook" exercise="compare_shadow"
def compare_shadow(log, threshold):
    one = {"n": 10, "to_approve": 1, "to_refuse": 1, "gained": 1, "lost": 1}
    return {
        "agreement": 0.8,
        "to_approve": 600,
        "to_refuse": 592,
        "gained": 668,
        "lost": 524,
        "p": 3e-5,
        "psi": 0.013,
        "latency_ratio": 1.13,
        "groups": {"A": one, "B": one},
    }


# %% wrong="looks_at_the_total_only" exercise="recommend"
def recommend(report, policy):
    proven = report["p"] < policy["alpha"]
    if (proven and report["lost"] > report["gained"]) or report["latency_ratio"] > policy[
        "max_latency_ratio"
    ]:
        return "reject"
    if not proven:
        return "hold"
    return "promote"


# %% wrong="small_group_is_ignored" exercise="recommend"
def recommend(report, policy):
    proven = report["p"] < policy["alpha"]
    if (proven and report["lost"] > report["gained"]) or report["latency_ratio"] > policy[
        "max_latency_ratio"
    ]:
        return "reject"
    if not proven:
        return "hold"
    for g in report["groups"].values():
        if (g["lost"] - g["gained"]) / g["n"] > policy["max_group_loss"]:
            return "hold"
    return "promote"


# %% wrong="more_is_enough" exercise="recommend"
def recommend(report, policy):
    proven = report["p"] < policy["alpha"]
    if (proven and report["lost"] > report["gained"]) or report["latency_ratio"] > policy[
        "max_latency_ratio"
    ]:
        return "reject"
    if report["gained"] <= report["lost"]:
        return "hold"
    for g in report["groups"].values():
        if g["n"] < policy["min_group_n"]:
            return "hold"
        if (g["lost"] - g["gained"]) / g["n"] > policy["max_group_loss"]:
            return "hold"
    return "promote"


# %% wrong="small_p_means_better" exercise="recommend"
def recommend(report, policy):
    proven = report["p"] < policy["alpha"]
    if report["latency_ratio"] > policy["max_latency_ratio"]:
        return "reject"
    if not proven:
        return "hold"
    for g in report["groups"].values():
        if g["n"] < policy["min_group_n"]:
            return "hold"
        if (g["lost"] - g["gained"]) / g["n"] > policy["max_group_loss"]:
            return "hold"
    return "promote"


# %% right="any and all" exercise="recommend"
def recommend(report, policy):
    groups = report["groups"].values()
    fine = all(
        g["n"] >= policy["min_group_n"]
        and g["lost"] - g["gained"] <= policy["max_group_loss"] * g["n"]
        for g in groups
    )
    sure = report["p"] < policy["alpha"]
    bad = sure and report["lost"] > report["gained"]
    if bad or report["latency_ratio"] > policy["max_latency_ratio"]:
        return "reject"
    return "promote" if sure and fine else "hold"


# %% right="a frame of groups" exercise="recommend"
def recommend(report, policy):
    proven = report["p"] < policy["alpha"]
    if (proven and report["lost"] > report["gained"]) or report["latency_ratio"] > policy[
        "max_latency_ratio"
    ]:
        return "reject"
    if not proven:
        return "hold"
    table = pd.DataFrame(report["groups"]).T
    loss = (table["lost"] - table["gained"]) / table["n"]
    if (table["n"] < policy["min_group_n"]).any() or loss.max() > policy["max_group_loss"]:
        return "hold"
    return "promote"


# %% hardcoded="hold, always" exercise="recommend"
def recommend(report, policy):
    return "hold"


# %% wrong="version_is_written_in" exercise="instrument"
def instrument(model, registry, version, timer):
    c = Counter("predictions", "answers", ["version", "source"], registry=registry)
    h = Histogram(
        "latency_seconds",
        "time of the model",
        buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1),
        registry=registry,
    )

    def answer(request):
        t0 = timer()
        score, source = model(request)
        h.observe(timer() - t0)
        c.labels(version="v3", source=source).inc()
        return score

    return answer


# %% wrong="histogram_with_labels" exercise="instrument"
def instrument(model, registry, version, timer):
    c = Counter("predictions", "answers", ["version", "source"], registry=registry)
    h = Histogram(
        "latency_seconds",
        "time of the model",
        ["version"],
        buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1),
        registry=registry,
    )

    def answer(request):
        t0 = timer()
        score, source = model(request)
        h.labels(version=version).observe(timer() - t0)
        c.labels(version=version, source=source).inc()
        return score

    return answer


# %% right="name with its ending, labels by position" exercise="instrument"
def instrument(model, registry, version, timer):
    c = Counter("predictions_total", "answers", ["version", "source"], registry=registry)
    h = Histogram(
        "latency_seconds",
        "time of the model",
        buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1),
        registry=registry,
    )

    def answer(request):
        t0 = timer()
        score, source = model(request)
        h.observe(timer() - t0)
        c.labels(version, source).inc()
        return score

    return answer


# %% wrong="first_bucket_begins_at_its_end" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    total = buckets[-1][1]
    if total == 0:
        return math.nan
    rank = q * total
    low, before = buckets[0][0], 0
    for limit, count in buckets:
        if count >= rank:
            if math.isinf(limit):
                return low
            return low + (limit - low) * (rank - before) / (count - before)
        low, before = limit, count


# %% right="a frame of buckets" exercise="histogram_quantile"
def histogram_quantile(q, buckets):
    b = pd.DataFrame(buckets, columns=["limit", "count"])
    total = b["count"].iloc[-1]
    if not total:
        return np.nan
    hit = b.index[b["count"] >= q * total][0]
    low = b["limit"].get(hit - 1, 0.0)
    before = b["count"].get(hit - 1, 0)
    if hit == len(b) - 1:
        return low
    return low + (b["limit"][hit] - low) * (q * total - before) / (b["count"][hit] - before)


# %% wrong="limit_itself_is_below" exercise="performance"
def performance(log, labels, now, limits):
    rows = log[
        (log["at"] >= now - pd.Timedelta(days=37)) & (log["at"] < now - pd.Timedelta(days=30))
    ]
    rows = (
        rows[rows["source"] == "model"].sort_values("at").drop_duplicates("request_id", keep="last")
    )
    rows = rows.merge(labels, on="request_id")
    n = len(rows)
    if n < limits["min_n"]:
        value, status = float("nan"), "no_data"
    else:
        value = roc_auc_score(rows["outcome"], rows["score"])
        watch, act = limits["auc"]
        status = "red" if value <= act else "yellow" if value <= watch else "green"
    return {"section": "performance", "metric": "auc", "n": n, "value": value, "status": status}


# %% wrong="edge_of_the_week" exercise="performance"
def performance(log, labels, now, limits):
    rows = log[
        (log["at"] > now - pd.Timedelta(days=37)) & (log["at"] <= now - pd.Timedelta(days=30))
    ]
    rows = (
        rows[rows["source"] == "model"].sort_values("at").drop_duplicates("request_id", keep="last")
    )
    rows = rows.merge(labels, on="request_id")
    n = len(rows)
    if n < limits["min_n"]:
        value, status = float("nan"), "no_data"
    else:
        value = roc_auc_score(rows["outcome"], rows["score"])
        watch, act = limits["auc"]
        status = "red" if value < act else "yellow" if value < watch else "green"
    return {"section": "performance", "metric": "auc", "n": n, "value": value, "status": status}


# %% wrong="least_number_is_too_few" exercise="performance"
def performance(log, labels, now, limits):
    rows = log[
        (log["at"] >= now - pd.Timedelta(days=37)) & (log["at"] < now - pd.Timedelta(days=30))
    ]
    rows = (
        rows[rows["source"] == "model"].sort_values("at").drop_duplicates("request_id", keep="last")
    )
    rows = rows.merge(labels, on="request_id")
    n = len(rows)
    if n <= limits["min_n"]:
        value, status = float("nan"), "no_data"
    else:
        value = roc_auc_score(rows["outcome"], rows["score"])
        watch, act = limits["auc"]
        status = "red" if value < act else "yellow" if value < watch else "green"
    return {"section": "performance", "metric": "auc", "n": n, "value": value, "status": status}


# %% wrong="last_row_not_last_answer" exercise="performance"
def performance(log, labels, now, limits):
    rows = log[
        (log["at"] >= now - pd.Timedelta(days=37)) & (log["at"] < now - pd.Timedelta(days=30))
    ]
    rows = rows[rows["source"] == "model"].drop_duplicates("request_id", keep="last")
    rows = rows.merge(labels, on="request_id")
    n = len(rows)
    if n < limits["min_n"]:
        value, status = float("nan"), "no_data"
    else:
        value = roc_auc_score(rows["outcome"], rows["score"])
        watch, act = limits["auc"]
        status = "red" if value < act else "yellow" if value < watch else "green"
    return {"section": "performance", "metric": "auc", "n": n, "value": value, "status": status}


# %% wrong="last_week_with_labels_of_the_future" exercise="performance"
def performance(log, labels, now, limits):
    rows = log[(log["at"] >= now - pd.Timedelta(days=7)) & (log["at"] < now - pd.Timedelta(days=0))]
    rows = (
        rows[rows["source"] == "model"].sort_values("at").drop_duplicates("request_id", keep="last")
    )
    rows = rows.merge(labels, on="request_id")
    n = len(rows)
    if n < limits["min_n"]:
        value, status = float("nan"), "no_data"
    else:
        value = roc_auc_score(rows["outcome"], rows["score"])
        watch, act = limits["auc"]
        status = "red" if value < act else "yellow" if value < watch else "green"
    return {"section": "performance", "metric": "auc", "n": n, "value": value, "status": status}


# %% wrong="loses_requests_that_ended_in_fallback" exercise="performance"
def performance(log, labels, now, limits):
    rows = log[
        (log["at"] >= now - pd.Timedelta(days=37)) & (log["at"] < now - pd.Timedelta(days=30))
    ]
    rows = (
        rows.sort_values("at").drop_duplicates("request_id", keep="last").query("source == 'model'")
    )
    rows = rows.merge(labels, on="request_id")
    n = len(rows)
    if n < limits["min_n"]:
        value, status = float("nan"), "no_data"
    else:
        value = roc_auc_score(rows["outcome"], rows["score"])
        watch, act = limits["auc"]
        status = "red" if value < act else "yellow" if value < watch else "green"
    return {"section": "performance", "metric": "auc", "n": n, "value": value, "status": status}


# %% right="age, idxmax and map" exercise="performance"
def performance(log, labels, now, limits):
    outcome = labels.set_index("request_id")["outcome"]
    age = now - log["at"]
    rows = log.loc[
        age.gt(pd.Timedelta("30D")) & age.le(pd.Timedelta("37D")) & log["source"].eq("model")
    ]
    rows = rows.loc[rows.groupby("request_id")["at"].idxmax()]
    y = rows["request_id"].map(outcome)
    enough = len(y) >= limits["min_n"]
    auc = roc_auc_score(y, rows["score"]) if enough else np.nan
    w, a = limits["auc"]
    return dict(
        status="no_data" if not enough else ["green", "yellow", "red"][int(auc < w) + int(auc < a)],
        value=auc,
        n=np.int64(len(y)),
        metric="auc",
        section="performance",
    )


# %% wrong="name_from_the_shadow" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name = request["request_id"]
            t0 = self.clock.now
            try:
                score = self.shadow(request)
                status = "ok"
            except Exception as e:
                score, status = None, type(e).__name__
            if status == "ok":
                if (self.clock.now - t0) * 1000 > self.budget_ms:
                    status = "timeout"
                elif math.isnan(score):
                    status = "nan"
            self.sink(
                {
                    "request_id": request["request_id"],
                    "live": live,
                    "shadow": score if status == "ok" else None,
                    "status": status,
                }
            )


# %% wrong="asks_the_live_model_again" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name = request["request_id"]
            t0 = self.clock.now
            try:
                score = self.shadow(request)
                status = "ok"
            except Exception as e:
                score, status = None, type(e).__name__
            if status == "ok":
                if (self.clock.now - t0) * 1000 > self.budget_ms:
                    status = "timeout"
                elif math.isnan(score):
                    status = "nan"
            self.sink(
                {
                    "request_id": name,
                    "live": self.live(request),
                    "shadow": score if status == "ok" else None,
                    "status": status,
                }
            )


# %% wrong="budget_itself_is_too_long" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name = request["request_id"]
            t0 = self.clock.now
            try:
                score = self.shadow(request)
                status = "ok"
            except Exception as e:
                score, status = None, type(e).__name__
            if status == "ok":
                if (self.clock.now - t0) * 1000 >= self.budget_ms:
                    status = "timeout"
                elif math.isnan(score):
                    status = "nan"
            self.sink(
                {
                    "request_id": name,
                    "live": live,
                    "shadow": score if status == "ok" else None,
                    "status": status,
                }
            )


# %% wrong="copies_too_late" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = request
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        while self.waiting:
            request, live = self.waiting.popleft()
            name = request["request_id"]
            request = copy.deepcopy(request)
            t0 = self.clock.now
            try:
                score = self.shadow(request)
                status = "ok"
            except Exception as e:
                score, status = None, type(e).__name__
            if status == "ok":
                if (self.clock.now - t0) * 1000 > self.budget_ms:
                    status = "timeout"
                elif math.isnan(score):
                    status = "nan"
            self.sink(
                {
                    "request_id": name,
                    "live": live,
                    "shadow": score if status == "ok" else None,
                    "status": status,
                }
            )


# %% right="a list of what is waiting" exercise="ShadowRouter"
class ShadowRouter:
    def __init__(self, live, shadow, sink, budget_ms, clock):
        self.live, self.shadow, self.sink, self.waiting = live, shadow, sink, deque()
        self.budget_ms, self.clock = budget_ms, clock

    def handle(self, request):
        kept = copy.deepcopy(request)
        score = self.live(request)
        self.waiting.append((kept, score))
        return score

    def flush(self):
        todo, self.waiting = list(self.waiting), deque()
        for request, live in todo:
            name = request["request_id"]
            t0 = self.clock.now
            try:
                score = self.shadow(request)
                status = "ok"
            except Exception as e:
                score, status = None, type(e).__name__
            if status == "ok":
                if (self.clock.now - t0) * 1000 > self.budget_ms:
                    status = "timeout"
                elif math.isnan(score):
                    status = "nan"
            self.sink(
                {
                    "request_id": name,
                    "live": live,
                    "shadow": score if status == "ok" else None,
                    "status": status,
                }
            )


# %% wrong="gained_and_lost_are_swapped" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b, y = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold, log["y"] == 1
    m = pd.DataFrame(
        {
            "to_approve": a & ~b,
            "to_refuse": ~a & b,
            "lost": (b == y) & (a != y),
            "gained": (a == y) & (b != y),
        }
    )
    tot = {k: int(v) for k, v in m.sum().items()}
    g, l = tot["gained"], tot["lost"]
    groups = {
        name: {"n": len(p)} | {k: int(v) for k, v in p.sum().items()}
        for name, p in m.groupby(log["group"])
    }
    return tot | {
        "agreement": float((a == b).mean()),
        "p": binomtest(g, g + l).pvalue if g + l else 1.0,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
        "latency_ratio": log["ms_shadow"].quantile(0.95) / log["ms_live"].quantile(0.95),
        "groups": groups,
    }


# %% wrong="one_sided_test" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b, y = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold, log["y"] == 1
    m = pd.DataFrame(
        {
            "to_approve": a & ~b,
            "to_refuse": ~a & b,
            "gained": (b == y) & (a != y),
            "lost": (a == y) & (b != y),
        }
    )
    tot = {k: int(v) for k, v in m.sum().items()}
    g, l = tot["gained"], tot["lost"]
    groups = {
        name: {"n": len(p)} | {k: int(v) for k, v in p.sum().items()}
        for name, p in m.groupby(log["group"])
    }
    return tot | {
        "agreement": float((a == b).mean()),
        "p": binomtest(g, g + l, alternative="greater").pvalue if g + l else 1.0,
        "psi": drift.psi(log["pd_live"], log["pd_shadow"]),
        "latency_ratio": log["ms_shadow"].quantile(0.95) / log["ms_live"].quantile(0.95),
        "groups": groups,
    }


# %% wrong="reference_of_the_psi_is_the_shadow" exercise="compare_shadow"
def compare_shadow(log, threshold):
    a, b, y = log["pd_live"] >= threshold, log["pd_shadow"] >= threshold, log["y"] == 1
    m = pd.DataFrame(
        {
            "to_approve": a & ~b,
            "to_refuse": ~a & b,
            "gained": (b == y) & (a != y),
            "lost": (a == y) & (b != y),
        }
    )
    tot = {k: int(v) for k, v in m.sum().items()}
    g, l = tot["gained"], tot["lost"]
    groups = {
        name: {"n": len(p)} | {k: int(v) for k, v in p.sum().items()}
        for name, p in m.groupby(log["group"])
    }
    return tot | {
        "agreement": float((a == b).mean()),
        "p": binomtest(g, g + l).pvalue if g + l else 1.0,
        "psi": drift.psi(log["pd_shadow"], log["pd_live"]),
        "latency_ratio": log["ms_shadow"].quantile(0.95) / log["ms_live"].quantile(0.95),
        "groups": groups,
    }


# %% right="dictionaries in a loop" exercise="compare_shadow"
def compare_shadow(log, threshold):
    def empty():
        return {"to_approve": 0, "to_refuse": 0, "gained": 0, "lost": 0}

    total, groups, same = empty(), {}, 0
    for r in log.to_dict("records"):
        d = groups.setdefault(r["group"], {"n": 0} | empty())
        d["n"] += 1
        a, b, y = r["pd_live"] >= threshold, r["pd_shadow"] >= threshold, bool(r["y"])
        same += a == b
        for t in (total, d):
            if a and not b:
                t["to_approve"] += 1
            if b and not a:
                t["to_refuse"] += 1
            if a != b:
                t["gained" if b == y else "lost"] += 1
    k = total["gained"] + total["lost"]
    return {
        **total,
        "groups": groups,
        "agreement": same / len(log),
        "p": binomtest(total["gained"], k, 0.5).pvalue if k > 0 else 1,
        "psi": float(drift.psi(log.pd_live, log.pd_shadow)),
        "latency_ratio": np.percentile(log.ms_shadow, 95) / np.percentile(log.ms_live, 95),
    }


# %% wrong="allowed_loss_is_too_much" exercise="recommend"
def recommend(report, policy):
    if (report["p"] < policy["alpha"] and report["lost"] > report["gained"]) or report[
        "latency_ratio"
    ] > policy["max_latency_ratio"]:
        return "reject"
    if report["p"] >= policy["alpha"]:
        return "hold"
    for g in report["groups"].values():
        if (
            g["n"] < policy["min_group_n"]
            or (g["lost"] - g["gained"]) / g["n"] >= policy["max_group_loss"]
        ):
            return "hold"
    return "promote"


# %% right="np.select" exercise="recommend"
def recommend(report, policy):
    g = pd.DataFrame(report["groups"]).T
    proven = report["p"] < policy["alpha"]
    return np.select(
        [
            (proven & (report["lost"] > report["gained"]))
            | (report["latency_ratio"] > policy["max_latency_ratio"]),
            (not proven)
            | (g["n"] < policy["min_group_n"]).any()
            | ((g["lost"] - g["gained"]) / g["n"] > policy["max_group_loss"]).any(),
        ],
        ["reject", "hold"],
        "promote",
    ).item()
