# Answers that the checks of 01_by_hand must refuse (wrong) or accept (right).

# %% wrong="order_of_scikit_learn" exercise="confusion"
from sklearn.metrics import confusion_matrix


def confusion(y_true, y_pred, positive=1):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if len(y_true) != len(y_pred) or len(y_true) == 0:
        raise ValueError(f"Got {len(y_true)} and {len(y_pred)} labels.")
    table = confusion_matrix(y_true == positive, y_pred == positive, labels=[False, True])
    return tuple(table.ravel().tolist())


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="swaps_the_two_mistakes" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    if len(y_true) != len(y_pred) or len(y_true) == 0:
        raise ValueError("lengths")
    tp = fp = fn = tn = 0
    for truth, said in zip(y_true, y_pred):
        if truth == positive and said == positive:
            tp += 1
        elif truth == positive:
            fp += 1
        elif said == positive:
            fn += 1
        else:
            tn += 1
    return tp, fp, fn, tn


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="shares_instead_of_counts" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return (a & b).mean(), (~a & b).mean(), (a & ~b).mean(), (~a & ~b).mean()


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="ignores_positive" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == 1, np.asarray(y_pred) == 1
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="last_label_is_positive" exercise="confusion"
from sklearn.metrics import confusion_matrix


def confusion(y_true, y_pred, positive=1):
    y_true, y_pred = list(y_true), list(y_pred)
    if len(y_true) != len(y_pred) or not y_true:
        raise ValueError("lengths")
    if set(y_true) | set(y_pred) <= {0, 1}:
        tn, fp, fn, tp = confusion_matrix(y_true, y_pred, labels=[0, 1]).ravel()
    else:
        # scikit-learn takes the last label of the alphabet as positive.
        (tn, fp), (fn, tp) = confusion_matrix(y_true, y_pred)[:2, :2]
    return int(tp), int(fp), int(fn), int(tn)


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="other_labels_are_lost" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true), np.asarray(y_pred)
    if len(a) != len(b) or len(a) == 0:
        raise ValueError("lengths")
    right = a == b
    tp, tn = right & (a == positive), right & (a != positive)
    fp, fn = ~right & (b == positive), ~right & (a == positive)
    return tuple(int(x.sum()) for x in (tp, fp, fn, tn))


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="pairs_by_index" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = pd.Series(y_true) == positive, pd.Series(y_pred) == positive
    if len(a) != len(b) or len(a) == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="drops_the_rest" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    if len(y_true) == 0:
        raise ValueError("no labels")
    pairs = [(a == positive, b == positive) for a, b in zip(y_true, y_pred)]
    kinds = [(True, True), (False, True), (True, False), (False, False)]
    return tuple(sum((bool(a), bool(b)) == kind for a, b in pairs) for kind in kinds)


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="counts_nothing" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.shape != b.shape:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="repeats_one_label" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if len(a) == 0:
        raise ValueError("no labels")
    # NumPy stretches an array of one value, and refuses other lengths.
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="forgets_the_true_negatives" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return tp / (tp + fp + fn + tn)


# %% wrong="accuracy_in_percent" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return 100 * (tp + tn) / (tp + fp + fn + tn)


# %% wrong="mean_of_the_two_classes" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (tp / (tp + fn) + tn / (tn + fp)) / 2 if tp + fn else tn / (tn + fp)


# %% wrong="share_of_errors" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (fp + fn) / (tp + fp + fn + tn)


# %% right="crosstab" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    if len(y_true) != len(y_pred):
        raise ValueError("not the same length")
    if len(y_true) == 0:
        raise ValueError("empty")
    table = pd.crosstab(np.asarray(y_true) == positive, np.asarray(y_pred) == positive)
    table = table.reindex(index=[True, False], columns=[True, False], fill_value=0)
    return (
        table.loc[True, True],
        table.loc[False, True],
        table.loc[True, False],
        table.loc[False, False],
    )


def accuracy(tp, fp, fn, tn):
    return np.divide(tp + tn, np.sum([tp, fp, fn, tn]))


# %% right="a loop over pairs" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    y_true, y_pred = list(y_true), list(y_pred)
    if not y_true or len(y_true) != len(y_pred):
        raise ValueError(f"{len(y_true)} and {len(y_pred)} labels")
    counts = {"tp": 0, "fp": 0, "fn": 0, "tn": 0}
    for truth, said in zip(y_true, y_pred):
        kind = ("t" if (truth == positive) == (said == positive) else "f") + (
            "p" if said == positive else "n"
        )
        counts[kind] += 1
    return counts["tp"], counts["fp"], counts["fn"], counts["tn"]


