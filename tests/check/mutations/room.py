"""Nodes without room for the pods, and clusters that have no volumes to give."""

from tests.check.mutations import additions
from tests.check.mutations.harness import Stack, mutation


@mutation("pods-do-not-fit", "a database that is larger than every node")
def _large(stack: Stack) -> None:
    stack.cluster = "{nodes: [{count: 6, cpu: 8, memory: 16Gi}]}"
    amounts = {"memory": "64Gi"}
    stack.container("postgres")["resources"] = {
        "requests": {"cpu": "1", **amounts},
        "limits": amounts,
    }


@mutation("pods-may-not-fit", "programs of which no two find room on a node")
def _odd(stack: Stack) -> None:
    stack.cluster = "{nodes: [{count: 4, cpu: 10, memory: 32Gi}]}"
    for number in range(5):
        container = additions.program(stack, f"tool-{number}")
        container["resources"]["requests"]["cpu"] = f"5{number}00m"
        container["resources"]["limits"].pop("cpu", None)
        in_place = {"maxSurge": 0, "maxUnavailable": 1}
        strategy = {"type": "RollingUpdate", "rollingUpdate": in_place}
        stack.one("Deployment", f"tool-{number}")["spec"].update(replicas=1, strategy=strategy)


@mutation("update-has-no-room", "nodes that are full while nothing changes")
def _full(stack: Stack) -> None:
    stack.cluster = "{nodes: [{count: 4, cpu: 9, memory: 32Gi}]}"
    stack.container("web")["resources"] = {
        "requests": {"cpu": "5", "memory": "1Gi"},
        "limits": {"memory": "1Gi"},
    }
    stack.one("Deployment", "web")["spec"]["replicas"] = 4


@mutation("default-storage-class-missing", "claims that wait for a class that is none's default")
def _classless(stack: Stack) -> None:
    stack.cluster = "{profile: eks, network_policies: true, metrics: true}"
