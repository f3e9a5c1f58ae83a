"""Rules that judge a crowd by its own past: what is usual at its hour is innocent, what is not is found."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from detector.findings import Finding
from detector.rules.crowds.usual import BUSIEST, shown, well_above
from tests.rules.crowds.logins import SCRIPT, address, guesser
from tests.rules.crowds.signups import drawn, newcomer, people, person
from tests.rules.events import CHROME, HOUR_MS, MINUTE_MS, NOON_MS, PHONE_APP, SECOND_MS, Event, Hand, every
from tests.rules.judging import crowd_findings
from tests.rules.networks import BEIJING

DAY_MS = 24 * HOUR_MS
MIDNIGHT_MS = NOON_MS - 12 * HOUR_MS
"""Of a Monday in China."""
WEEKS = 4
MONDAY, FRIDAY = 0, 4


def at(day: int, hour: float) -> int:
    """Return a moment, days counted from the first Monday."""
    return MIDNIGHT_MS + day * DAY_MS + round(hour * HOUR_MS)


def said_from(rule: str, since_ms: int, *streams: Iterable[Event]) -> list[Finding]:
    events = [event for stream in streams for event in stream]
    found = [finding for finding in crowd_findings(events) if finding.rule == rule]
    return [finding for finding in found if finding.time >= since_ms]


def failures(number: int, begin_ms: int, name: str, gap_ms: int = MINUTE_MS) -> Iterator[Event]:
    """Strangers to accounts of their own fail at one address, and leave it at that."""
    for one, time_ms in enumerate(every(gap_ms, number, begin_ms)):
        yield Hand(BEIJING, None, CHROME, f"{name}-{one}").failure(time_ms)


def logins(number: int, begin_ms: int, gap_ms: int = MINUTE_MS) -> Iterator[Event]:
    """Those who belong there log in, on devices of their own."""
    for one, time_ms in enumerate(every(gap_ms, number, begin_ms)):
        yield Hand(BEIJING, f"own-{one}", PHONE_APP, f"own-{one}").login(time_ms)


# --- accounts tried ----------------------------------------------------------------------------------------


def campus(weeks: int) -> Iterator[Event]:
    """Every Monday at nine a new course comes, of which twelve know no password; 25 log in on all days."""
    for day in range(7 * weeks):
        yield from logins(10, at(day, 13.0), 10 * MINUTE_MS)
        if day % 7 == MONDAY:
            yield from failures(12, at(day, 9.0), f"course-{day}")
            yield from logins(8, at(day, 8.5))


def a_night_at_the_campus(day: int) -> Iterator[Event]:
    """Three hundred logged in by day, and thirteen do now."""
    yield from logins(300, at(day - 1, 8.0), 2 * MINUTE_MS)
    yield from logins(13, at(day, 3.0))


def test_the_hour_in_which_a_new_course_always_comes_is_no_attack() -> None:
    assert [] == said_from("accounts_tried", at(7 * WEEKS, 0.0), campus(WEEKS + 1))


def test_the_same_number_at_three_at_night_is_one() -> None:
    day = 7 * (WEEKS - 1) + MONDAY
    quiet = [*campus(WEEKS - 1), *a_night_at_the_campus(day)]
    night = failures(12, at(day, 3.1), "guessed")
    found = said_from("accounts_tried", at(day, 0.0), quiet, night)
    assert {"accounts_tried_30m"} == {finding.signal for finding in found}
    assert [] == said_from("accounts_tried", at(day, 0.0), quiet)


def test_the_same_number_among_many_by_day_is_none() -> None:
    day = 7 * (WEEKS - 1) + MONDAY + 1
    noon = [*logins(13, at(day, 12.0)), *failures(12, at(day, 12.1), "lost")]
    quiet = [*campus(WEEKS - 1), *logins(40, at(day - 1, 14.0))]
    assert [] == said_from("accounts_tried", at(day, 0.0), quiet, noon)


def test_who_tries_every_day_for_weeks_does_not_become_usual() -> None:
    days = range(14)
    tried = [event for day in days for event in failures(12, at(day, 3.0), f"list-{day}", SECOND_MS)]
    assert said_from("accounts_tried", at(days[-1], 0.0), tried)


# --- tried by one client, and from everywhere --------------------------------------------------------------


def newcomers(day: int, hour: float, failed: int, fine: int, gap_ms: int = 20 * SECOND_MS) -> Iterator[Event]:
    """People on new phones, each at home, of whom some never get in."""
    for one, time_ms in enumerate(every(gap_ms, failed + fine, at(day, hour))):
        hand = Hand(address(one), None, CHROME, f"new-{day}-{one}")
        yield hand.failure(time_ms) if one < failed else hand.login(time_ms)


def campaign(weeks: int) -> Iterator[Event]:
    """Every Friday evening thirty come whom the hall's network keeps out, and a dozen who get in."""
    for day in range(7 * weeks):
        yield from newcomers(day, 12.0, failed=1, fine=8, gap_ms=10 * MINUTE_MS)
        if day % 7 == FRIDAY:
            yield from newcomers(day, 20.0, failed=30, fine=12)


