"""
Which workloads keep state: those whose image is a data store and that mount persistent storage.

A data store must not be replaced while its predecessor still writes, and its replicas are not
interchangeable: each needs its own name and its own storage.  The catalogue of images says what is
a data store; of an unknown image nothing is guessed, and its workload stays a plain one that is
stopped before it is replaced.
"""

from collections import Counter

import msgspec

from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Scale, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.images.catalogue import KnownImage
from mooring.translate.notes import Note, Translated


def keeping_state(
    parts: tuple[Workload | Task, ...],
    storages: tuple[Storage, ...],
    known: dict[str, KnownImage],
) -> Translated[tuple[tuple[Workload | Task, ...], tuple[Storage, ...]]]:
    """
    Return ``parts`` and ``storages`` with the data stores marked as keeping state.

    ``known`` has what the catalogue says of the image of a service, by the service's name.
    """
    by_name = {storage.name: storage for storage in storages}
    users = Counter(name for part in parts for name in _mounted(part))
    notes: list[Note] = []
    marked: list[Workload | Task] = []
    own: set[str] = set()
    for part in parts:
        family = known[part.source_name].family if part.source_name in known else None
        used = {
            name for name in _mounted(part) if users[name] == 1 and _is_made_and_kept(by_name[name])
        }
        if (
            not isinstance(part, Workload)
            or part.scale is Scale.EVERY_MACHINE
            or family is None
            or not family.stateful
            or not used
        ):
            marked.append(part)
            continue
        own |= used
        together = any(cluster.parallel for cluster in family.cluster)
        marked.append(msgspec.structs.replace(part, keeps_state=True, start_together=together))
        source = next(iter(family.sources.values()), "the catalogue")
        notes.append(
            Decision(
                subject=f"services.{part.source_name}",
                topic="state",
                choice=f"keeps state: each replica has {', '.join(sorted(used))} of its own",
                evidence=(Evidence(f"{family.summary} ({source})", part.position),),
            )
        )
    kept = tuple(
        msgspec.structs.replace(storage, per_replica=True, used_by_many=False)
        if storage.name in own
        else storage
        for storage in storages
    )
    return Translated((tuple(marked), kept), tuple(notes))


def _mounted(part: Workload | Task) -> set[str]:
    return {mount.storage for container in part.containers for mount in container.storage}


def _is_made_and_kept(storage: Storage) -> bool:
    return (
        storage.lifetime is Lifetime.PERSISTENT
        and storage.external_name is None
        and storage.share is None
    )
