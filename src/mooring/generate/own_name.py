"""
How a workload finds itself under its own name before it serves.

A pod that is called like its Service finds its own address for that name in its hosts file, and
nobody else is led to it early.  Pods of a StatefulSet have names that nobody chooses, and of
several replicas each would take itself for all of them: their Service then leads to pods that are
not ready as well.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from mooring.app.endpoints import NetworkAccess
from mooring.app.workloads import Task, Workload


def hostname(part: Workload | Task) -> str | None:
    """Return what the pods of ``part`` call themselves; None for the name of each pod."""
    if part.hostname is None and isinstance(part, Workload) and _is_alone(part):
        return part.name
    return part.hostname


def must_be_found_unready(part: Workload) -> bool:
    """Tell whether the Services of ``part`` have to lead to pods that are not ready."""
    return part.dials_itself and not (_is_alone(part) and hostname(part) == part.name)


def _is_alone(part: Workload) -> bool:
    return (
        part.dials_itself
        and not part.keeps_state
        and part.replicas == 1
        and not part.other_names
        and part.network is NetworkAccess.OWN
    )
