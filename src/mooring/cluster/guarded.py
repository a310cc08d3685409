"""
A body that is sent only where that is still allowed, asked at the last moment.

Between the decision to write and the bytes on the wire a request waits: for a place among the
others, for a connection, for another try.  A process may be stopped there for as long as anybody
likes, and what was allowed before may belong to somebody else by then.
"""

from collections.abc import Callable
from typing import Any

from mooring.cluster.http_library import aiohttp


class GuardedBody(aiohttp.BytesPayload):
    """Calls ``check``, which raises where nothing may be written, right before it is written."""

    def __init__(self, body: bytes, check: Callable[[], None], content_type: str) -> None:
        super().__init__(body, content_type=content_type)
        self._check = check

    async def write_with_length(self, writer: Any, content_length: int | None) -> None:
        """Write the body to the connection."""
        self._check()
        await super().write_with_length(writer, content_length)
