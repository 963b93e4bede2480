# %% [markdown]
# ## The story
#
# Northwind Credit wants a model that says who will repay a loan. Before anybody trains one, four
# questions decide whether its score can be believed. May every column be used? Is the test set
# really unseen? Which rows belong together? And does the model know something, or does it only
# remember?
#
# In this notebook you write one small function for each question. None of them trains a better
# model. They keep you from believing in a bad one.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import (
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_score,
    cross_validate,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## What may enter the training set?
#
# > **training set**: the rows, each with its correct answer (the label), from which a model learns.
#
# A colleague has put such a table together: 1,500 loans of last year, `X`, and whether they were
# repaid, `y`. The second table, `X_serving`, holds 200 applications of this week. The model will be
# asked about tables like this one.

# %%
loans = data.credit(n=1500, seed=3)
chance = np.random.default_rng(3)
y = loans["repaid"].astype(float)
X = loans[["age", "income_keur", "debt_ratio", "late_payments", "employment_years"]].copy()
X["fax_office"] = 7
letters = np.where(y == 0, chance.integers(1, 5, len(y)), chance.random(len(y)) < 0.01)
X["collections_letters"] = letters.astype(int)
X["repaid_share"] = np.where(y == 1, chance.uniform(0.9, 1, len(y)), chance.uniform(0, 0.9, len(y)))
X["repaid_share"] = X["repaid_share"].round(2).mask(chance.random(len(y)) < 0.1)
y[chance.random(len(y)) < 0.02] = np.nan
X_serving = data.credit(n=200, seed=4)[[*X.columns[:5]]].assign(fax_office=7, repaid_share=np.nan)
X.head(3)

# %% [markdown]
# A model trained on this table would be almost perfect, and useless. `collections_letters` counts
# the letters that asked for overdue money. They are written **after** a loan went wrong. On the day
# of the decision there is no letter yet. Such columns come into a table easily: somebody joins
# "everything that we know about the customer", as we know it today.
#
# An audit should find such columns. Some findings need only the labels. This part is given, and it
# shows the form of a finding:


# %%
def finding(code: str, column: str, detail: str) -> dict:
    """Return one finding of the audit."""
    return {"code": code, "column": column, "detail": detail}


def label_findings(X: pd.DataFrame, y: pd.Series) -> list[dict]:
    """Look for faults of the labels."""
    findings = []
    if len(X) != len(y):
        findings.append(finding("length_mismatch", "", f"{len(X)} rows, {len(y)} labels"))
    if y.isna().any():
        findings.append(finding("missing_label", "", f"{y.isna().sum()} labels are missing"))
    for label in (0, 1):
        if not (y == label).any():
            findings.append(finding("class_absent", "", f"no row has the label {label}"))
    return findings


label_findings(X, y)

# %% [markdown]
# The other findings look at one column at a time. How do we notice that a column holds the answer?
# Take one repaid and one unpaid loan at random. The **AUC** of a column is the probability that the
# repaid loan has the larger value (equal values count half). An AUC of 0.5 means that the column
# says nothing, 1 that it separates the two classes completely, and 0 the same in the other
# direction. `roc_auc_score(labels, values)` computes it. Only the order of the values counts. In
# credit data an honest column reaches 0.6 to 0.8. Above 0.98 something is wrong.
#
# **Your task.** Write `column_findings(X, y, X_serving)`. It returns a list of findings, in any
# order. The list is empty when nothing is wrong.
#
# All columns hold numbers, and may have gaps (`NaN`). `X` and `y` have the same rows and the same
# index. A label is 0, 1 or missing. `X_serving` has at least one row. For each column of `X` look
# for:
#
# - `"not_at_serving"`: the column is not in `X_serving`, or it holds nothing but gaps there;
# - `"constant_column"`: apart from gaps, the column has at most one different value in `X`;
# - `"target_leak"`: the AUC of the column is above 0.98, or below 0.02. Use only the rows in which
#   both the value and the label are known. If these rows do not have both classes, there is no AUC,
#   and no finding.
#
# Use `finding(code, column, detail)`; `detail` is a text of your choice, for example the AUC. One
# column can have several findings.
#
# For example, with labels 0, 0, 1, 1, the column `days = [8, 9, 1, NaN]` has only smaller values
# for label 1: its AUC is 0, a `target_leak`. The column `fee = [5, 5, NaN, 5]` is a
# `constant_column`. If `days` is not in `X_serving` either, there are three findings.


# %% exercise="column_findings" objective="W.3.2"
def column_findings(X: pd.DataFrame, y: pd.Series, X_serving: pd.DataFrame) -> list[dict]:
    """Look for columns that must not, or cannot, be used."""
    ### BEGIN SOLUTION
    findings = []
    for column, values in X.items():
        if column not in X_serving or X_serving[column].isna().all():
            findings.append(finding("not_at_serving", column, "not known at the decision"))
        if values.nunique() <= 1:
            findings.append(finding("constant_column", column, "never changes"))
        known = values.notna() & y.notna()
        if y[known].nunique() == 2:
            auc = roc_auc_score(y[known], values[known])
            if not 0.02 <= auc <= 0.98:
                findings.append(finding("target_leak", column, f"AUC {auc:.2f}"))
    return findings
    ### END SOLUTION


# %% check="column_findings" title="Columns that must not be used are found" points=3 transport="plain"
t.hints(
    "One loop over the columns, three questions for each of them. Begin with an empty list.",
    "`values.nunique()` does not count gaps. `values.notna() & y.notna()` marks the rows in which "
    "both are known.",
    "`roc_auc_score(y[known], values[known])` is the AUC. Look in both directions: near 1, near 0.",
)
CODES = {"not_at_serving", "constant_column", "target_leak"}


def table_to_audit(seed, n=120):
    """Two useful columns, one of chance, and labels; nothing is wrong."""
    rng = np.random.default_rng([seed, 32])
    labels = pd.Series(rng.permutation(np.arange(n) % 2), rng.permutation(n) + 500, dtype=float)
    columns = {
        "income": 30 + 8 * labels + rng.normal(0, 8, n),
        "debt": 0.5 - 0.15 * labels + rng.normal(0, 0.12, n),
        "month": rng.integers(0, 12, n).astype(float),
    }
    return pd.DataFrame(columns), labels


def leaks(labels, seed):
    """Three columns that hold the answer: upwards, downwards, and with very uneven values."""
    rng = np.random.default_rng([seed, 33])
    chance = rng.uniform(0, 1, len(labels))
    return {
        "up": labels + 0.9 * chance,
        "down": 40 - 9 * labels - 8 * chance,
        "uneven": 10 ** (4 * labels + 3 * chance),
    }


def codes_of(X_, y_, serving):
    """Return the set of (code, column) that the answer finds, once the form is right."""
    got = t.call(column_findings, X_, y_, serving)
    t.require(isinstance(got, list), f"Return a list of findings, not a {type(got).__name__}.")
    for each in got:
        t.require(
            isinstance(each, dict) and set(each) == {"code", "column", "detail"},
            "Each finding is a dictionary with `code`, `column` and `detail`: use `finding(...)`.",
        )
        t.require(isinstance(each["detail"], str), "`detail` is a text.")
        t.require(each["code"] in CODES, f"There is no code {each['code']!r} in the task.")
    pairs = [(each["code"], each["column"]) for each in got]
    t.require(len(set(pairs)) == len(pairs), f"A finding is there twice: {sorted(pairs)}.")
    return set(pairs)


