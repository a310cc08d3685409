"""
Ingresses: HTTP from outside to the Services.

One Ingress belongs to each part that has hosts of its own.  A host that several parts share stands
in the Ingress of the part that answers for the widest path there: some controllers give every
Ingress an address of its own, and a host has one.  Only a way with an annotation that changes
requests (a prefix taken from the path, another protocol behind) is an Ingress by itself, because
an annotation holds for all of its rules.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/
"""

import re
from collections.abc import Iterator

import msgspec

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess, Protocol
from mooring.app.exposure import Exposure, PathMatch, Speaks
from mooring.app.workloads import Task, Workload
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.ports import listening, port_names
from mooring.kube.names import label, service_name, unique
from mooring.kube.objects.network import (
    HTTPIngressPath,
    HTTPIngressRuleValue,
    Ingress,
    IngressBackend,
    IngressRule,
    IngressServiceBackend,
    IngressSpec,
    IngressTLS,
    Service,
    ServiceBackendPort,
    ServicePort,
    ServiceSpec,
)
from mooring.settings.environments import Environment
from mooring.settings.ingress import Controller, controller

LONG_SECONDS = 3600
"""How long a connection may be silent that is meant to last."""

_NGINX = "nginx.ingress.kubernetes.io"
_TRAEFIK = "traefik.ingress.kubernetes.io"
_CERT_MANAGER = "cert-manager.io"


class _Route(msgspec.Struct, frozen=True, kw_only=True):
    """One way of one part, under one host ("" for every host)."""

    host: str
    part: Workload | Task
    exposure: Exposure


def ingresses(application: Application, environment: Environment) -> Iterator[Ingress]:
    """Yield the Ingresses of ``application``, in the order of the parts that own them."""
    routes = [
        _Route(host=host, part=part, exposure=exposure)
        for part in application.parts
        if part.network is not NetworkAccess.NONE
        for exposure in part.exposures
        for host in exposure.hosts or ("",)
    ]
    if not routes:
        return
    kind = controller(environment.ingress_class)
    owners = _owners(routes)
    groups: dict[tuple[str, str], list[_Route]] = {}
    for route in routes:
        owner = owners[route.host].name
        groups.setdefault((owner, _changes(route, kind)), []).append(route)
    names = unique([f"{owner}{changes}" for owner, changes in groups], label)
    by_name = {part.name: part for part in application.parts}
    certified: set[str] = set()
    for owner in by_name:
        for (of, changes), members in groups.items():
            if of != owner:
                continue
            # Of two Ingresses that use a certificate, cert-manager may only be told by one.
            asks = owner not in certified
            certified.add(owner)
            yield _ingress(
                names[f"{owner}{changes}"],
                members,
                owner=by_name[owner],
                hosts_of_owner=_encrypted(
                    [route for (one, _), some in groups.items() if one == owner for route in some]
                ),
                application=application,
                environment=environment,
                asks_for_certificate=asks,
            )


def raw_service(application: Application, part: Workload | Task) -> Service | None:
    """Return the load balancer for the ports that ``part`` opens without HTTP, None for none."""
    if not part.tcp_exposures:
        return None
    name_of = port_names(part)
    return Service(
        metadata=metadata(service_name(f"{part.name}-outside"), application, part),
        spec=ServiceSpec(
            type="LoadBalancer",
            selector=selector_labels(application, part),
            ports=tuple(
                ServicePort(
                    name=name_of[exposure.port, Protocol.TCP],
                    port=exposure.port,
                    target_port=name_of[exposure.port, Protocol.TCP],
                )
                for exposure in part.tcp_exposures
                if (exposure.port, Protocol.TCP) in name_of
            ),
        ),
    )


def _owners(routes: list[_Route]) -> dict[str, Workload | Task]:
    """Return for each host the part that answers for its widest path, the first of several."""
    found: dict[str, tuple[int, Workload | Task]] = {}
    for route in routes:
        width = min(len(path.path) for path in route.exposure.paths)
        known = found.get(route.host)
        if known is None or width < known[0]:
            found[route.host] = width, route.part
    return {host: part for host, (_, part) in found.items()}


def _changes(route: _Route, kind: Controller) -> str:
    """
    Return in a word how the controller is told to change the requests of ``route``; "" for not.

    Ways that are changed alike share an Ingress, and the word is the end of its name.
    """
    if kind is not Controller.NGINX:
        return ""
    exposure = route.exposure
    prefix = (exposure.stripped_prefix or "").replace("/", "-")
    return prefix if exposure.speaks is Speaks.HTTP else f"{prefix}-{exposure.speaks.value}"


def _encrypted(routes: list[_Route]) -> dict[str, str | None]:
    """Return the hosts with TLS, each with the Secret that was named for it."""
    return {route.host: route.exposure.certificate for route in routes if route.exposure.encrypted}


