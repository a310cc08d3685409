"""
A Caddyfile: sites, and what becomes of the requests there.

Sources: https://caddyserver.com/docs/caddyfile/directives,
https://caddyserver.com/docs/caddyfile/matchers
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from mooring.patterns import LazyPattern
from mooring.sources import Position
from mooring.translate.reverse_proxy.caddyfile_syntax import Entry, NotCaddy, parse
from mooring.translate.reverse_proxy.config import (
    LOCAL_NAMES,
    ConfigFile,
    Does,
    Listen,
    Location,
    ProxyConfig,
    Site,
    Target,
)

_ADDRESS = LazyPattern(r"(?:(https?)://)?([^/:\s,]*)(?::(\d+))?(/[^\s,]*)?,?")
_UPSTREAM = LazyPattern(r"(?:(https?|h2c)://)?([\w.-]+)?(?::(\d+))?")
_SECTIONS = frozenset({"handle", "handle_path", "route"})
_FILES = frozenset({"file_server", "php_fastcgi", "templates", "browse"})
_IGNORED = frozenset(
    {"encode", "log", "tls", "header", "root", "try_files", "bind", "push", "abort", "vars",
     "request_id", "log_append", "log_skip", "skip_log", "metrics", "tracing", "handle_errors",
     "request_header", "fs"}
)  # fmt: skip
"""Directives that an ingress controller makes superfluous, or that change no route."""

_PASSED_BY_ITSELF = frozenset(
    {"host", "x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
)


class _Paths(msgspec.Struct, frozen=True, kw_only=True):
    """The paths of a matcher, each exact or not, and what it asks beyond paths."""

    paths: tuple[tuple[str, bool], ...] = (("/", False),)
    beyond: tuple[str, ...] = ()


def read(files: Sequence[ConfigFile], environment: Mapping[str, str]) -> ProxyConfig:
    """Return what ``files`` say; ``environment`` is what `{$NAME}` is filled in from."""
    sites: list[Site] = []
    faults: list[tuple[str, Position | None]] = []
    is_whole = True
    for file in files:
        try:
            entries = parse(file.text, environment)
        except NotCaddy as fault:
            faults.append((f"{file.shown}: {fault}", file.at(fault.line)))
            continue
        snippets = {one.name[1:-1]: one.block or () for one in entries if one.name.startswith("(")}
        blocks = [one for one in entries if one.words and not one.name.startswith("(")]
        is_whole = is_whole and not any(one.name == "import" for one in blocks)
        if blocks and all(one.block is None for one in blocks[:1]):
            # Without braces the first line is the address, and all the rest its site.
            blocks = [msgspec.structs.replace(blocks[0], block=tuple(blocks[1:]))]
        sites.extend(_site(one, snippets, file) for one in blocks if one.block is not None)
    return ProxyConfig(
        program="caddy",
        files=tuple(files),
        sites=tuple(sites),
        faults=tuple(faults),
        is_whole=is_whole and not faults,
    )


def _site(entry: Entry, snippets: Mapping[str, tuple[Entry, ...]], file: ConfigFile) -> Site:
    hosts: dict[str, None] = {}
    listens: dict[Listen, None] = {}
    is_plain = True
    for word in entry.words:
        found = _ADDRESS.fullmatch(word.text)
        if found is None or word.text == ",":
            continue
        scheme, host, port, _ = found.groups()
        if host and host != "*" and host.lower() not in LOCAL_NAMES:
            hosts[host.lower()] = None
        number = int(port) if port else None
        encrypted = scheme != "http" and (bool(host) or number == 443) and number != 80
        is_plain = is_plain and not encrypted
        listens[Listen(port=number or (443 if encrypted else 80), encrypted=encrypted)] = None
        if encrypted and number is None:
            listens[Listen(port=80)] = None
    inner = tuple(_expanded(entry.block or (), snippets))
    locations = tuple(_Reading(file).locations(inner, _Paths(), None, ()))
    redirects = [one for one in locations if one.does is Does.REDIRECTS and one.path == "/"]
    only_https = is_plain and len(locations) == len(redirects) == 1
    return Site(
        hosts=tuple(hosts),
        listens=tuple(listens),
        locations=locations,
        to_https=only_https,
        position=file.at(entry.line),
    )


def _expanded(
    entries: Sequence[Entry], snippets: Mapping[str, tuple[Entry, ...]], depth: int = 0
) -> Iterator[Entry]:
    for one in entries:
        known = snippets.get(one.rest[0]) if one.name == "import" and one.rest else None
        if known is not None and depth < 8:
            yield from _expanded(known, snippets, depth + 1)
        elif one.block is not None:
            yield msgspec.structs.replace(
                one, block=tuple(_expanded(one.block, snippets, depth + 1))
            )
        else:
            yield one


class _Reading:
    """A pass over the directives of a site."""

    def __init__(self, file: ConfigFile) -> None:
        self._file = file

    def locations(
        self,
        entries: Sequence[Entry],
        around: _Paths,
        stripped: str | None,
        beyond: tuple[str, ...],
    ) -> Iterator[Location]:
        """Yield the locations of ``entries``, which stand under the paths ``around``."""
        matchers = {one.name: _matcher(one) for one in entries if one.name.startswith("@")}
        body = next((_largest_body(one) for one in entries if one.name == "request_body"), None)
        taken = stripped
        barred = dict.fromkeys(beyond)
        for one in entries:
            if one.name == "uri" and one.rest[:1] == ("strip_prefix",) and len(one.rest) > 1:
                taken = one.rest[1]
            elif one.name not in _KNOWN and not one.name.startswith("@"):
                barred[one.name] = None
        for one in entries:
            name = one.name
            if name in _IGNORED or name.startswith("@") or name in {"request_body", "uri"}:
                continue
            paths, rest = _matched(one, matchers, around)
            limits = (*barred, *paths.beyond)
            if name in _SECTIONS:
                own = taken
                if name == "handle_path" and paths.paths:
                    own = paths.paths[0][0].rstrip("/")
                yield from self.locations(one.block or (), paths, own, limits)
                continue
            does, targets = _done(name, rest)
            if name == "reverse_proxy":
                limits = (*limits, *_beyond_proxy(one))
            for path, exact in paths.paths if does is not None else ():
                assert does is not None
                yield Location(
                    does=does,
                    position=self._file.at(one.line),
                    path=path,
                    exact=exact,
                    targets=targets,
                    stripped=taken,
                    long_lived=does is Does.PROXIES and ("socket.io" in path or "/ws" in path),
                    largest_body=body,
                    beyond=limits,
                )


_BEFORE_A_HANDLER = frozenset(
    {"basic_auth", "basicauth", "forward_auth", "rewrite", "method", "import", "map", "intercept",
     "authenticate", "authorize", "copy_response", "copy_response_headers", "invoke"}
)  # fmt: skip
"""Directives that change or refuse a request, which others then answer."""

_KNOWN = _SECTIONS | _FILES | _IGNORED | {"reverse_proxy", "redir", "respond", "request_body"}


def _done(name: str, rest: tuple[str, ...]) -> tuple[Does | None, tuple[Target, ...]]:
    if name == "reverse_proxy":
        targets = tuple(target for word in rest if (target := _target(word)) is not None)
        return (Does.PROXIES if targets and len(targets) == len(rest) else Does.OTHER), targets
    if name == "redir":
        return Does.REDIRECTS, ()
    if name == "respond":
        return Does.ANSWERS, ()
    if name in _FILES:
        return Does.SERVES_FILES, ()
    return (None, ()) if name in _KNOWN | _BEFORE_A_HANDLER else (Does.OTHER, ())


def _target(word: str) -> Target | None:
    found = _UPSTREAM.fullmatch(word)
    if found is None or not (found[2] or found[3]):
        return None
    scheme = found[1] or "http"
    port = int(found[3]) if found[3] else (443 if scheme == "https" else 80)
    return Target(host=(found[2] or "localhost").lower(), port=port, scheme=scheme)


def _beyond_proxy(one: Entry) -> Iterator[str]:
    """Yield what a `reverse_proxy` does that an Ingress cannot say."""
    for inner in one.block or ():
        if inner.name == "header_up" and inner.rest:
            name = inner.rest[0].lstrip("+-").lower()
            if name not in _PASSED_BY_ITSELF and not inner.rest[0].startswith("-"):
                yield f"the header {inner.rest[0]} that is set"
        elif inner.name in {"rewrite", "method", "handle_response", "replace_status"}:
            yield inner.name


def _largest_body(one: Entry) -> str | None:
    sizes = [inner.rest[0] for inner in one.block or () if inner.name == "max_size" and inner.rest]
    return sizes[0].lower().removesuffix("ib").removesuffix("b") if sizes else None


def _matched(
    one: Entry, matchers: Mapping[str, _Paths], around: _Paths
) -> tuple[_Paths, tuple[str, ...]]:
    """Return the paths of a directive, and its words without the matcher."""
    rest = one.rest
    if not rest:
        return around, rest
    first = rest[0]
    if first.startswith("@"):
        return matchers.get(first, _Paths(beyond=(first,))), rest[1:]
    if first == "*":
        return around, rest[1:]
    if first.startswith("/"):
        return _Paths(paths=(_path(first),), beyond=around.beyond), rest[1:]
    return around, rest


def _path(pattern: str) -> tuple[str, bool]:
    if pattern.endswith("*"):
        return pattern.rstrip("*") or "/", False
    return pattern, True


def _matcher(one: Entry) -> _Paths:
    """Return what `@name path /a /b*`, or a block of such lines, asks for."""
    lines = [one.rest] if one.rest else [(inner.name, *inner.rest) for inner in one.block or ()]
    paths: list[tuple[str, bool]] = []
    beyond: list[str] = []
    for line in lines:
        if line and line[0] == "path":
            paths.extend(_path(word) for word in line[1:])
        elif line:
            beyond.append(line[0])
    if any("*" in path for path, _ in paths):
        beyond.append("a pattern of paths")
    return _Paths(paths=tuple(paths) or (("/", False),), beyond=tuple(beyond))
