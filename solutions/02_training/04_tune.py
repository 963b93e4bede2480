# %% [markdown]
# ## The story
#
# Two desks of Northwind Credit have a model that works, and both ask for more. The valuation office
# trains its price formula in small steps and wants to know how large the steps may be. The scan room
# reads digits on paper forms with a model that has two settings. Trying settings until the result is
# good is called tuning. In this notebook you do it in four ways, count what each costs, and keep a
# record of every trial.

# %%
import matplotlib.pyplot as plt
import numpy as np
import optuna
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.model_selection import (
    GridSearchCV,
    ParameterGrid,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

figures.style()
optuna.logging.set_verbosity(optuna.logging.ERROR)

# %% [markdown]
# > **hyperparameter**: a setting of a model or of its training that is chosen before training. The
# > numbers that training itself finds (weights, coefficients) are parameters.
#
# ## Two hyperparameters of training: learning rate and batch size
#
# In `02_scale_encode` gradient descent used all rows for every step. With millions of rows that is
# slow, so in practice a step looks at a few rows only:
#
# > **batch**: the rows from which one step of training computes its direction.
#
# One **epoch** is one pass through all rows: they are put into a random order and cut into batches.
# The valuation office has 300 houses. `A` holds a column of ones and four z-scores, `price` the price
# in EUR 100,000. The smallest loss that a linear formula can reach on these rows is easy to compute:

# %%
houses = data.housing(300, seed=0)
columns = houses[["area", "rooms", "age_years", "distance_km"]].to_numpy(float)
A = np.column_stack([np.ones(len(houses)), StandardScaler().fit_transform(columns)])
price = houses["price_keur"].to_numpy() / 100


def smallest_loss(X: np.ndarray, y: np.ndarray) -> float:
    """Return the smallest mean squared error of a linear formula."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    return float(np.mean((X @ w - y) ** 2))


print(f"loss at the start (all weights 0): {np.mean(price**2):.2f}")
print(f"smallest possible loss: {smallest_loss(A, price):.4f}")

# %% [markdown]
# **Your task.** Write two functions.
#
# `sgd(X, y, lr, batch, epochs, seed)` is **stochastic gradient descent** for a linear formula
# `X @ w` (a column of ones, if one is wanted, is already in `X`). All weights start at 0. In each
# epoch:
#
# - put the rows into a **new** random order;
# - cut this order into batches of `batch` rows. The last batch may be smaller; it is used, too. If
#   `batch` is larger than the number of rows, there is one batch with all rows;
# - for each batch, with its own number of rows *m*, take one step
#   $w \leftarrow w - \text{lr} \cdot \frac{2}{m} X_b^\top (X_b w - y_b)$;
# - then append the loss **on all rows**, the mean of $(Xw - y)^2$, to the result.
#
# Return the list of the `epochs` losses. (The loss before the first step is not in it.) If the steps
# are too large, the loss grows until it is no number any more. Write `np.inf` (infinite) for a loss
# that is not finite, never NaN. All chance comes from `seed`.
#
# `largest_good_lr(X, y, batch, candidates, epochs, seed)` returns the largest of the `candidates`
# (learning rates in any order) whose **last** loss is at most 5 % above `smallest_loss(X, y)`, or
# `None` if there is no such candidate.
#
# For example, with `X = [[1], [1]]`, `y = [1, 1]`, `lr = 0.25` and `batch = 2`, the first step is
# $w = 0 + 0.25 \cdot \frac{2}{2} \cdot (1 + 1) = 0.5$, and the losses are 0.25, 0.0625, … With
# `batch = 1` there are two steps in each epoch, and the losses are 0.0625, 0.0039, …


# %% exercise="sgd" objective="W.1.10"
def sgd(
    X: np.ndarray, y: np.ndarray, lr: float, batch: int, epochs: int, seed: int = 0
) -> list[float]:
    """Return the loss on all rows after each epoch."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            order = rng.permutation(len(y))
            for start in range(0, len(y), batch):
                rows = order[start : start + batch]
                error = X[rows] @ w - y[rows]
                w = w - lr * 2 / len(rows) * X[rows].T @ error
            loss = np.mean((X @ w - y) ** 2)
            losses.append(float(loss) if np.isfinite(loss) else np.inf)
    return losses
    ### END SOLUTION


def largest_good_lr(X, y, batch: int, candidates, epochs: int, seed: int = 0) -> float | None:
    """Return the largest learning rate that ends at most 5 % above the smallest loss."""
    ### BEGIN SOLUTION
    limit = 1.05 * smallest_loss(X, y)
    good = [lr for lr in candidates if sgd(X, y, lr, batch, epochs, seed)[-1] <= limit]
    return max(good, default=None)
    ### END SOLUTION


# %% check="sgd" title="Batches, epochs, and the largest good rate" points=3 transport="plain"
t.hints(
    "Two loops: over epochs, and inside over the starts of the batches, "
    "`range(0, len(y), batch)`. Make the random generator once, before both loops.",
    "`order = rng.permutation(len(y))` is a new order; `order[start : start + batch]` are the rows "
    "of a batch, and the last slice may be shorter.",
    "`largest_good_lr`: collect the candidates whose last loss is within the limit; "
    "`max(good, default=None)`.",
)


def one_row_each(n):
    """A table in which each row moves a weight of its own, so that the order does not matter."""
    return np.eye(n), np.ones(n)


with t.item("One batch with all rows: ordinary gradient descent", weight=2):
    X_, y_ = one_row_each(4)
    got = t.call(sgd, X_, y_, 0.5, 4, 3, seed=0)
    t.wrong_if(
        "loss_before_the_first_step",
        np.size(got) > 0 and np.isclose(got[0], 1),
        "The first loss is 1, the one before any step. Append the loss after each epoch.",
    )
    t.wrong_if(
        "sum_instead_of_mean",
        np.size(got) == 3 and np.isclose(got[0], 0),
        "The step is as many times too large as the batch has rows. The gradient is a mean: "
        "divide by the number of rows in the batch.",
    )
    t.wrong_if(
        "forgets_the_two_of_the_gradient",
        np.size(got) == 3 and np.isclose(got[0], 0.875**2),
        "The step is half as large as it should be. The derivative of a square has a 2.",
    )
    t.equal(got, [0.75**2, 0.75**4, 0.75**6], what="losses")
    t.equal(t.call(sgd, X_, y_, 0.5, 99, 3, seed=0), got, what="losses with batch=99 for 4 rows")
    t.gives([0.0625, 0.0625**2], sgd, np.ones((2, 1)), np.ones(2), 0.25, 1, 2)
with t.item("Every row is used in every epoch, also those of a short last batch", weight=2):
    X_, y_ = one_row_each(9)
    got = t.call(sgd, X_, y_, 0.3, 8, 1, seed=3)[0]
    full, single = (1 - 0.6 / 8) ** 2, 0.4**2
    t.wrong_if(
        "drops_the_last_batch",
        np.isclose(got, (8 * full + 1) / 9),
        "With 9 rows and batches of 8, one row is left over, and you did not use it. The last "
        "batch may be smaller.",
    )
    t.wrong_if(
        "divides_by_the_full_batch_size",
        np.isclose(got, full),
        "The last batch has one row, and you divided by 8. Divide by the rows that are there.",
    )
    t.wrong_if(
        "batches_of_equal_size",
        np.isclose(got, (5 * (1 - 0.6 / 5) ** 2 + 4 * (1 - 0.6 / 4) ** 2) / 9),
        "9 rows became batches of 5 and 4. Batches have `batch` = 8 rows; only the last one may be "
        "smaller.",
    )
    t.equal(got, (8 * full + single) / 9, what="loss after one epoch")
with t.item("A new order in every epoch", weight=2):
    X_, y_ = one_row_each(9)
    for seed in t.seeds:
        got = t.call(sgd, X_, y_, 0.3, 8, 6, seed=seed)[-1]
        same_row_alone = (8 * (1 - 0.6 / 8) ** 12 + 0.4**12) / 9
        t.wrong_if(
            "same_order_in_every_epoch",
            np.isclose(got, same_row_alone),
            "In all epochs the same row was left for the last batch: the order never changes. "
            "Shuffle in each epoch, with one generator that is made before the loop.",
        )
        t.require(got < same_row_alone, "The loss is larger than any order of the rows allows.")
with t.item("The seed decides the order", weight=1):
    rng = np.random.default_rng(5)
    X_, y_ = rng.normal(size=(12, 2)), rng.normal(size=12)
    first = t.same_every_time(sgd, X_, y_, 0.1, 5, 3, seed=1)
    second = t.call(sgd, X_, y_, 0.1, 5, 3, seed=2)
    t.wrong_if(
        "ignores_the_seed",
        np.allclose(first, second, rtol=1e-9),
        "Seed 1 and seed 2 give the same losses. Use `np.random.default_rng(seed)`.",
    )
with t.item("Steps that are far too large give an infinite loss", weight=1):
    X_, y_ = np.vander(np.arange(1.0, 7), 3), np.arange(6.0)
    for rate in (3.0, 1e6):
        got = np.asarray(t.call(sgd, X_, y_, rate, 2, 150, seed=0), dtype=float)
        t.equal(len(got), 150, what="number of losses")
        t.wrong_if(
            "nan_instead_of_infinite",
            np.isnan(got).any(),
            "Some losses are NaN. NaN is neither small nor large, so a comparison with it is always "
            "False. Write `np.inf` for a loss that is not finite.",
        )
        t.require(np.isinf(got[-1]), f"The last loss should be infinite, got {got[-1]:.3g}.")
with t.item("The largest rate that ends near the smallest loss", weight=2):
    X_, y_ = np.ones((4, 1)), 10 * np.array([1.0, 3.0, 1.0, 3.0])
    rates = [0.3, 0.9, 0.7, 0.76, 0.05, 0.5]
    got = t.call(largest_good_lr, X_, y_, 4, rates, 3)
    t.wrong_if(
        "rate_with_the_smallest_loss",
        got == 0.5,
        "0.5 ends at the smallest loss. The question is for the LARGEST rate that is at most 5 % "
        "above it.",
    )
    t.wrong_if(
        "first_good_rate",
        got == 0.3,
        "0.3 is good, and 0.7 is too. Take the largest good one; the candidates are not sorted.",
    )
    t.wrong_if(
        "only_asks_whether_it_converges",
        got == 0.9,
        "With 0.9 the loss falls, but after 3 epochs it is far above the smallest loss.",
    )
    t.wrong_if(
        "another_limit_than_five_percent",
        got == 0.76,
        "0.76 ends 8 % above the smallest loss. At most 5 % is allowed: the limit is "
        "1.05 · `smallest_loss(X, y)`.",
    )
    t.equal(got, 0.7, what="largest good rate")
    nothing = t.call(largest_good_lr, X_, y_, 4, [0.1, 1.5, 0.05], 3, none_is_fine=True)
    t.wrong_if(
        "compares_with_the_best_candidate",
        nothing == 0.1,
        "0.1 is the best of these candidates and still far from `smallest_loss`. Then the answer "
        "is None.",
    )
    t.equal(nothing, None, what="result when no candidate is good")
with t.item("The rate belongs to the training with the same seed and batch", weight=1):
    rng = np.random.default_rng(5)
    X_ = rng.normal(size=(12, 2))
    y_, rates = X_ @ [2.0, -1.0] + rng.normal(size=12), [0.1, 0.25, 0.2, 0.3, 0.15]
    limit, got, expected = 1.05 * smallest_loss(X_, y_), [], []
    for seed in range(8):
        good = [rate for rate in rates if t.call(sgd, X_, y_, rate, 3, 6, seed)[-1] <= limit]
        expected.append(max(good, default=None))
        got.append(t.call(largest_good_lr, X_, y_, 3, rates, 6, seed, none_is_fine=True))
    t.wrong_if(
        "rate_ignores_its_seed",
        len(set(got)) == 1 < len(set(expected)),
        f"With eight seeds `largest_good_lr` always gives {got[0]}, although your own `sgd` ends in "
        "different places. Pass `seed` on to `sgd`.",
    )
    t.equal(got, expected, what="largest good rate for the seeds 0 to 7, by your own `sgd`")
### BEGIN HIDDEN TESTS
with t.item("It agrees with gradient descent on houses, and small batches come close", weight=2):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 110])
        X_ = np.column_stack([np.ones(40), rng.normal(size=(40, 3))])
        y_ = X_ @ np.array([1.0, 2.0, -1.0, 0.5]) + rng.normal(0, 0.3, 40)
        w, expected = np.zeros(4), []
        for _ in range(5):
            w = w - 0.1 * 2 / 40 * X_.T @ (X_ @ w - y_)
            expected.append(np.mean((X_ @ w - y_) ** 2))
        t.equal(t.call(sgd, X_, y_, 0.1, 40, 5, seed), expected, what="losses of full batches")
        got = t.call(sgd, X_, y_, 0.01, 7, 60, seed)
        t.require(
            got[-1] < 1.1 * smallest_loss(X_, y_),
            "After 60 epochs of small steps the loss should be near the smallest one.",
        )
        got = t.call(largest_good_lr, X_, y_, 40, (2.0, 0.2, 0.001), 200, seed)
        t.equal(got, 0.2, what="largest good rate")
