"""Env files: a table verified against compose-go's parser, and properties."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.compose import dotenv
from mooring.compose.dotenv import EnvEntry
from mooring.errors import InputErrors
from mooring.sources import Position

ENVIRONMENT = {"HOME": "/root", "EMPTY": "", "SHARED": "outside", "CASH": "5$"}
KNOWN = {"EARLIER": "before", "SHARED": "earlier"}


def _values(text: str | bytes, *, raw: bool = False) -> dict[str, str | None]:
    content = text if isinstance(text, bytes) else text.encode()
    entries = dotenv.parse(content, ".env", ENVIRONMENT.get, raw=raw, known=KNOWN)
    return {name: entry.value for name, entry in entries.items()}


def _errors(text: str | bytes, *, raw: bool = False) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        _values(text, raw=raw)
    assert all(error.remedy for error in caught.value.errors)
    return [
        f"{str(error.position).removeprefix('.env:')}: {error.message}"
        for error in caught.value.errors
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # statements
        pytest.param("", {}, id="an-empty-file"),
        pytest.param("\n \t\n# comment\n  # another\n", {}, id="blanks-and-comments"),
        pytest.param("A=1\nB=2\n", {"A": "1", "B": "2"}, id="assignments"),
        pytest.param("A=1\nB=2", {"A": "1", "B": "2"}, id="no-line-break-at-the-end"),
        pytest.param("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}, id="windows-line-breaks"),
        pytest.param("\ufeffA=1\n", {"A": "1"}, id="a-byte-order-mark"),
        pytest.param("  A = 1 \n", {"A": "1"}, id="blanks-around-everything"),
        pytest.param("A: 1\nB :2\n", {"A": "1", "B": "2"}, id="colons-assign-too"),
        pytest.param("export A=1\nexport\tB=2\n", {"A": "1", "B": "2"}, id="export-is-skipped"),
        pytest.param("exportA=1\n", {"exportA": "1"}, id="not-inside-a-name"),
        pytest.param("A=\nB=\n", {"A": "", "B": ""}, id="empty-values"),
        pytest.param("A=1\nA=2\n", {"A": "2"}, id="the-last-value-counts"),
        pytest.param("a.b-c[0]_é1=x\n", {"a.b-c[0]_é1": "x"}, id="characters-of-names"),
        pytest.param("1A=x\n", {"1A": "x"}, id="a-digit-begins-a-name"),
        pytest.param("=x\n", {"": "x"}, id="a-name-may-be-empty"),
        pytest.param("A=b=c:d\n", {"A": "b=c:d"}, id="the-first-sign-assigns"),
        # bare names
        pytest.param("HOME\n", {"HOME": "/root"}, id="a-bare-name-asks-outside"),
        pytest.param("EMPTY\n", {"EMPTY": ""}, id="a-bare-name-may-be-empty-outside"),
        pytest.param("NOWHERE\n", {"NOWHERE": None}, id="a-bare-name-that-nobody-knows"),
        pytest.param("A=1\nA\n", {"A": "1"}, id="a-bare-name-takes-nothing-away"),
        pytest.param("EARLIER\n", {}, id="a-bare-name-that-an-earlier-file-has-set"),
        pytest.param("export HOME\n", {"HOME": "/root"}, id="a-bare-name-exported"),
        pytest.param("export\nA=1\n", {"A": "1"}, id="export-alone-on-its-line"),
        pytest.param("HOME", {"": "HOME"}, id="a-last-word-is-the-value-of-no-name"),
        # unquoted values
        pytest.param("A=a b\n", {"A": "a b"}, id="blanks-inside"),
        pytest.param("A=a #c\n", {"A": "a"}, id="a-comment-after-a-blank"),
        pytest.param("A=a#c\n", {"A": "a#c"}, id="no-comment-without-a-blank"),
        pytest.param("A= # c\n", {"A": "# c"}, id="no-comment-in-place-of-a-value"),
        pytest.param("A=a\t#c\n", {"A": "a\t#c"}, id="no-comment-after-a-tab"),
        pytest.param("A=a\u00a0\u2003\n", {"A": "a"}, id="wide-blanks-at-the-end-go"),
        pytest.param('A=a"b"\n', {"A": 'a"b"'}, id="quotes-inside-stay"),
        pytest.param("A=a\\nb\n", {"A": "a\\nb"}, id="backslashes-stay"),
        pytest.param('A={"k": "v"}\n', {"A": '{"k": "v"}'}, id="json"),
        # quoted values
        pytest.param("A='a #b'\n", {"A": "a #b"}, id="no-comment-inside-quotes"),
        pytest.param("A=\"a\" #c\nB='b'#d\n", {"A": "a", "B": "b"}, id="comments-after-quotes"),
        pytest.param("A='a\nb'\nB=\"c\n\nd\"\n", {"A": "a\nb", "B": "c\n\nd"}, id="several-lines"),
        pytest.param("A=''\nB=\"\"\n", {"A": "", "B": ""}, id="nothing-inside-quotes"),
        pytest.param("A='$HOME'\n", {"A": "$HOME"}, id="single-quotes-keep-variables"),
        pytest.param("A='a\\'b\\n'\n", {"A": "a'b\\n"}, id="single-quotes-know-one-escape"),
        pytest.param(
            'A="\\a\\b\\f\\n\\r\\t\\v\\\\\\""\n', {"A": '\a\b\f\n\r\t\v\\"'}, id="escapes"
        ),
        pytest.param('A="\\c\\x\\\'"\n', {"A": "\\c\\x\\'"}, id="other-backslashes-stay"),
        pytest.param('A="\\0101\\0377"\n', {"A": "Aÿ"}, id="octal-escapes"),
        pytest.param('A="\\012\\0400\\0189"\n', {"A": "\\12\\400\\189"}, id="no-octal-escapes"),
        pytest.param("A='x' B=2\n", {"A": "x", "B": "2"}, id="a-statement-after-quotes"),
        pytest.param("A='x'HOME\n", {"A": "x", "HOME": "/root"}, id="a-bare-name-after-quotes"),
        # variables
        pytest.param("A=$HOME/x\n", {"A": "/root/x"}, id="a-variable-from-outside"),
        pytest.param("A=1\nB=${A}2\n", {"A": "1", "B": "12"}, id="a-variable-from-above"),
        pytest.param("B=${A-}\nA=1\n", {"B": "", "A": "1"}, id="not-from-below"),
        pytest.param("A=$EARLIER\n", {"A": "before"}, id="a-variable-from-an-earlier-file"),
        pytest.param(
            "SHARED=here\nA=$SHARED\n", {"SHARED": "here", "A": "outside"}, id="outside-wins"
        ),
        pytest.param(
            "EARLIER=now\nA=$EARLIER\n", {"EARLIER": "now", "A": "now"}, id="above-wins-over-before"
        ),
        pytest.param("HOME\nA=$HOME\n", {"HOME": "/root", "A": "/root"}, id="a-bare-name-is-known"),
        pytest.param("A=${NO:-d e} # c\n", {"A": "d e"}, id="a-default"),
        pytest.param('A="${NO:-\\"d\\"}"\n', {"A": '"d"'}, id="a-default-with-quotes"),
        pytest.param("A=$$HOME\n", {"A": "$HOME"}, id="an-escaped-dollar-sign"),
        pytest.param('A="\\$HOME"\n', {"A": "$HOME"}, id="a-dollar-sign-after-a-backslash"),
        pytest.param("A=$CASH\nB=$A\n", {"A": "5$", "B": "5$"}, id="values-are-not-read-again"),
        pytest.param("A=$(x) $1 $\n", {"A": "$(x) $1 $"}, id="dollar-signs-that-stay"),
    ],
)
def test_values(text: str, values: Mapping[str, str | None]) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("A=1\nB= 2 \n", {"A": "1", "B": " 2 "}, id="values-as-they-are"),
        pytest.param("A='1'\nB=$HOME #c\n", {"A": "'1'", "B": "$HOME #c"}, id="quotes-and-more"),
        pytest.param("  # c\n\n \t A=1\n", {"A": "1"}, id="comments-and-blanks-before-names"),
        pytest.param("HOME\nNOWHERE\n", {"HOME": "/root", "NOWHERE": None}, id="bare-names"),
        pytest.param("A=b=c\n", {"A": "b=c"}, id="the-first-sign-assigns"),
        pytest.param("A:b\n", {"A:b": None}, id="a-colon-is-part-of-a-name"),
        pytest.param("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}, id="windows"),
        pytest.param("export=1", {"export": "1"}, id="export-is-a-name"),
    ],
)
def test_raw_lines(text: str, values: Mapping[str, str | None]) -> None:
    assert _values(text, raw=True) == values


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        pytest.param("A=1\nB!=2\n", ['2:2: "!" cannot be part of a name'], id="a-character"),
        pytest.param(
            "A B=1\nC=2\nD E\n",
            ['1:1: the name "A B" holds a blank', '3:1: the name "D E" holds a blank'],
            id="a-blank-in-a-name",
        ),
        pytest.param(
            'A=1\nB="x\ny\n',
            ['2:3: the value of B is not closed (" is missing)'],
            id="a-quote-that-is-not-closed",
        ),
        pytest.param("export ", ['1:8: nothing follows "export"'], id="nothing-after-export"),
        pytest.param(
            "A=1\n\nB=x ${} y\n", ['3:5: "${}" names no variable'], id="a-malformed-variable"
        ),
        pytest.param(
            'A="x ${} y"\n', ['1:1: "${}" names no variable'], id="a-malformed-variable-in-quotes"
        ),
        pytest.param(
            "A=${NO:?why}\nB=${NO?}\n",
            [
                '1:3: the required variable "NO" is not set: why',
                '2:3: the required variable "NO" is not set',
            ],
            id="required-variables",
        ),
        pytest.param(
            "{\n  A: 1\n}\n",
            ['1:1: "{" cannot be part of a name', '3:1: "}" cannot be part of a name'],
            id="json-in-place-of-lines",
        ),
        pytest.param(
            b"\x00\x01\x02", ["1:1: a name holds a character that cannot be printed"], id="bytes"
        ),
        pytest.param(
            "A=caf\xe9\n".encode("latin-1"),
            ['1:1: the value of "A" is not encoded in UTF-8'],
            id="latin-1",
        ),
    ],
)
def test_lines_that_cannot_be_read(text: str | bytes, errors: list[str]) -> None:
    assert _errors(text) == errors


def test_values_cannot_double_without_end() -> None:
    text = "A1=x\n" + "".join(f"A{n + 1}=${{A{n}}}${{A{n}}}\n" for n in range(1, 60))
    assert _errors(text)[0] == (
        "21:11: variables make this text more than 1,000,000 characters longer"
    )


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        pytest.param("=1\n", ['1:1: a name is missing before "="'], id="no-name"),
        pytest.param(
            "A=1\n A B=2\nC\tD\n",
            ['2:2: the name "A B" holds a blank', '3:1: the name "C\tD" holds a blank'],
            id="a-blank-in-a-name",
        ),
        pytest.param(
            b"A=\xff\n", ['1:1: the value of "A" is not encoded in UTF-8'], id="not-utf-8"
        ),
    ],
)
def test_raw_lines_that_cannot_be_read(text: str | bytes, errors: list[str]) -> None:
    assert _errors(text, raw=True) == errors


def test_a_comment_may_have_any_encoding() -> None:
    assert _values("# caf\xe9\nA=1\n".encode("latin-1")) == {"A": "1"}


def test_entries_tell_where_they_stand_and_what_decided_them() -> None:
    text = "\ufeff# c\n  A=1\nexport B='x\ny'\nC=$A${NO:-$HOME}\nHOME\nD: z\n"
    entries = dotenv.parse(text.encode(), ".env", ENVIRONMENT.get)
    assert entries == {
        "A": EnvEntry("1", Position(".env", 2, 3)),
        "B": EnvEntry("x\ny", Position(".env", 3, 8)),
        "C": EnvEntry("1/root", Position(".env", 5, 1), ("A", "NO", "HOME")),
        "HOME": EnvEntry("/root", Position(".env", 6, 1), ("HOME",)),
        "D": EnvEntry("z", Position(".env", 7, 1)),
    }


def test_unset_variables_are_told_where_they_stand() -> None:
    told: list[str] = []
    dotenv.parse(
        b"A=1\nB=x $NO\nC=\"$ALSO\"\nD='$NOT'\n",
        ".env",
        ENVIRONMENT.get,
        on_unset=lambda name, at: told.append(f"{name} {at}"),
    )
    assert told == ["NO .env:2:5", "ALSO .env:3:1"]


def test_reading_stops_after_a_hundred_faults() -> None:
    assert len(_errors("!\n" * 1000)) == dotenv.MAX_FAULTS
    assert len(_errors("A B\n" * 1000, raw=True)) == dotenv.MAX_FAULTS


# Properties

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]*", fullmatch=True)
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)


@given(st.dictionaries(NAMES, TEXTS.map(lambda text: text.replace("\\", "").replace("'", ""))))
def test_single_quoted_values_come_back(values: dict[str, str]) -> None:
    text = "".join(f"{name}='{value}'\n" for name, value in values.items())
    entries = dotenv.parse(text.encode(), ".env", {}.get)
    assert {name: entry.value for name, entry in entries.items()} == values


@given(st.dictionaries(NAMES, TEXTS))
def test_double_quoted_values_come_back(values: dict[str, str]) -> None:
    escaped = {
        name: value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
        for name, value in values.items()
    }
    text = "".join(f'{name}="{value}"\n' for name, value in escaped.items())
    entries = dotenv.parse(text.encode(), ".env", {}.get)
    assert {name: entry.value for name, entry in entries.items()} == values


@given(st.dictionaries(NAMES, TEXTS.map(lambda text: text.replace("\n", ""))))
def test_raw_values_come_back(values: dict[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    entries = dotenv.parse(text.encode(), ".env", {}.get, raw=True)
    # "\r" before a line break is part of the line break.
    assert {name: entry.value for name, entry in entries.items()} == {
        name: value.removesuffix("\r") for name, value in values.items()
    }


@given(st.binary() | TEXTS.map(str.encode), st.booleans())
def test_any_bytes_are_read_or_refused(content: bytes, raw: bool) -> None:
    try:
        entries = dotenv.parse(content, ".env", {}.get, raw=raw)
    except InputErrors as error:
        entries = {}
        places = [one.position for one in error.errors]
        assert all(place is not None and place.line > 0 for place in places)
    assert all("\n" not in name for name in entries)
