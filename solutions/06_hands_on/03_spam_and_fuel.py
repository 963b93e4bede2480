# %% [markdown]
# ## The story
#
# Customers of Northwind Credit write to the branches, and so do people who sell prizes and invented
# parcels. In this notebook you use the skills of the credit model on another task. Three lessons come
# back in another form: a threshold follows from what mistakes cost; data of poor quality limit every
# model; and a model that was good in January may be useless in September.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from workshop_lib import data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# 30 % of the messages are spam (`label` 1). Some genuine messages hold a word that spammers like, too.

# %%
mail = data.messages(800, seed=0, task="spam", month=0)
pd.set_option("display.max_colwidth", 55)
mail.groupby("kind").head(2)[["text", "kind"]].sort_values("kind")

# %% [markdown]
# ## Spam: the same pipeline, other costs
#
# A text becomes numbers by counting words: one column for each word that was seen in training. The
# words are learned, like categories in `02_scale_encode`. *Tf-idf* gives rare words more weight than
# words which are everywhere.
#
# What do mistakes cost? Spam in the inbox costs a clerk two seconds. A genuine message in the spam
# folder is a customer who gets no answer. So the branches allow a **false positive rate** (FPR: the
# share of *genuine* messages that are marked as spam) of 2 %, not more.
#
# **Your task.** Write three functions.
#
# 1. `spam_pipeline()` returns a new, unfitted pipeline. It is fitted on a list or Series of texts and
#    their labels; then `predict_proba(texts)[:, 1]` is the probability of spam. For example, a
#    vectoriser such as `TfidfVectorizer()` and a logistic regression. All words are learned in `fit`.
#    On mail of the next month its AUC must be above 0.9.
# 2. `threshold_for_fp(y, score, max_fpr)` takes labels and scores (arrays) of mail that the model was
#    not trained on. A message is marked if its score is at or above the threshold. Return the **lowest
#    of the scores that occur** at which the FPR is at most `max_fpr`. If none of them works, return
#    `np.inf`: mark nothing.
# 3. `top_tokens(model, k)` gets a fitted pipeline with the two steps `words` (a tf-idf or count
#    vectoriser) and `model` (with `coef_`). It returns the list of the `k` words with the largest
#    weights for spam, the largest first.
#
# For example, `y` = 0, 0, 1, 0, 1 with `score` = 0.1, 0.3, 0.4, 0.5, 0.9 and `max_fpr` = 0.34. There are
# three genuine messages. At 0.4 one of them is marked (FPR 0.33), at 0.3 two (0.67). The result is 0.4.


# %% exercise="spam_pipeline" objective="W.10.1"
def spam_pipeline() -> Pipeline:
    """Return an unfitted pipeline from texts to the probability of spam."""
    ### BEGIN SOLUTION
    return Pipeline([("words", TfidfVectorizer()), ("model", LogisticRegression(C=10))])
    ### END SOLUTION


def threshold_for_fp(y, score, max_fpr: float) -> float:
    """Return the lowest score at which at most `max_fpr` of the genuine messages are marked."""
    ### BEGIN SOLUTION
    genuine = np.asarray(score)[np.asarray(y) == 0]
    allowed = [s for s in score if np.mean(genuine >= s) <= max_fpr]
    return min(allowed, default=np.inf)
    ### END SOLUTION


def top_tokens(model: Pipeline, k: int) -> list[str]:
    """Return the k words with the largest weights for spam."""
    ### BEGIN SOLUTION
    order = np.argsort(-model["model"].coef_[0])[:k]
    return model["words"].get_feature_names_out()[order].tolist()
    ### END SOLUTION


# %% check="spam_pipeline" title="A filter that customers can live with" points=3 transport="object"
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.validation import check_is_fitted

t.hints(
    "A pipeline of two steps is enough: a vectoriser for the words, and a classifier.",
    "For the threshold, look at each score in turn: `np.mean(genuine >= s)` is its FPR, where "
    "`genuine` holds the scores with y = 0.",
    "`get_feature_names_out()` of the vectoriser gives the words in the order of `coef_[0]`.",
)


def trained(seed, n=500):
    """The answer's pipeline, trained on mail of month 0."""
    old = data.messages(n, seed=seed, task="spam", month=0)
    pipeline = t.call(spam_pipeline)
    t.require(hasattr(pipeline, "predict_proba"), "The pipeline needs `predict_proba`.")
    return t.call(pipeline.fit, old["text"], old["label"])


def is_fitted(pipeline):
    """Whether a pipeline has learned something already."""
    try:
        check_is_fitted(pipeline)
    except (NotFittedError, TypeError):
        return False
    return True


def small_model():
    """A fitted pipeline of the check's own, and its weights by word."""
    texts = ["win win prize", "win cash", "prize now", "hello rate", "rate form", "hello form now"]
    model = Pipeline([("words", CountVectorizer()), ("model", LogisticRegression())])
    model.fit(texts, [1, 1, 1, 0, 0, 0])
    weights = pd.Series(model["model"].coef_[0], model["words"].get_feature_names_out())
    return model, weights.sort_values(ascending=False)


with t.item("The pipeline finds spam of the next month", weight=2):
    for seed in t.seeds:
        new = data.messages(500, seed=seed, task="spam", month=1)
        p = t.call(trained(seed).predict_proba, new["text"])[:, 1]
        auc = roc_auc_score(new["label"], p)
        t.wrong_if(
            "probability_of_genuine_mail",
            auc < 0.2,
            f"The AUC is {auc:.2f}: the order is upside down. Column 1 must be the probability of spam.",
        )
        t.wrong_if(
            "does_not_read_words",
            auc < 0.87,
            f"The AUC on new mail is {auc:.2f}, 0.5 is guessing. Whole messages hardly ever repeat, and their length tells little: split "
            "them into words with a vectoriser.",
        )
        t.require(auc > 0.9, f"The AUC on mail of the next month is {auc:.2f}; above 0.9 is easy.")
