from itertools import pairwise

import pytest

from detector.simulate import Pools
from detector.simulate.people import hoppers
from detector.simulate.world.places import distance_km
from detector.simulate.world.visits import HOUR_MS, Visit
from tests.simulate.lives import day_of, some, visits

DIFFICULTIES = ("blatant", "clear", "subtle")


def turns_a_day(planned: list[Visit]) -> float:
    return sum(a.city != b.city for a, b in pairwise(planned)) / len({day_of(v) for v in planned})


def impossible(before: Visit, after: Visit) -> bool:
    km = distance_km(before.city.latitude, before.city.longitude, after.city)
    return km > 100 and km / max((after.start_ms - before.end_ms) / HOUR_MS, 1e-6) > 900


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_a_hopper_comes_back_to_cities_by_turns(pools: Pools, difficulty: str) -> None:
    for who in some(hoppers.city_hopper, pools, difficulty):
        planned = visits(who, 21)
        cities = [v.city.name for v in planned]
        changes = sum(a != b for a, b in pairwise(cities))
        assert 3 <= len(set(cities)) <= 6
        assert changes > len(set(cities))
        assert len({v.device for v in planned}) in {1, len(set(cities))}
        assert len({(v.ip, v.city) for v in planned}) == len({v.ip for v in planned}) >= len(set(cities))


def test_the_blatant_hop_oftener_than_the_subtle(pools: Pools) -> None:
    blatant, clear, subtle = (
        [turns_a_day(visits(who)) for who in some(hoppers.city_hopper, pools, difficulty)]
        for difficulty in DIFFICULTIES
    )
    assert min(blatant) > max(clear)
    assert min(clear) > 1.0
    assert 0.3 < max(subtle) < min(clear)


def test_one_device_travels_faster_than_anybody_can(pools: Pools) -> None:
    blatant, clear, subtle = (
        [
            sum(impossible(a, b) for a, b in pairwise(visits(who, 28)))
            for who in some(hoppers.impossible_traveller, pools, difficulty)
        ]
        for difficulty in DIFFICULTIES
    )
    assert sum(blatant) > 1.5 * sum(clear) > 2 * 1.5 * sum(subtle) > 0
    for who in some(hoppers.impossible_traveller, pools, "clear"):
        assert 1 == len({v.device.device_id for v in visits(who)})
