"""Start JupyterLab on one folder, and only on that folder."""

import os
import secrets
import socket
import webbrowser
from pathlib import Path

from workshop_lib.errors import WorkshopError

# Settings of JupyterLab that every learner starts with; Binder uses the same folder.
CONFIGURATION = Path(__file__).parent / "jupyter_config"
WELCOME = "00_start_here/01_start_here.ipynb"


def require_free_port(port):
    """Raise a `WorkshopError` when another program on this computer uses `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # A port that was closed a moment ago is free again; on Windows the option means more.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8888
            raise WorkshopError(
                f"Port {port} is not free ({error.strerror}): stop the other program (perhaps an "
                f"earlier JupyterLab) or choose another port: `workshop lab --port {other}` "
                f"or `make lab PORT={other}`."
            ) from error


def address(port, page, token):
    """Return the address of a page of JupyterLab.

    >>> address(8888, "00_start_here/01_start_here.ipynb", "abc")
    'http://localhost:8888/lab/tree/00_start_here/01_start_here.ipynb?token=abc'
    """
    return f"http://localhost:{port}/lab{'/tree/' + page if page else ''}?token={token}"


def has_browser():
    """Say whether this computer can show a page (a server or container cannot)."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def start(folder, port, page="", browser=True):
    """Run JupyterLab until the user stops it.

    Parameters
    ----------
    folder : path-like
        The root of the file browser; nothing above it can be opened.
    port : int
        A free port on this computer.
    page : str
        The notebook to open, relative to `folder`; empty for the launcher.
    browser : bool
        Whether to open a browser window, where there is a browser.

    Raises
    ------
    WorkshopError
        If the port is taken.
    """
    require_free_port(port)
    from jupyterlab.labapp import LabApp

    # No question about news and no look for updates: neither is part of the course.
    paths = [str(CONFIGURATION), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    # By environment and not by option: options of a process are visible to other users.
    token = os.environ.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))
    print(f"JupyterLab shows the folder {folder}")
    print(f"Open {address(port, page, token)}")
    print("Stop it with Ctrl+C.", flush=True)
    LabApp.launch_instance(argv=_options(folder, port, page, browser and has_browser()))


def _options(folder, port, page, browser):
    options = [
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.answer_yes=True",
        "--ServerApp.log_level=WARN",
        f"--ServerApp.open_browser={browser}",
        f"--LabApp.default_url=/lab{'/tree/' + page if page else ''}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Containers often have no other user; the server listens on this computer only.
        options.append("--ServerApp.allow_root=True")
    return options
