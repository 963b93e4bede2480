"""The one writer of nbgrader's gradebook and of its ``autograded`` folder.

The rows of a submission are written in one transaction, through one connection that stays open for
the whole run. What the rows say is what ``nbgrader autograde`` would say, with the differences that
docs/for_instructors.md lists.
"""

import contextlib
import json
import math
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from workshop_lib.errors import WorkshopError
from workshop_lib.grading.task import other_files

_BUSY_SECONDS = 30
_NO_RESPONSE = "No response."
_WILL_WRITE = "workshop_will_write"


@dataclass
class _Notebook:
    """What the gradebook knows of a notebook; cells by their grade id."""

    id: str
    grade_cells: dict = field(default_factory=dict)
    tasks: dict = field(default_factory=dict)
    solutions: dict = field(default_factory=dict)
    stubs: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Total:
    """What the gradebook says of a submission.

    Attributes
    ----------
    points, max_points, penalty : float
        Points without the penalty, points that can be reached, penalty for being late.
    needs_manual : bool
        Whether somebody has to grade a part of it.

    Examples
    --------
    >>> Total(points=5.0, max_points=8.0, penalty=2.0, needs_manual=False).score
    3.0
    >>> Total(points=1.0, max_points=8.0, penalty=2.0, needs_manual=False).score
    0.0
    """

    points: float
    max_points: float
    penalty: float
    needs_manual: bool

    @property
    def score(self):
        """Points after the penalty, never below 0."""
        return max(0.0, self.points - self.penalty)


@contextlib.contextmanager
def open_gradebook(course):
    """Open the gradebook of a course for one run.

    Parameters
    ----------
    course : Course

    Yields
    ------
    Session

    Raises
    ------
    WorkshopError
        When it is not there, cannot be reached, or belongs to another version of nbgrader.
    """
    from nbgrader.api import Gradebook

    url = course.coursedir.db_url
    _require_file(url)
    with _explained(url):
        try:
            gradebook = Gradebook(url, course.coursedir.course_id)
        except ModuleNotFoundError as error:
            raise WorkshopError(
                f"The gradebook {_hidden(url)} needs the package {error.name}; install it first."
            ) from error
        except (SQLAlchemyError, ValueError) as error:
            raise _unreachable(url, error) from error
    _make_patient(gradebook.engine)
    try:
        yield Session(course, gradebook)
    finally:
        gradebook.close()


def _require_file(url):
    path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if path is not None and not path.is_file():
        raise WorkshopError(
            f"There is no gradebook {path}. `nbgrader generate_assignment UNIT` makes it."
        )


def _make_patient(engine):
    """Let SQLite wait for other writers, and let readers go on meanwhile."""
    if engine.dialect.name != "sqlite":
        return

    def connected(connection, _):
        # The driver would begin a transaction too late, after the first reading.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        with contextlib.suppress(Exception):  # some network file systems have no shared memory
            connection.execute("PRAGMA journal_mode = WAL")

    event.listen(engine, "connect", connected)

    def begins(connection):
        # Who reads first and then writes must lock before, or another writer comes between.
        kind = " IMMEDIATE" if connection.get_execution_options().get(_WILL_WRITE) else ""
        connection.exec_driver_sql(f"BEGIN{kind}")

    event.listen(engine, "begin", begins)
    engine.dispose()


