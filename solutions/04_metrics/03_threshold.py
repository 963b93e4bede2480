# %% [markdown]
# ## The story
#
# The fraud desk knows its costs now. A missed fraud costs Northwind Credit EUR 50 on average. A
# false alarm costs EUR 1: somebody calls the customer. The model gives a score, and the desk asks
# one question: *from which score on shall we call?*
#
# This is a question about money. When the distribution of scores is known, it even has a formula.
# Then you meet a case with lives instead of EUR, and at the end you decide whether a new model is
# really better, or only luckier.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import TunedThresholdClassifierCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workshop_lib import data, explore, figures
from workshop_lib.checks import check
from workshop_lib.metrics import expected_cost

figures.style()
y, score = data.scores(n=20000, seed=0)
print(f"{y.sum()} frauds in {len(y)} transactions")
nobody, everybody = (expected_cost(y, score, limit, 1, 50) for limit in (np.inf, -np.inf))
print(f"cost without any alarm: EUR {nobody:,.0f}, with an alarm for each row: EUR {everybody:,.0f}")

# %% [markdown]
# > **threshold**: the score from which on a row is treated as positive. Equal counts: an alarm is
# > raised when the score is at least the threshold.
#
# > **cost matrix**: what each of the four outcomes costs. Here the two right ones cost 0, a false
# > positive costs c_fp, a false negative c_fn.
#
# Doing nothing and calling everybody both cost about EUR 20,000. Move the threshold and look for
# the cheapest one. Then change the cost of a missed fraud: where does the best threshold go?


# %% tags=["nbval-ignore-output"]
def show_threshold(threshold, missed_fraud_eur):
    """Draw the cost of every threshold, and the four counts of the chosen one."""
    grid = np.linspace(-2, 4, 121)
    costs = [expected_cost(y, score, t, 1, missed_fraud_eur) for t in grid]
    here = expected_cost(y, score, threshold, 1, missed_fraud_eur)
    alarm, fraud = score >= threshold, y == 1
    pairs = [alarm & fraud, ~alarm & fraud, alarm & ~fraud, ~alarm & ~fraud]
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), width_ratios=(3, 2))
    left.plot(grid, costs)
    left.plot(threshold, here, "o", color="C1", markersize=10)
    left.set(title=f"cost EUR {here:,.0f}", xlabel="threshold", ylabel="EUR", ylim=(0, None))
    right.imshow([[1, 0], [0, 1]], cmap="Blues", vmin=-0.6, vmax=4, aspect="auto")
    for place, (name, rows) in enumerate(zip(("tp", "fn", "fp", "tn"), pairs)):
        right.text(place % 2, place // 2, f"{name}\n{rows.sum()}", ha="center", va="center")
    right.set_xticks([0, 1], ["alarm", "no alarm"])
    right.set_yticks([0, 1], ["fraud", "genuine"])
    right.grid(False)
    shown = f"At threshold {threshold} the cost is EUR {here:,.0f}"
    figures.show(fig, alt=f"{shown}. Left: cost of every threshold. Right: the four counts.")


explore.sliders(
    show_threshold, threshold=(-2.0, 4.0, 0.1, 2.0), missed_fraud_eur=(1, 200, 1, 50)
)

# %% [markdown]
# ## The threshold has a formula
#
# Take one transaction. Let *p* be the probability that it is fraud. Without an alarm we expect to
# lose p · c_fn; with an alarm (1 − p) · c_fp. So an alarm pays when p · c_fn ≥ (1 − p) · c_fp. That
# is:
#
# $$p \geq \frac{c_{fp}}{c_{fp} + c_{fn}} \qquad \text{or} \qquad
#   \ln\frac{p}{1-p} \geq \ln\frac{c_{fp}}{c_{fn}}$$
#
# Costs alone decide, as a limit for the **probability**. Our limit is 1/51, about 0.02. It has
# nothing to do with 0.5.
#
# What is p for a score *s*? Our scores follow the simplest model: genuine rows have the mean 0,
# frauds the mean *d*, both with standard deviation 1 and the shape of a normal distribution. With
# the prevalence π, the formula of Bayes gives a straight line:
#
# $$\ln\frac{p}{1-p} = \ln\frac{\pi}{1-\pi} + d \cdot s - \frac{d^2}{2}$$
#
# **Your task.** Write `bayes_threshold(prevalence, d, c_fp, c_fn)`. It returns the score *s* at
# which the two lines of formulas meet: the right side of the last one equals ln(c_fp / c_fn). Solve
# for *s*. The logarithm is `np.log`; `prevalence` lies between 0 and 1, and `d`, `c_fp` and `c_fn`
# are above 0.
#
# For example, with a prevalence of 0.1, d = 1, c_fp = 1 and c_fn = 9: fraud is 9 times rarer and 9
# times more expensive, so the logarithms cancel, and s = d/2 = 0.5.


# %% exercise="bayes_threshold" objective="W.7.9"
def bayes_threshold(prevalence: float, d: float, c_fp: float, c_fn: float) -> float:
    """Return the score from which on an alarm pays."""
    ### BEGIN SOLUTION
    odds = (1 - prevalence) * c_fp / (prevalence * c_fn)
    return d / 2 + np.log(odds) / d
    ### END SOLUTION


# %% check="bayes_threshold" title="The cheapest threshold, by formula" points=2 transport="plain"
from workshop_lib.checks import same

t.hints(
    "Write ln(π / (1 − π)) + d·s − d²/2 = ln(c_fp / c_fn), and bring everything but d·s to the "
    "right.",
    "ln(a) − ln(b) = ln(a / b). The two logarithms become ln((1 − π)·c_fp / (π·c_fn)).",
    "Divide by d at the end: both the logarithm and d²/2.",
)


def cost_in_theory(s, prevalence, d, c_fp, c_fn):
    """Expected cost of one row at a threshold, from the normal distributions."""
    from scipy.stats import norm

    return c_fp * (1 - prevalence) * norm.sf(s) + c_fn * prevalence * norm.cdf(s - d)


with t.item("The formula, for several costs and prevalences", weight=3):
    for pi, d, a, b in ((0.1, 1.5, 2, 30), (0.02, 2.0, 1, 50), (0.3, 0.7, 5, 4)):
        got = t.call(bayes_threshold, pi, d, a, b)
        expected = d / 2 + np.log((1 - pi) * a / (pi * b)) / d
        log = np.log((1 - pi) * a / (pi * b))
        t.wrong_if(
            "probability_instead_of_score",
            same(got, a / (a + b)),
            f"You returned {got:.3g}, the limit for the PROBABILITY. Translate it into a score with "
            "the second formula.",
        )
        t.wrong_if(
            "always_a_half",
            same(got, 0.5),
            "0.5 is no special value, neither for a score nor for a probability. The costs and the "
            "prevalence decide.",
        )
        t.wrong_if(
            "prevalence_left_out",
            same(got, d / 2 + np.log(a / b) / d),
            f"You got {got:.3f}: the prevalence is missing. As if fraud were as frequent as genuine "
            "rows, you raise far too many alarms.",
        )
        t.wrong_if(
            "prevalence_upside_down",
            same(got, d / 2 + np.log(pi * a / ((1 - pi) * b)) / d),
            "The term of the prevalence has the wrong sign. On the other side of the equation "
            "ln(π / (1 − π)) becomes ln((1 − π) / π): the rarer the fraud, the higher the threshold.",
        )
        t.wrong_if(
            "costs_upside_down",
            same(got, d / 2 + np.log((1 - pi) * b / (pi * a)) / d),
            "The costs are exchanged. The more expensive a missed fraud, the LOWER the threshold: "
            "c_fn belongs below the line.",
        )
        t.wrong_if(
            "forgets_to_divide_by_d",
            same(got, d / 2 + log) or same(got, d**2 / 2 + log),
            "Everything but s has to be divided by d: the logarithm and d²/2.",
        )
        t.wrong_if(
            "logarithm_to_base_10",
            same(got, d / 2 + np.log10(np.exp(log)) / d),
            "You used the logarithm to base 10. ln is the natural one, `np.log`.",
        )
        t.wrong_if(
            "middle_of_the_two_means",
            same(got, d / 2),
            "d/2 is the middle of the two means. It is right only if costs and prevalence cancel.",
        )
        t.wrong_if(
            "middle_term_lost",
            same(got, log / d) or same(got, log / d - d / 2),
            "The term d²/2 is missing or has the wrong sign. On the other side of the equation "
            "-d²/2 becomes +d²/2.",
        )
        t.wrong_if(
            "logarithm_subtracted",
            same(got, d / 2 - log / d),
            "The logarithm has the wrong sign.",
        )
        t.equal(got, expected, what=f"bayes_threshold({pi}, {d}, {a}, {b})", rtol=1e-4)
with t.item("The worked example, and the fraud desk", weight=1):
    t.gives(0.5, bayes_threshold, 0.1, 1.0, 1, 9, atol=1e-6)
    got = t.call(bayes_threshold, 0.02, 2.0, 1, 50)
    t.require(abs(got - 0.98990) < 1e-3, f"For the desk the threshold is 0.990, got {got:.3f}.")
### BEGIN HIDDEN TESTS
with t.item("No other threshold has a lower expected cost", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 82])
        case = (rng.uniform(0.01, 0.6), rng.uniform(0.5, 3), *rng.uniform(0.5, 60, 2))
        got = t.call(bayes_threshold, *case)
        here = cost_in_theory(got, *case)
        best = min(cost_in_theory(got + step, *case) for step in (-0.05, -0.01, 0.01, 0.05))
        t.require(here < best, f"bayes_threshold{case}: a threshold beside {got:.3f} is cheaper.")
    t.require(t.call(bayes_threshold, 0.02, 2.0, 1, 1e12) < -10, "Extreme costs: alarm for all.")
    t.require(t.call(bayes_threshold, 0.02, 2.0, 1e12, 1) > 10, "Extreme costs: no alarm.")
