"""What a container may use and what it is promised."""

from decimal import ROUND_CEILING, Decimal

import msgspec

from mooring.sources import Position


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """``count`` devices of a kind that nodes offer under ``resource`` (as nvidia.com/gpu)."""

    resource: str
    count: int


class Bound(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    Memory that a process was told to take for a part of what it does: a heap, a cache.

    ``size`` is bytes; ``said`` is the text that says so (``-Xmx512m``).  ``part`` tells what it is
    for: of several texts about one part the largest counts.  ``share`` is the largest share of the
    container's limit that is sane, for what a program needs beside it.
    """

    part: str
    size: int
    said: str
    share: Decimal
    position: Position | None = None


class Resources(msgspec.Struct, frozen=True, kw_only=True):
    """
    Limits and promises.

    CPU in cores, memory and disk in bytes; None where nothing was said.  ``bounds`` are the parts
    of the memory whose size the process was told; ``in_memory`` is what files in memory may take of
    it besides.
    """

    cpu_limit: Decimal | None = None
    cpu_request: Decimal | None = None
    memory_limit: int | None = None
    memory_request: int | None = None
    disk_limit: int | None = None
    devices: tuple[Device, ...] = ()
    bounds: tuple[Bound, ...] = ()
    in_memory: int = 0

    @property
    def told(self) -> int:
        """The bytes that the process was told to take, for all parts together."""
        return sum(each.size for each in self.largest_bounds)

    @property
    def largest_bounds(self) -> tuple[Bound, ...]:
        """For each part of the memory what says the most about it."""
        largest: dict[str, Bound] = {}
        for each in self.bounds:
            if each.part not in largest or each.size > largest[each.part].size:
                largest[each.part] = each
        return tuple(largest.values())

    @property
    def least_limit(self) -> int:
        """
        The least limit of memory, in bytes, below which the process has no room for the rest.

        0 where nobody told it what to take, and nothing is kept in memory.
        """
        share = min((each.share for each in self.bounds), default=Decimal(1))
        beside = (self.told / share).to_integral_value(ROUND_CEILING)
        return int(beside) + self.in_memory
