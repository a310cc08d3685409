"""
The files of a proxy's configuration: in mounts, in granted configs, and in what its image is built
from.

A mounted file hides the one that the image has at its place.
"""

import fnmatch
import posixpath
from collections.abc import Iterator

from mooring.compose.dockerfile.facts import Copy
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.sources import Position
from mooring.translate.reverse_proxy.config import ConfigFile
from mooring.translate.reverse_proxy.programs import Around
from mooring.translate.surroundings import Kind
from mooring.translate.view import ServiceView, field, items, text

_OF_NGINX = ("/etc/nginx/", "/usr/local/openresty/nginx/conf/", "/opt/bitnami/nginx/conf/")
_OF_CADDY = ("/etc/caddy/",)
_ANY = ""
"""In place of a program: files of any."""

_SUFFIXES = (".conf", ".cfg", ".cnf", ".ini", ".yaml", ".yml", ".toml", ".env", ".properties",
             ".template", ".tmpl", ".sh", ".xml")  # fmt: skip
_NOT_READ = frozenset({"node_modules", ".git", "vendor", "test", "tests", "docs", ".github"})
_LARGEST = 256 * 1024
_REMOTE = ("://", "git@")


def config_files(view: ServiceView, program: str, around: Around) -> tuple[ConfigFile, ...]:
    """Return the files of the configuration, each path once; what is mounted wins."""
    found: dict[str, ConfigFile] = {}
    for file in _baked(view, program, around):
        found[file.path] = file
    for file, hides in (*_mounted(view, program, around), *_granted(view, program, around)):
        for path in [path for path in found if hides and path.startswith(hides)]:
            if found[path].baked:
                del found[path]
        found[file.path] = file
    return tuple(found[path] for path in sorted(found))


def texts_of_image(view: ServiceView, around: Around) -> tuple[ConfigFile, ...]:
    """Return the files of settings and the scripts that the Dockerfile copies into the image."""
    return tuple(_baked(view, _ANY, around))


