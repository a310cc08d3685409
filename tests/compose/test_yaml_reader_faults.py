"""Faults of YAML syntax: where, what is wrong with the line, and what to do."""

import pytest

from mooring.compose.yaml_reader import read_documents
from mooring.errors import InputErrors

QUOTE = "put the whole value in quotes"
BESIDE = "indent it like the key that it belongs beside"


def _fault(content: bytes) -> tuple[str, str, str]:
    """The place, the message and the remedy of the one fault in ``content``."""
    with pytest.raises(InputErrors) as caught:
        read_documents(content, "c.yaml")
    (error,) = caught.value.errors
    assert error.position is not None
    assert error.position.file == "c.yaml"
    return f"{error.position.line}:{error.position.column}", error.message, error.remedy or ""


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        # indentation
        pytest.param(
            "a:\n\tb: c",
            "2:1",
            "a tab stands in the indentation",
            "indent with spaces only",
            id="a-tab",
        ),
        pytest.param(
            "a: |\n  x\n\ty",
            "3:1",
            "a tab stands in the indentation",
            "indent with spaces only",
            id="a-tab-in-a-block-of-text",
        ),
        pytest.param(
            "image: x\n  ports: y",
            "2:8",
            "this line is indented deeper than the one before it, which has a value already",
            BESIDE,
            id="a-line-that-is-too-deep",
        ),
        pytest.param(
            "services:\n  web:\n    image: a\n   ports: b\n",
            "4:4",
            "the indentation of this line is that of no mapping around it; the mapping begun in "
            "line 2 has its keys in column 3",
            BESIDE,
            id="a-line-between-two-depths",
        ),
        pytest.param(
            "a:\n  - b\n  c: d",
            "3:3",
            "the list begun in line 2 has its items in column 3; this line is neither one of them "
            "nor outside the list",
            'begin it with "- " in that column, or indent it like the key that it belongs beside',
            id="a-key-among-items",
        ),
        pytest.param(
            "a: x\n- b",
            "2:1",
            "an item of a list stands among the keys of the mapping begun in line 1",
            "put it below the key that it belongs to",
            id="an-item-among-keys",
        ),
        pytest.param(
            "  a: b\nc: d",
            "2:1",
            "this line lies outside of everything before it",
            'indent it like the first line of the file; put "---" between two documents',
            id="a-first-line-that-is-too-deep",
        ),
        # colons
        pytest.param(
            "a: b: c",
            "1:5",
            'a second ": " stands on the line, which begins another mapping',
            QUOTE,
            id="a-second-colon",
        ),
        pytest.param(
            "a: b\nfoo:bar\nc: d",
            "2:1",
            'a space is missing after the colon of "foo:bar"',
            'write "foo: bar"',
            id="no-space-after-a-colon",
        ),
        pytest.param(
            "web:\n  image:nginx\n  ports: [80]",
            "2:1",
            'a space is missing after the colon of "image:nginx"',
            'write "image: nginx"',
            id="no-space-after-the-first-colon",
        ),
        pytest.param(
            "a: b\nfoo\nc: d",
            "2:1",
            '"foo" is neither "key: value" nor an item of a list',
            'put a colon and a space after the key, or "- " before the item',
            id="no-colon",
        ),
        pytest.param(
            "two words\nc: d",
            "2:2",
            "a key follows text that belongs to no key",
            'put a colon and a space after the key in the lines before, or "#" before a comment',
            id="text-before-the-first-key",
        ),
        pytest.param(
            "a: b\n: c",
            "2:1",
            "a key is missing before the colon",
            "write one, or put a text that begins with a colon in quotes",
            id="no-key-before-a-colon",
        ),
        pytest.param(
            "{a:}",
            "1:3",
            "a colon stands at the end of a value between brackets",
            'put a space after the colon of "key: value"; put quotes around a text that ends '
            "with one",
            id="a-colon-before-a-bracket",
        ),
        # quotes
        pytest.param(
            "a: 'x\nb: c",
            "1:4",
            "the quote that opens here is not closed (' is missing)",
            "close it at the end of the value",
            id="a-quote-that-is-not-closed",
        ),
        pytest.param(
            'a: "x\n---\n',
            "1:4",
            'the quote that opens here is not closed (" is missing)',
            "close it at the end of the value",
            id="a-quote-over-the-end-of-a-document",
        ),
        pytest.param(
            "a: 'it's'",
            "1:8",
            '"s\'" follows a value that has ended already',
            f"{QUOTE}; a quote inside single quotes is written twice",
            id="a-quote-inside-quotes",
        ),
        pytest.param(
            'a: "\\d"',
            "1:5",
            'double quotes know no escape "\\d"',
            "double the backslash, or use single quotes",
            id="an-unknown-escape",
        ),
        pytest.param(
            'a: "\\x1"',
            "1:7",
            "the escape names no character",
            'write "\\x" with two hexadecimal digits, "\\u" with four, "\\U" with eight',
            id="an-escape-cut-short",
        ),
        # brackets and lists
        pytest.param(
            "a: [b\nc: d",
            "2:2",
            'a comma or the closing "]" is missing in the list that "[" opens in line 1, column 4',
            'close it, or put values that hold any of ", [ ] { }" in quotes',
            id="a-bracket-that-is-not-closed",
        ),
        pytest.param(
            "{a: b c: d}",
            "1:8",
            'a comma or the closing "}" is missing in the mapping that "{" opens in line 1, '
            "column 1",
            'close it, or put values that hold any of ", [ ] { }" in quotes',
            id="a-comma-that-is-missing",
        ),
        pytest.param(
            "a: [b]]",
            "1:7",
            '"]" follows a value that has ended already',
            f"{QUOTE}; a quote inside single quotes is written twice",
            id="a-bracket-too-many",
        ),
        pytest.param(
            "a: [b,,c]",
            "1:7",
            'a value is missing before ","',
            f"write it, or {QUOTE}",
            id="a-comma-too-many",
        ),
        pytest.param(
            "a: ]",
            "1:4",
            'a value is missing before "]"',
            f"write it, or {QUOTE}",
            id="a-bracket-that-closes-nothing",
        ),
        pytest.param(
            "a: - b",
            "1:4",
            'a list cannot begin with "- " on the line of its key',
            'put its items on the lines below, or write "[a, b]"',
            id="a-list-on-the-line-of-its-key",
        ),
        # characters that mean something
        pytest.param("a: @b", "1:4", 'a value cannot begin with "@"', QUOTE, id="an-at-sign"),
        pytest.param("a: `b`", "1:4", 'a value cannot begin with "`"', QUOTE, id="a-backquote"),
        pytest.param("a: %b", "1:4", 'a value cannot begin with "%"', QUOTE, id="a-percent-sign"),
        pytest.param(
            "a: *.com",
            "1:4",
            '"*" begins an alias in YAML, and no name of one follows',
            QUOTE,
            id="an-asterisk",
        ),
        pytest.param(
            "a: & b",
            "1:4",
            '"&" begins an anchor in YAML, and no name of one follows',
            QUOTE,
            id="an-ampersand",
        ),
        pytest.param(
            "a: !e!x y",
            "1:4",
            '"!" begins a tag in YAML, and this is none',
            QUOTE,
            id="an-exclamation-mark",
        ),
        pytest.param(
            "a: | text\n",
            "1:6",
            'text follows "|" or ">", which announce that the text begins on the next line',
            f"begin the text on the next line, or {QUOTE}",
            id="text-after-a-bar",
        ),
        pytest.param(
            "%b\na: b",
            "1:1",
            'a line that begins with "%" is an instruction to the YAML reader, and this is none',
            QUOTE,
            id="a-line-with-a-percent-sign",
        ),
        pytest.param(
            "%YAML 1.2\n---\na: b",
            "1:1",
            "Docker Compose reads no document that asks for another version of YAML than 1.1",
            "remove the line that begins with %YAML",
            id="another-version-of-yaml",
        ),
        pytest.param(
            "a: |0\n x",
            "1:5",
            "this is not YAML (found an indentation indicator equal to 0 while scanning a block "
            "scalar)",
            "look at the indentation, the quotes and the brackets of this line and the one before "
            "it",
            id="something-rarer",
        ),
    ],
)
def test_syntax(text: str, place: str, message: str, remedy: str) -> None:
    assert _fault(text.encode()) == (place, message, remedy)


