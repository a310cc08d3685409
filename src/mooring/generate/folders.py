"""
Folders inside of a volume that a process owns, though files are mounted into them.

A file that is mounted at `/var/www/html/config/own.php` needs the folder `config` in the volume at
`/var/www/html`.  Where it is not there yet, the container runtime makes it, and makes it root's: a
process that is not root cannot write beside the file any more.  Docker makes it root's as well, but
there the entrypoint runs as root and takes it over.  So the folder is made before, by a container
that runs as the same user.
"""

import posixpath

from mooring.app.storage import Lifetime, StorageMount
from mooring.app.workloads import Container as AppContainer
from mooring.generate import storage as storages
from mooring.generate.added import SHELL_IMAGE, SMALL
from mooring.generate.context import Context
from mooring.generate.copies import rights, user_of
from mooring.kube.names import label
from mooring.kube.objects.containers import Container
from mooring.kube.objects.volumes import VolumeMount

_PLACE = "/mooring/volumes"
_KEPT = frozenset({Lifetime.PERSISTENT, Lifetime.REPLICA})


def making_folders(wanted: AppContainer, context: Context) -> Container | None:
    """Return the container that makes the folders for files in volumes of ``wanted``, if any."""
    if not wanted.documents or not user_of(wanted.security):
        return None
    found: dict[str, list[str]] = {}
    for mount in wanted.documents:
        outer = _around(mount.path, wanted, context)
        parent = posixpath.dirname(mount.path)
        if outer is not None and parent != outer.path:
            inside = posixpath.relpath(parent, outer.path)
            found.setdefault(outer.path, []).append(inside)
    if not found:
        return None
    mounts = {one.path: one for one in wanted.storage}
    places = {path: f"{_PLACE}/{number}" for number, path in enumerate(sorted(found), 1)}
    folders = dict.fromkeys(
        f"{places[path]}/{inside}" for path in sorted(found) for inside in found[path]
    )
    return Container(
        name=label(f"folders-for-{wanted.name}"),
        image=SHELL_IMAGE,
        command=("mkdir", "-p", *folders),
        resources=SMALL,
        security_context=rights(wanted.security),
        volume_mounts=tuple(
            VolumeMount(
                name=mounts[path].storage,
                mount_path=place,
                sub_path=storages.path_within(
                    context.storages[mounts[path].storage], mounts[path].sub_path
                ),
            )
            for path, place in places.items()
        ),
    )


def _around(path: str, wanted: AppContainer, context: Context) -> StorageMount | None:
    """Return the innermost mount in which ``path`` lies, where it is a volume that lasts."""
    outer = [one for one in wanted.storage if path.startswith(f"{one.path.rstrip('/')}/")]
    innermost = max(outer, key=lambda one: len(one.path), default=None)
    if innermost is None or innermost.read_only:
        return None
    return innermost if context.storages[innermost.storage].lifetime in _KEPT else None
