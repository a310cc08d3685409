"""
A Secret value that is empty.

## What it does
Finds values of Secrets that are empty and that a container has as a variable or file.

## Why it matters
The program starts without its password, or does not start.

## Example
    stringData: {password: ""}

Give it a value.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.translate import secrecy

RULE = Rule(id="secret-empty", severity=Severity.WARNING, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each empty value that somebody uses."""
    used = {
        (one.source, one.key) for c in bundle.containers for one in c.variables if one.is_secret
    }
    for item in bundle.of_kind(kinds.SECRET):
        for key, text, field in environment.texts(item):
            if not text.strip() and (item.ref, key) in used:
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is empty, and a container has it as a variable',
                    field=field,
                    remedy="give it a value",
                    confidence=None if secrecy.is_secret_name(key) else Confidence.MEDIUM,
                )