@pytest.mark.parametrize(
    ("content", "place", "message", "remedy"),
    [
        pytest.param(
            "a: é\nb: é\x00".encode(),
            "2:5",
            "a NUL byte stands in the text; is this a YAML file?",
            'remove it, or write it as an escape in double quotes, as in "\\x1b"',
            id="a-nul-byte",
        ),
        pytest.param(
            b"a: \x1b[0m",
            "1:4",
            "the control character U+001B stands in the text; is this a YAML file?",
            'remove it, or write it as an escape in double quotes, as in "\\x1b"',
            id="a-control-character",
        ),
        pytest.param(
            "a: b\nc: café\n".encode("latin-1"),
            "2:7",
            "the byte 0xE9 is not encoded in UTF-8",
            "save the file in UTF-8",
            id="latin-1",
        ),
        pytest.param(
            "a: b\n".encode("utf-16")[:-1],
            "0:0",
            "the file is not encoded in UTF-8, and is no good UTF-16 (incomplete UTF-16 character)",
            "save the file in UTF-8",
            id="utf-16-cut-short",
        ),
        pytest.param(
            b"\x7fELF\x02\x01\x01\x00",
            "1:1",
            "the control character U+007F stands in the text; is this a YAML file?",
            'remove it, or write it as an escape in double quotes, as in "\\x1b"',
            id="a-program",
        ),
    ],
)
def test_bytes_that_are_no_text(content: bytes, place: str, message: str, remedy: str) -> None:
    assert _fault(content) == (place, message, remedy)


def test_faults_before_a_fault_of_syntax_are_told_too() -> None:
    with pytest.raises(InputErrors) as caught:
        read_documents(b"a: 1\na: 2\nb: *x\nc: [", "c.yaml")
    places = [str(error.position) for error in caught.value.errors]
    assert places == ["c.yaml:2:1", "c.yaml:3:4", "c.yaml:5:1"]


def test_positions_hold_after_a_rewritten_line() -> None:
    with pytest.raises(InputErrors) as caught:
        read_documents(b'a: "it\\\'s"\nb: &c.d x\ne: @f', "c.yaml")
    assert [str(error.position) for error in caught.value.errors] == ["c.yaml:3:4"]
