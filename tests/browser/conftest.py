"""A real JupyterLab on a copy of the course, and a real Chromium to look at it."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.servers import serving

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The browser has no network but this machine: these options stop what it would ask for by itself.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, f"install one of {BROWSERS}: on Debian `apt-get install chromium` (.ci/run does)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the course as a fresh clone has it, so that nobody's work/ is touched."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("syllabus.toml", "constraints.txt", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    return folder


@pytest.fixture(scope="module")
def lab(course, tmp_path_factory):
    """Address of `workshop lab`, as a learner starts it."""
    with serving(course, tmp_path_factory.mktemp("home")) as address:
        yield address
