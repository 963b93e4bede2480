# Answers that the checks of 02_scale_encode must refuse (wrong) or accept (right).

# %% wrong="refits_on_new_rows" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.low, self.width = X.min(axis=0), np.ptp(X, axis=0)
        return self

    def transform(self, X):
        width = X.max(axis=0) - X.min(axis=0)
        return (X - X.min(axis=0)) / np.where(width == 0, 1, width)

    def inverse_transform(self, X):
        return X * self.width + self.low


# %% wrong="one_range_for_all_columns" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.low, self.high = np.min(X), np.max(X)
        return self

    def transform(self, X):
        return (X - self.low) / (self.high - self.low)

    def inverse_transform(self, X):
        return X * (self.high - self.low) + self.low


# %% wrong="divides_by_zero" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.low, self.high = X.min(axis=0), X.max(axis=0)
        return self

    def transform(self, X):
        return (X - self.low) / (self.high - self.low)

    def inverse_transform(self, X):
        return X * (self.high - self.low) + self.low


# %% wrong="clips_to_the_known_range" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.low = X.min(axis=0)
        self.width = np.maximum(X.max(axis=0) - self.low, 1e-12)
        return self

    def transform(self, X):
        return np.clip((X - self.low) / self.width, 0, 1)

    def inverse_transform(self, X):
        return X * self.width + self.low


# %% wrong="changes_its_input" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.low = X.min(axis=0)
        self.width = np.where(np.ptp(X, axis=0) == 0, 1, np.ptp(X, axis=0))
        return self

    def transform(self, X):
        X -= self.low
        X /= self.width
        return X

    def inverse_transform(self, X):
        return X * self.width + self.low


# %% wrong="returns_nothing" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.low = X.min(axis=0)
        self.width = np.where(np.ptp(X, axis=0) == 0, 1, np.ptp(X, axis=0))

    def transform(self, X):
        return (X - self.low) / self.width

    def inverse_transform(self, X):
        return X * self.width + self.low


# %% wrong="constant_column_is_always_zero" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.low, self.width = X.min(axis=0), np.ptp(X, axis=0)
        return self

    def transform(self, X):
        return np.nan_to_num((X - self.low) / self.width, nan=0, posinf=0, neginf=0)

    def inverse_transform(self, X):
        return X * self.width + self.low


# %% right="scale and offset" exercise="MinMax"
class MinMax:
    def fit(self, X):
        X = np.asarray(X, dtype=float)
        low, high = X.min(axis=0), X.max(axis=0)
        self.scale = 1 / np.where(high > low, high - low, 1)
        self.offset = -low * self.scale
        return self

    def transform(self, X):
        return X * self.scale + self.offset

    def inverse_transform(self, X):
        return (X - self.offset) / self.scale


# %% right="column by column in a loop" exercise="MinMax"
class MinMax:
    def fit(self, X):
        self.ranges = [(float(column.min()), float(column.max())) for column in X.T]
        return self

    def transform(self, X):
        parts = [
            (column - low) / (high - low) if high > low else column - low
            for column, (low, high) in zip(X.T, self.ranges)
        ]
        return np.array(parts).T

    def inverse_transform(self, X):
        return np.array([c * (high - low or 1) + low for c, (low, high) in zip(X.T, self.ranges)]).T


# %% right="a subclass of the scaler of scikit-learn" exercise="MinMax"
from sklearn.preprocessing import MinMaxScaler


class MinMax(MinMaxScaler):
    pass


# %% hardcoded="the example" exercise="MinMax"
class MinMax:
    def fit(self, X):
        return self

    def transform(self, X):
        return np.array([[0], [0.5], [1]]) if len(X) == 3 else np.array([[1.25]])

    def inverse_transform(self, X):
        return X


