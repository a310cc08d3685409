"""
A text that begins with an invisible character.

## What it does
Finds values of ConfigMaps and Secrets that begin with a byte order mark (U+FEFF), as editors on
Windows write it.

## Why it matters
Nobody sees it, and programs take it for a part of the first word: a script is no script
(`exec format error`), JSON has an unexpected token, the first key of a file of settings is unknown.

## Example
    data: {settings.json: "\\ufeff{}"}

Save the file as UTF-8 without a byte order mark.

## References
- https://www.unicode.org/faq/utf_bom.html#bom10
"""

from collections.abc import Iterator

from mooring.check import environment, fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="text-with-byte-order-mark", severity=Severity.WARNING, since="0.1", group="configuration"
)

_MARK = "\ufeff"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each value that begins so."""
    for item in bundle.of_kind(kinds.CONFIG_MAP, kinds.SECRET):
        for key, text, field in environment.texts(item):
            if not text.startswith(_MARK):
                continue
            is_plain = field.startswith("stringData") or item.kind == kinds.CONFIG_MAP
            yield RULE.finding(
                item.ref,
                f'the value of "{key}" begins with a byte order mark',
                field=field,
                remedy="save the file as UTF-8 without a byte order mark",
                fix=fixes.put(
                    item.manifest,
                    field,
                    text.removeprefix(_MARK),
                    description="take the byte order mark out",
                    safety=Safety.SAFE,
                )
                if is_plain and not field.startswith("binaryData")
                else None,
            )
