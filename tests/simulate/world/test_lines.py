import ipaddress
from random import Random

from detector.simulate import Pools
from detector.simulate.world import lines
from detector.simulate.world.places import CITY


def test_a_home_keeps_its_address_for_the_lease_and_then_gets_another(pools: Pools) -> None:
    line = lines.Line(CITY["Wuhan"], "s", tuple(pools.homes["Wuhan", "telecom"]), lease_days=3)
    addresses = [line.address(day, Random(day)) for day in range(6)]
    assert 1 == len(set(addresses[:3]))
    assert 1 == len(set(addresses[3:]))
    assert addresses[0] != addresses[3]


def test_devices_behind_one_ipv6_line_share_its_prefix(pools: Pools) -> None:
    (block,) = blocks = tuple(pools.homes6["Wuhan", "telecom"])
    line = lines.Line(CITY["Wuhan"], "s", tuple(pools.homes["Wuhan", "telecom"]), 3, blocks)
    seen = {ipaddress.ip_address(line.address(0, Random(visit))) for visit in range(40)}
    prefixes = {int(address) >> 64 for address in seen if address.version == 6}
    assert 1 == len(prefixes) < len(seen)
    assert block.first >> 80 == prefixes.pop() >> 16


def test_a_gateway_gives_every_visit_another_address(pools: Pools) -> None:
    line = lines.phone_line(pools, CITY["Foshan"], Random(1))
    (block,) = pools.gateways["Guangdong"]
    addresses = {int(ipaddress.ip_address(line.address(0, Random(visit)))) for visit in range(20)}
    assert len(addresses) > 15
    assert all(block.first <= address < block.first + (1 << 12) for address in addresses)


def test_some_homes_have_addresses_that_the_database_places_elsewhere(pools: Pools) -> None:
    homes = [lines.home_line(pools, CITY["Wuhan"], Random(seed)) for seed in range(100)]
    (stray,) = (block for carrier in ("telecom",) for block in pools.strays["Hubei", carrier])
    astray = sum(any(stray.first <= b.first < stray.first + (1 << 12) for b in home.blocks) for home in homes)
    assert 3 <= astray <= 25
