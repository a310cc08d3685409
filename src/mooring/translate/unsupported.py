"""
Attributes without an intent: what a cluster does not have, and why that is bearable or refused.

Each stands in a table with its fate and a reason, so that nothing in a service is passed over; an
attribute that gets a translation leaves the table for a module of its own.
"""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from mooring.accounting import Entry, Outcome, Path
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.findings import Rule, Severity
from mooring.translate.extensions import extension_note, extension_notes
from mooring.translate.notes import Note, approximated, carried, dropped
from mooring.translate.separation import kept_apart
from mooring.translate.view import ServiceView, entries, field, text, truth

_Check: TypeAlias = Callable[[ServiceView, Node], bool]

PROVIDER = Rule(id="service-of-a-provider", severity=Severity.ERROR, since="0.1")
ENGINE_API = Rule(id="container-engine-api", severity=Severity.ERROR, since="0.1")
MODEL_SERVER = Rule(id="model-not-served", severity=Severity.WARNING, since="0.1")
JOB_NOT_TRANSLATED = Rule(id="job-not-translated", severity=Severity.ERROR, since="0.1")


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """
    What becomes of an attribute that has no translation; ``to`` says where a carried one goes.

    ``kept_where`` tells of a value that asks for what a cluster does anyway: it is carried.
    ``rule`` with ``message`` and ``remedy`` makes a finding; ``{service}`` in both is the name.
    """

    outcome: Outcome
    reason: str
    to: str = ""
    kept_where: _Check | None = None
    rule: Rule | None = None
    message: str = ""
    remedy: str = ""


def _drops(reason: str, kept_where: _Check | None = None) -> Fate:
    return Fate(outcome=Outcome.DROPPED, reason=reason, kept_where=kept_where)


def _is(*values: str) -> _Check:
    return lambda _, node: isinstance(node, Scalar) and text(node) in values


def _shares_host_network(service: ServiceView, node: Node) -> bool:
    """A pod on the node's network has the node's host name, and so its UTS namespace."""
    network = service.get("network_mode")
    same = network is not None and text(network) == "host"
    return _is("")(service, node) or (same and _is("host")(service, node))


_NO_CPU_TUNING = "a pod has limits and requests of CPU, and no finer tuning"
_NO_SWAP = "how much a pod may swap is a matter of its node"
_NO_OOM = "the kubelet sets it by the pod's requests and limits"

TABLE: dict[str, Fate] = {
    "attach": _drops("whose output a terminal shows is a matter of the client: kubectl logs"),
    "blkio_config": _drops("a pod cannot weigh or limit its block devices"),
    "cgroup": _drops(
        "a pod has a cgroup namespace of its own, never the node's", _is("private", "")
    ),
    "cgroup_parent": _drops("the kubelet decides under which cgroup a pod runs"),
    "cpu_rt_period": _drops(_NO_CPU_TUNING),
    "cpu_rt_runtime": _drops(_NO_CPU_TUNING),
    "cpuset": _drops("the kubelet's CPU manager gives whole cores to pods that request them"),
    "credential_spec": _drops(
        "a group-managed account is a GMSACredentialSpec that an administrator installs"
    ),
    "develop": _drops("it is for working on the sources, and an image is what a cluster runs"),
    "device_cgroup_rules": _drops(
        "a pod gets devices from device plugins, and all of them where it is privileged"
    ),
    "extends": Fate(
        outcome=Outcome.CARRIED,
        reason="what the other service says is laid under what this one says",
        to="the attributes of the service",
    ),
    "logging": _drops(
        "a container's output is kept by its node, from which an agent of the cluster ships it"
    ),
    "mac_address": _drops("a pod's network interface is made by the cluster"),
    "mem_swappiness": _drops(_NO_SWAP),
    "memswap_limit": _drops(_NO_SWAP),
    "models": Fate(
        outcome=Outcome.DROPPED,
        reason="no server is made for a model, so its address and name are not known",
        rule=MODEL_SERVER,
        message='service "{service}" uses a model, and nothing in the cluster serves it',
        remedy="serve the model in the cluster or elsewhere, and give its address in `environment`",
    ),
    "oom_kill_disable": _drops(_NO_OOM, _is("false")),
    "oom_score_adj": _drops(_NO_OOM, _is("0")),
    "profiles": Fate(
        outcome=Outcome.CARRIED,
        reason="a service that no profile of the environment selects is not loaded",
        to="the objects of the service, in the environments whose profiles select it",
    ),
    "provider": Fate(
        outcome=Outcome.REFUSED,
        reason="it is no container: a program on the author's machine sets it up",
        rule=PROVIDER,
        message='service "{service}" is set up by a provider program, which a cluster does not run',
        remedy="set up what it stands for, and give its address to those that use it",
    ),
    "ulimits": _drops("a pod takes the limits of its node's container runtime"),
    "umask": _drops("a container starts with the umask of its image's process"),
    "use_api_socket": Fate(
        outcome=Outcome.REFUSED,
        reason="whoever holds the engine's socket commands every container of the machine",
        kept_where=_is("false"),
        rule=ENGINE_API,
        message='service "{service}" asks for the socket of the container engine, and gets none',
        remedy="give the program a ServiceAccount, and the Kubernetes API instead of the engine's",
    ),
    "uts": _drops("a pod has a host name of its own", _shares_host_network),
}

RULED = frozenset(name for name, fate in TABLE.items() if fate.rule is not None)
"""The attributes of the table about which there is a finding."""

_KEPT = "what a pod has anyway"


