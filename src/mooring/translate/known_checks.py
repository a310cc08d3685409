"""
Health checks that the catalogue knows of an image.

A readiness check is taken where nobody wrote or switched off one.  A liveness check restarts the
container, which Compose never does because of a check, so it is taken only where the catalogue has
one: a question that the program answers by itself, whatever became of its peers.
"""

import msgspec

from mooring.app.endpoints import Endpoint
from mooring.app.health import GrpcCheck, Health, HttpCheck, TcpCheck
from mooring.decisions import Decision, Evidence
from mooring.images.facts import ImageFamily, Probe, Role
from mooring.translate.known_ports import is_set_up_otherwise, moved
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView, field, truth

_SERVERS_WHATEVER_THE_COMMAND = frozenset(
    {Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE, Role.PROXY}
)
_UNQUOTED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-"
_NOTHING: Translated[Health | None] = Translated(None)


def readiness(service: ServiceView, endpoints: tuple[Endpoint, ...]) -> Translated[Health | None]:
    """Return the catalogue's readiness check, where nobody wrote or switched off one."""
    family = _family(service, endpoints)
    if family is None or service.get("healthcheck") is not None:
        return _NOTHING
    probe = next((one for one in family.probes if one.purpose == "readiness"), None)
    if probe is None:
        return _NOTHING
    probe = _where_it_listens(probe, service)
    decision = Decision(
        subject=f"services.{service.name}",
        topic="health",
        choice=f"serves when {_shown(probe)}",
        evidence=(
            Evidence(
                f"nobody wrote a check; {family.name} is known ({family.sources[probe.source]})",
                service.position("image"),
            ),
        ),
        overrule="healthcheck: {disable: true} at the service in the Compose file",
    )
    return Translated(_health(probe, service), (decision,))


def liveness(service: ServiceView, endpoints: tuple[Endpoint, ...]) -> Translated[Health | None]:
    """Return the check after whose failure the container is restarted, where one is known."""
    family = _family(service, endpoints)
    written = service.get("healthcheck")
    is_off = written is not None and truth(field(written, "disable"))
    if family is None or is_off:
        return _NOTHING
    probe = next((one for one in family.probes if one.purpose == "liveness"), None)
    if probe is None:
        return _NOTHING
    probe = _where_it_listens(probe, service)
    decision = Decision(
        subject=f"services.{service.name}",
        topic="liveness",
        choice=f"is restarted when no more {_shown(probe)}",
        evidence=(
            Evidence(
                f"{family.name} tells by it of itself alone ({family.sources[probe.source]})",
                service.position("image"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{liveness: false}}}}",
    )
    return Translated(_health(probe, service), (decision,))


def same_as(
    command: tuple[str, ...], service: ServiceView
) -> HttpCheck | TcpCheck | GrpcCheck | None:
    """Return what the kubelet can ask in place of a ``command`` that is known to ask the same."""
    family = service.known.family if service.known is not None else None
    words = " ".join(command[2:] if command[1:2] == ("-c",) else command).strip()
    for probe in family.probes if family is not None else ():
        if words.removesuffix("|| exit 1").strip() in probe.same_as:
            return _asked(_where_it_listens(probe, service))
    return None


def _family(service: ServiceView, endpoints: tuple[Endpoint, ...]) -> ImageFamily | None:
    """Return what is known of the image, where it runs as it comes."""
    if service.known is None or service.within or is_set_up_otherwise(endpoints, service):
        return None
    family = service.known.family
    if family.role not in _SERVERS_WHATEVER_THE_COMMAND and service.get("command") is not None:
        # `n8n worker` is not what the check of n8n's own command asks.
        return None
    return family


def _where_it_listens(probe: Probe, service: ServiceView) -> Probe:
    """Return ``probe`` with the port to which a variable has moved the image's own."""
    if probe.port is None:
        return probe
    port = moved(probe.port, service)
    if port == probe.port:
        return probe
    words = tuple(str(port) if word == str(probe.port) else word for word in probe.exec)
    return msgspec.structs.replace(probe, port=port, exec=words)


def _health(probe: Probe, service: ServiceView) -> Health:
    return Health(
        command=probe.exec,
        asked=_asked(probe),
        interval=float(probe.period),
        timeout=float(probe.timeout),
        retries=probe.failures,
        start_period=float(probe.startup_window or 0),
        position=service.position("image"),
    )


def _asked(probe: Probe) -> HttpCheck | TcpCheck | GrpcCheck | None:
    if probe.port is None:
        return None
    if probe.http is not None:
        return HttpCheck(port=probe.port, path=probe.http, scheme=probe.scheme or "http")
    if probe.tcp:
        return TcpCheck(port=probe.port)
    return GrpcCheck(port=probe.port) if probe.grpc else None


def _shown(probe: Probe) -> str:
    if probe.exec:
        return f"`{_shown_words(probe.exec)}` ends well"
    if probe.http is not None:
        return f"{probe.scheme or 'http'}://<pod>:{probe.port}{probe.http} answers"
    return f"port {probe.port} answers"


def _shown_words(words: tuple[str, ...]) -> str:
    if all(word and not word.strip(_UNQUOTED) for word in words):
        return " ".join(words)
    import shlex  # few commands of the catalogue need quotes

    return shlex.join(words)
