"""
What the cluster of an environment decides: where volumes lie, and what has no effect there.

Loaded only where mooring.yaml says which cluster it is.  What is not known of it decides nothing.

Sources: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes,
https://kubernetes.io/docs/concepts/storage/storage-classes/#local; those of clusters stand in
`mooring.settings.cluster_profiles`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from mooring.app.application import Application
from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.findings import Finding, Rule, Severity
from mooring.settings.clusters import READ_WRITE_MANY, Cluster, StorageClass
from mooring.settings.environments import Environment, Tier
from mooring.translate.notes import Note, Translated

CLASS_UNKNOWN = Rule(id="storage-class-unknown", severity=Severity.WARNING, since="0.1")
CLASS_OF_ONE_NODE = Rule(id="storage-class-of-one-node", severity=Severity.ERROR, since="0.1")
NO_LOAD_BALANCER = Rule(id="load-balancer-missing", severity=Severity.WARNING, since="0.1")
NO_ARCHITECTURE = Rule(id="architecture-missing", severity=Severity.ERROR, since="0.1")
BUILD_FOR = Rule(id="image-built-for-other-nodes", severity=Severity.INFO, since="0.1")
NOT_ENFORCED = Rule(id="policies-not-enforced", severity=Severity.WARNING, since="0.1")
NOT_MEASURED = Rule(id="metrics-missing", severity=Severity.ERROR, since="0.1")


def on_cluster(application: Application, environment: Environment) -> Translated[Application]:
    """Return ``application`` as the cluster of ``environment`` can hold it."""
    cluster = environment.cluster
    if cluster is None:
        return Translated(application)
    notes: list[Note] = []
    users = _users(application)
    storages = tuple(
        _storage(storage, users.get(storage.name, ()), cluster, notes)
        for storage in application.storages
    )
    is_dev = environment.tier is Tier.DEV
    present = [part for part in application.parts if is_dev or not part.development_only]
    for part in present:
        notes.extend(_findings(part, cluster))
    if not is_dev and cluster.enforces_policies is False:
        notes.append(
            NOT_ENFORCED.finding(
                None,
                f"nothing enforces NetworkPolicies in the cluster {cluster.name}"
                f"{_source(cluster, 'enforces_policies')}: each pod of {environment.name} can be "
                "reached by every other",
                remedy="install or switch on what enforces them, and say clusters: "
                f"{{{cluster.name}: {{network_policies: true}}}} in mooring.yaml",
            )
        )
    return Translated(msgspec.structs.replace(application, storages=storages), tuple(notes))


def still_open(decisions: Iterable[Decision], after: Iterable[Note]) -> tuple[Decision, ...]:
    """Return ``decisions`` without those that are taken anew in ``after``."""
    anew = {(each.subject, each.topic) for each in after if isinstance(each, Decision)}
    return tuple(each for each in decisions if (each.subject, each.topic) not in anew)


class _User(NamedTuple):
    service: str
    path: str


def _users(application: Application) -> dict[str, list[_User]]:
    """Return who mounts each storage, and where, each service once."""
    found: dict[str, dict[str, _User]] = {}
    for part in application.parts:
        steps = (step.container for step in part.initial_steps)
        for container in (*part.containers, *steps):
            name = container.source_name
            for mount in container.storage:
                found.setdefault(mount.storage, {}).setdefault(name, _User(name, mount.path))
    return {storage: list(users.values()) for storage, users in found.items()}


def _storage(
    storage: Storage, users: Sequence[_User], cluster: Cluster, notes: list[Note]
) -> Storage:
    """Return ``storage`` with the class and the access mode that ``cluster`` has for it."""
    if (
        storage.lifetime is not Lifetime.PERSISTENT
        or storage.external_name is not None
        or storage.share is not None
        or not cluster.storage
    ):
        return storage
    found = cluster.storage_class(storage.storage_class)
    if storage.storage_class is not None and found is None:
        notes.append(_class_unknown(storage, cluster))
        return storage
    if storage.used_by_many and (found is None or not found.is_shared):
        return _shared(storage, users, found, cluster, notes)
    if found is not None:
        return storage
    first = cluster.storage[0]
    notes.append(
        Decision(
            subject=_subject(storage, users),
            topic="storage class",
            choice=f"{storage.name} lies in {first.name}",
            evidence=(
                Evidence(
                    f"no class of the cluster {cluster.name} is marked as the default one"
                    f"{_source(cluster, 'storage')}",
                    storage.position,
                ),
            ),
            overrule=f"clusters: {{{cluster.name}: {{profile: {cluster.profile}, "
            "default_storage_class: <class>}}",
        )
    )
    return msgspec.structs.replace(storage, storage_class=first.name)


def _shared(
    storage: Storage,
    users: Sequence[_User],
    found: StorageClass | None,
    cluster: Cluster,
    notes: list[Note],
) -> Storage:
    """Return ``storage`` that several pods mount, whose class is for one node at a time."""
    by_whom = f"{storage.name} is mounted by {', '.join(user.service for user in users)}"
    chosen = storage.storage_class is not None
    for_many = None if chosen else next((one for one in cluster.storage if one.is_shared), None)
    if for_many is not None:
        notes.append(
            _access(
                storage,
                users,
                f"{by_whom}, so it lies in {for_many.name}, which several nodes can mount",
                f"the cluster {cluster.name} has it beside {_named(found, cluster)}"
                f"{_source(cluster, 'storage')}",
            )
        )
        return msgspec.structs.replace(storage, storage_class=for_many.name)
    one_node = found.of_one_node if found is not None else False
    if cluster.is_one_node or one_node:
        why = (
            f"the cluster {cluster.name} has one node"
            if cluster.is_one_node
            else f"volumes of {_named(found, cluster)} lie on the disk of one node"
            f"{_source(cluster, 'storage')}"
        )
        notes.append(
            _access(storage, users, f"{by_whom}, which all run on one node (ReadWriteOnce)", why)
        )
        return msgspec.structs.replace(storage, on_one_machine=True)
    if chosen:
        notes.append(
            CLASS_OF_ONE_NODE.finding(
                storage.position,
                f"{by_whom}, and volumes of {storage.storage_class} in the cluster {cluster.name} "
                "can be mounted by one node at a time: pods on others never start",
                remedy=f"choose a class with {READ_WRITE_MANY} for {storage.name}",
            )
        )
    else:
        notes.append(
            OpenQuestion(
                subject=_subject(storage, users),
                question=f"{by_whom}; which storage of the cluster {cluster.name} can be mounted "
                "by several nodes at once?",
                answer=f"clusters: {{{cluster.name}: {{profile: {cluster.profile}, storage: "
                f"{{{_named(found, cluster)}: [ReadWriteOnce], <class>: [{READ_WRITE_MANY}]}}}}}}",
                position=storage.position,
            )
        )
    return storage


def _access(storage: Storage, users: Sequence[_User], choice: str, why: str) -> Decision:
    volume = storage.source_name
    return Decision(
        subject=_subject(storage, users),
        topic="access",
        choice=choice,
        evidence=(Evidence(why, storage.position),),
        overrule=f"volumes: {{{volume}: {{storage_class: <class>}}}}"
        if volume
        else f"services: {{{users[0].service}: {{mounts: {{{users[0].path}: "
        "configuration|scratch|drop}}}",
    )


def _subject(storage: Storage, users: Sequence[_User]) -> str:
    """Return what `mooring.translate.sharing` calls the same storage."""
    if storage.source_name:
        return f"volumes.{storage.source_name}"
    return f"services.{users[0].service}" if users else f"storage.{storage.name}"


def _named(found: StorageClass | None, cluster: Cluster) -> str:
    return found.name if found is not None else cluster.storage[0].name


def _source(cluster: Cluster, field: str) -> str:
    """Return where a fact about ``cluster`` stands, in parentheses; nothing for the user's own."""
    return f" ({cluster.sources[field]})" if field in cluster.sources else ""


