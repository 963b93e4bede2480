"""A package that installs may still fail at import beside the others: use each one once."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

USES = {
    "duckdb": """
        import duckdb
        assert duckdb.sql("select 1 + 1").fetchall() == [(2,)]""",
    "fairlearn": """
        from fairlearn.metrics import MetricFrame, selection_rate
        frame = MetricFrame(metrics=selection_rate, y_true=[0, 1], y_pred=[1, 0],
                            sensitive_features=["a", "b"])
        assert frame.difference() == 1.0""",
    "ipywidgets": """
        from ipywidgets import IntSlider
        assert IntSlider(value=3, min=0, max=5).value == 3""",
    "jsonschema": """
        import jsonschema
        jsonschema.validate({"a": 1}, {"type": "object", "required": ["a"]})""",
    "jupytext": """
        import jupytext
        assert jupytext.reads("# %%\\na = 1", fmt="py:percent").cells[0].source == "a = 1" """,
    "matplotlib": """
        import matplotlib; matplotlib.use("agg")
        import matplotlib.pyplot as plt
        plt.figure().canvas.draw()""",
    "nbgrader": """
        from nbgrader.api import Gradebook
        with Gradebook("sqlite://") as gradebook:
            assert gradebook.assignments == []""",
    "optuna": """
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        study = optuna.create_study()
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
        assert 0 <= study.best_value <= 1""",
    "pandera": """
        import pandas, pandera.pandas as pa
        schema = pa.DataFrameSchema({"age": pa.Column(float, pa.Check.in_range(18, 100))})
        assert len(schema.validate(pandas.DataFrame({"age": [20.0]}))) == 1""",
    "prometheus-client": """
        from prometheus_client import CollectorRegistry, Counter
        registry = CollectorRegistry()
        Counter("calls", "calls", registry=registry).inc()
        assert registry.get_sample_value("calls_total") == 1""",
    "psycopg": """
        import psycopg
        assert psycopg.conninfo.make_conninfo(host="a") == "host=a" """,
    "pydantic": """
        import pydantic
        Record = pydantic.create_model("Record", score=(float, ...))
        assert Record(score="0.5").score == 0.5""",
    "river": """
        from river.drift import ADWIN
        detector = ADWIN()
        assert any([detector.update(value) or detector.drift_detected
                    for value in [0.0] * 500 + [1.0] * 500])""",
    "scikit-learn": """
        from sklearn.linear_model import LogisticRegression
        assert LogisticRegression().fit([[0], [1]], [0, 1]).predict([[1]])[0] == 1""",
    "scipy": """
        from scipy.stats import chi2_contingency
        assert chi2_contingency([[5, 5], [5, 5]]).pvalue == 1.0""",
    "shap": """
        import numpy as np, shap
        from sklearn.linear_model import LinearRegression
        X = np.arange(8.0).reshape(4, 2)
        model = LinearRegression().fit(X, X.sum(axis=1))
        assert shap.LinearExplainer(model, X)(X).values.shape == (4, 2)""",
    "skops": """
        from sklearn.linear_model import LinearRegression
        from skops.io import dumps, loads
        model = loads(dumps(LinearRegression().fit([[0], [1]], [0, 1])))
        assert abs(model.predict([[2]])[0] - 2) < 1e-9""",
    "tensorflow": """
        import tensorflow as tf
        assert float(tf.reduce_sum(tf.ones((2, 2)))) == 4.0""",
    "torch": """
        import torch
        x = torch.tensor(3.0, requires_grad=True)
        (x * x).backward()
        assert x.grad.item() == 6.0""",
}


@pytest.mark.parametrize("name", USES)
def test_package_works(name):
    # One process each, so that no package hides a fault of another.
    command = [sys.executable, "-c", textwrap.dedent(USES[name])]
    # nbgrader looks for the program alembic on the PATH, also where no environment is active.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    result = subprocess.run(
        command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