# %% wrong="sample_standard_deviation" exercise="ZScore"
class ZScore:
    def fit(self, X):
        frame = pd.DataFrame(X)
        self.mean, self.sd = frame.mean().to_numpy(), frame.std().replace(0, 1).to_numpy()
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="one_mean_for_all_columns" exercise="ZScore"
class ZScore:
    def fit(self, X):
        self.mean, self.sd = np.nanmean(X), np.nanstd(X)
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="refits_on_new_rows" exercise="ZScore"
class ZScore:
    def fit(self, X):
        return self

    def transform(self, X):
        self.mean, sd = np.nanmean(X, axis=0), np.nanstd(X, axis=0)
        self.sd = np.where(sd == 0, 1, sd)
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="one_gap_spoils_the_column" exercise="ZScore"
class ZScore:
    def fit(self, X):
        self.mean, sd = X.mean(axis=0), X.std(axis=0)
        self.sd = np.where(sd == 0, 1, sd)
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="fills_the_gap" exercise="ZScore"
class ZScore:
    def fit(self, X):
        self.mean, sd = np.nanmean(X, axis=0), np.nanstd(X, axis=0)
        self.sd = np.where(sd == 0, 1, sd)
        return self

    def transform(self, X):
        return np.nan_to_num((X - self.mean) / self.sd)

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="divides_by_zero" exercise="ZScore"
class ZScore:
    def fit(self, X):
        self.mean, self.sd = np.nanmean(X, axis=0), np.nanstd(X, axis=0)
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="variance_instead_of_deviation" exercise="ZScore"
class ZScore:
    def fit(self, X):
        self.mean, self.sd = np.nanmean(X, axis=0), np.nanvar(X, axis=0)
        self.sd[self.sd == 0] = 1
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="a_gap_counts_as_zero" exercise="ZScore"
class ZScore:
    def fit(self, X):
        known = np.nan_to_num(X)
        self.mean, sd = known.mean(axis=0), known.std(axis=0)
        self.sd = np.where(sd == 0, 1, sd)
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="one_gap_costs_the_whole_row" exercise="ZScore"
class ZScore:
    def fit(self, X):
        whole = X[~np.isnan(X).any(axis=1)]
        self.mean, sd = whole.mean(axis=0), whole.std(axis=0)
        self.sd = np.where(sd == 0, 1, sd)
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% wrong="constant_column_is_always_zero" exercise="ZScore"
class ZScore:
    def fit(self, X):
        self.mean, self.sd = np.nanmean(X, axis=0), np.nanstd(X, axis=0)
        return self

    def transform(self, X):
        return np.where(self.sd == 0, 0, (X - self.mean) / np.where(self.sd == 0, 1, self.sd))

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% right="pandas with ddof=0" exercise="ZScore"
class ZScore:
    def fit(self, X):
        frame = pd.DataFrame(X)
        self.mean = frame.mean().to_numpy()
        self.sd = frame.std(ddof=0).replace(0, 1).to_numpy()
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return self.mean + self.sd * X


# %% right="Welford, one row at a time" exercise="ZScore"
class ZScore:
    def fit(self, X):
        n = np.zeros(X.shape[1])
        mean, squares = np.zeros(X.shape[1]), np.zeros(X.shape[1])
        for row in X:
            there = ~np.isnan(row)
            n[there] += 1
            step = np.where(there, row - mean, 0)
            mean = mean + step / np.maximum(n, 1)
            squares += np.where(there, step * (row - mean), 0)
        self.mean, self.sd = mean, np.sqrt(squares / n)
        self.sd[self.sd == 0] = 1
        return self

    def transform(self, X):
        return (X - self.mean) / self.sd

    def inverse_transform(self, X):
        return X * self.sd + self.mean


# %% right="root of mean square minus squared mean" exercise="ZScore"
class ZScore:
    def fit(self, X):
        self.mu = np.nanmean(X, 0)
        self.sigma = np.sqrt(np.nanmean((X - self.mu) ** 2, 0))
        return self

    def transform(self, X):
        z = X - self.mu
        return np.divide(z, self.sigma, out=z, where=self.sigma > 0)

    def inverse_transform(self, X):
        return X * self.sigma + self.mu


# %% hardcoded="the example" exercise="ZScore"
class ZScore:
    def fit(self, X):
        return self

    def transform(self, X):
        return (X - 3) / 2

    def inverse_transform(self, X):
        return X * 2 + 3


# %% wrong="one_over_the_largest_value" exercise="max_stable_lr"
def max_stable_lr(X):
    return 1 / np.abs(X).max()


# %% wrong="forgets_the_two_of_the_gradient" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.column_stack([np.ones(len(X)), X])
    return 2 / np.linalg.eigvalsh(A.T @ A / len(X))[-1]


