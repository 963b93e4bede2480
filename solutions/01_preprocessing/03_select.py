# %% [markdown]
# ## The story
#
# When Northwind Credit lends money on a house, it must know what the house is worth. The valuation
# office sends a table of 400 sold houses. It has 7 ordinary columns, and 16 readings of sensor
# boxes that a supplier would like to sell to us.
#
# More columns look like more knowledge. But every useless column lets a model fit a little more
# random noise. In this notebook you choose columns in three ways, and then find out how a careless
# choice deceives.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import stats
from sklearn.feature_selection import RFE, SelectKBest
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression
from sklearn.model_selection import KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workshop_lib import data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# The houses are made by a generator, so this time we know the truth. The price depends on `area`,
# `rooms`, `age_years`, `distance_km`, `garden` and `region`. It does not depend on `colour`, nor on
# any sensor. A good method finds that out from the table alone. `price_keur` is the price in
# EUR 1,000. `region` is a text: the wrapper and the lasso below get numbers only, so `true_columns`
# lists the five **true numeric columns**.

# %%
houses = data.housing(400, seed=6, n_noise=16)
true_columns = ["area", "rooms", "age_years", "distance_km", "garden"]
numeric = houses.select_dtypes("number").drop(columns="price_keur")
price = houses["price_keur"]
print(f"{len(houses)} houses, {numeric.shape[1]} numeric columns and 2 text columns")
houses.iloc[:, [0, 1, 2, 3, 4, 5, 6, 7, -1]].head()

# %% [markdown]
# ## First way: one column at a time
#
# > **filter**: a way to select columns that looks at each column alone, before any model is
# > trained.
#
# The simplest filter is the Pearson correlation $r$ with the price. It runs from −1 to 1. For a
# filter only its size counts: a price that falls with the distance is as useful as one that rises.
#
# **Your task.** Write `filter_rank(df, target)`.
#
# - It takes a table without missing values, and the name of the column to predict.
# - It returns a Series: one number for each **numeric** column except the target, the size of the
#   correlation $|r|$, **largest first**. The index holds the names of the columns. Text columns
#   are left out.
# - A column that never changes (a broken sensor) has no correlation. It gets 0.
#
# Spearman's correlation or mutual information are fine too: they do not depend on units either.
#
# For example, with the target `price`:
#
# | area | distance | colour | price |
# |---|---|---|---|
# | 50 | 9 | red | 100 |
# | 80 | 7 | blue | 140 |
# | 90 | 2 | red | 200 |
#
# The result is `distance` 0.991, then `area` 0.929. (The correlation of `distance` is −0.991.)

# %% exercise="filter_rank" objective="W.5.9"
def filter_rank(df: pd.DataFrame, target: str) -> pd.Series:
    """Return the strength of every numeric column, the strongest first."""
    ### BEGIN SOLUTION
    columns = df.select_dtypes("number").drop(columns=target)
    return columns.corrwith(df[target]).abs().fillna(0).sort_values(ascending=False)
    ### END SOLUTION


# %% check="filter_rank" title="Columns are ranked by strength" points=1 transport="plain"
t.hints(
    "Four steps: take the numeric columns, remove the target, correlate, sort by size.",
    '`df.select_dtypes("number")` keeps numeric columns; `frame.corrwith(series)` gives one '
    "correlation for each column.",
    "Take `.abs()` before `.sort_values(ascending=False)`; `.fillna(0)` is for the broken sensor.",
)


def valued_houses(seed, n=300):
    """Prices that rise with the area and fall with the distance; colour and sensor are chance."""
    rng = np.random.default_rng([seed, 59])
    area, distance = rng.normal(size=(2, n))
    return pd.DataFrame(
        {
            "sensor": rng.normal(size=n),
            "distance_km": 6 + 2 * distance,
            "colour": rng.choice(["red", "grey", "white"], n),
            "area": 120 + 40 * area,
            "value": 300 + 90 * area - 66 * distance + rng.normal(0, 15, n),
        }
    )


def ranking(table):
    """Return the ranking of a table, once it is a Series."""
    got = t.call(filter_rank, table, "value")
    t.require(isinstance(got, pd.Series), f"Return a Series, not a {type(got).__name__}.")
    return got


with t.item("Every numeric column but the target is there, the strongest first", weight=1):
    for seed in t.seeds:
        got = ranking(valued_houses(seed))
        t.wrong_if(
            "uses_the_table_of_the_notebook",
            "rooms" in got.index,
            "`rooms` is not in the table of this check. Use the argument `df`, not `houses`.",
        )
        t.wrong_if(
            "codes_texts_as_numbers",
            "colour" in got.index,
            "`colour` is a text. Numbers for red, grey and white would have an order that colours "
            "do not have, and so would their correlation. Keep the numeric columns only.",
        )
        t.wrong_if(
            "ranks_the_target_itself",
            "value" in got.index,
            "The target `value` is in the list. It follows itself perfectly, which tells nothing.",
        )
        t.equal(sorted(got.index), ["area", "distance_km", "sensor"], what="columns")
        t.wrong_if(
            "weakest_first",
            got.index[0] == "sensor",
            "The first entry is the sensor, which is pure chance. Sort from large to small.",
        )
        t.require(got.is_monotonic_decreasing, f"Sort from large to small, got {[*got.round(2)]}.")
with t.item("A column that lowers the price counts as much as one that raises it", weight=2):
    for seed in t.seeds:
        got = ranking(valued_houses(seed))
        t.wrong_if(
            "forgets_that_negative_counts",
            (got < 0).any() or list(got.index) == ["area", "sensor", "distance_km"],
            "`distance_km` has a strong negative correlation, and it does not count as strong. "
            "A price that falls with the distance is easy to predict: sort by size, without the "
            "sign.",
        )
        first = [name for name in got.index if name in ("area", "distance_km", "sensor")]
        t.equal(first, ["area", "distance_km", "sensor"], what="order")
with t.item("The unit of a column does not matter", weight=1):
    for seed in t.seeds:
        table = valued_houses(seed)
        before = list(ranking(table).index)
        factors = {"distance_km": 1000, "area": 1e-4}
        after = list(ranking(table.assign(**{c: table[c] * f for c, f in factors.items()})).index)
        t.wrong_if(
            "depends_on_the_unit",
            before != after,
            f"The order was {before}. With the area in hectares and the distance in metres it is "
            f"{after}. A covariance depends on units; a correlation does not.",
        )
with t.item("A column that never changes gets 0", weight=1):
    got = ranking(valued_houses(5).assign(broken=7.0))
    t.require("broken" in got.index, "The column that never changes is missing. It gets 0.")
    t.wrong_if(
        "constant_column_stays_missing",
        np.isnan(got["broken"]),
        "A column that never changes got NaN: 0 divided by 0. Replace it by 0 with `.fillna(0)`.",
    )
    # A little room, because estimates of mutual information are not exactly 0.
    t.require(abs(got["broken"]) < 0.1, f"It should get 0, but got {got['broken']:.2f}.")
