"""
What the catalogue knows of the program that a service runs.

For a service with an image that is the image's own entry.  An image that the stack builds counts
as its base image where the Dockerfile leaves entrypoint and command to the base, or writes the
base's own program there: it is then that program that runs, with a configuration of the stack's
own.
"""

from collections.abc import Iterator

from mooring.compose.dockerfile.facts import ImageFacts
from mooring.compose.nodes import Mapping, Scalar
from mooring.findings import Finding, Rule, Severity
from mooring.images import catalogue
from mooring.images.catalogue import KnownImage
from mooring.images.facts import Role
from mooring.sources import Position

IMAGE_MOVED = Rule(id="image-moved", severity=Severity.WARNING, since="0.1")


def known_image(service: Mapping, facts: ImageFacts | None) -> KnownImage | None:
    """Return what is known of the image that ``service`` runs, or None."""
    if service.get("build") is not None:
        if facts is None or facts.base is None:
            return None
        base = catalogue.lookup(facts.base.value)
        return base if base is None or _runs(facts, base) else None
    image = service.get("image")
    if not isinstance(image, Scalar) or not isinstance(image.value, str):
        return None
    return catalogue.lookup(image.value)


def _runs(facts: ImageFacts, base: KnownImage) -> bool:
    """Tell whether the image runs the program of ``base``: by its own command, or in its words."""
    lines = [line for line in (facts.entrypoint, facts.command) if line is not None]
    if not lines:
        return True
    is_server = base.family.role in _SERVERS or base.family.name in _WEB_SERVERS
    if not is_server or not lines[0].words:
        return False
    first = lines[0].words[0].split()
    return bool(first) and first[0].rsplit("/", 1)[-1] == base.family.name


_SERVERS = frozenset({Role.PROXY, Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH})
_WEB_SERVERS = frozenset({"nginx", "caddy"})
"""Programs of one purpose; an interpreter runs what it is told to."""


def moved_images(service: str, known: KnownImage | None, at: Position | None) -> Iterator[Finding]:
    """Yield a finding where the registry no longer has the image of ``service``."""
    moved = known.moved if known is not None else None
    if moved is not None:
        yield IMAGE_MOVED.finding(
            at,
            f'service "{service}" runs {moved.repository}, which cannot be pulled since '
            f"{moved.since}",
            remedy=f"pull {moved.to} instead" if moved.to else "choose another image",
        )
