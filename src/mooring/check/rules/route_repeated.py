"""
Two routes for one path of one host.

## What it does
Finds Ingresses that send the same host and path to different Services, within one Ingress or in
two of one class.

## Why it matters
Which of them wins is up to the controller, and may change with its next start.

## Example
    # Ingress shop and Ingress shop-old alike
    rules: [{host: shop.example.com, http: {paths: [{path: /, ...}]}}]

Keep one route for each path.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="route-repeated", severity=Severity.ERROR, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each route that stands in the way of an earlier one."""
    seen: dict[tuple[object, ...], tuple[str, object]] = {}
    for item in bundle.of_kind(kinds.INGRESS):
        shown = fields.text(item.spec.get("ingressClassName")) or item.annotations.get(_CLASS)
        if item.annotations.get(_CANARY) == "true":
            continue
        for index, rule in fields.mappings(item.spec.get("rules")):
            for place, path in fields.mappings(fields.at(rule, "http", "paths")):
                host = fields.text(rule.get("host"))
                where = fields.text(path.get("path")) or "/"
                # Controllers take a path of their own kind for a prefix, unless it is a pattern.
                by = "Exact" if path.get("pathType") == "Exact" else "Prefix"
                key = (shown, host, where, by)
                backend = path.get("backend")
                field = f"spec.rules[{index}].http.paths[{place}]"
                if key not in seen:
                    seen[key] = (f"{item.ref} {field}", (item.namespace, backend))
                    continue
                first, other = seen[key]
                if other != (item.namespace, backend):
                    yield RULE.finding(
                        item.ref,
                        f"{host or 'any host'}{where} goes elsewhere by {first}",
                        field=field,
                        remedy="keep one route for each path",
                    )


_CLASS = "kubernetes.io/ingress.class"
_CANARY = "nginx.ingress.kubernetes.io/canary"
