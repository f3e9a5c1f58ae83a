"""What holds for every test, and who runs it where tests run in several processes."""

import asyncio
import os
from pathlib import PurePath

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

INTEGRATION = "integration"
SPLIT = {"test_app.py", "test_pipeline.py"}
"""Of the integration tests, files whose tests may run in several processes: they take the longest."""

settings.register_profile("without a clock", deadline=None, max_examples=30)


def pytest_configure() -> None:
    """Begin without an event loop, without settings, and on one kind of terminal.

    pytest-asyncio would have Python make one to put back after each test, which nobody closes: the first
    command that is tested with `asyncio.run` lets go of it, and its warning then fails some later test.
    """
    settings.load_profile("without a clock")
    asyncio.set_event_loop(None)
    os.environ["TERM"] = "xterm"  # what a terminal shows shall not hang on the one the tests run in
    os.environ.pop("COLUMNS", None)
    # Kafka runs for a minute or two: compiling its code well would take longer than it saves.
    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
    for name in [name for name in os.environ if name.startswith("DETECTOR_")]:
        del os.environ[name]  # nor on how whoever runs them has set up the detector


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the integration tests first: they wait half of their time, and the others need every moment."""
    items.sort(key=lambda item: INTEGRATION not in item.path.parts)


class _Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """One process runs all tests of a file, for what they share, but for files that are too long for that."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        path = PurePath(file)
        return nodeid if INTEGRATION in path.parts and path.name in SPLIT else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """Hand out tests in the order in which they were collected."""
    config.option.loadscopereorder = False
    return _Scheduling(config, log)
