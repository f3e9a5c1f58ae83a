"""A worker's life, without servers: when it counts as alive, what a stop interrupts, what ends it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from detector.errors import DetectorError, StateError
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stream import worker
from detector.stream.worker import FROZEN_S, Pipeline


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


class Turning:
    """A loop; `turn` is what each of its turns does."""

    def __init__(self, turn: Callable[[], Awaitable[None]]) -> None:
        self.turn = turn


async def nothing() -> None:
    await asyncio.sleep(0)


def pipeline_that(start: Callable[[Pipeline, AsyncExitStack], Awaitable[Any]]) -> Pipeline:
    class Made(Pipeline):
        async def _start(self, ending: AsyncExitStack) -> Any:
            return await start(self, ending)

    return Made(Settings(), Metrics(CollectorRegistry()))


async def test_a_start_may_take_long_and_a_loop_that_stands_still_may_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setattr(worker, "time", clock)
    alive = []

    async def start(pipeline: Pipeline, _: AsyncExitStack) -> Turning:
        clock.now += 2 * FROZEN_S
        alive.append(pipeline.alive())

        async def turn() -> None:
            for step_s in (FROZEN_S - 1, 1):
                clock.now += step_s
                alive.append(pipeline.alive())
            pipeline.stop()

        return Turning(turn)

    await pipeline_that(start).run()
    assert [True, True, False] == alive


async def test_a_stop_is_heard_while_it_starts_and_what_was_opened_is_closed() -> None:
    closed = []

    async def close() -> None:
        closed.append("opened before")

    async def start(pipeline: Pipeline, ending: AsyncExitStack) -> None:
        ending.push_async_callback(close)
        pipeline.stop()
        await asyncio.Event().wait()

    await pipeline_that(start).run()
    assert ["opened before"] == closed


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            RuntimeError("boom"),
            r"the topic of controls is no longer read \(RuntimeError\('boom'\)\): start",
        ),
        (StateError("its own words"), "^its own words$"),
    ],
)
async def test_a_worker_that_no_longer_hears_of_entitlements_ends(error: Exception, said: str) -> None:
    async def fail() -> None:
        raise error

    async def start(pipeline: Pipeline, _: AsyncExitStack) -> Turning:
        pipeline._following = asyncio.create_task(fail())
        return Turning(nothing)

    with pytest.raises(DetectorError, match=said):
        await pipeline_that(start).run()
