import csv
import io
import re
import shutil

import plain_course
import pytest
from bs4 import BeautifulSoup

from workshop_lib.errors import WorkshopError
from workshop_lib.grading import export, report, similarity
from workshop_lib.grading.coordinator import grade_unit
from workshop_lib.grading.course import open_course
from workshop_lib.grading.gradebook import open_gradebook
from workshop_lib.grading.store import Store

UNIT = plain_course.UNIT


@pytest.fixture(scope="module")
def graded(released_course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reported") / "course"
    shutil.copytree(released_course, folder)
    for student in ("perfect", "blank", "partial", "visible", "failing"):
        plain_course.hand_in(folder, student, plain_course.STUDENTS[student])
    plain_course.hand_in(folder, "=cmd()", plain_course.RIGHT)
    (folder / "submitted/blank" / UNIT / "problem2.ipynb").write_text("{")
    course = open_course(folder)
    grade_unit(course, UNIT)
    with open_gradebook(course) as session:
        yield course, session, Store(course.records_folder(UNIT)).all_done()


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_summary_says_what_is_hard_and_what_to_look_at(graded):
    _, session, records = graded
    summary = report.summarise(session, UNIT, records)
    items = {item.name: item for item in summary.items}
    assert summary.students == 6 and summary.max_points == 15 and sum(summary.bars) == 6
    assert items["squares_test"].difficulty == 2 / 6
    assert items["mean_test"].full == 3 and items["own_data"].none == 6
    # By hand: points 2 2 2 2 0 0 of greet_test, with 6 6 4 0 3 0 of all other items.
    assert items["greet_test"].discrimination == pytest.approx(0.4757, abs=1e-4)
    assert [student for student, _ in summary.attention if student == "blank"]
    assert summary.to_grade == 6


def test_the_page_stands_alone_and_is_accessible(graded):
    _, session, records = graded
    page = report.as_html(report.summarise(session, UNIT, records))
    soup = BeautifulSoup(page, "html.parser")
    assert not re.search(r"(src|href)=|@import|url\(|<script", page)
    assert soup.html["lang"] == "en" and soup.title.text == "ps1: report"
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile(r"^h\d$"))]
    assert levels.count(1) == 1 and max(levels) == 2
    for table in soup.find_all("table"):
        assert table.caption.text.strip()
        assert all(cell.get("scope") for cell in table.find_all("th"))
    picture = soup.find("svg")
    named = [soup.find(id=name).text for name in picture["aria-labelledby"].split()]
    assert picture["role"] == "img" and "6 scores" in " ".join(named)
    assert "prefers-color-scheme: dark" in page


def test_colours_of_the_page_have_contrast(graded):
    _, session, records = graded
    page = report.as_html(report.summarise(session, UNIT, records))
    for rules in re.findall(r":root \{([^}]+)\}", page):
        colour = dict(re.findall(r"--(\w+): (#\w{6})", rules))
        for text, ground in (
            ("ink", "paper"),
            ("quiet", "paper"),
            ("ink", "shade"),
            ("bar", "paper"),
        ):
            assert contrast(colour[text], colour[ground]) >= 4.5