def accuracy(tp, fp, fn, tn):
    return 1 - (fp + fn) / sum((tp, fp, fn, tn))


# %% right="bincount, as a list" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a = np.array(y_true) == positive
    b = np.array(y_pred) == positive
    if a.size != b.size or a.size < 1:
        raise ValueError("y_true and y_pred need the same number of labels, at least one")
    tn, fp, fn, tp = np.bincount(2 * a + b, minlength=4)
    return [tp, fp, fn, tn]


def accuracy(tp, fp, fn, tn):
    return float(np.float64(tp + tn) / (tp + fp + fn + tn))


# %% wrong="positive_for_the_truth_only" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == 1
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="every_text_is_positive" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    y_true, y_pred = list(y_true), list(y_pred)
    if len(y_true) != len(y_pred) or not y_true:
        raise ValueError("lengths")
    pairs = [(bool(a), bool(b)) for a, b in zip(y_true, y_pred)]
    kinds = [(True, True), (False, True), (True, False), (False, False)]
    return tuple(pairs.count(kind) for kind in kinds)


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


# %% wrong="whole_number_division" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return (tp + tn) // (tp + fp + fn + tn)


# %% wrong="rounds_the_result" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    if a.size != b.size or a.size == 0:
        raise ValueError("lengths")
    return int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((~a & ~b).sum())


def accuracy(tp, fp, fn, tn):
    return round((tp + tn) / (tp + fp + fn + tn), 2)


# %% right="Counter and a named tuple" exercise="confusion"
from collections import Counter, namedtuple

Counts = namedtuple("Counts", "tp fp fn tn")


def confusion(y_true, y_pred, positive=1):
    y_true, y_pred = list(y_true), list(y_pred)
    if len(y_true) != len(y_pred):
        raise ValueError("different lengths")
    if not y_true:
        raise ValueError("no rows")
    kinds = Counter((a == positive, b == positive) for a, b in zip(y_true, y_pred))
    return tuple(
        Counts(
            kinds[True, True], kinds[False, True], kinds[True, False], kinds[False, False]
        )
    )


def accuracy(tp, fp, fn, tn):
    counts = Counts(tp, fp, fn, tn)
    return (counts.tp + counts.tn) / sum(counts)


# %% hardcoded="the example" exercise="confusion"
def confusion(y_true, y_pred, positive=1):
    if len(y_true) != len(y_pred) or len(y_true) == 0:
        raise ValueError("lengths")
    return 1, 0, 1, 1


def accuracy(tp, fp, fn, tn):
    return 2 / 3


# %% wrong="divides_by_all_fraud" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return tp / (tp + fn)


# %% wrong="divides_by_all_rows" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return tp / (tp + fp + fn + tn)


# %% wrong="share_of_false_alarms" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return int(fp) / (int(tp) + int(fp))


# %% wrong="right_to_wrong" exercise="precision"
def precision(tp, fp, fn, tn):
    if fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return int(tp) / int(fp)


# %% wrong="raises_an_error" exercise="precision"
def precision(tp, fp, fn, tn):
    return int(tp) / (int(tp) + int(fp))


# %% wrong="no_alarm_counts_as_perfect" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 1.0
    return int(tp) / (int(tp) + int(fp))


# %% wrong="no_alarm_is_missing" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return float("nan")
    return int(tp) / (int(tp) + int(fp))


# %% wrong="no_warning" exercise="precision"
def precision(tp, fp, fn, tn):
    alarms = int(tp) + int(fp)
    if alarms == 0:
        print("Warning: precision is undefined")
        return 0.0
    return int(tp) / alarms


# %% wrong="warns_when_all_alarms_are_wrong" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return int(tp) / (int(tp) + int(fp))


# %% wrong="overflow" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return tp / (tp + fp)


# %% right="np.divide where" exercise="precision"
def precision(tp, fp, fn, tn):
    right, alarms = np.float64(tp), np.float64(tp) + np.float64(fp)
    if not alarms:
        warnings.warn("Precision is ill-defined", RuntimeWarning)
    return np.divide(right, alarms, out=np.zeros(()), where=alarms > 0)


