# Answers that the checks of 02_fairness must refuse (wrong) or accept (right).

# %% wrong="difference_of_accuracies" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    selection = y_pred.groupby(group).mean()
    accuracy = (y_pred == y_true).groupby(group).mean()
    fpr = y_pred[y_true == 0].groupby(group).mean()
    eo = accuracy.max() - accuracy.min()
    return {
        "dp": selection.max() - selection.min(),
        "dp_ratio": selection.min() / selection.max(),
        "eo": eo,
        "eodds": max(eo, fpr.max() - fpr.min()),
    }


# %% wrong="conditions_on_the_decision" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    selection = y_pred.groupby(group).mean()
    precision = y_true[y_pred == 1].groupby(group).mean()
    fpr = y_pred[y_true == 0].groupby(group).mean()
    eo = precision.max() - precision.min()
    return {
        "dp": selection.max() - selection.min(),
        "dp_ratio": selection.min() / selection.max(),
        "eo": eo,
        "eodds": max(eo, fpr.max() - fpr.min()),
    }


# %% wrong="default_as_the_positive" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    default, refused = 1 - y_true, 1 - y_pred
    selection = y_pred.groupby(group).mean()
    tpr = refused[default == 1].groupby(group).mean()
    fpr = refused[default == 0].groupby(group).mean()
    eo = tpr.max() - tpr.min()
    return {
        "dp": selection.max() - selection.min(),
        "dp_ratio": selection.min() / selection.max(),
        "eo": eo,
        "eodds": max(eo, fpr.max() - fpr.min()),
    }


# %% wrong="looks_at_the_truth_not_the_decision" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    rate = y_true.groupby(group).mean()
    tpr = y_pred[y_true == 1].groupby(group).mean()
    fpr = y_pred[y_true == 0].groupby(group).mean()
    return {
        "dp": np.ptp(rate),
        "dp_ratio": rate.min() / rate.max(),
        "eo": np.ptp(tpr),
        "eodds": max(np.ptp(tpr), np.ptp(fpr)),
    }


# %% wrong="sign_depends_on_the_order_of_groups" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    def difference(keep):
        rates = y_pred[keep].groupby(group).mean()
        return rates.iloc[1] - rates.iloc[0]

    selection = y_pred.groupby(group).mean()
    return {
        "dp": difference(y_true >= 0),
        "dp_ratio": selection.iloc[1] / selection.iloc[0],
        "eo": difference(y_true == 1),
        "eodds": max(difference(y_true == 1), difference(y_true == 0)),
    }


# %% wrong="compares_two_groups_only" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    first, second = group.unique()[:2]

    def both(keep):
        return [y_pred[keep & (group == g)].mean() for g in (first, second)]

    selection, tpr, fpr = both(y_true >= 0), both(y_true == 1), both(y_true == 0)
    return {
        "dp": abs(selection[0] - selection[1]),
        "dp_ratio": min(selection) / max(selection),
        "eo": abs(tpr[0] - tpr[1]),
        "eodds": max(abs(tpr[0] - tpr[1]), abs(fpr[0] - fpr[1])),
    }


# %% wrong="ratio_upside_down" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    selection = y_pred.groupby(group).mean()
    tpr = y_pred[y_true == 1].groupby(group).mean()
    fpr = y_pred[y_true == 0].groupby(group).mean()
    return {
        "dp": np.ptp(selection),
        "dp_ratio": selection.max() / selection.min(),
        "eo": np.ptp(tpr),
        "eodds": max(np.ptp(tpr), np.ptp(fpr)),
    }


# %% wrong="adds_or_averages_the_two" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    selection = y_pred.groupby(group).mean()
    tpr = y_pred[y_true == 1].groupby(group).mean()
    fpr = y_pred[y_true == 0].groupby(group).mean()
    return {
        "dp": np.ptp(selection),
        "dp_ratio": selection.min() / selection.max(),
        "eo": np.ptp(tpr),
        "eodds": (np.ptp(tpr) + np.ptp(fpr)) / 2,
    }


