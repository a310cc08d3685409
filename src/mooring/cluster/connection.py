"""
Carry requests to one API server: one session, one TLS context, retries, streams, WebSockets.

Only paths and bodies go in and only bodies come out; what they mean is `client`'s business.
Headers are never logged, and the errors of the library below are replaced by ours, because they
quote requests.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from functools import lru_cache
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode

import msgspec
import yarl

from mooring import __version__
from mooring.cluster import credentials, refusals, retries
from mooring.cluster.access import Access
from mooring.cluster.concurrency import Gate
from mooring.cluster.credentials import Credentials, Login
from mooring.cluster.errors import AccessError, OutcomeUnknown, Refused, Unauthorized, Unreachable
from mooring.cluster.execution import Answer
from mooring.cluster.http_library import aiohttp
from mooring.cluster.retries import Failing, Tries

_log = logging.getLogger(__name__)

Query = Iterable[tuple[str, str]]

JSON: Final = "application/json"
_CONNECT_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 60.0
"""An API server ends what takes it longer itself (`--request-timeout`)."""


class Reply(msgspec.Struct, frozen=True):
    """An answer with a status below 400."""

    status: int
    body: bytes
    content_type: str
    warnings: tuple[str, ...] = ()


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """
    One request; ``path`` is quoted already.

    ``is_repeatable`` tells whether doing it twice is doing it once, ``is_typical`` whether the
    time that its answer takes says something of how busy the server is.  ``once`` forbids any
    other try.  ``answer_seconds`` limits how long an answer may keep silent; None: as long as on
    this connection every one may.  ``secrets`` must not be seen in an error.  ``check`` is called
    before each try and once more before the body goes out; it raises where nothing may be written
    any more.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    content_type: str = JSON
    accept: str = JSON
    is_repeatable: bool = True
    is_typical: bool = True
    once: bool = False
    answer_seconds: float | None = None
    secrets: Collection[str] = frozenset()
    check: Callable[[], None] | None = None

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"


class _Failed(Exception):
    """A try without an answer."""

    def __init__(self, failing: Failing, told: str) -> None:
        super().__init__(told)
        self.failing, self.told = failing, told


