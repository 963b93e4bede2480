# %% [markdown]
# ## The story
#
# A refused applicant stands at the counter and asks: "Why?" The clerk has a score. In this notebook
# you take a score apart into contributions that add up, turn them into reasons that a person can
# check, and find what the person could change. Then you write to the people concerned.
#
# In many countries a lender has to give reasons; see for example article 22 of the GDPR (EU) and the
# adverse-action rules of Regulation B (US). This is teaching material, not legal advice.

# %%
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shap
from pydantic import BaseModel
from sklearn.linear_model import LogisticRegression

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# Two models, with the data of `02_fairness`: the **historic** one learned from the officers'
# decisions, the **repayment** model from who paid back. Their inputs are numbers on one scale
# (z-scores). `purpose` and `area` are one-hot: one column for each category, such as `area_east`.

# %%
NUMBERS = ["age", "income_keur", "loan_keur", "debt_ratio", "late_payments"]
NUMBERS += ["employment_years", "home_owner"]
WORDS = ["purpose", "area"]

applications = data.credit(6000, seed=0, gap=1.0, officer_bias=1.2)
table = pd.get_dummies(applications[NUMBERS + WORDS], columns=WORDS, dtype=float)
mean, deviation = table[:3000].mean(), table[:3000].std(ddof=0)
X = (table - mean) / deviation
X_past, X_new = X[:3000], X[3000:].reset_index(drop=True)
new = applications[3000:].reset_index(drop=True)
MODELS = {
    name: LogisticRegression(max_iter=1000).fit(X_past, applications[target][:3000])
    for name, target in (("historic", "approved_hist"), ("repayment", "repaid"))
}
print(list(X.columns))

# %% [markdown]
# ## Parts that add up
#
# A logistic regression works with **log-odds**: the natural logarithm of p / (1 − p), where p is the
# predicted probability. Log-odds of 0 mean p = 0.5, and larger log-odds mean a larger p.
# `model.decision_function(X)` gives them, and in log-odds the effects of columns simply add up. In
# probabilities they do not.
#
# > **SHAP value**: the contribution of one column to one prediction, compared with a background of
# > typical rows. All contributions of a row plus a base value give exactly the prediction.
#
# The **base value** is the mean prediction of the background. For a linear model the contribution of
# a column is its weight times (value − mean of the background). `shap.LinearExplainer(model,
# X_background)` is an explainer; called with rows, it returns an `Explanation` `ex` with
# `ex.values` (rows × columns, in the order of `X`), `ex.base_values` (one for each row) and
# `ex.feature_names` (the names of the columns).
#
# **Your task.** Write three short functions.
#
# - `explain(model, X_background, X)` returns the `shap.Explanation` of the rows of `X`, in log-odds.
#   `model` is a fitted logistic regression; both tables are DataFrames with the same columns, and
#   `X_background` has at most 100 rows.
# - `additivity_error(ex, model, X)` returns how far the sum of base value and contributions is from
#   the log-odds of the model: the largest difference over all rows, without sign.
# - `global_importance(ex, groups)` returns a Series, largest first. `groups` says which columns make a
#   feature, for example `{"area": ["area_east", "area_west"], "age": ["age"]}`. In each row **add the
#   contributions of the columns of a feature**; its importance is the mean of the sizes (without
#   sign) of these sums.
#
# For example, if `area_east` contributes 0.4 and −0.2 in two rows, and `area_west` 0.1 and −0.1, the
# sums are 0.5 and −0.3, so the importance of `area` is 0.4.


# %% exercise="explain" objective="W.8.9"
def explain(model, X_background: pd.DataFrame, X: pd.DataFrame) -> shap.Explanation:
    """Return the contributions of the columns to the log-odds of each row."""
    ### BEGIN SOLUTION
    return shap.LinearExplainer(model, X_background)(X)
    ### END SOLUTION


def additivity_error(ex: shap.Explanation, model, X: pd.DataFrame) -> float:
    """Return the largest distance between the sum of the parts and the log-odds."""
    ### BEGIN SOLUTION
    sums = ex.values.sum(axis=1) + ex.base_values
    return float(np.abs(sums - model.decision_function(X)).max())
    ### END SOLUTION


def global_importance(ex: shap.Explanation, groups: dict[str, list[str]]) -> pd.Series:
    """Return the mean size of the contribution of each feature, largest first."""
    ### BEGIN SOLUTION
    parts = pd.DataFrame(ex.values, columns=ex.feature_names)
    sizes = {name: parts[columns].sum(axis=1).abs().mean() for name, columns in groups.items()}
    return pd.Series(sizes).sort_values(ascending=False)
    ### END SOLUTION


# %% check="explain" title="Contributions add up to the prediction" points=3 transport="object"
t.hints(
    "An explainer is made from model and background, then called with the rows: "
    "`shap.LinearExplainer(model, X_background)(X)`.",
    "`ex.values.sum(axis=1) + ex.base_values` should equal `model.decision_function(X)`.",
    "`pd.DataFrame(ex.values, columns=ex.feature_names)` puts names on the columns; then for "
    "each feature `.sum(axis=1).abs().mean()`.",
)


def small_model(seed, n=90):
    """A logistic model of four columns, two of them one-hot, and its rows."""
    rng = np.random.default_rng([seed, 89])
    east = rng.integers(0, 2, n)
    columns = {"income": rng.normal(1, 1, n), "late": rng.poisson(1.0, n)}
    rows = pd.DataFrame({**columns, "area_east": east, "area_west": 1 - east}).astype(float)
    log_odds = 0.5 + rows["income"] - rows["late"] - 0.8 * rows["area_east"]
    y = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    return LogisticRegression().fit(rows, y), rows


def made(values, base, names):
    """An explanation with given contributions."""
    values = np.array(values, dtype=float)
    return shap.Explanation(values, np.full(len(values), base), feature_names=list(names))


def parts_of(model, background, rows):
    """Call the answer; contributions and base value of each row."""
    ex = t.call(explain, model, background, rows)
    t.wrong_if(
        "explainer_is_not_called",
        isinstance(ex, shap.Explainer),
        "You return the explainer. Call it with the rows, `explainer(X)`, and return the result.",
    )
    t.wrong_if(
        "contributions_without_base_value",
        not (hasattr(ex, "values") and hasattr(ex, "base_values")),
        "Return a `shap.Explanation`, which holds contributions and base values, not an object of "
        f"the type {type(ex).__name__}.",
    )
    try:
        values, base = (np.asarray(part, dtype=float) for part in (ex.values, ex.base_values))
    except (TypeError, ValueError):
        t.require(False, "`values` and `base_values` of the explanation should hold numbers only.")
    n, columns = rows.shape
    t.wrong_if(
        "one_block_for_each_class",
        values.shape == (n, columns, 2),
        "`values` has a block for each of the two classes, as `predict_proba` has two columns. "
        "Explain the log-odds, one number for each row.",
    )
    t.wrong_if(
        "explains_the_background",
        values.shape == (len(background), columns) and len(background) != n,
        f"You explain the {len(background)} rows of `X_background`. It is only what the rows of `X` are "
        f"compared with: call the explainer with `X`, which has {n} rows here.",
    )
    t.require(
        values.shape == (n, columns),
        f"For {n} rows and {columns} columns `values` should be {n} x {columns}, and its shape is "
        f"{values.shape}.",
    )
    t.require(
        base.shape in ((), (n,)),
        f"`base_values` should be one number for each of the {n} rows, and its shape is "
        f"{base.shape}.",
    )
    return values, np.full(n, base)


