"""Errors and findings as a person reads them."""

import pytest

from mooring.errors import InputError, InputErrors, MooringError
from mooring.findings import Alike, Finding, Severity
from mooring.refs import ObjectRef
from mooring.report import text
from mooring.report.palette import Palette
from mooring.sources import Position

PLACE = Position("compose.yaml", 14, 9)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(
            InputError("is bad", position=PLACE, remedy="make it good"),
            "error: compose.yaml:14:9: is bad\n  help: make it good",
            id="place-cause-remedy",
        ),
        pytest.param(
            InputError("is gone", position=Position("compose.yaml")),
            "error: compose.yaml: is gone",
            id="a-whole-file-has-no-line",
        ),
        pytest.param(MooringError("is bad"), "error: is bad", id="no-place-no-remedy"),
        pytest.param(
            MooringError("one\ntwo", remedy="three\nfour"),
            "error: one\n  two\n  help: three\n        four",
            id="further-lines-are-moved-in",
        ),
        pytest.param(
            InputErrors([InputError("b", position=PLACE), InputError("a")]),
            "error: compose.yaml:14:9: b\nerror: a\n2 errors",
            id="several-are-counted",
        ),
        pytest.param(InputErrors([InputError("a")]), "error: a", id="one-is-not-counted"),
        pytest.param(
            InputError("\x1b]0;owned\x07", position=Position("a\nb.yaml", 1, 1)),
            "error: a\\x0ab.yaml:1:1: \\x1b]0;owned\\x07",
            id="control-characters-are-shown-not-obeyed",
        ),
        pytest.param(
            InputError("left \u202eto right"),
            "error: left \\u202eto right",
            id="direction-changes-are-shown-not-obeyed",
        ),
    ],
)
def test_error(fault: MooringError, expected: str) -> None:
    assert text.error(fault) == expected


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        pytest.param(
            Finding(
                rule="no-limit",
                severity=Severity.WARNING,
                message="has no limit",
                remedy="set one",
                position=PLACE,
            ),
            "warning: compose.yaml:14:9: has no limit [no-limit]\n  help: set one",
            id="about-a-place",
        ),
        pytest.param(
            Finding(
                rule="no-limit",
                severity=Severity.ERROR,
                message="has no limit",
                ref=ObjectRef("apps/v1", "Deployment", "web"),
            ),
            "error: Deployment/web: has no limit [no-limit]",
            id="about-an-object",
        ),
        pytest.param(
            Finding(rule="x", severity=Severity.INFO, message="is so"),
            "info: is so [x]",
            id="about-nothing-in-particular",
        ),
    ],
)
def test_finding(finding: Finding, expected: str) -> None:
    assert text.findings([finding]) == expected


def test_the_same_words_about_several_places_are_said_once() -> None:
    def unset(line: int, name: str) -> Finding:
        return Finding(
            rule="unset",
            severity=Severity.WARNING,
            message=f"{name} is not set",
            position=Position("compose.yaml", line, 1),
        )

    assert text.findings([unset(1, "A"), unset(2, "B"), unset(3, "A"), unset(4, "A")]) == (
        "warning: compose.yaml:1:1: A is not set, and 2 more places [unset]\n"
        "warning: compose.yaml:2:1: B is not set [unset]"
    )


def test_no_findings_are_no_text() -> None:
    assert text.findings([]) == ""


def test_colour_only_wraps_the_words() -> None:
    fault = InputError("is bad", position=PLACE, remedy="make it good")
    coloured = text.error(fault, palette=Palette(coloured=True))
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert _without_codes(coloured) == text.error(fault)


def _without_codes(coloured: str) -> str:
    for code in ("1;31", "1;33", "32", "36", "1", "2", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    return coloured


def test_a_terminal_sees_the_line() -> None:
    fault = InputError("is bad", position=Position("compose.yaml", 2, 5), remedy="make it good")
    shown = text.error(fault, lines_of=lambda file: ["services:", "  - x: 1"])
    assert shown == (
        "error: compose.yaml:2:5: is bad\n  2 |   - x: 1\n    |     ^\n  help: make it good"
    )


def _unset(name: str) -> Finding:
    return Finding(
        rule="unset-variable",
        severity=Severity.WARNING,
        message=f"{name} is not set",
        remedy=f"set {name}",
        position=PLACE,
        alike=Alike(message="{count} variables are not set", item=name, remedy="set them"),
    )


def test_many_findings_that_differ_in_a_name_are_one() -> None:
    other = Finding(rule="r", severity=Severity.ERROR, message="is bad")
    found = [_unset("A"), other, _unset("B"), _unset("C"), _unset("A")]
    assert text.findings(found).splitlines() == [
        "warning: compose.yaml:14:9: 3 variables are not set: A, B, C [unset-variable]",
        "  help: set them",
        "error: is bad [r]",
    ]


def test_two_of_them_are_two() -> None:
    assert text.findings([_unset("A"), _unset("B")]).count("is not set") == 2
