# Answers that the checks of 02_choose_algorithm must refuse (wrong) or accept (right).

# %% wrong="other_folds_for_each_model" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    results = {n: cross_validate(m, X, y, cv=cv, scoring=scoring) for n, m in models.items()}
    scores = pd.DataFrame({name: found["test_score"] for name, found in results.items()})
    times = [found["fit_time"].mean() for found in results.values()]
    return scores, pd.DataFrame({"mean": scores.mean(), "sd": scores.std(), "fit_s": times})


# %% wrong="training_score" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    results = {
        n: cross_validate(m, X, y, cv=folds_, scoring=scoring, return_train_score=True)
        for n, m in models.items()
    }
    scores = pd.DataFrame({name: found["train_score"] for name, found in results.items()})
    times = [found["fit_time"].mean() for found in results.values()]
    return scores, pd.DataFrame({"mean": scores.mean(), "sd": scores.std(), "fit_s": times})


# %% wrong="population_deviation" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    results = {n: cross_validate(m, X, y, cv=folds_, scoring=scoring) for n, m in models.items()}
    scores = pd.DataFrame({name: found["test_score"] for name, found in results.items()})
    times = [found["fit_time"].mean() for found in results.values()]
    return scores, pd.DataFrame({"mean": scores.mean(), "sd": scores.std(ddof=0), "fit_s": times})


# %% wrong="folds_and_models_swapped" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    results = {n: cross_validate(m, X, y, cv=folds_, scoring=scoring) for n, m in models.items()}
    scores = pd.DataFrame([found["test_score"] for found in results.values()], index=list(models))
    times = [found["fit_time"].mean() for found in results.values()]
    return scores, pd.DataFrame(
        {"mean": scores.mean(axis=1), "sd": scores.std(axis=1), "fit_s": times}
    )


# %% wrong="ignores_scoring" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    results = {n: cross_validate(m, X, y, cv=folds_) for n, m in models.items()}
    scores = pd.DataFrame({name: found["test_score"] for name, found in results.items()})
    times = [found["fit_time"].mean() for found in results.values()]
    return scores, pd.DataFrame({"mean": scores.mean(), "sd": scores.std(), "fit_s": times})


# %% wrong="returns_nothing" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    for name, model in models.items():
        print(name, cross_validate(model, X, y, cv=cv, scoring=scoring)["test_score"].mean())


# %% wrong="ignores_cv" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y))
    results = {n: cross_validate(m, X, y, cv=folds_, scoring=scoring) for n, m in models.items()}
    scores = pd.DataFrame({name: found["test_score"] for name, found in results.items()})
    times = [found["fit_time"].mean() for found in results.values()]
    return scores, pd.DataFrame({"mean": scores.mean(), "sd": scores.std(), "fit_s": times})


# %% right="a loop over folds, models inside" exercise="compare"
import time

from sklearn.base import clone
from sklearn.metrics import get_scorer


def compare(models, X, y, cv, scoring="accuracy"):
    def rows_of(table, rows):
        return table.iloc[rows] if hasattr(table, "iloc") else table[rows]

    records, seconds = [], {name: [] for name in models}
    for train, test in cv.split(X, y):
        record = {}
        for name, model in models.items():
            start = time.perf_counter()
            fitted = clone(model).fit(rows_of(X, train), rows_of(y, train))
            seconds[name].append(time.perf_counter() - start)
            record[name] = get_scorer(scoring)(fitted, rows_of(X, test), rows_of(y, test))
        records.append(record)
    scores = pd.DataFrame(records)
    summary = scores.agg(["mean", "std"]).T.rename(columns={"std": "sd"})
    summary["fit_s"] = {name: np.mean(times) for name, times in seconds.items()}
    return scores, summary


# %% right="in parallel, folds named" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    pairs = tuple(cv.split(X, y))
    columns, lines = {}, []
    for name in models:
        found = cross_validate(models[name], X, y, cv=pairs, scoring=scoring, n_jobs=2)
        columns[name] = found["test_score"]
        column = pd.Series(columns[name])
        lines.append([column.mean(), column.std(), found["fit_time"].mean()])
    scores = pd.DataFrame(columns).set_axis([f"fold {i + 1}" for i in range(len(pairs))])
    return scores, pd.DataFrame(lines, index=list(models), columns=["mean", "sd", "fit_s"])


