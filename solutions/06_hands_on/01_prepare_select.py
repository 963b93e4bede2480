# %% [markdown]
# ## The story
#
# Northwind Credit still decides with a scorecard of 2019. In this unit you build its successor,
# credit model v2, from the raw extract to the report that the board reads. Nothing is new but the
# order of the work. You have seen every step on its own; now each one must fit the next.
#
# In this notebook you prepare the data with one function, choose between four models, and find out
# how two settings act together.

# %%
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pandera.pandas as pa
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## Prepare
#
# In unit 01 you handed over two artefacts: the **recipe** of the cleaning, and the **contract** that
# the clean table must keep, a schema of pandera. We read the course's versions here, so that
# everybody starts from the same place.

# %%
RECIPE = artifacts.get("recipe", reference=True)
CONTRACT: pa.DataFrameSchema = artifacts.get("contract", reference=True)
pd.DataFrame(RECIPE)

# %% [markdown]
# The recipe names five functions. These are the worked solutions of `01_clean`. Impossible ages
# become missing:

# %% given_from="01_clean.clean_age"

# %% [markdown]
# The branches' manual lists the words for yes and no:

# %%
YES = ["yes", "y", "true", "1"]
NO = ["no", "n", "false", "0"]
NOT_KNOWN = ["?", "n/a"]

# %% [markdown]
# A word that is on no list stops the function with a `ValueError`:

# %% given_from="01_clean.encode_yes_no"

# %% [markdown]
# Each application keeps its latest version only:

# %% given_from="01_clean.deduplicate"

# %% [markdown]
# Incomes are compared on the logarithm:

# %% given_from="01_clean.flag_outliers"

# %% [markdown]
# Those that were typed in EUR are put right:

# %% given_from="01_clean.fix_income_units"

# %% [markdown]
# The registry of `04_document` gives each step its name. A step is a function: it takes a table and
# the parameters of the recipe, and returns a new table.


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
# A model may see nine columns. You know the reasons from `02_scale_encode`: `repaid` is the answer,
# `approved_hist` and `rating` come from officers, `group` is protected by law, and
# `application_id` and `month` say nothing about a person.

# %%
NUMERIC = ["age", "income_keur", "loan_keur", "debt_ratio", "late_payments"]
NUMERIC += ["employment_years", "home_owner"]
CATEGORICAL = ["purpose", "area"]
INPUTS = NUMERIC + CATEGORICAL
raw = data.credit_raw(4000, seed=0)
print(f"{len(raw)} rows, {raw['application_id'].nunique()} applications")
raw[["application_id", "month", "age", "income_keur", "home_owner", "purpose"]].head(4)

# %% [markdown]
# **Your task.** Write `prepare(raw)`. It takes a raw extract and returns three things: `X, y, group`.
#
# - First apply all steps of `RECIPE`, in order. `REGISTRY[name](table, **params)` runs one step.
# - Then ask the contract: `CONTRACT.validate(table, lazy=True)` raises an error if a value is not
#   allowed, and returns the table if all is well. **A value that nobody has thought of stops the
#   work.** Do not guess what it means, and do not drop its row.
# - `X` is a DataFrame with the nine columns of `INPUTS`, `y` the Series `repaid`, `group` the Series
#   `group`. All three have the `application_id` as their index, **sorted**. So row by row they belong
#   together, and the order of rows in the extract does not matter.
# - Gaps stay gaps, and nothing is scaled. Both learn from data, so both belong into the pipeline of
#   the model.
#
# For example, a raw extract has 150 applications, and 8 of its rows are copies or earlier versions,
# so it has 158 rows. Then `X` has 150 rows and nine columns, and `y` and `group` have 150 values.
# One more row with `home_owner` = `"maybe"` and the function raises a `ValueError`.