# %% right="the warning of scikit-learn" exercise="precision"
from sklearn.exceptions import UndefinedMetricWarning


def precision(tp, fp, fn, tn):
    try:
        return int(tp) / (int(tp) + int(fp))
    except ZeroDivisionError:
        warnings.warn(UndefinedMetricWarning("Precision: there is no alarm, set to 0.0"))
        return 0


# %% right="fractions" exercise="precision"
from fractions import Fraction


def precision(tp, fp, fn, tn):
    tp, fp = int(tp), int(fp)
    if tp + fp > 0:
        return float(Fraction(tp, tp + fp))
    warnings.warn("no alarm, so no precision")
    return 0.0


# %% wrong="precision_in_percent" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return 100 * int(tp) / (int(tp) + int(fp))


# %% wrong="rounds_the_result" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return round(int(tp) / (int(tp) + int(fp)), 2)


# %% hardcoded="the examples" exercise="precision"
def precision(tp, fp, fn, tn):
    if tp + fp == 0:
        warnings.warn("precision is undefined")
        return 0.0
    return 0.75


# %% wrong="divides_by_all_alarms" exercise="recall"
def recall(tp, fp, fn, tn):
    return tp / (tp + fp) if tp + fn else 0.0


# %% wrong="recall_of_the_genuine_rows" exercise="recall"
def recall(tp, fp, fn, tn):
    return tn / (tn + fp)


# %% wrong="share_of_missed_fraud" exercise="recall"
def recall(tp, fp, fn, tn):
    return fn / (tp + fn) if tp + fn else 0.0


# %% wrong="found_to_missed" exercise="recall"
def recall(tp, fp, fn, tn):
    return tp / fn if fn else 0.0


# %% wrong="divides_by_all_rows" exercise="recall"
def recall(tp, fp, fn, tn):
    return tp / (tp + fp + fn + tn)


# %% wrong="no_fraud_counts_as_perfect" exercise="recall"
def recall(tp, fp, fn, tn):
    return tp / (tp + fn) if tp + fn else 1.0


# %% wrong="raises_an_error" exercise="recall"
def recall(tp, fp, fn, tn):
    return int(tp) / int(tp + fn)


# %% right="one minus the missed share" exercise="recall"
def recall(tp, fp, fn, tn):
    if tp + fn == 0:
        warnings.warn("recall is undefined")
        return 0
    return 1 - fn / (tp + fn)


# %% right="try" exercise="recall"
def recall(tp, fp, fn, tn):
    try:
        return int(tp) / (int(tp) + int(fn))
    except ZeroDivisionError:
        return 0.0


# %% right="never divides by zero" exercise="recall"
def recall(tp, fp, fn, tn):
    return np.true_divide(tp, max(tp + fn, 1))


# %% wrong="recall_in_percent" exercise="recall"
def recall(tp, fp, fn, tn):
    return 100 * tp / (tp + fn) if tp + fn else 0.0


# %% hardcoded="the example" exercise="recall"
def recall(tp, fp, fn, tn):
    return 0.6 if tp else 0.0


# %% wrong="alarm_only_above_the_threshold" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best = (0.0, np.inf)
    for threshold in np.unique(score):
        alarm = score > threshold
        if not alarm.any():
            continue
        if y[alarm].mean() >= min_precision and y[alarm].sum() / y.sum() > best[0]:
            best = (y[alarm].sum() / y.sum(), threshold)
    return best


# %% wrong="point_without_a_threshold" exercise="recall_at_precision"
from sklearn.metrics import precision_recall_curve


def recall_at_precision(y, score, min_precision):
    p, r, thresholds = precision_recall_curve(y, score)
    i = np.flatnonzero(p >= min_precision)[0]
    return r[i], thresholds[min(i, len(thresholds) - 1)]


# %% wrong="stops_at_the_first_score_that_fails" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best = (0.0, np.inf)
    for threshold in np.unique(score)[::-1]:
        found = y[score >= threshold]
        if found.mean() < min_precision:
            break
        best = (found.sum() / y.sum(), threshold)
    return best


# %% wrong="highest_precision_instead" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best, result = 0, (0.0, np.inf)
    for threshold in np.unique(score):
        found = y[score >= threshold]
        if found.mean() >= max(min_precision, best) and found.mean() > 0:
            if found.mean() > best:
                best, result = found.mean(), (found.sum() / y.sum(), threshold)
    return result


