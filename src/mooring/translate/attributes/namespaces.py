"""
What a workload shares with its machine and among its processes: `group_add`, `sysctls`, `pid`,
`ipc`, `userns_mode`, `init`.

## What it means
Supplementary groups of the process, kernel parameters of the container's own namespaces, and
which namespaces it shares with the machine or with another service.  `init: true` puts a small
init process in front that collects dead children.

## What it becomes
| Compose | Kubernetes |
|---|---|
| `group_add` with numbers | `Pod.spec.securityContext.supplementalGroups` |
| `sysctls` | `Pod.spec.securityContext.sysctls` |
| `pid: host`, `ipc: host` | `Pod.spec.hostPID`, `Pod.spec.hostIPC` |
| `pid: service:x`, `ipc: service:x` | one pod for both services |
| `userns_mode: host` | `Pod.spec.hostUsers: true` |
| `init: true` | `Pod.spec.shareProcessNamespace: true`: the pause process collects dead children |

## What is lost
Names of groups are known to the image alone.  Kernel parameters outside the safe set are carried,
and a kubelet refuses the pod unless it was told to allow them; those that belong to the whole
machine (`vm.max_map_count`, as in no container) are left out.  Namespaces of a container outside
the project cannot be joined.

## Example
    sysctls: {net.ipv4.ip_unprivileged_port_start: 0}   # safe: carried as it is
    init: true                                          # shareProcessNamespace: true

## References
- https://docs.docker.com/reference/compose-file/services/#sysctls
- https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
- https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
"""

from mooring.app.security import WorkloadSecurity
from mooring.compose.nodes import Scalar
from mooring.findings import Rule, Severity
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, items, text, truth

ATTRIBUTES: tuple[str, ...] = ("group_add", "sysctls", "pid", "ipc", "userns_mode", "init")

GROUP_NOT_KNOWN = Rule(id="group-not-known", severity=Severity.WARNING, since="0.1")
UNSAFE_SYSCTL = Rule(id="unsafe-sysctl", severity=Severity.WARNING, since="0.1")
SYSCTL_OF_NODE = Rule(id="sysctl-of-node", severity=Severity.WARNING, since="0.1")
NAMESPACE_NOT_SHARED = Rule(id="namespace-not-shared", severity=Severity.WARNING, since="0.1")

SAFE_SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    }
)
"""What every kubelet allows, from Kubernetes 1.32 on."""

_NAMES = frozenset(ATTRIBUTES)
_NOTHING = Translated(WorkloadSecurity())
_SYSCTLS_TO = "Pod.spec.securityContext.sysctls"
_OF_NETWORK = ("net.",)
_OF_IPC = ("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.")
_HIGHEST_GROUP = 2**31 - 1
_SERVICE = "service:"
_ONE_POD = {
    "pid": "Pod.spec.shareProcessNamespace, in one pod for both containers",
    "ipc": "one pod for both containers, which share their memory there",
}


def translate(service: ServiceView) -> Translated[WorkloadSecurity]:
    """Return the rights that all containers of the service's workload share."""
    attributes = service.attributes.entries
    if _NAMES.isdisjoint(attributes):
        return _NOTHING
    notes: list[Note] = []
    processes = service.get("pid")
    of_service = processes is not None and text(processes).startswith(_SERVICE)
    sees_all_processes = _shares(service, "pid", "Pod.spec.hostPID", notes)
    has_init = _init(service, notes, sees_all_processes=sees_all_processes)
    value = WorkloadSecurity(
        extra_groups=_groups(service, notes),
        kernel_settings=_kernel_settings(service, notes),
        shares_machine_processes=sees_all_processes,
        shares_machine_ipc=_shares(service, "ipc", "Pod.spec.hostIPC", notes),
        shares_processes=has_init or of_service,
        own_user_namespace=_user_namespace(service, notes),
    )
    return Translated(value, tuple(notes))


def _groups(service: ServiceView, notes: list[Note]) -> tuple[int, ...]:
    groups: list[int] = []
    for index, node in items(service.get("group_add")):
        path = service.path("group_add", index)
        given = text(node)
        if given.isascii() and given.isdigit() and int(given) <= _HIGHEST_GROUP:
            groups.append(int(given))
            notes.append(carried(path, "Pod.spec.securityContext.supplementalGroups"))
            continue
        notes.append(dropped(path, "only the image's /etc/group knows the number of a group"))
        notes.append(
            GROUP_NOT_KNOWN.finding(
                node.position,
                f'service "{service.name}" is not put into the group "{given}", whose number '
                "only its image knows",
                remedy=f"give the number in group_add (docker run --rm IMAGE getent group {given})",
            )
        )
    if not tuple(items(service.get("group_add"))) and "group_add" in service.attributes.entries:
        notes.append(carried(service.path("group_add"), "no groups"))
    return tuple(dict.fromkeys(groups))


