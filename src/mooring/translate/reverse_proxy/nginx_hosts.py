"""
Where hosts stand in nginx's configuration, so that they can be changed and nothing else is.

`upstream api { ... }` gives a group a name of its own: `proxy_pass http://api` then means the
group, whatever services are called.  A host in a value with a variable is looked up by nginx
itself, which asks the server that `resolver` names and knows no search domains: such a host has to
be a whole name.

Source: https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from mooring.patterns import LazyPattern
from mooring.translate.reverse_proxy.nginx_syntax import Directive, NotNginx, Word, parse

DOCKERS_RESOLVER = "127.0.0.11"

_SIGNS = ("_pass", "upstream", "resolver")
_HOST = LazyPattern(r"(?:(?P<scheme>[a-z][a-z0-9+]*)://)?(?P<host>[A-Za-z0-9_][\w.-]*)(?::\d+)?")
_VARIABLE = LazyPattern(r"\$\{?([A-Za-z_]\w*)\}?")


class HostAt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A host from ``start`` to ``end`` of the text.

    ``looked_up`` tells that nginx looks it up itself while it runs.
    """

    host: str
    start: int
    end: int
    line: int
    looked_up: bool = False


class Hosts(msgspec.Struct, frozen=True, kw_only=True):
    """All hosts of a text, and where it names Docker's name server."""

    hosts: tuple[HostAt, ...] = ()
    resolvers: tuple[HostAt, ...] = ()

    def renamed(self, text: str, names: Mapping[str, str]) -> str:
        """Return ``text``, which these hosts are of, with those in ``names`` called otherwise."""
        return _put(text, ((one, names[one.host]) for one in self.hosts if one.host in names))

    def made_whole(self, text: str, names: Mapping[str, str], name_server: str) -> str:
        """
        Return ``text`` with the hosts that nginx looks up called by their whole ``names``.

        In place of Docker's name server it asks ``name_server``.
        """
        looked_up = (
            (one, names[one.host.lower()])
            for one in self.hosts
            if one.looked_up and one.host.lower() in names
        )
        resolvers = ((one, name_server) for one in self.resolvers)
        return _put(text, (*looked_up, *resolvers))


def hosts_in(text: str) -> Hosts | None:
    """Return where hosts stand in ``text``; None where it is no configuration of nginx."""
    if not any(sign in text for sign in _SIGNS) or ";" not in text:
        return None
    try:
        directives = parse(text)
    except NotNginx:
        return None
    every = tuple(_all(directives))
    groups = {one.value for one in every if one.name.text == "upstream" and one.block is not None}
    if not groups and not any(one.name.text.endswith("_pass") for one in every):
        resolvers = tuple(_resolvers(every, text))
        return Hosts(resolvers=resolvers) if resolvers else None
    found: dict[int, HostAt] = {}
    for one in _hosts(every, groups, text):
        found.setdefault(one.start, one)
    return Hosts(
        hosts=tuple(found[start] for start in sorted(found)),
        resolvers=tuple(_resolvers(every, text)),
    )


def _put(text: str, changes: Iterable[tuple[HostAt, str]]) -> str:
    for host, new in sorted(changes, key=lambda one: -one[0].start):
        text = text[: host.start] + new + text[host.end :]
    return text


def _all(directives: Sequence[Directive]) -> Iterator[Directive]:
    for one in directives:
        yield one
        yield from _all(one.block or ())


def _hosts(every: Sequence[Directive], groups: set[str], text: str) -> Iterator[HostAt]:
    passed = {
        name
        for one in every
        if one.name.text.endswith("_pass")
        for name in _VARIABLE.findall(one.value)
    }
    for one in every:
        name = one.name.text
        if name == "upstream":
            for inner in one.block or ():
                if inner.name.text == "server" and inner.words:
                    yield from _at(inner.words[0], text, looked_up=False)
        elif name.endswith("_pass") and one.words:
            looked_up = "$" in one.value
            yield from (
                host
                for host in _at(one.words[0], text, looked_up=looked_up)
                if host.host not in groups
            )
        elif name == "set" and len(one.words) > 1 and one.value.strip("${}") in passed:
            yield from (
                host for host in _at(one.words[1], text, looked_up=True) if host.host not in groups
            )
        elif name == "map" and len(one.words) > 1 and one.words[1].text.strip("${}") in passed:
            for inner in one.block or ():
                if inner.words:
                    yield from (
                        host
                        for host in _at(inner.words[0], text, looked_up=True)
                        if host.host not in groups
                    )


def _resolvers(every: Sequence[Directive], text: str) -> Iterator[HostAt]:
    for one in every:
        for word in one.words if one.name.text == "resolver" else ():
            if word.text.partition(":")[0] == DOCKERS_RESOLVER:
                start = text.index(DOCKERS_RESOLVER, word.start)
                yield HostAt(
                    host=DOCKERS_RESOLVER,
                    start=start,
                    end=start + len(DOCKERS_RESOLVER),
                    line=word.line,
                )


def _at(word: Word, text: str, *, looked_up: bool) -> Iterator[HostAt]:
    start = word.start + (text[word.start] in "\"'")
    found = _HOST.match(text, start, word.end)
    if found is not None and found["scheme"] != "unix" and not found["host"].isdecimal():
        yield HostAt(
            host=found["host"],
            start=found.start("host"),
            end=found.end("host"),
            line=word.line,
            looked_up=looked_up,
        )
