"""
Where a service says itself that it listens: in its command, its settings, its health check.

`--port 27018`, `-b 0.0.0.0:8000` and `runserver 0.0.0.0:8000` are the program's own word, and it
counts beside what is declared.  A setting such as PORT, or the port that its health check asks,
counts where nothing else is known.  Where the word of the program and the ports that the Compose
file publishes have nothing in common, what was published never answered, and a finding says so.
"""

from collections.abc import Iterator

import msgspec

from mooring.app.endpoints import Endpoint, Protocol, shown_port
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.images.facts import Port
from mooring.patterns import LazyPattern
from mooring.sources import Position
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView, texts

PORTS_DISAGREE = Rule(id="ports-disagree", severity=Severity.WARNING, since="0.1")

_HIGHEST_PORT = 65535
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
_OPTION = LazyPattern(r"-{1,2}([A-Za-z][\w.-]*)(?:=(\S*))?")
_MAIN_OPTIONS = frozenset(
    {"port", "http-port", "http_port", "http.port", "server.port", "server-port", "listen",
     "listen-port", "listen.port", "bind", "addr", "address", "http-addr", "http.addr",
     "listen-address", "listen-addr", "web.listen-address", "bind-address", "server.address",
     "listen_address", "httpport", "http-address", "http.address", "bind-addr"}
)  # fmt: skip
"""Options with the port, or the address, on which the program's main work is done."""

_FURTHER_OPTIONS = frozenset(
    {"console-address", "metrics-port", "metrics-addr", "metrics-address", "metrics.port",
     "admin-port", "admin.port", "management-port", "management.server.port", "grpc-port",
     "grpc.port", "grpc-addr", "grpc-address", "grpc.addr", "grpc_port", "https-port",
     "https.port", "https_port", "https-addr", "https-address", "api-port", "ui-port", "ws-port",
     "ws.port", "rest-port", "health-port", "web-port", "telemetry.address",
     "metrics-bind-address", "health-probe-bind-address"}
)  # fmt: skip
_SHORT_OPTIONS = {
    "gunicorn": ("-b",), "hypercorn": ("-b",), "flask": ("-p",), "next": ("-p",),
    "serve": ("-l", "-p"), "http-server": ("-p",), "php": ("-S",), "rails": ("-p",),
    "puma": ("-p", "-b"), "thin": ("-p",), "mongod": ("--port",), "waitress-serve": ("--listen",),
    "postgres": ("-p",), "memcached": ("-p",), "ng": ("--port",), "daphne": ("-p",),
}  # fmt: skip
"""Options of one letter that mean a port, by the program that has them."""

_CLIENTS = frozenset(
    {"psql", "pg_isready", "pg_dump", "pg_restore", "mysql", "mysqladmin", "mysqldump", "mariadb",
     "redis-cli", "valkey-cli", "mongosh", "mongo", "mongodump", "mongorestore", "curl", "wget",
     "nc", "ncat", "telnet", "ssh", "cypher-shell", "clickhouse-client", "influx", "mc", "aws"}
)  # fmt: skip
"""Programs whose `--port` is that of another."""

_WITH_ADDRESS = LazyPattern(r"(?:\S*://)?(\[[^\]]*\]|[^:/\s]*):(\d{2,5})(?:/\S*)?")
_DJANGO = LazyPattern(r"\brunserver(?:_plus)?\s+(?:-\S+\s+)*(?:([\w.\[\]:]*):)?(\d{2,5})\b")
_HTTP_SERVER = LazyPattern(r"-m\s+http\.server\s+(?:-\S+\s+\S+\s+)*(\d{2,5})\b")
_PROPERTY = LazyPattern(r"-Dserver\.port=(\d{2,5})\b")
_SEPARATORS = LazyPattern(r"[\s;&|()'\"]+")

DEBUGGER_PORTS = frozenset({9229, 9230, 5005, 5678, 40000, 2345, 9003, 4711})
"""Where debuggers listen: of Node, Java, Python, Go (dlv), PHP."""

