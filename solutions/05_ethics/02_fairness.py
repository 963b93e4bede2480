# %% [markdown]
# ## The story
#
# A newspaper writes that Northwind Credit refuses people of group B more often. The board asks a
# simple question: "Is our model fair, yes or no?" In this notebook you find out why the question
# needs a second one: fair in which sense?
#
# **What is `group`?** A characteristic that the law protects, with the values A and B. Which one it
# is stays open on purpose, so that we argue about numbers and not about people we know. It is never
# an input of a model. We keep it for one reason: whoever does not record a group cannot see that it
# is treated worse.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from fairlearn.metrics import demographic_parity_difference, equal_opportunity_difference
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# The applications come from a generator, so the truth is known. Three things are built into them:
#

# - group B earns less and has more late payments (`gap`), which lowers its chance to repay;
# - the officers of the past were harder on group B than its repayment justified (`officer_bias`);
# - most of group B lives near the branch in the east (`proxy`).
#
# Two columns are answers, with 1 as the better one in both: `approved_hist`, what the officer
# decided, and `repaid`, whether the loan was paid back. (In real life nobody knows `repaid` for a
# refused applicant. The generator does.)

# %%
FEATURES = [
    *["age", "income_keur", "loan_keur", "debt_ratio", "late_payments"],
    *["employment_years", "home_owner", "purpose", "area"],
]


def make_model(features: list, estimator=None):
    """Return a pipeline: one-hot for the two text columns, z-scores for numbers, an estimator."""
    if isinstance(features, str) or len(features) == 0:
        raise ValueError(f"features is {features!r}; expected a list of one name or more.")
    words = [name for name in features if name in ("purpose", "area")]
    numbers = [name for name in features if name not in words]
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    prepare = make_column_transformer((StandardScaler(), numbers), (one_hot, words))
    if estimator is None:
        estimator = LogisticRegression(max_iter=1000)
    return make_pipeline(prepare, estimator)


applications = data.credit(6000, seed=0, gap=1.0, officer_bias=1.2)
past, new = applications[:3000], applications[3000:].reset_index(drop=True)
new.groupby("group")[["income_keur", "late_payments", "approved_hist", "repaid"]].mean().round(2)

# %% [markdown]
# Look at the last two columns. Repayment differs between the groups by about 0.15, and the old
# decisions differ by about 0.5.
#
# ## Two ways to measure
#
# Every measure below compares one number between the groups. In this course **1 means approved**,
# the outcome that people want.
#
# > **selection rate**: the share of a group that gets the favourable outcome.
#
# > **demographic parity**: all groups have the same selection rate.
#
# > **equal opportunity**: of the people who would repay, the same share is approved in all groups.
#
# The share in the last definition is the *true positive rate* (TPR, recall): approved among
# `y_true == 1`. There is also the *false positive rate* (FPR): approved among `y_true == 0`. If both
# rates agree between the groups, this is called *equalized odds*.
#
# **Your task.** Write `fairness_report(y_true, y_pred, group)` with NumPy or pandas, not with a
# fairness library.
#
# - The three arguments are Series with the same index: 0 or 1, 0 or 1, and the name of a group.
#   There are two groups or more.
# - The result is a dictionary of four numbers:
#     - `"dp"`: the largest minus the smallest selection rate;
#     - `"dp_ratio"`: the smallest divided by the largest selection rate (the largest is above 0);
#     - `"eo"`: the largest minus the smallest TPR;
#     - `"eodds"`: the larger one of `"eo"` and the same difference of the FPR.
# - A group without any `y_true == 1` has no TPR: leave it out of `"eo"`. A group without any
#   `y_true == 0` has no FPR: leave it out there. At least two groups always remain.
#
# For example:
#
# | group | `y_true` | `y_pred` | selection rate | TPR | FPR |
# |---|---|---|---|---|---|
# | A | 1 1 1 0 0 | 1 1 0 1 0 | 3/5 | 2/3 | 1/2 |
# | B | 1 1 0 0 | 1 0 0 0 | 1/4 | 1/2 | 0 |
#
# So `dp` = 0.6 − 0.25 = 0.35, `dp_ratio` = 0.25 / 0.6 = 0.417, `eo` = 0.167, `eodds` = 0.5.


# %% exercise="fairness_report" objective="W.8.4"
def fairness_report(y_true: pd.Series, y_pred: pd.Series, group: pd.Series) -> dict[str, float]:
    """Return dp, dp_ratio, eo and eodds."""
    ### BEGIN SOLUTION
    selection = y_pred.groupby(group).mean()
    tpr = y_pred[y_true == 1].groupby(group).mean()
    fpr = y_pred[y_true == 0].groupby(group).mean()
    eo = tpr.max() - tpr.min()
    return {
        "dp": selection.max() - selection.min(),
        "dp_ratio": selection.min() / selection.max(),
        "eo": eo,
        "eodds": max(eo, fpr.max() - fpr.min()),
    }
    ### END SOLUTION


# %% check="fairness_report" title="Four measures of a gap between groups" points=3 transport="plain"
t.hints(
    "The mean of 0 and 1 is a share: `y_pred.groupby(group).mean()` gives all selection rates.",
    "For the TPR keep the rows with `y_true == 1` first, then do the same: "
    "`y_pred[y_true == 1].groupby(group).mean()`.",
    "A group without such rows is then not in the result, so `.max() - .min()` leaves it out.",
)
EXAMPLE = [
    pd.Series([1, 1, 1, 0, 0, 1, 1, 0, 0]),
    pd.Series([1, 1, 0, 1, 0, 1, 0, 0, 0]),
    pd.Series(list("AAAAABBBB")),
]


def people(seed, shares, n=90):
    """Random people: for each group its share approved among y = 1 and among y = 0."""
    rng = np.random.default_rng([seed, 84])
    group = pd.Series(rng.permutation(np.resize(list(shares), n)), index=rng.permutation(n) + 7)
    y_true = pd.Series(rng.integers(0, 2, n), group.index)
    chance = [shares[g][1 - y] for g, y in zip(group, y_true)]
    return y_true, pd.Series((rng.random(n) < chance).astype(int), group.index), group


def expected_rates(y_true, y_pred, group):
    """Selection rates, TPR and FPR of all groups, by counting; None where there is nobody."""
    rates = []
    for keep in (y_true == y_true, y_true == 1, y_true == 0):
        parts = [y_pred[keep & (group == g)] for g in sorted(set(group))]
        rates.append([sum(part) / len(part) if len(part) else None for part in parts])
    return rates


def gap(values):
    """Largest minus smallest of the values that exist."""
    there = [value for value in values if value is not None]
    return max(there) - min(there)


