"""
StatefulSets: replicas with a name and storage of their own.

Kubernetes needs a headless Service to give each replica its name; peers find one another through
it, also before they are ready, while clients keep using the Service with the part's own name.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
"""

from mooring.app.application import Application
from mooring.app.workloads import Workload
from mooring.generate.context import Context
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.pods import pod_template, storage_users
from mooring.generate.ports import listening, port_names, protocol
from mooring.generate.storage import claim_spec
from mooring.kube.names import service_name
from mooring.kube.objects.meta import LabelSelector, ObjectMeta
from mooring.kube.objects.network import Service, ServicePort, ServiceSpec
from mooring.kube.objects.storage import VolumeClaimTemplate
from mooring.kube.objects.workloads import StatefulSet, StatefulSetSpec


def peer_service_name(part: Workload) -> str:
    """Return the name of the Service under which the replicas of ``part`` are found one by one."""
    return service_name(f"{part.name}-headless")


def peer_service(part: Workload, application: Application) -> Service:
    """Return the headless Service that gives each replica of ``part`` its name."""
    name_of = port_names(part)
    return Service(
        metadata=metadata(peer_service_name(part), application, part),
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
            annotations=part.object_annotations,
        ),
        spec=StatefulSetSpec(
            replicas=part.replicas,
            service_name=peer_service_name(part),
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
