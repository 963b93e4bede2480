# Answers that the checks of 03_split must refuse (wrong) or accept (right).

# %% wrong="ignores_serving" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        known = X[column].notna() & y.notna()
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        elif y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column])
            if max(auc, 1 - auc) > 0.98:
                findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="looks_for_new_columns" exercise="column_findings"
def column_findings(X, y, X_serving):
    new = [column for column in X_serving if column not in X]
    return [finding("not_at_serving", column, "new") for column in new]


# %% wrong="empty_at_serving_counts_as_known" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        known = X[column].notna() & y.notna()
        if column not in X_serving:
            findings.append(finding("not_at_serving", column, "absent"))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        elif y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column])
            if max(auc, 1 - auc) > 0.98:
                findings.append(finding("target_leak", column, f"{auc}"))
    return findings


# %% wrong="a_gap_counts_as_a_value" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, "absent"))
        if len(X[column].unique()) == 1:
            findings.append(finding("constant_column", column, ""))
        known = X[column].notna() & y.notna()
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column])
            if max(auc, 1 - auc) > 0.98:
                findings.append(finding("target_leak", column, f"{auc}"))
    return findings


# %% wrong="nearly_constant_counts" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        if X[column].isna().all() or X[column].value_counts(normalize=True).iloc[0] > 0.98:
            findings.append(finding("constant_column", column, ""))
    return findings


# %% wrong="finds_leaks_in_one_direction_only" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, "absent"))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        known = X[column].notna() & y.notna()
        if y[known].nunique() == 2 and roc_auc_score(y[known], X.loc[known, column]) > 0.98:
            findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="correlation_instead_of_ranks" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, "absent"))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        elif abs(X[column].corr(y)) > 0.85:
            findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="flags_useful_columns" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, "absent"))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        known = X[column].notna() & y.notna()
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column])
            if not 0.3 < auc < 0.7:
                findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="fills_gaps_before_ranking" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    known = y.notna()
    for column in X:
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, "absent"))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column].fillna(0))
            if not 0.02 <= auc <= 0.98:
                findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="raises_an_error" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, "absent"))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        auc = roc_auc_score(y, X[column])
        if not 0.02 <= auc <= 0.98:
            findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="returns_nothing" exercise="column_findings"
def column_findings(X, y, X_serving):
    for column in X:
        if column not in X_serving:
            print(finding("not_at_serving", column, "absent"))


# %% right="AUC from the rank test" exercise="column_findings"
from scipy.stats import mannwhitneyu


def column_findings(X, y, X_serving):
    usable = set(X_serving.dropna(axis=1, how="all").columns)
    result = [finding("not_at_serving", c, "gone") for c in X if c not in usable]
    result += [finding("constant_column", c, "same") for c in X if len(set(X[c].dropna())) <= 1]
    for c in X:
        ones, zeros = X.loc[y == 1, c].dropna(), X.loc[y == 0, c].dropna()
        if len(ones) and len(zeros):
            auc = mannwhitneyu(ones, zeros).statistic / (len(ones) * len(zeros))
            if auc > 0.98 or auc < 0.02:
                result.append(finding("target_leak", c, f"AUC {auc}"))
    return result


# %% right="numpy, every pair" exercise="column_findings"
def column_findings(X, y, X_serving):
    out = []
    for name in X:
        x = X[name].to_numpy(float)
        labels = y.to_numpy(float)
        if name not in X_serving or np.isnan(X_serving[name].to_numpy(float)).all():
            out.append(finding("not_at_serving", name, "-"))
        if len(np.unique(x[~np.isnan(x)])) < 2:
            out.append(finding("constant_column", name, "-"))
        a, b = x[labels == 1], x[labels == 0]
        a, b = a[~np.isnan(a)], b[~np.isnan(b)]
        if len(a) and len(b):
            auc = ((a[:, None] > b).mean() + (a[:, None] >= b).mean()) / 2
            if abs(auc - 0.5) > 0.48:
                out.append(finding("target_leak", name, "-"))
    return out


# %% hardcoded="the example" exercise="column_findings"
def column_findings(X, y, X_serving):
    return [
        finding("target_leak", "days", ""),
        finding("constant_column", "fee", ""),
        finding("not_at_serving", "days", ""),
    ]