# %% exercise="prepare" objective="W.9.1"
def prepare(raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Return inputs, outcome and group of every application of a raw extract."""
    ### BEGIN SOLUTION
    clean = raw
    for entry in RECIPE:
        clean = REGISTRY[entry["step"]](clean, **entry["params"])
    clean = CONTRACT.validate(clean, lazy=True).set_index("application_id").sort_index()
    return clean[INPUTS], clean["repaid"], clean["group"]
    ### END SOLUTION


# %% check="prepare" title="From the raw extract to X, y and group" points=4 transport="plain"
t.hints(
    "Begin with a loop over `RECIPE`. Each entry has a `step` (its name) and `params`; the result of "
    "one step is the input of the next one.",
    "After the loop comes one line for the contract. Its result is a table again.",
    '`table.set_index("application_id").sort_index()` gives all three parts the same index.',
)


def extract(seed, n=150):
    """A raw extract, and the true latest version of every application by id."""
    rows, ledger = data.credit_raw(n, seed=seed, return_truth=True)
    truth = ledger.clean.assign(debt_ratio=rows["debt_ratio"])
    no_age = ledger.faults["age_sentinel"] | ledger.faults["age_impossible"]
    truth["age"] = truth["age"].astype(float).mask(no_age)
    truth["home_owner"] = truth["home_owner"].astype(float)
    truth.loc[ledger.faults["home_owner_unknown"], "home_owner"] = np.nan
    latest = truth.loc[truth.groupby("application_id")["month"].idxmax()]
    return rows, latest.set_index("application_id")


def alone(rows):
    """Mark one row of an application that stands there once, so that it is not removed."""
    return rows.index == rows.drop_duplicates("application_id", keep=False).index[0]


def look_for_the_contract(problem):
    """End the item with one sentence when it was the contract that refused the answer's table."""
    text = str(problem)
    t.wrong_if(
        "contract_stops_at_the_first_fault",
        "raised SchemaError:" in text,
        "The contract refuses your table: ask it after all steps of the recipe, and with `lazy=True`, "
        "so that its error lists columns and rules.",
    )
    column, rule = (text.partition(f'"{key}": "')[2].split('"')[0] for key in ("column", "check"))
    t.wrong_if(
        "contract_refuses_the_table",
        "raised SchemaErrors:" in text,
        f"The contract refuses your table: `{column}` breaks the rule `{rule}`. Are "
        "all steps applied, each to the result of the step before, and the contract asked last?",
    )


def parts(rows):
    """The three parts, once they have the right types."""
    try:
        got = t.call(prepare, rows)
    except Exception as problem:
        look_for_the_contract(problem)
        raise
    is_three = isinstance(got, tuple | list) and len(got) == 3
    t.require(is_three, "Return three things: `return X, y, group`.")
    X, y, group = got
    t.require(isinstance(X, pd.DataFrame), f"X should be a DataFrame, not {type(X).__name__}.")
    for name, part in (("y", y), ("group", group)):
        t.require(isinstance(part, pd.Series), f"{name} is not a Series but {type(part).__name__}.")
    return X, y, group


with t.item("X has the nine inputs and nothing else", weight=2):
    rows, truth = extract(t.seeds[0])
    X, y, group = parts(rows)
    t.wrong_if(
        "the_answer_is_an_input",
        bool({"repaid", "approved_hist", "rating"} & set(X.columns)),
        "X holds a column that is not known when a new application arrives: `repaid` is the answer, "
        "`approved_hist` and `rating` come from the officer. Take the columns of `INPUTS` only.",
    )
    t.wrong_if(
        "the_group_is_an_input",
        "group" in X.columns,
        "`group` is protected by law and must not reach a model. It is the third part of the result, "
        "for the audit only.",
    )
    t.equal(set(X.columns), set(INPUTS), what="columns of X")
with t.item("One row for every application, sorted by id, in all three parts", weight=2):
    for seed in t.seeds:
        rows, truth = extract(seed)
        X, y, group = parts(rows)
        whole = truth[INPUTS].notna().all(axis=1).sum()
        t.wrong_if(
            "drops_rows_with_gaps",
            len(X) < len(truth)
            and len(X) in (whole, rows.dropna().shape[0], truth["debt_ratio"].notna().sum()),
            f"{len(truth)} applications became {len(X)}: rows with a gap are gone, and with them "
            "many applicants with late payments. Leave the gaps; the pipeline fills them.",
        )
        t.wrong_if(
            "copies_are_still_there",
            len(X) == len(rows),
            f"X has {len(X)} rows, as many as the extract. Copies and earlier versions are still "
            "there. Are all steps of the recipe applied?",
        )
        t.equal(len(X), len(truth), what="rows of X")
        t.wrong_if(
            "loses_the_id",
            set(X.index) != set(truth.index),
            "The index of X is not the `application_id`. Without it nobody can say which row is "
            "which application: `set_index`.",
        )
        t.equal(list(X.index), list(truth.index), what="index of X")
        t.equal(list(y.index), list(truth.index), what="index of y")
        t.equal(list(group.index), list(truth.index), what="index of group")
with t.item("Values are clean, gaps stay gaps, nothing is scaled", weight=2):
    for seed in t.seeds:
        rows, truth = extract(seed)
        X, y, group = parts(rows)
        t.require(
            all(pd.api.types.is_numeric_dtype(X[name]) for name in NUMERIC),
            "A numeric column of X still holds texts. Are all steps of the recipe applied?",
        )
        t.wrong_if(
            "scaled_before_the_split",
            X["income_keur"].max() < 20,
            "Incomes became small numbers: they are scaled. A scaler learns from all rows here, also "
            "from later test rows. Leave the units; scaling belongs into the pipeline.",
        )
        t.wrong_if(
            "fills_the_gaps",
            X["debt_ratio"].notna().all(),
            "No `debt_ratio` is missing any more. A fill-in value is learned from data: it belongs "
            "into the pipeline, so leave the gap.",
        )
        t.wrong_if(
            "incomes_in_two_units",
            X["income_keur"].max() > 500,
            f"An income of {X['income_keur'].max():.0f} thousand EUR a year: it was typed in EUR. Is "
            "`fix_income_units` applied?",
        )
        for name in INPUTS:
            kind = float if name in NUMERIC else str
            got, expected = (frame[name].astype(kind).tolist() for frame in (X, truth))
            t.equal(got, expected, what=f"column {name}")
        t.equal(y.astype(int).tolist(), truth["repaid"].tolist(), what="y")
        t.equal(group.astype(str).tolist(), truth["group"].tolist(), what="group")
with t.item("A value that nobody thought of stops the work", weight=2):
    rows, _ = extract(t.seeds[0])
    maybe = rows.assign(home_owner=rows["home_owner"].mask(alone(rows), "maybe"))
    try:
        t.raises(ValueError, prepare, maybe, misconception="guesses_an_unknown_word")
    except Exception as problem:
        look_for_the_contract(problem)
        raise
    boat = rows.assign(purpose=rows["purpose"].mask(alone(rows), "boat"))
    t.raises(Exception, prepare, boat, misconception="contract_is_not_asked")
with t.item("The order of rows in the extract does not matter", weight=1):
    rows, _ = extract(t.seeds[-1])
    before, after = parts(rows), parts(rows.sample(frac=1, random_state=9))
    for name, old, new in zip(("X", "y", "group"), before, after):
        t.equal(new, old, what=f"{name} of the same rows in another order")
### BEGIN HIDDEN TESTS
with t.item("Every rule of the contract counts", weight=1):
    rows, _ = extract(t.seeds[-1])
    first = alone(rows)
    for column, value in (("debt_ratio", 1.2), ("month", 12), ("income_keur", 0.2)):
        t.raises(
            Exception,
            prepare,
            rows.assign(**{column: rows[column].mask(first, value)}),
            misconception="contract_is_not_asked",
        )
### END HIDDEN TESTS

# %% [markdown]
# With your function, one line turns the extract into data for a model. The table compares the
# extract with the result.

# %% needs="prepare"
X, y, group = prepare(raw)
pd.DataFrame(
    {
        "raw extract": [len(raw), raw["age"].nunique(), raw["purpose"].nunique(), raw.shape[1]],
        "prepared": [len(X), X["age"].nunique(), X["purpose"].nunique(), X.shape[1]],
    },
    index=["rows", "different ages", "different purposes", "columns"],
)

# %% [markdown]
# Fewer rows, fewer spellings, fewer columns, and every one of them has a reason that somebody can
# read. From here on we use the artefact `applications_clean`: 3,000 applications that went through
# the same treatment.

# %%
clean_table = artifacts.get("applications_clean", reference=True)
inputs, repaid = clean_table[INPUTS], clean_table["repaid"]
print(f"{len(inputs)} applications, {repaid.mean():.1%} repaid")

# %% [markdown]
# ## Select
#
# Four candidates, from simple to complicated: always the same answer, a logistic regression, a tree
# of depth 4, and boosted trees. A candidate must not only predict. The lender has to explain each
# decision, so a simpler model wins unless it is *clearly* worse.
#
# Each candidate gets the pipeline that you wrote in `02_scale_encode`:

# %% given_from="02_scale_encode.make_credit_pipeline"

# %% [markdown]
# `MODELS` lists the candidates in order, the simplest first. `FOLDS` is fixed once: a list of ten
# pairs of row numbers, the training rows and the test rows. Every candidate meets the same ten.

# %%
ESTIMATORS = {
    "dummy": DummyClassifier(),
    "logistic": LogisticRegression(max_iter=1000),
    "tree": DecisionTreeClassifier(max_depth=4, random_state=0),
    "boosted trees": HistGradientBoostingClassifier(max_iter=60, random_state=0),
}
MODELS = {name: make_credit_pipeline(estimator) for name, estimator in ESTIMATORS.items()}
FOLDS = list(RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=0).split(inputs, repaid))
accuracy = {
    name: cross_val_score(MODELS[name], inputs, repaid, cv=FOLDS).mean()
    for name in ("dummy", "logistic")
}
pd.Series(accuracy, name="accuracy").round(3).to_frame()