### BEGIN HIDDEN TESTS
with t.item("On the houses area and rooms come first", weight=1):
    for seed in t.seeds:
        table = data.housing(400, seed, n_noise=16)
        got = t.same_every_time(filter_rank, table, "price_keur")
        t.equal(list(got.index[:2]), ["area", "rooms"], what="first two columns")
        t.equal(len(got), 21, what="number of columns")
### END HIDDEN TESTS

# %% [markdown]
# The picture shows the twelve strongest columns of our table.

# %% needs="filter_rank"
strength = filter_rank(houses, "price_keur").head(12)[::-1]
fig, ax = plt.subplots(figsize=(7, 4))
hatch = ["" if column in true_columns else "//" for column in strength.index]
bars = ax.barh(strength.index, strength, hatch=hatch, edgecolor="white")
ax.bar_label(bars, fmt="%.2f", padding=3)
ax.set(xlabel="size of the correlation with the price", xlim=(0, 1.1))
ax.set_title("the twelve strongest columns (hatched: not true numeric columns)", fontsize=11)
figures.show(
    fig,
    alt="Horizontal bars of correlation with the price. area 0.95 and rooms 0.89 are far ahead. "
    "garden and sensor_14 follow with 0.12, sensor_01 with 0.11; distance_km has 0.08.",
)

# %% [markdown]
# `area` and `rooms` are clear. Below them it gets hard: `sensor_14` and `sensor_01` (hatched bars:
# not in the price formula) stand above `distance_km`, and `age_years` is not even in the picture.
# The reason: prices differ mostly because areas differ. A filter looks at one column at a time, and
# the effect of the distance drowns in the differences of area.

# %% [markdown]
# ### How strong is strong enough?
#
# A test gives each column a *p-value*: the probability of seeing a relation at least this strong if
# the column had nothing to do with the price. The next function is given. It also works for text
# columns: there it compares the mean price of the groups (analysis of variance, ANOVA).

# %%
def anova_or_corr(df: pd.DataFrame, target: str, column: str) -> float:
    """p-value of "this column has nothing to do with the target", for numbers or texts."""
    if pd.api.types.is_numeric_dtype(df[column]):
        return float(stats.pearsonr(df[column], df[target]).pvalue)
    groups = [values for _, values in df.groupby(column)[target]]
    return float(stats.f_oneway(*groups).pvalue)


p_values = pd.Series({c: anova_or_corr(houses, "price_keur", c) for c in houses.columns[:-1]})
p_values[p_values < 0.05].sort_values().map("{:.2g}".format).rename("p-value").to_frame()

# %% [markdown]
# Two of the columns with a p-value below 0.05 are sensors. That is no accident. If nothing mattered
# at all, each test would still fall below 0.05 in 5 % of cases, and we did 23 tests: 23 × 0.05 is
# about one in each table. Such a column, found although it does not matter, is a **false positive**
# (or false discovery).
#
# The **Bonferroni correction** divides the limit by the number of tests. Then the probability of
# *any* false positive in the whole table is at most `alpha`.
#
# **Your task.** Write `significant(df, target, alpha)`. It returns the list of the names of all
# columns, numbers and texts, whose p-value from `anova_or_corr` is below `alpha` divided by the
# number of tests. There is one test for each column except the target. The order of the names does
# not matter.
#
# For example, with three columns besides the target, p-values 0.001, 0.02 and 0.4, and
# `alpha = 0.05`: the limit is 0.05 / 3 = 0.0167, so only the first column is in the list.

# %% exercise="significant" objective="W.5.9"
def significant(df: pd.DataFrame, target: str, alpha: float = 0.05) -> list[str]:
    """Return the columns that pass a test with Bonferroni correction."""
    ### BEGIN SOLUTION
    columns = df.columns.drop(target)
    limit = alpha / len(columns)
    return [column for column in columns if anova_or_corr(df, target, column) < limit]
    ### END SOLUTION


# %% check="significant" title="False positives stay rare" points=2 transport="plain"
t.hints(
    "Count the columns without the target: that is the number of tests.",
    "`df.columns.drop(target)` are the columns to test.",
    "Keep a column if `anova_or_corr(df, target, column) < alpha / number_of_tests`.",
)


