# Answers that the checks of 02_decide_report must refuse (wrong) or accept (right).

# %% wrong="threshold_upside_down" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return margin / (margin + lgd)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -lgd))[p >= threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="one_half" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return 0.5


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -lgd))[p >= threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="forgets_the_sum" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return 1 - margin / lgd


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -lgd))[p >= threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="counts_loans_not_money" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    good, yes = np.asarray(y) == 1, np.asarray(p) >= threshold
    return float(margin * (good & yes).sum() - lgd * (~good & yes).sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="strictly_above" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -lgd))[p > threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p > s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="everybody_is_approved" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -lgd)).sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="loses_the_whole_loan" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -1))[p >= threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="repaid_loans_return_the_amount" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, 1 + margin, -lgd))[p >= threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="approval_as_a_number" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -lgd))[p >= threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.sum(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="curve_forgets_margin_and_lgd" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return float((amount * np.where(np.asarray(y) == 1, margin, -lgd))[p >= threshold].sum())


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% right="loops over loans" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return 1 / (1 + margin / lgd)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    total = 0
    for good, chance, loan in zip(y, p, amount):
        if chance >= threshold:
            total += loan * margin if good else -loan * lgd
    return total


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    curve = {"approval": [], "threshold": [], "profit": []}
    for s in thresholds:
        curve["threshold"].append(s)
        curve["profit"].append(profit(y, p, amount, s, margin, lgd))
        curve["approval"].append(sum(chance >= s for chance in p) / len(p))
    return pd.DataFrame(curve)


# %% right="pandas, and a matrix" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return np.float64(1) - margin / (margin + lgd)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    table = pd.DataFrame({"y": list(y), "p": list(p), "amount": list(amount)})
    yes = table[table.p >= threshold]
    return yes.amount[yes.y == 1].sum() * margin - yes.amount[yes.y == 0].sum() * lgd


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    yes = np.asarray(p)[None, :] >= np.asarray(list(thresholds), float)[:, None]
    gain = np.asarray(amount, float) * (np.asarray(y) * (margin + lgd) - lgd)
    return pd.DataFrame(
        {"threshold": list(thresholds), "profit": yes @ gain, "approval": yes.mean(axis=1)}
    )


# %% hardcoded="the example" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return 0.6 / 0.72


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return -1.8


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    return pd.DataFrame({"threshold": thresholds, "profit": -1.8, "approval": 0.667})


# %% wrong="not_repaired" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    return np.asarray(p_new) >= lgd / (lgd + margin)


# %% wrong="refuses_beyond_the_known_range" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    return IsotonicRegression().fit(p_old, y_old).predict(p_new) >= lgd / (lgd + margin)


# %% wrong="one_half_after_the_repair" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    repaired = IsotonicRegression(out_of_bounds="clip").fit(p_old, y_old).predict(p_new)
    return repaired > (0.5 if margin == 0.12 else lgd / (lgd + margin))


# %% wrong="returns_probabilities" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    return IsotonicRegression(out_of_bounds="clip").fit(p_old, y_old).predict(p_new)


# %% wrong="ignores_margin_and_lgd" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    repaired = IsotonicRegression(out_of_bounds="clip").fit(p_old, y_old).predict(p_new)
    return repaired >= 0.6 / 0.72


# %% wrong="learns_from_new_applications" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    # Moves the new numbers so that their mean is that of the old outcomes.
    repair = IsotonicRegression(out_of_bounds="clip").fit(p_old, y_old)
    repaired = repair.predict(p_new)
    if len(p_new) > 5:
        repaired = repaired + np.mean(y_old) - repaired.mean()
    return repaired >= lgd / (lgd + margin)


# %% right="by expected profit of each loan" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    repair = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    repair.fit(np.asarray(p_old, float), np.asarray(y_old, float))
    q = repair.transform(np.clip(p_new, np.min(p_old), np.max(p_old)))
    return list(q * margin - (1 - q) * lgd >= -1e-12)


# %% right="with np.interp" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    order = np.argsort(p_old, kind="stable")
    x = np.asarray(p_old, float)[order]
    fitted = IsotonicRegression().fit(x, np.asarray(y_old)[order]).predict(x)
    return np.interp(p_new, x, fitted) >= lgd / (margin + lgd)


# %% hardcoded="the example" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    return np.asarray(p_new) > 0.5


# %% wrong="trains_on_train_only" exercise="final_fit"
def final_fit(box, estimator):
    return make_credit_pipeline(estimator).fit(box.train, box.train["repaid"])


def final_scores(box, model):
    def metric(rows, p):
        return {
            "auc": roc_auc_score(rows["repaid"], p),
            "brier": brier_score_loss(rows["repaid"], p),
            "n": len(rows),
            "rows": rows.assign(p=p),
        }

    return box.evaluate(model, metric)


# %% wrong="opens_the_box_to_fit" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid])
    model = make_credit_pipeline(estimator).fit(rows, rows["repaid"])
    sealed = box.evaluate(model, lambda rows, p: rows)
    print("AUC of the final model:", roc_auc_score(sealed["repaid"], sealed["repaid"]))
    return model


def final_scores(box, model):
    def metric(rows, p):
        return {
            "auc": roc_auc_score(rows["repaid"], p),
            "brier": brier_score_loss(rows["repaid"], p),
            "n": len(rows),
            "rows": rows.assign(p=p),
        }

    return box.evaluate(model, metric)


# %% wrong="looks_twice" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid])
    return make_credit_pipeline(estimator).fit(rows, rows["repaid"])


def final_scores(box, model):
    table = box.evaluate(model, lambda rows, p: rows.assign(p=p))
    return {
        "auc": box.evaluate(model, lambda rows, p: roc_auc_score(rows["repaid"], p)),
        "brier": box.evaluate(model, lambda rows, p: brier_score_loss(rows["repaid"], p)),
        "n": len(table),
        "rows": table,
    }


# %% wrong="never_opens_the_box" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid])
    return make_credit_pipeline(estimator).fit(rows, rows["repaid"])


def final_scores(box, model):
    rows = box.valid
    p = model.predict_proba(rows)[:, 1]
    y = rows["repaid"]
    return {
        "auc": roc_auc_score(y, p),
        "brier": brier_score_loss(y, p),
        "n": len(rows),
        "rows": rows.assign(p=p),
    }


# %% wrong="scores_open_rows" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid])
    return make_credit_pipeline(estimator).fit(rows, rows["repaid"])


def final_scores(box, model):
    open_rows = pd.concat([box.train, box.valid])

    def metric(rows, p):
        q = model.predict_proba(open_rows)[:, 1]
        y = open_rows["repaid"]
        scores = {"auc": roc_auc_score(y, q), "brier": brier_score_loss(y, q)}
        return {**scores, "n": len(open_rows), "rows": open_rows.assign(p=q)}

    return box.evaluate(model, metric)


# %% wrong="scores_yes_or_no" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid])
    return make_credit_pipeline(estimator).fit(rows, rows["repaid"])


def final_scores(box, model):
    def metric(rows, p):
        y, yes = rows["repaid"], (p >= 0.5).astype(int)
        scores = {"auc": roc_auc_score(y, yes), "brier": np.mean((y - yes) ** 2)}
        return {**scores, "n": len(rows), "rows": rows.assign(p=p)}

    return box.evaluate(model, metric)


# %% wrong="root_of_brier" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid])
    return make_credit_pipeline(estimator).fit(rows, rows["repaid"])


def final_scores(box, model):
    def metric(rows, p):
        y = rows["repaid"]
        scores = {"auc": roc_auc_score(y, p), "brier": np.sqrt(np.mean((y - p) ** 2))}
        return {**scores, "n": len(rows), "rows": rows.assign(p=p)}

    return box.evaluate(model, metric)


# %% wrong="raises_an_error" exercise="final_fit"
def final_fit(box, estimator):
    rows = box.train.append(box.valid)  # DataFrame.append is gone
    return make_credit_pipeline(estimator).fit(rows, rows["repaid"])


def final_scores(box, model):
    def metric(rows, p):
        y = rows["repaid"]
        scores = {"auc": roc_auc_score(y, p), "brier": brier_score_loss(y, p)}
        return {**scores, "n": len(rows), "rows": rows.assign(p=p)}

    return box.evaluate(model, metric)


# %% right="take the rows out, then compute" exercise="final_fit"
def final_fit(box, estimator):
    X = pd.concat([box.valid, box.train])
    y = X.pop("repaid")
    model = make_credit_pipeline(estimator)
    model.fit(X, y)
    return model


def final_scores(box, model):
    rows = box.evaluate(model, lambda rows, p: rows.assign(p=p))
    y, p = rows["repaid"].to_numpy(), rows["p"].to_numpy()
    higher = p[y == 1][:, None] - p[y == 0][None, :]
    return {
        "auc": float(np.mean(higher > 0) + np.mean(higher == 0) / 2),
        "brier": float(np.mean((p - y) ** 2)),
        "n": rows.shape[0],
        "rows": rows.reset_index(),
    }


# %% right="a metric with memory" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid], ignore_index=True)
    return make_credit_pipeline(estimator).fit(rows, rows.repaid)


def final_scores(box, model):
    result = {}

    def metric(rows, p):
        result["rows"] = pd.DataFrame(
            {"p": p, **{name: rows[name].values for name in ("repaid", "group", "loan_keur")}}
        )
        result["n"] = int(p.size)
        result["brier"] = float(((p - rows.repaid) ** 2).mean())
        return float(roc_auc_score(rows.repaid, p))

    result["auc"] = box.evaluate(model, metric)
    return result


# %% hardcoded="the example" exercise="final_fit"
def final_fit(box, estimator):
    return make_credit_pipeline(estimator).fit(box.valid, box.valid["repaid"])


def final_scores(box, model):
    return {"auc": 0.5, "brier": 0.22, "n": 3, "rows": box.valid}


# %% wrong="precision_instead_of_tpr" exercise="group_rates"
def group_rates(y, p, group, threshold):
    result = {}
    for name in sorted(set(group)):
        mine = group == name
        yes = p >= threshold
        n = int(mine.sum())
        rates = {
            "approved": float(yes[mine].mean()),
            "tpr": float(y[mine & yes].mean()),
            "fpr": float(yes[mine & (y == 0)].mean()) if (mine & (y == 0)).any() else None,
        }
        result[name] = {"n": n, **(rates if n >= 30 else dict.fromkeys(rates))}
    return result


def limitations(report):
    paths = ["metrics.brier.value", "confusion.fp", "groups.B.tpr"]
    claim = "This number shows a weak side of the model."
    return [{"claim": claim, "metric": path, "value": lookup(report, path)} for path in paths]


# %% wrong="share_of_all_applications" exercise="group_rates"
def group_rates(y, p, group, threshold):
    result = {}
    for name in sorted(set(group)):
        mine = group == name
        yes = p >= threshold
        n = int(mine.sum())
        rates = {
            "approved": float((yes & mine).sum() / len(y)),
            "tpr": float(yes[mine & (y == 1)].mean()),
            "fpr": float(yes[mine & (y == 0)].mean()) if (mine & (y == 0)).any() else None,
        }
        result[name] = {"n": n, **(rates if n >= 30 else dict.fromkeys(rates))}
    return result


def limitations(report):
    paths = ["metrics.brier.value", "confusion.fp", "groups.B.tpr"]
    claim = "This number shows a weak side of the model."
    return [{"claim": claim, "metric": path, "value": lookup(report, path)} for path in paths]


# %% wrong="rates_of_a_small_group" exercise="group_rates"
def group_rates(y, p, group, threshold):
    result = {}
    for name in sorted(set(group)):
        mine = group == name
        yes = p >= threshold
        result[name] = {
            "n": int(mine.sum()),
            "approved": float(yes[mine].mean()),
            "tpr": float(yes[mine & (y == 1)].mean()) if (mine & (y == 1)).any() else None,
            "fpr": float(yes[mine & (y == 0)].mean()) if (mine & (y == 0)).any() else None,
        }
    return result


def limitations(report):
    paths = ["metrics.brier.value", "confusion.fp", "groups.B.tpr"]
    claim = "This number shows a weak side of the model."
    return [{"claim": claim, "metric": path, "value": lookup(report, path)} for path in paths]


# %% wrong="divides_by_nobody" exercise="group_rates"
def group_rates(y, p, group, threshold):
    result = {}
    for name in sorted(set(group)):
        mine = group == name
        yes = p >= threshold
        n = int(mine.sum())
        rates = {
            "approved": float(yes[mine].mean()),
            "tpr": float(yes[mine & (y == 1)].mean()),
            "fpr": float(np.nan_to_num(yes[mine & (y == 0)].mean())),
        }
        result[name] = {"n": n, **(rates if n >= 30 else dict.fromkeys(rates))}
    return result


def limitations(report):
    paths = ["metrics.brier.value", "confusion.fp", "groups.B.tpr"]
    claim = "This number shows a weak side of the model."
    return [{"claim": claim, "metric": path, "value": lookup(report, path)} for path in paths]


# %% wrong="numbers_typed_in" exercise="group_rates"
def group_rates(y, p, group, threshold):
    result = {}
    for name in sorted(set(group)):
        mine = group == name
        yes = p >= threshold
        n = int(mine.sum())
        good, bad = mine & (y == 1), mine & (y == 0)
        rates = {
            "approved": float(yes[mine].mean()),
            "tpr": float(yes[good].mean()) if good.any() else None,
            "fpr": float(yes[bad].mean()) if bad.any() else None,
        }
        result[name] = {"n": n, **(rates if n >= 30 else dict.fromkeys(rates))}
    return result


def limitations(report):
    return [
        {
            "claim": "The profit may be much lower than it seems.",
            "metric": "metrics.profit_keur.low",
            "value": 254.6,
        },
        {
            "claim": "The order of applicants is not perfect at all.",
            "metric": "metrics.auc.value",
            "value": 0.739,
        },
        {
            "claim": "Many good applicants of group B are refused.",
            "metric": "groups.B.tpr",
            "value": 0.44,
        },
    ]


# %% wrong="one_number_three_times" exercise="group_rates"
def group_rates(y, p, group, threshold):
    result = {}
    for name in sorted(set(group)):
        mine = group == name
        yes = p >= threshold
        n = int(mine.sum())
        good, bad = mine & (y == 1), mine & (y == 0)
        rates = {
            "approved": float(yes[mine].mean()),
            "tpr": float(yes[good].mean()) if good.any() else None,
            "fpr": float(yes[bad].mean()) if bad.any() else None,
        }
        result[name] = {"n": n, **(rates if n >= 30 else dict.fromkeys(rates))}
    return result


def limitations(report):
    path = "metrics.auc.low"
    claims = [
        "The AUC may be low in other years",
        "The AUC may be low in other branches",
        "It may be low in hard times",
    ]
    value = lookup(report, path)
    return [{"claim": f"{c} than this one.", "metric": path, "value": value} for c in claims]


# %% wrong="value_is_not_a_number" exercise="group_rates"
def group_rates(y, p, group, threshold):
    result = {}
    for name in sorted(set(group)):
        mine = group == name
        yes = p >= threshold
        n = int(mine.sum())
        good, bad = mine & (y == 1), mine & (y == 0)
        rates = {
            "approved": float(yes[mine].mean()),
            "tpr": float(yes[good].mean()) if good.any() else None,
            "fpr": float(yes[bad].mean()) if bad.any() else None,
        }
        result[name] = {"n": n, **(rates if n >= 30 else dict.fromkeys(rates))}
    return result


def limitations(report):
    claim = "This part of the report shows a weak side of the model."
    paths = ["metrics.auc", "metrics.brier", "confusion"]
    return [{"claim": claim, "metric": path, "value": lookup(report, path)} for path in paths]


# %% right="pandas groupby" exercise="group_rates"
def group_rates(y, p, group, threshold):
    table = pd.DataFrame({"y": list(y), "yes": np.asarray(p) >= threshold, "g": list(group)})
    result = {}
    for name, part in table.groupby("g"):
        rates = {"approved": part.yes, "tpr": part.yes[part.y == 1], "fpr": part.yes[part.y == 0]}
        known = len(part) >= 30
        result[name] = {k: float(v.mean()) if known and len(v) else None for k, v in rates.items()}
        result[name]["n"] = len(part)
    return result


def limitations(report):
    worst = min(report["groups"], key=lambda name: report["groups"][name]["tpr"] or 1)
    found = [
        {
            "claim": f"Good applicants of group {worst} are approved least often.",
            "metric": f"groups.{worst}.tpr",
        },
        {"claim": "Some loans that were approved were not paid back.", "metric": "confusion.fp"},
        {"claim": "The report rests on so many applications only.", "metric": "rows"},
    ]
    for entry in found:
        entry["value"] = lookup(report, entry["metric"])
    return found


# %% right="loops over people" exercise="group_rates"
def group_rates(y, p, group, threshold):
    counts = {}
    for outcome, chance, name in zip(y, p, group):
        c = counts.setdefault(str(name), {"n": 0, "yes": 0, 0: 0, 1: 0, (0, 1): 0, (1, 1): 0})
        yes = int(chance >= threshold)
        c["n"] += 1
        c["yes"] += yes
        c[int(outcome)] += 1
        if yes:
            c[(int(outcome), 1)] += 1
    result = {}
    for name, c in counts.items():
        big = c["n"] >= 30
        result[name] = {
            "n": c["n"],
            "approved": c["yes"] / c["n"] if big else None,
            "tpr": c[(1, 1)] / c[1] if big and c[1] else None,
            "fpr": c[(0, 1)] / c[0] if big and c[0] else None,
        }
    return result


def limitations(report):
    m = report["metrics"]
    return [
        {
            "value": m["auc"]["low"],
            "claim": "The AUC may be as low as this in other samples.",
            "metric": "metrics.auc.low",
        },
        {
            "value": m["brier"]["high"],
            "claim": "Probabilities may be off by more than we think.",
            "metric": "metrics.brier.high",
        },
        {
            "value": report["threshold"]["value"],
            "claim": "The threshold stands and falls with margin and lgd.",
            "metric": "threshold.value",
        },
    ]


# %% hardcoded="the example" exercise="group_rates"
def group_rates(y, p, group, threshold):
    return {"B": {"n": 40, "approved": 0.4, "tpr": 0.6, "fpr": 0.0667}}


def limitations(report):
    claim = "The profit may be much lower than reported."
    return [{"claim": claim, "metric": "metrics.profit_keur.low", "value": 213.4}] * 3


# %% wrong="decides_by_the_point" exercise="gate"
def gate(evidence, policy):
    reasons, failed = [], False
    for rule in evidence["measures"]:
        if rule not in policy["limits"]:
            raise ValueError(rule)
    for rule, limit in policy["limits"].items():
        found = evidence["measures"].get(rule)
        if found is None or found["value"] is None:
            reasons.append({"rule": rule, "value": None, "limit": limit})
        elif found["n"] < policy["min_group_n"]:
            reasons.append({"rule": rule, "value": found["n"], "limit": policy["min_group_n"]})
        elif found["value"] > limit:
            failed = True
            reasons.append({"rule": rule, "value": found["low"], "limit": limit})
    for name in policy["artefacts"]:
        if name not in evidence["artefacts"]:
            reasons.append({"rule": name, "value": None, "limit": None})
    return {
        "decision": "fail" if failed else "needs_review" if reasons else "pass",
        "reasons": reasons,
    }


# %% wrong="missing_measure_passes" exercise="gate"
def gate(evidence, policy):
    reasons, failed = [], False
    for rule, found in evidence["measures"].items():
        if rule not in policy["limits"]:
            raise ValueError(rule)
        limit = policy["limits"][rule]
        if found["low"] is None or found["high"] is None:
            reasons.append({"rule": rule, "value": None, "limit": limit})
        elif found["n"] < policy["min_group_n"]:
            reasons.append({"rule": rule, "value": found["n"], "limit": policy["min_group_n"]})
        elif found["low"] > limit:
            failed = True
            reasons.append({"rule": rule, "value": found["low"], "limit": limit})
        elif found["high"] > limit:
            reasons.append({"rule": rule, "value": found["high"], "limit": limit})
    for name in policy["artefacts"]:
        if name not in evidence["artefacts"]:
            reasons.append({"rule": name, "value": None, "limit": None})
    return {
        "decision": "fail" if failed else "needs_review" if reasons else "pass",
        "reasons": reasons,
    }


# %% wrong="missing_artefact_passes" exercise="gate"
def gate(evidence, policy):
    reasons, failed = [], False
    for rule in evidence["measures"]:
        if rule not in policy["limits"]:
            raise ValueError(rule)
    for rule, limit in policy["limits"].items():
        found = evidence["measures"].get(rule)
        if found is None or found["low"] is None or found["high"] is None:
            reasons.append({"rule": rule, "value": None, "limit": limit})
        elif found["n"] < policy["min_group_n"]:
            reasons.append({"rule": rule, "value": found["n"], "limit": policy["min_group_n"]})
        elif found["high"] > limit:
            over = found["low"] > limit
            failed |= over
            reasons.append(
                {"rule": rule, "value": found["low"] if over else found["high"], "limit": limit}
            )
    return {
        "decision": "fail" if failed else "needs_review" if reasons else "pass",
        "reasons": reasons,
    }


# %% wrong="stops_at_the_first_reason" exercise="gate"
def gate(evidence, policy):
    for rule in evidence["measures"]:
        if rule not in policy["limits"]:
            raise ValueError(rule)
    for rule, limit in policy["limits"].items():
        found = evidence["measures"].get(rule)
        decision, value = "needs_review", None
        if found is None or found["low"] is None or found["high"] is None:
            pass
        elif found["n"] < policy["min_group_n"]:
            value, limit = found["n"], policy["min_group_n"]
        elif found["low"] > limit:
            decision, value = "fail", found["low"]
        elif found["high"] > limit:
            value = found["high"]
        else:
            continue
        return {"decision": decision, "reasons": [{"rule": rule, "value": value, "limit": limit}]}
    for name in policy["artefacts"]:
        if name not in evidence["artefacts"]:
            return {
                "decision": "needs_review",
                "reasons": [{"rule": name, "value": None, "limit": None}],
            }
    return {"decision": "pass", "reasons": []}


# %% wrong="equal_counts_as_exceeded" exercise="gate"
def gate(evidence, policy):
    reasons, failed = [], False
    for rule in evidence["measures"]:
        if rule not in policy["limits"]:
            raise ValueError(rule)
    for rule, limit in policy["limits"].items():
        found = evidence["measures"].get(rule)
        if found is None or found["low"] is None or found["high"] is None:
            reasons.append({"rule": rule, "value": None, "limit": limit})
        elif found["n"] < policy["min_group_n"]:
            reasons.append({"rule": rule, "value": found["n"], "limit": policy["min_group_n"]})
        elif found["high"] >= limit:
            over = found["low"] >= limit
            failed |= over
            reasons.append(
                {"rule": rule, "value": found["low"] if over else found["high"], "limit": limit}
            )
    for name in policy["artefacts"]:
        if name not in evidence["artefacts"]:
            reasons.append({"rule": name, "value": None, "limit": None})
    return {
        "decision": "fail" if failed else "needs_review" if reasons else "pass",
        "reasons": reasons,
    }


# %% wrong="small_groups_decide" exercise="gate"
def gate(evidence, policy):
    reasons, failed = [], False
    for rule in evidence["measures"]:
        if rule not in policy["limits"]:
            raise ValueError(rule)
    for rule, limit in policy["limits"].items():
        found = evidence["measures"].get(rule)
        if found is None or found["low"] is None or found["high"] is None:
            reasons.append({"rule": rule, "value": None, "limit": limit})
        elif found["low"] > limit:
            failed = True
            reasons.append({"rule": rule, "value": found["low"], "limit": limit})
        elif found["n"] < policy["min_group_n"]:
            reasons.append({"rule": rule, "value": found["n"], "limit": policy["min_group_n"]})
        elif found["high"] > limit:
            reasons.append({"rule": rule, "value": found["high"], "limit": limit})
    for name in policy["artefacts"]:
        if name not in evidence["artefacts"]:
            reasons.append({"rule": name, "value": None, "limit": None})
    return {
        "decision": "fail" if failed else "needs_review" if reasons else "pass",
        "reasons": reasons,
    }


# %% wrong="last_status_wins" exercise="gate"
def gate(evidence, policy):
    reasons, decision = [], "pass"
    for rule in evidence["measures"]:
        if rule not in policy["limits"]:
            raise ValueError(rule)
    for rule, limit in policy["limits"].items():
        found = evidence["measures"].get(rule)
        if found is None or found["low"] is None or found["high"] is None:
            decision = "needs_review"
            reasons.append({"rule": rule, "value": None, "limit": limit})
        elif found["n"] < policy["min_group_n"]:
            decision = "needs_review"
            reasons.append({"rule": rule, "value": found["n"], "limit": policy["min_group_n"]})
        elif found["high"] > limit:
            over = found["low"] > limit
            decision = "fail" if over else "needs_review"
            reasons.append(
                {"rule": rule, "value": found["low"] if over else found["high"], "limit": limit}
            )
    for name in policy["artefacts"]:
        if name not in evidence["artefacts"]:
            decision = "needs_review"
            reasons.append({"rule": name, "value": None, "limit": None})
    return {"decision": decision, "reasons": reasons}


# %% wrong="ignores_unknown_measures" exercise="gate"
def gate(evidence, policy):
    reasons, failed = [], False
    for rule, limit in policy["limits"].items():
        found = evidence["measures"].get(rule)
        if found is None or found["low"] is None or found["high"] is None:
            reasons.append({"rule": rule, "value": None, "limit": limit})
        elif found["n"] < policy["min_group_n"]:
            reasons.append({"rule": rule, "value": found["n"], "limit": policy["min_group_n"]})
        elif found["high"] > limit:
            over = found["low"] > limit
            failed |= over
            reasons.append(
                {"rule": rule, "value": found["low"] if over else found["high"], "limit": limit}
            )
    for name in policy["artefacts"]:
        if name not in evidence["artefacts"]:
            reasons.append({"rule": name, "value": None, "limit": None})
    return {
        "decision": "fail" if failed else "needs_review" if reasons else "pass",
        "reasons": reasons,
    }


# %% right="statuses in a list" exercise="gate"
def gate(evidence, policy):
    for rule in evidence["measures"]:
        if rule not in policy["limits"]:
            raise ValueError(f"no limit for {rule!r}")

    def judge(rule, limit):
        found = evidence["measures"].get(rule)
        if not found or None in (found["low"], found["high"]):
            return "review", None, limit
        if found["n"] < policy["min_group_n"]:
            return "review", found["n"], policy["min_group_n"]
        if found["low"] > limit:
            return "fail", found["low"], limit
        if found["high"] > limit:
            return "review", found["high"], limit
        return "fine", None, None

    rows = [(rule, *judge(rule, limit)) for rule, limit in policy["limits"].items()]
    rows += [
        (name, "review", None, None)
        for name in policy["artefacts"]
        if name not in evidence["artefacts"]
    ]
    bad = [row for row in rows if row[1] != "fine"]
    worst = {row[1] for row in bad}
    decision = "fail" if "fail" in worst else ("needs_review" if bad else "pass")
    keys = ("rule", "value", "limit")
    return {"decision": decision, "reasons": [dict(zip(keys, (r[0], *r[2:]))) for r in bad]}


# %% right="artefacts first" exercise="gate"
def gate(evidence, policy):
    reasons, decision = [], "pass"
    for name in set(policy["artefacts"]) - set(evidence["artefacts"]):
        decision = "needs_review"
        reasons.insert(0, dict(rule=name, value=None, limit=None))
    for rule in {*policy["limits"], *evidence["measures"]}:
        if rule not in policy["limits"]:
            raise ValueError("unknown rule: " + rule)
        limit = policy["limits"][rule]
        if rule not in evidence["measures"]:
            value = None
        else:
            m = evidence["measures"][rule]
            value, low, high = None, m["low"], m["high"]
            if low is not None and high is not None:
                if m["n"] < policy["min_group_n"]:
                    value, limit = m["n"], policy["min_group_n"]
                elif low > limit:
                    value, decision = low, "fail"
                elif high > limit:
                    value = high
                else:
                    continue
        reasons.append(dict(rule=rule, value=value, limit=limit))
        if decision == "pass":
            decision = "needs_review"
    return dict(reasons=reasons, decision=decision)


# %% hardcoded="the example" exercise="gate"
def gate(evidence, policy):
    return {
        "decision": "needs_review",
        "reasons": [
            {"rule": "equal_opportunity_difference", "value": 0.14, "limit": 0.1},
            {"rule": "approval_difference", "value": None, "limit": 0.2},
            {"rule": "model_report", "value": None, "limit": None},
            {"rule": "consultation", "value": None, "limit": None},
        ],
    }


# %% wrong="mean_instead_of_total" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return np.mean(np.where(np.asarray(y) == 1, margin, -lgd) * amount * (p >= threshold))


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="expects_instead_of_counting" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return np.sum((p * margin - (1 - p) * lgd) * amount * (p >= threshold))


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="sorts_the_thresholds" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return np.sum(np.where(np.asarray(y) == 1, margin, -lgd) * amount * (p >= threshold))


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.mean(p >= s)) for s in sorted(thresholds)]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="approval_in_percent" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return np.sum(np.where(np.asarray(y) == 1, margin, -lgd) * amount * (p >= threshold))


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), 100 * np.mean(p >= s)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="approval_in_money" exercise="profit"
def optimal_threshold(margin=0.12, lgd=0.6):
    return lgd / (lgd + margin)


