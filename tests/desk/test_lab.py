import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.desk.support import free_port, workshop

START_SECONDS = 60


@contextlib.contextmanager
def running_lab(course, *options):
    """Start `workshop lab` for real; yield its address and a function that asks its API."""
    port = free_port()
    command = [sys.executable, "-m", "workshop_lib.cli", "lab", "--no-browser", "--port", str(port)]
    # The learner's own Jupyter settings stay out of the test.
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(course / ".jupyter")}
    server = subprocess.Popen(
        [*command, *options], cwd=course, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for line in server.stdout:
            if line.startswith("Open "):
                break
        page = line.removeprefix("Open ").strip()
        token = re.search(r"token=(\w+)", page)[1]
        yield page, lambda path: ask(f"http://localhost:{port}{path}?token={token}")
    finally:
        server.terminate()
        server.communicate(timeout=30)


def ask(address):
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return response.read().decode()
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def listing(api, folder=""):
    return {entry["name"] for entry in json.loads(api(f"/api/contents/{folder}"))["content"]}


def test_lab_shows_only_the_learners_folder(course):
    with running_lab(course) as (page, api):
        assert "/lab/tree/00_start_here/01_start_here.ipynb?token=" in page
        assert "version" in json.loads(api("/api"))
        assert listing(api) == {"00_start_here", "01_unit"}
        with pytest.raises(urllib.error.HTTPError):
            api("/api/contents/../solutions")
        start_page = api("/lab")
        assert "@jupyterlab/apputils-extension:announcements" in disabled_extensions(start_page)


def test_instructors_see_the_course(course):
    with running_lab(course, "--course") as (_, api):
        assert {"notebooks", "solutions"} <= listing(api)
    assert not (course / "work").exists()


def test_a_taken_port_is_one_sentence(course):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = workshop("lab", "--no-browser", "--port", str(port), cwd=course)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Port {port} is not free")
    assert f"--port {port + 1}" in result.stderr
    assert result.stderr.count("\n") == 1


def disabled_extensions(page):
    return json.loads(re.search(r'"disabledExtensions": (\[.*?\])', page, re.DOTALL)[1])