def spread_guesses(number: int, begin_ms: int, addresses: int, agent: str = CHROME) -> Iterator[Event]:
    for one, time_ms in enumerate(every(20 * SECOND_MS, number, begin_ms)):
        place = one % addresses
        named = agent if agent == CHROME else f"{agent} {place}"
        yield guesser(one, address(100 + place), named).failure(time_ms)


def two_of_each(events: Iterable[Event]) -> Iterator[Event]:
    """Have two people share each address, as at a hall's gates: who fails alone is never accused."""
    for number, event in enumerate(events):
        yield event | {"ip": address(number // 2 % 40).ip}


def test_a_campaign_of_every_friday_evening_is_no_attack_by_one_client() -> None:
    last_ms = at(7 * (WEEKS - 1), 0.0)
    assert [] == said_from("tried_by_one_client", last_ms, two_of_each(campaign(WEEKS)))


def test_few_tries_at_three_at_night_are_one_where_ten_a_day_fail_by_day() -> None:
    by_day = [event for day in range(6) for event in newcomers(day, 12.0, 10, 20, 10 * MINUTE_MS)]
    night = list(spread_guesses(16, at(6, 3.0), addresses=4))
    assert said_from("tried_by_one_client", at(6, 0.0), by_day, night)
    assert [] == said_from("tried_by_one_client", at(6, 0.0), by_day)


def mornings(days: int) -> Iterator[Event]:
    """On every day at nine fifty fail all over the platform, with any client, and twelve get in."""
    for day in range(days):
        for one, time_ms in enumerate(every(30 * SECOND_MS, 62, at(day, 9.0))):
            hand = Hand(address(one // 2), None, f"{CHROME} {one}", f"new-{day}-{one}")
            yield hand.failure(time_ms) if one < 50 else hand.login(time_ms - 30 * MINUTE_MS)


def test_a_platforms_usual_morning_is_no_attack_from_everywhere() -> None:
    assert [] == said_from("tried_from_everywhere", at(5, 0.0), mornings(6))


def test_a_mornings_number_at_night_is_one_where_the_day_is_full_of_failures() -> None:
    all_day = [
        event
        for day in range(4)
        for hour in range(8, 21)
        for event in failures_everywhere(10, at(day, hour), f"lost-{day}-{hour}")
    ]
    night = spread_guesses(50, at(4, 3.0), addresses=20, agent=SCRIPT)
    found = said_from("tried_from_everywhere", 0, all_day, night)
    assert found
    assert all(finding.time >= at(4, 3.0) for finding in found)


def failures_everywhere(number: int, begin_ms: int, name: str) -> Iterator[Event]:
    for one, time_ms in enumerate(every(5 * MINUTE_MS, number, begin_ms)):
        yield Hand(address(one), None, f"{CHROME} {one}", f"{name}-{one}").failure(time_ms)


# --- sign-ups alike ----------------------------------------------------------------------------------------


def signups(number: int, begin_ms: int, gap_ms: int, name: str) -> Iterator[Event]:
    """People sign up at one address, with a device each; six of forty have a name of one word by chance."""
    for one, time_ms in enumerate(every(gap_ms, number, begin_ms)):
        told = person(one) | ({"username": f"rose{drawn(one, range(1950, 2010))}"} if one % 7 == 0 else {})
        hand = Hand(BEIJING, f"{name}-{one}", CHROME if one % 7 == 0 else f"{CHROME} {one}", f"{name}-{one}")
        yield hand.registration(time_ms, **told)


def evenings(weeks: int) -> Iterator[Event]:
    """Two sign-ups on every day, and forty on every Friday evening."""
    for day in range(7 * weeks):
        yield from people_of_a_day(day)
        if day % 7 == FRIDAY:
            yield from signups(40, at(day, 20.0), MINUTE_MS, f"friday-{day}")


def people_of_a_day(day: int) -> Iterator[Event]:
    for one in range(2):
        hand = newcomer(1000 + 10 * day + one, f"day-{day}-{one}", BEIJING, f"{CHROME} {day}")
        yield hand.registration(at(day, 11.0 + 4 * one), **person(1000 + 10 * day + one))


def dormitory(days: int) -> Iterator[Event]:
    """Forty sign-ups a day, from nine to eleven at night."""
    for day in range(days):
        for number, event in enumerate(people(40, 20 * MINUTE_MS)):
            name = f"room-{day}-{number}"
            moved = {"time": at(day, 9.0) + event["time"] - NOON_MS, "account_id": name, "device_id": name}
            yield event | moved | {"event_id": f"{event['event_id']}-{day}"}


def farm(number: int, begin_ms: int) -> Iterator[Event]:
    for one, time_ms in enumerate(every(5 * MINUTE_MS, number, begin_ms)):
        hand = Hand(BEIJING, f"farm-{one}", CHROME, f"farm-{one}")
        yield hand.registration(time_ms, username=f"lucky{one}", phone_prefix="167")


def test_an_evening_on_which_many_always_sign_up_is_no_farm() -> None:
    assert [] == said_from("signups_alike", at(7 * (WEEKS - 1), 0.0), evenings(WEEKS))


def test_few_alike_at_three_at_night_are_a_farm_where_forty_sign_up_by_day() -> None:
    farmed = said_from("signups_alike", at(6, 0.0), dormitory(6), farm(8, at(6, 3.0)))
    assert {f"farm-{one}" for one in range(8)} == {finding.subject.id for finding in farmed}
    assert [] == said_from("signups_alike", at(6, 0.0), dormitory(6))


def test_as_few_alike_among_the_days_sign_ups_are_none() -> None:
    assert [] == said_from("signups_alike", at(6, 0.0), dormitory(7), farm(8, at(6, 14.0)))


def test_half_of_a_days_sign_ups_alike_are_a_farm_at_any_hour() -> None:
    farmed = said_from("signups_alike", at(6, 0.0), dormitory(6), farm(24, at(6, 14.0)))
    assert {"farm-23"} <= {finding.subject.id for finding in farmed}


def test_few_alike_among_many_of_one_night_are_none() -> None:
    move_in = signups(40, at(6, 3.0), MINUTE_MS, "moved-in")
    assert [] == said_from("signups_alike", at(6, 0.0), dormitory(6), move_in)


# --- limits ------------------------------------------------------------------------------------------------


def limits(usual: float, spread: float, like_days: int) -> list[float]:
    seen = SimpleNamespace(usual=[usual] * 2, spread=[spread] * 2, like_days=[like_days] * 2)
    return list(well_above(seen, times=5, spreads=3.5))


def test_a_limit_is_so_many_medians_and_so_many_spreads_above_one() -> None:
    assert [100.0] * 2 == limits(usual=20.0, spread=2.0, like_days=3)
    assert [195.0] * 2 == limits(usual=20.0, spread=50.0, like_days=3)
    assert [5.0] * 2 == limits(usual=0.0, spread=1.0, like_days=3)


def test_a_short_past_gives_part_of_a_day_to_less_than_a_day() -> None:
    assert [BUSIEST * 20.0, 100.0] == limits(usual=20.0, spread=0.0, like_days=0)
    assert [0.0, 0.0] == limits(usual=0.0, spread=0.0, like_days=0)


def test_a_threshold_is_shown_to_a_tenth_and_never_above_what_crossed_it() -> None:
    assert (12.3, 15.0) == (shown(10, np.float64(12.37)), shown(15, 12.37))


# --- laws --------------------------------------------------------------------------------------------------

STORIES = {
    "farm": lambda: [*dormitory(6), *farm(8, at(6, 3.0))],
    "campus": lambda: [*campus(WEEKS), *a_night_at_the_campus(7 * WEEKS), *guessed(7 * WEEKS)],
}
each_story = pytest.mark.parametrize("story", STORIES)


def guessed(day: int) -> Iterator[Event]:
    return failures(12, at(day, 3.1), "guessed")


def told(events: Iterable[Event]) -> list[tuple[int, str, str, float, float, float]]:
    """Return what is said but for names."""
    return [
        (found.time, found.rule, found.signal, found.value, found.threshold, found.strength)
        for found in crowd_findings(events)
    ]


@each_story
def test_a_past_cut_short_says_the_first_part(story: str) -> None:
    events = STORIES[story]()
    moments = sorted(event["time"] for event in events)
    cut_ms = moments[-2]
    whole = [one for one in told(events) if one[0] < cut_ms]
    assert whole
    assert whole == told(event for event in events if event["time"] < cut_ms)


@each_story
def test_names_change_nothing_of_what_is_usual(story: str) -> None:
    renamed = [
        event
        | {
            name: f"other-{event[name]}"
            for name in ("account_id", "device_id", "session_id")
            if event.get(name) is not None
        }
        for event in STORIES[story]()
    ]
    assert told(STORIES[story]()) == told(renamed)


@each_story
def test_innocents_elsewhere_change_nothing_of_what_is_usual_here(story: str) -> None:
    elsewhere = [
        Hand(address(7), f"far-{day}-{one}", PHONE_APP, f"far-{day}-{one}").registration(
            at(day, 9.0 + one / 60), **person(100 * day + one)
        )
        for day in range(6)
        for one in range(3)
    ]
    events = STORIES[story]()
    assert told(events) == told([*events, *elsewhere])
