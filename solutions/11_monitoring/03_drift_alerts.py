# %% [markdown]
# ## The story
#
# The board of last week shows one number for all inputs. The data scientist wants to be told which
# input moved, so she switches on an alert for each of the twelve inputs of the model. The rule is the
# usual one: test every input every day, and send a message if p is below 0.05.
#
# In the first month there are messages on every second day. Each one is looked at, and nothing is
# found. In the second month nobody opens them any more. Then the applications of a new partner
# arrive, an input really moves, and the message about it lies unread among the others.
#
# In this notebook you first build alerts that people will still read in a month. Then you look for
# changes that no input shows: drift in the *confidence* of the model, and a drift that the
# confidence cannot see.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance
from sklearn.metrics import roc_auc_score

from workshop_lib import artifacts, drift, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## Days whose truth we know
#
# On real data nobody can say whether an alert was right. So we practise on `drift.stream`: 800
# scored applications a day, twelve inputs `f00` to `f11`, the score (probability of default) and the
# outcome `y` (1 = default). We decide what changes, and on which day.
#
# > **onset**: the first day on which a change has an effect.
#
# In the stream `quiet` nothing changes at all. In `moved`, from day 30 on, `f00` is higher by half a
# standard deviation, and `f03` is spread more widely. Days 0 to 19 are the **reference**: days that
# everybody agrees were good. We test every day from day 20 on.

# %%
INPUTS = [f"f{i:02d}" for i in range(12)]
streams = {
    "quiet": drift.stream("none"),
    "moved": drift.stream("covariate", amount=0.5, onset=30),
}
print({name: stream.truth["columns"] for name, stream in streams.items()})
streams["moved"].rows[["day", "f00", "f01", "f03", "f11", "score", "y"]].head(3).round(2)

# %% [markdown]
# The next cell is given. It compares the inputs of one day with those of the reference, and returns
# one row for each input:
#
# - `p`: the p-value of a test. For numbers it is the test of Kolmogorov and Smirnov, which compares
#   the two whole distributions. For the category `f11` it is a chi-square test of the counts.
# - `psi`: the population stability index, which you know from the board. It says how **large** the
#   difference is, while p says how **surprising** it is.
# - `missing_jump`: the share of missing values now, minus the share in the reference.
# - `unseen`: the share of rows whose category the reference does not have.


# %%
def evidence(reference, current):
    """Return what speaks for a change, one row per input."""
    table = pd.DataFrame({"psi": drift.psi(reference, current)})
    numbers = list(reference.select_dtypes("number"))
    table["p"] = drift.ks(reference[numbers], current[numbers])["p_value"]
    table["missing_jump"] = current.isna().mean() - reference.isna().mean()
    table["unseen"] = 0.0
    for name in reference.columns.difference(numbers):
        counts = [frame[name].value_counts() for frame in (reference, current)]
        both = pd.concat(counts, axis=1).fillna(0)
        table.loc[name, "p"] = chi2_contingency(both.to_numpy()).pvalue
        table.loc[name, "unseen"] = 1 - current[name].dropna().isin(reference[name]).mean()
    return table.rename_axis("feature").reset_index()


def evidence_by_day(rows, first=20, last=59):
    """Return the evidence of each day against days 0 to 19, as a dictionary."""
    reference = rows.loc[rows["day"] < 20, INPUTS]
    days = range(first, last + 1)
    return {day: evidence(reference, rows.loc[rows["day"] == day, INPUTS]) for day in days}


# %% [markdown]
# The evidence of the first tested day of the quiet stream:

# %%
found = {name: evidence_by_day(stream.rows) for name, stream in streams.items()}
found["quiet"][20].round(3)

# %% [markdown]
# No p-value is below 0.05, and every PSI is small, as it should be. Now the rule of the story, "p below
# 0.05", on all 40 quiet days:

# %%
naive = pd.Series({day: (table["p"] < 0.05).sum() for day, table in found["quiet"].items()})
largest = max(table["psi"].max() for table in found["quiet"].values())
print(f"quiet days with a message: {(naive > 0).sum()} of {len(naive)}, largest PSI {largest:.3f}")

# %% [markdown]
# Nothing has changed, and on almost every second day there is a message. This is no bad luck. With 12
# tests, each of which is wrong in 5 % of the cases, a day without any alarm has the probability
# 0.95¹² = 0.54.
#
# Two things help. First, **correct for the number of tests**. Holm's method makes each p-value
# larger, so that "adjusted p below 0.01" is wrong on at most 1 % of the quiet days, for all inputs
# together. Second, ask for an **effect**: with enough rows every small difference has a small p, so
# the PSI must be above a limit too.
#
# **Your task.** Write `feature_alerts(table, alpha, min_psi, max_missing_jump, max_unseen)`. `table` has
# the columns of `evidence`. Return a copy of it, in the same order of rows, with two more columns:
#
# - `p_adj`: the adjusted p-values of Holm. Sort the m p-values from small to large. Multiply the
#   smallest by m, the next one by m − 1, and so on; the largest by 1. Then, from small to large, no
#   value may be below the one before it: raise it to that one. No value is above 1. A missing p
#   (NaN) counts as 1, and counts in m.
# - `alert`: True if any of these holds, otherwise False.
#   1. `p_adj` is below `alpha` **and** `psi` is above `min_psi`;
#   2. `missing_jump` is above `max_missing_jump`;
#   3. `unseen` is above `max_unseen`.
#
#   A missing `psi` is not above a limit.
#
# For example, with the p-values 0.02, 0.01 and 0.015 (m = 3) the products are 1 × 0.02 = 0.02,
# 3 × 0.01 = 0.03 and 2 × 0.015 = 0.03. The largest p comes last: its 0.02 is below the 0.03 before it,
# so it is raised. `p_adj` is 0.03, 0.03, 0.03.


# %% exercise="feature_alerts" objective="M5.2"
def feature_alerts(
    table: pd.DataFrame,
    alpha: float = 0.01,
    min_psi: float = 0.1,
    max_missing_jump: float = 0.05,
    max_unseen: float = 0.01,
) -> pd.DataFrame:
    """Return the table with adjusted p-values and a column that says whom to alert about."""
    ### BEGIN SOLUTION
    ordered = table["p"].fillna(1).sort_values()
    factors = np.arange(len(table), 0, -1)
    adjusted = (ordered * factors).cummax().clip(upper=1)
    result = table.assign(p_adj=adjusted)
    drifted = (result["p_adj"] < alpha) & (result["psi"] > min_psi)
    faulty = (table["missing_jump"] > max_missing_jump) | (table["unseen"] > max_unseen)
    return result.assign(alert=drifted | faulty)
    ### END SOLUTION


# %% check="feature_alerts" title="Alerts with a correction and an effect" points=2 transport="plain"
t.hints(
    "First the p-values alone: sort them, multiply by m, m − 1, …, 1, then `cummax` and `clip`.",
    "A sorted Series remembers its index: put into the table, each value goes back to its own row.",
    "`alert` is (small p_adj and large psi) or missing or unseen: use `&`, `|` and brackets.",
)
COLUMNS = ["alert", "feature", "missing_jump", "p", "p_adj", "psi", "unseen"]


def table_of(p, psi=None, missing=None, unseen=None):
    """A table of evidence; what is not given is harmless."""
    m = len(p)
    return pd.DataFrame(
        {
            "feature": [f"g{i}" for i in range(m)],
            "psi": [0.3] * m if psi is None else psi,
            "p": p,
            "missing_jump": [0.0] * m if missing is None else missing,
            "unseen": [0.0] * m if unseen is None else unseen,
        }
    )


def alerts_of(table, **limits):
    """Return the answer's table, once it has the right columns and rows."""
    got = t.call(feature_alerts, table, **limits)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, got a {type(got).__name__}.")
    names = sorted(map(str, got.columns))
    t.require(
        names == COLUMNS, f"The columns are {', '.join(COLUMNS)}; you return {', '.join(names)}."
    )
    t.wrong_if(
        "rows_in_another_order",
        list(got["feature"]) != list(table["feature"])
        and sorted(got["feature"]) == sorted(table["feature"]),
        "The rows come back in another order. Sort only the p-values, and bring them back to their "
        "own rows.",
    )
    t.equal(list(got["feature"]), list(table["feature"]), what="features")
    return got


