"""How a part is reached from outside: under which hosts and paths, or on which port."""

from enum import StrEnum

import msgspec

from mooring.sources import Position


class Speaks(StrEnum):
    """What the process itself speaks to whoever passes requests on to it."""

    HTTP = "http"
    HTTPS = "https"
    HTTP2 = "h2c"


class PathMatch(msgspec.Struct, frozen=True, gc=False):
    """Requests for ``path`` and, unless ``exact``, for all below it; "/" is everything."""

    path: str = "/"
    exact: bool = False


EVERYTHING = (PathMatch(),)
"""All paths of a host."""


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """
    HTTP from outside to one port of a part.

    ``hosts`` are names in lower case, ``*.`` before one stands for any single label; none means
    whatever host a request names.  A translation keeps them as the input has them, which may be
    a bare label ("app") or want an end ("app."); they are whole once an environment settled them.
    ``port`` is one on which the part listens.

    With ``encrypted`` the outside speaks TLS, by the existing ``certificate`` or by one that is
    issued; ``redirects`` sends those who come without it there.  ``long_lived`` connections stay
    open without a word for up to an hour.  ``stripped_prefix`` is taken from the path before the
    process sees it.  ``largest_body`` is the largest request that is let through, as nginx writes
    sizes ("50m", "0" for any); None leaves it to the outside.
    """

    port: int
    hosts: tuple[str, ...] = ()
    paths: tuple[PathMatch, ...] = EVERYTHING
    encrypted: bool = False
    certificate: str | None = None
    redirects: bool = False
    long_lived: bool = False
    stripped_prefix: str | None = None
    speaks: Speaks = Speaks.HTTP
    largest_body: str | None = None
    position: Position | None = None


class TcpExposure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Raw TCP from outside to ``port``, on which the part listens, under the same number."""

    port: int
    position: Position | None = None
