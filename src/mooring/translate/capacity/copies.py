"""
Which workloads run twice in production, where the Compose file says nothing of replicas.

One replica means an outage whenever its node is drained, and with each crash.  Two are safe only
for a process that answers requests and keeps nothing to itself; of any other, a second one may
double work, split state or lose connections.  So a second replica has to be argued for: somebody
asks it over HTTP, its program is the stack's own or known to bear copies, nothing that it mounts
persists, and nothing hints that there may be only one.  What is kept in memory, as sessions, no
file tells; that is why it is a decision.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.endpoints import NetworkAccess
from mooring.app.health import HttpCheck
from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Container, Scale, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Role
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView, field

IN_PRODUCTION = 2

_LONELY_NAMES = frozenset(
    {
        *("agent", "beat", "bot", "clock", "collector", "consumer", "controller", "cron", "crond"),
        *("daemon", "indexer", "leader", "listener", "operator", "poller", "primary", "processor"),
        *("queue", "realtime", "runner", "scheduler", "scraper", "singleton", "socket", "socketio"),
        *("subscriber", "sync", "syncer", "watcher", "websocket", "worker", "workers", "ws"),
    }
)
"""Words in the name of a service that should run once, or whose connections stay open."""

_LONELY_COMMANDS = frozenset({"beat", "celery", "cron", "crond", "rq", "scheduler", "sidekiq"})
"""Words in the command of what works in the background."""

_MIGRATING = frozenset(
    {"alembic", "collectstatic", "flyway", "goose", "knex", "liquibase", "migrate", "migrations"}
)
"""Words in a command that prepares a database before it serves: two would do it at once."""

_HTTP = frozenset({"http", "https", "h2c", "grpc", "kubernetes.io/h2c"})
_SEPARATORS = str.maketrans(dict.fromkeys("-_./:=\"'&;|,()", " "))


def with_copies(
    parts: Sequence[Workload | Task],
    storages: Sequence[Storage],
    views: ReadOnly[str, ServiceView],
    choices: Choices,
) -> Translated[tuple[Workload | Task, ...]]:
    """Return ``parts`` with the replicas in production of those that bear a second one."""
    by_name = {storage.name: storage for storage in storages}
    decisions: list[Decision] = []
    done: list[Workload | Task] = []
    for part in parts:
        serving = None
        if isinstance(part, Workload) and _is_left_open(part, views, choices):
            serving = _serves_http(part, views)
        if serving is None or not isinstance(part, Workload):
            done.append(part)
            continue
        against = next(_against(part, by_name, views), None)
        if against is not None:
            decisions.append(_decision(part, "1 replica, in production too", (serving, against)))
            done.append(part)
            continue
        evidence = (serving, *_bears_copies(part, views), Evidence(_NOTHING_KEPT))
        decisions.append(_decision(part, f"{IN_PRODUCTION} replicas in production", evidence))
        done.append(msgspec.structs.replace(part, replicas_in_production=IN_PRODUCTION))
    return Translated(tuple(done), tuple(decisions))


_NOTHING_KEPT = "nothing that it mounts persists; what it keeps in memory is each replica's own"


def _decision(part: Workload, choice: str, evidence: tuple[Evidence, ...]) -> Decision:
    count = 1 if choice.startswith(f"{IN_PRODUCTION}") else IN_PRODUCTION
    return Decision(
        subject=f"services.{part.source_name}",
        topic="replicas",
        choice=choice,
        evidence=evidence,
        overrule=f"services: {{{part.source_name}: {{replicas: {count}}}}}",
    )


def _is_left_open(part: Workload, views: ReadOnly[str, ServiceView], choices: Choices) -> bool:
    """Tell whether nobody says how often ``part`` runs, and it could run more often."""
    if part.scale is Scale.EVERY_MACHINE or part.keeps_state or part.development_only:
        return False
    for container in part.containers:
        view = views.get(container.source_name)
        if view is None or view.get("scale") is not None:
            return False
        deploy = view.get("deploy")
        if deploy is not None and field(deploy, "replicas") is not None:
            return False
        chosen = choices.service(container.source_name)
        if chosen.replicas or chosen.autoscale:
            return False
    return True


def _serves_http(part: Workload, views: ReadOnly[str, ServiceView]) -> Evidence | None:
    """Return the sign that ``part`` answers requests over HTTP, if there is one."""
    for exposure in part.exposures:
        return Evidence("it is reached from outside by HTTP", exposure.position)
    for container in part.containers:
        for endpoint in container.endpoints:
            if endpoint.application_protocol in _HTTP:
                said = f"it speaks {endpoint.application_protocol} on {endpoint.port}"
                return Evidence(said, endpoint.position)
        health = container.health
        if health is not None and isinstance(health.asked, HttpCheck):
            return Evidence("its health is asked over HTTP", health.position)
        view = views.get(container.source_name)
        known = view.known if view is not None else None
        if known is not None and known.family.replicable and known.family.role in _SERVING:
            return Evidence(f"it is {known.family.summary}", container.position)
    return None


_SERVING = frozenset({Role.WEB, Role.PROXY})


def _bears_copies(part: Workload, views: ReadOnly[str, ServiceView]) -> Iterator[Evidence]:
    """Yield for each container why copies of it are nothing unusual; one without is missing."""
    for container in part.containers:
        view = views.get(container.source_name)
        known = view.known if view is not None else None
        if known is not None and known.family.replicable:
            source = next(iter(known.family.sources.values()))
            yield Evidence(f"copies of {known.family.name} share nothing ({source})")
        elif container.image.built and known is None:
            yield Evidence("the stack builds it, and nothing hints that there may be only one")


def _against(
    part: Workload, storages: ReadOnly[str, Storage], views: ReadOnly[str, ServiceView]
) -> Iterator[Evidence]:
    """Yield what speaks against a second replica."""
    if part.network is NetworkAccess.MACHINE:
        yield Evidence("it takes ports of its node", part.position)
    if part.hostname is not None or part.dials_itself:
        yield Evidence(f"it has a name of its own, {part.hostname or part.name}", part.position)
    if len(list(_bears_copies(part, views))) < len(part.containers):
        yield Evidence("nothing is known of whether copies of its image get along", part.position)
    for exposure in part.exposures:
        if exposure.long_lived:
            yield Evidence("its connections stay open for long", exposure.position)
    for container in part.containers:
        view = views.get(container.source_name)
        yield from _of_container(container, storages, view)


def _of_container(
    container: Container, storages: ReadOnly[str, Storage], view: ServiceView | None
) -> Iterator[Evidence]:
    for mount in container.storage:
        if storages[mount.storage].lifetime in (Lifetime.PERSISTENT, Lifetime.NODE):
            yield Evidence(f"it writes to {mount.path}", mount.position)
    facts = view.image_facts if view is not None else None
    for volume in facts.volumes if facts is not None else ():
        yield Evidence(f"its image has a volume at {volume.value}", volume.position)
    if container.resources.devices:
        yield Evidence("it takes a device for itself", container.position)
    for endpoint in container.endpoints:
        if any(publication.on_every_node for publication in endpoint.publications):
            yield Evidence(f"it takes port {endpoint.port} of its node", endpoint.position)
    if "migrations" in container.image.reference:
        yield Evidence("its image migrates a database before it serves", container.image.position)
    words = set(container.source_name.lower().translate(_SEPARATORS).split())
    if named := sorted(words & _LONELY_NAMES):
        yield Evidence(f'its name says "{named[0]}"', container.position)
    yield from _of_command(container, view)
    for setting in container.settings:
        value = setting.value
        said = value.reveal() if isinstance(value, Sensitive) else value
        if "sqlite" in said.lower() or said.startswith("file:"):
            yield Evidence(f"{setting.name} names a database in a file", setting.position)
        if "SCHEDUL" in setting.name.upper() and said.lower() in _YES:
            yield Evidence(f"{setting.name} has it do scheduled work too", setting.position)


_YES = frozenset({"1", "on", "true", "yes"})


def _of_command(container: Container, view: ServiceView | None) -> Iterator[Evidence]:
    process = container.process
    words = [*(process.entrypoint or ()), *(process.arguments or ())]
    at = view.position("command") if view is not None else container.position
    facts = view.image_facts if view is not None else None
    if not words and facts is not None:
        for line in (facts.entrypoint, facts.command):
            if line is not None:
                words.extend(line.words)
                at = line.position
    said = set(" ".join(words).lower().translate(_SEPARATORS).split())
    if lonely := sorted(said & _LONELY_COMMANDS):
        yield Evidence(f'its command says "{lonely[0]}"', at)
    if migrating := sorted(said & _MIGRATING):
        yield Evidence(f'it starts with "{migrating[0]}", which two would do at once', at)
