"""
A volume in memory that is larger than what the pod may use.

## What it does
Adds up the volumes of `medium: Memory` that a pod mounts, and finds those that are as large as the
memory limits of all containers that mount them.

## Why it matters
What is written there counts as memory of the container that writes it: long before the volume is
full, the kernel ends the program.

## Example
    resources: {limits: {memory: 256Mi}}
    # and beside
    emptyDir: {medium: Memory, sizeLimit: 1Gi}

Make the volume smaller, raise the limit by its size, or leave out the medium.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
"""

from collections.abc import Iterator
from decimal import Decimal

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="memory-volume-above-limit", severity=Severity.WARNING, since="0.1", group="resources"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each volume that no limit has room for."""
    for pod in bundle.pods:
        for name, (place, volume) in pod.volumes.items():
            source = fields.mapping(volume.get("emptyDir"))
            size = fields.amount(source.get("sizeLimit"))
            if source.get("medium") != "Memory" or size is None:
                continue
            users = [
                one
                for one in pod.containers
                if any(fields.text(mount.get("name")) == name for _, mount in one.mounts)
            ]
            known = [most for one in users if (most := _limit(one)) is not None]
            if users and len(known) == len(users) and size >= sum(known):
                limits = " and ".join(str(one.amounts("limits")["memory"]) for one in users)
                yield RULE.finding(
                    pod.owner,
                    f"the volume {name} may hold {source['sizeLimit']} in memory, and the limit of "
                    f"what mounts it is {limits}",
                    field=f"{place}.emptyDir.sizeLimit",
                    remedy="make it smaller, or raise the limit by its size",
                )


def _limit(container: Container) -> Decimal | None:
    """Return the memory limit; None where there is none, or it cannot be meant."""
    most = fields.amount(container.amounts("limits").get("memory"))
    asked = fields.amount(container.amounts("requests").get("memory"))
    if most is None or most < _LEAST or (asked is not None and asked > most):
        return None
    return most


_LEAST = 2**20
"""Bytes: a smaller limit is one in another unit than was meant."""
