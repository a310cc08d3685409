"""
Secrets of settings that are written into files as well.

A script that sets up a database holds the password that the database is told, and so does a
configuration of the program that dials it.  Such a file is as secret as the setting.  A value that
everybody knows (`postgres`) stands in files for many reasons and counts only where it stands like a
password, as after `-p` or `password:`.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.environment import EnvValue
from mooring.decisions import Decision, Evidence
from mooring.patterns import LazyPattern
from mooring.sources import Position
from mooring.translate.secrecy import is_placeholder, is_secret_name

_SHORTEST = 8
"""Characters of a secret that stands in a file by no accident."""
_SHORTEST_PLACEHOLDER = 4
_LIKE_A_PASSWORD = LazyPattern(
    r"(?:(?:^|\s)-p[\s=]*|pass(?:word|wd|phrase)?\b[\"']?[\s:=,]+[\"']?|://[^\s:/@]*:)$",
    re.IGNORECASE,
)
_LOOK_BACK = 48
_FEW = 64
"""Values of which each is looked for; where there are more, they are told by their beginnings."""


def secrets_of(
    environments: ReadOnly[str, ReadOnly[str, EnvValue]],
) -> dict[str, tuple[str, str]]:
    """Return the secret values in ``environments``, each with the service and the setting."""
    found: dict[str, tuple[str, str]] = {}
    for service, environment in environments.items():
        for name, entry in environment.items():
            value = entry.value
            if value and len(value) >= _SHORTEST_PLACEHOLDER and is_secret_name(name):
                found.setdefault(value, (service, name))
    return found


def secret_in(content: bytes, secrets: ReadOnly[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Return the service and the setting of a secret that ``content`` holds, None without one."""
    if not secrets:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    for value in _candidates(text, secrets):
        if len(value) >= _SHORTEST and not is_placeholder(value):
            return secrets[value]
        if any(_stands_like_a_password(text, start, value) for start in _places(text, value)):
            return secrets[value]
    return None


def _candidates(text: str, secrets: ReadOnly[str, tuple[str, str]]) -> Iterator[str]:
    """Yield the values of ``secrets`` that are somewhere in ``text``."""
    if len(secrets) <= _FEW:
        yield from (value for value in secrets if value in text)
        return
    size = _SHORTEST_PLACEHOLDER
    beginnings = {text[start : start + size] for start in range(len(text) - size + 1)}
    yield from (value for value in secrets if value[:size] in beginnings and value in text)


def _places(text: str, value: str) -> Iterator[int]:
    start = text.find(value)
    while start >= 0:
        yield start
        start = text.find(value, start + len(value))


def _stands_like_a_password(text: str, start: int, value: str) -> bool:
    after = text[start + len(value) : start + len(value) + 1]
    if after.isalnum() or after in {"_", "-"}:
        return False
    return _LIKE_A_PASSWORD.search(text[max(0, start - _LOOK_BACK) : start]) is not None


def told(subject: str, shown: str, holder: tuple[str, str], position: Position | None) -> Decision:
    """Return the decision that a file is secret, for the secret of ``holder`` in it."""
    service, setting = holder
    return Decision(
        subject=subject,
        topic="secret",
        choice=f"{shown} stands in a Secret, and whoever changes the {setting} of {service} has to "
        "change it there as well",
        evidence=(Evidence(f"it holds the {setting} of {service}, word for word", position),),
    )
