# Answers that the checks of 04_explain must refuse (wrong) or accept (right).

# %% wrong="probabilities_instead_of_log_odds" exercise="explain"
def explain(model, X_background, X):
    def chance(rows):
        return model.predict_proba(rows)[:, 1]

    return shap.explainers.Exact(chance, shap.maskers.Independent(X_background))(X)


def additivity_error(ex, model, X):
    sums = ex.values.sum(axis=1) + ex.base_values
    return float(np.abs(sums - model.predict_proba(X)[:, 1]).max())


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="compares_with_the_probability" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return float(np.abs(ex.values.sum(axis=1) - model.decision_function(X)).max())


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="background_is_what_is_explained" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X)(X)


def additivity_error(ex, model, X):
    return float(np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max())


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="mean_error_hides_a_row" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).mean()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="ignores_errors_below" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return (ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="mean_of_signed_values" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: abs(parts[columns].sum(axis=1).mean()) for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="parts_are_not_added_first" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    sizes = pd.DataFrame(ex.values, columns=ex.feature_names).abs().mean()
    return pd.Series({name: sizes[columns].sum() for name, columns in groups.items()}).sort_values(
        ascending=False
    )


# %% wrong="sum_over_rows" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().sum() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% right="by hand, with weights" exercise="explain"
def explain(model, X_background, X):
    values = (X.to_numpy() - X_background.to_numpy().mean(axis=0)) * model.coef_[0]
    base = model.decision_function(X_background).mean()
    return shap.Explanation(
        values, np.full(len(X), base), data=X.to_numpy(), feature_names=list(X.columns)
    )


def additivity_error(ex, model, X):
    worst = 0.0
    for row, base, target in zip(ex.values, ex.base_values, model.decision_function(X)):
        worst = max(worst, abs(base + sum(row) - target))
    return worst


def global_importance(ex, groups):
    names = list(ex.feature_names)
    result = {}
    for feature, columns in groups.items():
        places = [names.index(column) for column in columns]
        result[feature] = np.mean(np.abs(ex.values[:, places].sum(axis=1)))
    return pd.Series(dict(sorted(result.items(), key=lambda item: -item[1])))


# %% right="the general explainer of shap" exercise="explain"
def explain(model, X_background, X):
    return shap.Explainer(model, X_background)(X)


def additivity_error(ex, model, X):
    p = model.predict_proba(X)[:, 1]
    return np.max(np.abs(ex.base_values + ex.values @ np.ones(X.shape[1]) - np.log(p / (1 - p))))


def global_importance(ex, groups):
    table = pd.DataFrame(ex.values, columns=ex.feature_names).T
    owner = {column: name for name, columns in groups.items() for column in columns}
    return table.groupby(owner).sum().abs().mean(axis=1).sort_values(ascending=False)


# %% right="exact explainer of the log-odds" exercise="explain"
def explain(model, X_background, X):
    masker = shap.maskers.Independent(X_background, max_samples=len(X_background))
    return shap.explainers.Exact(model.decision_function, masker)(X)


def additivity_error(ex, model, X):
    return np.linalg.norm(ex.values.sum(1) + ex.base_values - model.decision_function(X), np.inf)


def global_importance(ex, groups):
    parts = dict(zip(ex.feature_names, ex.values.T))
    sums = {name: sum(parts[c] for c in columns) for name, columns in groups.items()}
    return pd.DataFrame(sums).abs().mean().sort_values(ascending=False)


# %% wrong="explainer_is_not_called" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="one_block_for_each_class" exercise="explain"
def explain(model, X_background, X):
    masker = shap.maskers.Independent(X_background)
    return shap.explainers.Exact(model.predict_proba, masker)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="names_are_lost" exercise="explain"
def explain(model, X_background, X):
    explainer = shap.LinearExplainer(model, X_background.to_numpy())
    ex = explainer(X.to_numpy())
    return shap.Explanation(ex.values, ex.base_values)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="contributions_without_base_value" exercise="explain"
def explain(model, X_background, X):
    return (X - X_background.mean()) * model.coef_[0]


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="returns_nothing" exercise="explain"
def explain(model, X_background, X):
    shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    for name, columns in groups.items():
        pd.DataFrame(ex.values, columns=ex.feature_names)[columns].sum(axis=1).abs().mean()


# %% wrong="more_than_one_number" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    sums = ex.values.sum(axis=1) + ex.base_values
    return pd.Series(np.abs(sums - model.decision_function(X)), X.index)


def global_importance(ex, groups):
    return list(groups)


# %% wrong="tells_whether_and_not_how_far" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.allclose(ex.values.sum(axis=1) + ex.base_values, model.decision_function(X))


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="importance_is_not_a_series" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    table = pd.DataFrame({"feature": sizes.keys(), "importance": sizes.values()})
    return table.sort_values("importance", ascending=False)


# %% wrong="importance_is_not_a_number" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().tolist() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(key=lambda lists: lists.map(sum), ascending=False)


# %% right="contributions as a DataFrame, one base value, numbers as objects" exercise="explain"
def explain(model, X_background, X):
    values = (X - X_background.mean()) * model.coef_[0]
    base = float(model.decision_function(X_background).mean())
    return shap.Explanation(values, base, feature_names=list(X.columns))


def additivity_error(ex, model, X):
    values = np.asarray(ex.values)
    sums = pd.DataFrame(values, X.index).sum(axis=1) + ex.base_values
    return np.array(np.max(np.abs(sums - model.decision_function(X))))


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    owner = {column: name for name, columns in groups.items() for column in columns}
    sizes = parts[sorted(owner)].T.groupby(owner).sum().abs().T.mean()
    return sizes.sort_values(ascending=False).astype(object)


# %% right="lists, and features as categories" exercise="explain"
def explain(model, X_background, X):
    base = float(model.intercept_[0] + (X_background.mean() * model.coef_[0]).sum())
    mean = X_background.mean().tolist()
    values = [
        [w * (v - m) for w, v, m in zip(model.coef_[0], row, mean)] for row in X.values.tolist()
    ]
    return shap.Explanation(np.array(values), [base] * len(X), feature_names=X.columns)


def additivity_error(ex, model, X):
    sums = [sum(row) + base for row, base in zip(ex.values.tolist(), list(ex.base_values))]
    return max(abs(a - b) for a, b in zip(sums, model.decision_function(X).tolist()))


def global_importance(ex, groups):
    parts = {name: ex.values[:, i] for i, name in enumerate(ex.feature_names)}
    sizes = {
        n: np.abs(np.sum([parts[c] for c in cols], axis=0)).mean() for n, cols in groups.items()
    }
    order = sorted(sizes, key=sizes.get, reverse=True)
    return pd.Series([sizes[n] for n in order], pd.CategoricalIndex(order), name="importance")


# %% hardcoded="the example" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return 0.0


def global_importance(ex, groups):
    return pd.Series({"area": 0.4})


# %% wrong="explains_the_background" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X_background)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="no_background" exercise="explain"
def explain(model, X_background, X):
    values = X.to_numpy() * model.coef_[0]
    base = np.full(len(X), model.intercept_[0])
    return shap.Explanation(values, base, feature_names=list(X.columns))


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="ignores_errors_above" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return (model.decision_function(X) - ex.values.sum(axis=1) - ex.base_values).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="adds_up_the_errors" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).sum()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="rows_cancel_out" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: abs(parts[columns].sum()).sum() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="mean_of_the_parts" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].mean(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)