with t.item("All words are learned in fit, and odd messages are no obstacle", weight=1):
    t.wrong_if(
        "already_fitted",
        is_fitted(t.call(spam_pipeline)),
        "The pipeline is fitted already. Return it unfitted: whoever gets it decides on which mail it "
        "is trained.",
    )
    texts = ["please blorx my account", "blorx the form", "send blorx", "hello blorx"]
    texts += ["please change my account", "the form", "send it", "hello"]
    pipeline = t.call(spam_pipeline)
    model = t.call(pipeline.fit, texts * 5, [1, 1, 1, 1, 0, 0, 0, 0] * 5)
    p = t.call(model.predict_proba, ["blorx", "account", "", "zzz"])[:, 1]
    t.wrong_if(
        "words_from_elsewhere",
        p[0] <= p[1] + 0.05,
        "We trained the pipeline on mail where only spam says 'blorx', and it did not learn that. Its words "
        "come from other mail. The vectoriser must learn them in `fit`.",
    )
    t.require(np.isfinite(p).all(), "An empty message, or unknown words, gave no probability.")
    new = data.messages(60, seed=5, task="spam", month=1)["text"]
    fitted = trained(t.seeds[0], n=200)
    alone = np.concatenate([t.call(fitted.predict_proba, [text])[:, 1] for text in new[:5]])
    together = t.call(fitted.predict_proba, new)[:5, 1]
    t.equal(alone, together, what="probabilities of messages alone and together")
with t.item("The threshold keeps its promise, with ties, and is not too strict", weight=3):
    y, score = np.array([0, 0, 1, 0, 1]), np.array([0.1, 0.3, 0.4, 0.5, 0.9])
    got = t.call(threshold_for_fp, y, score, 0.34)
    t.wrong_if(
        "limits_missed_spam",
        np.isclose(got, 0.9) or np.isclose(got, 0.1),
        f"You got {got}. Was the share of missed spam limited, all mail counted, or the highest score "
        "taken? The FPR looks at genuine messages only, and the lowest score that keeps it is asked for.",
    )
    t.wrong_if(
        "too_strict",
        np.isclose(got, 0.5),
        "You got 0.5. At 0.4 the FPR is 1 / 3 as well, and more spam is caught: take the lowest.",
    )
    t.wrong_if(
        "counts_strictly_above",
        np.isclose(got, 0.3),
        "You got 0.3. At 0.3 two of the three genuine messages are marked, an FPR of 0.67: a message "
        "with exactly this score is marked, too. Count with `>=`.",
    )
    t.wrong_if(
        "no_score_that_occurs",
        got not in [*score, np.inf],
        f"You got {got}, which is none of the scores. Return one of them, or `np.inf`.",
    )
    t.equal(got, 0.4, what="threshold of the example")
    y, score = (
        np.array([0] * 6 + [1] * 14),
        np.array([0.1, 0.2, 0.2, 0.2, 0.2, 0.3, 0.2, 0.25, 0.3, 0.8] + [0.9] * 10),
    )
    got = t.call(threshold_for_fp, y, score, 0.5)
    t.wrong_if(
        "ignores_ties",
        np.isclose(got, 0.2),
        "Four genuine messages share the score 0.2. At the threshold 0.2 all of them are marked: the FPR is "
        "0.83, not 0.5. Count with `>=`.",
    )
    t.wrong_if(
        "share_of_all_mail",
        np.isclose(got, 0.1),
        "The FPR was divided by all mail. Divide by the genuine messages.",
    )
    t.equal(got, 0.25, what="threshold with ties")
    y, score = np.array([0, 1, 0]), np.array([0.9, 0.5, 0.2])
    got = t.call(threshold_for_fp, y, score, 0.1)
    t.wrong_if(
        "promise_that_cannot_be_kept",
        np.isfinite(got),
        "The highest score belongs to a genuine message, so every score that occurs marks it. Return "
        "`np.inf`: mark nothing.",
    )
    got = t.call(threshold_for_fp, np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3]), 0.5)
    t.wrong_if(
        "below_the_limit_only",
        np.isclose(got, 0.3),
        "Genuine messages have the scores 0.1 and 0.2, and the limit is 0.5. At 0.2 the FPR is exactly "
        "0.5, and that is allowed: *at most* means `<=`.",
    )
    t.equal(got, 0.2, what="threshold with an FPR of exactly max_fpr")
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 101])
        y, score = rng.integers(0, 2, 60), rng.integers(0, 15, 60) / 10
        for limit in (0.0, 0.1, 0.4):
            works = [s for s in np.unique(score) if (score[y == 0] >= s).mean() <= limit]
            t.equal(
                t.call(threshold_for_fp, y, score, limit),
                works[0] if works else np.inf,
                what=f"threshold for {limit}",
            )
with t.item("The strongest words, the strongest first", weight=2):
    model, weights = small_model()
    got = t.call(top_tokens, model, 2)
    t.wrong_if(
        "words_of_genuine_mail",
        set(got) <= set(weights.index[-3:]),
        f"{got} are the words of genuine mail: they have the smallest weights. Take the largest.",
    )
    got = list(got)
    t.wrong_if(
        "largest_without_the_sign",
        any(weights.get(word, 0) < 0 for word in got),
        f"{got} have large weights, but not both are above 0. A weight below 0 speaks for genuine mail: "
        "take the largest, with their sign.",
    )
    t.wrong_if(
        "weakest_first",
        got == weights.index[:2].tolist()[::-1],
        "The right words, in the wrong order: the largest weight comes first.",
    )
    t.equal(got, weights.index[:2].tolist(), what="two strongest words")
    t.equal(len(t.call(top_tokens, model, 4)), 4, what="number of words")
### BEGIN HIDDEN TESTS
with t.item("A threshold of calibration mail holds on new mail", weight=1):
    seed = t.seeds[-1]
    model = trained(seed)
    old, new = (data.messages(1500, seed=seed, task="spam", month=month) for month in (1, 2))
    scores = [t.call(model.predict_proba, part["text"])[:, 1] for part in (old, new)]
    limit = t.call(threshold_for_fp, old["label"].to_numpy(), scores[0], 0.05)
    fpr = np.mean(scores[1][new["label"] == 0] >= limit)
    # Standard error of the rate: 0.007 on each side.
    t.require(fpr < 0.09, f"On new mail the FPR is {fpr:.3f}.")
with t.item("Each call gives a new pipeline", weight=1):
    first, second = t.call(spam_pipeline), t.call(spam_pipeline)
    t.require(first is not second, "Two calls returned the same object.")
