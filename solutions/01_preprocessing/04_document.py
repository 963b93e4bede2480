# %% [markdown]
# ## Can a colleague do it again?
#
# The extract of Northwind Credit is clean now. Next month a colleague gets a new extract, and an
# auditor asks how this year's table came about. Code in a notebook is a poor answer: cells are run
# in any order, numbers are changed by hand, and nobody knows which version made the table.
#
# In this notebook you write the treatment down as data, with a log that proves what happened, and
# you measure what each step is worth.

# %%
import json
from itertools import zip_longest

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from workshop_lib import artifacts, data, figures
from workshop_lib.checks import check

figures.style()
applications = data.credit_raw(n=3000, seed=0)

# %% [markdown]
# ## Are two tables the same?
#
# To say "I got the same table" we must compare tables, also with one that we do not have any more.
# Here one of the 3,150 incomes is changed, in the middle of the table. Python shows a table as text
# with `str`, so that looks like an easy way to compare:

# %%
changed = applications.copy()
changed.loc[1500, "income_keur"] += 1000
print("the same text:  ", str(changed) == str(applications))
print("the same digest:", artifacts.digest(changed) == artifacts.digest(applications))
print("digest:", artifacts.digest(applications))

# %% [markdown]
# The text leaves out the middle of a long table, so it is the same although an income is wrong by
# a million EUR. The digest is not the same.
#
# > **digest**: a short text computed from the whole content, here 64 hexadecimal digits (SHA-256).
# > Any change of the content gives another digest; the same content gives the same one everywhere.
#
# Do not use Python's `hash` for this. It gives the same text another number in every new process.

# %% [markdown]
# ## The steps
#
# These are worked solutions of notebook `01_clean`. First, ages outside the plausible range become
# missing:

# %% given_from="01_clean.clean_age"

# %% [markdown]
# Yes and no in all spellings become 1 and 0. The branches' manual lists the words:

# %%
YES = ["yes", "y", "true", "1"]
NO = ["no", "n", "false", "0"]
NOT_KNOWN = ["?", "n/a"]

# %% [markdown]
# A word that is on no list stops the function:

# %% given_from="01_clean.encode_yes_no"

# %% [markdown]
# Each application keeps its latest version only:

# %% given_from="01_clean.deduplicate"

# %% [markdown]
# The second function says how many rows that will remove:

# %%
duplicate_report(applications)

# %% [markdown]
# Outliers are found on the logarithm of the income:

# %% given_from="01_clean.flag_outliers"

# %% [markdown]
# Incomes that were typed in EUR are put right:

# %% given_from="01_clean.fix_income_units"

# %% [markdown]
# A **registry** gives each step a name. Every step takes a table and returns a new table.
# `on_column` turns a function of one column into such a step, and `tidy_text` is one more step: it
# gives the purposes one spelling.

# %%
def on_column(function):
    """Turn a function of one column into a step on the whole table."""

    def step(df: pd.DataFrame, column: str, **params) -> pd.DataFrame:
        return df.assign(**{column: function(df[column], **params)})

    return step


def tidy_text(texts: pd.Series) -> pd.Series:
    """Remove blanks around texts and write them in lower case."""
    return texts.str.strip().str.lower()


REGISTRY = {
    "deduplicate": deduplicate,
    "clean_age": on_column(clean_age),
    "fix_income_units": fix_income_units,
    "encode_yes_no": on_column(encode_yes_no),
    "tidy_text": on_column(tidy_text),
}

# %% [markdown]
# ## The recipe
#
# > **recipe**: the steps of a treatment in their order, with their parameters, written as data.
#
# A recipe is not code. It can be stored as text, compared, reviewed, and sent to another machine.
# It shows only what is in its `params`: the limits of `fix_income_units` are in its code (1 to 500,
# and `k = 3`), so nobody can see or change them here.

# %%
RECIPE = [
    {"step": "deduplicate", "params": {}},
    {"step": "clean_age", "params": {"column": "age", "low": 18, "high": 100}},
    {"step": "fix_income_units", "params": {}},
    {"step": "encode_yes_no", "params": {"column": "home_owner"}},
    {"step": "tidy_text", "params": {"column": "purpose"}},
]
as_text = json.dumps(RECIPE)
print("comes back equal from text:", json.loads(as_text) == RECIPE)

# %% [markdown]
# Whoever has the registry can replay a recipe. `replay` gives, for each step, the table before it
# and the table after it. A name that is not in the registry is a `KeyError`: better to stop than
# to leave a step out in silence.
#
# `differs` compares two tables cell by cell. Rows and columns that only one of them has are left
# out, and two missing values count as equal.

# %%
def replay(df: pd.DataFrame, recipe: list):
    """Yield every step of a recipe with the table before and the table after it."""
    for step in recipe:
        after = REGISTRY[step["step"]](df, **step["params"])
        yield step, df, after
        df = after


