import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "courses"))
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ["PATH"].split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_programs, os.environ["PATH"]])  # for alembic

import plain_course  # noqa: E402

from tests.grading.processes import own_children, started_with  # noqa: E402
from workshop_lib.grading.execute import close_engines  # noqa: E402


@pytest.fixture(scope="session")
def released_course(tmp_path_factory):
    """The plain course after generate_assignment; copy it before you change it."""
    return plain_course.write(tmp_path_factory.mktemp("plain"))


@pytest.fixture
def plain(released_course, tmp_path):
    """A copy of the plain course for one test."""
    folder = tmp_path / "course"
    shutil.copytree(released_course, folder)
    return folder


@pytest.fixture(scope="module")
def nothing_is_left(tmp_path_factory):
    """End the preloaded processes after the last attack; then nothing may be left."""
    folder, before = tmp_path_factory.mktemp("attacks"), own_children()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        yield
    close_engines()
    assert not (own_children() - before) | started_with(folder)
    assert not list(folder.iterdir())
