"""
Faults of YAML syntax in words that help: what is wrong with the line, and what to do about it.

libyaml says what its grammar expected ("did not find expected key"), which is true of ten different
mistakes.  The line itself tells which of them was made, so it is looked at here.  Only a file that
cannot be read comes this way.
"""

import re
from collections.abc import Callable

import msgspec

from mooring.compose.libyaml import MarkedYAMLError, ReaderError, YAMLError
from mooring.errors import InputError
from mooring.sources import Position

_QUOTE_IT = "put the whole value in quotes"
_KEY_WITHOUT_SPACE = re.compile(r"""\s*(?:- +)*(["']?[\w./-]+["']?):(\S+)\s*$""")


class _Fault(msgspec.Struct, frozen=True):
    """What libyaml tells, and the lines it speaks of (lines and columns from 0)."""

    context: str
    problem: str
    line: int
    column: int
    start_line: int
    start_column: int
    text: str
    start_text: str
    previous_text: str

    @property
    def before(self) -> str:
        """The line up to the fault."""
        return self.text[: self.column]

    @property
    def after(self) -> str:
        """The line from the fault on."""
        return self.text[self.column :]


class _Finding(msgspec.Struct, frozen=True):
    cause: str
    remedy: str
    at_start: bool = False
    """The position is where the thing began that went wrong, rather than where that showed."""
    lines_before: int = 0
    """The position is as many lines before."""


_KEY_MISSING = _Finding(
    "a key is missing before the colon",
    "write one, or put a text that begins with a colon in quotes",
)


def explain(error: YAMLError, content: bytes, file: str) -> InputError:
    """Return what is wrong with ``content``, from the error that reading it raised."""
    if isinstance(error, ReaderError):
        return _unreadable(error, content, file)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return InputError(f"is not YAML: {error}", position=Position(file))
    mark = error.problem_mark
    start = error.context_mark or mark
    lines = content.decode(errors="replace").removeprefix("\ufeff").splitlines()
    fault = _Fault(
        context=error.context or "",
        problem=error.problem or "",
        line=mark.line,
        column=mark.column,
        start_line=start.line,
        start_column=start.column,
        text=_line(lines, mark.line),
        start_text=_line(lines, start.line),
        previous_text=_line(lines, mark.line - 1) if mark.line else "",
    )
    found = _tab(fault) or _CAUSES.get(fault.problem, _other)(fault)
    line, column = (start.line, start.column) if found.at_start else (mark.line, mark.column)
    if found.lines_before:
        line, column = line - found.lines_before, 0
    position = Position(file, line + 1, column + 1)
    return InputError(found.cause, position=position, remedy=found.remedy)


