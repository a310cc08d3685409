"""
Migrations and metadata of Hasura, applied by a Job before those who ask for them.

The plain image of Hasura passes over mounted migrations; in Compose a console with the CLI, which
a developer keeps open, or a hand applies them.  A cluster has neither, and a Hasura that tracks no
tables answers "field not found" to everybody.  So where a Hasura is given a folder of migrations
or metadata, a task with the CLI of its own version applies them, and whoever dials it waits for
that.  Seeds are for development.  The console stays there too: what it is for is done.

Sources: https://hasura.io/docs/2.0/migrations-metadata-seeds/auto-apply-migrations/,
https://hasura.io/docs/2.0/hasura-cli/commands/hasura_migrate_apply/
"""

from collections.abc import Mapping as ReadOnly
from decimal import Decimal

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import DocumentMount, Setting
from mooring.app.dependencies import Condition, Dependency
from mooring.app.process import Process
from mooring.app.resources import Resources
from mooring.app.workloads import Container, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.images.facts import Role
from mooring.kube.names import label
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView

FAMILY = "hasura"
UNTRACKED = Rule(id="hasura-without-migrations", severity=Severity.WARNING, since="0.1")

_PORT = 8080
_WITH_CLI = ".cli-migrations-v3"
_FOLDERS = ("migrations", "metadata", "seeds")
_PROJECT = """\
set -e
mkdir -p /tmp/project && cd /tmp/project
printf 'version: {version}\\nmetadata_directory: metadata\\n' > config.yaml
"""
_CLI = "hasura-cli {} --skip-update-check\n"
_MI = 1024**2
_RETRIES = 3
_DEADLINE_SECONDS = 3600
_SERVERS = frozenset(
    {Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE, Role.PROXY}
)


def with_migrations(
    application: Application, views: ReadOnly[str, ServiceView]
) -> Translated[Application]:
    """Return ``application`` with a task for each Hasura that is given what nothing applies."""
    notes: list[Note] = []
    for part in application.parts:
        engine = next((one for one in part.containers if _is_engine(one, views)), None)
        if engine is not None and isinstance(part, Workload):
            application = _applied(application, part, engine, views, notes)
    return Translated(application, tuple(notes))


def _is_engine(container: Container, views: ReadOnly[str, ServiceView]) -> bool:
    """Tell whether a container runs the plain image, which applies nothing by itself."""
    known = views[container.source_name].known
    is_plain = "cli-migrations" not in container.image.reference and not container.image.built
    return known is not None and known.family.name == FAMILY and is_plain


def _applied(
    application: Application,
    part: Workload,
    engine: Container,
    views: ReadOnly[str, ServiceView],
    notes: list[Note],
) -> Application:
    folders = _folders(engine)
    if not folders.keys() & {"migrations", "metadata"}:
        notes.append(
            UNTRACKED.finding(
                engine.position,
                f'nothing applies migrations and metadata to "{part.source_name}": it tracks no '
                "table of a new database",
                remedy="mount ./migrations at /hasura-migrations and ./metadata at "
                "/hasura-metadata, and a Job applies them",
            )
        )
        return application
    migrate = _task(part, engine, folders, "migrate", _script(folders, application))
    tasks = [migrate]
    if "seeds" in folders:
        seed = _task(part, engine, folders, "seed", _script(folders, application, seeds=True))
        waits = Dependency(on=migrate.source_name, condition=Condition.COMPLETED)
        tasks.append(
            msgspec.structs.replace(
                seed, development_only=True, dependencies=(*seed.dependencies, waits)
            )
        )
    console = [one for one in application.parts if _is_console(one, views)]
    waiting = [one for one in application.parts if _asks(one, part, views) and one not in console]
    shown = ", ".join(folders)
    notes.append(
        Decision(
            subject=f"services.{part.source_name}",
            topic="migrations",
            choice=f"the Job {migrate.name} applies them; "
            + (f"{_listed(waiting)} {'waits' if len(waiting) == 1 else 'wait'} for it"
               if waiting else "nobody waits for it"),
            evidence=(
                Evidence(f"it is given {shown}, which its image passes over", engine.position),
            ),
            overrule=f"services: {{{part.source_name}: {{image: {engine.image.reference}"
            f"{_WITH_CLI}}}}}",
        )
    )  # fmt: skip
    notes.extend(_of_console(one, migrate) for one in console)
    wait = Dependency(on=migrate.source_name, condition=Condition.COMPLETED)
    parts: list[Workload | Task] = []
    for one in application.parts:
        if one in console:
            parts.append(msgspec.structs.replace(one, development_only=True))
        elif one in waiting:
            parts.append(msgspec.structs.replace(one, dependencies=(*one.dependencies, wait)))
        else:
            parts.append(one)
        if one is part:
            parts.extend(tasks)
    return msgspec.structs.replace(application, parts=tuple(parts))


