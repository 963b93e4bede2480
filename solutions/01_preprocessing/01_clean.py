# %% [markdown]
# ## The story
#
# You have just joined **Northwind Credit**, a lender of mid size. Next month a model will help to
# decide who gets a loan. Today you receive the extract that it will learn from: the loan
# applications of 2024, as the branches sent them. A model repeats what its data says, so we look at
# the data first.
#
# Nearly every notebook of the course imports `data`, which makes the learning sets, and `check`,
# which looks at your answers. Later you also meet `explore` (sliders) and `artifacts` (results that
# a later unit reads).

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

figures.style()

# %% [markdown]
# `data.credit_raw` gives the extract as it left the branches. The `seed` fixes all chance in it:
# the same seed gives the same rows on every machine. To fit on the page, the table is turned: each
# column below is one row of the extract.

# %%
applications = data.credit_raw(n=3000, seed=0)
print(f"{len(applications)} rows")
applications.head(4).T

# %% [markdown]
# We asked for 3,000 applications and got 3,150 rows. We come back to that. What the columns say:
#
# - `month`: 0 is January 2024, 11 is December; `income_keur` and `loan_keur`: EUR 1,000;
# - `debt_ratio`: monthly debt divided by monthly income; `late_payments`: their number in the last
#   year; `employment_years`: years with the present employer;
# - `group`: A or B, two groups of people who must be treated alike; `area`: where the branch is;
#   `rating`: low < medium < high;
# - `approved_hist`: 1 if the officers of the past approved; `repaid`: 1 if the loan was paid back.

# %% [markdown]
# ## A contract that fails loudly
#
# You cannot read 3,150 rows by eye. So we write down what a good row looks like, and let a program
# compare every row with it.
#
# > **data contract**: a written list of what a table must fulfil, column by column, that a program
# > can test.
#
# This is what Northwind Credit promises about its applications:
#
# | column | legal values | may be missing? |
# |---|---|---|
# | `application_id` | every value once | no |
# | `age` | 18 to 100, both included | yes |
# | `income_keur` | 1 to 500 (EUR 1,000), both included | no |
# | `debt_ratio` | 0 to 0.95, both included | yes |
# | `home_owner` | 0 or 1 | yes |
# | `purpose` | `car`, `debt`, `home`, `other` | no |
# | `month` | 0 to 11, both included | no |
#
# `age` and `home_owner` were stored as text. A text has no range, so we first **parse**, then
# **validate**. To parse is to read a number where a number is written, and nothing more: a wrong
# value stays wrong, so that the contract can see it.
#
# For contracts we use the package `pandera`. Below is a small contract of two columns. With
# `lazy=True` it collects all failures; without it, it stops at the first one.

# %%
import pandera.pandas as pa


def parse(df):
    """Read numbers that are stored as text; nothing else changes."""
    age = pd.to_numeric(df["age"], errors="coerce")  # 'NaN' and 'unknown' say: missing
    home_owner = df["home_owner"].astype(object).replace({"0": 0, "1": 1})
    return df.assign(age=age, home_owner=home_owner)


parsed = parse(applications)
small_contract = pa.DataFrameSchema(
    {
        "application_id": pa.Column(unique=True),
        "debt_ratio": pa.Column(checks=pa.Check.in_range(0, 0.95), nullable=True),
    }
)
try:
    small_contract.validate(parsed, lazy=True)
except pa.errors.SchemaErrors as error:
    failures = error.failure_cases.sort_values(["failure_case", "index"])
failures[["column", "check", "failure_case", "index"]].head()

# %% [markdown]
# Each line is one failing value: the column, the rule that it breaks, the value, and the index
# label of its row. `nullable=True` allows missing values; the default is `False`.
#
# Nobody reads hundreds of such lines. A report should count them.
#
# **Your task.** Complete two functions. Part of each is there.
#
# 1. `build_contract()` returns the contract of the table above. Two columns are done; add the
#    other **five**: `age`, `income_keur`, `home_owner`, `purpose`, `month`. Use only the built-in
#    checks `pa.Check.in_range(low, high)`, which includes both limits, and `pa.Check.isin([...])`
#    with a list. Such a contract can be stored as text; one with functions of your own cannot. Do
#    not ask for dtypes: the contract is about values.
# 2. `contract_report(contract, df)` returns a frame with the columns `column`, `check`, `n_failed`:
#    one row for every pair of column and check that failed, in any order. The frame is empty when
#    all is well. The validation is written. You turn the frame `failures`, which has one row for
#    every failing value, into the report.
#
# For example, a table of three rows has the ages 17, 30, 240 and the months 3, 12, 5. Two ages and
# one month fail, and the report is
#
# | column | check | n_failed |
# |---|---|---|
# | age | in_range(18, 100) | 2 |
# | month | in_range(0, 11) | 1 |


# %% exercise="build_contract" objective="W.5.1"
def build_contract() -> pa.DataFrameSchema:
    """Return the contract of the applications, made of built-in checks."""
    columns = {
        "application_id": pa.Column(unique=True),
        "debt_ratio": pa.Column(checks=pa.Check.in_range(0, 0.95), nullable=True),
    }
    ### BEGIN SOLUTION
    columns["age"] = pa.Column(checks=pa.Check.in_range(18, 100), nullable=True)
    columns["income_keur"] = pa.Column(checks=pa.Check.in_range(1, 500))
    columns["home_owner"] = pa.Column(checks=pa.Check.isin([0, 1]), nullable=True)
    columns["purpose"] = pa.Column(checks=pa.Check.isin(["car", "debt", "home", "other"]))
    columns["month"] = pa.Column(checks=pa.Check.in_range(0, 11))
    ### END SOLUTION
    return pa.DataFrameSchema(columns)


def contract_report(contract: pa.DataFrameSchema, df: pd.DataFrame) -> pd.DataFrame:
    """Count the failing values of `df` for every column and check that failed."""
    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        # A column that is not there at all has no name in "column".
        failures = error.failure_cases
        failures["column"] = failures["column"].fillna(failures["failure_case"])
        ### BEGIN SOLUTION
        counts = failures.groupby(["column", "check"]).size()
        return counts.rename("n_failed").reset_index()
        ### END SOLUTION
    return pd.DataFrame(columns=["column", "check", "n_failed"])


# %% check="build_contract" title="The contract sees every fault" points=3 transport="object"
t.hints(
    "Each column needs one line like that of `debt_ratio`. Which ones may be missing?",
    "For a list of legal values use `pa.Check.isin([...])` instead of `pa.Check.in_range(...)`.",
    "For the report: `failures.groupby([two columns]).size()` counts; "
    "`.reset_index(name=...)` turns the counts into a frame.",
)
SEVEN = ["application_id", "age", "income_keur", "debt_ratio", "home_owner", "purpose", "month"]


def failing(contract, df):
    """Value that a contract refuses and the rule it breaks, by column and index label."""
    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        places = zip(cases["column"].fillna(cases["failure_case"]), cases["index"])
        return dict(zip(places, zip(cases["failure_case"], cases["check"].astype(str))))
    return {}


def listed(refused):
    """Write refused values as text, with their types."""
    cases = [(place[0], value) for place, (value, _) in refused.items()]
    unique = {f"{name} {value!s} ({type(value).__name__})" for name, value in cases}
    return ", ".join(sorted(unique)[:4])


def legal_rows(seed, n=24):
    """Rows that keep the contract: limits in the rows 0 and 1, gaps in row 2."""
    rng = np.random.default_rng([seed, 51])
    rows = pd.DataFrame(
        {
            "application_id": rng.permutation(n) + 5000,
            "age": rng.integers(19, 99, n).astype(float),
            "income_keur": rng.uniform(2, 400, n).round(1),
            "debt_ratio": rng.uniform(0.1, 0.9, n).round(2),
            "home_owner": pd.array(rng.integers(0, 2, n), dtype="Int64"),
            "purpose": rng.choice(["car", "debt", "home", "other"], n),
            "month": rng.integers(1, 11, n),
        }
    )
    for row, limits in enumerate([(18, 1, 0, 0), (100, 500, 0.95, 11)]):
        rows.loc[row, ["age", "income_keur", "debt_ratio", "month"]] = limits
    rows.loc[2, ["age", "debt_ratio", "home_owner"]] = None
    return rows.astype({"month": int})


with t.item("On the extract, exactly the five faulty columns fail", weight=2):
    contract = t.call(build_contract)
    t.require(
        isinstance(contract, pa.DataFrameSchema),
        "build_contract should return a pa.DataFrameSchema. A DataFrameModel has `.to_schema()`.",
    )
    t.equal(set(contract.columns), set(SEVEN), what="columns of the contract")
    got = {column for column, _ in failing(contract, parse(data.credit_raw(150, t.seeds[0])))}
    hidden_faults = {"home_owner", "purpose"} - got
    t.wrong_if(
        "hides_bad_values",
        bool(hidden_faults),
        f"The contract finds nothing wrong with {sorted(hidden_faults)}, although words such as "
        "'Yes ' or 'CAR' are there. If they are turned into missing values first, and missing "
        "is allowed, nobody will ever see them: check the values as they are.",
    )
    t.equal(got, set(SEVEN) - {"debt_ratio", "month"}, what="columns that fail")
