"""
Live objects without what the API server and controllers put into them.

Which values are defaults is a table by kind and field; a default that somebody wrote himself is
taken out as well, which changes nothing of what the object means.  What stays is what the table
does not know: better judged too much than too little.

Sources: pkg/apis/{core,apps,batch,autoscaling}/*/defaults.go of Kubernetes 1.36.
"""

from typing import Any, Final

from mooring.facts import said
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest

_METADATA: Final = frozenset(
    {
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "generation",
        "managedFields",
        "ownerReferences",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)
_ANNOTATIONS: Final = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/",
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/",
    "autoscaling.alpha.kubernetes.io/",
    "control-plane.alpha.kubernetes.io/",
    "meta.helm.sh/",
)
_LABELS: Final = frozenset(
    {
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-name",
        "controller-uid",
        "job-name",
        "controller-revision-hash",
        "pod-template-hash",
        "kubernetes.io/metadata.name",
    }
)

_BOUND: Final = "pv.kubernetes.io/bound-by-controller"
"""On a claim or a volume whose other half a controller found."""

_POD: Final[Manifest] = {
    "dnsPolicy": "ClusterFirst",
    "enableServiceLinks": True,
    "preemptionPolicy": "PreemptLowerPriority",
    "priority": 0,
    "restartPolicy": "Always",
    "schedulerName": "default-scheduler",
    "securityContext": {},
    "serviceAccount": None,
    "terminationGracePeriodSeconds": 30,
}
_CONTAINER: Final[Manifest] = {
    "resources": {},
    "securityContext": {},
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
_PROBE: Final[Manifest] = {
    "failureThreshold": 3,
    "periodSeconds": 10,
    "successThreshold": 1,
    "timeoutSeconds": 1,
}
_ROLLING: Final = {"maxSurge": "25%", "maxUnavailable": "25%"}
_SPECS: Final[dict[str, Manifest]] = {
    "Deployment": {
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": _ROLLING},
    },
    "StatefulSet": {
        "podManagementPolicy": "OrderedReady",
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    },
    "DaemonSet": {
        "revisionHistoryLimit": 10,
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1},
        },
    },
    "Job": {
        "backoffLimit": 6,
        "completionMode": "NonIndexed",
        "completions": 1,
        "manualSelector": False,
        "parallelism": 1,
        "podReplacementPolicy": "TerminatingOrFailed",
        "suspend": False,
    },
    "CronJob": {
        "concurrencyPolicy": "Allow",
        "failedJobsHistoryLimit": 1,
        "successfulJobsHistoryLimit": 3,
        "suspend": False,
    },
    "Service": {
        "allocateLoadBalancerNodePorts": True,
        "externalTrafficPolicy": "Cluster",
        "internalTrafficPolicy": "Cluster",
        "ipFamilyPolicy": "SingleStack",
        "sessionAffinity": "None",
        "type": "ClusterIP",
    },
    "PersistentVolumeClaim": {"volumeMode": "Filesystem"},
    "PersistentVolume": {
        "persistentVolumeReclaimPolicy": "Retain",
        "volumeMode": "Filesystem",
    },
    "Namespace": {"finalizers": ["kubernetes"]},
    "HorizontalPodAutoscaler": {"minReplicas": 1},
}
_ASSIGNED: Final[dict[str, frozenset[str]]] = {
    "Service": frozenset({"clusterIPs", "healthCheckNodePort", "ipFamilies"}),
    "Pod": frozenset({"nodeName"}),
}
"""Fields of a spec that the cluster sets to values of its own."""
_SOURCES: Final[dict[str, Manifest]] = {
    **{key: {"defaultMode": 420} for key in ("configMap", "downwardAPI", "projected", "secret")},
    "hostPath": {"type": ""},
}
_NOT_READY: Final = frozenset({"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"})


