"""How many requests are in flight, from how long answers take."""

import asyncio

import pytest

from mooring.cluster.concurrency import Gate, Limit


def after(rounds: list[tuple[float, bool]], *, is_full: bool = True) -> list[int]:
    """Return the limit after each round of answers: seconds each took, and whether too much."""
    limit = Limit()
    found = []
    for seconds, is_overloaded in rounds:
        for _ in range(limit.value if limit.value >= 8 else 8):
            limit.ended(seconds, is_overloaded=is_overloaded, is_full=is_full)
            if is_overloaded:
                break
        found.append(limit.value)
    return found


@pytest.mark.parametrize(
    ("rounds", "limits"),
    [
        pytest.param([(0.02, False)] * 5, [16, 32, 64, 64, 64], id="doubles-while-all-is-flat"),
        pytest.param(
            [(0.02, False), (0.04, False), (0.02, False)],
            [16, 8, 8],
            id="goes-back-where-more-is-no-gain",
        ),
        pytest.param([(0.02, False), (0.02, True)], [16, 8], id="halves-when-it-is-too-much"),
        pytest.param([(2.0, False), (2.0, False)], [4, 2], id="halves-when-answers-are-slow"),
        pytest.param([(0.02, True)] * 3, [4, 4, 4], id="halves-once-per-round"),
    ],
)
def test_the_limit_follows_the_server(rounds: list[tuple[float, bool]], limits: list[int]) -> None:
    assert after(rounds) == limits


def test_the_limit_stays_while_nobody_needs_more() -> None:
    assert after([(0.02, False)] * 3, is_full=False) == [8, 8, 8]


def test_it_is_tried_again_whether_more_is_a_gain() -> None:
    rounds = [(0.02, False), (0.04, False), *[(0.02, False)] * 9]
    assert after(rounds)[-1] == 16


def test_the_gate_lets_pass_as_many_as_the_limit_allows() -> None:
    async def run() -> tuple[int, int]:
        gate = Gate(lambda: 0.0)
        seen = []

        async def pass_through() -> None:
            async with gate:
                seen.append(gate.in_flight)
                await asyncio.sleep(0)

        await asyncio.gather(*(pass_through() for _ in range(50)))
        return max(seen), gate.in_flight

    assert asyncio.run(run()) == (8, 0)


@pytest.mark.parametrize("order", [1, -1], ids=["the-first-first", "the-last-first"])
def test_who_gives_up_waiting_leaves_no_place_taken(order: int) -> None:
    async def run() -> tuple[int, set[type]]:
        gate = Gate(lambda: 0.0)
        entered = asyncio.Event()

        async def hold() -> None:
            async with gate:
                entered.set()
                await asyncio.sleep(3600)

        tasks = [asyncio.create_task(hold()) for _ in range(20)]
        await entered.wait()
        await asyncio.sleep(0)
        for task in tasks[::order]:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        return gate.in_flight, {type(one) for one in ended}

    assert asyncio.run(run()) == (0, {asyncio.CancelledError})