# %% wrong="cuts_between_equal_scores" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    order = np.argsort(-score, kind="stable")
    found = np.cumsum(y[order])
    p, r = found / np.arange(1, len(y) + 1), found / y.sum()
    fine = np.flatnonzero(p >= min_precision)
    return (r[fine[-1]], score[order][fine[-1]]) if len(fine) else (0.0, np.inf)


# %% wrong="threshold_before_recall" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best = (np.inf, 0.0)
    for threshold in np.unique(score):
        found = y[score >= threshold]
        if found.mean() >= min_precision and found.sum() / y.sum() > best[1]:
            best = (threshold, found.sum() / y.sum())
    return best


# %% wrong="raises_an_error" exercise="recall_at_precision"
from sklearn.metrics import precision_recall_curve


def recall_at_precision(y, score, min_precision):
    p, r, thresholds = precision_recall_curve(y, score)
    pairs = [(x, c) for a, x, c in zip(p, r, thresholds) if a >= min_precision]
    return max(pairs)


# %% right="sort and cumulative sum" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    order = np.argsort(-score, kind="stable")
    s, found = score[order], np.cumsum(y[order])
    last = np.append(np.diff(s) != 0, True)
    s, p, r = s[last], (found / np.arange(1, len(y) + 1))[last], (found / found[-1])[last]
    fine = (p >= min_precision) & (r > 0)
    if not fine.any():
        return 0.0, np.inf
    i = np.flatnonzero(fine)[np.argmax(r[fine])]
    return float(r[i]), float(s[i])


# %% right="the curve of scikit-learn, the last point left out" exercise="recall_at_precision"
from sklearn.metrics import precision_recall_curve


def recall_at_precision(y, score, min_precision):
    p, r, thresholds = precision_recall_curve(y, score)
    fine = (p[:-1] >= min_precision) & (r[:-1] > 0)
    if not fine.any():
        return 0.0, float("inf")
    return [r[:-1][fine].max(), thresholds[fine][np.argmax(r[:-1][fine])]]


# %% right="a loop with confusion counts" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    result = (0.0, np.inf)
    for threshold in sorted(set(score.tolist()), reverse=True):
        tp = int(sum((score >= threshold) & (y == 1)))
        alarms = int(sum(score >= threshold))
        if tp / alarms >= min_precision and tp / sum(y == 1) >= result[0] and tp > 0:
            result = (tp / sum(y == 1), threshold)
    return result


# %% wrong="precision_must_exceed_the_bound" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best = (0.0, np.inf)
    for threshold in np.unique(score):
        found = y[score >= threshold]
        if found.mean() > min_precision and found.sum() / y.sum() > best[0]:
            best = (found.sum() / y.sum(), threshold)
    return best


# %% hardcoded="the example" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    return 1.0, 0.6


# %% wrong="arithmetic_mean" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    return (precision + recall) / 2


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="geometric_mean" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    return (precision * recall) ** 0.5


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="forgets_the_factor" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    if precision + recall == 0:
        return 0.0
    return precision * recall / (beta**2 * precision + recall)


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="ignores_beta" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="beta_without_square" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    if precision == recall == 0:
        return 0.0
    return (1 + beta) * precision * recall / (beta * precision + recall)


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="beta_on_the_wrong_side" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    if precision == recall == 0:
        return 0.0
    return (1 + beta**2) * precision * recall / (precision + beta**2 * recall)


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="raises_an_error" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    return (1 + beta**2) / (1 / precision + beta**2 / recall)


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="mean_of_the_days" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below else 0.0


def f1_batches(batches):
    return np.mean([2 * tp / max(2 * tp + fp + fn, 1) for tp, fp, fn, tn in batches])


# %% wrong="weighted_mean_of_the_days" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below else 0.0


def f1_batches(batches):
    f1 = [2 * tp / max(2 * tp + fp + fn, 1) for tp, fp, fn, tn in batches]
    frauds = [tp + fn for tp, fp, fn, tn in batches]
    return np.average(f1, weights=frauds) if sum(frauds) else 0.0


# %% right="from precision and recall" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    if precision == 0 or recall == 0:
        return 0
    return (1 + beta * beta) / (1 / precision + beta * beta / recall)


