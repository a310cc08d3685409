"""
Certificates and keys that a program is told to read, from a folder that is empty here.

A team keeps them out of its repository, so the folder that Compose mounts is empty, or not there.
In the cluster it is a claim that starts empty, and a program that reads its certificate at the
start does not start.  Only the team has the files: a question names those that its configuration,
its command and its settings name.  Folders that another service writes to, as one that makes the
certificates does, are left alone, and so are those that the program itself may fill.
"""

import posixpath
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Document
from mooring.app.workloads import Container, Workload
from mooring.compose.nodes import Mapping
from mooring.decisions import OpenQuestion
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.bound import shown_path
from mooring.translate.surroundings import Kind, Surroundings
from mooring.translate.view import ServiceView, field, items, text, truth

_FILE = LazyPattern(
    r"(?<![\w.$*{}-])(/[\w./@+-]+\.(?:pem|crt|cer|cert|key|p12|pfx|jks|keystore|htpasswd))(?![\w.-])"
)
_ENDINGS = (".pem", ".crt", ".cer", ".cert", ".key", ".p12", ".pfx", ".jks", "keystore", "htpasswd")


class _Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of the project at ``target`` of a container."""

    source: str
    target: str
    read_only: bool
    position: Position | None


def questions(
    application: Application,
    views: ReadOnly[str, ServiceView],
    around: Surroundings,
    project_directory: str,
) -> Iterator[OpenQuestion]:
    """Yield a question for each container that reads files which nobody has put there."""
    writers = _writers(views)
    texts = {document.name: document for document in application.documents}
    for part in application.parts:
        for container in part.containers if isinstance(part, Workload) else ():
            view = views.get(container.source_name)
            if view is None:
                continue
            folders = [
                one
                for one in _folders(view, project_directory)
                if (one.read_only or _only_reads(view))
                and not writers.get(one.source, set()) - {view.name}
            ]
            if not folders:
                continue
            said = list(_said(container, texts))
            for folder in folders:
                missing = list(_missing(folder, said, around))
                if missing:
                    yield _question(view, folder, missing, project_directory)


def _question(
    view: ServiceView, folder: _Folder, missing: list[str], directory: str
) -> OpenQuestion:
    names = [posixpath.join(folder.target, one) for one in missing]
    files = [shown_path(posixpath.join(folder.source, one), directory) for one in missing]
    is_one = len(missing) == 1
    return OpenQuestion(
        subject=f"services.{view.name}.volumes",
        question=f"it is told to read {' and '.join(names)}, and "
        f"{shown_path(folder.source, directory)} has no such file{'' if is_one else 's'}: it may "
        "not start without",
        answer=f"put {' and '.join(files)} there and convert again",
        position=folder.position,
    )


def _only_reads(view: ServiceView) -> bool:
    """Tell whether the program is one that never makes its certificates itself."""
    family = view.known.family if view.known is not None else None
    return family is not None and family.name in _READERS


_READERS = frozenset({"nginx", "nginx-unprivileged", "openresty", "haproxy", "httpd", "envoy"})


def _folders(view: ServiceView, directory: str) -> Iterator[_Folder]:
    for _, node in items(view.get("volumes")):
        if not isinstance(node, Mapping) or text(node.entries["type"]) != "bind":
            continue
        source, target = field(node, "source"), field(node, "target")
        if source is None or target is None:
            continue
        path = text(source)
        if path == directory or not path.startswith(f"{directory.rstrip('/')}/"):
            continue
        yield _Folder(
            source=path,
            target=posixpath.normpath(text(target)),
            read_only=truth(field(node, "read_only")),
            position=node.position,
        )


def _writers(views: ReadOnly[str, ServiceView]) -> dict[str, set[str]]:
    """Return the services that may write to each folder that is bound."""
    found: dict[str, set[str]] = {}
    for view in views.values():
        for _, node in items(view.get("volumes")):
            source = field(node, "source") if isinstance(node, Mapping) else None
            if source is not None and not truth(field(node, "read_only")):
                found.setdefault(text(source), set()).add(view.name)
    return found


def _said(container: Container, documents: ReadOnly[str, Document]) -> Iterator[str]:
    """Yield the texts that the container is told."""
    for setting in container.settings:
        value = setting.value
        yield value.reveal() if isinstance(value, Sensitive) else value
    yield from container.process.entrypoint or ()
    yield from container.process.arguments or ()
    for mount in container.documents:
        for path, content in documents[mount.document].files.items():
            if mount.file is not None and path != mount.file:
                continue
            raw = content.reveal() if isinstance(content, Sensitive) else content
            if any(ending.encode() in raw for ending in _ENDINGS):
                yield "\n".join(
                    line
                    for line in raw.decode("utf-8", "replace").splitlines()
                    if not line.lstrip().startswith(("#", "//", ";"))
                )


def _missing(folder: _Folder, said: Iterable[str], around: Surroundings) -> Iterator[str]:
    """Yield the files below ``folder`` that are named and are not there, each once."""
    seen: set[str] = set()
    for words in said:
        if folder.target not in words:
            continue
        for found in _FILE.finditer(words):
            path = posixpath.normpath(found[1])
            if not path.startswith(f"{folder.target}/"):
                continue
            name = path[len(folder.target) + 1 :]
            if (
                name not in seen
                and around.kind(posixpath.join(folder.source, name)) is Kind.MISSING
            ):
                seen.add(name)
                yield name
