"""
A rule of a role that allows nothing.

## What it does
Finds rules of Roles and ClusterRoles without verbs, or without resources and URLs.

## Why it matters
The API server refuses the object.

## Example
    rules:
    - apiGroups: [""]
      resources: [pods]
      verbs: []

Name the verbs.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="role-without-verbs", severity=Severity.ERROR, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule that the API server refuses."""
    for item in bundle.of_kind(kinds.ROLE, kinds.CLUSTER_ROLE):
        for index, rule in fields.mappings(item.manifest.get("rules")):
            lacking = "verbs" if not rule.get("verbs") else None
            if lacking is None and not rule.get("resources") and not rule.get("nonResourceURLs"):
                lacking = "resources"
            if lacking is not None:
                yield RULE.finding(
                    item.ref,
                    f"a rule has no {lacking}",
                    field=f"rules[{index}]",
                    remedy=f"name the {lacking}",
                )
