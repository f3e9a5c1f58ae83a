"""`detector policy end`: takes a policy out of shadow for all workers, from a moment of event time on."""

import asyncio

import click

from detector.cli.clients import hushed_clients
from detector.cli.moment import Moment, here_and_utc
from detector.cli.options import settings_options
from detector.cli.policy_control import CONTROL_SETTINGS, Control, write
from detector.errors import InputError
from detector.events import LATEST_MS
from detector.policy.applied import Ended
from detector.settings import Settings
from detector.stream.stamp import policy_moment


@click.command(epilog="Example: detector policy end stricter --author ann --note 'too many travellers'")
@click.argument("version")
@click.option("--from", "start", type=Moment(), help="From when on; without it, as soon as can be.")
@click.option("--author", help="Who ends it: kept with it.")
@click.option("--note", help="Why: kept with it.")
@settings_options(*CONTROL_SETTINGS)
def end(*, version: str, start: int | None, author: str | None, note: str | None, settings: Settings) -> None:
    """Take the policy VERSION out of shadow for all workers of a group, without a restart.

    From one moment of event time on, found as detector policy apply does, it decides nothing more and its
    cases are closed. --policy names the files with which the workers were started.
    """
    if start is not None and start >= LATEST_MS:
        raise InputError(f"no event has a time from {here_and_utc(start)} on")
    with hushed_clients():
        asyncio.run(_end(Ended(version, start or 0, author, note), start, settings))


async def _end(record: Ended, start: int | None, settings: Settings) -> None:
    control = await Control.read(settings)
    known = control.book.tried(record.version)
    if known is None:
        raise InputError(
            f"no policy {record.version} is in shadow; detector policy applied lists those that are, and "
            "--policy names those of the workers' files"
        )
    moment = policy_moment(start, control.frontier)
    if known.until_ms <= moment:
        ended = here_and_utc(known.until_ms)
        click.echo(f"version {known.name} is in shadow until {ended} only: nothing to do")
        return
    await write(settings, Ended(record.version, moment, record.author, record.note))
    click.echo(f"version {known.name} is in shadow until {here_and_utc(moment)}")
    click.echo(f"written to {settings.topics.control}")
