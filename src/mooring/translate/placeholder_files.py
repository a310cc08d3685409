"""
Secret files of which the content stands for another one: a key file that says `placeholder`.

The file is there, so that the stack starts on the author's machine, and what it holds was never
meant.  What is a line, as a password or a shared key, is asked for as a line among the values of
the environment.  A certificate or a key store is none, whatever stands in its place, and is asked
for as a file.
"""

import posixpath
from collections.abc import Iterator, Set

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Document
from mooring.app.workloads import all_containers
from mooring.decisions import SECRETS, OpenQuestion
from mooring.kube.names import config_key
from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.secrecy import is_placeholder_file, is_secret_file

_FILES = (
    ".pem", ".crt", ".cer", ".key", ".p12", ".pfx", ".jks", ".keystore", ".truststore", ".kdbx",
    ".ppk", "id_rsa", "id_ed25519", "id_ecdsa", "htpasswd",
)  # fmt: skip
"""How the names of files end that hold more than a line."""


def to_be_answered(document: Document, *paths: str) -> Document:
    """
    Return ``document`` in the form in which it is asked for, where it is a placeholder or missing.

    ``paths`` are where its file comes from and where it is mounted.
    """
    if not document.is_secret or len(document.files) != 1:
        return document
    ((name, content),) = document.files.items()
    raw = _raw(content)
    if raw.strip() and not is_placeholder_file(raw):
        return document
    if any(path.lower().endswith(_FILES) for path in (name, *paths)):
        return msgspec.structs.replace(document, needs_file=True)
    line = raw.strip()
    if b"\n" in line or line == raw:
        return document
    return msgspec.structs.replace(document, files={name: Sensitive(line)})


def questions(application: Application, granted: Set[str]) -> Iterator[OpenQuestion]:
    """
    Yield a question for each service that is given such a file.

    ``granted`` are the documents of Compose's secrets, which are asked for where they are read but
    for those that need a file.
    """
    documents = {one.name: one for one in application.documents if _may_be_asked(one)}
    for part in application.parts:
        for container in all_containers(part):
            for mount in container.documents:
                document = documents.get(mount.document)
                if document is None:
                    continue
                is_granted = document.name in granted
                if is_granted and not document.needs_file:
                    continue
                for path, content in document.files.items():
                    raw = _raw(content)
                    is_empty = is_granted and not raw.strip()
                    if is_empty or _is_placeholder(document, path, raw):
                        at = mount.position or document.position
                        yield _question(container.source_name, document, path, at)


def _may_be_asked(document: Document) -> bool:
    if not document.is_secret or document.external_name is not None:
        return False
    # That a file is missing which is mounted by its path is asked where the mount is read.
    return not document.missing or document.needs_file


def _is_placeholder(document: Document, path: str, content: bytes) -> bool:
    if not is_placeholder_file(content):
        return False
    return len(document.files) == 1 or is_secret_file(path, b"")


def _question(
    service: str, document: Document, path: str, position: Position | None
) -> OpenQuestion:
    subject = f"services.{service}.volumes.{document.name}"
    if document.single_line is not None:
        return OpenQuestion(
            subject=subject,
            question="the secret is a placeholder or a default that everybody knows",
            answer=f"{config_key(path)}=<value> in environments/<environment>/secrets.env",
            position=position,
            several=SECRETS,
        )
    key = config_key(path.replace("/", "__"))
    name = posixpath.basename(path)
    return OpenQuestion(
        subject=subject,
        question=f"it has no content: {document.missing[0]}"
        if document.missing
        else f"the file {name} is a placeholder",
        answer=f"put the file at environments/<environment>/secrets/{document.name}/{key}",
        position=position,
    )


def _raw(content: bytes | Sensitive[bytes]) -> bytes:
    return content.reveal() if isinstance(content, Sensitive) else content
