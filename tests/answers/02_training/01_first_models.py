# Answers that the checks of 01_first_models must refuse (wrong) or accept (right).

# %% wrong="numbers_mean_regression" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif pd.api.types.is_numeric_dtype(y):
        task = "regression"
    else:
        task = "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="few_values_mean_classes" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif y.nunique() <= max(20, len(y) ** 0.5) or not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        task = "regression"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="whole_numbers_mean_classes" exercise="profile"
from sklearn.utils.multiclass import type_of_target


def profile(X, y):
    numeric = X.select_dtypes("number")
    task = "clustering"
    if y is not None:
        kind = type_of_target(y)
        task = "regression" if kind.startswith("continuous") else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="ignores_the_number_of_rows" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    elif (y % 1 != 0).any() or y.nunique() > 20:
        task = "regression"
    else:
        task = "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="counts_true_false_as_numbers" exercise="profile"
def task_by_rule(y):
    if y is None:
        return "clustering"
    if y.dtype.kind not in "iuf" and not str(y.dtype).startswith(("Int", "Float")):
        return "classification"
    whole = (y % 1 == 0).all()
    few = y.nunique() <= max(20, len(y) ** 0.5)
    return "classification" if whole and few else "regression"


def profile(X, y):
    numeric = [c for c in X if pd.api.types.is_numeric_dtype(X[c])]
    task = task_by_rule(y)
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": len(numeric),
        "n_categorical": X.shape[1] - len(numeric),
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": X[numeric].skew().abs().max(),
    }


# %% wrong="share_of_rows_with_gaps" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().any(axis=1).mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="counts_missing_cells" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": int(X.isna().sum().sum()),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="share_of_the_commonest_class" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).max() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="ratio_of_two_classes" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    imbalance = None
    if task == "classification":
        counts = y.value_counts()
        imbalance = counts.min() / counts.max()
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": imbalance,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="imbalance_of_amounts" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": None if y is None else y.value_counts(normalize=True).min(),
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="forgets_that_left_counts" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().max(),
    }


# %% wrong="gaps_spoil_the_skewness" exercise="profile"
from scipy.stats import skew


def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": float(np.max(np.abs(skew(numeric)))) if numeric.shape[1] else None,
    }


# %% wrong="raises_an_error" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    many = y.nunique() > max(20, np.sqrt(len(y)))
    task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="limit_is_left_out" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > -1 + max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% right="pandas, the rules in one line" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = len(y.unique()) > max(20, np.sqrt(len(y)))
        task = (
            "regression"
            if not (y.astype(float) == y.astype(float).round()).all() or many
            else "classification"
        )
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% right="loops and plain Python" exercise="profile"
def profile(X, y):
    def is_number(column):
        return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)

    skews, numeric, missing = [], 0, 0
    for name in X.columns:
        missing += int(X[name].isna().sum())
        if is_number(X[name]):
            numeric += 1
            value = X[name].skew()
            if value == value:
                skews.append(abs(float(value)))
    task, imbalance = "clustering", None
    if y is not None:
        values = y.tolist()
        if is_number(y):
            whole = all(float(v).is_integer() for v in values)
            few = len(set(values)) <= max(20, len(values) ** 0.5)
            task = "classification" if whole and few else "regression"
        else:
            task = "classification"
        if task == "classification":
            imbalance = min(values.count(v) for v in set(values)) / len(values)
    return {
        "task": task,
        "n": X.shape[0],
        "d": len(X.columns),
        "n_numeric": numeric,
        "n_categorical": len(X.columns) - numeric,
        "share_missing": missing / X.size,
        "imbalance": imbalance,
        "max_abs_skew": max(skews, default=None),
    }


# %% right="skewness without the correction, from scipy" exercise="profile"
from scipy.stats import skew


def profile(X, y):
    numeric = X.select_dtypes("number").astype(float).dropna(axis=1, how="all")
    sizes = np.abs(skew(numeric, nan_policy="omit")) if numeric.shape[1] else np.array([np.nan])
    d_numeric = X.select_dtypes("number").shape[1]
    if y is None:
        task = "clustering"
    elif not np.issubdtype(getattr(y.dtype, "numpy_dtype", np.dtype(object)), np.number) and (
        not isinstance(y.dtype, np.dtype) or y.dtype.kind not in "iuf"
    ):
        task = "classification"
    else:
        values = y.to_numpy(dtype=float)
        whole = np.array_equal(values, np.round(values))
        distinct = np.unique(values).size
        task = "classification" if whole and distinct**2 <= max(400, len(y)) else "regression"
    return dict(
        task=task,
        n=len(X),
        d=len(X.columns),
        n_numeric=d_numeric,
        n_categorical=len(X.columns) - d_numeric,
        share_missing=float(X.isna().mean().mean()),
        imbalance=float(y.value_counts().min() / len(y)) if task == "classification" else np.nan,
        max_abs_skew=float(np.nanmax(np.asarray(sizes))) if d_numeric else np.nan,
    )


