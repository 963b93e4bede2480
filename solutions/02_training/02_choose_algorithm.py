# %% [markdown]
# ## The story
#
# Many people at Northwind Credit want to use models now. A colleague always takes a tree, a vendor
# offers a forest, and the marketing desk wants "clusters". Everybody shows a score, and no two of
# these scores were measured in the same way.
#
# In this notebook you compare algorithms **on equal terms**: same rows, same folds, and a look at
# whether a difference is more than luck. You do it for classes, for amounts and for groups. At the
# end you ask what a score does not say: how fast is a model, and can somebody still read it?

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import dendrogram, linkage
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.datasets import load_breast_cancer, make_moons
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LassoCV, LinearRegression, LogisticRegression
from sklearn.metrics import silhouette_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from workshop_lib import data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## Four classifiers on the same folds
#
# Our own applications come from a formula, and a formula favours the model that looks like it. For
# a fair comparison we take real data: 569 tissue samples, each with 30 measurements of cell nuclei,
# to be told benign (1) or malignant (0). The four classifiers of every textbook compete:
#
# - **logistic regression** adds up the columns, as you programmed it in `01_first_models`;
# - a **decision tree** asks one question after the other;
# - a **random forest** lets many trees vote;
# - a **support vector machine** (SVM) looks for the widest gap between the classes.
#
# They stand in the order of how easily a person can follow them, the easiest first. Two of them
# compare columns with each other, so they bring their scaler along.

# %%
X, y = load_breast_cancer(return_X_y=True)
classifiers = {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
    "tree": DecisionTreeClassifier(max_depth=4, random_state=0),
    "forest": RandomForestClassifier(n_estimators=50, random_state=0),
    "SVM": make_pipeline(StandardScaler(), SVC()),
}
folds = list(StratifiedKFold(10, shuffle=True, random_state=2).split(X, y))
result = cross_validate(classifiers["logistic"], X, y, cv=folds, scoring="accuracy")
print("cross_validate returns", sorted(result))
print("accuracy in the first folds:", result["test_score"][:5].round(3))

# %% [markdown]
# `folds` is a list: ten pairs of training rows and held-out rows, made **once**. `cross_validate`
# trains in each fold and measures on its held-out rows; `fit_time` is in seconds.
#
# Look at the five numbers. They jump by several percentage points although the model is the same:
# some folds are simply harder. If each model got folds of its own, an easy fold could decide who
# wins. So all models must meet the same folds. And here is a trap. `StratifiedKFold(10,
# shuffle=True)` without a seed is a **recipe** for folds: each time it is used, it shuffles anew.
#
# **Your task.** Write `compare(models, X, y, cv, scoring)`.
#
# - `models` is a dictionary: name → classifier. `cv` is a splitter: `cv.split(X, y)` gives pairs of
#   training and held-out rows. It may shuffle anew at each call. `scoring` is the name of a score.
# - All models are trained and measured on **identical** folds.
# - Return two DataFrames. `scores` has one row for each fold and one column for each model, in the
#   order of `models`: the held-out scores. `summary` has one row for each model and the columns
#   `mean` and `sd` (of its scores; sample standard deviation, divided by n - 1) and `fit_s` (the time
#   of one training in seconds, the mean over the folds; the time for scoring does not count).
#
# For example, if a model has the scores 0.9 and 0.8 in two folds, then its column in `scores` holds
# 0.9 and 0.8, its `mean` is 0.85 and its `sd` 0.0707.


