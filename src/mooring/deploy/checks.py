"""
What a stack promises to its users, as checks: what answers, over which way, and what has run.

They follow from the objects: a Service that selects pods has to have ready ones behind it, one that
speaks HTTP (a probe or an Ingress says so) has to answer, at its other ports somebody has to
listen, a Job has to have completed.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, selection, views
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import PodTemplate


class HttpCheck(msgspec.Struct, frozen=True):
    """``path`` at ``port`` of ``service`` has to answer, with less than 500."""

    service: ObjectRef
    port: int
    path: str = "/"
    scheme: str = "http"
    because: str = ""


class PortCheck(msgspec.Struct, frozen=True, kw_only=True):
    """
    Somebody has to listen at ``port`` of ``service``, which is ``target`` of the pods behind it.

    ``http`` is what has to answer there.  ``is_vital`` tells whether anything says so (a probe, a
    way in from outside, its being the only port); what is merely listed may be closed, as the port
    of a debugger is.  ``pods`` are the labels of the pods behind it: another name for the same
    pods has the same.
    """

    service: ObjectRef
    port: int
    target: int | str
    protocol: str = "TCP"
    is_vital: bool = False
    http: HttpCheck | None = None
    pods: tuple[tuple[str, str], ...] = ()

    @property
    def asks_the_same(self) -> tuple[object, ...]:
        """What is alike where one of them need be asked."""
        path = (self.http.path, self.http.scheme) if self.http is not None else None
        return (self.service.namespace, self.pods, self.target, self.protocol, path)


class Result(StrEnum):
    """What came of a check."""

    HOLDS = "holds"
    FAILS = "fails"
    DOUBTFUL = "doubtful"
    """It is not as it is written, and nothing says that it has to be."""
    UNTRIED = "untried"
    """It cannot be tried from here."""
    FORBIDDEN = "forbidden"
    """We may not try it."""


class Checked(msgspec.Struct, frozen=True):
    """One check: of whom, what was asked, what came of it, what was seen."""

    ref: ObjectRef
    what: str
    result: Result
    seen: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether somebody was asked, rather than a status read."""
        return self.what.startswith(("answers", "listens"))

    @property
    def fails(self) -> bool:
        """Whether something is wrong for sure."""
        return self.result is Result.FAILS


def result(holds: bool) -> Result:
    """Return the result of what was tried."""
    return Result.HOLDS if holds else Result.FAILS


def port_checks(objects: ManifestSet) -> Iterator[PortCheck]:
    """Yield the ports of Services that lead to pods, in order."""
    selections = selection.Selections(objects)
    http = {(one.service, one.port): one for one in http_checks(objects)}
    for item in objects.of_kind(kinds.SERVICE):
        service = views.Service(item)
        templates = selections.behind(service)
        if not templates:
            continue
        ports = service.ports
        for port in ports:
            asked = http.get((item.ref, port.number))
            is_probed = any(_is_probed(one, port.target) for one in templates)
            is_open = service.type in ("LoadBalancer", "NodePort")
            yield PortCheck(
                service=item.ref,
                port=port.number,
                target=port.target,
                protocol=port.protocol,
                is_vital=bool(asked) or is_probed or is_open or len(ports) == 1,
                http=asked if port.protocol == "TCP" else None,
                pods=tuple(sorted(service.selector.items())),
            )


def _is_probed(template: PodTemplate, target: int | str) -> bool:
    """Tell whether a probe of the pods asks the port ``target`` for a connection."""
    number = template.port_number(target)
    for container in template.main_containers:
        for name in _PROBES:
            for way in ("tcpSocket", "grpc"):
                at = fields.mapping(fields.at(container.raw, name, way)).get("port")
                if isinstance(at, int | str) and template.port_number(at) == number:
                    return True
    return False


def http_checks(objects: ManifestSet) -> Iterator[HttpCheck]:
    """Yield what has to answer over HTTP, each port of a Service once."""
    selections = selection.Selections(objects)
    routed = _routed(objects)
    for item in objects.of_kind(kinds.SERVICE):
        service = views.Service(item)
        for _, port in fields.mappings(item.spec.get("ports")):
            number = fields.integer(port.get("port"))
            if number is None or (port.get("protocol") or "TCP") != "TCP":
                continue
            names = (number, fields.text(port.get("name")))
            way = ((item.namespace, item.ref.name, name) for name in names)
            path = next((routed[one] for one in way if one in routed), None)
            if path is not None:
                yield HttpCheck(item.ref, number, path, because="an Ingress leads to it")
                continue
            for template in selections.behind(service):
                target = port.get("targetPort") or number
                probe = _probe(template, target)
                if probe is not None:
                    yield HttpCheck(item.ref, number, *probe, because="its probe asks so")
                    break


_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")

_ASKED = re.compile(
    r"(?P<scheme>https?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(?P<port>\d+))?"
    r"(?P<path>/[^\s'\"|;&>)]*)?"
)
"""The address that a command asks in its own container, as health checks of Compose do."""


def _asked_by_command(command: object) -> tuple[int, str, str] | None:
    """Return port, path and scheme of what a probe's command asks by curl or wget."""
    words = " ".join(map(str, fields.items(command)))
    found = _ASKED.search(words)
    if found is None or not re.search(r"\b(curl|wget)\b", words):
        return None
    scheme = found["scheme"]
    port = int(found["port"] or (443 if scheme == "https" else 80))
    return port, found["path"] or "/", scheme


def _routed(objects: ManifestSet) -> dict[tuple[str | None, str, object], str]:
    """Return the paths that Ingresses send to ports of Services, by their numbers or names."""
    found: dict[tuple[str | None, str, object], str] = {}
    for item in objects.of_kind(kinds.INGRESS):
        for _, rule in fields.mappings(item.spec.get("rules")):
            for _, entry in fields.mappings(fields.at(rule, "http", "paths")):
                backend = fields.mapping(fields.at(entry, "backend", "service"))
                name, port = fields.text(backend.get("name")), fields.mapping(backend.get("port"))
                path = fields.text(entry.get("path")) or "/"
                if name:
                    plain = path if path.startswith("/") and "(" not in path else "/"
                    to = port.get("number") or port.get("name")
                    found.setdefault((item.namespace, name, to), plain)
    return found


def _probe(template: PodTemplate, target: object) -> tuple[str, str] | None:
    """Return path and scheme of the HTTP probe at the port ``target`` of the pods."""
    wanted = target if isinstance(target, int | str) else None
    if wanted is None:
        return None
    number = template.port_number(wanted)
    for container in template.main_containers:
        for name in _PROBES:
            asked = _asked_by_command(fields.at(container.raw, name, "exec", "command"))
            if asked is not None and asked[0] == number:
                return asked[1], asked[2]
            http = fields.mapping(fields.at(container.raw, name, "httpGet"))
            at = http.get("port")
            if isinstance(at, int | str) and template.port_number(at) == number:
                scheme = (fields.text(http.get("scheme")) or "HTTP").lower()
                return fields.text(http.get("path")) or "/", scheme
    return None
