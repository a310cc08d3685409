"""
A Service behind which there are no pods.

## What it does
Finds Services whose selector matches the labels of no pod template in their namespace.  A Service
without a selector, an ExternalName and one for which the input has Endpoints or EndpointSlices
get their addresses elsewhere and are left alone, and where a program may label its own pods it is
only doubted.

## Why it matters
The name resolves and every connection to it fails: the labels are mistyped, or belong to another
namespace.

## Example
    kind: Service
    metadata: {name: api}
    spec:
      selector: {app: api-server}   # the Deployment's pods are labelled app: api

Select by labels that the pod template carries.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes
"""

from collections.abc import Iterator, Mapping

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.kinds import GroupKind
from mooring.semantics.rights import Account, Deed
from mooring.semantics.views import Service

RULE = Rule(id="service-selects-nothing", severity=Severity.ERROR, since="0.1", group="services")

_ENDPOINTS = GroupKind("", "Endpoints")
_SLICE = GroupKind("discovery.k8s.io", "EndpointSlice")
_SERVICE_NAME = "kubernetes.io/service-name"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Service that selects no pods of the input."""
    with_addresses = {(one.namespace, one.ref.name) for one in bundle.of_kind(_ENDPOINTS)}
    with_addresses |= {
        (one.namespace, one.labels.get(_SERVICE_NAME, "")) for one in bundle.of_kind(_SLICE)
    }
    for service in bundle.services:
        here = (service.item.namespace, service.item.ref.name)
        if not service.selector or here in with_addresses or bundle.behind(service):
            continue
        near, labels = _nearest(bundle, service)
        if (
            not bundle.is_whole
            or (near is None and not bundle.is_closed)
            or _is_labelled_later(bundle, service)
        ):
            # Pods that share no label with it may well be an operator's, or in another input.
            yield RULE.finding(
                service.item.ref,
                f"selects {_shown(service.selector)}, which no pod of this input carries",
                field="spec.selector",
                remedy="correct the selector, or make sure that what makes the pods labels them so",
                severity=Severity.WARNING,
                confidence=Confidence.MEDIUM,
            )
            continue
        told = f"; {near} carries {_shown(labels)}" if near else ""
        yield RULE.finding(
            service.item.ref,
            f"selects {_shown(service.selector)}, which no pod carries{told}",
            field="spec.selector",
            remedy=f"select {_shown(labels)}" if near else "select labels that some pods carry",
        )


def _is_labelled_later(bundle: Bundle, service: Service) -> bool:
    """
    Tell whether pods lack only labels that they may give themselves, as leaders do.

    Their template does not have these labels at all, and their account may change pods.
    """
    namespace = service.item.namespace
    wanted = Deed(verb="patch", resource="pods", namespace=namespace)
    for pod in bundle.pods_by_namespace.get(namespace, ()):
        have = {key for key in service.selector if key in pod.labels}
        if (
            have
            and all(pod.labels[key] == service.selector[key] for key in have)
            and bundle.rights.may(Account(namespace, pod.template.service_account), wanted)
        ):
            return True
    return False


def _nearest(bundle: Bundle, service: Service) -> tuple[str | None, Mapping[str, str]]:
    """Return the workload whose pods come nearest to the selector, and their labels for it."""
    best: tuple[int, str | None, Mapping[str, str]] = (0, None, {})
    for pod in bundle.pods_by_namespace.get(service.item.namespace, ()):
        if pod.kind in (kinds.JOB, kinds.CRON_JOB):
            continue
        alike = sum(pod.labels.get(key) == value for key, value in service.selector.items())
        named = pod.owner.name == service.item.ref.name
        score = 2 * alike + named
        # Labels that all parts of an application share say nothing of which part is meant.
        if score > best[0] and (named or alike == len(service.selector) - 1):
            shared = {key: pod.labels[key] for key in service.selector if key in pod.labels}
            best = (score, str(pod.owner), shared or pod.labels)
    return best[1], best[2]


def _shown(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())