class Connection:
    """
    An API server, open inside an `async with` block.

    ``answer_seconds`` is for how long an answer may keep silent.

    Raises:
        AccessError: on entering, or on the first request: certificates or credentials are no use.
    """

    def __init__(self, access: Access, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._access, self._answer_seconds = access, answer_seconds
        self._credentials = Credentials(access, wall_clock=time.time)
        self.gate = Gate(time.monotonic)
        self._session: aiohttp.ClientSession | None = None
        self._shown: object = None
        self._former: list[aiohttp.ClientSession] = []
        self._was_reached = False

    @property
    def access(self) -> Access:
        """Where it leads."""
        return self._access

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for session in (*self._former, self._session):
            if session is not None:
                await session.close()
        self._session = None

    async def request(self, request: Request) -> Reply:
        """
        Return the answer; try again as far as that is safe.

        Raises:
            Refused: the answer is a refusal, of the type that says which.
            OutcomeUnknown: the answer was lost, and doing it twice is not doing it once.
            Unreachable: there is no answer.
        """
        tries = Tries(time.monotonic(), request.is_repeatable, self._was_reached)
        login = await self._credentials.current()
        was_renewed = False
        while True:
            after: float | None = None
            try:
                async with self.gate:
                    if request.check is not None:
                        request.check()
                    answer = await self._once(request, login)
            except _Failed as failed:
                failing, error = failed.failing, self._unreachable(failed, request)
            else:
                status, after, reply = answer
                if status < 400:
                    return reply
                error = refusals.refusal(status, reply.body, secrets=request.secrets)
                if isinstance(error, Unauthorized) and not was_renewed:
                    was_renewed = True
                    renewed = await self._credentials.renewed(login)
                    if renewed is not None:
                        login = renewed
                        continue
                if status != 429 and status < 500:
                    raise error
                failing = Failing.BUSY if status == 429 else Failing.FAULT
                if failing is Failing.BUSY and after is not None:
                    self.gate.close_for(min(after, ANSWER_SECONDS))
            tries.was_reached = tries.was_reached or self._was_reached
            wait = tries.wait_seconds(failing, time.monotonic(), retry_after=after)
            if wait is None or request.once:
                raise error
            _log.debug("%s %s again in %.1f s", request.method, request.path, wait)
            await asyncio.sleep(wait)

    async def answer(self, request: Request) -> Answer:
        """
        Return what stands behind the server answered, whatever its status is; tried once.

        Raises:
            Refused: the server itself refuses.
            Unreachable: the server does not answer, or not in time.
        """
        login = await self._credentials.current()
        try:
            async with self.gate:
                status, _, reply = await self._once(request, login)
        except _Failed as failed:
            raise self._unreachable(failed, request) from None
        if status >= 400 and refusals.is_status(reply.body):
            raise refusals.refusal(status, reply.body)
        return Answer(status, reply.body, reply.content_type)

    @asynccontextmanager
    async def stream(
        self, request: Request, *, silence_seconds: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """
        Yield the pieces of an answer as they come; it takes no place among the requests.

        Raises:
            Refused: the answer is a refusal.
            Unreachable: there is no answer, nothing came for ``silence_seconds``, or the rest is
                lost.
        """
        login = await self._credentials.current()
        for is_last in (False, True):
            try:
                response = await self._send(request, login, silence_seconds)
                if response.status < 400:
                    break
                async with response:
                    body = await response.read()
            except _EXCEPTIONS as error:
                raise self._unreachable(_failed(error), request) from None
            refused = refusals.refusal(response.status, body, secrets=request.secrets)
            renewed = None
            if isinstance(refused, Unauthorized) and not is_last:
                renewed = await self._credentials.renewed(login)
            if renewed is None:
                raise refused
            login = renewed
        self._was_reached = True
        try:
            yield self._pieces(response, request)
        finally:
            response.close()

    async def _pieces(
        self, response: aiohttp.ClientResponse, request: Request
    ) -> AsyncIterator[bytes]:
        while True:
            try:
                piece = await response.content.readany()
            except _EXCEPTIONS as error:
                raise self._unreachable(_failed(error), request) from None
            if not piece:
                return
            yield piece

    async def websocket(
        self, path: str, query: Query, protocols: tuple[str, ...]
    ) -> aiohttp.ClientWebSocketResponse:
        """
        Return an open WebSocket with the first of ``protocols`` that the server speaks; close it.

        Raises:
            Refused: the server did not agree to one.
            Unreachable: there is no answer.
        """
        # A kubelet may refuse to upgrade for somebody who accepts JSON alone.
        request = Request(method="GET", path=path, query=tuple(query), accept="*/*")
        login = await self._credentials.current()
        for is_last in (False, True):
            session = self._session_for(login)
            try:
                return await session.ws_connect(
                    self._url(request),
                    protocols=protocols,
                    headers=self._headers(request, login),
                    proxy=self._proxy(),
                    server_hostname=self._access.server_name or None,
                    max_msg_size=0,
                    autoping=True,
                )
            except aiohttp.WSServerHandshakeError as error:
                refused = await self._why(request, login, error.status)
            except _EXCEPTIONS as error:
                raise self._unreachable(_failed(error), request) from None
            renewed = None
            if isinstance(refused, Unauthorized) and not is_last:
                renewed = await self._credentials.renewed(login)
            if renewed is None:
                raise refused
            login = renewed
        raise AssertionError("unreachable")

    async def _why(self, request: Request, login: Login, status: int) -> Refused:
        """
        Return why a WebSocket was refused.

        The library keeps nothing of the answer but its status; a plain GET of the same path is
        refused for the same reason, or else for being one.
        """
        try:
            again, _, reply = await self._once(request, login)
        except _Failed:
            again, reply = 0, Reply(0, b"", "")
        return refusals.refusal(status, reply.body if again == status else b"")

    async def _once(self, request: Request, login: Login) -> tuple[int, float | None, Reply]:
        """Return the status, when to come back, and the answer."""
        started = time.monotonic()
        try:
            seconds = request.answer_seconds or self._answer_seconds
            async with await self._send(request, login, seconds) as response:
                body = await response.read()
        except _EXCEPTIONS as error:
            failed = _failed(error)
            _log.debug("%s %s: %s", request.method, request.path, failed.told)
            if failed.failing is Failing.LOST:
                self.gate.ended(time.monotonic() - started, is_overloaded=True)
            raise failed from None
        seconds = time.monotonic() - started
        status = refusals.meant(response.status, body)
        _log.debug("%s %s: %d in %.3f s", request.method, request.path, status, seconds)
        self._was_reached = True
        is_overloaded = status == 429 or status >= 500
        if is_overloaded or request.is_typical:
            self.gate.ended(seconds, is_overloaded=is_overloaded)
        warnings = tuple(map(_warning, response.headers.getall("Warning", ())))
        reply = Reply(status, body, response.content_type, warnings)
        return status, retries.retry_after(response.headers.get("Retry-After")), reply

    async def _send(
        self, request: Request, login: Login, silence_seconds: float
    ) -> aiohttp.ClientResponse:
        return await self._session_for(login).request(
            request.method,
            self._url(request),
            data=self._body(request),
            headers=self._headers(request, login),
            proxy=self._proxy(),
            server_hostname=self._access.server_name or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=_CONNECT_SECONDS, sock_read=silence_seconds
            ),
        )

    def _session_for(self, login: Login) -> aiohttp.ClientSession:
        """Return the session whose TLS context shows the certificate of ``login``."""
        if self._session is None or self._shown is not login.certificate:
            if self._session is not None:
                self._former.append(self._session)  # what is under way there may end
            context = credentials.tls(self._access, login.certificate)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=context, limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": f"mooring/{__version__}"},
            )
            # Whether a request is safe to repeat is ours to say: a PUT is not.
            self._session._retry_connection = False
            self._shown = login.certificate
        return self._session

    def _url(self, request: Request) -> yarl.URL:
        query = f"?{_encoded(request.query)}" if request.query else ""
        return yarl.URL(f"{self._access.server}{request.path}{query}", encoded=True)

    def _body(self, request: Request) -> "bytes | aiohttp.BytesPayload | None":
        if request.check is None or request.body is None:
            return request.body
        from mooring.cluster.guarded import GuardedBody

        return GuardedBody(request.body, request.check, request.content_type)

    def _headers(self, request: Request, login: Login) -> dict[str, str]:
        headers = {"Accept": request.accept, **login.headers.reveal()}
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        return headers

    def _proxy(self) -> str | None:
        return None if self._access.proxy is None else self._access.proxy.reveal()

    def _unreachable(
        self, failed: _Failed, request: Request
    ) -> Unreachable | AccessError | Refused:
        server = self._access.server
        if failed.failing is Failing.NOT_SENT and failed.told.startswith(_UNTRUSTED):
            reason = failed.told.removeprefix(_UNTRUSTED)
            return AccessError(
                f"the certificate of {server} is not to be trusted: {reason}",
                remedy="correct certificate-authority-data or tls-server-name in the kubeconfig",
            )
        if failed.failing is Failing.LOST and request.is_write and not request.is_repeatable:
            return OutcomeUnknown(
                f"the answer to {request.method} {server}{request.path} was lost: {failed.told}",
                remedy="look whether it was done before it is tried again",
            )
        named = f"the context {self._access.context}" if self._access.context else "the server"
        return Unreachable(
            f"the cluster at {server} does not answer: {failed.told}",
            remedy=f"is it running, is {named} the right one, does a proxy or VPN stand between?",
        )