### END HIDDEN TESTS

# %% [markdown]
# Trained on month 0, threshold from mail of month 1, judged on month 2. The table shows what the limit
# costs in spam that gets through.

# %% needs="spam_pipeline"
spam_filter = spam_pipeline().fit(mail["text"], mail["label"])
calibration = data.messages(800, seed=0, task="spam", month=1)
later = data.messages(2000, seed=0, task="spam", month=2)
p_cal, p_later = (spam_filter.predict_proba(m["text"])[:, 1] for m in (calibration, later))
spam = later["label"].to_numpy() == 1
rows = {}
for limit in (0.01, 0.02, 0.05, 0.20):
    cut = threshold_for_fp(calibration["label"].to_numpy(), p_cal, limit)
    rows[f"at most {limit:.0%}"] = {
        "threshold": cut,
        "FPR in month 2": np.mean(p_later[~spam] >= cut),
        "spam caught": np.mean(p_later[spam] >= cut),
    }
pd.DataFrame(rows).T.round(3)

# %% [markdown]
# A strict limit still catches seven of ten spam messages. In month 2 the FPR is near the promise, not
# exactly on it: with a limit of 1 % a plain tf-idf filter marks 1.2 %, and yours may mark up to 2 %. The
# limit was set with 560 genuine messages, so 1 % of them are 5 or 6 messages. Which words decide?

# %% needs="spam_pipeline"
readable = Pipeline([("words", TfidfVectorizer()), ("model", LogisticRegression(C=10))])
readable.fit(mail["text"], mail["label"])
weight = pd.Series(readable["model"].coef_[0], readable["words"].get_feature_names_out())
weight[top_tokens(readable, 10)].round(1).to_frame("weight for spam")

# %% [markdown]
# Eight words stand far above the rest. A filter that lives on eight words is easy to explain, and easy
# to get around. Keep this in mind until the end of the notebook.
#
# ## Data are fuel: how bad is bad fuel?
#
# "Poor data are low-grade fuel", people say. How poor may they be? A clerk who labels 1,000
# applications makes mistakes. We can measure what they cost, as in a study of a drug: give different
# *doses* of label errors and look at the effect.
#
# The task is credit again: did an applicant repay? `auc_of` is given. It trains a logistic regression
# and measures the AUC on test rows.

# %%
COLUMNS = ["income_keur", "loan_keur", "debt_ratio", "late_payments", "employment_years"]


def auc_of(X, y, X_test, y_test) -> float:
    """Train on X and y, return the AUC on the test rows."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X, y)
    return roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])


train, test = data.credit(600, seed=1), data.credit(3000, seed=2)
LOANS = [part.to_numpy() for table in (train, test) for part in (table[COLUMNS], table["repaid"])]
print(f"AUC with clean labels: {auc_of(*LOANS):.3f}")

# %% [markdown]
# **Your task.** Write three functions.
#
# 1. `flip_labels(y, share, seed)` returns a copy of the array `y` of 0 and 1, in which **exactly**
#    `round(share * len(y))` labels are flipped: 0 becomes 1 and 1 becomes 0. Which ones is chance,
#    decided by the seed.
# 2. `dose_response(X, y, X_test, y_test, doses, seeds)` returns a DataFrame with the columns `dose`,
#    `auc`, `se`, one row for each dose in order. For each seed, flip the **training** labels and call
#    `auc_of`. `auc` is the mean over the seeds, `se` the standard deviation (divided by n − 1) divided by
#    the root of their number. Test labels stay clean: we want to know how good the model is, not how bad
#    the exam is.
# 3. `tolerated(curve, max_loss)` gets such a curve, whose first dose is 0. Return the **first** dose at
#    which the AUC has fallen by `max_loss` below the AUC of dose 0, on straight lines between the points.
#    If that never happens, return the largest dose of the curve.
#
# For example, the AUC is 0.72, 0.71, 0.69 and 0.60 for the doses 0, 0.1, 0.2 and 0.3, and `max_loss` is
# 0.02. The limit is 0.70. It lies half-way between 0.71 and 0.69, so the result is 0.15.


# %% exercise="dose_response" objective="W.10.2"
def flip_labels(y: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Return labels of which exactly a share is turned round."""
    ### BEGIN SOLUTION
    wrong = np.random.default_rng(seed).choice(len(y), round(share * len(y)), replace=False)
    flipped = y.copy()
    flipped[wrong] = 1 - flipped[wrong]
    return flipped
    ### END SOLUTION


def dose_response(X, y, X_test, y_test, doses, seeds) -> pd.DataFrame:
    """Return the mean AUC and its standard error for every share of flipped training labels."""
    ### BEGIN SOLUTION
    rows = []
    for dose in doses:
        aucs = [auc_of(X, flip_labels(y, dose, seed), X_test, y_test) for seed in seeds]
        rows.append((dose, np.mean(aucs), np.std(aucs, ddof=1) / np.sqrt(len(aucs))))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])
    ### END SOLUTION


def tolerated(curve: pd.DataFrame, max_loss: float) -> float:
    """Return the first dose at which the AUC has fallen by `max_loss`."""
    ### BEGIN SOLUTION
    dose, lost = curve["dose"].to_numpy(float), curve["auc"].iloc[0] - curve["auc"].to_numpy()
    for i in range(1, len(curve)):
        if lost[i] >= max_loss:
            part = (max_loss - lost[i - 1]) / (lost[i] - lost[i - 1])
            return dose[i - 1] + part * (dose[i] - dose[i - 1])
    return dose[-1]
    ### END SOLUTION


# %% check="dose_response" title="How many wrong labels a model can stand" points=3 transport="plain"
t.hints(
    "`np.random.default_rng(seed).choice(n, k, replace=False)` gives k different places.",
    "In `dose_response` two loops are needed: over doses, and over seeds. Only `y` is flipped.",
    "In `tolerated`, find the first point at or below the limit; then `part` of the way from the point "
    "before: (value before − limit) / (value before − value there). `np.interp` would need values that "
    "rise.",
)