WRONG = {
    "p_is_not_corrected": "`p_adj` is p itself. With 12 tests, half of the quiet days alarm.",
    "same_factor_for_all": "You multiply every p-value by m. That is Bonferroni's method. It is safe, "
    "but it finds less than Holm's: only the smallest is multiplied by m, the next one by m − 1.",
    "later_value_may_be_smaller": "A larger p got a smaller `p_adj` than the one before it. Go from "
    "small to large and raise each value at least to the one before.",
    "false_discovery_rate": "These are the values of Benjamini and Hochberg. They limit the share of "
    "false alarms among all alarms. On a quiet day every alarm is false: use Holm's method here.",
}


def adjusted_is(p, expected, *others):
    """Compare p_adj; others are the values of the wrong ideas after the first, in their order."""
    got = alerts_of(table_of(p))["p_adj"].tolist()
    for (name, message), values in zip(WRONG.items(), [p, *others]):
        t.wrong_if(name, len(p) > 1 and np.allclose(got, values, atol=1e-4), message)
    t.wrong_if(
        "values_in_sorted_order",
        got != expected and np.allclose(got, sorted(expected)),
        "The adjusted values are right, but they stand in sorted order. Each one belongs into the row "
        "of its own p.",
    )
    t.equal(got, expected, what=f"p_adj of {p}")


with t.item("The p-values are corrected for their number", weight=3):
    adjusted_is(
        [0.5, 0.001, 0.04, 0.012, 0.9],
        [1.0, 0.005, 0.12, 0.048, 1.0],
        [1.0, 0.005, 0.2, 0.06, 1.0],
        [1.0, 0.005, 0.12, 0.048, 0.9],
        [0.625, 0.005, 0.0667, 0.03, 0.9],
    )
    adjusted_is(
        [0.02, 0.01, 0.015],
        [0.03, 0.03, 0.03],
        [0.06, 0.03, 0.045],
        [0.02, 0.03, 0.03],
        [0.02, 0.02, 0.02],
    )
    adjusted_is([0.004], [0.004])
    got = alerts_of(table_of([0.6, 0.7]))["p_adj"].tolist()
    t.wrong_if(
        "probability_above_one",
        max(got) > 1,
        f"For p = 0.6 and 0.7 you return {max(got):.1f}. No probability is above 1: cut it off there.",
    )
    t.equal(got, [1.0, 1.0], what="p_adj of [0.6, 0.7]")
with t.item("A small p alone is no alert, and neither is a large PSI alone", weight=2):
    got = alerts_of(table_of([1e-9, 1e-9, 0.3, 0.3], [0.3, 0.001, 0.3, 0.001]))["alert"].tolist()
    t.wrong_if(
        "small_p_is_enough",
        got == [True, True, False, False],
        "An input with p = 1e-9 and a PSI of 0.001 is an alert. A tiny difference in many rows: "
        "nobody has to act. Ask for both.",
    )
    t.wrong_if(
        "large_psi_is_enough",
        got == [True, False, True, False],
        "An input with p = 0.3 and a PSI of 0.3 is an alert. In few rows the PSI is large by chance. "
        "Ask for both.",
    )
    t.wrong_if(
        "one_of_the_two_is_enough",
        got == [True, True, True, False],
        "A small p alone, or a large PSI alone, is an alert for you. Both must hold: join them with `&`.",
    )
    t.equal(got, [True, False, False, False], what="alert")
    edge = alerts_of(table_of([0.01, 1e-9, 1e-9], [0.3, 0.1, 0.11]))["alert"].tolist()
    t.equal(edge, [False, False, True], what="alert with a PSI of exactly 0.1, or p_adj of 0.01")
    raw = alerts_of(table_of([0.004, 0.5, 0.6, 0.7]))["alert"].tolist()
    t.wrong_if(
        "alert_by_raw_p",
        raw[0],
        "p is 0.004 in four tests, so `p_adj` is 0.016, not below 0.01. Use `p_adj` in the rule.",
    )
    t.equal(raw, [False] * 4, what="alert")
    table = table_of([0.001, 0.9])
    got = [bool(alerts_of(table, alpha=alpha)["alert"].iloc[0]) for alpha in (0.001, 0.01)]
    t.wrong_if(
        "alpha_is_fixed",
        got[0],
        "`p_adj` is 0.002, and with alpha = 0.001 you alert. Use the argument `alpha`, not a number.",
    )
    t.equal(got, [False, True], what="alert with alpha = 0.001, and with 0.01")
with t.item("Missing values and new categories need no test", weight=2):
    table = table_of(
        [0.9] * 5, [0.0] * 5, [0.0, 0.06, 0.05, 0.0, -0.3], [0.02, 0.0, 0.0, 0.01, 0.0]
    )
    got = alerts_of(table)["alert"].tolist()
    t.wrong_if(
        "needs_all_at_once",
        not any(got),
        "6 % more missing values, or 2 % of an unknown category: each of them alone is an alert, "
        "whatever p and PSI say. Join them with `|`.",
    )
    t.equal(got, [True, True, False, False, False], what="alert")
    gone = table_of([np.nan, 0.0001, 0.5], [np.nan, 0.2, 0.0], [1.0, 0.0, 0.0])
    got = alerts_of(gone)
    t.wrong_if(
        "missing_p_is_left_out",
        bool(np.isclose(got["p_adj"].iloc[1], 0.0002)),
        "A missing p is not counted in m. An input that has gone is still one of the tests.",
    )
    t.equal(got["p_adj"].tolist(), [1.0, 0.0003, 1.0], what="p_adj with a missing p")
    t.equal(got["alert"].tolist(), [True, True, False], what="alert of a column without any value")
### BEGIN HIDDEN TESTS
with t.item("Other tables and other limits", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 520])
        m = int(rng.integers(6, 14))
        table = table_of(
            rng.random(m) ** 5 / 9,
            rng.uniform(0, 0.3, m),
            rng.choice([0, 0, 0.08, 0.3], m),
            rng.choice([0, 0, 0.02, 0.2], m),
        )
        table.index = rng.permutation(m) + 5
        p = table["p"].tolist()
        expected = []
        for value in p:
            below = sorted(p)[: sorted(p).index(value) + 1]
            expected.append(min(1, max((m - i) * x for i, x in enumerate(below))))
        limits = {"alpha": 0.02, "min_psi": 0.15, "max_missing_jump": 0.1, "max_unseen": 0.05}
        got = alerts_of(table, **limits)
        t.equal(got["p_adj"].tolist(), expected, what="p_adj")
        alert = [
            (e < 0.02 and psi > 0.15) or jump > 0.1 or unseen > 0.05
            for e, psi, jump, unseen in zip(
                expected, table["psi"], table["missing_jump"], table["unseen"]
            )
        ]
        t.equal(got["alert"].tolist(), alert, what="alert with other limits")
with t.item("Quiet and moved days of a stream", weight=1):
    for seed in t.seeds:
        rows = drift.stream("covariate", seed + 40, days=32, amount=0.6, onset=30).rows
        days = evidence_by_day(rows, 28, 31)
        got = {day: alerts_of(table) for day, table in days.items()}
        named = {day: [*part["feature"][part["alert"].astype(bool)]] for day, part in got.items()}
        t.equal(named, {28: [], 29: [], 30: ["f00", "f03"], 31: ["f00", "f03"]}, what="alerts")
### END HIDDEN TESTS

# %% [markdown]
# Both rules on both streams. Each square is one input on one day; the dotted line is the onset:

# %% needs="feature_alerts"
rules = {
    "p < 0.05": lambda table: table["p"] < 0.05,
    "corrected, with effect": lambda table: feature_alerts(table)["alert"],
}
fig, axes = plt.subplots(2, 2, figsize=(9, 5), sharex=True, sharey=True)
for row, (rule, judge) in zip(axes, rules.items()):
    for ax, (name, days) in zip(row, found.items()):
        marks = np.array([judge(table).to_numpy(dtype=bool) for table in days.values()])
        ax.pcolormesh([*days], range(12), marks.T, cmap="Greys", vmin=0, vmax=1.3)
        if name == "moved":
            ax.axvline(29.5, linestyle=":", color="tab:red")
        ax.set_title(f"{name}: {rule}, {marks.any(axis=1).sum()} of 40 days", fontsize=10)
for ax in axes[:, 0]:
    ax.set_yticks(range(0, 12, 3), INPUTS[::3])
for ax in axes[-1]:
    ax.set_xlabel("day")
figures.show(
    fig,
    alt="Four maps of days 20 to 59 by input. With p below 0.05 single dark squares are scattered over "
    "all inputs and days. With the corrected rule the quiet map is empty, and in the moved map only "
    "the rows of f00 and f03 are dark, from day 30 on.",
)

