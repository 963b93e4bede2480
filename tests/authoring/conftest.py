import shutil
from pathlib import Path

import pytest

from workshop_lib.authoring.build import build

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def copy_of_sources(folder):
    """A small course without generated files."""
    shutil.copytree(HERE / "sources", folder)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


@pytest.fixture
def sources(tmp_path):
    return copy_of_sources(tmp_path / "course")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    root = copy_of_sources(tmp_path_factory.mktemp("built") / "course")
    result = build(root)
    assert result.problems == ()
    assert len(result.executed) == 2
    return root


@pytest.fixture
def course(built_once, tmp_path):
    """A built course that a test may change."""
    return shutil.copytree(built_once, tmp_path / "course")


@pytest.fixture
def edit():
    """Replace a text, which must be there, in a file."""

    def replace(path, old, new):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
