"""
Health checks that the kubelet can ask itself, recognised in the commands that ask them.

`curl -f http://localhost:8080/health`, `nc -z localhost 5432` and their like need a program in the
image and start a process each time; the kubelet can do the same from outside.  Only what asks the
container itself, on a port where its peers reach it, and whose success means the same, is taken
over: a server that listens on the loopback address alone would not answer the kubelet.  `curl`
without `-f` is content with any answer, an error too, so that a connection says as much.

The kubelet calls a container by its pod's address, which a program may refuse that knows the names
by which it is asked (`ALLOWED_HOSTS` of Django, `config.hosts` of Rails).  So it gives the name of
the check where the program is in a language of such frameworks, or nobody knows in which.

Where Compose and the Dockerfile have no check, the catalogue's is taken.
"""

from collections.abc import Iterator

import msgspec

from mooring.app.endpoints import Endpoint, Protocol
from mooring.app.health import GrpcCheck, Health, HttpCheck, TcpCheck
from mooring.compose.nodes import Mapping
from mooring.decisions import Decision, Evidence
from mooring.images import catalogue
from mooring.patterns import LazyPattern
from mooring.translate import known_checks
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView, entries, field, text, texts

_LISTING = LazyPattern(
    r"(?:netstat|ss|lsof)\b[^|;&]*\|\s*(?:e?grep|awk)\s[^|;&]*?(?<![\d.])(\d{2,5})(?!\d)"
    r"[^|;&]*(?:\|\s*e?grep\s[^|;&]*)?"
)
"""A listing of sockets in which a port is looked for."""
_OPEN_SOCKET = LazyPattern(
    r"(?:(?::|true|echo|cat|printf|exec)\b[^<>|;&]*)?(?:<\s*/dev/null\s*)?"
    r"\d?(?:<>|<|>)&?\s*/dev/tcp/([\w.-]+)/(\d{1,5})\s*(?:&&\s*echo\b[^|;&<>]*)?"
)
"""A connection that a shell opens by itself."""
_WRAPPED = LazyPattern(
    r"(?:timeout\s+(?:-\S+\s+)*\S+\s+)?(?:/\S*/)?(?:ba|da)?sh\s+-c\s+([\"'])(.*)\1",
)
_PASSES_ON = LazyPattern(
    r"\s*(?:\|\|\s*(?:exit|return)\s+[1-9]\d*|\|\|\s*false|&&\s*exit\s+0"
    r"|;?\s*if\s*\[+\s*(?:0\s*(?:!=|-ne)\s*\"?\$\?\"?|\"?\$\?\"?\s*(?:!=|-ne)\s*\"?0\"?)\s*\]+"
    r"\s*;?\s*then\s+exit\s+[1-9]\d*\s*;?(?:\s*else\s+exit\s+0\s*;?)?\s*fi"
    r"|;\s*exit\s+\$\?)\s*;?\s*$"
)
"""What only passes on whether the command before it ended well."""
_REDIRECT = LazyPattern(r"\s*(?:[12&]?>>?\s*(?:/dev/null|&[12]))")
_SHELL_SYNTAX = frozenset("|&;<>`$(){}")
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 - a host in a URL

_CURL_NEUTRAL = frozenset("sSLkqN4I")
_CURL_LONG = frozenset(
    {"silent", "show-error", "location", "insecure", "ipv4", "head", "compressed",
     "no-progress-meter", "no-buffer"}
)  # fmt: skip
_CURL_FAILS = frozenset({"fail", "fail-with-body"})
_CURL_VALUES = frozenset({"o", "m", "w", "output", "max-time", "connect-timeout", "retry",
                          "retry-delay", "retry-max-time", "write-out"})  # fmt: skip
_WGET_NEUTRAL = frozenset(
    {"-q", "--quiet", "--spider", "-S", "--server-response", "-nv", "--no-verbose", "-O-", "-qO-",
     "--no-check-certificate", "-v"}
)  # fmt: skip
_WGET_VALUES = frozenset({"-O", "-T", "-t", "--timeout", "--tries", "--output-document", "-qO"})
_NETCAT_LETTERS = frozenset("zvnw46qG")
_NETCAT_VALUES = frozenset("wqG")


