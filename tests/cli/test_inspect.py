"""`detector inspect` reads what a shard stored, with the worker's keys."""

import asyncio
import json
import time
from collections.abc import Mapping
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from detector.cli import inspect, main
from detector.cli.account_windows import COUNTERS, Windows, decode_windows, open_windows
from detector.cli.windows_table import show_windows
from detector.errors import UnavailableError
from detector.keyring import ACCOUNT as OF_ACCOUNT
from detector.keyring import LEDGER, ROW, Found, Keyring
from detector.stages.ledger import decode_ledger
from detector.stores import MemoryStore, RedisStore, StoredRow, shard_name
from detector.stream.kafka import partition_of
from detector.stream.stored_under import encode_stored
from detector.windows.layout import FAILED, RINGS, STRANGE
from tests.rules.judging import workshop
from tests.support.events import CLOUD, SHANGHAI, START_MS, message

MINUTE_MS = 60_000
PARTITIONS = 4
ACCOUNT, VISITOR = "ann", "anon:47.92.1.1"
KEY = "the worker's"


@pytest.fixture(scope="module")
def kept() -> Mapping[str, StoredRow]:
    """What a shard keeps of an account in two cities with a failed login, and of a visitor from a cloud."""
    shard = workshop().accounts("session-events", 0)
    visit: dict[str, Any] = {"type": "request", "account_id": None, "ip": CLOUD}
    messages = [
        message("first", device_id="desk"),
        message("visit", START_MS + MINUTE_MS, **visit),
        message("second", START_MS + 2 * MINUTE_MS, device_id="lap", ip=SHANGHAI),
        message("wrong", START_MS + 3 * MINUTE_MS, type="login_failure", ip=CLOUD),
    ]
    assert [] == shard.read(messages).rejected
    shard.raise_frontier(shard.newest + 1)
    ordered = shard.close()
    for key in shard.missing(ordered):
        shard.table.put(key, None, None)
    shard.judge(ordered)
    return {key: (row, ledger) for key, row, ledger in shard.table.changes()}


@pytest.fixture
def stored(kept: Mapping[str, StoredRow], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same in a store, under the worker's key, as `detector inspect` finds it."""
    store = MemoryStore()
    first = Keyring(KEY).first

    async def put() -> None:
        for key, (row, ledger) in kept.items():
            claim, _ = await store.claim(shard_name("accounts", partition_of(key.encode(), PARTITIONS)))
            name = first.name(key, OF_ACCOUNT)
            sealed = None if ledger is None else first.seal(LEDGER, name, ledger)
            payload = encode_stored(b"{}", {first.fingerprint: int(time.time() * 1000)}, kept_ms=1_000)
            await store.checkpoint(claim, payload, {name: (first.seal(ROW, name, row), sealed)})

    asyncio.run(put())
    monkeypatch.setattr(RedisStore, "from_url", lambda *_, **__: store)
    monkeypatch.setenv("DETECTOR_PSEUDONYM_KEY", KEY)


def windows(kept: Mapping[str, StoredRow], key: str) -> Windows:
    row, ledger = kept[key]
    return decode_windows(key, "accounts-00", row, None if ledger is None else decode_ledger(ledger))


def shown(windows: Windows, *, terminal: bool) -> str:
    out = StringIO()
    show_windows(windows, Console(file=out, force_terminal=terminal, width=80 if terminal else 200))
    return out.getvalue()


def test_sightings_come_newest_first_with_what_opened_them(kept: Mapping[str, StoredRow]) -> None:
    found = windows(kept, ACCOUNT)
    assert (START_MS, START_MS + 3 * MINUTE_MS) == (found.first_ms, found.last_ms)
    assert ["second", "first"] == [seen.event["event_id"] for seen in found.sightings if seen.event]
    assert [2, 1] == [seen.metropolis for seen in found.sightings]
    assert 31.2 == pytest.approx(found.sightings[0].lat, abs=0.2)


def test_failed_logins_and_counters_are_told(kept: Mapping[str, StoredRow]) -> None:
    found = windows(kept, ACCOUNT)
    assert ["wrong"] == [event["event_id"] for event in found.failed_logins]
    assert 1 == found.counters_24h["failed_logins"]
    assert 1 == windows(kept, VISITOR).counters_24h["requests"]


def test_every_ring_of_a_row_is_told_under_one_name() -> None:
    assert list(range(RINGS)) == list(COUNTERS.values())
    assert (FAILED, STRANGE) == (COUNTERS["failed_logins"], COUNTERS["failed_logins_from_strange_networks"])


def test_hashes_stay_where_the_ledger_cannot_be_opened(kept: Mapping[str, StoredRow]) -> None:
    found = decode_windows(ACCOUNT, "accounts-00", kept[ACCOUNT][0], None)
    assert [None, None] == [seen.event for seen in found.sightings]
    assert "their ledger is damaged" in shown(found, terminal=False)
    assert f"#{found.sightings[0].network[:8]}" in shown(found, terminal=False)


def test_on_a_terminal_the_tables_fit_80_columns(kept: Mapping[str, StoredRow]) -> None:
    text = shown(windows(kept, ACCOUNT), terminal=True)
    assert "─" in text
    assert SHANGHAI in text


def test_what_a_rule_said_last_is_shown() -> None:
    found = Windows(
        key=ACCOUNT,
        shard="accounts-00",
        first_ms=START_MS,
        last_ms=START_MS,
        sightings=(),
        counters_24h={},
        raised=(("overlapping_use", START_MS, 0.5),),
        failed_logins=(),
        sealed=False,
    )
    assert "overlapping_use" in shown(found, terminal=False)
    assert "sightings" not in shown(found, terminal=False)


@pytest.mark.usefixtures("stored")
def test_the_account_is_found_in_its_shard(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["inspect", ACCOUNT, "--partitions", str(PARTITIONS), "--json"])
    out = json.loads(capsys.readouterr().out)
    assert (ACCOUNT, shard_name("accounts", partition_of(ACCOUNT.encode(), PARTITIONS))) == (
        out["key"],
        out["shard"],
    )
    assert "desk" == out["sightings"][1]["event"]["device_id"]


@pytest.mark.usefixtures("stored")
def test_a_visitor_is_found_by_the_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["inspect", VISITOR, "--partitions", str(PARTITIONS)])
    out = capsys.readouterr().out
    assert out.startswith(f"{VISITOR} in accounts-")
    assert "* a cloud provider's or hosting network" in out


