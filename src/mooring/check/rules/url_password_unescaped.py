"""
A password that breaks the URL around it.

## What it does
Finds URLs with a user and password in variables and Secrets whose password holds `@`, `/`, `#`,
`?` or `%` as it stands, also where Kubernetes puts it in for `$(NAME)`.

## Why it matters
The program takes a part of the password for the host, or fails to read the URL.

## Example
    DATABASE_URL: postgres://app:p@ss#1@db:5432/app

Write the sign as %40, %2F, %23, %3F or %25.  What is put in for `$(NAME)` stands elsewhere as
well, where nobody decodes it: take another password there.

## References
- https://www.rfc-editor.org/rfc/rfc3986#section-2.1
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(id="url-password-unescaped", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each URL that its own password breaks."""
    told: set[object] = set()
    for container in bundle.containers:
        for one in container.variables:
            if not one.value or "://" not in one.value or "@" not in one.value:
                continue
            put_in = environment.put_in(one, container.variable)
            value = environment.expanded(one.value, container.variable)
            found = _URL.match(value) if value is not None else None
            if found is None:
                continue
            sign = next((sign for sign in _RESERVED if sign in found[1]), None)
            if sign is None and (_PERCENT.search(found[1]) or (put_in and "%" in found[1])):
                sign = "%"
            place = (put_in or one).place(container.owner)
            if sign is not None and place not in told:
                told.add(place)
                yield RULE.finding(
                    place[0],
                    f'the password in the URL of {one.name} holds a "{sign}" as it stands',
                    field=place[1],
                    remedy=f"write it as %{ord(sign):02X}"
                    if put_in is None
                    else "take a password without it, as nothing encodes what is put in",
                )


_URL = LazyPattern(r"[A-Za-z][A-Za-z0-9+.-]*://[^:/?#@\s]*:(\S+)@[\w.-]+(?::\d+)?(?:[/?#]|$)")
_RESERVED = ("@", "/", "#", "?")
_PERCENT = LazyPattern(r"%(?![0-9A-Fa-f]{2})")