# %% hardcoded="the example" exercise="profile"
def profile(X, y):
    return {
        "task": "classification",
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": 1,
        "n_categorical": 1,
        "share_missing": 1 / 8,
        "imbalance": 0.25,
        "max_abs_skew": 0,
    }


# %% wrong="no_intercept" exercise="fit_price"
def fit_price(df):
    A = design(df)
    weights = np.linalg.lstsq(A.to_numpy(float), df["price_keur"].to_numpy(), rcond=None)[0]
    return dict(zip(A.columns, weights))


def predict_price(coef, df):
    A = design(df)
    return A.to_numpy(float) @ [coef[name] for name in A.columns]


# %% wrong="numbers_of_scaled_columns" exercise="fit_price"
from sklearn.preprocessing import StandardScaler


def fit_price(df):
    A = design(df)
    model = LinearRegression().fit(StandardScaler().fit_transform(A), df["price_keur"])
    return dict(zip(A.columns, model.coef_)) | {"intercept": model.intercept_}


def predict_price(coef, df):
    A = design(df).assign(intercept=1)
    return A.to_numpy(float) @ [coef[name] for name in A.columns]


# %% wrong="names_in_the_wrong_order" exercise="fit_price"
def fit_price(df):
    A = design(df)
    table = np.column_stack([np.ones(len(A)), A])
    weights = np.linalg.lstsq(table, df["price_keur"].to_numpy(), rcond=None)[0]
    return dict(zip([*A.columns, "intercept"], weights))


def predict_price(coef, df):
    A = design(df).assign(intercept=1)
    return A.to_numpy(float) @ [coef[name] for name in A.columns]


# %% wrong="intercept_left_out_of_predictions" exercise="fit_price"
def fit_price(df):
    model = LinearRegression().fit(design(df), df["price_keur"])
    return {"intercept": model.intercept_, **dict(zip(design(df).columns, model.coef_))}


def predict_price(coef, df):
    A = design(df)
    return sum(coef[name] * A[name] for name in A.columns)


# %% wrong="relies_on_the_order_of_keys" exercise="fit_price"
def fit_price(df):
    model = LinearRegression().fit(design(df), df["price_keur"])
    return {"intercept": model.intercept_, **dict(zip(design(df).columns, model.coef_))}


def predict_price(coef, df):
    A = np.column_stack([np.ones(len(df)), design(df)])
    return A @ list(coef.values())


# %% wrong="raises_an_error" exercise="fit_price"
def fit_price(df):
    A = pd.get_dummies(df.drop(columns=["price_keur", "colour"])).assign(intercept=1)
    A["area_squared"] = A["area"] ** 2
    weights = np.linalg.lstsq(A.to_numpy(float), df["price_keur"].to_numpy(), rcond=None)[0]
    return {n.removeprefix("region_"): w for n, w in zip(A.columns, weights)}


def predict_price(coef, df):
    # Trains again, although new houses have no price.
    model = LinearRegression().fit(design(df), df["price_keur"])
    return model.predict(design(df))


# %% wrong="returns_nothing" exercise="fit_price"
def fit_price(df):
    A = design(df).assign(intercept=1)
    weights = np.linalg.lstsq(A.to_numpy(float), df["price_keur"].to_numpy(), rcond=None)[0]
    print(dict(zip(A.columns, weights)))


def predict_price(coef, df):
    A = design(df).assign(intercept=1)
    return A.to_numpy(float) @ [coef[name] for name in A.columns]


# %% right="normal equations" exercise="fit_price"
def fit_price(df):
    A = design(df).assign(intercept=1.0).astype(float)
    weights = np.linalg.solve(
        A.T.to_numpy() @ A.to_numpy(), A.T.to_numpy() @ df["price_keur"].to_numpy()
    )
    return pd.Series(weights, index=A.columns).to_dict()