@pytest.mark.usefixtures("stored")
def test_an_unknown_account_is_told_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == main(["inspect", "nobody", "--partitions", str(PARTITIONS)])
    assert "nothing is kept for nobody in accounts-0" in capsys.readouterr().err


@pytest.mark.usefixtures("stored")
def test_under_another_key_the_one_that_is_lacking_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DETECTOR_PSEUDONYM_KEY", "another")
    assert 1 == main(["inspect", ACCOUNT, "--partitions", str(PARTITIONS)])
    assert f"pseudonym key {Keyring(KEY).first.fingerprint} until" in capsys.readouterr().err


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(("first", "other"), [("another", KEY), (KEY, "another")])
def test_under_two_keys_the_account_is_found_by_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], first: str, other: str
) -> None:
    monkeypatch.setenv("DETECTOR_PSEUDONYM_KEY", first)
    monkeypatch.setenv("DETECTOR_PSEUDONYM_KEY_OTHER", other)
    assert 0 == main(["inspect", ACCOUNT, "--partitions", str(PARTITIONS), "--json"])
    assert "desk" == json.loads(capsys.readouterr().out)["sightings"][1]["event"]["device_id"]


def test_a_damaged_ledger_hides_identifiers_but_not_the_row(kept: Mapping[str, StoredRow]) -> None:
    key, other = Keyring(KEY).first, Keyring("another").first
    name = key.name(ACCOUNT, OF_ACCOUNT)
    row = key.seal(ROW, name, kept[ACCOUNT][0])
    damaged = open_windows(ACCOUNT, "accounts-00", Found(key, name, (row, other.seal(LEDGER, name, b"x"))))
    assert damaged.sealed
    assert windows(kept, ACCOUNT).counters_24h == damaged.counters_24h
    assert not open_windows(ACCOUNT, "accounts-00", Found(key, name, (row, None))).sealed


def test_without_kafka_the_way_out_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(_: object) -> int:
        raise UnavailableError("asking for partitions (--partitions says them without Kafka): no")

    monkeypatch.setattr(inspect, "events_partitions", fails)
    assert 1 == main(["inspect", ACCOUNT])
    assert "--partitions says them without Kafka" in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["inspect", "--help"])
    assert "Example: detector inspect" in capsys.readouterr().out