_MAIN_SETTINGS = (
    "PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT", "WEB_PORT", "BIND_PORT",
    "UVICORN_PORT", "FLASK_RUN_PORT", "SERVICE_PORT", "NUXT_PORT", "NITRO_PORT", "GRPC_PORT",
    "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_URLS", "DOTNET_URLS", "LISTEN_ADDR", "LISTEN_ADDRESS",
    "BIND_ADDR", "BIND_ADDRESS", "HTTP_ADDR", "SERVER_ADDRESS", "BIND", "LISTEN",
)  # fmt: skip


class OwnPort(msgspec.Struct, frozen=True, kw_only=True):
    """
    A port of which the service itself speaks.

    ``is_main`` tells that the program's main work is done there and nowhere else.
    """

    port: int
    evidence: Evidence
    is_main: bool = True


def with_own_ports(
    endpoints: tuple[Endpoint, ...], service: ServiceView
) -> Translated[tuple[Endpoint, ...]]:
    """Return ``endpoints`` and the ports of which the command, else the settings, speak."""
    own = tuple(of_command(service))
    notes: list[Note] = []
    if not own and not endpoints:
        own = tuple(of_settings(service))[:1]
    known = {one.port for one in endpoints if one.protocol is Protocol.TCP}
    missing = {one.port: one for one in own if one.port not in known}
    if not missing:
        return Translated(endpoints, tuple(_contradictions(endpoints, own, service)))
    added = tuple(_endpoint(one, service) for one in missing.values())
    every = ", ".join(shown_port(one.port, one.protocol) for one in (*endpoints, *added))
    ports = ", ".join(str(port) for port in missing)
    notes.append(
        Decision(
            subject=f"services.{service.name}",
            topic="ports",
            choice=f"listens on {ports}" + (" as well" if endpoints else ""),
            evidence=tuple(one.evidence for one in missing.values()),
            overrule=f"services: {{{service.name}: {{ports: [{every}]}}}}",
        )
    )
    notes.extend(_contradictions(endpoints, own, service))
    return Translated((*endpoints, *added), tuple(notes))


def main_port(service: ServiceView) -> OwnPort | None:
    """Return the one port on which the command tells the program to do its main work, or None."""
    found = [one for one in of_command(service) if one.is_main]
    return found[0] if len({one.port for one in found}) == 1 else None


def of_command(service: ServiceView) -> Iterator[OwnPort]:
    """Yield the ports on which the command of ``service`` tells its program to listen."""
    words, position, said_by = _command(service)
    if not words:
        return
    text = " ".join(words)
    place = f"{said_by} says"
    for pattern in (_DJANGO, _HTTP_SERVER, _PROPERTY):
        for found in pattern.finditer(text):
            host = found[1] if pattern is _DJANGO else ""
            if not (host or "").startswith(_LOOPBACK):
                yield _own(found[found.lastindex or 0], f"{place} {found[0].strip()}", position)
    parts = [part for part in _SEPARATORS.split(text) if part]
    program = ""
    for index, part in enumerate(parts):
        name = part.rsplit("/", 1)[-1]
        if name in _CLIENTS or name in _SHORT_OPTIONS:
            program = name
        if program in _CLIENTS or not part.startswith("-"):
            continue
        following = parts[index + 1] if index + 1 < len(parts) else ""
        found_port = _of_option(part, following, program)
        if found_port is not None:
            port, shown, is_main = found_port
            yield _own(port, f"{place} {shown}", position, is_main=is_main)


def of_settings(service: ServiceView) -> Iterator[OwnPort]:
    """Yield the ports that settings of ``service``, or of its image, name as its own."""
    own = f"{service.name.upper().replace('-', '_').replace('.', '_')}_PORT"
    facts = service.image_facts
    for name in (*_MAIN_SETTINGS, own):
        entry = service.environment.get(name)
        if entry is not None and entry.value:
            port = _port_of(entry.value)
            if port is not None:
                yield _own(port, f"{name} is {entry.value}", entry.position)
        elif facts is not None and name in facts.environment:
            given = facts.environment[name]
            port = _port_of(given.value)
            if port is not None:
                yield _own(port, f"ENV {name} in the Dockerfile", given.position)


