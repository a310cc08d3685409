"""Durations: what is read, and how it is printed."""

import pytest

from mooring.compose import durations


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("90s", "1m30s", id="seconds-become-minutes"),
        pytest.param("1m30s", "1m30s", id="minutes-and-seconds"),
        pytest.param("1h", "1h0m0s", id="hours-are-printed-to-the-second"),
        pytest.param("2w", "336h0m0s", id="weeks-are-hours"),
        pytest.param("1.5d", "36h0m0s", id="days-are-hours"),
        pytest.param("1.5s", "1.5s", id="a-fraction-of-a-second"),
        pytest.param("100ms", "100ms", id="below-a-second-in-milliseconds"),
        pytest.param("1.5ms", "1.5ms", id="a-fraction-of-a-millisecond"),
        pytest.param("1us", "1\u00b5s", id="microseconds-have-a-greek-letter"),
        pytest.param("10ns", "10ns", id="nanoseconds"),
        pytest.param("0", "0s", id="zero-needs-no-unit"),
        pytest.param("-1s", "-1s", id="negative"),
        pytest.param("+1m1.25s", "1m1.25s", id="with-a-sign-and-a-fraction"),
    ],
)
def test_a_duration_is_printed_as_go_prints_it(text: str, shown: str) -> None:
    assert durations.show(durations.parse(text)) == shown


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("", "is no duration", id="empty"),
        pytest.param("10", "has no unit", id="no-unit"),
        pytest.param("1m30", "has no unit", id="the-second-part-without-unit"),
        pytest.param("1 s", 'has the unknown unit " s"', id="a-space"),
        pytest.param("5x", 'has the unknown unit "x"', id="an-unknown-unit"),
        pytest.param("s", "is no duration", id="no-number"),
        pytest.param(".s", "is no duration", id="a-point-is-no-number"),
        pytest.param("99999w", "is longer than 290 years", id="too-long"),
    ],
)
def test_what_is_no_duration(text: str, fault: str) -> None:
    with pytest.raises(durations.InvalidDuration, match=fault):
        durations.parse(text)
