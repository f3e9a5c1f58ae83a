"""Laws of detection that hold for every history: what is said of someone depends on what they do.

`test_engine.py` holds that the way events arrive changes nothing; this, that neither names, nor the future,
nor strangers do. The histories are simulated days with abusers of every kind.
"""

import string
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.alerts import Alert
from detector.enrich import files
from detector.scoring.labels import BENIGN
from detector.simulate import History, messages, read_pools
from tests.replay.days import DAY_MS, MIDNIGHT_MS, Day, replayed, simulated_day

Json = dict[str, Any]
Rename = Callable[[str], str]
MADE_OF_NAMES = ("alert_id", "case_id", "chain", "previous")
SALT = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
OTHERS = 24
COUNTS_PATHS = {"fresh_paths_1h", "burst_level", "gap_variation", "walked_hours_24h", "missed_paths"}
TOWNSPEOPLE = ("one_device", "several_devices", "carrier_phone", "newcomer")
"""Innocents whose networks and devices are their own: they live elsewhere."""


@lru_cache(maxsize=1)
def day() -> tuple[Day, list[Json], list[Alert]]:
    """The day's events in both forms, and its alerts: enough that their being equal means something."""
    simulated = simulated_day()
    found = replayed(simulated.records, simulated.entitlements)
    assert {"warn", "restrict"} <= {alert.action for alert in found}
    assert len({alert.category for alert in found}) >= 4
    return simulated, [msgspec.json.decode(value) for value in simulated.records], found


@lru_cache(maxsize=1)
def strangers() -> list[list[bytes]]:
    """The days of innocents out of another history, under names of their own."""
    (city,), (asn,) = files("city", None), files("asn", None)
    other = History(OTHERS, days=1, seed=2, start_ms=MIDNIGHT_MS, pools=read_pools(city, asn))
    quiet = {
        label.subject_id
        for label in other.labels()
        if label.category == BENIGN and label.profile in TOWNSPEOPLE
    }
    days: dict[str, list[bytes]] = {}
    for key, value, _ in messages(other):
        if key.decode() in quiet:
            event = msgspec.json.decode(value)
            event |= {
                name: f"stranger-{event[name]}"
                for name in ("account_id", "event_id", "device_id")
                if name in event
            }
            days.setdefault(key.decode(), []).append(msgspec.json.encode(event))
    return list(days.values())


def bare(alerts: Sequence[Alert], account: Rename = str, device: Rename = str) -> list[str]:
    """Alerts without what is made of names, with accounts and devices renamed; in one order."""
    shown = []
    for alert in alerts:
        plain = {
            name: value for name, value in msgspec.to_builtins(alert).items() if name not in MADE_OF_NAMES
        }
        if "account_id" in plain:
            plain["account_id"] = account(plain["account_id"])
        for subject in (plain["subject"], *plain["related"]):
            if subject["type"] in {"account", "device"}:
                subject["id"] = (account if subject["type"] == "account" else device)(subject["id"])
        for event in plain["evidence"]:
            if "device_id" in event:
                event["device_id"] = device(event["device_id"])
        shown.append(msgspec.json.encode(plain, order="deterministic").decode())
    return sorted(shown)


def renamed(field: str, rename: Rename) -> list[bytes]:
    """The day's events with another name in a field."""
    return [
        msgspec.json.encode({**event, field: rename(event[field])} if event.get(field) else event)
        for event in day()[1]
    ]


@settings(max_examples=5, deadline=None)
@given(SALT)
def test_accounts_may_have_any_names(salt: str) -> None:
    def name(account: str) -> str:
        return f"{salt}-{account[::-1]}"

    simulated, _, before = day()
    grants = [
        one if one.key.startswith("org:") else msgspec.structs.replace(one, key=name(one.key))
        for one in simulated.entitlements
    ]
    assert bare(before, account=name) == bare(replayed(renamed("account_id", name), grants))


@settings(max_examples=5, deadline=None)
@given(SALT)
def test_devices_may_have_any_names(salt: str) -> None:
    def name(device: str) -> str:
        return f"{device[::-1]}{salt}"

    simulated, _, before = day()
    assert bare(before, device=name) == bare(replayed(renamed("device_id", name), simulated.entitlements))


@settings(max_examples=5, deadline=None)
@given(SALT)
def test_sessions_may_have_any_names(salt: str) -> None:
    simulated, _, before = day()
    found = replayed(renamed("session_id", lambda session: f"{salt}{session}"), simulated.entitlements)
    assert [alert.order[0] for alert in before] == [alert.order[0] for alert in found]
    assert accused(before) == accused(found)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_paths_may_have_any_words_of_the_same_shape(seed: int) -> None:
    """Distinct paths are counted by a sketch that depends on their names, to 3 % or so.

    So who is accused must be the same, and everything said where no count of paths is a reason.
    """
    letters = list(string.ascii_lowercase)
    Random(seed).shuffle(letters)
    table = str.maketrans(string.ascii_lowercase, "".join(letters))

    def rename(path: str) -> str:
        stem, dot, ending = path.rpartition(".")
        return stem.translate(table) + dot + ending if dot else path.translate(table)

    simulated, _, before = day()
    found = replayed(renamed("path", rename), simulated.entitlements)
    assert {alert[:2] for alert in accused(before)} == {alert[:2] for alert in accused(found)}
    counted = {alert.subject for alert in before + found if COUNTS_PATHS & {r.signal for r in alert.reasons}}
    exact = [[alert for alert in alerts if alert.subject not in counted] for alerts in (before, found)]
    assert len(exact[0]) >= len(before) // 2
    assert bare(exact[0]) == bare(exact[1])


def accused(alerts: Sequence[Alert]) -> list[tuple[str, str, str, str]]:
    return sorted((alert.subject.id, alert.category, alert.action, alert.rule) for alert in alerts)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, len(simulated_day().records)))
def test_a_history_cut_short_gives_the_first_part_of_the_alerts(length: int) -> None:
    simulated, events, whole = day()
    found = replayed(simulated.records[:length], simulated.entitlements)
    assert whole[: len(found)] == found
    assert [alert for alert in whole if alert.decided_time < events[length - 1]["time"]] == [
        alert for alert in found if alert.decided_time < events[length - 1]["time"]
    ]


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_innocents_elsewhere_change_nothing_here(data: st.DataObject) -> None:
    simulated, _, before = day()
    chosen = data.draw(
        st.lists(st.sampled_from(range(len(strangers()))), min_size=1, max_size=3, unique=True)
    )
    added = [value for number in chosen for value in strangers()[number]]
    found = replayed([*simulated.records, *added], simulated.entitlements)
    assert before == [alert for alert in found if not alert.subject.id.startswith("stranger-")]


@settings(max_examples=5, deadline=None)
@given(st.integers(-30, 30))
def test_a_history_may_happen_on_another_week(weeks: int) -> None:
    """The same weekday and hour: what is said moves along, nothing else."""
    shift_ms = weeks * 7 * DAY_MS
    _, events, before = day()
    moved = [msgspec.json.encode({**event, "time": event["time"] + shift_ms}) for event in events]
    found = replayed(moved, simulated_day().entitlements)
    assert accused(before) == accused(found)
    assert [alert.decided_time + shift_ms for alert in before] == [alert.decided_time for alert in found]


def test_strangers_are_many_and_live() -> None:
    assert len(strangers()) >= 8
    assert sum(map(len, strangers())) >= 500


@pytest.mark.parametrize("ending", ["js", "png"])
def test_the_day_has_assets_whose_endings_matter(ending: str) -> None:
    assert any((event.get("path") or "").endswith(f".{ending}") for event in day()[1])