### END HIDDEN TESTS

# %% [markdown]
# Move the two hyperparameters. The axes stay the same, so that you can compare. When does the loss
# never settle down? When is it still far away after 30 epochs?


# %% needs="sgd" tags=["nbval-ignore-output"]
def show_training(lr, batch):
    """Draw the loss of 30 epochs with a learning rate and a batch size."""
    losses = sgd(A, price, lr, batch, 30, seed=0)
    fig, ax = plt.subplots(figsize=(6.5, 3))
    ax.semilogy(range(1, 31), losses, marker="o", label="loss after the epoch")
    ax.axhline(smallest_loss(A, price), color="0.3", linestyle=":", label="smallest possible")
    steps = 30 * -(-len(price) // batch)
    ax.set(xlabel="epoch", ylabel="loss", ylim=(0.05, 50), title=f"{steps:,} steps in 30 epochs")
    ax.legend()
    figures.show(fig, alt=f"Loss of 30 epochs, lr {lr}, batch {batch}: it ends at {losses[-1]:.3g}")


explore.sliders(
    show_training, lr=[0.01, 0.001, 0.003, 0.03, 0.1, 0.3, 0.5, 0.9], batch=[10, 1, 50, 300]
)

# %% [markdown]
# The table answers both questions for all combinations. Each cell is the last loss divided by the
# smallest possible loss: 1.00 is perfect.

# %% needs="sgd"
rates, sizes = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.9], [1, 10, 50, 300]
least = smallest_loss(A, price)
ratios = pd.DataFrame(
    {f"batch {b}": [sgd(A, price, lr, b, 30)[-1] / least for lr in rates] for b in sizes},
    index=pd.Index(rates, name="learning rate"),
)
good = {f"batch {b}": largest_good_lr(A, price, b, rates, 30) for b in sizes}
print("largest good rate:", good)
ratios.map(lambda ratio: f"{ratio:.2f}" if ratio < 100 else "over 100")

# %% [markdown]
# Read the table along the diagonal. A batch of 1 takes 9,000 steps in 30 epochs, so tiny steps are
# enough; with larger ones the loss jumps about, because each step follows a single house. The batch
# of all 300 houses takes 30 steps and needs large ones, but above 0.52 (the 2/L of
# `02_scale_encode`) it explodes. **The two hyperparameters belong together**: roughly, ten times the
# batch allows ten times the rate. Whoever tunes one of them alone finds the best value for one
# particular setting of the other.

# %% [markdown]
# ## Grid search, counted honestly
#
# The scan room reads digits with a support vector machine, an SVM. Its `C` says how hard it tries to
# get every training row right, its `gamma` how local its judgement is. Nobody can compute good
# values for them. We try. The pipeline is given, and 500 digits of 8 × 8 pixels.