# %% wrong="compares_the_index" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    exact = test.index.isin(train.index)
    shared = test[key].isin(train[key]).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="merge_multiplies_rows" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    left = test.round(decimals).reset_index(drop=True).reset_index(names="row")
    exact = left.merge(train[columns].round(decimals), on=columns)
    shared = left.merge(train[[key]].dropna(), on=key) if key else left.iloc[:0]
    return {
        "exact_rows": len(exact),
        "shared_key_rows": len(shared),
        "share_test_contaminated": len(set(exact["row"]) | set(shared["row"])) / len(test),
    }


# %% wrong="counts_rows_twice" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = set(map(tuple, train[columns].round(decimals).astype(object).fillna("-").values))
    rows = map(tuple, test[columns].round(decimals).astype(object).fillna("-").values)
    exact = sum(row in seen for row in rows)
    shared = int(test[key].isin(train[key].dropna()).sum()) if key else 0
    share = (exact + shared) / len(test)
    return {"exact_rows": exact, "shared_key_rows": shared, "share_test_contaminated": share}


# %% wrong="only_rows_seen_in_both_ways" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = set(map(tuple, train[columns].round(decimals).astype(object).fillna("-").values))
    rows = map(tuple, test[columns].round(decimals).astype(object).fillna("-").values)
    exact = np.array([row in seen for row in rows])
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()) if key else 0,
        "share_test_contaminated": float((exact & shared).mean()),
    }


# %% wrong="share_of_the_training_set" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = set(map(tuple, train[columns].round(decimals).astype(object).fillna("-").values))
    rows = map(tuple, test[columns].round(decimals).astype(object).fillna("-").values)
    exact = np.array([row in seen for row in rows])
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).sum() / len(train)),
    }


# %% wrong="key_is_compared_too" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = list(train)
    seen = set(map(tuple, train[columns].round(decimals).astype(object).fillna("-").values))
    rows = map(tuple, test[columns].round(decimals).astype(object).fillna("-").values)
    exact = np.array([row in seen for row in rows])
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="counts_different_rows_only" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]

    def contents(table):
        return list(map(tuple, table[columns].round(decimals).astype(object).fillna("-").values))

    exact = set(contents(train)) & set(contents(test))
    shared = set(train[key].dropna()) & set(test[key].dropna()) if key else set()
    marks = [c in exact for c in contents(test)]
    known = test[key].isin(shared) if key else [False] * len(test)
    share = np.mean([a or b for a, b in zip(marks, known)])
    return {
        "exact_rows": len(exact),
        "shared_key_rows": len(shared),
        "share_test_contaminated": float(share),
    }


# %% wrong="columns_by_position" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    def contents(table):
        features = table.drop(columns=key) if key else table
        return list(map(tuple, features.round(decimals).astype(object).fillna("-").values))

    test = test.set_axis(train.columns, axis=1)
    seen = set(contents(train))
    exact = np.array([row in seen for row in contents(test)])
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="a_gap_equals_nothing" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = [tuple(row) for row in train[columns].round(decimals).to_numpy().tolist()]
    rows = [tuple(row) for row in test[columns].round(decimals).to_numpy().tolist()]
    exact = np.array([any(all(a == b for a, b in zip(r, s)) for s in seen) for r in rows])
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="does_not_round" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = set(map(tuple, train[columns].astype(object).fillna("-").values))
    exact = np.array(
        [row in seen for row in map(tuple, test[columns].astype(object).fillna("-").values)]
    )
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="rounds_too_much" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = set(map(tuple, train[columns].round(2).astype(object).fillna("-").values))
    rows = map(tuple, test[columns].round(2).astype(object).fillna("-").values)
    exact = np.array([row in seen for row in rows])
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="missing_keys_are_shared" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = set(map(tuple, train[columns].round(decimals).astype(object).fillna("-").values))
    rows = map(tuple, test[columns].round(decimals).astype(object).fillna("-").values)
    exact = np.array([row in seen for row in rows])
    shared = test[key].isin(train[key]).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="share_in_percent" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]
    seen = set(map(tuple, train[columns].round(decimals).astype(object).fillna("-").values))
    rows = map(tuple, test[columns].round(decimals).astype(object).fillna("-").values)
    exact = np.array([row in seen for row in rows])
    shared = test[key].isin(train[key].dropna()).to_numpy() if key else exact & False
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": 100 * float((exact | shared).mean()),
    }


