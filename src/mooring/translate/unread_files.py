"""
Files that are mounted beside the place where the program looks for them.

PostgreSQL reads `postgresql.conf` in its data directory.  Where `PGDATA` has moved that directory
below the one in which the image has it, a file that is mounted into the old place is read by
nobody, in Compose as in a cluster, and the tuning in it was never in force.
"""

import posixpath
from collections.abc import Iterable, Iterator

from mooring.app.configuration import DocumentMount
from mooring.findings import Finding, Rule, Severity
from mooring.translate.view import ServiceView

UNREAD = Rule(id="mounted-file-unread", severity=Severity.WARNING, since="0.1")


def findings(service: ServiceView, mounts: Iterable[DocumentMount]) -> Iterator[Finding]:
    """Yield a finding for each file that ``service`` mounts where its program does not look."""
    if service.known is None:
        return
    for data in service.known.family.data:
        entry = service.environment.get(data.setting) if data.setting else None
        moved = (entry.value or "").rstrip("/") if entry is not None else ""
        if not moved or moved == data.path:
            continue
        for mount in mounts:
            folder = posixpath.dirname(mount.path)
            if folder == data.path and mount.file is not None:
                yield UNREAD.finding(
                    mount.position,
                    f'service "{service.name}" mounts {mount.path}, which nothing reads: '
                    f"{data.setting} says that its data is in {moved}",
                    remedy=f"mount it at {moved}/{posixpath.basename(mount.path)}, or name it in "
                    "the command",
                )
