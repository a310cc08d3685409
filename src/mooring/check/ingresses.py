"""
Ingresses as rules look at them: their paths, and which controllers may serve them.

Every controller has annotations of its own and heeds no other's.  Which one serves an Ingress is
told by the `controller` of its class where the input has it, else by the name of the class, which
most teams leave as the controller's manual gives it.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from mooring.check.bundle import Bundle
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"
NGINX = "nginx.ingress.kubernetes.io/"


class Vendor(StrEnum):
    """Controllers whose annotations are known, by the prefix of these."""

    INGRESS_NGINX = "nginx.ingress.kubernetes.io"
    NGINX_INC = "nginx.org"
    TRAEFIK = "traefik.ingress.kubernetes.io"
    HAPROXY_TECH = "haproxy.org"
    HAPROXY_INGRESS = "haproxy-ingress.github.io"
    KONG = "konghq.com"
    AWS = "alb.ingress.kubernetes.io"
    AZURE = "appgw.ingress.kubernetes.io"
    CONTOUR = "projectcontour.io"
    CILIUM = "ingress.cilium.io"
    GOOGLE = "networking.gke.io"


_BY_CONTROLLER = (
    ("k8s.io/ingress-nginx", Vendor.INGRESS_NGINX),
    ("nginx.org/", Vendor.NGINX_INC),
    ("traefik.io/", Vendor.TRAEFIK),
    ("haproxy.org/", Vendor.HAPROXY_TECH),
    ("haproxy-ingress.github.io/", Vendor.HAPROXY_INGRESS),
    ("ingress-controllers.konghq.com/", Vendor.KONG),
    ("ingress.k8s.aws/", Vendor.AWS),
    ("azure/application-gateway", Vendor.AZURE),
    ("projectcontour.io/", Vendor.CONTOUR),
    ("cilium.io/", Vendor.CILIUM),
)
_BY_WORD = {
    "nginx": frozenset({Vendor.INGRESS_NGINX, Vendor.NGINX_INC}),
    "traefik": frozenset({Vendor.TRAEFIK}),
    "haproxy": frozenset({Vendor.HAPROXY_TECH, Vendor.HAPROXY_INGRESS}),
    "kong": frozenset({Vendor.KONG}),
    "alb": frozenset({Vendor.AWS}),
    "contour": frozenset({Vendor.CONTOUR}),
    "cilium": frozenset({Vendor.CILIUM}),
    "gce": frozenset({Vendor.GOOGLE}),
}
_NOBODY: frozenset[Vendor] = frozenset()


class IngressPath(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A path of an Ingress, at ``field``; ``path_type`` is empty where it is not written.

    ``host`` is None for any.  ``service`` and ``port`` are those of the backend, None where it is
    no Service.
    """

    item: Item
    field: str
    host: str | None
    path: str
    path_type: str
    service: str | None
    port: int | str | None


def paths(item: Item) -> Iterator[IngressPath]:
    """Yield the paths of one Ingress, in order."""
    for index, rule in fields.mappings(item.spec.get("rules")):
        for place, entry in fields.mappings(fields.at(rule, "http", "paths")):
            service = fields.mapping(fields.at(entry, "backend", "service"))
            port = fields.mapping(service.get("port"))
            yield IngressPath(
                item=item,
                field=f"spec.rules[{index}].http.paths[{place}]",
                host=fields.text(rule.get("host")),
                path=fields.text(entry.get("path")) or "/",
                path_type=fields.text(entry.get("pathType")) or "",
                service=fields.text(service.get("name")),
                port=fields.integer(port.get("number")) or fields.text(port.get("name")),
            )


def class_of(item: Item) -> str | None:
    """Return the class that an Ingress names, by the field or by the older annotation."""
    return fields.text(item.spec.get("ingressClassName")) or item.annotations.get(CLASS_ANNOTATION)


class Classes:
    """The classes of a bundle, and who serves the Ingresses of each."""

    def __init__(self, bundle: Bundle) -> None:
        self.by_name = {item.ref.name: item for item in bundle.of_kind(kinds.INGRESS_CLASS)}
        self.default = next(
            (
                name
                for name, item in self.by_name.items()
                if item.annotations.get(DEFAULT_CLASS) == "true"
            ),
            None,
        )
        cluster = bundle.cluster
        self._of_cluster = cluster.ingress_class if cluster is not None else None

    def vendors(self, item: Item) -> frozenset[Vendor]:
        """Return the controllers that may serve an Ingress, none where nothing tells of it."""
        name = class_of(item) or self.default or self._of_cluster
        if name is None:
            return _NOBODY
        held = self.by_name.get(name)
        controller = fields.text(held.spec.get("controller")) if held is not None else None
        if controller is not None:
            return frozenset(one for start, one in _BY_CONTROLLER if controller.startswith(start))
        words = name.replace(".", "-").replace("_", "-").split("-")
        return next((_BY_WORD[word] for word in words if word in _BY_WORD), _NOBODY)

    def may_be_nginx(self, item: Item) -> bool:
        """
        Tell whether ingress-nginx serves an Ingress, as far as can be told.

        Where nothing names a controller its annotations do.
        """
        vendors = self.vendors(item)
        if Vendor.INGRESS_NGINX not in vendors and (vendors or class_of(item)):
            return False
        annotations = item.annotations
        if any(key.startswith(NGINX) for key in annotations):
            return True
        # The controller of NGINX itself goes by the same name.
        return bool(vendors) and not any(key.startswith("nginx.org/") for key in annotations)
