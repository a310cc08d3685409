"""So many turns at once, the lowest place first."""

import asyncio

from mooring.deploy.turns import Turns


async def _take(turns: Turns, place: int, had: list[int], until: asyncio.Event) -> None:
    async with turns.turn(place):
        had.append(place)
        await until.wait()


def test_a_free_turn_goes_to_the_lowest_place_and_of_equals_to_the_first() -> None:
    async def whole() -> list[int]:
        turns, had, until = Turns(1), [], asyncio.Event()
        until.set()
        async with turns.turn(0):
            tasks = [asyncio.create_task(_take(turns, n, had, until)) for n in (5, 1, 3, 1)]
            await asyncio.sleep(0)
            assert had == []
        await asyncio.gather(*tasks)
        return had

    assert asyncio.run(whole()) == [1, 1, 3, 5]


def test_never_more_than_allowed_have_a_turn() -> None:
    async def whole() -> None:
        turns, had, until = Turns(3), [], asyncio.Event()
        tasks = [asyncio.create_task(_take(turns, n, had, until)) for n in range(10)]
        await asyncio.sleep(0.01)
        assert had == [0, 1, 2]
        until.set()
        await asyncio.gather(*tasks)
        assert sorted(had) == list(range(10))

    asyncio.run(whole())


def test_who_leaves_while_waiting_or_when_called_takes_no_turn_with_it() -> None:
    async def whole() -> None:
        turns, had, until = Turns(1), [], asyncio.Event()
        async with turns.turn(0):
            waiting, called = (
                asyncio.create_task(_take(turns, place, had, until)) for place in (2, 1)
            )
            await asyncio.sleep(0)
            waiting.cancel()
        called.cancel()  # It was called, and has not run since.
        await asyncio.gather(waiting, called, return_exceptions=True)
        async with asyncio.timeout(1), turns.turn(9):
            assert had == []

    asyncio.run(whole())


def test_a_block_that_raises_gives_its_turn_back() -> None:
    async def whole() -> None:
        turns = Turns(1)
        for _ in range(2):
            try:
                async with asyncio.timeout(1), turns.turn(0):
                    raise ValueError
            except ValueError:
                continue

    asyncio.run(whole())
