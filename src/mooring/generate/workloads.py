"""
Deployments, DaemonSets and Jobs: what keeps the pods of a part running, or runs them once.

A part that holds a claim which only one node may mount is replaced before its successor starts:
a rolling update would wait for a volume that the old pod does not give back.
"""

import msgspec

from mooring.app.process import Process
from mooring.app.storage import Lifetime
from mooring.app.workloads import Scale, Task, UpdatePolicy, Workload
from mooring.generate.context import Context
from mooring.generate.dependencies import depends_on
from mooring.generate.expansion import referring
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.pods import pod_template, storage_users
from mooring.kube.labels import WAY_BACK
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

RESTART_POLICY = "Never"
"""Of the pods of a Job."""


def workload(part: Workload, context: Context) -> Deployment | DaemonSet:
    """Return the object that keeps the pods of ``part`` running."""
    application = context.application
    template = pod_template(part, context)
    meta = part_metadata(part, context)
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
            strategy=_strategy(part, context),
            min_ready_seconds=min_ready,
            template=template,
        ),
    )


def job(part: Task, context: Context) -> Job:
    """
    Return the Job that runs ``part`` to its end.

    Each try has a pod of its own, so that what a failed one said can be read.
    """
    meta = part_metadata(part, context, name=context.job_name(part))
    if part.way_back is not None:
        notes = {**(meta.annotations or {}), WAY_BACK: _way_back(part.way_back)}
        meta = msgspec.structs.replace(meta, annotations=notes)
    return Job(metadata=meta, spec=job_spec(part, context))


def _way_back(process: Process) -> str:
    """Return what undoes a task, as an annotation tells it."""
    before = len(process.entrypoint or ())
    words = referring((*(process.entrypoint or ()), *(process.arguments or ())), process.references)
    said = {"command": words[:before], "args": words[before:]}
    return msgspec.json.encode({key: value for key, value in said.items() if value}).decode()


def job_spec(part: Task, context: Context) -> JobSpec:
    """Return how ``part`` is run to its end."""
    return JobSpec(
        parallelism=part.parallel if part.parallel != 1 else None,
        completions=part.completions if part.completions != 1 else None,
        backoff_limit=part.retries,
        active_deadline_seconds=part.deadline_seconds,
        template=pod_template(part, context, restart_policy=RESTART_POLICY),
    )


def holds_single_claim(part: Workload | Task, context: Context) -> bool:
    """
    Tell whether ``part`` mounts a claim that only one node at a time may mount.

    A claim that others mount on the same node too is one as well for a single replica: its
    successor would write beside it.
    """
    is_single = isinstance(part, Workload) and part.replicas == 1
    return any(
        storage.lifetime is Lifetime.PERSISTENT
        and (not storage.used_by_many or (storage.on_one_machine and is_single))
        and storage.share is None
        for storage in map(context.storages.__getitem__, storage_users(part))
    )


def part_metadata(
    part: Workload | Task, context: Context, *, name: str | None = None
) -> ObjectMeta:
    """Return the metadata of what runs ``part``, under its name or another."""
    return metadata(
        name or part.name,
        context.application,
        part,
        more_labels=part.object_labels,
        annotations={**part.object_annotations, **depends_on(part, context)},
    )


def _strategy(part: Workload, context: Context) -> DeploymentStrategy | None:
    if holds_single_claim(part, context):
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