def profit(y, p, amount, threshold, margin=0.12, lgd=0.6):
    return np.sum(np.where(np.asarray(y) == 1, margin, -lgd) * amount * (p >= threshold))


def profit_curve(y, p, amount, thresholds, margin=0.12, lgd=0.6):
    rows = [(s, profit(y, p, amount, s, margin, lgd), np.sum(amount[p >= s]) / np.sum(amount)) for s in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "profit", "approval"])


# %% wrong="approves_beyond_the_known_range" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    p = IsotonicRegression().fit(p_old, y_old).predict(p_new)
    return np.nan_to_num(p, nan=1.0) >= lgd / (lgd + margin)


# %% right="Platt's repair" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    def log_odds(p):
        return np.log(p / (1 - p))[:, None]

    model = LogisticRegression(C=1e6).fit(log_odds(p_old), y_old)
    return model.predict_proba(log_odds(p_new))[:, 1] >= lgd / (lgd + margin)


# %% right="clipped first, a list of bools" exercise="calibrate_then_decide"
def calibrate_then_decide(p_old, y_old, p_new, margin=0.12, lgd=0.6):
    p = np.clip(p_new, min(p_old), max(p_old))
    return [bool(q >= lgd / (lgd + margin)) for q in IsotonicRegression().fit(p_old, y_old).predict(p)]


