# %% [markdown]
# ## The story
#
# The supplier of the fraud desk insists: "Our model is right in 98 % of cases." Two competitors
# offer models with other numbers. Fraud is rare, about 2 of 100 transactions, and a missed fraud
# costs much more than a false alarm. In this notebook you find out which numbers still mean
# something then, and which one decides what to buy.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    matthews_corrcoef,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from workshop_lib import data, explore, figures, metrics
from workshop_lib.checks import check

figures.style()
y, score = data.scores(n=20000, seed=0)
print(f"{len(y)} transactions, {y.mean():.1%} fraud")

# %% [markdown]
# ## The trap of 98 %
#
# > **prevalence**: the share of positive rows in the population, here the share of fraud.
#
# With a prevalence of 2 %, a model that never raises an alarm is right in 98 % of cases. So the
# first question about any accuracy is: *how much better than always saying the most frequent
# label?* Two other numbers do not depend on the most frequent label:
#
# - **balanced accuracy**: the mean of two shares, of the frauds that are found (recall) and of the
#   genuine rows that pass. Guessing gives 0.5, whatever the prevalence.
# - **MCC** (Matthews correlation coefficient): the correlation between `y` and `y_pred`. 1 is
#   perfect, 0 is guessing. Where all predictions are equal it has no value, and one reports 0.
#
# A number from a sample is uncertain. In a test set with four frauds, a recall of 0.5 means two of
# four. The **bootstrap** shows how much the number could have been different: draw as many rows
# again from the sample, with replacement, compute the number, and repeat this 1,000 times. The
# middle 95 % of the results are an interval.
#
# A trap: with few frauds, some draws contain no fraud at all, and there is no recall. So draw the
# frauds and the genuine rows **separately**, as many of each as there were (a *stratified*
# bootstrap).
#
# **Your task.** Write two functions. `y` and `y_pred` are arrays of 0 and 1 (1 = fraud). `y`
# contains at least one of each.
#
# - `baseline_gap(y, y_pred)` returns a dictionary with five numbers:
#     - `accuracy`;
#     - `majority_accuracy`: the accuracy of always saying the most frequent label **of `y`**. It
#       is not always 0;
#     - `lift`: accuracy minus majority_accuracy;
#     - `balanced_accuracy` and `mcc`. scikit-learn has functions for both; they are imported.
# - `is_useful(y, y_pred)` returns True if the model is better than guessing by more than luck: the
#   **lower end** of the 95 % bootstrap interval of the balanced accuracy (its 2.5 % quantile) is
#   above 0.5. Otherwise it returns False. Two equal calls give the same answer.
#
# For example, of 100 rows 10 are fraud. A model finds 6 of them and makes 9 false alarms.
# `baseline_gap` gives accuracy (6 + 81) / 100 = 0.87, majority_accuracy 0.90, lift -0.03, balanced
# accuracy (0.6 + 0.9) / 2 = 0.75 and mcc 0.42.
#
# A shortcut for the bootstrap, if you like: a draw of *n* rows of which a share *p* is predicted
# right contains a binomial number of right rows. `rng.binomial(n, p, 1000)` makes 1,000 draws.


# %% exercise="baseline_gap" objective="W.7.6"
def baseline_gap(y: np.ndarray, y_pred: np.ndarray) -> dict:
    """Compare the accuracy with that of always saying the most frequent label."""
    ### BEGIN SOLUTION
    accuracy = float(np.mean(y == y_pred))
    majority = float(max(np.mean(y == 1), np.mean(y == 0)))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }
    ### END SOLUTION


