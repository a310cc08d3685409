"""
A ConfigMap or Secret that is too large.

## What it does
Finds ConfigMaps and Secrets whose values take more than one mebibyte together.

## Why it matters
The API server refuses the object.

## Example
    kind: ConfigMap
    binaryData: {model.bin: ...}      # 3 MiB

Put the file into the image or on a volume.

## References
- https://kubernetes.io/docs/concepts/configuration/configmap/#motivation
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="config-too-large", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object whose data is too large."""
    for item in bundle.of_kind(kinds.CONFIG_MAP, kinds.SECRET):
        size = 0
        for word in ("data", "binaryData", "stringData"):
            encoded = word == "binaryData" or (word == "data" and item.kind == kinds.SECRET)
            for value in fields.mapping(item.manifest.get(word)).values():
                if isinstance(value, str):
                    size += len(value) * 3 // 4 if encoded else len(value.encode())
        if size > _MOST:
            yield RULE.finding(
                item.ref,
                f"its values take {size / _MOST:.1f} MiB, and 1 MiB is allowed",
                remedy="put the file into the image or on a volume",
            )


_MOST = 1024 * 1024
