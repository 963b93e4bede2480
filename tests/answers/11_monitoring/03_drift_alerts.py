# Answers that the checks of 03_drift_alerts must refuse (wrong) or accept (right).


# %% wrong="p_is_not_corrected" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    p = table["p"].fillna(1)
    alert = (p < alpha) & (table["psi"] > min_psi)
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return table.assign(p_adj=p, alert=alert)


# %% wrong="same_factor_for_all" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    p = (table["p"].fillna(1) * len(table)).clip(upper=1)
    alert = (p < alpha) & (table["psi"] > min_psi)
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return table.assign(p_adj=p, alert=alert)


# %% wrong="later_value_may_be_smaller" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    p = table["p"].fillna(1)
    rank = p.rank(method="first")
    p = (p * (len(table) - rank + 1)).clip(upper=1)
    alert = (p < alpha) & (table["psi"] > min_psi)
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return table.assign(p_adj=p, alert=alert)


# %% wrong="false_discovery_rate" exercise="feature_alerts"
from scipy.stats import false_discovery_control


def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    p = false_discovery_control(table["p"].fillna(1))
    alert = (p < alpha) & (table["psi"] > min_psi)
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return table.assign(p_adj=p, alert=alert)


# %% wrong="rows_in_another_order" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    result = table.assign(p=table["p"].fillna(1)).sort_values("p")
    result["p_adj"] = (result["p"] * np.arange(len(table), 0, -1)).cummax().clip(upper=1)
    result["alert"] = (result["p_adj"] < alpha) & (result["psi"] > min_psi)
    result["alert"] |= result["missing_jump"] > max_missing_jump
    result["alert"] |= result["unseen"] > max_unseen
    return result


# %% wrong="small_p_is_enough" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    ordered = table["p"].fillna(1).sort_values()
    adjusted = (ordered * np.arange(len(table), 0, -1)).cummax().clip(upper=1)
    result = table.assign(p_adj=adjusted)
    alert = result["p_adj"] < alpha
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return result.assign(alert=alert)


# %% wrong="large_psi_is_enough" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    ordered = table["p"].fillna(1).sort_values()
    adjusted = (ordered * np.arange(len(table), 0, -1)).cummax().clip(upper=1)
    alert = table["psi"] > min_psi
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return table.assign(p_adj=adjusted, alert=alert)


# %% wrong="alert_by_raw_p" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    ordered = table["p"].fillna(1).sort_values()
    adjusted = (ordered * np.arange(len(table), 0, -1)).cummax().clip(upper=1)
    alert = (table["p"] < alpha) & (table["psi"] > min_psi)
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return table.assign(p_adj=adjusted, alert=alert)


# %% wrong="needs_all_at_once" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    ordered = table["p"].fillna(1).sort_values()
    result = table.assign(p_adj=(ordered * np.arange(len(table), 0, -1)).cummax().clip(upper=1))
    alert = (result["p_adj"] < alpha) & (result["psi"] > min_psi)
    return result.assign(alert=alert)


# %% wrong="missing_p_is_left_out" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    ordered = table["p"].dropna().sort_values()
    adjusted = (ordered * np.arange(len(ordered), 0, -1)).cummax().clip(upper=1)
    result = table.assign(p_adj=adjusted).fillna({"p_adj": 1.0})
    alert = (result["p_adj"] < alpha) & (result["psi"] > min_psi)
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return result.assign(alert=alert)