def recognised(
    health: Health | None, endpoints: tuple[Endpoint, ...], service: ServiceView
) -> Translated[Health | None]:
    """Return ``health`` as a question that the kubelet can ask, where it is one."""
    if health is None:
        return known_checks.readiness(service, endpoints)
    open_ports = {one.port for one in endpoints if one.protocol is Protocol.TCP}
    asked = known_checks.same_as(health.command, service) or question(
        health.command, _own_names(service)
    )
    if asked is None or asked.port not in open_ports:
        return Translated(health)
    if isinstance(asked, HttpCheck) and _may_know_its_names(service):
        asked = msgspec.structs.replace(asked, host=_host(health.command))
    decision = Decision(
        subject=f"services.{service.name}",
        topic="health",
        choice=f"the kubelet itself asks {_shown(asked)}",
        evidence=(Evidence("the check asks just that of its own container", health.position),),
    )
    return Translated(msgspec.structs.replace(health, asked=asked), (decision,))


def _may_know_its_names(service: ServiceView) -> bool:
    """Tell whether the program of ``service`` may refuse requests that call it by another name."""
    if service.known is not None:
        return service.known.family.name in _CHECKING_LANGUAGES
    facts = service.image_facts
    if facts is None or facts.base is None:
        return True
    base = catalogue.lookup(facts.base.value)
    return base is None or base.family.name in _CHECKING_LANGUAGES


_CHECKING_LANGUAGES = frozenset({"python", "ruby", "php"})


def _host(command: tuple[str, ...]) -> str | None:
    """Return the host that the address in ``command`` names, with its port."""
    found = _HOST_OF_URL.search(" ".join(command))
    return found[1] if found is not None else None


_HOST_OF_URL = LazyPattern(r"https?://([\w.\[\]:-]+)")


def question(
    command: tuple[str, ...], own_names: frozenset[str]
) -> HttpCheck | TcpCheck | GrpcCheck | None:
    """
    Return what ``command`` asks of its own container, or None where it asks more or another.

    ``own_names`` are the names under which the container may call itself.
    """
    if len(command) == 3 and command[0].endswith("sh") and command[1] == "-c":
        return _of_script(command[2], own_names)
    return _of_words(list(command), own_names)


def _of_script(script: str, own_names: frozenset[str]) -> HttpCheck | TcpCheck | GrpcCheck | None:
    script = _bare(script)
    # Compiling a pattern takes longer than most uses of it: few scripts hold what they look for.
    wrapped = _WRAPPED.fullmatch(script) if " -c " in script else None
    if wrapped is not None and wrapped[1] not in wrapped[2]:
        script = _bare(wrapped[2])
    listing = _LISTING.fullmatch(script) if "|" in script else None
    if listing is not None:
        return TcpCheck(port=int(listing[1]))
    opened = _OPEN_SOCKET.fullmatch(script) if "/dev/tcp/" in script else None
    if opened is not None:
        return TcpCheck(port=int(opened[2])) if opened[1] in own_names else None
    if not _SHELL_SYNTAX.isdisjoint(script):
        return None
    return _of_words(_split(script), own_names)


def _bare(script: str) -> str:
    """Return ``script`` without what only passes its success on, or throws its output away."""
    before = None
    while script != before:
        before = script
        if "||" in script or "&&" in script or "$?" in script:
            script = _PASSES_ON.sub("", script)
        if ">" in script:
            script = _REDIRECT.sub("", script)
        script = script.strip()
        if script.startswith("(") and script.endswith(")") and script.count("(") == 1:
            script = script[1:-1].strip()
    return script


def _split(script: str) -> list[str]:
    if not any(sign in script for sign in "\"'\\"):
        return script.split()
    import shlex  # few checks have quotes

    try:
        return shlex.split(script)
    except ValueError:
        return []


