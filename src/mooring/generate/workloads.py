"""
Deployments, DaemonSets and Jobs: what keeps the pods of a part running, or runs them once.

A part that holds a claim which only one node may mount is replaced before its successor starts:
a rolling update would wait for a volume that the old pod does not give back.
"""

from mooring.app.application import Application
from mooring.app.storage import Lifetime
from mooring.app.workloads import Scale, Task, UpdatePolicy, Workload
from mooring.generate.configuration import Configuration
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.pods import pod_template, storage_users
from mooring.kube.objects.meta import LabelSelector, ObjectMeta
from mooring.kube.objects.workloads import (
    DaemonSet,
    DaemonSetSpec,
    DaemonSetUpdateStrategy,
    Deployment,
    DeploymentSpec,
    DeploymentStrategy,
    Job,
    JobSpec,
    RollingUpdateDaemonSet,
    RollingUpdateDeployment,
)
from mooring.settings.environments import Environment


def workload(
    part: Workload,
    *,
    application: Application,
    configuration: Configuration,
    environment: Environment,
) -> Deployment | DaemonSet:
    """Return the object that keeps the pods of ``part`` running."""
    template = pod_template(
        part, application=application, configuration=configuration, environment=environment
    )
    meta = metadata(
        part.name,
        application,
        part,
        more_labels=part.object_labels,
        annotations=part.object_annotations,
    )
    selector = LabelSelector(match_labels=selector_labels(application, part))
    settle = part.update.settle_seconds if part.update else None
    min_ready = round(settle) if settle else None
    if part.scale is Scale.EVERY_MACHINE:
        return DaemonSet(
            metadata=meta,
            spec=DaemonSetSpec(
                selector=selector,
                update_strategy=_daemon_strategy(part.update),
                min_ready_seconds=min_ready,
                template=template,
            ),
        )
    return Deployment(
        metadata=meta,
        spec=DeploymentSpec(
            replicas=part.replicas,
            selector=selector,
            strategy=_strategy(part, application),
            min_ready_seconds=min_ready,
            template=template,
        ),
    )


def job(
    part: Task,
    *,
    application: Application,
    configuration: Configuration,
    environment: Environment,
) -> Job:
    """Return the Job that runs ``part`` to its end."""
    template = pod_template(
        part,
        application=application,
        configuration=configuration,
        environment=environment,
        restart_policy="Never" if part.retries == 0 else "OnFailure",
    )
    return Job(
        metadata=metadata(
            part.name,
            application,
            part,
            more_labels=part.object_labels,
            annotations=part.object_annotations,
        ),
        spec=JobSpec(
            parallelism=part.parallel if part.parallel != 1 else None,
            completions=part.completions if part.completions != 1 else None,
            backoff_limit=part.retries,
            active_deadline_seconds=part.deadline_seconds,
            template=template,
        ),
    )


def holds_single_claim(part: Workload | Task, application: Application) -> bool:
    """Tell whether ``part`` mounts a claim that only one node at a time may mount."""
    used = storage_users(part)
    return any(
        storage.name in used
        and storage.lifetime is Lifetime.PERSISTENT
        and not storage.used_by_many
        and storage.share is None
        for storage in application.storages
    )


def _metadata(part: Workload | Task, application: Application) -> ObjectMeta:
    return metadata(
        part.name,
        application,
        part,
        more_labels=part.object_labels,
        annotations=part.object_annotations,
    )


def _strategy(part: Workload, application: Application) -> DeploymentStrategy | None:
    if holds_single_claim(part, application):
        return DeploymentStrategy(type="Recreate")
    update = part.update
    if update is None or update.at_once is None:
        return None
    # Compose counts 0 as "all at once".
    at_once = update.at_once or max(1, part.replicas)
    rolling = (
        RollingUpdateDeployment(max_surge=at_once, max_unavailable=0)
        if update.starts_new_first
        else RollingUpdateDeployment(max_surge=0, max_unavailable=at_once)
    )
    return DeploymentStrategy(type="RollingUpdate", rolling_update=rolling)


def _daemon_strategy(update: UpdatePolicy | None) -> DaemonSetUpdateStrategy | None:
    if update is None or not update.at_once:
        return None
    return DaemonSetUpdateStrategy(
        type="RollingUpdate",
        rolling_update=RollingUpdateDaemonSet(max_unavailable=update.at_once),
    )