@contextlib.contextmanager
def _explained(url):
    """Turn an error of the database into one sentence."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _unreachable(url, error) from error


def _unreachable(url, error):
    reason = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    if "no such column" in reason or "UndefinedColumn" in reason:
        return WorkshopError(
            "The gradebook belongs to another version of nbgrader. Make a copy of it, then run "
            f"`nbgrader db upgrade` ({reason})."
        )
    return WorkshopError(
        f"The gradebook {_hidden(url)} cannot be used ({reason}). What is graded is kept; run the "
        "same command again when it can be reached."
    )


def _hidden(url):
    """Return a URL without its password."""
    with contextlib.suppress(Exception):
        return make_url(url).render_as_string(hide_password=True)
    return "(unreadable address)"


@contextlib.contextmanager
def unit_lock(folder, unit):
    """Keep a second run away from a unit while this one works on it.

    Parameters
    ----------
    folder : path-like
        The folder of the unit's records.
    unit : str

    Raises
    ------
    WorkshopError
        When another run has the lock. The system takes a lock back from a process that ends.
    """
    from workshop_lib.cells import writing

    path = Path(folder) / ".lock"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    with file:
        try:
            _lock(file)
        except OSError:
            raise _busy(unit) from None
        yield


def _busy(unit):
    return WorkshopError(
        f"Another run grades {unit} at this moment. Wait until it has ended, then run the same "
        "command again: it goes on with what is left."
    )


def _lock(file):
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Session:
    """An open gradebook.

    Parameters
    ----------
    course : Course
    gradebook : nbgrader.api.Gradebook
    """

    def __init__(self, course, gradebook):
        from nbgrader import api
        from nbgrader.converters import Autograde

        self.course = course
        self.gradebook = gradebook
        self._api = api
        self._units = {}
        autograde = course.made(Autograde)
        self._creates_students = autograde.create_student
        self._permissions = int(str(autograde.permissions), 8)
        steps = {getattr(step, "__name__", step) for step in autograde.autograde_preprocessors}
        self._plugin = self._late_plugin() if "AssignLatePenalties" in steps else None

    def _late_plugin(self):
        from nbgrader.preprocessors import AssignLatePenalties

        step = self.course.made(AssignLatePenalties)
        if not step.enabled:
            return None
        step.init_plugin()
        return step.plugin_inst

    def _table(self, name):
        return getattr(self._api, name).__table__

    def _unit(self, unit):
        """Read once what the gradebook knows of a unit."""
        if unit not in self._units:
            from workshop_lib.grading.course import find_unit

            assignment = find_unit(self.gradebook, unit)
            books = {book.name: self._notebook(book) for book in assignment.notebooks}
            self._units[unit] = (assignment.id, books)
            self.gradebook.db.remove()
        return self._units[unit]

    @staticmethod
    def _notebook(book):
        return _Notebook(
            id=book.id,
            grade_cells={cell.name: (cell.id, cell.max_score) for cell in book.grade_cells},
            tasks={cell.name: (cell.id, cell.max_score) for cell in book.task_cells},
            solutions={cell.name: cell.id for cell in book.solution_cells},
            stubs={cell.name: cell.source for cell in book.source_cells},
        )

    def totals(self, unit):
        """Return what the gradebook says of every submission of a unit.

        Parameters
        ----------
        unit : str

        Returns
        -------
        dict of str to Total
        """
        unit_id, _ = self._unit(unit)
        submission, notebook = self._table("SubmittedAssignment"), self._table("SubmittedNotebook")
        late = (
            select(submission.c.student_id, notebook.c.late_submission_penalty)
            .join(notebook, notebook.c.assignment_id == submission.c.id)
            .where(submission.c.assignment_id == unit_id)
        )
        points, manual, penalty = {}, {}, {}
        with self._reading() as db:
            for row in db.execute(self._grades(unit_id)):
                points[row.student_id] = points.get(row.student_id, 0.0) + _score(row)
                manual[row.student_id] = manual.get(row.student_id, False) or row.needs_manual_grade
            for row in db.execute(late):
                own = row.late_submission_penalty or 0.0
                penalty[row.student_id] = penalty.get(row.student_id, 0.0) + own
        most = sum(self.max_points(unit).values())
        return {s: Total(points[s], most, penalty.get(s, 0.0), manual[s]) for s in points}

    def _grades(self, unit_id):
        submission, notebook = self._table("SubmittedAssignment"), self._table("SubmittedNotebook")
        grade = self._table("Grade")
        return (
            select(submission.c.student_id, grade)
            .join(notebook, notebook.c.assignment_id == submission.c.id)
            .join(grade, grade.c.notebook_id == notebook.c.id)
            .where(submission.c.assignment_id == unit_id)
        )

    def items(self, unit):
        """Return the points of every graded cell of every submission.

        Parameters
        ----------
        unit : str

        Returns
        -------
        dict
            ``{student: {(notebook, grade id): points}}``, as people see them: points that a
            person gave stand before those of the grader.
        """
        unit_id, books = self._unit(unit)
        names = {
            cell_id: (name, grade_id)
            for name, book in books.items()
            for grade_id, (cell_id, _) in (*book.grade_cells.items(), *book.tasks.items())
        }
        items = {}
        with self._reading() as db:
            for row in db.execute(self._grades(unit_id)):
                items.setdefault(row.student_id, {})[names[row.cell_id]] = _score(row)
        return items

    def max_points(self, unit):
        """Return the points that each graded cell can give, in the order of the notebooks' names.

        Returns
        -------
        dict
            ``{(notebook, grade id): points}``
        """
        _, books = self._unit(unit)
        return {
            (name, grade_id): most
            for name, book in sorted(books.items())
            for grade_id, (_, most) in (*book.grade_cells.items(), *book.tasks.items())
        }

    def people(self, unit):
        """Return who handed in, with name, address and time.

        Returns
        -------
        dict of str to dict
            ``first_name``, ``last_name``, ``email`` (may be empty), ``timestamp`` (or None).
        """
        unit_id, _ = self._unit(unit)
        student, submission = self._table("Student"), self._table("SubmittedAssignment")
        query = (
            select(student, submission.c.timestamp)
            .join(submission, submission.c.student_id == student.c.id)
            .where(submission.c.assignment_id == unit_id)
        )
        with self._reading() as db:
            rows = db.execute(query).all()
        return {
            row.id: {
                "first_name": row.first_name or "",
                "last_name": row.last_name or "",
                "email": row.email or "",
                "timestamp": row.timestamp,
            }
            for row in rows
        }

    @contextlib.contextmanager
    def _reading(self):
        with _explained(self.course.coursedir.db_url), self.gradebook.engine.connect() as db:
            yield db

    @contextlib.contextmanager
    def _writing(self):
        engine = self.gradebook.engine.execution_options(**{_WILL_WRITE: True})
        with _explained(self.course.coursedir.db_url), engine.begin() as db:
            yield db

    @contextlib.contextmanager
    def lock(self, unit):
        """Keep runs on other computers away from a unit, where the database can do that.

        Raises
        ------
        WorkshopError
            When another run has the lock.
        """
        if self.gradebook.engine.dialect.name != "postgresql":
            yield
            return
        with self._reading() as db:
            locked = text("SELECT pg_try_advisory_lock(hashtext(:name))")
            if not db.execute(locked, {"name": f"workshop {unit}"}).scalar():
                raise _busy(unit)
            db.commit()  # the lock stays as long as the connection
            yield


def save(session, course, unit, student, record, *, package, files, timestamp=None):
    """Write a graded submission: its ``autograded`` folder and its rows.

    Parameters
    ----------
    session : Session
    course : Course
    unit, student : str
    record : dict
        As `task.grade` makes it.
    package : dict
        As `course.package` makes it.
    files : dict of str to bytes
        The submission.
    timestamp : datetime.datetime, optional
        When it was handed in, in UTC.

    Raises
    ------
    WorkshopError
        When the gradebook or the folder cannot be written. The rows of the submission are then as
        they were before, or complete; a repetition does no harm.
    """
    target = course.folder("autograded", student, unit)
    with _new_folder(target) as folder:
        _write_files(folder, record, other_files(package, files), session._permissions)
        with session._writing() as db:
            _Rows(session, db, unit, student).write(record, timestamp)


def update_penalty(session, unit, student, timestamp=None):
    """Compute the penalty for being late again, for example after an extension.

    Parameters
    ----------
    session : Session
    unit, student : str
    timestamp : datetime.datetime, optional
    """
    with session._writing() as db:
        rows = _Rows(session, db, unit, student)
        rows.find_submission(timestamp)
        rows.write_penalties()


# ------------------------------------------------------------------------------------------- files


@contextlib.contextmanager
def _new_folder(target):
    """Make a folder beside its place, and put it there when all went well."""
    new = target.with_name(f".{target.name[:100]}.new")
    old = target.with_name(f".{target.name[:100]}.old")
    try:
        _put_back(old, target)
        for left in (new, old):
            _remove(left)
        new.mkdir(parents=True)
        yield new
        if target.exists():
            os.rename(target, old)
        os.rename(new, target)
    except OSError as error:
        raise WorkshopError(
            f"{target} cannot be written ({error.strerror}). What is graded is kept; run the same "
            "command again when there is room and you may write there."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            _put_back(old, target)
            for left in (new, old):
                _remove(left)


def _put_back(old, target):
    """Put an earlier folder back into its place where no new one has taken it."""
    if old.is_dir() and not target.exists():
        os.rename(old, target)


def _remove(folder):
    if folder.is_dir():
        shutil.rmtree(folder)


def _write_files(folder, record, files, permissions):
    contents = {
        f"{name}.ipynb": _as_text(part["notebook"]) for name, part in record["notebooks"].items()
    }
    for path, content in {**files, **contents}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(permissions)


def _as_text(notebook):
    """Write a notebook as nbformat does, with a list of lines for each text."""
    cells = [_with_lines(cell) for cell in notebook["cells"]]
    text = json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode("utf-8", "replace")


def _with_lines(cell):
    new = {**cell, "source": cell["source"].splitlines(True)}
    if "outputs" in cell:
        new["outputs"] = [
            {**output, "text": output["text"].splitlines(True)} if "text" in output else output
            for output in cell["outputs"]
        ]
    return new


# -------------------------------------------------------------------------------------------- rows


def points_of(grade, most):
    """Return the points of a graded cell, whatever the grader says.

    Parameters
    ----------
    grade : dict or None
        With ``points`` and ``flags``.
    most : float
        Points that can be reached.

    Returns
    -------
    float
        Between 0 and `most`; 0 for what is flagged, missing, negative, above the maximum or no
        number.

    Examples
    --------
    >>> points_of({"points": 1.5, "flags": []}, 2.0), points_of({"points": 3, "flags": []}, 2.0)
    (1.5, 0.0)
    """
    points = (grade or {}).get("points")
    if type(points) not in (int, float) or not math.isfinite(points) or grade.get("flags"):
        return 0.0
    return float(points) if 0 <= points <= most else 0.0


def _score(row):
    """Return the score of a grade, as the gradebook computes it."""
    if row.manual_score is not None:
        return row.manual_score + (row.extra_credit or 0.0)
    return (row.auto_score + (row.extra_credit or 0.0)) if row.auto_score is not None else 0.0


class _Rows:
    """The rows of one submission, inside one transaction."""

    def __init__(self, session, db, unit, student):
        self._session = session
        self._db = db
        self._table = session._table
        self._unit_id, self.books = session._unit(unit)
        self._student = student
        self._submission = None
        self._own_ids = {}

    def write(self, record, timestamp):
        self._find_student()
        self.find_submission(timestamp)
        for name, book in self.books.items():
            part = record["notebooks"].get(name)
            self._write_notebook(book, part)
        self.write_penalties()

    def _find_student(self):
        table = self._table("Student")
        if self._db.execute(select(table.c.id).where(table.c.id == self._student)).first():
            return
        if not self._session._creates_students:
            raise WorkshopError(
                f"No student {self._student!r} is in the gradebook, and nbgrader_config.py forbids "
                f"to add one. Add the student with `nbgrader db student add {self._student}`."
            )
        self._db.execute(insert(table).values(id=self._student))

    def find_submission(self, timestamp):
        """Find or make the rows that every submission has, as nbgrader makes them."""
        table = self._table("SubmittedAssignment")
        mine = (table.c.assignment_id == self._unit_id) & (table.c.student_id == self._student)
        found = self._db.execute(select(table).where(mine)).first()
        if found is None:
            new = self._session._api.new_uuid()
            values = {"assignment_id": self._unit_id, "student_id": self._student}
            self._db.execute(insert(table).values(id=new, timestamp=timestamp, **values))
        elif timestamp is not None and timestamp != found.timestamp:
            self._db.execute(update(table).where(mine).values(timestamp=timestamp))
        self._submission = self._db.execute(select(table).where(mine)).first()
        self._find_notebooks()

    def _find_notebooks(self):
        table = self._table("SubmittedNotebook")
        mine = select(table).where(table.c.assignment_id == self._submission.id)
        self._own_ids = {row.notebook_id: row.id for row in self._db.execute(mine)}
        for book in self.books.values():
            if book.id not in self._own_ids:
                new = self._session._api.new_uuid()
                values = {"id": new, "assignment_id": self._submission.id, "flagged": False}
                self._db.execute(insert(table).values(notebook_id=book.id, **values))
                self._own_ids[book.id] = new

    def _write_notebook(self, book, part):
        cells = {} if part is None else _graded_cells(part["notebook"])
        grades = [
            (cell, self._grade_values(book, name, most, part, cells))
            for name, (cell, most) in book.grade_cells.items()
        ]
        grades += [(cell, _task_values(part)) for cell, _ in book.tasks.values()]
        self._write("Grade", book, grades)
        comments = [
            (cell, _comment_values(book, name, part, cells))
            for name, cell in book.solutions.items()
        ]
        comments += [(cell, lambda old: {}) for cell, _ in book.tasks.values()]
        self._write("Comment", book, comments)

    @staticmethod
    def _grade_values(book, name, most, part, cells):
        """Return a function from the old row to the new values, with nbgrader's rules."""
        if part is None:
            return lambda old: {"auto_score": 0.0, "needs_manual_grade": False}
        grade = part["grades"].get(name)
        flagged = bool((grade or {}).get("flags"))
        if name in book.solutions and not flagged:
            unchanged = cells[name]["source"] == book.stubs[name] if name in cells else True
            points = 0.0 if unchanged else None
        else:
            points = points_of(grade, most)
        return lambda old: {
            "auto_score": points,
            "needs_manual_grade": flagged or points is None or _by_hand(old),
        }

    def _write(self, table_name, book, wanted):
        """Insert the rows that are missing, and update those that differ."""
        table, own_id = self._table(table_name), self._own_ids[book.id]
        rows = self._db.execute(select(table).where(table.c.notebook_id == own_id))
        found = {row.cell_id: row for row in rows}
        news, changes = [], {}
        for cell_id, values_for in wanted:
            old = found.get(cell_id)
            values = values_for(old)
            if old is None:
                key = {
                    "id": self._session._api.new_uuid(),
                    "cell_id": cell_id,
                    "notebook_id": own_id,
                }
                news.append({**key, **values})
            elif any(getattr(old, name) != value for name, value in values.items()):
                changes.setdefault(tuple(values), []).append({"row": old.id, **values})
        for new in news:
            self._db.execute(insert(table).values(**new))
        for names, rows in changes.items():
            statement = update(table).where(table.c.id == bindparam("row"))
            self._db.execute(statement.values({name: bindparam(name) for name in names}), rows)

    def write_penalties(self):
        """Ask the course's plug-in for the penalty of each notebook, as nbgrader does."""
        if self._session._plugin is None:
            return
        grade, notebook = self._table("Grade"), self._table("SubmittedNotebook")
        late = self._seconds_late()
        for book in self.books.values():
            own_id = self._own_ids[book.id]
            rows = self._db.execute(select(grade).where(grade.c.notebook_id == own_id)).all()
            penalty = self._penalty(sum(map(_score, rows)), late) if late > 0 else None
            this = notebook.c.id == own_id
            self._db.execute(update(notebook).where(this).values(late_submission_penalty=penalty))

    def _seconds_late(self):
        table = self._table("Assignment")
        due = self._db.execute(select(table.c.duedate).where(table.c.id == self._unit_id)).scalar()
        handed = self._submission.timestamp
        if due is None or handed is None:
            return 0.0
        due += self._submission.extension or (due - due)
        return max(0.0, (handed - due).total_seconds())

    def _penalty(self, score, late):
        try:
            penalty = self._session._plugin.late_submission_penalty(self._student, score, late)
            return None if penalty is None else min(max(0.0, float(penalty)), score)
        except Exception as error:
            raise WorkshopError(
                f"The plug-in for late submissions failed for {self._student}: {error!r}."
            ) from error


def _graded_cells(notebook):
    cells = (
        (cell["metadata"].get("nbgrader", {}).get("grade_id"), cell) for cell in notebook["cells"]
    )
    return {grade_id: cell for grade_id, cell in cells if grade_id}


def _by_hand(old):
    return old is not None and old.manual_score is not None


def _task_values(part):
    """Return a function for the row of a task, which only people grade."""
    if part is None:
        return lambda old: {"auto_score": 0.0, "needs_manual_grade": False}

    def values(old):
        was_missing = old is not None and old.auto_score is not None and not _by_hand(old)
        if old is None or was_missing:
            return {"auto_score": None, "needs_manual_grade": True}
        return {}

    return values


def _comment_values(book, name, part, cells):
    if part is None:
        return lambda old: {}
    unchanged = name not in cells or cells[name]["source"] == book.stubs[name]
    return lambda old: {"auto_comment": _NO_RESPONSE if unchanged else None}
