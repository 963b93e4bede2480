import base64
import json
import re
import shutil

import nbformat
import plain_course
import pytest
from bs4 import BeautifulSoup

from workshop_lib.grading import feedback
from workshop_lib.grading.coordinator import grade_unit
from workshop_lib.grading.course import open_course
from workshop_lib.grading.feedback import SafeFeedback, clean_html, clean_markdown, clean_svg

UNIT = plain_course.UNIT
STEPS = """
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "workshop_lib.grading.feedback.SafeFeedback",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
"""
ACTIVE = """
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML('<img src=x onerror=alert(7001)><script>alert(7002)</script><b>fat</b>'))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(7003)"><circle r="3"/></svg>'))
display(Javascript('alert(7004)'))
display(Markdown('[go](javascript:alert(7005)) <iframe src="https://example.org"></iframe>'))
display(HTML('<iframe srcdoc="<script>alert(7006)</script>"></iframe>'))
"""


@pytest.fixture(scope="module")
def pages(released_course, tmp_path_factory):
    """Feedback pages of a student with failing answers, active outputs and active words."""
    folder = tmp_path_factory.mktemp("pages") / "course"
    shutil.copytree(released_course, folder)
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + STEPS)
    answers = {
        **plain_course.ONLY_VISIBLE,
        "greet": "def greet(name):\n    return 'no'",
        "plot": ACTIVE,
        "words": "Yes <script>alert(7007)</script> [x](javascript:alert(7008)) and `a < b`.",
    }
    plain_course.hand_in(folder, "ada", answers)
    grade_unit(open_course(folder), UNIT)
    plain_course.nbgrader(folder, "generate_feedback", UNIT)
    found = (folder / "feedback" / "ada" / UNIT).glob("*.html")
    return folder, {path.stem: path.read_text() for path in found}


def test_pages_hold_no_hidden_tests_and_no_traces_of_them(pages):
    _, shown = pages
    text = re.sub(r"<[^>]+>", "", shown["problem1"] + shown["problem2"])
    for hidden in ("squares(0)", "HIDDEN TESTS", 'greet("")', "greet(&quot;&quot;)"):
        assert hidden not in text
    assert text.count("# Hidden tests ran here.") == 2
    assert "AssertionError: a hidden test failed" in text
    # A visible test that fails is shown.
    assert "greet(&quot;Ada&quot;)" in text or 'greet("Ada")' in text


READS_THE_TEST = """
import base64, linecache, sys

class Reader:
    def __str__(self):
        frame, found = sys._getframe(), set()
        while frame is not None:
            lines = linecache.getlines(frame.f_code.co_filename)
            ends = {line.rpartition("== ")[2].strip('"\\n') for line in lines}
            found |= {*frame.f_code.co_consts, *ends} & {"Hello, "}
            frame = frame.f_back
        words = base64.b64encode("".join(found).encode()).decode()
        print(words)
        raise type(words.rstrip("="), (Exception,), {})(words)

def greet(name):
    return Reader()
"""


def test_an_answer_that_reads_hidden_tests_cannot_put_them_on_the_page(released_course, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(released_course, folder)
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + STEPS)
    answers = {**plain_course.RIGHT, "greet": READS_THE_TEST}
    plain_course.hand_in(folder, "ada", answers)
    grade_unit(open_course(folder), UNIT)
    read = base64.b64encode(b"Hello, ").decode()
    assert read in (folder / "autograded" / "ada" / UNIT / "problem2.ipynb").read_text()
    plain_course.nbgrader(folder, "generate_feedback", UNIT)
    page = (folder / "feedback" / "ada" / UNIT / "problem2.html").read_text()
    assert read not in page
    assert "Error: a test failed. These tests had to run beside your code" in page


def test_the_autograded_notebook_keeps_hidden_tests(pages):
    folder, _ = pages
    path = folder / "autograded" / "ada" / UNIT / "problem1.ipynb"
    assert "squares(0)" in path.read_text()


def test_pages_hold_nothing_active_of_the_student(pages):
    _, shown = pages
    page = shown["problem1"]
    for element in BeautifulSoup(page, "html.parser").find_all(True):
        values = [str(value) for value in element.attrs.values()]
        assert not any(name.startswith("on") for name in element.attrs), element
        assert not any("javascript:" in value.lower() for value in values), element
        assert element.name != "script" or "alert(" not in element.text, element
    assert "<iframe" not in page
    assert "<b>fat</b>" in page and "a &lt; b" in page


def test_an_error_of_a_visible_test_keeps_its_message():
    cell = nbformat.v4.new_code_cell(
        "assert f(1) == 1, 'one'\n### BEGIN HIDDEN TESTS\nassert f(2) == 2\n### END HIDDEN TESTS",
        outputs=[
            nbformat.v4.new_output(
                "error",
                ename="AssertionError",
                evalue="one",
                traceback=[
                    "----> 1 assert f(1) == 1, 'one'\n      2 ### BEGIN\n      3 assert f(2) == 2",
                    "AssertionError: one",
                ],
            )
        ],
    )
    cleaned, _ = SafeFeedback().preprocess_cell(cell, {}, 0)
    assert "one" in cleaned.outputs[0].traceback[0]
    assert "f(2)" not in json.dumps(cleaned)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="JaVaScRiPt:alert(1)">x</a>',
        '<a href=" javascript:alert(1)">x</a>',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
        '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
        '<img src="http://example.org/x.png" onerror="alert(1)">',
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>",
        '<div style="background:url(javascript:alert(1))">x</div>',
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        '<form action="https://example.org"><input name="password"></form>',
        '<object data="x"></object><embed src="x"><base href="https://example.org">',
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
    ],
)
def test_html_that_runs_is_made_harmless(text):
    cleaned = clean_html(text)
    assert not re.search(
        r"<(script|svg|iframe|object|embed|base|meta|form|input|style)|on\w+=|href=|url\(", cleaned
    )


