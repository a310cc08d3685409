"""
A pod under the account of everybody in its namespace.

## What it does
Finds pods that name no ServiceAccount, or `default`, and have its token.

## Why it matters
What one of them is given all of them have: a right for one workload is a right for each that
names nobody.

## Example
    spec:
      # serviceAccountName is default
      containers: [...]

Give the workload an account of its own.

## References
- https://kubernetes.io/docs/concepts/security/service-accounts/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="default-account-used", severity=Severity.INFO, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pod that shares its account with whoever names none."""
    for pod in bundle.pods:
        if pod.template.service_account != "default":
            continue
        if pod.spec.get("automountServiceAccountToken") is False or not pod.containers:
            continue
        yield RULE.finding(
            pod.owner,
            "its pods have the token of the account default",
            field=f"{pod.path}.serviceAccountName",
            remedy="name an account of its own, or set automountServiceAccountToken: false",
        )
