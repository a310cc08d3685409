"""
A wait for an object that there is not, or for what it never tells.

## What it does
Finds `kubectl wait` and `kubectl rollout status` in commands, and the words of images that wait for
Jobs (`k8s-wait-for`), that name a Job or workload which the input does not hold in that namespace,
and conditions that the kind does not have: `Available` of a Job, `Complete` of a Deployment.

## Why it matters
The container waits until its time is over, and the pod behind it never starts.

## Example
    command: [kubectl, wait, "--for=condition=complete", job/migration]   # it is called migrate

Name the object as it is called.

## References
- https://kubernetes.io/docs/reference/kubectl/generated/kubectl_wait/
- https://github.com/groundnuty/k8s-wait-for
"""

from collections.abc import Iterator

from mooring.check import waits
from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(id="waits-for-nothing", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each wait that has no end."""
    for one in waits.for_objects(bundle):
        item = bundle.objects.find(one.kind, one.name, one.namespace)
        if item is not None:
            wrong = one.condition and one.condition not in waits.CONDITIONS[one.kind]
            if wrong:
                yield RULE.finding(
                    one.container.owner,
                    f"the container {one.container.name} waits for the condition {one.condition} "
                    f"of {item.ref}, and no {one.kind.kind} has it",
                    field=one.field,
                    remedy=f"wait for {waits.END_OF[one.kind]}",
                )
            continue
        names = [
            each.ref.name for each in bundle.of_kind(one.kind) if each.namespace == one.namespace
        ]
        near = did_you_mean(one.name, names)
        certain = bundle.is_whole and (bundle.is_closed or near is not None)
        yield RULE.finding(
            one.container.owner,
            f"the container {one.container.name} waits for the {one.kind.kind} {one.name}, which "
            "this input does not hold",
            field=one.field,
            remedy=near or "name the object as it is called",
            severity=None if certain else Severity.WARNING,
            confidence=None if certain else Confidence.MEDIUM,
        )