# %% [markdown]
# Above, the true alerts about `f00` and `f03` are two lines in a cloud of squares. Below, the cloud is
# gone and the lines are complete, from the same day on.
#
# Why both, a corrected p **and** an effect? Look at two cases in which nothing worth a message
# happened: one with very many rows, and one with very few.

# %%
rng = np.random.default_rng(0)
reference = rng.normal(size=100_000)
rows = {
    "50,000 rows, moved by 0.03 sd": rng.normal(0.03, 1, 50_000),
    "50 rows, nothing moved": rng.normal(0, 1, 50),
}
two_cases = {
    name: {"p": drift.ks(reference, now)["p_value"], "psi": drift.psi(reference, now)}
    for name, now in rows.items()
}
pd.DataFrame(two_cases).T.map("{:.1g}".format)

# %% [markdown]
# In the first case p is far below 0.01, and the PSI says that nothing of importance moved. In the
# second case the PSI is above 0.1, and the p-value says that this is chance. Each of the two numbers
# catches the mistakes of the other one.
#
# ## From alerts to tickets
#
# An alert on each of 30 days is still 30 messages about one thing. People work with **tickets**: one
# for each problem, opened once, closed when the problem is over.
#
# **Your task.** Write `investigate(daily, for_days, cooldown)`. `daily` is a list of tables, one for each
# day: day 0, day 1, and so on. Each has the columns `feature` and `alert` (True or False), and all
# have the same features, perhaps in another order. For each feature:
#
# - A ticket is **opened** on the day on which the feature alerts for the `for_days`-th day in a row,
#   if it has no open ticket.
# - An open ticket is **closed** on the day that is the `cooldown`-th day in a row without an alert.
#   From the next day on a new ticket can be opened, by the same rule.
#
# Return a list of dictionaries with the keys `feature`, `opened` and `closed` (days; `closed` is None
# while a ticket is open), sorted by `opened`, and by `feature` where that is equal.
#
# For example, with `for_days=2` and `cooldown=3`, and `#` for an alert:
#
# | day | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
# |---|---|---|---|---|---|---|---|---|---|---|
# | `f00` | # | . | # | # | . | # | . | . | . | # |
#
# Day 0 is a single day. The ticket is opened on day 3. Day 4 is quiet and day 5 is not, so we begin
# to count again; days 6, 7, 8 are three quiet days, and it is closed on day 8. Day 9 is a single day.
# The result is `[{"feature": "f00", "opened": 3, "closed": 8}]`.


# %% exercise="investigate" objective="M5.2"
def investigate(daily: list[pd.DataFrame], for_days: int = 2, cooldown: int = 7) -> list[dict]:
    """Return the tickets that the alerts of many days open and close."""
    ### BEGIN SOLUTION
    tickets, still_open, loud, silent = [], {}, {}, {}
    for day, table in enumerate(daily):
        for name, alert in zip(table["feature"], table["alert"]):
            loud[name] = loud.get(name, 0) + 1 if alert else 0
            silent[name] = 0 if alert else silent.get(name, 0) + 1
            if name not in still_open and loud[name] >= for_days:
                still_open[name] = {"feature": name, "opened": day, "closed": None}
                tickets.append(still_open[name])
            elif name in still_open and silent[name] >= cooldown:
                still_open.pop(name)["closed"] = day
    return sorted(tickets, key=lambda ticket: (ticket["opened"], ticket["feature"]))
    ### END SOLUTION


# %% check="investigate" title="One ticket for one problem" points=2 transport="plain"
t.hints(
    "For each feature count the days in a row with an alert, and those without one.",
    "Keep the open tickets in a dictionary by feature. Only a feature that is not in it can open one.",
    "When a ticket is closed, write the day into it and take it out of the dictionary.",
)


def days_of(**features):
    """Tables of days, from one text per feature: # is an alert, . is none."""
    length = len(next(iter(features.values())))
    return [
        pd.DataFrame(
            {"feature": [*features], "alert": [text[day] == "#" for text in features.values()]}
        )
        for day in range(length)
    ]


def tickets_of(daily, *args):
    """Return the answer's tickets as a list of (feature, opened, closed)."""
    got = t.call(investigate, daily, *args)
    t.require(isinstance(got, list), f"Return a list, got a {type(got).__name__}.")
    for ticket in got:
        t.require(isinstance(ticket, dict), f"A ticket is a dictionary, got {ticket!r}.")
        t.equal(sorted(ticket), ["closed", "feature", "opened"], what="keys of a ticket")
    return [(ticket["feature"], ticket["opened"], ticket["closed"]) for ticket in got]


with t.item("A ticket is opened once, after enough days in a row", weight=3):
    got = tickets_of(days_of(a="...#####", b="........"), 2, 7)
    t.wrong_if(
        "a_ticket_for_every_day",
        len(got) > 1,
        f"Five days in a row gave {len(got)} tickets. While a ticket is open, no second one is "
        "opened for the same feature.",
    )
    t.wrong_if(
        "one_day_is_enough",
        len(tickets_of(days_of(a="#...."), 2, 7)) > 0,
        "A single day with an alert opened a ticket. Wait for `for_days` days in a row.",
    )
    t.wrong_if(
        "opened_on_the_first_day_of_the_row",
        got == [("a", 3, None)],
        "You write down day 3, the first day of the row. On that day nobody knew that a second one "
        "would come: the ticket is opened on day 4.",
    )
    t.equal(got, [("a", 4, None)], what="tickets of `...#####` with for_days=2")
    got = tickets_of(days_of(a="#.#.#.#.#"), 2, 7)
    t.wrong_if(
        "days_need_not_be_in_a_row",
        len(got) > 0,
        "Alerts on every second day opened a ticket. A quiet day sets the counter of alerts to 0.",
    )
    t.equal(got, [], what="tickets of `#.#.#.#.#` with for_days=2")
    t.equal(tickets_of(days_of(a="..#..."), 1, 7), [("a", 2, None)], what="tickets with for_days=1")
with t.item("It is closed after enough quiet days in a row", weight=3):
    got = tickets_of(days_of(a="#.##.#...#"), 2, 3)
    t.wrong_if(
        "closed_on_the_first_quiet_day",
        len(got) > 0 and got[0] == ("a", 3, 4),
        "The ticket is closed on day 4, the first quiet day, and the alert is back on day 5. Wait for "
        "`cooldown` quiet days in a row.",
    )
    t.wrong_if(
        "quiet_days_need_not_be_in_a_row",
        got == [("a", 3, 7)],
        "Day 4 counts although day 5 alerts again. An alert sets the counter of quiet days to 0.",
    )
    t.wrong_if(
        "never_closed",
        got == [("a", 3, None)],
        "The ticket is still open after three quiet days in a row (days 6, 7 and 8).",
    )
    t.wrong_if(
        "closed_one_day_late",
        got == [("a", 3, 9)],
        "The ticket is closed on day 9. The third quiet day in a row is day 8.",
    )
    t.wrong_if(
        "closed_on_the_first_day_of_the_row",
        got == [("a", 3, 6)],
        "The ticket is closed on day 6, the first day of the quiet row. It is closed when the row is "
        "long enough, on day 8.",
    )
    t.equal(got, [("a", 3, 8)], what="tickets of the example")
    got = tickets_of(days_of(a="##...##.."), 2, 3)
    t.wrong_if(
        "only_one_ticket_per_feature",
        got == [("a", 1, 4)],
        "The problem comes back on days 5 and 6, after the ticket was closed: that is a new ticket.",
    )
    t.equal(got, [("a", 1, 4), ("a", 6, None)], what="tickets of `##...##..` with cooldown=3")
with t.item("Features do not touch each other, and the list is sorted", weight=2):
    got = tickets_of(days_of(z="##....", c=".##...", a=".##..."), 2, 2)
    t.wrong_if(
        "grouped_by_feature",
        sorted(got) == [("a", 2, 4), ("c", 2, 4), ("z", 1, 3)] and got[0][0] != "z",
        "The tickets are not sorted by `opened`. The oldest comes first.",
    )
    t.equal(got, [("z", 1, 3), ("a", 2, 4), ("c", 2, 4)], what="tickets of three features")
    first, second = days_of(a="##", b="..")
    got = tickets_of([first, second[::-1]], 2, 2)
    t.wrong_if(
        "features_by_position",
        got == [],
        "The rows of day 1 are in another order, and the ticket is lost. Find a feature by its name, not "
        "by the position of its row.",
    )
    t.equal(got, [("a", 1, None)], what="tickets of days in another order")
    t.equal(tickets_of([], 2, 2), [], what="tickets of no days")
