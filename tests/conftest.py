"""What holds for every test."""

import asyncio
import os


def pytest_configure() -> None:
    """Begin without an event loop, without settings, and on one kind of terminal.

    pytest-asyncio would have Python make one to put back after each test, which nobody closes: the first
    command that is tested with `asyncio.run` lets go of it, and its warning then fails some later test.
    """
    asyncio.set_event_loop(None)
    os.environ["TERM"] = "xterm"  # what a terminal shows shall not hang on the one the tests run in
    os.environ.pop("COLUMNS", None)
    for name in [name for name in os.environ if name.startswith("DETECTOR_")]:
        del os.environ[name]  # nor on how whoever runs them has set up the detector
