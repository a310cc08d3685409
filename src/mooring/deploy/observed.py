"""What is there: live objects as they were listed, found by ref whatever their version."""

from collections.abc import Iterable, Mapping

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

Key = tuple[GroupKind, str, str]
"""Group and kind, namespace (empty for none), name."""


def key(ref: ObjectRef) -> Key:
    """Return by what an object is found, whatever the version in which it is written."""
    return kinds.group_kind(ref.api_version, ref.kind), ref.namespace or "", ref.name


def ref_of(live: Manifest) -> ObjectRef:
    """Return the ref of a live object."""
    return ObjectRef(
        fields.text(live.get("apiVersion")) or "",
        fields.text(live.get("kind")) or "",
        fields.text(fields.at(live, "metadata", "name")) or "",
        fields.text(fields.at(live, "metadata", "namespace")),
    )


def uid_of(live: Manifest) -> str:
    """Return the uid of a live object."""
    return fields.text(fields.at(live, "metadata", "uid")) or ""


def generation_of(live: Manifest) -> int:
    """Return the generation of a live object, 0 for kinds without one."""
    return fields.integer(fields.at(live, "metadata", "generation")) or 0


class Observed(msgspec.Struct, frozen=True):
    """
    The live objects by key, the kinds that the server does not serve, and where watches go on.

    ``versions`` are the resource versions of the lists by kind and namespace; ``forbidden`` are
    kinds that we may not list: of them nothing is known.
    """

    live: Mapping[Key, Manifest]
    unserved: frozenset[GroupKind] = frozenset()
    forbidden: frozenset[GroupKind] = frozenset()
    versions: Mapping[tuple[str, str, str | None], str] = {}

    def get(self, ref: ObjectRef) -> Manifest | None:
        """Return the live object of ``ref``, None where there is none."""
        return self.live.get(key(ref))

    def is_served(self, ref: ObjectRef) -> bool:
        """Tell whether the server has the kind of ``ref``."""
        return kinds.group_kind(ref.api_version, ref.kind) not in self.unserved


def observed(live: Iterable[Manifest]) -> Observed:
    """Return ``live`` objects as if they had been listed."""
    return Observed({key(ref_of(one)): one for one in live})
