# %% [markdown]
# ## The story
#
# The search of the last notebook ended with a winner and a number: accuracy 0.98. The head of the
# scan room asks three questions. Which of the two settings mattered? How much of the number is luck?
# And how far off could it be on the forms of next month?
#
# All three can be answered with what we have: the record of all trials, and the scores of the
# folds. In this notebook you write the answers as functions, and you end with three
# sentences for a person who wants a single number.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import stats
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    RepeatedKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# `artifacts.get` reads the record that `04_tune` stored: 60 random trials and 25 of TPE. If you have
# none of your own, it takes the reference of the course. Here we use the random trials, because they
# cover the whole space evenly.

# %%
trials = artifacts.get("search_trials")
random_trials = trials[trials["search"] == "random"]
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
for ax, name in ((left, "C"), (right, "gamma")):
    ax.scatter(random_trials[name], random_trials["score"])
    r = np.corrcoef(np.log10(random_trials[name]), random_trials["score"])[0, 1]
    ax.set(xscale="log", xlabel=name, title=f"squared correlation {r**2:.2f}")
left.set_ylabel("mean accuracy")
figures.show(
    fig,
    alt="Accuracy of 60 random trials. Against C the points are a cloud, squared correlation 0.02. "
    "Against gamma they follow an arch, low at both ends and high between, squared correlation 0.03.",
)

# %% [markdown]
# ## Which hyperparameter mattered?
#
# Look at the pictures first. Whoever knows `gamma` nearly knows the accuracy. Whoever knows `C` knows
# little. But the correlation says that neither matters: its square, the share of the variation that
# it explains, is close to 0 in both pictures. A correlation measures how well a **straight line**
# fits, and an arch is not a line.
#
# A better measure asks no line. Put the trials into bins by one hyperparameter. In each bin take the
# mean score. How much of all the variation of the scores is variation between these means?
#
# $$\eta^2 = \frac{\sum_i (\text{mean of the bin of trial } i - \text{mean of all})^2}
# {\sum_i (\text{score of trial } i - \text{mean of all})^2}$$
#
# (Both sums go over all trials.) $\eta^2$ ("eta squared") is 0 when all bins have the same mean, and
# 1 when the bin alone tells the score.
#
# **Your task.** Write `sensitivity(trials, score, params, bins=5)`. It returns a Series: $\eta^2$ of
# every hyperparameter in `params`, in their order, with their names as the index.
#
# - `trials` is a DataFrame with one row per trial, `score` the name of the column of scores, `params`
#   a list of names of columns. A trial that failed has no score (`NaN`): leave it out. Other
#   columns do not count, and may have gaps.
# - A hyperparameter holds either numbers or texts, without gaps. Each different **text** is a bin.
# - **Numbers** get `bins` bins of equal width, from their smallest to their largest value, as
#   `pd.cut(values, bins, labels=False)` makes them. If all values are above 0 and the largest is more
#   than 100 times the smallest, take the logarithm of the values first.
# - If a hyperparameter has only one different value, or all scores are the same, the result is 0.
#
# For example, with two texts:
#
# | kernel | linear | linear | rbf | rbf |
# |---|---|---|---|---|
# | score | 0.6 | 0.8 | 0.8 | 1.0 |
#
# The means are 0.7 and 0.9, the mean of all is 0.8. The upper sum is 4 · 0.1² = 0.04, the lower one
# 0.2² + 0 + 0 + 0.2² = 0.08. So $\eta^2$ = 0.5.


# %% exercise="sensitivity" objective="W.6.7"
def sensitivity(trials: pd.DataFrame, score: str, params: list[str], bins: int = 5) -> pd.Series:
    """Return the share of the variation of the score that each hyperparameter explains alone."""
    ### BEGIN SOLUTION
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    shares = {}
    for name in params:
        bin_of = known[name]
        if pd.api.types.is_numeric_dtype(bin_of):
            if bin_of.min() > 0 and bin_of.max() > 100 * bin_of.min():
                bin_of = np.log(bin_of)
            bin_of = pd.cut(bin_of, bins, labels=False)
        between = (deviation.groupby(bin_of).transform("mean") ** 2).sum()
        total = (deviation**2).sum()
        shares[name] = between / total if known[score].nunique() > 1 else 0.0
    return pd.Series(shares)
    ### END SOLUTION


# %% check="sensitivity" title="Explained variation of each hyperparameter" points=3 transport="plain"
from workshop_lib.checks import same

t.hints(
    "First drop trials without a score. Then loop over `params`: make the bins, compute one share.",
    '`scores.groupby(bin_of).transform("mean")` gives every trial the mean of its bin, so larger '
    "bins count more by themselves.",
    "The logarithm belongs only to numbers above 0 that span more than a factor of 100.",
)
CENTRES = np.array([-4, -2.8, -2, -1.2, 0])  # one value in each of five bins of equal width


