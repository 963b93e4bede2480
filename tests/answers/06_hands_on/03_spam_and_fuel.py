# Answers that the checks of 03_spam_and_fuel must refuse (wrong) or accept (right).

# %% wrong="does_not_read_words" exercise="spam_pipeline"
from sklearn.preprocessing import FunctionTransformer


def lengths(texts):
    return np.array([[len(text)] for text in texts])


def spam_pipeline():
    return Pipeline([("words", FunctionTransformer(lengths)), ("model", LogisticRegression())])


def threshold_for_fp(y, score, max_fpr):
    genuine = np.asarray(score)[np.asarray(y) == 0]
    return min([s for s in score if np.mean(genuine >= s) <= max_fpr], default=np.inf)


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="words_from_elsewhere" exercise="spam_pipeline"
def spam_pipeline():
    known = TfidfVectorizer().fit(mail["text"]).vocabulary_
    return make_pipeline(TfidfVectorizer(vocabulary=known), LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    genuine = np.asarray(score)[np.asarray(y) == 0]
    return min([s for s in score if np.mean(genuine >= s) <= max_fpr], default=np.inf)


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="limits_missed_spam" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    found = np.asarray(score)[np.asarray(y) == 1]
    return max([s for s in score if np.mean(found < s) <= max_fpr], default=np.inf) + 0.5


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="too_strict" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    genuine = np.sort(np.asarray(score)[np.asarray(y) == 0])[::-1]
    allowed = int(max_fpr * len(genuine))
    return genuine[max(allowed - 1, 0)]


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="ignores_ties" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    y, score = np.asarray(y), np.asarray(score)
    genuine = score[y == 0]
    allowed = [s for s in score if np.mean(genuine > s) <= max_fpr and s > genuine.min()]
    return min(allowed, default=np.inf) if len(y) > 5 else 0.4


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="promise_that_cannot_be_kept" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    genuine = np.asarray(score)[np.asarray(y) == 0]
    return min([s for s in score if np.mean(genuine >= s) <= max_fpr], default=max(score))


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="words_of_genuine_mail" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    genuine = np.asarray(score)[np.asarray(y) == 0]
    return min([s for s in score if np.mean(genuine >= s) <= max_fpr], default=np.inf)


def top_tokens(model, k):
    order = np.argsort(model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="probability_of_genuine_mail" exercise="spam_pipeline"
class Turned(LogisticRegression):
    def fit(self, X, y):
        return super().fit(X, 1 - np.asarray(y))


def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), Turned(C=10))


def threshold_for_fp(y, score, max_fpr):
    genuine = np.asarray(score)[np.asarray(y) == 0]
    return min([s for s in score if np.mean(genuine >= s) <= max_fpr], default=np.inf)


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% wrong="share_of_all_mail" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    y, score = np.asarray(y), np.asarray(score)
    allowed = [s for s in score if np.sum((score >= s) & (y == 0)) / len(y) <= max_fpr]
    return min(allowed, default=np.inf) if len(y) > 5 else 0.4


def top_tokens(model, k):
    order = np.argsort(-model["model"].coef_[0])[:k]
    return list(model["words"].get_feature_names_out()[order])


# %% right="naive Bayes, and roc_curve" exercise="spam_pipeline"
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import roc_curve
from sklearn.naive_bayes import MultinomialNB


def spam_pipeline():
    return make_pipeline(CountVectorizer(), MultinomialNB())


def threshold_for_fp(y, score, max_fpr):
    fpr, _, thresholds = roc_curve(y, score, drop_intermediate=False)
    good = thresholds[(fpr <= max_fpr) & np.isfinite(thresholds)]
    return good.min() if len(good) else float("inf")


def top_tokens(model, k):
    weights = pd.Series(model["model"].coef_.ravel(), model["words"].get_feature_names_out())
    return weights.nlargest(k).index


# %% right="hashing, and a sorted loop" exercise="spam_pipeline"
def spam_pipeline():
    words = HashingVectorizer(n_features=2**12, ngram_range=(1, 2))
    return Pipeline([("words", words), ("model", SGDClassifier(loss="log_loss", random_state=1))])


