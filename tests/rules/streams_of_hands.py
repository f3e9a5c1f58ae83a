"""Streams of accounts over days: who shares, rents or sells, and who only looks like it."""

from collections.abc import Iterator, Sequence
from itertools import islice

from detector.rules.handed_over import HandedOver
from detector.rules.many_hands import ManyHands
from detector.rules.overlapping_lines import OverlappingLines
from detector.rules.passed_on import PassedOn
from detector.rules.rented_by_shifts import RentedByShifts
from detector.rules.several_people import SeveralPeople
from detector.rules.taking_turns import TakingTurns
from detector.windows.habits.lines import FAR, NEAR
from detector.windows.habits.stints import WEIGHTS
from tests.rules.events import HOUR_MS, LAPTOP, MINUTE_MS, NOON_MS, PHONE, Event, Hand, every
from tests.rules.networks import (
    BEIJING,
    BEIJING_UNICOM,
    CHENGDU,
    GUANGZHOU,
    LANGFANG,
    PHONE_QINGDAO,
    SHANGHAI,
    SUZHOU,
    WUHAN,
)

DESKTOP = Hand(device="desktop")
HOMES = (BEIJING, SHANGHAI, GUANGZHOU, CHENGDU, WUHAN, BEIJING_UNICOM, SUZHOU, LANGFANG)
DAY_MS = 24 * HOUR_MS
WEEK_DAYS, WORKING_DAYS = 7, 5


def at(day: int, hour: float) -> int:
    """A moment of China's, days after a Monday."""
    return NOON_MS + day * DAY_MS + round((hour - 12) * HOUR_MS)


def working_days() -> Iterator[int]:
    """Mondays to Fridays, without an end."""
    day = 0
    while True:
        if day % WEEK_DAYS < WORKING_DAYS:
            yield day
        day += 1


def by_turns(hands: Sequence[Hand], hours: Sequence[float], count: int) -> Iterator[Event]:
    """Log in at these hours of working days, each time the next one of the hands."""
    moments = (at(day, hour) for day in working_days() for hour in hours)
    for number, time_ms in enumerate(islice(moments, count)):
        yield hands[number % len(hands)].login(time_ms)


def minutes_apart(second: Hand, count: int) -> Iterator[Event]:
    """Two computers log in by turns, every 6 minutes: from the third on, each login interleaves."""
    for number, time_ms in enumerate(every(6 * MINUTE_MS, count + 2)):
        yield (LAPTOP, second)[number % 2].login(time_ms)


# --- sharing -----------------------------------------------------------------------------------------------