def arch(noise, sizes=(4, 4, 4, 4, 4)):
    """Scores that form an arch over five sizes of gamma, and by hand how much gamma explains."""
    means = np.repeat([0.3, 0.7, 0.9, 0.7, 0.3], sizes)
    signs = np.tile([1, -1], len(means) // 2)
    scores = means + noise * signs
    total = np.sum((scores - scores.mean()) ** 2)
    frame = pd.DataFrame({"gamma": np.repeat(10.0**CENTRES, sizes), "score": scores})
    return frame.sample(frac=1, random_state=3), np.sum((means - means.mean()) ** 2) / total


def share_of(bin_of, scores):
    """Eta squared of bins that are known."""
    deviation = scores - scores.mean()
    return (deviation.groupby(bin_of).transform("mean") ** 2).sum() / (deviation**2).sum()


def shares(trials_, params, **options):
    """Return the shares of the answer, once it is a Series with the right names."""
    got = t.call(sensitivity, trials_, "score", params, **options)
    t.require(isinstance(got, pd.Series), f"Return a Series, not a {type(got).__name__}.")
    t.equal(list(got.index), params, what="names in the index")
    return got


with t.item("Numbers over several orders of magnitude: an arch is seen", weight=3):
    for noise in (0.05, 0.2):
        frame, expected = arch(noise)
        got = shares(frame, ["gamma"])["gamma"]
        raw = frame["score"].groupby(frame["gamma"] > 0.5).transform("mean")
        total_ = ((frame["score"] - frame["score"].mean()) ** 2).sum()
        t.wrong_if(
            "bins_on_the_ordinary_scale",
            np.isclose(got, ((raw - frame["score"].mean()) ** 2).sum() / total_),
            "gamma goes from 0.0001 to 1, and nearly all values share the first of your bins. Take "
            "the logarithm before you make bins.",
        )
        t.wrong_if(
            "unexplained_instead_of_explained",
            np.isclose(got, 1 - expected),
            "This is the share that gamma does NOT explain: the variation within the bins.",
        )
        t.wrong_if(
            "correlation_misses_the_arch",
            abs(got) < 0.05,
            f"You say that gamma explains {got:.2f}. The scores form an arch: low, high, low. A "
            "straight line, and so a correlation, does not see it. Compare the means of bins.",
        )
        t.wrong_if(
            "forgets_the_square",
            np.isclose(got, np.sqrt(expected)),
            "This is eta, not eta squared. Compare sums of SQUARES, without a root.",
        )
        t.equal(got, expected, what="share of gamma")
with t.item("Bins with many trials count more", weight=2):
    frame, expected = arch(0.1, sizes=(10, 2, 4, 2, 2))
    got = shares(frame, ["gamma"])["gamma"]
    by_count = pd.qcut(frame["gamma"], 5, labels=False, duplicates="drop")
    t.wrong_if(
        "bins_with_equal_numbers_of_trials",
        np.isclose(got, share_of(by_count, frame["score"])),
        "Your bins hold equal numbers of trials. Then very different values share a bin. Make bins "
        "of equal width, with `pd.cut`.",
    )
    means = frame.groupby("gamma")["score"].mean()
    t.wrong_if(
        "every_bin_counts_the_same",
        np.isclose(got, means.var(ddof=0) / frame["score"].var(ddof=0))
        or np.isclose(got, means.var() / frame["score"].var()),
        "You took the variance of the bin means. Then a bin with 2 trials counts as much as one "
        "with 10. Sum over trials, not over bins.",
    )
    t.equal(got, expected, what="share of gamma")
with t.item("Texts, numbers on the ordinary scale, and negative numbers", weight=2):
    frame = pd.DataFrame(
        {"kernel": ["linear", "linear", "rbf", "rbf"], "score": [0.6, 0.8, 0.8, 1.0]}
    )
    t.equal(shares(frame, ["kernel"])["kernel"], 0.5, what="worked example")
    frame = pd.DataFrame(
        {"depth": np.repeat([1, 3, 5, 7, 9], 2), "score": [5, 5, 1, 1, 6, 6, 2, 2, 9, 9]}
    )
    frame["shift"] = frame["depth"] - 5.0
    got = shares(frame, ["depth", "shift"])
    t.wrong_if(
        "logarithm_of_every_number",
        np.isclose(got["depth"], share_of(frame["depth"].replace(7, 9), frame["score"])),
        "`depth` goes from 1 to 9, less than a factor of 100. With a logarithm, 7 and 9 fall into "
        "one bin. Take it only where it is asked for.",
    )
    t.equal(got.tolist(), [1.0, 1.0], what="shares of depth and shift")
    for values, what in (([1, 15, 25, 35, 50], "50 times"), ([1, 30, 50, 70, 100], "100 times")):
        frame["width"] = np.repeat(values, 2)
        got = shares(frame, ["width"])["width"]
        logs = pd.cut(np.log(frame["width"]), 5, labels=False)
        t.wrong_if(
            "logarithm_too_soon",
            np.isclose(got, share_of(logs, frame["score"])),
            f"The largest `width` is {what} the smallest, and you took the logarithm. Take it only "
            "if the factor is MORE than 100.",
        )
        t.equal(got, 1.0, what=f"share of width, whose largest value is {what} the smallest")
    got = shares(frame, ["depth"], bins=3)["depth"]
    t.wrong_if("ignores_bins", got > 0.99, "With bins=3 you get the same as with 5. Use `bins`.")
    expected = share_of(frame["depth"].replace({3: 1, 7: 9}), frame["score"])
    t.equal(got, expected, what="share of depth with three bins")
with t.item("Failed trials, and nothing to explain", weight=1):
    frame, expected = arch(0.1)
    frame = frame.assign(solver="a")
    failed = frame.assign(score=np.nan, gamma=50.0).head(3)
    got = shares(pd.concat([frame, failed], ignore_index=True), ["gamma", "solver"])
    t.wrong_if(
        "failed_trials_move_the_bins",
        not same(got["gamma"], shares(frame, ["gamma"])["gamma"]),
        "Three trials failed, with a gamma of 50. They have no score, so they say nothing. Drop "
        "them before you make bins. Without them your result is another one.",
    )
    t.equal(got.tolist(), [expected, 0.0], what="shares of gamma and of a constant")
    noted = frame.assign(note=["slow"] * 8 + [None] * (len(frame) - 8))
    t.wrong_if(
        "drops_trials_with_another_gap",
        not same(shares(noted, ["gamma"])["gamma"], shares(frame, ["gamma"])["gamma"]),
        "A column `note` with gaps, which nobody asked for, changes your result. Leave out trials "
        "without a SCORE only: `dropna(subset=[score])`.",
    )
    got = shares(frame.assign(score=0.5), ["gamma", "solver"])
    t.wrong_if(
        "zero_divided_by_zero",
        got.isna().any(),
        "All scores are the same: 0 divided by 0 is NaN. There is nothing to explain: return 0.",
    )
    t.equal(got.tolist(), [0.0, 0.0], what="shares when all scores are the same")
### BEGIN HIDDEN TESTS
with t.item("Other trials, with the hyperparameters in the order that was asked for", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 67])
        n = 90
        frame = pd.DataFrame({"b": 10 ** rng.uniform(-5, 2, n), "a": rng.uniform(-3, 3, n)})
        frame["c"] = rng.choice(["x", "y", "z"], n)
        frame["k"] = 4
        frame["score"] = frame["a"] ** 2 + (frame["c"] == "y") + rng.normal(0, 0.3, n)
        frame.index = rng.permutation(n) + 7
        groups = {
            "c": frame["c"],
            "a": np.minimum((frame["a"] - frame["a"].min()) / np.ptp(frame["a"]) * 4 // 1, 3),
        }
        log_b = np.log(frame["b"])
        groups["b"] = np.minimum((log_b - log_b.min()) / np.ptp(log_b) * 4 // 1, 3)
        deviation = frame["score"] - frame["score"].mean()
        want = [(deviation.groupby(g).transform("mean") ** 2).sum() for g in groups.values()]
        got = shares(frame, [*groups, "k"], bins=4)
        t.equal(got.tolist(), [*(np.array(want) / (deviation**2).sum()), 0.0], what="shares")
### END HIDDEN TESTS

# %% [markdown]
# The trials of the scan room again, by both measures:

# %% needs="sensitivity"
explained = sensitivity(random_trials, "score", ["C", "gamma"])
logs = np.log10(random_trials[["C", "gamma"]])
squared = logs.corrwith(random_trials["score"]) ** 2
pd.DataFrame({"eta squared": explained, "squared correlation": squared}).round(2)

# %% [markdown]
# `gamma` alone explains more than three quarters of the variation. It is worth a finer search; `C` is
# hardly worth one. Two
# warnings. The result holds for **this** space: with `C` from 0.0001 on, `C` would matter too. And
# both measures look at one hyperparameter at a time, so they miss what only a combination does.

# %% [markdown]
# ## The price of peeking
#
# Now the luck. We ask 200 "models" to guess. Each guess is a coin. There are 100 validation rows and
# 1,000 test rows. `valid_hits[i, j]` is 1 if model `i` was right on validation row `j`, else 0.


# %%
def guesses(seed: int, n_models=200, n_valid=100, n_test=1000):
    """Return the hits of models that guess, on validation rows and on test rows."""
    rng = np.random.default_rng([seed, 71])
    return rng.integers(0, 2, (n_models, n_valid)), rng.integers(0, 2, (n_models, n_test))


valid_hits, test_hits = guesses(0)
fig, ax = plt.subplots(figsize=(6.5, 3))
ax.hist(valid_hits.mean(axis=1), bins=np.arange(0.345, 0.68, 0.02), edgecolor="white")
ax.axvline(valid_hits.mean(axis=1).max(), color="C1", linestyle="--", label="the best model")
ax.set(xlabel="accuracy on 100 validation rows", ylabel="models", title="200 models that guess")
ax.legend()
figures.show(
    fig,
    alt="Histogram of the validation accuracy of 200 guessing models: a hill around 0.5, from about "
    "0.36 to 0.64. A dashed line marks the best model at its right end.",
)

# %% [markdown]
# The best one looks as if it had learned something. Nobody in this picture has learned anything.
#
# > **optimism**: how much better the score of a chosen model looks than it is, because the same rows
# > were used to choose and to measure.
#
# **Your task.** Write two functions.
#
# `winner_optimism(valid_hits, test_hits)` takes two arrays of 0 and 1 with one row per model. Choose
# the model with the largest accuracy on the **validation** rows; if several have it, the first of
# them. Return a dictionary:
#
# - `"valid_best"`: its accuracy on the validation rows,
# - `"test_of_best"`: the accuracy of **the same** model on the test rows,
# - `"optimism"`: the first minus the second.
#
# `expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0)`: if `n_models` models are all right
# with probability `p`, independently on each of `n_valid` rows, how large is the **best** of their
# accuracies on average? Simulate it: `rng.binomial(n_valid, p, size)` draws numbers of hits. Draw
# `n_sim` times `n_models` numbers, take the largest accuracy each time, and return the mean of the
# `n_sim` maxima. The result should differ from the exact value by chance only; an exact
# computation is welcome, too.
#
# For example, with `valid_hits = [[1, 0, 1, 0], [1, 1, 1, 0]]` and `test_hits = [[1, 1], [0, 1]]`,
# the second model has the best validation accuracy, 0.75. Its test accuracy is 0.5, so the optimism
# is 0.25. That the first model is better on the test rows must not matter: whoever looks at
# them to choose has no test any more. `expected_best(1, 100)` is 0.5, up to chance.


# %% exercise="winner_optimism" objective="W.6.11"
def winner_optimism(valid_hits: np.ndarray, test_hits: np.ndarray) -> dict:
    """Return the scores of the model that is best on the validation rows, and its optimism."""
    ### BEGIN SOLUTION
    best = np.argmax(valid_hits.mean(axis=1))
    valid, test = float(valid_hits[best].mean()), float(test_hits[best].mean())
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}
    ### END SOLUTION


def expected_best(
    n_models: int, n_valid: int, p: float = 0.5, n_sim: int = 2000, seed: int = 0
) -> float:
    """Return the mean accuracy of the best of several equal models."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    hits = rng.binomial(n_valid, p, (n_sim, n_models))
    return float(hits.max(axis=1).mean() / n_valid)
    ### END SOLUTION


# %% check="winner_optimism" title="The winner is chosen once, and looks better than it is" points=1.5 transport="plain"
t.hints(
    "`valid_hits.mean(axis=1)` is the accuracy of every model; `np.argmax` gives the first place of "
    "the largest one.",
    "Use this one place in both arrays.",
    "`rng.binomial(n_valid, p, (n_sim, n_models))` is a table of hits: one row for each repetition. "
    "First `max(axis=1)`, then `mean()`.",
)
with t.item("The winner of the validation rows is measured on the test rows", weight=3):
    valid_, test_ = np.array([[1, 0, 1, 0], [1, 1, 1, 0]]), np.array([[1, 1], [0, 1]])
    got = t.call(winner_optimism, valid_, test_)
    t.equal(set(got), {"valid_best", "test_of_best", "optimism"}, what="keys")
    t.wrong_if(
        "counts_instead_of_accuracy",
        got["valid_best"] > 1,
        "You counted hits. An accuracy is the share of hits, from 0 to 1.",
    )
    t.wrong_if(
        "best_test_of_all_models",
        got["test_of_best"] == 1,
        "You took the best test accuracy of all models. That is peeking a second time, now at the "
        "test rows. Measure the model that won on the validation rows.",
    )
    t.wrong_if(
        "optimism_upside_down",
        np.isclose(got["optimism"], -0.25),
        "The optimism is -0.25. It is validation minus test: positive when the model looks better "
        "than it is.",
    )
    expected = {"valid_best": 0.75, "test_of_best": 0.5, "optimism": 0.25}
    t.equal(got, expected, what="worked example")
    lucky = np.array([[1, 0, 0, 0], [1, 1, 0, 0]]), np.array([[0, 0], [1, 1]])
    got = t.call(winner_optimism, *lucky)["optimism"]
    t.wrong_if(
        "optimism_without_a_sign",
        np.isclose(got, 0.5),
        "The winner has 0.5 on the validation rows and 1 on the test rows, and you call that an "
        "optimism of +0.5. This time it is better than it looked: -0.5. Take no absolute value.",
    )
    t.equal(got, -0.5, what="optimism of a winner with 0.5 and then 1")
    for seed in t.seeds:
        valid_, test_ = guesses(seed + 30, 40, 30, 60)
        got = t.call(winner_optimism, valid_, test_)
        t.wrong_if(
            "mean_of_all_models",
            np.isclose(got["test_of_best"], test_.mean()),
            "You took the mean test accuracy of all models. Only the winner will be used.",
        )
        winner = int(np.argmax(valid_.sum(axis=1)))
        expected = [valid_[winner].mean(), test_[winner].mean()]
        t.equal([got["valid_best"], got["test_of_best"]], expected, what="accuracies of the winner")
with t.item("Among equals the first one wins", weight=1):
    valid_ = np.array([[0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]])
    test_ = np.array([[1, 1], [0, 0], [1, 0], [1, 1]])
    got = t.call(winner_optimism, valid_, test_)
    t.wrong_if(
        "test_rows_decide_a_tie",
        got["test_of_best"] == 1,
        "Three models have the same validation accuracy, and you took the one with the best test, "
        "or the last. The test rows must not take part in the choice: take the first.",
    )
    t.equal(got["test_of_best"], 0, what="test_of_best")
with t.item("The best of many guesses, on average", weight=3):
    # Exact values, and 5 standard errors of a simulation with 2000 repetitions.
    for (n_models, n_valid, p), exact, room in (
        ((200, 100, 0.5), 0.63649, 0.0022),
        ((10, 50, 0.5), 0.60836, 0.0047),
        ((50, 40, 0.8), 0.92876, 0.0026),
    ):
        got = t.call(expected_best, n_models, n_valid, p=p)
        t.wrong_if(
            "mean_of_all_models",
            abs(got - p) < 0.01,
            f"You returned about p = {p}: the mean of all models. Take the largest of the models "
            "in each repetition, then the mean over repetitions.",
        )
        swapped = np.random.default_rng(1).binomial(n_models, p, (2000, n_valid)).max(axis=1)
        t.wrong_if(
            "models_and_rows_swapped",
            abs(got - swapped.mean() / n_models) < 0.01,
            "You drew `n_valid` models with `n_models` rows each. A model has `n_valid` rows, and "
            "the largest is taken over `n_models` models.",
        )
        t.wrong_if(
            "best_of_all_repetitions",
            got > exact + 0.04,
            f"You returned {got:.3f}, far above {exact:.3f}: the largest value of all repetitions. "
            "First the maximum over models, then the mean over repetitions.",
        )
        t.equal(got, exact, rtol=0, atol=room, what=f"expected_best{n_models, n_valid, p}")
with t.item(
    "The best of a single model is no better, and equal calls give equal results", weight=1
):
    got = t.same_every_time(expected_best, 1, 50, n_sim=2000)
    t.equal(got, 0.5, rtol=0, atol=0.008, what="expected_best(1, 50)")
### BEGIN HIDDEN TESTS
with t.item("Other numbers of models and rows", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 72])
        for _ in range(3):
            m, n, p = int(rng.integers(2, 80)), int(rng.integers(20, 200)), rng.uniform(0.2, 0.9)
            below = stats.binom.cdf(np.arange(n), n, p) ** m
            exact = (1 - below).sum() / n
            # A maximum varies no more than one value does.
            room = 5 * np.sqrt(p * (1 - p) / n / 1000)
            got = t.call(expected_best, m, n, p=p, n_sim=1000, seed=seed)
            t.equal(got, exact, rtol=0, atol=room, what=f"expected_best({m}, {n}, p={p:.2f})")
        one = (np.array([[0, 1, 1]]), np.array([[1, 0]]))
        got = t.call(winner_optimism, *one)["optimism"]
        t.equal(got, 2 / 3 - 0.5, what="optimism of a single model")
### END HIDDEN TESTS

# %% [markdown]
# How does the price grow? Move the number of validation rows, and see how many models one may compare
# before the best guesser looks good.


# %% needs="winner_optimism" tags=["nbval-ignore-output"]
def show_price(n_valid, p):
    """Draw the expected accuracy of the best of many equal models."""
    numbers = [1, 2, 5, 10, 20, 50, 100, 200]
    best = [expected_best(number, n_valid, p, n_sim=500) for number in numbers]
    fig, ax = plt.subplots(figsize=(6.5, 3))
    ax.semilogx(numbers, best, marker="o", label="best validation accuracy, expected")
    ax.axhline(p, color="0.3", linestyle=":", label="true accuracy of every model")
    ax.set(xlabel="models compared", ylabel="accuracy", title=f"{n_valid} validation rows")
    ax.set(ylim=(p - 0.02, p + 0.3))
    ax.legend(loc="upper left")
    figures.show(
        fig, alt=f"Expected best of 1 to 200 models of accuracy {p}: up to {best[-1]:.2f}."
    )


explore.sliders(show_price, n_valid=[100, 25, 50, 400, 1600], p=(0.5, 0.9, 0.1, 0.5))

# %% [markdown]
# Four times as many rows halve the optimism; ten times as many models add less and less. This is the
# price of the 85 looks at the same 500 digits:

# %% needs="winner_optimism"
print({name: round(value, 3) for name, value in winner_optimism(valid_hits, test_hits).items()})
price = expected_best(85, 500, p=0.975) - 0.975
print(f"best of 85 equal models with accuracy 0.975, on 500 rows: {price:+.3f}")
print(f"best of the 85 trials on record: {trials['score'].max():.3f}")

# %% [markdown]
# If 85 readers were all exactly as good, 0.975, and erred independently, the best of them would still
# show about 0.99. (Real trials share their errors, so their optimism is smaller.) So the difference
# between 0.982 of one search and 0.986 of another is no evidence for anything.

# %% [markdown]
# ### A score for the whole search
#
# How do we get an honest number without a new test set? By treating the search as a part of the
# training. In each **outer** fold the whole search is run on the training rows only, with **inner**
# folds of its own. The winner is then scored on the outer rows, which took no part in the search.
#
# > **nested cross-validation**: a cross-validation around a search that has its own cross-validation
# > inside. It scores the procedure "search, then train".
#
# **Your task.** Write two functions.
#
# - `nested_cv(estimator, grid, X, y, outer, inner)` returns an array with one accuracy for each outer
#   fold, in their order. `grid` is a grid for `GridSearchCV`, `outer` and `inner` are splitters with
#   fixed seeds.
# - `search_optimism(estimator, grid, X, y, outer, inner)` returns one number: the `best_score_` of an
#   ordinary grid search with the inner folds on all rows, minus the mean of `nested_cv`.
#
# For example, with 3 outer folds, 3 inner folds and 12 combinations, `nested_cv` trains
# 3 · (12 · 3 + 1) = 111 models. If the ordinary search reports 0.61 and the outer folds score 0.45,
# 0.50 and 0.55, the optimism is 0.61 − 0.50 = 0.11.


# %% exercise="nested_cv" objective="W.6.11"
def nested_cv(estimator, grid: dict, X, y, outer, inner) -> np.ndarray:
    """Return the accuracy of the search in every outer fold."""
    ### BEGIN SOLUTION
    return cross_val_score(GridSearchCV(estimator, grid, cv=inner), X, y, cv=outer)
    ### END SOLUTION


def search_optimism(estimator, grid: dict, X, y, outer, inner) -> float:
    """Return how much the best score of a search promises too much."""
    ### BEGIN SOLUTION
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return float(search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner).mean())
    ### END SOLUTION


# %% check="nested_cv" title="The search never sees the outer rows" points=1.5 transport="object"
from functools import cache
from itertools import permutations

import joblib

from workshop_lib.checks import SpyEstimator

t.hints(
    "A `GridSearchCV` is an estimator like any other: it has `fit` and `score`.",
    "What does `cross_val_score` do with the estimator that it gets? Give it the search.",
    "`search_optimism`: fit one search on all rows for `best_score_`, then subtract the mean of "
    "`nested_cv`.",
)
GRID = {"inner__n_neighbors": [1, 3, 7]}
OUTER = StratifiedKFold(3, shuffle=True, random_state=5)
INNER = KFold(2, shuffle=True, random_state=6)


def table_with_signal(seed, n=36):
    """A small table with labels that can be learned in part."""
    rng = np.random.default_rng([seed, 73])
    labels = rng.permutation(np.arange(n) % 2)
    columns = {"a": rng.normal(size=n) + labels, "b": rng.normal(size=n)}
    return pd.DataFrame(columns, index=np.arange(n) + 200), pd.Series(labels, np.arange(n) + 200)


@cache
def spied(seed):
    """Call `nested_cv` with a spy, and return its result and the sizes of all fits."""
    spy = SpyEstimator(KNeighborsClassifier())
    with joblib.parallel_config(backend="threading"):
        got = t.call(nested_cv, spy, GRID, *table_with_signal(seed), OUTER, INNER)
    return got, [len(rows) for rows in spy.fitted_rows]


def inner_mean(k, X_, y_):
    """Return the mean accuracy of k neighbours in the inner folds."""
    scores_ = []
    for rows, held_out in INNER.split(X_):
        model = KNeighborsClassifier(k).fit(X_[rows], y_[rows])
        scores_.append(model.score(X_[held_out], y_[held_out]))
    return np.mean(scores_)


with t.item("In each outer fold a search of its own", weight=3, seconds=20):
    for seed in t.seeds:
        got, sizes = spied(seed)
        t.wrong_if(
            "returns_the_mean_only",
            np.ndim(got) == 0,
            "You returned one number. Return the score of every outer fold.",
        )
        t.wrong_if(
            "inner_and_outer_swapped",
            len(got) == 2,
            "You returned 2 scores: the number of INNER folds. The outer folds are for scoring.",
        )
        t.wrong_if(
            "search_sees_the_outer_rows",
            36 in sizes,
            "A model was trained on all 36 rows, so the search has seen the rows that it is scored "
            "on later. Run the search inside each outer fold.",
        )
        t.wrong_if(
            "uses_the_outer_splitter_twice",
            16 in sizes,
            "The inner search makes three folds, as the outer one does. Its splitter is `inner`.",
        )
        t.wrong_if(
            "chooses_with_the_outer_rows",
            12 not in sizes,
            "No model was trained on the inner folds (12 rows here), so the winner was chosen with "
            "the outer rows. Choose with the inner folds of the training rows.",
        )
        t.equal(len(got), 3, what="number of scores")
        t.equal([sizes.count(12), sizes.count(24)], [18, 3], what="fits on 12 and on 24 rows")
with t.item("The scores belong to the outer rows", weight=2, seconds=20):
    for seed in (1, 2):
        X_, y_ = (part.to_numpy() for part in table_with_signal(seed))
        got, _ = spied(seed)
        possible = []
        for rows, held_out in OUTER.split(X_, y_):
            models = [KNeighborsClassifier(k).fit(X_[rows], y_[rows]) for k in (1, 3, 7)]
            possible.append([m.score(X_[held_out], y_[held_out]) for m in models])
        fits = [[np.isclose(scores_, mine).any() for scores_ in possible] for mine in got]
        t.wrong_if(
            "folds_in_another_order",
            not np.diag(fits).all()
            and any(
                all(fits[i][k] for i, k in enumerate(order)) for order in permutations(range(3))
            ),
            "These are scores of the outer folds, in another order. Return them in the order in "
            "which `outer.split(X, y)` gives the folds.",
        )
        for place in range(3):
            t.wrong_if(
                "reports_the_inner_score",
                not fits[place][place],
                f"Fold {place} has the score {got[place]:.3f}. No model of the grid has it on the "
                f"outer rows ({np.round(possible[place], 3).tolist()}). Score the winner on the outer "
                "rows; the `best_score_` of the inner search is the optimistic one.",
            )
with t.item("Optimism: best score of the search minus the nested mean", weight=2, seconds=20):
    for seed in t.seeds:
        X_, y_ = table_with_signal(seed + 50)
        knn = KNeighborsClassifier()
        grid_ = {"n_neighbors": [1, 3, 7]}
        got = t.call(search_optimism, knn, grid_, X_, y_, OUTER, INNER)
        nested = np.mean(t.call(nested_cv, knn, grid_, X_, y_, OUTER, INNER))
        best = max(inner_mean(k, X_.to_numpy(), y_.to_numpy()) for k in (1, 3, 7))
        t.wrong_if(
            "optimism_upside_down",
            np.isclose(got, nested - best) and not np.isclose(nested, best),
            "The sign is turned round: best score of the search MINUS the nested mean.",
        )
        t.equal(got, best - nested, what="optimism")
### BEGIN HIDDEN TESTS
with t.item("Equal to a search written out by hand", weight=2, seconds=20):
    for seed in t.seeds:
        X_, y_ = table_with_signal(seed + 80, 48)
        points_, classes = X_.to_numpy(), y_.to_numpy()
        expected = []
        for rows, held_out in OUTER.split(points_, classes):
            A, b = points_[rows], classes[rows]
            means = [inner_mean(k, A, b) for k in (1, 5)]
            model = KNeighborsClassifier((1, 5)[int(np.argmax(means))]).fit(A, b)
            expected.append(model.score(points_[held_out], classes[held_out]))
        args = (KNeighborsClassifier(), {"n_neighbors": [1, 5]}, X_, y_, OUTER, INNER)
        t.equal(np.asarray(t.call(nested_cv, *args)), np.array(expected), what="scores")
### END HIDDEN TESTS

# %% [markdown]
# Eight tables of pure chance, each with 60 rows and labels from a coin. A search over 12 decision
# trees, scored in the usual way and nested:


# %% needs="nested_cv"
def coin_table(seed):
    """Random columns, and labels that have nothing to do with them."""
    rng = np.random.default_rng([seed, 70])
    return rng.normal(size=(60, 6)), rng.permutation(np.arange(60) % 2)


tree = DecisionTreeClassifier(random_state=0)
tree_grid = {"max_depth": [1, 2, 4, 8], "max_features": [1, 3, 6]}
outer = StratifiedKFold(3, shuffle=True, random_state=1)
inner = StratifiedKFold(3, shuffle=True, random_state=0)
scores = {"nested": [], "best score of the search": []}
for seed in range(8):
    arguments = (tree, tree_grid, *coin_table(seed), outer, inner)
    scores["nested"].append(nested_cv(*arguments).mean())
    scores["best score of the search"].append(scores["nested"][-1] + search_optimism(*arguments))
pd.DataFrame(scores).round(2)

# %% [markdown]
# One dot for each table; the black lines are the means.

# %% needs="nested_cv"
fig, ax = plt.subplots(figsize=(6.5, 2.8))
for row, values in enumerate(scores.values()):
    ax.plot(values, np.full(8, row), "o", color=f"C{row}", alpha=0.7)
    ax.plot(np.mean(values), row, "|", color="k", markersize=30)
ax.axvline(0.5, color="0.3", linestyle=":", label="a coin")
ax.set(yticks=[0, 1], yticklabels=list(scores), ylim=(-0.6, 1.6), xlabel="accuracy")
ax.legend(loc="lower right")
figures.show(
    fig, alt="Dots of accuracy on eight coin tables. Nested: around 0.5. Best score: 0.61."
)
pd.DataFrame(scores).mean().round(2).to_frame("mean accuracy")

# %% [markdown]
# The best score of the search promises 0.61 for a coin. The nested score says 0.50. It costs three
# times as many trainings. And the slide sentence "split 80/20, and tune on the 20" describes exactly
# the optimistic number: whatever you tune on is a validation set, whatever you call it.

# %% [markdown]
# ## How sure is a mean of folds?
#
# Even an honest score is measured on few rows. Before we ask how sure it is, we build folds
# ourselves, because a detail can spoil everything:

# %%
flowers, species = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=500)
print("3 folds, not shuffled:", cross_val_score(model, flowers, species, cv=KFold(3)))
print("species, every tenth row:", species[::10])

# %% [markdown]
# Three scores of zero, with a model that can tell the species apart. The rows are sorted by species.
# Each of the three folds is one species, and the model is asked about a species that it has
# never seen. Tables are sorted more often than one thinks: by date, by branch, by outcome.
#
# **Your task.** Write `kfold_indices(n, k, seed)` with NumPy alone, without scikit-learn. It
# returns a list of `k` pairs `(train, test)` of arrays of positions 0 to n − 1.
#
# - Each position is in the test part of exactly one fold. The sizes of the test parts differ by at
#   most 1.
# - The train part of a fold holds all other positions. The order within a part does not matter.
# - The positions are shuffled: which of them share a fold is decided by `seed`, and by nothing else.
# - 2 ≤ `k` ≤ `n`.
#
# For example, `kfold_indices(5, 2, seed=0)` can return
# `[([1, 3], [0, 2, 4]), ([0, 2, 4], [1, 3])]`: test parts of 3 and 2 positions.


# %% exercise="kfold_indices" objective="W.6.12"
def kfold_indices(n: int, k: int, seed: int = 0) -> list[tuple]:
    """Return shuffled folds as pairs of train and test positions."""
    ### BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(n)
    tests = np.array_split(order, k)
    return [(np.setdiff1d(order, test), test) for test in tests]
    ### END SOLUTION


# %% check="kfold_indices" title="Every row is tested once" points=2 transport="plain"
t.hints(
    "Shuffle all positions once: `np.random.default_rng(seed).permutation(n)`.",
    "`np.array_split(order, k)` cuts into k parts of nearly equal size, also when n is not a "
    "multiple of k.",
    "The train part is everything else: `np.setdiff1d(order, test)`.",
)


def folds_of(n, k, seed):
    """Return the folds as pairs of lists, once they have the right form."""
    got = t.call(kfold_indices, n, k, seed)
    t.require(isinstance(got, list | tuple), f"Return a list, not a {type(got).__name__}.")
    t.equal(len(got), k, what="number of folds")
    t.require(all(len(pair) == 2 for pair in got), "Each fold is a pair (train, test).")
    pairs = [tuple([int(i) for i in part] for part in pair) for pair in got]
    t.wrong_if(
        "train_and_test_swapped",
        k > 2 and all(len(train) < len(test) for train, test in pairs),
        "The train parts are smaller than the test parts. The order in a pair is (train, test).",
    )
    return pairs


with t.item("Each position is tested exactly once", weight=2):
    for n, k in ((12, 4), (13, 4), (23, 5)):
        tested = sorted(i for _, test in folds_of(n, k, 0) for i in test)
        t.wrong_if(
            "forgets_the_remainder",
            len(set(tested)) == len(tested) == n // k * k < n,
            f"With n={n} and k={k} only {len(tested)} positions are tested. The last "
            f"{n % k} positions need a fold, too.",
        )
        t.wrong_if(
            "draws_each_fold_anew",
            len(set(tested)) < len(tested),
            "Some positions are tested twice, others never. Shuffle once, then cut: the folds must "
            "not overlap.",
        )
        t.equal(tested, list(range(n)), what=f"tested positions for n={n}, k={k}")
with t.item("Sizes differ by at most one", weight=1):
    for n, k in ((13, 4), (23, 5), (19, 10)):
        sizes = sorted(len(test) for _, test in folds_of(n, k, 1))
        t.wrong_if(
            "remainder_in_one_fold",
            sizes[-1] - sizes[0] > 1,
            f"With n={n} and k={k} the test parts have the sizes {sizes}. Spread the remainder: one "
            "more in some folds.",
        )
with t.item("Nobody is trained on the rows that are tested", weight=2):
    for n, k in ((12, 3), (13, 4)):
        for train, test in folds_of(n, k, 2):
            t.wrong_if(
                "trains_on_the_test_rows",
                bool(set(train) & set(test)),
                "Some positions are in the train part and in the test part of the same fold.",
            )
            t.equal(sorted(train + test), list(range(n)), what="train and test together")
with t.item("Shuffled by the seed", weight=2):
    first = t.same_every_time(kfold_indices, 40, 4, 1)
    tests = [sorted(int(i) for i in test) for _, test in first]
    t.wrong_if(
        "not_shuffled",
        any(max(test) - min(test) == len(test) - 1 for test in tests),
        "A fold holds neighbouring positions only. In a sorted table it would hold one kind of "
        "row, as with the irises. Shuffle.",
    )
    t.wrong_if(
        "every_kth_row",
        all(np.ptp(np.diff(test)) == 0 for test in tests),
        "Each fold takes every fourth position. A table can have such a rhythm (weekdays, for "
        "example). Shuffle.",
    )
    other = [sorted(test) for _, test in folds_of(40, 4, 2)]
    t.wrong_if("ignores_the_seed", tests == other, "Seed 1 and 2 give equal folds. Use `seed`.")
### BEGIN HIDDEN TESTS
with t.item("As many folds as rows, two folds, and other sizes", weight=1):
    for seed in t.seeds:
        for n, k in ((6, 6), (7, 2), (31 + seed % 5, 7), (2, 2)):
            pairs = folds_of(n, k, seed)
            t.equal(sorted(i for _, test in pairs for i in test), list(range(n)), what="tested")
            sizes = [len(test) for _, test in pairs]
            t.require(max(sizes) - min(sizes) <= 1, f"n={n}, k={k}: sizes {sizes}.")
            for train, test in pairs:
                t.equal(sorted([*train, *test]), list(range(n)), what="train and test together")
### END HIDDEN TESTS

# %% [markdown]
# With your folds the irises are no riddle any more:

# %% needs="kfold_indices"
by_hand = [
    model.fit(flowers[train], species[train]).score(flowers[test], species[test])
    for train, test in kfold_indices(150, 3, seed=0)
]
print("3 folds, shuffled:", np.round(by_hand, 2))

# %% [markdown]
# ### An interval that is not too narrow
#
# Five folds give five scores, ten repetitions with other seeds give 50. The textbook interval for a
# mean of *J* independent values with the standard deviation *s* has the half width
# $t \cdot s / \sqrt{J}$. So with more repetitions it becomes as narrow as we like. That cannot be
# right: there are no new rows, only the same ones in other folds. The scores are **not
# independent**: two training sets share most of their rows.
#
# Nadeau and Bengio (2003) proposed a simple correction: do not divide the variance by *J* alone, but
# use
#
# $$\text{variance of the mean} = \left(\frac{1}{J} + \frac{n_\text{test}}{n_\text{train}}\right) s^2$$
#
# The second term does not vanish, however often we repeat.
#
# **Your task.** Write `cv_interval(scores, n_train, n_test, level=0.95)`.
#
# - `scores` are *J* ≥ 2 scores of folds; each had `n_train` training rows and `n_test` test rows.
# - Return `(low, high)`: mean − *h* and mean + *h*, with *h* = *t* · √(variance of the mean).
# - $s^2$ is the sample variance (divided by *J* − 1).
# - *t* is the quantile of Student's t distribution with *J* − 1 degrees of freedom that leaves
#   (1 − `level`)/2 **above** it: `stats.t.ppf(…, J - 1)`, with 0.975 for the level 0.95.
# - If all scores are equal, *h* is 0, and the result is (mean, mean).
# - Do not cut the interval at 0 or 1: a score can also be an error in EUR.
#
# For example, the scores 0.80, 0.90, 0.85, 0.85 have the mean 0.85 and $s^2$ = 0.001667. With
# `n_train=300` and `n_test=100` the factor is 1/4 + 1/3 = 0.5833, its product with $s^2$ has the root
# 0.03118, *t* is 3.182, and the interval is (0.7508, 0.9492). Without the correction it would be
# (0.785, 0.915).


# %% exercise="cv_interval" objective="W.6.12"
def cv_interval(scores, n_train: int, n_test: int, level: float = 0.95) -> tuple[float, float]:
    """Return a confidence interval for the mean of scores of overlapping training sets."""
    ### BEGIN SOLUTION
    scores = np.asarray(scores, dtype=float)
    J = len(scores)
    variance = (1 / J + n_test / n_train) * scores.var(ddof=1)
    h = stats.t.ppf((1 + level) / 2, J - 1) * np.sqrt(variance)
    return float(scores.mean() - h), float(scores.mean() + h)
    ### END SOLUTION


# %% check="cv_interval" title="An interval for scores that are not independent" points=2 transport="plain"
t.hints(
    "Three numbers first: the mean, the sample variance (`var(ddof=1)`), and J, their number.",
    "The quantile is `stats.t.ppf((1 + level) / 2, J - 1)`.",
    "h = quantile · √((1/J + n_test/n_train) · variance); return mean − h and mean + h.",
)
EXAMPLE = np.array([0.80, 0.90, 0.85, 0.85])


def half_width(scores, n_train, n_test, level=0.95):
    """Return the half width of the answer's interval, once it is an interval round the mean."""
    got = t.call(cv_interval, scores, n_train, n_test, level=level)
    t.require(np.size(got) == 2, f"Return two numbers (low, high), not {np.size(got)}.")
    low, high = (float(limit) for limit in got)
    t.wrong_if(
        "cut_at_zero_or_one",
        low in (0, 1) or high in (0, 1),
        "A limit is exactly 0 or 1: the interval was cut there. Do not cut: a score may also be an "
        "error in EUR.",
    )
    t.wrong_if(
        "no_interval_for_equal_scores",
        np.isnan([low, high]).any(),
        f"The limits for {len(scores)} scores with a standard deviation of {np.std(scores):.3g} are "
        "NaN. If all scores are equal, the half width is 0, and the result is (mean, mean).",
    )
    t.require(low <= high, f"low is above high: {low:.4g} and {high:.4g}.")
    t.equal((low + high) / 2, np.mean(scores), what="middle of the interval")
    return (high - low) / 2


with t.item("The variance of the mean has two terms", weight=3):
    got = half_width(EXAMPLE, 300, 100)
    s, factor = EXAMPLE.std(ddof=1), 1 / 4 + 1 / 3
    t_value = stats.t.ppf(0.975, 3)
    t.wrong_if(
        "scores_treated_as_independent",
        np.isclose(got, t_value * s / 2),
        "This is t · s / √J, as if the four scores were independent. Their training sets overlap. "
        "Add n_test / n_train to 1 / J.",
    )
    t.wrong_if(
        "train_and_test_swapped",
        np.isclose(got, t_value * s * np.sqrt(1 / 4 + 3)),
        "You added n_train / n_test. A small test part compared with the training part makes the "
        "term small: n_test / n_train.",
    )
    t.wrong_if(
        "share_of_all_rows",
        np.isclose(got, t_value * s * np.sqrt(1 / 4 + 100 / 400)),
        "You added n_test / (n_train + n_test). The second term compares the test rows with the "
        "TRAINING rows: n_test / n_train, here 1/3.",
    )
    t.wrong_if(
        "only_the_second_term",
        np.isclose(got, t_value * s * np.sqrt(1 / 3)),
        "The term 1 / J is missing: add both.",
    )
    t.wrong_if(
        "population_variance",
        np.isclose(got, t_value * EXAMPLE.std() * np.sqrt(factor)),
        "The variance was divided by J. Divide by J - 1: `var(ddof=1)`.",
    )
    t.wrong_if(
        "normal_instead_of_t",
        np.isclose(got, stats.norm.ppf(0.975) * s * np.sqrt(factor), rtol=2e-3)
        or np.isclose(got, 2 * s * np.sqrt(factor)),
        "You used the quantile of the normal distribution (1.96, or 2). With four scores the "
        "spread itself is uncertain: take Student's t with J - 1 degrees of freedom, 3.18.",
    )
    t.wrong_if(
        "one_sided_quantile",
        np.isclose(got, stats.t.ppf(0.95, 3) * s * np.sqrt(factor)),
        "You used the 0.95 quantile, which leaves 5 % above AND 5 % below. For the level 0.95 take "
        "0.975.",
    )
    t.wrong_if(
        "degrees_of_freedom",
        np.isclose(got, stats.t.ppf(0.975, 4) * s * np.sqrt(factor)),
        "The degrees of freedom are J - 1 = 3, not J.",
    )
    t.wrong_if(
        "no_quantile",
        np.isclose(got, s * np.sqrt(factor)),
        "This is one standard error. Multiply it by the quantile of Student's t.",
    )
    t.equal(got, 0.0992302, rtol=1e-4, what="half width of the worked example")
with t.item("The level", weight=1):
    got = half_width(EXAMPLE, 300, 100, 0.8)
    t.wrong_if(
        "ignores_the_level",
        np.isclose(got, 0.0992302, rtol=1e-4),
        "With level=0.8 you get the same as with 0.95. Use the argument.",
    )
    t.equal(got, 0.0510657, rtol=1e-4, what="half width for the level 0.8")
with t.item("Any number of scores, any unit, equal scores", weight=2):
    many = half_width([0.6, 0.7, 0.8] * 30, 80, 20)
    t.wrong_if(
        "assumes_a_number_of_folds",
        many > 0.12 or many < 0.04,
        f"90 scores give the half width {many:.3f}, which does not fit. J is the number of scores.",
    )
    t.equal(many, 0.0833655, rtol=1e-4, what="half width of 90 scores")
    t.equal(half_width([17.0, 19.0], 80, 20), 15.5619, rtol=1e-4, what="half width of two errors")
    t.equal(half_width([0.7] * 5, 80, 20), 0.0, what="half width of equal scores")
    t.require(half_width(pd.Series([0.2, 1.0, 0.9]), 20, 10) > 0.4, "Do not cut the interval.")
### BEGIN HIDDEN TESTS
with t.item("Other scores, against the formula", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 74])
        for J in (2, 7, 50):
            scores_ = rng.normal(20, 3, J)
            n_train, n_test, level = int(rng.integers(50, 900)), 37, rng.uniform(0.5, 0.99)
            se = np.sqrt(np.var(scores_, ddof=1) * (1 / J + n_test / n_train))
            expected = -stats.t.ppf((1 - level) / 2, J - 1) * se
            got = half_width(scores_.tolist(), n_train, n_test, level)
            t.equal(got, expected, what=f"half width of {J} scores")
