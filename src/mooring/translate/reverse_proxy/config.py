"""
What a reverse proxy does, in words that nginx and Caddy have in common.

A *site* answers for hosts on ports; its *locations* say what becomes of the paths there.  What an
Ingress cannot say of a location stands in ``beyond``: such a location stays with the proxy.
"""

from enum import StrEnum

import msgspec

from mooring.sources import Position

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - hosts of sites
"""Hosts of a site that mean the machine itself: outside of it, every host."""


class Does(StrEnum):
    """What becomes of the requests of a location."""

    PROXIES = "proxies"
    REDIRECTS = "redirects"
    ANSWERS = "answers"
    SERVES_FILES = "serves files"
    OTHER = "other"


class Target(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    To whom requests are passed on: ``scheme`` is http, https or h2c, or tcp for another protocol.

    ``port`` is the one that is dialled, also where only the scheme means it.  With
    ``in_variable`` the name is looked up while the proxy runs, and not when it starts.
    """

    host: str
    port: int
    scheme: str = "http"
    in_variable: bool = False


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """
    Paths of a site, and what becomes of them.

    ``path`` is None for a pattern that no prefix stands for, ``pattern``.  ``targets`` are one, or
    several among which requests are spread.  ``stripped`` is the prefix that is taken from the
    path before it is passed on.  ``beyond`` says what of it an Ingress cannot say.
    """

    does: Does
    position: Position | None
    path: str | None = "/"
    exact: bool = False
    pattern: str = ""
    wins_over_patterns: bool = False
    targets: tuple[Target, ...] = ()
    stripped: str | None = None
    long_lived: bool = False
    largest_body: str | None = None
    beyond: tuple[str, ...] = ()


class Listen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A port on which a site answers, and whether it speaks TLS there."""

    port: int
    encrypted: bool = False


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """
    Hosts, () for every host, on ports.

    ``to_https`` tells that all requests are sent on to HTTPS.
    """

    hosts: tuple[str, ...] = ()
    listens: tuple[Listen, ...] = ()
    locations: tuple[Location, ...] = ()
    to_https: bool = False
    position: Position | None = None


class ConfigFile(msgspec.Struct, frozen=True, kw_only=True):
    """
    One file of the configuration.

    ``path`` is where the container has it, ``shown`` how a user calls the file.  ``baked`` tells
    that it lies in the image; else it is mounted.
    """

    path: str
    shown: str
    text: str
    baked: bool
    position: Position | None = None

    def at(self, line: int) -> Position:
        """Return the position of ``line`` in the file."""
        return Position(self.shown, line, 1)


class ProxyConfig(msgspec.Struct, frozen=True, kw_only=True):
    """
    All that was found of a proxy's configuration.

    ``faults`` says which files could not be understood and why; ``is_whole`` tells that nothing of
    what decides about requests is missing.
    """

    program: str
    files: tuple[ConfigFile, ...] = ()
    sites: tuple[Site, ...] = ()
    faults: tuple[tuple[str, Position | None], ...] = ()
    is_whole: bool = True

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports on which it listens, in order."""
        return tuple(sorted({listen.port for site in self.sites for listen in site.listens}))
