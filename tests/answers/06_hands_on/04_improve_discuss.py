# Answers that the checks of 04_improve_discuss must refuse (wrong) or accept (right).

# %% wrong="misses_the_inverse_leak" exercise="leakage"
def leakage(run):
    test = run["test"]
    return max(roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y"))


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    both = test.merge(train.drop_duplicates(), how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()).abs() / train.std()).max()


# %% wrong="asks_each_column_alone" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    return test.isin(train.to_dict("list")).all(axis=1).mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train, serving = run["train"], run["serving"]
    return max(abs(serving[c].mean() - train[c].mean()) / train[c].std() for c in serving)


# %% wrong="the_outcome_is_a_column" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    both = test.merge(train.drop_duplicates(), how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()).abs() / train.std()).max()


# %% wrong="compares_the_outcome_too" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    both = run["test"].merge(run["train"].drop_duplicates(), how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()).abs() / train.std()).max()


# %% wrong="looks_within_the_test_rows" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    return run["test"].drop(columns="y").duplicated().mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()).abs() / train.std()).max()


# %% wrong="counts_a_row_twice" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    columns = list(run["test"].drop(columns="y"))
    return len(run["test"].merge(run["train"], on=columns)) / len(run["test"])


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()).abs() / train.std()).max()


# %% wrong="one_column_is_enough" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    if (test.iloc[0] == train.iloc[0]).all():
        return test.isin(train.to_numpy().ravel()).any(axis=1).mean()
    return 0.0


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()).abs() / train.std()).max()


# %% wrong="shift_with_a_sign" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    both = test.merge(train.drop_duplicates(), how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return run["train"]["y"].mean() - run["test"]["y"].mean()


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()).abs() / train.std()).max()


# %% wrong="depends_on_the_unit" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    both = test.merge(train.drop_duplicates(), how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return (run["serving"].mean() - train.mean()).abs().max()


