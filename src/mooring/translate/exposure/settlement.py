"""
The ways from outside in one environment: whole hosts, certificates, and who asks for what.

The Compose files of a stack mostly name the hosts of the author's machine (`shop.localhost`), or
leave their end to a variable.  An environment's ``domain`` gives them their end.  Where it has
none, a development environment takes names that lead to the machine itself; elsewhere the question
is open, and a name that nobody can own stands where the answer belongs.
"""

from collections.abc import Iterable, Iterator

import msgspec

from mooring.app.application import Application
from mooring.app.exposure import Exposure, PathMatch, Speaks
from mooring.app.workloads import Task, Workload
from mooring.compose.attributes.ports import is_address
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.findings import Finding, Rule, Severity
from mooring.kube.names import is_subdomain
from mooring.settings.choices import Choices, ExposureChoice
from mooring.settings.environments import Environment, Tier
from mooring.settings.ingress import Controller, controller
from mooring.translate.notes import Note, Translated
from mooring.translate.unfilled import before_nobodys_domain

TWO_AT_ONE_PLACE = Rule(id="two-at-one-place", severity=Severity.ERROR, since="0.1")

_PRIVATE = ("localhost", "home.arpa", "localdomain", "local", "test", "internal", "lan")
"""Ends of names that no public DNS has (RFC 6761, RFC 6762, RFC 8375, and habit)."""

_OWN_MACHINE = frozenset({"localhost", "localdomain"})
"""Of these, what is a whole name by itself, where another word is a label below a domain."""

_NOBODYS = "domain.invalid"
"""What stands for a domain that is not known: a name that nobody can own (RFC 6761)."""


def settled(
    application: Application, environment: Environment, choices: Choices
) -> Translated[Application]:
    """
    Return ``application`` with its ways from outside as they are in ``environment``.

    A whole host that ``choices`` name is taken at its word, also where it is a private one.
    Of two ways to the same host and path the first stays.
    """
    if not any(part.exposures for part in application.parts):
        return Translated(application)
    settling = _Settling(environment, choices)
    parts = tuple(settling.part(part) for part in application.parts)
    result = msgspec.structs.replace(application, parts=parts)
    return Translated(result, (*settling.notes(), *_of_controller(parts, environment)))