# %% hardcoded="the example" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    scores = pd.DataFrame({name: [0.9, 0.8] for name in models})
    summary = pd.DataFrame({"mean": 0.85, "sd": 0.0707, "fit_s": 0.1}, index=list(models))
    return scores, summary


# %% wrong="takes_the_largest_mean" exercise="pick"
def pick(scores):
    return scores.mean().idxmax()


# %% wrong="ignores_that_folds_are_paired" exercise="pick"
def pick(scores):
    mean, se = scores.mean(), scores.std() / np.sqrt(len(scores))
    best = mean.idxmax()
    return scores.columns[mean >= mean[best] - se[best]][0]


# %% wrong="forgets_the_root_of_k" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if behind.mean() <= behind.std():
            return name


# %% wrong="not_the_simplest_in_the_band" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    chosen = best
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if name != best and behind.mean() <= behind.sem():
            chosen = name
    return chosen


# %% wrong="order_of_names_or_means" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in sorted(scores.columns):
        behind = scores[best] - scores[name]
        if behind.mean() <= behind.sem():
            return name


# %% wrong="best_is_left_out" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if behind.mean() < behind.sem():
            return name


# %% wrong="raises_an_error" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores["SVM"] - scores[name]
        if behind.mean() <= behind.sem():
            return name
    return best


# %% right="a loop and the sem of pandas" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if name == best or behind.mean() <= behind.sem():
            return name


# %% right="with the correction of Nadeau and Bengio" exercise="pick"
def pick(scores):
    k = len(scores)
    best = scores.mean().idxmax()
    behind = scores.rsub(scores[best], axis=0)
    se = behind.std(ddof=1) * np.sqrt(1 / k + 1 / (k - 1)) if k > 4 else behind.sem()
    good = [name for name in scores if behind[name].mean() <= se[name]]
    return good[0]


# %% right="NumPy" exercise="pick"
def pick(scores):
    table = scores.to_numpy()
    best = table.mean(axis=0).argmax()
    d = table[:, [best]] - table
    good = d.mean(axis=0) <= d.std(axis=0, ddof=1) / len(d) ** 0.5
    return str(scores.columns[np.flatnonzero(good)[0]])


# %% hardcoded="the example" exercise="pick"
def pick(scores):
    return scores.columns[min(1, scores.shape[1] - 1)]