def signal(seed, n=160, noise=0):
    """Training and test rows in which the sum of two columns, and noise, decides the label."""
    rng = np.random.default_rng([seed, 102])
    X, X_test = rng.normal(size=(n, 3)), rng.normal(size=(400, 3))
    y, y_test = (
        (part[:, 0] + part[:, 1] + noise * rng.normal(size=len(part)) > 0).astype(int)
        for part in (X, X_test)
    )
    return X, y, X_test, y_test


def curve_of(dose, auc):
    """A curve with the given points."""
    return pd.DataFrame({"dose": dose, "auc": auc, "se": 0.01})


with t.item("Exactly the asked number of labels is turned round", weight=2):
    for seed in t.seeds:
        y = np.random.default_rng([seed, 103]).integers(0, 2, 2000)
        for share in (1.0, 0.37, 0.1, 0.0):
            got = np.asarray(t.same_every_time(flip_labels, y, share, seed))
            t.equal(got.shape, y.shape, what="shape")
            changed = int((got != y).sum())
            t.wrong_if(
                "flips_ones_only",
                bool((got < y).any()) and not (got > y).any(),
                "Only ones became zeros. A clerk makes mistakes in both directions: choose places among "
                "all labels, and turn each one round, 1 − y.",
            )
            t.wrong_if(
                "draws_a_place_twice",
                share == 1 and 0.58 < changed / 2000 < 0.7,
                f"All labels were to be turned round, and {changed} of 2,000 differ. Some places were drawn "
                "twice, others never: `replace=False`.",
            )
            t.wrong_if(
                "guesses_instead_of_flipping",
                share in (0.37, 1.0) and 0.3 * share * 2000 < changed < 0.75 * share * 2000,
                f"{changed} labels differ, {round(share * 2000)} were asked for: about half. A random label "
                "is right half of the time, and so the true dose is half of what the axis says. Turn the "
                "label round: 1 − y.",
            )
            t.wrong_if(
                "flips_by_chance",
                0.1 <= share < 1
                and changed != round(share * 2000)
                and abs(changed - share * 2000) < 120,
                f"{changed} labels differ, exactly {round(share * 2000)} were asked for. Draw the places "
                "instead of a coin for each label.",
            )
            t.equal(changed, round(share * 2000), what="number of changed labels")
            t.require(set(got.tolist()) <= {0, 1}, "Labels other than 0 and 1 came out.")
    y = np.zeros(50, int)
    first, second = (np.asarray(t.call(flip_labels, y, 0.3, seed)) for seed in (1, 2))
    t.wrong_if(
        "ignores_the_seed",
        np.array_equal(first, second),
        "Two seeds flipped the same labels. Without the seed there is no chance to average over.",
    )
    changed = int(np.sum(t.call(flip_labels, np.zeros(37, int), 0.1, 1)))
    t.wrong_if(
        "cuts_off_decimals",
        changed == 3,
        "A tenth of 37 labels is 3.7, and 3 were turned round. `int` cuts decimals off; the task asks for "
        "`round`, so 4.",
    )
    t.equal(changed, 4, what="number of changed labels, a tenth of 37")
with t.item("Training labels are spoiled, test labels stay clean", weight=2):
    # With noise the model does not do equally well on the rows that it has seen.
    X, y, X_test, y_test = signal(t.seeds[0], noise=1)
    clean, seen = auc_of(X, y, X_test, y_test), auc_of(X, y, X, y)
    got = t.call(dose_response, X, y, X_test, y_test, [0, 1.0], [3, 4])
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(got.columns), {"dose", "auc", "se"}, what="columns")
    t.equal(got["dose"].tolist(), [0, 1.0], what="doses")
    t.wrong_if(
        "scores_the_training_rows",
        np.isclose(got["auc"].iloc[0], seen) and not np.isclose(seen, clean),
        "This is the AUC on the training rows, which the model has seen. Use `X_test` and `y_test`.",
    )
    t.equal(got["auc"].iloc[0], clean, what="AUC of dose 0")
    t.wrong_if(
        "spoils_the_test_labels",
        got["auc"].iloc[1] > 0.5,
        "With ALL training labels turned round, the model must be as wrong as it was right. You got "
        f"{got['auc'].iloc[1]:.2f}: the test labels were turned round, too. Leave the exam as it is.",
    )
    t.equal(got["auc"].iloc[1], 1 - clean, rtol=1e-3, what="AUC when all training labels are wrong")
with t.item("Several seeds, with their standard error", weight=2):
    X, y, X_test, y_test = signal(t.seeds[-1])
    one = [
        t.call(dose_response, X, y, X_test, y_test, [0.35], [s, s + 100])["auc"][0]
        for s in (1, 2, 3)
    ]
    got = t.call(dose_response, X, y, X_test, y_test, [0, 0.35], [1, 101])
    low = t.call(dose_response, X, y, X_test, y_test, [0.35], [1, 1, 1])
    t.wrong_if(
        "one_seed_only",
        not got["se"].iloc[1] > 0 or np.ptp(one) == 0,
        "With 35 % wrong labels and two different seeds, `se` is not above 0. Repeat with EACH seed, else "
        "nobody knows how much is chance.",
    )
    t.equal(low["se"].iloc[0], 0, atol=1e-9, what="se of three equal seeds")
    t.equal(got["se"].iloc[0], 0, atol=1e-9, what="se of dose 0")
    alone = [
        t.call(dose_response, X, y, X_test, y_test, [0.35], [s, s])["auc"].iloc[0] for s in (1, 101)
    ]
    t.equal(got["auc"].iloc[1], np.mean(alone), what="mean of two seeds")
    error = abs(alone[0] - alone[1]) / 2
    t.wrong_if(
        "deviation_instead_of_error",
        np.isclose(got["se"].iloc[1], error * np.sqrt(2)),
        "This is the standard deviation. Divide by the root of the number of seeds.",
    )
    t.wrong_if(
        "divides_by_n",
        np.isclose(got["se"].iloc[1], error / np.sqrt(2)),
        "The standard deviation was divided by n. With few seeds this is too small: `ddof=1`.",
    )
    t.equal(got["se"].iloc[1], error, what="se of two seeds")
