"""
Health checks that the kubelet can ask itself, recognised in the commands that ask them.

`curl -f http://localhost:8080/health`, `nc -z localhost 5432` and their like need a program in the
image and start a process each time; the kubelet can do the same from outside.  Only what asks the
container itself, on a port where its peers reach it, and whose success means the same, is taken
over: a server that listens on the loopback address alone would not answer the kubelet.

Where Compose and the Dockerfile have no check, the catalogue's is taken.
"""

import re

import msgspec

from mooring.app.endpoints import Endpoint, Protocol
from mooring.app.health import GrpcCheck, Health, HttpCheck, TcpCheck
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Probe, Role
from mooring.patterns import LazyPattern
from mooring.translate.known_ports import is_set_up_otherwise, moved
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView, text

_PORT_IN_NETSTAT = LazyPattern(r"(?:netstat|ss)\b[^|]*\|\s*grep\s+(?:-\S+\s+)*[\"']?:?(\d{2,5})\b")
_HARMLESS_TAIL = LazyPattern(r"\s*(?:\|\|\s*(?:exit|return)\s+\d+|\|\|\s*false)\s*;?\s*$")
_HARMLESS_REDIRECT = LazyPattern(r"\s*(?:[12&]?>>?\s*(?:/dev/null|&[12]))")
_SHELL_SYNTAX = frozenset("|&;<>`$(){}")
_UNQUOTED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-"
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 - a host in a URL
_CURL_NEUTRAL = frozenset({"-s", "-S", "-L", "-sS", "--silent", "--show-error", "--location", "-4"})
_CURL_FAIL = frozenset(
    {"-f", "--fail", "-sf", "-fs", "-fsS", "-sSf", "-fsSL", "-Ss", "-fSs", "-sfS"}
)
_WGET_NEUTRAL = frozenset(
    {"-q", "--quiet", "--spider", "-S", "--server-response", "-nv", "--no-verbose", "-O-", "-qO-"}
)

_SERVERS_WHATEVER_THE_COMMAND = frozenset(
    {Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE, Role.PROXY}
)


def recognised(
    health: Health | None, endpoints: tuple[Endpoint, ...], service: ServiceView
) -> Translated[Health | None]:
    """Return ``health`` as a question that the kubelet can ask, where it is one."""
    if health is None:
        return _of_catalogue(service, endpoints)
    names = _own_names(service)
    open_ports = {one.port for one in endpoints if one.protocol is Protocol.TCP}
    asked = question(health.command, names)
    if asked is None or asked.port not in open_ports:
        return Translated(health)
    decision = Decision(
        subject=f"services.{service.name}",
        topic="health",
        choice=f"the kubelet itself asks {_shown(asked)}",
        evidence=(Evidence("the check asks just that of its own container", health.position),),
    )
    return Translated(msgspec.structs.replace(health, asked=asked), (decision,))


def question(
    command: tuple[str, ...], own_names: frozenset[str]
) -> HttpCheck | TcpCheck | GrpcCheck | None:
    """
    Return what ``command`` asks of its own container, or None where it asks more or another.

    ``own_names`` are the names under which the container may call itself.
    """
    words = _words(command)
    if words is None:
        netstat = _PORT_IN_NETSTAT.search(command[-1]) if command else None
        return TcpCheck(port=int(netstat[1])) if netstat else None
    program = words[0].rsplit("/", 1)[-1] if words else ""
    if program == "curl":
        return _curl(words[1:], own_names)
    if program == "wget":
        return _wget(words[1:], own_names)
    if program in {"nc", "ncat", "netcat"}:
        return _netcat(words[1:], own_names)
    if program in {"grpc_health_probe", "grpc-health-probe"}:
        return _grpc(words[1:])
    return None


def _words(command: tuple[str, ...]) -> list[str] | None:
    """Return the words of a command, those of a simple shell text too; None: not simple."""
    if len(command) == 3 and command[0].endswith("sh") and command[1] == "-c":
        script = command[2]
        if "||" in script:
            script = _HARMLESS_TAIL.sub("", script)
        if ">" in script:
            script = _HARMLESS_REDIRECT.sub("", script)
        script = script.strip()
        if not _SHELL_SYNTAX.isdisjoint(script):
            return None
        if not any(sign in script for sign in "\"'\\"):
            return script.split()
        import shlex  # few checks have quotes

        try:
            return shlex.split(script)
        except ValueError:
            return None
    return list(command)


def _curl(words: list[str], own_names: frozenset[str]) -> HttpCheck | None:
    urls = [word for word in words if not word.startswith("-")]
    flags = {word for word in words if word.startswith("-")}
    if len(urls) != 1 or not flags & _CURL_FAIL or flags - _CURL_FAIL - _CURL_NEUTRAL:
        return None
    return _http(urls[0], own_names)


