"""What of a scheduler's times a cluster's clock can say, and what is said where it cannot."""

import pytest

from mooring.kube import cron
from mooring.translate.scheduling.times import late_seconds, read


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("0 3 * * *", "0 3 * * *", id="five-fields-stay"),
        pytest.param("0   3 * *  *", "0 3 * * *", id="in-one-spacing"),
        pytest.param("0 0 1 * * *", "0 1 * * *", id="the-first-of-six-is-the-second"),
        pytest.param("00 0 1 * * *", "0 1 * * *", id="a-second-may-be-written-as-00"),
        pytest.param("@daily", "@daily", id="a-word-stays"),
        pytest.param("0 4 * * 7", "0 4 * * 0", id="sunday-is-0"),
        pytest.param("0 4 * * 6,7", "0 4 * * 6,0", id="sunday-in-a-list-is-0"),
        pytest.param("0 0 7 * *", "0 0 7 * *", id="the-seventh-of-a-month-is-no-sunday"),
    ],
)
def test_what_a_cluster_says_alike_is_kept(text: str, line: str) -> None:
    found = read(text)
    assert (found.line, found.differs, found.fault) == (line, "", "")
    assert cron.fault(found.line) is None


@pytest.mark.parametrize(
    ("text", "line", "word", "rarer"),
    [
        pytest.param("30 0 1 * * *", "0 1 * * *", "second 30", False, id="a-second-is-lost"),
        pytest.param("*/10 * * * * *", "* * * * *", "*/10", True, id="often-becomes-each-minute"),
        pytest.param("@every 10s", "* * * * *", "10s", True, id="seconds-become-a-minute"),
        pytest.param("@every 90s", "*/2 * * * *", "every 2", True, id="ninety-seconds-are-two"),
        pytest.param("@every 5m", "*/5 * * * *", "clock", False, id="minutes-that-divide-an-hour"),
        pytest.param("@every 1h", "0 * * * *", "clock", False, id="an-hour"),
        pytest.param("@every 6h", "0 */6 * * *", "clock", False, id="hours-that-divide-a-day"),
        pytest.param("@every 24h", "0 0 * * *", "clock", False, id="a-day"),
        pytest.param("@every 168h", "0 0 * * 0", "clock", False, id="a-week"),
    ],
)
def test_what_a_cluster_says_otherwise_is_said(
    text: str, line: str, word: str, rarer: bool
) -> None:
    found = read(text)
    assert (found.line, found.rarer) == (line, rarer)
    assert word in found.differs
    assert cron.fault(found.line) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("@every 90m", "@every 1h30m", id="an-hour-and-a-half"),
        pytest.param("@every 7h", "@every 7h", id="hours-that-divide-no-day"),
        pytest.param("@every 7m", "@every 7m", id="minutes-that-divide-no-hour"),
    ],
)
def test_an_interval_that_no_line_can_say_stays_one(text: str, line: str) -> None:
    assert read(text).line == line
    assert cron.fault(line) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("@reboot", id="the-start-of-a-machine"),
        pytest.param("61 3 * * *", id="a-minute-that-does-not-exist"),
        pytest.param("0 3 * *", id="four-fields"),
        pytest.param("@every soon", id="no-duration"),
        pytest.param("@every 0s", id="no-interval"),
        pytest.param("0 0 L * *", id="the-last-day-of-a-month"),
        pytest.param("TZ=Local 0 3 * * *", id="the-zone-of-the-machine"),
    ],
)
def test_what_no_clock_says_is_a_fault(text: str) -> None:
    assert read(text).fault


def test_a_zone_before_the_line_is_that_of_the_schedule() -> None:
    found = read("CRON_TZ=Europe/Paris 0 3 * * *")
    assert (found.time_zone, found.line) == ("Europe/Paris", "0 3 * * *")


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        pytest.param("0 3 * * *", 3600, id="a-run-of-the-night-is-wanted-later-too"),
        pytest.param("@weekly", 3600, id="so-is-one-of-the-week"),
        pytest.param("*/5 * * * *", 300, id="one-of-five-minutes-is-not"),
        pytest.param("0 * * * *", 300, id="nor-one-of-the-hour"),
        pytest.param("@every 7m", 300, id="nor-one-of-an-interval"),
    ],
)
def test_how_late_a_run_may_begin(line: str, seconds: int) -> None:
    assert late_seconds(line) == seconds
