"""
mooring.yaml, read into `Settings`.

The file is YAML as Compose reads it, so that nobody has to know two languages; it knows no
variables.  What it may hold stands in `schema`.  All faults are told at once.
"""

import os
from typing import Literal

import msgspec

from mooring.compose import suggest
from mooring.compose.nodes import Mapping, Node
from mooring.compose.yaml_reader import Document, read_documents
from mooring.errors import InputErrors
from mooring.settings import (
    clusters,
    schema,
    written_checks,
    written_clusters,
    written_projects,
    written_releases,
)
from mooring.settings.checking import InvalidSettingsValue, Reading
from mooring.settings.choices import Choices, ServiceChoices, VolumeChoices
from mooring.settings.clusters import Cluster
from mooring.settings.environments import (
    Environment,
    Gateway,
    GatewayListeners,
    ImageSource,
    ProjectChange,
    ProjectFiles,
    Tier,
    tier_of,
)
from mooring.settings.settled import Settings
from mooring.settings.written_clusters import WrittenCluster
from mooring.settings.written_projects import WrittenProject
from mooring.settings.written_releases import WrittenRelease


class _Environment(msgspec.Struct, frozen=True):
    tier: Tier | None = None
    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    namespace: str | None = None
    registry: str | None = None
    tag: str | None = None
    pull_secret: str | None = None
    domain: str | None = None
    ingress_class: str | None = None
    ingress_namespace: str | None = None
    metrics_namespace: str | None = None
    issuer: str | None = None
    cluster: str | None = None
    gateway: str | None = None
    gateway_listeners: GatewayListeners = GatewayListeners()
    name_server: str | None = None
    runtimes: dict[str, clusters.RuntimeClass] = {}
    quota: bool | dict[str, str] = False
    projects: dict[str, ProjectChange | Literal["none"]] = {}


class _Content(msgspec.Struct, frozen=True):
    """The file as written."""

    project: str | None = None
    projects: dict[str, WrittenProject] = {}
    environments: dict[str, _Environment] | None = None
    services: dict[str, ServiceChoices] = {}
    volumes: dict[str, VolumeChoices] = {}
    clusters: dict[str, WrittenCluster] = {}
    releases: dict[str, WrittenRelease] = {}
    checks: written_checks.WrittenChecks = written_checks.WrittenChecks()


def read(content: bytes, file: str, *, directory: str = "") -> Settings:
    """
    Return what ``content`` settles; the text of a file that is shown to the user as ``file``.

    Relative paths in it begin at ``directory``, the file's own; they stay as they are written
    where that is empty.

    Raises:
        InputErrors: the faults of the file, all at once.
    """
    documents = read_documents(content, file)
    reading = Reading()
    _check_documents(documents, reading)
    if not documents:
        return Settings()
    root = documents[0].root
    said = reading.read(root, schema.SETTINGS, ())
    # What has a fault is left out of what was said, so the rest can still be judged.
    written = msgspec.convert(said or {}, _Content)
    projects = written_projects.projects(root, written.projects, reading, directory)
    environments = _environments(root, written, projects, reading, directory)
    checks = written_checks.choices(root, written.checks, reading)
    releases = written_releases.releases(root, written.releases, reading, directory)
    if reading.errors:
        raise InputErrors(reading.errors)
    return Settings(
        project=written.project,
        environments=environments,
        amends=environments is not None
        and not any(one.tier for one in (written.environments or {}).values()),
        projects=projects,
        choices=Choices(services=written.services, volumes=written.volumes),
        checks=checks,
        releases=releases,
        names=reading.names,
    )


def _check_documents(documents: tuple[Document, ...], reading: Reading) -> None:
    for document in documents:
        for tag in document.resets:
            message = f"{tag.name} has no meaning here"
            remedy = "remove it; there is no earlier file that it could change"
            reading.add(InvalidSettingsValue, tag.path, message, tag.position, remedy)
    for document in documents[1:]:
        message = "there must be one YAML document, this is another"
        remedy = 'remove the line "---" before it'
        reading.add(InvalidSettingsValue, (), message, document.root.position, remedy)


def _environments(
    root: Node,
    written: _Content,
    projects: tuple[ProjectFiles, ...],
    reading: Reading,
    directory: str,
) -> tuple[Environment, ...] | None:
    """Return the environments, or None where there is nothing below their key."""
    found = root.get("environments") if isinstance(root, Mapping) else None
    if not isinstance(found, Mapping) or not written.environments:
        return None
    environments: list[Environment] = []
    for name, environment in written.environments.items():
        tier = environment.tier or tier_of(name)
        if tier is None:
            _ask_for_tier(name, found, reading)
            continue
        its_projects = written_projects.of_environment(
            name, found.get(name), environment.projects, projects, reading, directory
        )
        cluster = environment.cluster and written_clusters.cluster(
            name, environment.cluster, written.clusters, found.get(name), reading
        )
        environments.append(
            Environment(
                name=name,
                tier=tier,
                files=_from(directory, environment.files),
                env_files=_from(directory, environment.env_files),
                profiles=environment.profiles,
                namespace=environment.namespace,
                images=ImageSource(
                    registry=environment.registry,
                    tag=environment.tag,
                    pull_secret=environment.pull_secret,
                ),
                domain=environment.domain,
                ingress_class=environment.ingress_class
                or (cluster.ingress_class if cluster else None),
                ingress_namespace=_ingress_namespace(environment, cluster or None),
                metrics_namespace=environment.metrics_namespace,
                issuer=environment.issuer,
                gateway=_gateway(environment.gateway),
                gateway_listeners=environment.gateway_listeners,
                name_server=environment.name_server,
                projects=its_projects,
                cluster=cluster or None,
                runtimes={**(cluster.runtimes if cluster else {}), **environment.runtimes},
                quota=_quota(environment.quota),
            )
        )
    return tuple(environments)


def _ingress_namespace(environment: _Environment, cluster: Cluster | None) -> str | None:
    """Return where the controller runs; a cluster knows that of its own class alone."""
    if environment.ingress_namespace is not None or cluster is None:
        return environment.ingress_namespace
    # What stands behind a Gateway runs where that was set up.
    is_its_own = environment.gateway is None and environment.ingress_class in (
        None,
        cluster.ingress_class,
    )
    return cluster.ingress_namespace if is_its_own else None


def _gateway(written: str | None) -> Gateway | None:
    if written is None:
        return None
    namespace, _, name = written.rpartition("/")
    return Gateway(name=name, namespace=namespace or None)


def _quota(written: bool | dict[str, str]) -> dict[str, str] | None:
    """Return the amounts of a quota: none in particular where it is just wanted."""
    if isinstance(written, dict):
        return written
    return {} if written else None


def _ask_for_tier(name: str, environments: Mapping, reading: Reading) -> None:
    written = environments.get(name)
    if isinstance(written, Mapping) and "tier" in written.entries:
        return  # It has a fault of its own.
    reading.add(
        InvalidSettingsValue,
        ("environments", name),
        "nothing says how much it demands",
        environments.key_position(name),
        f"add tier: {suggest.one_of(Tier)}",
    )


def _from(directory: str, files: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(os.path.join(directory, file) for file in files)
