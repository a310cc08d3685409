"""How a container tells that it serves."""

import msgspec

from mooring.sources import Position


class HttpCheck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A GET of ``path`` on the container's ``port`` that must not be answered by an error.

    ``host`` is the name that the request gives the container; None where any will do.
    """

    port: int
    path: str = "/"
    scheme: str = "http"
    host: str | None = None


class TcpCheck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A connection to the container's ``port`` that must open."""

    port: int


class GrpcCheck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A call of the gRPC health service on the container's ``port``."""

    port: int
    service: str | None = None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """
    A question whose answer says "healthy".

    It is a ``command`` that must end with status 0, unless ``asked`` says how the same can be
    asked from outside the container.

    Durations are seconds.  Failures within ``start_period`` after the start do not count; during
    it the question is asked every ``start_interval``.  ``retries`` failures in a row mean
    unhealthy.
    """

    command: tuple[str, ...] = ()
    asked: HttpCheck | TcpCheck | GrpcCheck | None = None
    interval: float = 30.0
    timeout: float = 30.0
    retries: int = 3
    start_period: float = 0.0
    start_interval: float = 5.0
    position: Position | None = None


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A command that runs inside a container at a moment of its life."""

    command: tuple[str, ...]
    position: Position | None = None
