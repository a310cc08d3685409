"""
A ServiceAccount in a field of old.

## What it does
Finds pods that name their account as `serviceAccount` alone.

## Why it matters
The field is deprecated in favour of `serviceAccountName`.  The API server still fills one from
the other; tools that patch the new one leave two names that contradict each other.

## Example
    spec: {serviceAccount: web}

Write `serviceAccountName: web`.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields

RULE = Rule(id="account-in-old-field", severity=Severity.INFO, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each account that stands in the old field alone."""
    for pod in bundle.pods:
        name = fields.text(pod.spec.get("serviceAccount"))
        if name is None or pod.spec.get("serviceAccountName"):
            continue
        field = f"{pod.path}.serviceAccountName"
        yield RULE.finding(
            pod.owner,
            f"the account {name} stands in serviceAccount, which is deprecated",
            field=f"{pod.path}.serviceAccount",
            remedy="write serviceAccountName",
            fix=fixes.put(
                pod.template.raw,
                field,
                name,
                description="write serviceAccountName",
                safety=Safety.SAFE,
            ),
        )
