"""
One service, translated: its container, its life, and what it brings to the pod it lives in.

This is the table of contents of ``translate.attributes``: every attribute of a service is answered
in one of the calls below, or in ``unsupported``.
"""

import msgspec

from mooring.app.configuration import Document
from mooring.app.dependencies import Dependency
from mooring.app.endpoints import HostEntry
from mooring.app.storage import Storage
from mooring.app.workloads import Container, InitialStep, Task, Workload
from mooring.compose.nodes import Mapping
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices
from mooring.translate.attributes import (
    granted_files,
    volumes,
)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the translation of a service needs to know of its project."""

    project_name: str
    choices: Choices
    mounts: volumes.Around
    grants: granted_files.Grants
    known_secrets: frozenset[str]
    services: dict[str, Mapping]


class TranslatedService(msgspec.Struct, frozen=True, kw_only=True):
    """
    One service before pods are put together.

    ``part`` carries what belongs to the pod, with placeholders where several services have a say;
    storages and documents are keyed by identity, as the mounts of ``container`` refer to them.
    """

    source_name: str
    part: Workload | Task
    container: Container
    initial_steps: tuple[InitialStep, ...]
    dependencies: tuple[Dependency, ...]
    host_entries: tuple[HostEntry, ...]
    aliases: tuple[str, ...]
    hostname: str | None
    stop_seconds: float
    shares_processes: bool
    storages: dict[str, Storage]
    documents: dict[str, Document]

    def spoken(self) -> str:
        """Return all texts in which the service may name a host, one to a line."""
        texts = [
            setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value
            for setting in self.container.settings
        ]
        texts.extend(self.container.process.entrypoint or ())
        texts.extend(self.container.process.arguments or ())
        if self.container.health is not None:
            texts.extend(self.container.health.command)
        return "\n".join(texts)