### END HIDDEN TESTS

# %% [markdown]
# Does the correction keep its promise? We take 30 tables of 200 loans. For each we repeat 5 folds
# four times (20 scores) and build both intervals. Then we look up the truth: the accuracy of the
# model on 10,000 other loans. A 95 % interval should contain it about 95 times of 100.

# %%
inputs = ["age", "income_keur", "loan_keur", "debt_ratio", "late_payments", "employment_years"]
pool = data.credit(n=16_000, seed=99, base_rate=0.4)
loans, outcome = pool[inputs].to_numpy(float), pool["repaid"].to_numpy()


def scores_and_truth(number: int) -> tuple[np.ndarray, float]:
    """Return 20 scores of one table of 200 loans, and the accuracy on 10,000 other loans."""
    rows = slice(200 * number, 200 * (number + 1))
    bayes, folds = GaussianNB(), RepeatedKFold(n_splits=5, n_repeats=4, random_state=0)
    scores = cross_val_score(bayes, loans[rows], outcome[rows], cv=folds)
    return scores, bayes.fit(loans[rows], outcome[rows]).score(loans[6000:], outcome[6000:])


def naive_interval(scores: np.ndarray) -> tuple[float, float]:
    """Return the textbook interval, which takes the scores for independent."""
    h = stats.t.ppf(0.975, len(scores) - 1) * scores.std(ddof=1) / np.sqrt(len(scores))
    return scores.mean() - h, scores.mean() + h


