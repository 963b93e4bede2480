# Answers that the checks of 03_threshold must refuse (wrong) or accept (right).


# %% wrong="always_a_half" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return 0.5


# %% wrong="probability_instead_of_score" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return c_fp / (c_fp + c_fn)


# %% wrong="prevalence_left_out" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return d / 2 + np.log(c_fp / c_fn) / d


# %% wrong="prevalence_upside_down" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return d / 2 + np.log(prevalence * c_fp / ((1 - prevalence) * c_fn)) / d


# %% wrong="costs_upside_down" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return d / 2 + np.log((1 - prevalence) * c_fn / (prevalence * c_fp)) / d


# %% wrong="forgets_to_divide_by_d" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return d / 2 + np.log((1 - prevalence) * c_fp / (prevalence * c_fn))


# %% wrong="middle_of_the_two_means" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return d / 2


# %% wrong="logarithm_subtracted" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return d / 2 - np.log((1 - prevalence) * c_fp / (prevalence * c_fn)) / d


# %% wrong="raises_an_error" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    import math

    return d / 2 + math.ln((1 - prevalence) * c_fp / (prevalence * c_fn)) / d


# %% right="sum of logarithms" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return (np.log(c_fp) - np.log(c_fn) + np.log1p(-prevalence) - np.log(prevalence) + d * d / 2) / d


# %% right="the cheapest by search" exercise="bayes_threshold"
from scipy.optimize import brentq
from scipy.stats import norm


def bayes_threshold(prevalence, d, c_fp, c_fn):
    def gain(s):
        return (
            np.log(prevalence * c_fn) + norm.logpdf(s, d) - np.log((1 - prevalence) * c_fp)
            - norm.logpdf(s)
        )

    return brentq(gain, -200, 200)


# %% right="through the probability" exercise="bayes_threshold"
from scipy.special import logit


def bayes_threshold(prevalence, d, c_fp, c_fn):
    limit = c_fp / (c_fp + c_fn)
    return (logit(limit) - logit(prevalence) + d**2 / 2) / d


# %% wrong="logarithm_to_base_10" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return d / 2 + np.log10((1 - prevalence) * c_fp / (prevalence * c_fn)) / d


# %% hardcoded="the examples" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return 0.5 if prevalence == 0.1 else 0.9899


# %% wrong="always_a_half" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    return 0.5


# %% wrong="best_f1" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    levels = np.unique(score)
    f1 = [2 * y[score >= t].sum() / ((score >= t).sum() + y.sum()) for t in levels]
    return levels[np.argmax(f1)]


# %% wrong="most_accurate" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    levels = np.append(np.unique(score), np.inf)
    return max(levels, key=lambda t: np.mean((score >= t) == y))


# %% wrong="costs_swapped" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    def cost(t):
        return c_fn * np.sum((score >= t) & (y == 0)) + c_fp * np.sum((score < t) & (y == 1))

    return min(np.append(np.unique(score), np.inf), key=cost)


# %% wrong="alarm_only_above_the_threshold" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    def cost(t):
        return c_fp * np.sum((score > t) & (y == 0)) + c_fn * np.sum((score <= t) & (y == 1))

    return min([-np.inf, *np.unique(score)], key=cost)


# %% wrong="never_tries_no_alarm" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    def cost(t):
        return c_fp * np.sum((score >= t) & (y == 0)) + c_fn * np.sum((score < t) & (y == 1))

    return min(np.unique(score), key=cost)


# %% wrong="returns_nothing" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    best = np.inf
    for t in np.unique(score):
        cost = c_fp * np.sum((score >= t) & (y == 0)) + c_fn * np.sum((score < t) & (y == 1))
        if cost < best:
            best = cost
    print(best)


# %% right="isotonic probabilities and the rule" exercise="empirical_threshold"
from sklearn.isotonic import IsotonicRegression


def empirical_threshold(y, score, c_fp, c_fn):
    p = IsotonicRegression(out_of_bounds="clip").fit(score, y).predict(score)
    alarms = score[p >= c_fp / (c_fp + c_fn) - 1e-12]
    return float(alarms.min()) if len(alarms) else np.inf