# %% wrong="no_positives_counts_as_zero" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    selection, tpr, fpr = [], [], []
    for name in group.unique():
        inside = group == name
        selection.append(y_pred[inside].mean())
        tpr.append((y_pred * y_true)[inside].sum() / max(y_true[inside].sum(), 1))
        bad = (1 - y_true)[inside].sum()
        fpr.append((y_pred * (1 - y_true))[inside].sum() / max(bad, 1))
    return {
        "dp": max(selection) - min(selection),
        "dp_ratio": min(selection) / max(selection),
        "eo": max(tpr) - min(tpr),
        "eodds": max(max(tpr) - min(tpr), max(fpr) - min(fpr)),
    }


# %% wrong="one_missing_rate_spoils_all" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    def rates(keep):
        return np.array([y_pred[keep & (group == g)].mean() for g in group.unique()])

    selection, tpr, fpr = rates(y_true >= 0), rates(y_true == 1), rates(y_true == 0)
    return {
        "dp": np.ptp(selection),
        "dp_ratio": selection.min() / selection.max(),
        "eo": np.ptp(tpr),
        "eodds": np.maximum(np.ptp(tpr), np.ptp(fpr)),
    }


# %% right="a loop over the groups, in plain Python" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    rows = list(zip(y_true, y_pred, group))

    def rates(wanted):
        found = []
        for name in set(group):
            mine = [p for y, p, g in rows if g == name and y in wanted]
            if mine:
                found.append(sum(mine) / len(mine))
        return found

    selection, tpr, fpr = rates((0, 1)), rates((1,)), rates((0,))
    eo = max(tpr) - min(tpr)
    return {
        "eodds": float(max(eo, max(fpr) - min(fpr))),
        "eo": eo,
        "dp": max(selection) - min(selection),
        "dp_ratio": min(selection) / max(selection),
    }


# %% right="a pivot table" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    frame = pd.DataFrame({"y": y_true, "ok": y_pred, "g": group})
    by_truth = frame.pivot_table(index="g", columns="y", values="ok", aggfunc="mean")
    selection = frame.groupby("g")["ok"].mean()
    gaps = by_truth.max() - by_truth.min()
    return {
        "dp": np.float64(np.ptp(selection.to_numpy())),
        "dp_ratio": np.divide(selection.min(), selection.max()),
        "eo": gaps[1],
        "eodds": gaps.max(),
    }


# %% right="NumPy with nanmax" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    y, p, g = y_true.to_numpy(), y_pred.to_numpy(), group.to_numpy()
    names = np.unique(g)

    def rates(keep):
        hits = np.array([(p[keep & (g == name)] == 1).sum() for name in names], dtype=float)
        all_ = np.array([(keep & (g == name)).sum() for name in names], dtype=float)
        return np.divide(hits, all_, out=np.full(len(names), np.nan), where=all_ > 0)

    def gap(values):
        return np.nanmax(values) - np.nanmin(values)

    selection = rates(np.ones(len(y), bool))
    eo = gap(rates(y == 1))
    return {
        "dp": gap(selection),
        "dp_ratio": selection.min() / selection.max(),
        "eo": eo,
        "eodds": max(eo, gap(rates(y == 0))),
    }


# %% hardcoded="the example" exercise="fairness_report"
def fairness_report(y_true, y_pred, group):
    return {"dp": 0.35, "dp_ratio": 0.25 / 0.6, "eo": 1 / 6, "eodds": 0.5}


# %% wrong="scores_the_training_rows" exercise="proxy_strength"
from sklearn.metrics import roc_auc_score


def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        model = make_model([feature]).fit(df[[feature]], in_b(df))
        auc = roc_auc_score(in_b(df), model.predict_proba(df[[feature]])[:, 1])
        rows.append({"feature": feature, "auc": max(auc, 1 - auc)})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% wrong="codes_texts_as_numbers" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        column = df[feature]
        if not pd.api.types.is_numeric_dtype(column):
            column = column.astype("category").cat.codes
        X = column.to_frame("x")
        auc = cross_val_score(make_model(["x"]), X, in_b(df), cv=folds, scoring="roc_auc").mean()
        rows.append({"feature": feature, "auc": max(auc, 1 - auc)})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% wrong="correlation_instead_of_auc" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        numbers = pd.get_dummies(df[[feature]], dtype=float)
        auc = numbers.corrwith(in_b(df)).abs().max()
        rows.append({"feature": feature, "auc": auc})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% wrong="unfolded_auc" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        scores = cross_val_score(
            make_model([feature]), df[[feature]], in_b(df), cv=folds, scoring="roc_auc"
        )
        rows.append({"feature": feature, "auc": scores.mean()})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% wrong="clips_at_one_half" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        scores = cross_val_score(
            make_model([feature]), df[[feature]], in_b(df), cv=folds, scoring="roc_auc"
        )
        rows.append({"feature": feature, "auc": max(scores.mean(), 0.5)})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% wrong="turns_each_fold_round" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        scores = cross_val_score(
            make_model([feature]), df[[feature]], in_b(df), cv=folds, scoring="roc_auc"
        )
        rows.append({"feature": feature, "auc": np.maximum(scores, 1 - scores).mean()})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% wrong="weakest_first" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        auc = cross_val_score(
            make_model([feature]), df[[feature]], in_b(df), cv=folds, scoring="roc_auc"
        ).mean()
        rows.append({"feature": feature, "auc": max(auc, 1 - auc)})
    return pd.DataFrame(rows).sort_values("auc", ignore_index=True)


