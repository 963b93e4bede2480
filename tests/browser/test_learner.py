"""What a learner sees: a check in its three states, a slider, and nothing but their own folder."""

import os
from pathlib import Path

from tests.browser.servers import TOKEN

PICTURE = os.environ.get("WORKSHOP_SCREENSHOT")

CLIPPED = """def clean_age(ages, low=18, high=100):
    return pd.to_numeric(ages, errors="coerce").astype(float).clip(low, high)"""
RIGHT = """def clean_age(ages, low=18, high=100):
    numbers = pd.to_numeric(ages, errors="coerce").astype(float)
    return numbers.where(numbers.between(low, high))"""


def open_notebook(page, address, path):
    """Open a notebook in a workspace of its own, where no other one is open from a test before."""
    workspace = path.rpartition("/")[2].removesuffix(".ipynb")
    page.goto(f"{address}/lab/workspaces/{workspace}/tree/{path}?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.get_by_text("| Idle").wait_for()
    assert page.locator(".jp-NotebookPanel").count() == 1


def run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.click('[data-command="runmenu:run-all"]')


def cell_with(page, text):
    return page.locator(".jp-CodeCell").filter(has_text=text).first


def write(page, cell, source):
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)


def run_with_check(page):
    """Run the cell and go to the next one, which is the folded check; run that too."""
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Control+Enter")


def test_a_check_goes_from_not_attempted_to_passed(page, lab):
    open_notebook(page, lab, "01_preprocessing/01_clean.ipynb")
    assert not page.get_by_text("Jupyter news").count()
    run_all(page)
    answer = cell_with(page, "def clean_age(")
    check = cell_with(page, "# Check: Ages are plausible")
    card = check.locator('[role="group"]')
    card.get_by_text("Not attempted").first.wait_for()

    write(page, answer, CLIPPED)
    run_with_check(page)
    check.get_by_text("A clipped 120 is an invented fact").wait_for()
    assert "Not yet" in card.inner_text()

    write(page, answer, RIGHT)
    run_with_check(page)
    check.get_by_text("2 of 2 points").wait_for()
    assert "Passed" in card.inner_text()
    if PICTURE:
        take_picture(page, answer, check)


def take_picture(page, first, last):
    """Save what lies between two cells, for the README."""
    page.set_viewport_size({"width": 1280, "height": 1000})
    first.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(500)
    top, bottom = first.bounding_box(), last.bounding_box()
    clip = {"x": top["x"], "y": top["y"], "width": top["width"]}
    clip["height"] = bottom["y"] + bottom["height"] - top["y"]
    page.screenshot(path=Path(PICTURE), clip=clip)


def test_a_slider_moves_by_keyboard_and_the_picture_follows(page, lab):
    open_notebook(page, lab, "00_start_here/01_start_here.ipynb")
    run_all(page)
    cell = cell_with(page, "explore.sliders(payments")
    handle = cell.locator(".noUi-handle").first
    handle.wait_for()
    picture = cell.locator("img").last
    before = picture.get_attribute("src")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => [...document.querySelectorAll('.jp-OutputArea img')]"
        ".some(picture => picture.alt.startsWith('A line that falls') && picture.src !== before)",
        arg=before,
    )


def test_the_file_browser_shows_no_solutions(page, lab):
    answer = page.request.get(f"{lab}/api/contents?token={TOKEN}").json()
    names = {entry["name"] for entry in answer["content"]}
    assert "01_preprocessing" in names
    assert not names & {"solutions", "tests", "workshop_lib"}
    outside = page.request.get(f"{lab}/api/contents/../solutions?token={TOKEN}")
    assert outside.status in (403, 404)