# %% wrong="training_error" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[train], model.predict(x[train].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="mean_squared_error" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(np.mean((y[test] - model.predict(x[test].reshape(-1, 1))) ** 2))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="deviation_instead_of_standard_error" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1)))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="population_deviation" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="powers_of_unscaled_values" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = make_pipeline(PolynomialFeatures(degree), LinearRegression())
            model.fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="takes_the_smallest_error" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    return int(table.loc[table["rmse"].idxmin(), "degree"]), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="largest_degree_in_the_band" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].max()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="assumes_rising_degrees" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].iloc[0]), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="paired_rule_for_degrees" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    errors = {}
    for degree in degrees:
        errors[degree] = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors[degree].append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
    errors = pd.DataFrame(errors)
    behind = errors.sub(errors[errors.mean().idxmin()], axis=0)
    table = pd.DataFrame({"rmse": errors.mean(), "se": errors.sem()})
    table = table.rename_axis("degree").reset_index()
    return int(errors.columns[behind.mean() <= behind.sem()].min()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(degree, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% wrong="no_penalty" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


def lasso_poly(x, y, degree=10):
    return polynomial(degree).fit(x.reshape(-1, 1), y)


# %% wrong="lasso_depends_on_the_unit" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


class ByHundred:
    """Divide by a fixed number instead of scaling."""

    def __init__(self, end):
        self.end = end

    def fit(self, X, y):
        self.end.fit(X / 100 - 1, y)
        return self

    def predict(self, X):
        return self.end.predict(X / 100 - 1)


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    end = make_pipeline(powers, StandardScaler(), LassoCV(cv=5, max_iter=20_000))
    return ByHundred(end).fit(x.reshape(-1, 1), y)


# %% wrong="ignores_degree" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(x[train].reshape(-1, 1), y[train])
            errors.append(rmse(y[test], model.predict(x[test].reshape(-1, 1))))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(folds))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    return int(table.loc[table["rmse"] <= best["rmse"] + best["se"], "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers, end = PolynomialFeatures(10, include_bias=False), LassoCV(cv=5, max_iter=20_000)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x[:, None], y)


# %% right="NumPy powers of z-scores, a lasso on a grid of its own" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    rows = []
    for degree in sorted(degrees):
        errors = []
        for train, test in folds:
            mean, sd = x[train].mean(), x[train].std()
            weights = np.polyfit((x[train] - mean) / sd, y[train], degree)
            errors.append(
                np.sqrt(np.mean((y[test] - np.polyval(weights, (x[test] - mean) / sd)) ** 2))
            )
        errors = pd.Series(errors)
        rows.append({"degree": degree, "rmse": errors.mean(), "se": errors.sem()})
    table = pd.DataFrame(rows)
    limit = table["rmse"].min() + table["se"][table["rmse"].idxmin()]
    return table["degree"][(table["rmse"] <= limit).idxmax()], table


def lasso_poly(x, y, degree=10):
    end = LassoCV(alphas=np.geomspace(1e-3, 3, 40), cv=5, max_iter=100_000)
    powers = PolynomialFeatures(degree, include_bias=False)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), end).fit(x.reshape(-1, 1), y)


# %% right="Legendre polynomials" exercise="choose_degree"
from numpy.polynomial import Legendre


def choose_degree(x, y, folds, degrees=range(1, 11)):
    held_out = {}
    for degree in degrees:
        curves = [Legendre.fit(x[train], y[train], degree) for train, _ in folds]
        held_out[degree] = [rmse(y[test], c(x[test])) for c, (_, test) in zip(curves, folds)]
    table = pd.DataFrame(held_out).agg(["mean", "sem"]).T
    table = table.set_axis(["rmse", "se"], axis=1).rename_axis("degree").reset_index()
    limit = table.sort_values("rmse")[["rmse", "se"]].iloc[0].sum()
    good = [d for d, error in zip(table["degree"], table["rmse"]) if error <= limit]
    return min(good), table


def lasso_poly(x, y, degree=10):
    steps = [StandardScaler(), PolynomialFeatures(degree), StandardScaler()]
    return make_pipeline(*steps, LassoCV(cv=5, max_iter=50_000)).fit(x[:, np.newaxis], y)


# %% right="cross_validate, and a shuffled search for alpha" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    degrees = list(degrees)
    errors = np.array(
        [
            -cross_validate(
                polynomial(d), x[:, None], y, cv=folds, scoring="neg_root_mean_squared_error"
            )["test_score"]
            for d in degrees
        ]
    )
    mean, se = errors.mean(axis=1), errors.std(axis=1, ddof=1) / len(folds) ** 0.5
    limit = mean.min() + se[mean.argmin()]
    return np.min(np.array(degrees)[mean <= limit]), pd.DataFrame(
        {"se": se, "rmse": mean, "degree": degrees}
    )


def lasso_poly(x, y, degree=10):
    cv = KFold(5, shuffle=True, random_state=1)
    return make_pipeline(
        StandardScaler(),
        PolynomialFeatures(degree=degree, include_bias=False),
        StandardScaler(),
        LassoCV(cv=cv, max_iter=50_000, random_state=0),
    ).fit(np.c_[x], y)


# %% hardcoded="the example" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    errors = np.linspace(39, 35, len(list(degrees)))
    return 2, pd.DataFrame({"degree": list(degrees), "rmse": errors, "se": 1.5})


def lasso_poly(x, y, degree=10):
    return LinearRegression().fit(x.reshape(-1, 1), y)


# %% wrong="does_not_scale" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(df)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(df)


# %% wrong="depends_on_the_unit" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    # Divides by hand-made numbers that fit one unit only.
    typical = np.array([14, 2, 3])[: df.shape[1]]
    values = df.to_numpy(float) / typical if scale else df
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)


# %% wrong="ignores_the_method" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    values = StandardScaler().fit_transform(df) if scale else df
    return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)


# %% wrong="single_for_every_hierarchy" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    values = StandardScaler().fit_transform(df) if scale else df
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage="single").fit_predict(values)


# %% wrong="always_scales" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    values = StandardScaler().fit_transform(df)
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)


# %% wrong="depends_on_global_random_state" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    values = StandardScaler().fit_transform(df) if scale else df
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)


