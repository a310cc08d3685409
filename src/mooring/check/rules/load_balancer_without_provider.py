"""
A load balancer in a cluster that makes none.

## What it does
Finds Services of the type LoadBalancer where mooring.yaml settles a cluster without load
balancers (kind, minikube) and the input brings nothing that makes them, such as MetalLB.  A
Service with a `loadBalancerClass` has a provider of its own.

## Why it matters
The Service waits for an address for ever: its `EXTERNAL-IP` stays `<pending>`, and tools that
wait for it run into their time-out.

## Example
    # mooring.yaml: {environments: {dev: {cluster: kind}}}
    kind: Service
    spec: {type: LoadBalancer}

Expose it through the ingress controller, or install a provider such as MetalLB.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer
- https://kind.sigs.k8s.io/docs/user/loadbalancer/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="load-balancer-without-provider", severity=Severity.WARNING, since="0.1", group="services"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each load balancer that nothing makes."""
    cluster = bundle.cluster
    if cluster is None or cluster.has_load_balancers is not False:
        return
    wanted = [one for one in bundle.services if one.type == "LoadBalancer"]
    if not wanted or _has_provider(bundle):
        return
    for service in wanted:
        spec = service.item.spec
        has_address = fields.at(service.item.manifest, "status", "loadBalancer", "ingress")
        if spec.get("loadBalancerClass") or has_address:
            continue
        yield RULE.finding(
            service.item.ref,
            f"it waits for the address of a load balancer, and the cluster {cluster.name} makes "
            "none",
            field="spec.type",
            remedy="expose it through the ingress controller, or install a provider of load "
            "balancers",
        )


_GROUPS = frozenset({"metallb.io", "purelb.io", "network.kubesphere.io", "kubevip.io"})
_KINDS = frozenset({"CiliumLoadBalancerIPPool", "CiliumL2AnnouncementPolicy"})
_IMAGES = ("metallb", "kube-vip", "klipper-lb", "purelb", "openelb", "loxilb", "cloud-provider")


def _has_provider(bundle: Bundle) -> bool:
    """Tell whether the input installs a provider, or tells one which addresses it may give."""
    if any(kind.group in _GROUPS or kind.kind in _KINDS for kind in bundle.objects.known_kinds):
        return True
    return any(word in (one.image or "") for one in bundle.containers for word in _IMAGES)
