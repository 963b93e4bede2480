# %% [markdown]
# ## The story
#
# The data of Northwind Credit is clean, scaled and encoded. Now it is used. Two desks ask for help:
# the **valuation desk** wants prices of houses, and the **scan room** wants digits on paper forms
# read by a machine.
#
# In this notebook you train three models, and you look inside each of them. You will see that
# training is not magic: a model is a formula, and training finds its numbers. You also begin to
# ask the questions of this unit: compared with what? How sure? And what would more data bring?

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.metrics import confusion_matrix, r2_score
from sklearn.model_selection import StratifiedKFold, learning_curve, train_test_split

from workshop_lib import data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## Know the data before you choose
#
# Six tables lie on your desk, without a word about what they are. Each has inputs `X`, and five
# have a column `y` to predict. Before you choose a model, you want to know what kind of task it is,
# how much data there is, and what could make trouble.

# %%
flowers, digits, disease = load_iris(), load_digits(), load_diabetes()
houses, loans = data.housing(n=400, seed=0), data.credit(n=1000, seed=0)
tables = {
    "A": (pd.DataFrame(flowers.data), pd.Series(flowers.target)),
    "B": (pd.DataFrame(digits.data), pd.Series(digits.target)),
    "C": (pd.DataFrame(disease.data), pd.Series(disease.target)),
    "D": (houses.drop(columns="price_keur"), houses["price_keur"]),
    "E": (loans.drop(columns=["application_id", "repaid"]), loans["repaid"]),
    "F": (data.segments(n=600, seed=0)[0], None),
}
pd.DataFrame({name: None if y is None else y.head(6) for name, (X, y) in tables.items()})

# %% [markdown]
# The table shows the first six values of each `y`. A, B, C and E hold whole numbers, but they do not
# mean the same: 0, 1, 2, 3 in B could be names, 151 and 75 in C look measured. The first question is
# therefore: does `y` name a **class**, or does it measure an **amount**?
#
# | the column `y` | task |
# |---|---|
# | there is none (`y` is `None`) | `"clustering"`: find groups |
# | texts, categories, or True and False | `"classification"`: predict a class |
# | numbers, and at least one has a fraction, such as 2.5 | `"regression"`: predict an amount |
# | only whole numbers, and at most max(20, √n) **different** ones, where *n* is the number of rows | `"classification"` |
# | only whole numbers, and more different ones | `"regression"` |
#
# It is a rule of thumb. No rule can read the mind of the person who made the table.
#
# **Your task.** Write `profile(X, y)`. `X` is a DataFrame, `y` a Series without gaps, or `None`. It
# returns a dictionary with these keys:
#
# - `task`: by the table above. The type of the numbers does not count: 3.0 is a whole number.
# - `n`, `d`: number of rows and of columns of `X`.
# - `n_numeric`, `n_categorical`: number of columns of `X` that hold numbers, and of all others. A
#   column of True and False counts as categorical.
# - `share_missing`: missing cells of `X` divided by all its cells, from 0 to 1.
# - `imbalance`: the share of the **rarest** class among all rows, from 0 to 1. For other tasks
#   than classification it is `None`.
# - `max_abs_skew`: the largest **size** of the skewness among the numeric columns. Gaps are ignored,
#   and so is a column without any value. Without a numeric column it is `None`. (Skewness measures
#   how lopsided a column is: 0 is symmetric, above 1 there is a long tail to the right, below -1 to
#   the left.) `Series.skew()` computes it; 2 % more or less does not matter.
#
# For example, take `X` with 4 rows and the columns `age` (20, 30, 40, missing) and `area`
# ("east", "west", "west", "west"), and `y` = 1, 0, 1, 1. Then the task is classification (two
# different whole numbers), `n` 4, `d` 2, `n_numeric` 1, `n_categorical` 1, `share_missing` 1/8,
# `imbalance` 0.25, and `max_abs_skew` 0 (20, 30, 40 are symmetric).


# %% exercise="profile" objective="W.1.5"
def profile(X: pd.DataFrame, y: pd.Series | None) -> dict:
    """Describe a table before choosing a model."""
    ### BEGIN SOLUTION
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y) or pd.api.types.is_bool_dtype(y):
        task = "classification"
    elif (y % 1 != 0).any() or y.nunique() > max(20, np.sqrt(len(y))):
        task = "regression"
    else:
        task = "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }
    ### END SOLUTION


# %% check="profile" title="A table is described before a model is chosen" points=2 transport="plain"
t.hints(
    "Go through the table of tasks from top to bottom: one `if` or `elif` for each row.",
    "`pd.api.types.is_numeric_dtype(y)` tells texts from numbers (it is also True for a column of "
    "True and False); `(y % 1 != 0).any()` finds fractions; `y.nunique()` counts different values.",
    '`X.select_dtypes("number")` keeps the numeric columns; `X.isna().to_numpy().mean()` is the '
    "share of missing cells; `y.value_counts(normalize=True)` gives the shares of the classes.",
)


def table_for(n):
    """A table with two numeric columns, for a target of n rows."""
    return pd.DataFrame({"a": np.arange(n) % 7, "b": np.arange(n) * 0.5})


def task_of(y):
    """Return the task that the answer sees in a target."""
    got = t.call(profile, table_for(len(y)), y)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    keys = {"task", "n", "d", "n_numeric", "n_categorical", "share_missing", "imbalance"}
    t.equal(set(got), keys | {"max_abs_skew"}, what="keys")
    return got["task"]


with t.item("Classes are recognised, be they texts or whole numbers", weight=2):
    digits_like = pd.Series(np.tile(np.arange(10), 30))
    got = task_of(digits_like)
    t.wrong_if(
        "numbers_mean_regression",
        got == "regression",
        "The digits 0 to 9, each 30 times, were called a regression. A digit is a name, not an "
        "amount: a 9 is not three times a 3. Whole numbers with few different values are classes.",
    )
    t.equal(got, "classification", what="task for the digits 0 to 9")
    t.equal(task_of(digits_like.astype(float)), "classification", what="task for 0.0, 1.0, …, 9.0")
    words = pd.Series(["car", "home", "debt"] * 40)
    t.equal(task_of(words), "classification", what="task for texts")
    t.equal(task_of(words == "car"), "classification", what="task for True and False")
    t.equal(task_of(words.astype("category")), "classification", what="task for categories")
with t.item("Amounts are recognised, be they few or whole", weight=2):
    few = pd.Series(np.linspace(1.5, 9.5, 12) + 0.1)
    t.wrong_if(
        "few_values_mean_classes",
        task_of(few) == "classification",
        "Twelve rows with twelve different fractions, such as 1.6, were called classes. With few "
        "rows there are few different values anyway. A fraction says: this was measured.",
    )
    t.equal(task_of(few), "regression", what="task for 12 numbers with fractions")
    prices = pd.Series(150 + 3 * np.arange(300))
    t.wrong_if(
        "whole_numbers_mean_classes",
        task_of(prices) == "classification",
        "300 different whole prices were called 300 classes. Count the different values, and "
        "compare them with max(20, √n).",
    )
    t.equal(task_of(prices), "regression", what="task for 300 different whole prices")
    repeated = pd.Series(np.arange(1000) % 9 + 0.5)
    t.equal(task_of(repeated), "regression", what="task for 9 different values with fractions")
with t.item("The limit is the larger one of 20 and √n", weight=1):
    for n, most in ((100, 20), (2500, 50)):
        at, above = pd.Series(np.arange(n) % most), pd.Series(np.arange(n) % (most + 1))
        t.wrong_if(
            "smaller_of_the_two_limits",
            n == 100 and task_of(pd.Series(np.arange(n) % 11)) == "regression",
            "11 different whole numbers in 100 rows were called a regression. √100 is 10, but 20 is "
            "larger, and the larger one is the limit: take `max`.",
        )
        t.wrong_if(
            "limit_is_left_out",
            n == 100 and task_of(at) == "regression",
            "20 different whole numbers in 100 rows were called a regression. *At most* 20 includes "
            "20: compare with `<=`.",
        )
        t.wrong_if(
            "ignores_the_number_of_rows",
            n == 2500 and task_of(at) == "regression",
            "50 different whole numbers in 2,500 rows were called a regression. √2500 is 50, more "
            "than 20, so 50 classes are allowed here.",
        )
        t.equal(task_of(at), "classification", what=f"task for {most} values in {n} rows")
        t.equal(task_of(above), "regression", what=f"task for {most + 1} values in {n} rows")
with t.item("Columns and gaps are counted", weight=2):
    X = pd.DataFrame(
        {
            "age": [20.0, np.nan, np.nan, 31.0, 55.0],
            "area": ["east", None, "west", "west", "east"],
            "loans": [1, 2, 1, 4, 1],
            "owner": [True, False, True, True, False],
        }
    )
    got = t.call(profile, X, pd.Series([1.5, 2.5, 3.5, 1.0, 2.0]))
    t.equal([got["n"], got["d"]], [5, 4], what="n and d")
    t.wrong_if(
        "counts_true_false_as_numbers",
        got["n_numeric"] == 3,
        "The column `owner` holds True and False. It counts as categorical here.",
    )
    t.equal([got["n_numeric"], got["n_categorical"]], [2, 2], what="numeric and categorical")
    t.wrong_if(
        "share_of_rows_with_gaps",
        np.isclose(got["share_missing"], 0.4),
        "You counted rows with a gap (2 of 5). Count missing cells: 3 of 20.",
    )
    t.wrong_if(
        "counts_missing_cells",
        got["share_missing"] == 3,
        "You returned the number of missing cells. Divide by the number of all cells.",
    )
    t.equal(got["share_missing"], 3 / 20, what="share_missing")
with t.item("Imbalance is the share of the rarest class", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 15])
        sizes = {"no": 150 + rng.integers(20), "maybe": 30, "yes": 60}
        y = pd.Series(rng.permutation(np.repeat(list(sizes), list(sizes.values()))))
        got = t.call(profile, table_for(len(y)), y)["imbalance"]
        shares = np.array(list(sizes.values())) / len(y)
        t.wrong_if(
            "share_of_the_commonest_class",
            got is not None and np.isclose(got, shares.max()),
            "This is the share of the most frequent class. The rarest one decides how many "
            "examples there are to learn from.",
        )
        t.wrong_if(
            "ratio_of_two_classes",
            got is not None and np.isclose(got, shares.min() / shares.max()),
            "You divided the rarest class by the most frequent one. Divide by all rows.",
        )
        t.equal(got, shares.min(), what="imbalance")
    got = t.call(profile, table_for(40), pd.Series(np.arange(40) * 0.3))["imbalance"]
    t.wrong_if(
        "imbalance_of_amounts",
        got is not None and not np.isnan(got),
        "A regression has no classes, so its imbalance is `None`.",
    )
