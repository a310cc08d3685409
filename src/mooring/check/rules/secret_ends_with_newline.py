"""
A Secret value with a line break at its end.

## What it does
Finds values of one line that end with a line break and are used as a variable or as a whole file
of one line.  Keys and certificates in PEM end with one rightly.

## Why it matters
`echo` adds it before `base64` encodes it: the program gets a password with an invisible
character, and the login fails.

## Example
    data: {password: cGFzc3dvcmQxMjM0Cg==}    # "...\n"

Encode with `printf %s` or `echo -n`.

## References
- https://kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl/
"""

from collections.abc import Iterator

from mooring.check import environment, fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(id="secret-ends-with-newline", severity=Severity.WARNING, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each value of one line that ends with a line break and is a variable."""
    used = {
        (one.source, one.key)
        for container in bundle.containers
        for one in container.variables
        if one.is_secret
    }
    for item in bundle.of_kind(kinds.SECRET):
        for key, text, field in environment.texts(item):
            if not text.endswith("\n") or "\n" in text[:-1] or (item.ref, key) not in used:
                continue
            yield RULE.finding(
                item.ref,
                f'the value of "{key}", which is a variable somewhere, ends with a line break',
                field=field,
                remedy="encode it without the line break: printf %s",
                fix=fixes.put(
                    item.manifest,
                    field,
                    text.rstrip("\r\n"),
                    description="take the line break away",
                    safety=Safety.NEEDS_CONFIRMATION,
                )
                if field.startswith("stringData")
                else None,
            )
