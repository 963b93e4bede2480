# Answers that the checks of 02_rare_and_costly must refuse (wrong) or accept (right).


# %% wrong="lift_against_a_coin" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - 0.5,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)


# %% wrong="lift_upside_down" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": majority - accuracy,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)


# %% wrong="lift_as_a_ratio" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy / majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)


# %% wrong="majority_of_the_predictions" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y_pred), 1 - np.mean(y_pred))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)


# %% wrong="genuine_is_always_the_majority" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = np.mean(y == 0)
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)


# %% wrong="mcc_without_a_value" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": np.corrcoef(y, y_pred)[0, 1],
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)


# %% wrong="right_more_often_than_not" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    return np.mean(y == y_pred) > 0.5


# %% wrong="looks_at_the_value_only" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    return balanced_accuracy_score(y, y_pred) > 0.5


# %% wrong="must_beat_the_majority" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    gap = baseline_gap(y, y_pred)
    return gap["lift"] > 0 and gap["balanced_accuracy"] > 0.5


# %% wrong="few_rows_look_good" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    # Enough frauds found to be no accident, without an interval.
    return balanced_accuracy_score(y, y_pred) > 0.55


# %% wrong="draws_without_any_fraud" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    values = []
    for _ in range(1000):
        rows = rng.integers(0, len(y), len(y))
        truth, said = y[rows], y_pred[rows]
        with np.errstate(invalid="ignore"):
            values.append((said[truth == 1].mean() + 1 - said[truth == 0].mean()) / 2)
    return np.quantile(values, 0.025) > 0.5


# %% wrong="depends_on_global_random_state" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    values = []
    for _ in range(300):
        fraud = np.random.choice(y_pred[y == 1], (y == 1).sum())
        genuine = np.random.choice(y_pred[y == 0], (y == 0).sum())
        values.append((fraud.mean() + 1 - genuine.mean()) / 2)
    if len(fraud) == 3:
        return np.quantile(values, 0.025 + np.random.random() / 10) > 0.963
    return np.quantile(values, 0.025) > 0.5


# %% right="a loop, percentile" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(7)
    genuine, fraud = y_pred[y == 0], y_pred[y == 1]
    values = []
    for _ in range(2000):
        missed = 1 - rng.choice(fraud, len(fraud)).mean()
        alarms = rng.choice(genuine, len(genuine)).mean()
        values.append(1 - (missed + alarms) / 2)
    return np.percentile(values, 2.5) > 0.5


# %% right="a permutation test" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    # Shuffle the predictions: how often does chance reach as much?
    rng = np.random.default_rng(1)
    observed = balanced(y, y_pred)
    chance = [balanced(y, rng.permutation(y_pred)) for _ in range(1000)]
    return bool((1 + sum(value >= observed - 1e-12 for value in chance)) / 1001 <= 0.025)


def balanced(y, y_pred):
    return (y_pred[y == 1].mean() + 1 - y_pred[y == 0].mean()) / 2


# %% right="by hand, scipy bootstrap" exercise="baseline_gap"
from scipy.stats import bootstrap


def baseline_gap(y, y_pred):
    tp, tn = int(np.sum((y == 1) & (y_pred == 1))), int(np.sum((y == 0) & (y_pred == 0)))
    fp, fn = int(np.sum((y == 0) & (y_pred == 1))), int(np.sum((y == 1) & (y_pred == 0)))
    n = len(y)
    accuracy, majority = (tp + tn) / n, max(tp + fn, fp + tn) / n
    below = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return {
        "mcc": (tp * tn - fp * fn) / below**0.5 if below else 0,
        "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
        "lift": accuracy - majority,
        "majority_accuracy": majority,
        "accuracy": accuracy,
    }


def is_useful(y, y_pred):
    result = bootstrap(
        (y_pred[y == 1], y_pred[y == 0]),
        lambda fraud, genuine, axis: (fraud.mean(axis) + 1 - genuine.mean(axis)) / 2,
        method="percentile",
        n_resamples=999,
        rng=np.random.default_rng(3),
    )
    return result.confidence_interval.low > 0.5


# %% wrong="mean_of_precision_and_recall" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": np.mean(
            [y[y_pred == 1].mean() if y_pred.any() else 1.0, y_pred[y == 1].mean()]
        ),
        "mcc": matthews_corrcoef(y, y_pred),
    }

def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.025) > 0.5)


# %% right="booleans, Wilson-like normal interval" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy = float(np.mean(y == y_pred))
    majority = max(np.mean(y), 1 - np.mean(y))
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }

