"""
Ports that were published on the machine, and that no route reaches.

Whoever published one could dial it from anywhere.  A cluster opens nothing by itself, and most of
these ports were opened for the author's own use, so they stay closed; the decision names the line
that opens them.
"""

from mooring.app.endpoints import Endpoint, Protocol
from mooring.app.workloads import Container
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Role
from mooring.translate.view import ServiceView

_WITHOUT_HTTP = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER})
_USUAL_PORTS = frozenset(
    {21, 22, 25, 53, 389, 465, 587, 636, 993, 1025, 1433, 1521, 1883, 2181, 3306, 4222, 5432, 5433,
     5672, 6379, 6380, 7687, 8883, 9042, 9092, 11211, 27017, 33060}
)  # fmt: skip


def decision(view: ServiceView, container: Container, reached: frozenset[int]) -> Decision | None:
    """
    Return what becomes of the published ports of ``container`` that are not among ``reached``.

    None where there are none; a port on a loopback address was never open.
    """
    open_ = [
        (endpoint, publication)
        for endpoint in container.endpoints
        for publication in endpoint.publications
        if not publication.private and endpoint.port not in reached
    ]
    if not open_:
        return None
    endpoints = tuple(dict.fromkeys(endpoint for endpoint, _ in open_))
    several = len(endpoints) > 1
    numbers = ", ".join(str(endpoint.port) for endpoint in endpoints)
    return Decision(
        subject=f"services.{view.name}",
        topic="exposure",
        choice=f"port{'s' if several else ''} {numbers} "
        f"{'are' if several else 'is'} reached inside the cluster only",
        evidence=tuple(
            Evidence(
                f"port {publication.port or endpoint.port} of the machine led to {endpoint.port}; "
                "a cluster opens nothing by itself",
                endpoint.position,
            )
            for endpoint, publication in open_
        ),
        overrule=_overrule(view, endpoints),
    )


def _overrule(view: ServiceView, endpoints: tuple[Endpoint, ...]) -> str:
    web = [endpoint for endpoint in endpoints if _speaks_http(view, endpoint)]
    raw = [endpoint for endpoint in endpoints if endpoint not in web]
    raw_tcp = ", ".join(str(one.port) for one in raw if one.protocol is Protocol.TCP)
    said = []
    if web:
        said.append(f"host: <host>, port: {web[0].port}")
    if raw_tcp:
        said.append(f"tcp: [{raw_tcp}]")
    if not said:
        return "a Service of type LoadBalancer in the environment's patches"
    return f"services: {{{view.name}: {{exposure: {{{', '.join(said)}}}}}}}"


def _speaks_http(view: ServiceView, endpoint: Endpoint) -> bool:
    if endpoint.protocol is not Protocol.TCP or endpoint.port in _USUAL_PORTS:
        return False
    if view.known is None:
        return True
    spoken = {port.port: port.application for port in view.known.family.ports}.get(endpoint.port)
    if spoken is not None:
        return spoken in {"http", "https", "grpc"}
    return view.known.family.role not in _WITHOUT_HTTP
