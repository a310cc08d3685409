"""
Hosts and paths as an Ingress can say them.

An Ingress knows a host, a host below a wildcard of one label, a path, and a path with all below
it.  What a proxy's rule asks beyond that (a method, a header, an address) cannot be said, and is
never left out of a rule: a route that was narrow would become a wide one.  Such an alternative
stays closed, and the reason is told.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules
"""

from collections.abc import Iterable

import msgspec

from mooring.app.exposure import EVERYTHING, PathMatch
from mooring.kube.names import is_subdomain
from mooring.patterns import LazyPattern
from mooring.translate.exposure import rules
from mooring.translate.exposure.rules import Alternative, Matcher


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """
    Paths under hosts; no hosts mean every host.

    A host may be unfinished ("app." for want of a variable's value): a settlement mends it.
    """

    hosts: tuple[str, ...] = ()
    paths: tuple[PathMatch, ...] = EVERYTHING


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a rule says: ``places``, what of it stays ``closed`` and why, what differs ``slightly``.
    """

    places: tuple[Place, ...] = ()
    closed: tuple[str, ...] = ()
    slightly: tuple[str, ...] = ()


WHOLE_SEGMENTS = "a prefix ends at a slash: /api takes /api/orders, and /apis no more"
ONE_LABEL = "a wildcard of an Ingress stands for one label of any letters"


def read_rule(rule: str) -> Reading:
    """
    Return what a router's ``rule`` says.

    Raises:
        rules.RuleError: it is no rule.
    """
    places: list[Place] = []
    closed: dict[str, None] = {}
    slightly: dict[str, None] = {}
    for alternative in rules.parse(rule):
        reason = _not_sayable(alternative)
        if reason is not None:
            closed[reason] = None
            continue
        hosts = _hosts(alternative, closed, slightly)
        paths = _paths(alternative, closed, slightly)
        if hosts is not None and paths is not None:
            places.append(Place(hosts=hosts, paths=paths))
    return Reading(places=joined(places), closed=tuple(closed), slightly=tuple(slightly))


def joined(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return ``places`` with the paths of the same hosts, then the hosts of the same paths, one."""
    by_hosts: dict[tuple[str, ...], dict[PathMatch, None]] = {}
    for place in places:
        by_hosts.setdefault(place.hosts, {}).update(dict.fromkeys(place.paths))
    by_paths: dict[tuple[PathMatch, ...], list[tuple[str, ...]]] = {}
    for hosts, paths in by_hosts.items():
        by_paths.setdefault(tuple(paths), []).append(hosts)
    found: list[Place] = []
    for paths_, all_hosts in by_paths.items():
        if () in all_hosts:  # Every host holds the others.
            found.append(Place(paths=paths_))
            continue
        merged = dict.fromkeys(host for hosts in all_hosts for host in hosts)
        found.append(Place(hosts=tuple(merged), paths=paths_))
    return tuple(found)


_SAYABLE = frozenset({"host", "hostheader", "hostregexp", "path", "pathprefix", "pathregexp"})
_ASKS = {
    "method": "a method",
    "header": "a header",
    "headers": "a header",
    "headerregexp": "a header",
    "headersregexp": "a header",
    "query": "a parameter of the query",
    "queryregexp": "a parameter of the query",
    "clientip": "the address of the client",
}


def _not_sayable(alternative: Alternative) -> str | None:
    """Return why no Ingress can say ``alternative``, or None."""
    for matcher in alternative:
        if matcher.negated:
            return "it says what must not be asked for, and an Ingress only what may"
        if matcher.name not in _SAYABLE:
            what = _ASKS.get(matcher.name, f'"{matcher.name}"')
            return f"it asks for {what}, and an Ingress knows only hosts and paths"
    return None


def _hosts(
    alternative: Alternative, closed: dict[str, None], slightly: dict[str, None]
) -> tuple[str, ...] | None:
    """Return the hosts of an alternative, () for every host; None where there can be none."""
    found: dict[str, None] | None = None
    for matcher in alternative:
        if not matcher.name.startswith("host"):
            continue
        named: dict[str, None] = {}
        for value in matcher.values:
            if matcher.name != "hostregexp":
                named[value.strip().lower()] = None
                continue
            hosts = hosts_of_pattern(value)
            if not hosts:
                closed[f'the pattern "{value}" stands for hosts that no Ingress can name'] = None
            elif hosts[0].startswith("*."):
                slightly[ONE_LABEL] = None
            named.update(dict.fromkeys(hosts))
        found = named if found is None else {host: None for host in found if host in named}
    if found is None:
        return ()
    return tuple(found) or None


