"""
A priority that only the system may have.

## What it does
Finds PriorityClasses whose value is above 1000000000, or whose name begins with `system-`.

## Why it matters
The API server refuses the object, and then every pod that names it.

## Example
    kind: PriorityClass
    value: 2000000000

Stay at or below 1000000000.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="priority-out-of-range", severity=Severity.ERROR, since="0.1", group="workloads")

_HIGHEST = 1_000_000_000
_OF_THE_SYSTEM = ("system-cluster-critical", "system-node-critical")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each class that is refused."""
    for item in bundle.of_kind(kinds.PRIORITY_CLASS):
        if item.ref.name in _OF_THE_SYSTEM:
            continue
        value = fields.integer(item.manifest.get("value"))
        if value is not None and value > _HIGHEST:
            yield RULE.finding(
                item.ref,
                f"its value is {value}, and the highest is {_HIGHEST}",
                field="value",
                remedy=f"stay at or below {_HIGHEST}",
            )
        if item.ref.name.startswith("system-"):
            yield RULE.finding(
                item.ref,
                "names that begin with system- are kept for the system",
                field="metadata.name",
                remedy="use another name",
            )
