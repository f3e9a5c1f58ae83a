"""`detector inspect`: the live windows kept for one account, as its last checkpoint has them."""

import asyncio
import sys
from dataclasses import asdict
from functools import partial

import click
import msgspec
from rich.console import Console

from detector.cli.account_windows import open_windows
from detector.cli.attribution import in_use, show_attributions
from detector.cli.clients import hushed_clients
from detector.cli.keys import keyring_for
from detector.cli.options import settings_options
from detector.cli.windows_table import show_windows
from detector.events import home_of
from detector.keyring import ACCOUNT, Found
from detector.settings import Settings
from detector.stores import RedisStore, StoredRow, shard_name
from detector.stream.kafka import KafkaClients, partition_of, reporting
from detector.stream.offsets import partitions_of

PIPE_WIDTH = 200


@click.command(epilog="Example: detector inspect u0000017, or for a visitor: detector inspect anon:192.0.2.7")
@click.argument("account_id")
@click.option(
    "--partitions", type=click.IntRange(min=1), help="Of the events' topic; without it, Kafka is asked."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@settings_options("brokers", "redis_url", "group", "topic_session_events")
@click.pass_context
def inspect(
    ctx: click.Context, /, *, account_id: str, partitions: int | None, as_json: bool, settings: Settings
) -> None:
    """Show the live windows kept for ACCOUNT_ID, or for a visitor, `anon:<ip>`; nothing kept is exit code 1.

    A visitor behind a trusted proxy is `anon:<proxy>,<visitor>`; one whose address is written in an unusual
    form is `anon:<as written>,<as usual>`.

    They are those of the last checkpoint, a few seconds old at most, and take the workers'
    DETECTOR_PSEUDONYM_KEY (and DETECTOR_PSEUDONYM_KEY_OTHER while keys change). What is granted to the
    account, and what for that was used: `detector entitlements show`.
    """
    with hushed_clients():
        shard, found = asyncio.run(_read(settings, account_id, partitions))
    if found is None:
        click.echo(f"nothing is kept for {account_id} in {shard} of group {settings.group}", err=True)
        ctx.exit(1)
    windows = open_windows(account_id, shard, found)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(asdict(windows)), indent=2))
    else:
        show_windows(windows, Console(width=None if sys.stdout.isatty() else PIPE_WIDTH))
    show_attributions(in_use(settings))


async def _read(settings: Settings, key: str, partitions: int | None) -> tuple[str, Found[StoredRow] | None]:
    count = partitions if partitions is not None else await events_partitions(settings)
    shard = shard_name("accounts", partition_of(home_of(key).encode(), count))
    store = RedisStore.from_url(settings.redis_url, group=settings.group)
    try:
        keyring = await keyring_for(settings, store, [shard])
        (found,) = await keyring.look_up([key], ACCOUNT, partial(store.read, shard))
        return shard, found
    finally:
        await store.close()


async def events_partitions(settings: Settings) -> int:
    """Return how many partitions the events have; raises `UnavailableError`."""
    admin = KafkaClients(settings.brokers, settings.kafka_security()).admin()
    try:
        with reporting(f"asking {settings.brokers} for partitions (--partitions says them without Kafka)"):
            await admin.start()
        return len(await partitions_of(admin, settings.topics.session_events))
    finally:
        await admin.close()
