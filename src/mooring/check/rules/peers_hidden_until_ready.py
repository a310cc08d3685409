"""
Members of a cluster that cannot find one another while they start.

## What it does
Finds StatefulSets of several pods of an image whose members look for one another before they are
ready, behind a headless Service that hides pods until they are.  It is certain where the pods
start together; one after the other each finds those before it.  Where members also need a
majority to be ready, `quorum-waits-for-itself` tells of it.

## Why it matters
The name of a member does not resolve before it is ready: members start without the others, each
as a cluster of its own, or restart until the order happens to be right.

## Example
    kind: Service                       # the headless one of Keycloaks that start together
    spec: {clusterIP: None}

Set publishNotReadyAddresses: true on the headless Service, and let clients use another one.

## References
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#a-aaaa-records
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Safety, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="peers-hidden-until-ready", severity=Severity.WARNING, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each headless Service that hides the members of a cluster."""
    for pod in bundle.pods:
        if pod.kind != kinds.STATEFUL_SET or pod.replicas < 2:
            continue
        name = fields.text(pod.template.owner_spec.get("serviceName"))
        service = bundle.names.service(pod.namespace, name) if name else None
        if (
            service is None
            or not service.is_headless
            or service.item.spec.get("publishNotReadyAddresses") is True
        ):
            continue
        for container in pod.main_containers:
            known = container.known
            if known is None or not container.probe("readinessProbe"):
                continue
            habits = [one for one in known.family.cluster if one.publishes_unready]
            if not habits or any(one.quorum for one in habits):
                continue
            text = container.words
            # Of replicas that form no cluster nobody looks for another.
            if not any(sign in container.variable or sign in text for sign in habits[0].signs):
                continue
            together = pod.template.owner_spec.get("podManagementPolicy") == "Parallel"
            yield RULE.finding(
                service.item.ref,
                f"it hides the pods of {pod.owner} until they are ready, and members of "
                f"{known.family.name} look for one another before",
                field="spec.publishNotReadyAddresses",
                remedy="set publishNotReadyAddresses: true",
                confidence=None if together else Confidence.MEDIUM,
                fix=fixes.put(
                    service.item.manifest,
                    "spec.publishNotReadyAddresses",
                    True,
                    description="let members find one another while they start",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
            break
