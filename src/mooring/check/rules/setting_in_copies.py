"""
One setting, written into several workloads.

## What it does
Finds variables that two or more workloads of a namespace have literally, with one name and one
value of at least eight characters.  It must be asked for: repeating is a matter of taste.

## Why it matters
One copy is forgotten at the next change, and two programs then disagree about an address.

## Example
    # in the Deployments api and worker
    env: [{name: SEARCH_URL, value: "http://search:9200/orders"}]

Put it into a ConfigMap that both read by `envFrom`.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#configure-all-key-value-pairs-in-a-configmap-as-container-environment-variables
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.refs import ObjectRef

RULE = Rule(
    id="setting-in-copies",
    severity=Severity.INFO,
    since="0.1",
    group="configuration",
    opt_in=True,
)

_SHORTEST = 8
"""Shorter values, such as true or info, are alike by chance."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each setting that is copied, at its first copy."""
    found: dict[tuple[str, str, str], dict[ObjectRef, str]] = {}
    for container in bundle.containers:
        for one in container.variables:
            if one.source is None and one.value is not None and len(one.value) >= _SHORTEST:
                key = (container.pod.namespace, one.name, one.value)
                found.setdefault(key, {}).setdefault(container.owner, one.field)
    for (_, name, _), places in found.items():
        if len(places) > 1:
            (owner, field), *others = places.items()
            shown = ", ".join(f"{ref.kind} {ref.name}" for ref, _ in others[:3])
            yield RULE.finding(
                owner,
                f"{name} is written here and, with the same value, in {shown}"
                + (f" and {len(others) - 3} more" if len(others) > 3 else ""),
                field=field,
                remedy="put it into a ConfigMap that all of them read",
            )
