"""Workloads, claims, budgets and autoscalers that get in each other's way."""

from typing import Any

from tests.check.mutations.harness import Stack, mutation

CLAIM: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "uploads"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


def _mount(stack: Stack, *names: str) -> None:
    stack.add(CLAIM)
    for name in names:
        pod = stack.pod(name)
        pod.setdefault("volumes", []).append(
            {"name": "uploads", "persistentVolumeClaim": {"claimName": "uploads"}}
        )
        mounts = pod["containers"][0].setdefault("volumeMounts", [])
        mounts.append({"name": "uploads", "mountPath": "/uploads"})


def _budget(stack: Stack, name: str, **spec: Any) -> None:
    selector = stack.one("Deployment", "web")["spec"]["selector"]
    stack.add(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": name},
            "spec": {"selector": selector, **spec},
        }
    )


@mutation("selector-misses-template", "a selector of another label", "service-selects-nothing")
def _selector(stack: Stack) -> None:
    labels = stack.one("Deployment", "order-worker")["spec"]["selector"]["matchLabels"]
    labels["app.kubernetes.io/name"] = "worker"


@mutation("workloads-share-pods", "two workloads with the labels of one")
def _same_labels(stack: Stack) -> None:
    other = stack.one("Deployment", "order-worker")["spec"]["selector"]["matchLabels"]
    del other["app.kubernetes.io/name"]


@mutation("rolling-update-of-single-claim", "a claim of one node beside a rolling update")
def _rolling(stack: Stack) -> None:
    _mount(stack, "order-worker")
    worker = stack.one("Deployment", "order-worker")["spec"]
    worker.pop("strategy", None)
    worker["replicas"] = 1


@mutation(
    "workloads-share-single-claim",
    "one claim of one node in two workloads",
    "service-selects-nothing",
)
def _shared(stack: Stack) -> None:
    _mount(stack, "order-worker", "redis")
    stack.one("Deployment", "order-worker")["spec"].update(
        replicas=1, strategy={"type": "Recreate"}
    )
    stack.one("StatefulSet", "redis")["spec"]["replicas"] = 1


@mutation("replicas-share-single-claim", "three replicas with one claim of one node")
def _replicas(stack: Stack) -> None:
    _mount(stack, "order-worker")
    stack.one("Deployment", "order-worker")["spec"].update(
        replicas=3, strategy={"type": "Recreate"}
    )


@mutation("stateful-set-service-missing", "a set whose Service was renamed")
def _service(stack: Stack) -> None:
    stack.one("StatefulSet", "redis")["spec"]["serviceName"] = "redis-peers"


@mutation("job-restart-policy", "a task that is restarted after success")
def _always(stack: Stack) -> None:
    stack.of("Job")[0]["spec"]["template"]["spec"]["restartPolicy"] = "Always"


@mutation("budget-blocks-drain", "a budget of all replicas", "pods-under-two-budgets")
def _blocks(stack: Stack) -> None:
    _budget(stack, "all-of-web", maxUnavailable=0)


@mutation("pods-under-two-budgets", "a second budget", "budget-blocks-drain")
def _second(stack: Stack) -> None:
    _budget(stack, "one", maxUnavailable=1)
    _budget(stack, "two", maxUnavailable=1)


@mutation("budget-selects-nothing", "a budget of pods that are gone")
def _nothing(stack: Stack) -> None:
    _budget(stack, "web-old", maxUnavailable=1)
    budget = stack.one("PodDisruptionBudget", "web-old")
    budget["spec"]["selector"] = {"matchLabels": {"app": "web"}}


@mutation("object-repeated", "a ConfigMap that was written twice")
def _repeated(stack: Stack) -> None:
    first = stack.of("ConfigMap")[0]
    stack.add({**first, "data": {**first.get("data", {}), "MORE": "1"}})


@mutation("service-port-repeated", "a port twice")
def _ports(stack: Stack) -> None:
    ports = stack.one("Service", "web")["spec"]["ports"]
    ports.append({**ports[0], "name": "again"})


@mutation("policy-cuts-dependency", "the policy of a network is gone")
def _policy(stack: Stack) -> None:
    stack.remove("NetworkPolicy", "network-back")


@mutation("egress-without-dns", "the policy that opens DNS is gone")
def _dns(stack: Stack) -> None:
    stack.remove("NetworkPolicy", "allow-dns")


@mutation("create-with-resource-names", "a right to create by name")
def _create(stack: Stack) -> None:
    rules = stack.of("Role")[0]["rules"]
    rules.append(
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "resourceNames": ["token"],
            "verbs": ["create"],
        }
    )
