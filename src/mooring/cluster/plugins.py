"""
Programs that give credentials: run as kubectl runs them, and believed no further than their format.

Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import asyncio
import base64
import datetime
import os
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import msgspec

from mooring.cluster.access import Access, Certificate, Plugin
from mooring.cluster.errors import AccessError
from mooring.sensitive import Sensitive

_LIMIT_SECONDS = 120.0
"""A plugin may wait for somebody to log in with a browser, but not for ever."""


class Given(msgspec.Struct, frozen=True):
    """What a plugin gave; ``expires`` in seconds since 1970, None for not while we run."""

    token: Sensitive[str] | None = None
    certificate: Certificate | None = None
    expires: float | None = None


async def credential(plugin: Plugin, access: Access) -> Given:
    """
    Run ``plugin`` and return its credential.  What it writes to standard error reaches the user.

    Raises:
        AccessError: it cannot be run, fails, or gives something else.  What it printed is not
            repeated, because it may be a credential.
    """
    name = os.path.basename(plugin.command)
    environment = {
        **os.environ,
        **plugin.environment.reveal(),
        "KUBERNETES_EXEC_INFO": msgspec.json.encode(_told(plugin, access)).decode(),
    }
    with _Output() as output:
        try:
            process = await asyncio.create_subprocess_exec(
                plugin.command,
                *plugin.arguments,
                env=environment,
                stdin=None if _interacts(plugin) else asyncio.subprocess.DEVNULL,
                stdout=output.write_end,
            )
        except OSError as error:
            raise AccessError(
                f"the credential plugin {plugin.command} cannot be run: {error.strerror}",
                remedy=plugin.install_hint.strip() or "install it, or use another --context",
            ) from None
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                await process.wait()
        except TimeoutError:
            raise AccessError(
                f"the credential plugin {name} gave nothing within {_LIMIT_SECONDS:.0f} s",
                remedy="log in with its own command first",
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        printed = output.all()
    if process.returncode:
        raise AccessError(
            f"the credential plugin {name} failed with status {process.returncode}",
            remedy="run it by hand, or log in with its own command first",
        )
    return parsed(printed, name)


class _Output:
    """
    What a program prints until it ends.

    A pipe that asyncio makes is waited for until everybody has closed it, also what the program
    left running behind it.
    """

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._found = bytearray()
        self._loop = asyncio.get_running_loop()

    def __enter__(self) -> Self:
        self._loop.add_reader(self._read_end, self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.remove_reader(self._read_end)
        os.close(self._read_end)
        os.close(self.write_end)

    def all(self) -> bytes:
        """Return what was printed so far."""
        self._take()
        return bytes(self._found)

    def _take(self) -> None:
        with suppress(BlockingIOError):
            while piece := os.read(self._read_end, 65536):
                self._found += piece


def parsed(output: bytes, name: str) -> Given:
    """
    Return what the plugin called ``name`` printed.

    Raises:
        AccessError: it is no ExecCredential with a token or a certificate.
    """
    try:
        status = msgspec.json.decode(output)["status"]
        token = status.get("token")
        certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
        expires = _instant(status.get("expirationTimestamp"))
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
    ):
        raise AccessError(
            f"the credential plugin {name} printed no ExecCredential",
            remedy="run it by hand, or log in with its own command first",
        ) from None
    if not token and not (certificate and key):
        raise AccessError(f"the credential plugin {name} gave neither a token nor a certificate")
    return Given(
        Sensitive(str(token)) if token else None,
        Certificate(str(certificate).encode(), Sensitive(str(key).encode()))
        if certificate and key
        else None,
        expires,
    )


def _instant(text: object) -> float | None:
    if not text:
        return None
    return datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp()


def _interacts(plugin: Plugin) -> bool:
    return plugin.is_interactive and sys.stdin is not None and sys.stdin.isatty()


def _told(plugin: Plugin, access: Access) -> dict[str, Any]:
    """Return the ExecCredential that a plugin finds in its environment."""
    spec: dict[str, Any] = {"interactive": _interacts(plugin)}
    if plugin.gets_cluster:
        cluster: dict[str, Any] = {"server": access.server}
        if access.server_name:
            cluster["tls-server-name"] = access.server_name
        if access.authority is not None:
            encoded = base64.b64encode(access.authority).decode()
            cluster["certificate-authority-data"] = encoded
        if access.proxy is not None:
            cluster["proxy-url"] = access.proxy.reveal()
        if access.plugin_config is not None:
            cluster["config"] = access.plugin_config
        spec["cluster"] = cluster
    return {"kind": "ExecCredential", "apiVersion": plugin.api_version, "spec": spec}
