# Answers that the checks of 03_select must refuse (wrong) or accept (right).

# %% wrong="forgets_that_negative_counts" exercise="filter_rank"
def filter_rank(df, target):
    columns = df.select_dtypes("number").drop(columns=target)
    return columns.corrwith(df[target]).sort_values(ascending=False)


# %% wrong="codes_texts_as_numbers" exercise="filter_rank"
def filter_rank(df, target):
    coded = df.copy()
    for column in df.select_dtypes(exclude="number"):
        coded[column] = pd.factorize(df[column])[0]
    return coded.drop(columns=target).corrwith(coded[target]).abs().sort_values(ascending=False)


# %% wrong="ranks_the_target_itself" exercise="filter_rank"
def filter_rank(df, target):
    numbers = df.select_dtypes("number")
    return numbers.corrwith(df[target]).abs().sort_values(ascending=False)


# %% wrong="weakest_first" exercise="filter_rank"
def filter_rank(df, target):
    numbers = df.select_dtypes("number").drop(columns=target)
    return numbers.corrwith(df[target]).abs().sort_values()


# %% wrong="depends_on_the_unit" exercise="filter_rank"
def filter_rank(df, target):
    numbers = df.select_dtypes("number").drop(columns=target)
    covariance = numbers.apply(lambda column: column.cov(df[target]))
    return covariance.abs().sort_values(ascending=False)


# %% right="mutual information" exercise="filter_rank"
def filter_rank(df, target):
    from sklearn.feature_selection import mutual_info_regression

    numbers = df.select_dtypes("number").drop(columns=target)
    strength = mutual_info_regression(numbers, df[target], random_state=0)
    return pd.Series(strength, numbers.columns).sort_values(ascending=False)


# %% right="a loop with np.corrcoef" exercise="filter_rank"
def filter_rank(df, target):
    strengths = {}
    for column in df:
        if column == target or not pd.api.types.is_numeric_dtype(df[column]):
            continue
        if df[column].nunique() == 1:
            strengths[column] = 0.0
        else:
            strengths[column] = abs(np.corrcoef(df[column], df[target])[0, 1])
    return pd.Series(dict(sorted(strengths.items(), key=lambda pair: -pair[1])))


# %% right="one row of the matrix of rank correlations" exercise="filter_rank"
def filter_rank(df, target):
    matrix = df.corr(method="spearman", numeric_only=True)
    return matrix[target].drop(target).fillna(0).abs().sort_values(ascending=False)


# %% wrong="constant_column_stays_missing" exercise="filter_rank"
def filter_rank(df, target):
    columns = df.select_dtypes("number").drop(columns=target)
    return columns.corrwith(df[target]).abs().sort_values(ascending=False)


# %% wrong="uses_the_table_of_the_notebook" exercise="filter_rank"
def filter_rank(df, target):
    columns = houses.select_dtypes("number").drop(columns="price_keur")
    strength = columns.corrwith(houses["price_keur"]).abs()
    return strength.fillna(0).sort_values(ascending=False)


# %% hardcoded="the example" exercise="filter_rank"
def filter_rank(df, target):
    return pd.Series({"distance": 0.991, "area": 0.929})


# %% wrong="no_correction_for_many_tests" exercise="significant"
def significant(df, target, alpha=0.05):
    return [c for c in df.columns.drop(target) if anova_or_corr(df, target, c) < alpha]


# %% wrong="codes_texts_as_numbers" exercise="significant"
def significant(df, target, alpha=0.05):
    coded = df.copy()
    for column in df.select_dtypes(exclude="number"):
        coded[column] = pd.factorize(df[column], sort=True)[0]
    columns = df.columns.drop(target)
    return [c for c in columns if anova_or_corr(coded, target, c) < alpha / len(columns)]


# %% wrong="ignores_texts" exercise="significant"
def significant(df, target, alpha=0.05):
    columns = df.select_dtypes("number").columns.drop(target)
    return [c for c in columns if anova_or_corr(df, target, c) < alpha / len(columns)]


