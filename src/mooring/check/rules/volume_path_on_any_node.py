"""
A disk of one node that a pod looks for on every node.

## What it does
Finds PersistentVolumes with `hostPath`, and `local` ones without `nodeAffinity`.

## Why it matters
On a cluster of several nodes the pod finds an empty directory as soon as it starts on another
node; a local volume without an affinity is refused.

## Example
    kind: PersistentVolume
    spec: {hostPath: {path: /data}}

Use a `local` volume with nodeAffinity, or a storage class.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#local
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="volume-path-on-any-node", severity=Severity.WARNING, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each volume that is tied to a node and does not say to which."""
    for item in bundle.of_kind(kinds.VOLUME):
        if item.spec.get("nodeAffinity"):
            continue
        for word in ("local", "hostPath"):
            path = fields.text(fields.at(item.spec, word, "path"))
            if path is not None:
                yield RULE.finding(
                    item.ref,
                    f"{path} is a directory of one node, and nothing says of which",
                    field=f"spec.{word}.path",
                    remedy="add nodeAffinity, or use a storage class",
                    severity=Severity.ERROR if word == "local" else None,
                )
