"""
A role that makes pods.

## What it does
Finds rules of roles that allow to create pods, or workloads that make some.

## Why it matters
A pod may name any ServiceAccount, Secret and claim of its namespace: who makes pods has all their
rights and values, and without a Pod Security level the node as well.

## Example
    rules: [{apiGroups: [""], resources: [pods], verbs: [create]}]

Allow it to operators and pipelines alone.

## References
- https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from collections.abc import Iterator

from mooring.check import role_rules
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="pods-creatable", severity=Severity.INFO, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule by which pods can be made."""
    for rule in role_rules.written(bundle):
        if rule.is_of_everything:
            continue
        made = next(
            (each for each, group in _MAKERS.items() if rule.allows("create", each, group)), None
        )
        if made is not None:
            yield RULE.finding(
                rule.role.ref,
                f"a rule allows to create {made}, and so pods under any account",
                field=rule.field,
                remedy="allow it to operators and pipelines alone",
            )


_MAKERS = {
    "pods": "",
    "deployments": "apps",
    "statefulsets": "apps",
    "daemonsets": "apps",
    "replicasets": "apps",
    "replicationcontrollers": "",
    "jobs": "batch",
    "cronjobs": "batch",
}
