"""What the objects of an application are made from in an environment, looked up once."""

from functools import cached_property

import msgspec

from mooring.app.application import Application
from mooring.app.storage import Storage
from mooring.app.workloads import Task, Workload
from mooring.generate.configuration import Configuration, configuration
from mooring.generate.shared_settings import Group
from mooring.settings.environments import Environment, ImageSource, Tier


class Context(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """
    An application as it is in an environment, and what else its objects depend on.

    Environments that agree in all of this have the same objects.  ``configuration`` says where
    each setting and document stands; ``is_strict`` holds for staging and production; ``images``
    says where nodes find images.  ``job_names`` has the names of the Jobs of tasks that are known
    by now, by the names of the tasks.  ``ingress_namespace`` and ``metrics_namespace`` are where
    those run who let HTTP in and who gather metrics, where that is known.
    """

    application: Application
    images: ImageSource
    is_strict: bool
    configuration: Configuration
    job_names: dict[str, str] = {}
    ingress_namespace: str | None = None
    metrics_namespace: str | None = None

    def job_name(self, task: Task) -> str:
        """Return the name of the Job that runs ``task``."""
        return self.job_names.get(task.name, task.name)

    @cached_property
    def storages(self) -> dict[str, Storage]:
        """The storages of the application by name."""
        return {storage.name: storage for storage in self.application.storages}

    @cached_property
    def storage_ranks(self) -> dict[str, int]:
        """The place of each storage in the order of the application."""
        return {name: rank for rank, name in enumerate(self.storages)}

    @cached_property
    def parts(self) -> dict[str, Workload | Task]:
        """The part in which each service of the input runs, by the service's name."""
        found: dict[str, Workload | Task] = {}
        for part in self.application.parts:
            for member in part.members if isinstance(part, Workload) else ():
                found[member.source_name] = part
            for container in part.containers:
                found[container.source_name] = part
        return found


def seen_of(environment: Environment) -> tuple[bool, ImageSource, str | None, str | None]:
    """Return what a context sees of ``environment``: is it strict, where are images, and others."""
    return (
        environment.tier is not Tier.DEV,
        environment.images,
        environment.ingress_namespace,
        environment.metrics_namespace,
    )


def context(
    application: Application, environment: Environment, shared: tuple[Group, ...] | None = None
) -> Context:
    """
    Return the context of ``application`` in ``environment``.

    ``shared`` are groups of settings that stand together, where others than its own do.
    """
    is_strict, images, ingress_namespace, metrics_namespace = seen_of(environment)
    return Context(
        application=application,
        images=images,
        is_strict=is_strict,
        configuration=configuration(application, shared),
        ingress_namespace=ingress_namespace,
        metrics_namespace=metrics_namespace,
    )
