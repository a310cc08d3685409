"""What a container may use and what it is promised."""

from decimal import Decimal

import msgspec


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """``count`` devices of a kind that nodes offer under ``resource`` (as nvidia.com/gpu)."""

    resource: str
    count: int


class Resources(msgspec.Struct, frozen=True, kw_only=True):
    """
    Limits and promises.

    CPU in cores, memory and disk in bytes; None where nothing was said.
    """

    cpu_limit: Decimal | None = None
    cpu_request: Decimal | None = None
    memory_limit: int | None = None
    memory_request: int | None = None
    disk_limit: int | None = None
    devices: tuple[Device, ...] = ()
