"""
Copies of mounted files that belong to the process which is given them.

Keys of a ConfigMap or Secret are mounted read-only, as files of root.  A database that takes its
key only from a file of its own (`chmod 0400`, its user the owner), an entrypoint that writes the
final settings beside their template: both get a copy in an `emptyDir`, made before they start by a
container that runs as the same user.  It is made anew for each pod, so that a change of the input
reaches it.

A file of an `emptyDir` that is mounted alone still cannot be replaced, only written to, as with the
bind mount of a file.
"""

import msgspec

from mooring.app.security import ContainerSecurity
from mooring.app.workloads import Container as AppContainer
from mooring.generate.added import HARMLESS, SHELL_IMAGE, SMALL
from mooring.generate.volumes import Copy
from mooring.kube.names import label
from mooring.kube.objects.containers import Container
from mooring.kube.objects.security import SecurityContext
from mooring.kube.objects.volumes import VolumeMount

_SOURCES = "/mooring/files"
_COPIES = "/mooring/copies"
# Names that begin with two dots are the bookkeeping of the mounted volume.
_SCRIPT = """\
set -eu
while [ "$#" -gt 0 ]; do
  if [ -e "$2" ]; then chmod -R u+rwX "$2"; rm -rf "$2"; fi
  mkdir -p "$2"
  for file in "$1"/* "$1"/.[!.]*; do
    if [ -e "$file" ]; then cp -RL "$file" "$2"/; fi
  done
  chmod -R "$3" "$2"
  shift 3
done
"""


def copying(wanted: AppContainer, copies: list[Copy]) -> Container:
    """Return the container that makes ``copies`` for the container ``wanted``."""
    sources = {copy.source.name: f"{_SOURCES}/{copy.source.name}" for copy in copies}
    words = tuple(
        word
        for copy in copies
        for word in (
            sources[copy.source.name],
            f"{_COPIES}/{copy.into}",
            _mode(copy.mode, wanted.security),
        )
    )
    return Container(
        name=label(f"copy-for-{wanted.name}"),
        image=SHELL_IMAGE,
        command=("/bin/sh", "-c", _SCRIPT, "copy", *words),
        resources=SMALL,
        security_context=rights(wanted.security),
        volume_mounts=(
            *(
                VolumeMount(name=name, mount_path=path, read_only=True)
                for name, path in sources.items()
            ),
            VolumeMount(name=copies[0].volume, mount_path=_COPIES),
        ),
    )


def user_of(security: ContainerSecurity) -> int | None:
    """Return the user as whom a container is started, None where its image decides."""
    return security.user if security.user is not None else security.native_user


def rights(security: ContainerSecurity) -> SecurityContext:
    """Return the rights of a process whose files are those of the container's own."""
    user = user_of(security)
    if user:
        return msgspec.structs.replace(
            HARMLESS, run_as_user=user, run_as_group=security.group or user
        )
    return msgspec.structs.replace(HARMLESS, run_as_user=0, run_as_group=0, run_as_non_root=None)


def _mode(mode: int | None, security: ContainerSecurity) -> str:
    """
    Return the permissions of the copies as words for `chmod`, which leave folders searchable.

    Where nobody knows as whom the process runs, everybody in the pod may write to them.
    """
    if mode is None:
        return "u+rwX" if user_of(security) is not None else "a+rwX"
    classes = zip("ugo", (mode >> 6 & 7, mode >> 3 & 7, mode & 7), strict=True)
    return ",".join(f"{who}={_letters(bits)}" for who, bits in classes)


def _letters(bits: int) -> str:
    letters = ("r" if bits & 4 else "") + ("w" if bits & 2 else "")
    return f"{letters}x" if bits & 1 else letters and f"{letters}X"
