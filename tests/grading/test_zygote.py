"""A child that cannot be forked is lost, and no other one with it."""

import os
import signal
import socket
import sys
import threading

import pytest

from workshop_lib.checks import transport
from workshop_lib.grading import isolation, zygote
from workshop_lib.grading.channel import Line

LEVELS = [level for level in isolation.LEVELS if isolation.available(level)]
CASES = [(function, level) for function in ("os.fork", "os.pidfd_open") for level in LEVELS]
CASES.append(("tempfile.mkdtemp", "limits"))
PROGRAM = """
import errno, os, sys, tempfile
from workshop_lib.grading import zygote

module, name = sys.argv[2].split(".")
honest, serve, calls = getattr(sys.modules[module], name), zygote.serve, []


def fails_the_second_time(*arguments, **named):
    calls.append(1)
    if len(calls) == 2:
        raise OSError(errno.EAGAIN, "no room for another one")
    return honest(*arguments, **named)


def serve_with_failures(server, level):
    setattr(sys.modules[module], name, fails_the_second_time)
    serve(server, level)


zygote.serve = serve_with_failures
zygote.main(int(sys.argv[1]))
"""


@pytest.fixture
def failing(monkeypatch, tmp_path):
    """Make a preloaded process in which the second call of a function fails."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    popen = zygote.subprocess.Popen

    def make(function, level):
        def start(command, **settings):
            return popen([sys.executable, "-c", PROGRAM, command[-1], function], **settings)

        with monkeypatch.context() as patch:
            patch.setattr(zygote.subprocess, "Popen", start)
            return zygote.Zygote(level=level)

    return make


def fork(process):
    """Fork a process for a student's code; return it and our end of its line."""
    ours, theirs = socket.socketpair()
    with theirs:
        return process.fork("student", [theirs.fileno()]), ours


def answers(ours):
    """Tell whether a process for a student's code answers a request."""
    line = Line(ours.fileno(), ours.fileno())
    request = {"number": 1, "do": "look_up", "names": [], "seconds": 10}
    line.send(transport.dumps(request), 60)
    ready, reply = (transport.loads(line.receive(60)) for _ in range(2))
    return ready["number"] == 0 and reply["number"] == 1 and reply["found"] == {}


@pytest.mark.parametrize(("function", "level"), CASES)
def test_a_child_that_cannot_be_forked_is_lost_and_the_others_go_on(failing, function, level):
    with failing(function, level) as process:
        before, line = fork(process)
        refused, refused_line = fork(process)
        assert refused.wait(60) == zygote.LOST
        assert zygote.was_killed(refused.wait())
        assert refused_line.recv(1) == b""
        after, later_line = fork(process)
        assert answers(line) and answers(later_line)
        for own in (line, refused_line, later_line):
            own.close()
        assert [child.wait(60)["status"] for child in (before, after)] == [0, 0]
        assert process.alive()


def test_nothing_is_left_of_a_child_that_cannot_be_forked(monkeypatch, tmp_path, capfd):
    def fork(level):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(isolation, "fork", fork)
    monkeypatch.setattr(zygote, "assert_one_thread", lambda: None)  # a worker of pytest has several
    monkeypatch.setattr(zygote.tempfile, "tempdir", str(tmp_path))
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    order = {"role": "student", "limits": {}}
    assert zygote.next_child(order, [theirs.detach(), writing], "limits") is None
    assert zygote.Child(ours).wait(1) == zygote.LOST
    assert os.read(reading, 1) == b""
    os.close(reading)
    assert list(tmp_path.iterdir()) == []
    assert "could not be forked: [Errno 11]" in capfd.readouterr().err


def test_a_child_that_was_killed_is_not_said_to_have_been_stopped():
    """Whoever asked for it closes its side at once, and the preloaded process may be busy then."""
    with zygote.Zygote(level="limits") as process:
        child, line = fork(process)
        line.settimeout(60)
        assert line.recv(1)  # it is ready
        (pid,) = zygote.children_of(process._process.pid)
        os.kill(process._process.pid, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        threading.Timer(0.2, os.kill, (process._process.pid, signal.SIGCONT)).start()
        assert zygote.was_killed(child.end())
        line.close()
