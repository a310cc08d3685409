"""
Which program a service runs, where nothing is known of its image.

An image that the stack builds from a folder that is not here, or that comes from a registry of
somebody's own, may well hold a program that the catalogue knows.  The service then shows it: by the
variables that it declares, the folders that it mounts over, the programs that its command and its
check call, and the ports that it opens.  Marks of two kinds are taken for proof, unless they fit
another family as well; one kind is not, as clients share variables and ports.  What stands before a
server has both, as a pooler of connections: whoever dials another container on a port of the server
is its client, unless it mounts the server's folder or calls its programs.  mooring.yaml has the
last word.

The marks show a program, not an image: as which user it runs there and where else it writes stays
unknown, since whoever built the image may have built it on anything (in Alpine's PostgreSQL the
user is 70, in Debian's 999).
"""

import posixpath
from collections.abc import Iterator

import msgspec

from mooring.compose.nodes import Mapping
from mooring.decisions import Decision, Evidence
from mooring.findings import Finding, Rule, Severity
from mooring.images import catalogue
from mooring.images.catalogue import KnownImage
from mooring.images.facts import Marks
from mooring.patterns import LazyPattern
from mooring.settings.choices import NO_FAMILY
from mooring.sources import Position
from mooring.translate.notes import Translated
from mooring.translate.other_programs import runs_another_program
from mooring.translate.own_name import declared
from mooring.translate.view import ServiceView, field, items, text, texts

NO_SUCH_FAMILY = Rule(id="no-such-family", severity=Severity.ERROR, since="0.1")

_PROGRAM = LazyPattern(r"[A-Za-z][\w.+-]*")


_FEWEST_KINDS = 2


class _OfServer(Evidence, frozen=True, gc=False):
    """Evidence that a client does not give: it has no port and no folder of the server."""


class _BySetting(Evidence, frozen=True, gc=False):
    """Evidence that each client gives as well."""


