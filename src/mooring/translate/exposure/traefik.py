"""
Traefik's labels: routers, services and middlewares.

A router is read with the service and the middlewares that it names, wherever in the stack they
are defined.  A router whose middleware asks for a password, or that names one which is defined
elsewhere, stays closed: opened without it, it would let in whom it kept out.

Source: https://doc.traefik.io/traefik/routing/providers/docker/
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.accounting import Path
from mooring.app.exposure import Speaks
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.decisions import Evidence, OpenQuestion
from mooring.sources import Position
from mooring.translate.exposure import places, rules
from mooring.translate.exposure.edge_proxy import Front
from mooring.translate.exposure.places import Place
from mooring.translate.exposure.traefik_middlewares import Effect, effect
from mooring.translate.exposure.traefik_terms import Label, account
from mooring.translate.exposure.way import Found, RawWay, Way
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, field, text

PREFIX = "traefik."

_OFF = "traefik.enable says that the proxy passes over this service"
_UNASKED = "the stack's Traefik passes over services that do not say traefik.enable=true"
_INTERNAL = "@internal"
_DOCKER = ("@docker", "@swarm", "@dockerswarm")


class _Service(msgspec.Struct, frozen=True, kw_only=True):
    """What the labels of one service of the stack define, each by its name and its options."""

    name: str
    labels: tuple[Label, ...]
    routers: dict[str, dict[str, Label]]
    servers: dict[str, dict[str, Label]]
    raw_routers: dict[str, dict[str, Label]]
    raw_servers: dict[str, dict[str, Label]]

    def enabled(self) -> bool | None:
        """What `traefik.enable` says."""
        for label in self.labels:
            if label.terms == ("enable",):
                return label.value.strip().lower() in {"true", "1", "t"}
        return None


class _Defined(msgspec.Struct, frozen=True, kw_only=True):
    """What all services of the stack define for all: who serves, and middlewares."""

    servers: dict[str, tuple[str, dict[str, Label]]]
    raw_servers: dict[str, tuple[str, dict[str, Label]]]
    middlewares: dict[str, dict[str, Label]]


def translate(
    views: ReadOnly[str, ServiceView], left_out: frozenset[str], front: Front
) -> Translated[Found]:
    """
    Return the ways of which the labels of ``views`` tell, with an entry for each such label.

    Labels of the services ``left_out`` define services and middlewares for the others; their
    entries are made where the service is left out.
    """
    services = [
        _service(view.name, labels) for view in views.values() if (labels := tuple(_labels(view)))
    ]
    if not services:
        return Translated(Found())
    defined = _defined(services)
    ways: list[Way] = []
    raw: list[RawWay] = []
    notes: list[Note] = []
    for service in services:
        if service.name in left_out:
            continue
        enabled = service.enabled()
        if enabled is False or (enabled is None and not front.exposes_by_default):
            reason = _OFF if enabled is False else _UNASKED
            notes.extend(dropped(label.path, reason) for label in service.labels)
            continue
        reader = _Reader(service, defined, front)
        reader.read()
        ways.extend(reader.ways)
        raw.extend(reader.raw)
        notes.extend(account(label) for label in service.labels if label.path not in reader.told)
        notes.extend(reader.notes)
    return Translated(Found(ways=tuple(ways), raw=tuple(raw)), tuple(notes))


def _labels(view: ServiceView) -> Iterator[Label]:
    """Yield the labels for Traefik at the service's containers and at the service as a whole."""
    deploy = view.get("deploy")
    of_object = field(deploy, "labels") if isinstance(deploy, Mapping) else None
    places_: tuple[tuple[Path, Node | None], ...] = (
        (view.path("labels"), view.get("labels")),
        (view.path("deploy", "labels"), of_object),
    )
    for path, node in places_:
        for name, value in entries(node):
            if name.lower().startswith(PREFIX):
                yield Label(
                    path=(*path, name),
                    terms=tuple(name.lower().split(".")[1:]),
                    value=text(value) if isinstance(value, Scalar) else "",
                    position=value.position or view.position("labels"),
                )


