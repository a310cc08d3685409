"""
A configuration file beside the directory in which the program looks for it.

## What it does
Finds single files, mounted from a ConfigMap or a Secret, in the directory in which a known image
keeps its data and its configuration as it comes, where a variable such as PGDATA has moved that
directory, and neither the command nor a variable names the file.

## Why it matters
Nothing reads the file, and nothing says so: the database runs with its defaults, and the tuning was
never in force.

## Example
    image: postgres:16.4
    env: [{name: PGDATA, value: /var/lib/postgresql/data/pgdata}]
    volumeMounts: [{mountPath: /var/lib/postgresql/data/postgresql.conf, subPath: postgresql.conf}]

Mount it elsewhere and name it, as by `-c config_file=/etc/postgresql.conf`.

## References
- https://hub.docker.com/_/postgres
- https://www.postgresql.org/docs/current/runtime-config-file-locations.html
"""

import posixpath
from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="mounted-file-unread", severity=Severity.WARNING, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each file that is mounted where its program does not look."""
    for container in bundle.containers:
        if container.known is None or not container.goes_on:
            continue
        for data in container.known.family.data:
            told = container.variable.get(data.setting) if data.setting else None
            moved = (told.value or "").rstrip("/") if told is not None else ""
            if moved in ("", data.path):
                continue
            for place, path in _files(container):
                if posixpath.dirname(path) == data.path and not _is_named(container, path):
                    yield RULE.finding(
                        container.owner,
                        f"the container {container.name} mounts {path}, which nothing reads: "
                        f"{data.setting} says that its data is in {moved}",
                        field=place,
                        remedy="mount it elsewhere, and name it in the command",
                    )


def _files(container: Container) -> Iterator[tuple[str, str]]:
    """Yield place and path of each mount that is one file of a ConfigMap or a Secret."""
    for place, mount in container.mounts:
        _, volume = container.pod.volumes.get(fields.text(mount.get("name")) or "", ("", {}))
        path = fields.text(mount.get("mountPath"))
        if path and mount.get("subPath") and ("configMap" in volume or "secret" in volume):
            yield place, path.rstrip("/")


def _is_named(container: Container, path: str) -> bool:
    return path in container.words or any(path in (one.value or "") for one in container.variables)
