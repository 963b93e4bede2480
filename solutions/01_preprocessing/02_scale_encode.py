# %% [markdown]
# ## The story
#
# The extract is clean. A model still cannot read it: it wants numbers, it stops at a gap, and many
# models mistake a column with large numbers for an important one. In this notebook you scale, you
# encode, and you put every step that **learns from data** into one object. That object is what
# Northwind Credit will train, test and later run.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from workshop_lib import data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# We begin with three columns of clean applications: years, thousand EUR, and a count.

# %%
columns = ["age", "income_keur", "late_payments"]
measured = data.credit(n=400, seed=0)[columns].to_numpy(float)
pd.DataFrame(measured, columns=columns).agg(["min", "mean", "max"]).round(1)

# %% [markdown]
# Who is similar to whom? Many models answer with a distance: the sum of squared differences over
# all columns. A difference of 20 (thousand EUR) in income then counts 100 times as much as a
# difference of two late payments. Nobody decided that. It follows from the units.
#
# ## Min-max scaling
#
# The first remedy brings every column to the range from 0 to 1. With the smallest value *min* and
# the largest value *max* of the column, a value *x* becomes
#
# $$x' = \frac{x - \min}{\max - \min}$$
#
# Where do *min* and *max* come from? From the rows that the model learns from, and from no others.
# So scaling has two moments: `fit` learns, `transform` uses what was learned.
#
# **Your task.** Write the class `MinMax` with NumPy (`np`), column by column. All tables are
# two-dimensional arrays without gaps: one row per application, one column per variable.
#
# - `fit(X)` learns the smallest and the largest value of each column and returns `self`.
# - `transform(X)` returns the scaled table. It uses only what `fit` learned. New values may lie
#   below 0 or above 1.
# - A column that was constant in `fit` has no range: divide by 1 instead. Its value becomes 0. If
#   new rows have another value there, its distance remains (always 7 in `fit`: a new 9 becomes 2).
# - `inverse_transform(X)` turns scaled values back into the original ones.
#
# For example, after `fit` on the ages `[[10], [30], [50]]`, `transform` gives
# `[[0], [0.5], [1]]`, and a new age of 60 becomes 1.25.


# %% exercise="MinMax" objective="W.5.6"
class MinMax:
    """Scale each column so that its range in `fit` becomes 0 to 1."""

    def fit(self, X: np.ndarray) -> "MinMax":
        """Learn the smallest and the largest value of each column."""
        ### BEGIN SOLUTION
        self.low = X.min(axis=0)
        width = X.max(axis=0) - self.low
        self.width = np.where(width == 0, 1, width)
        return self
        ### END SOLUTION

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return the scaled table."""
        ### BEGIN SOLUTION
        return (X - self.low) / self.width
        ### END SOLUTION

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Return the original values of a scaled table."""
        ### BEGIN SOLUTION
        return X * self.width + self.low
        ### END SOLUTION


# %% check="MinMax" title="Min and max are learned once, column by column" points=2 transport="plain"
t.hints(
    "Store what you learn on `self`, for example `self.low = ...`, and end `fit` with "
    "`return self`.",
    "`X.min(axis=0)` gives one smallest value for each column.",
    "Do not divide by 0: `np.where(width == 0, 1, width)` replaces a width of 0 by 1.",
)
with t.item("Training rows get values from 0 to 1, in each column", weight=1):
    ages = np.array([[10.0], [30.0], [50.0]])
    scaler = t.call(t.call(MinMax).fit, ages)
    t.equal(t.call(scaler.transform, ages), np.array([[0.0], [0.5], [1.0]]))
    two_columns = np.array([[-10.0, 100.0], [0.0, 300.0], [10.0, 200.0]])
    scaler = t.call(t.call(MinMax).fit, two_columns)
    got = t.call(scaler.transform, two_columns)
    t.wrong_if(
        "one_range_for_all_columns",
        np.shape(got) == (3, 2) and np.allclose(got, (two_columns + 10) / 310),
        "All columns share one min and one max, so the column with small numbers is still "
        "squeezed. Learn min and max for each column (`axis=0`).",
    )
    t.equal(got, np.array([[0.0, 0.0], [0.5, 1.0], [1.0, 0.5]]))
with t.item("New rows are scaled with what `fit` learned", weight=2):
    scaler = t.call(t.call(MinMax).fit, np.array([[10.0], [50.0]]))
    got = t.call(scaler.transform, np.array([[20.0], [60.0]]))
    t.wrong_if(
        "refits_on_new_rows",
        np.allclose(got, [[0], [1]]),
        "The new rows were scaled with their own min and max, so you refitted on the new data. The "
        "age 60 now means something else than in training. Learn in `fit` only.",
    )
    t.wrong_if(
        "clips_to_the_known_range",
        np.allclose(got, [[0.25], [1]]),
        "The age 60 became 1, as if it were 50. It lies outside the range of training, and 1.25 "
        "says so. Do not clip.",
    )
    t.equal(got, np.array([[0.25], [1.25]]))
    t.equal(t.call(scaler.transform, np.array([[60.0]])), np.array([[1.25]]))
with t.item("A constant column becomes 0", weight=1):
    constant = np.array([[7.0], [7.0]])
    scaler = t.call(t.call(MinMax).fit, constant)
    got = t.call(scaler.transform, constant)
    t.wrong_if(
        "divides_by_zero",
        not np.isfinite(got).all(),
        "The constant column became NaN or infinite: its range is 0, and you divided by it.",
    )
    t.equal(got, np.zeros((2, 1)))
    got = t.call(scaler.transform, np.array([[7.0], [9.0]]))
    t.wrong_if(
        "constant_column_is_always_zero",
        np.allclose(got, 0),
        "The column was always 7 in `fit`. A new 9 became 0, too, as if it were 7. Divide by 1 "
        "when the range is 0: then 9 becomes 2.",
    )
    t.equal(got, np.array([[0.0], [2.0]]))
    beside_another = np.array([[0.0, 0.0], [0.0, 1.0]])
    scaler = t.call(t.call(MinMax).fit, beside_another)
    t.equal(t.call(scaler.transform, beside_another), beside_another)
with t.item("The way back gives the original values", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 56])
        table = rng.normal([40, -3, 1000], [10, 1, 400], (20, 3))
        scaler = t.call(t.call(MinMax).fit, table)
        t.equal(t.call(scaler.inverse_transform, t.call(scaler.transform, table)), table)
### BEGIN HIDDEN TESTS
# A first import takes seconds on a busy machine, so it stays outside the timed item.
from sklearn.preprocessing import MinMaxScaler as Reference

with t.item("It agrees with scikit-learn, also for one row and for whole numbers", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 57])
        train, new = rng.integers(-50, 50, (30, 4)), rng.integers(-90, 90, (5, 4))
        scaler = t.call(t.call(MinMax).fit, train)
        t.equal(t.call(scaler.transform, new), Reference().fit(train).transform(new))
    one_row = np.array([[4.0, -2.0]])
    scaler = t.call(t.call(MinMax).fit, one_row)
    t.equal(t.call(scaler.transform, one_row), np.zeros((1, 2)), what="the only row, scaled")
    t.equal(t.call(scaler.inverse_transform, np.zeros((1, 2))), one_row, what="the way back")
### END HIDDEN TESTS

# %% [markdown]
# Every mark below is an application. Look at the three lines before and after scaling.

# %% needs="MinMax"
scaled = MinMax().fit(measured).transform(measured)
fig, (before, after) = plt.subplots(1, 2, figsize=(9, 2.8), sharey=True)
for row in range(len(columns)):
    before.plot(measured[:, row], np.full(len(measured), row), "|", color="C0", alpha=0.4)
    after.plot(scaled[:, row], np.full(len(scaled), row), "|", color="C0", alpha=0.4)
