"""
A key that is shorter than its algorithm allows.

## What it does
Finds keys of signed tokens (HS256, HS384, HS512) that say their algorithm and have fewer bytes
than it needs, in Secrets and variables.

## Why it matters
The library refuses the key when the program starts: `Key size too small`.

## Example
    env:
    - name: HASURA_GRAPHQL_JWT_SECRET
      value: '{"type":"HS256","key":"only-26-characters-are-here"}'

Use a random key of 32 bytes for HS256, 48 for HS384, 64 for HS512.

## References
- https://www.rfc-editor.org/rfc/rfc7518#section-3.2
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.translate import token_keys

RULE = Rule(id="token-key-too-short", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each key that its algorithm refuses."""
    for container in bundle.containers:
        for one in container.variables:
            value = environment.expanded(one.value, container.variable)
            told = token_keys.fault(value) if value else None
            if told is not None:
                held = environment.put_in(one, container.variable) or one
                ref, field = held.place(container.owner)
                yield RULE.finding(
                    ref,
                    f"{one.name}: {told}",
                    field=field,
                    remedy="use a longer random key, the same wherever tokens are made and checked",
                )
