"""
Files of an image that name what has another name in the cluster, and how they are laid over.

An image is built before anybody converts anything, so what lies in it keeps the old names, and
Docker's name server.  A file that the Dockerfile copies from the project is known in full: the
rewritten one is mounted over it.  nginx's own configuration is laid over without asking, because a
host that it cannot find keeps it from starting; of other files the finding names the line that
does the same.
"""

import posixpath
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.configuration import Document, DocumentMount
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.kube.names import label
from mooring.patterns import LazyPattern
from mooring.settings.choices import Choices, ImageFileChoice
from mooring.translate.notes import Note, Translated
from mooring.translate.reverse_proxy.config import ConfigFile
from mooring.translate.reverse_proxy.nginx_hosts import DOCKERS_RESOLVER, Hosts, hosts_in
from mooring.translate.service import TranslatedService

NAME_IN_IMAGE = Rule(id="old-name-in-image", severity=Severity.WARNING, since="0.1")
RESOLVER_IN_IMAGE = Rule(id="docker-resolver-in-image", severity=Severity.WARNING, since="0.1")

_AS_HOST = r"(?:(?<=//)|(?<=@)){0}(?![\w.-])|(?<![\w.-]){0}(?=:\d)"


def with_overlaid_files(
    translated: ReadOnly[str, TranslatedService],
    files: ReadOnly[str, tuple[ConfigFile, ...]],
    *,
    old_names: ReadOnly[str, str],
    names: ReadOnly[str, str],
    choices: Choices,
) -> Translated[dict[str, TranslatedService]]:
    """
    Return ``translated`` with the baked ones of ``files``, by service, laid over where they must.

    ``old_names`` have another name in the cluster, ``names`` lead to a service.
    """
    done = dict(translated)
    notes: list[Note] = []
    for name, some in files.items():
        if name not in translated:
            continue
        chosen = choices.service(name).image_files
        overlaid: list[ConfigFile] = []
        for file in some:
            if not file.baked:
                continue
            hosts = hosts_in(file.text)
            faults = tuple(_faults(file, hosts, old_names, names))
            choice = chosen.get(file.path)
            wanted = choice is ImageFileChoice.REWRITE or (choice is None and hosts is not None)
            if faults and wanted:
                overlaid.append(file)
                notes.append(_decision(name, file, faults))
            elif faults:
                notes.extend(_findings(name, file, faults))
        if overlaid:
            done[name] = _with_documents(translated[name], overlaid)
    return Translated(done, tuple(notes))


class _Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What a file names, in which line, and what it is in the cluster; "" where nothing is."""

    line: int
    says: str
    becomes: str


def _faults(
    file: ConfigFile, hosts: Hosts | None, old_names: ReadOnly[str, str], names: ReadOnly[str, str]
) -> Iterator[_Fault]:
    if hosts is None:
        for old, new in old_names.items():
            found = LazyPattern(_AS_HOST.format(_escaped(old))).search(file.text)
            if found is not None:
                line = file.text.count("\n", 0, found.start()) + 1
                yield _Fault(line=line, says=old, becomes=new)
        return
    for resolver in hosts.resolvers:
        yield _Fault(line=resolver.line, says=DOCKERS_RESOLVER, becomes="the cluster's DNS")
    told: set[str] = set()
    for host in hosts.hosts:
        name = host.host.lower()
        if name in told or name not in names:
            continue
        if name in old_names:
            told.add(name)
            yield _Fault(line=host.line, says=host.host, becomes=old_names[name])
        elif host.looked_up:
            told.add(name)
            yield _Fault(line=host.line, says=host.host, becomes="its whole name")


def _escaped(name: str) -> str:
    return name.replace(".", r"\.")


def _with_documents(service: TranslatedService, files: list[ConfigFile]) -> TranslatedService:
    documents = dict(service.documents)
    mounts = list(service.container.documents)
    for file in files:
        key = posixpath.basename(file.path)
        identity = f"image:{service.source_name}:{file.path}"
        documents[identity] = Document(
            name=label(f"{service.part.name}-{key.replace('.', '-')}"),
            files={key: file.text.encode()},
            position=file.position,
        )
        mounts.append(
            DocumentMount(document=identity, path=file.path, file=key, position=file.position)
        )
    container = msgspec.structs.replace(service.container, documents=tuple(mounts))
    return msgspec.structs.replace(service, container=container, documents=documents)


def _decision(name: str, file: ConfigFile, faults: tuple[_Fault, ...]) -> Decision:
    return Decision(
        subject=f"services.{name}",
        topic="file of the image",
        choice=f"{file.shown}, which the image has at {file.path}, is mounted over it as the "
        "cluster needs it",
        evidence=tuple(
            Evidence(f"it names {one.says}, which is {one.becomes}", file.at(one.line))
            for one in faults
        ),
        overrule=f"services: {{{name}: {{image_files: {{{file.path}: keep}}}}}}",
    )


def _findings(name: str, file: ConfigFile, faults: tuple[_Fault, ...]) -> Iterator[Note]:
    for one in faults:
        rule = RESOLVER_IN_IMAGE if one.says == DOCKERS_RESOLVER else NAME_IN_IMAGE
        yield rule.finding(
            file.at(one.line),
            f'the image of service "{name}" has {file.shown} at {file.path}, which names '
            f"{one.says}: in the cluster that is {one.becomes}",
            remedy=f"services: {{{name}: {{image_files: {{{file.path}: rewrite}}}}}} mounts a "
            "rewritten one over it",
        )
