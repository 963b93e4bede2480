"""Notebooks that the build executes, and what their kernels leave."""

import asyncio
import tempfile

import nbformat.v4 as v4
import psutil
import pytest

from workshop_lib.authoring.run import execute


def notebook_of(*sources):
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize(("last", "fails"), [("1 + 1", False), ("1 / 0", True)])
def test_a_kernel_and_its_connection_file_end_with_the_notebook(last, fails, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    notebook = notebook_of("import os\nos.getpid()", last)
    executed, failure = asyncio.run(execute(notebook))
    assert (failure is not None) == fails
    assert not psutil.pid_exists(int(executed.cells[0].outputs[0].data["text/plain"]))
    assert list(tmp_path.iterdir()) == []