with t.item("Skewness counts by size and ignores gaps; without y it is clustering", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 16])
        left = -(rng.exponential(size=400) ** 1.5)
        X = pd.DataFrame({"even": rng.normal(size=400), "left": left, "empty": np.nan})
        # `left` has no value in 60 new rows, `even` none in the ten rows of the lowest `left`.
        X = pd.concat([X, pd.DataFrame({"even": rng.normal(size=60)})], ignore_index=True)
        X.loc[X["left"].nsmallest(10).index, "even"] = np.nan
        expected = abs(X["left"].skew())
        got = t.call(profile, X, None)
        t.equal(got["task"], "clustering", what="task without y")
        size = np.nan if got["max_abs_skew"] is None else got["max_abs_skew"]
        fills = [X.fillna(0), X.fillna(X.mean()), X.fillna(X.median())]
        t.wrong_if(
            "fills_gaps_before_the_skewness",
            any(np.isclose(size, abs(full["left"].skew()), rtol=1e-3) for full in fills),
            "You filled the gaps with 0, the mean or the median first. 60 equal values change the "
            "shape of a column. Leave the gaps out: `skew` does.",
        )
        t.wrong_if(
            "drops_rows_with_a_gap_elsewhere",
            np.isclose(size, X[["even", "left"]].dropna().skew().abs().max(), rtol=0.02),
            "A row was dropped because ANOTHER column has a gap in it. Look at each column for "
            "itself, with all values that it has.",
        )
        t.wrong_if(
            "forgets_that_left_counts",
            got["max_abs_skew"] is not None and got["max_abs_skew"] < 0.7 * expected,
            "The column `left` has a long tail to the left: its skewness is strongly negative. "
            "Take the size (`.abs()`) before the largest.",
        )
        t.wrong_if(
            "gaps_spoil_the_skewness",
            got["max_abs_skew"] is None or np.isnan(got["max_abs_skew"]),
            "The result is missing, because of a gap or a column without any value. Leave both "
            "out.",
        )
        # Formulas with and without a correction for small tables differ by less than 2 % here.
        t.equal(got["max_abs_skew"], expected, rtol=0.02, what="max_abs_skew")
### BEGIN HIDDEN TESTS
with t.item("Twelve more targets", weight=2):
    n = 400
    count, rng = np.arange(n), np.random.default_rng(17)
    targets = {
        "classification": [
            pd.Series(count % 2),
            pd.Series((count % 3 - 1).astype(float)),
            pd.Series(100 * (count % 20)),
            pd.Series([f"customer {i}" for i in count]),
            pd.Series(count % 4 == 0, dtype="boolean"),
            pd.Series(count % 5, dtype="Int64"),
        ],
        "regression": [
            pd.Series(count % 21),
            pd.Series(rng.normal(size=n)),
            pd.Series(np.where(count == 7, 0.5, count % 3)),
            pd.Series(rng.integers(1000, 9000, n)),
            pd.Series(count[:30]).astype(float),
            pd.Series(-count),
        ],
    }
    for expected, columns in targets.items():
        for y in columns:
            t.equal(task_of(y), expected, what=f"task for {y.head(3).tolist()}, …")
with t.item("Tables without numbers, and the index does not matter", weight=1):
    X = pd.DataFrame({"area": ["east", "west"] * 10}, index=range(100, 120))
    got = t.call(profile, X, pd.Series([1, 0] * 10))
    t.equal([got["n_numeric"], got["share_missing"], got["imbalance"]], [0, 0, 0.5])
    t.equal(got["max_abs_skew"], None, what="max_abs_skew without a numeric column")
### END HIDDEN TESTS

# %% [markdown]
# Now the six tables, side by side:

# %% needs="profile"
profiles = pd.DataFrame({name: profile(X, y) for name, (X, y) in tables.items()})
profiles.map(lambda value: f"{value:.2g}" if isinstance(value, float) else value).replace("nan", "")

# %% [markdown]
# A is the iris flowers, B are scanned digits, C is the course of a disease, D are houses, E are loan
# applications and F are customers without a label. The profile tells what matters for the choice:
#
# - C and D are regressions, F has nothing to predict.
# - E is imbalanced: in 22 % of the rows the loan was not repaid. "Always repaid" is right in
#   78 % of the rows, so 78 % accuracy is no success.
# - B has 64 columns, and some of its pixels are nearly always 0: that is where the large skewness
#   comes from. For pixels we do not mind.

# %% [markdown]
# ## A model is a formula with learned numbers
#
# > **model**: a formula or procedure that turns inputs into a prediction, with numbers in it that
# > were learned from data.
#
# The valuation desk has a formula in mind. The price of a house in EUR 1,000 is
#
# $$\text{price} = w_0 + w_1\,\text{area} + w_2\,\text{area}^2 + w_3\,\text{rooms} + w_4\,\text{age}
# + w_5\,\text{distance} + w_6\,\text{garden} + w_7\,[\text{coast}] + w_8\,[\text{south}]$$
#
# $[\text{coast}]$ is 1 for a house at the coast and 0 for all others. A house in the north has 0 in
# both places, so north is the region with which the others are compared. The function `design` is
# given. It makes the eight columns that are multiplied by $w_1$ to $w_8$.


# %%
def design(df: pd.DataFrame) -> pd.DataFrame:
    """Return the inputs of the formula, one column for each number but the intercept."""
    return pd.DataFrame(
        {
            "area": df["area"],
            "area_squared": df["area"] ** 2,
            "rooms": df["rooms"],
            "age_years": df["age_years"],
            "distance_km": df["distance_km"],
            "garden": df["garden"],
            "coast": (df["region"] == "coast").astype(int),
            "south": (df["region"] == "south").astype(int),
        }
    )


design(houses).head(3)

# %% [markdown]
# Nobody knows $w_0$ to $w_8$. **Least squares** finds them: it takes the numbers for which the sum
# of the squared errors over all houses is smallest. `np.linalg.lstsq(A, y, rcond=None)[0]` does
# that for a table of numbers `A` and prices `y`. The **intercept** $w_0$ stands alone. To learn it,
# `A` needs one more column, which is 1 in every row.
#
# **Your task.** Write two functions.
#
# - `fit_price(df)` takes houses with the column `price_keur`. It returns a dictionary: the learned
#   number for each name, `"intercept"` and the eight columns of `design`. The columns keep their
#   units: do not scale them.
# - `predict_price(coef, df)` takes such a dictionary, in any order of its keys, and houses
#   **without** a price. It returns one predicted price (EUR 1,000) for each row, in the order of the
#   rows: an array, a list or a Series. There may be only one house.
#
# For example, if `coef` holds 20 for the intercept, 3 for the area, 45 for the coast, and 0 for all
# others, then a house of 100 m² at the coast costs 20 + 3 · 100 + 45 = 365, and the same house in
# the north 320.


# %% exercise="fit_price" objective="W.3.1"
def fit_price(df: pd.DataFrame) -> dict:
    """Learn the numbers of the price formula by least squares."""
    ### BEGIN SOLUTION
    A = design(df).assign(intercept=1)
    weights = np.linalg.lstsq(A.to_numpy(float), df["price_keur"].to_numpy(), rcond=None)[0]
    return dict(zip(A.columns, weights))
    ### END SOLUTION


def predict_price(coef: dict, df: pd.DataFrame) -> np.ndarray:
    """Return the price of each house by the formula."""
    ### BEGIN SOLUTION
    A = design(df).assign(intercept=1)
    return A.to_numpy(float) @ [coef[name] for name in A.columns]
    ### END SOLUTION


# %% check="fit_price" title="The numbers of the formula are found and used" points=2 transport="plain"
t.hints(
    "`design(df)` is nearly the table `A`. One column is missing.",
    "`design(df).assign(intercept=1)` has nine columns; `.to_numpy(float)` makes an array.",
    "`dict(zip(A.columns, weights))` gives each number its name. To predict, multiply each column "
    "by its number and add everything up.",
)


def houses_with_formula(seed, n=80, noise=0.0):
    """Houses whose prices follow a formula with numbers of our own, and the formula."""
    rng = np.random.default_rng([seed, 31])
    table = data.housing(n, seed=seed + 300)
    truth = dict(zip(design(table).columns, rng.uniform(1, 9, 8).round(2)))
    truth |= {"area_squared": 0.01, "coast": 60.0, "south": 25.0}
    price = 50 + design(table) @ pd.Series(truth) + rng.normal(0, noise, n)
    return table.assign(price_keur=price), {**truth, "intercept": 50.0}


with t.item("Prices that follow a formula give the numbers of the formula", weight=3):
    for seed in t.seeds:
        table, truth = houses_with_formula(seed)
        got = t.call(fit_price, table)
        t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
        t.wrong_if(
            "no_intercept",
            "intercept" not in got,
            "There is no `intercept`: your formula says that a house of 0 m² with 0 rooms costs 0, "
            "and the other numbers are bent to make up for it. Add a column of ones.",
        )
        t.equal(set(got), set(truth), what="names")
        t.wrong_if(
            "numbers_of_scaled_columns",
            np.isclose(got["area"], truth["area"] * table["area"].std(), rtol=0.02),
            "Your numbers belong to scaled columns. The valuation desk wants EUR 1,000 per square "
            "metre: leave the columns as they are.",
        )
        t.wrong_if(
            "names_in_the_wrong_order",
            np.allclose(sorted(got.values()), sorted(truth.values()), rtol=1e-4)
            and not np.isclose(got["intercept"], truth["intercept"]),
            "The numbers are right, but they carry wrong names. Name them in the order of the "
            "columns of `A`; the column of ones belongs to the intercept.",
        )
        t.equal(got, truth, rtol=1e-5, what="numbers")
with t.item("With noise, no other numbers have a smaller squared error", weight=2):
    for seed in t.seeds:
        table, _ = houses_with_formula(seed + 10, noise=20.0)
        got = t.call(fit_price, table)
        t.wrong_if(
            "rounded_numbers",
            all(round(float(number), 4) == number for number in got.values()),
            "You rounded the numbers. 0.005 more or less for `area_squared` is EUR 50,000 for a "
            "house of 100 m² (area² = 10,000). Return them as they are, and round when you print.",
        )
        columns = design(table).assign(intercept=1.0)
        error = table["price_keur"] - sum(columns[name] * got[name] for name in columns)
        # At the smallest sum of squares the errors are uncorrelated with every column of A.
        slopes = {
            name: float(error @ columns[name] / columns[name].std()) for name in design(table)
        }
        t.require(
            abs(error.mean()) < 1e-4,
            f"Your errors have the mean {error.mean():.3g}. With an intercept, least squares makes "
            "it 0.",
        )
        t.require(
            max(map(abs, slopes.values())) < 0.01,
            "Other numbers give a smaller sum of squared errors. Use plain least squares, without "
            "a penalty and with all rows.",
        )
with t.item("Predictions follow the formula, for any coefficients and any rows", weight=3):
    two = data.housing(2, seed=5).drop(columns=["price_keur", "colour"])
    two = two.assign(area=[100.0, 100.0], region=["coast", "north"])
    names = ["intercept", *design(two).columns]
    coef = dict.fromkeys(names[::-1], 0.0) | {"intercept": 20.0, "area": 3.0, "coast": 45.0}
    got = np.asarray(t.call(predict_price, coef, two), dtype=float)
    t.require(got.shape == (2,), f"Return one number per house. For two you gave {got.shape}.")
    ones_first, values = design(two), list(coef.values())
    ones_first.insert(0, "intercept", 1)
    ones_last = design(two).assign(intercept=1)
    t.wrong_if(
        "relies_on_the_order_of_keys",
        np.allclose(got, ones_first @ values) or np.allclose(got, ones_last @ values),
        "Here the keys of `coef` stand in another order than the columns, and each number met the "
        "wrong column. Look each number up by its name.",
    )
    t.wrong_if(
        "intercept_left_out_of_predictions",
        np.allclose(got, [345, 300]),
        "The worked example gives 345 and 300, 20 too little: add the intercept.",
    )
    t.equal(got, np.array([365.0, 320.0]), what="the worked example")
    for seed in t.seeds:
        table, truth = houses_with_formula(seed + 20)
        mixed = dict(sorted(truth.items(), key=lambda item: item[1]))
        got = np.asarray(t.call(predict_price, mixed, table.drop(columns="price_keur")), float)
        t.equal(got, table["price_keur"].to_numpy(), what="prices")
        one = table.tail(1).drop(columns="price_keur")
        got = np.asarray(t.call(predict_price, truth, one), float)
        t.equal(got, table["price_keur"].tail(1).to_numpy(), what="price of a single house")