def part(name, y_true, y_pred, group):
    """Call the answer and return one of its numbers."""
    got = t.call(fairness_report, y_true, y_pred, group)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.require(name in got, f"The dictionary has no {name!r}; it has {sorted(map(str, got))}.")
    is_number = isinstance(got[name], int | float | np.integer | np.floating)
    t.require(is_number, f"{name!r} should be a number, not a {type(got[name]).__name__}.")
    return got[name]


with t.item("dp: the largest minus the smallest selection rate", weight=1):
    got = part("dp", *EXAMPLE)
    t.wrong_if(
        "looks_at_the_truth_not_the_decision",
        np.isclose(got, 3 / 5 - 2 / 4),
        "This is the difference in `y_true`: who would repay. Demographic parity looks at the "
        "decision, `y_pred`.",
    )
    t.wrong_if(
        "sign_depends_on_the_order_of_groups",
        np.isclose(got, -0.35),
        "The difference is negative. Take the largest minus the smallest rate, so that the order "
        "of the groups does not matter.",
    )
    t.equal(got, 0.35, what="dp of the example")
    for seed in t.seeds:
        rows = people(seed, {"n": (0.5, 0.4), "k": (0.9, 0.8), "w": (0.4, 0.1), "a": (0.6, 0.4)})
        selection, _, _ = expected_rates(*rows)
        got = part("dp", *rows)
        t.wrong_if(
            "compares_two_groups_only",
            not np.isclose(got, gap(selection))
            and any(np.isclose(got, abs(a - b)) for a in selection for b in selection),
            "There are four groups here, and you compared two that are not the extreme ones. Take "
            "the largest minus the smallest of all rates.",
        )
        t.equal(got, gap(selection), what="dp of four groups")
with t.item("dp_ratio: the smallest divided by the largest selection rate", weight=1):
    got = part("dp_ratio", *EXAMPLE)
    t.wrong_if(
        "ratio_upside_down",
        np.isclose(got, 0.6 / 0.25),
        "The ratio is above 1. Divide the smallest rate by the largest one.",
    )
    t.equal(got, 0.25 / 0.6, what="dp_ratio of the example")
    for seed in t.seeds:
        rows = people(seed, {"A": (0.3, 0.2), "B": (0.9, 0.8), "C": (0.6, 0.5)})
        selection, _, _ = expected_rates(*rows)
        t.equal(part("dp_ratio", *rows), min(selection) / max(selection), what="dp_ratio")
with t.item("eo: only the people who would repay count", weight=3):
    got = part("eo", *EXAMPLE)
    t.wrong_if(
        "difference_of_accuracies",
        np.isclose(got, 0.75 - 0.6),
        "This is the difference of the accuracies. A model can be equally often right in two "
        "groups, and refuse good customers in only one of them. Compare the TPR.",
    )
    t.wrong_if(
        "conditions_on_the_decision",
        np.isclose(got, 1 - 2 / 3),
        "You took the people who were approved, and counted who repaid: that is precision. Take "
        "the people with `y_true == 1`, and count who was approved.",
    )
    t.wrong_if(
        "default_as_the_positive",
        np.isclose(got, 1 / 2),
        "You compared the people with `y_true == 0`. That audits who gets a loan WITHOUT being able "
        "to repay it. Here 1 is the favourable outcome: take `y_true == 1`.",
    )
    t.equal(got, 1 / 6, what="eo of the example")
    for seed in t.seeds:
        rows = people(seed, {"A": (0.9, 0.1), "B": (0.4, 0.5), "C": (0.7, 0.2)})
        _, tpr, _ = expected_rates(*rows)
        t.equal(part("eo", *rows), gap(tpr), what="eo")
with t.item("eodds: the larger one of the two differences", weight=1):
    got = part("eodds", *EXAMPLE)
    t.wrong_if(
        "adds_or_averages_the_two",
        np.isclose(got, 1 / 6 + 1 / 2) or np.isclose(got, (1 / 6 + 1 / 2) / 2),
        "You added the two differences, or took their mean. Take the larger one: a small gap in one "
        "rate does not excuse a large gap in the other.",
    )
    t.equal(got, 0.5, what="eodds of the example")
    for seed in t.seeds:
        for shares in ({"A": (0.9, 0.2), "B": (0.3, 0.2)}, {"A": (0.6, 0.1), "B": (0.6, 0.8)}):
            rows = people(seed, shares)
            _, tpr, fpr = expected_rates(*rows)
            t.equal(part("eodds", *rows), max(gap(tpr), gap(fpr)), what="eodds")
with t.item("A group in which nobody repays is left out of eo", weight=1):
    y_true, y_pred, group = EXAMPLE
    index = range(9, 12)
    more = [pd.Series([0, 0, 0], index), pd.Series([1, 0, 1], index), pd.Series(["C"] * 3, index)]
    rows = [pd.concat(pair) for pair in zip(EXAMPLE, more)]
    got = part("eo", *rows)
    t.wrong_if(
        "no_positives_counts_as_zero",
        np.isclose(got, 2 / 3),
        "Nobody in group C has `y_true == 1`, and its TPR was taken as 0. It has no TPR: 0 divided "
        "by 0. Leave the group out.",
    )
    t.wrong_if(
        "one_missing_rate_spoils_all",
        np.isnan(got),
        "Group C has no TPR (nobody has `y_true == 1`), and the whole result became NaN. Leave the "
        "group out.",
    )
    t.equal(got, 1 / 6, what="eo, with a group C in which nobody repays")
### BEGIN HIDDEN TESTS
# A first import takes seconds on a busy machine, so it stays outside the timed item.
from fairlearn import metrics as reference

with t.item("It agrees with fairlearn", weight=1):
    for seed in t.seeds:
        y_true, y_pred, group = people(seed + 50, {"A": (0.8, 0.4), "B": (0.5, 0.6)}, n=300)
        expected = {
            "dp": reference.demographic_parity_difference,
            "dp_ratio": reference.demographic_parity_ratio,
            "eo": reference.equal_opportunity_difference,
            "eodds": reference.equalized_odds_difference,
        }
        expected = {k: f(y_true, y_pred, sensitive_features=group) for k, f in expected.items()}
        t.gives(expected, fairness_report, y_true, y_pred, group)
with t.item("A group in which everybody repays is left out of the false positive rates", weight=1):
    y_true = pd.Series([1, 0, 1, 0, 1, 1])
    y_pred = pd.Series([1, 1, 1, 1, 1, 1])
    t.equal(part("eodds", y_true, y_pred, pd.Series(list("AABBCC"))), 0, what="eodds")
### END HIDDEN TESTS

# %% [markdown]
# Three ways to decide about the new applicants: approve all; a model that learned from the officers;
# a model that learned from repayment. Both models approve when the probability is at least 0.5, and
# all results are measured against `repaid`.

