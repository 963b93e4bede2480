"""The report: a number for nbgrader, a card for people, data for analytics."""

import json
import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from workshop_lib.checks.report import (
    _LOOKS,
    NOT_ATTEMPTED,
    NOT_YET,
    PASSED,
    REPORT_MIMETYPE,
    ItemResult,
    Report,
)
from workshop_lib.execution import environment

SCRIPT = "<script>alert(1)</script><img src=x onerror='alert(1)'>\"'&`<b>`"


class Elements(HTMLParser):
    """Collects the elements of a page, and complains about elements that do not close."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.attributes = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if self.open and tag == "details":
            self.depth = max(getattr(self, "depth", 0), self.open.count("details") + 1)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def report_with(text, state=NOT_YET):
    item = ItemResult(text, 1, state, text, text, text)
    return Report(text, 2, (item,), (text, "second", "third"), (text,))


def test_html_escapes_everything():
    page = report_with(SCRIPT).to_html()
    elements = Elements(page)
    assert not {"script", "img", "b"} & set(elements.tags)
    assert not any(name.startswith("on") for name, _ in elements.attributes)
    assert page.count("&lt;script&gt;") >= 6


@pytest.mark.parametrize("state", [PASSED, NOT_YET, NOT_ATTEMPTED])
def test_states_are_words(state):
    page = report_with("x", state).to_html()
    assert state.capitalize() in page
    assert re.search(rf'aria-label="[^"]*{state.capitalize()}"', page)


def test_hints_open_one_after_the_other():
    elements = Elements(report_with("x").to_html())
    assert elements.tags.count("details") == elements.tags.count("summary") == 3
    assert elements.depth == 3


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("state", _LOOKS)
def test_contrast_of_the_badges(state):
    page = report_with("x", state).to_html()
    background = re.search(r"background:(#\w{6})", page)[1]
    foreground = re.search(r";color:(#\w+)", page)[1]
    assert foreground == "#fff"
    assert (luminance("#ffffff") + 0.05) / (luminance(background) + 0.05) >= 4.5
    # All other text has the colour of the theme.
    assert re.findall(r"[^-]color:", page) == [";color:"]


def test_the_data_of_a_report():
    items = (
        ItemResult("a", 1, PASSED),
        ItemResult("b", 2, NOT_YET, "why", "idea"),
        ItemResult("c", 1, NOT_YET, "why", "idea", "printed"),
    )
    data = Report("task", 2, items)._repr_mimebundle_()[REPORT_MIMETYPE]
    assert json.loads(json.dumps(data)) == {
        "exercise": "task",
        "points": 0.5,
        "max_points": 2.0,
        "state": "not yet",
        "items": [
            {"name": "a", "weight": 1, "state": "passed", "message": "", "misconception": None},
            {
                "name": "b",
                "weight": 2,
                "state": "not yet",
                "message": "why",
                "misconception": "idea",
            },
            {
                "name": "c",
                "weight": 1,
                "state": "not yet",
                "message": "why",
                "misconception": "idea",
            },
        ],
        "misconceptions": ["idea"],
    }


CELL = """
import sys
from workshop_lib.checks import check
def f(x):
    print("noise", file=sys.stderr)
    return x
t = check("f", globals(), points={points}, stub={{"f": "00000000"}})
for number in range(3):
    with t.item(f"item {{number}}"):
        t.gives(1, f, 1 if number < {passed} else 2)
t.report()
"""


def test_nbgrader_reads_these_points(tmp_path):
    cases = [(2, 3, 2.0), (2, 2, 1.33), (1, 1, 0.33), (5, 0, 0.0)]
    cells = []
    for number, (points, passed, _) in enumerate(cases):
        cell = new_code_cell(CELL.format(points=points, passed=passed))
        cell.metadata["nbgrader"] = {
            "grade": True,
            "grade_id": f"f{number}_check",
            "locked": True,
            "points": points,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
        cells.append(cell)
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3").execute(cwd=str(tmp_path), env=environment())
    nbformat.validate(notebook)
    for cell, (points, _, expected) in zip(notebook.cells, cases):
        assert [output.output_type for output in cell.outputs] == ["execute_result"]
        data = cell.outputs[0].data
        assert data["text/plain"] == repr(expected)
        assert data[REPORT_MIMETYPE]["points"] == expected
        assert determine_grade(cell) == (expected, points)
