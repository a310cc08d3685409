"""
A folder of start-up scripts that holds none.

## What it does
Finds Secrets and ConfigMaps mounted at `/docker-entrypoint-initdb.d` of a database none of whose
keys is a script that the image runs (`.sh`, `.sql`, `.sql.gz`, `.js`).

## Why it matters
The image passes over the files: passwords lie there as if they were scripts, and the users that
were to be made are not.

## Example
    volumes: [{name: scripts, secret: {secretName: db-passwords}}]
    volumeMounts: [{name: scripts, mountPath: /docker-entrypoint-initdb.d}]

Mount scripts there, and give passwords as variables.

## References
- https://hub.docker.com/_/postgres
- https://hub.docker.com/_/mysql
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds, views

RULE = Rule(id="scripts-of-no-program", severity=Severity.WARNING, since="0.1", group="databases")

_FOLDER = "/docker-entrypoint-initdb.d"
_SCRIPTS = (".sh", ".sql", ".sql.gz", ".sql.xz", ".sql.zst", ".js", ".cql", ".cypher", ".txt")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each folder in which nothing is run."""
    for container in bundle.containers:
        for field, mount in container.mounts:
            if str(mount.get("mountPath")).rstrip("/") != _FOLDER or mount.get("subPath"):
                continue
            volume = container.pod.volumes.get(fields.text(mount.get("name")) or "")
            for word, name_key, kind in (
                ("configMap", "name", kinds.CONFIG_MAP),
                ("secret", "secretName", kinds.SECRET),
            ):
                source = fields.mapping(volume[1].get(word) if volume is not None else None)
                name = fields.text(source.get(name_key))
                item = bundle.objects.find(kind, name, container.pod.namespace) if name else None
                if item is None:
                    continue
                files = [
                    str(entry.get("path")) for _, entry in fields.mappings(source.get("items"))
                ] or sorted(views.data_keys(item))
                if files and not any(one.endswith(_SCRIPTS) for one in files):
                    yield RULE.finding(
                        container.owner,
                        f"{kind.kind} {name} has {', '.join(files[:3])}, none of which the image "
                        "runs",
                        field=field,
                        remedy="mount scripts there, and give passwords as variables",
                    )