# %% needs="fairness_report"
decisions = {"approve all": pd.Series(1, new.index)}
for name, target in (
    ("learned from officers", "approved_hist"),
    ("learned from repayment", "repaid"),
):
    model = make_model(FEATURES).fit(past[FEATURES], past[target])
    decisions[name] = pd.Series(model.predict(new[FEATURES]), new.index)
reports = {k: fairness_report(new["repaid"], y, new["group"]) for k, y in decisions.items()}
reports = pd.DataFrame(reports).T
ax = reports[["dp", "eo"]].plot.barh(figsize=(7, 3), width=0.7, style="")
for bars, hatch in zip(ax.containers, ("", "//")):
    ax.bar_label(bars, fmt="%.2f", padding=3)
    plt.setp(bars, hatch=hatch, edgecolor="white")
ax.set(xlabel="difference between the groups (0 = equal)", xlim=(0, 0.75))
ax.set_title("the same applicants, three ways to decide", fontsize=11)
figures.show(
    ax.figure,
    alt="Bars of two differences, dp and eo, for three ways to decide. Approve all has 0 for both. "
    "Learned from repayment has small bars, learned from officers has dp and eo near 0.6.",
)

# %% [markdown]
# "Approve all" is perfectly fair by both measures, and ruins the bank. So a measure of fairness
# alone says nothing about quality. The model of the officers' decisions is far from fair, although
# `group` is not among its inputs. How can that be?
#
# (`dp_ratio` is often compared with 0.8, the "four-fifths rule" of US employment practice. It is a
# screen that says where to look. It is not a law of credit, and passing it proves nothing.)

# %% [markdown]
# ## Dropping the attribute does not drop the information
#
# > **proxy**: an input that tells something about a protected attribute, so that a model can use
# > the attribute without being given it.
#
# To find proxies, turn the question round: how well can a column *predict the group*? We measure it
# with the AUC: the probability that a random person of group B gets a higher score than a random
# person of group A. 0.5 means that the column tells nothing, 1 that it tells everything.
#
# The given function `make_model(features)` builds a pipeline with a logistic regression. The given
# `in_b(df)` says who is in group B.


# %%
def in_b(df: pd.DataFrame) -> pd.Series:
    """Return 1 for group B and 0 for group A: the target when we look for proxies."""
    return (df["group"] == "B").astype(int)


scores = cross_val_score(
    make_model(["income_keur"]), new[["income_keur"]], in_b(new), cv=5, scoring="roc_auc"
)
print("AUC of income in five folds:", scores.round(2).tolist())

# %% [markdown]
# **Your task.** Write `proxy_strength(df, features, folds=5)`.
#
# - `df` is a table with a column `group` (A or B); `features` is a list of names of its columns.
#   Text columns are called `purpose` and `area`, all others are numbers, nothing is missing.
# - The result is a DataFrame with the columns `feature` and `auc`, **largest first**, and the index
#   0, 1, 2, …
# - `auc` is measured for each column **alone**, on rows that were not used to train: the mean over
#   the folds of `cross_val_score` with `cv=folds`.
# - If this mean is below 0.5, replace it by 1 minus the mean: a column that tells the group the
#   wrong way round tells it just as well.
#
# For example, if `area` gives 0.93 and 0.91 in two folds, and `age` gives 0.47 and 0.49, the rows are
# `area` 0.92 and `age` 0.52.


# %% exercise="proxy_strength" objective="W.8.5"
def proxy_strength(df: pd.DataFrame, features: list[str], folds: int = 5) -> pd.DataFrame:
    """Return how well each column alone predicts the group."""
    ### BEGIN SOLUTION
    rows = []
    for feature in features:
        model = make_model([feature])
        auc = cross_val_score(model, df[[feature]], in_b(df), cv=folds, scoring="roc_auc").mean()
        rows.append({"feature": feature, "auc": max(auc, 1 - auc)})
    return pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)
    ### END SOLUTION


# %% check="proxy_strength" title="Each column is asked for the group" points=2 transport="plain"
t.hints(
    "One loop over `features`. The cell above your answer shows one turn of it, for income.",
    "`auc = scores.mean()`, then `max(auc, 1 - auc)`.",
    '`pd.DataFrame(rows).sort_values("auc", ascending=False, ignore_index=True)` makes the table '
    "from a list of dictionaries.",
)


def people_of_two_groups(seed, n=240):
    """The middle purpose is group B; loan tells a little; age is one large number per person."""
    rng = np.random.default_rng([seed, 85])
    b = rng.permutation(n) % 5 < 2
    purpose = np.where(b, "debt", rng.choice(["car", "home"], n))
    purpose = np.where(rng.random(n) < 0.15, rng.choice(["car", "debt", "home"], n), purpose)
    return pd.DataFrame(
        {
            "loan_keur": rng.normal(9 - 3 * b, 3),
            "purpose": purpose,
            "income_keur": rng.normal(30, 8, n),
            "area": [f"street {i}" for i in range(n)],
            "group": np.where(b, "B", "A"),
        }
    )


def strengths(table, features, **folds):
    """Call the answer; return AUC by feature, in the order of the answer."""
    got = t.call(proxy_strength, table, features, **folds)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(map(str, got.columns)), {"auc", "feature"}, what="columns")
    t.equal(len(got.columns), 2, what="number of columns")
    t.equal(sorted(map(str, got["feature"])), sorted(features), what="features")
    auc = pd.to_numeric(got["auc"], errors="coerce")
    t.require(
        auc.between(0, 1).all(), f"The column `auc` should hold numbers from 0 to 1: {[*got['auc']]}."
    )
    auc.attrs["rows"] = list(got.index)
    return auc.set_axis(got["feature"])


with t.item("A text column is asked as a whole, and a number column with its sign", weight=2):
    for seed in t.seeds:
        table = people_of_two_groups(seed)
        got = strengths(table, ["income_keur", "loan_keur", "purpose"], folds=2)
        t.wrong_if(
            "codes_texts_as_numbers",
            got["purpose"] < 0.7 < got["loan_keur"],
            f"`purpose` got {got['purpose']:.2f}, although debt is nearly always group B. With "
            "codes 0, 1, 2 only a steady rise is seen, and debt is the middle one. Use one-hot, as "
            "`make_model` does.",
        )
        b = table["group"] == "B"
        expected = {"purpose": (0.78, 1), "loan_keur": (0.65, 0.9), "income_keur": (0.5, 0.65)}
        t.wrong_if(
            "correlation_instead_of_auc",
            np.isclose(got["loan_keur"], abs(np.corrcoef(table["loan_keur"], b)[0, 1]), atol=0.01),
            "This is the size of a correlation. It cannot be read as a probability, and it does not "
            "work for texts. Use the AUC of a model that predicts the group.",
        )
        for name, (low, high) in expected.items():
            t.require(
                low <= got[name] <= high,
                f"The AUC of `{name}` should lie between {low} and {high}, got {got[name]:.2f}.",
            )