def _line(lines: list[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


def _unreadable(error: ReaderError, content: bytes, file: str) -> InputError:
    offset = min(error.position, len(content) - 1)
    before = content[:offset]
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode(errors="replace")) + 1
    position = Position(file, before.count(b"\n") + 1, column)
    if error.reason == "control characters are not allowed":
        character = ord(error.character) if isinstance(error.character, str) else error.character
        what = "a NUL byte" if character == 0 else f"the control character U+{character:04X}"
        return InputError(
            f"{what} stands in the text; is this a YAML file?",
            position=position,
            remedy='remove it, or write it as an escape in double quotes, as in "\\x1b"',
        )
    if "UTF-8" in error.reason:
        message = f"the byte 0x{content[offset]:02X} is not encoded in UTF-8"
    else:
        message = f"the file is not encoded in UTF-8, and is no good UTF-16 ({error.reason})"
        position = Position(file)
    return InputError(message, position=position, remedy="save the file in UTF-8")


def _tab(fault: _Fault) -> _Finding | None:
    """A tab in the indentation, whatever libyaml made of it."""
    blank = len(fault.text) - len(fault.text.lstrip(" \t"))
    if "\t" in fault.text[:blank] and fault.column <= blank:
        return _Finding("a tab stands in the indentation", "indent with spaces only")
    return None


def _cannot_start(fault: _Fault) -> _Finding:
    return _Finding(f'a value cannot begin with "{fault.after[:1]}"', _QUOTE_IT)


def _value_not_allowed(fault: _Fault) -> _Finding:
    if re.search(r":(?:\s|$)", fault.before):
        return _Finding('a second ": " stands on the line, which begins another mapping', _QUOTE_IT)
    if fault.previous_text:
        missing_space = _missing_space(fault.previous_text)
        if missing_space is not None:
            return msgspec.structs.replace(missing_space, lines_before=1)
    if fault.before[:1].isspace():
        return _Finding(
            "this line is indented deeper than the one before it, which has a value already",
            "indent it like the key that it belongs beside",
        )
    return _Finding(
        "a key follows text that belongs to no key",
        'put a colon and a space after the key in the lines before, or "#" before a comment',
    )


def _no_colon(fault: _Fault) -> _Finding:
    missing_space = _missing_space(fault.start_text)
    if missing_space is not None:
        return msgspec.structs.replace(missing_space, at_start=True)
    return _Finding(
        f'"{_short(fault.start_text[fault.start_column :])}" is neither "key: value" nor an item '
        "of a list",
        'put a colon and a space after the key, or "- " before the item',
        at_start=True,
    )


def _missing_space(line: str) -> _Finding | None:
    match = _KEY_WITHOUT_SPACE.match(line)
    if match is None:
        return None
    key, value = match.groups()
    return _Finding(
        f'a space is missing after the colon of "{key}:{value}"', f'write "{key}: {value}"'
    )


def _no_key(fault: _Fault) -> _Finding:
    if fault.before.strip():
        return _Finding(
            f'"{_short(fault.after)}" follows a value that has ended already',
            "put the whole value in quotes; a quote inside single quotes is written twice",
        )
    if fault.after.startswith(":"):
        return _KEY_MISSING
    if fault.after.startswith(("- ", "-\n")) or fault.after == "-":
        return _Finding(
            f"an item of a list stands among the keys of the mapping begun in line "
            f"{fault.start_line + 1}",
            "put it below the key that it belongs to",
        )
    return _Finding(
        "the indentation of this line is that of no mapping around it; the mapping begun in line "
        f"{fault.start_line + 1} has its keys in column {fault.start_column + 1}",
        "indent it like the key that it belongs beside",
    )


def _no_item(fault: _Fault) -> _Finding:
    return _Finding(
        f"the list begun in line {fault.start_line + 1} has its items in column "
        f"{fault.start_column + 1}; this line is neither one of them nor outside the list",
        'begin it with "- " in that column, or indent it like the key that it belongs beside',
    )


def _item_not_allowed(_fault: _Fault) -> _Finding:
    return _Finding(
        'a list cannot begin with "- " on the line of its key',
        'put its items on the lines below, or write "[a, b]"',
    )


def _unclosed_quote(fault: _Fault) -> _Finding:
    quote = fault.start_text[fault.start_column : fault.start_column + 1]
    return _Finding(
        f"the quote that opens here is not closed ({quote} is missing)",
        "close it at the end of the value",
        at_start=True,
    )


def _colon_in_flow(_fault: _Fault) -> _Finding:
    return _Finding(
        "a colon stands at the end of a value between brackets",
        'put a space after the colon of "key: value"; put quotes around a text that ends with one',
    )


def _unclosed_bracket(fault: _Fault) -> _Finding:
    kind, opening, closing = (
        ("list", "[", "]") if "sequence" in fault.context else ("mapping", "{", "}")
    )
    return _Finding(
        f'a comma or the closing "{closing}" is missing in the {kind} that "{opening}" opens in '
        f"line {fault.start_line + 1}, column {fault.start_column + 1}",
        'close it, or put values that hold any of ", [ ] { }" in quotes',
    )


def _no_name(fault: _Fault) -> _Finding:
    sign = fault.start_text[fault.start_column : fault.start_column + 1]
    what = "an alias" if sign == "*" else "an anchor"
    return _Finding(
        f'"{sign}" begins {what} in YAML, and no name of one follows', _QUOTE_IT, at_start=True
    )


def _no_content(fault: _Fault) -> _Finding:
    if not fault.after:
        return _Finding("a value is missing at the end", "write the value, or close what is open")
    if fault.after[0] == ":":
        return _KEY_MISSING
    return _Finding(f'a value is missing before "{fault.after[0]}"', "write it, or " + _QUOTE_IT)


def _bad_escape(fault: _Fault) -> _Finding:
    return _Finding(
        f'double quotes know no escape "{fault.after[:2]}"',
        "double the backslash, or use single quotes",
    )


def _bad_code(_fault: _Fault) -> _Finding:
    return _Finding(
        "the escape names no character",
        'write "\\x" with two hexadecimal digits, "\\u" with four, "\\U" with eight',
    )


def _after_block_sign(fault: _Fault) -> _Finding:
    if fault.context == "while scanning a directive":
        return _directive(fault)
    return _Finding(
        'text follows "|" or ">", which announce that the text begins on the next line',
        "begin the text on the next line, or " + _QUOTE_IT,
    )


def _directive(_fault: _Fault) -> _Finding:
    return _Finding(
        'a line that begins with "%" is an instruction to the YAML reader, and this is none',
        _QUOTE_IT,
        at_start=True,
    )


def _tag(_fault: _Fault) -> _Finding:
    return _Finding('"!" begins a tag in YAML, and this is none', _QUOTE_IT, at_start=True)


def _outside(_fault: _Fault) -> _Finding:
    return _Finding(
        "this line lies outside of everything before it",
        'indent it like the first line of the file; put "---" between two documents',
    )


def _other(fault: _Fault) -> _Finding:
    context = f" {fault.context}" if fault.context else ""
    return _Finding(
        f"this is not YAML ({fault.problem}{context})",
        "look at the indentation, the quotes and the brackets of this line and the one before it",
    )


def _short(text: str, length: int = 40) -> str:
    text = text.strip()
    return text if len(text) <= length else text[:length] + "…"


_CAUSES: dict[str, Callable[[_Fault], _Finding]] = {
    "found character that cannot start any token": _cannot_start,
    "mapping values are not allowed in this context": _value_not_allowed,
    "could not find expected ':'": _no_colon,
    "did not find expected key": _no_key,
    "did not find expected '-' indicator": _no_item,
    "block sequence entries are not allowed in this context": _item_not_allowed,
    "found unexpected end of stream": _unclosed_quote,
    "found unexpected document indicator": _unclosed_quote,
    "did not find expected ',' or ']'": _unclosed_bracket,
    "did not find expected ',' or '}'": _unclosed_bracket,
    "did not find expected alphabetic or numeric character": _no_name,
    "did not find expected node content": _no_content,
    "found unknown escape character": _bad_escape,
    "did not find expected hexdecimal number": _bad_code,
    "found invalid Unicode character escape code": _bad_code,
    "did not find expected comment or line break": _after_block_sign,
    "found unknown directive name": _directive,
    "found unexpected non-alphabetical character": _directive,
    "could not find expected directive name": _directive,
    "mapping keys are not allowed in this context": _cannot_start,
    "found unexpected ':'": _colon_in_flow,
    "found undefined tag handle": _tag,
    "did not find the expected '>'": _tag,
    "did not find expected whitespace or line break": _tag,
    "did not find expected tag URI": _tag,
    "did not find expected '!'": _tag,
    "did not find expected <document start>": _outside,
}