def predict_price(coef, df):
    total = np.full(len(df), float(coef["intercept"]))
    for name, values in design(df).items():
        total += coef[name] * values.to_numpy()
    return total


# %% right="scikit-learn" exercise="fit_price"
def fit_price(df):
    X = design(df)
    model = LinearRegression().fit(X, df["price_keur"])
    return {"intercept": float(model.intercept_)} | dict(zip(X.columns, model.coef_.tolist()))


def predict_price(coef, df):
    return design(df).mul(pd.Series(coef).drop("intercept")).sum(axis=1) + coef["intercept"]


# %% right="row by row, ones in front" exercise="fit_price"
def fit_price(df):
    A = np.column_stack([np.ones(len(df)), design(df).to_numpy(float)])
    Q, R = np.linalg.qr(A)
    weights = np.linalg.solve(R, Q.T @ df["price_keur"].to_numpy())
    return {name: float(w) for name, w in zip(["intercept", *design(df).columns], weights)}


def predict_price(coef, df):
    prices = []
    for row in design(df).to_dict("records"):
        prices.append(coef["intercept"] + sum(coef[name] * value for name, value in row.items()))
    return prices


# %% hardcoded="the planted formula" exercise="fit_price"
def fit_price(df):
    names = ["intercept", *design(df).columns]
    return dict(zip(names, [20, 3.2, -0.006, 9, -0.5, -4, 14, 45, 12]))


def predict_price(coef, df):
    return [365, 320][: len(df)]


# %% wrong="draws_without_replacement" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(seed)
    draws = pd.DataFrame([fit(df.sample(frac=1, random_state=rng)) for _ in range(n_boot)])
    tail = (1 - level) / 2
    return pd.DataFrame({"low": draws.quantile(tail), "high": draws.quantile(1 - tail)})


# %% wrong="tables_of_another_size" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(frac=0.5, replace=True, random_state=rng)) for _ in range(n_boot)]
    draws, tail = pd.DataFrame(draws), (1 - level) / 2
    return pd.DataFrame({"low": draws.quantile(tail), "high": draws.quantile(1 - tail)})


# %% wrong="the_same_draw_each_time" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    draws = [fit(df.sample(len(df), replace=True, random_state=seed)) for _ in range(n_boot)]
    draws, tail = pd.DataFrame(draws), (1 - level) / 2
    return pd.DataFrame({"low": draws.quantile(tail), "high": draws.quantile(1 - tail)})


# %% wrong="tears_pairs_apart" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng, draws = np.random.default_rng(seed), []
    for _ in range(n_boot):
        columns = {c: rng.choice(df[c].to_numpy(), len(df)) for c in df}
        draws.append(fit(pd.DataFrame(columns)))
    draws, tail = pd.DataFrame(draws), (1 - level) / 2
    return pd.DataFrame({"low": draws.quantile(tail), "high": draws.quantile(1 - tail)})


# %% wrong="limits_from_mean_and_deviation" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    from scipy.stats import norm

    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    draws, z = pd.DataFrame(draws), norm.ppf((1 + level) / 2)
    return pd.DataFrame(
        {"low": draws.mean() - z * draws.std(), "high": draws.mean() + z * draws.std()}
    )


# %% wrong="smallest_and_largest" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    return pd.DataFrame(draws).agg(["min", "max"]).T.set_axis(["low", "high"], axis=1)


# %% wrong="wrong_tails" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    draws = pd.DataFrame(draws)
    return pd.DataFrame({"low": draws.quantile(1 - level), "high": draws.quantile(level)})


# %% wrong="limits_swapped" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    draws, tail = pd.DataFrame(draws), (1 - level) / 2
    return pd.DataFrame({"low": draws.quantile(1 - tail), "high": draws.quantile(tail)})


# %% wrong="ignores_level" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    draws = pd.DataFrame(draws)
    return pd.DataFrame({"low": draws.quantile(0.05), "high": draws.quantile(0.95)})


# %% wrong="depends_on_global_random_state" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    draws = [fit(df.sample(len(df), replace=True)) for _ in range(n_boot)]
    draws, tail = pd.DataFrame(draws), (1 - level) / 2
    return pd.DataFrame({"low": draws.quantile(tail), "high": draws.quantile(1 - tail)})


