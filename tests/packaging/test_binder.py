import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent


@pytest.fixture
def repository(tmp_path):
    """A folder as Binder has it: the course and the environment's description, no more."""
    copy = tmp_path / "repository"
    for name in ("binder", "notebooks", "workshop_lib/jupyter_config"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "syllabus.toml", copy)
    return copy


def test_repo2docker_makes_a_dockerfile_with_our_steps(repository, tmp_path):
    command = [SCRIPTS / "jupyter-repo2docker", "--no-build", "--debug", repository]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    dockerfile = result.stdout
    copied = re.search(
        r"^COPY --chown=\d+:\d+ src/ \$\{REPO_DIR\}/", dockerfile, re.MULTILINE
    ).start()
    installed = dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"')
    assert copied < installed < dockerfile.index("RUN ./binder/postBuild")
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile
    assert re.search(r"environment-2epy-2d3-2e11", dockerfile)


def test_a_session_shows_only_the_learners_folder(repository):
    environment = {
        **os.environ,
        "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(repository / ".jupyter"),
        "JUPYTER_TOKEN": "abc",
    }
    subprocess.run(["binder/postBuild"], cwd=repository, env=environment, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["binder/start", "jupyter", "lab", "--no-browser", f"--port={port}", "--allow-root"]
    server = subprocess.Popen(command, cwd=repository, env=environment, stderr=subprocess.DEVNULL)
    try:
        listing = json.loads(fetch(f"http://localhost:{port}/api/contents/?token=abc"))
        page = fetch(f"http://localhost:{port}/lab?token=abc")
    finally:
        server.terminate()
        server.wait(timeout=30)
    released = {path.name for path in (ROOT / "notebooks").iterdir() if path.is_dir()}
    assert {entry["name"] for entry in listing["content"]} == released
    assert "@jupyterlab/apputils-extension:announcements" in disabled_extensions(page)


def fetch(address):
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return response.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def disabled_extensions(page):
    return json.loads(re.search(r'"disabledExtensions": (\[.*?\])', page, re.DOTALL)[1])
