"""Answers that live in another process, and the process that serves them.

The check runs here; the learner's code runs there. One request at a time crosses as a line of
`workshop_lib.checks.transport`: call a name or a handle, fetch a value, ask for a definition.
What cannot cross (instances of a learner's classes, generators, models) stays there and is named
by a handle.
"""

import os
import tempfile
import time

from workshop_lib.checks import calls, compare, transport
from workshop_lib.checks.transport import Handle


class RemoteAnswer(calls.Elsewhere):
    """A function, class, instance or value of the learner, in another process.

    Parameters
    ----------
    channel : object
        Has ``request(dict) -> dict``, which carries one request and its reply.
    handle : Handle
    """

    def __init__(self, channel, handle):
        self._channel = channel
        self._handle = handle
        kind, first, *attributes = handle.path
        # The number of a handle tells a learner nothing.
        names = attributes if kind == "handle" else [first, *attributes]
        self.__qualname__ = ".".join(names) or "your object"
        self.__name__ = names[-1] if names else "your object"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(self)(self._channel, Handle((*self._handle.path, name)))

    def __repr__(self):
        return self._handle.shown or self.__qualname__

    def __eq__(self, other):
        if type(other) is not RemoteAnswer:
            return False
        return self._ask("equal", other=other._handle)["value"] is True

    __hash__ = object.__hash__

    def _invoke(self, args, kwargs, random_state):
        """Call it there; see `workshop_lib.checks.calls.invoke`."""
        reply = self._ask(
            "call",
            args=self._outgoing(list(args)),
            kwargs=self._outgoing(dict(kwargs)),
            random_state=random_state,
        )
        texts = ("line", "printed")
        lists_of_texts = ("error_types", "changed")
        error = reply["error"]
        return calls.Outcome(
            value=self._incoming(reply["value"]),
            error=None if error is None else str(error),
            **{name: str(reply[name]) for name in texts},
            **{name: tuple(map(str, reply[name])) for name in lists_of_texts},
            **{name: reply[name] is True for name in ("complained", "shared")},
            argument=reply["argument"] if type(reply["argument"]) in (int, str) else None,
        )

    def _fetch(self):
        """Return the value itself."""
        return self._incoming(self._ask("fetch")["value"])

    def _is_stub(self, stub):
        """Ask whether this is still the released stub."""
        return self._ask("is_stub", stub=stub)["value"] is True

    def _ask(self, what, **details):
        reply = self._channel.request({"do": what, "path": self._handle.path, **details})
        if "failed" in reply:
            raise _problem(str(reply["failed"]), str(reply["text"]), str(self._handle.path[1]))
        return reply

    def _incoming(self, value):
        return mapped(value, Handle, lambda handle: type(self)(self._channel, handle))

    def _outgoing(self, value):
        mapped(value, str, _refuse_own_file)
        return mapped(value, type(self), lambda answer: answer._handle)


def _refuse_own_file(text):
    """Refuse the path of a temporary file: the learner's process may not see it."""
    if text.startswith(tempfile.gettempdir()) and os.path.exists(text):
        raise TypeError(f"only a `TextFile` reaches the learner's process, not {text}")


def _problem(kind, text, name):
    """Make the exception that the same request would raise in this process."""
    if kind == "NameError":
        return NameError(text, name=name)
    kinds = {each.__name__: each for each in (AttributeError, TypeError, ValueError)}
    return kinds.get(kind, RuntimeError)(text)


def mapped(value, kind, convert):
    """Convert the values of one type, also inside lists, tuples and dictionaries."""
    own = type(value)
    if own is kind:
        return convert(value)
    if own in (list, tuple):
        return own(mapped(each, kind, convert) for each in value)
    if own is dict:
        return {key: mapped(each, kind, convert) for key, each in value.items()}
    return value


class AnswerServer:
    """Serves the names of a learner's process, one request at a time.

    Parameters
    ----------
    names : dict
        The names that the learner's cells defined.
    """

    def __init__(self, names):
        self.names = names
        self.kept = []
        self.simplified = False  # whether the value of the last reply had a class of its own

    def reply(self, line):
        """Answer one request line with one reply line."""
        request = transport.loads(line)
        number = {"number": request["number"]}
        limit = calls.Deadline(request["seconds"])
        before = time.process_time()
        try:
            with calls.quiet(), limit:
                reply = getattr(self, f"_{request['do']}")(request)
            number["used"] = time.process_time() - before
            if limit.missed:
                return transport.dumps({**number, "late": True})
            try:
                return transport.dumps({**number, **reply})
            except (TypeError, ValueError):
                self.simplified = False
                sent = self._sent(reply["value"])
                more = {"value": sent, "simplified": self.simplified}
                return transport.dumps({**number, **reply, **more})
        except BaseException as problem:
            text = calls.describe_error(problem).partition(": ")[2]
            return transport.dumps({**number, "failed": type(problem).__name__, "text": text})

    def _call(self, request):
        args, kwargs = self._received(request["args"]), self._received(request["kwargs"])
        function = self._find(request["path"])
        outcome = calls.invoke(function, args, kwargs, random_state=request["random_state"])
        return vars(outcome)

    def _fetch(self, request):
        return {"value": self._find(request["path"])}

    def _is_stub(self, request):
        return {"value": calls.is_stub(self._find(request["path"]), request["stub"])}

    def _equal(self, request):
        got, expected = (self._find(path) for path in (request["path"], request["other"].path))
        return {"value": compare.same(got, expected, rtol=0, atol=0)}

    def _find(self, path):
        kind, key, *attributes = path
        if kind == "name" and key not in self.names:
            raise NameError(f"{key} is not defined")
        found = self.names[key] if kind == "name" else self.kept[key]
        for attribute in attributes:
            found = getattr(found, attribute)
        return found

    def _received(self, value):
        return mapped(value, Handle, lambda handle: self._find(handle.path))

    def _sent(self, value):
        """Put handles where something cannot cross, and plain containers for their subclasses."""
        for plain in (dict, list, tuple, set):
            if isinstance(value, plain) and type(value).__module__ != "__main__":
                self.simplified |= type(value) is not plain
                value = plain(value)
        if type(value) in (list, tuple):
            return type(value)(map(self._sent, value))
        if type(value) is dict:
            return {key: self._sent(each) for key, each in value.items()}
        try:
            transport.dumps(value)
        except (TypeError, ValueError):
            return self._handle(value)
        return value

    def _handle(self, value):
        places = (place for place, kept in enumerate(self.kept) if kept is value)
        place = next(places, len(self.kept))
        if place == len(self.kept):
            self.kept.append(value)
        return Handle(("handle", place), compare.short(value))
