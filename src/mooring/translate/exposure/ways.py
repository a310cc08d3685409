"""
All ways from outside into a stack, and what mooring.yaml says of them.

What proxies were told is put together by service: ways to the same place become one, a way that
only redirects becomes a property of the way to which it leads, and a port that nobody named is the
one on which the service listens.  What was settled for a service wins over all that was found.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from itertools import chain

import msgspec

from mooring.app.endpoints import Endpoint, NetworkAccess, Protocol
from mooring.app.exposure import EVERYTHING, Exposure, PathMatch, TcpExposure
from mooring.app.workloads import Container
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.settings.choices import NOT_EXPOSED, Choices, ExposureChoice
from mooring.translate.exposure import caddy, long_lived, nginx_proxy, published, traefik
from mooring.translate.exposure.edge_proxy import EdgeProxies
from mooring.translate.exposure.places import Place
from mooring.translate.exposure.way import RawWay, Way
from mooring.translate.notes import Note, Translated
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView


def with_exposures(
    translated: ReadOnly[str, TranslatedService],
    views: ReadOnly[str, ServiceView],
    proxies: EdgeProxies,
    choices: Choices,
    names: ReadOnly[str, str],
) -> Translated[dict[str, TranslatedService]]:
    """
    Return ``translated`` with the ways from outside, and ports that only these name.

    ``views`` are all services, those that are left out as ``proxies`` too: their labels may define
    what the others name.  ``names`` has the service behind each name that a proxy may pass
    requests on to.
    """
    routes = traefik.translate(views, proxies.names, proxies.front)
    ways: dict[str, list[Way]] = {}
    raw: dict[str, list[RawWay]] = {}
    notes: list[Note] = []
    found = [routes]
    for name, view in views.items():
        if name not in proxies.names:
            found.extend((nginx_proxy.translate(view), caddy.translate(view)))
    for one in found:
        notes.extend(note for note in one.notes if not _is_settled(note, choices))
        for way in one.value.ways:
            ways.setdefault(way.service, []).append(way)
        for raw_way in one.value.raw:
            raw.setdefault(raw_way.service, []).append(raw_way)
    if proxies.configs:
        from mooring.translate.reverse_proxy import routes as of_proxies

        for name, config in proxies.configs.items():
            if name in ways:
                ways[name] = of_proxies.corrected(ways[name], config)
        for way in _of_proxies(views, proxies, choices, names, ways, notes):
            ways.setdefault(way.service, []).append(way)
    chosen = any(choices.service(name).exposure is not None for name in translated)
    lasting = long_lived.services(views) if ways or chosen else frozenset()
    done: dict[str, TranslatedService] = {}
    for name, one_service in translated.items():
        exposed = _Exposed(
            views[name],
            one_service,
            choice=choices.service(name).exposure,
            is_long_lived=name in lasting,
        )
        done[name] = exposed.made(ways.get(name, []), raw.get(name, []))
        notes.extend(exposed.notes)
    return Translated(done, tuple(notes))


def _of_proxies(
    views: ReadOnly[str, ServiceView],
    proxies: EdgeProxies,
    choices: Choices,
    names: ReadOnly[str, str],
    told: ReadOnly[str, list[Way]],
    notes: list[Note],
) -> list[Way]:
    """Return the ways of which the configurations of proxies tell."""
    from mooring.translate.reverse_proxy import routes

    found: list[Way] = []
    for name, config in proxies.configs.items():
        if name in proxies.names:
            found.extend(routes.of_left_out(config, names))
            continue
        choice = choices.service(name).exposure
        if choice == NOT_EXPOSED:
            continue
        chosen = choice if isinstance(choice, ExposureChoice) else None
        made = routes.of_kept(views[name], config, names, told.get(name, ()), chosen)
        notes.extend(note for note in made.notes if chosen is None or not chosen.speaks_of_http)
        found.extend(made.value)
    return found


def _is_settled(note: Note, choices: Choices) -> bool:
    """Return whether ``note`` asks or tells what mooring.yaml settles."""
    if not isinstance(note, Decision | OpenQuestion):
        return False
    name = note.subject.removeprefix("services.").removesuffix(".exposure")
    return choices.service(name).exposure is not None


class _Exposed:
    """The making of one service's ways."""

    def __init__(
        self,
        view: ServiceView,
        service: TranslatedService,
        *,
        choice: ExposureChoice | str | None,
        is_long_lived: bool,
    ) -> None:
        self._view = view
        self._service = service
        self._choice = choice
        self._is_long_lived = is_long_lived
        self.notes: list[Note] = []

    def made(self, ways: list[Way], raw: list[RawWay]) -> TranslatedService:
        """Return the service with what ``ways`` and ``raw`` and the user's choice open."""
        if self._choice == NOT_EXPOSED or self._service.part.network is NetworkAccess.NONE:
            return self._service
        choice = self._choice if isinstance(self._choice, ExposureChoice) else None
        container = self._service.container
        own = [way for way in ways if not way.past_a_proxy]
        past = [way for way in ways if way.past_a_proxy]
        exposures = (
            *self._exposures(own, container, choice),
            *self._found(past, container, None),
        )
        opened = [int(port) for port in choice.tcp] if choice is not None else []
        tcp = tuple(TcpExposure(port=port, position=container.position) for port in opened)
        at = {way.port: way.evidence for way in raw}
        ports = dict.fromkeys(
            chain((one.port for one in exposures), (way.port for way in raw), opened)
        )
        container = _listening(container, tuple(ports), at)
        self._tell_of_raw([way for way in raw if way.port not in opened], opened)
        if choice is None:
            decided = published.decision(self._view, container, frozenset(ports))
            if decided is not None:
                self.notes.append(decided)
        if not exposures and not tcp and container is self._service.container:
            return self._service
        part = msgspec.structs.replace(self._service.part, exposures=exposures, tcp_exposures=tcp)
        return msgspec.structs.replace(self._service, part=part, container=container)

    def _exposures(
        self, ways: list[Way], container: Container, choice: ExposureChoice | None
    ) -> Iterator[Exposure]:
        if choice is None or (ways and not choice.speaks_of_http):
            yield from self._found(ways, container, choice)
            return
        found = tuple(self._found(ways, container, choice))
        if not found and not choice.speaks_of_http:
            return
        port = int(choice.port) if choice.port else None
        if port is None:
            port = found[0].port if found else self._port(container, None)
        if port is None:
            return
        first = next(
            iter(found),
            Exposure(port=port, encrypted=True, redirects=True, position=container.position),
        )
        hosts = tuple(dict.fromkeys(host for one in found for host in one.hosts))
        paths = tuple(dict.fromkeys(path for one in found for path in one.paths))
        own = f"{self._service.part.name}."
        yield msgspec.structs.replace(
            first,
            port=port,
            hosts=(choice.host,) if choice.host else hosts or (own,),
            paths=tuple(PathMatch(path) for path in choice.paths) or paths or EVERYTHING,
            encrypted=first.encrypted if choice.tls is None else choice.tls,
            redirects=first.redirects if choice.tls is None else choice.tls,
            certificate=choice.certificate,
            long_lived=self._lasts(choice),
        )

    def _found(
        self, ways: list[Way], container: Container, choice: ExposureChoice | None
    ) -> Iterator[Exposure]:
        for way in _without_redirects(ways):
            port = way.port
            if choice is not None and choice.port:
                port = int(choice.port)
            port = port or self._port(container, way.evidence)
            if port is None:
                continue
            encrypted = way.encrypted if choice is None or choice.tls is None else choice.tls
            for place in way.places:
                yield Exposure(
                    port=port,
                    hosts=place.hosts,
                    paths=place.paths,
                    encrypted=encrypted,
                    redirects=way.redirects and encrypted,
                    certificate=choice.certificate if choice is not None else None,
                    long_lived=way.long_lived or self._lasts(choice),
                    largest_body=way.largest_body,
                    stripped_prefix=self._stripped(way, place),
                    speaks=way.speaks,
                    position=way.evidence.position,
                )

    def _stripped(self, way: Way, place: Place) -> str | None:
        """Return the prefix that is taken from all paths of ``place``; it cannot be from some."""
        prefix = way.stripped_prefix
        if prefix is None or all(path.path.startswith(prefix) for path in place.paths):
            return prefix
        name = self._view.name
        self.notes.append(
            OpenQuestion(
                subject=f"services.{name}.exposure",
                question=f'nothing takes "{prefix}" from paths that begin with it: other paths go '
                "the same way",
                answer=f"services: {{{name}: {{exposure: {{paths: [<path>]}}}}}}",
                position=way.evidence.position,
            )
        )
        return None

    def _lasts(self, choice: ExposureChoice | None) -> bool:
        if choice is not None and choice.long_lived is not None:
            return choice.long_lived
        return self._is_long_lived

    def _port(self, container: Container, evidence: Evidence | None) -> int | None:
        """Return the port on which ``container`` is taken to be reached; None where none is."""
        ports = sorted(one.port for one in container.endpoints if one.protocol is Protocol.TCP)
        name = self._view.name
        if not ports:
            self.notes.append(
                OpenQuestion(
                    subject=f"services.{name}.exposure",
                    question="nothing tells the port on which it answers, so it stays closed",
                    answer=f"services: {{{name}: {{exposure: {{port: <port>}}}}}}",
                    position=evidence.position if evidence else container.position,
                )
            )
            return None
        port = _HTTP if _HTTP in ports else ports[0]
        if len(ports) > 1:
            told = evidence or Evidence("mooring.yaml asks for it", container.position)
            self.notes.append(
                Decision(
                    subject=f"services.{name}",
                    topic="exposed port",
                    choice=f"{port}, of {', '.join(str(one) for one in ports)}",
                    evidence=(told, Evidence("nobody names the port that is meant")),
                    overrule=f"services: {{{name}: {{exposure: {{port: {port}}}}}}}",
                )
            )
        return port

    def _tell_of_raw(self, raw: list[RawWay], opened: list[int]) -> None:
        if not raw:
            return
        closed = dict.fromkeys(way.port for way in raw)
        ports = ", ".join(str(port) for port in closed)
        every = ", ".join(str(port) for port in (*opened, *closed))
        name = self._view.name
        self.notes.append(
            Decision(
                subject=f"services.{name}",
                topic="raw TCP",
                choice=f"{ports}: reached inside the cluster only",
                evidence=(
                    *(way.evidence for way in raw),
                    Evidence("an Ingress routes HTTP alone, and a load balancer is not free"),
                ),
                overrule=f"services: {{{name}: {{exposure: {{tcp: [{every}]}}}}}}",
            )
        )


