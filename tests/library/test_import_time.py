"""`import workshop_lib` stays fast because it loads nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "pandas", "scipy", "sklearn", "matplotlib", "IPython", "ipywidgets", "jsonschema")


def loaded_after(code):
    script = f"{code}\nimport sys; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.mark.parametrize(
    "code",
    [
        "import workshop_lib; workshop_lib.__version__, dir(workshop_lib)",
        "from workshop_lib import artifacts, explore, figures",
    ],
)
def test_import_loads_no_heavy_module(code):
    assert loaded_after(code) == []


def test_the_probe_sees_a_heavy_module():
    assert "numpy" in loaded_after("import numpy")
