"""
A key that no ConfigMap or Secret can have.

## What it does
Finds keys with other signs than letters, digits, `-`, `_` and `.`, such as the slash of a path, and
keys that stand in `data` and in `binaryData` of a ConfigMap.

## Why it matters
The API server refuses the object.

## Example
    data: {"conf.d/site.conf": "..."}

Take a key without the folder, and give the file its path by `items` of the volume.

## References
- https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import names
from mooring.semantics import fields, kinds

RULE = Rule(id="config-key-invalid", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each key for which the object is refused."""
    for item in bundle.of_kind(kinds.CONFIG_MAP, kinds.SECRET):
        second = "binaryData" if item.kind == kinds.CONFIG_MAP else "stringData"
        plain = fields.mapping(item.manifest.get("data"))
        for word in ("data", second):
            for key in fields.mapping(item.manifest.get(word)):
                if not isinstance(key, str) or names.is_config_key(key):
                    continue
                yield RULE.finding(
                    item.ref,
                    f'it has the key "{key}"',
                    field=f'{word}["{key}"]',
                    remedy='use letters, digits, "-", "_" and "."',
                )
        if item.kind == kinds.CONFIG_MAP:
            for key in fields.mapping(item.manifest.get(second)):
                if key in plain:
                    yield RULE.finding(
                        item.ref,
                        f'the key "{key}" stands in data and in binaryData',
                        field=f'{second}["{key}"]',
                        remedy="keep one of the two",
                    )
