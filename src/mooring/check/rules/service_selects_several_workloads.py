"""
A Service that mixes two programs.

## What it does
Finds Services whose selector matches the pods of several workloads with different images, Jobs
among them.

## Why it matters
Requests go to either of them by chance: some are answered by a program that does not know them,
or by a task that is about to end.

## Example
    kind: Service
    spec: {selector: {app: shop}}        # matches Deployment api and Deployment worker

Select by a label that only the pods meant carry.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="service-selects-several-workloads",
    severity=Severity.WARNING,
    since="0.1",
    group="services",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Service behind which there are different programs."""
    for service in bundle.services:
        pods = [
            pod
            for pod in bundle.behind(service)
            # A task behind the Service of a program is a fault of its own.
            if pod.main_containers and pod.kind not in (kinds.JOB, kinds.CRON_JOB)
        ]
        if len(pods) < 2:
            continue
        images = {
            tuple(sorted(_name(one.image or "") for one in pod.main_containers)) for pod in pods
        }
        if len(images) > 1:
            owners = ", ".join(sorted(str(pod.owner) for pod in pods)[:4])
            yield RULE.finding(
                service.item.ref,
                f"it leads to the pods of {owners}, which run different images",
                field="spec.selector",
                remedy="select by a label that only the pods meant carry",
            )


def _name(image: str) -> str:
    """Return the image without what changes between versions of one program."""
    return image.partition("@")[0].rpartition(":")[0] or image
