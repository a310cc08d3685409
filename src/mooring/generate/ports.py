"""
The ports of a part, and what each is called.

A Service finds a port by its name among all containers of a pod, and takes the first that it
meets.  So names are given for a part as a whole, the same to its containers and its Services.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
"""

from typing import TypeAlias

from mooring.app.endpoints import Endpoint, Protocol
from mooring.app.workloads import Task, Workload
from mooring.kube import names

PortNames: TypeAlias = dict[tuple[int, Protocol], str]
"""A name for each number and protocol."""


def listening(part: Workload | Task) -> tuple[Endpoint, ...]:
    """Return where the containers of ``part`` listen, each port and protocol once."""
    found: dict[tuple[int, Protocol], Endpoint] = {}
    for container in part.containers:
        for endpoint in container.endpoints:
            found.setdefault((endpoint.port, endpoint.protocol), endpoint)
    return tuple(found.values())


def port_names(part: Workload | Task) -> PortNames:
    """
    Return a name for each port of ``part``: the author's, or protocol and number.

    Where the author's names would not tell the ports apart, all are called by their numbers.
    """
    endpoints = {(endpoint.port, endpoint.protocol): endpoint for endpoint in listening(part)}
    if not endpoints:
        return {}
    numbers = {at: f"{at[1].value}-{at[0]}" for at in endpoints}
    wanted = {at: endpoint.name or numbers[at] for at, endpoint in endpoints.items()}
    if len(set(wanted.values())) < len(wanted):
        wanted = numbers
    unique = names.unique(wanted.values(), names.port_name, limit=names.PORT_NAME_LIMIT)
    return {at: unique[name] for at, name in wanted.items()}


def protocol(endpoint: Endpoint) -> str | None:
    """Return the protocol where it is not TCP, which the API takes by default."""
    return None if endpoint.protocol is Protocol.TCP else endpoint.protocol.value.upper()
