import pytest

from tests.desk.support import SOURCE, first_release, notebook, prose, save
from workshop_lib.desk import Desk


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    save(root / "notebooks/00_start_here/01_start_here.ipynb", notebook(prose("hello", "# Hello")))
    save(root / "notebooks/01_unit/01_first.ipynb", first_release())
    (root / "syllabus.toml").write_text("[course]\nworked_solutions_after = 3\n", encoding="utf-8")
    (root / "solutions/01_unit").mkdir(parents=True)
    (root / "solutions/01_unit/01_first.py").write_text(SOURCE, encoding="utf-8")
    return root


@pytest.fixture
def desk(course):
    desk = Desk(course)
    desk.copy_missing()
    return desk


@pytest.fixture
def first(desk):
    return desk.path_of("01_unit/01_first")
