"""
Which service each job of a scheduler becomes, and which jobs nothing can become.

A job that executes a command in the container of a service becomes a service of its own: the same
image, settings, mounts and user, and the command in place of the image's.  One that runs an image
is a service with that image; one that starts a stopped container of the stack is the service of
that container; one in the scheduler's own container is a copy of the scheduler without the socket.
"""

import posixpath
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import shell_words
from mooring.compose.nodes import Mapping
from mooring.compose.project import Project
from mooring.settings.choices import NO_SCHEDULE, Choices
from mooring.translate.scheduling import jobs, times
from mooring.translate.scheduling.jobs import Job
from mooring.translate.scheduling.jobs import Kind as JobKind
from mooring.translate.scheduling.times import Times
from mooring.translate.surroundings import Kind, LocalFiles
from mooring.translate.view import field, items, text, texts

_ENGINE = frozenset({"docker", "docker-compose", "podman", "nerdctl"})
_CONFIG = "/etc/ofelia/config.ini"


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """
    A job and the ``service`` that runs it, or would; ``origin`` is the one in whose container it
    ran.

    ``is_own`` tells that the service is made for it.  ``problem`` says why there is none; it is
    ``harmless`` where the scheduler would not run the job either, or the user does not want it.
    """

    job: Job
    service: str = ""
    origin: str = ""
    is_own: bool = False
    command: tuple[str, ...] = ()
    times: Times = Times()
    problem: str = ""
    harmless: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """
    All jobs of a stack, and its ``schedulers`` by the names of their services.

    ``unread`` are schedulers of which a file says more, and nobody can read it here.
    """

    planned: tuple[Planned, ...] = ()
    schedulers: ReadOnly[str, str] = {}
    unread: ReadOnly[str, str] = {}


def plan(project: Project, choices: Choices) -> Plan:
    """Return what becomes of the jobs of ``project``, the services made for them left aside."""
    services = {name: node for name, node in project.services.items() if name not in project.copies}
    schedulers = {
        name: found
        for name, node in services.items()
        if (found := jobs.scheduler_of(node)) is not None
    }
    unread: dict[str, str] = {}
    listed = [job for name, node in services.items() for job in jobs.labelled(name, node)]
    for name, scheduler in schedulers.items():
        if scheduler in jobs.SCHEDULERS.values():
            listed += _of_file(project, name, services[name], scheduler, unread)
    planner = _Planner(project.name, services, schedulers, choices)
    return Plan(planned=tuple(map(planner.planned, listed)), schedulers=schedulers, unread=unread)


def _of_file(
    project: Project, name: str, node: Mapping, scheduler: str, unread: dict[str, str]
) -> list[Job]:
    """Return the jobs of the file that a scheduler is given, ``unread`` where it cannot be read."""
    told = " ".join((*texts(field(node, "entrypoint")), *texts(field(node, "command"))))
    for _, mount in items(field(node, "volumes")):
        source = field(mount, "source")
        target = field(mount, "target")
        if source is None or target is None:
            continue
        inside, path = text(target), text(source)
        if not (inside.endswith((".ini", ".conf")) or inside == posixpath.dirname(_CONFIG)):
            continue
        if inside == posixpath.dirname(_CONFIG):
            path = f"{path}/{posixpath.basename(_CONFIG)}"
        elif inside != _CONFIG and inside not in told:
            continue
        around = LocalFiles(project.directory)
        content = around.file(path).content if around.kind(path) is Kind.FILE else None
        if content is None:
            unread[name] = posixpath.relpath(path, project.directory)
            return []
        return jobs.written(
            content.decode("utf-8", errors="replace"),
            file=posixpath.relpath(path, project.directory),
            holder=name,
            scheduler=scheduler,
        )
    return []


