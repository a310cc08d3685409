"""
How names are looked up: `dns`, `dns_search`, `dns_opt`.

## What it means
Name servers, search domains and resolver options of the container.  Docker's own resolver stays
in front for the names of services, and asks these servers for the rest.

## What it becomes
`Pod.spec.dnsConfig`, in addition to the cluster's DNS, which has to stay: without it no peer is
found.

## What is lost
A resolver asks the second server only when the first gives no answer, so names that only the
given servers know are not found; the place for those is the cluster's DNS (a stub domain).  A
pod takes three servers and 32 search domains.

## Example
    dns: 10.0.0.53
    dns_opt: ["ndots:2"]     # Pod.spec.dnsConfig: {nameservers: [10.0.0.53], options: [...]}

## References
- https://docs.docker.com/reference/compose-file/services/#dns
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config
"""

from collections.abc import Callable

from mooring.app.endpoints import NameResolution
from mooring.compose.attributes.ports import is_address
from mooring.kube.names import is_subdomain
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, items, text

ATTRIBUTES: tuple[str, ...] = ("dns", "dns_search", "dns_opt")

_NAMES = frozenset(ATTRIBUTES)
_NOTHING = Translated(NameResolution())
_MOST_SERVERS = 3
_MOST_SEARCHES = 32
_LONGEST_SEARCH_LIST = 2048

_SERVERS_TO = "Pod.spec.dnsConfig.nameservers"


def translate(service: ServiceView) -> Translated[NameResolution]:
    """Return the servers, search domains and options that the service's pods have in addition."""
    if _NAMES.isdisjoint(service.attributes.entries):
        return _NOTHING
    notes: list[Note] = []
    value = NameResolution(
        servers=_servers(service, notes),
        searches=_searches(service, notes),
        options=_kept(service, "dns_opt", _option_fault, notes),
    )
    return Translated(value, tuple(notes))


def _option_fault(given: str) -> str | None:
    return None if given.partition(":")[0] else "it has no name"


def _servers(service: ServiceView, notes: list[Note]) -> tuple[str, ...]:
    taken: set[str] = set()

    def fault(given: str) -> str | None:
        if not is_address(given):
            return "it is no IP address"
        if given not in taken and len(taken) >= _MOST_SERVERS:
            return "a pod takes three name servers"
        taken.add(given)
        return None

    kept = _kept(service, "dns", fault, notes)
    if kept:
        reason = "the cluster's DNS is asked first, and these when it gives no answer at all"
        notes.append(approximated(service.path("dns"), reason, _SERVERS_TO))
    return kept


def _searches(service: ServiceView, notes: list[Note]) -> tuple[str, ...]:
    length = 0
    count = 0

    def fault(given: str) -> str | None:
        nonlocal length, count
        if given == ".":
            return "a pod keeps the cluster's search domains, by which peers are found"
        if not is_subdomain(given.removesuffix(".")):
            return "it is no domain"
        if count >= _MOST_SEARCHES or length + len(given) + 1 > _LONGEST_SEARCH_LIST:
            return "a pod takes 32 search domains of 2048 letters in all"
        count, length = count + 1, length + len(given) + 1
        return None

    return _kept(service, "dns_search", fault, notes)


def _kept(
    service: ServiceView,
    attribute: str,
    fault: Callable[[str], str | None],
    notes: list[Note],
) -> tuple[str, ...]:
    """Return the items of ``attribute`` for which ``fault`` has no reason against, each once."""
    if attribute not in service.attributes.entries:
        return ()
    kept: dict[str, None] = {}
    path = service.path(attribute)
    to = {
        "dns": _SERVERS_TO,
        "dns_search": "Pod.spec.dnsConfig.searches",
        "dns_opt": "Pod.spec.dnsConfig.options",
    }[attribute]
    listed = tuple(items(service.get(attribute)))
    if not listed or attribute != "dns":
        notes.append(carried(path, to))
    for index, node in listed:
        given = text(node)
        reason = fault(given)
        if reason is None:
            kept[given] = None
        else:
            notes.append(dropped((*path, index), reason))
    return tuple(kept)
