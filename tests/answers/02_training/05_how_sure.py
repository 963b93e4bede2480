# Answers that the checks of 05_how_sure must refuse (wrong) or accept (right).

# %% wrong="correlation_misses_the_arch" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    result = {}
    for name in params:
        values = known[name]
        if values.dtype == object or values.nunique() == 1:
            result[name] = 0.0
        else:
            if values.min() > 0 and values.max() > 100 * values.min():
                values = np.log(values)
            result[name] = values.corr(known[score]) ** 2
    return pd.Series(result)


# %% wrong="bins_on_the_ordinary_scale" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    total = (deviation**2).sum()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            group = pd.cut(group, bins, labels=False)
        between = (deviation.groupby(group).transform("mean") ** 2).sum()
        result[name] = between / total if total else 0.0
    return pd.Series(result)


# %% wrong="logarithm_of_every_number" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    total = (deviation**2).sum()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0:
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        between = (deviation.groupby(group).transform("mean") ** 2).sum()
        result[name] = between / total if total else 0.0
    return pd.Series(result)


# %% wrong="unexplained_instead_of_explained" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    total = (deviation**2).sum()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 100 * group.min():
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        within = deviation - deviation.groupby(group).transform("mean")
        result[name] = (within**2).sum() / total if total else 0.0
    return pd.Series(result)


# %% wrong="forgets_the_square" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 100 * group.min():
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        between = deviation.groupby(group).transform("mean").std()
        result[name] = between / deviation.std() if deviation.std() else 0.0
    return pd.Series(result)


# %% wrong="every_bin_counts_the_same" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    total = known[score].var(ddof=0)
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 100 * group.min():
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        between = known[score].groupby(group).mean().var(ddof=0)
        result[name] = between / total if total else 0.0
    return pd.Series(result)


# %% wrong="ignores_bins" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    total = (deviation**2).sum()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 100 * group.min():
                group = np.log(group)
            group = pd.cut(group, 5, labels=False)
        between = (deviation.groupby(group).transform("mean") ** 2).sum()
        result[name] = between / total if total else 0.0
    return pd.Series(result)


# %% wrong="failed_trials_move_the_bins" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    deviation = trials[score] - trials[score].mean()
    total = (deviation**2).sum()
    result = {}
    for name in params:
        group = trials[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 100 * group.min():
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        means = deviation.groupby(group).transform("mean").where(deviation.notna())
        result[name] = (means**2).sum() / total if total else 0.0
    return pd.Series(result)


# %% wrong="zero_divided_by_zero" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 100 * group.min():
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        between = (deviation.groupby(group).transform("mean") ** 2).sum()
        result[name] = between / (deviation**2).sum()
    return pd.Series(result)


# %% right="one minus within, loops" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials[trials[score].notna()].reset_index(drop=True)
    scores = known[score].to_numpy(float)
    result = []
    for name in params:
        values = known[name].tolist()
        if not isinstance(values[0], str):
            x = np.array(values, dtype=float)
            if x.min() > 0 and x.max() / x.min() > 100:
                x = np.log10(x)
            width = (x.max() - x.min()) / bins
            place = np.floor((x - x.min()) / width) if width > 0 else np.zeros(len(x))
            values = np.minimum(place, bins - 1).tolist()
        within = 0.0
        for each in set(values):
            inside = scores[[value == each for value in values]]
            within += ((inside - inside.mean()) ** 2).sum()
        total = ((scores - scores.mean()) ** 2).sum()
        varies = len(set(scores)) > 1 and len(set(values)) > 1
        result.append(1 - within / total if varies else 0.0)
    return pd.Series(result, index=params)


# %% right="analysis of variance" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=score)
    out = pd.Series(0.0, index=list(params))
    if known[score].nunique() == 1:
        return out
    for name in params:
        if known[name].nunique() == 1:
            continue
        label = known[name].astype(str)
        if pd.api.types.is_numeric_dtype(known[name]):
            x = known[name].astype(float)
            spans = x.min() > 0 and x.max() > 100 * x.min()
            label = pd.cut(np.log2(x) if spans else x, bins).astype(str)
        groups = [part.to_numpy() for _, part in known.groupby(label)[score]]
        k, n = len(groups), len(known)
        if k == 1:
            continue
        if all(np.ptp(group) == 0 for group in groups):
            out[name] = 1.0
            continue
        F = stats.f_oneway(*groups).statistic
        out[name] = F * (k - 1) / (F * (k - 1) + n - k)
    return out


# %% hardcoded="the example" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    return pd.Series({name: 0.5 for name in params})


# %% wrong="best_test_of_all_models" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    valid, test = valid_hits.mean(axis=1).max(), test_hits.mean(axis=1).max()
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_valid, p, (n_sim, n_models))
    return hits.max(axis=1).mean() / n_valid


