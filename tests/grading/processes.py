"""Processes of one test module, while other modules run theirs."""

import contextlib

import psutil


def own_children():
    """Processes that this test process has started, and theirs."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


def started_with(folder):
    """Processes, wherever their parent is now, that keep their temporary files in a folder."""
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("TMPDIR", "").startswith(str(folder)):
                found.add(process.pid)
    return found