# %% [markdown]
# With accuracy, a logistic regression seems hardly better than a model that says "repaid" to
# everybody: 78 % repay, so saying so is right for 78 %. But the lender wants to know *who* will not.
# So we use the **AUC**: the probability that a random applicant who repaid has a higher score than a
# random one who did not. 0.5 is guessing. In scikit-learn it is `scoring="roc_auc"`.
#
# When is one model clearly worse than another? Some folds are hard for everybody, so look at the
# **differences**, fold by fold. For each model:
#
# - *difference* in a fold = AUC of the best model − AUC of this model, in the same fold. The best
#   model has the highest mean AUC (of equal ones, the first in order);
# - `behind` = mean of the differences;
# - `se` = their standard deviation (divided by n − 1) divided by the root of the number of folds.
#
# A model is not clearly worse if `behind` ≤ `se`. This is the **paired one-standard-error rule**.
#
# **Your task.** Write `select(X, y, models, folds)`.
#
# - `models`: dictionary name → classifier, the simplest first. `folds`: a list of pairs (training
#   rows, test rows); give it to `cross_val_score` as `cv`.
# - It returns a pair `(name, table)`. `table` has one row for each model, its index is the name, and
#   its columns are `auc` (mean over the folds), `behind` and `se`. `name` is the **first** model in
#   order that is not clearly worse.
#
# For example, with three folds:
#
# | | fold 1 | fold 2 | fold 3 | auc | behind | se |
# |---|---|---|---|---|---|---|
# | simple | 0.62 | 0.70 | 0.78 | 0.70 | 0.01 | 0.0058 |
# | complicated | 0.63 | 0.72 | 0.78 | 0.71 | 0 | 0 |
#
# The differences of `simple` are 0.01, 0.02 and 0. It is behind by more than one `se`, so the result
# is `complicated`.


# %% exercise="select" objective="W.9.2"
def select(X: pd.DataFrame, y: pd.Series, models: dict, folds: list) -> tuple[str, pd.DataFrame]:
    """Return the simplest model that is not clearly worse than the best, and the comparison."""
    ### BEGIN SOLUTION
    scores = pd.DataFrame(
        {
            name: cross_val_score(model, X, y, cv=folds, scoring="roc_auc")
            for name, model in models.items()
        }
    )
    differences = scores.rsub(scores[scores.mean().idxmax()], axis=0)
    table = pd.DataFrame({"auc": scores.mean(), "behind": differences.mean()})
    table["se"] = differences.std() / np.sqrt(len(scores))
    return table.index[table["behind"] <= table["se"]][0], table
    ### END SOLUTION


# %% check="select" title="The simplest model that is not clearly worse" points=4 transport="object"
from sklearn.base import BaseEstimator, ClassifierMixin

from workshop_lib.checks import SpyEstimator, same

t.hints(
    "Two steps: first a table of AUC, one row per fold and one column per model; then the rule.",
    '`cross_val_score(model, X, y, cv=folds, scoring="roc_auc")` gives one number per fold.',
    "Subtract fold by fold before you average: `best - scores[name]` is an array. Its spread is much "
    "smaller than that of the scores themselves.",
)


class ReadsColumn(ClassifierMixin, BaseEstimator):
    """A classifier whose probability stands in a column, so that we know its AUC."""

    def __init__(self, column):
        self.column = column

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        p = X[self.column].to_numpy()
        return np.column_stack([1 - p, p])

    def predict(self, X):
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)


def ranks_with(auc, low, high):
    """Scores of 10 negatives and then 10 positives that have the given AUC, in steps of 0.01."""
    inversions = round(100 * (1 - auc))
    above = np.minimum(10, np.maximum(0, inversions - 10 * np.arange(10)))
    scores = np.concatenate([above - 0.5, np.arange(10)])
    return low + (high - low) * (scores + 1) / 11