# %% wrong="counts_instead_of_accuracy" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    best = valid_hits.sum(axis=1).argmax()
    valid, test = valid_hits[best].sum(), test_hits[best].sum()
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_valid, p, (n_sim, n_models))
    return hits.max(axis=1).mean() / n_valid


# %% wrong="optimism_upside_down" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    best = valid_hits.sum(axis=1).argmax()
    valid, test = valid_hits[best].mean(), test_hits[best].mean()
    return {"valid_best": valid, "test_of_best": test, "optimism": test - valid}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_valid, p, (n_sim, n_models))
    return hits.max(axis=1).mean() / n_valid


# %% wrong="test_rows_decide_a_tie" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    pairs = zip(valid_hits.mean(axis=1), test_hits.mean(axis=1))
    valid, test = max(pairs)
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_valid, p, (n_sim, n_models))
    return hits.max(axis=1).mean() / n_valid


# %% wrong="mean_of_all_models" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    valid, test = valid_hits.mean(axis=1).max(), test_hits.mean()
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_valid, p, (n_sim, n_models))
    return hits.mean() / n_valid


# %% wrong="best_of_all_repetitions" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    best = valid_hits.sum(axis=1).argmax()
    valid, test = valid_hits[best].mean(), test_hits[best].mean()
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_valid, p, (n_sim, n_models))
    return hits.max() / n_valid


# %% wrong="depends_on_global_random_state" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    best = valid_hits.sum(axis=1).argmax()
    valid, test = valid_hits[best].mean(), test_hits[best].mean()
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.binomial(n_valid, p, (n_sim, n_models))
    return hits.max(axis=1).mean() / n_valid


# %% right="exact, and lists" exercise="winner_optimism"
from scipy.stats import binom


def winner_optimism(valid_hits, test_hits):
    accuracies = [sum(row) / len(row) for row in valid_hits.tolist()]
    winner = accuracies.index(max(accuracies))
    test = sum(test_hits[winner].tolist()) / test_hits.shape[1]
    return {
        "optimism": accuracies[winner] - test,
        "test_of_best": test,
        "valid_best": accuracies[winner],
    }


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = range(n_valid)
    return sum(1 - binom.cdf(k, n_valid, p) ** n_models for k in hits) / n_valid


# %% right="a loop over repetitions" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    valid = pd.DataFrame(valid_hits).mean(axis=1)
    test = pd.DataFrame(test_hits).mean(axis=1)
    best = valid.idxmax()
    return {
        "valid_best": valid[best],
        "test_of_best": test[best],
        "optimism": valid[best] - test[best],
    }


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    rng = np.random.RandomState(seed)
    return np.mean([rng.binomial(n_valid, p, n_models).max() / n_valid for _ in range(n_sim)])


# %% hardcoded="the example" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    return {"valid_best": 0.75, "test_of_best": 0.5, "optimism": 0.25}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    return {(200, 100): 0.6365, (10, 50): 0.6084, (50, 40): 0.9288}.get((n_models, n_valid), 0.5)


# %% wrong="search_sees_the_outer_rows" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return cross_val_score(search.best_estimator_, X, y, cv=outer)


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner).mean()


# %% wrong="chooses_with_the_outer_rows" exercise="nested_cv"
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid


def nested_cv(estimator, grid, X, y, outer, inner):
    scores = []
    for train, test in outer.split(X, y):
        best = 0
        for params in ParameterGrid(grid):
            model = clone(estimator).set_params(**params).fit(X.iloc[train], y.iloc[train])
            best = max(best, model.score(X.iloc[test], y.iloc[test]))
        scores.append(best)
    return np.array(scores)


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner).mean()