with t.item("The tolerated dose lies between the points", weight=2):
    curve = curve_of([0, 0.1, 0.2, 0.3], [0.72, 0.71, 0.69, 0.60])
    got = t.call(tolerated, curve, 0.02)
    t.wrong_if(
        "takes_a_point_of_the_curve",
        np.isclose(got, 0.1) or np.isclose(got, 0.2),
        f"You got {got}, a dose that was tried. The limit 0.70 is crossed between 0.1 and 0.2: half-way.",
    )
    t.wrong_if(
        "loss_as_a_share",
        np.isclose(got, 0.1 + 0.1 * (0.71 - 0.72 * 0.98) / 0.02),
        "`max_loss` is a difference of AUC, not a share of it: the limit is 0.72 − 0.02.",
    )
    t.equal(got, 0.15, what="tolerated dose of the example")
    back_again = curve_of([0, 0.1, 0.2, 0.4], [0.70, 0.66, 0.69, 0.50])
    got = t.call(tolerated, back_again, 0.02)
    t.wrong_if(
        "last_crossing",
        got > 0.19,
        "The curve falls below the limit at once, recovers by luck, and falls again. Take the first crossing.",
    )
    t.equal(got, 0.05, what="first crossing")
    steps = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    wavy = curve_of(steps, [0.70, 0.69, 0.69, 0.69, 0.66, 0.69, 0.69, 0.5])
    got = t.call(tolerated, wavy, 0.02)
    t.wrong_if(
        "search_needs_a_falling_curve",
        got > 0.4,
        "A curve falls below the limit 0.68 between 0.3 and 0.4, recovers by luck, and falls again "
        "after 0.6. You return the last crossing. `np.interp` needs a curve that only falls; look at the "
        "points one after the other.",
    )
    # A search on a fine grid of doses is right, too, hence the tolerance.
    t.equal(got, 0.3 + 0.1 / 3, rtol=1e-4, what="first of three crossings")
    got = t.call(tolerated, curve_of([0, 0.1, 0.2, 0.3], [0.70, 0.72, 0.69, 0.60]), 0.02)
    t.wrong_if(
        "best_auc_as_reference",
        got < 0.2,
        "The curve rises by luck to 0.72 before it falls. The reference is the AUC of dose 0, so the limit "
        "is 0.70 − 0.02 = 0.68.",
    )
    t.equal(got, 0.2 + 0.1 / 9, rtol=1e-4, what="dose of a curve that rises first")
    t.equal(
        t.call(tolerated, curve, 0.5), 0.3, what="tolerated dose when the loss is never reached"
    )
### BEGIN HIDDEN TESTS
with t.item("Half of the labels wrong is no information", weight=1):
    X, y, X_test, y_test = signal(t.seeds[-1] + 1, n=300)
    got = t.call(dose_response, X, y, X_test, y_test, [0, 0.2, 0.5], list(range(8)))
    t.require(
        got["auc"].iloc[1] > 0.85, f"With 20 % wrong labels the AUC is {got['auc'].iloc[1]:.2f}."
    )
    t.require(0.2 < got["auc"].iloc[2] < 0.8, f"With 50 % it is {got['auc'].iloc[2]:.2f}.")
    uneven = curve_of([0, 0.05, 0.4], [0.8, 0.8, 0.6])
    t.equal(t.call(tolerated, uneven, 0.1), 0.225, what="tolerated dose between uneven points")
### END HIDDEN TESTS

# %% [markdown]
# The curve for the credit data, with eight seeds for each dose:

# %% needs="dose_response"
doses = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]
curve = dose_response(*LOANS, doses, range(8))
limit_dose = tolerated(curve, 0.02)
fig, ax = plt.subplots(figsize=(6.5, 3.4))
ax.errorbar(curve["dose"], curve["auc"], yerr=2 * curve["se"], marker="o", capsize=3)
ax.axvline(limit_dose, color="0.4", linestyle=":", label=f"AUC falls by 0.02 at {limit_dose:.0%}")
ax.axhline(0.5, color="black", linewidth=1)
ax.set(xlabel="share of wrong training labels", ylabel="AUC on clean test labels")
ax.set_title("Wrong labels: a little hurts little, much hurts much")
ax.legend(loc="lower left", bbox_to_anchor=(0, 0.08))
figures.show(
    fig,
    alt="AUC over the share of wrong labels: nearly flat from 0.71 down to 0.70 at 20 percent, still 0.68 "
    "at 30 percent, then steeply down to about 0.5 at 50 percent, where the error bars are widest.",
)

# %% [markdown]
# A logistic regression with five columns can stand a lot. One label in ten may be wrong, and the AUC
# hardly moves: errors that fall by chance cancel out. Beyond three in ten it breaks down, and at one
# half there is nothing left to learn.
#
# Two warnings. These errors were spread evenly. If one clerk marks only the loans of *one branch* as
# repaid, nothing cancels: the model learns the clerk (unit 05). And we could draw this curve only
# because the **test** labels were clean. Whoever trains and tests with the same wrong labels cannot see
# the fall.

# %% [markdown]
# ## Training is not a one-time task
#
# Back to spam. The eight words were known to the spammers, too. From month 5 on they use new ones, and
# by month 8 the old ones are gone. What happens to a filter that nobody touches?
#
# The filter of the branches learns in small steps: `learn` shows it one month of mail and it keeps what
# it knew before. Words become columns by a fixed rule (*hashing*), so that new words need no new
# columns.


# %%
class SpamFilter:
    """A filter that can go on learning."""

    def __init__(self):
        self.words = HashingVectorizer(n_features=2**12, alternate_sign=False)
        self.model = SGDClassifier(loss="log_loss", random_state=0)

    def learn(self, batch: pd.DataFrame) -> None:
        """Go on learning from a month of mail, five times through."""
        X = self.words.transform(batch["text"])
        for _ in range(5):
            self.model.partial_fit(X, batch["label"], classes=[0, 1])

    def f1(self, batch: pd.DataFrame) -> float:
        """F1 score on a month of mail."""
        return f1_score(batch["label"], self.model.predict(self.words.transform(batch["text"])))


MONTHS = [data.messages(400, seed=0, task="spam", month=month) for month in range(12)]
never_touched = SpamFilter()
never_touched.learn(MONTHS[0])
print("F1 by month:", [round(never_touched.f1(batch), 2) for batch in MONTHS[1:]])

