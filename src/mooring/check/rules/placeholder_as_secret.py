"""
A secret that is a placeholder.

## What it does
Finds Secret values, and variables whose name says that they are secret, that are an unmistakable
placeholder:  `changeme`, `REPLACE_WITH...`, `<password>`, `your-secret-here`.  They are found
after decoding as well.

## Why it matters
Whoever knows the template knows the password; and a program that checks its keys does not start.

## Example
    stringData: {password: changeme}

Give it a value of its own, from a secret store.

## References
- https://kubernetes.io/docs/concepts/security/secrets-good-practices/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.open_secrets import open_secrets
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.translate import secrecy

RULE = Rule(id="placeholder-as-secret", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each secret that was never given a value."""
    for item in bundle.of_kind(kinds.SECRET):
        for key, text, field in environment.texts(item):
            if secrecy.is_template_word(text):
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is a placeholder',
                    field=field,
                    remedy="give it a value of its own",
                )
    for one in open_secrets(bundle, secrecy.is_template_word):
        yield RULE.finding(
            one.holder,
            f"{one.named} is a placeholder",
            field=one.field,
            remedy="give it a value of its own, from a Secret",
        )