# %% wrong="returns_the_mean_only" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    return cross_val_score(GridSearchCV(estimator, grid, cv=inner), X, y, cv=outer).mean()


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner)


# %% wrong="inner_and_outer_swapped" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    return cross_val_score(GridSearchCV(estimator, grid, cv=outer), X, y, cv=inner)


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner).mean()


# %% wrong="reports_the_inner_score" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    scores = []
    for train, _ in outer.split(X, y):
        search = GridSearchCV(estimator, grid, cv=inner).fit(X.iloc[train], y.iloc[train])
        scores.append(search.best_score_ + 1e-3)
    return np.array(scores)


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner).mean()


# %% wrong="optimism_upside_down" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    return cross_val_score(GridSearchCV(estimator, grid, cv=inner), X, y, cv=outer)


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return nested_cv(estimator, grid, X, y, outer, inner).mean() - search.best_score_


# %% right="two loops by hand" exercise="nested_cv"
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid


def nested_cv(estimator, grid, X, y, outer, inner):
    A, b = np.asarray(X), np.asarray(y)
    scores = []
    for train, test in outer.split(A, b):
        means = []
        settings = list(ParameterGrid(grid))
        for params in settings:
            folds = []
            for fit, valid in inner.split(A[train], b[train]):
                model = clone(estimator).set_params(**params)
                model.fit(A[train][fit], b[train][fit])
                folds.append(model.score(A[train][valid], b[train][valid]))
            means.append(np.mean(folds))
        model = clone(estimator).set_params(**settings[int(np.argmax(means))])
        scores.append(model.fit(A[train], b[train]).score(A[test], b[test]))
    return np.array(scores)


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner)
    search.fit(X, y)
    means = search.cv_results_["mean_test_score"]
    return float(np.max(means)) - float(np.mean(nested_cv(estimator, grid, X, y, outer, inner)))


# %% right="cross_validate, in parallel, a list" exercise="nested_cv"
from sklearn.model_selection import cross_validate


def nested_cv(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator=estimator, param_grid=grid, cv=inner, scoring="accuracy")
    return list(cross_validate(search, X, y, cv=outer, n_jobs=2)["test_score"])


def search_optimism(estimator, grid, X, y, outer, inner):
    promised = GridSearchCV(estimator, grid, cv=inner, n_jobs=2).fit(X, y).best_score_
    honest = nested_cv(estimator, grid, X, y, outer, inner)
    return promised - sum(honest) / len(honest)


# %% hardcoded="a coin" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    return np.full(3, 0.5)


def search_optimism(estimator, grid, X, y, outer, inner):
    return 0.11


# %% wrong="not_shuffled" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    rows = np.arange(n)
    return [(np.setdiff1d(rows, test), test) for test in np.array_split(rows, k)]


# %% wrong="every_kth_row" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    rows = np.arange(n)
    return [(rows[rows % k != i], rows[rows % k == i]) for i in range(k)]


# %% wrong="forgets_the_remainder" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    order = np.random.default_rng(seed).permutation(n)
    size = n // k
    tests = [order[i * size : (i + 1) * size] for i in range(k)]
    return [(np.setdiff1d(order, test), test) for test in tests]


# %% wrong="remainder_in_one_fold" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    order = np.random.default_rng(seed).permutation(n)
    size = n // k
    tests = [order[i * size : (i + 1) * size] for i in range(k - 1)] + [order[(k - 1) * size :]]
    return [(np.setdiff1d(order, test), test) for test in tests]


