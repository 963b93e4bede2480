"""The trusted child: it runs OUR notebook, and asks the student's process for the student's part.

Check cells run here, with their hidden tests, and only what is computed here counts. Where a check
needs an answer, it gets a stand-in that calls into the student's process. A check that needs the
object itself (an estimator for a library to fit, say) runs in a further, fresh process of the
student's; that one is isolated, looked at for traces of tampering, and labelled "in-process".
"""

import ast
import builtins
import contextlib
import json
import os
import socket
import sys

from workshop_lib.checks import calls, remote, session, transport
from workshop_lib.checks.transport import Handle
from workshop_lib.grading import IN_PROCESS, VERIFIED, evidence, shell
from workshop_lib.grading.channel import Channel, Line
from workshop_lib.grading.definitions import (
    definitions_in,
    modules_made_by,
    names_bound_by,
    plain_source,
)
from workshop_lib.grading.outputs import clean, number_in, report_in
from workshop_lib.grading.points import grade_of
from workshop_lib.grading.replay import defined_names, needed_cells, used_names
from workshop_lib.grading.stand_in import StandIn, Witness
from workshop_lib.grading.student import write_piece

MOST_RESTARTS = 5
_PIECE = 1 << 24
"""Characters of a file that cross at a time; a multiple of four, as base64 needs."""
MOST_BYTES = 8 * shell.MOST_BYTES
"""Of the outputs of all cells of a notebook together."""
_NO_ROOM = "... The outputs of this notebook are too large; these were left out ..."


def main(files):
    """Read the notebook from the socket, grade it, and send what each cell gave."""
    with socket.socket(fileno=files[0]) as connection:
        order = json.loads(connection.makefile("r").readline())
        coordinator = Coordinator(connection)
        try:
            grade(order, coordinator)
        except BaseException as problem:
            coordinator.tell({"do": "fail", "problem": calls.describe_fault(problem)})


def grade(order, coordinator):
    """Grade the notebook of an order."""
    sys.path.insert(0, "")
    for file, piece in pieces(order["our_files"]):
        write_piece(file, piece)
    os.environ.update(order["secrets"])
    grading = Grading(order, coordinator.new_student)
    for number, outputs, given in grading.run():
        coordinator.tell({"do": "keep", "cell": number, "outputs": outputs, "grade": given})
    coordinator.tell({"do": "end"})


class Coordinator:
    """The process that gave the order, seen from here."""

    def __init__(self, connection):
        self._connection = connection
        self._students = 0

    def tell(self, message):
        """Send one message."""
        self._connection.sendall(json.dumps(message).encode() + b"\n")

    def new_student(self):
        """Ask for a process; return the line to it, and a function that ends it."""
        self.tell({"do": "start"})
        _, (file,), _, _ = socket.recv_fds(self._connection, 1, 1)
        line, number = Line(file, file), self._students
        self._students += 1

        def end():
            line.close()
            self.tell({"do": "stop", "student": number})

        return line, end


class Student:
    """A student's process, seen from here."""

    def __init__(self, new_student, files, seconds):
        line, end = new_student()
        self.channel = Channel(line, end, seconds=seconds)
        with contextlib.suppress(ConnectionError, TimeoutError, calls.OutOfTime):
            self.channel.wait_until_ready(60)
            for file, piece in pieces(files):
                self.channel.request({"do": "write", "file": file, "piece": piece})

    def run(self, source, *, plainly=False):
        """Run a cell there; return whether it ended well, and what it showed."""
        try:
            reply = self.channel.request({"do": "run", "source": source, "plainly": plainly})
        except calls.OutOfTime:
            text = "This cell did not end in time, and Python had to be stopped."
            return False, [shell.error_output("TimeoutError", text)]
        except ConnectionError as problem:
            return False, [shell.error_output("ConnectionError", f"{problem}.")]
        return reply.get("ok") is True, clean(reply.get("outputs"))

    def look_up(self, names):
        """Return what the student's notebook holds under some names."""
        try:
            found = self.channel.request({"do": "look_up", "names": sorted(names)})["found"]
        except (calls.OutOfTime, ConnectionError, KeyError):
            return {}
        # An answer to what nobody asked could take the place of what a check uses.
        return {n: found[n] for n in names if n in found} if type(found) is dict else {}

    def tell(self, exercise, state):
        """Tell the student's notebook the result of a check."""
        with contextlib.suppress(calls.OutOfTime, ConnectionError):
            self.channel.request({"do": "state", "exercise": exercise, "state": state})

    def ask(self, source):
        """Run a piece of our own code there and return what it finds; None when it cannot."""
        with contextlib.suppress(calls.OutOfTime, ConnectionError, KeyError):
            found = self.channel.request({"do": "evidence", "source": source})["value"]
            with contextlib.suppress(TypeError, ValueError, RecursionError):
                return json.loads(json.dumps(found))
        return None

    def close(self):
        """Give the process up."""
        self.channel.stop()