### BEGIN HIDDEN TESTS
import re


def by_pattern(texts, for_days, cooldown):
    """Find the same tickets with patterns of text."""
    result = []
    for name, text in texts.items():
        at = 0
        while start := re.compile("#" * for_days).search(text, at):
            end = re.compile(r"\." * cooldown).search(text, start.end())
            result.append((start.end() - 1, name, end.end() - 1 if end else None))
            at = end.end() if end else len(text)
    return [(name, opened, closed) for opened, name, closed in sorted(result, key=lambda x: x[:2])]


with t.item("Many days of many features", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 521])
        for for_days, cooldown in ((2, 7), (3, 2), (1, 1)):
            texts = {}
            for i in range(4):
                loud = np.repeat(rng.random(8) < 0.5, 5) ^ (rng.random(40) < 0.15)
                texts[f"f{i:02d}"] = "".join("#" if x else "." for x in loud)
            daily = [table.sample(frac=1, random_state=rng) for table in days_of(**texts)]
            got = tickets_of(daily, for_days, cooldown)
            what = f"tickets with for_days={for_days}, cooldown={cooldown}"
            t.equal(got, by_pattern(texts, for_days, cooldown), what=what)
### END HIDDEN TESTS

# %% [markdown]
# All together, on five streams. In `lost` a part of `f01` is missing from day 30 on, and in `unknown` a
# new category appears in `f11`. In `faint`, `f00` moves by only 0.15 standard deviations, and the spread
# of `f03` grows by 15 %. (The first day in the lists is day 20.)

# %% needs="feature_alerts, investigate"
more = {
    "lost": drift.stream("missing", days=45),
    "unknown": drift.stream("new_category", days=45),
    "faint": drift.stream("covariate", days=45, amount=0.15),
}
found |= {name: evidence_by_day(stream.rows, last=44) for name, stream in more.items()}
rows = []
for name, days in found.items():
    tickets = investigate([feature_alerts(table) for table in days.values()])
    texts = [f"{ticket['feature']} on day {20 + ticket['opened']}" for ticket in tickets]
    single = sum((table["p"] < 0.05).sum() for table in days.values())
    rows.append({"stream": name, "messages with p < 0.05": single, "tickets": ", ".join(texts)})
pd.DataFrame(rows).set_index("stream")

# %% [markdown]
# Dozens of messages have become one ticket per problem, one day after the onset. Missing values are
# found as well. The PSI cannot see them, because it leaves out missing values.
#
# There is a price: the `faint` change opens no ticket. Its PSI is far below 0.1. That is a decision, not
# an accident: the team has said that it does not want to be called for such a change. If you want to
# see it, you must collect small differences over many days. That is our next tool, and we try it on
# the model itself.
#
# ## Is the model less sure?
#
# The truth about today's loans comes in 30 days. Meanwhile somebody proposes to watch how **sure** the
# model is: "If it is confused by new customers, it will show". With the score s, a probability, the
# confidence is 2·|s − 0.5|: 0 at s = 0.5, where the model has no idea, and 1 at s = 0 and at s = 1.
#
# **Your task.** Write `confidence_shift(reference, current)`. Both are arrays of scores. Return a pair:
#
# 1. the p-value of the two-sample test of Kolmogorov and Smirnov (`ks_2samp`) of the two
#    **confidences**;
# 2. the Wasserstein distance of the two confidences (`wasserstein_distance`): how far, on average,
#    confidence would have to be moved to turn one distribution into the other.
#
# For example, the scores 0.1, 0.9 have the confidences 0.8, 0.8, and 0.6, 0.4 have 0.2, 0.2. The
# distance is 0.6. With the scores 0.9, 0.1 as `current` it would be 0, and p would be 1.


# %% exercise="confidence_shift" objective="M5.8"
def confidence_shift(reference: np.ndarray, current: np.ndarray) -> tuple[float, float]:
    """Return p-value and distance of two distributions of confidence."""
    ### BEGIN SOLUTION
    before, now = (2 * np.abs(np.asarray(scores) - 0.5) for scores in (reference, current))
    return float(ks_2samp(before, now).pvalue), float(wasserstein_distance(before, now))
    ### END SOLUTION


# %% check="confidence_shift" title="A shift of confidence" points=1 transport="plain"
t.hints(
    "First turn both arrays of scores into arrays of confidence, with `np.abs`.",
    "`ks_2samp(a, b).pvalue` and `wasserstein_distance(a, b)`, both of the confidences.",
)


def shift_of(reference, current):
    """Return the answer's pair."""
    got = t.call(confidence_shift, np.array(reference), np.array(current))
    t.require(isinstance(got, (tuple, list)) and len(got) == 2, "Return a pair: p and distance.")
    return [float(value) for value in got]


with t.item("Scores that are mirrored at 0.5 have the same confidence", weight=2):
    low = [0.02, 0.08, 0.11, 0.17, 0.2, 0.24, 0.3, 0.33, 0.38, 0.41]
    p, distance = shift_of(low, [1 - score for score in low])
    t.wrong_if(
        "sign_is_kept",
        p < 0.01 and distance > 1,
        "A distance above 1 is not possible between two confidences. Take the absolute value: 0.1 and "
        "0.9 are equally sure.",
    )
    t.wrong_if(
        "score_instead_of_confidence",
        p < 0.01,
        f"For mirrored scores p is {p:.1g}. You compare the scores. Turn both into confidences first: "
        "0.1 and 0.9 are equally sure.",
    )
    t.equal([p, distance], [1.0, 0.0], what="p and distance of mirrored scores")
with t.item("p-value and distance of two distributions", weight=2):
    p, distance = shift_of([0.1, 0.9], [0.6, 0.4])
    t.wrong_if(
        "order_of_the_pair",
        abs(p - 0.6) < 1e-9 and abs(distance - 1 / 3) < 1e-9,
        "The distance comes first in your pair. Return p first.",
    )
    t.wrong_if(
        "half_the_scale",
        abs(distance - 0.3) < 1e-9,
        "The distance of the example is 0.3, half of 0.6. Confidence goes from 0 to 1: multiply "
        "|s − 0.5| by 2.",
    )
    t.wrong_if(
        "statistic_instead_of_p",
        p == 1.0,
        "The first number is the statistic of the test. Return its `pvalue`.",
    )
    t.equal(distance, 0.6, what="distance of the example")
    t.equal(p, 1 / 3, rtol=0.05, what="p of the example")
    p, distance = shift_of([0.5, 0.5, 0.9, 0.9], [0.3, 0.7, 0.7, 0.3])
    t.wrong_if(
        "difference_of_the_means",
        abs(distance) < 1e-9,
        "Half of the confidences are 0 and half are 0.8; now all are 0.4. You return 0, because the "
        "means are equal. The Wasserstein distance sees the whole distributions.",
    )
    t.equal(distance, 0.4, what="distance of confidences with equal means")
### BEGIN HIDDEN TESTS
with t.item("Other scores", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 580])
        old, new = rng.beta(2, 4, 900), rng.beta(3, 3, 300)
        p, distance = shift_of(old, new)
        folded = [np.sort(np.maximum(scores, 1 - scores)) for scores in (old, new)]
        grid = np.concatenate(folded)
        gap = [np.searchsorted(values, grid, "right") / len(values) for values in folded]
        statistic = np.abs(gap[0] - gap[1]).max()
        t.equal(distance, 2 * wasserstein_distance(*folded), what="distance")
        expected = ks_2samp(*folded).pvalue
        t.require(
            0.5 * expected < p < 2 * expected,
            f"p is {p:.2g}, expected {expected:.2g} (statistic {statistic:.3f}).",
        )
### END HIDDEN TESTS

# %% [markdown]
# Now four streams of 90 days, each with an onset on day 30, except `none`:
#
# - `uncertain`: about a third of the applicants have thin files, that is, little is known about them;
# - `shift`: every applicant is replaced by one on the other side of the limit, for whom the model is
#   equally sure;
# - `concept`: the inputs are as before, but what they *mean* turns round: high `f00` and `f01` used to
#   mean more defaults, and now mean fewer.
#
# The table compares day 45 with the reference, and what the bank will know one month later:

