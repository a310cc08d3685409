"""What the server fills in and what it forbids: the part of it that deploying meets."""

import base64
import re
from typing import Any

from tests.fake_api.kinds import Kind
from tests.fake_api.statuses import Refusal, forbidden, invalid

Manifest = dict[str, Any]

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"}


def defaulted(item: Manifest, address: int) -> Manifest:
    """Return ``item`` with the defaults of its kind; ``address`` numbers the cluster IP."""
    kind = item["kind"]
    item = dict(item)
    if kind == "Secret":
        return _secret(item)
    if kind == "Namespace":
        labels = {"kubernetes.io/metadata.name": item["metadata"]["name"]}
        metadata = {**item["metadata"]}
        metadata["labels"] = {**labels, **(metadata.get("labels") or {})}
        spec = {"finalizers": ["kubernetes"], **(item.get("spec") or {})}
        return {**item, "metadata": metadata, "spec": spec, "status": {"phase": "Active"}}
    if kind == "Service":
        item["spec"] = _service(item.get("spec") or {}, address)
    elif kind == "Deployment":
        item["spec"] = {
            "replicas": 1,
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"},
            },
            **item["spec"],
        }
    elif kind == "StatefulSet":
        item["spec"] = {
            "replicas": 1,
            "revisionHistoryLimit": 10,
            "podManagementPolicy": "OrderedReady",
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
            **item["spec"],
        }
    elif kind == "DaemonSet":
        item["spec"] = {
            "revisionHistoryLimit": 10,
            "updateStrategy": {"type": "RollingUpdate"},
            **item["spec"],
        }
    elif kind == "Job":
        item["spec"] = {
            "parallelism": 1,
            "completions": 1,
            "backoffLimit": 6,
            "completionMode": "NonIndexed",
            "suspend": False,
            **item["spec"],
        }
    elif kind == "PersistentVolumeClaim":
        item["spec"] = {"volumeMode": "Filesystem", "storageClassName": "standard", **item["spec"]}
        metadata = dict(item["metadata"])
        finalizers = metadata.get("finalizers") or []
        if "kubernetes.io/pvc-protection" not in finalizers and "deletionTimestamp" not in metadata:
            metadata["finalizers"] = [*finalizers, "kubernetes.io/pvc-protection"]
        item["metadata"] = metadata
    if kind in _WORKLOADS and isinstance(item["spec"].get("template"), dict):
        template = item["spec"]["template"]
        spec = {**item["spec"], "template": {**template, "spec": _pod(template.get("spec") or {})}}
        item["spec"] = spec
    elif kind == "Pod":
        item["spec"] = _pod(item["spec"])
    return item


def _secret(item: Manifest) -> Manifest:
    data = dict(item.get("data") or {})
    for key, value in (item.pop("stringData", None) or {}).items():
        data[key] = base64.b64encode(value.encode()).decode()
    return {"type": "Opaque", **item, **({"data": data} if data else {})}


def _service(spec: Manifest, address: int) -> Manifest:
    ports = [
        {"protocol": "TCP", "targetPort": port.get("port"), **port}
        for port in spec.get("ports") or ()
    ]
    result = {"type": "ClusterIP", "sessionAffinity": "None", **spec}
    if ports:
        result["ports"] = ports
    if result["type"] != "ExternalName" and "clusterIP" not in result:
        ip = f"10.96.{address // 250}.{address % 250 + 1}"
        result |= {"clusterIP": ip, "clusterIPs": [ip]}
    return result


def _pod(spec: Manifest) -> Manifest:
    result = {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
        **spec,
    }
    for field in ("initContainers", "containers"):
        if field in result:
            result[field] = [_container(one) for one in result[field]]
    return result


def _container(container: Manifest) -> Manifest:
    image = str(container.get("image", ""))
    tag = image.rpartition("/")[2].partition(":")[2]
    result = {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "Always" if tag in ("", "latest") else "IfNotPresent",
        "resources": {},
        **container,
    }
    if "ports" in result:
        result["ports"] = [{"protocol": "TCP", **one} for one in result["ports"]]
    return result


