"""What must have happened elsewhere before a workload starts."""

from enum import StrEnum

import msgspec

from mooring.sources import Position


class Condition(StrEnum):
    """How far the other must have come."""

    STARTED = "started"
    HEALTHY = "healthy"
    COMPLETED = "completed"


class Dependency(msgspec.Struct, frozen=True, kw_only=True):
    """
    ``on`` is the other's name in the input; one that is not required may be absent.

    ``port`` is where its clients reach it, and it can be asked; None: nothing tells.
    """

    on: str
    condition: Condition
    required: bool = True
    restarts_with_it: bool = False
    port: int | None = None
    position: Position | None = None
