"""
The credential of the moment: read, asked of a plugin, kept until it expires, renewed once for all.

When a server answers 401, everybody whose request was refused waits for one renewal and tries once
more; nobody renews what somebody else has just renewed.
"""

import asyncio
import base64
import os
import ssl
import tempfile
from collections.abc import Callable

import msgspec

from mooring.cluster.access import Access, Certificate
from mooring.cluster.errors import AccessError
from mooring.sensitive import Sensitive

_TOKEN_FILE_SECONDS = 60.0
"""client-go reads a token file as often."""
_EARLY_SECONDS = 10.0
"""A credential that expires within this time is asked for anew."""


class Login(msgspec.Struct, frozen=True):
    """
    What a request shows.

    ``generation`` counts renewals, so that a request can tell which one it was refused with.
    """

    headers: Sensitive[dict[str, str]]
    generation: int
    certificate: Certificate | None = None


class Credentials:
    """The credentials of one access; ``wall_clock`` gives seconds since 1970."""

    def __init__(self, access: Access, *, wall_clock: Callable[[], float]) -> None:
        self._access = access
        self._wall_clock = wall_clock
        self._lock = asyncio.Lock()
        self._login: Login | None = None
        self._expires: float | None = None
        self._generation = 0

    async def current(self) -> Login:
        """
        Return what to show now.

        Raises:
            AccessError: a token file cannot be read, or a plugin gives no credential.
        """
        login = self._login
        if login is not None and not self._is_over():
            return login
        async with self._lock:
            if self._login is None or self._is_over():
                self._login = await self._made()
            return self._login

    async def renewed(self, refused: Login) -> Login | None:
        """Return another login than ``refused``, or None where there can be none."""
        identity = self._access.identity
        if identity.plugin is None and not identity.token_file:
            return None
        async with self._lock:
            if self._login is None or self._login.generation == refused.generation:
                self._login = await self._made()
            return self._login

    def _is_over(self) -> bool:
        return self._expires is not None and self._wall_clock() >= self._expires - _EARLY_SECONDS

    async def _made(self) -> Login:
        identity = self._access.identity
        self._generation += 1
        self._expires = None
        headers = dict(identity.impersonation)
        certificate = identity.certificate
        if identity.token_file:
            headers["Authorization"] = f"Bearer {_token_in(identity.token_file)}"
            self._expires = self._wall_clock() + _TOKEN_FILE_SECONDS + _EARLY_SECONDS
        elif identity.token is not None:
            headers["Authorization"] = f"Bearer {identity.token.reveal()}"
        elif identity.basic is not None:
            pair = ":".join(identity.basic.reveal())
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif identity.plugin is not None:
            from mooring.cluster import plugins

            given = await plugins.credential(identity.plugin, self._access)
            if given.token is not None:
                headers["Authorization"] = f"Bearer {given.token.reveal()}"
            certificate = given.certificate or certificate
            self._expires = given.expires
        return Login(Sensitive(headers), self._generation, certificate)


def tls(access: Access, certificate: Certificate | None) -> ssl.SSLContext:
    """
    Return the context that verifies the server and shows ``certificate``.

    Raises:
        AccessError: the authority or the certificate is not what it should be.
    """
    try:
        if access.authority is None:
            context = ssl.create_default_context()
        else:
            context = ssl.create_default_context(cadata=access.authority.decode("ascii"))
    except (ssl.SSLError, ValueError) as error:
        raise AccessError(
            f"the certificate authority of {_named(access)} is no certificate in PEM form",
            remedy="correct certificate-authority-data (or the file) in the kubeconfig",
        ) from error
    # As Go verifies, and so kubectl: authorities of clusters seldom have all the extensions that
    # newer Pythons ask for, and an intermediate one may be the one that is trusted.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if certificate is not None:
        _show(context, certificate, access)
    return context


def _show(context: ssl.SSLContext, certificate: Certificate, access: Access) -> None:
    # The ssl module reads certificates from files only; the folder is the owner's alone.
    with tempfile.TemporaryDirectory(prefix="mooring-") as folder:
        path = os.path.join(folder, "pair.pem")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(certificate.certificate + b"\n" + certificate.key.reveal())
        try:
            context.load_cert_chain(path, password=_no_password)
        except (ssl.SSLError, ValueError) as error:
            raise AccessError(
                f"the client certificate of {_named(access)} and its key cannot be used",
                remedy="they must be in PEM form, belong together, and have no pass phrase",
            ) from error


def _no_password() -> bytes:
    """Keep OpenSSL from asking on the terminal."""
    return b""


def _token_in(file: str) -> str:
    try:
        with open(file, encoding="ascii") as stream:
            token = stream.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise AccessError(f"the token file {file} cannot be read: {reason}") from None
    if not token:
        raise AccessError(f"the token file {file} is empty")
    return token


def _named(access: Access) -> str:
    return f"the context {access.context}" if access.context else access.server
