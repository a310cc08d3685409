"""Work beside comes to what it would have come to here, and leaves no process behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import errno, os, sys, tempfile, threading, time
from mooring import beside
from mooring.beside import Beside, shared

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


TASKS = """
def waits_for(path: str) -> object:
    # The other process makes that file, so neither can do all.
    while not os.path.exists(path):
        time.sleep(0.001)
    return os.getpid()

def makes(path: str) -> object:
    open(path, "x").close()
    return os.getpid()
"""

CAN_FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@CAN_FORK
@pytest.mark.parametrize(
    ("statements", "processors"),
    [
        pytest.param(
            "path = tempfile.mkdtemp() + '/made'\n"
            "one, other = shared([lambda: waits_for(path), lambda: makes(path)], pays=True)\n"
            "assert one != other and here in (one, other)",
            2,
            id="each-process-does-what-comes-next",
        ),
        pytest.param(
            "results = [(n, str(n) * n, b'x', None) for n in range(256)]\n"
            "assert shared([lambda one=one: one for one in results], pays=True) == results",
            2,
            id="results-are-in-the-order-of-the-tasks",
        ),
        pytest.param(
            "assert set(shared([os.getpid] * 300, pays=True)) == {here}",
            2,
            id="more-tasks-than-can-be-numbered-are-done-here",
        ),
        pytest.param(
            "assert set(shared([os.getpid] * 9, pays=False)) == {here}",
            2,
            id="tasks-that-do-not-pay-are-done-here",
        ),
        pytest.param(
            "assert set(shared([os.getpid] * 9, pays=True)) == {here}",
            1,
            id="one-processor-does-all-tasks",
        ),
        pytest.param(
            "def refuse():\n    raise OSError(errno.EAGAIN, 'no more processes')\n"
            "os.fork = refuse\n"
            "assert set(shared([os.getpid] * 9, pays=True)) == {here}",
            2,
            id="without-a-process-all-tasks-are-done-here",
        ),
        pytest.param(
            "def slow():\n"
            "    if os.getpid() != here:\n        os.kill(os.getpid(), 9)\n"
            "    time.sleep(0.01)\n    return 1\n"
            "assert shared([slow] * 20, pays=True) == [1] * 20",
            2,
            id="tasks-of-a-process-that-was-killed-are-done-here",
        ),
        pytest.param(
            "def fails():\n    time.sleep(0.01)\n    raise ValueError('said once')\n"
            "try:\n    shared([fails] * 20, pays=True)\n"
            "except ValueError as error:\n    assert str(error) == 'said once'\n"
            "else:\n    raise AssertionError",
            2,
            id="tasks-that-fail-everywhere-fail-here",
        ),
    ],
)
def test_shared_tasks(statements: str, processors: int) -> None:
    done = _run(f"{TASKS}\n{statements}", processors)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@CAN_FORK
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
