"""Workloads that are set up against their nature."""

from typing import Any

from tests.check.mutations.harness import Stack, mutation


@mutation("heap-above-limit", "a heap of the whole limit")
def _heap(stack: Stack) -> None:
    container = stack.container("web")
    limit = container["resources"]["limits"]["memory"].removesuffix("Mi")
    container.setdefault("env", []).append({"name": "JAVA_OPTS", "value": f"-Xmx{limit}m"})


@mutation("stop-hook-outlasts-grace", "a stop hook that sleeps for an hour")
def _hook(stack: Stack) -> None:
    stack.container("web")["lifecycle"] = {"preStop": {"exec": {"command": ["sleep", "3600"]}}}


@mutation("priority-class-missing", "a priority that the cluster may not have")
def _priority(stack: Stack) -> None:
    stack.pod("web")["priorityClassName"] = "important"


@mutation("runtime-class-missing", "a runtime that the cluster may not have")
def _runtime(stack: Stack) -> None:
    stack.pod("web")["runtimeClassName"] = "sandbox"


@mutation("privileged-container", "a container with all rights", "pod-security-refuses-pods")
def _privileged(stack: Stack) -> None:
    security = stack.container("web")["securityContext"]
    security.update(privileged=True, allowPrivilegeEscalation=True)


@mutation("capability-dangerous", "the right to administer all", "pod-security-refuses-pods")
def _capability(stack: Stack) -> None:
    security = stack.container("web")["securityContext"]
    security["allowPrivilegeEscalation"] = True
    security.setdefault("capabilities", {})["add"] = ["SYS_ADMIN"]


@mutation("host-namespace-shared", "the network of the node", "pod-security-refuses-pods")
def _host(stack: Stack) -> None:
    stack.pod("order-worker").update(hostNetwork=True, dnsPolicy="ClusterFirstWithHostNet")


@mutation("runtime-socket-mounted", "the socket of Docker", "pod-security-refuses-pods")
def _socket(stack: Stack) -> None:
    volume: dict[str, Any] = {"name": "docker", "hostPath": {"path": "/var/run/docker.sock"}}
    stack.pod("web").setdefault("volumes", []).append(volume)


@mutation("replicas-of-one-identity", "two brokers of one number")
def _identity(stack: Stack) -> None:
    stack.one("Deployment", "web")["spec"]["replicas"] = 2
    stack.container("web").setdefault("env", []).append({"name": "BROKER_ID", "value": "1"})


@mutation(
    "stateful-set-service-not-headless",
    "a Service with an address for a set",
    "quorum-waits-for-itself",
)
def _headless(stack: Stack) -> None:
    found = stack.one("StatefulSet", "redis")["spec"]
    found.update(replicas=max(2, found.get("replicas", 1)), serviceName=stack.name("redis"))


@mutation("read-only-root-that-is-written", "a read-only root without a place for the socket")
def _root(stack: Stack) -> None:
    pod = stack.pod("postgres")
    container = pod["containers"][0]
    container["securityContext"]["readOnlyRootFilesystem"] = True
    templates = stack.one("StatefulSet", "postgres")["spec"]["volumeClaimTemplates"]
    kept = {one["metadata"]["name"] for one in templates}
    container["volumeMounts"] = [one for one in container["volumeMounts"] if one["name"] in kept]
