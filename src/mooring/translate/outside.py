"""
Services that an environment does not run: `mode: external`, as a database that somebody manages.

Its pods, its storage and its settings go.  Its name stays and leads to where it is, so that whoever
dials `db:5432` still does.  Only where the connection says more than a name can, another port or
how it is encrypted, addresses in settings are rewritten.

With `mode: none` nothing stays; whoever dials its name has to be told another.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from mooring.accounting import Entry, Ledger
from mooring.app.application import Application
from mooring.app.endpoints import Endpoint
from mooring.app.outside import Outside
from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.kube.names import is_service_name
from mooring.settings.choices import Connection
from mooring.translate.dials import Dial
from mooring.translate.discovery.closure import Meant, Unmet
from mooring.translate.notes import Note, Notes, Translated, dropped
from mooring.translate.outside_addresses import Address, readdressed_settings

if TYPE_CHECKING:
    from mooring.translate.project import Translation

_OUTSIDE = "the environment finds it outside of the cluster"
_LEFT_OUT = "the environment goes without it, as mooring.yaml says"

UNKNOWN_HOST = "host.invalid"
"""What stands for the host that nobody named: RFC 6761 keeps it from ever being one."""


def with_outside(
    translation: "Translation",
    environment: str,
    connections: Mapping[str, Connection],
    left_out: Collection[str],
) -> "Translation":
    """Return ``translation`` without what ``environment`` does not run, and what is said of it."""
    before = translation.application
    done = settled(
        before,
        environment,
        connections,
        translation.unmet,
        left_out=left_out,
        dials=translation.dials,
    )
    application = done.value
    if application is before:
        return translation
    notes = Notes()
    notes.add(done.notes)
    return msgspec.structs.replace(
        translation,
        application=application,
        ledger=accounted(translation.ledger, before, application),
        decisions=(*still_decided(translation.decisions, before, application), *notes.decisions),
        questions=(*still_open(translation.questions, before, application), *notes.questions),
    )


def settled(
    application: Application,
    environment: str,
    connections: Mapping[str, Connection],
    unmet: Iterable[Unmet] = (),
    *,
    left_out: Collection[str] = (),
    dials: Iterable[Dial] = (),
) -> Translated[Application]:
    """
    Return ``application`` with the services of ``connections`` outside of ``environment``.

    Those in ``left_out`` are nowhere; ``dials`` tells who dials them.  A name of ``connections``
    that no container has is one that only what is outside goes by; of ``unmet`` are the ports on
    which it is dialled.
    """
    absent = [part for part in application.parts if _leads(part) in left_out]
    gone = [part for part in application.parts if _leads(part) in connections]
    here = {one.source_name for part in application.parts for one in part.containers}
    further = [name for name in connections if name not in here and is_service_name(name)]
    if not gone and not further and not absent:
        return Translated(application)
    notes: list[Note] = []
    outside = (
        *(_outside(part, connections[_leads(part)]) for part in gone),
        *(_never_here(name, connections[name], application, unmet) for name in further),
    )
    left = application.without([*gone, *absent])
    changed: dict[str, list[str]] = {one.source_name: [] for one in outside}
    addresses = [
        (one, Address(names=(one.name, *one.other_names), port=one.port,
                      ports=frozenset(each.port for each in one.endpoints),
                      sslmode=connections[one.source_name].sslmode))
        for one in outside
    ]  # fmt: skip
    lost = {one.source_name for part in absent for one in part.containers}
    parts = tuple(_readdressed(part, addresses, changed, lost) for part in left.parts)
    for part in absent:
        notes.extend(_left_out(part, environment, left, dials))
    for one in outside:
        notes.extend(_told(one, connections[one.source_name], environment, changed, further))
    return Translated(
        msgspec.structs.replace(left, parts=parts, outside=(*left.outside, *outside)), tuple(notes)
    )


def still_open(
    questions: Iterable[OpenQuestion], before: Application, after: Application
) -> tuple[OpenQuestion, ...]:
    """Return ``questions`` without those about services that left ``before``, and their files."""
    names = _gone(before, after)
    gone = tuple(f"services.{name}." for name in names)
    whole = {f"services.{name}" for name in names}
    files = before.file_names - after.file_names
    return tuple(
        one
        for one in questions
        if not (gone and one.subject.startswith(gone))
        and one.subject not in whole
        and not (one.subject.startswith("secrets.") and one.answer.partition("=")[0] in files)
    )


def _gone(before: Application, after: Application) -> set[str]:
    """Return the services that ``before`` runs and ``after`` does not."""
    here, left = (
        {one.source_name for part in each.parts for one in part.containers}
        for each in (before, after)
    )
    return here - left


def still_decided(
    decisions: Iterable[Decision], before: Application, after: Application
) -> tuple[Decision, ...]:
    """Return ``decisions`` without those about services that left ``before``."""
    gone = {f"services.{name}" for name in _gone(before, after)}
    return tuple(one for one in decisions if one.subject not in gone)


def accounted(ledger: Ledger, before: Application, after: Application) -> Ledger:
    """Return ``ledger`` with what becomes of the services that left ``before`` and of volumes."""
    gone = _gone(before, after)
    outside = {one.source_name for one in after.outside}
    kept = {storage.source_name for storage in after.storages}
    volumes = {one.source_name for one in before.storages if one.source_name} - kept
    entries: list[Entry] = [
        entry
        for entry in ledger.entries
        if not (len(entry.path) > 1 and entry.path[0] == "services" and entry.path[1] in gone)
        and not (len(entry.path) > 1 and entry.path[0] == "volumes" and entry.path[1] in volumes)
    ]
    attributes = dict.fromkeys(
        entry.path[:3]
        for entry in ledger.entries
        if len(entry.path) > 2 and entry.path[0] == "services" and entry.path[1] in gone
    )
    entries += [dropped(path, _OUTSIDE if path[1] in outside else _LEFT_OUT) for path in attributes]
    entries += [
        dropped(
            ("volumes", name), "the service that keeps its data there does not run in the cluster"
        )
        for name in sorted(volumes)
    ]
    return Ledger(tuple(entries))


def _leads(part: Workload | Task) -> str:
    return part.containers[0].source_name


def _outside(part: Workload | Task, connection: Connection) -> Outside:
    endpoints = {
        (endpoint.port, endpoint.protocol): endpoint
        for container in part.containers
        for endpoint in container.endpoints
    }
    return Outside(
        name=part.name,
        source_name=_leads(part),
        host=connection.host or UNKNOWN_HOST,
        port=int(connection.port) if connection.port else None,
        other_names=part.other_names,
        endpoints=tuple(endpoints.values()),
        networks=part.networks,
        position=part.position,
    )


def _left_out(
    part: Workload | Task, environment: str, left: Application, dials: Iterable[Dial]
) -> Iterable[Note]:
    """Yield what is to be said of a service that is nowhere."""
    name = _leads(part)
    yield Decision(
        subject=f"services.{name}",
        topic="mode",
        choice=f"is left out of {environment}",
        evidence=(Evidence("mooring.yaml says so", part.position),),
        overrule=f"services: {{{name}: {{mode: {{{environment}: deployed}}}}}}",
    )
    lost = {one.source_name for one in part.containers}
    here = {one.source_name for other in left.parts for one in other.containers}
    callers = dict.fromkeys(
        dial.service for dial in dials if dial.other in lost and dial.service in here
    )
    if callers:
        yield OpenQuestion(
            subject=f"services.{name}.mode",
            question=f"it is left out of {environment}, and {', '.join(callers)} "
            f"{'dials' if len(callers) == 1 else 'dial'} it: which server takes its place?",
            answer=f"services: {{{name}: {{mode: {{{environment}: external}}, "
            f"connection: {{{environment}: {{host: <host>}}}}}}}}",
            position=part.position,
        )


def _never_here(
    name: str, connection: Connection, application: Application, unmet: Iterable[Unmet]
) -> Outside:
    """Return what goes by a name that no service has, as those who dial it see it."""
    said = [one.said for one in unmet if one.host == name and one.meant is Meant.HOST]
    callers = {service for one in said for service in one.services}
    ports = (one.address.dialled_port for one in said)
    networks = (
        network
        for part in application.parts
        if any(one.source_name in callers for one in part.containers)
        for network in part.networks
    )
    return Outside(
        name=name,
        source_name=name,
        host=connection.host or UNKNOWN_HOST,
        port=int(connection.port) if connection.port else None,
        endpoints=tuple(Endpoint(port=port) for port in dict.fromkeys(ports) if port is not None),
        networks=tuple(dict.fromkeys(networks)),
        position=said[0].position if said else None,
    )


def _told(
    one: Outside,
    connection: Connection,
    environment: str,
    changed: Mapping[str, list[str]],
    further: Collection[str],
) -> Iterable[Note]:
    subject = f"services.{one.source_name}"
    where = f"{one.host}:{one.port}" if one.port else one.host
    rewritten = changed[one.source_name]
    choice = f"is not run in {environment}: the name {one.name} leads to {where}"
    if rewritten:
        choice += f"; changed for it: {', '.join(rewritten)}"
    elif connection.port or connection.sslmode:
        choice += "; no setting tells its clients the rest, so their own configuration has to"
    overrule = f"mode: {{{environment}: deployed}}"
    if one.source_name in further:
        overrule = f"connection: {{{environment}: {{host: <host>}}}}"
    yield Decision(
        subject=subject,
        topic="mode",
        choice=choice,
        evidence=(Evidence("mooring.yaml says that it is external"),),
        overrule=f"services: {{{one.source_name}: {{{overrule}}}}}",
    )
    if connection.host is None:
        yield OpenQuestion(
            subject=f"{subject}.connection",
            question=f"where does {environment} find it?",
            answer=f"services: {{{one.source_name}: {{connection: {{host: <host>}}}}}}",
            position=one.position,
        )


def _readdressed(
    part: Workload | Task,
    addresses: Iterable[tuple[Outside, Address]],
    changed: dict[str, list[str]],
    lost: Collection[str],
) -> Workload | Task:
    gone = {*lost, *(outside.source_name for outside, _ in addresses)}
    containers = []
    for container in part.containers:
        settings = container.settings
        for outside, address in addresses:
            done = readdressed_settings(settings, address)
            changed[outside.source_name] += [
                f"{container.source_name}.{after.name}"
                for before, after in zip(settings, done, strict=True)
                if after is not before
            ]
            settings = done
        containers.append(msgspec.structs.replace(container, settings=settings))
    return msgspec.structs.replace(
        part,
        containers=tuple(containers),
        dependencies=tuple(one for one in part.dependencies if one.on not in gone),
    )
