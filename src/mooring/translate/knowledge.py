"""
What the catalogue knows of the program that a service runs.

For a service with an image that is the image's own entry.  An image that the stack builds counts
as its base image where the Dockerfile leaves entrypoint and command to the base: then it is still
the base's program that runs, with a configuration of the stack's own.
"""

from collections.abc import Iterator

from mooring.compose.dockerfile.facts import ImageFacts
from mooring.compose.nodes import Mapping, Scalar
from mooring.findings import Finding, Rule, Severity
from mooring.images import catalogue
from mooring.images.catalogue import KnownImage
from mooring.sources import Position

IMAGE_MOVED = Rule(id="image-moved", severity=Severity.WARNING, since="0.1")


def known_image(service: Mapping, facts: ImageFacts | None) -> KnownImage | None:
    """Return what is known of the image that ``service`` runs, or None."""
    if service.get("build") is not None:
        if facts is None or facts.base is None or facts.entrypoint or facts.command:
            return None
        return catalogue.lookup(facts.base.value)
    image = service.get("image")
    if not isinstance(image, Scalar) or not isinstance(image.value, str):
        return None
    return catalogue.lookup(image.value)


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


def may_be_of_one_architecture(known: KnownImage | None, facts: ImageFacts | None) -> bool:
    """Tell whether an image may exist for one architecture alone, as few do."""
    if known is not None and len(known.family.architectures) == 1:
        return True
    return facts is not None and facts.platform is not None