def is_number(value):
    """Tell whether a value is a number; True and False are none."""
    kinds = int | float | np.integer | np.floating
    return isinstance(value, kinds) and not isinstance(value, bool)


def error_of(ex, model, rows):
    """Call the answer, which is one number."""
    got = t.call(additivity_error, ex, model, rows)
    got = got[()] if isinstance(got, np.ndarray) and got.ndim == 0 else got
    t.wrong_if(
        "tells_whether_and_not_how_far",
        isinstance(got, bool | np.bool_),
        f"You return {got}. The task asks how far the sums are from the log-odds: a number.",
    )
    t.wrong_if(
        "more_than_one_number",
        not is_number(got),
        "Return one number, the largest difference over all rows, not an object of the type "
        f"{type(got).__name__}.",
    )
    return float(got)


def importance_of(ex, groups):
    """Call the answer, which is a Series of numbers."""
    got = t.call(global_importance, ex, groups)
    t.wrong_if(
        "importance_is_not_a_series",
        not isinstance(got, pd.Series),
        "Return a Series with the features as its index, not an object of the type "
        f"{type(got).__name__}.",
    )
    t.equal(len(got), len(groups), what="number of features")
    names = [str(name) for name in got.index]
    t.equal(set(names), set(groups), what="features in the index")
    strange = [type(size).__name__ for size in got if not is_number(size)]
    t.wrong_if(
        "importance_is_not_a_number",
        len(strange) > 0,
        "The Series should hold one number for each feature. Now it holds: "
        f"{', '.join(strange[:3])}.",
    )
    return pd.Series(got.astype(float).to_numpy(), names)


with t.item("explain: base value and contributions add up to the log-odds", weight=3, seconds=40):
    for seed in t.seeds:
        model, rows = small_model(seed)
        background, explained = rows[:30], rows[80:]
        values, base = parts_of(model, background, explained)
        sums = values.sum(axis=1) + base
        p = model.predict_proba(explained)[:, 1]
        t.wrong_if(
            "probabilities_instead_of_log_odds",
            np.allclose(sums, p, atol=0.02),
            "The parts add up to the probability. Contributions of a logistic model are additive in "
            "log-odds: explain `decision_function`.",
        )
        t.equal(sums, model.decision_function(explained), rtol=0, atol=1e-6, what="sum of parts")
with t.item("explain: the base value is the mean log-odds of the background", weight=1):
    model, rows = small_model(t.seeds[0])
    for background in (rows[:50], rows[rows["income"] > 1]):
        values, base = parts_of(model, background, rows[:5])
        t.wrong_if(
            "background_is_what_is_explained",
            np.allclose(base, model.decision_function(rows[:5]).mean()),
            "The base value is the mean of the rows that are explained. Compare with the rows of "
            "`X_background`.",
        )
        t.wrong_if(
            "no_background",
            np.allclose(base, model.intercept_[0]),
            "The base value is the intercept of the model, the score of a row full of zeros. The task "
            "compares with the mean of `X_background`.",
        )
        expected = model.decision_function(background).mean()
        t.equal(base, np.full(5, expected), rtol=0, atol=1e-6, what="base values")
        weights = model.coef_[0] * (rows[:5] - background.mean())
        t.equal(values, weights.to_numpy(), rtol=0, atol=1e-6, what="contributions")
with t.item("explain: the columns keep their names", weight=1):
    model, rows = small_model(t.seeds[0])
    names = getattr(t.call(explain, model, rows[:20], rows[40:50]), "feature_names", None)
    t.wrong_if(
        "names_are_lost",
        names is None,
        "The explanation has no `feature_names`, so nobody can add the parts of a feature. Give the "
        "explainer DataFrames, not arrays.",
    )
    t.equal(names, list(rows.columns), what="feature_names")
with t.item("additivity_error: the largest difference of all rows", weight=2):
    model, rows = small_model(t.seeds[-1])
    right = model.coef_[0] * (rows - rows.mean()).to_numpy()
    base = model.decision_function(rows).mean()
    names = list(rows.columns)
    got = error_of(made(right, base, names), model, rows)
    t.wrong_if(
        "compares_with_the_probability",
        got > 0.01,
        f"These contributions add up to the log-odds, and you found an error of {got:.2f}. Compare "
        "with `decision_function`, not with probabilities, and do not forget the base value.",
    )
    t.equal(got, 0, atol=1e-9, what="error of exact contributions")
    for sign, side in ((1, "low"), (-1, "high")):
        spoiled = right.copy()
        spoiled[7, 1] -= 0.3 * sign
        spoiled[9, 2] += 0.1 * sign
        got = error_of(made(spoiled, base, names), model, rows)
        t.wrong_if(
            "ignores_errors_below",
            sign == 1 and np.isclose(got, 0.1),
            "One row is 0.3 too low, another 0.1 too high, and you found 0.1. Take the size of the "
            "difference, without sign, before the largest one.",
        )
        t.wrong_if(
            "ignores_errors_above",
            sign == -1 and np.isclose(got, 0.1),
            "One row is 0.3 too high, another 0.1 too low, and you found 0.1. Take the size of the "
            "difference, without sign, before the largest one.",
        )
        t.wrong_if(
            "adds_up_the_errors",
            np.isclose(got, 0.4),
            "One row is wrong by 0.3, another by 0.1, and you found 0.4. The error is the largest "
            "difference, not the sum over the rows.",
        )
        t.wrong_if(
            "mean_error_hides_a_row",
            0 < abs(got) < 0.05,
            "One row is wrong by 0.3, and the mean over all rows hides it. Take the largest difference.",
        )
        t.equal(got, 0.3, what=f"error, with one row 0.3 too {side}")
with t.item("global_importance: parts of a feature are added, then sizes averaged", weight=3):
    values = [[0.4, 0.1, -1.0, 0.2], [-0.2, -0.1, 0.9, 0.1]]
    ex = made(values, 0.2, ["area_east", "area_west", "late", "age"])
    groups = {"area": ["area_east", "area_west"], "late": ["late"], "age": ["age"]}
    got = importance_of(ex, groups)
    t.wrong_if(
        "mean_of_signed_values",
        np.isclose(abs(got["late"]), 0.05),
        "`late` contributes -1.0 and 0.9, and you found it unimportant: plus and minus cancel out. "
        "Average the sizes, without sign.",
    )
    t.wrong_if(
        "rows_cancel_out",
        np.isclose(abs(got["late"]), 0.1),
        "You added up the rows of `late`, -1.0 and 0.9, before you took the size: plus and minus cancel "
        "out. Take the size in each row, then the mean over the rows.",
    )
    t.wrong_if(
        "sum_over_rows",
        np.isclose(got["late"], 1.9),
        "You added up the rows. Then more rows make a feature more important. Take the mean.",
    )
    t.wrong_if(
        "mean_of_the_parts",
        np.isclose(got["area"], 0.2),
        "The parts of `area` are 0.4 and 0.1 in the first row: together 0.5. You took the mean over the "
        "two columns. Add them, and take the mean over the rows only.",
    )
    t.equal(dict(got), {"late": 0.95, "area": 0.4, "age": 0.15}, what="importance")
    ex = made([[0.5, -0.4], [-0.5, 0.4]], 0, ["area_east", "area_west"])
    got = importance_of(ex, {"area": ["area_east", "area_west"]})
    t.wrong_if(
        "parts_are_not_added_first",
        np.isclose(got["area"], 0.9),
        "east contributes 0.5 and west -0.4, to the same fact: 0.1 in all. You added sizes, so a "
        "feature with many categories looks important. Add the parts first, then take the size.",
    )
    t.equal(got["area"], 0.1, what="importance of area")
