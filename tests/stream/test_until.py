"""Doing something until somebody asks to stop."""

import asyncio

import pytest

from detector.stream.until import unless


async def five() -> int:
    return 5


async def forever() -> int:
    return await asyncio.Event().wait()


async def test_what_comes_to_its_end_says_what_came_of_it() -> None:
    assert 5 == await unless(asyncio.Event(), five())


async def test_what_fails_fails() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await unless(asyncio.Event(), fail())


async def test_a_stop_breaks_it_off_at_once_and_waits_for_its_last_words() -> None:
    stopping, said = asyncio.Event(), []

    async def last_words() -> int:
        stopping.set()
        try:
            return await forever()
        finally:
            await asyncio.sleep(0)
            said.append("bye")

    assert await unless(stopping, last_words()) is None
    assert ["bye"] == said


async def test_who_is_cancelled_leaves_nothing_running() -> None:
    before = asyncio.all_tasks()
    waiting = asyncio.create_task(unless(asyncio.Event(), forever()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert before == asyncio.all_tasks()
