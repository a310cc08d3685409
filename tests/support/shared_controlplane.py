"""
One control plane, and one test bed, for all processes of a test session.

Under pytest-xdist every worker asks for the API server, and none of them lives longest for sure.
So a process of its own holds it, and everybody who uses it holds a connection to that process: the
first one starts it, and it ends when the last connection is gone.  A worker that is killed loses
its connection too, so nothing is left behind.

Run as `python -m tests.support.shared_controlplane KIND FOLDER` it is that process.
"""

import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

import msgspec
from tests.support import gotools
from tests.support.bed import Bed
from tests.support.controlplane import ControlPlane, ControlPlaneFailed, Endpoint

_IDLE_SECONDS = 1.0
"""How long the holder stays without users: workers of one session come and go."""

_FIRST_USER_SECONDS = 60.0


class _Greeting(msgspec.Struct, frozen=True):
    """What the holder tells each user once it knows: where the server is, or why there is none."""

    endpoint: Endpoint | None = None
    error: str = ""


class Kind(StrEnum):
    """What is shared."""

    API_SERVER = "controlplane"
    BED = "bed"


_PLANES: dict[Kind, type[ControlPlane]] = {Kind.API_SERVER: ControlPlane, Kind.BED: Bed}
_TOOLS = {Kind.API_SERVER: ("controlplane",), Kind.BED: ("controlplane", "kwok")}


@contextmanager
def joined(session: str, kind: Kind = Kind.API_SERVER) -> Iterator[Endpoint]:
    """
    Yield the API server that all callers with the same ``session`` share; start it when first.

    It is alone, or part of a whole `tests.support.bed`.

    Raises:
        ControlPlaneFailed: it did not start; the message holds the end of a log.
        GoToolUnavailable: the program is not built and cannot be.
    """
    for name in _TOOLS[kind]:
        gotools.tool(name)  # Built here, where an error can be shown, not in the holder.
    folder = Path(tempfile.gettempdir()) / f"mooring-{kind}-{os.getuid()}-{session}"
    with _connection(kind, folder) as connection:
        greeting = _greeting(connection)
        if greeting is None:
            raise ControlPlaneFailed(f"the process that holds the control plane of {folder} ended")
        if greeting.endpoint is None:
            raise ControlPlaneFailed(greeting.error)
        yield greeting.endpoint


def _connection(kind: Kind, folder: Path) -> socket.socket:
    """Return a connection to the holder of ``folder``, started when there is none."""
    with gotools.locked(_lock_file()):
        if connection := _connected(folder):
            return connection
        # No holder, or the remains of one that was killed.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        with (folder / "holder.log").open("wb") as log:
            holder = subprocess.Popen(
                [sys.executable, "-m", "tests.support.shared_controlplane", kind, str(folder)],
                cwd=gotools.TESTS.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they close their connections.
            )
        while not (connection := _connected(folder)):
            if holder.poll() is not None:
                text = (folder / "holder.log").read_text(encoding="utf-8")
                raise ControlPlaneFailed(f"its holder ended at once: {text[-3000:]}")
            time.sleep(0.02)
        return connection


def _connected(folder: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(folder / "socket"))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    return connection


def _greeting(connection: socket.socket) -> _Greeting | None:
    """Wait for the holder's first line; None when it ended instead."""
    with connection.makefile("rb") as lines:
        line = lines.readline()
    return msgspec.json.decode(line, type=_Greeting) if line.endswith(b"\n") else None


def _hold(kind: Kind, folder: Path) -> None:
    """Start the control plane, tell every user of it, and end when nobody is left."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        listener.listen(128)
        try:
            with _PLANES[kind](folder / "plane") as plane:
                _serve(listener, _Greeting(endpoint=plane.endpoint), folder)
        except ControlPlaneFailed as error:
            _serve(listener, _Greeting(error=str(error)), folder)


def _serve(listener: socket.socket, greeting: _Greeting, folder: Path) -> None:
    """Greet every user; return when none is left, with ``folder`` free for another holder."""
    line = msgspec.json.encode(greeting) + b"\n"
    users = 0
    patience = _FIRST_USER_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            ready = selector.select(None if users else patience)
            if not ready:
                with gotools.locked(_lock_file()):  # Nobody connects while we look once more.
                    ready = selector.select(0)
                    if not ready:
                        folder.rename(_leftover(folder))
                        return
            for key, _ in ready:
                if key.fileobj is listener:
                    user, _ = listener.accept()
                    selector.register(user, selectors.EVENT_READ)
                    users, patience = users + 1, _IDLE_SECONDS
                    with suppress(OSError):  # A user that is gone already is noticed below.
                        user.sendall(line)
                elif isinstance(key.fileobj, socket.socket):  # Readable: the user closed it.
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    users -= 1


def _lock_file() -> Path:
    return gotools.cache_root() / "controlplane-holder.lock"


def _leftover(folder: Path) -> Path:
    """Return where this holder's files are once ``folder`` is no longer its own."""
    return folder.with_name(f"{folder.name}-ended-{os.getpid()}")


def _main(kind: Kind, folder: Path) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _hold(kind, folder)
    finally:
        shutil.rmtree(_leftover(folder), ignore_errors=True)


if __name__ == "__main__":
    _main(Kind(sys.argv[1]), Path(sys.argv[2]))