with t.item("Legal values pass: both limits, and gaps where the table allows them", weight=2):
    got = failing(t.call(build_contract), legal_rows(t.seeds[0]))
    dtypes = {p[0]: rule for p, (_, rule) in got.items() if rule.startswith("dtype")}
    t.wrong_if(
        "asks_for_a_dtype",
        bool(dtypes),
        f"The contract refuses a column because of its dtype, it asks for {dtypes}. But whole "
        "numbers with gaps are stored as floats. The contract is about values: leave the dtype "
        "out.",
    )
    numbers = {p: v for p, v in got.items() if p[0] == "home_owner" and not pd.isna(v[0])}
    t.wrong_if(
        "compares_with_texts",
        bool(numbers),
        f"{listed(numbers)}: refused, although 0 and 1 are legal. `parse` has made numbers of "
        "the texts '0' and '1': list the numbers.",
    )
    t.wrong_if(
        "refuses_missing_age",
        bool({("age", 2), ("home_owner", 2)} & set(got)),
        "A missing age or home_owner is refused, but the table says that it may be missing: "
        "not every applicant answers. See `nullable=`.",
    )
    ranges = ["age", "income_keur", "debt_ratio", "month"]
    at_limit = {p: v for p, v in got.items() if p[0] in ranges and p[1] in (0, 1)}
    t.wrong_if(
        "exclusive_bounds",
        bool(at_limit),
        f"{listed(at_limit)}: a value that equals a limit is refused. Both limits are legal: "
        "an applicant of 18 years is an adult.",
    )
    t.require(not got, f"These legal values are refused: {listed(got)}.")
with t.item("One wrong value in a column is enough", weight=2):
    faults = [("age", 17.9), ("age", 101), ("income_keur", 0.9), ("income_keur", 501)]
    faults += [("debt_ratio", 0.951), ("home_owner", 2), ("purpose", "Car"), ("purpose", " car")]
    faults += [("month", 12), ("month", -1), ("income_keur", None), ("purpose", None)]
    rows = legal_rows(t.seeds[0])
    for row, (column, value) in enumerate(faults, start=3):
        rows.loc[row, column] = value
    got = failing(t.call(build_contract), rows)
    missed = [(c, v) for row, (c, v) in enumerate(faults, start=3) if (c, row) not in got]
    t.wrong_if(
        "allows_gaps_everywhere",
        bool(missed) and all(value is None for _, value in missed),
        f"A missing value passes in {[c for c, _ in missed]}. Only age, debt_ratio and "
        "home_owner may be missing.",
    )
    t.require(not missed, f"These wrong values pass (column, value): {missed}.")
with t.item("The contract can be stored as text and comes back equal", weight=1):
    contract = t.call(build_contract)
    try:
        artifacts.digest(contract)
        problem = ""
    except (TypeError, ValueError) as error:
        problem = str(error)
    t.wrong_if(
        "checks_that_are_not_data",
        bool(problem),
        "This contract cannot travel: a function, a set or a range cannot be written down as text. "
        f"Use pa.Check.in_range and pa.Check.isin with a list. (In detail: {problem})",
    )
with t.item("The report counts the failing values of each column and check", weight=2):
    colours = pa.DataFrameSchema(
        {
            "share": pa.Column(checks=pa.Check.in_range(0, 1)),
            "colour": pa.Column(checks=pa.Check.isin(["red", "blue"])),
        }
    )
    for seed in t.seeds:
        n_wrong = 3 + np.random.default_rng([seed, 511]).integers(0, 5)
        table = pd.DataFrame({"share": 0.5, "colour": ["red"] * 12}, index=range(100, 112))
        table.iloc[:n_wrong, 0] = 7.0
        table.iloc[10, 0] = np.nan
        table.iloc[4:6, 1] = "green"
        got = t.call(contract_report, colours, table)
        t.require(isinstance(got, pd.DataFrame), "contract_report should return a DataFrame.")
        t.wrong_if(
            "report_stays_empty",
            len(got) == 0,
            "The report is empty, although the table has faults. Does the `except` branch end with "
            "`return`?",
        )
        t.wrong_if(
            "does_not_count",
            len(got) == n_wrong + 3,
            "The report has one row for every failing value. Make it one row for every pair of "
            "column and check, with their number in n_failed.",
        )
        t.wrong_if(
            "stops_at_the_first_error",
            len(got) == 1,
            "The report names one column, but two columns have faults. A contract that stops at "
            "the first error hides the others: validate with `lazy=True`.",
        )
        t.equal(set(got.columns), {"column", "check", "n_failed"}, what="columns of the report")
        pairs = zip(got["column"], got["check"], got["n_failed"])
        counts = {(str(column), str(rule)): number for column, rule, number in pairs}
        expected = {
            ("share", "in_range(0, 1)"): int(n_wrong),
            ("share", "not_nullable"): 1,
            ("colour", "isin(['red', 'blue'])"): 2,
        }
        t.equal(counts, expected, what="n_failed by column and check")
### BEGIN HIDDEN TESTS
with t.item("A good table gives an empty report, a column that is not there is reported", weight=1):
    plain = pa.DataFrameSchema({"share": pa.Column(), "colour": pa.Column()})
    table = pd.DataFrame({"share": [0.5], "colour": ["red"]})
    t.equal(len(t.call(contract_report, plain, table)), 0, what="rows of the report")
    got = t.call(contract_report, plain, table[["share"]])
    t.equal(got["column"].tolist(), ["colour"], what="columns in the report")
with t.item("A missing month or a second row with one id is refused", weight=1):
    rows = legal_rows(9)
    rows.loc[5, "application_id"] = rows.loc[6, "application_id"]
    rows["month"] = rows["month"].astype(float).where(rows.index != 7)
    got = {column for column, _ in failing(t.call(build_contract), rows)}
    t.equal(got, {"application_id", "month"}, what="columns that fail")
### END HIDDEN TESTS

# %% [markdown]
# Here is what your contract says about the extract.

# %% needs="build_contract"
contract_report(build_contract(), parsed)

# %% [markdown]
# Five columns break their promise. Each number tells how much is to repair: 65 ages, 62 incomes, 281 rows
# that share their id, 630 purposes, 2,493 answers about the home. `debt_ratio` and `month` are
# fine, although `debt_ratio` has gaps: gaps are allowed there. We now repair column by column, and
# ask the contract again at the end.

# %% [markdown]
# ## Ages that nobody has
#
# In the application form, age was a free text field. These entries are not a number from 18 to 100:

# %%
entries = applications["age"].astype(str)
strange = entries[~entries.str.fullmatch(r"(1[89]|[2-9]\d|100)(\.0)?")]
strange.value_counts().rename("rows").to_frame()

# %% [markdown]
# Some entries say "we do not know" in the language of an old system: `-1`, `999`, `NaN`,
# `unknown`. Such an agreed stand-in has a name:
#
# > **sentinel value**: a value such as -1 or 999 that stands for "not known".
#
# Others, such as 7 or 150, are typing errors. All these entries are 96 rows. The contract counted
# only 65, because `parse` had turned `NaN` and `unknown` into missing values, and a missing age is
# allowed. In both cases we do not know the age of this person,
# and the honest entry is a missing value (`NaN`). We do not fill the gap here. Filling is a step
# that learns from data, and it belongs in the model pipeline (notebook `02_scale_encode`).
#
# **Your task.** Write `clean_age(ages, low, high)`.
#
# - It takes a Series of numbers and texts, and returns a Series of floats with the same index.
# - What can be read as a number from `low` to `high` (both included) stays, also `' 42 '` and
#   `'42.0'`.
# - Everything else becomes `NaN`.
#
# For example, the entries `[42, '999', ' 35 ', 'unknown']` become `[42.0, NaN, 35.0, NaN]`.


# %% exercise="clean_age" objective="W.5.5"
def clean_age(ages: pd.Series, low: float = 18, high: float = 100) -> pd.Series:
    """Return the ages as floats; what is not an age from low to high becomes NaN."""
    ### BEGIN SOLUTION
    numbers = pd.to_numeric(ages, errors="coerce").astype(float)
    return numbers.where(numbers.between(low, high))
    ### END SOLUTION


# %% check="clean_age" title="Ages are plausible" points=2 transport="plain"
t.hints(
    "Two steps: first turn the texts into numbers, then remove the numbers out of range.",
    "`pd.to_numeric` has an option `errors=` for texts that are not numbers.",
    "`Series.where(condition)` keeps a value where the condition holds and puts NaN elsewhere; "
    "`Series.between(low, high)` gives such a condition.",
)
with t.item("Readable ages stay, everything else becomes NaN", weight=1):
    example = pd.Series([42, "999", " 35 ", "unknown", 120, 7], index=[5, 3, 9, 1, 4, 8])
    got = t.call(clean_age, example)
    t.wrong_if(
        "drops_rows",
        len(got) < len(example),
        "Rows have disappeared. Keep every row and its index label: other columns still need it.",
    )
    t.wrong_if(
        "clips_impossible_values",
        got.isin([18, 100]).any(),
        "An age of 120 became 100, or 7 became 18. A clipped 120 is an invented fact: you do not "
        "know this person's age. Make it NaN.",
    )
    t.wrong_if(
        "fills_the_gap",
        got.notna().all(),
        "No value is missing any more, so unknown ages were filled in. Filling in belongs in the "
        "model pipeline, where it learns from training rows only. Leave NaN here.",
    )
    t.equal(got, pd.Series([42, np.nan, 35, np.nan, np.nan, np.nan], index=example.index))
with t.item("On the extract, exactly the impossible and unknown ages are missing", weight=2):
    for seed in t.seeds:
        raw, truth = data.credit_raw(n=600, seed=seed, return_truth=True)
        got = t.call(clean_age, raw["age"])
        t.require(
            pd.api.types.is_float_dtype(got),
            f"The result should have the dtype float64, it has {got.dtype}.",
        )
        unknown = truth.faults[["age_sentinel", "age_impossible"]].any(axis=1)
        expected = truth.clean["age"].astype(float).mask(unknown)
        t.require(got.index.equals(raw.index), "Keep every row, and its index label.")
        entries = pd.DataFrame({"entry": raw["age"], "result": got, "expected": expected})
        wrong = entries[~(got.eq(expected) | (got.isna() & expected.isna()))]
        t.require(
            wrong.empty,
            f"{len(wrong)} entries of the check's own table are read wrongly, for example "
            f"{wrong.head(1).to_dict('records')}.",
        )