def test_tables_cards_and_pictures_stay():
    from workshop_lib.checks.report import ItemResult, Report

    card = Report("f", 2, (ItemResult("one", 1, "not yet", "try `again`"),), hints=("a",)).to_html()
    cleaned = clean_html(card)
    for part in ("<details", "<summary>", 'role="group"', "background:", "<code>again</code>"):
        assert part in cleaned
    picture = '<img alt="a line" src="data:image/png;base64,aGk=">'
    assert clean_html(picture) == picture
    table = '<table class="dataframe"><tbody><tr><th scope="row">x</th></tr></tbody></table>'
    assert clean_html(table) == table


def test_drawings_keep_their_shapes():
    text = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b">'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><a href="javascript:x()">'
        '<use href="#p"/></a><foreignObject><p/></foreignObject></svg>'
    )
    cleaned = clean_svg(text)
    assert "viewBox" in cleaned and '<use href="#p"' in cleaned
    assert "javascript" not in cleaned and "foreign" not in cleaned
    assert (
        clean_svg("<svg") == "" and clean_svg("<!DOCTYPE x [<!ENTITY a 'b'>]><svg>&a;</svg>") == ""
    )


@pytest.mark.parametrize(
    "inside",
    [
        '<meta http-equiv="refresh" content="0;url=https://example.org"/>',
        '<p/><object data="data:text/html,x"/><embed src="https://example.org"/>',
        '<p/><form action="https://example.org"><input/></form>',
        "<style>body { display: none }</style>",
        "<style>@import url(https://example.org)</style>",
        '<rect style="position: fixed; fill: url(https://example.org/#a)"/>',
        '<rect fill="url(https://example.org/#a)"/>',
        '<use href="data:image/svg+xml;base64,aGk=#a"/><image href="https://example.org/a.png"/>',
        f"{'<g>' * 5000}{'</g>' * 5000}",
    ],
)
def test_a_drawing_draws_only(inside):
    cleaned = clean_svg(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>')
    active = r"<(meta|p|object|embed|form|input|style)|example\.org|position|data:"
    assert not re.search(active, cleaned)
    assert clean_svg(f"<html>{inside}</html>") == ""


def test_drawings_of_matplotlib_look_as_before():
    text = (
        "<svg><defs><style>*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>"
        '<path clip-path="url(#a)" style="fill: none; stroke: #1f77b4; stroke-linecap: square" />'
        "<text style=\"font: 10px 'DejaVu Sans', sans-serif; text-anchor: middle\">2</text></svg>"
    )
    assert clean_svg(text) == text


PICTURES = {n: {"image/png": f"attachment:{chr(ord(n) + 1)}" * 500} for n in "abcdefg"}


@pytest.mark.parametrize(
    "text",
    [
        "![x](attachment:a)" * 500,
        "![x](attachment:missing.png)",
        "![x](<attachment:missing one.png>)",
        "x" * 3_000_000,
        "*_" * 2_000_000,
        ">" * 20_000,
    ],
)
def test_texts_without_end_are_bounded(text):
    pictures = {**PICTURES, "a": {"image/png": "aGk=" * 1000}}
    assert len(clean_markdown(text, pictures)) < 3_000_000


@pytest.mark.parametrize("text", ["<div>" * 100_000, "<" * 1_000_000, "<b>x</b>" * 500_000])
def test_pages_without_end_are_left_out(text):
    assert "left out" in clean_html(text)


def test_a_page_of_feedback_has_an_end(monkeypatch):
    monkeypatch.setattr(feedback, "_MOST_SIGNS_OF_A_PAGE", 10)
    cells = [nbformat.v4.new_code_cell("1") for _ in range(8)]
    for cell in cells:
        bold = {"text/html": "<b>x</b>", "text/plain": "x"}
        cell.outputs = [nbformat.v4.new_output("display_data", data=bold)]
    shown, _ = SafeFeedback().preprocess(nbformat.v4.new_notebook(cells=cells), {})
    kept = ["text/html" in cell.outputs[0].data for cell in shown.cells]
    assert kept == [True] * 5 + [False] * 3


def test_markdown_stays_readable_when_it_is_rendered_again():
    from nbconvert.filters import markdown2html

    text = "# Why\n\n> a < b\n\n```\nx = 1\n\ny = 2\n```\n\n$x^2$ ![p](attachment:p.png)"
    once = clean_markdown(text, {"p.png": {"image/png": "aGk="}})
    again = markdown2html(once)
    assert "\n" not in once
    for part in ("<blockquote>", "a &lt; b", "y = 2", "$x^2$", "data:image/png;base64,aGk="):
        assert part in again


def test_tex_cannot_make_links():
    cleaned = clean_markdown(r"$\href{javascript:alert(1)}{x}$", {})
    assert r"\\href" in cleaned
    output = nbformat.v4.new_output(
        "display_data", data={"text/latex": r"$\href{javascript:1}{x}$"}
    )
    assert r"\\href" in feedback.clean_output(output).data["text/latex"]
    output.data["text/latex"] = r"$\mmlToken{mi}[href='javascript:x']{a}$"
    assert r"\\mmlToken" in feedback.clean_output(output).data["text/latex"]