with t.item("Columns that are unknown when the model is asked", weight=2):
    for seed in t.seeds:
        X_, y_ = table_to_audit(seed)
        serving = table_to_audit(seed + 9, 20)[0].drop(columns="debt")
        serving = serving.assign(month=np.nan, phone=3.0)
        serving.iloc[:5, serving.columns.get_loc("income")] = np.nan
        got = codes_of(X_, y_, serving)
        t.wrong_if(
            "ignores_serving",
            not any(code == "not_at_serving" for code, _ in got),
            "`debt` is not in `X_serving`, and you found nothing. A model that needs it cannot be "
            "asked. Compare the columns of both tables.",
        )
        t.wrong_if(
            "looks_for_new_columns",
            ("not_at_serving", "phone") in got,
            "`phone` is only in `X_serving`. The model was not trained with it, so nobody needs "
            "it. Go through the columns of `X`.",
        )
        t.wrong_if(
            "empty_at_serving_counts_as_known",
            ("not_at_serving", "debt") in got and ("not_at_serving", "month") not in got,
            "`month` is in `X_serving`, but every value there is a gap. The model gets nothing.",
        )
        t.wrong_if(
            "one_gap_counts_as_unknown",
            ("not_at_serving", "income") in got,
            "`income` has a few gaps in `X_serving`, and most of its values are known. Ask whether "
            "ALL values are gaps.",
        )
        expected = {("not_at_serving", "debt"), ("not_at_serving", "month")}
        t.equal(got, expected, what="findings")
with t.item("Columns that never change", weight=1):
    X_, y_ = table_to_audit(0)
    X_ = X_.assign(office=7.0, empty=np.nan, nearly=0.0)
    X_["stamp"] = np.where(np.arange(len(X_)) % 3, 5.0, np.nan)
    X_.iloc[4, X_.columns.get_loc("nearly")] = 1.0
    got = codes_of(X_, y_, X_.fillna(0))
    t.wrong_if(
        "a_gap_counts_as_a_value",
        ("constant_column", "office") in got and ("constant_column", "stamp") not in got,
        "`stamp` is 5 wherever it is known. A gap is not a second value: `nunique()` leaves gaps "
        "out.",
    )
    t.wrong_if(
        "nearly_constant_counts",
        ("constant_column", "nearly") in got,
        "`nearly` has two different values. It may be rare information, and it is not constant.",
    )
    t.equal(got, {("constant_column", name) for name in ("office", "stamp", "empty")})
with t.item("Columns that hold the answer, in any direction and on any scale", weight=3):
    for seed in t.seeds:
        X_, y_ = table_to_audit(seed)
        X_ = X_.assign(**leaks(y_, seed))
        got = {column for code, column in codes_of(X_, y_, X_) if code == "target_leak"}
        t.wrong_if(
            "finds_leaks_in_one_direction_only",
            len({"up", "down"} & got) == 1,
            f"`up` rises with the label and `down` falls with it. Both separate the classes "
            f"completely, and you found {sorted(got)}. An AUC near 0 is as bad as one near 1.",
        )
        t.wrong_if(
            "correlation_instead_of_ranks",
            "uneven" not in got,
            "`uneven` separates the two classes completely, and you did not find it: its values "
            "are far apart, so its *correlation* is small. The AUC looks at the order only.",
        )
        t.wrong_if(
            "flags_useful_columns",
            bool({"income", "debt"} & got),
            f"You flagged {sorted({'income', 'debt'} & got)}. These columns are useful, with an "
            "AUC from 0.7 to 0.95, and allowed. Flag above 0.98 and below 0.02.",
        )
        t.equal(got, {"up", "down", "uneven"}, what="leaks")
with t.item("The limits are 0.98 and 0.02", weight=1):
    _, y_ = table_to_audit(5)
    # 60 rows of each class. Every row of label 1 that lies below 54 rows of label 0 costs 54 of
    # the 3,600 pairs, 0.015 of the AUC.
    order = pd.Series(np.arange(1.0, 121), index=y_.sort_values().index)
    near = {
        f"auc_{1 - 0.015 * k:.3f}": order.mask((order > 60) & (order < 61 + k), 6.5) for k in (1, 2)
    }
    X_ = pd.DataFrame(near).loc[y_.index]
    X_["auc_0.015"], X_["auc_0.030"] = -X_["auc_0.985"], -X_["auc_0.970"]
    got = {column for _, column in codes_of(X_, y_, X_)}
    t.wrong_if(
        "wants_complete_separation",
        not {"auc_0.985", "auc_0.015"} <= got,
        "A column with an AUC of 0.985 or of 0.015 was not found. A leak need not separate the "
        "classes completely: one row can be out of place. Above 0.98 and below 0.02 it counts.",
    )
    t.wrong_if(
        "limits_too_near_to_one_half",
        bool({"auc_0.970", "auc_0.030"} & got),
        "A column with an AUC of 0.970 or of 0.030 was flagged. The limits are 0.98 and 0.02.",
    )
    t.equal(got, {"auc_0.985", "auc_0.015"}, what="leaks")
with t.item("Gaps in values and in labels", weight=2):
    for seed in t.seeds:
        X_, y_ = table_to_audit(seed)
        rows = np.arange(len(X_))
        X_ = X_.assign(up=leaks(y_, seed)["up"], empty=np.nan, one_class=X_["income"])
        X_["one_class"] = X_["one_class"].where(y_ == 1)
        X_["up"] = X_["up"].mask((rows % 4 == 0) & (y_ == 1))
        y_ = y_.mask(rows % 5 == 0)
        got = codes_of(X_, y_, X_.fillna(0))
        t.wrong_if(
            "fills_gaps_before_ranking",
            ("target_leak", "up") not in got,
            "Where `up` is known it separates the classes completely, and you did not find it. If "
            "gaps are filled, for example with 0, the order is spoilt. Use rows in which the value "
            "and the label are known.",
        )
        t.equal(got, {("target_leak", "up"), ("constant_column", "empty")}, what="findings")
with t.item("The worked example, and a clean table", weight=1):
    X_ = pd.DataFrame({"days": [8, 9, 1, np.nan], "fee": [5, 5, np.nan, 5]})
    expected = {("target_leak", "days"), ("constant_column", "fee"), ("not_at_serving", "days")}
    serving = pd.DataFrame({"fee": [5.0]})
    got = codes_of(X_, pd.Series([0.0, 0, 1, 1]), serving)
    both = codes_of(X_, pd.Series([0.0, 0, 1, 1]), pd.DataFrame({"days": [5.0]}))
    t.wrong_if(
        "one_finding_for_each_column",
        sum(column == "days" for _, column in got) == 1
        or sum(column == "fee" for _, column in both) == 1,
        "A column that is unknown at serving can be constant or a leak as well, and you report one "
        "finding only. Ask three separate questions: `if`, `if`, `if`, without `elif` between them.",
    )
    t.equal(got, expected, what="findings")
    expected = {("target_leak", "days"), ("constant_column", "fee"), ("not_at_serving", "fee")}
    t.equal(both, expected, what="findings, when `fee` is not in X_serving")
    X_, y_ = table_to_audit(t.seeds[0])
    t.equal(codes_of(X_, y_, X_), set(), what="findings of a clean table")