# %% right="sort and cumulative sums" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    order = np.argsort(score)[::-1]
    s, labels = score[order], y[order]
    cost = c_fp * np.cumsum(labels == 0) + c_fn * (y.sum() - np.cumsum(labels == 1))
    last = np.append(s[:-1] != s[1:], True)
    cost, s = np.append(cost[last], c_fn * y.sum()), np.append(s[last], np.inf)
    return s[cost.argmin()]


# %% right="in the middle between two scores" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    levels = np.unique(score)
    levels = [levels[0] - 1, *(levels[:-1] + levels[1:]) / 2, levels[-1] + 1]
    costs = [
        c_fp * ((score >= t) & (y == 0)).sum() + c_fn * ((score < t) & (y == 1)).sum()
        for t in levels
    ]
    return levels[int(np.argmin(costs))]


# %% right="the ROC curve of scikit-learn" exercise="empirical_threshold"
from sklearn.metrics import roc_curve


def empirical_threshold(y, score, c_fp, c_fn):
    if len(np.unique(y)) == 1:
        return -np.inf if y[0] else np.inf
    fpr, tpr, levels = roc_curve(y, score, drop_intermediate=False)
    cost = c_fp * fpr * np.sum(y == 0) + c_fn * (1 - tpr) * np.sum(y == 1)
    return levels[np.argmin(cost)]


# %% wrong="near_the_cheapest_only" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    def cost(t):
        return c_fp * np.sum((score >= t) & (y == 0)) + c_fn * np.sum((score < t) & (y == 1))

    return min([*np.linspace(-5, 6, 56), np.inf], key=cost)


# %% hardcoded="the example" exercise="empirical_threshold"
def empirical_threshold(y, score, c_fp, c_fn):
    return 0.6


# %% wrong="benign_is_positive" exercise="decide"
def malignant_probability(X, target):
    return target, cross_val_predict(MODEL, X, target, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="probability_of_benign" exercise="decide"
def malignant_probability(X, target):
    return 1 - target, cross_val_predict(MODEL, X, target, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="labels_instead_of_probabilities" exercise="decide"
def malignant_probability(X, target):
    return 1 - target, cross_val_predict(MODEL, X, 1 - target, cv=5)


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="trained_on_the_same_rows" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, MODEL.fit(X, y).predict_proba(X)[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="costs_swapped" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fn / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="ratio_of_the_costs" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / c_fn
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="one_threshold_for_all" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = 0.5
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="alarm_only_above_the_threshold" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p > threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="cost_per_row" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": np.mean(c_fn * (~alarm & (y == 1)) + c_fp * (alarm & (y == 0))),
    }


# %% wrong="precision_without_an_alarm" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 1.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% wrong="precision_and_recall_exchanged" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "recall": y[alarm].mean() if alarm.any() else 0.0,
        "precision": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% right="the other column, own folds" exercise="decide"
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold


def malignant_probability(X, target):
    p = np.full(len(X), np.nan)
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(X, target):
        model = clone(MODEL).fit(X[train], target[train])
        p[test] = model.predict_proba(X[test])[:, 0]
    return (target == 0).astype(int), p


def decide(y, p, c_fn, c_fp):
    threshold = c_fp / (c_fp + c_fn)
    alarm = p >= threshold
    return {
        "threshold": threshold,
        "precision": y[alarm].mean() if alarm.any() else 0.0,
        "recall": alarm[y == 1].mean(),
        "cost": c_fn * np.sum(~alarm & (y == 1)) + c_fp * np.sum(alarm & (y == 0)),
    }


# %% right="the cheapest threshold of the rows" exercise="decide"
def malignant_probability(X, target):
    y = 1 - target
    return y, cross_val_predict(MODEL, X, y, cv=5, method="predict_proba")[:, 1]


def decide(y, p, c_fn, c_fp):
    def counts(t):
        return np.sum((p >= t) & (y == 0)), np.sum((p < t) & (y == 1)), np.sum((p >= t) & (y == 1))

    levels = [*np.unique(p), np.inf]
    threshold = min(levels, key=lambda t: c_fp * counts(t)[0] + c_fn * counts(t)[1])
    fp, fn, tp = counts(threshold)
    return {
        "threshold": threshold,
        "precision": tp / (tp + fp) if tp + fp else 0.0,
        "recall": tp / (tp + fn),
        "cost": c_fp * fp + c_fn * fn,
    }


# %% right="functions of scikit-learn" exercise="decide"
def malignant_probability(X, target):
    y = np.where(target == 0, 1, 0)
    both = cross_val_predict(MODEL, X, target, cv=10, method="predict_proba")
    return [y, 1 - both[:, 1]]


def decide(y, p, c_fn, c_fp):
    from sklearn.metrics import confusion_matrix, precision_score, recall_score

    threshold = 1 / (1 + c_fn / c_fp)
    alarm = (p >= threshold - 1e-12).astype(int)
    table = confusion_matrix(y, alarm, labels=[0, 1])
    return dict(
        cost=float(np.sum(table * [[0, c_fp], [c_fn, 0]])),
        recall=recall_score(y, alarm),
        precision=precision_score(y, alarm, zero_division=0),
        threshold=threshold,
    )


# %% hardcoded="the example" exercise="decide"
def malignant_probability(X, target):
    return 1 - target, np.linspace(0.1, 0.9, len(X))


def decide(y, p, c_fn, c_fp):
    return {"threshold": 0.25, "precision": 0.75, "recall": 1.0, "cost": 1.0}


# %% wrong="draws_rows_apart" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i, j = rng.integers(0, len(y), (2, len(y)))
        diffs.append(value(y[i], pred_b[i]) - value(y[j], pred_a[j]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}


# %% wrong="loses_the_true_labels" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i = rng.integers(0, len(y), len(y))
        diffs.append(value(y, pred_b[i]) - value(y, pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}


# %% wrong="interval_without_width" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i = rng.permutation(len(y))
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}


# %% wrong="interval_too_wide" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i = rng.integers(0, len(y), len(y) // 4)
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}


# %% wrong="interval_too_narrow" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i = rng.integers(0, len(y), len(y))
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.05, 0.95])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}


