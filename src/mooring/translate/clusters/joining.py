"""
Many services as one: the workload of a cluster, put together from its members.

What belongs to a pod as a whole comes from the first member, what they may have each (ways from
outside, entries of hosts, waits) from all.
"""

from collections.abc import Iterator

import msgspec

from mooring.app.dependencies import Dependency
from mooring.app.exposure import Exposure, TcpExposure
from mooring.app.replicas import Member
from mooring.app.workloads import Container, InitialStep
from mooring.decisions import Evidence
from mooring.images.facts import ImageFamily
from mooring.kube.names import label, peers_name, service_name
from mooring.sensitive import Sensitive
from mooring.translate import renames
from mooring.translate.clusters.candidates import Candidates
from mooring.translate.clusters.comparison import Compared
from mooring.translate.clusters.outcome import Around, Formation
from mooring.translate.clusters.telling import membership, together
from mooring.translate.further_names import candidates as names_of
from mooring.translate.notes import Note, Translated
from mooring.translate.renames import Rename
from mooring.translate.service import TranslatedService


def joined(
    group: Candidates,
    found: Compared,
    around: Around,
    name: str,
    family: ImageFamily | None,
    speaks_for: tuple[Evidence, ...],
    by_tls: frozenset[str],
) -> Translated[Formation | None]:
    """
    Return the cluster ``name`` of ``group``, as it was ``found`` to be, and what is to be said.

    ``speaks_for`` is what shows that its members are one, ``by_tls`` what `dialled_by_tls` returns.
    """
    first = group.members[0]
    services = [around.translated[one] for one in group.members]
    shared = _shared_names(services)
    dialler = _may_dial_unseen(group, around)
    members: list[Member] = []
    renamed: list[Rename] = []
    notes: list[Note] = []
    for at, one in enumerate(group.members):
        ordinal = found.first_number + at
        moved = found.moved[at]
        names = dict.fromkeys((around.dns_names[one], *around.others.by_leader.get(one, ())))
        kept = tuple(each for each in names if each not in shared and each != name)
        is_by_tls = not by_tls.isdisjoint(map(str.lower, kept))
        needs_names = dialler is not None or any(found.moved) or is_by_tls
        renamed.extend(
            Rename(
                service=one,
                old=old,
                new=f"{name}-{ordinal}.{peers_name(name)}",
                of_pod=True,
                is_kept=needs_names and service_name(old) in kept,
                ports=tuple(sorted(moved.items())),
            )
            for old in dict.fromkeys(names_of(around.views[one], services[at].aliases))
            if service_name(old) not in shared and old.lower() != name
        )
        members.append(
            Member(
                source_name=one,
                names=kept if needs_names else (),
                moved_ports=moved,
                position=around.views[one].attributes.position,
            )
        )
        notes.append(
            membership(one, f"{name}-{ordinal}", members[-1], dialler, name, by_tls=is_by_tls)
        )
    notes.insert(0, together(group, found, name, speaks_for))
    parallel = any(one.parallel for one in family.cluster) if family is not None else True
    part = msgspec.structs.replace(
        services[0].part,
        name=name,
        replicas=len(group.members),
        keeps_state=True,
        start_together=parallel,
        members=tuple(members),
        first_number=found.first_number,
        exposures=tuple(_exposures(services, found)),
        tcp_exposures=tuple(_tcp_exposures(services, found)),
        labels=_first_wins([one.part.labels for one in services]),
        annotations=_first_wins([one.part.annotations for one in services]),
        object_labels=_first_wins([one.part.object_labels for one in services]),
        object_annotations=_first_wins([one.part.object_annotations for one in services]),
    )
    merged = msgspec.structs.replace(
        found.service,
        part=part,
        initial_steps=tuple(
            _called_after(name, services[0], step) for step in services[0].initial_steps
        ),
        dependencies=_dependencies(services, group.members),
        host_entries=tuple(dict.fromkeys(entry for one in services for entry in one.host_entries)),
        stop_seconds=max(one.stop_seconds for one in services),
        hostname=None,
        aliases=(),
    )
    formation = Formation(
        translated={first: merged},
        names={first: name},
        absorbed=dict.fromkeys(group.members[1:], first),
        other_names={first: tuple(each for each in shared if each != name)},
        renames=tuple(renamed),
    )
    return Translated(formation, tuple(notes))


def _called_after(name: str, first: TranslatedService, step: InitialStep) -> InitialStep:
    """Return ``step`` of the first member, called after the cluster instead of after it."""
    container = step.container
    rest = container.name.removeprefix(first.container.name)
    renamed = msgspec.structs.replace(container, name=label(f"{name}{rest}"))
    return msgspec.structs.replace(step, container=renamed)


def _shared_names(services: list[TranslatedService]) -> tuple[str, ...]:
    """Return the aliases that several members have: names of the cluster as a whole."""
    counts: dict[str, int] = {}
    for service in services:
        for alias in {service_name(alias): None for alias in service.aliases}:
            counts[alias] = counts.get(alias, 0) + 1
    return tuple(alias for alias, count in counts.items() if count > 1)


def _may_dial_unseen(group: Candidates, around: Around) -> str | None:
    """Return a service whose image may name members in files that are not seen here."""
    able = [
        name
        for name, service in around.translated.items()
        if name not in group.members
        and (service.container.image.built or around.views[name].known is None)
    ]
    # One of which nothing is known may dial anything; of a known program hardly the files.
    return min(able, key=lambda name: around.views[name].known is not None, default=None)


def dialled_by_tls(around: Around) -> frozenset[str]:
    """Return the names that settings, commands and checks dial where a certificate is checked."""
    return frozenset(
        host
        for service in around.translated.values()
        for container in (service.container, *(one.container for one in service.initial_steps))
        for text in _texts(container)
        for host in renames.dialled_by_tls(text)
    )


def _texts(container: Container) -> Iterator[str]:
    for setting in container.settings:
        value = setting.value
        yield value.reveal() if isinstance(value, Sensitive) else value
    yield from container.process.entrypoint or ()
    yield from container.process.arguments or ()
    if container.health is not None:
        yield from container.health.command


def _dependencies(
    services: list[TranslatedService], members: tuple[str, ...]
) -> tuple[Dependency, ...]:
    found: dict[str, Dependency] = {}
    for service in services:
        for dependency in service.dependencies:
            if dependency.on not in members:
                found.setdefault(dependency.on, dependency)
    return tuple(found.values())


def _exposures(services: list[TranslatedService], found: Compared) -> Iterator[Exposure]:
    seen: set[Exposure] = set()
    for service, moved in zip(services, found.moved, strict=True):
        for one in service.part.exposures:
            made = msgspec.structs.replace(one, port=moved.get(one.port, one.port))
            if made not in seen:
                seen.add(made)
                yield made


def _tcp_exposures(services: list[TranslatedService], found: Compared) -> Iterator[TcpExposure]:
    seen: set[int] = set()
    for service, moved in zip(services, found.moved, strict=True):
        for one in service.part.tcp_exposures:
            port = moved.get(one.port, one.port)
            if port not in seen:
                seen.add(port)
                yield msgspec.structs.replace(one, port=port)


def _first_wins(several: list[dict[str, str]]) -> dict[str, str]:
    return {name: value for one in reversed(several) for name, value in one.items()}
