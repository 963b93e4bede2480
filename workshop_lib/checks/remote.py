"""Answers that live in another process, and the process that serves them.

The check runs here; the learner's code runs there. One request at a time crosses as a line of
`workshop_lib.checks.transport`: call a name or a handle, fetch a value, ask for a definition.
Instances of a learner's own classes stay there and are named by handles.
"""

from workshop_lib.checks import calls, transport

HANDLE = "handle of an answer"


class RemoteAnswer:
    """A function, class, instance or value of the learner, in another process.

    Parameters
    ----------
    channel : object
        Has ``request(dict) -> dict``, which carries one request and its reply.
    path : tuple
        ``("name", "clean_age")`` or ``("handle", 3)``, then names of attributes.
    """

    def __init__(self, channel, path):
        self._channel = channel
        self._path = path
        self.__name__ = str(path[-1])
        self.__qualname__ = ".".join(str(part) for part in path[1:])

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteAnswer(self._channel, (*self._path, name))

    def invoke(self, args, kwargs):
        """Call it there; see `workshop_lib.checks.calls.invoke`."""
        reply = self._channel.request(
            {
                "do": "call",
                "path": self._path,
                "args": [_outgoing(value) for value in args],
                "kwargs": {name: _outgoing(value) for name, value in kwargs.items()},
            }
        )
        return calls.Outcome(
            value=self._incoming(reply["value"]),
            error=reply["error"],
            error_types=tuple(reply["error_types"]),
            changed=tuple(reply["changed"]),
            printed=reply["printed"],
        )

    def fetch(self):
        """Return the value itself."""
        return self._incoming(self._channel.request({"do": "fetch", "path": self._path})["value"])

    def is_stub(self, stub):
        """Ask whether this is still the released stub."""
        return self._channel.request({"do": "is_stub", "path": self._path, "stub": stub})["value"]

    def _incoming(self, value):
        if isinstance(value, tuple) and len(value) == 2 and value[0] == HANDLE:
            return RemoteAnswer(self._channel, ("handle", value[1]))
        return value


def _outgoing(value):
    return (HANDLE, value._path[1]) if isinstance(value, RemoteAnswer) else value


class AnswerServer:
    """Serves the names of a learner's process, one request at a time.

    Parameters
    ----------
    names : dict
        The names that the learner's cells defined.
    """

    def __init__(self, names):
        self.names = names
        self.handles = []

    def reply(self, line):
        """Answer one request line with one reply line."""
        request = transport.loads(line)
        answer = getattr(self, f"_{request['do']}")
        try:
            reply = answer(request)
        except (Exception, calls.OutOfTime) as problem:
            reply = {"failed": f"{type(problem).__name__}: {problem}"[:300]}
        return transport.dumps({"number": request["number"], **reply})

    def _call(self, request):
        args = [self._incoming(value) for value in request["args"]]
        kwargs = {name: self._incoming(value) for name, value in request["kwargs"].items()}
        outcome = calls.invoke(self._find(request["path"]), args, kwargs)
        value, error, error_types = (
            self._outgoing(outcome.value),
            outcome.error,
            outcome.error_types,
        )
        try:
            transport.encode(value)
        except TypeError as problem:
            value, error, error_types = None, f"TypeError: {problem}", ("TypeError",)
        return {
            "value": value,
            "error": error,
            "error_types": error_types,
            "changed": outcome.changed,
            "printed": outcome.printed,
        }

    def _fetch(self, request):
        return {"value": self._outgoing(self._find(request["path"]))}

    def _is_stub(self, request):
        return {"value": calls.is_stub(self._find(request["path"]), request["stub"])}

    def _find(self, path):
        kind, key, *attributes = path
        found = self.names[key] if kind == "name" else self.handles[key]
        for attribute in attributes:
            found = getattr(found, attribute)
        return found

    def _incoming(self, value):
        is_handle = isinstance(value, tuple) and len(value) == 2 and value[0] == HANDLE
        return self.handles[value[1]] if is_handle else value

    def _outgoing(self, value):
        """Keep instances of the learner's own classes here and send a handle."""
        own_class = self.names.get(type(value).__name__) is type(value)
        if not own_class:
            return value
        known = next((i for i, kept in enumerate(self.handles) if kept is value), None)
        if known is None:
            self.handles.append(value)
            known = len(self.handles) - 1
        return (HANDLE, known)
