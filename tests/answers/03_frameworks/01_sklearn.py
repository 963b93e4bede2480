# Answers that the checks of 01_sklearn must refuse (wrong) or accept (right).

# %% wrong="folds_are_not_shuffled" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    return model.fit(X, y), cross_val_score(model, X, y, cv=5).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="scores_the_training_rows" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C)).fit(X, y)
    return model, model.score(X, y)


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="scales_before_splitting" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    scaled = StandardScaler().fit_transform(X)
    score = cross_val_score(SVC(kernel=kernel, C=C), scaled, y, cv=folds).mean()
    return make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C)).fit(X, y), score


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="does_not_scale" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = Pipeline([("svm", SVC(kernel=kernel, C=C))])
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="ignores_the_seed" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="divides_by_the_number_of_classes" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return np.mean(model[-1].n_support_ / len(X))


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="counts_instead_of_share" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return int(model[-1].n_support_.sum())


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="returns_a_position" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return np.argsort(model.decision_function([row])[0])[-2]


# %% wrong="returns_the_winner" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.predict([row])[0]


# %% wrong="returns_the_last" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    values = model.decision_function([row])[0]
    return model.classes_[values.argmin()]


# %% right="a loop over the folds, named steps" exercise="fit_svm"
from sklearn.base import clone


def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = Pipeline([("scale", StandardScaler()), ("svm", SVC(C=C, kernel=kernel))])
    right = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(X, y):
        fold_model = clone(model).fit(X[train], y[train])
        right.append(np.mean(fold_model.predict(X[test]) == y[test]))
    model.fit(X, y)
    return model, np.mean(right)


def support_share(model, X):
    return float(model[-1].n_support_.sum() / X.shape[0])


def runner_up(model, row):
    values = model.decision_function(np.array([row])).ravel()
    values[values.argmax()] = -np.inf
    return (
        str(model.classes_[values.argmax()])
        if values.dtype == object
        else model.classes_[values.argmax()]
    )


# %% right="cross_validate, support vectors counted, sorted pairs, a list" exercise="fit_svm"
from sklearn.model_selection import cross_validate


def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C, decision_function_shape="ovr"))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    result = cross_validate(model, X, y, cv=folds, scoring="accuracy")
    model.fit(X, y)
    return [model, result["test_score"].mean()]


def support_share(model, X):
    return np.float64(model[-1].support_vectors_.shape[0]) / X.shape[0]


def runner_up(model, row):
    pairs = zip(model.decision_function(row[None, :])[0], model.classes_)
    return sorted(pairs, key=lambda pair: -pair[0])[1][1]


# %% hardcoded="the example" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    return make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C)).fit(X, y), 0.953333


def support_share(model, X):
    return 0.34


def runner_up(model, row):
    return "versicolor"


# %% wrong="mean_of_the_class_means" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * means.mean(axis=0)