# %% wrong="smallest_first" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values()


# %% wrong="order_of_the_groups" exercise="explain"
def explain(model, X_background, X):
    return shap.LinearExplainer(model, X_background)(X)


def additivity_error(ex, model, X):
    return np.abs(ex.values.sum(axis=1) + ex.base_values - model.decision_function(X)).max()


def global_importance(ex, groups):
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes)


# %% right="slices of the explanation" exercise="explain"
def explain(model, X_background, X):
    masker = shap.maskers.Independent(X_background, max_samples=1000)
    return shap.LinearExplainer(model, masker)(X)


def additivity_error(ex, model, X):
    worst = 0
    for i in range(len(ex)):
        target = float(model.decision_function(X.iloc[[i]])[0])
        worst = max(worst, abs(float(ex[i].values.sum() + ex[i].base_values) - target))
    return worst


def global_importance(ex, groups):
    sizes = pd.Series(dtype=float)
    for name, columns in groups.items():
        sizes[name] = np.abs(sum(ex[:, column].values for column in columns)).mean()
    return sizes.sort_values()[::-1]


# %% right="product with a matrix of zeros and ones" exercise="explain"
def explain(model, X_background, X):
    return shap.explainers.Permutation(model.decision_function, X_background)(X)


def additivity_error(ex, model, X):
    logs = model.predict_log_proba(X)
    return np.ptp(np.r_[0, np.abs(ex.values.sum(1) + ex.base_values - (logs[:, 1] - logs[:, 0]))])