def houses_in_regions(seed, n=300):
    """Clear effects of area and two texts; the middle region in the alphabet is expensive."""
    rng = np.random.default_rng([seed, 60])
    region = np.resize(["coast", "north", "south"], n)
    garden = np.repeat(["no", "yes"], n // 2)
    area = rng.uniform(40, 220, n)
    effect = np.where(region == "north", 60, 0) + np.where(garden == "yes", 40, 0)
    value = 100 + area + effect + rng.normal(0, 30, n)
    sensors = {f"sensor_{i}": rng.normal(size=n) for i in range(4)}
    columns = {"area": area, "region": region, "garden": garden, "value": value}
    return pd.DataFrame({**columns, **sensors})


def sensors_with(p_values, seed, n=60):
    """A table whose column `p=0.02` has the p-value 0.02, and so on."""
    rng = np.random.default_rng([seed, 61])
    p_values = rng.permutation(p_values)
    value = stats.zscore(rng.normal(size=n))
    z = rng.normal(size=(n, len(p_values)))
    z -= z.mean(axis=0) + np.outer(value, value @ z / n)
    tail = stats.t.isf(p_values / 2, n - 2)
    r = tail / np.sqrt(n - 2 + tail**2)
    sensors = np.outer(value, r) + z / z.std(axis=0) * np.sqrt(1 - r**2)
    return pd.DataFrame(sensors, columns=[f"p={p:.3g}" for p in p_values]).assign(value=value)


def found(table, **alpha):
    """Return the names that the answer finds, once they are names of the table."""
    got = t.call(significant, table, "value", **alpha)
    is_list = isinstance(got, list | tuple | set | np.ndarray | pd.Index)
    t.require(is_list, f"Return the list of the names, not a {type(got).__name__}.")
    strange = [name for name in got if name not in table.columns]
    t.wrong_if(
        "uses_the_table_of_the_notebook",
        any(name in houses.columns for name in strange),
        f"{strange} are not in the table of this check. Use the arguments `df` and `target`, not "
        "`houses`.",
    )
    t.require(not strange, f"Return names of columns. These are not: {strange}.")
    return sorted(got)


with t.item("Clear effects are found, in numbers and in texts", weight=2):
    for seed in t.seeds:
        got = found(houses_in_regions(seed))
        t.wrong_if(
            "tests_the_target_itself",
            "value" in got,
            "The target `value` is in the list. Do not test it against itself.",
        )
        t.wrong_if(
            "ignores_texts",
            "area" in got and not {"region", "garden"} & set(got),
            "`region` and `garden` change the value clearly, and are not in the list. "
            "`anova_or_corr` can test texts too: test every column but the target.",
        )
        t.wrong_if(
            "codes_texts_as_numbers",
            "garden" in got and "region" not in got,
            "`garden` was found, `region` was not. With codes 0, 1, 2 for three regions, a "
            "correlation sees only a steady rise, and here the middle region is the expensive one. "
            "Use `anova_or_corr`, which compares the means of the groups.",
        )
        missing = {"area", "region", "garden"} - set(got)
        t.require(not missing, f"Not found, although the effect is clear: {sorted(missing)}.")
with t.item("In thirty sensors of pure chance nothing is found", weight=2):
    for seed in t.seeds:
        got = found(sensors_with(np.arange(1, 31) / 31, seed))
        t.wrong_if(
            "no_correction_for_many_tests",
            len(got) > 0,
            "The table holds 30 sensors of pure chance. The smallest of 30 p-values is then about "
            f"0.03, and you found {got}. Many tests need a lower limit: divide alpha by the number "
            "of tests.",
        )
with t.item("The limit is alpha divided by the number of columns without the target", weight=3):
    for seed in t.seeds:
        # The colour is the sixth column; it changes from row to row, with a p-value near 1.
        table = sensors_with([0.002, 0.0078, 0.0095, 0.016, 0.045], seed)
        order = table["value"].rank().astype(int)
        table["colour"] = np.where(order % 4 < 2, "red", "grey")
        got = found(table)
        t.wrong_if(
            "counts_rows_as_tests",
            len(got) == 0,
            "The table has 6 columns to test, so the limit is 0.05 / 6 = 0.0083. You found "
            "nothing. Divide by the number of columns, not of rows.",
        )
        t.wrong_if(
            "counts_the_target_as_a_test",
            got == ["p=0.002"],
            "There are 6 tests, so the limit is 0.05 / 6 = 0.0083, and 0.0078 is below it. Do not "
            "count the target as a test.",
        )
        t.wrong_if(
            "does_not_count_texts",
            got == ["p=0.002", "p=0.0078", "p=0.0095"],
            "0.0095 is above the limit 0.05 / 6 = 0.0083. The text `colour` is a test too: count "
            "it.",
        )
        t.wrong_if(
            "limit_grows_with_the_rank",
            got == ["p=0.002", "p=0.0078", "p=0.0095", "p=0.016"],
            "0.0095 and 0.016 are above the limit 0.05 / 6 = 0.0083. The rules of Holm and of "
            "Benjamini and Hochberg have limits that grow from column to column. Here one limit "
            "holds for all.",
        )
        t.equal(got, ["p=0.002", "p=0.0078"], what="columns for the limit 0.0083")
        got = found(table, alpha=0.018)
        t.wrong_if(
            "ignores_alpha",
            got == ["p=0.002", "p=0.0078"],
            "With alpha = 0.018 you found the same as with 0.05. Use the argument `alpha`.",
        )
        t.equal(got, ["p=0.002"], what="columns for the limit 0.018 / 6 = 0.003")
    t.equal(found(sensors_with([0.001, 0.02, 0.4], 0)), ["p=0.001"], what="worked example")
### BEGIN HIDDEN TESTS
with t.item("Just above and just below a p-value", weight=1):
    for seed in t.seeds:
        table = houses_in_regions(seed + 20)
        columns = [c for c in table.columns if c != "value"]
        p = {c: anova_or_corr(table, "value", c) for c in columns}
        for factor in (0.99, 1.01):
            alpha = p["sensor_0"] * len(columns) * factor
            expected = sorted(c for c in columns if p[c] * len(columns) < alpha)
            t.equal(found(table, alpha=alpha), expected, what=f"columns at alpha {alpha:.3g}")
with t.item("Nothing significant gives an empty list", weight=1):
    t.equal(found(sensors_with([0.2, 0.5, 0.9], 5), alpha=1e-12), [], what="columns")
### END HIDDEN TESTS

# %% [markdown]
# What remains of our 23 columns?

# %% needs="significant"
print("p-value below 0.05:", list(p_values.index[p_values < 0.05]))
print("with Bonferroni:   ", significant(houses, "price_keur"))

# %% [markdown]
# The sensors are gone, and so is `garden`, which does belong to the price. `region`, a text, stays.
# Fewer false positives are paid for with more missed columns. (A milder rule is the one of
# Benjamini and Hochberg: it limits the share of false positives *among the columns found*.
# `pd.Series(stats.false_discovery_control(p_values), p_values.index)` gives its adjusted p-values
# with names. On this table the same three columns stay below 0.05. This is not graded.)
#
# No limit can repair the weakness of the filter itself: `distance_km` and `age_years` stay hidden
# behind `area`. We need a method that looks at columns together.

# %% [markdown]
# ## Second way: let a model drop columns
#
# > **wrapper**: a way to select columns that trains a model again and again on different sets of
# > columns, and keeps the set with which the model works best.
#
# *Recursive feature elimination* (RFE) is a wrapper. Train a linear regression on all columns, drop
# the column with the smallest coefficient (without its sign), train again, and so on until `k`
# columns are left. In such a model the effect of the distance is measured at equal area. Training
# again matters: two columns that say the same share one effect, so both coefficients look small.
# When one of them has gone, the other gets the whole effect.
#
# One trap: a coefficient has a unit. The coefficient of a distance in metres is 1,000 times smaller
# than that of the same distance in kilometres. Coefficients can be compared only after the columns
# have been brought to the same scale.
#
# **Your task.** Write `wrapper_select(X, y, k)`.
#
# - It takes a table `X` of numeric columns, the values `y` to predict, and a whole number `k` from
#   1 to the number of columns minus 1.
# - It returns the list of the names of the `k` columns that are kept, in any order.
# - The result does not depend on the units of the columns. Your function does the scaling.
#
# For example, if the price is 3 · `a` + 2 · `b` + 0.1 · `c` and all three columns have the same
# spread, then `k=2` gives `["a", "b"]`. This is also so when `a` is given in millimetres instead of
# metres: then its coefficient is 0.003, but its effect is the same.
#
# scikit-learn has `sklearn.feature_selection.RFE`. Other wrappers around a **linear regression**
# that meet the three points are fine, if they train again for each set of columns.

# %% exercise="wrapper_select" objective="W.5.10"
def wrapper_select(X: pd.DataFrame, y: pd.Series, k: int) -> list[str]:
    """Return the k columns that recursive feature elimination keeps."""
    ### BEGIN SOLUTION
    scaled = StandardScaler().fit_transform(X)
    selector = RFE(LinearRegression(), n_features_to_select=k).fit(scaled, y)
    return list(X.columns[selector.support_])
    ### END SOLUTION


# %% check="wrapper_select" title="Columns that work together are kept" points=2 transport="plain"
t.hints(
    "Scale the columns first, then eliminate.",
    "`RFE(LinearRegression(), n_features_to_select=k)` has `fit(X, y)`.",
    "After `fit`, `support_` is True for the columns that are kept; use it to index `X.columns`.",
)


def measured_houses(seed, n=200):
    """The price depends on area, age and garden; two more columns almost repeat the area."""
    rng = np.random.default_rng([seed, 62])
    area, age, garden, inside, heated, *sensors = rng.normal(size=(7, n))
    columns = {
        "heated_m2": 110 + 35 * (area + 0.5 * heated),
        "sensor_0": 0.01 * sensors[0],
        "area_cm2": 1e4 * (120 + 40 * area),
        "sensor_1": 0.01 * sensors[1],
        "age_years": 40 + 12 * age,
        "inside_m2": 115 + 38 * (area + 0.5 * inside),
        "garden_m2": 600 + 150 * garden,
    }
    X = pd.DataFrame(columns, index=rng.permutation(n))
    y = pd.Series(300 + 100 * area - 20 * age + 20 * garden + rng.normal(0, 10, n), X.index)
    return X, y


def area_measured_twice(seed, n=300):
    """Two columns share the effect of the area, which is the strongest."""
    rng = np.random.default_rng([seed, 67])
    area, distance, garden, *errors = rng.normal(size=(5, n))
    columns = {
        "area_by_owner": area + 0.3 * errors[0],
        "distance": distance,
        "garden": garden,
        "area_by_office": area + 0.3 * errors[1],
    }
    y = 100 * area - 75 * distance + 62 * garden + rng.normal(0, 5, n)
    return pd.DataFrame(columns), pd.Series(y)


def kept_names(X, y, k):
    """Return the columns that the answer keeps, once they are k names of the table."""
    got = list(t.call(wrapper_select, X, y, k))
    t.wrong_if(
        "mask_instead_of_names",
        len(got) > 0 and all(isinstance(each, bool | np.bool_) for each in got),
        "You returned True and False, one for each column. Use them to index `X.columns`.",
    )
    strange = [each for each in got if each not in X.columns]
    t.wrong_if(
        "uses_the_table_of_the_notebook",
        any(each in list(numeric) for each in strange),
        f"{strange} are not in the table of this check. Use the arguments `X` and `y`.",
    )
    t.wrong_if(
        "names_lost_in_scaling",
        len(strange) > 0,
        f"You returned {got}. These are not names of the table `X`: the scaler returns an array "
        "without names. Use `support_` to index `X.columns`.",
    )
    t.require(len(set(got)) == k == len(got), f"Return {k} names, each once. You returned {got}.")
    return sorted(got)


with t.item("Exactly the three columns that make the price are kept", weight=3, seconds=15):
    for seed in t.seeds:
        X, y = measured_houses(seed)
        got = kept_names(X, y, 3)
        t.wrong_if(
            "filter_in_disguise",
            set(got) == set(X.corrwith(y).abs().nlargest(3).index),
            f"You kept {got}: the same three columns as a filter. They say the same thing three "
            "times. Let a linear regression see all columns together.",
        )
        t.wrong_if(
            "compares_coefficients_in_different_units",
            "area_cm2" not in got,
            f"The area was dropped, and you kept {got}. The area is given in square centimetres, "
            "so its coefficient is tiny. Bring the columns to the same scale first.",
        )
        t.wrong_if(
            "drops_negative_coefficients",
            "garden_m2" in got and "age_years" not in got,
            "`age_years` was dropped: its coefficient is large, but negative. Drop the column "
            "with the smallest coefficient *without its sign*.",
        )
        t.equal(got, ["age_years", "area_cm2", "garden_m2"], what="columns")
with t.item("The model is trained again after each column", weight=1, seconds=15):
    for seed in t.seeds:
        got = kept_names(*area_measured_twice(seed), 2)
        t.wrong_if(
            "trains_only_once",
            got == ["distance", "garden"],
            "Two columns measure the area, so they share its coefficient, and you dropped both. "
            "Drop one column, then train again: the other one gets the whole effect.",
        )
        t.require(
            "distance" in got and "garden" not in got,
            f"With k=2 one column for the area and `distance` should be left, got {got}.",
        )
with t.item("The number of columns is k", weight=1, seconds=15):
    X, y = measured_houses(2)
    t.equal(kept_names(X, y, 1), ["area_cm2"], what="columns for k=1")
    five = kept_names(X, y, 5)
    t.require(
        {"area_cm2", "age_years", "garden_m2"} < set(five),
        f"With k=5 the three useful columns should be among {five}.",
    )
### BEGIN HIDDEN TESTS
with t.item("Other names and other units lead to the same columns", weight=2, seconds=15):
    for seed in t.seeds:
        X, y = measured_houses(seed + 40)
        rng = np.random.default_rng([seed, 63])
        names = {old: f"column_{i}" for i, old in enumerate(rng.permutation(X.columns))}
        factors = 10 ** rng.uniform(-2, 2, X.shape[1]) / X.std()
        got = kept_names((X * factors).rename(columns=names), y, 3)
        expected = sorted(names[c] for c in ("area_cm2", "age_years", "garden_m2"))
        t.equal(got, expected, what="columns")
### END HIDDEN TESTS

# %% [markdown]
# Now our houses. The table shows the last steps of the elimination: how many columns are left, and
# which one goes next.

# %% needs="wrapper_select"
kept = {k: set(wrapper_select(numeric, price, k)) for k in range(8, 0, -1)}
goes_next = {k: ", ".join(sorted(kept[k] - kept[k - 1])) for k in range(8, 1, -1)}
pd.Series(goes_next, name="goes next").rename_axis("columns left").to_frame()

# %% [markdown]
# With `k=5` exactly the five true numeric columns are left, `distance_km` and `age_years` among
# them. But the method did not tell us that five is the right number. We had to say it.

# %% [markdown]
# ## Third way: the model chooses while it learns
#
# > **embedded**: a way to select columns that is part of the training itself.
#
# The *lasso* is a linear regression with a penalty on coefficients. It makes
#
# $$\text{mean squared error} / 2 + \alpha \cdot (|w_1| + |w_2| + \dots)$$
#
# as small as possible, where $w_1, w_2, \dots$ are the coefficients of the scaled columns. A column
# that lowers the error by less than its penalty gets the coefficient 0: it is out. Move `alpha` and
# watch which columns stay. "New houses" are 2,000 houses that the model has not seen. Do not choose
# alpha with their error: whoever chooses with new houses has none left for a fair test.

# %% tags=["nbval-ignore-output"]
new_houses = data.housing(2000, seed=60, n_noise=16)


def show_lasso(alpha, n_houses):
    """Show the coefficients that the lasso keeps, and the mean error on new houses."""
    model = make_pipeline(StandardScaler(), Lasso(alpha=alpha, max_iter=10_000))
    model.fit(numeric[:n_houses], price[:n_houses])
    weights = pd.Series(model[-1].coef_, numeric.columns)
    error = (model.predict(new_houses[numeric.columns]) - new_houses["price_keur"]).abs().mean()
    kept = weights[weights != 0].sort_values(key=abs)
    fig, ax = plt.subplots(figsize=(7, 0.6 + 0.28 * len(kept)))
    ax.barh(kept.index, kept)
    ax.set(xlabel="coefficient (EUR 1,000 per standard deviation)")
    ax.set_title(f"{len(kept)} columns, mean error on new houses EUR {error:.1f} thousand")
    sizes = ", ".join(f"{column} {weight:.1f}" for column, weight in kept.items())
    figures.show(fig, alt=f"Bars of the {len(kept)} coefficients that are not 0: {sizes}")


explore.sliders(show_lasso, alpha=(0.25, 20.0, 0.25, 1.0), n_houses=(40, 400, 40, 400))

# %% [markdown]
# A small `alpha` keeps sensors; a large one drops `garden` and `age_years`, then `distance_km`. To
# choose, we need the error for each `alpha`, measured on rows that were not used for training. The
# given function does a *cross-validation*: it splits the rows into 5 parts (folds), trains on 4 and
# measures on the fifth, for each of the 5 parts in turn. It returns three arrays of equal length:
#
# - `alphas`,
# - `mean_error`: the mean of the 5 errors (mean absolute error, in EUR 1,000),
# - `standard_error`: how uncertain this mean is, the standard deviation of the 5 errors divided by
#   √5.
#
# The scaler is inside the pipeline. So it too learns from training rows only.

# %%
def lasso_errors(X, y, cv=5, seed=0):
    """Return alphas, and the mean error and its standard error for each of them."""
    folds = KFold(cv, shuffle=True, random_state=seed)
    alphas = np.geomspace(20, 0.25, 24)
    models = [make_pipeline(StandardScaler(), Lasso(alpha=alpha)) for alpha in alphas]
    score = {"cv": folds, "scoring": "neg_mean_absolute_error"}
    errors = np.array([-cross_val_score(model, X, y, **score) for model in models])
    return alphas, errors.mean(axis=1), errors.std(axis=1, ddof=1) / np.sqrt(cv)


alphas, mean_error, standard_error = lasso_errors(numeric, price)
curve = {"alpha": alphas, "mean error": mean_error, "standard error": standard_error}
pd.DataFrame(curve).iloc[4:20:3].round(2)

# %% [markdown]
# The table shows every third row of a part of the curve. For alphas up to about 3 the mean errors
# differ by less than one standard error. The `alpha` with the smallest error (1.15, between two
# rows of the table) may have won by luck. There are two common rules:
#
# - **min**: take the `alpha` with the smallest mean error.
# - **one standard error** (`"1se"`): find the smallest mean error, and add *its* standard error.
#   This is the limit. Among all alphas whose mean error is at most the limit, take the **largest**:
#   the simplest model that is not clearly worse.
#
# **Your task.** Write `pick_alpha(alphas, mean_error, standard_error, rule)`. The first three are
# arrays; entry `i` of each belongs to the same model. The alphas can come in any order. `rule` is
# `"min"` or `"1se"`. Return the chosen alpha, one number.
#
# For example:
#
# | alpha | 8 | 4 | 2 | 1 |
# |---|---|---|---|---|
# | mean error | 54 | 53 | 50 | 51 |
# | standard error | 4 | 4 | 3 | 2 |
#
# `"min"` gives 2. For `"1se"` the limit is 50 + 3 = 53. The alphas 4, 2 and 1 have errors of at
# most 53 (4 has exactly 53), and the largest of them is 4. The standard errors of the other alphas
# do not count.

# %% exercise="pick_alpha" objective="W.5.11"
def pick_alpha(
    alphas: np.ndarray, mean_error: np.ndarray, standard_error: np.ndarray, rule: str = "1se"
) -> float:
    """Return the alpha that the rule "min" or "1se" chooses."""
    ### BEGIN SOLUTION
    best = np.argmin(mean_error)
    if rule == "min":
        return float(alphas[best])
    limit = mean_error[best] + standard_error[best]
    return float(alphas[mean_error <= limit].max())
    ### END SOLUTION


# %% check="pick_alpha" title="Alpha follows the rule" points=2 transport="plain"
from workshop_lib.checks import same

t.hints(
    "`np.argmin(mean_error)` is the position of the smallest mean error.",
    "For `1se`, compare `mean_error` with the limit: this gives an array of True and False.",
    "`alphas[condition]` keeps the alphas where the condition holds. Which of them is simplest?",
)


def error_curve(seed):
    """Return the arrays in a random order, and by rule the position of the alpha to choose."""
    rng = np.random.default_rng([seed, 64])
    n, best, one_se = 20, rng.integers(4, 8), rng.integers(11, 14)
    se = rng.uniform(3, 4, n)
    se[best] = 5
    se[one_se + 1 : one_se + 4] = 9  # just above the limit, and very uncertain
    excess = np.concatenate(
        [rng.uniform(0.5, 4.5, one_se), [4.8], np.linspace(5.3, 11, n - one_se - 1)]
    )
    excess[one_se - 1] = 6  # not every alpha between the two is within the limit
    excess[best] = 0
    alphas = np.geomspace(0.01, 30, n) * rng.uniform(0.9, 1.1)
    order = rng.permutation(n)
    truth = {"min": alphas[best], "1se": alphas[one_se]}
    return (alphas[order], 50 + excess[order], se[order]), truth


def columns_left(seed, alphas_by_rule):
    """Return by rule the columns that the lasso keeps, on houses with a known formula."""
    table = data.housing(300, seed, n_noise=8)
    X = table.select_dtypes("number").drop(columns="price_keur")
    left = {}
    for rule, alpha in alphas_by_rule.items():
        model = make_pipeline(StandardScaler(), Lasso(alpha=alpha)).fit(X, table["price_keur"])
        left[rule] = set(X.columns[model[-1].coef_ != 0])
    return left


def chosen_alpha(alphas_, errors_, se_, rule):
    """Return the alpha that the answer chooses, once it is one of the alphas."""
    got = t.call(pick_alpha, alphas_, errors_, se_, rule=rule)
    t.wrong_if(
        "returns_error_or_position",
        not any(same(got, alpha) for alpha in alphas_),
        f"You returned {got}, which is none of the alphas of this check (an error, a position, or "
        "an alpha of the notebook). Return the alpha at that position.",
    )
    return got


with t.item("`min` is the alpha with the smallest mean error", weight=1):
    for seed in t.seeds:
        arrays, truth = error_curve(seed)
        got = chosen_alpha(*arrays, "min")
        t.wrong_if(
            "min_means_smallest_alpha",
            same(got, arrays[0].min()),
            "You returned the smallest alpha. `min` asks for the alpha with the smallest *error*.",
        )
        t.wrong_if(
            "one_standard_error_for_both_rules",
            same(got, truth["1se"]),
            "For `min` you returned the alpha of `1se`. Look at the argument `rule`: `min` allows "
            "no standard error.",
        )
        t.equal(got, truth["min"], what="alpha")
with t.item("`1se` is the largest alpha that is not clearly worse", weight=3):
    for seed in t.seeds:
        (alphas_, errors_, se_), truth = error_curve(seed)
        got = chosen_alpha(alphas_, errors_, se_, "1se")
        limit = errors_.min() + se_[np.argmin(errors_)]
        within = alphas_[errors_ <= limit]
        t.wrong_if(
            "smallest_alpha_in_the_band",
            same(got, within.min()),
            "Your alpha is within the limit, but it is the smallest one. A small alpha keeps many "
            "columns. The rule wants the simplest model: the largest alpha.",
        )
        t.wrong_if(
            "ignores_the_rule",
            same(got, truth["min"]),
            "For `1se` you returned the same as for `min`. Allow one standard error more.",
        )
        t.wrong_if(
            "standard_error_of_each_alpha",
            same(got, alphas_[errors_ <= errors_.min() + se_].max())
            or same(got, alphas_[errors_ - se_ <= limit].max()),
            f"Your alpha {got:.3g} has a mean error above the limit {limit:.3g}. You used the "
            "standard error of each alpha, so a very uncertain one gets through. Add the standard "
            "error of the *best* alpha to the smallest mean error: one limit for all.",
        )
        t.wrong_if(
            "band_too_wide",
            got > truth["1se"] * 1.0001,
            f"Your alpha {got:.3g} is too large: its error is above the limit {limit:.3g}. Add one "
            "standard error of the best alpha, once. The square root of 5 is already in it.",
        )
        t.wrong_if(
            "assumes_sorted_alphas",
            not same(got, truth["1se"]) and same(got, within[0]) | same(got, within[-1]),
            f"Your alpha {got:.3g} is the first or the last within the limit, not the largest. "
            "The alphas can come in any order: take the maximum.",
        )
        t.require(
            same(got, truth["1se"]),
            f"The limit is {limit:.3g}: the smallest mean error plus the standard error of the "
            f"same alpha. {truth['1se']:.3g} is within it too, and larger than your {got:.3g}.",
        )
with t.item("The worked example, and what it means for the columns", weight=2):
    example = [np.array(row, float) for row in ([8, 4, 2, 1], [54, 53, 50, 51], [4, 4, 3, 2])]
    t.gives(2, pick_alpha, *example, rule="min")
    got = chosen_alpha(*example, "1se")
    t.wrong_if(
        "limit_is_left_out",
        same(got, 2),
        "In the worked example the alpha 4 has exactly the error of the limit, 53. *At most* the "
        "limit means `<=`.",
    )
    t.gives(4, pick_alpha, *example, rule="1se")
    houses_ = [np.array([8, 4, 0.5, 0.25]), *example[1:]]
    chosen = {rule: t.call(pick_alpha, *houses_, rule=rule) for rule in ("min", "1se")}
    left = columns_left(0, chosen)
    t.require(
        {"area", "rooms", "distance_km"} <= left["1se"] < left["min"],
        f"With the alphas {chosen}, `1se` should keep fewer columns than `min`, got {left}.",
    )
### BEGIN HIDDEN TESTS
with t.item("The uncertainty of the best alpha counts, and the limit is included", weight=2):
    best_first = [np.array(row, float) for row in ([1, 2, 3, 4], [10, 11, 12, 13])]
    for se, expected in (([1, 9, 9, 9], 2), ([2, 1, 1, 1], 3), ([0.5, 5, 5, 5], 1)):
        t.gives(expected, pick_alpha, *best_first, np.array(se, dtype=float), rule="1se")
with t.item("Curves that fall and rise twice", weight=1):
    alphas_ = np.array([0.5, 8.0, 1.0, 4.0, 2.0])
    errors_ = np.array([12.0, 10.9, 10.0, 11.5, 10.2])
    se_ = np.full(5, 1.0)
    t.gives(8.0, pick_alpha, alphas_, errors_, se_, rule="1se")
    t.gives(1.0, pick_alpha, alphas_, errors_, se_, rule="min")
### END HIDDEN TESTS

# %% [markdown]
# `lasso_select` uses your rule. It is given: find alpha, train on all rows, keep what is not 0.

# %%
def lasso_select(X, y, rule="1se", cv=5, seed=0):
    """Return the alpha that `rule` chooses, and the columns that the lasso keeps with it."""
    alpha = pick_alpha(*lasso_errors(X, y, cv, seed), rule)
    model = make_pipeline(StandardScaler(), Lasso(alpha=alpha)).fit(X, y)
    return alpha, list(X.columns[model[-1].coef_ != 0])

# %% [markdown]
# The figure shows both choices: on the left the error with one standard error up and down, on the
# right the coefficient of every column.

# %% needs="pick_alpha"
alpha_min, columns_min = lasso_select(numeric, price, rule="min")
alpha_1se, columns_1se = lasso_select(numeric, price, rule="1se")
models = [make_pipeline(StandardScaler(), Lasso(alpha=a)).fit(numeric, price) for a in alphas]
paths = np.array([model[-1].coef_ for model in models])
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.errorbar(alphas, mean_error, yerr=standard_error, capsize=3, linestyle="-")
for column, path in zip(numeric.columns, paths.T):
    known = column in true_columns
    right.plot(alphas, path, color="C0" if known else "0.6", linestyle="-" if known else ":")
    if known and column != "area":
        right.annotate(column, (alphas[-1], path[-1] + (-4 if "km" in column else 1)), fontsize=10)
for ax in (left, right):
    ax.axvline(alpha_min, color="C1", linestyle="--", label=f"min, {len(columns_min)} columns")
    ax.axvline(alpha_1se, color="C2", linestyle="-.", label=f"1se, {len(columns_1se)} columns")
    ax.set(xscale="log", xlabel="alpha")
    ax.set_xticks([0.3, 1, 3, 10], ["0.3", "1", "3", "10"])
left.set(ylabel="mean absolute error (EUR 1,000)", title="error", ylim=(23, 36))
right.set(ylabel="EUR 1,000 per standard deviation", ylim=(-22, 30))
right.set_title("coefficients (grey: sensors; area, 90, outside)", fontsize=11)
left.legend(loc="upper center")
figures.show(
    fig,
    alt="Left: the error is flat up to alpha 4, then rises. Right: coefficients shrink to 0 as "
    "alpha grows; at the 1se line all sensors are at 0, and the five true numeric columns are not.",
)

# %% [markdown]
# On our table, `min` keeps 10 columns, 5 of them sensors. `1se` keeps exactly the five true
# numeric ones, with alpha 3.60. On 40 other tables of 400 houses (seeds 100 to 139), `1se` kept
# exactly the true numeric columns 30 times, one to three sensors too many 8 times, and lost
# `garden` twice; `min` kept from 0 to 16 sensors, 5 in the middle. Neither rule looks for the true
# columns. One looks for a small error, the other for a simple model as well.

# %% [markdown]
# ## Select before you split, and you cheat yourself
#
# Three ways to select. All of them *learn* from the target. So the rule of notebook
# `02_scale_encode` holds for them too: what learns must see training rows only.
#
# What happens if we forget? Take a table of pure chance: 100 applicants, 2,000 random columns, and
# labels from a coin. Nobody can predict a coin. An honest accuracy is near 0.5.
#
# **Your task.** Write three functions. `X` is an array (rows, columns) and `y` an array of labels 0
# and 1.
#
# - `honest_score(X, y, k, cv)`: the mean accuracy of a logistic regression in a cross-validation
#   with `cv` folds. In each fold the `k` best columns are chosen from the training rows **only**.
# - `leaky_score(X, y, k, cv)`: the same, but the `k` best columns are chosen **once, from all
#   rows**, before the cross-validation. The model is still tested on rows that
#   it was not trained on.
# - `optimism(X, y, k, cv)`: the leaky score minus the honest one.
#
# "Best" means the largest correlation with the label: `SelectKBest(k=k)` does that. The results are
# single numbers from 0 to 1 (`optimism`: from −1 to 1), not percent, and two equal calls give
# equal results. `optimism` passes its `k` and `cv` on to both scores. For
# example, if 85 % of the labels are predicted correctly the leaky way and 52 % the honest way,
# `optimism` is 0.33.

# %% exercise="optimism" objective="W.5.12"
def honest_score(X: np.ndarray, y: np.ndarray, k: int = 20, cv: int = 5) -> float:
    """Return the accuracy when columns are chosen inside each fold."""
    ### BEGIN SOLUTION
    model = make_pipeline(SelectKBest(k=k), LogisticRegression(max_iter=1000))
    return float(cross_val_score(model, X, y, cv=cv).mean())
    ### END SOLUTION


def leaky_score(X: np.ndarray, y: np.ndarray, k: int = 20, cv: int = 5) -> float:
    """Return the accuracy when columns are chosen once, from all rows."""
    ### BEGIN SOLUTION
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return float(cross_val_score(LogisticRegression(max_iter=1000), chosen, y, cv=cv).mean())
    ### END SOLUTION


def optimism(X: np.ndarray, y: np.ndarray, k: int = 20, cv: int = 5) -> float:
    """Return how much better the leaky score looks."""
    ### BEGIN SOLUTION
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)
    ### END SOLUTION


