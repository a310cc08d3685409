"""
A known image that cannot write where it has to.

## What it does
Finds containers of known images with `readOnlyRootFilesystem: true` and no volume at a path to
which the image writes.

## Why it matters
The program ends with `Read-only file system`.

## Example
    image: nginx:1.29.3
    securityContext: {readOnlyRootFilesystem: true}      # and no emptyDir at /var/cache/nginx

Mount an emptyDir at the path.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="read-only-root-that-is-written",
    severity=Severity.ERROR,
    since="0.1",
    group="known-images",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each path of a known image that is closed to it."""
    for container in bundle.containers:
        known = container.known
        if known is None or container.security.get("readOnlyRootFilesystem") is not True:
            continue
        if container.command or not container.goes_on:
            continue
        mounted = [fields.text(mount.get("mountPath")) or "" for _, mount in container.mounts]
        for needed in known.family.writable:
            path = needed.path
            if path in _BY_RUNTIME or any(
                path == one or path.startswith(f"{one.rstrip('/')}/") or one.startswith(f"{path}/")
                for one in mounted
            ):
                continue
            # What the image has there is enough for many, and their entrypoints go on without.
            is_spare = needed.filled or path in _SPARE
            yield RULE.finding(
                container.owner,
                f"{known.family.name} in the container {container.name} writes to {path} "
                f"({needed.purpose}), and its root is read-only",
                field=f"{container.path}.securityContext.readOnlyRootFilesystem",
                remedy=f"mount an emptyDir at {path}",
                severity=Severity.WARNING if is_spare else None,
                confidence=Confidence.MEDIUM if is_spare else None,
            )


_BY_RUNTIME = frozenset({"/dev/shm", "/dev/stdout", "/dev/stderr"})  # noqa: S108 - paths to look for
_SPARE = frozenset({"/tmp", "/var/tmp", "/run", "/var/run"})  # noqa: S108 - the same
"""Places that a program tries and often does without."""