# %%
digits, labels = load_digits(return_X_y=True)
digits, labels = digits[:500], labels[:500]
pipe = make_pipeline(StandardScaler(), SVC())
folds = StratifiedKFold(3, shuffle=True, random_state=0)
print([name for name, _ in pipe.steps], digits.shape)

# %% [markdown]
# A **grid search** tries every combination of a few values. `GridSearchCV(pipe, grid, cv=cv)` does
# that with cross-validation, and after its `fit` trains the best combination once more on all rows.
# It finds a hyperparameter inside a pipeline by the name of the step, two underscores and the name
# of the hyperparameter, for example `svc__C`.
#
# **Your task.** Write three functions.
#
# - `grid_search(pipe, grid, X, y, cv)`: `grid` has the plain names of the hyperparameters of the
#   **last step** of the pipeline, for example `{"C": [1, 10], "gamma": [0.01]}`. Return the fitted
#   `GridSearchCV`. The name of the last step is `pipe.steps[-1][0]`. All steps of the pipeline learn
#   within the folds.
# - `n_fits(grid, n_folds)`: how many times the model is trained, the last training on all rows
#   included. `grid` is a dictionary, or a list of dictionaries (then each of them is a grid of its
#   own, and all are tried).
# - `best_on_edge(search)`: the names (as in `search.best_params_`) of the **numeric**
#   hyperparameters whose best value is the smallest or the largest that was tried. Return a list in
#   any order. If only one different value was tried, there is no edge. `search.param_grid` is one
#   dictionary; the values in one list are either all numbers or all texts, in any order.
#
# For example, the grid `{"C": [1, 10, 100], "gamma": [0.01, 0.1]}` has six combinations. With three
# folds that is 6 · 3 + 1 = 19 trainings. If `svc__C = 100` and `svc__gamma = 0.1` win, both are on
# the edge, and nobody knows what lies beyond.


# %% exercise="grid_search" objective="W.6.8"
def grid_search(pipe: Pipeline, grid: dict, X, y, cv) -> GridSearchCV:
    """Return the fitted search over a grid for the last step of a pipeline."""
    ### BEGIN SOLUTION
    step = pipe.steps[-1][0]
    named = {f"{step}__{name}": values for name, values in grid.items()}
    return GridSearchCV(pipe, named, cv=cv).fit(X, y)
    ### END SOLUTION


def n_fits(grid: dict | list, n_folds: int) -> int:
    """Return the number of trainings of a grid search."""
    ### BEGIN SOLUTION
    return len(ParameterGrid(grid)) * n_folds + 1
    ### END SOLUTION


def best_on_edge(search: GridSearchCV) -> list[str]:
    """Return the numeric hyperparameters whose best value is at an end of the grid."""
    ### BEGIN SOLUTION
    edges = []
    for name, values in search.param_grid.items():
        if isinstance(values[0], str) or len(set(values)) == 1:
            continue
        if search.best_params_[name] in (min(values), max(values)):
            edges.append(name)
    return edges
    ### END SOLUTION


# %% check="grid_search" title="The grid is searched, counted and questioned" points=2 transport="object"
import joblib
from sklearn.neighbors import KNeighborsClassifier

from workshop_lib.checks import SpyEstimator

t.hints(
    'The names for `GridSearchCV`: `{f"{step}__{name}": values for name, values in grid.items()}`.',
    "`len(ParameterGrid(grid))` counts combinations, of a dictionary and of a list. Each is trained "
    "once for each fold; then comes the last training.",
    "`best_on_edge`: for each name in `search.param_grid`, skip texts and single values, then "
    "compare `search.best_params_[name]` with `min(values)` and `max(values)`.",
)


def close_to(**wanted):
    """A scoring that likes some values of hyperparameters, so that we know which ones win."""

    def score(model, X, y):
        params = model.get_params()
        return -sum(abs(np.log(params[name]) - np.log(best)) for name, best in wanted.items())

    return score


def searched(grid, **wanted):
    """A finished search whose best values are known."""
    rows = np.arange(12.0).reshape(-1, 1)
    model = Pipeline([("knn", KNeighborsClassifier())])
    return GridSearchCV(model, grid, cv=2, scoring=close_to(**wanted)).fit(rows, np.arange(12) % 2)


with t.item("The search tries every combination, and prepares inside the folds", weight=3):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 68])
        y_ = rng.permutation(np.arange(40) % 2)
        X_ = pd.DataFrame(rng.normal(size=(40, 2)) + y_[:, None], index=np.arange(40) + 300)
        spy = SpyEstimator(StandardScaler())
        model = Pipeline([("scale", spy), ("reader", KNeighborsClassifier())])
        grid = {"n_neighbors": [1, 3, 9], "weights": ["uniform", "distance"]}
        splitter = StratifiedKFold(4, shuffle=True, random_state=1)
        with joblib.parallel_config(backend="threading"):
            got = t.call(grid_search, model, grid, X_, y_, splitter)
        t.wrong_if(
            "search_is_not_fitted",
            not hasattr(got, "best_params_"),
            "The search has no `best_params_`: it was never fitted. Return `.fit(X, y)`.",
        )
        sizes_ = [len(rows) for rows in spy.fitted_rows]
        t.wrong_if(
            "prepares_before_splitting",
            len(sizes_) == 0 or min(sizes_) == 40,
            "The scaler was fitted on all 40 rows before the folds, so the rows that are scored "
            "helped to scale. Give the whole pipeline to `GridSearchCV`.",
        )
        expected = {"reader__n_neighbors", "reader__weights"}
        t.equal(set(got.best_params_), expected, what="names in best_params_")
        tried = pd.DataFrame(got.cv_results_["params"]).drop_duplicates()
        t.equal(len(tried), 6, what="number of combinations")
        t.wrong_if(
            "ignores_cv",
            "split3_test_score" not in got.cv_results_ or "split4_test_score" in got.cv_results_,
            "The splitter of the check has 4 folds, and your search used another number. Pass `cv`.",
        )
        t.wrong_if(
            "no_last_training",
            not hasattr(got, "best_estimator_"),
            "The search has no `best_estimator_`. Leave `refit` as it is.",
        )
        t.require(
            30 in sizes_ and sizes_.count(40) == 1, "Each fit sees 30 of 40 rows, the last 40."
        )
with t.item("All trainings are counted", weight=2):
    grid = {"C": [1, 10, 100], "gamma": [0.01, 0.1]}
    got = t.call(n_fits, grid, 3)
    t.wrong_if(
        "forgets_the_folds",
        got in (6, 7),
        f"You count {got}. Each of the 6 combinations is trained once for each of the 3 folds.",
    )
    t.wrong_if(
        "forgets_the_last_training",
        got == 18,
        "You count 18. After the folds, the best combination is trained once more on all rows.",
    )
    t.wrong_if(
        "adds_the_lengths",
        got in (15, 16),
        f"You count {got}, as if the values were tried one list after the other. Every "
        "combination is tried: multiply.",
    )
    t.equal(got, 19, what="trainings")
    lists = [
        {"kernel": ["linear"], "C": [1, 10]},
        {"kernel": ["rbf"], "C": [1, 10], "gamma": [1, 2, 3]},
    ]
    t.gives(8 * 5 + 1, n_fits, lists, 5)
    t.gives(76, n_fits, {"C": np.logspace(0, 2, 5), "gamma": np.logspace(-4, 0, 5)}, 3)
