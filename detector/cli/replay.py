"""`detector replay`: history from files through the engine of the live service."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

import click

from detector.children import processes_by_cores
from detector.cli.attribution import show_attributions
from detector.cli.moment import Moment
from detector.cli.options import settings_options
from detector.cli.progress import progress
from detector.cli.replay_files import alerts_written, check_distinct, shadow_written, spooled
from detector.cli.replay_policies import files_of, policies
from detector.cli.replay_report import Complaints, report
from detector.enrich import Enricher, files
from detector.feedback import StampedFeedback
from detector.formats import FORMATS
from detector.memory import suit_batches
from detector.policy import Book, Stamped
from detector.privacy import row_hashes
from detector.replay import (
    DividedEngine,
    Engine,
    History,
    Processes,
    looked_at,
    looked_at_by,
    read_entitlements,
    read_feedback,
    surveyed,
)
from detector.replay.select import Selection, Whose, read_late
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stages.masks import Mask, doubt

LONG_BYTES: Final = 32 * 1024 * 1024
"""A shorter history is judged before several processes have begun."""
FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.command(epilog="Example: detector replay access.log.gz --format combined --alerts alerts.jsonl")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "--alerts",
    "alerts_path",
    type=FILE,
    required=True,
    help="Where the alerts go, JSON lines; - is standard output.",
)
@click.option(
    "--heads",
    "heads_path",
    type=FILE,
    help="Where the last link of each case's chain goes, JSON lines, for detector evidence verify.",
)
@click.option(
    "--shadow",
    "shadow_path",
    type=FILE,
    help="Where the alerts in shadow mode go, JSON lines; without it they are only counted.",
)
@click.option("--entitlements", "entitled", type=FILE, help="Plans, limits and allow entries, JSON lines.")
@click.option("--feedback", "spoken", type=FILE, help="Verdicts on alerts, JSON lines.")
@click.option(
    "--applied",
    metavar="FILE|kafka://HOST:PORT/TOPIC",
    help="Policies that were applied: what detector policy applied --to wrote, or the control topic.",
)
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
@click.option("--account", help="Only the events of this account, or of a visitor, anon:<ip>.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="How many processes share the accounts  [default: one for each core, four at most; "
    "one where the input is short].",
)
@settings_options("geoip_city", "geoip_asn", "trusted_proxies", "own_clients", "policy")
def replay(
    *,
    inputs: tuple[Path, ...],
    alerts_path: Path,
    heads_path: Path | None,
    shadow_path: Path | None,
    entitled: Path | None,
    spoken: Path | None,
    applied: str | None,
    form: str,
    late: Path | None,
    start: int | None,
    end: int | None,
    account: str | None,
    processes: int | None,
    settings: Settings,
) -> None:
    """Judge the events of INPUT files, plain, gzip or zstd (`-`: standard input), and write the alerts.

    The order of event time is restored, on disk where memory would not do. The alerts are those that the live
    service gives for these events.
    """
    suit_batches()
    read = [*inputs, *filter(None, (entitled, spoken, late)), *files_of(settings, applied)]
    check_distinct(read, alerts_path, heads=heads_path, shadow=shadow_path)
    book = policies(settings, applied)
    hidden = doubt(book, settings.alert_key)
    if hidden is not None:
        click.echo(f"warning: {hidden}", err=True)
    feedback = read_feedback(spoken) if spoken else []
    make = partial(workshop_of, settings, book, read_entitlements(entitled) if entitled else [], feedback)
    workshop = make()
    whose = None if account is None else Whose(account, workshop.proxies)
    selection = Selection(start, end, whose, read_late(late) if late else frozenset())
    with (
        tempfile.TemporaryDirectory(prefix="detector-") as name,
        alerts_written(alerts_path, heads_path) as write,
        shadow_written(shadow_path) as write_shadow,
        ExitStack() as ending,
    ):
        folder = Path(name)
        paths = spooled(inputs, folder)
        size = _size(paths)
        count = processes or _processes_for(size)
        several = ending.enter_context(Processes(count, make)) if count > 1 else None
        history = History(paths, FORMATS[form])
        with progress("bytes ordered", size) as advance:
            looks = partial(looked_at_by, several) if several else looked_at
            survey = surveyed(history, selection, advance, looks)
        unread = Complaints({str(path): str(given) for path, given in zip(paths, inputs, strict=True)})
        workshop.lateness_ms = survey.lateness_ms
        engine = DividedEngine(several, workshop) if several else Engine(workshop)
        with progress("bytes replayed", size) as advance:
            if survey.fits and survey.pieces and isinstance(engine, DividedEngine):
                outcomes = engine.run_pieces(survey.pieces, advance)
            else:
                ordered = survey.ordered(history, selection, folder, advance)
                outcomes = engine.run(ordered, selection.of)
            for outcome in outcomes:
                unread.note(outcome.unread)
                write(outcome.alerts)
                write_shadow(outcome.shadow)
        unread.check(survey.lines, FORMATS[form])
    report(engine.summary, unread, alerts_path, shadow_path)
    show_attributions(workshop.enricher.databases)


def _processes_for(size: int) -> int:
    """Return how many processes a history of `size` bytes, as stored, is worth."""
    return processes_by_cores() if size >= LONG_BYTES else 1


def workshop_of(
    settings: Settings, book: Book, entitlements: Sequence[Stamped], feedback: Sequence[StampedFeedback]
) -> Workshop:
    """Return what a replay's shards are made of; rows live in memory."""
    hashes = row_hashes()
    enricher = Enricher(
        files("city", settings.geoip_city),
        files("asn", settings.geoip_asn),
        hash64=lambda text: hashes.hash64(text, "network"),
    )
    workshop = Workshop(
        enricher,
        hashes,
        0,
        settings.max_ahead_ms,
        settings.trusted_proxies,
        mask=Mask(settings.alert_key),
        own_clients=settings.own_clients,
        book=book,
    )
    for stamped in entitlements:
        workshop.entitlements.put(stamped)
    for said in feedback:
        workshop.feedback.put(said)
    return workshop


def _size(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.exists())
