"""
Which services share one pod.

`network_mode: service:x` puts a service into the network of another, so that both talk over
localhost; `pid: service:x` and `ipc: service:x` share processes and memory.  In a cluster only the
containers of one pod can.
"""

from collections.abc import Iterator

import msgspec

from mooring.app.endpoints import NetworkAccess
from mooring.compose.nodes import Mapping
from mooring.translate.notes import Translated, carried, dropped, refused
from mooring.translate.view import ServiceView, entries, field, text

ATTRIBUTES = ("network_mode",)

_SHARING = ("network_mode", "pid", "ipc")
_STARTED = "service_started"


class Groups(msgspec.Struct, frozen=True):
    """``leaders`` maps each service to the one whose pod it lives in: itself, mostly."""

    leaders: dict[str, str]

    def members(self) -> dict[str, tuple[str, ...]]:
        """Return the services in each pod by the pod's leader, who stands first."""
        found: dict[str, list[str]] = {}
        for name, leader in self.leaders.items():
            pod = found.setdefault(leader, [leader])
            if name != leader:
                pod.append(name)
        return {leader: tuple(pod) for leader, pod in found.items()}


def groups(services: dict[str, Mapping]) -> Groups:
    """Return who lives in whose pod; chains end at the service that has a network of its own."""
    nearest: dict[str, str] = {}
    for name, service in services.items():
        for attribute in _SHARING:
            node = service.get(attribute)
            if node is not None:
                kind, _, other = text(node).partition(":")
                leads = kind == "service" and other in services and other != name
                if leads and services[other].get("provider") is None:
                    nearest.setdefault(name, other)
    if not nearest:
        return Groups({name: name for name in services})
    return Groups({name: _leader(name, nearest) for name in services})


def _leader(name: str, nearest: dict[str, str]) -> str:
    seen = {name}
    while name in nearest and nearest[name] not in seen:
        name = nearest[name]
        seen.add(name)
    return name


def impossible_waits(services: dict[str, Mapping], groups: Groups) -> dict[tuple[str, str], str]:
    """
    Return why a pod cannot wait as Compose does, by the waiting and the awaited service.

    Containers of one pod start together.  And where two services of one pod stand before and
    after a third, the pod and the third would wait for each other; the wait of the service that
    leads its pod is kept.
    """
    leaders = groups.leaders
    if all(name == leader for name, leader in leaders.items()):
        return {}
    found: dict[tuple[str, str], str] = {}
    awaited: dict[str, set[str]] = {}
    of_members: list[tuple[str, str]] = []
    for name, target in _waits(services):
        if leaders[name] == leaders[target]:
            found[name, target] = "containers of one pod start together"
        elif leaders[name] == name:
            awaited.setdefault(name, set()).add(leaders[target])
        else:
            of_members.append((name, target))
    for name, target in of_members:
        if _leads_to(leaders[target], leaders[name], awaited):
            found[name, target] = "its pod and that of the other would wait for each other"
        else:
            awaited.setdefault(leaders[name], set()).add(leaders[target])
    return found


def _waits(services: dict[str, Mapping]) -> Iterator[tuple[str, str]]:
    for name, service in services.items():
        for target, node in entries(service.get("depends_on")):
            condition = field(node, "condition")
            if target in services and condition is not None and text(condition) != _STARTED:
                yield name, target


def _leads_to(start: str, goal: str, awaited: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            ahead.extend(awaited.get(name, ()))
    return False


def network_access(service: ServiceView) -> Translated[NetworkAccess]:
    """Return in which network the service's process stands."""
    node = service.get("network_mode")
    if node is None:
        return Translated(NetworkAccess.OWN)
    path = service.path("network_mode")
    mode = text(node)
    if mode == "host":
        return Translated(NetworkAccess.MACHINE, (carried(path, "Pod.spec.hostNetwork"),))
    if mode == "none":
        note = carried(path, "NetworkPolicy: no traffic in, none out")
        return Translated(NetworkAccess.NONE, (note,))
    if mode.startswith("service:"):
        return Translated(NetworkAccess.OWN, (carried(path, "one pod for both containers"),))
    if mode.startswith("container:"):
        reason = "the container of another project cannot be joined from a pod"
        return Translated(NetworkAccess.OWN, (refused(path, reason),))
    reason = "the cluster has one network, that of its CNI plugin"
    return Translated(NetworkAccess.OWN, (dropped(path, reason),))
