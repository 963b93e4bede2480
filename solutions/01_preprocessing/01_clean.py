# %% [markdown]
# ## The story
#
# You have just joined **Northwind Credit**, a lender of mid size. Next month a model shall help to
# decide who gets a loan. Today you receive the extract that it will learn from: one row for every
# loan application of 2024. A model repeats what its data says, so we look at the data first.
#
# Two things are imported in every notebook of the course: `data`, which makes the learning sets,
# and `check`, which looks at your answers.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from workshop_lib import data, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# `data.credit_raw` gives the extract as it left the branches. The `seed` fixes all chance in it:
# the same seed gives the same rows on every machine.

# %%
applications = data.credit_raw(n=3000, seed=0)
applications.head()

# %% [markdown]
# ## Ages that nobody has
#
# In the application form, age was a free text field. Look at the most frequent entries that are
# not a number between 18 and 100:

# %%
entries = applications["age"].astype(str)
strange = entries[~entries.str.fullmatch(r"(1[89]|[2-9]\d|100)(\.0)?")]
strange.value_counts().rename("rows").to_frame()

# %% [markdown]
# Some entries say "we do not know" in the language of an old system: `-1`, `999`, `NaN`,
# `unknown`. Such an agreed stand-in has a name:
#
# > **sentinel value**: a value such as -1 or 999 that stands for "not known".
#
# Others, such as 7 or 150, are typing errors. In both cases we do not know the age of this person,
# and the honest entry is a missing value (`NaN`). We do not fill the gap here. Filling is a step
# that learns from data, and it belongs in the model pipeline (notebook `02_scale_encode`).
#
# **Your task.** Write `clean_age(ages, low, high)`.
#
# - It takes a Series of numbers and texts, and returns a Series of floats with the same index.
# - What can be read as a number from `low` to `high` (both included) stays, also `' 42 '` and
#   `'42.0'`.
# - Everything else becomes `NaN`.
#
# For example, the entries `[42, '999', ' 35 ', 'unknown']` become `[42.0, NaN, 35.0, NaN]`.

# %% exercise="clean_age" objective="W.5.5"
def clean_age(ages: pd.Series, low: float = 18, high: float = 100) -> pd.Series:
    """Return the ages as floats; what is not an age from low to high becomes NaN."""
    ### BEGIN SOLUTION
    numbers = pd.to_numeric(ages, errors="coerce").astype(float)
    return numbers.where(numbers.between(low, high))
    ### END SOLUTION


# %% check="clean_age" title="Ages are plausible" points=2 transport="plain"
t.hints(
    "Two steps: first turn the texts into numbers, then remove the numbers out of range.",
    "`pd.to_numeric` has an option `errors=` for texts that are not numbers.",
    "`Series.where(condition)` keeps a value where the condition holds and puts NaN elsewhere; "
    "`Series.between(low, high)` gives such a condition.",
)
with t.item("Readable ages stay, everything else becomes NaN", weight=1):
    example = pd.Series([42, "999", " 35 ", "unknown", 120, 7], index=[5, 3, 9, 1, 4, 8])
    got = t.call(clean_age, example)
    t.wrong_if(
        "drops_rows",
        len(got) < len(example),
        "Rows have disappeared. Keep every row and its index label: other columns still need it.",
    )
    t.wrong_if(
        "clips_impossible_values",
        got.isin([18, 100]).any(),
        "An age of 120 became 100, or 7 became 18. A clipped 120 is an invented fact: you do not "
        "know this person's age. Make it NaN.",
    )
    t.wrong_if(
        "fills_the_gap",
        got.notna().all(),
        "No value is missing any more, so unknown ages were filled in. Filling in belongs in the "
        "model pipeline, where it learns from training rows only. Leave NaN here.",
    )
    t.equal(got, pd.Series([42, np.nan, 35, np.nan, np.nan, np.nan], index=example.index))
with t.item("On the extract, exactly the impossible and unknown ages are missing", weight=2):
    for seed in t.seeds:
        raw, truth = data.credit_raw(n=600, seed=seed, return_truth=True)
        got = t.call(clean_age, raw["age"])
        t.require(
            pd.api.types.is_float_dtype(got),
            f"The result should have the dtype float64, it has {got.dtype}.",
        )
        unknown = truth.faults[["age_sentinel", "age_impossible"]].any(axis=1)
        expected = truth.clean["age"].astype(float).mask(unknown)
        t.equal(got.isna(), expected.isna(), what=f"missing values (seed {seed})")
        t.equal(got.dropna(), expected.dropna(), what=f"ages (seed {seed})")