measured = [scores_and_truth(number) for number in range(30)]

# %% [markdown]
# Each line below is an interval, each dot the truth. Lines that miss their dot are orange and dashed.

# %% needs="cv_interval"
kinds = {
    "as if independent": [naive_interval(scores) for scores, _ in measured],
    "corrected": [cv_interval(scores, 160, 40) for scores, _ in measured],
}
fig, axes = plt.subplots(1, 2, figsize=(9.5, 4), sharey=True, sharex=True)
for ax, (name, intervals) in zip(axes, kinds.items()):
    hits = 0
    for row, ((low, high), (_, truth)) in enumerate(zip(intervals, measured)):
        inside = low <= truth <= high
        hits += inside
        ax.plot([low, high], [row, row], color="C0" if inside else "C1", ls="-" if inside else "--")
        ax.plot(truth, row, "o", color="k", markersize=3)
    ax.set(title=f"{name}: {hits} of 30", xlabel="accuracy")
axes[0].set_ylabel("table of 200 loans")
figures.show(
    fig,
    alt="Two panels of 30 intervals with the true accuracy as dots. As if independent: short lines, "
    "and 12 of 30 miss the dot. Corrected: lines more than twice as long, and 29 contain it.",
)

# %% [markdown]
# The textbook interval promises 95 % and is right in 18 of 30 tables. With more repetitions it would
# become narrower and be wrong more often. The corrected interval is right in 29. **With 200 loans, an accuracy is known to about seven points up and down**,
# and no repetition changes that. Only more loans do.

