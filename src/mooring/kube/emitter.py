"""
YAML that no reader of Kubernetes can misread.

Readers differ in what they take for a number, a truth or a date (``yes``, ``22:22``, ``0o440``,
``1e3``, ``2024-01-01``), so a text stands plain only where it is clearly a text in YAML 1.1 and
1.2 alike.  Texts of several lines stand as literal blocks where a block shows every character;
where blanks at the end of a line or odd characters would be invisible, they stand in double
quotes with escapes.  No folding, no anchors, no tags, no flow style except ``[]`` and ``{}``.

The layout is that of kubectl: two blanks, a sequence at the indentation of its key.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from mooring.kube.manifest import Value
from mooring.patterns import LazyPattern

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_HARMLESS = f"{_LETTERS}{_DIGITS}_./@%+=,()$?&;*~-"
_FIRST = frozenset(f"{_LETTERS}_/")
# A number with one of these behind it (512Mi, 250m, 30s) is a text for every reader.
_SUFFIXES = frozenset({"m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "s"})
# What YAML 1.1 or 1.2 reads as null, true or false, and what lax readers take for a number.
_RESERVED = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"}
)

# Characters that stand for themselves only as an escape: controls, line separators, invisible
# and direction-changing characters, half pairs.  A fixed list, because str.isprintable changes
# with the version of Python for all but ASCII.
_ODD = (
    r"\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\ud800-\udfff\ufeff\ufff0-\uffff\U000e0000-\U000e0fff"
)
_ODD_CHARACTER = LazyPattern(f"[{_ODD}]")
_ESCAPABLE = LazyPattern(f'[{_ODD}"\\\\\t\n]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# A reader looks only this far for the colon of a key without "?" (YAML 1.2, 8.2.2).
_LONGEST_IMPLICIT_KEY = 1000
_CACHED = 200


def emit(value: Value) -> str:
    """
    Return ``value`` as one YAML document, with a final newline and without ``---``.

    Order is kept; equal values give equal texts.

    Raises:
        TypeError: ``value`` holds something other than texts, numbers, truths, None, sequences
            and mappings with texts as keys.
    """
    lines: list[str] = []
    if isinstance(value, dict) and value:
        _mapping(value, "", "", lines)
    elif isinstance(value, (list, tuple)) and value:
        _sequence(value, "", "", lines)
    else:
        lines.append(_flat(value))
    lines.append("")
    return "\n".join(lines)


def emit_all(values: Iterable[Value]) -> str:
    """Return ``values`` as documents of one file, divided by ``---``."""
    return "---\n".join(emit(value) for value in values)


def _mapping(value: dict[str, Value], lead: str, pad: str, lines: list[str]) -> None:
    """Append ``value`` with ``lead`` before its first key and ``pad`` before the others."""
    append = lines.append
    deeper = pad + "  "
    for key, item in value.items():
        head = _head(key) or f"? {_inline(key)}\n{pad}:"
        if isinstance(item, str):
            text = _short(item) if len(item) <= _CACHED else ""
            append(f"{lead}{head} {text or _long(item, deeper)}")
        elif isinstance(item, dict) and item:
            append(lead + head)
            _mapping(item, deeper, deeper, lines)
        elif isinstance(item, (list, tuple)) and item:
            append(lead + head)
            _sequence(item, pad, pad, lines)
        else:
            append(f"{lead}{head} {_flat(item)}")
        lead = pad


def _sequence(value: list[Value], lead: str, pad: str, lines: list[str]) -> None:
    """Append ``value`` with ``lead`` before its first dash and ``pad`` before the others."""
    append = lines.append
    deeper = pad + "  "
    lead += "- "
    for item in value:
        if isinstance(item, str):
            append(lead + _text(item, deeper))
        elif isinstance(item, dict) and item:
            _mapping(item, lead, deeper, lines)
        elif isinstance(item, (list, tuple)) and item:
            _sequence(item, lead, deeper, lines)
        else:
            append(lead + _flat(item))
        lead = pad + "- "


def _text(text: str, pad: str) -> str:
    """Return ``text`` after a key or a dash; further lines are indented by ``pad``."""
    return (len(text) <= _CACHED and _short(text)) or _long(text, pad)


def _long(text: str, pad: str) -> str:
    """Return a text that is not `_short`."""
    return ("\n" in text and _block(text, pad)) or _inline(text)


def _flat(value: Value) -> str:
    """Return what stands in one line: a scalar or an empty collection."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _inline(value)
    if value is None:
        return "null"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    raise TypeError(f"{type(value).__name__} has no place in YAML")


