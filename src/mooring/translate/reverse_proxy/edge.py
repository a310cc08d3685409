"""
Proxies that stand at the edge of a stack and do nothing but pass requests on.

What such a proxy does the cluster's ingress controller does: hosts, paths, TLS, redirects.  Its
locations become rules of an Ingress and it is left out.  One that does more (serves files, asks for
a password, changes paths) keeps its place behind the Ingress.
"""

from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Scalar
from mooring.decisions import Decision, Evidence
from mooring.images.references import parse
from mooring.settings.choices import Choices
from mooring.translate.discovery import addresses
from mooring.translate.exposure.places import is_path
from mooring.translate.grouping import Groups
from mooring.translate.notes import Note, Translated, dropped
from mooring.translate.reverse_proxy.config import Does, Location, ProxyConfig, Site
from mooring.translate.reverse_proxy.peers import behind
from mooring.translate.view import ServiceView, field, items, text

FRONT_PORTS = frozenset({80, 443, 8080, 8443})
"""Ports of the machine at which browsers knock."""

LEFT_OUT = "the cluster's ingress controller passes requests on in its place"
_CERTBOT = frozenset({"certbot/certbot", "certbot/dns-cloudflare", "certbot/dns-route53"})
_CERTIFICATES = "certificates are issued by cert-manager, by the issuer of mooring.yaml"
_OF_NO_USE = ("health", "ping", "status", "ready", "live", "alive", ".well-known/acme-challenge",
              "50x.html", "404.html", "favicon.ico", "robots.txt", "stub_status")  # fmt: skip
"""Ends of paths that a proxy answers about itself, for certificates, or with nothing."""


def left_out(
    views: ReadOnly[str, ServiceView],
    configs: ReadOnly[str, ProxyConfig],
    names: ReadOnly[str, str],
    groups: Groups,
    choices: Choices,
) -> Translated[frozenset[str]]:
    """
    Return the services that are only edge proxies, with the entries and the decision for each.

    ``names`` are those under which each service is found.
    """
    found: list[str] = []
    notes: list[Note] = []
    pods = groups.members() if configs else {}
    for name, config in configs.items():
        view = views[name]
        if choices.service(name).kind is not None or choices.service(name).exposure is not None:
            continue
        if len(pods[groups.leaders[name]]) > 1 or not published_in_front(view):
            continue
        if more_than_passing_on(config, names) is not None or _is_dialled(name, views):
            continue
        found.append(name)
        notes.extend(dropped(view.path(one), LEFT_OUT) for one in view.attributes.entries)
        notes.append(_decision(view, config, names))
    for name, view in views.items() if found else ():
        if _is_certbot(view) and choices.service(name).kind is None:
            found.append(name)
            notes.extend(dropped(view.path(one), _CERTIFICATES) for one in view.attributes.entries)
            notes.append(_without_certbot(view))
    return Translated(frozenset(found), tuple(notes))


def published_in_front(view: ServiceView) -> tuple[int, ...]:
    """Return the ports of the container to which the machine's front ports lead, not privately."""
    found: list[int] = []
    for _, port in items(view.get("ports")):
        published, target = field(port, "published"), field(port, "target")
        address = field(port, "host_ip")
        if published is None or target is None:
            continue
        is_private = address is not None and text(address).startswith(("127.", "::1", "localhost"))
        if text(published).isdecimal() and int(text(published)) in FRONT_PORTS and not is_private:
            found.append(int(text(target)))
    return tuple(found)


def more_than_passing_on(
    config: ProxyConfig, names: ReadOnly[str, str]
) -> tuple[str, Location | Site | None] | None:
    """Return what the proxy does that an Ingress cannot, and where; None where nothing."""
    if not config.is_whole or not config.sites:
        return "its configuration is not known as a whole", None
    passes_on = False
    has_hosts = any(site.hosts for site in config.sites)
    for site in config.sites:
        for location in site.locations if not site.to_https else ():
            is_refusal = has_hosts and not site.hosts and location.does is Does.ANSWERS
            why = None if is_refusal else _beyond(location, names)
            if why is not None:
                return why, location
            passes_on = passes_on or location.does is Does.PROXIES
    return None if passes_on else ("it passes nothing on", None)


def _beyond(location: Location, names: ReadOnly[str, str]) -> str | None:
    shown = location.path if location.path is not None else location.pattern
    if (location.path or "").rstrip("/").endswith(_OF_NO_USE) and location.does is not Does.OTHER:
        return None
    if location.beyond:
        return f"{shown} asks for {location.beyond[0]}"
    match location.does:
        case Does.PROXIES:
            if location.path is None or not is_path(location.path):
                return f"{shown} is a pattern"
            if behind(location, names) is None:
                return f"{shown} leads to several services, or to none of this stack"
            return None
        case Does.SERVES_FILES:
            return f"it serves files at {shown}"
        case Does.REDIRECTS:
            return f"it sends requests for {shown} elsewhere"
        case Does.ANSWERS:
            return f"it answers {shown} itself"
        case Does.OTHER:
            return f"{shown} is more than passing on"


def _is_dialled(name: str, views: ReadOnly[str, ServiceView]) -> bool:
    """Tell whether another service asks the proxy itself."""
    for other, view in views.items():
        if other == name:
            continue
        values = {key: one.value or "" for key, one in view.environment.items()}
        for key, value in values.items():
            if name in value and any(
                address.host == name.lower() for address in addresses.of_setting(key, value, values)
            ):
                return True
    return False


def _is_certbot(view: ServiceView) -> bool:
    image = view.get("image")
    reference = parse(text(image)) if isinstance(image, Scalar) and image.value else None
    return reference is not None and reference.name in _CERTBOT


def _decision(view: ServiceView, config: ProxyConfig, names: ReadOnly[str, str]) -> Decision:
    sites = [site for site in config.sites if not site.to_https]
    evidence = [
        Evidence(
            f"its {config.program} only passes requests on", sites[0].position if sites else None
        )
    ]
    ports = [
        text(published)
        for _, port in items(view.get("ports"))
        if isinstance(port, Mapping) and (published := field(port, "published")) is not None
    ]
    evidence.append(Evidence(f"it published {', '.join(ports)}", view.position("ports")))
    routes: dict[str, None] = {}
    for site in sites:
        for location in site.locations:
            target = behind(location, names)
            if target is not None:
                routes[f"{location.path} to {target[0]}:{target[1]}"] = None
    return Decision(
        subject=f"services.{view.name}",
        topic="kind",
        choice=f"left out: its locations become rules of an Ingress: {', '.join(routes)}",
        evidence=tuple(evidence),
        overrule=f"services: {{{view.name}: {{kind: workload}}}}",
    )


def _without_certbot(view: ServiceView) -> Decision:
    return Decision(
        subject=f"services.{view.name}",
        topic="kind",
        choice="left out: certificates are issued by cert-manager",
        evidence=(Evidence("it asks for certificates of a proxy that is left out"),),
        overrule=f"services: {{{view.name}: {{kind: workload}}}}",
    )