def _command(service: ServiceView) -> tuple[tuple[str, ...], Position | None, str]:
    """Return the words that run, where they stand, and what they are called."""
    entrypoint, command = service.get("entrypoint"), service.get("command")
    words = (*texts(entrypoint), *texts(command))
    if words:
        return (
            words,
            service.position("command" if command is not None else "entrypoint"),
            ("its command"),
        )
    facts = service.image_facts
    if facts is None:
        return (), None, ""
    lines = [line for line in (facts.entrypoint, facts.command) if line is not None and line.words]
    if not lines:
        return (), None, ""
    return (
        tuple(word for line in lines for word in line.words),
        lines[-1].position,
        "the command of its image",
    )


def _of_option(part: str, following: str, program: str) -> tuple[str, str, bool] | None:
    """Return the port of an option, what was read, and whether it is the main one."""
    short = _SHORT_OPTIONS.get(program, ())
    for option in short:
        if part == option:
            port = _port_of(following)
            return (str(port), f"{part} {following}", True) if port is not None else None
        if len(option) == 2 and part.startswith(option) and (port := _port_of(part[2:])):
            return str(port), part, True
    found = _OPTION.fullmatch(part)
    if found is None:
        return None
    name = found[1].lower()
    if name not in _MAIN_OPTIONS and name not in _FURTHER_OPTIONS:
        return None
    value = found[2] if found[2] is not None else following
    port = _port_of(value)
    if port is None:
        return None
    shown = part if found[2] is not None else f"{part} {following}"
    return str(port), shown, name in _MAIN_OPTIONS


def _port_of(value: str) -> int | None:
    """Return the port in `8000`, `:8000`, `0.0.0.0:8000` or `http://+:8000`; not of loopback."""
    if value.isdecimal():
        number = int(value)
        return number if 0 < number <= _HIGHEST_PORT else None
    first = value.replace(",", ";").partition(";")[0]
    found = _WITH_ADDRESS.fullmatch(first)
    if found is None or found[1].startswith(_LOOPBACK) or int(found[2]) > _HIGHEST_PORT:
        return None
    return int(found[2])


def _own(
    port: str | int, statement: str, position: Position | None, *, is_main: bool = True
) -> OwnPort:
    return OwnPort(port=int(port), evidence=Evidence(statement, position), is_main=is_main)


def _endpoint(own: OwnPort, service: ServiceView) -> Endpoint:
    known = _known_as(own, service)
    return Endpoint(
        port=own.port,
        name=known.name if known is not None else None,
        position=own.evidence.position,
    )


def _known_as(own: OwnPort, service: ServiceView) -> Port | None:
    """Return the port of the image that ``own`` is: of that number, or the only one, moved."""
    family = service.known.family if service.known is not None else None
    ports = [one for one in family.ports if one.protocol == "tcp"] if family is not None else []
    usual = usual_ports(service)
    moved = usual[0] if own.is_main and len(usual) == 1 else None
    return next((one for one in ports if one.port == own.port), moved)


def usual_ports(service: ServiceView) -> list[Port]:
    """Return the TCP ports that the image of ``service`` opens for its clients, whatever it is."""
    family = service.known.family if service.known is not None else None
    return [
        one
        for one in (family.ports if family is not None else ())
        if one.when is None and not one.internal and one.protocol == "tcp"
    ]


def _contradictions(
    endpoints: tuple[Endpoint, ...], own: tuple[OwnPort, ...], service: ServiceView
) -> Iterator[Note]:
    """Yield a finding where the published ports and the program's own have nothing in common."""
    main = [one for one in own if one.is_main]
    published = [one for one in endpoints if one.publications and one.protocol is Protocol.TCP]
    usual = usual_ports(service)
    explained = {one.port for one in own} | DEBUGGER_PORTS
    if len(usual) > 1:
        explained |= {one.port for one in usual}
    if not main or not published or any(one.port in explained for one in published):
        return
    first, told = published[0], main[0]
    publication = first.publications[0].port
    shown = f"{publication}:{first.port}" if publication else str(first.port)
    yield PORTS_DISAGREE.finding(
        first.position or service.position("ports"),
        f'service "{service.name}" publishes {shown}, but {told.evidence.statement}: nothing '
        f"listens on {first.port}",
        remedy=f'write "{publication or told.port}:{told.port}", or let the program listen on '
        f"{first.port}",
    )
