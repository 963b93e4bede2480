"""Loan applications of Northwind Credit, with a known repayment formula."""

import numpy as np
import pandas as pd

from workshop_lib.options import between, one_of, whole_number

VIEWS = ("application",)
OUTCOMES = ("repaid", "default")
DRIFTS = (None, "bureau", "purpose", "faulty_batch")
PURPOSES = ("car", "debt", "home", "other")
FIRST_ID = 100_001

_INTERCEPT = 1.55
_PURPOSE_SHARES = (0.35, 0.25, 0.20, 0.20)
# One stream of random numbers for each column: an option that changes one column leaves the others.
_STREAMS = (
    *("month", "group", "age", "income", "loan", "debt_ratio", "late", "more_late"),
    *("employment", "owner", "purpose", "area", "officer", "outcome", "batch"),
)


def credit(
    n=4000,
    seed=0,
    *,
    view="application",
    outcome="repaid",
    base_rate=None,
    months=12,
    share_b=0.3,
    gap=0.0,
    proxy=0.85,
    officer_bias=0.0,
    drift=None,
    drift_month=None,
):
    """Generate clean loan applications whose chance of repayment follows a known formula.

    The log-odds of repayment are ``1.55 + 1.1 ln(income_keur / 32) - 0.55 ln(loan_keur / 9)
    - 3 (debt_ratio - 0.33) - 0.75 late_payments + 0.05 employment_years + 0.35 home_owner
    - 0.3 [purpose = debt]``. Group, area, age and month do not enter.

    Parameters
    ----------
    n : int, default=4000
        Number of applications, at least 1.
    seed : int, default=0
        Seed of the random numbers.
    view : {"application"}, default="application"
        Which columns the lender sees.
    outcome : {"repaid", "default"}, default="repaid"
        Name of the one outcome column; ``default`` is ``1 - repaid``.
    base_rate : float, optional
        Expected share of applications that are not repaid, strictly between 0 and 1. The constant
        of the formula is solved for it. Without it the constant is 1.55 (about 22 % not repaid).
    months : int, default=12
        Months covered; month 0 is January 2024.
    share_b : float, default=0.3
        Expected share of group B, 0 to 1.
    gap : float, default=0
        Disadvantage of group B: income times ``exp(-0.35 gap)``, debt_ratio plus ``0.05 gap``, late
        payments plus ``0.35 gap`` on average. At least 0.
    proxy : float, default=0.85
        How well the area of the branch tells the group, 0 (not at all) to 1 (fully). Group B is in
        the east with probability ``proxy + (1 - proxy) / 2``, group A with ``(1 - proxy) / 2``.
    officer_bias : float, default=0
        What the officers took off the log-odds of group B before they approved.
        ``approved_hist`` is 1 where log-odds + N(0, 0.6) - officer_bias [group B] > 0.9.
    drift : {None, "bureau", "purpose", "faulty_batch"}, default=None
        A change from `drift_month` on. ``"bureau"``: the recorded debt_ratio is 0.2 higher in the
        east, repayment is unchanged. ``"purpose"``: 1.5 less log-odds for purpose debt.
        ``"faulty_batch"``: half of the loans with purpose debt and less than 2 years of employment
        fail.
    drift_month : int, optional
        First month of the change, 0 to `months` - 1. Needed with `drift`, and only then.

    Returns
    -------
    pandas.DataFrame of shape (n, 14)
        application_id, month (0 to months - 1), age (years, 18 to 79), income_keur (EUR 1,000 a
        year, 1 to 500), loan_keur (EUR 1,000), debt_ratio (0 to 0.95), late_payments (count),
        employment_years, group (A, B), home_owner (0, 1), purpose (car, debt, home, other), area
        (east, west), approved_hist (0, 1) and the outcome (0, 1).

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: own simulation; see ``datasets/credit.md``.

    Examples
    --------
    >>> applications = credit(4000)
    >>> applications.shape
    (4000, 14)
    >>> round(float(applications.repaid.mean()), 2)
    0.78
    """
    n = whole_number("n", n, least=1)
    one_of("view", view, VIEWS)
    one_of("outcome", outcome, OUTCOMES)
    one_of("drift", drift, DRIFTS)
    between("months", months, 1, np.inf)
    between("share_b", share_b, 0, 1)
    between("proxy", proxy, 0, 1)
    between("gap", gap, 0, np.inf)
    if base_rate is not None and not 0 < base_rate < 1:
        raise ValueError(f"base_rate is {base_rate!r}; expected a share between 0 and 1.")
    if (drift is None) != (drift_month is None):
        raise ValueError(
            f"drift is {drift!r} and drift_month is {drift_month!r}; give both or neither."
        )
    if drift is not None:
        between("drift_month", drift_month, 0, months - 1)

    streams = _streams(seed)
    frame = _features(n, streams, months, share_b, gap, proxy)
    drifted = np.zeros(n, bool) if drift is None else frame.month.to_numpy() >= drift_month
    log_odds = _INTERCEPT + _effects(frame)
    if drift == "purpose":
        log_odds -= 1.5 * (drifted & (frame.purpose == "debt"))
    if base_rate is not None:
        log_odds += _shift_to(1 - base_rate, log_odds)

    in_b = (frame.group == "B").to_numpy()
    officer = log_odds + streams["officer"].normal(0, 0.6, n) - officer_bias * in_b
    repaid = streams["outcome"].random(n) < _sigmoid(log_odds)
    if drift == "faulty_batch":
        batch = drifted & (frame.purpose == "debt") & (frame.employment_years < 2)
        repaid &= ~(batch.to_numpy() & (streams["batch"].random(n) < 0.5))
    if drift == "bureau":
        moved = drifted & (frame.area == "east").to_numpy()
        frame["debt_ratio"] = (frame.debt_ratio + 0.2 * moved).clip(upper=0.95).round(3)

    frame["approved_hist"] = (officer > 0.9).astype(np.int64)
    frame[outcome] = (repaid if outcome == "repaid" else ~repaid).astype(np.int64)
    return frame


