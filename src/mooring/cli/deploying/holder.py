"""Who deploys: the user, the machine, the process, and the job of a continuous integration."""

import getpass
import os
import socket
import uuid

from mooring.deploy.lease import Holder


def this_process() -> Holder:
    """Return this process as the holder of a lease."""
    job = _job()
    shown = f"{_user()}@{socket.gethostname()} (process {os.getpid()}{f', {job}' if job else ''})"
    return Holder(
        shown=shown,
        place=_place(),
        process=f"{os.getpid()}-{_started(os.getpid())}",
        nonce=uuid.uuid4().hex[:8],
    )


def is_alive(process: str) -> bool:
    """Tell whether a process of this machine, as a holder names it, is still there."""
    number, _, started = process.partition("-")
    if not number.isdigit():
        return True
    now = _started(int(number))
    return now == started if now else False


def shown() -> str:
    """Return who deploys, for the history."""
    job = _job()
    return f"{_user()}@{socket.gethostname()}{f' ({job})' if job else ''}"


def _place() -> str:
    """Return this boot of this machine and its process namespace; empty where they are unknown."""
    boot, namespace = _read("/proc/sys/kernel/random/boot_id"), _link("/proc/self/ns/pid")
    return f"{boot}/{namespace}" if boot and namespace else ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "somebody"


def _job() -> str:
    environment = os.environ
    if server := environment.get("GITHUB_SERVER_URL"):
        repository, run = environment.get("GITHUB_REPOSITORY"), environment.get("GITHUB_RUN_ID")
        return f"{server}/{repository}/actions/runs/{run}"
    return environment.get("CI_JOB_URL") or environment.get("BUILD_URL") or ""


def _started(process: int) -> str:
    """Return when a process started, in the kernel's own count; empty where there is none."""
    fields = _read(f"/proc/{process}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] != "Z" else ""


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read().strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