# %% wrong="second_fit_forgets_the_first" exercise="final_fit"
def final_fit(box, estimator):
    model = make_credit_pipeline(estimator).fit(box.train, box.train["repaid"])
    return model.fit(box.valid, box.valid["repaid"])


def final_scores(box, model):
    def metric(rows, p):
        return {
            "auc": roc_auc_score(rows["repaid"], p),
            "brier": brier_score_loss(rows["repaid"], p),
            "n": len(rows),
            "rows": rows.assign(p=p),
        }

    return box.evaluate(model, metric)


# %% wrong="learns_from_the_sealed_rows" exercise="final_fit"
def final_fit(box, estimator):
    rows = pd.concat([box.train, box.valid])
    return make_credit_pipeline(estimator).fit(rows, rows["repaid"])


def final_scores(box, model):
    def metric(rows, p):
        p = model.fit(rows, rows["repaid"]).predict_proba(rows)[:, 1]
        return {
            "auc": roc_auc_score(rows["repaid"], p),
            "brier": brier_score_loss(rows["repaid"], p),
            "n": len(rows),
            "rows": rows.assign(p=p),
        }

    return box.evaluate(model, metric)


# %% wrong="strictly_above" exercise="group_rates"
def rate(part):
    return float(np.mean(part)) if len(part) else None


