# %% [markdown]
# ## The story
#
# Northwind Credit also issues cards. The fraud desk looks for stolen cards among the transactions,
# and its supplier reports an accuracy of 98 %. That sounds excellent. In this notebook you build
# the numbers with which such a report can be judged, one at a time, from four counts. At the end
# you use them to audit a set of training slides.
#
# The desk gives us a sample of 20,000 transactions. For each one we know `y`: 1 = fraud,
# 0 = genuine. The supplier's model gives a `score`: the higher, the more suspicious.

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from workshop_lib import data, figures
from workshop_lib.checks import check

figures.style()
y, score = data.scores(n=20000, seed=0)
print(f"{len(y)} transactions, {y.sum()} of them fraud ({y.mean():.1%})")
print(f"right, if we never raise an alarm: {np.mean(y == 0):.1%}")

# %% [markdown]
# So a "model" that never raises an alarm is right in 98 % of cases, and it finds no fraud at all.
# The share of right answers does not tell us which answers are right. We have to look at the two
# kinds of mistakes apart.
#
# ## Four counts
#
# Each row has a true label and a predicted label. One of the labels is called **positive**: the
# one that we look for, here fraud. Everything else is negative. Then there are four kinds of rows:
#
# | | predicted positive (alarm) | predicted negative (no alarm) |
# |---|---|---|
# | **truly positive** (fraud) | true positive, *tp* | false negative, *fn*: a fraud that we missed |
# | **truly negative** (genuine) | false positive, *fp*: a false alarm | true negative, *tn* |
#
# > **confusion matrix**: the table of these counts. Rows are true labels, columns are predicted
# > labels.
#
# The first metric adds up what is right: accuracy = (tp + tn) / (tp + fp + fn + tn).
#
# **Your task.** Write two functions, without scikit-learn.
#
# - `confusion(y_true, y_pred, positive=1)` returns the four whole numbers `(tp, fp, fn, tn)`, in
#   this order.
#     - `y_true` and `y_pred` are lists, arrays or Series of labels. The first true label belongs to
#       the first predicted label, and so on: **positions** count. If they are Series, their index
#       does not matter.
#     - `positive` is the label to look for, a number or a text. All other labels are negative;
#       there may be more than one of them.
#     - If the two have different lengths, or if both are empty, raise `ValueError` with a text
#       that says what was wrong.
# - `accuracy(tp, fp, fn, tn)` returns the share of right predictions, a number from 0 to 1. There
#   is at least one row.
#
# For example, `confusion(["fraud", "fraud", "ok"], ["fraud", "ok", "ok"], positive="fraud")` is
# `(1, 0, 1, 1)`: one fraud was found, no false alarm, one fraud was missed, one genuine row passed.
# And `accuracy(1, 0, 1, 1)` is 2/3.


# %% exercise="confusion" objective="W.7.1"
def confusion(y_true, y_pred, positive=1) -> tuple[int, int, int, int]:
    """Return the counts tp, fp, fn, tn."""
    ### BEGIN SOLUTION
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if len(y_true) != len(y_pred) or len(y_true) == 0:
        sizes = f"{len(y_true)} true and {len(y_pred)} predicted labels"
        raise ValueError(f"Got {sizes}; expected the same number of both, at least 1.")
    fraud, alarm = y_true == positive, y_pred == positive
    kinds = (fraud & alarm, ~fraud & alarm, fraud & ~alarm, ~fraud & ~alarm)
    return tuple(int(kind.sum()) for kind in kinds)
    ### END SOLUTION


def accuracy(tp: int, fp: int, fn: int, tn: int) -> float:
    """Return the share of right predictions."""
    ### BEGIN SOLUTION
    return (tp + tn) / (tp + fp + fn + tn)
    ### END SOLUTION


# %% check="confusion" title="Four counts, and the share that is right" points=2 transport="plain"
from sklearn.metrics import confusion_matrix

from workshop_lib.checks import same

t.hints(
    "Begin with `np.asarray` for both, so that lists, arrays and Series all become arrays.",
    "`y_true == positive` gives True and False. `&` means and, `~` means not; the sum of truth "
    "values is a count.",
    "fp are rows that are NOT positive and are predicted positive.",
)


def labels_with(tp, fp, fn, tn, yes=1, no=0):
    """Return true and predicted labels with these counts."""
    truth = [yes] * tp + [no] * fp + [yes] * fn + [no] * tn
    return truth, [yes] * (tp + fp) + [no] * (fn + tn)


with t.item("The four counts are right, in the order tp, fp, fn, tn", weight=2):
    truth, said = map(np.array, labels_with(4, 3, 2, 5))
    got = t.call(confusion, truth, said)
    t.wrong_if(
        "order_of_scikit_learn",
        same(got, (5, 3, 2, 4)),
        "This is the order of scikit-learn, tn, fp, fn, tp. The task asks for tp, fp, fn, tn.",
    )
    t.wrong_if(
        "swaps_the_two_mistakes",
        same(got, (4, 2, 3, 5)),
        "fp and fn are swapped. A false positive is PREDICTED positive, and that is false: a false "
        "alarm. A missed fraud is a false negative.",
    )
    t.wrong_if(
        "shares_instead_of_counts",
        same(got, np.array([4, 3, 2, 5]) / 14),
        "These are shares of all rows. Return counts.",
    )
    t.equal(got, (4, 3, 2, 5), what="(tp, fp, fn, tn)")
    t.gives((0, 0, 4, 3), confusion, np.array([1, 1, 0, 0, 1, 0, 1]), np.zeros(7, dtype=int))
with t.item("`positive` says which label to look for; all others are negative", weight=2):
    truth, said = labels_with(3, 1, 2, 5, "fraud", "genuine")
    got = t.call(confusion, np.array(truth), np.array(said), positive="fraud")
    t.wrong_if(
        "ignores_positive",
        same(got, (0, 0, 0, 11)),
        'With positive="fraud" you found no fraud at all. The label to look for is the text '
        '"fraud" here, not 1: compare with the argument `positive`.',
    )
    t.wrong_if(
        "positive_for_the_truth_only",
        same(got, (0, 0, 5, 6)),
        "You compare the true labels with `positive`, but not the predicted ones.",
    )
    t.wrong_if(
        "every_text_is_positive",
        same(got, (11, 0, 0, 0)),
        "Every row counts as a found fraud: in Python each text that is not empty is true. Compare "
        "with `positive`.",
    )
    t.wrong_if(
        "last_label_is_positive",
        same(got, (5, 2, 1, 3)),
        'You counted "genuine" as the positive label, because it is the last one of the alphabet. '
        "Compare with the argument `positive`.",
    )
    t.equal(got, (3, 1, 2, 5), what="(tp, fp, fn, tn)")
    truth, said = ["a", "b", "c", "b", "c", "a"], ["a", "c", "b", "b", "a", "b"]
    got = t.call(confusion, np.array(truth), np.array(said), positive="a")
    t.wrong_if(
        "other_labels_are_lost",
        same(got, (1, 1, 1, 1)),
        "Your counts add up to 4, but there are 6 rows. A true 'b' that is predicted as 'c' is a "
        "true negative here: neither of the two is the label that we look for.",
    )
    t.equal(got, (1, 1, 1, 3), what="(tp, fp, fn, tn)")
with t.item("Rows belong together by position, in lists, arrays and Series", weight=2):
    truth, said = labels_with(4, 3, 2, 5)
    t.equal(t.call(confusion, truth, said), (4, 3, 2, 5), what="counts of two lists")
    for seed in t.seeds:
        order = np.random.default_rng([seed, 71]).permutation(14)
        one, other = pd.Series(truth), pd.Series(said, index=order)
        got = t.call(confusion, one, other)
        matched = other.sort_index()
        by_index = [(one == a) & (matched == b) for a, b in ((1, 1), (0, 1), (1, 0), (0, 0))]
        t.wrong_if(
            "pairs_by_index",
            not same(got, (4, 3, 2, 5)) and same(got, [int(rows.sum()) for rows in by_index]),
            "pandas has put rows with equal index labels together. Here the two Series have their "
            "own index, and positions count: make arrays of them first (`np.asarray`).",
        )
        t.equal(got, (4, 3, 2, 5), what="counts of two Series")
    got = t.call(confusion, pd.Series(truth, index=range(50, 64)), said)
    t.equal(got, (4, 3, 2, 5), what="counts of a Series and a list")
