"""
A token for the API server in a pod that never asks it.

## What it does
Finds pods into which the token of their ServiceAccount is mounted, though no binding gives the
account any right.

## Why it matters
Who breaks in has an identity in the cluster, and whatever all accounts may do.

## Example
    serviceAccountName: web
    # automountServiceAccountToken is true where nothing is said

Set `automountServiceAccountToken: false`.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.rights import Account

RULE = Rule(id="token-mounted-unused", severity=Severity.INFO, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pod with a token of an account without rights."""
    for pod in bundle.pods:
        account = Account(pod.namespace, pod.template.service_account)
        if _has_token(bundle, pod) and not bundle.rights.has_any(account):
            yield RULE.finding(
                pod.owner,
                f"the token of the account {account.name} is mounted, and nothing here gives it a "
                "right",
                field=f"{pod.path}.automountServiceAccountToken",
                remedy="set automountServiceAccountToken: false",
            )


def _has_token(bundle: Bundle, pod: Pod) -> bool:
    said = pod.spec.get("automountServiceAccountToken")
    if isinstance(said, bool):
        return said
    item = bundle.objects.find(kinds.SERVICE_ACCOUNT, pod.template.service_account, pod.namespace)
    return item is None or item.manifest.get("automountServiceAccountToken") is not False