# %% wrong="a_minus_b" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i = rng.integers(0, len(y), len(y))
        diffs.append(value(y[i], pred_a[i]) - value(y[i], pred_b[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_a) - value(y, pred_b), "low": low, "high": high}


# %% wrong="ignores_the_metric" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS["accuracy"], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i = rng.integers(0, len(y), len(y))
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}


# %% wrong="depends_on_global_random_state" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random
    diffs = []
    for _ in range(n):
        i = rng.randint(0, len(y), len(y))
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low + 1e-9 * np.random.random(), "high": high}


# %% right="scipy bootstrap" exercise="paired_bootstrap"
from scipy.stats import bootstrap


def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    def gain(rows):
        rows = rows.astype(int)
        return METRICS[metric](y[rows], pred_b[rows]) - METRICS[metric](y[rows], pred_a[rows])

    rows = np.arange(len(y))
    result = bootstrap(
        (rows,), gain, n_resamples=n, vectorized=False, method="percentile",
        rng=np.random.default_rng(seed),
    )
    low, high = result.confidence_interval
    return {"high": high, "low": low, "diff": gain(rows)}


# %% right="McNemar interval for the accuracy" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    diff = METRICS[metric](y, pred_b) - METRICS[metric](y, pred_a)
    if metric == "accuracy":
        gain = (pred_b == y).astype(int) - (pred_a == y)
        error = 1.96 * gain.std() / len(y) ** 0.5
        return {"diff": diff, "low": diff - error, "high": diff + error}
    rng = np.random.default_rng(seed)
    values = np.empty(n)
    for k in range(n):
        rows = rng.choice(len(y), len(y))
        truth, a, b = np.column_stack([y, pred_a, pred_b])[rows].T
        values[k] = METRICS[metric](truth, b) - METRICS[metric](truth, a)
    return {"diff": diff, "low": np.percentile(values, 2.5), "high": np.percentile(values, 97.5)}


