"""
An annotation that Helm does not know.

## What it does
Finds annotations below `helm.sh/` that Helm does not obey, and hooks, weights and policies with
words that it does not know.

## Why it matters
Helm ignores it: the order or the deletion that was meant does not happen.

## Example
    annotations: {helm.sh/hook-depends-on: migrate}

Use helm.sh/hook, helm.sh/hook-weight, helm.sh/hook-delete-policy or helm.sh/resource-policy.

## References
- https://helm.sh/docs/topics/charts_hooks/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="helm-annotation-unknown", severity=Severity.ERROR, since="0.1", group="helm")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each annotation below helm.sh/ that has no effect."""
    for item in bundle.objects:
        for key, value in item.annotations.items():
            if not key.startswith("helm.sh/"):
                continue
            field = f'metadata.annotations["{key}"]'
            if key not in _KNOWN:
                yield RULE.finding(
                    item.ref,
                    f"Helm knows no annotation {key}",
                    field=field,
                    remedy=did_you_mean(key, _KNOWN) or f"use one of {', '.join(_KNOWN)}",
                )
                continue
            words = _KNOWN[key]
            for word in value.split(",") if words else ():
                if word.strip() not in words:
                    yield RULE.finding(
                        item.ref,
                        f'{key} is "{word.strip()}", and may be {", ".join(words)}',
                        field=field,
                        remedy=did_you_mean(word.strip(), words) or "use one of these words",
                    )


_HOOKS = (
    "pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade",
    "pre-rollback", "post-rollback", "test", "test-success", "test-failure", "crd-install",
)  # fmt: skip
_KNOWN = {
    "helm.sh/hook": _HOOKS,
    "helm.sh/hook-weight": (),
    "helm.sh/hook-delete-policy": ("before-hook-creation", "hook-succeeded", "hook-failed"),
    "helm.sh/hook-output-log-policy": ("hook-succeeded", "hook-failed"),
    "helm.sh/resource-policy": ("keep",),
    "helm.sh/depends-on/resource-groups": (),
    "helm.sh/resource-group": (),
    "helm.sh/depends-on/subcharts": (),
    "helm.sh/readiness-success": (),
    "helm.sh/readiness-failure": (),
}
"""Annotation -> the words of its value; none where it is free."""