### BEGIN HIDDEN TESTS
with t.item("Houses of one region only, and rows with odd labels", weight=1):
    table, truth = houses_with_formula(40, n=60)
    shuffled = table.sample(60, random_state=0).set_axis(np.repeat([7, 3], 30))
    t.equal(t.call(fit_price, shuffled), truth, rtol=1e-5, what="numbers")
    south = shuffled[shuffled["region"] == "south"]
    got = np.asarray(t.call(predict_price, truth, south.drop(columns="price_keur")), float)
    t.equal(got, south["price_keur"].to_numpy(), what="prices in the south")
### END HIDDEN TESTS

# %% [markdown]
# These houses come from a generator, so this time we know the truth. How near does training get?
# The second column is what scikit-learn finds.

# %% needs="fit_price"
names = ["intercept", *design(houses).columns]
truth = pd.Series([20, 3.2, -0.006, 9, -0.5, -4, 14, 45, 12], names)
library = LinearRegression().fit(design(houses), houses["price_keur"])
comparison = {
    "learned": pd.Series(fit_price(houses))[names],
    "scikit-learn": pd.Series([library.intercept_, *library.coef_], names),
    "truth": truth,
}
pd.DataFrame(comparison).map("{:.3g}".format)

# %% [markdown]
# Both ways give the same numbers. They are near the truth, and not equal to it: a garden is worth
# EUR 14,000 in truth, and we learned 13,400; for the coast we learned 41,000 instead of 45,000. The
# reason is the chance in the prices: with 400 other houses we would have learned other numbers. How
# far can they be off?

# %% [markdown]
# ### How sure is a learned number?
#
# We have one table only. The **bootstrap** makes many similar ones out of it: draw as many rows as
# the table has, **with replacement**, so that some rows appear twice or three times and others not
# at all. Learn the numbers again from each new table. If `garden` jumps from 10 to 17 between these
# tables, then nobody should report 13.4 with a decimal.
#
# > **seed**: a number that starts a random generator; the same seed gives the same random numbers
# > in the same order.
#
# **Your task.** Write `coef_interval(fit, df, n_boot, level, seed)`.
#
# - `fit` is a function: it takes a table and returns a dictionary of numbers by name, such as your
#   `fit_price`. Your function calls it, so that it works for any model.
# - Draw `n_boot` tables of `len(df)` rows each from `df`, whole rows, with replacement. All the
#   chance comes from `seed`: two equal calls give equal results.
# - For each name take the limits between which the middle part of the `n_boot` numbers lies:
#   `level=0.9` means from the 5 % point to the 95 % point (`quantile`).
# - Return a DataFrame with the names as index and the columns `low` and `high`.
#
# For example, if five tables gave the numbers 1, 2, 3, 4 and 9 for `garden`, then with `level=0.5`
# the limits are the 25 % point and the 75 % point: `low` 2 and `high` 4.