def contrast(first, second):
    lighter, darker = sorted(map(luminance, (first, second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear))


def test_texts_of_students_are_no_html(graded):
    _, session, records = graded
    bad = [{**records[0], "problem": "<script>alert(1)</script>"}]
    page = report.as_html(report.summarise(session, UNIT, bad))
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_unit_without_submissions_has_a_page(plain):
    with open_gradebook(open_course(plain)) as session:
        page = report.as_html(report.summarise(session, UNIT, []))
    assert "Nothing is graded yet" in page


def test_misconceptions_are_counted_by_student():
    def record(student, *names):
        grade = {"label": "verified", "flags": [], "problem": None}
        grade["report"] = {"misconceptions": list(names), "exercise": "clean_age"}
        parts = {"01": {"grades": {"a": grade, "b": grade}}}
        return {"student": student, "notebooks": parts}

    records = [record("ada", "counts missing"), record("bob", "counts missing", "other")]
    assert report._misconceptions(records) == [
        ("counts missing", "clean_age", 2),
        ("other", "clean_age", 1),
    ]


def test_rows_hold_every_student_and_item(graded):
    _, session, records = graded
    rows = rows_of(report.as_rows(session, UNIT, records))
    assert len(rows) == 6 * 7
    row = next(r for r in rows if r["student_id"] == "perfect" and r["item"] == "mean_test")
    assert (row["points"], row["max_points"], row["label"]) == ("3.0", "3.0", "verified")
    flagged = next(r for r in rows if r["student_id"] == "blank" and r["item"] == "greet_test")
    assert flagged["flags"] == "unreadable"


@pytest.mark.parametrize("format_", export.FORMATS)
def test_exports_hold_every_student_once(graded, format_):
    _, session, records = graded
    text = export.export(session, UNIT, format_, records)
    column = {"csv": "student_id", "canvas": "SIS Login ID", "moodle": "username"}
    names = [row[column.get(format_, "SID")] for row in rows_of(text)]
    assert sorted(filter(None, names)) == sorted(
        ["'=cmd()", "blank", "failing", "partial", "perfect", "visible"]
    )


def test_the_columns_are_those_of_the_documentation(graded):
    _, session, records = graded
    for format_ in export.FORMATS:
        head = export.export(session, UNIT, format_, records).split("\r\n")[0].split(",")
        documented = export.__doc__.split(f"``{format_}``")[1].split("\n``")[0]
        assert all(f"``{name}``" in documented for name in head if name != UNIT), format_


def test_an_unknown_format_is_one_sentence(graded):
    _, session, records = graded
    with pytest.raises(WorkshopError, match="Formats: csv, canvas, moodle, gradescope"):
        export.export(session, UNIT, "excel", records)


LONG = """
def cheapest(offers, most):
    best, found = None, 0
    for name, price in sorted(offers.items()):
        if price < most and (best is None or price < best):
            best, found = price, name
    while found and found.startswith(" "):
        found = found[1:]
    return {"best": best, "name": found, "count": len(offers)}
"""
OTHER = """
def cheapest(offers, most):
    allowed = {n: p for n, p in offers.items() if p < most}
    if not allowed:
        return {"best": None, "name": 0, "count": len(offers)}
    name = min(allowed, key=allowed.get)
    try:
        return dict(best=allowed[name], name=name.lstrip(), count=len(offers))
    except AttributeError as problem:
        raise ValueError("names are texts") from problem
"""


def test_renamed_copies_are_found_and_others_are_not():
    renamed = re.sub(r"\bbest\b", "low", LONG).replace("price", "p").replace("    ", "\t")
    found = similarity.pairs({"a": LONG, "b": renamed, "c": OTHER, "d": "x = 1", "e": ""})
    assert [(pair.first, pair.second) for pair in found] == [("a", "b")]
    assert found[0].structure > 0.99 > found[0].wording


def test_only_what_a_student_wrote_is_compared(graded):
    course, session, _ = graded
    from workshop_lib.grading.course import package

    own = similarity.own_codes(course, UNIT, package(course, UNIT, session.gradebook), ["perfect"])
    session.gradebook.db.remove()
    assert "i**2" in own["perfect"] and "my plot" in own["perfect"]
    for given in ("SCALE = 10", "assert squares", "def squares", "import math"):
        assert given not in own["perfect"]


@pytest.mark.parametrize("code", ["def f(:\n  '''", "\x00", "if x:\npass\n  y", "(" * 500])
def test_code_that_is_no_python_is_no_exception(code):
    assert isinstance(similarity.structure(code), str)


def test_very_long_code_is_compared_in_part():
    lines = "".join(f"x{number} = {number} + y\n" for number in range(10_000))
    (pair,) = similarity.pairs(
        {"ada": lines + "a = 1\n" * 100_000, "bob": lines + "f(x)" * 100_000}
    )
    assert pair.wording == 1.0
