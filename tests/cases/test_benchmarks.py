"""Benchmarks: what the requirements of the case lead to, computed by brute force."""

from workshop_lib import cases

EXPECTED = ["SVM", "mean pictures", "CNN (PyTorch)", "RNN", None]


def best(case, wanted):
    table = case.benchmarks
    rows = table[table["task"] == wanted["task"]].to_dict("records")
    fit = [
        row
        for row in rows
        if row["accuracy"] >= wanted["min_accuracy"]
        and row["latency_ms"] <= wanted["max_latency_ms"]
        and row["size_kb"] <= wanted["max_size_kb"]
        and set(wanted["needs"]) <= set(case.capabilities[row["framework"]])
    ]
    fit.sort(key=lambda row: (-round(row["accuracy"], 2), row["size_kb"]))
    return fit[0]["candidate"] if fit else None


def test_each_requirement_has_another_answer():
    case = cases.load("benchmarks")
    assert [best(case, wanted) for wanted in case.requirements] == EXPECTED


def test_the_most_accurate_reader_of_digits_is_rarely_the_answer():
    case = cases.load("benchmarks")
    table = case.benchmarks.query("task == 'digits'")
    assert table.loc[table["accuracy"].idxmax(), "candidate"] == "SVM"


def test_table_is_complete():
    table = cases.load("benchmarks").benchmarks
    assert table["candidate"].is_unique
    assert table.notna().all().all()
    assert set(table["framework"]) == set(cases.load("benchmarks").capabilities)
