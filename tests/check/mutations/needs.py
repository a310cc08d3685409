"""Rights, memory and nodes that a program needs and does not have."""

from typing import Any

from tests.check.mutations.harness import Stack, mutation


@mutation("right-missing", "a restart by an account that may only look")
def _restart(stack: Stack) -> None:
    pod = stack.pod("web")
    group = "rbac.authorization.k8s.io"
    rule: dict[str, Any] = {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}
    for kind, more in (
        ("ServiceAccount", {}),
        ("Role", {"rules": [rule]}),
        (
            "RoleBinding",
            {
                "roleRef": {"apiGroup": group, "kind": "Role", "name": "restarter"},
                "subjects": [{"kind": "ServiceAccount", "name": "restarter"}],
            },
        ),
    ):
        version = "v1" if kind == "ServiceAccount" else f"{group}/v1"
        stack.add({"apiVersion": version, "kind": kind, "metadata": {"name": "restarter"}, **more})
    pod.update(serviceAccountName="restarter", automountServiceAccountToken=True)
    pod["containers"][0]["command"] = ["sh", "-c", "kubectl rollout restart deployment/api"]


@mutation("limit-below-need-of-image", "a search engine with half of its heap")
def _limit(stack: Stack) -> None:
    container = stack.container("web")
    container["image"] = "docker.elastic.co/logstash/logstash:8.19.4"
    container["securityContext"]["readOnlyRootFilesystem"] = False
    container["resources"] = {
        "requests": {"cpu": "100m", "memory": "512Mi"},
        "limits": {"memory": "512Mi"},
    }


@mutation("heap-leaves-no-room", "a heap of nearly all")
def _heap(stack: Stack) -> None:
    options = {"name": "JAVA_TOOL_OPTIONS", "value": "-XX:MaxRAMPercentage=97"}
    stack.container("web").setdefault("env", []).append(options)


@mutation("task-without-toleration", "a task that may not go where all others are")
def _task(stack: Stack) -> None:
    toleration = {"key": "team", "operator": "Equal", "value": "shop", "effect": "NoSchedule"}
    for kind in ("Deployment", "StatefulSet"):
        for one in stack.of(kind):
            one["spec"]["template"]["spec"]["tolerations"] = [toleration]
