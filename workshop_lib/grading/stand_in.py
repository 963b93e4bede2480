"""Stand-ins for a student's functions and objects, where a check expects the real ones."""

import builtins
import copy

from workshop_lib.checks import remote
from workshop_lib.checks.calls import MOST_PRINTED_CHARACTERS
from workshop_lib.checks.transport import Handle

_OF_THE_OBJECT = ("__doc__", "__signature__", "__name__", "__qualname__", "__module__")
"""What a stand-in has, too, but not as the object has it."""
_OF_A_STAND_IN = ("_channel", "_handle", "_witness", "__name__", "__qualname__")


class CannotCross(Exception):
    """A check needs something that a stand-in cannot do."""


class Witness:
    """Remembers whether a check may have ended otherwise only because it had stand-ins.

    Attributes
    ----------
    short : bool
        Whether a stand-in could not do all that the object itself could: what the check says of
        that is not about the answer.
    hid : bool
        Whether a stand-in hid something that the object itself does: the check may have passed by
        that.
    ended_a_loop : bool
        Whether an answer raised what means "no more values": beside the answer, that would end a
        loop of the check before its assertions.
    values : dict
        What the student's process said of the names that hold plain values.
    known : dict
        Stand-ins by the path of their handle, so that one object has one stand-in.
    """

    def __init__(self):
        self.short = self.hid = self.ended_a_loop = False
        self.values, self.known = {}, {}


class StandIn(remote.RemoteAnswer):
    """Something in the student's process that can be called, and asked for its attributes.

    Results that are plain data are the data; others are stand-ins again. What a stand-in cannot do
    honestly (be true or false, be equal, have a length) raises `CannotCross`.
    """

    def __init__(self, channel, handle, witness=None):
        super().__init__(channel, handle)
        self._witness = witness or Witness()

    @classmethod
    def for_names(cls, found, channel, witness):
        """Make stand-ins for what a student's notebook holds; plain values come as they are."""
        names = {}
        for name, about in found.items():
            if type(name) is not str or type(about) is not dict:
                continue
            if about.get("kind") == "value":
                names[name] = about.get("value")
                witness.values[name] = copy.deepcopy(about)
            else:
                if about.get("kind") != "function":
                    witness.short = True
                names[name] = cls(channel, Handle(("name", name)), witness)
        return names

    def __call__(self, *args, **kwargs):
        """Call it in the student's process."""
        try:
            outcome = self._invoke(args, kwargs, None)
        except (TypeError, ValueError) as problem:  # an argument, for example a function of ours
            raise self._cannot(str(problem)) from None
        if outcome.changed:
            self._witness.short = True
        is_cut = len(outcome.printed) >= MOST_PRINTED_CHARACTERS
        self._witness.hid |= bool(outcome.changed or outcome.complained or outcome.shared or is_cut)
        if outcome.printed:
            print(outcome.printed, end="")
        if outcome.error is not None:
            self._witness.ended_a_loop |= _means_no_more_values(outcome)
            raise _exception(outcome)
        # A check may ask whether it got a copy; what was changed is no longer what we have here.
        given = {} if outcome.changed else {**dict(enumerate(args)), **kwargs}
        return given.get(outcome.argument, outcome.value)

    def __getattribute__(self, name):
        if name in _OF_THE_OBJECT:
            raise self._cannot(f"its {name} is not that of a stand-in")
        return super().__getattribute__(name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        inner = type(self)(self._channel, Handle((*self._handle.path, name)), self._witness)
        value = inner._fetch()
        return inner if isinstance(value, StandIn) else value

    def __setattr__(self, name, value):
        if name not in _OF_A_STAND_IN:
            raise self._cannot("its attributes cannot be set from here")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        raise self._cannot("its attributes cannot be deleted from here")

    def _ask(self, what, **details):
        reply = super()._ask(what, **details)
        if reply.get("simplified") is True:
            self._witness.hid = True
        return reply

    def _incoming(self, value):
        def stand_in(handle):
            self._witness.short = True
            new = type(self)(self._channel, handle, self._witness)
            return self._witness.known.setdefault(handle.path, new)

        return remote.mapped(value, Handle, stand_in)

    def _cannot(self, why):
        # A check may expect an error, so it may also have passed by this one.
        self._witness.short = self._witness.hid = True
        return CannotCross(f"{vars(self)['__qualname__']} stays in the student's process: {why}")

    def __repr__(self):
        raise self._cannot("its text is not that of a stand-in")

    def _refuse(self, *_):
        raise self._cannot("it has no plain value")

    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = __float__ = __int__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __array__ = _refuse
    __hash__ = __add__ = __radd__ = __sub__ = __mul__ = __enter__ = __next__ = __neg__ = _refuse


def _means_no_more_values(outcome):
    return not {"StopIteration", "StopAsyncIteration"}.isdisjoint(outcome.error_types)


def _exception(outcome):
    """Make the exception that the student's function raised, of the nearest built-in class."""
    text = outcome.error.partition(": ")[2]
    for name in () if _means_no_more_values(outcome) else outcome.error_types:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception | SystemExit):
            try:
                return kind(text)
            except TypeError:
                continue
    return RuntimeError(outcome.error)