### BEGIN HIDDEN TESTS
with t.item("Everything at once, with whole numbers as labels", weight=1):
    for seed in t.seeds:
        X_, y_ = table_to_audit(seed + 40)
        serving = X_.assign(office=0.0)
        X_ = X_.assign(office=3, letter=(leaks(y_, seed)["down"] * 10).astype(int))
        expected = {
            ("constant_column", "office"),
            ("target_leak", "letter"),
            ("not_at_serving", "letter"),
        }
        t.equal(codes_of(X_, y_.astype(int), serving), expected, what="findings")
with t.item("Only one class, or no known label", weight=1):
    X_, y_ = table_to_audit(7)
    for labels in (y_ * 0, y_ * np.nan):
        t.equal(codes_of(X_, labels, X_), set(), what="findings")
### END HIDDEN TESTS

# %% [markdown]
# Both parts together are the audit of our colleague's table:

# %% needs="column_findings"
pd.DataFrame(label_findings(X, y) + column_findings(X, y, X_serving))

# %% [markdown]
# Two columns hold the answer, and both are unknown when the model is asked: nobody has been sent a
# letter yet, and `repaid_share` is empty for a new application. One column never changes, and 28
# labels are missing. What would these two columns have promised?

# %% needs="column_findings"
known = y.notna()
names = {
    "with the two leaks": list(X.columns),
    "without them": [c for c in X if c not in ("collections_letters", "repaid_share")],
}
folds = StratifiedKFold(5, shuffle=True, random_state=0)
forest = RandomForestClassifier(30, min_samples_leaf=5, random_state=0)
rows = {
    name: cross_val_score(forest, X.loc[known, columns].fillna(-1), y[known], cv=folds).mean()
    for name, columns in names.items()
}
rows["always 'will repay'"] = y[known].mean()
pd.Series(rows, name="accuracy").map("{:.2f}".format).to_frame()

# %% [markdown]
# With the leaks the accuracy is 1. Without them it is 0.78, no better than the baseline, and that is
# the truth about this table. The audit has limits, too. It looks at one column at a time, so it misses
# an answer that is spread over two columns. And a column can be forbidden for other reasons: the
# decision of an officer (`approved_hist`) has an ordinary AUC, and it is not known in advance.

# %% [markdown]
# ## Is the test set unseen?
#
# > **test set**: rows that took no part in training or choosing, kept for one last measurement.
#
# "Took no part" is easily said. In `01_clean` you met copies and re-submissions. If one copy falls
# into the training set and the other into the test set, the model is asked a question whose answer
# it has read. The same holds, less exactly, for two rows of the same customer.
#
# **Your task.** Write `contamination(train, test, key=None, decimals=6)`. The two tables have the
# same columns, perhaps in another order. All columns but the one named by `key` are **features**.
# Return a dictionary with three numbers:
#
# - `"exact_rows"`: how many **rows of the test set** have the same features as some row of the
#   training set. The `key` is not compared.
# - `"shared_key_rows"`: how many rows of the test set have a `key` that occurs in the training
#   set. It is 0 when `key` is `None`.
# - `"share_test_contaminated"`: the share of test rows, from 0 to 1, to which at least one of the
#   two applies.
#
# When are two features the same? Numbers are first rounded to `decimals` places (`round` of
# pandas). A whole number equals the same decimal number (3 and 3.0). A gap equals a gap. Texts are
# compared as they are. Index and order of columns do not matter. A missing key (`NaN`) belongs to
# nobody: it is never shared.
#
# For example, with `key="customer"`:
#
# | train | customer | age | income | | test | customer | age | income |
# |---|---|---|---|---|---|---|---|---|
# | | 1 | 40 | 30.0 | | | 9 | 40 | 30.0 |
# | | 2 | 55 | | | | 2 | 55 | |
# | | 3 | 28 | 21.5 | | | 3 | 29 | 24.0 |
# | | | | | | | 4 | 61 | 50.0 |
#
# Two test rows are exact copies (the first, and the second with its gap), two have a known
# customer (2 and 3). Three of the four rows are contaminated: the share is 0.75, not 4/4, because
# customer 2 counts once.


# %% exercise="contamination" objective="W.3.3"
def contamination(
    train: pd.DataFrame, test: pd.DataFrame, key: str | None = None, decimals: int = 6
) -> dict:
    """Count the rows of the test set that the training set has seen."""
    ### BEGIN SOLUTION
    features = [column for column in train.columns if column != key]

    def contents(table):
        rows = table[features].round(decimals).itertuples(index=False, name=None)
        return [tuple(None if pd.isna(value) else value for value in row) for row in rows]

    seen = set(contents(train))
    exact = np.array([row in seen for row in contents(test)], dtype=bool)
    shared = exact & False if key is None else test[key].isin(train[key].dropna()).to_numpy()
    return {
        "exact_rows": int(exact.sum()),
        "shared_key_rows": int(shared.sum()),
        "share_test_contaminated": float((exact | shared).mean()),
    }
    ### END SOLUTION


# %% check="contamination" title="Seen test rows are counted once" points=3 transport="plain"
t.hints(
    "Turn each row of features into something that can be looked up, for example a tuple or a hash "
    "(`pd.util.hash_pandas_object`). Make a set of those of the training set.",
    "Mark each test row twice, with True or False: is its content in the set, is its key known? "
    "`series.isin(...)` helps.",
    "The share is the mean of (first mark OR second mark), `|` for arrays. NaN does not equal NaN: "
    "replace gaps by None before you compare.",
)


def two_tables(seed, n=60, m=40):
    """Tables without any common row or customer; the labels of the index overlap."""
    rng = np.random.default_rng([seed, 34])

    def table(size, first):
        return pd.DataFrame(
            {
                "customer": rng.permutation(size) + first,
                "age": rng.permutation(size) + first,
                "income": rng.uniform(20, 60, size).round(2),
                "purpose": rng.choice(["car", "home"], size),
            }
        )

    return table(n, 100), table(m, 600)


def planted(seed):
    """Seven copies under another key, five known customers, two of both kinds."""
    train, test = two_tables(seed)
    features = ["age", "income", "purpose"]
    test.loc[3:9, features] = train.loc[20:26, features].to_numpy()
    test.loc[8:12, "customer"] = train.loc[40:44, "customer"].to_numpy()
    test[["age", "income"]] = test[["age", "income"]].astype(float)
    train["age"] = train["age"].astype(float)
    return train, test


def counted(*tables, **options):
    """Return the three numbers, once the form is right."""
    got = t.call(contamination, *tables, **options)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    keys = {"exact_rows", "shared_key_rows", "share_test_contaminated"}
    t.equal(set(got), keys, what="keys")
    t.wrong_if(
        "share_in_percent",
        got["share_test_contaminated"] > 1 and got["exact_rows"] <= len(tables[1]),
        "The share is above 1. Give 0.25, not 25 percent; count no row twice.",
    )
    return got