# %% needs="confidence_shift"
KINDS = ("none", "uncertain", "shift", "concept")
worlds = {k: drift.stream(k, seed=2, days=90, onset=30, label_delay_days=30).rows for k in KINDS}
rows = []
for name, world in worlds.items():
    old, new = (world[part] for part in (world["day"] < 30, world["day"] >= 30))
    scores = [world["score"][part].to_numpy() for part in (world["day"] < 20, world["day"] == 45)]
    p, distance = confidence_shift(*scores)
    row = {"stream": name, "p": f"{p:.0e}" if p < 0.001 else f"{p:.2f}", "distance": distance}
    row |= {"p of the scores": f"{ks_2samp(*scores).pvalue:.0e}"}
    row |= {
        f"AUC {n}": roc_auc_score(d["y"], d["score"]) for n, d in (("before", old), ("after", new))
    }
    rows.append(row)
pd.DataFrame(rows).set_index("stream").round(2)

# %% [markdown]
# Read the last two rows twice. In `concept` the AUC falls from a good model to almost a coin, and the
# confidence sees **nothing**: the model is as sure as ever, and wrong. It cannot know that the world
# has changed, because all that it sees is its own inputs. So "the model is confident" does not prove
# that it is right. In `shift` the confidence sees nothing either, although every score has changed.
# There the scores show it, and the model is as good as before.
#
# ## Small differences add up
#
# One number a day, such as the mean confidence of the day, has noise. A test of each day finds a big
# change at once, and a small one hardly ever. A CUSUM adds the differences up.
#
# > **CUSUM**: a chart that adds up how far each value lies from its target, less an allowance, and
# > alarms when the sum is above a limit.
#
# **Your task.** Write `cusum(values, mu, sd, k, h)`. Begin with `up` = `down` = 0. For each value, in order:
#
# 1. z = (value − `mu`) / `sd`;
# 2. `up` = max(0, `up` + z − `k`), and `down` = max(0, `down` − z − `k`);
# 3. if `up` or `down` is **above** `h`, return the position of the value (0 for the first).
#
# If there is no alarm, return None. The allowance `k` is what we forgive each day; the limit `h` is
# given by the policy of the team: k = 1 and h = 8.
#
# For example, with `mu` = 10, `sd` = 2, k = 1 and h = 3, the values 10, 14, 14, 16 have z = 0, 2, 2, 3. `up`
# is 0, 1, 2, 4, so the result is 3. The values 10, 6, 6, 4 give 3 as well, because of `down`.


# %% exercise="cusum" objective="M5.8"
def cusum(values, mu: float, sd: float, k: float = 1.0, h: float = 8.0) -> int | None:
    """Return the position of the first alarm, or None."""
    ### BEGIN SOLUTION
    up = down = 0.0
    for position, value in enumerate(values):
        z = (value - mu) / sd
        up, down = max(0.0, up + z - k), max(0.0, down - z - k)
        if max(up, down) > h:
            return position
    return None
    ### END SOLUTION


# %% check="cusum" title="A sum that remembers" points=1 transport="plain"
t.hints(
    "A loop with two numbers that are kept from one value to the next.",
    "The `max(0, …)` is inside the loop: a sum that has fallen below 0 begins again at 0.",
    "`return` inside the loop at the first alarm, and `return None` after the loop.",
)


def first(values, mu=10, sd=2, k=1.0, h=3.0):
    """Ask for the position of the first alarm."""
    got = t.call(cusum, np.array(values, dtype=float), mu, sd, k, h, none_is_fine=True)
    t.require(got is None or isinstance(got, (int, np.integer)), f"Return a position, got {got!r}.")
    return got


with t.item("Values above the target add up", weight=2):
    got = first([14] * 6, sd=4)
    t.wrong_if(
        "sd_is_left_out",
        got == 1,
        "Six values of 14 with `mu` = 10 and `sd` = 4 alarm at position 1. Divide by `sd`: z is "
        "(14 − 10) / 4 = 1, and `k` = 1 forgives it.",
    )
    t.wrong_if(
        "allowance_is_left_out",
        got == 3,
        "Six values with z = 1 alarm at position 3. Take the allowance `k` = 1 away from every z.",
    )
    t.equal(got, None, what="alarm of [14, 14, 14, 14, 14, 14] with sd=4")
    got = first([10, 14, 14, 16, 10])
    t.wrong_if(
        "position_counts_from_one",
        got == 4,
        "The alarm is at position 3 of `[10, 14, 14, 16, 10]`; the first value has position 0.",
    )
    t.wrong_if(
        "looks_at_single_values",
        got is None,
        "No value of `[10, 14, 14, 16, 10]` alone is above the limit, and you found nothing. Keep `up` "
        "from one value to the next.",
    )
    t.equal(got, 3, what="alarm of [10, 14, 14, 16, 10]")
    got = first([14, 14, 14, 14])
    t.wrong_if(
        "limit_counts_as_above",
        got == 2,
        "After three values `up` is exactly 3, the limit. Only above it is an alarm.",
    )
    t.equal(got, 3, what="alarm of [14, 14, 14, 14]")
with t.item("Values below the target add up, too", weight=2):
    got = first([10, 6, 6, 4])
    t.wrong_if(
        "one_side_only",
        got is None,
        "The values 10, 6, 6, 4 fall, and there is no alarm. `down` is the mirror of `up`: it adds −z.",
    )
    t.equal(got, 3, what="alarm of [10, 6, 6, 4]")
    got = first([15, 5, 15, 5, 15, 5, 15, 5])
    t.wrong_if(
        "directions_share_one_sum",
        got is not None,
        "Values that jump up and down around the target alarm. Keep two sums: a high value makes `up` "
        "larger and `down` smaller.",
    )
    t.equal(got, None, what="alarm of values that jump around the target")
with t.item("Good days are not saved up", weight=2):
    got = first([10, 10, 10, 10, 14, 14, 14, 14])
    t.wrong_if(
        "sum_falls_below_zero",
        got is None,
        "After four quiet days the same change is not found any more: your sum has fallen far below "
        "0. Begin again at 0 with `max(0, …)`.",
    )
    t.equal(got, 7, what="alarm after four quiet days")
    t.equal(first([]), None, what="alarm of no values")
### BEGIN HIDDEN TESTS
with t.item("Other values and limits", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 581])
        for k, h in ((1.0, 8.0), (0.5, 5.0), (0.3, 3.0)):
            z = rng.normal(size=60) + np.where(np.arange(60) > 30, rng.choice([-0.8, 0.8, 2]), 0)
            expected = None
            for i in range(60):
                up = max(sum(z[j : i + 1] - k) for j in range(i + 1))
                down = max(sum(-z[j : i + 1] - k) for j in range(i + 1))
                if max(up, down) > h:
                    expected = i
                    break
            t.equal(first(3 + 0.2 * z, 3, 0.2, k, h), expected, what=f"alarm with k={k}, h={h}")
    t.gives(0, cusum, [9.5], 0, 1)
    t.gives(None, cusum, [9.0], 0, 1)
### END HIDDEN TESTS

# %% [markdown]
# Textbooks often take k = 0.5. But they know the target exactly, and we have **estimated** it from a few
# days. A target that is a little wrong is a small difference on every day, and a CUSUM is made to find
# those. Try how often 60 quiet days alarm:


# %% needs="cusum" tags=["nbval-ignore-output"]
def false_alarms(k=1.0, reference_days=20, repeats=400):
    """Print how many quiet streams of 60 days alarm, when the target is estimated."""
    rng = np.random.default_rng(0)
    targets = rng.normal(size=repeats) / np.sqrt(reference_days)
    days = rng.normal(size=(repeats, 60))
    alarms = sum(cusum(z, mu, 1, k) is not None for z, mu in zip(days, targets))
    share = alarms / repeats
    print(f"k = {k}, target from {reference_days} days: {share:.0%} of the quiet streams alarm")


explore.sliders(
    false_alarms,
    k=(0.25, 1.5, 0.25, 0.5),
    reference_days=(5, 60, 5, 20),
    repeats=(100, 400, 100, 400),
)

# %% [markdown]
# The same without sliders:

# %% needs="cusum"
for k, reference_days in ((0.5, 5), (0.5, 20), (0.5, 60), (1.0, 5), (1.0, 20)):
    false_alarms(k, reference_days)

