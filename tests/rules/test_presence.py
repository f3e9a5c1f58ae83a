"""What tells of several people, or of one in several places, rests on people: not on what a machine sends."""

from collections.abc import Iterable, Iterator

import pytest

from detector.findings import Finding
from tests.rules.events import HOUR_MS, LAPTOP, MINUTE_MS, NOON_MS, SECOND_MS, Event, Hand, every
from tests.rules.judging import findings
from tests.rules.networks import ALIYUN_BEIJING, BEIJING, SHANGHAI
from tests.rules.streams import CROSSINGS, DESKTOP, STRANGER, Crossing, by_turns

BY_PEOPLE = (
    "overlapping_use",
    "overlapping_lines",
    "city_alternation",
    "impossible_travel",
    "datacenter_use",
)
OF_MACHINES = {"heartbeat", "logout", "login_failure", "compromise_report"}

each_crossing = pytest.mark.parametrize(
    ("name", "crossing"),
    [
        pytest.param(name, crossing, id=f"{name}-{crossing.__name__}")
        for name in BY_PEOPLE
        for crossing in CROSSINGS[name]
    ],
)


def said(name: str, events: Iterable[Event]) -> list[Finding]:
    return [finding for finding in findings(events) if finding.rule == name]


def later(events: list[Event], gap_ms: int) -> list[int]:
    return every(gap_ms, 12, events[-1]["time"] + gap_ms)


@each_crossing
def test_what_machines_send_afterwards_finds_nothing_more(name: str, crossing: Crossing) -> None:
    events = list(crossing(0))
    last = events[-1]
    beats = [
        {**last, "event_id": f"beat/{t}", "time": t, "type": "heartbeat"} for t in later(events, HOUR_MS)
    ]
    leaves = [{**last, "event_id": f"out/{t}", "time": t, "type": "logout"} for t in later(events, HOUR_MS)]
    guesses = [STRANGER.failure(t) for t in later(events, HOUR_MS)]
    assert said(name, events) == said(name, [*events, *beats, *leaves, *guesses])


@each_crossing
def test_no_evidence_is_what_a_machine_sent(name: str, crossing: Crossing) -> None:
    """Every sighting begins with a heartbeat here, just before its first event."""
    events = list(crossing(0))
    beats = [
        {**event, "event_id": f"beat/{event['event_id']}", "time": event["time"] - 1, "type": "heartbeat"}
        for event in events
    ]
    found = said(name, [*events, *beats])
    assert found
    assert set() == OF_MACHINES & {shown.type for finding in found for shown in finding.evidence}


def beating(hand: Hand, hours: int) -> Iterator[Event]:
    return map(hand.beat, every(MINUTE_MS, 60 * hours))


def test_heartbeats_keep_no_overlap_going() -> None:
    """The desktop's person leaves after a minute; its page stays open beside the laptop's person."""
    away = DESKTOP.behind(SHANGHAI)
    worked = [
        LAPTOP.login(NOON_MS),
        away.login(NOON_MS + 20 * SECOND_MS),
        LAPTOP.login(NOON_MS + 40 * SECOND_MS),
    ]
    goes_on = LAPTOP.pages(every(2 * MINUTE_MS, 90, NOON_MS + MINUTE_MS))
    assert [] == said("overlapping_use", [*worked, *goes_on, *beating(away, 3)])


def test_from_a_cloud_only_use_is_noted() -> None:
    cloud, home = LAPTOP.behind(ALIYUN_BEIJING), LAPTOP.behind(BEIJING)
    used = cloud.request(NOON_MS + 2 * HOUR_MS + 1, "/report")
    afterwards = home.pages(every(HOUR_MS, 6, NOON_MS + 3 * HOUR_MS))
    (found,) = said("datacenter_use", [*beating(cloud, 3), used, *afterwards])
    assert [used["event_id"]] == [shown.event_id for shown in found.evidence]


def test_two_people_at_work_beside_an_open_page_are_still_found() -> None:
    both = list(by_turns(LAPTOP, DESKTOP.behind(SHANGHAI), 6))
    assert said("overlapping_use", [*both, *beating(LAPTOP, 3), *beating(DESKTOP.behind(SHANGHAI), 3)])