# %% wrong="changes_its_input" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    if scale:
        for column in df:
            df[column] = (df[column] - df[column].mean()) / df[column].std()
    if method == "kmeans":
        df["group"] = KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(df)
    else:
        df["group"] = AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(df)
    return df["group"].to_numpy()


# %% right="scipy for the hierarchies, groups from 1" exercise="segment"
from scipy.cluster.hierarchy import fcluster


def segment(df, k, method="kmeans", scale=True):
    values = df.to_numpy(dtype=float)
    if scale:
        values = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    if method == "kmeans":
        model = KMeans(k, n_init=20, random_state=7).fit(values)
        return pd.Series(model.labels_ + 1, index=df.index)
    return fcluster(linkage(values, method), k, criterion="maxclust")


# %% right="model objects kept apart, a Series without an index" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    table = df.apply(lambda column: (column - column.mean()) / column.std()) if scale else df.copy()
    model = AgglomerativeClustering(n_clusters=k)
    if method == "kmeans":
        model = KMeans(n_clusters=k, n_init=10, random_state=0)
    elif method == "single":
        model.set_params(linkage="single")
    return pd.Series(model.fit(table.values).labels_)


# %% right="a pipeline and a dictionary of methods" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    models = {
        "kmeans": KMeans(k, n_init=10, random_state=0),
        "ward": AgglomerativeClustering(k, linkage="ward"),
        "single": AgglomerativeClustering(k, linkage="single"),
    }
    first = StandardScaler() if scale else "passthrough"
    return make_pipeline(first, models[method]).fit_predict(df).tolist()


# %% hardcoded="the example" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    return np.arange(len(df)) * k // len(df)


# %% wrong="smallest_inertia" exercise="choose_k"
def choose_k(df, partitions):
    scaled = pd.DataFrame(StandardScaler().fit_transform(df))

    def inertia(labels):
        return ((scaled - scaled.groupby(labels).transform("mean")) ** 2).to_numpy().sum()

    return min(partitions, key=lambda k: inertia(partitions[k]))


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size())


# %% wrong="silhouette_without_scaling" exercise="choose_k"
def choose_k(df, partitions):
    widths = {k: silhouette_score(df, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size())


# %% wrong="position_instead_of_k" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    return int(np.argmax([silhouette_score(scaled, p) for p in partitions.values()])) + 20


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size())


# %% wrong="means_instead_of_medians" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.mean().assign(size=grouped.size())


# %% wrong="portrait_in_z_scores" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    scaled = pd.DataFrame(StandardScaler().fit_transform(df), columns=df.columns)
    grouped = scaled.groupby(labels)
    return grouped.median().assign(size=grouped.size())


# %% wrong="share_instead_of_size" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size() / len(df))


# %% wrong="groups_as_columns" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size()).T


# %% wrong="labels_matched_by_index" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(pd.Series(labels))
    return grouped.median().assign(size=grouped.size())


# %% right="silhouettes row by row, a loop over groups" exercise="choose_k"
from sklearn.metrics import silhouette_samples


def choose_k(df, partitions):
    z = (df - df.mean()) / df.std()
    best, best_width = None, -2
    for k in sorted(partitions):
        width = silhouette_samples(z, partitions[k]).mean()
        if width > best_width:
            best, best_width = k, width
    return best


def profile_segments(df, labels):
    rows = {}
    for group in np.unique(labels)[::-1]:
        part = df[np.asarray(labels) == group]
        rows[int(group)] = {"size": len(part)} | {c: float(np.median(part[c])) for c in df}
    return pd.DataFrame.from_dict(rows, orient="index")


# %% right="silhouette by hand, quantiles" exercise="choose_k"
from scipy.spatial.distance import cdist


def choose_k(df, partitions):
    z = StandardScaler().fit_transform(df)
    distance = cdist(z, z)

    def width(labels):
        names, own = np.unique(labels, return_inverse=True)
        sums = np.array([distance[:, own == g].sum(axis=1) for g in range(len(names))]).T
        sizes = np.bincount(own)
        rows = np.arange(len(own))
        a = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
        other = sums / sizes
        other[rows, own] = np.inf
        b = other.min(axis=1)
        return np.where(sizes[own] > 1, (b - a) / np.maximum(a, b), 0).mean()

    return max(partitions, key=lambda k: width(partitions[k]))


def profile_segments(df, labels):
    table = df.assign(label=labels).groupby("label").quantile(0.5)
    table["size"] = pd.Series(labels).value_counts()
    return table