before.set(title="as measured", xlabel="years, thousand EUR, or number of late payments")
before.set(yticks=range(3), yticklabels=columns, ylim=(-0.5, 2.5))
after.set(title="min-max scaled", xlabel="share of the range of each column")
figures.show(
    fig,
    alt="Number lines of three columns. As measured, late payments fill a tiny part of the axis "
    "beside age and income. Scaled, all three reach from 0 to 1.",
)

# %% [markdown]
# Now all three columns have the same range. But the highest income decides where 1 is, and most
# incomes share the lower half. The next scaling depends less on the two most extreme values.

# %% [markdown]
# ## Z-scores
#
# A z-score counts how many standard deviations $\sigma$ a value lies above the mean $\mu$ of its
# column:
#
# $$z = \frac{x - \mu}{\sigma}$$
#
# Here $\sigma$ is the **population** standard deviation: the root of the mean squared distance from
# $\mu$ (divided by *n*, not by *n* - 1). This is the convention of scikit-learn.
#
# **Your task.** Write the class `ZScore` with the same three methods. New: tables may have gaps.
#
# - `fit(X)` learns $\mu$ and $\sigma$ of each column. It ignores gaps (`NaN`), but no other value of
#   their rows. Every column has at least one value.
# - `transform(X)` returns the z-scores. A gap stays a gap.
# - A column that was constant in `fit` has $\sigma = 0$: divide by 1 instead, as in `MinMax`.
# - `inverse_transform(X)` goes back.
#
# For example, `fit` on `[[1], [1], [5], [5]]` learns $\mu = 3$ and $\sigma = 2$. So `transform` of
# `[[5], [7], [NaN]]` gives `[[1], [2], [NaN]]`.


# %% exercise="ZScore" objective="W.5.7"
class ZScore:
    """Express each value in standard deviations from the mean of its column in `fit`."""

    def fit(self, X: np.ndarray) -> "ZScore":
        """Learn mean and standard deviation of each column."""
        ### BEGIN SOLUTION
        self.mean = np.nanmean(X, axis=0)
        deviation = np.nanstd(X, axis=0)
        self.deviation = np.where(deviation == 0, 1, deviation)
        return self
        ### END SOLUTION

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return the z-scores of a table."""
        ### BEGIN SOLUTION
        return (X - self.mean) / self.deviation
        ### END SOLUTION

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Return the original values of a table of z-scores."""
        ### BEGIN SOLUTION
        return X * self.deviation + self.mean
        ### END SOLUTION


# %% check="ZScore" title="Mean and standard deviation of the training rows" points=2 transport="plain"
t.hints(
    "The class has the same shape as `MinMax`: learn two numbers for each column, then use them.",
    "`np.nanmean` and `np.nanstd` ignore gaps; `axis=0` works column by column.",
    "NumPy's `std` divides by n, the `std` of pandas by n - 1 unless you write `ddof=0`.",
)
with t.item("Small examples, by hand", weight=2):
    small = np.array([[1.0], [1.0], [5.0], [5.0]])
    scaler = t.call(t.call(ZScore).fit, small)
    got = t.call(scaler.transform, small)
    t.wrong_if(
        "sample_standard_deviation",
        np.allclose(got, np.array([[-1], [-1], [1], [1]]) * np.sqrt(3 / 4)),
        "Your standard deviation divides by n - 1 (pandas does this by default). It is too large "
        "by the factor √(n / (n - 1)), here 1.15. Use the population formula: `ddof=0`.",
    )
    t.wrong_if(
        "variance_instead_of_deviation",
        np.allclose(got, np.array([[-1], [-1], [1], [1]]) / 2),
        "You divided by the variance, the mean SQUARED distance: 4 here. Take its root: the "
        "standard deviation is 2.",
    )
    t.equal(got, np.array([[-1.0], [-1.0], [1.0], [1.0]]))
    got = t.call(scaler.transform, np.array([[5.0], [7.0]]))
    t.wrong_if(
        "refits_on_new_rows",
        np.allclose(got, [[-1], [1]]),
        "The new rows were scaled with their own mean and deviation. Learn in `fit` only: 7 lies "
        "two standard deviations above the mean of training.",
    )
    t.equal(got, np.array([[1.0], [2.0]]))
with t.item("Each column has its own mean and standard deviation", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 58])
        table = rng.normal([40, -3, 1000], [10, 1, 400], (12, 3))
        scaler = t.call(t.call(ZScore).fit, table)
        got = t.call(scaler.transform, table)
        t.wrong_if(
            "one_mean_for_all_columns",
            np.shape(got) == (12, 3) and np.allclose(got, (table - table.mean()) / table.std()),
            "All cells share one mean and one deviation, so columns with different units are "
            "mixed. Learn both for each column (`axis=0`).",
        )
        t.equal(np.mean(got, axis=0), np.zeros(3), what="means after scaling")
        t.equal(np.std(got, axis=0), np.ones(3), what="standard deviations after scaling")
        t.equal(t.call(scaler.inverse_transform, got), table, what="the way back")
with t.item("Gaps are ignored when learning, and stay gaps", weight=1):
    gappy = np.array([[1.0, 4.0], [np.nan, 2.0], [5.0, np.nan], [5.0, 6.0], [1.0, 4.0]])
    got = t.call(t.call(t.call(ZScore).fit, gappy).transform, gappy)
    t.wrong_if(
        "one_gap_spoils_the_column",
        np.isnan(got).all(),
        "A single gap turned its whole column into NaN. Ignore gaps when you learn the two "
        "numbers.",
    )
    t.wrong_if(
        "fills_the_gap",
        not np.isnan(got).any(),
        "The gaps were filled. Filling is another step with its own decision: leave NaN here.",
    )
    zeros, whole_rows = np.nan_to_num(gappy), gappy[[0, 3, 4]]
    t.wrong_if(
        "a_gap_counts_as_zero",
        np.allclose(got, (gappy - zeros.mean(0)) / zeros.std(0), equal_nan=True),
        "Mean and deviation were learned as if each gap were a 0. A gap is not 0: leave it out of "
        "both numbers.",
    )
    t.wrong_if(
        "one_gap_costs_the_whole_row",
        np.allclose(got, (gappy - whole_rows.mean(0)) / whole_rows.std(0), equal_nan=True),
        "Rows with a gap were dropped before learning. One gap must not cost the whole row: the "
        "other values of the row are known.",
    )
    t.equal(got[:, 0], np.array([-1.0, np.nan, 1.0, 1.0, -1.0]), what="first column")
    t.equal(np.isnan(got), np.isnan(gappy), what="gaps")
with t.item("A constant column becomes 0", weight=1):
    constant = np.array([[7.0], [7.0]])
    scaler = t.call(t.call(ZScore).fit, constant)
    got = t.call(scaler.transform, constant)
    t.wrong_if(
        "divides_by_zero",
        not np.isfinite(got).all(),
        "The constant column became NaN or infinite: its standard deviation is 0, and you divided "
        "by it.",
    )
    t.equal(got, np.zeros((2, 1)))
    got = t.call(scaler.transform, np.array([[7.0], [9.0]]))
    t.wrong_if(
        "constant_column_is_always_zero",
        np.allclose(got, 0),
        "The column was always 7 in `fit`. A new 9 became 0, too, as if it were 7. Divide by 1 "
        "when the deviation is 0: then 9 becomes 2.",
    )
    t.equal(got, np.array([[0.0], [2.0]]))
    beside_another = np.array([[0.0, -1.0], [0.0, 1.0]])
    scaler = t.call(t.call(ZScore).fit, beside_another)
    t.equal(t.call(scaler.transform, beside_another), beside_another)
