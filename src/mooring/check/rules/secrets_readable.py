"""
A role that reads every Secret.

## What it does
Finds rules of roles that allow `get`, `list` or `watch` of Secrets without naming which.

## Why it matters
Who has them has every password and token of the namespace; by a ClusterRoleBinding, of the
cluster.  `list` returns the values as well.

## Example
    rules: [{apiGroups: [""], resources: [secrets], verbs: [get, list]}]

Name the Secrets in `resourceNames`, with `get` alone.

## References
- https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from collections.abc import Iterator

from mooring.check import role_rules
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="secrets-readable", severity=Severity.INFO, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule that reads Secrets of any name."""
    for rule in role_rules.written(bundle):
        if rule.names or rule.is_of_everything:
            continue
        verbs = [verb for verb in ("get", "list", "watch") if rule.allows(verb, "secrets")]
        if verbs:
            yield RULE.finding(
                rule.role.ref,
                f"a rule allows {', '.join(verbs)} of Secrets of any name",
                field=rule.field,
                remedy="name them in resourceNames, with get alone",
            )
