"""What holds for every test."""

import asyncio


def pytest_configure() -> None:
    """Begin without an event loop.

    pytest-asyncio would have Python make one to put back after each test, which nobody closes: the first
    command that is tested with `asyncio.run` lets go of it, and its warning then fails some later test.
    """
    asyncio.set_event_loop(None)