with t.item("global_importance: the largest first", weight=1):
    ex = made([[0.1, -0.7, 0.3]] * 2, 0, ["a", "b", "c"])
    got = importance_of(ex, {"a": ["a"], "b": ["b"], "c": ["c"]})
    t.wrong_if(
        "smallest_first",
        list(got.index) == ["a", "c", "b"],
        "The sizes are 0.1, 0.3 and 0.7, in this order. Begin with the largest: `ascending=False`.",
    )
    t.wrong_if(
        "order_of_the_groups",
        list(got.index) == ["a", "b", "c"],
        "The features stand in the order of `groups`. Sort them, the largest importance first.",
    )
    t.equal(list(got.index), ["b", "c", "a"], what="order")
### BEGIN HIDDEN TESTS
with t.item("Columns in another order, and many groups", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 90])
        names = [f"c{i}" for i in range(7)]
        values = rng.normal(size=(20, 7))
        groups = {"x": ["c5", "c0"], "y": ["c6"], "z": ["c1", "c4", "c2", "c3"]}
        got = importance_of(made(values, 0, names), groups)
        at = {name: i for i, name in enumerate(names)}
        expected = {
            name: np.mean([abs(sum(row[at[c]] for c in columns)) for row in values])
            for name, columns in groups.items()
        }
        t.equal(dict(got), expected, what="importance")
### END HIDDEN TESTS

# %% [markdown]
# What do the two models look at? The background is the first 100 past rows. (From 101 rows on,
# `LinearExplainer` takes 100 of them by chance. The parts still add up, but the base value is no
# longer the mean of your background. That is why the task said "at most 100".)

# %% needs="explain"
GROUPS = {name: [name] for name in NUMBERS}
GROUPS |= {word: [column for column in X.columns if column.startswith(word)] for word in WORDS}
EXPLAINED = {name: explain(model, X_past[:100], X_new) for name, model in MODELS.items()}
for name, ex in EXPLAINED.items():
    exact = additivity_error(ex, MODELS[name], X_new) < 1e-9
    print(f"{name}: parts add up to the log-odds for all {len(X_new)} rows: {exact}")
importance = pd.DataFrame({name: global_importance(ex, GROUPS) for name, ex in EXPLAINED.items()})
importance.sort_values("historic", ascending=False).round(2)

# %% [markdown]
# `area` is among the top features of the historic model and near the end for the repayment model.
# Nothing in repayment depends on the area. The historic model uses it because the officers treated
# the east differently. An explanation cannot make a model fair. It can show where to ask.

# %% needs="explain"
features = list(importance.sort_values("historic").index)
parts = pd.DataFrame(EXPLAINED["historic"].values, columns=X.columns)
rng = np.random.default_rng(0)
fig, ax = plt.subplots(figsize=(7, 4.2))
for height, feature in enumerate(features):
    total = parts[GROUPS[feature]].sum(axis=1)[:300]
    high = table[GROUPS[feature][0]][3000:3300].rank(pct=True) > 0.5
    noise = height + rng.uniform(-0.25, 0.25, 300)
    ax.plot(total[~high.to_numpy()], noise[~high.to_numpy()], "x", markersize=4, color="C1")
    ax.plot(total[high.to_numpy()], noise[high.to_numpy()], "o", markersize=3, color="C0")
ax.axvline(0, color="black", linewidth=1)
ax.set_yticks(range(len(features)), features)
ax.set(xlabel="contribution to the log-odds of approval")
ax.set_title("historic model, 300 applicants (o: high value, or east for area)", fontsize=11)
figures.show(
    fig,
    alt="One row of dots for each feature of the historic model. Late payments spread widest to the "
    "left. For area two clear clusters: applicants of the east lie left of zero, others right of it.",
)

# %% [markdown]
# Each mark is an applicant (for `purpose` the marks o and x are mixed: o is the purpose car). Find
# the row of `area`: two clusters, and the east is always on the left.

# %% [markdown]
# ## Reasons for one person
#
# > **reason code**: one of the few main facts that pushed a decision towards refusal, in a fixed
# > wording.
#
# Northwind approves from a probability of 0.7 on. In log-odds the limit is ln(0.7 / 0.3) = 0.85.
#
# **Your task.** Write `reason_codes(contributions, base, limit, k=4)`.
#
# - `contributions` is a Series: the contributions of one applicant, with the names of the columns as
#   index. `base` is the base value, `limit` the limit; all are log-odds.
# - If base value plus all contributions is at least the limit, the applicant is approved: return `[]`.
# - Else return a list of at most `k` **features** (not columns): those whose total contribution is
#   below 0, **the most harmful first**. The given `feature_of` tells the feature of a column. Add
#   the parts of a feature first.
# - A feature in `IMMUTABLE` cannot be changed by the applicant (`area` belongs to it: the address
#   decides which branch is responsible). It stays in the list and counts as one of the `k`, because
#   to hide it would mislead. Mark it with a star at the end: `"area*"`.
# - Of two features with the same total either may come first.
#
# For example, `base` = 1.0, `limit` = 0.85, and
#
# | `income_keur` | `late_payments` | `area_east` | `area_west` | `purpose_car` | `purpose_debt` |
# |---|---|---|---|---|---|
# | 0.6 | −0.9 | −0.3 | −0.2 | −0.4 | 0.3 |
#
# The sum is 1.0 − 0.9 = 0.1: refused. The reasons are `["late_payments", "area*", "purpose"]`:
# totals of −0.9, −0.5 and −0.1.

# %%
IMMUTABLE = ("age", "area", "group")


def feature_of(column: str) -> str:
    """Return the feature that a column belongs to: area_east belongs to area."""
    word = column.split("_")[0]
    return word if word in ("purpose", "area") else column


print(feature_of("area_east"), feature_of("late_payments"))


# %% [markdown]
# Now your function.


# %% exercise="reason_codes" objective="W.8.10"
def reason_codes(contributions: pd.Series, base: float, limit: float, k: int = 4) -> list[str]:
    """Return the main reasons of a refusal, or [] for an approval."""
    ### BEGIN SOLUTION
    if base + contributions.sum() >= limit:
        return []
    totals = contributions.groupby(feature_of).sum().sort_values()
    worst = totals[totals < 0].index[:k]
    return [name + "*" if name in IMMUTABLE else name for name in worst]
    ### END SOLUTION


# %% check="reason_codes" title="Reasons are facts that harmed this person" points=2 transport="plain"
t.hints(
    "First decide: approved or not?",
    "`contributions.groupby(feature_of).sum()` adds the parts of each feature.",
    "Sort from small to large, keep what is below 0, take the first `k`, then add the stars.",
)
EXAMPLE = pd.Series(
    {
        "income_keur": 0.6,
        "late_payments": -0.9,
        "area_east": -0.3,
        "area_west": -0.2,
        "purpose_car": -0.4,
        "purpose_debt": 0.3,
    }
)


def reasons(contributions, base=1.0, limit=0.85, **k):
    """Call the answer and require a list of texts."""
    got = t.call(reason_codes, contributions, base, limit, **k)
    t.require(isinstance(got, list | tuple), f"Return a list, not a {type(got).__name__}.")
    strange = [type(name).__name__ for name in got if not isinstance(name, str)]
    t.wrong_if(
        "more_than_names_in_the_list",
        len(strange) > 0,
        "The list should hold names of features, that is texts only. Now it also holds: "
        f"{', '.join(strange[:3])}.",
    )
    return [str(name) for name in got]


