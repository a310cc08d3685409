"""
Images that a stack builds itself: somebody has to build and push them before a cluster runs them.

A cluster builds nothing, so what the input says of a build becomes a list for the pipeline that
does.
"""

import msgspec

from mooring.sensitive import Sensitive
from mooring.sources import Position


class BuildArgument(msgspec.Struct, frozen=True, kw_only=True):
    """
    A value that a build is given: in clear, unless it is secret.

    One that ``is_baked`` ends up in what browsers and other clients load.
    """

    name: str
    value: str | Sensitive[str]
    is_baked: bool = False


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """
    One image to build, under the name ``reference``, which ``services`` run.

    ``context`` is a path from the stack's folder, or a URL; ``dockerfile`` a path from the context,
    and ``inline`` the text of one instead.  ``platforms`` are those of the result (none: that of
    the builder).  ``contexts`` are further ones by name.  ``secrets`` and ``agents`` are what the
    builder alone is given, in the words of ``docker build`` (``id=token,src=./token``).
    """

    reference: str
    services: tuple[str, ...]
    context: str
    dockerfile: str | None = None
    inline: str | None = None
    target: str | None = None
    arguments: tuple[BuildArgument, ...] = ()
    platforms: tuple[str, ...] = ()
    contexts: dict[str, str] = {}
    secrets: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    position: Position | None = None
