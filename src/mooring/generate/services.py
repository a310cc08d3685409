"""
Services: the names under which peers find a part.

A Service listens on the ports of the containers, not on those that were published on a machine:
`db:5432` keeps its meaning.  A part that listens nowhere, as far as anybody knows, gets a headless
Service: its name resolves to its pods, whatever they listen on.  Where a part has to find itself
before it serves, and its pods cannot be called like it, its Services lead to it before it is ready.

Source: https://kubernetes.io/docs/concepts/services-networking/service/
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.workloads import Task, Workload
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.own_name import must_be_found_unready
from mooring.generate.ports import listening, port_names, protocol
from mooring.kube.objects.network import Service, ServicePort, ServiceSpec


def services(application: Application, part: Workload | Task) -> Iterator[Service]:
    """
    Yield the Service of ``part`` and one for each of its other names.

    A task that listens nowhere has none: nobody dials it; nor has a workload of which the same is
    known.
    """
    endpoints = listening(part)
    if not part.is_dialled:
        return
    if isinstance(part, Task) and not endpoints and not part.other_names:
        return
    name_of = port_names(part)
    ports = tuple(
        ServicePort(
            name=name_of[endpoint.port, endpoint.protocol],
            port=endpoint.port,
            target_port=name_of[endpoint.port, endpoint.protocol],
            protocol=protocol(endpoint),
            app_protocol=endpoint.application_protocol,
        )
        for endpoint in endpoints
    )
    by_address = not ports or (isinstance(part, Workload) and part.answers_by_address)
    before_ready = isinstance(part, Workload) and must_be_found_unready(part)
    # A process that binds its own name needs the address of its pod, as a headless Service gives.
    by_address = by_address or (before_ready and isinstance(part, Workload) and part.keeps_state)
    for name in (part.name, *part.other_names):
        yield Service(
            metadata=metadata(name, application, part),
            spec=ServiceSpec(
                cluster_ip="None" if by_address else None,
                publish_not_ready_addresses=True if before_ready else None,
                selector=selector_labels(application, part),
                ports=ports,
            ),
        )