with t.item("The example: harmful features, the most harmful first", weight=3):
    got = reasons(EXAMPLE)
    t.wrong_if(
        "no_reasons_for_a_refusal",
        got == [],
        "1.0 - 0.9 = 0.1 is below the limit 0.85: refused, and you give no reason. Compare the base value "
        "plus ALL contributions with the limit.",
    )
    t.wrong_if(
        "lists_favourable_facts",
        any(name.startswith("income") for name in got),
        "The income HELPED this applicant (+0.6), and you list it as a reason for the refusal. Take "
        "negative totals only, not the largest sizes.",
    )
    t.wrong_if(
        "lists_columns_instead_of_features",
        any(name.startswith(("area_", "purpose_")) for name in got),
        f"{got} holds one-hot columns. A person has one area: add the parts of a feature and name "
        "the feature.",
    )
    t.wrong_if(
        "star_in_another_place",
        any(name.strip("* ") == "area" and name not in ("area", "area*") for name in got),
        'The star stands at the end of the name, without a blank: "area*".',
    )
    t.wrong_if(
        "hides_what_cannot_be_changed",
        not any(name.startswith("area") for name in got),
        "`area` pushed towards refusal and is not in the list. To hide it would mislead: list it, "
        "with a star.",
    )
    t.wrong_if(
        "star_on_what_can_be_changed",
        "late_payments*" in got or "purpose*" in got,
        "Only features in `IMMUTABLE` get a star.",
    )
    t.wrong_if(
        "star_is_missing",
        "area" in got,
        'The applicant cannot change `area`: mark it with a star, "area*".',
    )
    t.wrong_if(
        "least_harmful_first",
        got == ["purpose", "area*", "late_payments"],
        "The order is turned round: begin with the most negative total.",
    )
    t.wrong_if(
        "not_in_the_order_of_harm",
        sorted(got) == ["area*", "late_payments", "purpose"] and got[0] == "area*",
        "`area` (-0.5) stands before `late_payments` (-0.9). Only the totals decide the order, the most "
        "negative first.",
    )
    t.equal(got, ["late_payments", "area*", "purpose"], what="reasons")
with t.item("An approved applicant gets no reasons", weight=1):
    got = reasons(EXAMPLE, base=1.8)
    t.wrong_if(
        "reasons_for_an_approval",
        len(got) > 0,
        f"1.8 - 0.9 = 0.9 is above the limit 0.85: approved, and you gave {got}. Compare base plus "
        "contributions with the limit first.",
    )
    got = reasons(pd.Series({"age": -0.5, "loan_keur": 0.25}), 1.25, 1.0)
    t.wrong_if(
        "limit_itself_is_refused",
        len(got) > 0,
        f"1.25 - 0.5 + 0.25 = 1.0 is exactly the limit, and you gave {got}. From the limit on the "
        "applicant is approved: use `>=`.",
    )
    got = reasons(pd.Series({"age": -0.5}), -0.2, -1.0)
    t.wrong_if(
        "another_limit_than_the_given",
        len(got) > 0,
        f"-0.2 - 0.5 = -0.7 is above the limit of this call, -1.0: approved, and you gave {got}. Compare "
        "with the argument `limit`; it is in log-odds already.",
    )
with t.item("At most k, and not more than there are", weight=2):
    many = pd.Series({f"f{i}": -0.1 * i for i in range(1, 8)})
    t.equal(reasons(many), ["f7", "f6", "f5", "f4"], what="reasons for k=4")
    got = reasons(many, k=2)
    t.wrong_if(
        "ignores_k",
        len(got) > 2,
        f"The call says k=2, and you gave {len(got)} reasons. Take at most `k`.",
    )
    t.equal(got, ["f7", "f6"], what="reasons for k=2")
    got = reasons(pd.Series({"loan_keur": -3.0, "age": 0.5, "income_keur": 0.0}))
    t.wrong_if(
        "neutral_fact_is_a_reason",
        "income_keur" in got,
        "`income_keur` contributes 0: it did not harm, and you list it. Only totals below 0 count.",
    )
    t.equal(got, ["loan_keur"], what="reasons, with one harmful fact")
    helped = {"income_keur": 3.0, "home_owner": 2.0, "late_payments": -1.0, "loan_keur": -0.5}
    got = reasons(pd.Series(helped), -5.0, 0.0, k=2)
    t.wrong_if(
        "good_facts_use_up_k",
        len(got) < 2,
        f"Two facts harmed, k is 2, and you gave {got}. Drop the facts that helped first, then take `k`.",
    )
    t.equal(got, ["late_payments", "loan_keur"], what="reasons for k=2, with two facts that helped")
    got = reasons(
        pd.Series({"group": -0.4, "age": -0.5, "debt_ratio": -0.2, "loan_keur": -0.3}), k=2
    )
    t.wrong_if(
        "starred_facts_do_not_count",
        len(got) > 2,
        f"The call says k=2, and you gave {got}. What cannot be changed counts as one of the `k`, too.",
    )
    t.wrong_if(
        "star_for_area_only",
        "age" in got or "group" in got,
        "`age` and `group` are in `IMMUTABLE`, too: mark them with a star.",
    )
    t.equal(got, ["age*", "group*"], what="reasons for k=2, none of which can be changed")
with t.item("Parts are added before anything else", weight=2):
    parts = {"purpose_car": -0.6, "purpose_debt": 0.5, "purpose_home": 0.2, "loan_keur": -0.4}
    got = reasons(pd.Series({**parts, "debt_ratio": -0.5, "area_east": 0.3, "area_west": -0.6}))
    t.wrong_if(
        "counts_one_part_of_a_feature",
        "purpose" in got,
        "The parts of `purpose` are -0.6, 0.5 and 0.2: together +0.1, so it helped. Add the parts "
        "first, then look at the sign.",
    )
    t.equal(got, ["debt_ratio", "loan_keur", "area*"], what="reasons")
    got = reasons(pd.Series({"loan_keur": -0.5, "area_east": -0.3, "area_west": -0.4}))
    t.wrong_if(
        "mean_of_the_parts",
        got == ["loan_keur", "area*"],
        "The parts of `area` are -0.3 and -0.4: together -0.7, more than the -0.5 of `loan_keur`. Add the "
        "parts of a feature; do not take their mean, or only one of them.",
    )
    t.equal(got, ["area*", "loan_keur"], what="reasons, with two parts of area")
### BEGIN HIDDEN TESTS
with t.item("Random applicants", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 91])
        names = ["age", "group", "loan_keur", "debt_ratio", "area_east", "area_west", "purpose_car"]
        for _ in range(20):
            values = pd.Series(rng.normal(-0.1, 0.4, 7), rng.permutation(names))
            totals = {}
            for name, value in values.items():
                totals[feature_of(name)] = totals.get(feature_of(name), 0) + value
            worst = sorted((value, name) for name, value in totals.items() if value < 0)[:3]
            starred = [n + "*" if n in ("age", "area", "group") else n for _, n in worst]
            refused = 0.3 + values.sum() < 0
            got = reasons(values, 0.3, 0.0, k=3)
            t.equal(got, starred if refused else [], what="reasons")
### END HIDDEN TESTS

# %% [markdown]
# We take the first applicant of the east whom both models refuse. The wording of a letter is data, so
# that a lawyer can review it.

