"""
A binding to a role that does not exist.

## What it does
Finds RoleBindings and ClusterRoleBindings whose role the input does not hold.  The roles that
every cluster has (`view`, `edit`, `admin`, `cluster-admin`, `system:...`) are there.

## Why it matters
Nobody gets the rights: the program ends with `forbidden`.

## Example
    roleRef: {kind: Role, name: readers}      # the Role is called reader

Name the role as it is called.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="role-missing", severity=Severity.ERROR, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each binding whose role is not there."""
    yield from missing.objects(
        bundle,
        RULE,
        missing.dangling(bundle, kinds.ROLE, kinds.CLUSTER_ROLE),
        remedy="add the role, or name one that is there",
        made_elsewhere="it may belong to another input",
    )
