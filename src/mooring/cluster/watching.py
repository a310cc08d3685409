"""
Lists in pages and watches without end, which go on where they were cut off.

A watch that breaks, or says nothing for a minute, is made again from the last resource version
seen; bookmarks keep that recent where nothing happens.  Where the server no longer remembers it
(410) the whole list is read again and told as such, because deletions in between were not seen.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import msgspec

from mooring.cluster import refusals
from mooring.cluster.changes import Change, Event, KindName, Listing, Manifest
from mooring.cluster.connection import JSON, Connection, Request
from mooring.cluster.discovery import ApiResource, Discovery
from mooring.cluster.errors import Busy, Expired, NotFound, Refused, ServerFault, Unreachable
from mooring.cluster.retries import PATIENCE_SECONDS

_log = logging.getLogger(__name__)

PAGE: Final = 500
"""Objects per page of a list."""
SILENCE_SECONDS: Final = 60.0
_WATCH_SECONDS: Final = 300
"""After this the server ends a watch; a new one may reach another replica of it."""
_RELISTS: Final = 3

_METADATA: Final = "application/json;as=PartialObjectMetadata{};g=meta.k8s.io;v=v1,application/json"


class Query(NamedTuple):
    """Which objects are asked for; None for all namespaces, any labels and any fields."""

    kind: KindName
    namespace: str | None
    labels: str | None
    metadata_only: bool
    fields: str | None = None

    def path(self, where: ApiResource) -> str:
        """Return the path of the collection."""
        if self.namespace is None or not where.is_namespaced:
            return f"{where.prefix}/{where.plural}"
        return f"{where.prefix}/namespaces/{quote(self.namespace, safe='')}/{where.plural}"

    def accept(self, word: str) -> str:
        """Return the media type of a list (``word`` is "List") or of single objects ("")."""
        return _METADATA.format(word) if self.metadata_only else JSON

    @property
    def selector(self) -> tuple[tuple[str, str], ...]:
        """The part of the query that selects."""
        found = (("labelSelector", self.labels), ("fieldSelector", self.fields))
        return tuple((name, value) for name, value in found if value)

    def named(self, item: dict[str, Any]) -> Manifest:
        """Return ``item`` with its own kind, which lists and metadata leave out."""
        return {**item, "apiVersion": self.kind.api_version, "kind": self.kind.kind}


async def listed(connection: Connection, query: Query, where: ApiResource) -> Listing:
    """
    Return all pages of a list.

    Raises:
        Expired: again and again the list was older than the server's memory before its end.
    """
    for tries in range(_RELISTS):
        try:
            return await _pages(connection, query, where)
        except Expired:
            if tries == _RELISTS - 1:
                raise
    raise AssertionError("unreachable")


async def _pages(connection: Connection, query: Query, where: ApiResource) -> Listing:
    items: list[Manifest] = []
    rest: tuple[tuple[str, str], ...] = ()
    while True:
        request = Request(
            method="GET",
            path=query.path(where),
            query=(("limit", str(PAGE)), *query.selector, *rest),
            accept=query.accept("List"),
            is_typical=False,
        )
        reply = await connection.request(request)
        page: dict[str, Any] = msgspec.json.decode(reply.body)
        items += map(query.named, page.get("items") or ())
        metadata = page.get("metadata") or {}
        if not metadata.get("continue"):
            return Listing(tuple(items), str(metadata.get("resourceVersion") or ""))
        rest = (("continue", metadata["continue"]),)


async def changes(
    connection: Connection,
    query: Query,
    discovery: Discovery,
    since: str,
    *,
    silence_seconds: float = SILENCE_SECONDS,
) -> AsyncIterator[Event]:
    """Yield what happens after ``since``; see `client.Client.watch`."""
    where = await discovery.resource(query.kind)
    version = since
    unanswered: float | None = None
    pause = 0.1
    while True:
        try:
            async with connection.stream(
                _request(query, where, version), silence_seconds=silence_seconds
            ) as pieces:
                unanswered, pause = None, 0.1
                async for line in _lines(pieces):
                    event, version = _told(line, query, version)
                    if event is not None:
                        yield event
        except Expired:
            listing = await listed(connection, query, where)
            version = listing.resource_version
            yield Event(Change.RELISTED, listing=listing)
            continue
        except NotFound:
            await discovery.ask_again(unless_after=discovery.asked)
            where = await discovery.resource(query.kind)
        except (Unreachable, Busy, ServerFault) as error:
            now = time.monotonic()
            unanswered = now if unanswered is None else unanswered
            if now - unanswered > PATIENCE_SECONDS:
                raise
            _log.debug("the watch of %s is made again: %s", query.kind.kind, type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(2.0, pause * 2)


def _request(query: Query, where: ApiResource, version: str) -> Request:
    return Request(
        method="GET",
        path=query.path(where),
        query=(
            ("watch", "1"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", version),
            ("timeoutSeconds", str(_WATCH_SECONDS)),
            *query.selector,
        ),
        accept=query.accept(""),
    )


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the lines of a stream; an object may be larger than any limit of a line reader."""
    rest = bytearray()
    async for piece in pieces:
        begin = len(rest)
        rest += piece
        if rest.find(b"\n", begin) < 0:
            continue
        *whole, last = bytes(rest).split(b"\n")
        rest = bytearray(last)
        for line in whole:
            if line:
                yield line


def _told(line: bytes, query: Query, version: str) -> tuple[Event | None, str]:
    """
    Return what a line of a watch tells, and the resource version after it.

    Raises:
        Refused: it tells an error; Expired where the server no longer remembers.
    """
    told: dict[str, Any] = msgspec.json.decode(line)
    item: dict[str, Any] = told.get("object") or {}
    if told.get("type") == "ERROR":
        raise _error(item)
    after = str((item.get("metadata") or {}).get("resourceVersion") or version)
    if told.get("type") == "BOOKMARK":
        return None, after
    return Event(Change[str(told.get("type"))], query.named(item)), after


def _error(status: dict[str, Any]) -> Refused:
    return refusals.refusal(int(status.get("code") or 500), msgspec.json.encode(status))