def contest(limits=(0.1, 0.9), **aucs):
    """A table with one column per model, labels, models, and folds with the given AUC in each."""
    k = len(next(iter(aucs.values())))
    rows = np.arange(20 * k)
    columns = {
        name: np.concatenate([ranks_with(auc, *limits) for auc in values])
        for name, values in aucs.items()
    }
    X = pd.DataFrame(columns, index=rows + 500)
    y = pd.Series(rows % 20 // 10, index=X.index)
    folds = [
        (np.setdiff1d(rows, rows[f * 20 : f * 20 + 20]), rows[f * 20 : f * 20 + 20])
        for f in range(k)
    ]
    return X, y, {name: ReadsColumn(name) for name in columns}, folds


def chosen(X, y, models, folds):
    """The result, once it has the right form."""
    got = t.call(select, X, y, models, folds)
    is_pair = isinstance(got, tuple | list) and len(got) == 2
    t.require(is_pair, "Return a pair: the name, and the table.")
    name, table = got
    t.require(isinstance(table, pd.DataFrame), f"The table is a {type(table).__name__}.")
    missing = [column for column in ("auc", "behind", "se") if column not in table]
    t.require(not missing, f"The table has no column {missing}.")
    t.equal(set(table.index), set(models), what="index of the table")
    t.require(name in models, f"The name {name!r} is none of {list(models)}.")
    return name, table


EXAMPLE = {"simple": [0.62, 0.70, 0.78], "complicated": [0.63, 0.72, 0.78]}
with t.item("The table holds AUC, measured on the folds that were given", weight=2):
    X, y, models, folds = contest((0.51, 0.9), **EXAMPLE)
    name, table = chosen(X, y, models, folds)
    got = table["auc"]
    t.wrong_if(
        "accuracy_instead_of_auc",
        same(got["simple"], 0.5),
        "The scores look like accuracies, or like an AUC of predicted labels: both know only yes and no. "
        "With 78 % repaid, always saying yes has 78 % accuracy and knows nothing. Use "
        '`scoring="roc_auc"`, which ranks by probability.',
    )
    if not same(got["simple"], 0.70):
        own = cross_val_score(models["simple"], X, y, cv=5, scoring="roc_auc").mean()
        t.wrong_if(
            "makes_its_own_folds",
            same(got["simple"], own),
            "The models were scored on other folds than those given. Then a difference may be the "
            "luck of the split: `cv=folds`.",
        )
    t.equal(got["simple"], 0.70, what="auc of simple")
    t.equal(got["complicated"], 0.71, what="auc of complicated")
with t.item("Differences are taken fold by fold", weight=3):
    X, y, models, folds = contest(**EXAMPLE)
    name, table = chosen(X, y, models, folds)
    t.equal(table.loc["complicated", "behind"], 0, what="behind, of the best model")
    behind, se = table.loc["simple", ["behind", "se"]]
    t.wrong_if(
        "difference_upside_down",
        behind < -1e-9,
        f"`behind` is {behind:.3f}: subtract the model from the best one, not the other way round.",
    )
    t.equal(behind, 0.01, what="behind, of simple")
    t.wrong_if(
        "unpaired_error",
        se > 0.009 and not same(se, 0.01),
        f"`se` is {se:.4f}. It contains how hard the folds are, which both models share. Subtract "
        "fold by fold first, then take the standard deviation of the differences.",
    )
    t.wrong_if(
        "deviation_instead_of_error",
        same(se, 0.01),
        "This is the standard deviation of the differences. The standard error of their mean is "
        "smaller: divide by the root of the number of folds.",
    )
    t.wrong_if(
        "divides_by_n",
        same(se, 0.01 * np.sqrt(2) / 3),
        "The standard deviation was divided by n. With few folds this is too small: NumPy needs "
        "`ddof=1`.",
    )
    t.equal(se, 0.01 / np.sqrt(3), what="se, of simple")
    t.wrong_if(
        "takes_the_first",
        name == "simple",
        "`simple` is behind by 0.01, and its standard error is 0.0058: it is clearly worse. Do you "
        "compare with the error of the differences?",
    )
    t.equal(name, "complicated", what="name")
with t.item("A higher mean within the noise does not win", weight=2):
    luck = {"plain": [0.70] * 4, "lucky": [0.80, 0.60, 0.75, 0.69]}
    name, _ = chosen(*contest(**luck))
    t.wrong_if(
        "takes_the_highest_mean",
        name == "lucky",
        "`lucky` has a mean AUC of 0.71 against 0.70, but it won in two folds of four only. That is "
        "chance. Take the simplest model within one standard error.",
    )
    t.equal(name, "plain", what="name")
with t.item("Simple means first in the order given", weight=1):
    rank = {
        "z": [0.60, 0.61, 0.60],
        "m": [0.75, 0.77, 0.76],
        "a": [0.76, 0.75, 0.78],
        "b": [0.76] * 3,
    }
    name, _ = chosen(*contest(**rank))
    t.wrong_if(
        "last_instead_of_first",
        name == "b",
        "Several models are not clearly worse, and you took the last, which is the most complicated. "
        "Take the first in the order of `models`.",
    )
    t.wrong_if(
        "nearest_instead_of_simplest",
        name == "a",
        "You took the best one, or sorted the models. The order of `models` goes from simple to "
        "complicated: take the first that is not clearly worse.",
    )
    t.equal(name, "m", what="name")
with t.item("Models are fitted on training rows only", weight=1):
    X, y, models, folds = contest(**EXAMPLE)
    spy = SpyEstimator(ReadsColumn("simple"))
    chosen(X, y, {"simple": spy, "complicated": models["complicated"]}, folds)
    allowed = {tuple(X.index[train]) for train, _ in folds}
    t.wrong_if(
        "fits_on_test_rows",
        not {tuple(rows) for rows in spy.fitted_rows} <= allowed,
        "A model was fitted on rows outside the training rows of a fold. It is then scored on rows "
        "that it has seen. Let `cross_val_score` do the fitting.",
    )
### BEGIN HIDDEN TESTS
with t.item("Other contests, and limits that are met exactly", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 92])
        hard = rng.integers(60, 90, 5) / 100
        aucs = {f"m{i}": (hard + rng.integers(-3, 4, 5) / 100).round(2).tolist() for i in range(4)}
        name, table = chosen(*contest(**aucs))
        scores = {key: np.array(values) for key, values in aucs.items()}
        best = max(scores, key=lambda key: round(scores[key].mean(), 9))
        errors = {}
        for key, values in scores.items():
            gaps = scores[best] - values
            errors[key] = (gaps.mean(), gaps.std(ddof=1) / np.sqrt(5))
            t.equal(table.loc[key, "behind"], gaps.mean(), what=f"behind, of {key}")
        near = [key for key, (behind, se) in errors.items() if behind <= se + 1e-12]
        clear = min(abs(behind - se) for behind, se in errors.values() if behind > 1e-9)
        t.require(
            clear < 1e-9 or name == near[0],
            f"{near[0]} is the first of {list(aucs)} that is not clearly worse, you chose {name}.",
        )
    name, _ = chosen(*contest(first=[0.7, 0.8], second=[0.7, 0.8]))
    t.equal(name, "first", what="name of two equal models")
    _, table = chosen(*contest(first=[0.7, 0.8], second=[0.8, 0.7]))
    t.equal(table.loc["first", "se"], 0, what="se of the first of two models with equal means")