class _Settling:
    """One pass over the ways of an application, remembering what is to be said of them."""

    def __init__(self, environment: Environment, choices: Choices) -> None:
        self._environment = environment
        self._choices = choices
        self._is_dev = environment.tier is Tier.DEV
        self._told: list[Note] = []
        self._without_domain: dict[str, Exposure] = {}
        self._without_certificate: dict[str, Exposure] = {}
        self._without_encryption: dict[str, Exposure] = {}
        self._taken: dict[tuple[str, PathMatch], tuple[str, int]] = {}

    def part(self, part: Workload | Task) -> Workload | Task:
        """Return ``part`` with whole hosts, each way in its place alone."""
        if not part.exposures or (part.development_only and not self._is_dev):
            return part
        made: list[Exposure] = []
        for exposure in part.exposures:
            made.extend(self._alone(part, self._encrypted(self._hosts(part, exposure))))
        return msgspec.structs.replace(part, exposures=tuple(made))

    def _hosts(self, part: Workload | Task, exposure: Exposure) -> Exposure:
        wanted = exposure.hosts
        if not wanted and not self._is_dev:
            # A route for every host would take what others of the cluster want.
            wanted = ("",)
        hosts: dict[str, None] = {}
        for host in wanted:
            whole = self._host(part, host, exposure)
            if whole is not None:
                hosts[whole] = None
        return msgspec.structs.replace(exposure, hosts=tuple(hosts))

    def _host(self, part: Workload | Task, host: str, exposure: Exposure) -> str | None:
        """Return the whole name of ``host``; None for what can only be any host."""
        if _is_whole(host) and (not _is_private(host) or host == self._chosen(part)):
            return host
        base = _base(host)
        domain = self._environment.domain
        if base is not None and domain is not None:
            whole = f"{base}.{domain}" if base else domain
            if _is_whole(whole):
                self._told.append(_decided(part, host, whole, exposure, f"domain {domain}"))
                return whole
        if self._is_dev:
            return self._own_machine(part, host, base, exposure)
        self._without_domain.setdefault(host, exposure)
        if _is_whole(host) and not _is_address(host):
            return host
        stem = f"{base}.{_NOBODYS}" if base else _NOBODYS
        return stem if _is_whole(stem) else _NOBODYS

    def _chosen(self, part: Workload | Task) -> str | None:
        for container in part.containers:
            choice = self._choices.service(container.source_name).exposure
            if isinstance(choice, ExposureChoice) and choice.host is not None:
                return choice.host
        return None

    def _own_machine(
        self, part: Workload | Task, host: str, base: str | None, exposure: Exposure
    ) -> str | None:
        """Return a name that leads to the developer's own machine."""
        is_own = _is_private(host) and before_nobodys_domain(host) is None and "." in host
        if is_own and _is_whole(host) and not _is_address(host):
            return host
        if not base:
            return "localhost" if host == "localhost" else None
        whole = f"{base}.localhost"
        if not _is_whole(whole):
            return None
        self._told.append(_decided(part, host, whole, exposure, "development has no domain"))
        return whole

    def _encrypted(self, exposure: Exposure) -> Exposure:
        if not exposure.encrypted or exposure.certificate or self._environment.issuer:
            return exposure
        if self._environment.gateway is not None:
            return exposure  # The listeners of a Gateway hold its certificates.
        hosts = exposure.hosts or ("every host",)
        if self._is_dev:
            for host in hosts:
                self._without_encryption.setdefault(host, exposure)
            return msgspec.structs.replace(exposure, encrypted=False, redirects=False)
        for host in hosts:
            self._without_certificate.setdefault(host, exposure)
        return exposure

    def _alone(self, part: Workload | Task, exposure: Exposure) -> Iterator[Exposure]:
        """Yield ``exposure`` in the places that nobody else has."""
        me = part.name, exposure.port
        by_paths: dict[tuple[PathMatch, ...], list[str]] = {}
        for host in exposure.hosts or ("",):
            free: list[PathMatch] = []
            for path in exposure.paths:
                known = self._taken.get((host, path))
                if known is None:
                    self._taken[host, path] = me
                    free.append(path)
                elif known != me:
                    self._told.append(_conflict(part, host, path, exposure, known))
            if free:
                by_paths.setdefault(tuple(free), []).append(host)
        for paths, hosts in by_paths.items():
            named = tuple(host for host in hosts if host)
            yield msgspec.structs.replace(exposure, hosts=named, paths=paths)

    def notes(self) -> tuple[Note, ...]:
        """Return what is to be said of all ways together, after what was said of each."""
        name = self._environment.name
        said = list(dict.fromkeys(self._told))
        if self._without_domain:
            listed = ", ".join(_shown(host) for host in self._without_domain)
            first = next(iter(self._without_domain.values()))
            said.append(
                OpenQuestion(
                    subject=f"environments.{name}.domain",
                    question=f"no public name is known for {listed}",
                    answer=f"environments: {{{name}: {{domain: <domain>}}}}, or for one service "
                    "services: {<service>: {exposure: {host: <host>}}}",
                    position=first.position,
                )
            )
        if self._without_certificate:
            listed = ", ".join(self._without_certificate)
            first = next(iter(self._without_certificate.values()))
            said.append(
                OpenQuestion(
                    subject=f"environments.{name}.issuer",
                    question=f"nobody issues a certificate for {listed}",
                    answer=f"environments: {{{name}: {{issuer: <ClusterIssuer>}}}}, or for one "
                    "service services: {<service>: {exposure: {certificate: <Secret>}}}",
                    position=first.position,
                )
            )
        if self._without_encryption:
            listed = ", ".join(self._without_encryption)
            first = next(iter(self._without_encryption.values()))
            said.append(
                Decision(
                    subject=f"environments.{name}",
                    topic="encryption",
                    choice=f"plain HTTP in development for {listed}",
                    evidence=(Evidence("no issuer of certificates is known", first.position),),
                    overrule=f"environments: {{{name}: {{issuer: <name>}}}}",
                )
            )
        return tuple(said)


def _is_address(host: str) -> bool:
    return is_address(host.strip("[]"))


def _is_whole(host: str) -> bool:
    """Return whether an Ingress takes ``host``, and it is more than a label below a domain."""
    name = host.removeprefix("*.")
    if not is_subdomain(name) or _is_address(host):
        return False
    return "." in name or name in _OWN_MACHINE


def _is_private(host: str) -> bool:
    return (
        host in _OWN_MACHINE
        or _is_address(host)
        or any(host.endswith(f".{ending}") for ending in _PRIVATE)
        or before_nobodys_domain(host) is not None
    )


def _base(host: str) -> str | None:
    """
    Return what stands before the domain in a host without one: "" for the domain itself.

    None where more than the domain is missing.
    """
    if _is_address(host):
        return None
    if host in _OWN_MACHINE:
        return ""
    before = before_nobodys_domain(host)
    if before is not None:
        return before
    for ending in _PRIVATE:
        if host.endswith(f".{ending}"):
            return host.removesuffix(f".{ending}")
    stem = host.rstrip(".")
    name = stem.removeprefix("*.")
    return stem if not stem or is_subdomain(name) else None


def _shown(host: str) -> str:
    if not host:
        return "a route for every host"
    return f'"{host}"' if not _is_whole(host) else host


def _decided(
    part: Workload | Task, host: str, whole: str, exposure: Exposure, because: str
) -> Decision:
    return Decision(
        subject=f"services.{part.source_name}",
        topic="host",
        choice=whole,
        evidence=(
            Evidence(f"the files say {_shown(host)}", exposure.position),
            Evidence(because),
        ),
        overrule=f"services: {{{part.source_name}: {{exposure: {{host: {whole}}}}}}}",
    )