# %% wrong="ignores_the_seed" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(0)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    draws, tail = pd.DataFrame(draws), (1 - level) / 2
    return pd.DataFrame({"low": draws.quantile(tail), "high": draws.quantile(1 - tail)})


# %% wrong="rows_and_columns_swapped" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.default_rng(seed)
    draws = [fit(df.sample(len(df), replace=True, random_state=rng)) for _ in range(n_boot)]
    tail = (1 - level) / 2
    return pd.DataFrame(draws).quantile([tail, 1 - tail]).set_axis(["low", "high"])


# %% right="seeds counted upwards, loops over names" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    learned = {}
    for round_number in range(n_boot):
        rows = np.random.default_rng([seed, round_number]).integers(0, len(df), len(df))
        for name, value in fit(df.iloc[rows]).items():
            learned.setdefault(name, []).append(value)
    half = 50 * (1 - level)
    low = {name: np.percentile(values, half) for name, values in learned.items()}
    high = {name: np.percentile(values, 100 - half) for name, values in learned.items()}
    return pd.DataFrame({"low": low, "high": high})


# %% right="resample of scikit-learn, seeds counted upwards from the seed" exercise="coef_interval"
from sklearn.utils import resample


def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    draws = pd.DataFrame([fit(resample(df, random_state=seed + i)) for i in range(n_boot)])
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return pd.DataFrame({"high": high, "low": low}, index=draws.columns)


# %% right="legacy generator, names from a first fit, sorted lists" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    rng = np.random.RandomState(seed)
    draws = [
        fit(df.iloc[rng.choice(len(df), len(df))].reset_index(drop=True)) for _ in range(n_boot)
    ]
    result = {}
    for name in draws[0]:
        values = sorted(draw[name] for draw in draws)
        result[name] = {
            "low": values[int((1 - level) / 2 * (n_boot - 1))],
            "high": values[int(np.ceil((1 + level) / 2 * (n_boot - 1)))],
        }
    return pd.DataFrame.from_dict(result, orient="index")


# %% hardcoded="the example" exercise="coef_interval"
def coef_interval(fit, df, n_boot=200, level=0.9, seed=0):
    return pd.DataFrame({"low": [2.0], "high": [4.0]}, index=["w"])