# %% [markdown]
# From 0.86 to 0. In month 8 the filter does not find a single spam message, and no program raised an
# error. So we watch the score, and let a **policy** decide when to learn again.
#
# The order within a month is the point. Today's mail comes in, the filter sorts it, and later a clerk
# labels it. So first **test** on the month, **then** learn from it. The other way round the filter
# would have seen the answers.
#
# **Your task.** Write `run_stream(batches, policy, make_filter)`. The frame of the loop is there.
#
# - `batches`: list of months. `make_filter()` gives a new, empty filter with the methods `learn(batch)`
#   and `f1(batch)`, such as `SpamFilter`. `policy(history)` gets the list of all F1 scores of the *live*
#   filter so far, the current month last, and returns True if the filter should learn now.
# - Two filters both learn `batches[0]`. The **frozen** one never learns again. Each later month the
#   **live** one is tested, the policy is asked, and if it says True, the live filter learns this month.
# - The result is a DataFrame with one row for each month from 1 on and the columns `month` (1, 2, …),
#   `f1_frozen`, `f1_policy` (of the live filter) and `updated` (True or False).
#
# For example, with a policy that always says False, `f1_frozen` and `f1_policy` are equal in all months.


# %% exercise="run_stream" objective="W.10.4"
def run_stream(batches: list, policy, make_filter) -> pd.DataFrame:
    """Test a frozen and a live filter month by month; let the policy decide when to learn."""
    frozen, live = make_filter(), make_filter()
    rows, history = [], []
    ### BEGIN SOLUTION
    frozen.learn(batches[0])
    live.learn(batches[0])
    for month, batch in enumerate(batches[1:], start=1):
        history.append(live.f1(batch))
        updated = bool(policy(list(history)))
        rows.append((month, frozen.f1(batch), history[-1], updated))
        if updated:
            live.learn(batch)
    ### END SOLUTION
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% check="run_stream" title="Test first, then learn" points=2 transport="object"
t.hints(
    "Before the loop, both filters learn `batches[0]`.",
    "`enumerate(batches[1:], start=1)` gives the other months with their numbers.",
    "In the loop, in this order: scores of both filters, history, policy, row; learning is the last line.",
)


class Diary:
    """A filter that writes down what it is asked to do; its score tells what it has learned."""

    made = []

    def __init__(self):
        self.steps = []
        Diary.made.append(self)

    def learn(self, batch):
        self.steps.append(("learn", batch))

    def f1(self, batch):
        self.steps.append(("test", batch))
        learned = [b for kind, b in self.steps if kind == "learn"]
        return 1.0 if batch in learned else round(0.1 * len(set(learned)), 6)


def streamed(policy, months=6):
    """The result, and the diaries of all filters that were made."""
    Diary.made = []
    got = t.call(run_stream, list(range(months)), policy, Diary)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.equal(set(got.columns), {"month", "f1_frozen", "f1_policy", "updated"}, what="columns")
    return got, [diary.steps for diary in Diary.made]


def always(history):
    return True


def never(history):
    return False


with t.item("One row for each month from 1 on, and a frozen filter", weight=2):
    got, steps = streamed(never)
    t.wrong_if(
        "tests_the_first_month",
        0 in got["month"].tolist() or len(got) == 6,
        "Month 0 has a row. Both filters learned from it, so it is no test. Begin with `batches[1]`.",
    )
    t.equal(got["month"].tolist(), [1, 2, 3, 4, 5], what="months")
    t.equal(got["f1_policy"].tolist(), [0.1] * 5, what="f1_policy when the policy never updates")
    t.equal(got["f1_frozen"].tolist(), [0.1] * 5, what="f1_frozen")
    t.equal(got["updated"].astype(bool).tolist(), [False] * 5, what="updated")
with t.item("Each month is tested before the filter learns from it", weight=3):
    got, steps = streamed(always)
    t.wrong_if(
        "learns_before_the_test",
        (got["f1_policy"] == 1).any(),
        "The live filter was tested on a month that it had already learned from: it had seen the answers. "
        "Test first, then learn.",
    )
    t.wrong_if(
        "frozen_filter_learns_too",
        got["f1_frozen"].max() > 0.1,
        "The frozen filter went on learning. It learns `batches[0]` and nothing else. Are the two filters "
        "the same object?",
    )
    t.wrong_if(
        "begins_anew_at_each_update",
        got["f1_policy"].max() <= 0.1,
        "After five updates the live filter knows one month only: it began anew, or learned the same month "
        "again. Let the same filter learn this month, too.",
    )
    t.equal(got["f1_policy"].tolist(), [0.1, 0.2, 0.3, 0.4, 0.5], what="f1_policy")
    t.equal(got["updated"].astype(bool).tolist(), [True] * 5, what="updated")
with t.item("The policy sees all scores of the live filter, and is obeyed", weight=3):
    seen = []

    def third_month(history):
        seen.append(list(history))
        return len(history) == 3

    got, steps = streamed(third_month)
    t.wrong_if(
        "asks_before_the_test",
        seen[0] == [],
        "In the first month the policy got an empty list. Test first, then ask: the current month is the last "
        "entry.",
    )
    t.wrong_if(
        "policy_sees_one_score",
        all(len(history) <= 1 for history in seen),
        "The policy got one score only. Give it the list of all months so far.",
    )
    t.wrong_if(
        "asks_twice",
        len(seen) == 10,
        "The policy was asked twice in each month. Ask once and keep its answer: a policy may count how "
        "often it is asked.",
    )
    t.wrong_if(
        "policy_sees_the_frozen_filter",
        seen[-1] == [0.1] * 5 and got["f1_policy"].iloc[-1] > 0.1,
        "The policy got the scores of the frozen filter. It decides about the live one.",
    )
    t.equal(
        [len(history) for history in seen],
        [1, 2, 3, 4, 5],
        what="number of scores that the policy gets",
    )
    t.equal(
        got["updated"].astype(bool).tolist(), [False, False, True, False, False], what="updated"
    )
    t.equal(got["f1_policy"].tolist(), [0.1, 0.1, 0.1, 0.2, 0.2], what="f1_policy")
    t.equal(seen[-1], [0.1, 0.1, 0.1, 0.2, 0.2], what="last list that the policy gets")
