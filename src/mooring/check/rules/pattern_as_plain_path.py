"""
A pattern in a path that is taken letter by letter.

## What it does
Finds paths of the types Prefix and Exact that hold a star or the signs of a regular expression:
`/api/*`, `/api(/|$)(.*)`.

## Why it matters
Both types compare letters, so the path matches no request; and ingress-nginx from version 1.12 on
refuses such an Ingress.  Stars belong to controllers of clouds, regular expressions to
ingress-nginx, and both to the type ImplementationSpecific.

## Example
    - {path: "/api/*", pathType: Prefix, ...}        # /api

A Prefix needs no star; give a regular expression the type ImplementationSpecific.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types
- https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(id="pattern-as-plain-path", severity=Severity.WARNING, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pattern whose type compares letters."""
    for item in bundle.of_kind(kinds.INGRESS):
        for path in ingresses.paths(item):
            if path.path_type not in ("Prefix", "Exact") or not _PATTERN.search(path.path):
                continue
            plain = path.path.removesuffix("/*") or "/"
            yield RULE.finding(
                item.ref,
                f"the path {path.path} of the type {path.path_type} is taken letter by letter",
                field=f"{path.field}.path",
                remedy=f"write {plain}"
                if path.path_type == "Prefix" and not _PATTERN.search(plain)
                else "set pathType: ImplementationSpecific",
            )


_PATTERN = LazyPattern(r"[*^|\[\\]|\([^)]*[.*|?][^)]*\)|\$$")
