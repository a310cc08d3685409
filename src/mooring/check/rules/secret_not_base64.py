"""
Secret data that is no base64.

## What it does
Finds values under `data` of a Secret, and under `binaryData` of a ConfigMap, that are not base64.

## Why it matters
The API server refuses the object.  A text that happens to be base64 is worse: it is accepted and
means something else.

## Example
    kind: Secret
    data: {password: my-password!}      # stringData

Put plain texts under stringData.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="secret-not-base64", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each value that cannot be decoded."""
    for kind, word, instead in (
        (kinds.SECRET, "data", "stringData"),
        (kinds.CONFIG_MAP, "binaryData", "data"),
    ):
        for item in bundle.of_kind(kind):
            for key, value in fields.mapping(item.manifest.get(word)).items():
                if not isinstance(value, str) or value.startswith("ENC["):
                    continue
                try:
                    b64decode("".join(value.split()), validate=True)
                except (binascii.Error, ValueError):
                    yield RULE.finding(
                        item.ref,
                        f'the value of "{key}" under {word} is no base64',
                        field=f"{word}.{key}",
                        remedy=f"put plain texts under {instead}, or encode the value",
                    )
