"""
A program that is killed without a word.

## What it does
Finds pods behind a Service, and those of StatefulSets, with `terminationGracePeriodSeconds: 0`.

## Why it matters
The program gets no signal to end: requests in flight are cut, files are left half written.  For a
StatefulSet it is unsafe besides: a pod counts as gone while its process may still run, and a second
one of the same name starts.

## Example
    spec: {terminationGracePeriodSeconds: 0}

Leave it out, which gives thirty seconds.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees
- https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="stopped-without-warning", severity=Severity.WARNING, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pod that has no time at all."""
    for pod in bundle.pods:
        if fields.integer(pod.spec.get("terminationGracePeriodSeconds")) != 0:
            continue
        if pod.kind == kinds.STATEFUL_SET or bundle.services_of(pod):
            yield RULE.finding(
                pod.owner,
                "its pods are killed at once, without a signal to end",
                field=f"{pod.path}.terminationGracePeriodSeconds",
                remedy="leave it out, or set what the program needs",
            )
