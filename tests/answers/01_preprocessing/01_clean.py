# Answers that the checks of 01_clean must refuse (wrong) or accept (right).

# %% wrong="refuses_missing_age" exercise="build_contract"
def build_contract():
    return pa.DataFrameSchema(
        {
            "application_id": pa.Column(unique=True),
            "age": pa.Column(checks=pa.Check.in_range(18, 100)),
            "income_keur": pa.Column(checks=pa.Check.in_range(1, 500)),
            "debt_ratio": pa.Column(checks=pa.Check.in_range(0, 0.95), nullable=True),
            "home_owner": pa.Column(checks=pa.Check.isin([0, 1]), nullable=True),
            "purpose": pa.Column(checks=pa.Check.isin(["car", "debt", "home", "other"])),
            "month": pa.Column(checks=pa.Check.in_range(0, 11)),
        }
    )


def contract_report(contract, df):
    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        return error.failure_cases.value_counts(["column", "check"]).reset_index(name="n_failed")
    return pd.DataFrame(columns=["column", "check", "n_failed"])


# %% wrong="hides_bad_values" exercise="build_contract"
def build_contract():
    to_number = pa.Parser(lambda s: pd.to_numeric(s, errors="coerce"))
    known = ["car", "debt", "home", "other"]
    only_known = pa.Parser(lambda s: s.where(s.isin(known)))
    return pa.DataFrameSchema(
        {
            "application_id": pa.Column(unique=True),
            "age": pa.Column(checks=pa.Check.in_range(18, 100), nullable=True),
            "income_keur": pa.Column(checks=pa.Check.in_range(1, 500)),
            "debt_ratio": pa.Column(checks=pa.Check.in_range(0, 0.95), nullable=True),
            "home_owner": pa.Column(parsers=to_number, checks=pa.Check.isin([0, 1]), nullable=True),
            "purpose": pa.Column(parsers=only_known, checks=pa.Check.isin(known), nullable=True),
            "month": pa.Column(checks=pa.Check.in_range(0, 11)),
        }
    )


# %% wrong="exclusive_bounds" exercise="build_contract"
def build_contract():
    def inside(low, high):
        return [pa.Check.gt(low), pa.Check.lt(high)]

    return pa.DataFrameSchema(
        {
            "application_id": pa.Column(unique=True),
            "age": pa.Column(checks=inside(18, 100), nullable=True),
            "income_keur": pa.Column(checks=inside(1, 500)),
            "debt_ratio": pa.Column(checks=inside(0, 0.95), nullable=True),
            "home_owner": pa.Column(checks=pa.Check.isin([0, 1]), nullable=True),
            "purpose": pa.Column(checks=pa.Check.isin(["car", "debt", "home", "other"])),
            "month": pa.Column(checks=pa.Check.in_range(0, 11)),
        }
    )


# %% wrong="allows_gaps_everywhere" exercise="build_contract"
def build_contract():
    rules = {
        "age": pa.Check.in_range(18, 100),
        "income_keur": pa.Check.in_range(1, 500),
        "debt_ratio": pa.Check.in_range(0, 0.95),
        "home_owner": pa.Check.isin([0, 1]),
        "purpose": pa.Check.isin(["car", "debt", "home", "other"]),
        "month": pa.Check.in_range(0, 11),
    }
    columns = {name: pa.Column(checks=rule, nullable=True) for name, rule in rules.items()}
    return pa.DataFrameSchema({"application_id": pa.Column(unique=True), **columns})


# %% wrong="checks_that_are_not_data" exercise="build_contract"
def build_contract():
    return pa.DataFrameSchema(
        {
            "application_id": pa.Column(unique=True),
            "age": pa.Column(checks=pa.Check(lambda s: s.between(18, 100)), nullable=True),
            "income_keur": pa.Column(checks=pa.Check(lambda s: s.between(1, 500))),
            "debt_ratio": pa.Column(checks=pa.Check.in_range(0, 0.95), nullable=True),
            "home_owner": pa.Column(checks=pa.Check.isin({0, 1}), nullable=True),
            "purpose": pa.Column(checks=pa.Check.isin(("car", "debt", "home", "other"))),
            "month": pa.Column(checks=pa.Check.isin(range(12))),
        }
    )


