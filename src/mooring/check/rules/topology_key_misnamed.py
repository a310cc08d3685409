"""
A topology that no node has.

## What it does
Finds affinities and spreads that must hold, and whose topology key is a well-known one misspelled,
such as `zone` or `kubernetes.io/zone`.

## Why it matters
A node without the label is in no topology: pods that must be spread over it stay Pending, and an
anti-affinity that must hold holds nothing apart.

## Example
    topologySpreadConstraints:
    - {topologyKey: zone, whenUnsatisfiable: DoNotSchedule, maxSkew: 1, ...}

Write `topology.kubernetes.io/zone`.

## References
- https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone
- https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="topology-key-misnamed", severity=Severity.WARNING, since="0.1", group="workloads")

_ZONE, _REGION = "topology.kubernetes.io/zone", "topology.kubernetes.io/region"
_HOST = "kubernetes.io/hostname"
_MEANT = {
    **dict.fromkeys(("zone", "kubernetes.io/zone", "node.kubernetes.io/zone"), _ZONE),
    **dict.fromkeys(("availability-zone", "topology.kubernetes.io/zones"), _ZONE),
    **dict.fromkeys(("region", "kubernetes.io/region"), _REGION),
    **dict.fromkeys(("hostname", "host", "node", "kubernetes.io/host"), _HOST),
    **dict.fromkeys(("topology.kubernetes.io/hostname", "node.kubernetes.io/hostname"), _HOST),
}
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each key that is a slip of another."""
    nodes = bundle.cluster.nodes if bundle.cluster is not None else ()
    held = {label for one in nodes for label in one.labels}
    for pod in bundle.pods:
        for field, key in _keys(pod):
            meant = _MEANT.get(key)
            if meant is not None and key not in held:
                yield RULE.finding(
                    pod.owner,
                    f"nodes have no label {key}, unless somebody gives it to them",
                    field=field,
                    remedy=f"write {meant}",
                )


def _keys(pod: Pod) -> Iterator[tuple[str, str]]:
    """Yield field and value of each topology key that must hold."""
    for index, entry in fields.mappings(pod.spec.get("topologySpreadConstraints")):
        key = fields.text(entry.get("topologyKey"))
        if key and entry.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule":
            yield f"{pod.path}.topologySpreadConstraints[{index}].topologyKey", key
    for word in ("podAffinity", "podAntiAffinity"):
        for index, term in fields.mappings(fields.at(pod.spec, "affinity", word, _REQUIRED)):
            key = fields.text(term.get("topologyKey"))
            if key:
                yield f"{pod.path}.affinity.{word}.{_REQUIRED}[{index}].topologyKey", key
