"""The raw extract of Northwind Credit's applications: planted faults, and a ledger of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workshop_lib.data.applications import FIRST_ID, credit
from workshop_lib.options import whole_number

AGE_SENTINELS = ("NaN", "unknown", "-1", "999")
AGES_IMPOSSIBLE = ("0", "7", "120", "150")
YES = ("Yes ", "yes", "Y", "TRUE", "1")
NO = ("no", "No", "N", "false", "0")
YES_NO_UNKNOWN = ("?", "n/a")

# Stripping blanks and lower case undo each of them.
_SPELLINGS = (str.title, str.upper, " {}".format, "{} ".format)
_LEAST_ROWS = 50
_LAST_MONTH = 11


@dataclass(frozen=True)
class Ledger:
    """What is true behind a raw extract. Both frames have the index of the extract.

    Attributes
    ----------
    clean : pandas.DataFrame
        The same rows with true values: numeric age, income_keur in EUR 1,000, complete debt_ratio,
        home_owner 0/1, purpose in one spelling.
    faults : pandas.DataFrame of bool
        One column per fault: age_sentinel, age_impossible, income_in_eur, debt_ratio_missing,
        home_owner_unknown, purpose_spelling; copy (equal to an earlier row), resubmission (a later
        version of an application), twin (another application has the same values: not a fault).
    """

    clean: pd.DataFrame
    faults: pd.DataFrame


def credit_raw(n=3000, seed=0, *, return_truth=False):
    """Generate a raw extract of loan applications with planted faults.

    Parameters
    ----------
    n : int, default=3000
        Number of applications, at least 50. The extract has 5 % more rows.
    seed : int, default=0
        Seed of the random numbers.
    return_truth : bool, default=False
        Also return the ledger of what is true.

    Returns
    -------
    extract : pandas.DataFrame
        The columns of :func:`credit`, and ``rating`` (low < medium < high), in no particular order
        of rows. ``age``, ``home_owner`` and ``purpose`` are text, as typed.
    ledger : Ledger
        Only with ``return_truth=True``.

    Raises
    ------
    ValueError
        If `n` is not a whole number of at least 50.

    Notes
    -----
    Shares of the `n` applications: age 2 % sentinels (``'NaN'``, ``'unknown'``, ``'-1'``,
    ``'999'``) and 1 % impossible (0, 7, 120, 150); income_keur 2 % typed in EUR; debt_ratio missing
    with probability 0.20 after late payments, else 0.05; home_owner in ten spellings, 1.5 %
    unknown; purpose 20 % in other spellings. Added rows: 3 % exact copies and 2 % re-submissions
    (same application_id, later month up to 11, other loan); some applications stand three times.
    0.2 % of the applications have a genuine twin: same values, other application_id.

    The rating is cut at -0.5 and 0.25 from ``ln(income / 32) - 0.5 late_payments + N(0, 0.5)``: it
    tells nothing about repayment beyond these two columns.

    Source: own simulation; see ``datasets/credit_raw.md``.

    Examples
    --------
    >>> extract, ledger = credit_raw(3000, return_truth=True)
    >>> len(extract), int(ledger.faults["copy"].sum()), int(ledger.faults["resubmission"].sum())
    (3150, 90, 60)
    """
    n = whole_number("n", n, least=_LEAST_ROWS)
    # The second number keeps these streams apart from the streams of `credit`.
    streams = np.random.default_rng([seed, 1]).spawn(9)
    clean = credit(n, seed)
    clean.insert(clean.columns.get_loc("approved_hist"), "rating", _rating(clean, streams[0]))

    # Twins stay free of the counted faults, so that a pair is equal in every typed value.
    rows = streams[1].permutation(n)
    n_twins = _count(0.002, n)
    first, second, free = np.split(rows, [n_twins, 2 * n_twins])
    clean = _copy_values(clean, first, second)
    raw = _copy_values(_plant(clean, free, streams[2:6]), first, second)

    source, month, loan = _resubmissions(clean, free, streams[6])
    raw, clean = (_append_versions(frame, source, month, loan) for frame in (raw, clean))

    untwinned = np.setdiff1d(np.arange(len(raw)), rows[: 2 * n_twins])
    copied = _some_twice(untwinned, _count(0.03, n), streams[7])
    order = streams[8].permutation(np.concatenate([np.arange(len(raw)), copied]))
    raw, clean = (frame.iloc[order].reset_index(drop=True) for frame in (raw, clean))
    if not return_truth:
        return raw
    return raw, Ledger(clean, _faults(raw, clean, FIRST_ID + rows[: 2 * n_twins]))


def _count(share, n):
    return max(1, round(share * n))


def _rating(clean, rng):
    score = np.log(clean.income_keur / 32) - 0.5 * clean.late_payments
    score += rng.normal(0, 0.5, len(clean))
    return np.select([score < -0.5, score < 0.25], ["low", "medium"], "high")


def _copy_values(frame, source, target):
    """Give the rows `target` all values of the rows `source`, except for the id."""
    rows = np.arange(len(frame))
    rows[target] = source
    return frame.iloc[rows].reset_index(drop=True).assign(application_id=frame.application_id)


def _plant(clean, free, streams):
    """Return `clean` as it was typed; faults of a fixed count go to the rows `free`."""
    n = len(clean)
    age_rng, number_rng, owner_rng, purpose_rng = streams
    n_sentinel, n_impossible = _count(0.02, n), _count(0.01, n)
    rows = age_rng.permutation(free)
    age = clean.age.astype(str).to_numpy(object)
    age[rows[:n_sentinel]] = np.resize(AGE_SENTINELS, n_sentinel)
    age[rows[n_sentinel : n_sentinel + n_impossible]] = np.resize(AGES_IMPOSSIBLE, n_impossible)

    income = clean.income_keur.to_numpy(copy=True)
    in_eur = number_rng.choice(free, _count(0.02, n), replace=False)
    income[in_eur] = (income[in_eur] * 1000).round()
    missing = number_rng.random(n) < np.where(clean.late_payments > 0, 0.20, 0.05)

    spelling = owner_rng.integers(0, len(YES), n)
    owner = np.where(clean.home_owner == 1, np.array(YES)[spelling], np.array(NO)[spelling])
    n_unknown = _count(0.015, n)
    unknown = owner_rng.choice(free, n_unknown, replace=False)
    owner[unknown] = np.resize(YES_NO_UNKNOWN, n_unknown)

    purpose = clean.purpose.to_numpy(object, copy=True)
    other = purpose_rng.permutation(free)[: _count(0.20, n)]
    for rows, spell in zip(np.array_split(other, 4), _SPELLINGS, strict=True):
        purpose[rows] = [spell(word) for word in purpose[rows]]
    return clean.assign(
        age=pd.array(age, dtype="str"),
        income_keur=income,
        debt_ratio=clean.debt_ratio.mask(missing),
        home_owner=pd.array(owner, dtype="str"),
        purpose=pd.array(purpose, dtype="str"),
    )


def _resubmissions(clean, free, rng):
    """Return source row, month and loan of each re-submission; one in seven is a second one."""
    month, loan = clean.month.to_numpy(), clean.loan_keur.to_numpy()
    n_rows = _count(0.02, len(clean))
    n_second = n_rows // 7
    early = free[month[free] <= _LAST_MONTH - 2]
    once = rng.choice(early, n_rows - n_second, replace=False)
    source = np.concatenate([once, once[:n_second]])
    first_month = rng.integers(month[once] + 1, _LAST_MONTH)
    second_month = rng.integers(first_month[:n_second] + 1, _LAST_MONTH + 1)
    factor = rng.choice([0.7, 0.8, 1.2, 1.4], n_rows)
    return source, np.concatenate([first_month, second_month]), (loan[source] * factor).round(1)


def _append_versions(frame, source, month, loan):
    later = frame.iloc[source].assign(month=month, loan_keur=loan)
    return pd.concat([frame, later], ignore_index=True)


def _some_twice(rows, size, rng):
    """Draw `size` of `rows`, one in ten of them twice."""
    once = rng.choice(rows, size - size // 10, replace=False)
    return np.concatenate([once, once[: size // 10]])


def _faults(raw, clean, twin_ids):
    copy = raw.duplicated()
    first_month = raw.groupby("application_id").month.transform("min")
    return pd.DataFrame(
        {
            "age_sentinel": raw.age.isin(AGE_SENTINELS),
            "age_impossible": raw.age.isin(AGES_IMPOSSIBLE),
            "income_in_eur": raw.income_keur != clean.income_keur,
            "debt_ratio_missing": raw.debt_ratio.isna(),
            "home_owner_unknown": raw.home_owner.isin(YES_NO_UNKNOWN),
            "purpose_spelling": raw.purpose != clean.purpose,
            "copy": copy,
            "resubmission": ~copy & (raw.month > first_month),
            "twin": raw.application_id.isin(twin_ids),
        }
    )
