"""
A real Kubernetes API server on this machine: etcd and kube-apiserver, from one binary.

It is the judge of what Mooring generates: a schema says less than the server does.  There is no
controller manager, so nothing creates ServiceAccounts, and the admission plugin that asks for them
is off; use server-side dry-run (`tests.support.kubeapi`) rather than waiting for pods.

Everything listens on loopback, on ports that are free at the time, with keys of its own.
"""

import ctypes
import http.client
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from tests.support import gotools

_START_SECONDS = 180
"""How long a start may take: it is 4 s alone, and test machines are busy."""

_ATTEMPTS = 3
"""A free port may be taken by another process before we listen on it; then others are tried."""

_PR_SET_PDEATHSIG = 1


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach an API server as an administrator."""

    host: str
    port: int
    ca_file: str
    certificate_file: str
    key_file: str
    kubeconfig: str
    process_ids: tuple[int, ...] = ()

    @property
    def url(self) -> str:
        """The server's URL."""
        return f"https://{self.host}:{self.port}"

    def tls(self) -> ssl.SSLContext:
        """Return a context that knows the server's authority and shows the admin certificate."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.load_cert_chain(self.certificate_file, self.key_file)
        return context


class ControlPlaneFailed(Exception):
    """A part of the control plane ended, or did not become ready in time."""


class ControlPlane:
    """
    etcd and kube-apiserver, alive inside a `with` block; their data is in ``directory``.

    On Linux the parts also end when the thread that started them does, however it ends.

    Raises:
        ControlPlaneFailed: on entering, with the last lines of the log of the part that failed.
        GoToolUnavailable: on entering, when the program is not built and cannot be.
    """

    _admission_flags: tuple[str, ...] = ("--disable-admission-plugins=ServiceAccount",)
    """Nobody makes ServiceAccounts here, so none may be asked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._binary = gotools.tool("controlplane")
        for attempt in range(_ATTEMPTS):
            try:
                self.endpoint = self._start()
                break
            except ControlPlaneFailed:
                self.stop()
                if attempt == _ATTEMPTS - 1:
                    raise
            except BaseException:
                self.stop()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End every part at once; what etcd holds is not worth a graceful end."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
        self._processes.clear()

    def _start(self) -> Endpoint:
        shutil.rmtree(self._directory / "etcd", ignore_errors=True)
        self._directory.mkdir(parents=True, exist_ok=True)
        client, peer, secure = free_ports(3)
        self._make_keys(secure)
        etcd = f"http://127.0.0.1:{client}"
        self._run(
            "etcd",
            f"--data-dir={self._directory / 'etcd'}",
            "--unsafe-no-fsync",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-cluster=default=http://127.0.0.1:{peer}",
            "--log-level=error",
        )
        self._run("kube-apiserver", f"--etcd-servers={etcd}", *self._apiserver_flags(secure))
        endpoint = Endpoint(
            host="127.0.0.1",
            port=secure,
            ca_file=self._file("ca.crt"),
            certificate_file=self._file("admin.crt"),
            key_file=self._file("admin.key"),
            kubeconfig=self._file("admin.kubeconfig"),
            process_ids=tuple(process.pid for process in self._processes.values()),
        )
        self._wait_until_ready(endpoint)
        return endpoint

    def _apiserver_flags(self, port: int) -> list[str]:
        return [
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            f"--secure-port={port}",
            f"--tls-cert-file={self._file('apiserver.crt')}",
            f"--tls-private-key-file={self._file('apiserver.key')}",
            f"--client-ca-file={self._file('ca.crt')}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self._file('sa.pub')}",
            f"--service-account-signing-key-file={self._file('sa.key')}",
            f"--requestheader-client-ca-file={self._file('front-proxy-ca.crt')}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-username-headers=X-Remote-User",
            f"--proxy-client-cert-file={self._file('front-proxy-client.crt')}",
            f"--proxy-client-key-file={self._file('front-proxy-client.key')}",
            "--authorization-mode=Node,RBAC",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--allow-privileged=true",
            "--kubelet-preferred-address-types=InternalIP",
            "--profiling=false",
            *self._admission_flags,
        ]

    def _make_keys(self, port: int) -> None:
        server = f"https://127.0.0.1:{port}"
        subprocess.run(
            [self._binary, "certs", "-dir", self._directory, "-server", server],
            check=True,
            timeout=_START_SECONDS,
        )

    def _run(self, applet: str, *flags: str, program: Path | None = None) -> None:
        """Start an applet, or ``program``, which is named ``applet`` in messages."""
        command = [program] if program else [self._binary, applet]
        with Path(self._file(f"{applet}.log")).open("ab") as log:
            self._processes[applet] = subprocess.Popen(
                [*command, *flags],
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent(),
            )

    def _wait_until_ready(self, endpoint: Endpoint) -> None:
        tls = endpoint.tls()
        self._wait(lambda: _is_ready(endpoint, tls), "kube-apiserver")

    def _wait(self, is_so: Callable[[], bool], waited_for: str) -> None:
        """Return when ``is_so``; no part may end before, and it may not take too long."""
        deadline = time.monotonic() + _START_SECONDS
        while not is_so():
            for applet, process in self._processes.items():
                if process.poll() is not None:
                    raise self._failure(f"{applet} ended with status {process.returncode}", applet)
            if time.monotonic() > deadline:
                raise self._failure(f"not ready after {_START_SECONDS} s", waited_for)
            time.sleep(0.05)

    def _failure(self, message: str, applet: str) -> ControlPlaneFailed:
        log = Path(self._file(f"{applet}.log")).read_text(encoding="utf-8", errors="replace")
        return ControlPlaneFailed(f"{message}; its log ends:\n{log[-3000:]}")

    def _file(self, name: str) -> str:
        return str(self._directory / name)


def _is_ready(endpoint: Endpoint, tls: ssl.SSLContext) -> bool:
    connection = http.client.HTTPSConnection(
        endpoint.host, endpoint.port, context=tls, timeout=_START_SECONDS
    )
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except OSError:  # Not listening yet, or closed half-way through the handshake.
        return False
    finally:
        connection.close()


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _end_with_parent() -> Callable[[], None] | None:
    """Return what a new process calls so that the kernel ends it when its parent is gone."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return ask_kernel
