"""
kwok's configuration: what makes nodes, pods and volumes of the test bed live.

kwok's own event step takes fixed text only, so events are objects that a step applies; so are the
objects that tell it where a pod's logs are.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.bed import stages

_TEMPLATES = Path(__file__).parent


def configuration(log_folder: Path) -> str:
    """Return kwok's configuration; what pods have logged are files in ``log_folder``."""
    documents = [_pod_stage(each, log_folder) for each in stages.changes()]
    documents += [_deletion(), *_node_stages(), *_volume_stages(), *_DOORS]
    return "---\n".join(json.dumps(each) + "\n" for each in documents)


@cache
def _template(name: str) -> str:
    return (_TEMPLATES / f"{name}.gotmpl").read_text(encoding="utf-8")


def _assigned(**values: str | bool) -> str:
    """Return template text that gives names their values: expressions, or literals."""
    words = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in values.items()
    }
    return "".join(f"{{{{- ${name} := {word} -}}}}\n" for name, word in words.items())


def _pod_stage(change: stages.Change, log_folder: Path) -> dict[str, Any]:
    look = change.look
    head = _assigned(ofInit=look.of_init) + _template("head")
    steps = [_event_step(head, each) for each in change.events]
    if change.to == "Creating":
        steps.append({"apply": {"type": "merge", "template": head + _logs(log_folder)}})
    status = _assigned(
        to=f"`{change.to}`", how=f"`{look.how}`", others=f"`{look.others}`",
        inits=f"`{look.inits}`", phase=f"`{look.phase}`", reason=look.reason,
        message=look.message, code=look.code, sandbox=look.sandbox, why=look.why, text=look.text,
    )  # fmt: skip
    template = head + status + _template("status")
    steps.append({"patch": {"subresource": "status", "root": "status", "template": template}})
    selector = [
        (".metadata.deletionTimestamp", "DoesNotExist", None),
        (stages.BEHAVIOUR, "In", list(change.stages)),
        (stages.STATE, "In", list(change.sources)),
    ]
    if change.when != "true":
        selector.append((f'if {change.when} then "yes" else "no" end', "In", ["yes"]))
    after = change.after if " " in change.after else f'"{change.after}"'
    return _stage(f"pod-{change.name}", "Pod", selector, steps, after)


def _event_step(head: str, event: stages.Event) -> dict[str, Any]:
    given = _assigned(
        type=f"`{event.type}`",
        reason=f"`{event.reason}`",
        text=event.text,
        ofContainer=event.of_container,
    )
    return {"apply": {"type": "merge", "template": head + given + _template("event")}}


def _logs(folder: Path) -> str:
    """Return the template of the object that tells kwok where a pod's logs are."""
    known = " ".join(f'"{stage}"' for stage in stages.LOGS)
    return f"""
{{{{- $stage := or (index (or .metadata.labels dict) "{stages.LABEL}") "" -}}}}
{{{{- $usual := ternary $stage "started" (has $stage (list {known})) -}}}}
{{{{- $path := printf "{folder}/%s.log" (or (index $notes "{stages.Note.LOGS}") $usual) -}}}}
{_LOGS}"""


_LOGS = """
{{- $owner := dict "apiVersion" "v1" "kind" "Pod" "name" .metadata.name "uid" $uid -}}
{{- $files := dict "logsFile" $path "previousLogsFile" $path "follow" true -}}
{{- toJson (dict
  "apiVersion" "kwok.x-k8s.io/v1alpha1" "kind" "Logs"
  "metadata" (dict "name" .metadata.name "namespace" .metadata.namespace
    "ownerReferences" (list $owner))
  "spec" (dict "logs" (list $files))
) -}}
"""


def _stage(
    name: str,
    kind: str,
    selector: Sequence[tuple[str, str, list[str] | None]],
    steps: Sequence[dict[str, Any]],
    after: str | None = None,
) -> dict[str, Any]:
    """Return a stage of kwok: ``selector`` are jq expressions, operators and values."""
    expressions = [
        {"jq": {"key": key, "operator": operator, **({"values": values} if values else {})}}
        for key, operator, values in selector
    ]
    spec: dict[str, Any] = {
        "resourceRef": {"apiGroup": "v1", "kind": kind},
        "selector": {"matchExpressions": expressions},
        "steps": list(steps),
    }
    if after is not None:
        spec["delay"] = {"durationFrom": {"jq": {"expression": after}}}
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": spec,
    }


