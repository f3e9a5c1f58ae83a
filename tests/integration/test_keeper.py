"""`make up` and `make down`, with real servers."""

import shutil
import sys
from pathlib import Path

import pytest
import redis

from detector.local.process import finished

ROOT = Path(__file__).parents[2]


def said(action: str, root: Path) -> str:
    done, output = finished([sys.executable, "-m", "detector.local", action, str(root)], seconds=120)
    assert done, output
    return output


@pytest.mark.usefixtures("kafka")  # its jars are there
def test_kept_servers_answer_until_they_are_stopped(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    shutil.copytree(ROOT / "deploy" / "local", tmp_path / "deploy" / "local")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "kafka").symlink_to(ROOT / ".cache" / "kafka")
    settings = dict(line.split("=", 1) for line in said("up", tmp_path).split())
    with redis.Redis.from_url(settings["DETECTOR_REDIS_URL"]) as client:
        assert client.ping() is True
    assert settings["DETECTOR_BROKERS"].startswith("127.0.0.1:")
    assert said("down", tmp_path) == "stopped"
    assert said("down", tmp_path) == "nothing was running"
