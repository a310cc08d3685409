"""
Starts and ends a real node: containerd, kubelet, kube-proxy, CoreDNS and a control plane.

Everything lives in namespaces of its own, over a root file system of its own (`layers.NODE`):
ending the first process there ends every process, mount and interface.  The machine's network is
not changed; the API server is reached through a port of loopback.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support import gotools
from tests.support.node import images, layers

_HERE = Path(__file__).parent
_PROGRAMS = ("controlplane", "node", "coredns")
_START_SECONDS = 300
_PR_SET_PDEATHSIG = 1


class NodeFailed(Exception):
    """The node did not come up; the message holds the end of a log."""


class Node(NamedTuple):
    """A node that runs."""

    name: str
    process_id: int
    kubeconfig: Path


def unavailable() -> str:
    """Return in one line why there can be no node here; empty when there can."""
    if sys.platform != "linux":
        return "a real node needs Linux"
    if os.geteuid() != 0:
        return "a real node needs root"
    if missing := [
        name for name in ("apt-get", "unshare", "mount", "ip") if not shutil.which(name)
    ]:
        return f"a real node is made with {missing[0]}, which is not here"
    return ""


def up(name: str, *, outlives: bool) -> Node:
    """
    Start the node ``name`` and return when pods can run on it; one that runs is only returned.

    What it is made of is built first where it is not there: minutes the first time, seconds later.

    Args:
        outlives: whether it goes on when this process ends.

    Raises:
        NodeUnavailable, LayerFailed, GoToolUnavailable, NodeFailed
    """
    if reason := unavailable():
        raise layers.NodeUnavailable(reason)
    with gotools.locked(layers.folder() / f"run-{name}.lock"):
        if node := running(name):
            return node
        _down(name)
        try:
            return _start(name, outlives=outlives)
        except BaseException:
            _down(name)
            raise


def down(name: str) -> None:
    """End the node ``name`` and remove what it held; nothing happens when there is none."""
    with gotools.locked(layers.folder() / f"run-{name}.lock"):
        _down(name)


def end(node: Node) -> None:
    """End a node whose name nobody uses again."""
    down(node.name)
    (layers.folder() / f"run-{node.name}.lock").unlink(missing_ok=True)


def running(name: str) -> Node | None:
    """Return the node ``name`` if it runs."""
    place = _place(name)
    try:
        process_id = int((place / "pid").read_text(encoding="ascii"))
        command = Path(f"/proc/{process_id}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    if str(place).encode() not in command or not (place / "state/ready").exists():
        return None
    return Node(name, process_id, place / "state/pki/admin.kubeconfig")


def _down(name: str) -> None:
    """End the node; nobody else starts or ends it meanwhile."""
    place = _place(name)
    with contextlib.suppress(OSError, ValueError):
        process_id = int((place / "pid").read_text(encoding="ascii"))
        # A number is used again: only a process that was started for this node is ended.
        if str(place).encode() in Path(f"/proc/{process_id}/cmdline").read_bytes():
            os.kill(process_id, signal.SIGKILL)
            _wait_for_end(process_id)
    _remove_groups(_group(name))
    if place.exists():
        _remove(place)


def _remove(place: Path) -> None:
    """Remove what a node has left; its images are tens of thousands of files, so not now."""
    place.rename(place.with_name(f"ended-{os.getpid()}-{time.monotonic_ns()}"))
    subprocess.Popen(
        ["rm", "-rf", *layers.folder().glob("ended-*")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait_for_end(process_id: int) -> None:
    """Wait until the process and, with it, its namespaces have gone."""
    for _ in range(300):
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process_id, os.WNOHANG)
        if not Path(f"/proc/{process_id}").exists():
            return
        time.sleep(0.05)


def _place(name: str) -> Path:
    return layers.folder() / f"run-{name}"


def _group(name: str) -> str:
    return f"mooring-node-{name}"


def _remove_groups(name: str) -> None:
    """Remove the control groups of a node, the inner ones first; processes may still be ending."""
    top = Path("/sys/fs/cgroup")
    for _ in range(100):
        left = [each for pattern in (name, f"*/{name}") for each in top.glob(pattern)]
        if not left:
            return
        for each in left:
            for folder, _, _ in os.walk(each, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
        time.sleep(0.05)


def _start(name: str, *, outlives: bool) -> Node:
    programs = [gotools.tool(each) for each in _PROGRAMS]
    imported = _imported(programs)
    place = _place(name)
    state = place / "state"
    (state / "pki").mkdir(parents=True)
    _copy(imported, state / "containerd")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = listener.getsockname()[1]
        server = f"https://127.0.0.1:{port}"
        certs = ["certs", "-dir", state / "pki", "-server", server, "-node", name]
        subprocess.run([programs[0], *certs], check=True)
        wishes = {
            "only_imports": False,
            "name": name,
            "cgroup": _group(name),
            "port": port,
            "listener": listener.fileno(),
            "sandbox": images.SANDBOX,
        }
        process = _unshared(place, programs, wishes, listener, outlives=outlives)
    (place / "pid").write_text(str(process.pid), encoding="ascii")
    _wait(place, process)
    return Node(name, process.pid, state / "pki/admin.kubeconfig")


def _imported(programs: Sequence[Path]) -> Path:
    """
    Return a folder of containerd's that holds the images of a node; made when it is not there.

    To unpack them takes a quarter of a minute, to copy what was unpacked a second.
    """
    archive = images.archive(images.all_images())
    made = archive.with_suffix("")
    with gotools.locked(made.with_name(f"{made.name}-imported.lock")):
        if not made.exists():
            for old in layers.folder().glob("images-*/"):
                _remove(old)
            place = layers.folder() / "run-import"
            _down("import")
            (place / "state").mkdir(parents=True)
            os.link(archive, place / "state/images.tar")
            wishes = {"only_imports": True, "port": 0, "name": "", "sandbox": images.SANDBOX}
            process = _unshared(place, programs, wishes, None, outlives=False)
            if process.wait(timeout=_START_SECONDS):
                raise NodeFailed(_said(place))
            (place / "state/containerd").rename(made)
            _remove(place)
    return made


def _copy(imported: Path, target: Path) -> None:
    """Copy containerd's folder; the files of images never change, so they need not be doubled."""
    subprocess.run(["cp", "-al", imported, target], check=True)
    for database in target.rglob("*.db"):
        content = database.read_bytes()
        database.unlink()
        database.write_bytes(content)


