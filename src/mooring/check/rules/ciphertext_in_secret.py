"""
A Secret that holds what should have been decrypted.

## What it does
Finds Secrets with values that SOPS encrypted (`ENC[AES256_GCM,...`) or with a `sops` block.

## Why it matters
The cluster stores the ciphertext as the value: programs get it for their password.

## Example
    kind: Secret
    stringData: {password: "ENC[AES256_GCM,data:...]"}
    sops: {...}

Decrypt before applying, with what applies (Flux, ksops) or `sops -d`.

## References
- https://getsops.io/docs/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="ciphertext-in-secret", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Secret that is still encrypted."""
    for item in bundle.of_kind(kinds.SECRET):
        is_whole_file = "sops" in item.manifest
        for key, text, field in environment.texts(item):
            if text.startswith("ENC[AES256_GCM,"):
                # A file with its block is meant to be decrypted by what applies it.
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is encrypted by SOPS'
                    + (", as the whole file is" if is_whole_file else ""),
                    field=field,
                    remedy="decrypt it before it is applied",
                    severity=Severity.INFO if is_whole_file else None,
                    confidence=Confidence.LOW if is_whole_file else None,
                )
                break