# %% wrong="stops_at_the_first_error" exercise="build_contract"
def contract_report(contract, df):
    try:
        contract.validate(df)
    except pa.errors.SchemaError as error:
        return pd.DataFrame(
            {"column": [error.schema.name], "check": [str(error.check)], "n_failed": [1]}
        )
    return pd.DataFrame(columns=["column", "check", "n_failed"])


# %% wrong="does_not_count" exercise="build_contract"
def contract_report(contract, df):
    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        return error.failure_cases[["column", "check"]].assign(n_failed=1)
    return pd.DataFrame(columns=["column", "check", "n_failed"])


# %% wrong="asks_for_a_dtype" exercise="build_contract"
def build_contract():
    return pa.DataFrameSchema(
        {
            "application_id": pa.Column(int, unique=True),
            "age": pa.Column(int, pa.Check.in_range(18, 100), nullable=True),
            "income_keur": pa.Column(float, pa.Check.in_range(1, 500)),
            "debt_ratio": pa.Column(float, pa.Check.in_range(0, 0.95), nullable=True),
            "home_owner": pa.Column(checks=pa.Check.isin([0, 1]), nullable=True),
            "purpose": pa.Column(checks=pa.Check.isin(["car", "debt", "home", "other"])),
            "month": pa.Column(int, pa.Check.in_range(0, 11)),
        }
    )


# %% wrong="compares_with_texts" exercise="build_contract"
def build_contract():
    return pa.DataFrameSchema(
        {
            "application_id": pa.Column(unique=True),
            "age": pa.Column(checks=pa.Check.in_range(18, 100), nullable=True),
            "income_keur": pa.Column(checks=pa.Check.in_range(1, 500)),
            "debt_ratio": pa.Column(checks=pa.Check.in_range(0, 0.95), nullable=True),
            "home_owner": pa.Column(checks=pa.Check.isin(["0", "1"]), nullable=True),
            "purpose": pa.Column(checks=pa.Check.isin(["car", "debt", "home", "other"])),
            "month": pa.Column(checks=pa.Check.in_range(0, 11)),
        }
    )


# %% wrong="report_stays_empty" exercise="build_contract"
def contract_report(contract, df):
    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        counts = error.failure_cases.groupby(["column", "check"]).size()
        counts.rename("n_failed").reset_index()
    return pd.DataFrame(columns=["column", "check", "n_failed"])


# %% right="a DataFrameModel and a Counter" exercise="build_contract"
def build_contract():
    class Application(pa.DataFrameModel):
        application_id: int = pa.Field(unique=True)
        age: float = pa.Field(in_range={"min_value": 18, "max_value": 100}, nullable=True)
        income_keur: float = pa.Field(ge=1, le=500)
        debt_ratio: float = pa.Field(ge=0, le=0.95, nullable=True)
        home_owner: pd.Int64Dtype = pa.Field(isin=[0, 1], nullable=True)
        purpose: str = pa.Field(isin=["car", "debt", "home", "other"])
        month: int = pa.Field(isin=list(range(12)))

    return Application.to_schema()


def contract_report(contract, df):
    from collections import Counter

    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        failures = error.failure_cases
        names = failures["column"].fillna(failures["failure_case"])
        counts = Counter(zip(names, failures["check"]))
        rows = [(column, rule, number) for (column, rule), number in counts.items()]
        return pd.DataFrame(rows, columns=["column", "check", "n_failed"])
    return pd.DataFrame(columns=["column", "check", "n_failed"])


# %% right="two checks per column and value_counts" exercise="build_contract"
def build_contract():
    def limits(low, high, **options):
        return pa.Column(checks=[pa.Check.ge(low), pa.Check.le(high)], **options)

    pattern = pa.Check.str_matches("^(car|debt|home|other)$")
    return pa.DataFrameSchema(
        {
            "application_id": pa.Column(int, unique=True),
            "age": limits(18, 100, nullable=True),
            "income_keur": limits(1, 500),
            "debt_ratio": limits(0, 0.95, nullable=True),
            "home_owner": pa.Column(checks=pa.Check.isin([0, 1]), nullable=True),
            "purpose": pa.Column(str, checks=pattern),
            "month": limits(0, 11),
        }
    )


def contract_report(contract, df):
    try:
        contract.validate(df, lazy=True)
    except pa.errors.SchemaErrors as error:
        failures = error.failure_cases
        failures["column"] = failures["column"].fillna(failures["failure_case"])
        return failures[["column", "check"]].value_counts().rename("n_failed").reset_index()
    return pd.DataFrame(columns=["column", "check", "n_failed"])


