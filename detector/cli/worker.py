"""`detector worker`: the live service."""

import asyncio
from pathlib import Path

import click
from prometheus_client import CollectorRegistry

from detector.children import processes_by_cores
from detector.cli.logs import configure
from detector.cli.options import settings_options
from detector.keyring import Keyring
from detector.logs import get_logger
from detector.memory import suit_batches
from detector.metrics import Metrics
from detector.settings import Settings

log = get_logger(__name__)


@click.command(
    epilog="Example: detector worker --brokers kafka-1:9092,kafka-2:9092 --redis-url redis://redis/0"
)
@settings_options()
def worker(settings: Settings) -> None:
    """Judge session events as they come, and publish alerts, until stopped (SIGTERM, Ctrl-C).

    Any number of workers of one group share the partitions. Every option is also a variable, see
    docs/settings.md.
    """
    keyring = Keyring(settings.pseudonym_key, settings.pseudonym_key_other)
    if keyring.first.is_default:
        log.warning("DETECTOR_PSEUDONYM_KEY is not set: what is kept in Redis is sealed with a published key")
    if keyring.other is not None:
        log.info("two keys", writes_under=keyring.first.fingerprint, reads_also=keyring.other.fingerprint)
    count = settings.processes or processes_by_cores()
    if count == 1:
        _serve(settings)
        return
    from detector.stream.processes import serve_in_processes  # noqa: PLC0415  # as below

    asyncio.run(serve_in_processes(settings, count, _one_of_several))


def _serve(settings: Settings, web: Path | None = None) -> None:
    """Serve in this process, the pages at the Unix socket `web` if there is one."""
    from detector.stream.app import serve  # noqa: PLC0415  # Faust takes half a second, and `--help` none
    from detector.stream.worker import Pipeline  # noqa: PLC0415  # the same

    suit_batches()
    registry = CollectorRegistry()
    metrics = Metrics(registry)

    async def run() -> None:
        await serve(settings, Pipeline(settings, metrics), metrics, registry, web)

    asyncio.run(run())


def _one_of_several(settings: Settings, web: Path) -> None:
    configure(settings.log_format, settings.log_level)
    _serve(settings, web)
