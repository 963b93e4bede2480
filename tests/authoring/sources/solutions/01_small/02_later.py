# %% [markdown]
# The repair of the first notebook is given here.

# %% given_from="01_first.clean_age"

# %% [markdown]
# It stands ready. Now a plot.

# %%
import matplotlib.pyplot as plt
from workshop_lib import figures

fig, ax = plt.subplots()
ax.plot([1, 2])
figures.show(fig, alt="A line that rises from one to two.")

# %% [markdown]
# ## What to read next
#
# The user guide of pandas.
