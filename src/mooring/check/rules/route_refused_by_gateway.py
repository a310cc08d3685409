"""
A route that its Gateway does not take.

## What it does
Finds routes of the Gateway API whose Gateway is in the input and has no listener for them: none
of the name or port that the route asks for, none that allows its namespace (without
`allowedRoutes` that is the Gateway's own alone), none whose host its hosts fit.

## Why it matters
The route is accepted by the API server and never served: its hosts answer with 404, and only its
status tells why (`NotAllowedByListeners`, `NoMatchingListenerHostname`, `NoMatchingParent`).

## Example
    kind: HTTPRoute                                 # in the namespace shop
    parentRefs: [{name: public, namespace: edge}]   # whose listeners allow no other namespace

Let the listener allow the namespace:  `allowedRoutes: {namespaces: {from:  All}}`, or by a
selector.

## References
- https://gateway-api.sigs.k8s.io/concepts/security-model/
- https://gateway-api.sigs.k8s.io/reference/spec/#listener
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, selection, views
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(id="route-refused-by-gateway", severity=Severity.ERROR, since="0.1", group="ingress")

_GROUP = "gateway.networking.k8s.io"
_GATEWAY = GroupKind(_GROUP, "Gateway")
_ROUTES = tuple(
    GroupKind(_GROUP, f"{protocol}Route") for protocol in ("HTTP", "GRPC", "TCP", "TLS", "UDP")
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each parent of a route that does not take it."""
    for item in bundle.of_kind(*_ROUTES):
        for index, parent in fields.mappings(item.spec.get("parentRefs")):
            gateway = _gateway(bundle, item, parent)
            if gateway is None:
                continue
            told = _refusal(bundle, item, parent, gateway)
            if told is None:
                continue
            message, remedy, certain = told
            yield RULE.finding(
                item.ref,
                message,
                field=f"spec.parentRefs[{index}]",
                remedy=remedy,
                severity=None if certain else Severity.WARNING,
                confidence=None if certain else Confidence.MEDIUM,
            )


def _gateway(bundle: Bundle, item: Item, parent: Manifest) -> Item | None:
    """Return the Gateway that the route asks for, None where it is another kind or not here."""
    name = fields.text(parent.get("name"))
    if name is None or (fields.text(parent.get("kind")) or "Gateway") != "Gateway":
        return None
    if (fields.text(parent.get("group")) or _GROUP) != _GROUP:
        return None
    namespace = fields.text(parent.get("namespace")) or item.namespace
    return bundle.objects.find(_GATEWAY, name, namespace)


def _refusal(
    bundle: Bundle, item: Item, parent: Manifest, gateway: Item
) -> tuple[str, str, bool] | None:
    """Return why no listener takes the route, what to do, and whether that is certain."""
    listeners = [one for _, one in fields.mappings(gateway.spec.get("listeners"))]
    if not listeners:
        return None
    section, port = fields.text(parent.get("sectionName")), fields.integer(parent.get("port"))
    named = [
        one
        for one in listeners
        if section in (None, one.get("name")) and port in (None, one.get("port"))
    ]
    if not named:
        wanted = f'listener called "{section}"' if section else f"listener on the port {port}"
        names = [name for one in listeners if (name := fields.text(one.get("name")))]
        remedy = (did_you_mean(section, names) if section else None) or "name one of its listeners"
        # A ListenerSet may add to the listeners of a Gateway.
        return f"{gateway.ref} has no {wanted}", remedy, not _has_listener_sets(bundle)
    allowed = [(one, _allows(bundle, item, gateway, one)) for one in named]
    taken = [one for one, is_allowed in allowed if is_allowed is not False]
    if not taken:
        shown = ", ".join(fields.text(one.get("name")) or "?" for one in named)
        return (
            f"the listeners of {gateway.ref} ({shown}) allow no {item.kind.kind} of the namespace "
            f"{item.namespace}",
            "let allowedRoutes of the listener select the namespace",
            True,
        )
    hosts = fields.texts(item.spec.get("hostnames"))
    if hosts and not any(
        _fits(host, fields.text(one.get("hostname"))) for one in taken for host in hosts
    ):
        served = ", ".join(fields.text(one.get("hostname")) or "any" for one in taken)
        return (
            f"none of its hosts ({', '.join(hosts[:3])}) fits those of {gateway.ref} ({served})",
            "name hosts that a listener serves",
            True,
        )
    return None


def _has_listener_sets(bundle: Bundle) -> bool:
    return any(kind.kind in ("ListenerSet", "XListenerSet") for kind in bundle.objects.known_kinds)


def _allows(bundle: Bundle, item: Item, gateway: Item, listener: Manifest) -> bool | None:
    """Tell whether the listener allows routes of the namespace; None where that is not known."""
    allowed = fields.mapping(listener.get("allowedRoutes"))
    wanted = [one.get("kind") for _, one in fields.mappings(allowed.get("kinds"))]
    if wanted and item.kind.kind not in wanted:
        return False
    spaces = fields.mapping(allowed.get("namespaces"))
    match fields.text(spaces.get("from")) or "Same":
        case "Same":
            return item.namespace == gateway.namespace
        case "Selector":
            namespace = views.namespace(bundle.objects, item.namespace)
            if selection.selector(spaces.get("selector")).matches(namespace.labels):
                return True
            return False if namespace.is_known else None
    return None if item.namespace == "" else True


def _fits(host: str, served: str | None) -> bool:
    """Tell whether a host of a route and that of a listener have a name in common."""
    if not served or host == served:
        return True
    for one, other in ((host, served), (served, host)):
        if one.startswith("*.") and other.endswith(one[1:]):
            return True
    return False
