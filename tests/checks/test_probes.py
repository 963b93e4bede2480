"""The spy is a good scikit-learn citizen and remembers what it was fitted on."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils.validation import check_is_fitted

from workshop_lib.checks import SpyEstimator

TABLE = pd.DataFrame({"x": np.arange(12.0), "z": np.arange(12.0) ** 2}, index=range(100, 112))
LABELS = np.arange(12) % 2


def test_clones_share_the_record():
    spy = SpyEstimator(DummyClassifier())
    clone(clone(spy)).fit(TABLE.iloc[:3], LABELS[:3])
    assert spy.fitted_rows == [[100, 101, 102]]
    assert SpyEstimator(DummyClassifier()).fitted_rows == []
    pd.testing.assert_frame_equal(spy.fitted_data[0], TABLE.iloc[:3])


@pytest.mark.parametrize(
    "rows", [np.zeros((3, 2)), [[1], [2], [3]], sparse.csr_matrix(np.eye(3))], ids=str
)
def test_rows_without_labels_are_positions(rows):
    spy = SpyEstimator(Ridge())
    spy.fit(rows, [1, 2, 3])
    assert spy.fitted_rows == [[0, 1, 2]]


def test_tags_are_those_of_the_inner_estimator():
    assert is_classifier(SpyEstimator(LogisticRegression()))
    assert is_regressor(SpyEstimator(Ridge()))
    assert not is_classifier(SpyEstimator(StandardScaler()))


def test_methods_are_those_of_the_inner_estimator():
    scaler, classifier = SpyEstimator(StandardScaler()), SpyEstimator(LogisticRegression())
    assert hasattr(scaler, "transform")
    assert not hasattr(scaler, "predict")
    assert hasattr(classifier, "predict_proba")
    assert not hasattr(classifier, "transform")


def test_in_cross_validation_it_sees_the_training_rows_only():
    spy = SpyEstimator(LogisticRegression())
    scores = cross_val_score(make_pipeline(StandardScaler(), spy), TABLE, LABELS, cv=KFold(3))
    assert np.isfinite(scores).all()
    assert [len(rows) for rows in spy.fitted_rows] == [8, 8, 8]
    plain = make_pipeline(StandardScaler(), LogisticRegression())
    np.testing.assert_allclose(scores, cross_val_score(plain, TABLE, LABELS, cv=KFold(3)))
    cross_val_predict(clone(spy), TABLE, LABELS, cv=KFold(3), method="predict_proba")
    assert len(spy.fitted_rows) == 6


def test_in_a_grid_search():
    spy = SpyEstimator(Ridge())
    search = GridSearchCV(spy, {"inner__alpha": [0.1, 1, 10]}, cv=3).fit(TABLE, LABELS)
    assert len(spy.fitted_rows) == 10
    assert search.best_estimator_.inner_.alpha == search.best_params_["inner__alpha"]
    assert len(search.predict(TABLE)) == 12


def test_as_a_transformer_in_a_column_transformer():
    mixed = TABLE.assign(kind=list("ab") * 6)
    spy = SpyEstimator(StandardScaler())
    columns = ColumnTransformer([("n", spy, ["x", "z"]), ("k", OneHotEncoder(), ["kind"])])
    got = make_pipeline(columns, LogisticRegression()).fit(mixed.iloc[:8], LABELS[:8])
    assert spy.fitted_rows == [list(range(100, 108))]
    names = list(got[0].get_feature_names_out())
    assert names == ["n__x", "n__z", "k__kind_a", "k__kind_b"]


def test_output_as_pandas():
    spy = SpyEstimator(StandardScaler())
    columns = ColumnTransformer([("n", spy, ["x", "z"])]).set_output(transform="pandas")
    got = columns.fit_transform(TABLE)
    assert list(got.columns) == ["n__x", "n__z"]
    assert list(got.index) == list(TABLE.index)
    pipeline = make_pipeline(SpyEstimator(StandardScaler()), SpyEstimator(DummyRegressor()))
    pipeline.set_output(transform="pandas").fit(TABLE, LABELS)
    assert list(pipeline[-1].fitted_data[0].columns) == ["x", "z"]


def test_fitted_or_not():
    from sklearn.exceptions import NotFittedError

    spy = SpyEstimator(DummyRegressor())
    with pytest.raises(NotFittedError):
        check_is_fitted(spy)
    check_is_fitted(spy.fit(TABLE, LABELS))


def test_parameters_of_fit_are_passed_on():
    spy = SpyEstimator(DummyRegressor())
    spy.fit(TABLE, np.arange(12.0), sample_weight=np.eye(12)[3])
    assert spy.predict(TABLE[:1])[0] == 3.0