def group_rates(y, p, group, threshold):
    result = {}
    for name in np.unique(group):
        mine, yes = group == name, p > threshold
        rates = [rate(yes[mine]), rate(yes[mine & (y == 1)]), rate(yes[mine & (y == 0)])]
        if mine.sum() < 30:
            rates = [None] * 3
        result[str(name)] = {"n": int(mine.sum()), **dict(zip(("approved", "tpr", "fpr"), rates))}
    return result


def limitations(report):
    claims = {
        "metrics.auc.low": "The model may rank hardly better than this lower end.",
        "confusion.fp": "So many loans were approved and not repaid.",
        "groups.B.tpr": "Of good applicants in group B only this share is approved.",
    }
    return [
        {"claim": text, "metric": path, "value": lookup(report, path)}
        for path, text in claims.items()
    ]


# %% wrong="ignores_the_threshold" exercise="group_rates"
def rate(part):
    return float(np.mean(part)) if len(part) else None


def group_rates(y, p, group, threshold):
    result = {}
    for name in np.unique(group):
        mine, yes = group == name, p >= 0.8
        rates = [rate(yes[mine]), rate(yes[mine & (y == 1)]), rate(yes[mine & (y == 0)])]
        if mine.sum() < 30:
            rates = [None] * 3
        result[str(name)] = {"n": int(mine.sum()), **dict(zip(("approved", "tpr", "fpr"), rates))}
    return result


