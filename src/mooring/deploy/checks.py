"""
What a stack promises to its users, as checks: what answers, over which way, and what has run.

They follow from the objects: a Service that selects pods has to have ready ones behind it, one that
speaks HTTP (a probe or an Ingress says so) has to answer, a Job has to have completed.  What
speaks something else is known to be ready by its own probe alone.
"""

from collections.abc import Iterator

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


class Checked(msgspec.Struct, frozen=True):
    """One check: of whom, what was asked, whether it holds, what was seen."""

    ref: ObjectRef
    what: str
    holds: bool
    seen: str = ""


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
        for name in ("readinessProbe", "livenessProbe", "startupProbe"):
            http = fields.mapping(fields.at(container.raw, name, "httpGet"))
            at = http.get("port")
            if isinstance(at, int | str) and template.port_number(at) == number:
                scheme = (fields.text(http.get("scheme")) or "HTTP").lower()
                return fields.text(http.get("path")) or "/", scheme
    return None