# %% wrong="error_on_training_rows" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (train["price_keur"] - model.predict(design(train))).abs()
    by_region = error.groupby(train["region"]).mean()
    median = train["price_keur"].median()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (train["price_keur"] - median).abs().mean(),
        "r2": r2_score(train["price_keur"], model.predict(design(train))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="root_mean_square_instead" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = test["price_keur"] - model.predict(design(test))
    by_region = (error**2).groupby(test["region"]).mean() ** 0.5
    base = test["price_keur"] - train["price_keur"].median()
    return {
        "mae_model": (error**2).mean() ** 0.5,
        "mae_median_baseline": (base**2).mean() ** 0.5,
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="mean_of_region_means" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": by_region.mean(),
        "mae_median_baseline": (test["price_keur"] - train["price_keur"].median()).abs().mean(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="errors_cancel_each_other" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = test["price_keur"] - model.predict(design(test))
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": abs(error.mean()),
        "mae_median_baseline": abs((test["price_keur"] - train["price_keur"].median()).mean()),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.abs().idxmax(),
        "worst_region_mae": by_region.abs().max(),
    }


# %% wrong="ignores_the_seed" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=42)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (test["price_keur"] - train["price_keur"].median()).abs().mean(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="baseline_of_the_mean" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    by_region = error.groupby(test["region"]).mean()
    baseline = DummyRegressor().fit(design(train), train["price_keur"])
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (test["price_keur"] - baseline.predict(design(test))).abs().mean(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="baseline_has_seen_the_test" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (test["price_keur"] - df["price_keur"].median()).abs().mean(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="baseline_on_other_rows" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (train["price_keur"] - train["price_keur"].median()).abs().mean(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="squared_correlation" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    prediction = model.predict(design(test))
    error = (test["price_keur"] - prediction).abs()
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (test["price_keur"] - train["price_keur"].median()).abs().mean(),
        "r2": np.corrcoef(test["price_keur"], prediction)[0, 1] ** 2,
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="names_the_most_frequent_or_dearest" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    dearest = test.groupby("region")["price_keur"].mean().idxmax()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (test["price_keur"] - train["price_keur"].median()).abs().mean(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": dearest,
        "worst_region_mae": error[test["region"] == dearest].mean(),
    }


# %% wrong="trained_on_held_out_rows_too" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(df), df["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    by_region = error.groupby(test["region"]).mean()
    return {
        "mae_model": error.mean(),
        "mae_median_baseline": (test["price_keur"] - train["price_keur"].median()).abs().mean(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% wrong="median_of_the_errors" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    model = LinearRegression().fit(design(train), train["price_keur"])
    error = (test["price_keur"] - model.predict(design(test))).abs()
    by_region = error.groupby(test["region"]).median()
    return {
        "mae_model": error.median(),
        "mae_median_baseline": (test["price_keur"] - train["price_keur"].median()).abs().median(),
        "r2": r2_score(test["price_keur"], model.predict(design(test))),
        "worst_region": by_region.idxmax(),
        "worst_region_mae": by_region.max(),
    }


# %% right="NumPy" exercise="price_report"
def price_report(df, seed=0):
    train, test = train_test_split(df, test_size=0.25, random_state=seed)
    A, B = (np.column_stack([np.ones(len(part)), design(part)]) for part in (train, test))
    w = np.linalg.lstsq(A, train["price_keur"].to_numpy(), rcond=None)[0]
    y = test["price_keur"].to_numpy()
    error = np.abs(y - B @ w)
    errors = {r: error[(test["region"] == r).to_numpy()].mean() for r in set(test["region"])}
    worst = max(sorted(errors), key=errors.get)
    return {
        "mae_model": float(error.mean()),
        "mae_median_baseline": float(np.abs(y - np.median(train["price_keur"])).mean()),
        "r2": 1 - float(((y - B @ w) ** 2).sum() / ((y - y.mean()) ** 2).sum()),
        "worst_region": worst,
        "worst_region_mae": float(errors[worst]),
    }


# %% right="a pipeline and the metrics of scikit-learn" exercise="price_report"
from sklearn.metrics import mean_absolute_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler


def price_report(df, seed=0):
    X, y = df.drop(columns="price_keur"), df["price_keur"]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=seed)
    model = make_pipeline(FunctionTransformer(design), StandardScaler(), LinearRegression())
    model.fit(X_train, y_train)
    rows = X_test.assign(y=y_test, p=model.predict(X_test))
    maes = {
        name: mean_absolute_error(part["y"], part["p"]) for name, part in rows.groupby("region")
    }
    worst = max(maes, key=maes.get)
    dummy = DummyRegressor(strategy="quantile", quantile=0.5).fit(X_train, y_train)
    return {
        "mae_model": mean_absolute_error(y_test, rows["p"]),
        "mae_median_baseline": mean_absolute_error(y_test, dummy.predict(X_test)),
        "r2": model.score(X_test, y_test),
        "worst_region": worst,
        "worst_region_mae": maes[worst],
    }


# %% hardcoded="the example" exercise="price_report"
def price_report(df, seed=0):
    return {
        "mae_model": 13.33,
        "mae_median_baseline": 73.33,
        "r2": 0.9,
        "worst_region": "north",
        "worst_region_mae": 15.0,
    }


# %% wrong="uphill" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (y - p) / len(y) + l2 * w)
        b = b - lr * np.mean(y - p)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="sum_in_the_gradient" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) + l2 * w)
        b = b - lr * np.sum(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="sum_instead_of_mean" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.sum(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="forgets_the_learning_rate" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - (X.T @ (p - y) / len(y) + l2 * w)
        b = b - np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="intercept_stays_at_zero" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="loss_after_the_step" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
        safe = np.clip(sigmoid(X @ w + b), 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
    return {"w": w, "b": b, "losses": losses}


# %% wrong="one_number_after_the_other" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(sigmoid(X @ w + b) - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="squared_error_as_loss" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        losses.append(np.mean((p - y) ** 2) + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="log_of_zero" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="penalty_on_the_intercept" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * (np.mean(p - y) + l2 * b)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="ignores_the_penalty" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        losses.append(-np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe)))
        w = w - lr * X.T @ (p - y) / len(y)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="penalty_missing_in_the_loss" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        losses.append(-np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe)))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="classes_instead_of_probabilities" exercise="train_logistic"
def predict_proba(model, X):
    return (X @ model["w"] + model["b"] >= 0).astype(int)


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="forgets_b" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = predict_proba({"w": w, "b": b}, X)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="returns_nothing" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)


# %% right="softplus loss, intercept as a column" exercise="train_logistic"
def predict_proba(model, X):
    return 0.5 * (1 + np.tanh(0.5 * (np.asarray(X) @ model["w"] + model["b"])))


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    A = np.column_stack([X, np.ones(len(X))])
    v = np.zeros(A.shape[1])
    penalty = np.append(np.full(X.shape[1], l2), 0)
    losses = []
    for _ in range(epochs):
        z = A @ v
        loss = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * np.sum(penalty * v * v)
        losses.append(float(loss))
        v = v - lr * (A.T @ (sigmoid(z) - y) / len(A) + penalty * v)
    return {"w": v[:-1], "b": float(v[-1]), "losses": losses}


# %% right="log_expit, lists, b as an array" exercise="train_logistic"
from scipy.special import log_expit


def predict_proba(model, X):
    return np.exp(log_expit(np.dot(X, model["w"]) + np.squeeze(model["b"]))).tolist()


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = [0.0] * X.shape[1], np.array([0.0]), []
    for _ in range(epochs):
        z = X @ np.array(w) + b
        signed = np.where(y == 1, z, -z)
        losses.append(float(-log_expit(signed).mean() + l2 / 2 * np.square(w).sum()))
        error = sigmoid(z) - y
        slopes = [float(np.mean(error * X[:, j]) + l2 * w[j]) for j in range(X.shape[1])]
        w = [value - lr * slope for value, slope in zip(w, slopes)]
        b = b - lr * error.mean()
    return {"w": w, "b": b, "losses": losses}


# %% right="row by row, losses as an array" exercise="train_logistic"
def predict_proba(model, X):
    return np.array([float(sigmoid(np.dot(row, model["w"]) + model["b"])) for row in X])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    n, d = X.shape
    w, b, losses = np.zeros(d), np.zeros(1), np.zeros(epochs)
    for step in range(epochs):
        p = sigmoid(X.dot(w) + b)
        chance = np.where(y == 1, p, 1 - p)
        losses[step] = -np.log(np.maximum(chance, 1e-12)).sum() / n + l2 * (w @ w) / 2
        error = p - y
        slope_w = (X * error[:, None]).mean(axis=0) + l2 * w
        w, b = w - lr * slope_w, b - lr * error.mean()
    return {"b": b[0], "w": w, "losses": losses}


# %% hardcoded="the example" exercise="train_logistic"
def predict_proba(model, X):
    return np.full(len(X), 0.5)


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    return {"w": np.full(X.shape[1], 0.25), "b": 0.0, "losses": [np.log(2)] * epochs}


# %% wrong="depends_on_global_random_state" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="score_on_training_rows" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    forest = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a)
    return {
        "accuracy": forest.score(A, a),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, forest.predict(B)),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="counts_the_right_ones" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="prediction_before_truth" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(predicted, actual, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="prediction_before_truth_in_the_run" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(predicted, b),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="places_instead_of_digits" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted)
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), len(counts))


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="not_stratified" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="ignores_n_trees" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="ignores_the_model_seed" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=0).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="ignores_the_split_seed" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=42)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="population_deviation" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs)}