### END HIDDEN TESTS

# %% [markdown]
# Real scores seldom follow a known distribution. Then you need a sample with labels, and you try
# every threshold.
#
# **Your task.** Write `empirical_threshold(y, score, c_fp, c_fn)`.
#
# - `y` is an array of 0 and 1, `score` an array of numbers of the same length, in any order. A row
#   is an alarm when its score is **at least** the threshold.
# - The function returns a threshold with the smallest total cost on these rows,
#   c_fp · (number of false positives) + c_fn · (number of false negatives). If several cost the
#   same, return any of them.
# - Try every score that occurs, **and** the threshold `np.inf` (no alarm at all).
#
# For example, with the scores `[0.9, 0.8, 0.6, 0.3]`, `y = [1, 0, 1, 0]`, c_fp = 1 and c_fn = 5 the
# costs are 5 at the threshold 0.9 (one fraud missed), 6 at 0.8, 1 at 0.6, 2 at 0.3 and 10 at
# `np.inf`. The result is 0.6.


# %% exercise="empirical_threshold" objective="W.7.9"
def empirical_threshold(y: np.ndarray, score: np.ndarray, c_fp: float, c_fn: float) -> float:
    """Return a threshold with the smallest total cost on these rows."""
    ### BEGIN SOLUTION
    def cost(threshold):
        alarm = score >= threshold
        return c_fp * np.sum(alarm & (y == 0)) + c_fn * np.sum(~alarm & (y == 1))

    return float(min([*np.unique(score), np.inf], key=cost))
    ### END SOLUTION


# %% check="empirical_threshold" title="The cheapest threshold of a sample" points=2 transport="plain"
t.hints(
    "First the cost of one threshold: `alarm = score >= threshold`, then count the two mistakes.",
    "`np.sum(alarm & (y == 0))` are the false positives, `np.sum(~alarm & (y == 1))` the missed "
    "frauds.",
    "Go through `[*np.unique(score), np.inf]` and keep the cheapest: `min(..., key=cost)`.",
)


def cost_of_alarms(truth, alarms, c_fp, c_fn):
    return c_fp * np.sum(alarms & (truth == 0)) + c_fn * np.sum(~alarms & (truth == 1))


