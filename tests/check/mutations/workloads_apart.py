"""Workloads that do not run, or not beside the others."""

from typing import Any

from tests.check.mutations.harness import Manifest, Stack, mutation


def _agent(stack: Stack, name: str) -> Manifest:
    """Return a DaemonSet like ``web``, with labels of its own."""
    template: Manifest = stack.template("web")
    pod = {**template["spec"], "volumes": [], "initContainers": []}
    container = {**pod["containers"][0], "volumeMounts": []}
    labels = {"app.kubernetes.io/name": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {**pod, "containers": [container]},
            },
        },
    }


@mutation("service-links-set-variable", "a Service called like a setting of the image")
def _links(stack: Stack) -> None:
    pod = stack.pod("web")
    pod["enableServiceLinks"] = True
    service = stack.one("Service", "redis")["metadata"]["name"].upper().replace("-", "_")
    pod["containers"][0]["command"] = ["sh", "-c", f"exec server ${service}_PORT"]


@mutation("database-stopped-early", "a database with five seconds to stop")
def _stopped(stack: Stack) -> None:
    stack.pod("postgres")["terminationGracePeriodSeconds"] = 5


@mutation("switched-off", "a worker that was stopped for a night")
def _off(stack: Stack) -> None:
    stack.one("Deployment", "order-worker")["spec"]["replicas"] = 0


@mutation("switched-off", "a rollout that was paused and never resumed")
def _paused(stack: Stack) -> None:
    stack.one("Deployment", "order-worker")["spec"]["paused"] = True


@mutation("host-port-taken", "two agents on one port of the nodes", "pod-security-refuses-pods")
def _ports(stack: Stack) -> None:
    for name in ("agent-one", "agent-two"):
        agent = _agent(stack, name)
        containers: list[dict[str, Any]] = agent["spec"]["template"]["spec"]["containers"]
        containers[0]["ports"] = [{"containerPort": 9100, "hostPort": 9100}]
        for field in ("readinessProbe", "livenessProbe", "startupProbe", "env", "envFrom", "args"):
            containers[0].pop(field, None)
        containers[0]["command"] = ["/bin/agent"]
        stack.add(agent)