# %% wrong="draws_each_fold_anew" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    rng = np.random.default_rng(seed)
    folds = []
    for _ in range(k):
        test = rng.choice(n, n // k, replace=False)
        folds.append((np.setdiff1d(np.arange(n), test), test))
    return folds


# %% wrong="trains_on_the_test_rows" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    order = np.random.default_rng(seed).permutation(n)
    return [(order, test) for test in np.array_split(order, k)]


# %% wrong="train_and_test_swapped" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    order = np.random.default_rng(seed).permutation(n)
    return [(test, np.setdiff1d(order, test)) for test in np.array_split(order, k)]


# %% wrong="ignores_the_seed" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    order = np.random.default_rng(0).permutation(n)
    return [(np.setdiff1d(order, test), test) for test in np.array_split(order, k)]


# %% wrong="depends_on_global_random_state" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    order = np.random.permutation(n)
    return [(np.setdiff1d(order, test), test) for test in np.array_split(order, k)]


# %% right="every kth of a shuffled list" exercise="kfold_indices"
import random


def kfold_indices(n, k, seed=0):
    order = list(range(n))
    random.Random(seed).shuffle(order)
    folds = []
    for i in range(k):
        test = order[i::k]
        train = [row for row in order if row not in test]
        folds.append((train, test))
    return folds


# %% right="fold numbers, shuffled" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    number = np.random.RandomState(seed).permutation(np.arange(n) % k)
    return [(np.flatnonzero(number != i), np.flatnonzero(number == i)) for i in range(k)]


# %% right="sizes by hand" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    order = np.random.default_rng([seed, 1]).permutation(n)
    sizes = np.full(k, n // k)
    sizes[: n % k] += 1
    ends = np.cumsum(sizes)
    out = []
    for start, end in zip(ends - sizes, ends):
        out.append((np.r_[order[:start], order[end:]], order[start:end]))
    return tuple(out)


# %% hardcoded="the example" exercise="kfold_indices"
def kfold_indices(n, k, seed=0):
    return [([1, 3], [0, 2, 4]), ([0, 2, 4], [1, 3])]


# %% wrong="scores_treated_as_independent" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    h = stats.t.ppf((1 + level) / 2, len(scores) - 1) * stats.sem(scores)
    return scores.mean() - h, scores.mean() + h


# %% wrong="train_and_test_swapped" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = stats.t.ppf((1 + level) / 2, J - 1) * np.sqrt(
        (1 / J + n_train / n_test) * scores.var(ddof=1)
    )
    return scores.mean() - h, scores.mean() + h


# %% wrong="only_the_second_term" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = stats.t.ppf((1 + level) / 2, J - 1) * np.sqrt(n_test / n_train * scores.var(ddof=1))
    return scores.mean() - h, scores.mean() + h


# %% wrong="population_variance" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = stats.t.ppf((1 + level) / 2, J - 1) * np.sqrt((1 / J + n_test / n_train) * scores.var())
    return scores.mean() - h, scores.mean() + h


# %% wrong="normal_instead_of_t" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = 1.96 * np.sqrt((1 / J + n_test / n_train) * scores.var(ddof=1))
    return scores.mean() - h, scores.mean() + h


# %% wrong="one_sided_quantile" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = stats.t.ppf(level, J - 1) * np.sqrt((1 / J + n_test / n_train) * scores.var(ddof=1))
    return scores.mean() - h, scores.mean() + h


# %% wrong="degrees_of_freedom" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = stats.t.ppf((1 + level) / 2, J) * np.sqrt((1 / J + n_test / n_train) * scores.var(ddof=1))
    return scores.mean() - h, scores.mean() + h


# %% wrong="no_quantile" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    h = np.sqrt((1 / len(scores) + n_test / n_train) * scores.var(ddof=1))
    return scores.mean() - h, scores.mean() + h


# %% wrong="ignores_the_level" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = stats.t.ppf(0.975, J - 1) * np.sqrt((1 / J + n_test / n_train) * scores.var(ddof=1))
    return scores.mean() - h, scores.mean() + h


# %% wrong="cut_at_zero_or_one" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = len(scores)
    h = stats.t.ppf((1 + level) / 2, J - 1) * np.sqrt(
        (1 / J + n_test / n_train) * scores.var(ddof=1)
    )
    return max(0.0, scores.mean() - h), min(1.0, scores.mean() + h)


# %% wrong="assumes_a_number_of_folds" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    scores = np.asarray(scores)
    J = 4
    h = stats.t.ppf((1 + level) / 2, J - 1) * np.sqrt(
        (1 / J + n_test / n_train) * scores.var(ddof=1)
    )
    return scores.mean() - h, scores.mean() + h


# %% right="interval of scipy" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    J = len(scores)
    se = np.std(scores, ddof=1) * np.sqrt(1 / J + n_test / n_train)
    if se == 0:
        return np.mean(scores), np.mean(scores)
    return stats.t.interval(level, df=J - 1, loc=np.mean(scores), scale=se)


# %% right="the statistics module, a list" exercise="cv_interval"
import math
import statistics


def cv_interval(scores, n_train, n_test, level=0.95):
    values = [float(score) for score in scores]
    factor = 1 / len(values) + n_test / n_train
    spread = math.sqrt(factor * statistics.variance(values))
    tail = (1 - level) / 2
    h = stats.t.isf(tail, len(values) - 1) * spread
    centre = statistics.fmean(values)
    return [centre - h, centre + h]


# %% hardcoded="the example" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    return 0.7508, 0.9492


# %% wrong="bins_with_equal_numbers_of_trials" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    total = (deviation**2).sum()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            group = pd.qcut(group, bins, labels=False, duplicates="drop")
        between = (deviation.groupby(group).transform("mean") ** 2).sum()
        result[name] = between / total if total else 0.0
    return pd.Series(result)


# %% wrong="models_and_rows_swapped" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    best = valid_hits.sum(axis=1).argmax()
    valid, test = valid_hits[best].mean(), test_hits[best].mean()
    return {"valid_best": valid, "test_of_best": test, "optimism": valid - test}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_models, p, (n_sim, n_valid))
    return hits.max(axis=1).mean() / n_models


