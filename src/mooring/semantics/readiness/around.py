"""
What stands around a live object, as far as its readiness hangs on it.

An object's own status tells what its controller knows.  Why pods do not come up stands in the
pods, in their events and in the ReplicaSet between; whether a claim will ever be bound before a pod
asks for it stands in its class.
"""

import msgspec

from mooring.semantics.fields import Manifest

NO_CLASS = "none"
"""The binding mode of a claim whose class does not exist."""


class Budget(msgspec.Struct, frozen=True, gc=False):
    """
    How much trouble is borne before it counts as failure.

    Containers of a Compose stack crash while their database starts, so restarts are borne, and
    more of them while something that the workload declares to depend on is not ready.
    """

    restarts: int = 3
    out_of_memory: int = 2

    def while_waiting(self) -> "Budget":
        """Return the budget for as long as a declared dependency is not ready."""
        return Budget(self.restarts * 4, self.out_of_memory)


class Around(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    ``pods``, ``replica_sets``, ``events`` and ``endpoint_slices`` are those of the object judged.

    ``binding_mode`` is that of a claim's class, or `NO_CLASS`.  ``backing_replicas`` is how many
    pods the workloads behind a Service should have; None where nothing is known to stand there,
    which is worth a word where ``is_seen``.  ``is_served`` says of a definition whether discovery
    has its kind.  ``now`` is the time in seconds since 1970.  ``has_status`` says of a custom
    resource whether its definition has a status to wait for, and ``applied_at`` when it was
    written.
    """

    pods: tuple[Manifest, ...] = ()
    replica_sets: tuple[Manifest, ...] = ()
    events: tuple[Manifest, ...] = ()
    endpoint_slices: tuple[Manifest, ...] = ()
    binding_mode: str | None = None
    backing_replicas: int | None = None
    is_seen: bool = True
    is_served: bool | None = None
    has_status: bool = False
    now: float = 0.0
    applied_at: float | None = None
    budget: Budget = Budget()


NOTHING = Around()
