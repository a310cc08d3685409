"""
Whom the services of a stack dial: the hosts and ports in the texts that they are given.

A name that somebody dials has to go on resolving, and a port that somebody dials has to be one of
the Service, though nobody declared it: in a Compose network every port of a container is open.
Settings, commands, health checks and shipped files are read; what is baked into an image is not.
"""

from collections.abc import Container, Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.decisions import Evidence
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.service import TranslatedService

_WORDS = LazyPattern(r"[\w.-]+")
_HOST_AND_PORT = LazyPattern(r"(?<![\w.-])([\w.-]++):([1-9]\d{1,4})(?![\w.:-])")
_BEFORE_A_HOST = LazyPattern(
    r"(?://|@|/dev/(?:tcp|udp)/|\s-h[\s=]*|--?host(?:name)?[\s=]+"
    r"|\b(?:nc|ncat|ping|telnet)\s(?:-\w+\s+(?:\d+\s+)?)*)([\w.-]+)"
)
"""A host in a text without a port behind it; names are compared in lower case."""
_RANGE_OF_NAMES = LazyPattern(r"([\w.-]*)\{(\d{1,3})\.\.\.?(\d{1,3})\}([\w.:/-]*)")
"""Several hosts in one word, as MinIO and shells write them: `http://minio{1...4}/data`."""
_MOST_NAMES = 64
_LOWEST_UNUSUAL_PORT = 1024
_USUAL_PORTS = frozenset({22, 25, 53, 80, 110, 143, 389, 443, 465, 587, 636, 853, 993, 995})
"""Ports below 1024 that are dialled; `postgres:16` is rather the tag of an image."""
_HIGHEST_PORT = 65535


class Spoken(msgspec.Struct, frozen=True):
    """A text that a service is given, and what holds it."""

    text: str
    where: str
    position: Position | None


def spoken(service: TranslatedService) -> Iterator[Spoken]:
    """Yield all texts in which ``service`` may name a host."""
    container = service.container
    place = f"services.{service.source_name}"
    for setting in container.settings:
        value = setting.value
        shown = value.reveal() if isinstance(value, Sensitive) else value
        yield Spoken(shown, f"{place}.environment.{setting.name}", setting.position)
    for words in (container.process.entrypoint, container.process.arguments):
        if words:
            yield Spoken("\n".join(words), f"{place}.command", container.position)
    if container.health is not None:
        words = container.health.command
        yield Spoken("\n".join(words), f"{place}.healthcheck", container.health.position)
    for document in service.documents.values():
        for path, content in document.files.items():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                continue
            yield Spoken(text, f"the file {path}", document.position)


def with_ranges(text: str) -> str:
    """Return ``text`` followed by the words that its ranges of names stand for."""
    if "{" not in text or ".." not in text:
        return text
    words = []
    for before, first, last, after in _RANGE_OF_NAMES.findall(text):
        numbers = range(int(first), min(int(last), int(first) + _MOST_NAMES) + 1)
        words += [f"//{before}{number}{after}" for number in numbers]
    return "\n".join((text, *words))


def _is_its_own(one: Spoken, service: TranslatedService, declared: Container[str]) -> bool:
    """Tell whether a container of ``service`` acts on the text for itself."""
    _, is_setting, setting = one.where.partition(".environment.")
    if is_setting:
        return setting in declared
    health = service.container.health
    is_check = one.where.endswith(".healthcheck")
    return not is_check or health is None or health.asked is None


class Dialled:
    """
    Which of certain names the services of a stack speak of.

    Names are compared without regard to case, as they are looked up.
    """

    def __init__(
        self,
        translated: ReadOnly[str, TranslatedService],
        names: Iterable[str],
        *,
        declared: ReadOnly[str, Container[str]],
    ) -> None:
        """
        Read the texts of ``translated`` for ``names``.

        ``declared`` are the settings that each service declares itself: those of an env file that
        several services read say nothing of any of them.
        """
        wanted = frozenset(name.lower() for name in names)
        self._speakers: dict[str, set[str]] = {}
        self._ports: dict[str, dict[int, Evidence]] = {}
        self._dials: dict[tuple[str, str], Evidence] = {}
        for speaker, service in translated.items():
            for one in spoken(service):
                lower = with_ranges(one.text.lower())
                spoken_names = wanted.intersection(_WORDS.findall(lower))
                for name in spoken_names:
                    self._speakers.setdefault(name, set()).add(speaker)
                if ":" in lower:
                    self._add_ports(lower, one, wanted)
                if spoken_names and _is_its_own(one, service, declared.get(speaker, ())):
                    self._add_dials(speaker, lower, one, wanted)

    def speakers(self, name: str) -> frozenset[str]:
        """Return the services that speak of ``name``."""
        return frozenset(self._speakers.get(name.lower(), ()))

    def by_others(self, name: str, *, than: str) -> bool:
        """Tell whether a service other than ``than`` speaks of ``name``."""
        return bool(self._speakers.get(name.lower(), set()) - {than})

    def ports(self, name: str) -> dict[int, Evidence]:
        """Return the ports on which somebody dials ``name``, each with the text that says so."""
        return self._ports.get(name.lower(), {})

    def by_itself(self, name: str, *, service: str) -> Evidence | None:
        """Return the text in which ``service`` itself dials ``name``, where there is one."""
        return self._dials.get((service, name.lower()))

    def _add_dials(self, speaker: str, lower: str, one: Spoken, wanted: frozenset[str]) -> None:
        hosts = [(found[1], found[0]) for found in _HOST_AND_PORT.finditer(lower)]
        hosts += [(found[1], found[1]) for found in _BEFORE_A_HOST.finditer(lower)]
        for name, shown in hosts:
            if name in wanted:
                evidence = Evidence(f"{one.where} dials {shown}", one.position)
                self._dials.setdefault((speaker, name), evidence)

    def _add_ports(self, lower: str, one: Spoken, wanted: frozenset[str]) -> None:
        for found in _HOST_AND_PORT.finditer(lower):
            name, port = found[1], int(found[2])
            is_port = _LOWEST_UNUSUAL_PORT <= port <= _HIGHEST_PORT or port in _USUAL_PORTS
            if name in wanted and is_port:
                evidence = Evidence(f"{one.where} dials {name}:{port}", one.position)
                self._ports.setdefault(name, {}).setdefault(port, evidence)
