"""
A password that everybody knows.

## What it does
Finds Secret values and secret variables that are a well-known default (`admin`, `postgres`,
`minioadmin`), and URLs with such a password where it is not told of by itself.

## Why it matters
It is the first that anybody tries.

## Example
    env: [{name: POSTGRES_PASSWORD, value: postgres}]

Give it a value of its own.

## References
- https://kubernetes.io/docs/concepts/security/secrets-good-practices/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.open_secrets import open_secrets
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds
from mooring.translate import secrecy

RULE = Rule(id="default-password", severity=Severity.WARNING, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each secret whose value is a default."""
    known: set[str] = set()
    yield from _alone(bundle, known)
    yield from _in_urls(bundle, known)


def _alone(bundle: Bundle, known: set[str]) -> Iterator[Finding]:
    """Yield a finding for each value that is a default, and add these to ``known``."""
    for item in bundle.of_kind(kinds.SECRET):
        for key, text, field in environment.texts(item):
            if secrecy.is_secret_name(key) and secrecy.is_default_password(text):
                known.add(text.strip())
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is a password that everybody knows',
                    field=field,
                    remedy="give it a value of its own",
                )
    for one in open_secrets(bundle, secrecy.is_default_password):
        known.add(one.value.strip())
        yield RULE.finding(
            one.holder,
            f"{one.named} is a password that everybody knows",
            field=one.field,
            remedy="give it a value of its own, from a Secret",
        )


def _in_urls(bundle: Bundle, known: set[str]) -> Iterator[Finding]:
    """Yield a finding for each URL with a default that is not told of elsewhere."""
    for item in bundle.of_kind(kinds.SECRET, kinds.CONFIG_MAP):
        for key, text, field in environment.texts(item):
            if _has_default(text, known):
                yield RULE.finding(
                    item.ref,
                    f'the password in the URL under "{key}" is one that everybody knows',
                    field=field,
                    remedy="give the account a password of its own",
                )
    for container in bundle.containers:
        for one in container.variables:
            if one.source is None and one.value and _has_default(one.value, known):
                yield RULE.finding(
                    container.owner,
                    f"the password in the URL {one.name} of the container {container.name} is one "
                    "that everybody knows",
                    field=one.field,
                    remedy="give the account a password of its own, from a Secret",
                )


_URL = LazyPattern(r"^[A-Za-z][\w+.-]*://[^\s:/@]*:([^\s@/$]+)@")


def _has_default(text: str, known: set[str]) -> bool:
    if "://" not in text or "@" not in text:
        return False
    found = _URL.match(text)
    return found is not None and found[1] not in known and secrecy.is_default_password(found[1])