def _streams(seed):
    generators = np.random.default_rng(seed).spawn(len(_STREAMS))
    return dict(zip(_STREAMS, generators, strict=True))


def _features(n, streams, months, share_b, gap, proxy):
    in_b = streams["group"].random(n) < share_b
    age = 18 + np.floor(62 * streams["age"].beta(2.0, 3.2, n)).astype(np.int64)
    # The tails are cut at 3.5 standard deviations, so that every true income lies in 1 to 500 and
    # no true income looks like a wrong unit.
    income_score = streams["income"].normal(size=n).clip(-3.5, 3.5)
    income = 32 * np.exp(0.42 * income_score - 0.35 * gap * in_b)
    loan = 9 * np.exp(0.5 * streams["loan"].normal(size=n))
    debt_ratio = streams["debt_ratio"].beta(4.5, 9.2, n) + 0.05 * gap * in_b
    late = streams["late"].poisson(0.5, n) + in_b * streams["more_late"].poisson(0.35 * gap, n)
    employment = (age - 18) * streams["employment"].beta(1.1, 4.0, n)
    owner = streams["owner"].random(n) < _sigmoid(-0.6 + 0.06 * (age - 40))
    share_east = np.where(in_b, proxy + (1 - proxy) / 2, (1 - proxy) / 2)
    east = streams["area"].random(n) < share_east
    return pd.DataFrame(
        {
            "application_id": np.arange(FIRST_ID, FIRST_ID + n),
            "month": streams["month"].integers(0, months, n),
            "age": age,
            "income_keur": income.clip(1, 500).round(1),
            "loan_keur": loan.clip(1, 500).round(1),
            "debt_ratio": debt_ratio.clip(0, 0.95).round(3),
            "late_payments": late,
            "employment_years": employment.round(1),
            "group": np.where(in_b, "B", "A"),
            "home_owner": owner.astype(np.int64),
            "purpose": streams["purpose"].choice(PURPOSES, n, p=_PURPOSE_SHARES),
            "area": np.where(east, "east", "west"),
        }
    )


def _effects(frame):
    """Log-odds of repayment without the constant, from the columns as they are recorded."""
    return (
        1.1 * np.log(frame.income_keur / 32)
        - 0.55 * np.log(frame.loan_keur / 9)
        - 3 * (frame.debt_ratio - 0.33)
        - 0.75 * frame.late_payments
        + 0.05 * frame.employment_years
        + 0.35 * frame.home_owner
        - 0.3 * (frame.purpose == "debt")
    ).to_numpy()


def _shift_to(share, log_odds):
    """Constant to add to `log_odds` so that the mean probability is `share`."""
    from scipy.optimize import brentq

    return brentq(lambda shift: _sigmoid(log_odds + shift).mean() - share, -50, 50)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))
