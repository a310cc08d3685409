"""
Secret variables that were filled into a command.

Of a text that is written out, nobody can tell any more where a variable stood, only which were
used.  The value is known where a setting of the stack was filled from that variable alone.  It is
looked for as a whole word.  A value that is an ordinary word as well (`postgres` is a program, a
user and a database) counts only where it stands like a password, as after `:` or `=`.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Scalar
from mooring.patterns import LazyPattern
from mooring.translate.secrecy import is_default_password, is_secret_name
from mooring.translate.view import ServiceView, items

_FEWEST = 4
"""Characters of a value that can be told from its surroundings."""
_LIKE_A_PASSWORD = LazyPattern(r"(?:[:=][\"'\\]*|-p|--pass(?:word)?[\s=]+)$")
_LOOK_BACK = 16


def secrets_filled_in(views: ReadOnly[str, ServiceView]) -> dict[str, dict[str, str]]:
    """
    Return the secret values in the commands of services, by the services' names.

    Each value has the name of its variable.
    """
    values = _values(views)
    found: dict[str, dict[str, str]] = {}
    for service, view in views.items():
        used = dict.fromkeys(_used(view))
        secret = [name for name in used if is_secret_name(name)]
        others = {values[name] for name in used if name not in secret and name in values}
        for name in secret:
            value = values.get(name, "")
            if len(value) >= _FEWEST and value not in others:
                found.setdefault(service, {}).setdefault(value, name)
    return found


def places(text: str, value: str) -> Iterator[int]:
    """Yield where ``value`` stands in ``text`` as a value of its own."""
    start = text.find(value)
    while start >= 0:
        if _stands_alone(text, start, start + len(value)):
            yield start
        start = text.find(value, start + len(value))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if _is_of_a_word(before) and not text[:start].endswith("-p"):
        return False
    if _is_of_a_word(after):
        return False
    if not is_default_password(text[start:end]) or (start == 0 and end == len(text)):
        return True
    return _LIKE_A_PASSWORD.search(text[max(0, start - _LOOK_BACK) : start]) is not None


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _used(view: ServiceView) -> Iterator[str]:
    """Yield the variables that were filled into the command and the entrypoint of a service."""
    for attribute in ("entrypoint", "command"):
        for _, word in items(view.get(attribute)):
            if isinstance(word, Scalar):
                yield from word.variables


def _values(views: ReadOnly[str, ServiceView]) -> dict[str, str]:
    """
    Return the values of variables, as far as settings of the stack show them.

    A setting may hold more than the variable, as an address does, so the shortest is taken.
    """
    values: dict[str, str] = {}
    for view in views.values():
        for entry in view.environment.values():
            if entry.value and len(entry.variables) == 1:
                (name,) = entry.variables
                if len(entry.value) < len(values.get(name, entry.value + " ")):
                    values[name] = entry.value
    return values
