"""Which addresses the rules about logins accuse: those that take part, not those that once did."""

from detector.findings import Finding
from detector.stages.crowd_judge import STAYS_MS
from detector.stages.raised import SURE
from tests.rules.crowds.logins import address, guesser, one_client_on_many_addresses
from tests.rules.events import MINUTE_MS, Event
from tests.rules.judging import crowd_findings

ATTACK: list[Event] = list(one_client_on_many_addresses(23))
"""Its rule is nearly sure of it."""
LAST_MS = ATTACK[-1]["time"]
ATTACKERS = {event["ip"] for event in ATTACK}
LATER = address(200)


def told(events: list[Event]) -> list[Finding]:
    return [one for one in crowd_findings(events) if one.rule == "tried_by_one_client"]


def told_after(wait_ms: int) -> set[str]:
    """Whom the rule accuses once two more accounts are tried with the client, at an address of its own."""
    more = [guesser(100 + one, LATER).failure(LAST_MS + wait_ms + one * MINUTE_MS) for one in range(2)]
    after = [one for one in told([*ATTACK, *more]) if one.time > LAST_MS]
    assert SURE <= min(one.strength for one in after)
    return {one.subject.id for one in after}


def test_who_was_accused_of_what_goes_on_is_accused_again_once_that_is_sure() -> None:
    first = told(ATTACK)
    assert {one.subject.id for one in first} == ATTACKERS
    assert max(one.strength for one in first) < SURE
    assert told_after(MINUTE_MS) == {*ATTACKERS, LATER.ip}


def test_an_address_of_an_old_attack_is_not_accused_anew_of_what_another_does() -> None:
    assert told_after(STAYS_MS + MINUTE_MS) == {LATER.ip}
