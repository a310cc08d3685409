"""
The ports on which a container listens: `ports` and `expose`.

## What it means
Inside a Compose network every port of a container can be dialled, on the port where the process
listens.  `ports` publishes some of them on the machine as well; `expose` only documents them.

## What it becomes
A Service under the service's name with the **container** ports, so that `db:5432` keeps meaning
what it means to the peers, whatever port the machine published.  The same port named twice is
one port.  Where both are silent, the port counts that a proxy was told (Traefik's labels,
`VIRTUAL_PORT`), and what the Dockerfile exposes.  What the image is known for, what the command
says (`--port 8000`), what peers dial and, for want of all else, what settings such as `PORT` say
is added.  A service without any port gets a headless Service: its name still resolves.

## What is lost
A port of the machine has no counterpart in a cluster: who publishes what to the world is a
decision of its own.  What was bound to a loopback address stays private.

## Example
    ports: ["127.0.0.1:5433:5432"]   # Service port 5432; nothing is opened to the outside

## References
- https://docs.docker.com/reference/compose-file/services/#ports
- https://kubernetes.io/docs/concepts/services-networking/service/
"""

from collections.abc import Iterator

from mooring.accounting import Entry, Outcome
from mooring.app.endpoints import Endpoint, Protocol, Publication, shown_port
from mooring.compose.attributes.ports import is_address
from mooring.compose.dockerfile.facts import ExposedPort
from mooring.compose.nodes import Node
from mooring.decisions import Decision, Evidence
from mooring.patterns import LazyPattern
from mooring.sources import Position
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, field, items, text, texts, whole

ATTRIBUTES = ("ports", "expose")

_HIGHEST_PORT = 65535
_TRAEFIK_PORT = ".loadbalancer.server.port"
_TO = "Service.spec.ports, container.ports"


class _Found:
    """Endpoints by port and protocol, in the order in which they were met."""

    def __init__(self) -> None:
        self.by_port: dict[tuple[int, Protocol], Endpoint] = {}

    def add(
        self,
        port: int,
        protocol: Protocol,
        *,
        position: Position | None,
        name: str | None = None,
        application_protocol: str | None = None,
        publication: Publication | None = None,
    ) -> None:
        known = self.by_port.get((port, protocol))
        publications = () if publication is None else (publication,)
        if known is None:
            known = Endpoint(
                port=port,
                protocol=protocol,
                name=name,
                application_protocol=application_protocol,
                publications=publications,
                position=position,
            )
        else:
            known = Endpoint(
                port=port,
                protocol=protocol,
                name=known.name or name,
                application_protocol=known.application_protocol or application_protocol,
                publications=(*known.publications, *publications),
                position=known.position,
            )
        self.by_port[port, protocol] = known


def translate(service: ServiceView) -> Translated[tuple[Endpoint, ...]]:
    """
    Return where the service listens: by `ports` and `expose`.

    Where these say nothing, what was told to a proxy and its Dockerfile's EXPOSE count.
    """
    found = _Found()
    notes: list[Note] = []
    for index, node in items(service.get("ports")):
        notes.extend(_published(service, index, node, found))
    for index, node in items(service.get("expose")):
        path = service.path("expose", index)
        exposed_here = exposed_ports(text(node))
        for port, protocol in exposed_here:
            found.add(port, protocol, position=node.position)
        notes.append(carried(path, _TO) if exposed_here else dropped(path, "it is no port number"))
    if not found.by_port:
        notes.extend(_undeclared(service, found))
    return Translated(tuple(found.by_port.values()), tuple(notes))


def _of_another(service: ServiceView, exposed: ExposedPort) -> Decision:
    """Return the decision that EXPOSE speaks of another service, which runs the same image."""
    return Decision(
        subject=f"services.{service.name}",
        topic="ports",
        choice="no port of it is known",
        evidence=(
            Evidence(
                f"EXPOSE {exposed.first} in the Dockerfile is meant for "
                f"{service.listens_elsewhere}, which runs the same image",
                exposed.position,
            ),
            Evidence("it runs another command", service.position("command")),
        ),
        overrule=f"services: {{{service.name}: {{ports: [{exposed.first}]}}}}",
    )


_WORKERS = LazyPattern(
    r"(?:^|[\s/;&])(sidekiq|resque|delayed_job|good_job|solid_queue|shoryuken|que|sneakers"
    r"|celery\s(?:(?!flower).)*\b(?:worker|beat)|rqworker|rq\s+worker|dramatiq|huey_consumer(?:\.py)?"
    r"|arq|taskiq\s+worker|procrastinate|queue:work|queue:listen|horizon|schedule:work"
    r"|messenger:consume|crond|supercronic)(?=\s|$|['\"])"
)
"""What takes its work from a queue or from the clock, and is dialled by nobody."""


def _works_in_background(service: ServiceView) -> str | None:
    """Return the words by which the service's own command works in the background, else None."""
    words = " ".join((*texts(service.get("entrypoint")), *texts(service.get("command"))))
    found = _WORKERS.search(words)
    return found[1] if found is not None else None


def _of_worker(service: ServiceView, exposed: ExposedPort, worker: str) -> Decision:
    """Return the decision that EXPOSE is not meant for a command that works in the background."""
    return Decision(
        subject=f"services.{service.name}",
        topic="ports",
        choice="no port of it is known",
        evidence=(
            Evidence(
                f"its command runs {worker}, which takes its work from elsewhere",
                service.position("command"),
            ),
            Evidence(
                f"EXPOSE {exposed.first} in the Dockerfile is for what the image runs otherwise",
                exposed.position,
            ),
        ),
        overrule=f"services: {{{service.name}: {{ports: [{exposed.first}]}}}}",
    )