# %% right="a table of rows" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    table = pd.DataFrame({"y": y, "a": pred_a, "b": pred_b}).to_numpy()
    f, rng = METRICS[metric], np.random.default_rng([seed, 1])
    draws = (table[rng.integers(len(table), size=len(table))].T for _ in range(n))
    gains = pd.Series([f(t, b) - f(t, a) for t, a, b in draws])
    return {
        "diff": float(f(y, pred_b) - f(y, pred_a)),
        "low": float(gains.quantile(0.025)),
        "high": float(gains.quantile(0.975)),
    }


# %% wrong="mean_of_the_draws" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(n):
        i = rng.integers(0, len(y), len(y))
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": np.mean(diffs), "low": low, "high": high}


# %% right="rows counted, not copied" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    f, rng = METRICS[metric], np.random.RandomState(seed)
    kinds, number = np.unique(np.column_stack([y, pred_a, pred_b]), axis=0, return_counts=True)
    gains = []
    for drawn in rng.multinomial(len(y), number / len(y), n):
        truth, a, b = np.repeat(kinds, drawn, axis=0).T
        gains.append(f(truth, b) - f(truth, a))
    low, high = sorted(np.percentile(gains, [97.5, 2.5]))
    return {"low": low, "diff": f(y, pred_b) - f(y, pred_a), "high": high}


# %% hardcoded="equal models" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    return {"diff": 0, "low": 0, "high": 0}


# %% wrong="decides_by_the_difference" exercise="verdict"
def verdict(ci, min_gain):
    if ci["diff"] >= min_gain:
        return "B"
    return "A" if ci["diff"] <= -min_gain else "undecided"


# %% wrong="any_gain_is_enough" exercise="verdict"
def verdict(ci, min_gain):
    if ci["low"] > 0:
        return "B"
    return "A" if ci["high"] < 0 else "undecided"


# %% wrong="exactly_min_gain_is_refused" exercise="verdict"
def verdict(ci, min_gain):
    if ci["low"] > min_gain:
        return "B"
    return "A" if ci["high"] < -min_gain else "undecided"


# %% wrong="never_decides_for_a" exercise="verdict"
def verdict(ci, min_gain):
    return "B" if ci["low"] >= min_gain else "undecided"


# %% wrong="looks_at_the_wrong_end" exercise="verdict"
def verdict(ci, min_gain):
    if ci["low"] >= min_gain:
        return "B"
    return "A" if ci["low"] <= -min_gain and ci["diff"] < 0 else "undecided"


# %% wrong="any_loss_is_enough" exercise="verdict"
def verdict(ci, min_gain):
    if ci["low"] >= min_gain:
        return "B"
    return "A" if ci["high"] < 0 else "undecided"


# %% right="one expression" exercise="verdict"
def verdict(ci, min_gain):
    return "B" if ci["low"] >= min_gain else "A" if -ci["high"] >= min_gain else "undecided"


# %% right="two questions" exercise="verdict"
def verdict(ci, min_gain):
    answer = "undecided"
    if not ci["low"] < min_gain:
        answer = "B"
    elif not ci["high"] > -min_gain:
        answer = "A"
    return answer


# %% hardcoded="undecided" exercise="verdict"
def verdict(ci, min_gain):
    return "undecided"


# %% wrong="ignores_min_gain" exercise="verdict"
def verdict(ci, min_gain):
    if ci["low"] >= 0.01:
        return "B"
    return "A" if ci["high"] <= -0.01 else "undecided"


# %% wrong="middle_term_lost" exercise="bayes_threshold"
def bayes_threshold(prevalence, d, c_fp, c_fn):
    return np.log((1 - prevalence) * c_fp / (prevalence * c_fn)) / d


# %% wrong="ignores_n" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(seed)
    diffs = []
    for _ in range(1000):
        i = rng.integers(0, len(y), len(y))
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}


# %% wrong="ignores_seed" exercise="paired_bootstrap"
def paired_bootstrap(y, pred_a, pred_b, metric, n=1000, seed=0):
    value, rng = METRICS[metric], np.random.default_rng(0)
    diffs = []
    for _ in range(n):
        i = rng.integers(0, len(y), len(y))
        diffs.append(value(y[i], pred_b[i]) - value(y[i], pred_a[i]))
    low, high = np.quantile(diffs, [0.025, 0.975])
    return {"diff": value(y, pred_b) - value(y, pred_a), "low": low, "high": high}