with t.item("Measured on rows that were not used to train", weight=2):
    for seed in t.seeds:
        got = strengths(people_of_two_groups(seed), ["area"], folds=2)
        t.wrong_if(
            "accuracy_instead_of_auc",
            np.isclose(got["area"], 0.6, atol=0.01),
            "60 % of the people are in group A here, and that is what you got: an accuracy. Whoever "
            'always says "A" reaches it. Ask for the AUC: `scoring="roc_auc"`.',
        )
        t.wrong_if(
            "scores_the_training_rows",
            got["area"] > 0.9,
            f"Here `area` is another word for every person, and it got {got['area']:.2f}: the model "
            "learned by heart who is in group B. Test on other rows than those it learned from.",
        )
        t.require(got["area"] < 0.6, f"It should be near 0.5, got {got['area']:.2f}.")
with t.item("Never below 0.5: the mean of all folds is turned round", weight=1):
    # High numbers are group B in one part of the table, and group A in another.
    rng = np.random.default_rng(86)
    part, b = np.arange(120), np.arange(120) % 2
    halves = np.where(part < 60, 1, -1) * (2 * b - 1) + rng.normal(0, 0.1, 120)
    thirds = np.where(part < 80, 3, -0.5) * (2 * b - 1) + rng.normal(0, 0.1, 120)
    turned = pd.DataFrame({"halves": halves, "thirds": thirds, "group": np.where(b, "B", "A")})
    got = strengths(turned, ["halves"], folds=2)["halves"]
    t.wrong_if(
        "unfolded_auc",
        got < 0.5,
        f"An AUC of {got:.2f} is in the table. A column that tells the group the wrong way round tells "
        "it just as well: replace it by 1 minus the AUC.",
    )
    t.wrong_if(
        "clips_at_one_half",
        got == 0.5,
        "A column whose AUC is near 0 has exactly 0.5. Do not cut at 0.5: 0.1 becomes 1 - 0.1 = 0.9.",
    )
    got = strengths(turned, ["thirds"], folds=3)["thirds"]
    t.wrong_if(
        "turns_each_fold_round",
        got > 0.97,  # with shuffled folds it is about 0.9
        "The folds have AUCs of 1, 1 and 0, and you got nearly 1. Take the mean of the folds first "
        "(0.67); turn it round only if this mean is below 0.5.",
    )
with t.item("The largest first, rows numbered 0, 1, 2", weight=1):
    table = people_of_two_groups(t.seeds[0])
    names = ["income_keur", "purpose", "loan_keur"]
    got = strengths(table, names, folds=2)
    t.wrong_if(
        "weakest_first",
        got.is_monotonic_increasing,
        "The weakest column is first. Sort from large to small.",
    )
    t.require(got.is_monotonic_decreasing, f"Sort from large to small, got {[*got.round(2)]}.")
    t.equal(got.attrs["rows"], [0, 1, 2], what="index")
### BEGIN HIDDEN TESTS
with t.item("On credit data: area comes first, and is harmless when it is no proxy", weight=2):
    for seed in t.seeds:
        names = ["income_keur", "area", "loan_keur"]
        got = strengths(data.credit(1200, seed, gap=1.0, officer_bias=1.2), names)
        t.equal(got.index[0], "area", what="first feature")
        t.require(0.88 < got["area"] < 0.96, f"AUC of area should be near 0.93, got {got['area']}")
        t.require(0.64 < got["income_keur"] < 0.8, f"income should be near 0.72: {dict(got)}")
        got = strengths(data.credit(1200, seed, proxy=0.0), ["area"])
        t.require(got["area"] < 0.56, f"Without a proxy effect area got {got['area']:.2f}.")
### END HIDDEN TESTS

# %% [markdown]
# Now the real columns. This table belongs into every model report.

# %% needs="proxy_strength"
strength = proxy_strength(past, FEATURES)
strength.round(2)

# %% [markdown]
# `area` alone finds the group with an AUC of 0.93. Income, late payments and debt ratio tell
# something, too: this is the real difference between the groups. The other columns tell nothing.
#
# ### Two harmless columns
#
# A table of single columns can miss something. Imagine two branches, and that group B comes to one
# of them in the morning and to the other one in the afternoon. Neither branch nor hour says anything
# alone. Together they say everything. A logistic regression adds up its columns, so it cannot see
# such a *combination*. Trees can: they ask one question after the other.
#
# **Your task.** Write `joint_strength(df, features, folds=5)`. It returns one number: the AUC with
# which **all** columns of `features` together predict the group, measured on rows that were not used
# to train (the mean over `folds` folds). Combinations of columns must be found.
#
# `df` and `features` are as before. `make_model(features, estimator)` takes any estimator as its
# second argument, for example `HistGradientBoostingClassifier(random_state=0)`.
#
# For example, branch and hour of the story give about 0.5 with logistic regression, and nearly 1
# with boosted trees.


# %% exercise="joint_strength" objective="W.8.5"
def joint_strength(df: pd.DataFrame, features: list[str], folds: int = 5) -> float:
    """Return how well all columns together predict the group."""
    ### BEGIN SOLUTION
    model = make_model(features, HistGradientBoostingClassifier(random_state=0))
    scores = cross_val_score(model, df[features], in_b(df), cv=folds, scoring="roc_auc")
    return float(scores.mean())
    ### END SOLUTION


# %% check="joint_strength" title="Columns that tell the group only together" points=1 transport="plain"
t.hints(
    "It is like `proxy_strength`, without the loop: one model with all the columns.",
    "Give `make_model` an estimator that sees combinations, for example boosted trees or a forest.",
    'The end is `cross_val_score(model, df[features], in_b(df), cv=folds, scoring="roc_auc").mean()`.',
)


def combined(seed, n=300, mistakes=0.05):
    """Group B is where exactly one of the two numbers is high; alone they tell nothing."""
    rng = np.random.default_rng([seed, 87])
    first, second = rng.integers(0, 2, (2, n))
    b = (first != second) ^ (rng.random(n) < mistakes)
    columns = {"branch": first + rng.normal(0, 0.1, n), "hour": second + rng.normal(0, 0.1, n)}
    return pd.DataFrame({**columns, "group": np.where(b, "B", "A")})


def one_number(table, features):
    """Call the answer, which is one number."""
    got = t.call(joint_strength, table, features, 3)
    is_number = isinstance(got, int | float | np.integer | np.floating)
    t.require(is_number, f"Return one number, the mean of the folds, not a {type(got).__name__}.")
    return float(got)


