# Answers that the checks of 03_mitigate must refuse (wrong) or accept (right).

# %% wrong="needs_the_group_to_decide" exercise="mitigate"
from fairlearn.postprocessing import ThresholdOptimizer


def mitigate(X, y, group, constraint, bound):
    names = {"dp": "demographic_parity", "tpr": "true_positive_rate_parity"}
    model = ThresholdOptimizer(
        estimator=LogisticRegression(max_iter=1000),
        constraints=names[constraint],
        predict_method="predict_proba",
    )
    return model.fit(X, y, sensitive_features=group)


# %% wrong="no_constraint_at_all" exercise="mitigate"
def mitigate(X, y, group, constraint, bound):
    return LogisticRegression(max_iter=1000).fit(X, y)


# %% wrong="ignores_the_constraint" exercise="mitigate"
def mitigate(X, y, group, constraint, bound):
    parity = DemographicParity(difference_bound=bound)
    model = ExponentiatedGradient(LogisticRegression(max_iter=1000), parity, max_iter=12)
    return model.fit(X, y, sensitive_features=group)


# %% wrong="approves_all_or_nobody" exercise="mitigate"
from sklearn.dummy import DummyClassifier


def mitigate(X, y, group, constraint, bound):
    return DummyClassifier(strategy="most_frequent").fit(X, y)


# %% wrong="ignores_the_bound" exercise="mitigate"
def mitigate(X, y, group, constraint, bound):
    kinds = {"dp": DemographicParity, "tpr": TruePositiveRateParity}
    parity = kinds[constraint](difference_bound=0.02)
    model = ExponentiatedGradient(LogisticRegression(max_iter=1000), parity, max_iter=12)
    return model.fit(X, y, sensitive_features=group)


# %% wrong="returns_nothing" exercise="mitigate"
def mitigate(X, y, group, constraint, bound):
    kinds = {"dp": DemographicParity, "tpr": TruePositiveRateParity}
    parity = kinds[constraint](difference_bound=bound)
    model = ExponentiatedGradient(LogisticRegression(max_iter=1000), parity, max_iter=12)
    model.fit(X, y, sensitive_features=group)


# %% right="eight rounds" exercise="mitigate"
def mitigate(X, y, group, constraint, bound):
    if constraint == "dp":
        parity = DemographicParity(difference_bound=bound)
    else:
        parity = TruePositiveRateParity(difference_bound=bound)
    model = ExponentiatedGradient(
        estimator=LogisticRegression(), constraints=parity, max_iter=8, eps=0.01
    )
    model.fit(X.to_numpy(), y.to_numpy(), sensitive_features=group.to_numpy())
    return model


# %% right="one model of the mixture" exercise="mitigate"
def mitigate(X, y, group, constraint, bound):
    kinds = {"dp": DemographicParity, "tpr": TruePositiveRateParity}
    mixture = ExponentiatedGradient(
        LogisticRegression(max_iter=1000), kinds[constraint](difference_bound=bound), max_iter=12
    ).fit(X, y, sensitive_features=group)
    parts = [(w, m) for w, m in zip(mixture.weights_, mixture.predictors_) if w > 0]
    single = LogisticRegression().fit(X, y)
    single.coef_ = sum(w * m.coef_ for w, m in parts)
    single.intercept_ = sum(w * m.intercept_ for w, m in parts)
    return single


# %% right="search over one number: points for a column" exercise="mitigate"
class Shifted:
    """A logistic model whose decision moves along what tells the groups apart."""

    def __init__(self, model, direction, points):
        self.model, self.direction, self.points = model, direction, points

    def predict(self, X):
        moved = self.model.decision_function(X) + self.points * self.direction.predict(X)
        return (moved > 0).astype(int)


def mitigate(X, y, group, constraint, bound):
    model = LogisticRegression().fit(X, y)
    direction = LogisticRegression().fit(X, group == "B")
    best = None
    for points in np.linspace(0, 12, 1201):
        candidate = Shifted(model, direction, points)
        ok = pd.Series(candidate.predict(X), X.index)
        keep = ok if constraint == "dp" else ok[y == 1]
        rates = keep.groupby(group).mean()
        gap = abs(rates["A"] - rates["B"])
        if best is None or gap < best[0]:
            best = (gap, candidate)
        if gap <= bound:
            break
    return best[1]


# %% hardcoded="two columns" exercise="mitigate"
class Always:
    def predict(self, X):
        return (X.iloc[:, 0] > -0.5).astype(int).to_numpy()


def mitigate(X, y, group, constraint, bound):
    return Always()


# %% wrong="ignores_the_outcome" exercise="label_audit"
def label_audit(df, label, outcome, group):
    table = df.groupby(group)[label].agg(n_good="size", share="mean")
    table["behind"] = table["share"].max() - table["share"]
    return table.rename_axis("group").reset_index()


# %% wrong="condition_turned_round" exercise="label_audit"
def label_audit(df, label, outcome, group):
    table = df[df[label] == 1].groupby(group)[outcome].agg(n_good="size", share="mean")
    table["behind"] = table["share"].max() - table["share"]
    return table.rename_axis("group").reset_index()


