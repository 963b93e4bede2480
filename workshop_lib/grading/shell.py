"""An IPython shell that runs cells as a kernel does, and keeps their outputs.

It has no history file, no thread and no socket, so a process that holds one may be forked.
"""

import ast
import base64
import builtins
import contextlib
import json
import sys
import traceback

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

MOST_LINES = 1000
MOST_CHARACTERS = 100_000
MOST_TRACEBACK_LINES = 100
MOST_BYTES = 4 << 20
MOST_OF_A_STOPPED_CELL = 50
"""Outputs that are kept of it: nobody reads what an endless loop shows."""
_CUT = "\n... Output truncated ..."


def shared():
    """Return the one shell of this process, which its children inherit."""
    return CellShell.instance(
        config=Config(
            HistoryManager={"enabled": False},
            InteractiveShell={"colors": "NoColor", "autocall": 0, "cache_size": 0},
        )
    )


def ready_for_figures():
    """Let figures appear below the cells that draw them, where matplotlib was imported."""
    if "matplotlib" in sys.modules:
        shared().run_line_magic("matplotlib", "inline")


def ready_for_errors():
    """Let tracebacks be formatted without the imports that the first one needs: 0.1 s each time."""
    try:
        raise AssertionError
    except AssertionError:
        shared().InteractiveTB.structured_traceback(*sys.exc_info())


class Outputs:
    """Collects what one cell shows, in order, and not more than people can read.

    Attributes
    ----------
    items : list of dict
        In notebook format 4.
    """

    def __init__(self):
        self.items = []
        self._characters = 0
        self._lines = 0
        self._bytes = 0

    def stream(self, name, text):
        """Add what was printed."""
        if not text or self._characters >= MOST_CHARACTERS or self._lines >= MOST_LINES:
            return
        kept = text[: MOST_CHARACTERS - self._characters]
        lines = kept.split("\n")
        kept = "\n".join(lines[: MOST_LINES - self._lines + 1])
        self._characters += len(kept)
        self._lines += kept.count("\n")
        if kept != text:
            self._lines = MOST_LINES
            kept += _CUT
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += kept
        else:
            self.items.append({"output_type": "stream", "name": name, "text": kept})

    def show(self, data, metadata, **more):
        """Add what was displayed."""
        bundle = {
            "data": {kind: _as_text(value) for kind, value in data.items()},
            "metadata": metadata or {},
        }
        text = json.dumps(bundle, default=str)
        if self._bytes + len(text) > MOST_BYTES:
            self.stream("stdout", "\n... A large output was left out ...\n")
            return
        self._bytes += len(text)
        # Only plain data crosses to another process, and some libraries show texts of their own.
        self.items.append({"output_type": "display_data", **json.loads(text), **more})

    def error(self, name, value, traceback):
        """Add an error."""
        if len(traceback) > MOST_TRACEBACK_LINES:
            half = MOST_TRACEBACK_LINES // 2
            cut = ["... Traceback truncated ..."]
            traceback = [*traceback[:half], *cut, *traceback[-half:]]
        lines = [str(line)[:MOST_CHARACTERS] for line in traceback]
        self.items.append(error_output(name, value[:MOST_CHARACTERS], lines))


def error_output(name, value, traceback=None):
    """Return an error as a notebook stores it."""
    lines = [f"{name}: {value}"] if traceback is None else traceback
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}


def stopped(outputs, seconds):
    """Return the first outputs of a cell that took too long, and what people read about that."""
    text = f"This cell took over {seconds:g} s and was stopped."
    return [*outputs[:MOST_OF_A_STOPPED_CELL], error_output("TimeoutError", text)]


