# %% [markdown]
# Welcome. In this course you learn by writing small functions. A check looks at each of them and
# tells you at once what is right, what is not yet right, and what to try next. Nothing is sent
# anywhere: the checks run on your computer, as often as you like.
#
# A notebook is a column of cells. Click a cell and press **Shift + Enter** to run it. Start with
# the next one, which imports what this notebook needs.

# %%
import importlib

import matplotlib.pyplot as plt
import pandas as pd

from workshop_lib import explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# ## Is everything installed?
#
# Run this small test of your environment. Each line should end with "ok".

# %%
for package in ("numpy", "pandas", "sklearn", "matplotlib", "pandera", "ipywidgets"):
    try:
        importlib.import_module(package)
        print(f"{package}: ok")
    except ImportError:
        print(f"{package}: missing. Type `workshop doctor` in a terminal; it says what to do.")

# %% [markdown]
# ## Your first exercise
#
# At Northwind Credit, a lender of mid size, a branch reports its decisions as a column of texts:
#
# | application | decision |
# |---|---|
# | 1 | approved |
# | 2 | refused |
# | 3 | (empty: not decided yet) |
# | 4 | approved |
#
# **Your task.** Write `approval_rate(decisions)`.
#
# - It takes a Series of texts: `"approved"`, `"refused"`, or a missing value (`None`).
# - It returns a float from 0 to 1: approved applications divided by **decided** applications.
# - Applications that are not decided yet do not count at all.
#
# - At least one application is decided.
#
# For the table above the answer is 2 approved of 3 decided, about 0.667. Do not round the result.
#
# The cell below holds a *stub*: the first line, a description, and three dots. You replace the
# three dots with your code. But do not do that yet. Run the stub and its check as they are, to see
# what a check says before you begin. To see the code of a check, click its folded line.

# %% exercise="approval_rate"
def approval_rate(decisions: pd.Series) -> float:
    """Return approved applications divided by decided applications."""
    ### BEGIN SOLUTION
    return float((decisions.dropna() == "approved").mean())
    ### END SOLUTION


# %% check="approval_rate" title="Only decided applications count" points=1 transport="plain"
t.hints(
    "Two numbers are needed: how many are approved, and how many are decided.",
    "`decisions.notna().sum()` counts the decided ones; `(decisions == \"approved\").sum()` counts "
    "the approved ones.",
)
with t.item("The table of the text gives two thirds", weight=1, seconds=2):
    branch = pd.Series(["approved", "refused", None, "approved"])
    got = t.call(approval_rate, branch)
    t.wrong_if(
        "counts_undecided_as_refused",
        got == 0.5,
        "You divided by all 4 applications. The one that is not decided yet is not a refusal: "
        "divide by the decided ones.",
    )
    t.wrong_if(
        "percent_instead_of_share",
        isinstance(got, float | int) and 60 < got < 70,
        "This is a percentage. The task asks for a share from 0 to 1.",
    )
    t.wrong_if(
        "rate_of_refusals",
        abs(got - 1 / 3) < 1e-6,
        "This is the share of refused applications.",
    )
    t.wrong_if(
        "rounds_the_result",
        abs(got - 2 / 3) > 1e-6 and round(got, 2) == 0.67,
        "The share is rounded. Return it as it is: rounding is for the person who prints it.",
    )
    t.equal(got, 2 / 3)
with t.item("It works for any branch", weight=1, seconds=2):
    for approved, refused, undecided in [(3, 1, 0), (0, 2, 5), (7, 0, 1)]:
        texts = ["approved"] * approved + ["refused"] * refused + [None] * undecided
        t.gives(approved / (approved + refused), approval_rate, pd.Series(texts))
### BEGIN HIDDEN TESTS
with t.item("The index does not matter", weight=1, seconds=2):
    t.gives(0.25, approval_rate, pd.Series(["refused", "approved", "refused", "refused"], index=list("abca")))
### END HIDDEN TESTS

# %% [markdown]
# ### What a check says
#
# While the stub stands, the check says **not attempted**. Now try three things, and run the
# exercise cell and its check after each of them.
#
# 1. A wrong answer: `return (decisions == "approved").mean()`. The check says **not yet**. It names
#    the item that failed, and the idea behind the mistake.
# 2. No answer: remove the `return`. The check tells you that the function returned None.
# 3. Your own answer. When all items pass, the check says **passed**.
#
# Each check has one or more *items*, and each item gives a part of the points. Below them are
# *hints* in steps. Open the first one, try again, and open the next one only if you need it.
#
# **Passed is not yet full marks.** The checks that you see use a few data sets. Grading uses the
# same items on other data, and some more for rare cases, such as a table without rows. An answer that
# follows the text passes them. An answer that repeats the example does not.

