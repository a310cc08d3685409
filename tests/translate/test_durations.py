"""Durations as the loaded project writes them."""

import pytest

from mooring.translate.durations import is_whole, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("30s", 30.0, id="seconds"),
        pytest.param("1m30s", 90.0, id="minutes-and-seconds"),
        pytest.param("2h0m0s", 7200.0, id="hours"),
        pytest.param("1.5s", 1.5, id="a-fraction"),
        pytest.param("500ms", 0.5, id="thousandths"),
        pytest.param("1µs", 1e-6, id="millionths"),
        pytest.param("1us", 1e-6, id="millionths-in-ascii"),
        pytest.param("20ns", 2e-8, id="billionths"),
        pytest.param("0s", 0.0, id="nought"),
        pytest.param("0", 0.0, id="nought-without-a-unit"),
        pytest.param("-5s", -5.0, id="a-negative-one"),
    ],
)
def test_seconds(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "whole"),
    [pytest.param(2.0, True, id="two"), pytest.param(2.1, False, id="a-little-more")],
)
def test_whole_seconds(value: float, whole: bool) -> None:
    assert is_whole(value) is whole