def differs(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return a table of True and False: is the value of this cell another one?"""
    rows = before.index.intersection(after.index)
    columns = before.columns.intersection(after.columns)
    old, new = (table.loc[rows, columns].astype(object) for table in (before, after))
    both_missing = old.isna() & new.isna()
    return (old.where(old.notna(), "missing") != new.where(new.notna(), "missing")) & ~both_missing


differs(pd.DataFrame({"income_keur": [32.0, 41000.0]}), pd.DataFrame({"income_keur": [32.0, 41.0]}))

# %% [markdown]
# ## One record of the log
#
# The recipe says what should happen. A log says what did happen.
#
# **Your task.** Write `log_record(step, before, after)`, the record of one step. `step` is an
# entry of the recipe; `before` and `after` are tables. The result is a dictionary with six
# entries:
#
# - `"step"` and `"params"`: as in `step`.
# - `"rows_in"` and `"rows_out"`: the number of rows before and after.
# - `"cells_changed"`: how many cells `differs` marks.
# - `"sha256_out"`: the digest of the table **after** the step. Any change of a value, of the order
#   of rows or columns, or of a column's name must give another one.
#
# The record must survive `json.dumps`, so counts are Python's `int`, not a number type of NumPy.
#
# For example, if `fix_income_units` turns the incomes `[32.0, 41000.0, 28.0]` into
# `[32.0, 41.0, 28.0]`, then 3 rows go in, 3 come out, and 1 cell is changed.

# %% exercise="log_record" objective="W.5.13"
def log_record(step: dict, before: pd.DataFrame, after: pd.DataFrame) -> dict:
    """Describe what one step of a recipe did to a table."""
    ### BEGIN SOLUTION
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": len(before),
        "rows_out": len(after),
        "cells_changed": int(differs(before, after).to_numpy().sum()),
        "sha256_out": artifacts.digest(after),
    }
    ### END SOLUTION


# %% check="log_record" title="The log says what a step did" points=2 transport="plain"
import re

t.hints(
    "Write the dictionary with its six keys first; four values come straight from the arguments.",
    "`differs(before, after)` is a table of True and False. True counts as 1 in a sum; a table "
    "has two directions to sum over.",
    "`int(...)` makes a Python number, and `artifacts.digest` takes a table.",
)
STEP = {"step": "repair", "params": {"column": "income_keur", "limits": [1, 500]}}
KEYS = ["step", "params", "rows_in", "rows_out", "cells_changed", "sha256_out"]


def loans_to_log(seed, n=120):
    """A table that is too long to be shown in full, with gaps and texts."""
    columns = ["income_keur", "loan_keur", "debt_ratio", "purpose", "area"]
    return data.credit_raw(n=n, seed=seed)[columns].iloc[:n]


def json_refuses(record):
    """Say why JSON cannot hold a record, or return None."""
    try:
        json.dumps(record)
    except (TypeError, ValueError) as problem:
        return str(problem)


with t.item("A record has six entries that JSON can hold", weight=1):
    for seed in t.seeds:
        before = loans_to_log(seed)
        after = before.assign(loan_keur=before["loan_keur"] + 1)
        record = t.call(log_record, STEP, before, after)
        t.require(isinstance(record, dict), f"Return a dictionary, not a {type(record).__name__}.")
        t.wrong_if(
            "logs_counts_only",
            "rows_out" in record and "sha256_out" not in record,
            "Counts alone prove little: a table with every income wrong has as many rows. Add the "
            "digest of the table.",
        )
        t.equal(set(record), set(KEYS), what="keys of the record")
        refused = json_refuses(record)
        t.wrong_if(
            "numbers_that_json_refuses",
            refused is not None,
            f"`json.dumps(record)` says: {refused}. Sums of NumPy and pandas are not Python "
            "numbers: put `int(...)` around them.",
        )
        t.wrong_if(
            "hash_of_this_process",
            re.fullmatch("[0-9a-f]{64}", str(record["sha256_out"])) is None,
            f"sha256_out is {record['sha256_out']!r:.40}, not 64 hexadecimal digits. Python's "
            "`hash` gives another number in every new process, so nobody can compare it.",
        )
        t.equal({"step": record["step"], "params": record["params"]}, STEP, what="step and params")
with t.item("Rows and changed cells are counted", weight=1):
    small = pd.DataFrame({"income_keur": [32.0, 41000.0, 28.0]})
    record = t.call(log_record, STEP, small, small.replace(41000.0, 41.0))
    counts = [record[key] for key in ("rows_in", "rows_out", "cells_changed")]
    t.equal(counts, [3, 3, 1], what="rows_in, rows_out, cells_changed of the example")
    for seed in t.seeds:
        before = loans_to_log(seed)
        changed_rows = np.random.default_rng(seed).choice(np.arange(10, 110), 7, replace=False)
        after = before.copy()
        after.loc[before.index[changed_rows], ["income_keur", "loan_keur"]] += 1
        after.loc[before.index[changed_rows[:2]], "area"] = "north"
        record = t.call(log_record, STEP, before, after.iloc[10:])
        t.equal([record["rows_in"], record["rows_out"]], [120, 110], what="rows in and out")
        t.wrong_if(
            "counts_rows_not_cells",
            record["cells_changed"] == 7,
            "7 rows have a changed cell, but some have more than one: 16 cells are changed. Sum "
            "over the whole table.",
        )
        t.equal(record["cells_changed"], 16, what="cells_changed")
with t.item("The digest tells every change of the result", weight=2):
    for seed in t.seeds:
        before = loans_to_log(seed)
        after = before.assign(loan_keur=before["loan_keur"] + 1)
        first, middle = after.copy(), after.copy()
        first.iloc[0, after.columns.get_loc("income_keur")] += 1
        middle.iloc[60, after.columns.get_loc("income_keur")] += 1
        variants = {
            "after": after,
            "first": first,
            "middle": middle,
            "rows": after.iloc[::-1],
            "columns": after[after.columns[::-1]],
            "name": after.rename(columns={"area": "branch"}),
        }
        digests = {
            name: t.call(log_record, STEP, before, table)["sha256_out"]
            for name, table in variants.items()
        }
        again = t.call(log_record, STEP, before.iloc[:50], after.copy())["sha256_out"]
        t.wrong_if(
            "digest_before_the_step",
            digests["first"] == digests["after"],
            "Two different results got the same digest. Is it the digest of the table before the "
            "step? What counts is the table that leaves the step.",
        )
        t.wrong_if(
            "digest_of_what_is_shown",
            digests["middle"] == digests["after"],
            "A change in row 60 of 120 did not change the digest. The text of a long table leaves "
            "out its middle: compute the digest from the whole content.",
        )
        t.equal(again, digests["after"], what="digest of an equal result of another table")
        for name, what in (
            ("rows", "another order of rows"),
            ("columns", "another order of columns"),
            ("name", "another name of a column"),
        ):
            t.require(digests[name] != digests["after"], f"{what} must change the digest.")
### BEGIN HIDDEN TESTS
with t.item("Odd cases: nothing changed, new columns, missing values", weight=1):
    before = pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": ["x", None, "z"]}, index=[7, 2, 5])
    nothing = t.call(log_record, {"step": "keep", "params": {}}, before, before.copy())
    t.equal([nothing["cells_changed"], nothing["params"]], [0, {}], what="a step without effect")
    filled = before.assign(a=[1.0, 2.0, 3.0], c=1)
    t.equal(t.call(log_record, STEP, before, filled)["cells_changed"], 1, what="cells_changed")
    empty = t.call(log_record, STEP, before, before.iloc[:0])
    t.equal([empty["rows_out"], empty["cells_changed"]], [0, 0], what="an empty result")
    t.require(json_refuses(empty) is None, "An empty result, too, must give a record for JSON.")
### END HIDDEN TESTS

# %% [markdown]
# `run_recipe` goes through the steps and collects your records.

# %%
def run_recipe(df: pd.DataFrame, recipe: list) -> tuple:
    """Apply a recipe; return the table that comes out and the log, one record per step."""
    table, log = df, []
    for step, before, table in replay(df, recipe):
        log.append(log_record(step, before, table))
    return table, log

# %% [markdown]
# This is the log of the whole treatment, with the first 12 digits of each digest:

# %% needs="log_record"
clean, recipe_log = run_recipe(applications, RECIPE)
pd.DataFrame(recipe_log).assign(sha256_out=lambda log: log["sha256_out"].str[:12])

# %% [markdown]
# The log answers questions that nobody can answer from the final table. The first step removed 150
# rows. `clean_age` and `encode_yes_no` changed every cell of their column: the text `'42'` became
# the number 42, and `yes` became 1. `fix_income_units` changed 60 incomes only; if it were
# thousands, you would look again. `tidy_text` gave 600 purposes another spelling.
#
# ## Does it still reproduce?
#
# Half a year later somebody runs the recipe again and gets another table. Which step is to blame?
# The first digest that differs shows it. The steps after it get a wrong input, so that they differ
# too says nothing about them.
#
# **Your task.** Write `verify(df, recipe, log)`. It replays `recipe` on `df`, compares with `log`,
# and returns a list.
#
# - A step reproduces if its name, its params **and** its digest are those of the record at the
#   same place.
# - If all steps reproduce, the list is empty: `[]`.
# - Else it holds one name: the first step that does not reproduce, as it is called in the recipe.
# - If one of `recipe` and `log` is longer and all steps before reproduce, name the first step that
#   only the longer one has.
# - Use only `"step"`, `"params"` and `"sha256_out"` of a record: the log of a colleague may have
#   other fields. Take the digests with `artifacts.digest`.
# - Every step of `recipe` can be run here: you need not handle errors.
#
# For example, if somebody changed `high` of `clean_age` in our recipe, the answer is
# `["clean_age"]`. `zip_longest` (imported above) goes through two lists at the same time and gives
# `None` where the shorter one has ended.

# %% exercise="verify" objective="W.5.13"
def verify(df: pd.DataFrame, recipe: list, log: list) -> list:
    """Name the first step of a recipe that does not give what the log says."""
    ### BEGIN SOLUTION
    keys = ("step", "params", "sha256_out")
    logged = [tuple(record[key] for key in keys) for record in log]
    replayed = [
        (step["step"], step["params"], artifacts.digest(after))
        for step, before, after in replay(df, recipe)
    ]
    for new, old in zip_longest(replayed, logged):
        if new != old:
            return [(new or old)[0]]
    return []
    ### END SOLUTION


# %% check="verify" title="The first step that differs is named" points=2 transport="plain"
from functools import cache

t.hints(
    "`replay(df, recipe)` gives you step, table before and table after; compare each with the "
    "record at the same place.",
    "Return at the first difference, with the name in a list. Return `[]` after the loop.",
    "`for replayed, record in zip_longest(replay(df, recipe), log)`: if one of the two is None, "
    "the other one has the name that you need.",
)
NAMES = ["tidy_text", "clean_age", "encode_yes_no", "fix_income_units"]
STEPS = [
    {"step": "tidy_text", "params": {"column": "purpose"}},
    {"step": "clean_age", "params": {"column": "age", "low": 18, "high": 100}},
    {"step": "encode_yes_no", "params": {"column": "home_owner"}},
    {"step": "fix_income_units", "params": {}},
]


def colleagues_log(table, recipe):
    """The log of a colleague, who kept the three fields that matter."""
    return [{**step, "sha256_out": artifacts.digest(out)} for step, _, out in replay(table, recipe)]


@cache
def loans_and_log(seed):
    """Raw applications, and the log of a colleague who did all steps."""
    # The columns that the steps treat, and one more.
    columns = ["age", "income_keur", "loan_keur", "home_owner", "purpose"]
    table = data.credit_raw(n=80, seed=seed)[columns]
    return table, colleagues_log(table, STEPS)


def with_params(number, **params):
    """The recipe with other parameters in one of its steps."""
    step = {**STEPS[number], "params": {**STEPS[number]["params"], **params}}
    return [*STEPS[:number], step, *STEPS[number + 1 :]]


with t.item("What reproduces gives an empty list", weight=1):
    for seed in t.seeds:
        table, log = loans_and_log(seed)
        tidied = table.assign(purpose=tidy_text(table["purpose"]))
        got = t.call(verify, tidied, STEPS[:1], colleagues_log(tidied, STEPS[:1]))
        t.wrong_if(
            "compares_whole_records",
            got == NAMES[:1],
            "You named `tidy_text`, but its name, its params and its digest are those of the log. "
            "The log of a colleague may have other fields than yours: compare only step, params "
            "and sha256_out.",
        )
        got = t.call(verify, table, json.loads(json.dumps(STEPS)), log)
        t.wrong_if(
            "compares_the_table_before",
            got == NAMES[:1],
            "You named `tidy_text`, but nothing was changed. sha256_out is the digest of the table "
            "after the step, not before it.",
        )
        t.wrong_if(
            "replays_on_the_input",
            got == NAMES[1:2],
            "You named `clean_age`, but nothing was changed. Each step gets the table that the "
            "step before returned, not `df` again; `replay` does that for you.",
        )
        t.require(got == [], f"All steps reproduce, so the result is [], but you returned {got}.")
with t.item("A changed parameter: its step is named, and no other", weight=2):
    for seed in t.seeds:
        table, log = loans_and_log(seed)
        got = t.call(verify, table, with_params(1, low=40), log)
        t.wrong_if(
            "lists_the_consequences",
            isinstance(got, list) and len(got) > 1,
            f"You named {got}. The steps after `clean_age` got a table that was wrong already: "
            "name only the first one.",
        )
        t.wrong_if(
            "blames_the_last_step",
            got == NAMES[-1:],
            "The last table differs, but the fault is older: compare step by step, from the start.",
        )
        t.equal(got, ["clean_age"], what="result")
        without_effect = with_params(1, high=111)
        got = t.call(verify, table, without_effect, log)
        t.wrong_if(
            "ignores_the_params",
            got == [],
            "`high` was changed from 100 to 111. Nobody here is that old, so the table is the "
            "same today, but not next month. The log is about another recipe.",
        )
        t.equal(got, ["clean_age"], what="result for a changed limit without effect")
with t.item("A changed input shows in the first step", weight=2):
    for seed in t.seeds:
        table, log = loans_and_log(seed)
        other = table.copy()
        other.iloc[len(table) // 2, table.columns.get_loc("loan_keur")] += 0.1
        got = t.call(verify, other, STEPS, log)
        t.wrong_if(
            "does_not_replay",
            got == [],
            "One loan of the input was changed and you found nothing. The recipe and the log agree "
            "on paper; only a replay on this table shows the difference.",
        )
        t.equal(got, ["tidy_text"], what="result")
with t.item("A recipe or log that is too short is found", weight=1):
    for seed in t.seeds:
        table, log = loans_and_log(seed)
        got = t.call(verify, table, STEPS[:3], log)
        t.wrong_if(
            "stops_at_the_shorter",
            got == [],
            "The log has a fourth step, `fix_income_units`, which is missing in the recipe. `zip` "
            "stops where the shorter list ends; `zip_longest` does not.",
        )
        t.equal(got, ["fix_income_units"], what="result when the recipe lacks the last step")
        t.gives(["encode_yes_no"], verify, table, STEPS, log[:2])
        got = t.call(verify, table, with_params(1, low=40)[:3], log)
        t.wrong_if(
            "length_before_content",
            got == ["fix_income_units"],
            "The recipe has no fourth step, but its second one, `clean_age`, has another limit "
            "already. Look at the lengths only when all steps before reproduce.",
        )
        t.equal(got, ["clean_age"], what="result when a step differs and the last one is missing")
with t.item("The step has the name that the recipe gives it", weight=1):
    for seed in t.seeds:
        table, log = loans_and_log(seed)
        other = [log[0], {**log[1], "step": "clean_years"}, *log[2:]]
        got = t.call(verify, table, STEPS, other)
        t.wrong_if(
            "names_the_log",
            got == ["clean_years"],
            "`clean_years` is the name in the log. Return the name in the recipe, `clean_age`: "
            "that is the step that somebody has to look at.",
        )
        t.wrong_if(
            "ignores_the_name",
            got == [],
            "The recipe says `clean_age`, the log says `clean_years`. Another name is another "
            "step, even if the table is the same.",
        )
        t.equal(got, ["clean_age"], what="result for another name in the log")
        swapped = [STEPS[0], STEPS[2], STEPS[1], STEPS[3]]
        t.equal(t.call(verify, table, swapped, log), ["encode_yes_no"], what="swapped steps")
### BEGIN HIDDEN TESTS
with t.item("Order of rows and columns, and a forged log", weight=2):
    for seed in t.seeds:
        table, log = loans_and_log(seed)
        t.equal(t.call(verify, table.iloc[::-1], STEPS, log), ["tidy_text"], what="row order")
        columns = table[table.columns[::-1]]
        t.equal(t.call(verify, columns, STEPS, log), ["tidy_text"], what="column order")
        forged = [*log[:2], {**log[2], "sha256_out": "0" * 64}, log[3]]
        t.equal(t.call(verify, table, STEPS, forged), ["encode_yes_no"], what="forged digest")
with t.item("Nothing to do, and other fields in the log", weight=1):
    table, log = loans_and_log(5)
    t.gives([], verify, table, [], [])
    t.gives([], verify, table, STEPS, [{"checked_by_role": "validator", **r} for r in log])
### END HIDDEN TESTS

# %% [markdown]
# Now play the auditor. The first line changes nothing, each other line changes one thing; `verify`
# says where the trouble begins.

# %% needs="log_record, verify"
other_limit = json.loads(as_text.replace('"low": 18', '"low": 21'))
other_order = [*RECIPE[:1], RECIPE[2], RECIPE[1], *RECIPE[3:]]
print("nothing changed:        ", verify(applications, RECIPE, recipe_log))
print("low is 21, not 18:      ", verify(applications, other_limit, recipe_log))
print("two steps swapped:      ", verify(applications, other_order, recipe_log))
print("one income in the input:", verify(changed, RECIPE, recipe_log))

# %% [markdown]
# The two swapped steps give the same final table, but `verify` still reports a step: the log is
# about another order. In the last line the step is not the cause; its *input* is another one. When
# the first step is named, look at the extract before you look at the code.

# %% [markdown]
# ## Is it worth the trouble? An ablation
#
# Everybody says that preprocessing is critical. We measure it. In an **ablation** you run the full
# recipe, then the recipe without one step, and compare the scores of a model. The difference is
# what this step adds, for this model, in this recipe.
#
# A model needs a few more steps. `take_log` replaces an amount by its logarithm; `mark_missing`
# adds a column that says where a gap was. `keep` does nothing: it is there as a control. `rate_by`
# was sent by a colleague, who says that it helps a lot.

# %%
def mark_missing(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add a column with 1 where a value is missing and 0 elsewhere."""
    return df.assign(**{f"{column}_missing": df[column].isna().astype(int)})


def keep(df: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is."""
    return df


def rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add the share of repaid loans among the rows with the same value."""
    return df.assign(**{f"{column}_rate": df.groupby(column)["repaid"].transform("mean")})


REGISTRY |= {"take_log": on_column(np.log), "mark_missing": mark_missing}
REGISTRY |= {"keep": keep, "rate_by": rate_by}

# %% [markdown]
# Two kinds of models take part. Logistic regression adds up the columns with weights; gaps are
# filled with the median of the training rows. Boosted trees ask whether a value lies above or
# below a limit; they can handle gaps themselves.

# %%
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MODELS = {
    "logistic": make_pipeline(
        SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression()
    ),
    "boosted trees": HistGradientBoostingClassifier(
        max_iter=25, max_leaf_nodes=8, random_state=0
    ),
}

# %% [markdown]
# Each model is trained on four fifths of the applications and tested on the last fifth, five
# times. All versions of one application are in the same part (a *fold*), and every variant of the
# recipe gets **the same folds**. So the luck of the split is the same on both sides of a
# comparison.

# %%
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold


def folds_by_application(df: pd.DataFrame, k: int = 5, seed: int = 0) -> pd.Series:
    """Return the fold (0 to k - 1) of every application_id."""
    ids = df["application_id"].to_numpy()
    splits = GroupKFold(k, shuffle=True, random_state=seed).split(ids, groups=ids)
    parts = [pd.Series(fold, np.unique(ids[test])) for fold, (_, test) in enumerate(splits)]
    return pd.concat(parts)


folds = folds_by_application(applications)
folds.value_counts().rename("applications").to_frame().T

# %% [markdown]
# `fold_scores` returns one score per fold: the AUC. That is how often a loan that was repaid gets
# a higher probability than one that was not: 0.5 is guessing, 1 is perfect. Columns that a model
# must not see are left out, such as `group`, and what an officer wrote after looking at the file:
# `rating` and `approved_hist`. A column that is still text becomes one column of 0 and 1 for every
# text in it.

# %%
NOT_INPUTS = ["application_id", "month", "group", "rating", "approved_hist", "repaid"]


def fold_scores(df: pd.DataFrame, recipe: list, model: str, folds: pd.Series) -> np.ndarray:
    """Return the AUC of a model on each fold, after `recipe`."""
    table = [df, *(after for _, _, after in replay(df, recipe))][-1]
    fold, y = table["application_id"].map(folds), table["repaid"]
    X = pd.get_dummies(table.drop(columns=NOT_INPUTS, errors="ignore")).to_numpy(float)
    scores = []
    for test in sorted(folds.unique()):
        fitted = clone(MODELS[model]).fit(X[fold != test], y[fold != test])
        probability = fitted.predict_proba(X[fold == test])[:, 1]
        scores.append(roc_auc_score(y[fold == test], probability))
    return np.array(scores)

# %% [markdown]
# **Your task.** Write `ablation(df, recipe, models, folds)`. `models` is a list of names for
# `fold_scores`. The result is a table with one row for every pair of a model and a step:
#
# - `model`, `removed_step`: the two names.
# - `score`: the mean score over the folds **without** this step.
# - `delta`: the mean, over the folds, of score with the full recipe minus score without this step.
#   Above 0 means that the step helps.
# - `delta_min`, `delta_max`: the smallest and the largest of these differences.
#
# Remove one step at a time, and put it back before you remove the next. A step may stand twice in
# a recipe, with the same parameters or with others: then it gets two rows, and each time only one
# of the two is removed. The order of rows is up to you.
#
# For example, with two folds, scores 0.70 and 0.74 for the full recipe and 0.66 and 0.72 without
# `take_log`, the row has score 0.69, delta 0.03, delta_min 0.02 and delta_max 0.04.

# %% exercise="ablation" objective="W.2.5"
def ablation(df: pd.DataFrame, recipe: list, models: list, folds: pd.Series) -> pd.DataFrame:
    """Measure what each step of a recipe is worth for each model."""
    ### BEGIN SOLUTION
    rows = []
    for model in models:
        full = fold_scores(df, recipe, model, folds)
        for i, step in enumerate(recipe):
            without = fold_scores(df, recipe[:i] + recipe[i + 1 :], model, folds)
            gains = full - without
            row = {"model": model, "removed_step": step["step"], "score": without.mean()}
            row |= {"delta": gains.mean(), "delta_min": gains.min(), "delta_max": gains.max()}
            rows.append(row)
    return pd.DataFrame(rows)
    ### END SOLUTION


# %% check="ablation" title="Each step is removed alone, on the same folds" points=3 transport="plain"
t.hints(
    "Two loops: over the models, and inside over the steps. The score of the full recipe is "
    "needed once per model.",
    "`recipe[:i] + recipe[i + 1:]` is the recipe without the step at place i.",
    "`fold_scores` returns an array, so `full - without` has one difference per fold; it has "
    "`.mean()`, `.min()` and `.max()`.",
)
LEAK = {"step": "rate_by", "params": {"column": "loan_keur"}}
TRIED = [
    {"step": "keep", "params": {}},
    LEAK,
    {"step": "tidy_text", "params": {"column": "purpose"}},
]
LOGS = [{"step": "take_log", "params": {"column": name}} for name in ("income_keur", "loan_keur")]
COLUMNS = ["model", "removed_step", "score", "delta", "delta_min", "delta_max"]


def loans_to_ablate(seed, n=240, k=2):
    """Clean applications, whose purposes are tidy already, and the fold of each."""
    table = data.credit(n, seed=seed)[
        ["application_id", "income_keur", "loan_keur", "debt_ratio", "purpose", "repaid"]
    ]
    fold = np.random.default_rng([seed, 25]).permutation(n) % k
    return table, pd.Series(fold, index=table["application_id"])


def as_table(result):
    """The result, if it is a table with the six columns."""
    t.require(isinstance(result, pd.DataFrame), f"Return a table, not a {type(result).__name__}.")
    t.equal(set(result.columns), set(COLUMNS), what="columns")
    return result


def row_of(result, step):
    """The only row of a step."""
    rows = as_table(result)
    rows = rows[rows["removed_step"] == step]
    t.equal(len(rows), 1, what=f"number of rows for {step}")
    return rows.iloc[0]


with t.item("A step that leaks the outcome stands out; doing nothing is worth exactly 0", weight=3):
    table, parts = loans_to_ablate(t.seeds[0])
    got = t.call(ablation, table, TRIED, ["logistic"], parts)
    first, leak, last = (row_of(got, step["step"]) for step in TRIED)
    t.wrong_if(
        "delta_upside_down",
        leak["delta"] < -0.02,
        "`rate_by` helps the model, but your delta is below 0. It is the score with the full "
        "recipe minus the score without the step.",
    )
    # The leak is worth more than 0.1. Where it is missing, the score is far below the full one.
    without_leak = fold_scores(table, TRIED, "logistic", parts).mean() - 0.1
    t.wrong_if(
        "keeps_only_the_step",
        max(first["score"], last["score"]) < without_leak < leak["score"],
        "Removing `keep` or `tidy_text` lost what `rate_by` gives, too. Run the whole recipe "
        "without the one step, not the one step alone.",
    )
    t.wrong_if(
        "removes_more_and_more",
        last["score"] < without_leak,
        "`tidy_text` was removed together with `rate_by`, which came before it. Put each step back "
        "before you remove the next one, else you cannot tell which of them made the difference.",
    )
    t.wrong_if(
        "removes_the_rest",
        first["score"] < without_leak,
        "`keep` was removed together with `rate_by`, which comes after it: `recipe[:i]` ends "
        "before place i. Add the steps after it, `recipe[i + 1:]`.",
    )
    for row in (first, last):
        t.wrong_if(
            "other_folds_for_each_variant",
            max(abs(row["delta_min"]), abs(row["delta_max"])) > 1e-12,
            f"`{row['removed_step']}` changes nothing here, but its differences run from "
            f"{row['delta_min']:.3f} to {row['delta_max']:.3f}. Subtract fold by fold, and give "
            "both sides the same folds, else you measure the luck of the split.",
        )
        t.equal(row["delta"], 0, what=f"delta of {row['removed_step']}")
    t.require(leak["delta"] > 0.02, f"`rate_by` should stand out, not {leak['delta']:.3f}.")
with t.item("Score is without the step; the differences are taken fold by fold", weight=2):
    table, parts = loans_to_ablate(t.seeds[-1], k=3)
    leak = row_of(t.call(ablation, table, [LEAK], ["logistic"], parts), "rate_by")
    without = fold_scores(table, [], "logistic", parts)
    full = fold_scores(table, [LEAK], "logistic", parts)
    delta = full.mean() - without.mean()
    t.wrong_if(
        "score_of_the_full_recipe",
        np.isclose(leak["score"], full.mean()) and np.isclose(leak["delta"], delta),
        "`score` is that of the full recipe. It should be the score without the step.",
    )
    t.equal(leak["score"], without.mean(), what="score without rate_by")
    t.equal(leak["delta"], delta, what="delta of rate_by")
    t.equal(leak["delta_min"], min(a - b for a, b in zip(full, without)), what="delta_min")
    t.equal(leak["delta_max"], max(a - b for a, b in zip(full, without)), what="delta_max")
with t.item("One row for every model and step, also when a step stands twice", weight=2):
    table, parts = loans_to_ablate(t.seeds[0])
    models = ["boosted trees", "logistic"]
    got = as_table(t.call(ablation, table, [LEAK, LEAK], models, parts))
    pairs = {(model, "rate_by") for model in models}
    t.equal(set(zip(got["model"], got["removed_step"])), pairs, what="pairs of model and step")
    t.require(
        len(got) == 4,
        f"Expected 4 rows, got {len(got)}: `rate_by` stands twice in the recipe, so each of the "
        "two models has two rows.",
    )
    t.wrong_if(
        "removes_both_twins",
        got.loc[got["model"] == "logistic", "delta"].min() > 0.1,
        "`rate_by` stands twice in the recipe, and one of the two is enough. You removed both at "
        "once: leave out one place of the recipe, not all steps that look like it.",
    )
    t.equal(got["delta"].abs().max(), 0, what="delta of a step that stands there once more")
### BEGIN HIDDEN TESTS
with t.item("The numbers are right, also when a name stands twice", weight=1):
    table, parts = loans_to_ablate(t.seeds[-1] + 1)
    twice = [LOGS[0], LEAK, LOGS[1]]
    got = t.call(ablation, table, twice, ["logistic"], parts)
    full = fold_scores(table, twice, "logistic", parts)
    rows = []
    for i, step in enumerate(twice):
        without = fold_scores(table, twice[:i] + twice[i + 1 :], "logistic", parts)
        gains = full - without
        numbers = [without.mean(), gains.mean(), gains.min(), gains.max()]
        rows.append(["logistic", step["step"], *numbers])
    expected = pd.DataFrame(rows, columns=COLUMNS).sort_values(["removed_step", "score"])
    got = got.sort_values(["removed_step", "score"]).reset_index(drop=True)
    t.equal(got, expected.reset_index(drop=True), what="table")
### END HIDDEN TESTS

# %% [markdown]
# Now the real experiment, which takes 5 to 20 seconds. The recipe for modelling has the five cleaning
# steps, two steps that prepare columns for a model, and the control.

# %% needs="ablation"
MODEL_RECIPE = [
    *RECIPE,
    {"step": "take_log", "params": {"column": "income_keur"}},
    {"step": "mark_missing", "params": {"column": "debt_ratio"}},
    {"step": "keep", "params": {}},
]
worth = ablation(applications, MODEL_RECIPE, list(MODELS), folds)
worth.pivot(index="removed_step", columns="model", values="delta").round(3)

# %% [markdown]
# Look at the spread over the folds, too. A difference whose sign changes from fold to fold is not
# a finding.

# %% needs="ablation"
fig, ax = plt.subplots(figsize=(8, 4))
order = [step["step"] for step in MODEL_RECIPE][::-1]
for shift, marker, model in ((0.15, "o", "logistic"), (-0.15, "s", "boosted trees")):
    rows = worth[worth["model"] == model].set_index("removed_step").loc[order]
    height = np.arange(len(order)) + shift
    ax.hlines(height, rows["delta_min"], rows["delta_max"], color="0.5")
    ax.plot(rows["delta"], height, marker, label=model)
ax.axvline(0, color="black", linewidth=1)
ax.set_yticks(range(len(order)), order)
ax.set(title="What each step is worth", xlabel="gain in AUC: mean, smallest and largest fold")
ax.legend(loc="lower right")
figures.show(
    fig,
    alt="Dots with bars for eight steps and two models. For logistic regression, clean_age and "
    "fix_income_units lie wholly to the right of zero, at about 0.02, and encode_yes_no just right "
    "of it. For boosted trees keep, take_log and mark_missing are points at zero, and all other "
    "bars reach to both sides of zero.",
)

# %% [markdown]
# What the picture says:
#
# - **Logistic regression needs the repair of ages and incomes.** 60 incomes that are 1,000 times
#   too high spoil the weight of a good column for everybody, and an age that is still text becomes
#   65 columns. Each of the two repairs adds about 0.02. We repeated this with five other extracts
#   (seeds 1 to 5): 0.010 to 0.025 for `clean_age`, 0.015 to 0.028 for `fix_income_units`.
#   `encode_yes_no` helps a little in every fold, as one column instead of twelve.
# - **Boosted trees hardly notice.** They only ask whether an income lies above a limit. For the
#   same reason `take_log` is worth 0.000: a logarithm does not change the order of incomes.
# - **`mark_missing` adds nothing here.** In `01_clean` you saw that the gaps depend on late
#   payments, and both models know the late payments already. Boosted trees handle gaps themselves,
#   so for them the new column has nothing new: exactly 0.000.
# - **`deduplicate` adds nothing to the score**, and we keep it. A report that counts 3,150
#   applications is wrong, whatever a model says. The score is one reason for a step, not the only
#   one.
#
# So "preprocessing is critical" is half of the truth. *Which* step is critical depends on the
# model.
#
# ## A delta belongs to its recipe
#
# `take_log` looks useless for logistic regression, too. Let us ask for the worth of
# `fix_income_units` again, in a recipe without `take_log`. Change the two names in the first line
# and try other pairs of steps.

# %% needs="ablation"
other, measured = "take_log", "fix_income_units"
worth_with = {}
without_other = [step for step in MODEL_RECIPE if step["step"] != other]
for name, recipe in ((f"with {other}", MODEL_RECIPE), (f"without {other}", without_other)):
    shorter = [step for step in recipe if step["step"] != measured]
    full, less = (fold_scores(applications, steps, "logistic", folds) for steps in (recipe, shorter))
    worth_with[name] = (full - less).mean()
pd.Series(worth_with).round(3).to_frame(f"worth of {measured}")

# %% [markdown]
# The repair is worth 0.016 with the logarithm and 0.026 without it. A logarithm turns "1,000 times
# too high" into "6.9 too high", so it hides a part of the fault. Two steps that do the same work
# each look cheap, because the other one is still there. One removed step tells what it adds to
# *this* recipe; it does not tell what it would be worth alone.
#
# ## The colleague's step
#
# What about `rate_by`, "which helps a lot"? We add it to the recipe, for the income, and measure.

# %% needs="ablation"
prepared = [after for _, _, after in replay(applications, MODEL_RECIPE)][-1]
offered = [{"step": "rate_by", "params": {"column": "income_keur"}}]
ablation(prepared, offered, list(MODELS), folds).round(3)

# %% [markdown]
# A gain of about 0.11, several times that of any honest step, and at least 0.08 in every fold. Such
# a delta is not a reason to be happy but a question: what does this step know? Read its code again.
# It averages `repaid` over the rows with the same income. Typically that is 7 rows, and the row
# itself is one of them: the answer was written into the question. For an application of next month
# nobody knows `repaid` yet, and the gain is gone.
#
# That the test rows lie in another fold does not help: the recipe ran before the split. A step
# that uses the outcome must be fitted on training rows only, inside the pipeline.
#
# ## Hand it over
#
# Later units begin with your result. Three artefacts are stored as text: the recipe, its log, and
# the clean table. If you have none, later units use the course's version.

# %% needs="log_record, verify"
artifacts.put("recipe", RECIPE)
artifacts.put("recipe_log", recipe_log)
artifacts.put("applications_clean", clean.reset_index(drop=True))
print(f"{len(clean)} rows; steps that do not reproduce:", verify(applications, RECIPE, recipe_log))

# %% [markdown]
# ## What does the recipe not say?
#
# Imagine a new colleague, who has the recipe, the log, the code, and next month's extract.
#
# **Your task.** Answer in at most 120 words: **what would this colleague still have to ask you?**
# Name at least one assumption that is written neither in the recipe nor in the log nor in the code,
# and say where in the recipe it belongs.

# %% [markdown] written="colleague_questions" points=2 rubric="2 = names an assumption that is in none of recipe, log and code, and where it belongs in the recipe; 1 = a question that would fit any data set, such as what a column means; 0 = no question or assumption"
# "Why are some incomes divided by 1,000?" The code says which ones. It does not say why: we assume
# that such an income was typed in EUR, and not in another currency or with a wrong digit. Nobody
# wrote that down. It belongs in the step `fix_income_units`, as a text `"why"` in its `params`, and
# the limits beside it, which only the code has: `{"k": 3, "low": 1, "high": 500}`.
#
# "Do I have the right extract?" The log has the digest after each step, but none of the input. A
# first step `read_extract`, with the name and the digest of the file in its params, would say it.

# %% [markdown]
# ## Recap
#
# - A recipe is data: steps in order, with their parameters. A log is the proof of what happened.
# - A digest sees every change of the content. A printed table and a count of rows do not.
# - When a replay differs, the first step that differs is the place to look: at the step, or at its
#   input.
# - Ablation: remove one step at a time, same folds on both sides, look at the spread. The result
#   holds for this model and this recipe, and a delta that is too good is a warning.
#
# Two questions to recall, without looking back:
#
# 1. From `03_select`: columns are chosen by their relation to the target, and the model is tested
#    by cross-validation. Where must the choice be made?
# 2. From `01_clean`: why does the contract validate with `lazy=True`?
#
# <details><summary>Answers</summary>
#
# 1. Inside the pipeline, again in every fold, from training rows only. Else the test rows have
#    already helped to choose, and the score is too good, as with `rate_by`.
# 2. With `lazy=False` it stops at the first error. To plan the repairs we need all columns that
#    break the contract at once.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide, [Common pitfalls and recommended
#   practices](https://scikit-learn.org/stable/common_pitfalls.html): the part on inconsistent
#   preprocessing, which a recipe prevents.
# - G. K. Sandve and others (2013), *Ten Simple Rules for Reproducible Computational Research*,
#   PLOS Computational Biology 9(10): rules 1 to 4 are about what you did here.
# - T. Gebru and others (2021), *Datasheets for Datasets*, Communications of the ACM 64(12): look
#   for the questions on preprocessing, and compare them with your written answer.