def chosen_threshold(truth, points, c_fp, c_fn):
    """Call the answer; its threshold must be as cheap as the best."""
    got = t.call(empirical_threshold, truth, points, c_fp, c_fn)
    t.require(np.ndim(got) == 0, "Return one number, the threshold.")
    levels = [*np.unique(points), np.inf]
    costs = np.array([cost_of_alarms(truth, points >= level, c_fp, c_fn) for level in levels])
    here, best = cost_of_alarms(truth, points >= got, c_fp, c_fn), costs.min()
    if here <= best + 1e-9:
        return got
    right = [np.sum((points >= level) == (truth == 1)) for level in levels]
    f1 = [
        2 * truth[points >= level].sum() / (np.sum(points >= level) + truth.sum())
        for level in levels
    ]
    swapped = [cost_of_alarms(truth, points >= level, c_fn, c_fp) for level in levels]
    alarms = points >= got
    t.wrong_if(
        "never_tries_no_alarm",
        np.isclose(best, costs[-1]) and np.isclose(here, costs[:-1].min()),
        f"Without any alarm the cost is {best:.6g}; at your threshold it is {here:.6g}. Try the "
        "threshold `np.inf`, too.",
    )
    t.wrong_if(
        "costs_swapped",
        np.isclose(cost_of_alarms(truth, alarms, c_fn, c_fp), min(swapped)) and c_fp != c_fn,
        "This threshold is the cheapest if the two costs are exchanged. c_fp belongs to the false "
        "alarms, c_fn to the missed frauds.",
    )
    t.wrong_if(
        "best_f1",
        np.isclose(f1[int(np.argmax(f1))], 2 * truth[alarms].sum() / (alarms.sum() + truth.sum())),
        f"This threshold has the best F1, and it costs {here:.6g}; {best:.6g} is possible. F1 does "
        "not know your costs.",
    )
    t.wrong_if(
        "most_accurate",
        np.sum(alarms == (truth == 1)) == max(right),
        f"This threshold has the fewest mistakes, and it costs {here:.6g}; {best:.6g} is possible. "
        "The two mistakes do not cost the same.",
    )
    t.wrong_if(
        "alarm_only_above_the_threshold",
        np.isclose(cost_of_alarms(truth, points > got, c_fp, c_fn), best),
        f"At the threshold {got:.3g} you count only rows ABOVE it. A row with exactly this score "
        "is an alarm, too: use `>=`.",
    )
    t.wrong_if(
        "always_a_half",
        got == 0.5,
        "0.5 is no special value for a score. Try every score that occurs.",
    )
    t.wrong_if(
        "near_the_cheapest_only",
        here <= 1.3 * best,
        f"At your threshold {got:.4g} the cost is {here:.6g}, and {best:.6g} is possible. Try every "
        "score that occurs, not a grid of numbers.",
    )
    t.require(
        False, f"At your threshold {got:.4g} the cost is {here:.6g}; {best:.6g} is possible."
    )


with t.item("The worked example", weight=1):
    got = chosen_threshold(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.6, 0.3]), 1, 5)
    chosen_threshold(np.array([1, 1, 0, 0]), np.array([0.4, 0.3, 0.2, 0.1]), 1, 1)
with t.item("Scores of the fraud desk, several costs", weight=3):
    for seed in t.seeds:
        sample = data.scores(800, seed, prevalence=0.1)
        for costs_ in ((1, 50), (1, 4), (3, 1)):
            chosen_threshold(*sample, *costs_)
with t.item("Equal scores are alarms together", weight=1):
    for seed in t.seeds:
        truth, points = data.scores(300, seed + 20, prevalence=0.3, d=1)
        for costs_ in ((1, 2), (1, 5)):
            chosen_threshold(truth, points.round(0), *costs_)
