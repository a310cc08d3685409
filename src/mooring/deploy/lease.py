"""
Who may deploy: one at a time for each project and environment, and nobody for ever.

The holder renews its lease every few seconds.  It is taken over only once it has not been renewed
for as long as it lasts, by our own clock and not by the times that somebody else wrote.  A holder
that ran on this very machine, and whose process is gone, is no holder any more.

Source: https://kubernetes.io/docs/concepts/architecture/leases/
"""

from collections.abc import Callable
from typing import Any

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

DURATION_SECONDS = 30
RENEW_SECONDS = 8
ANSWER_SECONDS = 6
"""So long an answer to its renewal is waited for."""
MARGIN_SECONDS = 5
"""So long before our lease ends we stop writing: a request may be on its way."""

_PLACE = "mooring.dev/holder-process"
_SHOWN = "mooring.dev/holder"


class Holder(msgspec.Struct, frozen=True):
    """
    A process that deploys.

    ``shown`` is for people: user, machine, process, and the address of a CI job.  ``place`` tells
    the machine, its boot and the process namespace; ``process`` the number of the process in it and
    when it started.
    """

    shown: str
    place: str
    process: str
    nonce: str

    @property
    def identity(self) -> str:
        """What stands in the lease: no two processes have the same."""
        return f"{self.shown} {self.nonce}"


class Held(msgspec.Struct, frozen=True):
    """A lease as it was read: who holds it, and the version by which it can be replaced."""

    version: str
    identity: str = ""
    shown: str = ""
    place: str = ""
    process: str = ""
    renewed: str = ""
    duration_seconds: int = DURATION_SECONDS
    transitions: int = 0

    @property
    def is_free(self) -> bool:
        """Whether nobody holds it."""
        return not self.identity


def read(live: Manifest) -> Held:
    """Return what a live Lease says."""
    spec = fields.mapping(live.get("spec"))
    notes = fields.labels(fields.at(live, "metadata", "annotations"))
    identity = fields.text(spec.get("holderIdentity")) or ""
    return Held(
        version=fields.text(fields.at(live, "metadata", "resourceVersion")) or "",
        identity=identity,
        shown=notes.get(_SHOWN) or identity,
        place=notes.get(_PLACE, "").partition(" ")[0],
        process=notes.get(_PLACE, "").partition(" ")[2],
        renewed=fields.text(spec.get("renewTime")) or "",
        duration_seconds=fields.integer(spec.get("leaseDurationSeconds")) or DURATION_SECONDS,
        transitions=fields.integer(spec.get("leaseTransitions")) or 0,
    )


def may_take(
    held: Held,
    holder: Holder,
    *,
    unchanged_seconds: float,
    is_alive: Callable[[str], bool],
) -> bool:
    """
    Tell whether ``holder`` may take the lease.

    ``unchanged_seconds`` is for how long we have seen it not being renewed; ``is_alive`` tells
    whether a process of this machine is.
    """
    if held.is_free or held.identity == holder.identity:
        return True
    if held.place and held.place == holder.place and not is_alive(held.process):
        return True
    return unchanged_seconds > held.duration_seconds


def taken(
    ref: ObjectRef, holder: Holder, *, now: str, acquired: str, before: Held | None
) -> dict[str, Any]:
    """Return the Lease as ``holder`` writes it, over the version ``before`` or as a new one."""
    metadata: dict[str, Any] = {
        "name": ref.name,
        "namespace": ref.namespace,
        "annotations": {_SHOWN: holder.shown, _PLACE: f"{holder.place} {holder.process}"},
    }
    transitions = 0
    if before is not None:
        metadata["resourceVersion"] = before.version
        transitions = before.transitions + (before.identity != holder.identity)
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "metadata": metadata,
        "spec": {
            "holderIdentity": holder.identity,
            "leaseDurationSeconds": DURATION_SECONDS,
            "acquireTime": acquired,
            "renewTime": now,
            "leaseTransitions": transitions,
        },
    }


def released(ref: ObjectRef, before: Held) -> dict[str, Any]:
    """Return the Lease that nobody holds."""
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "metadata": {
            "name": ref.name,
            "namespace": ref.namespace,
            "resourceVersion": before.version,
        },
        "spec": {"leaseDurationSeconds": 1, "leaseTransitions": before.transitions},
    }
