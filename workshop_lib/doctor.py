"""What can go wrong on a learner's computer, found before it does."""

import dataclasses
import importlib.metadata
import subprocess
import sys
import tempfile
from pathlib import Path

from workshop_lib import lab
from workshop_lib.errors import WorkshopError

SUPPORTED_PYTHON = ((3, 11), (3, 13))
_NEEDED_MEMORY_GB = 2.0
_INSTALL = 'pip install -c constraints.txt -e ".[course]"'
_ASK_FOR_ISOLATION = "from workshop_lib.grading import isolation; print(isolation.available())"


@dataclasses.dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, whether it is well, and what to do."""

    subject: str
    ok: bool
    text: str


def examine(root, port=8888):
    """Look at everything the course needs from this computer.

    Parameters
    ----------
    root : path-like
        The folder of the course.
    port : int
        The port that JupyterLab would use.

    Returns
    -------
    list of Finding
        One for each subject, in a fixed order.
    """
    root = Path(root)
    return [
        _python(),
        _packages(root / "constraints.txt"),
        _memory(),
        _write_access(root),
        _port(port),
        _isolation(),
    ]


def _python():
    version = ".".join(map(str, sys.version_info[:3]))
    lowest, highest = (".".join(map(str, bound)) for bound in SUPPORTED_PYTHON)
    if SUPPORTED_PYTHON[0] <= sys.version_info[:2] <= SUPPORTED_PYTHON[1]:
        return Finding("Python", True, f"{version} in {sys.prefix}")
    return Finding(
        "Python", False, f"{version}; the course needs {lowest} to {highest}: install one of these."
    )


def read_pins(path):
    """Return the pinned version of each package in a constraints file.

    Parameters
    ----------
    path : path-like
        Lines ``name==version``, with comments and markers.

    Returns
    -------
    dict of str to str
        Normalised package name to version, for pins that apply to this platform.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pins = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate():
            (specifier,) = requirement.specifier
            pins[canonicalize_name(requirement.name)] = specifier.version
    return pins


def closure(extras=()):
    """Return the packages that the installed project needs, directly or through others.

    Parameters
    ----------
    extras : iterable of str
        Extras of the project, for example ``("course",)``.

    Returns
    -------
    dict of str to (str or None)
        Normalised package name to installed version, None where the package is missing.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        If the project itself is not installed.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found = {}
    queue = [("workshop-lib", extra) for extra in ("", *extras)]
    seen = set(queue)
    while queue:
        name, extra = queue.pop()
        for text in importlib.metadata.requires(name) or ():
            requirement = Requirement(text)
            if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
                continue
            needed = canonicalize_name(requirement.name)
            found[needed] = _installed_version(needed)
            following = {(needed, wanted) for wanted in ("", *requirement.extras)} - seen
            if found[needed] is not None:
                seen |= following
                queue.extend(sorted(following))
    return found


def _installed_version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _packages(constraints):
    if not constraints.is_file():
        return Finding("Packages", False, f"{constraints} is missing; get the course again.")
    try:
        needed = closure(["course"])
    except importlib.metadata.PackageNotFoundError:
        return Finding("Packages", False, f"the course is not installed here; run {_INSTALL}")
    pins = read_pins(constraints)
    missing = sorted(name for name, version in needed.items() if version is None)
    other = sorted(
        f"{name} {version} (tested: {pins[name]})"
        for name, version in needed.items()
        # A build label such as +cpu is the same release.
        if version and name in pins and version.partition("+")[0] != pins[name]
    )
    if missing or other:
        parts = ["missing: " + ", ".join(missing)] if missing else []
        parts += ["other versions: " + ", ".join(other)] if other else []
        return Finding("Packages", False, f"{'; '.join(parts)}. Run {_INSTALL}")
    return Finding("Packages", True, f"{len(needed)} packages as tested")


def _memory():
    import psutil

    free = psutil.virtual_memory().available / 1e9
    text = f"{free:.1f} GB free"
    if free < _NEEDED_MEMORY_GB:
        text += f"; a notebook may need {_NEEDED_MEMORY_GB:g} GB: close other programs."
    return Finding("Memory", free >= _NEEDED_MEMORY_GB, text)


def _write_access(root):
    folder = root / "work" if (root / "work").is_dir() else root
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        text = f"{folder} ({error.strerror}): copy the course to a folder of your own."
        return Finding("Write access", False, text)
    return Finding("Write access", True, str(folder))


def _port(port):
    try:
        lab.require_free_port(port)
    except WorkshopError as error:
        return Finding("Port", False, str(error))
    return Finding("Port", True, f"{port} is free")


def _isolation():
    """Say how a class would be graded here. Learners need none of it, so it is never a fault."""
    if sys.platform != "linux":
        return Finding("Isolation", True, "a class is graded on Linux; learners need nothing else")
    command = [sys.executable, "-c", _ASK_FOR_ISOLATION]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    level = done.stdout.strip() or "none"
    return Finding("Isolation", True, f"{level} (used only when a class is graded)")
