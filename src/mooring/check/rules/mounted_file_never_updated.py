"""
A mounted file that keeps its first content.

## What it does
Finds files of ConfigMaps and Secrets that are mounted by `subPath`.

## Why it matters
Such a file is never updated while the pod runs: a program that reads its settings anew when they
change sees no change until the pod is replaced.

## Example
    volumeMounts: [{name: conf, mountPath: /etc/app/app.yaml, subPath: app.yaml}]

Mount the whole directory where the program reads its settings anew; else roll the pods out.

## References
- https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
"""

from collections.abc import Iterator

from mooring.check import mounts
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="mounted-file-never-updated", severity=Severity.INFO, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each file that is mounted by itself into a container that goes on."""
    for container in bundle.containers:
        if not container.goes_on:
            continue
        for mount in mounts.of(container):
            if mount.sub_path is not None and mount.kind in ("configMap", "secret", "projected"):
                yield RULE.finding(
                    container.owner,
                    f"{mount.path} of the container {container.name} keeps what {mount.shown} held "
                    "when the pod started",
                    field=mount.field,
                    remedy="mount the whole directory, or roll the pods out with each change",
                )
