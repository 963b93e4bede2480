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
from workshop_lib.grading.jobs import serve


def main(files):
    """Serve the requests that arrive through the socket."""
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
            too_slow = f"This cell took over {request['seconds']:g} s and was stopped."
            outputs = [*self.shell.outputs.items[:50], shell.error_output("TimeoutError", too_slow)]
        ok = not limit.missed and succeeded
        return transport.dumps({"number": request["number"], "ok": ok, "outputs": outputs})

    def _run(self, source, plainly):
        """Run a cell as a notebook does, or a test past all that cells may have changed."""
        if plainly:
            with contextlib.suppress(SyntaxError):
                return self.shell.run_plainly(source)
        result, outputs = self.shell.run(source)
        return result.success, outputs

    def _files(self, request):
        """Write the files that belong to the notebook."""
        write_files(request["files"])
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


def write_files(files):
    """Write files into the current folder, from which modules are imported, as in a kernel.

    Parameters
    ----------
    files : dict of str to str
        Contents in base64, by relative path.
    """
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))
    sys.path.insert(0, "")