# %% [markdown]
# ## One number for the head of valuation
#
# The head of valuation wants one number for the model of house prices: "How good is it?" The next
# cell computes what you need: a linear model for 400 houses, 5 folds, four times. The score is the
# mean absolute error in EUR 1,000.

# %% needs="cv_interval"
houses = data.housing(400, seed=6)
table = pd.get_dummies(
    houses.drop(columns=["price_keur", "colour"]), columns=["region"], dtype=float
)
folds = RepeatedKFold(n_splits=5, n_repeats=4, random_state=0)
errors = -cross_val_score(
    LinearRegression(), table, houses["price_keur"], cv=folds, scoring="neg_mean_absolute_error"
)
low, high = cv_interval(errors, 320, 80)
print(f"mean absolute error: {errors.mean():.1f} (EUR 1,000), interval {low:.1f} to {high:.1f}")

# %% [markdown]
# **Your task.** Write **three sentences** for the head of valuation, who is no statistician. The
# first says the number with its unit, the second how far it could be off, the third names a
# condition under which both fail.

# %% [markdown] written="one_number" points=2 rubric="2 = number with unit, interval (or its ends) in plain words, and a concrete condition under which it does not hold, such as houses of another region, another year, or several houses of one owner; 1 = one of the three is missing or not concrete; 0 = a bare number"
# On a house that it has not seen, the model errs by EUR 18,400 on average. Measured on only 400
# houses, this number is uncertain itself: the true mean error lies between about EUR 16,800 and
# 20,000, if the method is right in 95 of 100 cases. It holds for houses like these, from the same
# regions and the same year; if prices rise, or if you value a castle, the error can be much larger.