# %% exercise="compare" objective="W.6.1"
def compare(models: dict, X, y, cv, scoring: str = "accuracy") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the scores of every model in every fold, and a summary for every model."""
    ### BEGIN SOLUTION
    same_folds = list(cv.split(X, y))
    results = {
        name: cross_validate(model, X, y, cv=same_folds, scoring=scoring)
        for name, model in models.items()
    }
    scores = pd.DataFrame({name: found["test_score"] for name, found in results.items()})
    times = {name: found["fit_time"].mean() for name, found in results.items()}
    summary = pd.DataFrame({"mean": scores.mean(), "sd": scores.std(), "fit_s": pd.Series(times)})
    return scores, summary.loc[list(models)]
    ### END SOLUTION


# %% check="compare" title="All models meet the same folds" points=1 transport="object"
import time

import joblib
from sklearn.dummy import DummyClassifier
from sklearn.neighbors import KNeighborsClassifier

from workshop_lib.checks import SpyEstimator

t.hints(
    "The first line decides: `same_folds = list(cv.split(X, y))`. A list stays as it is.",
    "`cross_validate(model, X, y, cv=same_folds, scoring=scoring)` returns a dictionary with "
    "`test_score` and `fit_time`.",
    "`pd.DataFrame({name: scores, ...})` makes a column for each name; its `mean()` and `std()` give "
    "one number per column.",
)


def two_clouds(seed, n=90):
    """Two columns; the first tells the class, with some overlap. One class is rarer."""
    rng = np.random.default_rng([seed, 61])
    labels = (np.arange(n) % 3 == 0).astype(int)
    return rng.normal(0, 1, (n, 2)) + np.outer(labels, [1.5, 0]), labels


def compared(models, X, y, cv, **options):
    """Call the answer, seen by spies also when it works in parallel; return both tables."""
    with joblib.parallel_config(backend="threading"):
        got = t.call(compare, models, X, y, cv, **options)
    t.require(
        isinstance(got, tuple | list) and len(got) == 2,
        "Return two tables: `return scores, summary`.",
    )
    frames = all(isinstance(each, pd.DataFrame) for each in got)
    t.require(frames, "`scores` and `summary` should both be DataFrames.")
    scores, summary = got
    t.wrong_if(
        "tables_in_the_wrong_order",
        "fit_s" in scores.columns and list(summary.columns) == list(models),
        "The two tables are in the wrong order: `summary` came first. End with "
        "`return scores, summary`.",
    )
    t.wrong_if(
        "folds_and_models_swapped",
        list(scores.index) == list(models),
        "`scores` has models as rows. Folds are the rows, models the columns: turn it with `.T`.",
    )
    t.wrong_if(
        "number_of_the_fold_as_a_column",
        list(scores.columns)[1:] == list(models),
        f"`scores` has the column {scores.columns[0]!r} before the models. One column for each "
        "model, and no other: leave the number of the fold in the index.",
    )
    t.equal(list(scores.columns), list(models), what="columns of scores")
    t.wrong_if(
        "summary_not_turned",
        list(summary.columns) == list(models) and "mean" in summary.index,
        "`summary` has models as columns. Models are its rows: turn it with `.T`.",
    )
    t.equal(list(summary.index), list(models), what="rows of summary")
    t.equal(set(summary.columns), {"mean", "sd", "fit_s"}, what="columns of summary")
    return scores.astype(float), summary.astype(float)


DELAY = 0.03


class SlowToTrain(DummyClassifier):
    """Sleeps in each training."""

    def fit(self, X, y):
        time.sleep(DELAY)
        return super().fit(X, y)


class SlowToAnswer(DummyClassifier):
    """Sleeps in each prediction."""

    def predict(self, X):
        time.sleep(DELAY)
        return super().predict(X)


with t.item("A splitter that shuffles anew still gives the same folds to all", weight=3):
    X_, y_ = two_clouds(0)
    spies = {name: SpyEstimator(DummyClassifier()) for name in ("first", "second", "third")}
    rows = pd.DataFrame(X_)
    compared(spies, rows, y_, StratifiedKFold(3, shuffle=True))
    trained_on = [sorted(sorted(fold) for fold in spy.fitted_rows) for spy in spies.values()]
    t.require(all(len(each) >= 3 for each in trained_on), "Train each model in each of the folds.")
    t.wrong_if(
        "other_folds_for_each_model",
        not trained_on[0][:3] == trained_on[1][:3] == trained_on[2][:3],
        "The three models were trained on different rows. This splitter shuffles anew each time it "
        "is used, so make the folds once and give the same list to all models.",
    )
with t.item("Scores are held-out scores, fold by fold", weight=2):
    for seed in t.seeds:
        X_, y_ = two_clouds(seed)
        cv = StratifiedKFold(3, shuffle=True, random_state=seed)
        models = {"copycat": KNeighborsClassifier(1), "always": DummyClassifier()}
        scores, summary = compared(models, X_, y_, cv)
        t.wrong_if(
            "training_score",
            np.allclose(scores["copycat"], 1),
            "The copycat, which knows its training rows by heart, has accuracy 1: you measured on "
            "training rows. Use `test_score`.",
        )
        t.wrong_if(
            "ignores_cv",
            len(scores) in (5, 10),
            f"The splitter makes 3 folds, and your table has {len(scores)}. Use the argument `cv`.",
        )
        t.equal(len(scores), 3, what="rows of scores")
        t.equal(scores["always"].tolist(), [2 / 3] * 3, what="scores of 'always the larger class'")
        held_out = [
            np.mean(KNeighborsClassifier(1).fit(X_[a], y_[a]).predict(X_[b]) == y_[b])
            for a, b in cv.split(X_, y_)
        ]
        t.equal(scores["copycat"].tolist(), held_out, what="scores of the copycat")
        t.equal(summary.loc["copycat", "mean"], np.mean(held_out), what="mean")
        t.wrong_if(
            "population_deviation",
            np.std(held_out) > 0 and np.isclose(summary.loc["copycat", "sd"], np.std(held_out)),
            "Your `sd` divides by n. The folds are a sample: divide by n - 1 (`ddof=1`).",
        )
        t.equal(summary.loc["copycat", "sd"], np.std(held_out, ddof=1), what="sd")
        t.require((summary["fit_s"] > 0).all(), "`fit_s` should be a time above 0.")
with t.item("`fit_s` is the mean time of one training", weight=1):
    X_, y_ = two_clouds(2, n=30)
    models = {"slow to train": SlowToTrain(), "slow to answer": SlowToAnswer()}
    too_short = summed = with_answers = True
    for _ in range(3):  # A busy computer may pause for a moment: one good try of three is enough.
        _, summary = compared(models, X_, y_, StratifiedKFold(5))
        training, answering = summary["fit_s"]
        too_short = too_short and training < 0.9 * DELAY
        summed = summed and training >= 5 * DELAY
        with_answers = with_answers and answering >= DELAY
        if not (too_short or summed or with_answers):
            break
    t.wrong_if(
        "time_of_scoring",
        too_short,
        f"A model that sleeps {DELAY} s in each training has the `fit_s` {training:.4f}. Did you take "
        "`score_time`? The time of training is `fit_time`, in seconds.",
    )
    t.wrong_if(
        "sum_of_times",
        summed,
        f"A model that sleeps {DELAY} s in each of 5 trainings has the `fit_s` {training:.2f}: this is "
        "the time of all trainings together. Take the mean over the folds.",
    )
    t.wrong_if(
        "time_includes_scoring",
        with_answers,
        f"A model that trains at once and sleeps {DELAY} s before it answers has the `fit_s` "
        f"{answering:.3f}: your time includes the scoring. Take `fit_time` alone.",
    )
with t.item("The score that was asked for is used", weight=1):
    X_, y_ = two_clouds(1)
    cv = StratifiedKFold(2)
    scores, _ = compared({"always": DummyClassifier()}, X_, y_, cv, scoring="recall")
    t.wrong_if(
        "ignores_scoring",
        np.allclose(scores["always"], 2 / 3),
        "With scoring='recall' you still return accuracies. Pass `scoring` on.",
    )
    t.equal(scores["always"].tolist(), [0.0, 0.0], what="recall of 'always the larger class'")
### BEGIN HIDDEN TESTS
with t.item("The order of models stays, and they are not trained in place", weight=1):
    X_, y_ = two_clouds(5)
    models = {"z": KNeighborsClassifier(1), "a": DummyClassifier(), "m": KNeighborsClassifier(5)}
    scores, summary = compared(models, pd.DataFrame(X_), pd.Series(y_), KFold(4))
    t.equal(summary["mean"].tolist(), scores.mean().tolist(), what="means")
    t.require(not hasattr(models["z"], "classes_"), "Train clones, not the models themselves.")
### END HIDDEN TESTS

# %% [markdown]
# The comparison, without the times, because they differ from computer to computer:

# %% needs="compare"
scores, summary = compare(classifiers, X, y, StratifiedKFold(10, shuffle=True, random_state=2))
summary[["mean", "sd"]].round(3)

# %% [markdown]
# The SVM wins, with 0.981 against 0.979 for logistic regression. The vendor would stop here. But
# the standard deviation between folds is more than ten times the difference.

# %% [markdown]
# ## Is the best one clearly the best?
#
# A mean of *k* folds is uncertain: with other folds it would be another one. Its uncertainty is the
# **standard error**, the standard deviation of the *k* numbers divided by √*k*.
#
# To compare two models we use that they met the same folds. In each fold take the **difference** of
# the two scores. What makes a fold hard is in both scores, so it drops out of the difference. This
# is a **paired** comparison.
#
# > **one-standard-error rule**: among all candidates that are not more than one standard error
# > worse than the best, take the simplest.
#
# You met the rule in `03_select`, there with the standard error of the best candidate. Here it uses
# the paired differences:
#
# - the best model *b* is the one with the largest mean score (the first of them, if several are
#   equal);
# - for a model *m* take the *k* differences $d_i = b_i - m_i$, their mean $\bar d$ and their standard
#   error $s / \sqrt{k}$, where $s$ is the sample standard deviation of the differences (divided by
#   *k* - 1);
# - *m* is **not clearly worse** if $\bar d \le s / \sqrt{k}$.
#
# **Your task.** Write `pick(scores)`. `scores` is a DataFrame as above: one row for each fold, one
# column for each model, the simplest model first. Return the name of the first model that is not
# clearly worse than the best. (The best itself is not worse than itself.)
#
# For example:
#
# | fold | simple | middle | complex |
# |---|---|---|---|
# | 1 | 0.80 | 0.87 | 0.86 |
# | 2 | 0.70 | 0.74 | 0.77 |
# | 3 | 0.90 | 0.95 | 0.96 |
#
# `complex` is best, with a mean of 0.8633. `simple` is behind by 0.06, 0.07 and 0.06: mean 0.0633,
# standard error 0.0033, so it is clearly worse. `middle` is behind by -0.01, 0.03 and 0.01: mean
# 0.0100, standard error 0.0115, so it is not. The result is `"middle"`.


# %% exercise="pick" objective="W.6.1"
def pick(scores: pd.DataFrame) -> str:
    """Return the simplest model that is not clearly worse than the best, in paired folds."""
    ### BEGIN SOLUTION
    best = scores[scores.mean().idxmax()]
    behind = -scores.sub(best, axis=0)
    standard_error = behind.std() / np.sqrt(len(scores))
    return str(scores.columns[behind.mean() <= standard_error][0])
    ### END SOLUTION


# %% check="pick" title="Luck does not decide" points=2 transport="plain"
t.hints(
    "`scores.mean().idxmax()` is the name of the best model.",
    "For each model: `behind = scores[best] - scores[model]`, then `behind.mean()` and "
    "`behind.std() / np.sqrt(len(scores))`.",
    "Go through the columns from left to right, and return the first one with "
    "`behind.mean() <= standard_error`.",
)


def fold_table(seed, behind_in_se, k=10, spread=0.05, gap=0.01):
    """Scores of models that are behind the last one by a number of standard errors.

    Folds differ much more than models: `spread` is the standard deviation between folds.
    """
    rng = np.random.default_rng([seed, 62])
    fold = 0.8 + spread * stats_of(rng.normal(size=k))
    table = {}
    for name, number in behind_in_se.items():
        # The differences have the mean `gap` and the standard error `gap / number`.
        noise = stats_of(rng.normal(size=k)) * gap / number * np.sqrt(k)
        table[name] = fold - gap - noise
    return pd.DataFrame({**table, "best": fold})


def stats_of(values):
    """Bring values to mean 0 and sample standard deviation 1."""
    return (values - values.mean()) / values.std(ddof=1)


def picked(table):
    """Call the answer and require the name of a column."""
    got = t.call(pick, table, none_is_fine=True)
    if got is None:
        behind = -table.sub(table[table.mean().idxmax()], axis=0)
        one_is_below = (behind.mean() < behind.sem()).any()
        # An answer with `<` finds nobody here, but it does find the simpler model of this table.
        other = t.call(pick, fold_table(0, {"logistic": 0.4}))
        t.wrong_if(
            "best_is_left_out",
            not one_is_below and other == "logistic",
            "You returned None where every other model is clearly worse. The best is behind itself by "
            "0, with the standard error 0, and 0 < 0 is False. Compare with `<=`: then the best is "
            "always left.",
        )
        t.require(False, "You returned None. Does every path of the function end with `return`?")
    t.require(
        isinstance(got, str) and got in list(table.columns),
        f"Return the name of one column, a text. You returned {got!r}.",
    )
    return got


with t.item("A clear winner is picked", weight=1):
    for seed in t.seeds:
        table = fold_table(seed, {"logistic": 8.0, "tree": 6.0})
        t.equal(picked(table), "best", what="pick")
with t.item("A lucky winner does not beat a simpler model", weight=2):
    for seed in t.seeds:
        table = fold_table(seed, {"logistic": 0.4, "forest": 5.0})
        got = picked(table)
        t.wrong_if(
            "takes_the_largest_mean",
            got == "best",
            "You picked the largest mean. Here `logistic` is behind by 0.4 standard errors: with "
            "other folds it could be ahead. Take the simplest model that is not clearly worse.",
        )
        t.equal(got, "logistic", what="pick")
        got = picked(fold_table(seed, {"tree": 6.0, "logistic": 0.5, "forest": 0.3}))
        t.wrong_if(
            "not_the_simplest_in_the_band",
            got == "forest",
            "`logistic` and `forest` are both not clearly worse. `logistic` stands further left, so "
            "it is simpler.",
        )
        t.equal(got, "logistic", what="pick")
with t.item("A small difference that shows in every fold counts", weight=3):
    for seed in t.seeds:
        table = fold_table(seed, {"majority": 9.0, "tree": 9.0}, spread=0.2)
        got = picked(table)
        t.wrong_if(
            "ignores_that_folds_are_paired",
            got == "majority",
            "`majority` is behind in nearly every fold by about the same amount, and you picked it: "
            "you compared with the spread of the scores. Folds differ, but both models met the same "
            "ones. Use the standard error of the differences.",
        )
        t.equal(got, "best", what="pick")
with t.item("At most one standard error, and the worked example", weight=2):
    # How many standard errors each model is behind; the pick tells the limit that was used.
    ladder = dict(zip("ABCDEFGHIJK", (3, 2.1, 1.98, 1.7, 1.48, 1.44, 1.36, 1.2, 1.03, 0.97, 0.93)))
    for seed in t.seeds:
        got = picked(fold_table(seed, ladder))
        number = ladder.get(got, 0)
        if got == "A":
            t.wrong_if(
                "ignores_that_folds_are_paired",
                picked(fold_table(seed, {"behind": 9.0}, spread=0.2)) == "behind",
                "You compared with the spread of the scores. Both models met the same folds: use the "
                "standard error of the differences.",
            )
        t.wrong_if(
            "forgets_the_root_of_k",
            got == "A",
            "Model A is behind by 3 standard errors, and you picked it. Divide the standard "
            "deviation of the differences by √k: a mean of ten folds is surer than one fold.",
        )
        t.wrong_if(
            "significance_test",
            got == "B",
            "Model B is behind by 2.1 standard errors, and you picked it. A t-test at 5 % would do "
            "so: with ten folds its limit is 2.26 standard errors. The rule of the task has the limit "
            "one: compare the mean difference with s / √k.",
        )
        t.wrong_if(
            "two_standard_errors",
            got in ("C", "D", "E"),
            f"Model {got} is behind by {number} standard errors, and you picked it. The limit is one "
            "standard error, not two: compare the mean difference with s / √k.",
        )
        t.wrong_if(
            "root_of_k_minus_one",
            got == "I",
            "Model I is behind by 1.03 standard errors, and you picked it. s divided by √(k - 1) is a "
            "little too much. The k - 1 is already inside s: divide s by √k.",
        )
        t.wrong_if(
            "population_deviation",
            got == "K",
            "Model J is behind by 0.97 standard errors, so it is not clearly worse, but you went past "
            "it. Your standard deviation divides by k. Divide by k - 1: `std()` of pandas does, for "
            "`np.std` write `ddof=1`.",
        )
        t.wrong_if(
            "takes_the_largest_mean",
            got == "best",
            "Models J and K are behind by less than one standard error, and you picked the largest "
            "mean. Take the first model, from left to right, that is not clearly worse.",
        )
        # F is behind by 1.44: the correction for training rows that overlap (Nadeau, Bengio) allows
        # 1.45 with ten folds. It is another rule, and an honest one.
        t.require(
            got in ("F", "J"),
            f"Model {got} is behind by {number} standard errors, and you picked it. The limit is one: "
            "compare the mean difference with s / √k.",
        )
    example = pd.DataFrame(
        {"simple": [0.8, 0.7, 0.9], "middle": [0.87, 0.74, 0.95], "complex": [0.86, 0.77, 0.96]}
    )
    t.gives("middle", pick, example)
with t.item("The order of the columns decides what is simple", weight=1):
    for seed in t.seeds:
        table = fold_table(seed, {"zebra": 0.5, "ant": 0.4})
        got = picked(table)
        t.wrong_if(
            "order_of_names_or_means",
            got == "ant",
            "You picked `ant`. The first column is the simplest model, here `zebra`; neither the "
            "alphabet nor the mean says what is simple.",
        )
        t.equal(got, "zebra", what="pick")
        first_is_best = table[["best", "zebra", "ant"]]
        got = picked(first_is_best)
        t.wrong_if(
            "best_is_left_out",
            got == "zebra",
            "The first column is the best itself, and you picked the second. The best is behind "
            "itself by 0, with the standard error 0, and 0 < 0 is False. Compare with `<=`.",
        )
        t.equal(got, "best", what="pick when the simplest is the best")
### BEGIN HIDDEN TESTS
with t.item("One model, equal models, and few folds", weight=1):
    t.equal(picked(pd.DataFrame({"only": [0.5, 0.7, 0.6]})), "only", what="pick of one model")
    same = pd.DataFrame({"a": [0.5, 0.7, 0.6], "b": [0.5, 0.7, 0.6]})
    t.equal(picked(same), "a", what="pick of two equal models")
    equally_behind = pd.DataFrame({"a": [0.5, 0.6, 0.5], "b": [0.6, 0.7, 0.6]})
    t.equal(picked(equally_behind), "b", what="pick when `a` is behind by 0.1 in each fold")
with t.item("Other numbers of folds", weight=1):
    for seed in t.seeds:
        for k in (5, 20):
            for number, expected in ((3.0, "best"), (0.6, "y")):
                got = picked(fold_table(seed, {"x": 2.1, "y": number}, k=k))
                t.require(
                    got != "x",
                    f"With {k} folds you picked a model that is behind by 2.1 standard errors. The "
                    "limit is one: s / √k, where k is the number of rows.",
                )
                t.equal(got, expected, what="pick")
### END HIDDEN TESTS

# %% [markdown]
# Every line below is one fold: its scores with the four models.

# %% needs="compare, pick"
best = scores.mean().idxmax()
fig, ax = plt.subplots(figsize=(7, 3.6))
ax.plot(scores.columns, scores.T, "o-", color="C0", alpha=0.35)
ax.plot(scores.columns, scores.mean(), "kD", markersize=8, label="mean")
ax.set(ylabel="accuracy", title=f"ten folds; best mean: {best}, picked: {pick(scores)}")
ax.legend(loc="lower right")
figures.show(
    fig,
    alt="Ten lines, one for each fold, over logistic, tree, forest and SVM. Most lines fall from "
    "logistic to tree and rise again. Logistic and SVM have nearly the same mean.",
)
behind = pd.DataFrame({name: scores[best] - scores[name] for name in scores})
behind.agg(["mean", "sem"]).T.rename(columns={"mean": "behind", "sem": "standard error"}).round(4)

# %% [markdown]
# Logistic regression is behind by 0.0017, with a standard error of 0.0055: no evidence at all. Tree
# and forest are clearly behind. So we take logistic regression, which a colleague can read. With
# eight seeds for the folds, the SVM had the best mean once and logistic regression seven times; the
# rule picked logistic regression all eight times. "The best model" is often a matter of luck, and
# the rule depends less on it.
#
# Two warnings. A standard error from cross-validation is a little too small, because the training
# rows of the folds overlap. And the rule does not prove that two models are equal. It says that you
# have no reason to pay for the complicated one.

# %% [markdown]
# ## How flexible should a formula be?
#
# Now an amount instead of a class. The price of a house against its area is a slight curve. A
# straight line is too stiff for it. A **polynomial** of degree *g* is the formula $w_0 + w_1 x + w_2
# x^2 + \dots + w_g x^g$; the higher the degree, the more flexible. Move the degree, for 30 houses and
# for 400. The error "on new houses" is measured on 1,000 houses that took no part in training.


# %%
def rmse(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Root of the mean squared error, in the unit of the prices."""
    return float(np.sqrt(np.mean((np.asarray(actual) - np.asarray(predicted)) ** 2)))