# %% [markdown]
# ## A function must not change what it was given
#
# The second exercise shows a rule that holds in the whole course: a function works on a copy. The
# person who calls your function still needs the original table.
#
# **Your task.** Write `add_debt_share(applications)`.
#
# - It takes a DataFrame with the columns `loan_keur` and `income_keur` (thousand EUR, `keur`).
# - It returns a **new** DataFrame with the same rows and columns and one column more,
#   `debt_share`: the loan divided by the income.
# - The table that was passed in stays as it was.
#
# For example, a loan of 9 with an income of 36 has a `debt_share` of 0.25.

# %% exercise="add_debt_share"
def add_debt_share(applications: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of the table with the column debt_share."""
    ### BEGIN SOLUTION
    return applications.assign(debt_share=applications["loan_keur"] / applications["income_keur"])
    ### END SOLUTION


# %% check="add_debt_share" title="One column more, and the original unchanged" points=1 transport="plain"
t.hints(
    "`table.copy()` makes a copy; `table.assign(new=...)` returns a copy with a new column.",
)
with t.item("The new column is the loan divided by the income", weight=2):
    table = pd.DataFrame({"loan_keur": [9.0, 20.0], "income_keur": [36.0, 40.0]}, index=[7, 3])
    got = t.call(add_debt_share, table)
    t.require(
        isinstance(got, pd.DataFrame),
        "Return the whole table with the new column, not the column alone.",
    )
    t.require("debt_share" in got.columns, "The column `debt_share` is not there.")
    t.wrong_if(
        "income_divided_by_loan",
        got["debt_share"].iloc[0] == 4.0,
        "This is the income divided by the loan: the other way round.",
    )
    t.equal(got, table.assign(debt_share=[0.25, 0.5]))
### BEGIN HIDDEN TESTS
with t.item("A table without rows keeps its columns", weight=1):
    empty = pd.DataFrame({"loan_keur": [], "income_keur": [], "note": []}, dtype=float)
    got = t.call(add_debt_share, empty)
    t.equal(sorted(got.columns), ["debt_share", "income_keur", "loan_keur", "note"])
### END HIDDEN TESTS

# %% [markdown]
# If you wrote `applications["debt_share"] = ...`, the check told you that your function changed its
# argument. That is one of the most frequent mistakes in data work. You find it late, because
# the function itself looks right.

# %% [markdown]
# ## Experiments with sliders
#
# Some cells have sliders. Move one, with the mouse or with the arrow keys, and the picture follows.
# Every slider cell calls a plain function, so you can also call that function yourself, for example
# `payments(rate_percent=3, years=5)`.

# %%
def payments(rate_percent: float, years: int) -> None:
    """Plot what is still owed of a loan of 10 keur, month by month."""
    months = 12 * years
    rate = rate_percent / 100 / 12
    payment = 10 * rate / (1 - (1 + rate) ** -months) if rate else 10 / months
    owed = [10.0]
    for _ in range(months):
        owed.append(owed[-1] * (1 + rate) - payment)
    fig, ax = plt.subplots(figsize=(6, 2.8))
    ax.plot(owed)
    ax.set(xlabel="month", ylabel="still owed (keur)", title=f"{1000 * payment:.0f} EUR a month")
    figures.show(fig, alt="A line that falls from 10 keur at month 0 to 0 at the last month.")


# %% [markdown]
# The higher the rate, the more the line bends: a larger part of each early payment is interest.

# %% tags=["nbval-ignore-output"]
explore.sliders(payments, rate_percent=(0, 20, 1, 6), years=(1, 10, 1, 5))

# %% [markdown]
# ## Your work and how to keep it
#
# Your notebooks are in the folder `work`. They are yours: no command of the course overwrites them.
# These commands are typed in a terminal (in JupyterLab: **File > New > Terminal**).
#
# | you want to | do this |
# |---|---|
# | save | **Ctrl + S**; JupyterLab also saves every two minutes |
# | resume | type `workshop lab` (or `make lab`), open the notebook, and choose **Run > Run All Cells** |
# | see your progress | `workshop status` |
# | start ONE exercise again | `workshop reset 00_start_here/01_start_here approval_rate`; the notebook as it was is kept |
# | see a worked solution | after three tries: `workshop solution 00_start_here/01_start_here approval_rate`; a teacher can turn this off |
# | get a newer version of the course | update the course folder, then `workshop update`; your answers move to the new notebook, and the old one is kept |
# | know your score before you hand in | `workshop check 00_start_here/01_start_here` |
# | hand in | `workshop submit 00_start_here` makes one zip file; in a class with an exchange, use **Nbgrader > Assignment List** |
# | find out why something does not work | `workshop doctor` |
#
# Two habits help. Before you hand in, choose **Kernel > Restart Kernel and Run All Cells**: a cell
# that works only because of a cell you deleted shows up. And keep all of an answer inside its cell
# or the cells above it: only notebooks are handed in, helper files beside them are not.

# %% [markdown]
# ## Recap
#
# - A check has three states: not attempted, not yet, passed.
# - Points come from items. Grading uses the same items on other data.
# - A function returns something new and leaves its input as it was.
#
# ## What to read next
#
# Open `01_preprocessing/01_clean` in the file browser on the left. There the real data waits.
