"""
Files that a service is granted: `configs` and `secrets`.

## What it means
Compose puts each granted config at `/<name>` and each secret at `/run/secrets/<name>`, or at the
target that is given, as a single file.

## What it becomes
Each config a ConfigMap and each secret a Secret, mounted with `subPath` at exactly that path, so
that `*_FILE` settings and entrypoints keep working and the folder around stays the image's.
Secret values stay out of the committed tree.  External ones are referred to by their name, with
one key of the same name.

## What is lost
`uid` and `gid`: files of a ConfigMap or Secret belong to root; `mode` is kept.
A single line break at the end of a one-line secret is cut: it would become a part of the
password wherever the value is read as a whole.

## References
- https://docs.docker.com/reference/compose-file/services/#secrets
- https://kubernetes.io/docs/concepts/configuration/secret/
"""

import posixpath
from collections.abc import Mapping as AnyMapping
from typing import TypeAlias

import msgspec

from mooring.app.configuration import Document, DocumentMount
from mooring.compose.nodes import Mapping, Node
from mooring.decisions import SECRETS, OpenQuestion
from mooring.kube.names import config_key, label
from mooring.sensitive import Sensitive
from mooring.translate.copied_secrets import secret_in, told
from mooring.translate.mounts import Mounts, joined
from mooring.translate.named_volumes import external_name
from mooring.translate.notes import Note, Translated, carried, dropped
from mooring.translate.placeholder_files import to_be_answered
from mooring.translate.secrecy import is_placeholder, is_secret_file
from mooring.translate.surroundings import FoundFile
from mooring.translate.view import ServiceView, field, items, text, truth, whole

ATTRIBUTES = ("configs", "secrets")

_LONGEST_PASSWORD = 512
_Result: TypeAlias = tuple[Mounts, list[Note]]


class Grants(msgspec.Struct, frozen=True, kw_only=True):
    """
    The top-level configs and secrets, and what stands behind them.

    ``files`` holds the files that they name by absolute path (None: not there or unreadable);
    ``variables`` the values of those that are taken from a variable, by element and name;
    ``held`` the secret values of settings, each with the service and the setting.
    """

    configs: Mapping
    secrets: Mapping
    files: AnyMapping[str, FoundFile | None]
    variables: AnyMapping[tuple[str, str], str]
    held: AnyMapping[str, tuple[str, str]] = {}


def translate(service: ServiceView, grants: Grants) -> Translated[Mounts]:
    """Return the granted files of the service's container as documents and their mounts."""
    parts: list[Mounts] = []
    notes: list[Note] = []
    for attribute, definitions in (("configs", grants.configs), ("secrets", grants.secrets)):
        for index, node in items(service.get(attribute)):
            mounts, said = _granted(service, attribute, index, node, definitions, grants)
            parts.append(mounts)
            notes.extend(said)
    return Translated(joined(parts), tuple(notes))


def _granted(
    service: ServiceView,
    attribute: str,
    index: int,
    node: Node,
    definitions: Mapping,
    grants: Grants,
) -> _Result:
    is_secret = attribute == "secrets"
    path = service.path(attribute, index)
    source = text(found) if (found := field(node, "source")) is not None else ""
    folder = "/run/secrets" if is_secret else "/"
    target = text(found) if (found := field(node, "target")) is not None else source
    mode = field(node, "mode")
    document = document_of(source, definitions.get(source), is_secret=is_secret, grants=grants)
    identity = f"{attribute}:{source}"
    mount = DocumentMount(
        document=identity,
        path=posixpath.normpath(posixpath.join(folder, target)),
        file=next(iter(document.files), config_key(source)),
        mode=_mode(mode),
        position=node.position,
    )
    kind = "Secret" if document.is_secret else "ConfigMap"
    notes: list[Note] = [carried(path, f"{kind}.data; container.volumeMounts.subPath")]
    notes.extend(
        dropped((*path, name), "files of a ConfigMap or Secret belong to root")
        for name in ("uid", "gid")
        if field(node, name) is not None
    )
    if document.is_secret and not is_secret:
        for content in document.files.values():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            holder = secret_in(raw, grants.held)
            if holder is not None:
                notes.append(told(f"configs.{source}", "it", holder, document.position))
    question = _question(document, is_secret=is_secret)
    # What is no line is asked for as a file, once all files are known.
    if question is not None and not document.needs_file:
        notes.append(
            OpenQuestion(
                subject=f"{attribute}.{source}",
                question=question,
                answer=f"{mount.file}=<value> in environments/<environment>/secrets.env"
                if is_secret
                else "give it its content, and convert again",
                position=document.position,
                several=SECRETS if is_secret else "",
            )
        )
    return Mounts(documents={identity: document}, document_mounts=(mount,)), notes


def _question(document: Document, *, is_secret: bool) -> str | None:
    """Return what is open about a document: no content, or one that nobody can mean."""
    if document.missing:
        return f"it has no content: {document.missing[0]}"
    if not is_secret or document.external_name is not None:
        return None
    for content in document.files.values():
        raw = content.reveal() if isinstance(content, Sensitive) else content
        if len(raw) < _LONGEST_PASSWORD and is_placeholder(raw.decode("utf-8", "replace")):
            return "the secret is empty, a placeholder or a default that everybody knows"
    return None


def _mode(node: Node | None) -> int | None:
    if node is None:
        return None
    given = text(node)
    return int(given, 8) if given.startswith("0") and not given.startswith("0o") else whole(node)


def document_of(name: str, definition: Node | None, *, is_secret: bool, grants: Grants) -> Document:
    """
    Return the document that the top-level config or secret ``name`` stands for.

    Its content comes from a file, from a text in the Compose file, or from a variable.
    """
    key = config_key(name)
    position = definition.position if definition is not None else None
    content = b""
    missing: tuple[str, ...] = ()
    external: str | None = None
    origin = ""
    if isinstance(definition, Mapping) and truth(field(definition, "external")):
        external = external_name(name, definition)
    elif definition is not None and (inline := field(definition, "content")) is not None:
        content = text(inline).encode()
    elif definition is not None and (variable := field(definition, "environment")) is not None:
        value = grants.variables.get(("secrets" if is_secret else "configs", name))
        if not value:
            missing = (f"the variable {text(variable)} is not set",)
        content = (value or "").encode()
    elif definition is not None and (file := field(definition, "file")) is not None:
        found = grants.files.get(text(file))
        origin = posixpath.basename(text(file))
        if found is None:
            missing = (f"the file {origin} is not there",)
        elif found.content is None:
            missing = (
                f"the file {origin} cannot be read, or is too large for the cluster to hold",
            )
        else:
            content = found.content
    is_copy = not is_secret and secret_in(content, grants.held) is not None
    secret = is_secret or is_copy or is_secret_file("", content)
    if secret and content.count(b"\n") == 1 and content.endswith(b"\n"):
        content = content.removesuffix(b"\n").removesuffix(b"\r")
    document = Document(
        name=label(name),
        files={} if external else {key: Sensitive(content) if secret else content},
        is_secret=secret,
        external_name=external,
        missing=missing,
        position=position,
    )
    return to_be_answered(document, origin) if secret else document
