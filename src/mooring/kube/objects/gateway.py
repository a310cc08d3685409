"""
Routes of the Gateway API: HTTP from a Gateway, which the cluster has, to Services.

Source: https://gateway-api.sigs.k8s.io/reference/spec/ (v1, standard channel)
"""

from typing import ClassVar

from mooring.kube.objects.meta import KubeObject, Part


class ParentReference(Part, frozen=True, kw_only=True, gc=False):
    """
    A Gateway; ``namespace`` None is the route's own.

    ``section_name`` is one of its listeners; None means all that take the route.
    """

    name: str
    namespace: str | None = None
    section_name: str | None = None


class HTTPPathMatch(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is PathPrefix (whole segments) or Exact."""

    type: str
    value: str


class HTTPRouteMatch(Part, frozen=True, kw_only=True, gc=False):
    """Which requests a rule is for."""

    path: HTTPPathMatch


class HTTPRequestRedirectFilter(Part, frozen=True, kw_only=True, gc=False):
    """Where a client is sent to; what is None stays as it was asked."""

    scheme: str | None = None
    status_code: int | None = None


class HTTPPathModifier(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is ReplacePrefixMatch or ReplaceFullPath, which need the field of that name."""

    type: str
    replace_prefix_match: str | None = None
    replace_full_path: str | None = None


class HTTPURLRewriteFilter(Part, frozen=True, kw_only=True, gc=False):
    """How the path is changed before the Service sees it."""

    path: HTTPPathModifier


class HTTPRouteFilter(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is RequestRedirect or URLRewrite, which need the field of that name."""

    type: str
    request_redirect: HTTPRequestRedirectFilter | None = None
    url_rewrite: HTTPURLRewriteFilter | None = None


class HTTPRouteTimeouts(Part, frozen=True, kw_only=True, gc=False):
    """``request`` is how long a whole exchange may take, as "3600s"; "0s" is without a limit."""

    request: str | None = None


class HTTPBackendRef(Part, frozen=True, kw_only=True, gc=False):
    """A Service of the route's namespace, and its port."""

    name: str
    port: int


class HTTPRouteRule(Part, frozen=True, kw_only=True, gc=False):
    """What becomes of requests that one of ``matches`` fits; none fits all."""

    matches: tuple[HTTPRouteMatch, ...] = ()
    filters: tuple[HTTPRouteFilter, ...] = ()
    backend_refs: tuple[HTTPBackendRef, ...] = ()
    timeouts: HTTPRouteTimeouts | None = None


class HTTPRouteSpec(Part, frozen=True, kw_only=True, gc=False):
    """Rules for hosts (none: every host), at Gateways."""

    parent_refs: tuple[ParentReference, ...]
    hostnames: tuple[str, ...] = ()
    rules: tuple[HTTPRouteRule, ...]


class HTTPRoute(KubeObject, frozen=True, kw_only=True, gc=False):
    """HTTP from a Gateway to Services."""

    api_version: ClassVar[str] = "gateway.networking.k8s.io/v1"
    kind: ClassVar[str] = "HTTPRoute"

    spec: HTTPRouteSpec