# %% wrong="uses_the_outer_splitter_twice" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    return cross_val_score(GridSearchCV(estimator, grid, cv=outer), X, y, cv=outer)


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner).mean()


# %% wrong="logarithm_too_soon" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna(subset=[score])
    deviation = known[score] - known[score].mean()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 10 * group.min():
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        between = (deviation.groupby(group).transform("mean") ** 2).sum()
        total = (deviation**2).sum()
        result[name] = between / total if total > 0 else 0.0
    return pd.Series(result)


# %% wrong="drops_trials_with_another_gap" exercise="sensitivity"
def sensitivity(trials, score, params, bins=5):
    known = trials.dropna()
    deviation = known[score] - known[score].mean()
    result = {}
    for name in params:
        group = known[name]
        if pd.api.types.is_numeric_dtype(group):
            if group.min() > 0 and group.max() > 100 * group.min():
                group = np.log(group)
            group = pd.cut(group, bins, labels=False)
        between = (deviation.groupby(group).transform("mean") ** 2).sum()
        total = (deviation**2).sum()
        result[name] = between / total if total > 0 else 0.0
    return pd.Series(result)


# %% wrong="optimism_without_a_sign" exercise="winner_optimism"
def winner_optimism(valid_hits, test_hits):
    best = valid_hits.sum(axis=1).argmax()
    valid, test = valid_hits[best].mean(), test_hits[best].mean()
    return {"valid_best": valid, "test_of_best": test, "optimism": abs(valid - test)}


def expected_best(n_models, n_valid, p=0.5, n_sim=2000, seed=0):
    hits = np.random.default_rng(seed).binomial(n_valid, p, (n_sim, n_models))
    return hits.max(axis=1).mean() / n_valid


# %% wrong="folds_in_another_order" exercise="nested_cv"
def nested_cv(estimator, grid, X, y, outer, inner):
    return cross_val_score(GridSearchCV(estimator, grid, cv=inner), X, y, cv=outer)[::-1]


def search_optimism(estimator, grid, X, y, outer, inner):
    search = GridSearchCV(estimator, grid, cv=inner).fit(X, y)
    return search.best_score_ - nested_cv(estimator, grid, X, y, outer, inner).mean()


# %% wrong="no_interval_for_equal_scores" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    J = len(scores)
    se = np.std(scores, ddof=1) * np.sqrt(1 / J + n_test / n_train)
    return stats.t.interval(level, J - 1, loc=np.mean(scores), scale=se)


# %% wrong="share_of_all_rows" exercise="cv_interval"
def cv_interval(scores, n_train, n_test, level=0.95):
    J = len(scores)
    se = np.std(scores, ddof=1) * np.sqrt(1 / J + n_test / (n_train + n_test))
    h = stats.t.ppf((1 + level) / 2, J - 1) * se
    return np.mean(scores) - h, np.mean(scores) + h
