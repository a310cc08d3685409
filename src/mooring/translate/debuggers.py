"""
Ports on which a debugger waits: whoever reaches one runs what he likes in the process.

They belong to development.  The inspector of Node.js is known by its port alone; others share
theirs with harmless programs, and count only where the command or a variable starts them.
"""

import msgspec

from mooring.app.endpoints import Endpoint, Protocol
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import Choices
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView, texts

_ALONE = {9229: "the inspector of Node.js"}
_IF_STARTED = {
    5005: ("jdwp", "the debugger of Java"),
    5678: ("debugpy", "the debugger of Python"),
    2345: ("dlv", "the debugger of Go"),
    40000: ("dlv", "the debugger of Go"),
    9222: ("remote-debugging-port", "the debugger of a browser"),
}


def for_development(
    endpoints: tuple[Endpoint, ...], service: ServiceView, choices: Choices
) -> Translated[tuple[Endpoint, ...]]:
    """Return ``endpoints`` with those marked that only development may have."""
    if choices.service(service.name).debugger is True:
        return Translated(endpoints)
    made: list[Endpoint] = []
    decisions: list[Decision] = []
    for endpoint in endpoints:
        what = _debugger(endpoint, service)
        if what is None:
            made.append(endpoint)
            continue
        made.append(msgspec.structs.replace(endpoint, development_only=True))
        decisions.append(
            Decision(
                subject=f"services.{service.name}",
                topic="debugger",
                choice=f"port {endpoint.port} is open in development only",
                evidence=(Evidence(f"it is that of {what}", endpoint.position),),
                overrule=f"services: {{{service.name}: {{debugger: true}}}}",
            )
        )
    return Translated(tuple(made), tuple(decisions))


def _debugger(endpoint: Endpoint, service: ServiceView) -> str | None:
    if endpoint.protocol is not Protocol.TCP:
        return None
    if service.known is not None and any(
        one.port == endpoint.port for one in service.known.family.ports
    ):
        return None
    if endpoint.port in _ALONE:
        return _ALONE[endpoint.port]
    word, what = _IF_STARTED.get(endpoint.port, ("", ""))
    return what if word and word in _said(service) else None


def _said(service: ServiceView) -> str:
    """Return what the service starts, and with which variables, in one text."""
    words = [*texts(service.get("entrypoint")), *texts(service.get("command"))]
    values = [entry.value or "" for entry in service.environment.values()]
    return " ".join((*words, *values))
