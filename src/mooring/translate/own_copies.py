"""
Mounted files of which a container needs a copy of its own.

Compose mounts the author's own files, with their owner and mode, and without `:ro` the container
may change them.  What a cluster ships belongs to root and is read-only.  Where that matters, the
container gets a copy: where mooring.yaml says so; where the image is known to take such a file only
from its own user, or to rewrite it; where the command, or the script that starts the image, changes
the file; and for a folder that is mounted writable into an image of which nobody here knows what it
does with it, as entrypoints like to write the final settings beside their template.
"""

import posixpath

import msgspec

from mooring.app.configuration import DocumentMount
from mooring.app.process import Process
from mooring.decisions import Decision, Evidence
from mooring.images.facts import ImageFamily, OwnFile
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices, MountChoice
from mooring.sources import Position
from mooring.translate.mounts import Mounts
from mooring.translate.notes import Translated
from mooring.translate.surroundings import Kind, Surroundings
from mooring.translate.view import ServiceView, field, items, text, truth

_LARGEST_SCRIPT = 256 * 1024
_CHANGES = LazyPattern(
    r"\bsed\s(?:[^\n;|&]*\s)?(?:-[a-zA-Z]*i|--in-place)|\bch(?:own|mod|grp)\s|\btee\s"
)
"""A program that changes the files which it is given."""
_LAST_WORD = LazyPattern(r"\b(?:cp|mv|install|ln)\s[^\n;|&]*?\s[\"']?(\S+?)[\"']?\s*$")


class _Why(msgspec.Struct, frozen=True):
    """Why a copy is needed, and the mode that it has to have."""

    evidence: Evidence
    mode: int | None = None


def with_own_copies(
    mounts: Mounts,
    service: ServiceView,
    process: Process,
    choices: Choices,
    surroundings: Surroundings,
) -> Translated[Mounts]:
    """Return ``mounts`` of ``service`` with copies of the files that it owns or changes."""
    if not mounts.document_mounts:
        return Translated(mounts)
    chosen = choices.service(service.name).mounts
    writable = _writable_folders(service)
    scripts: tuple[_Script, ...] | None = None
    decisions: list[Decision] = []
    changed: list[DocumentMount] = []
    for mount in mounts.document_mounts:
        choice = chosen.get(mount.path)
        why: _Why | None = None
        if choice is None:
            if scripts is None:
                scripts = _scripts(service, process, mounts, surroundings)
            why = (
                _of_catalogue(mount, service, process)
                or _changed_by(mount, scripts)
                or _writable_folder(mount, service, writable)
            )
        if why is None and choice is not MountChoice.COPY:
            changed.append(mount)
            continue
        mode = why.mode if why is not None and why.mode is not None else mount.mode
        changed.append(msgspec.structs.replace(mount, own_copy=True, mode=mode))
        if why is not None:
            decisions.append(_decision(service, mount, why))
    if all(mount is before for mount, before in zip(changed, mounts.document_mounts, strict=True)):
        return Translated(mounts)
    return Translated(
        msgspec.structs.replace(mounts, document_mounts=tuple(changed)), tuple(decisions)
    )


def _decision(service: ServiceView, mount: DocumentMount, why: _Why) -> Decision:
    return Decision(
        subject=f"services.{service.name}",
        topic="copy",
        choice=f"{mount.path} is a copy that belongs to its process, made when the pod starts",
        evidence=(why.evidence,),
        overrule=f"services: {{{service.name}: {{mounts: {{{mount.path}: configuration}}}}}}",
    )


def _of_catalogue(mount: DocumentMount, service: ServiceView, process: Process) -> _Why | None:
    """Return why the image takes the file only as its own, as its entry in the catalogue says."""
    family = service.known.family if service.known is not None else None
    if family is None:
        return None
    for fact in family.own_files:
        if mount.path in _paths(fact, service, process):
            said = f"{family.name}: {fact.purpose} ({family.sources[fact.source]})"
            mode = int(fact.mode, 8) if fact.mode is not None else None
            return _Why(Evidence(said, service.position("image")), mode)
    return None


def _paths(fact: OwnFile, service: ServiceView, process: Process) -> set[str]:
    """Return the paths of which ``fact`` speaks in this service."""
    words = (*(process.entrypoint or ()), *(process.arguments or ()))
    found = {fact.path} if fact.path is not None else set()
    if fact.option is not None:
        for word, after in zip(words, (*words, "")[1:], strict=True):
            if word == fact.option:
                found.add(after)
            elif word.startswith(f"{fact.option}="):
                found.add(word.removeprefix(f"{fact.option}="))
    if fact.setting is not None and fact.setting in service.environment:
        found.add(service.environment[fact.setting].value or "")
    if fact.word is not None and any(posixpath.basename(word) == fact.word for word in words):
        found.update(words)
    return found


class _Script(msgspec.Struct, frozen=True):
    """A text that a shell runs in the container, and what it is called."""

    text: str
    name: str
    position: Position | None