# %% right="hashes of rows" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train if c != key]

    def hashes(table):
        numbers = table[columns].select_dtypes("number").astype(float).round(decimals)
        words = table[columns].select_dtypes(exclude="number").astype(object).fillna("no value")
        both = pd.concat([numbers, words], axis=1).reindex(columns=columns)
        return pd.util.hash_pandas_object(both, index=False).to_numpy()

    exact = np.isin(hashes(test), hashes(train))
    shared = np.zeros(len(test), dtype=bool)
    if key is not None:
        shared = (test[key].isin(train[key]) & test[key].notna()).to_numpy()
    return {
        "exact_rows": exact.sum(),
        "shared_key_rows": shared.sum(),
        "share_test_contaminated": np.mean(exact | shared),
    }


# %% right="merge with one row for each content" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train.columns if c != key]
    known = train[columns].round(decimals).drop_duplicates()
    merged = test[columns].round(decimals).merge(known, on=columns, how="left", indicator="there")
    exact = (merged["there"] == "both").to_numpy()
    shared = [False] * len(test)
    if key:
        customers = set(train[key].dropna().tolist())
        shared = [customer in customers for customer in test[key].tolist()]
    both = [a or b for a, b in zip(exact, shared)]
    return {
        "exact_rows": int(sum(exact)),
        "shared_key_rows": sum(shared),
        "share_test_contaminated": sum(both) / len(test),
    }


# %% right="two loops" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train.columns if c != key]
    train_, test_ = train.round(decimals), test.round(decimals)

    def equal(a, b):
        return a == b or (pd.isna(a) and pd.isna(b))

    trained = list(zip(*(train_[c] for c in columns)))
    exact = shared = either = 0
    for i, row in enumerate(zip(*(test_[c] for c in columns))):
        copy = any(all(equal(a, b) for a, b in zip(row, other)) for other in trained)
        known = key is not None and bool((train[key] == test[key].iloc[i]).any())
        exact, shared, either = exact + copy, shared + known, either + (copy or known)
    return {
        "exact_rows": exact,
        "shared_key_rows": shared,
        "share_test_contaminated": either / len(test),
    }


# %% hardcoded="the example" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    return {"exact_rows": 2, "shared_key_rows": 2, "share_test_contaminated": 0.75}


# %% wrong="splits_rows_not_customers" exercise="three_way"
from sklearn.model_selection import train_test_split


def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    rest, test = train_test_split(df.index, test_size=sizes[2], random_state=seed, stratify=y)
    share = sizes[1] / (sizes[0] + sizes[1])
    train, valid = train_test_split(rest, test_size=share, random_state=seed, stratify=y[rest])
    return {"train": train, "valid": valid, "test": test}


# %% wrong="ignores_the_share_of_classes" exercise="three_way"
from sklearn.model_selection import GroupShuffleSplit


def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    one = GroupShuffleSplit(1, test_size=sizes[2], random_state=seed)
    rest, test = next(one.split(df, y, groups))
    two = GroupShuffleSplit(1, test_size=sizes[1] / (1 - sizes[2]), random_state=seed)
    train, valid = next(two.split(df.iloc[rest], y.iloc[rest], groups.iloc[rest]))
    return {"train": df.index[rest[train]], "valid": df.index[rest[valid]], "test": df.index[test]}


# %% wrong="groups_in_one_step_only" exercise="three_way"
from sklearn.model_selection import train_test_split


def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    splitter = StratifiedGroupKFold(round(1 / sizes[2]), shuffle=True, random_state=seed)
    rest, test = next(splitter.split(df, y, groups))
    some = set(groups.iloc[rest].drop_duplicates().head(30))
    fixed = [i for i in rest if groups.iloc[i] in some]
    free = [i for i in rest if groups.iloc[i] not in some]
    train, valid = train_test_split(free, test_size=0.3, random_state=seed)
    return {"train": df.index[train + fixed], "valid": df.index[valid], "test": df.index[test]}