def f1_batches(batches):
    tp = fp = fn = 0
    for a, b, c, _ in batches:
        tp, fp, fn = tp + a, fp + b, fn + c
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    return fbeta(p, r)


# %% right="pandas" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    with np.errstate(invalid="ignore"):
        value = (1 + beta**2) * np.float64(precision) * recall
        return np.nan_to_num(value / np.float64(beta**2 * precision + recall))


def f1_batches(batches):
    total = pd.DataFrame(batches, columns=["tp", "fp", "fn", "tn"]).sum()
    below = 2 * total["tp"] + total["fp"] + total["fn"]
    return 2 * total["tp"] / below if below > 0 else 0.0


# %% wrong="two_zeros_become_missing" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    above = np.float64((1 + beta**2) * precision * recall)
    return above / (beta**2 * precision + recall)


def f1_batches(batches):
    tp, fp, fn, tn = np.sum(batches, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% wrong="leaves_out_a_day" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below else 0.0


def f1_batches(batches):
    good = [b for b in batches if b[0] + b[1] > 0]
    if not good:
        return 0.0
    tp, fp, fn, tn = np.sum(good, axis=0)
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% hardcoded="the examples" exercise="fbeta"
def fbeta(precision, recall, beta=1.0):
    return 2 / 3


def f1_batches(batches):
    return 16 / 21


# %% wrong="raises_an_error" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    # Without pos_label, scikit-learn looks for the label 1.
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred),
        "recall": recall_score(y_true, y_pred),
        "f1": f1_score(y_true, y_pred),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = np.isclose(table["by_hand"], table["library"])
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_true, y_pred, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="forgets_pos_label" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive if isinstance(positive, str) else 1, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = np.isclose(table["by_hand"], table["library"])
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_true, y_pred, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="average_of_both_labels" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"average": "macro", "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = np.isclose(table["by_hand"], table["library"])
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_true, y_pred, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="swaps_truth_and_prediction" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_pred, y_true),
        "precision": precision_score(y_pred, y_true, **options),
        "recall": recall_score(y_pred, y_true, **options),
        "f1": f1_score(y_pred, y_true, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = np.isclose(table["by_hand"], table["library"])
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_pred, y_true, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="swaps_them_in_the_averages" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = np.isclose(table["by_hand"], table["library"])
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_pred, y_true, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="compares_floats_exactly" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = table["by_hand"] == table["library"]
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_true, y_pred, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="does_not_compare" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    # Two digits are not enough.
    table["equal"] = table["by_hand"].round(1) == table["library"].round(1)
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_true, y_pred, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="leaves_out_classes_never_predicted" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = np.isclose(table["by_hand"], table["library"])
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        options = {"average": average, "labels": np.unique(y_pred)}
        scores = [f(y_true, y_pred, **options) for f in (precision_score, recall_score, f1_score)]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="f1_of_the_averages" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = np.isclose(table["by_hand"], table["library"])
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        p = precision_score(y_true, y_pred, average=average, zero_division=0)
        r = recall_score(y_true, y_pred, average=average, zero_division=0)
        rows.append([average, p, r, 2 * p * r / (p + r)])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% right="classification_report" exercise="metric_table"
from sklearn.metrics import classification_report, precision_recall_fscore_support


def metric_table(by_hand, y_true, y_pred, positive):
    report = classification_report(y_true, y_pred, output_dict=True, zero_division=0)
    own = report[str(positive)]
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": own["precision"],
        "recall": own["recall"],
        "f1": own["f1-score"],
    }
    rows = [
        {
            "metric": name,
            "by_hand": by_hand[name],
            "library": library[name],
            "equal": abs(by_hand[name] - library[name]) <= 1e-9,
        }
        for name in ("f1", "recall", "precision", "accuracy")
    ]
    return pd.DataFrame(rows)


def multiclass_table(y_true, y_pred):
    rows = {}
    for average in ("weighted", "macro", "micro"):
        p, r, f, _ = precision_recall_fscore_support(
            y_true, y_pred, average=average, zero_division=0
        )
        rows[average] = {"precision": p, "recall": r, "f1": f}
    return pd.DataFrame(rows).T.rename_axis("average").reset_index()