# %% [markdown]
# With few reference days, k = 0.5 gives many false alarms. The team takes k = 1 and 20 days. The price:
# a change of less than one standard deviation of the daily mean is forgiven on every day.
#
# ## Four monitors, four streams
#
# Now the last step: which monitor sees which change, and **when**?
#
# **Your task.** Write `diagnose(rows, detect, inputs, reference_days)`. `rows` has the columns `day`,
# `score`, `y`, `label_day` and the inputs; its largest `day` is **today**. `inputs` is a list of numeric
# columns. `detect(values, mu, sd)` is a function like `cusum`: it returns the position of the first
# alarm, or None. Four monitors:
#
# | monitor | one number per row | put together by |
# |---|---|---|
# | `confidence` | 2·abs(`score` − 0.5) | `day` |
# | `score` | `score` | `day` |
# | `inputs` | the input (one detection for each of `inputs`) | `day` |
# | `labels` | 1 if the decision is wrong, that is `score` >= 0.5 and `y` = 0, or `score` < 0.5 and `y` = 1; otherwise 0 | `label_day`, rows with a `label_day` up to today only |
#
# For each monitor call `detect` with
#
# - `values`: the **mean of each day**, in the order of the days, from the first day on;
# - `mu`: the mean of the reference rows. These are the rows with `day` < `reference_days`, also for
#   `labels`; their labels are all known today;
# - `sd`: how much a **daily mean** varies by chance. It is the standard deviation of the reference rows,
#   divided by the square root of the number of rows per day (reference rows / `reference_days`).
#
# Return a dictionary: for each monitor the day of its first alarm as an int (the `label_day` for
# `labels`), or None. For `inputs` it is the earliest alarm of any input.
#
# For example, with 800 rows a day, the reference scores may have the standard deviation 0.28. Then
# `sd` is 0.28/√800 = 0.0099. If the first day is 0 and `detect` returns 31, the alarm is on day 31. For
# `labels` with a delay of 30 days, the first daily mean belongs to `label_day` 30, so position 31 is
# day 61.


# %% exercise="diagnose" objective="M5.8"
def diagnose(rows: pd.DataFrame, detect, inputs: list[str], reference_days: int = 20) -> dict:
    """Return the day of the first alarm of each monitor, or None."""
    ### BEGIN SOLUTION
    good = rows["day"] < reference_days
    known = rows["label_day"] <= rows["day"].max()

    def first_alarm(numbers, days):
        means, usual = numbers.groupby(days).mean(), numbers[good]
        sd = usual.std() / np.sqrt(len(usual) / reference_days)
        position = detect(means.to_numpy(), usual.mean(), sd)
        return None if position is None else int(means.index[position])

    wrong = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(float)
    moved = [first_alarm(rows[name], rows["day"]) for name in inputs]
    return {
        "confidence": first_alarm(2 * (rows["score"] - 0.5).abs(), rows["day"]),
        "score": first_alarm(rows["score"], rows["day"]),
        "inputs": min((day for day in moved if day is not None), default=None),
        "labels": first_alarm(wrong[known], rows["label_day"][known]),
    }
    ### END SOLUTION


# %% check="diagnose" title="Which monitor sees it, and when" points=2 transport="object"
t.hints(
    "Write a small inner function for one monitor: it gets the numbers and their days.",
    "`numbers.groupby(days).mean()` is a Series: its index holds the days, in order.",
    "Position to day: `means.index[position]`. Take `is not None`, because position 0 is an alarm too.",
    "For `labels` keep only the rows with `label_day` up to `rows['day'].max()`, and group by `label_day`.",
)
MONITORS = ["confidence", "inputs", "labels", "score"]
NUMBERS = [f"f{i:02d}" for i in range(10)]


def far(values, mu, sd):
    """Alarm where a daily mean is more than five of its standard deviations away."""
    away = np.flatnonzero(np.abs(np.asarray(values, dtype=float) - mu) > 5 * sd)
    return int(away[0]) if len(away) else None


def stream_of(kind, **options):
    """The rows of a stream of 90 days, with labels that come 30 days late."""
    options = {"seed": 0, "days": 90, "onset": 30, "label_delay_days": 30} | options
    rows = drift.stream(kind, **options).rows
    return rows[["day", "score", "y", "label_day", *NUMBERS]]


def diagnosis(rows, detect=far, *more):
    """Return the answer's dictionary, once it has the right keys."""
    got = t.call(diagnose, rows, detect, NUMBERS, *more)
    t.require(isinstance(got, dict), f"Return a dictionary, got a {type(got).__name__}.")
    t.equal(sorted(got), MONITORS, what="keys")
    return got


with t.item("The detector is told how much a daily mean varies", weight=2):
    told = []
    diagnosis(stream_of("none"), lambda values, mu, sd: told.append((len(values), sd)))
    size = float(np.median([sd for _, sd in told])) * np.sqrt(800)
    t.wrong_if(
        "sd_of_single_rows",
        size > 10,
        "`sd` is the standard deviation of single rows. The mean of 800 rows varies √800 = 28 times "
        "less. With your `sd` hardly anything is ever found.",
    )
    t.wrong_if(
        "sd_of_the_mean_of_the_reference",
        size < 0.5,
        "`sd` is far too small: you divide by the root of all reference rows. `values` are means of "
        "one day, so divide by the root of the rows of one day.",
    )
    close = sum(bool(abs(sd * np.sqrt(800) - 1) < 0.04) for _, sd in told)
    t.wrong_if(
        "sd_from_few_daily_means",
        0.75 < size < 1.33 and close < len(NUMBERS),
        "You take the standard deviation of 20 daily means. Twenty numbers give it only roughly. The "
        "16,000 reference rows give it well: divide their standard deviation by √800.",
    )
    t.require(
        close >= len(NUMBERS),
        "The inputs f00 to f09 have a standard deviation of about 1, so `sd` should be near 0.035 for "
        f"each of them. That is so for {close} of 10.",
    )
    lengths = sorted(length for length, _ in told)
    t.equal(len(told), 13, what="calls of `detect` (10 inputs and 3 other monitors)")
    t.wrong_if(
        "only_rows_with_a_label",
        lengths == [60] * 13,
        "All monitors see 60 days only. You left out the rows without a label for all of them. Scores "
        "and inputs are known on the day of the application: leave rows out for `labels` only.",
    )
    t.equal(lengths[1:], [90] * 12, what="number of daily means of confidence, score and inputs")
    t.wrong_if(
        "labels_known_at_once",
        lengths[0] == 90,
        "You watch the outcomes on the day of the application. They are known 30 days later: group by "
        "`label_day`, and only up to today.",
    )
    t.equal(lengths[0], 60, what="number of days with labels")
with t.item("A relation that turns round is seen in the labels only, a month late", weight=3):
    lengths, centres = [], []

    def noted(values, mu, sd):
        lengths.append(len(values))
        centres.append(mu)
        return far(values, mu, sd)

    rows = stream_of("concept")
    got = diagnosis(rows, noted)
    t.wrong_if(
        "reference_by_label_day",
        any(np.isnan(mu) for mu in centres),
        "One `mu` is not a number. The reference rows are those with `day` < `reference_days`, also "
        "for `labels`: no row has a `label_day` that early.",
    )
    if got["labels"] == 30 and min(lengths) == 60:
        # Some early labels move the positions by one; the days of the applications stay.
        rows.loc[(rows["day"] == 0) & (np.arange(len(rows)) % 2 == 0), "label_day"] = 20
        t.wrong_if(
            "labels_on_the_day_of_application",
            diagnosis(rows)["labels"] == 30,
            "You keep the rows with a known label, but you put their outcomes together by `day`, so the "
            "alarm stands on the day of the application, 30. Nobody knew these outcomes before "
            "`label_day` 60: group by `label_day`.",
        )
    t.wrong_if(
        "position_is_not_a_day",
        got["labels"] == 30 and min(lengths) == 60,
        "The labels alarm on day 30: that is the position. The first daily mean belongs to `label_day` "
        "30, so position 30 is day 60.",
    )
    t.wrong_if(
        "labels_known_at_once",
        got["labels"] == 30,
        "The labels alarm on day 30. On that day nobody knows these outcomes: `label_day` is 30 days "
        "later.",
    )
    t.equal(got, {"confidence": None, "score": None, "inputs": None, "labels": 60})
    got = diagnosis(stream_of("concept", onset=75))
    t.wrong_if(
        "labels_from_the_future",
        got["labels"] is not None,
        f"The onset is day 75 and today is day 89, but `labels` alarms on day {got['labels']}. Leave "
        "out the rows whose `label_day` is after today.",
    )
    t.equal(got["labels"], None, what="labels with an onset 14 days ago")