with t.item("Copies are found by content, not by index", weight=2):
    for seed in t.seeds:
        train, test = planted(seed)
        got = counted(train, test, key="customer")
        t.wrong_if(
            "compares_the_index",
            got["exact_rows"] >= 40,
            "All 40 test rows count as copies. Both tables have index labels from 0 on, and that "
            "says nothing: compare the values of the features.",
        )
        t.wrong_if(
            "key_is_compared_too",
            got["exact_rows"] == 0,
            "No copy was found. The copies have another customer number, so do not compare the "
            "key: a re-submission under a new number is still the same row.",
        )
        t.equal(got["exact_rows"], 7, what="exact_rows")
        got = counted(*two_tables(seed), key="customer")
        nothing = {"exact_rows": 0, "shared_key_rows": 0, "share_test_contaminated": 0.0}
        t.equal(got, nothing, what="result of two tables without overlap")
with t.item("A row that is seen in both ways counts once", weight=2):
    for seed in t.seeds:
        train, test = planted(seed)
        got = counted(train, test, key="customer")
        share = got["share_test_contaminated"]
        t.equal(got["shared_key_rows"], 5, what="shared_key_rows")
        t.wrong_if(
            "counts_rows_twice",
            abs(share - 12 / 40) < 1e-9,
            "Your share is (7 + 5) / 40. Two rows are both copies and of a known customer: count "
            "each row once, with OR.",
        )
        t.wrong_if(
            "only_rows_seen_in_both_ways",
            abs(share - 2 / 40) < 1e-9,
            "Your share counts only rows to which BOTH apply. One of the two is enough.",
        )
        t.wrong_if(
            "share_of_the_training_set",
            abs(share - 10 / 60) < 1e-9,
            "You divided by the number of training rows. The question is how much of the TEST "
            "cannot be believed.",
        )
        t.equal(share, 10 / 40, what="share_test_contaminated")
    got = counted(train.drop(columns="customer"), test.drop(columns="customer"))
    expected = {"exact_rows": 7, "shared_key_rows": 0, "share_test_contaminated": 7 / 40}
    t.equal(got, expected, what="result without a key")
with t.item("Rows that are there several times", weight=2):
    for seed in t.seeds:
        train, test = planted(seed)
        many = pd.concat([train, train.iloc[15:50]], ignore_index=True)
        got = counted(many, test, key="customer")
        t.wrong_if(
            "merge_multiplies_rows",
            got["exact_rows"] > 7 or got["shared_key_rows"] > 5,
            "35 training rows are there twice, and your counts for the test set grew. A merge "
            "gives one row for each PAIR. Ask of each test row only whether there is a partner.",
        )
        t.equal(got["exact_rows"], 7, what="exact_rows with copies within the training set")
        again = pd.concat([test, test.iloc[[3, 4, 8, 8, 11]]])
        got = counted(train, again, key="customer")
        t.wrong_if(
            "counts_different_rows_only",
            got["exact_rows"] == 7 or got["shared_key_rows"] == 5,
            "Some test rows are there twice, and each of them is tested. Count rows of the test "
            "set, not different contents or different customers.",
        )
        expected = {"exact_rows": 11, "shared_key_rows": 8, "share_test_contaminated": 15 / 45}
        t.equal(got, expected, what="result with copies within the test set")
with t.item("The same content in another form", weight=2):
    train = pd.DataFrame({"age": [40, 55, 28], "income": [30.0, np.nan, 21.5], "k": [1, 2, 3]})
    test = pd.DataFrame(
        {"k": [9, 2, 3, 4], "age": [40.0, 55, 29, 61], "income": [30, np.nan, 24, 50]}
    )
    got = counted(train, test, key="k")
    t.wrong_if(
        "whole_and_decimal_numbers_differ",
        got["exact_rows"] == 0
        and counted(train.astype(float), test.astype(float), key="k")["exact_rows"] > 0,
        "No copy was found. 40 in one table is 40.0 in the other: as texts, or as hashes, they "
        "differ. Turn numbers into decimal numbers (`astype(float)`) in both tables first.",
    )
    t.wrong_if(
        "columns_by_position",
        got["exact_rows"] == 0,
        "No copy was found. The columns of the test set stand in another order: take them by name.",
    )
    t.wrong_if(
        "a_gap_equals_nothing",
        got["exact_rows"] == 1,
        "The row with a gap in both tables was not found. NaN does not equal NaN in Python: "
        "replace gaps by a mark of your own, such as None, before you compare.",
    )
    expected = {"exact_rows": 2, "shared_key_rows": 2, "share_test_contaminated": 0.75}
    t.equal(got, expected, what="worked example")
    zeros = test.assign(income=[30.0, 0.0, 24.0, 50.0])
    t.wrong_if(
        "a_gap_equals_zero",
        counted(train, zeros, key="k")["exact_rows"] == 2,
        "An income of 0 counts as the same as a gap. Unknown is not zero: fill gaps with a mark "
        "that is no number, such as None.",
    )
    got = counted(train.assign(k=[1, np.nan, 3]), test.assign(k=[9, np.nan, 3, 4]), key="k")
    t.wrong_if(
        "missing_keys_are_shared",
        got["shared_key_rows"] == 2,
        "A row without a key in the test set counts as a known customer, because the training set "
        "has a row without a key, too. Leave missing keys out.",
    )
    t.equal(got["shared_key_rows"], 1, what="shared_key_rows with missing keys")
    noisy = test.assign(income=test["income"] + 0.004)
    got = counted(train, noisy, key="k", decimals=2)["exact_rows"]
    t.wrong_if(
        "does_not_round",
        got < 2,
        "With `decimals=2`, an income of 30.004 is the same as 30. Round both tables.",
    )
    t.equal(got, 2, what="exact_rows with decimals=2")
    got = counted(train, noisy, key="k")["exact_rows"]
    t.wrong_if(
        "rounds_too_much",
        got > 1,
        "With `decimals=6`, an income of 30.004 is not the same as 30. Use the argument.",
    )
    t.equal(got, 1, what="exact_rows with decimals=6")
### BEGIN HIDDEN TESTS
with t.item("Missing keys, gaps in texts, and a test set of one row", weight=2):
    for seed in t.seeds:
        train, test = planted(seed + 20)
        train["customer"] = train["customer"].astype(float)
        train.loc[[1, 40, 41], "customer"] = np.nan
        test["customer"] = test["customer"].astype(float)
        test.loc[[0, 1, 2], "customer"] = np.nan
        train.loc[21, "purpose"] = None
        test.loc[4, "purpose"] = None
        got = counted(train, test[train.columns[::-1]], key="customer")
        t.wrong_if(
            "missing_keys_are_shared",
            got["shared_key_rows"] == 6,
            "Rows without a customer number count as the same customer. Nobody knows who they are.",
        )
        expected = {"exact_rows": 7, "shared_key_rows": 3, "share_test_contaminated": 10 / 40}
        t.equal(got, expected, what="result with missing keys")
        one = counted(train, test.iloc[[5]], key="customer")
        expected = {"exact_rows": 1, "shared_key_rows": 0, "share_test_contaminated": 1.0}
        t.equal(one, expected, what="result for one row")
### END HIDDEN TESTS

# %% [markdown]
# How much does it matter? We build a training set of 600 loans. The test set has 300 new loans and
# 100 copies of training rows. The model is a decision tree without a limit, which can learn every
# row by heart.

