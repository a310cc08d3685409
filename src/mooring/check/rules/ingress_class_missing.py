"""
An ingress class that the cluster does not have.

## What it does
Finds Ingresses whose class is neither in the input nor the one that mooring.yaml settles for the
cluster, and names that are a letter off a class of the input or of a well-known controller.
Where nothing is known of the cluster, a class that is written like no other is left alone:
classes belong to whoever runs the cluster.

## Why it matters
No controller takes the Ingress: the API server accepts it, it never gets an address, and its
hosts lead nowhere.

## Example
    # mooring.yaml: {environments: {production: {cluster: k3s}}}, whose class is traefik
    kind: Ingress
    spec: {ingressClassName: nginx}

Name the class of the controller that runs there.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.compose.suggest import closest
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="ingress-class-missing", severity=Severity.ERROR, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Ingress of a class that nobody serves."""
    classes = ingresses.Classes(bundle)
    settled = bundle.cluster.ingress_class if bundle.cluster is not None else None
    cluster = f"the cluster {bundle.cluster.name}" if bundle.cluster is not None else ""
    near_of: dict[str, str | None] = {}
    for item in bundle.of_kind(kinds.INGRESS):
        name = ingresses.class_of(item)
        if name is None or name in classes.by_name or name in _BUILT_IN or name == settled:
            continue
        if name not in near_of:
            known = {*classes.by_name, *({settled} if settled else ()), *_USUAL}
            near_of[name] = None if name in _USUAL else _slip(name, known)
        near = near_of[name]
        if near is None and settled is None:
            continue
        by_field = fields.text(item.spec.get("ingressClassName")) is not None
        certain = bundle.is_whole and near is not None
        told = f"{cluster} has {settled}" if settled else "no controller goes by that name"
        yield RULE.finding(
            item.ref,
            f"its class is {name}, and {told}",
            field="spec.ingressClassName"
            if by_field
            else f'metadata.annotations["{ingresses.CLASS_ANNOTATION}"]',
            remedy=f'did you mean "{near}"?'
            if near
            else f"name {settled}, or settle the class that the cluster has as its ingress_class",
            severity=None if certain else Severity.WARNING,
            confidence=None if bundle.is_whole else Confidence.MEDIUM,
        )


_BUILT_IN = frozenset({"gce", "gce-internal", "openshift-default"})
"""Classes that are served without an object of that name."""

_USUAL = frozenset({"nginx", "traefik", "haproxy", "kong", "alb", "contour", "cilium", "istio"})


def _slip(name: str, known: set[str]) -> str | None:
    """Return the class for which ``name`` is a slip of the pen; a number at its end is none."""
    from difflib import SequenceMatcher

    near = closest(name, known)
    if near is None or abs(len(near) - len(name)) > 1:
        return None
    if near.rstrip("0123456789") == name.rstrip("0123456789"):
        return None
    return near if SequenceMatcher(None, name, near, autojunk=False).ratio() >= _ALIKE else None


_ALIKE = 0.8
"""So much alike are five letters of which two changed places."""
