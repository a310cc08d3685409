"""
Network policies that nobody enforces.

## What it does
Finds NetworkPolicies where mooring.yaml settles a cluster whose network does not enforce them
(`enforces_policies` of its profile, `network_policies: false`) and the input does not install a
network that does.  It is told once, at the first policy.  Clusters that enforce them by a program
beside the network, as k3s and kind do, are known.

## Why it matters
The API server takes the policies, everything works, and every pod may talk to every other one:
the wall is painted on.

## Example
    # mooring.yaml: {environments: {dev: {cluster: minikube}}}
    kind: NetworkPolicy
    spec: {podSelector: {}, policyTypes: [Ingress]}

Install a network that enforces them, such as Calico or Cilium, and settle it in mooring.yaml.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites
- https://minikube.sigs.k8s.io/docs/handbook/network_policy/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="policies-without-enforcer", severity=Severity.WARNING, since="0.1", group="network-policy"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for all policies together, where nothing enforces them."""
    cluster = bundle.cluster
    if cluster is None or cluster.enforces_policies is not False:
        return
    policies = list(bundle.of_kind(kinds.NETWORK_POLICY))
    if not policies or _has_enforcer(bundle):
        return
    many = len(policies) > 1
    yield RULE.finding(
        policies[0].ref,
        f"{'it and the other policies have' if many else 'it has'} no effect: nothing in the "
        f"cluster {cluster.name} enforces network policies",
        field="spec",
        remedy=f"let the network enforce them, and settle clusters.{cluster.name}."
        "network_policies: true",
    )


_GROUPS = frozenset({"crd.projectcalico.org", "operator.tigera.io", "projectcalico.org"})
_IMAGES = (
    "calico", "cilium", "antrea", "kube-router", "canal", "kube-ovn", "azure-npm", "kindnetd",
    "aws-network-policy-agent", "kube-network-policies",
)  # fmt: skip


def _has_enforcer(bundle: Bundle) -> bool:
    """Tell whether the input installs a program that enforces policies."""
    if any(kind.group in _GROUPS for kind in bundle.objects.known_kinds):
        return True
    return any(word in (one.image or "") for one in bundle.containers for word in _IMAGES)
