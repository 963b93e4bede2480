"""A Jupyter kernel provisioner: kernels that are forked from a process which has imported already.

nbclient, nbval, Papermill and ``nbgrader autograde`` use it by the name of its kernel,
``workshop-warm``. Each process that starts kernels keeps one preloaded process. The kernels are
ordinary ipykernels, so outputs are those of ``python3``; they are not isolated.
"""

import asyncio
import json
import os
import signal
import socket
from pathlib import Path

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from workshop_lib.grading import zygote

KERNEL_NAME = "workshop-warm"
MODULES = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "debugpy", "ipywidgets"),
    *("matplotlib.pyplot", "numpy", "pandas", "scipy.stats"),
    *("sklearn.compose", "sklearn.ensemble", "sklearn.impute", "sklearn.linear_model"),
    *("sklearn.metrics", "sklearn.model_selection", "sklearn.pipeline", "sklearn.preprocessing"),
    "sklearn.tree",
)
"""Not those which look at import time whether they are in a notebook, as our own and the inline
backend of matplotlib do."""
_LIMITS = zygote.Limits(seconds=24 * 3600, memory_bytes=1 << 40, file_bytes=1 << 40, processes=4096)
_shared = []


def kernels_folder():
    """Return the folder to put into ``JUPYTER_PATH``, so that the kernel is found by its name.

    Returns
    -------
    str
    """
    return str(Path(__file__).parents[1] / "jupyter_config")


def warm_kernel_manager():
    """Make the manager of one warm kernel, for nbclient.

    Returns
    -------
    jupyter_client.AsyncKernelManager
    """
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager

    known = KernelSpecManager(kernel_dirs=[f"{kernels_folder()}/kernels"])
    return AsyncKernelManager(kernel_name=KERNEL_NAME, kernel_spec_manager=known)


def _process():
    """Return the preloaded process, which ends with this one."""
    if not _shared or not _shared[0].alive():
        _shared[:] = [zygote.Zygote(MODULES, level="none", for_kernels=True)]
    return _shared[0]


class WarmProvisioner(LocalProvisioner):
    """Starts kernels by forking; see `jupyter_client.provisioning.KernelProvisionerBase`."""

    async def launch_kernel(self, cmd, **kwargs):
        """Fork a kernel and return how to connect to it."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            child = _process().fork("kernel", [theirs.fileno()], _LIMITS)
            order = {
                "arguments": cmd[cmd.index("-f") :],
                "folder": str(kwargs.get("cwd") or os.getcwd()),
                "environment": dict(kwargs.get("env") or os.environ),
            }
            ours.sendall(json.dumps(order).encode() + b"\n")
            self.process = _Kernel(child, int(ours.makefile().readline()))
        self.pid = self.pgid = self.process.pid
        return self.connection_info

    async def wait(self):
        """Wait for the kernel's end."""
        while self.process and self.process.poll() is None:
            await asyncio.sleep(0.02)
        status, self.process = self.process and self.process.poll(), None
        return status


class _Kernel:
    """A kernel in the form in which `LocalProvisioner` knows processes."""

    def __init__(self, child, pid):
        self.pid = pid
        self._child = child

    def poll(self):
        """Return None while the kernel runs, then its status."""
        end = self._child.wait(0)
        return None if end is None else end["status"]

    def send_signal(self, number):
        """Send a signal to the kernel."""
        os.kill(self.pid, number)

    def kill(self):
        """End the kernel and all that it started."""
        self._child.end()

    def terminate(self):
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)