with t.item("Sometimes the cheapest is no alarm, or an alarm for every row", weight=1):
    truth, points = np.array([0, 1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    got = chosen_threshold(truth, points, 50, 1)
    t.require(got > 0.9, f"No alarm is cheapest here, but {got} gives alarms.")
    got = chosen_threshold(np.array([0, 1, 0, 1]), points[:4], 1, 1000)
    t.require(got <= 0.6, f"Both frauds should give an alarm here, but {got} misses one.")
### BEGIN HIDDEN TESTS
with t.item("Other samples and costs", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 83])
        sample = data.scores(400, seed + 50, prevalence=0.2, d=float(rng.uniform(0, 2)))
        for costs_ in rng.uniform(0.5, 40, (3, 2)):
            chosen_threshold(*sample, *costs_.tolist())
    truth, points = data.scores(100, 4, prevalence=0)
    chosen_threshold(truth, points, 1, 50)
    chosen_threshold(1 - truth, points, 1, 50)
### END HIDDEN TESTS

# %% [markdown]
# scikit-learn has a class that does the sweep inside a cross-validation, for any classifier with
# probabilities. It is given here: `tuned` looks for the cheapest threshold of the **probability**.


# %%
def tuned(estimator, X, y, c_fp, c_fn):
    """Fit a classifier together with its cheapest threshold."""

    def saving(truth, said):
        false, missed = np.sum((said == 1) & (truth == 0)), np.sum((said == 0) & (truth == 1))
        return -(c_fp * false + c_fn * missed)

    tuner = TunedThresholdClassifierCV(estimator, scoring=make_scorer(saving), cv=5)
    return tuner.fit(X, y)


fitted = tuned(LogisticRegression(), score.reshape(-1, 1), y, c_fp=1, c_fn=50)
inner = fitted.estimator_
limit = fitted.best_threshold_
as_score = (np.log(limit / (1 - limit)) - inner.intercept_[0]) / inner.coef_[0, 0]
print(f"tuned limit for the probability {limit:.3f}, by formula {1 / 51:.3f}")

# %% [markdown]
# Now all of them together. Each threshold was chosen on our sample, and is paid for on **new**
# transactions. F1 takes part, too.

# %% needs="bayes_threshold, empirical_threshold"
new_y, new_score = data.scores(n=20000, seed=1)
levels = np.unique(score)[::5]
f1 = [2 * y[score >= t].sum() / ((score >= t).sum() + y.sum()) for t in levels]
ways = {
    "formula": bayes_threshold(0.02, 2, 1, 50),
    "all thresholds of the sample": empirical_threshold(y[:4000], score[:4000], 1, 50),
    "tuned": as_score,
    "best F1": levels[np.argmax(f1)],
}
costs = [round(expected_cost(new_y, new_score, t, 1, 50)) for t in ways.values()]
table = pd.DataFrame({"threshold": ways, "cost, new rows (EUR)": dict(zip(ways, costs))})
table.round(2)

# %% [markdown]
# Three ways that know the costs end close together. The best F1 costs about two thirds more. (The
# second row used only the first 4,000 rows.)
#
# How sure is an empirical threshold? In 40 trials with other seeds we chose a threshold on 20,000
# rows and paid on 20,000 new ones. It cost 3 % more than the best threshold of the new rows in the
# middle case, and up to 12 %; the formula 3 %, and up to 8 %. With 4,000 rows it was 12 %, and up
# to 34 %: they contain only about 80 frauds. A formula that is right needs no sample. Whether it is
# right, only labelled rows can tell.

# %% needs="bayes_threshold"
ratios = np.array([1, 2, 5, 10, 20, 50, 100, 200])
best = [bayes_threshold(0.02, 2, 1, ratio) for ratio in ratios]
fig, ax = plt.subplots(figsize=(6.5, 3.2))
ax.semilogx(ratios, best, marker="o")
ax.axhline(best[0], color="0.5", linestyle=":")
ax.annotate("equal costs", (60, best[0] - 0.28))
ax.set_xticks(ratios, ratios)
ax.minorticks_off()
ax.set(xlabel="cost of a missed fraud (cost of a false alarm = 1)", ylabel="threshold (score)")
figures.show(
    fig,
    alt="The best threshold falls from 2.95 at equal costs to 0.99 at a ratio of 50 and to 0.30 at "
    "a ratio of 200, in equal steps for equal factors.",
)

# %% [markdown]
# Each time the cost ratio doubles, the threshold falls by the same amount, ln(2)/d ≈ 0.35. So a
# rough idea of the costs is enough. Whether a missed fraud costs EUR 40 or 60 moves the threshold by
# only 0.2. A rough guess of the costs is better than F1, which knows none.

# %% [markdown]
# ## Is precision the critical one in medicine?
#
# A training slide says: *in medical diagnosis, high precision is critical.* We take real data: 569
# breast tumours, with 30 measurements of cells each, and a simple model. The cost matrix is ours to
# choose, and that is the point.
#
# > **calibration**: probabilities are calibrated if, of all rows with a probability near *p*, a
# > share *p* is positive. Only then does the rule *p* ≥ c_fp / (c_fp + c_fn) give the cheapest
# > decisions.
#
# scikit-learn's table has a trap: look at how it codes the diagnosis.

# %%
tumours = load_breast_cancer()
MODEL = make_pipeline(StandardScaler(), LogisticRegression())
print({int(code): str(name) for code, name in enumerate(tumours.target_names)})
print("first five targets:", tumours.target[:5], "of", len(tumours.target))

# %% [markdown]
# The code 1 means **benign**, harmless. Whoever takes 1 as "positive, ill" reverses every
# result.
#
# **Your task.** Write two functions.
#
# - `malignant_probability(X, target)` takes an array of measurements and the targets as in
#   scikit-learn (0 = malignant, 1 = benign). It returns `(y, p)`: `y` is 1 for malignant and 0 for
#   benign; `p` is the probability of **malignant** from `MODEL`. Each probability comes from a model
#   that was **not trained on this row**: use five folds. `cross_val_predict` with
#   `method="predict_proba"` does that; it returns one column per class, in the order 0, 1.
# - `decide(y, p, c_fn, c_fp)` takes labels (1 = malignant), probabilities, and the cost of a missed
#   tumour and of a false alarm. An alarm is raised when `p` is **at least** the threshold
#   c_fp / (c_fp + c_fn). It returns a dictionary with `threshold`, `precision`, `recall` and `cost`
#   (total). Without an alarm, precision is 0.0. At least one row has y = 1.
#
# For example, `y = [1, 0, 1, 1, 0]`, `p = [0.95, 0.7, 0.5, 0.3, 0.05]`, c_fn = 3, c_fp = 1: the
# threshold is 0.25, so the first four rows are alarms. Precision 0.75, recall 1, cost 1.


# %% exercise="decide" objective="W.3.4"
def malignant_probability(X: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return labels (1 = malignant) and probabilities of malignant from models of other rows."""
    ### BEGIN SOLUTION
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]
    ### END SOLUTION


def decide(y: np.ndarray, p: np.ndarray, c_fn: float, c_fp: float) -> dict:
    """Return the threshold for two costs, and what it leads to."""
    ### BEGIN SOLUTION
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    missed, false = np.sum(~alarm & (y == 1)), np.sum(alarm & (y == 0))
    return {
        "threshold": threshold,
        "precision": float(y[alarm].mean()) if alarm.any() else 0.0,
        "recall": float(alarm[y == 1].mean()),
        "cost": float(c_fn * missed + c_fp * false),
    }
    ### END SOLUTION


# %% check="decide" title="The costs decide which metric suffers" points=3 transport="plain"
from sklearn.metrics import roc_auc_score

from workshop_lib.checks import same

t.hints(
    "`1 - target` exchanges the codes 0 and 1.",
    '`cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]`: the second column belongs '
    "to the label 1.",
    "In `decide`: `alarm = p >= threshold`. Precision is `y[alarm].mean()`, recall is "
    "`alarm[y == 1].mean()`.",
)


def patients(seed, n=90, columns=4, signal=2.0):
    """Measurements and targets (0 = malignant, 1 = benign)."""
    rng = np.random.default_rng([seed, 84])
    target = rng.permutation(np.arange(n) % 3 > 0).astype(int)
    X = rng.normal(size=(n, columns))
    X[:, 0] += signal * (1 - target)
    return X, target


def labels_and_probabilities(X, target):
    got = t.call(malignant_probability, X, target)
    t.require(
        isinstance(got, tuple | list) and len(got) == 2 and np.shape(got[1]) == (len(X),),
        "Return two arrays: the labels and one probability for each row.",
    )
    labels_, p = (np.asarray(part) for part in got)
    t.wrong_if(
        "benign_is_positive",
        same(labels_, target),
        "Your y is the target of scikit-learn, in which 1 means benign. Make it 1 for malignant.",
    )
    t.equal(labels_, 1 - target, what="y")
    t.wrong_if(
        "labels_instead_of_probabilities",
        np.isin(p, [0, 1]).all(),
        'Your p holds only 0 and 1: predicted labels. Use `method="predict_proba"`.',
    )
    t.require(((p >= 0) & (p <= 1)).all(), "A probability is below 0 or above 1.")
    return labels_, p


with t.item("Malignant is 1, and has the high probabilities", weight=2):
    for seed in t.seeds:
        labels_, p = labels_and_probabilities(*patients(seed))
        area = roc_auc_score(labels_, p)
        t.wrong_if(
            "probability_of_benign",
            area < 0.3,
            "Benign tumours have the high values in your p. It is the probability of the other "
            "class: take the other column.",
        )
        t.require(area > 0.7, f"p should tell malignant from benign; its ROC AUC is {area:.2f}.")
with t.item("No row is judged by a model that was trained on it", weight=2):
    for seed in t.seeds:
        labels_, p = labels_and_probabilities(*patients(seed, n=60, columns=40, signal=0))
        t.wrong_if(
            "trained_on_the_same_rows",
            roc_auc_score(labels_, p) > 0.9,
            "These measurements are pure chance, and still your probabilities are nearly perfect: "
            "the model has seen the rows that it judges. Use `cross_val_predict`.",
        )


def decision(truth, p, c_fn, c_fp):
    """Call the answer; what it reports must follow from its threshold."""
    got = t.call(decide, truth, p, c_fn, c_fp)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.equal(sorted(got), ["cost", "precision", "recall", "threshold"], what="keys")

    def outcome(alarms):
        missed, false = np.sum(~alarms & (truth == 1)), np.sum(alarms & (truth == 0))
        return c_fn * missed + c_fp * false

    rule, threshold = c_fp / (c_fp + c_fn), got["threshold"]
    t.wrong_if(
        "costs_swapped",
        same(threshold, 1 - rule) and c_fn != c_fp,
        f"The threshold {threshold:.3f} is c_fn / (c_fp + c_fn). When a missed tumour is "
        "expensive, the threshold must be LOW: c_fp belongs above the line.",
    )
    t.wrong_if(
        "ratio_of_the_costs",
        same(threshold, c_fp / c_fn),
        f"The threshold {threshold:.3f} is c_fp / c_fn. Divide by the sum of both costs.",
    )
    alarms = p >= threshold
    t.wrong_if(
        "one_threshold_for_all",
        same(threshold, 0.5) and outcome(alarms) > outcome(p >= rule),
        f"You use 0.5 although the costs are {c_fn} and {c_fp}. Each scenario has its own "
        "threshold.",
    )
    above = p > threshold
    t.wrong_if(
        "alarm_only_above_the_threshold",
        not same(got["cost"], outcome(alarms)) and same(got["cost"], outcome(above)),
        "A row whose probability is exactly the threshold gives an alarm, too: use `>=`.",
    )
    t.wrong_if(
        "cost_per_row",
        not same(got["cost"], outcome(alarms)) and same(got["cost"], outcome(alarms) / len(p)),
        "You return the cost per row. Return the total.",
    )
    t.equal(got["cost"], outcome(alarms), what=f"cost at the threshold {threshold:.3f}")
    t.require(
        got["cost"] <= outcome(p >= rule) + 1e-9,
        f"Your threshold {threshold:.3f} costs {got['cost']:.6g}. The rule, {rule:.3f}, costs "
        f"{outcome(p >= rule):.6g}.",
    )
    precision_ = truth[alarms].mean() if alarms.any() else 0.0
    t.wrong_if(
        "precision_without_an_alarm",
        not alarms.any() and not same(got["precision"], 0),
        f"There is no alarm, and you report a precision of {got['precision']}. Return 0.0.",
    )
    t.wrong_if(
        "precision_and_recall_exchanged",
        same([got["recall"], got["precision"]], [precision_, alarms[truth == 1].mean()])
        and not same(got["recall"], got["precision"]),
        "Precision and recall are exchanged.",
    )
    t.equal(got["precision"], precision_, what="precision")
    t.equal(got["recall"], alarms[truth == 1].mean(), what="recall")
    return got


with t.item("The worked example, and a probability exactly at the threshold", weight=2):
    truth, p = np.array([1, 0, 1, 1, 0]), np.array([0.95, 0.7, 0.5, 0.3, 0.05])
    decision(truth, p, 3, 1)
    decision(truth, p, 1, 1)
    decision(np.array([1, 0, 1, 0]), np.array([0.25, 0.2, 0.9, 0.1]), 3, 1)
    decision(np.array([1, 0, 0]), np.array([0.3, 0.2, 0.1]), 1, 1)
with t.item("Three scenarios: urgent, equal, irreversible", weight=3):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 85])
        p = rng.beta(0.4, 0.6, 300)
        truth = (rng.random(300) < p).astype(int)
        results = [decision(truth, p, *costs) for costs in ((50, 1), (1, 1), (1, 50))]
        t.require(
            results[0]["recall"] > results[2]["recall"],
            "Recall should be highest where a missed tumour is most expensive.",
        )
### BEGIN HIDDEN TESTS
with t.item("Other costs, and no alarm at all", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 86])
        p = rng.random(200)
        truth = (rng.random(200) < p).astype(int)
        for costs in ((7.5, 2), (0.5, 3)):
            decision(truth, p, *costs)
    decision(np.array([1, 0]), np.array([0.4, 0.3]), 1, 9)
    X, target = patients(3, n=120, columns=2)
    labels_, p = labels_and_probabilities(X, target)
    t.require(roc_auc_score(labels_, p) > 0.7, "p should tell malignant from benign.")
### END HIDDEN TESTS

# %% [markdown]
# Three situations with the same model and the same patients:
#
# - *urgent*: the result decides who is examined again tomorrow. A missed tumour costs 50 times as
#   much as a needless second look.
# - *equal*: both mistakes cost the same.
# - *irreversible*: the result decides about an operation that cannot be undone. A needless one is 50
#   times as bad as a tumour that is found at the next visit.

# %% needs="decide"
malignant, p = malignant_probability(tumours.data, tumours.target)
situations = {"urgent (50 : 1)": (50, 1), "equal (1 : 1)": (1, 1), "irreversible (1 : 50)": (1, 50)}
rows = {name: decide(malignant, p, *costs) for name, costs in situations.items()}
pd.DataFrame(rows).T.round(3)

# %% [markdown]
# The slide is half right. High precision is critical in the third situation. In the first it would
# be a disaster: there recall is critical, and a precision of 0.71 is the price. **Costs decide which
# metric matters, not the field of work.** "Medicine" is not a cost matrix.
#
# Do not trust the probabilities blindly, either. Where they lie between 0.1 and 0.5, their mean is
# 0.24, and 8 % of the tumours are malignant; between 0.5 and 0.9 their mean is 0.70, and 90 % are.
# So this model is not quite calibrated. The cheapest threshold of these rows costs 27 instead of 47
# in the third situation (a little too optimistic, because the same rows chose it). Before a rule that
# uses probabilities goes live, look at a calibration plot.
#
# ## Whose costs?
#
# The two costs above are those of the clinic, or of the patient, or of an insurer. They cannot all
# be the same.
#
# **Your task.** Answer in at most 120 words: **whose costs did you leave out?** Take one of the
# situations, or the fraud desk. Name a party whose cost is not in the matrix, say what it costs this
# party, and in which direction the threshold would move if it were counted.

# %% [markdown] written="left_out_costs" points=2 rubric="2 = names a party, a cost that this party has, and in which direction it moves the threshold; 1 = names a party and a cost without the direction, or the direction is wrong; 0 = no party, or a cost that is already in the matrix"
# In the urgent situation I counted the clinic's cost of a second look, but not the patient's. A
# woman who is called back for nothing is afraid for days and misses work. If this counted, a false
# alarm would cost more than 1. The threshold c_fp / (c_fp + c_fn) would rise, and fewer healthy
# patients would be called back; a few more tumours would be found late.
#
# At the fraud desk the honest customer whose card is blocked in a shop pays nothing in our matrix,
# either. With this cost the threshold would rise, too.

# %% [markdown]
# ## Is B really better than A?
#
# The supplier sends a new version, B. On our 2,000 test transactions B saves more than A. Is B
# better, or were these 2,000 rows kind to B?
#
# Both models have judged **the same rows**. Where a row is hard, it is hard for both, so the luck of
# the sample mostly cancels in the **difference**. A bootstrap must keep these pairs: draw rows, and
# take the label and both predictions of each drawn row together.
#
# Three metrics are given. In all of them more is better.

# %%
METRICS = {
    "accuracy": lambda y, pred: np.mean(y == pred),
    "recall": lambda y, pred: np.mean(pred[y == 1]),
    # EUR saved per 1,000 transactions, compared with no alarms: 50 per fraud found, -1 per call.
    "saving_eur": lambda y, pred: 1000 * np.mean(pred * np.where(y == 1, 50, -1)),
}

# %% [markdown]
# **Your task.** Write `paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0)`.
#
# - `y`, `pred_a` and `pred_b` are arrays of 0 and 1, one entry for each row. `metric` is a key of
#   `METRICS`; the functions there take `(y, pred)`.
# - `diff` is the metric of B minus the metric of A, on all rows.
# - Draw as many rows as there are, with replacement, and compute the difference on the drawn rows.
#   Do this `n` times. `low` and `high` are the 2.5 % and the 97.5 % quantile of these differences.
#   (With `n=1` there is only one difference, and both are equal to it.)
# - It returns a dictionary with `diff`, `low`, `high`. Take random numbers from
#   `np.random.default_rng(seed)`, so that equal calls give equal results, and another seed gives
#   other draws.
#
# For example, if A and B agree on every row, each drawn difference is 0, and the result is
# `{"diff": 0, "low": 0, "high": 0}`.


# %% exercise="paired_bootstrap" objective="W.7.10"
def paired_bootstrap(y, pred_a, pred_b, metric: str, n: int = 1000, seed: int = 0) -> dict:
    """Return the gain of B over A with a 95 % bootstrap interval."""
    ### BEGIN SOLUTION
    value, rng = METRICS[metric], np.random.default_rng(seed)
    drawn = []
    for _ in range(n):
        rows = rng.integers(0, len(y), len(y))
        drawn.append(value(y[rows], pred_b[rows]) - value(y[rows], pred_a[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}
    ### END SOLUTION


# %% check="paired_bootstrap" title="The same rows for both models" points=3 transport="plain"
from workshop_lib.checks import same

t.hints(
    "`rows = rng.integers(0, len(y), len(y))` draws row numbers with replacement.",
    "Use the SAME `rows` for `y`, `pred_a` and `pred_b`.",
    "Collect the differences in a list; `np.quantile(values, [0.025, 0.975])` gives both ends.",
)


def two_models(both, only_b, only_a, neither, seed=0):
    """Labels and two predictions, with these numbers of rows that they get right."""
    counts_ = [both, only_b, only_a, neither]
    truth = np.arange(sum(counts_)) % 2
    right_a, right_b = np.repeat([1, 0, 1, 0], counts_), np.repeat([1, 1, 0, 0], counts_)
    order = np.random.default_rng([seed, 87]).permutation(len(truth))
    preds = [np.where(right == 1, truth, 1 - truth)[order] for right in (right_a, right_b)]
    return truth[order], *preds


def interval(truth, a, b, metric, expected, error, n=4000):
    """Call the answer; compare its interval with the one that theory gives."""
    got = t.call(paired_bootstrap, truth, a, b, metric, n=n)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.equal(sorted(got), ["diff", "high", "low"], what="keys")
    t.wrong_if(
        "a_minus_b",
        same(got["diff"], -expected),
        "The difference has the wrong sign: B minus A, so that above 0 means that B is better.",
    )
    t.wrong_if(
        "mean_of_the_draws",
        not same(got["diff"], expected) and abs(got["diff"] - expected) < 0.2 * error,
        f"Your diff, {got['diff']:.6g}, is near the difference on all rows, {expected:.6g}, but not "
        "equal: it is the mean of the draws. Compute diff once, on the rows as they are.",
    )
    t.equal(got["diff"], expected, what=f"diff of {metric}")
    low, high = got["low"], got["high"]
    t.wrong_if(
        "interval_without_width",
        high - low <= 1e-12,
        "The interval has no width. Draw with replacement: then some rows come twice, others not "
        "at all.",
    )
    t.wrong_if(
        "loses_the_true_labels",
        abs((low + high) / 2 - expected) > 1.2 * error,
        f"The interval, {low:.4g} to {high:.4g}, does not lie around the difference {expected:.4g}. "
        "Take the label of each drawn row along: y[rows] beside pred_a[rows] and pred_b[rows].",
    )
    ratio = (high - low) / (2 * 1.96 * error)
    t.wrong_if(
        "interval_too_wide",
        ratio > 1.3,
        f"The interval is {ratio:.1f} times too wide. Draw one set of rows for both models, as many "
        "rows as there are, and take quantiles, not the smallest and the largest value.",
    )
    t.wrong_if(
        "interval_too_narrow",
        ratio < 0.92,
        f"The interval has only {ratio:.0%} of the width it should have. The ends are the 2.5 % and "
        "the 97.5 % quantile.",
    )
    t.require(ratio < 1.09, f"The interval is {ratio:.2f} times as wide as it should be.")
    for name, end in (("low", expected - 1.96 * error), ("high", expected + 1.96 * error)):
        t.require(
            abs(got[name] - end) < 0.35 * error,
            f"{name} should be about {end:.4g}, got {got[name]:.4g}.",
        )


with t.item("Equal models: no difference, no doubt", weight=2):
    truth, a, _ = two_models(200, 0, 0, 100)
    got = t.same_every_time(paired_bootstrap, truth, a, a, "accuracy", n=200)
    t.wrong_if(
        "draws_rows_apart",
        isinstance(got, dict) and got.get("high", 0) > 0,
        f"A and B are the same model, and your interval reaches up to {got['high']:.3f}. You drew "
        "rows for A and other rows for B. Both must be judged on the same drawn rows.",
    )
    t.equal(got, {"diff": 0, "low": 0, "high": 0}, what="result")
with t.item("Accuracy: the interval has the right place and width", weight=4, seconds=15):
    for seed in t.seeds:
        sample = two_models(760, 75, 45, 120, seed)
        error = np.sqrt(120 - 30**2 / 1000) / 1000
        interval(*sample, "accuracy", 0.03, error)
with t.item("Other metrics", weight=2, seconds=15):
    truth, a, b = two_models(760, 75, 45, 120, t.seeds[-1])
    each = 1000 * (b - a) * np.where(truth == 1, 50, -1)
    got = t.call(paired_bootstrap, truth, a, b, "saving_eur", n=50)
    t.wrong_if(
        "ignores_the_metric",
        isinstance(got, dict) and same(got.get("diff"), 0.03),
        'With metric="saving_eur" you return the difference of accuracies. Use `METRICS[metric]`.',
    )
    interval(truth, a, b, "saving_eur", each.mean(), each.std() / np.sqrt(1000))
    found_a, found_b = a[truth == 1].mean(), b[truth == 1].mean()
    got = t.call(paired_bootstrap, truth, a, b, "recall", n=50)
    t.equal(got["diff"], found_b - found_a, what="diff of recall")
with t.item("`n` is the number of draws, and `seed` decides which", weight=1):
    sample = two_models(300, 40, 25, 35, t.seeds[0])
    got = t.call(paired_bootstrap, *sample, "saving_eur", n=1)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.wrong_if(
        "ignores_n",
        not same(got["low"], got["high"]),
        "With n=1 there is one draw, so low and high are equal. Yours are not: do you draw `n` times?",
    )
    ends = []
    for seed in (0, 1):
        got = t.call(paired_bootstrap, *sample, "saving_eur", n=30, seed=seed)
        ends.append((got["low"], got["high"]))
    t.wrong_if(
        "ignores_seed",
        same(*ends),
        "With seed=0 and with seed=1 you get the same interval. Use the argument: "
        "`np.random.default_rng(seed)`.",
    )
### BEGIN HIDDEN TESTS
with t.item("Other models", weight=2, seconds=15):
    for seed in t.seeds:
        only_b, only_a = np.random.default_rng([seed, 88]).integers(40, 120, 2).tolist()
        sample = two_models(400, only_b, only_a, 250, seed)
        rows_ = 650 + only_b + only_a
        gain = (only_b - only_a) / rows_
        error = np.sqrt(only_b + only_a - (only_b - only_a) ** 2 / rows_) / rows_
        interval(*sample, "accuracy", gain, error)
### END HIDDEN TESTS

# %% [markdown]
# An interval is not yet a decision. A new model has to be tested, documented and watched, so a tiny
# gain is not worth the change. The desk says beforehand which gain is worth it: `min_gain`.
#
# **Your task.** Write `verdict(ci, min_gain)`. `ci` is a dictionary with `diff`, `low`, `high`, as
# above; `min_gain` is above 0. It returns one of three texts:
#
# - `"B"` if even the lower end of the interval is a gain of at least `min_gain`;
# - `"A"` if even the upper end says that B is worse by at least `min_gain` (a difference of
#   -`min_gain` or less);
# - `"undecided"` in all other cases.
#
# For example, with `min_gain = 0.01`: an interval from 0.01 to 0.05 gives `"B"`, from 0.002 to 0.05
# `"undecided"`, from -0.06 to -0.02 `"A"`.


# %% exercise="verdict" objective="W.7.10"
def verdict(ci: dict, min_gain: float) -> str:
    """Return "B", "A" or "undecided"."""
    ### BEGIN SOLUTION
    if ci["low"] >= min_gain:
        return "B"
    return "A" if ci["high"] <= -min_gain else "undecided"
    ### END SOLUTION


# %% check="verdict" title="A decision, or an honest 'undecided'" points=1 transport="plain"
t.hints(
    "Which end of the interval is the careful one for B, which for A?",
    '`"B"` looks at `ci["low"]`, `"A"` at `ci["high"]`.',
)


def said_of(low, high, min_gain=0.01):
    got = t.call(verdict, {"diff": (low + high) / 2, "low": low, "high": high}, min_gain)
    t.require(
        isinstance(got, str) and got in ("A", "B", "undecided"),
        f'Return "A", "B" or "undecided", not {got!r}.',
    )
    return got


with t.item("B needs a lower end of at least min_gain", weight=2):
    t.equal(said_of(0.02, 0.05), "B", what="verdict on 0.02 to 0.05")
    got = said_of(-0.01, 0.05)
    t.wrong_if(
        "decides_by_the_difference",
        got == "B",
        "The interval reaches from -0.01 to 0.05: B may well be worse. The middle of it decides "
        "nothing.",
    )
    t.equal(got, "undecided", what="verdict on -0.01 to 0.05")
    got = said_of(0.002, 0.05)
    t.wrong_if(
        "any_gain_is_enough",
        got == "B",
        "The lower end, 0.002, is above 0 but below min_gain = 0.01. B may be better by too little.",
    )
    t.equal(got, "undecided", what="verdict on 0.002 to 0.05")
    got = said_of(0.01, 0.05)
    t.wrong_if(
        "exactly_min_gain_is_refused",
        got == "undecided",
        "A lower end of exactly min_gain is enough: *at least* means `>=`.",
    )
    t.equal(got, "B", what="verdict on 0.01 to 0.05")
with t.item("A needs an upper end of at most minus min_gain", weight=2):
    got = said_of(-0.06, -0.02)
    t.wrong_if(
        "never_decides_for_a",
        got == "undecided",
        "From -0.06 to -0.02: B is clearly worse, so the answer is A.",
    )
    t.equal(got, "A", what="verdict on -0.06 to -0.02")
    got = said_of(-0.06, 0.02)
    t.wrong_if(
        "looks_at_the_wrong_end",
        got == "A",
        "From -0.06 to 0.02: B may be better. For A look at the UPPER end.",
    )
    t.equal(got, "undecided", what="verdict on -0.06 to 0.02")
    got = said_of(-0.06, -0.002)
    t.wrong_if(
        "any_loss_is_enough",
        got == "A",
        "The upper end, -0.002, is a loss of less than min_gain = 0.01.",
    )
    t.equal(got, "undecided", what="verdict on -0.06 to -0.002")
    t.equal(said_of(-0.06, -0.01), "A", what="verdict on -0.06 to -0.01")
with t.item("No difference, no decision", weight=1):
    t.equal(said_of(0.0, 0.0), "undecided", what="verdict on 0 to 0")
with t.item("`min_gain` is taken from the argument", weight=1):
    for low, high in ((20, 90), (-90, -20)):
        got = said_of(low, high, min_gain=40)
        t.wrong_if(
            "ignores_min_gain",
            got != "undecided",
            f"With min_gain = 40 you decide for {got} on an interval from {low} to {high}. Compare "
            "with the argument `min_gain`, not with a number of your own.",
        )
    t.equal(said_of(45, 90, min_gain=40), "B", what="verdict on 45 to 90 with min_gain = 40")
### BEGIN HIDDEN TESTS
with t.item("Other limits", weight=1):
    for low, high, limit, expected in (
        (5, 9, 5, "B"), (4.9, 9, 5, "undecided"), (-9, -5, 5, "A"), (-9, -4.9, 5, "undecided"),
        (-9, 9, 5, "undecided"), (6, 6, 5, "B"), (-6, -6, 5, "A"),
    ):
        t.equal(said_of(low, high, limit), expected, what=f"verdict on {low} to {high}")
### END HIDDEN TESTS

# %% [markdown]
# Now the offer. A and B judged the same transactions. The desk will change for a saving of EUR 40 per
# 1,000 transactions or more. For comparison, `mcnemar_p` is given: a test that looks only at the rows
# on which exactly one of the two is right.


# %%
def mcnemar_p(y, pred_a, pred_b) -> float:
    """Exact p-value of "both models are right equally often"."""
    only_a, only_b = np.sum((pred_a == y) & (pred_b != y)), np.sum((pred_b == y) & (pred_a != y))
    return float(binomtest(int(only_b), int(only_a + only_b)).pvalue) if only_a + only_b else 1.0


def offer(n: int):
    """Labels, and the alarms of A and B; B gives most frauds a slightly higher score."""
    truth, points = data.scores(n, seed=3)
    higher = points + truth * np.random.default_rng([3, 5]).normal(0.35, 0.25, n)
    return truth, (points >= 1).astype(int), (higher >= 1).astype(int)


def drawn_apart(truth, a, b, n=400):
    """The interval when A and B are drawn apart, as if they had judged different rows."""
    rng, value = np.random.default_rng(0), METRICS["saving_eur"]
    draws = (rng.integers(0, len(truth), (2, len(truth))) for _ in range(n))
    gains = [value(truth[j], b[j]) - value(truth[i], a[i]) for i, j in draws]
    return np.quantile(gains, [0.025, 0.975])


# %% [markdown]
# We ask the same question with 2,000 transactions and with 20,000.

# %% needs="paired_bootstrap, verdict"
intervals = {}
for size in (2000, 20000):
    truth, a, b = offer(size)
    ci = paired_bootstrap(truth, a, b, "saving_eur")
    intervals[f"{size:,} rows, paired"] = (ci["low"], ci["high"])
    intervals[f"{size:,} rows, drawn apart"] = drawn_apart(truth, a, b)
    print(
        f"{size} rows, {truth.sum()} frauds: B saves {ci['diff']:.0f} more, from {ci['low']:.0f} "
        f"to {ci['high']:.0f}. Verdict: {verdict(ci, 40)}. McNemar p = {mcnemar_p(truth, a, b):.2g}"
    )
fig, ax = plt.subplots(figsize=(8, 2.8))
for place, (low, high) in enumerate(intervals.values()):
    looks = {"color": f"C{place % 2}", "linestyle": "-" if place % 2 == 0 else "--"}
    ax.plot([low, high], [place, place], marker="|", markersize=12, **looks)
ax.axvline(40, color="0.4", linestyle=":")
ax.annotate("worth the change", (46, -0.4))
ax.set_yticks(range(4), list(intervals))
ax.set(xlabel="gain of B (EUR per 1,000 transactions)", ylim=(3.5, -0.7))
figures.show(
    fig,
    alt="Four intervals of the gain. 2,000 rows: paired from 25 to 200, drawn apart from about -290 "
    "to 500. 20,000 rows: paired from 52 to 108, drawn apart from about -35 to 200.",
)

# %% [markdown]
# With 2,000 rows the answer is "undecided", although B is ahead by EUR 100: four frauds more were
# found, of 32. One fraud more or less moves the gain by EUR 25. With 20,000 rows the answer is B.
#
# Drawn apart, even 20,000 rows would not have been enough. The two models agree on almost every row,
# and the bootstrap with pairs knows that.
#
# McNemar's test counts rows that are right. It knows nothing of EUR: to it, one fraud found and one
# false alarm less are the same. A small p-value says that there is a difference; it does not say
# that the difference is worth anything. Decide on the metric in which you pay.

# %% [markdown]
# ## Recap
#
# - Costs set a limit for the probability, c_fp / (c_fp + c_fn). With a known distribution of scores
#   it becomes a threshold by formula; else try every threshold on labelled rows, and judge on new
#   ones.
# - The limit is right only for calibrated probabilities. The default of 0.5 assumes equal costs.
# - Which metric is critical follows from the costs, not from the field of work. Ask whose costs are
#   in the matrix.
# - Compare two models on the same rows, keep the pairs, and look at the whole interval. "Undecided"
#   is a result.
#
# Two questions to recall, from memory first:
#
# 1. From `02_rare_and_costly`: a supplier reports a precision of 95 %, measured on as many frauds
#    as genuine rows. Why will the fraud desk see another one?
# 2. From `01_by_hand`: you looked for the highest recall with a precision of at least 0.7. Why was
#    it wrong to lower the threshold and to stop at the first score that fails?
#
# <details><summary>Answers</summary>
#
# 1. Precision depends on the prevalence. At the desk 98 of 100 rows are genuine, so many more of the
#    alarms come from genuine rows, with the same tpr and fpr.
# 2. Recall never falls when the threshold falls, but precision goes down and up again. A lower
#    threshold can have enough precision and more recall.
#
# </details>
#
# ## What to read next
#
# - scikit-learn example, [Post-tuning the decision threshold for cost-sensitive
#   learning](https://scikit-learn.org/stable/auto_examples/model_selection/plot_cost_sensitive_learning.html):
#   the same steps on a credit data set. Look at how a gain that depends on the amount is handled.
# - C. Elkan, *The foundations of cost-sensitive learning*, IJCAI 2001: the derivation of the limit
#   c_fp / (c_fp + c_fn), and what is changed by sampling.
# - F. Provost and T. Fawcett, *Robust classification for imprecise environments*, Machine Learning
#   42, 2001: what to do when costs and prevalence are not known exactly.
