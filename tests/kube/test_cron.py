"""Schedules of CronJobs."""

import pytest

from mooring.kube import cron


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        pytest.param("0 */6 * * *", 6, id="every-six-hours"),
        pytest.param("0 0 * * *", 24, id="once-a-day"),
        pytest.param("*/20 * * * *", 0, id="several-times-an-hour-is-less-than-one"),
        pytest.param("0 8-18/2 * * *", 14, id="the-night-between-two-days-counts"),
        pytest.param("15 1,9,17,23 * * *", 8, id="the-longest-of-unequal-pauses"),
        pytest.param("0 */6 * * 1-5", 24, id="a-day-that-is-left-out-is-a-day-at-least"),
        pytest.param("@hourly", 1, id="a-word-for-each-hour"),
        pytest.param("@weekly", 24, id="a-word-for-more-than-a-day"),
        pytest.param("@every 6h", None, id="a-time-of-its-own-is-not-read"),
        pytest.param("0 6", None, id="no-schedule"),
    ],
)
def test_how_long_a_schedule_pauses(schedule: str, hours: int | None) -> None:
    assert cron.longest_pause(schedule) == hours


@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param("0 3 * * *", id="a-line"),
        pytest.param("*/5 0-6 1,15 jan-MAR sun", id="steps-ranges-lists-and-names"),
        pytest.param("@daily", id="a-word"),
        pytest.param("@every 7m", id="an-interval"),
        pytest.param("0 0 * * 0", id="sunday-is-0"),
    ],
)
def test_what_the_controller_reads(schedule: str) -> None:
    assert cron.fault(schedule) is None


@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param("0 0 * * 7", id="sunday-is-not-7"),
        pytest.param("60 0 * * *", id="no-minute-60"),
        pytest.param("0 0 0 * * *", id="no-seconds"),
        pytest.param("@reboot", id="no-start-of-a-machine"),
        pytest.param("TZ=Europe/Berlin 0 3 * * *", id="no-time-zone"),
    ],
)
def test_what_it_refuses(schedule: str) -> None:
    assert cron.fault(schedule) is not None
