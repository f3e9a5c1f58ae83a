"""`detector demo`: the whole live pipeline on this machine, from simulated events to alerts."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from detector.cli.alert_table import show_alerts
from detector.cli.attribution import in_use, show_attributions
from detector.cli.clients import hushed_clients
from detector.cli.options import option
from detector.cli.progress import progress
from detector.cli.words import counted
from detector.demo import (
    LiveWorker,
    Surroundings,
    play,
    prepare,
    running_worker,
    simulated,
    surroundings,
)
from detector.errors import DetectorError
from detector.scoring import Label, read_alerts, score


@click.command(epilog="Example: detector demo --accounts 500 --days 2 --seed 7 --out alerts.jsonl")
@click.option("--accounts", type=click.IntRange(min=100), default=300, show_default=True, help="How many.")
@click.option(
    "--days", type=click.IntRange(1, 30), default=3, show_default=True, help="How many times 24 hours."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same alerts.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="demo-alerts.jsonl",
    show_default=True,
    help="Where the alerts go, JSON lines.",
)
@click.option("--keep", is_flag=True, help="Leave everything running until Ctrl-C, to look at its metrics.")
@option("brokers")
@option("redis_url")
def demo(
    *,
    accounts: int,
    days: int,
    seed: int,
    out: Path,
    keep: bool,
    brokers: str | None,
    redis_url: str | None,
) -> None:
    """Simulate people and abusers, run the live worker on their events, and show the alerts.

    The broker and the Redis are started for it and stopped after. --brokers and --redis-url use running ones
    instead, with topics, group and keys of this run's own; DETECTOR_BROKERS and DETECTOR_REDIS_URL alone do
    not count here.
    """
    _check_writable(out)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # as Ctrl-C: what was started ends with it
    with ExitStack() as running:
        running.enter_context(hushed_clients())
        around = running.enter_context(surroundings(brokers, redis_url, os.environ))
        history = simulated(accounts=accounts, days=days, seed=seed)
        asyncio.run(prepare(history, around.settings))
        worker = running.enter_context(_worker(around))
        with progress("simulating, while the worker starts"):
            history.events  # noqa: B018  # now, not when they are sent
            worker.wait_until_ready()
        with progress("events judged", len(history.events)) as advance:
            played = asyncio.run(play(history, around.settings, worker, advance))
        alerts = _in_order(played.alerts)
        out.write_bytes(b"".join(alert + b"\n" for alert in alerts))
        click.echo(
            f"{played.events:,} events of {accounts} accounts and visitors over {days} days (seed {seed}) in "
            f"{played.seconds:.1f} s: {played.events / played.seconds:,.0f} events/s"
        )
        _show(alerts, history.labels)
        click.echo(f"\nAlerts: {out}, {counted(len(alerts), 'line')} of JSON")
        _say_where(around, worker, keep=keep)
        if keep:
            with suppress(KeyboardInterrupt):
                worker.wait()


@contextmanager
def _worker(around: Surroundings) -> Iterator[LiveWorker]:
    """Run the worker; its log is kept only where an error names it."""
    folder = Path(tempfile.mkdtemp(prefix="detector-demo-"))
    settings, log = around.settings, folder / "worker.log"
    failed = False
    try:
        with running_worker(
            around.environment, log, port=settings.metrics_port, findings=settings.findings_partitions
        ) as worker:
            yield worker
    except DetectorError:
        failed = True
        raise
    finally:
        if not failed:
            shutil.rmtree(folder)


def _in_order(alerts: Sequence[bytes]) -> list[bytes]:
    """Sort alerts as a file of them is sorted."""
    order = msgspec.json.Decoder(_Place).decode
    return sorted(alerts, key=lambda alert: msgspec.structs.astuple(order(alert)))


class _Place(msgspec.Struct):
    decided_time: int
    case_id: str
    sequence: int


def _check_writable(path: Path) -> None:
    """Find out before anything is started, and leave nothing behind; raises DetectorError."""
    new = not path.exists()
    try:
        path.open("ab").close()
        if new:
            path.unlink()
    except OSError as error:
        raise DetectorError(f"cannot write {path}: {error.strerror or error}") from error


def _show(alerts: Sequence[bytes], labels: Sequence[Label]) -> None:
    """Show one alert in full first, because it is long: the table is to stay on the screen."""
    decoded: list[dict[str, Any]] = [msgspec.json.decode(alert) for alert in alerts]
    if decoded:
        click.echo("\nOne alert in full:")
        click.echo(msgspec.json.format(msgspec.json.encode(_telling(decoded)), indent=2).decode())
    click.echo()
    show_alerts(Counter((alert["category"], alert["action"]) for alert in decoded), Console())
    result = score(read_alerts(enumerate(alerts), "the alerts"), labels)
    whole = result.overall
    click.echo(
        f"{whole.caught} of {whole.affairs} labelled abusers caught, {whole.innocents_hit} of "
        f"{result.innocents} innocent accounts hit (by a warning or more)"
    )


def _telling(alerts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Choose an alert that says much in few lines: a step, more cities than one, little evidence."""

    def tells(alert: dict[str, Any]) -> tuple[bool, bool, int, float]:
        cities = {seen.get("city") for seen in alert["evidence"]}
        return alert["action"] != "observe", len(cities) > 1, -len(alert["evidence"]), alert["score"]

    return max(alerts, key=tells)


def _say_where(around: Surroundings, worker: LiveWorker, *, keep: bool) -> None:
    settings = around.settings
    if around.name:
        click.echo(
            f"Topics, consumer group and keys of this run begin with {around.name}; nothing deletes them"
        )
    click.echo(
        f"Metrics: {worker.metrics_url}" + ("" if keep else ", while it ran; --keep leaves it running")
    )
    show_attributions(in_use(settings), err=False)
    if keep:
        click.echo(f"Kafka: {settings.brokers}, Redis: {settings.redis_url}. Ctrl-C ends it.")
