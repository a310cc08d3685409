"""
Two workloads that want one port of a node.

## What it does
Finds workloads whose pods take the same port of the node (`hostPort`, or `hostNetwork` with that
port) where both run on the same nodes: two DaemonSets, or a DaemonSet and anything else, without
selectors that keep them apart.

## Why it matters
A port of a node can be had once.  The pod that comes second stays `Pending`; with `hostNetwork`
and an undeclared port it ends with "address already in use".

## Example
    kind: DaemonSet           # node-exporter, hostPort 9100
    kind: DaemonSet           # another agent, hostPort 9100

Give one of them another port.

## References
- https://kubernetes.io/docs/concepts/configuration/overview/#services
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import apart, kinds
from mooring.semantics.apart import HostPort

RULE = Rule(id="host-port-taken", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload whose port another has on every node."""
    holders: dict[tuple[str, int], tuple[Pod, HostPort]] = {}
    taken = [
        (pod, port)
        for pod in bundle.pods
        for port in sorted(apart.host_ports(pod.template))
        if pod.kind not in (kinds.JOB, kinds.CRON_JOB)
    ]
    # DaemonSets are on all nodes, so they have the ports before anybody else.
    for pod, port in sorted(taken, key=lambda one: one[0].kind != kinds.DAEMON_SET):
        held = holders.setdefault(port[:2], (pod, port))
        first, other = held
        if first is pod or first.kind != kinds.DAEMON_SET or not apart.clash(port, other):
            continue
        if _choice(first) and _choice(first) != _choice(pod):
            continue
        # Of one name in two namespaces they may be two environments, and of two clusters.
        is_copy = first.owner.name == pod.owner.name
        is_certain = not is_copy and _choice(pod) in ("", _choice(first))
        yield RULE.finding(
            pod.owner,
            f"its pods take the port {port[1]} of their node, which {first.owner.kind} "
            f"{first.owner.name} has on every node",
            field=pod.path or "spec",
            remedy="give one of them another port",
            severity=None if is_certain else Severity.WARNING,
            confidence=None if is_certain else Confidence.MEDIUM,
        )


def _choice(pod: Pod) -> str:
    """Return what chooses the nodes of the pod, as a text; empty where nothing does."""
    parts = [pod.spec.get(name) for name in ("nodeSelector", "affinity", "nodeName")]
    return repr(parts) if any(parts) else ""