# %% right="one label, other column order" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"labels": [positive], "average": "macro", "zero_division": 0}
    table = pd.DataFrame({"metric": list(by_hand), "by_hand": list(by_hand.values())})
    scores = {
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
        "accuracy": np.mean(np.asarray(y_true) == np.asarray(y_pred)),
    }
    table["library"] = table["metric"].map(scores)
    table["equal"] = [
        bool(np.isclose(a, b, rtol=0, atol=1e-9))
        for a, b in zip(table["by_hand"], table["library"])
    ]
    return table[["equal", "library", "by_hand", "metric"]]


def multiclass_table(y_true, y_pred):
    table = pd.DataFrame({"average": ["macro", "micro", "weighted"]})
    for name, f in {"precision": precision_score, "recall": recall_score, "f1": f1_score}.items():
        table[name] = [f(y_true, y_pred, average=a, zero_division=0.0) for a in table["average"]]
    return table


# %% right="own functions by class" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    a, b = np.asarray(y_true) == positive, np.asarray(y_pred) == positive
    library = {
        "accuracy": accuracy_score(a, b),
        "precision": precision_score(a, b, zero_division=0),
        "recall": recall_score(a, b, zero_division=0),
        "f1": f1_score(a, b, zero_division=0),
    }
    table = pd.DataFrame({"by_hand": pd.Series(by_hand), "library": pd.Series(library)})
    table["equal"] = (table["by_hand"] - table["library"]).abs() < 1e-9
    return table.reset_index(names="metric")


def multiclass_table(y_true, y_pred):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    classes = np.union1d(y_true, y_pred)
    tp = np.array([np.sum((y_true == c) & (y_pred == c)) for c in classes])
    said = np.array([np.sum(y_pred == c) for c in classes])
    true = np.array([np.sum(y_true == c) for c in classes])
    p, r, f = tp / np.maximum(said, 1), tp / np.maximum(true, 1), 2 * tp / (said + true)
    micro = np.mean(y_true == y_pred)
    return pd.DataFrame(
        {
            "average": ["micro", "macro", "weighted"],
            "precision": [micro, p.mean(), np.average(p, weights=true)],
            "recall": [micro, r.mean(), np.average(r, weights=true)],
            "f1": [micro, f.mean(), np.average(f, weights=true)],
        }
    )


# %% hardcoded="the example" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    return pd.DataFrame(
        {
            "metric": ["accuracy", "precision", "recall", "f1"],
            "by_hand": list(by_hand.values()),
            "library": [2 / 3, 1, 0.5, 2 / 3],
            "equal": True,
        }
    )


def multiclass_table(y_true, y_pred):
    share = np.mean(np.asarray(y_true) == np.asarray(y_pred))
    table = pd.DataFrame({"average": ["macro", "micro", "weighted"]})
    return table.assign(precision=share, recall=share, f1=share)


