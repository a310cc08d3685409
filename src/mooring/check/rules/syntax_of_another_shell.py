"""
A script in the language of bash that another shell runs.

## What it does
Finds what only bash understands in scripts that `sh` runs in images of which it is known that their
`sh` is BusyBox's (Alpine) or dash (Debian, Ubuntu): arrays, `<<<`, `<(...)`, `/dev/tcp`, `((...))`,
`${x^^}` and, for dash, `[[ ]]`, `source`, `function` and the like.

## Why it matters
The shell ends with `Syntax error`, or goes on past a line that it did not understand, such as the
one that was to wait for the database.

## Example
    image: alpine:3.22
    command: [sh, -c, "hosts=(a b); ping ${hosts[0]}"]

Write it for sh, or run it by bash in an image that has it.

## References
- https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
- https://mywiki.wooledge.org/Bashism
"""

from collections.abc import Iterator

from mooring.check import shells
from mooring.check.bundle import Bundle
from mooring.check.shells import Shell
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef

RULE = Rule(
    id="syntax-of-another-shell", severity=Severity.ERROR, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each script that its shell does not understand."""
    told: set[tuple[ObjectRef, str]] = set()
    for container in bundle.containers:
        if not container.command and not container.args and not container.mounts:
            continue
        shell = shells.of(container)
        if shell is None:
            continue
        for script in shells.scripts(bundle, container):
            place = (script.ref, script.field)
            if script.interpreter not in ("sh", "ash", "dash") or place in told:
                continue
            sign = _sign(script.text, shell)
            if sign is None:
                continue
            told.add(place)
            yield RULE.finding(
                script.ref,
                f"{sign} is of bash, and sh of the image {container.image} is {shell.value}",
                field=script.field,
                remedy="write it for sh, or run it by bash in an image that has it",
            )


_START = r"(?:^|[;&|(]|\b(?:if|while|until|then|do|else|elif)\s|!\s)[ \t]*"
_OF_BASH = (
    ("an array", LazyPattern(rf"(?m){_START}(?:local\s+|export\s+)?\w+\+?=\([^)]*\)")),
    ("${...[...]}", LazyPattern(r"\$\{#?\w+\[(?:@|\*|\d+|\$\w+)\]")),
    ("<<<", LazyPattern(r"<<<")),
    ("<(...)", LazyPattern(r"(?m)(?:^|\s)[<>]\((?=\w)")),
    ("/dev/tcp", LazyPattern(r"[<>&]\s*/dev/(?:tcp|udp)/")),
    ("((...))", LazyPattern(rf"(?m){_START}\(\([^()]*\)\)")),
    ("${...^^}", LazyPattern(r"\$\{\w+(?:\^\^?|,,?)\}")),
    ("declare", LazyPattern(rf"(?m){_START}(?:declare|mapfile|readarray|shopt)\s")),
)
"""What neither BusyBox nor dash understands."""
_NOT_OF_DASH = (
    ("[[ ]]", LazyPattern(rf"(?m){_START}\[\[\s")),
    ("source", LazyPattern(rf"(?m){_START}source\s+\S")),
    ("function", LazyPattern(rf"(?m){_START}function\s+\w+\s*(?:\(\))?\s*\{{")),
    ("${...//...}", LazyPattern(r"\$\{\w+//?[^}/]+/[^}]*\}")),
)
"""What BusyBox understands and dash does not."""

_SIGNS = (
    "(", "[", "<<<", "/dev/", "${", "source", "declare", "function", "shopt", "mapfile",
    "readarray",
)  # fmt: skip
"""One of these is in each text that a pattern finds; looking for them is cheap."""

_WITHIN_QUOTES = "${"
_QUOTED = LazyPattern(r'"(?:[^"\\]|\\.)*"')
_QUIET = LazyPattern(r"(?s)<<-?\s*['\"]?(\w+)['\"]?\n.*?\n\s*\1\b|'[^']*'|(?<!\S)#[^\n]*")


def _sign(text: str, shell: Shell) -> str | None:
    """Return what the shell does not understand in ``text``, outside of quotes and comments."""
    if not any(one in text for one in _SIGNS):
        return None
    plain = _QUIET.sub(" ", text)
    # Within double quotes a shell looks for variables alone.
    bare = _QUOTED.sub('""', plain)
    patterns = _OF_BASH if shell is Shell.BUSYBOX else (*_OF_BASH, *_NOT_OF_DASH)
    for sign, pattern in patterns:
        if pattern.search(plain if sign.startswith(_WITHIN_QUOTES) else bare):
            return sign
    return None
