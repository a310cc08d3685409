"""
A hook that waits for what is made after it.

## What it does
Finds hooks before an installation (`pre-install`) that use a ConfigMap, a Secret or a
ServiceAccount of the same input which is no hook, or one of a higher weight.

## Why it matters
At the first installation the object is not there yet: the Job's pod is never created, and the
installation stands still until it times out.

## Example
    kind: Job
    metadata:
      annotations: {helm.sh/hook: pre-install}
    spec: ... serviceAccountName: web      # a ServiceAccount of the release

Make it a hook of a lower weight, or the Job a post-install hook.

## References
- https://helm.sh/docs/topics/charts_hooks/#hook-weights
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds, references
from mooring.semantics.objects import Item

RULE = Rule(id="hook-needs-later-object", severity=Severity.ERROR, since="0.1", group="helm")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each thing that a hook needs and that comes after it."""
    for item in bundle.of_kind(kinds.JOB, kinds.POD):
        if "pre-install" not in _hooks(item):
            continue
        told: set[object] = set()
        for reference in references.references(item):
            target = reference.target
            kind = kinds.group_kind(target.api_version, target.kind)
            needed = bundle.objects.find(kind, target.name, target.namespace)
            if needed is None or kind not in _NEEDED or reference.optional or target in told:
                continue
            if "pre-install" in _hooks(needed) and _weight(needed) <= _weight(item):
                continue
            told.add(target)
            yield RULE.finding(
                item.ref,
                f"it runs before the release is installed, and {target.kind} {target.name} that it "
                "needs is made after it",
                field=reference.field,
                remedy="make that a pre-install hook of a lower weight",
            )


_NEEDED = (kinds.CONFIG_MAP, kinds.SECRET, kinds.SERVICE_ACCOUNT, kinds.CLAIM)


def _hooks(item: Item) -> frozenset[str]:
    written = item.annotations.get("helm.sh/hook", "")
    return frozenset(word.strip() for word in written.split(",") if word.strip())


def _weight(item: Item) -> int:
    written = item.annotations.get("helm.sh/hook-weight", "0")
    return int(written) if written.lstrip("-").isdigit() else 0
