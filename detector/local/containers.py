"""One service of docker-compose.yml, where a container engine runs."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from detector.errors import UnavailableError
from detector.local.process import finished, free_ports, if_we_die

_START_SECONDS = 300  # with the first download of an image
_ASK_SECONDS = 20


@cache
def engine_runs() -> bool:
    """Say whether Docker answers here, with its compose plug-in: a client alone does not count."""
    if shutil.which("docker") is None:
        return False
    questions = (("docker", "info"), ("docker", "compose", "version"))
    return all(finished(question, seconds=_ASK_SECONDS)[0] for question in questions)


@contextmanager
def running_service(service: str, *, root: Path, port: int | None = None) -> Generator[int]:
    """Run one service of `root`'s docker-compose.yml in a project of its own, and give its port here.

    Raises UnavailableError where it does not become healthy.
    """
    chosen = free_ports(1)[0] if port is None else port
    ports = {f"DETECTOR_{service.upper()}_PORT": str(chosen)}
    compose = (
        *("docker", "compose", "--file", str(root / "docker-compose.yml")),
        *("--project-name", f"detector-{service}-{chosen}"),
    )
    down = (*compose, "down", "--volumes", "--timeout", "1")
    with if_we_die(*down):
        try:
            up = (*compose, "up", "--detach", "--wait", service)
            started, said = finished(up, seconds=_START_SECONDS, environment=ports)
            if not started:
                msg = f"The container engine started no {service}: {said[-500:]}"
                raise UnavailableError(msg)
            yield chosen
        finally:
            finished(down, seconds=_ASK_SECONDS)
