"""
What is said of jobs by the clock: what each label becomes, what was decided, and why.
"""

from collections.abc import Iterator

from mooring.accounting import Path
from mooring.app.schedule import Overlap, Schedule
from mooring.compose.nodes import Mapping, Scalar
from mooring.decisions import Decision, Evidence
from mooring.sources import Position
from mooring.translate.notes import Note, approximated, carried, dropped
from mooring.translate.scheduling.jobs import Kind
from mooring.translate.scheduling.plan import Planned
from mooring.translate.scheduling.times import Times
from mooring.translate.scheduling.words import PREFIXES
from mooring.translate.view import field

_TO: dict[str, str] = {
    "schedule": "CronJob.spec.schedule",
    "command": "Container.command",
    "user": "Container.securityContext.runAsUser",
    "environment": "Container.env",
    "no-overlap": "CronJob.spec.concurrencyPolicy",
    "container": "the pod that runs the command",
    "image": "Container.image",
    "network": "NetworkPolicy",
    "volume": "Pod.spec.volumes",
    "dir": "Container.workingDir",
}
_POINTLESS = {
    "tty": "nobody reads along: what a run says is in the log of its pod",
    "delete": "the cluster keeps the pods of the last runs, so that their logs can be read",
}
TOLD_ELSEWHERE = "what a run says is in the log of its pod, and a failed Job is an event to watch"


_OVERLAPS = {
    Overlap.SKIP: "is left out",
    Overlap.ALLOW: "runs beside it",
    Overlap.REPLACE: "takes its place",
}


def labels(name: str, service: Mapping) -> Iterator[tuple[Path, str, Scalar]]:
    """Yield the labels of schedulers of a service, and then those of its `deploy`."""
    deploy = service.entries.get("deploy")
    of_object = field(deploy, "labels") if isinstance(deploy, Mapping) else None
    for path, node in (
        (("services", name, "labels"), service.entries.get("labels")),
        (("services", name, "deploy", "labels"), of_object),
    ):
        if not isinstance(node, Mapping):
            continue
        for label, value in node.entries.items():
            if label.startswith(PREFIXES) and isinstance(value, Scalar):
                yield (*path, label), label, value


def entry(name: str, path: Path, found: Times) -> Note:
    """Return what becomes of the word ``name`` of a job that runs."""
    if name == "schedule" and found.differs:
        return approximated(path, found.differs, _TO["schedule"])
    to = _TO.get(name)
    if to is not None:
        return carried(path, to)
    return dropped(path, _POINTLESS.get(name, TOLD_ELSEWHERE))


def swarm_entry(word: str, path: Path, found: Times) -> Note:
    """Return what becomes of the label ``word`` of a service that swarm-cronjob starts."""
    if word == "schedule" and found.differs:
        return approximated(path, found.differs, "CronJob.spec.schedule")
    if word in {"registry-auth", "query-registry"}:
        return dropped(path, "a node pulls images by the pull secret of its pods")
    to = {
        "enable": "CronJob",
        "schedule": "CronJob.spec.schedule",
        "skip-running": "CronJob.spec.concurrencyPolicy",
        "replicas": "Job.spec.completions, Job.spec.parallelism",
    }.get(word)
    return carried(path, to) if to is not None else dropped(path, "swarm-cronjob does not know it")


def what(one: Planned) -> str:
    """Return what runs the job, where that is not plain."""
    if one.job.kind is Kind.EXEC:
        return f", in a pod of its own that is like {one.origin} but for its command"
    if one.job.kind is Kind.LOCAL:
        return f", in a pod of its own with the image of {one.origin}"
    return ""


def where(one: Planned) -> Evidence:
    """Return where the scheduler ran the job."""
    scheduler = one.job.scheduler
    if one.job.kind is Kind.EXEC:
        return Evidence(
            f"{scheduler} executes it in the running container of {one.origin}, for which a "
            "cluster would have to give it rights over pods"
        )
    if one.job.kind is Kind.LOCAL:
        return Evidence(f"{scheduler} runs it in its own container")
    if not one.is_own:
        return Evidence(f"{scheduler} starts the container of {one.service}")
    return Evidence(f"{scheduler} runs it in a new container")


def at(one: Planned) -> Position | None:
    """Return where the job stands."""
    return next(iter(one.job.words.values())).position


def decision(name: str, schedule: Schedule, what: str, evidence: tuple[Evidence, ...]) -> Decision:
    """Return when the service ``name`` runs, what it is, and what becomes of two runs at once."""
    return Decision(
        subject=f"services.{name}",
        topic="schedule",
        choice=f'runs at "{schedule.line}" ({schedule.time_zone}){what}; a run whose time '
        f"comes while the last one goes on {_OVERLAPS[schedule.overlap]}",
        evidence=evidence,
        overrule=f'services: {{{name}: {{schedule: "{schedule.line}", '
        f"time_zone: {schedule.time_zone}, overlap: {schedule.overlap}}}}}",
    )
