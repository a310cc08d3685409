"""
A readiness check for what listens, where neither its author nor the catalogue has one.

Without a check a pod gets traffic from the moment its process starts, and a rolling update takes
the old pods away before the new ones listen.  A connection that opens says little, but it says
that: the kubelet asks for one, on the port by which the service is reached.  Nothing is restarted
because of it.  A port that only the catalogue knows of is not asked unless somebody dials it: with
a command of its own the image may be a worker that never opens it.
"""

from collections.abc import Iterable, Set
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.endpoints import Protocol
from mooring.app.health import Health, TcpCheck
from mooring.app.workloads import Workload
from mooring.decisions import Decision, Evidence
from mooring.translate.dialling import Dialled
from mooring.translate.notes import Translated
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView

_PERIOD_SECONDS = 10.0
_TIMEOUT_SECONDS = 3.0


def with_port_checks(
    translated: dict[str, TranslatedService],
    views: ReadOnly[str, ServiceView],
    names: ReadOnly[str, Iterable[str]],
    dialled: Dialled,
) -> Translated[dict[str, TranslatedService]]:
    """
    Return the services, with a check for those that listen, go on and have none.

    ``names`` are all the names under which each service may be dialled.
    """
    made: dict[str, TranslatedService] = {}
    decisions: list[Decision] = []
    for name, one in translated.items():
        asked = {port for each in names[name] for port in dialled.ports(each)}
        port = _port(one, views[name], asked)
        if port is None or views[name].get("healthcheck") is not None:
            made[name] = one
            continue
        health = Health(
            asked=TcpCheck(port=port),
            interval=_PERIOD_SECONDS,
            timeout=_TIMEOUT_SECONDS,
            position=one.container.position,
        )
        made[name] = msgspec.structs.replace(
            one, container=msgspec.structs.replace(one.container, health=health)
        )
        decisions.append(
            Decision(
                subject=f"services.{name}",
                topic="health",
                choice=f"serves when port {port} answers",
                evidence=(Evidence("nobody wrote a check", one.container.position),),
                overrule="healthcheck: {disable: true} at the service in the Compose file",
            )
        )
    return Translated(made, tuple(decisions))


def _port(one: TranslatedService, view: ServiceView, dialled: Set[int]) -> int | None:
    """Return the port to ask: where it is reached from outside, else the first it listens on."""
    if one.container.health is not None or not isinstance(one.part, Workload):
        return None
    listening = [
        each.port
        for each in one.container.endpoints
        if each.protocol is Protocol.TCP and not each.development_only
    ]
    is_declared = view.get("ports") is not None or view.get("expose") is not None
    if view.known is not None and not is_declared and not one.part.exposures:
        listening = [port for port in listening if port in dialled]
    reached = [each.port for each in one.part.exposures if each.port in listening]
    return next(iter((*reached, *listening)), None)
