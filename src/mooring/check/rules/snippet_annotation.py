"""
An annotation that the ingress controller refuses.

## What it does
Finds `configuration-snippet`, `server-snippet` and the like on Ingresses of ingress-nginx.

## Why it matters
They are off by default since CVE-2021-25742: the controller refuses the Ingress, or ignores the
text.

## Example
    annotations: {nginx.ingress.kubernetes.io/configuration-snippet: "proxy_set_header ..."}

Use the annotation that is made for it; WebSockets need none.

## References
- https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="snippet-annotation", severity=Severity.WARNING, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each snippet."""
    for item in bundle.of_kind(kinds.INGRESS):
        for key in item.annotations:
            if key.startswith("nginx.ingress.kubernetes.io/") and key.endswith("-snippet"):
                yield RULE.finding(
                    item.ref,
                    f"{key.partition('/')[2]} is refused where snippets are off, as they are by "
                    "default",
                    field=f'metadata.annotations["{key}"]',
                    remedy="use the annotation that is made for it",
                )
