"""Read the files of a submission, as they are; nothing that a student wrote is run here."""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

_QUIET = {".ipynb_checkpoints", "__pycache__", ".DS_Store", "Thumbs.db", ".git"}
_IMPORTABLE = (".py", ".pyc", ".pyi", ".so", ".pyd", ".dll", ".dylib", ".pth", ".egg", ".whl")


_MOST_REMARKS = 20


@dataclass(frozen=True)
class SizeLimits:
    """How much of a submission is read.

    Attributes
    ----------
    file_bytes, total_bytes : int
        Bytes of one file, and of all files.
    files : int
        Number of files.
    """

    file_bytes: int = 25_000_000
    total_bytes: int = 100_000_000
    files: int = 1_000


@dataclass(frozen=True)
class Submission:
    """What was read from a submission's folder.

    Attributes
    ----------
    files : dict of str to bytes
        Contents by path relative to the folder, with ``/`` between folders.
    remarks : tuple of str
        What was left out.
    problem : str or None
        What somebody should look at.
    """

    files: dict
    remarks: tuple = ()
    problem: str | None = None


class _LeftOutError(Exception):
    """A file is left out; the text says why."""


def read_submission(folder, limits=None, *, ignore=(), allowed=()):
    """Read the files of a submission: regular files only, no links, no code files.

    Parameters
    ----------
    folder : path-like
        A student's folder of one unit.
    limits : SizeLimits, optional
    ignore : iterable of str
        Patterns of names that the course leaves out.
    allowed : iterable of str
        Paths of code files that students may hand in.

    Returns
    -------
    Submission
        With a problem instead of an exception, whatever is in the folder.
    """
    limits = limits or SizeLimits()
    reading = _Reading(limits, set(allowed))
    try:
        if os.path.islink(folder):
            raise OSError(0, "it is a link")
        for path, name in _walk(Path(folder), tuple(ignore), reading):
            reading.take(path, name)
    except OSError as error:
        reading.problems.append(f"The folder cannot be read ({error.strerror}).")
    if not any(name.endswith(".ipynb") for name in reading.files) and not reading.problems:
        reading.problems.append("There is no notebook in the submission.")
    problem = " ".join(bounded(reading.problems)) or None
    return Submission(reading.files, tuple(bounded(reading.remarks)), problem)


def _walk(folder, ignore, reading):
    """Find the files below a folder, without following links."""
    for place, folders, names in os.walk(folder, onerror=_raise):
        for name in [n for n in folders if _is_left_out(n, ignore)]:
            folders.remove(name)
        for name in [n for n in folders if os.path.islink(os.path.join(place, n))]:
            folders.remove(name)
            reading.remarks.append(f"{shown(name)} is a link to a folder and was left out.")
        folders.sort()
        for name in sorted(n for n in names if not _is_left_out(n, ignore)):
            path = os.path.join(place, name)
            yield path, os.path.relpath(path, folder).replace(os.sep, "/")


def _raise(error):
    raise error


def _is_left_out(name, ignore):
    from fnmatch import fnmatch

    return name in _QUIET or any(fnmatch(name, pattern) for pattern in ignore)


class _Reading:
    """The files read so far, and what was said about the others."""

    def __init__(self, limits, allowed):
        self.limits = limits
        self.allowed = allowed
        self.files = {}
        self.remarks = []
        self.problems = []
        self.total = 0

    def take(self, path, name):
        reason = self._reason_against(path, name)
        if reason is None:
            try:
                content = _read_regular(path, self.limits.file_bytes)
            except _LeftOutError as error:
                reason = str(error)
            except OSError as error:
                reason = f"cannot be read ({error.strerror})"
        if reason is not None:
            said = self.problems if name.endswith(".ipynb") else self.remarks
            said.append(f"{shown(name)} {reason} and was left out.")
            return
        self.total += len(content)
        self.files[name] = content

    def _reason_against(self, path, name):
        try:
            name.encode()
        except UnicodeEncodeError:
            return "has a name that is not UTF-8"
        if len(self.files) >= self.limits.files:
            return f"is beyond the first {self.limits.files} files"
        if name not in self.allowed and is_importable(name):
            return "could take the place of a module"
        size = os.lstat(path).st_size
        if size > self.limits.file_bytes:
            return (
                f"has {size / 1e6:.0f} MB, more than the {self.limits.file_bytes / 1e6:.0f} MB "
                "that are read"
            )
        if self.total + size > self.limits.total_bytes:
            return f"is beyond the {self.limits.total_bytes / 1e6:.0f} MB that are read"
        return None


def is_importable(name):
    """Say whether a file could change what ``import`` finds or how a library starts.

    Examples
    --------
    >>> is_importable("helpers/numpy.py"), is_importable("prices.csv")
    (True, False)
    """
    base = name.rsplit("/", 1)[-1]
    return base.lower().endswith(_IMPORTABLE) or base.startswith((".", "matplotlibrc"))


def _read_regular(path, most):
    """Read a regular file that is no link; never wait for a pipe."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise _LeftOutError("is a link or not an ordinary file")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _LeftOutError("is not an ordinary file")
        content = file.read(most + 1)
    if len(content) > most:
        raise _LeftOutError("grew while it was read")
    return content


def shown(text):
    r"""Return a student's text as it can be printed: no signs that move or turn what stands there.

    Examples
    --------
    >>> shown("notes.txt"), shown("\x1b[2J")
    ('notes.txt', '"\\u001b[2J"')
    """
    return json.dumps(text, ensure_ascii=True) if not text.isprintable() else text


def bounded(remarks):
    """Keep the first remarks, and say how many more there are."""
    more = len(remarks) - _MOST_REMARKS
    if more <= 0:
        return remarks
    return [*remarks[:_MOST_REMARKS], f"{more} more files were left out, or not graded."]
