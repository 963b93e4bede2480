"""What a student's process can reach: the levels of isolation, and entering one of them.

Linux only, without root and without programs of the system; everything goes through ``ctypes``.

===========  =====================================================================================
level        what a student's process can do
===========  =====================================================================================
namespaces   sees libraries (read-only) and a folder of its own in memory; no other process, no
             network but a loopback of its own
landlock     reads libraries, writes a folder of its own; sends no signals to other processes and
             opens no TCP connection (other sockets stay open where the kernel is older)
limits       no isolation: everything that the grading user can do, within limits of time, memory,
             processes and file size
===========  =====================================================================================

References
----------
``man 7 namespaces``, ``man 2 pivot_root``, ``man 7 landlock``, ``man 7 capabilities``.
"""

import contextlib
import ctypes
import fcntl
import os
import resource
import socket
import struct
import sys
import tempfile
from pathlib import Path

LEVELS = ("namespaces", "landlock", "limits")
"""From the strongest to the weakest."""
ISOLATING = ("namespaces", "landlock")
"""At the others a student's code can do what the grading user can do."""

_NEW_MOUNTS, _NEW_USER, _NEW_PIDS = 0x00020000, 0x10000000, 0x20000000
_NEW_NETWORK, _NEW_IPC, _NEW_HOSTNAME = 0x40000000, 0x08000000, 0x04000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC, _REMOUNT = 1, 2, 4, 8, 32
_BIND, _RECURSIVE, _PRIVATE, _DETACH = 4096, 16384, 1 << 18, 2
_MOUNT_SETATTR, _AT_RECURSIVE = 442, 0x8000
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES, _DROP_BOUND = 1, 38, 24
_CAPABILITY_VERSION, _LAST_CAPABILITY = 0x20080522, 63
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_REFUSED = {
    "x86_64": (0xC000003E, 319, 447, 29, 64, 68, 240),
    "aarch64": (0xC00000B7, 279, 447, 194, 190, 186, 180),
}
"""The kind of machine, then the system calls memfd_create, memfd_secret, shmget, semget, msgget and
mq_open."""
_LIMITS_OF_A_PROCESS = {"x86_64": 302, "aarch64": 261}
"""The system call prlimit64; its first argument is a process, 0 for the caller."""

_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix"),
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime"),
    *("/etc/alternatives", "/etc/fonts", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/passwd"),
    *("/etc/group", "/etc/ssl", "/sys/devices/system"),
)
_PACKAGES = ("site-packages", "dist-packages")
SANDBOX = "/sandbox"
"""The folder in which processes of the level ``namespaces`` may write; each sees its own."""
_DEVICES = ("null", "zero", "full", "random", "urandom")


def available(wanted="auto"):
    """Return the strongest level that works here.

    Parameters
    ----------
    wanted : {"auto", "required", "namespaces", "landlock", "limits"}
        With ``"required"``, only levels that isolate are tried; with a level, only this one.

    Returns
    -------
    str or None
        A level, or None when the one that is wanted does not work here.
    """
    for level in {"auto": LEVELS, "required": ISOLATING}.get(wanted, (wanted,)):
        if _succeeds(_PROBES[level]):
            return level
    return None


def refusal(wanted):
    """Say that what is wanted does not work here, and what to do."""
    if wanted == "required":
        return (
            "This computer offers no isolation, and --isolation required needs it. Grade where "
            "unprivileged namespaces are allowed, or use --isolation auto."
        )
    return (
        f"This computer does not allow the isolation {wanted!r}; `workshop doctor` says what it "
        f"allows. The levels are {', '.join(LEVELS)}."
    )


def _succeeds(probe):
    """Try a probe in a child, because entering a level cannot be taken back."""
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(Exception):
            probe()
            status = 0
        os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def _probe_namespaces():
    enter_namespaces()
    inner = fork("namespaces")
    if inner == 0:
        status = 1
        with contextlib.suppress(Exception):
            enter_child("namespaces", f"{SANDBOX}/work", memory_bytes=1 << 20)
            status = 0
        os._exit(status)
    if os.waitpid(inner, 0)[1]:
        raise OSError("a child cannot enter its own namespaces")