with t.item("Accuracy is the share of right predictions", weight=2):
    got = t.call(accuracy, 30, 12, 8, 50)
    t.wrong_if(
        "forgets_the_true_negatives",
        same(got, 0.3),
        "Only found frauds were counted as right. A genuine row that passes is right, too: tp + tn.",
    )
    t.wrong_if(
        "accuracy_in_percent", same(got, 80), "Return a share from 0 to 1: 80 of 100 is 0.8."
    )
    t.wrong_if(
        "mean_of_the_two_classes",
        same(got, (30 / 38 + 50 / 62) / 2),
        "This is the mean of two shares, one for each class (the balanced accuracy). Accuracy "
        "divides all right predictions by all rows.",
    )
    t.wrong_if("share_of_errors", same(got, 0.2), "This is the share of wrong predictions.")
    t.wrong_if(
        "whole_number_division", same(got, 0), "`//` drops the decimals. Divide with a single `/`."
    )
    t.equal(got, 0.8, what="accuracy(30, 12, 8, 50)")
    t.gives(1, accuracy, 0, 0, 0, 5)
    got = t.call(accuracy, 1, 0, 1, 1)
    t.wrong_if(
        "rounds_the_result",
        not same(got, 2 / 3) and abs(got - 2 / 3) < 0.006,
        f"You return {got}. Do not round: rounding is for the person who prints it.",
    )
    t.equal(got, 2 / 3, what="accuracy(1, 0, 1, 1)")
with t.item("Labels that do not fit together are refused", weight=1):
    t.raises(ValueError, confusion, [1, 0, 1], [1, 0], misconception="drops_the_rest")
    t.raises(ValueError, confusion, [1], [1, 0], misconception="repeats_one_label")
    t.raises(ValueError, confusion, [], [], misconception="counts_nothing")
### BEGIN HIDDEN TESTS
with t.item("It agrees with scikit-learn on random labels", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 72])
        truth, said = rng.integers(0, 2, (2, 200))
        tn, fp, fn, tp = confusion_matrix(truth, said).ravel().tolist()
        t.gives((tp, fp, fn, tn), confusion, truth.tolist(), said)
        t.gives((tn, fn, fp, tp), confusion, pd.Series(truth), said, positive=0)
        t.gives((tp, fp, fn, tn), confusion, truth == 1, said == 1, positive=True)
    t.gives((0, 0, 0, 3), confusion, [0, 0, 0], [0, 0, 0])
    t.gives((3, 0, 0, 0), confusion, ["x"] * 3, ["x"] * 3, positive="x")
### END HIDDEN TESTS

# %% [markdown]
# Let the desk raise an alarm when the score is at least 2. This is its confusion matrix.