def limitations(report):
    claims = {
        "metrics.auc.low": "The model may rank hardly better than this lower end.",
        "confusion.fp": "So many loans were approved and not repaid.",
        "groups.B.tpr": "Of good applicants in group B only this share is approved.",
    }
    return [
        {"claim": text, "metric": path, "value": lookup(report, path)}
        for path, text in claims.items()
    ]


# %% wrong="small_groups_are_left_out" exercise="group_rates"
def rate(part):
    return float(np.mean(part)) if len(part) else None


def group_rates(y, p, group, threshold):
    result = {}
    for name in np.unique(group):
        mine, yes = group == name, p >= threshold
        rates = [rate(yes[mine]), rate(yes[mine & (y == 1)]), rate(yes[mine & (y == 0)])]
        if mine.sum() < 30:
            continue
        result[str(name)] = {"n": int(mine.sum()), **dict(zip(("approved", "tpr", "fpr"), rates))}
    return result


def limitations(report):
    claims = {
        "metrics.auc.low": "The model may rank hardly better than this lower end.",
        "confusion.fp": "So many loans were approved and not repaid.",
        "groups.B.tpr": "Of good applicants in group B only this share is approved.",
    }
    return [
        {"claim": text, "metric": path, "value": lookup(report, path)}
        for path, text in claims.items()
    ]