def account(service: ServiceView) -> tuple[Note, ...]:
    """Return what becomes of the attributes of ``service`` that no module translates."""
    notes: list[Note] = []
    for name, node in service.attributes.entries.items():
        fate = TABLE.get(name)
        if fate is not None:
            notes.extend(_notes(service, name, node, fate))
        elif name == "deploy":
            notes.extend(_deploy(service, node))
        elif name.startswith("x-"):
            notes.append(extension_note(service.path(name)))
    return tuple(notes)


def _deploy(service: ServiceView, node: Node) -> list[Note]:
    """Account for `deploy` itself: its parts belong to the modules that translate them."""
    path = service.path("deploy")
    if not isinstance(node, Mapping) or not node.entries:
        return [carried(path, "nothing is asked for")]
    return list(extension_notes(node, path))


def _notes(service: ServiceView, name: str, node: Node, fate: Fate) -> list[Note]:
    path = service.path(name)
    is_empty = isinstance(node, Scalar) and node.value is None
    if is_empty or (fate.kept_where is not None and fate.kept_where(service, node)):
        return [carried(path, _KEPT)]
    entry = Entry(path, fate.outcome, fate.reason, fate.to)
    if fate.rule is None:
        return [entry]
    return [
        entry,
        fate.rule.finding(
            service.position(name),
            fate.message.format(service=service.name),
            remedy=fate.remedy,
        ),
    ]


_ONE_NETWORK = "the network that all pods of a namespace share"

ELEMENTS = ("version", "networks", "models", "jobs")
"""The top-level elements for which `account_for_project` answers."""

NETWORK_FIELDS: dict[str, str] = {
    "attachable": "every pod of a namespace is on its network",
    "driver": "the cluster has one network, and its own driver",
    "driver_opts": "the cluster has one network, and its own options",
    "enable_ipv4": "the cluster decides which address families its pods have",
    "enable_ipv6": "the cluster decides which address families its pods have",
    "external": "a stack that is not converted with this one is dialled as <service>.<namespace>; "
    "mooring.yaml lists those that are under projects",
    "ipam": "the cluster gives the addresses of its pods",
    "labels": "the network of a namespace is no object, and has no labels",
    "name": "the network of a namespace is no object, and has no name",
}


def account_for_project(root: Mapping) -> tuple[Note, ...]:
    """
    Return what becomes of the parts of the project beside its services and what they mount.

    That is `version`, `networks`, `models`, `jobs`, extensions, and `services` where there are
    none.  `name`, `volumes`, `configs`, `secrets` and each service are accounted for where they
    are translated.
    """
    notes: list[Note] = []
    for name, node in root.entries.items():
        if name == "version":
            notes.append(dropped((name,), "Compose itself ignores it"))
        elif name == "services" and not _says_something(node):
            notes.append(carried((name,), "no workloads"))
        elif name == "networks":
            _networks(node, kept_apart(_services(root)), notes)
        elif name == "models":
            notes.append(dropped((name,), "no server is made for a model in the cluster"))
        elif name == "jobs":
            _jobs(node, notes)
        elif name.startswith("x-"):
            notes.append(extension_note((name,)))
    return tuple(notes)


def _services(root: Mapping) -> dict[str, Mapping]:
    return {
        name: service
        for name, service in entries(root.get("services"))
        if isinstance(service, Mapping)
    }


_MOST_NAMES = 5


def _networks(node: Node, apart: dict[str, tuple[str, ...]], notes: list[Note]) -> None:
    """Say of each network whom it kept apart, ``apart`` by its name, and what else it said."""
    path: Path = ("networks",)
    notes.append(carried(path, _ONE_NETWORK))
    if not isinstance(node, Mapping):
        return
    for name, network in node.entries.items():
        place = (*path, name)
        if name in apart:
            notes.append(approximated(place, _separation(apart[name]), _ONE_NETWORK))
        notes.extend(extension_notes(network, place))
        if not isinstance(network, Mapping):
            continue
        for name_of_field in network.entries:
            reason = NETWORK_FIELDS.get(name_of_field)
            if name_of_field == "name" and "name" not in network.keys:
                continue  # made up by Compose: it stands and falls with the network
            if reason is not None:
                notes.append(_network_field((*place, name_of_field), network, reason))
        if "internal" in network.entries:
            notes.append(_internal((*place, "internal"), network))


def _separation(others: tuple[str, ...]) -> str:
    shown = ", ".join(others[:_MOST_NAMES])
    if len(others) > _MOST_NAMES:
        shown += f" and {len(others) - _MOST_NAMES} more"
    return (
        f"some of its services do not reach {shown}: staging and production keep them apart, "
        "development has no policies"
    )


def _network_field(path: Path, network: Mapping, reason: str) -> Entry:
    nothing = not _says_something(network.entries[str(path[-1])])
    return carried(path, "nothing is asked for") if nothing else dropped(path, reason)


def _says_something(node: Node) -> bool:
    """Tell whether a value asks for anything: false, null and empty collections do not."""
    if isinstance(node, Scalar):
        return node.value is not None and node.value is not False
    return bool(node.entries if isinstance(node, Mapping) else node.items)


def _internal(path: Path, network: Mapping) -> Entry:
    if not truth(field(network, "internal")):
        return carried(path, "nothing is asked for")
    reason = "staging and production close the way out, development has no policies"
    return approximated(path, reason, "NetworkPolicy.spec.egress")


def _jobs(node: Node, notes: list[Note]) -> None:
    notes.append(dropped(("jobs",), "jobs of a project are not translated"))
    if isinstance(node, Mapping):
        for name, job in node.entries.items():
            notes.append(
                JOB_NOT_TRANSLATED.finding(
                    node.key_position(name) or job.position,
                    f'the job "{name}" is not translated: nothing in the cluster runs it',
                    remedy="write a CronJob or a Job for it",
                )
            )