def _unshared(
    place: Path,
    programs: Sequence[Path],
    wishes: Mapping[str, object],
    listener: socket.socket | None,
    *,
    outlives: bool,
) -> subprocess.Popen[bytes]:
    """Start the first process of the node's namespaces; return when it has its own root."""
    (place / "state/node.json").write_text(json.dumps(wishes), encoding="ascii")
    root = place / "root"
    for folder in ("root", "upper", "work"):
        (place / folder).mkdir()
    below = [each.tree for each in layers.chain(layers.NODE)]
    layers.mount(root, upper=place / "upper", work=place / "work", lowers=below)
    try:
        return _entered(place, programs, listener, outlives=outlives)
    finally:
        # The namespaces have a copy of the mount; the machine needs none.
        subprocess.run(["umount", "--lazy", root], check=True)


def _entered(
    place: Path, programs: Sequence[Path], listener: socket.socket | None, *, outlives: bool
) -> subprocess.Popen[bytes]:
    spaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child"]
    command = ["unshare", *spaces, "--propagation", "private", "sh", _HERE / "enter.sh"]
    command += [place / "root", place / "state", _HERE, *programs]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()] if listener else [],
            start_new_session=True,
            preexec_fn=None if outlives else _end_with_parent(),
        )
    deadline = time.monotonic() + _START_SECONDS
    while not (place / "state/logs").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise NodeFailed(f"the node's namespaces were not made: {_said(place)}")
        time.sleep(0.02)
    return process


def _said(place: Path) -> str:
    """Return why the first process of the node's namespaces ended."""
    failed = place / "state/failed"
    if failed.exists():
        return failed.read_text(encoding="utf-8")
    return (place / "log").read_text(encoding="utf-8", errors="replace")[-3000:]


def _end_with_parent() -> Callable[[], None]:
    prctl = ctypes.CDLL(None).prctl

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return ask_kernel


def _wait(place: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not (place / "state/ready").exists():
        if process.poll() is not None:
            raise NodeFailed(_said(place))
        if time.monotonic() > deadline:
            raise NodeFailed(f"the node was not ready after {_START_SECONDS} s")
        time.sleep(0.05)
