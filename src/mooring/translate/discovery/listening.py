"""
Where the services of a stack listen, as far as anybody can tell.

A declared port is sure, a dialled one is believed unless something speaks against it: it is a port
of the machine that leads to another one of the container, or the image is a server whose ports are
known and nothing told it of this one.
"""

from collections.abc import Collection, Iterator
from collections.abc import Mapping as ReadOnly

from mooring.app.endpoints import Endpoint, NetworkAccess, Protocol, shown_port
from mooring.images.catalogue import KnownImage
from mooring.images.facts import Role
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.translate.service import TranslatedService

_NUMBER = LazyPattern(r"(?<![\w.])(?<!localhost:)(?<!127\.0\.0\.1:)\d{2,5}(?![\w.])")
_HOST_BEFORE = LazyPattern(r"(?://|@)([\w.-]+):\Z")
_LONGEST_HOST = 260
_WITH_KNOWN_PORTS = frozenset(
    {Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE}
)
"""What listens where its configuration says, and on its usual ports where that says nothing."""


class Listening:
    """Answers whether a service listens on a port, and who does."""

    def __init__(
        self,
        translated: ReadOnly[str, TranslatedService],
        leaders: ReadOnly[str, str],
        *,
        known: ReadOnly[str, KnownImage | None],
        declared: ReadOnly[str, Collection[str]],
    ) -> None:
        """
        Look at the services ``translated``, of which ``leaders`` names the one with the pod.

        ``known`` is what the catalogue says of the image of each, ``declared`` the settings that
        each declares itself.
        """
        self._translated = translated
        self._leaders = leaders
        self._known = known
        self._declared = declared
        self._mentioned: dict[str, frozenset[int]] = {}
        self._in_pod: dict[str, dict[int, Endpoint]] = {}
        for name, service in translated.items():
            in_pod = self._in_pod.setdefault(leaders[name], {})
            in_pod.update((one.port, one) for one in service.container.endpoints)

    def may_listen(self, service: str, port: int, *, where_unknown: bool = True) -> bool:
        """
        Tell whether something may answer on ``port`` of the pod of ``service``.

        Of a service of which no port is known nobody can tell: the answer is ``where_unknown``.
        """
        one = self._translated.get(service)
        if one is None or one.part.network is NetworkAccess.MACHINE:
            return where_unknown
        in_pod = self._in_pod[self._leaders[service]]
        if port in in_pod or self.mentions(service, port):
            return True
        return where_unknown and not in_pod

    def speaks_against(self, service: str, port: int) -> bool:
        """Tell whether it is more likely that ``service`` does not listen on ``port``."""
        if self.mentions(service, port):
            return False
        return self.published(service, port) is not None or self._has_known_ports(service, port)

    def published(self, service: str, port: int) -> int | None:
        """Return the port of the container that was ``port`` on the machine, where it differs."""
        in_pod = self._in_pod.get(self._leaders.get(service, ""), {})
        if port in in_pod:
            return None
        for endpoint in in_pod.values():
            if any(one.port == port for one in endpoint.publications):
                return endpoint.port
        return None

    def shown(self, service: str) -> str:
        """Return the ports on which the pod of ``service`` listens, as users write them."""
        in_pod = self._in_pod[self._leaders[service]].values()
        return ", ".join(shown_port(one.port, one.protocol) for one in in_pod)

    def peers(self, port: int, *, without: Collection[str]) -> tuple[tuple[str, int], ...]:
        """Return who answers on ``port`` beside ``without``, each with the port to dial."""
        leaders = {self._leaders[name] for name in without}
        own = [
            (name, port)
            for name, service in self._translated.items()
            if self._leaders[name] not in leaders
            and any(
                one.port == port and one.protocol is Protocol.TCP
                for one in service.container.endpoints
            )
        ]
        on_machine = [
            (name, target) for name, target in self._of_machine(port) if name not in without
        ]
        # What the machine answered there is what the author saw.
        return tuple(dict.fromkeys((*on_machine, *own)))

    def of_machine(self, port: int) -> tuple[tuple[str, int], ...]:
        """Return to which services, and which of their ports, ``port`` of the machine led."""
        return tuple(self._of_machine(port))

    def _of_machine(self, port: int) -> Iterator[tuple[str, int]]:
        for name, service in self._translated.items():
            for endpoint in service.container.endpoints:
                if endpoint.protocol is Protocol.TCP and any(
                    one.port == port for one in endpoint.publications
                ):
                    yield name, endpoint.port

    def _has_known_ports(self, service: str, port: int) -> bool:
        known = self._known.get(service)
        if known is None or known.family.role not in _WITH_KNOWN_PORTS or not known.family.ports:
            return False
        return all(one.port != port for one in known.family.ports)

    def mentions(self, service: str, port: int) -> bool:
        """Tell whether what ``service`` itself runs with holds the number ``port``."""
        if service not in self._mentioned:
            self._mentioned[service] = frozenset(self._numbers(service))
        return port in self._mentioned[service]

    def _numbers(self, service: str) -> Iterator[int]:
        one = self._translated.get(service)
        if one is None:
            return
        container = one.container
        process = container.process
        texts = [*(process.entrypoint or ()), *(process.arguments or ())]
        if container.health is not None:
            texts.extend(container.health.command)
        declared = self._declared.get(service, ())
        names = {setting.name.upper() for setting in container.settings}
        for setting in container.settings:
            if setting.name in declared and not _is_of_a_peer(setting.name.upper(), names):
                value = setting.value
                texts.append(value.reveal() if isinstance(value, Sensitive) else value)
        for document in one.documents.values():
            for content in document.files.values():
                raw = content.reveal() if isinstance(content, Sensitive) else content
                texts.append(raw.decode("utf-8", "replace"))
        for text in texts:
            for number in _NUMBER.finditer(text):
                start = number.start()
                host = None
                if text[start - 1 : start] == ":":
                    host = _HOST_BEFORE.search(text, max(0, start - _LONGEST_HOST), start)
                # A port of a peer's address is none of its own.
                if host is None or host[1] == service or host[1] not in self._translated:
                    yield int(number[0])


def _is_of_a_peer(setting: str, names: Collection[str]) -> bool:
    """Tell whether ``setting`` is the port that belongs to a host: DB_PORT beside DB_HOST."""
    if not setting.endswith("PORT"):
        return False
    stem = setting.removesuffix("PORT")
    return bool(stem) and any(f"{stem}{ending}" in names for ending in ("HOST", "HOSTNAME", "ADDR"))
