"""
Pods that no network policy rules.

## What it does
Finds workloads whose pods no NetworkPolicy of their namespace selects.  An empty `podSelector`
selects all pods.  Pods in the network of their node have no policies, and where the input has
policies of another kind (Cilium, Calico, those of the whole cluster) nothing is said.

## Why it matters
Any pod of the cluster may connect to them, and they may connect to anything.

## Example
    kind: Deployment         # and no NetworkPolicy selects its pods

Add a policy that closes the namespace, and policies for what is needed.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="pod-without-policy",
    severity=Severity.INFO,
    since="0.1",
    group="network-policy",
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload whose pods are open to everybody."""
    if any(kind.kind in _OTHER_POLICIES for kind in bundle.objects.known_kinds):
        return
    for pod in bundle.pods:
        if pod.spec.get("hostNetwork") is True or pod.template.is_finished:
            continue
        if not bundle.selections.policed_by(pod.template):
            yield RULE.finding(
                pod.owner,
                "no NetworkPolicy selects its pods",
                remedy="add a policy that closes the namespace, and policies for what is needed",
            )


_OTHER_POLICIES = frozenset(
    {
        "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy",
        "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy",
    }
)  # fmt: skip