# %% needs="confusion"
alarm = (score >= 2).astype(int)
tp, fp, fn, tn = confusion(y, alarm)
fig, ax = plt.subplots(figsize=(5.5, 3.2))
ax.imshow([[1, 0], [0, 1]], cmap="Blues", vmin=-0.6, vmax=4, aspect="auto")
texts = [f"tp\n{tp}", f"fn (missed)\n{fn}", f"fp (false alarm)\n{fp}", f"tn\n{tn}"]
for place, text in enumerate(texts):
    ax.text(place % 2, place // 2, text, ha="center", va="center", fontsize=13)
ax.set_xticks([0, 1], ["alarm", "no alarm"])
ax.set_yticks([0, 1], ["fraud", "genuine"])
ax.set_title(f"accuracy {accuracy(tp, fp, fn, tn):.3f}")
ax.grid(False)
figures.show(
    fig,
    alt="Confusion matrix of the alarms at score 2. Fraud: 195 found, 209 missed. Genuine: 470 "
    "false alarms, 19126 passed. Accuracy 0.966.",
)

# %% [markdown]
# This model finds about half of the frauds. Its accuracy is *lower* than that of raising no alarm
# at all: 0.966 against 0.980. It makes 470 false alarms, and it finds 195 frauds. Whether that is a
# good exchange, accuracy cannot say: to accuracy, both mistakes are the same.

# %% [markdown]
# ## Precision: how many alarms are right?
#
# > **precision**: of all rows that were predicted positive, the share that is truly positive:
# > tp / (tp + fp). It answers the question of the person who works through the alarms.
#
# What if there is no alarm at all? Then 0 is divided by 0, and precision has no value. A function
# must still return something. scikit-learn returns 0.0, **and says so with a warning**, so that
# nobody takes this 0.0 for a measurement. We do the same.
#
# **Your task.** Write `precision(tp, fp, fn, tn)`. It takes all four counts, although it does not
# need all of them. It returns a number from 0 to 1.
#
# - Without an alarm (tp + fp = 0) it returns 0.0 and gives one warning, with `warnings.warn("...")`.
#   The text contains the word `precision`. `warnings` is imported above.
# - Whenever precision has a value, there is no warning, also if this value is 0.
# - The counts may be NumPy integers, as large as 2 billion (`np.int32`). Their sum does not fit into
#   `np.int32`, so convert them with `int(...)` before you add.
#
# For example, 30 of 40 alarms are right: `precision(30, 10, 20, 90)` is 0.75.


# %% exercise="precision" objective="W.7.2"
def precision(tp: int, fp: int, fn: int, tn: int) -> float:
    """Return the share of alarms that are right; 0.0 with a warning if there is no alarm."""
    ### BEGIN SOLUTION
    alarms = int(tp) + int(fp)
    if alarms == 0:
        warnings.warn("precision has no value without an alarm; 0.0 is returned", stacklevel=2)
        return 0.0
    return int(tp) / alarms
    ### END SOLUTION


# %% check="precision" title="The share of alarms that are right" points=1 transport="object"
from workshop_lib.checks import same

t.hints(
    "How many alarms are there in all, right or wrong?",
    "`alarms = int(tp) + int(fp)`. Treat the case of 0 alarms first, with `if`.",
    'In that case: `warnings.warn("precision has no value without an alarm")`, then `return 0.0`.',
)


def warned(function, *counts):
    """Call a function and return the texts of its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function(*counts)
    return [str(each.message) for each in caught]


with t.item("Right alarms divided by all alarms", weight=2):
    got = t.call(precision, 30, 10, 20, 90)
    t.wrong_if(
        "divides_by_all_fraud",
        same(got, 0.6),
        "You divided by all frauds, tp + fn. That is recall, which comes next. Precision divides "
        "by all alarms, right or wrong.",
    )
    t.wrong_if(
        "divides_by_all_rows", same(got, 0.2), "You divided by all rows. Divide by the alarms."
    )
    t.wrong_if(
        "share_of_false_alarms",
        same(got, 0.25),
        "This is the share of alarms that are FALSE, fp / (tp + fp).",
    )
    t.wrong_if(
        "right_to_wrong",
        same(got, 3),
        "You divided the right alarms by the wrong ones. Divide by all alarms.",
    )
    t.wrong_if(
        "precision_in_percent", same(got, 75), "Return a share from 0 to 1: 30 of 40 is 0.75."
    )
    t.equal(got, 0.75, what="precision(30, 10, 20, 90)")
    got = t.call(precision, 1, 2, 5, 8)
    t.wrong_if(
        "rounds_the_result",
        not same(got, 1 / 3) and abs(got - 1 / 3) < 0.006,
        f"You return {got}. Do not round: rounding is for the person who prints it.",
    )
    t.equal(got, 1 / 3, what="precision(1, 2, 5, 8)")
    t.gives(1, precision, 4, 0, 7, 3)
    t.gives(0, precision, 0, 4, 7, 3)
with t.item("Without an alarm the result is 0.0", weight=1):
    got = t.call(precision, 0, 0, 4, 9)
    t.wrong_if(
        "no_alarm_counts_as_perfect",
        same(got, 1),
        "Without a single alarm you report a precision of 1, the best possible. A model that does "
        "nothing would win. Return 0.0.",
    )
    t.wrong_if(
        "no_alarm_is_missing",
        np.isnan(float(got)),
        "Without an alarm you return NaN. That is honest, but here the task asks for 0.0 and a "
        "warning, as scikit-learn does.",
    )
    t.equal(got, 0.0, what="precision(0, 0, 4, 9)")
with t.item("It warns when precision has no value, and only then", weight=1):
    t.equal(t.call(precision, 0, 0, 4, 9), 0.0, what="precision(0, 0, 4, 9)")
    texts = t.call(warned, precision, 0, 0, 4, 9)
    t.wrong_if(
        "no_warning",
        len(texts) == 0,
        "There was no warning. The reader sees 0.0 and believes that every alarm was wrong. Use "
        "`warnings.warn`; a printed text is lost as soon as a program calls the function.",
    )
    t.equal(len(texts), 1, what="number of warnings")
    t.require(
        "precision" in texts[0].lower(),
        f"The warning says {texts[0]!r}. Name `precision` in it, so that the reader knows what is "
        "meant.",
    )
    t.wrong_if(
        "warns_when_all_alarms_are_wrong",
        len(t.call(warned, precision, 0, 5, 4, 9)) > 0,
        "With 5 false alarms and no right one, precision is 0: a real measurement. Warn only when "
        "there is no alarm.",
    )
    t.equal(t.call(warned, precision, 3, 1, 4, 9), [], what="warnings of precision(3, 1, 4, 9)")
with t.item("Large counts do not overflow", weight=1):
    got = t.call(precision, *np.array([1_800_000_000, 600_000_000, 5, 5], dtype=np.int32))
    t.wrong_if(
        "overflow",
        not 0 <= got <= 1,
        f"You got {got:.3f}. The sum of the counts does not fit into 32 bits and became negative. "
        "Convert each count with `int(...)` before you add.",
    )
    t.equal(got, 0.75, what="precision of counts in billions")
### BEGIN HIDDEN TESTS
with t.item("Other counts", weight=1):
    for seed in t.seeds:
        numbers = np.random.default_rng([seed, 73]).integers(1, 500, 4)
        t.gives(numbers[0] / (numbers[0] + numbers[1]), precision, *numbers)
        t.gives(numbers[0] / (numbers[0] + numbers[1]), precision, *numbers.tolist())
### END HIDDEN TESTS

# %% [markdown]
# At the limit of 2 we take the first 40 alarms, in the order of the day. Each square is one alarm,
# as a person at the desk would see them.

# %% needs="confusion, precision"
first = y[score >= 2][:40]
x, row = np.arange(40) % 10, np.arange(40) // 10
fig, ax = plt.subplots(figsize=(6, 2.8))
ax.scatter(x[first == 1], row[first == 1], s=220, marker="s", label="fraud")
ax.scatter(x[first == 0], row[first == 0], s=220, marker="s", facecolors="none", edgecolors="0.4",
           label="false alarm")
ax.set(xlim=(-0.6, 9.6), ylim=(3.6, -0.6), xticks=[], yticks=[])
ax.set_title(f"all alarms: precision {precision(tp, fp, fn, tn):.2f}")
ax.grid(False)
ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
figures.show(
    fig,
    alt="Forty squares, one for each alarm. 11 are filled, these are frauds; 29 are empty, "
    "these are false alarms. The precision of all alarms is 0.29.",
)
print(f"fraud among the first 40 alarms: {first.sum()}")

# %% [markdown]
# About seven of ten alarms are wrong. For the person at the desk that is a bad day; for the owner
# of a stolen card it may still be a good one. Precision does not say how much fraud remains.

# %% [markdown]
# ## Recall: how much of the fraud is found?
#
# > **recall**: of all rows that are truly positive, the share that was predicted positive:
# > tp / (tp + fn). It is also called *sensitivity* or *true positive rate*.
#
# **Your task.** Write `recall(tp, fp, fn, tn)`. It returns a number from 0 to 1. Where there is no
# truly positive row (tp + fn = 0), recall has no value: return 0.0. (A warning is good practice
# here, too. It is not checked again.)
#
# For example, 30 of 50 frauds are found: `recall(30, 10, 20, 90)` is 0.6.


# %% exercise="recall" objective="W.7.3"
def recall(tp: int, fp: int, fn: int, tn: int) -> float:
    """Return the share of positive rows that are found; 0.0 if there are none."""
    ### BEGIN SOLUTION
    frauds = tp + fn
    return tp / frauds if frauds else 0.0
    ### END SOLUTION


# %% check="recall" title="The share of fraud that is found" points=1 transport="plain"
from workshop_lib.checks import same

t.hints(
    "Which two of the four counts are frauds?",
    "Divide the frauds that were found by all frauds, and treat the case of no fraud first.",
)
with t.item("Frauds found divided by all frauds", weight=2):
    got = t.call(recall, 30, 10, 20, 90)
    t.wrong_if(
        "divides_by_all_alarms",
        same(got, 0.75),
        "You divided by the alarms, tp + fp: that is precision. Recall looks at all frauds, found "
        "or missed.",
    )
    t.wrong_if(
        "recall_of_the_genuine_rows",
        same(got, 0.9),
        "You used tn / (tn + fp), the share of GENUINE rows that pass (specificity). Recall is "
        "about fraud.",
    )
    t.wrong_if(
        "share_of_missed_fraud", same(got, 0.4), "This is the share of frauds that were MISSED."
    )
    t.wrong_if(
        "found_to_missed",
        same(got, 1.5),
        "You divided the frauds found by the frauds missed. Divide by all frauds.",
    )
    t.wrong_if(
        "divides_by_all_rows", same(got, 0.2), "You divided by all rows. Divide by all frauds."
    )
    t.wrong_if("recall_in_percent", same(got, 60), "Return a share from 0 to 1: 30 of 50 is 0.6.")
    t.equal(got, 0.6, what="recall(30, 10, 20, 90)")
    t.gives(1 / 3, recall, 1, 5, 2, 8)
    t.gives(1, recall, 4, 7, 0, 3)
    t.gives(0, recall, 0, 7, 4, 3)
with t.item("Without any fraud the result is 0.0", weight=1):
    got = t.call(recall, 0, 3, 0, 9)
    t.wrong_if(
        "no_fraud_counts_as_perfect",
        same(got, 1),
        "There was no fraud to find, and you report that all of it was found. Return 0.0.",
    )
    t.equal(got, 0.0, what="recall(0, 3, 0, 9)")
### BEGIN HIDDEN TESTS
with t.item("Other counts", weight=1):
    for seed in t.seeds:
        numbers = np.random.default_rng([seed, 74]).integers(1, 500, 4)
        t.gives(numbers[0] / (numbers[0] + numbers[2]), recall, *numbers)
        t.gives(numbers[0] / (numbers[0] + numbers[2]), recall, *numbers.tolist())
### END HIDDEN TESTS

# %% [markdown]
# ## One score, many models
#
# "An alarm when the score is at least 2" was our choice. This limit is the **threshold**. A lower
# threshold gives more alarms: recall rises (or stays), and precision mostly falls. Every threshold
# is another model. The desk can say what it needs: *at least half of my alarms must be right. How
# much fraud can you find then?*
#
# **Your task.** Write `recall_at_precision(y, score, min_precision)`.
#
# - `y` is an array of 0 and 1, `score` an array of numbers of the same length, in any order. There
#   is at least one fraud. A row is an alarm when its score is **at least** the threshold (`>=`).
#   So rows with equal scores are alarms together, or not at all.
# - It returns `(recall, threshold)`: the highest recall that any threshold reaches **with a
#   precision of at least** `min_precision`, and such a threshold.
# - If no threshold with at least one alarm reaches the precision, it returns `(0.0, np.inf)`.
#
# It is enough to try every score that occurs. scikit-learn's `precision_recall_curve` may help.
# (Its last pair, precision 1 and recall 0, belongs to no threshold.)
#
# For example:
#
# | score | 0.9 | 0.8 | 0.7 | 0.6 | 0.3 | 0.1 |
# |---|---|---|---|---|---|---|
# | y | 1 | 0 | 1 | 1 | 0 | 0 |
# | precision, if the threshold is this score | 1 | 0.5 | 0.67 | 0.75 | 0.6 | 0.5 |
# | recall | 0.33 | 0.33 | 0.67 | 1 | 1 | 1 |
#
# For `min_precision=0.7` the thresholds 0.9 and 0.6 are good enough, and 0.6 has the higher recall:
# the result is `(1.0, 0.6)`. Precision went down and up again, so do not stop at the first score
# that fails.


# %% exercise="recall_at_precision" objective="W.7.3"
def recall_at_precision(
    y: np.ndarray, score: np.ndarray, min_precision: float
) -> tuple[float, float]:
    """Return the highest recall at this precision or more, and a threshold that reaches it."""
    ### BEGIN SOLUTION
    best = (0.0, np.inf)
    for threshold in np.unique(score):
        found = y[score >= threshold]
        if found.mean() >= min_precision and found.sum() / y.sum() > best[0]:
            best = (float(found.sum() / y.sum()), float(threshold))
    return best
    ### END SOLUTION


# %% check="recall_at_precision" title="The most fraud with enough right alarms" points=1 transport="plain"
from workshop_lib.checks import same

t.hints(
    "A loop over `np.unique(score)` tries every threshold.",
    "For one threshold, `found = y[score >= threshold]` are the labels of all alarms. Their mean "
    "is the precision.",
    "Keep the best pair so far. Begin with `(0.0, np.inf)`.",
)


def rates_of(truth, alarm):
    """Precision and recall of alarms; 0 without an alarm."""
    return truth[alarm].mean() if alarm.any() else 0.0, truth[alarm].sum() / truth.sum()


def asked(truth, scores_, bound):
    """Call the answer; what a threshold says must be what it does."""
    got = t.call(recall_at_precision, truth, scores_, bound)
    t.require(
        isinstance(got, tuple | list | np.ndarray) and np.shape(got) == (2,),
        "Return two numbers: the recall and the threshold.",
    )
    value, threshold = got
    t.require(
        all(isinstance(n, int | float | np.number) for n in got) and not np.isnan(threshold),
        f"You return {value!r} and {threshold!r}: the recall and the threshold are numbers. If no "
        "threshold has enough precision, the threshold is `np.inf`.",
    )
    tried = [(*rates_of(truth, scores_ >= level), level) for level in np.unique(scores_)[::-1]]
    best = max((r for p, r, _ in tried if p >= bound), default=0.0)
    t.wrong_if(
        "threshold_before_recall",
        same(threshold, best) and best > 0 and not 0 <= value <= 1,
        "Threshold and recall are swapped: return the recall first.",
    )
    until = next((i for i, (p, _, _) in enumerate(tried) if p < bound), len(tried))
    t.wrong_if(
        "stops_at_the_first_score_that_fails",
        value < best and same(value, tried[until - 1][1] if until else 0.0),
        f"Your recall is {value:.3f}, and {best:.3f} is possible. Precision can go down and up "
        "again when the threshold falls: try every threshold.",
    )
    t.wrong_if(
        "precision_must_exceed_the_bound",
        value < best and same(value, max((r for p, r, _ in tried if p > bound), default=0.0)),
        f"Your recall is {value:.3f}, and {best:.3f} is possible with a precision of exactly "
        f"{bound}. *At least* means `>=`.",
    )
    t.wrong_if(
        "highest_precision_instead",
        value < best and same(value, max(tried)[1]),
        f"Your recall is {value:.3f}: that of the highest precision. The task asks for the highest "
        f"recall whose precision is still at least {bound}. {best:.3f} is possible.",
    )
    p, r = rates_of(truth, scores_ >= threshold)
    t.wrong_if(
        "divides_by_all_rows",
        not same(value, r) and same(value, r * truth.mean()),
        f"You return {value:.3f}: the frauds found, divided by all rows. Recall divides by all "
        "frauds, `y.sum()`.",
    )
    t.wrong_if(
        "rounds_the_result",
        not same(value, r) and abs(value - r) < 0.0051 and same(value, round(value, 2)),
        f"You return {value}, and the recall at your threshold is {r:.4f}. Do not round: rounding is "
        "for the person who prints it.",
    )
    above = rates_of(truth, scores_ > threshold)
    t.wrong_if(
        "alarm_only_above_the_threshold",
        same(value, above[1]) and (not same(value, r) or p < bound <= above[0]),
        f"With the threshold {threshold:.3f} you count only rows ABOVE it. A score that is equal to "
        "the threshold is an alarm, too: use `>=`.",
    )
    row_by_row = []
    for order in (np.argsort(-scores_, kind="stable"), np.argsort(scores_, kind="stable")[::-1]):
        hits = np.cumsum(truth[order])
        row_by_row += (hits / truth.sum())[hits / np.arange(1, len(truth) + 1) >= bound].tolist()
    t.wrong_if(
        "precision_below_the_bound",
        value > best and same(value, r) and not any(same(value, each) for each in row_by_row),
        f"At your threshold {threshold:.3f} the recall is {r:.3f}, but the precision is only "
        f"{p:.3f}, below {bound}. "
        + ("No threshold reaches it." if best == 0 else f"The highest recall is {best:.3f}."),
    )
    t.wrong_if(
        "cuts_between_equal_scores",
        value > best,
        f"Your recall is {value:.3f}, but no threshold reaches more than {best:.3f} here. Rows "
        "with equal scores are alarms together, or rows are not sorted by their score.",
    )
    t.wrong_if(
        "precision_in_place_of_recall",
        not same(value, best) and same([value, r], [p, best]),
        f"You return {value:.3f}. That is the precision at your threshold; the first number is the "
        "recall.",
    )
    t.wrong_if(
        "no_alarm_needs_an_infinite_threshold",
        same([value, best], [0, 0]) and r > 0,
        f"No threshold has enough precision here, and at your threshold {threshold} there are "
        "alarms. Return `(0.0, np.inf)`: no score is that high.",
    )
    good = next((f"{level:.3f}" for _, q, level in tried if q == best), "")
    t.require(
        not value < best or same(value, best),
        f"Your recall is {value:.3f}. At the threshold {good} the precision is at least {bound}, "
        f"too, and the recall is {best:.3f}.",
    )
    t.equal(value, best, what="recall")
    t.equal(r, best, what="recall at your threshold")
    t.require(
        best == 0 or p >= bound,
        f"At your threshold {threshold:.3f} the precision is {p:.3f}, below {bound}.",
    )
    return threshold


with t.item("The worked example", weight=2):
    truth, scores_ = np.array([1, 0, 1, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.3, 0.1])
    for bound in (0.7, 0.75, 0.9, 0.55):
        asked(truth, scores_, bound)
with t.item("Scores of the fraud desk, in any order", weight=2):
    for seed in t.seeds:
        rows = data.scores(600, seed, prevalence=0.1)
        for bound in (0.5, 0.7):
            asked(*rows, bound)
with t.item("Rows with equal scores are alarms together", weight=2):
    truth = np.array([1, 1, 0, 0, 1, 0])
    scores_ = np.array([0.9, 0.9, 0.9, 0.5, 0.5, 0.2])
    for bound in (0.65, 0.6, 0.9):
        asked(truth, scores_, bound)
        asked(truth[::-1].copy(), scores_[::-1].copy(), bound)
with t.item("A precision that nobody reaches, and one that everybody reaches", weight=1):
    truth, scores_ = np.array([0, 1, 0, 1]), np.array([0.9, 0.8, 0.7, 0.6])
    threshold = asked(truth, scores_, 0.8)
    t.wrong_if(
        "point_without_a_threshold",
        np.isfinite(threshold),
        f"No threshold has a precision of 0.8 here, and you return the threshold {threshold}. "
        "`precision_recall_curve` adds a last pair (1, 0) that belongs to no threshold: leave it "
        "out, and return `np.inf`.",
    )
    t.equal(threshold, np.inf, what="threshold")
    asked(truth, scores_, 0)
### BEGIN HIDDEN TESTS
with t.item("Many equal scores, other bounds", weight=2):
    for seed in t.seeds:
        truth, scores_ = data.scores(400, seed + 50, prevalence=0.2, d=1)
        for bound in (0.35, 0.6, 1.0):
            asked(truth, scores_.round(1), bound)
    asked(np.array([1]), np.array([3.0]), 1.0)
### END HIDDEN TESTS

# %% [markdown]
# Every point of the next curve is a threshold.

# %% needs="recall_at_precision"
from sklearn.metrics import precision_recall_curve

precisions, recalls, thresholds = precision_recall_curve(y, score)
best, threshold = recall_at_precision(y, score, 0.5)
fig, ax = plt.subplots(figsize=(6.5, 3.6))
# Above the score 3 there are only a few alarms, and their precision jumps.
shown = thresholds <= 3
ax.plot(recalls[:-1][shown], precisions[:-1][shown], label="all thresholds up to 3")
ax.axhline(0.5, color="0.4", linestyle="--", label="at least half of the alarms right")
ax.plot(best, 0.5, "o", color="C1", markersize=10)
ax.annotate(f"recall {best:.2f}\nthreshold {threshold:.2f}", (best + 0.02, 0.55))
ax.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1))
ax.legend()
figures.show(
    fig,
    alt="Precision falls from 0.76 to 0.02 as recall rises from 0.15 to 1. It crosses the line at "
    "precision 0.5 where recall is 0.24; the threshold there is 2.60.",
)

# %% [markdown]
# If half of the alarms must be right, this model finds about a quarter of the fraud. To find 80 % of
# it, the desk has to accept that nine of ten alarms are wrong. The curve is the list of all offers
# of a model. No metric chooses among them; people do, when they know what each mistake costs. You
# will do that in `03_threshold`.

# %% [markdown]
# ## One number for both: F1
#
# A list of offers is hard to compare. The **F1 score** puts precision *P* and recall *R* into one
# number, their *harmonic mean*. With a weight β it is called F-beta:
#
# $$F_\beta = \frac{(1+\beta^2) \cdot P \cdot R}{\beta^2 \cdot P + R}$$
#
# β = 1 gives F1 = 2PR / (P + R). A β above 1 gives recall more weight, below 1 precision.
#
# The desk works in batches, one a day. A day has few frauds, so the F1 of a single day jumps. The
# F1 of a whole week is that of the **pooled** counts: add up the four counts of all days, then
# compute.
#
# **Your task.** Write two functions.
#
# - `fbeta(precision, recall, beta=1.0)` returns F-beta. If both precision and recall are 0, it
#   returns 0.0. `beta` is above 0.
# - `f1_batches(batches)` takes a list of tuples `(tp, fp, fn, tn)` and returns the F1 of the pooled
#   counts. Precision or recall without a value counts as 0.0, as above. There is at least one batch.
#
# For example, `fbeta(0.5, 1.0)` is 2 · 0.5 · 1 / 1.5 = 0.667. Two days with the counts
# `(8, 2, 2, 88)` (F1 = 0.8) and `(0, 0, 1, 99)` (F1 = 0) have the pooled counts `(8, 2, 3, 187)`:
# precision 0.8, recall 8/11, F1 = 0.762. The mean of the two F1 would be 0.4.


# %% exercise="fbeta" objective="W.7.4"
def fbeta(precision: float, recall: float, beta: float = 1.0) -> float:
    """Return the weighted harmonic mean of precision and recall."""
    ### BEGIN SOLUTION
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below > 0 else 0.0
    ### END SOLUTION


def f1_batches(batches: list) -> float:
    """Return the F1 of the counts of all batches together."""
    ### BEGIN SOLUTION
    tp, fp, fn, _ = np.sum(batches, axis=0)
    return float(2 * tp / (2 * tp + fp + fn)) if tp else 0.0
    ### END SOLUTION


# %% check="fbeta" title="F-beta, and F1 of pooled counts" points=2 transport="plain"
from sklearn.metrics import fbeta_score

from workshop_lib.checks import same

t.hints(
    "Copy the formula term by term; β² is `beta**2`. Treat the case of two zeros first.",
    "`np.sum(batches, axis=0)` adds the tuples up, place by place.",
    "With counts, F1 = 2·tp / (2·tp + fp + fn), when tp is above 0.",
)
with t.item("F1 is the harmonic mean", weight=2):
    got = t.call(fbeta, 0.75, 0.6)
    t.wrong_if(
        "arithmetic_mean",
        same(got, 0.675),
        "This is the ordinary mean. With it, a model that raises an alarm for every row (recall 1, "
        "precision 0.02) would get 0.51. The harmonic mean stays near the smaller of the two.",
    )
    t.wrong_if(
        "geometric_mean",
        same(got, np.sqrt(0.45)),
        "This is the root of P · R, the geometric mean. F1 is 2PR / (P + R).",
    )
    t.wrong_if("forgets_the_factor", same(got, 1 / 3), "The factor 1 + β² above the line is missing.")
    t.equal(got, 2 / 3, what="fbeta(0.75, 0.6)")
    got = t.call(fbeta, 0.0, 0.0)
    t.wrong_if(
        "two_zeros_become_missing",
        np.isnan(got),
        "If precision and recall are both 0 you return NaN: 0 divided by 0. Return 0.0.",
    )
    t.equal(got, 0, what="fbeta(0.0, 0.0)")
    t.gives(0, fbeta, 0.0, 0.8)
    t.gives(0.4, fbeta, 0.4, 0.4)
with t.item("β above 1 gives recall more weight", weight=2):
    got = t.call(fbeta, 0.5, 1.0, beta=2.0)
    t.wrong_if(
        "ignores_beta", same(got, 2 / 3), "With beta = 2 you get the same as with 1. Use `beta`."
    )
    t.wrong_if(
        "beta_without_square",
        same(got, 3 * 0.5 / (2 * 0.5 + 1)),
        "You used β where the formula has β². Square it in both places.",
    )
    t.wrong_if(
        "beta_on_the_wrong_side",
        same(got, 5 * 0.5 / (0.5 + 4 * 1)),
        "β² stands before recall in your denominator, so recall gets LESS weight. It belongs "
        "before precision.",
    )
    t.equal(got, 5 * 0.5 / 3, what="fbeta(0.5, 1.0, beta=2)")
    t.gives(1.25 * 0.5 / (0.25 * 0.5 + 1), fbeta, 0.5, 1.0, beta=0.5)
with t.item("F1 of batches is that of the pooled counts", weight=3):
    days = [(8, 2, 2, 88), (0, 0, 1, 99)]
    got = t.call(f1_batches, days)
    t.wrong_if(
        "mean_of_the_days",
        same(got, 0.4),
        "You took a mean over the days. A day with one fraud then counts as much as a day with "
        "ten. Add up the counts first.",
    )
    t.wrong_if(
        "leaves_out_a_day",
        same(got, 0.8),
        "The second day is left out, because nothing was found on it. But one fraud was missed on "
        "that day, and it counts.",
    )
    t.wrong_if(
        "weighted_mean_of_the_days",
        same(got, 0.8 * 10 / 11),
        "You weighted the F1 of each day by its frauds. That is not the F1 of the whole: add up "
        "the counts, then compute.",
    )
    t.equal(got, 16 / 21, what="F1 of two days")
    t.gives(2 / 3, f1_batches, [(30, 10, 20, 90)])
with t.item("Days on which nothing was found", weight=1):
    t.gives(0, f1_batches, [(0, 0, 0, 50), (0, 0, 0, 70)])
    t.gives(0, f1_batches, [(0, 3, 2, 50), (0, 0, 1, 70)])
    t.gives(0.8, f1_batches, [(0, 0, 0, 50), (4, 1, 1, 70)])
### BEGIN HIDDEN TESTS
with t.item("It agrees with scikit-learn", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 75])
        truth, said = rng.integers(0, 2, (2, 120))
        p, r = precision_score(truth, said), recall_score(truth, said)
        for beta in (0.3, 1.0, 2.5):
            t.gives(fbeta_score(truth, said, beta=beta), fbeta, p, r, beta)
        days = rng.integers(1, 40, (7, 4))
        tp, fp, fn, _ = days.sum(axis=0)
        t.gives(2 * tp / (2 * tp + fp + fn), f1_batches, [tuple(day) for day in days.tolist()])
### END HIDDEN TESTS

# %% [markdown]
# Along each line of the next picture F1 is the same.

# %% needs="fbeta"
grid = np.linspace(0.01, 1, 100)
f1 = [[fbeta(p, r) for r in grid] for p in grid]
fig, ax = plt.subplots(figsize=(5.5, 4))
lines = ax.contour(grid, grid, f1, levels=[0.2, 0.4, 0.6, 0.8], colors="0.4", linestyles="-")
ax.clabel(lines, fmt="F1 = %.1f", manual=[(0.2, 0.2), (0.4, 0.4), (0.6, 0.6), (0.8, 0.8)])
ax.plot([0.6, 1], [0.75, 0.02], "o", color="C0", markersize=9)
box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
ax.annotate("P = 0.75, R = 0.6: F1 = 0.67", (0.57, 0.75), ha="right", va="center", bbox=box)
ax.annotate("alarm for every row: F1 = 0.04", (0.97, 0.02), ha="right", va="center", bbox=box)
ax.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1))
figures.show(
    fig,
    alt="Curved lines of equal F1 in the plane of recall and precision. A model with an alarm for "
    "every row lies at the lower right corner, at F1 0.04; P 0.75 and R 0.6 lie at 0.67.",
)

# %% [markdown]
# A model cannot buy a good F1 with one of the two alone: the lines bend away from the axes. But F1
# has made a decision for you: it treats recall and precision as equally important. Nobody asked the
# desk. `02_rare_and_costly` looks at what follows.

# %% [markdown]
# ## By hand and by library
#
# You know now what the numbers mean. In daily work you take them from `sklearn.metrics`. This has
# its own traps: the order of the arguments (`y_true` first), the label that is positive
# (`pos_label`), and, with more than two classes, the kind of average.
#
# With three or more classes, each class in turn is the positive one, and there is a precision, a
# recall and an F1 for each. Three averages are common:
#
# - `macro`: the plain mean over all classes; a rare class counts as much as a frequent one.
# - `weighted`: the mean over all classes, weighted by their number of true rows.
# - `micro`: pool the counts of all classes, then compute.
#
# **Your task.** Write two functions with scikit-learn. (The four metrics for two classes are
# imported above. Nothing else is.)
#
# - `metric_table(by_hand, y_true, y_pred, positive)` compares numbers that somebody computed by
#   hand with the library. `by_hand` is a dictionary with the keys `accuracy`, `precision`,
#   `recall`, `f1`. The labels have two values; one of them is `positive`. It returns a DataFrame
#   with one row for each metric and the columns `metric` (the key), `by_hand`, `library`, and
#   `equal`: True where the two numbers differ by at most 0.000 000 001. (Two ways to compute the
#   same number can differ in the last digit.) A metric without a value is 0.
# - `multiclass_table(y_true, y_pred)` returns a DataFrame with the columns `average`, `precision`,
#   `recall`, `f1` and the three rows `macro`, `micro`, `weighted`. A class that is never predicted
#   has precision 0. It counts.
#
# The order of rows and the index are up to you. For example, with the labels `[1, 1, 0]`, the
# predictions `[1, 0, 0]` and `positive=1` the library finds accuracy 2/3, precision 1, recall 0.5
# and F1 2/3.


# %% exercise="metric_table" objective="W.2.4"
def metric_table(by_hand: dict, y_true, y_pred, positive) -> pd.DataFrame:
    """Compare four metrics by hand with those of scikit-learn."""
    ### BEGIN SOLUTION
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    equal = (table["by_hand"] - table["library"]).abs() <= 1e-9
    return table.assign(equal=equal).rename_axis("metric").reset_index()
    ### END SOLUTION


def multiclass_table(y_true, y_pred) -> pd.DataFrame:
    """Return precision, recall and F1 for three kinds of average."""
    ### BEGIN SOLUTION
    rows = []
    for average in ("macro", "micro", "weighted"):
        options = {"average": average, "zero_division": 0}
        row = {"average": average, "precision": precision_score(y_true, y_pred, **options)}
        row["recall"] = recall_score(y_true, y_pred, **options)
        row["f1"] = f1_score(y_true, y_pred, **options)
        rows.append(row)
    return pd.DataFrame(rows)
    ### END SOLUTION


# %% check="metric_table" title="The library says the same, if it is asked correctly" points=2 transport="plain"
from workshop_lib.checks import same

t.hints(
    "scikit-learn's functions take the true labels first: `precision_score(y_true, y_pred, ...)`.",
    "`pos_label=positive` says which label is positive, `zero_division=0` what to return where "
    "there is no value.",
    'For several classes: `average="macro"`, and so on, instead of `pos_label`.',
)
NAMES = ["accuracy", "precision", "recall", "f1"]


def table_of(numbers, truth, said, positive):
    """Call the answer and return its table with the metrics as the index."""
    got = t.call(metric_table, dict(zip(NAMES, numbers)), truth, said, positive)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(got.columns), {"metric", "by_hand", "library", "equal"}, what="columns")
    t.equal(sorted(got["metric"]), sorted(NAMES), what="metrics")
    return got.set_index("metric").loc[NAMES]


def averages_of(truth, said):
    """Call the answer and return its table with the averages as the index."""
    got = t.call(multiclass_table, truth, said)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(got.columns), {"average", "precision", "recall", "f1"}, what="columns")
    kinds = ["macro", "micro", "weighted"]
    t.equal(sorted(got["average"]), kinds, what="averages")
    return got.set_index("average").loc[kinds, ["precision", "recall", "f1"]].astype(float)


def labels_with(tp, fp, fn, tn, yes=1, no=0):
    """Return true and predicted labels with these counts."""
    truth = [yes] * tp + [no] * fp + [yes] * fn + [no] * tn
    return np.array(truth), np.array([yes] * (tp + fp) + [no] * (fn + tn))


with t.item("The numbers of the library, for the label that is positive", weight=2):
    right = [0.8, 0.75, 0.6, 2 / 3]
    for yes, no in ((1, 0), ("fraud", "genuine"), (0, 1)):
        truth, said = labels_with(30, 10, 20, 90, yes, no)
        got = table_of(right, truth, said, yes)
        t.wrong_if(
            "swaps_truth_and_prediction",
            same(got.loc[["precision", "recall"], "library"].tolist(), [0.6, 0.75]),
            "Precision and recall are exchanged. scikit-learn takes the true labels first, then "
            "the predicted ones.",
        )
        t.wrong_if(
            "forgets_pos_label",
            yes == 0 and same(got.loc["precision", "library"], 90 / 110),
            "With positive = 0 you got the precision of the label 1. Tell the library which label "
            "is positive: `pos_label=positive`.",
        )
        t.wrong_if(
            "average_of_both_labels",
            same(got.loc["precision", "library"], (0.75 + 90 / 110) / 2),
            "You took an average over both labels. With two classes, ask for the positive one "
            "only: `pos_label`, without `average`.",
        )
        t.equal(got["library"].tolist(), right, what="library")
        t.equal(got["by_hand"].tolist(), right, what="by_hand")
with t.item("`equal` compares, with room for the last digit", weight=2):
    truth, said = labels_with(30, 10, 20, 90, "fraud", "genuine")
    almost = [0.8, 0.75 + 2e-16, 0.6 + 2e-16, 2 / 3 - 2e-16]
    got = table_of(almost, truth, said, "fraud")["equal"].tolist()
    t.wrong_if(
        "compares_floats_exactly",
        not all(got),
        "Two numbers that differ by 0.000 000 000 000 000 1 are called different: floats are "
        "rounded in the last digit. Allow a difference of 1e-9.",
    )
    wrong = table_of([0.8, 0.75, 0.601, 0.6750], truth, said, "fraud")["equal"].tolist()
    t.wrong_if(
        "does_not_compare",
        all(wrong),
        "The recall 0.601 by hand and 0.6 from the library are called equal. Compare them.",
    )
    t.equal([bool(each) for each in wrong], [True, True, False, False], what="equal")
    near = table_of([0.8001, 0.75, 0.6, 2 / 3], truth, said, "fraud")["equal"].tolist()
    t.wrong_if(
        "too_much_room",
        near[0],
        "The accuracy 0.8001 by hand and 0.8 from the library are called equal. Allow a difference "
        "of 1e-9 only.",
    )
with t.item("A metric without a value is 0", weight=1):
    truth, said = labels_with(0, 0, 3, 5)
    got = table_of([5 / 8, 0, 0, 0], truth, said, 1)["library"].tolist()
    t.wrong_if(
        "no_value_counts_as_perfect",
        not same(got[1], 0),
        f"Nothing was predicted positive, and your precision is {got[1]}. Use `zero_division=0`.",
    )
    t.equal(got, [5 / 8, 0, 0, 0], what="library")
with t.item("Three classes, three averages", weight=2):
    truth = np.array([0] * 6 + [1] * 3 + [2])
    said = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0, 1])
    got = averages_of(truth, said)
    t.wrong_if(
        "swaps_them_in_the_averages",
        same(got.loc["macro", ["precision", "recall"]].tolist(), [4 / 9, 0.4]),
        "Macro precision and recall are exchanged. scikit-learn takes the true labels first.",
    )
    t.wrong_if(
        "leaves_out_classes_never_predicted",
        same(got.loc["macro", "precision"], 0.6),
        "The macro precision is the mean over the predicted classes only. Class 2 was never "
        "predicted, and its precision of 0 counts: a model must not win by ignoring a class.",
    )
    t.wrong_if(
        "f1_of_the_averages",
        same(got.loc["macro", "f1"], 2 * 0.4 * (4 / 9) / (0.4 + 4 / 9)),
        "Your macro F1 is the F1 of the mean precision and the mean recall. It should be the mean "
        "of the F1 of each class.",
    )
    table = {
        "precision": [0.4, 0.6, 0.6 * 0.8 + 0.3 * 0.4],
        "recall": [4 / 9, 0.6, 0.6],
        "f1": [(8 / 11 + 0.5) / 3, 0.6, 0.6 * 8 / 11 + 0.3 * 0.5],
    }
    for name, values in table.items():
        t.equal(got[name].tolist(), values, what=f"{name} (macro, micro, weighted)")
### BEGIN HIDDEN TESTS
with t.item("Random labels, and metrics without a value", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 76])
        truth, said = rng.choice(["x", "y"], (2, 60))
        numbers = [accuracy_score(truth, said)]
        numbers += [f(truth, said, pos_label="x") for f in (precision_score, recall_score, f1_score)]
        got = table_of(numbers, pd.Series(truth), said.tolist(), "x")
        t.equal(got["library"].tolist(), numbers, what="library")
        t.equal([bool(each) for each in got["equal"]], [True] * 4, what="equal")
        truth, said = rng.integers(0, 9, 80), rng.integers(2, 7, 80)
        for average, row in averages_of(truth, said).iterrows():
            for name, f in (("precision", precision_score), ("f1", f1_score)):
                expected = f(truth, said, average=average, zero_division=0)
                t.equal(row[name], expected, what=f"{average} {name}")
    got = table_of([0.5, 0, 0, 0], np.array([1, 0]), np.array([0, 0]), 1)
    t.equal(got["library"].tolist(), [0.5, 0, 0, 0], what="library without an alarm")
### END HIDDEN TESTS

# %% [markdown]
# Now your own four functions against the library, on the alarms of the fraud desk.

# %% needs="confusion, precision, recall, fbeta, metric_table"
four = confusion(y, alarm)
mine = {"accuracy": accuracy(*four), "precision": precision(*four), "recall": recall(*four)}
mine["f1"] = fbeta(mine["precision"], mine["recall"])
metric_table(mine, y, alarm, 1).round(3)

# %% [markdown]
# And three averages on digits (0 to 9) that somebody typed from forms, with some errors. The digit
# 9 is rare here, and all of them were read as 4.

# %% needs="metric_table"
rng = np.random.default_rng(7)
digits = rng.choice(10, 1000, p=[0.11] * 9 + [0.01])
typed = np.where(rng.random(1000) < 0.05, rng.integers(0, 9, 1000), digits)
typed[digits == 9] = 4
print(f"accuracy {np.mean(digits == typed):.3f}")
multiclass_table(digits, typed).round(3)

# %% [markdown]
# Micro precision, micro recall and micro F1 are all equal to the accuracy: when every row has
# exactly one label, each wrong row is one false positive (of one class) and one false negative (of
# another). Only `macro` shows that one class is lost. When somebody tells you "the F1", ask which
# average.

# %% [markdown]
# ## An audit: can these numbers belong together?
#
# A set of training slides explains three metrics with three examples:
#
# - accuracy: "80 of 100 predictions are right", so 0.8;
# - precision: 0.75;
# - recall: "30 of 50 positive cases are found", so 0.6.
#
# A reader will think that they describe one model on one test set of 100 rows. Can that be? The
# numbers are rounded, and the counts behind them are whole numbers. So we can try all of them.
#
# The next function is given. It lists every table with a given number of rows and of errors.


# %%
def tables_with_errors(n: int, errors: int):
    """Give every (tp, fp, fn, tn) with n rows, of which fp + fn = errors are wrong."""
    for fn in range(errors + 1):
        for tp in range(n - errors + 1):
            yield tp, errors - fn, fn, n - errors - tp


print("n = 3 rows, 1 error:", list(tables_with_errors(3, 1)))

# %% [markdown]
# **Your task.** Write two functions.
#
# - `reconstruct(n, accuracy, precision, recall, tol=5e-4)` returns the list of **all** tables
#   `(tp, fp, fn, tn)` of `n` rows that fit the three reported numbers, in any order. A table fits
#   when each of its three values differs from the reported one by at most `tol`. To leave room for
#   the last digit of floats, compare with `tol + 1e-9`.
#     - `tol=5e-4` is right for numbers that were rounded to three digits.
#     - A table without an alarm has no precision, one without a positive row has no recall. Nobody
#       could have reported them: such tables do not fit.
# - `consistent(n, accuracy, precision, recall)` returns True if at least one table fits (always
#   with `tol=5e-4`), else False.
#
# `n` is at most 500. First find the numbers of errors that fit the accuracy, then go through
# `tables_with_errors` for each of them.
#
# For example, `reconstruct(10, 0.8, 0.667, 0.667)` is `[(2, 1, 1, 6)]`: 8 of 10 are right, and
# 2/3 = 0.6667 differs from 0.667 by less than 0.0005.


# %% exercise="reconstruct" objective="W.7.5"
def reconstruct(
    n: int, accuracy: float, precision: float, recall: float, tol: float = 5e-4
) -> list[tuple]:
    """Return all tables of counts that fit three rounded metrics."""
    ### BEGIN SOLUTION
    def fits(share, reported):
        return abs(share - reported) <= tol + 1e-9

    found = []
    for errors in range(n + 1):
        if fits((n - errors) / n, accuracy):
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                defined = tp + fp > 0 and tp + fn > 0
                if defined and fits(tp / (tp + fp), precision) and fits(tp / (tp + fn), recall):
                    found.append((tp, fp, fn, tn))
    return found
    ### END SOLUTION


def consistent(n: int, accuracy: float, precision: float, recall: float) -> bool:
    """Tell whether three rounded metrics can come from one test set of n rows."""
    ### BEGIN SOLUTION
    return len(reconstruct(n, accuracy, precision, recall)) > 0
    ### END SOLUTION


# %% check="reconstruct" title="Every table that fits, and no other" points=3 transport="plain"
from workshop_lib.checks import same

t.hints(
    "Write a small helper that compares one share with one reported number. Floats are never "
    "compared with `==`.",
    "`for errors in range(n + 1)`: keep those whose accuracy (n − errors) / n fits.",
    "For each table skip it when tp + fp = 0 or tp + fn = 0, then compare precision and recall.",
)


def tables_that_fit(n, a, p, r, tol=5e-4):
    """Every table that fits, found with arrays."""
    tp, fp, fn = np.indices((n + 1,) * 3).reshape(3, -1)
    tn = n - tp - fp - fn
    keep = (tn >= 0) & (tp + fp > 0) & (tp + fn > 0)
    tp, fp, fn, tn = (count[keep] for count in (tp, fp, fn, tn))
    room = tol + 1e-9
    keep = (np.abs((tp + tn) / n - a) <= room) & (np.abs(tp / (tp + fp) - p) <= room)
    keep &= np.abs(tp / (tp + fn) - r) <= room
    return sorted(zip(*(count[keep].tolist() for count in (tp, fp, fn, tn))))


def tables_found(n, *reported, **tol):
    """Call the answer and return its tables, sorted."""
    got = t.call(reconstruct, n, *reported, **tol)
    t.require(
        isinstance(got, list | tuple) and all(np.shape(table) == (4,) for table in got),
        "Return a list of tables, each with four counts.",
    )
    return sorted(tuple(int(count) for count in table) for table in got)


with t.item("The numbers of the slides", weight=2):
    got = tables_found(150, 0.8, 0.75, 0.6)
    t.wrong_if(
        "other_order_of_counts",
        got in ([(30, 20, 10, 90)], [(90, 10, 20, 30)]),
        f"You return {got}. The order of the counts is tp, fp, fn, tn.",
    )
    t.equal(got, [(30, 10, 20, 90)], what="tables of 150 rows")
    got = tables_found(100, 0.8, 0.75, 0.6)
    t.wrong_if(
        "does_not_test_its_table",
        len(got) > 0,
        f"For 100 rows you return {got}. Compute accuracy, precision and recall of this table: do "
        "they round to the reported ones? Test every table before you return it.",
    )
with t.item("Rounded numbers are enough", weight=2):
    for n, table in ((10, (2, 1, 1, 6)), (61, (17, 6, 11, 27))):
        tp, fp, fn, tn = table
        reported = [round(v, 3) for v in ((tp + tn) / n, tp / (tp + fp), tp / (tp + fn))]
        got = tables_found(n, *reported)
        t.wrong_if(
            "exact_equality",
            len(got) == 0,
            f"{table} has the metrics {reported}, rounded to three digits, and you found nothing. "
            "A rounded number is not equal to the true one: allow a difference of `tol`.",
        )
        t.equal(got, tables_that_fit(n, *reported), what=f"tables of {n} rows")
with t.item("All tables that fit are returned, and `tol` decides", weight=2):
    got = tables_found(100, 0.8, 0.75, 0.6, tol=0.01)
    expected = tables_that_fit(100, 0.8, 0.75, 0.6, tol=0.01)
    t.wrong_if(
        "ignores_tol",
        len(got) == 0,
        f"With tol = 0.01 there are {len(expected)} tables of 100 rows. You return none, as with "
        "the usual tol: use the argument.",
    )
    t.wrong_if(
        "only_one_table",
        len(got) == 1 < len(expected),
        f"{len(expected)} tables fit, and you return one. An auditor needs all of them: do not "
        "stop at the first.",
    )
    t.equal(got, expected, what="tables of 100 rows with tol=0.01")
with t.item("A metric without a value fits nothing", weight=1):
    got = tables_found(10, 0.9, 0.0, 0.0)
    t.wrong_if(
        "no_value_counts_as_zero",
        len(got) > 0,
        f"You return {got}: without an alarm there is no precision, and without a positive row no "
        "recall. They are not 0. Leave such tables out.",
    )
    got = tables_found(10, 0.8, 0.0, 0.0)
    t.equal(got, [(0, 1, 1, 8)], what="tables with one mistake of each kind")
with t.item("`consistent` answers yes or no", weight=1):
    for n, answer in ((100, False), (150, True)):
        got = t.call(consistent, n, 0.8, 0.75, 0.6)
        t.require(isinstance(got, bool | np.bool_), f"Return True or False, not {got!r}.")
        t.equal(bool(got), answer, what=f"consistent({n}, 0.8, 0.75, 0.6)")
    got = t.call(consistent, 10, 0.8, 0.667, 0.667)
    t.wrong_if(
        "consistent_needs_equality",
        not got,
        "consistent(10, 0.8, 0.667, 0.667) is True: (2, 1, 1, 6) fits, because 2/3 differs from 0.667 "
        "by less than tol = 5e-4. Does `consistent` use `reconstruct`?",
    )
    got = t.call(consistent, 10, 0.8, 0.67, 0.67)
    t.wrong_if(
        "too_much_room",
        bool(got),
        "consistent(10, 0.8, 0.67, 0.67) is False with tol = 5e-4: the nearest table has 2/3 = 0.6667, "
        "which differs from 0.67 by 0.0033. You allow a wider difference.",
    )
### BEGIN HIDDEN TESTS
with t.item("Random tables", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 77])
        tp, fp, fn, tn = rng.integers(1, 16, 4).tolist()
        n = tp + fp + fn + tn
        exact = ((tp + tn) / n, tp / (tp + fp), tp / (tp + fn))
        for digits_, tol in ((3, 5e-4), (2, 5e-3)):
            reported = [round(value, digits_) for value in exact]
            got = tables_found(n, *reported, tol=tol)
            t.equal(got, tables_that_fit(n, *reported, tol=tol), what="tables")
with t.item("A difference of exactly tol still fits; a large test set is no obstacle", weight=1):
    got = tables_found(16, 0.9375, 0.125 + 5e-4, 1)
    t.equal(got, tables_that_fit(16, 0.9375, 0.1255, 1), what="tables of 16 rows")
    edge = tables_found(24, 0.7085, 0.125, 1.0, tol=0.0005), tables_that_fit(24, 0.7085, 0.125, 1.0)
    t.equal(*edge, what="tables of 24 rows")
    t.equal(tables_found(20, 0.6505, 0.1255, 1.0), [(1, 7, 0, 12)], what="tables of 20 rows")
    got = tables_found(500, 0.9, 0.75, 0.6)
    t.require((75, 25, 50, 350) not in got, "(75, 25, 50, 350) has the accuracy 0.85, not 0.9.")
    t.equal(tables_found(500, 0.85, 0.75, 0.6), [(75, 25, 50, 350)], what="tables of 500 rows")
### END HIDDEN TESTS

# %% [markdown]
# The verdict on the slides:

# %% needs="reconstruct"
for rows in (15, 100, 150, 300):
    print(f"{rows} rows:", reconstruct(rows, 0.8, 0.75, 0.6) or "impossible")
print("100 rows, accuracy 0.7:", reconstruct(100, 0.7, 0.75, 0.6))

# %% [markdown]
# On 100 rows the three numbers are **impossible**. Precision 0.75 and "30 of 50" mean 30 right
# alarms, 10 false ones and 20 missed cases: 30 errors, so the accuracy is 0.70. With 150 rows
# everything fits, and there is exactly one table. Each example on the slides is right by itself.
# Together they describe no model. (Rounded to two digits only, `tol=5e-3`, they still do not fit
# 100 rows.)
#
# Why so strict? Draw precision and recall of **every** table with 100 rows and 20 errors, close to
# the reported pair:

# %% needs="reconstruct"
possible = [(tp, fp, fn) for tp, fp, fn, _ in tables_with_errors(100, 20) if tp]
tps, fps, fns = np.array(possible).T
fig, ax = plt.subplots(figsize=(6, 4))
ax.plot(tps / (tps + fns), tps / (tps + fps), "o", color="C0", markersize=5)
ax.plot(0.6, 0.75, "X", color="C1", markersize=12)
ax.annotate("the slides", (0.603, 0.757))
ax.set(xlabel="recall", ylabel="precision", xlim=(0.54, 0.66), ylim=(0.68, 0.82))
ax.set_title("all tables with 100 rows and accuracy 0.80")
figures.show(
    fig,
    alt="Points in the plane of recall and precision, on curved lines with gaps between. The "
    "cross of the slides at recall 0.6, precision 0.75 lies in a gap, on none of the points.",
)

# %% [markdown]
# There are 1,680 such tables with at least one right alarm, and none of them lies at the cross. The
# same audit works on any report: three metrics and the number of rows are often enough to find the
# counts, or to find that there are none.

# %% [markdown]
# ## Recap
#
# - Four counts, tp, fp, fn, tn, hold everything that a yes-or-no prediction can show. Every metric
#   is a summary of them, and each forgets something.
# - Accuracy forgets which mistake was made. Precision forgets the fraud that was missed. Recall
#   forgets the false alarms.
# - A metric can have no value. Say so, do not report a 0 or a 1 in silence.
# - Pool counts, do not average ratios.
# - Metrics of one test set depend on each other, so a report can be audited.
#
# Two questions to recall, from memory first:
#
# 1. From the notebook on PyTorch (unit 03; skip this one if your path left it out): the team chose
#    a framework with hard limits for size and delay, not with a sum of weighted marks. Why?
# 2. From `02_training/01_first_models`: the program for digits used a random forest without
#    `random_state`. What is wrong with its accuracy?
#
# <details><summary>Answers</summary>
#
# 1. A hard limit cannot be paid for with something else. A model that is too large for the device
#    does not run there, however accurate it is. Among those within the limits, accuracy decides.
# 2. It changes from run to run, although data and code are the same. With a seed, two people get
#    the same number. The spread over seeds tells how much of a difference is luck.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide, [Classification
#   metrics](https://scikit-learn.org/stable/modules/model_evaluation.html#classification-metrics):
#   the parts on precision, recall and F-measures; look at how averages are defined.
# - C. J. van Rijsbergen, *Information Retrieval*, 2nd edition, 1979: the chapter on evaluation is
#   where F-beta comes from.
# - J. Davis and M. Goadrich, *The relationship between precision-recall and ROC curves*, ICML
#   2006: why points of a precision-recall curve must not be joined by straight lines.
