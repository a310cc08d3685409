"""
A binding for an account that does not exist.

## What it does
Finds subjects of RoleBindings and ClusterRoleBindings that are ServiceAccounts which the input
does not hold, though it holds others in that namespace.

## Why it matters
The account that was meant has no rights: the program ends with `forbidden`.

## Example
    subjects: [{kind: ServiceAccount, name: webb}]

Name the account, and its namespace, as they are.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="bound-account-missing", severity=Severity.ERROR, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each bound account that is not there."""
    found = (
        one
        for one in missing.dangling(bundle, kinds.SERVICE_ACCOUNT)
        if one.reference.source.kind in ("RoleBinding", "ClusterRoleBinding")
    )
    yield from missing.objects(
        bundle,
        RULE,
        found,
        remedy="name the account, and its namespace, as they are",
        made_elsewhere="it may belong to another input",
    )