def _of_words(
    words: list[str], own_names: frozenset[str]
) -> HttpCheck | TcpCheck | GrpcCheck | None:
    program = words[0].rsplit("/", 1)[-1] if words else ""
    if program == "timeout" and len(words) > 2:
        return _of_words(words[2:], own_names)
    if program == "curl":
        return _curl(words[1:], own_names)
    if program == "wget":
        return _wget(words[1:], own_names)
    if program in {"nc", "ncat", "netcat"}:
        return _netcat(words[1:], own_names)
    if program in {"grpc_health_probe", "grpc-health-probe"}:
        return _grpc(words[1:])
    return None


def _curl(words: list[str], own_names: frozenset[str]) -> HttpCheck | TcpCheck | None:
    urls: list[str] = []
    fails = False
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            urls.append(word)
            continue
        for option in _options(word):
            if option in _CURL_FAILS or option == "f":
                fails = True
            elif option in _CURL_VALUES:
                next(rest, None)
            elif option in {"X", "request"}:
                if next(rest, "") not in {"GET", "HEAD"}:
                    return None
            elif option not in _CURL_LONG and option not in _CURL_NEUTRAL:
                return None
    asked = _http(urls[0], own_names) if len(urls) == 1 else None
    return asked if fails or asked is None else TcpCheck(port=asked.port)


def _options(word: str) -> Iterator[str]:
    """Yield a long option without its dashes, or short ones that stand together one by one."""
    if word.startswith("--"):
        yield word.removeprefix("--").partition("=")[0] if "=" not in word else ""
    else:
        yield from word[1:]


def _wget(words: list[str], own_names: frozenset[str]) -> HttpCheck | None:
    urls: list[str] = []
    rest = iter(words)
    for word in rest:
        option = word.partition("=")[0]
        if not word.startswith("-"):
            urls.append(word)
        elif word in _WGET_VALUES:
            next(rest, None)
        elif (
            word not in _WGET_NEUTRAL
            and option not in _WGET_VALUES
            and word[:2] not in {"-T", "-t"}
        ):
            return None
    return _http(urls[0], own_names) if len(urls) == 1 else None


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
    targets: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            targets.append(word)
            continue
        letters = word[1:].rstrip("0123456789")
        if not letters or not set(letters) <= _NETCAT_LETTERS:
            return None
        if letters[-1] in _NETCAT_VALUES and letters == word[1:]:
            next(rest, None)
    if len(targets) == 2 and targets[0] in own_names and targets[1].isdecimal():
        return TcpCheck(port=int(targets[1]))
    return None


def _grpc(words: list[str]) -> GrpcCheck | None:
    """Return the question of the probe for gRPC; one that speaks TLS is not the kubelet's."""
    given: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name, is_pair, value = word.lstrip("-").partition("=")
        if not word.startswith("-") or name not in {"addr", "service", "connect-timeout",
                                                    "rpc-timeout"}:  # fmt: skip
            return None
        given[name] = value if is_pair else next(rest, "")
    host, _, port = given.get("addr", "").rpartition(":")
    if host not in {"", *_LOOPBACK} or not port.isdecimal():
        return None
    return GrpcCheck(port=int(port), service=given.get("service") or None)


def _own_names(service: ServiceView) -> frozenset[str]:
    own = [service.name]
    for attribute in ("hostname", "container_name"):
        node = service.get(attribute)
        if node is not None:
            own.append(text(node))
    for _, network in entries(service.get("networks")):
        aliases = field(network, "aliases") if isinstance(network, Mapping) else None
        own.extend(texts(aliases))
    return frozenset((*_LOOPBACK, *own))


def _shown(asked: HttpCheck | TcpCheck | GrpcCheck) -> str:
    match asked:
        case HttpCheck():
            return f"for {asked.scheme}://<pod>:{asked.port}{asked.path}"
        case TcpCheck():
            return f"for a connection on {asked.port}"
        case GrpcCheck():
            return f"the gRPC health service on {asked.port}"
