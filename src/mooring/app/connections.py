"""Who opens connections to a server that bears only so many."""

import msgspec

from mooring.sources import Position


class ConnectionClient(msgspec.Struct, frozen=True, kw_only=True):
    """
    A part whose processes connect to the server.

    ``pool`` is how many connections each of its ``processes`` may open, None where nobody knows;
    ``said`` is what says so.  ``is_stated`` tells that the stack itself says it.
    """

    part: str
    pool: int | None
    processes: int = 1
    said: str = ""
    is_stated: bool = False
    position: Position | None = None


class ConnectionServer(msgspec.Struct, frozen=True, kw_only=True):
    """
    A part that accepts ``most`` connections, of which it keeps ``reserved`` for administrators.

    ``said`` is what says how many, or how one could; ``raise_with`` what would allow more.
    """

    part: str
    most: int
    reserved: int
    raise_with: str
    said: str = ""
    clients: tuple[ConnectionClient, ...] = ()
    position: Position | None = None
