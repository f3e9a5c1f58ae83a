"""`detector privacy`: what is kept of an account, given out or forgotten, and cases that must be kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import msgspec
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition

from detector.cli.account_export import export_of
from detector.cli.clients import hushed_clients
from detector.cli.keys import keyring_for
from detector.cli.options import settings_options
from detector.cli.words import counted
from detector.clock import now_ms
from detector.errors import InputError
from detector.keyring import ACCOUNT, Found, Keyring
from detector.moments import moment_text
from detector.settings import Settings
from detector.stores import RedisStore, StoredRow, shard_name
from detector.stream.audit import Controls, Exported, Forgetting, Forgotten, Hold, read_controls, write_lines
from detector.stream.forgetting import CasesHome, forget_row, is_open
from detector.stream.kafka import KafkaClients, partition_of, reporting
from detector.stream.offsets import partitions_of
from detector.stream.tallies import KIND
from detector.stream.transactions import ShardTransactions

LEFT = (
    "not removed: what the topics of events, alerts, findings and crowds hold until their retention ends,"
    " what crowds' rows remember of it, and entitlements and feedback on the control topic (docs/privacy.md)"
)
STAGE = "accounts"
_NAMES = ("brokers", "redis_url", "group", "topic_session_events", "topic_detector_control")
_CASES = ("topic_detector_cases", "topic_detector_findings")
_AUTHOR = click.option("--author", required=True, help="Who asks: kept in the audit line.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands work with; `shards` are stage accounts'."""

    settings: Settings
    account: str
    keyring: Keyring
    clients: KafkaClients
    admin: AIOKafkaAdminClient
    store: RedisStore
    shards: dict[str, TopicPartition]
    cases: CasesHome

    @property
    def hash(self) -> str:
        """The account as audit lines have it: its keyed hash, in hex."""
        return self.keyring.first.name(self.account, ACCOUNT).hex()

    async def rows(self) -> dict[str, Found[StoredRow]]:
        """Return the account's row by shard: one, unless events went to a wrong partition."""
        rows = {}
        for shard in self.shards:
            (found,) = await self.keyring.look_up([self.account], ACCOUNT, partial(self.store.read, shard))
            if found is not None:
                rows[shard] = found
        return rows

    async def forget_rows(self) -> dict[str, int]:
        """Remove these; return from when on events count anew, by shard."""
        removed = {}
        rows, tallies = (self.keyring.names(self.account, kind) for kind in (ACCOUNT, KIND))
        for shard, source in self.shards.items():
            fence = ShardTransactions(self.clients, group=self.settings.group, stage=STAGE, source=source)
            since = await forget_row(self.store, fence, shard, rows, tallies)
            if since is not None:
                removed[shard] = since
        return removed

    async def controls(self) -> Controls:
        """Return what the control topic says of the account, and which cases are held."""
        topic = self.settings.topics.control
        hashes = {name.hex() for name in self.keyring.names(self.account, ACCOUNT)}
        return await read_controls(self.clients, topic, self.account, hashes)


@asynccontextmanager
async def _opened(settings: Settings, account: str) -> AsyncIterator[Desk]:
    clients = KafkaClients(settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)
    store = RedisStore.from_url(settings.redis_url, group=settings.group)
    admin = clients.admin()
    try:
        with reporting(f"connecting to {settings.brokers}"):
            await admin.start()
        topics = settings.topics
        events = await partitions_of(admin, topics.session_events)
        shards = {shard_name(STAGE, each.partition): each for each in events}
        findings = len(await partitions_of(admin, topics.findings))
        home = CasesHome(clients, admin, topics, settings.group, partition_of(account.encode(), findings))
        keyring = await keyring_for(settings, store, shards)
        yield Desk(settings, account, keyring, clients, admin, store, shards, home)
    finally:
        await admin.close()
        await store.close()


@click.group(epilog="Example: detector privacy export u0000017 --author ann > u0000017.json")
def privacy() -> None:
    """Give out or forget what is kept of an account; keep a case that is under dispute."""


