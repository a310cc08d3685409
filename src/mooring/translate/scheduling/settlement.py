"""
What runs by the clock, and what is said of it: schedules, labels, and schedulers that are left out.

A run whose time comes while the last one goes on is left out unless somebody says otherwise, also
where the scheduler would have started it: what hangs would pile up pods until the nodes are full.
swarm-cronjob starts its service anew, which ends what still runs, so there the new run takes the
place of the old one.

A scheduler has nothing left to do once all its jobs have schedules of their own, and the Docker
socket by which it does its work is what a cluster must not hand out.

Sources: https://crazymax.dev/swarm-cronjob/usage/docker-labels/,
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.accounting import Path
from mooring.app.schedule import Overlap, Schedule
from mooring.compose.nodes import Mapping, Scalar
from mooring.compose.project import Project
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.settings.choices import NO_SCHEDULE, Choices, ServiceChoices
from mooring.settings.choices import Kind as ServiceKind
from mooring.translate.lifecycle import Life
from mooring.translate.notes import Note, Translated, carried, dropped
from mooring.translate.scheduling import plan, times, unfolding, wording, words
from mooring.translate.scheduling.jobs import Kind, Word
from mooring.translate.scheduling.plan import Plan, Planned
from mooring.translate.scheduling.times import Times
from mooring.translate.view import text

JOB_NOT_RUN = Rule(id="job-of-scheduler-not-run", severity=Severity.ERROR, since="0.1")
RUNS_LESS_OFTEN = Rule(id="runs-less-often", severity=Severity.WARNING, since="0.1")
AWAY_FROM_SERVER = Rule(id="job-away-from-its-server", severity=Severity.WARNING, since="0.1")
CONTRADICTION = Rule(id="schedule-of-what-goes-on", severity=Severity.ERROR, since="0.1")

_ZONE = "Etc/UTC"
_SWARM = "swarm.cronjob."
_SWARM_PROGRAM = "swarm-cronjob"
LEFT_OUT = "the cluster starts by the clock what this scheduler started through the Docker socket"


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """
    What runs by the clock, by the names of services, and the schedulers that are ``left_out``.

    ``lives`` has only the services that are tasks because of a clock.
    """

    lives: ReadOnly[str, Life] = {}
    left_out: frozenset[str] = frozenset()

    def life(self, name: str, life: Life) -> Life:
        """Return ``life`` with the clock of the service ``name``, where it has one."""
        found = self.lives.get(name)
        if found is None:
            return life
        return msgspec.structs.replace(
            life, schedule=found.schedule, runs=found.runs, shares_image=found.shares_image
        )


def settled(project: Project, choices: Choices) -> Translated[Scheduled]:
    """Return what of ``project``, the copies for its jobs among it, runs by the clock."""
    spoken = words.are_spoken(project.services)
    found = plan.plan(project, choices) if spoken else Plan()
    settling = _Settling(project, choices, found)
    if spoken:
        settling.jobs()
        settling.of_swarm()
    settling.chosen()
    if spoken:
        settling.leave_out()
    return Translated(
        Scheduled(lives=settling.lives, left_out=frozenset(settling.left_out)),
        tuple(settling.notes),
    )


class _Settling:
    """One pass over what runs by the clock."""

    def __init__(self, project: Project, choices: Choices, found: Plan) -> None:
        self._project = project
        self._choices = choices
        self._plan = found
        self._lost: set[str] = set(found.unread)
        self._busy: set[str] = set()
        self.lives: dict[str, Life] = {}
        self.left_out: list[str] = []
        self.notes: list[Note] = []
        zones = plan.scheduler_variables(project, found.schedulers)
        self._zones = {found.schedulers[name]: zone for name, zone in zones.items()}
        self._zones_at = {found.schedulers[name]: name for name in zones}

    def jobs(self) -> None:
        """Settle the jobs of Ofelia and Chadburn."""
        for one in self._plan.planned:
            scheduler = self._scheduler_service(one)
            if scheduler is not None and one.service:
                self._busy.add(scheduler)
            if one.problem:
                self._not_run(one)
                if scheduler is not None and not one.harmless:
                    self._lost.add(scheduler)
                continue
            self._run(one)
        for name, service in self._project.services.items():
            self._other_labels(name, service)

    def _scheduler_service(self, one: Planned) -> str | None:
        program = one.job.scheduler
        named = (name for name, found in self._plan.schedulers.items() if found == program)
        return next(named, None)

    def _not_run(self, one: Planned) -> None:
        for word in one.job.words.values():
            if word.path:
                self.notes.append(dropped(word.path, one.problem))
        if one.harmless:
            return
        self.notes.append(
            JOB_NOT_RUN.finding(
                wording.at(one),
                f'nothing runs the job "{one.job.name}" of {one.job.scheduler} in the cluster: '
                f"{one.problem}",
                remedy="make it a service of its own with schedule: in x-mooring or mooring.yaml",
            )
        )

    def _run(self, one: Planned) -> None:
        job = one.job
        no_overlap = job.words.get("no-overlap")
        says_so = no_overlap is not None and no_overlap.text.lower() == "true"
        chosen = self._choices.service(one.service)
        overlap = _overlap(chosen, Overlap.SKIP)
        schedule = self._schedule(one.service, one.times, job.scheduler, overlap)
        self.lives[one.service] = Life(
            kind=ServiceKind.TASK,
            schedule=schedule,
            shares_image=job.kind in {Kind.EXEC, Kind.LOCAL},
        )
        self._account(one)
        evidence = [
            Evidence(
                f'{job.said_in} says "{job.text("schedule")}"', job.words["schedule"].position
            ),
            wording.where(one),
        ]
        if says_so and no_overlap is not None:
            evidence.append(Evidence("no-overlap says so", no_overlap.position))
        elif overlap is Overlap.SKIP:
            evidence.append(Evidence("of a run that hangs the next ones would pile up"))
        withheld = unfolding.withheld(self._project, one) if one.is_own and one.origin else ()
        if withheld:
            evidence.append(
                Evidence(
                    f"it does not get {', '.join(withheld)}: a second process on the files of a "
                    "running server ruins them"
                )
            )
        self.notes.append(
            wording.decision(one.service, schedule, wording.what(one), tuple(evidence))
        )
        if one.is_own and job.kind is Kind.EXEC:
            self._of_server(one, bool(withheld))
        missing = unfolding.unknown_volumes(job.texts("volume"), self._project)
        if missing:
            self.notes.append(
                JOB_NOT_RUN.finding(
                    job.words["volume"].position,
                    f'the job "{job.name}" mounts {", ".join(missing)}, which the stack does not '
                    "define",
                    remedy="define the volume below volumes, with its name",
                )
            )

    def _schedule(self, name: str, found: Times, scheduler: str, overlap: Overlap) -> Schedule:
        zone = self._choices.service(name).time_zone or found.time_zone
        return Schedule(
            line=found.line,
            time_zone=zone or self._zones.get(scheduler, _ZONE),
            overlap=overlap,
            late_seconds=times.late_seconds(found.line),
        )

    def _account(self, one: Planned) -> None:
        """Say what became of each label of a job that runs."""
        for name, word in one.job.words.items():
            if word.path:
                self.notes.append(wording.entry(name, word.path, one.times))
        if one.times.rarer:
            self._rarer(one.service, one.times, one.job.words["schedule"])

    def _rarer(self, name: str, found: Times, word: Word) -> None:
        self.notes.append(
            RUNS_LESS_OFTEN.finding(
                word.position,
                f'"{name}" runs less often than "{word.text}" says: {found.differs}',
                remedy="let a workload do it in a loop, where once a minute is not enough",
            )
        )

    def _of_server(self, one: Planned, is_store: bool) -> None:
        command = unfolding.command_of(self._project, one)
        word = one.job.words["command"]
        if command != one.command:
            self.notes.append(
                Decision(
                    subject=f"services.{one.service}",
                    topic="command",
                    choice=f"its command dials {one.origin} by name",
                    evidence=(
                        Evidence("in the container of its server it found that at home",
                                 word.position),
                    ),
                    overrule=f"services: {{{one.service}: {{command: <command>}}}}",
                )
            )  # fmt: skip
        elif is_store:
            self.notes.append(
                AWAY_FROM_SERVER.finding(
                    word.position,
                    f'the job "{one.job.name}" ran beside the server of {one.origin}, and now in a '
                    "pod of its own, where it finds neither the server nor its files",
                    remedy=f"let its command dial {one.origin}, as in "
                    f"services: {{{one.service}: {{command: <command>}}}}",
                )
            )

    def _other_labels(self, name: str, service: Mapping) -> None:
        """Account for the labels of schedulers that are no words of a job."""
        said = {word.path for one in self._plan.planned for word in one.job.words.values()}
        runs = any(one.job.holder == name and not one.problem for one in self._plan.planned)
        for path, label, _ in wording.labels(name, service):
            if path in said or label.startswith(_SWARM):
                continue
            if label.endswith((".enabled", ".service")) and runs:
                self.notes.append(carried(path, "the CronJobs of its jobs"))
            elif label.endswith((".enabled", ".service")):
                self.notes.append(dropped(path, "no job of it is run by the clock"))
            else:
                self.notes.append(dropped(path, wording.TOLD_ELSEWHERE))

    def of_swarm(self) -> None:
        """Settle the services that swarm-cronjob starts."""
        scheduler = next(
            (name for name, one in self._plan.schedulers.items() if one == _SWARM_PROGRAM), None
        )
        for name, service in self._project.services.items():
            labels = {
                label[len(_SWARM) :]: (path, node)
                for path, label, node in wording.labels(name, service)
                if label.startswith(_SWARM)
            }
            if not labels:
                continue
            problem = self._problem_of_swarm(name, labels)
            schedule = labels.get("schedule")
            if problem or schedule is None:
                self.notes += [dropped(path, problem) for path, _ in labels.values()]
                continue
            if scheduler is not None:
                self._busy.add(scheduler)
            self._of_swarm(name, labels, scheduler)

    def _problem_of_swarm(self, name: str, labels: dict[str, tuple[Path, Scalar]]) -> str:
        enabled = labels.get("enable")
        if any(path[2] == "labels" for path, _ in labels.values()):
            return "swarm-cronjob reads deploy.labels"
        if enabled is None or text(enabled[1]).lower() != "true":
            return 'swarm-cronjob passes over a service without swarm.cronjob.enable: "true"'
        if "schedule" not in labels:
            return "it has no schedule"
        chosen = self._choices.service(name)
        if chosen.kind is not None and chosen.kind is not ServiceKind.TASK:
            return "mooring.yaml says that it goes on"
        return "mooring.yaml says that no clock starts it" if chosen.schedule == NO_SCHEDULE else ""

    def _of_swarm(
        self, name: str, labels: dict[str, tuple[Path, Scalar]], scheduler: str | None
    ) -> None:
        path, node = labels["schedule"]
        chosen = self._choices.service(name)
        found = times.read(chosen.schedule or text(node))
        if found.fault:
            self.notes += [dropped(one, found.fault) for one, _ in labels.values()]
            self.notes.append(
                JOB_NOT_RUN.finding(
                    node.position,
                    f'no clock starts "{name}": its schedule "{text(node)}" has no counterpart: '
                    f"{found.fault}",
                    remedy="say it in mooring.yaml, as in "
                    f'services: {{{name}: {{schedule: "0 3 * * *"}}}}',
                )
            )
            if scheduler is not None:
                self._lost.add(scheduler)
            return
        skips = "skip-running" in labels and text(labels["skip-running"][1]).lower() == "true"
        overlap = _overlap(chosen, Overlap.SKIP if skips else Overlap.REPLACE)
        schedule = self._schedule(name, found, _SWARM_PROGRAM, overlap)
        runs = text(labels["replicas"][1]) if "replicas" in labels else "1"
        count = int(runs) if runs.isdecimal() and int(runs) else 1
        self.lives[name] = Life(kind=ServiceKind.TASK, schedule=schedule, runs=count)
        for label, (place, _) in labels.items():
            self.notes.append(wording.swarm_entry(label, place, found))
        if found.rarer:
            word = Word(text=text(node), path=path, position=node.position)
            self._rarer(name, found, word)
        evidence = [
            Evidence(f'its label swarm.cronjob.schedule says "{text(node)}"', node.position)
        ]
        if chosen.overlap is None:
            evidence.append(
                Evidence("swarm.cronjob.skip-running says so")
                if skips
                else Evidence("swarm-cronjob starts the service anew, which ends what still runs")
            )
        self.notes.append(wording.decision(name, schedule, "", tuple(evidence)))

    def chosen(self) -> None:
        """Settle what mooring.yaml gives a schedule that no label speaks of."""
        for name in self._project.services:
            chosen = self._choices.service(name)
            if chosen.schedule in (None, NO_SCHEDULE) or name in self.lives:
                continue
            if chosen.kind not in (None, ServiceKind.TASK):
                self.notes.append(
                    CONTRADICTION.finding(
                        self._project.services[name].position,
                        f'mooring.yaml says that "{name}" is of the kind {chosen.kind}, and that '
                        "it runs by the clock: it is not run by the clock",
                        remedy="remove kind or schedule",
                    )
                )
                continue
            found = times.read(chosen.schedule or "")
            overlap = _overlap(chosen, Overlap.SKIP)
            schedule = self._schedule(name, found, "", overlap)
            self.lives[name] = Life(kind=ServiceKind.TASK, schedule=schedule)

    def leave_out(self) -> None:
        """Leave out the schedulers of which nothing is lost."""
        for name, program in self._plan.schedulers.items():
            service = self._project.services[name]
            if name in self._plan.unread:
                self._unread(name, program)
            kept = self._choices.service(name).kind is not None
            if kept or name in self._lost or name not in self._busy:
                continue
            self.left_out.append(name)
            self.notes.extend(
                dropped(("services", name, attribute), LEFT_OUT) for attribute in service.entries
            )
            if self._zones_at.get(program) == name:
                path = ("services", name, "environment", "TZ")
                self.notes.append(carried(path, "CronJob.spec.timeZone"))
            self.notes.append(
                Decision(
                    subject=f"services.{name}",
                    topic="kind",
                    choice="left out: each of its jobs is a CronJob, which the cluster starts",
                    evidence=(
                        Evidence(f"its image is {program}", service.key_position("image")),
                        Evidence("all that it is told to run has a schedule of its own now"),
                    ),
                    overrule=f"services: {{{name}: {{kind: workload}}}}",
                )
            )

    def _unread(self, name: str, program: str) -> None:
        file = self._plan.unread[name]
        self.notes.append(
            JOB_NOT_RUN.finding(
                self._project.services[name].position,
                f"{program} reads its jobs from {file}, which is not here to be read: nothing "
                "runs them in the cluster",
                remedy="put the file where the compose file says that it is, and convert again",
            )
        )


def _overlap(chosen: ServiceChoices, usual: Overlap) -> Overlap:
    return Overlap(chosen.overlap.value) if chosen.overlap is not None else usual
