"""
What belongs to a deployment: every object that it ever wrote and that is not known to be gone.

The list is made wider before the first write and narrower after each confirmed deletion, so that
at no moment an object of ours exists that is not in it.  It is kept in a ConfigMap and holds no
content, only identities and hashes.
"""

from collections.abc import Iterable, Mapping

import msgspec

from mooring.deploy import observed
from mooring.refs import ObjectRef

REMEMBERED = 500
"""How many completed Jobs are remembered."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One object: its uid once it is known, and the hash of what was last applied to it."""

    ref: ObjectRef
    uid: str = ""
    digest: str = ""


class Done(msgspec.Struct, frozen=True):
    """A Job that completed with what has the hash ``digest``: it is not run again for the same."""

    ref: ObjectRef
    digest: str


class Inventory(msgspec.Struct, frozen=True):
    """
    The objects by key; the newest version of a kind is the one that is kept.

    ``done`` are the Jobs that completed, also of those that are gone since, the oldest first.
    """

    entries: Mapping[observed.Key, Entry] = {}
    done: tuple[Done, ...] = ()

    def get(self, ref: ObjectRef) -> Entry | None:
        """Return the entry of ``ref``, None where it is not in the inventory."""
        return self.entries.get(observed.key(ref))

    def has_done(self, ref: ObjectRef, digest: str) -> bool:
        """Tell whether the Job ``ref`` of that content has completed."""
        return Done(ref, digest) in self.done

    def with_planned(self, refs: Iterable[ObjectRef]) -> "Inventory":
        """Return the inventory with ``refs`` as well."""
        made = dict(self.entries)
        for ref in refs:
            place = observed.key(ref)
            before = made.get(place)
            made[place] = msgspec.structs.replace(before, ref=ref) if before else Entry(ref)
        return Inventory(made, self.done)

    def with_applied(self, applied: Iterable[Entry]) -> "Inventory":
        """Return the inventory that knows what was applied."""
        made = dict(self.entries)
        made.update((observed.key(entry.ref), entry) for entry in applied)
        return Inventory(made, self.done)

    def with_done(self, ref: ObjectRef, digest: str) -> "Inventory":
        """Return the inventory that knows that the Job ``ref`` has completed."""
        if self.has_done(ref, digest):
            return self
        others = tuple(one for one in self.done if one.ref != ref or one.digest != digest)
        return Inventory(self.entries, (*others, Done(ref, digest))[-REMEMBERED:])

    def with_undone(self, ref: ObjectRef) -> "Inventory":
        """Return the inventory in which the Job ``ref`` has not completed, and is gone."""
        left = self.without([ref])
        return Inventory(left.entries, tuple(one for one in self.done if one.ref != ref))

    def without(self, refs: Iterable[ObjectRef]) -> "Inventory":
        """Return the inventory without ``refs``, which are confirmed to be gone."""
        gone = {observed.key(ref) for ref in refs}
        left = {key: entry for key, entry in self.entries.items() if key not in gone}
        return Inventory(left, self.done)

    def beyond(self, refs: Iterable[ObjectRef]) -> tuple[Entry, ...]:
        """Return the entries that are not among ``refs``, sorted."""
        wanted = {observed.key(ref) for ref in refs}
        found = [entry for key, entry in self.entries.items() if key not in wanted]
        return tuple(sorted(found, key=lambda entry: entry.ref))

    def encoded(self) -> bytes:
        """Return the inventory as JSON, sorted."""
        entries = tuple(sorted(self.entries.values(), key=lambda entry: entry.ref))
        return msgspec.json.encode(_Written(entries, self.done))


class _Written(msgspec.Struct, frozen=True):
    entries: tuple[Entry, ...]
    done: tuple[Done, ...] = ()


def decoded(content: bytes) -> Inventory:
    """Return the inventory in ``content``."""
    written = msgspec.json.decode(content, type=_Written)
    return Inventory({observed.key(entry.ref): entry for entry in written.entries}, written.done)
