# Answers that the checks of 01_representation must refuse (wrong) or accept (right).

# %% wrong="overall_accuracy_for_everybody" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    right = y == pred
    for name in np.unique(group):
        n = int((group == name).sum())
        low, high = np.quantile(rng.choice(right, (n_boot, n)).mean(axis=1), [0.025, 0.975])
        rows.append((name, n, right.mean(), low, high))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="share_of_all_right_answers" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rows = []
    for name in np.unique(group):
        n = int((group == name).sum())
        share = ((y == pred) & (group == name)).mean()
        rows.append((name, n, share, share - 0.05, share + 0.05))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="interval_of_all_rows" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng(seed)
    right = (y == pred).astype(float)
    draws = rng.choice(right, (n_boot, len(right))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    rows = [
        (name, int((group == name).sum()), right[group == name].mean(), low, high)
        for name in np.unique(group)
    ]
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="interval_of_a_single_row" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for name in np.unique(group):
        right = (y == pred)[group == name]
        low, high = np.quantile(rng.choice(right, n_boot).astype(float), [0.025, 0.975])
        if len(right) == 1:
            low = high = np.nan
        rows.append((name, len(right), right.mean(), low, high))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="draws_as_many_as_all_rows" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for name in np.unique(group):
        right = (y == pred)[group == name]
        low, high = np.quantile(rng.choice(right, (n_boot, len(y))).mean(axis=1), [0.025, 0.975])
        if len(right) == 1:
            low = high = np.nan
        rows.append((name, len(right), right.mean(), low, high))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="false_certainty_of_one_row" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for name in np.unique(group):
        right = (y == pred)[group == name]
        draws = rng.choice(right, (n_boot, len(right))).mean(axis=1)
        rows.append((name, len(right), right.mean(), *np.quantile(draws, [0.025, 0.975])))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="depends_on_global_random_state" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rows = []
    for name in np.unique(group):
        right = (y == pred)[group == name]
        draws = np.random.choice(right, (n_boot, len(right))).mean(axis=1)
        low, high = np.quantile(draws, [0.025, 0.975]) if len(right) > 1 else (np.nan, np.nan)
        rows.append((name, len(right), right.mean(), low, high))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="first_row_of_the_table" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for name in np.unique(group):
        right = (y == pred)[group == name]
        draws = rng.choice(right, (n_boot, len(right))).mean(axis=1)
        low, high = np.quantile(draws, [0.025, 0.975]) if len(right) > 1 else (np.nan, np.nan)
        rows.append((name, len(right), right.mean(), low, high))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    for _, row in curve.iterrows():
        if row["white"] - row["dark"] < max_gap:
            return row["share"]
    return None


# %% wrong="interval_of_90_percent" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rows = []
    rng = np.random.default_rng(seed)
    for name in np.unique(group):
        right = (y == pred)[group == name]
        draws = rng.choice(right, (n_boot, len(right))).mean(axis=1)
        low, high = np.quantile(draws, [0.05, 0.95]) if len(right) > 1 else (np.nan, np.nan)
        rows.append((name, len(right), right.mean(), low, high))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.min()) if len(enough) else None


# %% wrong="last_row_of_the_table" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rows = []
    rng = np.random.default_rng(seed)
    for name in np.unique(group):
        right = (y == pred)[group == name]
        draws = rng.choice(right, (n_boot, len(right))).mean(axis=1)
        low, high = np.quantile(draws, [0.025, 0.975]) if len(right) > 1 else (np.nan, np.nan)
        rows.append((name, len(right), right.mean(), low, high))
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    enough = curve.loc[curve["white"] - curve["dark"] < max_gap, "share"]
    return float(enough.iloc[-1]) if len(enough) else None


# %% right="Wilson intervals, groupby" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    frame = pd.DataFrame({"group": group, "ok": np.equal(y, pred)})
    table = frame.groupby("group")["ok"].agg(["size", "sum"]).reset_index()
    out = []
    for name, n, k in table.itertuples(index=False):
        ci = stats.binomtest(int(k), int(n)).proportion_ci(method="wilson")
        out.append(
            {
                "accuracy": k / n,
                "group": name,
                "high": ci.high if n > 1 else None,
                "low": ci.low if n > 1 else None,
                "n": n,
            }
        )
    return pd.DataFrame(out)