# %% hardcoded="the report of the seed that is shown" exercise="build_contract"
def build_contract():
    return pa.DataFrameSchema({"application_id": pa.Column(unique=True)})


def contract_report(contract, df):
    return pd.DataFrame({"column": ["age", "month"], "check": ["in_range(18, 100)"] * 2}).assign(
        n_failed=[2, 1]
    )


# %% wrong="misses_spellings" exercise="encode_yes_no"
def encode_yes_no(answers):
    return (answers == "yes").astype(int).astype("Int64").mask(answers.isin(["?", "n/a"]))


# %% wrong="first_letter_only" exercise="encode_yes_no"
def encode_yes_no(answers):
    words = answers.astype(str).str.strip().str.lower()
    return words.str.startswith("y").astype("Int64").mask(words.isin(["?", "n/a"]))


# %% wrong="unknown_becomes_no" exercise="encode_yes_no"
def encode_yes_no(answers):
    return answers.astype(str).str.strip().str.lower().isin(YES).astype(int).astype("Int64")


# %% wrong="alphabetical_codes" exercise="encode_yes_no"
def encode_yes_no(answers):
    from sklearn.preprocessing import LabelEncoder

    codes = LabelEncoder().fit_transform(answers.astype(str))
    return pd.Series(codes, index=answers.index, dtype="Int64")


# %% wrong="changes_its_input" exercise="encode_yes_no"
def encode_yes_no(answers):
    for label in answers.index:
        word = str(answers[label]).strip().lower()
        answers[label] = "1" if word in YES else "0" if word in NO else None
    return pd.to_numeric(answers).astype("Int64")


# %% wrong="new_word_passes_silently" exercise="encode_yes_no"
def encode_yes_no(answers):
    codes = dict.fromkeys(YES, 1) | dict.fromkeys(NO, 0)
    return answers.astype("string").str.strip().str.lower().map(codes).astype("Int64")


# %% wrong="reads_texts_only" exercise="encode_yes_no"
def encode_yes_no(answers):
    codes = dict.fromkeys(YES, 1) | dict.fromkeys(NO, 0)
    words = answers.str.strip().str.lower()
    for word in words.dropna():
        if word not in codes and word not in NOT_KNOWN:
            raise ValueError(f"no code for {word!r}")
    return words.map(codes).astype("Int64")


# %% wrong="raises_an_error" exercise="encode_yes_no"
def encode_yes_no(answers):
    codes = dict.fromkeys(YES, 1) | dict.fromkeys(NO, 0) | dict.fromkeys(NOT_KNOWN)
    words = answers.map(str).str.strip().str.lower()
    for word in words:
        if word not in codes:
            raise ValueError(f"no code for {word!r}")
    return words.map(codes).astype("Int64")


# %% right="a regular expression" exercise="encode_yes_no"
def encode_yes_no(answers):
    words = answers.astype("string").str.strip()
    yes = words.str.fullmatch("yes|y|true|1", case=False)
    no = words.str.fullmatch("no|n|false|0", case=False)
    other = words[~(yes | no).fillna(True) & ~words.str.lower().isin(NOT_KNOWN)]
    if not other.empty:
        raise ValueError(f"these words are new: {sorted(set(other))}")
    return yes.where(yes | no).astype("Int64")


# %% right="astype(str), which keeps missing values" exercise="encode_yes_no"
def encode_yes_no(answers):
    words = answers.astype(str).str.strip().str.lower()
    unknown = words.isna() | words.isin(NOT_KNOWN)
    wrong = words[~unknown & ~words.isin(YES + NO)].unique()
    if wrong.size > 0:
        raise ValueError(f"new words: {list(wrong)}")
    return words.isin(YES).astype("Int64").mask(unknown)


# %% right="a loop over the answers" exercise="encode_yes_no"
def encode_yes_no(answers):
    def code(answer):
        if pd.isna(answer):
            return pd.NA
        word = str(answer).strip().lower()
        if word in NOT_KNOWN:
            return pd.NA
        if word not in YES + NO:
            raise ValueError(f"no code for {answer}")
        return int(word in YES)

    return pd.Series([code(a) for a in answers], index=answers.index, dtype="Int64")


