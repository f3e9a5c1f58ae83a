from itertools import pairwise

import pytest

from detector.simulate import Pools
from detector.simulate.people import sellers
from detector.simulate.world.visits import HOUR_MS
from tests.simulate.lives import MONDAY_MS, abuse, day_of, events, some, visits

DIFFICULTIES = ("blatant", "clear", "subtle")


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_after_the_sale_nothing_of_the_seller_returns(pools: Pools, difficulty: str) -> None:
    for who in some(sellers.sold_account, pools, difficulty):
        planned = visits(who, 35)
        bought = abuse(planned)
        before = [v for v in planned if v.affair is None]
        assert max(v.end_ms for v in before) <= min(v.start_ms for v in bought)
        assert not {v.device.device_id for v in before} & {v.device.device_id for v in bought}
        far = {v.city.region for v in before} != {v.city.region for v in bought}
        assert far == (difficulty != "subtle")


def test_a_buyer_often_sets_a_new_password_at_once(pools: Pools) -> None:
    for who in some(sellers.sold_account, pools, "blatant", count=4):
        kinds = [event["type"] for event in events(who, 35)]
        assert 1 == kinds.count("password_change")
        assert ("account_takeover",) == who.charges[0].also


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_tenants_have_hours_of_their_own(pools: Pools, difficulty: str) -> None:
    for who in some(sellers.rented_by_shifts, pools, difficulty):
        hours: dict[str | None, list[float]] = {}
        for visit in visits(who, 28):
            hour = ((visit.start_ms - MONDAY_MS) / HOUR_MS - 8.0) % 24
            hours.setdefault(visit.device.device_id, []).append(hour)
        spans = sorted((min(used), max(used)) for used in hours.values())
        assert all(end < start for (_, end), (start, _) in pairwise(spans))
        assert 2 <= len(spans) <= 4


def test_a_dealers_customers_are_many_and_everywhere(pools: Pools) -> None:
    for difficulty, least in zip(DIFFICULTIES, (16, 8, 4), strict=True):
        for who in some(sellers.resold_account, pools, difficulty, count=4):
            planned = visits(who)
            assert least <= len({v.device.device_id for v in planned})
            assert 1 < len({v.city for v in planned})


def test_most_sales_are_within_a_fortnight_and_none_in_the_first_days(pools: Pools) -> None:
    first = [
        day_of(abuse(visits(who, 35))[0]) for who in some(sellers.sold_account, pools, "clear", count=30)
    ]
    assert sellers.FIRST_SALE_DAY <= min(first)
    assert max(first) <= sellers.LAST_SALE_DAY + 10