# %% hardcoded="the example" exercise="choose_k"
def choose_k(df, partitions):
    return 4


def profile_segments(df, labels):
    return pd.DataFrame({"size": [3, 1], "income": [22, 80]})


# %% wrong="weighted_sum" exercise="pareto"
def pareto(table):
    names = set()
    for share in np.linspace(0, 1, 41):
        z = (
            table[["score", "latency_ms", "n_params"]]
            - table[["score", "latency_ms", "n_params"]].min()
        ) / (np.ptp(table[["score", "latency_ms", "n_params"]].to_numpy(), axis=0) + 1e-12)
        total = share * z["score"] - (1 - share) * (z["latency_ms"] + z["n_params"]) / 2
        names.add(table["name"][total.idxmax()])
    return [name for name in table["name"] if name in names]


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]


# %% wrong="strictly_better_in_everything" exercise="pareto"
def pareto(table):
    keep = []
    for b in table.itertuples():
        dominated = any(
            a.score > b.score and a.latency_ms < b.latency_ms and a.n_params < b.n_params
            for a in table.itertuples()
        )
        if not dominated:
            keep.append(b.name)
    return keep


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]


# %% wrong="equal_rows_remove_each_other" exercise="pareto"
def pareto(table):
    keep = []
    for b in table.itertuples():
        dominated = any(
            a.name != b.name
            and a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            for a in table.itertuples()
        )
        if not dominated:
            keep.append(b.name)
    return keep


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]


# %% wrong="latency_upside_down" exercise="pareto"
def pareto(table):
    values = table[["score", "latency_ms", "n_params"]].to_numpy(float)
    no_worse = (values[:, None] >= values[None]).all(axis=2)
    better = (values[:, None] > values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]


# %% wrong="forgets_a_column" exercise="pareto"
def pareto(table):
    values = table[["score", "latency_ms"]].to_numpy(float) * [-1, 1]
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better = (values[:, None] < values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]


# %% wrong="forgets_a_limit" exercise="pareto"
def pareto(table):
    values = table[["score", "latency_ms", "n_params"]].to_numpy(float) * [-1, 1, 1]
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better = (values[:, None] < values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[table["latency_ms"] <= max_latency_ms]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]


# %% wrong="limits_are_left_out" exercise="pareto"
def pareto(table):
    values = table[["score", "latency_ms", "n_params"]].to_numpy(float) * [-1, 1, 1]
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better = (values[:, None] < values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] < max_latency_ms) & (table["n_params"] < max_params)]
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return None if fits.empty else fits["name"].iloc[0]