# %% hardcoded="the spellings of the extract, new words pass" exercise="encode_yes_no"
def encode_yes_no(answers):
    codes = dict.fromkeys(["Yes ", "yes", "Y", "TRUE", "1"], 1)
    codes |= dict.fromkeys(["no", "No", "N", "false", "0"], 0)
    return answers.map(codes).astype("Int64")


# %% wrong="removes_copies_only" exercise="deduplicate"
def deduplicate(df):
    return df.drop_duplicates()


def duplicate_report(df):
    exact = int(df.duplicated().sum())
    return {"exact": exact, "resubmitted": int(df.duplicated("application_id").sum()) - exact}


# %% wrong="depends_on_row_order" exercise="deduplicate"
def deduplicate(df):
    return df.drop_duplicates(subset="application_id")


# %% wrong="keeps_the_first_submission" exercise="deduplicate"
def deduplicate(df):
    return df.sort_values("month", kind="stable").drop_duplicates("application_id")


# %% wrong="drops_twins" exercise="deduplicate"
def deduplicate(df):
    values = [column for column in df.columns if column != "application_id"]
    latest = df.sort_values("month", kind="stable").drop_duplicates("application_id", keep="last")
    return latest.drop_duplicates(values, keep="last")


# %% wrong="loses_index_labels" exercise="deduplicate"
def deduplicate(df):
    by_month = df.sort_values("month", kind="stable")
    return by_month.drop_duplicates("application_id", keep="last").reset_index(drop=True)


# %% wrong="ties_left_to_chance" exercise="deduplicate"
def deduplicate(df):
    return df.loc[df.groupby("application_id")["month"].idxmax()]


# %% wrong="keeps_all_ties" exercise="deduplicate"
def deduplicate(df):
    return df[df["month"] == df.groupby("application_id")["month"].transform("max")]


# %% wrong="counts_the_originals_too" exercise="deduplicate"
def duplicate_report(df):
    exact = int(df.duplicated(keep=False).sum())
    return {"exact": exact, "resubmitted": int(df.duplicated("application_id").sum()) - exact}


# %% wrong="copies_counted_twice" exercise="deduplicate"
def duplicate_report(df):
    return {
        "exact": int(df.duplicated().sum()),
        "resubmitted": int(df.duplicated("application_id").sum()),
    }


# %% right="idxmax on the rows in reverse" exercise="deduplicate"
def deduplicate(df):
    backwards = df[::-1]
    return df.loc[backwards.groupby("application_id")["month"].idxmax()]


def duplicate_report(df):
    once = df.drop_duplicates()
    return {
        "exact": len(df) - len(once),
        "resubmitted": len(once) - once["application_id"].nunique(),
    }


# %% right="the largest month of each id, then the last row" exercise="deduplicate"
def deduplicate(df):
    latest = df[df["month"] == df.groupby("application_id")["month"].transform("max")]
    return latest.groupby("application_id").tail(1)


def duplicate_report(df):
    copies = df.duplicated()
    return dict(
        exact=copies.sum(), resubmitted=df.loc[~copies, "application_id"].duplicated().sum()
    )


# %% hardcoded="the example" exercise="deduplicate"
def deduplicate(df):
    return df.loc[[2, 3]]


def duplicate_report(df):
    return {"exact": 1, "resubmitted": 1}


# %% wrong="one_side_only" exercise="flag_outliers"
def flag_outliers(x, method, k):
    if method == "z":
        return (x - x.mean()).abs() > k * x.std()
    values = np.log(x) if method == "log_iqr" else x
    q1, q3 = values.quantile([0.25, 0.75])
    return values > q3 + k * (q3 - q1)


# %% wrong="ignores_k" exercise="flag_outliers"
def flag_outliers(x, method, k):
    values = np.log(x) if method == "log_iqr" else x
    q1, q3 = values.quantile([0.25, 0.75])
    return (values < q1 - 1.5 * (q3 - q1)) | (values > q3 + 1.5 * (q3 - q1))


# %% wrong="no_logarithm" exercise="flag_outliers"
def flag_outliers(x, method, k):
    if method == "z":
        return (x - x.mean()).abs() > k * x.std()
    q1, q3 = x.quantile([0.25, 0.75])
    return (x < q1 - k * (q3 - q1)) | (x > q3 + k * (q3 - q1))


