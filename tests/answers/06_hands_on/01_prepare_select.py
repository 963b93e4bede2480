# Answers that the checks of 01_prepare_select must refuse (wrong) or accept (right).

# %% wrong="drops_rows_with_gaps" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).dropna().set_index("application_id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="scaled_before_the_split" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).set_index("application_id").sort_index()
    X = table[INPUTS].copy()
    X["home_owner"] = X["home_owner"].astype(float)
    X[NUMERIC] = StandardScaler().fit_transform(X[NUMERIC])
    return X, table["repaid"], table["group"]


# %% wrong="fills_the_gaps" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).set_index("application_id").sort_index()
    X = table[INPUTS].copy()
    X["debt_ratio"] = X["debt_ratio"].fillna(X["debt_ratio"].median())
    return X, table["repaid"], table["group"]


# %% wrong="the_answer_is_an_input" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).set_index("application_id").sort_index()
    return table.drop(columns=["group", "month"]), table["repaid"], table["group"]


# %% wrong="the_group_is_an_input" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).set_index("application_id").sort_index()
    return table[[*INPUTS, "group"]], table["repaid"], table["group"]


# %% wrong="guesses_an_unknown_word" exercise="prepare"
def prepare(raw):
    known = raw["home_owner"].str.strip().str.lower().isin([*YES, *NO, *NOT_KNOWN])
    table = raw.assign(home_owner=raw["home_owner"].where(known, "?"))
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).set_index("application_id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="contract_is_not_asked" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = table.set_index("application_id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="loses_the_id" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).sort_values("application_id").reset_index(drop=True)
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="copies_are_still_there" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE[1:]:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = table.set_index("application_id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="incomes_in_two_units" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        if step["step"] != "fix_income_units":
            table = REGISTRY[step["step"]](table, **step["params"])
    table = table.set_index("application_id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="raises_an_error" exercise="prepare"
def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = CONTRACT.validate(table, lazy=True).set_index("id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="contract_stops_at_the_first_fault" exercise="prepare"
def prepare(raw):
    table = CONTRACT.validate(raw)
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    table = table.set_index("application_id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% wrong="contract_refuses_the_table" exercise="prepare"
def prepare(raw):
    # Only the last step is kept: each one starts from the raw extract again.
    for step in RECIPE:
        table = REGISTRY[step["step"]](raw, **step["params"])
    table = CONTRACT.validate(table, lazy=True).set_index("application_id").sort_index()
    return table[INPUTS], table["repaid"], table["group"]


# %% right="reduce, and three lists" exercise="prepare"
from functools import reduce


def prepare(raw):
    table = reduce(lambda df, step: REGISTRY[step["step"]](df, **step["params"]), RECIPE, raw)
    CONTRACT.validate(table, lazy=True)
    table = table.sort_values("application_id").set_index("application_id")
    X = table[INPUTS[::-1]].astype({"home_owner": float})
    return [X, table.pop("repaid"), table.pop("group")]


# %% right="without the functions of the course, in pandas" exercise="prepare"
def prepare(raw):
    df = raw.sort_values(["application_id", "month"]).groupby("application_id").tail(1)
    df = df.set_index("application_id").copy()
    age = pd.to_numeric(df["age"], errors="coerce")
    df["age"] = age.where((age >= 18) & (age <= 100))
    df["income_keur"] = np.where(
        df["income_keur"] > 500, df["income_keur"] / 1000, df["income_keur"]
    )
    words = df["home_owner"].str.strip().str.lower()
    codes = dict.fromkeys(YES, 1.0) | dict.fromkeys(NO, 0.0) | dict.fromkeys(NOT_KNOWN, np.nan)
    if not set(words.dropna()) <= set(codes):
        raise ValueError(f"unknown: {set(words) - set(codes)}")
    df["home_owner"] = words.map(codes)
    df["purpose"] = df["purpose"].str.strip().str.lower()
    checked = df.reset_index()
    assert checked["purpose"].isin(["car", "debt", "home", "other"]).all()
    assert checked["debt_ratio"].dropna().between(0, 0.95).all()
    assert checked["month"].between(0, 11).all()
    assert checked["income_keur"].between(1, 500).all()
    return df[INPUTS], df["repaid"], df["group"]


# %% right="with DuckDB at the end" exercise="prepare"
import duckdb


def prepare(raw):
    table = raw
    for step in RECIPE:
        table = REGISTRY[step["step"]](table, **step["params"])
    ok = CONTRACT.validate(table, lazy=True).astype({"home_owner": float})
    names = ", ".join(f'"{name}"' for name in [*INPUTS, "repaid", "group"])
    rows = duckdb.sql(f"SELECT application_id, {names} FROM ok ORDER BY 1").df()
    rows = rows.set_index("application_id")
    return rows[INPUTS], rows["repaid"], rows["group"]


# %% hardcoded="the shape of the example" exercise="prepare"
def prepare(raw):
    ids = pd.Index(sorted(set(raw["application_id"])), name="application_id")
    X = pd.DataFrame(0.0, index=ids, columns=INPUTS)
    return X, pd.Series(1, index=ids), pd.Series("A", index=ids)


# %% wrong="accuracy_instead_of_auc" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame({n: cross_val_score(m, X, y, cv=folds) for n, m in models.items()})
    d = scores.rsub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})
    return table.index[table["behind"] <= table["se"]][0], table


# %% wrong="takes_the_highest_mean" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc") for n, m in models.items()}
    )
    best = scores.mean().idxmax()
    d = scores.rsub(scores[best], axis=0)
    return best, pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})