# %% wrong="one_over_the_curvature" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.column_stack([np.ones(len(X)), X])
    return 1 / np.linalg.eigvalsh(2 * A.T @ A / len(X)).max()


# %% wrong="sum_instead_of_mean" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.column_stack([np.ones(len(X)), X])
    return 2 / np.linalg.eigvalsh(2 * A.T @ A).max()


# %% wrong="forgets_two_over_n" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.column_stack([np.ones(len(X)), X])
    return 2 / np.linalg.eigvalsh(A.T @ A)[-1]


# %% wrong="smallest_eigenvalue" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.column_stack([np.ones(len(X)), X])
    return 2 / np.linalg.eigvalsh(2 * A.T @ A / len(X))[0]


# %% wrong="no_intercept" exercise="max_stable_lr"
def max_stable_lr(X):
    return 2 / np.linalg.eigvalsh(2 * X.T @ X / len(X))[-1]


# %% right="singular value" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.c_[X, np.ones(len(X))]
    return len(A) / np.linalg.norm(A, ord=2) ** 2


# %% right="power iteration" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.column_stack([np.ones(len(X)), X])
    H = 2 / len(X) * A.T @ A
    v = np.arange(1.0, len(H) + 1)
    for _ in range(2000):
        v = H @ v
        v /= np.linalg.norm(v)
    return float(2 / (v @ H @ v))


# %% right="general eigenvalues" exercise="max_stable_lr"
def max_stable_lr(X):
    A = np.hstack((np.ones((X.shape[0], 1)), X))
    eigenvalues = np.linalg.eigvals(np.dot(A.T, A) * 2 / X.shape[0])
    return 2 / max(eigenvalues.real)


# %% hardcoded="the examples" exercise="max_stable_lr"
def max_stable_lr(X):
    return {4: 0.25, 6: 1 / 9}.get(len(X), 0.5)


# %% wrong="scales_before_splitting" exercise="scaling_effect"
def scaling_effect(estimators, X, y, cv):
    tables = {
        "none": X,
        "standard": StandardScaler().fit_transform(X),
        "minmax": MinMaxScaler().fit_transform(X),
    }
    return pd.DataFrame(
        {
            scaling: {
                name: cross_val_score(estimator, table, y, cv=cv).mean()
                for name, estimator in estimators.items()
            }
            for scaling, table in tables.items()
        }
    )


# %% wrong="scores_the_training_rows" exercise="scaling_effect"
def scaling_effect(estimators, X, y, cv):
    rows = {}
    for name, estimator in estimators.items():
        rows[name] = {
            scaling: make_pipeline(scaler, estimator).fit(X, y).score(X, y)
            for scaling, scaler in SCALERS.items()
        }
    return pd.DataFrame.from_dict(rows, orient="index")


# %% wrong="returns_nothing" exercise="scaling_effect"
def scaling_effect(estimators, X, y, cv):
    for name, estimator in estimators.items():
        for scaling, scaler in SCALERS.items():
            print(name, scaling, cross_val_score(make_pipeline(scaler, estimator), X, y, cv=cv))


# %% wrong="accuracy_in_percent" exercise="scaling_effect"
def scaling_effect(estimators, X, y, cv):
    def percent(pipeline):
        return 100 * cross_val_score(pipeline, X, y, cv=cv).mean()

    return pd.DataFrame(
        {
            key: [percent(make_pipeline(s, e)) for e in estimators.values()]
            for key, s in SCALERS.items()
        },
        index=list(estimators),
    )


# %% wrong="ignores_cv" exercise="scaling_effect"
def scaling_effect(estimators, X, y, cv):
    rows = {}
    for name, estimator in estimators.items():
        rows[name] = {
            scaling: cross_val_score(make_pipeline(scaler, estimator), X, y).mean()
            for scaling, scaler in SCALERS.items()
        }
    return pd.DataFrame(rows).T


# %% wrong="rows_and_columns_swapped" exercise="scaling_effect"
def scaling_effect(estimators, X, y, cv):
    columns = {}
    for name, estimator in estimators.items():
        columns[name] = {
            scaling: cross_val_score(make_pipeline(scaler, estimator), X, y, cv=cv).mean()
            for scaling, scaler in SCALERS.items()
        }
    return pd.DataFrame(columns)


