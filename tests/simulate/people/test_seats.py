from collections import defaultdict
from itertools import pairwise

import pytest

from detector.simulate import Pools
from detector.simulate.people import seats
from detector.simulate.world.inhabitants import Inhabitant
from detector.simulate.world.visits import HOUR_MS
from tests.simulate.lives import Build, some, visits

DIFFICULTIES = ("blatant", "clear", "subtle")


def bought(who: Inhabitant) -> int:
    (number,) = (grant.value["seats"] for grant in who.grants if grant.key.startswith("org:"))
    assert isinstance(number, int)
    return number


def people_at_once(who: Inhabitant) -> int:
    """The largest number of desktops at work within one hour."""
    busy = defaultdict(set)
    for visit in visits(who, 5):
        if visit.device.client == "web":
            busy[visit.start_ms // HOUR_MS].add(visit.device.device_id)
    return max(map(len, busy.values()))


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_one_seat_has_several_people_and_the_others_one_each(pools: Pools, difficulty: str) -> None:
    for who in some(seats.shared_seat, pools, difficulty, count=4):
        planned = visits(who, 14)
        (charge,) = who.charges
        assert charge.subject.id == who.accounts[0].account_id
        accused = {v.account for v in planned if v.affair is not None}
        assert {who.accounts[0]} == accused
        desks = {v.device.device_id for v in planned if v.account == who.accounts[0]}
        assert len(desks) > 1


def test_over_seats_more_people_are_at_work_than_seats_are_bought(pools: Pools) -> None:
    for difficulty in DIFFICULTIES:
        over = [people_at_once(who) / bought(who) for who in some(seats.over_seats, pools, difficulty)]
        assert sum(over) / len(over) > {"blatant": 1.4, "clear": 1.1, "subtle": 0.9}[difficulty]


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_hopped_seats_have_many_people_never_two_at_once(pools: Pools, difficulty: str) -> None:
    people = []
    for who in some(seats.seat_hoppers, pools, difficulty):
        planned = visits(who, 10)
        for account in who.accounts:
            own = [v for v in planned if v.account == account]
            assert all(a.end_ms <= b.start_ms for a, b in pairwise(own))
        people.append(len({v.device.device_id for v in planned}))
    assert {"blatant": 9, "clear": 6, "subtle": 4}[difficulty] - 1 <= min(people)


@pytest.mark.parametrize("build", [seats.over_seats, seats.seat_hoppers])
def test_the_organisation_is_accused_and_its_seats_are_right_as_well(pools: Pools, build: Build) -> None:
    for who in some(build, pools, "clear", count=3):
        (charge,) = who.charges
        assert ("org", who.accounts[0].org_id) == (charge.subject.type, charge.subject.id)
        assert {account.account_id for account in who.accounts} == {s.id for s in charge.alternatives}
