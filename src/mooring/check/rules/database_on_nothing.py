"""
A database whose data goes with its pod.

## What it does
Finds containers of known data stores whose data directory is no persistent volume: in the
container's own layer, or an emptyDir.  Caches that keep nothing are left alone.

## Why it matters
Every restart on another node, every update and every eviction empties the database.

## Example
    image: postgres:17.4
    volumes: [{name: data, emptyDir: {}}]

Give it a claim, at best through a StatefulSet.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.facts import Role
from mooring.semantics import fields, kinds

RULE = Rule(id="database-on-nothing", severity=Severity.WARNING, since="0.1", group="databases")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each data store that keeps its data nowhere."""
    for container in bundle.containers:
        known = container.known
        if known is None or not container.is_main or not known.family.stateful:
            continue
        if known.family.role is Role.CACHE or container.pod.kind in (kinds.JOB, kinds.CRON_JOB):
            continue
        paths = [one.path for one in known.family.data]
        if not paths or container.command:
            continue
        kept = [mount for _, mount in container.mounts if _is_kept(container, mount)]
        if any(_covers(str(mount.get("mountPath")), path) for mount in kept for path in paths):
            continue
        # Data may have been moved to another path that is kept.
        if kept:
            continue
        yield RULE.finding(
            container.owner,
            f"{known.family.name} in the container {container.name} keeps its data at {paths[0]}, "
            "where no persistent volume is mounted",
            field=container.path,
            remedy=f"mount a claim at {paths[0]}",
            confidence=None if known.family.role in _STORES else Confidence.MEDIUM,
        )


_STORES = (Role.DATABASE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE)
"""Of other images a pod may well do without what they keep."""


def _is_kept(container: Container, mount: fields.Manifest) -> bool:
    """Tell whether a mount outlives the pod: a claim, or a disk of some kind."""
    name = fields.text(mount.get("name"))
    if name is None or name in container.pod.claim_templates:
        return name is not None
    volume = container.pod.volumes.get(name)
    if volume is None:
        return False
    sources = {key for key in volume[1] if key != "name"}
    return not sources <= {"emptyDir", "configMap", "secret", "downwardAPI", "projected"}


def _covers(mounted: str, path: str) -> bool:
    return path == mounted or path.startswith(f"{mounted.rstrip('/')}/")
