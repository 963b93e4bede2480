# Answers that the checks of 04_incidents must refuse (wrong) or accept (right).

# %% wrong="unknown_people_are_nobody" exercise="severity"
def severity(incident, policy):
    points, total = policy["points"], 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = 0 if pd.isna(incident["people"]) else incident["people"]
    total += next(p for least, p in points["people"] if people >= least)
    level = next(level for level, least in policy["levels"] if total >= least)
    rights = pd.isna(incident["harm"]) or incident["harm"] == "rights"
    return min(level, 2) if rights and people > 0 else level


# %% wrong="unknown_facts_are_harmless" exercise="severity"
def severity(incident, policy):
    points = policy["points"]
    total = points["harm"].get(incident["harm"], 0)
    total += points["reversible"].get(incident["reversible"], 0)
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += next(p for least, p in points["people"] if people >= least)
    level = next(level for level, least in policy["levels"] if total >= least)
    return min(level, 2) if incident["harm"] == "rights" and people > 0 else level


# %% wrong="points_only" exercise="severity"
def severity(incident, policy):
    points, total = policy["points"], 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += next(p for least, p in points["people"] if people >= least)
    return next(level for level, least in policy["levels"] if total >= least)


# %% wrong="rights_without_people" exercise="severity"
def severity(incident, policy):
    points, total = policy["points"], 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += next(p for least, p in points["people"] if people >= least)
    level = next(level for level, least in policy["levels"] if total >= least)
    return min(level, 2) if pd.isna(incident["harm"]) or incident["harm"] == "rights" else level


# %% wrong="rights_are_always_two" exercise="severity"
def severity(incident, policy):
    points, total = policy["points"], 0
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    if (pd.isna(incident["harm"]) or incident["harm"] == "rights") and people > 0:
        return 2
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    total += next(p for least, p in points["people"] if people >= least)
    return next(level for level, least in policy["levels"] if total >= least)


# %% wrong="levels_upside_down" exercise="severity"
def severity(incident, policy):
    points, total = policy["points"], 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += next(p for least, p in points["people"] if people >= least)
    return 5 - next(level for level, least in policy["levels"] if total >= least)


# %% wrong="unknown_harm_is_no_harm_to_rights" exercise="severity"
def severity(incident, policy):
    points = policy["points"]
    total = 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += next(given for least, given in points["people"] if people >= least)
    level = next(level for level, least in policy["levels"] if total >= least)
    rights = incident["harm"] == "rights"
    return min(level, 2) if rights and people > 0 else level


# %% wrong="least_is_not_included" exercise="severity"
def severity(incident, policy):
    points = policy["points"]
    total = 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += next(given for least, given in points["people"] if people >= least)
    level = next(level for level, least in policy["levels"] if total > least)
    rights = pd.isna(incident["harm"]) or incident["harm"] == "rights"
    return min(level, 2) if rights and people > 0 else level


# %% wrong="adds_every_pair_that_is_reached" exercise="severity"
def severity(incident, policy):
    points = policy["points"]
    total = 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += sum(given for least, given in points["people"] if people >= least)
    level = next(level for level, least in policy["levels"] if total >= least)
    rights = pd.isna(incident["harm"]) or incident["harm"] == "rights"
    return min(level, 2) if rights and people > 0 else level


# %% hardcoded="the examples of the text" exercise="severity"
def severity(incident, policy):
    known = {"financial": 2, "rights": 2}
    return known.get(incident["harm"], 4)


# %% wrong="raises_an_error" exercise="severity"
def severity(incident, policy):
    points = policy["points"]
    total = points["harm"][incident["harm"]] + points["reversible"][incident["reversible"]]
    total += next(p for least, p in points["people"] if incident["people"] >= least)
    level = next(level for level, least in policy["levels"] if total >= least)
    return min(level, 2) if incident["harm"] == "rights" and incident["people"] > 0 else level