# %% [markdown]
# ## Recap
#
# - Means of bins show which hyperparameter mattered; a correlation misses an arch.
# - The best of many looks better than it is. The optimism grows with the number of models and shrinks
#   with the number of rows.
# - Nested cross-validation scores the whole procedure "search, then train".
# - Folds are shuffled (or split by groups). Their scores are not independent, so use the corrected
#   interval, and report it beside the number.
#
# **Two questions from earlier.** Answer from memory first, then open the answers.
#
# 1. From `04_tune`: the best value of a grid is its largest `C`. What do you do next?
# 2. From `03_split`: six applications of each customer are in the table. What is wrong with
#    `kfold_indices` for it, and which splitter would you take?
#
# <details><summary>Answers</summary>
#
# 1. Widen the grid beyond this end (or sample on a log scale) and search again. A best value on the
#    edge says only that the grid ended too early.
# 2. It splits rows, so nearly every customer is in training and in test, and the score measures how
#    well the model recognises customers. `StratifiedGroupKFold`, or `three_way`, keeps each customer
#    in one part.
#
# </details>
#
# ## What to read next
#
# - scikit-learn example, [Nested versus non-nested
#   cross-validation](https://scikit-learn.org/stable/auto_examples/model_selection/plot_nested_cross_validation_iris.html):
#   how large is the difference for the irises?
# - G. Cawley and N. Talbot, "On over-fitting in model selection and subsequent selection bias in
#   performance evaluation", Journal of Machine Learning Research 11 (2010): read the introduction.
# - C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning 52 (2003): the
#   source of the correction.
# - Optuna, [importance of
#   hyperparameters](https://optuna.readthedocs.io/en/stable/reference/importance.html): the same
#   question as `sensitivity`, answered with a forest.