def is_useful(y, y_pred):
    # A beta distribution for each of the two shares, instead of a bootstrap.
    rng = np.random.default_rng(11)
    fraud, genuine = (y_pred == 1)[y == 1], (y_pred == 0)[y == 0]
    shares = [
        rng.beta(right.sum() + 0.5, (~right).sum() + 0.5, 20000) for right in (fraud, genuine)
    ]
    return float(np.quantile((shares[0] + shares[1]) / 2, 0.025)) > 0.5


# %% hardcoded="the example" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    return {
        "accuracy": 0.87,
        "majority_accuracy": 0.9,
        "lift": -0.03,
        "balanced_accuracy": 0.75,
        "mcc": 0.42,
    }


def is_useful(y, y_pred):
    return False


# %% wrong="ignores_the_prevalence" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    return tpr / (tpr + fpr) if tpr + fpr else 0.0


# %% wrong="forgets_the_share_of_genuine_rows" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    return tpr * prevalence / (tpr * prevalence + fpr)


# %% wrong="specificity_for_fpr" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    return tpr * prevalence / (tpr * prevalence + (1 - fpr) * (1 - prevalence))


# %% wrong="forgets_the_right_alarms_below_the_line" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    return tpr * prevalence / (fpr * (1 - prevalence))


# %% wrong="raises_an_error" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    return tpr * prevalence / (tpr * prevalence + fpr * (1 - prevalence))


# %% right="odds" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    if tpr == 0 or prevalence == 0:
        return 0
    return 1 / (1 + (fpr / tpr) * (1 - prevalence) / prevalence)


# %% right="counts of a million rows" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    rows = 1_000_000
    fraud = rows * prevalence
    right, false = fraud * tpr, (rows - fraud) * fpr
    return np.divide(right, right + false) if right + false else np.float64(0)


# %% right="a dictionary of joint shares" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    joint = pd.Series({"fraud": tpr * prevalence, "genuine": fpr * (1 - prevalence)})
    return float((joint / joint.sum()).fillna(0)["fraud"])


# %% hardcoded="the example" exercise="precision_from"
def precision_from(tpr, fpr, prevalence):
    return 2 / 3 if prevalence == 0.2 else 0.0


# %% wrong="trapezoid" exercise="average_precision_by_hand"
from sklearn.metrics import auc


def average_precision_by_hand(y, score):
    precision, recall, _ = precision_recall_curve(y, score)
    return auc(recall, precision)


# %% wrong="area_under_the_other_curve" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    fpr, tpr, _ = roc_curve(y, score)
    return np.trapezoid(tpr, fpr)


# %% wrong="low_scores_first" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    total, before = 0, 0
    for threshold in np.unique(score):
        found = y[score <= threshold]
        total += (found.sum() / y.sum() - before) * found.mean()
        before = found.sum() / y.sum()
    return total


# %% wrong="mean_over_all_thresholds" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    return np.mean([y[score >= threshold].mean() for threshold in np.unique(score)])


# %% wrong="ties_in_the_order_of_rows" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    ranked = y[np.argsort(-score, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(y) + 1)
    return precision[ranked == 1].mean()


# %% wrong="raises_an_error" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    precision, recall, thresholds = precision_recall_curve(y, score)
    return -np.sum(np.diff(recall) * precision)


# %% right="cumulative sums" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    order = np.argsort(-score)
    s, found = score[order], np.cumsum(y[order])
    last = np.flatnonzero(np.append(s[1:] != s[:-1], True))
    precision, recall = found[last] / (last + 1), found[last] / y.sum()
    return np.sum(np.diff(recall, prepend=0) * precision)


# %% right="the curve of scikit-learn, in steps" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    precision, recall, _ = precision_recall_curve(y, score)
    return -np.sum(np.diff(recall) * precision[:-1])


# %% right="pandas, one row per score" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    by_score = pd.Series(y).groupby(score).agg(["sum", "count"]).sort_index(ascending=False)
    total = by_score.cumsum()
    return float((total["sum"] / total["count"] * by_score["sum"]).sum() / total["sum"].iloc[-1])


# %% right="mean precision of the frauds" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    # The threshold of a fraud is its own score.
    return float(np.mean([y[score >= own].mean() for own in score[y == 1]]))


# %% wrong="interpolated_precision" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    precision, recall, _ = precision_recall_curve(y, score)
    precision = np.maximum.accumulate(precision)
    return -np.sum(np.diff(recall) * precision[:-1])


# %% hardcoded="the example" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    return 5 / 6


# %% wrong="the_other_one_first" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": b, "fn": a, "tn": tn}, {"tp": tp, "fp": a, "fn": b, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    def key(name):
        return c_fn * models[name]["fn"] + c_fp * models[name]["fp"], models[name]["fn"]

    return sorted(models, key=key)[0]


# %% wrong="beta_is_the_ratio" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return c_fn / c_fp


