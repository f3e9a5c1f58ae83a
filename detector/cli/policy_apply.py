"""`detector policy apply`: puts a policy in force, or in shadow, for all workers, from a moment on."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from detector.cli.clients import hushed_clients
from detector.cli.moment import Moment, here_and_utc
from detector.cli.options import settings_options
from detector.cli.policy_control import CONTROL_SETTINGS, Control, since_text, write
from detector.clock import now_ms
from detector.errors import InputError
from detector.events import LATEST_MS
from detector.policy import Book
from detector.policy.applied import Applied, Tried, check_applicable
from detector.policy.changes import changes
from detector.policy.doubts import doubts
from detector.policy.reading import PolicyError, Sheet, read
from detector.policy.structure import Wrong
from detector.policy.version import EVER, NEVER, Version
from detector.settings import Settings
from detector.stream.stamp import MAX_POLICY_BYTES, policy_moment


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked: a file without mistakes, as what, and the moment that it or the command declares."""

    kind: type[Applied]
    sheet: Sheet
    text: str
    declared: int | None
    author: str | None
    note: str | None

    def record(self, moment: int) -> Applied:
        """Return what is written where it counts from `moment` on, Unix ms."""
        return self.kind.of(self.sheet, self.text, moment, self.author, self.note)


@click.command(
    epilog="Examples: detector policy apply policy.toml --author ann --note 'clouds: milder'; "
    "detector policy apply policy.toml --from 2026-09-01T00:00:00+08:00 --dry-run; "
    "detector policy apply --shadow stricter.toml"
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--from", "start", type=Moment(), help="From when on it counts; without it, the file's `effective`."
)
@click.option(
    "--shadow",
    is_flag=True,
    help="Try it out beside what is in force: its alerts go to enforcement.shadow only.",
)
@click.option("--author", help="Who applies it: kept with it.")
@click.option("--note", help="Why: kept with it.")
@click.option("--dry-run", is_flag=True, help="Show what would change and from when on; write nothing.")
@settings_options(*CONTROL_SETTINGS)
def apply(
    *,
    file: Path,
    start: int | None,
    shadow: bool,
    author: str | None,
    note: str | None,
    dry_run: bool,
    settings: Settings,
) -> None:
    """Put the policy FILE in force for all workers of a group, without a restart.

    Events are judged by it from one moment of event time on, the same for every worker and for a replay: the
    moment that is declared or, where that is earlier or none is, a minute past the highest that the group has
    judged. Mistakes are told, and nothing is written. What is in force from then on already is not written
    again. With --shadow it decides from that moment on in cases of its own, until detector policy end.

    --policy names the files with which the workers were started, as DETECTOR_POLICY does for them: what
    changes is told against these and what was applied since.
    """
    request = _checked(Tried if shadow else Applied, file, start, author, note)
    for doubt in doubts([request.sheet], now_ms()):
        click.echo(f"warning: {doubt}", err=True)
    with hushed_clients():
        asyncio.run(_apply(request, settings, dry_run=dry_run))


def _checked(
    kind: type[Applied], file: Path, start: int | None, author: str | None, note: str | None
) -> _Request:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}") from error
    if len(data) > MAX_POLICY_BYTES:
        raise InputError(
            f"{file} has {len(data)} bytes, and a policy that is applied {MAX_POLICY_BYTES} at most"
        )
    sheet = read(str(file), data)
    if kind is Applied or sheet.problems:
        check_applicable(sheet)
    else:
        sheet = replace(sheet, tables={**sheet.tables, "mode": "shadow"})
    own = Version.of(sheet.tables).since_ms
    declared = start if start is not None else None if own == EVER else own
    if declared is not None and declared >= LATEST_MS:
        raise InputError(f"{file} would count from {here_and_utc(declared)} on: no event has such a time")
    return _Request(kind, sheet, data.decode("utf-8-sig"), declared, author, note)


async def _apply(request: _Request, settings: Settings, *, dry_run: bool) -> None:
    control = await Control.read(settings)
    moment = policy_moment(request.declared, control.frontier)
    new = Version.of(request.sheet.tables, moment)
    _check_name(new, control.book, request.sheet)
    there = _there(request, new, control)
    if there is not None:
        click.echo(there)
        return
    before = control.book.versions[control.book.version_at(moment)]
    click.echo(f"version {new.name}, policy_hash {new.policies[None, None].hash}")
    for line in (*_when(request, new, control.book), *_changes(before, new)):
        click.echo(line)
    if not dry_run:
        await write(settings, request.record(moment))
    topic = settings.topics.control
    click.echo("nothing is written (--dry-run)" if dry_run else f"written to {topic}")


def _check_name(new: Version, book: Book, sheet: Sheet) -> None:
    """Refuse a name that another policy has: an alert names its policy by it. Raises `PolicyError`."""
    for known in (*book.versions, *book.shadows):
        if known.name == new.name and known.policies != new.policies:
            message = (
                f"is the name of another policy, which counts {since_text(known)}: give this one another name"
            )
            raise PolicyError([sheet.problem(Wrong(("version",), message))])


def _there(request: _Request, new: Version, control: Control) -> str | None:
    """Say that a version counts from then on already, None: it does not.

    Raises `PolicyError` for one that cannot be tried out.
    """
    book = control.book
    if request.kind is Applied:
        before = book.versions[book.version_at(new.since_ms)]
        if before.policies != new.policies or not control.applied(before):
            return None
        return f"version {before.name} counts already, {since_text(before)}: nothing to do"
    known = book.tried(new.name)
    if known is None:
        book.try_out(new)
        problems = request.sheet.sorted(book.without_room(new))
    elif known.until_ms == NEVER:
        return f"version {known.name} is in shadow already, {since_text(known)}: nothing to do"
    else:
        said = f"is in shadow until {here_and_utc(known.until_ms)} only: another trial needs another name"
        problems = [request.sheet.problem(Wrong(("version",), said))]
    if problems:
        raise PolicyError(problems)
    return None


def _when(request: _Request, new: Version, book: Book) -> Iterator[str]:
    """Say from when on and how long a version counts."""
    later = request.declared is not None and request.declared < new.since_ms
    why = "; the moment declared may be judged already" if later else ""
    if request.kind is Tried:
        yield f"is tried out in shadow {since_text(new)}{why}"
        return
    yield f"counts {since_text(new)}{why}"
    after = next((each for each in book.versions if each.since_ms > new.since_ms), None)
    if after is not None:
        yield f"until version {after.name} counts, {since_text(after)}"


def _changes(before: Version, new: Version) -> Iterator[str]:
    yield f"changes against version {before.name}, which counts {since_text(before)}:"
    yield from (f"  {line}" for line in changes(before.tables, new.tables) or ["none but of its name"])