with t.item("A combination is found", weight=2):
    for seed in t.seeds:
        got = one_number(combined(seed), ["branch", "hour"])
        t.wrong_if(
            "adds_columns_up",
            0.35 < got < 0.7,
            f"Two columns tell the group together, and you got {got:.2f}. A model that adds up "
            "columns, or a table of single columns, cannot see it. Use trees.",
        )
        t.require(0.8 < got <= 1, f"The AUC should be between 0.8 and 1, got {got:.2f}.")
with t.item("Measured on rows that were not used to train", weight=1):
    for seed in t.seeds:
        table = combined(seed, n=150, mistakes=0.5)
        got = one_number(table, ["branch", "hour"])
        t.wrong_if(
            "scores_the_training_rows",
            got > 0.8,
            f"The group is pure chance here, and you got {got:.2f}: the model learned the rows by "
            "heart. Test on other rows.",
        )
        t.require(got < 0.68, f"The group is pure chance here: expected about 0.5, got {got:.2f}.")
### BEGIN HIDDEN TESTS
with t.item("Text columns are used, too", weight=1):
    for seed in t.seeds:
        table = data.credit(500, seed, gap=1.0)
        got = one_number(table, ["area", "purpose", "income_keur"])
        t.require(0.88 < got < 0.99, f"The AUC should be near 0.94, got {got:.2f}.")
### END HIDDEN TESTS

# %% [markdown]
# The row ALL completes the table, and we keep it: it is the artefact `proxy_table`.

# %% needs="proxy_strength, joint_strength"
everything = pd.DataFrame({"feature": ["ALL"], "auc": [joint_strength(past, FEATURES)]})
proxy_table = pd.concat([everything, strength], ignore_index=True).round(3)
artifacts.put("proxy_table", proxy_table)
without_area = [name for name in FEATURES if name != "area"]
print(f"all columns: {proxy_table['auc'][0]:.2f}")
print(f"all columns without area: {joint_strength(past, without_area):.2f}")

# %% [markdown]
# What happens to the decisions when we drop columns? The given function trains a model on the
# officers' decisions again and again, each time without some columns. Here, for once, the table has
# `group` to begin with.

# %%
def blind_audit(past: pd.DataFrame, new: pd.DataFrame, drop: list[list[str]]) -> pd.DataFrame:
    """Train on approved_hist without some columns; measure against repaid on new rows."""
    unknown = {name for dropped in drop for name in dropped} - {*FEATURES, "in_b"}
    if unknown:
        raise ValueError(f"{sorted(unknown)} are no inputs; drop is a list of lists of names.")
    rows, by_group = [], {"sensitive_features": new["group"]}
    for dropped in drop:
        kept = [name for name in [*FEATURES, "in_b"] if name not in dropped]
        old, fresh = past.assign(in_b=in_b(past)), new.assign(in_b=in_b(new))
        y_pred = make_model(kept).fit(old[kept], old["approved_hist"]).predict(fresh[kept])
        y = new["repaid"]
        rows.append(
            {
                "dropped": ", ".join(dropped) or "nothing",
                "dp": demographic_parity_difference(y, y_pred, **by_group),
                "eo": equal_opportunity_difference(y, y_pred, **by_group),
                "agrees with officers": (y_pred == new["approved_hist"]).mean(),
            }
        )
    return pd.DataFrame(rows)


steps = [[], ["in_b"], ["in_b", "area"], ["in_b", "area", "income_keur"]]
blind_audit(past, new, steps).round(2)

# %% [markdown]
# Without the group, the gap hardly shrinks. Without the area it shrinks again, and does not go away.
# Each step also costs agreement with the old decisions, because those were in part decisions about
# the group. To drop columns is not a plan: the last column that tells something about the group may
# be the income, and a lender needs it. (`fairlearn` has the measures of your first task ready-made.)

# %% [markdown]
# ## You cannot have everything
#
# We drop the question of the officers now. The model learns from repayment only, and the scores are
# honest. But the groups differ more: in this part of the country group B repays far less often.

# %%
region = data.credit(16000, seed=0, gap=2.5)
train, choose, judge = region[:4000], region[4000:10000], region[10000:]
scorer = make_model(FEATURES).fit(train[FEATURES], train["repaid"])
choose = choose.assign(score=scorer.predict_proba(choose[FEATURES])[:, 1])
judge = judge.assign(score=scorer.predict_proba(judge[FEATURES])[:, 1])
judge.groupby("group")[["repaid", "score"]].mean().round(2)

# %% [markdown]
# A **criterion** of fairness can be reached with one threshold for each group: approve when the
# score is at least the threshold of the group. (Whether such thresholds are *allowed* is a legal
# question; in consumer credit they often are not. Here they show what a criterion means.)
#
# **Your task.** Write `thresholds_for(score, y, group, criterion, level)`.
#
# - `score` (numbers), `y` (1 = repaid, 0 = not) and `group` are Series with the same index.
# - `criterion` is `"dp"` or `"eo"`; `level` is a share between 0 and 1.
# - The result is a dictionary: name of group → threshold. Approve means `score >= threshold`.
# - `"dp"`: in each group the share `level` of **all** people is approved.
# - `"eo"`: in each group the share `level` of the people with **`y == 1`** is approved.
# - The share may miss `level` by one person. If several people have the same score, this may not be
#   possible: then take the smallest share above `level` that is.
#
# For example, with `level=0.5`: group A has the scores 0.9 (y = 1), 0.8 (y = 0), 0.6 (y = 1) and 0.2
# (y = 0). For `"dp"`, two of four people are approved: the threshold is 0.8 (everything above 0.6 up
# to 0.8 is right). For `"eo"`, one of the two people with y = 1 is approved: the threshold is 0.9 (or
# anything above 0.6: the share is the same).


# %% exercise="thresholds_for" objective="W.8.6"
def thresholds_for(
    score: pd.Series, y: pd.Series, group: pd.Series, criterion: str, level: float
) -> dict[str, float]:
    """Return one threshold for each group so that the criterion holds at this level."""
    ### BEGIN SOLUTION
    counts = (y == 1) if criterion == "eo" else pd.Series(True, index=y.index)
    return {
        name: float(np.quantile(score[counts & (group == name)], 1 - level))
        for name in group.unique()
    }
    ### END SOLUTION


# %% check="thresholds_for" title="One threshold for each group, by criterion" points=2 transport="plain"
t.hints(
    'First choose the people who count: all for `"dp"`, those with `y == 1` for `"eo"`.',
    "To approve the share `level` from the top, the threshold is a quantile: the one at "
    "`1 - level`.",
    "`np.quantile(scores, 1 - level)` for the scores of one group.",
)