# %% check="optimism" title="The price of selecting too early" points=3 transport="plain"
from workshop_lib.checks import same

t.hints(
    "A pipeline does in each fold what it contains. Where must the selection stand to be honest?",
    "Honest: `make_pipeline(SelectKBest(k=k), LogisticRegression())` goes into `cross_val_score`.",
    "Leaky: `SelectKBest(k=k).fit_transform(X, y)` first, then `cross_val_score` on the result.",
)


def coin_tables(seed, number, n=60, p=300):
    """Tables of chance, with labels from a coin."""
    rng = np.random.default_rng([seed, 65])
    return [(rng.normal(size=(n, p)), rng.permutation(np.arange(n) % 2)) for _ in range(number)]


def table_with_signal(seed, n=120, p=300):
    """A table in which the sum of two columns decides the label; the others are chance."""
    X = np.random.default_rng([seed, 66]).normal(size=(n, p))
    return X, (X[:, 3] + X[:, 8] > 0).astype(int)


def accuracy(score):
    """Return a score, once it is one number from 0 to 1."""
    t.wrong_if(
        "returns_every_fold",
        np.ndim(score) > 0,
        "You returned several numbers. Return one number, the mean over the folds.",
    )
    t.wrong_if(
        "accuracy_in_percent",
        score > 1,
        f"You returned {score:.3g}. An accuracy is a number from 0 to 1: 85 % is 0.85.",
    )
    return score