def global_importance(ex, groups):
    belongs = [[column in columns for columns in groups.values()] for column in ex.feature_names]
    sizes = np.abs(ex.values @ np.array(belongs, dtype=float)).mean(axis=0)
    order = np.argsort(-sizes)
    return pd.Series(sizes[order], index=np.array(list(groups))[order])


# %% wrong="lists_favourable_facts" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum()
    worst = totals.abs().sort_values(ascending=False).index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="lists_columns_instead_of_features" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.sort_values()
    return [name for name in totals.index[:k] if totals[name] < 0]


# %% wrong="hides_what_cannot_be_changed" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[(totals < 0) & ~totals.index.isin(IMMUTABLE)]
    return list(worst.index[:k])


# %% wrong="star_is_missing" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    return list(totals[totals < 0].index[:k])


# %% wrong="star_on_what_can_be_changed" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name if name in IMMUTABLE else name + "*" for name in worst]


# %% wrong="least_harmful_first" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values(ascending=False)
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="reasons_for_an_approval" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="counts_one_part_of_a_feature" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    lowest = contributions.groupby(feature_of).min().sort_values()
    worst = lowest[lowest < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% right="a loop and a dictionary" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    totals = {}
    for column, value in contributions.items():
        totals.setdefault(feature_of(column), []).append(value)
    totals = {name: sum(values) for name, values in totals.items()}
    if base + sum(totals.values()) >= limit:
        return []
    harmful = sorted((name for name in totals if totals[name] < 0), key=totals.get)
    return [f"{name}*" if name in IMMUTABLE else name for name in harmful][:k]


# %% right="nsmallest" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    features = [feature_of(column) for column in contributions.index]
    totals = pd.Series(contributions.to_numpy()).groupby(features).sum()
    worst = totals[totals < 0].nsmallest(k)
    stars = ["*" * (name in {"age", "area", "group"}) for name in worst.index]
    names = tuple(name + star for name, star in zip(worst.index, stars))
    return names if base + contributions.sum() < limit else ()


# %% wrong="more_than_names_in_the_list" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0][:k]
    return [(n + "*" if n in IMMUTABLE else n, total) for n, total in worst.items()]


# %% wrong="returns_nothing" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() < limit:
        totals = contributions.groupby(feature_of).sum().sort_values()
        worst = totals[totals < 0].index[:k]
        return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% hardcoded="the example" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    return ["late_payments", "area*", "purpose"] if base < 1.5 else []


# %% wrong="no_reasons_for_a_refusal" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="star_in_another_place" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return ["*" + name if name in IMMUTABLE else name for name in worst]


# %% wrong="not_in_the_order_of_harm" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    fixed = [name + "*" for name in worst if name in IMMUTABLE]
    return fixed + [name for name in worst if name not in IMMUTABLE]


# %% wrong="limit_itself_is_refused" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() > limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="another_limit_than_the_given" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if 1 / (1 + np.exp(-base - contributions.sum())) >= 0.7:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="ignores_k" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:4]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="neutral_fact_is_a_reason" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals <= 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="good_facts_use_up_k" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum()
    largest = totals.abs().sort_values(ascending=False).index[:k]
    worst = totals[largest][lambda sizes: sizes < 0].sort_values().index
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% wrong="starred_facts_do_not_count" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    result, count = [], 0
    for name in totals[totals < 0].index:
        if name in IMMUTABLE:
            result.append(name + "*")
        elif count < k:
            result.append(name)
            count += 1
    return result


# %% wrong="star_for_area_only" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name == "area" else name for name in worst]


# %% wrong="mean_of_the_parts" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).mean().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]


# %% right="heap, and a tolerance at the limit" exercise="reason_codes"
import heapq
import math


def reason_codes(contributions, base, limit, k=4):
    totals = {}
    for column in contributions.index:
        totals[feature_of(column)] = totals.get(feature_of(column), 0) + contributions[column]
    if base + math.fsum(totals.values()) >= limit - 1e-12:
        return []
    worst = heapq.nsmallest(k, ((value, name) for name, value in totals.items() if value < 0))
    return [f"{name}{'*' * (name in IMMUTABLE)}" for _, name in worst]


# %% right="a table" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    frame = contributions.rename("part").rename_axis("column").reset_index()
    frame["feature"] = frame["column"].map(feature_of)
    worst = frame.groupby("feature", as_index=False)["part"].sum().query("part < 0")
    worst = worst.nsmallest(k, "part")["feature"]
    starred = worst.where(~worst.isin(IMMUTABLE), worst + "*").tolist()
    return starred if contributions.sum() + base < limit else []


# %% right="texts of NumPy" exercise="reason_codes"
def reason_codes(contributions, base, limit, k=4):
    names = np.array([feature_of(column) for column in contributions.index])
    unique = np.unique(names)
    totals = np.array([contributions.to_numpy()[names == name].sum() for name in unique])
    if base + totals.sum() >= limit:
        return []
    order = [i for i in np.argsort(totals) if totals[i] < 0][:k]
    return [unique[i] + "*" if unique[i] in IMMUTABLE else unique[i] for i in order]


# %% wrong="single_changes_only" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    return single_best(card, x, actions, limit)


# %% wrong="largest_gain_instead_of_least_effort" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [{name: value} for name, value, _ in steps]
    ways += [{a: v, b: w} for a, v, _ in steps for b, w, _ in steps if a != b]
    best = max(ways, key=lambda way: score(card, {**x, **way}))
    return best if score(card, {**x, **best}) >= limit else None


# %% wrong="pair_although_one_is_enough" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    ways += [({name: value}, effort) for name, value, effort in steps]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: way[1])[0] if enough else None


# %% wrong="changes_for_an_approved_applicant" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="best_effort_that_is_not_enough" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    if not enough:
        return max(ways, key=lambda way: score(card, {**x, **way[0]}))[0]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0]


