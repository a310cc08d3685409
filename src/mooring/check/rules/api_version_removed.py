"""
An apiVersion that the cluster no longer serves.

## What it does
Finds objects of an apiVersion that Kubernetes has removed in the version that the objects go to
(the newest one known, where nothing else is said).

## Why it matters
The API server refuses the object: `no matches for kind`.

## Example
    apiVersion: networking.k8s.io/v1beta1
    kind: Ingress                      # networking.k8s.io/v1 since 1.19, alone since 1.22

Use the apiVersion that is served; fields may have other names there.

## References
- https://kubernetes.io/docs/reference/using-api/deprecation-guide/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube.schemas import served

RULE = Rule(id="api-version-removed", severity=Severity.ERROR, since="0.1", group="api")

_GONE_BEFORE = {
    "extensions/v1beta1": 22,
    "apps/v1beta1": 16,
    "apps/v1beta2": 16,
    "networking.k8s.io/v1beta1": 22,
    "rbac.authorization.k8s.io/v1alpha1": 22,
    "rbac.authorization.k8s.io/v1beta1": 22,
    "apiextensions.k8s.io/v1beta1": 22,
    "admissionregistration.k8s.io/v1beta1": 22,
    "apiregistration.k8s.io/v1beta1": 22,
    "certificates.k8s.io/v1beta1": 22,
    "coordination.k8s.io/v1beta1": 22,
    "scheduling.k8s.io/v1alpha1": 17,
    "scheduling.k8s.io/v1beta1": 22,
    "storage.k8s.io/v1beta1": 22,
    "policy/v1beta1": 25,
    "batch/v1beta1": 25,
    "batch/v2alpha1": 21,
    "discovery.k8s.io/v1beta1": 25,
    "events.k8s.io/v1beta1": 25,
    "autoscaling/v2beta1": 25,
    "autoscaling/v2beta2": 26,
    "node.k8s.io/v1beta1": 25,
}
"""apiVersions that were gone before, or are of a kind older than, the versions that are packed."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object whose apiVersion is no longer served."""
    packed = served.packed()
    known = {name.partition(" ")[2] for name in packed.served}
    for item in bundle.objects:
        api_version, kind = item.ref.api_version, item.ref.kind
        period = packed.served.get(f"{api_version} {kind}")
        gone = period[1] + 1 if period is not None else _GONE_BEFORE.get(api_version)
        if gone is None or gone > bundle.minor or (period is None and kind not in known):
            continue
        now = [
            version
            for version in served.versions_of(kind)
            if packed.served[f"{version} {kind}"][1] >= bundle.minor
        ]
        use = f"use {now[-1]}" if now else "the kind is gone: see the deprecation guide"
        yield RULE.finding(
            item.ref,
            f"{api_version} {kind} is not served since Kubernetes 1.{gone}",
            field="apiVersion",
            remedy=use,
        )
