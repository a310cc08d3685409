"""Volumes, and what scales and keeps pods: what a cluster lacks, and what contradicts itself."""

from typing import Any

from tests.check.mutations.harness import Manifest, Stack, mutation


def _claim(stack: Stack, name: str) -> dict[str, Any]:
    """Return the spec of the first claim of a StatefulSet."""
    spec: dict[str, Any] = stack.one("StatefulSet", name)["spec"]["volumeClaimTemplates"][0]["spec"]
    return spec


def _autoscaler(**spec: Any) -> Manifest:
    usage = {"type": "Utilization", "averageUtilization": 75}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 2,
            "maxReplicas": 4,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": usage}}],
            **spec,
        },
    }


@mutation("storage-class-unknown", "a class of another cluster")
def _elsewhere(stack: Stack) -> None:
    stack.cluster = "{profile: k3s, storage: {local-path: [ReadWriteOnce]}}"
    _claim(stack, "postgres")["storageClassName"] = "gp3"


@mutation("storage-class-of-one-node", "a disk of a cloud that many nodes write")
def _many(stack: Stack) -> None:
    _claim(stack, "redis").update(accessModes=["ReadWriteMany"], storageClassName="gp3")


@mutation("metrics-missing", "an autoscaler where nothing measures")
def _unmeasured(stack: Stack) -> None:
    stack.cluster = "kind"
    stack.one("Deployment", "web")["spec"].pop("replicas", None)
    stack.add(_autoscaler())


def _budget(stack: Stack, **spec: Any) -> None:
    labels = stack.template("web")["metadata"]["labels"]
    selected = {"app.kubernetes.io/name": labels["app.kubernetes.io/name"]}
    for one in stack.of("PodDisruptionBudget"):
        stack.manifests.remove(one)
    stack.add(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": "web-kept"},
            "spec": {"selector": {"matchLabels": selected}, **spec},
        }
    )


@mutation("budget-without-amount", "a budget that does not say how many")
def _amountless(stack: Stack) -> None:
    _budget(stack)


@mutation("budget-of-two-amounts", "a budget that says it twice")
def _two_amounts(stack: Stack) -> None:
    _budget(stack, minAvailable=0, maxUnavailable=1)


@mutation("scale-target-not-scalable", "an autoscaler of a Job")
def _not_scalable(stack: Stack) -> None:
    target = {"apiVersion": "batch/v1", "kind": "Job"}
    target["name"] = stack.of("Job")[0]["metadata"]["name"]
    stack.add(_autoscaler(scaleTargetRef=target))


@mutation("autoscaler-above-capacity", "more pods than all nodes have room for")
def _above_capacity(stack: Stack) -> None:
    stack.cluster = "{nodes: [{count: 3, cpu: 8, memory: 16Gi}]}"
    stack.one("Deployment", "web")["spec"].pop("replicas", None)
    stack.add(_autoscaler(maxReplicas=900))


@mutation("autoscaler-beside-vertical-one", "a vertical autoscaler of the same measure")
def _vertical(stack: Stack) -> None:
    stack.one("Deployment", "web")["spec"].pop("replicas", None)
    stack.add(_autoscaler())
    stack.add(
        {
            "apiVersion": "autoscaling.k8s.io/v1",
            "kind": "VerticalPodAutoscaler",
            "metadata": {"name": "web"},
            "spec": {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}},
        }
    )


@mutation("time-zone-unknown", "a CronJob in a town without a time zone")
def _zone(stack: Stack) -> None:
    for one in stack.of("Job"):
        job = {"template": one["spec"]["template"]}
        stack.add(
            {
                "apiVersion": "batch/v1",
                "kind": "CronJob",
                "metadata": {"name": "nightly"},
                "spec": {
                    "schedule": "0 3 * * *",
                    "timeZone": "Europe/Munich",
                    "jobTemplate": {"spec": job},
                },
            }
        )
        return


@mutation("claim-fits-no-volume", "a claim that selects a disk by a label which no disk has")
def _no_disk(stack: Stack) -> None:
    capacity = {"storage": "10Gi"}
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "by-hand"}
    server = {"server": "nas.example.com", "path": "/archive"}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": "archive", "labels": {"disk": "archives"}},
            "spec": {**spec, "capacity": capacity, "nfs": server},
        }
    )
    selector = {"matchLabels": {"disk": "archive"}}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "archive"},
            "spec": {**spec, "selector": selector, "resources": {"requests": capacity}},
        }
    )


@mutation("volume-does-not-fit-claim", "a claim of a disk that is too small for it")
def _small_disk(stack: Stack) -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "by-hand"}
    server = {"server": "nas.example.com", "path": "/archive"}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": "archive"},
            "spec": {**spec, "capacity": {"storage": "10Gi"}, "nfs": server},
        }
    )
    wanted = {"resources": {"requests": {"storage": "20Gi"}}, "volumeName": "archive"}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "archive"},
            "spec": {**spec, **wanted},
        }
    )


@mutation("task-behind-service", "a task under the labels of the program")
def _behind(stack: Stack) -> None:
    label = {"side": "front"}
    stack.template("web")["metadata"]["labels"].update(label)
    stack.of("Job")[0]["spec"]["template"]["metadata"]["labels"].update(label)
    port = {"port": stack.one("Service", "web")["spec"]["ports"][0]["port"]}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "front"},
            "spec": {"selector": label, "ports": [port]},
        }
    )


@mutation("affinity-to-nobody", "replicas that are kept apart by a label of others")
def _apart(stack: Stack) -> None:
    term = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"app": "web"}},
    }
    rule = {"preferredDuringSchedulingIgnoredDuringExecution": [
        {"weight": 1, "podAffinityTerm": term}
    ]}  # fmt: skip
    stack.pod("web")["affinity"] = {"podAntiAffinity": rule}


@mutation("selector-changes-with-version", "a version in the selector")
def _version(stack: Stack) -> None:
    label = {"app.kubernetes.io/version": "1.4.0"}
    stack.template("web")["metadata"]["labels"].update(label)
    stack.one("Deployment", "web")["spec"]["selector"]["matchLabels"].update(label)