def is_useful(y: np.ndarray, y_pred: np.ndarray) -> bool:
    """Tell whether the balanced accuracy is above 0.5 by more than luck."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)
    ### END SOLUTION


# %% check="baseline_gap" title="98 % right, and of no use" points=3 transport="plain"
from workshop_lib.checks import same

t.hints(
    "The share of the most frequent label is `max(np.mean(y == 0), np.mean(y == 1))`.",
    "For the bootstrap take the genuine rows and the frauds apart: `y_pred[y == 0]` and "
    "`y_pred[y == 1]`. Draw from each, compute the share that is right, take the mean of the two.",
    "`np.quantile(values, 0.025)` is the lower end. Use `np.random.default_rng(0)`.",
)


def rows_with(tp, fp, fn, tn, seed=0):
    """Labels and predictions with these counts, in random order."""
    truth = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
    said = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    order = np.random.default_rng([seed, 78]).permutation(len(truth))
    return truth[order], said[order]


KEYS = ["accuracy", "majority_accuracy", "lift", "balanced_accuracy", "mcc"]


def gap_of(truth, said):
    """Call the answer and return its dictionary, once it has the five keys."""
    got = t.call(baseline_gap, truth, said)
    t.require(isinstance(got, dict), f"Return a dictionary, not a {type(got).__name__}.")
    t.equal(sorted(got), sorted(KEYS), what="keys")
    return got


with t.item("A model that never raises an alarm: 98 % right, lift 0", weight=2):
    truth, said = rows_with(0, 0, 10, 490)
    got = gap_of(truth, said)
    t.wrong_if(
        "lift_against_a_coin",
        same(got["lift"], 0.48),
        "You compare with 0.5. For a rare label that is no baseline: saying 'genuine' every time "
        "is right in 98 % of cases. Subtract majority_accuracy.",
    )
    t.wrong_if(
        "mcc_without_a_value",
        np.isnan(got["mcc"]),
        "The MCC is NaN: all predictions are equal, so there is no correlation. Report 0, as "
        "`matthews_corrcoef` does.",
    )
    t.equal(got, dict(zip(KEYS, [0.98, 0.98, 0, 0.5, 0])), what="result")
with t.item("The worked example, and a sample in which fraud is frequent", weight=2):
    got = gap_of(*rows_with(6, 9, 4, 81))
    t.wrong_if(
        "lift_upside_down", same(got["lift"], 0.03), "Lift is accuracy minus majority_accuracy."
    )
    t.wrong_if(
        "lift_as_a_ratio",
        same(got["lift"], 0.87 / 0.9),
        "You divided the two accuracies. Lift is their difference here.",
    )
    t.wrong_if(
        "majority_of_the_predictions",
        same(got["majority_accuracy"], 0.85),
        "You counted the most frequent PREDICTION. Count the labels in `y`.",
    )
    t.wrong_if(
        "mean_of_precision_and_recall",
        same(got["balanced_accuracy"], 0.5),
        "Your balanced accuracy is the mean of precision and recall. Take the two shares of TRUE "
        "rows: frauds that are found (0.6), and genuine rows that pass (0.9).",
    )
    mcc = (6 * 81 - 9 * 4) / np.sqrt(15 * 10 * 90 * 85)
    t.equal(got, dict(zip(KEYS, [0.87, 0.9, -0.03, 0.75, mcc])), what="result")
    got = gap_of(*rows_with(45, 12, 15, 28))
    t.wrong_if(
        "genuine_is_always_the_majority",
        same(got["majority_accuracy"], 0.4),
        "In this sample 60 % are fraud, so the most frequent label is 1, and always saying it is "
        "right in 60 % of cases.",
    )
    mcc = (45 * 28 - 12 * 15) / np.sqrt(57 * 60 * 40 * 43)
    t.equal(got, dict(zip(KEYS, [0.73, 0.6, 0.13, 0.725, mcc])), what="result")
with t.item("Models that are no better than guessing are not useful", weight=2, seconds=20):
    got = t.call(is_useful, *rows_with(0, 0, 10, 490))
    t.wrong_if(
        "right_more_often_than_not",
        bool(got),
        "A model that never raises an alarm is called useful, because it is right in 98 % of "
        "cases. Judge by the balanced accuracy, which is 0.5 for it.",
    )
    t.equal(got, False, what="is_useful of a model without alarms")
    got = t.call(is_useful, *rows_with(1, 20, 39, 940))
    t.wrong_if(
        "looks_at_the_value_only",
        bool(got),
        "2 % of rows were chosen at random. Of 40 frauds one was found, by luck: a balanced "
        "accuracy of 0.502. Look at the lower end of its interval, not at the value itself.",
    )
    t.equal(got, False, what="is_useful of random alarms")
with t.item("A useful model may be right less often than the most frequent label", weight=2, seconds=20):
    for seed in t.seeds:
        truth, scores_ = data.scores(2000, seed + 10, prevalence=0.1, d=1)
        got = t.call(is_useful, truth, (scores_ >= 1).astype(int))
        t.wrong_if(
            "must_beat_the_majority",
            not got,
            "This model finds about half of the frauds with 16 % false alarms: much better than "
            "guessing. Its accuracy is below that of never raising an alarm, but accuracy is not "
            "the question here. The lower end of the interval is above 0.5.",
        )
        t.equal(got, True, what="is_useful of a weak model on 2,000 rows")
with t.item("Few frauds: an interval that is wide, and one that still says yes", weight=2, seconds=20):
    got = t.call(is_useful, *rows_with(2, 14, 2, 42))
    t.wrong_if(
        "few_rows_look_good",
        bool(got),
        "Of 4 frauds 2 were found, with 25 % false alarms. The balanced accuracy is 0.625, but 4 "
        "frauds prove little: the lower end of the interval is about 0.4.",
    )
    t.equal(got, False, what="is_useful with 4 frauds, 2 of them found")
    got = t.same_every_time(is_useful, *rows_with(3, 2, 0, 55))
    t.wrong_if(
        "draws_without_any_fraud",
        not got,
        "All 3 frauds were found with 2 false alarms, and you say that this is not useful. If you "
        "draw all rows together, some draws contain no fraud, and their recall is NaN. Draw frauds "
        "and genuine rows separately.",
    )
    t.equal(got, True, what="is_useful with 3 frauds, all of them found")


def called_useful(*tables):
    """Count the tables whose model the answer calls useful."""
    return sum(bool(t.call(is_useful, *rows_with(*table))) for table in tables)


with t.item("The interval is a 95 % interval: 2.5 % are below it", weight=1, seconds=30):
    # Three models 1.73 to 1.80 standard errors above 0.5, then three 2.21 to 2.28 above it. One of
    # three may come out the other way, by the luck of 1,000 draws.
    number = called_useful((46, 180, 74, 420), (96, 120, 104, 180), (54, 60, 146, 240))
    t.wrong_if(
        "leaves_out_five_percent",
        number >= 2,
        f"Three models are a little better than guessing: 4 % of their draws are below 0.5. You call "
        f"{number} of them useful. The lower end of a 95 % interval has 2.5 % of the draws below it, "
        "not 5 %.",
    )
with t.item("A model that is clearly better than guessing is not refused", weight=1, seconds=30):
    number = called_useful((36, 120, 84, 480), (58, 60, 142, 240), (100, 120, 100, 180))
    t.wrong_if(
        "asks_for_too_much",
        number <= 1,
        f"Of three models only about 1.3 % of the draws are below 0.5. You call {number} of them "
        "useful, so your interval is wider than 95 %: take the 2.5 % quantile.",
    )
### BEGIN HIDDEN TESTS
with t.item("Other samples", weight=2, seconds=20):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 79])
        counts = rng.integers(1, 60, 4).tolist()
        truth, said = rows_with(*counts, seed=seed)
        tp, fp, fn, tn = counts
        right, most = (tp + tn) / sum(counts), max(tp + fn, fp + tn) / sum(counts)
        both = (tp / (tp + fn) + tn / (tn + fp)) / 2
        values = [right, most, right - most, both, matthews_corrcoef(truth, said)]
        t.equal(gap_of(truth, said), dict(zip(KEYS, values)), what="result")
    t.equal(t.call(is_useful, *rows_with(30, 300, 70, 700)), False, what="is_useful of a coin")
    t.equal(t.call(is_useful, *rows_with(20, 10, 80, 890)), True, what="is_useful")
    t.equal(t.call(is_useful, *rows_with(10, 890, 90, 10)), False, what="is_useful, upside down")
### END HIDDEN TESTS

# %% [markdown]
# Three models meet transactions in which fraud is more or less frequent: one never raises an alarm,
# one picks 2 % of rows at random, one raises an alarm when the score is at least 1.5.

# %% needs="baseline_gap"
prevalences = np.array([0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5])
results = []
for prevalence in prevalences:
    truth, points = data.scores(20000, seed=1, prevalence=prevalence)
    by_chance = np.random.default_rng(2).random(20000) < 0.02
    models = {"never an alarm": 0 * truth, "2 % at random": by_chance, "score ≥ 1.5": points >= 1.5}
    for name, alarm in models.items():
        results.append({"model": name, "prevalence": prevalence, **baseline_gap(truth, alarm)})
results = pd.DataFrame(results)
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True)
for ax, metric in zip(axes, ["accuracy", "balanced_accuracy"]):
    for (name, part), marker in zip(results.groupby("model"), "osD"):
        ax.plot(part["prevalence"], part[metric], marker=marker, label=name)
    ax.set(title=metric.replace("_", " "), xlabel="prevalence", ylim=(0.4, 1))
axes[0].legend(loc="lower left")
figures.show(
    fig,
    alt="Two panels over prevalence from 0 to 0.5. Accuracy of the three models falls, from above "
    "0.92 to 0.49, 0.49 and 0.81. Balanced accuracy stays nearly level: 0.5, 0.5 and 0.81.",
)

# %% [markdown]
# Left: where fraud is rare, the model that does nothing has the best accuracy of all. Right: the
# balanced accuracy shows at every prevalence that only one of the three finds fraud. The other two
# are worth as much as guessing, 0.5.
#
# How useful is the model of the fraud desk? The library's `metrics.bootstrap_ci` does what you did
# by hand, for any metric. `stratify=y` draws frauds and genuine rows separately.

# %% needs="baseline_gap"
def mean_of_shares(truth, alarm):
    """Balanced accuracy, quickly."""
    return (alarm[truth == 1].mean() + 1 - alarm[truth == 0].mean()) / 2


alarm = (score >= 2).astype(int)
low, high = metrics.bootstrap_ci(mean_of_shares, y, alarm, stratify=y, n=500)
gap = baseline_gap(y, alarm)
print(f"accuracy {gap['accuracy']:.3f}, lift {gap['lift']:.3f}")
print(f"balanced accuracy {mean_of_shares(y, alarm):.2f}, interval {low:.2f} to {high:.2f}")
print("useful:", is_useful(y, alarm))

# %% [markdown]
# ## What an alarm is worth depends on the prevalence
#
# A supplier measures a model in a laboratory, with as many frauds as genuine rows. It finds 90 % of
# the frauds (true positive rate, *tpr*) and raises an alarm on 5 % of the genuine rows (false
# positive rate, *fpr*). In that laboratory 95 % of the alarms are right. What will the desk see?
#
# Take 100,000 transactions with a prevalence π. Then 100,000 · π are fraud and a share tpr of them
# gives an alarm; 100,000 · (1 − π) are genuine and a share fpr of them gives an alarm, too.
#
# **Your task.** Write `precision_from(tpr, fpr, prevalence)`. It takes three numbers from 0 to 1
# and returns the precision: right alarms divided by all alarms. If there are no alarms at all, it
# returns 0.0.
#
# For example, with tpr 0.8, fpr 0.1 and a prevalence of 0.2: of 100 rows 20 are fraud, which give
# 16 right alarms; 80 are genuine, which give 8 false alarms. The precision is 16 / 24 = 0.667.


# %% exercise="precision_from" objective="W.7.7"
def precision_from(tpr: float, fpr: float, prevalence: float) -> float:
    """Return the share of right alarms at a given prevalence."""
    ### BEGIN SOLUTION
    right = tpr * prevalence
    false = fpr * (1 - prevalence)
    return right / (right + false) if right + false > 0 else 0.0
    ### END SOLUTION


# %% check="precision_from" title="The same model, a rarer fraud" points=1 transport="plain"
from workshop_lib.checks import same

t.hints(
    "Think of 100,000 rows. How many right alarms are there, and how many false ones?",
    "Right alarms are a share `tpr * prevalence` of all rows; false alarms are a share "
    "`fpr * (1 - prevalence)`.",
)
with t.item("Precision at a low prevalence", weight=3):
    got = t.call(precision_from, 0.9, 0.05, 0.001)
    t.wrong_if(
        "ignores_the_prevalence",
        same(got, 0.9 / 0.95),
        "You get the precision of the laboratory, where fraud and genuine rows are equally "
        "frequent. Here 999 of 1,000 rows are genuine, so most alarms come from them.",
    )
    t.wrong_if(
        "forgets_the_share_of_genuine_rows",
        same(got, 0.0009 / (0.0009 + 0.05)),
        "The false alarms come from the genuine rows only: multiply fpr by (1 - prevalence).",
    )
    t.wrong_if(
        "specificity_for_fpr",
        same(got, 0.0009 / (0.0009 + 0.95 * 0.999)),
        "You used 1 - fpr, the share of genuine rows that PASS. The false alarms are the share fpr.",
    )
    t.wrong_if(
        "forgets_the_right_alarms_below_the_line",
        same(got, 0.0009 / (0.05 * 0.999)),
        "You divided the right alarms by the false ones. Divide by all alarms.",
    )
    t.equal(got, 0.0009 / (0.0009 + 0.04995), what="precision_from(0.9, 0.05, 0.001)")
    t.gives(2 / 3, precision_from, 0.8, 0.1, 0.2)
    t.gives(0.9 / 0.95, precision_from, 0.9, 0.05, 0.5)
with t.item("Limits: no alarm, no fraud, nothing but fraud", weight=1):
    t.gives(0, precision_from, 0.0, 0.0, 0.3)
    t.gives(0, precision_from, 0.9, 0.05, 0.0)
    t.gives(1, precision_from, 0.9, 0.05, 1.0)
    t.gives(0, precision_from, 0.9, 0.0, 0.0)
### BEGIN HIDDEN TESTS
with t.item("It is what one counts", weight=1):
    for seed in t.seeds:
        tp, fp, fn, tn = np.random.default_rng([seed, 80]).integers(1, 90, 4).tolist()
        share = (tp + fn) / (tp + fp + fn + tn)
        t.gives(tp / (tp + fp), precision_from, tp / (tp + fn), fp / (fp + tn), share)
### END HIDDEN TESTS

# %% [markdown]
# Back to the supplier: 90 % of frauds found, 5 % false alarms among genuine rows. Only the prevalence
# changes from line to line.

# %% needs="precision_from"
for prevalence in (0.5, 0.1, 0.02, 0.001):
    print(f"prevalence {prevalence:.1%}: precision {precision_from(0.9, 0.05, prevalence):.3f}")

# %% [markdown]
# The model is the same in every line, and so are its tpr and fpr. Where one transaction of 1,000 is
# fraud, 98 of 100 alarms are false. A precision without its prevalence says nothing; ask in which
# population it was measured.
#
# ## ROC curve and precision-recall curve
#
# A model with scores is judged at all thresholds at once. Two curves are common. The **ROC curve**
# shows tpr over fpr; the area under it (ROC AUC) is the probability that a fraud has a higher score
# than a genuine row. The **precision-recall curve** shows precision over recall. Move the
# prevalence, and the distance `d` between the mean scores of fraud and of genuine rows.


# %% tags=["nbval-ignore-output"]
def show_curves(prevalence, d):
    """Draw both curves for 20,000 transactions."""
    truth, points = data.scores(20000, seed=3, prevalence=prevalence, d=d)
    fpr, tpr, _ = roc_curve(truth, points)
    precision, recall, _ = precision_recall_curve(truth, points)
    area, ap = roc_auc_score(truth, points), average_precision_score(truth, points)
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4))
    left.plot(fpr, tpr)
    left.plot([0, 1], [0, 1], color="0.5", linestyle=":")
    left.set(title=f"ROC, area {area:.2f}", xlabel="fpr", ylabel="tpr (recall)")
    right.plot(recall, precision)
    right.axhline(truth.mean(), color="0.5", linestyle=":")
    right.set(title=f"precision-recall, AP {ap:.2f}", xlabel="recall", ylabel="precision")
    for ax in (left, right):
        ax.set(xlim=(0, 1), ylim=(0, 1))
    figures.show(
        fig,
        alt=f"Prevalence {prevalence}, distance {d}: ROC curve with area {area:.2f}, and "
        f"precision-recall curve with average precision {ap:.2f}. Dotted: guessing.",
    )


explore.sliders(show_curves, prevalence=(0.005, 0.5, 0.005, 0.02), d=(0.5, 3.0, 0.1, 2.0))

# %% [markdown]
# The ROC curve hardly moves when you move the prevalence: tpr and fpr each look at one class only.
# The precision-recall curve falls as fraud becomes rare. Both are correct. They answer different
# questions, and the desk asks the second one: how many of my alarms are right?
#
# The precision-recall curve has a number, too.
#
# > **average precision** (AP): the sum, over all thresholds from high to low, of the precision at a
# > threshold times the gain in recall since the one before:
# > $AP = \sum_n (R_n - R_{n-1}) \cdot P_n$, with $R_0 = 0$.
#
# So AP is the mean precision that somebody meets while recall grows from 0 to 1. Each threshold is
# a score that occurs; all rows with at least this score are alarms. Rows with **equal scores** enter
# together, in one step.
#
# **Your task.** Write `average_precision_by_hand(y, score)`: from an array of 0 and 1 (at least one
# 1) and an array of scores, in any order, to the AP. You may use scikit-learn's
# `precision_recall_curve`. Its `average_precision_score` gives the right number too, and the check
# looks only at numbers. But then you have not seen what is added up: write the sum yourself, and use
# the library to compare.
#
# For example, with `y = [1, 0, 1, 0]` and the scores `[0.9, 0.8, 0.7, 0.6]`: recall rises from 0 to
# 0.5 at the threshold 0.9 (precision 1) and from 0.5 to 1 at 0.7 (precision 2/3). So
# AP = 0.5 · 1 + 0.5 · 2/3 = 0.833.


# %% exercise="average_precision_by_hand" objective="W.7.7"
def average_precision_by_hand(y: np.ndarray, score: np.ndarray) -> float:
    """Return the average precision: a sum of steps of recall times precision."""
    ### BEGIN SOLUTION
    total, recall_before = 0.0, 0.0
    for threshold in np.unique(score)[::-1]:
        found = y[score >= threshold]
        recall = found.sum() / y.sum()
        total += (recall - recall_before) * found.mean()
        recall_before = recall
    return float(total)
    ### END SOLUTION


# %% check="average_precision_by_hand" title="Average precision, step by step" points=2 transport="plain"
from sklearn.metrics import auc

from workshop_lib.checks import same

t.hints(
    "`np.unique(score)[::-1]` are the thresholds from high to low.",
    "At each one: the labels of the alarms are `y[score >= threshold]`. Their mean is the precision, "
    "their sum divided by `y.sum()` the recall.",
    "Keep the recall of the threshold before, and add (recall - before) · precision.",
)


def averaged(truth, scores_):
    """Call the answer; tell the usual other numbers apart."""
    got = t.call(average_precision_by_hand, truth, scores_)
    expected = average_precision_score(truth, scores_)
    p, r, _ = precision_recall_curve(truth, scores_)
    t.wrong_if(
        "trapezoid",
        not same(got, expected) and same(got, auc(r, p)),
        f"You got {got:.4f}: the area of trapezoids, which joins the points by straight lines. "
        "Between two thresholds there is no model, so the lines promise too much or too little. "
        "Take steps: gain in recall times the precision at the threshold.",
    )
    best_so_far = np.maximum.accumulate(p)[:-1]
    t.wrong_if(
        "interpolated_precision",
        not same(got, expected) and same(got, -np.sum(np.diff(r) * best_so_far)),
        f"You got {got:.4f}: at each recall you took the best precision at this recall or a higher "
        "one. That is another definition (interpolated). Take the precision at the threshold itself.",
    )
    t.wrong_if(
        "area_under_the_other_curve",
        not same(got, expected) and same(got, roc_auc_score(truth, scores_)),
        f"You got {got:.4f}, the area under the ROC curve. It does not know precision.",
    )
    t.wrong_if(
        "low_scores_first",
        not same(got, expected) and same(got, average_precision_score(truth, -scores_)),
        "You went from low to high scores. A high score is suspicious: begin with the highest.",
    )
    t.wrong_if(
        "mean_over_all_thresholds",
        not same(got, expected) and same(got, p[:-1].mean()),
        "You took the plain mean of all precisions. Steps on which recall does not grow count 0: "
        "weight each precision with the gain in recall.",
    )
    return got, expected


with t.item("The worked example", weight=1):
    got, expected = averaged(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.6]))
    t.equal(got, 5 / 6, what="AP of the worked example")
    t.equal(averaged(np.array([0, 1, 1]), np.array([0.3, 0.8, 0.7]))[0], 1.0, what="perfect order")
with t.item("Scores of the fraud desk", weight=2):
    for seed in t.seeds:
        got, expected = averaged(*data.scores(600, seed, prevalence=0.1))
        t.equal(got, expected, what="AP")
with t.item("Rows with equal scores enter together", weight=2):
    for seed in t.seeds:
        truth, scores_ = data.scores(300, seed + 30, prevalence=0.2, d=1)
        scores_ = scores_.round(0)
        got, expected = averaged(truth, scores_)
        orders = [np.argsort(-scores_, kind="stable"), np.argsort(scores_, kind="stable")[::-1]]
        by_row = [
            np.mean((np.cumsum(truth[o]) / np.arange(1, 301))[truth[o] == 1]) for o in orders
        ]
        t.wrong_if(
            "ties_in_the_order_of_rows",
            not same(got, expected) and any(same(got, value) for value in by_row),
            f"You got {got:.4f} instead of {expected:.4f}: rows with equal scores were taken one "
            "after the other, so the order of the table decides. No threshold can separate them: "
            "one step for each different score.",
        )
        t.equal(got, expected, what="AP with equal scores")
    t.gives(0.3, average_precision_by_hand, np.array([1, 0, 0, 0, 1, 1, 0, 0, 0, 0]), np.ones(10))
### BEGIN HIDDEN TESTS
with t.item("Ten times as many genuine rows: AP falls, ROC AUC does not", weight=1):
    for seed in t.seeds:
        truth, scores_ = data.scores(300, seed + 60, prevalence=0.3)
        more = np.concatenate([np.flatnonzero(truth == 1), np.tile(np.flatnonzero(truth == 0), 10)])
        t.equal(roc_auc_score(truth[more], scores_[more]), roc_auc_score(truth, scores_))
        got = t.call(average_precision_by_hand, truth[more], scores_[more])
        t.equal(got, average_precision_score(truth[more], scores_[more]), what="AP")
        before = t.call(average_precision_by_hand, truth, scores_)
        t.require(got < before, f"AP should fall below {before:.3f}, got {got:.3f}.")
    t.gives(1.0, average_precision_by_hand, np.array([1]), np.array([0.5]))
### END HIDDEN TESTS

# %% [markdown]
# Our present model is "broad": it gives all frauds a higher score, by 2 on average. A competitor
# offers "sharp": it recognises 45 % of the frauds without doubt and is weak on the rest.
# `rank_models` is given: it sorts models by a metric, the best first.


# %%
def rank_models(y, scores: dict, metric) -> list:
    """Return the names of the models, the best first."""
    return sorted(scores, key=lambda name: metric(y, scores[name]), reverse=True)


rng = np.random.default_rng(4)
certain = rng.random(len(y)) < 0.45
sharp = rng.normal(size=len(y)) + y * np.where(certain, 5, 0.8)
offers = {"broad": score, "sharp": sharp}
print("by ROC AUC:          ", rank_models(y, offers, roc_auc_score))
print("by average precision:", rank_models(y, offers, average_precision_score))

# %% [markdown]
# The two metrics disagree. Here are their values, AP with your own function, and what the desk would
# see if it looked at the 200 highest scores.

# %% needs="average_precision_by_hand"
table = {
    name: {"ROC AUC": roc_auc_score(y, s), "AP": average_precision_by_hand(y, s)}
    for name, s in offers.items()
}
for name, s in offers.items():
    first = np.argsort(-s)[:200]
    table[name]["right among the first 200 alarms"] = y[first].mean()
pd.DataFrame(table).T.round(2)

# %% [markdown]
# ROC AUC asks about all pairs of a fraud and a genuine row, also about frauds that nobody will ever
# look at. AP gives the top of the list more weight. A desk that can work through 200 alarms a day
# is better off with "sharp". A metric is not better or worse in itself: it belongs to a question.

# %% [markdown]
# ## Does F1 protect against missed fraud?
#
# A training slide says: *F1 is crucial for models that are sensitive to false negatives.* Is that
# so? Written with counts,
#
# $$F_1 = \frac{2\,tp}{2\,tp + fp + fn}, \qquad
#   F_\beta = \frac{(1+\beta^2)\,tp}{(1+\beta^2)\,tp + \beta^2 fn + fp}$$
#
# Look at the first formula: what happens when fp and fn change places?
#
# The costs are known here. A missed fraud costs `c_fn` EUR, a false alarm `c_fp` EUR (a call to the
# customer). The total cost of a model is c_fn · fn + c_fp · fp. In $F_\beta$, a missed fraud weighs
# β² times as much as a false alarm.
#
# **Your task.** Write three functions. A table of counts is a dictionary with the keys `tp`, `fp`,
# `fn`, `tn`.
#
# - `twins(tp, a, b, tn)` returns two such tables, as a tuple. Both have `tp` and `tn`. The first has
#   `fp = a` and `fn = b`, the second `fp = b` and `fn = a`.
# - `beta_for_cost(c_fn, c_fp)` returns the β for which $F_\beta$ weighs the two mistakes in the
#   ratio of their costs. Both costs are above 0.
# - `pick_model(models, c_fn, c_fp)` takes a dictionary: name → table, all for the same test set. It
#   returns the name of the model with the lowest total cost. If two cost the same, it takes the one
#   with fewer missed frauds.
#
# For example, `twins(10, 1, 5, 84)` is `({"tp": 10, "fp": 1, "fn": 5, "tn": 84}, {"tp": 10, "fp": 5,
# "fn": 1, "tn": 84})`. With c_fn = 50 and c_fp = 1 the first costs 251, the second 55. If a missed
# fraud costs nine times as much as a false alarm, β is 3.


# %% exercise="pick_model" objective="W.7.8"
def twins(tp: int, a: int, b: int, tn: int) -> tuple[dict, dict]:
    """Return two tables that differ in which mistake is made."""
    ### BEGIN SOLUTION
    first = {"tp": tp, "fp": a, "fn": b, "tn": tn}
    return first, {**first, "fp": b, "fn": a}
    ### END SOLUTION


def beta_for_cost(c_fn: float, c_fp: float) -> float:
    """Return the beta that weighs the mistakes as their costs do."""
    ### BEGIN SOLUTION
    return (c_fn / c_fp) ** 0.5
    ### END SOLUTION


def pick_model(models: dict, c_fn: float, c_fp: float) -> str:
    """Return the name of the cheapest model."""
    ### BEGIN SOLUTION
    def cost(name):
        return c_fn * models[name]["fn"] + c_fp * models[name]["fp"], models[name]["fn"]

    return min(models, key=cost)
    ### END SOLUTION


# %% check="pick_model" title="Equal F1, other costs" points=3 transport="plain"
from workshop_lib.checks import same

t.hints(
    "Compare β² in the formula with the ratio of the costs.",
    "A loop over `models.items()` computes c_fn · fn + c_fp · fp for each.",
    "`min(models, key=...)` returns a name; a key that is a tuple (cost, fn) settles a tie.",
)


def f1_of(table):
    return 2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])


def some_models(seed, number=30):
    """Models on one test set with 400 frauds: the higher the threshold, the fewer alarms."""
    truth, _ = data.scores(5000, seed, prevalence=0.08)
    rng = np.random.default_rng([seed, 81])
    models = {}
    for place in range(number):
        scores_ = rng.normal(size=len(truth)) + rng.uniform(1, 2.5) * truth
        alarm_ = scores_ >= rng.uniform(0, 3)
        counts = [alarm_ & (truth == 1), alarm_ & (truth == 0)]
        counts += [~alarm_ & (truth == 1), ~alarm_ & (truth == 0)]
        models[f"m{place}"] = dict(zip(("tp", "fp", "fn", "tn"), (int(c.sum()) for c in counts)))
    return models


with t.item("Twins have the same F1", weight=1):
    got = t.call(twins, 30, 10, 20, 90)
    t.require(
        isinstance(got, tuple | list) and len(got) == 2 and all(isinstance(g, dict) for g in got),
        "Return two dictionaries.",
    )
    first = {"tp": 30, "fp": 10, "fn": 20, "tn": 90}
    second = {"tp": 30, "fp": 20, "fn": 10, "tn": 90}
    t.wrong_if(
        "the_other_one_first",
        same(list(got), [second, first]),
        "The order is reversed: the first table has fp = a and fn = b.",
    )
    t.equal(list(got), [first, second], what="twins(30, 10, 20, 90)")
    t.equal(f1_of(got[0]), f1_of(got[1]), what="F1")
with t.item("β is the root of the ratio of costs", weight=2):
    got = t.call(beta_for_cost, 50, 2)
    t.wrong_if(
        "beta_is_the_ratio",
        same(got, 25),
        "You returned the ratio of the costs, 25. In the formula β is squared, so a missed fraud "
        "would weigh 625 times as much as a false alarm.",
    )
    t.wrong_if(
        "ratio_upside_down",
        same(got, 0.2) or same(got, 0.04),
        "The ratio is upside down: this β gives false alarms more weight. c_fn belongs above the "
        "line.",
    )
    t.equal(got, 5, what="beta_for_cost(50, 2)")
    t.gives(1, beta_for_cost, 7, 7)
    t.gives(0.5, beta_for_cost, 1, 4)
with t.item("The cheapest model is chosen, not the one with the best F1", weight=3):
    offered = [some_models(seed) for seed in (*t.seeds, 5)]
    cases = [(models_, *c) for models_ in offered for c in ((50, 1), (1, 20), (1, 1))]
    picks = [t.call(pick_model, *case) for case in cases]
    for got, (models_, _, _) in zip(picks, cases):
        known = isinstance(got, str) and got in models_
        t.require(known, f"Return the name of a model, not {got!r}.")

    def always(rule):
        """Whether each pick is the lowest by a rule that looks at one table and two costs."""
        values = [{n: rule(m, *c) for n, m in models_.items()} for models_, *c in cases]
        return all(same(v[got], min(v.values())) for got, v in zip(picks, values))

    t.wrong_if(
        "picks_the_best_f1",
        always(lambda m, c_fn, c_fp: -f1_of(m)),
        "You pick the model with the best F1, whatever the costs are. F1 does not know them: "
        "compute the total cost.",
    )
    t.wrong_if(
        "costs_swapped",
        always(lambda m, c_fn, c_fp: c_fn * m["fp"] + c_fp * m["fn"]),
        "You multiply the false alarms by c_fn. c_fn is the cost of a false NEGATIVE, a missed "
        "fraud.",
    )
    t.wrong_if(
        "cost_per_alarm",
        always(
            lambda m, c_fn, c_fp: c_fn * m["fn"] / (m["fn"] + m["tn"])
            + c_fp * m["fp"] / (m["fp"] + m["tp"])
        ),
        "You divide the costs by the number of alarms or of rows without an alarm. A model with "
        "more alarms then looks cheaper. Take the total cost.",
    )
    t.wrong_if(
        "fewest_missed_frauds",
        always(lambda m, c_fn, c_fp: m["fn"]),
        "You pick the model with the fewest missed frauds, whatever the costs are. Its false "
        "alarms cost money, too.",
    )
    for got, (models_, c_fn, c_fp) in zip(picks, cases):
        total = {name: c_fn * m["fn"] + c_fp * m["fp"] for name, m in models_.items()}
        what = f"cost of your choice (c_fn={c_fn}, c_fp={c_fp})"
        t.equal(total[got], min(total.values()), what=what)
with t.item("F-beta is no substitute for the cost, either", weight=1):
    models_ = {
        "careful": {"tp": 10, "fp": 0, "fn": 90, "tn": 900},
        "medium": {"tp": 40, "fp": 2, "fn": 60, "tn": 898},
        "bold": {"tp": 70, "fp": 25, "fn": 30, "tn": 875},
    }
    got = t.call(pick_model, models_, 1, 20)
    t.wrong_if(
        "picks_the_best_f_beta",
        got == "medium",
        "With c_fn = 1 and c_fp = 20, `medium` has the best F-beta for these costs, 0.89. It costs "
        "100, and `careful` costs 90. F-beta weighs the mistakes as the costs do, but it is a "
        "ratio: the best ratio is not always the lowest cost.",
    )
    t.equal(got, "careful", what="choice for c_fn = 1, c_fp = 20")
with t.item("At equal cost, the model with fewer missed frauds", weight=1):
    many = {"tp": 90, "fp": 60, "fn": 10, "tn": 840}
    few = {"tp": 88, "fp": 50, "fn": 12, "tn": 850}
    for models_ in ({"many": many, "few": few}, {"few": few, "many": many}):
        got = t.call(pick_model, models_, 5, 1)
        t.wrong_if(
            "tie_left_to_the_order",
            got == "few",
            "Both models cost 110. Take the one with fewer missed frauds, whichever comes first.",
        )
        t.equal(got, "many", what="choice at equal cost")
### BEGIN HIDDEN TESTS
with t.item("Other models and costs", weight=2):
    for seed in t.seeds:
        models_ = some_models(seed + 40, number=12)
        for c_fn, c_fp in ((3.5, 1.0), (200, 7), (0.5, 0.25)):
            cost_of = {n: (c_fn * m["fn"] + c_fp * m["fp"], m["fn"]) for n, m in models_.items()}
            got = t.call(pick_model, models_, c_fn, c_fp)
            best = min(cost_of.values())
            t.equal(cost_of.get(got), best, what="cost and missed frauds of the choice")
    only = {"tp": 1, "fp": 2, "fn": 3, "tn": 4}
    t.gives("only", pick_model, {"only": only}, 1, 1)
    t.gives(2.5, beta_for_cost, 12.5, 2.0)
### END HIDDEN TESTS

# %% [markdown]
# Thirty models on the same transactions: five suppliers with six thresholds each. A missed fraud
# costs EUR 50, a false alarm EUR 1.

# %% needs="pick_model"
models = {}
for d in (1.2, 1.6, 2.0, 2.4, 2.8):
    truth, points = data.scores(20000, seed=0, d=d)
    for threshold in (0.0, 0.6, 1.2, 1.8, 2.4, 3.0):
        alarm, fraud = points >= threshold, truth == 1
        pairs = [alarm & fraud, alarm & ~fraud, ~alarm & fraud, ~alarm & ~fraud]
        counts = [int(pair.sum()) for pair in pairs]
        models[f"d={d}, t={threshold}"] = dict(zip(("tp", "fp", "fn", "tn"), counts))
table = pd.DataFrame(models).T
table["F1"] = 2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])
table["cost_eur"] = 50 * table["fn"] + table["fp"]
chosen = {"best F1": table["F1"].idxmax(), "lowest cost": pick_model(models, 50, 1)}
fig, ax = plt.subplots(figsize=(6.5, 3.6))
ax.plot(table["F1"], table["cost_eur"], "o", color="0.5", label="other models")
for (label, name), marker in zip(chosen.items(), "sD"):
    ax.plot(*table.loc[name, ["F1", "cost_eur"]], marker, markersize=11, label=label)
ax.set(xlabel="F1", ylabel="cost (EUR)", ylim=(0, None))
ax.legend()
figures.show(
    fig,
    alt="Thirty models by F1 and cost. The best F1, 0.62, costs EUR 7,611. The lowest cost, EUR "
    "3,437, has an F1 of 0.25.",
)

# %% [markdown]
# The two choices, in numbers:

# %% needs="pick_model"
table.loc[list(chosen.values()), ["tp", "fp", "fn", "F1", "cost_eur"]].round(2)

# %% [markdown]
# The winner by F1 costs more than twice as much as the cheapest model. So the slide is wrong: **F1
# does not protect against missed fraud. It treats both mistakes alike**; its twins have the same F1
# whichever mistake they make. $F_\beta$ with β = √50 ≈ 7 would weigh them as their costs do. But it
# is still a ratio without a unit. When you know the costs, ask for the costs.

# %% [markdown]
# ## Recap
#
# - Compare an accuracy with that of the most frequent label. Balanced accuracy and MCC do not reward
#   saying the same thing every time.
# - A number from few positive rows needs an interval; draw each class separately.
# - Precision depends on the prevalence, tpr and fpr do not. A precision from the laboratory is not
#   the precision of the desk.
# - ROC AUC judges the whole list, average precision its top. They can rank models differently.
# - F1 weighs both mistakes the same. If you know the costs, choose by the costs.
#
# Two questions to recall, from memory first:
#
# 1. From `01_by_hand`: your `precision` returns 0.0 when there is no alarm. Why does it also give a
#    warning?
# 2. From `02_training/05_how_sure`: five folds give five scores with standard deviation *s*. Why is
#    s / √5 too small as the uncertainty of their mean?
#
# <details><summary>Answers</summary>
#
# 1. Without an alarm precision has no value. The 0.0 is a convention, and without a warning it
#    would look like a measurement: "all alarms were wrong".
# 2. The formula holds for independent scores. The folds share most of their training rows, so their
#    scores are not independent. The corrected variance is (1/5 + n_test/n_train) · s².
#
# </details>
#
# ## What to read next
#
# - T. Saito and M. Rehmsmeier, *The precision-recall plot is more informative than the ROC plot when
#   evaluating binary classifiers on imbalanced datasets*, PLoS ONE 10(3), 2015: look at the figures
#   in which only the prevalence changes.
# - scikit-learn user guide, [Precision, recall and
#   F-measures](https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics):
#   find the definition of average precision and the sentence on interpolation.
# - C. Elkan, *The foundations of cost-sensitive learning*, IJCAI 2001: the first two pages; they
#   lead to the next notebook, where costs set the threshold.