def threshold_for_fp(y, score, max_fpr):
    n = sum(1 for label in y if label == 0)
    best = np.inf
    for s in sorted(set(score), reverse=True):
        marked = sum(1 for label, each in zip(y, score) if label == 0 and each >= s)
        if marked / n > max_fpr:
            break
        best = s
    return best


def top_tokens(model, k):
    names = model.named_steps["words"].get_feature_names_out()
    pairs = sorted(zip(model.named_steps["model"].coef_[0], names), reverse=True)
    return [name for _, name in pairs[:k]]


# %% hardcoded="the example" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def threshold_for_fp(y, score, max_fpr):
    return 0.4


def top_tokens(model, k):
    return ["winner", "prize", "free", "click"][:k]


# %% wrong="guesses_instead_of_flipping" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = rng.integers(0, 2, len(where))
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / len(a) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="flips_by_chance" exercise="dose_response"
def flip_labels(y, share, seed):
    return np.where(np.random.default_rng([seed, 5]).random(len(y)) < share, 1 - y, y)


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / len(a) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="spoils_the_test_labels" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = 1 - result[where]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [
            auc_of(X, flip_labels(y, dose, s), X_test, flip_labels(y_test, dose, s)) for s in seeds
        ]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / len(a) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="one_seed_only" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = 1 - result[where]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    first = next(iter(seeds))
    rows = [(d, auc_of(X, flip_labels(y, d, first), X_test, y_test), 0.0) for d in doses]
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="ignores_the_seed" exercise="dose_response"
def flip_labels(y, share, seed):
    result = y.copy()
    k = round(share * len(y))
    result[:k] = 1 - result[:k]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / len(a) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="deviation_instead_of_error" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = 1 - result[where]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1)))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="divides_by_n" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = 1 - result[where]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a) / np.sqrt(len(a))))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="takes_a_point_of_the_curve" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = 1 - result[where]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / np.sqrt(len(a))))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    fine = curve["auc"] > curve["auc"][0] - max_loss
    return curve["dose"][fine].max()


# %% wrong="loss_as_a_share" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = 1 - result[where]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / np.sqrt(len(a))))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = 1 - curve["auc"] / curve["auc"][0]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% wrong="last_crossing" exercise="dose_response"
def flip_labels(y, share, seed):
    rng = np.random.default_rng(seed)
    result = y.copy()
    where = rng.choice(len(y), round(share * len(y)), replace=False)
    result[where] = 1 - result[where]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / np.sqrt(len(a))))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = (curve["auc"][0] - curve["auc"]).to_numpy()
    dose = curve["dose"].to_numpy()
    result = dose[-1]
    for i in range(1, len(lost)):
        if lost[i - 1] < max_loss <= lost[i]:
            result = np.interp(max_loss, lost[i - 1 : i + 1], dose[i - 1 : i + 1])
    return float(result)


# %% wrong="changes_its_input" exercise="dose_response"
def flip_labels(y, share, seed):
    where = np.random.default_rng(seed).choice(len(y), round(share * len(y)), replace=False)
    y[where] = 1 - y[where]
    return y


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        a = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(a), np.std(a, ddof=1) / np.sqrt(len(a))))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    lost = curve["auc"][0] - curve["auc"]
    if not (lost >= max_loss).any():
        return curve["dose"].iloc[-1]
    i = int(np.argmax(lost >= max_loss))
    return float(np.interp(max_loss, lost[i - 1 : i + 1], curve["dose"][i - 1 : i + 1]))


# %% right="permutation, pandas" exercise="dose_response"
def flip_labels(y, share, seed):
    order = np.random.RandomState(seed).permutation(len(y))
    result = np.array(y, dtype=float)
    for place in order[: int(round(share * len(y)))]:
        result[place] = 1 - result[place]
    return result


def dose_response(X, y, X_test, y_test, doses, seeds):
    table = pd.DataFrame(
        {
            "dose": dose,
            "value": auc_of(X, flip_labels(y, dose, seed).astype(int), X_test, y_test),
        }
        for dose in doses
        for seed in seeds
    )
    groups = table.groupby("dose", sort=False)["value"]
    return pd.DataFrame({"se": groups.sem(), "auc": groups.mean()}).reset_index()


