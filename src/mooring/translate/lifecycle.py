"""
Whether a service goes on or ends: a workload or a task.

Compose has no word for it.  `restart: "no"` is its default, so a long-running service and a
migration look alike.  What tells them apart is who waits for whom, else the name of the service and
the last of its commands.  Where nobody says, it is taken to go on: a task that is restarted is seen
at once, a server that is never restarted is an outage.
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.schedule import Schedule
from mooring.compose.nodes import Mapping, Scalar
from mooring.decisions import Decision, Evidence
from mooring.patterns import LazyPattern
from mooring.settings.choices import Choices, Kind
from mooring.translate.notes import Note, Translated, approximated, carried
from mooring.translate.view import ServiceView, entries, field, text, texts, whole

ATTRIBUTES = ("restart", "deploy.restart_policy")

_TASK_WORDS = frozenset(
    {"migrate", "migration", "migrations", "migrator", "seed", "seeder", "init", "setup",
     "bootstrap", "provision", "createbuckets", "collectstatic"}
)  # fmt: skip
_TASK_COMMANDS = frozenset(
    {"migrate", "migration", "migrations", "migrator", "seed", "collectstatic", "createbuckets",
     "db:migrate", "db:seed", "db:prepare", "db:setup"}
)  # fmt: skip
_COMMAND_ENDS = ("&&", ";", "|")
_FILE_IN_TEST = LazyPattern(r"(?:\[|\btest)\s+-[defrs]\s|\bls\s")
_LAST_WORDS = frozenset({"echo", "exit", "true", "touch", "printf", "cp", "mv", "chmod", "chown"})
"""Commands with which a script ends, and no server is run."""
_BETWEEN_WORDS = str.maketrans(dict.fromkeys("./_=\"'-", " "))


class Peers(msgspec.Struct, frozen=True, kw_only=True):
    """What the other services say of this one: who waits for its end, who for its health."""

    wait_for_end: tuple[str, ...] = ()
    wait_for_health: tuple[str, ...] = ()


def peers(services: ReadOnly[str, Mapping]) -> dict[str, Peers]:
    """Return who waits for each service, by what they wait for."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, service in services.items():
        for target, node in entries(service.get("depends_on")):
            condition = field(node, "condition")
            word = text(condition) if condition is not None else "service_started"
            found.setdefault(target, {}).setdefault(word, []).append(name)
    return {
        name: Peers(
            wait_for_end=tuple(by_condition.get("service_completed_successfully", ())),
            wait_for_health=tuple(by_condition.get("service_healthy", ())),
        )
        for name, by_condition in found.items()
    }


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """
    ``retries`` counts restarts after a failure, None where nothing bounds them.

    A task with a ``schedule`` runs by the clock, ``runs`` at a time where that is said.  One that
    ``shares_image`` runs what belongs to the program for which its image is known, and not through
    the image's entrypoint.
    """

    kind: Kind
    retries: int | None = None
    schedule: Schedule | None = None
    runs: int | None = None
    shares_image: bool = False


def translate(
    service: ServiceView, peers: Peers, choices: Choices, *, by_the_clock: bool = False
) -> Translated[Life]:
    """
    Return whether the service is a workload or a task, with the decision where one was taken.

    What is started ``by_the_clock`` is a task.
    """
    policy, retries, notes = _restart_policy(service)
    chosen = Kind.TASK if by_the_clock else choices.service(service.name).kind
    mode = _mode(service)
    evidence: list[Evidence] = []
    if chosen is not None:
        kind = Kind.TASK if chosen is Kind.TASK else Kind.WORKLOAD
    elif mode in {"replicated-job", "global-job"}:
        kind = Kind.TASK
    elif peers.wait_for_end:
        kind = Kind.TASK
        evidence.append(Evidence(f"its end is awaited by {', '.join(peers.wait_for_end)}"))
    elif policy in {"always", "unless-stopped", "any"}:
        kind = Kind.WORKLOAD
    else:
        evidence = _signs_of_a_task(service, peers, policy)
        kind = Kind.TASK if evidence else Kind.WORKLOAD
    if evidence:
        notes.append(
            Decision(
                subject=f"services.{service.name}",
                topic="kind",
                choice="a task: it runs to its end",
                evidence=tuple(evidence),
                overrule=f"services: {{{service.name}: {{kind: workload}}}}",
            )
        )
    if service.get("restart") is not None:
        notes.append(_account_of_restart(service, kind, policy))
    if kind is Kind.TASK and policy in {"no", "none"} and service.get("restart") is not None:
        retries = 0
    return Translated(Life(kind=kind, retries=retries), tuple(notes))


