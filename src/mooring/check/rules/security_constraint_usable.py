"""
A role that lifts the limits of pods on OpenShift.

## What it does
Finds rules of roles that allow `use` of the SecurityContextConstraints `privileged`, `anyuid`,
`hostaccess`, `hostnetwork`, `hostmount-anyuid` or of any.

## Why it matters
Pods of that account may be root, or all that their node is.

## Example
    rules:
    - apiGroups: [security.openshift.io]
      resources: [securitycontextconstraints]
      resourceNames: [privileged]
      verbs: [use]

Use `restricted-v2` or `nonroot-v2`, or a constraint of its own.

## References
- https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/authentication_and_authorization/managing-pod-security-policies
"""

from collections.abc import Iterator

from mooring.check import role_rules
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="security-constraint-usable", severity=Severity.INFO, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each constraint of others that may be used."""
    for rule in role_rules.written(bundle):
        if not rule.allows("use", "securitycontextconstraints", "security.openshift.io"):
            continue
        if rule.is_of_everything:
            continue
        wide = sorted(rule.names & _WIDE) if rule.names else ["any"]
        if wide:
            yield RULE.finding(
                rule.role.ref,
                f"a rule allows to use the SecurityContextConstraints {', '.join(wide)}",
                field=rule.field,
                remedy="use restricted-v2 or nonroot-v2, or a constraint of its own",
            )


_WIDE = frozenset(
    {"privileged", "anyuid", "hostaccess", "hostnetwork", "hostnetwork-v2", "hostmount-anyuid"}
)
