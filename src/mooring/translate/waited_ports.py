"""
On which port a peer is waited for: the one that its clients use.

A peer may have several: MinIO its console beside the store, a broker of Kafka the port of its
controllers.  Which of them is open says little of the others, so whoever waits asks the port that
it dials itself; where no text names one, the first that the catalogue knows for clients.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.dependencies import Condition, Dependency
from mooring.app.endpoints import Protocol
from mooring.app.workloads import Task, Workload
from mooring.translate.dials import Dial
from mooring.translate.known_ports import moved
from mooring.translate.view import ServiceView


def with_waited_ports(
    application: Application, dials: Iterable[Dial], views: ReadOnly[str, ServiceView]
) -> Application:
    """Return ``application`` with the port of each peer whose health somebody waits for."""
    if not any(
        one.condition is Condition.HEALTHY
        for part in application.parts
        for one in part.dependencies
    ):
        return application
    found = _Ports(application, dials, views)
    return msgspec.structs.replace(
        application, parts=tuple(_with_ports(part, found) for part in application.parts)
    )


def _with_ports(part: Workload | Task, found: "_Ports") -> Workload | Task:
    if not part.dependencies:
        return part
    dependencies = tuple(
        msgspec.structs.replace(one, port=found.port(part, one))
        if one.condition is Condition.HEALTHY
        else one
        for one in part.dependencies
    )
    return msgspec.structs.replace(part, dependencies=dependencies)


class _Ports:
    """Which ports the parts of an application have, and who dials them."""

    def __init__(
        self,
        application: Application,
        dials: Iterable[Dial],
        views: ReadOnly[str, ServiceView],
    ) -> None:
        self._parts = {name: part for part in application.parts for name in _services(part)}
        self._views = views
        self._dialled: dict[tuple[str, str], list[int]] = {}
        for dial in dials:
            if dial.port:
                self._dialled.setdefault((dial.service, dial.other), []).append(dial.port)

    def port(self, waiting: Workload | Task, dependency: Dependency) -> int | None:
        """Return where ``waiting`` asks; None where nothing tells."""
        other = self._parts.get(dependency.on)
        if other is None:
            return None
        open_ports = {
            endpoint.port
            for container in other.containers
            for endpoint in container.endpoints
            if endpoint.protocol is Protocol.TCP
        }
        dialled = [
            port
            for service in _services(waiting)
            for peer in _services(other)
            for port in self._dialled.get((service, peer), ())
            if port in open_ports
        ]
        known = [port for port in self._of_clients(other) if port in open_ports]
        of_both = [port for port in known if port in dialled]
        return next(iter((*of_both, *dialled, *known)), None)

    def _of_clients(self, part: Workload | Task) -> Iterator[int]:
        """Yield the ports that are known to be for clients, the usual one first."""
        for container in part.containers:
            view = self._views.get(container.source_name)
            if view is None or view.known is None:
                continue
            for one in view.known.family.ports:
                if not one.internal and one.protocol == Protocol.TCP.value:
                    yield moved(one.port, view)


def _services(part: Workload | Task) -> Iterator[str]:
    """Yield the services of the input that ``part`` runs."""
    yield from (container.source_name for container in part.containers)
    if isinstance(part, Workload):
        yield from (member.source_name for member in part.members)
