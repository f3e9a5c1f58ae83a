import ipaddress
from collections import defaultdict

from detector.simulate import Pools
from detector.simulate.people import homes
from detector.simulate.world.visits import Visit
from tests.simulate.lives import accounts, born, day_of, some, visits


def versions(planned: list[Visit]) -> set[int]:
    return {ipaddress.ip_address(visit.ip).version for visit in planned}


def test_a_family_has_an_account_each_on_one_line_and_a_tablet_for_two(pools: Pools) -> None:
    for who in some(homes.family_line, pools):
        planned = visits(who)
        users = defaultdict(set)
        for visit in planned:
            assert visit.account is not None
            users[visit.device.device_id].add(visit.account.account_id)
        assert 2 <= len(accounts(planned)) == len(who.accounts) <= 4
        assert 1 == sum(len(who_used) == 2 for who_used in users.values())
        assert 1 == len({visit.city for visit in planned})


def test_who_moves_house_does_so_once_with_the_same_devices(pools: Pools) -> None:
    for who in some(homes.house_move, pools, count=6):
        before = {visit.device.device_id for visit in visits(who, 3)}
        after = {visit.device.device_id for visit in visits(who, 30, first=15)}
        assert before & after
        cities = [visit.city for visit in visits(who, 45)]
        assert len(set(cities)) <= 2
        assert cities == sorted(cities, key=lambda city: city != cities[0])


def test_a_redialled_line_changes_its_address_several_times_a_day(pools: Pools) -> None:
    several = 0
    for who in some(homes.redialled_line, pools):
        addresses = defaultdict(set)
        for visit in visits(who, 28):
            addresses[day_of(visit)].add(visit.ip)
        several += max(map(len, addresses.values())) >= 3
    assert several >= 6


def test_a_misplaced_home_is_in_one_place_and_the_office_as_ever(pools: Pools) -> None:
    torn = {f"{ipaddress.IPv4Address(block.first)}/24" for blocks in pools.torn.values() for block in blocks}
    in_parts = 0
    for who in some(homes.misplaced_home, pools, count=12):
        planned = visits(who)
        assert 1 == len({visit.city for visit in planned})
        networks = {
            str(ipaddress.ip_network((visit.ip, 24), strict=False))
            for visit in planned
            if ":" not in visit.ip
        }
        in_parts += bool(networks & torn)
    assert 1 <= in_parts <= 8


def test_dual_stack_homes_use_both_versions_and_a_private_address_for_a_day(pools: Pools) -> None:
    who = born(homes.dual_stack, pools)
    planned = visits(who, 28)
    assert {4, 6} == versions(planned)
    hosts = defaultdict(set)
    for visit in planned:
        address = ipaddress.ip_address(visit.ip)
        if address.version == 6 and visit.device.client == "web":
            hosts[day_of(visit), visit.device.device_id].add(int(address) & ((1 << 64) - 1))
    assert len(hosts) > 5
    assert all(len(used) <= 2 for used in hosts.values())  # a day of an address need not begin at midnight