def refuse_bad_name(kind: Kind, name: str) -> None:
    """
    Refuse a name that cannot be.

    Raises:
        Refusal: it is no DNS subdomain.
    """
    if kind.group == "rbac.authorization.k8s.io":
        return
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise invalid(kind.kind, name, "metadata.name", f'Invalid value: "{name}"')


def refuse_bad_fields(item: Manifest) -> None:
    """
    Refuse what strict validation refuses, as far as it is known here.

    Raises:
        Refusal: ConfigMap or Secret data that is no text, or an unknown field beside `data`.
    """
    allowed = {
        "ConfigMap": {"data", "binaryData", "immutable"},
        "Secret": {"data", "stringData", "immutable", "type"},
    }.get(item["kind"])
    if allowed is None:
        return
    for key in item.keys() - {"apiVersion", "kind", "metadata"} - allowed:
        raise _untyped(item, f".{key}: field not declared in schema")
    for field in ("data", "stringData"):
        for key, value in (item.get(field) or {}).items():
            if not isinstance(value, str):
                raise _untyped(item, f".{field}.{key}: expected string, got &value{{{value}}}")


def _untyped(item: Manifest, told: str) -> Refusal:
    name = f"{item['metadata'].get('namespace', '')}/{item['metadata']['name']}"
    message = (
        f"failed to create typed patch object ({name}; {item['apiVersion']}, "
        f"Kind={item['kind']}): {told}"
    )
    return Refusal(500, "", message)


def refuse_immutable(live: Manifest, item: Manifest) -> None:
    """
    Refuse a change of what cannot change.

    Raises:
        Refusal: such a field has another value.
    """
    kind, name = item["kind"], item["metadata"]["name"]
    if kind in ("ConfigMap", "Secret") and live.get("immutable"):
        for field in ("data", "binaryData"):
            if live.get(field) != item.get(field):
                told = "Forbidden: field is immutable when `immutable` is set"
                raise invalid(kind, name, field, told)
    before, after = live.get("spec") or {}, item.get("spec") or {}
    if kind in ("Deployment", "DaemonSet", "ReplicaSet", "Job"):
        fields = ("selector", "template") if kind == "Job" else ("selector",)
        for field in fields:
            if before.get(field) != after.get(field):
                told = "Invalid value: {}: field is immutable"
                raise invalid(kind, name, f"spec.{field}", told)
    if kind == "StatefulSet":
        allowed = {
            "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
        }  # fmt: skip
        if any(before.get(key) != after.get(key) for key in (before | after).keys() - allowed):
            told = (
                "Forbidden: updates to statefulset spec for fields other than 'replicas', "
                "'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            )
            raise invalid(kind, name, "spec", told)
    if kind == "Service" and before.get("clusterIP") != after.get("clusterIP"):
        told = f'Invalid value: "{after.get("clusterIP")}": field is immutable'
        raise invalid(kind, name, "spec.clusterIP", told)
    if kind == "PersistentVolumeClaim":
        changed = {key for key in before.keys() | after if before.get(key) != after.get(key)}
        if changed - {"resources", "volumeName", "volumeAttributesClassName"}:
            told = "Forbidden: spec is immutable after creation except resources.requests"
            raise invalid(kind, name, "spec", told)
    if kind in ("RoleBinding", "ClusterRoleBinding") and live.get("roleRef") != item.get("roleRef"):
        raise invalid(kind, name, "roleRef", "Invalid value: {}: cannot change roleRef")


def refuse_terminating(kind: Kind, name: str, namespace: Manifest) -> None:
    """
    Refuse a new object in a namespace that is being deleted.

    Raises:
        Refusal: it is.
    """
    if "deletionTimestamp" in namespace["metadata"]:
        told = (
            f"unable to create new content in namespace {namespace['metadata']['name']} because "
            "it is being terminated"
        )
        refusal = forbidden(kind.qualified, name, told)
        refusal.details["causes"] = [{"reason": "NamespaceTerminating", "message": told}]
        raise refusal
