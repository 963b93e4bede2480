import socket

import numpy as np
import pytest

from workshop_lib.checks import transport
from workshop_lib.grading.channel import ENDED, Channel, Line

ODD_REPLIES = {
    "no value": "?",
    "no dictionary": transport.dumps([1]),
    "an array with names": transport.dumps(np.array([1])).replace("<i8", "<i4"),
    "an answer to another question": transport.dumps({"number": 7, "value": 1}),
}


@pytest.mark.parametrize("how", [*ODD_REPLIES, "the end"])
def test_who_does_not_answer_as_agreed_is_ended_once(how):
    ours, theirs = socket.socketpair()
    ended = []
    with ours, theirs:
        line = Line(ours.fileno(), ours.fileno())
        channel = Channel(line, lambda: ended.append(True), seconds=1)
        if how == "the end":
            theirs.shutdown(socket.SHUT_WR)
        else:
            theirs.sendall(ODD_REPLIES[how].encode() + b"\n")
        with pytest.raises(ConnectionError):
            channel.request({"do": "fetch"})
        with pytest.raises(ConnectionError, match=ENDED):
            channel.request({"do": "fetch"})
        channel.stop()
    assert ended == [True] and not channel.alive
