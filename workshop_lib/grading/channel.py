"""How a check talks to the process of an answer: lines of text, each within its time."""

import contextlib
import math
import os
import select
import time

from workshop_lib.checks import calls, transport

GRACE_SECONDS = 1.0
_LONGEST_WAIT = 1_000_000.0
"""Seconds; the system counts milliseconds, and not for ever."""
ENDED = "Python itself stopped while it ran your code"
DISTURBED = "Your code disturbed the connection to the check"


class Line:
    """Two files that carry lines of text; nothing is lost when a wait ends early.

    Parameters
    ----------
    reading, writing : int
        File descriptors of pipes, or twice that of one socket.
    """

    def __init__(self, reading, writing):
        self._reading = reading
        self._writing = writing
        self._received = bytearray()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)

    def send(self, text, seconds=None):
        """Send a line; raise TimeoutError after some seconds, ConnectionError at the end."""
        unsent = memoryview(text.encode() + b"\n")
        until = None if seconds is None else time.monotonic() + seconds
        try:
            while unsent:
                self._wait(self._writing, select.POLLOUT, until)
                with contextlib.suppress(BlockingIOError):
                    unsent = unsent[os.write(self._writing, unsent[:65536]) :]
        except (BrokenPipeError, ConnectionResetError):
            raise ConnectionError(ENDED) from None

    def receive(self, seconds=None):
        """Return the next line; raises as `send` does."""
        until = None if seconds is None else time.monotonic() + seconds
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            self._wait(self._reading, select.POLLIN, until)
            try:
                piece = os.read(self._reading, 1 << 20)
            except ConnectionResetError:
                piece = b""
            if not piece or searched > 2 * transport.MOST_CHARACTERS:
                raise ConnectionError(ENDED)
            self._received += piece
        line = self._received[:end].decode("utf-8", "replace")
        del self._received[: end + 1]
        return line

    def close(self):
        """Close both files."""
        for file in {self._reading, self._writing}:
            os.close(file)

    @staticmethod
    def _wait(file, event, until):
        left = None if until is None else min(max(0, until - time.monotonic()), _LONGEST_WAIT)
        waiting = select.poll()  # `select` knows only the first 1,024 files of a process
        waiting.register(file, event)
        if not waiting.poll(None if left is None else math.ceil(1000 * left)):
            raise TimeoutError


class Channel:
    """Carries requests to the process of an answer.

    Parameters
    ----------
    line : Line
    end : callable
        Ends that process, when it does not answer in time, or not in the agreed form, or not at
        all; called once.
    seconds : float
        Time of a request outside of any rubric item.
    """

    def __init__(self, line, end, *, seconds=60.0):
        self._line = line
        self._end = end
        self._seconds = seconds
        self._number = 0
        self.alive = True

    def wait_until_ready(self, seconds=None):
        """Wait until the process can be asked."""
        self._line.receive(seconds)

    @calls.Deadline.uninterrupted
    def request(self, message):
        """Send a request and return its reply.

        Raises
        ------
        calls.OutOfTime
            When the time of the rubric item is over.
        ConnectionError
            When the process has ended, or does not answer as agreed.
        """
        if not self.alive:
            raise ConnectionError(ENDED)
        self._number += 1
        limit = calls.Deadline.running
        seconds = limit.left if limit else self._seconds
        patience = limit.wall_left if limit else self._seconds * calls.Deadline.PATIENCE
        if not seconds:
            raise calls.OutOfTime
        text = transport.dumps({**message, "number": self._number, "seconds": seconds})
        try:
            self._line.send(text, patience + GRACE_SECONDS)
            reply = self._read(self._line.receive(patience + GRACE_SECONDS))
        except TimeoutError:
            # Its own clock could not stop it, for example inside a compiled library.
            self.stop()
            raise calls.OutOfTime from None
        except ConnectionError:
            self.stop()
            raise
        if limit:
            limit.charge(_seconds_used(reply))
        if reply.get("late") is True:
            raise calls.OutOfTime
        return reply

    def stop(self):
        """End the process behind the channel."""
        if self.alive:
            self.alive = False
            self._end()

    def _read(self, line):
        try:
            reply = transport.loads(line)
            if type(reply) is dict and reply.get("number") == self._number:
                return reply
        except ValueError:
            pass
        self.stop()
        raise ConnectionError(DISTURBED)


def _seconds_used(reply):
    """Return the computing time that the other process names; it may not win time by that."""
    used = reply.get("used", 0.0)
    return max(0.0, used) if type(used) is float else 0.0


def serve(server, file):
    """Answer requests until the other side is gone."""
    line = Line(file, file)
    with contextlib.suppress(ConnectionError):
        line.send(transport.dumps({"number": 0}))
        while True:
            line.send(server.reply(line.receive()))
