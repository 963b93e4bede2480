"""Files that a check hands to a learner's function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TextFile:
    """Stands for a file among the arguments of a call: the function gets the text of its path.

    The file is written where the function runs, which may be another process in a sandbox of its
    own, and removed after the call.

    Attributes
    ----------
    name : str
        The last part of the path; folders before it are left out.
    text : str
        What is in the file, written as UTF-8.

    Examples
    --------
    >>> from workshop_lib.checks.calls import invoke
    >>> invoke(lambda path: open(path).read(), [TextFile("log.txt", "one line")], {}).value
    'one line'
    """

    name: str
    text: str

    def __repr__(self):
        return repr(self.name)