class Grading:
    """One notebook on its way through a student's process and ours.

    Parameters
    ----------
    order : dict
        ``cells`` (code cells in order, see `workshop_lib.grading.execute`), ``files``,
        ``cell_seconds``.
    new_student : callable
        Gives the line to a new, clean process for the student's code, and a function that ends it.
    """

    def __init__(self, order, new_student):
        self.cells = order["cells"]
        self.cell_seconds = order["cell_seconds"]
        self.sources = [plain_source(cell["source"]) for cell in self.cells]
        self.ours = [plain_source(cell["released"]) for cell in self.cells]
        self.checks = {i for i, cell in enumerate(self.cells) if cell["kind"] == "check"}
        self.answers = {i for i, cell in enumerate(self.cells) if cell["kind"] == "answer"}
        self.foreign = {i for i, cell in enumerate(self.cells) if cell["kind"] in ("answer", "own")}
        self._new = lambda: Student(new_student, order["files"], order["cell_seconds"])
        self._new_with_our_files = lambda: Student(
            new_student, order["our_files"], order["cell_seconds"]
        )
        self.student = self._new()
        self.shell = shell.shared()
        self.asked_for = set().union(*(cell["names"] for cell in self.cells if cell["names"]))
        self.classes = sorted(n for cell in self.cells for n in cell.get("classes", ()))
        self.names_of_a_new_shell = {"_", *self.shell.user_ns}
        self.students_modules = modules_made_by(order["files"].items() - order["our_files"].items())
        self.our_modules = sorted(
            modules_made_by(order["our_files"].items()) - self.students_modules
        )
        self.used = evidence.uses(self.ours, without=self.students_modules)
        self.secrets = order["secrets"]
        self.untouched = None  # what a fresh process says of itself; asked when first needed
        self.importers = {}  # of fresh processes that have imported some libraries
        self.here = set()  # cells that have run in this process
        self.done = []  # cells that ran in the student's process, for a new one
        self.restarts = 0
        self.room = MOST_BYTES

    def run(self):
        """Run all cells; yield of each its number, its outputs and, of a check, its grade."""
        for index, cell in enumerate(self.cells):
            if cell["kind"] == "gone":
                continue
            grade = None
            if cell["kind"] == "check":
                outputs, grade = self.check(index)
            else:
                _, outputs = self.student.run(cell["source"])
                if self.student.channel.alive:
                    self.done.append(cell["source"])
            yield index, self.kept(outputs), grade
            self.revive()
        self.student.close()

    def kept(self, outputs):
        """Keep the outputs of a cell, if there is still room for them in the notebook."""
        size = len(json.dumps(outputs))
        if size > self.room:
            return [{"output_type": "stream", "name": "stdout", "text": _NO_ROOM}]
        self.room -= size
        return outputs

    def revive(self):
        """Begin a new process when the last cell ended the student's; go on without that cell."""
        while not self.student.channel.alive and self.restarts < MOST_RESTARTS:
            self.restarts += 1
            self.student = self._new()
            for source in self.done:
                self.student.run(source)
            for exercise, state in session.STATES.items():
                self.student.tell(exercise, state)

    def check(self, index):
        """Run a check in the way that its transport needs."""
        cell = self.cells[index]
        if cell["transport"] == "object" or self.needs_students_modules(index):
            outputs, grade = self.in_process(index)
        else:
            witness = Witness()
            outputs, grade = self.verified(index, witness)
            if cell["transport"] == "auto":
                outputs, grade = self.compared(index, witness, outputs, grade)
        if cell["exercise"]:
            state = (grade["report"] or {}).get("state")
            session.STATES[cell["exercise"]] = state
            self.student.tell(cell["exercise"], state)
        return outputs, grade

    def compared(self, index, witness, outputs, grade):
        """Run a check of another course beside the answer, too, where a stand-in may be the reason.

        Nobody loses points because functions were called in another process: a test may look at
        warnings, files, seeds or the class of what it gets. But who has stopped the student's
        process, or has told a loop of the test that it is over, would do so again.
        """
        # A warning stays in the student's process, where no filter of the test makes it an error.
        looks_at_warnings = "warnings" in evidence.uses([self.sources[index]])[1]
        hid = witness.hid or looks_at_warnings or self.shares_names(index, witness)
        fails = grade["points"] < self.cells[index]["points"]
        if fails and (witness.ended_a_loop or not self.student.channel.alive):
            return outputs, grade
        if not fails:
            return self.in_process(index) if hid else (outputs, grade)
        outputs_beside, beside = self.in_process(index, looked_at=False)
        if beside["points"] > (0 if hid else grade["points"]):
            return self.in_process(index)
        return (outputs_beside, beside) if hid or witness.short else (outputs, grade)

    def shares_names(self, index, witness):
        """Tell whether a test and the answers see each other's variables: here they cannot."""
        before = [self.sources[i] for i in self.foreign if i < index]
        theirs = set().union(*map(used_names, before), *map(defined_names, before))
        if theirs & defined_names(self.sources[index]):
            return True
        said = witness.values
        found = self.student.look_up(said)
        now = {name: found.get(name) for name in said}
        with contextlib.suppress(TypeError, ValueError):
            return transport.dumps(now) != transport.dumps(said)
        return True

    def needs_students_modules(self, index):
        """Tell whether a check, or our cells that it needs, import a code file of the student's."""
        if not self.students_modules:
            return False
        needed = (*needed_cells(self.ours, index), index)
        modules, _ = evidence.uses(self.ours[i] for i in needed)
        return any(name.partition(".")[0] in self.students_modules for name in modules)

    def verified(self, index, witness):
        """Run a check here, with stand-ins for what the student wrote."""
        cell = self.cells[index]
        without = self.checks if cell["transport"] == "plain" else set()
        mine = [i for i in needed_cells(self.ours, index, without=without) if i not in self.here]
        for i in mine:
            if self.cells[i]["kind"] != "check":
                self.shell.run(self.cells[i]["released"])
                self.here.add(i)
        names = self.stand_ins(index, witness)
        kept = {name: self.shell.user_ns[name] for name in names if name in self.shell.user_ns}
        self.shell.user_ns.update(names)
        succeeded, value, outputs = self.run_here(cell)
        for name, stand_in in names.items():
            if self.shell.user_ns.get(name) is stand_in:
                del self.shell.user_ns[name]
        self.shell.user_ns.update(kept)
        return outputs, grade_of(cell, VERIFIED, succeeded, value, outputs)

    def run_here(self, cell):
        """Run a check; one of another course within the time of a cell, as each item of ours is."""
        if cell["exercise"]:
            result, outputs = self.shell.run(cell["source"])
            return result.success, result.result, outputs
        result, limit = None, calls.Deadline(self.cell_seconds)
        with limit:
            result, _ = self.shell.run(cell["source"])
        outputs = self.shell.outputs.items
        if limit.missed:
            return False, None, shell.stopped(outputs, self.cell_seconds)
        return result.success, result.result, outputs

    def stand_ins(self, index, witness):
        """Make what a check sees in place of the student's names."""
        cell, channel = self.cells[index], self.student.channel
        if cell["transport"] == "plain":
            wanted = set(cell["names"])
            return {n: remote.RemoteAnswer(channel, Handle(("name", n))) for n in wanted}
        return StandIn.for_names(self.student.look_up(self.students_names(index)), channel, witness)

    def students_names(self, index):
        """Name what a check reads and the student's cells define or may have changed.

        What our own cells import or define, and what is built in, never comes from a student,
        unless the exercise asks for that name.
        """
        fixed = self.fixed_names(index)
        variables = set().union(*map(defined_names, self.ours[:index])) - fixed
        before = [self.sources[i] for i in self.foreign if i < index]
        theirs = set().union(*map(defined_names, before))
        theirs |= variables & set().union(*map(used_names, before))
        known = set().union(*map(defined_names, (*self.sources[:index], *self.ours[:index])))
        read = used_names(self.sources[index])
        wanted = (read & theirs) | {n for n in read - known if n not in self.shell.user_ns}
        asked_for = set().union(*(cell["names"] for cell in self.cells[: index + 1]))
        return wanted - (fixed - asked_for)

    def fixed_names(self, index):
        """Name what a student cannot redefine for a check.

        What is built in; what our own cells import or define, also below an `if`, `try` or `with`;
        and what an earlier test of another course has bound, until an answer binds it again.
        """
        bound_by_tests = set()
        for i in range(index):
            if i in self.answers:
                bound_by_tests -= defined_names(self.sources[i])
            elif i in self.checks and not self.cells[i]["exercise"]:
                bound_by_tests |= defined_names(self.ours[i])
        ours = names_bound_by(self.definitions_before(index))
        return set(dir(builtins)) | ours | bound_by_tests

    def definitions_before(self, index):
        """Write what our own cells before a check import, and the functions that they define.

        It does not matter whether the student has changed these cells.
        """
        # What a check of ours defines is for that check alone, and may hold hidden tests.
        private = {i for i in self.checks if self.cells[i]["exercise"]}
        trees = [ast.parse(self.ours[i]) for i in range(index) if i not in private]
        body = [node for tree in trees for node in definitions_in(tree.body)]
        return ast.unparse(ast.Module(body, []))

    def in_process(self, index, *, looked_at=True):
        """Run a check together with the student's cells, in a fresh process of the student's.

        Points count only where somebody has looked at that process, which takes longer than most
        checks; where nobody looks, the answer can read the check, and tracebacks show its lines.
        """
        cell = self.cells[index]
        student = self._new()
        try:
            watch = evidence.nonce()
            if looked_at:
                student.ask(evidence.preparation(watch, self.used))
            for i in self.replayed(index):
                student.run(self.cells[i]["source"])
            student.run(self.restored(index))
            nonce, before = evidence.nonce(), None
            if looked_at:
                before = self.looked(student, nonce, watch)
            source = (looked_at and self.sources[index]) or cell["source"]
            succeeded, outputs = student.run(source, plainly=looked_at)
            value = report_in(outputs) if cell["exercise"] else number_in(outputs)
            grade = grade_of(cell, IN_PROCESS, succeeded, value, outputs)
            if looked_at and grade["points"] > 0:
                after = self.looked(student, nonce + 1, watch)
                if flags := self.traces(before, nonce) | self.traces(after, nonce + 1):
                    problem = "needs a look by a person"
                    grade |= {"points": 0.0, "flags": sorted(flags), "problem": problem}
        finally:
            student.close()
        return outputs, grade

    def looked(self, student, nonce, watch):
        """Let a student's process look at itself."""
        asked_for = (sorted(self.asked_for), self.classes)
        return student.ask(evidence.question(nonce, watch, asked_for, self.used, self.our_modules))

    def traces(self, found, nonce):
        """Name what a student's process says of itself and an untouched one does not."""
        if self.untouched is None:
            self.untouched = self.asked_untouched(self.used[0])
        return set(evidence.differences(found, self.wanted(found), nonce))

    def asked_untouched(self, libraries):
        """Ask a process without any file of the student's, after it has imported some libraries."""
        clean = self._new_with_our_files()
        clean.ask(evidence.preparation(0, self.used))
        answer = clean.ask(evidence.question(0, 0, used=self.used, libraries=libraries))
        clean.close()
        return answer

    def wanted(self, found):
        """Return what an honest process would say of itself instead of what this one says.

        Some libraries add an importer when they are first used. A process without any file of the
        student's imports the libraries that are named, and only what it then has is right.
        """
        if self.untouched is None:
            return None
        libraries = evidence.importing_libraries(found, self.untouched)
        if not libraries:
            return self.untouched
        if libraries not in self.importers:
            answer = self.asked_untouched(libraries) or self.untouched
            self.importers[libraries] = answer["importers"]
        return {**self.untouched, "importers": self.importers[libraries]}

    def restored(self, index):
        """Write the cell that gives a check its own names back, if a student has taken them."""
        ours = set().union(*map(defined_names, self.ours[:index]))
        hidden = sorted(set(dir(builtins)) - self.asked_for - self.names_of_a_new_shell - ours)
        return (
            f"for _name in {hidden!r}:\n    __import__('builtins').globals().pop(_name, None)\n"
            f"del _name\n__import__('os').environ.update({self.secrets!r})\n"
            f"{self.definitions_before(index)}"
        )

    def replayed(self, index):
        """List the cells that answer and check need, in the order in which they shall run."""
        cell = self.cells[index]
        if not cell["exercise"]:
            # What earlier tests did to the same objects counts, too.
            written = set().union(*(defined_names(self.sources[i]) for i in self.answers))
            same = used_names(self.sources[index]) & written
            tests = [i for i in self.checks if i < index and used_names(self.sources[i]) & same]
            needed = [{i, *needed_cells(self.sources, i)} for i in (*tests, index)]
            return sorted(set().union(*needed) - {index})
        own = [i for i in self.answers if self.cells[i]["grade_id"] == cell["exercise"]]
        if not own:
            return []
        answer = needed_cells(self.sources, own[0], without=self.checks)
        rest = needed_cells(self.sources, index, without={own[0], *self.checks})
        return [*answer, own[0], *sorted(set(rest) - set(answer))]


def pieces(files):
    """Cut files into pieces that can cross between processes.

    Parameters
    ----------
    files : dict of str to str
        Contents in base64, by relative path.

    Yields
    ------
    tuple of str
        The path, and the next piece of its content.
    """
    for path, content in files.items():
        for start in range(0, max(1, len(content)), _PIECE):
            yield path, content[start : start + _PIECE]