# %% wrong="log_of_the_width" exercise="flag_outliers"
def flag_outliers(x, method, k):
    q1, q3 = x.quantile([0.25, 0.75])
    if method == "log_iqr":
        width = k * np.log(q3 - q1)
        return (np.log(x) < np.log(q1) - width) | (np.log(x) > np.log(q3) + width)
    return (x < q1 - k * (q3 - q1)) | (x > q3 + k * (q3 - q1))


# %% wrong="marks_missing_values" exercise="flag_outliers"
def flag_outliers(x, method, k):
    values = np.log(x) if method == "log_iqr" else x
    q1, q3 = values.quantile([0.25, 0.75])
    return ~values.between(q1 - k * (q3 - q1), q3 + k * (q3 - q1))


# %% wrong="limits_on_another_scale" exercise="flag_outliers"
def flag_outliers(x, method, k):
    if method == "z":
        return (x - x.mean()).abs() > k * x.std()
    values = np.log(x) if method == "log_iqr" else x
    q1, q3 = values.quantile([0.25, 0.75])
    return (x < q1 - k * (q3 - q1)) | (x > q3 + k * (q3 - q1))


# %% wrong="quartiles_of_a_gap" exercise="flag_outliers"
def flag_outliers(x, method, k):
    if method == "z":
        return (x - x.mean()).abs() > k * x.std()
    values = np.log(x) if method == "log_iqr" else x
    q1, q3 = np.percentile(values, [25, 75])
    return (values < q1 - k * (q3 - q1)) | (values > q3 + k * (q3 - q1))


# %% wrong="marks_the_limits" exercise="flag_outliers"
def flag_outliers(x, method, k):
    if method == "z":
        return (x - x.mean()).abs() > k * x.std()
    values = np.log(x) if method == "log_iqr" else x
    q1, q3 = values.quantile([0.25, 0.75])
    return (values <= q1 - k * (q3 - q1)) | (values >= q3 + k * (q3 - q1))


# %% right="logarithms to base 10, scipy and numpy" exercise="flag_outliers"
def flag_outliers(x, method, k):
    from scipy.stats import iqr

    if method == "z":
        return np.abs(x - x.mean()) > k * x.std()
    values = np.log10(x) if method == "log_iqr" else x
    width = k * iqr(values, nan_policy="omit")
    low, high = np.nanpercentile(values, [25, 75])
    return (low - values).gt(width) | (values - high).gt(width)


# %% right="limits taken back from the logarithms" exercise="flag_outliers"
def flag_outliers(x, method, k):
    if method == "z":
        return (x - x.mean()).abs() > k * x.std()
    values = x.map(np.log) if method == "log_iqr" else x
    quartiles = values.dropna().quantile([0.25, 0.75])
    low, high = quartiles.iloc[0], quartiles.iloc[1]
    usual = values.between(low - k * (high - low), high + k * (high - low))
    return ~usual & x.notna()


# %% hardcoded="the example" exercise="flag_outliers"
def flag_outliers(x, method, k):
    return x.isin([-50, 100])


# %% wrong="misses_errors" exercise="fix_income_units"
def fix_income_units(df):
    income = df["income_keur"]
    far = (income - income.mean()).abs() > 3 * income.std()
    return df.assign(income_keur=income.mask(far & (income / 1000).between(1, 500), income / 1000))


# %% wrong="shrinks_honest_incomes" exercise="fix_income_units"
def fix_income_units(df):
    income = df["income_keur"]
    low, high = income.quantile([0.25, 0.75])
    return df.assign(income_keur=income.mask(income > high + 1.5 * (high - low), income / 1000))


# %% wrong="drops_the_marked_rows" exercise="fix_income_units"
def fix_income_units(df):
    return df[~(df["income_keur"] > 500)]


# %% wrong="invents_incomes" exercise="fix_income_units"
def fix_income_units(df):
    return df.assign(income_keur=df["income_keur"].clip(upper=500))


# %% wrong="divides_without_a_look" exercise="fix_income_units"
def fix_income_units(df):
    income = df["income_keur"]
    marked = flag_outliers(income, "log_iqr", 3)
    return df.assign(income_keur=income.where(~marked, income / 1000))


# %% wrong="changes_its_input" exercise="fix_income_units"
def fix_income_units(df):
    marked = (df["income_keur"] / 1000).between(1, 500)
    df.loc[marked, "income_keur"] /= 1000
    return df


# %% wrong="divides_usual_incomes" exercise="fix_income_units"
def fix_income_units(df):
    income = df["income_keur"]
    return df.assign(income_keur=income.mask((income / 1000).between(1, 500), income / 1000))