def _paths(
    alternative: Alternative, closed: dict[str, None], slightly: dict[str, None]
) -> tuple[PathMatch, ...] | None:
    """Return the paths of an alternative, "/" where it names none; None where none can be."""
    found: tuple[PathMatch, ...] = EVERYTHING
    for matcher in alternative:
        if not matcher.name.startswith("path"):
            continue
        named = tuple(_named_paths(matcher, closed))
        if any(not path.exact and path.path != "/" for path in named):
            slightly[WHOLE_SEGMENTS] = None
        both = (_common(one, other) for one in found for other in named)
        found = tuple(dict.fromkeys(path for path in both if path is not None))
    return found or None


def _named_paths(matcher: Matcher, closed: dict[str, None]) -> Iterable[PathMatch]:
    for value in matcher.values:
        if matcher.name == "pathregexp" or not is_path(value):
            closed[f'the path "{value}" is a pattern, and an Ingress knows no patterns'] = None
        else:
            yield PathMatch(value, exact=matcher.name == "path")


def _common(one: PathMatch, other: PathMatch) -> PathMatch | None:
    """Return the requests that fit both, or None where no request does."""
    if one.exact or (not other.exact and len(one.path) >= len(other.path)):
        narrow, wide = one, other
    else:
        narrow, wide = other, one
    if wide.exact:
        return narrow if narrow.path == wide.path else None
    return narrow if narrow.path.startswith(wide.path) else None


_PLAIN_PATH = LazyPattern(r"/[^\s?#*{}^$\\|<>\"`\[\]()%]*")


def is_path(text: str) -> bool:
    """Return whether an Ingress takes ``text`` as a path that stands for itself."""
    return (
        _PLAIN_PATH.fullmatch(text) is not None
        and "//" not in text
        and not any(part in {".", ".."} for part in text.split("/"))
    )


_ANY_LABEL = r"(?:\.|\[\^\.\]|\\w|\[[\w\\-]*\])[+*]\??|\[\^\.\]\{1,63\}"
_TEMPLATE = LazyPattern(r"\{[^{}:]*(?::(?P<pattern>[^{}]*))?\}\.(?P<rest>[^{}]+)")
_PATTERN = LazyPattern(
    rf"\^?\(?(?:{_ANY_LABEL})\)?\\\.(?P<rest>[a-zA-Z0-9-]+(?:\\\.[a-zA-Z0-9-]+)*)\$?"
)
_CHOICE = LazyPattern(
    r"\^?\((?:\?:)?(?P<words>[a-zA-Z0-9-]+(?:\|[a-zA-Z0-9-]+)*)\)"
    r"(?P<rest>(?:\\\.[a-zA-Z0-9-]+)+)\$?"
)
_LITERAL = LazyPattern(r"\^?[a-zA-Z0-9-]+(?:\\?\.[a-zA-Z0-9-]+)*\$?")
_IS_ANY_LABEL = LazyPattern(_ANY_LABEL)


def hosts_of_pattern(pattern: str) -> tuple[str, ...]:
    """
    Return the hosts of Traefik's ``HostRegexp``: names, or one wildcard; nothing where it cannot.

    Both forms are known: ``{sub:[a-z]+}.example.com`` of version 2 and the plain regular
    expression of version 3.
    """
    template = _TEMPLATE.fullmatch(pattern)
    if template is not None:
        rest = template["rest"].lower()
        inner = template["pattern"]
        if is_subdomain(rest) and (inner is None or _IS_ANY_LABEL.fullmatch(inner.strip("()"))):
            return (f"*.{rest}",)
        return ()
    wild = _PATTERN.fullmatch(pattern)
    if wild is not None:
        return ("*." + wild["rest"].replace("\\", "").lower(),)
    choice = _CHOICE.fullmatch(pattern)
    if choice is not None:
        rest = choice["rest"].replace("\\", "").lower()
        return tuple(f"{word.lower()}{rest}" for word in choice["words"].split("|"))
    if _LITERAL.fullmatch(pattern):
        return (pattern.strip("^$").replace("\\", "").lower(),)
    return ()
