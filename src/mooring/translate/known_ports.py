"""
Ports that nobody wrote down, because the image's users know them.

Inside a Compose network every port can be dialled, so a broker whose file publishes only its
management page is dialled on 5672 all the same.  What the catalogue knows of the image is added to
what is declared.  A variable that moves a port moves it here too.
"""

from mooring.app.endpoints import Endpoint, Protocol, shown_port
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Port
from mooring.translate.notes import Translated
from mooring.translate.own_ports import main_port, usual_ports
from mooring.translate.view import ServiceView


def with_known_ports(
    endpoints: tuple[Endpoint, ...], service: ServiceView
) -> Translated[tuple[Endpoint, ...]]:
    """Return ``endpoints`` and the ports on which the image of ``service`` is known to listen."""
    if service.known is None or is_set_up_otherwise(endpoints, service):
        return Translated(endpoints)
    family = service.known.family
    declared = {(endpoint.port, endpoint.protocol) for endpoint in endpoints}
    added: dict[tuple[int, Protocol], Endpoint] = {}
    main = _moved_main(service)
    for known in family.ports:
        # A port that opens only under a condition needs somebody's word.
        if known.when is not None and not _is_asked_for(known, service):
            continue
        if known in main:
            continue  # The command says where it is, and is the better evidence.
        number = _number(known, service)
        key = (number, Protocol(known.protocol))
        if key not in declared and number > 0:
            added[key] = Endpoint(
                port=number,
                protocol=key[1],
                name=known.name,
                application_protocol=_APPLICATION_PROTOCOLS.get(known.application or ""),
            )
    if not added:
        return Translated(endpoints)
    decision = Decision(
        subject=f"services.{service.name}",
        topic="ports",
        choice=f"listens on {', '.join(shown_port(*one) for one in added)}",
        evidence=(
            Evidence(
                f"{family.summary}, as {next(iter(family.sources.values()))} describes it",
                service.position("image"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{ports: "
        f"[{', '.join(shown_port(*one) for one in (*sorted(declared), *added))}]}}}}",
    )
    return Translated((*endpoints, *added.values()), (decision,))


def moved(port: int, service: ServiceView) -> int:
    """Return where the image of ``service`` listens in place of ``port``, one of its own."""
    family = service.known.family if service.known is not None else None
    known = next((one for one in family.ports if one.port == port), None) if family else None
    if known is None:
        return port
    main = _moved_main(service)
    return main[known] if known in main else _number(known, service)


def _moved_main(service: ServiceView) -> dict[Port, int]:
    """Return where the only port of the image is, when its command moves it: `--port 27018`."""
    assert service.known is not None
    usual = usual_ports(service)
    told = main_port(service) if len(usual) == 1 else None
    return {usual[0]: told.port} if told is not None else {}


def _is_asked_for(known: Port, service: ServiceView) -> bool:
    """Tell whether the variable that opens a port is set to a number."""
    entry = service.environment.get(known.setting) if known.setting is not None else None
    return entry is not None and (entry.value or "").isdecimal()


def is_set_up_otherwise(endpoints: tuple[Endpoint, ...], service: ServiceView) -> bool:
    """
    Tell whether ports are declared of which the image of ``service`` knows none.

    A Grafana that publishes 3030 was told to listen there, by a file that is not seen here.
    """
    if service.known is None:
        return False
    own = {_number(known, service) for known in service.known.family.ports}
    declared = {one.port for one in endpoints if one.position is not None}
    return bool(declared) and declared.isdisjoint(own)


_APPLICATION_PROTOCOLS = {"grpc": "kubernetes.io/h2c"}
"""Names that Service.spec.ports.appProtocol defines; others tell a reader nothing."""


def _number(known: Port, service: ServiceView) -> int:
    """Return the port's number: the one that the variable sets, or the image's own."""
    if known.setting is not None and known.setting in service.environment:
        value = service.environment[known.setting].value or ""
        return int(value) if value.isdecimal() and 0 < int(value) < 65536 else known.port
    return known.port
