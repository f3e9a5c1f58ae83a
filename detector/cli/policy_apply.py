"""`detector policy apply`: puts a policy in force for all workers, from a moment of event time on."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import click

from detector.cli.clients import hushed_clients
from detector.cli.moment import Moment, here_and_utc
from detector.cli.options import settings_options
from detector.errors import InputError
from detector.events import LATEST_MS
from detector.policy import Book, load_book
from detector.policy.applied import Applied, check_applicable, put_all
from detector.policy.book import EVER, Version
from detector.policy.changes import changes
from detector.policy.doubts import doubts
from detector.policy.reading import PolicyError, Sheet, read
from detector.policy.structure import Wrong
from detector.settings import Settings
from detector.stream.kafka import KafkaClients
from detector.stream.policy_log import append, highest_frontier, read_policies
from detector.stream.stamp import MAX_POLICY_BYTES, policy_moment


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked: a file without mistakes, and the moment that it or the command declares, Unix ms."""

    sheet: Sheet
    text: str
    declared: int | None
    author: str | None
    note: str | None

    def record(self, moment: int) -> Applied:
        """Return what is written where it counts from `moment` on."""
        return Applied.of(self.sheet, self.text, moment, self.author, self.note)


@click.command(
    epilog="Examples: detector policy apply policy.toml --author ann --note 'clouds: milder'; "
    "detector policy apply policy.toml --from 2026-09-01T00:00:00+08:00 --dry-run"
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--from", "start", type=Moment(), help="From when on it counts; without it, the file's `effective`."
)
@click.option("--author", help="Who applies it: kept with it.")
@click.option("--note", help="Why: kept with it.")
@click.option("--dry-run", is_flag=True, help="Show what would change and from when on; write nothing.")
@settings_options("brokers", "group", "topic_session_events", "topic_detector_control", "policy")
def apply(
    *,
    file: Path,
    start: int | None,
    author: str | None,
    note: str | None,
    dry_run: bool,
    settings: Settings,
) -> None:
    """Put the policy FILE in force for all workers of a group, without a restart.

    Events are judged by it from one moment of event time on, the same for every worker and for a replay: the
    moment that is declared or, where that is earlier or none is, a minute past the highest that the group has
    judged. Mistakes are told, and nothing is written. What is in force from then on already is not written
    again.

    --policy names the files with which the workers were started, as DETECTOR_POLICY does for them: what
    changes is told against these and what was applied since.
    """
    request = _checked(file, start, author, note)
    for doubt in doubts([request.sheet]):
        click.echo(f"warning: {doubt}", err=True)
    clients = KafkaClients(settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)
    with hushed_clients():
        asyncio.run(_apply(request, clients, settings, dry_run=dry_run))


def _checked(file: Path, start: int | None, author: str | None, note: str | None) -> _Request:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}") from error
    if len(data) > MAX_POLICY_BYTES:
        raise InputError(
            f"{file} has {len(data)} bytes, and a policy that is applied {MAX_POLICY_BYTES} at most"
        )
    sheet = read(str(file), data)
    check_applicable(sheet)
    own = Version.of(sheet.tables).since_ms
    declared = start if start is not None else None if own == EVER else own
    if declared is not None and declared >= LATEST_MS:
        raise InputError(f"{file} would count from {here_and_utc(declared)} on: no event has such a time")
    return _Request(sheet, data.decode("utf-8-sig"), declared, author, note)


async def _apply(request: _Request, clients: KafkaClients, settings: Settings, *, dry_run: bool) -> None:
    topics = settings.topics
    book = load_book(settings.policy)
    known = put_all(book, await read_policies(clients, topics.control))
    frontier = await highest_frontier(clients, settings.group, topics.session_events)
    moment = policy_moment(request.declared, frontier)
    new = Version.of(request.sheet.tables, moment)
    _check_name(new, book, request.sheet)
    before = book.versions[book.version_at(moment)]
    if before.policies == new.policies and any(before is version for _, version in known):
        click.echo(f"version {_name(new)} counts already, {_since(before)}: nothing to do")
        return
    _tell(request, new, before, book)
    if not dry_run:
        await append(clients, topics.control, request.record(moment))
    click.echo("nothing is written (--dry-run)" if dry_run else f"written to {topics.control}")


def _check_name(new: Version, book: Book, sheet: Sheet) -> None:
    """Refuse a name that another policy has: an alert names its policy by it. Raises `PolicyError`."""
    for known in book.versions:
        if _name(known) == _name(new) and known.policies != new.policies:
            message = (
                f"is the name of another policy, which counts {_since(known)}: give this one another name"
            )
            raise PolicyError([sheet.problem(Wrong(("version",), message))])


def _tell(request: _Request, new: Version, before: Version, book: Book) -> None:
    """Say what it is, from when on and how long it counts, and what changes."""
    click.echo(f"version {_name(new)}, policy_hash {new.policies[None, None].hash}")
    later = request.declared is not None and request.declared < new.since_ms
    why = "; the moment declared may be judged already" if later else ""
    click.echo(f"counts {_since(new)}{why}")
    after = next((each for each in book.versions if each.since_ms > new.since_ms), None)
    if after is not None:
        click.echo(f"until version {_name(after)} counts, {_since(after)}")
    click.echo(f"changes against version {_name(before)}, which counts {_since(before)}:")
    for line in changes(before.tables, new.tables) or ["none but of its name"]:
        click.echo(f"  {line}")


def _name(version: Version) -> str:
    return version.policies[None, None].version


def _since(version: Version) -> str:
    return f"from {here_and_utc(version.since_ms)} on" if version.since_ms > 0 else "from ever"
