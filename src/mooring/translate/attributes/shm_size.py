"""
Shared memory: `shm_size`.

## What it means
The size of `/dev/shm` in the container, 64 MiB where nothing is said.

## What it becomes
An `emptyDir` in memory with that size limit, mounted at `/dev/shm`.  What is written there counts
against the container's memory limit, as it does in Docker.

## Example
    shm_size: 256m     # Pod.spec.volumes.emptyDir: {medium: Memory, sizeLimit: 256Mi}

## References
- https://docs.docker.com/reference/compose-file/services/#shm_size
- https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
"""

from mooring.translate.notes import Translated, carried
from mooring.translate.view import ServiceView, whole

ATTRIBUTES: tuple[str, ...] = ("shm_size",)

_NOTHING: Translated[int | None] = Translated(None)


def translate(service: ServiceView) -> Translated[int | None]:
    """Return the bytes of shared memory that were asked for; None leaves the runtime's 64 MiB."""
    node = service.get("shm_size")
    if node is None:
        return _NOTHING
    size = whole(node)
    to = "Pod.spec.volumes.emptyDir.sizeLimit, mounted at /dev/shm"
    return Translated(size if size > 0 else None, (carried(service.path("shm_size"), to),))
