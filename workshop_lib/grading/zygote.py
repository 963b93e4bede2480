"""A clean process that imports once and forks a child for every piece of work.

Forking is safe because this process only imports: it has one native thread, no event loop and no
computation behind it. It holds no secret, because a child can read its memory: what a child shall
run reaches it through files of its own, after the fork.

`Zygote` starts the process and asks it for children. Started as a program, this module is the
process. They speak through a socket: one message for every child, with the child's files beside it.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import resource
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from workshop_lib.errors import WorkshopError
from workshop_lib.execution import REPEATABLE
from workshop_lib.grading import isolation

_LONGEST_MESSAGE = 1 << 20
_TICK = 0.1
_CHILD_SUBREAPER = 36
_PARENT_DEATH_SIGNAL = 1
_IN_MEMORY = ("RssAnon:", "RssShmem:", "VmSwap:")
_LATE_IMPORTS = {"torch": "torch._dynamo"}
"""What a module imports only when it is used (torch for its first optimiser): seconds each time."""
LOST = {"status": -1, "reason": "lost", "cpu_seconds": 0.0}
"""How a child ended whose preloaded process has ended."""
_KEPT = {"HOME", "LANG", "LANGUAGE", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV", "XDG_CACHE_HOME"}
_KEPT_BEGINNINGS = ("LC_", "LD_LIBRARY", "OPENBLAS_", "PYTHON")
_ROLES = {
    "job": "workshop_lib.grading.jobs",
    "kernel": "workshop_lib.grading.kernel",
    "student": "workshop_lib.grading.student",
    "verifier": "workshop_lib.grading.verifier",
}


@dataclass(frozen=True)
class Limits:
    """What one child may use.

    Attributes
    ----------
    seconds : float
        Until it is ended.
    memory_bytes : int
        Beyond what it shares with the process that forked it, with all processes that it starts.
    file_bytes : int
        Size of a file, and of all its files where they are kept in memory.
    processes : int
        Processes that it may run at a time.
    """

    seconds: float = 600.0
    memory_bytes: int = 2 << 30
    file_bytes: int = 256 << 20
    processes: int = 64


class Zygote:
    """The process that forks, seen from the one that needs children.

    Parameters
    ----------
    modules : iterable of str
        Imported once; one that is missing or fails shows in the children that need it.
    level : str
        The isolation of children in which a student's code, or a check of it, runs: ``"auto"``
        (the strongest that works here), ``"required"`` (that, if it isolates), a level, ``"none"``.
    variables : dict of str to str
        Further environment variables.
    for_kernels : bool
        Children are kernels, which bring a shell of their own.

    Attributes
    ----------
    level : str
        The level in force.
    dismissed : bool
        Whether nobody waits for its work any more.

    Raises
    ------
    WorkshopError
        When the level does not work here.
    RuntimeError
        When the process itself fails; the text carries its last words.
    """

    def __init__(self, modules=(), *, level="auto", variables=None, for_kernels=False):
        self._server, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - until close
        self._closed, self._folder = False, None
        self.dismissed = False
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workshop_lib.grading.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                env=clean_environment(variables or {}),
                start_new_session=True,  # Ctrl-C is for the process that gives the orders
            )
        try:
            order = {"modules": sorted(modules), "level": level, "shell": not for_kernels}
            self._server.send(json.dumps(order).encode())
            answer = json.loads(self._server.recv(_LONGEST_MESSAGE) or b"{}")
        except OSError:
            answer = {}
        if "level" not in answer:
            words = self.last_words()
            self.close()
            raise RuntimeError(f"The preloaded process stopped. Its last words: {words}")
        self.level, self._folder = answer["level"], answer.get("folder")
        if self.level is None:
            self.close()
            raise WorkshopError(isolation.refusal(level))

    def fork(self, role, files, limits=None):
        """Fork a child.

        Parameters
        ----------
        role : {"student", "verifier", "job", "kernel"}
        files : list of int
            File descriptors that the child gets, in this order; they stay open here.
        limits : Limits, optional

        Returns
        -------
        Child

        Raises
        ------
        RuntimeError
            When the process is not there any more.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        order = {"role": role, "limits": asdict(limits or Limits())}
        with theirs:
            try:
                descriptors = [theirs.fileno(), *files]
                socket.send_fds(self._server, [json.dumps(order).encode()], descriptors)
            except OSError:
                ours.close()
                raise RuntimeError(
                    f"The preloaded process stopped. Its last words: {self.last_words()}"
                ) from None
        return Child(ours)

    def alive(self):
        """Tell whether the process is there."""
        return self._process.poll() is None and not self._closed

    def gone(self):
        """Tell whether the process has ended or is about to, some seconds at the most."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        return not self.alive()

    def close(self):
        """End the process and all its children."""
        self._closed = True
        self._server.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait()
        self._errors.close()
        if self._folder:  # the process removes it, unless somebody killed it
            remove_folder(self._folder)

    def last_words(self):
        """Return the end of what the process wrote, after it has stopped."""
        if self._closed:
            return "nothing; it was closed"
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._errors.seek(0)
        return self._errors.read()[-500:].strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def clean_environment(variables):
    """Return what Python needs of this environment, without anybody's secrets."""
    kept = {n: v for n, v in os.environ.items() if n in _KEPT or n.startswith(_KEPT_BEGINNINGS)}
    return {**kept, "MPLBACKEND": "Agg", **REPEATABLE, **variables}


