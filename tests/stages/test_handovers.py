"""An account with a new holder begins anew from that moment on, however its events were cut into batches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.enrich import Enricher
from detector.findings import Finding
from detector.policy import Entitlement, Entitlements, Stamped
from detector.privacy import Pseudonymizer
from detector.stages.assemble import Workshop
from tests.stages.test_accounts import LATENESS_MS, MAX_AHEAD_MS, MINUTE_MS, make
from tests.support.events import BEIJING, SHANGHAI, START_MS, Message, message
from tests.support.restarts import Runner

TURN = 60
"""The minute from which on another person has the account."""


def shared(account: str) -> list[Message]:
    """Work in two cities at once for two hours."""
    return [
        message(
            f"{account}-{minute:03}-{ip}",
            START_MS + minute * MINUTE_MS,
            account_id=account,
            ip=ip,
            device_id=f"{account}-{ip}",
            type="request",
            path=f"/{minute}",
        )
        for minute in range(2 * TURN)
        for ip in (BEIJING, SHANGHAI)
        if (minute < TURN) == (ip == BEIJING) or account == "bob"
    ]


LOG = [
    Message(each.value, place, each.timestamp)
    for place, each in enumerate(
        sorted([*shared("ann"), *shared("bob")], key=lambda each: (each.timestamp, each.value))
    )
]


def held(*minutes: float, account: str = "ann") -> list[Stamped]:
    """The account's holders, another one from each of these minutes on."""
    return [
        Stamped(
            account, START_MS + round(minute * MINUTE_MS), Entitlement(holder=f"h{number}"), f"e/0/{number}"
        )
        for number, minute in enumerate(minutes)
    ]


@pytest.fixture(scope="module")
def workshop(enricher: Enricher, pseudonyms: Pseudonymizer) -> Workshop:
    return Workshop(enricher, pseudonyms, LATENESS_MS, MAX_AHEAD_MS, trusted_proxies=[])


def found(workshop: Workshop, given: list[Stamped], size: int = 10_000) -> list[Finding]:
    workshop.entitlements = Entitlements()
    for one in given:
        workshop.entitlements.put(one)
    runner = Runner(make(workshop))
    for start in range(0, len(LOG), size):
        runner.read(LOG[start : start + size])
    runner.finish()
    return runner.findings


def accused(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(one.subject.id, one.category) for one in findings}


def test_what_the_former_holder_did_is_not_held_against_the_new_one(workshop: Workshop) -> None:
    alone, handed = found(workshop, []), found(workshop, held(0, TURN))
    assert ("ann", "city_switching") in accused(alone)
    assert "ann" not in {subject for subject, _ in accused(handed)}


def test_a_row_begins_with_the_first_event_of_its_holder(workshop: Workshop) -> None:
    workshop.entitlements = Entitlements()
    for one in held(0, TURN):
        workshop.entitlements.put(one)
    runner = Runner(make(workshop))
    runner.read(LOG)
    runner.finish()
    assert START_MS + TURN * MINUTE_MS == runner.shard.table.row("ann")["head"]["first_ms"]


def test_what_the_new_holder_does_is_seen(workshop: Workshop) -> None:
    findings = found(workshop, held(0, TURN, account="bob"))
    assert ("bob", "account_sharing") in accused(findings)
    after = [one for one in findings if one.subject.id == "bob" and one.time >= START_MS + TURN * MINUTE_MS]
    assert all(seen.time >= START_MS + TURN * MINUTE_MS for one in after for seen in one.evidence)
    assert ("bob", "account_sharing") in accused(after)


def test_the_same_holder_named_again_changes_nothing(workshop: Workshop) -> None:
    again = [*held(0), Stamped("ann", START_MS + TURN * MINUTE_MS, Entitlement(holder="h0"), "e/0/9")]
    assert found(workshop, again) == found(workshop, [])


def test_a_change_between_events_counts_from_the_first_one_after_it(workshop: Workshop) -> None:
    on_time, before = held(0, TURN), held(0, TURN - 0.5)
    assert found(workshop, on_time) == found(workshop, before)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([10.0, 60.0, 60.5, 100.0]), max_size=3, unique=True), st.integers(1, 300))
def test_batches_change_nothing(workshop: Workshop, turns: list[float], size: int) -> None:
    given = [*held(0, *sorted(turns)), *held(0, *sorted(turns)[:1], account="bob")]
    given = [
        Stamped(one.key, one.counts_from, one.entitlement, f"e/0/{place}") for place, one in enumerate(given)
    ]
    assert found(workshop, given) == found(workshop, given, size)


def test_a_restart_forgets_the_former_holder_too(workshop: Workshop) -> None:
    whole = found(workshop, held(0, TURN))
    runner, position = Runner(make(workshop)), 0
    for stop in (100, 200, 250, len(LOG)):
        runner.read(LOG[position:stop])
        position = stop
        runner.checkpoint()
        runner.read(LOG[position : position + 7])
        position = runner.crash()
    runner.read(LOG[position:])
    runner.finish()
    assert whole == runner.findings
