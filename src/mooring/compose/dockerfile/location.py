"""
Where the Dockerfile of a service is, and why there is none to read.

The paths are Compose's: ``build.dockerfile`` is relative to ``build.context``, a context may be a
URL, and the whole Dockerfile may stand in the Compose file.  What is remote is never fetched.

Source: https://docs.docker.com/reference/compose-file/build/
"""

from collections.abc import Callable
from enum import StrEnum
from posixpath import join, normpath

import msgspec

from mooring.compose import nodes
from mooring.compose.dockerfile.build import read
from mooring.compose.dockerfile.facts import NOT_READ, DockerfileFacts
from mooring.findings import Alike, Finding
from mooring.sources import Position

DEFAULT_NAME = "Dockerfile"

_REMOTE_PREFIXES = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


class Reason(StrEnum):
    """Why a build has no Dockerfile that can be read here."""

    REMOTE = "remote"
    MISSING = "missing"
    DIRECTORY = "directory"
    UNREADABLE = "unreadable"


class NoDockerfile(msgspec.Struct, frozen=True, kw_only=True):
    """No facts: the reason, the path or URL that was looked at, and what to tell the user."""

    reason: Reason
    path: str
    finding: Finding


def locate(
    build: nodes.Mapping,
    read_bytes: Callable[[str], bytes],
    *,
    file: Callable[[str], str] = str,
) -> DockerfileFacts | NoDockerfile:
    """
    Return the facts of the Dockerfile of a service's ``build`` in long form, paths resolved.

    ``read_bytes`` returns the content of a path or raises OSError; ``file`` turns a path into the
    one that is shown to the user.  Nothing is fetched: a remote context is a reason for no facts.
    """
    options = _Options(
        build_args=_texts(build.get("args")),
        target=_text(build.get("target")),
        contexts={
            name: value
            for name, value in _texts(build.get("additional_contexts")).items()
            if value is not None
        },
    )
    inline = build.get("dockerfile_inline")
    if isinstance(inline, nodes.Scalar) and inline.value:
        position = inline.position or build.position
        where = position.file if position else DEFAULT_NAME
        return options.read(str(inline.value).encode(), where, position)
    context = _text(build.get("context")) or "."
    name = _text(build.get("dockerfile")) or DEFAULT_NAME
    position = build.key_position("dockerfile") or build.key_position("context")
    if is_remote(context):
        return _no_dockerfile(
            Reason.REMOTE, context, position, f"the build context {context} is remote: not read"
        )
    path = name if name.startswith("/") else normpath(join(context, name))
    try:
        content = _read_first(path, name, read_bytes)
    except FileNotFoundError:
        return _no_dockerfile(
            Reason.MISSING,
            path,
            position,
            f"there is no Dockerfile {file(path)}",
            remedy="correct build.context or build.dockerfile",
            alike=Alike(message="{count} Dockerfiles are not there", item=file(path)),
        )
    except IsADirectoryError:
        return _no_dockerfile(
            Reason.DIRECTORY,
            path,
            position,
            f"the Dockerfile {file(path)} is a directory",
            remedy="name the file in build.dockerfile",
        )
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        cause = (error.strerror if isinstance(error, OSError) else None) or error
        return _no_dockerfile(
            Reason.UNREADABLE,
            path,
            position,
            f"the Dockerfile {file(path)} cannot be read: {cause}",
        )
    return options.read(content, file(path), None)


def is_remote(context: str) -> bool:
    """Return whether a build context is a URL, a git reference or another builder's source."""
    return "://" in context or context.startswith((*_REMOTE_PREFIXES, "service:"))


class _Options(msgspec.Struct, frozen=True):
    """The parts of ``build`` that change what a Dockerfile means."""

    build_args: dict[str, str | None]
    target: str | None
    contexts: dict[str, str]

    def read(self, content: bytes, file: str, origin: Position | None) -> DockerfileFacts:
        return read(
            content,
            file,
            build_args=self.build_args,
            target=self.target,
            contexts=self.contexts,
            origin=origin,
        )


def _read_first(path: str, name: str, read_bytes: Callable[[str], bytes]) -> bytes:
    """Return the file at ``path``; the builder takes "dockerfile" where "Dockerfile" is missing."""
    try:
        return read_bytes(path)
    except FileNotFoundError:
        if name != DEFAULT_NAME:
            raise
        return read_bytes(f"{path.removesuffix(DEFAULT_NAME)}{DEFAULT_NAME.lower()}")


def _no_dockerfile(
    reason: Reason,
    path: str,
    position: Position | None,
    message: str,
    *,
    remedy: str | None = None,
    alike: Alike | None = None,
) -> NoDockerfile:
    finding = NOT_READ.finding(position, message, remedy=remedy, alike=alike)
    return NoDockerfile(reason=reason, path=path, finding=finding)


def _text(node: nodes.Node | None) -> str | None:
    if isinstance(node, nodes.Scalar) and node.value is not None:
        return str(node.value)
    return None


def _texts(node: nodes.Node | None) -> dict[str, str | None]:
    if not isinstance(node, nodes.Mapping):
        return {}
    return {name: _text(value) for name, value in node.entries.items()}