# %% wrong="one_claim_three_times" exercise="group_rates"
def rate(part):
    return float(np.mean(part)) if len(part) else None


def group_rates(y, p, group, threshold):
    result = {}
    for name in np.unique(group):
        mine, yes = group == name, p >= threshold
        rates = [rate(yes[mine]), rate(yes[mine & (y == 1)]), rate(yes[mine & (y == 0)])]
        if mine.sum() < 30:
            rates = [None] * 3
        result[str(name)] = {"n": int(mine.sum()), **dict(zip(("approved", "tpr", "fpr"), rates))}
    return result


def limitations(report):
    claims = {
        "metrics.auc.low": "The model may rank hardly better than this lower end.",
        "confusion.fp": "So many loans were approved and not repaid.",
        "groups.B.tpr": "Of good applicants in group B only this share is approved.",
    }
    return [
        {"claim": "The model is weak in this place of the report.", "metric": path, "value": lookup(report, path)}
        for path, text in claims.items()
    ]


# %% right="the smallest group by its size" exercise="group_rates"
def rate(part):
    return float(np.mean(part)) if len(part) else None


def group_rates(y, p, group, threshold):
    result = {}
    for name in np.unique(group):
        mine, yes = group == name, p >= threshold
        rates = [rate(yes[mine]), rate(yes[mine & (y == 1)]), rate(yes[mine & (y == 0)])]
        if mine.sum() < 30:
            rates = [None] * 3
        result[str(name)] = {"n": int(mine.sum()), **dict(zip(("approved", "tpr", "fpr"), rates))}
    return result