@privacy.command(epilog="Example: detector privacy export u0000017 --author ann --to u0000017.json")
@click.argument("account_id")
@_AUTHOR
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@settings_options(*_NAMES, *_CASES)
def export(*, account_id: str, author: str, target: Path | None, settings: Settings) -> None:
    """Write what is kept of ACCOUNT_ID as JSON: windows, open cases and their alerts, what was said of it.

    What else there is of it, and for how long, is named in the file. It takes the workers'
    DETECTOR_PSEUDONYM_KEY (and DETECTOR_PSEUDONYM_KEY_OTHER while keys change). Who asked is written to the
    control topic, before anything is given out.
    """
    if target is not None and target.exists():
        raise InputError(f"{target} is there already: name another file")
    with hushed_clients():
        told = asyncio.run(_export(settings, account_id, author))
    if target is None:
        click.echo(told, nl=False)
    else:
        target.write_bytes(told)


async def _export(settings: Settings, account: str, author: str) -> bytes:
    async with _opened(settings, account) as desk:
        rows, controls = await desk.rows(), await desk.controls()
        cases = await desk.cases.read(account)
        told = export_of(account, rows, desk.keyring, cases, controls)
        line = Exported(desk.hash, author, now_ms(), len(rows), len(cases))
        await write_lines(desk.clients, settings.group, settings.topics.control, [line])
        return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


@privacy.command(epilog="Example: detector privacy forget u0000017 --author ann")
@click.argument("account_id")
@_AUTHOR
@settings_options(*_NAMES, *_CASES)
def forget(*, account_id: str, author: str, settings: Settings) -> None:
    """Remove the windows and the open cases of ACCOUNT_ID, while workers run; it begins anew from then on.

    Kept, and told, are cases that are held (`detector privacy hold`), those of which a step holds now, and
    those that a verdict keeps from counting: ask again when that has ended. Asking again does no harm.

    It takes the workers' DETECTOR_PSEUDONYM_KEY (and DETECTOR_PSEUDONYM_KEY_OTHER while keys change). Who
    asked, and what was removed, is written to the control topic.
    """
    with hushed_clients():
        asyncio.run(_forget(settings, account_id, author))


async def _forget(settings: Settings, account: str, author: str) -> None:
    async with _opened(settings, account) as desk:
        holds = (await desk.controls()).holds
        asked = Forgetting(desk.hash, author, now_ms(), [], {}, 0)
        line = await desk.cases.forget(asked, account, holds)
        click.echo(f"{counted(len(line.cases), 'case')} removed")
        for case_id, reason in line.kept.items():
            click.echo(f"case {case_id} kept ({reason})")
        removed = await desk.forget_rows()
        done = Forgotten(desk.hash, author, now_ms(), removed)
        await write_lines(desk.clients, settings.group, settings.topics.control, [done])
    for shard, moment in removed.items():
        click.echo(f"windows removed from {shard}: events from {moment_text(moment)} on count anew")
    if not removed:
        click.echo("no windows were kept")
    click.echo(LEFT)


@privacy.command(epilog="Example: detector privacy hold 0f3c… --reason 'dispute 2026-114' --author ann")
@click.argument("case_id")
@click.option("--reason", required=True, help="Why; for --lift, why no longer.")
@click.option("--lift", is_flag=True, help="Hold it no longer.")
@_AUTHOR
@settings_options("brokers", "group", "topic_detector_control", "topic_detector_cases")
def hold(*, case_id: str, reason: str, lift: bool, author: str, settings: Settings) -> None:
    """Keep the case CASE_ID from being forgotten while it is under dispute, or with --lift no longer.

    A hold does not keep a case open: when it was quiet for as long as the policy says, it is closed.
    """
    with hushed_clients():
        asyncio.run(_hold(settings, Hold(case_id, not lift, reason, author, now_ms())))
    click.echo(f"case {case_id} is held{' no longer' if lift else ''}")


async def _hold(settings: Settings, line: Hold) -> None:
    clients = KafkaClients(settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)
    admin = clients.admin()
    try:
        with reporting(f"connecting to {settings.brokers}"):
            await admin.start()
        homes = await partitions_of(admin, settings.topics.cases)
    finally:
        await admin.close()
    if line.held and not await is_open(clients, homes, line.case_id):
        raise InputError(
            f"no case {line.case_id} is open: an alert's `case_id` says its case; one that was closed"
            " needs no hold, its alerts lie in their topic"
        )
    await write_lines(clients, settings.group, settings.topics.control, [line])