with t.item("Other applicants are seen in the inputs and the scores", weight=2):
    got = diagnosis(stream_of("shift"))
    t.wrong_if(
        "score_instead_of_confidence",
        got["confidence"] == got["score"] == 30,
        "The scores are mirrored, and your confidence alarms. Fold it: 2·abs(score − 0.5).",
    )
    early = [day for day in got.values() if day is not None and day < 30]
    t.wrong_if(
        "reference_holds_the_change",
        bool(early),
        f"There is an alarm on day {min(early, default=0)}, before the onset. Take `mu` and the standard "
        "deviation from the rows with `day` < `reference_days` only.",
    )
    t.wrong_if(
        "scores_on_the_day_of_the_label",
        got["score"] == got["inputs"] == 60,
        "Score and inputs alarm on day 60. They are known on the day of the application, here 30. Only "
        "`labels` is put together by `label_day`, the three other monitors by `day`.",
    )
    t.equal(got, {"confidence": None, "score": 30, "inputs": 30, "labels": None})
with t.item("Applicants about whom little is known are seen in the confidence", weight=1):
    got = diagnosis(stream_of("uncertain"))
    t.equal(got["confidence"], 30, what="confidence")
### BEGIN HIDDEN TESTS


def by_hand(rows, reference_days):
    """The same diagnosis, day by day and with NumPy alone."""
    today = rows["day"].max()
    score = rows["score"].to_numpy()
    numbers = {"confidence": np.abs(2 * score - 1), "score": score}
    numbers |= {name: rows[name].to_numpy() for name in NUMBERS}
    numbers["labels"] = np.where(score >= 0.5, rows["y"] == 0, rows["y"] == 1).astype(float)
    good = (rows["day"] < reference_days).to_numpy()
    found = {}
    for name, values in numbers.items():
        when = rows["label_day" if name == "labels" else "day"].to_numpy()
        days = [day for day in np.unique(when) if day <= today]
        means = (np.bincount(when, values) / np.maximum(np.bincount(when), 1))[days]
        usual = values[good]
        sd = usual.std(ddof=1) / np.sqrt(good.sum() / reference_days)
        at = far(means, usual.mean(), sd)
        found[name] = None if at is None else int(days[at])
    moved = [found[name] for name in NUMBERS if found[name] is not None]
    return {name: found[name] for name in ("confidence", "score", "labels")} | {
        "inputs": min(moved, default=None)
    }


with t.item("Other streams, other delays, rows in another order", weight=2, seconds=20):
    for seed in t.seeds:
        for kind, amount, days, delay, reference_days in (
            ("uncertain", 0.8, 70, 10, 15),
            ("shift", 0.6, 50, 0, 20),
            ("concept", 0.7, 80, 25, 25),
            ("covariate", 0.5, 50, 5, 10),
        ):
            rows = stream_of(
                kind, seed=seed + 60, amount=amount, days=days, label_delay_days=delay, per_day=200
            )
            rows = rows.sample(frac=1, random_state=seed)
            got = diagnosis(rows, far, reference_days)
            t.equal(got, by_hand(rows, reference_days), what=f"diagnosis of {kind!r}")
    rows = stream_of("none", days=30, label_delay_days=0)
    rows.loc[rows["day"] == 0, "f00"] += 5
    got = diagnosis(rows, far, 20)["inputs"]
    t.wrong_if(
        "position_zero_is_no_alarm",
        got is None,
        "An alarm on the first day, at position 0, is lost. 0 counts as False: write `is not None`.",
    )
    t.equal(got, 0, what="inputs with an alarm on the first day")
### END HIDDEN TESTS

# %% [markdown]
# The four streams again, with your `cusum`, and the `faint` change for which there was no ticket. The
# table holds the day of the first alarm:

# %% needs="cusum, diagnose"
faint = drift.stream("covariate", seed=2, days=90, amount=0.15, label_delay_days=30).rows
alarms = {
    name: diagnose(world, cusum, INPUTS[:11]) for name, world in (worlds | {"faint": faint}).items()
}
pd.DataFrame(alarms).T.map(lambda day: "–" if day is None or pd.isna(day) else f"day {day:.0f}")

# %% [markdown]
# No alarm on `concept` is the **right** answer of the confidence, the score and the inputs: nothing that
# they look at has changed. Only the labels see it, and not before day 60. And `shift` alarms although
# the model is as good as before. An alarm of inputs or scores says "something is new", and not "the
# model is wrong". The faint change, too small for a ticket, is found within days, because it stays.

# %% needs="cusum, diagnose"
fig, axes = plt.subplots(3, 4, figsize=(10, 5.6), sharex=True, sharey="row")
strips = ("confidence", "score", "labels")
for column, (name, world) in zip(axes.T, worlds.items()):
    by_day = world.assign(confidence=2 * (world["score"] - 0.5).abs()).groupby("day")
    for ax, strip in zip(column[:2], strips):
        ax.plot(by_day[strip].mean(), linewidth=1)
    auc = [roc_auc_score(day["y"], day["score"]) for _, day in by_day]
    column[2].plot(auc, linewidth=1)
    for ax, strip in zip(column, strips):
        if name != "none":
            ax.axvline(30, linestyle=":", color="grey")
        if alarms[name][strip] is not None:
            ax.axvline(alarms[name][strip], linestyle="--", color="tab:red")
    column[0].set_title(name, fontsize=10)
    column[2].set_xlabel("day of application", fontsize=9)
for ax, text in zip(axes[:, 0], ("mean confidence", "mean score", "AUC")):
    ax.set_ylabel(text, fontsize=9)
figures.show(
    fig,
    alt="Grid of four streams by three strips over 90 days; dotted is the onset, dashed the first alarm. "
    "In uncertain the confidence falls at once, and the alarm of the labels comes after day 60. In shift "
    "only the mean score jumps. In concept confidence and score stay level while the AUC falls to "
    "about 0.55 on day 30; its alarm is on day 60.",
)

# %% [markdown]
# The dashed lines stand on the day of the alarm, the curves on the day of the application. Look at the
# lower right corner: between the fall of the AUC on day 30 and the dashed line on day 60
# lie 30 days of wrong decisions, in which every other strip was quiet. The only way to shorten this
# time is to get some labels earlier, for example by checking a small sample of loans at once.
#
# ## Stretch: when to train again
#
# *This part is optional.* The labels alarm on day 60. Train a new model at once? Nearly all labels
# known on day 60 are from **before** the onset. A model trained on them learns the old relation
# again. And a single alarm may be chance.
#
# **Your task.** Write `plan_retraining(signals, policy)`. `signals` has one row for each day, in order and
# without gaps: `day`, `alarm` (True or False, of the labels on that day) and `matured` (number of known
# labels of applications since the onset; a second onset sets it back to 0). Decide for each day by the first rule that holds:
#
# 1. Fewer than `policy["consecutive"]` alarms in a row, this day included: action `"none"`, reason
#    `"not_confirmed"`. A retraining does not set the count of alarms back.
# 2. Fewer than `policy["cooldown_days"]` days since the last day with the action `"retrain"`: action
#    `"none"`, reason `"cooldown"`.
# 3. `matured` is below `policy["min_labels"]`: action `"collect_labels"`, reason `"too_few_labels"`.
# 4. Otherwise action `"retrain"`, reason `"confirmed"`.
#
# Return a DataFrame with the columns `day`, `action` and `reason`, one row for each day, index 0, 1, …
#
# For example, with `consecutive` 2, `cooldown_days` 3 and `min_labels` 100:
#
# | day | 60 | 61 | 62 | 63 | 64 | 65 |
# |---|---|---|---|---|---|---|
# | `alarm` | True | True | True | True | True | True |
# | `matured` | 50 | 90 | 130 | 170 | 210 | 250 |
# | action | none | collect_labels | retrain | none | none | retrain |


# %% exercise="plan_retraining" objective="M5.8"
def plan_retraining(signals: pd.DataFrame, policy: dict) -> pd.DataFrame:
    """Return what to do on each day, and why."""
    ### BEGIN SOLUTION
    rows, in_a_row, last = [], 0, None
    for signal in signals.itertuples():
        in_a_row = in_a_row + 1 if signal.alarm else 0
        if in_a_row < policy["consecutive"]:
            action, reason = "none", "not_confirmed"
        elif last is not None and signal.day - last < policy["cooldown_days"]:
            action, reason = "none", "cooldown"
        elif signal.matured < policy["min_labels"]:
            action, reason = "collect_labels", "too_few_labels"
        else:
            action, reason, last = "retrain", "confirmed", signal.day
        rows.append((signal.day, action, reason))
    return pd.DataFrame(rows, columns=["day", "action", "reason"])
    ### END SOLUTION