### END HIDDEN TESTS

# %% [markdown]
# Now the four candidates. `learned numbers` counts what a reader would have to check: weights of the
# logistic regression, nodes of the trees.


# %% needs="select"
def learned_numbers(pipeline):
    """Count what a fitted candidate has learned: weights, or nodes of its trees."""
    model = pipeline.fit(inputs, repaid)["model"]
    if hasattr(model, "coef_"):
        return model.coef_.size + 1
    if hasattr(model, "tree_"):
        return model.tree_.node_count
    trees = getattr(model, "_predictors", [])
    return sum(len(tree.nodes) for row in trees for tree in row) or 1


winner, comparison = select(inputs, repaid, MODELS, FOLDS)
comparison["learned numbers"] = [learned_numbers(MODELS[name]) for name in comparison.index]
print("selected:", winner)
comparison.round(3)

# %% [markdown]
# The logistic regression wins outright. The tree is behind by 0.07, and boosted trees by about 0.04,
# with more than three thousand learned numbers instead of 17. That is not a law. In these
# data the log-odds of repayment are nearly a sum of the columns, and a sum is what a logistic
# regression can say. In the hidden world of another bank, income could matter only *together* with
# the debt ratio; then the same rule would choose boosted trees.

# %%
fig, ax = plt.subplots(figsize=(7, 3.2))
fold_scores = {
    name: cross_val_score(MODELS[name], inputs, repaid, cv=FOLDS, scoring="roc_auc")
    for name in ("logistic", "tree", "boosted trees")
}
for position, (name, values) in enumerate(fold_scores.items()):
    ax.plot(range(1, 11), values, marker="os^"[position], label=name)
ax.set(xlabel="fold", ylabel="AUC", title="Some folds are hard for everybody", xticks=range(1, 11))
ax.set_ylim(0.55, 0.85)
ax.legend(ncols=3, loc="upper center")
figures.show(
    fig,
    alt="AUC of three models in ten folds. In every fold the logistic regression is highest, at 0.71 "
    "to 0.75, boosted trees second, the tree lowest; the lines partly rise and fall together.",
)

# %% [markdown]
# The lines partly move together, for example up to fold 5 and down after fold 9. What they share
# drops out of a difference: this is why differences say more than scores.
#
# ### How a tree explains itself
#
# People say that a tree is easy to read. Here is what the tree of depth 4 says about one applicant.


# %%
def path_sentence(tree_pipeline, applicant: pd.DataFrame) -> str:
    """Say in one sentence how a tree came to its probability, with scaled values."""
    prep, tree = tree_pipeline["prep"], tree_pipeline["model"]
    row, names = prep.transform(applicant), prep.get_feature_names_out()
    row = np.asarray(row.todense() if hasattr(row, "todense") else row)[0]
    reasons = []
    for node in tree.decision_path(row[None]).indices[:-1]:
        column, limit = tree.tree_.feature[node], tree.tree_.threshold[node]
        sign = "at most" if row[column] <= limit else "above"
        reasons.append(f"{names[column].split('__')[1]} is {sign} {limit:.2f}")
    return f"{tree.predict_proba(row[None])[0, 1]:.0%} will repay, because " + ", ".join(reasons)


print(path_sentence(MODELS["tree"].fit(inputs, repaid), inputs.iloc[[7]]))

# %% [markdown]
# A path is short. Is it an explanation? The limits are z-scores, because the pipeline scales the
# columns: a customer would need them in years and EUR. And another sample of applications can give
# another tree with other limits. Unit 05 had a stricter word for what a customer needs: a reason
# that the customer can act on.

# %% [markdown]
# ## Experiment
#
# Every model has settings. For a tree two of them matter most: the largest `depth`, and `leaf`, the
# smallest number of applications in a leaf. People often try one setting at a time. Let us see what
# that costs.
#
# `tree_auc` trains a tree on half of the applications and measures the AUC on the other half. The
# seed decides which half is which.


# %%
def tree_auc(depth: int, leaf: int, seed: int) -> float:
    """AUC of a tree on the half of the applications that it was not trained on."""
    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=0)
    parts = train_test_split(inputs, repaid, test_size=0.5, stratify=repaid, random_state=seed)
    X_train, X_test, y_train, y_test = parts
    model = make_credit_pipeline(tree).fit(X_train, y_train)
    return roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])


one_at_a_time = {"start: depth 2, leaf 1": (2, 1), "more depth": (8, 1), "larger leaf": (2, 50)}
pd.Series(
    {k: np.mean([tree_auc(*v, seed) for seed in range(4)]) for k, v in one_at_a_time.items()}
).round(3).to_frame("AUC, mean of 4 seeds")

# %% [markdown]
# More depth makes it worse. A larger leaf hardly changes anything. So both settings should stay as
# they are? We never tried them **together**. A **full factorial experiment** tries every combination
# of levels, each one with the same seeds.
#
# **Your task.** Write `experiment(factors, run, seeds)`.
#
# - `factors`: dictionary name → list of levels, for example `{"depth": [2, 8], "leaf": [1, 50]}`.
#   There may be one factor or more, with any number of levels.
# - `run`: a function that is called with the levels by name and a seed, for example
#   `run(depth=2, leaf=50, seed=1)`, and returns one number.
# - The result is a DataFrame with one row for each combination **and** seed, in any order. Its
#   columns are the names of the factors, `seed`, and `value`, the number that `run` returned.
#
# For example, two factors with 2 and 3 levels and 4 seeds give 2 × 3 × 4 = 24 rows. If `run` returns
# `depth + leaf + seed`, then the row with `depth` 8, `leaf` 50 and `seed` 1 has the value 59.