with t.item("The limits belong to the plausible range, and can be set", weight=1):
    t.gives(pd.Series([18.0, 100.0, np.nan]), clean_age, pd.Series([18, 100, 17.9]))
    t.gives(pd.Series([np.nan, 21.0]), clean_age, pd.Series([20, 21]), low=21)
    t.gives(pd.Series([65.0, np.nan]), clean_age, pd.Series([65, 66]), high=65)
### BEGIN HIDDEN TESTS
with t.item("Odd entries: blanks, None, decimals, nothing at all", weight=1):
    odd = pd.Series([" 42 ", "42.0", None, "", "forty", "1e2", np.nan], dtype=object)
    got = t.call(clean_age, odd)
    t.equal(got, pd.Series([42, 42, np.nan, np.nan, np.nan, 100, np.nan]))
    t.equal(len(t.call(clean_age, pd.Series([], dtype=object))), 0, what="length of the result")
### END HIDDEN TESTS

# %% [markdown]
# A picture shows what changed. The grey bars hold every entry that is a number at all.

# %% needs="clean_age"
as_numbers = pd.to_numeric(applications["age"], errors="coerce")
bins = np.arange(-12, 209, 5)
fig, (before, after) = plt.subplots(1, 2, figsize=(9, 3), sharex=True, sharey=True)
before.hist(as_numbers.clip(-10, 200), bins, color="0.5", log=True)
before.set(title="as typed (999 shown at 200)", xlabel="age in years", ylabel="rows (log scale)")
after.hist(clean_age(applications["age"]), bins, log=True)
after.set(title="after clean_age", xlabel="age in years", ylim=(1, None))
figures.show(
    fig,
    alt="Two histograms of age on a log scale. As typed: most between 18 and 80, and single bars "
    "near 0, 7, 120, 150 and 200. After cleaning: only the bars from 18 to 80 remain.",
)

# %% [markdown]
# The shape between 18 and 100 is untouched. That is the test of a good repair: it changes what is
# wrong and nothing else.

# %% [markdown]
# ## Yes or no, typed in ten ways
#
# A model needs numbers. "Do you own your home?" must become 1 or 0. Which spellings are there?

# %%
applications["home_owner"].value_counts().rename("rows").to_frame().T

# %% [markdown]
# The branches' manual lists the words that were ever allowed. We put them in lower case:

# %%
YES = ["yes", "y", "true", "1"]
NO = ["no", "n", "false", "0"]
NOT_KNOWN = ["?", "n/a"]

# %% [markdown]
# A question that nobody answered is not a "no". pandas has a dtype for whole numbers with gaps:
# `Int64`, with a capital I. Its missing value is written `<NA>`.
#
# And tomorrow somebody types `maybe`. A function that quietly guesses would feed a mistake to the
# model for months. A function that stops and names the new word costs one question to the branch.
#
# **Your task.** Write `encode_yes_no(answers)`.
#
# - It takes a Series of texts, booleans or whole numbers, and returns a Series of dtype `Int64`
#   with the same index.
# - A word of `YES` becomes 1, a word of `NO` becomes 0. Capitals, and blanks before and after, do
#   not count. `True` is read as the word "true", the number 1 as the word "1".
# - A word of `NOT_KNOWN` and a missing value become `<NA>`.
# - Decimal numbers such as 1.0 do not occur. What the function does with them is not tested.
# - Any other word raises a `ValueError` whose text names the word.
#
# For example, `["Yes ", "N", "?", "TRUE"]` becomes `[1, 0, <NA>, 1]`, and `["yes", "maybe"]` raises
# `ValueError: no code for 'maybe'`.


# %% exercise="encode_yes_no" objective="W.2.2"
def encode_yes_no(answers: pd.Series) -> pd.Series:
    """Return 1 for yes, 0 for no, <NA> for not known; raise ValueError for any other word."""
    ### BEGIN SOLUTION
    words = answers.astype("string").str.strip().str.lower()
    codes = {word: 1 for word in YES} | {word: 0 for word in NO}
    new = words[words.notna() & ~words.isin([*codes, *NOT_KNOWN])]
    if len(new):
        raise ValueError(f"no code for {new.iloc[0]!r}")
    return words.map(codes).astype("Int64")
    ### END SOLUTION


# %% check="encode_yes_no" title="Yes and no become 1 and 0" points=2 transport="plain"
t.hints(
    "Three steps: make all words alike, look for words that are on no list, then translate.",
    '`.astype("string").str.strip().str.lower()` makes words alike and keeps missing values.',
    "`Series.map(dictionary)` translates; what is not in the dictionary becomes missing. "
    '`.astype("Int64")` comes last.',
)
with t.item("A small example", weight=1):
    example = pd.Series(["Yes ", "N", "?", "TRUE", "0"], index=[7, 2, 5, 1, 8])
    got = t.call(encode_yes_no, example)
    t.require(
        isinstance(got, pd.Series) and got.index.equals(example.index),
        "The result should be a Series with the index of the answers.",
    )
    t.wrong_if(
        "misses_spellings",
        got.loc[7] == 0,
        "'Yes ' became 0. With its capital and its blank it is not equal to 'yes': make capitals "
        "and blanks alike first, then compare with all words of YES.",
    )
    t.equal(got, pd.Series([1, 0, None, 1, 0], index=example.index, dtype="Int64"))
    t.require(str(got.dtype) == "Int64", f"The dtype should be Int64, it is {got.dtype}.")
with t.item("On the extract, every answer is translated and no answer is invented", weight=2):
    for seed in t.seeds:
        raw, truth = data.credit_raw(n=400, seed=seed, return_truth=True)
        answers, unknown = raw["home_owner"], truth.faults["home_owner_unknown"]
        got = t.call(encode_yes_no, answers)
        t.require(
            isinstance(got, pd.Series) and len(got) == len(answers),
            "The result should be a Series with one value for every answer.",
        )
        t.wrong_if(
            "alphabetical_codes",
            (got > 1).any(),
            "There are codes above 1: every spelling got a number of its own, by the alphabet. "
            "'Yes ' and 'yes' mean the same and need the same code.",
        )
        t.wrong_if(
            "unknown_becomes_no",
            (got[unknown] == 0).any(),
            f"{unknown.sum()} applications with '?' or 'n/a' are now recorded as 'no'. These people "
            "did not answer: make them <NA>.",
        )
        said_yes = ~unknown & (truth.clean["home_owner"] == 1)
        missed = answers[said_yes & (got == 0).fillna(False).astype(bool)]
        t.wrong_if(
            "first_letter_only",
            set(missed) == {"TRUE", "1"},
            "'TRUE' and '1' became 0. They mean yes, but do not begin with a y.",
        )
        t.wrong_if(
            "misses_spellings",
            len(missed) > 0,
            f"{len(missed)} of {said_yes.sum()} owners became 0, for example {missed.head(1).tolist()}"
            ". Compare with all words of YES, after you made capitals and blanks alike.",
        )
        expected = truth.clean["home_owner"].astype("Int64").mask(unknown)
        t.equal(got, expected, what="result for the check's own table")
with t.item("A new word stops the work and is named", weight=2):
    for word in ("maybe", "yesterday"):
        t.raises(
            ValueError,
            encode_yes_no,
            pd.Series(["yes", word, "no"]),
            mentions=word,
            misconception="new_word_passes_silently",
        )
with t.item("Booleans, whole numbers and missing values are read too", weight=1):
    answers = pd.Series([True, False, 1, 0, None, np.nan, " n/A ", "no"], dtype=object)
    got = t.call(encode_yes_no, answers)
    t.wrong_if(
        "reads_texts_only",
        len(got) == 8 and got.iloc[:4].isna().any(),
        "True, False, 1 or 0 became missing. `.str` reads texts only, and gives a missing value for "
        'everything else: turn the answers into texts first, with `.astype("string")`.',
    )
    t.equal(got, pd.Series([1, 0, 1, 0, None, None, None, 0], dtype="Int64"))
    t.gives(pd.Series([1, 0], dtype="Int64"), encode_yes_no, pd.Series([True, False]))
    t.gives(pd.Series([0, 1], dtype="Int64"), encode_yes_no, pd.Series([0, 1]))
### BEGIN HIDDEN TESTS
with t.item("Nobody answered, nobody there, whole numbers with a gap", weight=1):
    gap = pd.Series([1, None, 0], dtype="Int64")
    t.gives(gap, encode_yes_no, gap)
    t.gives(pd.Series([None] * 3, dtype="Int64"), encode_yes_no, pd.Series(["?", "n/a", "?"]))
    t.equal(len(t.call(encode_yes_no, pd.Series([], dtype=object))), 0, what="length of the result")
### END HIDDEN TESTS

# %% [markdown]
# Ten spellings become two codes. The rows that are not known stay visible as such:

# %% needs="encode_yes_no"
encode_yes_no(applications["home_owner"]).value_counts(dropna=False).rename("rows").to_frame()

# %% [markdown]
# 50 applications have no answer. With `(answers == "yes").astype(int)`, the first line that comes to
# mind, these 50 and four of five owners would have become "no".

# %% [markdown]
# ## Copies, second applications, and twins
#
# 3,000 applications came in, but the extract has 3,150 rows. Here are three pairs of rows:

# %%
pairs = [100152, 100005, 101101, 100550]
columns = ["application_id", "month", "age", "income_keur", "loan_keur", "repaid"]
repeats = applications[applications["application_id"].isin(pairs)]
repeats.sort_values(["age", "application_id", "month"])[columns]

# %% [markdown]
# Three different things look alike here:
#
# - 100152: a **copy** is equal to an earlier row in every column: the same row was sent twice;
# - 100005: a **second application** has the same `application_id`, but a later month and another
#   loan: the customer asked again for another amount, and the latest version counts;
# - 100550 and 101101: **twins** have equal values, but different ids: two persons. They must stay.
#
# Why does it matter? Suppose a copy lands in the test set and its original in the training set. Then
# the test asks for something that the model has already seen. The next figure shows what this does
# to a model that can only repeat what it has seen: it looks for the most similar training row and
# gives its outcome (1-nearest neighbour).