# %%
both = data.credit(n=900, seed=5)
inputs = ["age", "income_keur", "loan_keur", "debt_ratio", "late_payments", "employment_years"]
train_rows = both.iloc[:600]
test_rows = pd.concat([both.iloc[600:], train_rows.sample(100, random_state=0)], ignore_index=True)
tree = DecisionTreeClassifier(random_state=0).fit(train_rows[inputs], train_rows["repaid"])
test_rows["right"] = tree.predict(test_rows[inputs]) == test_rows["repaid"]
print(f"accuracy in the report: {test_rows['right'].mean():.2f}")

# %% [markdown]
# Your function counts what the training set has seen. After that, we score each part alone.

# %% needs="contamination"
print(contamination(train_rows[inputs], test_rows[inputs]))
copied = test_rows.index >= 300
accuracies = {
    "whole test set\n(400 rows)": test_rows["right"].mean(),
    "copies\n(100 rows)": test_rows["right"][copied].mean(),
    "unseen rows\n(300 rows)": test_rows["right"][~copied].mean(),
}
fig, ax = plt.subplots(figsize=(6.5, 3.2))
bars = ax.bar(accuracies.keys(), accuracies.values(), width=0.5, hatch=["", "//", ""])
ax.bar_label(bars, fmt="%.2f", label_type="center", bbox={"facecolor": "white"})
ax.axhline(both["repaid"].mean(), color="0.3", linestyle="--", label="always 'will repay'")
ax.set(ylabel="accuracy", ylim=(0, 1.2))
ax.legend(loc="upper right")
figures.show(
    fig,
    alt="Bars of accuracy: the whole test set 0.77, the copies 1.00, the unseen rows 0.69. The line "
    "of always saying will repay is at 0.81.",
)

# %% [markdown]
# The report says 0.77, a little below the baseline. On unseen rows the tree is right in 0.69 of all
# cases: far below the baseline. One quarter of copies was enough to hide that.

# %% [markdown]
# ## Which rows belong together?
#
# One test set is not enough. We try several models and several settings, and choose the best. A set
# that helped to choose has been looked at. So we need three parts:
#
# > **validation set**: rows that took no part in training and are used to choose between models and
# > settings. After the choice, the test set is still unseen.
#
# A vendor offers twelve "behaviour scores" for each application. He has 900 applications of 150
# customers, six each, and promises that his scores predict repayment. He shows a cross-validation
# with an accuracy of almost 1.

# %%
scores, repaid, customers = data.repeats(seed=0)
vendor = cross_val_score(
    KNeighborsClassifier(1), scores, repaid, cv=KFold(5, shuffle=True, random_state=0)
)
print("accuracy in the vendor's folds:", np.round(vendor, 2))

# %% [markdown]
# The folds are clean: no row is in two of them. But every customer is in all of them. Are these
# scores worth their price? A loan that we decide tomorrow will come from a customer whom the model
# has never seen. So the test must ask about customers that it has never seen.
#
# > **group split**: a split in which all rows of a group, for example of a customer, go into the
# > same part.
#
# **Your task.** Write `three_way(df, y, groups, sizes=(0.6, 0.2, 0.2), seed=0)`.
#
# - `df` is a table, `y` a Series of labels 0 and 1, `groups` a Series with the customer of each
#   row. All three have the same index. Its labels are unique, and they need not be 0, 1, 2, …
# - Return a dictionary with the keys `"train"`, `"valid"` and `"test"`. Each value holds the
#   **index labels** of the rows of this part. Every row is in exactly one part.
# - No customer is in two parts.
# - The share of **rows** in each part is at most 0.03 away from `sizes`. The share of label 1 in
#   each part is at most 0.05 away from its share in the whole table.
# - Equal calls give equal parts. Another `seed` gives other parts.
#
# Each of the `sizes` is a multiple of the smallest, and together they are 1. So
# `StratifiedGroupKFold` helps: with `n_splits = k` it gives *k* folds of about equal size, and each
# holds about the same share of every class. With `sizes=(0.6, 0.2, 0.2)` and *k* = 5, three folds
# are for training, one for validation, one for the test. Its
# `split(df, y, groups)` gives pairs of (other rows, rows of the fold), as **positions**.
#
# For example, if a table has the index labels 10, 11, …, 19 and each customer has two rows, a valid
# answer is `{"train": [10, 11, 14, 15, 18, 19], "valid": [12, 13], "test": [16, 17]}`. (With so
# few rows the shares of the labels cannot be kept; the tables of the check are large enough.)


# %% exercise="three_way" objective="W.6.5"
def three_way(
    df: pd.DataFrame, y: pd.Series, groups: pd.Series, sizes=(0.6, 0.2, 0.2), seed: int = 0
) -> dict[str, pd.Index]:
    """Split rows into three parts that share no customer and have the same share of classes."""
    ### BEGIN SOLUTION
    k = round(1 / min(sizes))
    splitter = StratifiedGroupKFold(k, shuffle=True, random_state=seed)
    folds = [fold for _, fold in splitter.split(df, y, groups)]
    parts, start = {}, 0
    for name, size in zip(("train", "valid", "test"), sizes):
        end = start + round(size * k)
        parts[name] = df.index[np.concatenate(folds[start:end])]
        start = end
    return parts
    ### END SOLUTION


# %% check="three_way" title="No customer in two parts, and fair shares" points=4 transport="plain"
t.hints(
    "Split customers, not rows: `StratifiedGroupKFold(5, shuffle=True, random_state=seed)`.",
    "`[fold for _, fold in splitter.split(df, y, groups)]` is a list of five arrays of positions. "
    "Join the first three for training.",
    "`df.index[positions]` turns positions into index labels; `round(1 / min(sizes))` is the "
    "number of folds.",
)


def loans_of_customers(seed, n_customers, share):
    """Customers with 1 to 9 rows, the same label in all of them; rows and labels shuffled."""
    rng = np.random.default_rng([seed, 35])
    rows_of = np.resize(np.arange(1, 10), n_customers)
    customer = np.repeat(rng.permutation(1000)[:n_customers], rows_of)
    positive = rng.permutation(np.arange(n_customers) < round(share * n_customers))
    label = np.repeat(positive, rows_of).astype(int)
    order = rng.permutation(len(customer))
    index = pd.Index(rng.permutation(3 * len(customer))[: len(customer)] + 5000)
    income = rng.lognormal(3.4, 0.4, len(customer)).round(1)
    table = pd.DataFrame({"income_keur": income, "age": 30 + order % 40}, index=index)
    return table, pd.Series(label[order], index), pd.Series(customer[order], index)


def parts_of(table, labels, groups, **options):
    """Return the parts as lists, once they are a partition of the rows."""
    got = t.call(three_way, table, labels, groups, **options)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.equal(set(got), {"train", "valid", "test"}, what="keys")
    parts = {name: list(got[name]) for name in ("train", "valid", "test")}
    rows = [label for part in parts.values() for label in part]
    t.wrong_if(
        "positions_instead_of_labels",
        sorted(rows) == list(range(len(table))),
        "You returned positions 0, 1, 2, … The index labels of this table begin at 5000: use "
        "`df.index[positions]`.",
    )
    t.wrong_if(
        "a_row_in_two_parts",
        len(set(rows)) < len(rows),
        "Some rows are in two parts. Each fold may go into one part only.",
    )
    t.equal(sorted(rows), sorted(table.index), what="all rows together")
    return parts