# %% wrong="does_not_reach_the_limit" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    name, value, _ = min(steps, key=lambda step: step[2])
    return {name: value}


# %% wrong="change_is_not_on_offer" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    missing = limit - score(card, x)
    if missing <= 0:
        return {}
    name = max(actions, key=lambda each: abs(card["weights"][each]))
    return {name: x[name] + missing / card["weights"][name]}


# %% right="itertools, cheapest first" exercise="counterfactual"
from itertools import combinations, product


def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    ways = []
    for size in (1, 2):
        for names in combinations(actions, size):
            for choices in product(*(actions[name] for name in names)):
                changes = {name: value for name, (value, _) in zip(names, choices)}
                ways.append((sum(effort for _, effort in choices), size, len(ways), changes))
    for _, _, _, changes in sorted(ways):
        if score(card, {**x, **changes}) >= limit:
            return changes
    return None


# %% right="uses single_best for the second change" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    efforts = {(n, v): e for n, choices in actions.items() for v, e in choices[::-1]}
    for n, choices in actions.items():
        for v, e in choices:
            efforts[n, v] = min(e, efforts[n, v])
    best = single_best(card, x, actions, limit)
    least = sum(efforts[item] for item in best.items()) if best else float("inf")
    for name, choices in actions.items():
        others = {other: choice for other, choice in actions.items() if other != name}
        for value, effort in choices:
            more = single_best(card, {**x, name: value}, others, limit)
            if more and effort + efforts[next(iter(more.items()))] < least:
                least = effort + efforts[next(iter(more.items()))]
                best = {name: value, **more}
    return best


# %% wrong="effort_among_the_changes" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [{name: choice} for name, choices in actions.items() for choice in choices]
    ways = steps + [{**a, **b} for a in steps for b in steps if set(a) != set(b)]

    def reached(way):
        return score(card, {**x, **{name: value for name, (value, _) in way.items()}})

    enough = [way for way in ways if reached(way) >= limit]
    return min(enough, key=lambda w: (sum(e for _, e in w.values()), len(w)), default=None)


# %% right="numbers of NumPy" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    ways = [{name: np.float64(value)} for name, choices in actions.items() for value, _ in choices]
    ways += [{**a, **b} for a in ways for b in ways if set(a) != set(b)]
    cost = {(n, v): min(e for w, e in c if w == v) for n, c in actions.items() for v, _ in c}
    enough = [way for way in ways if score(card, {**x, **way}) >= limit]
    return min(enough, key=lambda w: (sum(cost[n, v] for n, v in w.items()), len(w)), default=None)


# %% hardcoded="the example" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    return {"a": 1, "b": 1}