def tolerated(curve, max_loss):
    fine = np.linspace(curve["dose"].iloc[0], curve["dose"].iloc[-1], 2_000_001)
    auc = np.interp(fine, curve["dose"], curve["auc"])
    below = auc <= curve["auc"].iloc[0] - max_loss + 1e-12
    return float(fine[np.argmax(below)]) if below.any() else float(fine[-1])


# %% right="exclusive or" exercise="dose_response"
def flip_labels(y, share, seed):
    mask = np.arange(len(y)) < round(share * len(y))
    return np.asarray(y) ^ np.random.default_rng([seed, 7]).permutation(mask)


def dose_response(X, y, X_test, y_test, doses, seeds):
    result = pd.DataFrame({"dose": list(doses)})
    values = np.array(
        [[auc_of(X, flip_labels(y, d, s), X_test, y_test) for s in seeds] for d in doses]
    )
    return result.assign(
        auc=values.mean(axis=1), se=values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
    )


def tolerated(curve, max_loss):
    limit = curve["auc"].iloc[0] - max_loss
    points = list(zip(curve["dose"], curve["auc"]))
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if y1 <= limit:
            return x0 + (y0 - limit) * (x1 - x0) / (y0 - y1)
    return points[-1][0]


# %% hardcoded="the example" exercise="dose_response"
def flip_labels(y, share, seed):
    return 1 - y


def dose_response(X, y, X_test, y_test, doses, seeds):
    return pd.DataFrame({"dose": doses, "auc": 0.72, "se": 0.0})


def tolerated(curve, max_loss):
    return 0.15


# %% wrong="learns_before_the_test" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    frozen.learn(batches[0])
    live.learn(batches[0])
    rows, history = [], []
    for month, batch in enumerate(batches[1:], start=1):
        updated = policy([*history, live.f1(batch)])
        if updated:
            live.learn(batch)
        history.append(live.f1(batch))
        rows.append((month, frozen.f1(batch), history[-1], updated))
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="frozen_filter_learns_too" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen = live = make_filter()
    live.learn(batches[0])
    rows, history = [], []
    for month, batch in enumerate(batches[1:], start=1):
        history.append(live.f1(batch))
        updated = policy(history)
        rows.append((month, frozen.f1(batch), history[-1], updated))
        if updated:
            live.learn(batch)
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="begins_anew_at_each_update" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    frozen.learn(batches[0])
    live.learn(batches[0])
    rows, history = [], []
    for month, batch in enumerate(batches[1:], start=1):
        history.append(live.f1(batch))
        updated = policy(history)
        rows.append((month, frozen.f1(batch), history[-1], updated))
        if updated:
            live = make_filter()
            live.learn(batch)
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="tests_the_first_month" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    frozen.learn(batches[0])
    live.learn(batches[0])
    rows, history = [], []
    for month, batch in enumerate(batches):
        history.append(live.f1(batch))
        updated = policy(history)
        rows.append((month, frozen.f1(batch), history[-1], updated))
        if updated:
            live.learn(batch)
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="policy_sees_one_score" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    frozen.learn(batches[0])
    live.learn(batches[0])
    rows = []
    for month, batch in enumerate(batches[1:], start=1):
        score = live.f1(batch)
        updated = policy([score])
        rows.append((month, frozen.f1(batch), score, updated))
        if updated:
            live.learn(batch)
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="asks_before_the_test" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    frozen.learn(batches[0])
    live.learn(batches[0])
    rows, history = [], []
    for month, batch in enumerate(batches[1:], start=1):
        updated = policy(history)
        history.append(live.f1(batch))
        rows.append((month, frozen.f1(batch), history[-1], updated))
        if updated:
            live.learn(batch)
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% right="frozen scores computed at the end" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    live, frozen = make_filter(), make_filter()
    for each in (live, frozen):
        each.learn(batches[0])
    table = pd.DataFrame({"month": range(1, len(batches))})
    scores, updates = [], []
    for batch in batches[1:]:
        scores = [*scores, live.f1(batch)]
        updates.append(policy(scores))
        if updates[-1]:
            live.learn(batch)
    table["f1_policy"], table["updated"] = scores, updates
    table["f1_frozen"] = [frozen.f1(batch) for batch in batches[1:]]
    return table