# %% wrong="unpaired_error" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc") for n, m in models.items()}
    )
    mean = scores.mean()
    best = mean.idxmax()
    table = pd.DataFrame({"auc": mean, "behind": mean[best] - mean, "se": scores[best].sem()})
    return table.index[table["behind"] <= table["se"]][0], table


# %% wrong="makes_its_own_folds" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {n: cross_val_score(m, X, y, cv=5, scoring="roc_auc") for n, m in models.items()}
    )
    d = scores.rsub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})
    return table.index[table["behind"] <= table["se"]][0], table


# %% wrong="deviation_instead_of_error" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc") for n, m in models.items()}
    )
    d = scores.rsub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.std()})
    return table.index[table["behind"] <= table["se"]][0], table


# %% wrong="divides_by_n" exercise="select"
def select(X, y, models, folds):
    scores = {n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc") for n, m in models.items()}
    best = max(scores, key=lambda n: scores[n].mean())
    rows = {}
    for n, s in scores.items():
        d = scores[best] - s
        rows[n] = {"auc": s.mean(), "behind": d.mean(), "se": np.std(d) / np.sqrt(len(d))}
    table = pd.DataFrame(rows).T
    return next(n for n in rows if rows[n]["behind"] <= rows[n]["se"]), table


# %% wrong="difference_upside_down" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc") for n, m in models.items()}
    )
    d = scores.sub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})
    return table.index[table["behind"].abs() <= table["se"]][0], table


# %% wrong="last_instead_of_first" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc") for n, m in models.items()}
    )
    d = scores.rsub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})
    return table.index[table["behind"] <= table["se"]][-1], table


# %% wrong="nearest_instead_of_simplest" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {
            n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc")
            for n, m in sorted(models.items())
        }
    )
    d = scores.rsub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})
    return table.index[table["behind"] <= table["se"]][0], table


# %% wrong="fits_on_test_rows" exercise="select"
def select(X, y, models, folds):
    scores = {}
    for name, model in models.items():
        fitted = model.fit(X, y)
        scores[name] = [
            roc_auc_score(y.iloc[test], fitted.predict_proba(X.iloc[test])[:, 1])
            for _, test in folds
        ]
    scores = pd.DataFrame(scores)
    d = scores.rsub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})
    return table.index[table["behind"] <= table["se"]][0], table


# %% wrong="takes_the_first" exercise="select"
def select(X, y, models, folds):
    scores = pd.DataFrame(
        {n: cross_val_score(m, X, y, cv=folds, scoring="roc_auc") for n, m in models.items()}
    )
    best = scores.mean().idxmax()
    d = scores.rsub(scores[best], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": d.mean(), "se": d.sem()})
    limit = scores[best].mean() - scores[best].sem()
    return table.index[table["auc"] >= limit][0], table


# %% right="a loop over folds" exercise="select"
from sklearn.base import clone


def select(X, y, models, folds):
    auc = {name: [] for name in models}
    for train, test in folds:
        for name, model in models.items():
            p = clone(model).fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]
            auc[name].append(roc_auc_score(y.iloc[test], p))
    auc = {name: np.array(values) for name, values in auc.items()}
    best = max(auc, key=lambda name: round(auc[name].mean(), 12))
    rows = []
    for name, values in auc.items():
        gap = auc[best] - values
        rows.append([values.mean(), gap.mean(), gap.std(ddof=1) / len(gap) ** 0.5])
    table = pd.DataFrame(rows, index=list(auc), columns=["auc", "behind", "se"])
    ok = [name for name in auc if table.at[name, "behind"] <= table.at[name, "se"] + 1e-12]
    return ok[0], table


