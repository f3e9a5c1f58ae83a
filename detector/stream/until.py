"""Doing something until somebody asks to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def unless(stopping: asyncio.Event, doing: Coroutine[Any, Any, T]) -> T | None:
    """Do something and return what came of it; None where `stopping` was set first and it was broken off."""
    task, asked = asyncio.create_task(doing), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        asked.cancel()
        await asyncio.gather(task, asked, return_exceptions=True)