# %%
LIMIT = float(np.log(0.7 / 0.3))
TEXTS = {
    "age": "your age",
    "income_keur": "your income",
    "loan_keur": "the amount of the loan",
    "debt_ratio": "your existing debts compared with your income",
    "late_payments": "late payments in the past",
    "employment_years": "the time in your present employment",
    "home_owner": "whether you own your home",
    "purpose": "the purpose of the loan",
    "area": "the branch that is responsible for your address",
}
log_odds = pd.DataFrame({n: m.decision_function(X_new) for n, m in MODELS.items()})
person = int(np.flatnonzero((log_odds < LIMIT).all(axis=1) & (new["area"] == "east"))[0])
log_odds.loc[person].round(2).to_dict()

# %% [markdown]
# Now two letters for this applicant, one for each model.

# %% needs="explain, reason_codes"
for name, ex in EXPLAINED.items():
    own = pd.Series(np.array(ex.values)[person], X_new.columns)
    totals = own.groupby(feature_of).sum()
    print(f"Letter of the {name} model. Main reasons for our decision:")
    for reason in reason_codes(own, np.mean(ex.base_values), LIMIT):
        feature, can_not = reason.rstrip("*"), " (you cannot change this)" * reason.count("*")
        print(f"  - {TEXTS[feature]}{can_not}  [{totals[feature]:+.2f}]")

# %% [markdown]
# The numbers in brackets are the contributions; a real letter leaves them out. The letter of the
# historic model tells the truth about that model: the branch counted heavily against the applicant.
# No lender wants to send this letter. Good: now the question is about the model, not about the
# wording. In the repayment model the same reason comes last and is small: chance in the training data.
#
# The reasons of the repayment model for the first refused applicants are the artefact
# `reason_codes`.


# %%
def decision_records(ex: shap.Explanation, count: int = 20) -> list[dict]:
    """Return the reasons for the first refused applicants, as plain data."""
    records, values, base = [], np.array(ex.values), float(np.mean(ex.base_values))
    for place in np.flatnonzero(values.sum(axis=1) + base < LIMIT)[:count]:
        own = pd.Series(values[place], X_new.columns)
        why = reason_codes(own, base, LIMIT)
        records.append({"application_id": int(new["application_id"][place]), "reasons": list(why)})
    return records


# %% [markdown]
# Stored as plain data, the reasons can be audited later: do people of group B get other reasons?

# %% needs="explain, reason_codes"
records = decision_records(EXPLAINED["repayment"])
artifacts.put("reason_codes", {"limit": 0.7, "texts": TEXTS, "decisions": records})
print(f"{len(records)} decisions, the first:", records[0])

# %% [markdown]
# ## What could I change?
#
# A reason says what counted. It does not say what would be enough.
#
# > **counterfactual**: a small change of the inputs after which the decision would be another one.
#
# Only things that a person can really change may be offered. `ACTIONS` lists them: feature → a list
# of pairs (new value, effort). The effort is a rough number of points. (A past late payment cannot
# be undone, but the bureau deletes its entry after some years of paying on time. Hence the large
# effort of 8 for none.) To keep it short, the repayment model is written as a **card**: a base and
# one weight for each unit of a feature. The function `score` gives the log-odds of an applicant
# `x`, a dictionary of all features of the card.


# %%
def score(card: dict, x: dict) -> float:
    """Return the log-odds of an applicant."""
    missing = sorted(set(card["weights"]) - set(x))
    if missing:
        raise ValueError(f"The applicant has no value for {missing}, which the card needs.")
    return card["base"] + sum(weight * x[name] for name, weight in card["weights"].items())


# %% [markdown]
# `single_best` finds the cheapest single change:


# %%
def single_best(card: dict, x: dict, actions: dict, limit: float) -> dict | None:
    """Return the cheapest single change after which the score is at least the limit."""
    best, least_effort = None, np.inf
    for name, choices in actions.items():
        for value, effort in choices:
            if score(card, {**x, name: value}) >= limit and effort < least_effort:
                best, least_effort = {name: value}, effort
    return best


weights = pd.Series(MODELS["repayment"].coef_[0] / deviation, X.columns)
base = MODELS["repayment"].intercept_[0] - (weights * mean).sum()
CARD = {"base": float(base), "weights": weights.to_dict()}
ACTIONS = {
    "loan_keur": [(8.0, 1), (6.0, 2), (4.0, 4)],
    "debt_ratio": [(0.3, 3), (0.2, 6)],
    "late_payments": [(0, 8)],
}
x = table.iloc[3000 + person].to_dict()
print(f"log-odds {score(CARD, x):.2f}, limit 0.85;", single_best(CARD, x, ACTIONS, 0.85))

# %% [markdown]
# **Your task.** Write `counterfactual(card, x, actions, limit)`. It looks for the cheapest way over
# **single changes and pairs of changes of two different features**.
#
# - The result is a dictionary of the changes, for example `{"loan_keur": 6.0}` or
#   `{"loan_keur": 8.0, "debt_ratio": 0.3}`. The effort of a pair is the sum of its two efforts.
# - A new value takes the place of the old one, and all other features of `x` stay as they are. After
#   the changes the score must be at least `limit`.
# - If two ways have the same effort, a single change is better than a pair. (Between two single
#   changes, or two pairs, of the same effort either is right.)
# - If `x` already reaches the limit, return `{}`. If nothing helps, return `None`.
#
# For example, `card = {"base": 0, "weights": {"a": 1, "b": 2}}`, `x = {"a": 0, "b": 0}`,
# `actions = {"a": [(1, 1), (3, 9)], "b": [(1, 2)]}` and `limit` = 3. Alone, only `a` = 3 is enough
# (effort 9). The pair `a` = 1, `b` = 1 gives 1 + 2 = 3 with an effort of 3. The result is
# `{"a": 1, "b": 1}`.


# %% exercise="counterfactual" objective="W.8.10"
def counterfactual(card: dict, x: dict, actions: dict, limit: float) -> dict | None:
    """Return the cheapest single change or pair of changes that reaches the limit."""
    ### BEGIN SOLUTION
    if score(card, x) >= limit:
        return {}
    steps = [(name, *choice) for name, choices in actions.items() for choice in choices]
    ways = [({name: value}, effort) for name, value, effort in steps]
    for i, (name, value, effort) in enumerate(steps):
        for other, new_value, more in steps[i + 1 :]:
            if other != name:
                ways.append(({name: value, other: new_value}, effort + more))
    enough = [way for way in ways if score(card, {**x, **way[0]}) >= limit]
    return min(enough, key=lambda way: (way[1], len(way[0])))[0] if enough else None
    ### END SOLUTION


# %% check="counterfactual" title="The cheapest change that is enough" points=2 transport="plain"
t.hints(
    "Make a list of all ways first, singles and pairs, each as (changes, effort).",
    "For pairs use two loops over the steps; skip a pair of the same feature.",
    "Keep the ways with `score(card, {**x, **changes}) >= limit`, then take the smallest "
    "`(effort, number of changes)`; an empty list gives None.",
)
SMALL = ({"base": 0, "weights": {"a": 1, "b": 2}}, {"a": 0, "b": 0})


def effort_of(changes, actions):
    """Effort of some changes; the check ends when a change is not on offer."""
    total = 0
    for name, value in changes.items():
        t.wrong_if(
            "effort_among_the_changes",
            not isinstance(value, int | float | np.integer | np.floating),
            f"The new value of {name!r} should be one number, not a {type(value).__name__}. An action "
            "is a pair (new value, effort): return the new value only.",
        )
        efforts = [effort for choice, effort in actions.get(name, []) if choice == value]
        t.wrong_if(
            "change_is_not_on_offer",
            not efforts,
            f"`{name}` = {value} is not among the actions. Offer only what is listed: nobody can "
            "change the other things.",
        )
        total += min(efforts)
    return total