# %%
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

numbers = ["age", "income_keur", "loan_keur", "debt_ratio", "late_payments", "employment_years"]
clean_loans = data.credit(n=1000, seed=0)


def accuracy_with_copies(share_of_copies, seed):
    """Accuracy on a test set that was split off after some rows had been copied."""
    copies = clean_loans.sample(frac=share_of_copies, replace=True, random_state=seed)
    rows = pd.concat([clean_loans, copies])
    train, test = train_test_split(rows, test_size=0.3, random_state=seed)
    model = KNeighborsClassifier(n_neighbors=1).fit(train[numbers], train["repaid"])
    return model.score(test[numbers], test["repaid"])


# %% [markdown]
# Each point is the mean of ten splits. The dashed line needs no model: it says "repaid" for
# everybody.

# %%
shares = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6]
means = [np.mean([accuracy_with_copies(share, seed) for seed in range(10)]) for share in shares]
fig, ax = plt.subplots(figsize=(6, 3.2))
ax.plot([100 * share for share in shares], means, marker="o", label="1-nearest neighbour")
ax.axhline(clean_loans["repaid"].mean(), color="0.3", linestyle="--", label="always 'repaid'")
ax.set(xlabel="copied rows (% of the original rows)", ylabel="accuracy on the test set")
ax.set(title="Copies make a model look better", ylim=(0.5, 0.9))
ax.legend()
figures.show(
    fig,
    alt="Line chart: test accuracy of 1-nearest neighbour rises from about 0.68 without copies to "
    "0.82 with 60 % copied rows, and crosses the flat line of 0.78 for always saying repaid.",
)

# %% [markdown]
# Without copies the model is worse than no model: about 0.68 against 0.78. With 40 % copies it
# seems better, although it has learned nothing new. Our extract has 3 % copies, so the effect would
# be small here. But with copies in the data, nobody can tell how large it is.
#
# **Your task.** Write two functions.
#
# 1. `deduplicate(df)` returns one row for each `application_id`: the one with the latest `month`.
#    If several rows share the latest month, the one furthest down in `df` stays. The rows keep
#    their index labels; their order does not matter. (Sorting keeps the order of equal values only
#    with `kind="stable"`.)
# 2. `duplicate_report(df)` returns a dictionary with two whole numbers: `"exact"`, the number of
#    rows that are equal to an earlier row in every column, and `"resubmitted"`: after these copies
#    are removed, the number of rows beyond the first one of each `application_id`.
#
# For example:
#
# | index | application_id | month | loan_keur |
# |---|---|---|---|
# | 0 | 7 | 2 | 10 |
# | 1 | 8 | 5 | 20 |
# | 2 | 7 | 4 | 12 |
# | 3 | 8 | 5 | 20 |
#
# keeps the rows 2 and 3, and the report is `{"exact": 1, "resubmitted": 1}`.


# %% exercise="deduplicate" objective="W.5.3"
def deduplicate(df: pd.DataFrame) -> pd.DataFrame:
    """Keep the latest row of every application_id, with its index label."""
    ### BEGIN SOLUTION
    by_month = df.sort_values("month", kind="stable")
    return by_month.drop_duplicates("application_id", keep="last")
    ### END SOLUTION


def duplicate_report(df: pd.DataFrame) -> dict:
    """Count exact copies, and the rows that are too many without them."""
    ### BEGIN SOLUTION
    exact = int(df.duplicated().sum())
    too_many = int(df.duplicated("application_id").sum())
    return {"exact": exact, "resubmitted": too_many - exact}
    ### END SOLUTION


# %% check="deduplicate" title="One row for every application" points=3 transport="plain"
t.hints(
    "Bring the rows into an order in which the one to keep is the last of its id.",
    '`sort_values("month", kind="stable")`, then `drop_duplicates(...)` with two options.',
    "For the report: `df.duplicated()` marks rows that are equal to an earlier one; with a column "
    "name it looks at that column only.",
)


def with_repeats(seed):
    """A small extract, its ledger, and the month of the latest row of each application."""
    raw, truth = data.credit_raw(n=400, seed=seed, return_truth=True)
    return raw, truth, raw.groupby("application_id")["month"].max()


extracts = {seed: with_repeats(seed) for seed in t.seeds}

with t.item("Every application has one row, the latest", weight=3):
    for seed in t.seeds:
        raw, truth, latest = extracts[seed]
        got = t.call(deduplicate, raw)
        t.require(
            isinstance(got, pd.DataFrame) and set(got.columns) == set(raw.columns),
            "The result should be a DataFrame with all columns of df, application_id too.",
        )
        lost = set(raw["application_id"]) - set(got["application_id"])
        twins = set(raw.loc[truth.faults["twin"], "application_id"])
        t.wrong_if(
            "drops_twins",
            bool(lost) and lost <= twins,
            f"Application {min(lost, default=0)} has disappeared. Another row has equal values but "
            "another id: these are two persons, and both rows stay.",
        )
        t.require(not lost, f"Application {min(lost, default=0)} has no row left; keep its latest.")
        again = got[got["application_id"].duplicated(keep=False)]
        n_too_many = len(got) - got["application_id"].nunique()
        t.wrong_if(
            "keeps_all_ties",
            n_too_many > 0 and (again.groupby("application_id")["month"].nunique() == 1).all(),
            f"{n_too_many} rows too many are left: their id occurs again with the same month. Keep "
            "only the row furthest down.",
        )
        t.wrong_if(
            "removes_copies_only",
            n_too_many > 0,
            f"{n_too_many} rows too many are left: some ids occur again with another month. They "
            "are no exact copies, but the same application: look at application_id.",
        )
        t.wrong_if(
            "loses_index_labels",
            not raw["application_id"].reindex(got.index).equals(got["application_id"]),
            "The index labels have changed. They are the only way back to the row of the extract: "
            "do not reset the index.",
        )
        months = got.set_index("application_id")["month"].sort_index()
        backwards = t.call(deduplicate, raw[::-1]).set_index("application_id")["month"]
        t.wrong_if(
            "depends_on_row_order",
            not months.equals(backwards.sort_index()),
            "The same rows in another order give another result: chance decides which version "
            "stays. Choose by month.",
        )
        t.wrong_if(
            "keeps_the_first_submission",
            (months < latest).any(),
            f"For {(months < latest).sum()} applications an old version stayed. The customer later "
            "asked for another amount: the latest month counts.",
        )
        t.require(
            got[raw.columns].sort_index().equals(raw.loc[got.index].sort_index()),
            "Some values of the rows that stayed have changed. Choose rows, and change nothing.",
        )
with t.item("In one month, the row further down in the table stays", weight=1):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 53])
        ids, months = rng.integers(0, 40, 120), rng.integers(0, 4, 120)
        loans_twice = pd.DataFrame(
            {"application_id": ids, "month": months, "loan_keur": range(120)}
        )
        got = t.call(deduplicate, loans_twice)
        t.require(
            sorted(got["application_id"]) == sorted(set(ids)),
            "In the check's own table, some application has no row or several rows. One row of each "
            "application_id should stay.",
        )
        t.require(
            got["loan_keur"].tolist() == got.index.tolist(),
            "The index labels have changed: do not reset the index.",
        )
        latest = loans_twice.groupby("application_id")["month"].max()
        t.require(
            got.set_index("application_id")["month"].sort_index().equals(latest),
            "The row that stayed is not one of the latest month. Choose by month first.",
        )
        in_latest = loans_twice[loans_twice["month"] == loans_twice["application_id"].map(latest)]
        last = in_latest.groupby("application_id")["loan_keur"].max()
        t.wrong_if(
            "ties_left_to_chance",
            not got.set_index("application_id")["loan_keur"].sort_index().equals(last),
            "Two rows of one application have the same month, and the row that stayed is not the "
            'last one. A plain sort may exchange equal values: use kind="stable". `idxmax` takes '
            "the first.",
        )
with t.item("The report tells copies from second applications", weight=2):
    for seed in t.seeds:
        raw, truth, _ = extracts[seed]
        expected = {
            "exact": int(truth.faults["copy"].sum()),
            "resubmitted": int(truth.faults["resubmission"].sum()),
        }
        got = t.call(duplicate_report, raw)
        t.wrong_if(
            "counts_the_originals_too",
            got.get("exact") == int(raw.duplicated(keep=False).sum()),
            "The originals are counted with their copies. Count only rows that are equal to an "
            "earlier one: these are the rows to remove.",
        )
        t.wrong_if(
            "copies_counted_twice",
            got.get("resubmitted") == sum(expected.values()),
            "The copies are counted under both names. A copy also shares its application_id: take "
            "the copies off.",
        )
        t.equal(got, expected, what="report on the check's own table")
### BEGIN HIDDEN TESTS
with t.item("Other orders of rows, rows that occur three times, no rows", weight=1):
    raw, truth, latest = with_repeats(3)
    mixed = raw.sample(frac=1, random_state=5)
    got = t.call(deduplicate, mixed).set_index("application_id").sort_index()
    t.equal(got["month"], latest, what="month of the row that stays")
    three = pd.DataFrame({"application_id": [5, 5, 5, 6], "month": [1, 3, 3, 1], "loan_keur": 9.0})
    t.equal(sorted(t.call(deduplicate, three).index), [2, 3], what="labels of the rows that stay")
    t.gives({"exact": 1, "resubmitted": 1}, duplicate_report, three)
    t.equal(len(t.call(deduplicate, three[:0])), 0, what="number of rows")
    t.gives({"exact": 0, "resubmitted": 0}, duplicate_report, three[:0])
### END HIDDEN TESTS

# %% [markdown]
# On the whole extract:

