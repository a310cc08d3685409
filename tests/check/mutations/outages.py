"""Faults that many have met at night: slips that every schema lets pass."""

from tests.check.mutations import additions
from tests.check.mutations.harness import Absent, Stack, mutation


@mutation("liveness-without-patience", "a restart after one slow answer")
def _impatient(stack: Stack) -> None:
    container = stack.container("web")
    action = {
        key: value
        for key, value in container["readinessProbe"].items()
        if key in ("exec", "httpGet", "tcpSocket")
    }
    container["livenessProbe"] = {**action, "periodSeconds": 20, "failureThreshold": 1}


@mutation("cron-never-runs", "a backup on a day that never comes")
def _never(stack: Stack) -> None:
    additions.cron_job(stack, "backup", "0 3 31 2 *")


@mutation("control-plane-under-old-name", "nodes by a label that they lost")
def _old_name(stack: Stack) -> None:
    stack.pod("web")["nodeSelector"] = {"node-role.kubernetes.io/master": ""}


@mutation("memory-volume-above-limit", "a cache in memory that is larger than the limit")
def _cache(stack: Stack) -> None:
    volume = {"name": "cache", "emptyDir": {"medium": "Memory", "sizeLimit": "8Gi"}}
    stack.pod("web").setdefault("volumes", []).append(volume)
    mount = {"name": "cache", "mountPath": "/cache"}
    stack.container("web").setdefault("volumeMounts", []).append(mount)


@mutation("update-takes-all-pods", "an update that leaves nobody")
def _all(stack: Stack) -> None:
    spec = stack.one("Deployment", "web")["spec"]
    spec.update(replicas=3, strategy={"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "100%"}})


@mutation("progress-deadline-too-short", "a deadline before a pod can count")
def _deadline(stack: Stack) -> None:
    spec = stack.one("Deployment", "web")["spec"]
    spec.update(minReadySeconds=30, progressDeadlineSeconds=20)


@mutation("replication-above-members", "three copies on one broker")
def _copies(stack: Stack) -> None:
    if any("kafka" in one["image"] for one in stack.containers()):
        raise Absent("a stack without brokers of its own")
    container = additions.store(stack, "broker", "apache/kafka:3.9.0", 9092)
    container["volumeMounts"][0].update(mountPath="/var/lib/kafka/data", subPath="data")
    container["env"] = [
        {"name": "KAFKA_PROCESS_ROLES", "value": "broker,controller"},
        {"name": "KAFKA_LOG_DIRS", "value": "/var/lib/kafka/data"},
        {"name": "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "value": "3"},
    ]


@mutation(
    "host-network-without-cluster-names",
    "the network of the node, and names of the cluster",
    "host-namespace-shared",
)
def _node_names(stack: Stack) -> None:
    additions.level(stack, "privileged")
    stack.pod("web")["hostNetwork"] = True
    stack.one("Deployment", "web")["spec"].update(replicas=1)


@mutation("name-servers-missing", "a pod that can ask nobody for names")
def _nobody(stack: Stack) -> None:
    additions.program(stack, "tool")
    stack.pod("tool")["dnsPolicy"] = "None"


@mutation("port-of-two-containers", "an exporter on the port of its program")
def _twice(stack: Stack) -> None:
    container = stack.container("web")
    number = container["ports"][0]["containerPort"]
    exporter = {
        "name": "exporter",
        "image": container["image"],
        "ports": [{"name": "metrics", "containerPort": number}],
        "resources": container["resources"],
        "readinessProbe": container["readinessProbe"],
        "securityContext": container["securityContext"],
    }
    stack.pod("web")["containers"].append(exporter)


@mutation("token-missing", "a restart by an account without a token")
def _token(stack: Stack) -> None:
    group = "rbac.authorization.k8s.io"
    named = {"name": "helpers"}
    verbs = ["get", "list", "patch"]
    additions.role(stack, {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": verbs})
    stack.add({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": named})
    stack.add(
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": named,
            "roleRef": {"apiGroup": group, "kind": "Role", "name": "helpers"},
            "subjects": [{"kind": "ServiceAccount", "name": "helpers"}],
        }
    )
    pod = stack.pod("web")
    pod.update(serviceAccountName="helpers", automountServiceAccountToken=False)
    pod["containers"][0]["command"] = ["sh", "-c", "kubectl rollout restart deployment/api"]


@mutation("webhook-refused", "a webhook that may take a minute")
def _minute(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "policy"},
            "webhooks": [
                {
                    "name": "validate.policy.example.com",
                    "timeoutSeconds": 60,
                    "sideEffects": "None",
                    "failurePolicy": "Ignore",
                    "admissionReviewVersions": ["v1"],
                    "rules": [
                        {
                            "apiGroups": ["apps"],
                            "apiVersions": ["v1"],
                            "operations": ["CREATE"],
                            "resources": ["deployments"],
                        }
                    ],
                    "clientConfig": {"url": "https://policy.example.com/validate"},
                }
            ],
        }
    )


@mutation("topology-key-misnamed", "zones that no node has")
def _zone(stack: Stack) -> None:
    spread = stack.pod("web")["topologySpreadConstraints"][0]
    spread.update(topologyKey="zone", whenUnsatisfiable="DoNotSchedule")


@mutation("stopped-without-warning", "a program that is killed at once")
def _killed(stack: Stack) -> None:
    stack.pod("web")["terminationGracePeriodSeconds"] = 0


@mutation("update-moves-nothing", "a partition that was left behind")
def _partition(stack: Stack) -> None:
    spec = stack.one("StatefulSet", "postgres")["spec"]
    behind = {"partition": spec.get("replicas", 1)}
    spec["updateStrategy"] = {"type": "RollingUpdate", "rollingUpdate": behind}


@mutation("deletion-held-up", "a claim that does not go")
def _held_up(stack: Stack) -> None:
    stack.going.append(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {
                "name": "exports",
                "deletionTimestamp": "2026-11-30T08:00:00Z",
                "finalizers": ["kubernetes.io/pvc-protection"],
            },
        }
    )


@mutation("finalizer-without-controller", "a resource of an operator that is gone")
def _orphan(stack: Stack) -> None:
    group = "store.example.com"
    names = {"kind": "Backup", "plural": "backups", "singular": "backup", "listKind": "BackupList"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    stack.add(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"backups.{group}"},
            "spec": {
                "group": group,
                "scope": "Namespaced",
                "names": names,
                "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
            },
        }
    )
    stack.add(
        {
            "apiVersion": f"{group}/v1",
            "kind": "Backup",
            "metadata": {"name": "nightly", "finalizers": [f"{group}/cleanup"]},
            "spec": {"keep": 7},
        }
    )