def polynomial(degree: int):
    """Scaled powers of one column, then least squares."""
    powers = PolynomialFeatures(degree, include_bias=False)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), LinearRegression())


# %% [markdown]
# The pipeline scales **before** it takes powers. An area of 200 m² to the tenth power is a number
# with 24 digits, and a computer calculates with about 16: without scaling, the result is useless.

# %% tags=["nbval-ignore-output"]
new_houses = data.housing(1000, seed=77)


def show_degree(degree: int, n_houses: int) -> None:
    """Draw a polynomial through the prices of some houses, and print both errors."""
    few = data.housing(n_houses, seed=1).sort_values("area")
    area, price = few[["area"]].to_numpy(), few["price_keur"]
    curve_ = polynomial(degree).fit(area, price)
    inside = np.linspace(area.min(), area.max(), 200).reshape(-1, 1)
    errors = (
        rmse(price, curve_.predict(area)),
        rmse(new_houses["price_keur"], curve_.predict(new_houses[["area"]].to_numpy())),
    )
    fig, ax = plt.subplots(figsize=(7, 3.2))
    ax.plot(area, price, "o", alpha=0.4, color="0.4", label="houses")
    ax.plot(inside, curve_.predict(inside), "-", color="C0", label=f"degree {degree}")
    ax.set(xlabel="area (m²)", ylabel="price (EUR 1,000)", ylim=(100, 650))
    ax.set_title(f"error: {errors[0]:.0f} in training, {errors[1]:.0f} on new houses", fontsize=12)
    ax.legend(loc="upper left")
    figures.show(
        fig, alt=f"Degree {degree}, {n_houses} houses: error {errors[0]:.0f}, new {errors[1]:.0f}."
    )


explore.sliders(show_degree, degree=(1, 14, 1, 12), n_houses=[30, 400])

# %% [markdown]
# With 30 houses, a high degree follows every house and swings far away between them: the training
# error falls, the error on new houses explodes. With 400 houses the same degree does little harm. So
# the right degree depends on the amount of data, and the training error cannot tell it: it
# **always** prefers the highest degree.
#
# **Your task.** Write two functions. `x` and `y` are one-dimensional arrays.
#
# - `choose_degree(x, y, folds, degrees)`. `folds` is a list of pairs (training rows, held-out rows),
#   as above. For each degree and each fold, train a polynomial with scaled powers (such as
#   `polynomial(degree)`) on the training rows, and compute the `rmse` on the held-out rows. Return
#   two things: the chosen degree (a whole number) and a DataFrame with one row for each degree and
#   the columns `degree`, `rmse` (mean over the folds) and `se` (sample standard deviation over the
#   folds, divided by n - 1, then divided by the root of the number of folds).
#     - The rule is the **plain** one of `03_select`: take the smallest `rmse` and add *its* `se`. This
#       is the limit. Choose the **smallest** degree whose `rmse` is at most the limit.
# - `lasso_poly(x, y, degree)` keeps a high degree, and lets a **lasso** shrink what is not needed: a
#   pipeline that scales `x`, takes powers, scales the powers and ends with `LassoCV(cv=5)`, which
#   finds its own alpha. Both times it scales to z-scores (`StandardScaler`). Return the fitted
#   pipeline. Its `predict` takes a table with one column.
#
# For example, if the degrees 1, 2 and 3 have an `rmse` of 39, 35.4 and 35.2, and the `se` of the
# third is 1.5, then the limit is 36.7, and the chosen degree is 2.


# %% exercise="choose_degree" objective="W.6.2"
def choose_degree(
    x: np.ndarray, y: np.ndarray, folds: list, degrees=range(1, 11)
) -> tuple[int, pd.DataFrame]:
    """Return the smallest degree that is not clearly worse than the best, and all errors."""
    ### BEGIN SOLUTION
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = [
            rmse(y[test], polynomial(degree).fit(column[train], y[train]).predict(column[test]))
            for train, test in folds
        ]
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    good = table[table["rmse"] <= best["rmse"] + best["se"]]
    return int(good["degree"].min()), table
    ### END SOLUTION


def lasso_poly(x: np.ndarray, y: np.ndarray, degree: int = 10):
    """Return a fitted polynomial whose coefficients are shrunk by a lasso."""
    ### BEGIN SOLUTION
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), end)
    return model.fit(x.reshape(-1, 1), y)
    ### END SOLUTION


# %% check="choose_degree" title="Flexible enough, and not more" points=4 transport="plain"
from sklearn.linear_model import lars_path
from sklearn.preprocessing import MinMaxScaler

t.hints(
    "Two loops: over the degrees, and inside over the folds. `x.reshape(-1, 1)` makes a column.",
    "`model.fit(column[train], y[train])`, then `rmse(y[test], model.predict(column[test]))`. One "
    "list of errors for each degree.",
    "For the lasso copy the pipeline of `polynomial`, and replace its last step by `LassoCV(cv=5)`. "
    "`make_pipeline(...).fit(...)` returns the fitted pipeline.",
)


def points(seed, truth, n=150, noise=1.0):
    """Values of x from 40 to 220, and y around a curve in (x - 130) / 45."""
    rng = np.random.default_rng([seed, 63])
    z = rng.uniform(-2, 2, n)
    return 130 + 45 * z, truth(z) + rng.normal(0, noise, n)


def five_folds(n, seed=0):
    """Five folds as plain arrays."""
    return list(KFold(5, shuffle=True, random_state=seed).split(np.zeros(n)))


def fold_errors(x, y, folds, degrees):
    """Errors by degree and fold, held-out and in training, with NumPy's own polynomials."""
    shape = len(degrees), len(folds)
    held_out, training = np.zeros(shape), np.zeros(shape)
    for i, degree in enumerate(degrees):
        for j, (a, b) in enumerate(folds):
            curve_ = np.polynomial.Polynomial.fit(x[a], y[a], degree)
            held_out[i, j] = np.sqrt(np.mean((y[b] - curve_(x[b])) ** 2))
            training[i, j] = np.sqrt(np.mean((y[a] - curve_(x[a])) ** 2))
    return held_out, training


def chosen(x, y, folds, degrees):
    """Call the answer; return the degree and the two columns of its table."""
    got = t.call(choose_degree, x, y, folds, degrees=degrees)
    two = isinstance(got, tuple | list) and len(got) == 2
    t.wrong_if(
        "table_before_the_degree",
        two and isinstance(got[0], pd.DataFrame),
        "The table came first. Return the degree first, then the table.",
    )
    t.require(
        two and isinstance(got[1], pd.DataFrame),
        "Return two things: the degree and a DataFrame.",
    )
    degree, table = got
    t.wrong_if(
        "degrees_in_the_index",
        set(table.columns) == {"rmse", "se"},
        "The table has no column `degree`. Are the degrees its index? `reset_index()` turns an index "
        "with the name `degree` into a column.",
    )
    t.equal(set(table.columns), {"degree", "rmse", "se"}, what="columns")
    t.equal(sorted(table["degree"]), sorted(degrees), what="degrees")
    table = table.sort_values("degree")
    t.equal(np.ndim(degree), 0, what="number of dimensions of the chosen degree")
    t.wrong_if(
        "row_instead_of_degree",
        degree not in degrees,
        f"You chose {degree}, which is none of the degrees {sorted(degrees)}. Return the value of the "
        "column `degree`, not the number of its row.",
    )
    return float(degree), table["rmse"].to_numpy(float), table["se"].to_numpy(float)