# %% needs="deduplicate"
kept = deduplicate(applications)
counts = {
    "rows before": len(applications),
    **duplicate_report(applications),
    "rows after": len(kept),
}
pd.Series(counts).rename("number").to_frame().T

# %% [markdown]
# 90 copies and 60 second applications are gone, 3,000 rows are left, and the twins among them are
# still there. The contract had counted 281 rows, because it counts the originals too.

# %% [markdown]
# ## A typing error, or a rich customer?
#
# The column `income_keur` holds the yearly income in thousand EUR. Some clerks typed it in EUR: 34,100
# instead of 34.1. These rows are 1,000 times too large. But a large income alone is not an error, and
# the people with high incomes are customers whom nobody wants to lose.
#
# The contract has found these rows already, because we know that incomes end at 500. For many columns
# nobody knows such a limit. Then the data must tell what is unusual, and here we can practise that
# and see whether it works.
#
# A rule that marks unusual values needs a centre, a width, and a number `k` of widths that is still
# usual. We try three rules:
#
# | method | a value is marked if it is |
# |---|---|
# | `"z"` | further from the mean than `k` standard deviations |
# | `"iqr"` | below Q1 - k * IQR or above Q3 + k * IQR |
# | `"log_iqr"` | the same as `"iqr"`, but for the logarithms of all values |
#
# Q1 and Q3 are the quartiles: a quarter of the values lies below Q1, a quarter above Q3. IQR is their
# distance, Q3 - Q1. The logarithm turns "times" into "plus": doubling an income is the same step for
# everybody. Incomes spread by factors, so on this scale they look even.
#
# **Your task.** Complete `flag_outliers(x, method, k)`. The rule `"z"` is there.
#
# - `x` is a Series of numbers (positive ones for `"log_iqr"`). The result is a Series of booleans with the same index:
#   `True` where the value is unusual.
# - Use the quartiles of `Series.quantile`. A value that equals a limit is not marked. A missing value
#   is not marked.
#
# For example, `[-50, 1, 2, 3, 4, 5, 100]` with `"iqr"` and `k=1.5` has Q1 = 1.5 and Q3 = 4.5, so the
# limits are -3 and 9, and the first and the last value are marked.


# %% exercise="flag_outliers" objective="W.5.4"
def flag_outliers(x: pd.Series, method: str, k: float) -> pd.Series:
    """Mark unusual values; `method` is "z", "iqr" or "log_iqr", `k` counts the widths."""
    if method == "z":
        return (x - x.mean()).abs() > k * x.std()
    ### BEGIN SOLUTION
    values = np.log(x) if method == "log_iqr" else x
    q1, q3 = values.quantile(0.25), values.quantile(0.75)
    width = k * (q3 - q1)
    return (values < q1 - width) | (values > q3 + width)
    ### END SOLUTION


# %% check="flag_outliers" title="Unusual values are marked by the rule" points=2 transport="plain"
t.hints(
    "Both rules have the same form. First choose the values: `x`, or the logarithm of `x`.",
    "`values.quantile(0.25)` is Q1. Two comparisons joined with `|` give the marks.",
)


def incomes(seed, n=400):
    """Incomes of a small extract, and which of them were typed in EUR."""
    raw, truth = data.credit_raw(n=n, seed=seed, return_truth=True)
    return raw["income_keur"], truth.faults["income_in_eur"]


with t.item("The rule iqr: both sides, the number k, values that equal a limit", weight=2):
    example = pd.Series([-50, 1, 2, 3, 4, 5, 100], index=[3, 1, 4, 9, 5, 2, 6], dtype=float)
    got = t.call(flag_outliers, example, "iqr", 1.5)
    t.require(
        isinstance(got, pd.Series) and pd.api.types.is_bool_dtype(got),
        "The result should be a Series of booleans.",
    )
    t.wrong_if(
        "one_side_only",
        not got.loc[3] and got.loc[6],
        "The value -50 is not marked. A value can be unusual because it is small: there is a lower "
        "limit too.",
    )
    t.equal(got, example.isin([-50, 100]), what="marks for k = 1.5")
    wide = t.call(flag_outliers, example, "iqr", 20)
    t.wrong_if(
        "ignores_k",
        wide.loc[3],
        "With k = 20 the limits are -58.5 and 64.5, but -50 is still marked: use the number k.",
    )
    t.equal(wide, example == 100, what="marks for k = 20")
    t.equal(t.call(flag_outliers, example, "iqr", 50), example == 0, what="marks for k = 50")
    at_limits = pd.Series([-3, 1, 2, 3, 4, 5, 9], dtype=float)
    t.wrong_if(
        "marks_the_limits",
        t.call(flag_outliers, at_limits, "iqr", 1.5).any(),
        "In [-3, 1, 2, 3, 4, 5, 9] the limits for k = 1.5 are -3 and 9, and a value that equals a "
        "limit is marked. It should not be: compare with < and >.",
    )
with t.item("The rule log_iqr finds the typing errors and no honest income", weight=2):
    for seed in t.seeds:
        x, in_eur = incomes(seed)
        t.wrong_if(
            "no_logarithm",
            t.call(flag_outliers, x, "log_iqr", 1.5).equals(t.call(flag_outliers, x, "iqr", 1.5)),
            "log_iqr marks the same values as iqr. Take the logarithm of the values first, then "
            "the quartiles of these logarithms.",
        )
        got = t.call(flag_outliers, x, "log_iqr", 3)
        t.wrong_if(
            "log_of_the_width",
            not got[in_eur].any(),
            "log_iqr marks none of the typing errors. On the scale of logarithms the width is the "
            "distance of the quartiles of the logarithms, not the logarithm of the distance.",
        )
        t.wrong_if(
            "limits_on_another_scale",
            got.mean() > 0.9,
            "log_iqr marks nearly every value. The limits are logarithms, around 3 to 5; compare the "
            "logarithms with them, not `x` itself.",
        )
        missed, honest = (in_eur & ~got).sum(), (got & ~in_eur).sum()
        t.require(not missed, f"{missed} of {in_eur.sum()} typing errors are not marked.")
        t.require(
            not honest, f"{honest} honest incomes are marked, for example {x[got & ~in_eur].max()}."
        )
with t.item("A missing value is not marked", weight=1):
    gap = pd.Series([20.0, 30.0, np.nan, 40.0, 50.0, 9000.0])
    for method in ("iqr", "log_iqr"):
        got = t.call(flag_outliers, gap, method, 1.5)
        t.wrong_if(
            "marks_missing_values",
            got.loc[2],
            "A missing value is marked. We do not know it, so we cannot call it unusual. "
            "`~values.between(...)` is True for it: write two comparisons instead.",
        )
        t.wrong_if(
            "quartiles_of_a_gap",
            not got.any(),
            f"{method} marks nothing, not even 9,000 among values around 35. One missing value made "
            "Q1 and Q3 NaN: `Series.quantile` leaves missing values out, `np.percentile` does not.",
        )
        t.equal(got, gap == 9000, what=f"marks of {method}")
### BEGIN HIDDEN TESTS
with t.item("Other data: exact marks, a constant column, an extract without errors", weight=1):
    for seed in t.seeds:
        x = pd.Series(np.random.default_rng([seed, 54]).lognormal(3, 0.7, 200))
        for method, v in (("iqr", x), ("log_iqr", np.log(x))):
            low, high = np.percentile(v, [25, 75])
            for k in (0.5, 1.5, 2.2):
                expected = (v < low - k * (high - low)) | (v > high + k * (high - low))
                t.equal(t.call(flag_outliers, x, method, k), expected, what=f"{method}, k = {k}")
        clean = data.credit(n=500, seed=seed)["income_keur"]
        t.equal(t.call(flag_outliers, clean, "log_iqr", 3).sum(), 0, what="marks without errors")
    for method in ("iqr", "log_iqr"):
        got = t.call(flag_outliers, pd.Series([7.3] * 9), method, 1.5)
        t.equal(got.sum(), 0, what="marks in a constant column")
### END HIDDEN TESTS

# %% [markdown]
# How good is a rule? In this course we know the truth behind the extract, so we can count. **Recall**
# is the share of the typing errors that are marked. **Precision** is the share of the marked rows
# that are typing errors.

# %%
ledger = data.credit_raw(n=3000, seed=0, return_truth=True)[1]
typing_errors = ledger.faults["income_in_eur"]
income = applications["income_keur"]


def recall_and_precision(marked):
    """Compare marks with the rows that were truly typed in EUR."""
    return {"recall": marked[typing_errors].mean(), "precision": typing_errors[marked].mean()}


def show_rule(method, k):
    """Draw every income as a point, and a ring around each one that the rule marks."""
    marked = flag_outliers(income, method, k)
    score = "recall {recall:.2f}, precision {precision:.2f}".format(**recall_and_precision(marked))
    height = np.random.default_rng(0).uniform(size=len(income))
    fig, ax = plt.subplots(figsize=(8, 3))
    kinds = [(~typing_errors, ".", "in EUR 1,000"), (typing_errors, "x", "in EUR")]
    for rows, sign, label in kinds:
        ax.scatter(income[rows], height[rows], s=25, marker=sign, label=f"typed {label}")
    ax.scatter(income[marked], height[marked], s=90, fc="none", ec="black", label="marked")
    ax.set(xscale="log", yticks=[], xlabel="income as typed", title=f"{method}, k={k}: {score}")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    alt = f"Incomes on a log scale: honest ones below 140, errors above 11,000. {method}, {k}: {score}."
    figures.show(fig, alt=alt)


# %% [markdown]
# The rules side by side, with values of `k` that many people use:

# %% needs="flag_outliers"
rules = [("z", 3), ("iqr", 1.5), ("iqr", 3), ("log_iqr", 3)]
scores = {f"{m}, k = {k}": recall_and_precision(flag_outliers(income, m, k)) for m, k in rules}
pd.DataFrame(scores).T.round(2)