with t.item("The limits belong to the plausible range, and can be set", weight=1):
    t.gives(pd.Series([18.0, 100.0, np.nan]), clean_age, pd.Series([18, 100, 17.9]))
    t.gives(pd.Series([np.nan, 21.0]), clean_age, pd.Series([20, 21]), low=21)
    t.gives(pd.Series([65.0, np.nan]), clean_age, pd.Series([65, 66]), high=65)
### BEGIN HIDDEN TESTS
with t.item("Odd entries: blanks, None, decimals, nothing at all", weight=1):
    odd = pd.Series([" 42 ", "42.0", None, "", "forty", "1e2", np.nan, True], dtype=object)
    got = t.call(clean_age, odd.iloc[:7])
    t.equal(got, pd.Series([42, 42, np.nan, np.nan, np.nan, 100, np.nan]))
    t.equal(len(t.call(clean_age, pd.Series([], dtype=object))), 0, what="length of the result")
### END HIDDEN TESTS

# %% [markdown]
# A picture shows what changed. The grey bars hold every entry that is a number at all.

# %% needs="clean_age"
as_numbers = pd.to_numeric(applications["age"], errors="coerce")
fig, (before, after) = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
before.hist(as_numbers.clip(-10, 200), bins=42, color="0.5")
before.set(title="as typed (999 shown at 200)", xlabel="age in years", ylabel="applications")
after.hist(clean_age(applications["age"]), bins=np.arange(18, 101, 2))
after.set(title="after clean_age", xlabel="age in years")
figures.show(
    fig,
    alt="Two histograms of age. As typed: most between 18 and 80, with spikes at -1, 0, 7, 120, "
    "150 and beyond. After cleaning: only ages between 18 and 100 remain.",
)

# %% [markdown]
# The shape between 18 and 100 is untouched. That is the test of a good repair: it changes what is
# wrong and nothing else.

# %% [markdown]
# ## Who disappears when you drop rows?
#
# `debt_ratio` (monthly debt divided by monthly income) is missing for some applicants. The quick
# repair is `dropna`. It is harmless only if the gaps are spread by pure chance. So we ask: does the
# share of missing values depend on another column that we do know?
#
# > **missing at random** (MAR): whether a value is missing depends on other columns that are known,
# > here perhaps on late payments. If it depends on nothing, the values are *missing completely at
# > random* (MCAR).
#
# The next cell counts, and tests the counts with a chi-square test. Its p-value is the probability
# to see shares at least this different if missing values fell by pure chance.

# %%
from scipy import stats


def missingness_table(df: pd.DataFrame, column: str, by: str) -> pd.DataFrame:
    """Count present and missing values of `column` for every value of `by`."""
    missing = df[column].isna()
    table = missing.groupby(df[by]).agg(n="size", n_missing="sum")
    table["n_present"] = table["n"] - table["n_missing"]
    table["share_missing"] = table["n_missing"] / table["n"]
    return table


def chi_square_p(table: pd.DataFrame) -> float:
    """p-value of "the share is the same in every group"; 1 when nothing varies."""
    counts = table[["n_missing", "n_present"]]
    if len(table) < 2 or (counts.sum() == 0).any():
        return 1.0
    return float(stats.chi2_contingency(counts).pvalue)


has_late = applications.assign(has_late=applications["late_payments"] > 0)
missingness_table(has_late, "debt_ratio", by="has_late")

# %% [markdown]
# About 5 % of the values are missing among people who always paid in time, and about 20 % among the
# others. If we drop these rows, we drop mostly people with late payments, and the model never
# learns about them.
#
# **Your task.** Write the decision as a function: `choose_strategy(df, column, by, alpha)` returns
# a dictionary with three entries.
#
# - `"p_value"`: the result of `chi_square_p` for the table above.
# - `"mechanism"`: `"MAR"` if the p-value is below `alpha`, else `"MCAR"`.
# - `"strategy"`: `"drop"` if the mechanism is MCAR **and** less than 5 % of all values are missing;
#   else `"impute+indicator"` (fill the gap, and add a column that says where it was).
#
# For example, a column with 3 % missing values and p = 0.4 gives
# `{"p_value": 0.4, "mechanism": "MCAR", "strategy": "drop"}`.

# %% exercise="choose_strategy" objective="W.5.2"
def choose_strategy(df: pd.DataFrame, column: str, by: str, alpha: float = 0.001) -> dict:
    """Decide from the counts whether rows with gaps may be dropped."""
    ### BEGIN SOLUTION
    p_value = chi_square_p(missingness_table(df, column, by))
    mechanism = "MAR" if p_value < alpha else "MCAR"
    few = df[column].isna().mean() < 0.05
    strategy = "drop" if mechanism == "MCAR" and few else "impute+indicator"
    return {"p_value": p_value, "mechanism": mechanism, "strategy": strategy}
    ### END SOLUTION


