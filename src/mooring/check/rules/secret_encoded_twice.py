"""
A Secret value that was encoded twice.

## What it does
Finds values that are still the base64 form of a printable text once they are decoded: under
`stringData`, or encoded by hand before a tool encoded them again.

## Why it matters
The program gets the encoded text instead of the password, and every login fails.

## Example
    kind: Secret
    stringData: {password: dlI0eDlUcUx3Mg==}   # the base64 form of the password

Give the text itself under stringData, or encode it once under data.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="secret-encoded-twice", severity=Severity.WARNING, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each value that is a text in base64 once more."""
    for item in bundle.of_kind(kinds.SECRET):
        for key, text, field in environment.texts(item):
            value = text.strip()
            # Keys are often random bytes in base64; only what decodes to a text was one before.
            if len(value) < 8 or len(value) % 4 or not value.endswith("="):
                continue
            inner = environment.decoded_text(value)
            if inner is not None and inner.strip().isprintable() and len(inner) >= 4:
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is a text in base64 once it is decoded',
                    field=field,
                    remedy="encode it once: under data, or not at all under stringData",
                )