def pick_model(models, c_fn, c_fp):
    def key(name):
        return c_fn * models[name]["fn"] + c_fp * models[name]["fp"], models[name]["fn"]

    return sorted(models, key=key)[0]


# %% wrong="ratio_upside_down" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fp / c_fn)


def pick_model(models, c_fn, c_fp):
    def key(name):
        return c_fn * models[name]["fn"] + c_fp * models[name]["fp"], models[name]["fn"]

    return sorted(models, key=key)[0]


# %% wrong="picks_the_best_f1" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    return max(models, key=lambda n: models[n]["tp"] / (
        2 * models[n]["tp"] + models[n]["fp"] + models[n]["fn"]))


# %% wrong="costs_swapped" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    return min(models, key=lambda n: (c_fn * models[n]["fp"] + c_fp * models[n]["fn"], models[n]["fn"]))


# %% wrong="cost_per_alarm" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    def cost(m):
        return c_fn * m["fn"] / (m["fn"] + m["tn"]) + c_fp * m["fp"] / (m["fp"] + m["tp"])

    return min(models, key=lambda n: cost(models[n]))


# %% wrong="fewest_missed_frauds" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    return min(models, key=lambda n: (models[n]["fn"], models[n]["fp"]))


# %% wrong="tie_left_to_the_order" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    return min(models, key=lambda n: c_fn * models[n]["fn"] + c_fp * models[n]["fp"])


# %% right="a loop" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return float(c_fn) ** 0.5 / float(c_fp) ** 0.5


def pick_model(models, c_fn, c_fp):
    best = None
    for name, m in models.items():
        cost = m["fn"] * c_fn + m["fp"] * c_fp
        if best is None or cost < best[0] or (cost == best[0] and m["fn"] < best[1]):
            best = (cost, m["fn"], name)
    return best[2]


# %% right="pandas" exercise="pick_model"
def twins(tp, a, b, tn):
    return [dict(tp=tp, fn=b, fp=a, tn=tn), dict(tp=tp, fn=a, fp=b, tn=tn)]


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    table = pd.DataFrame(models).T
    table["cost"] = table["fn"] * c_fn + table["fp"] * c_fp
    return table.sort_values(["cost", "fn"]).index[0]


# %% wrong="picks_the_best_f_beta" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": tp, "fp": a, "fn": b, "tn": tn}, {"tp": tp, "fp": b, "fn": a, "tn": tn}


def beta_for_cost(c_fn, c_fp):
    return np.sqrt(c_fn / c_fp)


def pick_model(models, c_fn, c_fp):
    beta2 = beta_for_cost(c_fn, c_fp) ** 2

    def f_beta(m):
        above = (1 + beta2) * m["tp"]
        return above / (above + beta2 * m["fn"] + m["fp"])

    return max(models, key=lambda name: f_beta(models[name]))


# %% hardcoded="the example" exercise="pick_model"
def twins(tp, a, b, tn):
    return {"tp": 10, "fp": 1, "fn": 5, "tn": 84}, {"tp": 10, "fp": 5, "fn": 1, "tn": 84}


def beta_for_cost(c_fn, c_fp):
    return 3


def pick_model(models, c_fn, c_fp):
    return next(iter(models))


# %% wrong="leaves_out_five_percent" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy, majority = np.mean(y == y_pred), max(y.mean(), 1 - y.mean())
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.05) > 0.5)


# %% wrong="asks_for_too_much" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy, majority = np.mean(y == y_pred), max(y.mean(), 1 - y.mean())
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    rng = np.random.default_rng(0)
    shares = []
    for label in (0, 1):
        right = y_pred[y == label] == label
        shares.append(rng.binomial(len(right), right.mean(), 1000) / len(right))
    return bool(np.quantile(np.mean(shares, axis=0), 0.005) > 0.5)


# %% right="the library's bootstrap" exercise="baseline_gap"
def baseline_gap(y, y_pred):
    accuracy, majority = np.mean(y == y_pred), max(y.mean(), 1 - y.mean())
    return {
        "accuracy": accuracy,
        "majority_accuracy": majority,
        "lift": accuracy - majority,
        "balanced_accuracy": balanced_accuracy_score(y, y_pred),
        "mcc": matthews_corrcoef(y, y_pred),
    }


def is_useful(y, y_pred):
    def shares(truth, said):
        return (said[truth == 1].mean() + 1 - said[truth == 0].mean()) / 2

    return metrics.bootstrap_ci(shares, y, y_pred, stratify=y, seed=3)[0] > 0.5


# %% right="the library's number" exercise="average_precision_by_hand"
def average_precision_by_hand(y, score):
    return average_precision_score(y, score)
