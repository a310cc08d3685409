"""
Whether the members of a cluster know one another, and what shows it.

Clones of one program may be strangers: three caches, or two databases of two customers.  Members of
a cluster name each other, or are named together by whoever sets them up, or say the same name of
the cluster.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.decisions import Evidence
from mooring.images.facts import Cluster
from mooring.patterns import LazyPattern
from mooring.translate.clusters.knowledge import options
from mooring.translate.clusters.texts import Members
from mooring.translate.dialling import Spoken, spoken, with_ranges
from mooring.translate.service import TranslatedService

_WORDS = LazyPattern(r"[\w.-]+")


class GivenText(msgspec.Struct, frozen=True):
    """A text that ``service`` is given, and the same in lower case."""

    service: str
    given: Spoken
    lower: str


def given_texts(stack: ReadOnly[str, TranslatedService]) -> tuple[GivenText, ...]:
    """Return the texts of all services of ``stack``."""
    return tuple(
        GivenText(name, one, one.text.lower())
        for name, service in stack.items()
        for one in spoken(service)
    )


def acquaintance(
    services: Sequence[TranslatedService],
    members: Members,
    facts: Cluster | None,
    texts: Iterable[GivenText],
) -> tuple[Evidence, ...]:
    """
    Return what shows that ``services`` know one another; nothing may.

    ``texts`` are those of the whole stack.
    """
    evidence = [
        *_name_each_other(services, members),
        *_same_peers(services, members, facts),
        *_same_cluster(services, facts),
    ]
    named = next(_named_together(services, members, texts), None)
    if named is not None:
        evidence.append(named)
    return tuple(evidence)


def _name_each_other(services: Sequence[TranslatedService], members: Members) -> Iterator[Evidence]:
    """Yield the text of the first member that names others, if those of all members do."""
    found: list[Evidence] = []
    for own, service in enumerate(services):
        for one in spoken(service):
            if one.where.endswith(".healthcheck"):
                continue
            named = _named(one.text, members) - {own}
            if named:
                found.append(
                    Evidence(f"{one.where} names {_service(members, named)}", one.position)
                )
                break
        else:
            return
    yield found[0]


def _named_together(
    services: Sequence[TranslatedService],
    members: Members,
    texts: Iterable[GivenText],
) -> Iterator[Evidence]:
    """Yield texts of other services that name all members."""
    own = {service.source_name for service in services}
    last = members.identities[-1]
    of_last = (*last.names, *last.own_names)
    for one in texts:
        # Few texts name the last of them, and only those have to be taken apart.
        if "{" not in one.lower and not any(called in one.lower for called in of_last):
            continue
        given = one.given
        if one.service not in own and len(_named(given.text, members)) == len(members.identities):
            yield Evidence(f"{given.where} names all of them", given.position)


def _same_peers(
    services: Sequence[TranslatedService], members: Members, facts: Cluster | None
) -> Iterator[Evidence]:
    """Yield the list of peers in which every member is told of the same ones."""
    name = facts.peers_setting if facts is not None else None
    values = {values.get(name or "") for values in _said(services)}
    if len(values) == 1 and None not in values:
        named = _named(str(values.pop()), members)
        if named:
            statement = f"{name} names {_service(members, named)} for all of them"
            yield Evidence(statement, services[0].container.position)


def _same_cluster(
    services: Sequence[TranslatedService], facts: Cluster | None
) -> Iterator[Evidence]:
    """Yield what names the cluster, with the same value for every member."""
    said = _said(services)
    for name in facts.names_cluster if facts is not None else ():
        values_of_all = {values.get(name) for values in said}
        if len(values_of_all) == 1 and None not in values_of_all:
            position = services[0].container.position
            yield Evidence(f"{name} is {said[0][name]} for all of them", position)


def _said(services: Sequence[TranslatedService]) -> list[dict[str, str]]:
    """Return the settings and options of each service, by name."""
    said: list[dict[str, str]] = []
    for service in services:
        container = service.container
        process = container.process
        words = (*(process.entrypoint or ()), *(process.arguments or ()))
        values = {option: word.removeprefix(f"{option}=") for option, word in options(words)}
        values |= {one.name: one.value for one in container.settings if isinstance(one.value, str)}
        said.append(values)
    return said


def _named(text: str, members: Members) -> set[int]:
    found = (members.index(word) for word in set(_WORDS.findall(with_ranges(text))))
    return {at for at in found if at is not None}


def _service(members: Members, named: set[int]) -> str:
    return " and ".join(members.identities[at].service for at in sorted(named))