# %% wrong="exact_equality" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    found = []
    for errors in range(n + 1):
        if (n - errors) / n == accuracy:
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                if tp + fp and tp + fn:
                    if tp / (tp + fp) == precision and tp / (tp + fn) == recall:
                        found.append((tp, fp, fn, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return bool(reconstruct(n, accuracy, precision, recall))


# %% wrong="does_not_test_its_table" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    positives = n * (1 - accuracy) / (recall * (1 - precision) / precision + 1 - recall)
    tp = round(recall * positives)
    fn = round(positives) - tp
    fp = round(tp / precision) - tp
    return [(tp, fp, fn, n - tp - fp - fn)]


def consistent(n, accuracy, precision, recall):
    return bool(reconstruct(n, accuracy, precision, recall))


# %% wrong="only_one_table" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    def near(a, b):
        return abs(a - b) <= tol + 1e-9

    for errors in range(n + 1):
        if near((n - errors) / n, accuracy):
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                if tp + fp and tp + fn and near(tp / (tp + fp), precision):
                    if near(tp / (tp + fn), recall):
                        return [(tp, fp, fn, tn)]
    return []


def consistent(n, accuracy, precision, recall):
    return bool(reconstruct(n, accuracy, precision, recall))


# %% wrong="ignores_tol" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    def near(a, b):
        return abs(a - b) <= 5e-4 + 1e-9

    found = []
    for errors in range(n + 1):
        if near((n - errors) / n, accuracy):
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                if tp + fp and tp + fn and near(tp / (tp + fp), precision):
                    if near(tp / (tp + fn), recall):
                        found.append((tp, fp, fn, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return bool(reconstruct(n, accuracy, precision, recall))


# %% wrong="no_value_counts_as_zero" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    def near(a, b):
        return abs(a - b) <= tol + 1e-9

    found = []
    for errors in range(n + 1):
        if near((n - errors) / n, accuracy):
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                p = tp / (tp + fp) if tp + fp else 0
                r = tp / (tp + fn) if tp + fn else 0
                if near(p, precision) and near(r, recall):
                    found.append((tp, fp, fn, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return bool(reconstruct(n, accuracy, precision, recall))


# %% wrong="raises_an_error" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    def near(a, b):
        return abs(a - b) <= tol + 1e-9

    found = []
    for errors in range(n + 1):
        if near((n - errors) / n, accuracy):
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                if near(tp / (tp + fp), precision) and near(tp / (tp + fn), recall):
                    found.append((tp, fp, fn, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return bool(reconstruct(n, accuracy, precision, recall))


# %% right="three loops" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    room = tol + 1e-9
    found = []
    for positives in range(1, n + 1):
        low, high = np.ceil((recall - room) * positives), np.floor((recall + room) * positives)
        for tp in range(max(int(low), 0), min(int(high), positives) + 1):
            fn = positives - tp
            for fp in range(n - positives + 1):
                tn = n - positives - fp
                if tp + fp == 0 or abs(tp / (tp + fp) - precision) > room:
                    continue
                if abs((tp + tn) / n - accuracy) <= room:
                    found.append((tp, fp, fn, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return len(reconstruct(n, accuracy, precision, recall)) > 0


# %% right="closed form, then a search around it" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    room = tol + 1e-9
    tables = []
    least = int(np.ceil(n * (1 - accuracy - room) - 1e-9))
    most = int(np.floor(n * (1 - accuracy + room) + 1e-9))
    for errors in range(max(least, 0), min(most, n) + 1):
        fn, tp = np.divmod(np.arange((errors + 1) * (n - errors + 1)), n - errors + 1)
        fp = errors - fn
        with np.errstate(invalid="ignore"):
            fit = np.abs(tp / (tp + fp) - precision) <= room
            fit &= np.abs(tp / (tp + fn) - recall) <= room
        tables += [(int(a), int(b), int(c), int(n - a - b - c))
                   for a, b, c in zip(tp[fit], fp[fit], fn[fit])]
    return tables


def consistent(n, accuracy, precision, recall):
    return any(True for _ in reconstruct(n, accuracy, precision, recall))


# %% right="isclose, from the back" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    found = []
    for errors in range(n, -1, -1):
        if not abs(1 - errors / n - accuracy) <= tol + 1e-9:
            continue
        for table in tables_with_errors(n, errors):
            tp, fp, fn, _ = table
            try:
                values = (tp / (tp + fp), tp / (tp + fn))
            except ZeroDivisionError:
                continue
            if max(abs(values[0] - precision), abs(values[1] - recall)) <= tol + 1e-9:
                found.append(list(table))
    return found


def consistent(n, accuracy, precision, recall):
    return reconstruct(n, accuracy, precision, recall) != []


# %% wrong="other_order_of_counts" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    def near(a, b):
        return abs(a - b) <= tol + 1e-9

    found = []
    for errors in range(n + 1):
        if near((n - errors) / n, accuracy):
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                if tp + fp and tp + fn and near(tp / (tp + fp), precision):
                    if near(tp / (tp + fn), recall):
                        found.append((tp, fn, fp, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return bool(reconstruct(n, accuracy, precision, recall))


# %% hardcoded="the slides" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    return {10: [(2, 1, 1, 6)], 100: []}.get(n, [(30, 10, 20, 90)])


def consistent(n, accuracy, precision, recall):
    return n != 100


# %% wrong="no_value_counts_as_perfect" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 1}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = (table["by_hand"] - table["library"]).abs() <= 1e-9
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_true, y_pred, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="too_much_room" exercise="metric_table"
def metric_table(by_hand, y_true, y_pred, positive):
    options = {"pos_label": positive, "zero_division": 0}
    library = {
        "accuracy": accuracy_score(y_true, y_pred),
        "precision": precision_score(y_true, y_pred, **options),
        "recall": recall_score(y_true, y_pred, **options),
        "f1": f1_score(y_true, y_pred, **options),
    }
    table = pd.DataFrame({"by_hand": by_hand, "library": library})
    table["equal"] = (table["by_hand"] - table["library"]).abs() <= 5e-4
    return table.rename_axis("metric").reset_index()


def multiclass_table(y_true, y_pred):
    rows = []
    for average in ("macro", "micro", "weighted"):
        scores = [
            f(y_true, y_pred, average=average, zero_division=0)
            for f in (precision_score, recall_score, f1_score)
        ]
        rows.append([average, *scores])
    return pd.DataFrame(rows, columns=["average", "precision", "recall", "f1"])


# %% wrong="precision_in_place_of_recall" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best_recall = 0.0
    best = (0.0, np.inf)
    for level in np.unique(score):
        found = y[score >= level]
        if found.mean() >= min_precision and found.sum() / y.sum() > best_recall:
            best_recall = found.sum() / y.sum()
            best = (found.mean(), level)
    return best


# %% wrong="no_alarm_needs_an_infinite_threshold" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best_recall = 0.0
    best = (0.0, score.min())
    for level in np.unique(score):
        found = y[score >= level]
        if found.mean() >= min_precision and found.sum() / y.sum() > best_recall:
            best_recall = found.sum() / y.sum()
            best = (best_recall, level)
    return best


# %% wrong="too_much_room" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    found = []
    for tp in range(n + 1):
        for fp in range(n + 1 - tp):
            fn = round(tp / recall) - tp if recall and tp else 0
            for each in {max(fn + step, 0) for step in range(-2, 3)} if tp else range(n + 1 - fp):
                tn = n - tp - fp - each
                if tn < 0 or tp + fp == 0 or tp + each == 0:
                    continue
                values = ((tp + tn) / n, tp / (tp + fp), tp / (tp + each))
                gaps = [abs(a - b) for a, b in zip(values, (accuracy, precision, recall))]
                if max(gaps) <= tol + 1e-9:
                    found.append((tp, fp, each, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return len(reconstruct(n, accuracy, precision, recall, tol=0.005)) > 0


# %% wrong="consistent_needs_equality" exercise="reconstruct"
def reconstruct(n, accuracy, precision, recall, tol=5e-4):
    found = []
    for errors in range(n + 1):
        if abs((n - errors) / n - accuracy) <= tol + 1e-9:
            for tp, fp, fn, tn in tables_with_errors(n, errors):
                if tp + fp and tp + fn:
                    gaps = abs(tp / (tp + fp) - precision), abs(tp / (tp + fn) - recall)
                    if max(gaps) <= tol + 1e-9:
                        found.append((tp, fp, fn, tn))
    return found


def consistent(n, accuracy, precision, recall):
    return len(reconstruct(n, accuracy, precision, recall, tol=0)) > 0


# %% wrong="precision_below_the_bound" exercise="recall_at_precision"
from sklearn.metrics import precision_recall_curve


def recall_at_precision(y, score, min_precision):
    p, r, thresholds = precision_recall_curve(y, score)
    place = np.argmax(r * (p >= min_precision))
    return r[place], thresholds[min(place, len(thresholds) - 1)]


# %% wrong="divides_by_all_rows" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    best = (0.0, np.inf)
    for t in np.unique(score)[::-1]:
        found = y[score >= t]
        if found.mean() >= min_precision and found.sum() / len(y) > best[0]:
            best = (found.sum() / len(y), t)
    return best


# %% wrong="rounds_the_result" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    for t in np.unique(score):
        found = y[score >= t]
        if found.mean() >= min_precision:
            return round(found.sum() / y.sum(), 2), t
    return 0.0, np.inf


# %% right="between two scores, as an array" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    levels, best = np.unique(score), [0.0, np.inf]
    for t in np.append(levels[0] - 1, (levels[1:] + levels[:-1]) / 2):
        found = y[score >= t]
        if found.mean() >= min_precision and found.sum() / y.sum() > best[0]:
            best = [found.sum() / y.sum(), t]
    return np.array(best)


# %% right="a table by score" exercise="recall_at_precision"
def recall_at_precision(y, score, min_precision):
    table = pd.DataFrame({"y": y, "s": score}).groupby("s")["y"].agg(["sum", "size"])
    table = table[::-1].cumsum()
    good = table[table["sum"] / table["size"] >= min_precision]
    found = good["sum"] / y.sum()
    return (found.max(), found.idxmax()) if len(good) else (0.0, float("inf"))
