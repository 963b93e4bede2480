"""Where the shipped data files are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def dataset_path(*parts: str) -> Path:
    """Return the path of a shipped file or folder.

    Parameters
    ----------
    *parts : str
        Path below the folder ``datasets``, one argument per level.

    Returns
    -------
    pathlib.Path
        An existing file or folder. Treat it as read-only.

    Raises
    ------
    FileNotFoundError
        If nothing of that name is shipped.

    Examples
    --------
    >>> dataset_path("credit_2024.csv").name
    'credit_2024.csv'
    """
    # An installed wheel has the folder inside the package, a source checkout beside it. The inside
    # comes first: beside an installed package, `datasets` may be somebody else's package.
    inside = _PACKAGE / "datasets"
    root = inside if inside.is_dir() else _PACKAGE.parent / "datasets"
    path = root.joinpath(*parts)
    if not path.exists():
        shipped = sorted(entry.name for entry in root.glob("*")) if root.is_dir() else []
        raise FileNotFoundError(
            f"No shipped data set {'/'.join(parts)!r} in {root}. "
            f"Available: {', '.join(shipped) or 'nothing; install workshop-lib again'}."
        )
    return path