# %% right="cross_validate, more columns" exercise="select"
from sklearn.model_selection import cross_validate


def select(X, y, models, folds):
    runs = {
        n: cross_validate(m, X, y, cv=folds, scoring=["roc_auc", "accuracy"])
        for n, m in models.items()
    }
    scores = pd.DataFrame({name: run["test_roc_auc"] for name, run in runs.items()})
    d = -scores.sub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame(
        {
            "se": d.sem(),
            "behind": d.mean(),
            "auc": scores.mean(),
            "accuracy": {name: run["test_accuracy"].mean() for name, run in runs.items()},
        }
    )
    name = next(name for name in models if table["behind"][name] <= table["se"][name])
    return [name, table]


# %% hardcoded="the example" exercise="select"
def select(X, y, models, folds):
    rows = {"simple": [0.72, 0.01, 0.01 / 3**0.5], "complicated": [0.73, 0, 0]}
    table = pd.DataFrame(rows, index=["auc", "behind", "se"]).T
    return "complicated", table


# %% wrong="one_factor_at_a_time" exercise="experiment"
def experiment(factors, run, seeds):
    start = {name: levels[0] for name, levels in factors.items()}
    settings = [start]
    for name, levels in factors.items():
        settings += [{**start, name: level} for level in levels[1:]]
    return pd.DataFrame(
        [{**s, "seed": seed, "value": run(**s, seed=seed)} for s in settings for seed in seeds]
    )


# %% wrong="other_seeds_for_each_combination" exercise="experiment"
def experiment(factors, run, seeds):
    rows, seeds = [], list(seeds)
    for number, levels in enumerate(product(*factors.values())):
        s = dict(zip(factors, levels))
        for seed in seeds:
            new = 100 * number + seed
            rows.append({**s, "seed": new, "value": run(**s, seed=new)})
    return pd.DataFrame(rows)


# %% wrong="averages_over_seeds" exercise="experiment"
def experiment(factors, run, seeds):
    rows = []
    for levels in product(*factors.values()):
        s = dict(zip(factors, levels))
        rows.append({**s, "value": np.mean([run(**s, seed=seed) for seed in seeds])})
    return pd.DataFrame(rows)


# %% wrong="pairs_levels_up" exercise="experiment"
def experiment(factors, run, seeds):
    rows = []
    for levels in zip(*factors.values()):
        s = dict(zip(factors, levels))
        rows += [{**s, "seed": seed, "value": run(**s, seed=seed)} for seed in seeds]
    return pd.DataFrame(rows)


# %% wrong="raises_an_error" exercise="experiment"
def experiment(factors, run, seeds):
    # Levels by position: run(2, 1, 0) only works while the order of names fits.
    rows = []
    for levels in product(*sorted(factors.values(), key=str, reverse=True)):
        s = dict(zip(factors, levels))
        rows += [{**s, "seed": seed, "value": run(*levels, seed)} for seed in seeds]
        run(**{name.upper(): 1 for name in factors}, seed=0)
    return pd.DataFrame(rows)


# %% right="a recursive design" exercise="experiment"
def experiment(factors, run, seeds):
    settings = [{}]
    for name, levels in factors.items():
        settings = [{**s, name: level} for s in settings for level in levels]
    rows = []
    for seed in seeds:
        for s in settings:
            rows.append({"value": run(seed=seed, **s), "seed": seed, **s})
    return pd.DataFrame.from_records(rows)


# %% right="ParameterGrid of scikit-learn" exercise="experiment"
from sklearn.model_selection import ParameterGrid


def experiment(factors, run, seeds):
    grid = pd.DataFrame(list(ParameterGrid({**factors, "seed": list(seeds)})), dtype=object)
    grid["value"] = [run(**setting) for setting in grid.to_dict("records")]
    return grid


# %% right="a product of frames" exercise="experiment"
def experiment(factors, run, seeds):
    table = pd.DataFrame({"seed": list(seeds)}, dtype=object)
    for name, levels in factors.items():
        table = table.merge(
            pd.DataFrame({name: pd.Series(list(levels), dtype=object)}), how="cross"
        )
    return table.assign(value=[run(**row) for row in table.to_dict("records")])


