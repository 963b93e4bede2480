"""JupyterLab as ``workshop lab`` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

TOKEN = "browser-test"


class serving:
    """Run ``workshop lab`` in a course folder until the block ends."""

    def __init__(self, course, home, *options):
        self.course, self.home, self.options = course, home, options

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        keep_all_cells_in_the_page(self.home)
        self.log = (self.home / "lab.log").open("w")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "workshop_lib.cli", "lab"),
                *("--no-browser", "--port", str(port)),
                *self.options,
            ],
            cwd=self.course,
            env={
                **os.environ,
                "JUPYTER_TOKEN": TOKEN,
                "HOME": str(self.home),
                "IPYTHONDIR": str(self.home / "ipython"),
            },
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/api/status?token={TOKEN}", self.process)
        return address

    def __exit__(self, *problem):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


def keep_all_cells_in_the_page(home):
    """Set the user's setting that draws every cell, so that a test need not scroll to find one."""
    folder = home / ".jupyter/lab/user-settings/@jupyterlab/notebook-extension"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')


def wait_for(address, process, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server stopped early"
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"no answer from the server in {seconds} s")
