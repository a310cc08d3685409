"""
A file of a ConfigMap or Secret where the image writes.

## What it does
Finds ConfigMaps and Secrets that are mounted over a directory which a known image writes to at its
start, over a file that it takes only as its own (a key file, a cookie, a sentinel's settings), and
into the data directory of a database that has to be empty at the first start.  What an init
container copies into an emptyDir is no such mount.

## Why it matters
These volumes are read-only and belong to root: the entrypoint ends with `Read-only file system`,
the program refuses the file because others may read it, or the database is never initialised.

## Example
    image: redis:8.4
    command: [redis-sentinel, /etc/redis/sentinel.conf]        # of a ConfigMap

Copy it into an emptyDir by an init container, and mount that.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#configmap
"""

from collections.abc import Iterator

from mooring.check import mounts
from mooring.check.bundle import Bundle
from mooring.check.mounts import Mount
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.facts import OwnFile
from mooring.semantics import fields

RULE = Rule(
    id="mount-where-image-writes", severity=Severity.ERROR, since="0.1", group="configuration"
)

_FILES = ("configMap", "secret", "projected")
_REMEDY = "copy it into an emptyDir by an init container, and mount that"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each mount at which the image fails."""
    for container in bundle.containers:
        known = container.known
        if known is None or not container.goes_on or not container.mounts:
            continue
        held = [one for one in mounts.of(container) if one.kind in _FILES]
        for mount in held:
            told = _fault(container, mount)
            if told is None:
                continue
            message, severity, confidence = told
            yield RULE.finding(
                container.owner,
                message,
                field=mount.field,
                remedy=_REMEDY,
                severity=severity,
                confidence=confidence,
            )


def _fault(
    container: Container, mount: Mount
) -> tuple[str, Severity | None, Confidence | None] | None:
    known = container.known
    assert known is not None
    family = known.family
    for place in family.writable:
        if place.fatal and mount.sub_path is None and mount.covers(place.path):
            if container.command:
                continue
            told = f"{family.name} writes to {place.path} at its start ({place.purpose}), and "
            return f"{told}{mount.shown} is mounted there, which is read-only", None, None
    for own in family.own_files:
        path = _path(container, own)
        if path is not None and mount.holds(path):
            told = f"{path} comes from {mount.shown}: {own.purpose}"
            is_closed = own.mode is not None and not mount.is_open_to_others
            # Whose the file is then, is up to fsGroup and the user of the process.
            if is_closed:
                return told, Severity.WARNING, Confidence.MEDIUM
            return told, None, None
    if family.name in _EMPTY_AT_FIRST:
        for data in family.data:
            setting = container.variable.get(data.setting or "")
            path = setting.value if setting is not None and setting.value else data.path
            # From version 18 on the image makes a directory of its own below it.
            if path == "/var/lib/postgresql":
                continue
            if mount.path.startswith(f"{path.rstrip('/')}/"):
                told = f"{mount.shown} is mounted into {path}, which {family.name} initialises "
                return f"{told}only where it is empty", None, None
    return None


_EMPTY_AT_FIRST = frozenset({"postgres", "postgis", "pgvector", "timescaledb", "mysql", "mariadb"})
"""Databases that do not initialise a directory in which there is something."""


def _path(container: Container, own: OwnFile) -> str | None:
    """Return where the file of its own is in this container, None where it uses none."""
    if own.path is not None:
        # Root may read and own what is root's.
        of_pod = fields.mapping(container.pod.spec.get("securityContext"))
        user = container.security.get("runAsUser", of_pod.get("runAsUser"))
        return None if user == 0 else own.path
    words = " ".join((*container.command, *container.args)).replace("=", " ").split()
    if own.setting is not None:
        setting = container.variable.get(own.setting)
        return setting.value if setting is not None else None
    if own.option is not None and own.option in words[:-1]:
        return words[words.index(own.option) + 1]
    if own.word is not None and own.word in (one.rpartition("/")[2] for one in words):
        return next((one for one in words if one.startswith("/") and one.endswith(".conf")), None)
    return None
