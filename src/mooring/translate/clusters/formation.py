"""
Services that are members of one cluster become the replicas of one workload, where that is safe.

It is safe where the members know one another and differ in nothing but which of them each is.  Then
each becomes the pod of its place: its name and number are those that the pod has, its storage the
pod's own, and whoever dials it dials the pod.  Where amounts of memory differ the question is put:
replicas are equal, and nobody here knows which amount was meant.  Otherwise they stay apart.
Either way a decision tells what speaks for it and against it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from mooring.app.endpoints import NetworkAccess
from mooring.app.workloads import Workload
from mooring.compose.nodes import Mapping
from mooring.decisions import Evidence
from mooring.findings import Finding, Rule, Severity
from mooring.kube.names import label, peers_name, service_name
from mooring.translate.clusters.acquaintance import GivenText, acquaintance, given_texts
from mooring.translate.clusters.candidates import Candidates, image_identity
from mooring.translate.clusters.comparison import compared
from mooring.translate.clusters.joining import dialled_by_tls, joined
from mooring.translate.clusters.outcome import Around, Formation
from mooring.translate.clusters.telling import alike, apart, listed, question, told
from mooring.translate.clusters.texts import Fault, Identity, Members
from mooring.translate.further_names import candidates as names_of
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView, entries, field, text

CLUSTER_NOT_FORMED = Rule(id="cluster-not-formed", severity=Severity.WARNING, since="0.1")


def formed(groups: tuple[Candidates, ...], around: Around) -> Translated[Formation]:
    """Return the services of ``around`` with the members of each cluster as one service."""
    formation = Formation(translated=dict(around.translated))
    notes: list[Note] = []
    texts = given_texts(around.translated) if groups else ()

    @cache
    def by_tls() -> frozenset[str]:
        return dialled_by_tls(around)

    for group in groups:
        outcome = _outcome(group, around, texts, by_tls)
        notes.extend(outcome.notes)
        if outcome.value is not None:
            formation = formation.with_more(outcome.value)
    return Translated(formation, tuple(notes))


def _outcome(
    group: Candidates,
    around: Around,
    texts: Sequence[GivenText],
    by_tls: Callable[[], frozenset[str]],
) -> Translated[Formation | None]:
    """Return what becomes of one group: a cluster, or nothing but what is to be said of it."""
    obstacle = _obstacle(group, around)
    if obstacle is not None and group.asked:
        return Translated(None, (_not_formed(group, around, obstacle),))
    services = [around.translated[name] for name in group.members]
    views = [around.views[name] for name in group.members]
    known = views[0].known
    family = known.family if known is not None else None
    facts = family.cluster[0] if family is not None and family.cluster else None
    name = _free_name(group.name, group.members, around)
    members = Members(
        identities=tuple(_identity(view, around) for view in views),
        pod_stem=name,
        headless=peers_name(name),
    )
    known_to_each_other = acquaintance(services, members, facts, texts)
    speaks_for = (*alike(services, views, family), *known_to_each_other)
    if obstacle is not None:
        said = (apart(group, speaks_for, (Evidence(obstacle),)),) if known_to_each_other else ()
        return Translated(None, said)
    found = compared(services, views, members, family, name)
    others = [one for one in found.differences if one.fault is Fault.OTHER]
    amounts = [one for one in found.differences if one.fault is Fault.AMOUNT]
    if not group.asked:
        if not known_to_each_other:
            unknown = Evidence("nothing here shows that they know one another")
            return Translated(None, (apart(group, speaks_for, (unknown,)),))
        if others:
            against = tuple(told(found.differences, group))
            return Translated(None, (apart(group, speaks_for, against),))
        if amounts:
            against = tuple(told(tuple(amounts), group))
            return Translated(None, (apart(group, speaks_for, against), question(group, amounts)))
    return joined(group, found, around, name, family, speaks_for, by_tls())


def _not_formed(group: Candidates, around: Around, reason: str) -> Finding:
    return CLUSTER_NOT_FORMED.finding(
        around.translated[group.members[0]].part.position,
        f"{listed(group.members)} cannot be one cluster: {reason}",
        remedy=f"remove cluster from {listed(group.members)} in mooring.yaml, or make them alike",
    )


def _obstacle(group: Candidates, around: Around) -> str | None:
    """Return why services cannot be replicas of one workload whatever they say, or None."""
    views = [around.views[name] for name in group.members]
    services = [around.translated[name] for name in group.members]
    images = {image_identity(view, one) for view, one in zip(views, services, strict=True)}
    if any(not isinstance(one.part, Workload) for one in services):
        return "one of them is a task, which ends"
    if len(images) > 1:
        return "they run different images"
    pods = around.groups.members()
    for name in group.members:
        if len(pods[around.groups.leaders[name]]) > 1:
            return f"{name} shares its pod with another service"
    if any(one.part.network is not NetworkAccess.OWN for one in services):
        return "one of them has no network of its own"
    foreign = _used_by_others(group, around)
    return f"{foreign} uses a volume of one of them as well" if foreign is not None else None


def _used_by_others(group: Candidates, around: Around) -> str | None:
    """Return a service that mounts what belongs to one member alone."""
    uses: dict[str, set[str]] = {}
    for name in group.members:
        for key in around.translated[name].storages:
            uses.setdefault(key, set()).add(name)
    own = {key for key, users in uses.items() if len(users) == 1}
    for name, service in around.translated.items():
        if name not in group.members and own & service.storages.keys():
            return name
    return None


def _identity(view: ServiceView, around: Around) -> Identity:
    service = around.translated[view.name]
    names = {name.lower() for name in names_of(view, service.aliases)}
    hostname = view.get("hostname")
    if hostname is not None:
        names.add(text(hostname).lower())
    ports = {
        number
        for endpoint in service.container.endpoints
        for number in (endpoint.port, *(one.port for one in endpoint.publications))
        if number is not None
    }
    return Identity(
        service=view.name,
        names=frozenset(names),
        addresses=frozenset(_addresses(view)),
        ports=frozenset(ports),
    )


def _addresses(view: ServiceView) -> Iterator[str]:
    networks = view.get("networks")
    for _, one in entries(networks if isinstance(networks, Mapping) else None):
        for attribute in ("ipv4_address", "ipv6_address"):
            node = field(one, attribute) if isinstance(one, Mapping) else None
            if node is not None:
                yield text(node)


def _free_name(wanted: str, members: tuple[str, ...], around: Around) -> str:
    """Return the name of the cluster: ``wanted``, unless another service answers to it."""
    own = {around.dns_names[name] for name in members}
    taken = {name for one, name in around.dns_names.items() if one not in members}
    for service, names in around.others.by_leader.items():
        (own if service in members else taken).update(names)
    return label(f"{wanted}-cluster") if wanted in taken else service_name(wanted)