# %% right="facts are completed first, plain loops" exercise="severity"
def severity(incident, policy):
    given = policy["points"]
    facts = {}
    for name in ("harm", "reversible"):
        facts[name] = incident[name]
        if facts[name] is None or facts[name] != facts[name]:
            facts[name] = max(given[name], key=given[name].get)
    people = incident["people"]
    if people is None or np.isnan(people):
        people = 10**12
    total = given["harm"][facts["harm"]] + given["reversible"][facts["reversible"]]
    for least, number in given["people"]:
        if people >= least:
            total += number
            break
    for level, least in policy["levels"]:
        if total >= least:
            break
    unclear = incident["harm"] is None or incident["harm"] != incident["harm"]
    if (unclear or incident["harm"] == "rights") and people >= 1 and level > 2:
        level = 2
    return np.int64(level)


# %% right="a Series and a decision table" exercise="severity"
def severity(incident, policy):
    row = pd.Series(incident, dtype=object)
    given = policy["points"]
    harm = pd.Series(given["harm"]).get(row["harm"], max(given["harm"].values()))
    undo = pd.Series(given["reversible"]).get(row["reversible"], max(given["reversible"].values()))
    unknown = pd.isna(row["people"])
    reach = max(p for least, p in given["people"] if unknown or row["people"] >= least)
    levels = pd.DataFrame(policy["levels"], columns=["level", "least"])
    level = int(levels.loc[levels["least"] <= harm + undo + reach, "level"].min())
    rights = pd.isna(row["harm"]) or row["harm"] == "rights"
    affected = unknown or row["people"] > 0
    return min(level, 2) if rights and affected else level


# %% wrong="every_clock_starts_at_the_detection" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        if clock["level"] == level:
            start, hours = incident["detected"], clock["hours"]
            plain = start + pd.Timedelta(hours=hours)
            due[clock["step"]] = add_office_hours(start, hours) if clock["office"] else plain
    for notice in policy["notices"]:
        if incident[notice["if"]] and level <= notice["up_to_level"]:
            due[notice["to"]] = min(
                incident["detected"] + pd.Timedelta(hours=h) for _, h in notice["clocks"]
            )
    return due


# %% wrong="every_clock_starts_at_the_classification" exercise="deadlines"
def deadlines(incident, level, policy):
    due, start = {}, incident["classified"]
    if pd.isna(start):
        return due
    for clock in policy["clocks"]:
        if clock["level"] == level:
            plain = start + pd.Timedelta(hours=clock["hours"])
            due[clock["step"]] = (
                add_office_hours(start, clock["hours"]) if clock["office"] else plain
            )
    for notice in policy["notices"]:
        if incident[notice["if"]] and level <= notice["up_to_level"]:
            due[notice["to"]] = start + pd.Timedelta(hours=notice["clocks"][0][1])
    return due


# %% wrong="office_hours_are_ignored" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            due[clock["step"]] = start + pd.Timedelta(hours=clock["hours"])
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="grave_incidents_wait_for_monday" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            due[clock["step"]] = add_office_hours(start, clock["hours"])
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="late_classification_wins_time" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            plain = start + pd.Timedelta(hours=clock["hours"])
            due[clock["step"]] = (
                add_office_hours(start, clock["hours"]) if clock["office"] else plain
            )
    for notice in policy["notices"]:
        if incident[notice["if"]] and level <= notice["up_to_level"]:
            for starts, hours in notice["clocks"]:
                if pd.notna(incident[starts]):
                    due[notice["to"]] = incident[starts] + pd.Timedelta(hours=hours)
                    break
    return due


# %% wrong="latest_clock" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            plain = start + pd.Timedelta(hours=clock["hours"])
            due[clock["step"]] = (
                add_office_hours(start, clock["hours"]) if clock["office"] else plain
            )
    for notice in policy["notices"]:
        if incident[notice["if"]] and level <= notice["up_to_level"]:
            for starts, hours in notice["clocks"]:
                if pd.notna(incident[starts]):
                    due[notice["to"]] = incident[starts] + pd.Timedelta(hours=hours)
    return due


