"""
HTTPRoutes of the Gateway API, in place of Ingresses, where the environment names a Gateway.

Each part has routes of its own: the Gateway merges those of one host, and the longest path wins.
Where the listeners are known, what is encrypted is attached to that for HTTPS, and a second route
sends HTTP on to it.

Sources: https://gateway-api.sigs.k8s.io/api-types/httproute/,
https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/
"""

from collections.abc import Iterator
from typing import NamedTuple

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess
from mooring.app.exposure import Exposure, PathMatch
from mooring.app.workloads import Task, Workload
from mooring.generate.identity import metadata
from mooring.kube.names import label, unique
from mooring.kube.objects.gateway import (
    HTTPBackendRef,
    HTTPPathMatch,
    HTTPPathModifier,
    HTTPRequestRedirectFilter,
    HTTPRoute,
    HTTPRouteFilter,
    HTTPRouteMatch,
    HTTPRouteRule,
    HTTPRouteSpec,
    HTTPRouteTimeouts,
    HTTPURLRewriteFilter,
    ParentReference,
)
from mooring.settings.environments import Environment, Gateway, GatewayListeners
from mooring.sources import Position

LONG_SECONDS = 3600
"""How long an exchange may take whose connection is meant to last."""

_MOST_RULES = 16
_MOST_MATCHES = 8
"""What one HTTPRoute, and one rule, may hold in every version of the API."""


class _Route(NamedTuple):
    """A route to be: what it would like to be called, and whose it is."""

    wanted: str
    part: Workload | Task
    spec: HTTPRouteSpec
    position: Position | None


def http_routes(
    application: Application, environment: Environment, gateway: Gateway
) -> Iterator[HTTPRoute]:
    """Yield the routes of ``application`` at ``gateway``, in the order of its parts."""
    attaching = _Attaching(gateway, environment.gateway_listeners)
    routes: dict[str, _Route] = {}
    for part in application.parts:
        for route in attaching.routes(part) if part.network is not NetworkAccess.NONE else ():
            text = route.wanted
            while text in routes:
                text += "-more"
            routes[text] = route
    names = unique(routes, label)
    for text, route in routes.items():
        yield HTTPRoute(
            metadata=metadata(names[text], application, route.part, position=route.position),
            spec=route.spec,
        )


class _Attaching:
    """The making of routes for one Gateway."""

    def __init__(self, gateway: Gateway, listeners: GatewayListeners) -> None:
        self._gateway = gateway
        knows_both = listeners.http is not None and listeners.https is not None
        self._http = listeners.http if knows_both else None
        self._https = listeners.https if knows_both else None

    def routes(self, part: Workload | Task) -> Iterator[_Route]:
        """Yield the routes of ``part``: those of the same hosts in one, as far as it holds them."""
        groups: dict[tuple[tuple[str, ...], bool], list[Exposure]] = {}
        for exposure in part.exposures:
            groups.setdefault((exposure.hosts, exposure.encrypted), []).append(exposure)
        for index, ((hosts, encrypted), exposures) in enumerate(groups.items()):
            wanted = part.name if not index else "-".join((part.name, *hosts[:1]))
            yield from self._of_hosts(part, wanted, hosts, exposures, encrypted=encrypted)

    def _of_hosts(
        self,
        part: Workload | Task,
        wanted: str,
        hosts: tuple[str, ...],
        exposures: list[Exposure],
        *,
        encrypted: bool,
    ) -> Iterator[_Route]:
        position = exposures[0].position
        rules = [rule for exposure in exposures for rule in _rules(part, exposure)]
        for start in range(0, len(rules), _MOST_RULES):
            spec = HTTPRouteSpec(
                parent_refs=(self._parent(self._https if encrypted else self._http),),
                hostnames=hosts,
                rules=tuple(rules[start : start + _MOST_RULES]),
            )
            yield _Route(wanted, part, spec, position)
        if encrypted and self._http is not None and any(one.redirects for one in exposures):
            spec = HTTPRouteSpec(
                parent_refs=(self._parent(self._http),),
                hostnames=hosts,
                rules=tuple(_redirecting(exposures)),
            )
            yield _Route(f"{wanted}-to-https", part, spec, position)

    def _parent(self, section: str | None) -> ParentReference:
        gateway = self._gateway
        return ParentReference(name=gateway.name, namespace=gateway.namespace, section_name=section)


def _redirecting(exposures: list[Exposure]) -> Iterator[HTTPRouteRule]:
    redirect = HTTPRouteFilter(
        type="RequestRedirect",
        request_redirect=HTTPRequestRedirectFilter(scheme="https", status_code=301),
    )
    paths = dict.fromkeys(path for one in exposures for path in one.paths)
    matches = tuple(HTTPRouteMatch(path=_match(path)) for path in paths)
    for at in range(0, len(matches), _MOST_MATCHES):
        yield HTTPRouteRule(matches=matches[at : at + _MOST_MATCHES], filters=(redirect,))


def _rules(part: Workload | Task, exposure: Exposure) -> Iterator[HTTPRouteRule]:
    backend = (HTTPBackendRef(name=part.name, port=exposure.port),)
    timeouts = HTTPRouteTimeouts(request=f"{LONG_SECONDS}s") if exposure.long_lived else None
    if exposure.stripped_prefix is None:
        matches = tuple(HTTPRouteMatch(path=_match(path)) for path in exposure.paths)
        for at in range(0, len(matches), _MOST_MATCHES):
            yield HTTPRouteRule(
                matches=matches[at : at + _MOST_MATCHES], backend_refs=backend, timeouts=timeouts
            )
        return
    for path in exposure.paths:
        # What takes the prefix's place depends on the path that is matched.
        yield HTTPRouteRule(
            matches=(HTTPRouteMatch(path=_match(path)),),
            filters=(_stripping(path, exposure.stripped_prefix),),
            backend_refs=backend,
            timeouts=timeouts,
        )


def _match(path: PathMatch) -> HTTPPathMatch:
    return HTTPPathMatch(type="Exact" if path.exact else "PathPrefix", value=path.path)


def _stripping(path: PathMatch, prefix: str) -> HTTPRouteFilter:
    rest = "/" + path.path.removeprefix(prefix).strip("/")
    modifier = (
        HTTPPathModifier(type="ReplaceFullPath", replace_full_path=rest)
        if path.exact
        else HTTPPathModifier(type="ReplacePrefixMatch", replace_prefix_match=rest)
    )
    return HTTPRouteFilter(type="URLRewrite", url_rewrite=HTTPURLRewriteFilter(path=modifier))