def shared_customers(parts, groups):
    """Count the customers that are in more than one part."""
    part_of = pd.Series({label: name for name, part in parts.items() for label in part})
    return int((part_of.groupby(groups.loc[part_of.index]).nunique() > 1).sum())


def require_fair(parts, labels, sizes):
    """Require that sizes and shares of classes are kept."""
    for (name, part), size in zip(parts.items(), sizes):
        share, of_one = len(part) / len(labels), labels.loc[part].mean()
        t.wrong_if(
            "ignores_the_share_of_classes",
            abs(of_one - labels.mean()) > 0.05,
            f"{labels.mean():.2f} of all labels are 1, and {of_one:.2f} in `{name}`. Whole "
            "customers were drawn by chance, and few customers can differ much. Look at the "
            "labels too, for example with `StratifiedGroupKFold`.",
        )
        t.require(
            abs(share - size) <= 0.03,
            f"`{name}` has {share:.2f} of the rows; at most 0.03 away from {size} is asked for.",
        )


with t.item("Every row is in one part, and every customer too", weight=3):
    for seed in t.seeds:
        table, labels, groups = loans_of_customers(seed, 90, 0.5)
        count = shared_customers(parts_of(table, labels, groups), groups)
        t.wrong_if(
            "splits_rows_not_customers",
            count > 60,
            f"{count} of 90 customers are in more than one part. The model would be tested with "
            "customers whom it knows. Split customers.",
        )
        t.wrong_if(
            "groups_in_one_step_only",
            count > 0,
            f"{count} of 90 customers are in more than one part. One of your splits goes by "
            "customers, another one by rows. Both must go by customers.",
        )
with t.item("Sizes and classes are kept", weight=3):
    for seed in t.seeds:
        table, labels, groups = loans_of_customers(seed, 90, 0.5)
        require_fair(parts_of(table, labels, groups), labels, (0.6, 0.2, 0.2))
with t.item("Other sizes", weight=1):
    table, labels, groups = loans_of_customers(2, 180, 0.5)
    for sizes in ((0.5, 0.25, 0.25), (0.6, 0.1, 0.3)):
        parts = parts_of(table, labels, groups, sizes=sizes)
        share = len(parts["train"]) / len(table)
        t.wrong_if(
            "ignores_sizes",
            sizes[0] == 0.5 and abs(share - 0.6) < 0.03,
            f"With `sizes={sizes}`, `train` has {share:.2f} of the rows. Use the argument.",
        )
        require_fair(parts, labels, sizes)
with t.item("The seed decides, and nothing else", weight=1):
    table, labels, groups = loans_of_customers(3, 60, 0.4)
    first = t.same_every_time(three_way, table, labels, groups, seed=1)
    second = t.call(three_way, table, labels, groups, seed=2)
    t.wrong_if(
        "ignores_the_seed",
        set(first["train"]) == set(second["train"]),
        "Seed 1 and seed 2 give the same parts. Shuffle, and pass the seed on.",
    )
### BEGIN HIDDEN TESTS
with t.item("A rare class, and customers with both labels", weight=2):
    for seed in t.seeds:
        table, labels, groups = loans_of_customers(seed + 60, 180, 0.08)
        parts = parts_of(table, labels, groups)
        t.equal(shared_customers(parts, groups), 0, what="customers in two parts")
        require_fair(parts, labels, (0.6, 0.2, 0.2))
        mixed = labels ^ (np.arange(len(labels)) % 4 == 0)
        parts = parts_of(table, mixed, "C" + groups.astype(str))
        t.equal(shared_customers(parts, groups), 0, what="customers in two parts")
        require_fair(parts, mixed, (0.6, 0.2, 0.2))
### END HIDDEN TESTS

# %% [markdown]
# Now the vendor's scores once more: the same model and the same rows, split in two ways. Thirty
# customers in a part are few, so we take the mean over 20 seeds of your split.

# %% needs="three_way"
parts = three_way(scores, repaid, customers)
by_customer = {"valid": [], "test": []}
for seed in range(20):
    split = three_way(scores, repaid, customers, seed=seed)
    model = KNeighborsClassifier(1).fit(scores.loc[split["train"]], repaid[split["train"]])
    for name in by_customer:
        by_customer[name].append(model.score(scores.loc[split[name]], repaid[split[name]]))
accuracies = {"rows split at random\n(the vendor)": vendor.mean()}
for name, values in by_customer.items():
    accuracies[f"split by customer\n({name}, mean of 20)"] = np.mean(values)
fig, ax = plt.subplots(figsize=(7, 3.2))
bars = ax.bar(accuracies.keys(), accuracies.values(), width=0.5, hatch=["//", "", ""])
ax.bar_label(bars, fmt="%.2f", label_type="center", bbox={"facecolor": "white"})
ax.axhline(0.5, color="0.3", linestyle="--", label="a coin")
ax.set(ylabel="accuracy", ylim=(0, 1.2))
ax.legend(loc="upper right")
figures.show(
    fig,
    alt="Bars of accuracy: rows split at random 1.00; split by customer about 0.5 in the validation "
    "set and in the test set, the accuracy of a coin.",
)

# %% [markdown]
# The "skill" was to recognise the customer. In this data set the label was thrown like a coin, once
# for each customer: there is nothing to learn. Do not buy these scores.
#
# How do you notice this in your own work? Ask what one row is, and who comes back: customers,
# devices, branches, days. A later unit (09) splits card transactions with this rule. So the rule is
# stored as data, together with what it gave:

# %%
SPLIT_RULE = {
    "unit_of_split": "customer_id",
    "stratify_by": "repaid",
    "sizes": {"train": 0.6, "valid": 0.2, "test": 0.2},
    "seed": 0,
    "why": "rows of one customer resemble each other; the model will be asked about new customers",
}


def rule_with_counts(parts: dict, y: pd.Series, groups: pd.Series) -> dict:
    """Return the rule of the split together with what it gave."""
    counts = {
        name: {
            "rows": len(part),
            "customers": int(groups.loc[part].nunique()),
            "share_of_label_1": round(float(y.loc[part].mean()), 3),
        }
        for name, part in parts.items()
    }
    return {**SPLIT_RULE, "parts": counts}


# %% [markdown]
# `artifacts.put` stores it as text, for the units that follow.

# %% needs="three_way"
split_rule = rule_with_counts(parts, repaid, customers)
artifacts.put("split_rule", split_rule)
pd.DataFrame(split_rule["parts"]).T

# %% [markdown]
# ## Does the model know, or only remember?
#
# > **generalisation gap**: the score on the training rows minus the score on rows that the model has
# > not seen.
#
# Our last table holds loans without a security. Only six in ten of them are repaid in time. A
# decision tree asks one question after another. Its **depth** is the largest number of questions
# to one loan. Move the depth and the number of loans, and watch both curves. Where do they part?

# %% tags=["nbval-ignore-output"]
loans_to_learn = data.credit(n=5000, seed=6, base_rate=0.4)


