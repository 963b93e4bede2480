"""What an instructor sees: formgrader with the course's assignments, inside JupyterLab."""

from tests.browser.servers import TOKEN, serving


def test_formgrader_lists_the_units(page, course, tmp_path):
    with serving(course, tmp_path, "--course") as address:
        page.goto(f"{address}/formgrader/manage_assignments?token={TOKEN}")
        page.get_by_role("link", name="01_preprocessing").first.wait_for()
        page.goto(f"{address}/lab?token={TOKEN}")
        page.wait_for_selector("#jp-MainLogo")
        page.get_by_role("menuitem", name="Nbgrader").first.click()
        page.get_by_text("Formgrader").first.wait_for()