def require_use_of_k_and_cv(scores, name):
    """Scores for k=1 and k=2 of a signal in two columns, then of coins for cv=2 and cv=5."""
    one, two, *coins = map(accuracy, scores)
    t.wrong_if(
        "ignores_k",
        abs(two - one) < 0.03,
        f"Two columns decide the label, and `{name}` gives {one:.2f} for k=1 and {two:.2f} for "
        "k=2. The second column should help: choose exactly k columns.",
    )
    t.wrong_if(
        "ignores_cv",
        all(same(few, many) for few, many in zip(coins[::2], coins[1::2])),
        f"`{name}` gives the same for cv=2 and cv=5. Pass `cv` on.",
    )


with t.item("The honest score of a coin is near 0.5, and it sees what is really there", weight=3):
    X, y = coin_tables(0, 1, p=40)[0]
    score = accuracy(t.call(honest_score, X, y, k=40, cv=3))
    t.wrong_if(
        "reports_training_score",
        score > 0.85,
        f"Your honest score of a coin is {score:.2f}: the model is asked about rows that it was "
        "trained on. Measure on rows that were left out.",
    )
    coins = [table for seed in t.seeds for table in coin_tables(seed, 1)]
    score = np.mean([accuracy(t.call(honest_score, X, y, cv=2)) for X, y in coins])
    t.wrong_if(
        "selects_before_splitting",
        score > 0.7,
        f"Your honest score of a coin is {score:.2f}. The test rows helped to choose the columns. "
        "Put the selection into the pipeline, so that each fold chooses anew.",
    )
    t.require(score > 0.3, f"The score of a coin should be near 0.5, got {score:.2f}.")
    for seed in t.seeds:
        X, y = table_with_signal(seed)
        score = accuracy(t.call(honest_score, X, y, k=2, cv=3))
        t.wrong_if(
            "honest_without_selection",
            score < 0.8,
            f"Two of 300 columns decide the label, and your honest score for k=2 is {score:.2f}. "
            "In each fold, choose the k best columns before the model is trained.",
        )