def cube(z):
    """A curve of degree 3."""
    return z**3 - 2 * z


with t.item("Errors are held-out errors, with their standard errors", weight=3):
    degrees = [1, 3, 6]
    for seed in t.seeds:
        x, y_ = points(seed, cube, n=60)
        folds_ = five_folds(60, seed)
        held_out, training = fold_errors(x, y_, folds_, degrees)
        _, got, se = chosen(x, y_, folds_, degrees)
        t.wrong_if(
            "training_error",
            np.allclose(got, training.mean(axis=1), rtol=1e-4),
            "These are errors on training rows. They fall with every degree, so they always choose "
            "the highest one. Measure on the held-out rows.",
        )
        t.wrong_if(
            "mean_squared_error",
            np.allclose(got, (held_out**2).mean(axis=1), rtol=1e-4),
            "These are mean squared errors. Take the root (`rmse`), so that the unit is that of y.",
        )
        t.wrong_if(
            "root_after_the_mean",
            np.allclose(got, np.sqrt((held_out**2).mean(axis=1)), rtol=1e-4),
            "You took the mean of the squared errors of all folds, and the root at the end. Take the "
            "`rmse` of each fold first, then the mean of these five numbers.",
        )
        t.equal(got, held_out.mean(axis=1), rtol=1e-4, what="rmse")
        deviation = held_out.std(axis=1, ddof=1)
        t.wrong_if(
            "deviation_instead_of_standard_error",
            np.allclose(se, deviation, rtol=1e-3),
            "Your `se` is the standard deviation of the folds. Divide it by the root of their "
            "number.",
        )
        t.wrong_if(
            "population_deviation",
            np.allclose(se, held_out.std(axis=1) / np.sqrt(5), rtol=1e-3),
            "Inside your `se` the standard deviation divides by n. Divide by n - 1 (`ddof=1`).",
        )
        t.equal(se, deviation / np.sqrt(5), rtol=1e-3, what="se")


def lasso_curve(x, y, grid, **options):
    """Call the answer, and return what its pipeline predicts for the values of a grid."""
    model = t.call(lasso_poly, x, y, **options)
    t.wrong_if(
        "predictions_instead_of_pipeline",
        isinstance(model, np.ndarray | pd.Series | list | tuple),
        "You returned numbers. Return the fitted pipeline itself, `make_pipeline(...).fit(...)`, "
        "so that the check can call `predict` with new values.",
    )
    t.require(hasattr(model, "predict"), "Return the fitted pipeline; it has a method `predict`.")
    try:
        got = t.call(model.predict, grid.reshape(-1, 1))
    except Exception as problem:
        t.wrong_if(
            "pipeline_not_fitted",
            "NotFittedError" in str(problem),
            "The pipeline that you returned has not been trained, so it cannot predict. Call its "
            "`fit` with x as a column, `x.reshape(-1, 1)`, and y; then return it.",
        )
        raise
    return np.ravel(got)


def lasso_lines(x, y, grid, degree, first="z", second="z"):
    """Curves of all lassos, for each alpha at which a coefficient comes or goes.

    `first` and `second` say how x and the powers are scaled.
    """
    scalers = {"z": StandardScaler, "range": MinMaxScaler, "no": lambda: "passthrough"}
    powers = PolynomialFeatures(degree, include_bias=False)
    prepare = make_pipeline(scalers[first](), powers, scalers[second]())
    columns = prepare.fit_transform(x.reshape(-1, 1))
    middle = columns.mean(axis=0)
    *_, weights = lars_path(columns - middle, y - y.mean(), method="lasso")
    return y.mean() + ((prepare.transform(grid.reshape(-1, 1)) - middle) @ weights).T


def distance_to(lines, curve_):
    """Root mean squared distance of a curve to the nearest lasso; between two, lassos are mixtures."""
    start, way = lines[:-1], np.diff(lines, axis=0)
    squares = np.maximum((way**2).sum(axis=1), 1e-12)
    share = np.clip(((curve_ - start) * way).sum(axis=1) / squares, 0, 1)
    return np.sqrt(((start + share[:, None] * way - curve_) ** 2).mean(axis=1).min())


with t.item("The unit of x does not matter", weight=2):
    x, y_ = points(2, cube, n=60)
    degrees = [1, 8]
    _, before, _ = chosen(x, y_, five_folds(60), degrees)
    _, after, _ = chosen(x * 1000 + 2_000_000, y_, five_folds(60), degrees)
    t.wrong_if(
        "powers_of_unscaled_values",
        not np.allclose(before, after, rtol=1e-3),
        f"With x in another unit the errors change from {before.round(2)} to {after.round(2)}. "
        "Powers of large numbers are beyond the precision of a computer: scale x before the powers.",
    )
with t.item("The smallest degree within one standard error is chosen", weight=3):
    straight = lambda z: 3 * z  # noqa: E731
    # Luck prefers a higher degree than the truth, but not the highest; the paired rule finds the truth.
    for seed, truth, expected, degrees in (
        (25, straight, 1, [1, 2, 3]),
        (17, cube, 3, [2, 3, 4, 5]),
    ):
        x, y_ = points(seed, truth)
        folds_ = five_folds(len(x))
        held_out, _ = fold_errors(x, y_, folds_, degrees)
        mean, se = held_out.mean(axis=1), held_out.std(axis=1, ddof=1) / np.sqrt(5)
        within = [d for d, m in zip(degrees, mean) if m <= mean.min() + se[mean.argmin()]]
        got, *_ = chosen(x, y_, folds_, degrees)
        t.wrong_if(
            "takes_the_smallest_error",
            got == degrees[mean.argmin()],
            f"You chose degree {got:.0f}, with the smallest error. Degree {expected} is not clearly "
            "worse, and simpler. Add one standard error of the best, and take the smallest degree "
            "within this limit.",
        )
        t.wrong_if(
            "largest_degree_in_the_band",
            got == within[-1],
            f"Degree {got:.0f} is within the limit, but it is the most flexible one there. Take the "
            "simplest.",
        )
        t.equal(got, expected, what="degree")
    got, *_ = chosen(*points(23, straight), five_folds(150), [1, 2, 3])
    t.wrong_if(
        "paired_rule_for_degrees",
        got == 3,
        "You chose degree 3 for a straight line: the paired rule of `pick` does that. Here the plain "
        "rule is asked for: the standard error of the best degree, not that of differences.",
    )
    t.equal(got, 1, what="degree for a straight line")
    got, *_ = chosen(x, y_, folds_, [5, 4, 3, 2])
    t.wrong_if(
        "assumes_rising_degrees",
        got != 3,
        f"With the degrees in falling order you chose {got:.0f}. The smallest *number* counts, not "
        "the first in the list.",
    )
    # In each of four tables a wrong limit chooses another degree than the plain rule; where two do,
    # the other one is known from an earlier table.
    limits = []
    for seed, noise in ((134, 2.0), (311, 3.0), (242, 1.0), (152, 1.0)):
        limits.append(chosen(*points(seed, cube, 40, noise), five_folds(40), [1, 3])[0])
    t.wrong_if(
        "standard_error_of_each_degree",
        limits[0] == 3,
        "You chose degree 3, where the limit allows degree 1. Did you use the `se` of each degree, or "
        "of the degree you look at? There is one limit for all: the smallest `rmse` plus the `se` in "
        "the same row.",
    )
    t.wrong_if(
        "largest_standard_error",
        limits[1] == 1,
        "You chose degree 1, whose `rmse` is above the limit. Did you add the largest `se` of the "
        "table? Add the `se` that stands in the row of the smallest `rmse`.",
    )
    t.wrong_if(
        "limit_with_a_deviation",
        limits[2] == 1,
        "You chose degree 1, whose `rmse` is above the limit. Did you add a standard deviation? Add "
        "the standard error, which is the deviation divided by the root of the number of folds.",
    )
    t.wrong_if(
        "two_standard_errors",
        limits[3] == 1,
        "You chose degree 1, whose `rmse` is above the limit by less than one more standard error. The "
        "limit is the smallest `rmse` plus ONE `se`, not two.",
    )
    t.equal(limits, [1, 3, 3, 3], what="degrees for four tables")
with t.item("The lasso keeps a high degree calm", weight=3, seconds=10):
    errors, plain = [], []
    for seed in range(3):
        bend = lambda z: z**2 / 2 + z  # noqa: E731
        x, y_ = points(seed + 30, bend, n=20, noise=0.7)
        grid = np.linspace(x.min(), x.max(), 60)
        goal = bend((grid - 130) / 45)
        predicted = lasso_curve(x, y_, grid, degree=10)
        errors.append(np.sqrt(np.mean((predicted - goal) ** 2)))
        wild = np.polynomial.Polynomial.fit(x, y_, 10)(grid)
        plain.append(np.sqrt(np.mean((wild - goal) ** 2)))
    t.wrong_if(
        "no_penalty",
        np.allclose(errors, plain, rtol=0.05),
        "Your curve is that of plain least squares of degree 10: nothing is shrunk. End the "
        "pipeline with `LassoCV`.",
    )
    t.wrong_if(
        "scaled_outside_the_pipeline",
        np.mean(errors) > 1000 * np.mean(plain),
        "With new values of x the curve runs far away. Did you scale x outside of the pipeline? Then "
        "nobody scales the new values: make `StandardScaler()` the first step of the pipeline.",
    )
    t.require(
        np.mean(errors) < 0.6 * np.mean(plain),
        f"The mean error against the truth is {np.mean(errors):.2f}, plain least squares of degree "
        f"10 has {np.mean(plain):.2f}. The lasso should bring it below 60 % of that.",
    )