# %% check="plan_retraining" title="Train again, when there is something to learn" points=1 transport="plain"
t.hints(
    "A loop over the days with two memories: alarms in a row, and the last day of a retraining.",
    "The rules are an `if` with three more branches, in the order of the text.",
)
PLAN = {"consecutive": 2, "cooldown_days": 3, "min_labels": 100}


def signals_of(alarms, matured, start=60):
    """Signals from a text (# is an alarm) and numbers of labels."""
    days = range(start, start + len(alarms))
    return pd.DataFrame({"day": days, "alarm": [x == "#" for x in alarms], "matured": matured})


def actions(alarms, matured, policy=PLAN, start=60):
    """Return the answer's actions, once the table has the right form."""
    signals = signals_of(alarms, matured, start)
    got = t.call(plan_retraining, signals, policy)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, got a {type(got).__name__}.")
    names = sorted(map(str, got.columns))
    t.require(
        names == ["action", "day", "reason"],
        f"The columns are day, action and reason; you return {', '.join(names)}.",
    )
    t.equal(got["day"].tolist(), signals["day"].tolist(), what="days")
    reasons = {"none": ("not_confirmed", "cooldown"), "collect_labels": ("too_few_labels",)}
    for action, reason in zip(got["action"], got["reason"]):
        fits = reason in reasons.get(action, ("confirmed",))
        t.require(fits, f"The action {action!r} cannot have the reason {reason!r}.")
    return got["action"].tolist(), got["reason"].tolist()


with t.item("Not before two alarms in a row and enough new labels", weight=3):
    got, reasons = actions("######", [50, 90, 130, 170, 210, 250])
    t.wrong_if(
        "trains_on_old_labels",
        "retrain" in got[:2],
        "You train on day 60 or 61, with 50 or 90 labels since the onset. The model would learn the "
        "old relation again. Below `min_labels`: collect labels.",
    )
    t.wrong_if(
        "one_alarm_is_enough",
        got[0] == "collect_labels",
        "The alarm of day 60 is the first one. It is not confirmed before day 61.",
    )
    t.wrong_if(
        "no_cooldown",
        got[2:5] == ["retrain"] * 3,
        "You train on three days in a row. The alarms go on until the new model's labels mature: wait "
        "for `cooldown_days`.",
    )
    t.wrong_if(
        "cooldown_one_day_too_long",
        reasons[5] == "cooldown",
        "Day 65 is three days after day 62, and `cooldown_days` is 3. Fewer than 3 days is cooldown, 3 "
        "are not.",
    )
    t.wrong_if(
        "training_sets_the_count_back",
        reasons[3] == "not_confirmed",
        "After the retraining on day 62 you begin to count the alarms again. A retraining does not set "
        "the count back: on day 63 the reason is `cooldown`.",
    )
    t.equal(got, ["none", "collect_labels", "retrain", "none", "none", "retrain"], what="actions")
    t.equal(reasons[3], "cooldown", what="reason on day 63")
    _, reasons = actions("######", [90, 130, 0, 20, 40, 60])
    t.wrong_if(
        "labels_before_the_cooldown",
        reasons[2] == "too_few_labels",
        "On day 62 two rules hold: one day since the retraining, and too few labels. The first of the "
        "list decides: `cooldown`.",
    )
    right = [
        "not_confirmed",
        "confirmed",
        "cooldown",
        "cooldown",
        "too_few_labels",
        "too_few_labels",
    ]
    t.equal(reasons, right, what="reasons with a second onset on day 62")
with t.item("A single alarm is chance", weight=1):
    got, reasons = actions("#.#.##", [500] * 6)
    t.wrong_if(
        "alarms_need_not_be_in_a_row",
        "retrain" in got[:5],
        "A day without alarm lies between them, and you train. Set the counter to 0 on such a day.",
    )
    t.equal(got, ["none"] * 5 + ["retrain"], what="actions")
    t.equal(reasons[:5], ["not_confirmed"] * 5, what="reasons")
### BEGIN HIDDEN TESTS
with t.item("Other policies", weight=2):
    strict = {"consecutive": 3, "cooldown_days": 5, "min_labels": 7}
    got, reasons = actions("##.####.#######.####", list(range(20)), strict, start=0)
    n, c, r = (
        ("none", "not_confirmed"),
        ("collect_labels", "too_few_labels"),
        ("retrain", "confirmed"),
    )
    w = ("none", "cooldown")
    expected = [n, n, n, n, n, c, c, n, n, n, r, w, w, w, w, n, n, n, r, w]
    t.equal(list(zip(got, reasons)), expected, what="actions and reasons")
    loose = {"consecutive": 1, "cooldown_days": 1, "min_labels": 0}
    got, _ = actions("#.##", [0, 0, 0, 0], loose, start=0)
    t.equal(got, ["retrain", "none", "retrain", "retrain"], what="actions of a loose policy")
### END HIDDEN TESTS

# %% [markdown]
# The `concept` stream, from day 58 on. A day alarms if its share of wrong decisions is more than three
# standard deviations above that of the reference:

# %% needs="plan_retraining"
world = worlds["concept"].assign(wrong=lambda x: (x["score"] >= 0.5) != (x["y"] == 1))
usual = world.loc[world["day"] < 20, "wrong"].mean()
limit = usual + 3 * np.sqrt(usual * (1 - usual) / 800)
share_wrong = world.groupby("label_day")["wrong"].mean().loc[58:69]
signals = pd.DataFrame({"day": share_wrong.index, "alarm": share_wrong.to_numpy() > limit})
signals["matured"] = 800 * (signals["day"] - 59).clip(lower=0)
policy = {"consecutive": 2, "cooldown_days": 14, "min_labels": 4000}
plan_retraining(signals, policy).merge(signals)

# %% [markdown]
# On day 64 there are 4,000 labels that show the new relation, and the training can begin. Collecting
# labels is an action, and for three days it is the right one.
#
# ## Keep the rules
#
# The limits of today, as one policy:

# %%
POLICY = {
    "features": {"alpha": 0.01, "min_psi": 0.1, "max_missing_jump": 0.05, "max_unseen": 0.01},
    "tickets": {"for_days": 2, "cooldown": 7},
    "cusum": {"k": 1.0, "h": 8.0, "reference_days": 20},
}

# %% [markdown]
# They join the limits of the board, for the next notebooks:

# %%
rules = {"board": artifacts.get("monitoring_board")["limits"]} | POLICY
artifacts.put("alert_rules", rules)
sorted(rules)

# %% [markdown]
# ## Recap
#
# - Twelve tests a day give an alarm on every second quiet day. Correct for their number, and ask for an
#   effect as well as for a small p.
# - People get tickets, not alerts: opened once, closed after quiet days.
# - Confidence says how sure the model is, not whether it is right. A changed relation is seen in
#   matured labels only.
# - An alarm about inputs says that something is new. It may be harmless.
# - A CUSUM finds small changes that stay. Its target must be known well: the spread is that of a daily
#   mean, and the reference has to be long enough.
#
# Two questions from earlier, to answer without scrolling back:
#
# 1. In `02_board_shadow` the performance strip turned red on day 98, and the change was on day 60. Which
#    two waiting times lie between them?
# 2. In `05_ethics/03_mitigate` an alarm about the fairness gap rang only when the **lower end** of an
#    interval was above the limit, in **two** months in a row. What are the counterparts of both today?
#
# <details><summary>Answers</summary>
#
# 1. Outcomes need 30 days to mature, and the strip uses a whole week of them, so up to 7 days more.
# 2. The lower end asks whether a gap is more than chance: today the corrected p does that, and the PSI
#    asks whether it is large. Two months in a row became `for_days`: one loud day may be a blip.
#
# </details>
#
# ## What to read next
#
# - S. Holm, *A simple sequentially rejective multiple test procedure*, Scandinavian Journal of
#   Statistics 6, 1979: the correction of this notebook.
# - E. S. Page, *Continuous inspection schemes*, Biometrika 41, 1954: where the CUSUM comes from.
# - NIST/SEMATECH, [CUSUM control
#   charts](https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc323.htm): how k and h are chosen.
# - SciPy, [ks_2samp](https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.ks_2samp.html)
#   and [wasserstein_distance](https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.wasserstein_distance.html):
#   the two distances of this notebook.
# - J. Gama and others, *A survey on concept drift adaptation*, ACM Computing Surveys 46, 2014: kinds of
#   drift, and what can be done.