_EXCEPTIONS = (aiohttp.ClientError, OSError, TimeoutError, ssl.SSLError)
_UNTRUSTED: Final = "untrusted: "


def _failed(error: BaseException) -> _Failed:
    """Return what an exception of the library means, without what it says of the request."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = getattr(error.certificate_error, "verify_message", "") or "it cannot be verified"
        return _Failed(Failing.NOT_SENT, f"{_UNTRUSTED}{reason}")
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _Failed(Failing.NOT_SENT, f"the proxy answers with status {error.status}")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return _Failed(Failing.NOT_SENT, "its name is not known")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return _Failed(Failing.NOT_SENT, f"the proxy cannot be reached: {_reason(error)}")
    if isinstance(error, aiohttp.ClientConnectorError):
        return _Failed(Failing.NOT_SENT, _reason(error))
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return _Failed(Failing.NOT_SENT, f"no connection within {_CONNECT_SECONDS:.0f} s")
    if isinstance(error, aiohttp.InvalidURL):
        return _Failed(Failing.NOT_SENT, "this is no address")
    if isinstance(error, TimeoutError):
        return _Failed(Failing.LOST, "nothing came within the time limit")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return _Failed(Failing.LOST, "it closed the connection")
    return _Failed(Failing.LOST, _reason(error))


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror).lower()
    return "the connection broke"


def _warning(header: str) -> str:
    """Return the text of a header such as `299 - "unknown field"` (RFC 7234, section 5.5)."""
    return header.split(" ", 2)[-1].strip('"').replace('\\"', '"')


@lru_cache(maxsize=64)
def _encoded(query: tuple[tuple[str, str], ...]) -> str:
    """Return ``query`` as it stands in a URL; all writes of a deployment have the same."""
    return urlencode(query)
