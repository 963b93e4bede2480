"""Run the notebooks of one submission: students' code isolated, checks out of its reach."""

import base64
import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass

from workshop_lib import cells
from workshop_lib.checks.calls import definitions
from workshop_lib.grading import points, zygote
from workshop_lib.grading.channel import Line
from workshop_lib.grading.outputs import clean
from workshop_lib.grading.replay import defined_classes
from workshop_lib.grading.submission import shown

_VERIFIER_FILE_BYTES = 1 << 30
_NO_GRADE = "the verifying process sent no grade"
_MOST_AT_A_TIME = 4
"""Processes that a verifier may have: for the notebook, a check beside it, and an untouched one."""
_MOST_CHARACTERS = 1 << 26
"""Of all that a verifier sends; its outputs are half of that at most."""
_SECRETS = ("WORKSHOP_SEEDS",)
"""Variables for checks only; a preloaded process has none of them, because its children read it."""


@dataclass(frozen=True)
class Limits:
    """What one notebook of a submission may use.

    Attributes
    ----------
    cell_seconds : float
        Computing time of a cell; waiting ends after four times as long.
    total_seconds : float
        Time of the whole notebook.
    memory_bytes : int
        Memory of the student's process with all that it starts, without what is shared.
    file_bytes : int
        Size of a file; of all files where they are kept in memory.
    processes : int
        Processes of the student at a time.
    """

    cell_seconds: float = 60.0
    total_seconds: float = 600.0
    memory_bytes: int = 2 << 30
    file_bytes: int = 256 << 20
    processes: int = 64

    @property
    def of_a_student(self):
        """What a process of the student may use."""
        return zygote.Limits(self.total_seconds, self.memory_bytes, self.file_bytes, self.processes)

    @property
    def of_the_verifier(self):
        """What the process that runs our checks may use."""
        seconds, memory_bytes = self.total_seconds + 60, 2 * self.memory_bytes
        return zygote.Limits(seconds, memory_bytes, _VERIFIER_FILE_BYTES, self.processes)


class DismissedError(Exception):
    """Nobody waits for this work any more."""


_engines, _lock = {}, threading.Lock()


def engine(modules, level, variables):
    """Return the preloaded process for these modules; this process keeps one of each kind."""
    key = (tuple(sorted(modules)), level, tuple(sorted(variables.items())))
    with _lock:
        if key in _engines and not _engines[key].alive():
            _engines.pop(key).close()
        if key not in _engines:
            _engines[key] = zygote.Zygote(modules, level=level, variables=variables)
        return _engines[key]


def close_engines():
    """End all preloaded processes of this process, and the work that other threads do with them."""
    with _lock:
        while _engines:
            process = _engines.popitem()[1]
            process.dismissed = True
            process.close()


def execute(package, notebooks, files, limits=None, isolation="auto"):
    """Run and grade the notebooks of one submission.

    Parameters
    ----------
    package : dict
        The unit: ``notebooks`` (the instructor's, without solutions, by name), ``modules`` to
        preload, ``environment`` (variables of the runs), ``files`` (ours, in base64 by path).
    notebooks : dict of str to dict
        The student's notebooks, rebuilt from those of the package, by name.
    files : dict of str to bytes
        Files that stand beside the notebooks.
    limits : Limits, optional
    isolation : str
        A level of `workshop_lib.grading.isolation`, ``"auto"`` or ``"none"``.

    Returns
    -------
    dict
        ``level``: the isolation in force. ``notebooks``: for each name ``outputs`` (by index of
        the cell), ``grades`` (by grade id: ``points``, ``label``, ``flags``, ``report``,
        ``problem``), ``problem`` (why the run ended early, or None), ``cpu_seconds``,
        ``wall_seconds``.
    """
    limits = limits or Limits()
    encoded = {name: base64.b64encode(content).decode() for name, content in files.items()}
    results = {}
    for name, notebook in notebooks.items():
        order = {
            "cells": code_cells(notebook, package["notebooks"].get(name, notebook)),
            "files": encoded,
            "our_files": package.get("files", {}),
            "cell_seconds": limits.cell_seconds,
            "secrets": {n: v for n, v in package.get("environment", {}).items() if n in _SECRETS},
        }
        level, results[name] = run_undisturbed(package, order, limits, isolation)
    return {"level": level, "notebooks": results}


