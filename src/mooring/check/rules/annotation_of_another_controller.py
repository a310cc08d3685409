"""
An annotation for an ingress controller that does not serve the Ingress.

## What it does
Finds Ingresses whose class belongs to one controller and whose annotations are another's alone.
An Ingress that has annotations of its own controller beside them is meant for both.

## Why it matters
No controller says anything about annotations that are not its own: the time-outs, rewrites,
limits and redirects that they ask for are not there.

## Example
    metadata:
      annotations: {nginx.ingress.kubernetes.io/rewrite-target: /$2}
    spec: {ingressClassName: traefik}

Write what the controller of the class understands.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.check.ingresses import Vendor
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="annotation-of-another-controller", severity=Severity.WARNING, since="0.1", group="ingress"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each other controller whose annotations an Ingress has."""
    classes = ingresses.Classes(bundle)
    for item in bundle.of_kind(kinds.INGRESS):
        annotations = item.annotations
        if not annotations:
            continue
        served_by = classes.vendors(item)
        if not served_by:
            continue
        first: dict[Vendor, str] = {}
        for key in annotations:
            vendor = _VENDORS.get(key.partition("/")[0])
            if vendor is not None:
                first.setdefault(vendor, key)
        if not first or not served_by.isdisjoint(first):
            continue
        shown = ingresses.class_of(item) or "the default class"
        for key in first.values():
            yield RULE.finding(
                item.ref,
                f"{key} is for another controller than that of {shown}, which ignores it",
                field=f'metadata.annotations["{key}"]',
                remedy="write what the controller of the class understands",
            )


_VENDORS = {
    **{vendor.value: vendor for vendor in Vendor},
    "nginx.com": Vendor.NGINX_INC,
    "haproxy.com": Vendor.HAPROXY_TECH,
}