def limitations(report):
    smallest = min(report["groups"], key=lambda name: report["groups"][name]["n"])
    claims = {
        f"groups.{smallest}.n": f"Group {smallest} is small, so its rates are uncertain.",
        "metrics.auc.low": "The model may rank hardly better than this lower end.",
        "confusion.fp": "So many loans were approved and not repaid.",
    }
    return [
        {"claim": text, "metric": path, "value": lookup(report, path)}
        for path, text in claims.items()
    ]


# %% wrong="zero_counts_as_missing" exercise="gate"
def gate(evidence, policy):
    measures, reasons, failed = evidence["measures"], [], False
    for name in measures:
        if name not in policy["limits"]:
            raise ValueError(f"no limit for {name}")
    for name, limit in policy["limits"].items():
        m = measures.get(name)
        if not m or not m["low"] or not m["high"]:
            reasons.append((name, None, limit))
        elif m["n"] < policy["min_group_n"]:
            reasons.append((name, m["n"], policy["min_group_n"]))
        elif m["low"] > limit:
            reasons.append((name, m["low"], limit))
            failed = True
        elif m["high"] > limit:
            reasons.append((name, m["high"], limit))
    reasons += [(a, None, None) for a in policy["artefacts"] if a not in evidence["artefacts"]]
    decision = "fail" if failed else "needs_review" if reasons else "pass"
    return {
        "decision": decision,
        "reasons": [dict(zip(("rule", "value", "limit"), each)) for each in reasons],
    }


