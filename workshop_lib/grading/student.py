"""The child in which a student's notebook runs; it holds nothing that a student may not see.

It runs cells, and answers the requests of a check in another process: call a function, fetch a
value. What it says is a student's word: the other side believes only what it computes from that.
"""

import base64
import contextlib
import sys
import types
from pathlib import Path

from workshop_lib.checks import calls, remote, session, transport
from workshop_lib.grading import shell
from workshop_lib.grading.channel import serve


def main(files):
    """Serve the requests that arrive through the socket."""
    sys.path.insert(0, "")  # code files beside a notebook can be imported, as in a kernel
    serve(StudentServer(shell.shared()), files[0])


class StudentServer(remote.AnswerServer):
    """Serves a notebook that runs in a shell of its own."""

    def __init__(self, notebook):
        super().__init__(notebook.user_ns)
        self.shell = notebook

    def reply(self, line):
        """Answer one request line with one reply line."""
        request = transport.loads(line)
        if request["do"] != "run":
            return super().reply(line)
        limit = calls.Deadline(request["seconds"])
        with limit:
            succeeded, outputs = self._run(request["source"], plainly=request["plainly"])
        if limit.missed:
            outputs = shell.stopped(self.shell.outputs.items, request["seconds"])
        ok = not limit.missed and succeeded
        return transport.dumps({"number": request["number"], "ok": ok, "outputs": outputs})

    def _run(self, source, plainly):
        """Run a cell as a notebook does, or a test past all that cells may have changed."""
        if plainly:
            with contextlib.suppress(SyntaxError):
                return self.shell.run_plainly(source)
        result, outputs = self.shell.run(source)
        return result.success, outputs

    def _write(self, request):
        """Write a piece of a file that belongs to the notebook."""
        write_piece(request["file"], request["piece"])
        return {}

    def _state(self, request):
        """Note the result of a check, so that cells which need its exercise run."""
        session.STATES[request["exercise"]] = request["state"]
        return {}

    def _look_up(self, request):
        """Tell which names there are, and send values that can cross."""
        found = {}
        for name in request["names"]:
            if name not in self.names:
                continue
            value = self.names[name]
            kind = "function" if isinstance(value, types.FunctionType) else "object"
            found[name] = {"kind": kind, "module": str(getattr(type(value), "__module__", ""))}
            with contextlib.suppress(TypeError, ValueError):
                transport.dumps(value)
                found[name] = {"kind": "value", "value": value}
        return {"found": found}

    def _evidence(self, request):
        """Run a piece of the grader's own code, and return what it finds."""
        names = {}
        exec(request["source"], names)
        return {"value": names["evidence"]()}


def write_piece(file, piece):
    """Write the next piece of a file, which is new, into the current folder.

    Parameters
    ----------
    file : str
        Relative path.
    piece : str
        In base64.
    """
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.write(base64.b64decode(piece))