def without_defaults(item: Manifest) -> dict[str, Any]:
    """Return what was declared of the live object ``item``, as far as that can be told."""
    kind = str(item.get("kind"))
    result = {key: value for key, value in item.items() if key != "status"}
    result["metadata"] = _metadata(fields.mapping(item.get("metadata")))
    spec = item.get("spec")
    if not isinstance(spec, dict):
        return result
    if kinds.is_built_in(kinds.group_of(str(item.get("apiVersion")))):
        chosen = _chosen(kind, item, spec)
        spec = _spec(kind, {key: value for key, value in spec.items() if key not in chosen})
        if kind == "Service" and said.said(item, "nodePort") is False:
            _without_node_ports(spec)
    if spec:
        result["spec"] = spec
    else:
        del result["spec"]
    return result


def _chosen(kind: str, item: Manifest, spec: Manifest) -> frozenset[str]:
    """Return the fields of the spec that the cluster chose for this very object."""
    if kind in ("Deployment", "StatefulSet"):
        is_said = said.said(item, "replicas")
        if is_said is False or (spec.get("replicas") == 1 and not (is_said and _is_exact(item))):
            return frozenset({"replicas"})
    bound = fields.mapping(fields.at(item, "metadata", "annotations"))
    if _BOUND in bound:
        return frozenset({"volumeName", "claimRef"})
    return frozenset()


def _is_exact(item: Manifest) -> bool:
    """Return whether what is known to be said holds no defaults."""
    annotations = fields.mapping(fields.at(item, "metadata", "annotations"))
    return said.LAST_APPLIED in annotations or said.is_applied(item)


def _without_node_ports(spec: dict[str, Any]) -> None:
    for port in spec.get("ports") or ():
        port.pop("nodePort", None)


def _metadata(metadata: Manifest) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key not in _METADATA}
    annotations = {
        key: value
        for key, value in fields.mapping(metadata.get("annotations")).items()
        if not key.startswith(_ANNOTATIONS)
    }
    finalizers = [
        one for one in fields.items(metadata.get("finalizers")) if "kubernetes.io/" not in str(one)
    ]
    for key, left in (
        ("annotations", annotations),
        ("labels", _labels(metadata)),
        ("finalizers", finalizers),
    ):
        kept.pop(key, None)
        if left:
            kept[key] = left
    return kept


def _labels(metadata: Manifest) -> dict[str, Any]:
    labels = fields.mapping(metadata.get("labels"))
    return {key: value for key, value in labels.items() if key not in _LABELS}


def _spec(kind: str, spec: Manifest) -> dict[str, Any]:
    assigned = _ASSIGNED.get(kind, frozenset())
    result = _unlike({k: v for k, v in spec.items() if k not in assigned}, _SPECS.get(kind, {}))
    if kind == "Service":
        _service(result)
    elif kind == "Job":
        _job(result)
    elif kind == "CronJob":
        _cron_job(result)
    elif kind == "StatefulSet" and result.get("volumeClaimTemplates"):
        result["volumeClaimTemplates"] = [
            _claim(one) for _, one in fields.mappings(result["volumeClaimTemplates"])
        ]
    if kind == "Pod":
        return _pod(result)
    template = result.get("template")
    if isinstance(template, dict) and kind != "CronJob":
        result["template"] = _template(template)
    return result


def _unlike(values: Manifest, defaults: Manifest) -> dict[str, Any]:
    """Return the ``values`` that are not those of ``defaults``; None stands for any value."""
    return {
        key: value
        for key, value in values.items()
        if key not in defaults or (defaults[key] is not None and defaults[key] != value)
    }


def _service(spec: dict[str, Any]) -> None:
    if spec.get("clusterIP") not in (None, "None"):
        del spec["clusterIP"]
    ports = []
    for _, port in fields.mappings(spec.get("ports")):
        kept = _unlike(port, {"protocol": "TCP", "targetPort": port.get("port")})
        if spec.get("type") == "LoadBalancer":
            kept.pop("nodePort", None)
        ports.append(kept)
    if ports:
        spec["ports"] = ports


def _job(spec: dict[str, Any]) -> None:
    chosen = fields.mapping(fields.at(spec, "selector", "matchLabels"))
    if any(key in _LABELS for key in chosen):
        del spec["selector"]