### BEGIN HIDDEN TESTS
# A first import takes seconds on a busy machine, so it stays outside the timed item.
from sklearn.preprocessing import StandardScaler as Reference

with t.item("It agrees with scikit-learn on rows it has not seen", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 59])
        table = np.where(rng.random((40, 3)) < 0.2, np.nan, rng.normal([5, 0, -90], 3, (40, 3)))
        train, new = table[:30], table[30:]
        scaler = t.call(t.call(ZScore).fit, train)
        t.equal(t.call(scaler.transform, new), Reference().fit(train).transform(new))
### END HIDDEN TESTS

# %% [markdown]
# What does scaling do to the shape of a column? Compare the two histograms of income: as measured
# (grey) and as z-scores (blue).

# %% needs="ZScore"
incomes = measured[:, [1]]
fig, (before, after) = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
before.hist(incomes, bins=25, color="0.5")
before.set(title="as measured", xlabel="income in thousand EUR", ylabel="applications")
after.hist(ZScore().fit(incomes).transform(incomes), bins=25)
after.set(title="z-scores", xlabel="standard deviations from the mean")
figures.show(
    fig,
    alt="Two histograms of income with exactly the same shape: a peak on the left and a long tail "
    "to the right. Only the numbers on the axis differ.",
)

# %% [markdown]
# The shape is the same, only the axis has other numbers. Scaling does **not** make a skewed column
# normal, and it does not remove outliers.

# %% [markdown]
# ## What scaling changes: the speed of learning
#
# Many models learn by *gradient descent*: begin with weights of 0, see in which direction the loss
# falls, take a step, repeat. The length of a step is set by the **learning rate**. Here the loss is
# the mean squared error of a linear formula for house prices (houses are Northwind's collateral).


# %%
def gradient_descent(
    X: np.ndarray, y: np.ndarray, learning_rate: float, max_iter: int = 500
) -> np.ndarray:
    """Fit intercept and weights of a linear formula; return the loss before each step."""
    A = np.column_stack([np.ones(len(X)), X])
    weights = np.zeros(A.shape[1])
    losses = []
    for _ in range(max_iter):
        error = A @ weights - y
        losses.append(np.mean(error**2))
        if losses[-1] > 1000 * losses[0]:
            break  # it only gets worse
        weights = weights - learning_rate * (2 / len(y)) * A.T @ error
    return np.array(losses)


# %% [markdown]
# We prepare the four columns in three ways. The smallest loss that a linear formula can reach is the
# same for all of them, because scaling changes only the unit.

# %%
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import MinMaxScaler, StandardScaler

houses = data.housing(n=300, seed=0)
house_columns = houses[["area", "rooms", "age_years", "distance_km"]].to_numpy(float)
prices = houses["price_keur"].to_numpy()
house_tables = {
    "none": house_columns,
    "standard": StandardScaler().fit_transform(house_columns),
    "minmax": MinMaxScaler().fit_transform(house_columns),
}
fit = LinearRegression().fit(house_columns, prices)
smallest_loss = np.mean((fit.predict(house_columns) - prices) ** 2)
print(f"smallest possible loss: {smallest_loss:.0f}")


# %% [markdown]
# The next cell draws the loss for a learning rate and a scaling of your choice. The slider moves
# the exponent: -4.5 means a learning rate of 10 to the power -4.5, or 0.00003. Find, for each
# scaling, the largest rate at which the loss still falls. Which scaling then ends closest to the
# dotted line, the smallest possible loss?


# %% tags=["nbval-ignore-output"]
def show_descent(exponent: float, scaling: str) -> None:
    """Draw the loss of 300 steps of gradient descent on the house prices."""
    losses = gradient_descent(house_tables[scaling], prices, 10**exponent, max_iter=300)
    verdict = "diverges" if losses[-1] > losses[0] else f"ends at {losses[-1]:.0f}"
    fig, ax = plt.subplots(figsize=(7, 3))
    ax.semilogy(losses, label="loss")
    ax.axhline(smallest_loss, color="0.4", linestyle=":", label="smallest possible loss")
    ax.set(title=f"scaling: {scaling}, loss {verdict}", xlabel="step", ylabel="loss (log scale)")
    ax.legend()
    figures.show(fig, alt=f"Loss over {len(losses)} steps with scaling {scaling}: it {verdict}.")


explore.sliders(
    show_descent, exponent=(-6.0, 0.0, 0.1, -4.5), scaling=["none", "standard", "minmax"]
)

# %% [markdown]
# Without scaling, the loss explodes as soon as the rate exceeds about 0.00005. Below, it falls
# quickly for a few steps and then hardly at all. There is a formula for the limit.
#
# Put a column of ones (for the intercept) in front of the *n* rows of *X* and call the result *A*.
# The matrix
#
# $$H = \frac{2}{n} A^\top A$$
#
# says how strongly the loss is curved in each direction. Its eigenvalues λ are these curvatures.
# A step multiplies the remaining error in a direction by 1 - (learning rate) · λ. The error shrinks
# only while this factor lies between -1 and 1. The steepest direction, with the largest
# eigenvalue *L*, decides: **learning rate < 2 / L**.
#
# **Your task.** Write `max_stable_lr(X)`: it returns 2 / L for a table of numbers, as a float. It
# is enough if it is right to 0.1 %.
#
# For example, `X = [[2], [-2], [2], [-2]]` has *n* = 4 rows. A'A is [[4, 0], [0, 16]], so
# H = 2/4 · A'A = [[2, 0], [0, 8]]. The eigenvalues are 2 and 8: L = 8, and the result is 2 / 8 = 0.25.
# (A' is $A^\top$, A transposed.)


# %% exercise="max_stable_lr" objective="W.5.8"
def max_stable_lr(X: np.ndarray) -> float:
    """Return the learning rate from which on gradient descent diverges."""
    ### BEGIN SOLUTION
    A = np.column_stack([np.ones(len(X)), X])
    H = 2 / len(X) * A.T @ A
    return 2 / np.linalg.eigvalsh(H)[-1]
    ### END SOLUTION


# %% check="max_stable_lr" title="The limit of the learning rate" points=2 transport="plain"
t.hints(
    "Three lines: build A, compute H, divide 2 by its largest eigenvalue.",
    "`np.column_stack([np.ones(len(X)), X])` puts the ones in front; `@` multiplies matrices, "
    "`A.T` is A transposed.",
    "`np.linalg.eigvalsh(H)` gives the eigenvalues of a symmetric matrix, the largest one last.",
)
with t.item("Small examples, by hand", weight=2):
    # A'A is [[6, 0], [0, 54]] here, so the eigenvalues of H = 2/6 A'A are 2 and 18.
    got = t.call(max_stable_lr, np.array([[3.0], [-3.0]] * 3))
    t.wrong_if(
        "one_over_the_largest_value",
        np.isclose(got, 1 / 3),
        "You got 1 / (largest value). The curvature of the loss decides, not the values "
        "themselves.",
    )
    t.wrong_if(
        "forgets_the_two_of_the_gradient",
        np.isclose(got, 2 / 9),
        "This is twice the limit, and the loss would explode: the 2 in H = 2/n · A'A is missing.",
    )
    t.wrong_if(
        "one_over_the_curvature",
        np.isclose(got, 1 / 18),
        "1 / L is a safe rate, but only half of the largest one. The limit is 2 / L.",
    )
    t.wrong_if(
        "forgets_two_over_n",
        np.isclose(got, 2 / 54),
        "You took the eigenvalues of A'A: the 2/n in H = 2/n · A'A is missing.",
    )
    t.wrong_if(
        "sum_instead_of_mean",
        np.isclose(got, 2 / 108),
        "The result depends on the number of rows. The loss is a mean: H has 2/n in front, not 2.",
    )
    t.wrong_if(
        "smallest_eigenvalue",
        np.isclose(got, 2 / 2),
        "You took the smallest eigenvalue, the flattest direction. The steepest one decides.",
    )
    t.equal(got, 1 / 9, rtol=1e-3)
    got = t.call(max_stable_lr, np.ones((4, 1)))
    t.wrong_if(
        "no_intercept",
        np.isclose(got, 1),
        "The column of ones is missing: the intercept is learned too, and adds a direction.",
    )
    t.equal(got, 1 / 2, rtol=1e-3)