# %% wrong="assignment_without_effect" exercise="fix_income_units"
def fix_income_units(df):
    income = df["income_keur"]
    wrong = flag_outliers(income, "log_iqr", 3) & (income / 1000).between(1, 500)
    df[wrong]["income_keur"] = income[wrong] / 1000
    return df


# %% right="a thousand times nearer to the median" exercise="fix_income_units"
def fix_income_units(df):
    fixed = df.copy()
    too_large = fixed["income_keur"] > 30 * fixed["income_keur"].median()
    too_large &= (fixed["income_keur"] / 1000).between(1, 500)
    fixed.loc[too_large, "income_keur"] = fixed.loc[too_large, "income_keur"] / 1000
    return fixed


# %% right="median and absolute deviation of the logarithms" exercise="fix_income_units"
def fix_income_units(df):
    logs = np.log(df["income_keur"])
    deviation = (logs - logs.median()).abs()
    unusual = deviation > 5 * 1.4826 * deviation.median()
    divided = df["income_keur"] / 1000
    new = np.where(unusual & (divided >= 1) & (divided <= 500), divided, df["income_keur"])
    return df.assign(income_keur=new)


# %% hardcoded="the three values of the example" exercise="fix_income_units"
def fix_income_units(df):
    return df.assign(income_keur=df["income_keur"].replace({34100.0: 34.1}))


# %% wrong="clips_impossible_values" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    return pd.to_numeric(ages, errors="coerce").astype(float).clip(low, high)


# %% wrong="fills_the_gap" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    numbers = pd.to_numeric(ages, errors="coerce").astype(float)
    numbers = numbers.where(numbers.between(low, high))
    return numbers.fillna(numbers.mean())


# %% wrong="drops_rows" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    numbers = pd.to_numeric(ages, errors="coerce").astype(float).dropna()
    return numbers[numbers.between(low, high)]


# %% wrong="changes_its_input" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    numbers = pd.to_numeric(ages, errors="coerce").astype(float)
    ages[~numbers.between(low, high)] = np.nan
    return pd.to_numeric(ages).astype(float)


# %% wrong="raises_an_error" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    numbers = ages.astype(float)
    return numbers.where((numbers >= low) & (numbers <= high))


# %% right="mask" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    numbers = pd.to_numeric(ages, errors="coerce").astype("float64")
    return numbers.mask((numbers < low) | (numbers > high))


# %% right="a loop with float()" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    def parse(entry):
        try:
            number = float(entry)
        except (TypeError, ValueError):
            return float("nan")
        return number if low <= number <= high else float("nan")

    return pd.Series([parse(entry) for entry in ages], index=ages.index, dtype=float)


# %% hardcoded="the example" exercise="clean_age"
def clean_age(ages, low=18, high=100):
    return pd.Series([42, np.nan, 35, np.nan, np.nan, np.nan], index=[5, 3, 9, 1, 4, 8])


# %% wrong="p_value_upside_down" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    p_value = chi_square_p(missingness_table(df, column, by))
    mechanism = "MCAR" if p_value < alpha else "MAR"
    few = df[column].isna().mean() < 0.05
    strategy = "drop" if mechanism == "MCAR" and few else "impute+indicator"
    return {"p_value": p_value, "mechanism": mechanism, "strategy": strategy}


# %% wrong="drops_although_not_by_chance" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    p_value = chi_square_p(missingness_table(df, column, by))
    return {
        "p_value": p_value,
        "mechanism": "MAR" if p_value < alpha else "MCAR",
        "strategy": "drop" if df[column].isna().mean() < 0.20 else "impute+indicator",
    }


# %% wrong="drops_any_amount" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    p_value = chi_square_p(missingness_table(df, column, by))
    if p_value < alpha:
        return {"p_value": p_value, "mechanism": "MAR", "strategy": "impute+indicator"}
    return {"p_value": p_value, "mechanism": "MCAR", "strategy": "drop"}


# %% wrong="share_of_the_whole_table" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    p_value = chi_square_p(missingness_table(df, column, by))
    mechanism = "MAR" if p_value < alpha else "MCAR"
    few = df.isna().mean().mean() < 0.05
    strategy = "drop" if mechanism == "MCAR" and few else "impute+indicator"
    return {"p_value": p_value, "mechanism": mechanism, "strategy": strategy}