def _probe_landlock():
    _restrict_files(tempfile.gettempdir())


_PROBES = {"namespaces": _probe_namespaces, "landlock": _probe_landlock, "limits": lambda: None}


def enter_namespaces():
    """Leave the computer's files and processes for good; returns in a new process.

    What stays is a view of the libraries, read-only, and a small folder in memory, `SANDBOX`. The
    network goes with `enter_child`.
    """
    user, group = os.getuid(), os.getgid()
    _call("unshare", _NEW_USER | _NEW_MOUNTS | _NEW_PIDS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    # The new process namespace begins with the next child, so the work goes on there.
    first = os.fork()
    if first:
        os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        os._exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) & 0xFF)
    _call("prctl", _SET_DEATH_SIGNAL, 9, 0, 0, 0)
    _mount("none", "/", None, _RECURSIVE | _PRIVATE)
    _build_root()


def _build_root():
    """Make a folder in memory the root, with libraries and nothing else below it."""
    # Covered for this process only; any folder will do that exists and of which nothing is shown.
    root = "/sys"
    _mount("tmpfs", root, "tmpfs", _NO_SUID | _NO_DEVICES, "size=16m,mode=755")
    for path in readable_paths():
        _show(path, root)
    for name in _DEVICES:
        _show(f"/dev/{name}", root, read_only=False)
    for folder in ("proc", "tmp", "dev/shm", "old", SANDBOX):
        os.makedirs(f"{root}/{folder}", exist_ok=True)
    for name, target in (("fd", "/proc/self/fd"), ("stdout", "/proc/self/fd/1")):
        os.symlink(target, f"{root}/dev/{name}")
    _mount("proc", f"{root}/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_EXEC)
    _mount("tmpfs", root + SANDBOX, "tmpfs", _NO_SUID | _NO_DEVICES, "size=64m,mode=700")
    _call("pivot_root", root.encode(), f"{root}/old".encode())
    os.chdir("/")
    _call("umount2", b"/old", _DETACH)
    _mount("none", "/", None, _REMOUNT | _READ_ONLY | _NO_SUID | _NO_DEVICES)
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")


def readable_paths():
    """Return what Python and the library need, and no more: no course, no home folder.

    Returns
    -------
    list of str
        Existing paths; none lies below another one.
    """
    library = Path(__file__).resolve().parents[1]
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    paths = {*_SYSTEM, sys.prefix, sys.base_prefix, str(library), str(caches / "matplotlib")}
    # A folder of another name on the path may be somebody's course.
    paths |= {path for path in sys.path if Path(path).name in _PACKAGES}
    if library.parent.name not in _PACKAGES:
        paths |= {str(library.parent / "datasets")}
    found = []
    for path in sorted(filter(os.path.exists, paths)):
        if not any(path.startswith(f"{parent}/") for parent in found):
            found.append(path)
    return found


def _show(path, root, *, read_only=True):
    """Show a path of the computer at the same place below the new root."""
    place = root + path
    os.makedirs(os.path.dirname(place), exist_ok=True)
    if os.path.islink(path):
        os.symlink(os.readlink(path), place)
        return
    if os.path.isdir(path):
        os.makedirs(place, exist_ok=True)
    else:
        Path(place).touch()
    _mount(path, place, None, _BIND | _RECURSIVE)
    if read_only:
        attributes = struct.pack("QQQQ", _READ_ONLY | _NO_SUID | _NO_DEVICES, 0, 0, 0)
        _syscall(_MOUNT_SETATTR, -100, place.encode(), _AT_RECURSIVE, attributes, len(attributes))


def fork(level):
    """Fork; at the level ``namespaces`` the child is the first process of a namespace of its own.

    Returns
    -------
    int
        As `os.fork`.
    """
    if level != "namespaces":
        return os.fork()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    pid = -1
    try:
        _call("unshare", _NEW_PIDS)
        pid = os.fork()
        return pid
    finally:
        if pid:  # also after a fork that failed: the next child can have a namespace, too
            _call("setns", own, _NEW_PIDS)
        os.close(own)


def enter_child(level, folder, *, memory_bytes):
    """Isolate a child that runs a student's code, or checks of it, from everything else.

    Parameters
    ----------
    level : str
        A level which the parent has entered, or found available.
    folder : str
        The folder in which the child may write.
    memory_bytes : int
        Limit of the files that it may hold in memory.
    """
    if level == "namespaces":
        _call("unshare", _NEW_MOUNTS | _NEW_NETWORK | _NEW_IPC | _NEW_HOSTNAME)
        size = f"size={memory_bytes},nr_inodes=50k,mode=700"
        _mount("tmpfs", SANDBOX, "tmpfs", _NO_SUID | _NO_DEVICES, size)
        for place in ("/tmp", "/dev/shm"):
            if not os.listdir(place):  # Python itself may be installed below /tmp
                inside = f"{SANDBOX}/.{os.path.basename(place)}"
                os.mkdir(inside)
                _mount(inside, place, None, _BIND)
        _mount("proc", "/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_EXEC)
        _call("sethostname", b"student", 7)
        _start_loopback()
        # A fork bomb ends here, also for a user whom the limit of processes does not bind.
        with contextlib.suppress(OSError):
            Path("/proc/sys/kernel/pid_max").write_text("400")
        os.makedirs(folder, exist_ok=True)
    elif level == "landlock":
        _restrict_files(folder)
    _drop_privileges()
    with contextlib.suppress(OSError, KeyError):
        _refuse_system_calls()


def _start_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh22x", b"lo", _UP_AND_RUNNING))


def _drop_privileges():
    _call("prctl", _SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    for capability in range(_LAST_CAPABILITY + 1):
        ctypes.CDLL(None).prctl(_DROP_BOUND, capability, 0, 0, 0)
    header = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    _call("capset", header, bytes(24))


def _refuse_system_calls():
    """Refuse memory and queues that no process need hold, and limits of other processes.

    As if the system did not know them: programs then use files or memory of their own.
    """
    kind, *numbers = _REFUSED[os.uname().machine]
    deny = len(numbers) + 4
    program = [(0x20, 0, 0, 4), (0x15, 0, deny + 2, kind), (0x20, 0, 0, 0)]
    program += [(0x15, deny - i, 0, number) for i, number in enumerate(numbers)]
    # Only where the first argument is 0, the process itself.
    program += [(0x15, 0, 2, _LIMITS_OF_A_PROCESS[os.uname().machine])]
    program += [(0x20, 0, 0, 16), (0x15, 1, 2, 0)]
    program += [(0x35, 1, 0, 1 << 30), (0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | 38)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    filter_ = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code))
    only_this, speculation_stays = 1, 4
    _syscall(_SECCOMP[os.uname().machine], only_this, speculation_stays, filter_)


def _restrict_files(folder):
    """Allow reading libraries and using one folder, with Landlock (Linux 5.13)."""
    version = _syscall(_LANDLOCK_CREATE, None, 0, 1)
    rights = (13, 14, 15, 15, 16)[min(version, 5) - 1]
    files = (1 << rights) - 1
    network, scopes = 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0
    attributes = struct.pack("QQQ", files, network, scopes)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = _syscall(_LANDLOCK_CREATE, attributes, size, 0)
    read_and_run = 0b1101  # execute, read files, read folders
    for path in (*readable_paths(), "/proc", "/dev"):
        _allow(rules, path, read_and_run if os.path.isdir(path) else 0b101)
    for name in _DEVICES:
        _allow(rules, f"/dev/{name}", 0b110)
    _allow(rules, folder, files)
    _call("prctl", _SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def _allow(rules, path, rights):
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _syscall(_LANDLOCK_ADD, rules, 1, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _mount(source, target, kind, flags, options=None):
    kind, options = (text and text.encode() for text in (kind, options))
    _call("mount", source.encode(), target.encode(), kind, flags, options)


def _call(name, *arguments):
    """Call a function of the C library; raise OSError when it fails."""
    library = ctypes.CDLL(None, use_errno=True)
    return _checked(name, getattr(library, name)(*arguments))


def _syscall(number, *arguments):
    library = ctypes.CDLL(None, use_errno=True)
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(f"system call {number}", library.syscall(ctypes.c_long(number), *converted))


def _checked(name, result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