with t.item("The leaky score makes a coin look predictable", weight=2):
    coins = [table for seed in t.seeds for table in coin_tables(seed, 1)]
    score = np.mean([accuracy(t.call(leaky_score, X, y, cv=2)) for X, y in coins])
    t.wrong_if(
        "leaky_is_honest",
        score < 0.65,
        f"Your leaky score of a coin is {score:.2f}: nothing leaks. Choose the columns once, with "
        "all rows, before the cross-validation.",
    )
    X, y = coin_tables(0, 1, p=40)[0]
    score = accuracy(t.call(leaky_score, X, y, k=40, cv=3))
    t.wrong_if(
        "leaky_without_folds",
        score > 0.85,
        f"With all 40 columns nothing is selected, and still your leaky score of a coin is "
        f"{score:.2f}. Only the selection may see all rows. The accuracy comes from folds.",
    )
with t.item("Both scores use k and cv, and equal calls give equal results", weight=2):
    X, y = table_with_signal(2)
    coins = [(A, b, 5, cv) for A, b in coin_tables(3, 2, n=61, p=20) for cv in (2, 5)]
    calls = [(X, y, 2, 3), *coins]
    honest = [t.same_every_time(honest_score, X, y, 1, 3)]
    leaky = [t.same_every_time(leaky_score, X, y, 1, 3)]
    honest += [t.call(honest_score, *call) for call in calls]
    leaky += [t.call(leaky_score, *call) for call in calls]
    require_use_of_k_and_cv(honest, "honest_score")
    require_use_of_k_and_cv(leaky, "leaky_score")