def _wget(words: list[str], own_names: frozenset[str]) -> HttpCheck | None:
    rest = [word for word in words if word not in _WGET_NEUTRAL and not _is_limit(word)]
    if rest[:2] == ["-O", "/dev/null"] or rest[:2] == ["-O", "-"]:
        rest = rest[2:]
    if len(rest) != 1 or rest[0].startswith("-"):
        return None
    return _http(rest[0], own_names)


def _is_limit(word: str) -> bool:
    return word.startswith(("--tries=", "--timeout=", "-T", "-t"))


def _http(url: str, own_names: frozenset[str]) -> HttpCheck | None:
    scheme, _, rest = (url if "://" in url else f"http://{url}").partition("://")
    place, _, path = rest.partition("/")
    host, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        host, colon, port = place, "", ""
    if (
        scheme not in _PORTS
        or host not in own_names
        or (colon and not port.isdecimal())
        or any(map(str.isspace, path))
    ):
        return None
    return HttpCheck(port=int(port or _PORTS[scheme]), path=f"/{path}", scheme=scheme)


def _netcat(words: list[str], own_names: frozenset[str]) -> TcpCheck | None:
    rest = [word for word in words if word not in {"-z", "-v", "-vz", "-zv", "-w1"}]
    if rest[:1] == ["-w"]:
        rest = rest[2:]
    if len(rest) == 2 and rest[0] in own_names and rest[1].isdecimal():
        return TcpCheck(port=int(rest[1]))
    return None


def _grpc(words: list[str]) -> GrpcCheck | None:
    joined = " ".join(words)
    found = re.fullmatch(r"--?addr[= ](?:localhost|127\.0\.0\.1)?:(\d+)", joined)
    return GrpcCheck(port=int(found[1])) if found else None


def _own_names(service: ServiceView) -> frozenset[str]:
    own = [service.name]
    for attribute in ("hostname", "container_name"):
        node = service.get(attribute)
        if node is not None:
            own.append(text(node))
    return frozenset((*_LOOPBACK, *own))


def _of_catalogue(
    service: ServiceView, endpoints: tuple[Endpoint, ...]
) -> Translated[Health | None]:
    """Return the catalogue's readiness check, where nobody wrote or switched off one."""
    if service.known is None or service.get("healthcheck") is not None or service.within:
        return Translated(None)
    family = service.known.family
    if family.role not in _SERVERS_WHATEVER_THE_COMMAND and service.get("command") is not None:
        # `n8n worker` is not what the check of n8n's own command asks.
        return Translated(None)
    probe = next((one for one in family.probes if one.purpose == "readiness"), None)
    if probe is None or is_set_up_otherwise(endpoints, service):
        return Translated(None)
    probe = _where_it_listens(probe, service)
    decision = Decision(
        subject=f"services.{service.name}",
        topic="health",
        choice=f"serves when {_shown_probe(probe)}",
        evidence=(
            Evidence(
                f"nobody wrote a check; {family.name} is known ({family.sources[probe.source]})",
                service.position("image"),
            ),
        ),
        overrule="healthcheck: {disable: true} at the service in the Compose file",
    )
    return Translated(_health(probe, service), (decision,))


def _where_it_listens(probe: Probe, service: ServiceView) -> Probe:
    """Return ``probe`` with the port to which a variable has moved the image's own."""
    if probe.port is None:
        return probe
    port = moved(probe.port, service)
    if port == probe.port:
        return probe
    words = tuple(str(port) if word == str(probe.port) else word for word in probe.exec)
    return msgspec.structs.replace(probe, port=port, exec=words)


def _health(probe: Probe, service: ServiceView) -> Health:
    asked: HttpCheck | TcpCheck | GrpcCheck | None = None
    if probe.port is not None and probe.http is not None:
        asked = HttpCheck(port=probe.port, path=probe.http, scheme=probe.scheme or "http")
    elif probe.port is not None and probe.tcp:
        asked = TcpCheck(port=probe.port)
    elif probe.port is not None and probe.grpc:
        asked = GrpcCheck(port=probe.port)
    return Health(
        command=probe.exec,
        asked=asked,
        interval=float(probe.period),
        timeout=float(probe.timeout),
        retries=probe.failures,
        start_period=float(probe.startup_window or 0),
        position=service.position("image"),
    )


def _shown(asked: HttpCheck | TcpCheck | GrpcCheck) -> str:
    match asked:
        case HttpCheck():
            return f"for {asked.scheme}://<pod>:{asked.port}{asked.path}"
        case TcpCheck():
            return f"for a connection on {asked.port}"
        case GrpcCheck():
            return f"the gRPC health service on {asked.port}"


def _shown_probe(probe: Probe) -> str:
    if probe.exec:
        return f"`{_shown_words(probe.exec)}` ends well"
    if probe.http is not None:
        return f"{probe.scheme or 'http'}://<pod>:{probe.port}{probe.http} answers"
    return f"port {probe.port} answers"


def _shown_words(words: tuple[str, ...]) -> str:
    if all(word and not word.strip(_UNQUOTED) for word in words):
        return " ".join(words)
    import shlex  # few commands of the catalogue need quotes

    return shlex.join(words)
