"""Remember that everything was up to date, so that an unchanged course is not read again."""

import contextlib
import hashlib
from pathlib import Path

SEAL = Path(".cache") / "build"
_READ = ("syllabus.toml", "constraints.txt", "solutions/*/*.py")
_WRITTEN = ("README.md", "docs/*.md", "solutions/*/*.ipynb", "notebooks/*/*.ipynb")
_CODE = (Path(__file__).parent, Path(__file__).parents[1] / "checks")


def holds(root):
    """Tell whether nothing changed since the last build or check of the whole course."""
    try:
        return (Path(root) / SEAL).read_text() == _digest(root, _READ + _WRITTEN)
    except OSError:
        return False


def of_what_is_read(root):
    """Name the state of all that a build reads; see `keep`."""
    return _digest(root, _READ)


def keep(root, read):
    """Note the present state as up to date.

    Nothing is noted where nothing can be written, or where somebody changed a source during the
    build, after it was read.

    Parameters
    ----------
    root : path-like
    read : str
        What `of_what_is_read` gave before the build began.
    """
    if read != of_what_is_read(root):
        return
    path = Path(root) / SEAL
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        path.write_text(_digest(root, _READ + _WRITTEN))


def _digest(root, patterns):
    files = [path for pattern in patterns for path in Path(root).glob(pattern)]
    # The code that builds counts, too.
    files += [path for folder in _CODE for path in folder.glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
