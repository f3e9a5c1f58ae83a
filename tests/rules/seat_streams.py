"""Seats in one office: who shares one, and whoever has several computers there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from detector.rules.seat_at_once import SeatAtOnce
from tests.rules.events import EDGE, HOUR_MS, LAPTOP, MINUTE_MS, NOON_MS, PHONE, Event, Hand, every

DAY_MS = 24 * HOUR_MS
SEAT = replace(LAPTOP, org="firm", role="seat")
ADMIN = replace(SEAT, role="admin")


def on(hand: Hand, number: int) -> Hand:
    """The same account on another computer, every other one with another browser."""
    return replace(hand, device=f"pc-{number}", agent=hand.agent if number % 2 else EDGE)


def side_by_side(hands: Sequence[Hand], meetings: int, day: int = 0) -> Iterator[Event]:
    """Log in by turns, in rounds of six minutes: each after the first has a meeting of every two."""
    for number, time_ms in enumerate(every(6 * MINUTE_MS, meetings + 1, NOON_MS + day * DAY_MS)):
        yield hands[0].login(time_ms)
        if number < meetings:
            yield from (hand.login(time_ms + 2 * MINUTE_MS) for hand in hands[1:])


def two_on_one_seat(step: int) -> Iterator[Event]:
    rule = SeatAtOnce()
    hands = (SEAT, on(SEAT, 2))
    days = rule.days + 1
    for day in range(days):
        count = rule.pair - (days - 1) * (rule.pair // days) if day == days - 1 else rule.pair // days
        yield from side_by_side(hands, count + (step if day == days - 1 else 0), day)


def two_on_one_seat_for_days(step: int) -> Iterator[Event]:
    """As often as it takes, in as many days as it takes."""
    for day in range(SeatAtOnce().days + 1 + step):
        yield from side_by_side((SEAT, on(SEAT, 2)), SeatAtOnce().pair, day)


def two_computers_on_a_desk() -> Iterator[Event]:
    """Some minutes of both, every day."""
    for day in range(12):
        yield from side_by_side((SEAT, on(SEAT, 2)), 2, day)


def one_desk_after_another() -> Iterator[Event]:
    """Another one of eight every day, and after lunch."""
    for day in range(12):
        for half in range(2):
            hand = on(SEAT, (day + half) % 8)
            yield from map(hand.login, every(10 * MINUTE_MS, 12, NOON_MS + day * DAY_MS + half * 3 * HOUR_MS))


def a_phone_beside_the_computer() -> Iterator[Event]:
    for day in range(6):
        yield from side_by_side((SEAT, replace(PHONE, org="firm", role="seat")), 20, day)


def an_administrator_on_many_machines() -> Iterator[Event]:
    for day in range(6):
        yield from side_by_side([on(ADMIN, number) for number in range(4)], 20, day)


def handed_to_a_new_employee() -> Iterator[Event]:
    for day in range(12):
        hand = on(SEAT, 1 if day < 6 else 2)
        yield from map(hand.login, every(10 * MINUTE_MS, 20, NOON_MS + day * DAY_MS))


CROSSINGS = (two_on_one_seat, two_on_one_seat_for_days)
INNOCENT = (
    two_computers_on_a_desk,
    one_desk_after_another,
    a_phone_beside_the_computer,
    an_administrator_on_many_machines,
    handed_to_a_new_employee,
)
