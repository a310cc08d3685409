"""
A script with the line ends of Windows.

## What it does
Finds scripts in ConfigMaps and Secrets (texts that begin with `#!`, keys that end in `.sh`) whose
lines end in a carriage return.

## Why it matters
The kernel looks for the program `/bin/sh\\r` (`no such file or directory`), and a shell takes the
character for a part of each last word.

## Example
    data: {wait.sh: "#!/bin/sh\\r\\nexec app\\r\\n"}

Save the file with line ends of Unix.

## References
- https://www.shellcheck.net/wiki/SC1017
"""

from collections.abc import Iterator

from mooring.check import environment, fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="script-with-carriage-returns",
    severity=Severity.WARNING,
    since="0.1",
    group="configuration",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each script with such line ends."""
    for item in bundle.of_kind(kinds.CONFIG_MAP, kinds.SECRET):
        for key, text, field in environment.texts(item):
            if "\r\n" not in text or not (text.startswith("#!") or key.endswith(_SCRIPTS)):
                continue
            is_plain = field.startswith("stringData") or item.kind == kinds.CONFIG_MAP
            yield RULE.finding(
                item.ref,
                f'the lines of the script "{key}" end in a carriage return',
                field=field,
                remedy="save the file with line ends of Unix",
                fix=fixes.put(
                    item.manifest,
                    field,
                    text.replace("\r\n", "\n"),
                    description="take the carriage returns out",
                    safety=Safety.SAFE,
                )
                if is_plain and not field.startswith("binaryData")
                else None,
            )


_SCRIPTS = (".sh", ".bash", ".ash")