def _kernel_settings(service: ServiceView, notes: list[Note]) -> dict[str, str]:
    if "sysctls" not in service.attributes.entries:
        return {}
    kept: dict[str, str] = {}
    notes.append(carried(service.path("sysctls"), _SYSCTLS_TO))
    of_machine = _namespaces_of_the_machine(service)
    for name, node in entries(service.get("sysctls")):
        path = service.path("sysctls", name)
        position = node.position or service.position("sysctls")
        if not name.startswith((*_OF_NETWORK, *_OF_IPC)):
            notes.append(dropped(path, "it belongs to the whole machine, not to a container"))
            notes.append(
                SYSCTL_OF_NODE.finding(
                    position,
                    f'service "{service.name}" sets {name}, which belongs to the whole node',
                    remedy=f"set {name} on the nodes, where they are configured",
                )
            )
        elif name.startswith(of_machine):
            notes.append(
                dropped(path, "the pod shares this namespace with its node, which sets its own")
            )
        else:
            kept[name] = text(node) if isinstance(node, Scalar) else ""
            if name not in SAFE_SYSCTLS:
                notes.append(
                    UNSAFE_SYSCTL.finding(
                        position,
                        f'service "{service.name}" sets {name}, which a kubelet refuses unless '
                        "it was told to allow it",
                        remedy=f"start the kubelets with --allowed-unsafe-sysctls={name}",
                    )
                )
    return kept


def _namespaces_of_the_machine(service: ServiceView) -> tuple[str, ...]:
    """Return the beginnings of the parameters that the API refuses for pods as this one."""
    network, ipc = service.get("network_mode"), service.get("ipc")
    return (
        *(_OF_NETWORK if network is not None and text(network) == "host" else ()),
        *(_OF_IPC if ipc is not None and text(ipc) == "host" else ()),
    )


def _shares(service: ServiceView, attribute: str, to: str, notes: list[Note]) -> bool:
    """Tell whether `pid` or `ipc` asks for the machine's namespace."""
    if attribute not in service.attributes.entries:
        return False
    node = service.get(attribute)
    mode = text(node) if node is not None else ""
    path = service.path(attribute)
    if mode == "host":
        notes.append(carried(path, to))
        return True
    if mode in {"", "private"} or (attribute == "ipc" and mode == "shareable"):
        notes.append(carried(path, "the pod's own namespace"))
        return False
    if mode == "none":
        notes.append(
            approximated(path, "a pod always has memory that its containers share", "Pod.spec")
        )
        return False
    if mode.startswith(_SERVICE):
        notes.append(carried(path, _ONE_POD[attribute]))
        return False
    notes.append(dropped(path, "a container of another project cannot be joined from a pod"))
    notes.append(
        NAMESPACE_NOT_SHARED.finding(
            service.position(attribute),
            f'service "{service.name}" does not share the {attribute} namespace of {mode}',
            remedy="put that container into this project, and join it as service:<name>",
        )
    )
    return False


def _init(service: ServiceView, notes: list[Note], *, sees_all_processes: bool) -> bool:
    if "init" not in service.attributes.entries:
        return False
    wanted = truth(service.get("init"))
    path = service.path("init")
    if wanted and sees_all_processes:
        notes.append(carried(path, "Pod.spec.hostPID: the node's init collects dead children"))
        return False
    notes.append(
        approximated(
            path,
            "the pod's pause process collects dead children, and the containers of the pod see "
            "one another's processes",
            "Pod.spec.shareProcessNamespace",
        )
        if wanted
        else carried(path, "no init process")
    )
    return wanted


def _user_namespace(service: ServiceView, notes: list[Note]) -> bool | None:
    if "userns_mode" not in service.attributes.entries:
        return None
    node = service.get("userns_mode")
    path = service.path("userns_mode")
    mode = text(node) if node is not None else ""
    if mode == "host":
        notes.append(carried(path, "Pod.spec.hostUsers"))
        return False
    notes.append(
        carried(path, "the cluster's default")
        if not mode
        else dropped(path, "a pod has the node's users or a range of its own, no other mapping")
    )
    return None
