"""
Data stores, and who has to reach them.

In a Compose network everybody reaches everything.  Of a store it mostly shows who uses it: whose
settings, commands or files name it, who waits for it.  Then the others have no business there, and
staging and production keep them away: what breaks into a web server finds no database to talk to.
Nobody is kept away of whom nothing shows whom it dials, or of whom an address is still open, nor a
tool or an application that is told its stores by its users.  Where those are many, the store stays
open: closing it would keep away few.  A store that is closed so, and is given no address of the
outside, has no way there.

Whoever is kept away wrongly sees a connection that times out; ``services.<name>.reached_by`` opens
the store to all of its networks again.
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Document
from mooring.app.endpoints import NetworkAccess
from mooring.app.workloads import Container, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Role
from mooring.patterns import LazyPattern
from mooring.settings.choices import EVERYBODY, Choices
from mooring.translate.dialling import Dialled
from mooring.translate.discovery.said import Said
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView, entries, texts

_STORES = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH})
_DIALS_ONLY_WHAT_IT_IS_TOLD = _STORES | {Role.OBJECT_STORE, Role.PROXY}
_SERVERS_OF_FILES = frozenset({"nginx", "nginx-unprivileged", "httpd", "caddy", "openresty"})
"""Web servers, which dial whom their settings name, where other applications ask their users."""

_ONLY_ANSWERS = frozenset(
    {"postgresql", "mysql", "redis", "mongodb", "memcached", "amqp", "cql", "tds"}
)
"""Protocols of stores that dial nobody by themselves, where others fetch what they are told."""

_OF_AN_ADDRESS = LazyPattern(
    r"(?:^|_)(?:URL|URI|DSN|HOSTS?|HOSTNAME|ADDR|ADDRESS|SERVERS?|ENDPOINT|BROKERS?|CONNECTION)"
    r"(?:_|$)|(?:URL|URI|DSN)$",
    re.IGNORECASE,
)
"""Names under which an address stands."""

_OWN_MACHINE = ("127.", "0.0.0.0")  # noqa: S104 - hosts in a text
_MOST_NAMED = 4
_MOST_UNKNOWN = 12
"""Of how many it may be unknown whether they use a store, for closing it to be worth it."""


def guarding(
    application: Application,
    views: ReadOnly[str, ServiceView],
    names: ReadOnly[str, Iterable[str]],
    dialled: Dialled,
    said: Iterable[Said],
    choices: Choices,
) -> Translated[Application]:
    """
    Return ``application`` with its data stores closed to those who have no business there.

    ``names`` are those under which each service is dialled.
    """
    around = _Around(application, views, names, dialled, said)
    notes: list[Note] = []
    parts = tuple(
        _guarded(part, around, choices, notes) if part.network is NetworkAccess.OWN else part
        for part in application.parts
    )
    if all(one is before for one, before in zip(parts, application.parts, strict=True)):
        return Translated(application)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(notes))


class _Around:
    """Who speaks of whom, looked up once."""

    def __init__(
        self,
        application: Application,
        views: ReadOnly[str, ServiceView],
        names: ReadOnly[str, Iterable[str]],
        dialled: Dialled,
        said: Iterable[Said],
    ) -> None:
        self.application = application
        self.views = views
        self.parts = {
            container.source_name: part
            for part in application.parts
            for container in part.containers
        }
        self.order = {name: index for index, name in enumerate(self.parts)}
        self.members: dict[str, set[str]] = {}
        for name, part in self.parts.items():
            for network in part.networks:
                self.members.setdefault(network, set()).add(name)
        own = {name: frozenset(each) for name, each in names.items()}
        self.speakers = {
            name: frozenset(speaker for each in own[name] for speaker in dialled.speakers(each))
            for name in own
        }
        waiting = {name: _awaited(view) for name, view in views.items()}
        self.awaiting: dict[str, set[str]] = {}
        for name, awaited in waiting.items():
            for each in awaited:
                self.awaiting.setdefault(each, set()).add(name)
        self.telling = frozenset(
            speaker
            for name, speakers in self.speakers.items()
            for speaker in speakers
            if speaker != name
        ) | frozenset(name for name, awaited in waiting.items() if awaited)
        documents = {one.name: one for one in application.documents}
        self.to_be_told = frozenset(
            container.source_name
            for part in application.parts
            for container in part.containers
            if _has_an_address_to_come(container, documents)
        )
        everybody = {each.lower() for one in own.values() for each in one}
        self.to_the_outside = frozenset(
            service
            for one in said
            if "." in one.address.host
            and not one.address.host.startswith(_OWN_MACHINE)
            and one.address.host.lower() not in everybody
            for service in one.services
        )
        self.unknown = frozenset(name for name in self.parts if _may_use(name, self))

    def neighbours(self, part: Workload | Task) -> set[str]:
        """Return the services of other parts that share a network with ``part``."""
        met = (self.members[network] for network in part.networks)
        return set().union(*met) - {one.source_name for one in part.containers}

    def users(self, services: Iterable[str]) -> set[str]:
        """Return who names one of ``services`` or waits for it."""
        return {
            name
            for service in services
            for name in (*self.speakers.get(service, ()), *self.awaiting.get(service, ()))
        }

    def in_order(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return ``names`` in the order of the files."""
        return tuple(sorted(names, key=self.order.__getitem__))


