"""
A role that allows what nobody listed.

## What it does
Finds rules of roles with `*` for resources or verbs, short of those that allow everything.

## Why it matters
What the group gets in a later version is allowed at once, and `*` for verbs holds
`deletecollection`, `impersonate`, `bind` and `escalate`.

## Example
    rules: [{apiGroups: [apps], resources: ["*"], verbs: [get, patch]}]

List what the program does.

## References
- https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from collections.abc import Iterator

from mooring.check import role_rules
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="rights-by-wildcard", severity=Severity.INFO, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule with a wildcard."""
    for rule in role_rules.written(bundle):
        if rule.is_of_everything:
            continue
        # An operator owns the kinds of its own group.
        if all("." in group for group in rule.groups):
            continue
        wild = [
            what
            for what, words in (("resources", rule.resources), ("verbs", rule.verbs))
            if "*" in words
        ]
        if wild:
            yield RULE.finding(
                rule.role.ref,
                f"a rule has * for {' and '.join(wild)}",
                field=f"{rule.field}.{wild[0]}",
                remedy="list what the program does",
            )
