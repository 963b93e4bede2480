# Answers that the checks of 01_start_here must refuse (wrong) or accept (right).

# %% wrong="counts_undecided_as_refused" exercise="approval_rate"
def approval_rate(decisions):
    return (decisions == "approved").mean()


# %% wrong="percent_instead_of_share" exercise="approval_rate"
def approval_rate(decisions):
    return 100 * (decisions.dropna() == "approved").mean()


# %% wrong="rate_of_refusals" exercise="approval_rate"
def approval_rate(decisions):
    return (decisions.dropna() == "refused").mean()


# %% wrong="returns_nothing" exercise="approval_rate"
def approval_rate(decisions):
    rate = (decisions.dropna() == "approved").mean()


# %% wrong="raises_an_error" exercise="approval_rate"
def approval_rate(decisions):
    return decisions["approved"] / len(decisions)


# %% wrong="too_slow" exercise="approval_rate"
def approval_rate(decisions):
    while True:
        try:
            decisions.count()
        except:
            pass


# %% wrong="rounds_the_result" exercise="approval_rate"
def approval_rate(decisions):
    return round(float((decisions.dropna() == "approved").mean()), 3)


# %% right="value_counts" exercise="approval_rate"
def approval_rate(decisions):
    return decisions.value_counts(normalize=True).get("approved", 0.0)


# %% right="a loop" exercise="approval_rate"
def approval_rate(decisions):
    approved = decided = 0
    for decision in decisions:
        if isinstance(decision, str):
            decided += 1
            approved += decision == "approved"
    return approved / decided


# %% hardcoded="two thirds" exercise="approval_rate"
def approval_rate(decisions):
    return 2 / 3


# %% wrong="changes_its_input" exercise="add_debt_share"
def add_debt_share(applications):
    applications["debt_share"] = applications["loan_keur"] / applications["income_keur"]
    return applications


# %% wrong="income_divided_by_loan" exercise="add_debt_share"
def add_debt_share(applications):
    return applications.assign(debt_share=applications["income_keur"] / applications["loan_keur"])


# %% right="copy and assign" exercise="add_debt_share"
def add_debt_share(applications):
    table = applications.copy()
    table["debt_share"] = table.loan_keur / table.income_keur
    return table


# %% right="eval" exercise="add_debt_share"
def add_debt_share(applications):
    return applications.eval("debt_share = loan_keur / income_keur")


# %% hardcoded="the visible table" exercise="add_debt_share"
def add_debt_share(applications):
    return pd.DataFrame(
        {"loan_keur": [9.0, 20.0], "income_keur": [36.0, 40.0], "debt_share": [0.25, 0.5]},
        index=[7, 3],
    )