def way(card, x, actions, limit):
    """Call the answer and require a dictionary or None."""
    got = t.call(counterfactual, card, x, actions, limit, none_is_fine=True)
    t.require(
        got is None or isinstance(got, dict),
        f"Return a dictionary of changes or None, not a {type(got).__name__}.",
    )
    changes = got or {}
    t.wrong_if(
        "old_values_among_the_changes",
        any(name in x and x[name] == value for name, value in changes.items()),
        f"{got} also holds a value that the applicant has already. Return the changes only.",
    )
    effort_of(changes, actions)
    t.wrong_if(
        "more_than_two_changes",
        len(changes) > 2,
        f"{got} changes {len(changes)} features. The task allows one change or two.",
    )
    return got


with t.item("The example: a pair is cheaper than a single change", weight=2):
    actions = {"a": [(1, 1), (3, 9)], "b": [(1, 2)]}
    got = way(*SMALL, actions, 3)
    t.wrong_if(
        "single_changes_only",
        got == {"a": 3},
        "This single change costs 9. The pair `a` = 1 and `b` = 1 costs 3. Try pairs, too, also when a "
        "single change is enough.",
    )
    t.wrong_if(
        "limit_itself_is_not_enough",
        got == {"a": 3, "b": 1},
        "This pair costs 11. The pair `a` = 1 and `b` = 1 costs 3 and gives exactly 3. That is enough: "
        "at least the limit means `>=`.",
    )
    t.wrong_if(
        "does_not_reach_the_limit",
        isinstance(got, dict) and score(SMALL[0], {**SMALL[1], **got}) < 3,
        f"With {got} the score is below the limit. Nobody is helped by a change that is not enough.",
    )
    t.equal(got, {"a": 1, "b": 1}, what="changes")
with t.item(
    "The least effort counts, not the largest gain; at the same effort one change", weight=2
):
    actions = {"a": [(3, 4)], "b": [(2, 3), (5, 8)]}
    got = way(*SMALL, actions, 3)
    t.wrong_if(
        "largest_gain_instead_of_least_effort",
        isinstance(got, dict) and score(SMALL[0], {**SMALL[1], **got}) > 4,
        f"{got} is more than enough, and costs more than needed: `b` = 2 costs 3.",
    )
    t.equal(got, {"b": 2}, what="changes")
    got = way(*SMALL, {"a": [(1, 2), (3, 3)], "b": [(1, 2)]}, 3)
    t.wrong_if(
        "effort_of_a_pair_is_not_the_sum",
        got == {"a": 1, "b": 1},
        "The pair costs 2 + 2 = 4, and `a` = 3 alone costs 3. Add the two efforts of a pair.",
    )
    t.equal(got, {"a": 3}, what="changes")
    actions = {"a": [(1, 1), (3, 3)], "b": [(1, 2)]}
    got = way(*SMALL, actions, 3)
    t.wrong_if(
        "pair_although_one_is_enough",
        got == {"a": 1, "b": 1},
        "The pair costs 1 + 2 = 3, and so does `a` = 3 alone. At the same effort fewer changes are "
        "better.",
    )
    t.equal(got, {"a": 3}, what="changes")
    got = way(*SMALL, {"a": [(3, 3)], "b": [(2, 3)]}, 3)
    t.require(
        got in ({"a": 3}, {"b": 2}),
        "`a` = 3 and `b` = 2 both cost 3, and either is right. Your function gives neither.",
    )
with t.item("A new value takes the place of the old one, the rest stays", weight=2):
    got = way(SMALL[0], {"a": 2, "b": 1}, {"a": [(3, 1), (4, 2)], "b": [(2, 4)]}, 6)
    t.wrong_if(
        "new_value_is_added",
        got == {"a": 3},
        "The applicant has `a` = 2 and `b` = 1, and `a` = 3 gives 3 + 2 = 5, not 6. Did you add the new "
        "value to the old one? It takes its place.",
    )
    t.wrong_if(
        "forgets_the_other_features",
        got == {"a": 3, "b": 2},
        "The applicant has `b` = 1 already, so `a` = 4 alone gives 4 + 2 = 6 and costs 2. Keep the other "
        "values of `x`: `{**x, **changes}`.",
    )
    t.equal(got, {"a": 4}, what="changes")
with t.item("Nothing to do gives {}, nothing that helps gives None", weight=2):
    actions = {"a": [(1, 1)], "b": [(1, 2)]}
    got = way(*SMALL, actions, 0)
    t.wrong_if(
        "changes_for_an_approved_applicant",
        got != {} and got is not None,
        f"The applicant reaches the limit already, and you ask for {got}. Return {{}}.",
    )
    t.wrong_if(
        "none_for_an_approved_applicant",
        got is None,
        "The applicant reaches the limit already, and you return None. None says that nothing helps; "
        "here nothing has to change: return {}.",
    )
    t.equal(got, {}, what="changes for an approved applicant")
    got = way(*SMALL, actions, 4)
    t.wrong_if(
        "nothing_to_do_instead_of_nothing_helps",
        got == {},
        "Nothing on offer reaches the limit 4, and you return {}. That says that no change is needed: "
        "return None.",
    )
    t.wrong_if(
        "best_effort_that_is_not_enough",
        got is not None,
        f"Nothing reaches the limit, and you offer {got}. That is a promise you cannot keep: None.",
    )
with t.item("A pair changes two different features, and more than two are not asked for", weight=1):
    card = {"base": 0, "weights": {"a": 1, "b": 1}}
    got = way(card, {"a": 0, "b": 0}, {"a": [(2, 1), (3, 1)], "b": [(1, 5)]}, 4)
    t.equal(got, {"a": 3, "b": 1}, what="changes")
    card = {"base": 0, "weights": {"a": 1, "b": 1, "c": 1}}
    got = way(
        card, dict.fromkeys("abc", 0), {"a": [(1, 1)], "b": [(1, 1)], "c": [(1, 1), (3, 9)]}, 3
    )
    t.equal(got, {"c": 3}, what="changes of three features that cost 1 each, or one that costs 9")
### BEGIN HIDDEN TESTS
with t.item("Random cards", weight=3):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 92])
        for _ in range(15):
            names = ["a", "b", "c", "d"]
            card = {"base": -1, "weights": {n: int(rng.integers(-2, 4)) for n in names}}
            x = {n: int(rng.integers(0, 3)) for n in names}
            actions = {n: [(int(v), int(rng.integers(1, 9))) for v in (3, 4)] for n in names[:3]}
            limit = score(card, x) + int(rng.integers(0, 9))
            sets = [{n: v} for n in names[:3] for v in (3, 4)]
            sets.append({})
            sets += [{**p, **q} for p in sets for q in sets if p and q and set(p) != set(q)]
            sets = [s for s in sets if score(card, {**x, **s}) >= limit]
            got = way(card, x, actions, limit)
            if not sets:
                t.equal(got, None, what="changes")
                continue
            t.require(isinstance(got, dict), "There is a way, and None was returned.")
            t.require(score(card, {**x, **got}) >= limit, f"{got} does not reach the limit.")
            best = min((effort_of(s, actions), len(s)) for s in sets)
            t.equal((effort_of(got, actions), len(got)), best, what="effort, number of changes")
### END HIDDEN TESTS

# %% [markdown]
# What can the applicants near the limit do? Move the limit (as a probability) and the effort of
# repaying a debt, and see how many of 300 refused applicants have a way.