# %% check="choose_strategy" title="Rows are dropped only where that is harmless" points=2 transport="plain"
t.hints(
    "Three lines are enough: the p-value, then the mechanism, then the strategy.",
    "The share of missing values in a column is `df[column].isna().mean()`.",
    'Both conditions must hold for "drop": the mechanism is MCAR, and the share is below 0.05.',
)


def loans_with_gaps(seed, share_late, share_other, n=3000):
    """Loans in which the share of missing values depends, or not, on late payments."""
    rng = np.random.default_rng([seed, 52])
    late = rng.random(n) < 0.4
    missing = rng.random(n) < np.where(late, share_late, share_other)
    ratio = np.where(missing, np.nan, rng.uniform(0.1, 0.6, n))
    return pd.DataFrame({"late": late, "debt_ratio": ratio})


def independent_p(df):
    """Chi-square p-value of a two by two table, and of its G-test, each with and without Yates."""
    counts = pd.crosstab(df["late"], df["debt_ratio"].isna())
    options = [(c, power) for c in (True, False) for power in ("pearson", "log-likelihood")]
    return [stats.chi2_contingency(counts, correction=c, lambda_=power)[1] for c, power in options]


with t.item("Gaps that depend on late payments are found, and are not dropped", weight=2):
    for seed in t.seeds:
        loans = loans_with_gaps(seed, 0.20, 0.05)
        got = t.call(choose_strategy, loans, "debt_ratio", "late")
        t.wrong_if(
            "p_value_upside_down",
            got["mechanism"] == "MCAR" and got["p_value"] < 0.001,
            "The p-value is tiny, so chance alone is a bad explanation. A small p-value means MAR.",
        )
        dropped = loans.dropna()["late"].mean()
        t.wrong_if(
            "drops_although_not_by_chance",
            got["strategy"] == "drop",
            f"Dropping moves the share of applicants with late payments from "
            f"{loans['late'].mean():.0%} to {dropped:.0%}: the riskiest applicants vanish.",
        )
        t.equal(got["mechanism"], "MAR", what=f"mechanism (seed {seed})")
        t.equal(got["strategy"], "impute+indicator", what=f"strategy (seed {seed})")
with t.item("Few gaps that fell by chance may be dropped, many may not", weight=2):
    for seed in t.seeds:
        few = t.call(choose_strategy, loans_with_gaps(seed, 0.03, 0.03), "debt_ratio", "late")
        t.equal((few["mechanism"], few["strategy"]), ("MCAR", "drop"), what="3 % by chance")
        many = t.call(choose_strategy, loans_with_gaps(seed, 0.15, 0.15), "debt_ratio", "late")
        t.wrong_if(
            "drops_any_amount",
            many["strategy"] == "drop",
            "15 % of the rows are gone. The gaps fell by chance, so no group vanishes, but the limit "
            "of 5 % is there because each dropped row also loses its other columns.",
        )
        t.equal((many["mechanism"], many["strategy"]), ("MCAR", "impute+indicator"), what="15 %")
with t.item("The p-value is the one of the test", weight=1):
    for seed in t.seeds:
        loans = loans_with_gaps(seed, 0.06, 0.05)
        got = t.call(choose_strategy, loans, "debt_ratio", "late")["p_value"]
        close = [np.isclose(got, p, rtol=1e-6) for p in independent_p(loans)]
        t.require(any(close), f"p_value should be {independent_p(loans)[0]:.4g}, got {got:.4g}.")
### BEGIN HIDDEN TESTS
with t.item("Edge cases: no gaps at all, another alpha", weight=1):
    whole = loans_with_gaps(0, 0.0, 0.0)
    expected = {"p_value": 1.0, "mechanism": "MCAR", "strategy": "drop"}
    t.gives(expected, choose_strategy, whole, "debt_ratio", "late")
    between = loans_with_gaps(3, 0.08, 0.05)
    p_values = independent_p(between)
    for alpha, mechanism in ((max(p_values) * 1.01, "MAR"), (min(p_values) * 0.99, "MCAR")):
        got = t.call(choose_strategy, between, "debt_ratio", "late", alpha=alpha)
        t.equal(got["mechanism"], mechanism, what=f"mechanism at alpha {alpha:.3g}")
### END HIDDEN TESTS