# %% wrong="tests_the_target_itself" exercise="significant"
def significant(df, target, alpha=0.05):
    return [c for c in df.columns if anova_or_corr(df, target, c) < alpha / len(df.columns)]


# %% right="adjusted p-values, scipy and f_regression" exercise="significant"
def significant(df, target, alpha=0.05):
    from sklearn.feature_selection import f_regression

    p = {}
    for column in df.drop(columns=target):
        if pd.api.types.is_numeric_dtype(df[column]):
            p[column] = f_regression(df[[column]], df[target])[1][0]
        else:
            p[column] = stats.f_oneway(*df.groupby(column)[target].apply(list)).pvalue
    adjusted = pd.Series(p) * len(p)
    return adjusted.index[adjusted <= alpha].tolist()


# %% right="strongest first" exercise="significant"
def significant(df, target, alpha=0.05):
    tests = [(anova_or_corr(df, target, c), c) for c in df if c != target]
    return [column for p, column in sorted(tests) if p < alpha / len(tests)]


# %% wrong="counts_the_target_as_a_test" exercise="significant"
def significant(df, target, alpha=0.05):
    columns = df.columns.drop(target)
    limit = alpha / len(df.columns)
    return [c for c in columns if anova_or_corr(df, target, c) < limit]


# %% wrong="counts_rows_as_tests" exercise="significant"
def significant(df, target, alpha=0.05):
    columns = df.columns.drop(target)
    limit = alpha / len(df)
    return [c for c in columns if anova_or_corr(df, target, c) < limit]


# %% wrong="ignores_alpha" exercise="significant"
def significant(df, target, alpha=0.05):
    columns = df.columns.drop(target)
    limit = 0.05 / len(columns)
    return [c for c in columns if anova_or_corr(df, target, c) < limit]


# %% wrong="does_not_count_texts" exercise="significant"
def significant(df, target, alpha=0.05):
    columns = df.columns.drop(target)
    limit = alpha / (df.select_dtypes("number").shape[1] - 1)
    return [c for c in columns if anova_or_corr(df, target, c) < limit]


# %% wrong="limit_grows_with_the_rank" exercise="significant"
def significant(df, target, alpha=0.05):
    columns = df.columns.drop(target)
    p = [anova_or_corr(df, target, column) for column in columns]
    return list(columns[stats.false_discovery_control(p) < alpha])


# %% wrong="uses_the_table_of_the_notebook" exercise="significant"
def significant(df, target, alpha=0.05):
    return list(p_values.index[p_values < alpha / len(p_values)])


# %% hardcoded="the columns that the check asks for" exercise="significant"
def significant(df, target, alpha=0.05):
    return [c for c in ("area", "region", "garden") if c in df]


# %% wrong="compares_coefficients_in_different_units" exercise="wrapper_select"
def wrapper_select(X, y, k):
    return list(X.columns[RFE(LinearRegression(), n_features_to_select=k).fit(X, y).support_])


# %% wrong="filter_in_disguise" exercise="wrapper_select"
def wrapper_select(X, y, k):
    from sklearn.feature_selection import SelectKBest, f_regression

    return list(X.columns[SelectKBest(f_regression, k=k).fit(X, y).get_support()])


# %% wrong="changes_its_input" exercise="wrapper_select"
def wrapper_select(X, y, k):
    X[X.columns] = StandardScaler().fit_transform(X)
    return list(X.columns[RFE(LinearRegression(), n_features_to_select=k).fit(X, y).support_])


# %% right="SequentialFeatureSelector" exercise="wrapper_select"
def wrapper_select(X, y, k):
    from sklearn.feature_selection import SequentialFeatureSelector

    selector = SequentialFeatureSelector(LinearRegression(), n_features_to_select=k)
    return selector.fit(X, y).get_feature_names_out().tolist()


# %% right="RFE on a table scaled with pandas" exercise="wrapper_select"
def wrapper_select(X, y, k):
    scaled = (X - X.mean()) / X.std()
    return RFE(LinearRegression(), n_features_to_select=k).fit(scaled, y).get_feature_names_out()


