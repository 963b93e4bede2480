"""Notebooks that the build executes, and what their kernels leave."""

import asyncio
import sys
import tempfile

import nbformat.v4 as v4
import pytest

from workshop_lib.authoring.run import execute
from workshop_lib.grading.zygote import children_of


def notebook_of(*sources):
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize("last", ["import os\nos.getpid()", "1 / 0"], ids=["passes", "raises"])
def test_a_kernel_and_its_connection_file_end_with_the_notebook(last, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    executed, failure = asyncio.run(execute(notebook_of("1 + 1", last)))
    assert executed.cells[0].outputs[0].data["text/plain"] == "2"
    assert (failure is not None) == (last == "1 / 0")
    assert list(tmp_path.iterdir()) == []
    if sys.platform == "linux":
        from workshop_lib.grading import provisioner

        assert children_of(provisioner._process()._process.pid) == set()