# %% wrong="new_value_is_added" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [
        way
        for way in ways
        if score(card, {**x, **{n: x[n] + v for n, v in way[0].items()}}) >= limit
    ]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="forgets_the_other_features" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**dict.fromkeys(x, 0), **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="limit_itself_is_not_enough" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[0]}) > limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="none_for_an_approved_applicant" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return None
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="nothing_to_do_instead_of_nothing_helps" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else {}


# %% wrong="effort_of_a_pair_is_not_the_sum" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, max(e, f)) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="more_than_two_changes" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    ways += [
        ({**way, name: value}, cost + effort)
        for way, cost in ways
        for name, value, effort in steps
        if len(way) == 2 and name not in way
    ]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="old_values_among_the_changes" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    best = min(enough, key=lambda way: (way[1], len(way[0])), default=None)
    return {**x, **best[0]} if best else None


# %% wrong="raises_an_error" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [(effort, 1, {name: value}) for name, value, effort in steps]
    ways += [(e + f, 2, {a: v, b: w}) for a, v, e in steps for b, w, f in steps if a != b]
    enough = [way for way in ways if score(card, {**x, **way[2]}) >= limit]
    return min(enough)[2] if enough else None


# %% wrong="changes_its_input" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    for name, choices in actions.items():
        for value, _ in choices:
            x[name] = value
            if score(card, x) >= limit:
                return {name: value}
    return None


# %% right="gains that add up, values as floats" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    now = score(card, x)
    if now >= limit:
        return {}
    steps = [
        (name, float(value), effort, score(card, {**x, name: value}) - now)
        for name, choices in actions.items()
        for value, effort in choices
    ]
    best, least = None, (float("inf"), 0)
    for i, first in enumerate(steps):
        for second in [None, *steps[i + 1 :]]:
            both = [first] if second is None else [first, second]
            if len({step[0] for step in both}) < len(both):
                continue
            cost = (sum(step[2] for step in both), len(both))
            if now + sum(step[3] for step in both) >= limit - 1e-12 and cost < least:
                best, least = {step[0]: step[1] for step in both}, cost
    return best


# %% right="a pair of one feature is harmless" exercise="counterfactual"
def counterfactual(card, x, actions, limit):
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    ways += [({a: v, b: w}, e + f) for a, v, e in steps for b, w, f in steps if True]
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None


# %% wrong="trusts_the_status" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        if entry["status"] == "open":
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% wrong="closed_without_evidence" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        if entry["status"] == "open" or not entry["answer"].strip():
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% wrong="blanks_count_as_text" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        if entry["status"] == "open" or not entry["answer"] or not entry["evidence"]:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% wrong="ignores_the_status" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        if not entry["answer"].strip() or not entry["evidence"].strip():
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% wrong="last_entry_wins" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        table.loc[who, harm] = "closed" if done else "open"
    return table


# %% wrong="ignores_unknown" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            continue
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        if not done:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% wrong="silent_stakeholder_is_missing" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    frame = pd.DataFrame(consultation)
    for column, known in (("stakeholder", stakeholders), ("harm", harms)):
        for name in frame[column]:
            if name not in known:
                raise ValueError(name)
    texts = frame[["answer", "evidence"]].apply(lambda c: c.str.strip() != "").all(axis=1)
    frame["done"] = (frame["status"] == "closed") & texts
    table = frame.pivot_table(index="stakeholder", columns="harm", values="done", aggfunc="min")
    return table.astype(object).map(
        lambda v: "not discussed" if pd.isna(v) else "closed" if v else "open"
    )


# %% wrong="rows_and_columns_swapped" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=harms, columns=stakeholders)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        if not done:
            table.loc[harm, who] = "open"
        elif table.loc[harm, who] != "open":
            table.loc[harm, who] = "closed"
    return table


# %% right="pivot table, reindexed" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    frame = pd.DataFrame(consultation)
    for column, known in (("stakeholder", stakeholders), ("harm", harms)):
        unknown = set(frame[column]) - set(known)
        if unknown:
            raise ValueError(f"unknown {column}: {', '.join(sorted(unknown))}")
    frame["done"] = (
        frame["status"].eq("closed")
        & frame["answer"].str.strip().ne("")
        & frame["evidence"].str.strip().ne("")
    )
    done = frame.groupby(["stakeholder", "harm"])["done"].all().unstack()
    done = done.reindex(index=stakeholders, columns=harms).astype(object)
    return done.map(lambda v: {True: "closed", False: "open"}.get(v, "not discussed"))