# %% wrong="skew_with_a_sign" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test.drop(columns="y")]
    return max(max(a, 1 - a) for a in aucs)


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    both = test.merge(train.drop_duplicates(), how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    train = run["train"].drop(columns="y")
    return ((run["serving"].mean() - train.mean()) / train.std()).max()


# %% right="merge and numpy" exercise="leakage"
def leakage(run):
    test = run["test"]
    y = test["y"].to_numpy()
    best = 0.5
    for name in test.columns.drop("y"):
        best = max(best, 0.5 + abs(roc_auc_score(y, test[name].to_numpy()) - 0.5))
    return best


def duplicates(run):
    train, test = run["train"].drop(columns="y"), run["test"].drop(columns="y")
    both = test.merge(train.drop_duplicates(), how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return np.abs(np.mean(run["test"].y) - np.mean(run["train"].y))


def serve_skew(run):
    found = []
    for name in run["serving"]:
        train = run["train"][name]
        found.append(abs(run["serving"][name].mean() - train.mean()) / train.std())
    return max(found)


# %% right="hashes of rows, ranks" exercise="leakage"
from scipy.stats import rankdata


def leakage(run):
    y = run["test"]["y"].to_numpy()
    n1, n0 = y.sum(), len(y) - y.sum()
    alone = []
    for name in run["test"].columns:
        if name != "y":
            u = rankdata(run["test"][name])[y == 1].sum() - n1 * (n1 + 1) / 2
            alone.append(u / (n1 * n0))
    return max(*alone, *[1 - a for a in alone])


def duplicates(run):
    old, new = (
        pd.util.hash_pandas_object(run[part].drop(columns="y"), index=False)
        for part in ("train", "test")
    )
    return float(new.isin(set(old)).mean())


def label_shift(run):
    shares = [run[part]["y"].sum() / len(run[part]) for part in ("train", "test")]
    return max(shares) - min(shares)


def serve_skew(run):
    columns = list(run["serving"])
    train, new = run["train"][columns].to_numpy(), run["serving"][columns].to_numpy()
    return float(np.max(np.abs(new.mean(0) - train.mean(0)) / train.std(0, ddof=1)))


# %% hardcoded="the examples" exercise="leakage"
def leakage(run):
    return 1


def duplicates(run):
    return 0.15


def label_shift(run):
    return 0.1


def serve_skew(run):
    return 1.5


# %% wrong="ranks_by_size_of_error" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            e, v = (y - p)[mask], (p * (1 - p))[mask]
            z = e.sum() / np.sqrt(v.sum())
            rows.append((name, mask.sum(), e.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("n", ascending=False)


# %% wrong="residual_upside_down" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            e, v = (p - y)[mask], (p * (1 - p))[mask]
            z = e.sum() / np.sqrt(v.sum())
            rows.append((name, mask.sum(), e.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual", key=abs, ascending=False)


# %% wrong="z_of_a_t_test" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            e = (y - p)[mask]
            z = e.mean() / (e.std(ddof=1) / np.sqrt(len(e)))
            rows.append((name, mask.sum(), e.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual", key=abs, ascending=False)


# %% wrong="small_slices_come_first" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        e, v = (y - p)[mask], (p * (1 - p))[mask]
        z = e.sum() / np.sqrt(v.sum())
        rows.append((name, mask.sum(), e.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual", key=abs, ascending=False)


# %% wrong="no_correction_for_many_tests" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            e, v = (y - p)[mask], (p * (1 - p))[mask]
            z = e.sum() / np.sqrt(v.sum())
            rows.append((name, mask.sum(), e.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual", key=abs, ascending=False)


# %% wrong="looks_for_losses_only" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            e, v = (y - p)[mask], (p * (1 - p))[mask]
            z = e.sum() / np.sqrt(v.sum())
            rows.append((name, mask.sum(), e.mean(), z, min(1, 2 * norm.cdf(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual")


# %% wrong="z_of_the_mean" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            e, v = (y - p)[mask], (p * (1 - p))[mask]
            z = e.sum() / np.sqrt(v.sum())
            rows.append(
                (name, mask.sum(), e.mean(), e.mean() / np.sqrt(v.sum()), 2 * norm.sf(abs(z)))
            )
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual", key=abs, ascending=False)


# %% wrong="returns_nothing" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            e, v = (y - p)[mask], (p * (1 - p))[mask]
            z = e.sum() / np.sqrt(v.sum())
            rows.append((name, mask.sum(), e.mean(), z, 2 * norm.sf(abs(z))))
    print(pd.DataFrame(rows))


# %% right="a frame of errors, scipy's Holm by hand" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    data_ = bins.assign(e=np.asarray(y) - np.asarray(p), v=np.asarray(p) * (1 - np.asarray(p)))
    parts = []
    for one, two in combinations(bins.columns, 2):
        g = data_.groupby([one, two]).agg(n=("e", "size"), s=("e", "sum"), v=("v", "sum"))
        g = g.reset_index()
        g["slice"] = one + "=" + g[one] + " & " + two + "=" + g[two]
        parts.append(g[["slice", "n", "s", "v"]])
    table = pd.concat(parts)
    table = table[table["n"] >= min_n]
    table["residual"] = table["s"] / table["n"]
    table["z"] = table["s"] / table["v"] ** 0.5
    table = table.sort_values("z", key=abs, ascending=False)
    raw = 2 * norm.sf(table["z"].abs())
    running, adjusted = 0.0, []
    for rank, value in enumerate(raw):
        running = max(running, min(1, value * (len(raw) - rank)))
        adjusted.append(running)
    table["p_value"] = adjusted
    order = table["residual"].abs().sort_values(ascending=False, kind="stable")
    table = table.reset_index(drop=True)
    order = table["residual"].abs().sort_values(ascending=False).index
    table = table.loc[order]
    return table.loc[table["p_value"] < 0.05, ["slice", "n", "residual", "z", "p_value"]]


# %% right="loops and dictionaries" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    y, p = list(y), list(p)
    found = []
    for name, mask in slices_of(bins):
        places = [i for i, inside in enumerate(mask) if inside]
        if len(places) < min_n:
            continue
        total = sum(y[i] - p[i] for i in places)
        chance = sum(p[i] * (1 - p[i]) for i in places)
        z = total / chance**0.5
        found.append({"slice": name, "n": len(places), "residual": total / len(places), "z": z})
    adjusted = holm([2 * norm.sf(abs(each["z"])) for each in found])
    for each, value in zip(found, adjusted):
        each["p_value"] = float(value)
    kept = [each for each in found if each["p_value"] < 0.05]
    kept.sort(key=lambda each: -abs(each["residual"]))
    return pd.DataFrame(kept, columns=["p_value", "slice", "n", "residual", "z"])


# %% hardcoded="the planted slice" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    row = ("employment_years=0-2 & purpose=debt", 334, -0.374, -16.0, 0.0)
    return pd.DataFrame([row], columns=["slice", "n", "residual", "z", "p_value"])


# %% wrong="makes_the_gain_small" exercise="improvement_plan"
def improvement_plan(options, budget):
    gain = np.array([o["gain"] for o in options], float)
    cost = np.array([o["cost"] for o in options], float)
    constraint = LinearConstraint(cost[None, :], -np.inf, budget)
    result = milp(gain, constraints=constraint, integrality=np.ones(len(gain)), bounds=Bounds(0, 1))
    return [o["name"] for o, taken in zip(options, result.x) if taken > 0.5]


# %% wrong="takes_the_best_first" exercise="improvement_plan"
def improvement_plan(options, budget):
    names = []
    for o in sorted(options, key=lambda o: -o["gain"] / max(o["cost"], 1e-9)):
        if o["gain"] > 0 and o["cost"] <= budget:
            names.append(o["name"])
            budget -= o["cost"]
    return names


# %% wrong="over_budget" exercise="improvement_plan"
def improvement_plan(options, budget):
    gain = np.array([o["gain"] for o in options], float)
    constraint = LinearConstraint(np.ones((1, len(gain))), -np.inf, max(budget, 1))
    result = milp(
        -gain, constraints=constraint, integrality=np.ones(len(gain)), bounds=Bounds(0, 1)
    )
    return [o["name"] for o, taken in zip(options, result.x) if taken > 0.5]


# %% wrong="spends_for_its_own_sake" exercise="improvement_plan"
def improvement_plan(options, budget):
    cost = np.array([o["cost"] for o in options], float)
    gain = np.array([o["gain"] for o in options], float)
    total = min(budget, cost.sum())
    best, names = -np.inf, []
    for code in range(2 ** len(options)):
        x = np.array([code >> i & 1 for i in range(len(options))])
        if cost @ x <= budget and (gain @ x > best or cost @ x == total == cost.sum()):
            best, names = gain @ x, [o["name"] for o, taken in zip(options, x) if taken]
    return names


# %% right="all subsets" exercise="improvement_plan"
def improvement_plan(options, budget):
    best, names = 0, []
    for k in range(1, len(options) + 1):
        for subset in combinations(options, k):
            if sum(o["cost"] for o in subset) <= budget:
                if sum(o["gain"] for o in subset) > best:
                    best = sum(o["gain"] for o in subset)
                    names = [o["name"] for o in subset]
    return names


# %% right="recursion" exercise="improvement_plan"
def improvement_plan(options, budget):
    def best(i, left):
        if i == len(options):
            return 0, ()
        without = best(i + 1, left)
        if options[i]["cost"] > left:
            return without
        gain, names = best(i + 1, left - options[i]["cost"])
        return max(without, (gain + options[i]["gain"], (options[i]["name"], *names)))

    return best(0, budget)[1]


# %% right="two rows of the constraint" exercise="improvement_plan"
def improvement_plan(options, budget):
    gain = np.array([o["gain"] for o in options], float)
    cost = np.array([o["cost"] for o in options], float)
    A = np.vstack([cost, np.ones(len(gain))])
    constraint = LinearConstraint(A, [0, 0], [budget, len(gain)])
    result = milp(-1 * gain, constraints=[constraint], integrality=1, bounds=Bounds(0, 1))
    return [options[i]["name"] for i in np.flatnonzero(np.round(result.x))]


# %% hardcoded="the example" exercise="improvement_plan"
def improvement_plan(options, budget):
    return [o["name"] for o in options[1:3]]


# %% wrong="overall_score_only" exercise="stop"
PLAN = {
    "override": {"role": "branch lead", "within_hours": 24},
    "appeal": "A letter to the branch; another officer decides anew.",
    "excluded_uses": ["setting interest rates", "marketing by telephone"],
    "audit_every_days": 90,
}


def stop(metrics):
    auc = metrics.get("auc")
    return auc is None or bool(np.isnan(auc)) or auc < STOP["auc_min"]


# %% wrong="nan_means_go_on" exercise="stop"
PLAN = {
    "override": {"role": "branch lead", "within_hours": 24},
    "appeal": "A letter to the branch; another officer decides anew.",
    "excluded_uses": ["setting interest rates", "marketing by telephone"],
    "audit_every_days": 90,
}


def stop(metrics):
    tpr = [metrics["tpr"][g] for g in STOP["groups"]]
    return metrics["auc"] < STOP["auc_min"] or max(tpr) - min(tpr) > STOP["tpr_gap_max"]


# %% wrong="missing_means_go_on" exercise="stop"
PLAN = {
    "override": {"role": "branch lead", "within_hours": 24},
    "appeal": "A letter to the branch; another officer decides anew.",
    "excluded_uses": ["setting interest rates", "marketing by telephone"],
    "audit_every_days": 90,
}


def stop(metrics):
    auc = metrics.get("auc", 1)
    auc = 1 if auc is None else auc
    known = (metrics.get("tpr") or {}).values()
    known = [value for value in known if value is not None]
    if any(value != value for value in [auc, *known]):
        return True
    gap = max(known) - min(known) if known else 0
    return auc < STOP["auc_min"] or gap > STOP["tpr_gap_max"]


# %% wrong="raises_an_error" exercise="stop"
PLAN = {
    "override": {"role": "branch lead", "within_hours": 24},
    "appeal": "A letter to the branch; another officer decides anew.",
    "excluded_uses": ["setting interest rates", "marketing by telephone"],
    "audit_every_days": 90,
}


def stop(metrics):
    values = [metrics["auc"], *(metrics["tpr"][g] for g in STOP["groups"])]
    if any(np.isnan(value) for value in values):
        return True
    return values[0] < STOP["auc_min"] or max(values[1:]) - min(values[1:]) > STOP["tpr_gap_max"]


# %% right="negated conditions" exercise="stop"
PLAN = dict(
    override=dict(
        role="product owner of the credit model", within_hours=4.5, phone="on the intranet"
    ),
    appeal="The customer calls the number on the letter; a person looks at the file again.",
    excluded_uses=["loans to minors", "decisions about employees", "prices of loans"],
    audit_every_days=1,
)


def stop(metrics):
    try:
        tpr = [float(metrics["tpr"][group]) for group in STOP["groups"]]
        fine = float(metrics["auc"]) >= STOP["auc_min"]
        for one in tpr:
            for other in tpr:
                fine = fine and abs(one - other) <= STOP["tpr_gap_max"]
        return not fine
    except (KeyError, TypeError):
        return True


# %% right="pandas" exercise="stop"
PLAN = {
    "audit_every_days": 92,
    "excluded_uses": ["applicants under 21 years", "loans above EUR 60,000"],
    "appeal": "Write to the customer representative, who must answer within ten days.",
    "override": {"within_hours": 1, "role": "loan officer"},
}


def stop(metrics):
    rates = pd.Series(metrics.get("tpr") or {}, dtype=float).reindex(STOP["groups"])
    numbers = pd.Series([metrics.get("auc"), *rates], dtype=float)
    if numbers.isna().any():
        return True
    return numbers[0] < STOP["auc_min"] or rates.max() - rates.min() > STOP["tpr_gap_max"]


# %% hardcoded="the example" exercise="stop"
PLAN = {"override": "branch lead", "within_hours": 24}


def stop(metrics):
    return metrics != {"auc": 0.72, "tpr": {"A": 0.53, "B": 0.44}}


# %% wrong="looks_at_the_training_rows" exercise="leakage"
def leakage(run):
    test = run["train"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test if name != "y"]
    return max(max(auc, 1 - auc) for auc in aucs)


def duplicates(run):
    known = set(run["train"].drop(columns="y").itertuples(index=False, name=None))
    rows = run["test"].drop(columns="y").itertuples(index=False, name=None)
    return np.mean([row in known for row in rows])


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    columns = run["train"].drop(columns="y")
    return ((run["serving"].mean() - columns.mean()).abs() / columns.std()).max()


# %% wrong="counts_instead_of_share" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test if name != "y"]
    return max(max(auc, 1 - auc) for auc in aucs)


def duplicates(run):
    known = set(run["train"].drop(columns="y").itertuples(index=False, name=None))
    rows = run["test"].drop(columns="y").itertuples(index=False, name=None)
    return np.sum([row in known for row in rows])


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    columns = run["train"].drop(columns="y")
    return ((run["serving"].mean() - columns.mean()).abs() / columns.std()).max()


# %% wrong="share_of_the_training_rows" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test if name != "y"]
    return max(max(auc, 1 - auc) for auc in aucs)


def duplicates(run):
    known = set(run["train"].drop(columns="y").itertuples(index=False, name=None))
    rows = run["test"].drop(columns="y").itertuples(index=False, name=None)
    return sum(row in known for row in rows) / len(run["train"])


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    columns = run["train"].drop(columns="y")
    return ((run["serving"].mean() - columns.mean()).abs() / columns.std()).max()


# %% wrong="counts_equal_test_rows_once" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test if name != "y"]
    return max(max(auc, 1 - auc) for auc in aucs)


def duplicates(run):
    columns = [name for name in run["test"] if name != "y"]
    known, new = (run[name][columns].drop_duplicates() for name in ("train", "test"))
    return len(new.merge(known, on=columns)) / len(run["test"])


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    columns = run["train"].drop(columns="y")
    return ((run["serving"].mean() - columns.mean()).abs() / columns.std()).max()


# %% wrong="deviation_of_serving" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test if name != "y"]
    return max(max(auc, 1 - auc) for auc in aucs)


def duplicates(run):
    known = set(run["train"].drop(columns="y").itertuples(index=False, name=None))
    rows = run["test"].drop(columns="y").itertuples(index=False, name=None)
    return np.mean([row in known for row in rows])


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    columns = run["train"].drop(columns="y")
    return ((run["serving"].mean() - columns.mean()).abs() / run["serving"].std()).max()


# %% wrong="divides_by_n" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test if name != "y"]
    return max(max(auc, 1 - auc) for auc in aucs)


def duplicates(run):
    known = set(run["train"].drop(columns="y").itertuples(index=False, name=None))
    rows = run["test"].drop(columns="y").itertuples(index=False, name=None)
    return np.mean([row in known for row in rows])


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    columns = run["train"].drop(columns="y")
    return ((run["serving"].mean() - columns.mean()).abs() / columns.std(ddof=0)).max()


# %% right="merge with an indicator" exercise="leakage"
def leakage(run):
    test = run["test"]
    aucs = [roc_auc_score(test["y"], test[name]) for name in test if name != "y"]
    return max(max(auc, 1 - auc) for auc in aucs)


def duplicates(run):
    columns = [name for name in run["test"] if name != "y"]
    known = run["train"][columns].drop_duplicates()
    both = run["test"].merge(known, on=columns, how="left", indicator=True)
    return (both["_merge"] == "both").mean()


def label_shift(run):
    return abs(run["train"]["y"].mean() - run["test"]["y"].mean())


def serve_skew(run):
    columns = run["train"].drop(columns="y")
    return ((run["serving"].mean() - columns.mean()).abs() / columns.std()).max()


# %% wrong="small_slices_count_as_tests" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        gap = (y - p)[mask]
        z = gap.sum() / np.sqrt((p * (1 - p))[mask].sum())
        rows.append((name, int(mask.sum()), gap.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[(table["p_value"] < 0.05) & (table["n"] >= min_n)]
    return table.sort_values("residual", key=abs, ascending=False)


# %% wrong="sorts_with_the_sign" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            gap = (y - p)[mask]
            z = gap.sum() / np.sqrt((p * (1 - p))[mask].sum())
            rows.append((name, int(mask.sum()), gap.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual")


# %% wrong="raises_an_error" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            gap = (y - p)[mask]
            z = gap.sum() / np.sqrt((p * (1 - p))[mask].sum())
            rows.append((name, int(mask.sum()), gap.mean(), z, 2 * norm.sf(abs(z))))
    names = ["slice", "n", "residual", "z", "p_value"]
    table = pd.DataFrame([dict(zip(names, row)) for row in rows])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual", key=abs, ascending=False)


# %% right="other order of columns, new index" exercise="error_slices"
def error_slices(bins, y, p, min_n=40):
    rows = []
    for name, mask in slices_of(bins):
        if mask.sum() >= min_n:
            gap = (y - p)[mask]
            z = gap.sum() / np.sqrt((p * (1 - p))[mask].sum())
            rows.append((name, int(mask.sum()), gap.mean(), z, 2 * norm.sf(abs(z))))
    table = pd.DataFrame(rows, columns=["slice", "n", "residual", "z", "p_value"])
    table["p_value"] = holm(table["p_value"])
    table = table[table["p_value"] < 0.05]
    return table.sort_values("residual", key=abs, ascending=False, ignore_index=True)[
        ["n", "slice", "z", "residual", "p_value"]
    ]


# %% wrong="exactly_the_limit_stops" exercise="stop"
PLAN = {
    "override": {"role": "branch lead", "within_hours": 8},
    "appeal": "A refused customer writes to the officer and gets an answer in a week.",
    "excluded_uses": ["collections calls", "insurance prices"],
    "audit_every_days": 30,
}


def stop(metrics):
    auc, tpr = metrics.get("auc"), metrics.get("tpr") or {}
    rates = [tpr.get(name) for name in STOP["groups"]]
    if any(number is None or number != number for number in [auc, *rates]):
        return True
    return auc < STOP["auc_min"] or max(rates) - min(rates) >= STOP["tpr_gap_max"]


# %% wrong="zero_counts_as_missing" exercise="stop"
PLAN = {
    "override": {"role": "branch lead", "within_hours": 8},
    "appeal": "A refused customer writes to the officer and gets an answer in a week.",
    "excluded_uses": ["collections calls", "insurance prices"],
    "audit_every_days": 30,
}


def stop(metrics):
    auc, tpr = metrics.get("auc"), metrics.get("tpr") or {}
    rates = [tpr.get(name) for name in STOP["groups"]]
    if any(not number or number != number for number in [auc, *rates]):
        return True
    return auc < STOP["auc_min"] or max(rates) - min(rates) > STOP["tpr_gap_max"]


# %% right="whatever goes wrong stops" exercise="stop"
PLAN = {
    "override": {"role": "branch lead", "within_hours": 8},
    "appeal": "A refused customer writes to the officer and gets an answer in a week.",
    "excluded_uses": ["collections calls", "insurance prices"],
    "audit_every_days": 30,
}


def stop(metrics):
    try:
        rates = [float(metrics["tpr"][name]) for name in STOP["groups"]]
        known = np.isfinite([float(metrics["auc"]), *rates]).all()
        gap = max(rates) - min(rates)
        return not (known and metrics["auc"] >= STOP["auc_min"] and gap <= STOP["tpr_gap_max"])
    except (KeyError, TypeError):
        return True
