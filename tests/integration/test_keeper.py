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


def addresses(told: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in told.split() if word.startswith("DETECTOR_"))


@pytest.mark.usefixtures("kafka")  # its jars are there
def test_kept_servers_answer_until_they_are_stopped(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    shutil.copytree(ROOT / "deploy" / "local", tmp_path / "deploy" / "local")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "kafka").symlink_to(ROOT / ".cache" / "kafka")
    settings = addresses(said("up", tmp_path))
    with redis.Redis.from_url(settings["DETECTOR_REDIS_URL"]) as client:
        assert client.ping() is True
        client.shutdown(nosave=True)
    assert settings["DETECTOR_BROKERS"].startswith("127.0.0.1:")
    again = said("up", tmp_path)
    assert again.startswith(f"# {settings['DETECTOR_REDIS_URL']} did not answer")
    settings = addresses(again)
    with redis.Redis.from_url(settings["DETECTOR_REDIS_URL"]) as client:
        assert client.ping() is True
    assert said("down", tmp_path) == "stopped"
    assert said("down", tmp_path) == "nothing was running"
