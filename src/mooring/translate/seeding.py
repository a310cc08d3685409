"""
New volumes that Docker would fill with the files of the image.

Docker copies what an image holds at a path into the new volume that is mounted there; a claim, and
an emptyDir, start empty and hide those files.  Where a Dockerfile shows that it copies files there,
a step that runs before the others does what Docker does.  It needs a shell in the image.
"""

import posixpath

import msgspec

from mooring.app.process import Process
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.app.workloads import Container, InitialStep
from mooring.compose.dockerfile.facts import Copy, ImageFacts
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.kube.names import label
from mooring.sources import Position
from mooring.translate.mounts import Mounts
from mooring.translate.notes import Note, Translated
from mooring.translate.surroundings import Kind, Surroundings
from mooring.translate.view import ServiceView, field, items, text, truth

HIDES_FILES = Rule(id="volume-hides-files", severity=Severity.WARNING, since="0.1")

_PLACE = "/mooring/volume"
"""Where the step mounts the volume, so that the image's own files stay in sight."""
_SCRIPT = 'if [ -d "$0" ] && [ -z "$(ls -A "$1")" ]; then cp -a "$0/." "$1/"; fi'
_WITHOUT_SHELL = ("scratch", "distroless", "chainguard", "static")


def filling_steps(
    service: ServiceView,
    container: Container,
    mounts: Mounts,
    surroundings: Surroundings,
) -> Translated[tuple[InitialStep, ...]]:
    """Return the steps that fill the new volumes among ``mounts`` from the container's image."""
    facts = service.image_facts
    if facts is None or not facts.copies or not container.image.built:
        return Translated(())
    kept_empty = _kept_empty(service)
    steps: list[InitialStep] = []
    notes: list[Note] = []
    for mount in container.storage:
        if mount.path in kept_empty or not _is_new_volume(mount, mounts.storages[mount.storage]):
            continue
        found = _copy_into(mount.path, facts, _context(service), surroundings)
        if found is None:
            continue
        if not _has_shell(facts):
            notes.append(
                HIDES_FILES.finding(
                    mount.position,
                    f'service "{service.name}" mounts a new volume at {mount.path} and does not '
                    "see the files that its image holds there",
                    remedy="copy them into the volume once, or mount it elsewhere",
                )
            )
            continue
        notes.append(_decision(service, mount, found.position))
        steps.append(InitialStep(container=_step(container, mount, len(steps) + 1)))
    return Translated(tuple(steps), tuple(notes))


def _kept_empty(service: ServiceView) -> set[str]:
    """Return the targets of volumes that say `nocopy`, and of mounts that are no volumes."""
    found: set[str] = set()
    for _, node in items(service.get("volumes")):
        kind, target = field(node, "type"), field(node, "target")
        options = field(node, "volume")
        is_volume = kind is None or text(kind) == "volume"
        keeps_empty = options is not None and truth(field(options, "nocopy"))
        if target is not None and (keeps_empty or not is_volume):
            found.add(posixpath.normpath(text(target)))
    return found


def _is_new_volume(mount: StorageMount, storage: Storage) -> bool:
    return (
        storage.lifetime in {Lifetime.PERSISTENT, Lifetime.REPLICA}
        and storage.external_name is None
        and storage.share is None
        and mount.sub_path is None
    )


def _context(service: ServiceView) -> str:
    build = service.get("build")
    context = field(build, "context") if build is not None else None
    return text(context) if context is not None else ""


def _copy_into(
    target: str, facts: ImageFacts, context: str, surroundings: Surroundings
) -> Copy | None:
    """Return a copy of the Dockerfile that puts files at or below ``target``."""
    for copy in facts.copies:
        destination = posixpath.normpath(copy.destination.value)
        if not copy.absolute or destination == "/":
            continue
        if destination == target or destination.startswith(f"{target}/"):
            return copy
        if target.startswith(f"{destination}/"):
            inside = target[len(destination) + 1 :]
            if copy.stage is not None or _holds(copy, context, inside, surroundings):
                return copy
    return None


def _holds(copy: Copy, context: str, inside: str, surroundings: Surroundings) -> bool:
    """Tell whether a folder among the sources of ``copy`` has a folder ``inside``."""
    return any(
        surroundings.kind(posixpath.normpath(posixpath.join(context, source, inside)))
        is Kind.FOLDER
        for source in copy.sources
    )


def _has_shell(facts: ImageFacts) -> bool:
    base = facts.base.value if facts.base is not None else "scratch"
    return not any(word in base for word in _WITHOUT_SHELL)


def _decision(service: ServiceView, mount: StorageMount, copied_at: Position) -> Decision:
    return Decision(
        subject=f"services.{service.name}",
        topic="fill",
        choice=f"the new volume at {mount.path} is filled with what the image holds there",
        evidence=(Evidence("its Dockerfile copies files there, as Docker would", copied_at),),
        overrule="nocopy: true at the volume in the Compose file",
    )


def _step(container: Container, mount: StorageMount, number: int) -> Container:
    return Container(
        name=label(f"{container.name}-fill-{number}"),
        source_name=container.source_name,
        image=container.image,
        process=Process(entrypoint=("/bin/sh", "-c", _SCRIPT, mount.path, _PLACE)),
        storage=(msgspec.structs.replace(mount, path=_PLACE, read_only=False),),
        security=container.security,
        position=container.position,
    )