# %% right="a loop with numpy" exercise="wrapper_select"
def wrapper_select(X, y, k):
    columns = list(X)
    while len(columns) > k:
        values = X[columns].to_numpy()
        values = (values - values.mean(axis=0)) / values.std(axis=0)
        weights, *_ = np.linalg.lstsq(values, np.asarray(y) - np.mean(y), rcond=None)
        columns.pop(int(np.argmin(np.abs(weights))))
    return columns


# %% wrong="trains_only_once" exercise="wrapper_select"
def wrapper_select(X, y, k):
    model = LinearRegression().fit(StandardScaler().fit_transform(X), y)
    return list(X.columns[np.argsort(np.abs(model.coef_))[-k:]])


# %% wrong="names_lost_in_scaling" exercise="wrapper_select"
def wrapper_select(X, y, k):
    model = make_pipeline(StandardScaler(), RFE(LinearRegression(), n_features_to_select=k))
    return list(model.fit(X, y)[-1].get_feature_names_out())


# %% wrong="mask_instead_of_names" exercise="wrapper_select"
def wrapper_select(X, y, k):
    scaled = StandardScaler().fit_transform(X)
    return list(RFE(LinearRegression(), n_features_to_select=k).fit(scaled, y).support_)


# %% wrong="drops_negative_coefficients" exercise="wrapper_select"
def wrapper_select(X, y, k):
    columns = list(X)
    while len(columns) > k:
        model = LinearRegression().fit(StandardScaler().fit_transform(X[columns]), y)
        columns.pop(int(np.argmin(model.coef_)))
    return columns


# %% wrong="uses_the_table_of_the_notebook" exercise="wrapper_select"
def wrapper_select(X, y, k):
    scaled = StandardScaler().fit_transform(numeric)
    selector = RFE(LinearRegression(), n_features_to_select=k).fit(scaled, price)
    return list(numeric.columns[selector.support_])


# %% hardcoded="the columns of the check" exercise="wrapper_select"
def wrapper_select(X, y, k):
    return ["area_cm2", "age_years", "garden_m2", "heated_m2", "inside_m2"][:k]


# %% wrong="smallest_alpha_in_the_band" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    best = mean_error.argmin()
    limit = mean_error[best] + (standard_error[best] if rule == "1se" else 0)
    return alphas[mean_error <= limit].min()


# %% wrong="min_means_smallest_alpha" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    if rule == "min":
        return alphas.min()
    best = mean_error.argmin()
    return alphas[mean_error <= mean_error[best] + standard_error[best]].max()


# %% wrong="returns_error_or_position" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    if rule == "min":
        return mean_error.min()
    best = mean_error.argmin()
    return alphas[mean_error <= mean_error[best] + standard_error[best]].max()


# %% wrong="ignores_the_rule" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    return alphas[np.argmin(mean_error)]


# %% right="plain Python" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    curve = sorted(zip(mean_error, alphas, standard_error))
    error, alpha, se = curve[0]
    if rule == "1se":
        alpha = max(a for e, a, _ in curve if e <= error + se)
    return alpha


# %% right="from the largest alpha down" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    best = int(np.argmin(mean_error))
    allowed = standard_error[best] if rule == "1se" else 0.0
    for i in np.argsort(alphas)[::-1]:
        if mean_error[i] - mean_error[best] <= allowed:
            return alphas[i]


# %% wrong="band_too_wide" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    best = mean_error.argmin()
    if rule == "min":
        return alphas[best]
    return alphas[mean_error <= mean_error[best] + np.sqrt(5) * standard_error[best]].max()


# %% wrong="standard_error_of_each_alpha" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    best = mean_error.argmin()
    if rule == "min":
        return alphas[best]
    return alphas[mean_error <= mean_error[best] + standard_error].max()


# %% wrong="limit_is_left_out" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    best = mean_error.argmin()
    if rule == "min":
        return alphas[best]
    return alphas[mean_error < mean_error[best] + standard_error[best]].max()


# %% wrong="assumes_sorted_alphas" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    best = mean_error.argmin()
    if rule == "min":
        return alphas[best]
    return alphas[mean_error <= mean_error[best] + standard_error[best]][0]