# %% needs="counterfactual" tags=["nbval-ignore-output"]
def show_ways(probability: float, effort_of_debt: int) -> None:
    """Count the refused applicants by the way that is open to them."""
    limit = np.log(probability / (1 - probability))
    actions = {**ACTIONS, "debt_ratio": [(0.3, effort_of_debt), (0.2, 2 * effort_of_debt)]}
    counts = dict.fromkeys(["nothing helps", "a pair", "late payments", "debt", "loan"], 0)
    short = {"loan_keur": "loan", "debt_ratio": "debt", "late_payments": "late payments"}
    refused = [row for row in table[3000:].to_dict("records") if score(CARD, row) < limit][:300]
    for row in refused:
        changes = counterfactual(CARD, row, actions, limit)
        single = changes is not None and len(changes) == 1
        key = short[next(iter(changes))] if single else "a pair" if changes else "nothing helps"
        counts[key] += 1
    fig, ax = plt.subplots(figsize=(7, 2.6))
    ax.bar_label(ax.barh(list(counts), list(counts.values())), padding=3)
    ax.set(xlim=(0, 330), xlabel=f"of {len(refused)} refused applicants")
    ax.set_title(f"cheapest way, limit {probability:.2f}, effort {effort_of_debt} for less debt")
    said = ", ".join(f"{name} {count}" for name, count in counts.items())
    figures.show(fig, alt=f"Bars of refused applicants by their cheapest way: {said}.")


explore.sliders(show_ways, probability=(0.5, 0.9, 0.05, 0.7), effort_of_debt=(1, 9, 1, 3))

# %% [markdown]
# With the start values a smaller loan alone is enough for 77 of 300: an offer that the clerk can
# make at once. For 3 nothing on the list helps, and the honest letter says so. A counterfactual is
# a statement about the *model*. A changed number changes the score; it is no proof that the person
# would repay more surely.

# %% [markdown]
# ## Who was heard?
#
# Before a model goes into use, the people concerned are asked, and what they say is written down.
# An entry of such a **consultation** has a fixed form. The given `Entry` refuses anything else.


# %%
class Entry(BaseModel, extra="forbid"):
    """One issue that somebody raised."""

    stakeholder: str
    harm: str
    issue: str
    answer: str
    evidence: str
    status: Literal["open", "closed"]


STAKEHOLDERS = ["customer representative", "branch lead", "compliance officer"]
HARMS = ["wrong refusal", "loan too high", "no reason given"]
NOTES = [
    "customer representative|wrong refusal|B is refused more often|model learns repayment|02|closed",
    "customer representative|no reason given|letters name no facts|reason codes|04|closed",
    "branch lead|no reason given|the clerk cannot explain a score|a leaflet is planned||closed",
    "branch lead|loan too high|a smaller loan is never offered|||open",
    "compliance officer|wrong refusal|area is a proxy|||closed",
]
CONSULTATION = [
    Entry(**dict(zip(Entry.model_fields, note.split("|")))).model_dump() for note in NOTES
]
pd.DataFrame(CONSULTATION)[["stakeholder", "harm", "answer", "evidence", "status"]]

# %% [markdown]
# A list of meetings proves nothing. The question is: which harm was discussed with whom, and is
# every issue really settled?
#
# **Your task.** Write `coverage(consultation, stakeholders, harms)`.
#
# - `consultation` is a list of at least one dictionary with the fields of `Entry`, all of them texts.
# - The result is a DataFrame with `stakeholders` as index and `harms` as columns, in the order given.
#   Each cell is one of three texts:
#     - `"not discussed"`: there is no entry for this pair;
#     - `"open"`: at least one entry of the pair is open;
#     - `"closed"`: there are entries, and all are closed.
# - An entry counts as closed only if its `status` is `"closed"` **and** `answer` and `evidence` both
#   have a text. A text of blanks only is no text.
# - An entry whose stakeholder or harm is not in the lists raises a `ValueError` that names it.
#
# For example, the third entry above (branch lead, no reason given) says "closed" and has no
# evidence: it is open.


# %% exercise="coverage" objective="W.8.11"
def coverage(consultation: list[dict], stakeholders: list[str], harms: list[str]) -> pd.DataFrame:
    """Return for every stakeholder and harm: not discussed, open or closed."""
    ### BEGIN SOLUTION
    table = pd.DataFrame("not discussed", index=stakeholders, columns=harms)
    for entry in consultation:
        who, harm = entry["stakeholder"], entry["harm"]
        for name, known in ((who, stakeholders), (harm, harms)):
            if name not in known:
                raise ValueError(f"{name!r} is not in the list {known}")
        settled = entry["answer"].strip() and entry["evidence"].strip()
        if entry["status"] != "closed" or not settled:
            table.loc[who, harm] = "open"
        elif table.loc[who, harm] == "not discussed":
            table.loc[who, harm] = "closed"
    return table
    ### END SOLUTION


# %% check="coverage" title="Closed means answered, with evidence" points=2 transport="plain"
t.hints(
    'Begin with a table full of "not discussed": `pd.DataFrame("not discussed", index=…, columns=…)`.',
    "Go through the entries. Is this one really closed? `text.strip()` is empty for a text of blanks.",
    'An open entry makes the cell "open", whatever stood there. A closed one changes only "not '
    'discussed".',
)
WHO, WHAT = ["board", "tenants", "clerks"], ["refusal", "price"]


def entry(who, harm, status="closed", answer="done", evidence="test 3", issue="text"):
    """One entry of a consultation."""
    return {
        "stakeholder": who,
        "harm": harm,
        "issue": issue,
        "answer": answer,
        "evidence": evidence,
        "status": status,
    }


def cell(entries, who="tenants", harm="price"):
    """Call the answer and return one cell."""
    got = t.call(coverage, entries, WHO, WHAT)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.wrong_if(
        "rows_and_columns_swapped",
        list(got.index) == WHAT and list(got.columns) == WHO,
        "Rows and columns are swapped: the stakeholders are the rows.",
    )
    t.wrong_if(
        "order_is_not_kept",
        (set(got.index), set(got.columns)) == (set(WHO), set(WHAT))
        and (list(got.index), list(got.columns)) != (WHO, WHAT),
        "Rows or columns are in another order than the two lists. Keep the order in which they are given.",
    )
    t.equal(list(got.index), WHO, what="index")
    t.equal(list(got.columns), WHAT, what="columns")
    text = got.loc[who, harm]
    t.wrong_if(
        "cells_are_not_texts",
        not isinstance(text, str),
        "Each cell is one of the three texts of the task, not an object of the type "
        f"{type(text).__name__}.",
    )
    return text


with t.item("Every pair has its place, also when nobody spoke of it", weight=2):
    entries = [entry("board", "refusal"), entry("clerks", "price", "open")]
    expected = [["closed", "not discussed"], ["not discussed"] * 2, ["not discussed", "open"]]
    got = t.call(coverage, entries, WHO, WHAT)
    t.wrong_if(
        "silent_stakeholder_is_missing",
        isinstance(got, pd.DataFrame) and "tenants" not in got.index and "board" in got.index,
        "`tenants` said nothing, and have no row. Who was not heard is the most important row of "
        "the table.",
    )
    t.equal(cell(entries), "not discussed", what="tenants and price")
    t.equal(got, pd.DataFrame(expected, index=WHO, columns=WHAT), what="table")
