"""How a container tells that it serves."""

import msgspec

from mooring.sources import Position


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """
    A command whose exit status 0 says "healthy".

    Durations are seconds.  Failures within ``start_period`` after the start do not count; during
    it the command runs every ``start_interval``.  ``retries`` failures in a row mean unhealthy.
    """

    command: tuple[str, ...]
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