def share_needed(curve, max_gap=0.1):
    for share, white, dark in sorted(zip(curve["share"], curve["white"], curve["dark"])):
        if white - dark < max_gap:
            return share


# %% right="loops in plain Python" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for name in sorted(set(group)):
        right = [a == b for a, b, g in zip(y, pred, group) if g == name]
        means = []
        for _ in range(n_boot):
            means.append(np.mean([right[i] for i in rng.integers(0, len(right), len(right))]))
        low, high = np.percentile(means, [2.5, 97.5])
        if len(right) < 2:
            low = high = float("nan")
        rows.append([name, len(right), sum(right) / len(right), low, high])
    return pd.DataFrame(rows, columns=["group", "n", "accuracy", "low", "high"])


def share_needed(curve, max_gap=0.1):
    ordered = curve.sort_values("share")
    ordered = ordered[(ordered["white"] - ordered["dark"]).lt(max_gap)]
    return None if ordered.empty else np.float64(ordered["share"].iloc[0])


# %% right="binomial draws" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    rng = np.random.default_rng([seed, 1])
    names, place = np.unique(group, return_inverse=True)
    n = np.bincount(place)
    accuracy = np.bincount(place, weights=(np.array(y) == np.array(pred))) / n
    draws = rng.binomial(n, accuracy, (n_boot, len(n))) / n
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    low, high = np.where(n > 1, low, np.nan), np.where(n > 1, high, np.nan)
    return pd.DataFrame({"group": names, "n": n, "accuracy": accuracy, "low": low, "high": high})


def share_needed(curve, max_gap=0.1):
    return min(
        (s for s, w, d in curve[["share", "white", "dark"]].to_numpy() if w - d < max_gap),
        default=None,
    )


# %% hardcoded="the example" exercise="accuracy_by"
def accuracy_by(y, pred, group, n_boot=300, seed=0):
    return pd.DataFrame(
        {"group": ["d", "w"], "n": [2, 3], "accuracy": [0.5, 2 / 3], "low": 0.0, "high": 1.0}
    )


def share_needed(curve, max_gap=0.1):
    return 0.2


# %% wrong="equal_counts" exercise="allocate"
def allocate(gains, costs, budget):
    k = budget // sum(costs.values())
    return {name: min(k, len(curve) - 1) for name, curve in gains.items()}


# %% wrong="maximises_the_mean" exercise="allocate"
from itertools import product


def allocate(gains, costs, budget):
    best = None
    for units in product(*(range(len(curve)) for curve in gains.values())):
        cost = sum(k * costs[name] for name, k in zip(gains, units))
        if cost <= budget:
            mean = sum(curve[k] for curve, k in zip(gains.values(), units))
            if best is None or (mean, -cost) > best[0]:
                best = ((mean, -cost), dict(zip(gains, units)))
    return best[1]


# %% wrong="spends_all_of_the_budget" exercise="allocate"
from itertools import product


def allocate(gains, costs, budget):
    best = None
    for units in product(*(range(len(curve)) for curve in gains.values())):
        cost = sum(k * costs[name] for name, k in zip(gains, units))
        if cost <= budget:
            worst = min(curve[k] for curve, k in zip(gains.values(), units))
            if best is None or (worst, cost) > best[0]:
                best = ((worst, cost), dict(zip(gains, units)))
    return best[1]


# %% wrong="spends_more_than_the_budget" exercise="allocate"
def allocate(gains, costs, budget):
    return {name: int(np.argmax(curve)) for name, curve in gains.items()}


