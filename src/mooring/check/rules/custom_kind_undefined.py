"""
A custom resource whose kind the input does not define.

## What it does
Finds objects of groups that are not Kubernetes' own and for which the input has no
CustomResourceDefinition.

## Why it matters
Without the definition the API server refuses the object: `no matches for kind`.

## Example
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor

Install what brings the definition before.

## References
- https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import references

RULE = Rule(
    id="custom-kind-undefined",
    severity=Severity.WARNING,
    since="0.1",
    group="api",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each undefined kind, at its first object."""
    for kind, items in references.undefined_kinds(bundle.objects).items():
        more = f" and {len(items) - 1} more" if len(items) > 1 else ""
        yield RULE.finding(
            items[0].ref,
            f"the kind {kind.kind} of {kind.group} has no definition in this input{more}",
            field="apiVersion",
            remedy="install what brings the definition before",
        )