with t.item("The lasso follows a real bend, in any unit", weight=2, seconds=10):
    x, y_ = points(1, lambda z: np.sin(2 * z) * 3, n=80, noise=0.3)
    grid = np.linspace(50, 210, 40)
    got = lasso_curve(x, y_, grid)
    goal = np.sin(2 * (grid - 130) / 45) * 3
    t.require(
        np.sqrt(np.mean((got - goal) ** 2)) < 0.6,
        "The curve bends four times, and yours does not follow. Without a `degree` use degree 10. Are "
        "all four steps there: a scaler, the powers, a scaler, and `LassoCV(cv=5)`, which chooses its "
        "alpha?",
    )
    again = lasso_curve(x * 1000 + 2_000_000, y_, grid * 1000 + 2_000_000)
    # Two runs of the optimiser may stop at slightly different points.
    unit_counts = np.sqrt(np.mean((got - again) ** 2)) > 0.05
    line = lasso_curve(x, y_, grid, degree=1)
    # Whatever its alpha, the curve of a lasso is one of `lasso_lines`.
    x, y_ = points(32, lambda z: z**2 / 2 + z, n=40, noise=2.0)
    grid = np.linspace(x.min(), x.max(), 40)
    got = lasso_curve(x, y_, grid, degree=5)
    t.wrong_if(
        "lasso_of_unscaled_values",
        unit_counts and distance_to(lasso_lines(x, y_, grid, 5, "no"), got) < 0.02,
        "Your lasso takes powers of x as it is, so with x in another unit and from another zero it "
        "gives another curve. Scale x first: `StandardScaler()` is the first step of the pipeline, and "
        "comes once more after the powers.",
    )
    t.wrong_if(
        "lasso_depends_on_the_unit",
        unit_counts,
        "With x in another unit and from another zero the lasso gives another curve. Do not scale by "
        "fixed numbers: `StandardScaler()` before the powers learns them from x.",
    )
    t.wrong_if(
        "ignores_degree",
        np.abs(np.diff(line, 2)).max() > 1e-6,
        "With degree=1 the curve should be a straight line. Use the argument `degree`.",
    )
    if distance_to(lasso_lines(x, y_, grid, 5), got) > 0.02:
        t.wrong_if(
            "penalty_on_unscaled_powers",
            distance_to(lasso_lines(x, y_, grid, 5, "z", "no"), got) < 0.02,
            "Your powers are not scaled. The penalty compares coefficients, and the fifth power has "
            "far larger values than the first: put a `StandardScaler()` between the powers and "
            "`LassoCV`.",
        )
        t.wrong_if(
            "lasso_on_another_scale",
            any(
                distance_to(lasso_lines(x, y_, grid, 5, *scales), got) < 0.02
                for scales in (("range", "z"), ("range", "range"), ("z", "range"), ("range", "no"))
            ),
            "This is a lasso, but on values scaled to a range from 0 to 1 (min-max). Then other "
            "coefficients are large, and the penalty shrinks others. Scale to z-scores both times: "
            "`StandardScaler()`, before and after the powers.",
        )
        t.wrong_if(
            "not_a_lasso",
            True,
            "No lasso on scaled powers gives this curve, whatever its alpha. Another penalty, such as "
            "that of `RidgeCV` or `ElasticNetCV`, shrinks in another way: end the pipeline with "
            "`LassoCV(cv=5)`.",
        )
### BEGIN HIDDEN TESTS
with t.item("Other data and other folds", weight=1):
    for seed in t.seeds:
        x, y_ = points(seed + 60, lambda z: z**2 - z, n=80)
        folds_ = list(KFold(4, shuffle=True, random_state=seed).split(x))
        held_out, _ = fold_errors(x, y_, folds_, [1, 2, 4])
        mean, se = held_out.mean(axis=1), held_out.std(axis=1, ddof=1) / 2
        limit = mean.min() + se[mean.argmin()]
        expected = next(d for d, m in zip([1, 2, 4], mean) if m <= limit)
        got, errors, _ = chosen(x, y_, folds_, [1, 2, 4])
        t.equal(errors, mean, rtol=1e-4, what="rmse")
        t.equal(got, expected, what="degree")
### END HIDDEN TESTS

# %% [markdown]
# Your functions on the houses: 400 of them, then only 30.

# %% needs="choose_degree"
new_area, new_price = new_houses[["area"]].to_numpy(), new_houses["price_keur"]
lines = {}
for n in (400, 30):
    some = data.housing(n, seed=1)
    area, price = some["area"].to_numpy(), some["price_keur"].to_numpy()
    parts = list(KFold(5, shuffle=True, random_state=0).split(area))
    degree, errors_by_degree = choose_degree(area, price, parts)
    fits = {f"chosen degree ({degree})": polynomial(degree), "degree 12": polynomial(12)}
    fits = {name: model.fit(area.reshape(-1, 1), price) for name, model in fits.items()}
    fits["lasso, degree 10"] = lasso_poly(area, price, 10)
    lines[f"{n} houses"] = {
        name.split(" (")[0]: f"{rmse(new_price, model.predict(new_area)):.0f}"
        for name, model in fits.items()
    } | {"which degree was chosen": str(degree)}
pd.DataFrame(lines)

# %% [markdown]
# The numbers are errors on new houses in EUR 1,000. With 400 houses everything works. With 30, degree
# 12 is useless, and both remedies help: choose a low degree (30 houses do not even show the bend), or
# keep a high one and punish large coefficients.
#
# Why not the paired rule here? Neighbouring degrees give nearly the same curve, so their paired
# differences are tiny, and so is their standard error. The paired rule then prefers a higher degree
# for a gain that nobody needs: in 2 of 8 tables of 400 houses it took degree 3.

# %% [markdown]
# ## Groups that nobody has named
#
# The marketing desk has 600 customers and three columns: income and mean balance in EUR 1,000, and
# the number of products. It wants to write different letters to different **segments**. There is no
# column to predict. **Clustering** looks for groups of rows that are near to each other.

# %%
customers, true_segment = data.segments(n=600, seed=0)
customers.describe().loc[["mean", "std", "min", "max"]].round(1)

# %% [markdown]
# Three methods are common:
#
# - **k-means** (`"kmeans"`) places *k* centres so that the squared distances of all rows to their
#   nearest centre are smallest. It finds round groups.
# - **Ward** (`"ward"`) begins with every row alone, and merges again and again the two groups whose
#   union stays most compact. Such merging is called hierarchical or agglomerative.
# - **Single linkage** (`"single"`) merges the two groups with the nearest pair of rows. It follows
#   chains.
#
# "Near" is a distance. You know from `02_scale_encode` what that means: the column with the largest
# spread decides, and here this is income.
#
# **Your task.** Write `segment(df, k, method, scale)`. It returns an array with a whole number for
# each row: the number of its group. There are *k* groups; which group gets which number does not
# matter.
#
# - With `scale=True` every column is brought to z-scores first, with `scale=False` no method scales.
# - `"kmeans"` is `KMeans(n_clusters=k, n_init=10, random_state=0)`; `"ward"` and `"single"` are
#   `AgglomerativeClustering(n_clusters=k, linkage=method)`. All three have `fit_predict`.
# - Two equal calls give equal results.
#
# For example, the incomes 20, 21, 80 and 82, with 1, 1, 5 and 5 products, fall into two groups
# with `k=2`: `[0, 0, 1, 1]`, or just as well `[1, 1, 0, 0]`.


# %% exercise="segment" objective="W.6.3"
def segment(df: pd.DataFrame, k: int, method: str = "kmeans", scale: bool = True) -> np.ndarray:
    """Return the number of the group of each row."""
    ### BEGIN SOLUTION
    values = StandardScaler().fit_transform(df) if scale else df.to_numpy(float)
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)
    ### END SOLUTION


# %% check="segment" title="Groups do not depend on units" points=2 transport="plain"
from sklearn.metrics import adjusted_rand_score

t.hints(
    "Two questions, one after the other: are the columns scaled? Which method?",
    "`values = StandardScaler().fit_transform(df)` if `scale`, else `df` as it is.",
    "`KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)`; for the other two "
    "`AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)`.",
)


def groups(df, k, **options):
    """Call the answer and require k groups, one number for each row."""
    got = np.asarray(t.call(segment, df, k, **options))
    t.require(got.shape == (len(df),), f"Return one number per row, got shape {got.shape}.")
    t.equal(len(set(got.tolist())), k, what="number of different groups")
    return got


with t.item("k-means and Ward find the four planted segments", weight=2):
    for seed in t.seeds:
        table, truth = data.segments(240, seed=seed + 10)
        for method in ("kmeans", "ward"):
            got = adjusted_rand_score(truth, groups(table, 4, method=method))
            t.wrong_if(
                "does_not_scale",
                got < 0.6,
                f"Your groups hardly agree with the planted ones (index {got:.2f}, where 1 is equal "
                "and 0 is chance). Income has the largest spread, so it decides alone. Scale the "
                "columns.",
            )
            t.require(got > 0.9, f"The groups agree with the planted ones only by {got:.2f}.")
with t.item("The unit of a column does not matter", weight=1):
    for seed in t.seeds:
        table, _ = data.segments(150, seed=seed + 20)
        in_eur = table.assign(balance_keur=table["balance_keur"] * 1000)
        for method in ("kmeans", "ward", "single"):
            pair = [groups(each, 4, method=method) for each in (table, in_eur)]
            t.wrong_if(
                "depends_on_the_unit",
                adjusted_rand_score(*pair) < 0.99,
                f"With the balance in EUR instead of EUR 1,000, {method!r} gives other groups. Scale "
                "each column by itself.",
            )
with t.item("The scale is that of z-scores", weight=1):
    # z-scores split `rare`, 0 with few exceptions; scaled to one range, `halves` would be split.
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 67])
        half = np.arange(160) % 2
        few = np.isin(np.arange(160), rng.permutation(160)[:8])
        table = pd.DataFrame({"halves": 55.0 * half + rng.uniform(0, 45, 160)})
        table["rare"] = 8000.0 * few + rng.normal(0, 200, 160)
        chain = pd.DataFrame({"halves": 10 * half + rng.uniform(0, 1, 160)})
        steps = np.zeros(160)
        steps[rng.permutation(160)[:8]] = [6000, 6000, 6000, 6000, 10000, 10000, 10000, 10000]
        chain["rare"] = steps + rng.uniform(0, 300, 160)
        cases = {"kmeans": (table, few), "ward": (table, few), "single": (chain, steps > 0)}
        found = {method: groups(each, 2, method=method) for method, (each, _) in cases.items()}
        t.wrong_if(
            "another_scale",
            min(adjusted_rand_score(half, found[method]) for method in ("kmeans", "ward")) > 0.7,
            "Your groups split a column with two halves. z-scores would split the other one, where "
            "few rows are far away. Min-max scaling gives each column the same range; z-scores give "
            "each column the same standard deviation. Use `StandardScaler`.",
        )
        # Three rows far away: by quartiles they would decide, for z-scores the halves do.
        table = pd.DataFrame({"halves": 100.0 * half + rng.uniform(0, 30, 160)})
        table["rare"] = rng.normal(0, 200, 160)
        table.loc[rng.permutation(160)[:3], "rare"] += 1200
        again = adjusted_rand_score(half, groups(table, 2))
        t.wrong_if(
            "scale_by_quartiles",
            again < 0.5 and adjusted_rand_score(few, found["kmeans"]) > 0.99,
            "Your k-means separates a few rows that are far away, where z-scores show two halves. "
            "`RobustScaler` divides by the distance of the quartiles, which does not see these rows. "
            "Divide by the standard deviation: `StandardScaler`.",
        )
        for method, (_, truth) in cases.items():
            t.require(
                adjusted_rand_score(truth, found[method]) > 0.99,
                f"{method!r} with scale=True does not find the groups that z-scores show. Subtract "
                "the mean of each column and divide by its standard deviation, and use the methods as "
                "they stand in the task.",
            )
        t.require(again > 0.9, "'kmeans' with scale=True does not find two halves in z-scores.")
