"""How the lines of a Dockerfile become instructions, and where each word of them stands."""

import pytest

from mooring.compose import dockerfile
from mooring.sources import Position

FILE = "Dockerfile"


def read(content: bytes) -> dockerfile.DockerfileFacts:
    return dockerfile.read(content, FILE)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"FROM base\nENV A=1 B=2\nUSER app\n", id="plain"),
        pytest.param(b"FROM base\r\nENV A=1 B=2\r\nUSER app\r\n", id="windows-line-ends"),
        pytest.param(b"\xef\xbb\xbfFROM base\nENV A=1 B=2\nUSER app\n", id="byte-order-mark"),
        pytest.param(b"FROM base\nENV A=1 B=2\nUSER app", id="no-line-end-at-the-end"),
        pytest.param(b"from base\nenv A=1 B=2\nuser app\n", id="small-letters"),
        pytest.param(b"\n\n  FROM   base  \n\tENV\tA=1\t B=2\nUSER app\n", id="blanks-all-over"),
        pytest.param(b"FROM base\nENV A=1 \\\n    B=2\nUSER app\n", id="continuation"),
        pytest.param(b"FROM base\nENV A=1 \\  \n B=2\nUSER app\n", id="blanks-after-the-backslash"),
        pytest.param(
            b"FROM base\nENV A=1 \\\n# why\n\n   # and so\n B=2\nUSER app\n",
            id="comments-and-empty-lines-inside-a-continuation",
        ),
        pytest.param(b"FROM base\r\nENV A=1 \\\r\n B=2\r\nUSER app\r\n", id="windows-continuation"),
        pytest.param(
            b"FROM base\nENV A=1 B\\\n=2\nUSER ap\\\np\n", id="continuation-inside-a-word"
        ),
        pytest.param(
            b"# escape=`\nFROM base\nENV A=1 `\n B=2\nUSER app\n", id="backtick-continues"
        ),
        pytest.param(
            b"# syntax=docker/dockerfile:1\n# escape=`\nFROM base\nENV A=1 `\n B=2\nUSER app\n",
            id="two-directives",
        ),
        pytest.param(
            b"#ESCAPE = `\nFROM base\nENV A=1 `\n B=2\nUSER app\n", id="directive-loosely-written"
        ),
        pytest.param(
            b"# a comment first\n# escape=`\nFROM base\nENV A=1 \\\n B=2\nUSER app\n",
            id="after-a-comment-a-directive-is-a-comment",
        ),
        pytest.param(
            b"FROM base\nRUN <<EOF\nUSER root\nEXPOSE 1\nEOF\nENV A=1 B=2\nUSER app\n",
            id="here-document-is-no-instruction",
        ),
        pytest.param(
            b"FROM base\nRUN <<-'EOF' sh -e\n\tUSER root\n\tEOF\nENV A=1 B=2\nUSER app\n",
            id="here-document-with-tabs-and-quotes",
        ),
        pytest.param(
            b"FROM base\nCOPY <<A <<B /x/\nENV A=3\nA\nUSER b\nB\nENV A=1 B=2\nUSER app\n",
            id="two-here-documents",
        ),
        pytest.param(b"FROM base\nENV A=1 B=2\nUSER app \\", id="continuation-at-the-end"),
    ],
)
def test_same_file_in_other_words(content: bytes) -> None:
    facts = read(content)
    assert facts.findings == ()
    assert {name: text.value for name, text in facts.image.environment.items()} == {
        "A": "1",
        "B": "2",
    }
    assert facts.image.user is not None
    assert facts.image.user.value.strip() == "app"
    assert facts.image.ports == ()


def test_directives() -> None:
    facts = read(b"# syntax = docker/dockerfile:1.7-labs\n# check=skip=all\n#escape=`\nFROM base\n")
    assert (facts.syntax, facts.escape) == ("docker/dockerfile:1.7-labs", "`")
    assert facts.findings == ()


