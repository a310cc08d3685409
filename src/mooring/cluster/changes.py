"""What is read from a cluster over time: a list at one moment, and what changes after it."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

import msgspec

Manifest: TypeAlias = Mapping[str, Any]
"""An object as plain values, as the server gives it; never changed by us."""


class KindName(NamedTuple):
    """A kind as manifests name it, such as ("apps/v1", "Deployment")."""

    api_version: str
    kind: str


class Listing(msgspec.Struct, frozen=True):
    """
    The objects of one kind at one moment.

    Each item names its ``apiVersion`` and ``kind``, also where the server leaves them out and
    where only metadata was asked for.  ``resource_version`` is where a watch goes on from.
    """

    items: tuple[Manifest, ...]
    resource_version: str


class Change(Enum):
    """What an event tells."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RELISTED = "relisted"


class Event(msgspec.Struct, frozen=True):
    """
    One change of one object, or a whole new list.

    ``item`` is the object after the change (before it, for DELETED).  RELISTED has a ``listing``
    instead, and what was known before is void: what is not in it is gone, possibly unseen.
    """

    change: Change
    item: Manifest = {}
    listing: Listing | None = None
