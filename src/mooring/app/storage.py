"""Places to which a container writes, and how long they live."""

from enum import StrEnum

import msgspec

from mooring.sources import Position


class Lifetime(StrEnum):
    """How long the content stays."""

    PERSISTENT = "persistent"
    REPLICA = "replica"
    MEMORY = "memory"
    NODE = "node"
    IMAGE = "image"


class NetworkShare(msgspec.Struct, frozen=True, kw_only=True):
    """A directory that an NFS server exports."""

    server: str
    path: str
    options: tuple[str, ...] = ()


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    """
    A place to write, named within the application; ``source_name`` is its name in the input, which
    only a volume of the stack has.

    persistent: outlives every replica and may be used by several; replica: empty at each start;
    memory: likewise, in memory, counted against its limit; node: a path of the machine
    (``node_path``); image: the read-only content of an image.  Sizes are bytes.  ``external_name``
    names a place that exists already and is not made.  ``per_replica`` tells that each replica of
    the one workload that mounts it has its own, which outlives the replica; ``common`` that its
    replicas share it, though they have others of their own.  One that is ``used_by_many`` and lies
    on the disk of one machine draws them all there (``on_one_machine``).  ``labels`` are such
    as any object may have; ``annotations`` hold what may not be a label.
    """

    name: str
    lifetime: Lifetime
    source_name: str | None = None
    size: int | None = None
    node_path: str | None = None
    image: str | None = None
    share: NetworkShare | None = None
    external_name: str | None = None
    used_by_many: bool = False
    per_replica: bool = False
    common: bool = False
    on_one_machine: bool = False
    storage_class: str | None = None
    position: Position | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class StorageMount(msgspec.Struct, frozen=True, kw_only=True):
    """A storage, or a folder of it, at a path of a container."""

    storage: str
    path: str
    read_only: bool = False
    sub_path: str | None = None
    propagation: str | None = None
    position: Position | None = None


DEFAULT_SIZE = 5 * 1024**3
"""Bytes that a persistent storage asks for where nobody says how many."""
