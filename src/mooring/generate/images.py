"""
Where nodes find the image of a container, and with which Secret they may pull it.

A Secret that the registry does not know does no harm, but it is sent there: pods get it where one
of their images is in a registry that is not known to serve everybody.
"""

from collections.abc import Iterable

from mooring.app.process import Image
from mooring.kube.objects.meta import LocalObjectReference
from mooring.settings.environments import NO_SECRET, ImageSource


def image_reference(image: Image, source: ImageSource) -> str:
    """
    Return where a node finds the image.

    One that is built and names no registry of its own is in that of ``source``; if it does not
    say which build runs, the tag of ``source`` does.
    """
    reference = image.reference
    if not image.built:
        return reference
    if source.tag and not image.is_pinned:
        reference = f"{reference.removesuffix(':latest')}:{source.tag}"
    if source.registry and not image.names_registry:
        return f"{source.registry.rstrip('/')}/{reference}"
    return reference


def pull_secrets(images: Iterable[Image], source: ImageSource) -> tuple[LocalObjectReference, ...]:
    """Return the Secrets by which nodes pull ``images``: none, or the one of ``source``."""
    name = source.pull_secret
    if name is None or name == NO_SECRET:
        return ()
    if any(image.is_private or (image.built and not image.names_registry) for image in images):
        return (LocalObjectReference(name=name),)
    return ()
