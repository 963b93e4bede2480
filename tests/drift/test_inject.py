"""Faults in any table: what is hit, what is not, the truth that is returned, bad input."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_wine

from workshop_lib import data, drift


@pytest.fixture(scope="module")
def loans():
    return data.credit(6000)


def put(df, fault, seed=0, **options):
    return drift.inject(df, fault, seed, **{"start": 6, "amount": 0.4, **options})


NUMERIC = {"column": "debt_ratio"}
OPTIONS = {
    "shift": NUMERIC,
    "spread": NUMERIC,
    "units": {"column": "income_keur"},
    "missing": NUMERIC,
    "missing_mar": {**NUMERIC, "by": "age"},
    "new_category": {"column": "purpose"},
    "schema": NUMERIC,
    "text": {"column": "income_keur"},
    "flip": {"column": "repaid"},
    "delay": {"column": "employment_years", "amount": 2},
    "late_rows": {"time": "sent"},
    "duplicates": {},
}


@pytest.mark.parametrize("pattern", drift.PATTERNS)
@pytest.mark.parametrize("fault", drift.FAULTS)
def test_every_fault_and_pattern_on_a_course_table(loans, fault, pattern):
    df = (
        loans.assign(sent=np.sort(loans["month"])).drop(columns="month").set_index("application_id")
    )
    before = df.copy()
    table, truth = put(df, fault, pattern=pattern, width=2, **{"time": "sent", **OPTIONS[fault]})
    pd.testing.assert_frame_equal(df, before)
    assert set(truth) == {"kind", "onset", "columns", "pattern", "amount", "changed"}
    assert (truth["kind"], truth["onset"], truth["pattern"]) == (fault, 6, pattern)
    assert len(truth["changed"]) == len(table)
    assert table["sent"][truth["changed"]].min() == 6
    # All that is not hit is as it was, and can be traced by its label.
    rest = table[~truth["changed"]]
    pd.testing.assert_frame_equal(rest[[*df]], df.loc[rest.index], check_dtype=False)
    if fault in ("late_rows", "duplicates"):
        assert truth["columns"] == []
        assert set(table.index) == set(df.index)
    else:
        hit = truth["columns"][0]
        pd.testing.assert_frame_equal(table[[*df]].drop(columns=hit), df.drop(columns=hit))
        assert table.index.equals(df.index)
        assert (table[hit] != df[hit])[truth["changed"]].mean() > 0.95
    again, _ = put(df, fault, pattern=pattern, width=2, **{"time": "sent", **OPTIONS[fault]})
    pd.testing.assert_frame_equal(table, again)


def test_shift_is_in_standard_deviations_of_the_time_before(loans):
    table, _ = put(loans, "shift", column="debt_ratio", amount=-0.5)
    before, after = loans["month"] < 6, loans["month"] >= 6
    moved = (table["debt_ratio"] - loans["debt_ratio"])[after]
    np.testing.assert_allclose(moved, -0.5 * loans["debt_ratio"][before].std())


def test_spread_keeps_the_mean(loans):
    table, _ = put(loans, "spread", column="debt_ratio", amount=1)
    after = loans["month"] >= 6
    ratio = table["debt_ratio"][after].std() / loans["debt_ratio"][after].std()
    assert ratio == pytest.approx(2)
    assert table["debt_ratio"][after].mean() == pytest.approx(loans["debt_ratio"].mean(), abs=0.02)


def test_whole_numbers_stay_whole_and_the_type_is_kept(loans):
    for fault in ("shift", "spread"):
        table, _ = put(loans, fault, column="age", amount=0.7)
        assert table["age"].dtype == loans["age"].dtype


def test_units_missing_and_flip_hit_the_share(loans):
    after = loans["month"] >= 6
    table, truth = put(loans, "units", column="income_keur", amount=0.25)
    assert truth["changed"][after].mean() == pytest.approx(0.25, abs=0.03)
    ratio = (table["income_keur"] / loans["income_keur"])[truth["changed"]]
    np.testing.assert_allclose(ratio, 1000)
    table, truth = put(loans, "missing", column="age", amount=1)
    assert table["age"].isna().equals(after)
    table, truth = put(loans, "flip", column="repaid", amount=0.3)
    assert (table["repaid"] != loans["repaid"]).equals(pd.Series(truth["changed"]))


@pytest.mark.parametrize("amount", [0.2, 0.5, 0.8, 1.0])
def test_missing_at_random_depends_on_the_other_column(loans, amount):
    after = loans["month"] >= 6
    _, truth = put(loans, "missing_mar", column="debt_ratio", by="age", amount=amount)
    hit = truth["changed"][after]
    assert hit.mean() == pytest.approx(amount, abs=0.03)
    old = (loans["age"] > loans["age"].median())[after].to_numpy()
    if amount < 1:
        assert hit[old].mean() > hit[~old].mean() + 0.1
    _, truth = put(loans, "missing", column="debt_ratio", amount=amount)
    hit = truth["changed"][after]
    assert abs(hit[old].mean() - hit[~old].mean()) < 0.06


def test_text_and_schema_can_be_undone(loans):
    table, _ = put(loans, "text", column="income_keur")
    assert table["income_keur"].map(type).nunique() == 2
    undone = table["income_keur"].map(lambda each: float(str(each).replace(",", ".")))
    np.testing.assert_array_equal(undone, loans["income_keur"])
    table, truth = put(loans, "schema", column="purpose")
    assert truth["columns"] == ["purpose", "purpose_v2"]
    assert table["purpose"].fillna(table["purpose_v2"]).equals(loans["purpose"])


@pytest.mark.parametrize("dtype", ["str", object, "category"])
def test_new_category_in_any_type_of_text(loans, dtype):
    df = loans.assign(purpose=loans["purpose"].astype(dtype))
    table, truth = put(df, "new_category", column="purpose", amount=0.1)
    assert (table["purpose"] == "new").to_numpy().tolist() == truth["changed"].tolist()
    assert table["purpose"].dtype == df["purpose"].dtype or dtype == "category"


def test_where_limits_the_fault(loans):
    in_east = loans["area"] == "east"
    first, truth = put(loans, "missing", column="debt_ratio", where=in_east)
    second, _ = put(loans, "missing", column="debt_ratio", where=lambda df: df["area"] == "east")
    pd.testing.assert_frame_equal(first, second)
    assert truth["changed"].any()
    assert not truth["changed"][~in_east].any()


def test_selective_and_delayed_labels_are_made_of_faults(loans):
    selective, truth = put(
        loans, "missing", column="repaid", start=0, amount=1, where=loans["approved_hist"] == 0
    )
    assert selective["repaid"].notna().equals(loans["approved_hist"] == 1)
    at = pd.Timestamp("2026-01-13", tz="UTC") + pd.to_timedelta(np.arange(100), unit="h")
    log = pd.DataFrame({"at": at, "label_at": at})
    late, truth = drift.inject(
        log, "delay", column="label_at", start="2026-01-15T00:00Z", amount=30, time="at"
    )
    delay = (late["label_at"] - late["at"]).dt.total_seconds() / 86400
    assert (delay == np.where(np.arange(100) >= 48, 30, 0)).all()
    assert truth["changed"].sum() == 52


def test_timestamps_with_ramps_in_days():
    at = pd.date_range("2026-01-01", periods=2000, freq="h", tz="Europe/Berlin")
    df = pd.DataFrame({"at": at, "amount_eur": np.random.default_rng(0).normal(size=2000)})
    start = pd.Timestamp("2026-02-01", tz="Europe/Berlin")
    _, truth = drift.inject(
        df, "missing", column="amount_eur", start=start, amount=1, pattern="gradual", width=20
    )
    assert truth["onset"] == start
    day = ((at - start) / pd.Timedelta(days=1)).to_numpy()
    changed = truth["changed"]
    assert not changed[day < 0].any()
    assert changed[(day > 0) & (day < 10)].mean() == pytest.approx(0.25, abs=0.1)
    assert changed[day >= 20].all()


def test_late_rows_move_down_and_keep_their_time():
    df = pd.DataFrame({"t_s": np.arange(1000.0), "x": np.arange(1000)})
    table, truth = drift.inject(df, "late_rows", start=300, amount=0.2, width=50)
    late = table["t_s"].cummax() > table["t_s"]
    assert late.to_numpy().tolist() == truth["changed"].tolist()
    assert (table["t_s"].cummax() - table["t_s"]).max() <= 50
    assert table["t_s"][late].min() >= 300
    assert late.sum() == pytest.approx(130, abs=35)
    pd.testing.assert_frame_equal(table.sort_index(), df)


def test_duplicates_follow_their_originals():
    df = pd.DataFrame({"day": np.repeat(range(10), 100), "x": np.arange(1000)})
    table, truth = drift.inject(df, "duplicates", start=5, amount=0.3)
    assert table.duplicated().to_numpy().tolist() == truth["changed"].tolist()
    assert table["x"].is_monotonic_increasing


def test_a_table_of_the_learner_and_a_mixture():
    wine = load_wine(as_frame=True).frame.assign(day=np.arange(178) // 6)
    first, one = drift.inject(wine, "shift", column="alcohol", start=10, amount=2)
    both, two = drift.inject(first, "missing", 1, column="hue", start=20, amount=0.5)
    assert (both["alcohol"] != wine["alcohol"]).equals(wine["day"] >= 10)
    assert both["hue"].isna().to_numpy().tolist() == two["changed"].tolist()
    table = drift.score_detector(lambda rows: 12, [(both, [one, two])])
    assert table.loc[0, ["kind", "onset", "delay"]].tolist() == ["shift+missing", 10, 2]


def test_a_change_from_the_first_row_on_has_all_rows_as_scale(loans):
    table, _ = put(loans, "shift", column="debt_ratio", start=-5, amount=1)
    moved = table["debt_ratio"] - loans["debt_ratio"]
    np.testing.assert_allclose(moved, loans["debt_ratio"].std())


MIXED = pd.DataFrame(
    {
        "at": [pd.Timestamp("2026-01-01", tz="UTC"), pd.Timestamp("2026-01-02", tz="Asia/Tokyo")],
        "x": [1.0, 2.0],
    }
)


@pytest.mark.parametrize(
    ("df", "options", "words"),
    [
        (None, {"df": [1, 2]}, "Got list; expected a DataFrame"),
        (None, {"fault": "noise"}, "fault is 'noise'; choose one of"),
        (None, {"pattern": "slow"}, "pattern is 'slow'"),
        (None, {"column": "salary"}, "no column 'salary'; choose one of"),
        (None, {"column": None}, "no column None"),
        (None, {"time": "week"}, "no time column 'week'"),
        (None, {"amount": 1.2}, "share of rows, from 0 to 1"),
        (None, {"amount": np.nan}, "amount is nan"),
        (None, {"start": 99}, "start is 99, and no row is that late"),
        (None, {"start": "2026-01-01"}, "expected a number, as in the column 'month'"),
        (None, {"start": np.nan}, "start is nan"),
        (None, {"start": True}, "start is True"),
        (None, {"where": [True]}, r"where has shape \(1,\)"),
        (None, {"where": lambda df: df["age"]}, "expected one bool"),
        (None, {"width": -1}, "width is -1"),
        (None, {"by": "age"}, "other faults take none"),
        (None, {"fault": "missing_mar"}, "needs by="),
        (None, {"fault": "missing_mar", "by": "salary"}, "no column 'salary' for by="),
        (None, {"fault": "missing_mar", "by": "area"}, "'by' needs numbers"),
        (None, {"fault": "shift", "column": "purpose"}, "'shift' needs numbers"),
        (None, {"fault": "units", "column": "purpose"}, "'units' needs numbers"),
        (None, {"fault": "flip", "column": "age"}, "more than 0 and 1"),
        (None, {"fault": "delay", "column": "area"}, "'delay' needs numbers"),
        (None, {"fault": "new_category", "column": "age"}, "needs text"),
        (None, {"fault": "late_rows"}, "leave out column="),
        (pd.DataFrame({"day": [], "x": []}), {"column": "x"}, "no row"),
        (pd.DataFrame({"x": [1.0]}), {"column": "x"}, "No time column found"),
        (pd.DataFrame({"day": [1], "at": [1], "x": [1.0]}), {"column": "x"}, "Several columns"),
        (pd.DataFrame({"day": [1, None], "x": [1.0, 2]}), {"column": "x"}, "1 missing values"),
        (pd.DataFrame({"day": [1, np.inf], "x": [1.0, 2]}), {"column": "x"}, "infinite"),
        (pd.DataFrame({"day": ["mon"], "x": [1.0]}), {"column": "x"}, "holds 'mon'"),
        (pd.DataFrame([[1, 2, 3]], columns=["day", "x", "x"]), {"column": "x"}, "stands twice"),
        (
            pd.DataFrame({"day": [5, 7], "x": [3.0, 3.0]}),
            {"column": "x", "fault": "shift"},
            "constant or all missing",
        ),
        (
            pd.DataFrame({"day": [5, 7], "x": [np.nan, np.nan]}),
            {"column": "x", "fault": "spread"},
            "constant or all missing",
        ),
        (
            pd.DataFrame({"day": [5, 7], "x": [1, 2], "x_v2": [1, 2]}),
            {"column": "x", "fault": "schema"},
            "'x_v2' already",
        ),
        (
            pd.DataFrame({"day": [5, 7], "x": ["new", "b"]}),
            {"column": "x", "fault": "new_category"},
            "'new' already",
        ),
        (MIXED, {"column": "x", "start": "2026-01-01"}, "mixes time zones"),
        (
            MIXED.assign(at=pd.to_datetime(MIXED["at"], utc=True)),
            {"column": "x", "start": "2026-01-01"},
            "give both a time zone",
        ),
        (
            MIXED.assign(at=pd.to_datetime(MIXED["at"], utc=True)),
            {"column": "x", "start": 3},
            "expected a timestamp",
        ),
        (
            MIXED.assign(at=pd.to_datetime(MIXED["at"], utc=True)),
            {"column": "x", "start": "soon"},
            "expected a timestamp",
        ),
    ],
)
def test_bad_input_is_named(loans, df, options, words):
    arguments = {"df": loans if df is None else df, "fault": "missing", "column": "debt_ratio"}
    arguments |= {"start": 6, "amount": 0.4, **options}
    with pytest.raises(ValueError, match=words):
        drift.inject(arguments.pop("df"), arguments.pop("fault"), **arguments)


def test_all_missing_column_can_still_lose_its_name():
    df = pd.DataFrame({"day": range(10), "x": np.nan})
    table, truth = drift.inject(df, "schema", column="x", start=5, amount=1)
    assert table["x_v2"].isna().all()
    assert truth["changed"].sum() == 5