def _cron_job(spec: dict[str, Any]) -> None:
    template = spec.get("jobTemplate")
    if not isinstance(template, dict):
        return
    inner = template.get("spec")
    kept = {key: value for key, value in template.items() if key != "metadata"}
    metadata = _metadata(fields.mapping(template.get("metadata")))
    if metadata:
        kept["metadata"] = metadata
    if isinstance(inner, dict):
        kept["spec"] = _spec("Job", inner)
    spec["jobTemplate"] = kept


def _claim(template: Manifest) -> dict[str, Any]:
    kept = {key: value for key, value in template.items() if key != "status"}
    kept["metadata"] = _metadata(fields.mapping(template.get("metadata")))
    if isinstance(template.get("spec"), dict):
        kept["spec"] = _unlike(fields.mapping(template["spec"]), _SPECS["PersistentVolumeClaim"])
    return kept


def _template(template: Manifest) -> dict[str, Any]:
    kept = dict(template)
    metadata = _metadata(fields.mapping(template.get("metadata")))
    kept.pop("metadata", None)
    if metadata:
        kept = {"metadata": metadata, **kept}
    if isinstance(template.get("spec"), dict):
        kept["spec"] = _pod(fields.mapping(template["spec"]))
    return kept


def _pod(spec: Manifest) -> dict[str, Any]:
    result = _unlike(spec, _POD)
    tolerations = [one for _, one in fields.mappings(spec.get("tolerations")) if not _is_added(one)]
    volumes = [
        _volume(one)
        for _, one in fields.mappings(spec.get("volumes"))
        if not str(one.get("name")).startswith("kube-api-access-")
    ]
    for key, left in (("tolerations", tolerations), ("volumes", volumes)):
        result.pop(key, None)
        if left:
            result[key] = left
    for field in ("initContainers", "containers"):
        if isinstance(spec.get(field), list):
            result[field] = [_container(one) for _, one in fields.mappings(spec[field])]
    return result


def _is_added(toleration: Manifest) -> bool:
    return toleration.get("key") in _NOT_READY and toleration.get("tolerationSeconds") == 300


def _volume(volume: Manifest) -> dict[str, Any]:
    result = dict(volume)
    for source, defaults in _SOURCES.items():
        if isinstance(volume.get(source), dict):
            result[source] = _unlike(fields.mapping(volume[source]), defaults)
    return result


def _container(container: Manifest) -> dict[str, Any]:
    result = _unlike(container, _CONTAINER)
    if container.get("imagePullPolicy") == _pull_policy(str(container.get("image", ""))):
        del result["imagePullPolicy"]
    mounts = [
        one
        for _, one in fields.mappings(container.get("volumeMounts"))
        if not str(one.get("name")).startswith("kube-api-access-")
    ]
    result.pop("volumeMounts", None)
    if mounts:
        result["volumeMounts"] = mounts
    if isinstance(container.get("ports"), list):
        result["ports"] = [
            _unlike(one, {"protocol": "TCP"}) for _, one in fields.mappings(container["ports"])
        ]
    for field in ("livenessProbe", "readinessProbe", "startupProbe"):
        if isinstance(container.get(field), dict):
            result[field] = _probe(fields.mapping(container[field]))
    return result


def _probe(probe: Manifest) -> dict[str, Any]:
    result = _unlike(probe, _PROBE)
    for action, defaults in (
        ("httpGet", {"scheme": "HTTP", "path": "/"}),
        ("grpc", {"service": ""}),
    ):
        if isinstance(probe.get(action), dict):
            result[action] = _unlike(fields.mapping(probe[action]), defaults)
    return result


def _pull_policy(image: str) -> str:
    """Return the default for ``image``: a tag that moves is asked for each time."""
    if "@" in image:
        return "IfNotPresent"
    _, colon, tag = image.rpartition("/")[2].partition(":")
    return "Always" if not colon or tag == "latest" else "IfNotPresent"
