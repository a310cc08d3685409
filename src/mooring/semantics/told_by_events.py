"""
What events tell of a pod that its status does not: why it is not ready, why it has no volume.

A status says that a container is not ready, or was ended with status 137; which probe failed, and
what it was answered, stands in an event.  A pod whose volume nobody makes has no condition at all.

Sources: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes,
https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/events/event.go
"""

from collections.abc import Collection, Iterable, Iterator

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions

_FAILED = " probe failed: "
_WAITS = "ExternalProvisioning"
"""Whoever makes volumes was asked; the message names him in quotes, and is long."""
_UNMADE = {"ProvisioningFailed": 1, "FailedBinding": 1, _WAITS: 3}
"""Reasons -> how often they are told when something is wrong: whoever makes volumes is waited for
a moment as a matter of course."""


def failing_probe(
    events: Iterable[Manifest], container: str, kinds: Collection[str], *, times: int = 1
) -> str:
    """
    Return which probe of ``container``, of ``kinds``, fails and what it is answered, or "".

    ``events`` are those of its pod.  A probe that failed less than ``times`` times is not meant:
    a program that starts is asked too early now and then.
    """
    for event in events:
        reason, message = conditions.said(event)
        kind, failed, how = message.partition(_FAILED)
        place = fields.text(fields.at(event, "involvedObject", "fieldPath")) or ""
        is_its = not place or place.endswith(f"{{{container}}}")
        is_meant = reason == "Unhealthy" and failed and kind in kinds and is_its
        if is_meant and _count(event) >= times:
            return f"its {kind.lower()} probe fails: {' '.join(how.split())}"
    return ""


def claims_of(pod: Manifest) -> tuple[str, ...]:
    """Return the names of the claims that ``pod`` mounts."""
    return tuple(
        claim
        for _, volume in fields.mappings(fields.at(pod, "spec", "volumes"))
        if (claim := fields.text(fields.at(volume, "persistentVolumeClaim", "claimName")))
    )


def volumes_not_made(pod: Manifest, events: Iterable[Manifest]) -> Iterator[str]:
    """Yield, for each claim of ``pod`` that gets no volume, what ``events`` tell of it."""
    claims = set(claims_of(pod))
    for event in events:
        about = fields.mapping(event.get("involvedObject"))
        if about.get("kind") != "PersistentVolumeClaim" or about.get("name") not in claims:
            continue
        reason, message = conditions.said(event)
        if reason in _UNMADE and _count(event) >= _UNMADE[reason]:
            told = " ".join(message.split())
            maker = message.split("'")[1:2]
            if reason == _WAITS and maker:
                told = f"{maker[0]} makes those of its class, and has made none"
            yield f"PersistentVolumeClaim/{about['name']} has no volume: {told}"


def _count(event: Manifest) -> int:
    """Return how often it happened: events that are alike are one."""
    series = fields.integer(fields.at(event, "series", "count"))
    return series or fields.integer(event.get("count")) or 1