def _deletion() -> dict[str, Any]:
    # No event: a namespace that ends takes none, kwok would try again, and the pod would stay.
    return _stage(
        "pod-delete",
        "Pod",
        [
            (".metadata.deletionTimestamp", "Exists", None),
            (".metadata.finalizers", "DoesNotExist", None),
        ],
        [{"delete": True}],
        stages.annotation(stages.Note.STOP, "200ms"),
    )


_NODE_POSTS = """
{{- $now := Now -}}
{{- $conditions := list -}}
{{- $times := dict "lastHeartbeatTime" $now "lastTransitionTime" $now -}}
{{- range NodeConditions }}{{ $conditions = append $conditions (merge (dict) $times .) }}{{ end -}}
{{- toJson (dict
  "phase" "Running"
  "conditions" $conditions
  "addresses" (list
    (dict "type" "InternalIP" "address" NodeIP)
    (dict "type" "Hostname" "address" .metadata.name))
  "daemonEndpoints" (dict "kubeletEndpoint" (dict "Port" NodePort))
) -}}
"""
_NODE_IS_SILENT = """
{{- toJson (dict "conditions" (list (dict
  "type" "Ready" "status" "Unknown" "reason" "NodeStatusUnknown"
  "message" "Kubelet stopped posting node status." "lastTransitionTime" Now
))) -}}
"""


def _node_stages() -> Iterator[dict[str, Any]]:
    """Nodes are ready, but for those whose stage is `lost`."""
    ready = '[.status.conditions[]? | select(.type == "Ready") | .status] | (.[0] // "None")'
    lost = f'if .metadata.labels["{stages.LABEL}"] == "lost" then "yes" else "no" end'
    for name, is_lost, unwanted, template in (
        ("node-ready", "no", "True", _NODE_POSTS),
        ("node-lost", "yes", "Unknown", _NODE_IS_SILENT),
    ):
        selector = [(lost, "In", [is_lost]), (ready, "NotIn", [unwanted])]
        patch = {"subresource": "status", "root": "status", "template": template}
        yield _stage(name, "Node", selector, [{"patch": patch}])


_VOLUME = """
{{- $claim := dict "apiVersion" "v1" "kind" "PersistentVolumeClaim" "name" .metadata.name
  "namespace" .metadata.namespace "uid" .metadata.uid -}}
{{- toJson (dict
  "apiVersion" "v1" "kind" "PersistentVolume"
  "metadata" (dict
    "name" (printf "pvc-%s" .metadata.uid)
    "annotations" (dict "pv.kubernetes.io/provisioned-by" $provisioner))
  "spec" (dict
    "accessModes" .spec.accessModes
    "capacity" (dict "storage" .spec.resources.requests.storage)
    "persistentVolumeReclaimPolicy" "Delete"
    "storageClassName" .spec.storageClassName
    "volumeMode" (or .spec.volumeMode "Filesystem")
    "claimRef" $claim
    "csi" (dict "driver" "bed.mooring.dev" "volumeHandle" .metadata.uid))
) -}}
"""


def _volume_stages() -> Iterator[dict[str, Any]]:
    """A provisioner: makes the volume of a claim whose pod has a node, and ends it after use."""
    claimed_by = '.metadata.annotations["volume.kubernetes.io/storage-provisioner"]'
    node = '.metadata.annotations["volume.kubernetes.io/selected-node"]'
    yield _stage(
        "claim-provision",
        "PersistentVolumeClaim",
        [
            (claimed_by, "In", [stages.PROVISIONER]),
            (".metadata.deletionTimestamp", "DoesNotExist", None),
            (".spec.volumeName", "DoesNotExist", None),
            (node, "Exists", None),
        ],
        [
            {
                "apply": {
                    "type": "merge",
                    "template": _assigned(provisioner=f"`{stages.PROVISIONER}`") + _VOLUME,
                }
            }
        ],
        '"200ms"',
    )
    made_by = '.metadata.annotations["pv.kubernetes.io/provisioned-by"]'
    yield _stage(
        "volume-delete",
        "PersistentVolume",
        [
            (made_by, "In", [stages.PROVISIONER]),
            (".metadata.deletionTimestamp", "DoesNotExist", None),
            (".status.phase", "In", ["Released"]),
        ],
        [{"delete": True}],
    )


_DOORS = (
    {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "ClusterExec",
        "metadata": {"name": "all"},
        "spec": {"execs": [{"local": {}}]},
    },
    {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "ClusterPortForward",
        "metadata": {"name": "all"},
        "spec": {"forwards": [{"command": ["cat"]}]},
    },
)
"""What a node does beside logs: commands run on this machine, forwarded ports echo."""