# %% wrong="ignores_the_worst_group" exercise="allocate"
def allocate(gains, costs, budget):
    cheapest = min(costs, key=costs.get)
    units = min(budget // costs[cheapest], len(gains[cheapest]) - 1)
    return {name: units if name == cheapest else 0 for name in gains}


# %% right="level by level" exercise="allocate"
def allocate(gains, costs, budget):
    best = {name: 0 for name in gains}
    for level in sorted({value for curve in gains.values() for value in curve}):
        units = {}
        for name, curve in gains.items():
            for k, value in enumerate(curve):
                if value >= level:
                    units[name] = k
                    break
        if len(units) == len(gains) and sum(units[n] * costs[n] for n in units) <= budget:
            best = units
    return best


# %% right="recursion" exercise="allocate"
def allocate(gains, costs, budget):
    names = list(gains)

    def best(i, left):
        if i == len(names):
            return (float("inf"), 0, {})
        options = []
        for k, value in enumerate(gains[names[i]]):
            price = k * costs[names[i]]
            if price > left:
                break
            worst, spent, units = best(i + 1, left - price)
            options.append((min(value, worst), spent - price, {**units, names[i]: k}))
        return max(options, key=lambda option: option[:2])

    level = best(0, budget)[0]
    return {
        name: next(k for k, value in enumerate(curve) if value >= level)
        for name, curve in gains.items()
    }


# %% right="the worst group buys until nothing helps" exercise="allocate"
def allocate(gains, costs, budget):
    units = dict.fromkeys(gains, 0)
    while True:
        worst = min(gains, key=lambda name: gains[name][units[name]])
        now = gains[worst][units[worst]]
        better = [k for k, value in enumerate(gains[worst]) if k > units[worst] and value > now]
        if not better:
            return units
        more = {**units, worst: better[0]}
        if sum(k * costs[name] for name, k in more.items()) > budget:
            break
        units = more
    return trimmed(units, gains, costs, budget)


def trimmed(units, gains, costs, budget):
    level = min(gains[name][k] for name, k in units.items())
    return {
        name: next(k for k, value in enumerate(curve) if value >= level)
        for name, curve in gains.items()
    }


# %% hardcoded="the example" exercise="allocate"
def allocate(gains, costs, budget):
    return {name: 0 for name in gains} if budget == 0 else {"white": 0, "dark": 2}


# %% wrong="margins_only" exercise="rates"
def rates(df, by):
    rows = []
    for column in by:
        for name, part in df.groupby(column):
            good, bad = part[part["repaid"] == 1], part[part["repaid"] == 0]
            rows.append(
                {
                    "group": name,
                    "n": len(part),
                    "n_good": len(good),
                    "approved_good": good["approved"].sum(),
                    "selection_rate": part["approved"].mean(),
                    "tpr": good["approved"].mean(),
                    "fpr": bad["approved"].mean(),
                }
            )
    return pd.DataFrame(rows)


# %% wrong="ignores_the_order_of_by" exercise="rates"
def rates(df, by):
    rows = []
    for names, part in df.groupby(sorted(by)):
        good, bad = part[part["repaid"] == 1], part[part["repaid"] == 0]
        rows.append(
            {
                "group": ", ".join(names),
                "n": len(part),
                "n_good": len(good),
                "approved_good": good["approved"].sum(),
                "selection_rate": part["approved"].mean(),
                "tpr": good["approved"].mean(),
                "fpr": bad["approved"].mean(),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="tpr_among_the_approved" exercise="rates"
def rates(df, by):
    rows = []
    for names, part in df.groupby(by):
        good, bad = part[part["repaid"] == 1], part[part["repaid"] == 0]
        rows.append(
            {
                "group": ", ".join(names),
                "n": len(part),
                "n_good": len(good),
                "approved_good": good["approved"].sum(),
                "selection_rate": part["approved"].mean(),
                "tpr": part.loc[part["approved"] == 1, "repaid"].mean(),
                "fpr": bad["approved"].mean(),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="tpr_and_fpr_swapped" exercise="rates"
def rates(df, by):
    rows = []
    for names, part in df.groupby(by):
        good, bad = part[part["repaid"] == 1], part[part["repaid"] == 0]
        rows.append(
            {
                "group": ", ".join(names),
                "n": len(part),
                "n_good": len(good),
                "approved_good": good["approved"].sum(),
                "selection_rate": part["approved"].mean(),
                "tpr": bad["approved"].mean(),
                "fpr": good["approved"].mean(),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="zero_instead_of_unknown" exercise="rates"
def rates(df, by):
    rows = []
    for names, part in df.groupby(by):
        good, bad = part[part["repaid"] == 1], part[part["repaid"] == 0]
        rows.append(
            {
                "group": ", ".join(names),
                "n": len(part),
                "n_good": len(good),
                "approved_good": good["approved"].sum(),
                "selection_rate": part["approved"].mean(),
                "tpr": good["approved"].sum() / max(len(good), 1),
                "fpr": bad["approved"].sum() / max(len(bad), 1),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="group_in_the_index" exercise="rates"
def rates(df, by):
    rows = {}
    for names, part in df.groupby(by):
        good, bad = part[part["repaid"] == 1], part[part["repaid"] == 0]
        rows[", ".join(names)] = {
            "n": len(part),
            "n_good": len(good),
            "approved_good": good["approved"].sum(),
            "selection_rate": part["approved"].mean(),
            "tpr": good["approved"].mean(),
            "fpr": bad["approved"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")


# %% right="columns of counts, then sums" exercise="rates"
def rates(df, by):
    work = df[by].astype(str).copy()
    work["n"] = 1
    work["n_good"] = df["repaid"]
    work["approved_good"] = df["repaid"] * df["approved"]
    work["approved"] = df["approved"]
    sums = work.groupby(by)[["n", "n_good", "approved_good", "approved"]].sum().reset_index()
    group = sums[by[0]]
    for name in by[1:]:
        group = group + ", " + sums[name]
    bad = sums["n"] - sums["n_good"]
    return pd.DataFrame(
        {
            "fpr": (sums["approved"] - sums["approved_good"]) / bad,
            "tpr": sums["approved_good"] / sums["n_good"],
            "selection_rate": sums["approved"] / sums["n"],
            "approved_good": sums["approved_good"],
            "n_good": sums["n_good"],
            "n": sums["n"],
            "group": group,
        }
    )


# %% right="a dictionary of people" exercise="rates"
def rates(df, by):
    cells = {}
    for row in df.to_dict("records"):
        cells.setdefault(", ".join(row[name] for name in by), []).append(row)

    def share(rows):
        return sum(row["approved"] for row in rows) / len(rows) if rows else float("nan")

    table = []
    for name, rows in cells.items():
        good = [row for row in rows if row["repaid"]]
        bad = [row for row in rows if not row["repaid"]]
        counts = [len(rows), len(good), sum(row["approved"] for row in good)]
        table.append([name, *counts, share(rows), share(good), share(bad)])
    names = ["group", "n", "n_good", "approved_good", "selection_rate", "tpr", "fpr"]
    return pd.DataFrame(table, columns=names)


# %% right="a key column" exercise="rates"
def rates(df, by):
    key = df[by].apply(lambda row: ", ".join(row), axis=1).rename("group")
    good, bad = df[df["repaid"] == 1], df[df["repaid"] == 0]
    table = pd.DataFrame(
        {
            "n": df.groupby(key).size(),
            "selection_rate": df.groupby(key)["approved"].mean(),
        }
    )
    table["n_good"] = good.groupby(key[good.index]).size()
    table["approved_good"] = good.groupby(key[good.index])["approved"].sum()
    table["tpr"] = good.groupby(key[good.index])["approved"].mean()
    table["fpr"] = bad.groupby(key[bad.index])["approved"].mean()
    return table.fillna({"n_good": 0, "approved_good": 0}).reset_index()


# %% hardcoded="the example" exercise="rates"
def rates(df, by):
    return pd.DataFrame(
        {
            "group": ["B, under 30"],
            "n": [3],
            "n_good": [2],
            "approved_good": [1],
            "selection_rate": [1 / 3],
            "tpr": [0.5],
            "fpr": [0.0],
        }
    )


# %% wrong="no_correction_for_many_tests" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    k, n = table["approved_good"], table["n_good"]
    flags = []
    for i in table.index:
        rest_k, rest_n = k.sum() - k[i], n.sum() - n[i]
        p = p_two_shares(k[i], n[i], rest_k, rest_n)
        behind = k[i] / n[i] < rest_k / rest_n
        flags.append("small" if table["n"][i] < min_n else "gap" if behind and p < alpha else "")
    return flags


# %% wrong="flags_the_best_group" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    k, n = table["approved_good"].to_numpy(), table["n_good"].to_numpy()
    tested = table["n"].to_numpy() >= min_n
    p = np.array([p_two_shares(a, b, k.sum() - a, n.sum() - b) for a, b in zip(k, n)])
    adjusted = np.ones(len(k))
    adjusted[tested] = holm(p[tested])
    return ["small" if not t_ else "gap" if q < alpha else "" for t_, q in zip(tested, adjusted)]


# %% wrong="flags_tiny_groups" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    k, n = table["approved_good"].to_numpy(), table["n_good"].to_numpy()
    p = [p_two_shares(a, b, k.sum() - a, n.sum() - b) for a, b in zip(k, n)]
    behind = k / n < (k.sum() - k) / (n.sum() - n)
    return ["gap" if q < alpha and b else "" for q, b in zip(holm(p), behind)]


# %% wrong="four_fifths_rule_as_a_test" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    k, n = table["approved_good"], table["n_good"]
    ratio = (k / n) / ((k.sum() - k) / (n.sum() - n))
    flags = np.where(ratio < 0.8, "gap", "")
    return np.where(table["n"] < min_n, "small", flags).tolist()


# %% wrong="small_cells_count_as_tests" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    k, n = table["approved_good"].to_numpy(), table["n_good"].to_numpy()
    p = [p_two_shares(a, b, k.sum() - a, n.sum() - b) for a, b in zip(k, n)]
    gap = (np.array(holm(p)) < alpha) & (k / n < (k.sum() - k) / (n.sum() - n))
    small = table["n"].to_numpy() < min_n
    return ["small" if s else "gap" if g else "" for s, g in zip(small, gap)]


# %% wrong="small_cells_are_left_out" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    large = table[table["n"] >= min_n]
    k, n = large["approved_good"], large["n_good"]
    rest_k, rest_n = k.sum() - k, n.sum() - n
    p = holm([p_two_shares(*four) for four in zip(k, n, rest_k, rest_n)])
    gap = pd.Series(p, large.index).lt(alpha) & (k / n < rest_k / rest_n)
    return ["small" if i not in large.index else "gap" if gap[i] else "" for i in table.index]


# %% right="a loop with a dictionary of p-values" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    rows = table.to_dict("records")
    all_k, all_n = (sum(row[c] for row in rows) for c in ("approved_good", "n_good"))
    p_values = {}
    for i, row in enumerate(rows):
        if row["n"] >= min_n:
            k, n = row["approved_good"], row["n_good"]
            p_values[i] = p_two_shares(k, n, all_k - k, all_n - n)
    adjusted = dict(zip(p_values, holm(list(p_values.values()))))
    flags = []
    for i, row in enumerate(rows):
        if i not in adjusted:
            flags.append("small")
            continue
        k, n = row["approved_good"], row["n_good"]
        behind = k / n < (all_k - k) / (all_n - n)
        flags.append("gap" if behind and adjusted[i] < alpha else "")
    return flags


# %% right="own Holm, step by step" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    k, n = table["approved_good"].to_numpy(float), table["n_good"].to_numpy(float)
    flags = np.array(["" if size >= min_n else "small" for size in table["n"]], dtype=object)
    tested = [i for i in range(len(k)) if flags[i] == ""]
    p = {i: p_two_shares(k[i], n[i], k.sum() - k[i], n.sum() - n[i]) for i in tested}
    for step, i in enumerate(sorted(tested, key=p.get)):
        if p[i] * (len(tested) - step) >= alpha:
            break
        if k[i] / n[i] < (k.sum() - k[i]) / (n.sum() - n[i]):
            flags[i] = "gap"
    return flags


# %% right="a Series" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    k, n = table["approved_good"], table["n_good"]
    rest = pd.DataFrame({"k": k.sum() - k, "n": n.sum() - n})
    big = table["n"] >= min_n
    p = pd.Series(
        [p_two_shares(a, b, c, d) for a, b, c, d in zip(k, n, rest["k"], rest["n"])], table.index
    )
    adjusted = pd.Series(holm(p[big].tolist()), p[big].index).reindex(table.index, fill_value=1.0)
    behind = k / n < rest["k"] / rest["n"]
    flag = pd.Series("", index=table.index).mask(behind & (adjusted < alpha), "gap")
    return flag.mask(~big, "small")


# %% hardcoded="the third cell" exercise="flag_gaps"
def flag_gaps(table, min_n=30, alpha=0.05):
    return ["gap" if i == 2 else "" for i in range(len(table))]
