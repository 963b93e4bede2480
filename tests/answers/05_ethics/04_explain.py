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