# %% wrong="positions_instead_of_labels" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    k = round(1 / min(sizes))
    folds = StratifiedGroupKFold(k, shuffle=True, random_state=seed).split(df, y, groups)
    folds = [fold for _, fold in folds]
    a, b = round(k * sizes[0]), round(k * (sizes[0] + sizes[1]))
    return {
        "train": np.concatenate(folds[:a]),
        "valid": np.concatenate(folds[a:b]),
        "test": np.concatenate(folds[b:]),
    }


# %% wrong="a_row_in_two_parts" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
    train, test = next(splitter.split(df, y, groups))
    _, valid = next(splitter.split(df, y, groups))
    return {"train": df.index[train], "valid": df.index[valid], "test": df.index[test]}


# %% wrong="ignores_sizes" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
    folds = [df.index[fold] for _, fold in splitter.split(df, y, groups)]
    return {
        "train": folds[0].append([folds[1], folds[2]]),
        "valid": folds[3],
        "test": folds[4],
    }


# %% wrong="ignores_the_seed" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    k = round(1 / min(sizes))
    folds = [df.index[f] for _, f in StratifiedGroupKFold(k).split(df, y, groups)]
    a, b = round(k * sizes[0]), round(k * (sizes[0] + sizes[1]))
    joined = (folds[:a], folds[a:b], folds[b:])
    return {n: np.concatenate(f) for n, f in zip(("train", "valid", "test"), joined)}


# %% wrong="depends_on_global_random_state" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    k = round(1 / min(sizes))
    folds = StratifiedGroupKFold(k, shuffle=True).split(df, y, groups)
    folds = [df.index[f] for _, f in folds]
    a, b = round(k * sizes[0]), round(k * (sizes[0] + sizes[1]))
    joined = (folds[:a], folds[a:b], folds[b:])
    return {n: np.concatenate(f) for n, f in zip(("train", "valid", "test"), joined)}


# %% right="two steps" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    y, groups = np.asarray(y), np.asarray(groups)

    def take(rows, share):
        k = round(1 / share)
        splitter = StratifiedGroupKFold(k, shuffle=True, random_state=seed)
        rest, part = next(splitter.split(rows, y[rows], groups[rows]))
        return rows[rest], rows[part]

    rows = np.arange(len(df))
    parts = {}
    for name, size in zip(("valid", "test"), sizes[1:]):
        parts[name] = []
        for _ in range(round(size / min(sizes))):
            rows, part = take(rows, min(sizes) * len(df) / len(rows))
            parts[name] += part.tolist()
    parts["train"] = rows
    return {name: df.index[np.array(part, dtype=int)] for name, part in parts.items()}