def _as_text(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


class _Stream:
    """Stands for sys.stdout or sys.stderr while a cell runs."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, outputs, name):
        self._outputs = outputs
        self._name = name

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.stream(self._name, text.encode("utf-8", "replace").decode("utf-8"))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        """Do nothing; what is written is there at once."""

    def isatty(self):
        return False

    def fileno(self):
        raise OSError("this stream has no file")

    def writable(self):
        return True

    def readable(self):
        return False


class _Hook(DisplayHook):
    """Keeps the value of the last expression of a cell."""

    def write_output_prompt(self):
        """Show no prompt; the notebook has one."""

    def write_format_data(self, format_dict, md_dict=None):
        """Keep the value in all its forms."""
        kind = {"output_type": "execute_result", "execution_count": self.prompt_count}
        self.shell.outputs.show(format_dict, md_dict, **kind)

    def finish_displayhook(self):
        """Print no line after the value."""


class _Publisher(DisplayPublisher):
    """Keeps what cells display."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **kwargs):
        """Keep a display in all its forms; a later update of it is not kept."""
        if not update:
            self.shell.outputs.show(data, metadata)

    def clear_output(self, wait=False):
        """Forget what the cell has shown so far."""
        self.shell.outputs.items.clear()


class CellShell(InteractiveShell):
    """An IPython shell that keeps the outputs of the cell that runs."""

    def __init__(self, *args, **kwargs):
        self.outputs = Outputs()
        kwargs |= {"displayhook_class": _Hook, "display_pub_class": _Publisher}
        super().__init__(*args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        with contextlib.suppress(Exception):
            self.outputs.error(str(etype.__name__), str(evalue), list(stb))
            return
        self.outputs.error("Exception", "whose text cannot be shown", [])

    def run(self, source):
        """Run the source of a cell.

        Parameters
        ----------
        source : str

        Returns
        -------
        result : IPython.core.interactiveshell.ExecutionResult
            Has ``success`` and the value of the last expression, ``result``.
        outputs : list of dict
            What the cell showed, in notebook format 4.
        """
        with self._collected() as outputs:
            result = self.run_cell(source, store_history=True)
        return result, outputs.items

    def run_plainly(self, source):
        """Run plain Python past all that cells may have changed here, and keep no text of it.

        Parameters
        ----------
        source : str

        Returns
        -------
        succeeded : bool
        outputs : list of dict
            As `run` has them; tracebacks have no lines.

        Raises
        ------
        SyntaxError
            When it is not plain Python, for example with ``await`` outside of functions.
        """
        # The checks look whether there is a shell when they are imported: so not before it.
        from workshop_lib.checks.calls import OutOfTime

        body = ast.parse(source).body
        shows = body and isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";")
        value = body.pop().value if shows else ast.Constant(None)
        last = ast.fix_missing_locations(ast.Expression(value))
        parts = compile(ast.Module(body, []), "<test>", "exec"), compile(last, "<test>", "eval")
        with self._collected() as outputs:
            try:
                exec(parts[0], self.user_ns)
                value = eval(parts[1], self.user_ns)
                if value is not None:
                    outputs.show(*_shown(value), output_type="execute_result", execution_count=None)
                return True, outputs.items
            except OutOfTime:
                raise
            except BaseException as problem:  # also SystemExit, which ends no notebook
                lines = traceback.format_exception_only(problem)
                self._showtraceback(type(problem), problem, lines)
                return False, outputs.items

    @contextlib.contextmanager
    def _collected(self):
        """Collect what a cell shows."""
        self.outputs = outputs = Outputs()
        with (
            contextlib.redirect_stdout(_Stream(outputs, "stdout")),
            contextlib.redirect_stderr(_Stream(outputs, "stderr")),
            _no_questions(),
        ):
            yield outputs

    def system(self, command):
        """Run a line that begins with ``!``, and print what it prints."""
        import subprocess

        done = subprocess.run(command, shell=True, capture_output=True, text=True, errors="replace")
        print(done.stdout, end="")
        print(done.stderr, end="", file=sys.stderr)
        self.user_ns["_exit_code"] = done.returncode

    def enable_gui(self, gui=None):
        """Do nothing; there is no window."""


def _shown(value):
    """Return what stands for a value, and its metadata: its own words, else Python's."""
    own = getattr(type(value), "_repr_mimebundle_", None)
    shown = own(value) if own else {"text/plain": repr(value)}
    return shown if type(shown) is tuple else (shown, {})


@contextlib.contextmanager
def _no_questions():
    """Let ``input()`` fail at once, because nobody is there to answer."""
    kept = builtins.input

    def no_answer(prompt=""):
        raise RuntimeError("input() has no answer here: nobody sits before this notebook.")

    builtins.input = no_answer
    try:
        yield
    finally:
        builtins.input = kept