# %% wrong="picks_although_nothing_fits" exercise="pareto"
def pareto(table):
    values = table[["score", "latency_ms", "n_params"]].to_numpy(float) * [-1, 1, 1]
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better = (values[:, None] < values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    fits = table if fits.empty else fits
    return fits.sort_values(["score", "latency_ms"], ascending=[False, True])["name"].iloc[0]


# %% wrong="raises_an_error" exercise="pareto"
def pareto(table):
    values = table[["score", "latency_ms", "n_params"]].to_numpy(float) * [-1, 1, 1]
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better = (values[:, None] < values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    return fits.sort_values(["score", "latency_ms"], ascending=[False, True])["name"].iloc[0]


# %% wrong="tie_not_decided_by_latency" exercise="pareto"
def pareto(table):
    values = table[["score", "latency_ms", "n_params"]].to_numpy(float) * [-1, 1, 1]
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better = (values[:, None] < values[None]).any(axis=2)
    return table["name"][~(no_worse & better).any(axis=0)].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    return None if fits.empty else fits.loc[fits["score"].idxmax(), "name"]


# %% right="two loops" exercise="pareto"
def pareto(table):
    def dominates(a, b):
        no_worse = (
            a["score"] >= b["score"]
            and a["latency_ms"] <= b["latency_ms"]
            and a["n_params"] <= b["n_params"]
        )
        columns = ("score", "latency_ms", "n_params")
        return no_worse and any(a[c] != b[c] for c in columns)

    rows = table.to_dict("records")
    return [b["name"] for b in rows if not any(dominates(a, b) for a in rows)]


def constrained_pick(table, max_latency_ms, max_params):
    best = None
    for row in table.to_dict("records"):
        if row["latency_ms"] > max_latency_ms or row["n_params"] > max_params:
            continue
        key = (row["score"], -row["latency_ms"])
        if best is None or key > best[0]:
            best = (key, row["name"])
    return best[1] if best else None


# %% right="sorting, and a query" exercise="pareto"
def pareto(table):
    ordered = table.sort_values(
        ["score", "latency_ms", "n_params"], ascending=[False, True, True], kind="stable"
    )
    kept = []
    for row in ordered.itertuples(index=False):
        beaten = any(
            (k.latency_ms <= row.latency_ms and k.n_params <= row.n_params)
            and (k.score, k.latency_ms, k.n_params) != (row.score, row.latency_ms, row.n_params)
            for k in kept
        )
        if not beaten:
            kept.append(row)
    names = {row.name for row in kept}
    return table.loc[table["name"].isin(names), "name"].to_list()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table.query("latency_ms <= @max_latency_ms and n_params <= @max_params")
    if len(fits) == 0:
        return None
    top = fits[fits["score"] == fits["score"].max()]
    return top.loc[top["latency_ms"].idxmin(), "name"]


# %% hardcoded="the example" exercise="pareto"
def pareto(table):
    return ["A", "B"]


def constrained_pick(table, max_latency_ms, max_params):
    return None if max_latency_ms < 1 else "B"


# %% right="one loop, summary from a dictionary" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    scores, lines = {}, {}
    for name, model in models.items():
        found = cross_validate(model, X, y, cv=folds_, scoring=scoring)
        scores[name] = found["test_score"]
        lines[name] = [scores[name].mean(), scores[name].std(ddof=1), found["fit_time"].mean()]
    summary = pd.DataFrame.from_dict(lines, orient="index", columns=["mean", "sd", "fit_s"])
    return pd.DataFrame(scores), summary


# %% wrong="time_of_scoring" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    scores, lines = {}, {}
    for name, model in models.items():
        found = cross_validate(model, X, y, cv=folds_, scoring=scoring)
        scores[name] = found["test_score"]
        lines[name] = [scores[name].mean(), scores[name].std(ddof=1), found["score_time"].mean()]
    summary = pd.DataFrame.from_dict(lines, orient="index", columns=["mean", "sd", "fit_s"])
    return pd.DataFrame(scores), summary


# %% wrong="sum_of_times" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    scores, lines = {}, {}
    for name, model in models.items():
        found = cross_validate(model, X, y, cv=folds_, scoring=scoring)
        scores[name] = found["test_score"]
        lines[name] = [scores[name].mean(), scores[name].std(ddof=1), found["fit_time"].sum()]
    summary = pd.DataFrame.from_dict(lines, orient="index", columns=["mean", "sd", "fit_s"])
    return pd.DataFrame(scores), summary


# %% wrong="time_includes_scoring" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    scores, lines = {}, {}
    for name, model in models.items():
        found = cross_validate(model, X, y, cv=folds_, scoring=scoring)
        scores[name] = found["test_score"]
        lines[name] = [
            scores[name].mean(),
            scores[name].std(ddof=1),
            (found["fit_time"] + found["score_time"]).mean(),
        ]
    summary = pd.DataFrame.from_dict(lines, orient="index", columns=["mean", "sd", "fit_s"])
    return pd.DataFrame(scores), summary


# %% wrong="tables_in_the_wrong_order" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    scores, lines = {}, {}
    for name, model in models.items():
        found = cross_validate(model, X, y, cv=folds_, scoring=scoring)
        scores[name] = found["test_score"]
        lines[name] = [scores[name].mean(), scores[name].std(ddof=1), found["fit_time"].mean()]
    summary = pd.DataFrame.from_dict(lines, orient="index", columns=["mean", "sd", "fit_s"])
    return summary, pd.DataFrame(scores)


# %% wrong="summary_not_turned" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    scores, lines = {}, {}
    for name, model in models.items():
        found = cross_validate(model, X, y, cv=folds_, scoring=scoring)
        scores[name] = found["test_score"]
        lines[name] = [scores[name].mean(), scores[name].std(ddof=1), found["fit_time"].mean()]
    summary = pd.DataFrame.from_dict(lines, orient="index", columns=["mean", "sd", "fit_s"])
    return pd.DataFrame(scores), summary.T


# %% wrong="number_of_the_fold_as_a_column" exercise="compare"
def compare(models, X, y, cv, scoring="accuracy"):
    folds_ = list(cv.split(X, y))
    scores, lines = {}, {}
    for name, model in models.items():
        found = cross_validate(model, X, y, cv=folds_, scoring=scoring)
        scores[name] = found["test_score"]
        lines[name] = [scores[name].mean(), scores[name].std(ddof=1), found["fit_time"].mean()]
    summary = pd.DataFrame.from_dict(lines, orient="index", columns=["mean", "sd", "fit_s"])
    return pd.DataFrame(scores).rename_axis("fold").reset_index(), summary


# %% wrong="two_standard_errors" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if behind.mean() <= 2 * behind.sem():
            return name


# %% wrong="root_of_k_minus_one" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if behind.mean() <= behind.std() / np.sqrt(len(behind) - 1):
            return name


# %% wrong="population_deviation" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if behind.mean() <= np.std(behind.to_numpy()) / np.sqrt(len(behind)):
            return name


# %% right="population deviation by the root of k - 1, which is the same" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if behind.mean() <= np.std(behind.to_numpy()) / np.sqrt(len(behind) - 1):
            return name


# %% wrong="significance_test" exercise="pick"
from scipy.stats import ttest_rel


def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        if name == best or ttest_rel(scores[best], scores[name]).pvalue > 0.05:
            return name


# %% wrong="returns_nothing" exercise="pick"
def pick(scores):
    best = scores.mean().idxmax()
    for name in scores.columns:
        behind = scores[best] - scores[name]
        if behind.mean() <= behind.sem():
            print(name)
            break


# %% right="standard errors for all columns, then next" exercise="pick"
def pick(scores):
    best = max(scores, key=lambda name: scores[name].mean())
    errors = {name: [b - m for b, m in zip(scores[best], scores[name])] for name in scores}

    def fine(d):
        mean = sum(d) / len(d)
        variance = sum((each - mean) ** 2 for each in d) / max(len(d) - 1, 1)
        return mean <= (variance / len(d)) ** 0.5

    return next(name for name, d in errors.items() if name == best or fine(d))


# %% right="LassoCV as it comes" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="two_standard_errors" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + 2 * best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="limit_with_a_deviation" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"] * np.sqrt(len(folds))
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="largest_standard_error" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + table["se"].max()
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="standard_error_of_each_degree" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + table["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="table_before_the_degree" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return table, int(table.loc[table["rmse"] <= limit, "degree"].min())


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="degrees_in_the_index" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    chosen_one = table.loc[table["rmse"] <= limit, "degree"].min()
    return int(chosen_one), table.set_index("degree")


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="row_instead_of_degree" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.index[table["rmse"] <= limit].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="root_after_the_mean" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append(
            (
                degree,
                np.sqrt(np.mean(np.square(errors))),
                np.std(errors, ddof=1) / np.sqrt(len(errors)),
            )
        )
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="lasso_of_unscaled_values" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="penalty_on_unscaled_powers" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="not_a_lasso" exercise="choose_degree"
from sklearn.linear_model import RidgeCV


def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), RidgeCV())
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="pipeline_not_fitted" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model


# %% wrong="predictions_instead_of_pipeline" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y).predict(x.reshape(-1, 1))


# %% wrong="scaled_outside_the_pipeline" exercise="choose_degree"
def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    x = (x - x.mean()) / x.std()
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% right="lasso by least angles, one Pipeline with names" exercise="choose_degree"
from sklearn.linear_model import LassoLarsCV
from sklearn.pipeline import Pipeline


def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    model = Pipeline(
        [
            ("scale", StandardScaler()),
            ("powers", PolynomialFeatures(degree)),
            ("scale_powers", StandardScaler()),
            ("lasso", LassoLarsCV(cv=5)),
        ]
    )
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="another_scale" exercise="segment"
from sklearn.preprocessing import MinMaxScaler


def segment(df, k, method="kmeans", scale=True):
    values = MinMaxScaler().fit_transform(df) if scale else df
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)


