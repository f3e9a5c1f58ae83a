from dataclasses import replace
from random import Random

from detector.simulate import Pools
from detector.simulate.world import households
from detector.simulate.world.people import Habits, Stay, visits
from detector.simulate.world.places import CITY, distance_km, journey_h
from detector.simulate.world.visits import DAY_MS, Account, Day

MONDAY = Day(index=0, start_ms=1_780_243_200_000)
ACCOUNT = Account(number=1, account_id="u")


def test_a_visit_ends_with_the_stay(pools: Pools) -> None:
    person = households.with_one_device(pools, CITY["Wuhan"], Random(1))
    stay = Stay(9.0, 9.5, person.work, person.at_work, 2.0, person.work.city)
    planned = [v for seed in range(50) for v in visits(ACCOUNT, [stay], MONDAY, Random(seed), Habits(120.0))]
    assert planned
    assert all(MONDAY.at_ms(9.0) <= visit.start_ms < visit.end_ms <= MONDAY.at_ms(9.5) for visit in planned)


def test_a_browser_logs_in_once_a_day_unless_it_logged_out(pools: Pools) -> None:
    person = households.with_one_device(pools, CITY["Wuhan"], Random(1))
    stay = Stay(9.0, 18.0, person.work, person.at_work, 9.0, person.work.city)
    planned = list(visits(ACCOUNT, [stay], MONDAY, Random(2), Habits()))
    kinds = [[event["type"] for _, _, event in sorted(visit.events())] for visit in planned]
    logins = [n for n, kind in enumerate(kinds) if "login_success" in kind]
    logouts = [n for n, kind in enumerate(kinds) if "logout" in kind and n + 1 < len(kinds)]
    assert logins == [0, *(n + 1 for n in logouts)]
    assert len(logins) == len({visit.session_id for visit in planned})


def test_an_app_keeps_its_session_over_days(pools: Pools) -> None:
    person = households.with_phone_only(pools, CITY["Wuhan"], Random(1))
    days = [replace(MONDAY, index=n, start_ms=MONDAY.start_ms + n * DAY_MS) for n in range(14)]
    planned = [
        v
        for d in days
        for v in visits(ACCOUNT, person.stays(d, Random(d.index)), d, Random(d.index), Habits())
    ]
    assert len({visit.session_id for visit in planned}) <= 2
    assert 1 >= sum(event["type"] == "login_success" for visit in planned for _, _, event in visit.events())


def test_a_new_app_logs_in_on_its_first_days(pools: Pools) -> None:
    person = households.with_phone_only(pools, CITY["Wuhan"], Random(1))
    phone = replace(person.phone or person.at_work, since_day=5)
    stay = Stay(9.0, 18.0, person.work, phone, 9.0, person.work.city)
    days = [replace(MONDAY, index=n, start_ms=MONDAY.start_ms + n * DAY_MS) for n in range(5, 9)]
    planned = [list(visits(ACCOUNT, [stay], day, Random(3), Habits())) for day in days]
    logins = ["login_success" in {e["type"] for _, _, e in first.events()} for first, *_ in planned]
    assert [True, True, True] == logins[:3]


def test_saturday_and_sunday_are_the_weekend() -> None:
    week = [replace(MONDAY, start_ms=MONDAY.start_ms + n * DAY_MS).weekend for n in range(7)]
    assert [False] * 5 + [True] * 2 == week


def test_beijing_to_shanghai_is_a_train_of_six_hours_and_to_kunming_a_flight() -> None:
    beijing = CITY["Beijing"]
    assert 1_050 < distance_km(beijing.latitude, beijing.longitude, CITY["Shanghai"]) < 1_090
    assert 5.5 < journey_h(beijing, CITY["Shanghai"]) < 6.5
    assert journey_h(beijing, CITY["Kunming"]) < 7
