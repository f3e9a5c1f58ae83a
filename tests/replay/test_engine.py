"""The same events give the same alerts, whatever way they came; what is added elsewhere changes nothing."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from zlib import crc32

import msgspec
import pytest

from detector.alerts import Alert, encode
from detector.replay.records import FileRecord
from tests.replay.days import DAY_MS, MIDNIGHT_MS, Day, engine, replayed, simulated_day
from tests.rules.events import NOON_MS, Event, Hand
from tests.rules.judging import records
from tests.rules.networks import ALIYUN_BEIJING
from tests.rules.streams import power_user

Json = dict[str, Any]
PARTITIONS = 3


@pytest.fixture(scope="module")
def day() -> Day:
    return simulated_day()


@pytest.fixture(scope="module")
def alerts(day: Day) -> list[bytes]:
    """The day's alerts; enough of them that their being equal means something."""
    found = lines(replayed(day.records, day.entitlements))
    assert len(found) >= 8
    return found


def lines(alerts: Sequence[Alert]) -> list[bytes]:
    return [encode(alert) for alert in alerts]


def in_order(values: Sequence[bytes]) -> Sequence[bytes]:
    return values


def backwards(values: Sequence[bytes]) -> Sequence[bytes]:
    return values[::-1]


def shuffled(values: Sequence[bytes]) -> Sequence[bytes]:
    return Random(3).sample(values, len(values))


@pytest.mark.parametrize("order", [in_order, backwards, shuffled])
@pytest.mark.parametrize("batch", [997, 1_000_000])
def test_alerts_do_not_depend_on_arrival_or_batches(
    day: Day, alerts: list[bytes], order: Callable[[Sequence[bytes]], Sequence[bytes]], batch: int
) -> None:
    assert alerts == lines(replayed(order(day.records), day.entitlements, batch=batch))


def test_alerts_do_not_depend_on_how_late_events_may_be(day: Day, alerts: list[bytes]) -> None:
    assert alerts == lines(replayed(day.records, day.entitlements, lateness_ms=0))


def test_alerts_do_not_depend_on_the_pseudonym_key(day: Day, alerts: list[bytes]) -> None:
    assert alerts == lines(replayed(day.records, day.entitlements, key=b"another key"))


def test_alerts_do_not_depend_on_the_number_of_partitions(day: Day, alerts: list[bytes]) -> None:
    parts: list[list[bytes]] = [[] for _ in range(PARTITIONS)]
    for value in day.records:
        event = msgspec.json.decode(value)
        parts[crc32((event.get("account_id") or event["ip"]).encode()) % PARTITIONS].append(value)
    each = [replayed(part, day.entitlements) for part in parts]
    assert all(each)
    assert alerts == lines(sorted((alert for part in each for alert in part), key=lambda alert: alert.order))


def test_events_sent_twice_change_nothing(day: Day, alerts: list[bytes]) -> None:
    twice = shuffled([*day.records, *day.records[::3]])
    running = engine(day.entitlements)
    found, _ = running.take([FileRecord(value) for value in twice])
    assert alerts == lines([*found, *running.finish()])
    assert len(day.records[::3]) == running.summary.duplicates
    assert len(day.records) == running.summary.events.total()


@pytest.mark.parametrize("hours", [2, 9, 16])
def test_a_history_cut_short_gives_the_first_of_the_alerts(day: Day, alerts: list[bytes], hours: int) -> None:
    end_ms = MIDNIGHT_MS + hours * DAY_MS // 24
    until = [value for value in day.records if msgspec.json.decode(value)["time"] < end_ms]
    expected = [alert for alert in alerts if json.loads(alert)["decided_time"] < end_ms]
    assert expected == lines(replayed(until, day.entitlements))


def test_one_more_innocent_elsewhere_changes_nothing(day: Day, alerts: list[bytes]) -> None:
    bystander: list[Event] = [{**event, "account_id": "bystander"} for event in power_user()]
    added = [record.value for record in records(bystander)]
    assert MIDNIGHT_MS < NOON_MS < MIDNIGHT_MS + DAY_MS
    assert alerts == lines(replayed([*day.records, *added], day.entitlements))


def test_refused_messages_change_nothing_but_their_count(day: Day, alerts: list[bytes]) -> None:
    running = engine(day.entitlements)
    values = [*day.records[:99], b"no JSON", b"{}", *day.records[99:]]
    found, refused = running.take([FileRecord(value) for value in values])
    assert alerts == lines([*found, *running.finish()])
    assert ["not_json", "missing_field"] == [why.reason for _, why in refused.rejected]
    assert {"not_json": 1, "missing_field": 1} == running.summary.rejected


def test_alerts_are_the_same_but_for_names_when_accounts_are_renamed(day: Day, alerts: list[bytes]) -> None:
    events = [msgspec.json.decode(value) for value in day.records]
    renamed = [msgspec.json.encode(_renamed(event)) for event in events]
    grants = [
        msgspec.structs.replace(one, key=one.key if one.key.startswith("org:") else _name(one.key))
        for one in day.entitlements
    ]
    found = [json.loads(line) for line in lines(replayed(renamed, grants))]
    before = [json.loads(alert) for alert in alerts]
    assert sorted(map(_bare, map(_renamed, before))) == sorted(map(_bare, found))
    accused = {alert["account_id"] for alert in before if "account_id" in alert}
    assert {_name(account) for account in accused} == {a["account_id"] for a in found if "account_id" in a}


def test_alerts_of_one_moment_come_in_the_order_of_their_cases() -> None:
    cloud = [Hand(ALIYUN_BEIJING, account=f"acc-{number}").login(NOON_MS) for number in range(20)]
    found = replayed([record.value for record in records(cloud)])
    assert 20 == len(found)
    cases = [json.loads(line)["case_id"] for line in lines(found)]
    assert sorted(cases) == cases


def test_the_summary_counts_alerts_by_category_and_action(day: Day, alerts: list[bytes]) -> None:
    running = engine(day.entitlements)
    running.take([FileRecord(value) for value in day.records])
    running.finish()
    found = [json.loads(alert) for alert in alerts]
    expected = {(alert["category"], alert["action"]) for alert in found}
    assert (expected, len(found)) == ({*running.summary.alerts}, running.summary.alerts.total())


def _name(account: str) -> str:
    return f"renamed-{account[::-1]}"


def _renamed(event: Json) -> Json:
    """Rename the account of an event or of an alert."""
    if "account_id" not in event:
        return event
    renamed = event | {"account_id": _name(event["account_id"])}
    if "subject" in event:
        renamed["subject"] = {"type": "account", "id": renamed["account_id"]}
    return renamed


def _bare(alert: Json) -> str:
    """Return an alert without what is made from names."""
    made = ("alert_id", "case_id", "chain", "previous")
    return json.dumps({name: value for name, value in alert.items() if name not in made}, sort_keys=True)