def test_directive_twice_is_refused() -> None:
    (found,) = read(b"# escape=`\n# escape=`\nFROM base\n").findings
    assert found.message == "the directive escape is given twice"
    assert found.position == Position(FILE, 2, 1)


def test_other_frontend_is_doubtful() -> None:
    (found,) = read(b"# syntax=example.com/another\nFROM base\n").findings
    assert found.rule == "dockerfile-doubtful"
    assert "example.com/another" in found.message


@pytest.mark.parametrize(
    ("content", "position"),
    [
        pytest.param(b"FROM base\nEXPOSE 80\n", (2, 8), id="in-the-line-of-the-instruction"),
        pytest.param(b"FROM base\n   EXPOSE   80\n", (2, 13), id="after-blanks"),
        pytest.param(b"FROM base\nEXPOSE \\\n  80\n", (3, 3), id="in-a-continuation-line"),
        pytest.param(b"FROM base\nEXPOSE \\\n# c\n\n\t80\n", (5, 2), id="after-a-comment"),
        pytest.param(b"FROM base\r\nEXPOSE \\\r\n  80\r\n", (3, 3), id="with-windows-line-ends"),
        pytest.param(b"\xef\xbb\xbfFROM base\nEXPOSE 80\n", (2, 8), id="after-a-byte-order-mark"),
        pytest.param(b"FROM base\nONBUILD EXPOSE 1\nEXPOSE 80", (3, 8), id="last-line"),
    ],
)
def test_position_of_a_word(content: bytes, position: tuple[int, int]) -> None:
    (port,) = read(content).image.ports
    assert port.position == Position(FILE, *position)


def test_position_counts_characters_not_bytes() -> None:
    found = read("FROM base\nENV É=é B=2\n".encode()).image.environment["B"]
    assert found.position == Position(FILE, 2, 9)


def test_position_of_a_trigger_is_where_it_is_written() -> None:
    text = b"FROM base AS a\nONBUILD EXPOSE \\\n  80\nFROM a\n"
    (port,) = read(text).image.ports
    assert port.position == Position(FILE, 3, 3)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"FROM base\n\0", id="zero-byte"),
        pytest.param("FROM base\n".encode("utf-16"), id="utf-16"),
    ],
)
def test_file_that_is_no_text(content: bytes) -> None:
    facts = read(content)
    assert [found.message for found in facts.findings] == ["the file is not text"]
    assert facts.stages == ()


def test_bytes_that_are_not_utf8_are_told_and_the_rest_is_read() -> None:
    facts = read(b"FROM base\n# caf\xe9\nEXPOSE 80\n")
    (found,) = facts.findings
    assert found.rule == "dockerfile-doubtful"
    assert found.position == Position(FILE, 2, 1)
    assert [port.first for port in facts.image.ports] == [80]


def test_huge_file_is_not_read() -> None:
    (found,) = read(b"FROM base\n" + b"#" * 1024 * 1024).findings
    assert found.message == "the file has 1024 KiB: more than 1 MiB is not read"


def test_doubling_values_are_stopped() -> None:
    lines = ["FROM base", "ENV A0=0123456789"]
    lines += [f"ENV A{number + 1}=$A{number}$A{number}" for number in range(40)]
    facts = read("\n".join(lines).encode())
    assert facts.findings[0].message == "ENV: the result is longer than 131072 characters"
    assert max(len(text.value) for text in facts.image.environment.values()) <= 131072


def test_pattern_that_would_take_for_ever_is_stopped() -> None:
    stars = "*a" * 2000
    text = f"FROM scratch\nENV A={'a' * 5000}\nENV B=${{A//{stars}/b}}\n"
    (found,) = read(text.encode()).findings
    assert found.message == "ENV: the pattern takes too long to match"


def test_file_that_is_something_else_is_given_up() -> None:
    facts = read(b"FROM base\n" + b"this is prose\n" * 1000)
    assert len(facts.findings) == 201
    assert facts.findings[-1].message == "after 200 faults the rest is not read"
