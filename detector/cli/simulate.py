"""`detector simulate`: labelled synthetic history."""

from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from detector.cli.moment import Moment
from detector.cli.progress import Advance, progress
from detector.cli.words import counted
from detector.simulate import History, entitlements, messages, shipped_pools
from detector.simulate.files import writing
from detector.simulate.profiles import POPULATIONS
from detector.simulate.world.visits import HOUR_MS

DEFAULT_START = "2026-06-01T00:00:00+08:00"
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.command(
    epilog="Example: detector simulate --accounts 500 --days 7 --seed 1 --events e.jsonl --labels l.jsonl"
)
@click.option("--accounts", type=click.IntRange(min=1), help="How many accounts and visitors.")
@click.option(
    "--decks",
    type=click.IntRange(min=1),
    help="Instead: how many whole decks of the population, each with everybody there is.",
)
@click.option("--days", type=click.IntRange(1, 3650), required=True, help="How many times 24 hours.")
@click.option("--seed", type=int, required=True, help="The same seed gives the same bytes.")
@click.option(
    "--events", type=OUTPUT, required=True, help="Session events, JSON lines; .gz and .zst are packed."
)
@click.option(
    "--labels", type=OUTPUT, required=True, help="What is true of whom, JSON lines; packed likewise."
)
@click.option(
    "--entitlements",
    "entitled",
    type=OUTPUT,
    help="What accounts are entitled to, JSON lines. With it, some are innocent only because of it.",
)
@click.option(
    "--population",
    type=click.Choice(list(POPULATIONS)),
    default="first",
    show_default=True,
    help="Who lives there: a few plain profiles, or all of them at every strength.",
)
@click.option(
    "--start", type=Moment(), default=DEFAULT_START, show_default=True, help="When the history begins."
)
def simulate(
    *,
    accounts: int | None,
    decks: int | None,
    days: int,
    seed: int,
    events: Path,
    labels: Path,
    entitled: Path | None,
    population: str,
    start: int,
) -> None:
    """Write labelled synthetic history: people, and what abusers do, with real networks' addresses."""
    _distinct([events, labels, entitled])
    if (accounts is None) == (decks is None):
        raise click.UsageError("say how many --accounts, or how many --decks")
    history = History(
        accounts=accounts or 0,
        days=days,
        seed=seed,
        start_ms=start,
        pools=shipped_pools(),
        entitled=entitled is not None,
        population=POPULATIONS[population],
        decks=decks or 0,
    )
    with progress("hours simulated", days * 24) as advance:
        count = _write_events(history, events, advance)
    _write_rows(labels, history.labels())
    if entitled is not None:
        _write_rows(entitled, entitlements(history))
    click.echo(
        f"wrote {counted(count, 'event')} to {events} and the labels of "
        f"{counted(history.size, 'account or visitor', 'accounts and visitors')} to {labels}",
        err=True,
    )


def _write_events(history: History, path: Path, advance: Advance) -> int:
    count, shown = 0, history.start_ms
    with writing(path) as file:
        for _, event, time_ms in messages(history):
            file.write(event + b"\n")
            count += 1
            if time_ms - shown >= HOUR_MS:
                hours = (time_ms - shown) // HOUR_MS
                shown += hours * HOUR_MS
                advance(hours)
    return count


def _write_rows(path: Path, rows: Iterable[object]) -> None:
    encoder = msgspec.json.Encoder()
    with writing(path) as file:
        for row in rows:
            file.write(encoder.encode(row) + b"\n")


def _distinct(paths: Iterable[Path | None]) -> None:
    """Refuse to write two things into one file; raises click.UsageError."""
    given = [path.resolve() for path in paths if path is not None]
    if len(set(given)) < len(given):
        raise click.UsageError("--events, --labels and --entitlements must name different files")
