"""
The volumes of a pod, and where its containers mount them.

A file that a process owns or changes cannot be a mounted key of a ConfigMap or Secret, which belong
to root and are read-only.  Such a mount gets a copy: the keys are mounted into a container that
runs before (see `mooring.generate.copies`), and what it copied stands at the path.
"""

import msgspec

from mooring.app.configuration import DocumentMount
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.app.workloads import Container as AppContainer
from mooring.generate import storage as storages
from mooring.generate.context import Context
from mooring.kube import quantity
from mooring.kube.names import label
from mooring.kube.objects.volumes import (
    ConfigMapVolume,
    EmptyDirVolume,
    KeyToPath,
    SecretVolume,
    Volume,
    VolumeMount,
)

_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - a mount, no file


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """The folder ``into`` of ``volume`` that gets the files of ``source``, with ``mode``."""

    source: Volume
    volume: str
    into: str
    mode: int | None


class PodVolumes:
    """The volumes of one pod, made when a container first mounts them."""

    def __init__(self, context: Context, *, makes_copies: bool = True) -> None:
        """Make them for an application; without ``makes_copies`` files are mounted as they are."""
        self._storages = context.storages
        self._configuration = context.configuration
        self._by_key: dict[tuple[object, ...], Volume] = {}
        self._copies: dict[str, list[Copy]] = {}
        self._makes_copies = makes_copies

    @property
    def copies(self) -> dict[str, list[Copy]]:
        """What has to be copied before they start, by the names of the containers."""
        return self._copies

    @property
    def used(self) -> tuple[Volume, ...]:
        """The volumes that some container mounts, in the order of their first use."""
        return tuple(self._by_key.values())

    def mounts_of(self, wanted: AppContainer) -> tuple[VolumeMount, ...]:
        """Return the mounts of a container, outer paths before those inside them."""
        mounts = [self._storage_mount(mount) for mount in wanted.storage]
        mounts.extend(
            self._copied_mount(mount, wanted)
            if mount.own_copy and self._makes_copies
            else self._document_mount(mount)
            for mount in wanted.documents
        )
        if wanted.shared_memory is not None and not any(
            mount.mount_path == _SHARED_MEMORY for mount in mounts
        ):
            mounts.append(self._shared_memory(wanted))
        return tuple(sorted(mounts, key=lambda mount: mount.mount_path))

    def _storage_mount(self, mount: StorageMount) -> VolumeMount:
        storage: Storage = self._storages[mount.storage]
        # The volume of a claim template is there without being listed.
        if not storage.per_replica:
            self._by_key.setdefault(("storage", storage.name), storages.volume(storage))
        return VolumeMount(
            name=storage.name,
            mount_path=mount.path,
            sub_path=storages.path_within(storage, mount.sub_path),
            read_only=True if mount.read_only or storage.lifetime is Lifetime.IMAGE else None,
            mount_propagation=_PROPAGATION.get(mount.propagation or ""),
        )

    def _document_mount(self, mount: DocumentMount) -> VolumeMount:
        made = self._document_volume(mount, mount.mode)
        return VolumeMount(
            name=made.name,
            mount_path=mount.path,
            sub_path=_own_name(mount),
            read_only=True,
        )

    def _copied_mount(self, mount: DocumentMount, wanted: AppContainer) -> VolumeMount:
        name = label(f"{wanted.name}-copies")
        self._by_key.setdefault(
            ("copies", wanted.name), Volume(name=name, empty_dir=EmptyDirVolume())
        )
        copies = self._copies.setdefault(wanted.name, [])
        into = str(len(copies) + 1)
        # Modes are set on the copy: the process that makes it has to read the files first.
        source = self._document_volume(mount, None)
        copies.append(Copy(source=source, volume=name, into=into, mode=mount.mode))
        only = _own_name(mount)
        return VolumeMount(
            name=name, mount_path=mount.path, sub_path=f"{into}/{only}" if only else into
        )

    def _document_volume(self, mount: DocumentMount, mode: int | None) -> Volume:
        place = self._configuration.documents[mount.document]
        only = mount.file
        items: tuple[KeyToPath, ...]
        if only is not None:
            key = place.keys.get(only, only)
            items = (KeyToPath(key=key, path=only.rsplit("/", 1)[-1]),)
        elif all(path == key for path, key in place.keys.items()):
            items = ()
        else:
            items = tuple(KeyToPath(key=key, path=path) for path, key in place.keys.items())
        identity = ("document", place.object_name, mount.file, mode)
        made = self._by_key.get(identity)
        if made is None:
            name = self._free_name(mount.document)
            made = (
                Volume(
                    name=name,
                    secret=SecretVolume(
                        secret_name=place.object_name, items=items, default_mode=mode
                    ),
                )
                if place.is_secret
                else Volume(
                    name=name,
                    config_map=ConfigMapVolume(
                        name=place.object_name, items=items, default_mode=mode
                    ),
                )
            )
            self._by_key[identity] = made
        return made

    def _shared_memory(self, wanted: AppContainer) -> VolumeMount:
        assert wanted.shared_memory is not None
        name = self._free_name(label(f"{wanted.name}-shm"))
        memory = EmptyDirVolume(medium="Memory", size_limit=quantity.memory(wanted.shared_memory))
        self._by_key["memory", wanted.name] = Volume(name=name, empty_dir=memory)
        return VolumeMount(name=name, mount_path=_SHARED_MEMORY)

    def _free_name(self, wanted: str) -> str:
        taken = {volume.name for volume in self._by_key.values()}
        name, number = wanted, 2
        while name in taken or name in self._storages:
            name, number = label(f"{wanted}-{number}"), number + 1
        return name


def _own_name(mount: DocumentMount) -> str | None:
    """Return the name of the only file that is mounted; None where all are."""
    return mount.file.rsplit("/", 1)[-1] if mount.file is not None else None


_PROPAGATION = {"rshared": "Bidirectional", "shared": "Bidirectional", "rslave": "HostToContainer",
                "slave": "HostToContainer"}  # fmt: skip
