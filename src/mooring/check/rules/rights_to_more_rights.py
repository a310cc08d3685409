"""
An account that can give itself any right.

## What it does
Finds rules of roles that allow `escalate` or `bind` of roles, `impersonate`, or tokens of any
account (`serviceaccounts/token`).

## Why it matters
The API server lets nobody give what they do not have; these verbs are the exceptions.  Who has
them has everything, by one request more.

## Example
    rules:
    - apiGroups: [rbac.authorization.k8s.io]
      resources: [clusterroles]
      verbs: [bind, escalate]

Name the roles, users or accounts in `resourceNames`.

## References
- https://kubernetes.io/docs/concepts/security/rbac-good-practices/
- https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
"""

from collections.abc import Iterator

from mooring.check import role_rules
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(
    id="rights-to-more-rights",
    severity=Severity.WARNING,
    since="0.1",
    group="rbac",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule that is as good as all of them."""
    for rule in role_rules.written(bundle):
        if rule.names or rule.is_of_everything:
            continue
        told = next(_means(rule), None)
        if told is not None:
            yield RULE.finding(
                rule.role.ref,
                f"a rule allows to {told}, and so to have any right",
                field=rule.field,
                remedy="name which in resourceNames, or leave it out",
            )


def _means(rule: role_rules.RoleRule) -> Iterator[str]:
    for verb in ("escalate", "bind"):
        for resource in ("clusterroles", "roles"):
            if rule.allows(verb, resource, _RBAC):
                yield f"{verb} {resource}"
    if "impersonate" in rule.verbs and rule.resources & {"users", "groups", "serviceaccounts", "*"}:
        yield "impersonate anybody"
    if "serviceaccounts/token" in rule.resources and rule.verbs & {"create", "*"}:
        yield "create tokens of any account"


_RBAC = "rbac.authorization.k8s.io"
