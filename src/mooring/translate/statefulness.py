"""
Which workloads keep state: those whose image is a data store and that mount persistent storage.

A data store must not be replaced while its predecessor still writes, and its replicas are not
interchangeable: each needs its own name and its own storage.  The catalogue of images says what is
a data store; of an unknown image nothing is guessed, and its workload stays a plain one that is
stopped before it is replaced.

Pods that keep state are called by their own names, which stay; a host name that was given to them
would be overruled.  A plain workload whose data stands under the host's name gets one that stays.
"""

from collections import Counter

import msgspec

from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Scale, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.images.catalogue import KnownImage
from mooring.images.facts import ImageFamily
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
            or (not part.members and (family is None or not family.stateful))
            or not (used or part.members)
        ):
            stays = _with_name_that_stays(part, family, by_name)
            marked.append(stays.value)
            notes.extend(stays.notes)
            continue
        own |= used
        together = part.start_together or (
            family is not None and any(cluster.parallel for cluster in family.cluster)
        )
        marked.append(
            msgspec.structs.replace(
                part, keeps_state=True, start_together=together, hostname=None, domain=None
            )
        )
        if used:
            notes.append(_decision(part, sorted(used), family))
    kept = tuple(
        msgspec.structs.replace(storage, per_replica=True, used_by_many=False)
        if storage.name in own
        else storage
        for storage in storages
    )
    return Translated((tuple(marked), kept), tuple(notes))


def _decision(part: Workload, used: list[str], family: ImageFamily | None) -> Decision:
    called = f"; its pods are called {part.name}-0 and so on, not {part.hostname}"
    evidence = Evidence("each of its replicas had storage of its own before", part.position)
    if family is not None:
        source = next(iter(family.sources.values()), "the catalogue")
        evidence = Evidence(f"{family.summary} ({source})", part.position)
    return Decision(
        subject=f"services.{part.source_name}",
        topic="state",
        choice=f"keeps state: each replica has {', '.join(used)} of its own"
        + (called if part.hostname is not None else ""),
        evidence=(evidence,),
    )


def _with_name_that_stays(
    part: Workload | Task, family: ImageFamily | None, storages: dict[str, Storage]
) -> Translated[Workload | Task]:
    """Return ``part``, called by its name if its data would be lost under another."""
    if (
        not isinstance(part, Workload)
        or part.hostname is not None
        or part.scale is Scale.EVERY_MACHINE
        or part.replicas > 1
        or family is None
        or not family.data_named_by_host
        or not any(storages[name].lifetime is Lifetime.PERSISTENT for name in _mounted(part))
    ):
        return Translated(part)
    decision = Decision(
        subject=f"services.{part.source_name}",
        topic="hostname",
        choice=f"its pods are called {part.name}, each the same as the one before",
        evidence=(Evidence(f"{family.name} finds its data by the host's name", part.position),),
        overrule=f"services.{part.source_name}.hostname in the Compose file",
    )
    return Translated(msgspec.structs.replace(part, hostname=part.name), (decision,))


def _mounted(part: Workload | Task) -> set[str]:
    return {mount.storage for container in part.containers for mount in container.storage}


def _is_made_and_kept(storage: Storage) -> bool:
    return (
        storage.lifetime is Lifetime.PERSISTENT
        and storage.external_name is None
        and storage.share is None
        and not storage.common
    )
