"""Findings that are known: they outlive edits elsewhere, and new ones are seen."""

import pytest

from mooring.check import baseline
from mooring.errors import InputError
from mooring.findings import Finding, Severity
from mooring.refs import ObjectRef
from mooring.sources import Position


def _finding(name: str, line: int = 1, message: str = "is bad") -> Finding:
    return Finding(
        rule="some-rule",
        severity=Severity.ERROR,
        message=message,
        ref=ObjectRef("v1", "Pod", name),
        position=Position("x.yaml", line, 1),
    )


def _compared(before: list[Finding], now: list[Finding]) -> tuple[list[str], int, int]:
    found = baseline.compared(now, baseline.read(baseline.of(before), "b.json"))
    return [one.ref.name for one in found.new if one.ref], len(found.known), found.gone


@pytest.mark.parametrize(
    ("before", "now", "result"),
    [
        pytest.param([_finding("a")], [_finding("a")], ([], 1, 0), id="the-same"),
        pytest.param([_finding("a")], [_finding("a", line=9)], ([], 1, 0), id="on-another-line"),
        pytest.param([_finding("a")], [_finding("b")], (["b"], 0, 1), id="one-new-one-gone"),
        pytest.param(
            [_finding("a")], [_finding("a"), _finding("a", 7)], (["a"], 1, 0), id="once-more"
        ),
        pytest.param(
            [_finding("a")], [_finding("a", message="is worse")], (["a"], 0, 1), id="other-facts"
        ),
    ],
)
def test_only_what_is_new_is_new(
    before: list[Finding], now: list[Finding], result: tuple[list[str], int, int]
) -> None:
    assert _compared(before, now) == result


def test_a_baseline_does_not_depend_on_the_order_of_findings() -> None:
    one, other = _finding("a"), _finding("b")
    assert baseline.of([one, other]) == baseline.of([other, one])


@pytest.mark.parametrize("content", [b"", b"[]", b'{"version": 9}'])
def test_a_file_that_is_no_baseline_is_refused_with_a_remedy(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        baseline.read(content, "b.json")
    assert caught.value.remedy is not None
