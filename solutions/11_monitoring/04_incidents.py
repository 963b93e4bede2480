# %% [markdown]
# ## The story
#
# It is Monday, 27 April 2026. Since January, forty incidents of Northwind's models were written into
# one table. No written policy graded them, so the loudest were repaired first. Three of eight refusals
# without a reason are still open, and three of eight letters to a wrong address: few people complained.
#
# And the alarm of the credit service is no help. It looks at 5 minutes at a time, and its limit was
# raised again and again, because it woke people up for nothing. In eight weeks it found none of six
# real incidents: customers and branches reported them.
#
# In this notebook you do what a team does **after** things went wrong: grade incidents by a written
# policy, start the right clocks, report honestly, find out when and how an incident began, and
# replace the alarm by a better one.
#
# This is teaching material, not legal advice. Hours and limits are data of a made-up policy.

# %%
import datetime
import math

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pydantic import BaseModel, field_validator

from workshop_lib import artifacts, cases, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## A policy that is data
#
# `cases.load("incidents")` holds the table `incidents`, the `policy` and the time `now`.

# %%
case = cases.load("incidents")
incidents, policy, now = case.incidents, case.policy, case.now
print(policy["points"])
print(policy["levels"])
incidents[["incident", "harm", "reversible", "people", "mitigated"]].head(6)

# %% [markdown]
# The policy gives points for three facts. Their sum decides about the level: **level 1 is the worst**
# and needs at least 10 points, level 2 at least 7, level 3 at least 4, and everything else is level 4.
#
# A policy can be broken, like code. The class below refuses one in which an incident could fall
# between two levels or into none:


# %%
class Levels(BaseModel):
    """Levels with the least points of each, the worst first."""

    levels: list[tuple[int, int]]

    @field_validator("levels")
    @classmethod
    def complete(cls, levels):
        lows = [low for _, low in levels]
        if [level for level, _ in levels] != [1, 2, 3, 4]:
            raise ValueError(f"levels are 1, 2, 3, 4 in this order; got {levels}")
        if lows[-1] != 0 or lows != sorted(set(lows), reverse=True):
            raise ValueError(f"the least points must fall from level to level, to 0; got {lows}")
        return levels


print(len(Levels(levels=policy["levels"]).levels), "levels are accepted")
try:
    Levels(levels=[(1, 10), (2, 3), (3, 7), (4, 1)])
except ValueError as error:
    print(str(error).split("\n")[2].strip())

# %% [markdown]
# ## How bad is it?
#
# In the table, some facts are missing. In the first hour of an incident this is normal: nobody knows
# yet how many people are affected. What should a missing number count as? If it counts as 0, the
# least understood incidents look harmless, and nobody hurries to understand them.
#
# **Your task.** Write `severity(incident, policy)`. It returns the level, 1 to 4.
#
# - `incident` is a dictionary with `harm`, `reversible` and `people`. Each of them may be missing:
#   `None` or NaN. Test with `pd.isna(value)`.
# - `policy["points"]["harm"]` and `policy["points"]["reversible"]` give the points of each value. A
#   missing value gets the **most** points that its list gives.
# - `policy["points"]["people"]` is a list of pairs (people at least, points), from the largest number
#   down. The first pair that `people` reaches gives the points. If `people` is missing, it gets the
#   most points of the list.
# - `policy["levels"]` is a list of pairs (level, points at least), from level 1 to level 4. The first
#   pair that the sum reaches gives the level.
# - One rule stands above the points: harm to **rights** (for example, to be told a reason, or to appeal),
#   with at least one person affected, is level 2 or worse. Missing harm counts as rights here, and
#   missing people as somebody.
#
# For example, with the policy above: financial harm (3), hard to undo (1), 250 people (3) are 7
# points, level 2. Harm to rights (5), easy to undo (0), 5 people (1) are 6 points, which alone would
# be level 3; the rule makes it level 2. With 0 people it stays level 3 (5 points).


# %% exercise="severity" objective="M5.4"
def severity(incident: dict, policy: dict) -> int:
    """Return the level of an incident; 1 is the worst."""
    ### BEGIN SOLUTION
    points = policy["points"]
    total = 0
    for name in ("harm", "reversible"):
        value = incident[name]
        total += max(points[name].values()) if pd.isna(value) else points[name][value]
    people = math.inf if pd.isna(incident["people"]) else incident["people"]
    total += next(given for least, given in points["people"] if people >= least)
    level = next(level for level, least in policy["levels"] if total >= least)
    rights = pd.isna(incident["harm"]) or incident["harm"] == "rights"
    return min(level, 2) if rights and people > 0 else level
    ### END SOLUTION


# %% check="severity" title="One level for every incident" points=1 transport="plain"
t.hints(
    "Add up three numbers first. Look up harm and reversible in their dictionaries.",
    "For a missing value take `max(points.values())`; for missing people use `math.inf`.",
    "At the end: if it is rights (or unknown) and somebody is affected, `min(level, 2)`.",
)
RULES = {
    "points": {
        "harm": {"none": 0, "annoyance": 1, "financial": 3, "rights": 5},
        "reversible": {"easy": 0, "hard": 1, "no": 3},
        "people": [(1000, 4), (100, 3), (10, 2), (1, 1), (0, 0)],
    },
    "levels": [(1, 10), (2, 7), (3, 4), (4, 0)],
}
HARMS = ["none", "annoyance", "financial", "rights"]
UNDO = ["easy", "hard", "no"]
PEOPLE = [0, 1, 10, 99, 100, 1000, math.nan]


def facts(harm, undo, people):
    """An incident as a dictionary."""
    return {"incident": "N00", "harm": harm, "reversible": undo, "people": people}


def graded(harm, undo, people, rules=RULES):
    """Ask for a level."""
    return t.call(severity, facts(harm, undo, people), rules)


def right_level(harm, undo, people, rules=RULES):
    """The level, by counting the limits that are reached."""
    harm = "rights" if harm is None else harm
    undo = "no" if undo is None else undo
    people = 10**9 if people is None or people != people else people
    given = rules["points"]
    of_people = max(value for least, value in given["people"] if least <= people)
    total = given["harm"][harm] + given["reversible"][undo] + of_people
    level = 5 - sum(total >= least for _, least in rules["levels"])
    return 2 if level > 2 and harm == "rights" and people >= 1 else level


ROWS = [
    ("financial", "hard", 250),
    ("annoyance", "hard", 30),
    ("rights", "no", 20),
    ("financial", "no", 1000),
    ("annoyance", "easy", 99),
    ("none", "easy", 0),
]
with t.item("Points decide about the level", weight=2):
    got = graded("none", "hard", 1)
    t.wrong_if(
        "levels_upside_down",
        got == 1,
        "A harmless incident of one person has 2 points, and you grade it 1. Level 1 is the worst, "
        "level 4 the mildest.",
    )
    got = graded("financial", "hard", 100)
    t.wrong_if(
        "least_is_not_included",
        got == 3,
        "100 people, and 7 points in all: both reach their limit exactly, and you grade it 3. 'At "
        "least' includes the number itself: use `>=` in both places, and take the FIRST pair that is "
        "reached, not the last.",
    )
    t.wrong_if(
        "adds_every_pair_that_is_reached",
        got == 1,
        "100 people get 3 points, and you grade it 1, as if the 2 and 1 points of the smaller numbers "
        "were added. Only the first pair that is reached counts.",
    )
    t.equal(got, 2, what="level of (financial, hard, 100)")
    for row in ROWS:
        t.equal(graded(*row), right_level(*row), what=f"level of {row}")
with t.item("What nobody knows counts as the worst", weight=2):
    got = graded("financial", "hard", math.nan)
    t.wrong_if(
        "unknown_people_are_nobody",
        got == right_level("financial", "hard", 0),
        f"Nobody knows how many people are affected, and you grade it {got}, as for 0 people. The "
        "least understood incidents would wait longest.",
    )
    t.equal(got, 2, what="level of (financial, hard, unknown people)")
    t.equal(graded("financial", "hard", None), 2, what="level of (financial, hard, None)")
    for row in ((None, "easy", 20), ("annoyance", None, 150), (math.nan, math.nan, math.nan)):
        right = right_level(*[None if value != value else value for value in row])
        got = graded(*row)
        t.wrong_if(
            "unknown_facts_are_harmless",
            got > right,
            f"For {row} you return level {got}, and it is {right}. A missing value gets the most "
            "points of its list.",
        )
        t.equal(got, right, what=f"level of {row}")
