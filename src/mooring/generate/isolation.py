"""
The policy of a part that was given no network.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from mooring.app.application import Application
from mooring.app.workloads import Task, Workload
from mooring.generate.identity import metadata, selector_labels
from mooring.kube.objects.meta import LabelSelector
from mooring.kube.objects.network import NetworkPolicy, NetworkPolicySpec


def no_traffic(application: Application, part: Workload | Task) -> NetworkPolicy:
    """Return the policy that closes both directions for the pods of ``part``."""
    return NetworkPolicy(
        metadata=metadata(part.name, application, part),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(match_labels=selector_labels(application, part)),
            policy_types=("Ingress", "Egress"),
        ),
    )
