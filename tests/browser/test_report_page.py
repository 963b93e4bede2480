"""What an instructor reads after grading: `workshop report`, in a real browser."""

import subprocess
import sys
from pathlib import Path

import pytest

from workshop_lib.grading.demo_class import PROFILES, prepare

ROOT = Path(__file__).parents[2]
UNIT = "00_start_here"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The page of a class of five, written by the commands that an instructor types."""
    class_ = prepare(ROOT, tmp_path_factory.mktemp("reported"), UNIT)
    for profile in PROFILES:
        class_.hand_in(profile, profile)
    for command in ("grade", "report"):
        done = subprocess.run(
            [sys.executable, "-m", "workshop_lib.cli", command, UNIT],
            cwd=class_.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return next(Path(line) for line in done.stdout.split("\n") if line.endswith(".html"))


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 31)")]
)
def test_the_report_is_read_in_light_and_in_dark(page, report, scheme, paper):
    troubles = []
    page.on("console", lambda message: troubles.append(message.text))
    page.emulate_media(color_scheme=scheme)
    page.goto(report.as_uri())
    assert page.get_by_role("heading", level=1).inner_text() == UNIT
    chart = page.get_by_role("img", name="Distribution of the scores")
    assert chart.bounding_box()["height"] > 100
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    assert page.get_by_role("table").count() >= 2
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert troubles == []
