"""
The nodes of the control plane under the name that they had.

## What it does
Finds selectors and affinities by the label `node-role.kubernetes.io/master`, and tolerations of the
taint of that name without the present one.

## Why it matters
kubeadm gives nodes the label no longer since Kubernetes 1.24, and the taint since 1.25: on the day
of the upgrade the pods stay Pending.  A large site was down for half a day because of it.

## Example
    nodeSelector: {node-role.kubernetes.io/master: ""}

Write `node-role.kubernetes.io/control-plane`.

## References
- https://kubernetes.io/blog/2022/04/07/upcoming-changes-in-kubernetes-1-24/
- https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="control-plane-under-old-name", severity=Severity.WARNING, since="0.1", group="workloads"
)

_OLD = "node-role.kubernetes.io/master"
_NEW = "node-role.kubernetes.io/control-plane"
_SINCE = 24
_REMEDY = f"write {_NEW}"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place that names them so."""
    if bundle.minor < _SINCE:
        return
    for pod in bundle.pods:
        place = _selected(pod)
        if place is not None:
            yield RULE.finding(
                pod.owner,
                f"its pods look for nodes with the label {_OLD}, which no new node has",
                field=place,
                remedy=_REMEDY,
            )
        place = _tolerated(pod)
        if place is not None:
            yield RULE.finding(
                pod.owner,
                f"its pods tolerate {_OLD} and not {_NEW}, as the taint is called now",
                field=place,
                remedy=f"tolerate {_NEW} as well",
                confidence=None if _is_for_them(pod) else Confidence.MEDIUM,
            )


def _selected(pod: Pod) -> str | None:
    """Return where the pods ask for the old label; None where they do not, or take the new too."""
    if _OLD in fields.mapping(pod.spec.get("nodeSelector")):
        return f'{pod.path}.nodeSelector["{_OLD}"]'
    terms = fields.items(
        fields.at(
            pod.spec,
            "affinity",
            "nodeAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution",
            "nodeSelectorTerms",
        )
    )
    # Any of the terms will do: one for the new name is enough.
    asked = [_wants_old(fields.mapping(term)) for term in terms]
    return f"{pod.path}.affinity.nodeAffinity" if asked and all(asked) else None


def _wants_old(term: fields.Manifest) -> bool:
    return any(
        entry.get("key") == _OLD and entry.get("operator") in ("Exists", "In")
        for _, entry in fields.mappings(term.get("matchExpressions"))
    )


def _tolerated(pod: Pod) -> str | None:
    found: str | None = None
    for index, entry in fields.mappings(pod.spec.get("tolerations")):
        key = entry.get("key")
        if key == _NEW or (key is None and entry.get("operator") == "Exists"):
            return None
        if key == _OLD:
            found = f"{pod.path}.tolerations[{index}].key"
    return found


def _is_for_them(pod: Pod) -> bool:
    """Tell whether the pods are to run on nodes of the control plane alone."""
    return any(key in fields.mapping(pod.spec.get("nodeSelector")) for key in (_OLD, _NEW))