# %% wrong="level_of_the_notice_is_ignored" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            plain = start + pd.Timedelta(hours=clock["hours"])
            due[clock["step"]] = (
                add_office_hours(start, clock["hours"]) if clock["office"] else plain
            )
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="notice_without_its_condition" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            plain = start + pd.Timedelta(hours=clock["hours"])
            due[clock["step"]] = (
                add_office_hours(start, clock["hours"]) if clock["office"] else plain
            )
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="missing_time_is_returned" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        if clock["level"] == level:
            start = incident[clock["starts"]]
            plain = start + pd.Timedelta(hours=clock["hours"])
            in_office = clock["office"] and pd.notna(start)
            due[clock["step"]] = add_office_hours(start, clock["hours"]) if in_office else plain
    for notice in policy["notices"]:
        times = [incident[start] + pd.Timedelta(hours=hours) for start, hours in notice["clocks"]]
        times = [time for time in times if pd.notna(time)]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="clock_without_a_start" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        if clock["level"] == level:
            start = incident[clock["starts"]]
            if pd.isna(start):
                start = incident["detected"]
            plain = start + pd.Timedelta(hours=clock["hours"])
            due[clock["step"]] = (
                add_office_hours(start, clock["hours"]) if clock["office"] else plain
            )
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="clocks_of_other_levels" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if pd.notna(start):
            if clock["office"]:
                due[clock["step"]] = add_office_hours(start, clock["hours"])
            else:
                due[clock["step"]] = start + pd.Timedelta(hours=clock["hours"])
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="notices_in_office_hours" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            if clock["office"]:
                due[clock["step"]] = add_office_hours(start, clock["hours"])
            else:
                due[clock["step"]] = start + pd.Timedelta(hours=clock["hours"])
    for notice in policy["notices"]:
        times = [
            add_office_hours(incident[s], h) for s, h in notice["clocks"] if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="worse_levels_are_not_told" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            if clock["office"]:
                due[clock["step"]] = add_office_hours(start, clock["hours"])
            else:
                due[clock["step"]] = start + pd.Timedelta(hours=clock["hours"])
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level >= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="level_itself_is_not_told" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            if clock["office"]:
                due[clock["step"]] = add_office_hours(start, clock["hours"])
            else:
                due[clock["step"]] = start + pd.Timedelta(hours=clock["hours"])
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level < notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


# %% wrong="waits_for_every_clock" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            if clock["office"]:
                due[clock["step"]] = add_office_hours(start, clock["hours"])
            else:
                due[clock["step"]] = start + pd.Timedelta(hours=clock["hours"])
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if (
            incident[notice["if"]]
            and level <= notice["up_to_level"]
            and len(times) == len(notice["clocks"])
        ):
            due[notice["to"]] = min(times)
    return due


# %% right="times of NumPy" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            if clock["office"]:
                due[clock["step"]] = add_office_hours(start, clock["hours"])
            else:
                due[clock["step"]] = start + pd.Timedelta(hours=clock["hours"])
    for notice in policy["notices"]:
        times = [
            incident[s] + pd.Timedelta(hours=h)
            for s, h in notice["clocks"]
            if pd.notna(incident[s])
        ]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return {k: v.tz_convert(None).to_datetime64() for k, v in due.items()}


# %% hardcoded="the example of the text" exercise="deadlines"
def deadlines(incident, level, policy):
    start = incident["detected"]
    return {
        "acknowledge": start + pd.Timedelta(minutes=15),
        "mitigate": start + pd.Timedelta(hours=8),
        "tell the board": start + pd.Timedelta(hours=8),
    }


# %% right="datetime and a frame" exercise="deadlines"
def deadlines(incident, level, policy):
    from datetime import timedelta

    due = {}
    clocks = pd.DataFrame(policy["clocks"])
    for clock in clocks[clocks["level"] == level].itertuples():
        start = incident[clock.starts]
        if not pd.isnull(start):
            if clock.office:
                due[clock.step] = add_office_hours(start, clock.hours)
            else:
                due[clock.step] = start + timedelta(hours=float(clock.hours))
    for notice in policy["notices"]:
        if not incident[notice["if"]] or level > notice["up_to_level"]:
            continue
        for starts, hours in notice["clocks"]:
            if not pd.isnull(incident[starts]):
                time = incident[starts] + pd.Timedelta(hours, unit="h")
                due[notice["to"]] = min(due.get(notice["to"], time), time)
    return due


# %% right="missing times drop out of a Series" exercise="deadlines"
def deadlines(incident, level, policy):
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] != level or start is pd.NaT:
            continue
        move = add_office_hours if clock["office"] else lambda a, h: a + h * pd.Timedelta("1h")
        due[clock["step"]] = move(start, clock["hours"])
    for notice in policy["notices"]:
        if incident[notice["if"]] and notice["up_to_level"] >= level:
            times = [incident[s] + pd.Timedelta(hours=h) for s, h in notice["clocks"]]
            first = pd.Series(times).min()
            if pd.notna(first):
                due[notice["to"]] = first
    return due