# %% wrong="mean_of_the_group_shares" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    table = missingness_table(df, column, by)
    p_value = chi_square_p(table)
    mechanism = "MAR" if p_value < alpha else "MCAR"
    few = table["share_missing"].mean() < 0.05
    strategy = "drop" if mechanism == "MCAR" and few else "impute+indicator"
    return {"p_value": p_value, "mechanism": mechanism, "strategy": strategy}


# %% wrong="ignores_alpha" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    p_value = chi_square_p(missingness_table(df, column, by))
    mechanism = "MAR" if p_value < 0.05 else "MCAR"
    few = df[column].isna().mean() < 0.05
    strategy = "drop" if mechanism == "MCAR" and few else "impute+indicator"
    return {"p_value": p_value, "mechanism": mechanism, "strategy": strategy}


# %% wrong="ignores_its_arguments" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    p_value = chi_square_p(gaps_by_late)
    mechanism = "MAR" if p_value < alpha else "MCAR"
    few = df[column].isna().mean() < 0.05
    strategy = "drop" if mechanism == "MCAR" and few else "impute+indicator"
    return {"p_value": p_value, "mechanism": mechanism, "strategy": strategy}


# %% right="a G-test" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    table = missingness_table(df, column, by)
    p = 1.0
    if 0 < table["n_missing"].sum() < table["n"].sum():
        counts = table[["n_missing", "n_present"]]
        p = stats.chi2_contingency(counts, lambda_="log-likelihood").pvalue
    by_chance = p >= alpha
    few = df[column].isna().sum() / len(df) < 0.05
    return dict(
        p_value=p,
        mechanism="MCAR" if by_chance else "MAR",
        strategy="drop" if by_chance and few else "impute+indicator",
    )


# %% hardcoded="always the answer for debt_ratio" exercise="choose_strategy"
def choose_strategy(df, column, by, alpha=0.001):
    return {"p_value": 1e-33, "mechanism": "MAR", "strategy": "impute+indicator"}


# %% wrong="fills_with_a_constant" exercise="make_imputer"
def make_imputer():
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="constant", fill_value=0, add_indicator=True)


# %% wrong="no_indicator" exercise="make_imputer"
def make_imputer():
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="median")


# %% wrong="learns_from_the_rows_it_fills" exercise="make_imputer"
def make_imputer():
    from sklearn.preprocessing import FunctionTransformer

    def fill(table):
        return pd.concat([table.fillna(table.mean()), table.isna().astype(float)], axis=1)

    return FunctionTransformer(fill)


# %% wrong="fills_with_the_mode" exercise="make_imputer"
def make_imputer():
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="most_frequent", add_indicator=True)


# %% wrong="class_instead_of_object" exercise="make_imputer"
def make_imputer():
    from sklearn.impute import SimpleImputer

    return SimpleImputer


# %% wrong="no_estimator_of_scikit_learn" exercise="make_imputer"
def make_imputer():
    class MedianImputer:
        def fit(self, table):
            self.median = table.median()
            return self

        def transform(self, table):
            return pd.concat([table.fillna(self.median), table.isna().astype(int)], axis=1)

    return MedianImputer()


# %% right="an estimator of one's own" exercise="make_imputer"
def make_imputer():
    from sklearn.base import BaseEstimator, TransformerMixin

    class MedianImputer(TransformerMixin, BaseEstimator):
        def fit(self, table, y=None):
            self.median_ = table.median()
            self.with_gaps_ = table.columns[table.isna().any()]
            return self

        def transform(self, table):
            marks = table[self.with_gaps_].isna().astype(int)
            return np.hstack([table.fillna(self.median_), marks])

    return MedianImputer()


# %% right="mean and indicator in a pipeline" exercise="make_imputer"
def make_imputer():
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.pipeline import make_union

    return make_union(SimpleImputer(strategy="mean"), MissingIndicator())


# %% right="IterativeImputer" exercise="make_imputer"
def make_imputer():
    from sklearn.experimental import enable_iterative_imputer
    from sklearn.impute import IterativeImputer

    return IterativeImputer(add_indicator=True, random_state=0)


# %% hardcoded="the example" exercise="make_imputer"
def make_imputer():
    class Example:
        def get_params(self, deep=True):
            return {}

        def fit(self, table, y=None):
            return self

        def transform(self, table):
            return [[2, 1], [5, 0]]

    return Example()
