"""Whether a request is made once more."""

import pytest

from mooring.cluster.retries import Failing, Tries, retry_after


@pytest.mark.parametrize(
    ("failing", "is_repeatable", "was_reached", "seconds", "is_tried"),
    [
        pytest.param(Failing.LOST, True, True, 0.0, True, id="a-lost-answer-to-what-is-repeatable"),
        pytest.param(Failing.LOST, False, True, 0.0, False, id="not-to-what-is-not"),
        pytest.param(Failing.LOST, True, True, 60.0, True, id="also-one-long-waited-for"),
        pytest.param(Failing.LOST, True, False, 60.0, False, id="not-of-one-that-never-was"),
        pytest.param(Failing.NOT_SENT, False, True, 0.0, True, id="what-was-never-sent"),
        pytest.param(Failing.BUSY, False, True, 0.0, True, id="what-was-not-done"),
        pytest.param(Failing.FAULT, False, True, 0.0, False, id="not-what-may-have-been-done"),
        pytest.param(Failing.NOT_SENT, True, True, 29.0, True, id="a-server-that-was-there"),
        pytest.param(Failing.NOT_SENT, True, True, 30.5, False, id="but-not-for-ever"),
        pytest.param(Failing.NOT_SENT, True, False, 1.5, False, id="hardly-one-that-never-was"),
    ],
)
def test_another_try(
    failing: Failing, is_repeatable: bool, was_reached: bool, seconds: float, is_tried: bool
) -> None:
    tries = Tries(0.0, is_repeatable, was_reached)
    wait = tries.wait_seconds(failing, seconds, retry_after=None)
    assert (wait is not None) == is_tried


def test_waits_grow_and_the_server_says_longer_ones() -> None:
    tries = Tries(0.0, True, True)
    waits = [tries.wait_seconds(Failing.LOST, 0.0, retry_after=None) for _ in range(4)]
    assert waits == [0.1, 0.2, 0.4, 0.8]
    assert tries.wait_seconds(Failing.BUSY, 0.0, retry_after=7.0) == 7.0


def test_a_second_loss_after_a_long_wait_is_the_last() -> None:
    tries = Tries(0.0, True, True)
    assert tries.wait_seconds(Failing.LOST, 60.0, retry_after=None) is not None
    assert tries.wait_seconds(Failing.LOST, 120.0, retry_after=None) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("3", 3.0, id="seconds"),
        pytest.param(None, None, id="nothing"),
        pytest.param("Wed, 21 Oct 2026 07:28:00 GMT", None, id="a-date-is-passed-over"),
    ],
)
def test_when_to_come_back(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds
