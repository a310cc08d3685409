"""
References that lead nowhere: an address that somebody is given and that nothing answers.

In a Compose stack such a line may have gone unnoticed for years (nobody used it, or the machine
answered instead of a container); in a cluster it is a connection that is refused.  Told are a host
that no service is called, a port on which the named service does not listen, `localhost` where a
peer is meant, names and addresses that only Docker has.

A finding that is wrong costs the trust in all others, so what cannot be told apart from another
meaning is left alone: what a service says of itself, hosts of the world, words that are examples.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly
from enum import StrEnum

import msgspec

from mooring.compose import suggest
from mooring.compose.attributes.ports import is_address
from mooring.findings import Finding, Rule, Severity
from mooring.translate.discovery.listening import Listening
from mooring.translate.discovery.said import Place, Said

HOST_NOT_FOUND = Rule(id="host-not-found", severity=Severity.WARNING, since="0.1")
PORT_NOT_OPEN = Rule(id="port-not-open", severity=Severity.WARNING, since="0.1")
LOCALHOST_OF_A_PEER = Rule(id="localhost-of-a-peer", severity=Severity.WARNING, since="0.1")
LOCALHOST_IN_A_FILE = Rule(id="localhost-in-a-file", severity=Severity.INFO, since="0.1")
"""As above; a file names addresses for many reasons, and its own defaults are among them."""

LOCALHOST_FOR_BROWSERS = Rule(id="localhost-for-browsers", severity=Severity.WARNING, since="0.1")
ONLY_IN_DOCKER = Rule(id="only-in-docker", severity=Severity.WARNING, since="0.1")

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_ONLY_IN_DOCKER = {
    "host.docker.internal": "the machine that runs Docker",
    "gateway.docker.internal": "the gateway of Docker's network",
    "kubernetes.docker.internal": "the machine that runs Docker Desktop",
    "docker.for.mac.localhost": "the machine that runs Docker",
    "docker.for.mac.host.internal": "the machine that runs Docker",
    "docker.for.win.localhost": "the machine that runs Docker",
    "docker.for.win.host.internal": "the machine that runs Docker",
    "host.containers.internal": "the machine that runs Podman",
    "172.17.0.1": "the machine, on Docker's default network",
    "127.0.0.11": "Docker's own name server",
}
_NO_HOSTS = frozenset(
    {"host", "hostname", "server", "servername", "example", "domain", "user", "username", "bucket",
     "none", "null", "true", "false", "default", "auto", "any", "all", "undefined", "disabled",
     "enabled", "yes", "no", "on", "off", "changeme", "placeholder", "kubernetes", "memory",
     "production", "development", "staging", "test", "stdout", "stderr", "www", "ip", "self"}
)  # fmt: skip
"""Words that stand where a host would, in examples and for want of one."""
_DIALLED = frozenset({Place.SETTING, Place.COMMAND, Place.PROXY})
"""Where an address is dialled for certain; a file and a health check may hold one for show."""
HTTP = frozenset({"http", "https", "ws", "wss"})


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """
    Whom an address can reach.

    ``names`` has every name that leads to a service, in lower case; ``inactive`` what no profile
    selects, with its profiles; ``left_out`` what is not carried over, ``elsewhere`` the networks
    that other projects share.  ``own_entries`` are names that a service has addresses for itself;
    ``fixed`` the services by the addresses that networks gave them.
    """

    names: ReadOnly[str, str]
    listening: Listening
    inactive: ReadOnly[str, tuple[str, ...]] = {}
    left_out: frozenset[str] = frozenset()
    elsewhere: ReadOnly[str, tuple[str, ...]] = {}
    own_entries: ReadOnly[str, frozenset[str]] = {}
    fixed: ReadOnly[str, str] = {}

    @property
    def written_names(self) -> list[str]:
        """The names that somebody may have meant: not what Compose calls each container."""
        return [
            name
            for name, service in self.names.items()
            if name == service.lower() or not name.endswith(f"-{service.lower()}-1")
        ]


class Meant(StrEnum):
    """What somebody has to say of an address that nothing answers."""

    HOST = "host"
    ADDRESS = "address"
    PUBLIC_ADDRESS = "public address"


class Unmet(msgspec.Struct, frozen=True, kw_only=True):
    """
    An address that a service dials and that nothing answers, with the finding that tells it.

    ``meant`` is what is missing: the host that has the name, another address, or that by which
    browsers come.  ``service`` is the one that has the name and does not listen on the port.
    ``is_of_the_machine`` tells that Compose published the port on the machine, under which peers
    do not find it.
    """

    said: Said
    finding: Finding
    meant: Meant
    service: str | None = None
    is_of_the_machine: bool = False

    @property
    def host(self) -> str:
        """The name that is dialled, in lower case."""
        return self.said.address.host

    @property
    def hint(self) -> str:
        """What is probably meant, where anything tells."""
        return (self.finding.remedy or "") if self.finding.remedy != _CORRECT else ""


_UNMET = {
    HOST_NOT_FOUND.id: Meant.HOST,
    PORT_NOT_OPEN.id: Meant.ADDRESS,
    LOCALHOST_OF_A_PEER.id: Meant.ADDRESS,
}


def findings(said: Iterable[Said], stack: Stack) -> Iterator[Finding | Unmet]:
    """
    Yield what is wrong with the addresses ``said`` in ``stack``.

    What somebody certainly dials and nothing answers is told as such: outside of development
    somebody has to say what is meant.
    """
    for_browsers: dict[tuple[tuple[str, ...], str], list[Said]] = {}
    for one in said:
        if _is_for_browsers(one, stack):
            file = one.position.file if one.position is not None else ""
            for_browsers.setdefault((one.services, file), []).append(one)
            continue
        found = _judged(one, stack)
        if found is None:
            continue
        if one.place in _DIALLED and found.rule in _UNMET:
            name = stack.names.get(one.address.host)
            port = one.address.dialled_port
            yield Unmet(
                said=one,
                finding=found,
                meant=_UNMET[found.rule],
                service=name,
                is_of_the_machine=name is not None
                and port is not None
                and stack.listening.published(name, port) is not None,
            )
        else:
            yield found
    for group in for_browsers.values():
        leading = _leading_browsers(group)
        yield from (Unmet(said=one, finding=leading, meant=Meant.PUBLIC_ADDRESS) for one in group)


def _judged(one: Said, stack: Stack) -> Finding | None:
    host = one.address.host
    if host in _LOCAL:
        return _localhost(one, stack)
    if host in _ONLY_IN_DOCKER:
        return _only_in_docker(one, stack)
    service = stack.names.get(host)
    if service is not None:
        return _port(one, service, stack)
    if is_address(host):
        return _fixed(one, stack)
    if "." in host or host in _NO_HOSTS or host.startswith(("your", "example", "0x")):
        return None
    if any(host in stack.own_entries.get(service, ()) for service in one.services):
        return None
    return _not_found(one, stack)


def _not_found(one: Said, stack: Stack) -> Finding:
    host = one.address.host
    dials = f"{one.shown} dials {one.address.shown}"
    if host in stack.left_out:
        return HOST_NOT_FOUND.finding(
            one.position,
            f"{dials}, and {host} is left out of the cluster",
            remedy="name the service behind it instead",
        )
    if host in stack.inactive:
        profiles = suggest.listed(stack.inactive[host])
        return HOST_NOT_FOUND.finding(
            one.position,
            f"{dials}, and the service {host} is switched off: it needs the profile {profiles}",
            remedy="switch the profile on for this environment (environments: {<environment>: "
            f"{{profiles: [{', '.join(stack.inactive[host])}]}}}}), or remove the address",
        )
    networks = {name for service in one.services for name in stack.elsewhere.get(service, ())}
    if one.place is Place.PROXY and one.name == "nginx":
        called = f"nothing here is called {host}, without which nginx does not start"
    else:
        called = f"nothing here is called {host}"
    remedy = suggest.did_you_mean(host, stack.written_names)
    if networks:
        remedy = remedy or (
            f"a service of another project on the network {min(networks)}? Then convert both "
            "together, or write its name in the cluster: <service>.<namespace>"
        )
    return HOST_NOT_FOUND.finding(
        one.position,
        f"{dials}, and {called}",
        remedy=remedy or _CORRECT,
    )


_CORRECT = "correct the name, or write the whole name of the host outside"


def _port(one: Said, service: str, stack: Stack) -> Finding | None:
    port = one.address.dialled_port
    listening = stack.listening
    if port is None or set(one.services) == {service} or listening.may_listen(service, port):
        return None
    target = listening.published(service, port)
    by_default = "" if one.address.port else f" (port {port}, as {one.address.scheme} means it)"
    dials = f"{one.shown} dials {one.address.shown}{by_default}"
    if target is not None:
        return PORT_NOT_OPEN.finding(
            one.position,
            f"{dials}, a port of the machine: {service} itself listens on {target}",
            remedy=f"write {one.address.host}:{target}: peers dial the container's port",
        )
    open_ports = listening.shown(service)
    return PORT_NOT_OPEN.finding(
        one.position,
        f"{dials}, and {service} listens on {open_ports}",
        remedy=f"write the port on which it listens, or let it listen on {port}",
    )


def _answering(one: Said, stack: Stack) -> tuple[tuple[str, int], ...]:
    """Return the peers that were meant by ``one``, an address of the container itself."""
    port = one.address.dialled_port
    if port is None or one.place is Place.CHECK:
        return ()
    # Whoever shares the line with the one that listens need not use it.
    listening = stack.listening
    if any(listening.may_listen(name, port, where_unknown=False) for name in one.services):
        return ()
    return listening.peers(port, without=one.services)


def _is_for_browsers(one: Said, stack: Stack) -> bool:
    """Tell whether ``one`` is a page on the author's machine: no container would dial it so."""
    if one.place is not Place.SETTING or one.address.host not in _LOCAL:
        return False
    if one.address.scheme not in HTTP:
        return False
    words = one.name.upper().replace("-", "_").split("_")
    port = one.address.dialled_port
    peers = _answering(one, stack)
    if not _OF_BROWSERS.isdisjoint(words):
        return bool(peers) or not one.address.port
    return bool(peers) and all(target != port for _, target in peers)


_OF_BROWSERS = frozenset(
    {"PUBLIC", "VITE", "REACT", "NUXT", "VUE", "GATSBY", "EXPO", "FRONTEND", "BROWSER", "REDIRECT",
     "CALLBACK", "ORIGIN", "ORIGINS", "CORS", "EXTERNAL", "SITE", "HOMEPAGE", "ROOT", "LANDING",
     "PORTAL", "LOGIN", "LOGOUT", "RETURN", "SUCCESS", "CANCEL", "WEBSITE", "DASHBOARD"}
)  # fmt: skip
"""Words of a setting that a browser is led by."""


def _leading_browsers(group: list[Said]) -> Finding:
    first = group[0]
    names = dict.fromkeys(one.name for one in group)
    shown = msgspec.structs.replace(first, name=", ".join(names)).shown
    return LOCALHOST_FOR_BROWSERS.finding(
        first.position,
        f"{shown} lead{'s' if len(names) == 1 else ''} browsers to {first.address.shown}, which is "
        "the author's machine",
        remedy="outside of development write the address under which the service is exposed",
    )


def _localhost(one: Said, stack: Stack) -> Finding | None:
    port = one.address.dialled_port
    peers = _answering(one, stack)
    if not peers:
        return None
    meant = [f"{name}:{target}" for name, target in peers]
    browser = one.address.scheme in HTTP
    rule = LOCALHOST_IN_A_FILE if one.place is Place.FILE else LOCALHOST_OF_A_PEER
    remedy = f"write {suggest.one_of(meant).replace(chr(34), '')}"
    if browser:
        remedy += " where a container dials it; where a browser does, the public address"
    name, target = peers[0]
    answers = f"{name} listens there" if target == port else f"it led to port {target} of {name}"
    return rule.finding(
        one.position,
        f"{one.shown} dials {one.address.shown}, which in a container is the container itself; "
        f"{answers}" + ("" if target == port else " on the machine"),
        remedy=remedy,
    )


def _only_in_docker(one: Said, stack: Stack) -> Finding:
    host = one.address.host
    port = one.address.dialled_port
    peers = stack.listening.of_machine(port) if port is not None else ()
    remedy = "give it a name that the cluster knows, of a Service or of a host outside"
    if peers:
        name, target = peers[0]
        remedy = f"write {name}:{target}, to which port {port} of the machine led"
    return ONLY_IN_DOCKER.finding(
        one.position,
        f"{one.shown} dials {one.address.shown}: {_ONLY_IN_DOCKER[host]}, which no pod has",
        remedy=remedy,
    )


def _fixed(one: Said, stack: Stack) -> Finding | None:
    service = stack.fixed.get(one.address.host)
    if service is None:
        return None
    port = f":{one.address.port}" if one.address.port else ""
    return ONLY_IN_DOCKER.finding(
        one.position,
        f"{one.shown} dials {one.address.shown}, the address that a Compose network gave to "
        f"{service}; pods get addresses of their own",
        remedy=f"write {service}{port}",
    )