# %% wrong="accuracy_instead_of_auc" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    rows = []
    for feature in features:
        score = cross_val_score(make_model([feature]), df[[feature]], in_b(df), cv=folds).mean()
        rows.append({"feature": feature, "auc": max(score, 1 - score)})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% right="out-of-fold scores of all folds pooled" exercise="proxy_strength"
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict


def proxy_strength(df, features, folds=5):
    found = {}
    for feature in features:
        scores = cross_val_predict(
            make_model([feature]), df[[feature]], in_b(df), cv=folds, method="predict_proba"
        )[:, 1]
        auc = roc_auc_score(in_b(df), scores)
        found[feature] = 0.5 + abs(auc - 0.5)
    table = pd.Series(found).sort_values(ascending=False).rename_axis("feature")
    return table.reset_index(name="auc")


# %% right="a loop over shuffled folds, own pipeline" exercise="proxy_strength"
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold


def proxy_strength(df, features, folds=5):
    y = (df["group"] == "B").to_numpy()
    table = []
    for feature in features:
        X = pd.get_dummies(df[[feature]], dtype=float).to_numpy()
        aucs = []
        splits = StratifiedKFold(folds, shuffle=True, random_state=3)
        for train, test in splits.split(X, y):
            model = LogisticRegression().fit(X[train], y[train])
            aucs.append(roc_auc_score(y[test], model.decision_function(X[test])))
        mean = np.mean(aucs)
        table.append((max(mean, 1 - mean), feature))
    table.sort(reverse=True)
    return pd.DataFrame([(f, a) for a, f in table], columns=["feature", "auc"])


# %% right="cross_validate, columns in another order" exercise="proxy_strength"
from sklearn.model_selection import cross_validate


def proxy_strength(df, features, folds=5):
    aucs = [
        np.mean(
            cross_validate(
                make_model([f]), df[[f]], df["group"] == "B", cv=folds, scoring="roc_auc"
            )["test_score"]
        )
        for f in features
    ]
    aucs = [1 - a if a < 0.5 else a for a in aucs]
    table = pd.DataFrame({"auc": aucs, "feature": list(features)})
    return table.sort_values("auc", ascending=False).reset_index(drop=True)


# %% hardcoded="the table of the notebook" exercise="proxy_strength"
def proxy_strength(df, features, folds=5):
    known = {"area": 0.93, "purpose": 0.87, "income_keur": 0.6, "loan_keur": 0.75}
    rows = [{"feature": f, "auc": known.get(f, 0.5)} for f in features]
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)


# %% wrong="adds_columns_up" exercise="joint_strength"
def joint_strength(df, features, folds=5):
    return cross_val_score(
        make_model(features), df[features], in_b(df), cv=folds, scoring="roc_auc"
    ).mean()


# %% wrong="scores_the_training_rows" exercise="joint_strength"
from sklearn.metrics import roc_auc_score


def joint_strength(df, features, folds=5):
    model = make_model(features, HistGradientBoostingClassifier(random_state=0))
    model.fit(df[features], in_b(df))
    return roc_auc_score(in_b(df), model.predict_proba(df[features])[:, 1])


# %% hardcoded="the best single column" exercise="joint_strength"
def joint_strength(df, features, folds=5):
    boosted = HistGradientBoostingClassifier(random_state=0)
    return max(
        cross_val_score(
            make_model([f], boosted), df[[f]], in_b(df), cv=folds, scoring="roc_auc"
        ).mean()
        for f in features
    )