# %% exercise="experiment" objective="W.9.5"
def experiment(factors: dict, run, seeds) -> pd.DataFrame:
    """Run every combination of levels with every seed; return one row for each run."""
    ### BEGIN SOLUTION
    rows = []
    for levels in product(*factors.values()):
        setting = dict(zip(factors, levels))
        rows += [{**setting, "seed": seed, "value": run(**setting, seed=seed)} for seed in seeds]
    return pd.DataFrame(rows)
    ### END SOLUTION


# %% check="experiment" title="Every combination, with the same seeds" points=1 transport="object"
t.hints(
    "How many runs are needed? The product of the numbers of levels, times the number of seeds.",
    "`itertools.product(*factors.values())` gives all combinations; `dict(zip(factors, levels))` gives "
    "one of them its names.",
    "`run(**setting, seed=seed)` calls a function with the names in a dictionary.",
)


def additive(depth, leaf, seed):
    """A response that shows in its digits what it was called with."""
    return 100 * depth + leaf + seed / 1000


def triple(a, b, c, seed):
    """A response of three factors, two of them words."""
    return {"x": 1, "y": 2}[a] * 100 + {"u": 10, "v": 20, "w": 30}[b] + c + seed / 1000


def runs(factors, run, seeds):
    """The table of runs, once it has the right columns."""
    got = t.call(experiment, factors, run, seeds)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.wrong_if(
        "averages_over_seeds",
        "seed" not in got.columns and len(got) > 1,
        "There is no column `seed`. Without the single runs nobody can tell an effect from chance: "
        "keep one row for each combination and seed.",
    )
    t.equal(set(got.columns), {*factors, "seed", "value"}, what="columns")
    return got


with t.item("Every combination is there, not one factor at a time", weight=2):
    got = runs({"depth": [2, 8], "leaf": [1, 50]}, additive, [0, 1, 2])
    pairs = set(zip(got["depth"], got["leaf"]))
    t.wrong_if(
        "one_factor_at_a_time",
        (8, 50) not in pairs and len(pairs) == 3,
        "Depth 8 with leaf 50 was never run: one setting was changed at a time. What two settings "
        "do together stays unknown. Use `itertools.product`.",
    )
    t.wrong_if(
        "pairs_levels_up",
        pairs == {(2, 1), (8, 50)},
        "Only (2, 1) and (8, 50) were run: the levels were paired by `zip`. Combine each level of "
        "one factor with each level of the other.",
    )
    t.equal(pairs, {(2, 1), (2, 50), (8, 1), (8, 50)}, what="combinations of depth and leaf")
with t.item("Each combination has the same seeds, and the value of its own run", weight=2):
    got = runs({"depth": [2, 8], "leaf": [1, 50]}, additive, [3, 5, 11])
    t.wrong_if(
        "other_seeds_for_each_combination",
        got["seed"].nunique() > 3,
        f"The seeds are {sorted(set(got['seed']))}: each combination got its own. Then a difference "
        "may be the luck of the seeds. Use the same ones everywhere.",
    )
    t.equal(set(got["seed"]), {3, 5, 11}, what="seeds")
    t.equal(len(got), 12, what="number of rows")
    t.equal(len(got.drop_duplicates(["depth", "leaf", "seed"])), 12, what="different runs")
    expected = 100 * got["depth"] + got["leaf"] + got["seed"] / 1000
    t.equal(got["value"].astype(float).tolist(), expected.astype(float).tolist(), what="value")
with t.item("Three factors, words as levels, or one factor only", weight=1):
    got = runs({"c": [7], "b": ["u", "v", "w"], "a": ["x", "y"]}, triple, (2, 4))
    t.equal(len(got), 12, what="number of rows")
    shown = set(zip(got["a"], got["b"], got["c"], got["seed"]))
    wanted = {(a, b, 7, s) for a in "xy" for b in "uvw" for s in (2, 4)}
    t.equal(shown, wanted, what="combinations and seeds")
    values = [triple(a, b, c, s) for a, b, c, s in zip(got["a"], got["b"], got["c"], got["seed"])]
    t.equal(got["value"].astype(float).tolist(), values, what="value")
    got = runs({"size": [1, 2, 3]}, lambda size, seed: size * seed, range(2))
    t.equal(len(got), 6, what="number of rows of one factor")
### BEGIN HIDDEN TESTS
with t.item("Nothing is run that is not in the table", weight=1):
    calls = []

    def counted(level, seed):
        calls.append((level, seed))
        return 0.0

    runs({"level": [1, None]}, counted, [7, 8])
    t.equal(sorted(calls, key=str), sorted([(1, 7), (1, 8), (None, 7), (None, 8)], key=str))
### END HIDDEN TESTS

# %% [markdown]
# Here are 32 runs: four combinations with eight seeds each. Look at the last row of this table.

# %% needs="experiment"
results = experiment({"depth": [2, 8], "leaf": [1, 50]}, tree_auc, range(8))
results.groupby(["depth", "leaf"])["value"].agg(["mean", "std"]).round(3)

