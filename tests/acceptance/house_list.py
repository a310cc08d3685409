"""
What KubeLinter finds by default, as a list of our own.

KubeLinter cannot be built here: the module proxy does not serve its path.  Its checks that are on
by default (0.8) are told again in our words, under its ids, from their documentation.  They look
at plain manifests and use nothing of `mooring.semantics`, which they judge.  In two points they
know more than KubeLinter does: `docs/decisions/peer-linters.md` names them.

Source: https://docs.kubelinter.io/#/generated/checks
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from tests.acceptance.systems import CONTROLLERS, containers, pod_spec

Manifest: TypeAlias = Mapping[str, Any]


class Fault(NamedTuple):
    """One finding: the check, the object as `Kind/name`, and what is wrong with it."""

    check: str
    subject: str
    message: str


class Tree:
    """The objects of one environment, looked up in the few ways that the checks need."""

    def __init__(self, objects: list[Manifest]) -> None:
        self.objects = objects
        self.controllers = [one for one in objects if one["kind"] in CONTROLLERS]

    def of(self, kind: str) -> list[Manifest]:
        """Return the objects of ``kind``."""
        return [one for one in self.objects if one["kind"] == kind]

    def selected(self, labels: Mapping[str, str]) -> list[Manifest]:
        """Return the controllers some of whose pods have all of ``labels``."""
        rest = {name: value for name, value in labels.items() if name != POD_NAME}
        return [
            one
            for one in self.controllers
            if rest.items() <= pod_labels(one).items()
            and (POD_NAME not in labels or labels[POD_NAME] in pod_names(one))
        ]


Check: TypeAlias = Callable[[Tree], Iterator[tuple[Manifest, str]]]
CHECKS: dict[str, Check] = {}
_ContainerCheck: TypeAlias = Callable[[dict[str, Any], dict[str, Any]], str | None]


def faults(objects: list[Manifest]) -> list[Fault]:
    """Return what the checks say against ``objects``, in their order."""
    tree = Tree(objects)
    return [
        Fault(name, f"{item['kind']}/{item['metadata']['name']}", message)
        for name, check in CHECKS.items()
        for item, message in check(tree)
    ]


POD_NAME = "statefulset.kubernetes.io/pod-name"
"""The label that a StatefulSet gives each of its pods."""

_SAFE_SYSCTLS = ("net.ipv4.ip_unprivileged_port_start",)
"""Those of `net.` that we set, and that Kubernetes calls safe."""


def pod_names(controller: Manifest) -> set[str]:
    """Return the names of the pods of a StatefulSet; of others nobody knows them."""
    if controller["kind"] != "StatefulSet":
        return set()
    replicas = controller["spec"].get("replicas", 1)
    return {f"{controller['metadata']['name']}-{index}" for index in range(replicas)}


def pod_labels(controller: Manifest) -> dict[str, str]:
    """Return the labels of the pods that ``controller`` makes."""
    spec = controller["spec"]
    if controller["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"].get("metadata", {}).get("labels", {})  # type: ignore[no-any-return]


def _check(name: str) -> Callable[[Check], Check]:
    def add(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return add


def _of_each_container(name: str) -> Callable[[_ContainerCheck], _ContainerCheck]:
    """Add a check that is asked for each container, with its pod: what is wrong, or None."""

    def add(judge: _ContainerCheck) -> _ContainerCheck:
        def check(tree: Tree) -> Iterator[tuple[Manifest, str]]:
            for controller in tree.controllers:
                pod = pod_spec(controller)
                for container in containers(pod):
                    message = judge(container, pod)
                    if message is not None:
                        yield controller, f"container {container['name']} {message}"

        CHECKS[name] = check
        return judge

    return add


def _rights(container: Manifest) -> Manifest:
    return container.get("securityContext") or {}


# Containers.


@_of_each_container("privileged-container")
def _privileged(container: Manifest, pod: Manifest) -> str | None:
    return "is privileged" if _rights(container).get("privileged") else None


@_of_each_container("privilege-escalation-container")
def _escalation(container: Manifest, pod: Manifest) -> str | None:
    if _rights(container).get("allowPrivilegeEscalation") is False:
        return None
    return "may gain more privileges"


@_of_each_container("run-as-non-root")
def _as_root(container: Manifest, pod: Manifest) -> str | None:
    of_pod = pod.get("securityContext") or {}
    user = _rights(container).get("runAsUser", of_pod.get("runAsUser"))
    is_not_root = _rights(container).get("runAsNonRoot", of_pod.get("runAsNonRoot"))
    if user == 0 or (user is None and is_not_root is not True):
        return "may run as root"
    return None


@_of_each_container("no-read-only-root-fs")
def _writable_root(container: Manifest, pod: Manifest) -> str | None:
    if _rights(container).get("readOnlyRootFilesystem") is True:
        return None
    return "can write its root file system"


@_of_each_container("drop-net-raw-capability")
def _net_raw(container: Manifest, pod: Manifest) -> str | None:
    capabilities = _rights(container).get("capabilities") or {}
    dropped, added = capabilities.get("drop") or (), capabilities.get("add") or ()
    if {"NET_RAW", "ALL"} & {*added} or not {"NET_RAW", "ALL"} & {*dropped}:
        return "keeps NET_RAW"
    return None


@_of_each_container("latest-tag")
def _latest(container: Manifest, pod: Manifest) -> str | None:
    image = container["image"]
    tag = image.rpartition("/")[2].partition(":")[2]
    return f"runs {image}" if "@" not in image and tag in {"", "latest"} else None


@_of_each_container("env-var-secret")
def _secret_in_clear(container: Manifest, pod: Manifest) -> str | None:
    for variable in container.get("env", ()):
        value = variable.get("value")
        # What refers to another variable has it from there (docs/decisions/peer-linters.md).
        if "secret" in variable["name"].lower() and value and "$(" not in value:
            return f"has {variable['name']} in clear"
    return None


@_of_each_container("duplicate-env-var")
def _twice(container: Manifest, pod: Manifest) -> str | None:
    names = [variable["name"] for variable in container.get("env", ())]
    doubled = sorted({name for name in names if names.count(name) > 1})
    return f"has {', '.join(doubled)} twice" if doubled else None


@_of_each_container("ssh-port")
def _ssh(container: Manifest, pod: Manifest) -> str | None:
    ports = [one["containerPort"] for one in container.get("ports", ())]
    return "opens port 22" if 22 in ports else None


def _requirements(container: Manifest, resource: str) -> str | None:
    resources = container.get("resources") or {}
    missing = [
        kind for kind in ("requests", "limits") if resource not in (resources.get(kind) or {})
    ]
    return f"has no {resource} in its {' and '.join(missing)}" if missing else None


@_of_each_container("unset-cpu-requirements")
def _cpu(container: Manifest, pod: Manifest) -> str | None:
    return _requirements(container, "cpu")


@_of_each_container("unset-memory-requirements")
def _memory(container: Manifest, pod: Manifest) -> str | None:
    return _requirements(container, "memory")


def _probe_port(container: Manifest, probe: str) -> str | None:
    action = container.get(probe) or {}
    for kind in ("httpGet", "tcpSocket", "grpc"):
        if kind in action:
            port = action[kind]["port"]
            ports = container.get("ports", ())
            known = {one["containerPort"] for one in ports} | {one.get("name") for one in ports}
            if port not in known:
                return f"is probed at {port}, which it does not open"
    return None


@_of_each_container("liveness-port")
def _liveness(container: Manifest, pod: Manifest) -> str | None:
    return _probe_port(container, "livenessProbe")


@_of_each_container("readiness-port")
def _readiness(container: Manifest, pod: Manifest) -> str | None:
    return _probe_port(container, "readinessProbe")


@_of_each_container("startup-port")
def _startup(container: Manifest, pod: Manifest) -> str | None:
    return _probe_port(container, "startupProbe")


# Pods.


def _of_pods(name: str, judge: Callable[[dict[str, Any]], str | None]) -> None:
    def check(tree: Tree) -> Iterator[tuple[Manifest, str]]:
        for controller in tree.controllers:
            message = judge(pod_spec(controller))
            if message is not None:
                yield controller, message

    CHECKS[name] = check


_SENSITIVE = re.compile(r"/|/(boot|dev|etc|lib|proc|sys|usr)")


def _host_paths(pod: Manifest) -> list[str]:
    return [one["hostPath"]["path"] for one in pod.get("volumes", ()) if "hostPath" in one]


def _unsafe_sysctls(pod: Manifest) -> str | None:
    unsafe = ("kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue.", "net.")
    names = [one["name"] for one in (pod.get("securityContext") or {}).get("sysctls", ())]
    found = [name for name in names if name.startswith(unsafe) and name not in _SAFE_SYSCTLS]
    return f"sets {', '.join(found)}" if found else None


_of_pods("host-ipc", lambda pod: "shares the IPC of its node" if pod.get("hostIPC") else None)
_of_pods(
    "host-network", lambda pod: "shares the network of its node" if pod.get("hostNetwork") else None
)
_of_pods("host-pid", lambda pod: "sees the processes of its node" if pod.get("hostPID") else None)
_of_pods(
    "docker-sock",
    lambda pod: (
        "mounts docker.sock"
        if any(path.endswith("docker.sock") for path in _host_paths(pod))
        else None
    ),
)
_of_pods(
    "sensitive-host-mounts",
    lambda pod: (
        "mounts folders of its node"
        if any(_SENSITIVE.fullmatch(path) for path in _host_paths(pod))
        else None
    ),
)
_of_pods("unsafe-sysctls", _unsafe_sysctls)
_of_pods(
    "deprecated-service-account-field",
    lambda pod: "uses serviceAccount" if "serviceAccount" in pod else None,
)


# Objects together.


@_check("non-existent-service-account")
def _accounts(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    known = {one["metadata"]["name"] for one in tree.of("ServiceAccount")} | {"default"}
    for controller in tree.controllers:
        name = pod_spec(controller).get("serviceAccountName") or "default"
        if name not in known:
            yield controller, f"runs as {name}, which is not there"


@_check("dangling-service")
def _dangling_service(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for service in tree.of("Service"):
        selector = service["spec"].get("selector")
        if selector and not tree.selected(selector):
            yield service, "selects no pod"


@_check("mismatching-selector")
def _selector(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for controller in tree.controllers:
        selector = controller["spec"].get("selector")
        if selector and not selector["matchLabels"].items() <= pod_labels(controller).items():
            yield controller, "does not select its own pods"


@_check("invalid-target-ports")
def _target_ports(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for item in tree.objects:
        ports: list[Any] = []
        if item["kind"] == "Service":
            ports = [one.get("targetPort") for one in item["spec"].get("ports", ())]
        elif item in tree.controllers:
            listed = [one for each in containers(pod_spec(item)) for one in each.get("ports", ())]
            ports = [one[key] for one in listed for key in ("name", "containerPort") if key in one]
        for port in ports:
            if isinstance(port, int) and not 0 < port < 65536:
                yield item, f"{port} is no port"
            elif isinstance(port, str) and not _is_port_name(port):
                yield item, f"{port} is no name of a port"


def _is_port_name(name: str) -> bool:
    """Tell whether ``name`` is an IANA_SVC_NAME (RFC 6335): at most 15, a letter, no `--`."""
    letters = re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?", name)
    return bool(letters and re.search("[a-z]", name) and "--" not in name)


@_check("no-anti-affinity")
def _anti_affinity(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for controller in tree.controllers:
        if controller["spec"].get("replicas", 1) < 2 or controller["kind"] in {"Job", "CronJob"}:
            continue
        affinity = (pod_spec(controller).get("affinity") or {}).get("podAntiAffinity") or {}
        terms = [
            *affinity.get("requiredDuringSchedulingIgnoredDuringExecution", ()),
            *(
                one["podAffinityTerm"]
                for one in affinity.get("preferredDuringSchedulingIgnoredDuringExecution", ())
            ),
        ]
        labels = pod_labels(controller)
        if not any(
            one.get("topologyKey") == "kubernetes.io/hostname"
            and one.get("labelSelector", {}).get("matchLabels", {}).items() <= labels.items()
            for one in terms
        ):
            yield controller, "does not keep its replicas on different nodes"


@_check("no-extensions-v1beta")
def _old_api(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for item in tree.objects:
        if item["apiVersion"].startswith("extensions/v1beta"):
            yield item, f"is of {item['apiVersion']}"


@_check("job-ttl-seconds-after-finished")
def _finished_jobs(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for job in tree.of("Job"):
        if "ttlSecondsAfterFinished" not in job["spec"]:
            yield job, "stays for ever when it is done"
    for job in tree.of("CronJob"):
        if "ttlSecondsAfterFinished" in job["spec"]["jobTemplate"]["spec"]:
            yield job, "is cleaned up twice"


def _replicas(tree: Tree, budget: Manifest) -> list[int]:
    labels = budget["spec"].get("selector", {}).get("matchLabels", {})
    return [one["spec"].get("replicas", 1) for one in tree.selected(labels)]


@_check("pdb-min-available")
def _min_available(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for budget in tree.of("PodDisruptionBudget"):
        kept = budget["spec"].get("minAvailable")
        for replicas in _replicas(tree, budget):
            if kept == "100%" or (isinstance(kept, int) and kept >= replicas):
                yield budget, f"keeps {kept} of {replicas}"


@_check("pdb-max-unavailable")
def _max_unavailable(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for budget in tree.of("PodDisruptionBudget"):
        if budget["spec"].get("maxUnavailable") in {0, "0", "0%"}:
            yield budget, "lets no pod go"


@_check("pdb-unhealthy-pod-eviction-policy")
def _unhealthy(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    for budget in tree.of("PodDisruptionBudget"):
        if "unhealthyPodEvictionPolicy" not in budget["spec"]:
            yield budget, "does not say whether pods may go that are not ready"
