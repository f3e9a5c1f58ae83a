import pytest

from detector.simulate import Pools
from detector.simulate.programs import flooders
from detector.simulate.world.visits import Visit
from tests.simulate.lives import abuse, accounts, some, visits


def a_minute(visit: Visit) -> float:
    return len(visit.events()) / ((visit.end_ms - visit.start_ms) / 60_000)


@pytest.mark.parametrize(
    ("difficulty", "least", "most"), [("blatant", 1_900, 5_100), ("clear", 750, 1_900), ("subtle", 280, 700)]
)
def test_a_flood_is_so_many_requests_a_minute(pools: Pools, difficulty: str, least: int, most: int) -> None:
    for who in some(flooders.flooder, pools, difficulty, 2):
        flood = abuse(visits(who, 8))
        assert flood
        assert all(least < a_minute(visit) < most for visit in flood)


def test_a_flood_comes_from_one_address_dozens_or_hundreds(pools: Pools) -> None:
    widths = [
        len({event["ip"] for _, _, event in abuse(visits(who, 8))[0].events()})
        for who in some(flooders.flooder, pools, "subtle", 16)
    ]
    assert 1 in widths
    assert any(5 <= width <= 40 for width in widths)
    assert any(80 <= width <= 250 for width in widths)


def test_accounts_run_one_script_in_the_same_minutes(pools: Pools) -> None:
    for difficulty, least, most in (("blatant", 10, 30), ("clear", 6, 15), ("subtle", 4, 8)):
        for who in some(flooders.shared_script_flood, pools, difficulty, 2):
            planned = visits(who, 3)
            first = [visit for visit in planned if visit.start_ms - planned[0].start_ms < 120_000]
            assert len(accounts(first)) == len(who.accounts)
            assert least <= len(who.accounts) <= most
            assert 1 == len({visit.device for visit in planned})