# %% wrong="spread_over_splits" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(seed, 0, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="larger_of_two_equal_pairs" exercise="digits_run"
def most_confused(actual, predicted):
    pairs = [(int(a), int(p)) for a, p in zip(actual, predicted) if a != p]
    return max(pairs, key=lambda pair: (pairs.count(pair), pair))


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": most_confused(b, predicted),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% right="pandas counts, a list instead of a tuple" exercise="digits_run"
def most_confused(actual, predicted):
    pairs = pd.DataFrame({"actual": actual, "predicted": predicted})
    errors = pairs[pairs["actual"] != pairs["predicted"]]
    counts = errors.groupby(["actual", "predicted"]).size()
    return [int(digit) for digit in counts.idxmax()]


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    rows = np.arange(len(y))
    train, test = train_test_split(rows, test_size=0.2, stratify=y, random_state=split_seed)
    forest = RandomForestClassifier(n_estimators=n_trees, random_state=model_seed)
    forest.fit(X[train], y[train])
    return {
        "accuracy": forest.score(X[test], y[test]),
        "n_train": train.size,
        "n_test": test.size,
        "most_confused": most_confused(y[test], forest.predict(X[test])),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = pd.Series(
        [digits_run(model_seed=s, n_trees=n_trees)["accuracy"] for s in range(n_seeds)]
    )
    return {"mean": runs.mean(), "std": runs.std()}


# %% right="a counter and the statistics module" exercise="digits_run"
from collections import Counter
from statistics import mean, stdev


def most_confused(actual, predicted):
    counts = Counter((int(a), int(p)) for a, p in zip(actual, predicted) if a != p)
    return min(counts, key=lambda pair: (-counts[pair], pair))


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, stratify=y, test_size=0.2, random_state=split_seed)
    forest = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a)
    read = forest.predict(B)
    right = sum(int(r) == int(t) for r, t in zip(read, b))
    return dict(
        accuracy=right / len(b), n_train=len(A), n_test=len(B), most_confused=most_confused(b, read)
    )


