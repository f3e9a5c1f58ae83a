"""Organisations: seats that go round, more people than seats, and firms that only look like that."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from detector.rules.crowds.over_seats import OverSeats
from detector.rules.crowds.seat_on_many_computers import SeatOnManyComputers
from detector.rules.crowds.seats_by_turns import SeatsByTurns
from detector.rules.crowds.seats_passed_around import SeatsPassedAround
from tests.rules.events import HOUR_MS, MINUTE_MS, NOON_MS, Event, Hand, every
from tests.rules.judging import SEATS
from tests.rules.networks import BEIJING, SHANGHAI

DAY_MS = 24 * HOUR_MS


def seat(number: int, device: str, role: str = "seat", org: str = "firm") -> Hand:
    """Who works on a seat of `firm`, which has bought SEATS, or of a firm that nothing is known of."""
    return Hand(BEIJING, device, account=f"seat-{number}", org=org, role=role)


def own(number: int) -> Hand:
    """Who works on a seat with a computer of his own."""
    return seat(number, f"pc-{number}")


def days(count: int) -> list[int]:
    """Noon of working days, one after the other."""
    return every(DAY_MS, count)


# --- over seats --------------------------------------------------------------------------------------------


def one_more_than_seats(step: int) -> Iterator[Event]:
    for noon_ms in days(OverSeats().days + step):
        yield from (own(number).login(noon_ms + number * MINUTE_MS) for number in range(SEATS + 1))


def far_more_than_seats(step: int) -> Iterator[Event]:
    people = round(OverSeats().far * SEATS)
    yield from (own(number).login(NOON_MS + number * MINUTE_MS) for number in range(people + step))


def a_firm_with_administrators() -> Iterator[Event]:
    """Every seat is at work, and three administrators beside them, one of them on a colleague's computer."""
    for noon_ms in days(5):
        yield from (own(number).login(noon_ms + number * MINUTE_MS) for number in range(SEATS))
        for number, device in enumerate(("root-1", "root-2", "pc-1")):
            yield seat(100 + number, device, "admin").login(noon_ms + HOUR_MS)


def one_leaves_and_another_comes() -> Iterator[Event]:
    """On one day both accounts are used."""
    for day, noon_ms in enumerate(days(10)):
        there = range(SEATS) if day < 4 else range(1, SEATS + 1)
        yield from (own(number).login(noon_ms + number * MINUTE_MS) for number in there)
        if day == 4:
            yield own(0).login(noon_ms)


def a_firm_whose_seats_nobody_told() -> Iterator[Event]:
    for noon_ms in days(5):
        for number in range(3 * SEATS):
            yield seat(number, f"pc-{number}", org="other").login(noon_ms + number * MINUTE_MS)


def two_shifts() -> Iterator[Event]:
    """As many people as seats in the morning, and others in the afternoon."""
    for noon_ms in days(8):
        for number in range(2 * SEATS):
            begin_ms = noon_ms + (HOUR_MS if number >= SEATS else -4 * HOUR_MS)
            yield from map(own(number).login, every(HOUR_MS, 4, begin_ms + number * MINUTE_MS))


# --- seats passed around -----------------------------------------------------------------------------------


def rounds(computers: int, seats: int, count: int) -> Iterator[Event]:
    """Every two hours from nine on, five times a day, each seat is at the next one of the computers."""
    for number in range(count):
        time_ms = NOON_MS - 3 * HOUR_MS + number // 5 * DAY_MS + number % 5 * 2 * HOUR_MS
        for place in range(seats):
            device = f"pc-{(number + place) % computers}"
            yield seat(place, device).login(time_ms + place * MINUTE_MS)


def two_seats_for_four(step: int) -> Iterator[Event]:
    yield from rounds(2 + SeatsPassedAround().more + step, 2, 15)


def more_seats_for_half_as_many_again(step: int) -> Iterator[Event]:
    seats = 6
    yield from rounds(round(SeatsPassedAround().times * seats) + step, seats, 25)


def shared_desks(moves: Sequence[int] = (0,)) -> Iterator[Event]:
    """Six people sit at another one of ten desks every day."""
    for day, noon_ms in enumerate(days(12)):
        for move in moves:
            for number in range(6):
                device = f"desk-{(number + 3 * day + move) % 10}"
                yield seat(number, device).login(noon_ms + move * HOUR_MS + number * MINUTE_MS)


def desks_that_are_changed_at_noon() -> Iterator[Event]:
    """Six people at five desks, who move after lunch."""
    for day, noon_ms in enumerate(days(12)):
        for move in range(2):
            for number in range(5):
                device = f"desk-{(number + day + move) % 5}"
                yield seat(number + move * (day % 2), device).login(noon_ms + move * HOUR_MS)


