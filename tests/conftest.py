"""What holds for every test, and who runs it where tests run in several processes."""

import asyncio
import os
from pathlib import PurePath

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

INTEGRATION = "integration"
APART = {"test_demo.py", "test_keeper.py"}
"""Of the integration tests, those that start servers of their own anyway."""
BESIDE = {
    "test_allow_uses.py",
    "test_evidence.py",
    "test_kept.py",
    "test_policy_change.py",
    "test_privacy.py",
    "test_shadow.py",
    "test_too_large.py",
    "test_two_keys.py",
}
"""Those that a second process runs, with servers of its own: all in a row would take the longest of all."""

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
    """Put the integration tests first: one process mostly waits for them while the others run the rest."""
    items.sort(key=lambda item: INTEGRATION not in item.path.parts)


class _Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """One process runs all tests of a file, for what they share; and two all that need Kafka and Redis."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        path = PurePath(file)
        if INTEGRATION not in path.parts or path.name in APART:
            return file
        return f"{INTEGRATION} beside" if path.name in BESIDE else INTEGRATION


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """Hand out tests in the order in which they were collected."""
    config.option.loadscopereorder = False
    return _Scheduling(config, log)