def show_depth(depth, n_loans):
    """Draw the accuracy of trees up to a depth, on the rows they learned and on unseen rows."""
    learned, unseen = loans_to_learn[:n_loans], loans_to_learn[3000:]
    shown = range(1, depth + 1)
    accuracy = {"training rows": [], "unseen rows": []}
    for d in shown:
        model = DecisionTreeClassifier(max_depth=d, random_state=0)
        model.fit(learned[inputs], learned["repaid"])
        for name, rows in zip(accuracy, (learned, unseen)):
            accuracy[name].append(model.score(rows[inputs], rows["repaid"]))
    fig, ax = plt.subplots(figsize=(6.5, 3))
    for name, values in accuracy.items():
        ax.plot(shown, values, marker="o", label=name)
    ax.axhline(unseen["repaid"].mean(), color="0.4", linestyle=":", label="always 'will repay'")
    ax.set(xlabel="depth of the tree", ylabel="accuracy", title=f"learned from {n_loans} loans")
    ax.legend()
    figures.show(fig, alt=f"Accuracy of trees of depth 1 to {depth}, learned from {n_loans} loans.")


explore.sliders(show_depth, depth=(2, 16, 1, 12), n_loans=(200, 3000, 400, 600))

# %% [markdown]
# The curve of the training rows rises and rises. The curve of the unseen rows follows for the first
# two or three questions, and then it falls. With more loans the two curves part later.
#
# Two things can be wrong with a model. It **underfits**: it is no better than a baseline, because
# it is too simple or because the columns say nothing. Or it **overfits**: it remembers details of
# the training rows that do not come back.
#
# **Your task.** Write two functions.
#
# `gap_curve(make_model, values, X, y, cv)` returns a DataFrame with one row for each of the
# `values`, in their order, and the columns
#
# - `value`,
# - `train`: the mean accuracy over the folds, on the training rows of each fold,
# - `valid`: the mean accuracy over the folds, on the rows that were left out,
# - `gap`: `train` minus `valid`.
#
# `make_model(value)` gives a new classifier. `cv` is a splitter with a fixed seed; pass it on.
# `cross_validate(…, return_train_score=True)` gives `train_score` and `test_score` of each fold.
#
# `diagnose(row, baseline, tol=0.02)` takes one row of this table (a Series or a dictionary) and
# the accuracy of a baseline, and returns one word. Ask in this order:
#
# 1. `"overfit"` if the gap is above 0.1;
# 2. `"underfit"` if `valid` is at most `baseline + tol`;
# 3. `"ok"` otherwise.
#
# For example, with `baseline=0.78`, the row (train 0.80, valid 0.79, gap 0.01) is `"underfit"`,
# because 0.79 ≤ 0.80. The row (train 0.86, valid 0.82, gap 0.04) is `"ok"`: a small gap is
# normal. The row (train 1.00, valid 0.70, gap 0.30) is `"overfit"`.


# %% exercise="gap_curve" objective="W.1.3"
def gap_curve(make_model, values, X, y, cv) -> pd.DataFrame:
    """Return the accuracy on training rows and on unseen rows for each value."""
    ### BEGIN SOLUTION
    rows = []
    for value in values:
        result = cross_validate(make_model(value), X, y, cv=cv, return_train_score=True)
        train, valid = result["train_score"].mean(), result["test_score"].mean()
        rows.append({"value": value, "train": train, "valid": valid, "gap": train - valid})
    return pd.DataFrame(rows)
    ### END SOLUTION


def diagnose(row, baseline: float, tol: float = 0.02) -> str:
    """Say in one word what is wrong with a model."""
    ### BEGIN SOLUTION
    if row["gap"] > 0.1:
        return "overfit"
    return "underfit" if row["valid"] <= baseline + tol else "ok"
    ### END SOLUTION


# %% check="gap_curve" title="The gap is measured and named" points=2 transport="object"
from sklearn.dummy import DummyClassifier

t.hints(
    "One loop over the values. Each round gives one dictionary with four keys; `pd.DataFrame` "
    "makes a table of a list of dictionaries.",
    "`cross_validate(model, X, y, cv=cv, return_train_score=True)` returns arrays of scores: take "
    "the mean of each.",
    "`diagnose`: first ask for the gap, then compare `valid` with `baseline + tol`.",
)


def neighbours(k):
    """A model that learns every row by heart for k=1."""
    return KNeighborsClassifier(k)


def curve(make_model, values, X_, y_, cv):
    """Return the curve, once it has the right form."""
    got = t.call(gap_curve, make_model, values, X_, y_, cv)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(got.columns), {"value", "train", "valid", "gap"}, what="columns")
    t.equal(list(got["value"]), list(values), what="column value")
    t.wrong_if(
        "accuracy_in_percent",
        (got["train"] > 1.001).any(),
        "An accuracy is above 1. Give shares, 0.85 and not 85 %.",
    )
    return got.reset_index(drop=True)


with t.item("Train, valid and gap are measured on the right rows", weight=3):
    cv_ = StratifiedKFold(4, shuffle=True, random_state=1)
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 36])
        X_, y_ = rng.normal(size=(80, 3)), rng.permutation(np.arange(80) % 2)
        got = curve(neighbours, [1, 15], X_, y_, cv_)
        t.wrong_if(
            "valid_on_training_rows",
            got["valid"][0] > 0.9,
            "The labels are pure chance, and `valid` is about 1 for one neighbour. It must be "
            "measured on rows that were left out.",
        )
        t.wrong_if(
            "gap_upside_down",
            got["gap"][0] < -0.1,
            f"The gap is {got['gap'][0]:.2f}. It is `train` minus `valid`: positive when the model "
            "is better on what it has learned.",
        )
        t.equal(got["train"][0], 1.0, what="train of one neighbour")
        learned = [rows for rows, _ in cv_.split(X_, y_)]
        train = np.mean([neighbours(15).fit(X_[r], y_[r]).score(X_[r], y_[r]) for r in learned])
        t.wrong_if(
            "train_on_all_rows",
            not np.isclose(got["train"][1], train)
            and np.isclose(got["train"][1], neighbours(15).fit(X_, y_).score(X_, y_)),
            "`train` belongs to a model that was trained on all rows. Take the models of the folds, "
            "each scored on its own training rows, and then the mean.",
        )
        t.equal(got["train"][1], train, what="train of 15 neighbours")
        t.equal(got["gap"].tolist(), (got["train"] - got["valid"]).tolist(), what="gap")
        t.require(0.25 < got["valid"][0] < 0.75, "`valid` of a coin should be near 0.5.")
with t.item("It uses the folds and the models that it is given", weight=2):
    for seed in t.seeds:
        y_ = np.random.default_rng([seed, 37]).permutation(np.arange(60) % 3 == 0).astype(int)
        X_ = pd.DataFrame({"x": np.arange(60.0)}, index=np.arange(60) + 100)
        labels = pd.Series(y_, X_.index)
        constant = {k: DummyClassifier(strategy="constant", constant=k) for k in (1, 0)}
        got = curve(constant.get, [1, 0], X_, labels, StratifiedKFold(2))
        t.equal(got["valid"].tolist(), [1 / 3, 2 / 3], what="valid of two constant models")
        t.equal(got["train"].tolist(), [1 / 3, 2 / 3], what="train of two constant models")
        few, many = (
            curve(neighbours, [3], X_, labels, KFold(k, shuffle=True, random_state=0))
            for k in (2, 10)
        )
        t.wrong_if(
            "ignores_cv",
            few.equals(many),
            "Two folds and ten folds give the same. Pass `cv` on.",
        )
