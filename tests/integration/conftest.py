"""A real Kafka and a real Redis, started once for the whole run. None to be had fails each test: no skips."""

import os
import re
import shutil
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from detector.errors import UnavailableError
from detector.local import running_kafka, running_redis
from tests.integration.live import Live, Message, a_day
from tests.integration.together import together

ROOT = Path(__file__).parents[2]


@contextmanager
def _or_fail() -> Generator[None]:
    try:
        yield
    except UnavailableError as error:
        # Not pytest.exit: of one process among several it says nothing of why.
        pytest.fail(f"The integration tests cannot run. {error}", pytrace=False)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have together."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def kafka(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """`host:port` of the broker. It creates no topic by itself."""
    data = tmp_path_factory.mktemp("kafka")
    with _or_fail(), together(folder, "kafka", partial(running_kafka, data, root=ROOT)) as bootstrap:
        yield bootstrap
    shutil.rmtree(data)  # pytest would keep the 60 MB of the last three runs


@pytest.fixture(scope="session")
def redis_url(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    data = tmp_path_factory.mktemp("redis")
    with _or_fail(), together(folder, "redis", partial(running_redis, data, root=ROOT)) as url:
        yield url


@pytest.fixture
def redis_apart(tmp_path: Path) -> Generator[str]:
    """A Redis that no other test sees, for what is done to the whole of it."""
    with _or_fail(), running_redis(tmp_path, root=ROOT) as url:
        yield url


@pytest.fixture
def names(request: pytest.FixtureRequest) -> str:
    """A prefix for topics, groups and keys that no other test has, from the test's name."""
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", request.node.name)[:60].strip("-")
    return f"{readable}-{zlib.crc32(request.node.nodeid.encode()):08x}"


@pytest.fixture
def live(kafka: str, redis_url: str, names: str, tmp_path: Path) -> Live:
    """A group with topics of its own."""
    return Live(kafka, redis_url, names, tmp_path)


@pytest.fixture(scope="session")
def history() -> list[Message]:
    """A day of a hundred accounts."""
    return a_day()
