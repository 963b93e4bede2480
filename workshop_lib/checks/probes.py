"""A probe that shows what an answer trains on."""

import itertools

from sklearn.base import BaseEstimator, clone
from sklearn.utils.metaestimators import available_if

_LOG = {}
_NUMBERS = itertools.count()


def _inner_has(method):
    return available_if(lambda spy: hasattr(spy.inner, method))


class SpyEstimator(BaseEstimator):
    """An estimator or transformer that records the rows it was fitted on.

    Clones share the record of the spy that they were cloned from. Everything else is passed on to
    the inner estimator.

    Parameters
    ----------
    inner : estimator
        The estimator that does the work.
    number : int or None
        Number of the record; leave it out.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.dummy import DummyClassifier
    >>> spy = SpyEstimator(DummyClassifier())
    >>> rows = pd.DataFrame({"x": [1, 2, 3]}, index=[10, 11, 12])
    >>> _ = clone(spy).fit(rows.iloc[:2], [0, 1])
    >>> spy.fitted_rows
    [[10, 11]]
    """

    def __init__(self, inner, number=None):
        self.inner = inner
        self.number = next(_NUMBERS) if number is None else number
        _LOG.setdefault(self.number, [])

    @property
    def fitted_rows(self):
        """Row labels of every fit, in order; positions when the data had no index."""
        return [rows for rows, _ in _LOG[self.number]]

    @property
    def fitted_data(self):
        """The data of every fit, in order."""
        return [data for _, data in _LOG[self.number]]

    def fit(self, X, y=None, **params):
        """Record the rows, then fit a clone of the inner estimator."""
        # A list has an `index`, too, and a sparse matrix has no length.
        count = X.shape[0] if hasattr(X, "shape") else len(X)
        rows = list(X.index) if hasattr(X, "iloc") else list(range(count))
        _LOG[self.number].append((rows, X))
        self.inner_ = clone(self.inner).fit(X, y, **params)
        if hasattr(self.inner_, "classes_"):
            self.classes_ = self.inner_.classes_
        return self

    def __sklearn_tags__(self):
        """Take the tags (classifier, regressor, what input is fine) of the inner estimator."""
        return self.inner.__sklearn_tags__()

    def __sklearn_is_fitted__(self):
        """Tell whether `fit` was called."""
        return hasattr(self, "inner_")

    @_inner_has("set_output")
    def set_output(self, *, transform=None):
        """Set the type of table that the inner estimator gives."""
        for estimator in (self.inner, getattr(self, "inner_", None)):
            if estimator is not None:
                estimator.set_output(transform=transform)
        return self

    @_inner_has("predict")
    def predict(self, X):
        """Predict with the inner estimator."""
        return self.inner_.predict(X)

    @_inner_has("predict_proba")
    def predict_proba(self, X):
        """Predict probabilities with the inner estimator."""
        return self.inner_.predict_proba(X)

    @_inner_has("decision_function")
    def decision_function(self, X):
        """Compute the decision function of the inner estimator."""
        return self.inner_.decision_function(X)

    @_inner_has("transform")
    def transform(self, X):
        """Transform with the inner estimator."""
        return self.inner_.transform(X)

    @_inner_has("get_feature_names_out")
    def get_feature_names_out(self, input_features=None):
        """Return the names of the columns that the inner estimator gives."""
        return self.inner_.get_feature_names_out(input_features)

    @_inner_has("score")
    def score(self, X, y):
        """Score with the inner estimator."""
        return self.inner_.score(X, y)