with t.item("Optimism is leaky minus honest, with the same k and cv", weight=1):
    X, y = coin_tables(t.seeds[-1], 1, n=50, p=100)[0]
    got = accuracy(t.call(optimism, X, y, k=3, cv=2))
    scores = [t.call(leaky_score, X, y, k=3, cv=2), t.call(honest_score, X, y, k=3, cv=2)]
    expected = scores[0] - scores[1]
    t.wrong_if(
        "optimism_upside_down",
        got < 0 and same(got, -expected),
        f"Your optimism is {got:.2f}. The leaky score is the higher one: leaky minus honest.",
    )
    t.wrong_if(
        "optimism_forgets_k_and_cv",
        not same(got, expected)
        and same(got, t.call(leaky_score, X, y) - t.call(honest_score, X, y)),
        f"With k=3 and cv=2 your optimism is {got:.2f}, the same as with k=20 and cv=5. Pass "
        "`k` and `cv` on to both scores.",
    )
    t.equal(got, expected, what="optimism")
### BEGIN HIDDEN TESTS
with t.item("On average the honest score of a coin is 0.5", weight=2):
    coins = coin_tables(t.seeds[-1] + 30, 4, p=200)
    mean = np.mean([t.call(honest_score, X, y, k=10, cv=2) for X, y in coins])
    t.require(abs(mean - 0.5) < 0.15, f"The mean honest score of {len(coins)} coins is {mean:.2f}.")