def _is_config(path: str, content: str, program: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    if program == _ANY:
        return name.endswith(_SUFFIXES) and not _NOT_READ.intersection(path.split("/"))
    if program == "caddy":
        return path.startswith(_OF_CADDY) or "Caddyfile" in name
    if path.startswith(_OF_NGINX):
        return name.endswith((".conf", ".template", ".tmpl", ".inc")) or "/sites-" in path
    return name.endswith((".conf", ".template", ".tmpl")) and "server" in content


def _baked(view: ServiceView, program: str, around: Around) -> Iterator[ConfigFile]:
    """Yield the files that the Dockerfile copies out of its context."""
    build = view.get("build")
    context = field(build, "context") if isinstance(build, Mapping) else None
    facts = view.image_facts
    if facts is None or not isinstance(context, Scalar):
        return
    root = text(context)
    if any(sign in root for sign in _REMOTE):
        return
    for copy in facts.copies:
        if copy.stage is None and copy.absolute and not copy.destination.unknown:
            yield from _copied(copy, root, program, around)


_FOLDERS_OF_IMAGES = frozenset(
    {"/etc/nginx", "/etc/nginx/conf.d", "/etc/nginx/templates", "/etc/nginx/sites-enabled",
     "/etc/nginx/sites-available", "/etc/nginx/snippets", "/etc/caddy"}
)  # fmt: skip
"""Folders of images: what is copied to one, with or without a slash behind it, lies in it."""


def _copied(copy: Copy, root: str, program: str, around: Around) -> Iterator[ConfigFile]:
    to_folder = (
        copy.destination.value.endswith("/")
        or len(copy.sources) > 1
        or copy.destination.value in _FOLDERS_OF_IMAGES
    )
    for source in copy.sources:
        if source in copy.inline or "$" in source or "://" in source:
            continue
        if any(letter in source for letter in "*?["):
            yield from _matching(source, root, copy, program, around)
            continue
        path = posixpath.normpath(posixpath.join(root, source.lstrip("/")))
        destination = posixpath.normpath(copy.destination.value)
        kind = around.surroundings.kind(path)
        if kind is Kind.FILE:
            name = path.rsplit("/", 1)[-1]
            at = posixpath.join(destination, name) if to_folder else destination
            yield from _file(path, at, program, around, copy.position, baked=True)
        elif kind is Kind.FOLDER and _may_hold(destination, program):
            for name in around.surroundings.folder(path).files:
                at = posixpath.join(destination, name)
                yield from _file(
                    posixpath.join(path, name), at, program, around, copy.position, baked=True
                )


def _matching(
    pattern: str, root: str, copy: Copy, program: str, around: Around
) -> Iterator[ConfigFile]:
    """Yield the files of one folder that ``pattern`` names: `nginx/*.conf`."""
    folder, _, last = posixpath.join(root, pattern.lstrip("/")).rpartition("/")
    folder = posixpath.normpath(folder)
    if around.surroundings.kind(folder) is not Kind.FOLDER:
        return
    destination = posixpath.normpath(copy.destination.value)
    for name in around.surroundings.folder(folder).files:
        if fnmatch.fnmatchcase(name, last):
            at = posixpath.join(destination, name)
            path = posixpath.join(folder, name)
            yield from _file(path, at, program, around, copy.position, baked=True)


def _may_hold(folder: str, program: str) -> bool:
    if program == _ANY:
        return True
    places = _OF_CADDY if program == "caddy" else _OF_NGINX
    return any(f"{folder.rstrip('/')}/".startswith(place) for place in places)


def _mounted(
    view: ServiceView, program: str, around: Around
) -> Iterator[tuple[ConfigFile, str | None]]:
    for _, node in items(view.get("volumes")):
        source, target = _bind(node)
        if source is None or target is None:
            continue
        kind = around.surroundings.kind(source)
        if kind is Kind.FILE:
            for file in _file(source, target, program, around, node.position, baked=False):
                yield file, None
        elif kind is Kind.FOLDER and _may_hold(target, program):
            for name in around.surroundings.folder(source).files:
                path = posixpath.join(source, name)
                at = posixpath.join(target, name)
                for file in _file(path, at, program, around, node.position, baked=False):
                    yield file, f"{target.rstrip('/')}/"


def _bind(node: Node) -> tuple[str | None, str | None]:
    kind, source, target = field(node, "type"), field(node, "source"), field(node, "target")
    if kind is None or text(kind) != "bind" or source is None or target is None:
        return None, None
    return posixpath.normpath(text(source)), posixpath.normpath(text(target))


def _granted(
    view: ServiceView, program: str, around: Around
) -> Iterator[tuple[ConfigFile, str | None]]:
    for _, node in items(view.get("configs")):
        source = field(node, "source")
        name = text(source) if source is not None else ""
        given = field(node, "target")
        target = posixpath.normpath(posixpath.join("/", text(given) if given is not None else name))
        definition = around.configs.get(name)
        if not isinstance(definition, Mapping):
            continue
        content, file = field(definition, "content"), field(definition, "file")
        if content is not None and _is_config(target, text(content), program):
            yield (
                ConfigFile(
                    path=target,
                    shown=f"configs.{name}",
                    text=text(content),
                    baked=False,
                    position=node.position,
                ),
                None,
            )
        elif file is not None and around.surroundings.kind(text(file)) is Kind.FILE:
            for one in _file(text(file), target, program, around, node.position, baked=False):
                yield one, None


def _file(
    source: str,
    path: str,
    program: str,
    around: Around,
    position: Position | None,
    *,
    baked: bool,
) -> Iterator[ConfigFile]:
    if around.surroundings.kind(source) is not Kind.FILE:
        return
    found = around.surroundings.file(source)
    if found.content is None or len(found.content) > _LARGEST:
        return
    try:
        content = found.content.decode("utf-8")
    except UnicodeDecodeError:
        return
    if _is_config(path, content, program):
        yield ConfigFile(
            path=path,
            shown=around.shown(source),
            text=content,
            baked=baked,
            position=position,
        )