def code_cells(notebook, skeleton):
    """List the code cells of a rebuilt notebook, as the verifier needs them.

    Parameters
    ----------
    notebook, skeleton : dict
        The student's notebook, and the instructor's without solutions.

    Returns
    -------
    list of dict
        ``index`` in the notebook, ``source``, ``kind`` (``"check"``, ``"answer"``, ``"given"`` as
        in the skeleton, ``"own"``: the student's, or ``"gone"``), ``released`` (what stands
        there in the skeleton; empty for answers and for cells of the student), and for checks
        ``grade_id``, ``points``, ``exercise`` (of a check of ours, else None), ``transport``
        (``"plain"``, ``"object"``, or ``"auto"``). ``names``: what the stub of the exercise
        defines; for answers also ``classes``, those that it or the solution defines as classes.
    """
    stubs = [cell for cell in skeleton["cells"] if cells.is_answer(cell)]
    stubs = {cells.grading_of(c)["grade_id"]: cells.source_of(c) for c in stubs}
    released = _released(notebook, skeleton)
    listed = []
    for index, cell in enumerate(notebook["cells"]):
        source, ours = cells.source_of(cell), released.get(index, "")
        if not _runs(cell):
            # A check may still need what stood there.
            if ours:
                row = {"index": None, "source": "", "released": ours, "kind": "gone", "names": []}
                listed.append(row)
            continue
        grading, kind = cells.grading_of(cell), "given" if ours and source == ours else "own"
        row = {"index": index, "source": source, "released": ours, "kind": kind, "names": []}
        if cells.is_answer(cell):
            name = grading["grade_id"]
            stub = stubs.get(name, "")
            of_solution = cell["metadata"].get("workshop", {}).get("classes", ())
            row |= {"kind": "answer", "grade_id": name, "names": sorted(_definitions(stub))}
            row["classes"] = sorted({*defined_classes(stub), *of_solution})
        elif cells.is_check(cell):
            ours = cell["metadata"].get("workshop", {})
            exercise = ours.get("exercise")
            row |= {
                "kind": "check",
                "grade_id": grading["grade_id"],
                "points": float(grading.get("points") or 0),
                "exercise": exercise,
                "transport": ours.get("transport", "auto"),
                "names": sorted(_definitions(stubs.get(exercise, ""))),
            }
        listed.append(row)
    return listed


def _released(notebook, skeleton):
    """Return our source of every code cell that is no answer, by index in the rebuilt notebook.

    All our cells stand there, in their order; a cell that the student added has another id.
    """
    ids = {cell.get("id") for cell in skeleton["cells"]}
    places = [i for i, cell in enumerate(notebook["cells"]) if cell.get("id") in ids]
    return {
        index: cells.source_of(ours)
        for index, ours in zip(places, skeleton["cells"])
        if _runs(ours) and not cells.is_answer(ours)
    }


def _runs(cell):
    tags = cell["metadata"].get("tags", ())
    return cell["cell_type"] == "code" and ("skip-execution" not in tags or cells.is_check(cell))


def _definitions(source):
    with contextlib.suppress(SyntaxError):
        return definitions(source)
    return {}


def run_undisturbed(package, order, limits, isolation):
    """Run one notebook, and once more with an engine of its own if one of its processes was killed.

    A system that is short of memory kills processes, and so may the code of another student who
    shares the engine. Whoever kills their own processes does so in the second run, too.

    Returns
    -------
    level : str
        The isolation in force.
    result : dict
        As `execute` has it for each notebook.

    Raises
    ------
    RuntimeError
        When the engine does not start.
    DismissedError
        When `close_engines` ended it.
    """
    open_to_all = {n: v for n, v in package.get("environment", {}).items() if n not in _SECRETS}
    settings = {"level": isolation, "variables": open_to_all}
    with contextlib.suppress(RuntimeError):
        process = engine(package["modules"], isolation, settings["variables"])
        result, was_disturbed = run_notebook(process, order, limits)
        if process.dismissed:
            raise DismissedError("The work was stopped.")
        if not was_disturbed:
            return process.level, result
    with zygote.Zygote(package["modules"], **settings) as own:
        return own.level, run_notebook(own, order, limits)[0]


