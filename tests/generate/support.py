"""Applications for the tests of generation, and what a test asks of objects."""

from typing import Any

from mooring.app.application import Application
from mooring.app.configuration import Document
from mooring.app.process import Image, Process
from mooring.app.storage import Storage
from mooring.app.workloads import Container, Task, Workload
from mooring.generate.context import Context, context
from mooring.kube.manifest import fields
from mooring.kube.objects.meta import Part
from mooring.settings.environments import Environment, Tier
from mooring.sources import Position

DEV = Environment(name="dev", tier=Tier.DEV)
NGINX = Image(reference="nginx:1.27")


def container(name: str = "web", **fields: Any) -> Container:
    """Return a container with ``fields``, which has the name of its service."""
    given = {"source_name": name, "image": NGINX, "process": Process(), **fields}
    return Container(name=name, **given)


def workload(name: str = "web", *containers: Container, **fields: Any) -> Workload:
    """Return a workload of ``containers``, or of one that is called like it."""
    given = {"source_name": name, "position": Position("compose.yaml", 3), **fields}
    return Workload(name=name, containers=containers or (container(name),), **given)


def task(name: str = "migrate", *containers: Container, **fields: Any) -> Task:
    """Return a task of ``containers``, or of one that is called like it."""
    given = {"source_name": name, **fields}
    return Task(name=name, containers=containers or (container(name),), **given)


def application(
    *parts: Workload | Task,
    storages: tuple[Storage, ...] = (),
    documents: tuple[Document, ...] = (),
) -> Application:
    """Return the application ``shop``."""
    return Application(name="shop", parts=parts, storages=storages, documents=documents)


def around(
    *parts: Workload | Task,
    storages: tuple[Storage, ...] = (),
    documents: tuple[Document, ...] = (),
    environment: Environment = DEV,
) -> Context:
    """Return the context of such an application."""
    return context(application(*parts, storages=storages, documents=documents), environment)


def plain(part: Part | None) -> Any:
    """Return the fields of a part of an object as they are written; None stays None."""
    return None if part is None else fields(part)
