"""Remember that everything was up to date, so that an unchanged course is not read again."""

import contextlib
import hashlib
from pathlib import Path

SEAL = Path(".cache") / "build"
# Everything that a build reads or writes, and the code that builds.
_PATTERNS = (
    "syllabus.toml",
    "constraints.txt",
    "README.md",
    "docs/*.md",
    "solutions/*/*.py",
    "solutions/*/*.ipynb",
    "notebooks/*/*.ipynb",
)
_CODE = (Path(__file__).parent, Path(__file__).parents[1] / "checks")


def holds(root):
    """Tell whether nothing changed since the last build or check of the whole course."""
    try:
        return (Path(root) / SEAL).read_text() == _digest(root)
    except OSError:
        return False


def keep(root):
    """Note the present state as up to date; where nothing can be written, nothing is noted."""
    path = Path(root) / SEAL
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        path.write_text(_digest(root))


def _digest(root):
    files = [path for pattern in _PATTERNS for path in Path(root).glob(pattern)]
    files += [path for folder in _CODE for path in folder.glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