def _ingress(
    name: str,
    routes: list[_Route],
    *,
    owner: Workload | Task,
    hosts_of_owner: dict[str, str | None],
    application: Application,
    environment: Environment,
    asks_for_certificate: bool,
) -> Ingress:
    kind = controller(environment.ingress_class)
    encrypted = _encrypted(routes)
    certified = hosts_of_owner if asks_for_certificate else encrypted
    annotations = _annotations(routes, kind)
    is_issued = asks_for_certificate and any(secret is None for secret in certified.values())
    if environment.issuer is not None and is_issued:
        issuer_kind, _, issuer = environment.issuer.rpartition("/")
        key = "issuer" if issuer_kind == "Issuer" else "cluster-issuer"
        annotations[f"{_CERT_MANAGER}/{key}"] = issuer
    first = routes[0].exposure
    return Ingress(
        metadata=metadata(
            name, application, owner, position=first.position, annotations=annotations
        ),
        spec=IngressSpec(
            ingress_class_name=environment.ingress_class,
            tls=_tls(certified if encrypted or is_issued else {}, label(f"{owner.name}-tls")),
            rules=tuple(_rules(routes, kind)),
        ),
    )


def _tls(hosts: dict[str, str | None], issued: str) -> tuple[IngressTLS, ...]:
    by_secret: dict[str, list[str]] = {}
    for host, secret in hosts.items():
        by_secret.setdefault(secret or issued, []).append(host)
    return tuple(
        IngressTLS(hosts=tuple(host for host in names if host), secret_name=secret)
        for secret, names in by_secret.items()
    )


def _rules(routes: list[_Route], kind: Controller) -> Iterator[IngressRule]:
    by_host: dict[str, list[_Route]] = {}
    for route in routes:
        by_host.setdefault(route.host, []).append(route)
    for host, members in by_host.items():
        paths = [
            (path, _path(path, route, kind)) for route in members for path in route.exposure.paths
        ]
        # The order decides nothing, but a reader looks for the narrow before the wide.
        paths.sort(key=lambda one: (-len(one[0].path), one[0].path, not one[0].exact))
        yield IngressRule(
            host=host or None, http=HTTPIngressRuleValue(paths=tuple(path for _, path in paths))
        )


def _path(path: PathMatch, route: _Route, kind: Controller) -> HTTPIngressPath:
    exposure = route.exposure
    backend = IngressBackend(
        service=IngressServiceBackend(
            name=route.part.name, port=ServiceBackendPort(number=_port(route))
        )
    )
    prefix = exposure.stripped_prefix
    if kind is Controller.NGINX and prefix is not None:
        rest = re.escape(path.path.removeprefix(prefix).strip("/"))
        pattern = f"{re.escape(prefix)}(/|$)({rest}{'' if path.exact else '.*'})"
        return HTTPIngressPath(path=pattern, path_type="ImplementationSpecific", backend=backend)
    return HTTPIngressPath(
        path=path.path, path_type="Exact" if path.exact else "Prefix", backend=backend
    )


def _port(route: _Route) -> int:
    port = route.exposure.port
    assert any(
        endpoint.port == port and endpoint.protocol is Protocol.TCP
        for endpoint in listening(route.part)
    ), f"{route.part.name} does not listen on {port}"
    return port


def _annotations(routes: list[_Route], kind: Controller) -> dict[str, str]:
    """Return what the controller ``kind`` is told beside the rules; nothing for an unknown one."""
    exposures = [route.exposure for route in routes]
    annotations: dict[str, str] = {}
    if kind is Controller.NGINX:
        if any(exposure.redirects for exposure in exposures):
            annotations[f"{_NGINX}/force-ssl-redirect"] = "true"
        if any(exposure.long_lived for exposure in exposures):
            annotations[f"{_NGINX}/proxy-read-timeout"] = str(LONG_SECONDS)
            annotations[f"{_NGINX}/proxy-send-timeout"] = str(LONG_SECONDS)
        body = _largest_body(exposures)
        if body is not None:
            annotations[f"{_NGINX}/proxy-body-size"] = body
        if exposures[0].stripped_prefix is not None:
            annotations[f"{_NGINX}/use-regex"] = "true"
            annotations[f"{_NGINX}/rewrite-target"] = "/$2"
        if exposures[0].speaks is not Speaks.HTTP:
            protocol = {Speaks.HTTPS: "HTTPS", Speaks.HTTP2: "GRPC"}[exposures[0].speaks]
            annotations[f"{_NGINX}/backend-protocol"] = protocol
    elif kind is Controller.TRAEFIK and all(exposure.encrypted for exposure in exposures):
        annotations[f"{_TRAEFIK}/router.entrypoints"] = "websecure"
    return annotations


def _largest_body(exposures: list[Exposure]) -> str | None:
    """Return the largest of the sizes that are let through; "0" is any size."""
    sizes = [one.largest_body for one in exposures if one.largest_body is not None]
    if "0" in sizes:
        return "0"
    return max(sizes, key=_bytes, default=None)


def _bytes(size: str) -> int:
    factor = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}.get(size[-1:], 1)
    digits = size.rstrip("kmg")
    return int(digits) * factor if digits.isdecimal() else 0
