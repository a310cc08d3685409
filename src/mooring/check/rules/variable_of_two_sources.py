"""
A variable with a value and a source, or with two sources.

## What it does
Finds entries of `env` that have both `value` and `valueFrom`, or several sources in `valueFrom`.

## Why it matters
The API server refuses the object:  `may not be specified when value is not empty`.  A merge of
patches makes them: one adds the source and leaves the value.

## Example
    env: [{name: TOKEN, value: none, valueFrom: {secretKeyRef: {name: api, key: token}}}]

Keep one of them.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="variable-of-two-sources", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each variable that comes from two places."""
    for container in bundle.containers:
        for index, entry in fields.mappings(container.raw.get("env")):
            written = entry.get("valueFrom")
            if not isinstance(written, dict):
                continue
            sources = [key for key, value in written.items() if value is not None]
            if len(sources) == 1 and not entry.get("value"):
                continue
            both = ["value", *sources] if entry.get("value") else sources
            told = f"comes from {' and '.join(both)}" if both else "comes from nowhere"
            yield RULE.finding(
                container.owner,
                f"{entry.get('name')} of the container {container.name} {told}",
                field=f"{container.path}.env[{index}]",
                remedy="keep one of them" if both else "give it a value",
            )