with t.item("5 % below it the loss falls, 5 % above it explodes", weight=2):
    for seed in t.seeds:
        sample = data.housing(n=120, seed=seed)
        y = sample["price_keur"].to_numpy()
        raw = sample[["area", "rooms", "age_years", "distance_km"]].to_numpy(float)
        for kind, X in {"raw": raw, "scaled": (raw - raw.mean(0)) / raw.std(0)}.items():
            limit = t.call(max_stable_lr, X)
            below = gradient_descent(X, y, 0.95 * limit, max_iter=200)
            above = gradient_descent(X, y, 1.05 * limit, max_iter=200)
            t.require(
                below[-1] < below[0],
                f"With 95 % of {limit:.3g} the loss explodes on {kind} columns: this is too large.",
            )
            t.require(
                above[-1] > above[0],
                f"With 105 % of {limit:.3g} the loss still falls on {kind} columns: there is a "
                "larger stable rate.",
            )
### BEGIN HIDDEN TESTS
with t.item("Correlated columns and more columns than rows", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 61])
        base = rng.normal(5, 2, (50, 1))
        for X in (base + rng.normal(0, 0.1, (50, 3)), rng.normal(0, 1, (5, 9))):
            A = np.hstack([np.ones((len(X), 1)), X])
            expected = len(X) / np.linalg.norm(A, 2) ** 2
            t.gives(expected, max_stable_lr, X, rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# With your function we give each scaling its best chance: 90 % of its own limit. We count the steps
# until the loss is at most 1 % above the smallest possible loss.

# %% needs="max_stable_lr"
rows = {}
for name, table in house_tables.items():
    limit = max_stable_lr(table)
    losses = gradient_descent(table, prices, 0.9 * limit, max_iter=20_000)
    close = np.flatnonzero(losses < 1.01 * smallest_loss)
    rows[name] = {
        "largest stable rate": f"{limit:.2g}",
        "steps needed": str(close[0]) if len(close) else "over 20 000",
    }
pd.DataFrame(rows).T

# %% [markdown]
# The reason is the ratio of the largest to the smallest curvature. The rate must be small enough
# for the steepest direction, and then the flattest one hardly moves. Z-scores make the directions
# similar. Min-max lies in between, because its columns are not centred at 0 and have a small spread.

# %% [markdown]
# ## What scaling changes: the result
#
# Does scaling also change how good a model is? That depends on the model. To find out, we need a
# fair measurement, and here is the most frequent mistake of all: to scale the whole table first and
# to split it afterwards. The test rows then help to choose mean and $\sigma$.
#
# > **leakage**: information that is not there when the model is used reaches its training, so that
# > tests promise too much.
#
# The remedy is to make the scaler a part of the model:
#
# > **pipeline**: a chain of steps that is fitted and used as one object, so that every step learns
# > from the training rows only.
#
# `make_pipeline(scaler, estimator)` builds one. `cross_val_score(pipeline, X, y, cv=cv)` then fits
# the *whole* pipeline again in each fold, and returns one accuracy for each fold. The scalers are
# given. `"passthrough"` is a step that does nothing.

# %%
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

SCALERS = {"none": "passthrough", "standard": StandardScaler(), "minmax": MinMaxScaler()}

# %% [markdown]
# **Your task.** Write `scaling_effect(estimators, X, y, cv)`.
#
# - `estimators` is a dictionary: name → classifier. `cv` splits the rows, for example
#   `StratifiedKFold(5)`; pass it on.
# - The result is a DataFrame: one row per name, the columns `none`, `standard` and `minmax`. Each
#   cell is the mean accuracy (from 0 to 1) over the folds, with this scaler and this classifier.
# - The scaler learns again in each fold, from the training rows of the fold.
#
# For example, if the classifier `"tree"` reaches the accuracies 0.9 and 0.8 in two folds without
# scaling, then the cell in row `tree`, column `none` is 0.85.


# %% exercise="scaling_effect" objective="W.5.8"
def scaling_effect(estimators: dict, X, y, cv) -> pd.DataFrame:
    """Return the cross-validated accuracy of each estimator with each of the SCALERS."""
    ### BEGIN SOLUTION
    rows = {}
    for name, estimator in estimators.items():
        rows[name] = {
            scaling: cross_val_score(make_pipeline(scaler, estimator), X, y, cv=cv).mean()
            for scaling, scaler in SCALERS.items()
        }
    return pd.DataFrame(rows).T
    ### END SOLUTION


# %% check="scaling_effect" title="Scaling is measured without leakage" points=2 transport="object"
import joblib
from sklearn.dummy import DummyClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from workshop_lib.checks import SpyEstimator

t.hints(
    "Two loops: over the estimators, and over `SCALERS.items()`.",
    "Each cell is `cross_val_score(make_pipeline(scaler, estimator), X, y, cv=cv).mean()`.",
    "`pd.DataFrame` of a dictionary of dictionaries makes a column of each outer key; `.T` turns "
    "the table.",
)


def two_columns_and_label(seed, n=120):
    """A small column that tells the label, beside a large one that tells nothing."""
    rng = np.random.default_rng([seed, 62])
    y = np.arange(n) % 2
    X = np.column_stack([y + rng.normal(0, 0.25, n), rng.normal(0, 1000, n)])
    return pd.DataFrame(X, columns=["small", "large"]), y


def folds(seed):
    """Two folds of equal size."""
    return StratifiedKFold(2, shuffle=True, random_state=seed)


def effect(estimators, X, y, cv):
    """Call the answer so that parallel fits, too, are seen by a spy."""
    with joblib.parallel_config(backend="threading"):
        return t.call(scaling_effect, estimators, X, y, cv)


def accuracies(estimators, X, y, cv):
    """Call the answer and require a table of the right form."""
    got = effect(estimators, X, y, cv)
    t.require(isinstance(got, pd.DataFrame), f"Return a DataFrame, not {type(got).__name__}.")
    t.wrong_if(
        "rows_and_columns_swapped",
        set(got.index) == set(SCALERS) and set(got.columns) == set(estimators),
        "Rows and columns are swapped: the scalings should be the columns. Turn the table with "
        "`.T`.",
    )
    t.equal(set(got.columns), set(SCALERS), what="columns")
    t.equal(set(got.index), set(estimators), what="row labels")
    got = got.astype(float)
    t.wrong_if(
        "accuracy_in_percent",
        (got > 1).any(axis=None),
        "An accuracy is larger than 1. Give shares, 0.85 and not 85 %.",
    )
    return got


with t.item("One row per estimator, one column per scaling", weight=1):
    X, y = two_columns_and_label(0)
    got = accuracies({"half": DummyClassifier(), "tree": DecisionTreeClassifier()}, X, y, folds(0))
    t.equal(got.loc["half"].tolist(), [0.5, 0.5, 0.5], what="accuracy of guessing")
with t.item("Neighbours gain, a tree does not", weight=1):
    X, y = two_columns_and_label(t.seeds[0])
    both = {"knn": KNeighborsClassifier(), "tree": DecisionTreeClassifier(random_state=0)}
    got = accuracies(both, X, y, folds(0))
    gain = got[["standard", "minmax"]].sub(got["none"], axis=0)
    t.require(
        (gain.loc["knn"] > 0.2).all(),
        "The neighbours should gain more than 0.2 from each scaling here: one column has a "
        f"thousand times the range of the other. Got gains of {gain.loc['knn'].tolist()}.",
    )
    t.require(
        (gain.loc["tree"].abs() < 0.03).all(),
        "A tree only asks whether a value lies above a limit, so scaling should not matter to "
        f"it. Got gains of {gain.loc['tree'].tolist()}.",
    )
with t.item("Accuracy is measured on rows that were not learned from", weight=1):
    rng = np.random.default_rng(63)
    X, y = rng.normal(size=(80, 3)), rng.permutation(np.arange(80) % 2)
    got = accuracies({"copycat": KNeighborsClassifier(1)}, X, y, folds(0))
    t.wrong_if(
        "scores_the_training_rows",
        (got > 0.99).any(axis=None),
        "The labels are pure chance, and still an accuracy of 1: the model was tested on rows that "
        "it had learned by heart. Use `cross_val_score`, which tests on the other rows.",
    )
    t.require(
        (got < 0.8).all(axis=None), "The labels are pure chance: accuracy should be near 0.5."
    )
with t.item("The scaler learns in each fold, from its training rows only", weight=3):
    for seed in t.seeds:
        X, y = two_columns_and_label(seed)
        spy = SpyEstimator(DummyClassifier())
        effect({"spy": spy}, X, y, folds(seed))
        seen = [np.asarray(table) for table in spy.fitted_data]
        t.wrong_if(
            "ignores_cv",
            any(len(table) not in (len(X) // 2, len(X)) for table in seen),
            "The folds are not those of the argument `cv`. Pass it on: `cv=cv`.",
        )
        centred = [np.allclose(table.mean(0), 0) and np.allclose(table.std(0), 1) for table in seen]
        stretched = [
            np.allclose(table.min(0), 0) and np.allclose(table.max(0), 1) for table in seen
        ]
        raw = [bool(np.isin(table, X.to_numpy()).all()) for table in seen]
        t.wrong_if(
            "scales_before_splitting",
            not all(c or s or r for c, s, r in zip(centred, stretched, raw)),
            "In some folds the training rows are scaled, but their own mean is not 0 (or their own "
            "range is not 0 to 1). So the scaler has also seen the test rows: leakage. Put the "
            "unfitted scaler into a pipeline with the estimator.",
        )
        t.equal([sum(centred), sum(stretched), sum(raw)], [2, 2, 2], what="fits per scaling")
### BEGIN HIDDEN TESTS
with t.item("Other data, more classes", weight=1):
    rng = np.random.default_rng([t.seeds[-1], 64])
    y = np.arange(90) % 3
    X = rng.normal(y[:, None], [1, 2, 5], (90, 3)) * [1, 10, 0.01]
    splits = StratifiedKFold(3, shuffle=True, random_state=t.seeds[-1])
    neighbours = KNeighborsClassifier(7)
    expected = {
        name: np.mean(cross_val_score(make_pipeline(step, neighbours), X, y, cv=splits))
        for name, step in zip(SCALERS, ("passthrough", StandardScaler(), MinMaxScaler()))
    }
    t.equal(accuracies({"k": neighbours}, X, y, splits), pd.DataFrame(expected, index=["k"]))
### END HIDDEN TESTS

# %% [markdown]
# A real data set: 178 wines of three growers, described by 13 chemical measurements. The
# largest column (proline) reaches 1680, the smallest never exceeds 0.66.

# %% needs="scaling_effect"
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

wines, growers = load_wine(return_X_y=True)
estimators = {
    "nearest neighbours": KNeighborsClassifier(),
    "support vectors": SVC(),
    "decision tree": DecisionTreeClassifier(random_state=0),
}
splits = StratifiedKFold(5, shuffle=True, random_state=0)
scaling_effect(estimators, wines, growers, splits).round(2)

# %% [markdown]
# The two models that use distances rise from about 0.66 to 0.96 and more. The tree does not change
# at all: it compares each column with a limit, and scaling moves the limit too. So "always scale"
# is not a law. It is a question: does this model compare columns with each other?

# %% [markdown]
# ## Categories become numbers
#
# Back to Northwind's extract. You know the functions in the next cells from the last notebook. They
# are given here to clean the extract once more: run them, and read on below them. First the ages.

# %% given_from="01_clean.clean_age"

# %% [markdown]
# Then the spellings of yes and no. These are the known words:

# %%
YES = ["yes", "y", "true", "1"]
NO = ["no", "n", "false", "0"]
NOT_KNOWN = ["?", "n/a"]

# %% [markdown]
# They become 1, 0 and missing.

# %% given_from="01_clean.encode_yes_no"

# %% [markdown]
# And one row for each application. (This notebook uses only `deduplicate` of the next cell.)

# %% given_from="01_clean.deduplicate"

# %% [markdown]
# Together, with two simple rules: an income above 500 (thousand EUR) was typed in EUR, and a
# purpose is written in lower case without blanks. Gaps stay gaps.

# %%
applications = deduplicate(data.credit_raw(n=3000, seed=0))
income = applications["income_keur"]
applications = applications.assign(
    age=clean_age(applications["age"]),
    income_keur=income.where(income <= 500, income / 1000),
    home_owner=encode_yes_no(applications["home_owner"]).astype(float),
    purpose=applications["purpose"].str.strip().str.lower(),
)
applications[["purpose", "area", "rating"]].head(3)

# %% [markdown]
# Three columns are words. Two of them are **nominal**: car, debt, home and other have no order, and
# neither have east and west. If we wrote car = 0, debt = 1, home = 2, other = 3, a linear model
# would believe that *other* is three times *debt*. The remedy:
#
# > **one-hot**: one column of 0 and 1 for each category; in each row the column of its category is 1,
# > and all others are 0.
#
# The third, `rating`, is **ordinal**: low < medium < high. Here numbers in this order say something
# true.
#
# **Your task.** Write `make_encoder()`. It returns an unfitted transformer for tables with the
# columns `purpose`, `area` and `rating`: an object with `fit(table)`, which learns the categories and
# returns the object, and `transform(table)`. `ColumnTransformer` gives each group of columns its own
# transformer; a class of your own is fine, too.
#
# - `purpose` and `area` become numbers without an invented order: one-hot, with one column for each
#   category that was there in `fit`. None is dropped.
# - `rating` becomes one column: low → 0, medium → 1, high → 2.
# - The result of `transform` is a DataFrame of numbers. Each column name contains the name of the
#   column that it comes from, such as `purpose_car`. Transformers of scikit-learn give a DataFrame
#   after `.set_output(transform="pandas")`, and `OneHotEncoder` needs `sparse_output=False` for it.
# - Next month somebody buys a boat. A purpose or an area that was not there in `fit` must not stop
#   `transform`: all its one-hot columns are 0. The columns are always those of `fit`.
#
# For example, after `fit` on the extract, a row `car, west, medium` has 1 in the columns for car
# and west, 0 in those for the other purposes and for east, and 1 for the rating.

# %% exercise="make_encoder" objective="W.2.3"
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


def make_encoder():
    """Return a transformer that encodes purpose, area (nominal) and rating (ordinal)."""
    ### BEGIN SOLUTION
    nominal = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    ordinal = OrdinalEncoder(categories=[["low", "medium", "high"]])
    encoder = ColumnTransformer(
        [("nominal", nominal, ["purpose", "area"]), ("ordinal", ordinal, ["rating"])],
        verbose_feature_names_out=False,
    )
    return encoder.set_output(transform="pandas")
    ### END SOLUTION


# %% check="make_encoder" title="Categories become numbers without an invented order" points=3 transport="plain"
t.hints(
    "`OneHotEncoder` and `OrdinalEncoder` do the encoding, `ColumnTransformer` brings them "
    "together.",
    '`OneHotEncoder(handle_unknown="ignore", sparse_output=False)` gives zeros for a new category; '
    '`OrdinalEncoder` takes the order from `categories=[["low", ...]]`: one list for each column.',
    'A transformer returns DataFrames after `.set_output(transform="pandas")`; '
    "`verbose_feature_names_out=False` keeps the names short.",
)
CATEGORIES = {"purpose": ["car", "debt", "home", "other"], "area": ["east", "west"]}


def words(seed, n=60):
    """Random purposes, areas and ratings."""
    rng = np.random.default_rng([seed, 23])
    choices = {**CATEGORIES, "rating": ["low", "medium", "high"]}
    return pd.DataFrame({name: rng.choice(values, n) for name, values in choices.items()})


def fitted(table):
    """Fit an answer on a table."""
    encoder = t.call(make_encoder)
    try:
        return t.call(encoder.fit, table)
    except Exception as problem:
        t.wrong_if(
            "list_not_in_a_list",
            "Shape mismatch" in str(problem),
            "`categories` needs a list in a list: one list for each column, also when there is "
            'only one column, `categories=[["low", "medium", "high"]]`.',
        )
        raise


def encoded(table, rows):
    """Fit an answer on `table` and transform `rows`."""
    return transformed(fitted(table), rows)


def transformed(encoder, rows):
    """Transform rows, and require a table of as many rows."""
    got = t.call(encoder.transform, rows)
    t.require(
        isinstance(got, pd.DataFrame),
        "`transform` did not return a DataFrame; set the output to pandas so that every column has "
        "a name.",
    )
    t.equal(got.shape[0], len(rows), what="number of rows")
    return got


def columns_from(name, table):
    """Select the columns that come from one column of words, as an array of numbers."""
    return table[[column for column in table.columns if name in str(column)]].to_numpy(float)


with t.item("low < medium < high becomes 0, 1, 2", weight=1):
    for seed in t.seeds:
        table = words(seed)
        rating = columns_from("rating", encoded(table, table))
        t.wrong_if(
            "throws_the_order_away",
            rating.shape[1] > 1,
            "`rating` became several columns, so the model no longer knows that low < medium < "
            "high. Use one column with 0, 1, 2.",
        )
        t.equal(rating.shape[1], 1, what="number of columns whose name contains 'rating'")
        numbers = pd.Series(rating[:, 0]).groupby(table["rating"]).first()
        t.wrong_if(
            "alphabetical_order",
            numbers["high"] < numbers["low"] < numbers["medium"],
            "The codes follow the alphabet: high < low < medium. Tell the encoder the real order.",
        )
        expected = table["rating"].map({"low": 0, "medium": 1, "high": 2})
        t.equal(rating[:, 0].tolist(), expected.tolist(), what="rating")
with t.item("Purposes and areas become columns of 0 and 1", weight=2):
    for seed in t.seeds:
        table = words(seed)
        got = encoded(table, table)
        for name, categories in CATEGORIES.items():
            codes = columns_from(name, got)
            t.require(np.isfinite(codes).all(), f"The encoded {name} has gaps.")
            t.wrong_if(
                "invents_an_order",
                not np.isin(codes, [0, 1]).all(),
                f"The codes of {name} are {np.unique(codes).tolist()}: an order, or distances, "
                "that are not in the data. Use one-hot columns.",
            )
            t.require(
                (codes.sum(axis=1) <= 1).all(), f"A row has two categories of {name} at once."
            )
            t.equal(
                len(np.unique(codes, axis=0)), len(categories), what=f"different codes for {name}"
            )
with t.item("The categories are learned in `fit`", weight=1):
    table = words(2)
    renamed = table.assign(purpose="new " + table["purpose"], area="new " + table["area"])
    got = encoded(renamed, renamed)
    for name, categories in CATEGORIES.items():
        t.wrong_if(
            "categories_are_written_in",
            len(np.unique(columns_from(name, got), axis=0)) < len(categories),
            f"We fitted on tables where every {name} has another name. Then your columns cannot "
            "tell them apart: the categories are written into the code. Learn them in `fit`.",
        )
with t.item("A new purpose or area does not stop it; the columns stay those of `fit`", weight=2):
    table = words(0)
    encoder = fitted(table)
    known = transformed(encoder, table)
    for name, new in {"purpose": "boat", "area": "north"}.items():
        try:
            got = transformed(encoder, table.head(1).assign(**{name: new}))
        except Exception as problem:
            _, raised, error = str(problem).partition(" raised ")
            t.wrong_if(
                "unknown_category_stops_it",
                bool(raised),
                f"The {name} {new!r} was not there in `fit`, and `transform` raised {error} Next month "
                'there will be one: see `handle_unknown="ignore"`.',
            )
            raise
        t.wrong_if(
            "columns_change_with_the_rows",
            list(got.columns) != list(known.columns),
            f"For one row with the {name} {new!r} the columns are {list(got.columns)}, and for the "
            "training rows they are others. A model cannot work with that: learn the categories in "
            "`fit`.",
        )
        codes = columns_from(name, got)
        same_code = (columns_from(name, known) == codes).all(axis=1)
        t.wrong_if(
            "drops_a_category",
            same_code.any(),
            f"The new {name} {new!r} looks exactly like {table.loc[same_code, name].unique()}: all "
            "zeros already mean this one. Keep one column for each category, without `drop`.",
        )
        t.require((codes == 0).all(), f"The {name} {new!r} should have 0 in all its columns.")
with t.item("Every column is a number and says where it comes from", weight=1):
    table = words(1)
    got = encoded(table, table)
    for name in got.columns:
        t.require(pd.api.types.is_numeric_dtype(got[name]), f"The column {name!r} is not a number.")
        origin = [part for part in ("purpose", "area", "rating") if part in str(name)]
        t.require(len(origin) == 1, f"The name {name!r} does not say which column it comes from.")
### BEGIN HIDDEN TESTS
with t.item("The order of the training rows does not matter", weight=1):
    table = words(5)
    t.equal(encoded(table.iloc[::-1], table), encoded(table, table))
with t.item("A new area, and rows in another order of columns", weight=1):
    table = words(6)
    rows = table.head(4).assign(area=["north", "east", "west", "east"])
    got = encoded(table, rows[["rating", "area", "purpose"]])
    t.require(np.isfinite(got.to_numpy(float)).all(), "The row with a new area has a gap.")
    t.equal(got, encoded(table, rows))
### END HIDDEN TESTS

# %% [markdown]
# Here are the first rows of the extract, and one with a boat. Each row stands in a column here.

# %% needs="make_encoder"
word_columns = applications[["purpose", "area", "rating"]]
boat = pd.DataFrame([["boat", "west", "high"]], columns=word_columns.columns, index=["new"])
encoder = make_encoder().fit(word_columns)
shown = pd.concat([word_columns.head(3), boat])
pd.concat([shown["purpose"], encoder.transform(shown).astype(int)], axis=1).T

# %% [markdown]
# The boat is "none of the purposes I know". That is honest, and the model still answers.

# %% [markdown]
# ## One pipeline for everything
#
# Now all the steps come together: fill gaps, mark them, scale, encode, then the model. These are
# the columns that the credit model may use:

# %%
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

NUMERIC = [
    "age",
    "income_keur",
    "loan_keur",
    "debt_ratio",
    "late_payments",
    "employment_years",
    "home_owner",
]
CATEGORICAL = ["purpose", "area"]

# %% [markdown]
# All other columns stay outside. `repaid` is the answer itself, and `approved_hist` (what an
# officer decided) is not known when the model is asked. `rating` stays outside, too: an officer
# gives it after looking at the file, so it may contain the decision, and a new application has none
# yet. `group` is protected by law.
# `application_id` and `month` say nothing about a person. A pipeline that takes "all columns that
# are there" uses them the day somebody forgets to drop them. So the pipeline **names its columns**.
#
# **Your task.** Write `make_credit_pipeline(estimator)`. It returns an unfitted scikit-learn
# `Pipeline` with two steps.
#
# - `"prep"` prepares the columns, and nothing but the columns listed above:
#     - `NUMERIC`: fill each gap with a typical value (for example the median), add a column of 0
#       and 1 that says where the gaps were (it may be scaled, too), and bring the columns to a
#       similar scale (for example z-scores);
#     - `CATEGORICAL`: one-hot with one column for each category; an unknown category gets zeros.
# - `"model"` is the `estimator` that was given.
# - It works with tables that have more columns, or columns in another order. When it predicts, a
#   gap may appear in any numeric column, also in one without gaps in training: it is filled, and
#   such a column needs no indicator.
#
# For example, `make_credit_pipeline(LogisticRegression()).fit(applications,
# applications["repaid"])` learns, and its `predict` then works on a table without `repaid`.


# %% exercise="make_credit_pipeline" objective="W.4.9"
def make_credit_pipeline(estimator) -> Pipeline:
    """Return a pipeline that prepares the credit columns and then uses the estimator."""
    ### BEGIN SOLUTION
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    categories = OneHotEncoder(handle_unknown="ignore")
    prep = ColumnTransformer(
        [("numbers", numbers, NUMERIC), ("categories", categories, CATEGORICAL)],
        remainder="drop",
    )
    return Pipeline([("prep", prep), ("model", estimator)])
    ### END SOLUTION


# %% check="make_credit_pipeline" title="One pipeline, no leakage" points=4 transport="object"
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from workshop_lib.checks import SpyEstimator, same

t.hints(
    "Two small parts come first: one for the numbers, one for the categories. A "
    "`ColumnTransformer` gives each part its columns, and drops the others.",
    "For the numbers: `make_pipeline(SimpleImputer(...), StandardScaler())`. The imputer has the "
    "option `add_indicator`.",
    'The end is `Pipeline([("prep", prep), ("model", estimator)])`.',
)


def loans(seed, n=150):
    """Applications with gaps in every numeric column."""
    table = data.credit(n=n, seed=seed)
    gaps = np.random.default_rng([seed, 49]).random((n, len(NUMERIC))) < 0.1
    table[NUMERIC] = table[NUMERIC].astype(float).mask(gaps)
    return table


def as_array(prepared):
    """Turn what a step gives into an array, be it sparse or a frame."""
    return prepared.toarray() if hasattr(prepared, "toarray") else np.asarray(prepared)


def fitted(estimator, table, y):
    """Fit a clone of the answer."""
    pipeline = t.call(make_credit_pipeline, estimator)
    t.require(
        isinstance(pipeline, Pipeline)
        and [name for name, _ in pipeline.steps] == ["prep", "model"],
        "Return a scikit-learn `Pipeline` with the two steps `prep` and `model`.",
    )
    return t.call(clone(pipeline).fit, table, y)


def fitted_with_spy(table, y):
    """Fit the answer with a spy as its model; return the pipeline and what the spy was given."""
    spy = SpyEstimator(DummyClassifier(strategy="prior"))
    pipeline = fitted(spy, table, y)
    t.wrong_if(
        "ignores_the_estimator",
        not spy.fitted_data,
        "The last step is not the estimator that was given to the function.",
    )
    return pipeline, as_array(spy.fitted_data[-1])


def prepared(pipeline, rows):
    """What the first step makes of some rows."""
    return as_array(t.call(pipeline["prep"].transform, rows))


with t.item("Only the listed columns are used", weight=2):
    table = loans(t.seeds[0])
    y, inputs = table["repaid"], table[NUMERIC + CATEGORICAL]
    others = table.columns.difference(inputs.columns)
    # The same inputs; the other columns have other values, and all stand in another order.
    turned = table.assign(**{name: table[name].to_numpy()[::-1] for name in others})
    turned = turned[table.columns[::-1]]
    pipeline, seen = fitted_with_spy(table, y)
    _, seen_turned = fitted_with_spy(turned, y)
    t.wrong_if(
        "sees_more_than_its_inputs",
        "A" in seen.ravel().tolist() or not same(np.sort(seen), np.sort(seen_turned)),
        f"Other values in {', '.join(others)} changed what the model is given. So it learns "
        "from columns that it must not see; one of them is the answer. Name the columns that "
        "go in, and drop the rest.",
    )
    expected = prepared(pipeline, table)
    got = prepared(pipeline, inputs)
    t.equal(got, expected, what="what the model is given without the other columns")
    got = prepared(pipeline, turned.assign(shoe_size=43))
    t.equal(got, expected, what="what the model is given with a new column, in another order")
with t.item("The model gets no gaps: they are filled sensibly, and marked", weight=2):
    table = loans(t.seeds[-1])
    pipeline, seen = fitted_with_spy(table, table["repaid"])
    t.equal(len(seen), len(table), what="rows that the model is given")
    words = any(isinstance(value, str) for value in seen.ravel().tolist())
    t.require(not words, "Words reach the model. Each column has to become numbers.")
    seen = seen.astype(float)
    t.require(np.isfinite(seen).all(), "Gaps (NaN) reach the model. Fill them before.")
    for name in NUMERIC:
        gap = table[name].isna().to_numpy()
        constant = (np.ptp(seen[gap], axis=0) < 1e-9) & (np.ptp(seen[~gap], axis=0) < 1e-9)
        t.wrong_if(
            "no_indicator",
            not (constant & (np.abs(seen[gap][0] - seen[~gap][0]) > 1e-9)).any(),
            f"No column tells the model where `{name}` was missing. A filled value looks like "
            "a measured one: add an indicator for each column with gaps.",
        )
    skewed = ["age", "income_keur", "loan_keur", "debt_ratio"]
    rows = table.dropna().iloc[[0] * 3 * len(skewed)].reset_index(drop=True)
    for place, name in enumerate(skewed):
        three = [*table[name].quantile([0.1, 0.9]), np.nan]
        rows.loc[3 * place : 3 * place + 2, name] = three
    triples = prepared(pipeline, rows).astype(float).reshape(len(skewed), 3, -1)
    for name, (low, high, filled) in zip(skewed, triples):
        low, high = np.minimum(low, high), np.maximum(low, high)
        outside = (high > low) & ((filled < low - 1e-9) | (filled > high + 1e-9))
        t.wrong_if(
            "fills_with_a_constant",
            outside.any(),
            f"A gap in `{name}` was filled with a value below the 10 % point or above the 90 % "
            "point of the column. Take a typical one, such as the median.",
        )
with t.item("Numbers are scaled, with what the rows in `fit` say", weight=2):
    table = loans(t.seeds[0])
    table[NUMERIC] = table[NUMERIC] * 1000
    _, seen = fitted_with_spy(table, table["repaid"])
    spread = seen.astype(float).std(axis=0).max()
    t.wrong_if(
        "not_scaled",
        spread > 3000,
        "We made all numbers 1000 times larger. The model is given a column with a standard "
        f"deviation of {spread:.0f}, others have less than 1. Scale the numeric columns.",
    )
    t.wrong_if(
        "scale_is_not_learned_in_fit",
        spread > 3,
        "When all numbers are 1000 times larger, so is something that the model is given. One "
        "column is not scaled, or its scale was learned outside the pipeline, from other rows.",
    )
with t.item("Categories get no order, and a new one is no obstacle", weight=2):
    table = loans(t.seeds[-1])
    pipeline, _ = fitted_with_spy(table, table["repaid"])
    row = table.dropna().iloc[[0]]
    categories = {"purpose": ["car", "debt", "home", "other"], "area": ["east", "west"]}
    for name, known in categories.items():
        rows = pd.concat([row.assign(**{name: category}) for category in known])
        codes = prepared(pipeline, rows).astype(float)
        t.equal(len(np.unique(codes, axis=0)), len(known), what=f"different codes for {name}")
        try:
            new = as_array(pipeline["prep"].transform(row.assign(**{name: "new"})))
        except ValueError as problem:
            t.wrong_if(
                "unknown_category_stops_it",
                True,
                f"An applicant with a new category of {name} stopped the pipeline: {problem}.",
            )
        looks_like = np.isclose(codes, new.astype(float)).all(axis=1)
        t.wrong_if(
            "drops_a_category",
            looks_like.any(),
            f"A new {name} looks exactly like {np.array(known)[looks_like]}: all zeros already "
            "mean this one. Keep one column for each category, without `drop`.",
        )
        t.wrong_if(
            "invents_an_order",
            np.count_nonzero(np.ptp(codes, axis=0) > 1e-9) == 1,
            f"All categories of {name} became numbers in one column, such as 0, 1, 2, 3: an order "
            "that is not there. Use one-hot.",
        )
with t.item("Rows outside the training part do not move what is learned", weight=2):
    table = loans(t.seeds[0])
    y, train, test = table["repaid"], np.arange(100), np.arange(100, 150)
    extreme = table.copy()
    extreme.loc[test[20:], NUMERIC] = 1e6
    pipeline, seen = fitted_with_spy(table.iloc[train], y.iloc[train])
    before, after = (prepared(pipeline, rows.iloc[test])[:20] for rows in (table, extreme))
    t.wrong_if(
        "learns_from_the_rows_it_scores",
        not same(before, after),
        "Extreme values of OTHER applicants changed what the model is given for an applicant. "
        "Something is learned at the moment of prediction. Learn it in `fit`, and keep it.",
    )
    spy = SpyEstimator(DummyClassifier(strategy="prior"))
    pipeline = t.call(make_credit_pipeline, spy)
    splits = [(train, test)]
    t.call(cross_val_score, pipeline, extreme, y, cv=splits, error_score="raise")
    got = as_array(spy.fitted_data[-1])
    t.equal(got, seen, what="what the model is given in cross-validation")
### BEGIN HIDDEN TESTS
with t.item("A gap may appear where training had none", weight=1):
    table = data.credit(n=100, seed=7)
    table[NUMERIC] = table[NUMERIC].astype(float)
    pipeline = fitted(LogisticRegression(max_iter=1000), table, table["repaid"])
    gappy = table.head(2 * len(NUMERIC)).copy()
    for place, name in enumerate(NUMERIC):
        gappy.loc[place, name] = np.nan
    gappy.loc[len(NUMERIC) :, NUMERIC] = np.nan
    got = t.call(pipeline.predict_proba, gappy)
    t.require(np.isfinite(got).all(), "A prediction for an applicant with gaps is not a number.")
with t.item("Fitting again, or a clone, gives the same", weight=1):
    table, other = loans(8), loans(9)
    pipeline = fitted(LogisticRegression(max_iter=1000), table, table["repaid"])
    expected = t.call(pipeline.predict_proba, table)
    again = t.call(t.call(clone(pipeline).fit, other, other["repaid"]).fit, table, table["repaid"])
    got = t.call(again.predict_proba, table)
    t.equal(got, expected, what="prediction of a clone that was fitted on other rows before")
### END HIDDEN TESTS

# %% [markdown]
# This is your pipeline with a logistic model. Click on a box to see its options.

# %% needs="make_credit_pipeline"
from sklearn.dummy import DummyClassifier

credit_model = make_credit_pipeline(LogisticRegression(max_iter=1000))
credit_model

# %% [markdown]
# One object now does everything, so a fair test is one line. We compare it with a baseline that
# always says "will repay", and with itself after a look at the answer.


# %% needs="make_credit_pipeline"
def accuracy(model, table: pd.DataFrame) -> str:
    """Mean accuracy over five folds, as text."""
    scores = cross_val_score(model, table, table["repaid"], cv=StratifiedKFold(5))
    return f"{scores.mean():.3f}"


peeking = applications.assign(age=applications["repaid"])
pd.Series(
    {
        "always 'will repay'": accuracy(DummyClassifier(), applications),
        "your pipeline": accuracy(credit_model, applications),
        "with the answer hidden in 'age'": accuracy(credit_model, peeking),
    },
    name="accuracy",
).to_frame()

# %% [markdown]
# The pipeline is a little better than the baseline. The last line is perfect, and worthless:
# somebody put the answer into an input column. **A result that is too good is the first symptom of
# leakage.** Your pipeline protects against forbidden columns and against scaling too early. It
# cannot know what a column really holds. Unit 02 looks for such columns.

# %% [markdown]
# ## Recap
#
# - What learns from data (min, max, mean, median, categories) learns in `fit`, from training rows.
# - Scaling changes how fast gradient descent learns, and the results of models that compare columns
#   with each other. It changes neither the shape of a column nor a tree.
# - Categories without an order get one column each. An unknown category must not stop the model.
# - A pipeline is fitted as one object. It names its columns, so nothing else can slip in.
#
# **Two questions from the last notebook.** Answer from memory first, then open the answer.
#
# 1. `debt_ratio` is missing more often after late payments. Why not simply drop these rows?
#
# <details><summary>Answer</summary>
#
# The gaps do not fall by chance. Dropping the rows removes mostly applicants with late payments,
# and the model never learns about them. So we fill the gap and add an indicator, as your pipeline
# does.
#
# </details>
#
# 2. Somebody typed the age 120. Why does it become a gap and not 100?
#
# <details><summary>Answer</summary>
#
# We do not know this person's age. A clipped 120 is an invented fact, and nobody could see later
# that it was invented.
#
# </details>
#
# ## What to read next
#
# - scikit-learn user guide, ["Common pitfalls and recommended
#   practices"](https://scikit-learn.org/stable/common_pitfalls.html): look for the two code
#   examples of leakage, the wrong and the right one.
# - scikit-learn examples, ["Compare the effect of different scalers on data with
#   outliers"](https://scikit-learn.org/stable/auto_examples/preprocessing/plot_all_scaling.html):
#   which scaler keeps most of its use when a few values are extreme?
# - S. Kaufman, S. Rosset, C. Perlich, O. Stitelman, "Leakage in data mining: formulation,
#   detection, and avoidance", ACM TKDD 6 (2012): read the introduction, a list of real competitions
#   that were won by leakage.
