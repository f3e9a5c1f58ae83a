"""An alert about a shared account says how many people use it at least, and how sure that is."""

from tests.rules.events import CHROME, HOUR_MS, LAPTOP, MINUTE_MS, NOON_MS, Event, Hand, every
from tests.rules.judging import alerts
from tests.rules.networks import BEIJING, GUANGZHOU, SHANGHAI


def told(people: list[Hand], times: int) -> tuple[float, float]:
    """How many people the last alert tells, and how sure, of some who only log in, by turns."""
    events: list[Event] = []
    for number, time_ms in enumerate(every(5 * MINUTE_MS, times)):
        hand = people[number % len(people)]
        events += [hand.login(time_ms), hand.beat(time_ms + MINUTE_MS)]
    last = [alert for alert in alerts(events) if alert.category == "account_sharing"][-1]
    (found,) = [reason for reason in last.reasons if reason.signal == "people"]
    return found.value, found.weight


def desk(device: str) -> Hand:
    return Hand(device=device, agent=CHROME)


def test_two_are_told_with_how_sure_that_is() -> None:
    assert (2, 0.5) == told([LAPTOP, desk("other").behind(SHANGHAI)], 4)
    people, sure = told([LAPTOP, desk("other").behind(SHANGHAI)], 12)
    assert 2 == people
    assert sure > 0.75


def test_three_are_told() -> None:
    three = [LAPTOP.behind(BEIJING), desk("second").behind(SHANGHAI), desk("third").behind(GUANGZHOU)]
    assert 3 == told(three, 30)[0]


def test_whoever_comes_an_hour_later_is_nobody_else() -> None:
    later = [desk("other").behind(SHANGHAI).login(NOON_MS + hours * HOUR_MS) for hours in (1, 3)]
    here = [LAPTOP.login(NOON_MS + hours * HOUR_MS) for hours in (0, 2, 4)]
    found = [alert for alert in alerts(here + later) if alert.category == "account_sharing"]
    assert [] == [alert.action for alert in found if alert.action != "observe"]
