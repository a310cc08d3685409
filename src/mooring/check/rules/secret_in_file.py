"""
A secret in a file that everybody may read.

## What it does
Finds scripts and settings of several lines in ConfigMaps that hold a password, a token in a known
form or a private key: `password: ...` in settings, `export TOKEN=...` in a script.  Values that
refer to a variable or a file are left alone.

## Why it matters
Whoever may list ConfigMaps reads it, and it stands in the repository and in every copy of it.

## Example
    kind: ConfigMap
    data:
      backup.sh: |
        export PGPASSWORD=...

Mount the file from a Secret, or let it read a variable.

## References
- https://kubernetes.io/docs/concepts/security/secrets-good-practices/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.translate import secrecy

RULE = Rule(id="secret-in-file", severity=Severity.WARNING, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each file of a ConfigMap that should be one of a Secret."""
    for item in bundle.of_kind(kinds.CONFIG_MAP):
        for key, text in fields.mapping(item.manifest.get("data")).items():
            if not isinstance(text, str) or "\n" not in text.strip():
                continue
            if key.startswith("example") or key.endswith(_EXAMPLES):
                continue
            found = _found(key, text)
            if found is not None:
                line, is_known_form = found
                yield RULE.finding(
                    item.ref,
                    f'the file "{key}" holds a secret in clear, on its line {line}',
                    field=f"data.{key}",
                    remedy="mount it from a Secret, or let it read a variable",
                    confidence=None if is_known_form else Confidence.MEDIUM,
                )


_EXAMPLES = (".example", ".sample", ".template", ".tmpl", ".tpl", ".md")
_COMMENTS = ("#", "//", "--", ";", "*", "<!--")
_FILLED_IN = ("${", "$(", "{{", "<", "%(", "$")
_ENDINGS = (".env", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".cnf", ".conf", ".properties")


def _found(key: str, text: str) -> tuple[int, bool] | None:
    """Return the line of the first secret, and whether it has a form by which it is known."""
    # The name of a file says nothing of what is in it: `tokens.js` holds no token.
    name = next((f"file{ending}" for ending in _ENDINGS if key.endswith(ending)), "file")
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > _LONGEST or line.lstrip().startswith(_COMMENTS):
            continue
        if any(sign in line for sign in _FILLED_IN):
            continue
        if secrecy.is_secret_content(line):
            return number, True
        if name != "file" and secrecy.is_secret_file(name, line.encode()):
            value = line.replace("=", ":").partition(":")[2].strip(" '\",")
            if not secrecy.is_placeholder(value):
                return number, False
    return None


_LONGEST = 4096