def _number(value: float) -> str:
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    mantissa, e, exponent = text.partition("e")
    # YAML 1.1 takes 1e+16 for a text: its numbers with an exponent need a point.
    return f"{mantissa}.0e{exponent}" if e and "." not in mantissa else text


def _inline(text: str) -> str:
    """Return ``text`` in one line: plain where that is safe, in quotes otherwise."""
    if _is_plain(text):
        if len(text) > 10 or text.lower().lstrip("-") not in _RESERVED:
            return text
    elif _is_quantity(text):
        return text
    if "\\" in text or '"' in text:
        if not ("'" in text or "\t" in text or "\n" in text or _has_odd(text)):
            return f"'{text}'"
    elif text.isascii() and text.isprintable():
        return f'"{text}"'
    return f'"{_ESCAPABLE.sub(_escape, text)}"'


def _is_plain(text: str) -> bool:
    """
    Tell whether no reader takes ``text`` for anything but a text, words like "yes" aside.

    That is words of letters and harmless signs, joined by single blanks or by a colon inside.  The
    first sign is a letter, "_" or "/", or a flag's dashes and then a letter, or "./" or "../": so
    never a number, a date, an indicator or a document marker.
    """
    if text[:1] == "-":
        begins = text[2:3] if text[1:2] == "-" else text[1:2]
        if not begins or begins not in _LETTERS:
            return False
    elif text[:1] == ".":
        if not text.startswith(("./", "../")):
            return False
    elif text[:1] not in _FIRST:
        return False
    joined = text.replace(" ", ":")
    if ":" not in joined:
        return not text.strip(_HARMLESS)
    words = joined.split(":")
    return "" not in words and not "".join(words).strip(_HARMLESS)


def _is_quantity(text: str) -> bool:
    """Tell whether ``text`` is a number with a suffix that makes it a text."""
    number = text.rstrip(_LETTERS)
    if text[len(number) :] not in _SUFFIXES:
        return False
    whole, point, part = number.partition(".")
    digits = (whole, part) if point else (whole,)
    return all(one.isascii() and one.isdigit() for one in digits)


# Keys and most values come again and again; a decision costs ten times a look into the cache.
@lru_cache(maxsize=8192)
def _short(text: str) -> str:
    """Return ``text`` in its one line; nothing where it has several."""
    return "" if "\n" in text else _inline(text)


@lru_cache(maxsize=4096)
def _head(key: str) -> str:
    """Return ``key`` with its colon; nothing where a reader would not find that."""
    return "" if len(key) > _LONGEST_IMPLICIT_KEY else f"{_inline(key)}:"


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _has_odd(text: str) -> bool:
    """Tell whether a character of ``text``, but for tabs and line breaks, needs an escape."""
    if text.isascii():
        return not text.replace("\n", "").replace("\t", "").isprintable()
    return _ODD_CHARACTER.search(text) is not None


def _block(text: str, pad: str) -> str | None:
    """Return ``text`` as a literal block, or None where a block would hide or change something."""
    if " \n" in text or "\t\n" in text or text[-1] in " \t" or _has_odd(text):
        return None
    body = text.rstrip("\n")
    if not body:
        return None
    start = body.lstrip("\n")[0]
    if start == "\t":
        # Some readers take a tab there for a faulty indentation.
        return None
    kept = len(text) - len(body)
    header = ("|2" if start == " " else "|") + ("-" if kept == 0 else "" if kept == 1 else "+")
    lines = [f"{pad}{line}" if line else "" for line in body.split("\n")]
    return "\n".join((header, *lines, *[""] * (kept - 1)))