def scored(seed, n=400, digits=6, names=("A", "B"), repaid=(0.8, 0.4)):
    """Scores that rise with repayment; the groups repay differently."""
    rng = np.random.default_rng([seed, 88])
    which = rng.integers(0, len(names), n)
    y = (rng.random(n) < np.array(repaid)[which]).astype(int)
    score = 1 / (1 + np.exp(-rng.normal(1.4 * y - 0.4 * which, 1)))
    index = rng.permutation(n)
    group = pd.Series(np.array(names)[which], index)
    return pd.Series(score.round(digits), index), pd.Series(y, index), group


def shares(found, score, keep, group):
    """Share approved in each group, of the people to keep; and how far one person moves it."""
    t.require(isinstance(found, dict), f"Return a dictionary, not a {type(found).__name__}.")
    t.equal(sorted(map(str, found)), sorted(set(group)), what="groups")
    for name, value in found.items():
        is_number = isinstance(value, int | float | np.integer | np.floating)
        t.require(is_number, f"The threshold of {name} is a {type(value).__name__}, not a number.")
        t.require(not np.isnan(value), f"The threshold of {name} is NaN, not a number.")
    table = pd.DataFrame({"group": group, "ok": score >= group.map(found).astype(float)})[keep]
    return table.groupby("group")["ok"].agg(["mean", "size"])


def too_far(found, level):
    """Return True where a share misses the level by more than one person."""
    return bool(((found["mean"] - level).abs() > 1.01 / found["size"]).any())


def looked_at(criterion, seed, level, **options):
    """Call the answer, and name what was done instead of what was asked."""
    score, y, group = scored(seed, **options)
    found = t.call(thresholds_for, score, y, group, criterion, level)
    everybody, good = pd.Series(True, y.index), y == 1
    results = {
        "dp": shares(found, score, everybody, group),
        "eo": shares(found, score, good, group),
        "bad": shares(found, score, ~good, group),
    }
    return found, results


def name_the_error(criterion, found, results, level):
    """Report the known wrong ideas, then compare."""
    wanted = results[criterion]
    t.wrong_if(
        "threshold_is_the_level",
        all(np.isclose(value, level) or np.isclose(value, 1 - level) for value in found.values()),
        "`level` is a share of people, not a score. Find the score above which this share lies.",
    )
    t.wrong_if(
        "one_common_threshold",
        len(set(found.values())) == 1 and too_far(wanted, level),
        "Both groups have the same threshold. Then the shares differ, because the scores differ. "
        "Take a threshold for each group.",
    )
    upside_down = too_far(wanted, level) and not too_far(wanted, 1 - level)
    t.wrong_if(
        "share_from_the_bottom",
        upside_down,
        f"The share approved is {1 - level:.2f} instead of {level:.2f}: high scores are approved, so "
        "the quantile to take is the one at 1 - level.",
    )
    other = "eo" if criterion == "dp" else "dp"
    t.wrong_if(
        "ignores_the_criterion",
        too_far(wanted, level) and not too_far(results[other], level),
        f'For "{criterion}" you met the level of "{other}". "dp" counts all people, "eo" only '
        "those with y == 1.",
    )
    t.wrong_if(
        "quantile_of_those_who_fail",
        too_far(wanted, level) and not too_far(results["bad"], level),
        "You met the level among the people with y == 0. Equal opportunity is about the people who "
        "repay: y == 1.",
    )
    t.require(
        not too_far(wanted, level),
        f'"{criterion}", level {level}: the shares are {wanted["mean"].round(3).to_dict()}, at most '
        "one person away from the level is right.",
    )


for_both = {"dp": "of all people", "eo": "of those who repay"}
for criterion, whom in for_both.items():
    with t.item(f'"{criterion}": the share {whom} is the level in each group', weight=2):
        for seed in t.seeds:
            for level in (0.3, 0.8):
                name_the_error(criterion, *looked_at(criterion, seed, level), level)
with t.item("Chosen on one sample, it holds on another", weight=1):
    for seed in t.seeds:
        for criterion in ("dp", "eo"):
            found, _ = looked_at(criterion, seed, 0.6, n=4000)
            score, y, group = scored(seed + 1000, n=4000)
            keep = y == 1 if criterion == "eo" else y == y
            other = shares(found, score, keep, group)["mean"]
            t.require(
                np.ptp(other) < 0.1,
                f'"{criterion}": on a new sample the shares are {other.round(2).to_dict()}.',
            )
### BEGIN HIDDEN TESTS
with t.item("Equal scores, three groups", weight=1):
    for seed in t.seeds:
        for criterion in ("dp", "eo"):
            options = {"digits": 1, "names": ("n", "s", "w"), "repaid": (0.7, 0.5, 0.6)}
            score, y, group = scored(seed, **options)
            keep = y == 1 if criterion == "eo" else y == y
            found, results = looked_at(criterion, seed, 0.5, **options)
            for name, row in results[criterion].iterrows():
                own = score[keep & (group == name)]
                possible = np.array([(own >= value).mean() for value in own.unique()])
                smallest = possible[possible >= 0.5 - 1e-9].min()
                # A share of up to one person below the level is fine, as without equal scores.
                t.require(
                    0.5 - 1.01 / row["size"] <= row["mean"] <= smallest + 1e-9,
                    f"Group {name}: expected a share of {smallest:.3f}, got {row['mean']:.3f}.",
                )
### END HIDDEN TESTS

# %% [markdown]
# We choose thresholds on one sample and judge them on another. For comparison, the first row uses
# one threshold for everybody: 0.7. Northwind earns EUR 900 with a loan that is repaid and loses
# EUR 2,100 with one that is not, so a loan pays from a probability of 2,100 / (900 + 2,100) on.


# %% needs="thresholds_for"
def judged(limits: dict) -> dict:
    """Measure thresholds on the sample that was not used to choose them."""
    y_pred = (judge["score"] >= judge["group"].map(limits)).astype(int)
    both = (judge["repaid"], y_pred)
    return {
        "approved": y_pred.mean(),
        "dp": demographic_parity_difference(*both, sensitive_features=judge["group"]),
        "eo": equal_opportunity_difference(*both, sensitive_features=judge["group"]),
        "accuracy": (y_pred == judge["repaid"]).mean(),
    }


LIMITS = {"one threshold": {"A": 0.7, "B": 0.7}}
for criterion in ("dp", "eo"):
    known = (choose["score"], choose["repaid"], choose["group"])
    LIMITS[criterion] = thresholds_for(*known, criterion, level=0.7)
pd.DataFrame({name: judged(limits) for name, limits in LIMITS.items()}).T.round(2)

