"""
The project as ``mooring config`` prints it: the model of ``docker compose config``.

Names are sorted, as Compose sorts them, so that two prints can be compared line by line.
Extensions below the top level are no part of the model and left out.

The YAML is written so that readers of YAML 1.1 and 1.2 find the same values in it: a text is
left without quotes only where no reader could take it for anything else.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import typed
from mooring.compose.nodes import Plain, plain
from mooring.compose.project import Project

_SAFE = re.compile(r"(?:[A-Za-z][A-Za-z0-9_./@-]*|\.{0,2}/[A-Za-z0-9_./@-]*)")
_WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"])
_UNSAFE = r"\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
_IN_A_BLOCK = re.compile(rf"[^\x00-\x20{_UNSAFE}][^\x00-\x09\x0b-\x1f{_UNSAFE}]*")
_ESCAPED = re.compile(rf"[{_UNSAFE}]")
_LONGEST_KEY = 500
"""Readers look for the colon of a simple key only so far (1,024 characters by the standard)."""


def as_plain(project: Project) -> dict[str, Plain]:
    """Return the printed model as plain values."""
    model = plain(typed.printed(project.root))
    assert isinstance(model, dict)
    return model


def as_json(project: Project) -> str:
    """Return the model as JSON, indented by two, with a line feed at the end."""
    encoded = msgspec.json.encode(as_plain(project), order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def as_yaml(project: Project) -> str:
    """Return the model as YAML that reads back equal to the JSON."""
    return yaml_text(as_plain(project))


def several_as_json(projects: ReadOnly[str, Project]) -> str:
    """Return a JSON object with the model of each of ``projects`` under the user's name of it."""
    models = {name: as_plain(project) for name, project in projects.items()}
    return (
        msgspec.json.format(msgspec.json.encode(models, order="sorted"), indent=2).decode() + "\n"
    )


def several_as_yaml(projects: ReadOnly[str, Project]) -> str:
    """Return one YAML document for each of ``projects``, below a comment with its name."""
    return "".join(f"---\n# {name}\n{as_yaml(project)}" for name, project in projects.items())


def yaml_text(model: dict[str, Plain]) -> str:
    """Return ``model`` as one YAML document in block style, with a line feed at the end."""
    return "".join(_lines(model, 0, "")).removeprefix(" ")


def _lines(value: Plain, depth: int, lead: str) -> Iterator[str]:
    """
    Yield the text of ``value`` as it follows a colon or, where ``lead`` is empty, a line's begin.

    ``depth`` is how far the lines below are indented; each text ends with a line feed.
    """
    pad = " " * depth
    if isinstance(value, dict) and value:
        yield lead
        for name in sorted(value):
            yield f"{pad}{_key(name)}"
            yield from _lines(value[name], depth + 2, "\n")
    elif isinstance(value, list) and value:
        yield lead
        for item in value:
            yield f"{pad}-"
            yield from _item(item, depth)
    else:
        yield f" {_leaf(value, pad)}\n"


def _item(value: Plain, depth: int) -> Iterator[str]:
    """Yield the text of a list's entry after its dash; a mapping begins on the same line."""
    if isinstance(value, (dict, list)) and value:
        below = "".join(_lines(value, depth + 2, ""))
        yield f" {below[depth + 2 :]}"
    else:
        yield f" {_leaf(value, ' ' * (depth + 2))}\n"


def _key(name: str) -> str:
    text = _text(name)
    if len(text) > _LONGEST_KEY:
        return f"? {text}\n:"
    return f"{text}:"


def _leaf(value: Plain, pad: str) -> str:
    """Return a scalar or an empty collection; ``pad`` indents the lines of a longer text."""
    if isinstance(value, str):
        return _block(value, pad) if "\n" in value else _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    return "{}" if isinstance(value, dict) else "[]"


def _block(text: str, pad: str) -> str:
    if not _IN_A_BLOCK.fullmatch(text) or not text.strip("\n"):
        return _text(text)
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomping = "-" if ends == 0 else "" if ends == 1 else "+"
    lines = [f"{pad}{line}" if line else "" for line in body.split("\n")]
    return f"|{chomping}\n" + "\n".join(lines) + "\n" * (ends - 1)


def _text(text: str) -> str:
    if _SAFE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    quoted = msgspec.json.encode(text).decode()
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _float(value: float) -> str:
    """A number that YAML 1.1 reads as one too: with a point, and a sign before the exponent."""
    mantissa, mark, exponent = repr(value).partition("e")
    if not mark:
        return mantissa
    point = "" if "." in mantissa else ".0"
    sign = "" if exponent[0] in "+-" else "+"
    return f"{mantissa}{point}e{sign}{exponent}"