with t.item("Harm to rights is never below level 2, if anybody is affected", weight=2):
    got = graded("rights", "easy", 5)
    t.wrong_if(
        "points_only",
        got == 3,
        "Harm to rights of 5 people has 6 points, and you leave it at level 3. The rule stands above "
        "the points: level 2.",
    )
    t.equal(got, 2, what="level of (rights, easy, 5)")
    got = graded("rights", "easy", 0)
    t.wrong_if(
        "rights_without_people",
        got == 2,
        "Nobody is affected (0 people), so the rule about rights does not apply: level 3.",
    )
    t.equal(got, 3, what="level of (rights, easy, 0)")
    got = graded(None, "easy", 5)
    t.wrong_if(
        "unknown_harm_is_no_harm_to_rights",
        got == 3,
        "Nobody knows the harm to these 5 people, and you leave them at level 3. It may be harm to "
        "rights: in the rule, too, missing harm counts as rights.",
    )
    t.equal(got, 2, what="level of (unknown harm, easy, 5)")
    got = graded("rights", "no", 2000)
    t.wrong_if(
        "rights_are_always_two",
        got == 2,
        "This is 12 points, level 1, and you return 2. The rule says level 2 **or worse**.",
    )
    t.equal(got, 1, what="level of (rights, no, 2000)")
### BEGIN HIDDEN TESTS
with t.item("All combinations: a worse fact never makes it milder", weight=2):
    for harm in HARMS:
        for undo in UNDO:
            for people in PEOPLE:
                got = graded(harm, undo, people)
                t.equal(got, right_level(harm, undo, people), what=f"level of {harm, undo, people}")
with t.item("Another policy", weight=1):
    other = {
        "points": {
            "harm": {"none": 0, "annoyance": 0, "financial": 6, "rights": 2},
            "reversible": {"easy": 1, "no": 5, "hard": 2},
            "people": [(50, 9), (5, 3), (0, 1)],
        },
        "levels": [(1, 14), (2, 9), (3, 5), (4, 0)],
    }
    for row in (("financial", "hard", 4), ("annoyance", "no", 50), ("none", "easy", 5)):
        t.equal(graded(*row, other), right_level(*row, other), what=f"level of {row}")
    t.equal(graded("annoyance", "easy", None, other), 2, what="level with unknown people")
    strict = RULES | {"levels": [(1, 40), (2, 30), (3, 4), (4, 0)]}
    for people in (None, math.nan, 3):
        t.equal(graded("rights", "easy", people, strict), 2, what=f"level, people {people}")
### END HIDDEN TESTS

# %% [markdown]
# A policy should also look right. The map below shows the level for harm and people, where undoing is
# hard. No cell may be milder than its neighbour to the left or below.

# %% needs="severity"
harms, reach = list(policy["points"]["harm"]), [0, 1, 10, 100, 1000, None]
grid = np.array(
    [
        [severity({"harm": h, "reversible": "hard", "people": n}, policy) for n in reach]
        for h in harms
    ]
)
fig, ax = plt.subplots(figsize=(6.5, 3.2))
ax.imshow(-grid, cmap="Oranges", aspect="auto", origin="lower")
for (row, column), level in np.ndenumerate(grid):
    ax.text(column, row, level, ha="center", va="center", color="white" if level == 1 else "black")
ax.set_xticks(range(len(reach)), ["0", "1", "10", "100", "1000", "unknown"])
ax.set_yticks(range(len(harms)), harms)
ax.grid(False)
ax.set(xlabel="people affected, at least", title="level, where the harm is hard to undo")
figures.show(
    fig,
    alt="A grid of levels 1 to 4. Levels get worse to the right (more people) and upwards (annoyance, "
    "financial, rights). Unknown people have the same levels as 1,000.",
)

# %% [markdown]
# ## Which clock starts when?
#
# A level is worth nothing without clocks. For each level, the policy lists steps, when their clock
# **starts**, and whether it runs day and night or in office hours only.

# %%
pd.DataFrame(policy["clocks"])

# %% [markdown]
# Nobody should be called at night because of a level 3 or 4. Office hours are Monday to Friday, 08:00 to
# 18:00 UTC. The function is given (public holidays are left out):


# %%
def add_office_hours(start, hours):
    """Return the time that is so many office hours after `start`."""
    left, moment = pd.Timedelta(hours=hours), start
    while True:
        opens = moment.normalize() + pd.Timedelta(hours=8)
        closes = opens + pd.Timedelta(hours=10)
        moment = max(moment, opens)
        if moment.weekday() < 5 and moment < closes:
            if left <= closes - moment:
                return moment + left
            left -= closes - moment
        moment = opens.normalize() + pd.Timedelta(days=1)


add_office_hours(pd.Timestamp("2026-04-24 17:30", tz="UTC"), 4)

# %% [markdown]
# From Friday 17:30, four office hours end on Monday at 11:30.
#
# Some incidents must also be told to an authority. `policy["notices"]`:

# %%
for notice in policy["notices"]:
    print(notice)

# %% [markdown]
# The second one has two clocks: 4 hours after the incident was **classified** (a person confirmed its
# level), but at the latest 24 hours after it was **detected**. The earlier one counts. Otherwise one
# could win time by classifying late.
#
# **Your task.** Write `deadlines(incident, level, policy)`. It returns a dictionary from names to
# times (pandas `Timestamp`, as in `incident`).
#
# - `incident` is a dictionary with the times `detected` and `classified` (`classified` is `NaT` if
#   nobody graded it yet), and true or false for the names that notices use, such as `personal_data`.
# - For every entry of `policy["clocks"]` with this `level`: the key is its `step`; the time is `hours`
#   after `incident[entry["starts"]]`. Where `office` is true, use `add_office_hours`, otherwise
#   `pd.Timedelta(hours=…)`.
# - For every entry of `policy["notices"]`: the key is its `to`. The notice is due only if
#   `incident[entry["if"]]` is true, and the level is `up_to_level` or worse (a smaller number).
#   Its `clocks` are pairs (starts, hours), day and night; the **earliest** time counts.
# - A clock whose start is missing has not started: leave it out. If no clock of a step or notice has
#   started, its key is left out.
#
# For example: an incident of level 1, detected at 10:00 and classified at 16:00, in a critical service
# without personal data. `acknowledge` is due at 10:15, `mitigate` at 18:00, `tell the board` at 18:00,
# and `financial supervisor` at 20:00. If it were classified only at 09:00 of the next day, the
# supervisor would be due at 10:00 of that day: 24 hours after the detection.


# %% exercise="deadlines" objective="M5.4"
def deadlines(incident: dict, level: int, policy: dict) -> dict:
    """Return when each step and each notice is due."""
    ### BEGIN SOLUTION
    due = {}
    for clock in policy["clocks"]:
        start = incident[clock["starts"]]
        if clock["level"] == level and pd.notna(start):
            later = add_office_hours if clock["office"] else hours_after
            due[clock["step"]] = later(start, clock["hours"])
    for notice in policy["notices"]:
        times = [
            hours_after(incident[starts], hours)
            for starts, hours in notice["clocks"]
            if pd.notna(incident[starts])
        ]
        if incident[notice["if"]] and level <= notice["up_to_level"] and times:
            due[notice["to"]] = min(times)
    return due


def hours_after(start, hours):
    """Return the time so many hours later, day and night."""
    return start + pd.Timedelta(hours=hours)
    ### END SOLUTION


# %% check="deadlines" title="The right clocks" points=2 transport="plain"
t.hints(
    "Two loops: one over `policy['clocks']` with the right level, one over `policy['notices']`.",
    "`incident[clock['starts']]` is the start. Is it missing (`pd.isna`)? Then skip this clock.",
    "For a notice collect the times of its started clocks in a list, and take `min` of it.",
)
CLOCKS = {
    "clocks": [
        {"level": 1, "step": "acknowledge", "starts": "detected", "hours": 0.25, "office": False},
        {"level": 1, "step": "mitigate", "starts": "detected", "hours": 8, "office": False},
        {"level": 1, "step": "tell the board", "starts": "classified", "hours": 2, "office": False},
        {"level": 2, "step": "acknowledge", "starts": "detected", "hours": 1, "office": False},
        {"level": 2, "step": "mitigate", "starts": "classified", "hours": 24, "office": False},
        {"level": 3, "step": "acknowledge", "starts": "detected", "hours": 4, "office": True},
        {"level": 3, "step": "mitigate", "starts": "classified", "hours": 30, "office": True},
    ],
    "notices": [
        {"to": "privacy", "if": "personal_data", "up_to_level": 3, "clocks": [("detected", 72)]},
        {
            "to": "supervisor",
            "if": "critical",
            "up_to_level": 1,
            "clocks": [("classified", 4), ("detected", 24)],
        },
    ],
}


def utc(text):
    """A time of April 2026, from a text such as `24 17:30`; none for an empty text."""
    return pd.Timestamp(f"2026-04-{text}", tz="UTC") if text else pd.NaT


def due_of(level, detected, classified, personal=False, critical=False, rules=CLOCKS):
    """Ask for the deadlines; times of April 2026 as text."""
    incident = {
        "incident": "N00",
        "detected": utc(detected),
        "classified": utc(classified),
        "personal_data": personal,
        "critical": critical,
        "critical_service": critical,
    }
    got = t.call(deadlines, incident, level, rules)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    for name, time in got.items():
        t.require(
            time is None or isinstance(time, (datetime.datetime, np.datetime64)),
            f"The value of {name!r} is a {type(time).__name__}. Expected the moment when it is due: a "
            "Timestamp.",
        )
    return {
        name: f"{pd.Timestamp(time):%d %H:%M}" if pd.notna(time) else "no time"
        for name, time in got.items()
    }