# %% wrong="open_incidents_are_dropped" exercise="sla_report"
def sla_report(incidents, now):
    done = incidents.dropna(subset=["mitigated"])
    hours = (done["mitigated"] - done["detected"]) / pd.Timedelta(hours=1)
    late = incidents["mitigated"].fillna(now) > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        part = incidents[incidents["level"] == level]
        rows.append(
            {
                "level": level,
                "n": len(part),
                "open": int(part["mitigated"].isna().sum()),
                "median_hours": hours[done["level"] == level].median(),
                "breaches": int(late[part.index].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="open_incidents_last_zero_hours" exercise="sla_report"
def sla_report(incidents, now):
    hours = ((incidents["mitigated"] - incidents["detected"]) / pd.Timedelta(hours=1)).fillna(0)
    late = incidents["mitigated"].fillna(now) > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        here = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(here.sum()),
                "open": int(incidents.loc[here, "mitigated"].isna().sum()),
                "median_hours": hours[here].median(),
                "breaches": int(late[here].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="overdue_open_incidents_are_no_breach" exercise="sla_report"
def sla_report(incidents, now):
    hours = (incidents["mitigated"].fillna(now) - incidents["detected"]) / pd.Timedelta(hours=1)
    late = incidents["mitigated"] > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        here = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(here.sum()),
                "open": int(incidents.loc[here, "mitigated"].isna().sum()),
                "median_hours": hours[here].median(),
                "breaches": int(late[here].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="every_open_incident_is_a_breach" exercise="sla_report"
def sla_report(incidents, now):
    hours = (incidents["mitigated"].fillna(now) - incidents["detected"]) / pd.Timedelta(hours=1)
    late = ~(incidents["mitigated"] <= incidents["due"])
    rows = []
    for level in (1, 2, 3, 4):
        here = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(here.sum()),
                "open": int(incidents.loc[here, "mitigated"].isna().sum()),
                "median_hours": hours[here].median(),
                "breaches": int(late[here].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="levels_without_an_incident_are_left_out" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].fillna(now)
    table = incidents.assign(
        hours=(end - incidents["detected"]) / pd.Timedelta(hours=1),
        late=end > incidents["due"],
        running=incidents["mitigated"].isna(),
    )
    return (
        table.groupby("level")
        .agg(
            n=("late", "size"),
            open=("running", "sum"),
            median_hours=("hours", "median"),
            breaches=("late", "sum"),
        )
        .reset_index()
    )


# %% wrong="mean_instead_of_median" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].fillna(now)
    hours = (end - incidents["detected"]) / pd.Timedelta(hours=1)
    late = end > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        m = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(m.sum()),
                "open": int(incidents["mitigated"].isna()[m].sum()),
                "median_hours": hours[m].mean(),
                "breaches": int(late[m].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="whole_days_are_lost" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].fillna(now)
    hours = (end - incidents["detected"]).dt.seconds / 3600
    late = end > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        m = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(m.sum()),
                "open": int(incidents["mitigated"].isna()[m].sum()),
                "median_hours": hours[m].median(),
                "breaches": int(late[m].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="no_incident_lasts_zero_hours" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].fillna(now)
    hours = (end - incidents["detected"]) / pd.Timedelta(hours=1)
    late = end > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        m = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(m.sum()),
                "open": int(incidents["mitigated"].isna()[m].sum()),
                "median_hours": hours[m].median() if m.any() else 0,
                "breaches": int(late[m].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="n_without_the_open_ones" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].fillna(now)
    hours = (end - incidents["detected"]) / pd.Timedelta(hours=1)
    late = end > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        m = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int((m & incidents["mitigated"].notna()).sum()),
                "open": int(incidents["mitigated"].isna()[m].sum()),
                "median_hours": hours[m].median(),
                "breaches": int(late[m].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="due_itself_is_late" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].fillna(now)
    hours = (end - incidents["detected"]) / pd.Timedelta(hours=1)
    late = end >= incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        m = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(m.sum()),
                "open": int(incidents["mitigated"].isna()[m].sum()),
                "median_hours": hours[m].median(),
                "breaches": int(late[m].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% wrong="hours_are_not_numbers" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].fillna(now)
    hours = end - incidents["detected"]
    late = end > incidents["due"]
    rows = []
    for level in (1, 2, 3, 4):
        m = incidents["level"] == level
        rows.append(
            {
                "level": level,
                "n": int(m.sum()),
                "open": int(incidents["mitigated"].isna()[m].sum()),
                "median_hours": hours[m].median(),
                "breaches": int(late[m].sum()),
            }
        )
    return pd.DataFrame(rows)


# %% hardcoded="the example of the text" exercise="sla_report"
def sla_report(incidents, now):
    rows = [(1, 0, 0, np.nan, 0), (2, 3, 1, 4.0, 1), (3, 0, 0, np.nan, 0), (4, 0, 0, np.nan, 0)]
    return pd.DataFrame(rows, columns=["level", "n", "open", "median_hours", "breaches"])


# %% right="groupby and reindex" exercise="sla_report"
def sla_report(incidents, now):
    end = incidents["mitigated"].where(incidents["mitigated"].notna(), now)
    table = incidents.assign(
        hours=(end - incidents["detected"]).dt.total_seconds() / 3600,
        late=(end > incidents["due"]).astype(int),
        running=incidents["mitigated"].isna().astype(int),
    )
    result = table.groupby("level").agg(
        breaches=("late", "sum"),
        median_hours=("hours", "median"),
        open=("running", "sum"),
        n=("late", "size"),
    )
    result = result.reindex([1, 2, 3, 4])
    counts = ["breaches", "open", "n"]
    result[counts] = result[counts].fillna(0).astype(int)
    return result.reset_index()


# %% right="rows in a loop, statistics" exercise="sla_report"
def sla_report(incidents, now):
    import statistics

    rows = []
    for level in range(1, 5):
        hours, running, late = [], 0, 0
        for row in incidents.to_dict("records"):
            if row["level"] != level:
                continue
            end = row["mitigated"]
            if pd.isna(end):
                running, end = running + 1, now
            hours.append((end - row["detected"]).total_seconds() / 3600)
            late += not pd.isna(row["due"]) and end > row["due"]
        middle = statistics.median(hours) if hours else float("nan")
        rows.append([level, len(hours), running, middle, late])
    return pd.DataFrame(rows, columns=["level", "n", "open", "median_hours", "breaches"])


# %% wrong="last_change_before_the_detection" exercise="timeline"
def timeline(history, changes, incident):
    onset, minute = find_onset(history, incident["detected"]), pd.Timedelta(minutes=1)
    near = changes[changes["at"].between(onset - 60 * minute, incident["detected"])]
    near = near.sort_values("at")
    return {
        "onset": onset,
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]) / minute,
    }


# %% wrong="order_of_the_rows" exercise="timeline"
def timeline(history, changes, incident):
    onset, minute = find_onset(history, incident["detected"]), pd.Timedelta(minutes=1)
    near = changes[changes["at"].between(onset - 60 * minute, onset + 5 * minute)]
    return {
        "onset": onset,
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]) / minute,
    }


# %% wrong="always_somebody_to_blame" exercise="timeline"
def timeline(history, changes, incident):
    onset, minute = find_onset(history, incident["detected"]), pd.Timedelta(minutes=1)
    near = changes[changes["at"] <= onset + 5 * minute].sort_values("at")
    return {
        "onset": onset,
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]) / minute,
    }