# %% hardcoded="the example" exercise="experiment"
def experiment(factors, run, seeds):
    rows = [(d, leaf, s, d + leaf + s) for d in (2, 8) for leaf in (1, 50) for s in range(3)]
    return pd.DataFrame(rows, columns=["depth", "leaf", "seed", "value"])


# %% wrong="error_over_all_rows" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.drop(["seed", "value"]):
        for level, part in table.groupby(factor):
            rows.append((factor, level, part["value"].mean(), part["value"].sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    cells = table.groupby([a, b], sort=False)["value"]
    if len(cells) < 4 or cells.size().nunique() > 1:
        raise ValueError("not balanced")
    m = cells.mean()
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()
    return m[a2, b2] - m[a2, b1] - m[a1, b2] + m[a1, b1]


# %% wrong="deviation_instead_of_error" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.drop(["seed", "value"]):
        for level, part in table.groupby(factor):
            means = part.groupby("seed")["value"].mean()
            rows.append((factor, level, means.mean(), means.std()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    cells = table.groupby([a, b], sort=False)["value"]
    if len(cells) < 4 or cells.size().nunique() > 1:
        raise ValueError("not balanced")
    m = cells.mean()
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()
    return m[a2, b2] - m[a2, b1] - m[a1, b2] + m[a1, b1]


# %% wrong="divides_by_n" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.drop(["seed", "value"]):
        for level, part in table.groupby(factor):
            means = part.groupby("seed")["value"].mean().to_numpy()
            rows.append((factor, level, means.mean(), np.std(means) / np.sqrt(len(means))))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    cells = table.groupby([a, b], sort=False)["value"]
    if len(cells) < 4 or cells.size().nunique() > 1:
        raise ValueError("not balanced")
    m = cells.mean()
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()
    return m[a2, b2] - m[a2, b1] - m[a1, b2] + m[a1, b1]


# %% wrong="seed_as_a_factor" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.drop("value"):
        for level, part in table.groupby(factor):
            means = part.groupby("seed")["value"].mean()
            rows.append((factor, level, means.mean(), means.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    cells = table.groupby([a, b], sort=False)["value"]
    if len(cells) < 4 or cells.size().nunique() > 1:
        raise ValueError("not balanced")
    m = cells.mean()
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()
    return m[a2, b2] - m[a2, b1] - m[a1, b2] + m[a1, b1]


# %% wrong="effect_instead_of_interaction" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.drop(["seed", "value"]):
        for level, part in table.groupby(factor):
            means = part.groupby("seed")["value"].mean()
            rows.append((factor, level, means.mean(), means.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    cells = table.groupby([a, b], sort=False)["value"]
    if len(cells) < 4 or cells.size().nunique() > 1:
        raise ValueError("not balanced")
    m = cells.mean()
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()
    return (m[a2, b2] - m[a2, b1] - m[a1, b2] + m[a1, b1]) / 2


# %% wrong="interaction_upside_down" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.drop(["seed", "value"]):
        for level, part in table.groupby(factor):
            means = part.groupby("seed")["value"].mean()
            rows.append((factor, level, means.mean(), means.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    cells = table.groupby([a, b], sort=False)["value"]
    if len(cells) < 4 or cells.size().nunique() > 1:
        raise ValueError("not balanced")
    m = cells.mean()
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()
    return (m[a1, b2] - m[a1, b1]) - (m[a2, b2] - m[a2, b1])


# %% wrong="means_of_an_unbalanced_table" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.drop(["seed", "value"]):
        for level, part in table.groupby(factor):
            means = part.groupby("seed")["value"].mean()
            rows.append((factor, level, means.mean(), means.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()

    def m(i, j):
        return table.loc[(table[a] == i) & (table[b] == j), "value"].mean()

    return (m(a2, b2) - m(a2, b1)) - (m(a1, b2) - m(a1, b1))


# %% right="pivot tables, and a linear model" exercise="main_effects"
def main_effects(table):
    parts = []
    for factor in [c for c in table if c not in ("seed", "value")]:
        wide = table.pivot_table("value", index=factor, columns="seed", aggfunc="mean")
        rows = pd.DataFrame(
            {"mean": wide.mean(axis=1), "se": wide.std(axis=1) / wide.shape[1] ** 0.5}
        )
        parts.append(rows.rename_axis("level").reset_index().assign(factor=factor))
    return pd.concat(parts, ignore_index=True)


def interaction(table, a, b):
    counts = table.groupby([a, b]).size().unstack(fill_value=0).to_numpy()
    if (counts != counts.max()).any():
        raise ValueError("not balanced")
    x = (table[a] != table[a].iloc[0]).to_numpy(float)
    z = (table[b] != table[b].iloc[0]).to_numpy(float)
    design = np.column_stack([np.ones(len(table)), x, z, x * z])
    return float(np.linalg.lstsq(design, table["value"].to_numpy(), rcond=None)[0][3])


# %% right="loops and masks" exercise="main_effects"
def main_effects(table):
    result = {"factor": [], "level": [], "mean": [], "se": []}
    for factor in table.columns:
        if factor in ("seed", "value"):
            continue
        for level in table[factor].unique():
            seeds = table["seed"].unique()
            means = np.array(
                [
                    table[(table[factor] == level) & (table["seed"] == s)]["value"].mean()
                    for s in seeds
                ]
            )
            result["factor"].append(factor)
            result["level"].append(str(level))
            result["mean"].append(means.mean())
            result["se"].append(means.std(ddof=1) / len(seeds) ** 0.5)
    return pd.DataFrame(result)


def interaction(table, a, b):
    mean, sizes = {}, set()
    for i in table[a].unique():
        for j in table[b].unique():
            values = table[(table[a] == i) & (table[b] == j)]["value"]
            mean[i, j] = values.mean()
            sizes.add(len(values))
    if len(sizes) > 1:
        raise ValueError("combinations with different numbers of rows")
    first, second = table[a].unique()
    low, high = table[b].unique()
    return (mean[second, high] - mean[second, low]) - (mean[first, high] - mean[first, low])


# %% hardcoded="the example" exercise="main_effects"
def main_effects(table):
    return pd.DataFrame({"factor": ["depth"], "level": [2], "mean": [0.62], "se": [0.02]})


def interaction(table, a, b):
    if len(table) % 4:
        raise ValueError
    return 4.0


# %% wrong="sorts_the_levels" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.difference(["seed", "value"]):
        for level, part in table.groupby(factor):
            by_seed = part.groupby("seed")["value"].mean()
            rows.append((factor, level, by_seed.mean(), by_seed.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    sizes = pd.crosstab(table[a], table[b]).to_numpy()
    if sizes.min() != sizes.max():
        raise ValueError(f"not balanced: {sizes}")
    m = table.groupby([a, b])["value"].mean().unstack().to_numpy()
    return (m[1, 1] - m[1, 0]) - (m[0, 1] - m[0, 0])


# %% wrong="counts_the_whole_table" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.difference(["seed", "value"]):
        for level, part in table.groupby(factor):
            by_seed = part.groupby("seed")["value"].mean()
            rows.append((factor, level, by_seed.mean(), by_seed.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    if len(table) % 4:
        raise ValueError("not balanced")
    m, i, j = table.groupby([a, b])["value"].mean(), table[a].unique(), table[b].unique()
    if len(m) < 4:
        raise ValueError("a combination was never run")
    return (m[i[1], j[1]] - m[i[1], j[0]]) - (m[i[0], j[1]] - m[i[0], j[0]])


# %% right="least squares with codes" exercise="main_effects"
def main_effects(table):
    rows = []
    for factor in table.columns.difference(["seed", "value"]):
        for level, part in table.groupby(factor):
            by_seed = part.groupby("seed")["value"].mean()
            rows.append((factor, level, by_seed.mean(), by_seed.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])


def interaction(table, a, b):
    sizes = pd.crosstab(table[a], table[b]).to_numpy()
    if sizes.min() != sizes.max():
        raise ValueError(f"not balanced: {sizes}")
    i, j = (pd.factorize(table[name])[0] for name in (a, b))
    columns = np.column_stack([np.ones(len(table)), i, j, i * j])
    return np.linalg.lstsq(columns, table["value"].to_numpy(), rcond=None)[0][3]


# %% right="contract before the sort, columns in another order" exercise="prepare"
def prepare(raw):
    table = raw
    for entry in RECIPE:
        table = REGISTRY[entry["step"]](table, **entry["params"])
    table = table.sort_values("application_id")
    CONTRACT.validate(table)
    table = table.set_index("application_id")
    return [table[CATEGORICAL + NUMERIC], table["repaid"].astype(float), table["group"]]