# %% wrong="returns_nothing" exercise="joint_strength"
def joint_strength(df, features, folds=5):
    model = make_model(features, HistGradientBoostingClassifier(random_state=0))
    print(cross_val_score(model, df[features], in_b(df), cv=folds, scoring="roc_auc").mean())


# %% right="a forest" exercise="joint_strength"
from sklearn.ensemble import RandomForestClassifier


def joint_strength(df, features, folds=5):
    model = make_model(features, RandomForestClassifier(60, min_samples_leaf=5, random_state=1))
    return cross_val_score(model, df[features], in_b(df), cv=folds, scoring="roc_auc").mean()


# %% right="products of columns, logistic regression" exercise="joint_strength"
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import PolynomialFeatures


def joint_strength(df, features, folds=5):
    model = make_model(features, make_pipeline(PolynomialFeatures(2), LogisticRegression(C=1.0)))
    y = in_b(df)
    scores = cross_val_predict(model, df[features], y, cv=folds, method="predict_proba")[:, 1]
    return roc_auc_score(y, scores)


# %% right="support vectors" exercise="joint_strength"
from sklearn.svm import SVC


def joint_strength(df, features, folds=5):
    model = make_model(features, SVC())
    return np.mean(cross_val_score(model, df[features], in_b(df), cv=folds, scoring="roc_auc"))


# %% hardcoded="nearly one" exercise="joint_strength"
def joint_strength(df, features, folds=5):
    return 0.95


# %% wrong="one_common_threshold" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    everybody = score if criterion == "dp" else score[y == 1]
    limit = np.quantile(everybody, 1 - level)
    return {name: limit for name in group.unique()}


# %% wrong="quantile_of_those_who_fail" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    keep = y == 0 if criterion == "eo" else y >= 0
    return {g: np.quantile(score[keep & (group == g)], 1 - level) for g in group.unique()}


# %% wrong="ignores_the_criterion" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    return {g: np.quantile(score[group == g], 1 - level) for g in group.unique()}


# %% wrong="share_from_the_bottom" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    keep = y == 1 if criterion == "eo" else y >= 0
    return {g: np.quantile(score[keep & (group == g)], level) for g in group.unique()}


# %% wrong="threshold_is_the_level" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    return {"A": level, "B": level}


# %% right="the k-th largest score" exercise="thresholds_for"
import math


def thresholds_for(score, y, group, criterion, level):
    found = {}
    for name in set(group):
        own = [s for s, good, g in zip(score, y, group) if g == name]
        if criterion == "eo":
            own = [s for s, good, g in zip(score, y, group) if g == name and good == 1]
        own.sort(reverse=True)
        found[name] = own[max(math.ceil(level * len(own) - 1e-9), 1) - 1]
    return found


# %% right="groupby and quantile of pandas" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    if criterion == "eo":
        score = score[y == 1]
    return score.groupby(group).quantile(1 - level).to_dict()


# %% right="tries every score as a threshold" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    result = {}
    for name in group.unique():
        keep = (group == name) & ((y == 1) | (criterion == "dp"))
        own = np.sort(score[keep].unique())[::-1]
        for limit in own:
            result[name] = np.float64(limit)
            if (score[keep] >= limit).mean() >= level:
                break
    return result


# %% hardcoded="the example" exercise="thresholds_for"
def thresholds_for(score, y, group, criterion, level):
    return {"A": 0.8 if criterion == "dp" else 0.9, "B": 0.5}