class Child:
    """A forked child, seen from the process that asked for it."""

    def __init__(self, status):
        self._status = status
        self._end = None

    def fileno(self):
        """Return the file that can be read when the child has ended."""
        return self._status.fileno()

    def wait(self, seconds=None):
        """Wait for the child's end.

        Returns
        -------
        dict or None
            ``{"status", "reason", "cpu_seconds"}``; the reason is what ended it (``"time"``,
            ``"memory"``, ``"processes"``, ``"stopped"``, ``"lost"``), or None when it ended
            by itself. None after `seconds`.
        """
        if self._end is None:
            self._status.settimeout(seconds)
            try:
                message = self._status.recv(_LONGEST_MESSAGE)
            except (TimeoutError, BlockingIOError):
                return None
            except OSError:
                message = b""
            self._end = json.loads(message) if message else LOST
            self._status.close()
        return self._end

    def end(self):
        """End the child and everything that it started; return as `wait`."""
        if self._end is None:
            with contextlib.suppress(OSError):
                self._status.shutdown(socket.SHUT_WR)
        return self.wait()


def was_killed(end):
    """Tell whether somebody else killed a child, or the process that forked it.

    Parameters
    ----------
    end : dict
        As `Child.wait` returns it.
    """
    is_killed = os.WIFSIGNALED(end["status"]) and os.WTERMSIG(end["status"]) == signal.SIGKILL
    return end["reason"] == "lost" or (end["reason"] is None and is_killed)


def main(descriptor):
    """Import, then fork children until nobody can ask for more."""
    server = socket.socket(fileno=descriptor)
    order = json.loads(server.recv(_LONGEST_MESSAGE))
    level = order["level"]
    if level != "none":
        level = isolation.available(level)
        if level is None:
            server.send(json.dumps({"level": None}).encode())
            return
    if level == "namespaces":
        isolation.enter_namespaces()
        tempfile.tempdir, folder = isolation.SANDBOX, None
    else:
        tempfile.tempdir = folder = tempfile.mkdtemp(prefix="workshop-")
    try:
        adopt_orphans()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        import_all(order["modules"], with_shell=order["shell"])
        gc.collect()
        gc.freeze()
        server.send(json.dumps({"level": level, "folder": folder}).encode())
        serve(server, level)
    finally:
        if folder:
            remove_folder(folder)


def import_all(modules, *, with_shell=True):
    """Import modules; one that is missing or fails shows in the children that need it."""
    if with_shell:
        from workshop_lib.grading import shell

        # Some modules look at import time whether they are in a notebook.
        shell.shared()
        for role in ("student", "verifier", "job"):
            importlib.import_module(_ROLES[role])
        # Who imports it later gets a new object that is equal to everything.
        importlib.import_module("unittest.mock")
    late = [module for name, module in _LATE_IMPORTS.items() if name in modules]
    for name in (*modules, *late):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if with_shell:
        shell.ready_for_figures()
        shell.ready_for_errors()


def serve(server, level):
    """Fork, watch and end children."""
    children = []
    with selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ)
        try:
            while True:
                ready = {key.fileobj for key, _ in selector.select(_TICK if children else None)}
                for child in children:
                    child.look()
                for child in [child for child in children if child.ended()]:
                    children.remove(child)
                    child.forget(selector)
                    child.report({other.pid for other in children})
                if server in ready:
                    order = next_order(server)
                    if order is None:
                        return
                    child = next_child(*order, level)
                    if child is not None:
                        children.append(child)
                        child.watch(selector)
        finally:
            for child in children:
                child.reason = "stopped"
                child.report(set())
            kill_orphans(set())


def next_order(server):
    """Return the next message and the files beside it; None when nobody asks any more."""
    message, files, _, _ = socket.recv_fds(server, _LONGEST_MESSAGE, 8)
    return (json.loads(message), files) if message else None


def next_child(order, files, level):
    """Fork the child that a message asks for; None when the system refuses one at this moment.

    Who asked for it then reads the end of the child's files, and takes the child for lost. The
    other children go on.
    """
    status = socket.socket(fileno=files[0])
    try:
        return _Forked(order["role"], level, Limits(**order["limits"]), status, files[1:])
    except OSError as error:
        print(f"A process could not be forked: {error}", file=sys.stderr, flush=True)
        status.close()
        return None
    finally:
        for file in files[1:]:
            os.close(file)


