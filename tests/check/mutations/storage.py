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
