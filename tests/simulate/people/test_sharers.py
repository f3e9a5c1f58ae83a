import pytest

from detector.simulate import Pools
from detector.simulate.people import sharers
from detector.simulate.world.visits import Visit
from tests.simulate.lives import Build, abuse, day_of, some, visits

ALL = (sharers.pair_one_city, sharers.pair_two_cities, sharers.group, sharers.turn_takers)


def overlaps(planned: list[Visit]) -> int:
    """How many visits of those beside the first begin while another device on another line is in use."""
    return sum(
        other.start_ms < visit.end_ms
        and visit.start_ms < other.end_ms
        and other.device != visit.device
        and other.ip != visit.ip
        for visit in planned
        for other in planned
        if visit.affair == 0 and other.affair is None
    )


@pytest.mark.parametrize("build", ALL)
@pytest.mark.parametrize("difficulty", ["blatant", "clear", "subtle"])
def test_several_people_with_own_devices_use_one_account(pools: Pools, build: Build, difficulty: str) -> None:
    for who in some(build, pools, difficulty, count=4):
        planned = visits(who)
        first = {v.device.device_id for v in planned if v.affair is None}
        assert first
        assert {v.device.device_id for v in abuse(planned)} - first
        assert 1 == len({v.account for v in planned})


@pytest.mark.parametrize("build", [sharers.pair_one_city, sharers.pair_two_cities])
def test_the_blatant_meet_oftener_than_the_subtle(pools: Pools, build: Build) -> None:
    blatant, clear, subtle = (
        sum(overlaps(visits(who)) for who in some(build, pools, difficulty, count=12))
        for difficulty in ("blatant", "clear", "subtle")
    )
    assert blatant > 1.5 * clear > 1.5 * subtle > 0


def test_a_pair_lives_in_one_city_or_in_two_provinces(pools: Pools) -> None:
    for who in some(sharers.pair_one_city, pools, "clear"):
        assert 1 == len({visit.city for visit in visits(who)})
        assert () == who.charges[0].also
    for who in some(sharers.pair_two_cities, pools, "clear"):
        assert 2 == len({visit.city.region for visit in visits(who)})
        assert ("city_switching",) == who.charges[0].also


def test_groups_are_of_three_to_eight(pools: Pools) -> None:
    sizes = {
        difficulty: [
            len({v.device.device_id for v in visits(who) if v.device.client == "web"})
            for who in some(sharers.group, pools, difficulty)
        ]
        for difficulty in ("blatant", "subtle")
    }
    assert 6 <= min(sizes["blatant"])
    assert 3 <= min(sizes["subtle"]) <= max(sizes["subtle"]) <= 6  # some have two computers


@pytest.mark.parametrize("difficulty", ["blatant", "clear", "subtle"])
def test_who_takes_turns_never_meets(pools: Pools, difficulty: str) -> None:
    for who in some(sharers.turn_takers, pools, difficulty):
        planned = visits(who)
        assert 0 == overlaps(planned)
        assert len({day_of(v) for v in abuse(planned)}) >= 3
