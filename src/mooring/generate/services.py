"""
Services: the names under which peers find a part.

A Service listens on the ports of the containers, not on those that were published on a machine:
`db:5432` keeps its meaning.  A part that listens nowhere, as far as anybody knows, gets a headless
Service: its name resolves to its pods, whatever they listen on.

Source: https://kubernetes.io/docs/concepts/services-networking/service/
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.endpoints import Endpoint
from mooring.app.workloads import Task, Workload
from mooring.generate.containers import port_names, protocol
from mooring.generate.identity import metadata, selector_labels
from mooring.kube.objects.network import Service, ServicePort, ServiceSpec


def services(application: Application, part: Workload | Task) -> Iterator[Service]:
    """
    Yield the Service of ``part`` and one for each of its other names.

    A task that listens nowhere has none: nobody dials it.
    """
    endpoints = listening(part)
    if isinstance(part, Task) and not endpoints and not part.other_names:
        return
    name_of = port_names(endpoints)
    ports = tuple(
        ServicePort(
            name=name_of[endpoint],
            port=endpoint.port,
            target_port=name_of[endpoint],
            protocol=protocol(endpoint),
            app_protocol=endpoint.application_protocol,
        )
        for endpoint in endpoints
    )
    by_address = not ports or (isinstance(part, Workload) and part.answers_by_address)
    for name in (part.name, *part.other_names):
        yield Service(
            metadata=metadata(name, application, part),
            spec=ServiceSpec(
                cluster_ip="None" if by_address else None,
                selector=selector_labels(application, part),
                ports=ports,
            ),
        )


def listening(part: Workload | Task) -> tuple[Endpoint, ...]:
    """Return where the containers of ``part`` listen, each port and protocol once."""
    found: dict[tuple[int, str], Endpoint] = {}
    for container in part.containers:
        for endpoint in container.endpoints:
            found.setdefault((endpoint.port, endpoint.protocol.value), endpoint)
    return tuple(found.values())