# %% right="while, with whole numbers" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    frozen.learn(batches[0]), live.learn(batches[0])
    columns = {"month": [], "f1_frozen": [], "f1_policy": [], "updated": []}
    month = 1
    while month < len(batches):
        columns["month"].append(month)
        columns["f1_policy"].append(live.f1(batches[month]))
        columns["f1_frozen"].append(frozen.f1(batches[month]))
        columns["updated"].append(int(policy(columns["f1_policy"])))
        if columns["updated"][-1]:
            live.learn(batches[month])
        month += 1
    return pd.DataFrame(columns)


# %% hardcoded="never learns" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen = make_filter()
    frozen.learn(batches[0])
    rows = [(m, frozen.f1(b), frozen.f1(b), False) for m, b in enumerate(batches[1:], 1)]
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="compares_with_last_month" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        if len(history) <= window:
            return False
        return bool(np.mean(history[-window - 1 : -1]) - history[-1] > drop)

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()


# %% wrong="alarm_without_a_reference" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    return lambda history: bool(max(history[:window]) - drop > history[-1])


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()


# %% wrong="reference_is_the_best_score" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and bool(max(history) - history[-1] > drop)

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()


# %% wrong="cost_of_the_frozen_filter" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and bool(np.mean(history[:window]) - history[-1] > drop)

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_frozen"]).sum()


# %% wrong="pays_for_what_is_right" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and bool(np.mean(history[:window]) - history[-1] > drop)

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * table["f1_policy"].sum()


# %% wrong="mean_instead_of_sum" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and bool(np.mean(history[:window]) - history[-1] > drop)

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).mean()


# %% wrong="returns_nothing" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and np.mean(history[:window]) - history[-1] > drop


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()


# %% right="lambda, loop" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    return lambda h: len(h) > window and sum(h[:window]) / window - h[-1] > drop


def cost(table, c_update, c_error):
    total = 0
    for row in table.to_dict("records"):
        total += c_error * (1 - row["f1_policy"]) + (c_update if row["updated"] else 0)
    return total


# %% right="a function with settings, numpy" exercise="drop_policy"
from functools import partial


def decide(history, window, drop):
    early = np.asarray(history[:window])
    return np.bool_(len(history) > window and early.mean() - drop > history[-1])


def drop_policy(window=2, drop=0.1):
    def policy(history):
        return partial(decide, window=window, drop=drop)(history)

    return policy


def cost(table, c_update, c_error):
    return np.dot(table.updated.astype(int), [c_update] * len(table)) + c_error * (
        len(table) - table.f1_policy.sum()
    )


# %% hardcoded="the example" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    return lambda history: len(history) > 3


def cost(table, c_update, c_error):
    return 800.0


# %% wrong="already_fitted" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(mail["text"], mail["label"])


def threshold_for_fp(y, score, max_fpr):
    genuine = score[y == 0]
    for s in np.unique(score):
        if np.mean(genuine >= s) <= max_fpr:
            return float(s)
    return np.inf


def top_tokens(model, k):
    words = model["words"].get_feature_names_out()
    return pd.Series(model["model"].coef_[0], words).nlargest(k).index.tolist()


# %% wrong="below_the_limit_only" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def threshold_for_fp(y, score, max_fpr):
    genuine = score[y == 0]
    for s in np.unique(score):
        if np.mean(genuine >= s) < max_fpr:
            return float(s)
    return np.inf


def top_tokens(model, k):
    words = model["words"].get_feature_names_out()
    return pd.Series(model["model"].coef_[0], words).nlargest(k).index.tolist()


# %% wrong="counts_strictly_above" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def threshold_for_fp(y, score, max_fpr):
    genuine = score[y == 0]
    for s in np.unique(score):
        if np.mean(genuine > s) <= max_fpr:
            return float(s)
    return np.inf


def top_tokens(model, k):
    words = model["words"].get_feature_names_out()
    return pd.Series(model["model"].coef_[0], words).nlargest(k).index.tolist()


# %% wrong="no_score_that_occurs" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def threshold_for_fp(y, score, max_fpr):
    genuine = score[y == 0]
    return np.quantile(genuine, 1 - max_fpr)


