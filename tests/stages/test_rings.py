"""A ring of accounts on its way to alerts: everybody is named, and no ring floods the topic."""

from collections import Counter

import pytest

from detector.alerts import Alert
from detector.findings import WAITS_MS
from detector.stages.crowd_judge import ALONE, TOGETHER
from tests.rules.crowds.crawls import one_device_with_many_accounts
from tests.rules.crowds.signups import newcomer
from tests.rules.events import Event, every
from tests.rules.judging import alerts

LATER_MS = 3 * WAITS_MS
LEAVES = 7
"""Of the last ones too few for a group."""


def ring(count: int, gap_ms: float) -> list[Event]:
    """Sign-ups of one device, and long after the last one somebody else's, for time to pass."""
    events = [
        newcomer(number, "farm").registration(time_ms) for number, time_ms in enumerate(every(gap_ms, count))
    ]
    last = events[-1]["time"]
    return [*events, newcomer(count, "another").registration(last + LATER_MS)]


def named(given: list[Alert]) -> set[str]:
    """Return the accounts that alerts are about: as their subject, or in the group that is."""
    alone = {one.subject.id for one in given if one.subject.type == "account"}
    return alone | {each.id for one in given if one.subject.type == "group" for each in one.related}


@pytest.mark.parametrize("gap_ms", [1_000, 60_000])
def test_everybody_in_a_ring_is_named_and_most_are_with_others(gap_ms: float) -> None:
    groups = 20
    count = ALONE + groups * TOGETHER + LEAVES
    events = ring(count, gap_ms)
    given = [one for one in alerts(events) if one.subject.type in {"account", "group"}]
    assert {event["account_id"] for event in events[:-1]} == named(given)
    # A warning, and a restriction when it is sure; and of the groups one for each way to see them.
    assert 2 * (ALONE + groups + LEAVES) >= len(given)
    assert count > 2 * len(given)


def test_a_ring_that_crawls_is_told_of_with_others_as_well() -> None:
    count = 60
    events = sorted(one_device_with_many_accounts(count), key=lambda event: event["time"])
    given = alerts([*events, newcomer(count, "another").registration(events[-1]["time"] + LATER_MS)])
    accounts = {event["account_id"] for event in events}
    assert accounts == named(given)
    crawling = [one for one in given if one.category == "crawler"]
    assert len(crawling) < len(accounts)  # by itself each would be warned, and restricted
    assert {"account", "group"} == {one.subject.type for one in crawling}


def test_an_alert_about_a_group_is_of_one_of_its_accounts_and_speaks_to_its_holder() -> None:
    given = alerts(ring(ALONE + TOGETHER, 1_000))
    group = next(one for one in given if one.subject.type == "group")
    alone = next(one for one in given if (one.subject.type, one.action) == ("account", group.action))
    assert group.account_id == group.related[-1].id
    assert (group.notify, group.notice) == (alone.notify, alone.notice)
    assert [each.id for each in group.related] == [
        f"new-{number}" for number in range(ALONE, ALONE + TOGETHER)
    ]
    assert TOGETHER == len(group.evidence)


def test_whoever_is_left_when_a_ring_stops_has_an_alert_of_its_own_after_a_while() -> None:
    events = ring(ALONE + LEAVES, 1_000)
    given = [one for one in alerts(events) if one.subject.type == "account"]
    found = {event["account_id"]: event["time"] for event in events[:-1]}
    waited = Counter(
        one.decided_time - found[one.subject.id]
        for one in given
        if int(one.subject.id.removeprefix("new-")) >= ALONE
    )
    assert {WAITS_MS: LEAVES} == waited