_HTTP = 80


def _without_redirects(ways: list[Way]) -> list[Way]:
    """
    Return ``ways`` with those to the same place as one, and those that only redirect as a word.

    A place that is reached with and without TLS counts as one that is reached with it.
    """
    real = [way for way in ways if not way.is_redirect]
    redirecting = [way for way in ways if way.is_redirect]
    merged: dict[tuple[object, ...], Way] = {}
    for way in real:
        key = (way.places, way.port, way.stripped_prefix, way.speaks, way.past_a_proxy)
        known = merged.setdefault(key, way)
        merged[key] = msgspec.structs.replace(
            known,
            encrypted=known.encrypted or way.encrypted,
            redirects=known.redirects or way.redirects,
        )
    done = list(merged.values())
    for redirect in redirecting:
        hosts = _hosts(redirect)
        behind = [index for index, way in enumerate(done) if not hosts or hosts & _hosts(way)]
        for index in behind:
            done[index] = msgspec.structs.replace(done[index], encrypted=True, redirects=True)
        if not behind:
            done.append(redirect)
    return done


def _hosts(way: Way) -> set[str]:
    return {host for place in way.places for host in place.hosts}


def _listening(
    container: Container, ports: tuple[int, ...], at: ReadOnly[int, Evidence]
) -> Container:
    """Return ``container`` with endpoints for those of ``ports`` that it has not."""
    known = {one.port for one in container.endpoints if one.protocol is Protocol.TCP}
    missing = [port for port in ports if port not in known]
    if not missing:
        return container
    added = tuple(
        Endpoint(port=port, position=at[port].position if port in at else container.position)
        for port in missing
    )
    return msgspec.structs.replace(container, endpoints=(*container.endpoints, *added))
