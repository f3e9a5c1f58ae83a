"""Laws of detection that hold for every history: what is said of someone depends on what they do.

`test_engine.py` holds that the way events arrive changes nothing; this, that neither names, nor the future,
nor strangers do; and the first of crowds as well. The history holds abuse of nearly every category, seen in
one account and in crowds.
"""

import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from detector.alerts import Alert
from detector.enrich.scanners import probe_of
from detector.policy import Stamped
from detector.rules import RULES
from detector.rules.crowds import CROWD_RULES
from detector.scoring.labels import BENIGN
from detector.simulate import History, messages, shipped_pools
from tests.replay.abuse import abusive_days
from tests.replay.days import DAY_MS, MIDNIGHT_MS, replayed

Json = dict[str, Any]
Rename = Callable[[str], str]
NAMES = ("account_id", "device_id", "session_id")
MADE_OF_NAMES = ("alert_id", "case_id", "chain", "previous")
SALT = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
OTHERS = 24
LAW = settings(deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Examples are not made smaller where a law fails: each is a replay of thousands of events."""
COUNTS_PATHS = {
    "fresh_paths_1h",
    "burst_level",
    "gap_variation",
    "walked_hours_24h",
    "missed_paths",
    "declared_bot_requests_24h",
}
TOWNSPEOPLE = ("one_device", "several_devices", "carrier_phone", "newcomer")
"""Innocents whose networks and devices are their own: they live elsewhere."""


@lru_cache(maxsize=1)
def days() -> tuple[list[Json], list[Alert]]:
    """The events, and their alerts: enough of them that their being equal means something."""
    found = replayed(abusive_days().records, abusive_days().entitlements)
    assert len({alert.category for alert in found}) >= 13
    assert {"warn", "restrict"} <= {alert.action for alert in found}
    heard = {alert.rule for alert in found}
    assert all(len(heard & {rule.name for rule in stage}) >= 6 for stage in (RULES, CROWD_RULES))
    return [msgspec.json.decode(value) for value in abusive_days().records], found


@lru_cache(maxsize=1)
def strangers() -> list[list[bytes]]:
    """The days of innocents out of another history, under names and in networks of their own."""
    other = History(OTHERS, days=1, seed=2, start_ms=MIDNIGHT_MS, pools=shipped_pools())
    quiet = {
        label.subject_id
        for label in other.labels()
        if label.category == BENIGN and label.profile in TOWNSPEOPLE
    }
    lives: dict[str, list[Json]] = {}
    for key, value, _ in messages(other):
        if key.decode() in quiet:
            event = msgspec.json.decode(value)
            event |= {
                name: f"stranger-{event[name]}"
                for name in ("account_id", "event_id", "device_id")
                if name in event
            }
            lives.setdefault(key.decode(), []).append(event)
    taken = networks(days()[0])
    return [
        [msgspec.json.encode(event) for event in life]
        for life in lives.values()
        if taken.isdisjoint(networks(life))
    ]


def networks(events: Iterable[Json]) -> set[str]:
    """The /24s and /64s that events come from."""
    lengths = {4: 24, 6: 64}
    addresses = {event["ip"] for event in events}
    return {str(ip_network((ip, lengths[ip_address(ip).version]), strict=False)) for ip in addresses}


def bare(alerts: Sequence[Alert], renames: dict[str, Rename]) -> list[str]:
    """Alerts without what is made of names, with what `renames` names renamed; in one order."""
    shown = []
    for alert in alerts:
        plain = {
            name: value for name, value in msgspec.to_builtins(alert).items() if name not in MADE_OF_NAMES
        }
        for subject in (plain["subject"], *plain["related"]):
            rename = renames.get(f"{subject['type']}_id", str)
            subject["id"] = rename(subject["id"])
        for told in (plain, *plain["evidence"]):
            for field in renames.keys() & told.keys():
                told[field] = renames[field](told[field])
        shown.append(msgspec.json.encode(plain, order="deterministic").decode())
    return sorted(shown)


def renamed(renames: dict[str, Rename]) -> list[bytes]:
    """The events with other names in some fields."""
    return [
        msgspec.json.encode(
            event | {field: rename(event[field]) for field, rename in renames.items() if field in event}
        )
        for event in days()[0]
    ]


def granted(rename: Rename) -> Iterator[Stamped]:
    """The entitlements of accounts that are renamed."""
    for one in abusive_days().entitlements:
        key = one.key if one.key.startswith("org:") else rename(one.key)
        yield msgspec.structs.replace(one, key=key)


@settings(LAW, max_examples=3)
@given(st.sets(st.sampled_from(NAMES), min_size=1), SALT)
def test_accounts_devices_and_sessions_may_have_any_names(fields: set[str], salt: str) -> None:
    """Kept: who is whom, every address, and the order of events, which is that of their ids."""

    def name(old: str) -> str:
        return f"{salt}-{old[::-1]}"

    renames: dict[str, Rename] = dict.fromkeys(fields, name)
    found = replayed(renamed(renames), granted(renames.get("account_id", str)))
    assert bare(days()[1], renames) == bare(found, {})


@settings(LAW, max_examples=3)
@given(st.integers(0, 2**32))
def test_paths_may_have_any_words_of_the_same_shape(seed: int) -> None:
    """Kept: which paths are the same, digits, endings and queries, and paths that look for weaknesses.

    Distinct paths are counted by a sketch that depends on their names, to 3 % or so. So who is accused of
    what must be the same, and everything said where no count of paths is a reason.
    """
    letters = list(string.ascii_lowercase)
    Random(seed).shuffle(letters)
    table = str.maketrans(string.ascii_lowercase, "".join(letters))

    def rename(path: str) -> str:
        if probe_of(path):
            return path
        bare_path, mark, query = path.partition("?")
        stem, dot, ending = bare_path.rpartition(".")
        other = stem.translate(table) + dot + ending if dot else bare_path.translate(table)
        assert not probe_of(other)
        return other + mark + query

    _, before = days()
    found = replayed(renamed({"path": rename}), abusive_days().entitlements)
    assert {alert[:2] for alert in accused(before)} == {alert[:2] for alert in accused(found)}
    counted = {alert.subject for alert in before + found if COUNTS_PATHS & {r.signal for r in alert.reasons}}
    exact = [[alert for alert in alerts if alert.subject not in counted] for alerts in (before, found)]
    assert len(exact[0]) >= len(before) // 2
    assert bare(exact[0], {}) == bare(exact[1], {})


def accused(alerts: Sequence[Alert]) -> list[tuple[str, str, str, str]]:
    return sorted((alert.subject.id, alert.category, alert.action, alert.rule) for alert in alerts)


@settings(LAW, max_examples=4)
@given(st.floats(0.02, 1.0))
def test_a_history_cut_short_gives_the_first_part_of_the_alerts(share: float) -> None:
    events, whole = days()
    length = round(share * len(events))
    found = replayed(abusive_days().records[:length], abusive_days().entitlements)
    assert whole[: len(found)] == found
    assert len(found) >= sum(alert.decided_time < events[length - 1]["time"] for alert in whole)


@settings(LAW, max_examples=2)
@given(st.integers(0, 2**32), st.sampled_from([701, 20_000]))
def test_events_may_come_in_any_order_within_the_lateness(seed: int, batch: int) -> None:
    """Each up to a day after its time, which is the lateness; crowds gather cells of all of them."""
    events, whole = days()
    rng = Random(seed)
    came = [event["time"] + rng.randrange(DAY_MS) for event in events]
    values = [abusive_days().records[place] for place in sorted(range(len(came)), key=came.__getitem__)]
    assert whole == replayed(values, abusive_days().entitlements, batch=batch)


@settings(LAW, max_examples=3)
@given(st.data())
def test_innocents_elsewhere_change_nothing_here(data: st.DataObject) -> None:
    chosen = data.draw(
        st.lists(st.sampled_from(range(len(strangers()))), min_size=1, max_size=3, unique=True)
    )
    added = [value for number in chosen for value in strangers()[number]]
    values = sorted([*abusive_days().records, *added], key=lambda value: msgspec.json.decode(value)["time"])
    assert days()[1] == replayed(values, abusive_days().entitlements)


@settings(LAW, max_examples=2)
@given(st.integers(-30, 30))
def test_a_history_may_happen_in_another_week(weeks: int) -> None:
    """The same weekday and hour: what is said moves along, nothing else."""
    shift_ms = weeks * 7 * DAY_MS
    events, before = days()
    moved = [msgspec.json.encode({**event, "time": event["time"] + shift_ms}) for event in events]
    found = replayed(moved, abusive_days().entitlements)
    assert accused(before) == accused(found)
    assert sorted(alert.decided_time + shift_ms for alert in before) == sorted(
        alert.decided_time for alert in found
    )


def test_strangers_are_many_and_live() -> None:
    assert len(strangers()) >= 8
    assert sum(map(len, strangers())) >= 500


@pytest.mark.parametrize("ending", ["js", "png"])
def test_the_days_have_assets_whose_endings_matter(ending: str) -> None:
    assert any((event.get("path") or "").endswith(f".{ending}") for event in days()[0])