### END HIDDEN TESTS

# %% [markdown]
# Ten tables of pure chance, scored both ways:

# %% needs="optimism"
coin = [np.random.default_rng(seed) for seed in range(10)]
tables = [(rng.normal(size=(100, 2000)), rng.integers(0, 2, 100)) for rng in coin]
scores = {
    "honest": [honest_score(X, y) for X, y in tables],
    "leaky": [leaky_score(X, y) for X, y in tables],
}
fig, ax = plt.subplots(figsize=(6, 3.2))
ax.boxplot(list(scores.values()), tick_labels=list(scores), orientation="horizontal")
ax.axvline(0.5, linestyle="--", label="a coin")
ax.set(xlabel="accuracy in cross-validation", xlim=(0.3, 1), title="labels from a coin")
ax.legend(loc="lower right")
figures.show(
    fig,
    alt="Two box plots of accuracy on coin labels. Honest: around 0.5. Leaky: around 0.84, and "
    "every leaky score is above every honest score.",
)
pd.DataFrame(scores).mean().round(2)

# %% [markdown]
# Nothing can be learned here, and the leaky way promises about 84 % accuracy. Among 2,000 random
# columns, some fit the labels of *all* rows by luck, also those of the test rows. The model then
# "predicts" what the selection has already seen. The error is easy to make, because the selection
# often happens weeks before, in another file.
#
# ### What was selection good for?
#
# For our own columns we judge fairly, on a third table: 2,000 houses that took no part in any
# choice. Each method chooses among the numeric columns and then trains a linear regression, once
# with all 400 houses and once with the first 40 only. Both steps see the same houses. The table
# shows the number of columns and the mean absolute error on the third table in EUR 1,000.

# %% needs="significant, wrapper_select, pick_alpha"
def choose(n):
    """Return by method the columns that it chooses from the first n houses."""
    X, y, table = numeric[:n], price[:n], houses[:n]
    return {
        "all numeric columns": list(X),
        "filter, p < 0.05": [c for c in X if anova_or_corr(table, "price_keur", c) < 0.05],
        "filter, Bonferroni": [c for c in significant(table, "price_keur") if c in X],
        "wrapper, k = 5": wrapper_select(X, y, 5),
        "lasso, min": lasso_select(X, y, "min")[1],
        "lasso, 1se": lasso_select(X, y, "1se")[1],
    }


third = data.housing(2000, seed=61, n_noise=16)
rows = {}
for n in (400, 40):
    for name, columns in choose(n).items():
        model = LinearRegression().fit(numeric[columns][:n], price[:n])
        error = (model.predict(third[columns]) - third["price_keur"]).abs().mean()
        row = {f"columns, {n} houses": str(len(columns)), f"error, {n} houses": f"{error:.1f}"}
        rows[name] = rows.get(name, {}) | row
pd.DataFrame(rows).T

# %% [markdown]
# With 400 houses, 16 useless columns cost only a little accuracy: 24.1 against 23.6. With 40 houses
# they cost a lot, 30.6 against about 26: the model has fitted random noise (it *overfits*). The
# wrapper and `min` then keep one or two sensors, because 40 houses are not enough to tell them
# apart; the careful rules (`1se`, Bonferroni) keep `area` and `rooms` only and pay for it. The
# number of columns alone does not decide either: with 400 houses the filter with `p < 0.05` keeps
# five numeric columns too, but two of them are sensors, and its error is 27.1.
#
# ## Recap
#
# - A **filter** looks at one column at a time. It is fast, but it misses what is hidden behind a
#   strong column. Many tests need a lower limit.
# - A **wrapper** and the **embedded** lasso look at columns together. Both need columns on the same
#   scale. The one-standard-error rule chooses the simplest model that is not clearly worse.
# - Selection learns from the target. It belongs **inside** the pipeline, within each fold.
# - Selection makes a model easier to explain: report the **number of columns beside the score**.
#   Five columns with an error of 24 can be discussed with a customer; 21 columns with the same
#   error cannot.
#
# Three questions from earlier, to answer without scrolling back:
#
# 1. In `02_scale_encode` you scaled columns for several models. Which kind of model did not care
#    about the scale, and why?
# 2. Your credit pipeline names its columns and drops the rest (`remainder="drop"`). What would go
#    wrong with `remainder="passthrough"`?
# 3. Why is a median computed before the split a leak, even though no model was trained?
#
# <details><summary>Answers</summary>
#
# 1. Trees. A tree asks whether a value is above a limit. Scaling moves the values and the limit
#    together, so the same rows go the same way.
# 2. With `passthrough`, every column that happens to be in the table becomes an input, also an
#    identifier, the protected group, or the outcome itself.
# 3. A median learned from all rows carries information from the test rows into training, so the
#    test is no longer a test. It is the same mistake as `leaky_score`.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide,
#   [Feature selection](https://scikit-learn.org/stable/modules/feature_selection.html): find RFE,
#   and `SelectFromModel`, which puts a lasso into a pipeline as a selector.
# - scikit-learn, [Common pitfalls](https://scikit-learn.org/stable/common_pitfalls.html): the
#   section on data leakage shows the mistake of `leaky_score` with other data.
# - I. Guyon and A. Elisseeff, *An Introduction to Variable and Feature Selection*, Journal of
#   Machine Learning Research 3, 2003: look for the pictures of columns that are useless alone and
#   useful together.
# - T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, 2nd edition,
#   2009: in the chapter on model assessment, the section on the wrong and the right way to do
#   cross-validation.
