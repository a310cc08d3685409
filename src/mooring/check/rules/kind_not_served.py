"""
A kind that its API group does not have.

## What it does
Finds objects of Kubernetes' own groups whose kind no known version of that apiVersion serves: a
Deployment in `v1`, a CronJob in `apps/v1`, a mistyped kind.

## Why it matters
The API server refuses the object: `no matches for kind`.

## Example
    apiVersion: v1
    kind: Deployment                   # apps/v1

Use the apiVersion that has the kind.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.kube.schemas import served
from mooring.semantics import kinds

RULE = Rule(id="kind-not-served", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object of a built-in group that has no such kind."""
    packed = served.packed()
    by_version: dict[str, set[str]] = {}
    for name in packed.served:
        api_version, _, kind = name.partition(" ")
        by_version.setdefault(api_version, set()).add(kind)
    for item in bundle.objects:
        api_version, kind = item.ref.api_version, item.ref.kind
        known = by_version.get(api_version)
        if known is None or kind in known or not kinds.is_built_in(kinds.group_of(api_version)):
            continue
        others = served.versions_of(kind)
        if others and set(others) == {api_version}:
            continue
        yield RULE.finding(
            item.ref,
            f"{api_version} has no kind {kind}",
            field="kind" if not others else "apiVersion",
            remedy=f"use {others[-1]}"
            if others
            else did_you_mean(kind, known) or "correct the kind, or the apiVersion",
        )
