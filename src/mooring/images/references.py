"""
The parts of an image reference, and the one name under which an image is known.

``postgres``, ``docker.io/library/postgres:17`` and ``index.docker.io/postgres@sha256:...`` name
the same repository; the catalogue knows it as ``postgres``.  Images of Docker Hub are known
without their registry, all others with it.

Source: https://pkg.go.dev/github.com/distribution/reference (grammar and normalisation)
"""

import re
from functools import lru_cache

import msgspec

from mooring.patterns import LazyPattern

DOCKER_HUB = "docker.io"

_HUB_ALIASES = ("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")
_OFFICIAL = "library/"
_LONGEST_NAME = 255

_HOST = LazyPattern(
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?", re.ASCII
)
_PART_OF_NAME = LazyPattern(r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*")
_DIGEST = LazyPattern(r"[a-zA-Z][a-zA-Z0-9]*(?:[+._-][a-zA-Z][a-zA-Z0-9]*)*:[0-9a-fA-F]{32,}")
_LONGEST_TAG = 128
_LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
_IN_TAG = f"{_LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-"


class Reference(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    An image reference in its parts, normalised.

    ``registry`` is a host with its port where it has one, ``docker.io`` where none is named;
    ``repository`` has ``library/`` in front of an official image of Docker Hub.  ``tag`` and
    ``digest`` are None where the reference has none: no tag means ``latest`` to whoever pulls.
    """

    registry: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @property
    def name(self) -> str:
        """The name of the image without tag and digest, as the catalogue writes it."""
        if self.registry == DOCKER_HUB:
            return self.repository.removeprefix(_OFFICIAL)
        return f"{self.registry}/{self.repository}"


@lru_cache(maxsize=4096)
def parse(text: str) -> Reference | None:
    """
    Return the parts of an image reference, or None where ``text`` cannot be one.

    The first part of a name is a registry when it holds a dot, a colon or a capital letter or is
    ``localhost``; a name of 64 hexadecimal digits is an identifier, not a name.
    """
    host, slash, rest = text.partition("/")
    if slash and _is_registry(host):
        if _HOST.fullmatch(host) is None:
            return None
        registry = DOCKER_HUB if host in _HUB_ALIASES else host
    else:
        registry, rest = DOCKER_HUB, text
    rest, at, digest = rest.partition("@")
    repository, colon, tag = rest.partition(":")
    if (
        not all(map(_is_part_of_name, repository.split("/")))
        or (colon and not _is_tag(tag))
        or (at and not _DIGEST.fullmatch(digest))
    ):
        return None
    if registry == DOCKER_HUB and "/" not in repository:
        if len(repository) == 64 and not repository.strip("0123456789abcdef"):
            return None  # an identifier
        repository = _OFFICIAL + repository
    if len(repository) > _LONGEST_NAME:
        return None
    return Reference(
        registry=registry, repository=repository, tag=tag or None, digest=digest or None
    )


def _is_part_of_name(text: str) -> bool:
    # Letters and digits with single hyphens between them are beyond doubt, and the usual case.
    words = text.split("-")
    is_plain = "" not in words and not "".join(words).strip(_LOWER)
    return is_plain or _PART_OF_NAME.fullmatch(text) is not None


def _is_tag(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_TAG and not text.strip(_IN_TAG) and text[0] not in ".-"


def _is_registry(host: str) -> bool:
    return "." in host or ":" in host or host == "localhost" or host != host.lower()