class _Planner:
    """Gives each job a service, each name once."""

    def __init__(
        self,
        project: str,
        services: ReadOnly[str, Mapping],
        schedulers: ReadOnly[str, str],
        choices: Choices,
    ) -> None:
        self._project = project
        self._services = services
        self._schedulers = schedulers
        self._choices = choices
        self._taken = set(services)

    def planned(self, job: Job) -> Planned:
        """Return what becomes of ``job``."""
        if not job.enabled:
            return _nothing(
                job,
                f"{job.scheduler} passes over a service without {job.scheduler.lower()}.enabled: "
                '"true"',
                harmless=True,
            )
        if job.kind is not JobKind.EXEC and job.holder not in self._schedulers:
            problem = f"{job.scheduler} reads a {job.kind} from its own container alone"
            return _nothing(job, problem, harmless=True)
        if not job.text("schedule"):
            return _nothing(job, "it has no schedule", harmless=True)
        found = times.read(job.text("schedule"))
        if found.fault:
            return _nothing(job, f'its schedule "{job.text("schedule")}" has no counterpart: '
                            f"{found.fault}")  # fmt: skip
        try:
            command = tuple(shell_words.split(job.text("command")))
        except shell_words.UnbalancedQuotes:
            return _nothing(job, "the quotes of its command are not closed")
        made = self._by_kind(job, command)
        if made.problem:
            return made
        chosen = self._choices.service(made.service).schedule
        if chosen == NO_SCHEDULE:
            return msgspec.structs.replace(
                made, problem="mooring.yaml says that nothing runs it", harmless=True
            )
        if chosen is not None:
            found = times.read(chosen)
        return msgspec.structs.replace(made, times=found)

    def _by_kind(self, job: Job, command: tuple[str, ...]) -> Planned:
        if job.kind is JobKind.EXEC:
            origin: str | None = job.holder
            container = job.text("container")
            if job.holder in self._schedulers and container:
                origin = jobs.by_name(self._services, container, self._project)
            if origin is None or origin in self._schedulers:
                return _nothing(job, f'the stack has no container "{container}" to execute it in')
            if not command:
                return _nothing(job, "it has no command", harmless=True)
            return self._own(job, command, origin=origin, name=_within(origin, job.name))
        if job.kind is JobKind.LOCAL:
            if command[:1] and posixpath.basename(command[0]) in _ENGINE:
                return _nothing(job, f"its command is {command[0]}, which commands no cluster")
            if not command:
                return _nothing(job, "it has no command", harmless=True)
            return self._own(job, command, origin=job.holder, name=job.name)
        if not job.text("image"):
            container = job.text("container")
            service = jobs.by_name(self._services, container, self._project)
            if service is None:
                return _nothing(job, f'the stack has no container "{container}" to start')
            return Planned(job=job, service=service, origin=service)
        return self._own(job, command, origin="", name=job.name)

    def _own(self, job: Job, command: tuple[str, ...], *, origin: str, name: str) -> Planned:
        service = self._free(name)
        return Planned(job=job, service=service, origin=origin, is_own=True, command=command)

    def _free(self, name: str) -> str:
        """Return ``name`` as a name of Compose that no other service has."""
        word = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-"
                       for one in name).strip("-_.") or "job"  # fmt: skip
        name = next(one for one in _numbered(word) if one not in self._taken)
        self._taken.add(name)
        return name


def _within(service: str, job: str) -> str:
    """Return the name of what runs ``job`` of ``service``: both, and neither twice."""
    begins = job == service or job.startswith((f"{service}-", f"{service}_", f"{service}."))
    return job if begins and job != service else f"{service}-{job}"


def _numbered(word: str) -> Iterator[str]:
    yield word
    yield f"{word}-job"
    number = 2
    while True:
        yield f"{word}-job-{number}"
        number += 1


def _nothing(job: Job, problem: str, *, harmless: bool = False) -> Planned:
    return Planned(job=job, problem=problem, harmless=harmless)


def scheduler_variables(project: Project, schedulers: Iterable[str]) -> dict[str, str]:
    """Return the time zone that each of the ``schedulers`` is given, by its service."""
    found: dict[str, str] = {}
    for name in schedulers:
        entry = project.resolved_environments.get(name, {}).get("TZ")
        if entry is not None and entry.value and times.is_zone(entry.value):
            found[name] = entry.value
    return found