def nearest(X, classes, centroids):
    return classes[((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)]


# %% wrong="shrinks_the_wrong_way" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, shrink * means + (1 - shrink) * X.mean(axis=0)


def nearest(X, classes, centroids):
    return classes[((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)]


# %% wrong="shrinks_towards_zero" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    return classes, np.array([(1 - shrink) * X[y == label].mean(axis=0) for label in classes])


def nearest(X, classes, centroids):
    return classes[((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)]


# %% wrong="returns_positions" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * X.mean(axis=0)


def nearest(X, classes, centroids):
    return ((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)


# %% wrong="takes_the_farthest" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * X.mean(axis=0)


def nearest(X, classes, centroids):
    return classes[((X[:, None] - centroids) ** 2).sum(axis=2).argmax(axis=1)]


# %% wrong="adds_absolute_differences" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * X.mean(axis=0)


def nearest(X, classes, centroids):
    return classes[np.abs(X[:, None] - centroids).sum(axis=2).argmin(axis=1)]


# %% wrong="compares_the_dot_product" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * X.mean(axis=0)


def nearest(X, classes, centroids):
    return classes[(X @ centroids.T).argmax(axis=1)]


# %% right="pandas and SciPy" exercise="shrunken_centroids"
from scipy.spatial.distance import cdist


def shrunken_centroids(X, y, shrink=0.0):
    means = pd.DataFrame(X).groupby(y).mean().sort_index()
    centroids = means.to_numpy() + shrink * (X.mean(axis=0) - means.to_numpy())
    return means.index.to_numpy(), centroids


def nearest(X, classes, centroids):
    return np.take(classes, cdist(X, centroids).argmin(axis=1))


# %% right="plain loops and lists" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = sorted(set(y.tolist()))
    overall = [sum(column) / len(X) for column in X.T]
    centroids = []
    for label in classes:
        rows = [row for row, own in zip(X, y) if own == label]
        mean = [sum(values) / len(rows) for values in zip(*rows)]
        centroids.append([m + shrink * (o - m) for m, o in zip(mean, overall)])
    return np.array(classes), np.array(centroids)


def nearest(X, classes, centroids):
    labels = []
    for row in X:
        distances = [np.linalg.norm(row - centroid) for centroid in centroids]
        labels.append(classes[distances.index(min(distances))])
    return labels


# %% right="expanded squares" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes, codes = np.unique(y, return_inverse=True)
    one_hot = np.eye(len(classes))[codes]
    means = one_hot.T @ X / one_hot.sum(axis=0)[:, None]
    return classes, (1 - shrink) * means + shrink * np.mean(X, axis=0, keepdims=True)


def nearest(X, classes, centroids):
    scores = X @ centroids.T - (centroids**2).sum(axis=1) / 2
    return np.asarray(classes)[np.argmax(scores, axis=1)]


# %% hardcoded="the example" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    return np.array(["high", "low"]), np.array([[7.0], [2.5]])


def nearest(X, classes, centroids):
    return np.array(["low", "high"])


# %% wrong="works_in_init" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        if not 0 <= shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.classes_, self.centroids_ = shrunken_centroids(X, y, self.shrink)
        return self

    def predict(self, X):
        check_is_fitted(self)
        return nearest(validate_data(self, X, reset=False), self.classes_, self.centroids_)


# %% wrong="labels_are_positions" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.classes_, self.centroids_ = shrunken_centroids(X, y, self.shrink)
        return self

    def predict(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        return ((X[:, None] - self.centroids_) ** 2).sum(axis=2).argmin(axis=1)


# %% wrong="changes_its_parameter" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.shrink = 1 - self.shrink
        classes, means = shrunken_centroids(X, y, 0)
        self.classes_ = classes
        self.centroids_ = self.shrink * means + (1 - self.shrink) * X.mean(axis=0)
        return self

    def predict(self, X):
        check_is_fitted(self)
        return nearest(validate_data(self, X, reset=False), self.classes_, self.centroids_)


# %% wrong="returns_nothing" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.classes_, self.centroids_ = shrunken_centroids(X, y, self.shrink)

    def predict(self, X):
        check_is_fitted(self)
        return nearest(validate_data(self, X, reset=False), self.classes_, self.centroids_)


# %% wrong="ignores_shrink" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.classes_, self.centroids_ = shrunken_centroids(X, y)
        return self

    def predict(self, X):
        check_is_fitted(self)
        return nearest(validate_data(self, X, reset=False), self.classes_, self.centroids_)


# %% wrong="accepts_wrong_data" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = np.asarray(X), np.asarray(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.classes_, self.centroids_ = shrunken_centroids(X, y, self.shrink)
        return self

    def predict(self, X):
        check_is_fitted(self)
        return nearest(np.asarray(X), self.classes_, self.centroids_)


# %% right="the lines written again" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if self.shrink < 0 or self.shrink > 1:
            raise ValueError(f"bad shrink: {self.shrink}")
        self.classes_ = np.unique(y)
        overall = np.mean(X, axis=0)
        self.centroids_ = np.vstack(
            [
                np.mean(X[y == c], axis=0) * (1 - self.shrink) + overall * self.shrink
                for c in self.classes_
            ]
        )
        return self

    def predict(self, X):
        check_is_fitted(self, "centroids_")
        X = validate_data(self, X, reset=False)
        distances = np.linalg.norm(X[:, np.newaxis] - self.centroids_[np.newaxis], axis=-1)
        return np.take(self.classes_, np.argmin(distances, axis=1))


# %% right="a nearest neighbour among the centroids" exercise="ShrunkenCentroid"
from sklearn.neighbors import KNeighborsClassifier


class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink")
        self.classes_, codes = np.unique(y, return_inverse=True)
        one_hot = np.eye(len(self.classes_))[codes]
        means = (one_hot.T @ X) / one_hot.sum(axis=0)[:, None]
        self.centroids_ = means + self.shrink * (X.mean(axis=0) - means)
        self.neighbours_ = KNeighborsClassifier(1).fit(self.centroids_, self.classes_)
        return self

    def predict(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        return self.neighbours_.predict(X)


# %% hardcoded="the example" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, self.centroids_ = np.array(["high", "low"]), np.array([[7], [2.5]])
        return self

    def predict(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        return np.array(["low", "high"])


# %% wrong="folds_are_not_stratified" exercise="fit_svm"
from sklearn.model_selection import KFold


def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = KFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% hardcoded="the model is not fitted" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model, cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="classes_are_not_sorted" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = pd.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * X.mean(axis=0)


def nearest(X, classes, centroids):
    return classes[((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)]


# %% wrong="accepts_wrong_parameters" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, self.centroids_ = shrunken_centroids(X, y, self.shrink)
        return self

    def predict(self, X):
        check_is_fitted(self)
        return nearest(validate_data(self, X, reset=False), self.classes_, self.centroids_)


# %% hardcoded="turns the parameter into a float" exercise="ShrunkenCentroid"
class ShrunkenCentroid(ClassifierMixin, BaseEstimator):
    def __init__(self, shrink=0.0):
        self.shrink = float(shrink) if not isinstance(shrink, str) else shrink

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if not 0 <= self.shrink <= 1:
            raise ValueError("shrink must be from 0 to 1")
        self.classes_, self.centroids_ = shrunken_centroids(X, y, self.shrink)
        return self

    def predict(self, X):
        check_is_fitted(self)
        return nearest(validate_data(self, X, reset=False), self.classes_, self.centroids_)


# %% wrong="one_share_for_each_class" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return model[-1].n_support_ / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="returns_the_decision_value" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), cross_val_score(model, X, y, cv=folds).mean()


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return np.sort(model.decision_function([row])[0])[-2]


# %% wrong="mean_of_all_numbers" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * X.mean()


def nearest(X, classes, centroids):
    return classes[((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)]


# %% wrong="takes_the_last_of_equals" exercise="shrunken_centroids"
def shrunken_centroids(X, y, shrink=0.0):
    classes = np.unique(y)
    means = np.array([X[y == label].mean(axis=0) for label in classes])
    return classes, (1 - shrink) * means + shrink * X.mean(axis=0)


def nearest(X, classes, centroids):
    labels = []
    for row in X:
        smallest = np.inf
        for label, centroid in zip(classes, centroids):
            distance = ((row - centroid) ** 2).sum()
            if distance <= smallest:
                smallest, best = distance, label
        labels.append(best)
    return np.array(labels)


# %% wrong="counts_each_class_the_same" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    score = cross_val_score(model, X, y, cv=folds, scoring="balanced_accuracy").mean()
    return model.fit(X, y), score


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% wrong="pools_the_folds" exercise="fit_svm"
from sklearn.model_selection import cross_val_predict


def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return model.fit(X, y), np.mean(cross_val_predict(model, X, y, cv=folds) == y)


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% hardcoded="another score" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    model = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=C))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    score = cross_val_score(model, X, y, cv=folds, scoring="f1_weighted").mean()
    return model.fit(X, y), score


def support_share(model, X):
    return len(model[-1].support_) / len(X)


def runner_up(model, row):
    return model.classes_[np.argsort(model.decision_function([row])[0])[-2]]


# %% right="a grid with one cell, numbers turned into Python's own" exercise="fit_svm"
def fit_svm(X, y, kernel="rbf", C=1.0, seed=0):
    steps = Pipeline([("scale", StandardScaler()), ("classify", SVC())])
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    search = GridSearchCV(steps, {"classify__kernel": [kernel], "classify__C": [C]}, cv=folds)
    search.fit(X, y)
    return [search.best_estimator_, float(search.best_score_)]


def support_share(model, X):
    return float(model[-1].n_support_.sum() / X.shape[0])


def runner_up(model, row):
    values = dict(zip(model.classes_.tolist(), model.decision_function(row[None]).ravel()))
    del values[max(values, key=values.get)]
    return max(values, key=values.get)
