"""
Claims for what persists, and the volumes of a pod.

A claim that several pods share asks for ReadWriteMany, because ReadWriteOnce ties them to one
node, unless its cluster is known to have no other place for it; everything else asks for
ReadWriteOnce.  A claim that is made here is mounted from a folder
inside it: at its root a new file system holds `lost+found`, and databases refuse to set up a folder
that is not empty.

Sources: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes,
https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.storage import DEFAULT_SIZE, Lifetime, Storage
from mooring.generate.identity import metadata
from mooring.kube import quantity
from mooring.kube.names import label
from mooring.kube.objects.meta import KubeObject, ObjectMeta
from mooring.kube.objects.storage import (
    NFSVolumeSource,
    PersistentVolume,
    PersistentVolumeClaim,
    PersistentVolumeClaimSpec,
    PersistentVolumeSpec,
    VolumeResources,
)
from mooring.kube.objects.volumes import (
    ClaimVolume,
    EmptyDirVolume,
    HostPathVolume,
    ImageVolume,
    Volume,
)

_FOLDER = "data"
"""The folder of a claim in which the content of a volume stands."""


def access_mode(storage: Storage) -> str:
    """Return the access mode that the users of ``storage`` need."""
    is_apart = storage.used_by_many and not storage.on_one_machine
    return "ReadWriteMany" if is_apart else "ReadWriteOnce"


def claims(application: Application, namespace: str) -> Iterator[KubeObject]:
    """Yield the claims of the application, and the volumes of those that a server exports."""
    for storage in application.storages:
        if (
            storage.lifetime is not Lifetime.PERSISTENT
            or storage.external_name is not None
            or storage.per_replica
        ):
            continue
        size = quantity.memory(storage.size or DEFAULT_SIZE)
        meta = metadata(
            storage.name,
            application,
            position=storage.position,
            more_labels=storage.labels,
            annotations=storage.annotations,
        )
        if storage.share is not None:
            volume_name = label(f"{namespace}-{storage.name}")
            share = storage.share
            yield PersistentVolume(
                metadata=ObjectMeta(
                    name=volume_name, labels=meta.labels, annotations=meta.annotations
                ),
                spec=PersistentVolumeSpec(
                    capacity={"storage": size},
                    access_modes=("ReadWriteMany",),
                    persistent_volume_reclaim_policy="Retain",
                    storage_class_name="",
                    mount_options=share.options,
                    nfs=NFSVolumeSource(server=share.server, path=share.path),
                ),
            )
            yield PersistentVolumeClaim(
                metadata=meta,
                spec=PersistentVolumeClaimSpec(
                    access_modes=("ReadWriteMany",),
                    storage_class_name="",
                    resources=VolumeResources(requests={"storage": size}),
                    volume_name=volume_name,
                ),
            )
        else:
            yield PersistentVolumeClaim(metadata=meta, spec=claim_spec(storage))


def claim_spec(storage: Storage) -> PersistentVolumeClaimSpec:
    """Return what a claim for ``storage`` asks of the cluster's storage class."""
    size = quantity.memory(storage.size or DEFAULT_SIZE)
    return PersistentVolumeClaimSpec(
        access_modes=(access_mode(storage),),
        storage_class_name=storage.storage_class,
        resources=VolumeResources(requests={"storage": size}),
    )


def path_within(storage: Storage, sub_path: str | None) -> str | None:
    """Return the folder of ``storage`` to mount for its folder ``sub_path``; None: all of it."""
    if not _is_new_claim(storage):
        return sub_path
    return f"{_FOLDER}/{sub_path}" if sub_path else _FOLDER


def takes_group(storage: Storage) -> bool:
    """Tell whether a pod's group can be made the owner of ``storage``, and has to be."""
    return storage.lifetime is Lifetime.PERSISTENT and storage.share is None


def _is_new_claim(storage: Storage) -> bool:
    return (
        storage.lifetime is Lifetime.PERSISTENT
        and storage.external_name is None
        and storage.share is None
    )


def volume(storage: Storage) -> Volume:
    """Return the volume of a pod that mounts ``storage``; its name is the storage's."""
    size = quantity.memory(storage.size) if storage.size is not None else None
    match storage.lifetime:
        case Lifetime.PERSISTENT:
            claim = ClaimVolume(claim_name=storage.external_name or storage.name)
            return Volume(name=storage.name, persistent_volume_claim=claim)
        case Lifetime.MEMORY:
            memory = EmptyDirVolume(medium="Memory", size_limit=size)
            return Volume(name=storage.name, empty_dir=memory)
        case Lifetime.REPLICA:
            return Volume(name=storage.name, empty_dir=EmptyDirVolume(size_limit=size))
        case Lifetime.NODE:
            assert storage.node_path is not None
            return Volume(name=storage.name, host_path=HostPathVolume(path=storage.node_path))
        case Lifetime.IMAGE:
            assert storage.image is not None
            return Volume(name=storage.name, image=ImageVolume(reference=storage.image))
