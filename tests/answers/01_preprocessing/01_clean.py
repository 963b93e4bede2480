# Answers that the checks of 01_clean must refuse (wrong) or accept (right).

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
