"""
On which machines a service may run: `platform`, `deploy.placement`, `runtime`, `isolation`.

## What it means
`platform` names the operating system and the processor of the image.  `deploy.placement` binds a
service to nodes of a Swarm by their properties and labels, spreads it over them, and limits how
many replicas share one.  `runtime` names another container runtime.

## What it becomes
| Compose | Kubernetes, in `Pod.spec` |
|---|---|
| `platform: linux/arm64/v8` | `nodeSelector` for `kubernetes.io/os` and `kubernetes.io/arch` |
| `node.labels.disk == ssd` | `affinity.nodeAffinity`: the label `disk` is `ssd` |
| `node.hostname`, `node.platform.os`, `.arch` | the same with the labels that every node has |
| `preferences: [{spread: node.labels.zone}]` | `topologySpreadConstraints` over `zone` |
| `max_replicas_per_node: 1` | `affinity.podAntiAffinity` |
| `runtime: runsc` | `runtimeClassName`: the one that `runtimes` of mooring.yaml names, or `runsc` |

## What is lost
Roles and ids of a Swarm mean nothing to a cluster: `node.role == manager` mostly ties a service
to the machine with its data, and a claim does that here.  Labels of nodes have to be set on the
nodes of the cluster, or the pods stay pending; a finding names each.  What a cluster calls a
runtime is asked before production.

## Example
    deploy:
      placement:
        constraints: ["node.labels.disk == ssd"]   # kubectl label node <node> disk=ssd

## References
- https://docs.docker.com/reference/compose-file/deploy/#placement
- https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
"""

import msgspec

from mooring.accounting import Path
from mooring.app.placement import Comparison, Placement, Requirement
from mooring.compose.nodes import Node
from mooring.findings import Rule, Severity
from mooring.kube.names import is_label_key, is_label_value
from mooring.sources import Position
from mooring.translate.extensions import extension_notes
from mooring.translate.notes import Note, Translated, carried, dropped
from mooring.translate.view import ServiceView, field, items, text, whole

ATTRIBUTES: tuple[str, ...] = ("platform", "deploy.placement", "runtime", "isolation")

NODE_LABEL_NEEDED = Rule(id="node-label-needed", severity=Severity.WARNING, since="0.1")
PLATFORM_NOT_KNOWN = Rule(id="platform-not-known", severity=Severity.WARNING, since="0.1")

_NAMES = frozenset({"platform", "deploy", "runtime", "isolation"})
_NOTHING = Translated(Placement())

_OS_LABEL = "kubernetes.io/os"
_ARCH_LABEL = "kubernetes.io/arch"
_HOST_LABEL = "kubernetes.io/hostname"
_AFFINITY = "Pod.spec.affinity.nodeAffinity"

_OPERATING_SYSTEMS = frozenset({"linux", "windows"})
_ARCHITECTURES = {
    "amd64": "amd64", "x86_64": "amd64", "x86-64": "amd64",
    "arm64": "arm64", "aarch64": "arm64",
    "arm": "arm", "armhf": "arm", "armel": "arm",
    "386": "386", "i386": "386", "i686": "386",
    "ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64", "loong64": "loong64",
}  # fmt: skip
_RUNTIMES_OF_EVERY_NODE = frozenset({"runc", "io.containerd.runc.v2", "io.containerd.runc.v1"})
_NODE_LABELS = "node.labels."
_FIXED_LABELS = {
    "node.hostname": _HOST_LABEL,
    "node.platform.os": _OS_LABEL,
    "node.platform.arch": _ARCH_LABEL,
}


class _Found(msgspec.Struct):
    """What has been gathered so far."""

    service: ServiceView
    notes: list[Note]
    requirements: list[Requirement]
    spread_over: list[str]
    most_per_machine: int | None = None


def translate(service: ServiceView) -> Translated[Placement]:
    """Return where the service may run."""
    attributes = service.attributes.entries
    if _NAMES.isdisjoint(attributes):
        return _NOTHING
    found = _Found(service, [], [], [])
    deploy = service.get("deploy")
    placement = field(deploy, "placement") if deploy is not None else None
    if placement is not None:
        _placement(placement, found)
    operating_system, architecture = _platform(service, found.notes)
    runtime = _runtime(service, found.notes)
    if "isolation" in attributes:
        _isolation(service, found.notes)
    if not found.notes:
        return _NOTHING
    value = Placement(
        requirements=tuple(found.requirements),
        spread_over=tuple(found.spread_over),
        most_per_machine=found.most_per_machine,
        operating_system=operating_system,
        architecture=architecture,
        runtime=runtime,
    )
    return Translated(value, tuple(found.notes))