def run_notebook(process, order, limits):
    """Run one notebook with a verifier and as many processes of the student as it asks for.

    Returns
    -------
    result : dict
        As `execute` has it for each notebook.
    was_disturbed : bool
        Whether one of its processes, or the one that forks them, was killed, but not by us; or the
        verifier gave up.
    """
    begun = time.monotonic()
    problem, gave_up, results, ends = None, False, {"outputs": {}, "grades": {}}, []
    try:
        run = _Run(process, limits, order)
        try:
            run.follow(results, begun + limits.total_seconds)
        except _EndedError as error:
            problem = str(error)
        finally:
            ends = run.close()
        # A verifier that ends by itself before its last cell was hindered, whoever did it.
        gave_up = bool(problem) and ends[0]["reason"] is None
    except RuntimeError:
        problem = "its code ended the process that runs students' code"
        ends = [*ends, zygote.LOST]
    checks = [cell["grade_id"] for cell in order["cells"] if cell["kind"] == "check"]
    missing = points.no_points(problem or _NO_GRADE)
    result = {
        "outputs": results["outputs"],
        "grades": {**dict.fromkeys(checks, missing), **results["grades"]},
        "problem": problem,
        "cpu_seconds": round(sum(end["cpu_seconds"] for end in ends), 3),
        "wall_seconds": round(time.monotonic() - begun, 3),
    }
    was_killed = any(map(zygote.was_killed, ends)) or bool(problem and process.gone())
    return result, gave_up or was_killed


class _EndedError(Exception):
    """A run ended before its last cell."""


class _Run:
    """One verifier, and the processes of the student that it has asked for."""

    def __init__(self, process, limits, order):
        self._process = process
        self._limits = limits
        self._order = order
        self._students = []
        self._control, theirs = socket.socketpair()
        self._line = Line(self._control.fileno(), self._control.fileno())
        with theirs:
            self._verifier = process.fork("verifier", [theirs.fileno()], limits.of_the_verifier)

    def follow(self, results, until):
        """Put into the results what the verifier sends, until the last cell.

        What it sends is looked at: a check that runs a text of the student gives that student the
        verifier.
        """
        try:
            self._line.send(json.dumps(self._order), _seconds_left(until))
            room = _MOST_CHARACTERS
            while room > 0:
                line = self._line.receive(_seconds_left(until))
                room, message = room - len(line), json.loads(line)
                if message["do"] == "keep":
                    self._keep(results, message)
                elif message["do"] == "start":
                    self._start_student()
                elif message["do"] == "stop":
                    self._students[message["student"]].end()
                elif message["do"] == "fail":
                    self._verifier.wait(10)
                    problem = shown(str(message["problem"])[:1000])
                    raise _EndedError(f"the verifying process failed: {problem}")
                elif message["do"] == "end":
                    return
                else:
                    raise ValueError(message["do"])
            raise _EndedError("the verifying process sent too much")
        except TimeoutError:
            seconds = self._limits.total_seconds
            raise _EndedError(f"the notebook took over {seconds:g} s in all") from None
        except OSError:
            raise _EndedError(f"the verifying process ended ({self._verifier.wait(10)})") from None
        except (ValueError, TypeError, LookupError):
            raise _EndedError("the verifying process sent what it does not send") from None

    def _keep(self, results, message):
        cell = self._order["cells"][message["cell"]]
        results["outputs"][str(cell["index"])] = clean(message["outputs"])
        if cell["kind"] == "check" and (grade := points.as_grade(message["grade"], cell)):
            results["grades"][cell["grade_id"]] = grade

    def _start_student(self):
        """Fork a process for the student's code and hand the line to it to the verifier."""
        alive = [student for student in self._students if student.wait(0) is None]
        if len(alive) >= _MOST_AT_A_TIME:
            raise _EndedError("the verifying process asked for too many processes")
        ours, theirs = socket.socketpair()
        with ours, theirs:
            limits = self._limits.of_a_student
            self._students.append(self._process.fork("student", [theirs.fileno()], limits))
            socket.send_fds(self._control, [b"s"], [ours.fileno()])

    def close(self):
        """End all processes and return how each of them ended, the verifier first."""
        self._control.close()
        return [child.end() for child in (self._verifier, *self._students)]


def _seconds_left(until):
    """Return the seconds until a moment; raise TimeoutError after it, also where data is ready."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