# %% right="greedy, the largest customers first" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    table = pd.DataFrame({"g": groups, "one": y, "zero": 1 - y})
    per = table.groupby("g").agg(["sum"]).droplevel(1, axis=1)
    per = per.sample(frac=1, random_state=seed)
    per = per.loc[per.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    total = table[["one", "zero"]].sum().to_numpy()
    goal = np.outer(sizes, total)
    have = np.zeros((3, 2))
    where = {}
    for customer, row in per.iterrows():
        costs = []
        for part in range(3):
            new = have.copy()
            new[part] += row.to_numpy()
            costs.append((((new - goal) / total) ** 2).sum())
        where[customer] = int(np.argmin(costs))
        have[where[customer]] += row.to_numpy()
    part_of = groups.map(where)
    return {
        name: df.index[part_of == i].tolist() for i, name in enumerate(("train", "valid", "test"))
    }


# %% right="boolean masks and lists" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    k = int(np.ceil(1 / min(sizes) - 1e-9))
    fold_of = np.empty(len(df), dtype=int)
    splitter = StratifiedGroupKFold(k, shuffle=True, random_state=seed + 1)
    for number, (_, fold) in enumerate(splitter.split(df, y, groups)):
        fold_of[fold] = number
    limits = np.round(np.cumsum(sizes) * k)
    part = np.searchsorted(limits, fold_of, side="right")
    return {
        "test": list(df.index[part == 2]),
        "valid": list(df.index[part == 1]),
        "train": list(df.index[part == 0]),
    }


# %% hardcoded="the example" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    return {"train": [10, 11, 14, 15, 18, 19], "valid": [12, 13], "test": [16, 17]}


# %% wrong="gap_upside_down" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": valid - train})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + tol else "ok"


# %% wrong="valid_on_training_rows" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        score = make_model(value).fit(X, y).score(X, y)
        rows.append({"value": value, "train": score, "valid": score, "gap": 0.0})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + tol else "ok"


# %% wrong="accuracy_in_percent" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = 100 * result["train_score"].mean(), 100 * result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    return "overfit" if row["gap"] > 10 else "ok"


# %% wrong="ignores_cv" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + tol else "ok"


# %% wrong="every_gap_is_overfitting" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["train"] > row["valid"]:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + tol else "ok"


# %% wrong="baseline_is_always_one_half" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= 0.5 + tol else "ok"


# %% wrong="asks_for_the_baseline_first" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["valid"] <= baseline + tol:
        return "underfit"
    return "overfit" if row["gap"] > 0.1 else "ok"


# %% wrong="ignores_tol" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + 0.02 else "ok"


# %% right="fit and score in loops" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    X, y = np.asarray(X), np.asarray(y)
    table = pd.DataFrame({"value": list(values)}, index=range(10, 10 + len(values)))
    scores = {"train": [], "valid": []}
    for value in values:
        folds = []
        for a, b in cv.split(X, y):
            model = make_model(value).fit(X[a], y[a])
            folds.append((model.score(X[a], y[a]), model.score(X[b], y[b])))
        train, valid = np.mean(folds, axis=0)
        scores["train"].append(train)
        scores["valid"].append(valid)
    table["valid"], table["train"] = scores["valid"], scores["train"]
    table["gap"] = table["train"] - table["valid"]
    return table


def diagnose(row, baseline, tol=0.02):
    word = "ok"
    if row["valid"] - baseline <= tol:
        word = "underfit"
    if row["gap"] > 0.1:
        word = "overfit"
    return word


# %% right="a list of series" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    results = [cross_validate(make_model(v), X, y, cv=cv, return_train_score=True) for v in values]
    train = np.array([np.mean(r["train_score"]) for r in results])
    valid = np.array([np.mean(r["test_score"]) for r in results])
    return pd.DataFrame({"value": values, "gap": train - valid, "train": train, "valid": valid})


def diagnose(row, baseline, tol=0.02):
    match bool(row["gap"] > 0.1), bool(row["valid"] <= baseline + tol):
        case True, _:
            return "overfit"
        case False, True:
            return "underfit"
    return "ok"


# %% hardcoded="the example" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    return pd.DataFrame({"value": values, "train": 0.8, "valid": 0.79, "gap": 0.01})


def diagnose(row, baseline, tol=0.02):
    return {0.79: "underfit", 0.82: "ok"}.get(row["valid"], "overfit")


# %% wrong="train_score_of_all_rows" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        train = make_model(value).fit(X, y).score(X, y)
        valid = cross_val_score(make_model(value), X, y, cv=cv).mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + tol else "ok"


# %% right="validation_curve by hand, tuples" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    def means(value):
        scores = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True, n_jobs=1)
        return value, np.mean(scores["train_score"]), np.mean(scores["test_score"])

    table = pd.DataFrame(map(means, values), columns=["value", "train", "valid"])
    return table.eval("gap = train - valid")


def diagnose(row, baseline, tol=0.02):
    return (
        "overfit" if row["gap"] > 0.1 else ("ok" if row["valid"] > baseline + tol else "underfit")
    )