def watched(pid):
    """Return the file that tells when a child has ended; end a child that cannot be watched."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        kill_family(pid)
        os.waitpid(pid, 0)
        raise


class _Forked:
    """A forked child, seen from the process that forked it."""

    def __init__(self, role, level, limits, status, files):
        assert_one_thread()
        self.limits = limits
        self.status = status
        self.level = level  # of a verifier, too: a check may run a text of the student
        self.deadline = time.monotonic() + limits.seconds
        self.reason = None
        self.shared_bytes = own_bytes("self")
        in_memory = level == "namespaces"
        work = f"{isolation.SANDBOX}/work"
        self.folder = work if in_memory else tempfile.mkdtemp(prefix="workshop-")
        try:
            self.pid = isolation.fork(level)
            if self.pid == 0:
                run_child(role, level, limits, self.folder, files)
            self.ending = watched(self.pid)
        except OSError:
            if not in_memory:
                remove_folder(self.folder)
            raise

    def watch(self, selector):
        selector.register(self.ending, selectors.EVENT_READ)
        selector.register(self.status, selectors.EVENT_READ)

    def forget(self, selector):
        selector.unregister(self.ending)
        selector.unregister(self.status)

    def look(self):
        """Note why the child has to be ended, if it has to be."""
        if self._has_ended():  # whoever asked for it closes its side after that, too
            return
        if self.reason is None and time.monotonic() > self.deadline:
            self.reason = "time"
        if self.reason is None and self._is_unwanted():
            self.reason = "stopped"
        if self.reason is None:
            processes = family(self.pid)
            grown = sum(max(0, own_bytes(pid) - self.shared_bytes) for pid in processes)
            if grown > self.limits.memory_bytes:
                self.reason = "memory"
            elif len(processes) > self.limits.processes:
                self.reason = "processes"

    def _is_unwanted(self):
        """Tell whether the one who asked for the child has closed its side."""
        with contextlib.suppress(BlockingIOError, InterruptedError):
            return not self.status.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK)
        return False

    def ended(self):
        """Tell whether the child has ended, or has to be ended."""
        return self.reason is not None or self._has_ended()

    def _has_ended(self):
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, flags) is not None

    def report(self, others):
        """End what is left of the child, and say how it ended."""
        kill_family(self.pid)
        _, status, usage = os.wait4(self.pid, 0)
        os.close(self.ending)
        if self.level != "namespaces":
            kill_orphans(others)
            remove_folder(self.folder)
        seconds = round(usage.ru_utime + usage.ru_stime, 4)
        result = {"status": status, "reason": self.reason, "cpu_seconds": seconds}
        with contextlib.suppress(OSError):
            self.status.send(json.dumps(result).encode())
        self.status.close()


def run_child(role, level, limits, folder, files):
    """Do the work of a role in the child; never returns."""
    status = 1
    try:
        die_with_parent()
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        keep_open(*files)
        if level != "none":
            isolation.enter_child(level, folder, memory_bytes=limits.file_bytes)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
        os.chdir(folder)
        os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder)
        tempfile.tempdir = folder
        seed_global_generators()
        importlib.import_module(_ROLES[role]).main(files)
        status = 0
    finally:
        os._exit(status)


def seed_global_generators():
    """Start the global random generators alike in every process; a fork seeds `random` anew."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def adopt_orphans():
    """Become the parent of processes whose parent ends, where the system can do that (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent():
    """Let the system kill this process when its parent is killed, which can then end no child."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def assert_one_thread():
    """Refuse to fork a process with several threads: locks of the others would never open."""
    threads = Path("/proc/self/task")
    if threads.is_dir() and len(list(threads.iterdir())) > 1:
        raise RuntimeError("An imported module started a thread; forking is not safe any more.")


def keep_open(*files):
    """Close every inherited file but the standard streams and these."""
    limit = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096)
    start = 3
    for file in sorted(files):
        os.closerange(start, file)
        start = file + 1
    os.closerange(start, limit)


def children_of(pid):
    """Return the process ids of the children of a process, where the system tells them (Linux)."""
    found = set()
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            found |= set(map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split()))
    return found


def family(pid):
    """Return a process and all its descendants."""
    found, waiting = set(), {pid}
    while waiting:
        member = waiting.pop()
        found.add(member)
        waiting |= children_of(member) - found
    return found


def own_bytes(pid):
    """Return the memory of a process that is no file on a disk; 0 for one that has ended.

    Memory that processes share, and files that are kept in memory, count as well.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(_IN_MEMORY))


def kill_family(pid):
    """Send the signal that cannot be refused to a process, its group and its descendants."""
    for member in family(pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(member, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_orphans(known):
    """End every child of this process except the known ones, until there is none."""
    while orphans := children_of(os.getpid()) - known:
        for pid in orphans:
            kill_family(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def remove_folder(folder):
    """Remove a child's folder, also where the child took away the right to do that.

    What lies above it, or where a link leads, is not ours: that stays as it is.
    """
    _allow(folder)
    try:
        for place, folders, _ in os.walk(folder):
            for name in folders:
                _allow(os.path.join(place, name))
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # one folder in another, thousands of them
        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL)


def _allow(folder):
    if not os.path.islink(folder):
        with contextlib.suppress(OSError):
            os.chmod(folder, 0o700)


if __name__ == "__main__":
    main(int(sys.argv[1]))