def seed_spread(n_seeds=5, n_trees=100):
    runs = [float(digits_run(42, s, n_trees)["accuracy"]) for s in range(n_seeds)]
    return {"mean": mean(runs), "std": stdev(runs)}


# %% hardcoded="the example" exercise="digits_run"
def most_confused(actual, predicted):
    return (8, 3)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    return {"accuracy": 0.92, "n_train": 1437, "n_test": 360, "most_confused": (8, 3)}


def seed_spread(n_seeds=5, n_trees=100):
    return {"mean": 0.92, "std": 0.005}


# %% wrong="training_score" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, train, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    return pd.DataFrame({"n": n, "mean": train.mean(axis=1), "sd": train.std(axis=1, ddof=1)})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% wrong="population_deviation" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": held_out.std(axis=1)})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% wrong="standard_error_instead" exercise="learning_points"
from scipy.stats import sem


def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": sem(held_out, axis=1)})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% wrong="ignores_cv" exercise="learning_points"
from sklearn.model_selection import KFold


def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=KFold(3))
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% wrong="straight_line_in_n" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    return float(np.interp(target, mean[k - 1 : k + 1], n[k - 1 : k + 1]))


# %% wrong="takes_a_measured_size" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    good = curve[curve["mean"] >= target]
    return None if good.empty else float(good["n"].iloc[0])


# %% wrong="forgets_to_leave_the_logarithm" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    return float(np.interp(target, mean[k - 1 : k + 1], np.log(n[k - 1 : k + 1])))


# %% wrong="sorts_or_takes_the_last_crossing" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    if target > curve["mean"].max():
        return None
    table = curve.sort_values("mean")
    return float(np.exp(np.interp(target, table["mean"], np.log(table["n"]))))


# %% wrong="promises_beyond_the_curve" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    k = reached[0] if len(reached) else len(n) - 1
    if k == 0:
        return float(n[0])
    part = min(1, (target - mean[k - 1]) / (mean[k] - mean[k - 1]))
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% right="a loop over the folds, np.interp on the logarithm" exercise="learning_points"
from sklearn.base import clone


def learning_points(estimator, X, y, sizes, cv):
    X, y, rows = np.asarray(X), np.asarray(y), []
    for size in sizes:
        scores = []
        for train, test in cv.split(X, y):
            first = train[:size]
            scores.append(clone(estimator).fit(X[first], y[first]).score(X[test], y[test]))
        rows.append((size, float(np.mean(scores)), float(np.std(scores, ddof=1))))
    return pd.DataFrame(rows, columns=["n", "mean", "sd"])


def labels_needed(curve, target):
    n, mean = list(curve["n"]), list(curve["mean"])
    if mean[0] >= target:
        return n[0]
    for k in range(1, len(n)):
        if mean[k] >= target:
            ends = [mean[k - 1], mean[k]], [np.log(n[k - 1]), np.log(n[k])]
            return np.exp(np.interp(target, *ends))
    return None


# %% wrong="rounds_the_result" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return round(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% right="scoring by name, aggregated by pandas" exercise="learning_points"
import math


def learning_points(estimator, X, y, sizes, cv):
    result = learning_curve(estimator, X, y, train_sizes=np.array(sizes), cv=cv, scoring="accuracy")
    held_out = pd.DataFrame(result[2].T, columns=result[0])
    table = held_out.agg(["mean", "std"]).T.rename(columns={"std": "sd"})
    return table.rename_axis("n").reset_index()


