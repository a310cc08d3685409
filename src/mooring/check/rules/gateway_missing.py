"""
A route to a Gateway that there is not.

## What it does
Finds routes of the Gateway API whose parent is a Gateway that the input does not hold, though it
holds others.

## Why it matters
Nothing serves the route: its hosts lead nowhere, and its status stays empty.

## Example
    parentRefs: [{name: public}]            # which is in the namespace edge

Name the Gateway as it is called, with its namespace.

## References
- https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.kinds import GroupKind
from mooring.semantics.references import Dangling

RULE = Rule(id="gateway-missing", severity=Severity.ERROR, since="0.1", group="ingress")

_GATEWAY = GroupKind("gateway.networking.k8s.io", "Gateway")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Gateway that is not there."""
    places: dict[str, list[str]] = {}
    for item in bundle.of_kind(_GATEWAY):
        places.setdefault(item.ref.name, []).append(item.namespace)
    if not places:
        return
    others: list[Dangling] = []
    for one in missing.dangling(bundle, _GATEWAY):
        elsewhere = places.get(one.reference.target.name, [])
        if len(elsewhere) != 1 or not bundle.is_whole:
            others.append(one)
            continue
        yield RULE.finding(
            one.reference.source,
            f"the Gateway {one.reference.target.name} is not in the namespace "
            f"{one.reference.target.namespace or '(default)'}, but in {elsewhere[0]}",
            field=one.reference.field,
            remedy=f"name its namespace: {elsewhere[0]}",
        )
    yield from missing.objects(
        bundle,
        RULE,
        others,
        remedy="name the Gateway as it is called",
        made_elsewhere="it may belong to another input",
    )
