"""
StatefulSets: replicas with a name and storage of their own.

Kubernetes needs a headless Service to give each replica its name; peers find one another through
it, also before they are ready, while clients keep using the Service with the part's own name.  A
replica that was a part of its own goes on answering to its old names: each is a Service that leads
to its pod alone.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.endpoints import Protocol
from mooring.app.replicas import Member
from mooring.app.workloads import Workload
from mooring.generate.context import Context
from mooring.generate.dependencies import depends_on
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.pods import pod_template, storage_users
from mooring.generate.ports import PortNames, listening, port_names, protocol
from mooring.generate.storage import claim_spec
from mooring.kube.labels import POD_NAME
from mooring.kube.names import peers_name, port_name
from mooring.kube.objects.meta import LabelSelector, ObjectMeta
from mooring.kube.objects.network import Service, ServicePort, ServiceSpec
from mooring.kube.objects.storage import VolumeClaimTemplate
from mooring.kube.objects.workloads import Ordinals, StatefulSet, StatefulSetSpec


def peer_service(part: Workload, application: Application) -> Service:
    """Return the headless Service that gives each replica of ``part`` its name."""
    name_of = port_names(part)
    return Service(
        metadata=metadata(peers_name(part.name), application, part),
        spec=ServiceSpec(
            cluster_ip="None",
            publish_not_ready_addresses=True,
            selector=selector_labels(application, part),
            ports=tuple(
                ServicePort(
                    name=name_of[endpoint.port, endpoint.protocol],
                    port=endpoint.port,
                    target_port=name_of[endpoint.port, endpoint.protocol],
                    protocol=protocol(endpoint),
                )
                for endpoint in listening(part)
            ),
        ),
    )


def member_services(part: Workload, application: Application) -> Iterator[Service]:
    """Yield a Service for each name that leads to a single replica of ``part``."""
    name_of = port_names(part)
    for number, member in enumerate(part.members, start=part.first_number):
        pod = {POD_NAME: f"{part.name}-{number}"}
        for name in member.names:
            yield Service(
                metadata=metadata(name, application, part, position=member.position),
                spec=ServiceSpec(
                    publish_not_ready_addresses=True,
                    selector={**selector_labels(application, part), **pod},
                    ports=tuple(_member_ports(part, member, name_of)),
                ),
            )


def _member_ports(part: Workload, member: Member, name_of: PortNames) -> Iterator[ServicePort]:
    """Yield the ports of ``part``, and those on which the member used to be dialled."""
    endpoints = {(one.port, one.protocol): one for one in listening(part)}
    for at, endpoint in endpoints.items():
        yield ServicePort(
            name=name_of[at],
            port=endpoint.port,
            target_port=name_of[at],
            protocol=protocol(endpoint),
        )
    for before, now in member.moved_ports.items():
        if (now, Protocol.TCP) in endpoints and (before, Protocol.TCP) not in endpoints:
            yield ServicePort(
                name=port_name(f"tcp-{before}"),
                port=before,
                target_port=name_of[now, Protocol.TCP],
            )


def stateful_set(part: Workload, context: Context) -> StatefulSet:
    """Return the StatefulSet that keeps the replicas of ``part`` running."""
    application = context.application
    used = sorted(storage_users(part), key=context.storage_ranks.__getitem__)
    settle = part.update.settle_seconds if part.update else None
    return StatefulSet(
        metadata=metadata(
            part.name,
            application,
            part,
            more_labels=part.object_labels,
            annotations={**part.object_annotations, **depends_on(part, context)},
        ),
        spec=StatefulSetSpec(
            replicas=part.replicas,
            service_name=peers_name(part.name),
            ordinals=Ordinals(start=part.first_number) if part.first_number else None,
            pod_management_policy="Parallel" if part.start_together else None,
            selector=LabelSelector(match_labels=selector_labels(application, part)),
            min_ready_seconds=round(settle) if settle else None,
            template=pod_template(part, context),
            volume_claim_templates=tuple(
                VolumeClaimTemplate(
                    metadata=ObjectMeta(
                        name=storage.name,
                        labels=storage.labels,
                        annotations=storage.annotations,
                    ),
                    spec=claim_spec(storage),
                )
                for storage in map(context.storages.__getitem__, used)
                if storage.per_replica
            ),
        ),
    )
