"""What every object of one environment is made from, looked up once."""

from functools import cached_property

import msgspec

from mooring.app.application import Application
from mooring.app.storage import Storage
from mooring.app.workloads import Task, Workload
from mooring.generate.configuration import Configuration, configuration
from mooring.settings.environments import Environment


class Context(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """
    An application in an environment.

    ``configuration`` says where each setting and document stands.
    """

    application: Application
    environment: Environment
    configuration: Configuration

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
        return {
            container.source_name: part
            for part in self.application.parts
            for container in part.containers
        }


def context(application: Application, environment: Environment) -> Context:
    """Return the context of ``application`` in ``environment``."""
    return Context(
        application=application,
        environment=environment,
        configuration=configuration(application),
    )