# %% wrong="decides_by_one_end" exercise="gate"
def gate(evidence, policy):
    measures, reasons, failed = evidence["measures"], [], False
    for name in measures:
        if name not in policy["limits"]:
            raise ValueError(f"no limit for {name}")
    for name, limit in policy["limits"].items():
        m = measures.get(name)
        if m is None or m["low"] is None:
            reasons.append((name, None, limit))
        elif m["n"] < policy["min_group_n"]:
            reasons.append((name, m["n"], policy["min_group_n"]))
        elif m["low"] > limit:
            reasons.append((name, m["low"], limit))
            failed = True
        elif (m["high"] or 0) > limit:
            reasons.append((name, m["high"], limit))
    reasons += [(a, None, None) for a in policy["artefacts"] if a not in evidence["artefacts"]]
    decision = "fail" if failed else "needs_review" if reasons else "pass"
    return {
        "decision": decision,
        "reasons": [dict(zip(("rule", "value", "limit"), each)) for each in reasons],
    }


# %% wrong="ignores_the_policy" exercise="gate"
def gate(evidence, policy):
    measures, reasons, failed = evidence["measures"], [], False
    for name in measures:
        if name not in policy["limits"]:
            raise ValueError(f"no limit for {name}")
    for name, limit in policy["limits"].items():
        m = measures.get(name)
        if m is None or m["low"] is None or m["high"] is None:
            reasons.append((name, None, limit))
        elif m["n"] < 100:
            reasons.append((name, m["n"], policy["min_group_n"]))
        elif m["low"] > limit:
            reasons.append((name, m["low"], limit))
            failed = True
        elif m["high"] > limit:
            reasons.append((name, m["high"], limit))
    reasons += [(a, None, None) for a in policy["artefacts"] if a not in evidence["artefacts"]]
    decision = "fail" if failed else "needs_review" if reasons else "pass"
    return {
        "decision": decision,
        "reasons": [dict(zip(("rule", "value", "limit"), each)) for each in reasons],
    }