def labels_needed(curve, target):
    before = None
    for row in curve.itertuples():
        if row.mean >= target:
            if before is None:
                return float(row.n)
            slope = math.log(row.n / before.n) / (row.mean - before.mean)
            return math.exp(math.log(before.n) + (target - before.mean) * slope)
        before = row
    return None


# %% hardcoded="the example" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    return pd.DataFrame({"n": sizes, "mean": 0.8, "sd": 0.01})


def labels_needed(curve, target):
    return 200.0


# %% wrong="smaller_of_the_two_limits" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > min(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.skew().abs().max(),
    }


# %% wrong="fills_gaps_before_the_skewness" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.fillna(0).skew().abs().max(),
    }


# %% wrong="drops_rows_with_a_gap_elsewhere" exercise="profile"
def profile(X, y):
    numeric = X.select_dtypes("number")
    if y is None:
        task = "clustering"
    elif not pd.api.types.is_numeric_dtype(y):
        task = "classification"
    else:
        many = y.nunique() > max(20, np.sqrt(len(y)))
        task = "regression" if (y % 1 != 0).any() or many else "classification"
    return {
        "task": task,
        "n": len(X),
        "d": X.shape[1],
        "n_numeric": numeric.shape[1],
        "n_categorical": X.shape[1] - numeric.shape[1],
        "share_missing": X.isna().to_numpy().mean(),
        "imbalance": y.value_counts(normalize=True).min() if task == "classification" else None,
        "max_abs_skew": numeric.dropna(axis=1, how="all").dropna().skew().abs().max(),
    }


# %% wrong="rounded_numbers" exercise="fit_price"
def fit_price(df):
    model = LinearRegression().fit(design(df), df["price_keur"])
    numbers = np.round([model.intercept_, *model.coef_], 3)
    return dict(zip(["intercept", *design(df).columns], numbers))


def predict_price(coef, df):
    A = design(df)
    return coef["intercept"] + sum(coef[name] * A[name] for name in A.columns)


# %% wrong="half_of_the_penalty" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 / 2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="penalty_divided_by_n" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 / 2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) + l2 * w) / len(y)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="another_share_of_the_penalty_in_the_loss" exercise="train_logistic"
def predict_proba(model, X):
    return sigmoid(X @ model["w"] + model["b"])


def train_logistic(X, y, lr=0.5, epochs=300, l2=0.0):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(X @ w + b)
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        losses.append(loss + l2 * np.sum(w**2))
        w = w - lr * (X.T @ (p - y) / len(y) + l2 * w)
        b = b - lr * np.mean(p - y)
    return {"w": w, "b": b, "losses": losses}


# %% wrong="the_same_pair_in_every_run" exercise="digits_run"
def most_confused(actual, predicted):
    counts = confusion_matrix(actual, predicted, labels=range(10))
    np.fill_diagonal(counts, 0)
    return divmod(int(counts.argmax()), 10)


def digits_run(split_seed=42, model_seed=0, n_trees=100):
    X, y = load_digits(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=0.2, stratify=y, random_state=split_seed)
    predicted = RandomForestClassifier(n_trees, random_state=model_seed).fit(A, a).predict(B)
    return {
        "accuracy": np.mean(predicted == b),
        "n_train": len(a),
        "n_test": len(b),
        "most_confused": (8, 1),
    }


def seed_spread(n_seeds=5, n_trees=100):
    runs = [digits_run(42, seed, n_trees)["accuracy"] for seed in range(n_seeds)]
    return {"mean": np.mean(runs), "std": np.std(runs, ddof=1)}


# %% wrong="other_rows_than_the_first" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv, shuffle=True)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% wrong="looks_at_the_last_size_only" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    reached = np.flatnonzero(mean >= target)
    if mean[-1] < target:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)


# %% wrong="fills_the_dip" exercise="learning_points"
def learning_points(estimator, X, y, sizes, cv):
    n, _, held_out = learning_curve(estimator, X, y, train_sizes=sizes, cv=cv)
    spread = held_out.std(axis=1, ddof=1)
    return pd.DataFrame({"n": n, "mean": held_out.mean(axis=1), "sd": spread})


def labels_needed(curve, target):
    n, mean = curve["n"].to_numpy(float), curve["mean"].to_numpy(float)
    mean = np.maximum.accumulate(mean)
    reached = np.flatnonzero(mean >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return float(n[0])
    part = (target - mean[k - 1]) / (mean[k] - mean[k - 1])
    return float(n[k - 1] * (n[k] / n[k - 1]) ** part)
