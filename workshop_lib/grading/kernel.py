"""A child that becomes an ipykernel."""

import json
import os
import signal
import socket
import sys


def main(files):
    """Read connection, folder and environment from the socket, then serve as a kernel."""
    with socket.socket(fileno=files[0]) as orders:
        order = json.loads(orders.makefile("r").readline())
        orders.sendall(f"{os.getpid()}\n".encode())
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.argv = ["ipykernel_launcher", *order["arguments"]]
    sys.path.insert(0, "")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "matplotlib" in sys.modules:
        import matplotlib

        # As in a fresh kernel: the backend is that of the environment, found when first needed.
        backend = os.environ.get("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        matplotlib.rcParams["backend"] = backend
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance()