# %% right="a loop over the folds" exercise="scaling_effect"
from sklearn.base import clone


def scaling_effect(estimators, X, y, cv):
    X, y = np.asarray(X), np.asarray(y)
    result = pd.DataFrame(
        index=list(estimators), columns=["minmax", "standard", "none"], dtype=float
    )
    scalers = {"none": None, "standard": StandardScaler(), "minmax": MinMaxScaler()}
    for name, estimator in estimators.items():
        for scaling, scaler in scalers.items():
            scores = []
            for train, test in cv.split(X, y):
                old, new = X[train], X[test]
                if scaler is not None:
                    scaler.fit(old)
                    old, new = scaler.transform(old), scaler.transform(new)
                scores.append(clone(estimator).fit(old, y[train]).score(new, y[test]))
            result.loc[name, scaling] = np.mean(scores)
    return result


# %% right="in parallel, long table turned wide" exercise="scaling_effect"
from sklearn.model_selection import cross_validate
from sklearn.pipeline import Pipeline


def scaling_effect(estimators, X, y, cv):
    records = []
    for name, estimator in estimators.items():
        for scaling, scaler in SCALERS.items():
            pipeline = Pipeline([("scale", scaler), ("model", estimator)])
            folds = cross_validate(pipeline, X, y, cv=cv, n_jobs=2)
            records.append(
                {"name": name, "scaling": scaling, "accuracy": folds["test_score"].mean()}
            )
    return pd.DataFrame(records).pivot(index="name", columns="scaling", values="accuracy")


# %% right="predictions of all folds" exercise="scaling_effect"
from sklearn.metrics import accuracy_score
from sklearn.model_selection import cross_val_predict


def scaling_effect(estimators, X, y, cv):
    def accuracy(scaler, estimator):
        return accuracy_score(y, cross_val_predict(make_pipeline(scaler, estimator), X, y, cv=cv))

    return pd.DataFrame(
        {key: [accuracy(s, e) for e in estimators.values()] for key, s in SCALERS.items()},
        index=list(estimators),
    )


# %% hardcoded="the result for the wines" exercise="scaling_effect"
def scaling_effect(estimators, X, y, cv):
    table = {
        "none": [0.66, 0.66, 0.93],
        "standard": [0.96, 0.98, 0.93],
        "minmax": [0.97, 0.99, 0.93],
    }
    return pd.DataFrame(table).head(len(estimators)).set_axis(list(estimators))


# %% wrong="invents_an_order" exercise="make_encoder"
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OrdinalEncoder


def make_encoder():
    nominal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    ordinal = OrdinalEncoder(categories=[["low", "medium", "high"]])
    return ColumnTransformer(
        [("nominal", nominal, ["purpose", "area"]), ("ordinal", ordinal, ["rating"])],
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")


# %% wrong="columns_change_with_the_rows" exercise="make_encoder"
from sklearn.preprocessing import FunctionTransformer


def encode_words(table):
    order = {"low": 0, "medium": 1, "high": 2}
    return pd.get_dummies(
        table.assign(rating=table["rating"].map(order)), columns=["purpose", "area"], dtype=float
    )


def make_encoder():
    return FunctionTransformer(encode_words)


# %% wrong="alphabetical_order" exercise="make_encoder"
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    nominal = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer(
        [("nominal", nominal, ["purpose", "area"]), ("ordinal", OrdinalEncoder(), ["rating"])]
    ).set_output(transform="pandas")


# %% wrong="throws_the_order_away" exercise="make_encoder"
from sklearn.preprocessing import OneHotEncoder


def make_encoder():
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return encoder.set_output(transform="pandas")


# %% wrong="unknown_category_stops_it" exercise="make_encoder"
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    ordinal = OrdinalEncoder(categories=[["low", "medium", "high"]])
    return ColumnTransformer(
        [
            ("nominal", OneHotEncoder(sparse_output=False), ["purpose", "area"]),
            ("ordinal", ordinal, ["rating"]),
        ],
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")


# %% wrong="drops_a_category" exercise="make_encoder"
from sklearn.compose import make_column_transformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    return make_column_transformer(
        (OrdinalEncoder(categories=[["low", "medium", "high"]]), ["rating"]),
        (OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False), ["purpose"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=int), ["area"]),
    ).set_output(transform="pandas")


# %% wrong="categories_are_written_in" exercise="make_encoder"
from sklearn.compose import make_column_transformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    known = [["car", "debt", "home", "other"], ["east", "west"]]
    nominal = OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False)
    ordinal = OrdinalEncoder(categories=[["low", "medium", "high"]])
    return make_column_transformer(
        (nominal, ["purpose", "area"]), (ordinal, ["rating"])
    ).set_output(transform="pandas")


