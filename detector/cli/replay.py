"""`detector replay`: history from files through the engine of the live service."""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console

from detector.alerts import Alert, encode
from detector.cli.alert_table import show_alerts
from detector.cli.moment import Moment
from detector.cli.options import settings_options
from detector.cli.progress import progress
from detector.enrich import Enricher, files
from detector.errors import InputError
from detector.formats import FORMATS
from detector.policy import DEFAULT_POLICY
from detector.privacy import Pseudonymizer
from detector.replay import Engine, History, Summary, read_entitlements
from detector.replay.inputs import Unread
from detector.replay.select import Selection, read_late
from detector.settings import Settings
from detector.stages.assemble import Workshop

FILE = click.Path(dir_okay=False, path_type=Path)
STDIN = Path("-")
SHOWN = 10
"""Lines that could not be read, of which the first ones are shown."""


@dataclass(slots=True)
class Complaints:
    """Lines that are no events: how many for each reason, and the first ones."""

    counts: Counter[str] = field(default_factory=Counter)
    first: list[Unread] = field(default_factory=list)

    def note(self, unread: Sequence[Unread]) -> None:
        """Take some more."""
        self.counts.update(line.why.reason for line in unread)
        self.first += unread[: SHOWN - len(self.first)]


@click.command(epilog="Example: detector replay access.log.gz --format combined --alerts alerts.jsonl")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(allow_dash=True, path_type=Path))
@click.option("--alerts", "alerts_path", type=FILE, required=True, help="Where the alerts go, JSON lines.")
@click.option("--entitlements", "entitled", type=FILE, help="Plans, limits and allow entries, JSON lines.")
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(FORMATS)),
    default="jsonl",
    show_default=True,
    help="What a line of the input is.",
)
@click.option("--late", type=FILE, help="Events to leave out: what the live service counted as late.")
@click.option("--from", "start", type=Moment(), help="Leave out what happened before, as if it never had.")
@click.option("--to", "end", type=Moment(), help="Leave out what happened from then on.")
@click.option("--account", help="Only the events of this account.")
@settings_options("geoip_city", "geoip_asn", "trusted_proxies", "alert_ip")
def replay(
    *,
    inputs: tuple[Path, ...],
    alerts_path: Path,
    entitled: Path | None,
    form: str,
    late: Path | None,
    start: int | None,
    end: int | None,
    account: str | None,
    settings: Settings,
) -> None:
    """Judge the events of INPUT files, plain, gzip or zstd (`-`: standard input), and write the alerts.

    The order of event time is restored. The alerts are those that the live service gives for these events.
    """
    selection = Selection(start, end, account, read_late(late) if late else frozenset())
    with _spooled(inputs) as paths, _replacing(alerts_path) as out:
        history = History(paths, FORMATS[form])
        with progress("bytes ordered", _size(paths)) as advance:
            disorder_ms = history.disorder_ms(advance)
        engine = _engine(settings, disorder_ms, entitled)
        unread = Complaints()
        with progress("bytes replayed", _size(paths)) as advance:
            for batch in history.batches(advance):
                alerts, refused = engine.take(selection.of(batch.records))
                unread.note([*batch.unread, *batch.refused(refused.rejected)])
                _write(out, alerts)
        _write(out, engine.finish())
    names = {str(path): str(given) for path, given in zip(paths, inputs, strict=True)}
    _report(engine.summary, unread, names, alerts_path)


def _engine(settings: Settings, disorder_ms: int, entitled: Path | None) -> Engine:
    pseudonyms = Pseudonymizer(None)  # rows live in memory and end with the command: nothing to hide
    enricher = Enricher(
        files("city", settings.geoip_city),
        files("asn", settings.geoip_asn),
        hash64=lambda text: pseudonyms.hash64(text, "network"),
    )
    workshop = Workshop(
        enricher,
        pseudonyms,
        disorder_ms,
        settings.max_ahead_ms,
        settings.trusted_proxies,
        truncate=settings.alert_ip == "truncated",
    )
    for stamped in read_entitlements(entitled) if entitled else ():
        workshop.entitlements.put(stamped)
    return Engine(workshop, DEFAULT_POLICY)


@contextmanager
def _spooled(inputs: Sequence[Path]) -> Iterator[list[Path]]:
    """Give standard input a file, because the history is read twice."""
    with tempfile.TemporaryDirectory(prefix="detector-") as folder:
        paths = []
        for path in inputs:
            if path == STDIN:
                path = Path(folder) / "stdin"  # noqa: PLW2901  # the same input, where it can be read again
                with path.open("wb") as file:
                    shutil.copyfileobj(sys.stdin.buffer, file)
            paths.append(path)
        yield paths


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` at the end: a replay that fails leaves what was there."""
    regular = path.is_file() or not path.exists()
    target = path.with_name(f"{path.name}.part") if regular else path
    try:
        with target.open("wb") as out:
            yield out
        if regular:
            target.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}; give another path") from error
    finally:
        if regular:
            with suppress(OSError):
                target.unlink(missing_ok=True)


def _size(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.exists())


def _write(out: BinaryIO, alerts: Sequence[Alert]) -> None:
    out.writelines(encode(alert) + b"\n" for alert in alerts)


def _report(summary: Summary, unread: Complaints, names: Mapping[str, str], alerts_path: Path) -> None:
    """Say what was read, what was not and why, and what came out; `names`: the files as they were given."""
    click.echo(f"{summary.events.total()} events judged, {summary.duplicates} repeats dropped", err=True)
    if summary.hidden:
        click.echo(
            f"{summary.hidden} events came through proxies (forwarded_for), nobody said which are yours: "
            "what rests on these events' addresses was not judged; --trusted-proxies names them, or none",
            err=True,
        )
    for reason, count in sorted(unread.counts.items()):
        click.echo(f"{count} lines not read: {reason}", err=True)
    for line in unread.first:
        click.echo(f"  {names[line.file]}, line {line.number}: {line.why.detail}", err=True)
    click.echo(f"{summary.alerts.total()} alerts written to {alerts_path}", err=True)
    show_alerts(summary.alerts, Console())
