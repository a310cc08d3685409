"""What runs: an image, and the command that is given to it."""

from enum import StrEnum

import msgspec

from mooring.sources import Position


class Pull(StrEnum):
    """When a node fetches the image anew."""

    ALWAYS = "always"
    IF_ABSENT = "if-absent"
    NEVER = "never"


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """
    The image of a container.

    ``built`` tells that the stack builds the image itself, so that somebody has to push it
    somewhere before a cluster can run it; ``names_registry`` that ``reference`` says where, and
    ``is_pinned`` that it says which build: by a digest, or a tag other than ``latest``.
    ``is_private`` holds where it names a registry that is not known to serve everybody.
    """

    reference: str
    built: bool = False
    names_registry: bool = False
    is_pinned: bool = False
    is_private: bool = False
    pull: Pull | None = None
    position: Position | None = None


class Reference(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A part of a text that stands for the value of ``setting``, one of the same container.

    The value may not be written in clear there, or only the replica knows it; then the part is
    empty.  ``word`` counts the words of the entrypoint and then those of the arguments.
    """

    start: int
    end: int
    setting: str
    word: int = 0


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """
    The process of a container.

    ``entrypoint`` and ``arguments`` are None where the image's own are kept.  Both are literal but
    for their ``references``, which are in order and do not overlap: nothing else in them is
    expanded by anybody but the process itself.  Where the entrypoint ``is_whole`` it holds the
    arguments too: whoever says another command means all of it.
    """

    entrypoint: tuple[str, ...] | None = None
    arguments: tuple[str, ...] | None = None
    references: tuple[Reference, ...] = ()
    is_whole: bool = False
    working_directory: str | None = None
    keeps_stdin_open: bool = False
    has_terminal: bool = False