def _scripts(
    service: ServiceView, process: Process, mounts: Mounts, surroundings: Surroundings
) -> tuple[_Script, ...]:
    """Return what the container runs, as far as it can be read here."""
    words = (*(process.entrypoint or ()), *(process.arguments or ()))
    position = service.position("command")
    found = [_Script("\n".join(words), "its command", position)] if words else []
    for mount in mounts.document_mounts:
        document = mounts.documents[mount.document]
        for name, content in document.files.items():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            if raw.startswith(b"#!") and len(raw) <= _LARGEST_SCRIPT:
                found.append(_Script(raw.decode("utf-8", "replace"), name, document.position))
    found.extend(_of_build(service, process, surroundings))
    return tuple(found)


def _of_build(service: ServiceView, process: Process, surroundings: Surroundings) -> list[_Script]:
    """Return the script that starts the image, where its Dockerfile copies it from the context."""
    facts = service.image_facts
    build = service.get("build")
    context = field(build, "context") if build is not None else None
    if facts is None or context is None:
        return []
    lines = (
        facts.entrypoint.words if facts.entrypoint and process.entrypoint is None else (),
        facts.command.words if facts.command and process.arguments is None else (),
        process.entrypoint or (),
        process.arguments or (),
    )
    names = {posixpath.basename(word) for words in lines for word in words if "/" in word}
    names |= {word for words in lines for word in words if word.endswith(".sh")}
    found: dict[str, _Script] = {}
    for copy in facts.copies:
        for source in copy.sources if copy.stage is None else ():
            for name in names:
                path = _copied_from(posixpath.join(text(context), source), name, surroundings)
                if path is None or path in found:
                    continue
                content = surroundings.file(path).content
                if content is not None and content.startswith(b"#!"):
                    script = content[:_LARGEST_SCRIPT].decode("utf-8", "replace")
                    found[path] = _Script(script, name, copy.position)
    return list(found.values())


def _copied_from(source: str, name: str, surroundings: Surroundings) -> str | None:
    """Return the path of the file ``name`` that ``source`` is, or holds."""
    source = posixpath.normpath(source)
    kind = surroundings.kind(source)
    if kind is Kind.FILE:
        return source if posixpath.basename(source) == name else None
    path = posixpath.join(source, name)
    return path if kind is Kind.FOLDER and surroundings.kind(path) is Kind.FILE else None


def _changed_by(mount: DocumentMount, scripts: tuple[_Script, ...]) -> _Why | None:
    """Return the script that changes the file, or a file of the folder, at the mount's path."""
    for script in scripts:
        if mount.path not in script.text:
            continue
        for line in script.text.splitlines():
            if mount.path in line and _changes(line, mount.path, folder=mount.file is None):
                return _Why(Evidence(f"{script.name} changes it", script.position))
    return None


def _changes(line: str, path: str, *, folder: bool) -> bool:
    start = line.find(path)
    after = line[start + len(path) :]
    if after[:1] not in {"", " ", '"', "'", ";", ")", "&", "|"} and not (
        folder and after.startswith("/")
    ):
        return False
    before = line[:start].rstrip("\"' ")
    if before.endswith(">") and not before.endswith("->"):
        return True
    if _CHANGES.search(line[:start]):
        return True
    last = _LAST_WORD.search(line)
    return last is not None and (last[1] == path or (folder and last[1].startswith(f"{path}/")))


def _writable_folders(service: ServiceView) -> set[str]:
    """Return the targets of bind mounts of the service to which it may write."""
    found: set[str] = set()
    for _, node in items(service.get("volumes")):
        kind, target = field(node, "type"), field(node, "target")
        is_bind = kind is not None and text(kind) == "bind"
        if is_bind and target is not None and not truth(field(node, "read_only")):
            found.add(posixpath.normpath(text(target)))
    return found


def _writable_folder(mount: DocumentMount, service: ServiceView, writable: set[str]) -> _Why | None:
    """Return why a folder is written to: the catalogue says so, or nobody knows better."""
    if mount.file is not None or mount.path not in writable:
        return None
    position = mount.position
    if service.known is None:
        said = "it is mounted writable, and nobody here knows what its image does with it"
        return _Why(Evidence(said, position))
    purpose = _purpose(service.known.family, mount.path)
    if purpose is None:
        return None
    return _Why(Evidence(f"{service.known.family.name} writes there: {purpose}", position))


def _purpose(family: ImageFamily, path: str) -> str | None:
    """Return what the image writes at or below ``path``, or None where it writes nothing."""
    places = {fact.path: fact.purpose for fact in family.writable}
    places.update((fact.path, fact.holds) for fact in family.data)
    return next(
        (
            purpose
            for place, purpose in places.items()
            if f"{place}/".startswith(f"{path}/") or f"{path}/".startswith(f"{place}/")
        ),
        None,
    )