with t.item("Half-moons: single linkage follows them, k-means cuts them", weight=2):
    for seed in t.seeds:
        moons, truth = make_moons(150, noise=0.04, random_state=seed)
        table = pd.DataFrame(moons, columns=["a", "b"])
        split = {m: groups(table, 2, method=m) for m in ("single", "kmeans", "ward")}
        found = {m: adjusted_rand_score(truth, each) for m, each in split.items()}
        t.wrong_if(
            "ignores_the_method",
            abs(found["single"] - found["kmeans"]) < 1e-9,
            "`single` and `kmeans` give the same groups for two half-moons. Use the argument "
            "`method`.",
        )
        t.wrong_if(
            "linkage_left_out",
            adjusted_rand_score(split["ward"], split["single"]) > 0.99 > found["single"],
            "`single` and `ward` give the same groups. Pass the method on, `linkage=method`: without "
            "it, `AgglomerativeClustering` always uses Ward.",
        )
        t.require(
            found["single"] > 0.99,
            f"`single` should find both half-moons, and agrees with them by {found['single']:.2f}.",
        )
        t.require(found["kmeans"] < 0.8, "`kmeans` cannot find half-moons. What did you use?")
        t.wrong_if(
            "single_for_every_hierarchy",
            found["ward"] > 0.99,
            "`ward` found the half-moons like single linkage. Pass the method on as `linkage`.",
        )
with t.item("scale=False leaves the columns as they are", weight=1):
    # Two groups in `small`; `large` is chance with a wide spread.
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 64])
        truth = np.arange(80) % 2
        table = pd.DataFrame({"small": truth + rng.normal(0, 0.05, 80)})
        table["large"] = rng.uniform(0, 50, 80)
        got = groups(table, 2, scale=False)
        t.wrong_if(
            "always_scales",
            adjusted_rand_score(truth, got) > 0.5,
            "With scale=False the small column should hardly count, but it decides. Scale only when "
            "`scale` is True.",
        )
        cut = got[np.argsort(table["large"].to_numpy())]
        # One change from group to group, or three where two customers lie at the border.
        changes = np.count_nonzero(np.diff(cut))
        t.require(changes <= 3, "scale=False should cut the column `large` in the middle.")
        for method in ("ward", "single"):
            got = groups(table, 2, method=method, scale=False)
            t.wrong_if(
                "scales_the_hierarchies",
                adjusted_rand_score(truth, got) > 0.5,
                f"{method!r} scales although `scale` is False: the small column should hardly count, "
                "but it decides. `scale` holds for all three methods.",
            )
            model = AgglomerativeClustering(n_clusters=2, linkage=method).fit(table)
            t.require(
                adjusted_rand_score(model.labels_, got) > 0.99,
                f"{method!r} with scale=False should give the groups of `AgglomerativeClustering` with "
                f"linkage={method!r} for the columns as they are.",
            )
with t.item("Equal calls give equal groups", weight=1):
    table, _ = data.segments(150, seed=30)
    t.same_every_time(segment, table, 7)
### BEGIN HIDDEN TESTS
with t.item("Other numbers of groups, and rows in another order", weight=1):
    table, truth = data.segments(200, seed=40)
    t.require(
        adjusted_rand_score(truth, groups(table, 4, method="ward")) > 0.9,
        "'ward' does not find four planted segments. Is each column scaled by itself?",
    )
    for k in (2, 5):
        groups(table, k, method="kmeans")
        groups(table, k, method="single")
    two = pd.DataFrame({"income": [20, 80, 21, 82], "products": [1, 5, 1, 5]}, index=[9, 9, 4, 1])
    got = groups(two, 2)
    t.require(
        got[0] == got[2] != got[1] == got[3],
        f"Two poor and two rich customers, in turn: the first and the third belong together, and you "
        f"returned {got.tolist()}.",
    )
### END HIDDEN TESTS

# %% [markdown]
# On the left the **dendrogram** of Ward: from bottom to top, groups are merged, and the height of a
# bridge says how much compactness the merge costs. On the right your four groups of k-means.

# %% needs="segment"
scaled_customers = StandardScaler().fit_transform(customers)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
tree = linkage(scaled_customers, "ward")
dendrogram(tree, truncate_mode="lastp", p=20, no_labels=True, ax=left, color_threshold=0)
left.set(ylabel="cost of a merge", title="Ward (dashed: cut into four)")
left.axhline(20, color="C1", linestyle="--")
for number, marker in zip(range(4), "os^D"):
    chosen_rows = segment(customers, 4) == number
    right.plot(
        customers["income_keur"][chosen_rows],
        customers["balance_keur"][chosen_rows],
        marker,
        alpha=0.4,
        label=f"group {number}",
    )
right.set(xlabel="income (EUR 1,000)", ylabel="balance (EUR 1,000)", title="k-means, scaled")
right.legend(fontsize=9)
figures.show(
    fig,
    alt="Left: a dendrogram with four long branches below a dashed line. Right: customers by income "
    "and balance in four groups with different markers; two of them overlap in this view.",
)

# %% [markdown]
# Two groups overlap in this picture because they differ in the third column, the number of
# products. How well do the groups agree with the planted segments, and what does scaling change?
# The index below is 1 for the same groups and 0 for chance.

# %% needs="segment"
from sklearn.metrics import adjusted_rand_score as agreement

moon_points, moon_truth = make_moons(300, noise=0.05, random_state=0)
moons_table = pd.DataFrame(moon_points, columns=["a", "b"])
rows = {}
for method in ("kmeans", "ward", "single"):
    rows[method] = {
        "customers, scaled": agreement(true_segment, segment(customers, 4, method)),
        "customers, not scaled": agreement(true_segment, segment(customers, 4, method, False)),
        "half-moons": agreement(moon_truth, segment(moons_table, 2, method)),
    }
pd.DataFrame(rows).T.round(2)

# %% [markdown]
# Without scaling every method cuts the customers by income, and misses most of what was planted. No
# method is best everywhere: single linkage is the only one that finds the half-moons, and it fails
# on the customers. One customer between two groups is enough to build a bridge between them.

# %% [markdown]
# ## How many groups, and who is in them?
#
# Here the number four was given. Usually nobody knows it. The *inertia* of k-means, the sum of the
# squared distances to the centres, does not help: it falls with every further group, until every
# customer is a segment of one.
#
# > **silhouette**: for one row, how much nearer it is to the rows of its own group than to those of
# > the nearest other group, from -1 (wrong group) to 1 (far from all others); the mean over all rows
# > judges a clustering.
#
# `silhouette_score(values, labels)` computes the mean. It is a distance again.
#
# **Your task.** Write two functions.
#
# - `choose_k(df, partitions)`: `partitions` is a dictionary, *k* → array with the group of each row
#   of `df`, for several *k*. Return the *k* with the largest mean silhouette. Judge the groups as
#   they are given, and do not cluster again. Distances are measured on z-scores of the columns.
# - `profile_segments(df, labels)`: `labels` is an array with the group of each row. Return a
#   DataFrame with one row for each group, whose index is the number of the group. The columns are
#   `size` (number of rows), and for each column of `df` its **median** in the group, in the original
#   unit: nobody at the marketing desk can read z-scores.
#
# For example, for the incomes 20, 22, 30 and 80 and the labels 0, 0, 0, 1 the profile has the rows
# 0 (`size` 3, `income` 22) and 1 (`size` 1, `income` 80).


# %% exercise="choose_k" objective="W.6.3"
def choose_k(df: pd.DataFrame, partitions: dict) -> int:
    """Return the number of groups with the largest mean silhouette."""
    ### BEGIN SOLUTION
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)
    ### END SOLUTION