class _ByPort(_OfServer, frozen=True, gc=False):
    """Evidence that what stands before a server gives as well."""


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a service shows of itself, each with its place."""

    settings: dict[str, Position | None]
    paths: dict[str, Position | None]
    programs: dict[str, Position | None]
    ports: dict[int, Position | None]


def with_program(
    service: ServiceView, known: KnownImage | None, chosen: str | None
) -> Translated[KnownImage | None]:
    """
    Return what is known of the program that ``service`` runs.

    ``known`` is what its image says, ``chosen`` the family that was settled for it.
    """
    if chosen == NO_FAMILY:
        return Translated(None)
    if chosen is not None:
        settled = catalogue.named(chosen)
        if settled is None:
            return Translated(known, (_no_such(service, chosen),))
        is_same = known is not None and known.family.name == settled.family.name
        return Translated(known if is_same else settled)
    if known is not None:
        another = runs_another_program(service, known)
        return Translated(known) if another is None else Translated(None, (another,))
    return _recognised(service) if service.has_container else Translated(None)


def _recognised(service: ServiceView) -> Translated[KnownImage | None]:
    shown = _shown(service)
    if not shown.paths and not shown.ports:
        return Translated(None)
    found = [
        (family, list(_evidence(shown, marks)))
        for family, stated in catalogue.marks().items()
        for marks in stated
    ]
    most = max(len(evidence) for _, evidence in found)
    best = [(family, evidence) for family, evidence in found if len(evidence) == most]
    if most < _FEWEST_KINDS or len(best) > 1:
        return Translated(None)
    ((name, evidence),) = best
    if not any(isinstance(one, _OfServer) for one in evidence):
        return Translated(None)
    if _is_client_of(name, service, evidence):
        return Translated(None)
    known = catalogue.named(name)
    assert known is not None
    decision = Decision(
        subject=f"services.{service.name}",
        topic="program",
        choice=f"runs {known.family.summary}; taken for the newest version",
        evidence=tuple(Evidence(one.statement, one.position) for one in evidence),
        overrule=f"services: {{{service.name}: {{family: {NO_FAMILY}}}}}",
    )
    return Translated(_without_its_image(known), (decision,))


def _without_its_image(known: KnownImage) -> KnownImage:
    """Return what is known of the program, without what another image of it decides."""
    family = msgspec.structs.replace(
        known.family, users=(), accounts={}, read_only=False, architectures=(), has_shell=None
    )
    return msgspec.structs.replace(known, family=family)


def _is_client_of(name: str, service: ServiceView, evidence: list[Evidence]) -> bool:
    """Tell whether a service that shows settings and a port alone dials such a server itself."""
    if len(evidence) > _FEWEST_KINDS or not all(
        isinstance(one, _BySetting | _ByPort) for one in evidence
    ):
        return False
    ports = {port for marks in catalogue.marks()[name] for port in marks.ports}
    own = {service.name, "localhost"}
    for attribute in ("hostname", "container_name"):
        node = service.get(attribute)
        if node is not None:
            own.add(text(node))
    return any(
        int(found[2]) in ports and found[1] not in own and not _ADDRESS.fullmatch(found[1])
        for entry in service.environment.values()
        for found in _DIALLED.finditer(entry.value or "")
    )


_DIALLED = LazyPattern(r"(?:^|[@/,])([A-Za-z0-9][\w.-]*):(\d{2,5})(?![\w.])")
_ADDRESS = LazyPattern(r"[\d.]+")
"""Where a server itself listens, as 0.0.0.0."""


def _shown(service: ServiceView) -> _Shown:
    own = declared(service)
    return _Shown(
        settings={name: one.position for name, one in service.environment.items() if name in own},
        paths=dict(_mounted(service)),
        programs=dict(_called(service)),
        ports=dict(_open(service)),
    )


def _mounted(service: ServiceView) -> Iterator[tuple[str, Position | None]]:
    for _, node in items(service.get("volumes")):
        target = field(node, "target") if isinstance(node, Mapping) else None
        if target is not None:
            yield posixpath.normpath(text(target)), target.position or node.position
    for value in texts(service.get("tmpfs")):
        yield posixpath.normpath(value.partition(":")[0]), service.position("tmpfs")


def _called(service: ServiceView) -> Iterator[tuple[str, Position | None]]:
    """Yield the words of the service's check, its command and its entrypoint."""
    check = service.get("healthcheck")
    test = field(check, "test") if isinstance(check, Mapping) else None
    for attribute, node in (
        ("healthcheck", test),
        ("command", service.get("command")),
        ("entrypoint", service.get("entrypoint")),
    ):
        for words in texts(node):
            for word in _PROGRAM.findall(words):
                yield word, service.position(attribute)


def _open(service: ServiceView) -> Iterator[tuple[int, Position | None]]:
    for _, node in items(service.get("ports")):
        target = field(node, "target")
        if target is not None and text(target).isdigit():
            yield int(text(target)), node.position
    for _, node in items(service.get("expose")):
        number = text(node).partition("/")[0]
        if number.isdigit():
            yield int(number), node.position


def _evidence(shown: _Shown, marks: Marks) -> Iterator[Evidence]:
    """Yield one piece of evidence for each kind of ``marks`` that is ``shown``."""
    for name in marks.settings:
        if name in shown.settings:
            yield _BySetting(f"it is given {name}", shown.settings[name])
            break
    for path in marks.paths:
        found = next(
            (one for one in shown.paths if one == path or one.startswith(f"{path}/")), None
        )
        if found is not None:
            yield _OfServer(f"it mounts {found}", shown.paths[found])
            break
    for program in marks.programs:
        if program in shown.programs:
            yield Evidence(f"it calls {program}", shown.programs[program])
            break
    for port in marks.ports:
        if port in shown.ports:
            yield _ByPort(f"it opens port {port}", shown.ports[port])
            break


def _no_such(service: ServiceView, chosen: str) -> Finding:
    from mooring.compose import suggest  # for an error only

    remedy = suggest.did_you_mean(chosen, catalogue.families())
    return NO_SUCH_FAMILY.finding(
        service.attributes.position,
        f'mooring.yaml says that service "{service.name}" runs "{chosen}", which no file of the '
        "catalogue is called",
        remedy=remedy or "take a name of docs/reference/known-images.md",
    )
