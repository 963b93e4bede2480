# %% [markdown]
# Northwind Credit stores ages as text. Here you repair them.
#
# > **sentinel value**: a number such as 999 that means "not known".

# %%
import pandas as pd
from workshop_lib.checks import check

# %% [markdown]
# ## Ages
#
# `clean_age` takes a column of texts and returns numbers. What is not between `low` and `high`
# becomes missing.

# %% exercise="clean_age" objective="W.5.5"
def clean_age(ages, low=18, high=100):
    """Ages as numbers; impossible ages are missing."""
    ### BEGIN SOLUTION
    numbers = pd.to_numeric(ages, errors="coerce")
    return numbers.where(numbers.between(low, high))
    ### END SOLUTION

# %% check="clean_age" title="Ages are plausible" points=2 transport="plain"
t.hints("Turn the text into numbers first.", "Series.where keeps what is true.")
ages = pd.Series(["42", "120", "-1"])
with t.item("Ages from 18 to 100 stay as they are"):
    t.gives(pd.Series([42.0, None, None]), clean_age, ages)
    t.wrong_if("clipped_to_limits", t.call(clean_age, ages)[1] == 100, "A clipped age is invented.")
### BEGIN HIDDEN TESTS
with t.item("Other limits"):
    t.gives(pd.Series([None, 120.0, None]), clean_age, ages, low=100, high=130)
### END HIDDEN TESTS

# %% [markdown]
# The repaired column in numbers:

# %% needs="clean_age"
print(clean_age(pd.Series(["42", "120"])).tolist())

# %% [markdown]
# ## Accuracy
#
# `accuracy` is the share of right answers.

# %% exercise="accuracy" objective="W.7.1"
def accuracy(right, total):
    """Share of right answers, from 0 to 1."""
    ### BEGIN SOLUTION
    return right / total
    ### END SOLUTION

# %% check="accuracy" title="Accuracy is a share" points=1 transport="plain"
with t.item("80 of 100"):
    t.gives(0.8, accuracy, 80, 100)

# %% [markdown]
# What would a new colleague still have to ask you?

# %% [markdown] written="colleague" points=2 rubric="2 = names one; 1 = generic; 0 = none"
# Why 100 is the limit is not written down.