with t.item("Clocks of the level, from the right start", weight=2):
    got = due_of(1, "21 10:00", "21 16:00")
    t.wrong_if(
        "every_clock_starts_at_the_detection",
        got.get("tell the board") == "21 12:00",
        "`tell the board` starts when the incident was classified (16:00), and you count from the "
        "detection. Use the time that `starts` names.",
    )
    t.wrong_if(
        "every_clock_starts_at_the_classification",
        got.get("acknowledge") == "21 16:15",
        "`acknowledge` starts at the detection (10:00), and you count from the classification. Use "
        "the time that `starts` names.",
    )
    t.wrong_if(
        "clocks_of_other_levels",
        got.get("acknowledge") in ("21 11:00", "21 14:00"),
        "For level 1 you return the time to acknowledge of a milder level. Use the entries of "
        "`policy['clocks']` with this `level` only.",
    )
    t.wrong_if(
        "notice_without_its_condition",
        {"privacy", "supervisor"} & set(got) != set(),
        "Neither personal data nor a critical service is affected, and you notify an authority.",
    )
    right = {"acknowledge": "21 10:15", "mitigate": "21 18:00", "tell the board": "21 18:00"}
    t.equal(got, right, what="deadlines of level 1")
    right = {"acknowledge": "21 11:00", "mitigate": "22 16:00"}
    t.equal(due_of(2, "21 10:00", "21 16:00"), right, what="deadlines of level 2")
with t.item("Office hours where the policy says so", weight=2):
    got = due_of(3, "24 17:30", "24 17:45")
    t.wrong_if(
        "office_hours_are_ignored",
        got.get("acknowledge") == "24 21:30",
        "Detected on Friday at 17:30, and you ask for an answer at 21:30. Level 3 counts office "
        "hours: use `add_office_hours` where `office` is true.",
    )
    t.equal(got, {"acknowledge": "27 11:30", "mitigate": "29 17:45"}, what="deadlines of level 3")
    got = due_of(2, "25 17:30", "25 18:00")
    t.wrong_if(
        "grave_incidents_wait_for_monday",
        got.get("acknowledge") == "27 09:00",
        "A level 2 on a Saturday evening, and you wait until Monday. Its clocks run day and night.",
    )
    t.equal(got, {"acknowledge": "25 18:30", "mitigate": "26 18:00"}, what="deadlines of level 2")
with t.item("Notices: condition, level, and the earlier of two clocks", weight=3):
    got = due_of(1, "21 10:00", "22 09:00", personal=True, critical=True)
    t.wrong_if(
        "notices_in_office_hours",
        got.get("privacy") not in (None, "24 10:00") and got.get("privacy") > "24 10:00",
        f"The notice about personal data is due on April {got.get('privacy')}, and 72 hours after the "
        "detection is April 24 10:00. Notices run day and night: no office hours.",
    )
    t.wrong_if(
        "worse_levels_are_not_told",
        "privacy" not in got,
        "`privacy` is told up to level 3, and this is level 1. A smaller number is worse, so level 1 "
        "is told as well: `level <= up_to_level`.",
    )
    t.wrong_if(
        "level_itself_is_not_told",
        "supervisor" not in got,
        "The supervisor is told of level 1, and this is level 1. `up_to_level` itself is included.",
    )
    t.wrong_if(
        "late_classification_wins_time",
        got.get("supervisor") == "22 13:00",
        "Classified 23 hours late, and the supervisor is told at 13:00. The earlier clock counts: "
        "24 hours after the detection.",
    )
    t.equal(got.get("supervisor"), "22 10:00", what="time for the supervisor")
    t.equal(got.get("privacy"), "24 10:00", what="time for privacy")
    got = due_of(1, "21 10:00", "21 16:00", critical=True)
    t.wrong_if(
        "latest_clock",
        got.get("supervisor") == "22 10:00",
        "Of 20:00 today and 10:00 tomorrow you take the later one. The earliest counts.",
    )
    t.equal(got.get("supervisor"), "21 20:00", what="time for the supervisor")
    got = due_of(2, "21 10:00", "21 16:00", personal=True, critical=True)
    t.wrong_if(
        "level_of_the_notice_is_ignored",
        "supervisor" in got,
        "The supervisor is told of level 1 only, and you tell of a level 2.",
    )
    t.equal(sorted(got), ["acknowledge", "mitigate", "privacy"], what="keys of level 2")
with t.item("Not classified yet: those clocks have not started", weight=2):
    got = due_of(1, "21 10:00", "", critical=True)
    t.wrong_if(
        "missing_time_is_returned",
        got.get("tell the board") == "no time",
        "Nobody classified the incident, and you return `tell the board` with a missing time (`NaT`). "
        "Leave its key out: test the start with `pd.isna`.",
    )
    t.wrong_if(
        "clock_without_a_start",
        "tell the board" in got,
        "Nobody classified the incident, and `tell the board` has a time. Leave its key out.",
    )
    t.wrong_if(
        "waits_for_every_clock",
        "supervisor" not in got,
        "One of the two clocks of the supervisor has started, and you tell nobody. The earliest of the "
        "clocks that **have** started counts: 24 hours after the detection.",
    )
    right = {"acknowledge": "21 10:15", "mitigate": "21 18:00", "supervisor": "22 10:00"}
    t.equal(got, right, what="deadlines before the classification")
### BEGIN HIDDEN TESTS
with t.item("Another policy, and levels without clocks", weight=2):
    t.equal(due_of(4, "21 10:00", "21 16:00", True, True), {}, what="deadlines of level 4")
    other = {
        "clocks": [
            {"level": 4, "step": "read", "starts": "classified", "hours": 80, "office": True},
            {"level": 2, "step": "call", "starts": "classified", "hours": 1.5, "office": True},
        ],
        "notices": [
            {"to": "x", "if": "critical", "up_to_level": 4, "clocks": [("classified", 10)]}
        ],
    }
    got = due_of(4, "18 23:00", "18 23:30", critical=True, rules=other)
    t.equal(got, {"read": "29 18:00", "x": "19 09:30"}, what="deadlines of level 4")
    t.equal(due_of(2, "18 23:00", "20 18:00", rules=other), {"call": "21 09:30"}, what="deadlines")
    t.equal(due_of(4, "18 23:00", "", critical=True, rules=other), {}, what="deadlines")
### END HIDDEN TESTS

# %% [markdown]
# Now grade all forty. The function below adds the level and the time until which each incident must
# be mitigated.


# %%
def graded_table(case):
    """Return the incidents with their level and the time until which they must be mitigated."""
    rows = []
    for incident in case.incidents.to_dict("records"):
        level = severity(incident, case.policy)
        due = deadlines(incident, level, case.policy).get("mitigate", pd.NaT)
        rows.append({"level": level, "due": due})
    names = ["incident", "what", "harm", "people", "detected", "classified", "mitigated"]
    graded = pd.DataFrame(rows).astype({"level": "int64"})
    graded["due"] = pd.to_datetime(graded["due"], utc=True).astype("datetime64[us, UTC]")
    return case.incidents[names].join(graded)


# %% [markdown]
# The table is handed on to unit 12, which asks who was harmed. It keeps the missing values: whoever reads
# it later must see what nobody knew.

# %% needs="severity, deadlines"
graded_incidents = graded_table(case)
artifacts.put("incident_table", graded_incidents)
graded_incidents.groupby("level")["incident"].agg(["size", "first"])

# %% [markdown]
# ## A report that does not flatter
#
# How long do incidents last? The usual answer is the median of the repaired ones. But which ones are
# not repaired? The hard ones. Whoever drops them from the report makes it better by **not**
# repairing.
#
# **Your task.** Write `sla_report(incidents, now)`. (SLA: service level agreement, a promise about
# times.) It returns a table with one row for **each** level 1, 2, 3, 4, in this order, also for levels
# without an incident.
#
# `incidents` has the columns `level`, `detected`, `due` and `mitigated`. `mitigated` is `NaT` for an
# open incident, `due` is `NaT` if its clock has not started. The columns of the result:
#
# - `level`;
# - `n`: number of incidents, and `open`: how many of them are open;
# - `median_hours`: the median of the hours from `detected` to `mitigated`. An open incident counts with
#   its hours until `now`. NaN if there is no incident;
# - `breaches`: how many were mitigated **after** `due`, or are open and `now` is after `due`. Without
#   `due` there is no breach.
#
# For example, level 2 with three incidents, all detected at 08:00 and due at 20:00. Two were mitigated
# at 10:00 and at 12:00, the third is open, and `now` is 22:00 of the same day. The hours are 2, 4 and
# 14. So `n` is 3, `open` 1, `median_hours` 4 (not 3), and `breaches` 1.