def _service(name: str, labels: tuple[Label, ...]) -> _Service:
    groups: dict[tuple[str, str], dict[str, dict[str, Label]]] = {}
    for label in labels:
        match label.terms:
            case ("http" | "tcp" as kind, "routers" | "services" as what, of, *rest) if rest:
                options = groups.setdefault((kind, what), {}).setdefault(of, {})
                options[".".join(rest)] = label
    return _Service(
        name=name,
        labels=labels,
        routers=groups.get(("http", "routers"), {}),
        servers=groups.get(("http", "services"), {}),
        raw_routers=groups.get(("tcp", "routers"), {}),
        raw_servers=groups.get(("tcp", "services"), {}),
    )


def _defined(services: list[_Service]) -> _Defined:
    middlewares: dict[str, dict[str, Label]] = {}
    for service in services:
        for label in service.labels:
            match label.terms:
                case ("http", "middlewares", of, *rest) if rest:
                    middlewares.setdefault(of, {})[".".join(rest)] = label
    return _Defined(
        servers={
            name: (one.name, options) for one in services for name, options in one.servers.items()
        },
        raw_servers={
            name: (one.name, options)
            for one in services
            for name, options in one.raw_servers.items()
        },
        middlewares=middlewares,
    )


class _Reader:
    """One pass over the routers of one service."""

    def __init__(self, service: _Service, defined: _Defined, front: Front) -> None:
        self._service = service
        self._defined = defined
        self._front = front
        self.ways: list[Way] = []
        self.raw: list[RawWay] = []
        self.notes: list[Note] = []
        self.told: set[Path] = set()

    def read(self) -> None:
        """Read all routers, and the one that Traefik makes where there is none."""
        service = self._service
        for name, options in service.routers.items():
            self._router(name, options)
        for name, options in service.raw_routers.items():
            self._raw_router(name, options)
        if service.routers or (service.raw_routers and not service.servers):
            return
        if service.servers or service.enabled():
            # Traefik's default rule is the container's name as host, below a domain of its own.
            label = service.labels[0]
            evidence = Evidence("Traefik's default rule: no label has one", label.position)
            host = f"{service.name.replace('_', '-').lower()}."
            server = next(iter(service.servers.values()), {})
            self._way(service.name, server, (Place(hosts=(host,)),), evidence, {}, Effect())

    def _router(self, name: str, options: dict[str, Label]) -> None:
        rule = options.get("rule")
        found = self._server(name, options)
        if found is None:
            return
        served_by, server = found
        some = rule or next(iter(options.values()))
        done = effect(_names(options.get("middlewares")), self._defined.middlewares)
        if done.keeps_out is not None:
            self._drop(options, f"its router stays closed: the {done.keeps_out}")
            self._closed(name, f"its {done.keeps_out}", some.position)
            return
        if rule is None:
            host = f"{self._service.name.replace('_', '-').lower()}."
            reading = places.Reading(places=(Place(hosts=(host,)),))
            evidence = Evidence("Traefik's default rule: the router has none", some.position)
        else:
            read = self._rule(name, rule)
            if read is None:
                return
            reading = read
            evidence = Evidence(f"the rule {rule.value} of the router {name}", rule.position)
        self._way(served_by, server, reading.places, evidence, options, done)

    def _rule(self, name: str, rule: Label) -> places.Reading | None:
        """Return what ``rule`` says, with its entry; None where all of it stays closed."""
        self.told.add(rule.path)
        try:
            reading = places.read_rule(rule.value)
        except rules.RuleError as error:
            self.notes.append(dropped(rule.path, f"it is no rule that can be read: {error}"))
            self._closed(name, f"its rule cannot be read: {error}", rule.position)
            return None
        closed = "; ".join(reading.closed)
        if closed:
            self._closed(name, f"part of its rule: {closed}", rule.position)
        if not reading.places:
            self.notes.append(dropped(rule.path, closed or "no request can fit this rule"))
            return None
        to = "Ingress.spec.rules"
        differs = "; ".join((*reading.closed, *reading.slightly))
        self.notes.append(
            approximated(rule.path, differs, to) if differs else carried(rule.path, to)
        )
        return reading

    def _server(self, name: str, options: dict[str, Label]) -> tuple[str, dict[str, Label]] | None:
        """Return the service to which a router leads, and its options; None where to nobody."""
        label = options.get("service")
        own = self._service
        if label is None:
            if len(own.servers) == 1:
                return own.name, next(iter(own.servers.values()))
            return own.name, own.servers.get(name, {})
        wanted = label.value.strip().lower()
        if wanted.endswith(_INTERNAL):
            reason = "it leads into Traefik itself, which a cluster does not run for the stack"
            self._drop(options, reason)
            return None
        for ending in _DOCKER:
            wanted = wanted.removesuffix(ending)
        found = self._defined.servers.get(wanted)
        if found is not None:
            return found
        if wanted == own.name.lower() or not own.servers:
            return own.name, {}
        self._drop(options, "no label of the stack defines the service to which it leads")
        self._closed(name, f'it leads to "{wanted}", which no label defines', label.position)
        return None

    def _way(
        self,
        served_by: str,
        server: dict[str, Label],
        where: tuple[Place, ...],
        evidence: Evidence,
        options: dict[str, Label],
        done: Effect,
    ) -> None:
        points = _names(options.get("entrypoints"))
        encrypted = _says_tls(options) or (
            bool(points) and all(self._front.is_encrypted(point) for point in points)
        )
        self.ways.append(
            Way(
                service=served_by,
                places=where,
                evidence=evidence,
                port=_port(server),
                encrypted=encrypted or done.redirects,
                redirects=done.redirects or (encrypted and self._front.redirects),
                is_redirect=done.redirects,
                stripped_prefix=done.stripped_prefix,
                speaks=_speaks(server),
            )
        )

    def _raw_router(self, name: str, options: dict[str, Label]) -> None:
        label = options.get("service")
        own = self._service
        found: tuple[str, dict[str, Label]] | None
        if label is not None:
            found = self._defined.raw_servers.get(label.value.strip().lower().partition("@")[0])
        else:
            found = (own.name, own.raw_servers.get(name, next(iter(own.raw_servers.values()), {})))
        port = _port(found[1]) if found is not None else None
        if found is None or port is None:
            return
        points = _names(options.get("entrypoints"))
        ports = [str(number) for point in points if (number := self._front.port(point))]
        entered = f" on port {', '.join(ports)}" if ports else ""
        some = next(iter(options.values()))
        evidence = Evidence(f"the TCP router {name}{entered}", some.position)
        self.raw.append(RawWay(service=found[0], port=port, evidence=evidence))

    def _drop(self, options: dict[str, Label], reason: str) -> None:
        for label in options.values():
            self.told.add(label.path)
            self.notes.append(dropped(label.path, reason))

    def _closed(self, router: str, why: str, position: Position | None) -> None:
        name = self._service.name
        self.notes.append(
            OpenQuestion(
                subject=f"services.{name}.exposure",
                question=f'the router "{router}" stays closed: {why}',
                answer=f"services: {{{name}: {{exposure: {{host: <host>}}}}}} opens it without, "
                f"services: {{{name}: {{exposure: none}}}} keeps it closed",
                position=position,
            )
        )


def _names(label: Label | None) -> tuple[str, ...]:
    if label is None:
        return ()
    return tuple(name.strip().lower() for name in label.value.split(",") if name.strip())


def _says_tls(options: dict[str, Label]) -> bool:
    whole = options.get("tls")
    if whole is not None:
        return whole.value.strip().lower() != "false"
    return any(option.startswith("tls.") for option in options)


def _port(server: dict[str, Label]) -> int | None:
    label = server.get("loadbalancer.server.port")
    given = label.value.strip() if label is not None else ""
    return int(given) if given.isascii() and given.isdigit() and 0 < int(given) < 65536 else None


def _speaks(server: dict[str, Label]) -> Speaks:
    label = server.get("loadbalancer.server.scheme")
    given = label.value.strip().lower() if label is not None else ""
    return Speaks(given) if given in set(Speaks) else Speaks.HTTP
