"""
The connections that the databases of a bundle accept, against those that their clients may open.

A client is a workload that dials a Service which leads to the database.  What it opens stands in
its variables and commands (`mooring.semantics.pools`); where nothing tells, one connection for
each process is counted, and the budget is a lower bound.
"""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from mooring.check.bundle import Bundle
from mooring.check.pods import Container, Pod
from mooring.images.facts import Role
from mooring.refs import ObjectRef
from mooring.semantics import connections, kinds, pools
from mooring.semantics.connections import Budget, Line, Server


class Stretched(msgspec.Struct, frozen=True, kw_only=True):
    """
    A database whose clients may open more than it accepts.

    ``server`` is its container, ``told`` what all of it adds up to, in words, and ``most`` what it
    would have to accept.  ``is_refused`` tells that this is so at rest, by what clients say.
    """

    server: Container
    told: str
    raise_with: str
    is_refused: bool


_DATA_STORES = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})


@lru_cache(maxsize=4)
def stretched(bundle: Bundle) -> tuple[Stretched, ...]:
    """Return the databases of ``bundle`` that cannot give their clients what these may open."""
    clients: dict[ObjectRef, dict[ObjectRef, Pod]] = {}
    for one in bundle.dialled:
        client = one.container.pod
        service = bundle.names.service(one.namespace, one.service) if one.service else None
        if service is None or _is_store(client):
            continue
        for pod in bundle.behind(service):
            if pod.owner != client.owner:
                clients.setdefault(pod.owner, {})[client.owner] = client
    found = []
    for pod in bundle.pods:
        server = next((one for one in pod.main_containers if _family(one) in pools.SERVERS), None)
        if server is not None and pod.owner in clients:
            told = _judged(bundle, server, tuple(clients[pod.owner].values()))
            if told is not None:
                found.append(told)
    return tuple(found)


def _family(container: Container) -> str:
    return container.known.family.name if container.known is not None else ""


def _is_store(pod: Pod) -> bool:
    """Tell whether the pods are a data store themselves, which may know others but asks none."""
    return pod.kind not in (kinds.JOB, kinds.CRON_JOB) and any(
        one.known is not None and one.known.family.role in _DATA_STORES
        for one in pod.main_containers
    )


def _judged(bundle: Bundle, server: Container, clients: tuple[Pod, ...]) -> Stretched | None:
    program = pools.SERVERS[_family(server)]
    accepted = pools.accepted(server.words, _settings(server))
    most = accepted.number if accepted is not None else program.most
    said = accepted.said if accepted is not None else f"{most} unless told otherwise"
    told = [_client(one) for one in clients]
    if all(pool is None for pool, _, _, _ in told):
        return None
    scalers = bundle.selections.autoscaler_of
    lines = [
        connections.client(
            pod.template, pool, processes=processes, autoscaler=scalers.get(pod.owner)
        )
        for pod, (pool, processes, _, _) in zip(clients, told, strict=True)
    ]
    budget = connections.budget(Server(max_connections=most, reserved=program.reserved), lines)
    if budget.left_at_worst >= 0:
        return None
    kept = f", {program.reserved} kept for administrators" if program.reserved else ""
    each = "; ".join(
        _line(line, words) for line, (_, _, words, _) in zip(budget.lines, told, strict=True)
    )
    wanted = -(-(budget.worst + program.reserved) // 10) * 10
    return Stretched(
        server=server,
        told=f"it accepts {budget.server.usable} connections ({said}{kept}), and its clients may "
        f"open {_moments(budget)}: {each}",
        raise_with=program.raise_with.format(most=wanted),
        is_refused=budget.left_at_rest < 0
        and all(stated for pool, _, _, stated in told if pool is not None),
    )


def _client(pod: Pod) -> tuple[int | None, int, str, bool]:
    """Return the pool of one process, the processes, who says so, and whether it is stated."""
    for container in pod.containers:
        stated = pools.stated(_settings(container))
        processes = pools.processes(container.words, _settings(container))
        if stated is not None:
            return stated.number, processes, stated.said, True
        family = _family(container)
        if family in pools.OF_PROGRAMS and container.is_main:
            pool, said = pools.OF_PROGRAMS[family]
            return pool, processes, said, False
    return None, 1, "an unknown pool", False


def _settings(container: Container) -> Iterator[tuple[str, str, None]]:
    for one in container.variables:
        if one.value is not None:
            yield one.name, one.value, None


def _moments(budget: Budget) -> str:
    least = "at least " if budget.is_lower_bound else ""
    if budget.worst == budget.resting:
        return f"{least}{budget.resting}"
    also = ["updates roll", *(["tasks run"] if budget.tasks else [])]
    also += ["autoscalers are at their top"] if budget.scaled else []
    return f"{least}{budget.resting}, and {budget.worst} while {' and '.join(also)}"


def _line(line: Line, said: str) -> str:
    pods = line.client.count.resting or line.client.count.tasks
    times = f"{line.client.ref} {pods} pod{'s' if pods != 1 else ''}"
    if line.client.processes > 1:
        times += f" x {line.client.processes} processes"
    pool = "" if line.client.pool is None else f"{line.client.pool} "
    return f"{times} x {pool}({said})" if pool else f"{times} x {said}"
