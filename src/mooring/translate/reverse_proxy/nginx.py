"""
nginx's configuration: servers, locations, and what becomes of the requests there.

The files are read as the image's own nginx.conf includes them, unless a whole nginx.conf is among
them.  Variables that envsubst fills in from the container's environment are filled in; those that
`set` gives a value have that value.  A directive that is not known here is taken for one that an
Ingress cannot say.

Sources: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass,
https://nginx.org/en/docs/http/ngx_http_core_module.html#location,
https://hub.docker.com/_/nginx ("Using environment variables in nginx configuration")
"""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from mooring.patterns import LazyPattern
from mooring.sources import Position
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
from mooring.translate.reverse_proxy.nginx_directives import (
    HANDLERS,
    OF_THE_CLIENT,
    PLAIN_HEADERS,
    SERVES_FILES,
    shown_beyond,
)
from mooring.translate.reverse_proxy.nginx_paths import prefixes_of, stripped_by
from mooring.translate.reverse_proxy.nginx_syntax import Directive, NotNginx, parse

_ENVIRONMENT = LazyPattern(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_URL = LazyPattern(r"(https?|grpcs?)://([^/:\s$]+|\[[^\]]*\])(?::(\d+))?(.*)")
_HOST_AND_PORT = LazyPattern(r"([\w.-]+)(?::(\d+))?")
_TEMPLATES = "/templates/"
_MAIN = "nginx.conf"
_USUAL_INCLUDES = (
    "mime.types",
    "_params",
    "modules",
    "fastcgi.conf",
    "options-ssl",
    "ssl-dhparams",
)
_LONG_SECONDS = 300
_MOST_INCLUDES = 64


class _Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What blocks around a directive say: innermost wins."""

    file: ConfigFile
    variables: Mapping[str, str] = {}
    headers: tuple[Directive, ...] = ()
    beyond: tuple[str, ...] = ()
    has_root: bool = False
    largest_body: str | None = None
    read_timeout: str = ""
    groups: Mapping[str, tuple[tuple[str, int | None], ...]] = {}


def read(files: Sequence[ConfigFile], environment: Mapping[str, str]) -> ProxyConfig:
    """Return what ``files`` say together; ``environment`` is what envsubst fills in."""
    reading = _Reading(files, environment)
    sites = tuple(reading.sites())
    return ProxyConfig(
        program="nginx",
        files=tuple(files),
        sites=sites,
        faults=tuple(reading.faults),
        is_whole=reading.is_whole and not reading.faults,
    )


class _Reading:
    """A pass over all files."""

    def __init__(self, files: Sequence[ConfigFile], environment: Mapping[str, str]) -> None:
        self._files = {_loaded_as(file.path): file for file in files}
        self._environment = environment
        self._parsed: dict[str, tuple[Directive, ...]] = {}
        self.faults: list[tuple[str, Position | None]] = []
        self.is_whole = True
        for path, file in self._files.items():
            try:
                self._parsed[path] = parse(file.text)
            except NotNginx as fault:
                self.faults.append((f"{file.shown}: {fault}", file.at(fault.line)))

    def sites(self) -> Iterator[Site]:
        main = next((path for path in self._parsed if path.rsplit("/", 1)[-1] == _MAIN), None)
        if main is not None and any(one.name.text == "http" for one in self._parsed[main]):
            entries = [(self._files[main], one) for one in self._parsed[main]]
        else:
            entries = [
                (self._files[path], one)
                for path, directives in sorted(self._parsed.items())
                if _is_of_http(path, directives)
                for one in directives
            ]
        level = list(self._expanded(entries, 0))
        in_http: list[tuple[ConfigFile, Directive]] = []
        for file, one in level:
            if one.name.text == "http" and one.block is not None:
                in_http.extend(self._expanded([(file, inner) for inner in one.block], 0))
            elif one.name.text == "stream":
                self.is_whole = False
            else:
                in_http.append((file, one))
        groups = dict(self._groups(in_http))
        around = [(file, one) for file, one in in_http if one.name.text not in _BLOCKS_OF_HTTP]
        for file, one in in_http:
            if one.name.text == "server" and one.block is not None:
                scope = self._scope(
                    _Scope(file=file, groups=groups), [inner for _, inner in around]
                )
                yield self._site(one, scope)

    def _expanded(
        self, entries: Sequence[tuple[ConfigFile, Directive]], depth: int
    ) -> Iterator[tuple[ConfigFile, Directive]]:
        """Yield ``entries`` with what is included in place of `include`."""
        for file, one in entries:
            if one.name.text != "include" or one.block is not None:
                yield file, one
                continue
            found = self._included(file, one.value)
            if not found and not any(usual in one.value for usual in _USUAL_INCLUDES):
                self.is_whole = self.is_whole and "*" in one.value
            for path in found if depth < _MOST_INCLUDES else ():
                inner = [(self._files[path], each) for each in self._parsed[path]]
                yield from self._expanded(inner, depth + 1)

    def _included(self, file: ConfigFile, pattern: str) -> list[str]:
        if not pattern.startswith("/"):
            pattern = f"/etc/nginx/{pattern}"
        return sorted(path for path in self._parsed if fnmatch.fnmatchcase(path, pattern))

    def _groups(
        self, entries: Sequence[tuple[ConfigFile, Directive]]
    ) -> Iterator[tuple[str, tuple[tuple[str, int | None], ...]]]:
        for _, one in entries:
            if one.name.text == "upstream" and one.block is not None:
                servers = []
                for inner in one.block:
                    found = _HOST_AND_PORT.fullmatch(self._filled(inner.value, {}))
                    is_down = any(word.text in {"down", "backup"} for word in inner.words)
                    if inner.name.text == "server" and found is not None and not is_down:
                        servers.append((found[1], int(found[2]) if found[2] else None))
                yield one.value, tuple(servers)

    def _filled(self, text: str, variables: Mapping[str, str]) -> str:
        """Return ``text`` with the variables whose values are known."""
        if "$" not in text:
            return text

        def value(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            known = variables.get(name, self._environment.get(name))
            return known if known is not None else found[0]

        for _ in range(2):  # a value may hold another variable
            text = _ENVIRONMENT.sub(value, text)
        return text

    def _scope(self, outer: _Scope, directives: Sequence[Directive]) -> _Scope:
        """Return what holds inside a block with ``directives``."""
        variables = dict(outer.variables)
        headers: list[Directive] = []
        beyond: dict[str, None] = dict.fromkeys(outer.beyond)
        has_root, body, timeout = outer.has_root, outer.largest_body, outer.read_timeout
        for one in directives:
            name = one.name.text
            if name == "set" and len(one.words) > 1:
                variables[one.value.removeprefix("$").strip("{}")] = self._filled(
                    one.words[1].text, variables
                )
            elif name == "map" and one.block is not None and len(one.words) > 1:
                values = {inner.value for inner in one.block}
                if len(values) == 1:
                    variables[one.words[1].text.removeprefix("$")] = values.pop()
            elif name == "proxy_set_header":
                headers.append(one)
            elif name == "client_max_body_size":
                body = self._filled(one.value, variables).lower()
            elif name in {"proxy_read_timeout", "grpc_read_timeout"}:
                timeout = one.value
            elif name in {"root", "alias"}:
                has_root = True
            else:
                said = shown_beyond(one)
                if said is not None:
                    beyond[said] = None
                elif name in {"auth_basic", "auth_request"} and one.value == "off":
                    beyond.pop(name, None)
        return _Scope(
            file=outer.file,
            variables=variables,
            headers=tuple(headers) or outer.headers,
            beyond=tuple(beyond),
            has_root=has_root,
            largest_body=body,
            read_timeout=timeout,
            groups=outer.groups,
        )

    def _site(self, server: Directive, around: _Scope) -> Site:
        assert server.block is not None
        file = around.file
        inner = [one for _, one in self._expanded([(file, each) for each in server.block], 0)]
        scope = self._scope(around, [one for one in inner if one.name.text != "location"])
        rewritten = next((one for one in inner if one.name.text == "rewrite"), None)
        if rewritten is not None and not self._leads_to_https(rewritten):
            changed = (*scope.beyond, "a path that is changed")
            scope = msgspec.structs.replace(scope, beyond=changed)
        listens = tuple(self._listens(inner, scope))
        locations = [
            made for one in inner if one.name.text == "location" for made in self._at(one, scope)
        ]
        answer = next((one for one in inner if one.name.text == "return"), None)
        to_https = any(self._leads_to_https(one) for one in (answer, rewritten) if one is not None)
        if to_https:
            locations = []
        elif answer is not None:
            does = Does.REDIRECTS if answer.value.startswith("3") else Does.ANSWERS
            locations = [Location(does=does, position=file.at(answer.line))]
        elif not any(one.path == "/" and not one.exact for one in locations) and scope.has_root:
            locations.append(
                Location(does=Does.SERVES_FILES, position=file.at(server.line), beyond=scope.beyond)
            )
        only_https = _only(locations, Does.REDIRECTS) and all(one.path == "/" for one in locations)
        return Site(
            hosts=tuple(self._hosts(inner, scope)),
            listens=listens or (Listen(port=80),),
            locations=tuple(locations),
            to_https=to_https or (only_https and not any(one.encrypted for one in listens)),
            position=file.at(server.line),
        )

    def _listens(self, directives: Sequence[Directive], scope: _Scope) -> Iterator[Listen]:
        for one in directives:
            if one.name.text != "listen":
                continue
            address = self._filled(one.value, scope.variables)
            port = address.rpartition(":")[2] if ":" in address.rpartition("]")[2] else address
            if address.startswith("["):
                port = address.rpartition("]:")[2]
            words = {word.text for word in one.words[1:]}
            if port.isdecimal():
                yield Listen(port=int(port), encrypted="ssl" in words or "quic" in words)
            elif not address.startswith("unix:"):
                yield Listen(port=80, encrypted="ssl" in words)

    def _hosts(self, directives: Sequence[Directive], scope: _Scope) -> Iterator[str]:
        for one in directives:
            for word in one.words if one.name.text == "server_name" else ():
                host = self._filled(word.text, scope.variables).lower().lstrip(".")
                # `localhost` is what the image's own file says: it names nobody outside.
                is_name = bool(host) and host[0] not in "~_$" and host not in LOCAL_NAMES
                if is_name and "$" not in host and not host.endswith(".*"):
                    yield host

    def _leads_to_https(self, one: Directive) -> bool:
        return any(word.text.startswith("https://") for word in one.words)

    def _at(self, location: Directive, around: _Scope) -> Iterator[Location]:
        """Yield the locations of a `location`, those inside of it too."""
        words = [word.text for word in location.words]
        modifier = words[0] if len(words) > 1 else ""
        given = self._filled(words[-1], around.variables) if words else "/"
        file = around.file
        block = [one for _, one in self._expanded([(file, o) for o in location.block or ()], 0)]
        scope = self._scope(around, [one for one in block if one.name.text != "location"])
        for one in block:
            if one.name.text == "location":
                yield from self._at(one, scope)
        if modifier.startswith("@") or given.startswith("@"):
            return
        made = self._made(location, block, scope, modifier, given)
        if not modifier.startswith("~"):
            yield made
            return
        prefixes = prefixes_of(given)
        if prefixes is None:
            yield msgspec.structs.replace(made, path=None, pattern=given)
        for path, exact in prefixes or ():
            yield msgspec.structs.replace(
                made, path=path, exact=exact, pattern=given, wins_over_patterns=True
            )

    def _made(
        self,
        location: Directive,
        block: Sequence[Directive],
        scope: _Scope,
        modifier: str,
        given: str,
    ) -> Location:
        beyond = dict.fromkeys(scope.beyond)
        handler = next((one for one in block if one.name.text in HANDLERS), None)
        answer = next((one for one in block if one.name.text == "return"), None)
        does = Does.OTHER
        targets: tuple[Target, ...] = ()
        stripped: str | None = None
        if handler is not None:
            does = HANDLERS[handler.name.text]
            if does is Does.PROXIES:
                targets, stripped = self._passed_on(handler, block, scope, given, beyond)
                if not targets:
                    does = Does.OTHER
            else:
                found = _HOST_AND_PORT.fullmatch(self._filled(handler.value, scope.variables))
                if found is not None and found[2]:
                    targets = (Target(host=found[1].lower(), port=int(found[2]), scheme="tcp"),)
        elif answer is not None:
            does = Does.REDIRECTS if answer.value.startswith("3") else Does.ANSWERS
        elif any(one.name.text in SERVES_FILES for one in block) or not block or scope.has_root:
            does = Does.SERVES_FILES
        for header in scope.headers if does is Does.PROXIES else ():
            self._header(header, beyond)
        return Location(
            does=does,
            position=scope.file.at(location.line),
            path=given,
            exact=modifier == "=",
            wins_over_patterns=modifier in {"=", "^~"},
            targets=targets,
            stripped=stripped,
            long_lived=_lasts(scope, given),
            largest_body=scope.largest_body,
            beyond=tuple(beyond),
        )

    def _header(self, header: Directive, beyond: dict[str, None]) -> None:
        name = header.value.lower()
        value = header.words[1].text if len(header.words) > 1 else ""
        is_other = name not in PLAIN_HEADERS or (name in OF_THE_CLIENT and "$" not in value)
        if is_other and value:
            beyond[f"the header {header.value} that is set"] = None

    def _passed_on(
        self,
        handler: Directive,
        block: Sequence[Directive],
        scope: _Scope,
        given: str,
        beyond: dict[str, None],
    ) -> tuple[tuple[Target, ...], str | None]:
        written = handler.value
        whole = self._filled(written, scope.variables)
        # With any variable in it, the whole address is made out anew for each request.
        in_variable = "$" in self._filled(written, {})
        found = _URL.fullmatch(whole if "://" in whole else f"grpc://{whole}")
        if found is None or found[2].startswith("unix"):
            beyond["an address that is decided while it runs"] = None
            return (), None
        scheme = {"grpc": "h2c", "grpcs": "https"}.get(found[1], found[1])
        uri = found[4].replace("$request_uri", "")
        stripped = None
        if in_variable and uri not in {"", "$uri", "$uri$is_args$args"}:
            beyond["a path that is changed"] = None
        elif not in_variable:
            path, problem = stripped_by(given, uri, [o for o in block if o.name.text == "rewrite"])
            stripped = path
            if problem:
                beyond[problem] = None
        port = int(found[3]) if found[3] else None
        default = 443 if scheme == "https" else 80
        group = scope.groups.get(found[2]) if port is None else None
        members = group if group is not None else ((found[2], port),)
        targets = tuple(
            Target(
                host=host.lower(),
                port=at or default,
                scheme=scheme,
                in_variable=in_variable and group is None,
            )
            for host, at in dict.fromkeys(members)
        )
        return targets, stripped


_BLOCKS_OF_HTTP = frozenset({"server", "upstream", "events", "types", "geo", "split_clients"})


def _only(locations: Sequence[Location], does: Does) -> bool:
    return bool(locations) and all(one.does is does for one in locations)


def _lasts(scope: _Scope, path: str) -> bool:
    """Tell whether connections there stay open: they are upgraded, or may be silent for long."""
    if any(header.value.lower() == "upgrade" for header in scope.headers):
        return True
    if "socket.io" in path or "websocket" in path.lower():
        return True
    digits = scope.read_timeout.rstrip("smhd")
    factor = {"m": 60, "h": 3600, "d": 86400}.get(scope.read_timeout[-1:], 1)
    return digits.isdecimal() and int(digits) * factor >= _LONG_SECONDS


def _loaded_as(path: str) -> str:
    """Return the path under which nginx reads a file: templates are written to conf.d."""
    if _TEMPLATES in path and path.endswith(".template"):
        return path.replace(_TEMPLATES, "/conf.d/").removesuffix(".template")
    return path


def _is_of_http(path: str, directives: Sequence[Directive]) -> bool:
    """Tell whether a file stands at the level of servers, and not inside of one."""
    if "/conf.d/" in path or "/sites-" in path or "/server_blocks/" in path:
        return path.endswith(".conf") or "/sites-" in path
    return any(one.name.text in {"server", "http"} for one in directives)