# %% wrong="mitigation_counts_from_the_onset" exercise="timeline"
def timeline(history, changes, incident):
    onset, minute = find_onset(history, incident["detected"]), pd.Timedelta(minutes=1)
    near = changes[changes["at"].between(onset - 60 * minute, onset + 5 * minute)]
    near = near.sort_values("at")
    return {
        "onset": onset,
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - onset) / minute,
    }


# %% wrong="change_inside_the_first_bin_is_missed" exercise="timeline"
def timeline(history, changes, incident):
    onset, minute = find_onset(history, incident["detected"]), pd.Timedelta(minutes=1)
    near = changes[(changes["at"] > onset - 60 * minute) & (changes["at"] <= onset)]
    near = near.sort_values("at")
    return {
        "onset": onset,
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]) / minute,
    }


# %% wrong="onset_is_the_detection" exercise="timeline"
def timeline(history, changes, incident):
    minute = pd.Timedelta(minutes=1)
    onset = find_onset(history, incident["detected"])
    near = changes[changes["at"].between(onset - 60 * minute, onset + 5 * minute)]
    near = near.sort_values("at")
    return {
        "onset": incident["detected"],
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]) / minute,
    }


# %% wrong="what_instead_of_the_name" exercise="timeline"
def timeline(history, changes, incident):
    minute = pd.Timedelta(minutes=1)
    onset = find_onset(history, incident["detected"])
    near = changes[changes["at"].between(onset - 60 * minute, onset + 5 * minute)]
    near = near.sort_values("at")
    return {
        "onset": onset,
        "trigger": near["what"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]) / minute,
    }


