"""
A reference into another namespace that nobody granted.

## What it does
Finds routes of the Gateway API whose backend is in another namespace, and Gateways whose
certificate is, without a ReferenceGrant there that allows it.  Where the input holds nothing else
of that namespace the grant may stand beside it, and it is a doubt.

## Why it matters
The gateway answers with 500, or does not open the listener: without the consent of the other
namespace such a reference is not heeded (`RefNotPermitted`).

## Example
    kind: HTTPRoute                         # in the namespace shop
    backendRefs: [{name: billing, namespace: finance, port: 8080}]

Put a ReferenceGrant from HTTPRoutes of shop to the Service billing into finance.

## References
- https://gateway-api.sigs.k8s.io/api-types/referencegrant/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, object_references
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(
    id="gateway-reference-without-grant", severity=Severity.ERROR, since="0.1", group="ingress"
)

_GROUP = "gateway.networking.k8s.io"
_ROUTES = tuple(
    GroupKind(_GROUP, f"{protocol}Route") for protocol in ("HTTP", "GRPC", "TCP", "TLS", "UDP")
)
_GATEWAY = GroupKind(_GROUP, "Gateway")
_GRANT = GroupKind(_GROUP, "ReferenceGrant")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each reference that no grant allows."""
    grants: dict[str, list[Item]] | None = None
    for item in bundle.of_kind(*_ROUTES, _GATEWAY):
        for one in object_references.of(item):
            target = one.target
            kind = kinds.group_kind(target.api_version, target.kind)
            # A route may attach to what is elsewhere: that is its parent's own to allow.
            if one.field.startswith("spec.parentRefs"):
                continue
            namespace = target.namespace or ""
            if kind not in (kinds.SERVICE, kinds.SECRET) or namespace == item.namespace:
                continue
            if grants is None:
                grants = {}
                for grant in bundle.of_kind(_GRANT):
                    grants.setdefault(grant.namespace, []).append(grant)
            if any(_allows(grant, item, kind, target) for grant in grants.get(namespace, ())):
                continue
            certain = bundle.is_whole and (
                bundle.is_closed or bundle.objects.find(kind, target.name, namespace) is not None
            )
            yield RULE.finding(
                item.ref,
                f"it names the {target.kind} {target.name} of the namespace {namespace}, and no "
                "ReferenceGrant there allows it",
                field=one.field,
                remedy=f"put a ReferenceGrant from {item.kind.kind} of {item.namespace} to "
                f"{target.kind} {target.name} into {namespace}",
                severity=None if certain else Severity.WARNING,
                confidence=None if certain else Confidence.MEDIUM,
            )


def _allows(grant: Item, item: Item, kind: GroupKind, target: ObjectRef) -> bool:
    """Tell whether ``grant`` allows ``item`` to name the object ``target``."""
    is_from = any(
        (fields.text(one.get("group")) or "") == item.kind.group
        and one.get("kind") == item.kind.kind
        and one.get("namespace") == item.namespace
        for _, one in fields.mappings(grant.spec.get("from"))
    )
    return is_from and any(
        (fields.text(one.get("group")) or "") == kind.group
        and one.get("kind") == kind.kind
        and fields.text(one.get("name")) in (None, target.name)
        for _, one in fields.mappings(grant.spec.get("to"))
    )