# %% right="sets of pairs" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    opened, closed = set(), set()
    for e in consultation:
        if e["stakeholder"] not in stakeholders:
            raise ValueError("unknown stakeholder " + e["stakeholder"])
        if e["harm"] not in harms:
            raise ValueError("unknown harm " + e["harm"])
        good = all(e[field].strip() for field in ("answer", "evidence")) and e["status"] != "open"
        (closed if good else opened).add((e["stakeholder"], e["harm"]))
    rows = [
        [
            "open" if (w, h) in opened else "closed" if (w, h) in closed else "not discussed"
            for h in harms
        ]
        for w in stakeholders
    ]
    return pd.DataFrame(rows, index=stakeholders, columns=harms)


# %% right="array of objects" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    cells = np.full((len(stakeholders), len(harms)), "not discussed", dtype=object)
    for e in consultation:
        row, column = list(stakeholders).index(e["stakeholder"]), list(harms).index(e["harm"])
        texts = e["answer"].strip() != "" and e["evidence"].strip() != ""
        if e["status"] == "closed" and texts and cells[row, column] != "open":
            cells[row, column] = "closed"
        elif not (e["status"] == "closed" and texts):
            cells[row, column] = "open"
    return pd.DataFrame(cells, index=stakeholders, columns=harms)


# %% wrong="cells_are_not_texts" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame(None, index=stakeholders, columns=harms, dtype=object)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        settled = entry["answer"].strip() != "" and entry["evidence"].strip() != ""
        before = table.loc[who, harm] is not False
        table.loc[who, harm] = before and settled and entry["status"] == "closed"
    return table


# %% hardcoded="the first table" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    table.iloc[0, 0] = "closed"
    table.iloc[-1, -1] = "open"
    return table


# %% wrong="blank_answer_counts_as_text" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        done = entry["status"] == "closed" and entry["answer"] and entry["evidence"].strip()
        if not done:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% wrong="order_is_not_kept" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        if not done:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table.sort_index()


# %% wrong="unanswered_is_not_discussed" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        if not entry["answer"].strip():
            continue
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        if not done:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% wrong="first_entry_wins" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        if table.loc[who, harm] != "not discussed":
            continue
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        if not done:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table


# %% right="cells as categories" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        if not done:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table.astype(pd.CategoricalDtype(["not discussed", "open", "closed"]))


# %% right="text type of pandas, named axes" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        if who not in stakeholders or harm not in harms:
            raise ValueError(f"unknown: {who}, {harm}")
        done = entry["status"] == "closed" and entry["answer"].strip() and entry["evidence"].strip()
        if not done:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] != "open":
            table.loc[who, harm] = "closed"
    return table.astype("string").rename_axis(index="who", columns="what")


# %% right="counts of a cross table" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    known = {"stakeholder": stakeholders, "harm": harms}
    bad = [
        entry[field]
        for entry in consultation
        for field in known
        if entry[field] not in known[field]
    ]
    if bad:
        raise ValueError(f"not known: {bad}")
    frame = pd.DataFrame(consultation)
    texts = frame[["answer", "evidence"]].apply(lambda column: column.str.strip().astype(bool))
    frame["open"] = ~((frame["status"] == "closed") & texts.all(axis=1))
    place = {"index": stakeholders, "columns": harms, "fill_value": 0}
    total = pd.crosstab(frame["stakeholder"], frame["harm"]).reindex(**place)
    opened = frame[frame["open"]]
    opened = pd.crosstab(opened["stakeholder"], opened["harm"]).reindex(**place)
    cells = np.select(
        [total.to_numpy() == 0, opened.to_numpy() > 0], ["not discussed", "open"], "closed"
    )
    return pd.DataFrame(cells, index=stakeholders, columns=harms)


# %% right="one cell after the other" exercise="coverage"
def coverage(consultation, stakeholders, harms):
    for entry in consultation:
        if entry["stakeholder"] not in stakeholders:
            raise ValueError(entry["stakeholder"])
        if entry["harm"] not in harms:
            raise ValueError(entry["harm"])

    def state(who, harm):
        mine = [e for e in consultation if (e["stakeholder"], e["harm"]) == (who, harm)]
        if not mine:
            return "not discussed"
        texts = [e[field] for e in mine for field in ("answer", "evidence")]
        settled = all(text and not text.isspace() for text in texts)
        return "closed" if settled and {e["status"] for e in mine} == {"closed"} else "open"

    return pd.DataFrame({harm: {who: state(who, harm) for who in stakeholders} for harm in harms})