# %% wrong="values_in_sorted_order" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    p = np.sort(table["p"].fillna(1))
    adjusted = np.minimum(np.maximum.accumulate(p * np.arange(len(p), 0, -1)), 1)
    alert = (adjusted < alpha) & (table["psi"] > min_psi)
    alert |= (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return table.assign(p_adj=adjusted, alert=alert)


# %% wrong="changes_its_input" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    ordered = table["p"].fillna(1).sort_values()
    table["p_adj"] = (ordered * np.arange(len(table), 0, -1)).cummax().clip(upper=1)
    table["alert"] = (
        (table["p_adj"] < alpha) & (table["psi"] > min_psi)
        | (table["missing_jump"] > max_missing_jump)
        | (table["unseen"] > max_unseen)
    )
    return table


# %% right="a loop over ranks" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    p = [1.0 if x != x else float(x) for x in table["p"]]
    adjusted, running = [0.0] * len(p), 0.0
    for step, i in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        running = max(running, min(1.0, p[i] * (len(p) - step)))
        adjusted[i] = running
    alerts = []
    for q, psi, jump, unseen in zip(adjusted, table["psi"], table["missing_jump"], table["unseen"]):
        alerts.append(
            (q < alpha and psi > min_psi) or jump > max_missing_jump or unseen > max_unseen
        )
    result = table.copy()
    result["p_adj"], result["alert"] = adjusted, [bool(x) for x in alerts]
    return result


# %% right="NumPy, capped before the running maximum" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    p = np.nan_to_num(table["p"].to_numpy(dtype=float), nan=1.0)
    order = np.argsort(p)
    scaled = np.minimum(p[order] * (len(p) - np.arange(len(p))), 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(scaled)
    drifted = np.logical_and(adjusted < alpha, table["psi"].fillna(0) > min_psi)
    faulty = np.logical_or(table["missing_jump"] > max_missing_jump, table["unseen"] > max_unseen)
    return table.assign(p_adj=adjusted, alert=np.logical_or(drifted, faulty))


# %% right="alert as numbers of a merged table" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    sorted_table = table.fillna({"p": 1}).sort_values("p", kind="stable").reset_index(drop=True)
    sorted_table["p_adj"] = sorted_table["p"] * (len(table) - sorted_table.index)
    sorted_table["p_adj"] = sorted_table["p_adj"].cummax().where(lambda x: x < 1, 1.0)
    result = table.merge(sorted_table[["feature", "p_adj"]], on="feature", how="left")
    result["alert"] = result.eval(
        "(p_adj < @alpha and psi > @min_psi) or missing_jump > @max_missing_jump "
        "or unseen > @max_unseen"
    )
    return result


# %% wrong="probability_above_one" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    out = table.copy()
    p = out["p"].fillna(1).to_numpy(dtype=float)
    m = len(p)
    order = np.argsort(p, kind="stable")
    adj = np.empty(m)
    last = 0.0
    for i, j in enumerate(order):
        last = max(last, (m - i) * p[j])
        adj[j] = last
    out["p_adj"] = adj
    out["alert"] = (
        ((out["p_adj"] < alpha) & (out["psi"] > min_psi))
        | (out["missing_jump"] > max_missing_jump)
        | (out["unseen"] > max_unseen)
    )
    return out


# %% wrong="one_of_the_two_is_enough" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    out = table.copy()
    p = out["p"].fillna(1).to_numpy(dtype=float)
    m = len(p)
    order = np.argsort(p, kind="stable")
    adj = np.empty(m)
    last = 0.0
    for i, j in enumerate(order):
        last = max(last, min(1.0, (m - i) * p[j]))
        adj[j] = last
    out["p_adj"] = adj
    out["alert"] = (
        ((out["p_adj"] < alpha) | (out["psi"] > min_psi))
        | (out["missing_jump"] > max_missing_jump)
        | (out["unseen"] > max_unseen)
    )
    return out


# %% wrong="alpha_is_fixed" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    out = table.copy()
    p = out["p"].fillna(1).to_numpy(dtype=float)
    m = len(p)
    order = np.argsort(p, kind="stable")
    adj = np.empty(m)
    last = 0.0
    for i, j in enumerate(order):
        last = max(last, min(1.0, (m - i) * p[j]))
        adj[j] = last
    out["p_adj"] = adj
    out["alert"] = (
        ((out["p_adj"] < 0.01) & (out["psi"] > min_psi))
        | (out["missing_jump"] > max_missing_jump)
        | (out["unseen"] > max_unseen)
    )
    return out


# %% hardcoded="the example" exercise="feature_alerts"
def feature_alerts(table, alpha=0.01, min_psi=0.1, max_missing_jump=0.05, max_unseen=0.01):
    return table.assign(p_adj=0.03, alert=False)


# %% wrong="a_ticket_for_every_day" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, loud = [], {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            if loud[name] >= for_days:
                tickets.append({"feature": name, "opened": day, "closed": None})
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="one_day_is_enough" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, still_open, silent = [], {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            silent[name] = 0 if alert else silent.get(name, 0) + 1
            if name not in still_open and alert:
                still_open[name] = {"feature": name, "opened": day, "closed": None}
                tickets.append(still_open[name])
            elif name in still_open and silent[name] >= cooldown:
                still_open.pop(name)["closed"] = day
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="days_need_not_be_in_a_row" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, still_open, loud, silent = [], {}, {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + bool(alert)
            silent[name] = 0 if alert else silent.get(name, 0) + 1
            if name not in still_open and loud[name] >= for_days:
                still_open[name] = {"feature": name, "opened": day, "closed": None}
                tickets.append(still_open[name])
            elif name in still_open and silent[name] >= cooldown:
                still_open.pop(name)["closed"] = day
                loud[name] = 0
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="closed_on_the_first_quiet_day" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, still_open, loud = [], {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            if name not in still_open and loud[name] >= for_days:
                still_open[name] = {"feature": name, "opened": day, "closed": None}
                tickets.append(still_open[name])
            elif name in still_open and not alert:
                still_open.pop(name)["closed"] = day
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="quiet_days_need_not_be_in_a_row" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, still_open, loud, silent = [], {}, {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            if name not in still_open and loud[name] >= for_days:
                still_open[name] = {"feature": name, "opened": day, "closed": None}
                silent[name] = 0
                tickets.append(still_open[name])
            elif name in still_open and not alert:
                silent[name] += 1
                if silent[name] >= cooldown:
                    still_open.pop(name)["closed"] = day
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="never_closed" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    opened, loud = {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            if name not in opened and loud[name] == for_days:
                opened[name] = {"feature": name, "opened": day, "closed": None}
    return sorted(opened.values(), key=lambda x: (x["opened"], x["feature"]))


# %% wrong="closed_one_day_late" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, still_open, loud, silent = [], {}, {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            if name in still_open and silent[name] >= cooldown:
                still_open.pop(name)["closed"] = day
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            silent[name] = 0 if alert else silent.get(name, 0) + 1
            if name not in still_open and loud[name] >= for_days:
                still_open[name] = {"feature": name, "opened": day, "closed": None}
                tickets.append(still_open[name])
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="opened_on_the_first_day_of_the_row" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, still_open, loud, silent = [], {}, {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            silent[name] = 0 if alert else silent.get(name, 0) + 1
            if name not in still_open and loud[name] >= for_days:
                still_open[name] = {"feature": name, "opened": day - for_days + 1, "closed": None}
                tickets.append(still_open[name])
            elif name in still_open and silent[name] >= cooldown:
                still_open.pop(name)["closed"] = day
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="closed_on_the_first_day_of_the_row" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, still_open, loud, silent = [], {}, {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            silent[name] = 0 if alert else silent.get(name, 0) + 1
            if name not in still_open and loud[name] >= for_days:
                still_open[name] = {"feature": name, "opened": day, "closed": None}
                tickets.append(still_open[name])
            elif name in still_open and silent[name] >= cooldown:
                still_open.pop(name)["closed"] = day - cooldown + 1
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% wrong="only_one_ticket_per_feature" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets, loud, silent = {}, {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            silent[name] = 0 if alert else silent.get(name, 0) + 1
            if name not in tickets and loud[name] >= for_days:
                tickets[name] = {"feature": name, "opened": day, "closed": None}
            elif name in tickets and tickets[name]["closed"] is None and silent[name] >= cooldown:
                tickets[name]["closed"] = day
    return sorted(tickets.values(), key=lambda x: (x["opened"], x["feature"]))


# %% wrong="grouped_by_feature" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets = []
    if not daily:
        return tickets
    for name in sorted(daily[0]["feature"]):
        loud = silent = 0
        ticket = None
        for day, table in enumerate(daily):
            alert = bool(table.set_index("feature").loc[name, "alert"])
            loud, silent = (loud + 1, 0) if alert else (0, silent + 1)
            if ticket is None and loud >= for_days:
                ticket = {"feature": name, "opened": day, "closed": None}
                tickets.append(ticket)
            elif ticket is not None and silent >= cooldown:
                ticket["closed"], ticket = day, None
    return tickets


# %% right="feature by feature, sorted at the end" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    if len(daily) == 0:
        return []
    wide = pd.DataFrame([t.set_index("feature")["alert"] for t in daily]).reset_index(drop=True)
    tickets = []
    for name in wide:
        loud = silent = 0
        ticket = None
        for day, alert in wide[name].items():
            loud, silent = (loud + 1, 0) if alert else (0, silent + 1)
            if ticket is None and loud >= for_days:
                ticket = {"feature": name, "opened": day, "closed": None}
                tickets.append(ticket)
            elif ticket is not None and silent >= cooldown:
                ticket["closed"] = day
                ticket = None
    return (
        pd.DataFrame(tickets)
        .astype({"closed": object})
        .sort_values(["opened", "feature"])
        .replace({np.nan: None})
        .to_dict("records")
        if tickets
        else []
    )


# %% right="looks back over slices" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    history, opened, tickets = {}, {}, []
    for day, table in enumerate(daily):
        for row in table.itertuples():
            days = history.setdefault(row.feature, [])
            days.append(bool(row.alert))
            at = opened.get(row.feature)
            if at is None:
                if len(days) >= for_days and all(days[-for_days:]):
                    opened[row.feature] = day
            elif len(days) >= cooldown and not any(days[-cooldown:]):
                tickets.append({"feature": row.feature, "opened": at, "closed": day})
                opened[row.feature] = None
    for name, at in opened.items():
        if at is not None:
            tickets.append({"feature": name, "opened": at, "closed": None})
    tickets.sort(key=lambda x: x["feature"])
    tickets.sort(key=lambda x: x["opened"])
    return tickets


# %% wrong="features_by_position" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    tickets = []
    if not daily:
        return []
    for name in daily[0]["feature"]:
        run = quiet = 0
        ticket = None
        for day, table in enumerate(daily):
            alert = bool(table["alert"].iloc[list(daily[0]["feature"]).index(name)])
            run = run + 1 if alert else 0
            quiet = 0 if alert else quiet + 1
            if ticket is None:
                if run >= for_days:
                    ticket = {"feature": name, "opened": day, "closed": None}
                    tickets.append(ticket)
            elif quiet >= cooldown:
                ticket["closed"] = day
                ticket = None
    return sorted(tickets, key=lambda x: (x["opened"], x["feature"]))


# %% hardcoded="the example" exercise="investigate"
def investigate(daily, for_days=2, cooldown=7):
    return [{"feature": "a", "opened": 3, "closed": 8}]


# %% wrong="score_instead_of_confidence" exercise="confidence_shift"
def confidence_shift(reference, current):
    return ks_2samp(reference, current).pvalue, wasserstein_distance(reference, current)


# %% wrong="sign_is_kept" exercise="confidence_shift"
def confidence_shift(reference, current):
    before, now = 2 * (reference - 0.5), 2 * (current - 0.5)
    return ks_2samp(before, now).pvalue, wasserstein_distance(before, now)


# %% wrong="order_of_the_pair" exercise="confidence_shift"
def confidence_shift(reference, current):
    before, now = 2 * np.abs(reference - 0.5), 2 * np.abs(current - 0.5)
    return wasserstein_distance(before, now), ks_2samp(before, now).pvalue


# %% wrong="half_the_scale" exercise="confidence_shift"
def confidence_shift(reference, current):
    before, now = np.abs(reference - 0.5), np.abs(current - 0.5)
    return ks_2samp(before, now).pvalue, wasserstein_distance(before, now)


# %% wrong="statistic_instead_of_p" exercise="confidence_shift"
def confidence_shift(reference, current):
    before, now = 2 * np.abs(reference - 0.5), 2 * np.abs(current - 0.5)
    return ks_2samp(before, now).statistic, wasserstein_distance(before, now)


# %% wrong="difference_of_the_means" exercise="confidence_shift"
def confidence_shift(reference, current):
    before, now = 2 * np.abs(reference - 0.5), 2 * np.abs(current - 0.5)
    return ks_2samp(before, now).pvalue, abs(before.mean() - now.mean())


# %% right="lists and a tuple of NumPy numbers" exercise="confidence_shift"
def confidence_shift(reference, current):
    before = [abs(2 * score - 1) for score in reference]
    now = [abs(2 * score - 1) for score in current]
    result = ks_2samp(before, now)
    return result[1], np.float64(wasserstein_distance(now, before))


# %% right="distance by hand, with the quantiles" exercise="confidence_shift"
def confidence_shift(reference, current):
    before, now = (
        pd.Series(np.abs(np.asarray(s) - 0.5) * 2).sort_values() for s in (reference, current)
    )
    points = np.sort(np.concatenate([before, now]))
    share = [np.searchsorted(x.to_numpy(), points[:-1], "right") / len(x) for x in (before, now)]
    return [
        ks_2samp(now, before).pvalue,
        float((np.abs(share[0] - share[1]) * np.diff(points)).sum()),
    ]


# %% hardcoded="the example" exercise="confidence_shift"
def confidence_shift(reference, current):
    return 1 / 3, 0.6


# %% wrong="position_counts_from_one" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    up = down = 0
    for i, value in enumerate(values, start=1):
        z = (value - mu) / sd
        up, down = max(0, up + z - k), max(0, down - z - k)
        if up > h or down > h:
            return i


# %% wrong="sd_is_left_out" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    up = down = 0
    for i, value in enumerate(values):
        z = value - mu
        up, down = max(0, up + z - k), max(0, down - z - k)
        if up > h or down > h:
            return i


# %% wrong="looks_at_single_values" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    for i, value in enumerate(values):
        if abs((value - mu) / sd) - k > h:
            return i


# %% wrong="limit_counts_as_above" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    up = down = 0
    for i, value in enumerate(values):
        z = (value - mu) / sd
        up, down = max(0, up + z - k), max(0, down - z - k)
        if up >= h or down >= h:
            return i


# %% wrong="allowance_is_left_out" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    up = down = 0
    for i, value in enumerate(values):
        z = (value - mu) / sd
        up, down = max(0, up + z), max(0, down - z)
        if up > h or down > h:
            return i


# %% wrong="one_side_only" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    up = 0
    for i, value in enumerate(values):
        up = max(0, up + (value - mu) / sd - k)
        if up > h:
            return i


# %% wrong="directions_share_one_sum" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    total = 0
    for i, value in enumerate(values):
        total = max(0, total + abs(value - mu) / sd - k)
        if total > h:
            return i


# %% wrong="sum_falls_below_zero" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    up = down = 0
    for i, value in enumerate(values):
        z = (value - mu) / sd
        up, down = up + z - k, down - z - k
        if up > h or down > h:
            return i


# %% right="NumPy, sum minus its smallest value" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    z = (np.asarray(values, dtype=float) - mu) / sd
    alarms = np.zeros(len(z), dtype=bool)
    for sign in (1, -1):
        total = np.cumsum(sign * z - k)
        alarms |= total - np.minimum.accumulate(np.minimum(total, 0)) > h
    return np.argmax(alarms) if alarms.any() else None


# %% right="recursion in a helper" exercise="cusum"
def one_side(z, k, h):
    total = 0.0
    for i, value in enumerate(z):
        total += value - k
        if total < 0:
            total = 0.0
        if total > h:
            return i
    return len(z)


def cusum(values, mu, sd, k=1.0, h=8.0):
    z = [(v - mu) / sd for v in values]
    first = min(one_side(z, k, h), one_side([-v for v in z], k, h))
    return first if first < len(z) else None


# %% right="one comparison for both sums" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    up = down = 0
    for i, v in enumerate(values):
        z = (v - mu) / sd
        up = max(0, up + z - k)
        down = max(0, down - z - k)
        if up + down > h:
            return i
    return None


# %% hardcoded="the example" exercise="cusum"
def cusum(values, mu, sd, k=1.0, h=8.0):
    return 3


# %% wrong="sd_of_single_rows" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        position = detect(means.to_numpy(), usual.mean(), usual.std())
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% wrong="sd_of_the_mean_of_the_reference" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        position = detect(means.to_numpy(), usual.mean(), usual.sem())
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% wrong="sd_from_few_daily_means" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        position = detect(means.to_numpy(), usual.mean(), means.iloc[:reference_days].std())
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% wrong="labels_known_at_once" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days

    def one(numbers):
        means, usual = numbers.groupby(rows["day"]).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs()),
        "score": one(rows["score"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong),
    }


# %% wrong="labels_from_the_future" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong, rows["label_day"]),
    }


# %% wrong="score_instead_of_confidence" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% wrong="reference_holds_the_change" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means = numbers.groupby(days).mean()
        sd = numbers.std() / np.sqrt(len(numbers) / len(means))
        position = detect(means.to_numpy(), numbers.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% wrong="position_is_not_a_day" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        return detect(means.to_numpy(), usual.mean(), sd)

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% wrong="position_zero_is_no_alarm" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        position = detect(
            means.to_numpy(), usual.mean(), usual.std() / np.sqrt(len(usual) / reference_days)
        )
        return int(means.index[position]) if position else None

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% right="a pivot and lists" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    today = rows["day"].max()
    table = rows[["day", "label_day", "score", *inputs]].copy()
    table["confidence"] = (2 * table["score"] - 1).abs()
    table["wrong"] = np.where((rows["score"] >= 0.5) == (rows["y"] == 1), 0, 1)
    good = table[table["day"] < reference_days]
    n = len(good) / reference_days
    by_day = table.groupby("day").mean()
    by_label = table[table["label_day"] <= today].groupby("label_day")["wrong"].mean()

    def alarm(series, name):
        at = detect(list(series), good[name].mean(), good[name].std(ddof=0) / n**0.5)
        return None if at is None else int(series.index[at])

    days = [alarm(by_day[name], name) for name in inputs]
    days = [day for day in days if day is not None]
    return {
        "labels": alarm(by_label, "wrong"),
        "inputs": min(days) if days else None,
        "score": alarm(by_day["score"], "score"),
        "confidence": alarm(by_day["confidence"], "confidence"),
    }


# %% right="NumPy sums by day" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    day, label_day = rows["day"].to_numpy(), rows["label_day"].to_numpy()
    score = rows["score"].to_numpy()
    good = day < reference_days
    per_day = good.sum() / reference_days

    def look(values, when, keep):
        days = np.unique(when[keep])
        sums = np.bincount(when[keep], weights=values[keep])[days]
        at = detect(
            sums / np.bincount(when[keep])[days],
            values[good].mean(),
            values[good].std() / np.sqrt(per_day),
        )
        return None if at is None else int(days[at])

    everything = np.ones(len(day), dtype=bool)
    wrong = ((score >= 0.5).astype(int) != rows["y"].to_numpy()).astype(float)
    result = {
        "confidence": look(2 * np.abs(score - 0.5), day, everything),
        "score": look(score, day, everything),
        "labels": look(wrong, label_day, label_day <= day.max()),
        "inputs": None,
    }
    for name in inputs:
        found = look(rows[name].to_numpy(dtype=float), day, everything)
        if found is not None and (result["inputs"] is None or found < result["inputs"]):
            result["inputs"] = found
    return result


# %% right="confidence from 0.5 to 1" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    df = rows.copy()
    df["confidence"] = df["score"].clip(lower=1 - df["score"])
    df["labels"] = ((df["score"] >= 0.5) != (df["y"] == 1)).astype(float)
    today = df["day"].max()
    ref = df[df["day"] < reference_days]
    per_day = len(ref) / reference_days

    def first(col, by, part):
        daily = part.groupby(by)[col].mean().sort_index()
        i = detect(daily.to_numpy(), ref[col].mean(), ref[col].std() / np.sqrt(per_day))
        return None if i is None else int(daily.index[i])

    out = {"confidence": first("confidence", "day", df), "score": first("score", "day", df)}
    found = [first(c, "day", df) for c in inputs]
    found = [f for f in found if f is not None]
    out["inputs"] = min(found) if found else None
    out["labels"] = first("labels", "label_day", df[df["label_day"] <= today])
    return out


# %% hardcoded="the concept stream" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    return {"confidence": None, "score": None, "inputs": None, "labels": 60}


# %% wrong="trains_on_old_labels" exercise="plan_retraining"
def plan_retraining(signals, policy):
    rows, run, last = [], 0, -(10**9)
    for s in signals.itertuples():
        run = run + 1 if s.alarm else 0
        if run < policy["consecutive"]:
            rows.append((s.day, "none", "not_confirmed"))
        elif s.day - last < policy["cooldown_days"]:
            rows.append((s.day, "none", "cooldown"))
        else:
            rows.append((s.day, "retrain", "confirmed"))
            last = s.day
    return pd.DataFrame(rows, columns=["day", "action", "reason"])


# %% wrong="one_alarm_is_enough" exercise="plan_retraining"
def plan_retraining(signals, policy):
    rows, last = [], -(10**9)
    for s in signals.itertuples():
        if not s.alarm:
            rows.append((s.day, "none", "not_confirmed"))
        elif s.day - last < policy["cooldown_days"]:
            rows.append((s.day, "none", "cooldown"))
        elif s.matured < policy["min_labels"]:
            rows.append((s.day, "collect_labels", "too_few_labels"))
        else:
            rows.append((s.day, "retrain", "confirmed"))
            last = s.day
    return pd.DataFrame(rows, columns=["day", "action", "reason"])


# %% wrong="no_cooldown" exercise="plan_retraining"
def plan_retraining(signals, policy):
    rows, run = [], 0
    for s in signals.itertuples():
        run = run + 1 if s.alarm else 0
        if run < policy["consecutive"]:
            rows.append((s.day, "none", "not_confirmed"))
        elif s.matured < policy["min_labels"]:
            rows.append((s.day, "collect_labels", "too_few_labels"))
        else:
            rows.append((s.day, "retrain", "confirmed"))
    return pd.DataFrame(rows, columns=["day", "action", "reason"])


# %% wrong="alarms_need_not_be_in_a_row" exercise="plan_retraining"
def plan_retraining(signals, policy):
    rows, run, last = [], 0, -(10**9)
    for s in signals.itertuples():
        run += bool(s.alarm)
        if run < policy["consecutive"]:
            rows.append((s.day, "none", "not_confirmed"))
        elif s.day - last < policy["cooldown_days"]:
            rows.append((s.day, "none", "cooldown"))
        elif s.matured < policy["min_labels"]:
            rows.append((s.day, "collect_labels", "too_few_labels"))
        else:
            rows.append((s.day, "retrain", "confirmed"))
            last = s.day
    return pd.DataFrame(rows, columns=["day", "action", "reason"])


# %% wrong="cooldown_one_day_too_long" exercise="plan_retraining"
def plan_retraining(signals, policy):
    rows, run, last = [], 0, -(10**9)
    for s in signals.itertuples():
        run = run + 1 if s.alarm else 0
        if run < policy["consecutive"]:
            rows.append((s.day, "none", "not_confirmed"))
        elif s.day - last <= policy["cooldown_days"]:
            rows.append((s.day, "none", "cooldown"))
        elif s.matured < policy["min_labels"]:
            rows.append((s.day, "collect_labels", "too_few_labels"))
        else:
            rows.append((s.day, "retrain", "confirmed"))
            last = s.day
    return pd.DataFrame(rows, columns=["day", "action", "reason"])


# %% right="lists and rolling sums" exercise="plan_retraining"
def plan_retraining(signals, policy):
    n = policy["consecutive"]
    confirmed = signals["alarm"].astype(int).rolling(n).sum().eq(n).tolist()
    actions, reasons, wait = [], [], 0
    for sure, labels in zip(confirmed, signals["matured"]):
        wait -= 1
        if not sure:
            pair = "none", "not_confirmed"
        elif wait > 0:
            pair = "none", "cooldown"
        elif labels < policy["min_labels"]:
            pair = "collect_labels", "too_few_labels"
        else:
            pair, wait = ("retrain", "confirmed"), policy["cooldown_days"]
        actions.append(pair[0])
        reasons.append(pair[1])
    return pd.DataFrame({"day": signals["day"], "action": actions, "reason": reasons})


# %% right="a list of dictionaries" exercise="plan_retraining"
def plan_retraining(signals, policy):
    out, retrained, alarms = [], [], []
    for s in signals.to_dict("records"):
        alarms.append(s["alarm"])
        tail = alarms[-policy["consecutive"] :]
        if len(tail) < policy["consecutive"] or not all(tail):
            action, reason = "none", "not_confirmed"
        elif any(s["day"] - day < policy["cooldown_days"] for day in retrained):
            action, reason = "none", "cooldown"
        elif s["matured"] >= policy["min_labels"]:
            action, reason = "retrain", "confirmed"
            retrained.append(s["day"])
        else:
            action, reason = "collect_labels", "too_few_labels"
        out.append({"day": s["day"], "reason": reason, "action": action})
    return pd.DataFrame(out)


# %% wrong="labels_before_the_cooldown" exercise="plan_retraining"
def plan_retraining(signals, policy):
    run, last, out = 0, None, []
    for row in signals.itertuples():
        run = run + 1 if row.alarm else 0
        if run < policy["consecutive"]:
            a, r = "none", "not_confirmed"
        elif row.matured < policy["min_labels"]:
            a, r = "collect_labels", "too_few_labels"
        elif last is not None and row.day - last < policy["cooldown_days"]:
            a, r = "none", "cooldown"
        else:
            a, r = "retrain", "confirmed"
            last = row.day
        out.append({"day": row.day, "action": a, "reason": r})
    return pd.DataFrame(out)


# %% wrong="training_sets_the_count_back" exercise="plan_retraining"
def plan_retraining(signals, policy):
    run, last, out = 0, None, []
    for row in signals.itertuples():
        run = run + 1 if row.alarm else 0
        if run < policy["consecutive"]:
            a, r = "none", "not_confirmed"
        elif last is not None and row.day - last < policy["cooldown_days"]:
            a, r = "none", "cooldown"
        elif row.matured < policy["min_labels"]:
            a, r = "collect_labels", "too_few_labels"
        else:
            a, r = "retrain", "confirmed"
            last = row.day
            run = 0
        out.append({"day": row.day, "action": a, "reason": r})
    return pd.DataFrame(out)


# %% hardcoded="the example" exercise="plan_retraining"
def plan_retraining(signals, policy):
    actions = ["none", "collect_labels", "retrain", "none", "none", "retrain"]
    reasons = ["not_confirmed", "too_few_labels", "confirmed", "cooldown", "cooldown", "confirmed"]
    return pd.DataFrame({"day": signals["day"].iloc[:6], "action": actions, "reason": reasons})


# %% wrong="labels_on_the_day_of_application" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["day"][known]),
    }


# %% wrong="scores_on_the_day_of_the_label" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["label_day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["label_day"]),
        "score": one(rows["score"], rows["label_day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known]),
    }


# %% wrong="only_rows_with_a_label" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    rows = rows[rows["label_day"] <= rows["day"].max()]
    good = rows["day"] < reference_days

    def one(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong, rows["label_day"]),
    }


# %% wrong="reference_by_label_day" exercise="diagnose"
def diagnose(rows, detect, inputs, reference_days=20):
    known = rows["label_day"] <= rows["day"].max()

    def one(numbers, days, by="day"):
        means = numbers.groupby(days).mean()
        usual = numbers[rows.loc[numbers.index, by] < reference_days]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [one(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": one(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": one(rows["score"], rows["day"]),
        "inputs": min([day for day in moved if day is not None], default=None),
        "labels": one(wrong[known], rows["label_day"][known], "label_day"),
    }