# %% right="concat and groups of equal rows" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    columns = [c for c in train.columns if c != key]
    parts = [train[columns].assign(_test=False), test[columns].assign(_test=True)]
    both = pd.concat(parts, ignore_index=True).round(decimals)
    number = both.groupby(columns, dropna=False, sort=False).ngroup()
    exact = number[both["_test"]].isin(number[~both["_test"]]).to_numpy()
    shared = np.array([False] * len(test))
    if key is not None:
        shared = np.isin(test[key].to_numpy(), train[key].dropna().to_numpy())
    return {
        "exact_rows": np.int64(exact.sum()),
        "shared_key_rows": np.int64(shared.sum()),
        "share_test_contaminated": np.float64(np.logical_or(exact, shared).mean()),
    }


# %% right="plain sets of labels" exercise="three_way"
def three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0):
    k = round(1 / min(sizes))
    parts = {"train": set(), "valid": set(), "test": set()}
    names = [n for n, s in zip(parts, sizes) for _ in range(round(s * k))]
    splitter = StratifiedGroupKFold(n_splits=k, shuffle=True, random_state=seed)
    for name, (_, fold) in zip(names, splitter.split(df, np.asarray(y), np.asarray(groups))):
        parts[name] |= set(df.index[fold])
    return parts


# %% wrong="one_gap_counts_as_unknown" exercise="column_findings"
def column_findings(X, y, X_serving):
    out = []
    for col in X.columns:
        v = X[col]
        if col not in X_serving.columns or X_serving[col].isna().any():
            out.append(finding("not_at_serving", col, "unknown"))
        if v.nunique() <= 1:
            out.append(finding("constant_column", col, "const"))
        known = v.notna() & y.notna()
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], v[known])
            if auc > 0.98 or auc < 0.02:
                out.append(finding("target_leak", col, f"AUC {auc:.2f}"))
    return out


# %% wrong="whole_and_decimal_numbers_differ" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    features = [c for c in train.columns if c != key]

    def hashes(table):
        rounded = table[features].round(decimals)
        return pd.util.hash_pandas_object(rounded, index=False).to_numpy()

    exact = np.isin(hashes(test), hashes(train))
    shared = np.zeros(len(test), dtype=bool)
    if key is not None:
        shared = test[key].isin(train[key].dropna()).to_numpy()
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="a_gap_equals_zero" exercise="contamination"
def contamination(train, test, key=None, decimals=6):
    features = [c for c in train.columns if c != key]

    def rows(df):
        d = df[features].round(decimals)
        return [tuple(0 if pd.isna(v) else v for v in r) for r in d.itertuples(index=False)]

    seen = set(rows(train))
    exact = np.array([r in seen for r in rows(test)], dtype=bool)
    if key is None:
        shared = np.zeros(len(test), bool)
    else:
        shared = (test[key].isin(train[key].dropna()) & test[key].notna()).to_numpy()
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }


# %% wrong="train_on_all_rows" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        valid = cross_validate(make_model(value), X, y, cv=cv)["test_score"].mean()
        train = make_model(value).fit(X, y).score(X, y)
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + tol else "ok"


# %% wrong="compares_train_with_the_baseline" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for v in values:
        r = cross_validate(make_model(v), X, y, cv=cv, return_train_score=True)
        a, b = r["train_score"].mean(), r["test_score"].mean()
        rows.append({"value": v, "train": a, "valid": b, "gap": a - b})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    if row["train"] <= baseline + tol:
        return "underfit"
    return "ok"


# %% wrong="one_finding_for_each_column" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        known = X[column].notna() & y.notna()
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, ""))
        elif X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column])
            if max(auc, 1 - auc) > 0.98:
                findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="limits_too_near_to_one_half" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        known = X[column].notna() & y.notna()
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, ""))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column])
            if max(auc, 1 - auc) > 0.96:
                findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="wants_complete_separation" exercise="column_findings"
def column_findings(X, y, X_serving):
    findings = []
    for column in X:
        known = X[column].notna() & y.notna()
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, ""))
        if X[column].nunique() < 2:
            findings.append(finding("constant_column", column, ""))
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], X.loc[known, column])
            if max(auc, 1 - auc) > 0.9999:
                findings.append(finding("target_leak", column, ""))
    return findings


# %% wrong="limit_is_left_out" exercise="gap_curve"
def gap_curve(make_model, values, X, y, cv):
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)


def diagnose(row, baseline, tol=0.02):
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] < baseline + tol else "ok"