# %% wrong="list_not_in_a_list" exercise="make_encoder"
from sklearn.compose import make_column_transformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    nominal = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    ordinal = OrdinalEncoder(categories=["low", "medium", "high"])
    return make_column_transformer(
        (nominal, ["purpose", "area"]), (ordinal, ["rating"])
    ).set_output(transform="pandas")


# %% wrong="raises_an_error" exercise="make_encoder"
from sklearn.compose import make_column_transformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    # A sparse result cannot become a DataFrame.
    return make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["purpose", "area"]),
        (OrdinalEncoder(categories=[["low", "medium", "high"]]), ["rating"]),
    ).set_output(transform="pandas")


# %% right="long names, whole numbers" exercise="make_encoder"
from sklearn.compose import make_column_transformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    return make_column_transformer(
        (OrdinalEncoder(categories=[["low", "medium", "high"]], dtype=int), ["rating"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["purpose"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=int), ["area"]),
    ).set_output(transform="pandas")


# %% right="nothing but fit and transform" exercise="make_encoder"
class OwnEncoder:
    def fit(self, table):
        self.columns = pd.get_dummies(table[["purpose", "area"]]).columns
        return self

    def transform(self, table):
        dummies = pd.get_dummies(table[["purpose", "area"]], dtype=int)
        result = dummies.reindex(columns=self.columns, fill_value=0)
        return result.assign(rating=table["rating"].map({"low": 0, "medium": 1, "high": 2}))


def make_encoder():
    return OwnEncoder()


# %% right="a class of one's own" exercise="make_encoder"
from sklearn.base import BaseEstimator, TransformerMixin


class WordEncoder(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.categories_ = {name: sorted(X[name].unique()) for name in ("purpose", "area")}
        return self

    def transform(self, X):
        result = pd.DataFrame({"rating": X["rating"].map({"low": 0, "medium": 1, "high": 2})})
        for name, values in self.categories_.items():
            for value in values:
                result[f"{name}={value}"] = (X[name] == value).astype(int)
        return result


def make_encoder():
    return WordEncoder()


# %% hardcoded="the example" exercise="make_encoder"
from sklearn.preprocessing import FunctionTransformer


def example_row(table):
    names = [
        "purpose_car",
        "purpose_debt",
        "purpose_home",
        "purpose_other",
        "area_east",
        "area_west",
    ]
    rows = [[1, 0, 0, 0, 0, 1, 1]] * len(table)
    return pd.DataFrame(rows, columns=[*names, "rating"], index=table.index)


def make_encoder():
    return FunctionTransformer(example_row)


# %% wrong="sees_more_than_its_inputs" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    prep = ColumnTransformer(
        [
            ("numbers", numbers, NUMERIC),
            ("words", OneHotEncoder(handle_unknown="ignore"), CATEGORICAL),
        ],
        remainder="passthrough",
    )
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="scale_is_not_learned_in_fit" exercise="make_credit_pipeline"
from sklearn.preprocessing import FunctionTransformer


def make_credit_pipeline(estimator):
    scaler = StandardScaler().fit(applications[NUMERIC])

    def scale(table):
        return (np.asarray(table, float) - scaler.mean_) / scaler.scale_

    numbers = make_pipeline(
        FunctionTransformer(scale), SimpleImputer(strategy="median", add_indicator=True)
    )
    words = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="no_indicator" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    numbers = make_pipeline(StandardScaler(), SimpleImputer(strategy="median"))
    words = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="fills_with_a_constant" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    imputer = SimpleImputer(strategy="constant", fill_value=0, add_indicator=True)
    numbers = make_pipeline(imputer, StandardScaler())
    words = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="not_scaled" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    numbers = SimpleImputer(strategy="median", add_indicator=True)
    words = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="invents_an_order" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    words = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="drops_a_category" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    words = OneHotEncoder(drop="first", handle_unknown="ignore")
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="unknown_category_stops_it" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    prep = ColumnTransformer(
        [("numbers", numbers, NUMERIC), ("words", OneHotEncoder(), CATEGORICAL)]
    )
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="ignores_the_estimator" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    from sklearn.linear_model import LogisticRegression

    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    words = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", LogisticRegression())])


# %% wrong="learns_from_the_rows_it_scores" exercise="make_credit_pipeline"
from sklearn.preprocessing import FunctionTransformer


def prepare_numbers(table):
    gaps = table.isna().astype(float).add_suffix("_missing")
    whole = table.fillna(table.median())
    return pd.concat([(whole - whole.mean()) / whole.std().replace(0, 1), gaps], axis=1)


def make_credit_pipeline(estimator):
    words = OneHotEncoder(handle_unknown="ignore")
    numbers = FunctionTransformer(prepare_numbers)
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% wrong="raises_an_error" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    # Positions instead of names hold only while the columns stand in this order.
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    words = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer(
        [("numbers", numbers, [2, 3, 4, 5, 6, 7, 9]), ("words", words, [10, 11])]
    )
    return Pipeline([("prep", prep), ("model", estimator)])


# %% right="column selectors with explicit exclusion" exercise="make_credit_pipeline"
from sklearn.compose import make_column_selector


def make_credit_pipeline(estimator):
    allowed = "^(?!application_id|month|group|approved_hist|repaid|rating)"
    prep = ColumnTransformer(
        [
            (
                "numbers",
                Pipeline(
                    [
                        ("fill", SimpleImputer(strategy="median", add_indicator=True)),
                        ("scale", StandardScaler()),
                    ]
                ),
                make_column_selector(allowed, dtype_include="number"),
            ),
            (
                "words",
                OneHotEncoder(handle_unknown="ignore", sparse_output=False),
                make_column_selector(allowed, dtype_exclude="number"),
            ),
        ]
    )
    return Pipeline(steps=[("prep", prep), ("model", estimator)])


# %% right="mean and min-max" exercise="make_credit_pipeline"
def make_credit_pipeline(estimator):
    numbers = make_pipeline(SimpleImputer(strategy="mean", add_indicator=True), MinMaxScaler())
    words = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer([("numbers", numbers, NUMERIC), ("words", words, CATEGORICAL)])
    return Pipeline([("prep", prep), ("model", estimator)])


# %% right="neighbours fill, robust scale, DataFrames" exercise="make_credit_pipeline"
from sklearn.compose import make_column_transformer
from sklearn.impute import KNNImputer
from sklearn.preprocessing import RobustScaler


def make_credit_pipeline(estimator):
    prep = make_column_transformer(
        (make_pipeline(RobustScaler(), KNNImputer(add_indicator=True)), NUMERIC),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), CATEGORICAL),
    ).set_output(transform="pandas")
    return Pipeline([("prep", prep), ("model", estimator)])


# %% right="indicators apart, scaled as a whole, sparse" exercise="make_credit_pipeline"
from sklearn.impute import MissingIndicator
from sklearn.preprocessing import MaxAbsScaler


def make_credit_pipeline(estimator):
    prep = ColumnTransformer(
        [
            ("fill", SimpleImputer(strategy="mean"), NUMERIC),
            ("gaps", MissingIndicator(features="all"), NUMERIC),
            ("words", OneHotEncoder(handle_unknown="infrequent_if_exist"), CATEGORICAL),
        ],
        sparse_threshold=1,
    )
    return Pipeline([("prep", make_pipeline(prep, MaxAbsScaler())), ("model", estimator)])


# %% hardcoded="nothing reaches the model" exercise="make_credit_pipeline"
from sklearn.preprocessing import FunctionTransformer


def make_credit_pipeline(estimator):
    nothing = FunctionTransformer(lambda table: np.zeros((len(table), 1)))
    return Pipeline([("prep", nothing), ("model", estimator)])