with t.item("The diagnosis: large gap, no gain, or neither", weight=3):
    cases = [
        (0.80, 0.79, 0.78, "underfit"),
        (0.86, 0.82, 0.78, "ok"),
        (1.00, 0.70, 0.78, "overfit"),
        (0.62, 0.60, 0.52, "ok"),
        (0.95, 0.86, 0.70, "ok"),
        (0.93, 0.79, 0.78, "overfit"),
        (0.70, 0.68, 0.78, "underfit"),
        (0.84, 0.79, 0.78, "underfit"),
    ]
    for train, valid, base, expected in cases:
        row = {"value": 3, "train": train, "valid": valid, "gap": train - valid}
        got = t.call(diagnose, row, base)
        shown = f"(train {train}, valid {valid}, gap {train - valid:.2f}) with baseline {base}"
        t.wrong_if(
            "every_gap_is_overfitting",
            got == "overfit" and train - valid < 0.1,
            f"The row {shown} is called overfit. Nearly every model is a little better on "
            "training rows. Ask for a gap above 0.1.",
        )
        t.wrong_if(
            "compares_train_with_the_baseline",
            got == "ok" and expected == "underfit" and train > base + 0.03,
            f"The row {shown} is called ok. Compare `valid` with the baseline, not `train`: on "
            "unseen rows this model is no better.",
        )
        t.wrong_if(
            "baseline_is_always_one_half",
            got == "ok" and expected == "underfit",
            f"The row {shown} is called ok. Who always says the most frequent class already "
            f"reaches {base}: compare `valid` with the argument `baseline`, plus `tol`.",
        )
        t.wrong_if(
            "asks_for_the_baseline_first",
            got == "underfit" and expected == "overfit",
            f"The row {shown} is called underfit. Its gap is large: the model remembers. Ask for "
            "the gap first.",
        )
        t.equal(got, expected, what=f"diagnosis of {shown}")
    row = pd.Series({"train": 0.84, "valid": 0.82, "gap": 0.02})
    got = [t.call(diagnose, row, 0.78, tol=tol) for tol in (0.0, 0.1)]
    t.wrong_if(
        "ignores_tol",
        got[0] == got[1],
        "With `tol=0` and `tol=0.1` the diagnosis is the same. Use the argument.",
    )
    t.equal(got, ["ok", "underfit"], what="diagnosis with tol 0 and 0.1")
    at_the_limit = {"value": 3, "train": 0.8125, "valid": 0.75, "gap": 0.0625}
    t.wrong_if(
        "limit_is_left_out",
        t.call(diagnose, at_the_limit, 0.5, tol=0.25) == "ok",
        "With baseline 0.5 and tol 0.25, `valid` 0.75 is called ok. *At most* 0.75 includes 0.75: "
        "compare with `<=`.",
    )
    t.equal(t.call(diagnose, at_the_limit, 0.5, tol=0.25), "underfit", what="at the limit")
### BEGIN HIDDEN TESTS
with t.item("It agrees with scores computed one by one", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 38])
        X_ = rng.normal(size=(90, 2))
        y_ = (X_[:, 0] + rng.normal(0, 1, 90) > 0).astype(int)
        splits = StratifiedKFold(3, shuffle=True, random_state=seed)
        got = curve(neighbours, [2, 9], X_, y_, splits)
        for i, k in enumerate((2, 9)):
            fitted = [(neighbours(k).fit(X_[a], y_[a]), a, b) for a, b in splits.split(X_, y_)]
            means = [np.mean([m.score(X_[r[w]], y_[r[w]]) for m, *r in fitted]) for w in (0, 1)]
            t.wrong_if(
                "train_score_of_all_rows",
                not np.isclose(got["train"][i], means[0])
                and np.isclose(got["train"][i], neighbours(k).fit(X_, y_).score(X_, y_)),
                "`train` comes from one model that was trained on all rows. Take the mean over the "
                "folds, of the model and the training rows of each fold.",
            )
            t.equal([got["train"][i], got["valid"][i]], means, what=f"train and valid for k={k}")
with t.item("At the limits", weight=1):
    for gap, valid, expected in (
        (0.1, 0.9, "ok"),
        (0.25, 0.5, "overfit"),
        (-0.2, 0.75, "underfit"),
    ):
        row = {"train": valid + gap, "valid": valid, "gap": gap}
        t.equal(t.call(diagnose, row, 0.74), expected, what=f"diagnosis of {row}")
### END HIDDEN TESTS

# %% [markdown]
# Your functions, on 1,500 loans. The baseline is the share of the most frequent class: whoever always
# says "will repay" is right that often.


# %% needs="gap_curve"
def tree_of_depth(depth):
    """Return a tree with at most this depth."""
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


sample = loans_to_learn.head(1500)
baseline = sample["repaid"].mean()
splits = StratifiedKFold(5, shuffle=True, random_state=0)
depths = gap_curve(tree_of_depth, [1, 2, 3, 5, 8, 20], sample[inputs], sample["repaid"], splits)
depths["diagnosis"] = [diagnose(row, baseline) for _, row in depths.iterrows()]
print(f"baseline: {baseline:.2f}")
depths.round(2)

# %% [markdown]
# One or two questions are hardly better than the baseline: these trees are too simple. From depth 8
# on, the tree remembers. At depth 20 it knows every training row, and with unseen rows it is no
# better than somebody who always says "will repay".
#
# A gap alone is not a crime, and no gap is no praise: whoever always says "will repay" has none at
# all. Look at two numbers, `valid` against the baseline, and the gap.

# %% [markdown]
# ## Recap
#
# - A column may enter training only if it is known when the model is asked. A column that separates
#   the classes almost completely is a suspect, not a gift.
# - A test row that the training set has seen, or a customer whom it knows, measures memory.
# - Training, validation and test set: learn, choose, measure. Split what comes back (customers), and
#   keep the share of the classes.
# - The gap tells whether a model remembers; the baseline tells whether it knows anything.
#
# **Two questions from earlier.** Answer from memory first, then open the answers.
#
# 1. From `02_choose_algorithm`: two models differ by 0.01 in mean accuracy over the same folds. Why
#    do we compare them fold by fold?
# 2. From `01_clean`: two applications of one customer have the same values in all columns but the
#    application number. Why must they not simply be treated as two customers?
#
# <details><summary>Answers</summary>
#
# 1. Some folds are harder than others, for both models. The difference within each fold leaves this
#    out, so it shows much more clearly whether one model is really better.
# 2. They are a re-submission: one person, one loan, twice in the table. As two rows they count
#    double in training, and if the split separates them, the test set has been seen.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide, [Cross-validation iterators for grouped
#   data](https://scikit-learn.org/stable/modules/cross_validation.html#cross-validation-iterators-for-grouped-data):
#   find the splitter for "leave one branch out".
# - scikit-learn, [Validation curves and learning
#   curves](https://scikit-learn.org/stable/modules/learning_curve.html): the same two curves as
#   yours, for an SVM.
# - Inria, [scikit-learn course](https://inria.github.io/scikit-learn-mooc/), module on selecting the
#   best model: look for the exercise in which digits were written by a few people.
# - S. Kapoor and A. Narayanan, "Leakage and the reproducibility crisis in machine-learning-based
#   science", Patterns 4 (2023): read the table with eight kinds of leakage, and find your three.