# %% wrong="whole_days_are_lost" exercise="timeline"
def timeline(history, changes, incident):
    minute = pd.Timedelta(minutes=1)
    onset = find_onset(history, incident["detected"])
    near = changes[changes["at"].between(onset - 60 * minute, onset + 5 * minute)]
    near = near.sort_values("at")
    return {
        "onset": onset,
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset).seconds / 60,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]).seconds / 60,
    }


# %% hardcoded="the example of the text" exercise="timeline"
def timeline(history, changes, incident):
    return {
        "onset": find_onset(history, incident["detected"]),
        "trigger": "C2",
        "minutes_to_detect": 90.0,
        "minutes_to_mitigate": 30.0,
    }


# %% right="idxmax and seconds" exercise="timeline"
def timeline(history, changes, incident):
    onset = find_onset(history, incident["detected"])
    away = (changes["at"] - onset).dt.total_seconds()
    near = changes[(away >= -3600) & (away <= 300)]
    trigger = None if near.empty else near.loc[near["at"].idxmax(), "change"]
    return {
        "trigger": trigger,
        "onset": onset.tz_convert("UTC"),
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]).total_seconds() / 60,
        "minutes_to_detect": int((incident["detected"] - onset).total_seconds() // 60),
    }


# %% right="a loop over the rows" exercise="timeline"
def timeline(history, changes, incident):
    onset = find_onset(history, incident["detected"])
    trigger, latest = None, onset - pd.Timedelta(hours=1)
    for row in changes.itertuples():
        if latest <= row.at <= onset + pd.Timedelta("5min"):
            trigger, latest = row.change, row.at
    to_detect, to_mitigate = (
        (b - a) / np.timedelta64(1, "m")
        for a, b in ((onset, incident["detected"]), (incident["detected"], incident["mitigated"]))
    )
    return {
        "onset": onset,
        "trigger": trigger,
        "minutes_to_detect": to_detect,
        "minutes_to_mitigate": to_mitigate,
    }


# %% wrong="one_window_is_enough" exercise="fires"
def fires(history, rule):
    result = np.zeros(len(history), dtype=bool)
    for limit, long, short in rule:
        for window in (long, short):
            sums = history[["errors", "requests"]].rolling(window, min_periods=1).sum()
            result |= (sums["errors"] / sums["requests"] > limit).to_numpy()
    return result