with t.item("Best values on the edge are named", weight=2):
    grid = {"knn__n_neighbors": [3, 1, 5], "knn__leaf_size": [10, 100, 30]}
    got = t.call(best_on_edge, searched(grid, knn__n_neighbors=3, knn__leaf_size=1000))
    t.wrong_if(
        "edge_by_position_in_the_list",
        "knn__n_neighbors" in got,
        "3 is the first in its list [3, 1, 5], and 1 and 5 lie on both sides of it. Compare with "
        "the smallest and the largest value.",
    )
    t.wrong_if(
        "edge_by_text",
        len(got) == 0,
        '100 is the largest of 10, 100 and 30, and you did not name it. As texts, "30" would be '
        "the largest. Compare numbers.",
    )
    t.equal(sorted(got), ["knn__leaf_size"], what="hyperparameters on the edge")
    got = t.call(best_on_edge, searched(grid, knn__n_neighbors=0.1, knn__leaf_size=30))
    t.wrong_if(
        "looks_at_the_upper_end_only",
        len(got) == 0,
        "1 is the smallest of 3, 1 and 5, and you did not name it. A grid has two ends.",
    )
    t.equal(sorted(got), ["knn__n_neighbors"], what="hyperparameters on the edge")
    words = {"knn__weights": ["distance", "uniform"], "knn__n_neighbors": [5, 5], "knn__p": [2]}
    got = t.call(best_on_edge, searched(words, knn__n_neighbors=5))
    t.wrong_if(
        "single_value_is_an_edge",
        "knn__p" in got or "knn__n_neighbors" in got,
        "Only one different value was tried: there is nothing to be at the end of.",
    )
    t.wrong_if(
        "texts_have_edges",
        "knn__weights" in got,
        "Texts such as 'distance' and 'uniform' have no smallest and no largest value.",
    )
    t.equal(sorted(got), [], what="hyperparameters on the edge")
### BEGIN HIDDEN TESTS
# A search with several processes has to start them first.
with t.item("Other names of steps, arrays as values, two edges", weight=1, seconds=20):
    model = Pipeline([("a", StandardScaler()), ("b", SVC())])
    X_, y_ = digits[:60], labels[:60] % 2
    got = t.call(grid_search, model, {"C": [1, 2]}, X_, y_, 2)
    t.equal(set(got.best_params_), {"b__C"}, what="names in best_params_")
    grid = {"knn__n_neighbors": np.array([5, 1, 3]), "knn__leaf_size": (9, 10, 100)}
    got = t.call(best_on_edge, searched(grid, knn__n_neighbors=9, knn__leaf_size=2))
    t.equal(sorted(got), ["knn__leaf_size", "knn__n_neighbors"], what="hyperparameters on the edge")
    got = t.call(best_on_edge, searched(grid, knn__n_neighbors=3, knn__leaf_size=10))
    t.equal(sorted(got), [], what="hyperparameters on the edge")
### END HIDDEN TESTS

# %% [markdown]
# A first grid for the scan room, as a map of the mean accuracy:

# %% needs="grid_search"
grid = {"C": [0.01, 0.1, 1], "gamma": [1e-6, 1e-5, 1e-4, 1e-3]}
narrow = grid_search(pipe, grid, digits, labels, folds)
wide_grid = {"C": np.logspace(0, 2, 5), "gamma": np.logspace(-6, 0, 5)}
wide = grid_search(pipe, wide_grid, digits, labels, folds)
for name, search, tried in (("narrow", narrow, grid), ("wide", wide, wide_grid)):
    values = {key: f"{value:.2g}" for key, value in search.best_params_.items()}
    print(f"{name}: {n_fits(tried, 3)} trainings, best {search.best_score_:.3f} with {values}")
    print("   on the edge:", best_on_edge(search))
means = wide.cv_results_["mean_test_score"].reshape(5, 5)
fig, ax = plt.subplots(figsize=(6, 4))
image = ax.imshow(means, vmin=0, vmax=1, origin="lower")
ax.set(xlabel="gamma", ylabel="C", xticks=range(5), yticks=range(5))
ax.set_xticklabels([f"{g:.0e}" for g in wide_grid["gamma"]])
ax.set_yticklabels([f"{C:.3g}" for C in wide_grid["C"]])
for (i, j), value in np.ndenumerate(means):
    ax.text(j, i, f"{value:.2f}", ha="center", va="center", color="w" if value < 0.6 else "k")
ax.grid(False)
fig.colorbar(image, label="mean accuracy")
figures.show(
    fig,
    alt="Map of accuracy over C and gamma. Columns differ much more than rows: 0.14 for the "
    "smallest gamma, 0.98 for 1e-3 and 3e-2 with larger C, 0.11 for the largest gamma.",
)

# %% [markdown]
# The narrow grid looks fine until you ask for the edge: both best values are at an end, and
# the accuracy is far below what the wide grid finds. **A best value on the edge means: go on
# searching.** In the wide grid, no best value is at an end of `gamma`. The columns differ much more
# than the rows: `gamma` decides, `C` hardly matters. And yet the grid tried only five different
# values of `gamma`, each of them five times.

# %% [markdown]
# ## Random search
#
# A **random search** draws every hyperparameter by chance, so 25 trials try 25 different values of
# `gamma`. But how to draw? Between 0.000001 and 1, nine of ten ordinary random numbers are above
# 0.1. The interesting values, near 0.001, would hardly ever come.
#
# > **log-uniform**: spread evenly over orders of magnitude: a value from 1 to 10 is as likely as
# > one from 10 to 100. The logarithm of the value is uniform.
#
# **Your task.** Write `sample_params(space, n, seed)`. It returns a list of `n` dictionaries, each
# with one value for every name in `space`. An entry of `space` is one of
#
# - `("log", low, high)`: a decimal number, log-uniform from `low` to `high` (both above 0);
# - `("int", low, high)`: a whole number; `low`, `high` and all between are equally likely;
# - `("choice", [a, b, …])`: one of the entries, all equally likely, returned unchanged (a number
#   stays a number, `None` stays `None`).
#
# All draws are independent of each other. Equal calls give equal lists, another seed another list.
#
# For example, `sample_params({"C": ("log", 1, 100), "depth": ("int", 2, 4)}, 2, seed=0)` can give
# `[{"C": 18.8, "depth": 3}, {"C": 1.2, "depth": 2}]`.