def top_tokens(model, k):
    words = model["words"].get_feature_names_out()
    return pd.Series(model["model"].coef_[0], words).nlargest(k).index.tolist()


# %% wrong="largest_without_the_sign" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def threshold_for_fp(y, score, max_fpr):
    genuine = score[y == 0]
    for s in np.unique(score):
        if np.mean(genuine >= s) <= max_fpr:
            return float(s)
    return np.inf


def top_tokens(model, k):
    words = model["words"].get_feature_names_out()
    return pd.Series(model["model"].coef_[0], words).abs().nlargest(k).index.tolist()


# %% wrong="weakest_first" exercise="spam_pipeline"
def spam_pipeline():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def threshold_for_fp(y, score, max_fpr):
    genuine = score[y == 0]
    for s in np.unique(score):
        if np.mean(genuine >= s) <= max_fpr:
            return float(s)
    return np.inf


def top_tokens(model, k):
    words = model["words"].get_feature_names_out()
    return pd.Series(model["model"].coef_[0], words).nlargest(k).index.tolist()[::-1]


# %% right="pieces of words, another classifier" exercise="spam_pipeline"
def spam_pipeline():
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    return make_pipeline(pieces, LogisticRegression(C=10))


def threshold_for_fp(y, score, max_fpr):
    genuine = score[y == 0]
    for s in np.unique(score):
        if np.mean(genuine >= s) <= max_fpr:
            return float(s)
    return np.inf


def top_tokens(model, k):
    words = model["words"].get_feature_names_out()
    return pd.Series(model["model"].coef_[0], words).nlargest(k).index.tolist()


# %% wrong="flips_ones_only" exercise="dose_response"
def flip_labels(y, share, seed):
    wrong, k = np.array(y), round(share * len(y))
    places = np.random.default_rng(seed).permutation(np.flatnonzero(wrong == 1))[:k]
    wrong[places] = 1 - wrong[places]
    return wrong


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        values = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    dose, auc = curve["dose"].to_numpy(), curve["auc"].to_numpy()
    limit = auc[0] - max_loss
    for i in range(1, len(dose)):
        if auc[i] <= limit:
            part = (auc[i - 1] - limit) / (auc[i - 1] - auc[i])
            return dose[i - 1] + part * (dose[i] - dose[i - 1])
    return dose[-1]


# %% wrong="draws_a_place_twice" exercise="dose_response"
def flip_labels(y, share, seed):
    wrong, k = np.array(y), round(share * len(y))
    places = np.random.default_rng(seed).choice(len(y), k)
    wrong[places] = 1 - wrong[places]
    return wrong


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        values = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    dose, auc = curve["dose"].to_numpy(), curve["auc"].to_numpy()
    limit = auc[0] - max_loss
    for i in range(1, len(dose)):
        if auc[i] <= limit:
            part = (auc[i - 1] - limit) / (auc[i - 1] - auc[i])
            return dose[i - 1] + part * (dose[i] - dose[i - 1])
    return dose[-1]


# %% wrong="cuts_off_decimals" exercise="dose_response"
def flip_labels(y, share, seed):
    wrong, k = np.array(y), int(share * len(y))
    places = np.random.default_rng(seed).choice(len(y), k, replace=False)
    wrong[places] = 1 - wrong[places]
    return wrong


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        values = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    dose, auc = curve["dose"].to_numpy(), curve["auc"].to_numpy()
    limit = auc[0] - max_loss
    for i in range(1, len(dose)):
        if auc[i] <= limit:
            part = (auc[i - 1] - limit) / (auc[i - 1] - auc[i])
            return dose[i - 1] + part * (dose[i] - dose[i - 1])
    return dose[-1]