# %% wrong="one_standard_error_for_both_rules" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    best = mean_error.argmin()
    return alphas[mean_error <= mean_error[best] + standard_error[best]].max()


# %% hardcoded="the example" exercise="pick_alpha"
def pick_alpha(alphas, mean_error, standard_error, rule="1se"):
    return {"min": 2.0, "1se": 4.0}[rule]


# %% wrong="selects_before_splitting" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression()).fit(X, y)
    return cross_val_score(model[-1], model[:-1].transform(X), y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="reports_training_score" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    return make_pipeline(SelectKBest(k=k), LogisticRegression()).fit(X, y).score(X, y)


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="leaky_is_honest" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return cross_val_score(model, X, y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression()).fit(X, y)
    return cross_val_score(model, X, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="leaky_without_folds" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return cross_val_score(model, X, y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    return make_pipeline(SelectKBest(k=k), LogisticRegression()).fit(X, y).score(X, y)


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="optimism_upside_down" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return cross_val_score(model, X, y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return honest_score(X, y, k, cv) - leaky_score(X, y, k, cv)


# %% right="a loop over shuffled folds" exercise="optimism"
def score_in_folds(X, y, k, cv, chosen=None):
    from sklearn.model_selection import StratifiedKFold

    scores = []
    for train, test in StratifiedKFold(cv, shuffle=True, random_state=0).split(X, y):
        selected = best_columns(X[train], y[train], k) if chosen is None else chosen
        model = LogisticRegression().fit(X[train][:, selected], y[train])
        scores.append((model.predict(X[test][:, selected]) == y[test]).mean())
    return np.mean(scores)


def best_columns(X, y, k):
    centred = X - X.mean(axis=0)
    strength = np.abs(centred.T @ (y - y.mean())) / np.sqrt((centred**2).sum(axis=0))
    return np.argsort(strength)[-k:]


def honest_score(X, y, k=20, cv=5):
    return score_in_folds(X, y, k, cv)


def leaky_score(X, y, k=20, cv=5):
    return score_in_folds(X, y, k, cv, chosen=best_columns(X, y, k))


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% right="out-of-fold predictions of a pipeline with a scaler" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    from sklearn.model_selection import cross_val_predict

    model = make_pipeline(StandardScaler(), SelectKBest(k=k), LogisticRegression())
    return float((cross_val_predict(model, X, y, cv=cv) == y).mean())


def leaky_score(X, y, k=20, cv=5):
    chosen = X[:, SelectKBest(k=k).fit(X, y).get_support()]
    return honest_score(chosen, y, k="all", cv=cv)


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k=k, cv=cv) - honest_score(X, y, k=k, cv=cv)


# %% wrong="honest_without_selection" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    return cross_val_score(LogisticRegression(), X, y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="ignores_k" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=20), LogisticRegression())
    return cross_val_score(model, X, y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=20).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="ignores_cv" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return cross_val_score(model, X, y, cv=5).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=5).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="optimism_forgets_k_and_cv" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return cross_val_score(model, X, y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y) - honest_score(X, y)


# %% wrong="returns_every_fold" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return cross_val_score(model, X, y, cv=cv)


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=cv)


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="accuracy_in_percent" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return 100 * cross_val_score(model, X, y, cv=cv).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return 100 * cross_val_score(LogisticRegression(), chosen, y, cv=cv).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% wrong="depends_on_global_random_state" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    model = make_pipeline(SelectKBest(k=k), LogisticRegression())
    return cross_val_score(model, X, y, cv=KFold(cv, shuffle=True)).mean()


def leaky_score(X, y, k=20, cv=5):
    chosen = SelectKBest(k=k).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), chosen, y, cv=KFold(cv, shuffle=True)).mean()


def optimism(X, y, k=20, cv=5):
    return leaky_score(X, y, k, cv) - honest_score(X, y, k, cv)


# %% hardcoded="the scores of a coin" exercise="optimism"
def honest_score(X, y, k=20, cv=5):
    return 0.52


def leaky_score(X, y, k=20, cv=5):
    return 0.85


def optimism(X, y, k=20, cv=5):
    return 0.33
