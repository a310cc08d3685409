"""What finds no node, as findings: how many pods, and what keeps them off each pool."""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule
from mooring.semantics.nodes import Why
from mooring.semantics.placement import Fit, Unplaced

_REMEDIES = {
    Why.SIZE: "lower its requests, or add a larger node",
    Why.ROOM: "lower requests, or add nodes",
    Why.APART: "run fewer replicas, add nodes, or let them share one",
    Why.TAINT: "add the toleration, or nodes without the taint",
}


def told(bundle: Bundle, rule: Rule, fit: Fit) -> Iterator[Finding]:
    """Yield a finding of ``rule`` for each workload without nodes, where all ends in ``fit``."""
    found = bundle.placement
    if found is None or found.fit is not fit or bundle.cluster is None:
        return
    for pending in found.unplaced:
        pods = "a pod" if pending.count == 1 else f"{pending.count} of its pods"
        verb = "finds" if pending.count == 1 else "find"
        why = "; ".join(dict.fromkeys(f"{one.pool}: {one.detail}" for one in pending.obstacles))
        yield rule.finding(
            pending.pod,
            f"{pods} {verb} no node in the cluster {bundle.cluster.name} ({why})",
            field=_field(bundle, pending),
            remedy=_remedy(pending),
        )


def _remedy(pending: Unplaced) -> str:
    whys = [one.why for one in pending.obstacles]
    return next(
        (remedy for why, remedy in _REMEDIES.items() if why in whys),
        "add nodes on which it may run, or ask for less of its node",
    )


def _field(bundle: Bundle, pending: Unplaced) -> str:
    """Return the field that keeps the pods off, the first of several."""
    pod = bundle.pod_of[pending.pod]
    whys = {one.why for one in pending.obstacles}
    if whys <= {Why.SELECTOR} and "nodeSelector" in pod.spec:
        return f"{pod.path}.nodeSelector"
    if whys <= {Why.AFFINITY, Why.APART} and "affinity" in pod.spec:
        return f"{pod.path}.affinity"
    return pod.path or "spec"