# %% [markdown]
# - `z` misses every seventh error. The errors themselves raise the mean and the standard deviation,
#   so they hide each other. This is called masking.
# - `iqr` with 1.5 finds all errors, but more than half of the marked rows are honest. Whoever deletes
#   them deletes the customers with the highest incomes.
# - `log_iqr` with 3 marks the errors and nothing else, because it fits the way incomes spread.
#
# **Try it.** Each point is an application. Can you find a `k` for which `z` is perfect too? Would you
# have found it without knowing the truth?
#
# <details><summary>Answer</summary>
#
# `z` is perfect with `k` from 0.5 to 2, and `iqr` with `k` = 5: the errors start at 11,500, far from
# the largest honest income, 139.2. Without the truth you could not tell these values of `k` from
# worse ones. `log_iqr` is perfect for every `k` from 2.5 to 5, so it needs the least luck.
#
# </details>

# %% needs="flag_outliers" tags=["nbval-ignore-output"]
explore.sliders(show_rule, method=["z", "iqr", "log_iqr"], k=(0.5, 5.0, 0.5, 3.0))

# %% [markdown]
# A mark does not prove an error. It says: look here. Now we do know what happened to these rows, a
# unit was mixed up, so we can repair them instead of losing them.
#
# Northwind wants one function for two tables: this one, and its loans to firms, in which incomes
# around 2,000 are usual. A fixed limit of 500 would damage that table, so the data must decide.
#
# **Your task.** Write `fix_income_units(df)`. It returns a frame like `df` in which `income_keur` is
# divided by 1,000 where both conditions hold:
#
# - the income is unusual: use your `flag_outliers` with `"log_iqr"` and `k=3`, or a rule of your own;
# - the result is plausible: from 1 to 500.
#
# Everything else stays: all rows, all other columns, missing values, and also impossible incomes for
# which the division is no explanation. The contract goes on reporting those.
#
# For example, among incomes around 30, the value 34,100 becomes 34.1; 120 stays, because 0.12 is not
# plausible; 2,000,000 stays, because 2,000 is not plausible. Among incomes of firms around 2,000, the
# value 2,500 stays: it is not unusual there.


# %% exercise="fix_income_units" objective="W.5.4"
def fix_income_units(df: pd.DataFrame) -> pd.DataFrame:
    """Divide incomes that were typed in EUR by 1,000."""
    ### BEGIN SOLUTION
    income = df["income_keur"]
    in_thousand = income / 1000
    typed_in_eur = flag_outliers(income, "log_iqr", 3) & in_thousand.between(1, 500)
    return df.assign(income_keur=income.mask(typed_in_eur, in_thousand))
    ### END SOLUTION


# %% check="fix_income_units" title="Incomes are back in EUR 1,000" points=1 transport="plain"
t.hints(
    "Make one condition for the rows to repair: unusual, and plausible after the division.",
    "`Series.mask(condition, other)` replaces values where the condition holds; "
    "`df.assign(income_keur=...)` gives a new frame.",
)


def is_whole(got, df):
    """Tell whether a result has all rows and all columns of a table."""
    return isinstance(got, pd.DataFrame) and got.shape == df.shape and set(got) == set(df)


people = {seed: data.credit(n=300, seed=seed) for seed in t.seeds}

with t.item("All typing errors are repaired, honest incomes stay", weight=3):
    for seed in t.seeds:
        raw, truth = data.credit_raw(n=2000, seed=seed, return_truth=True)
        in_eur, was = truth.faults["income_in_eur"], raw["income_keur"]
        true_income = truth.clean["income_keur"]
        got = t.call(fix_income_units, raw)
        t.wrong_if(
            "drops_the_marked_rows",
            isinstance(got, pd.DataFrame) and len(got) < len(raw),
            "Rows have disappeared. These people applied for a loan; only the unit of their income "
            "was wrong. Repair the value and keep the row.",
        )
        t.require(is_whole(got, raw), "Return the whole table: a DataFrame with all its columns.")
        now = got["income_keur"]
        t.wrong_if(
            "assignment_without_effect",
            now.equals(was),
            "No income has changed. `df[column][rows] = ...` changes a copy that is thrown away. "
            "Make a new column and return `df.assign(income_keur=...)`.",
        )
        missed = in_eur & (now == was)
        t.wrong_if(
            "misses_errors",
            missed.any(),
            f"{missed.sum()} of {in_eur.sum()} incomes in EUR are still there, for example "
            f"{was[missed].min():.0f}. Is your rule misled by the errors themselves?",
        )
        t.wrong_if(
            "invents_incomes",
            not np.allclose(now[in_eur], true_income[in_eur], rtol=1e-6),
            "The wrong incomes were replaced by something else than themselves divided by 1,000. "
            "The true income is known here: it was typed in EUR.",
        )
        t.wrong_if(
            "shrinks_honest_incomes",
            (now[~in_eur] < was[~in_eur]).any(),
            f"{(now[~in_eur] < was[~in_eur]).sum()} honest incomes were divided too, for example "
            f"{was[~in_eur].max()}. Is the result plausible?",
        )
        t.equal(now, true_income, what="incomes of the check's own table")
        others = [column for column in raw.columns if column != "income_keur"]
        t.require(got[others].equals(raw[others]), "Change nothing but the column income_keur.")
with t.item("Incomes that are usual in their table stay", weight=1):
    for seed in t.seeds:
        firms = people[seed].assign(income_keur=60 * people[seed]["income_keur"])
        got = t.call(fix_income_units, firms)
        t.require(is_whole(got, firms), "Return the whole table: every row and every column.")
        t.wrong_if(
            "divides_usual_incomes",
            (got["income_keur"] < 0.1 * firms["income_keur"]).any(),
            "In a table of firms with incomes around 2,000, some were divided by 1,000. There they "
            "are usual: ask first whether a value is unusual in its table, then whether the result "
            "is plausible.",
        )
        t.equal(got["income_keur"], firms["income_keur"], what="incomes of firms")
with t.item("What the division cannot explain stays as it is", weight=2):
    for seed in t.seeds:
        typed = people[seed].copy()
        typed.loc[[10, 20], "income_keur"] = [2_000_000.0, 750_000.0]
        got = t.call(fix_income_units, typed)
        t.require(is_whole(got, typed), "Return the whole table: every row and every column.")
        t.wrong_if(
            "divides_without_a_look",
            got.loc[10, "income_keur"] == 2000,
            "2,000,000 became 2,000: EUR 2 million a year is not plausible either. Nobody knows what "
            "this value was. Leave it, so that the contract reports it.",
        )
        left = got.loc[[10, 20], "income_keur"].tolist()
        t.equal(left, [2_000_000, 750_000], what="values that cannot be explained")
### BEGIN HIDDEN TESTS
with t.item("Nothing to repair; missing incomes", weight=1):
    for seed in t.seeds:
        clean = people[seed].copy()
        clean.loc[::50, "income_keur"] = np.nan
        t.gives(clean, fix_income_units, clean)
### END HIDDEN TESTS

# %% [markdown]
# The repair keeps every row. Compare the largest incomes before and after:

# %% needs="fix_income_units"
repaired = fix_income_units(applications)["income_keur"]
pd.DataFrame({"as typed": income, "repaired": repaired}).describe().loc[["50%", "max"]].round(1)

# %% [markdown]
# The largest income is now 139.2, a plausible number. The median hardly moves: a few extreme values
# hardly change it.

# %% [markdown]
# ## Who disappears when you drop rows?
#
# `debt_ratio` (monthly debt divided by monthly income) is missing for some applicants. The quick
# repair is `dropna`. It is harmless only if the gaps are spread by pure chance. So we ask: does the
# share of missing values depend on another column that we do know?
#
# > **missing at random** (MAR): whether a value is missing depends on other columns that are known,
# > here perhaps on late payments. If it depends on nothing, the values are *missing completely at
# > random* (MCAR).
#
# There is a third case, *missing not at random* (MNAR): a value is missing because of what it is, for
# example when people with high debts leave the field empty. No count of known columns can show that.
#
# The next cell counts, and tests the counts with a chi-square test. Its p-value is the probability
# to see shares at least this different if missing values fell by pure chance.

# %%
from scipy import stats


def missingness_table(df: pd.DataFrame, column: str, by: str) -> pd.DataFrame:
    """Count present and missing values of `column` for every value of `by`."""
    missing = df[column].isna()
    table = missing.groupby(df[by]).agg(n="size", n_missing="sum")
    table["n_present"] = table["n"] - table["n_missing"]
    table["share_missing"] = table["n_missing"] / table["n"]
    return table


def chi_square_p(table: pd.DataFrame) -> float:
    """p-value of "the share is the same in every group"; 1 when nothing varies."""
    counts = table[["n_missing", "n_present"]]
    if len(table) < 2 or (counts.sum() == 0).any():
        return 1.0
    return float(stats.chi2_contingency(counts).pvalue)


has_late = applications.assign(has_late=applications["late_payments"] > 0)
gaps_by_late = missingness_table(has_late, "debt_ratio", by="has_late")
print(f"p = {chi_square_p(gaps_by_late):.1g}")
gaps_by_late.round(3)

# %% [markdown]
# About 5 % of the values are missing among people who always paid in time, and about 19 % among the
# others. The p-value is almost 0: chance does not explain such a difference. If we drop these rows, we drop mostly people with late payments, and the model never
# learns about them. The right part of the figure shows how the whole group changes.