def _folders(engine: Container) -> dict[str, DocumentMount]:
    """Return the folders that the CLI knows among the mounts of ``engine``, by their names."""
    found: dict[str, DocumentMount] = {}
    for name in _FOLDERS:
        for mount in engine.documents:
            last = mount.path.rstrip("/").rpartition("/")[2]
            if mount.file is None and (last == name or last.endswith(f"-{name}")):
                found.setdefault(name, mount)
    return found


def _script(
    folders: dict[str, DocumentMount], application: Application, *, seeds: bool = False
) -> str:
    """
    Return what the task runs: a project of the CLI made of the mounts, then its commands.

    Since version 3 a project has a folder for each database; before, migrations stand side by side.
    """
    by_database = _has_databases(folders, application)
    links = "".join(f"ln -s {mount.path} {name}\n" for name, mount in folders.items())
    if seeds:
        steps = ["seed apply" + (" --database-name default" if by_database else "")]
    else:
        steps = []
        if "migrations" in folders:
            steps.append("migrate apply" + (" --all-databases" if by_database else ""))
        if "metadata" in folders:
            steps.append("metadata apply")
        steps.append("metadata reload")
    project = _PROJECT.format(version=3 if by_database else 2)
    return project + links + "".join(map(_CLI.format, steps))


def _has_databases(folders: dict[str, DocumentMount], application: Application) -> bool:
    mount = folders.get("migrations")
    if mount is None:
        return True
    document = next((one for one in application.documents if one.name == mount.document), None)
    names = {path.partition("/")[0] for path in document.files} if document is not None else set()
    return not names or not all(name[:1].isdigit() for name in names)


def _task(
    part: Workload, engine: Container, folders: dict[str, DocumentMount], what: str, script: str
) -> Task:
    name = label(f"{part.name}-{what}")
    secret = next(
        (one for one in engine.settings if one.name == "HASURA_GRAPHQL_ADMIN_SECRET"), None
    )
    endpoint = Setting(name="HASURA_GRAPHQL_ENDPOINT", value=f"http://{part.name}:{_PORT}")
    home = Setting(name="HOME", value="/tmp")  # noqa: S108 - the CLI keeps its state there
    reference = f"{engine.image.reference}{_WITH_CLI}"
    container = msgspec.structs.replace(
        engine,
        name=name,
        source_name=name,
        image=msgspec.structs.replace(engine.image, reference=reference),
        process=Process(entrypoint=("/bin/sh", "-c"), arguments=(script,)),
        settings=(*((secret,) if secret is not None else ()), endpoint, home),
        endpoints=(),
        documents=tuple(folders.values()),
        health=None,
        resources=Resources(
            cpu_request=Decimal("0.1"), memory_request=128 * _MI, memory_limit=512 * _MI
        ),
        after_start=(),
        before_stop=(),
    )
    return Task(
        name=name,
        source_name=name,
        containers=(container,),
        dependencies=(Dependency(on=part.source_name, condition=Condition.HEALTHY),),
        retries=_RETRIES,
        deadline_seconds=_DEADLINE_SECONDS,
        network=part.network,
        networks=part.networks,
        security=part.security,
        placement=part.placement,
        position=part.position,
    )


def _is_console(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> bool:
    """Tell whether ``part`` is a CLI with its console, which carries the same folders."""
    return isinstance(part, Workload) and any(
        one.image.built
        and {"migrations", "metadata"} <= _folders(one).keys()
        and any(setting.name == "CONSOLE_MODE" for setting in one.settings)
        for one in part.containers
    )


def _of_console(part: Workload | Task, migrate: Task) -> Decision:
    return Decision(
        subject=f"services.{part.source_name}",
        topic="environments",
        choice=f"only in development: elsewhere the Job {migrate.name} applies what it carries",
        evidence=(Evidence("it holds the console of Hasura open for a developer", part.position),),
        overrule=f"services: {{{part.source_name}: {{kind: workload}}}}",
    )


def _asks(part: Workload | Task, engine: Workload, views: ReadOnly[str, ServiceView]) -> bool:
    """Tell whether ``part`` is a program of the stack that is given the address of ``engine``."""
    if part is engine or isinstance(part, Task):
        return False
    address = f"//{engine.name}:{_PORT}"
    for one in part.containers:
        known = views[one.source_name].known
        if known is not None and known.family.role in _SERVERS:
            return False
        if any(isinstance(each.value, str) and address in each.value for each in one.settings):
            return True
    return False


def _listed(parts: list[Workload | Task]) -> str:
    names = [one.name for one in parts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