# %% exercise="coef_interval" objective="W.3.1"
def coef_interval(
    fit, df: pd.DataFrame, n_boot: int = 200, level: float = 0.9, seed: int = 0
) -> pd.DataFrame:
    """Return an interval for each learned number, from the percentiles of a bootstrap."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    tail = (1 - level) / 2
    limits = pd.DataFrame(draws).quantile([tail, 1 - tail])
    return limits.T.set_axis(["low", "high"], axis=1)
    ### END SOLUTION


# %% check="coef_interval" title="Intervals come from resampled rows" points=2 transport="object"
t.hints(
    "One generator before the loop: `rng = np.random.default_rng(seed)`. One new table in each "
    "round.",
    "`df.sample(len(df), replace=True, random_state=rng)` draws whole rows with replacement.",
    "`pd.DataFrame(draws)` turns a list of dictionaries into a table; its `quantile([0.05, 0.95])` "
    "gives both limits of each column.",
)


def pairs(n=50):
    """A table in which `double` is always twice `number`."""
    return pd.DataFrame({"number": np.arange(n), "double": 2 * np.arange(n)}, index=range(9, n + 9))


class Recorder:
    """A `fit` that remembers its tables, and returns the next of some prepared numbers."""

    def __init__(self, values=()):
        self.values, self.tables = list(values), []

    def __call__(self, table):
        """Remember the table; return a number that was prepared, or the mean."""
        place = len(self.tables) % max(1, len(self.values))
        self.tables.append(table)
        return {"w": self.values[place] if self.values else table["number"].mean()}

    def __deepcopy__(self, memo):
        """Stay the same object when the check copies its arguments."""
        return self


def interval(fit, df, **options):
    """Call the answer and require a table of the right form."""
    got = t.call(coef_interval, fit, df, **options)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.wrong_if(
        "rows_and_columns_swapped",
        {"low", "high"} <= set(got.index),
        "`low` and `high` should be the columns, and the names the index. Turn the table with "
        "`.T`.",
    )
    t.equal(set(got.columns), {"low", "high"}, what="columns")
    return got.astype(float)


with t.item("Each table has as many rows as the original, drawn with replacement", weight=2):
    recorder = Recorder()
    interval(recorder, pairs(), n_boot=30)
    drawn = [[*table["number"]] for table in recorder.tables]
    t.require(
        len(drawn) in (30, 31), f"With n_boot=30 `fit` should be called 30 times, not {len(drawn)}."
    )
    t.wrong_if(
        "tables_of_another_size",
        any(len(rows) != 50 for rows in drawn),
        f"A table of 50 rows gave one of {min(map(len, drawn))}. The uncertainty belongs to a "
        "number of rows: draw exactly as many as there are.",
    )
    t.wrong_if(
        "draws_without_replacement",
        all(len(set(rows)) == 50 for rows in drawn),
        "Every row appears once in every table: it is always the same table in another order, and "
        "the interval has no width. Draw with replacement.",
    )
    t.wrong_if(
        "the_same_draw_each_time",
        all(rows == drawn[-1] for rows in drawn[1:]),
        "All tables have the same rows: the generator starts anew in each round. Make it once, "
        "before the loop.",
    )
    t.wrong_if(
        "tears_pairs_apart",
        any((table["double"] != 2 * table["number"]).any() for table in recorder.tables),
        "The columns were drawn apart, so that inputs of one house meet the price of another. Draw "
        "whole rows.",
    )
with t.item("The limits are percentiles of the learned numbers", weight=3):
    for seed in t.seeds:
        values = np.random.default_rng([seed, 32]).permutation(np.geomspace(1, 1000, 200))
        got = interval(Recorder(values), pairs(), n_boot=200, seed=seed).loc["w"]
        mean, sd = values.mean(), values.std()
        t.wrong_if(
            "limits_from_mean_and_deviation",
            got["low"] < 0,
            "All learned numbers are above 0, and your `low` is not. Mean ± 1.6 standard deviations "
            "assumes a symmetric bell; use the percentiles of the numbers themselves.",
        )
        t.wrong_if(
            "smallest_and_largest",
            np.allclose(got, [values.min(), values.max()]),
            "These are the smallest and the largest number. The more tables you draw, the farther "
            "apart they are. Take the 5 % and the 95 % point.",
        )
        tails = np.quantile(values, [0.1, 0.9]), np.quantile(values, [0.025, 0.975])
        t.wrong_if(
            "wrong_tails",
            any(np.allclose(got[["low", "high"]], tail, rtol=0.02) for tail in tails),
            "With level 0.9, 90 % lie inside, so 5 % lie below `low` and 5 % above `high`.",
        )
        t.wrong_if(
            "limits_swapped", got["low"] > got["high"], "`low` is above `high`: exchange them."
        )
        # Definitions of a percentile differ by up to one place in the sorted list: 4 % here.
        t.equal(got["low"], np.quantile(values, 0.05), rtol=0.04, what="low")
        t.equal(got["high"], np.quantile(values, 0.95), rtol=0.04, what="high")
        got = interval(Recorder(values), pairs(), n_boot=200, level=0.5).loc["w"]
        t.wrong_if(
            "ignores_level",
            np.isclose(got["low"], np.quantile(values, 0.05), rtol=0.04),
            "With level=0.5 you still return the limits of 90 %. Use the argument `level`.",
        )
        t.equal(got["low"], np.quantile(values, 0.25), rtol=0.04, what="low for level 0.5")
with t.item("Equal calls give equal results, another seed gives another", weight=1):
    results = []
    for state in (1, 2):
        np.random.seed(state)
        results.append(interval(Recorder(), pairs(), n_boot=20, seed=4).loc["w", "low"])
    t.wrong_if(
        "depends_on_global_random_state",
        results[0] != results[1],
        "Two equal calls gave different intervals. Take all chance from a generator with `seed`.",
    )
    # Far apart, because seeds that are counted upwards from `seed` are fine, too.
    other = interval(Recorder(), pairs(), n_boot=20, seed=4000).loc["w", "low"]
    t.wrong_if(
        "ignores_the_seed",
        results[0] == other,
        "The seeds 4 and 4000 gave the same interval. Pass `seed` to the generator.",
    )
with t.item("For a mean, the interval is as wide as theory says", weight=1):
    for seed in t.seeds:
        table = pd.DataFrame({"number": np.random.default_rng([seed, 33]).normal(size=300)})
        got = interval(Recorder(), table, n_boot=300, seed=seed).loc["w"]
        theory = 2 * 1.645 * table["number"].std() / np.sqrt(300)
        # With 300 draws the width itself is uncertain, by about 7 %.
        t.equal(got["high"] - got["low"], theory, rtol=0.3, what="width")
### BEGIN HIDDEN TESTS
with t.item("Several numbers keep their names", weight=1):

    def two_numbers(table):
        """A fit with two names."""
        return {"low_one": float(len(table)), "mean": table["number"].mean()}

    got = interval(two_numbers, pairs(), n_boot=40)
    t.equal(set(got.index), {"low_one", "mean"}, what="names")
    t.equal(got.loc["low_one"].tolist(), [50.0, 50.0], what="limits of a constant")
    t.require(15 < got.loc["mean", "low"] < got.loc["mean", "high"] < 35, "The mean is 24.5.")
### END HIDDEN TESTS

# %% [markdown]
# Each line below is one learned number of the house formula with its 90 % interval, the cross is
# the truth. The unit differs from line to line, so each line is drawn relative to the width of its
# own interval.

# %% needs="fit_price, coef_interval"
intervals = coef_interval(fit_price, houses)
position = (truth - intervals["low"]) / (intervals["high"] - intervals["low"])
fig, ax = plt.subplots(figsize=(7, 3.8))
rows = range(len(names))
ax.hlines(rows, 0, 1, linewidth=6, alpha=0.4, label="90 % interval")
ax.plot(position[names], rows, "kx", markersize=9, markeredgewidth=2, label="truth")
for row, name in enumerate(names):
    low, high = (f"{intervals.loc[name, column]:.3g}" for column in ("low", "high"))
    ax.annotate(f"{low} … {high}", (1.3, row), va="center", fontsize=10)
ax.set(yticks=rows, xlim=(-0.3, 1.95), xticks=[0, 1], title="where is the truth?")
ax.set_yticks(rows, names)
ax.set_xticks([0, 1], ["low", "high"])
ax.legend(loc="upper center", bbox_to_anchor=(0.35, -0.1), ncols=2)
figures.show(
    fig,
    alt="Nine horizontal intervals, one for each learned number, with the limits beside them. The "
    "cross of the truth lies inside most of the intervals.",
)
print("the truth is inside for", int(position.between(0, 1).sum()), "of 9 numbers")

# %% [markdown]
# The interval for a garden goes from 10 to 16.5: the sign is sure, the amount is not. A 90 %
# interval is meant to hold the truth in about 9 of 10 cases. So the coast, whose truth lies just
# outside, is no error: one in ten is what we asked for.

# %% [markdown]
# ## A report in money
#
# A good fit to houses whose prices are known is no use. The desk wants to know: **how far off will
# you be with the next house, and is this better than what anybody could do?** For the first
# question we keep a quarter of the houses away from training. For the second we need a baseline.
#
# > **baseline**: the simplest prediction that anybody could make without a model, for example
# > always the median price. A model must beat it to be worth its cost.
#
# **Your task.** Write `price_report(df, seed)`.
#
# - Split with `train_test_split(df, test_size=0.25, random_state=seed)`, exactly so. It returns the
#   training rows and the held-out rows.
# - Train a linear regression on `design` of the **training** rows.
# - Return a dictionary about the **held-out** rows; errors are in the unit of the price:
#     - `mae_model`: the mean absolute error of the model;
#     - `mae_median_baseline`: the mean absolute error of always predicting the median price of the
#       **training** rows;
#     - `r2`: the share of the spread of the held-out prices that the model explains,
#       $1 - \sum(y - \hat y)^2 / \sum(y - \bar y)^2$, where $\hat y$ is the predicted price and
#       $\bar y$ the mean of the held-out prices (`r2_score`). It can be negative;
#     - `worst_region`: the name of the region with the largest mean absolute error of the model,
#       and `worst_region_mae`: that error.
#
# For example, if the held-out prices are 100 and 200 in the north and 300 at the coast, and the
# model predicts 110, 180 and 310, then the absolute errors are 10, 20 and 10: `mae_model` is 13.33,
# and `worst_region` is `"north"` with 15. If the median of the training prices is 220, the baseline
# has the errors 120, 20 and 80: 73.33.


# %% exercise="price_report" objective="W.2.1"
def price_report(df: pd.DataFrame, seed: int = 0) -> dict:
    """Train on three quarters of the houses and report the errors on the rest."""
    ### BEGIN SOLUTION
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    prediction = LinearRegression().fit(design(train), train["price_keur"]).predict(design(test))
    baseline = DummyRegressor(strategy="median").fit(design(train), train["price_keur"])
    error = (test["price_keur"] - prediction).abs()
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (test["price_keur"] - baseline.predict(design(test))).abs().mean(),
        "r2": r2_score(test["price_keur"], prediction),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }
    ### END SOLUTION


# %% check="price_report" title="The report says what the next house will cost" points=2 transport="plain"
from functools import cache

t.hints(
    "Four steps: split, train, predict the held-out rows, compare with their prices.",
    "`LinearRegression().fit(design(train), train['price_keur'])` has `predict(design(test))`.",
    "`error.groupby(test['region']).mean()` gives one mean error per region; `idxmax` names the "
    "largest.",
)


def by_hand(table, seed):
    """Return training rows, held-out rows, and the errors of least squares on both."""
    parts = train_test_split(table, test_size=0.25, random_state=seed)
    columns = [np.column_stack([np.ones(len(part)), design(part)]) for part in parts]
    weights = np.linalg.pinv(columns[0]) @ parts[0]["price_keur"].to_numpy()
    errors = [part["price_keur"] - A @ weights for part, A in zip(parts, columns)]
    return *parts, *errors


def report(table, seed):
    """Call the answer and require a dictionary with the right keys."""
    got = t.call(price_report, table, seed=seed)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    keys = {"mae_model", "mae_median_baseline", "r2", "worst_region", "worst_region_mae"}
    t.equal(set(got), keys, what="keys")
    return got


def noisy_in(region, seed, n=160):
    """Houses whose prices are four times as uncertain in one region."""
    table = data.housing(n, seed=seed + 500)
    noise = np.random.default_rng([seed, 34]).normal(0, 70, n)
    return table.assign(price_keur=table["price_keur"] + noise * (table["region"] == region))


@cache
def noisy_report(region, seed):
    """Call the answer with such houses, once for each region and seed."""
    return report(noisy_in(region, seed), seed)


with t.item("The error of the model is measured on held-out rows", weight=2):
    for seed in t.seeds:
        table = noisy_in("south", seed)
        train, test, seen, unseen = by_hand(table, seed)
        got = noisy_report("south", seed)["mae_model"]
        wrong = not np.isclose(got, unseen.abs().mean())
        t.wrong_if(
            "error_on_training_rows",
            wrong and np.isclose(got, seen.abs().mean()),
            f"{got:.2f} is the error on the rows that the model was trained on. It knows their "
            "prices. Measure on the held-out rows.",
        )
        if wrong:
            all_rows = LinearRegression().fit(design(table), table["price_keur"])
            peeked = test["price_keur"] - all_rows.predict(design(test))
            t.wrong_if(
                "trained_on_held_out_rows_too",
                np.isclose(got, peeked.abs().mean()),
                "The model was trained on all rows, also on those that it is tested with. Train on "
                "the training rows only.",
            )
        t.wrong_if(
            "median_of_the_errors",
            wrong and np.isclose(got, unseen.abs().median()),
            "This is the median of the absolute errors. It hides the large ones: take the mean.",
        )
        t.wrong_if(
            "root_mean_square_instead",
            wrong and np.isclose(got, np.sqrt((unseen**2).mean())),
            "This is the root of the mean squared error. Here the mean of the absolute errors is "
            "asked for: it says how far off a typical prediction is.",
        )
        t.wrong_if(
            "mean_of_region_means",
            wrong and np.isclose(got, unseen.abs().groupby(test["region"]).mean().mean()),
            "You averaged the errors of the regions, so a house in a small region counts more. "
            "Average over houses.",
        )
        t.wrong_if(
            "errors_cancel_each_other",
            wrong and np.isclose(abs(got), abs(unseen.mean())),
            "Errors up and down cancelled each other. Take the absolute value of each error first.",
        )
        t.wrong_if(
            "ignores_the_seed",
            wrong
            and any(np.isclose(got, by_hand(table, other)[3].abs().mean()) for other in (0, 42)),
            "The split does not depend on `seed`. Pass it on as `random_state=seed`.",
        )
        t.equal(got, unseen.abs().mean(), rtol=1e-5, what="mae_model")
with t.item("The baseline knows the training prices only", weight=2):
    for seed in t.seeds:
        table = noisy_in("north", seed)
        train, test, *_ = by_hand(table, seed)
        prices, known = test["price_keur"], train["price_keur"]
        got = noisy_report("north", seed)["mae_median_baseline"]
        # With an even number of rows, two constants can have the same error.
        wrong = not np.isclose(got, (prices - known.median()).abs().mean())
        t.wrong_if(
            "baseline_of_the_mean",
            wrong and np.isclose(got, (prices - known.mean()).abs().mean()),
            "You predicted the mean price. The median has the smallest absolute error among all "
            "constant predictions of the training rows, so it is the fair opponent.",
        )
        t.wrong_if(
            "baseline_has_seen_the_test",
            wrong
            and any(
                np.isclose(got, (prices - seen_too.median()).abs().mean())
                for seen_too in (prices, table["price_keur"])
            ),
            "The median was computed with held-out prices. A baseline may only know what the model "
            "knows: the training rows.",
        )
        t.wrong_if(
            "baseline_on_other_rows",
            wrong and np.isclose(got, (known - known.median()).abs().mean()),
            "The baseline was measured on the training rows, the model on the held-out rows. "
            "Compare both on the same rows.",
        )
        t.equal(got, (prices - known.median()).abs().mean(), rtol=1e-5, what="baseline")
with t.item("r2 is the explained share, not a squared correlation", weight=1):
    for seed in t.seeds:
        table = noisy_in("coast", seed, n=60)
        _, test, _, unseen = by_hand(table, seed)
        got = report(table, seed)["r2"]
        prices = test["price_keur"]
        t.wrong_if(
            "squared_correlation",
            np.isclose(got, np.corrcoef(prices - unseen, prices)[0, 1] ** 2),
            "This is the squared correlation. It stays high when all predictions are EUR 100,000 "
            "too large. Compare the squared errors with the spread of the prices.",
        )
        expected = 1 - (unseen**2).sum() / ((prices - prices.mean()) ** 2).sum()
        t.equal(got, expected, rtol=1e-5, what="r2")
with t.item("The region with the largest error is named", weight=2):
    for seed in t.seeds:
        for region in ("coast", "north"):
            _, test, _, unseen = by_hand(noisy_in(region, seed), seed)
            got = noisy_report(region, seed)
            t.wrong_if(
                "names_the_most_frequent_or_dearest",
                got["worst_region"] != region,
                f"The prices in {region!r} are by far the most uncertain, and you named "
                f"{got['worst_region']!r}. Take the mean of the absolute errors in each region, "
                "and the largest of them.",
            )
            expected = unseen[test["region"] == region].abs().mean()
            t.equal(got["worst_region_mae"], expected, rtol=1e-5, what="worst_region_mae")
with t.item("In EUR instead of EUR 1,000 all errors are 1,000 times larger", weight=1):
    table = noisy_in("coast", 3)
    in_eur = table.assign(price_keur=table["price_keur"] * 1000)
    small, large = report(table, 1), report(in_eur, 1)
    for name in ("mae_model", "mae_median_baseline", "worst_region_mae"):
        t.equal(large[name], small[name] * 1000, rtol=1e-5, what=name)
    t.equal(large["r2"], small["r2"], rtol=1e-5, what="r2, which has no unit")
### BEGIN HIDDEN TESTS
with t.item("Other tables, other seeds", weight=1):
    for seed in t.seeds:
        table = data.housing(90, seed=seed + 800).sample(frac=1, random_state=seed)
        _, test, _, unseen = by_hand(table, seed + 5)
        by_region = unseen.abs().groupby(test["region"]).mean()
        got = report(table, seed + 5)
        t.equal(got["mae_model"], unseen.abs().mean(), rtol=1e-5, what="mae_model")
        t.equal(got["worst_region"], by_region.idxmax(), what="worst_region")
### END HIDDEN TESTS

# %% [markdown]
# The report for our houses:

# %% needs="price_report"
report_in_words = price_report(houses)
pd.Series(report_in_words, name="400 houses").map(
    lambda value: value if isinstance(value, str) else f"{value:.2f}"
).to_frame()

# %% [markdown]
# And a picture of the errors by region:

# %%
train, test = train_test_split(houses, test_size=0.25, random_state=0)
model = LinearRegression().fit(design(train), train["price_keur"])
error = test["price_keur"] - model.predict(design(test))
regions = ["coast", "north", "south"]
fig, ax = plt.subplots(figsize=(7, 3))
ax.boxplot(
    [error[test["region"] == region] for region in regions],
    tick_labels=regions,
    orientation="horizontal",
)
ax.axvline(0, color="0.4", linestyle=":")
ax.set(xlabel="price minus prediction (EUR 1,000)", title="errors on held-out houses")
figures.show(
    fig,
    alt="Three horizontal box plots of price minus prediction for coast, north and south. All are "
    "centred near 0; the errors reach from -46 to 37 thousand EUR.",
)

# %% [markdown]
# The model is off by about EUR 13,000 on average, and always saying the median by about EUR 94,000.
# That is what the desk can use: an error in money, beside what it would be without a model.
#
# How low can it get? The prices contain chance with a standard deviation of EUR 18,000, which alone
# causes a mean absolute error of about EUR 14,400. With 100 held-out houses we were a little lucky.
# No model can be better than that in the long run. In real data nobody tells you where this floor
# is.

# %% [markdown]
# ## Training is lowering a loss
#
# For a linear formula there is a direct way to the best numbers. For most models there is none. They
# begin with bad numbers and improve them in small steps.
#
# > **loss**: one number that says how wrong the predictions of a model are on the training rows.
# > Training changes the numbers of the model so that the loss falls.
#
# Will an applicant repay? The **logistic model** turns a sum into a probability *p* of repayment:
#
# $$z = X w + b \qquad p = \frac{1}{1 + e^{-z}}$$
#
# The function $1 / (1 + e^{-z})$ is called *sigmoid*. `expit` from SciPy computes it, also for very
# large or very small *z*. The loss is the **log loss**: the surprise about what really happened
# (*y* = 1 for repaid, 0 for not), averaged over the *n* applicants, plus a penalty for large weights:
#
# $$L = -\frac{1}{n} \sum_i \big( y_i \ln p_i + (1 - y_i) \ln (1 - p_i) \big) + \frac{l_2}{2} \sum_j w_j^2$$
#
# The gradient says how the loss changes when a number changes. For this loss it is
#
# $$\frac{\partial L}{\partial w} = \frac{1}{n} X^\top (p - y) + l_2 \, w \qquad
# \frac{\partial L}{\partial b} = \frac{1}{n} \sum_i (p_i - y_i)$$
#
# Going a small step **against** the gradient lowers the loss: $w \leftarrow w - \text{lr} \cdot
# \partial L / \partial w$, and the same for *b*. `lr` is the learning rate of
# `02_scale_encode`.

# %%
from scipy.special import expit as sigmoid

inputs = ["income_keur", "loan_keur", "debt_ratio", "late_payments", "employment_years"]
measured = loans[inputs].assign(
    income_keur=np.log(loans["income_keur"]), loan_keur=np.log(loans["loan_keur"])
)
credit_X = ((measured - measured.mean()) / measured.std()).to_numpy()
credit_y = loans["repaid"].to_numpy()
print("sigmoid of -3, 0, 3:", sigmoid(np.array([-3, 0, 3])).round(3))

# %% [markdown]
# `credit_X` holds five columns of 1,000 applications as z-scores (income and loan as logarithms).
#
# **Your task.** Write two functions. `X` is an array (rows, columns), `y` an array of 0 and 1.
#
# - `predict_proba(model, X)` takes a dictionary with the weights `w` (one for each column) and the
#   number `b`, and returns the array of probabilities *p*, one for each row.
# - `train_logistic(X, y, lr, epochs, l2)` begins with `w` and `b` at 0 and makes `epochs` steps. All
#   rows take part in each step. It returns a dictionary with the final `w` (array) and `b` (number),
#   and with `losses`: a list of the loss $L$ **before** each step, so `epochs` numbers.
# - `w` and `b` move at the same time: both gradients come from the same *p*.
# - *p* can be rounded to exactly 0 or 1, and ln 0 is minus infinity. Keep *p* between 1e-12 and
#   1 - 1e-12 **inside the logarithm** (`np.clip`), so that every loss is a finite number.
#
# For example, with `X = [[2], [0]]`, `y = [1, 0]`, `lr = 0.5` and `epochs = 1`: at the beginning
# every *p* is 0.5, so the loss is ln 2 = 0.693. p - y is [-0.5, 0.5]; the gradient of *w* is
# (2 · (-0.5) + 0 · 0.5) / 2 = -0.5 and that of *b* is 0. After the step `w` is [0.25] and `b` is 0.


# %% exercise="train_logistic" objective="W.1.1"
def predict_proba(model: dict, X: np.ndarray) -> np.ndarray:
    """Return the probability of class 1 for each row."""
    ### BEGIN SOLUTION
    return sigmoid(X @ model["w"] + model["b"])
    ### END SOLUTION


def train_logistic(
    X: np.ndarray, y: np.ndarray, lr: float = 0.5, epochs: int = 300, l2: float = 0.0
) -> dict:
    """Learn the numbers of a logistic model by gradient descent."""
    ### BEGIN SOLUTION
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = predict_proba({"w": w, "b": b}, X)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        log_loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(log_loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}
    ### END SOLUTION


# %% check="train_logistic" title="Each step lowers the loss" points=4 transport="plain"
t.hints(
    "Before the loop: `w = np.zeros(X.shape[1])`, `b = 0.0` and an empty list. In the loop: "
    "probabilities, loss, step.",
    "The gradient of `w` is `X.T @ (p - y) / len(y) + l2 * w`, that of `b` is `np.mean(p - y)`.",
    "Inside the logarithm use `np.clip(p, 1e-12, 1 - 1e-12)`, in the gradient use `p` itself.",
)


def two_classes(seed, n=60, spread=1.0):
    """A small table whose label depends on its columns, with some chance. Class 1 is rarer."""
    rng = np.random.default_rng([seed, 11])
    X = rng.normal(0.3, spread, (n, 3))
    return X, (X @ [1.5, -1, 0] + rng.logistic(size=n) > 1.8).astype(int)


def loss_at(w, b, X, y, l2=0.0):
    """The loss of the text, for weights that are not extreme."""
    z = X @ w + b
    return np.mean(np.logaddexp(0, z) - y * z) + l2 / 2 * np.sum(np.square(w))


def slope_at(w, b, X, y, l2=0.0):
    """The gradient by small differences: one number for each weight, the last for b."""
    at, step = np.append(w, b), 1e-5
    moves = step * np.eye(len(at))
    pairs = [(at + move, at - move) for move in moves]
    return np.array(
        [
            (loss_at(up[:-1], up[-1], X, y, l2) - loss_at(down[:-1], down[-1], X, y, l2)) / step / 2
            for up, down in pairs
        ]
    )


def trained(X, y, **options):
    """Call the answer; return the weights, b and the losses as numbers."""
    got = t.call(train_logistic, X, y, **options)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.equal(set(got), {"w", "b", "losses"}, what="keys")
    w = np.asarray(got["w"], dtype=float)
    t.require(w.shape == (X.shape[1],), f"`w` should have one number per column, got {w.shape}.")
    return w, float(np.squeeze(got["b"])), [float(loss) for loss in got["losses"]]


with t.item("The first loss is ln 2, and there is one loss for each step", weight=1):
    X, y = two_classes(0)
    _, _, losses = trained(X, y, epochs=7)
    t.equal(len(losses), 7, what="number of losses")
    t.wrong_if(
        "squared_error_as_loss",
        np.isclose(losses[0], 0.25),
        "The first loss is 0.25, the mean squared error. Here the log loss is asked for, with two "
        "logarithms; the gradient in the text belongs to it.",
    )
    t.wrong_if(
        "loss_after_the_step",
        0.3 < losses[0] < np.log(2) - 1e-3,
        f"The first loss is {losses[0]:.3f}, less than ln 2 = 0.693: you looked after the step. "
        "Note the loss before it.",
    )
    t.wrong_if(
        "sum_instead_of_mean",
        losses[0] > 10,
        f"The first loss is {losses[0]:.1f}: the sum over all rows. Take the mean, so that the "
        "learning rate need not change with the number of rows.",
    )
    t.equal(losses[0], np.log(2), what="first loss")
with t.item("Each step goes against the gradient", weight=4):
    for seed in t.seeds:
        X, y = two_classes(seed)
        lr = 0.3
        w, b, _ = trained(X, y, lr=lr, epochs=1)
        step, slope = np.append(w, b), slope_at(np.zeros(3), 0, X, y)
        t.wrong_if(
            "uphill",
            np.allclose(step, lr * slope, atol=1e-6),
            "You go up: the loss grows with every step. Subtract the gradient, do not add it.",
        )
        t.wrong_if(
            "sum_in_the_gradient",
            np.allclose(step, -lr * slope * len(y), atol=1e-4),
            f"Your step is {len(y)} times too long, the number of rows: divide the sum by n. With "
            "more rows such steps explode.",
        )
        t.wrong_if(
            "forgets_the_learning_rate",
            np.allclose(step, -slope, atol=1e-6),
            "Your step is the whole gradient. Multiply it by the learning rate `lr`.",
        )
        t.wrong_if(
            "intercept_stays_at_zero",
            step[-1] == 0 and abs(slope[-1]) > 1e-3,
            "`b` stays at 0. It has a gradient too: the mean of p - y.",
        )
        t.wrong_if(
            "one_number_after_the_other",
            np.allclose(step[:-1], -lr * slope[:-1], atol=1e-6)
            and abs(step[-1] + lr * slope_at(w, 0, X, y)[-1]) < 1e-7,
            "`b` was moved with a p that already contains the new `w`. Compute p once in each step, "
            "and use it for both.",
        )
        t.equal(step, -lr * slope, rtol=1e-4, atol=1e-6, what="w and b after one step")
        w2, b2, _ = trained(X, y, lr=lr, epochs=2)
        second = np.append(w2, b2) - step
        t.require(
            np.allclose(second, -lr * slope_at(w, b, X, y), rtol=1e-4, atol=1e-6),
            "The first step is right, the second is not. In each step compute p anew, and use the "
            "same p for w and b.",
        )
with t.item("The loss falls from step to step", weight=1):
    for seed in t.seeds:
        X, y = two_classes(seed, n=150)
        w, b, losses = trained(X, y, epochs=60)
        t.require(
            (np.diff(losses) < 0).all(),
            "With lr 0.5 the loss should fall in every step, and it does not.",
        )
        t.require(
            loss_at(w, b, X, y) < losses[-1],
            "The returned `w` and `b` are not those after the last step.",
        )
with t.item("The penalty shrinks the weights and leaves b alone", weight=2):
    for seed in t.seeds:
        X, y = two_classes(seed)
        w, b, _ = trained(X, y, lr=0.3, epochs=1)
        w2, b2, losses = trained(X, y, lr=0.3, epochs=2, l2=0.8)
        free, with_penalty = slope_at(w, b, X, y), slope_at(w, b, X, y, 0.8)
        t.wrong_if(
            "ignores_the_penalty",
            np.allclose(w2 - w, -0.3 * free[:-1], atol=1e-6),
            "`l2` has no effect on the weights. Add l2 · w to their gradient.",
        )
        for name, part, text in (
            ("half_of_the_penalty", 0.4, "half of"),
            ("penalty_divided_by_n", 0.8 / len(y), "1/n of"),
        ):
            t.wrong_if(
                name,
                np.allclose(w2 - w, -0.3 * slope_at(w, b, X, y, part)[:-1], atol=1e-7),
                f"Only {text} the penalty reaches the gradient of `w`. The part of the penalty is "
                "l2 · w: the 2 of the square cancels the half, and it is outside of the mean.",
            )
        t.wrong_if(
            "penalty_on_the_intercept",
            abs((b2 - b) + 0.3 * (free[-1] + 0.8 * b)) < 1e-7 < abs(b),
            "The penalty pulls `b` to 0, too. `b` only says how frequent class 1 is: the formula "
            "has no penalty for it.",
        )
        t.equal(w2 - w, -0.3 * with_penalty[:-1], rtol=1e-4, atol=1e-6, what="second step of w")
        t.equal(b2 - b, -0.3 * free[-1], rtol=1e-4, atol=1e-6, what="second step of b")
        t.wrong_if(
            "penalty_missing_in_the_loss",
            np.isclose(losses[1], loss_at(w, b, X, y)),
            "The steps use the penalty, but `losses` does not. The loss that is lowered contains "
            "the penalty.",
        )
        t.wrong_if(
            "another_share_of_the_penalty_in_the_loss",
            any(np.isclose(losses[1], loss_at(w, b, X, y, k)) for k in (1.6, 0.4, 0.8 / len(y))),
            "The loss contains twice the penalty, half of it, or 1/n of it. It is l2 / 2 times the "
            "sum of the squared weights, added after the mean over the rows.",
        )
        t.equal(losses[1], loss_at(w, b, X, y, 0.8), rtol=1e-5, what="second loss")
with t.item("Certain predictions still have a finite loss", weight=1):
    X, y = two_classes(3, spread=900.0)
    _, _, losses = trained(X, y, epochs=12)
    t.wrong_if(
        "log_of_zero",
        not np.isfinite(losses).all(),
        "With large inputs some p are exactly 0 or 1, and a loss became infinite or NaN. Keep p "
        "away from 0 and 1 inside the logarithm.",
    )
    t.equal(len(losses), 12, what="number of losses")
with t.item("Probabilities follow from w and b", weight=1):
    model = {"w": np.array([2.0, 0.0]), "b": -1.0}
    rows = np.array([[0.5, 9.0], [400.0, 1.0], [-1e6, 1.0], [1.0, -3.0]])
    got = np.asarray(t.call(predict_proba, model, rows), dtype=float)
    t.wrong_if(
        "classes_instead_of_probabilities",
        set(got.ravel()) <= {0.0, 1.0},
        "You returned classes. Return probabilities between 0 and 1.",
    )
    t.wrong_if(
        "forgets_b",
        got.shape == (4,) and np.isclose(got[0], 1 / (1 + np.exp(-1))),
        "`b` is missing in z = X w + b.",
    )
    t.equal(got, np.array([0.5, 1.0, 0.0, 1 / (1 + np.exp(-1))]), what="probabilities")
### BEGIN HIDDEN TESTS
from sklearn.linear_model import LogisticRegression as Reference

with t.item("After many steps it agrees with scikit-learn", weight=2, seconds=10):
    for seed in t.seeds:
        X, y = two_classes(seed + 50, n=200)
        w, b, _ = trained(X, y, lr=1.0, epochs=3000)
        expected = Reference(C=np.inf, max_iter=1000, tol=1e-8).fit(X, y)
        t.equal(np.append(w, b), [*expected.coef_[0], *expected.intercept_], rtol=0.01, atol=0.01)
        w, b, _ = trained(X, y, lr=1.0, epochs=2000, l2=0.1)
        expected = Reference(C=1 / (0.1 * len(y)), max_iter=1000, tol=1e-8).fit(X, y)
        t.equal(np.append(w, b), [*expected.coef_[0], *expected.intercept_], rtol=0.01, atol=0.01)
### END HIDDEN TESTS

# %% [markdown]
# On the left the loss. On the right what the model thinks about an applicant who is average in all
# columns but one, the number of late payments: after 2 steps, after 10, and at the end.

# %% needs="train_logistic"
learned = train_logistic(credit_X, credit_y, lr=0.5, epochs=300)
late = np.arange(5)
z_late = (late - loans["late_payments"].mean()) / loans["late_payments"].std()
rows = np.outer(z_late, [0, 0, 0, 1, 0])
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
left.plot(learned["losses"])
left.set(xlabel="step", ylabel="log loss", title="the loss falls")
for steps in (0, 2, 10, 300):
    model_then = train_logistic(credit_X, credit_y, epochs=steps)
    right.plot(late, predict_proba(model_then, rows), label=f"after {steps} steps")
share = loans.groupby("late_payments")["repaid"].mean().reindex(late)
right.plot(late, share, "kx", label="share repaid", markersize=9, markeredgewidth=2)
right.set(xlabel="late payments", ylabel="probability of repayment", ylim=(0, 1), xticks=late)
right.set_title("what the model thinks")
right.legend(fontsize=9, loc="lower left")
figures.show(
    fig,
    alt="Left: the log loss falls from 0.69 to about 0.46, fast at first and then hardly. Right: the "
    "probability of repayment by late payments is flat at 0.5 before the first step, and after 300 "
    "steps falls from 0.87 to below 0.5, near the observed shares.",
)

# %% [markdown]
# The learned numbers, for z-scores:

# %% needs="train_logistic"
print({name: round(float(value), 2) for name, value in zip(inputs, learned["w"])})
print("b:", round(float(learned["b"]), 2))

# %% [markdown]
# The signs make sense: a higher income makes repayment more probable; a larger loan, a higher debt
# ratio and late payments make it less probable. Nobody told the model. It learned them from
# labelled examples, by lowering one number.

# %% [markdown]
# ## Digits, but reproducible
#
# Now the scan room. The following snippet is in countless slides and tutorials:
#
# ```python
# X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
# model = RandomForestClassifier()
# model.fit(X_train, y_train)
# print("Accuracy:", model.score(X_test, y_test))
# ```
#
# A **random forest** trains many decision trees on random parts of the data and lets them vote. The
# snippet fixes the seed of the split. Is its result reproducible, then?
#
# **Your task.** Write three functions.
#
# - `most_confused(actual, predicted)` takes two arrays of digits. Among all errors it finds the pair
#   (actual digit, predicted digit) that occurs most often, and returns it as a tuple of two `int`.
#   If two pairs are equally frequent, take the smaller tuple. Not every digit has to appear in the
#   arrays. There is at least one error.
# - `digits_run(split_seed, model_seed, n_trees)` loads the digits with
#   `load_digits(return_X_y=True)`, and splits with `train_test_split(X, y, test_size=0.2,
#   stratify=y, random_state=split_seed)`. `stratify` gives every digit the same share in both
#   parts. It trains a `RandomForestClassifier` with `n_trees` trees (`n_estimators`) and the seed
#   `model_seed`. It returns a dictionary about the held-out part: `accuracy`, `n_train`, `n_test`
#   (numbers of rows) and `most_confused`.
# - `seed_spread(n_seeds, n_trees)` keeps the split (`split_seed=42`) and trains with the model seeds
#   0, 1, …, `n_seeds` - 1. It returns a dictionary with the `mean` and the `std` of the accuracies
#   (sample standard deviation, divided by n - 1).
#
# For example, `most_confused([8, 8, 1, 1, 5], [3, 3, 1, 7, 5])` is `(8, 3)`: an 8 was read as a 3
# twice, a 1 as a 7 once.


# %% exercise="digits_run" objective="W.1.11"
def most_confused(actual: np.ndarray, predicted: np.ndarray) -> tuple[int, int]:
    """Return the most frequent pair of actual and wrongly predicted digit."""
    ### BEGIN SOLUTION
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)
    ### END SOLUTION


def digits_run(split_seed: int = 42, model_seed: int = 0, n_trees: int = 100) -> dict:
    """Train a forest on the digits and report on the held-out part."""
    ### BEGIN SOLUTION
    X, y = load_digits(return_X_y=True)
    split = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    forest = RandomForestClassifier(n_trees, random_state=model_seed).fit(split[0], split[2])
    predicted, actual = forest.predict(split[1]), split[3]
    return {
        "accuracy": float(np.mean(predicted == actual)),
        "n_train": len(split[0]),
        "n_test": len(actual),
        "most_confused": most_confused(actual, predicted),
    }
    ### END SOLUTION


def seed_spread(n_seeds: int = 5, n_trees: int = 100) -> dict:
    """Return mean and standard deviation of the accuracy over the seeds of the model."""
    ### BEGIN SOLUTION
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": float(np.mean(runs)), "std": float(np.std(runs, ddof=1))}
    ### END SOLUTION


# %% check="digits_run" title="The same seeds give the same digits" points=2 transport="plain"
from functools import cache

t.hints(
    "`confusion_matrix(actual, predicted, labels=range(10))` counts all pairs; errors are off the "
    "diagonal (`np.fill_diagonal(counts, 0)`).",
    "`counts.argmax()` is a place from 0 to 99. `divmod(place, 10)` gives row and column.",
    "Give the forest its seed: `RandomForestClassifier(n_trees, random_state=model_seed)`. In "
    "`seed_spread`, only `model_seed` changes; `np.std(..., ddof=1)`.",
)


@cache
def run(split_seed, model_seed):
    """Call the answer with five trees, once for each pair of seeds."""
    return t.call(digits_run, split_seed, model_seed, n_trees=5)


@cache
def forest_digits(split_seed, model_seed, stratify):
    """Return the held-out digits, and what a small forest of our own reads."""
    images, labels = digits.data, digits.target
    where = {"stratify": labels if stratify else None, "random_state": split_seed}
    A, B, a, b = train_test_split(images, labels, test_size=0.2, **where)
    small = RandomForestClassifier(n_estimators=5, random_state=model_seed).fit(A, a)
    return b, small.predict(B)


def forest_accuracy(split_seed, model_seed, stratify=True):
    """Return the accuracy of a small forest on held-out rows."""
    b, read = forest_digits(split_seed, model_seed, stratify)
    return np.mean(b == read)


def forest_pair(split_seed, model_seed, swapped=False):
    """Return the most frequent error of a small forest; swapped: prediction and truth confused."""
    b, read = forest_digits(split_seed, model_seed, True)
    errors = [pair for pair in zip(b.tolist(), read.tolist()) if pair[0] != pair[1]]
    errors = [pair[::-1] for pair in errors] if swapped else errors
    return min(errors, key=lambda pair: (-errors.count(pair), pair))


def whole(pair):
    """Return the digits of an answer as numbers that print well."""
    return tuple(int(digit) for digit in pair)


with t.item("The most frequent error is named: first the truth, then the prediction", weight=2):
    actual = np.array([8, 8, 8, 1, 1, 5, 0, 0, 0, 0, 2])
    predicted = np.array([3, 3, 3, 7, 7, 5, 0, 0, 0, 0, 2])
    got = whole(t.call(most_confused, actual, predicted))
    t.wrong_if(
        "counts_the_right_ones",
        got == (0, 0),
        "(0, 0) is no error: these zeros were read correctly. Leave the diagonal out.",
    )
    t.wrong_if(
        "prediction_before_truth",
        got == (3, 8),
        "You returned (3, 8). An 8 was read as a 3: first the actual digit, then the prediction.",
    )
    t.wrong_if(
        "places_instead_of_digits",
        got != (8, 3) and max(got) < 7,
        f"{got} are places in a table without the digits that do not appear. Return the digits "
        "themselves: `labels=range(10)` keeps a place for each of the ten.",
    )
    t.equal(got, (8, 3), what="most frequent error")
    tied = np.array([9, 9, 2, 2, 2, 7]), np.array([4, 4, 6, 1, 6, 7])
    got = whole(t.call(most_confused, *tied))
    t.wrong_if(
        "larger_of_two_equal_pairs",
        got == (9, 4),
        "(9, 4) and (2, 6) both occur twice. Then the smaller tuple counts, so that everybody "
        "reports the same.",
    )
    t.equal(got, (2, 6), what="of (2, 6) twice and (9, 4) twice")
with t.item("The run is about held-out digits", weight=1):
    got = run(42, 0)
    t.equal(set(got), {"accuracy", "n_train", "n_test", "most_confused"}, what="keys")
    t.equal([got["n_train"], got["n_test"]], [1437, 360], what="n_train and n_test")
    t.wrong_if(
        "score_on_training_rows",
        got["accuracy"] > 0.99,
        f"An accuracy of {got['accuracy']:.3f} with five trees is that of the training rows, which "
        "the forest knows by heart. Use the held-out rows.",
    )
    t.wrong_if(
        "ignores_n_trees",
        got["accuracy"] > 0.955,
        f"With n_trees=5 the accuracy is {got['accuracy']:.3f}, more than five trees can reach. "
        "Pass `n_trees` on as `n_estimators`.",
    )
    # A newer scikit-learn may build slightly different trees.
    t.require(
        abs(got["accuracy"] - forest_accuracy(42, 0)) < 0.03,
        f"The accuracy with five trees is {got['accuracy']:.3f}, outside of what to expect.",
    )
with t.item("The run names its own most frequent error", weight=1):
    runs = [(42, 0), (1, 0), (2, 1), (3, 1)]
    got = [whole(run(*seeds)["most_confused"]) for seeds in runs]
    expected = [forest_pair(*seeds) for seeds in runs]
    if got != expected:
        # Among equally frequent pairs the smallest counts: turning round may change which one.
        turned = [pair[::-1] for pair in expected], [forest_pair(*s, swapped=True) for s in runs]
        t.wrong_if(
            "prediction_before_truth",
            got in turned and whole(t.call(most_confused, np.array([8]), np.array([3]))) == (3, 8),
            "Every run names its pair the wrong way round, because `most_confused` does so: first "
            "the actual digit, then the prediction. Repair it first.",
        )
        t.wrong_if(
            "prediction_before_truth_in_the_run",
            got in turned,
            "In `digits_run` the pair is the wrong way round: call `most_confused(actual, "
            "predicted)` with the actual digits first.",
        )
    t.wrong_if(
        "the_same_pair_in_every_run",
        len(set(got)) == 1 < len(set(expected)),
        f"Four different runs all name {got[0]}. Compute the pair from the held-out digits of "
        "each run.",
    )
    t.equal(got, expected, what="most_confused in four runs")
with t.item("Two equal runs are equal, and both seeds matter", weight=3):
    got = t.same_every_time(digits_run, 42, 0, n_trees=5)
    others = [run(42, seed) for seed in (1, 2)]
    t.wrong_if(
        "ignores_the_model_seed",
        all(other == got for other in others),
        "Three values of `model_seed` gave the same result. Pass it to the forest.",
    )
    others = [run(seed, 0) for seed in (1, 2)]
    t.wrong_if(
        "ignores_the_split_seed",
        all(other == got for other in others),
        "Three values of `split_seed` gave the same result. Pass it to the split.",
    )
    t.wrong_if(
        "not_stratified",
        all(
            other["accuracy"] == forest_accuracy(seed, 0, stratify=False)
            for seed, other in zip((1, 2), others)
        ),
        "The parts do not have the same share of each digit: `stratify=y` is missing in the split.",
    )
with t.item("The spread over model seeds", weight=2):
    runs = [run(42, seed)["accuracy"] for seed in range(3)]
    got = t.call(seed_spread, n_seeds=3, n_trees=5)
    t.equal(set(got), {"mean", "std"}, what="keys")
    if not np.isclose(got["mean"], np.mean(runs)):
        splits = [run(seed, 0)["accuracy"] for seed in range(3)]
        t.wrong_if(
            "spread_over_splits",
            np.isclose(got["mean"], np.mean(splits)),
            "You changed the split from run to run. Keep it (`split_seed=42`) and change "
            "`model_seed` only, so that the spread shows the luck of the forest.",
        )
    t.equal(got["mean"], np.mean(runs), what="mean")
    t.wrong_if(
        "population_deviation",
        np.std(runs) > 0 and np.isclose(got["std"], np.std(runs)),
        "You divided by n. These are 3 of many possible seeds, so divide by n - 1 (`ddof=1`).",
    )
    t.equal(got["std"], np.std(runs, ddof=1), what="std")
### BEGIN HIDDEN TESTS
with t.item("Other seeds agree with a forest of our own", weight=2):
    for seed in t.seeds[-2:]:
        got = run(seed + 3, seed)
        # A newer scikit-learn may build slightly different trees.
        t.equal(got["accuracy"], forest_accuracy(seed + 3, seed), rtol=0, atol=0.02)
with t.item("Ties and single errors", weight=1):
    t.equal(whole(t.call(most_confused, np.array([9]), np.array([0]))), (9, 0))
    t.equal(whole(t.call(most_confused, np.array([5, 3, 3]), np.array([3, 5, 3]))), (3, 5))
### END HIDDEN TESTS

# %% [markdown]
# The answer to the question: the split of the snippet is fixed, the forest is not. Here are ten runs
# that differ in the seed of the forest only:

# %% needs="digits_run"
accuracies = [digits_run(model_seed=seed)["accuracy"] for seed in range(10)]
print("accuracy by model seed:", sorted(round(accuracy, 3) for accuracy in accuracies))
print("most confused with seed 0:", digits_run()["most_confused"])

# %% [markdown]
# And this is what one forest misread:

# %%
images, labels = digits.data, digits.target
train_images, new_images, train_labels, new_labels = train_test_split(
    images, labels, test_size=0.2, stratify=labels, random_state=42
)
forest = RandomForestClassifier(random_state=0).fit(train_images, train_labels)
read = forest.predict(new_images)
misread = np.flatnonzero(read != new_labels)
fig, axes = plt.subplots(2, 5, figsize=(7, 3.4))
for ax in axes.flat:
    ax.axis("off")
for ax, i in zip(axes.flat, misread):
    ax.imshow(new_images[i].reshape(8, 8), cmap="gray_r")
    ax.set_title(f"{new_labels[i]} read as {read[i]}", fontsize=11, loc="center")
figures.show(
    fig,
    alt="A gallery of up to ten small scans of digits that the forest misread, each with the actual "
    "digit and what was read instead. Most of them are hard to read for people, too.",
)

# %% [markdown]
# The same data, the same split, the same code: the accuracy lies between 0.964 and 0.978, depending
# on the luck of the forest. So the snippet is **not reproducible**, and a difference of one
# percentage point between two such numbers means nothing. Two habits follow:
#
# - give **every** source of chance a seed, the split and the model;
# - report the spread over seeds beside the mean, so that nobody takes luck for progress.

# %% [markdown]
# ### Could you do better? (not graded)
#
# Somebody had to write the label beside each digit. Try it: move the slider through 12 scans, and
# type what you read into `my_labels` below, as a text of 12 digits.

# %% tags=["nbval-ignore-output"]
hard = np.argsort(forest.predict_proba(new_images).max(axis=1))[:12]


def show_scan(scan: int) -> None:
    """Show one of the 12 scans on which the forest was least sure."""
    fig, ax = plt.subplots(figsize=(2.6, 2.6))
    ax.imshow(new_images[hard[scan - 1]].reshape(8, 8), cmap="gray_r")
    ax.axis("off")
    ax.set_title(f"scan {scan} of 12", loc="center")
    figures.show(
        fig, alt=f"Scan number {scan} of 12: a digit in 8 by 8 pixels that is hard to read."
    )


explore.sliders(show_scan, scan=(1, 12, 1, 1))

# %% [markdown]
# A second person labelled the same scans. Two people who label the same data rarely agree in
# everything: their **agreement** is a limit for what a model can reach. Run the next cell before
# and after you have typed your labels.

# %%
my_labels = ""  # for example "381…", 12 digits

second_person = "".join(str(digit) for digit in new_labels[hard])
if len(my_labels) == 12:
    agreed = [mine == other for mine, other in zip(my_labels, second_person)]
    print(
        f"you agree in {sum(agreed)} of 12 scans; not in scan",
        1 + np.flatnonzero(np.invert(agreed)),
    )
else:
    print("type 12 digits into my_labels, then run this cell again")
print(
    "the forest agrees with the second person in",
    int((read[hard] == new_labels[hard]).sum()),
    "of 12",
)

# %% [markdown]
# ## How much more data is worth buying?
#
# Training needs labels, and each label costs the scan room EUR 0.40. The manager asks: "How many do
# we need for 95 %?" A **learning curve** answers: train with 50 rows, with 100, with 200 …, and
# measure on held-out rows each time.
#
# **Your task.** Write two functions.
#
# - `learning_points(estimator, X, y, sizes, cv)` measures the accuracy for each number of training
#   rows in `sizes` (whole numbers, rising). `cv` makes folds (parts): in each fold the estimator is
#   trained on the **first** `n` training rows of the fold and tested on the held-out rows of the
#   fold. `learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)` does exactly that; look at what
#   it returns. The result is a DataFrame with one row for each size and the columns `n`, `mean` and
#   `sd`: mean and sample standard deviation (divided by n - 1) of the **held-out** accuracies over
#   the folds.
# - `labels_needed(curve, target)` takes such a table (rows in the order of `n`) and returns the
#   number of labels at which the curve **first** reaches the mean accuracy `target`, not rounded.
#     - Between two neighbouring sizes the curve is a straight line over the **logarithm** of `n`: the
#       way from 100 to 200 labels is as long as that from 1,000 to 2,000. So
#       ln n = ln n₀ + (target - m₀) / (m₁ - m₀) · (ln n₁ - ln n₀), where the curve goes from (n₀, m₀)
#       to (n₁, m₁).
#     - If the first size already reaches the target, return this size.
#     - If no size reaches it, return `None`: the curve does not tell.
#
# For example, a curve with mean 0.70 at n = 100 and 0.90 at n = 400 reaches 0.80 at n = 200: half
# of the way from ln 100 to ln 400 is ln 200.


# %% exercise="learning_points" objective="W.1.2"
def learning_points(estimator, X, y, sizes, cv) -> pd.DataFrame:
    """Return mean and spread of the held-out accuracy for each number of training rows."""
    ### BEGIN SOLUTION
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})
    ### END SOLUTION


def labels_needed(curve: pd.DataFrame, target: float) -> float | None:
    """Return the number of labels at which the curve first reaches the target."""
    ### BEGIN SOLUTION
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)
    ### END SOLUTION


# %% check="learning_points" title="The price of a target" points=3 transport="object"
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import KFold

t.hints(
    "`learning_curve` returns sizes, training accuracies and held-out accuracies. The last two have "
    "one row per size and one column per fold.",
    "`held_out.mean(axis=1)` and `held_out.std(axis=1, ddof=1)` work row by row.",
    "`np.flatnonzero(mean >= target)` lists the places that reach the target. The first one counts; "
    "0 and 'none' are cases of their own.",
)


class Memory(ClassifierMixin, BaseEstimator):
    """Knows its training rows by heart; of the others it gets more right with more training."""

    def fit(self, X, y):
        """Remember the rows; column 0 is a number of the row."""
        self.classes_ = np.array([0, 1])
        self.known_ = set(np.asarray(X)[:, 0].tolist())
        return self

    def predict(self, X):
        """Right for known rows, and for a share of the others that depends on the known ones."""
        rows = np.asarray(X)[:, 0].astype(int)
        limit = 20 + len(self.known_) + sum(self.known_) % 17
        right = (rows * 37 % 101 < limit) | np.isin(rows, list(self.known_))
        return np.where(right, rows % 2, 1 - rows % 2)


def memory_curve(sizes, cv, X):
    """Return mean and sample deviation of the share that `Memory` gets right on held-out rows."""
    shares = np.zeros((len(sizes), cv.get_n_splits()))
    for fold, (train, test) in enumerate(cv.split(X)):
        for row, n in enumerate(sizes):
            limit = 20 + n + X[train[:n], 0].sum() % 17
            shares[row, fold] = (X[test, 0] * 37 % 101 < limit).mean()
    return shares.mean(axis=1), shares.std(axis=1, ddof=1)


with t.item("The curve is measured on held-out rows, with the sizes asked for", weight=3):
    X = np.random.default_rng(12).permutation(90).astype(float).reshape(-1, 1)
    y, sizes, cv = X[:, 0].astype(int) % 2, [10, 20, 45], KFold(3)
    got = t.call(learning_points, Memory(), X, y, sizes, cv)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(got.columns), {"n", "mean", "sd"}, what="columns")
    mean, sd = memory_curve(sizes, cv, X)
    t.equal(got["n"].tolist(), sizes, what="n")
    t.wrong_if(
        "training_score",
        np.allclose(got["mean"], 1),
        "All accuracies are 1: this estimator knows its training rows by heart, and you reported "
        "those. Take the held-out accuracies, the last of the three.",
    )
    t.wrong_if(
        "other_rows_than_the_first",
        not np.allclose(got["mean"], mean),
        "These are not the accuracies after training with the FIRST n training rows of each fold. "
        "This estimator's accuracy depends on which rows it has seen; `shuffle=True` takes others.",
    )
    t.equal(got["mean"].tolist(), mean, what="mean")
    t.wrong_if(
        "population_deviation",
        np.allclose(got["sd"], sd * np.sqrt(2 / 3)),
        "Your `sd` divides by n. Three folds are a sample: divide by n - 1 (`ddof=1`).",
    )
    t.wrong_if(
        "standard_error_instead",
        np.allclose(got["sd"], sd / np.sqrt(3)),
        "This is the standard error of the mean. `sd` is the spread of the folds themselves.",
    )
    t.equal(got["sd"].tolist(), sd, what="sd")
    again = t.call(learning_points, Memory(), X, y, [5, 60], KFold(5))
    t.equal(again["n"].tolist(), [5, 60], what="n for other sizes")
    t.wrong_if(
        "ignores_cv",
        not np.allclose(again["sd"], memory_curve([5, 60], KFold(5), X)[1]),
        "With five folds instead of three the result is wrong. Pass `cv` on.",
    )


def example_curve(n, mean):
    """Make a table as `learning_points` does."""
    return pd.DataFrame({"n": n, "mean": mean, "sd": 0.01})


with t.item("Between two sizes the logarithm is interpolated", weight=3):
    curve = example_curve([100, 400], [0.70, 0.90])
    got = t.call(labels_needed, curve, 0.80)
    t.wrong_if(
        "straight_line_in_n",
        np.isclose(got, 250),
        "250 lies half-way in n. Accuracy grows with the logarithm: doubling the data brings "
        "about as much each time. Half-way in ln n is 200.",
    )
    t.wrong_if(
        "takes_a_measured_size",
        np.isclose(got, 400) or np.isclose(got, 100),
        f"You returned {got:.0f}, one of the measured sizes. The curve reaches 0.80 between them: "
        "interpolate.",
    )
    t.wrong_if(
        "forgets_to_leave_the_logarithm",
        np.isclose(got, np.log(200)),
        "This is ln 200. Turn it back into a number of labels with `np.exp`.",
    )
    t.equal(got, 200.0, what="the worked example")
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 13])
        n = np.cumsum(rng.integers(20, 400, 6))
        mean = np.sort(rng.uniform(0.4, 0.95, 6))
        k, part = rng.integers(1, 6), rng.uniform(0.1, 0.9)
        target = mean[k - 1] + part * (mean[k] - mean[k - 1])
        expected = n[k - 1] ** (1 - part) * n[k] ** part
        got = t.call(labels_needed, example_curve(n, mean), target)
        t.wrong_if(
            "rounds_the_result",
            got in (np.floor(expected), np.ceil(expected)),
            f"{got:g} is rounded. Return {expected:.2f} as it is: rounding is for the person who "
            "prints it.",
        )
        t.equal(got, expected, rtol=1e-5, what=f"labels for {target:.3f}")
with t.item("The first crossing counts, and the ends of the curve", weight=2):
    bumpy = example_curve([50, 100, 200, 400], [0.60, 0.80, 0.70, 0.90])
    got = t.call(labels_needed, bumpy, 0.75)
    t.wrong_if(
        "sorts_or_takes_the_last_crossing",
        np.isclose(got, 200 * 2**0.25) or np.isclose(got, 200 / 2**0.5),
        "The curve rises to 0.80, falls to 0.70 and rises again. It first reaches 0.75 between 50 "
        "and 100, at 84.1.",
    )
    t.equal(got, 50 * 2**0.75, what="labels for 0.75")
    falling = example_curve([50, 100, 200], [0.60, 0.80, 0.70])
    t.wrong_if(
        "looks_at_the_last_size_only",
        t.call(labels_needed, falling, 0.75, none_is_fine=True) is None,
        "A curve of 0.60, 0.80 and 0.70 reaches 0.75, although its last value is below. Return "
        "`None` only if NO size reaches the target.",
    )
    t.equal(t.call(labels_needed, falling, 0.75), 50 * 2**0.75, what="labels for 0.75")
    got = t.call(labels_needed, bumpy, 0.85)
    t.wrong_if(
        "fills_the_dip",
        np.isclose(got, 200 * 2**0.5),
        "You replaced the 0.70 at 200 labels by the 0.80 before it. The line to the next point "
        "starts where the curve is: at 0.70.",
    )
    t.equal(got, 200 * 2**0.75, what="labels for 0.85")
    t.gives(50.0, labels_needed, bumpy, 0.55)
    t.gives(50.0, labels_needed, bumpy, 0.60)
    t.gives(100.0, labels_needed, bumpy, 0.80)
    got = t.call(labels_needed, bumpy, 0.95, none_is_fine=True)
    t.wrong_if(
        "promises_beyond_the_curve",
        got is not None,
        f"No size reaches 0.95, and you promise it for {got}. Nobody knows how the curve goes on: "
        "return `None`.",
    )
### BEGIN HIDDEN TESTS
with t.item("Curves of one point, and flat pieces", weight=1):
    t.gives(80.0, labels_needed, example_curve([80], [0.9]), 0.9)
    t.gives(None, labels_needed, example_curve([80], [0.9]), 0.91)
    flat = example_curve([10, 20, 40, 80], [0.5, 0.5, 0.5, 0.7])
    t.gives(40 * 2**0.5, labels_needed, flat, 0.6)
### END HIDDEN TESTS

# %% [markdown]
# The learning curve of the forest on digits. The upper axis is the bill. On the right is the number
# of nodes (questions) in all trees together: what training and every later prediction have to work
# through.

# %% needs="learning_points"
sizes = [50, 100, 200, 400, 800, 1400]
folds = StratifiedKFold(5, shuffle=True, random_state=0)
small_forest = RandomForestClassifier(50, random_state=0)
curve = learning_points(small_forest, images, labels, sizes, folds)
nodes = []
for n in sizes:
    grown = RandomForestClassifier(50, random_state=0).fit(images[:n], labels[:n])
    nodes.append(sum(tree.tree_.node_count for tree in grown.estimators_))
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
left.errorbar(curve["n"], curve["mean"], yerr=curve["sd"], marker="o", capsize=4, linestyle="-")
left.set(xscale="log", xlabel="labelled digits", ylabel="accuracy on held-out digits")
left.set_xticks(sizes, sizes)
left.minorticks_off()
bill = left.secondary_xaxis("top")
bill.set_xticks(sizes, [f"{0.4 * n:.0f}" for n in sizes])
bill.minorticks_off()
bill.set_xlabel("EUR for labels")
right.plot(sizes, nodes, "o-")
right.set(xlabel="labelled digits", ylabel="nodes of 50 trees", title="work")
figures.show(
    fig,
    alt="Left: accuracy rises from about 0.7 with 50 labels to 0.97 with 1,400, ever more slowly; "
    "the upper axis shows the cost. Right: the number of nodes grows almost in proportion.",
)

# %% [markdown]
# And the answer for the manager, target by target:

# %% needs="learning_points"
for target in (0.85, 0.90, 0.95, 0.99):
    needed = labels_needed(curve, target)
    print(target, "beyond the curve" if needed is None else f"{needed:.0f} labels")

# %% [markdown]
# Each step is more expensive than the last. From 0.85 to 0.90 it takes about 100 labels, from
# 0.90 to 0.95 more than 400, and 0.99 is beyond what the curve can tell. More data also means more
# work: the trees grow with the data. So the answer to the manager is a price for each target, not a
# yes or a no.

# %% [markdown]
# ## Recap
#
# - A **model** is a formula with learned numbers. Every learned number is uncertain; the bootstrap
#   shows how much.
# - **Training** lowers a **loss**, step by step, against the gradient.
# - A score needs three things beside it: held-out rows, a **baseline**, and a spread over seeds.
# - A learning curve turns "more data" into a price.
#
# Two questions to recall, without looking back:
#
# 1. From `04_document`: a colleague runs your recipe, and the digest of the third step differs. What
#    do you look at first?
# 2. From `01_clean`: incomes are skewed. Why does the rule with the logarithm mark fewer honest
#    customers as outliers?
#
# <details><summary>Answers</summary>
#
# 1. At the third step and its input. All steps before have given the same tables, so the difference
#    began there.
# 2. The logarithm makes the long tail of high incomes shorter, so a rich customer is no longer far
#    from the others. A typing error of a factor of 1,000 is still far away.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide, [Linear models](https://scikit-learn.org/stable/modules/linear_model.html):
#   the sections on ordinary least squares and on logistic regression.
# - scikit-learn user guide, [Validation curves and learning
#   curves](https://scikit-learn.org/stable/modules/learning_curve.html): what a learning curve says
#   about a model that is too simple.
# - A. Zhang and others, *Dive into Deep Learning*, the chapter [Linear neural networks for
#   regression](https://d2l.ai/chapter_linear-regression/index.html): the same training loop as
#   yours, for larger models.
# - L. Breiman (2001), *Random Forests*, Machine Learning 45: read the introduction, and find the two
#   places where chance enters.
# - B. Efron and R. Tibshirani (1993), *An Introduction to the Bootstrap*: the first chapters, with
#   examples that fit on a page.
