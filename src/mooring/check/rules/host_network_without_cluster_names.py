"""
A pod in the network of its node that asks for names of the cluster.

## What it does
Finds pods with `hostNetwork: true` that dial Services of the input by name, and whose `dnsPolicy`
is not ClusterFirstWithHostNet.

## Why it matters
Such a pod asks the name server of its node, which knows no Service: every name of the cluster is
unknown to it.

## Example
    spec:
      hostNetwork: true
      containers: [{env: [{name: API_URL, value: "http://api:8080"}], ...}]

Set `dnsPolicy: ClusterFirstWithHostNet`.

## References
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Fix, Rule, Safety, Severity
from mooring.refs import ObjectRef

RULE = Rule(
    id="host-network-without-cluster-names", severity=Severity.ERROR, since="0.1", group="services"
)

_RIGHT = "ClusterFirstWithHostNet"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each such pod, at the first name that it asks for."""
    told: set[ObjectRef] = set()
    for one in bundle.dialled:
        pod = one.container.pod
        if not pod.template.host_network or pod.owner in told:
            continue
        if pod.spec.get("dnsPolicy") in (_RIGHT, "None") or one.service is None:
            continue
        if bundle.names.service(one.namespace, one.service) is None or (
            bundle.names.is_known_otherwise(one)
        ):
            continue
        told.add(pod.owner)
        yield RULE.finding(
            pod.owner,
            f"it dials {one.address.host} ({one.named}) from the network of its node, whose name "
            "server knows no Service",
            field=f"{pod.path}.dnsPolicy",
            remedy=f"set dnsPolicy: {_RIGHT}",
            fix=_fix(pod),
        )


def _fix(pod: Pod) -> Fix:
    return fixes.put(
        pod.template.raw,
        f"{pod.path}.dnsPolicy",
        _RIGHT,
        description="ask the name server of the cluster",
        safety=Safety.NEEDS_CONFIRMATION,
    )
