"""The line of an error, and when it is better not to show one."""

import pytest

from mooring.report.excerpt import excerpt
from mooring.sources import Position


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        pytest.param("image: web", 8, "1 | image: web\n  |        ^", id="caret-below-the-column"),
        pytest.param("\timage: web", 2, "1 | \timage: web\n  | \t^", id="a-tab-stays-a-tab"),
        pytest.param(
            "日本: web", 3, "1 | 日本: web\n  |     ^", id="wide-letters-take-two-columns"
        ),
        pytest.param("a: b", 0, "1 | a: b\n  | ^", id="no-column-is-the-first"),
        pytest.param("a: b", 99, "1 | a: b\n  |     ^", id="beyond-the-end-is-the-end"),
        pytest.param("a: \x1b[2J", 5, "1 | a: \\x1b[2J\n  |        ^", id="controls-are-escaped"),
    ],
)
def test_excerpt(line: str, column: int, expected: str) -> None:
    assert excerpt(Position("compose.yaml", 1, column), lambda file: [line]) == expected


def test_a_long_line_is_shown_around_the_place() -> None:
    line = "a" * 500 + "HERE" + "b" * 500
    shown = excerpt(Position("compose.yaml", 1, 501), lambda file: [line])
    assert shown is not None
    text, caret = shown.split("\n")
    assert len(text) < 110
    assert text[caret.index("^") :].startswith("HERE")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        pytest.param("compose.yaml", "POSTGRES_PASSWORD: hunter2", id="a-secret-name"),
        pytest.param("compose.yaml", "- API_TOKEN=abc", id="a-secret-name-in-a-list"),
        pytest.param("compose.yaml", "url: postgres://app:pw1234@db/app", id="a-secret-in-a-url"),
        pytest.param(".env", "COLOUR=blue", id="any-line-of-an-env-file"),
        pytest.param("production.env", "COLOUR=blue", id="any-line-of-a-named-env-file"),
        pytest.param("compose.yaml", "   ", id="an-empty-line"),
    ],
)
def test_lines_that_are_not_shown(file: str, line: str) -> None:
    assert excerpt(Position(file, 1, 1), lambda file: [line]) is None


def test_no_line_no_excerpt() -> None:
    assert excerpt(Position("compose.yaml"), lambda file: ["a"]) is None
    assert excerpt(Position("compose.yaml", 2, 1), lambda file: ["a"]) is None
    assert excerpt(Position("compose.yaml", 1, 1), lambda file: None) is None
