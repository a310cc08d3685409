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


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    One object: its uid once it is known, and the hash of what was last applied to it.

    ``done`` is the hash of a Job that completed: it is not run again for the same.
    """

    ref: ObjectRef
    uid: str = ""
    digest: str = ""
    done: str = ""


class Inventory(msgspec.Struct, frozen=True):
    """The objects by key; the newest version of a kind is the one that is kept."""

    entries: Mapping[observed.Key, Entry] = {}

    def get(self, ref: ObjectRef) -> Entry | None:
        """Return the entry of ``ref``, None where it is not in the inventory."""
        return self.entries.get(observed.key(ref))

    def with_planned(self, refs: Iterable[ObjectRef]) -> "Inventory":
        """Return the inventory with ``refs`` as well."""
        made = dict(self.entries)
        for ref in refs:
            place = observed.key(ref)
            before = made.get(place)
            made[place] = msgspec.structs.replace(before, ref=ref) if before else Entry(ref)
        return Inventory(made)

    def with_applied(self, ref: ObjectRef, *, uid: str, digest: str) -> "Inventory":
        """Return the inventory that knows what was applied to ``ref``."""
        before = self.get(ref)
        done = before.done if before is not None and before.done == digest else ""
        return Inventory({**self.entries, observed.key(ref): Entry(ref, uid, digest, done)})

    def with_done(self, ref: ObjectRef, digest: str) -> "Inventory":
        """Return the inventory that knows that the Job ``ref`` has completed."""
        before = self.get(ref) or Entry(ref)
        entry = msgspec.structs.replace(before, done=digest)
        return Inventory({**self.entries, observed.key(ref): entry})

    def without(self, refs: Iterable[ObjectRef]) -> "Inventory":
        """Return the inventory without ``refs``, which are confirmed to be gone."""
        gone = {observed.key(ref) for ref in refs}
        return Inventory({key: entry for key, entry in self.entries.items() if key not in gone})

    def beyond(self, refs: Iterable[ObjectRef]) -> tuple[Entry, ...]:
        """Return the entries that are not among ``refs``, sorted."""
        wanted = {observed.key(ref) for ref in refs}
        found = [entry for key, entry in self.entries.items() if key not in wanted]
        return tuple(sorted(found, key=lambda entry: entry.ref))

    def encoded(self) -> bytes:
        """Return the inventory as JSON, sorted."""
        return msgspec.json.encode(sorted(self.entries.values(), key=lambda entry: entry.ref))


def decoded(content: bytes) -> Inventory:
    """Return the inventory in ``content``."""
    entries = msgspec.json.decode(content, type=list[Entry])
    return Inventory({observed.key(entry.ref): entry for entry in entries})
