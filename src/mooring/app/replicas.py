"""
What each replica of a workload has of its own, and what it was before.

Replicas of a workload that keeps state have names that stay.  Where they were parts of their own in
the input, each goes on answering to its old names.
"""

from enum import StrEnum

import msgspec

from mooring.sources import Position


class Own(StrEnum):
    """What only the replica itself knows: how it is called, its ordinal, its address."""

    NAME = "name"
    NUMBER = "number"
    ADDRESS = "address"


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """
    A replica that was a part of its own in the input, called ``source_name`` there.

    ``names`` are DNS names that lead to it alone.  ``moved_ports`` has the ports on which it used
    to be dialled and listens no more, with those on which it does.
    """

    source_name: str
    names: tuple[str, ...] = ()
    moved_ports: dict[int, int] = {}
    position: Position | None = None
