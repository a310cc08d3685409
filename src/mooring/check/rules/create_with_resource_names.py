"""
A right to create that is never given.

## What it does
Finds rules of Roles and ClusterRoles that join `resourceNames` with `create`, `list`, `watch` or
`deletecollection` of whole resources.

## Why it matters
When an object is created its name is not known to the authoriser, and a list has none: the rule
never matches, and the first run ends with 403.

## Example
    rules:
    - apiGroups: [""]
      resources: [secrets]
      resourceNames: [registry]
      verbs: [get, create, patch]      # create needs a rule without names

Put create into a rule of its own, without names.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="create-with-resource-names", severity=Severity.ERROR, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule that names objects which the verb cannot know."""
    for item in bundle.of_kind(kinds.ROLE, kinds.CLUSTER_ROLE):
        for index, rule in fields.mappings(item.manifest.get("rules")):
            names = fields.texts(rule.get("resourceNames"))
            resources = fields.texts(rule.get("resources"))
            verbs = fields.texts(rule.get("verbs"))
            # "create" of a subresource, as pods/exec, goes to an object that has a name.
            whole = [one for one in resources if "/" not in one]
            vain = [verb for verb in verbs if verb in ("create", "deletecollection")]
            if not names or not whole or not vain:
                continue
            yield RULE.finding(
                item.ref,
                f"the rule allows {' and '.join(vain)} of {', '.join(whole)} only by name "
                f"({', '.join(names[:3])}), which is never known then",
                field=f"rules[{index}].verbs",
                remedy="put it into a rule of its own, without resourceNames",
                confidence=Confidence.HIGH,
            )