# %% wrong="scales_the_hierarchies" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    values = StandardScaler().fit_transform(df) if scale or method != "kmeans" else df
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)


# %% wrong="linkage_left_out" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    values = StandardScaler().fit_transform(df) if scale else df
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k).fit_predict(values)


# %% wrong="another_scale" exercise="choose_k"
from sklearn.preprocessing import MinMaxScaler


def choose_k(df, partitions):
    scaled = MinMaxScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size())


# %% wrong="clusters_again" exercise="choose_k"
def segmented(values, k):
    return KMeans(k, n_init=10, random_state=0).fit_predict(values)


def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, segmented(scaled, k)) for k in partitions}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size())


# %% wrong="smallest_silhouette" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return min(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size())


# %% wrong="groups_not_in_the_index" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size()).reset_index()


# %% wrong="index_counted_anew" exercise="choose_k"
def choose_k(df, partitions):
    scaled = StandardScaler().fit_transform(df)
    widths = {k: silhouette_score(scaled, labels) for k, labels in partitions.items()}
    return max(widths, key=widths.get)


def profile_segments(df, labels):
    grouped = df.groupby(labels)
    return grouped.median().assign(size=grouped.size()).reset_index(drop=True)


# %% wrong="forgets_the_latency" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.n_params <= b.n_params
            and (a.score > b.score or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return kept


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits["name"].iloc[0]


# %% wrong="forgets_the_score" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return kept


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits["name"].iloc[0]


# %% wrong="order_of_the_table_lost" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.score > b.score or a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return table[table["name"].isin(kept)].sort_values("score")["name"].tolist()


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits["name"].iloc[0]


# %% wrong="names_without_order" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.score > b.score or a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return set(kept)


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits["name"].iloc[0]


# %% wrong="table_instead_of_names" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.score > b.score or a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return table[table["name"].isin(kept)]


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits["name"].iloc[0]


# %% wrong="row_instead_of_name" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.score > b.score or a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return kept


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits.iloc[0]


# %% wrong="limits_swapped" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.score > b.score or a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return kept


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_params) & (table["n_params"] <= max_latency_ms)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits["name"].iloc[0]


