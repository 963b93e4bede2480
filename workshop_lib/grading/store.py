"""The records of graded submissions: what a second run need not do again.

A record is first *pending*: graded, but not yet in the gradebook. When the gradebook has it, it is
*done*, and its notebooks are left out, because the autograded folder has them. Every file is
written in one step, so a run that is killed loses at most what was running.
"""

import contextlib
import hashlib
import json
from pathlib import Path

from workshop_lib.cells import write_bytes

_LONGEST_NAME = 200


class Store:
    """The records of one unit.

    Parameters
    ----------
    folder : path-like
        Made when the first record is written.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def keep(self, student, record):
        """Keep a record that the gradebook does not have yet."""
        _write(self._pending(student), {**record, "student": student})

    def finish(self, student, record):
        """Note that the gradebook has the record.

        Parameters
        ----------
        student : str
        record : dict
            As `task.grade` makes it.

        Returns
        -------
        dict
            The record without its notebooks.
        """
        short = without_notebooks({**record, "student": student})
        _write(self._done(student), short)
        self._pending(student).unlink(missing_ok=True)
        return short

    def pending(self, student):
        """Return the record that the gradebook does not have yet, or None."""
        return _read(self._pending(student))

    def done(self, student):
        """Return the record that the gradebook has, or None."""
        return _read(self._done(student))

    def all_done(self):
        """Return every record that the gradebook has, sorted by student.

        Returns
        -------
        list of dict
        """
        records = map(_read, self.folder.glob("*.json"))
        return sorted(filter(None, records), key=lambda record: record["student"])

    def _done(self, student):
        return self.folder / f"{_file_name(student)}.json"

    def _pending(self, student):
        return self.folder / "pending" / f"{_file_name(student)}.json"


def without_notebooks(record):
    """Leave the notebooks out of a record.

    Examples
    --------
    >>> without_notebooks({"notebooks": {"a": {"notebook": {}, "grades": {}}}})
    {'notebooks': {'a': {'grades': {}}}}
    """
    parts = {
        name: {key: value for key, value in part.items() if key != "notebook"}
        for name, part in record["notebooks"].items()
    }
    return {**record, "notebooks": parts}


def _file_name(student):
    """Name a student's file, also where the name of the student is very long."""
    if len(student.encode()) <= _LONGEST_NAME:
        return student
    return f"{student[:20]}-{hashlib.sha256(student.encode()).hexdigest()}"


def _write(path, record):
    write_bytes(path, json.dumps(record, ensure_ascii=False).encode("utf-8", "replace"))


def _read(path):
    """Read a record; a missing or damaged one is none."""
    with contextlib.suppress(OSError, ValueError):
        record = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(record, dict) and isinstance(record.get("notebooks"), dict):
            return record
    return None
