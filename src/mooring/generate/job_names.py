"""
Names of Jobs, which tell what a Job runs.

The template of a Job can never be changed: an update under the same name is refused, and a
migration of the next release would not run.  So the name ends in a hash of all that the Job is
made of, the settings and files that it mounts included.  As long as that stays the same the name
does, and nothing runs again; when it changes, a new Job runs, and whoever waits for its end waits
for that one.  Values of secrets are no part of it: they are set after the conversion, and a new
password is no reason to migrate again.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/
"""

from collections.abc import Iterator

import msgspec

from mooring.app.dependencies import Condition
from mooring.app.workloads import Task
from mooring.generate.context import Context
from mooring.generate.pods import pod_template
from mooring.generate.workloads import RESTART_POLICY
from mooring.kube.names import label, short_hash
from mooring.kube.objects.configuration import ConfigMap
from mooring.kube.objects.pods import PodTemplate


def with_job_names(context: Context) -> Context:
    """Return ``context`` with the name of the Job of each of its tasks."""
    tasks = tuple(task for task in context.application.tasks if task.schedule is None)
    if not tasks:
        return context
    names: dict[str, str] = {}
    # Each template is made with the names that were found before it.
    named = msgspec.structs.replace(context, job_names=names)
    config_maps = {
        one.metadata.name: (place, one)
        for place, one in enumerate(context.configuration.config_maps)
    }
    for task in _in_order(tasks, context):
        template = pod_template(task, named, restart_policy=RESTART_POLICY)
        names[task.name] = label(f"{task.name}-{_hash(template, config_maps)}")
    return named


def _in_order(tasks: tuple[Task, ...], context: Context) -> Iterator[Task]:
    """Yield the tasks, those first for whose end another one waits, as its template names them."""
    done: set[str] = set()

    def visit(task: Task) -> Iterator[Task]:
        if task.name in done:
            return
        done.add(task.name)
        for dependency in task.dependencies:
            other = context.parts.get(dependency.on)
            if dependency.condition is Condition.COMPLETED and isinstance(other, Task):
                yield from visit(other)
        yield task

    for task in tasks:
        yield from visit(task)


def _hash(template: PodTemplate, config_maps: dict[str, tuple[int, ConfigMap]]) -> str:
    mounted = sorted(config_maps[name] for name in _config_maps(template) & config_maps.keys())
    content = [(one.metadata.name, one.data, one.binary_data) for _, one in mounted]
    return short_hash(msgspec.json.encode((template, content)).decode())


def _config_maps(template: PodTemplate) -> set[str]:
    """Return the names of the ConfigMaps that the pods of ``template`` import or mount."""
    spec = template.spec
    imported = {
        source.config_map_ref.name
        for one in (*spec.init_containers, *spec.containers)
        for source in one.env_from
        if source.config_map_ref is not None
    }
    return imported | {
        volume.config_map.name for volume in spec.volumes if volume.config_map is not None
    }