### BEGIN HIDDEN TESTS
with t.item("With the real filter: frozen fails, live survives", weight=1):
    for seed in t.seeds[:2]:
        months = [
            data.messages(250, seed=seed, task="spam", month=m) for m in (0, 2, 5, 7, 9, 10, 11)
        ]
        got = t.call(run_stream, months, always, SpamFilter)
        t.require(
            got["f1_frozen"].iloc[-1] < 0.1, "The frozen filter should find nothing at the end."
        )
        t.require(got["f1_policy"].iloc[-1] > 0.5, "The live filter should recover.")
### END HIDDEN TESTS

# %% [markdown]
# Learning every month costs work: somebody has to start it, look at the result, and release the new
# filter. Learning never costs customers. A policy stands between.
#
# **Your task.** Write two functions.
#
# 1. `drop_policy(window, drop)` returns a **function** `policy(history)`. The reference is the mean of
#    the first `window` scores. The policy says True if the last score is **more than** `drop` below the
#    reference. While there are not more than `window` scores it says False.
# 2. `cost(table, c_update, c_error)` gets a table of `run_stream` and returns the total cost:
#    `c_update` for each update, and `c_error` · (1 − `f1_policy`) for each month.
#
# For example, `drop_policy(2, 0.1)` with the scores 0.8, 0.8, 0.75, 0.65: the reference is 0.8 and the
# last score is 0.15 below, so True. Without the last one it is False. A table of two months with
# `f1_policy` 0.8 and 0.5 and one update costs 100 + 1000 · (0.2 + 0.5) = 800 for `c_update` = 100 and
# `c_error` = 1000.


# %% exercise="drop_policy" objective="W.10.4"
def drop_policy(window: int = 2, drop: float = 0.1):
    """Return a policy: learn again when the score has dropped since the first months."""

    ### BEGIN SOLUTION
    def policy(history: list) -> bool:
        if len(history) <= window:
            return False
        return bool(np.mean(history[:window]) - history[-1] > drop)

    return policy
    ### END SOLUTION


def cost(table: pd.DataFrame, c_update: float, c_error: float) -> float:
    """Return what updates and errors cost together."""
    ### BEGIN SOLUTION
    return float(c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum())
    ### END SOLUTION


# %% check="drop_policy" title="A policy with a price" points=2 transport="plain"
t.hints(
    "A function can be defined inside a function and returned without brackets: `return policy`.",
    "The reference never changes: `history[:window]` are the first scores.",
    "In the cost, `table['updated'].sum()` counts updates: True counts as 1.",
)


def answer_of(history, window=2, drop=0.1):
    """What the answer's policy says about a history."""
    policy = t.call(drop_policy, window, drop)
    t.require(
        not isinstance(policy, bool | np.bool_),
        f"`drop_policy` returned {policy!r}. It should return a function: `return policy`, without "
        "brackets.",
    )
    said = t.call(policy, history)
    t.require(
        isinstance(said, bool | np.bool_), f"The policy should say True or False, not {said!r}."
    )
    return bool(said)


with t.item("A clear drop is seen, a small one is not", weight=2):
    t.equal(answer_of([0.8, 0.8, 0.75, 0.65]), True, what="policy after a drop of 0.15")
    t.equal(answer_of([0.8, 0.8, 0.75]), False, what="policy after a drop of 0.05")
    t.equal(answer_of([0.8, 0.8, 0.75, 0.65], drop=0.2), False, what="policy with drop=0.2")
    t.equal(answer_of([0.8, 0.8, 0.3, 0.79]), False, what="policy after a recovery")
    got = answer_of([0.6, 0.6, 0.9])
    t.wrong_if(
        "alarm_on_a_rise",
        got,
        "The scores 0.6, 0.6, 0.9 rise, and the policy says True. Only a fall counts.",
    )
with t.item("A slow decline is seen, too", weight=2):
    slow = [0.80, 0.80, 0.77, 0.74, 0.71, 0.68]
    got = answer_of(slow)
    t.wrong_if(
        "compares_with_last_month",
        not got,
        f"The scores {slow} fall by 0.03 each month, 0.12 in all, and the policy says False. Is each month "
        "compared with the month before, or with a window that moves along? The reference is the first "
        "`window` months.",
    )
    got = answer_of(slow[:-1])
    t.wrong_if(
        "drop_as_a_share",
        got,
        f"{slow[-2]} is 0.09 below the reference 0.8, so not more than 0.1, and the policy says True. "
        "`drop` is a difference of scores, not a share of the reference.",
    )
with t.item("The first months are the reference, and raise no alarm", weight=2):
    got = answer_of([0.8, 0.3])
    t.wrong_if(
        "alarm_without_a_reference",
        got,
        "After two scores with window=2 there is only the reference, nothing to compare: False.",
    )
    t.equal(answer_of([0.8]), False, what="policy of one score")
    got = answer_of([0.5, 0.5, 0.9, 0.58], window=3)
    t.wrong_if(
        "reference_is_the_best_score",
        got,
        "The mean of the first three scores, 0.5, 0.5 and 0.9, is 0.63, and 0.58 is 0.05 below. Is the "
        "reference the best score instead of the mean?",
    )
    got = answer_of([0.9, 0.8, 0.4, 0.62], window=3)
    t.wrong_if(
        "reference_of_another_window",
        got,
        "With window=3 the reference is the mean of 0.9, 0.8 and 0.4, that is 0.7, and 0.62 is 0.08 below. "
        "Did you take the first score only, or always two?",
    )
    t.equal(answer_of([0.9, 0.8, 0.4, 0.55], window=3), True, what="policy with window=3")
    got = answer_of([1.0, 0.5, 0.25], window=1, drop=0.75)
    t.wrong_if(
        "exactly_drop_is_enough",
        got,
        "From 1.0 to 0.25 the score fell by exactly 0.75. *More than* `drop` means `>`.",
    )