# %% wrong="divides_by_everybody" exercise="label_audit"
def label_audit(df, label, outcome, group):
    rows = []
    for name, part in df.groupby(group):
        good = part[part[outcome] == 1]
        rows.append([name, len(good), good[label].sum() / len(part)])
    table = pd.DataFrame(rows, columns=["group", "n_good", "share"])
    return table.assign(behind=table["share"].max() - table["share"])


# %% wrong="unknown_counts_as_repaid" exercise="label_audit"
def label_audit(df, label, outcome, group):
    good = df[df[outcome] != 0]
    table = good.groupby(group)[label].agg(n_good="size", share="mean")
    table["behind"] = table["share"].max() - table["share"]
    return table.rename_axis("group").reset_index()


# %% wrong="sign_turned_round" exercise="label_audit"
def label_audit(df, label, outcome, group):
    good = df[df[outcome] == 1]
    table = good.groupby(group)[label].agg(n_good="size", share="mean")
    table["behind"] = table["share"] - table["share"].max()
    return table.rename_axis("group").reset_index()


# %% wrong="in_percent" exercise="label_audit"
def label_audit(df, label, outcome, group):
    good = df[df[outcome] == 1]
    table = good.groupby(group)[label].agg(n_good="size", share="mean")
    table["share"] = 100 * table["share"]
    table["behind"] = table["share"].max() - table["share"]
    return table.rename_axis("group").reset_index()


# %% right="a loop" exercise="label_audit"
def label_audit(df, label, outcome, group):
    rows = []
    for name in sorted(df[group].unique(), reverse=True):
        good = df[(df[group] == name) & df[outcome].eq(1)]
        rows.append({"group": name, "n_good": len(good), "share": good[label].mean()})
    best = max(row["share"] for row in rows)
    return pd.DataFrame([{**row, "behind": best - row["share"]} for row in rows])


# %% right="sums divided by counts" exercise="label_audit"
def label_audit(df, label, outcome, group):
    good = df[outcome].fillna(0).astype(int) == 1
    n = good.groupby(df[group]).sum()
    hits = (good & (df[label] == 1)).groupby(df[group]).sum()
    share = hits / n
    return pd.DataFrame(
        {
            "behind": (share.max() - share).to_numpy(),
            "share": share.to_numpy(),
            "n_good": n.to_numpy(),
            "group": n.index.astype(str),
        }
    )


# %% right="a query and a pivot table" exercise="label_audit"
def label_audit(df, label, outcome, group):
    frame = df.rename(columns={label: "ok", outcome: "paid", group: "group"})
    frame = frame.loc[frame["paid"] == 1, ["group", "ok"]]
    table = frame.groupby("group", as_index=False).agg(n_good=("ok", "count"), share=("ok", "mean"))
    return table.assign(behind=lambda part: part["share"].max() - part["share"])


# %% hardcoded="the example" exercise="label_audit"
def label_audit(df, label, outcome, group):
    return pd.DataFrame(
        {"group": ["A", "B"], "n_good": [3, 2], "share": [2 / 3, 1 / 2], "behind": [0, 1 / 6]}
    )


