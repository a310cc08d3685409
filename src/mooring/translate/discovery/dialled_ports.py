"""
Ports on which somebody dials a service, and which nobody declared.

In a Compose network every port of a container is open, so a port that a peer names is one of the
service.  Where the service declares none at all, what its peers name is all that is known.  A port
of the machine is none of them: inside a network peers dial the container's own.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.endpoints import Endpoint, Protocol
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import Choices
from mooring.translate.dialling import Dialled
from mooring.translate.discovery.listening import Listening
from mooring.translate.discovery.said import Place, Said
from mooring.translate.notes import Translated
from mooring.translate.service import TranslatedService


def with_dialled_ports(
    translated: ReadOnly[str, TranslatedService],
    *,
    names: ReadOnly[str, tuple[str, ...]],
    leaders: ReadOnly[str, str],
    dialled: Dialled,
    said: Iterable[Said],
    listening: Listening,
    choices: Choices,
) -> Translated[dict[str, TranslatedService]]:
    """
    Return ``translated`` with the ports on which somebody dials them.

    ``names`` are all names under which each service may be dialled, ``leaders`` say in whose pod
    each lives.  What was settled for a service is all that it has.
    """
    known: dict[str, set[int]] = {}
    for name, one in translated.items():
        ports = (endpoint.port for endpoint in one.container.endpoints)
        known.setdefault(leaders[name], set()).update(ports)
    by_host = _by_host(said)
    done = dict(translated)
    decisions: list[Decision] = []
    for name, one in translated.items():
        if choices.service(name).ports:
            continue
        in_pod = known[leaders[name]]
        asked: dict[int, Evidence] = {}
        for candidate in names[name]:
            if candidate == name or candidate not in translated:
                named = dict(_named(by_host.get(candidate.lower(), ()), name, bool(in_pod)))
                asked = {**named, **dialled.ports(candidate), **asked}
        missing = {
            port: evidence
            for port, evidence in asked.items()
            if port not in in_pod and not listening.speaks_against(name, port)
        }
        if missing:
            done[name], decision = _with_ports(one, missing, has_others=bool(in_pod))
            decisions.append(decision)
            in_pod.update(missing)
    return Translated(done, tuple(decisions))


def _by_host(said: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for one in said:
        if one.address.dialled_port is not None and one.place is not Place.CHECK:
            found.setdefault(one.address.host, []).append(one)
    return found


def _named(said: Iterable[Said], name: str, has_ports: bool) -> Iterator[tuple[int, Evidence]]:
    """Yield the ports that others name; that of a scheme only where nothing else is known."""
    for one in said:
        port = one.address.port or (None if has_ports else one.address.dialled_port)
        if port is not None and set(one.services) != {name}:
            yield port, Evidence(f"{one.shown} dials {one.address.shown}", one.position)


def _with_ports(
    service: TranslatedService, missing: dict[int, Evidence], *, has_others: bool
) -> tuple[TranslatedService, Decision]:
    container = service.container
    added = tuple(
        Endpoint(port=port, protocol=Protocol.TCP, position=evidence.position)
        for port, evidence in sorted(missing.items())
    )
    ports = ", ".join(str(port) for port in sorted(missing))
    every = ", ".join(str(one.port) for one in (*container.endpoints, *added))
    decision = Decision(
        subject=f"services.{service.source_name}",
        topic="ports",
        choice=f"listens on {ports}" + (" as well" if has_others else ""),
        evidence=tuple(missing[port] for port in sorted(missing)),
        overrule=f"services: {{{service.source_name}: {{ports: [{every}]}}}}",
    )
    container = msgspec.structs.replace(container, endpoints=(*container.endpoints, *added))
    return msgspec.structs.replace(service, container=container), decision
