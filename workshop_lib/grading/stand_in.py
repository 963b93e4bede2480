"""Stand-ins for a student's functions and objects, where a check expects the real ones."""

import builtins

from workshop_lib.checks import remote
from workshop_lib.checks.transport import Handle

_OF_A_STAND_IN = ("_channel", "_handle", "_witness", "__name__", "__qualname__")


class CannotCross(Exception):
    """A check needs something that a stand-in cannot do."""


class Witness:
    """Remembers whether a check may have ended otherwise only because it had stand-ins.

    Attributes
    ----------
    short : bool
        Whether a stand-in could not do all that the object itself could: the check may have failed
        by that.
    hid : bool
        Whether a stand-in hid something that the object itself does: the check may have passed by
        that.
    """

    def __init__(self):
        self.short = self.hid = False


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
            self._witness.short = self._witness.hid = True
        if outcome.printed:
            print(outcome.printed, end="")
        if outcome.error is not None:
            raise _exception(outcome)
        return outcome.value

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

    def _incoming(self, value):
        def stand_in(handle):
            self._witness.short = True
            return type(self)(self._channel, handle, self._witness)

        return remote.mapped(value, Handle, stand_in)

    def _cannot(self, why):
        self._witness.short = True
        return CannotCross(f"{self!r} stays in the student's process: {why}")

    def _refuse(self, *_):
        raise self._cannot("it has no plain value")

    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = __float__ = __int__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __array__ = _refuse
    __hash__ = object.__hash__


def _exception(outcome):
    """Make the exception that the student's function raised, of the nearest built-in class.

    One that means "no more values" would end a loop of the check before its assertions.
    """
    text = outcome.error.partition(": ")[2]
    for name in outcome.error_types:
        kind = getattr(builtins, name, None)
        if kind in (StopIteration, StopAsyncIteration):
            break
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                return kind(text)
            except TypeError:
                continue
    return RuntimeError(outcome.error)
