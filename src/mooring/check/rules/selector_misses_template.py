"""
A workload that does not select its own pods.

## What it does
Finds Deployments, StatefulSets, DaemonSets and ReplicaSets whose selector does not match the
labels of their own pod template.

## Why it matters
The API server refuses the object.

## Example
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {name: web}}

Give the template the labels that the selector asks for.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields, kinds, selection

RULE = Rule(id="selector-misses-template", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload whose template lacks what its selector asks for."""
    for pod in bundle.pods:
        if pod.kind not in _SELECTING:
            continue
        written = pod.template.owner_spec.get("selector")
        if not isinstance(written, dict) or selection.selector(written).matches(pod.labels):
            continue
        asked = fields.labels(written.get("matchLabels"))
        lacking = {key: value for key, value in asked.items() if pod.labels.get(key) != value}
        shown = ", ".join(f"{key}={value}" for key, value in lacking.items()) or "its expressions"
        yield RULE.finding(
            pod.owner,
            f"its pods do not carry what its selector asks for: {shown}",
            field=f"{pod.template.path}.metadata.labels",
            remedy="give the template the labels of the selector",
            fix=fixes.put(
                pod.template.raw,
                f"{pod.template.path}.metadata.labels",
                {**pod.labels, **lacking},
                description="add the labels of the selector to the template",
                safety=Safety.NEEDS_CONFIRMATION,
            )
            if lacking
            else None,
        )


_SELECTING = (kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET, kinds.REPLICA_SET)