def _undeclared(service: ServiceView, found: _Found) -> list[Note]:
    """Find the ports of a service that declares none, and say what tells of them."""
    evidence: list[Evidence] = []
    for port, statement, position in _told_to_a_proxy(service):
        found.add(port, Protocol.TCP, position=position)
        evidence.append(Evidence(statement, position))
    told = {port for port, _ in found.by_port}
    by_image = service.image_facts.ports if service.image_facts is not None else ()
    if told and not any(told & set(range(one.first, one.last + 1)) for one in by_image):
        # Whoever wrote the label knew this stack; EXPOSE may be the base image's habit.
        evidence.extend(
            Evidence(f"EXPOSE {one.first} in the Dockerfile says otherwise", one.position)
            for one in by_image
        )
        by_image = ()
    if service.listens_elsewhere and by_image and not told:
        return [_of_another(service, by_image[0])]
    if by_image and not told and (worker := _works_in_background(service)) is not None:
        return [_of_worker(service, by_image[0], worker)]
    for exposed in by_image:
        for port in range(exposed.first, exposed.last + 1):
            found.add(port, Protocol(exposed.protocol), position=exposed.position)
        last = f"-{exposed.last}" if exposed.last != exposed.first else ""
        evidence.append(
            Evidence(f"EXPOSE {exposed.first}{last} in the Dockerfile", exposed.position)
        )
    if not evidence:
        return []
    numbers = ", ".join(shown_port(*one) for one in found.by_port)
    return [
        Decision(
            subject=f"services.{service.name}",
            topic="ports",
            choice=f"listens on {numbers}",
            evidence=tuple(evidence),
            overrule=f"services: {{{service.name}: {{ports: [{numbers}]}}}}",
        )
    ]


def _told_to_a_proxy(service: ServiceView) -> Iterator[tuple[int, str, Position | None]]:
    """Yield the ports to which a proxy on the Docker socket is told to send requests."""
    deploy = service.get("deploy")
    for node in (service.get("labels"), field(deploy, "labels") if deploy is not None else None):
        for name, value in entries(node):
            if name.startswith("traefik.") and name.endswith(_TRAEFIK_PORT):
                given = text(value)
                if _is_port(given):
                    yield int(given), f"the label {name}", value.position
    told = service.environment.get("VIRTUAL_PORT")
    if told is not None and told.value is not None and _is_port(told.value):
        yield int(told.value), "VIRTUAL_PORT, which nginx-proxy reads", told.position


def _is_port(given: str) -> bool:
    return given.isascii() and given.isdigit() and 0 < int(given) <= _HIGHEST_PORT


def _published(service: ServiceView, index: int, node: Node, found: _Found) -> list[Note]:
    path = service.path("ports", index)
    target = whole(port) if (port := field(node, "target")) is not None else 0
    protocol = Protocol(text(node_) if (node_ := field(node, "protocol")) else "tcp")
    address = text(node_) if (node_ := field(node, "host_ip")) else None
    published = text(node_) if (node_ := field(node, "published")) else None
    mode = text(node_) if (node_ := field(node, "mode")) else "ingress"
    private = address is not None and _is_loopback(address)
    found.add(
        target,
        protocol,
        position=node.position,
        name=text(node_) if (node_ := field(node, "name")) else None,
        application_protocol=text(node_) if (node_ := field(node, "app_protocol")) else None,
        publication=Publication(
            port=int(published) if published and published.isdigit() else None,
            address=address,
            private=private,
            on_every_node=mode == "host",
        ),
    )
    notes: list[Note] = [carried(path, _TO)]
    if published is not None:
        notes.append(
            approximated(
                (*path, "published"),
                "a cluster has no port of the one machine; inside, peers dial the container's port",
                "kubectl port-forward, or `exposure` in mooring.yaml",
            )
        )
    if address is not None:
        notes.append(
            Entry(
                (*path, "host_ip"),
                Outcome.CARRIED if private else Outcome.DROPPED,
                "the port stays private to the cluster"
                if private
                else "pods have no address of the machine to bind to",
                "no exposure" if private else "",
            )
        )
    if mode == "host":
        notes.append(
            approximated(
                (*path, "mode"),
                "a port of every machine is not taken without asking",
                "Service.spec.ports",
            )
        )
    return notes


def exposed_ports(value: str) -> list[tuple[int, Protocol]]:
    """
    Return the ports of an `expose` item: "8000", "8000/tcp" or "3000-3005/udp".

    Compose passes anything on; what is no port, and no protocol that pods know, gives none.
    """
    ports, _, protocol = value.partition("/")
    first, _, last = ports.partition("-")
    known = protocol.lower() in {"", *Protocol}
    if not (known and first.isdecimal() and (last.isdecimal() or not last)):
        return []
    return [
        (port, Protocol(protocol.lower() or "tcp"))
        for port in range(int(first), int(last or first) + 1)
    ]


def _is_loopback(address: str) -> bool:
    if ":" not in address:
        return address == "localhost" or (address.startswith("127.") and is_address(address))
    import ipaddress  # rare, and not free to import

    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
