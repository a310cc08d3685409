"""Work beside comes to what it would have come to here, and leaves no process behind."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import errno, os, sys, threading
from mooring import beside
from mooring.beside import Beside

beside._processors = lambda: {processors}
here = os.getpid()

def who() -> bytes:
    return str(os.getpid()).encode()

def fails_there() -> bytes:
    if os.getpid() != here:
        raise ValueError("there")
    return b"here"

def fails_everywhere() -> bytes:
    raise ValueError("said once")

def is_killed_there() -> bytes:
    if os.getpid() != here:
        os.kill(os.getpid(), 9)
    return b"here"

def no_child() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False

{statements}
assert no_child()
"""


def _run(statements: str, processors: int = 2) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(statements=statements, processors=processors)],
        env={"PYTHONPATH": str(Path(__file__).parents[1] / "src")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system cannot fork")
@pytest.mark.parametrize(
    ("statements", "processors"),
    [
        pytest.param(
            "with Beside(who, pays=True) as other:\n    assert int(other.result()) != here",
            2,
            id="a-second-process-does-what-pays",
        ),
        pytest.param(
            "with Beside(who, pays=False) as other:\n    assert int(other.result()) == here",
            2,
            id="what-does-not-pay-is-done-here",
        ),
        pytest.param(
            "with Beside(who, pays=True) as other:\n    assert int(other.result()) == here",
            1,
            id="one-processor-does-it-here",
        ),
        pytest.param(
            "wait = threading.Event()\n"
            "thread = threading.Thread(target=wait.wait)\n"
            "thread.start()\n"
            "with Beside(who, pays=True) as other:\n    assert int(other.result()) == here\n"
            "wait.set()\nthread.join()",
            2,
            id="beside-threads-it-is-done-here",
        ),
        pytest.param(
            "def refuse():\n    raise OSError(errno.EAGAIN, 'no more processes')\n"
            "os.fork = refuse\n"
            "with Beside(who, pays=True) as other:\n    assert int(other.result()) == here",
            2,
            id="where-the-system-refuses-a-process-it-is-done-here",
        ),
        pytest.param(
            "del os.fork\n"
            "with Beside(who, pays=True) as other:\n    assert int(other.result()) == here",
            2,
            id="where-nothing-can-be-forked-it-is-done-here",
        ),
        pytest.param(
            "with Beside(lambda: bytes(1 << 20) * 5, pays=True) as other:\n"
            "    assert other.result() == bytes(5 << 20)",
            2,
            id="more-than-a-pipe-holds-arrives-whole",
        ),
        pytest.param(
            "with Beside(fails_there, pays=True) as other:\n    assert other.result() == b'here'",
            2,
            id="what-failed-there-is-done-here",
        ),
        pytest.param(
            "with Beside(is_killed_there, pays=True) as other:\n"
            "    assert other.result() == b'here'",
            2,
            id="what-was-killed-there-is-done-here",
        ),
        pytest.param(
            "try:\n"
            "    with Beside(fails_everywhere, pays=True) as other:\n        other.result()\n"
            "except ValueError as error:\n    assert str(error) == 'said once'\n"
            "else:\n    raise AssertionError",
            2,
            id="what-fails-everywhere-fails-here",
        ),
        pytest.param(
            "try:\n"
            "    with Beside(lambda: bytes(1 << 20), pays=True):\n        raise KeyError('mine')\n"
            "except KeyError:\n    pass",
            2,
            id="a-failure-here-ends-the-second-process",
        ),
    ],
)
def test_work_beside(statements: str, processors: int) -> None:
    done = _run(statements, processors)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