with t.item("The cost counts updates and errors", weight=2):
    table = pd.DataFrame({"month": [1, 2], "f1_frozen": [0.4, 0.1], "f1_policy": [0.8, 0.5]})
    table["updated"] = [False, True]
    got = t.call(cost, table, 100, 1000)
    t.wrong_if(
        "cost_of_the_frozen_filter",
        np.isclose(got, 100 + 1000 * 1.5),
        "The errors of the frozen filter were counted. The live one is `f1_policy`.",
    )
    t.wrong_if(
        "pays_for_what_is_right",
        np.isclose(got, 100 + 1000 * 1.3),
        "The scores themselves were counted as errors. An error is 1 − F1.",
    )
    t.wrong_if(
        "mean_instead_of_sum",
        np.isclose(got, 100 + 1000 * 0.35) or np.isclose(got, 50 + 1000 * 0.35),
        "This is a mean over months. Each month costs: take the sum.",
    )
    t.equal(got, 800.0, what="cost of the example")
    t.equal(t.call(cost, table.assign(updated=True), 7, 0), 14.0, what="cost of two updates")
### BEGIN HIDDEN TESTS
with t.item("One policy may be used for several histories", weight=1):
    policy = t.call(drop_policy, 2, 0.1)
    histories = [[0.9, 0.9, 0.5], [0.5, 0.5, 0.5], [0.5, 0.5, 0.39], [0.9, 0.9, 0.85, 0.95]]
    got = [bool(t.call(policy, history)) for history in histories]
    t.equal(got, [True, False, True, False], what="answers of one policy")
### END HIDDEN TESTS

# %% [markdown]
# Four policies on the same twelve months. An update costs EUR 300. A month with an F1 of 0 costs
# EUR 2,000, a month with an F1 of 1 nothing. In the last column such a month costs only EUR 100. (The
# labels of each month are paid in any case: without them nobody knows the F1.)

# %% needs="run_stream, drop_policy"
policies = {
    "never": lambda history: False,
    "always": lambda history: True,
    "drop of 0.1": drop_policy(2, 0.1),
    "drop of 0.3": drop_policy(2, 0.3),
}
runs = {name: run_stream(MONTHS, policy, SpamFilter) for name, policy in policies.items()}
pd.DataFrame(
    {
        name: {
            "updates": run["updated"].sum(),
            "F1 in month 11": run["f1_policy"].iloc[-1],
            "cost, EUR": cost(run, 300, 2000),
            "cost if errors cost 100": cost(run, 300, 100),
        }
        for name, run in runs.items()
    }
).T.round(2)

# %% [markdown]
# Month by month, with the policy "drop of 0.1":

# %% needs="run_stream, drop_policy"
fig, ax = plt.subplots(figsize=(7, 3.4))
shown = runs["drop of 0.1"]
ax.plot(shown["month"], shown["f1_frozen"], marker="s", color="C1", label="frozen")
ax.plot(shown["month"], shown["f1_policy"], marker="o", color="C0", linestyle="-", label="live")
when = shown[shown["updated"]]
ax.plot(when["month"], when["f1_policy"], "k^", markersize=11, label="learns after this month")
ax.set(xlabel="month", ylabel="F1 score", title="The same filter, left alone or looked after")
ax.set(ylim=(-0.05, 1), xticks=range(1, 12))
ax.legend(loc="lower left")
figures.show(
    fig,
    alt="F1 over eleven months. The frozen filter falls from 0.86 in month 1 to 0 from month 8 on. The live "
    "filter dips to about 0.5 in month 5, learns three times, and is back near 0.8.",
)

# %% [markdown]
# Three updates are enough. "Always" ends with a slightly better filter, but its eight further updates
# cost more than they bring. With errors at EUR 100, the cheapest of the four is to leave the filter
# alone. **How often to train is a question of money, like the threshold.** Move the sliders: at which
# prices is it best to learn at the smallest drop, and at which only after a large one?


# %% needs="run_stream, drop_policy" tags=["nbval-ignore-output"]
by_drop = {
    drop: run_stream(MONTHS, drop_policy(2, drop), SpamFilter) for drop in (0, 0.1, 0.2, 0.3, 0.4, 0.5)
}


def show_cost(update_eur, error_eur):
    """Draw the cost of the policy over its drop, for two prices."""
    costs = pd.Series({drop: cost(run, update_eur, error_eur) for drop, run in by_drop.items()})
    fig, ax = plt.subplots(figsize=(6.5, 3))
    ax.plot(costs.index, costs, marker="o")
    ax.set(xlabel="drop after which the filter learns", ylabel="cost, EUR", ylim=(0, 1.1 * costs.max()))
    ax.set_title(f"An update costs EUR {update_eur}, a month with F1 = 0 EUR {error_eur}")
    figures.show(fig, alt=f"Cost over the drop: lowest at {costs.idxmin()}, EUR {costs.min():.0f}.")


explore.sliders(show_cost, update_eur=(0, 2000, 100, 300), error_eur=(100, 5000, 100, 2000))

# %% [markdown]
# One weak point remains: the score needs labels, so somebody must label some mail every month. Unit 11
# asks what can be watched without labels.
#
# ## Recap
#
# - A threshold for spam comes from a promise: at most 2 % of genuine messages. It is set on mail that
#   the model was not trained on. Chance and change over time stand between promise and result.
# - Random label errors cost little at first, then everything. You can only see it with clean test
#   labels.
# - A model in use is tested first and trained afterwards. A policy with a price decides when.
#
# **Two questions to recall.** Answer from memory first, then open the answer.
#
# 1. From `02_decide_report`: the interval of a fairness measure holds the limit. What does the gate say,
#    and why not "pass"?
# 2. From `02_scale_encode`: why does a category get a column of its own instead of the numbers 0, 1, 2?
#    How does a word such as "free" become a column in this notebook?
#
# <details><summary>Answers</summary>
#
# 1. `needs_review`. The data cannot tell on which side of the limit the truth lies. A pass would be a
#    guess.
# 2. Numbers would invent an order. A word is such a category: it has a column of its own, with its own
#    weight.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide,
#   [Text feature extraction](https://scikit-learn.org/stable/modules/feature_extraction.html): what
#   hashing saves, and what you can no longer ask the model afterwards.
# - C. Northcutt, A. Athalye, J. Mueller (2021), *Pervasive Label Errors in Test Sets Destabilize Machine
#   Learning Benchmarks*: wrong labels in the exam itself.
# - I. Androutsopoulos and others (2000), *An Evaluation of Naive Bayesian Anti-Spam Filtering*: look for
#   the section on costs.