# %% [markdown]
# The combination that was never tried is the best: depth helps, **if** leaves are large. What one
# setting does depends on the other one. This is called an **interaction**, and it has a number.
#
# With two levels each, let $m(i, j)$ be the mean value at level *i* of factor *a* and level *j* of
# factor *b* (the order of levels is that of their first row in the table). Then
#
# $$\text{interaction} = [m(2, 2) - m(2, 1)] - [m(1, 2) - m(1, 1)]$$
#
# It says by how much the effect of *b* changes when *a* goes from its first to its second level. If
# effects simply add up, it is 0.
#
# **Your task.** Write two functions of a table such as the one that `experiment` returns.
#
# - `main_effects(table)` returns a DataFrame with the columns `factor`, `level`, `mean`, `se`, and one
#   row for every factor and level. Factors are all columns but `seed` and `value`. For the standard
#   error **each seed is one measurement**: average the values of a level seed by seed. `mean` is the
#   mean of these numbers, and `se` is their standard deviation (divided by n − 1) divided by the root
#   of the number of seeds. Each combination has the same seeds.
# - `interaction(table, a, b)` returns the number above. If there are more factors, the means go over
#   their levels too.
# - `interaction` raises a `ValueError` if one combination of `a` and `b` has another number of rows
#   than the others: then the experiment is not balanced, and means mislead.
#
# For example, with one seed and the values 1 at (2, 1), 1 at (2, 50), 3 at (8, 1) and 7 at (8, 50) for
# (depth, leaf): the interaction of `depth` and `leaf` is (7 − 3) − (1 − 1) = 4. With two seeds, if the
# values of `depth` = 2 have the mean 0.60 for seed 0 and 0.64 for seed 1, its row has `mean` 0.62 and
# `se` 0.02.


