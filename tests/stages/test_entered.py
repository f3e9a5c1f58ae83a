"""Whom somebody may have entered: cells say so, whatever batches the events come in."""

import pytest

from detector.cells import Cell
from detector.ladder.intruders import AT_MOST_MS, TAKEOVER
from detector.policy.names import CATALOGUE
from detector.stages.assemble import Workshop
from tests.policy.making import SHIPPED, book, in_mode, on_trial, otherwise
from tests.rules.events import HOUR_MS, NOON_MS, Event, Hand
from tests.rules.judging import judged, workshop
from tests.rules.streams import guessed_in_hours

HOLDER = Hand()
ELSE = Hand(account="acc-2")
OF_TAKEOVER = [rule.name for rule in CATALOGUE.values() if rule.category == TAKEOVER]
GUESSED = list(guessed_in_hours(2))
AT_MS = GUESSED[-1]["time"]
"""When somebody enters."""
LATER = [
    hand.behind(hand.network._replace(ip=f"14.16.{number}.7")).login(time_ms + (hand is ELSE))
    for number, time_ms in enumerate(
        [AT_MS + HOUR_MS, AT_MS + AT_MOST_MS - HOUR_MS, AT_MS + AT_MOST_MS, NOON_MS + 2 * AT_MOST_MS]
    )
    for hand in (HOLDER, ELSE)
]


def cells(events: list[Event], size: int, shop: Workshop | None = None) -> list[Cell]:
    """Return the cells of events that are judged so many at a time."""
    shard = (shop or workshop()).accounts("session-events", 0)
    made: list[Cell] = []
    for start in range(0, len(events), size):
        judged(shard, events[start : start + size])
        made += shard.take_cells()
    return made


def flagged(made: list[Cell]) -> set[tuple[str | None, int]]:
    return {(one.account_id, one.time) for one in made if one.entered}


@pytest.mark.parametrize("size", [1, 3, len(GUESSED), len(GUESSED) + 1, 100])
def test_an_account_is_known_to_be_entered_from_then_on_for_as_long_as_the_thief_may_stay(size: int) -> None:
    made = cells(GUESSED + LATER, size)
    seen = {(one.account_id, one.time) for one in made}
    assert {one for one in seen if one[0] == "acc-1" and AT_MS <= one[1] < AT_MS + AT_MOST_MS} == flagged(
        made
    )
    assert len(flagged(made)) >= 2
    assert {one.account_id for one in made if one.time >= AT_MS + AT_MOST_MS} == {"acc-1", "acc-2"}


@pytest.mark.parametrize("size", [1, 10, 1000])
def test_who_is_entered_again_was_entered_before_as_well(size: int) -> None:
    again_ms = 100 * HOUR_MS
    moved = {"ip": "8.8.8.8", "device_id": "another"}
    again = [
        {**event, "time": event["time"] + again_ms, "event_id": f"{event['event_id']}-again"}
        | (moved if event["device_id"] != HOLDER.device else {})
        for event in GUESSED
    ]
    events = sorted([*GUESSED, *LATER[:4], *again], key=lambda event: event["time"])
    entered = {time for _, time in flagged(cells(events, size))}
    assert {AT_MS, AT_MS + HOUR_MS, AT_MS + AT_MOST_MS - HOUR_MS, AT_MS + again_ms} <= entered


@pytest.mark.parametrize("size", [1, 100])
def test_what_is_tried_out_in_shadow_is_not_known(size: int) -> None:
    shadow = workshop(book=book(in_mode("shadow", *OF_TAKEOVER)))
    assert set() == flagged(cells(GUESSED + LATER, size, shadow))


@pytest.mark.parametrize("size", [1, 100])
def test_what_a_policy_in_shadow_finds_by_its_own_parameters_is_not_known(size: int) -> None:
    few = [*guessed_in_hours(-10), *LATER]
    shop = workshop(book=book(SHIPPED, on_trial(otherwise("guessed_password"))))
    found = judged(shop.accounts("session-events", 0), few)
    assert "trial" in {one.trial for one in found if one.category == TAKEOVER}
    assert set() == flagged(cells(few, size, shop))