# %% [markdown]
# Each criterion is met and misses the other one: `dp` leaves an `eo` of 0.08, and `eo` leaves a `dp`
# of 0.15. There is a reason. In group B fewer people repay. To approve as many of them as in group
# A, the bank has to go further down the list of scores, and then it reaches a larger share of B's
# good customers than of A's. Only when almost everybody is approved, or almost nobody, both gaps
# are small.
#
# Try it: find two thresholds with `dp` and `eo` both below 0.05. Watch how many are approved.


# %% tags=["nbval-ignore-output"]
def show_thresholds(threshold_a: float, threshold_b: float) -> None:
    """Draw selection rate and TPR of both groups for two thresholds."""
    ok = judge["score"] >= judge["group"].map({"A": threshold_a, "B": threshold_b})
    selection = ok.groupby(judge["group"]).mean()
    tpr = ok[judge["repaid"] == 1].groupby(judge["group"]).mean()
    fig, ax = plt.subplots(figsize=(7, 2.6))
    for height, rates in enumerate((selection, tpr)):
        ax.plot(rates, [height, height], color="0.6", linewidth=4, linestyle="-")
        for group, colour, side in (("A", "C0", 0.3), ("B", "C1", -0.3)):
            ax.plot(rates[group], height, "o", markersize=13, color=colour)
            ax.text(rates[group], height + side, group, ha="center", va="center")
    ax.set(xlim=(0, 1), ylim=(-0.5, 1.6), yticks=[0, 1], yticklabels=["selection rate", "TPR"])
    dp, eo = np.ptp(selection), np.ptp(tpr)
    title = f"dp {dp:.2f}, eo {eo:.2f}, approved {ok.mean():.0%}"
    ax.set_title(title)
    figures.show(fig, alt=f"Two lines with a dot for A and a dot for B. Read-out: {title}.")


explore.sliders(
    show_thresholds, threshold_a=(0.0, 1.0, 0.01, 0.7), threshold_b=(0.0, 1.0, 0.01, 0.7)
)

# %% [markdown]
# ### Who pays?
#
# A criterion is a choice between harms. A refusal harms a person who would have repaid. A loan that
# fails harms the bank, and also the person: with fees, collection letters and a bad record.
#
# **Your task.** Write `who_pays(y, approved, group, gain_eur, loss_eur)`.
#
# - `y` (1 = repaid), `approved` (1 = approved) and `group` are Series with the same index.
#   `gain_eur` is what the bank earns with a loan that is repaid, `loss_eur` what it loses with one
#   that is not (both above 0, in EUR).
# - The result is a DataFrame with one row for each group and the columns `group`, `n` (people),
#   `refused_good` (how many would have repaid but were refused), `failed_loans` (how many were
#   approved but did not repay) and `profit_eur` (all gains minus all losses of the group). A
#   refused person brings 0. Rows in any order, index 0, 1, …
#
# For example, group A has `y` 1 1 1 0 and `approved` 1 1 0 1; with a gain of 100 and a loss of 300,
# its row is `n` 4, `refused_good` 1, `failed_loans` 1, `profit_eur` 2 · 100 − 1 · 300 = −100.


# %% exercise="who_pays" objective="W.8.6"
def who_pays(
    y: pd.Series, approved: pd.Series, group: pd.Series, gain_eur: float, loss_eur: float
) -> pd.DataFrame:
    """Return the harms and the profit of each group."""
    ### BEGIN SOLUTION
    profit = approved * np.where(y == 1, gain_eur, -loss_eur)
    table = pd.DataFrame(
        {
            "group": group,
            "n": 1,
            "refused_good": (y == 1) & (approved == 0),
            "failed_loans": (y == 0) & (approved == 1),
            "profit_eur": profit,
        }
    )
    return table.groupby("group", as_index=False).sum()
    ### END SOLUTION


# %% check="who_pays" title="Harms of both kinds, and money" points=2 transport="plain"
t.hints(
    "Make one column of True and False for each harm, for all people; then add up by group.",
    "`(y == 1) & (approved == 0)` marks a good customer who was refused. True counts as 1.",
    '`table.groupby("group", as_index=False).sum()` keeps `group` as a column.',
)
COLUMNS = ["group", "n", "refused_good", "failed_loans", "profit_eur"]


def decided(seed, names, n=80):
    """Random decisions."""
    rng = np.random.default_rng([seed, 89])
    group = rng.choice(names, n)
    y, approved = rng.random(n) < 0.7, rng.random(n) < 0.6
    index = rng.permutation(n)
    return [pd.Series(part, index) for part in (y.astype(int), approved.astype(int), group)]


def counted(y, approved, group, gain_eur, loss_eur):
    """The expected table, person by person."""
    rows = {name: [0, 0, 0, 0.0] for name in sorted(set(group))}
    for good, ok, name in zip(y, approved, group):
        row = rows[name]
        row[0] += 1
        row[1] += good == 1 and ok == 0
        row[2] += good == 0 and ok == 1
        row[3] += ok * (gain_eur if good else -loss_eur)
    return pd.DataFrame([[name, *row] for name, row in rows.items()], columns=COLUMNS)


def table_of(*arguments):
    """Call the answer and bring its rows into order."""
    got = t.call(who_pays, *arguments)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.wrong_if(
        "group_in_the_index",
        "group" not in got.columns and set(got.index) == set(arguments[2]),
        "The groups are in the index. `group` is a column: add `.reset_index()`.",
    )
    t.equal(set(map(str, got.columns)), set(COLUMNS), what="columns")
    t.require(got.columns.is_unique, f"Columns occur twice: {[*map(str, got.columns)]}.")
    t.equal(set(map(str, got["group"])), set(arguments[2]), what="groups")
    for name in COLUMNS[1:]:
        numeric = pd.to_numeric(got[name], errors="coerce").notna()
        t.require(numeric.all(), f"`{name}` should hold a number for each group: {[*got[name]]}.")
    return got.sort_values("group", ignore_index=True)


EIGHT = [
    pd.Series([1, 1, 1, 0, 1, 1, 0, 0]),
    pd.Series([1, 1, 0, 1, 0, 0, 1, 0]),
    pd.Series(list("AAAABBBB")),
]
with t.item("People and harms are counted for each group", weight=2):
    got = table_of(*EIGHT, 100, 300)
    refused, failed = list(got["refused_good"]), list(got["failed_loans"])
    t.wrong_if(
        "counts_all_refusals",
        refused == [1, 3],
        "You counted every refusal. Only a refusal of somebody who would have repaid is meant: "
        "`y == 1` and `approved == 0`.",
    )
    t.wrong_if(
        "harms_swapped",
        refused == [1, 1] and failed == [1, 2],
        "The two harms are swapped. `refused_good` has y = 1 and is not approved; `failed_loans` "
        "has y = 0 and is approved.",
    )
    t.wrong_if(
        "shares_instead_of_counts",
        any(0 < value < 1 for value in [*refused, *failed]),
        "You gave shares. Count people here.",
    )
    t.equal(list(got["n"]), [4, 4], what="n")
    t.equal(refused, [1, 2], what="refused_good")
    t.equal(failed, [1, 1], what="failed_loans")
