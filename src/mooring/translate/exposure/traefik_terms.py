"""
What becomes of each label of Traefik by itself, whatever its router comes to.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/docker/
"""

import msgspec

from mooring.accounting import Entry, Path
from mooring.sources import Position
from mooring.translate.notes import approximated, carried, dropped


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One label: ``terms`` are the parts of its name after "traefik", in lower case."""

    path: Path
    terms: tuple[str, ...]
    value: str
    position: Position | None


_RULE = "Ingress.spec.rules"
_BACKEND = "Ingress.spec.rules.http.paths.backend"
_TLS = "Ingress.spec.tls"

_ROUTER: dict[str, tuple[str, str]] = {
    "rule": (_RULE, ""),
    "service": (_BACKEND, ""),
    "middlewares": ("what its middlewares become", ""),
    "entrypoints": (_TLS, ""),
    "tls": (_TLS, ""),
    "tls.certresolver": (
        f"{_TLS}.secretName",
        "certificates are issued by cert-manager, by the issuer that mooring.yaml names",
    ),
}
"""By a router's option: where it goes, and the reason where it is only approximated."""

_TO_MIDDLEWARE: dict[str, tuple[str, str]] = {
    "stripprefix": (
        "Ingress.metadata.annotations",
        "an Ingress has no word for it, and each controller an annotation of its own",
    ),
    "redirectscheme": (
        "Ingress.metadata.annotations",
        "an Ingress has no word for it, and each controller an annotation of its own",
    ),
    "chain": ("what its middlewares become", ""),
}

_KEEPS_OUT = "its router stays closed, because an Ingress cannot ask for it"
_FOR_ALL = "an ingress controller does this for all that it serves, or not at all"
_LOST_MIDDLEWARE = {
    "compress": _FOR_ALL,
    "headers": "an Ingress sets no headers: the program, or its controller's own settings, do",
    "basicauth": _KEEPS_OUT,
    "digestauth": _KEEPS_OUT,
    "forwardauth": _KEEPS_OUT,
    "ipallowlist": _KEEPS_OUT,
    "ipwhitelist": _KEEPS_OUT,
    "addprefix": _KEEPS_OUT,
    "replacepath": _KEEPS_OUT,
    "replacepathregex": _KEEPS_OUT,
    "stripprefixregex": _KEEPS_OUT,
    "plugin": _KEEPS_OUT,
    "redirectregex": "an Ingress sends requests on to HTTPS, and nowhere else",
}

_LOST_SERVICE = {
    "sticky": "requests go to any replica; sticky sessions are an annotation of the controller",
    "healthcheck": "the readiness probe says which replicas serve",
    "passhostheader": "an ingress controller passes the host on",
    "responseforwarding": _FOR_ALL,
    "serverstransport": _FOR_ALL,
}

_LOST_ROUTER = {
    "priority": "of two paths that fit, an Ingress takes the longer one",
    "rulesyntax": "both forms of the rules are understood as they stand",
    "observability": _FOR_ALL,
}

_RAW_REASON = "an Ingress routes HTTP alone; other ports are opened where mooring.yaml asks for it"


def account(label: Label) -> Entry:
    """Return what becomes of ``label``, where its router says nothing else."""
    match label.terms:
        case ("enable",):
            return carried(label.path, "Ingress")
        case ("docker" | "swarm", *_) | ("network",):
            return dropped(label.path, "all pods of a namespace share one network")
        case ("http", "routers", _, *option) if option:
            return _of_router(label, ".".join(option))
        case ("http", "services", _, "loadbalancer", *option) if option:
            return _of_service(label, option)
        case ("http", "middlewares", _, kind, *_):
            if kind in _TO_MIDDLEWARE:
                to, reason = _TO_MIDDLEWARE[kind]
                return _entry(label, to, reason)
            return dropped(label.path, _LOST_MIDDLEWARE.get(kind, _FOR_ALL))
        case ("tcp" | "udp", "services", _, "loadbalancer", "server", "port"):
            return carried(label.path, "Service.spec.ports")
        case ("tcp" | "udp", *_):
            return approximated(label.path, _RAW_REASON, "Service.spec.ports")
        case ("frontend" | "backend" | "port" | "protocol" | "weight", *_):
            return dropped(label.path, "it is a label of Traefik 1, which later versions pass over")
        case _:
            return dropped(label.path, "it says nothing that a cluster's Ingress could")


def _of_router(label: Label, option: str) -> Entry:
    known = _ROUTER.get(option)
    if known is not None:
        return _entry(label, *known)
    if option.startswith("tls.domains"):
        reason = "a certificate is for the hosts of its Ingress"
        return approximated(label.path, reason, "Ingress.spec.tls.hosts")
    no_word = "an Ingress has no word for it, nor have all controllers"
    return dropped(label.path, _LOST_ROUTER.get(option.partition(".")[0], no_word))


def _of_service(label: Label, option: list[str]) -> Entry:
    if option == ["server", "port"]:
        return carried(label.path, _BACKEND)
    if option == ["server", "scheme"]:
        if label.value.strip().lower() in {"", "http"}:
            return carried(label.path, _BACKEND)
        annotated = "an Ingress has no word for it, and each controller an annotation of its own"
        return approximated(label.path, annotated, "Ingress.metadata.annotations")
    reason = _LOST_SERVICE.get(option[0], "the Service of the workload says where it is")
    return dropped(label.path, reason)


def _entry(label: Label, to: str, reason: str) -> Entry:
    return approximated(label.path, reason, to) if reason else carried(label.path, to)
