"""Fields that exclude one another: what passes every schema and what the API server refuses."""

from tests.check.mutations.harness import Stack, mutation


@mutation("probe-handler-count", "a probe that asks in two ways")
def _two_ways(stack: Stack) -> None:
    probe = stack.container("web")["readinessProbe"]
    probe.update(tcpSocket={"port": 8080}, exec={"command": ["/ready"]})


@mutation("probe-threshold-invalid", "a liveness probe that has to succeed twice")
def _twice(stack: Stack) -> None:
    probe = {"exec": {"command": ["/alive"]}, "successThreshold": 2}
    stack.container("web")["livenessProbe"] = probe


@mutation("variable-of-two-sources", "a value beside its source")
def _two_sources(stack: Stack) -> None:
    source = {"fieldRef": {"fieldPath": "metadata.name"}}
    entry = {"name": "POD_NAME", "value": "web", "valueFrom": source}
    stack.container("web").setdefault("env", []).append(entry)


@mutation(
    "privileged-without-escalation",
    "all rights, and none to gain",
    "pod-security-refuses-pods",
    "privileged-container",
)
def _privileged(stack: Stack) -> None:
    stack.container("web")["securityContext"]["privileged"] = True


@mutation(
    "host-port-differs",
    "another number in the network of the node",
    "pod-security-refuses-pods",
    "host-namespace-shared",
)
def _host_port(stack: Stack) -> None:
    stack.pod("web").update(hostNetwork=True, dnsPolicy="ClusterFirstWithHostNet")
    stack.container("web")["ports"][0]["hostPort"] = 18080


@mutation("toleration-invalid", "a toleration that exists and has a value")
def _toleration(stack: Stack) -> None:
    toleration = {"key": "pool", "operator": "Exists", "value": "front"}
    stack.pod("web").setdefault("tolerations", []).append(toleration)


@mutation("update-moves-nothing", "an update that may move no pod")
def _update(stack: Stack) -> None:
    rolling = {"maxSurge": 0, "maxUnavailable": 0}
    stack.one("Deployment", "web")["spec"]["strategy"] = {"rollingUpdate": rolling}


@mutation("mount-path-leaves-volume", "a part of the volume above its root")
def _above(stack: Stack) -> None:
    mounts = stack.container("redis")["volumeMounts"]
    next(one for one in mounts if one.get("subPath") == "tmp")["subPath"] = "../tmp"


@mutation("priority-out-of-range", "a priority of the system")
def _priority(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "metadata": {"name": "first"},
            "value": 2_000_000_000,
        }
    )


@mutation("claim-reserved-for-another", "a disk of another claim")
def _reserved(stack: Stack) -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "by-hand"}
    size = {"storage": "10Gi"}
    kept = {"name": "other", "namespace": "elsewhere"}
    disk = {"nfs": {"server": "nas.example.com", "path": "/archive"}, "claimRef": kept}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": "archive"},
            "spec": {**spec, "capacity": size, **disk},
        }
    )
    wanted = {"resources": {"requests": size}, "volumeName": "archive"}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "archive"},
            "spec": {**spec, **wanted},
        }
    )