# %% exercise="main_effects" objective="W.9.5"
def main_effects(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean and standard error of every level of every factor."""
    ### BEGIN SOLUTION
    rows = []
    for factor in table.columns.drop(["seed", "value"]):
        for level, part in table.groupby(factor, sort=False):
            by_seed = part.groupby("seed")["value"].mean()
            rows.append((factor, level, by_seed.mean(), by_seed.sem()))
    return pd.DataFrame(rows, columns=["factor", "level", "mean", "se"])
    ### END SOLUTION


def interaction(table: pd.DataFrame, a: str, b: str) -> float:
    """Return by how much the effect of `b` changes with `a`."""
    ### BEGIN SOLUTION
    cells = table.groupby([a, b], sort=False)["value"]
    if len(cells) < 4 or cells.size().nunique() > 1:
        raise ValueError("not balanced: each combination needs the same number of rows")
    means = cells.mean()
    (a1, a2), (b1, b2) = table[a].unique(), table[b].unique()
    return (means[a2, b2] - means[a2, b1]) - (means[a1, b2] - means[a1, b1])
    ### END SOLUTION


# %% check="main_effects" title="Main effects and an interaction" points=2 transport="plain"
t.hints(
    "For one level: keep its rows, then `groupby` the seed and average. One number per seed is left.",
    "`series.sem()` is the standard error of a Series. It divides by the root of its length.",
    "For the interaction: `table.groupby([a, b])` has four groups; `.size()` counts their rows, and "
    "`table[a].unique()` lists the levels in the order of their first rows.",
)
SETTINGS = [(2, 1), (2, 50), (8, 1), (8, 50)]


def planted(seed, both, seeds=6, noise=0.0, extra=(0,)):
    """Runs of two factors with known effects, an interaction `both`, and a shift for every seed."""
    rng = np.random.default_rng([seed, 95])
    shift = rng.normal(0, 0.3, seeds)
    rows = [
        (
            depth,
            leaf,
            third,
            s,
            (depth == 8) * 2
            + (leaf == 50)
            + third
            + shift[s]
            + both * ((depth == 8) & (leaf == 50))
            + noise * rng.normal(),
        )
        for depth, leaf in SETTINGS
        for third in extra
        for s in range(seeds)
    ]
    return pd.DataFrame(rows, columns=["depth", "leaf", "third", "seed", "value"])


def effect(got, factor, level):
    """Mean and standard error of one level."""
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(got.columns), {"factor", "level", "mean", "se"}, what="columns")
    row = got[(got["factor"] == factor) & (got["level"].astype(str) == str(level))]
    t.equal(len(row), 1, what=f"number of rows for {factor} = {level}")
    return row.iloc[0]


with t.item("The mean of a level goes over all its runs", weight=2):
    for seed in t.seeds:
        table = planted(seed, both=0.5).drop(columns="third")
        got = t.call(main_effects, table)
        for factor, level in (("depth", 2), ("depth", 8), ("leaf", 1), ("leaf", 50)):
            row = effect(got, factor, level)
            t.equal(
                row["mean"],
                table.loc[table[factor] == level, "value"].mean(),
                what=f"mean for {factor} = {level}",
            )
        t.wrong_if(
            "seed_as_a_factor",
            "seed" in got["factor"].tolist(),
            "`seed` is listed as a factor. It is the repetition, not a setting: leave it out.",
        )
        t.equal(len(got), 4, what="number of rows")
with t.item("Each seed counts as one measurement", weight=2):
    table = planted(t.seeds[0], both=0.5).drop(columns="third")
    part = table[table["depth"] == 8]
    by_seed = np.array([part.loc[part["seed"] == s, "value"].mean() for s in range(6)])
    row = effect(t.call(main_effects, table), "depth", 8)
    t.wrong_if(
        "error_over_all_rows",
        np.isclose(row["se"], part["value"].std() / np.sqrt(len(part))),
        "`se` goes over all 12 runs with depth 8, so the effect of `leaf` counts as noise, and runs "
        "of one seed count as independent. Average seed by seed first.",
    )
    t.wrong_if(
        "deviation_instead_of_error",
        np.isclose(row["se"], by_seed.std(ddof=1)),
        "This is the standard deviation between seeds. Divide by the root of the number of seeds.",
    )
    t.wrong_if(
        "divides_by_n",
        np.isclose(row["se"], by_seed.std() / np.sqrt(6)),
        "The standard deviation was divided by n. With 6 seeds it is too small: `ddof=1`, or the "
        "`std` and `sem` of pandas.",
    )
    t.equal(row["se"], by_seed.std(ddof=1) / np.sqrt(6), what="se for depth = 8")
with t.item("The interaction of the example, and of effects that add up", weight=2):
    small = pd.DataFrame(SETTINGS, columns=["depth", "leaf"]).assign(seed=0, value=[1.0, 1, 3, 7])
    got = t.call(interaction, small, "depth", "leaf")
    t.wrong_if(
        "effect_instead_of_interaction",
        np.isclose(got, 2) or np.isclose(got, 3) or np.isclose(got, 6),
        f"You got {got:.3g}, an effect of one setting or half of the number. Take the effect of `leaf` "
        "at depth 8, minus the effect of `leaf` at depth 2.",
    )
    t.wrong_if(
        "interaction_upside_down",
        np.isclose(got, -4),
        "You got −4. Subtract the effect at the first level of `a` from the effect at the second.",
    )
    t.equal(got, 4.0, what="interaction")
    for seed in t.seeds:
        t.equal(
            t.call(interaction, planted(seed, both=0), "depth", "leaf"),
            0.0,
            atol=1e-9,
            what="interaction of effects that add up",
        )
        got = t.call(interaction, planted(seed, both=-0.7, extra=(0, 3)), "leaf", "depth")
        t.equal(got, -0.7, atol=1e-9, what="interaction with a third factor")
    got = t.call(interaction, small.iloc[[2, 3, 0, 1]], "depth", "leaf")
    t.wrong_if(
        "sorts_the_levels",
        np.isclose(got, 4),
        "The rows of depth 8 come first now, so 8 is the first level of `depth`. Then the interaction is "
        "(1 − 1) − (7 − 3) = −4, and you return 4. `groupby` and `pivot_table` sort the levels: take "
        "their order from `table[a].unique()`.",
    )
    t.equal(got, -4.0, what="interaction when depth 8 comes first")
with t.item("An experiment that is not balanced is refused", weight=1):
    table = planted(t.seeds[-1], both=1)
    t.raises(
        ValueError,
        interaction,
        table.iloc[:-1],
        "depth",
        "leaf",
        misconception="means_of_an_unbalanced_table",
    )
    four_fewer = table.drop(table.index[(table["depth"] == 8) & (table["leaf"] == 50)][:4])
    t.raises(
        ValueError,
        interaction,
        four_fewer,
        "depth",
        "leaf",
        misconception="counts_the_whole_table",
    )
    never_run = table[(table["depth"] == 2) | (table["leaf"] == 1)]
    t.raises(
        ValueError,
        interaction,
        never_run,
        "depth",
        "leaf",
        misconception="means_of_an_unbalanced_table",
    )
### BEGIN HIDDEN TESTS
with t.item("Levels in another order, words as levels, three factors", weight=1):
    words = {2: "shallow", 8: "deep"}
    table = planted(t.seeds[-1] + 1, both=0.4, noise=0.1, extra=(1, 5))
    turned = table.assign(depth=table["depth"].map(words)).iloc[::-1].reset_index(drop=True)
    cell = {key: part["value"].mean() for key, part in table.groupby(["depth", "leaf"])}
    expected = (cell[2, 1] - cell[2, 50]) - (cell[8, 1] - cell[8, 50])
    t.equal(t.call(interaction, turned, "depth", "leaf"), expected, what="interaction")
    got = t.call(main_effects, turned)
    t.equal(len(got), 6, what="number of rows")
    deep = turned[turned["depth"] == "deep"]
    by_seed = pd.Series({s: part["value"].mean() for s, part in deep.groupby("seed")})
    row = effect(got, "depth", "deep")
    t.equal(
        [row["mean"], row["se"]],
        [by_seed.mean(), by_seed.std() / np.sqrt(6)],
        what="mean and se of deep",
    )
### END HIDDEN TESTS

# %% [markdown]
# Both functions on the runs of the tree:

# %% needs="experiment, main_effects"
print("interaction of depth and leaf:", round(interaction(results, "depth", "leaf"), 3))
main_effects(results).round(3)

# %% [markdown]
# Read the main effects alone and you would say: large leaves are good, and more depth is a little
# worse. The interaction, 0.066, is six times as large as the effect of depth, −0.011. In the picture it
# is the angle between the lines: parallel lines would mean no interaction.

# %% needs="experiment"
fig, ax = plt.subplots(figsize=(6, 3.4))
means = results.groupby(["leaf", "depth"])["value"].mean()
for leaf, marker in ((1, "o"), (50, "s")):
    ax.plot([2, 8], means[leaf], marker=marker, label=f"at least {leaf} in a leaf")
ax.set(xlabel="largest depth", ylabel="AUC, mean of 8 seeds", xticks=[2, 8])
ax.set_title("What depth does depends on the leaves")
ax.legend()
figures.show(
    fig,
    alt="Two lines of AUC over depth 2 and 8 that begin close together. With at least 1 application "
    "in a leaf the line falls from 0.63 to 0.59, with at least 50 it rises from 0.64 to 0.66.",
)

# %% [markdown]
# Try more settings than two. Does depth 8 still win with leaves of 200? Move the sliders, or call
# `show_tree(6, 20)` with values of your own.


# %% tags=["nbval-ignore-output"]
def show_tree(depth, leaf):
    """Print the AUC of a tree for three seeds."""
    values = [tree_auc(depth, leaf, seed) for seed in range(3)]
    print(f"depth {depth}, leaf {leaf}: AUC {np.mean(values):.3f}")


explore.sliders(show_tree, depth=(1, 12, 1, 8), leaf=(1, 301, 20, 41))

# %% [markdown]
# ## Recap
#
# - Preparation is one function: recipe, contract, and three parts that share one index. It stops at
#   what it does not know.
# - A model is selected with the metric that fits the question, on the same folds, and with a rule for
#   what "clearly worse" means. The simplest one that survives wins.
# - Settings act together. A full factorial experiment with the same seeds shows it; one setting at a
#   time does not.
#
# **Two questions to recall.** Answer from memory first, then open the answer.
#
# 1. From `04_document`: how do you find out which step of a recipe no longer gives the same table?
# 2. From `02_choose_algorithm`: why are the differences between two models less noisy than their
#    scores?
#
# <details><summary>Answers</summary>
#
# 1. Replay the recipe and compare the digest after each step with the log. The first one that
#    differs is the place to look.
# 2. A hard fold is hard for both models. Subtracting fold by fold removes what they share.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide,
#   [Cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html): look for the
#   iterators that were not used here, and what they are for.
# - P. Chapman and others (2000), *CRISP-DM 1.0*: read the chapter on data preparation, and compare its
#   list of tasks with your `prepare`.
# - D. C. Montgomery, *Design and Analysis of Experiments*: the first pages on factorial designs explain
#   with a game of golf why one factor at a time is not enough.
