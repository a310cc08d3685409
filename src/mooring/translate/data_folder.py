"""
The folder of a volume that a data store wants to own.

The root of a new volume belongs to root, and so does a folder that the kubelet makes in it; a
group may write there, and no more.  A program that insists on being the owner, as PostgreSQL does
of its data directory, therefore gets a folder of its own below the mount, which it makes itself.
Started as root it would take the mount's own folder over; this is about one that is not.
"""

import posixpath

from mooring.app.configuration import Setting
from mooring.app.security import ContainerSecurity
from mooring.app.storage import Lifetime
from mooring.decisions import Decision, Evidence
from mooring.images.facts import DataPath
from mooring.translate.mounts import Mounts
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView


def with_own_folder(
    settings: tuple[Setting, ...],
    mounts: Mounts,
    rights: ContainerSecurity,
    service: ServiceView,
) -> Translated[tuple[Setting, ...]]:
    """Return ``settings`` with the one that sends the data of ``service`` below its mount."""
    data = _data_to_own(service)
    is_root = not (rights.user if rights.user is not None else rights.native_user)
    if data is None or data.setting is None or data.sub_directory is None or is_root:
        return Translated(settings)
    given = next((one for one in settings if one.name == data.setting), None)
    path = data.path
    if given is not None and isinstance(given.value, str):
        path = posixpath.normpath(given.value)
    mounted = {mount.path: mounts.storages[mount.storage] for mount in mounts.storage_mounts}
    if path not in mounted or mounted[path].lifetime is not Lifetime.PERSISTENT:
        return Translated(settings)
    below = Setting(
        name=data.setting,
        value=f"{path}/{data.sub_directory}",
        position=given.position if given is not None else service.position("image"),
    )
    others = tuple(one for one in settings if one.name != data.setting)
    return Translated(
        tuple(sorted((*others, below), key=lambda one: one.name)),
        (_decision(service, data, below),),
    )


def _data_to_own(service: ServiceView) -> DataPath | None:
    family = service.known.family if service.known is not None else None
    if family is None:
        return None
    return next((one for one in family.data if one.owned and one.when is None), None)


def _decision(service: ServiceView, data: DataPath, setting: Setting) -> Decision:
    return Decision(
        subject=f"services.{service.name}",
        topic="data",
        choice=f"{setting.name} is {setting.value}, a folder below the volume",
        evidence=(
            Evidence(
                "it has to own the folder of its data, and a volume belongs to root",
                setting.position,
            ),
        ),
        overrule=f"services: {{{service.name}: {{user: 0}}}}",
    )