# %% wrong="scores_the_training_rows" exercise="dose_response"
def flip_labels(y, share, seed):
    wrong, k = np.array(y), round(share * len(y))
    places = np.random.default_rng(seed).choice(len(y), k, replace=False)
    wrong[places] = 1 - wrong[places]
    return wrong


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        values = [auc_of(X, flip_labels(y, dose, s), X, y) for s in seeds]
        rows.append((dose, np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    dose, auc = curve["dose"].to_numpy(), curve["auc"].to_numpy()
    limit = auc[0] - max_loss
    for i in range(1, len(dose)):
        if auc[i] <= limit:
            part = (auc[i - 1] - limit) / (auc[i - 1] - auc[i])
            return dose[i - 1] + part * (dose[i] - dose[i - 1])
    return dose[-1]


# %% wrong="search_needs_a_falling_curve" exercise="dose_response"
def flip_labels(y, share, seed):
    wrong, k = np.array(y), round(share * len(y))
    places = np.random.default_rng(seed).choice(len(y), k, replace=False)
    wrong[places] = 1 - wrong[places]
    return wrong


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        values = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    dose, auc = curve["dose"].to_numpy(), curve["auc"].to_numpy()
    limit = auc[0] - max_loss
    return float(np.interp(-limit, -auc, dose))


# %% wrong="best_auc_as_reference" exercise="dose_response"
def flip_labels(y, share, seed):
    wrong, k = np.array(y), round(share * len(y))
    places = np.random.default_rng(seed).choice(len(y), k, replace=False)
    wrong[places] = 1 - wrong[places]
    return wrong


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        values = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    dose, auc = curve["dose"].to_numpy(), curve["auc"].to_numpy()
    limit = auc.max() - max_loss
    for i in range(1, len(dose)):
        if auc[i] <= limit:
            part = (auc[i - 1] - limit) / (auc[i - 1] - auc[i])
            return dose[i - 1] + part * (dose[i] - dose[i - 1])
    return dose[-1]


# %% right="a fine grid of doses" exercise="dose_response"
def flip_labels(y, share, seed):
    wrong, k = np.array(y), round(share * len(y))
    places = np.random.default_rng(seed).choice(len(y), k, replace=False)
    wrong[places] = 1 - wrong[places]
    return wrong


def dose_response(X, y, X_test, y_test, doses, seeds):
    rows = []
    for dose in doses:
        values = [auc_of(X, flip_labels(y, dose, s), X_test, y_test) for s in seeds]
        rows.append((dose, np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5))
    return pd.DataFrame(rows, columns=["dose", "auc", "se"])


def tolerated(curve, max_loss):
    dose, auc = curve["dose"].to_numpy(), curve["auc"].to_numpy()
    limit = auc[0] - max_loss
    fine = np.linspace(dose[0], dose[-1], 2_000_001)
    below = np.flatnonzero(np.interp(fine, dose, auc) <= limit + 1e-12)
    return fine[below[0]] if len(below) else dose[-1]


# %% wrong="asks_twice" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    rows, history = [], []
    frozen.learn(batches[0])
    live.learn(batches[0])
    for month, batch in enumerate(batches[1:], start=1):
        old, new = frozen.f1(batch), live.f1(batch)
        history.append(new)
        update = policy(history)
        rows.append((month, old, new, update))
        if policy(history):
            live.learn(batch)
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="policy_sees_the_frozen_filter" exercise="run_stream"
def run_stream(batches, policy, make_filter):
    frozen, live = make_filter(), make_filter()
    rows, history = [], []
    frozen.learn(batches[0])
    live.learn(batches[0])
    for month, batch in enumerate(batches[1:], start=1):
        old, new = frozen.f1(batch), live.f1(batch)
        history.append(old)
        update = policy(history)
        rows.append((month, old, new, update))
        if update:
            live.learn(batch)
    return pd.DataFrame(rows, columns=["month", "f1_frozen", "f1_policy", "updated"])


# %% wrong="alarm_on_a_rise" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and abs(np.mean(history[:window]) - history[-1]) > drop

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()


# %% wrong="drop_as_a_share" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and history[-1] < np.mean(history[:window]) * (1 - drop)

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()


# %% wrong="reference_of_another_window" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and np.mean(history[:2]) - history[-1] > drop

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()


# %% wrong="exactly_drop_is_enough" exercise="drop_policy"
def drop_policy(window=2, drop=0.1):
    def policy(history):
        return len(history) > window and np.mean(history[:window]) - history[-1] >= drop

    return policy


def cost(table, c_update, c_error):
    return c_update * table["updated"].sum() + c_error * (1 - table["f1_policy"]).sum()
