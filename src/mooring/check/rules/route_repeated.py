"""
Two routes for one path of one host.

## What it does
Finds Ingresses that send the same host and path to different Services, within one Ingress or in
two of one class, and HTTPRoutes of one Gateway with the same host and the same match.

## Why it matters
Which of them wins is up to the controller, and may change with its next start; of HTTPRoutes the
older one does, and of rules in one route the first.

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
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(id="route-repeated", severity=Severity.ERROR, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each route that stands in the way of an earlier one."""
    yield from _of_ingresses(bundle)
    yield from _of_gateways(bundle)


def _of_ingresses(bundle: Bundle) -> Iterator[Finding]:
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


def _of_gateways(bundle: Bundle) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], tuple[Item, str, object]] = {}
    for item in bundle.of_kind(_HTTP_ROUTE):
        parents = [
            (
                fields.text(parent.get("kind")) or "Gateway",
                fields.text(parent.get("namespace")) or item.namespace,
                parent.get("name"),
                parent.get("sectionName"),
                parent.get("port"),
            )
            for _, parent in fields.mappings(item.spec.get("parentRefs"))
        ]
        hosts: tuple[str | None, ...] = fields.texts(item.spec.get("hostnames")) or (None,)
        for index, rule in fields.mappings(item.spec.get("rules")):
            goes = (rule.get("backendRefs"), rule.get("filters"), item.namespace)
            matches = list(fields.mappings(rule.get("matches"))) or [(-1, {})]
            for place, match in matches:
                field = f"spec.rules[{index}]" + (f".matches[{place}]" if place >= 0 else "")
                keys = [(*parent, host, _form(match)) for parent in parents for host in hosts]
                before = next((seen[key] for key in keys if key in seen), None)
                for key in keys:
                    seen.setdefault(key, (item, field, goes))
                if before is None or before[2] == goes:
                    continue
                # Another rule tells of an object that is there twice.
                if before[0] is item or before[0].ref != item.ref:
                    yield RULE.finding(
                        item.ref,
                        f"what it matches goes elsewhere by {before[0].ref} {before[1]}",
                        field=field,
                        remedy="keep one route for each match",
                        severity=Severity.WARNING,
                    )


def _form(match: Manifest) -> str:
    """Return a match as a text that is the same for all that match the same."""
    import json

    path = {"type": "PathPrefix", "value": "/", **fields.mapping(match.get("path"))}
    return json.dumps({**match, "path": path}, sort_keys=True, default=str)


_HTTP_ROUTE = GroupKind("gateway.networking.k8s.io", "HTTPRoute")
_CLASS = "kubernetes.io/ingress.class"
_CANARY = "nginx.ingress.kubernetes.io/canary"
