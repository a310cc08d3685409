"""
Relative paths made absolute, below the directory of the project.

Which attributes are paths is a table.  Three kinds differ: a build context may also be a URL or
another service, a bind source or file may be an absolute path of Windows, and anything else is a
path of this machine.  An absolute path stays as it is written.

Source: Compose Specification ("relative paths ... from the project directory"); the table and the
edges are compose-go's.
"""

import os
from collections.abc import Callable

from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.compose.rewriting import Rule, each, record, rewritten
from mooring.errors import InputError

_REMOTE_CONTEXTS = ("https://", "http://", "git://", "ssh://", "github.com/", "git@", "service:")


def resolve(root: Mapping, base: str, *, home: str | None = None) -> Mapping:
    """
    Return the canonical ``root`` with its relative paths made absolute below ``base``.

    ``home`` is what a leading ``~`` means; without it, ``~`` stays as written.  A relative ``base``
    gives paths relative to where ``base`` is, as files that are extended need it.

    Raises:
        InputErrors: bind mounts without a source; all of them at once.
    """
    return rewritten(root, _rules(base, home))


def clean(path: str) -> str:
    """Return the shortest path that means the same: no ``.``, no ``..`` inside, no double ``/``."""
    if path.startswith("/"):
        # A double slash in front is one root here, unlike in os.path.
        return "/" + os.path.normpath(path).lstrip("/")
    return os.path.normpath(path) if path else "."


def join(directory: str, path: str) -> str:
    """Return ``path`` below ``directory``, in its shortest form; two empty ones are empty."""
    joined = f"{directory}/{path}" if directory and path else directory or path
    return clean(joined) if joined else ""


def is_windows_absolute(path: str) -> bool:
    r"""Return whether ``path`` is absolute on Windows: ``C:\data``, ``\\server\share``."""
    if path[:1] in ("\\", "/"):
        return path[1:2] in ("\\", "/")
    return path[1:2] == ":" and path[2:3] in ("\\", "/") and path[2:3] != ""


def expand_home(path: str, home: str | None) -> str:
    """Return ``path`` with ``home`` in place of a leading ``~``."""
    if path.startswith("~") and home is not None:
        return join(home, path[1:])
    return path


def _rules(directory: str, home: str | None) -> Rule:
    """Return the table of what is a path, for paths that begin at ``directory``."""

    def local(path: str) -> str:
        path = expand_home(path, home)
        return path if not path or path.startswith("/") else join(directory, path)

    def local_or_windows(path: str) -> str:
        path = expand_home(path, home)
        if path.startswith("/") or is_windows_absolute(path):
            return path
        return join(directory, path)

    def context(path: str) -> str:
        is_remote = "://" in path or path.startswith(_REMOTE_CONTEXTS)
        return path if is_remote else local(path)

    any_path = _text(local)
    any_file = _text(local_or_windows)
    source = record({"source": any_file})

    def mount(node: Node) -> Node:
        if not _says(node, "type", "bind"):
            return node
        if isinstance(node, Mapping) and "source" not in node.entries:
            raise InputError(
                "a bind mount has no source",
                position=node.position,
                remedy="add what is mounted, as in source: ./data",
            )
        return source(node)

    bind_in_disguise = record({"driver_opts": record({"device": any_file})})

    def volume(node: Node) -> Node:
        """The local driver binds a directory where its options say ``o: bind``."""
        options = node.get("driver_opts") if isinstance(node, Mapping) else None
        is_bind = options is not None and _says(options, "o", "bind")
        return bind_in_disguise(node) if is_bind and _says(node, "driver", "local") else node

    container: dict[str, Rule] = {
        "env_file": each(record({"path": any_path})),
        "label_file": each(any_path),
        "volumes": each(mount),
    }
    workload: dict[str, Rule] = {
        **container,
        "build": record(
            {
                "additional_contexts": each(_text(context)),
                "context": _text(context),
                "ssh": each(any_file),
            }
        ),
        "extends": record({"file": any_path}),
    }
    service: dict[str, Rule] = {
        **workload,
        "develop": record(
            {"watch": each(record({"path": _text(lambda path: _followed(local(path)))}))}
        ),
        "pre_start": each(record(container)),
    }
    file = each(record({"file": any_file}))
    return record(
        {
            "configs": file,
            "jobs": each(record(workload)),
            "secrets": file,
            "services": each(record(service)),
            "volumes": each(volume),
        }
    )


def _text(change: Callable[[str], str]) -> Rule:
    def rewrite(node: Node) -> Node:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return node
        changed = change(node.value)
        return node if changed == node.value else Scalar(changed, node.position, node.variables)

    return rewrite


def _says(node: Node, name: str, text: str) -> bool:
    found = node.get(name) if isinstance(node, Mapping) else None
    return isinstance(found, Scalar) and found.value == text


def _followed(path: str) -> str:
    """Return ``path`` with its first symbolic link replaced by where that leads."""
    current = "/"
    for part in path.split("/"):
        current = os.path.join(current, part)
        if os.path.islink(current):
            return path.replace(current, os.path.realpath(current), 1)
    return path