def a_trainer_shows_it_on_everybodys_computer() -> Iterator[Event]:
    for noon_ms in days(5):
        yield from (own(number).login(noon_ms + number * MINUTE_MS) for number in range(1, 6))
    for number, time_ms in enumerate(every(20 * MINUTE_MS, 5, NOON_MS + HOUR_MS)):
        yield seat(0, f"pc-{number + 1}").login(time_ms)


def an_administrator_helps_on_every_seat() -> Iterator[Event]:
    """On the own computer, and as an administrator on theirs."""
    yield seat(99, "root", "admin").login(NOON_MS - HOUR_MS)
    for noon_ms in days(4):
        for number in range(4):
            yield own(number).login(noon_ms)
            yield seat(number, "root").login(noon_ms + (number + 1) * 10 * MINUTE_MS)
            yield seat(number, "root").login(noon_ms + (number + 8) * 10 * MINUTE_MS)


def two_colleagues_swap_computers() -> Iterator[Event]:
    for day, noon_ms in enumerate(days(10)):
        for number in range(2):
            yield seat(number, f"pc-{(number + day // 5) % 2}").login(noon_ms)


# --- seats by turns ----------------------------------------------------------------------------------------


def turns_on_one_computer(step: int) -> Iterator[Event]:
    """Seat after seat every quarter of an hour: after the first round each comes back."""
    seats = SeatsByTurns().seats
    for number, time_ms in enumerate(every(15 * MINUTE_MS, seats + SeatsByTurns().turns + step)):
        yield seat(number % seats, "pc-0").login(time_ms)


def one_computer_for_two() -> Iterator[Event]:
    for number, time_ms in enumerate(every(15 * MINUTE_MS, 30)):
        yield seat(number % 2, "pc-0").login(time_ms)


def a_computer_in_the_meeting_room() -> Iterator[Event]:
    """Six who have their own use it again and again."""
    for number in range(6):
        yield own(number).login(NOON_MS - HOUR_MS)
    for number, time_ms in enumerate(every(15 * MINUTE_MS, 24)):
        yield seat(number % 3, "meeting-room").login(time_ms)


def shifts_at_one_desk() -> Iterator[Event]:
    for noon_ms in days(5):
        for number in range(3):
            yield from map(seat(number, "desk").login, every(HOUR_MS, 8, noon_ms + number * 8 * HOUR_MS))


# --- a seat on many computers ------------------------------------------------------------------------------


def three_who_take_turns_on_one_seat(step: int) -> Iterator[Event]:
    """Each on a computer of his own; what is more than two computers counts from their second day on."""
    for noon_ms in days(SeatOnManyComputers().beyond + step):
        for number in range(3):
            yield seat(0, f"pc-{number}").login(noon_ms + number * HOUR_MS)


def computers_at_work_and_at_home() -> Iterator[Event]:
    """A desktop and a laptop in the office, another computer at home."""
    for noon_ms in days(12):
        for number in range(2):
            yield seat(0, f"pc-{number}").login(noon_ms + number * HOUR_MS)
        yield replace(seat(0, "at-home"), network=SHANGHAI).login(noon_ms + 9 * HOUR_MS)


def cookies_are_cleared_all_day() -> Iterator[Event]:
    for day, noon_ms in enumerate(days(12)):
        for number in range(5):
            yield seat(0, f"pc-{day}-{number}").login(noon_ms + number * HOUR_MS)


CROSSINGS: Final = {
    "seat_on_many_computers": (three_who_take_turns_on_one_seat,),
    "over_seats": (one_more_than_seats, far_more_than_seats),
    "seats_passed_around": (two_seats_for_four, more_seats_for_half_as_many_again),
    "seats_by_turns": (turns_on_one_computer,),
}
INNOCENT: Final[dict[str, tuple[Callable[[], Iterator[Event]], ...]]] = {
    "seat_on_many_computers": (
        computers_at_work_and_at_home,
        cookies_are_cleared_all_day,
        shared_desks,
        a_trainer_shows_it_on_everybodys_computer,
    ),
    "over_seats": (
        a_firm_with_administrators,
        one_leaves_and_another_comes,
        two_shifts,
        a_firm_whose_seats_nobody_told,
    ),
    "seats_passed_around": (
        shared_desks,
        desks_that_are_changed_at_noon,
        a_trainer_shows_it_on_everybodys_computer,
        two_colleagues_swap_computers,
    ),
    "seats_by_turns": (
        one_computer_for_two,
        a_computer_in_the_meeting_room,
        shifts_at_one_desk,
        an_administrator_helps_on_every_seat,
    ),
}