# %% wrong="counts_all_refusals" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    frame = pd.DataFrame({"y": y, "ok": approved, "group": group})
    rows = []
    for name, part in frame.groupby("group"):
        rows.append(
            {
                "group": name,
                "n": len(part),
                "refused_good": int((part.ok == 0).sum()),
                "failed_loans": int(((part.ok == 1) & (part.y == 0)).sum()),
                "profit_eur": gain_eur * (part.ok * part.y).sum()
                - loss_eur * (part.ok * (1 - part.y)).sum(),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="harms_swapped" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    frame = pd.DataFrame(
        {
            "group": group,
            "n": 1,
            "refused_good": (y == 0) & (approved == 1),
            "failed_loans": (y == 1) & (approved == 0),
            "profit_eur": approved * (gain_eur * y - loss_eur * (1 - y)),
        }
    )
    return frame.groupby("group").sum().reset_index()


# %% wrong="profit_without_losses" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    frame = pd.DataFrame(
        {
            "group": group,
            "n": 1,
            "refused_good": (y == 1) & (approved == 0),
            "failed_loans": (y == 0) & (approved == 1),
            "profit_eur": approved * gain_eur * y,
        }
    )
    return frame.groupby("group").sum().reset_index()


# %% wrong="refusals_change_the_profit" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    frame = pd.DataFrame(
        {
            "group": group,
            "n": 1,
            "refused_good": (y == 1) & (approved == 0),
            "failed_loans": (y == 0) & (approved == 1),
        }
    )
    right = (y == 1) & (approved == 1)
    frame["profit_eur"] = (
        gain_eur * right - loss_eur * frame["failed_loans"] - gain_eur * frame["refused_good"]
    )
    return frame.groupby("group").sum().reset_index()


# %% wrong="profit_per_person" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    frame = pd.DataFrame(
        {
            "group": group,
            "n": 1,
            "refused_good": (y == 1) & (approved == 0),
            "failed_loans": (y == 0) & (approved == 1),
            "profit_eur": approved * (gain_eur * y - loss_eur * (1 - y)),
        }
    )
    how = dict.fromkeys(["n", "refused_good", "failed_loans"], "sum")
    return frame.groupby("group").agg({**how, "profit_eur": "mean"}).reset_index()


# %% wrong="shares_instead_of_counts" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    frame = pd.DataFrame(
        {
            "group": group,
            "refused_good": (y == 1) & (approved == 0),
            "failed_loans": (y == 0) & (approved == 1),
            "profit_eur": approved * (gain_eur * y - loss_eur * (1 - y)),
        }
    )
    rates = frame.groupby("group").mean()
    rates["n"] = frame.groupby("group").size()
    return rates.reset_index()


# %% wrong="group_in_the_index" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    table = pd.DataFrame(
        {
            "n": 1,
            "refused_good": (y == 1) & (approved == 0),
            "failed_loans": (y == 0) & (approved == 1),
            "profit_eur": approved * np.where(y == 1, gain_eur, -loss_eur),
        }
    )
    return table.groupby(group.rename("group")).sum()


# %% right="person by person" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    table = {}
    for good, ok, name in zip(y, approved, group):
        row = table.setdefault(
            name,
            {"group": name, "n": 0, "refused_good": 0, "failed_loans": 0, "profit_eur": 0.0},
        )
        row["n"] += 1
        if ok and good:
            row["profit_eur"] += gain_eur
        elif ok:
            row["failed_loans"] += 1
            row["profit_eur"] -= loss_eur
        elif good:
            row["refused_good"] += 1
    return pd.DataFrame(list(table.values()))


# %% right="masks and NumPy, other order of columns" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    names = sorted(group.unique(), reverse=True)
    rows = []
    for name in names:
        inside = (group == name).to_numpy()
        good, ok = y.to_numpy()[inside] == 1, approved.to_numpy()[inside] == 1
        failed = np.sum(~good & ok)
        profit = gain_eur * np.sum(good & ok) - loss_eur * failed
        rows.append((float(profit), failed, np.sum(good & ~ok), inside.sum(), name))
    return pd.DataFrame(rows, columns=["profit_eur", "failed_loans", "refused_good", "n", "group"])


# %% right="a crosstab" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    cells = pd.DataFrame({"g": group, "y": y, "ok": approved}).value_counts(["g", "y", "ok"])
    rows = []
    for name in sorted(group.unique()):
        count = {key: cells.get((name, *key), 0) for key in ((0, 0), (0, 1), (1, 0), (1, 1))}
        rows.append(
            [name, sum(count.values()), count[1, 0], count[0, 1]]
            + [gain_eur * count[1, 1] - loss_eur * count[0, 1]]
        )
    return pd.DataFrame(rows, columns=["group", "n", "refused_good", "failed_loans", "profit_eur"])


# %% hardcoded="the example" exercise="who_pays"
def who_pays(y, approved, group, gain_eur, loss_eur):
    return pd.DataFrame(
        {
            "group": ["A", "B"],
            "n": [4, 4],
            "refused_good": [1, 2],
            "failed_loans": [1, 1],
            "profit_eur": [-100, -300],
        }
    )