# %%
late = applications["late_payments"]
has_ratio = applications["debt_ratio"].notna()
share = 100 * (~has_ratio).groupby(late.clip(upper=2)).mean()
means = [late.mean(), late[has_ratio].mean()]
fig, (gaps, moved) = plt.subplots(1, 2, figsize=(9, 3.2))
gaps.bar(["0", "1", "2 or more"], share)
gaps.set(xlabel="late payments", ylabel="debt_ratio missing (%)", title="who has gaps")
bars = moved.barh(["all rows", "rows without gaps"], means, color=["C0", "C1"])
moved.bar_label(bars, fmt="%.2f", padding=3)
moved.set(xlim=(0, 0.65), xlabel="mean of late_payments", title="what dropping does")
moved.invert_yaxis()
figures.show(
    fig,
    alt="Two bar charts. Left: debt_ratio is missing for 5 % of applicants without late payments, "
    "21 % with one, 14 % with two or more. Right: the mean of late payments falls from 0.51 to 0.46.",
)

# %% [markdown]
# The applicants who stay look more reliable than the applicants who came. (The third bar rests on 295
# rows only. It is lower than the second, but still three times as high as the first.)
#
# **Your task.** Write the decision as a function: `choose_strategy(df, column, by, alpha)` returns
# a dictionary with three entries.
#
# - `"p_value"`: the result of `chi_square_p(missingness_table(df, column, by))`.
# - `"mechanism"`: `"MAR"` if the p-value is below `alpha`, else `"MCAR"`.
# - `"strategy"`: `"drop"` if the mechanism is MCAR **and** less than 5 % of the values of `column`
#   are missing; else `"impute+indicator"` (fill the gap, and add a column that says where it was).
#
# With `alpha` = 0.001, one in 1,000 columns whose gaps fell by chance is called MAR by mistake. 5 % is
# a habit: a dropped row also loses its other columns, and few such rows cost little. And "MCAR" here
# means *nothing was found in* `by`. That is no proof.
#
# For example, a column with 3 % missing values and p = 0.4 gives
# `{"p_value": 0.4, "mechanism": "MCAR", "strategy": "drop"}`.


# %% exercise="choose_strategy" objective="W.5.2"
def choose_strategy(df: pd.DataFrame, column: str, by: str, alpha: float = 0.001) -> dict:
    """Decide from the counts whether rows with gaps may be dropped."""
    ### BEGIN SOLUTION
    p_value = chi_square_p(missingness_table(df, column, by))
    mechanism = "MAR" if p_value < alpha else "MCAR"
    few = df[column].isna().mean() < 0.05
    strategy = "drop" if mechanism == "MCAR" and few else "impute+indicator"
    return {"p_value": p_value, "mechanism": mechanism, "strategy": strategy}
    ### END SOLUTION


# %% check="choose_strategy" title="Rows are dropped only where that is harmless" points=2 transport="plain"
t.hints(
    "Three lines are enough: the p-value, then the mechanism, then the strategy.",
    "The share of missing values in a column is `df[column].isna().mean()`.",
    'Both conditions must hold for "drop": the mechanism is MCAR, and the share is below 0.05.',
)


def loans_with(seed, gaps, column="debt_ratio", by="late"):
    """Loans with a given number of rows and of missing values for each value of `by`."""
    rng = np.random.default_rng([seed, 52])
    groups = []
    for value, (n, n_missing) in gaps.items():
        numbers = rng.uniform(0.1, 0.6, n)
        numbers[:n_missing] = np.nan
        groups.append(pd.DataFrame({by: value, column: numbers}))
    return pd.concat(groups).sample(frac=1, random_state=seed).reset_index(drop=True)


def by_chance(seed, share):
    """Loans in which both groups have the same share of missing values."""
    n = 100 * np.random.default_rng([seed, 55]).integers(4, 9)
    n_missing = round(share * n)
    return loans_with(seed, {False: (2 * n, 2 * n_missing), True: (n, n_missing)})


def independent_p(gaps):
    """Chi-square p-value of a two by two table, and of its G-test, each with and without Yates."""
    counts = [[n_missing, n - n_missing] for n, n_missing in gaps.values()]
    options = [(c, power) for c in (True, False) for power in ("pearson", "log-likelihood")]
    return [stats.chi2_contingency(counts, correction=c, lambda_=power)[1] for c, power in options]


with t.item("Gaps that depend on late payments are found, and are not dropped", weight=2):
    for seed in t.seeds:
        loans = loans_with(seed, {False: (1800, 90 + seed % 9), True: (1200, 240 - seed % 9)})
        got = t.call(choose_strategy, loans, "debt_ratio", "late")
        t.wrong_if(
            "p_value_upside_down",
            got["mechanism"] == "MCAR" and got["p_value"] < 0.001,
            "The p-value is tiny, so chance alone is a bad explanation. A small p-value means MAR.",
        )
        dropped = loans.dropna()["late"].mean()
        t.wrong_if(
            "drops_although_not_by_chance",
            got["strategy"] == "drop",
            f"Dropping moves the share of applicants with late payments from "
            f"{loans['late'].mean():.0%} to {dropped:.0%}: the riskiest applicants vanish.",
        )
        t.equal(got["mechanism"], "MAR", what="mechanism")
        t.equal(got["strategy"], "impute+indicator", what="strategy")
with t.item("The p-value is the one of the test, for the table that is given", weight=1):
    for seed in t.seeds:
        gaps = {"A": (300, 20 + seed % 20), "B": (200, 9)}
        loans = loans_with(seed, gaps, "loan_keur", "group")
        got = t.call(choose_strategy, loans, "loan_keur", "group")["p_value"]
        options = independent_p(gaps)
        other = t.call(choose_strategy, by_chance(seed, 0.03), "debt_ratio", "late")["p_value"]
        t.wrong_if(
            "ignores_its_arguments",
            np.isclose(got, other, rtol=1e-6, atol=0),
            "Two different tables got the same p-value. Use the arguments `df`, `column` and `by`, "
            "not a table from another cell.",
        )
        close = np.isclose(got, options, rtol=1e-6).any()
        t.require(close, f"p_value should be {options[0]:.4g}, got {got:.4g}.")
with t.item("Alpha decides about the mechanism", weight=1):
    for seed in t.seeds[:1]:
        between = loans_with(seed, {False: (1800, 90), True: (1200, 86 + seed % 3)})
        strict, loose = (
            t.call(choose_strategy, between, "debt_ratio", "late", alpha=alpha)["mechanism"]
            for alpha in (0.001, 0.1)
        )
        t.wrong_if(
            "ignores_alpha",
            strict == loose,
            f"With alpha 0.001 and with alpha 0.1 the mechanism is {strict!r}, but the p-value lies "
            "between the two. Compare it with the argument `alpha`, not with a fixed number.",
        )
        t.equal([strict, loose], ["MCAR", "MAR"], what="mechanism for alpha 0.001 and 0.1")
with t.item("Few gaps that fell by chance may be dropped, many may not", weight=2):
    for seed in t.seeds:
        few = by_chance(seed, 0.03)
        got = t.call(choose_strategy, few, "debt_ratio", "late")
        t.equal(got["mechanism"], "MCAR", what="mechanism when both groups miss 3 %")
        t.equal(got["strategy"], "drop", what="strategy when both groups miss 3 %")
        wide = few.assign(co_applicant=np.nan)
        t.wrong_if(
            "share_of_the_whole_table",
            t.call(choose_strategy, wide, "debt_ratio", "late")["strategy"] != "drop",
            "The strategy changes when another column has many gaps. Only the share of missing "
            "values in `column` counts.",
        )
        uneven = loans_with(seed, {False: (380, 15), True: (20, 3)})
        t.wrong_if(
            "mean_of_the_group_shares",
            t.call(choose_strategy, uneven, "debt_ratio", "late")["strategy"] != "drop",
            "18 of 400 values are missing, 4.5 %, but the strategy is not to drop them. The mean of "
            "the shares of the groups is larger, because it counts 20 rows as much as 380.",
        )
        got = t.call(choose_strategy, by_chance(seed, 0.15), "debt_ratio", "late")
        t.wrong_if(
            "drops_any_amount",
            got["strategy"] == "drop",
            "15 % of the rows are gone. The gaps fell by chance, so no group vanishes, but the limit "
            "of 5 % is there because each dropped row also loses its other columns.",
        )
        t.equal(got["mechanism"], "MCAR", what="mechanism when both groups miss 15 %")
        t.equal(got["strategy"], "impute+indicator", what="strategy when both groups miss 15 %")
### BEGIN HIDDEN TESTS
with t.item("Edge cases: no gaps at all, alpha next to the p-value, no alpha", weight=1):
    expected = {"p_value": 1.0, "mechanism": "MCAR", "strategy": "drop"}
    t.gives(expected, choose_strategy, by_chance(0, 0.0), "debt_ratio", "late")
    gaps = {False: (1800, 90), True: (1200, 86)}
    between, p_values = loans_with(3, gaps), independent_p(gaps)
    for alpha, mechanism in ((max(p_values) * 1.01, "MAR"), (min(p_values) * 0.99, "MCAR")):
        got = t.call(choose_strategy, between, "debt_ratio", "late", alpha=alpha)
        t.equal(got["mechanism"], mechanism, what=f"mechanism at alpha {alpha:.3g}")
    got = t.call(choose_strategy, between, "debt_ratio", "late")
    t.equal(got["mechanism"], "MCAR", what="mechanism when no alpha is given")
### END HIDDEN TESTS

# %% [markdown]
# What does your function say about `debt_ratio`?

# %% needs="choose_strategy"
decision = choose_strategy(has_late, "debt_ratio", by="has_late")
print(f"p = {decision['p_value']:.1g}: {decision['mechanism']}, {decision['strategy']}")

# %% [markdown]
# The gaps depend on late payments, so nobody is dropped. Now the filling itself. It learns a number
# from data, for example the median. What learns must learn from **training rows only**: if the test
# rows help to choose the number, the test is no longer a test.
#
# **Your task.** Write `make_imputer()`. It returns a transformer of scikit-learn, or several joined
# to one, for tables of numbers.
#
# - `transform` fills each gap with the mean or the median of the column, or a closer estimate,
#   learned in `fit`.
# - It adds one indicator column (0 or 1) for each column that had gaps in `fit`. The indicators
#   come after all filled columns. So a table with two columns, both with gaps, becomes four columns.
# - A table without gaps in `transform` gets the same columns.
#
# For example, after `fit` on the column `[1, 2, 9, NaN]`, `transform` of `[NaN, 5]` gives
# `[[2, 1], [5, 0]]`: the median is 2.