# %% wrong="looks_ahead" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    table = []
    for month in range(rows["month"].min() + window - 1, rows["month"].max() + 1):
        inside = rows["month"].between(month - window // 2, month + window // 2)
        table.append((month, *tpr_gap(rows[inside])))
    return pd.DataFrame(table, columns=["month", "gap", "low", "high"])


# %% wrong="everything_so_far" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    table = []
    for month in range(rows["month"].min() + window - 1, rows["month"].max() + 1):
        table.append((month, *tpr_gap(rows[rows["month"] <= month])))
    return pd.DataFrame(table, columns=["month", "gap", "low", "high"])


# %% wrong="single_months" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    table = [(month, *tpr_gap(part)) for month, part in rows.groupby("month")]
    return pd.DataFrame(table, columns=["month", "gap", "low", "high"])


# %% wrong="window_too_long" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    table = []
    for month in range(rows["month"].min() + window - 1, rows["month"].max() + 1):
        inside = (rows["month"] >= month - window) & (rows["month"] <= month)
        table.append((month, *tpr_gap(rows[inside])))
    return pd.DataFrame(table, columns=["month", "gap", "low", "high"])


# %% wrong="row_before_a_full_window" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    table = []
    for month in range(rows["month"].min(), rows["month"].max() + 1):
        inside = rows["month"].between(month - window + 1, month)
        table.append((month, *tpr_gap(rows[inside])))
    return pd.DataFrame(table, columns=["month", "gap", "low", "high"])


# %% wrong="month_in_the_index" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    found = {}
    for month in range(rows["month"].min() + window - 1, rows["month"].max() + 1):
        found[month] = tpr_gap(rows[rows["month"].between(month - window + 1, month)])
    table = pd.DataFrame.from_dict(found, orient="index", columns=["gap", "low", "high"])
    return table.rename_axis("month")


# %% right="sets of months" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    first, last = int(rows["month"].min()), int(rows["month"].max())
    records = []
    for end in range(first + window - 1, last + 1):
        gap, low, high = tpr_gap(rows[rows["month"].isin(range(end - window + 1, end + 1))])
        records.append({"high": high, "low": low, "gap": gap, "month": end})
    return pd.DataFrame(records)


# %% right="own interval, from the normal formula" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    good = rows[rows["repaid"] == 1]
    out = {"month": [], "gap": [], "low": [], "high": []}
    for month in np.arange(rows["month"].min() + window - 1, rows["month"].max() + 1):
        part = good[(good["month"] > month - window) & (good["month"] <= month)]
        a, b = (part.loc[part["group"] == name, "approved"] for name in "AB")
        gap = a.mean() - b.mean()
        half = 1.96 * np.sqrt(a.var(ddof=0) / len(a) + b.var(ddof=0) / len(b)) if len(part) else 0
        for name, value in zip(out, (month, gap, gap - half, gap + half)):
            out[name].append(value)
    return pd.DataFrame(out)


# %% right="counts by month, then rolling sums" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    months = range(rows["month"].min(), rows["month"].max() + 1)
    by_month = {month: part for month, part in rows.groupby("month")}
    table = []
    for place in range(window - 1, len(months)):
        parts = [by_month[m] for m in months[place - window + 1 : place + 1] if m in by_month]
        inside = pd.concat(parts) if parts else rows.iloc[:0]
        table.append([months[place], *tpr_gap(inside)])
    return pd.DataFrame(table, columns=["month", "gap", "low", "high"])


# %% hardcoded="the months of the example" exercise="monthly_audit"
def monthly_audit(rows, window=3):
    return pd.DataFrame({"month": [2, 3, 4, 5], "gap": 0.1, "low": 0.0, "high": 0.2})


# %% wrong="uses_the_point_estimate" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    in_a_row = 0
    for month, gap in zip(table["month"], table["gap"]):
        if np.isnan(gap):
            continue
        in_a_row = in_a_row + 1 if gap > limit else 0
        if in_a_row == consecutive:
            return int(month)
    return None


# %% wrong="month_of_the_first_one" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    series = []
    for month, low in zip(table["month"], table["low"]):
        if np.isnan(low):
            continue
        series = [*series, month] if low > limit else []
        if len(series) == consecutive:
            return int(series[0])
    return None


# %% wrong="returns_the_place" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    in_a_row = 0
    for place, low in enumerate(table["low"]):
        if np.isnan(low):
            continue
        in_a_row = in_a_row + 1 if low > limit else 0
        if in_a_row == consecutive:
            return place
    return None


# %% wrong="counts_breaches_that_are_not_in_a_row" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    months = table.loc[table["low"] > limit, "month"]
    return int(months.iloc[consecutive - 1]) if len(months) >= consecutive else None


# %% wrong="one_breach_is_enough" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    months = table.loc[table["low"] > limit, "month"]
    return int(months.iloc[0]) if len(months) else None


# %% wrong="missing_month_counts_as_fine" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    in_a_row = 0
    for month, low in zip(table["month"], table["low"]):
        in_a_row = in_a_row + 1 if low > limit else 0
        if in_a_row == consecutive:
            return int(month)
    return None


# %% wrong="missing_month_counts_as_breach" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    in_a_row = 0
    for month, low in zip(table["month"], table["low"]):
        in_a_row = 0 if low <= limit else in_a_row + 1
        if in_a_row == consecutive:
            return int(month)
    return None


# %% wrong="equal_counts_as_breach" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    count, found = 0, None
    for month, low in zip(table["month"], table["low"]):
        if np.isnan(low):
            continue
        count = count + 1 if low >= limit else 0
        if count >= consecutive:
            return month
    return found


# %% wrong="returns_the_last_alarm" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    count, found = 0, None
    for month, low in zip(table["month"], table["low"]):
        if np.isnan(low):
            continue
        count = count + 1 if low > limit else 0
        if count >= consecutive:
            found = month
    return found


# %% wrong="number_for_no_alarm" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    count, found = 0, -1
    for month, low in zip(table["month"], table["low"]):
        if np.isnan(low):
            continue
        count = count + 1 if low > limit else 0
        if count >= consecutive:
            return month
    return found


# %% right="rolling minimum" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    known = table.dropna(subset=["low"])
    alarm = known["low"].rolling(consecutive).min() > limit
    return int(known.loc[alarm, "month"].iloc[0]) if alarm.any() else None


# %% right="a text of breaches" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    rows = [(m, low) for m, low in zip(table["month"], table["low"]) if not pd.isna(low)]
    text = "".join("x" if low > limit else "." for _, low in rows)
    place = text.find("x" * consecutive)
    return rows[place + consecutive - 1][0] if place >= 0 else None


# %% right="a returned NumPy number" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    count = 0
    for _, row in table.iterrows():
        if not np.isfinite(row["low"]):
            continue
        if row["low"] <= limit:
            count = 0
            continue
        count += 1
        if count >= consecutive:
            return np.int64(row["month"])


# %% hardcoded="the example" exercise="first_breach"
def first_breach(table, limit=0.2, consecutive=2):
    return 6