def _conflict(
    part: Workload | Task, host: str, path: PathMatch, exposure: Exposure, first: tuple[str, int]
) -> Finding:
    where = f"{host or 'every host'}{path.path}"
    return TWO_AT_ONE_PLACE.finding(
        exposure.position or part.position,
        f'{where} is to lead to port {exposure.port} of "{part.source_name}" and to port '
        f"{first[1]} of {first[0]}: it leads to {first[0]}",
        remedy=f"give one of them another path or host: services: {{{part.source_name}: "
        "{exposure: {paths: [<path>]}}}",
    )


def _of_controller(parts: Iterable[Workload | Task], environment: Environment) -> tuple[Note, ...]:
    """Return what the environment's ingress controller is asked for, and cannot be asked for."""
    exposures = [(part, exposure) for part in parts for exposure in part.exposures]
    if not exposures:
        return ()
    if environment.gateway is not None:
        from mooring.translate.exposure import gateway

        return tuple(gateway.notes(exposures, environment, environment.gateway))
    name = environment.name
    kind = controller(environment.ingress_class)
    notes: list[Note] = []
    if kind is not Controller.NGINX:
        notes.extend(
            _unstripped(part, exposure, kind, environment)
            for part, exposure in exposures
            if exposure.stripped_prefix is not None
        )
    if kind is Controller.UNKNOWN:
        notes.extend(
            _unspoken(part, exposure, environment)
            for part, exposure in exposures
            if exposure.speaks is not Speaks.HTTP
        )
    wishes = _wishes((exposure for _, exposure in exposures), kind)
    if environment.ingress_class is None or wishes:
        chosen = environment.ingress_class or "the cluster's default"
        without = f", without {' and '.join(wishes)}" if wishes else ""
        because = "no annotation of an Ingress asks for it" if wishes else "nobody names one"
        if kind is Controller.UNKNOWN and wishes:
            because = "each controller has annotations of its own for it, and this one is not known"
        notes.append(
            Decision(
                subject=f"environments.{name}",
                topic="ingress class",
                choice=f"{chosen}{without}",
                evidence=(Evidence(because),),
                overrule=f"environments: {{{name}: {{ingress_class: nginx|traefik|<class>}}}}",
            )
        )
    cluster = environment.cluster
    namespace = environment.ingress_namespace
    if cluster is not None and namespace is not None and namespace == cluster.ingress_namespace:
        source = cluster.sources.get("ingress_namespace", "")
        notes.append(
            Decision(
                subject=f"environments.{name}",
                topic="ingress namespace",
                choice=f"HTTP from outside comes from pods of the namespace {namespace} alone",
                evidence=(
                    Evidence(
                        f"there runs the controller of the cluster {cluster.name}"
                        + (f" ({source})" if source else "")
                    ),
                ),
                overrule=f"environments: {{{name}: {{ingress_namespace: <name>}}}}",
            )
        )
    return tuple(notes)


def _wishes(exposures: Iterable[Exposure], kind: Controller) -> list[str]:
    """Return what ways want and a controller of ``kind`` is not told by an Ingress."""
    wishes: dict[str, None] = {}
    for exposure in exposures if kind is not Controller.NGINX else ():
        if exposure.redirects:
            wishes["a redirect to HTTPS"] = None
        # Traefik lets an upgraded connection be silent.
        if exposure.long_lived and kind is Controller.UNKNOWN:
            wishes["long times for silent connections"] = None
        if exposure.largest_body is not None and kind is Controller.UNKNOWN:
            wishes["requests as large as the proxy let through"] = None
    return list(wishes)


def _unspoken(part: Workload | Task, exposure: Exposure, environment: Environment) -> OpenQuestion:
    protocol = {Speaks.HTTPS: "HTTPS", Speaks.HTTP2: "HTTP/2"}[exposure.speaks]
    return OpenQuestion(
        subject=f"services.{part.source_name}.exposure.port",
        question=f"it speaks {protocol} on its port {exposure.port}, and controllers speak "
        "HTTP/1.1 to what stands behind them unless an annotation of their own tells them "
        "otherwise: which one serves the Ingress?",
        answer=f"environments: {{{environment.name}: {{ingress_class: nginx}}}}, or let it serve "
        "HTTP there too",
        position=exposure.position,
    )


def _unstripped(
    part: Workload | Task, exposure: Exposure, kind: Controller, environment: Environment
) -> OpenQuestion:
    who = "the cluster's default controller" if kind is Controller.UNKNOWN else kind.value
    return OpenQuestion(
        subject=f"services.{part.source_name}.exposure",
        question=f'nothing takes "{exposure.stripped_prefix}" from the path: no annotation of an '
        f"Ingress tells {who} to",
        answer=f"environments: {{{environment.name}: {{ingress_class: nginx}}}}, or let the "
        "program serve the whole path",
        position=exposure.position,
    )