with t.item("The profit has gains and losses of approved loans", weight=2):
    got = table_of(*EIGHT, 100, 300)
    profit = list(got["profit_eur"])
    t.wrong_if(
        "profit_without_losses",
        np.allclose(profit, [200, 0]),
        "Only gains are counted. A loan that fails costs `loss_eur`.",
    )
    t.wrong_if(
        "refusals_change_the_profit",
        np.allclose(profit, [200 - 300 - 100, -300 - 200]),
        "You took off the gain that was missed with refused good customers. Who is refused brings "
        "0 here: the missed gain is already missing.",
    )
    t.wrong_if(
        "profit_per_person",
        np.allclose(profit, [-25, -75]),
        "This is the profit per person. Add up, do not average.",
    )
    t.equal(profit, [-100, -300], what="profit_eur")
with t.item("Any groups, any order of rows", weight=1):
    for seed in t.seeds:
        rows = decided(seed, ["B", "A", "C"])
        t.equal(table_of(*rows, 40.5, 120), counted(*rows, 40.5, 120), what="table")
### BEGIN HIDDEN TESTS
with t.item("A group that is never approved", weight=1):
    for seed in t.seeds:
        y, approved, group = decided(seed + 30, ["A", "B"])
        approved = approved.where(group == "A", 0)
        rows = (y, approved, group)
        t.equal(table_of(*rows, 10, 35), counted(*rows, 10, 35), what="table")
### END HIDDEN TESTS

# %% [markdown]
# Here are the harms for each 100 people of the group, and the profit in thousand EUR, with a gain of
# EUR 900 and a loss of EUR 2,100.

# %% needs="thresholds_for, who_pays"
harms = {}
for name, limits in LIMITS.items():
    ok = (judge["score"] >= judge["group"].map(limits)).astype(int)
    table = who_pays(judge["repaid"], ok, judge["group"], 900, 2100).set_index("group")
    per_100 = table[["refused_good", "failed_loans"]].mul(100 / table["n"], axis=0).round(1)
    harms[name] = per_100.assign(profit_keur=(table["profit_eur"] / 1000).round())
pd.concat(harms, names=["thresholds", "group"])

# %% [markdown]
# Read the rows of group B. Under one threshold, 34.5 of 100 people are refused although they would
# repay. Under `dp` these are only 5.9, and 33.1 of 100 get a loan that fails. The bank pays, too: its
# profit falls from about EUR 1.44 million to 1.05 (`eo`) or 0.71 (`dp`). "Fair" is not a number that
# we can maximise. It is a decision about who bears which harm, and somebody has to make it and sign.
#
# The two harms as people: each circle is one of 100 people of group B, filled when harmed.

# %% needs="thresholds_for, who_pays"
fig, axes = plt.subplots(2, 3, figsize=(7.5, 3.4))
titles = {"refused_good": "refused, would repay", "failed_loans": "loan that fails"}
for row, harm in zip(axes, titles):
    for ax, name in zip(row, ("one threshold", "eo", "dp")):
        count = int(harms[name].loc["B", harm].round())
        figures.icon_array(count, 100, columns=20, ax=ax)
        ax.set_title(f"{name}\n{titles[harm]}: {count}", fontsize=10)
figures.show(
    fig,
    alt="Six blocks of 100 circles for group B. Refused although they would repay: 34 filled with one "
    "threshold, 14 with eo, 6 with dp. Loans that fail: 2, then 19, then 33.",
)

# %% [markdown]
# From left to right the upper blocks get emptier, and the lower ones fuller.

# %% [markdown]
# ## Your advice to the board
#
# **Your task.** Answer in at most 120 words: **which criterion would you defend before the board for
# this product, and what does it cost group B and the bank?** Use at least one number of this
# notebook. There is more than one good answer.

# %% [markdown] written="advice_to_the_board" points=2 rubric="2 = names a criterion, says who is harmed by it, and gives a number from the notebook that belongs to it; 1 = two of these three; 0 = one or none"
# I would defend equal opportunity at a level of 0.7. Of the people who would repay, the same share
# is approved in both groups (0.03 apart on new data). Nobody who can repay is refused more often
# *because of the group*. In group B, 13.8 of 100 are refused although they would repay, instead of
# 34.5 with one threshold.
#
# It has a price. In group B, 19.4 of 100 people get a loan that fails, instead of 2.2. That harms
# them, and the bank earns EUR 0.4 million less. The groups are still approved at different rates
# (0.15 apart), and the newspaper will write about it. Demographic parity would bring 33.1 failed
# loans per 100 people of group B. I would not call that a help.

# %% [markdown]
# ## Recap
#
# - Demographic parity compares decisions; equal opportunity compares decisions among people who
#   would repay. Say which one you mean, and which value is the favourable one.
# - A model without the attribute can still use it through proxies, alone or in combination.
# - When base rates differ, criteria conflict. Each one moves harm from some people to others.
#
# Two questions to recall, without looking back:
#
# 1. From `01_representation`: why does an audit look at group *and* age band together, not at each
#    of the two alone?
# 2. From `01_preprocessing/01_clean`: you drop all rows with a missing debt ratio before you audit.
#    Why can that change the result of the audit?
#
# <details><summary>Answers</summary>
#
# 1. A gap can sit in one cell of the table, such as young people of group B. In the two margins it
#    is diluted by everybody else, and looks small.
# 2. The values are not missing at random: they are missing more often for people with late payments.
#    Dropping their rows removes some people more often than others, and one group more than the
#    other.
#
# </details>
#
# ## What to read next
#
# - Fairlearn user guide, [Common fairness
#   metrics](https://fairlearn.org/stable/user_guide/assessment/common_fairness_metrics.html): the
#   measures of this notebook, and why the four-fifths rule should not be taken as a test.
# - M. Hardt, E. Price and N. Srebro (2016), *Equality of Opportunity in Supervised Learning*, NeurIPS.
# - J. Kleinberg, S. Mullainathan and M. Raghavan (2016), *Inherent Trade-Offs in the Fair
#   Determination of Risk Scores*, and A. Chouldechova (2017), *Fair Prediction with Disparate
#   Impact*: two proofs that criteria conflict.
#
# This is teaching material, not legal advice.