def _placement(placement: Node, found: _Found) -> None:
    path = found.service.path("deploy", "placement")
    found.notes.append(carried(path, "Pod.spec.affinity, Pod.spec.topologySpreadConstraints"))
    found.notes.extend(extension_notes(placement, path))
    for index, node in items(field(placement, "constraints")):
        _constraint(text(node), (*path, "constraints", index), node.position, found)
    for index, node in items(field(placement, "preferences")):
        spread = field(node, "spread")
        if spread is not None:
            _preference(text(spread), (*path, "preferences", index), spread.position, found)
    most = field(placement, "max_replicas_per_node")
    if most is not None and whole(most) > 0:
        found.most_per_machine = whole(most)
        if found.most_per_machine > 1:
            found.notes.append(
                dropped(
                    (*path, "max_replicas_per_node"),
                    "a cluster keeps replicas apart, one on a node, or does not count them",
                )
            )
        else:
            found.notes.append(
                carried((*path, "max_replicas_per_node"), "Pod.spec.affinity.podAntiAffinity")
            )


def _constraint(given: str, path: Path, position: Position | None, found: _Found) -> None:
    """Take one constraint: a property of a node, `==` or `!=`, and a value."""
    comparison = Comparison.IS_NOT if "!=" in given else Comparison.IS
    name, _, value = (part.strip() for part in given.partition("!=" if "!=" in given else "=="))
    if name == "node.role":
        found.notes.append(
            dropped(path, "a cluster has no managers: its control plane runs no stacks")
        )
        return
    label = _FIXED_LABELS.get(name) or name.removeprefix(_NODE_LABELS)
    if label == _ARCH_LABEL:
        value = _ARCHITECTURES.get(value.lower(), value)
    elif label == _OS_LABEL:
        value = value.lower()
    is_known = name in _FIXED_LABELS or name.startswith(_NODE_LABELS)
    if not is_known or not (is_label_key(label) and is_label_value(value)):
        found.notes.append(dropped(path, f'nodes of a cluster have nothing like "{given}"'))
        return
    found.requirements.append(Requirement(label=label, comparison=comparison, value=value))
    found.notes.append(carried(path, _AFFINITY))
    if name.startswith(_NODE_LABELS) and comparison is Comparison.IS:
        found.notes.append(
            _label_needed(found.service, f"{label}={value}", position, "stay pending without one")
        )


def _preference(given: str, path: Path, position: Position | None, found: _Found) -> None:
    """Take one preference: to spread replicas evenly over the values of a label."""
    label = _HOST_LABEL if given == "node.id" else _FIXED_LABELS.get(given)
    label = label or given.removeprefix(_NODE_LABELS)
    is_known = given in _FIXED_LABELS or given == "node.id" or given.startswith(_NODE_LABELS)
    if not is_known or not is_label_key(label):
        found.notes.append(dropped(path, f'nodes of a cluster have nothing like "{given}"'))
        return
    found.spread_over.append(label)
    found.notes.append(carried(path, "Pod.spec.topologySpreadConstraints"))
    if given.startswith(_NODE_LABELS):
        found.notes.append(
            _label_needed(found.service, f"{label}=<value>", position, "are not spread without it")
        )


def _label_needed(
    service: ServiceView, label: str, position: Position | None, otherwise: str
) -> Note:
    return NODE_LABEL_NEEDED.finding(
        position,
        f'pods of service "{service.name}" look for nodes with the label {label}, and {otherwise}',
        remedy=f"kubectl label node <node> {label}",
    )


def _platform(service: ServiceView, notes: list[Note]) -> tuple[str | None, str | None]:
    """Return operating system and architecture; a variant (`v8`) is no property of a node."""
    if "platform" not in service.attributes.entries:
        return None, None
    node = service.get("platform")
    given = text(node).lower() if node is not None else ""
    path = service.path("platform")
    if not given:
        notes.append(carried(path, "any node"))
        return None, None
    first, *more = given.split("/")
    if first in _ARCHITECTURES and not more:
        notes.append(carried(path, f"Pod.spec.nodeSelector: {_ARCH_LABEL}"))
        return None, _ARCHITECTURES[first]
    architecture = _ARCHITECTURES.get(more[0]) if more else None
    if first not in _OPERATING_SYSTEMS or (more and architecture is None):
        notes.append(dropped(path, "no node of a cluster calls itself so"))
        notes.append(
            PLATFORM_NOT_KNOWN.finding(
                service.position("platform"),
                f'service "{service.name}" asks for the platform {given}, which no node of a '
                "cluster has by that name",
                remedy="name the runtime that runs it as `runtime`, or remove the platform",
            )
        )
        return None, None
    notes.append(carried(path, f"Pod.spec.nodeSelector: {_OS_LABEL}, {_ARCH_LABEL}"))
    return first, architecture


def _runtime(service: ServiceView, notes: list[Note]) -> str | None:
    if "runtime" not in service.attributes.entries:
        return None
    node = service.get("runtime")
    given = text(node) if node is not None else ""
    path = service.path("runtime")
    if not given or given in _RUNTIMES_OF_EVERY_NODE:
        notes.append(carried(path, "the runtime that every node has"))
        return None
    notes.append(carried(path, "Pod.spec.runtimeClassName"))
    return given


def _isolation(service: ServiceView, notes: list[Note]) -> None:
    node = service.get("isolation")
    path = service.path("isolation")
    if node is None or text(node) in {"", "default", "process"}:
        notes.append(carried(path, "the isolation that pods have"))
    else:
        notes.append(dropped(path, "pods are isolated as processes; a RuntimeClass says otherwise"))
