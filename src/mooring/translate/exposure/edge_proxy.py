"""
Services whose work the cluster's ingress controller does: reverse proxies that watch Docker.

Such a proxy learns its routes from the Docker socket, which no cluster has and none should hand
out.  Its routes become Ingresses, so the service itself is left out; `kind: workload` in
mooring.yaml keeps it.  What its command says of entry points is still read: there stands which of
them speak TLS, and that the others redirect.

Source: https://doc.traefik.io/traefik/routing/entrypoints/
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from typing import TypeVar

import msgspec

from mooring.compose.nodes import Mapping, Scalar, Sequence
from mooring.decisions import Decision, Evidence
from mooring.images.references import parse
from mooring.settings.choices import Choices
from mooring.translate.grouping import Groups
from mooring.translate.notes import Note, Translated, dropped
from mooring.translate.view import ServiceView, field, items, text, texts

TYPE_CHECKING = False  # what stands above is imported at run time, see `cli.own_modules`
if TYPE_CHECKING:
    from mooring.translate.reverse_proxy.config import ProxyConfig

T = TypeVar("T")

_PROXIES = {
    "traefik": "Traefik",
    "nginxproxy/nginx-proxy": "nginx-proxy",
    "jwilder/nginx-proxy": "nginx-proxy",
    "nginxproxy/acme-companion": "the companion of nginx-proxy that asks for certificates",
    "jrcs/letsencrypt-nginx-proxy-companion": "the companion of nginx-proxy that asks for "
    "certificates",
    "nginxproxy/docker-gen": "the writer of nginx-proxy's configuration",
    "jwilder/docker-gen": "the writer of nginx-proxy's configuration",
    "lucaslorentz/caddy-docker-proxy": "caddy-docker-proxy",
}
_SOCKETS = ("/docker.sock", "/podman.sock")
_WATCHES_DOCKER = ("providers.docker", "providers.swarm")

LEFT_OUT = "the cluster's ingress controller does the work of a proxy that watches Docker"


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A port of the proxy: whether it speaks TLS, and whether it sends requests on to one."""

    port: int | None = None
    encrypted: bool = False
    redirects: bool = False


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is known of the stack's own Traefik.

    ``exposes_by_default`` is False where it passes over services that do not ask for it.
    """

    entry_points: dict[str, EntryPoint] = {}
    exposes_by_default: bool = True

    def is_encrypted(self, name: str) -> bool:
        """Return whether the entry point ``name`` speaks TLS: as it says, or by a usual name."""
        known = self.entry_points.get(name.lower())
        if known is not None:
            return known.encrypted or known.port == _HTTPS
        return name.lower() in {"websecure", "web-secure", "web_secure", "https", "secure"}

    @property
    def redirects(self) -> bool:
        """Whether some entry point sends everything on to HTTPS."""
        return any(point.redirects for point in self.entry_points.values())

    def port(self, name: str) -> int | None:
        """Return on which port of the machine the entry point ``name`` listens, where known."""
        known = self.entry_points.get(name.lower())
        return known.port if known is not None else None


class EdgeProxies(msgspec.Struct, frozen=True, kw_only=True):
    """
    The services that are left out, and what their entry points say.

    ``configs`` has what the configuration of each nginx and Caddy says, left out or not.
    """

    names: frozenset[str] = frozenset()
    front: Front = Front()
    configs: ReadOnly[str, "ProxyConfig"] = {}

    def without(self, services: dict[str, T]) -> dict[str, T]:
        """Return those of ``services``, by name, that are not left out."""
        if not self.names:
            return services
        return {name: one for name, one in services.items() if name not in self.names}


_HTTPS = 443


def translate(
    views: ReadOnly[str, ServiceView], groups: Groups, choices: Choices
) -> Translated[EdgeProxies]:
    """
    Return which services are edge proxies, with the entry and the decision for each.

    A service in whose pod another lives, or that shares the pod of another, stays.
    """
    found: list[str] = []
    front = Front()
    notes: list[Note] = []
    for name, view in views.items():
        program = _program(view)
        if program is None:
            continue
        if program == "Traefik":
            front = _front(view, front)
        watching = _watches_docker(view)
        if watching is None or choices.service(name).kind is not None or _shares(name, groups):
            continue
        found.append(name)
        attributes = view.attributes.entries
        notes.extend(dropped(view.path(attribute), LEFT_OUT) for attribute in attributes)
        notes.append(_decision(view, program, watching))
    return Translated(EdgeProxies(names=frozenset(found), front=front), tuple(notes))


def _program(view: ServiceView) -> str | None:
    """Return the proxy that the service runs: its image, or the base of one that is built."""
    image = view.get("image")
    named = text(image) if isinstance(image, Scalar) and image.value else ""
    if view.get("build") is not None:
        if view.known is None or view.image_facts is None or view.image_facts.base is None:
            return None  # Another program runs, or nobody knows which.
        named = view.image_facts.base.value
    reference = parse(named) if named else None
    return _PROXIES.get(reference.name) if reference is not None else None


def _watches_docker(view: ServiceView) -> Evidence | None:
    """Return what tells that the proxy reads its routes from Docker, or None."""
    for _, mount in items(view.get("volumes")):
        source = field(mount, "source") if isinstance(mount, Mapping) else None
        if isinstance(source, Scalar) and text(source).endswith(_SOCKETS):
            return Evidence(f"it is given {text(source)}", mount.position)
    for key, _ in _flags(view):
        if key.startswith(_WATCHES_DOCKER):
            return Evidence(f"its command says --{key}", view.position("command"))
    return None


def _shares(name: str, groups: Groups) -> bool:
    """Return whether ``name`` shares a pod with another service."""
    leader = groups.leaders[name]
    return any(of == leader and other != name for other, of in groups.leaders.items())


def _decision(view: ServiceView, program: str, watching: Evidence) -> Decision:
    ports = [
        text(published)
        for _, port in items(view.get("ports"))
        if isinstance(port, Mapping) and (published := field(port, "published")) is not None
    ]
    built = view.get("build") is not None
    of = "is built on" if built else "is"
    position = view.position("build" if built else "image")
    evidence = [Evidence(f"its image {of} {program}", position), watching]
    if ports:
        answers = "which the ingress controller answers"
        if not {"80", "443"}.issuperset(ports):
            answers = "and an ingress controller opens 80 and 443 alone"
        evidence.append(
            Evidence(f"it published {', '.join(ports)}, {answers}", view.position("ports"))
        )
    return Decision(
        subject=f"services.{view.name}",
        topic="kind",
        choice="left out: its routes become Ingresses, which the cluster's controller serves",
        evidence=tuple(evidence),
        overrule=f"services: {{{view.name}: {{kind: workload}}}}",
    )


def _flags(view: ServiceView) -> Iterator[tuple[str, str]]:
    """Yield what the command and the variables of a Traefik say, by keys in lower case."""
    command = view.get("command")
    words = texts(command) if isinstance(command, Sequence) else ()
    for index, word in enumerate(words):
        if word.startswith("--"):
            key, separator, value = word[2:].partition("=")
            if not separator and index + 1 < len(words) and not words[index + 1].startswith("-"):
                value = words[index + 1]
            yield key.lower(), value or "true"
    for name, entry in view.environment.items():
        if name.upper().startswith("TRAEFIK_") and entry.value is not None:
            yield name[len("TRAEFIK_") :].lower().replace("_", "."), entry.value


def _front(view: ServiceView, known: Front) -> Front:
    points = dict(known.entry_points)
    by_default = known.exposes_by_default
    for key, value in _flags(view):
        parts = key.split(".")
        if parts[0] == "entrypoints" and len(parts) > 2:
            point = points.get(parts[1], EntryPoint())
            rest = ".".join(parts[2:])
            if rest == "address":
                digits = value.rpartition(":")[2].partition("/")[0]
                port = int(digits) if digits.isascii() and digits.isdigit() else None
                point = msgspec.structs.replace(point, port=port)
            elif rest.startswith("http.tls") and value.lower() != "false":
                point = msgspec.structs.replace(point, encrypted=True)
            elif rest == "http.redirections.entrypoint.to":
                point = msgspec.structs.replace(point, redirects=True)
            points[parts[1]] = point
        elif parts[0] == "providers" and parts[-1] == "exposedbydefault":
            by_default = value.lower() != "false"
    return Front(entry_points=points, exposes_by_default=by_default)