def two_people_in_two_cities(step: int) -> Iterator[Event]:
    return minutes_apart(DESKTOP.behind(SHANGHAI), SeveralPeople().at_once // WEIGHTS[FAR] + step)


def two_people_in_one_city(step: int) -> Iterator[Event]:
    return minutes_apart(DESKTOP.behind(BEIJING_UNICOM), SeveralPeople().at_once // WEIGHTS[NEAR] + step)


def two_homes_of_one_provider(step: int) -> Iterator[Event]:
    """Two computers of one city that are never in one network: the first two days show it."""
    mine, neighbour = LAPTOP.behind(SHANGHAI), DESKTOP.behind(SHANGHAI._replace(ip="45.115.145.7"))
    for day in range(2):
        yield mine.login(at(day, 9))
        yield neighbour.login(at(day, 19))
    for number, time_ms in enumerate(every(6 * MINUTE_MS, OverlappingLines().strange + 2 + step, at(2, 12))):
        yield (mine, neighbour)[number % 2].login(time_ms)


def turns_of_two_cities(step: int) -> Iterator[Event]:
    return by_turns((LAPTOP, DESKTOP.behind(SHANGHAI)), (12.5, 15.5), TakingTurns().far + 2 + step)


def evenings_of_two_cities(step: int) -> Iterator[Event]:
    """Friends who only log in, and never at the same time: on an evening one of them does twice."""
    for evening in range(TakingTurns().far // 2 + step):
        for hour, hand in ((19, LAPTOP), (20.5, DESKTOP.behind(SHANGHAI)), (22, LAPTOP)):
            yield hand.login(at(evening, hour))


def turns_within_a_day(step: int) -> Iterator[Event]:
    """Four logins a working day: two of them come back."""
    returns = TakingTurns().near + step
    count = 4 * (returns // 2) + 3 * (returns % 2)
    return by_turns((LAPTOP, DESKTOP.behind(BEIJING_UNICOM)), (10.1, 12, 14, 16), count)


def hands_in_many_places(step: int) -> Iterator[Event]:
    for number, home in enumerate(HOMES[: ManyHands().hands + step]):
        for day in range(2):
            yield Hand(device=f"device-{number}").behind(home).login(at(day, 8 + 1.5 * number))


# --- transfer ----------------------------------------------------------------------------------------------


def shifts_of_two_cities(step: int) -> Iterator[Event]:
    return by_turns((LAPTOP, DESKTOP.behind(SHANGHAI)), (10.5, 15.5), RentedByShifts().far + 2 + step)


def sold(to: Hand, hour: float, new_days: int, quiet: int = -1) -> Iterator[Event]:
    """A week of working days by one, but for a quiet one, then so many by another one."""
    for day in islice(working_days(), WORKING_DAYS + new_days):
        if day != quiet:
            yield LAPTOP.login(at(day, 12)) if day < WORKING_DAYS else to.login(at(day, hour))


def sold_to_another_city(step: int) -> Iterator[Event]:
    return sold(DESKTOP.behind(SHANGHAI), 12, HandedOver().new + step)


def sold_within_the_city(step: int) -> Iterator[Event]:
    """To somebody with a tablet and free evenings."""
    rule = HandedOver()
    return sold(PHONE.behind(BEIJING_UNICOM), 21, rule.slower * rule.new + step)


def sold_to_a_home_and_an_office(step: int) -> Iterator[Event]:
    """To somebody with a computer in each, and a phone that only the carrier sees."""
    yield from sold(DESKTOP.behind(SHANGHAI), 12, HandedOver().new + step)
    buyer = (PHONE.behind(PHONE_QINGDAO), Hand(device="home").behind(SUZHOU))
    for day in islice(working_days(), WORKING_DAYS, WORKING_DAYS + HandedOver().new + step):
        yield buyer[0].login(at(day, 8))
        yield buyer[1].login(at(day, 21))


def from_hand_to_hand(step: int) -> Iterator[Event]:
    for number, home in enumerate(HOMES[: PassedOn().successions // 2 + 1 + step]):
        for day in range(2):
            yield Hand(device=f"device-{number}").behind(home).login(at(2 * number + day, 12))


def a_day_each(step: int) -> Iterator[Event]:
    """Rented by the day: nobody comes back."""
    for number, home in enumerate(HOMES[: PassedOn().successions + 1 + step]):
        for hour in (9, 20):
            yield Hand(device=f"device-{number}").behind(home).login(at(number, hour))


def places_of_a_day(step: int) -> Iterator[Event]:
    """The first one comes every day, and each of the others once."""
    for number, home in enumerate(HOMES[: ManyHands().once + step]):
        yield LAPTOP.login(at(number, 12))
        yield Hand(device=f"device-{number}" if number else "laptop").behind(home).login(at(number, 20))


def sold_with_a_new_password(step: int) -> Iterator[Event]:
    """By somebody who is not there every day: the new password saves one."""
    buyer, rule = DESKTOP.behind(SHANGHAI), HandedOver()
    yield from sold(buyer, 12, rule.new + step, quiet=2)
    yield buyer.new_password(at(7, 12.5))


# --- innocents ---------------------------------------------------------------------------------------------


def home_and_office() -> Iterator[Event]:
    """A computer in each, and a phone that nobody ever saw but on the carrier's network."""
    for day in range(14):
        if day % WEEK_DAYS < WORKING_DAYS:
            yield from (LAPTOP.login(at(day, hour)) for hour in (9.5, 11, 14, 17))
        yield PHONE.behind(PHONE_QINGDAO).login(at(day, 18.5))
        yield from (DESKTOP.behind(BEIJING_UNICOM).login(at(day, hour)) for hour in (7.5, 20, 22))


def home_in_another_province_by_mistake() -> Iterator[Event]:
    """The same, where the database puts the home's addresses elsewhere."""
    for event in home_and_office():
        yield {**event, "ip": SHANGHAI.ip} if event["device_id"] == "desktop" else event


def home_office_by_turns() -> Iterator[Event]:
    """Tuesdays and Thursdays at home, on a computer that stays there."""
    for day in working_days():
        if day >= 2 * WEEK_DAYS:
            return
        hand = DESKTOP.behind(BEIJING_UNICOM) if day % WEEK_DAYS in {1, 3} else LAPTOP
        yield from (hand.login(at(day, hour)) for hour in (10, 13, 16))


def weekends_elsewhere() -> Iterator[Event]:
    """From Friday to Sunday in another city, with a computer there."""
    for day in range(4 * WEEK_DAYS):
        hand = LAPTOP if day % WEEK_DAYS < WORKING_DAYS - 1 else DESKTOP.behind(SHANGHAI)
        yield from (hand.login(at(day, hour)) for hour in (10, 13, 20))


def cookies_cleared_every_day() -> Iterator[Event]:
    """A new id for every day, at home and at work."""
    for day in range(14):
        for hour, network in ((11, BEIJING), (20, BEIJING_UNICOM)):
            yield Hand(device=f"id-{day}-{hour}").behind(network).login(at(day, hour))


def house_move() -> Iterator[Event]:
    """With computer and phone to another city and provider, for good."""
    for day in range(20):
        home = BEIJING if day < 10 else SHANGHAI
        yield LAPTOP.behind(home).login(at(day, 11))
        yield PHONE.behind(home).login(at(day, 21))


def new_phone_and_computer() -> Iterator[Event]:
    """At the same home."""
    for day in range(20):
        yield Hand(device="old" if day < 10 else "new").login(at(day, 11))
        yield Hand(device="old phone" if day < 10 else "new phone", agent=PHONE.agent).login(at(day, 21))


def house_move_with_a_new_computer() -> Iterator[Event]:
    """To another city; the phone is the old one, and at home in the new home's network only."""
    for day in range(25):
        old = day < WEEK_DAYS
        yield (LAPTOP if old else DESKTOP.behind(SHANGHAI)).login(at(day, 11))
        yield PHONE.behind(PHONE_QINGDAO if old else SHANGHAI).login(at(day, 21))


def business_trip_with_everything_new() -> Iterator[Event]:
    """On a new phone, with a new password, and a laptop never used before; then to the office again."""
    phone, carried = PHONE.behind(SUZHOU), DESKTOP.behind(SHANGHAI)
    back = WEEK_DAYS + 2
    for day in islice(working_days(), 3 * WORKING_DAYS):
        if WEEK_DAYS <= day < back:
            yield from (phone.login(at(day, 13)), carried.login(at(day, 20)))
        else:
            yield LAPTOP.login(at(day, 14))
    yield phone.new_password(at(WEEK_DAYS, 13.1))
    yield phone.login(at(back, 9))


def two_weeks_on_other_computers() -> Iterator[Event]:
    """In another city, on the hotel's and the customer's, with the phone; the laptop stays at home."""
    for day in range(26):
        if 5 <= day < 17:
            yield DESKTOP.behind(SHANGHAI).login(at(day, 8))
            yield Hand(device="customer").behind(SUZHOU).login(at(day, 11))
        else:
            yield LAPTOP.login(at(day, 11))
        yield PHONE.behind(PHONE_QINGDAO).login(at(day, 20))


def weekend_on_a_friends_computer() -> Iterator[Event]:
    for day in range(21):
        away = day in {12, 13}
        yield (DESKTOP.behind(SHANGHAI) if away else LAPTOP).login(at(day, 11))


def two_weeks_at_the_parents() -> Iterator[Event]:
    """On their computer, with a new password; the laptop at home, and the phone where it always was."""
    for day in range(26):
        away = 5 <= day < 17
        yield (DESKTOP.behind(SHANGHAI) if away else LAPTOP).login(at(day, 11))
        yield PHONE.behind(PHONE_QINGDAO).login(at(day, 20))
    yield DESKTOP.behind(SHANGHAI).new_password(at(5, 11.2))


def office_desktop_from_home() -> Iterator[Event]:
    """By remote desktop in the evening: now and then something is looked up on both."""
    office, home = LAPTOP, DESKTOP.behind(BEIJING_UNICOM)
    for day in range(10):
        yield from (office.login(at(day, hour)) for hour in (10, 14, 17))
        yield from office.pages(every(4 * MINUTE_MS, 8, at(day, 20)))
        yield home.login(at(day, 20.7))
        if day % 5 == 0:
            yield office.login(at(day, 20.8))


def tour_with_a_laptop() -> Iterator[Event]:
    """Two days in each of several cities."""
    for number, city in enumerate((BEIJING, SHANGHAI, GUANGZHOU, CHENGDU, WUHAN, BEIJING)):
        for day in range(2):
            yield LAPTOP.behind(city).login(at(2 * number + day, 12))


def night_shift() -> Iterator[Event]:
    """A week of days, a week of nights, at home and in the plant."""
    for day in range(28):
        late = day // WEEK_DAYS % 2
        yield LAPTOP.login(at(day, 23 if late else 10))
        yield DESKTOP.behind(BEIJING_UNICOM).login(at(day, 14 if late else 20))


def ids_missing_at_times() -> Iterator[Event]:
    """Every other event comes without one, from home and from work."""
    for day in range(14):
        for hour, network in ((11, BEIJING), (15, BEIJING), (20, BEIJING_UNICOM)):
            yield Hand(device="laptop" if (day + hour) % 2 else None).behind(network).login(at(day, hour))
