"""
An object that stands twice in the input.

## What it does
Finds objects of one kind, namespace and name that the input has more than once with different
content.

## Why it matters
Whichever is applied last wins, by the order of the files: a change of the other one has no
effect.

## Example
    kind: ConfigMap
    metadata: {name: web}
    ---
    kind: ConfigMap
    metadata: {name: web}          # with other data

Keep one of them, or give one another name.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="object-repeated", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that repeats an earlier one with other content."""
    for item in bundle.objects.duplicates:
        first = bundle.objects.get(item.ref)
        if first is None or first.manifest == item.manifest:
            continue
        entry, earlier = bundle.entry_of(item), bundle.entry_of(first)
        at = earlier.position() if earlier is not None else None
        yield RULE.finding(
            item.ref,
            f"it is here a second time, with other content{f'; first at {at.short}' if at else ''}",
            position=entry.position() if entry is not None else None,
            remedy="keep one of them, or give one another name",
            severity=Severity.WARNING if item.kind == kinds.NAMESPACE else None,
        )