def _has_an_address_to_come(container: Container, documents: ReadOnly[str, Document]) -> bool:
    """Tell whether somebody still has to say whom a container dials."""
    open_settings = (
        setting.name
        for setting in container.settings
        if setting.is_placeholder or setting.value == ""
    )
    open_files = (
        documents[mount.document].name
        for mount in container.documents
        if documents[mount.document].missing or documents[mount.document].external_name
    )
    return any(
        _OF_AN_ADDRESS.search(name.replace("-", "_")) for name in (*open_settings, *open_files)
    )


def _awaited(view: ServiceView) -> frozenset[str]:
    """Return whom a service is started after, and to whom it is linked."""
    linked = (link.partition(":")[0] for link in texts(view.get("links")))
    return frozenset((*(name for name, _ in entries(view.get("depends_on"))), *linked))


def _guarded(
    part: Workload | Task, around: _Around, choices: Choices, notes: list[Note]
) -> Workload | Task:
    """Return ``part`` with those who may reach it, where it is a store or somebody said so."""
    chosen = choices.service(part.source_name).reached_by
    if chosen is not None:
        if EVERYBODY in chosen:
            return part
        return msgspec.structs.replace(part, reached_by=chosen)
    services = {container.source_name for container in part.containers}
    if not _is_store(part, around.views):
        return part
    neighbours = around.neighbours(part)
    users = around.users(services) & neighbours
    unknown = (around.unknown & neighbours) - users
    if not users or len(unknown) > _MOST_UNKNOWN or len(users) + len(unknown) == len(neighbours):
        return part
    allowed = around.in_order(users | unknown)
    stays_inside = _only_answers(part, around.views) and services.isdisjoint(around.to_the_outside)
    notes.append(_decision(part, around, users, allowed, neighbours, stays_inside=stays_inside))
    return msgspec.structs.replace(part, reached_by=allowed, stays_inside=stays_inside)


def _is_store(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> bool:
    if not isinstance(part, Workload):
        return False
    known = (views[one.source_name].known for one in part.containers if one.source_name in views)
    return all(one is not None and one.family.role in _STORES for one in known)


def _only_answers(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> bool:
    known = (views[one.source_name].known for one in part.containers if one.source_name in views)
    return all(
        one is not None and any(port.application in _ONLY_ANSWERS for port in one.family.ports)
        for one in known
    )


def _may_use(name: str, around: _Around) -> bool:
    """Tell whether a service may dial a store of which nothing that it is given speaks."""
    view = around.views.get(name)
    known = view.known if view is not None else None
    if name in around.to_be_told:
        return True
    if known is None:
        return name not in around.telling
    family = known.family
    return family.role not in _DIALS_ONLY_WHAT_IT_IS_TOLD and family.name not in _SERVERS_OF_FILES


def _decision(
    part: Workload | Task,
    around: _Around,
    users: set[str],
    allowed: tuple[str, ...],
    neighbours: set[str],
    *,
    stays_inside: bool,
) -> Decision:
    others = around.in_order(neighbours.difference(allowed))
    way_out = ", and it reaches nothing outside" if stays_inside else ""
    return Decision(
        subject=f"services.{part.source_name}",
        topic="reach",
        choice=f"only {_listed(allowed)} may reach it in staging and production{way_out}",
        evidence=(
            Evidence(f"{_listed(around.in_order(users))} name it or wait for it", part.position),
            Evidence(f"{_listed(others)} name others and never this one"),
        ),
        overrule=f'services: {{{part.source_name}: {{reached_by: ["{EVERYBODY}"]}}}}',
    )


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    if len(every) > _MOST_NAMED:
        return f"{', '.join(every[:_MOST_NAMED])} and {len(every) - _MOST_NAMED} more"
    return ", ".join(every)
