"""
What one translation says, put in the order in which a person asks.

For each service: what it becomes, what was decided and on which evidence, and what of its values
is not simply carried.  Then what is open.  Text and JSON show the same `Explanation`.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from mooring.accounting import Account, Outcome
from mooring.compose.nodes import path_text
from mooring.decisions import Decision, OpenQuestion
from mooring.findings import Finding
from mooring.kube import labels
from mooring.refs import ObjectRef
from mooring.report import stack_graph
from mooring.report.differences import Difference, Side, differences
from mooring.report.graph import Graph
from mooring.semantics.fitting import Room, room
from mooring.semantics.objects import ManifestSet
from mooring.semantics.totals import Totals, totals
from mooring.settings.clusters import Cluster
from mooring.settings.environments import Environment
from mooring.sources import Position
from mooring.translate import summary

if TYPE_CHECKING:
    from mooring.compose.project import Project
    from mooring.kube.object_set import ObjectSet
    from mooring.translate.project import Translation

UNACCOUNTED = "unaccounted"
"""The outcome of a value of which the translation says nothing: always a fault of ours."""


class Fate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What became of one value.

    ``path`` is the value's place within its service (or the project), ``entry`` the path of the
    statement that answers for it, which many values may share.
    """

    path: str
    entry: str
    outcome: str
    position: Position | None = None
    reason: str = ""
    to: str = ""


class Counts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many values of the input met which fate."""

    carried: int = 0
    approximated: int = 0
    dropped: int = 0
    refused: int = 0
    unaccounted: int = 0

    @property
    def total(self) -> int:
        """All values of the input."""
        return self.carried + self.not_carried

    @property
    def not_carried(self) -> int:
        """The values that are not simply carried."""
        return self.approximated + self.dropped + self.refused + self.unaccounted


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """
    A service, or all that stands beside the services (then ``name`` is empty).

    ``summary`` says in a clause what the service is.  ``project`` is the one of several projects
    from which the service comes.
    """

    name: str = ""
    position: Position | None = None
    summary: str = ""
    project: str = ""
    becomes: tuple[ObjectRef, ...] = ()
    decisions: tuple[Decision, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    fates: tuple[Fate, ...] = ()

    @property
    def counts(self) -> Counts:
        """How many of the part's values met which fate."""
        return _counts(fate.outcome for fate in self.fates)


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Another environment: what it asks for, and in what the explained one differs from it."""

    name: str
    totals: Totals
    room: Room | None = None
    differences: tuple[Difference, ...] = ()


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """
    Everything that is to be said about one project in one environment.

    ``beside`` are volumes, networks and the like; ``inactive`` names the services that no active
    profile selects.  ``totals`` is what all objects ask for together, None where this is about one
    service; ``room`` whether the nodes have it, None where they are not known.  ``graph`` is who
    needs whom.  ``others`` are the further environments.
    """

    project: str
    environment: str
    namespace: str
    services: tuple[Part, ...]
    beside: Part
    inactive: tuple[str, ...] = ()
    totals: Totals | None = None
    room: Room | None = None
    graph: Graph = Graph(nodes=(), edges=())
    others: tuple[Other, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The services in the order of the input, and then what stands beside them."""
        return (*self.services, self.beside)

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """All that is open."""
        return tuple(question for part in self.parts for question in part.questions)

    @property
    def counts(self) -> Counts:
        """How many values of the whole project met which fate."""
        return _counts(fate.outcome for part in self.parts for fate in part.fates)

    @property
    def is_exact(self) -> bool:
        """Whether every value is carried and nothing is open."""
        return self.counts.not_carried == 0 and not self.questions

    def about(self, service: str) -> "Explanation":
        """Return what concerns ``service`` alone; KeyError where there is none of that name."""
        part = {part.name: part for part in self.services}[service]
        return Explanation(
            project=self.project,
            environment=self.environment,
            namespace=self.namespace,
            services=(part,),
            beside=Part(),
        )


def explain(
    project: "Project",
    translation: "Translation",
    objects: "ObjectSet",
    *,
    environment: str,
    namespace: str,
    cluster: Cluster | None = None,
    findings: tuple[Finding, ...] = (),
) -> Explanation:
    """
    Return what is to be said about ``project``, translated and made into ``objects``.

    ``cluster`` is what is known of the one to which they go.
    """
    services = project.services
    manifests = ManifestSet.of(objects, namespace=namespace)
    fates = _fates(project, translation)
    becomes = _becomes(translation, objects)
    summaries = summary.summaries(translation.application)
    decisions: dict[str, list[Decision]] = {}
    for decision in translation.decisions:
        decisions.setdefault(_service(decision.subject, services), []).append(decision)
    questions: dict[str, list[OpenQuestion]] = {}
    for question in translation.questions:
        questions.setdefault(_service(question.subject, services), []).append(question)

    owners = {
        joined: member.name
        for member in project.members
        for joined in member.keys.get("services", {}).values()
    }

    def part(name: str, position: Position | None = None) -> Part:
        return Part(
            name=name,
            position=position,
            summary=summaries.get(name, ""),
            project=owners.get(name, ""),
            becomes=tuple(becomes.get(name, ())),
            decisions=tuple(decisions.get(name, ())),
            questions=tuple(questions.get(name, ())),
            fates=tuple(fates.get(name, ())),
        )

    return Explanation(
        project=project.name,
        environment=environment,
        namespace=namespace,
        services=tuple(part(name, service.position) for name, service in services.items()),
        beside=part(""),
        inactive=tuple(project.disabled),
        totals=totals(manifests, nodes=_nodes(cluster)),
        room=room(manifests, cluster) if cluster is not None else None,
        graph=stack_graph.graph(project, translation, objects, becomes),
        findings=findings,
    )


