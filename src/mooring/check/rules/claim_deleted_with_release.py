"""
A claim that goes with the release of its chart.

## What it does
Finds PersistentVolumeClaims that a Helm chart makes and that do not carry
`helm.sh/resource-policy: keep`.

## Why it matters
`helm uninstall` deletes the claim, and with most classes the disk; so does an upgrade in which it
has another name.

## Example
    kind: PersistentVolumeClaim
    metadata: {labels: {app.kubernetes.io/managed-by: Helm}}

Add the annotation `helm.sh/resource-policy: keep`.

## References
- https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="claim-deleted-with-release", severity=Severity.INFO, since="0.1", group="helm")

_POLICY = "helm.sh/resource-policy"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim of a chart that is not kept."""
    for item in bundle.of_kind(kinds.CLAIM):
        labels = item.labels
        is_of_helm = labels.get("app.kubernetes.io/managed-by") == "Helm" or "helm.sh/chart" in (
            labels
        )
        if is_of_helm and item.annotations.get(_POLICY) != "keep":
            yield RULE.finding(
                item.ref,
                "it is deleted with the release",
                field="metadata.annotations",
                remedy=f"add the annotation {_POLICY}: keep",
            )