def _class_unknown(storage: Storage, cluster: Cluster) -> Finding:
    known = ", ".join(one.name for one in cluster.storage)
    return CLASS_UNKNOWN.finding(
        storage.position,
        f"{storage.name} is to lie in {storage.storage_class}, and the cluster {cluster.name} is "
        f"known to have {known}",
        remedy=f"make the class, and name it below clusters: {{{cluster.name}: {{storage: "
        "...}} in mooring.yaml",
    )


def _findings(part: Workload | Task, cluster: Cluster) -> Iterator[Finding]:
    if cluster.has_load_balancers is False:
        for exposure in part.tcp_exposures:
            yield NO_LOAD_BALANCER.finding(
                exposure.position or part.position,
                f"port {exposure.port} of {part.source_name} is opened by a load balancer, and "
                f"those of the cluster {cluster.name} get no address"
                f"{_source(cluster, 'has_load_balancers')}",
                remedy="install one (MetalLB, cloud-provider-kind), or reach it with kubectl "
                f"port-forward svc/{part.name} {exposure.port}",
            )
    if isinstance(part, Workload) and part.autoscaling is not None and cluster.measures is False:
        yield NOT_MEASURED.finding(
            part.position,
            f"an autoscaler is to scale {part.source_name}, and the cluster {cluster.name} "
            f"measures nothing{_source(cluster, 'measures')}: it would never act",
            remedy="install metrics-server, and say clusters: "
            f"{{{cluster.name}: {{metrics: true}}}} in mooring.yaml",
        )
    yield from _architecture(part, cluster)


def _architecture(part: Workload | Task, cluster: Cluster) -> Iterator[Finding]:
    wanted, arches = part.placement.architecture, cluster.arches
    if not arches:
        return
    if wanted is not None:
        if wanted not in arches:
            yield NO_ARCHITECTURE.finding(
                part.position,
                f"{part.source_name} runs on {wanted} only, and the nodes of the cluster "
                f"{cluster.name} are {' and '.join(arches)}",
                remedy=f"add nodes of {wanted}, or take an image for {arches[0]}",
            )
        return
    built = [container for container in part.containers if container.image.built]
    if built and arches != ("amd64",):
        platforms = ",".join(f"linux/{arch}" for arch in arches)
        yield BUILD_FOR.finding(
            built[0].image.position or part.position,
            f"the image of {part.source_name} runs on nodes of {' and '.join(arches)}",
            remedy=f"build it with docker buildx build --platform {platforms}",
        )