# %% [markdown]
# Your function says "impute+indicator" for `debt_ratio`. Now the filling itself. It learns a number
# from data, for example the median. What learns must learn from **training rows only**: if the test
# rows help to choose the number, the test is no longer a test.
#
# **Your task.** Write `make_imputer()`. It returns an object with `fit` and `transform`, as in
# scikit-learn, for tables of numbers.
#
# - `transform` fills each gap with a typical value of the column, such as the median, learned in
#   `fit`.
# - It adds one indicator column (0 or 1) for each column that had gaps in `fit`. The indicators
#   come after all filled columns. So a table with two columns, both with gaps, becomes four columns.
# - A table without any gap gets the same columns.
#
# For example, after `fit` on the column `[1, 2, 9, NaN]`, `transform` of `[NaN, 5]` gives
# `[[2, 1], [5, 0]]`: the median is 2.

# %% exercise="make_imputer" objective="W.5.2"
from sklearn.impute import SimpleImputer


def make_imputer():
    """Return a transformer that fills gaps and says where they were."""
    ### BEGIN SOLUTION
    return SimpleImputer(strategy="median", add_indicator=True)
    ### END SOLUTION


# %% check="make_imputer" title="Gaps are filled from training rows, and marked" points=2 transport="object"
from sklearn.base import clone

t.hints(
    "scikit-learn has a transformer for this; you only choose its options.",
    "`SimpleImputer` has the options `strategy` and `add_indicator`.",
)


def loans_for_imputer(seed, n=400):
    """Two columns of numbers with gaps, far from zero and skewed."""
    rng = np.random.default_rng([seed, 53])
    table = pd.DataFrame({"income_keur": rng.lognormal(3.5, 0.6, n), "age": rng.uniform(20, 70, n)})
    return table.mask(rng.random(table.shape) < 0.15)


def filled(transformer, table):
    """The transformed table as an array of floats."""
    return np.asarray(transformer.transform(table), dtype=float)


with t.item("Gaps are filled with a typical value of the training rows", weight=2):
    for seed in t.seeds:
        table = loans_for_imputer(seed)
        train, test = table.iloc[:300], table.iloc[300:]
        imputer = clone(t.call(make_imputer)).fit(train)
        got = filled(imputer, test)[:, :2]
        t.equal(got[test.notna()], test.to_numpy()[test.notna()], what="values that were there")
        values = got[test.isna()]
        t.require(np.isfinite(values).all(), "Some gaps are still there after `transform`.")
        low, high = train.quantile(0.10).to_numpy(), train.quantile(0.90).to_numpy()
        typical = ((got >= low) & (got <= high))[test.isna()]
        t.wrong_if(
            "fills_with_a_constant",
            not typical.all(),
            f"A gap was filled with {values[~typical][:1]}, which few training rows come near. An "
            "invented number, such as 0, changes the picture: use a typical value, learned in `fit`.",
        )
with t.item("Test rows do not take part in the choice", weight=2):
    for seed in t.seeds:
        table = loans_for_imputer(seed)
        train, test = table.iloc[:300], table.iloc[300:].copy()
        imputer = clone(t.call(make_imputer)).fit(train)
        alone = filled(imputer, test.iloc[:50])
        extreme = test.assign(age=test["age"].where(np.arange(len(test)) < 50, 1e6))
        with_extreme = filled(imputer, extreme)[:50]
        t.wrong_if(
            "learns_from_the_rows_it_fills",
            alone.shape == with_extreme.shape and not np.allclose(alone, with_extreme),
            "Extreme values in other test rows changed what was filled in. The typical value must "
            "be learned in `fit`, from training rows, and stay the same afterwards.",
        )
        t.equal(with_extreme.shape, alone.shape, what="shape of the result")
with t.item("Indicator columns say where the gaps were", weight=2):
    for seed in t.seeds:
        table = loans_for_imputer(seed)
        got = filled(clone(t.call(make_imputer)).fit(table), table)
        t.wrong_if(
            "no_indicator",
            got.shape[1] == 2,
            "The gaps are filled, but nobody can see any more where they were. People with a gap "
            "may differ from the others: add an indicator column.",
        )
        t.equal(got.shape, (len(table), 4), what="shape of the result")
        t.equal(got[:, 2:], table.isna().to_numpy().astype(float), what="indicators")
### BEGIN HIDDEN TESTS
with t.item("A table without gaps gets the same columns", weight=1):
    table = loans_for_imputer(7)
    got = filled(clone(t.call(make_imputer)).fit(table), table.dropna())
    t.equal(got.shape, (len(table.dropna()), 4), what="shape of the result")
    t.equal(got[:, 2:].sum(), 0, what="sum of the indicators")
with t.item("A column without gaps in training gets no indicator", weight=1):
    table = loans_for_imputer(8).assign(late_payments=1.0)
    got = filled(clone(t.call(make_imputer)).fit(table), table)
    t.equal(got.shape[1], 5, what="number of columns")
### END HIDDEN TESTS