# %% wrong="all_pairs_must_fire" exercise="fires"
def fires(history, rule):
    result = np.ones(len(history), dtype=bool)
    for limit, long, short in rule:
        for window in (long, short):
            sums = history[["errors", "requests"]].rolling(window, min_periods=1).sum()
            result &= (sums["errors"] / sums["requests"] > limit).to_numpy()
    return result & (len(rule) > 0)


# %% wrong="mean_of_the_shares" exercise="fires"
def fires(history, rule):
    share = history["errors"] / history["requests"]
    result = np.zeros(len(history), dtype=bool)
    for limit, long, short in rule:
        a, b = (share.rolling(window, min_periods=1).mean() for window in (long, short))
        result |= ((a > limit) & (b > limit)).to_numpy()
    return result


# %% wrong="waits_until_the_window_is_full" exercise="fires"
def fires(history, rule):
    result = np.zeros(len(history), dtype=bool)
    for limit, long, short in rule:
        a, b = (history[["errors", "requests"]].rolling(window).sum() for window in (long, short))
        both = (a["errors"] / a["requests"] > limit) & (b["errors"] / b["requests"] > limit)
        result |= both.to_numpy()
    return result


# %% wrong="fires_after_the_end" exercise="fires"
def fires(history, rule):
    result = np.zeros(len(history), dtype=bool)
    for limit, long, _ in rule:
        sums = history[["errors", "requests"]].rolling(long, min_periods=1).sum()
        over = sums["errors"] / sums["requests"] > limit
        result |= (over & (over.shift(fill_value=False) | (history["errors"] > 0))).to_numpy()
    return result


# %% wrong="last_bins_without_this_one" exercise="fires"
def fires(history, rule):
    fired = np.zeros(len(history), dtype=bool)

    def share(window):
        last = (
            history[["errors", "requests"]]
            .rolling(window, min_periods=1)
            .sum()
            .shift(1, fill_value=0)
        )
        return (last["errors"] / last["requests"]).to_numpy()

    for limit, long, short in rule:
        fired |= (share(long) > limit) & (share(short) > limit)
    return fired


# %% wrong="only_one_pair_counts" exercise="fires"
def fires(history, rule):
    fired = np.zeros(len(history), dtype=bool)

    def share(window):
        last = history[["errors", "requests"]].rolling(window, min_periods=1).sum()
        return (last["errors"] / last["requests"]).to_numpy()

    for limit, long, short in rule:
        fired = (share(long) > limit) & (share(short) > limit)
    return fired


# %% wrong="limit_itself_fires" exercise="fires"
def fires(history, rule):
    fired = np.zeros(len(history), dtype=bool)

    def share(window):
        last = history[["errors", "requests"]].rolling(window, min_periods=1).sum()
        return (last["errors"] / last["requests"]).to_numpy()

    for limit, long, short in rule:
        fired |= (share(long) >= limit) & (share(short) >= limit)
    return fired


# %% right="a window of minutes instead of bins" exercise="fires"
def fires(history, rule):
    fired = np.zeros(len(history), dtype=bool)

    def share(window):
        last = (
            history[["errors", "requests"]]
            .set_axis(history["at"])
            .rolling(f"{5 * window}min")
            .sum()
        )
        return (last["errors"] / last["requests"]).to_numpy()

    for limit, long, short in rule:
        fired |= (share(long) > limit) & (share(short) > limit)
    return fired


# %% hardcoded="the example of the text" exercise="fires"
def fires(history, rule):
    return np.arange(len(history)) == 3


# %% right="running sums, a Series" exercise="fires"
def fires(history, rule):
    totals = history[["errors", "requests"]].cumsum()

    def above(limit, window):
        last = totals - totals.shift(window, fill_value=0)
        return last["errors"] > limit * last["requests"]

    result = pd.Series(False, index=history.index)
    for limit, long, short in rule:
        result = result | (above(limit, long) & above(limit, short))
    return result


# %% right="bin by bin, a list" exercise="fires"
def fires(history, rule):
    errors, requests = history["errors"].tolist(), history["requests"].tolist()
    result = []
    for i in range(len(errors)):
        alarm = False
        for limit, long, short in rule:
            shares = []
            for window in (long, short):
                start = max(0, i + 1 - window)
                shares.append(sum(errors[start : i + 1]) / sum(requests[start : i + 1]))
            alarm = alarm or min(shares) > limit
        result.append(alarm)
    return result