def profile_segments(df: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Return the size and the medians of each group, in original units."""
    ### BEGIN SOLUTION
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size())
    ### END SOLUTION


# %% check="choose_k" title="A number of groups, and their portraits" points=2 transport="plain"
t.hints(
    "One silhouette for each entry of `partitions`: a dictionary again.",
    "`silhouette_score(StandardScaler().fit_transform(df), labels)`; `max(widths, key=widths.get)` "
    "gives the key of the largest value.",
    "`df.groupby(labels)` accepts an array. It has `median()` and `size()`.",
)


def with_partitions(seed, kept=(0, 1, 2, 3)):
    """Customers of some segments, and partitions in which the truth is not the finest one."""
    rng = np.random.default_rng([seed, 65])
    table, truth = data.segments(300, seed=seed + 50)
    rows = np.isin(truth, kept)
    table, truth = table[rows].reset_index(drop=True), truth[rows]
    truth = np.unique(truth, return_inverse=True)[1]
    k = len(kept)
    merged = np.where(truth == k - 1, 0, truth)
    halves = truth + k * (
        table["balance_keur"] > table["balance_keur"].groupby(truth).transform("median")
    )
    split = np.where(truth == 0, k + rng.integers(0, 2, len(truth)), truth)
    partitions = {
        k + 1: np.unique(split, return_inverse=True)[1],
        2 * k: np.unique(halves, return_inverse=True)[1],
        k: truth,
        k - 1: np.unique(merged, return_inverse=True)[1],
    }
    if k > 3:
        partitions[2] = (table["income_keur"] > 59).to_numpy().astype(int)
    return table, partitions


with t.item("The largest mean silhouette wins", weight=3):
    table, partitions = with_partitions(3)
    rng = np.random.default_rng(68)
    # The silhouettes are about 0.6, below 0, and 0.3.
    got = t.call(choose_k, table, {4: partitions[4], 3: rng.integers(0, 3, 300), 8: partitions[8]})
    t.wrong_if(
        "smallest_silhouette",
        got == 3,
        "You chose the partition with the smallest mean silhouette, which is below 0: its groups were "
        "drawn by lot. The larger the silhouette, the better.",
    )
    for seed in t.seeds:
        for kept in ((0, 1, 2, 3), (0, 1, 2)):
            table, partitions = with_partitions(seed, kept)
            got = t.call(choose_k, table, partitions)
            k = len(kept)
            t.wrong_if(
                "smallest_inertia",
                got == 2 * k,
                f"You chose the finest partition, {got} groups. More groups always lie closer "
                "together. The silhouette also asks how far away the next group is.",
            )
            t.wrong_if(
                "silhouette_without_scaling",
                k > 3 and got == 2,
                "You chose 2 groups: rich and others. Without scaling only income counts. Compute "
                "the distances on z-scores.",
            )
            t.wrong_if(
                "position_instead_of_k",
                got not in partitions,
                f"{got} is none of the keys {sorted(partitions)}. Return the number of groups.",
            )
            t.equal(got, k, what="number of groups")
with t.item("The given groups are judged, on z-scores", weight=1):
    for seed in t.seeds:
        table, partitions = with_partitions(seed)
        rng = np.random.default_rng([seed, 69])
        by_lot = {4: rng.permutation(partitions[4]), 8: rng.permutation(partitions[8])}
        got = t.call(choose_k, table, {**by_lot, 3: partitions[3]})
        t.wrong_if(
            "smallest_silhouette",
            got == 8,
            "The eight groups were drawn by lot, so their silhouette is below 0, and you chose them. "
            "Take the largest silhouette.",
        )
        t.wrong_if(
            "clusters_again",
            got == 4,
            "The four groups were drawn by lot, and you chose them: did you cluster the customers "
            "again? Compute the silhouette of the groups that stand in `partitions`.",
        )
        t.equal(got, 3, what="number of groups")
        # Eight of 160 rows are far away in `rare`; two halves lie a small gap apart.
        rng = np.random.default_rng([seed, 70])
        half, few = (
            np.arange(160) % 2,
            np.isin(np.arange(160), rng.permutation(160)[:8]).astype(int),
        )
        table = pd.DataFrame({"halves": 55.0 * half + rng.uniform(0, 45, 160)})
        table["rare"] = 8.0 * few + rng.normal(0, 0.2, 160)
        got = t.call(choose_k, table, {4: half + 2 * few, 2: few})
        t.wrong_if(
            "another_scale",
            got == 4,
            "You chose 4 groups. On z-scores, 2 groups have the larger silhouette; with the columns "
            "as they came, or with min-max scaling, 4 groups have it. Bring each column to mean 0 and "
            "standard deviation 1: `StandardScaler`.",
        )
        t.equal(got, 2, what="number of groups")
with t.item("Each group has its size and its medians, in the original unit", weight=3):
    example = pd.DataFrame({"income": [20, 22, 30, 80]})
    got = t.call(profile_segments, example, np.array([0, 0, 0, 1]))
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.wrong_if(
        "groups_as_columns",
        "size" in got.index,
        "Groups should be the rows: turn the table with `.T`.",
    )
    t.wrong_if(
        "groups_not_in_the_index",
        len(set(got.columns) - {"size", "income"}) == 1 and {"size", "income"} <= set(got.columns),
        "There is one column too many. The number of the group belongs in the index, not in a column: "
        "leave out `reset_index()`, or use `set_index`.",
    )
    t.equal(set(got.columns), {"size", "income"}, what="columns")
    t.wrong_if(
        "means_instead_of_medians",
        np.isclose(got["income"].iloc[0], 24),
        "24 is the mean of 20, 22 and 30. One rich customer moves a mean; the median, 22, says what "
        "is typical.",
    )
    t.wrong_if(
        "portrait_in_z_scores",
        abs(got["income"]).max() < 5,
        "The medians are z-scores. Nobody writes a letter to 'income 0.7': use the columns as they "
        "came.",
    )
    t.wrong_if(
        "share_instead_of_size",
        got["size"].max() <= 1,
        "`size` is a number of customers, not a share.",
    )
    t.equal(got.sort_index()["income"].tolist(), [22, 80], what="median income")
    for seed in t.seeds:
        table, truth = data.segments(120, seed=seed + 70)
        table = table.sample(frac=1, random_state=seed)
        names = truth * 10 + 5
        got = t.call(profile_segments, table, names)
        t.wrong_if(
            "labels_matched_by_index",
            sorted(got["size"]) == sorted(np.bincount(truth))
            and not np.allclose(
                got.sort_index()["products"],
                [np.median(table["products"].to_numpy()[truth == g]) for g in range(4)],
            ),
            "The labels belong to the rows in their order, not to index labels. Group by the array "
            "itself.",
        )
        t.wrong_if(
            "index_counted_anew",
            sorted(got.index) == [0, 1, 2, 3],
            "The groups have the numbers 5, 15, 25 and 35, and your index counts 0, 1, 2, 3. Keep "
            "the numbers of `labels` as index; do not reset it.",
        )
        t.equal(sorted(got.index), [5, 15, 25, 35], what="index")
        for g in range(4):
            expected = table[truth == g].median().to_dict() | {"size": np.sum(truth == g)}
            t.equal(got.loc[g * 10 + 5].to_dict(), expected, what=f"group {g * 10 + 5}")
### BEGIN HIDDEN TESTS
with t.item("Two candidates only, and a single group in a profile", weight=1):
    table, partitions = with_partitions(90)
    t.gives(4, choose_k, table, {k: partitions[k] for k in (5, 4)})
    t.gives(3, choose_k, table, {k: partitions[k] for k in (8, 3)})
    got = t.call(profile_segments, table, np.zeros(len(table), dtype=int))
    t.equal(got.loc[0, "size"], len(table), what="size of the only group")
### END HIDDEN TESTS

# %% [markdown]
# For two to seven groups, with your `segment`: the inertia and the silhouette. Below, the portraits
# of the chosen groups.

# %% needs="segment, choose_k"
found_groups = {k: segment(customers, k) for k in range(2, 8)}
inertia = [
    KMeans(k, n_init=10, random_state=0).fit(scaled_customers).inertia_ for k in found_groups
]
widths = [silhouette_score(scaled_customers, each) for each in found_groups.values()]
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
left.plot(list(found_groups), inertia, "o-")
left.set(xlabel="number of groups", ylabel="inertia", title="always falls")
right.plot(list(found_groups), widths, "o-")
right.set(xlabel="number of groups", ylabel="mean silhouette", title="has a peak")
figures.show(
    fig,
    alt="Left: the inertia falls from 1,030 with two groups to 170 with seven. Right: the mean "
    "silhouette rises from 0.46 to a peak of 0.62 at four groups and falls again.",
)
best_k = choose_k(customers, found_groups)
profile_segments(customers, found_groups[best_k]).round(1)

# %% [markdown]
# Four groups, as planted. The portraits can be given names: few products, many products, high balance,
# high income. Names are the work of people, and so is the question whether different letters for
# different groups are fair: unit 05 comes back to it. And a caution: clustering **always** finds
# groups, also in pure chance. A low peak of the silhouette is the warning.

# %% [markdown]
# ## What a score does not say
#
# Back to the classifiers. When an applicant waits at the desk, the answer must be there at once. And
# when an application is refused, somebody must explain it. So three columns count: the score, the
# time for one prediction, and the number of learned parameters, as a rough measure of what a person
# would have to read.
#
# The table was recorded once, on one computer, for the tissue samples: ten folds, and the fastest of
# seven timings of one prediction. Your computer gives other times. A parameter is a coefficient, a
# node of a tree, or a number that is kept from training.

# %%
recorded = pd.DataFrame(
    [
        ("majority", 0.627, 0.01, 1),
        ("tree, depth 2", 0.921, 0.08, 7),
        ("tree", 0.935, 0.08, 43),
        ("logistic", 0.979, 0.24, 31),
        ("neighbours", 0.968, 0.81, 17_070),
        ("SVM", 0.981, 0.24, 3_689),
        ("forest of 10", 0.951, 0.60, 464),
        ("forest of 100", 0.960, 4.99, 4_294),
        ("boosting", 0.961, 0.20, 1_460),
    ],
    columns=["name", "score", "latency_ms", "n_params"],
)
recorded

# %% [markdown]
# Which of them may we forget? One model **dominates** another if it is at least as good in all three
# columns and better in at least one: a score at least as high, a latency at most as long, and at
# most as many parameters. Nobody needs a dominated model. What remains is called the **Pareto
# frontier**. Between its models there is no better or worse, only a decision about what counts.
#
# **Your task.** Write two functions. `table` has the columns of `recorded`; every name occurs once.
#
# - `pareto(table)` returns the list of the names that no other row dominates, in the order of the
#   table. Rows that are equal in all three columns do not dominate each other.
# - `constrained_pick(table, max_latency_ms, max_params)` returns the name with the highest score
#   among the rows with a latency of **at most** `max_latency_ms` and **at most** `max_params`
#   parameters. Among equal scores the lower latency wins. If no row keeps both limits, return
#   `None`.
#
# For example, with A (score 0.9, 5 ms, 100 parameters), B (0.8, 1 ms, 10) and C (0.8, 2 ms, 10):
# B dominates C; A and B are the frontier. With at most 2 ms and 50 parameters the pick is B, with at
# most 0.5 ms it is `None`.


# %% exercise="pareto" objective="W.6.4"
def pareto(table: pd.DataFrame) -> list[str]:
    """Return the names of the models that no other model dominates."""
    ### BEGIN SOLUTION
    values = table[["score", "latency_ms", "n_params"]].to_numpy(float) * [-1, 1, 1]
    no_worse = (values[:, None] <= values[None]).all(axis=2)  # row i is no worse than row j
    better = (values[:, None] < values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()
    ### END SOLUTION


def constrained_pick(table: pd.DataFrame, max_latency_ms: float, max_params: float) -> str | None:
    """Return the best model within both limits, or None."""
    ### BEGIN SOLUTION
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]
    ### END SOLUTION


# %% check="pareto" title="Only dominated models are forgotten" points=2 transport="plain"
t.hints(
    "For one row, look for any other row that is no worse in all three columns and better in one.",
    "Two loops over the rows are fine: `no_worse = a.score >= b.score and a.latency_ms <= "
    "b.latency_ms and a.n_params <= b.n_params`.",
    "For the pick: filter with both limits, sort by score (falling) and latency (rising), take the "
    "first row; return `None` when nothing is left.",
)


def models_table(rows, index=None):
    """Make a table of rows (name, score, latency_ms, n_params)."""
    columns = ["name", "score", "latency_ms", "n_params"]
    return pd.DataFrame(rows, columns=columns, index=index)


def random_models(seed, n=14):
    """Models with few different values, so that ties are frequent."""
    rng = np.random.default_rng([seed, 66])
    score = rng.integers(6, 12, n) / 12
    latency, size = rng.integers(1, 6, n) * 0.5, rng.integers(1, 6, n) * 10
    return models_table([(f"m{i}", score[i], latency[i], int(size[i])) for i in range(n)])


def frontier(table):
    """Compare every row with every other one."""
    rows = list(table.itertuples(index=False))
    return [
        b.name
        for b in rows
        if not any(
            (a.score, -a.latency_ms, -a.n_params) != (b.score, -b.latency_ms, -b.n_params)
            and min(a.score - b.score, b.latency_ms - a.latency_ms, b.n_params - a.n_params) >= 0
            for a in rows
        )
    ]


def on_frontier_of(table):
    """Call the answer and require a list of names."""
    got = t.call(pareto, table)
    t.wrong_if(
        "table_instead_of_names",
        isinstance(got, pd.DataFrame),
        "You returned a table. Return the list of the names in it: `table['name'].tolist()`.",
    )
    t.wrong_if(
        "names_without_order",
        isinstance(got, set | frozenset | dict),
        "A set has no order. Return a list with the names in the order of the table.",
    )
    t.require(
        isinstance(got, list | tuple | pd.Series | pd.Index | np.ndarray),
        f"Return a list of names, not a {type(got).__name__}.",
    )
    return list(got)


def picked_name(table, *limits):
    """Call the answer and require one name, or None."""
    got = t.call(constrained_pick, table, *limits, none_is_fine=True)
    t.wrong_if(
        "row_instead_of_name",
        isinstance(got, pd.Series | pd.DataFrame | np.ndarray | list | tuple | dict),
        "Return the name alone, a text: you returned more than that, such as a row, a column or a "
        "list. Take the value of the column `name` in the first row, `fits['name'].iloc[0]`.",
    )
    t.require(got is None or isinstance(got, str), f"Return a name or None, not {got!r}.")
    return got


with t.item("Dominated models go, all others stay", weight=3):
    table = models_table(
        [
            ("A", 0.90, 5.0, 100),
            ("B", 0.80, 1.0, 10),
            ("C", 0.80, 2.0, 10),
            ("D", 0.81, 4.5, 99),
            ("E", 0.70, 6.0, 200),
        ]
    )
    tables = [table] + [random_models(seed) for seed in (*t.seeds, 102, 103, 104)]
    found = [on_frontier_of(each) for each in tables]

    def always(other):
        """Tell whether another rule explains all answers, in any order."""
        return all(set(names) == set(other(each)) for names, each in zip(found, tables))

    t.wrong_if(
        "forgets_a_column",
        always(lambda each: frontier(each.assign(n_params=0))),
        "Your frontier looks at score and latency only. A model with few parameters can stay "
        "although another one is faster and better.",
    )
    t.wrong_if(
        "forgets_the_latency",
        always(lambda each: frontier(each.assign(latency_ms=0))),
        "Your frontier looks at score and parameters only. C stayed, although B has the same score "
        "and size and is faster. Compare `latency_ms` too.",
    )
    t.wrong_if(
        "forgets_the_score",
        always(lambda each: frontier(each.assign(score=0))),
        "Your frontier looks at latency and parameters only, so A is gone, although it has the "
        "highest score. Compare `score` too.",
    )
    t.wrong_if(
        "order_of_the_table_lost",
        always(frontier) and any(a != frontier(b) for a, b in zip(found, tables)),
        "The right models stayed, in another order. Return the names in the order of the table, even "
        "if you sort it on the way.",
    )
    got = found[0]
    t.wrong_if(
        "latency_upside_down",
        "E" in got,
        "E is worse than A in everything, slower and larger too, and it stayed. A lower latency and "
        "fewer parameters are better.",
    )
    t.wrong_if(
        "strictly_better_in_everything",
        "C" in got,
        "C stayed, although B has the same score and size and is faster. To dominate, it is enough "
        "to be no worse in all columns and better in one.",
    )
    t.wrong_if(
        "weighted_sum",
        "D" not in got,
        "D is gone: nobody dominates it, for A is slower and larger, and B has a lower score. A sum "
        "of the columns throws such a model away. Compare row with row.",
    )
    t.equal(got, ["A", "B", "D"], what="frontier")
    for names, each in zip(found, tables):
        t.equal(names, frontier(each), what="frontier")
with t.item("Equal models stay together", weight=1):
    twins = models_table([("X", 0.9, 1.0, 10), ("Y", 0.9, 1.0, 10), ("Z", 0.5, 2.0, 10)])
    got = on_frontier_of(twins)
    t.wrong_if(
        "equal_rows_remove_each_other",
        got in ([], ["X"], ["Y"]),
        "X and Y are equal in all columns, and one of them or both have gone. Neither is better in "
        "anything, so both stay.",
    )
    t.equal(got, ["X", "Y"], what="frontier")
with t.item("The pick keeps both limits", weight=3):
    table = models_table(
        [("A", 0.9, 5.0, 100), ("C", 0.8, 2.0, 5), ("B", 0.8, 1.0, 10), ("D", 0.95, 1.5, 900)]
    )
    got = picked_name(table, 2.0, 50)
    t.wrong_if(
        "limits_swapped",
        got is None,
        "B answers in 1 ms and has 10 parameters. The limits are 2 ms and 50 parameters, and you "
        "returned None. Compare `latency_ms` with `max_latency_ms`, and `n_params` with `max_params`.",
    )
    t.wrong_if(
        "forgets_a_limit",
        got in ("D", "A"),
        f"{got} breaks a limit: at most 2 ms and at most 50 parameters were asked for.",
    )
    t.wrong_if(
        "tie_not_decided_by_latency",
        got == "C",
        "B and C have the same score. B answers in 1 ms, C in 2 ms, and you picked C: among equal "
        "scores the lower latency wins.",
    )
    t.equal(got, "B", what="pick for 2 ms and 50 parameters")
    t.wrong_if(
        "score_does_not_decide",
        picked_name(table, 6.0, 200) in ("B", "C"),
        "With at most 6 ms and 200 parameters A has the highest score, and you picked another one. "
        "The limits say who may take part; among these the score decides, and latency only between "
        "equal scores.",
    )
    got = picked_name(table, 5.0, 100)
    t.wrong_if(
        "limits_are_left_out",
        got != "A",
        "A has exactly 5 ms and exactly 100 parameters. *At most* includes the limit: use `<=`.",
    )
    t.equal(picked_name(table, 5.0, 1000), "D", what="pick for 5 ms and 1,000")
    got = picked_name(table, 0.5, 50)
    t.wrong_if(
        "picks_although_nothing_fits",
        got is not None,
        f"No model answers within 0.5 ms, and you returned {got!r}. Return `None`, so that the "
        "reader knows.",
    )
### BEGIN HIDDEN TESTS
with t.item("Random tables, odd labels, and one row", weight=2):
    for seed in t.seeds:
        table = random_models(seed + 30, n=20).set_index(np.arange(20)[::-1])
        t.equal(on_frontier_of(table), frontier(table), what="frontier")
        for latency, size in ((1.0, 20), (2.5, 50), (0.5, 10), (1.5, 40)):
            best_row, name = (-1, 0), None
            for row in table.itertuples(index=False):
                fits = row.latency_ms <= latency and row.n_params <= size
                if fits and (row.score, -row.latency_ms) > best_row:
                    best_row, name = (row.score, -row.latency_ms), row.name
            got = picked_name(table, latency, size)
            if name is None:
                t.equal(got, None, what="pick")
                continue
            t.require(
                got is not None,
                f"You returned None, but {name} keeps both limits, {latency} ms and {size} parameters.",
            )
            row = table[table["name"] == got]
            t.require(len(row) == 1, f"{got!r} is no name of the table.")
            t.equal(row["score"].iloc[0], best_row[0], what="score of the pick")
            t.equal(row["latency_ms"].iloc[0], -best_row[1], what="latency of the pick")
    t.equal(on_frontier_of(models_table([("only", 0.1, 9.0, 9)])), ["only"], what="one row")
### END HIDDEN TESTS

# %% [markdown]
# The frontier of the recorded table. `majority` lies far below the picture: fast, small and useless.

# %% needs="pareto"
on_frontier = recorded["name"].isin(pareto(recorded))
fig, ax = plt.subplots(figsize=(8, 4))
for chosen_rows, marker, label in (
    (on_frontier, "o", "frontier"),
    (~on_frontier, "X", "dominated"),
):
    part = recorded[chosen_rows]
    ax.plot(part["latency_ms"], part["score"], marker, markersize=9, label=label)
places = {"logistic": (-8, -12), "boosting": (8, -14), "forest of 100": (-30, 12)}
for row in recorded.iloc[1:].itertuples():
    where = {"textcoords": "offset points", "fontsize": 9}
    shift = places.get(row.name, (8, 6))
    where["ha"] = "right" if row.name == "logistic" else "left"
    ax.annotate(f"{row.name}: {row.n_params:,}", (row.latency_ms, row.score), shift, **where)
ax.set(xscale="log", xlabel="milliseconds for one prediction", ylabel="accuracy")
ax.set(xlim=(0.05, 10), ylim=(0.91, 1.0), title="each with its number of parameters")
ax.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
ax.legend(loc="lower right")
figures.show(
    fig,
    alt="Accuracy against latency on a logarithmic axis. On the frontier: both trees, boosting, "
    "logistic and SVM, from fast to accurate. Dominated: neighbours and both forests.",
)

# %% [markdown]
# And what to take under four pairs of limits:

# %% needs="pareto"
for limits in ((1.0, 100), (1.0, 10_000), (0.1, 100), (0.005, 100)):
    choice = constrained_pick(recorded, *limits)
    print("at most", limits[0], "ms and", limits[1], "parameters:", choice)

# %% [markdown]
# Logistic regression dominates both forests and the neighbours: better, faster and smaller at once.
# The SVM is better by 0.002, which you know to be luck, and needs more than a hundred times as many
# numbers. With at most 0.1 ms only the trees are left. The score alone would have told none of this.

# %% [markdown]
# ## Recap
#
# - Compare on **identical** folds, and look at the **paired** differences. A mean without its
#   uncertainty decides nothing.
# - The **one-standard-error rule** takes the simplest candidate that is not clearly worse.
# - The training error always prefers the most flexible model. Choose by held-out rows, or punish
#   large coefficients.
# - Clustering depends on distances, so on units. The **silhouette** helps with the number of groups;
#   their names and their use are for people to decide.
# - Score, speed and size are three different things. Forget what is dominated; decide about the
#   rest.
#
# Two questions to recall, without looking back:
#
# 1. From `01_first_models`: two forests were trained with the same code on the same split and have
#    accuracies of 0.967 and 0.978. What is the first explanation to think of?
# 2. From `02_scale_encode`: why does scaling change k-means and the SVM, but not a tree?
#
# <details><summary>Answers</summary>
#
# 1. The seed of the forest. Between ten seeds the accuracy moved from 0.964 to 0.978, so the
#    difference may be luck.
# 2. k-means and the SVM compute distances over all columns, so the column with the largest spread
#    counts most. A tree asks one column at a time whether a value is above a limit; scaling moves
#    value and limit together.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide,
#   [Cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html): which splitter
#   is for which kind of data.
# - scikit-learn user guide, [Clustering](https://scikit-learn.org/stable/modules/clustering.html): the
#   picture at the top shows ten methods on six shapes, half-moons among them.
# - scikit-learn example, [Underfitting vs.
#   overfitting](https://scikit-learn.org/stable/auto_examples/model_selection/plot_underfitting_overfitting.html):
#   your degree slider in three pictures.
# - C. Nadeau and Y. Bengio (2003), *Inference for the Generalization Error*, Machine Learning 52: why
#   the standard error of cross-validation is too small, and a correction.
# - T. Hastie, R. Tibshirani and J. Friedman (2009), *The Elements of Statistical Learning*, 2nd
#   edition: in the chapter on model assessment, the page on the one-standard-error rule.