# %% exercise="make_imputer" objective="W.5.2"
from sklearn.impute import SimpleImputer


def make_imputer():
    """Return a transformer that fills gaps and says where they were."""
    ### BEGIN SOLUTION
    return SimpleImputer(strategy="median", add_indicator=True)
    ### END SOLUTION


# %% check="make_imputer" title="Gaps are filled from training rows, and marked" points=2 transport="plain"
t.hints(
    "scikit-learn has a transformer for this; you only choose its options.",
    "`SimpleImputer` has the options `strategy` and `add_indicator`.",
)


def loans_for_imputer(seed, n=400):
    """Two columns of numbers with gaps, far from zero and skewed."""
    rng = np.random.default_rng([seed, 53])
    table = pd.DataFrame({"income_keur": rng.lognormal(3.5, 0.6, n), "age": rng.uniform(20, 70, n)})
    return table.mask(rng.random(table.shape) < 0.15)


def has(look_up, **options):
    """Whether there is such a method: `look_up` gets it from the answer's object, and we call it."""
    try:
        t.call(look_up(), **options)
    except AttributeError:
        return False
    return True


def fitted(table):
    """What make_imputer returns, fitted on a table."""
    imputer = t.call(make_imputer)
    t.wrong_if(
        "class_instead_of_object",
        has(lambda: imputer.mro),  # only classes have an order of their base classes
        "make_imputer returns a class. Add () to make an object of it.",
    )
    t.wrong_if(
        "no_estimator_of_scikit_learn",
        not has(lambda: imputer.get_params, deep=False),
        "make_imputer should return a transformer of scikit-learn, such as SimpleImputer. An object "
        "with only `fit` and `transform` cannot be copied with `sklearn.base.clone`.",
    )
    return t.call(imputer.fit, table)


def filled(transformer, table):
    """The transformed table as an array of floats."""
    return np.asarray(t.call(transformer.transform, table), dtype=float)


with t.item("Gaps are filled with a typical value of the training rows", weight=2):
    for seed in t.seeds:
        table = loans_for_imputer(seed)
        train, test = table.iloc[:300], table.iloc[300:]
        imputer = fitted(train)
        got = filled(imputer, test)[:, :2]
        t.equal(got[test.notna()], test.to_numpy()[test.notna()], what="values that were there")
        values = got[test.isna()]
        t.require(np.isfinite(values).all(), "Some gaps are still there after `transform`.")
        low, high = train.quantile(0.10).to_numpy(), train.quantile(0.90).to_numpy()
        typical = ((got >= low) & (got <= high))[test.isna()]
        smallest = np.broadcast_to(train.min().to_numpy(), got.shape)[test.isna()]
        t.wrong_if(
            "fills_with_the_mode",
            np.allclose(values, smallest),
            "Every gap was filled with the smallest value of its column. In measured numbers hardly "
            "any value occurs twice, so the most frequent value means nothing: use mean or median.",
        )
        t.wrong_if(
            "fills_with_a_constant",
            not typical.all(),
            f"A gap was filled with {values[~typical][:1]}, which few training rows come near. An "
            "invented number, such as 0, changes the picture: use a typical value, learned in `fit`.",
        )
with t.item("Test rows do not take part in the choice", weight=2):
    for seed in t.seeds:
        table = loans_for_imputer(seed)
        train, test = table.iloc[:300], table.iloc[300:].copy()
        imputer = fitted(train)
        alone = filled(imputer, test.iloc[:50])
        extreme = test.assign(age=test["age"].where(np.arange(len(test)) < 50, 1e6))
        with_extreme = filled(imputer, extreme)[:50]
        t.wrong_if(
            "learns_from_the_rows_it_fills",
            alone.shape == with_extreme.shape and not np.allclose(alone, with_extreme),
            "Extreme values in other test rows changed what was filled in. The typical value must "
            "be learned in `fit`, from training rows, and stay the same afterwards.",
        )
        t.equal(with_extreme.shape, alone.shape, what="shape of the result")
with t.item("Indicator columns say where the gaps were", weight=2):
    for seed in t.seeds:
        table = loans_for_imputer(seed)
        got = filled(fitted(table), table)
        t.wrong_if(
            "no_indicator",
            got.shape[1] == 2,
            "The gaps are filled, but nobody can see any more where they were. People with a gap "
            "may differ from the others: add an indicator column.",
        )
        t.equal(got.shape, (len(table), 4), what="shape of the result")
        t.equal(got[:, 2:], table.isna().to_numpy().astype(float), what="indicators")
### BEGIN HIDDEN TESTS
with t.item("A table without gaps gets the same columns", weight=1):
    table = loans_for_imputer(7)
    got = filled(fitted(table), table.dropna())
    t.equal(got.shape, (len(table.dropna()), 4), what="shape of the result")
    t.equal(got[:, 2:].sum(), 0, what="sum of the indicators")
with t.item("A column without gaps in training gets no indicator", weight=1):
    table = loans_for_imputer(8).assign(late_payments=1.0)
    got = filled(fitted(table), table)
    t.equal(got.shape[1], 5, what="number of columns")
### END HIDDEN TESTS

# %% [markdown]
# The imputer is not used on the extract today. It belongs in the model pipeline, where it is fitted
# on training rows (next notebook). The gaps in `debt_ratio` stay in the cleaned table.

# %% [markdown]
# ## The contract again
#
# All repairs together. `purpose` needs no function of its own: without blanks and capitals, the four
# words are there.

# %% needs="build_contract, clean_age, encode_yes_no, deduplicate, fix_income_units"
cleaned = deduplicate(fix_income_units(applications)).assign(
    age=lambda df: clean_age(df["age"]),
    home_owner=lambda df: encode_yes_no(df["home_owner"]),
    purpose=lambda df: df["purpose"].str.strip().str.lower(),
)
print(f"{len(cleaned)} rows, {len(contract_report(build_contract(), cleaned))} broken rules")

# %% [markdown]
# And as a picture. Each column of the picture is a block of 100 rows, each line a column of the
# contract. The darker a cell, the more values break the contract.


# %%
from matplotlib.colors import PowerNorm


def failures_by_block(contract, df):
    """Count the values that break the contract, by column and block of 100 rows."""
    blocks = pd.Series(np.arange(len(df)) // 100, index=df.index)
    empty = pd.DataFrame(0, index=sorted(contract.columns), columns=range(blocks.max() + 1))
    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        found = pd.crosstab(cases["column"].to_numpy(), blocks.loc[cases["index"]].to_numpy())
        return found.reindex_like(empty).fillna(0)
    return empty


# %% [markdown]
# White means that every value keeps the contract. The colour scale is stretched at its lower end, so
# that a few failing values can be seen too.

# %% needs="build_contract, clean_age, encode_yes_no, deduplicate, fix_income_units"
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True)
for ax, title, df in zip(axes, ["as typed", "cleaned"], [parsed, cleaned]):
    counts = failures_by_block(build_contract(), df)
    scale = PowerNorm(0.4, vmin=0, vmax=100)
    colours = ax.pcolormesh(counts, norm=scale, cmap="Purples", edgecolor="0.9", linewidth=0.3)
    total = counts.to_numpy().sum()
    ax.set(title=f"{title}: {total:.0f} failing values", xlabel="block of 100 rows")
axes[0].set_yticks(np.arange(len(counts)) + 0.5, counts.index)
fig.colorbar(colours, label="failing values", ticks=[0, 1, 5, 20, 50, 100])
figures.show(
    fig,
    alt="Two heat maps of contract columns by blocks of rows. As typed: home_owner is dark, purpose "
    "medium, application_id light, age and income_keur pale, debt_ratio and month white. Cleaned: "
    "everything is white.",
)

# %% [markdown]
# Later units receive new extracts and must test them with the same contract. `artifacts.put` stores it
# as text under the name `contract`, after it has proved that the text gives back an equal contract.

# %% needs="build_contract"
artifacts.put("contract", build_contract())
print("\n".join(build_contract().to_json(indent=1).splitlines()[:12]))

# %% [markdown]
# ## Recap
#
# - Write the contract before the repair. First parse, then validate, and collect all failures.
# - What nobody knows stays missing. A clipped age or a "no" for no answer is an invented fact.
# - A rule for unusual values must fit the way the data spread. A mark says "look here", and a repair
#   is allowed only where we know what happened.
# - Dropping rows is a decision about people. Fill gaps from training rows, and say where they were.
#
# Two questions to recall, without looking back:
#
# 1. From `01_start_here`: the report of a check says "Passed". Is that full marks?
# 2. From this notebook: why does `clean_age` not fill the gaps that it makes?
#
# <details><summary>Answers</summary>
#
# 1. Not yet for certain. Grading repeats the visible checks on other data and adds edge cases.
# 2. Filling needs a number learned from data, for example a median. It must be learned from training
#    rows only, so it belongs in the model pipeline.
#
# </details>
#
# ## What to read next
#
# - pandera documentation, [Lazy validation](https://pandera.readthedocs.io/en/stable/lazy_validation.html):
#   what else stands in a failure report.
# - D. B. Rubin (1976), *Inference and missing data*, Biometrika 63, 581 to 592: where the words
#   "missing at random" come from. Read the first two pages.
# - scikit-learn user guide, [Imputation of missing values](https://scikit-learn.org/stable/modules/impute.html):
#   other ways to fill gaps, and when an indicator helps.
# - Kaggle Learn, [Data cleaning](https://www.kaggle.com/learn/data-cleaning): five short lessons on
#   other data, with dates and misspelt names.
