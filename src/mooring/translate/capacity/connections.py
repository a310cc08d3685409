"""
Who connects to the databases of a stack, and with how many connections.

What of it stands in variables and commands is read by `mooring.semantics.pools`.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

from mooring.app.application import Application
from mooring.app.connections import ConnectionClient, ConnectionServer
from mooring.app.workloads import Container, Task, Workload
from mooring.images.facts import Role
from mooring.semantics import pools
from mooring.semantics.pools import Program
from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.view import ServiceView


def servers(
    application: Application, views: ReadOnly[str, ServiceView]
) -> tuple[ConnectionServer, ...]:
    """Return the databases of the stack whose clients tell how many connections they open."""
    found = []
    for part in application.parts:
        program = _program(part, views)
        if program is None or not isinstance(part, Workload):
            continue
        names = {part.name, part.source_name, *part.other_names}
        clients = tuple(
            _client(other, views, names)
            for other in application.parts
            if other is not part and _may_dial(other, views) and _dials(other, names)
        )
        if all(client.pool is None for client in clients):
            continue
        most, said, position = _most(part, program)
        found.append(
            ConnectionServer(
                part=part.name,
                most=most,
                reserved=program.reserved,
                raise_with=program.raise_with,
                said=said,
                clients=clients,
                position=position or part.position,
            )
        )
    return tuple(found)


def _program(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> Program | None:
    for container in part.containers:
        view = views.get(container.source_name)
        if view is not None and view.known is not None:
            program = pools.SERVERS.get(view.known.family.name)
            if program is not None:
                return program
    return None


def _most(part: Workload, program: Program) -> tuple[int, str, Position | None]:
    """Return how many connections the server accepts, and what says so."""
    for container in part.containers:
        told = pools.accepted(_words(container), _settings(container))
        if told is not None:
            return told.number, told.said, told.place or container.position
    return program.most, f"{program.most} unless told otherwise", None


def _words(container: Container) -> str:
    process = container.process
    return " ".join((*(process.entrypoint or ()), *(process.arguments or ())))


def _settings(container: Container) -> Iterator[tuple[str, str, Position | None]]:
    for setting in container.settings:
        value = setting.value
        yield (
            setting.name,
            value.reveal() if isinstance(value, Sensitive) else value,
            setting.position,
        )


def _may_dial(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> bool:
    """Tell whether ``part`` is no data store itself, which may know others but asks none."""
    for container in part.containers:
        view = views.get(container.source_name)
        if view is not None and view.known is not None and view.known.family.role in _STORES:
            return isinstance(part, Task)
    return True


_STORES = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})


def _dials(part: Workload | Task, names: Iterable[str]) -> bool:
    """Tell whether some variable of ``part`` names the server as a host."""
    for container in part.containers:
        for _, value, _ in _settings(container):
            for name in names:
                if value == name or value.startswith(f"{name}:"):
                    return True
                if any(f"{before}{name}{after}" in value for before in "@/" for after in ":/?"):
                    return True
    return False


def _client(
    part: Workload | Task, views: ReadOnly[str, ServiceView], names: Iterable[str]
) -> ConnectionClient:
    for container in part.containers:
        stated = pools.stated(_settings(container))
        processes = pools.processes(_words(container), _settings(container))
        if stated is not None:
            return ConnectionClient(
                part=part.name,
                pool=stated.number,
                processes=processes,
                said=stated.said,
                is_stated=True,
                position=stated.place,
            )
        view = views.get(container.source_name)
        known = view.known if view is not None and isinstance(part, Workload) else None
        if known is not None and known.family.name in pools.OF_PROGRAMS:
            pool, said = pools.OF_PROGRAMS[known.family.name]
            return ConnectionClient(
                part=part.name,
                pool=pool,
                processes=processes,
                said=said,
                position=container.position,
            )
    return ConnectionClient(part=part.name, pool=None, position=part.position)