# %% hardcoded="the rule of the credit service" exercise="new_rule"
def new_rule(history, incidents, targets):
    return [(0.042, 12, 3), (0.025, 72, 6)]


# %% wrong="one_bin_is_a_blip" exercise="new_rule"
def new_rule(history, incidents, targets):
    share = (history["errors"] / history["requests"]).median()
    return [(float(share) + 0.02, 1, 1)]


# %% wrong="too_many_false_pages" exercise="new_rule"
def new_rule(history, incidents, targets):
    share = (history["errors"] / history["requests"]).median()
    return [(float(share) + 0.014, 12, 12)]


# %% wrong="quiet_and_blind" exercise="new_rule"
def new_rule(history, incidents, targets):
    share = history["errors"] / history["requests"]
    return [(float(share.max()), 1, 1)]


# %% wrong="misses_incidents" exercise="new_rule"
def new_rule(history, incidents, targets):
    share = (history["errors"] / history["requests"]).median()
    return [(float(share) + 0.013, 72, 6)]


# %% wrong="tuned_to_these_weeks" exercise="new_rule"
def new_rule(history, incidents, targets):
    def strength(long, short):
        a, b = (
            history[["errors", "requests"]].rolling(w, min_periods=1).sum() for w in (long, short)
        )
        return np.minimum(a["errors"] / a["requests"], b["errors"] / b["requests"])

    rule = []
    for kind, long, short in (("sharp", 12, 3), ("slow", 72, 6)):
        reached = []
        for row in incidents[incidents["kind"] == kind].itertuples():
            end = row.onset + pd.Timedelta(minutes=row.within_minutes - 5)
            during = history["at"].between(row.onset, min(end, row.mitigated))
            reached.append(strength(long, short)[during].max())
        rule.append((float(min(reached)) - 1e-6, long, short))
    return rule


# %% right="typical share and two rises" exercise="new_rule"
def new_rule(history, incidents, targets):
    usual = float((history["errors"] / history["requests"]).median())
    return [(usual + 0.033, 12, 3), (usual + 0.0135, 72, 6)]


# %% right="the middle of the limits that work, found with running sums" exercise="new_rule"
def new_rule(history, incidents, targets):
    totals = history[["errors", "requests"]].cumsum()

    def share(window):
        last = totals - totals.shift(window, fill_value=0)
        return (last["errors"] / last["requests"]).to_numpy()

    quiet = np.ones(len(history), dtype=bool)
    for row in incidents.itertuples():
        end = row.mitigated + pd.Timedelta(hours=1)
        quiet &= ~history["at"].between(row.onset, end).to_numpy()
    rule = []
    for kind, long, short in (("sharp", 12, 3), ("slow", 72, 6)):
        strength = np.minimum(share(long), share(short))
        reached = []
        for row in incidents[incidents["kind"] == kind].itertuples():
            end = row.onset + pd.Timedelta(minutes=row.within_minutes - 5)
            during = history["at"].between(row.onset, min(end, row.mitigated)).to_numpy()
            reached.append(strength[during].max())
        calm = np.quantile(strength[quiet], 0.999)
        rule.append(((calm + min(reached)) / 2, long, short))
    return tuple(rule)


# %% right="all pairs of limits that work, and the middle of each" exercise="new_rule"
def new_rule(history, incidents, targets):
    usual = history["errors"].sum() / history["requests"].sum()
    works = []
    for a in np.linspace(1.5, 7, 8):
        for b in np.linspace(1.2, 3.6, 7):
            rule = [(usual * a, 12, 3), (usual * b, 72, 6)]
            result = backtest(fires(history, rule), history, incidents)
            if not result["late"] and result["false_per_week"] <= targets["false_pages_per_week"]:
                works.append((a, b))
    a, b = np.median(works, axis=0)
    return [[usual * a, 12, 3], [usual * b, 72, 6]]