class Result(Protocol):
    """What was made for one environment, as `mooring.pipeline` returns it."""

    @property
    def environment(self) -> Environment:
        """The environment."""

    @property
    def project(self) -> "Project":
        """What was loaded for it."""

    @property
    def translation(self) -> "Translation":
        """What that means."""

    @property
    def objects(self) -> "ObjectSet":
        """What was made of it."""

    @property
    def namespace(self) -> str:
        """Where the objects stand."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found on the way."""


def explain_last(results: Sequence[Result]) -> Explanation:
    """Return what is to be said about the last of ``results``, and how it stands to the others."""
    *others, made = results
    explained = explain(
        made.project,
        made.translation,
        made.objects,
        environment=made.environment.name,
        namespace=made.namespace,
        cluster=made.environment.cluster,
        findings=made.findings,
    )
    ours = Side(project=made.project, graph=explained.graph, kinds=_kinds(made.objects))
    # The first environment demands the least, so it differs the most.
    found = [_other(each, ours if each is others[0] else None) for each in others]
    return msgspec.structs.replace(explained, others=tuple(found))


def _other(result: Result, ours: Side | None) -> Other:
    """Return what is to be said of another environment, and where it differs from ``ours``."""
    cluster = result.environment.cluster
    manifests = ManifestSet.of(result.objects, namespace=result.namespace)
    return Other(
        name=result.environment.name,
        totals=totals(manifests, nodes=_nodes(cluster)),
        room=room(manifests, cluster) if cluster is not None else None,
        differences=differences(ours, _side(result)) if ours is not None else (),
    )


def _side(result: Result) -> Side:
    becomes = _becomes(result.translation, result.objects)
    graph = stack_graph.graph(result.project, result.translation, result.objects, becomes)
    return Side(project=result.project, graph=graph, kinds=_kinds(result.objects))


def _kinds(objects: "ObjectSet") -> dict[str, int]:
    counted: dict[str, int] = {}
    for item in objects:
        counted[item.kind] = counted.get(item.kind, 0) + 1
    return counted


def _nodes(cluster: Cluster | None) -> int:
    """Return how many nodes there are, as far as it is known: at least one."""
    return sum(node.count for node in cluster.nodes) or 1 if cluster is not None else 1


def _fates(project: "Project", translation: "Translation") -> dict[str, list[Fate]]:
    """Return the fate of every leaf, by service; "" stands for the rest of the project."""
    found: dict[str, list[Fate]] = {}
    positioned = ((path, node.position) for path, node in project.leaves())
    for account in translation.ledger.accounts(positioned):
        path = account.path if isinstance(account, Account) else account[0]
        service = str(path[1]) if path[0] == "services" and len(path) > 1 else ""
        above = 2 if service else 0
        if isinstance(account, Account):
            entry = account.entry
            fate = Fate(
                path=path_text(path[above:]),
                entry=path_text(entry.path[above:]),
                outcome=entry.outcome.value,
                position=account.position,
                reason=entry.reason,
                to=entry.to,
            )
        else:
            shown = path_text(path[above:])
            fate = Fate(path=shown, entry=shown, outcome=UNACCOUNTED, position=account[1])
        found.setdefault(service, []).append(fate)
    return found


def _becomes(translation: "Translation", objects: "ObjectSet") -> dict[str, list[ObjectRef]]:
    """Return the objects of each service; those of the whole application stand under ""."""
    found: dict[str, list[ObjectRef]] = {}
    members = summary.services(translation.application)
    for item in objects:
        name = item.metadata.labels.get(labels.NAME, "")
        for service in members.get(name, [""]):
            found.setdefault(service, []).append(item.ref)
    return found


def _service(subject: str, services: Iterable[str]) -> str:
    """Return the service that ``subject`` (``services.db.environment.X``) is about, or ""."""
    kind, _, rest = subject.partition(".")
    if kind != "services":
        return ""
    if rest in services:
        return rest
    first = rest.partition(".")[0]
    if first in services:
        return first
    # A name may hold dots itself: the longest that fits is meant.
    fitting = (name for name in services if rest.startswith((f"{name}.", f"{name}[")))
    return max(fitting, key=len, default="")


def _counts(outcomes: Iterable[str]) -> Counts:
    counted: dict[str, int] = {}
    for outcome in outcomes:
        counted[outcome] = counted.get(outcome, 0) + 1
    return Counts(
        carried=counted.get(Outcome.CARRIED.value, 0),
        approximated=counted.get(Outcome.APPROXIMATED.value, 0),
        dropped=counted.get(Outcome.DROPPED.value, 0),
        refused=counted.get(Outcome.REFUSED.value, 0),
        unaccounted=counted.get(UNACCOUNTED, 0),
    )
