"""What containers wrote."""

from collections.abc import AsyncIterator
from typing import Final

from mooring.cluster.connection import Connection, Request

LARGEST_BYTES: Final = 1024 * 1024
_SILENCE_SECONDS: Final = 24 * 3600.0
"""A container may write nothing for long."""


async def text(
    connection: Connection, pod: str, container: str, *, previous: bool, tail: int | None
) -> str:
    """Return the log of a container of the pod at the path ``pod``; see `client.Client.logs`."""
    query = [("container", container), ("limitBytes", str(LARGEST_BYTES))]
    if previous:
        query.append(("previous", "true"))
    if tail is not None:
        query.append(("tailLines", str(tail)))
    request = Request(
        method="GET", path=f"{pod}/log", query=tuple(query), accept="*/*", is_typical=False
    )
    return (await connection.request(request)).body.decode(errors="replace")


async def followed(
    connection: Connection, pod: str, container: str, *, tail: int | None
) -> AsyncIterator[str]:
    """Yield lines as they are written; see `client.Client.follow_logs`."""
    query = [("container", container), ("follow", "true")]
    if tail is not None:
        query.append(("tailLines", str(tail)))
    request = Request(method="GET", path=f"{pod}/log", query=tuple(query), accept="*/*")
    rest = b""
    async with connection.stream(request, silence_seconds=_SILENCE_SECONDS) as pieces:
        async for piece in pieces:
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line.decode(errors="replace")
    if rest:
        yield rest.decode(errors="replace")
