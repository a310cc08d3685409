"""
A namespace that nobody makes.

## What it does
Finds objects of a namespace that the input does not hold, though it holds other namespaces.
`default` and those of the system are in every cluster.

## Why it matters
The API server refuses the object: `namespaces "shop" not found`.

## Example
    kind: Namespace
    metadata: {name: shop}
    ---
    kind: ConfigMap
    metadata: {name: a, namespace: shopp}

Name the namespace as it is called, or add it.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="namespace-missing", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each namespace that objects name and that is not there, at the first."""
    here = {item.ref.name for item in bundle.of_kind(kinds.NAMESPACE)}
    if not here:
        return
    told: set[str] = set()
    for item in bundle.objects:
        namespace = item.namespace
        if not namespace or namespace in here or namespace in _ALWAYS or namespace in told:
            continue
        told.add(namespace)
        near = did_you_mean(namespace, here)
        yield RULE.finding(
            item.ref,
            f"it goes to the namespace {namespace}, which this input does not hold; it holds "
            f"{', '.join(sorted(here)[:4])}",
            field="metadata.namespace",
            remedy=near or "add it, or make sure that it is there before",
            severity=None if near else Severity.WARNING,
            confidence=None if near else Confidence.MEDIUM,
        )


_ALWAYS = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
