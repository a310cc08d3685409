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
