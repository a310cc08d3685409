"""
A file that is mounted out of a volume which does not hold it.

## What it does
Finds `subPath` mounts of a ConfigMap or Secret volume with `items`, none of which puts a file at
that path.

## Why it matters
The mount becomes an empty directory where the program expects a file.

## Example
    volumeMounts: [{name: conf, mountPath: /etc/app.conf, subPath: app.conf}]
    volumes: [{name: conf, configMap: {name: app, items: [{key: app.conf, path: config}]}}]

Use the path that `items` gives the file.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.references import Missing

RULE = Rule(id="mounted-file-missing", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each mounted file that its volume does not hold."""
    for one in bundle.dangling:
        if one.missing is Missing.FILE:
            yield RULE.finding(
                one.reference.source,
                f'it mounts the file "{one.reference.file}" of the volume '
                f"{one.reference.volume}, whose items put no file there",
                field=one.reference.field,
                remedy="use the path that items give the file",
            )
