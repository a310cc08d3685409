"""
A program that needs more shared memory than a container has.

## What it does
Finds known images that use `/dev/shm` heavily, browsers and databases, without a volume there.

## Why it matters
A container has 64 MiB of it.  Browsers crash with it (`session deleted because of page crash`),
and parallel queries of PostgreSQL fail:  `could not resize shared memory segment`.

## Example
    image: selenium/standalone-chrome:131.0

Mount an emptyDir with `medium: Memory` at `/dev/shm`.

## References
- https://github.com/SeleniumHQ/docker-selenium
- https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="shared-memory-small", severity=Severity.WARNING, since="0.1", group="storage")

_BROWSERS = frozenset({"selenium-node", "selenium-standalone", "browserless"})
_DATABASES = frozenset({"postgres", "postgis", "pgvector", "timescaledb", "gitlab"})
_SHARED = "/dev/shm"  # noqa: S108 - a mount, no file


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that soon has none left."""
    for container in bundle.containers:
        known = container.known
        family = known.family.name if known is not None else ""
        if family not in _BROWSERS and family not in _DATABASES:
            continue
        if not container.is_main or "disable-dev-shm-usage" in container.words:
            continue
        if any(str(mount.get("mountPath")).rstrip("/") == _SHARED for _, mount in container.mounts):
            continue
        yield RULE.finding(
            container.owner,
            f"{family} in the container {container.name} has the 64 MiB of shared memory that "
            "every container has",
            field=container.path,
            remedy="mount an emptyDir with medium: Memory at /dev/shm",
            severity=None if family in _BROWSERS else Severity.INFO,
        )