# %% exercise="sample_params" objective="W.6.9"
def sample_params(space: dict, n: int, seed: int = 0) -> list[dict]:
    """Return n random settings of hyperparameters."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)

    def draw(kind, *limits):
        if kind == "log":
            return float(np.exp(rng.uniform(*np.log(limits))))
        if kind == "int":
            return int(rng.integers(limits[0], limits[1] + 1))
        return limits[0][rng.integers(len(limits[0]))]

    return [{name: draw(*entry) for name, entry in space.items()} for _ in range(n)]
    ### END SOLUTION


# %% check="sample_params" title="Every setting is drawn as the space says" points=2 transport="plain"
from functools import cache

from scipy import stats

t.hints(
    "Make one generator, `rng = np.random.default_rng(seed)`, before the loop, and draw every "
    "value from it.",
    "Log-uniform: `np.exp(rng.uniform(np.log(low), np.log(high)))`.",
    "`rng.integers(low, high + 1)` includes `high`. For a choice draw a position: "
    "`entries[rng.integers(len(entries))]`.",
)
SPACE = {
    "C": ("log", 0.01, 1000.0),
    "gamma": ("log", 1e-5, 1.0),
    "depth": ("int", 2, 5),
    "rule": ("choice", ["mean", "median", None]),
}
# A right answer falls below this p-value once in a million tests.
UNLIKELY = 1e-6


def settings(space, n, seed):
    """Return the drawn settings as a dictionary of lists, once the form is right."""
    got = t.call(sample_params, space, n, seed=seed)
    t.require(isinstance(got, list), f"Return a list, not a {type(got).__name__}.")
    t.equal(len(got), n, what="number of settings")
    for each in got[:3]:
        t.require(isinstance(each, dict), f"A setting is a dictionary, not {type(each).__name__}.")
        t.equal(set(each), set(space), what="names in a setting")
    return {name: [each[name] for each in got] for name in space}


@cache
def many_settings(seed):
    """Return 1,500 settings of the whole space, drawn once for each seed."""
    return settings(SPACE, 1500, seed)


with t.item("Log-uniform values", weight=3):
    for seed in t.seeds:
        drawn = many_settings(seed)
        t.wrong_if(
            "starts_the_generator_again_in_the_loop",
            len(set(drawn["C"])) < 50,
            "All settings are the same, or nearly: the generator is made again for each of them. "
            "Make it once, before the loop.",
        )
        for name in ("C", "gamma"):
            _, low, high = SPACE[name]
            values = np.array(drawn[name], dtype=float)
            t.require(
                (values >= low * 0.999999).all() and (values <= high * 1.000001).all(),
                f"Some values of {name} are outside {low} to {high}.",
            )
            logs = (np.log(values) - np.log(low)) / (np.log(high) - np.log(low))
            t.wrong_if(
                "uniform_on_the_ordinary_scale",
                logs.mean() > 0.8,
                f"{(logs > 0.6).mean():.0%} of the values of {name} are in the two highest of five "
                "orders of magnitude. Draw the logarithm uniformly, then take `exp`.",
            )
            p = stats.kstest(logs, "uniform").pvalue
            t.require(p > UNLIKELY, f"The logarithm of {name} is not uniform (p-value {p:.1g}).")
            t.wrong_if(
                "spread_evenly_instead_of_drawn",
                p > 1 - UNLIKELY,
                f"The values of {name} are spread as evenly as a grid; independent draws leave "
                "gaps and make clusters. Draw each value anew with the generator.",
            )
        correlation = np.corrcoef(np.log(drawn["C"]), np.log(drawn["gamma"]))[0, 1]
        t.wrong_if(
            "one_random_number_for_all",
            abs(correlation) > 0.5,
            f"C and gamma rise together (correlation {correlation:.2f}). So only a line through the "
            "space is searched. Draw each value anew from one generator.",
        )
with t.item("Whole numbers, both ends included", weight=2):
    for seed in t.seeds:
        drawn = many_settings(seed)["depth"]
        whole = all(float(value).is_integer() for value in drawn)
        t.require(whole, f"`depth` is a whole number, got {drawn[:5]}.")
        counts = [drawn.count(value) for value in (2, 3, 4, 5)]
        t.wrong_if(
            "upper_end_is_left_out",
            counts[3] == 0,
            "5 never comes. `rng.integers(low, high)` and `range` leave out `high`: add 1.",
        )
        t.equal(sum(counts), 1500, what="values from 2 to 5")
        t.wrong_if(
            "ends_come_half_as_often",
            stats.chisquare(counts).pvalue <= UNLIKELY,
            f"2, 3, 4 and 5 came {counts} times. Rounding a decimal number gives the ends only half "
            "as often. Draw whole numbers.",
        )
with t.item("Choices, equally likely and unchanged", weight=2):
    for seed in t.seeds:
        drawn = settings({"rule": SPACE["rule"], "k": ("choice", [3, 7])}, 900, seed)
        t.wrong_if(
            "choices_become_texts",
            "None" in drawn["rule"] or "3" in drawn["k"],
            "None, or a number, came back as a text: NumPy gives all entries of an array one type. "
            "Draw a position, and take the entry of the list.",
        )
        counts = [drawn["rule"].count(value) for value in SPACE["rule"][1]]
        t.equal(sum(counts), 900, what="values that are among the choices")
        p = stats.chisquare(counts).pvalue
        t.require(p > UNLIKELY, f"The choices came {counts} times: not equally likely.")
with t.item("The seed decides, and nothing else", weight=1):
    first = t.same_every_time(sample_params, SPACE, 4, seed=1)
    t.wrong_if(
        "ignores_the_seed",
        first == t.call(sample_params, SPACE, 4, seed=2),
        "Seed 1 and seed 2 give the same settings. Use the argument `seed`.",
    )
### BEGIN HIDDEN TESTS
with t.item("Narrow spaces", weight=1):
    for seed in t.seeds:
        space = {"a": ("int", 4, 4), "b": ("choice", [[1, 2]]), "c": ("log", 2.0, 2.1)}
        drawn = settings(space, 30, seed)
        t.equal(drawn["a"], [4] * 30, what="a")
        t.equal(drawn["b"], [[1, 2]] * 30, what="b")
        t.require(all(2 <= value <= 2.1 for value in drawn["c"]), "c goes from 2 to 2.1.")
    t.gives([], sample_params, SPACE, 0)
### END HIDDEN TESTS

# %% [markdown]
# Sixty random settings for the scan room. The marks below the axis show where `gamma` was tried.

# %%
ROOM = {"C": ("log", 1, 100), "gamma": ("log", 1e-6, 1)}


def make_reader(C: float, gamma: float) -> Pipeline:
    """Return the digit reader with two hyperparameters."""
    return make_pipeline(StandardScaler(), SVC(C=C, gamma=gamma))


def try_all(settings: list[dict]) -> pd.DataFrame:
    """Return the settings with their mean accuracy over the folds, in the order of the trials."""
    trials = pd.DataFrame(settings)
    trials["score"] = [
        cross_val_score(make_reader(**setting), digits, labels, cv=folds).mean()
        for setting in settings
    ]
    return trials.rename_axis("number").reset_index()


# %% [markdown]
# Each trial costs three trainings. For the comparison with the grid, look at the first 25 trials,
# which cost the same.

# %% needs="grid_search, sample_params"
random_trials = try_all(sample_params(ROOM, 60, seed=0))
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4), sharey=True)
gammas = wide.cv_results_["param_svc__gamma"].astype(float)
left.scatter(gammas, wide.cv_results_["mean_test_score"], marker="s")
left.set(title="grid: 5 values of gamma", xlabel="gamma", ylabel="mean accuracy", xscale="log")
right.scatter(random_trials["gamma"][:25], random_trials["score"][:25])
right.set(title="random: 25 values of gamma", xlabel="gamma", xscale="log")
for ax, values in ((left, gammas), (right, random_trials["gamma"][:25])):
    ax.plot(values, np.full(len(values), -0.06), "|", color="0.2", markersize=12)
    ax.set_ylim(-0.12, 1.05)
figures.show(
    fig,
    alt="Accuracy against gamma. Grid: 25 points in five columns. Random: 25 points at 25 different "
    "gammas. They show a plateau near 0.98 for gammas around 0.001 to 0.03 that falls on both sides.",
)
print(f"best of the grid: {wide.best_score_:.3f}")
print(f"best of 25 random trials: {random_trials['score'][:25].max():.3f}")

# %% [markdown]
# Both find a good setting, and the random trials show the shape of the hill besides. Is random
# better than a grid in general? One example proves nothing. So we make many small worlds. In each
# of them two hyperparameters `x` and `y`, from 0 to 1, give a score with one peak, in a place that
# depends on the `seed` of the world. In `one_matters`, only `x` counts. In `both_matter`, `y` counts
# as well.


# %%
def peak(seed: int) -> np.ndarray:
    """Return the place of the peak in the world of this seed."""
    return np.random.default_rng([seed, 69]).random(2)


def one_matters(x, y, seed: int):
    """Score of the settings (x, y): near 1 close to the peak of x, whatever y is."""
    return np.exp(-(((x - peak(seed)[0]) / 0.08) ** 2)) + 0 * y


def both_matter(x, y, seed: int):
    """Score of the settings (x, y): near 1 only where x and y are close to the peak."""
    distance = (x - peak(seed)[0]) ** 2 + (y - peak(seed)[1]) ** 2
    return np.exp(-distance / 0.08**2)


one_matters(np.array([0.2, 0.6, 0.7]), np.array([0.5, 0.5, 0.5]), seed=0).round(3)

# %% [markdown]
# **Your task.** Write `grid_vs_random(f, n_side, seeds)`: in which share of the worlds does random
# search beat a grid with the same number of trials? For each `seed` in `seeds`:
#
# - grid: all combinations of `n_side` evenly spaced values from 0 to 1 (both included) for `x` and
#   for `y`;
# - random: `n_side ** 2` settings, with `x` and `y` uniform from 0 to 1, and independent. They depend
#   on the seed: `np.random.default_rng(seed)`;
# - `f(x, y, seed)` gives the score of one setting, or of arrays of settings. Larger is better. Call
#   it for these settings only;
# - random wins if its **best** score is larger than the best score of the grid. A tie is no win.
#
# Return the number of wins divided by the number of seeds, from 0 to 1.
#
# For example, with `n_side = 2` the grid is (0, 0), (0, 1), (1, 0), (1, 1), against four random
# settings. If the score is `x`, the grid reaches 1 and random never does: the share is 0.


# %% exercise="grid_vs_random" objective="W.6.9"
def grid_vs_random(f, n_side: int, seeds) -> float:
    """Return the share of seeds in which random search beats the grid."""
    ### BEGIN SOLUTION
    side = np.linspace(0, 1, n_side)
    grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(side, side))
    wins = []
    for seed in seeds:
        x, y = np.random.default_rng(seed).random((2, n_side**2))
        wins.append(np.max(f(x, y, seed)) > np.max(f(grid_x, grid_y, seed)))
    return float(np.mean(wins))
    ### END SOLUTION


# %% check="grid_vs_random" title="Same budget, fair comparison" points=1 transport="object"
from scipy import stats

t.hints(
    "`side = np.linspace(0, 1, n_side)`; two loops, or `np.meshgrid(side, side)`, give all "
    "combinations.",
    "`np.random.default_rng(seed).random((2, n_side**2))` gives all x and all y at once.",
    "Compare the two maxima for each seed, and take the mean of the comparisons.",
)


def recorded(f, n_side, seeds):
    """Call the answer and return the share, and by seed the settings that it asked for."""
    asked = {seed: [] for seed in seeds}

    def watched(x, y, seed):
        pairs = np.column_stack([np.atleast_1d(x).ravel(), np.atleast_1d(y).ravel()])
        asked[int(seed)] += pairs.tolist()
        return f(x, y, seed)

    got = t.call(grid_vs_random, watched, n_side, list(seeds))
    t.wrong_if(
        "counts_instead_of_a_share",
        got > 1,
        f"You returned {got:.3g}. Divide the number of wins by the number of seeds.",
    )
    return got, asked


def flat(x, y, seed):
    """The same score everywhere."""
    return 0.5 + 0 * x


def fair_grid(x, y, seed):
    """Medium on a grid of five values; elsewhere good for one half of y and bad for the other."""
    on_grid = np.isclose(np.asarray(x) * 4 % 1, 0)
    return np.where(on_grid, 0.5, np.where(np.asarray(y) > 0.5, 0.6, -1))


with t.item("Both sides get n_side ** 2 settings, the grid the right ones", weight=3):
    for n_side in (3, 4):
        _, asked = recorded(flat, n_side, [5, 6])
        side = np.linspace(0, 1, n_side)
        grid_ = {(round(x, 6), round(y, 6)) for x in side.tolist() for y in side.tolist()}
        for pairs in asked.values():
            rest = [pair for pair in pairs if tuple(np.round(pair, 6)) not in grid_]
            found = {tuple(np.round(pair, 6).tolist()) for pair in pairs} & grid_
            t.wrong_if(
                "grid_without_the_ends",
                len(found) < len(grid_) and len(pairs) == 2 * n_side**2,
                f"The grid for n_side={n_side} should hold {sorted(grid_)[:3]} …, with 0 and 1 on "
                "both axes. Some of these settings were never asked for.",
            )
            t.wrong_if(
                "random_gets_fewer_trials",
                len(rest) == n_side,
                f"Random got {n_side} settings, the grid {n_side**2}. Give both the same number.",
            )
            t.wrong_if(
                "grid_moves_along_a_diagonal",
                len(found) == n_side and (1.0, 0.0) not in found,
                "The grid tried only settings with x = y. Try every combination.",
            )
            t.equal(len(found), len(grid_), what="different settings of the grid")
            t.equal(len(rest), n_side**2, what="random settings")
with t.item("Random settings are uniform, independent, and new for each seed", weight=1):
    _, asked = recorded(flat, 5, range(40))
    inner = np.array([pair for pairs in asked.values() for pair in pairs if pair[0] % 0.25])
    t.wrong_if(
        "same_random_settings_for_all_seeds",
        len(np.unique(inner[:, 0])) < 100,
        "All seeds use the same random settings. Make a generator from each seed.",
    )
    t.wrong_if(
        "x_equals_y",
        np.allclose(inner[:, 0], inner[:, 1]),
        "x and y of the random settings are the same number. Draw two numbers.",
    )
    first, second = (recorded(flat, 4, seeds)[1][6] for seeds in ([5, 6], [6, 5]))
    t.wrong_if(
        "one_generator_for_all_worlds",
        sorted(first) != sorted(second),
        "The settings for seed 6 change when the seeds come in another order: the generator is made "
        "once, before the loop. Make `np.random.default_rng(seed)` for each world.",
    )
    for k in (0, 1):
        p = stats.kstest(inner[:, k], "uniform").pvalue
        t.require(p > 1e-6, f"The random settings are not uniform from 0 to 1 (p-value {p:.1g}).")
with t.item("Wins of random are counted, ties are not", weight=3):
    got, _ = recorded(flat, 3, range(6))
    t.wrong_if(
        "a_tie_is_a_win",
        got == 1,
        "The score is the same everywhere, and you count wins. Ask for larger, not for at least.",
    )
    t.equal(got, 0, what="share on a flat score")
    by_x, _ = recorded(lambda x, y, seed: x, 2, range(12))
    t.wrong_if(
        "counts_wins_of_the_grid",
        by_x == 1,
        "The score is x, so the grid, which has x = 1, always wins. You returned 1: count the wins "
        "of random search.",
    )
    got, _ = recorded(fair_grid, 5, range(6))
    t.wrong_if(
        "compares_means",
        got < 0.5,
        "In this world most random settings are bad and some are better than every setting of the "
        "grid. A search is as good as its best trial: compare the largest scores, not means.",
    )
    t.equal(got, 1, what="share when some random settings are better than the grid")
    t.equal(by_x, 0, what="share when the score is x")
    t.equal(recorded(lambda x, y, seed: -((x - 0.5) ** 2) - seed, 3, [0, 1])[0], 0, what="share")
with t.item("When one of two hyperparameters matters, random wins most worlds", weight=1):
    got = t.same_every_time(grid_vs_random, one_matters, 5, range(400))
    t.require(abs(got - 0.85) < 0.08, f"The share should be about 0.85, got {got:.2f}.")
### BEGIN HIDDEN TESTS
with t.item("Other sizes and other worlds", weight=1):
    sides = [np.array(a) for a in ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))]
    for seed in t.seeds:
        world = range(1000 * seed, 1000 * seed + 300)

        def corner(x, y, number):
            return np.abs(x - 0.5) + np.abs(y - 0.5)

        t.equal(t.call(grid_vs_random, corner, 2, world), 0, what="share when corners win")
        got = t.call(grid_vs_random, both_matter, 4, world)
        t.require(0.3 < got < 0.75, f"With both, the share is near one half, got {got:.2f}.")
### END HIDDEN TESTS

# %% [markdown]
# Two kinds of worlds, 400 each, 25 trials for both searches:

# %% needs="grid_vs_random"
worlds = range(400)
shares = {
    "only x matters": grid_vs_random(one_matters, 5, worlds),
    "x and y matter": grid_vs_random(both_matter, 5, worlds),
}
pd.Series(shares, name="random beats the grid").map("{:.0%}".format).to_frame()

# %% [markdown]
# When one hyperparameter decides, random search wins in more than eight of ten worlds: it tries 25
# values of `x`, the grid five. When both matter, it is about even. In practice we rarely know
# beforehand which hyperparameter matters, and a grid over five of them does not end. That is why
# random search is a good first choice.

# %% [markdown]
# ## Bayesian optimisation
#
# Grid and random search forget. Their last trial is chosen as if nothing had been seen before. A
# **Bayesian optimisation** uses what it has seen. The method TPE (tree-structured Parzen estimator)
# begins with some random trials. Then it asks before each trial: where are good trials more dense
# than bad ones? There it tries next. The package `optuna` does this. A **study** collects trials. An
# objective function gets a trial, asks it for values, and returns a score:
#
# - `trial.suggest_float("C", 1, 100, log=True)` gives a value, and remembers it;
# - `optuna.create_study(direction=…, sampler=…)` makes a study, `study.optimize(objective,
#   n_trials=…)` runs it. **The default direction is `"minimize"`**;
# - `optuna.samplers.TPESampler(seed=…, n_startup_trials=8)` is TPE with 8 random trials first.
#
# **Your task.** Write two functions.
#
# `tune(make_model, space, X, y, cv, n_trials=25, seed=0)` returns a study with `n_trials` trials.
# `space` is a dictionary: name → (low, high), and every value is drawn on a **log scale**.
# `make_model(**values)` gives a new model. The score of a trial is the mean of `cross_val_score`
# over the folds of `cv`, and larger is better. Use TPE with 8 random trials first. Equal calls give
# equal trials; another seed gives others.
#
# `summary(study)` returns a DataFrame with one row for each trial that has a value, in their order,
# and the columns `number` (of the trial), `value`, and `best_so_far`: the best value up to this
# trial. A study has a `direction`: in one with `"minimize"` the best is the smallest. A trial that
# failed has the value `None`: leave it out. `study.direction.name` is `"MAXIMIZE"` or `"MINIMIZE"`,
# and `study.trials` are the trials with `.number` and `.value`.
#
# For example, if trials 0, 1, 2, 3 of a maximising study have the values 0.6, 0.9, `None`, 0.7, the
# column `number` is 0, 1, 3, and `best_so_far` is 0.6, 0.9, 0.9.


# %% exercise="tune" objective="W.6.10"
def tune(make_model, space: dict, X, y, cv, n_trials: int = 25, seed: int = 0) -> optuna.Study:
    """Return a study that searches the space with TPE."""

    ### BEGIN SOLUTION
    def objective(trial):
        values = {
            name: trial.suggest_float(name, low, high, log=True)
            for name, (low, high) in space.items()
        }
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study
    ### END SOLUTION


def summary(study: optuna.Study) -> pd.DataFrame:
    """Return the trials of a study with the best value so far."""
    ### BEGIN SOLUTION
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    is_max = study.direction.name == "MAXIMIZE"
    table["best_so_far"] = table["value"].cummax() if is_max else table["value"].cummin()
    return table
    ### END SOLUTION


# %% check="tune" title="A search that learns from its trials" points=3 transport="object"
from functools import cache

from sklearn.base import BaseEstimator, ClassifierMixin

t.hints(
    "Write the objective inside `tune`: it needs `space`, `X`, `y` and `cv`. Ask the trial for each "
    "name in `space`, build the model, return the mean score.",
    '`optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed, '
    "n_startup_trials=8))`.",
    "`summary`: a list of (number, value) for trials with a value; then `cummax()` or `cummin()`.",
)


class Hill(ClassifierMixin, BaseEstimator):
    """A model whose score is known: best at (10, top), and 9 if it is scored on its own rows."""

    def __init__(self, a=1.0, b=1.0, top=1.0):
        self.a, self.b, self.top = a, b, top

    def fit(self, X, y):
        self.classes_, self.rows_ = np.unique(y), set(np.asarray(X)[:, 0])
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])

    def score(self, X, y):
        if self.rows_ & set(np.asarray(X)[:, 0]):
            return 9.0
        distance = (np.log10(self.a) - 1) ** 2 + (np.log10(self.b) - np.log10(self.top)) ** 2
        return 1 - 0.05 * distance + 0.0001 * np.asarray(X)[:, 0].mean()


BOX = {"a": (1e-3, 1e3), "b": (0.01, 100.0)}
rows_of_check, labels_of_check = np.arange(12.0).reshape(-1, 1), np.arange(12) % 2


def study_of(n_trials=14, seed=0, top=1.0, cv=2):
    """Return the study of the answer on the hill, once it is one."""

    def make(a, b):
        return Hill(a, b, top)

    got = t.call(tune, make, BOX, rows_of_check, labels_of_check, cv, n_trials=n_trials, seed=seed)
    t.require(isinstance(got, optuna.Study), f"Return a study, not a {type(got).__name__}.")
    t.equal(len(got.trials), n_trials, what="number of trials")
    return got


@cache
def usual_study():
    """Return the study of the answer with the usual arguments, once for all items."""
    return study_of()


def finished(values, direction):
    """A study with these values; None is a trial that failed."""
    study = optuna.create_study(direction=direction)
    failed, complete = optuna.trial.TrialState.FAIL, optuna.trial.TrialState.COMPLETE
    for value in values:
        state = failed if value is None else complete
        study.add_trial(optuna.trial.create_trial(value=value, state=state))
    return study


with t.item("The study maximises the mean score on rows that were left out", weight=3):
    study = usual_study()
    t.wrong_if(
        "default_direction_minimises",
        study.direction.name == "MINIMIZE" and min(trial.value for trial in study.trials) > -0.5,
        "The study minimises, which is the default of optuna: `study.best_params` would be the "
        'WORST model. Say `direction="maximize"`.',
    )
    t.require(study.direction.name == "MAXIMIZE", "The study should maximise the score.")
    values = [trial.value for trial in study.trials]
    t.wrong_if(
        "scores_the_training_rows",
        max(values) > 5,
        "The model was scored on the rows that it was trained on. Use `cross_val_score`.",
    )
    t.equal(set(study.trials[0].params), {"a", "b"}, what="names of the hyperparameters")
    for trial in study.trials[:3]:
        scores = cross_val_score(Hill(**trial.params), rows_of_check, labels_of_check, cv=2)
        t.equal(trial.value, scores.mean(), what=f"value of trial {trial.number}")
    trial = study_of(9, cv=3).trials[0]
    scores = cross_val_score(Hill(**trial.params), rows_of_check, labels_of_check, cv=3)
    t.equal(trial.value, scores.mean(), what="value of the first trial with cv=3")
with t.item("The whole space, on a log scale", weight=2):
    study = usual_study()
    for name, (low, high) in BOX.items():
        box = study.trials[0].distributions[name]
        t.wrong_if(
            "ordinary_scale",
            not getattr(box, "log", True),
            f"`{name}` goes from {low} to {high} on the ordinary scale, so nearly all values are "
            "large. Add `log=True`.",
        )
        if hasattr(box, "low"):
            t.equal([box.low, box.high], [low, high], what=f"limits of {name}")
with t.item("Equal calls give equal trials, another seed gives others", weight=2):
    first, again, other = ([trial.params for trial in study_of(10, s).trials] for s in (1, 1, 2))
    t.wrong_if(
        "sampler_without_seed",
        first != again,
        "Two equal calls tried different values. Give the sampler the seed.",
    )
    t.wrong_if("ignores_the_seed", first == other, "Seed 1 and seed 2 tried the same. Use `seed`.")
with t.item("After eight random trials the search follows what it has seen", weight=2):
    low, high = ([trial.params for trial in study_of(14, 3, top).trials] for top in (0.02, 50.0))
    t.wrong_if(
        "search_is_not_guided",
        low == high,
        "In two worlds with peaks in different places, all trials were the same: nothing is "
        "learned from them. Use the sampler TPE.",
    )
    t.wrong_if(
        "random_trials_at_the_start",
        low[:8] == high[:8] and low[8:10] == high[8:10],
        "The trials after the first eight are still random. Set `n_startup_trials=8`.",
    )
    t.require(
        low[:8] == high[:8], "The first eight trials should be random: the same in any world."
    )
with t.item("The summary: numbers, values, best so far", weight=3):
    got = t.call(summary, finished([0.6, 0.9, None, 0.7], "maximize"))
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not a {type(got).__name__}.")
    t.wrong_if(
        "failed_trials_are_kept",
        len(got) == 4,
        "A failed trial has no value, and it is in your table. Leave it out.",
    )
    t.equal(set(got.columns), {"number", "value", "best_so_far"}, what="columns")
    got = {name: got[name].tolist() for name in got}
    t.wrong_if(
        "numbers_are_counted_again",
        got["number"] == [0, 1, 2],
        "Trial 2 failed, so the last trial is number 3. Take `trial.number`.",
    )
    expected = {"number": [0, 1, 3], "value": [0.6, 0.9, 0.7], "best_so_far": [0.6, 0.9, 0.9]}
    t.equal(got, expected, what="summary")
    got = t.call(summary, finished([0.0, 0.5, None], "maximize"))
    t.wrong_if(
        "zero_counts_as_failed",
        list(got["number"]) == [1],
        "A trial with the value 0 is missing. `if trial.value` is False for 0, too; ask "
        "`is not None`.",
    )
    t.equal(list(got["best_so_far"]), [0.0, 0.5], what="best_so_far of the values 0 and 0.5")
    got = t.call(summary, finished([5.0, 7.0, 2.0, 3.0], "minimize"))["best_so_far"].tolist()
    t.wrong_if(
        "best_is_always_the_largest",
        got == [5.0, 7.0, 7.0, 7.0],
        "This study minimises an error: its best value so far is the SMALLEST.",
    )
    t.equal(got, [5.0, 5.0, 2.0, 2.0], what="best_so_far of a minimising study")
### BEGIN HIDDEN TESTS
with t.item("It finds a good digit reader", weight=1, seconds=15):

    def small_reader(C, gamma):
        return make_pipeline(StandardScaler(), SVC(C=C, gamma=gamma))

    box = {"C": (1, 100), "gamma": (1e-5, 0.1)}
    study = t.call(tune, small_reader, box, digits[:240], labels[:240], 2, n_trials=16, seed=4)
    t.require(study.best_value > 0.85, f"The best of 16 trials reaches {study.best_value:.2f}.")
with t.item("Summaries with failed trials at both ends", weight=1):
    got = t.call(summary, finished([None, 0.2, 0.1, None], "maximize"))
    got = {name: list(got[name]) for name in got}
    expected = {"number": [1, 2], "value": [0.2, 0.1], "best_so_far": [0.2, 0.2]}
    t.equal(got, expected, what="summary")
### END HIDDEN TESTS

# %% [markdown]
# Three searches, 25 trials each. How do they spend them? Each point is a trial, and its colour is
# the accuracy.

# %%
TPE_ROOM = {"C": (1, 100), "gamma": (1e-6, 1)}


def as_trials(study: optuna.Study) -> pd.DataFrame:
    """Return the trials of a study in the form of `try_all`."""
    rows = [
        {"number": trial.number, **trial.params, "score": trial.value} for trial in study.trials
    ]
    return pd.DataFrame(rows)


# %% [markdown]
# The figure needs all answers of this notebook.

# %% needs="grid_search, sample_params, tune"
study = tune(make_reader, TPE_ROOM, digits, labels, folds, n_trials=25, seed=0)
tpe_trials = as_trials(study)
grid_trials = try_all(list(ParameterGrid(wide_grid)))
searches = {"grid": grid_trials, "random": random_trials.head(25), "TPE": tpe_trials}
fig, axes = plt.subplots(1, 3, figsize=(10, 3.3), sharey=True)
for ax, (name, trials) in zip(axes, searches.items()):
    points = ax.scatter(trials["gamma"], trials["C"], c=trials["score"], vmin=0, vmax=1, s=45)
    ax.set(xscale="log", yscale="log", xlabel="gamma", title=f"{name}")
axes[0].set_ylabel("C")
fig.colorbar(points, ax=axes[2], label="mean accuracy")
figures.show(
    fig,
    alt="Three maps of 25 trials over gamma and C. The grid is regular, the random trials are spread "
    "out, and many of the TPE trials are close together at gammas between 0.001 and 0.05.",
)
print({name: f"best {trials['score'].max():.3f}" for name, trials in searches.items()})

# %% [markdown]
# All three find the same best accuracy. The difference lies in where they look. TPE has several
# trials close together on the plateau, and also some far away: it goes on exploring. Does it really
# learn? One run proves nothing, so we repeat it with five seeds, and count good trials, those above
# 0.95: among the 8 random ones at the start, and among the 17 that follow.

# %% needs="sample_params, tune"
rows = {}
for seed in range(5):
    trials = as_trials(tune(make_reader, TPE_ROOM, digits, labels, folds, 25, seed))
    good = trials["score"] > 0.95
    rows[f"seed {seed}"] = [good[:8].mean(), good[8:].mean(), trials["score"].max()]
repeated = pd.DataFrame(rows, index=["good of the first 8", "good of the later 17", "best"]).T
repeated.loc["mean"] = repeated.mean()
print(f"random search, 60 trials: {(random_trials['score'] > 0.95).mean():.2f} are good")
repeated.map("{:.3f}".format)

# %% [markdown]
# On average the later trials are good more often than the first eight. With seed 0 they were worse:
# 25 trials are few, and the search was still exploring. The best accuracy differs only in the third
# digit, and random search reaches it too. So the sentence "Bayesian optimisation is better" is not
# what this experiment shows. It pays when a trial is expensive, and when there are many
# hyperparameters.

# %% [markdown]
# ## Keep the record
#
# The next notebook asks two questions about these trials: which hyperparameter mattered, and how much
# of the best score is luck. For both we need **all** trials, not only the winner. Whoever keeps only
# the winner cannot say later how many he tried. `artifacts.put` stores the record.


# %%
def search_record(random_trials: pd.DataFrame, tpe_trials: pd.DataFrame) -> pd.DataFrame:
    """Return one table of all trials of both searches."""
    parts = [random_trials.assign(search="random"), tpe_trials.assign(search="tpe")]
    record = pd.concat(parts, ignore_index=True)
    record["gamma"] = record["gamma"].map("{:.4g}".format).astype(float)
    return record.round({"C": 3, "score": 4})[["search", "number", "C", "gamma", "score"]]


# %% [markdown]
# The first rows of the record:

# %% needs="sample_params, tune"
record = search_record(random_trials, tpe_trials)
artifacts.put("search_trials", record)
print(len(record), "trials")
record.head(3)

# %% [markdown]
# ## Recap
#
# - A hyperparameter is chosen before training. Learning rate and batch size belong together.
# - A grid multiplies: count its trainings, and look whether the best value is on the edge.
# - Random search on a log scale tries a new value of every hyperparameter in every trial. It wins
#   when few of them matter.
# - Bayesian optimisation spends its later trials where the earlier ones were good. That is no
#   promise to find a better maximum.
# - Every trial is a look at the validation rows. Keep them all on record.
#
# **Two questions from earlier.** Answer from memory first, then open the answers.
#
# 1. From `03_split`: applications of one customer are spread over all folds. What does a search over
#    hyperparameters then optimise?
# 2. From `02_scale_encode`: why does the scaler stand inside the pipeline that goes into the search?
#
# <details><summary>Answers</summary>
#
# 1. How well the model recognises known customers. It will choose settings that remember, such as
#    one neighbour or a very deep tree, and they fail with new customers.
# 2. So that it learns mean and deviation from the training rows of each fold only. Otherwise each of
#    the many trials would be scored on rows that helped to prepare it.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide, [Tuning the hyper-parameters of an
#   estimator](https://scikit-learn.org/stable/modules/grid_search.html): find the section on
#   successive halving, which stops bad trials early.
# - Optuna, [documentation of the TPE
#   sampler](https://optuna.readthedocs.io/en/stable/reference/samplers/generated/optuna.samplers.TPESampler.html):
#   look up what `n_startup_trials` does.
# - J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", Journal of Machine
#   Learning Research 13 (2012): find the figure with a grid and random points beside each other.
# - T. Akiba and others, "Optuna: a next-generation hyperparameter optimization framework", KDD 2019.