# %% wrong="score_does_not_decide" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.score > b.score or a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return kept


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values("latency_ms")
    return fits["name"].iloc[0]


# %% right="names as a Series" exercise="pareto"
def pareto(table):
    rows, kept = list(table.itertuples(index=False)), []
    for b in rows:
        dominated = any(
            a.score >= b.score
            and a.latency_ms <= b.latency_ms
            and a.n_params <= b.n_params
            and (a.score > b.score or a.latency_ms < b.latency_ms or a.n_params < b.n_params)
            for a in rows
        )
        if not dominated:
            kept.append(b.name)
    return table.loc[table["name"].isin(kept), "name"]


def constrained_pick(table, max_latency_ms, max_params):
    fits = table[(table["latency_ms"] <= max_latency_ms) & (table["n_params"] <= max_params)]
    if fits.empty:
        return None
    fits = fits.sort_values(["score", "latency_ms"], ascending=[False, True])
    return fits["name"].iloc[0]


# %% wrong="lasso_on_another_scale" exercise="choose_degree"
from sklearn.preprocessing import MinMaxScaler


def choose_degree(x, y, folds, degrees=range(1, 11)):
    column, rows = x.reshape(-1, 1), []
    for degree in degrees:
        errors = []
        for train, test in folds:
            model = polynomial(degree).fit(column[train], y[train])
            errors.append(rmse(y[test], model.predict(column[test])))
        rows.append((degree, np.mean(errors), np.std(errors, ddof=1) / np.sqrt(len(errors))))
    table = pd.DataFrame(rows, columns=["degree", "rmse", "se"])
    best = table.loc[table["rmse"].idxmin()]
    limit = best["rmse"] + best["se"]
    return int(table.loc[table["rmse"] <= limit, "degree"].min()), table


def lasso_poly(x, y, degree=10):
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(MinMaxScaler(), powers, MinMaxScaler(), LassoCV(cv=5))
    return model.fit(x.reshape(-1, 1), y)


# %% wrong="scale_by_quartiles" exercise="segment"
from sklearn.preprocessing import RobustScaler


def segment(df, k, method="kmeans", scale=True):
    values = RobustScaler().fit_transform(df) if scale else df
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)


# %% right="z-scores by hand, divided by n - 1" exercise="segment"
def segment(df, k, method="kmeans", scale=True):
    values = ((df - df.mean()) / df.std()).to_numpy() if scale else df.to_numpy()
    if method == "kmeans":
        return KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(values)
    return AgglomerativeClustering(n_clusters=k, linkage=method).fit_predict(values)
