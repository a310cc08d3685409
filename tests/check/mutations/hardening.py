"""Rights over the node and its kernel, asked for and missed."""

from typing import Any

from tests.check.mutations.harness import Stack, mutation


def _step(stack: Stack, **container: Any) -> None:
    """Put an initial step before the others of ``web``, made like its container."""
    pod = stack.pod("web")
    first = pod["containers"][0]
    step = {"name": "tune", "image": "busybox:1.37.0", "resources": first["resources"]}
    step["securityContext"] = dict(first["securityContext"])
    pod["initContainers"] = [{**step, **container}, *pod.get("initContainers", [])]


@mutation("sysctl-without-privilege", "a step that may not tune the node")
def _sysctl(stack: Stack) -> None:
    _step(stack, command=["sysctl", "-w", "vm.max_map_count=262144"])


@mutation("unsafe-sysctl", "a setting of the network's", "pod-security-refuses-pods")
def _unsafe(stack: Stack) -> None:
    security = stack.pod("web").setdefault("securityContext", {})
    security["sysctls"] = [{"name": "net.core.somaxconn", "value": "1024"}]


@mutation("proc-unmasked", "all of /proc", "pod-security-refuses-pods")
def _proc(stack: Stack) -> None:
    stack.container("web")["securityContext"]["procMount"] = "Unmasked"


@mutation("host-path-written", "a folder of the node's cron", "pod-security-refuses-pods")
def _cron(stack: Stack) -> None:
    pod = stack.pod("web")
    volume = {"name": "cron", "hostPath": {"path": "/etc/cron.d", "type": "Directory"}}
    pod["volumes"] = [*pod.get("volumes", []), volume]
    mounts = pod["containers"][0].setdefault("volumeMounts", [])
    mounts.append({"name": "cron", "mountPath": "/cron"})


@mutation("windows-host-process", "a process of the node", "pod-security-refuses-pods")
def _process(stack: Stack) -> None:
    stack.container("web")["securityContext"]["windowsOptions"] = {"hostProcess": True}


@mutation("memory-lock-denied", "a limit that a pod does not have", "database-on-nothing")
def _lock(stack: Stack) -> None:
    container = stack.container("web")
    container["image"] = "docker.elastic.co/elasticsearch/elasticsearch:8.19.4"
    container["securityContext"]["readOnlyRootFilesystem"] = False
    setting = {"name": "bootstrap.memory_lock", "value": "true"}
    container["env"] = [*container.get("env", []), setting]
