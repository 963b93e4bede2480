"""The environment, the lock and what Binder installs are the same set of packages."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from workshop_lib.doctor import closure, read_pins

ROOT = Path(__file__).parents[2]
EXTRAS = ("course", "grade", "cluster", "postgres", "dev")


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def direct_requirements():
    extras = project()["optional-dependencies"].values()
    return [Requirement(text) for group in (project()["dependencies"], *extras) for text in group]


def without_build_label(version):
    return version.partition("+")[0]


def test_the_environment_satisfies_the_lock():
    pins = read_pins(ROOT / "constraints.txt")
    installed = closure(EXTRAS)
    assert {name: without_build_label(str(version)) for name, version in installed.items()} == {
        name: pins.get(name) for name in installed
    }


def test_the_lock_pins_nothing_that_is_not_needed():
    assert set(read_pins(ROOT / "constraints.txt")) <= set(closure(EXTRAS))


def test_bounds_in_pyproject_allow_the_locked_versions():
    pins = read_pins(ROOT / "constraints.txt")
    for requirement in direct_requirements():
        if requirement.marker is None or requirement.marker.evaluate():
            assert pins[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_notebook_tools_start_without_a_parser_generator():
    # See jsonschema in pyproject.toml.
    code = "import nbformat, sys; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_torch_is_pinned_without_a_build_label():
    # With a label (+cpu) the lock could be met from one index only.
    assert "torch==2.13.0" in (ROOT / "constraints.txt").read_text().splitlines()


def test_binder_asks_for_the_course_extra_under_the_lock():
    lines = {
        line
        for line in (ROOT / "binder/course.txt").read_text().splitlines()
        if not line.startswith("#")
    }
    assert lines == {"-c ../constraints.txt", ".[course]"}
    assert (ROOT / "binder" / "../constraints.txt").exists()
    needed = set(closure(["course"]))
    assert needed <= set(read_pins(ROOT / "constraints.txt"))
    assert not any(name.startswith("nvidia-") for name in needed)


def test_every_direct_dependency_says_why_it_is_here():
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([\w-]+)`", text, flags=re.MULTILINE))
    assert documented == {requirement.name for requirement in direct_requirements()}


def test_python_versions_agree():
    assert project()["requires-python"] == ">=3.11,<3.14"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "(3, 11) <= sys.version_info[:2] < (3, 14)" in makefile
    version = (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert version in {"3.11", "3.12", "3.13"}
