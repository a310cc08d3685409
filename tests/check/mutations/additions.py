"""Healthy objects that a stack gets in addition, to have something in which to make a fault."""

from copy import deepcopy
from typing import Any

from tests.check.mutations.harness import Manifest, Stack

_NAME = "app.kubernetes.io/name"


def program(stack: Stack, name: str, image: str = "registry.example.com/more/tool:1.4.0") -> Any:
    """Add a Deployment of ``image`` that is made like web's, and return its container."""
    made = deepcopy(stack.one("Deployment", "web"))
    _call(made, name)
    pod: Manifest = made["spec"]["template"]["spec"]
    pod.pop("initContainers", None)
    pod["volumes"] = [one for one in pod.get("volumes", ()) if "emptyDir" in one]
    kept = {one["name"] for one in pod["volumes"]}
    (container,) = pod["containers"]
    container.update(name=name, image=image)
    for key in ("command", "args", "env", "envFrom", "startupProbe", "lifecycle"):
        container.pop(key, None)
    container["volumeMounts"] = [
        one for one in container.get("volumeMounts", ()) if one["name"] in kept
    ]
    container["readinessProbe"] = {"tcpSocket": {"port": container["ports"][0]["name"]}}
    stack.add(made)
    return container


def store(stack: Stack, name: str, image: str, port: int, *, replicas: int = 1) -> Any:
    """Add a StatefulSet of ``image`` with a claim and a headless Service; return its container."""
    found = next(one for one in stack.of("StatefulSet") if one["spec"].get("volumeClaimTemplates"))
    made = deepcopy(found)
    _call(made, name)
    spec = made["spec"]
    spec.update(replicas=replicas, serviceName=f"{name}-headless")
    template = spec["volumeClaimTemplates"][0]
    template["metadata"]["name"] = "data"
    spec["volumeClaimTemplates"] = [template]
    labels = spec["template"]["metadata"]["labels"]
    pod = spec["template"]["spec"]
    for key in ("initContainers", "affinity", "topologySpreadConstraints"):
        pod.pop(key, None)
    _log_in(stack, pod)
    pod["volumes"] = [{"name": "room", "emptyDir": {}}]
    container = pod["containers"][0]
    pod["containers"] = [container]
    for key in ("command", "args", "env", "envFrom", "startupProbe", "lifecycle"):
        container.pop(key, None)
    container.update(
        name=name,
        image=image,
        ports=[{"name": "main", "containerPort": port}],
        readinessProbe={"tcpSocket": {"port": "main"}},
        resources={"requests": {"cpu": "100m", "memory": "2Gi"}, "limits": {"memory": "2Gi"}},
        volumeMounts=[{"name": "data", "mountPath": "/data"}],
    )
    container["securityContext"]["readOnlyRootFilesystem"] = False
    stack.add(made)
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": f"{name}-headless", "labels": dict(made["metadata"]["labels"])},
            "spec": {
                "clusterIP": "None",
                "publishNotReadyAddresses": True,
                "selector": {_NAME: labels[_NAME]},
                "ports": [{"name": "main", "port": port}],
            },
        }
    )
    return container


def service(stack: Stack, name: str, port: int) -> Manifest:
    """Add a Service with an address before the pods called ``name``, and return it."""
    made: Manifest = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {_NAME: name}, "ports": [{"name": "main", "port": port}]},
    }
    stack.add(made)
    return made


def role(stack: Stack, rule: Manifest) -> None:
    """Add a Role with one rule."""
    stack.add(
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "Role",
            "metadata": {"name": "helpers"},
            "rules": [rule],
        }
    )


def config(stack: Stack, name: str, data: dict[str, str]) -> None:
    """Add a ConfigMap."""
    stack.add({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})


def cron_job(stack: Stack, name: str, schedule: str) -> Any:
    """Add a CronJob that is made like a Job of the stack, and return its container."""
    spec = deepcopy(stack.of("Job")[0]["spec"])
    spec.pop("ttlSecondsAfterFinished", None)
    labels = spec["template"]["metadata"]["labels"]
    labels[_NAME] = name
    pod = spec["template"]["spec"]
    pod.pop("initContainers", None)
    _log_in(stack, pod)
    pod["volumes"] = [one for one in pod.get("volumes", ()) if "emptyDir" in one]
    kept = {one["name"] for one in pod["volumes"]}
    container = pod["containers"][0]
    container.update(name=name, image="registry.example.com/more/task:1.4.0")
    for key in ("command", "args", "env", "envFrom"):
        container.pop(key, None)
    container["volumeMounts"] = [
        one for one in container.get("volumeMounts", ()) if one["name"] in kept
    ]
    stack.add(
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": {"name": name},
            "spec": {
                "schedule": schedule,
                "concurrencyPolicy": "Forbid",
                "jobTemplate": {"spec": spec},
            },
        }
    )
    return container


def let_in(stack: Stack, client: str, to: str) -> None:
    """Let the pods called ``client`` ask those called ``to``, whatever other policies say."""
    asks = {"podSelector": {"matchLabels": {_NAME: client}}}
    stack.add(
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": f"{client}-asks-{stack.name(to)}"},
            "spec": {
                "podSelector": {"matchLabels": {_NAME: stack.name(to)}},
                "policyTypes": ["Ingress"],
                "ingress": [{"from": [asks]}],
            },
        }
    )
    labels = stack.template(client)["metadata"]["labels"]
    labels["network.mooring.dev/back"] = "member"


def level(stack: Stack, name: str) -> None:
    """Let the namespace refuse less."""
    labels = stack.of("Namespace")[0]["metadata"]["labels"]
    for key in labels:
        if key.startswith("pod-security.kubernetes.io/"):
            labels[key] = name


def _log_in(stack: Stack, pod: Manifest) -> None:
    """Let a pod log in to the registry as web does."""
    pod.pop("imagePullSecrets", None)
    if named := stack.pod("web").get("imagePullSecrets"):
        pod["imagePullSecrets"] = named


def _call(made: Manifest, name: str) -> None:
    """Give a workload another name everywhere."""
    made["metadata"]["name"] = name
    made["metadata"].pop("annotations", None)
    made["metadata"]["labels"][_NAME] = name
    made["spec"]["selector"]["matchLabels"][_NAME] = name
    template = made["spec"]["template"]
    template["metadata"]["labels"][_NAME] = name
    spread = template["spec"].get("topologySpreadConstraints", ())
    apart = template["spec"].get("affinity", {}).get("podAntiAffinity", {})
    terms = apart.get("preferredDuringSchedulingIgnoredDuringExecution", ())
    for one in (*spread, *(term["podAffinityTerm"] for term in terms)):
        one["labelSelector"]["matchLabels"][_NAME] = name
