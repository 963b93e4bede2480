import shutil
import socket
from pathlib import Path

from tests.desk.support import free_port, workshop
from workshop_lib import doctor

ROOT = Path(__file__).parents[2]


def findings(root, port):
    return {finding.subject: finding for finding in doctor.examine(root, port)}


def test_this_environment_is_well(course):
    shutil.copy(ROOT / "constraints.txt", course)
    found = findings(course, free_port())
    assert all(finding.ok for name, finding in found.items() if name != "Memory")
    assert found["Packages"].text.endswith("packages as tested")


def test_other_versions_are_named(course):
    (course / "constraints.txt").write_text("numpy==1.0.0  # old\n")
    packages = findings(course, free_port())["Packages"]
    assert not packages.ok
    assert "numpy" in packages.text
    assert "tested: 1.0.0" in packages.text


def test_a_taken_port_is_named_and_the_exit_code_says_so(course):
    shutil.copy(ROOT / "constraints.txt", course)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = workshop("doctor", "--port", str(port), cwd=course)
    assert result.returncode == 1
    assert "attention" in result.stdout
    assert f"Port {port} is not free" in " ".join(result.stdout.split())
