"""
A role that runs commands in pods.

## What it does
Finds rules of roles that allow `create` or `get` of `pods/exec` or `pods/attach`.

## Why it matters
Who runs a command in a pod is that pod: its files, its Secrets, its account.  Either verb is
enough for one of the protocols by which it is asked.

## Example
    rules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]

Leave it to people, and to operators that cannot do without.

## References
- https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from collections.abc import Iterator

from mooring.check import role_rules
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="exec-allowed", severity=Severity.INFO, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule by which commands can be run in pods."""
    for rule in role_rules.written(bundle):
        parts = sorted(rule.resources & {"pods/exec", "pods/attach", "pods/*", "*/exec"})
        if parts and rule.verbs & {"create", "get", "*"} and rule.groups & {"", "*"}:
            yield RULE.finding(
                rule.role.ref,
                f"a rule allows {parts[0]}: to run commands in pods",
                field=rule.field,
                remedy="leave it to people, and to operators that cannot do without",
            )