# %% exercise="sla_report" objective="M5.4"
def sla_report(incidents: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Return number, open ones, median hours and breaches of each level."""
    ### BEGIN SOLUTION
    end = incidents["mitigated"].fillna(now)
    facts = pd.DataFrame(
        {
            "level": incidents["level"],
            "open": incidents["mitigated"].isna(),
            "hours": (end - incidents["detected"]) / pd.Timedelta(hours=1),
            "late": end > incidents["due"],
        }
    )
    rows = []
    for level in (1, 2, 3, 4):
        part = facts[facts["level"] == level]
        row = {"level": level, "n": len(part), "open": int(part["open"].sum())}
        row |= {"median_hours": part["hours"].median(), "breaches": int(part["late"].sum())}
        rows.append(row)
    return pd.DataFrame(rows)
    ### END SOLUTION


# %% check="sla_report" title="Open incidents count" points=1 transport="plain"
t.hints(
    "First one column with the end: `mitigated`, and `now` where it is missing (`fillna`).",
    "Hours: a difference of times divided by `pd.Timedelta(hours=1)`.",
    "A loop over the levels 1 to 4 makes a row even where there is no incident.",
)
NOON = pd.Timestamp("2026-04-27 12:00", tz="UTC")
SHAPE = ["breaches", "level", "median_hours", "n", "open"]


def some_incidents(rows):
    """Rows of (level, detected, due, mitigated), each time in hours before noon; None is missing."""
    table = pd.DataFrame(rows, columns=["level", "detected", "due", "mitigated"])
    for name in ("detected", "due", "mitigated"):
        hours = pd.to_timedelta(pd.to_numeric(table[name]), unit="h")
        table[name] = (NOON - hours).astype("datetime64[us, UTC]")
    return table


def reported(rows):
    """Ask for the report, and return it by level."""
    got = t.call(sla_report, some_incidents(rows), NOON)
    t.require(isinstance(got, pd.DataFrame), "Return a DataFrame.")
    names = sorted(map(str, got.columns))
    t.require(names == SHAPE, f"The columns are {', '.join(SHAPE)}; you return {', '.join(names)}.")
    t.wrong_if(
        "hours_are_not_numbers",
        pd.api.types.is_timedelta64_dtype(got["median_hours"]),
        "`median_hours` is a duration. Divide it by `pd.Timedelta(hours=1)`, so that it is a number.",
    )
    t.wrong_if(
        "levels_without_an_incident_are_left_out",
        len(got) < 4,
        f"The report has {len(got)} rows. A level without an incident is news too: one row for each "
        "of the four levels.",
    )
    t.equal([int(level) for level in got["level"]], [1, 2, 3, 4], what="levels")
    return got.reset_index(drop=True).to_dict("records")


PLAN = [
    (2, 14, 2, 12),
    (2, 14, 2, 10),
    (2, 14, 2, None),
    (3, 50, 10, 5),
    (3, 40, 5, 5),
    (3, 20, None, None),
    (3, 30, -4, None),
]
with t.item("Open incidents are running, not gone", weight=3):
    got = reported(PLAN)
    hours = got[1]["median_hours"]
    t.wrong_if(
        "open_incidents_are_dropped",
        abs(hours - 3) < 1e-6,
        "For level 2 the median is 3 hours: only of the repaired ones. The third has been open for 14 "
        "hours. The report gets better by not repairing.",
    )
    t.wrong_if(
        "open_incidents_last_zero_hours",
        abs(hours - 2) < 1e-6,
        "For level 2 the median is 2 hours: the open incident counts with 0. It lasts until `now`.",
    )
    t.wrong_if(
        "mean_instead_of_median",
        abs(hours - 20 / 3) < 1e-3,
        "For level 2 you return 6.7 hours: the mean. One long incident moves a mean; the report wants "
        "the median.",
    )
    t.equal(hours, 4.0, what="median hours of level 2")
    t.wrong_if(
        "whole_days_are_lost",
        abs(got[2]["median_hours"] - 15.5) < 1e-6,
        "Incidents of more than a day lose their whole days: `.seconds` is only what is left of the "
        "last day. Divide by `pd.Timedelta(hours=1)`.",
    )
    t.equal(got[2]["median_hours"], 32.5, what="median hours of level 3")
    t.wrong_if(
        "no_incident_lasts_zero_hours",
        got[0]["median_hours"] == 0,
        "Level 1 has no incident, and you report a median of 0 hours: as if all were repaired at once. "
        "Without an incident it is NaN.",
    )
    t.wrong_if(
        "n_without_the_open_ones",
        [row["n"] for row in got] == [0, 2, 2, 0],
        "`n` leaves out the open incidents. It counts all of them.",
    )
    t.equal([row["n"] for row in got], [0, 3, 4, 0], what="n")
    t.equal([row["open"] for row in got], [0, 1, 2, 0], what="open")
with t.item("Breaches: late ones, and open ones that are overdue", weight=2):
    on_time = reported([(1, 9, 5, 5)])[0]["breaches"]
    t.wrong_if(
        "due_itself_is_late",
        on_time == 1,
        "An incident that was mitigated exactly when it was due is a breach for you. Only **after** "
        "`due` it is one.",
    )
    t.equal(on_time, 0, what="breaches of an incident that was mitigated exactly when due")
    got = reported(PLAN)
    t.wrong_if(
        "overdue_open_incidents_are_no_breach",
        got[1]["breaches"] == 0,
        "The open incident of level 2 was due two hours ago, and you count no breach.",
    )
    t.wrong_if(
        "every_open_incident_is_a_breach",
        got[2]["breaches"] >= 2,
        "For level 3 one incident was mitigated late. The open ones are due later, or have no due "
        "time: no breach yet.",
    )
    t.equal([row["breaches"] for row in got], [0, 1, 1, 0], what="breaches")
### BEGIN HIDDEN TESTS
with t.item("Random incidents", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 541])
        rows = []
        for _ in range(40):
            detected = float(rng.integers(20, 300))
            due = None if rng.random() < 0.1 else detected - float(rng.integers(5, 60))
            done = None if rng.random() < 0.2 else float(rng.integers(0, int(detected)))
            rows.append((int(rng.integers(1, 4)), detected, due, done))
        got = reported(rows)
        for level in (1, 2, 3):
            part = [
                (a, b, 0.0 if c is None else c, c is None) for lev, a, b, c in rows if lev == level
            ]
            hours = sorted(a - c for a, _, c, _ in part)
            t.equal(got[level - 1]["median_hours"], float(np.median(hours)), what="median hours")
            t.equal(got[level - 1]["open"], sum(row[3] for row in part), what="open")
            late = sum(b is not None and c < b for _, b, c, _ in part)
            t.equal(got[level - 1]["breaches"], late, what="breaches")
        t.require(np.isnan(got[3]["median_hours"]), "Without an incident the median is NaN.")
### END HIDDEN TESTS

# %% [markdown]
# The report of our forty incidents, beside the median that leaves the open ones out:

# %% needs="severity, deadlines, sla_report"
report = sla_report(graded_incidents, now)
repaired = graded_incidents.dropna(subset="mitigated")
hours = (repaired["mitigated"] - repaired["detected"]) / pd.Timedelta(hours=1)
flattering = hours.groupby(repaired["level"]).median()
report.assign(flattering=report["level"].map(flattering)).round(1)

# %% [markdown]
# In level 2 the flattering median is clearly lower: seven of its incidents are open. Nobody lied. The
# median of all 20 is no guess: the open ones have lasted longer already, so it stays what it is whenever
# they end. (A mean would still grow.) The column `open` tells readers how many there are.
#
# ## When did it begin?
#
# Now the six incidents that the alarm of the credit service did not see. `history` counts requests and
# errors in bins of 5 minutes (columns `at`, `requests`, `errors`; every bin has requests). `changes` is the
# log of everything that was changed (columns `change`, a name; `at`; `what`).

# %%
weeks = cases.load("incident_history")
history, changes = weeks.history, weeks.changes
print(f"{len(history):,} bins of 5 minutes, {len(changes)} changes; targets: {weeks.targets}")
weeks.incidents[["incident", "kind", "detected", "within_minutes"]]

# %% [markdown]
# `detected` is when somebody **told** us. The incident began earlier. A change point is where the mean
# before and the mean after differ most, allowing for the number of bins on both sides. The finder is
# given. It first takes the median of three neighbouring bins, so that a blip of 5 minutes does not
# count.
#
# The **onset** (notebook `03_drift_alerts`) is here the first bin with the effect.


# %%
def find_onset(history, detected):
    """Return the bin in the day before the detection, from which on the errors differ most."""
    day = history[(history["at"] < detected) & (history["at"] >= detected - pd.Timedelta(hours=24))]
    share = (day["errors"] / day["requests"]).rolling(3, center=True, min_periods=1).median()
    left = np.arange(len(share))
    before = share.expanding().mean().shift()
    after = share[::-1].expanding().mean()[::-1]
    gain = (after - before) * np.sqrt(left * (len(share) - left))
    return day["at"][gain.idxmax()]


first = weeks.incidents.iloc[0]
onset = find_onset(history, first["detected"])
print(f"onset {onset:%d %B %H:%M}, detected {first['detected']:%d %B %H:%M}")
near = changes[changes["at"].between(onset - pd.Timedelta(hours=9), first["detected"])]
near.sort_values("at").assign(at=near["at"].dt.strftime("%d %B %H:%M"))

# %% [markdown]
# Several changes were made before the detection. In many teams the last one is blamed, because it is
# the one that people remember. But a change that came hours **after** the onset cannot be the cause.
#
# **Your task.** Write `timeline(history, changes, incident)`. It returns a dictionary.
#
# - `incident` is a dictionary with the times `detected` and `mitigated` (when the harm ended).
# - `onset`: the result of `find_onset(history, detected)`.
# - `trigger`: the `change` (its name) of the **latest** change from 60 minutes before the onset to 5
#   minutes after it, both ends included. The 5 minutes are there because a bin has 5 minutes.
#   `None` if there is no such change: not every incident has one. The rows of `changes` are in no
#   order.
# - `minutes_to_detect`: from the onset to `detected`, and `minutes_to_mitigate`: from `detected` to
#   `mitigated`. Both in minutes, as numbers.
#
# For example, with an onset at 10:00, detected at 11:30 and mitigated at 12:00, and changes C1 at 08:30,
# C2 at 09:56 and C3 at 10:40: the trigger is `"C2"` (C3 is too late, C1 too early), `minutes_to_detect`
# is 90.0 and `minutes_to_mitigate` 30.0.


# %% exercise="timeline" objective="M5.5"
def timeline(history: pd.DataFrame, changes: pd.DataFrame, incident: dict) -> dict:
    """Return onset, trigger, and the minutes to detect and to mitigate."""
    ### BEGIN SOLUTION
    minute = pd.Timedelta(minutes=1)
    onset = find_onset(history, incident["detected"])
    near = changes[changes["at"].between(onset - 60 * minute, onset + 5 * minute)]
    near = near.sort_values("at")
    return {
        "onset": onset,
        "trigger": near["change"].iloc[-1] if len(near) else None,
        "minutes_to_detect": (incident["detected"] - onset) / minute,
        "minutes_to_mitigate": (incident["mitigated"] - incident["detected"]) / minute,
    }
    ### END SOLUTION


# %% check="timeline" title="What came before the onset" points=2 transport="plain"
t.hints(
    "`near = changes[changes['at'].between(a, b)]` keeps both ends.",
    "Sort `near` by `at`; its last row is the trigger. Test first whether `near` is empty.",
    "Minutes: a difference of times divided by `pd.Timedelta(minutes=1)`.",
)
PARTS = ["minutes_to_detect", "minutes_to_mitigate", "onset", "trigger"]
MINUTE = pd.Timedelta(minutes=1)


def at(text):
    """A time on 4 March 2026."""
    return pd.Timestamp(f"2026-03-04 {text}", tz="UTC")


def day_of_errors(rises):
    """Errors of two days in bins of 5 minutes: 10 of 1,000, and 90 of 1,000 from `rises` on."""
    times = pd.date_range("2026-03-03", periods=576, freq="5min", tz="UTC")
    errors = np.where(times >= rises, 90, 10)
    return pd.DataFrame({"at": times, "requests": 1000, "errors": errors})


def log_of(**moments):
    """A log of changes, by name."""
    names = list(moments)
    return pd.DataFrame(
        {"change": names, "at": [moments[name] for name in names], "what": "new version"}
    )


def told(history, changes, detected, mitigated):
    """Ask for the timeline, once it has the right keys."""
    incident = {"incident": "I0", "detected": detected, "mitigated": mitigated}
    got = t.call(timeline, history, changes, incident)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.equal(sorted(got), PARTS, what="keys")
    t.require(
        isinstance(got["onset"], (datetime.datetime, np.datetime64)),
        f"`onset` is a {type(got['onset']).__name__}. Expected a time: the result of `find_onset`.",
    )
    for name in PARTS[:2]:
        t.require(
            np.isscalar(got[name]) and not isinstance(got[name], str),
            f"`{name}` is a {type(got[name]).__name__}. Expected a number: divide the difference of the "
            "times by `pd.Timedelta(minutes=1)`.",
        )
    t.require(
        got["trigger"] is None or np.isscalar(got["trigger"]) or got["trigger"] is pd.NA,
        f"`trigger` is a {type(got['trigger']).__name__}. Expected the name of one change, such as "
        "`near['change'].iloc[-1]`, or None.",
    )
    return got


EXAMPLE = (day_of_errors(at("10:00")), at("11:30"), at("12:00"))
with t.item("Onset and minutes", weight=2):
    errors, found, done = EXAMPLE
    got = told(errors, log_of(C1=at("08:30"), C2=at("09:56"), C3=at("10:40")), found, done)
    t.wrong_if(
        "onset_is_the_detection",
        got["onset"] == found,
        "You return the time when somebody told us. The errors began earlier: `find_onset`.",
    )
    t.equal(pd.Timestamp(got["onset"]), at("10:00"), what="onset")
    t.equal(float(got["minutes_to_detect"]), 90.0, what="minutes_to_detect")
    t.wrong_if(
        "mitigation_counts_from_the_onset",
        float(got["minutes_to_mitigate"]) == 120,
        "You count the minutes to mitigate from the onset. The team could only act from the "
        "detection on: 30 minutes.",
    )
    t.equal(float(got["minutes_to_mitigate"]), 30.0, what="minutes_to_mitigate")
with t.item("The trigger comes before the onset", weight=3):
    errors, found, done = EXAMPLE
    for log, right in (
        (log_of(C1=at("08:30"), C2=at("09:56"), C3=at("10:40")), "C2"),
        (log_of(C6=at("10:40"), C5=at("09:20"), C4=at("09:50"), C7=at("09:05")), "C4"),
        (log_of(C8=at("09:40"), C9=at("10:05")), "C9"),
        (log_of(C8=at("09:00"), C9=at("10:06")), "C8"),
    ):
        got = told(errors, log, found, done)["trigger"]
        t.wrong_if(
            "what_instead_of_the_name",
            got == "new version",
            "You return what was changed. Many changes have the same text: return the name, in the "
            "column `change`.",
        )
        moment = dict(zip(log["change"], log["at"])).get(got, at("00:00"))
        t.wrong_if(
            "last_change_before_the_detection",
            moment > at("10:05"),
            f"You blame {got}, made at {moment:%H:%M}. The errors began at 10:00: a cause cannot come "
            "later than its effect.",
        )
        t.wrong_if(
            "order_of_the_rows",
            right == "C4" and got in ("C5", "C7"),
            f"The changes are in no order. {got} is not the latest one before the onset: sort by "
            "time.",
        )
        t.wrong_if(
            "change_inside_the_first_bin_is_missed",
            right == "C9" and got == "C8",
            "C9 was made at 10:05, and a bin lasts 5 minutes: it still counts. Both ends are included.",
        )
        t.equal(got, right, what="trigger")
with t.item("Not every incident has a trigger", weight=2):
    errors, found, done = EXAMPLE
    got = told(errors, log_of(C1=at("08:30"), C3=at("10:40")), found, done)["trigger"]
    t.wrong_if(
        "always_somebody_to_blame",
        got == "C1",
        "C1 was made 90 minutes before the onset, and you blame it. Between 60 minutes before and "
        "5 minutes after the onset there is no change: None.",
    )
    t.equal(got, None, what="trigger without a change near the onset")
### BEGIN HIDDEN TESTS
with t.item("An incident of two days", weight=1):
    errors, found, done = EXAMPLE
    got = told(errors, log_of(C1=at("09:58")), found, done + pd.Timedelta(days=2))
    t.wrong_if(
        "whole_days_are_lost",
        float(got["minutes_to_mitigate"]) == 30,
        "The harm lasted two days and 30 minutes, and you return 30 minutes. `.seconds` of a difference "
        "leaves its days out. Divide by `pd.Timedelta(minutes=1)`.",
    )
    t.equal(float(got["minutes_to_mitigate"]), 2910.0, what="minutes_to_mitigate")
with t.item("Other weeks", weight=3):
    for seed in t.seeds:
        other = cases.load("incident_history", seed + 2)
        log = other.changes
        for row in other.incidents.itertuples():
            got = told(other.history, log, row.detected, row.mitigated)
            begin = find_onset(other.history, row.detected)
            t.equal(pd.Timestamp(got["onset"]), begin, what="onset")
            away = (log["at"] - begin) / MINUTE
            ok = log[(away >= -60) & (away <= 5)]
            right = ok.loc[ok["at"].idxmax(), "change"] if len(ok) else None
            t.equal(got["trigger"], right, what=f"trigger of {row.incident}")
### END HIDDEN TESTS

# %% [markdown]
# The six incidents:

# %% needs="timeline"
lines = [timeline(history, changes, row) for row in weeks.incidents.to_dict("records")]
found = pd.DataFrame(lines).assign(incident=weeks.incidents["incident"]).set_index("incident")
found = found.join(changes.set_index("change")["what"], on="trigger")
shown = found.assign(onset=found["onset"].dt.strftime("%d %B %H:%M"))
shown[["onset", "trigger", "what"]].fillna("not known")

# %% [markdown]
# The minutes until somebody told us, and from there to the end:

# %% needs="timeline"
found[["minutes_to_detect", "minutes_to_mitigate"]]

# %% [markdown]
# One incident has no change near its onset. "We do not know yet" is a result of a review, and better
# than a wrong culprit. A trigger that was found is a suspect, too, and not yet proved guilty: with 129
# changes in eight weeks, about one moment in ten has a change near it by chance. All six were found by
# people: the slow ones five to six hours after their onset, the sharp ones after about one.
#
# ## A rule with two windows
#
# What should have woken somebody up? An alarm needs a limit for the share of errors, and a **window**:
# the share of how many bins? A short window is quick and restless. A long one is calm, and still shows
# an incident long after it ended. The answer of large services is both: an alarm fires when the long
# **and** the short window are above the limit. The long one says that it matters, the short one that
# it is still going on.
#
# > **burn rate**: the share of errors divided by the share that the promise allows. At 1 the allowed
# > errors last exactly until the end of the month; at 4 they are used up four times too fast.
#
# A rule is a list of such pairs: `(limit, long, short)`, with windows in bins. The limit is a share of
# errors: a burn rate times the share that is allowed. Each pair has its own, because a fast fire needs a
# quick alarm, a slow one a calm alarm.
#
# **Your task.** Write `fires(history, rule)`. It returns an array (or Series, or list) of true and
# false, one for each row of `history`.
#
# - Row i is true if for **at least one** `(limit, long, short)` of the rule the share of errors in the
#   last `long` bins is **above** `limit`, and the share in the last `short` bins as well. "Last" bins
#   include bin i itself.
# - The share of several bins is the sum of `errors` divided by the sum of `requests`. (The mean of the
#   shares would count a quiet bin at night as much as a busy one.)
# - At the start, where fewer bins exist, use those that exist.
# - An empty rule never fires.
#
# For example, four bins with 100 requests each and errors 0, 0, 12, 12, and the rule `[(0.05, 3, 1)]`.
# In bin 2 the long share is 12/300 = 0.04, not above 0.05. In bin 3 it is 24/300 = 0.08, and the short
# one 12/100 = 0.12. So the result is false, false, false, true.


# %% exercise="fires" objective="M5.5"
def fires(history: pd.DataFrame, rule: list[tuple[float, int, int]]) -> np.ndarray:
    """Return for each bin whether the rule fires."""
    ### BEGIN SOLUTION
    result = np.zeros(len(history), dtype=bool)
    for limit, long, short in rule:
        both = np.ones(len(history), dtype=bool)
        for window in (long, short):
            sums = history[["errors", "requests"]].rolling(window, min_periods=1).sum()
            both &= (sums["errors"] / sums["requests"] > limit).to_numpy()
        result |= both
    return result
    ### END SOLUTION


# %% check="fires" title="Long and short" points=1 transport="plain"
t.hints(
    "`history['errors'].rolling(long, min_periods=1).sum()` is the sum of the last bins.",
    "Both windows of one pair: `&`. Several pairs of the rule: `|`.",
)


def bins_of(errors, requests=100):
    """A short history."""
    errors = np.asarray(errors)
    times = pd.date_range("2026-03-02", periods=len(errors), freq="5min", tz="UTC")
    return pd.DataFrame({"at": times, "requests": requests, "errors": errors})


def fired(history, rule):
    """Ask for the alarms, as a list of true and false."""
    got = np.asarray(t.call(fires, history, rule))
    t.require(got.shape == (len(history),), f"One value for each row, got the shape {got.shape}.")
    return [bool(value) for value in got]


def bin_by_bin(history, rule):
    """Go through the bins one after the other."""
    errors, requests = history["errors"].to_numpy(), history["requests"].to_numpy()

    def share(i, window):
        rows = slice(max(0, i - window + 1), i + 1)
        return errors[rows].sum() / requests[rows].sum()

    return [
        any(min(share(i, a), share(i, b)) > limit for limit, a, b in rule)
        for i in range(len(errors))
    ]


with t.item("Both windows of a pair must be above the limit", weight=3):
    got = fired(bins_of([0, 0, 12, 12]), [(0.05, 3, 1)])
    t.wrong_if(
        "one_window_is_enough",
        got == [False, False, True, True],
        "In bin 2 only the short window is above the limit, and you fire. A blip would wake somebody "
        "up: both windows must be above it.",
    )
    t.wrong_if(
        "waits_until_the_window_is_full",
        fired(bins_of([20, 20, 20]), [(0.05, 3, 2)]) == [False, False, True],
        "At the start you wait until the long window is full. Use the bins that exist "
        "(`min_periods=1`).",
    )
    t.wrong_if(
        "last_bins_without_this_one",
        got == [False, False, False, False],
        "You never fire, and in bin 3 the shares are 24/300 and 12/100. The last bins include the bin "
        "itself.",
    )
    t.equal(got, [False, False, False, True], what="alarms")
    got = fired(bins_of([12, 12, 12, 0, 0, 0]), [(0.05, 4, 1)])
    t.wrong_if(
        "fires_after_the_end",
        got[3],
        "In bin 3 the errors are over, and you still fire. The short window says that it is going on.",
    )
    t.equal(got, [True, True, True, False, False, False], what="alarms")
with t.item("Several pairs, none, and the limit itself", weight=2):
    bins = bins_of([3, 3, 3, 30, 0, 0])
    got = fired(bins, [(0.05, 1, 1), (0.02, 3, 1)])
    turned = fired(bins, [(0.02, 3, 1), (0.05, 1, 1)])
    t.wrong_if(
        "all_pairs_must_fire",
        got == turned == [False, False, False, True, False, False],
        "You fire only if all pairs do. One pair is enough: a slow incident never reaches the limit "
        "of the quick one.",
    )
    t.wrong_if(
        "only_one_pair_counts",
        got != turned,
        "With the same two pairs in another order your alarms differ: only the first or the last pair "
        "counts. Join the alarms of all pairs with `|`.",
    )
    t.equal(got, [True, True, True, True, False, False], what="alarms of two pairs")
    t.equal(fired(bins, []), [False] * 6, what="alarms of an empty rule")
    got = fired(bins_of([5, 5, 6]), [(0.05, 1, 1)])
    t.wrong_if(
        "limit_itself_fires",
        got == [True, True, True],
        "A share of 5 % is not **above** a limit of 5 %, and you fire.",
    )
    t.equal(got, [False, False, True], what="alarms for a share equal to the limit, and above it")
with t.item("Shares of sums, not means of shares", weight=2):
    uneven = bins_of([1, 10, 1, 40], requests=np.array([10, 1000, 10, 1000]))
    got = fired(uneven, [(0.04, 2, 2)])
    t.wrong_if(
        "mean_of_the_shares",
        got == [True, True, True, True],
        "You average the shares of the bins: a bin with 10 requests counts as much as one with 1,000. "
        "Divide the sum of the errors by the sum of the requests.",
    )
    t.equal(got, bin_by_bin(uneven, [(0.04, 2, 2)]), what="alarms")
### BEGIN HIDDEN TESTS
with t.item("Random histories and rules", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 551])
        requests = rng.integers(50, 400, 120)
        bins = bins_of(rng.binomial(requests, rng.choice([0.01, 0.09], 120)), requests)
        bins.index = bins.index + 7
        pairs = [(0.0501, 6, 2), (0.0303, 24, 5)]
        for rule in (pairs, pairs[::-1], [(0.045, 1, 1), (0.06, 30, 3)]):
            t.equal(fired(bins, rule), bin_by_bin(bins, rule), what=f"alarms of {rule}")
### END HIDDEN TESTS

# %% [markdown]
# ## Try rules on the past
#
# A rule is judged by a **back-test**: what would it have done in these eight weeks? The function is
# given. Somebody is called (this is a *page*) when the rule fires, and at most once an hour while it goes
# on. A page is false if it lies in no incident: not between an onset and one hour after the end. Delays
# are in minutes, from the onset to the end of the first bin that fires; infinite if none does.


# %%
def backtest(fired, history, incidents):
    """Return delays, names of late incidents, and false pages per week of an alarm."""
    times, fired = history["at"], np.asarray(fired, dtype=bool)
    pages, last = [], -12
    for i in np.flatnonzero(fired):
        if i - last >= 12:
            pages, last = [*pages, i], i
    pages, delays, late = times.iloc[pages], {}, []
    hour, minute = pd.Timedelta(hours=1), pd.Timedelta(minutes=1)
    for row in incidents.itertuples():
        pages = pages[(pages < row.onset) | (pages > row.mitigated + hour)]
        seen = times[fired & (times >= row.onset) & (times < row.mitigated)]
        delay = (seen.iloc[0] - row.onset) / minute + 5 if len(seen) else math.inf
        delays[row.incident] = delay
        if delay > row.within_minutes:
            late.append(row.incident)
    return {"delays": delays, "late": late, "false_per_week": len(pages) * 2016 / len(history)}


# %% [markdown]
# For the back-test every incident needs its onset. Then try one limit on one window. Is there a limit
# that finds all six in time (`late: none`) with at most 0.75 false pages a week?

# %% needs="timeline, fires" tags=["nbval-ignore-output"]
known = weeks.incidents.assign(onset=[line["onset"] for line in lines])


def one_window(limit=0.03, bins=12):
    """Print what one window with one limit would have done."""
    result = backtest(fires(history, [(limit, bins, bins)]), history, known)
    late = ", ".join(result["late"]) or "none"
    print(
        f"limit {limit:.3f}, {bins} bins: late: {late}; false {result['false_per_week']:.2f} a week"
    )


explore.sliders(one_window, limit=(0.01, 0.15, 0.005, 0.03), bins=(1, 72, 1, 12))

# %% [markdown]
# The same without sliders: one bin, the old alarm, one hour, and six hours.

# %% needs="timeline, fires"
for limit, bins in ((0.03, 1), (0.15, 1), (0.03, 12), (0.045, 12), (0.024, 72)):
    one_window(limit, bins)

# %% [markdown]
# One bin, at 3 %, wakes people up nineteen times a week. The old alarm, at 15 %, finds none of the six in
# time, and still fires for blips: where its limit stands, blips are all that it can see. One hour is
# either restless or blind for slow incidents. Six hours, at a calm limit, are too slow for sharp ones, and
# fire for hours after the end. Between them lies a compromise: one window of one and a half to three hours
# can keep the targets in these weeks, with little room on both sides. Two windows leave more.
#
# **Your task.** Write `new_rule(history, incidents, targets)`. It returns a rule, a list of
# `(limit, long, short)`.
#
# - `history` has the columns `at`, `requests` and `errors`; `incidents` has `incident`, `kind` (sharp or
#   slow), `onset`, `mitigated` and `within_minutes`, as `known` above.
#   `targets["false_pages_per_week"]` is the most false pages that are allowed.
# - The rule must find every incident within its `within_minutes` and keep the false pages: in
#   **other weeks** of the same service, which your function does not see. A few mistakes are allowed
#   there: at least two thirds of the other histories must be fine.
# - The check uses two services. The messages service has more than twice as many errors on an ordinary
#   day. So limits must come from `history`, not from your eyes.
# - Any number of pairs is allowed. You may use `fires` and `backtest`. Your function may take at most
#   10 seconds.
#
# A pair of windows of (12, 3) bins suits sharp incidents, (72, 6) slow ones.
#
# For example, `[(0.042, 12, 3), (0.025, 72, 6)]` is the form of an answer for the credit service.


# %% exercise="new_rule" objective="M5.5"
def new_rule(history: pd.DataFrame, incidents: pd.DataFrame, targets: dict) -> list:
    """Return a rule that should hold in other weeks of this service."""
    ### BEGIN SOLUTION
    rule = []
    for kind, long, short in (("sharp", 12, 3), ("slow", 72, 6)):
        wanted = set(incidents.loc[incidents["kind"] == kind, "incident"])
        good = []
        for limit in np.arange(0.006, 0.12, 0.002):
            result = backtest(fires(history, [(limit, long, short)]), history, incidents)
            few = result["false_per_week"] <= targets["false_pages_per_week"] / 2
            if few and not wanted & set(result["late"]):
                good.append(limit)
        rule.append((float(np.mean(good)), long, short))
    return rule
    ### END SOLUTION


# %% check="new_rule" title="A rule for other weeks" points=2 transport="plain"
from functools import cache

t.hints(
    "Treat sharp and slow incidents separately, with one pair of windows each.",
    "Try many limits with `backtest(fires(history, [(limit, long, short)]), history, incidents)`, and "
    "keep those that find the incidents of this kind in time, with few false pages.",
    "Two pairs share the false pages: allow half of them to each. Of the limits that work, the middle "
    "one has most room on both sides.",
)


@cache
def weeks_of(seed):
    """History and incidents with their onsets."""
    made = cases.load("incident_history", seed)
    history, incidents = made.history, made.incidents
    onsets = [find_onset(history, moment) for moment in incidents["detected"]]
    return history, incidents.assign(onset=onsets)


def outcome(history, incidents, rule):
    """Names of late incidents and false pages a week, from running sums."""
    sums = np.cumsum(np.vstack([[0, 0], history[["errors", "requests"]].to_numpy()]), axis=0)
    hot = np.zeros(len(history), dtype=bool)
    for limit, *windows in rule:
        pair = np.ones(len(history), dtype=bool)
        for window in windows:
            low = np.maximum(np.arange(len(history)) + 1 - window, 0)
            errors, requests = (sums[1:] - sums[low]).T
            pair &= errors > limit * requests
        hot |= pair
    start = history["at"].iloc[0]
    late, quiet = [], np.ones(len(history), dtype=bool)
    for row in incidents.itertuples():
        a, b = (round((x - start) / pd.Timedelta(minutes=5)) for x in (row.onset, row.mitigated))
        seen = np.flatnonzero(hot[a:b])
        if not len(seen) or 5 * (seen[0] + 1) > row.within_minutes:
            late.append(row.incident)
        quiet[a : b + 13] = False
    pages, last = 0, -12
    for i in np.flatnonzero(hot):
        if i - last >= 12:
            pages, last = pages + quiet[i], i
    return late, pages * 2016 / len(history)


def rule_for(seed):
    """Ask for a rule for the weeks of a seed, and return it once it has the right form."""
    history, incidents = weeks_of(seed)
    got = t.call(new_rule, history, incidents, {"false_pages_per_week": 0.75})
    t.require(
        isinstance(got, (list, tuple)) and len(got) > 0, "Return a list with at least a pair."
    )
    t.require(
        all(isinstance(row, (list, tuple)) and len(row) == 3 for row in got),
        "Each entry of the rule is (limit, long, short).",
    )
    rule = [(float(limit), int(long), int(short)) for limit, long, short in got]
    t.require(
        all(0 < limit < 1 and long >= 1 and short >= 1 for limit, long, short in rule),
        f"A limit lies between 0 and 1, a window has at least 1 bin; got {rule}.",
    )
    return rule


def judge(rule, seed, others, least):
    """End the item unless the rule holds on enough other weeks of the service."""
    late, false = outcome(*weeks_of(seed), rule)
    shown = ", ".join(f"({limit:.3f}, {long}, {short})" for limit, long, short in rule)
    t.wrong_if(
        "one_bin_is_a_blip",
        false > 0.75 and all(long == 1 for _, long, _ in rule),
        f"The rule [{shown}] looks at single bins, and gives {false:.1f} false pages a week: blips of 5 "
        "minutes. Use longer windows.",
    )
    t.wrong_if(
        "too_many_false_pages",
        false > 0.75,
        f"On the weeks that it was made from, the rule [{shown}] gives {false:.1f} false pages a week. "
        "Raise the limits, or make the long windows longer.",
    )
    names = ", ".join(late)
    t.wrong_if(
        "quiet_and_blind",
        len(late) >= 5 and false <= 0.75,
        f"The rule [{shown}] disturbs nobody, and finds too late or never: {names}. That is the old "
        "alarm. Lower the limits, and use longer windows against blips.",
    )
    t.wrong_if(
        "misses_incidents",
        bool(late),
        f"On the weeks that it was made from, the rule [{shown}] finds too late or never: {names}. A "
        "quiet alarm is not a good alarm.",
    )
    fine, worst = 0, 0
    for step in others:
        late, false = outcome(*weeks_of(seed + 2 * step), rule)
        fine, worst = fine + (not late and false <= 0.75), max(worst, false)
        if fine == least:  # the other weeks cannot change it
            break
    t.wrong_if(
        "tuned_to_these_weeks",
        fine < least,
        f"The rule [{shown}] keeps the targets on the weeks that it was made from, and on {fine} of "
        f"{len(others)} other histories (at most {worst:.1f} false pages a week). It stands at the edge "
        "of what works. Leave room on both sides.",
    )


with t.item("The credit service: it holds in other weeks", weight=2, seconds=20):
    judge(rule_for(2 * t.seeds[0]), 2 * t.seeds[0], (1, 2, 3), 2)
with t.item("The messages service, with other errors on ordinary days", weight=2, seconds=20):
    judge(rule_for(2 * t.seeds[0] + 1), 2 * t.seeds[0] + 1, (1, 2, 3), 2)
### BEGIN HIDDEN TESTS
with t.item("Other histories to learn from, and more weeks to hold in", weight=3, seconds=40):
    for seed in (2 * t.seeds[-1] + 20, 2 * t.seeds[-1] + 21):
        judge(rule_for(seed), seed, range(1, 10), 6)
### END HIDDEN TESTS

# %% [markdown]
# The new rule on our weeks:

# %% needs="timeline, fires, new_rule"
rule = new_rule(history, known, weeks.targets)
print("rule:", ", ".join(f"({limit:.3f}, {long}, {short})" for limit, long, short in rule))
result = backtest(fires(history, rule), history, known)
print("delays:", result["delays"], "false a week:", round(result["false_per_week"], 2))

# %% [markdown]
# With no false page, the sharp incidents are found after half an hour and not after one, the slow ones
# after about four hours and not after five or six. The target for slow ones, 360 minutes, asks for no
# more; whoever wants to know earlier pays with false pages. The slow pair, on one slow incident:

# %% needs="timeline, fires, new_rule"
row = known[known["kind"] == "slow"].iloc[0]
near = history["at"].between(
    row["onset"] - pd.Timedelta(hours=10), row["mitigated"] + pd.Timedelta(hours=6)
)
limit, long, short = max(rule, key=lambda pair: pair[1])
fig, ax = plt.subplots(figsize=(7.5, 3.4))
for window, style in ((1, "."), (short, "--"), (long, "-")):
    last = history.set_index("at").rolling(f"{5 * window}min").sum()
    share = 100 * (last["errors"] / last["requests"])[near.to_numpy()]
    ax.plot(share.index, share, style, markersize=2, label=f"last {5 * window} minutes")
ax.axhline(100 * limit, color="black", linewidth=1, linestyle=":", label="limit")
ax.axvspan(row["onset"], row["mitigated"], color="grey", alpha=0.2, label="incident")
ax.set(ylabel="% errors", ylim=(0, 9), title=f"incident {row['incident']}, and two windows")
ax.xaxis.set_major_formatter(mdates.DateFormatter("%H:%M"))
ax.set_xlabel("time, 5 and 6 March")
ax.legend(fontsize=8, ncols=2)
figures.show(
    fig,
    alt="Error share around a slow incident. Hours before it, the share of 30 minutes jumps to almost "
    "7 % for half an hour, while the share of six hours stays below the dotted limit. In the incident the "
    "share of six hours rises slowly above the limit, and stays there for two hours after the end; the "
    "share of 30 minutes is below it within half an hour.",
)

# %% [markdown]
# Early in the morning there was a blip of 5 minutes (its point lies above the picture). The short window
# alone would have called somebody; the long one stayed calm. After the end it is the other way round: the
# long one alone would go on calling people for two hours, and the short one stops it.
#
# How much room does a limit need? Below, nine limits are tried on five other histories of the same service,
# for the quick pair alone (only sharp incidents and false pages count):

# %% needs="timeline, fires"
limits = np.arange(0.024, 0.075, 0.006)
kept = np.zeros(len(limits), dtype=int)
for seed in (2, 4, 6, 8, 10):
    other = cases.load("incident_history", seed)
    begins = [find_onset(other.history, moment) for moment in other.incidents["detected"]]
    sharp = other.incidents.assign(onset=begins)
    names = set(sharp.loc[sharp["kind"] == "sharp", "incident"])
    for i, limit in enumerate(limits):
        outcome_there = backtest(fires(other.history, [(limit, 12, 3)]), other.history, sharp)
        in_time = not names & set(outcome_there["late"])
        kept[i] += in_time and outcome_there["false_per_week"] <= 0.75 / 2
pd.DataFrame({"limit": limits.round(3), "histories kept, of 5": kept})

# %% [markdown]
# In the middle the limit works in every history; towards both ends in some of them only, then in none. A
# limit that only just worked in one history may fail in the next one. Choose one from the middle.
#
# ## What changes now
#
# A review that changes nothing was a meeting. Each action has an owner (a role), a date, and the number
# that will show whether it worked. Read the three below; then write your own review.


# %%
def actions_of(rule):
    """Return the actions of the review, with the new rule."""
    shown = [[round(float(limit), 4), int(long), int(short)] for limit, long, short in rule]
    return [
        {
            "action": "replace the alarm at 15 % by a rule whose pairs have a long and a short window",
            "owner": "ML engineer",
            "due": "2026-05-08",
            "metric": "false pages a week at most 0.75; late incidents 0, over eight weeks",
            "rule": shown,
        },
        {
            "action": "write every change of the credit service into the log, with the team's name",
            "owner": "devops engineer",
            "due": "2026-05-15",
            "metric": "share of incidents with a known trigger, now 5 of 6",
        },
        {
            "action": "reserve two days a week for open incidents of level 2",
            "owner": "product owner credit",
            "due": "2026-05-04",
            "metric": "open incidents of level 2 after four weeks, now 7, at most 1",
        },
    ]


# %% [markdown]
# The actions are handed on; the last unit asks what became of them.

# %% needs="timeline, fires, new_rule"
review_actions = actions_of(rule)
artifacts.put("review_actions", review_actions)
for number, action in enumerate(review_actions, start=1):
    print(f"{number}. {action['owner']}, by {action['due']}: {action['action']}")

# %% [markdown]
# ## Your review
#
# Choose **one** of the six incidents (look at the table of timelines above) and write its review, in
# about 200 words, for everybody at Northwind. It is **blameless**: it asks which condition of the
# system made the mistake easy, and not who made it.
#
# - Say what happened, with times, and name the cause as a condition of the system.
# - Give at least two actions, each with owner (a role), date, and the number that shows that it
#   worked.
# - Say what the new rule still **cannot** see.

# %% [markdown] written="blameless_review" points=3 rubric="1 each = names the cause as a condition of the system, not as a person's fault; each action has an owner, a date and the number that shows it worked; says what the new rule still cannot see"
# **Incident I1, 5 March 2026.** At about 15:55 the share of errors of the credit service rose from 1 to
# 3 %. A branch told us at 21:25, five and a half hours later. The errors stopped on 6 March at 02:45.
#
# **Cause.** A change was made minutes before the onset. It could go live because nothing compared the
# share of errors before and after a change, and because the alarm had been set to 15 %: it had disturbed
# people with every blip, and raising its limit was the only thing that the system allowed them to do.
#
# **What changes.** (1) The ML engineer replaces the alarm by the rule with two windows, by 8 May. It
# worked if over the next eight weeks no incident is late and there are at most 0.75 false pages a week.
# (2) The devops engineer adds a comparison of the hour before and after each change, by 15 May. It
# worked if the median time from onset to detection of slow incidents falls from over five hours to under
# three.
#
# **What the rule cannot see.** It counts errors. Answers that arrive and are wrong, for example from old
# incomes, are not errors. A rise of less than one point, and harm to a small group whose requests are
# few, stay below the limit.

# %% [markdown]
# ## Recap
#
# - A level comes from a written policy. Unknown facts count as the worst, and no worse fact makes an
#   incident milder.
# - Each clock has its own start. Where two clocks run, the earlier one counts.
# - Open incidents stay in the report.
# - A trigger comes before the onset. Sometimes there is none.
# - A rule is judged by a back-test, and on weeks that it was not made from.
#
# Two questions from earlier, to answer without scrolling back:
#
# 1. In `03_drift_alerts` a ticket was not opened for a single alarming day. Which part of today's rule
#    does the same work?
# 2. In `02_training/05_how_sure` the best of many models looked better than it was. Where could the
#    same have happened today?
#
# <details><summary>Answers</summary>
#
# 1. The long window. One blip does not lift it above the limit.
# 2. With the limit that does best on one history: part of its success is luck. So we took one from the
#    middle, and tried it in other weeks.
#
# </details>
#
# ## What to read next
#
# - B. Beyer and others, *The Site Reliability Workbook*, 2018,
#   [chapter 5](https://sre.google/workbook/alerting-on-slos/): alarms with several windows and burn
#   rates.
# - B. Beyer and others, *Site Reliability Engineering*, 2016,
#   [chapter 15](https://sre.google/sre-book/postmortem-culture/): reviews without blame.
# - E. S. Page, *Continuous Inspection Schemes*, Biometrika 41, 1954: where the search for change points
#   began.
# - Regulation (EU) 2016/679, [Article 33](https://eur-lex.europa.eu/eli/reg/2016/679/oj), and Delegated
#   Regulation (EU) 2025/301, [Article 5](https://eur-lex.europa.eu/eli/reg_del/2025/301/oj): the hours
#   behind the two notices (read in November 2026).
# - pydantic, [Validators](https://docs.pydantic.dev/latest/concepts/validators/): a policy that refuses
#   to be broken.
