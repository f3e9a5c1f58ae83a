from itertools import pairwise

import pytest

from detector.simulate import Pools
from detector.simulate.people import everyday
from detector.simulate.world.places import distance_km
from detector.simulate.world.tools import Refresh
from detector.simulate.world.visits import HOUR_MS
from tests.simulate.lives import MONDAY_MS, Build, born, day_of, events, some, visits


def test_one_laptop_is_in_one_place_at_a_time(pools: Pools) -> None:
    for who in some(everyday.one_device, pools):
        planned = visits(who)
        assert 1 == len({visit.device.device_id for visit in planned})
        assert all(before.end_ms <= after.start_ms for before, after in pairwise(planned))


@pytest.mark.parametrize(
    "build",
    [
        *(everyday.one_device, everyday.commuter, everyday.traveller),
        *(everyday.holiday_traveller, everyday.carrier_phone, everyday.shift_worker),
    ],
)
def test_nobody_moves_faster_than_an_aeroplane(pools: Pools, build: Build) -> None:
    for who in some(build, pools):
        for before, after in pairwise(visits(who, 28)):
            km = distance_km(before.city.latitude, before.city.longitude, after.city)
            assert km < 100 or km / ((after.start_ms - before.end_ms) / HOUR_MS) < 700


def test_commuters_cross_a_citys_border_and_travellers_a_provinces(pools: Pools) -> None:
    for who in some(everyday.commuter, pools):
        assert 2 == len({visit.city for visit in visits(who)})
    for who in some(everyday.traveller, pools):
        assert 2 <= len({visit.city.region for visit in visits(who, 32)})


def test_a_holiday_is_one_week_elsewhere(pools: Pools) -> None:
    for who in some(everyday.holiday_traveller, pools):
        planned = visits(who, 40)
        home = planned[-1].city
        away = [day_of(visit) for visit in planned if visit.city != home]
        assert away
        assert max(away) - min(away) <= 7


def test_a_phone_meets_many_addresses_in_one_city(pools: Pools) -> None:
    for who in some(everyday.carrier_phone, pools):
        planned = visits(who)
        assert 1 == len({visit.city for visit in planned}) < len({visit.ip for visit in planned}) / 4


def test_a_forgetter_fails_and_gets_in(pools: Pools) -> None:
    for who in some(everyday.forgetter, pools, count=3):
        kinds = [event["type"] for event in events(who, 28)]
        assert kinds.count("login_failure") > 2
        assert kinds.count("login_success") > 5


def test_a_newcomer_registers_once_and_before_all_else(pools: Pools) -> None:
    for who in some(everyday.newcomer, pools):
        kinds = [event["type"] for event in events(who, 15)]
        assert "registration" == kinds[0]
        assert 1 == kinds.count("registration")


def test_a_dashboard_asks_for_news_while_its_owner_is_at_home(pools: Pools) -> None:
    elsewhere = 0
    for who in some(everyday.open_dashboard, pools):
        planned = visits(who)
        tabs = [visit for visit in planned if isinstance(visit.script, Refresh)]
        assert tabs
        for tab in tabs:
            others = [v for v in planned if v.start_ms < tab.end_ms and tab.start_ms < v.end_ms]
            elsewhere += any(v.device.device_id != tab.device.device_id for v in others)
    assert elsewhere > 5


def test_shift_workers_work_while_others_sleep(pools: Pools) -> None:
    hours = [
        (v.start_ms - MONDAY_MS) // HOUR_MS % 24
        for who in some(everyday.shift_worker, pools)
        for v in visits(who, 28)
    ]
    assert 0.1 < sum(hour < 6 for hour in hours) / len(hours) < 0.7


def test_most_people_use_the_platform_on_most_working_days_and_few_weekends(pools: Pools) -> None:
    used = [
        {day_of(visit) % 7 for visit in visits(born(everyday.one_device, pools, number=n), 7)}
        for n in range(60)
    ]
    working = sum(day in used_days for used_days in used for day in range(5)) / 300
    free = sum(day in used_days for used_days in used for day in (5, 6)) / 120
    assert 0.55 < working < 0.9
    assert 0.1 < free < 0.45


def test_browsers_move_on_a_version_and_never_back(pools: Pools) -> None:
    agents = [
        list(dict.fromkeys(visit.device.user_agent for visit in visits(who, 60)))
        for who in some(everyday.one_device, pools, count=12)
    ]
    assert any(3 <= len(seen) for seen in agents)
    assert all(len(seen) <= 4 for seen in agents)