with t.item("Closed only with answer and evidence", weight=3):
    got = cell([entry("tenants", "price", answer="")])
    t.wrong_if(
        "trusts_the_status",
        got == "closed",
        'The status says "closed", and the answer is empty. An issue without an answer is open.',
    )
    t.wrong_if(
        "unanswered_is_not_discussed",
        got == "not discussed",
        "Somebody raised this issue and got no answer. It was discussed, and it is open.",
    )
    t.equal(got, "open", what="entry with an empty answer")
    got = cell([entry("tenants", "price", evidence="")])
    t.wrong_if(
        "closed_without_evidence",
        got == "closed",
        "There is an answer and no evidence. Anybody can write an answer: it is open.",
    )
    t.equal(got, "open", what="entry without evidence")
    got = cell([entry("tenants", "price", evidence="  ")])
    t.wrong_if(
        "blanks_count_as_text",
        got == "closed",
        "The evidence consists of blanks. Use `.strip()` before you look whether a text is empty.",
    )
    t.equal(got, "open", what="entry whose evidence is blank")
    got = cell([entry("tenants", "price", answer="  ")])
    t.wrong_if(
        "blank_answer_counts_as_text",
        got == "closed",
        "The answer consists of blanks. Treat it as you treat the evidence: `.strip()` first.",
    )
    t.equal(got, "open", what="entry whose answer is blank")
    got = cell([entry("tenants", "price", "open")])
    t.wrong_if(
        "ignores_the_status",
        got == "closed",
        'The status is "open", and you count the entry as closed because it has an answer.',
    )
    t.equal(got, "open", what="open entry")
with t.item("One open entry keeps a pair open, in any order", weight=2):
    closed, opened = entry("tenants", "price"), entry("tenants", "price", "open", issue="more")
    for entries in ([opened, closed], [closed, opened], [closed, opened, closed]):
        got = cell(entries)
        t.wrong_if(
            "first_entry_wins",
            got == "closed" and entries == [closed, opened],
            "A closed entry comes first, then an open one, and the cell says closed. Look at all entries "
            "of a pair: one open entry is enough.",
        )
        t.wrong_if(
            "last_entry_wins",
            got == "closed",
            "One of the entries of this pair is open, and the cell says closed. Another, closed entry "
            "must not hide it.",
        )
        t.equal(got, "open", what="pair with an open and a closed entry")
    t.equal(cell([closed, closed]), "closed", what="the same closed entry twice")
with t.item("An unknown stakeholder or harm is an error", weight=1):
    for bad, word in ((entry("press", "price"), "press"), (entry("board", "noise"), "noise")):
        t.raises(
            ValueError, coverage, [bad], WHO, WHAT, mentions=word, misconception="ignores_unknown"
        )
### BEGIN HIDDEN TESTS
with t.item("Random consultations", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 93])
        entries, state = [], {}
        for _ in range(12):
            who, harm = rng.choice(WHO).item(), rng.choice(WHAT).item()
            status = rng.choice(["open", "closed"], p=[0.2, 0.8]).item()
            answer, proof = (rng.choice(["", "yes"], p=[0.2, 0.8]).item() for _ in range(2))
            entries.append(entry(who, harm, status, answer, proof))
            state.setdefault((who, harm), []).append(bool(status == "closed" and answer and proof))
        expected = pd.DataFrame("not discussed", index=WHO, columns=WHAT)
        for (who, harm), each in state.items():
            expected.loc[who, harm] = "closed" if all(each) else "open"
        t.gives(expected, coverage, entries, WHO, WHAT)
### END HIDDEN TESTS

# %% [markdown]
# The table of our consultation, and the artefact `consultation` for the gate in unit 06:

# %% needs="coverage"
heard = coverage(CONSULTATION, STAKEHOLDERS, HARMS)
artifacts.put("consultation", CONSULTATION)
level = heard.replace({"not discussed": 0, "open": 1, "closed": 2}).astype(int)
fig, ax = plt.subplots(figsize=(7, 2.4))
ax.imshow(level, cmap="Blues", vmin=0, vmax=4, aspect="auto")
for (row, column), text in np.ndenumerate(heard.to_numpy()):
    ax.text(column, row, text, ha="center", va="center", fontsize=11)
ax.set_xticks(range(3), HARMS)
ax.set_yticks(range(3), STAKEHOLDERS)
ax.grid(False)
figures.show(
    fig,
    alt="Table of three stakeholders and three harms. Closed: customer representative on wrong "
    "refusal and on no reason given. Open: three cells. Not discussed: four cells.",
)

# %% [markdown]
# Five entries looked like much talk. Two cells are closed, three open, and four were never
# discussed: nobody asked the customer representative about loans that are too high.

# %% [markdown]
# ## The note to the community
#
# **Your task.** Write a note of at most 200 words to a group that represents customers of the east.
# Use plain language and no technical terms. Say
#
# 1. what the model decides, and who can overrule it;
# 2. one difference between the groups, as a number with its interval (for example from `03_mitigate`:
#    of the people who repay, the model approved a larger share in A than in B; the difference was 0.27,
#    with an interval from 0.23 to 0.32, in month 8, after the credit bureau had changed a form in the
#    east);
# 3. what was *not* repaired, and why;
# 4. how a person can object.
#
# The course does not tell how Northwind handles 1 and 4. Choose rules that you would defend.

# %% [markdown] written="note_to_the_community" points=4 rubric="1 each = says what the model decides and who can overrule it; gives one disparity with its interval; says what was not repaired and why; offers a way to object. 0 in all if technical terms stay unexplained in 3 places or more"
# Dear members of the East Tenants' Association,
#
# when somebody asks us for an instalment loan, a computer program estimates how likely it is that
# the loan is paid back. From 70 in 100 on, it proposes to approve. A clerk of your branch decides,
# and can overrule the program.
#
# We checked whether people who pay back their loans are approved equally often. Last September they
# were not. In group B, which mostly lives in the east, the share was 27 percentage points lower
# than in group A. Because we looked at a limited number of people, the true difference may lie
# between 23 and 32. One cause is a form of the credit bureau that counts rent as debt in the east.
#
# We have not repaired two things. The form belongs to the bureau; we have asked it for a change, and
# until then we look at refusals in the east by hand. And we cannot see who would have paid back among
# people we refused, so our check is incomplete.
#
# If you were refused, you can ask for the reasons and object: at your branch or by letter, within
# any time. A person who did not take the first decision will look at your case and answer you in
# writing within 14 days.

# %% [markdown]
# ## Recap
#
# - Contributions add up in log-odds. Check it, and add the parts of a one-hot feature before you
#   compare features.
# - Reasons for a refusal are facts that harmed *this* person. What cannot be changed is named, too.
# - A counterfactual offers only what a person can do, and says when nothing helps.
# - Consultation is measured by harms that were answered with evidence, not by meetings.
#
# Two questions to recall, without looking back:
#
# 1. From `03_mitigate`: why is the lower end of an interval compared with the limit, and why two
#    months in a row?
# 2. From `02_training/01_first_models`: what does a weight of a linear model mean, and why do you need
#    the unit of its column to read it?
#
# <details><summary>Answers</summary>
#
# 1. The gap of a month moves by chance. The lower end rules out most of this chance, and the second
#    month rules out a blip.
# 2. It is the change of the prediction when the column rises by one unit and all others stay. A
#    weight per EUR 1,000 is 1,000 times the weight per EUR.
#
# </details>
#
# ## What to read next
#
# - S. Lundberg and S.-I. Lee (2017), *A Unified Approach to Interpreting Model Predictions*, NeurIPS,
#   and the [documentation of shap](https://shap.readthedocs.io/).
# - S. Wachter, B. Mittelstadt and C. Russell (2018), *Counterfactual Explanations without Opening the
#   Black Box*, Harvard Journal of Law & Technology 31.
# - For discussion: does an explanation create trust, or does it only create the feeling of trust?
#   How would you find out?