def _restart_policy(service: ServiceView) -> tuple[str | None, int | None, list[Note]]:
    """Return the policy's name, its bound on retries, and notes on `deploy.restart_policy`."""
    notes: list[Note] = []
    restart = service.get("restart")
    deploy = service.get("deploy")
    detailed = field(deploy, "restart_policy") if deploy is not None else None
    policy: str | None = None
    retries: int | None = None
    if detailed is not None:
        path = service.path("deploy", "restart_policy")
        notes.append(
            approximated(
                path,
                "the kubelet restarts with a growing delay of its own, up to five minutes",
                "Pod.spec.restartPolicy, Job.spec.backoffLimit",
            )
        )
        condition = field(detailed, "condition")
        policy = text(condition) if condition is not None else "any"
        attempts = field(detailed, "max_attempts")
        retries = whole(attempts) if attempts is not None else None
    if restart is not None:
        policy, _, count = text(restart).partition(":")
        retries = int(count) if count.isdigit() else retries
    return policy, retries, notes


def _mode(service: ServiceView) -> str:
    deploy = service.get("deploy")
    mode = field(deploy, "mode") if deploy is not None else None
    return text(mode) if isinstance(mode, Scalar) else "replicated"


def _signs_of_a_task(service: ServiceView, peers: Peers, policy: str | None) -> list[Evidence]:
    """Return what speaks for a task; one that listens or is waited for by health is none."""
    listens = service.get("ports") is not None or service.get("expose") is not None
    words = set(service.name.lower().replace("_", "-").split("-"))
    named = words & _TASK_WORDS
    if not listens and service.get("healthcheck") is not None:
        return _signs_of_preparation(service, named, policy)
    if listens or peers.wait_for_health or service.get("healthcheck") is not None:
        return []
    says_no = policy in {"no", "none"} and service.get("restart") is not None
    has_command = service.get("command") is not None or service.get("entrypoint") is not None
    restart_at = service.position("restart")
    if says_no and has_command:
        return [
            Evidence('restart: "no" and a command of its own', restart_at),
            Evidence("it opens no port and nobody waits for its health"),
        ]
    if named and policy in {None, "no", "none", "on-failure"}:
        return [
            Evidence(f'its name says "{min(named)}"'),
            Evidence("it opens no port, and nothing restarts it after success"),
        ]
    told = _last_command(service) & _TASK_COMMANDS
    if told and policy in {None, "no", "none", "on-failure"}:
        return [
            Evidence(f'its command says "{min(told)}"', service.position("command")),
            Evidence("it opens no port, and nothing restarts it after success"),
        ]
    return []


def _signs_of_preparation(
    service: ServiceView, named: set[str], policy: str | None
) -> list[Evidence]:
    """
    Return what speaks for a task whose health is asked all the same.

    What makes certificates for others is healthy once a file is there, and then it ends.
    """
    check = service.get("healthcheck")
    test = field(check, "test") if check is not None else None
    asks_for_a_file = test is not None and _FILE_IN_TEST.search(" ".join(texts(test)))
    if not named or policy not in {None, "no", "none", "on-failure"} or not asks_for_a_file:
        return []
    script = " ".join((*texts(service.get("entrypoint")), *texts(service.get("command"))))
    last = script.rstrip(" ;&\n'\"")
    for end in _COMMAND_ENDS:
        last = last.replace(end, "\n")
    words = last.rpartition("\n")[2].split()
    if "-c" not in script.split() or not words or words[0] not in _LAST_WORDS:
        return []
    return [
        Evidence(f'its name says "{min(named)}"'),
        Evidence("it is healthy once a file is there", service.position("healthcheck")),
        Evidence(f"the last that its command does is {words[0]}", service.position("command")),
    ]


def _last_command(service: ServiceView) -> set[str]:
    """Return the words of the service's command; of several in a shell, those of the last."""
    words = " ".join((*texts(service.get("entrypoint")), *texts(service.get("command"))))
    last = words.lower().rstrip(" ;&\n")
    for end in _COMMAND_ENDS:
        last = last.replace(end, "\n")
    return set(last.rpartition("\n")[2].translate(_BETWEEN_WORDS).split())


def _account_of_restart(service: ServiceView, kind: Kind, policy: str | None) -> Note:
    path = service.path("restart")
    if kind is Kind.TASK:
        to = "Job.spec.backoffLimit, Pod.spec.restartPolicy"
        if policy in {"always", "unless-stopped"}:
            return approximated(path, "a task that has ended well is not started again", to)
        return carried(path, to)
    if policy in {"always", "unless-stopped"}:
        return carried(path, "Pod.spec.restartPolicy: Always")
    return approximated(
        path,
        "a workload is restarted whenever it ends, after success too and without a limit",
        "Pod.spec.restartPolicy: Always",
    )
