"""The container path, with a stand-in for Docker that notes what it is asked."""

from collections.abc import Generator
from pathlib import Path

import pytest

from detector.errors import UnavailableError
from detector.local.containers import engine_runs, running_service

ROOT = Path(__file__).parents[2]
NOTING = '#!/bin/sh\necho "${DETECTOR_KAFKA_PORT:-any} $*" >>"${0%/*}/asked"\n'


@pytest.fixture(autouse=True)
def fresh_answer() -> Generator[None]:
    engine_runs.cache_clear()
    yield
    engine_runs.cache_clear()


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "docker"
    program.write_text(NOTING)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


def test_a_client_whose_engine_is_off_does_not_count(docker: Path) -> None:
    docker.write_text("#!/bin/sh\nexit 1\n")
    assert not engine_runs()


def test_an_engine_without_compose_does_not_count(docker: Path) -> None:
    docker.write_text('#!/bin/sh\n[ "$1" = info ]\n')
    assert not engine_runs()


def test_a_service_is_started_alone_on_its_port_and_taken_down_with_its_volumes(docker: Path) -> None:
    assert engine_runs()
    with running_service("kafka", root=ROOT, port=29092) as port:
        assert port == 29092
    compose = f"compose --file {ROOT}/docker-compose.yml --project-name detector-kafka-29092"
    assert [f"29092 {compose} up --detach --wait kafka", f"any {compose} down --volumes --timeout 1"] == (
        docker.with_name("asked").read_text().splitlines()[2:]
    )


def test_a_service_that_does_not_start_is_an_error_with_what_the_engine_said(docker: Path) -> None:
    docker.write_text(f"{NOTING}echo no such image\nexit 1\n")
    refused = pytest.raises(UnavailableError, match="started no kafka: no such image")
    with refused, running_service("kafka", root=ROOT):
        pass
    assert docker.with_name("asked").read_text().count(" down ") == 1
